"""A column of intervals: exact numerators and denominators of both ends."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from numbers import Integral
from typing import Any, ClassVar

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike, NDArray

from thbstats.errors import InvalidValue
from thbstats.values.interval import Interval, Rational

__all__ = ["Intervals"]

Numbers = NDArray[Any]


def _column(values: ArrayLike | list[int]) -> Numbers:
    """Return int64 where every value fits, Python integers where one does not."""
    array = values if isinstance(values, np.ndarray) else np.array(values, dtype=object)
    if array.dtype.kind not in "iu":
        _refuse_inexact(array.tolist())
    if array.dtype == np.uint64:  # numpy would wrap what is beyond int64
        array = array.astype(object)
    try:
        column = np.array(array, dtype=np.int64)
    except OverflowError:
        column = np.array([int(value) for value in array], dtype=object)
    column.flags.writeable = False
    return column


def _refuse_inexact(values: object) -> None:
    for value in values if isinstance(values, list) else [values]:
        if isinstance(value, bool) or not isinstance(value, Integral):
            raise InvalidValue(
                "an end is a fraction of whole numbers",
                field="interval ends",
                value=value,
                mend="Give a numerator and a denominator, or use Intervals.of",
            )


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

    Raises
    ------
    InvalidValue
        If a numerator or denominator is not a whole number, or the columns differ in length.

    Examples
    --------
    >>> column = Intervals.of([Interval(17273, 17583), Interval.at_least(3)])
    >>> column.upper
    array([17583.,    inf])
    >>> column[1]
    Interval(3 or more)
    """

    lower_num: Numbers = field(converter=_column)
    lower_den: Numbers = field(converter=_column)
    upper_num: Numbers = field(converter=_column)
    upper_den: Numbers = field(converter=_column)
    undefined: NDArray[np.bool_] = field(converter=_flags)

    def __attrs_post_init__(self) -> None:
        shapes = [column.shape for column in self._columns()]
        if len(set(shapes)) > 1 or len(shapes[0]) != 1:
            raise InvalidValue(
                "the columns are not lists of one length",
                field="intervals",
                value=shapes,
                mend="Give five columns with one entry for each interval",
            )

    def _columns(self) -> tuple[Numbers, ...]:
        ends = (self.lower_num, self.lower_den, self.upper_num, self.upper_den)
        return (*ends, self.undefined)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), self._columns()  # through the converters: a copy is read-only too

    @classmethod
    def of(cls, intervals: Iterable[Interval]) -> "Intervals":
        """Return the column of some intervals.

        Parameters
        ----------
        intervals : iterable of Interval
            The intervals, in order.

        Returns
        -------
        Intervals
            With int64 columns where every number fits, else with Python integers.

        Examples
        --------
        >>> list(Intervals.of([Interval(0, 4)]))
        [Interval(0..4)]
        """
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

    def take(self, places: NDArray[np.integer[Any]]) -> "Intervals":
        """Return the intervals at some places, each as often as its place is named.

        Parameters
        ----------
        places : array of int, shape (m,)
            Positions from 0.

        Returns
        -------
        Intervals
            Of length m.

        Examples
        --------
        >>> import numpy as np
        >>> list(Intervals.of([Interval(0, 4), Interval.point(7)]).take(np.array([1, 1])))
        [Interval(7), Interval(7)]
        """
        return Intervals(*(column[places] for column in self._columns()))

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

    __hash__: ClassVar[None] = None  # type: ignore[assignment]


def _split(end: Rational | None) -> tuple[int, int]:
    return (0, 0) if end is None else (end.numerator, end.denominator)


def _join(num: Any, den: Any) -> Rational | None:
    return None if den == 0 else Fraction(int(num), int(den))


def _divide(num: Numbers, den: Numbers, unbounded: float) -> NDArray[np.float64]:
    bounded = den != 0
    quotient = np.full(len(num), unbounded)
    np.divide(
        num,
        np.where(bounded, den, 1),
        out=quotient,
        where=bounded,
        casting="unsafe",
    )
    return quotient
