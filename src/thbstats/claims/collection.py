"""Collections of publications."""

from collections.abc import Iterable, Mapping
from datetime import date

from attrs import evolve, frozen

from thbstats._properties import cached_property
from thbstats.claims.claim import Claim
from thbstats.claims.counted_cells import area_of, base_key, cell_of
from thbstats.claims.kinds import ClaimKind
from thbstats.claims.publication import Publication
from thbstats.claims.rounding_rules import AS_PUBLISHED
from thbstats.claims.selection import SPLITS
from thbstats.errors import DuplicateKey, InvalidValue
from thbstats.values import Certainty


@frozen(kw_only=True, slots=False)
class Collection(Publication):
    """Several publications as one.

    The id and the section of each claim name its publication.
    """

    publications: tuple[Publication, ...]

    @classmethod
    def of(cls, publications: Iterable[Publication]) -> "Collection":
        """Return several publications as one."""
        items = tuple(publications)
        for number, publication in enumerate(items, 1):
            if not isinstance(publication, Publication):
                raise InvalidValue(
                    "must be a Publication",
                    row=f"publication {number}",
                    field="publications",
                    value=publication if isinstance(publication, str) else type(publication),
                    hint="Read a claims file with read_claims",
                )
        if not items:
            hint = "Pass a publication"
            problem = "must contain at least one publication"
            raise InvalidValue(problem, field="publications", value=[], hint=hint)
        ids = [publication.id for publication in items]
        if repeated := sorted({name for name in ids if ids.count(name) > 1}):
            hint = "Change the id under [report] in one of the claims files"
            problem = "publications must have unique ids"
            raise DuplicateKey(problem, field="id", value=", ".join(repeated), hint=hint)
        dates = [publication.published for publication in items]
        if None not in dates:
            items = tuple(sorted(items, key=lambda publication: publication.published or date.min))
        return cls(
            id="several",
            title="; ".join(publication.document or publication.title for publication in items),
            claims=[
                evolve(
                    claim,
                    id=f"{publication.id}-{claim.id}",
                    section=f"{claim.section} of {publication.document or publication.title}",
                    makes=claim.makes and f"{publication.id}-{claim.makes}",
                )
                for publication in items
                for claim in publication.claims
            ],
            overlapping=sorted({name for publication in items for name in publication.overlapping}),
            publications=items,
        )

    @cached_property
    def _numbers(self) -> dict[str, int]:
        """The index of the publication of each claim, by claim id."""
        numbers = (n for n, publication in enumerate(self.publications) for _ in publication.claims)
        return {claim.id: n for claim, n in zip(self.claims, numbers, strict=True)}

    def publication_of(self, claim: Claim) -> Publication:
        """Return the publication of a claim."""
        return self.publications[self._numbers[claim.id]]

    def claims_of_same_publication(self, claim: Claim) -> tuple[Claim, ...]:
        """Return all claims of the publication of a claim."""
        index = self._numbers[claim.id]
        return tuple(other for other in self.claims if self._numbers[other.id] == index)

    def claims_until(self, claim: Claim) -> tuple[Claim, ...]:
        """Return the claims published up to the date of a claim and not revised by then."""
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
        """The claims with another value in a later publication, and its last claim."""
        quantities: dict[object, list[Claim]] = {}
        for claim in filter(_is_placed, self.claims):
            base = base_key(claim) if claim.kind is ClaimKind.SHARE else ()
            key = (claim.kind, cell_of(claim).key, claim.since, claim.per, base)
            quantities.setdefault(key, []).append(claim)
        result = {}
        for same in quantities.values():
            for claim in same:
                later = [
                    other
                    for other in same
                    if self._numbers[other.id] > self._numbers[claim.id]
                    and cell_of(other).is_same(cell_of(claim))
                ]
                later.sort(key=lambda other: (self._numbers[other.id], not other.is_quoted))
                if later and not AS_PUBLISHED.agree(claim, later[-1]):
                    result[claim] = later[-1]
        return result

    @cached_property
    def superseded(self) -> Mapping[Claim, Claim]:
        """The claims of a revised release, and a claim that revises it.

        A revised count supersedes all counts of the same kind in its release with common days, and
        earlier published changes since then.
        """
        result: dict[Claim, Claim] = {}
        for claim, later in self.revised.items():
            for other in self.claims:
                index = self._numbers[other.id]
                if _kind(other) != _kind(claim) or index >= self._numbers[later.id]:
                    continue
                is_of_release = index == self._numbers[claim.id]
                periods = (other.period, *([] if other.since is None else [other.since]))
                if any(period.overlaps(claim.period) for period in periods) and (
                    is_of_release or other.since is not None
                ):
                    result.setdefault(other, later)
        return result


def _is_placed(claim: Claim) -> bool:
    """Whether a claim has a number, an area and an exact period."""
    has_number = not claim.is_hedged and (claim.rounded is not None or claim.is_counted)
    exact = claim.period.certainty is Certainty.EXACT
    return has_number and not claim.at_least and bool(area_of(claim)) and exact


def _kind(claim: Claim) -> tuple[object, ...]:
    """Return the common attributes of a table, except area and period."""
    cell = cell_of(claim)
    kind = frozenset(pair for pair in cell.codes if pair[0] not in SPLITS)
    return (cell.subject, cell.status, kind, cell.reporters)
