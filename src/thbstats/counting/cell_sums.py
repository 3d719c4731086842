"""Sums of combinations for every cell of a table."""

from collections.abc import Iterator, Sequence
from math import prod
from typing import Any, Self

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.columns.codes import narrowest_type
from thbstats.counting.axis import CountAxis, Positions
from thbstats.counting.tally import Tally, runs
from thbstats.tables.keys import packed

__all__ = ["CellCounts", "all_cells", "count_cells", "nonempty_cells"]

_DENSE = 20_000_000  # cells up to which computing all is cheaper
_SPARSE = 8  # times the cells with cases, up to which computing all is cheaper

Cube = NDArray[np.int64]


@frozen(eq=False, kw_only=True)
class CellCounts:
    """Cells as one digit per axis, with their number of cases.

    Parameters
    ----------
    digits : tuple of array
        The row of each axis.
    lower : array of int64
        The cases to which the categories apply.
    answered : array of int64, or None
        The cases with a known answer to the categories; ``None`` if all answers are known.
    possible : array of int64, or None
        The cases to which the categories apply or may apply; ``None`` if all answers are known.
    """

    digits: tuple[NDArray[Any], ...]
    lower: Cube
    answered: Cube | None = None
    possible: Cube | None = None

    def take(self, rows: NDArray[Any]) -> Self:
        """Return some of the cells."""
        return evolve(
            self,
            digits=tuple(digit[rows] for digit in self.digits),
            lower=self.lower[rows],
            answered=None if self.answered is None else self.answered[rows],
            possible=None if self.possible is None else self.possible[rows],
        )

    @property
    def maximum(self) -> Cube:
        """The counts if every unknown answer is yes."""
        return self.lower if self.possible is None else self.possible

    @property
    def upper(self) -> Cube:
        """The counts; in a cell without a known answer, the count if every answer is yes."""
        if self.answered is None:
            return self.lower
        return np.where(self.answered > 0, self.lower, self.maximum)


def count_cells(axes: Sequence[CountAxis]) -> int:
    """Return the number of cells of a table, with zeros."""
    return prod(len(axis.rows) for axis in axes)


def all_cells(axes: Sequence[CountAxis], tally: Tally, order: Sequence[int]) -> CellCounts:
    """Return all cells, with zeros; the first axis of the order varies slowest."""
    cells, shape, there = _every(axes, tally)
    if there is None and list(order) == sorted(order):
        return cells
    positions = np.arange(prod(shape)).reshape(shape).transpose(order).reshape(-1)
    return cells.take(positions if there is None else positions[there[positions]])


def _every(
    axes: Sequence[CountAxis], tally: Tally
) -> tuple[CellCounts, tuple[int, ...], NDArray[np.bool_] | None]:
    """Return all cells, and whether their area, period and similar have a case."""
    cube = tally.cube([axis.positions for axis in axes])
    axes = [_renumbered(axis) for axis in axes]
    lower = _sums(cube, [axis.members for axis in axes])
    answered = possible = None
    if any(axis.unanswered is not None for axis in axes):
        answered = _sums(
            cube, [axis.members if axis.unanswered is None else _known(axis) for axis in axes]
        )
        possible = _sums(
            cube, [axis.members if axis.unanswered is None else _reach(axis) for axis in axes]
        )
    cells = CellCounts(
        digits=tuple(
            np.broadcast_to(_along(axes, number), lower.shape).reshape(-1)
            for number in range(len(axes))
        ),
        lower=lower.reshape(-1),
        answered=None if answered is None else answered.reshape(-1),
        possible=None if possible is None else possible.reshape(-1),
    )
    return cells, lower.shape, _has_case(axes, cube, lower.shape)


def _has_case(
    axes: Sequence[CountAxis], cube: Cube, shape: tuple[int, ...]
) -> NDArray[np.bool_] | None:
    """Return the cells whose area, period and similar have a case, or ``None``."""
    divided = tuple(n for n, axis in enumerate(axes) if axis.dimension.total is not None)
    if len(divided) == len(axes):
        return None
    cases = _sums(
        cube.sum(axis=divided, keepdims=True),
        [(np.array([0]),) if n in divided else axis.members for n, axis in enumerate(axes)],
    )
    if cases.all():
        return None
    return np.broadcast_to(cases > 0, shape).reshape(-1)


def _along(axes: Sequence[CountAxis], number: int) -> NDArray[Any]:
    size = len(axes[number].rows)
    shape = [1] * len(axes)
    shape[number] = size
    return np.arange(size, dtype=narrowest_type(size)).reshape(shape)


def _renumbered(axis: CountAxis) -> CountAxis:
    """Return the axis of a cube with only the positions of some case."""

    def moved(rows: Positions) -> Positions:
        return tuple(np.searchsorted(axis.positions, positions) for positions in rows)

    return evolve(
        axis,
        members=moved(axis.members),
        unanswered=None if axis.unanswered is None else moved(axis.unanswered),
        positions=np.arange(len(axis.positions)),
    )


def _known(axis: CountAxis) -> Positions:
    """Return by row the positions of the known answers."""
    return tuple(np.setdiff1d(axis.positions, positions) for positions in axis.unanswered or ())


def _reach(axis: CountAxis) -> Positions:
    """Return by row the positions of the answers with a possible yes."""
    pairs = zip(axis.members, axis.unanswered or (), strict=True)
    return tuple(np.union1d(adds, positions) for adds, positions in pairs)


def _sums(cube: Cube, rows: Sequence[Positions]) -> Cube:
    """Return the sums along each axis, one for each row."""
    for number, positions in enumerate(rows):
        shape = cube.shape
        cube = cube.reshape(prod(shape[:number]), shape[number], prod(shape[number + 1 :]))
        cube = _summed(cube, positions).reshape(
            *shape[:number], len(positions), *shape[number + 1 :]
        )
    return cube


def _summed(cube: Cube, rows: Positions) -> Cube:
    result = np.empty((cube.shape[0], len(rows), cube.shape[2]), dtype=np.int64)
    for first, last, position in _neighbours(rows):
        result[:, first:last] = cube[:, position : position + last - first]
    for number, positions in enumerate(rows):
        if len(positions) == cube.shape[1] != 1:
            cube.sum(axis=1, out=result[:, number])
        elif len(positions) != 1:
            cube[:, positions].sum(axis=1, out=result[:, number])
    return result


def _neighbours(rows: Positions) -> Iterator[tuple[int, int, int]]:
    """Yield runs of rows with one position each: first, last, first position."""
    single = np.array([n for n, positions in enumerate(rows) if len(positions) == 1], dtype=np.intp)
    if len(single):
        position = np.array([int(rows[number][0]) for number in single])
        broken = np.flatnonzero((np.diff(single) != 1) | (np.diff(position) != 1)) + 1
        starts = [0, *broken.tolist()]
        for start, end in zip(starts, [*starts[1:], len(single)], strict=True):
            yield int(single[start]), int(single[start]) + end - start, int(position[start])


def nonempty_cells(axes: Sequence[CountAxis], tally: Tally) -> CellCounts:
    """Return the cells to which some case belongs or may belong."""
    if count_cells(axes) <= min(_DENSE, _SPARSE * tally.size * 2 ** len(axes)):
        cells, _, _ = _every(axes, tally)
        return cells.take(cells.maximum > 0)
    digits, lower = tally.nonempty()
    cells = CellCounts(digits=digits, lower=lower)
    if any(axis.unanswered is not None for axis in axes):
        cells = evolve(cells, answered=lower, possible=lower)
    for number, axis in enumerate(axes):
        cells = _united(_expanded(cells, number, axis), axes[: number + 1])
    return cells.take(cells.maximum > 0)


def _expanded(cells: CellCounts, number: int, axis: CountAxis) -> CellCounts:
    """Return each cell once for every row of an axis to which it belongs."""
    position, row, adds, known, possible = _entries(axis)
    size = int(axis.positions[-1]) + 2 if len(axis.positions) else 1
    starts = np.searchsorted(position, np.arange(size))
    times = np.diff(starts)[cells.digits[number]]
    cell = np.repeat(np.arange(len(times)), times)
    first = np.repeat(np.cumsum(times) - times, times)
    entry = starts[cells.digits[number]][cell] + np.arange(len(cell)) - first
    result = cells.take(cell)
    digits = list(result.digits)
    digits[number] = row[entry]
    return CellCounts(
        digits=tuple(digits),
        lower=np.where(adds[entry], result.lower, 0),
        answered=None if result.answered is None else np.where(known[entry], result.answered, 0),
        possible=None if result.possible is None else np.where(possible[entry], result.possible, 0),
    )


def _entries(axis: CountAxis) -> tuple[NDArray[Any], ...]:
    """Return position, row, and whether the row applies, is known, and may apply."""
    pairs = axis.members if axis.unanswered is None else (axis.positions,) * len(axis.rows)
    position = np.concatenate([*pairs, np.zeros(0, dtype=np.intp)])
    row = np.repeat(np.arange(len(pairs)), [len(positions) for positions in pairs])
    order = np.lexsort((row, position))
    position, row = position[order], row[order]
    if axis.unanswered is None:
        yes = np.ones(len(position), dtype=np.bool_)
        return position, row, yes, yes, yes
    size = int(position.max(initial=0)) + 1
    adds, unanswered = (np.zeros((len(pairs), size), dtype=np.bool_) for _ in range(2))
    for number, (some, others) in enumerate(zip(axis.members, axis.unanswered, strict=True)):
        adds[number, some] = True
        unanswered[number, others] = True
    applies, unknown = adds[row, position], unanswered[row, position]
    return position, row, applies, ~unknown, applies | unknown


def _united(cells: CellCounts, axes: Sequence[CountAxis]) -> CellCounts:
    """Return the cells after equal ones are added up."""
    sizes = [len(axis.rows) for axis in axes]
    sizes += [int(digit.max(initial=0)) + 1 for digit in cells.digits[len(axes) :]]
    keys = packed(zip(cells.digits, sizes, strict=True), len(cells.lower)).values
    order, starts = runs(keys)
    if len(starts) == len(order):
        return cells

    def summed(column: Cube | None) -> Cube | None:
        return None if column is None else np.add.reduceat(column[order], starts)

    return CellCounts(
        digits=tuple(digit[order[starts]] for digit in cells.digits),
        lower=np.add.reduceat(cells.lower[order], starts),
        answered=summed(cells.answered),
        possible=summed(cells.possible),
    )
