"""The counts of each country behind the numbers of a panel."""

from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from thbstats.columns import Coded, Fractions, Ranges
from thbstats.panel.kind import ResultKind
from thbstats.values import Interval

__all__ = ["Parts"]

Mask = NDArray[np.bool_]


def _starts(values: Any) -> NDArray[np.intp]:
    return np.asarray(values, dtype=np.intp)


def _mask(values: Any) -> Mask:
    return np.asarray(values, dtype=np.bool_)


@frozen(kw_only=True, eq=False)
class Parts:
    """A ragged column: for each number, its countries and their counts.

    Number ``i`` has the entries ``start[i]`` to ``start[i + 1]``.

    Parameters
    ----------
    start : array of int, shape (n + 1,)
        The first entry of each number, and the end of the last one.
    members : Coded
        The country of each entry.
    numerator : Ranges
        The part of the numerator.
    rest : Ranges
        For shares the rest of the denominator, for ratios the denominator. The lower bound of a
        share belongs to ``numerator.lower`` and ``rest.upper``, the upper one to the others.
    given : array of bool
        Whether the country has complete and consistent data.
    kind : ResultKind
        A share, a ratio or a count.
    """

    start: NDArray[np.intp] = field(converter=_starts)
    members: Coded[str]
    numerator: Ranges
    rest: Ranges
    given: Mask = field(converter=_mask)
    kind: ResultKind = field(converter=ResultKind)

    @classmethod
    def empty(cls, size: int) -> "Parts":
        """Return the column of numbers without any country.

        Parameters
        ----------
        size : int
            How many numbers.
        """
        nothing = Ranges.zero(0)
        return cls(
            start=np.zeros(size + 1),
            members=Coded.of([]),
            numerator=nothing,
            rest=nothing,
            given=[],
            kind=ResultKind.COUNT,
        )

    @classmethod
    def concat(cls, columns: list["Parts"]) -> "Parts":
        """Return the numbers of several columns.

        Parameters
        ----------
        columns : list of Parts
            One or more.
        """
        ends = np.cumsum([0, *(len(column.given) for column in columns)])
        starts = [column.start[:-1] + end for column, end in zip(columns, ends[:-1], strict=True)]
        filled = [column for column in columns if len(column.given)]
        return cls(
            start=np.concatenate([*starts, ends[-1:]]),
            members=Coded.concat([column.members for column in columns]),
            numerator=Ranges.concat([column.numerator for column in columns]),
            rest=Ranges.concat([column.rest for column in columns]),
            given=np.concatenate([column.given for column in columns]),
            kind=(filled or columns)[0].kind,
        )

    def __len__(self) -> int:
        return len(self.start) - 1

    @property
    def sizes(self) -> NDArray[np.intp]:
        """The number of countries of each number."""
        return np.diff(self.start)

    @property
    def number(self) -> NDArray[np.intp]:
        """The number of each entry."""
        return np.repeat(np.arange(len(self)), self.sizes)

    def take(self, rows: Any) -> "Parts":
        """Return the parts of some numbers.

        Parameters
        ----------
        rows : array of int or bool
            Positions, each as often as it is named, or a mask.
        """
        rows = np.arange(len(self))[rows]
        sizes = self.sizes[rows]
        start = np.concatenate([[0], np.cumsum(sizes)])
        entries = np.arange(start[-1]) + np.repeat(self.start[rows] - start[:-1], sizes)
        return self._entries(entries, start)

    def _entries(self, entries: Any, start: NDArray[np.intp]) -> "Parts":
        return Parts(
            start=start,
            members=self.members.take(entries),
            numerator=self.numerator[entries],
            rest=self.rest[entries],
            given=self.given[entries],
            kind=self.kind,
        )

    def only(self, chosen: Mask) -> "Parts":
        """Return the column with some entries only.

        Parameters
        ----------
        chosen : array of bool
            One per entry.
        """
        kept = np.concatenate([[0], np.cumsum(chosen)])[self.start]
        return self._entries(np.flatnonzero(chosen), kept)

    @property
    def is_nested(self) -> bool:
        """Whether the numerator is part of the denominator."""
        return self.kind is ResultKind.SHARE

    @property
    def base(self) -> Ranges:
        """What each country adds to the denominator, or to a count."""
        if self.kind is ResultKind.COUNT:
            return self.numerator
        return self.numerator + self.rest if self.is_nested else self.rest

    def pooled(self, chosen: Mask) -> Fractions:
        """Return the numbers over some of their countries.

        Parameters
        ----------
        chosen : array of bool
            One per entry.

        Returns
        -------
        Fractions
            One per number; a number without a chosen country is missing.
        """
        numerator, rest = (side.pool(self.start, chosen) for side in (self.numerator, self.rest))
        none = np.add.reduceat(np.append(chosen, False), self.start[:-1]) == 0
        none |= self.sizes == 0
        if self.kind is ResultKind.COUNT:
            return Fractions.counts(numerator).without(none)
        if self.is_nested:
            empty = (numerator.lower == 0) & (rest.lower == 0)
            return Fractions.shares(numerator, rest, empty).without(none)
        return Fractions.ratios(numerator, rest, self.kind.scale).without(none)

    def value(self, chosen: Mask) -> Interval:
        """Return the only number over some of its countries.

        Parameters
        ----------
        chosen : array of bool
            One per entry, at least one of them true.
        """
        number = self.pooled(chosen)[0]
        return Interval(None, None, undefined=True) if number is None else number

    def among(self, countries: frozenset[str]) -> Mask:
        """Return the entries of some countries that have complete and consistent data.

        Parameters
        ----------
        countries : frozenset of str
            Country codes.
        """
        inside = self.members.table(lambda member: member in countries, np.bool_)
        return np.asarray(inside & self.given)

    @property
    def names(self) -> list[str]:
        """The countries of all entries, in order."""
        return list(self.members)

    @property
    def reporters(self) -> frozenset[str]:
        """The countries with complete and consistent data."""
        return frozenset(self.members.take(self.given))
