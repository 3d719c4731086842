"""Relations between the figures of a publication."""

import math
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, TypeVar

from attrs import field, frozen

from thbstats._properties import cached_property
from thbstats.claims.claim import Claim
from thbstats.claims.counted_cells import CountCell, area_of, base_key, cell_of, whole_of
from thbstats.claims.kinds import ClaimKind
from thbstats.claims.relations import Relations, as_names
from thbstats.claims.rounding_rules import AS_PUBLISHED, RoundingRules
from thbstats.errors import DuplicateKey
from thbstats.records import schema_of
from thbstats.values import Interval, Percent

_Item = TypeVar("_Item", Claim, CountCell)
_Result = TypeVar("_Result")


def _once(method: "Callable[[Any, _Item], _Result]") -> "Callable[[Any, _Item], _Result]":
    """Compute the result for a claim or a cell once."""

    @wraps(method)
    def cached(figures: "Figures", item: _Item) -> _Result:
        known, key = figures._known, (method.__name__, item)
        if key not in known:
            known[key] = method(figures, item)
        result: _Result = known[key]
        return result

    return cached


def as_claims(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Return claims as a tuple."""
    return tuple(claims)


@frozen(slots=False)
class Figures:
    """Claims of a publication, for queries on counts and denominators.

    Each share is compared with related counts and with the shares of the same denominator, not
    with all claims together.
    """

    claims: tuple[Claim, ...] = field(converter=as_claims)
    overlapping: frozenset[str] = field(converter=as_names, default=())
    rules: RoundingRules = AS_PUBLISHED
    _known: dict[Any, Any] = field(factory=dict, init=False, repr=False, eq=False)

    @cached_property
    def counts(self) -> tuple[Claim, ...]:
        """The claims with an exact count."""
        return self._exact(ClaimKind.COUNT)

    @cached_property
    def shares(self) -> tuple[Claim, ...]:
        """The claims with a percentage that is not only a lower bound."""
        return self._exact(ClaimKind.SHARE)

    @cached_property
    def rates(self) -> tuple[Claim, ...]:
        """The claims with a rate or a ratio."""
        return self._exact(ClaimKind.RATE, ClaimKind.RATIO)

    def _exact(self, *kinds: ClaimKind) -> tuple[Claim, ...]:
        """Return the claims with a number without a hedge that is not only a lower bound."""
        numbers = (c for c in self.claims if c.kind in kinds and c.printed and not c.at_least)
        return tuple(claim for claim in numbers if not claim.is_hedged)

    @cached_property
    def _groups(self) -> dict[tuple[object, ...], list[Claim]]:
        """The claims with an exact number, by kind and cell; the counts also by table."""
        result: dict[tuple[object, ...], list[Claim]] = {}
        for claim in (*self.counts, *self.shares, *self._exact(ClaimKind.CHANGE), *self.rates):
            cell = cell_of(claim)
            result.setdefault((claim.kind, cell.key), []).append(claim)
            if claim.kind is ClaimKind.COUNT:
                result.setdefault(cell.table, []).append(claim)
            if claim.kind is ClaimKind.SHARE and claim.base in ("all", "known"):
                result.setdefault(base_key(claim), []).append(claim)
        return result

    @cached_property
    def relations(self) -> Relations:
        """The sums between published counts."""
        cells = (cell_of(claim) for claim in self.counts if claim.is_counted)
        return Relations(cells, self.overlapping)

    def cells(self) -> dict[CountCell, list[Claim]]:
        """Return the published counts that fit into a table, by cell."""
        cells: dict[CountCell, list[Claim]] = {}
        for claim in filter(_is_placed, self.counts):
            cells.setdefault(cell_of(claim), []).append(claim)
        for cell, same in cells.items():
            cells[cell] = claims = same if len(set(_numbers(same))) < 2 else _first_hand(same)
            if len(set(_numbers(claims))) > 1:
                raise DuplicateKey(
                    "a count must have one published value",
                    field="printed",
                    value=", ".join(f"{claim.printed} in {claim.section}" for claim in claims),
                    hint="Audit the publication, and exclude the wrong claims",
                )
        return cells

    def percent(self, share: Claim) -> Percent:
        """Return the published percentage of a share with its rounding."""
        return self.rules.rounded(share) or Percent(share.printed)

    def same(self, claim: Claim) -> list[Claim]:
        """Return the other claims on the same count or share."""
        cell, kind = cell_of(claim), claim.kind
        return [
            other
            for other in self._groups.get((kind, cell.key), ())
            if other.id != claim.id
            and cell_of(other).is_same(cell)
            and (other.since, other.per) == (claim.since, claim.per)
            and (kind is not ClaimKind.RATIO or whole_of(other).is_same(whole_of(claim)))
            and (kind is not ClaimKind.SHARE or base_key(other) == base_key(claim))
        ]

    def of_cell(self, cell: CountCell) -> list[Claim]:
        """Return the claims with the count of a cell."""
        candidates = self._groups.get((ClaimKind.COUNT, cell.key), ())
        return [claim for claim in candidates if cell_of(claim).is_same(cell)]

    def above(self, cell: CountCell) -> list[Claim]:
        """Return the counts of cells that contain a cell."""
        return [c for c in self._groups.get(cell.table, ()) if cell.is_inside(cell_of(c))]

    def below(self, cell: CountCell) -> list[Claim]:
        """Return the counts of parts of a cell."""
        return [c for c in self._groups.get(cell.table, ()) if cell_of(c).is_inside(cell)]

    @_once
    def count(self, cell: CountCell) -> Interval | None:
        """Return the published count of a cell, as an interval if there are several.

        Values from pages that quote the publication are ignored if the publisher's own pages have
        one.
        """
        result = list(map(self.rules.counted, _first_hand(self.of_cell(cell))))
        if not result:
            return None
        return Interval(
            min(item.lower or 0 for item in result), max(item.upper or 0 for item in result)
        )

    def known(self, cell: CountCell) -> Interval | None:
        """Return the count of a cell: published, or implied by one sum."""
        printed = self.count(cell)
        if printed is not None:
            return printed
        added = self._added(cell)
        return added if added.is_point else None

    @_once
    def _added(self, cell: CountCell) -> Interval:
        """Return the bounds of a count from the sums of published counts."""
        bounds, results = Interval.at_least(0), list[Interval]()
        for relation in self.relations.of(cell):
            if not relation.caveat:
                total = self.sum(relation.parts)
                results.append(total if relation.is_complete else Interval(total.lower, None))
        for relation in self.relations.with_part(cell):
            whole = self.count(relation.whole)
            if whole is not None and not relation.caveat:
                left = whole - self.sum(part for part in relation.parts if part != cell)
                results.append(left if relation.is_complete else Interval(None, left.upper))
        for result in results:
            bounds = _meet(bounds, result) or bounds
        return bounds

    def sum(self, cells: Iterable[CountCell]) -> Interval:
        """Return the sum of some published counts."""
        return sum((self.count(cell) or Interval.at_least(0) for cell in cells), Interval.point(0))

    @_once
    def part(self, share: Claim) -> Interval:
        """Return the numerator of a share: published, or bounds from related counts."""
        bounds = self._bounds(cell_of(share))
        return _meet(bounds, Interval(0, self.whole(share).upper)) or bounds

    @_once
    def whole(self, share: Claim) -> Interval:
        """Return the denominator of a share, including the unknown category.

        It is published, implied by its own share, or bounded by related counts.
        """
        cell = whole_of(share)
        whole = self._bounds(cell)
        if self.count(cell) is None:
            for other in self.shares:
                # Each step leads to a wider denominator, so the recursion ends.
                if cell_of(other).is_same(cell) and cell.is_inside(whole_of(other)):
                    whole = _meet(whole, self.numerator(other)) or whole
        return whole

    @_once
    def own_base(self, share: Claim) -> Interval | None:
        """Return the denominator that a share alone implies, or ``None``.

        With base "all" it is the whole; otherwise it is at most the whole.
        """
        percent, part, whole = self.percent(share), self.part(share), self.whole(share)
        bounds = whole if share.base == "all" else Interval(0, whole.upper)
        positive = _meet(bounds, Interval.at_least(1))
        if share.at_least:
            return positive
        base = _meet(positive, percent.bases(part))
        result = None if base is None else percent.numerators(base)
        return None if _meet(result, part) is None else base

    def shares_of_base(self, share: Claim) -> list[Claim]:
        """Return all shares with the same denominator, including this one."""
        if share.base not in ("all", "known"):
            return [share]
        return self._groups.get(base_key(share), [])

    @_once
    def base(self, share: Claim) -> Interval | None:
        """Return the denominator of a share, or ``None`` if none is feasible.

        It is consistent with this share and the others of the same denominator; infeasible ones
        are ignored.
        """
        base = self.own_base(share)
        for other in self.shares_of_base(share):
            implied = self.own_base(other)
            base = base if implied is None else _meet(base, implied)
        return base

    @_once
    def numerator(self, share: Claim) -> Interval | None:
        """Return the numerator of a share, or ``None`` if none is feasible."""
        base = self.base(share)
        if base is not None and share.at_least:
            least = math.ceil(self.percent(share).lower * (base.lower or 0))
            return _meet(Interval(least, base.upper), self.part(share))
        result = None if base is None else self.percent(share).numerators(base)
        return _meet(result, self.part(share))

    def _bounds(self, cell: CountCell) -> Interval:
        """Return the count of a cell: published, or bounds from its parts and totals."""
        printed = self.count(cell)
        if printed is not None:
            return printed
        counted = self.rules.counted
        most = min((counted(claim).upper or 0 for claim in self.above(cell)), default=None)
        least = max((counted(claim).lower or 0 for claim in self.below(cell)), default=0)
        bounds = Interval(least if most is None else min(least, most), most)
        return _meet(bounds, self._added(cell)) or bounds


def _first_hand(claims: list[Claim]) -> list[Claim]:
    """Return the claims from the publisher's own pages, or all of them."""
    return [claim for claim in claims if not claim.is_quoted] or claims


def _is_placed(claim: Claim) -> bool:
    """Whether a count has all dimensions of a table row."""
    if not claim.is_counted or not area_of(claim) or cell_of(claim).recorded:
        return False
    needed = {item.name for item in schema_of(claim.subject).dimensions if item.default is None}
    return needed <= {"area", "period", *claim.category}


def _numbers(claims: Iterable[Claim]) -> list[int]:
    return [claim.count for claim in claims if claim.count is not None]


def _meet(left: Interval | None, right: Interval | None) -> Interval | None:
    if left is None or right is None or not left.overlaps(right):
        return None
    return left.intersect(right)
