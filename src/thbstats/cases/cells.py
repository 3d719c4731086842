"""Tables of counted cases: sums of combinations for every cell."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import prod
from typing import Any, Literal, Self

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.cases.answers import Answer, FlagAnswers, wider_codes
from thbstats.cases.tally import Tally
from thbstats.columns import Coded
from thbstats.columns.codes import narrowest_type, repeat
from thbstats.errors import InvalidValue, require_name
from thbstats.records import Dimension, Schema
from thbstats.tables import CountTable
from thbstats.tables.columns import Columns, Numbers
from thbstats.tables.keys import groups, packed
from thbstats.tables.origins import Origin
from thbstats.values import Reason

Margins = Literal["all", "none"] | Iterable[Iterable[str]]

LISTED = 1_000_000
"""A table with more cells lists only those to which some case belongs or may belong."""

_DENSE = 20_000_000  # cells up to which computing all is cheaper
_SPARSE = 8  # times the cells with cases, up to which computing all is cheaper

Positions = tuple[NDArray[np.intp], ...]
"""By row of an axis, the positions of answers."""

Cube = NDArray[np.int64]


def unknown_code(dimension: Dimension) -> str:
    """Return the category of cases without a category; empty for areas."""
    if dimension.total is not None:
        return "unknown"
    return {"area": "", "period": "not stated"}.get(dimension.name, "not_stated")


def missing_area(cases: int | None = None, hint: str = "exclude these cases") -> InvalidValue:
    """Return the error for cases without an area."""
    return InvalidValue(
        f"must be recorded for every case; {'some' if cases is None else cases} cases record none",
        field="area",
        hint=f'Use area="World" or another area for all cases, or {hint}',
    )


@frozen(kw_only=True, eq=False)
class CountAxis:
    """A dimension of a table of counts.

    ``rows`` are its categories in order, with the total and the wider categories. ``parts`` are, by
    row, the answers to which it applies; if some answers are not known, also those to which it is
    known whether it applies, and those to which it applies or may apply. ``finest`` are the
    categories of the answers, and that of cases without one.
    """

    dimension: Dimension
    rows: tuple[str, ...]
    size: int
    parts: tuple[Positions, ...]
    finest: frozenset[str]
    is_multiple: bool = False

    @classmethod
    def of(
        cls,
        dimension: Dimension,
        answers: Sequence[Answer],
        categories: Iterable[str] = (),
    ) -> Self:
        """Return the axis of the answers of cases, and of other categories of the table."""
        if isinstance(answers, FlagAnswers):
            return cls._flagged(dimension, answers)
        finest, unknown = set(categories), unknown_code(dimension)
        members: dict[str, list[int]] = {row: [] for row in wider_codes(dimension, finest)}
        if dimension.total is not None:
            members[dimension.total] = list(range(len(answers)))
        for position, answer in enumerate(answers):
            finest |= answer.codes or {unknown}
            if not (answer.codes or unknown):
                raise missing_area()
            for row in wider_codes(dimension, answer.codes or {unknown}):
                members.setdefault(row, []).append(position)
        names = sorted(members, key=dimension.sort_key)
        return cls(
            dimension=dimension,
            rows=tuple(names),
            size=len(answers),
            parts=(tuple(np.array(members[name], dtype=np.intp) for name in names),),
            finest=frozenset(finest),
        )

    @classmethod
    def _flagged(cls, dimension: Dimension, answers: FlagAnswers) -> Self:
        result = answers.resolve(dimension)
        everyone = np.ones((len(answers), 1), np.bool_)
        codes = (*result.codes, str(dimension.total))
        yes = np.column_stack([result.yes, everyone])
        known = np.column_stack([result.known, everyone])
        order = sorted(range(len(codes)), key=lambda number: dimension.sort_key(codes[number]))
        masks = (yes,) if known.all() else (yes, known, yes | ~known)
        return cls(
            dimension=dimension,
            rows=tuple(codes[number] for number in order),
            size=len(answers),
            parts=tuple(tuple(np.flatnonzero(mask[:, n]) for n in order) for mask in masks),
            finest=frozenset({*answers.codes, "unknown"}),
            is_multiple=True,
        )

    def part(self, measure: int) -> Positions:
        """Return the positions of a measure: of known answers, the first is every measure."""
        return self.parts[measure if len(self.parts) > 1 else 0]

    def without_wider(self) -> "CountAxis":
        """Return the axis without its total and wider categories."""
        chosen = [number for number, row in enumerate(self.rows) if row in self.finest]
        return evolve(
            self,
            rows=tuple(self.rows[number] for number in chosen),
            parts=tuple(tuple(part[number] for number in chosen) for part in self.parts),
        )


@frozen(eq=False)
class CellCounts:
    """Cells as one row number per axis, with their counts.

    ``counts[0]`` is the cases to which the categories apply. If some answers are not known,
    ``counts[1]`` is the cases with a known answer, and ``counts[2]`` is those to which the
    categories apply or may apply.
    """

    digits: tuple[NDArray[Any], ...]
    counts: Cube

    def take(self, rows: NDArray[Any]) -> "CellCounts":
        """Return some of the cells."""
        return CellCounts(tuple(digit[rows] for digit in self.digits), self.counts[:, rows])


def build_table(
    schema: Schema,
    axes: Sequence[CountAxis],
    tally: Tally,
    *,
    margins: Margins = "all",
    constants: Mapping[str, str],
    origin: Origin,
) -> CountTable:
    """Return the table of counted cases."""
    if isinstance(margins, str):
        problem = "`margins` must be 'all', 'none' or sets of dimensions"
        require_name(margins, ("all", "none"), problem, field="margins")
    if margins == "none":
        axes = [axis.without_wider() for axis in axes]
    if prod(len(axis.rows) for axis in axes) <= LISTED:
        order = sorted(range(len(axes)), key=lambda n: schema.names.index(axes[n].dimension.name))
        cells = _all_cells(axes, tally, order)
    else:
        cells = _nonempty_cells(axes, tally)
    if not isinstance(margins, str):
        cells = cells.take(_in_margins(axes, cells, margins))
    size = cells.counts.shape[1]
    dimensions = {}
    for axis, digit in zip(axes, cells.digits, strict=True):
        all_used = isinstance(margins, str) and len(axis.rows) > 1 and all(map(len, axis.parts[0]))
        dtype = narrowest_type(len(axis.rows)) if all_used else digit.dtype
        column = Coded(digit.astype(dtype, copy=False), axis.rows)
        dimensions[axis.dimension.name] = column if all_used else column.compact()
    for dimension in schema.dimensions:
        name = dimension.name
        if name not in dimensions:
            code = constants.get(name, dimension.default)
            if code is None:
                problem = "must be given for all cases or be a column"
                hint = _HINTS.get(name, f"Use {name}=..., or name its column")
                raise InvalidValue(problem, field=name, hint=hint)
            dimensions[name] = Coded.constant(code, size)
    return CountTable(
        Columns(
            schema=schema,
            dimensions=tuple(dimensions[name] for name in schema.names),
            numbers=_numbers(axes, cells),
            origin=repeat(np.uint32(0), size),
            origins=(origin,) if size else (),
        )
    )


_HINTS = {
    "area": 'Use area="World", a country such as area="FR", or columns={"area": ...}',
    "period": 'Use period=2020, or columns={"period": ...}',
}


def _numbers(axes: Sequence[CountAxis], cells: CellCounts) -> Numbers:
    lower, maximum, size = cells.counts[0], cells.counts[-1], cells.counts.shape[1]
    # In a cell without a known answer, the count is at most that if every answer is yes.
    upper = lower if len(cells.counts) == 1 else np.where(cells.counts[1] > 0, lower, maximum)
    is_multiple = np.zeros(size, dtype=np.bool_)
    for axis, digit in zip(axes, cells.digits, strict=True):
        if axis.is_multiple:
            no_category = ("unknown", axis.dimension.total)
            is_multiple |= np.array([row not in no_category for row in axis.rows])[digit]
    is_range = upper > lower
    severity = np.uint8(Reason.BREAKDOWN_NOT_REPORTED.severity)
    reason = np.where(is_range, severity, np.uint8(0))
    return Numbers(
        lower=lower,
        above=upper.astype(np.float64) if is_range.any() else None,
        reason=reason if is_range.any() else repeat(np.uint8(0), size),
        flags=repeat(np.uint32(0), size),
        unanswered=np.where(is_multiple, maximum - upper, -1) if is_multiple.any() else None,
    )


def _in_margins(
    axes: Sequence[CountAxis], cells: CellCounts, margins: Iterable[Iterable[str]]
) -> NDArray[np.bool_]:
    """Return the cells that are at the total of all dimensions but those of a margin."""
    at_total = {
        axis.dimension.name: np.array([row == axis.dimension.total for row in axis.rows])[digit]
        for axis, digit in zip(axes, cells.digits, strict=True)
        if axis.dimension.total is not None
    }
    names = [axis.dimension.name for axis in axes]
    result = np.zeros(cells.counts.shape[1], dtype=np.bool_)
    for margin in margins:
        selected = {margin} if isinstance(margin, str) else set(margin)
        for name in sorted(selected - set(names)):
            problem = "`margins` must contain dimensions of `by`"
            require_name(name, list(at_total), problem, field="margins")
        is_chosen = np.ones_like(result)
        for name, mask in at_total.items():
            is_chosen &= ~mask if name in selected else mask
        result |= is_chosen
    return result


def _measures(axes: Sequence[CountAxis]) -> range:
    return range(max((len(axis.parts) for axis in axes), default=1))


def _all_cells(axes: Sequence[CountAxis], tally: Tally, order: Sequence[int]) -> CellCounts:
    """Return all cells, with zeros; the first axis of the order varies slowest."""
    cube, shape = tally.cube([axis.size for axis in axes]), [len(axis.rows) for axis in axes]
    sums = [_sums(cube, [axis.part(measure) for axis in axes]) for measure in _measures(axes)]
    numbers = np.meshgrid(
        *(np.arange(size, dtype=narrowest_type(size)) for size in shape),
        indexing="ij",
        sparse=True,
    )
    cells = CellCounts(
        tuple(np.broadcast_to(number, shape).transpose(order).reshape(-1) for number in numbers),
        np.stack([count.transpose(order).reshape(-1) for count in sums]),
    )
    divided = tuple(n for n, axis in enumerate(axes) if axis.dimension.total is not None)
    if len(divided) == len(axes):
        return cells
    # An area, period or similar is listed if it has a case.
    everyone = (np.array([0]),)
    has_case = _sums(
        cube.sum(axis=divided, keepdims=True),
        [everyone if n in divided else axis.parts[0] for n, axis in enumerate(axes)],
    )
    if has_case.all():
        return cells
    return cells.take(np.broadcast_to(has_case > 0, shape).transpose(order).reshape(-1))


def _sums(cube: Cube, rows: Sequence[Positions]) -> Cube:
    """Return the sums along each axis, one for each row."""
    for number, positions in enumerate(rows):
        shape = cube.shape
        cube = cube.reshape(prod(shape[:number]), shape[number], prod(shape[number + 1 :]))
        result = np.empty((cube.shape[0], len(positions), cube.shape[2]), dtype=np.int64)
        for first, last, start in _neighbours(positions):
            result[:, first:last] = cube[:, start : start + last - first]
        for row, summed in enumerate(positions):
            if len(summed) == cube.shape[1] != 1:
                cube.sum(axis=1, out=result[:, row])
            elif len(summed) != 1:
                cube[:, summed].sum(axis=1, out=result[:, row])
        cube = result.reshape(*shape[:number], len(positions), *shape[number + 1 :])
    return cube


def _neighbours(rows: Positions) -> Iterator[tuple[int, int, int]]:
    """Yield runs of rows with one position each: first, last, first position."""
    single = np.array([n for n, positions in enumerate(rows) if len(positions) == 1], dtype=np.intp)
    if len(single):
        position = np.array([int(rows[number][0]) for number in single])
        broken = np.flatnonzero((np.diff(single) != 1) | (np.diff(position) != 1)) + 1
        starts = [0, *broken.tolist()]
        for start, end in zip(starts, [*starts[1:], len(single)], strict=True):
            yield int(single[start]), int(single[start]) + end - start, int(position[start])


def _nonempty_cells(axes: Sequence[CountAxis], tally: Tally) -> CellCounts:
    """Return the cells to which some case belongs or may belong."""
    size = np.count_nonzero(tally.counts)
    if prod(len(axis.rows) for axis in axes) <= min(_DENSE, _SPARSE * size * 2 ** len(axes)):
        cells = _all_cells(axes, tally, range(len(axes)))
        return cells.take(cells.counts[-1] > 0)
    rows, counts = tally.nonempty()
    cells = CellCounts(rows, np.stack([counts for _ in _measures(axes)]))
    for number, axis in enumerate(axes):
        cells = _expanded(cells, number, axis)
        keys = packed(
            [(digit, int(digit.max(initial=0)) + 1) for digit in cells.digits],
            cells.counts.shape[1],
        )
        group, first = groups(keys)
        if len(first) < len(group):  # equal cells are added up
            sums = [np.bincount(group, count, len(first)) for count in cells.counts]
            digits = tuple(digit[first] for digit in cells.digits)
            cells = CellCounts(digits, np.array(sums, dtype=np.int64))
    return cells.take(cells.counts[-1] > 0)


def _expanded(cells: CellCounts, number: int, axis: CountAxis) -> CellCounts:
    """Return each cell once for every row of an axis to which it belongs."""
    # An entry is a pair of a position and a row, in the order of positions.
    parts = [axis.part(measure) for measure in range(len(cells.counts))]
    all_positions = (np.arange(axis.size),) * len(axis.rows)
    pairs = parts[0] if len(axis.parts) == 1 else all_positions
    position = np.concatenate([*pairs, np.zeros(0, dtype=np.intp)])
    row = np.repeat(np.arange(len(pairs)), [len(positions) for positions in pairs])
    applies = np.ones((len(parts), len(position)), dtype=np.bool_)
    if len(axis.parts) > 1:
        applies = np.array(
            [np.isin(all_positions[0], chosen) for part in parts for chosen in part]
        ).reshape(len(parts), -1)
    order = np.lexsort((row, position))
    starts = np.searchsorted(position[order], np.arange(axis.size + 1))
    times = np.diff(starts)[cells.digits[number]]
    cell = np.repeat(np.arange(len(times)), times)
    first = np.repeat(np.cumsum(times) - times, times)
    entry = order[starts[cells.digits[number]][cell] + np.arange(len(cell)) - first]
    digits = [digit[cell] for digit in cells.digits]
    digits[number] = row[entry]
    counts = np.where(applies[:, entry], cells.counts[:, cell], 0)
    return CellCounts(tuple(digits), counts)
