"""Counts of each country in the numbers of a panel."""

from functools import partial
from operator import attrgetter
from typing import Any

import numpy as np
from attrs import Factory, field, fields, frozen
from numpy.typing import NDArray

from thbstats.columns import Coded, Fractions, Mask, Ranges
from thbstats.columns.ranges import any_of
from thbstats.columns.records import concat_fields, take_fields
from thbstats.panel.kind import ResultKind
from thbstats.values import Interval

_starts = partial(np.asarray, dtype=np.intp)
_mask = partial(np.asarray, dtype=np.bool_)


def _same(name: str) -> Any:
    return Factory(attrgetter(name), takes_self=True)


@frozen(kw_only=True, eq=False)
class Parts:
    """A ragged column: for each number, its countries and their counts.

    Number ``i`` has the entries ``start[i]`` to ``start[i + 1]``. A mask is an array of bool with
    one item per entry.

    Parameters
    ----------
    start : array of int, shape (n + 1,)
        The first entry of each number, and the end of the last one.
    members : Coded
        The country of each entry.
    numerator : Ranges
        The part of the numerator.
    complement : Ranges
        For shares the other counts in the denominator, for ratios the denominator. The lower
        bound of a share has ``numerator.lower`` and ``complement.upper``.
    reported : array of bool
        Whether the country has complete and consistent data.
    kind : Coded of ResultKind, shape (n,)
        Share, ratio or count.
    hull, hull_complement : Ranges, optional
        These counts for bounds, with the parts of a contradictory total; by default as reported.
    numerator_with_unknown, complement_with_unknown : Ranges, optional
        The same with unknown allocated, for bounds with unknown; by default the hull.
    unknown : Ranges, optional
        The victims of unknown category; by default missing.
    base : Ranges, optional
        The denominator; for counts, the count. By default from numerator and complement.
    positive_with_unknown : array of bool, optional
        For shares: whether the denominator with unknown is certainly above 0.
    """

    start: NDArray[np.intp] = field(converter=_starts)  # type: ignore[misc]
    members: Coded[str]
    numerator: Ranges
    complement: Ranges
    reported: Mask = field(converter=_mask)  # type: ignore[misc]
    kind: Coded[ResultKind]
    hull: Ranges = field(default=_same("numerator"))
    hull_complement: Ranges = field(default=_same("complement"))
    numerator_with_unknown: Ranges = field(default=_same("hull"))
    complement_with_unknown: Ranges = field(default=_same("hull_complement"))
    unknown: Ranges = field(
        default=Factory(lambda own: Ranges.missing(*own.numerator.shape), takes_self=True)
    )
    base: Ranges = field()
    positive_with_unknown: Mask = field()

    @base.default
    def _default_base(self) -> Ranges:
        alone, shares = self._is(ResultKind.COUNT), self.is_share
        remainder = self.complement.where(~alone[self.number], Ranges.zero(*self.complement.shape))
        return (self.numerator + remainder).where((shares | alone)[self.number], self.complement)

    @positive_with_unknown.default
    def _default_positive(self) -> Mask:
        part, remainder = self.numerator_with_unknown, self.complement_with_unknown
        return np.asarray((part.lower > 0) | (remainder.lower > 0))

    @classmethod
    def empty(cls, size: int) -> "Parts":
        """Return the column of several numbers without any country."""
        nothing, kind = Ranges.zero(0), Coded.constant(ResultKind.COUNT, size)
        return cls(
            start=np.zeros(size + 1),
            members=Coded.from_values([]),
            numerator=nothing,
            complement=nothing,
            reported=[],
            kind=kind,
        )

    @classmethod
    def concat(cls, columns: list["Parts"]) -> "Parts":
        """Return the numbers of one or more columns."""
        ends = np.cumsum([0, *(len(column.reported) for column in columns)])
        starts = [column.start[:-1] + end for column, end in zip(columns, ends[:-1], strict=True)]
        start = np.concatenate([*starts, ends[-1:]])
        return cls(start=start, **concat_fields(columns, (*_ENTRIES, "kind")))

    def __len__(self) -> int:
        return len(self.start) - 1

    @property
    def sizes(self) -> NDArray[np.intp]:
        """The number of countries of each number."""
        return self.start[1:] - self.start[:-1]

    @property
    def number(self) -> NDArray[np.intp]:
        """The number of each entry."""
        return np.repeat(np.arange(len(self)), self.sizes)

    def take(self, rows: Any) -> "Parts":
        """Return the parts of some numbers, by a mask or by positions, which can repeat."""
        rows = np.arange(len(self))[rows]
        sizes = self.sizes[rows]
        start = np.concatenate([[0], np.cumsum(sizes)])
        entries = np.arange(start[-1]) + np.repeat(self.start[rows] - start[:-1], sizes)
        kind = self.kind.take(rows)
        return Parts(start=start, kind=kind, **take_fields(self, _ENTRIES, entries))

    def select(self, mask: Mask) -> "Parts":
        """Return the column with some entries only."""
        start = np.concatenate([[0], np.cumsum(mask)])[self.start]
        columns = take_fields(self, _ENTRIES, np.flatnonzero(mask))
        return Parts(start=start, kind=self.kind, **columns)

    def _is(self, kind: ResultKind) -> Mask:
        return self.kind.table(lambda own: own is kind, np.bool_)

    @property
    def is_share(self) -> Mask:
        """Whether the numerator of each number is part of its denominator, shape (n,)."""
        return self._is(ResultKind.SHARE)

    def pooled(self, mask: Mask) -> Fractions:
        """Return the numbers over some of their countries; they are missing without any country."""
        result = self._pooled(self.numerator, self.complement, self._positive, mask)
        return result.without(~self.any_of(mask))

    def bounds(self, mask: Mask) -> tuple[Fractions, Fractions]:
        """Return the bounds over some countries, without and with unknown allocated.

        The mask can have countries without complete data.
        """
        part, remainder = self.numerator_with_unknown, self.complement_with_unknown
        bounds = self._pooled(self.hull, self.hull_complement, self._positive, mask)
        return bounds, self._pooled(part, remainder, self.positive_with_unknown, mask)

    @property
    def _positive(self) -> Mask:
        """The entries whose denominator is certainly above 0."""
        sides = (self.hull, self.hull_complement, self.base)
        return np.asarray(np.any([side.lower > 0 for side in sides], axis=0))

    def _pooled(self, part: Ranges, complement: Ranges, positive: Mask, mask: Mask) -> Fractions:
        above, below = (side.pool(self.start, mask) for side in (part, complement))
        result = Fractions.shares(above, below, ~self.any_of(positive & mask))
        for kind in {self.kind.categories[code] for code in self.kind.present}:
            if kind is ResultKind.COUNT:
                result = result.where(~self._is(kind), Fractions.counts(above))
            elif kind is not ResultKind.SHARE:
                ratios = Fractions.ratios(above, below, kind.scale)
                result = result.where(~self._is(kind), ratios)
        return result

    def any_of(self, mask: Mask) -> Mask:
        """Return the numbers that have an entry in a mask."""
        return any_of(mask, self.start)

    def value(self, mask: Mask) -> Interval:
        """Return the number over one or more of its countries, as one value."""
        number = self.pooled(mask)[0]
        return Interval(None, None, undefined=True) if number is None else number

    def among(self, countries: frozenset[str]) -> Mask:
        """Return the entries of some countries that have complete and consistent data."""
        return np.asarray(self.members.table(countries.__contains__, np.bool_) & self.reported)

    @property
    def names(self) -> list[str]:
        """The countries of all entries, in order."""
        return list(self.members)

    @property
    def reporters(self) -> frozenset[str]:
        """The countries with complete and consistent data."""
        return frozenset(self.members.take(self.reported))


_ENTRIES = tuple(item.name for item in fields(Parts) if item.name not in ("start", "kind"))
"""The columns with one row per country."""
