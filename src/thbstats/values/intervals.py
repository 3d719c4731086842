"""A column of intervals: exact numerators and denominators of both ends."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike, NDArray

from thbstats.values.interval import Interval, Rational

__all__ = ["Intervals"]

Numbers = NDArray[Any]


def _column(values: ArrayLike | list[int]) -> Numbers:
    """Return int64 where every value fits, Python integers where one does not."""
    try:
        column = np.array(values, dtype=np.int64)
    except OverflowError:
        column = np.array(values, dtype=object)
    column.flags.writeable = False
    return column


def _flags(values: ArrayLike) -> NDArray[np.bool_]:
    column = np.array(values, dtype=np.bool_)
    column.flags.writeable = False
    return column


@frozen(eq=False)
class Intervals:
    """Intervals in columns; each end is an unreduced fraction, and 0 below means "no bound".

    Parameters
    ----------
    lower_num, lower_den, upper_num, upper_den : array of int, shape (n,)
        The ends; a denominator of 0 stands for an end without bound.
    undefined : array of bool, shape (n,)
        Where the quantity can have no value.
    """

    lower_num: Numbers = field(converter=_column)
    lower_den: Numbers = field(converter=_column)
    upper_num: Numbers = field(converter=_column)
    upper_den: Numbers = field(converter=_column)
    undefined: NDArray[np.bool_] = field(converter=_flags)

    @classmethod
    def of(cls, intervals: Iterable[Interval]) -> "Intervals":
        """Return the column of some intervals."""
        items = list(intervals)
        lower = [_split(item.lower) for item in items]
        upper = [_split(item.upper) for item in items]
        return cls(
            [num for num, _ in lower],
            [den for _, den in lower],
            [num for num, _ in upper],
            [den for _, den in upper],
            [item.undefined for item in items],
        )

    @property
    def lower(self) -> NDArray[np.float64]:
        """The lower ends as floats; minus infinity where there is no bound."""
        return _divide(self.lower_num, self.lower_den, -np.inf)

    @property
    def upper(self) -> NDArray[np.float64]:
        """The upper ends as floats; infinity where there is no bound."""
        return _divide(self.upper_num, self.upper_den, np.inf)

    def __len__(self) -> int:
        return len(self.lower_num)

    def __getitem__(self, position: int) -> Interval:
        return Interval(
            _join(self.lower_num[position], self.lower_den[position]),
            _join(self.upper_num[position], self.upper_den[position]),
            undefined=bool(self.undefined[position]),
        )

    def __iter__(self) -> Iterator[Interval]:
        return (self[position] for position in range(len(self)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Intervals) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]


def _split(end: Rational | None) -> tuple[int, int]:
    return (0, 0) if end is None else (end.numerator, end.denominator)


def _join(num: Any, den: Any) -> Rational | None:
    return None if den == 0 else Fraction(int(num), int(den))


def _divide(num: Numbers, den: Numbers, unbounded: float) -> NDArray[np.float64]:
    bounded = den != 0
    quotient = np.full(len(num), unbounded)
    np.divide(
        num.astype(object) if num.dtype == object else num,
        np.where(bounded, den, 1),
        out=quotient,
        where=bounded,
        casting="unsafe",
    )
    return quotient
