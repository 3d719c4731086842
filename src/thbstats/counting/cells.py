"""The cells of a table from the counts of combinations: every total by adding up."""

from collections.abc import Iterable, Mapping, Sequence
from math import prod
from typing import Any, Literal, Self

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.counting.axis import Axis, Places
from thbstats.counting.tally import Tally, run_starts
from thbstats.errors import InvalidValue, UnknownName, did_you_mean
from thbstats.records import Dimension, Schema
from thbstats.tables import CountTable
from thbstats.tables.columns import Codes, Columns, Numbers, narrowest, repeat
from thbstats.tables.keys import packed
from thbstats.tables.origins import Origin
from thbstats.values import Reason

__all__ = ["LISTED", "MARGINS", "Margins", "cells_of"]

Margins = Literal["all", "none"] | Iterable[Iterable[str]]

MARGINS = ("all", "none")
"""What can be said of the totals in one word: every one, or none."""

LISTED = 1_000_000
"""A table with more cells than this lists only those that some case is in; the rest are zero."""

Cube = NDArray[np.int64]


@frozen(eq=False, kw_only=True)
class _Cells:
    """Cells as one digit for each axis, with how many cases each has.

    ``asked`` are those of whom it is recorded whether the categories apply, ``everybody`` those
    to whom they could; both ``None`` where everybody was asked.
    """

    digits: tuple[NDArray[Any], ...]
    lower: Cube
    asked: Cube | None = None
    everybody: Cube | None = None

    def take(self, rows: NDArray[Any]) -> Self:
        return evolve(
            self,
            digits=tuple(digit[rows] for digit in self.digits),
            lower=self.lower[rows],
            asked=None if self.asked is None else self.asked[rows],
            everybody=None if self.everybody is None else self.everybody[rows],
        )

    @property
    def upper(self) -> Cube:
        """Where nobody in a cell was asked, its count may be anything up to all of them."""
        if self.asked is None or self.everybody is None:
            return self.lower
        return np.where(self.asked > 0, self.lower, self.everybody)


def cells_of(
    schema: Schema,
    axes: Sequence[Axis],
    tally: Tally,
    *,
    margins: Margins = "all",
    constants: Mapping[str, str],
    origin: Origin,
) -> CountTable:
    """Return the table of some counted cases.

    Parameters
    ----------
    schema : Schema
        Of the kind of table.
    axes : sequence of Axis
        One for each column that was counted, in its order.
    tally : Tally
        The counts.
    margins : {"all", "none"} or iterable of iterable of str
        Every total; no total and no wider category; or the sets of dimensions that stay apart,
        such as ``[["sex"], ["sex", "age"], []]``.
    constants : mapping of str to str
        By dimension, the code that holds for all cases.
    origin : Origin
        On whose word the counts stand.

    Returns
    -------
    CountTable
        With the zeros, unless it would have more than `LISTED` cells. Combinations of areas,
        periods and the like without any case are left out.

    Raises
    ------
    UnknownName
        If there is no such dimension among the axes, or no such word for margins.
    InvalidValue
        If a dimension that every row must say is not said.
    """
    apart = _apart(axes, margins)
    if margins == "none":
        axes = [_finest(axis) for axis in axes]
    cells = _listed(axes, tally) if _size(axes) <= LISTED else _occupied(axes, tally)
    if apart is not None:
        cells = cells.take(np.isin(_pattern(axes, cells), apart))
    size = len(cells.lower)
    made = Codes if 0 < size == _size(axes) else Codes.compact  # every category is in some row
    dimensions = {
        axis.dimension.name: made(digit, axis.rows)
        for axis, digit in zip(axes, cells.digits, strict=True)
    }
    return CountTable(
        Columns(
            kind=schema.kind,
            dimensions=tuple(
                dimensions.get(dimension.name)
                or Codes.constant(_constant(dimension, constants), size)
                for dimension in schema.dimensions
            ),
            numbers=_numbers(cells),
            origin=repeat(np.uint32(0), size),
            origins=(origin,) if size else (),
        )
    )


def _constant(dimension: Dimension, constants: Mapping[str, str]) -> str:
    code = constants.get(dimension.name, dimension.default)
    if code is None:
        raise InvalidValue(
            "every count must say this",
            field=dimension.name,
            mend=f"Say it of all cases: {dimension.name}=..., or name the column that records it",
        )
    return code


def _numbers(cells: _Cells) -> Numbers:
    size, flags = len(cells.lower), repeat(np.uint32(0), len(cells.lower))
    gaps = None if cells.asked is None else cells.upper > cells.lower
    if gaps is None or not gaps.any():
        return Numbers(lower=cells.lower, reason=repeat(np.uint8(0), size), flags=flags)
    reason = np.where(gaps, np.uint8(Reason.BREAKDOWN_NOT_REPORTED.gravity), np.uint8(0))
    return Numbers(
        lower=cells.lower, above=cells.upper.astype(np.float64), reason=reason, flags=flags
    )


def _size(axes: Sequence[Axis]) -> int:
    return prod(len(axis.rows) for axis in axes)


def _finest(axis: Axis) -> Axis:
    """Return the axis without its total and without categories that include others."""
    kept = [number for number, row in enumerate(axis.rows) if row in axis.finest]
    return evolve(
        axis,
        rows=tuple(axis.rows[number] for number in kept),
        adds=tuple(axis.adds[number] for number in kept),
        asked=None if axis.asked is None else tuple(axis.asked[number] for number in kept),
    )


# Which dimensions stay apart, as the sum of a power of two for each that is at its total.
def _apart(axes: Sequence[Axis], margins: Margins) -> list[int] | None:
    if isinstance(margins, str):
        if margins not in MARGINS:
            mend = did_you_mean(margins, MARGINS)
            raise UnknownName("no such margins", field="margins", value=margins, mend=mend)
        return None
    names = [axis.dimension.name for axis in axes if axis.dimension.total is not None]
    patterns = []
    for chosen in margins:
        wanted = {chosen} if isinstance(chosen, str) else set(chosen)
        for name in sorted(wanted - {axis.dimension.name for axis in axes}):
            mend = did_you_mean(name, names)
            raise UnknownName("not among what is counted", field="margins", value=name, mend=mend)
        patterns.append(sum(1 << number for number, n in enumerate(names) if n not in wanted))
    return sorted(set(patterns))


def _pattern(axes: Sequence[Axis], cells: _Cells) -> NDArray[np.int64]:
    found = np.zeros(len(cells.lower), dtype=np.int64)
    number = 0
    for axis, digit in zip(axes, cells.digits, strict=True):
        if axis.dimension.total is not None:
            at_total = np.array([row == axis.dimension.total for row in axis.rows])
            found += at_total[digit].astype(np.int64) << number
            number += 1
    return found


def _listed(axes: Sequence[Axis], tally: Tally) -> _Cells:
    """Return every cell, zeros included."""
    cube = tally.cube(tuple(axis.places for axis in axes))
    axes = [_renumbered(axis) for axis in axes]
    lower = _sums(cube, [axis.adds for axis in axes])
    asked = everybody = None
    if any(axis.asked is not None for axis in axes):
        asked = _sums(cube, [axis.asked or axis.adds for axis in axes])
        everybody = _sums(cube, [axis.adds if axis.asked is None else _all(axis) for axis in axes])
    cells = _Cells(
        digits=tuple(
            np.broadcast_to(_along(axes, number), lower.shape).reshape(-1)
            for number in range(len(axes))
        ),
        lower=lower.reshape(-1),
        asked=None if asked is None else asked.reshape(-1),
        everybody=None if everybody is None else everybody.reshape(-1),
    )
    if all(axis.dimension.total is not None for axis in axes):
        return cells
    somebody = _sums(
        cube, [axis.adds if axis.dimension.total is None else _all(axis)[:1] for axis in axes]
    )
    there = np.broadcast_to(somebody > 0, lower.shape).reshape(-1)
    return cells if there.all() else cells.take(there)


def _along(axes: Sequence[Axis], number: int) -> NDArray[Any]:
    size = len(axes[number].rows)
    shape = [1] * len(axes)
    shape[number] = size
    return np.arange(size, dtype=narrowest(size)).reshape(shape)


def _renumbered(axis: Axis) -> Axis:
    """Return the axis of a cube that has only the places which some case has."""
    position = {place: number for number, place in enumerate(axis.places)}

    def moved(rows: Places) -> Places:
        return tuple(tuple(position[place] for place in places) for places in rows)

    return evolve(
        axis,
        adds=moved(axis.adds),
        asked=None if axis.asked is None else moved(axis.asked),
        places=tuple(range(len(axis.places))),
    )


def _all(axis: Axis) -> Places:
    return (axis.places,) * len(axis.rows)


def _sums(cube: Cube, rows: Sequence[Places]) -> Cube:
    """Return the sums along each axis, one for each row."""
    for number, places in enumerate(rows):
        shape = cube.shape
        cube = cube.reshape(prod(shape[:number]), shape[number], prod(shape[number + 1 :]))
        cube = _summed(cube, places).reshape(*shape[:number], len(places), *shape[number + 1 :])
    return cube


def _summed(cube: Cube, rows: Places) -> Cube:
    found = np.empty((cube.shape[0], len(rows), cube.shape[2]), dtype=np.int64)
    single = [number for number, places in enumerate(rows) if len(places) == 1]
    found[:, single] = cube[:, [rows[number][0] for number in single]]
    for number, places in enumerate(rows):
        if len(places) == cube.shape[1]:
            cube.sum(axis=1, out=found[:, number])
        elif len(places) != 1:
            cube[:, list(places)].sum(axis=1, out=found[:, number])
    return found


def _occupied(axes: Sequence[Axis], tally: Tally) -> _Cells:
    """Return the cells that some case is in, or may be in."""
    digits, lower = tally.occupied()
    cells = _Cells(digits=digits, lower=lower)
    if any(axis.asked is not None for axis in axes):
        cells = evolve(cells, asked=lower, everybody=lower)
    for number, axis in enumerate(axes):
        cells = _united(_expanded(cells, number, axis), axes[: number + 1])
    return cells.take(cells.upper > 0)


def _expanded(cells: _Cells, number: int, axis: Axis) -> _Cells:
    """Return each cell once for every row of an axis to which it belongs."""
    asked = axis.adds if axis.asked is None else axis.asked
    entries = sorted(
        (place, row, place in adds, place in known)
        for row, (adds, known) in enumerate(zip(axis.adds, map(set, asked), strict=True))
        for place in (adds if axis.asked is None else axis.places)
    )
    table = np.array(entries, dtype=np.int64).reshape(-1, 4)
    starts = np.searchsorted(table[:, 0], np.arange(axis.places[-1] + 2 if axis.places else 1))
    times = np.diff(starts)[cells.digits[number]]
    cell = np.repeat(np.arange(len(times)), times)
    first = np.repeat(np.cumsum(times) - times, times)
    entry = table[starts[cells.digits[number]][cell] + np.arange(len(cell)) - first]
    found = cells.take(cell)
    digits = list(found.digits)
    digits[number] = entry[:, 1]
    return _Cells(
        digits=tuple(digits),
        lower=found.lower * entry[:, 2],
        asked=None if found.asked is None else found.asked * entry[:, 3],
        everybody=found.everybody,
    )


def _united(cells: _Cells, axes: Sequence[Axis]) -> _Cells:
    """Return the cells with those that have become one added up."""
    sizes = [len(axis.rows) for axis in axes]
    sizes += [int(digit.max(initial=0)) + 1 for digit in cells.digits[len(axes) :]]
    keys = packed(zip(cells.digits, sizes, strict=True), len(cells.lower)).values
    order = np.argsort(keys, kind="stable")
    starts = run_starts(keys[order])
    if len(starts) == len(order):
        return cells

    def added(column: Cube | None) -> Cube | None:
        return None if column is None else np.add.reduceat(column[order], starts)

    return _Cells(
        digits=tuple(digit[order[starts]] for digit in cells.digits),
        lower=np.add.reduceat(cells.lower[order], starts),
        asked=added(cells.asked),
        everybody=added(cells.everybody),
    )
