"""The cells of a table from the counts of combinations: every total by adding up."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.columns.codes import narrowest_type, repeat
from thbstats.counting.axis import CountAxis
from thbstats.counting.cell_sums import CellCounts, all_cells, count_cells, nonempty_cells
from thbstats.counting.tally import Tally
from thbstats.errors import InvalidValue, UnknownName, did_you_mean
from thbstats.records import Dimension, Schema
from thbstats.tables import CountTable
from thbstats.tables.columns import Columns, Numbers
from thbstats.tables.origins import Origin
from thbstats.values import Reason

__all__ = ["LISTED", "MARGINS", "Margins", "build_table"]

Margins = Literal["all", "none"] | Iterable[Iterable[str]]

MARGINS = ("all", "none")
"""What can be said of the totals in one word: every one, or none."""

LISTED = 1_000_000
"""A table with more cells than this lists only those that some case is in or may be in."""


def build_table(
    schema: Schema,
    axes: Sequence[CountAxis],
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
    axes : sequence of CountAxis
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
        periods and the like without any case are left out. Where several categories can apply to
        a case, ``unanswered`` is the number of further cases to which a category may apply.

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
    order = sorted(range(len(axes)), key=lambda n: schema.names.index(axes[n].dimension.name))
    listed = count_cells(axes) <= LISTED
    cells = all_cells(axes, tally, order) if listed else nonempty_cells(axes, tally)
    if apart is not None:
        cells = cells.take(np.isin(_pattern(axes, cells), apart))
    size = len(cells.lower)
    dimensions = {
        axis.dimension.name: _codes(axis, digit, all_there=apart is None)
        for axis, digit in zip(axes, cells.digits, strict=True)
    }
    return CountTable(
        Columns(
            kind=schema.kind,
            dimensions=tuple(
                dimensions[dimension.name]
                if dimension.name in dimensions
                else Coded.constant(_constant(dimension, constants), size)
                for dimension in schema.dimensions
            ),
            numbers=_numbers(axes, cells),
            origin=repeat(np.uint32(0), size),
            origins=(origin,) if size else (),
        )
    )


def _codes(axis: CountAxis, digit: NDArray[Any], *, all_there: bool) -> Coded[str]:
    if len(axis.rows) > 1 and all_there and all(len(places) for places in axis.members):
        return Coded(digit.astype(narrowest_type(len(axis.rows)), copy=False), axis.rows)
    return Coded(digit, axis.rows).compact()


def _constant(dimension: Dimension, constants: Mapping[str, str]) -> str:
    code = constants.get(dimension.name, dimension.default)
    if code is None:
        raise InvalidValue(
            "every count must say this",
            field=dimension.name,
            hint=f"Say it of all cases: {dimension.name}=..., or name the column that records it",
        )
    return code


def _numbers(axes: Sequence[CountAxis], cells: CellCounts) -> Numbers:
    size, flags = len(cells.lower), repeat(np.uint32(0), len(cells.lower))
    unanswered = _unanswered(axes, cells)
    gaps = cells.upper > cells.lower
    if not gaps.any():
        reason = repeat(np.uint8(0), size)
        return Numbers(lower=cells.lower, reason=reason, flags=flags, unanswered=unanswered)
    return Numbers(
        lower=cells.lower,
        above=cells.upper.astype(np.float64),
        reason=np.where(gaps, np.uint8(Reason.BREAKDOWN_NOT_REPORTED.severity), np.uint8(0)),
        flags=flags,
        unanswered=unanswered,
    )


def _unanswered(axes: Sequence[CountAxis], cells: CellCounts) -> NDArray[np.int64] | None:
    """Return the cases above each count of multiple response whose answer is unknown."""
    multiple = np.zeros(len(cells.lower), dtype=np.bool_)
    for axis, digit in zip(axes, cells.digits, strict=True):
        multiple |= axis.multiple[digit]
    if not multiple.any():
        return None
    return np.where(multiple, cells.most - cells.upper, -1)


def _finest(axis: CountAxis) -> CountAxis:
    """Return the axis without its total and without categories that include others."""
    kept = [number for number, row in enumerate(axis.rows) if row in axis.finest]
    return evolve(
        axis,
        rows=tuple(axis.rows[number] for number in kept),
        members=tuple(axis.members[number] for number in kept),
        unanswered=None
        if axis.unanswered is None
        else tuple(axis.unanswered[number] for number in kept),
    )


# Which dimensions stay apart, as the sum of a power of two for each that is at its total.
def _apart(axes: Sequence[CountAxis], margins: Margins) -> list[int] | None:
    if isinstance(margins, str):
        if margins not in MARGINS:
            hint = did_you_mean(margins, MARGINS)
            raise UnknownName("no such margins", field="margins", value=margins, hint=hint)
        return None
    names = [axis.dimension.name for axis in axes if axis.dimension.total is not None]
    patterns = []
    for chosen in margins:
        wanted = {chosen} if isinstance(chosen, str) else set(chosen)
        for name in sorted(wanted - {axis.dimension.name for axis in axes}):
            hint = did_you_mean(name, names)
            raise UnknownName("not among what is counted", field="margins", value=name, hint=hint)
        patterns.append(sum(1 << number for number, n in enumerate(names) if n not in wanted))
    return sorted(set(patterns))


def _pattern(axes: Sequence[CountAxis], cells: CellCounts) -> NDArray[np.int64]:
    found = np.zeros(len(cells.lower), dtype=np.int64)
    number = 0
    for axis, digit in zip(axes, cells.digits, strict=True):
        if axis.dimension.total is not None:
            at_total = np.array([row == axis.dimension.total for row in axis.rows])
            found += at_total[digit].astype(np.int64) << number
            number += 1
    return found
