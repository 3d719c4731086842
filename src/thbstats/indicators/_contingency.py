"""Cramér's V and residuals of cross tables.

Cramér's V is not linear in the cells. Where the cells allow few tables, all tables are tried;
otherwise each term of its square is bounded separately, which gives outer bounds.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import combinations, pairwise, product
from math import comb, prod

import numpy as np
from numpy.typing import NDArray

from thbstats.values import Interval, Rational, square_root

_TABLES = 20_000
"""The largest number of tables that are tried; for more, bounds are outer bounds."""

_TOLERANCE = 1e-9
"""Floats within this distance of the extremes are computed exactly."""

Table = tuple[int, ...]
Unknown = tuple[Interval, Sequence[int]]
"""The number of unknown category, and the cells to which they can belong."""

Residuals = tuple[Rational | None, Rational | None, Rational | None]
"""The expected count of a cell, its Pearson and its adjusted residual."""


def chi_square(table: Sequence[int], columns: int) -> tuple[Fraction, int] | None:
    """Return the chi-square statistic of a table and its largest possible value."""
    across, down = _margins(table, columns)
    smaller = min(sum(map(bool, across)), sum(map(bool, down)))
    if smaller < 2:
        return None
    everybody = sum(across)
    terms = (
        Fraction(count**2, across[index // columns] * down[index % columns])
        for index, count in enumerate(table)
        if count
    )
    return everybody * (sum(terms, Fraction(-1))), everybody * (smaller - 1)


def _margins(table: Sequence[int], columns: int) -> tuple[list[int], list[int]]:
    rows = [sum(table[start : start + columns]) for start in range(0, len(table), columns)]
    return rows, [sum(table[index::columns]) for index in range(columns)]


def residuals_of(table: Sequence[int], columns: int) -> list[Residuals]:
    """Return the expected count, the Pearson and the adjusted residual of each cell."""
    across, down = _margins(table, columns)
    everybody = sum(across)
    residuals: list[Residuals] = []
    for index, count in enumerate(table):
        row, column = across[index // columns], down[index % columns]
        if not row or not column:
            residuals.append((Fraction(0) if everybody else None, None, None))
            continue
        expected = Fraction(row * column, everybody)
        left = (1 - Fraction(row, everybody)) * (1 - Fraction(column, everybody))
        pearson = _signed(count - expected, expected)
        adjusted = _signed(count - expected, expected * left) if left else None
        residuals.append((expected, pearson, adjusted))
    return residuals


def _signed(difference: Fraction, variance: Fraction) -> Rational:
    root = square_root(difference**2 / variance)
    return root if difference > 0 else -root


def cramers_v_bounds(
    cells: Sequence[Interval], columns: int, total: Interval | None = None
) -> tuple[Interval, bool]:
    """Return bounds of Cramér's V, and whether tables attain both."""
    widths = [None if cell.width is None else int(cell.width) + 1 for cell in cells]
    known = [width for width in widths if width is not None]
    if len(known) < len(widths) or prod(known) > _TABLES:
        return _outer(cells, columns), False
    ways = product(*(range(int(cell.lower or 0), int(cell.upper or 0) + 1) for cell in cells))
    tables = [way for way in ways if total is None or total.contains(sum(way))]
    return (_attained(tables, columns), True) if tables else (_outer(cells, columns), False)


def joined_bounds(
    cells: Sequence[Interval], columns: int, unknown: Sequence[Unknown]
) -> tuple[Interval, bool]:
    """Return bounds of Cramér's V with unknown allocated to cells."""
    points = all(item.is_point for item in (*cells, *(number for number, _ in unknown)))
    spread = prod(
        comb(int(number.lower or 0) + len(indices) - 1, len(indices) - 1)
        for number, indices in unknown
    )
    if points and spread <= _TABLES:
        start = tuple(int(cell.lower or 0) for cell in cells)
        return _attained(_spread([start], unknown), columns), True
    joined = [
        Interval(cell.lower, sum((n for n, indices in unknown if index in indices), cell).upper)
        for index, cell in enumerate(cells)
    ]
    return _outer(joined, columns), False


def _spread(tables: Iterable[Table], unknown: Sequence[Unknown]) -> list[Table]:
    """Return the tables with unknown allocated to their cells in all ways."""
    spread = set(tables)
    for number, indices in unknown:
        # Separators between cells divide the number in all ways.
        size, last = int(number.lower or 0) + len(indices) - 1, len(indices) - 1
        walls = ((-1, *own, size) for own in combinations(range(size), last))
        counts = ([high - low - 1 for low, high in pairwise(bounds)] for bounds in walls)
        ways = [dict(zip(indices, way, strict=True)) for way in counts]
        spread = {
            tuple(count + way.get(index, 0) for index, count in enumerate(table))
            for table in spread
            for way in ways
        }
    return list(spread)


def _attained(tables: Sequence[Table], columns: int) -> Interval:
    """Return the smallest and the largest V of some tables."""
    squares = _squares(np.array(tables, dtype=np.float64).reshape(len(tables), -1, columns))
    defined = np.flatnonzero(~np.isnan(squares)).tolist()
    if not defined:
        return Interval(0, 1, undefined=True)
    low, high = squares[defined].min(), squares[defined].max()
    close = [
        index for index in defined if min(squares[index] - low, high - squares[index]) <= _TOLERANCE
    ]
    statistics = (chi_square(tables[index], columns) for index in close)
    exact = [square_root(own[0] / own[1]) if own else 0 for own in statistics]
    return Interval(min(exact), max(exact), undefined=len(defined) < len(tables))


def _squares(tables: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the square of V of each table as floats."""
    across, down = tables.sum(axis=2, keepdims=True), tables.sum(axis=1, keepdims=True)
    smaller = np.minimum((across > 0).sum(axis=(1, 2)), (down > 0).sum(axis=(1, 2)))
    expected = across * down
    terms = np.divide(tables**2, expected, out=np.zeros_like(tables), where=expected > 0)
    surplus = terms.sum(axis=(1, 2)) - 1
    squares: NDArray[np.float64] = np.where(
        smaller > 1, surplus / np.maximum(smaller - 1, 1), np.nan
    )
    return squares


def _outer(cells: Sequence[Interval], columns: int) -> Interval:
    """Return outer bounds: each cell as a share of its row and of its column."""
    indices = range(len(cells))
    rows = [indices[start : start + columns] for start in range(0, len(cells), columns)]
    downs = [indices[start::columns] for start in range(columns)]
    lower = upper = Fraction(-1)
    for index, cell in enumerate(cells):
        across, down = (
            Interval.share_of(
                cell, sum((cells[other] for other in line if other != index), Interval.point(0))
            )
            for line in (rows[index // columns], downs[index % columns])
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
