"""What the figures of a publication say of each other: counts, bases and numerators."""

import math
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, wraps
from typing import Any, TypeVar

from attrs import field, frozen

from thbstats.claims.cells import Cell, base_key, cell_of, place_of, whole_of
from thbstats.claims.claim import Claim
from thbstats.claims.kinds import ClaimKind
from thbstats.claims.relations import Relations
from thbstats.errors import DuplicateKey
from thbstats.records import schema_of
from thbstats.values import Interval, Percent

__all__ = ["Figures", "agree", "less"]


_Answer = TypeVar("_Answer")
_Question = Callable[["Figures", Claim], _Answer]


def _once(ask: "_Question[_Answer]") -> "_Question[_Answer]":
    """Remember the answer for each claim: what one share implies is asked for by many others."""

    @wraps(ask)
    def remembered(figures: "Figures", claim: Claim) -> _Answer:
        known: dict[Any, _Answer] = figures._known
        key = (ask.__name__, claim)
        if key not in known:
            known[key] = ask(figures, claim)
        return known[key]

    return remembered


def _names(names: Iterable[str]) -> frozenset[str]:
    return frozenset(names)


def _tuple(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    return tuple(claims)


@frozen(slots=False)
class Figures:
    """The claims of one publication, asked for counts and for the bases of its shares.

    Each share is held against the counts around it and against the shares of the same base; what
    all shares imply together is another question.

    Parameters
    ----------
    claims : iterable of Claim
        All claims of the publication.
    overlapping : frozenset of str
        Dimensions of which one person can have several categories.
    """

    claims: tuple[Claim, ...] = field(converter=_tuple)
    overlapping: frozenset[str] = field(converter=_names, default=())
    _known: dict[Any, Any] = field(factory=dict, init=False, repr=False, eq=False)

    @cached_property
    def counts(self) -> tuple[Claim, ...]:
        """The claims that print a count, and not only the least that it can be."""
        return tuple(
            claim
            for claim in self._exact
            if claim.kind is ClaimKind.COUNT and claim.printed and not claim.at_least
        )

    @cached_property
    def _exact(self) -> tuple[Claim, ...]:
        """The claims whose number, if any, is rounded and not hedged."""
        return tuple(claim for claim in self.claims if not claim.is_hedged)

    @cached_property
    def shares(self) -> tuple[Claim, ...]:
        """The claims that print a percentage, and not only the least that it can be."""
        return tuple(c for c in self._exact if c.percent is not None and not c.at_least)

    @cached_property
    def changes(self) -> tuple[Claim, ...]:
        """The claims that print by how much a count changed."""
        return tuple(claim for claim in self._exact if claim.change is not None)

    @cached_property
    def rates(self) -> tuple[Claim, ...]:
        """The claims that print a rate or a ratio."""
        return tuple(claim for claim in self._exact if claim.rate is not None)

    @cached_property
    def _counted(self) -> dict[Claim, Cell]:
        return {claim: cell_of(claim) for claim in self.counts}

    @cached_property
    def _alike(self) -> dict[tuple[object, ...], list[Claim]]:
        """The claims with an exact number by their kind and by what they count."""
        found: dict[tuple[object, ...], list[Claim]] = {}
        for claim in (*self.counts, *self.shares, *self.changes, *self.rates):
            found.setdefault((claim.kind, cell_of(claim).key), []).append(claim)
        return found

    @cached_property
    def _in_table(self) -> dict[tuple[object, ...], list[Claim]]:
        """The counts by what a count has in common with its parts."""
        found: dict[tuple[object, ...], list[Claim]] = {}
        for claim, cell in self._counted.items():
            found.setdefault(cell.table, []).append(claim)
        return found

    @cached_property
    def relations(self) -> Relations:
        """Which published counts add up to others."""
        cells = (cell for claim, cell in self._counted.items() if claim.is_counted)
        return Relations(cells, self.overlapping)

    def cells(self) -> dict[Cell, list[Claim]]:
        """Return the counts that a table can hold, by the cell that they count.

        Raises
        ------
        DuplicateKey
            If one cell is printed with two values. A page that quotes the publication otherwise
            than its own pages do is left aside.
        """
        cells: dict[Cell, list[Claim]] = {}
        for claim, cell in self._counted.items():
            if _is_placed(claim):
                cells.setdefault(cell, []).append(claim)
        for cell, claims in cells.items():
            if len({claim.count for claim in claims}) > 1:
                cells[cell] = _first_hand(claims)
        for claims in cells.values():
            if len({claim.count for claim in claims}) > 1:
                raise DuplicateKey(
                    "one count is printed with several values",
                    field="printed",
                    value=", ".join(f"{claim.printed} in {claim.section}" for claim in claims),
                    hint="Audit the publication, and keep the claims that you trust",
                )
        return cells

    def same(self, claim: Claim) -> list[Claim]:
        """Return the other claims that print the same count or share, as far as the text says."""
        return [
            other
            for other in self._alike.get((claim.kind, cell_of(claim).key), ())
            if other.id != claim.id
            and cell_of(other).is_same(cell_of(claim))
            and (other.kind, other.since, other.per) == (claim.kind, claim.since, claim.per)
            and (claim.kind is not ClaimKind.RATIO or whole_of(other).is_same(whole_of(claim)))
            and (claim.kind is not ClaimKind.SHARE or base_key(other) == base_key(claim))
        ]

    def of_cell(self, cell: Cell) -> list[Claim]:
        """Return the claims that print the count of a cell."""
        alike = self._alike.get((ClaimKind.COUNT, cell.key), ())
        return [claim for claim in alike if self._counted[claim].is_same(cell)]

    def above(self, cell: Cell) -> list[Claim]:
        """Return the claims that count everyone in a cell, and others too."""
        alike = self._in_table.get(cell.table, ())
        others = ((claim, self._counted[claim]) for claim in alike)
        return [c for c, other in others if other.codes <= cell.codes and cell.is_inside(other)]

    def below(self, cell: Cell) -> list[Claim]:
        """Return the claims that count some of those in a cell."""
        alike = self._in_table.get(cell.table, ())
        others = ((claim, self._counted[claim]) for claim in alike)
        return [c for c, other in others if cell.codes <= other.codes and other.is_inside(cell)]

    def count(self, cell: Cell) -> Interval | None:
        """Return the printed count of a cell, from the least to the most if there are several.

        What a page quotes says nothing where the publisher's own pages print the count.
        """
        found = _numbers(_first_hand(self.of_cell(cell)))
        return Interval(min(found), max(found)) if found else None

    def known(self, cell: Cell) -> Interval | None:
        """Return the count of a cell: printed, or else a sum or difference of printed counts."""
        printed = self.count(cell)
        if printed is not None:
            return printed
        added = self._added(cell)
        return added if added.is_point else None

    def _added(self, cell: Cell) -> Interval:
        """What the sums of published counts leave for a count that is not published."""
        key = ("added", cell)
        if key not in self._known:
            room = Interval.at_least(0)
            for found in self._sums(cell):
                room = _meet(room, found) or room
            self._known[key] = room
        known: Interval = self._known[key]
        return known

    def _sums(self, cell: Cell) -> Iterator[Interval]:
        for relation in self.relations.of(cell):
            if not relation.caveat:
                total = self.sum(relation.parts)
                yield total if relation.is_complete else Interval(total.lower, None)
        for relation in self.relations.with_part(cell):
            whole = self.count(relation.whole)
            if whole is not None and not relation.caveat:
                left = whole - self.sum(part for part in relation.parts if part != cell)
                yield left if relation.is_complete else Interval(None, left.upper)

    def sum(self, cells: Iterable[Cell]) -> Interval:
        """Return the sum of some printed counts."""
        return sum((self.count(cell) or Interval.at_least(0) for cell in cells), Interval.point(0))

    @_once
    def part(self, share: Claim) -> Interval:
        """Return the count in a share's category: printed, or between the counts around it."""
        room = self._room(cell_of(share))
        return _meet(room, Interval(0, self.whole(share).upper)) or room

    @_once
    def whole(self, share: Claim) -> Interval:
        """Return the count of everyone of whom a share may speak.

        It is printed, or implied by the share that it is itself, or between the counts around it.
        """
        cell = whole_of(share)
        whole = self._room(cell)
        if self.count(cell) is None:
            for other in self.shares:
                # Each step leads to a wider whole, so that this comes to an end.
                if cell_of(other).is_same(cell) and cell.is_inside(whole_of(other)):
                    whole = _meet(whole, self.numerator(other)) or whole
        return whole

    @_once
    def own_base(self, share: Claim) -> Interval | None:
        """Return what the base can be by this share alone; ``None`` if no base makes it true.

        The whole where the base is everyone; otherwise at most the whole.
        """
        percent, part, whole = _percent(share), self.part(share), self.whole(share)
        room = whole if share.base == "all" else Interval(0, whole.upper)
        some = _meet(room, Interval.at_least(1))
        if share.at_least:
            return some
        base = _meet(some, percent.bases(part))
        found = None if base is None else percent.numerators(base)
        return None if _meet(found, part) is None else base

    @_once
    def beside(self, share: Claim) -> list[Claim]:
        """Return the shares that have the same base as this one, which is among them."""
        if share.base not in ("all", "known"):
            return [share]
        return [other for other in self.shares if base_key(other) == base_key(share)]

    @_once
    def base(self, share: Claim) -> Interval | None:
        """Return what the base of a share can be; ``None`` if no base makes it true.

        It is a base on which the numerator rounds to its percentage, and so do those beside it;
        shares beside it that are impossible by themselves say nothing of it.
        """
        base = self.own_base(share)
        for other in self.beside(share):
            theirs = self.own_base(other)
            base = base if theirs is None else _meet(base, theirs)
        return base

    @_once
    def numerator(self, share: Claim) -> Interval | None:
        """Return what the numerator of a share can be; ``None`` if there is none."""
        base = self.base(share)
        if base is not None and share.at_least:
            least = math.ceil(_percent(share).lower * (base.lower or 0))
            return _meet(Interval(least, base.upper), self.part(share))
        found = None if base is None else _percent(share).numerators(base)
        return _meet(found, self.part(share))

    def _room(self, cell: Cell) -> Interval:
        """The count of a cell: printed, or between what is printed of its parts and wholes."""
        printed = self.count(cell)
        if printed is not None:
            return printed
        most = min(_numbers(self.above(cell)), default=None)
        least = max(_numbers(self.below(cell)), default=0)
        room = Interval(least if most is None else min(least, most), most)
        return _meet(room, self._added(cell)) or room


def _first_hand(claims: list[Claim]) -> list[Claim]:
    """The claims that were read from the publisher's own pages, or else all."""
    return [claim for claim in claims if not claim.is_quoted] or claims


def _is_placed(claim: Claim) -> bool:
    """Whether a count says enough to be a row of a table."""
    if not claim.is_counted or not place_of(claim) or cell_of(claim).recorded:
        return False
    needed = {each.name for each in schema_of(claim.subject).dimensions if each.default is None}
    return needed <= {"area", "period", *claim.category}


def _percent(share: Claim) -> Percent:
    return Percent(share.printed)


def _numbers(claims: Iterable[Claim]) -> list[int]:
    return [claim.count for claim in claims if claim.count is not None]


def _meet(one: Interval | None, two: Interval | None) -> Interval | None:
    """The values that belong to both; ``None`` if there is none."""
    return one.intersect(two) if one is not None and two is not None and one.overlaps(two) else None


def less(one: Claim, two: Claim) -> bool:
    """Return whether the number behind one claim is surely below the number behind another.

    Parameters
    ----------
    one, two : Claim
        Claims with numbers.
    """
    low, high = one.rounded or one.rate, two.rounded or two.rate
    if low is None or high is None:
        return one.count is not None and two.count is not None and one.count < two.count
    touch = low.upper_closed and high.lower_closed
    return low.upper < high.lower or (low.upper == high.lower and not touch)


def agree(one: Claim, two: Claim) -> bool:
    """Return whether one number can stand behind two claims: 56% agrees with 56.2%.

    Parameters
    ----------
    one, two : Claim
        Claims with numbers.
    """
    return not less(one, two) and not less(two, one)
