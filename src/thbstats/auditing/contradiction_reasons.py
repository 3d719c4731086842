"""The likely reasons why figures contradict each other."""

from collections.abc import Iterable, Iterator
from enum import StrEnum

from thbstats.claims import Claim, Publication, area_of
from thbstats.claims.collection import Collection
from thbstats.geography import COMPOSITIONS

__all__ = ["ContradictionReason", "differences"]


class ContradictionReason(StrEnum):
    """A difference between figures that can explain why they contradict each other."""

    RELEASE = "release"
    """The publications differ, and later releases revise earlier ones."""
    AREA = "area"
    """The compositions of the EU differ."""
    COVERAGE = "coverage"
    """The reporting countries differ."""
    SOURCE = "source"
    """The pages from which they were read differ."""


def differences(claims: Iterable[Claim], report: Publication) -> dict[ContradictionReason, str]:
    """Return how claims that contradict each other differ, and each difference in words.

    Parameters
    ----------
    claims : iterable of Claim
        The claims.
    report : Publication
        The publication or collection in which they stand.
    """
    return dict(_differences(list(claims), report))


def _differences(
    claims: list[Claim], report: Publication
) -> Iterator[tuple[ContradictionReason, str]]:
    releases: dict[str, None] = {}
    if isinstance(report, Collection):
        there = [report.publication_of(claim) for claim in claims]
        releases = dict.fromkeys(map(_release, sorted(there, key=report.publications.index)))
    if len(releases) > 1:
        yield (
            ContradictionReason.RELEASE,
            f"the figures are of different releases ({', '.join(releases)}), and later releases "
            "revise earlier ones",
        )
    areas = sorted({area_of(claim) for claim in claims} & set(COMPOSITIONS))
    if len(areas) > 1:
        yield (
            ContradictionReason.AREA,
            f"{' and '.join(areas)} are different compositions of the European Union",
        )
    coverage = {claim.n_reporters: None for claim in claims}
    if len(coverage) > 1:
        sizes = ["all countries" if n is None else f"{n} countries" for n in coverage]
        yield ContradictionReason.COVERAGE, f"the data are of {' and of '.join(sizes)}"
    pages = dict.fromkeys(claim.read_at for claim in claims if claim.read_at)
    if len(releases) < 2 and len(pages) > 1:
        yield (
            ContradictionReason.SOURCE,
            f"the figures were read at different pages ({', '.join(pages)})",
        )


def _release(report: Publication) -> str:
    name = report.document or report.title
    return f"{name}, {report.published}" if report.published else name
