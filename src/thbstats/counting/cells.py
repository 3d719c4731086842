"""Tables of counted cases."""

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
"""The margins with a name: all totals, or none."""

LISTED = 1_000_000
"""A table with more cells lists only those to which some case belongs or may belong."""


def build_table(
    schema: Schema,
    axes: Sequence[CountAxis],
    tally: Tally,
    *,
    margins: Margins = "all",
    constants: Mapping[str, str],
    origin: Origin,
) -> CountTable:
    """Return the table of counted cases.

    Parameters
    ----------
    schema : Schema
        The schema of the kind of table.
    axes : sequence of CountAxis
        One for each counted column, in order.
    tally : Tally
        The counts.
    margins : {"all", "none"} or iterable of iterable of str
        All totals; no totals and no wider categories; or the sets of dimensions to count by,
        such as ``[["sex"], ["sex", "age"], []]``.
    constants : mapping of str to str
        By dimension, the code of all cases.
    origin : Origin
        The source of the counts.

    Returns
    -------
    CountTable
        With zeros, unless it would have more than `LISTED` cells. Combinations of areas, periods
        and similar without a case are left out. In a dimension with multiple response,
        ``unanswered`` is the number of further cases to which a category may apply.

    Raises
    ------
    UnknownName
        If a dimension is not among the axes, or the margins do not exist.
    InvalidValue
        If a required dimension, such as the area, is missing.
    """
    patterns = _margin_patterns(axes, margins)
    if margins == "none":
        axes = [_finest(axis) for axis in axes]
    order = sorted(range(len(axes)), key=lambda n: schema.names.index(axes[n].dimension.name))
    listed = count_cells(axes) <= LISTED
    cells = all_cells(axes, tally, order) if listed else nonempty_cells(axes, tally)
    if patterns is not None:
        cells = cells.take(np.isin(_pattern(axes, cells), patterns))
    size = len(cells.lower)
    dimensions = {
        axis.dimension.name: _codes(axis, digit, all_there=patterns is None)
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
    if len(axis.rows) > 1 and all_there and all(len(positions) for positions in axis.members):
        return Coded(digit.astype(narrowest_type(len(axis.rows)), copy=False), axis.rows)
    return Coded(digit, axis.rows).compact()


_HINTS = {
    "area": 'Use area="World", a country such as area="FR", or columns={"area": ...}',
    "period": 'Use period=2020, or columns={"period": ...}',
}


def _constant(dimension: Dimension, constants: Mapping[str, str]) -> str:
    code = constants.get(dimension.name, dimension.default)
    if code is None:
        raise InvalidValue(
            "must be given for all cases or be a column",
            field=dimension.name,
            hint=_HINTS.get(dimension.name, f"Use {dimension.name}=..., or name its column"),
        )
    return code


def _numbers(axes: Sequence[CountAxis], cells: CellCounts) -> Numbers:
    size, flags = len(cells.lower), repeat(np.uint32(0), len(cells.lower))
    unanswered = _unanswered(axes, cells)
    is_range = cells.upper > cells.lower
    if not is_range.any():
        reason = repeat(np.uint8(0), size)
        return Numbers(lower=cells.lower, reason=reason, flags=flags, unanswered=unanswered)
    return Numbers(
        lower=cells.lower,
        above=cells.upper.astype(np.float64),
        reason=np.where(is_range, np.uint8(Reason.BREAKDOWN_NOT_REPORTED.severity), np.uint8(0)),
        flags=flags,
        unanswered=unanswered,
    )


def _unanswered(axes: Sequence[CountAxis], cells: CellCounts) -> NDArray[np.int64] | None:
    """Return the cases above each count of multiple response without an answer."""
    multiple = np.zeros(len(cells.lower), dtype=np.bool_)
    for axis, digit in zip(axes, cells.digits, strict=True):
        multiple |= axis.multiple[digit]
    if not multiple.any():
        return None
    return np.where(multiple, cells.maximum - cells.upper, -1)


def _finest(axis: CountAxis) -> CountAxis:
    """Return the axis without its total and wider categories."""
    rows = [number for number, row in enumerate(axis.rows) if row in axis.finest]
    return evolve(
        axis,
        rows=tuple(axis.rows[number] for number in rows),
        members=tuple(axis.members[number] for number in rows),
        unanswered=None
        if axis.unanswered is None
        else tuple(axis.unanswered[number] for number in rows),
    )


# A pattern is the sum of a power of two for each dimension at its total.
def _margin_patterns(axes: Sequence[CountAxis], margins: Margins) -> list[int] | None:
    if isinstance(margins, str):
        if margins not in MARGINS:
            hint = did_you_mean(margins, MARGINS)
            raise UnknownName(
                "`margins` must be 'all', 'none' or sets of dimensions",
                field="margins",
                value=margins,
                hint=hint,
            )
        return None
    names = [axis.dimension.name for axis in axes if axis.dimension.total is not None]
    result = []
    for item in margins:
        selected = {item} if isinstance(item, str) else set(item)
        for name in sorted(selected - {axis.dimension.name for axis in axes}):
            hint = did_you_mean(name, names)
            raise UnknownName(
                "`margins` must contain dimensions of `by`", field="margins", value=name, hint=hint
            )
        result.append(sum(1 << number for number, n in enumerate(names) if n not in selected))
    return sorted(set(result))


def _pattern(axes: Sequence[CountAxis], cells: CellCounts) -> NDArray[np.int64]:
    result = np.zeros(len(cells.lower), dtype=np.int64)
    number = 0
    for axis, digit in zip(axes, cells.digits, strict=True):
        if axis.dimension.total is not None:
            at_total = np.array([row == axis.dimension.total for row in axis.rows])
            result += at_total[digit].astype(np.int64) << number
            number += 1
    return result
