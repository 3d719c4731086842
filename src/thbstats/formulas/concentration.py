"""Concentration of a sum on its largest members, and association of rows and columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, pairwise, product
from math import comb, inf, isinf, prod
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike

from thbstats.columns import Floats, Ranges
from thbstats.errors import require
from thbstats.formulas._numbers import (
    Missing,
    as_counts,
    as_rows,
    column_formula,
    divide,
    plain,
    row_formula,
)
from thbstats.values import Interval, Rational, square_root


@row_formula
def largest_share(counts: ArrayLike, *, missing: Missing = "raise") -> float | Floats:
    """Return the share of the largest count along the last axis.

    ``largest_share = max(counts) / sum(counts)``

    Parameters
    ----------
    counts : array_like, shape (..., n)
        Counts per reporting country. A missing count makes its row missing.
    missing
        As for `share`.

    Returns
    -------
    float or ndarray, shape (...)
        In [1/n, 1]; ``nan`` if the counts sum to 0.

    Raises
    ------
    InvalidValue
        As for `share`.

    Examples
    --------
    >>> largest_share([61, 20, 19])
    0.61
    """
    members = as_rows(counts, "counts")
    return plain(divide(members.max(axis=-1), members.sum(axis=-1)))


@row_formula
def herfindahl(counts: ArrayLike, *, missing: Missing = "raise") -> float | Floats:
    """Return the Herfindahl-Hirschman index along the last axis.

    ``herfindahl = sum of (count / sum of counts)**2``

    Parameters
    ----------
    counts : array_like, shape (..., n)
        As for `largest_share`.
    missing
        As for `share`.

    Returns
    -------
    float or ndarray, shape (...)
        In [1/n, 1]; ``nan`` if the counts sum to 0.

    Raises
    ------
    InvalidValue
        As for `share`.

    Examples
    --------
    >>> round(herfindahl([61, 20, 19]), 4)
    0.4482
    """
    return plain(squared_shares(as_rows(counts, "counts")))


@row_formula
def effective_number(counts: ArrayLike, *, missing: Missing = "raise") -> float | Floats:
    """Return the effective number of members along the last axis.

    ``effective_number = (sum of counts)**2 / sum of count**2``: the number of equal counts with
    the same Herfindahl-Hirschman index.

    Parameters
    ----------
    counts : array_like, shape (..., n)
        As for `largest_share`.
    missing
        As for `share`.

    Returns
    -------
    float or ndarray, shape (...)
        In [1, n]; ``nan`` if the counts sum to 0.

    Raises
    ------
    InvalidValue
        As for `share`.

    Examples
    --------
    >>> round(effective_number([61, 20, 19]), 3)
    2.231
    """
    return plain(divide(1.0, squared_shares(as_rows(counts, "counts"))))


def squared_shares(counts: Any) -> Any:
    """Return the sum of the squared shares along the last axis; exact for fractions."""
    return divide((counts**2).sum(axis=-1), counts.sum(axis=-1) ** 2)


@column_formula
def cramers_v(table: ArrayLike) -> float:
    """Return Cramér's V of a table.

    ``V = sqrt(X2 / (N * (k - 1)))``, with ``X2 = sum of (n - e)**2 / e``, ``e`` row total times
    column total over the total ``N``, and ``k`` the smaller number of rows and columns.

    Parameters
    ----------
    table : array_like, shape (r, c)
        Counts; rows and columns that sum to 0 are left out.

    Returns
    -------
    float
        In [0, 1]; ``nan`` if fewer than two rows or columns remain.

    Raises
    ------
    InvalidValue
        As for `share`.

    Examples
    --------
    >>> round(cramers_v([[95, 20], [5, 80]]), 3)
    0.759

    References
    ----------
    Cramér, "Mathematical Methods of Statistics" (1946), section 21.9.
    """
    return float(np.minimum(np.sqrt(divide(*chi_square(_table(table)))), 1))


@column_formula
def pearson_residuals(table: ArrayLike) -> Floats:
    """Return the Pearson residuals of a table.

    ``residual = (n - e) / sqrt(e)``, with ``e`` row total times column total over the total.

    Parameters
    ----------
    table : array_like, shape (r, c)
        Counts.

    Returns
    -------
    ndarray, shape (r, c)
        ``nan`` in rows and columns that sum to 0.

    Raises
    ------
    InvalidValue
        As for `share`.

    Examples
    --------
    >>> pearson_residuals([[95, 20], [5, 80]]).round(2).tolist()
    [[4.95, -4.95], [-5.75, 5.75]]
    """
    counts = _table(table)
    expected, _ = independence(counts)
    residuals: Floats = divide(counts - expected, np.sqrt(expected))
    return residuals


@column_formula
def adjusted_residuals(table: ArrayLike) -> Floats:
    """Return the adjusted residuals of a table, approximately standard normal.

    ``residual = (n - e) / sqrt(e * (1 - row share) * (1 - column share))``

    Parameters
    ----------
    table : array_like, shape (r, c)
        Counts.

    Returns
    -------
    ndarray, shape (r, c)
        ``nan`` in rows and columns that sum to 0 or to the total.

    Raises
    ------
    InvalidValue
        As for `share`.

    Examples
    --------
    >>> adjusted_residuals([[95, 20], [5, 80]]).round(2).tolist()
    [[10.73, -10.73], [-10.73, 10.73]]

    References
    ----------
    Haberman, "The analysis of residuals in cross-classified tables", Biometrics 29 (1973).
    """
    counts = _table(table)
    expected, variance = independence(counts)
    residuals: Floats = divide(counts - expected, np.sqrt(expected * variance))
    return residuals


def _table(table: ArrayLike) -> Floats:
    counts, hint = as_counts(table, "table"), "Give a list of rows of equal length"
    require(counts.ndim == 2, "must have rows and columns", hint, table=f"shape {counts.shape}")
    return counts


def independence(tables: Any, *, with_variance: bool = True) -> tuple[Any, Any]:
    """Return expected counts, and (1 - row share) * (1 - column share), of the last two axes."""
    across, down = (tables.sum(axis=axis, keepdims=True) for axis in (-1, -2))
    total = across.sum(axis=-2, keepdims=True)
    others = (divide(total - margin, total, 0) for margin in (across, down))
    return divide(across * down, total, 0), np.multiply(*others) if with_variance else None


def chi_square(tables: Any) -> tuple[Any, Any]:
    """Return the statistics of tables of the last two axes, and their largest possible values."""
    expected, _ = independence(tables, with_variance=False)
    smaller = np.minimum(*((expected != 0).any(axis=axis).sum(axis=-1) for axis in (-1, -2)))
    squares = divide((tables - expected) ** 2, expected, 0)
    largest = tables.sum(axis=(-1, -2)) * np.maximum(smaller - 1, 0)
    return squares.sum(axis=(-1, -2)), largest


Completion = list[int]
"""One integer for each count, between its bounds."""

_CORNERS = 20_000
"""The largest number of corners that are tried; for more, the largest value is an outer bound."""


@frozen
class BoundedCounts:
    """Integer counts between bounds, some without an upper bound, and the bounds of their sum."""

    lower: tuple[int, ...]
    upper: tuple[Any, ...]
    total: Interval

    @classmethod
    def of(
        cls, counts: Ranges, total: Interval | None = None, *, suppressed: bool = False
    ) -> BoundedCounts:
        """Return counts with the bounds of their sum."""
        lower = tuple(counts.lower.tolist())
        upper = tuple(inf if isinf(n) else int(n) for n in counts.upper)
        added = counts.total()
        if total is None or not total.overlaps(added):
            return cls(lower, upper, added)
        both = total.intersect(added)
        if both.upper is not None:
            left = int(both.upper) - sum(lower)
            pairs = zip(lower, upper, strict=True)
            upper = tuple(low + left if isinf(high) else high for low, high in pairs)
        if suppressed and inf not in upper:
            both = Interval(sum(lower), sum(upper))
        return cls(lower, upper, both)

    @property
    def sums(self) -> tuple[int, Any]:
        """The smallest and the largest sum."""
        upper = self.total.upper
        return int(self.total.lower or 0), inf if upper is None else int(upper)

    @property
    def pairs(self) -> list[tuple[int, Any]]:
        """The smallest and the largest value of each count."""
        return list(zip(self.lower, self.upper, strict=True))

    def bounds(self) -> list[int]:
        """Return the finite bounds of all counts in order."""
        return sorted({*self.lower, *self.upper} - {inf})

    def level(self, height: int) -> Completion:
        """Return the counts as close to a common level as their bounds allow."""
        return [max(low, min(height, high)) for low, high in self.pairs]

    def height(self, total: int) -> int:
        """Return the highest integer level whose counts sum to no more than a total."""
        low, high = 0, max(self.bounds()) + total
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if sum(self.level(middle)) <= total else (low, middle - 1)
        return low

    def even(self, total: int) -> Completion:
        """Return the most even counts of one sum."""
        height = self.height(total)
        counts, above = self.level(height), self.level(height + 1)
        rising = [index for index, count in enumerate(counts) if above[index] > count]
        raised = rising[: total - sum(counts)]
        return [count + (index in raised) for index, count in enumerate(counts)]

    def turns(self) -> Iterator[int]:
        """Yield the levels with extreme squared shares between bounds of counts."""
        for floor, end in pairwise([*self.bounds(), inf]):
            pairs = zip(self.level(int(floor)), self.pairs, strict=True)
            fixed = [count for count, (low, high) in pairs if low > floor or high < end]
            if sum(fixed):
                turn = sum(count**2 for count in fixed) // sum(fixed)
                last = min(turn + 1, end)
                yield from (height for height in (turn, turn + 1) if floor <= height <= last)


def concentration_bounds(counts: BoundedCounts, n: int | None = None) -> tuple[Interval, bool]:
    """Return bounds of the share of the n largest counts, or of the sum of squared shares.

    The second result is whether completions attain both.
    """
    if not counts.lower:
        return Interval(0, 1, undefined=True), True
    (least, most), unbounded = counts.sums, counts.upper.count(inf)
    lowest = [Fraction(min(n or 1, unbounded), unbounded)] if isinf(most) and unbounded else []
    # Even completions include the least concentrated completion.
    below = counts.height(max(least, 1))
    heights = {*counts.bounds(), below, below + 1, *(counts.turns() if n is None else ())}
    completions = [counts.even(least)]
    if not isinf(most):
        heights.add(counts.height(int(most)))
        completions.append(counts.even(int(most)))
    for own in (*completions, *map(counts.level, heights)):
        if sum(own) and counts.total.contains(sum(own)):
            largest = Fraction(sum(sorted(own)[-(n or 1) :]), sum(own))
            lowest.append(_squared_shares(own) if n is None else largest)
    if not lowest:
        return Interval(0, 1, undefined=True), True
    highest, sharp = Fraction(1), True
    if not isinf(most) and n is not None:
        highest, sharp = _largest_share(counts, n)
    elif not isinf(most):
        groups = Counter(counts.pairs)
        if prod(times + 1 for (low, high), times in groups.items() if low < high) <= _CORNERS:
            highest = max(_squared_shares(own) for own in _corners(counts, groups) if sum(own))
        else:  # a number that the sum does not exceed
            shares = [min(_three_shares(counts, [index])) for index in range(len(counts.lower))]
            highest = min(sum((share**2 for share in shares), Fraction(0)), max(shares))
            sharp = False
    return Interval(min(lowest), highest, undefined=least == 0), sharp


def _squared_shares(completion: Completion) -> Fraction:
    return Fraction(sum(count**2 for count in completion), sum(completion) ** 2)


def _corners(counts: BoundedCounts, groups: Counter[tuple[int, int]]) -> Iterator[list[int]]:
    """Yield the extreme points of the counts."""
    choices = [range(times + 1 if low < high else 1) for (low, high), times in groups.items()]
    for raised in product(*choices):
        ways = list(zip(groups.items(), raised, strict=True))
        own = [n for ((low, high), times), up in ways for n in (high,) * up + (low,) * (times - up)]
        if counts.total.contains(sum(own)):
            yield own
        for ((low, high), times), up in ways:
            for total in counts.sums:
                between = low + int(total) - sum(own)
                if up < times and low < between < high:
                    others = own.copy()
                    others.remove(low)
                    yield [*others, between]


def _largest_share(counts: BoundedCounts, n: int) -> tuple[Fraction, bool]:
    """Return the largest share of n counts, or a number that it does not exceed.

    The share of a set is the smallest of three; for each of them the best set is known. Where
    these sets differ, all are tried.
    """

    def best(weight: Fraction) -> list[int]:
        sizes = [(1 - weight) * high + weight * low for low, high in counts.pairs]
        return sorted(range(len(sizes)), key=sizes.__getitem__, reverse=True)[:n]

    chosen, share = best(Fraction(0)), Fraction(-1)
    sets = [chosen, best(Fraction(1))]
    # A set is better than a share if its counts minus that share of all counts are more.
    while _three_shares(counts, chosen)[0] > share:
        share = _three_shares(counts, chosen)[0]
        chosen = best(share)
    shares = [_three_shares(counts, own) for own in (*sets, chosen)]
    result, bound = max(map(min, shares)), min(map(max, zip(*shares, strict=True)))
    indices = range(len(counts.lower))
    if result < bound and comb(len(indices), n) <= _CORNERS:
        return max(min(_three_shares(counts, own)) for own in combinations(indices, n)), True
    return bound, result == bound


def _three_shares(
    counts: BoundedCounts, indices: Sequence[int]
) -> tuple[Fraction, Fraction, Fraction]:
    """Return the shares of some counts for three sums; the smallest sum gives the largest share."""
    upper, (least, most) = sum(counts.upper[index] for index in indices), counts.sums
    others = sum(counts.lower) - sum(counts.lower[index] for index in indices)
    return (
        Fraction(upper, upper + others) if upper else Fraction(0),
        Fraction(upper, least) if least else Fraction(1),
        1 - Fraction(others, int(most) or 1),
    )


_TABLES = 20_000
"""The largest number of tables that are tried; for more, bounds are outer bounds."""

_TOLERANCE = 1e-9
"""Floats within this distance of the extremes are computed exactly."""

Table = tuple[int, ...]
UnknownCount = tuple[Interval, Sequence[int]]
"""The number of unknown category, and the cells to which they can belong."""


def exact_table(counts: Sequence[int], columns: int) -> Any:
    """Return counts as a table of fractions, row by row."""
    return np.array(counts, dtype=object).reshape(-1, columns) + Fraction(0)


def residuals_of(table: Sequence[int], columns: int) -> list[list[Rational | None]]:
    """Return the expected counts, the Pearson and the adjusted residuals of all cells."""
    if not any(table):
        return [[None] * len(table)] * 3
    cells = exact_table(table, columns)
    expected, variance = independence(cells)
    residuals: list[list[Rational | None]] = [expected.ravel().tolist()]
    for spread in (expected, expected * variance):
        squares = divide((cells - expected) ** 2, spread, 0).ravel()
        signs = np.sign(cells - expected).ravel()
        roots = (sign * square_root(own) for sign, own in zip(signs, squares, strict=True))
        residuals.append(
            [root if own else None for root, own in zip(roots, spread.ravel(), strict=True)]
        )
    return residuals


def cramers_v_bounds(
    cells: Sequence[Interval], columns: int, total: Interval | None = None
) -> tuple[Interval, bool]:
    """Return bounds of Cramér's V, and whether tables attain both."""
    ranges = [
        range(int(cell.lower or 0), int(cell.upper) + 1) for cell in cells if cell.upper is not None
    ]
    if len(ranges) < len(cells) or prod(map(len, ranges)) > _TABLES:
        return _outer(cells, columns), False
    tables = [way for way in product(*ranges) if total is None or total.contains(sum(way))]
    return (_attained(tables, columns), True) if tables else (_outer(cells, columns), False)


def joined_bounds(
    cells: Sequence[Interval], columns: int, unknown: Sequence[UnknownCount]
) -> tuple[Interval, bool]:
    """Return bounds of Cramér's V with unknown allocated to cells."""
    unknown = [(number, own) for number, own in unknown if own]
    points = all(item.is_point for item in (*cells, *(number for number, _ in unknown)))
    ways = (comb(int(n.lower or 0) + len(own) - 1, len(own) - 1) for n, own in unknown)
    if points and prod(ways) <= _TABLES:
        tables = {tuple(int(cell.lower or 0) for cell in cells)}
        for number, indices in unknown:
            # Separators between cells divide the number in all ways.
            size, last = int(number.lower or 0) + len(indices) - 1, len(indices) - 1
            walls = ((-1, *own, size) for own in combinations(range(size), last))
            counts = ([high - low - 1 for low, high in pairwise(bounds)] for bounds in walls)
            further = [dict(zip(indices, own, strict=True)) for own in counts]
            tables = {
                tuple(count + own.get(index, 0) for index, count in enumerate(table))
                for table in tables
                for own in further
            }
        return _attained(list(tables), columns), True
    joined = [
        Interval(cell.lower, sum((n for n, indices in unknown if index in indices), cell).upper)
        for index, cell in enumerate(cells)
    ]
    return _outer(joined, columns), False


def _attained(tables: Sequence[Table], columns: int) -> Interval:
    """Return the smallest and the largest V of some tables."""
    cells = np.array(tables, dtype=np.float64).reshape(len(tables), -1, columns)
    squares = divide(*chi_square(cells))
    defined = np.flatnonzero(~np.isnan(squares))
    if not len(defined):
        return Interval(0, 1, undefined=True)
    own = squares[defined]
    near = np.minimum(own - own.min(), own.max() - own) <= _TOLERANCE
    close = chi_square(cells[defined[near]].astype(np.int64).astype(object) + Fraction(0))
    exact = [square_root(statistic / largest) for statistic, largest in zip(*close, strict=True)]
    return Interval(min(exact), max(exact), undefined=len(defined) < len(tables))


def _outer(cells: Sequence[Interval], columns: int) -> Interval:
    """Return outer bounds: each cell as a share of its row and of its column."""
    indices = range(len(cells))
    rows = [indices[start : start + columns] for start in range(0, len(cells), columns)]
    downs = [indices[start::columns] for start in range(columns)]
    lower = upper = Fraction(-1)
    for index, cell in enumerate(cells):
        lines = rows[index // columns], downs[index % columns]
        across, down = (
            Interval.share_of(cell, sum((cells[i] for i in line if i != index), Interval.point(0)))
            for line in lines
        )
        if not (across.undefined or down.undefined):  # both lines have counts
            lower += Fraction((across.lower or 0) * (down.lower or 0))
        upper += Fraction((across.upper or 0) * (down.upper or 0))
    certain, possible = (
        min(sum(any(own[index] for index in line) for line in lines) for lines in (rows, downs))
        for own in ([bool(cell.lower) for cell in cells], [cell.upper != 0 for cell in cells])
    )
    if possible < 2:
        return Interval(0, 1, undefined=True)
    low = max(lower, Fraction(0)) / (possible - 1)
    high = min(upper / (max(certain, 2) - 1), Fraction(1))
    return Interval(square_root(low), square_root(max(high, low)), undefined=certain < 2)
