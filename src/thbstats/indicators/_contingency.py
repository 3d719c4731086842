"""Cramér's V and residuals of cross tables.

Cramér's V is not linear in the cells. Where the cells allow few tables, all tables are tried;
otherwise each term of its square is bounded separately, which gives outer bounds.
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations, pairwise, product
from math import comb, prod
from typing import Any

import numpy as np

from thbstats.formulas._numbers import divide
from thbstats.formulas.concentration import chi_square, independence
from thbstats.indicators._shared import total_of
from thbstats.values import Interval, Rational, square_root

_TABLES = 20_000
"""The largest number of tables that are tried; for more, bounds are outer bounds."""

_TOLERANCE = 1e-9
"""Floats within this distance of the extremes are computed exactly."""

Table = tuple[int, ...]
Unknown = tuple[Interval, Sequence[int]]
"""The number of unknown category, and the cells to which they can belong."""


def _fractions(table: Sequence[int], columns: int) -> Any:
    return np.array(table, dtype=object).reshape(-1, columns) + Fraction(0)


def exact_chi_square(table: Sequence[int], columns: int) -> tuple[Fraction, Fraction]:
    """Return the chi-square statistic of a table and its largest possible value."""
    statistic, largest = chi_square(_fractions(table, columns))
    return Fraction(statistic), Fraction(largest)


def residuals_of(table: Sequence[int], columns: int) -> list[list[Rational | None]]:
    """Return the expected counts, the Pearson and the adjusted residuals of all cells."""
    if not any(table):
        return [[None] * len(table)] * 3
    cells = _fractions(table, columns)
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
    cells: Sequence[Interval], columns: int, unknown: Sequence[Unknown]
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
            Interval.share_of(cell, total_of(cells[other] for other in line if other != index))
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
