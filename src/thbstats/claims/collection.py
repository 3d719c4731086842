"""Several publications, read as one."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property

from attrs import evolve, field, frozen

from thbstats.claims.cells import base_key, cell_of, place_of
from thbstats.claims.claim import Claim
from thbstats.claims.figures import agree
from thbstats.claims.kinds import ClaimKind
from thbstats.claims.report import Publication
from thbstats.claims.selection import SPLITS
from thbstats.errors import DuplicateKey, InvalidValue
from thbstats.values import Certainty

__all__ = ["Collection"]


def _reports(reports: Iterable[Publication]) -> tuple[Publication, ...]:
    return tuple(reports)


@frozen(kw_only=True, slots=False)
class Collection(Publication):
    """Several publications as one: their claims with the publication in the id and the place.

    Parameters
    ----------
    publications : tuple of Publication
        The publications, the earliest first.
    """

    publications: tuple[Publication, ...] = field(converter=_reports)

    @classmethod
    def of(cls, reports: Iterable[Publication]) -> "Collection":
        """Return several publications as one.

        Parameters
        ----------
        reports : iterable of Publication
            The publications. They are put in the order of their dates; where one has no date,
            they stay in the order given.

        Returns
        -------
        Collection
            Claims with ids such as ``com_2018_777-ii-victims``.

        Raises
        ------
        InvalidValue
            If there is none, or one is not a publication.
        DuplicateKey
            If two publications have the same id.
        """
        given = tuple(reports)
        for number, report in enumerate(given, 1):
            if not isinstance(report, Publication):
                raise InvalidValue(
                    "a publication as claims is needed",
                    row=f"publication {number}",
                    field="report",
                    value=report if isinstance(report, str) else type(report).__name__,
                    hint="Read a claims file with read_claims",
                )
        if not given:
            raise InvalidValue(
                "a publication as claims is needed",
                field="report",
                value=[],
                hint="Give at least one",
            )
        ids = [report.id for report in given]
        if twice := sorted({name for name in ids if ids.count(name) > 1}):
            raise DuplicateKey(
                "several publications have the same id",
                field="id",
                value=", ".join(twice),
                hint="Give each claims file an id of its own under [report]",
            )
        dates = [report.published for report in given]
        if None not in dates:
            given = tuple(sorted(given, key=lambda report: report.published or date.min))
        return cls(
            id="several",
            title="; ".join(report.document or report.title for report in given),
            claims=[_named(claim, report) for report in given for claim in report.claims],
            overlapping=sorted({name for report in given for name in report.overlapping}),
            publications=given,
        )

    @cached_property
    def _numbers(self) -> dict[str, int]:
        """The number of the publication of each claim, by the id of the claim."""
        numbers = (n for n, report in enumerate(self.publications) for _ in report.claims)
        return {claim.id: n for claim, n in zip(self.claims, numbers, strict=True)}

    def publication_of(self, claim: Claim) -> Publication:
        """Return the publication in which a claim stands.

        Parameters
        ----------
        claim : Claim
            A claim of the collection.
        """
        return self.publications[self._numbers[claim.id]]

    def claims_beside(self, claim: Claim) -> tuple[Claim, ...]:
        """Return the claims of the publication of a claim.

        Parameters
        ----------
        claim : Claim
            A claim of the collection.
        """
        here = self._numbers[claim.id]
        return tuple(other for other in self.claims if self._numbers[other.id] == here)

    def claims_until(self, claim: Claim) -> tuple[Claim, ...]:
        """Return the claims that were published with a claim or before, and not revised by then.

        Parameters
        ----------
        claim : Claim
            A claim of the collection.
        """
        last = self._numbers[claim.id]
        revisions = self.superseded
        return tuple(
            other
            for other in self.claims
            if self._numbers[other.id] <= last
            and (other not in revisions or self._numbers[revisions[other].id] > last)
        )

    @cached_property
    def revised(self) -> Mapping[Claim, Claim]:
        """The claims of which a later publication has another value, and its last claim of it."""
        quantities: dict[object, list[Claim]] = {}
        for claim in filter(_is_placed, self.claims):
            quantities.setdefault(_quantity(claim), []).append(claim)
        found = {}
        for same in quantities.values():
            for claim in same:
                later = [
                    other
                    for other in same
                    if self._numbers[other.id] > self._numbers[claim.id]
                    and cell_of(other).is_same(cell_of(claim))
                ]
                later.sort(key=lambda other: (self._numbers[other.id], not other.is_quoted))
                if later and not agree(claim, later[-1]):
                    found[claim] = later[-1]
        return found

    @cached_property
    def superseded(self) -> Mapping[Claim, Claim]:
        """The claims of a release that a later publication revises, and a claim that does.

        Where one count is revised, all counts of the same kind in the same release, of days in
        common with it, are older than the revision. So are changes since then that were published
        before it.
        """
        found: dict[Claim, Claim] = {}
        for claim, later in self.revised.items():
            for other in self.claims:
                here = self._numbers[other.id]
                if _kind(other) != _kind(claim) or here >= self._numbers[later.id]:
                    continue
                is_of_release = here == self._numbers[claim.id]
                periods = (other.period, *([] if other.since is None else [other.since]))
                if any(period.overlaps(claim.period) for period in periods) and (
                    is_of_release or other.since is not None
                ):
                    found.setdefault(other, later)
        return found


def _named(claim: Claim, report: Publication) -> Claim:
    """Return a claim that names its publication."""
    return evolve(
        claim,
        id=f"{report.id}-{claim.id}",
        section=f"{claim.section} of {report.document or report.title}",
        makes=claim.makes and f"{report.id}-{claim.makes}",
    )


def _is_placed(claim: Claim) -> bool:
    """Whether a claim has a number, and says of which place and time."""
    has_number = not claim.is_hedged and (claim.rounded is not None or claim.is_counted)
    exact = claim.period.certainty is Certainty.EXACT
    return has_number and not claim.at_least and bool(place_of(claim)) and exact


def _quantity(claim: Claim) -> tuple[object, ...]:
    base = base_key(claim) if claim.kind is ClaimKind.SHARE else ()
    return (claim.kind, cell_of(claim).key, claim.since, claim.per, base)


def _kind(claim: Claim) -> tuple[object, ...]:
    """What counts of one table have in common, whatever their area and period."""
    cell = cell_of(claim)
    kind = frozenset(pair for pair in cell.codes if pair[0] not in SPLITS)
    return (cell.subject, cell.status, kind, cell.reporters)
