"""Differences between claims that can explain a contradiction."""

from collections.abc import Iterable
from enum import StrEnum

from thbstats.claims.claim import Claim
from thbstats.claims.collection import Collection
from thbstats.claims.counted_cells import area_of
from thbstats.claims.publication import Publication
from thbstats.geography import COMPOSITIONS


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


def explained_differences(
    claims: Iterable[Claim], report: Publication
) -> dict[ContradictionReason, str]:
    """Return how claims that contradict each other differ, and each difference in words."""
    claims = list(claims)
    result: dict[ContradictionReason, str] = {}
    releases: dict[str, None] = {}
    if isinstance(report, Collection):
        items = sorted(map(report.publication_of, claims), key=report.publications.index)
        names = ((item.document or item.title, item.published) for item in items)
        releases = dict.fromkeys(f"{name}, {day}" if day else name for name, day in names)
    if len(releases) > 1:
        result[ContradictionReason.RELEASE] = (
            f"the figures are of different releases ({', '.join(releases)}), and later releases "
            "revise earlier ones"
        )
    areas = sorted({area_of(claim) for claim in claims} & set(COMPOSITIONS))
    if len(areas) > 1:
        text = f"{' and '.join(areas)} are different compositions of the European Union"
        result[ContradictionReason.AREA] = text
    sizes = dict.fromkeys(claim.n_reporters for claim in claims)
    if len(sizes) > 1:
        texts = ["all countries" if n is None else f"{n} countries" for n in sizes]
        result[ContradictionReason.COVERAGE] = f"the data are of {' and of '.join(texts)}"
    pages = dict.fromkeys(claim.read_at or "the publication" for claim in claims)
    if len(releases) < 2 and len(pages) > 1:
        text = f"the figures were read at different pages ({', '.join(pages)})"
        result[ContradictionReason.SOURCE] = text
    return result
