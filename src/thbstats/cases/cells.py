"""Tables of counted cases: sums of combinations for every cell."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import prod
from typing import Any, Literal, Self

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.cases.answers import Answer, FlagAnswers, wider_codes
from thbstats.cases.tally import Tally, runs
from thbstats.columns import Coded
from thbstats.columns.codes import narrowest_type, repeat
from thbstats.errors import InvalidValue, UnknownName, did_you_mean
from thbstats.records import Dimension, Schema
from thbstats.tables import CountTable
from thbstats.tables.columns import Columns, Numbers
from thbstats.tables.keys import packed
from thbstats.tables.origins import Origin
from thbstats.values import Reason

__all__ = ["LISTED", "CountAxis", "Margins", "build_table", "missing_area", "unknown_code"]

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

    Parameters
    ----------
    dimension : Dimension
        The dimension.
    rows : tuple of str
        Its categories in order, with the total and the wider categories.
    size : int
        The number of answers.
    parts : tuple of Positions
        By row, the answers to which it applies; if some answers are not known, also those to which
        it is known whether it applies, and those to which it applies or may apply.
    finest : frozenset of str
        The categories of the answers, and the category of cases without one.
    is_multiple : bool
        Whether several categories can apply to one case.
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
        """Return the axis of the answers of cases, and of other categories of the table.

        Raises
        ------
        InvalidValue
            If some cases have no category, and the dimension has none for them.
        """
        if isinstance(answers, FlagAnswers):
            return cls._flagged(dimension, answers)
        finest = frozenset(code for answer in answers for code in answer.codes).union(categories)
        wider = {code: wider_codes(dimension, [code]) for code in finest}
        members: dict[str, list[int]] = {row: [] for rows in wider.values() for row in rows}
        if dimension.total is not None:
            members[dimension.total] = list(range(len(answers)))
        for position, answer in enumerate(answers):
            rows = frozenset(row for code in answer.codes for row in wider[code])
            if not rows:
                unknown = unknown_code(dimension)
                if not unknown:
                    raise missing_area()
                rows = frozenset({unknown})
                finest |= rows
            for row in rows:
                members.setdefault(row, []).append(position)
        names = sorted(members, key=dimension.sort_key)
        return cls(
            dimension=dimension,
            rows=tuple(names),
            size=len(answers),
            parts=(tuple(np.array(members[name], dtype=np.intp) for name in names),),
            finest=finest,
        )

    @classmethod
    def _flagged(cls, dimension: Dimension, answers: FlagAnswers) -> Self:
        result = answers.resolve(dimension)
        total, everyone = str(dimension.total), np.ones((len(answers), 1), np.bool_)
        codes = (*result.codes, total)
        yes = np.column_stack([result.yes, everyone])
        known = np.column_stack([result.known, everyone])
        order = sorted(range(len(codes)), key=lambda number: dimension.sort_key(codes[number]))
        masks = (yes,) if known.all() else (yes, known, yes | ~known)
        return cls(
            dimension=dimension,
            rows=tuple(codes[number] for number in order),
            size=len(answers),
            parts=tuple(
                tuple(np.flatnonzero(mask[:, number]) for number in order) for mask in masks
            ),
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


@frozen(eq=False, kw_only=True)
class CellCounts:
    """Cells as one row number per axis, with their number of cases.

    Parameters
    ----------
    digits : tuple of array
        The row of each axis.
    counts : array of int64, shape (1 or 3, number of cells)
        The cases to which the categories apply; if some answers are not known, also the cases with
        a known answer, and those to which the categories apply or may apply.
    """

    digits: tuple[NDArray[Any], ...]
    counts: Cube

    def take(self, rows: NDArray[Any]) -> "CellCounts":
        """Return some of the cells."""
        return CellCounts(
            digits=tuple(digit[rows] for digit in self.digits), counts=self.counts[:, rows]
        )

    @property
    def lower(self) -> Cube:
        """The cases to which the categories apply."""
        lower: Cube = self.counts[0]
        return lower

    @property
    def maximum(self) -> Cube:
        """The counts if every unknown answer is yes."""
        maximum: Cube = self.counts[-1]
        return maximum

    @property
    def upper(self) -> Cube:
        """The counts; in a cell without a known answer, the count if every answer is yes."""
        if len(self.counts) == 1:
            return self.lower
        return np.where(self.counts[1] > 0, self.lower, self.maximum)


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
        One for each column of the tally, in order.
    tally : Tally
        The counts.
    margins : {"all", "none"} or iterable of iterable of str
        As for `CaseStore.count`.
    constants : mapping of str to str
        By dimension, the code of all cases.
    origin : Origin
        The source of the counts.

    Returns
    -------
    CountTable
        With zeros, unless it would have more than `LISTED` cells. Combinations of areas, periods
        and similar without a case are left out.

    Raises
    ------
    UnknownName
        If a dimension is not among the axes, or the margins do not exist.
    InvalidValue
        If a required dimension, such as the area, is missing.
    """
    patterns = _margin_patterns(axes, margins)
    if margins == "none":
        axes = [axis.without_wider() for axis in axes]
    if prod(len(axis.rows) for axis in axes) <= LISTED:
        order = sorted(range(len(axes)), key=lambda n: schema.names.index(axes[n].dimension.name))
        cells = _all_cells(axes, tally, order)
    else:
        cells = _nonempty_cells(axes, tally)
    if patterns is not None:
        cells = cells.take(np.isin(_pattern(axes, cells), patterns))
    size = cells.counts.shape[1]
    dimensions = {
        axis.dimension.name: _coded_rows(axis, digit, all_listed=patterns is None)
        for axis, digit in zip(axes, cells.digits, strict=True)
    }
    for dimension in schema.dimensions:
        if dimension.name not in dimensions:
            code = constants.get(dimension.name, dimension.default)
            if code is None:
                raise InvalidValue(
                    "must be given for all cases or be a column",
                    field=dimension.name,
                    hint=_HINTS.get(
                        dimension.name, f"Use {dimension.name}=..., or name its column"
                    ),
                )
            dimensions[dimension.name] = Coded.constant(code, size)
    return CountTable(
        Columns(
            kind=schema.kind,
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


def _coded_rows(axis: CountAxis, digit: NDArray[Any], *, all_listed: bool) -> Coded[str]:
    if len(axis.rows) > 1 and all_listed and all(map(len, axis.parts[0])):
        return Coded(digit.astype(narrowest_type(len(axis.rows)), copy=False), axis.rows)
    return Coded(digit, axis.rows).compact()


def _numbers(axes: Sequence[CountAxis], cells: CellCounts) -> Numbers:
    lower, upper = cells.lower, cells.upper
    is_multiple = np.zeros(len(lower), dtype=np.bool_)
    for axis, digit in zip(axes, cells.digits, strict=True):
        if axis.is_multiple:
            no_category = ("unknown", axis.dimension.total)
            is_multiple |= np.array([row not in no_category for row in axis.rows])[digit]
    is_range = upper > lower
    severity = np.uint8(Reason.BREAKDOWN_NOT_REPORTED.severity)
    return Numbers(
        lower=lower,
        above=upper.astype(np.float64) if is_range.any() else None,
        reason=np.where(is_range, severity, np.uint8(0))
        if is_range.any()
        else repeat(np.uint8(0), len(lower)),
        flags=repeat(np.uint32(0), len(lower)),
        unanswered=np.where(is_multiple, cells.maximum - upper, -1) if is_multiple.any() else None,
    )


# A pattern is the sum of a power of two for each dimension at its total.
def _margin_patterns(axes: Sequence[CountAxis], margins: Margins) -> list[int] | None:
    if isinstance(margins, str):
        if margins not in ("all", "none"):
            raise UnknownName(
                "`margins` must be 'all', 'none' or sets of dimensions",
                field="margins",
                value=margins,
                hint=did_you_mean(margins, ("all", "none")),
            )
        return None
    names = [axis.dimension.name for axis in axes if axis.dimension.total is not None]
    result = []
    for item in margins:
        selected = {item} if isinstance(item, str) else set(item)
        for name in sorted(selected - {axis.dimension.name for axis in axes}):
            raise UnknownName(
                "`margins` must contain dimensions of `by`",
                field="margins",
                value=name,
                hint=did_you_mean(name, names),
            )
        result.append(sum(1 << number for number, n in enumerate(names) if n not in selected))
    return sorted(set(result))


def _pattern(axes: Sequence[CountAxis], cells: CellCounts) -> NDArray[np.int64]:
    result = np.zeros(cells.counts.shape[1], dtype=np.int64)
    pairs = zip(axes, cells.digits, strict=True)
    totals = [(axis, digit) for axis, digit in pairs if axis.dimension.total is not None]
    for number, (axis, digit) in enumerate(totals):
        at_total = np.array([row == axis.dimension.total for row in axis.rows])
        result += at_total[digit].astype(np.int64) << number
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
        digits=tuple(
            np.broadcast_to(number, shape).transpose(order).reshape(-1) for number in numbers
        ),
        counts=np.stack([count.transpose(order).reshape(-1) for count in sums]),
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
        return cells.take(cells.maximum > 0)
    digits, counts = tally.nonempty()
    cells = CellCounts(digits=digits, counts=np.stack([counts for _ in _measures(axes)]))
    for number, axis in enumerate(axes):
        cells = _expanded(cells, number, axis)
        keys = packed(
            [(digit, int(digit.max(initial=0)) + 1) for digit in cells.digits], len(cells.lower)
        )
        order, starts = runs(keys.values)
        if len(starts) < len(order):  # equal cells are added up
            cells = CellCounts(
                digits=tuple(digit[order[starts]] for digit in cells.digits),
                counts=np.add.reduceat(cells.counts[:, order], starts, axis=1),
            )
    return cells.take(cells.maximum > 0)


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
    return CellCounts(digits=tuple(digits), counts=counts)
