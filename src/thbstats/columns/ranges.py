"""Columns of uncertain counts."""

from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike, NDArray

from thbstats.columns.coded import Mask
from thbstats.columns.records import ArrayRecord
from thbstats.errors import InvalidValue
from thbstats.values import LARGEST_COUNT, Interval

_integers = partial(np.asarray, dtype=np.int64)
_floats = partial(np.asarray, dtype=np.float64)
_flags = partial(np.asarray, dtype=np.bool_)


@frozen(eq=False)
class Ranges(ArrayRecord):
    """Counts of 0 or more between two bounds, of any shape.

    Parameters
    ----------
    lower : array of int64
        The lower bounds.
    upper : array of float64
        The upper bounds; ``inf`` for no bound.
    reported : array of bool
        Whether the count was reported, also as an interval.

    Examples
    --------
    >>> counts = Ranges.points([3, 4]) + Ranges([0, 0], [4, np.inf], [True, False])
    >>> counts.lower.tolist(), counts.upper.tolist(), counts.reported.tolist()
    ([3, 4], [7.0, inf], [True, False])
    """

    lower: NDArray[np.int64] = field(converter=_integers)  # type: ignore[misc]
    upper: NDArray[np.float64] = field(converter=_floats)  # type: ignore[misc]
    reported: Mask = field(converter=_flags)  # type: ignore[misc]

    @classmethod
    def points(cls, values: ArrayLike) -> "Ranges":
        """Return counts that are known exactly."""
        lower = _integers(values)
        return cls(lower, lower, np.ones(lower.shape, dtype=np.bool_))

    @classmethod
    def missing(cls, *shape: int) -> "Ranges":
        """Return counts that were not reported: 0 or more."""
        return cls(np.zeros(shape), np.full(shape, np.inf), np.zeros(shape, dtype=np.bool_))

    @classmethod
    def from_intervals(cls, items: Sequence[Interval]) -> "Ranges":
        """Return counts that are reported as intervals."""
        upper = [np.inf if item.upper is None else float(item.upper) for item in items]
        return cls([int(item.lower or 0) for item in items], upper, np.ones(len(items)))

    @classmethod
    def zero(cls, *shape: int) -> "Ranges":
        """Return counts of 0."""
        return cls.points(np.zeros(shape, dtype=np.int64))

    @property
    def is_point(self) -> Mask:
        """The counts with one possible value."""
        point: Mask = self.lower == self.upper
        return point

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the columns."""
        return self.lower.shape

    def __len__(self) -> int:
        return len(self.lower)

    def __getitem__(self, index: Any) -> "Ranges":
        return Ranges(self.lower[index], self.upper[index], self.reported[index])

    def take(self, rows: Any) -> "Ranges":
        """Return some counts along the first axis."""
        return self[rows]

    def __add__(self, other: "Ranges") -> "Ranges":
        lower, upper = self.lower + other.lower, self.upper + other.upper
        return _exact(Ranges(lower, upper, self.reported & other.reported))

    def minus(self, part: "Ranges") -> "Ranges":
        """Return the count minus an independent part, 0 or more."""
        left = np.maximum(self.lower - np.where(np.isinf(part.upper), self.lower, part.upper), 0)
        with np.errstate(invalid="ignore"):
            upper = np.maximum(self.upper - part.lower, 0)
        return Ranges(left.astype(np.int64), upper, self.reported & part.reported)

    def put(self, index: Any, other: "Ranges", reported: ArrayLike | None = None) -> "Ranges":
        """Return these counts with other counts at some positions of the last axis."""
        lower, upper, flags = self.lower.copy(), self.upper.copy(), self.reported.copy()
        lower[..., index], upper[..., index] = other.lower, other.upper
        flags[..., index] = other.reported if reported is None else reported
        return Ranges(lower, upper, flags)

    def union(self, other: "Ranges") -> "Ranges":
        """Return the hulls of pairs of counts, reported if the first count is reported."""
        lower, upper = np.minimum(self.lower, other.lower), np.maximum(self.upper, other.upper)
        return Ranges(lower, upper, self.reported)

    def clip(self, lower: ArrayLike, upper: ArrayLike, keep: ArrayLike = False) -> "Ranges":
        """Return the counts within other bounds, unless no value remains.

        Counts with `keep` do not change.
        """
        low, high = np.maximum(self.lower, lower), np.minimum(self.upper, upper)
        changed = (low <= high) & ~np.asarray(keep)
        return Ranges(
            np.where(changed, low, self.lower), np.where(changed, high, self.upper), self.reported
        )

    def sum(self, axis: int = 0) -> "Ranges":
        """Return the sums along an axis."""
        _check_terms(self.lower, self.lower.shape[axis])
        lower, upper = self.lower.sum(axis=axis), self.upper.sum(axis=axis)
        return _exact(Ranges(lower, upper, self.reported.all(axis=axis)))

    def pool(self, start: NDArray[np.intp], mask: Mask | None = None) -> "Ranges":
        """Return the sums over groups of adjacent entries along the last axis.

        `start` has the first entry of each group and the end of the last one. Only entries of the
        mask are added; an empty group is 0 and reported. Inexact sums are refused.
        """
        lower, upper, missing = self.lower, self.upper, ~self.reported
        if mask is not None:
            lower, upper = np.where(mask, lower, 0), np.where(mask, upper, 0)
            missing = missing & mask
        if _are_single(start, lower.shape[-1]):
            return Ranges(lower, upper, ~missing)
        _check_terms(lower, lower.shape[-1])
        sums = [_group_sums(values, start) for values in (lower, upper, missing)]
        return _exact(Ranges(sums[0], sums[1], sums[2] == 0))

    def total(self, mask: Any = None) -> Interval:
        """Return the sum of all counts, or of some, as an interval."""
        counts = self if mask is None else self[mask]
        return Ranges(*(own.ravel() for own in counts.arrays)).sum().interval(())

    def interval(self, row: Any) -> Interval:
        """Return one count of a column as an interval."""
        upper = float(self.upper[row])
        return Interval(int(self.lower[row]), None if np.isinf(upper) else int(upper))

    def intervals(self) -> list[Interval]:
        """Return the counts of a column as intervals."""
        return [self.interval(row) for row in range(len(self.lower))]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ranges) and all(
            np.array_equal(*pair) for pair in zip(self.arrays, other.arrays, strict=True)
        )

    __hash__: ClassVar[None] = None  # type: ignore[assignment]


def any_of(mask: Any, start: NDArray[np.intp]) -> Mask:
    """Return the groups of adjacent entries with a true entry, along the last axis."""
    if _are_single(start, mask.shape[-1]):
        return np.array(mask, dtype=np.bool_)
    counts = np.zeros((*mask.shape[:-1], mask.shape[-1] + 1), dtype=np.intp)
    np.cumsum(mask, axis=-1, out=counts[..., 1:])
    result: Mask = counts[..., start[1:]] > counts[..., start[:-1]]
    return result


def _are_single(start: NDArray[np.intp], size: int) -> bool:
    """Whether each group has one entry, and each entry one group."""
    # Bytes are compared faster than arrays: a scalar share asks it 14 times.
    return len(start) == size + 1 and start.tobytes() == np.arange(size + 1).tobytes()


def _exact(sums: Ranges) -> Ranges:
    """Refuse sums above 2**53, the limit of exact floats.

    An uncertain upper bound of 2**53 can be a rounded 2**53 + 1.
    """
    large = (sums.upper >= LARGEST_COUNT) & (sums.upper < np.inf) & (sums.upper != sums.lower)
    if (large | (sums.lower > LARGEST_COUNT)).any():
        raise _not_exact()
    return sums


def _check_terms(lower: NDArray[np.int64], terms: int) -> None:
    """Refuse sums that would exceed int64."""
    if terms * int(lower.max(initial=0)) >= 2**63:
        raise _not_exact()


def _not_exact() -> InvalidValue:
    return InvalidValue(
        "must have sums below 2**53",
        field="value",
        hint="Check the counts: they exceed every population",
    )


def _group_sums(values: NDArray[Any], start: NDArray[np.intp]) -> NDArray[Any]:
    """Return sums of groups along the last axis; an empty group has the sum 0."""
    numbers = values.astype(np.intp) if values.dtype == np.bool_ else values
    numbers, first = numbers[..., : start[-1]], start[:-1]
    filled = first < start[1:]
    if filled.all() and len(first):
        return np.add.reduceat(numbers, first, axis=-1)
    sums: NDArray[Any] = np.zeros((*values.shape[:-1], len(first)), dtype=numbers.dtype)
    if filled.any():
        # An empty group at the end would take the last entry from the group before it.
        sums[..., filled] = np.add.reduceat(numbers, first[filled], axis=-1)
    return sums
