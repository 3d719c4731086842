"""What the figures of a publication say of each other: counts, bases and numerators."""

from collections.abc import Iterable, Mapping
from functools import cache

from attrs import field, frozen

from thbstats.claims.claim import Claim
from thbstats.errors import DuplicateKey
from thbstats.geography import parse_area
from thbstats.values import Interval

__all__ = ["Figures"]

_ANYTHING = Interval.at_least(0)


def _tuple(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    return tuple(claims)


@frozen
class Figures:
    """The claims of one publication, asked for counts and for the bases of its shares.

    Each share is held against the counts around it, one at a time; what all shares imply
    together is another question.

    Parameters
    ----------
    claims : iterable of Claim
        All claims of the publication.
    """

    claims: tuple[Claim, ...] = field(converter=_tuple)

    def cells(self) -> dict[object, list[Claim]]:
        """Return the claims that print a count, grouped by the cell that they count.

        Raises
        ------
        DuplicateKey
            If one cell is printed with two values.
        """
        cells: dict[object, list[Claim]] = {}
        for claim in self.claims:
            if claim.is_counted:
                cells.setdefault(_cell(claim, claim.category, claim.area), []).append(claim)
        for claims in cells.values():
            if len({claim.count for claim in claims}) > 1:
                raise DuplicateKey(
                    "one count is printed with several values",
                    field="printed",
                    value=", ".join(f"{claim.printed} in {claim.section}" for claim in claims),
                    mend="Audit the publication, and keep the claims that you trust",
                )
        return cells

    def same(self, claim: Claim) -> list[Claim]:
        """Return the claims that print the same quantity, this one among them."""
        return [other for other in self.claims if _quantity(other) == _quantity(claim)]

    def count(
        self, like: Claim, category: Mapping[str, str], area: str | None = None
    ) -> Interval | None:
        """Return the count that is printed for a category, all values if there are several.

        Subject, status, period and, unless another is named, the area are those of a claim.
        """
        place = like.area if area is None else area
        found = [claim.count or 0 for claim in self.counts(like, category, place)]
        return Interval(min(found), max(found)) if found else None

    def counts(self, like: Claim, category: Mapping[str, str], area: str) -> list[Claim]:
        """Return the claims that print the count of a category, as for `count`."""
        wanted = _cell(like, category, area)
        return [
            claim
            for claim in self.claims
            if claim.is_counted and _cell(claim, claim.category, claim.area) == wanted
        ]

    def wholes(self, share: Claim) -> list[Claim]:
        """Return the claims that print the count of everyone of whom a share may speak."""
        return self.counts(share, _within(share), _whole_area(share))

    def whole(self, claim: Claim) -> Interval | None:
        """Return the count of everyone of whom a share may speak, where anything bounds it.

        It is printed, or implied by the share that it is itself, or no more than what is printed
        for the area before a country was taken out.
        """
        area, within = _whole_area(claim), _within(claim)
        printed = self.count(claim, within, area)
        if printed is not None:
            return printed
        for other in self.claims:
            if other.percent is not None and _cell(other, other.category, other.area) == _cell(
                claim, within, area
            ):
                return self.numerator(other)
        return self._around(claim, within, area)

    def base(self, claim: Claim) -> Interval | None:
        """Return what the base of a share can be; ``None`` if no base makes it true.

        The whole where the base is everyone; otherwise at most the whole. In both cases it is a
        base on which the numerator rounds to its percentage, and so do those printed beside it.
        """
        whole = self.whole(claim) or _ANYTHING
        lower = max(1, whole.lower or 0) if claim.base == "all" else 1
        base: Interval | None = None
        if whole.upper is None or lower <= whole.upper:
            base = Interval(lower, whole.upper)
        for other in self._same_base(claim):
            possible = other.percent.bases(self._part(other)) if other.percent is not None else base
            if base is None or possible is None or not base.overlaps(possible):
                return None
            base = base.intersect(possible)
        return base

    def numerator(self, claim: Claim) -> Interval | None:
        """Return what the numerator of a share can be; ``None`` if there is none."""
        printed, base = self.count(claim, claim.category), self.base(claim)
        if printed is not None or base is None or claim.percent is None:
            return printed
        found, part = claim.percent.numerators(base), self._part(claim)
        return found.intersect(part) if found is not None and found.overlaps(part) else None

    def _same_base(self, claim: Claim) -> list[Claim]:
        """The shares of one recorded base vouch for it together; any other stands alone."""
        if claim.base != "recorded":
            return [claim]
        return [
            other
            for other in self.claims
            if other.percent is not None and _base(other) == _base(claim)
        ]

    def _part(self, claim: Claim) -> Interval:
        """The count in a share's category: printed, or at most what stands around it."""
        area = claim.area
        printed = self.count(claim, claim.category) or self._around(claim, claim.category, area)
        if printed is not None:
            return printed
        whole = self.whole(claim)
        return _ANYTHING if whole is None else Interval(0, whole.upper)

    def _around(self, like: Claim, category: Mapping[str, str], area: str) -> Interval | None:
        """What is printed for the area before a country was taken out: an upper end."""
        before, taken, _ = area.partition(" without ")
        printed = self.count(like, category, before) if taken else None
        return None if printed is None else Interval(0, printed.upper)


@cache
def _members(area: str) -> frozenset[str] | None:
    return parse_area(area).members if area else None


def _within(claim: Claim) -> dict[str, str]:
    return {name: code for name, code in claim.of.items() if name != "area"}


def _whole_area(claim: Claim) -> str:
    return claim.of.get("area", claim.area)


def _cell(claim: Claim, category: Mapping[str, str], area: str) -> tuple[object, ...]:
    return (
        claim.subject,
        claim.status,
        frozenset((name, word) for name, word in category.items() if name != "area"),
        _members(area),
        claim.period,
    )


def _base(claim: Claim) -> tuple[object, ...]:
    whole = _cell(claim, _within(claim), _whole_area(claim))
    return (*whole, claim.area, claim.base, claim.base_dimension)


def _quantity(claim: Claim) -> tuple[object, ...]:
    whole = _cell(claim, claim.of, _whole_area(claim))
    return (claim.kind, *_cell(claim, claim.category, claim.area), *whole, claim.base_dimension)
