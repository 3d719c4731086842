"""Counted cases, and their tables."""

from collections.abc import Iterable, Mapping, Sequence
from math import prod
from typing import Any, Literal, Self, TypeAlias

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.cases.answers import (
    Answer,
    ColumnReading,
    Declarations,
    FlagAnswers,
    FlagColumns,
    require_types,
    spelling,
    wider_codes,
)
from thbstats.cases.coded_columns import (
    Digits,
    FrameRows,
    Tally,
    combine_columns,
    count_digits,
    group_digits,
    tally_cases,
)
from thbstats.cases.engines import EngineRows
from thbstats.columns import Coded
from thbstats.columns.coded import narrowest_type
from thbstats.errors import InvalidValue, ThbstatsError, require, require_name
from thbstats.files.case_file import FALSE, NOTHING, TRUE, Cases
from thbstats.geography import Area
from thbstats.geography.subdivisions import outermost
from thbstats.records import Dimension, Schema
from thbstats.records.converters import area_members
from thbstats.tables import CountTable
from thbstats.tables.columns import Columns, Numbers
from thbstats.tables.encoding import Problems
from thbstats.tables.origins import Origin
from thbstats.values import Period, Reason

Margins = Literal["all", "none"] | Iterable[Iterable[str]]

_UNKNOWN = "unknown"

LISTED = 1_000_000
"""A table with more cells lists only those to which some case belongs or may belong."""


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

    ``rows`` are its categories in order, with the total and the wider categories. ``matrices``
    have, by row and answer, 1 if the row applies to the answer; if some answers are not known, also
    if it is known whether it applies, and if it applies or may apply. ``finest`` are the categories
    of the answers, and that of cases without one.
    """

    dimension: Dimension
    rows: tuple[str, ...]
    matrices: tuple[Any, ...]
    finest: set[str]
    is_multiple: bool

    @classmethod
    def of(
        cls, dimension: Dimension, answers: Sequence[Answer], categories: Iterable[str] = ()
    ) -> Self:
        """Return the axis of the answers of cases, and of other categories of the table."""
        from scipy.sparse import csr_array

        is_multiple = isinstance(answers, FlagAnswers)
        if isinstance(answers, FlagAnswers):
            # A column per category; every answer belongs to the total. Answers can be unknown.
            result, finest = answers.resolve(dimension), {*answers.codes, "unknown"}
            codes = [*result.codes, str(dimension.total)]
            truth = np.column_stack([result.truth, np.full(len(answers), TRUE, dtype=np.int8)])
            order = sorted(range(len(codes)), key=lambda number: dimension.sort_key(codes[number]))
            rows, truth = [codes[number] for number in order], truth[:, order].T
            masks = [truth == TRUE]
            if (truth == NOTHING).any():
                masks += [truth != NOTHING, truth != FALSE]
            matrices = [csr_array(mask.astype(np.int64)) for mask in masks]
        else:
            # Categories of the table without cases have no answer.
            unknown = unknown_code(dimension)
            applying = [answer.codes or frozenset([unknown]) for answer in answers]
            if any("" in own for own in applying):
                raise missing_area()
            finest = set(categories).union(*applying)
            totals = [] if dimension.total is None else [str(dimension.total)]
            rows = sorted({*wider_codes(dimension, finest), *totals}, key=dimension.sort_key)
            number_of = {row: number for number, row in enumerate(rows)}
            # The row and the answer of each 1.
            pairs = [
                (number_of[row], position)
                for position, own in enumerate(applying)
                for row in (*wider_codes(dimension, own), *totals)
            ]
            numbers, positions = np.array(pairs, dtype=np.intp).reshape(-1, 2).T
            ones, shape = np.ones(len(pairs), dtype=np.int64), (len(rows), len(answers))
            # The compressed form itself: scipy makes it of pairs in five times the time.
            starts = np.concatenate([[0], np.cumsum(np.bincount(numbers, minlength=len(rows)))])
            by_row = positions[np.argsort(numbers, kind="stable")]
            matrices = [csr_array((ones, by_row, starts), shape=shape)]
        return cls(
            dimension=dimension,
            rows=tuple(rows),
            matrices=tuple(matrices),
            finest=finest,
            is_multiple=is_multiple,
        )

    def without_wider(self) -> "CountAxis":
        """Return the axis without its total and wider categories."""
        chosen = [number for number, row in enumerate(self.rows) if row in self.finest]
        matrices = tuple(matrix[chosen] for matrix in self.matrices)
        return evolve(self, rows=tuple(self.rows[number] for number in chosen), matrices=matrices)


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
    else:
        require_types(Iterable, "'all', 'none' or sets of dimensions", margins=margins)
    if margins == "none":
        axes = [axis.without_wider() for axis in axes]
    # Cells are in the order of the schema, which can differ from that of `by`.
    order = sorted(range(len(axes)), key=lambda n: schema.names.index(axes[n].dimension.name))
    all_listed = prod(len(axis.rows) for axis in axes) <= LISTED
    cells, counts = _cells(axes, tally, order, all_listed=all_listed)
    if not isinstance(margins, str):
        chosen = _in_margins(axes, cells, counts.shape[1], margins)
        cells, counts = tuple(digit[chosen] for digit in cells), counts[:, chosen]
    size, dimensions = counts.shape[1], {}
    for axis, digit in zip(axes, cells, strict=True):
        # With all margins each row that has answers also has a cell, so no category is left over.
        has_answers = isinstance(margins, str) and len(axis.rows) > 1
        all_used = has_answers and bool(np.diff(axis.matrices[0].indptr).all())
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
            numbers=_numbers(axes, cells, counts),
            origin=np.zeros(size, dtype=np.uint32),
            origins=(origin,) if size else (),
        )
    )


_HINTS = {
    "area": 'Use area="World", a country such as area="FR", or columns={"area": ...}',
    "period": 'Use period=2020, or columns={"period": ...}',
}


def _numbers(axes: Sequence[CountAxis], cells: Digits, counts: NDArray[np.int64]) -> Numbers:
    lower, maximum, size = counts[0], counts[-1], counts.shape[1]
    # In a cell without a known answer, the count is at most that if every answer is yes.
    upper = lower if len(counts) == 1 else np.where(counts[1] > 0, lower, maximum)
    # Where a category with multiple response is open for further cases, their number is kept.
    is_multiple = np.zeros(size, dtype=np.bool_)
    for axis, digit in zip(axes, cells, strict=True):
        if axis.is_multiple:
            no_category = ("unknown", axis.dimension.total)
            is_multiple |= np.array([row not in no_category for row in axis.rows])[digit]
    is_range = upper > lower
    severity = np.uint8(Reason.BREAKDOWN_NOT_REPORTED.severity)
    reason = np.where(is_range, severity, np.uint8(0))
    return Numbers(
        lower=lower,
        upper=upper,
        reason=reason,
        flags=np.zeros(size, dtype=np.uint32),
        unanswered=np.where(is_multiple, maximum - upper, -1) if is_multiple.any() else None,
    )


def _in_margins(
    axes: Sequence[CountAxis], cells: Digits, size: int, margins: Iterable[Iterable[str]]
) -> NDArray[np.bool_]:
    """Return the cells with the total of each dimension that is not in a margin."""
    at_total = {
        axis.dimension.name: np.array([row == axis.dimension.total for row in axis.rows])[digit]
        for axis, digit in zip(axes, cells, strict=True)
        if axis.dimension.total is not None
    }
    names = [axis.dimension.name for axis in axes]
    result = np.zeros(size, dtype=np.bool_)
    for margin in margins:
        require_types(Iterable, "sets of dimensions, such as [['sex'], []]", margins=margin)
        selected = {margin} if isinstance(margin, str) else set(margin)
        for name in sorted(selected - set(names)):
            problem = "`margins` must contain dimensions of `by`"
            require_name(name, list(at_total), problem, field="margins")
        is_chosen = np.ones_like(result)
        for name, mask in at_total.items():
            is_chosen &= ~mask if name in selected else mask
        result |= is_chosen
    return result


def _cells(
    axes: Sequence[CountAxis], tally: Tally, order: Sequence[int], *, all_listed: bool
) -> tuple[Digits, NDArray[np.int64]]:
    """Return the cells as row numbers by axis, and their counts; the first axis varies slowest.

    All cells are listed, with zeros, or those to which some case belongs or may belong. The first
    counts are the cases to which the categories apply. If some answers are not known, the second
    ones are the cases with a known answer, and the third ones those to which they may apply.
    """
    shape = [len(axes[number].rows) for number in order]
    measures = [
        [axis.matrices[measure if len(axis.matrices) > 1 else 0] for axis in axes]
        for measure in range(max((len(axis.matrices) for axis in axes), default=1))
    ]
    chosen: Digits = ()
    if all_listed:
        every = np.indices(shape).reshape(len(shape), prod(shape))
        chosen = tuple(every[order.index(number)] for number in range(len(axes)))
        chosen = _with_case(axes, tally, chosen)
        if axes and prod(max(matrix.shape) for matrix in measures[0]) <= LISTED:
            return chosen, np.stack([_cube(tally, own)[chosen] for own in measures])
    # By measure, the sums of the tally along one axis after the other.
    sums = []
    for matrices in measures:
        own = tally
        for number, matrix in enumerate(matrices):
            own = _summed(own, number, matrix)
        sums.append(own)
    # The cells with a sum in the last measure, which includes all others.
    chosen = chosen if all_listed else sums[-1].digits
    counts = [_counts_at(chosen, own, len(chosen[0]) if chosen else 1) for own in sums]
    return chosen, np.stack(counts)


def _cube(tally: Tally, matrices: Sequence[Any]) -> NDArray[np.int64]:
    """Return the sums of few answers, with one axis for the rows of each matrix of 0 and 1.

    Sums of fewer than 2**53 cases are exact as numbers of 53 bits.
    """
    shape = tuple(matrix.shape[1] for matrix in matrices)
    cells = np.ravel_multi_index(tally.digits, shape)
    result = np.bincount(cells, tally.counts, prod(shape)).reshape(shape)
    for matrix in matrices:
        # The first axis becomes the last one: after all of them, they are in order again.
        result = np.tensordot(result, matrix.toarray(), axes=(0, 1))
    return result.astype(np.int64)


def _summed(tally: Tally, number: int, matrix: Any) -> Tally:
    """Return the sums along a column, one for each row of a matrix of 0 and 1."""
    from scipy.sparse import csr_array

    # The tally as a matrix: answers of this column by combinations of all others.
    others = tally.digits[:number] + tally.digits[number + 1 :]
    group, first = group_digits(others, len(tally.counts))
    cases = csr_array(
        (tally.counts, (tally.digits[number], group)), shape=(matrix.shape[1], len(first))
    )
    # Rows of the axis by combinations of the others; each entry is a combination again.
    sums = (matrix @ cases).tocoo()
    row, group = (part.astype(np.intp) for part in (sums.row, sums.col))
    digits = [digit[first[group]] for digit in others]
    digits.insert(number, row)
    return Tally(digits=tuple(digits), counts=sums.data)


def _with_case(axes: Sequence[CountAxis], tally: Tally, cells: Digits) -> Digits:
    """Return the cells whose categories without a total, such as area and period, have a case.

    A dimension without a total lists only what the cases record: a country of 2019 has no row for
    2020 because another country has cases then.
    """
    undivided = [number for number, axis in enumerate(axes) if axis.dimension.total is None]
    if not undivided:
        return cells
    for number, axis in enumerate(axes):
        if number in undivided:
            tally = _summed(tally, number, axis.matrices[0])
    own = count_digits(tuple(tally.digits[number] for number in undivided), tally.counts)
    size = len(cells[0])
    has_case = _counts_at(tuple(cells[number] for number in undivided), own, size) > 0
    return tuple(digit[has_case] for digit in cells)


def _counts_at(cells: Digits, tally: Tally, size: int) -> NDArray[np.int64]:
    """Return the counts of cells, 0 if a cell has none."""
    # Cells after the combinations of the tally, in common groups: a cell adds nothing to the sum of
    # its group.
    both = tuple(map(np.concatenate, zip(tally.digits, cells, strict=True)))
    group, _ = group_digits(both, len(tally.counts) + size)
    counts = np.concatenate([tally.counts, np.zeros(size, dtype=np.int64)])
    sums = np.bincount(group, counts).astype(np.int64)
    return np.asarray(sums[group[len(tally.counts) :]])


Rows: TypeAlias = FrameRows | EngineRows


@frozen(eq=False, kw_only=True)
class CountedColumn:
    """One dimension or one other column of counted cases.

    ``values`` and ``answers`` are the values of the columns of its reading and their categories, by
    position in the tally.
    """

    name: str
    reading: ColumnReading
    values: Sequence[tuple[Any, ...]]
    answers: Sequence[Answer]

    def take(self, positions: NDArray[np.intp]) -> "CountedColumn":
        """Return the column with some of its positions."""
        rows, answers = positions.tolist(), self.answers
        if isinstance(answers, FlagAnswers):
            answers = answers[positions]
        else:
            answers = [answers[row] for row in rows]
        return evolve(self, values=[self.values[row] for row in rows], answers=answers)

    def having(self, schema: Schema, codes: Sequence[str]) -> NDArray[np.intp]:
        """Return the positions to which at least one of some categories applies.

        The total applies to every case, an area to its countries, and a period to its parts.
        """
        chosen, answers, name = frozenset(codes), self.answers, self.name
        dimension = schema[name] if name in schema.names else None
        if dimension is not None and dimension.total in chosen:
            return np.arange(len(answers))
        if dimension is not None and isinstance(answers, FlagAnswers):
            resolved = answers.resolve(dimension)
            expected = [code in chosen for code in resolved.codes]
            return np.flatnonzero((resolved.truth[:, expected] == TRUE).any(axis=1))
        own = [answer.codes for answer in answers]
        if dimension is not None:
            unknown = frozenset([unknown_code(dimension)])
            own = [wider_codes(dimension, applying) or unknown for applying in own]
        if name in ("area", "period"):
            # A wider area or period does not include cases without one.
            lacking = {"", "not stated"}
            known, wider = frozenset().union(*own) - lacking, chosen - lacking
            chosen |= {code for code in known if any(_covers(name, up, code) for up in wider)}
        result = np.flatnonzero([bool(applying & chosen) for applying in own])
        is_open = name in ("area", "period") or dimension is None
        if is_open and codes and not len(result) and len(answers):
            # The number of cases is not known to be 0: the area, period or value can be misspelt.
            values = sorted(filter(None, frozenset().union(*own)))
            problem = f"must be {'a value' if dimension is None else f'the {name}'} of a case"
            require_name(codes[0], values, problem, field=name)
        return result


@frozen(eq=False, kw_only=True)
class CountedCases:
    """Cases counted by combinations of categories, with a column for each axis of the tally."""

    schema: Schema
    columns: tuple[CountedColumn, ...]
    tally: Tally

    def axes(self) -> list[CountAxis]:
        """Return the axes of the table of these counts."""
        return [
            CountAxis.of(self.schema[column.name], column.answers, column.reading.categories)
            for column in self.columns
        ]

    def of_dimension(self) -> list[tuple[Answer, int]]:
        """Return the answers of the only dimension, with their number of cases.

        If further categories may apply than those of the cases, ``unknown`` is unanswered.
        """
        (digits,), cases, (column,) = self.tally.digits, self.tally.counts, self.columns
        answers = column.answers
        if isinstance(answers, FlagAnswers):
            resolved = answers.resolve(self.schema[column.name])
            further = [code == _UNKNOWN for code in answers.codes]
            is_open = (answers.truth[:, further] != FALSE).any(axis=1).tolist()
            answers = [
                evolve(answer, unanswered=answer.unanswered.union([_UNKNOWN] * more))
                for answer, more in zip(resolved, is_open, strict=True)
            ]
        pairs = zip(digits.tolist(), cases.tolist(), strict=True)
        return [(answers[position], number) for position, number in pairs]


def count_answers(
    rows: Rows,
    declarations: Declarations,
    names: Sequence[str],
    where: Mapping[str, Any] | None = None,
    *,
    with_values: bool = False,
) -> CountedCases:
    """Count selected cases by combinations of categories."""
    schema, meanings, where = declarations.schema, declarations.meanings, where or {}
    require_types(Mapping, "a mapping such as {'sex': 'female'}", where=where)
    # 1. Group the rows by the columns that are counted or selected. Derived dimensions, such as
    # ages, are computed before, so that pairs of dates do not make a group each.
    readings = {name: declarations.reading(name) for name in dict.fromkeys([*names, *where])}
    keys = {
        name: reading._key(schema[name], meanings[name], with_values=with_values)
        for name, reading in readings.items()
        if name in schema.names
    }
    derived = {name: key for name, key in keys.items() if key is not None}
    plain = [reading.columns for name, reading in readings.items() if name not in derived]
    needed = list(dict.fromkeys(column for group in plain for column in group))
    grouped, made, cases = rows.group(needed, declarations.weights, derived)
    # 2. One column of codes for each dimension; its categories are tuples of values.
    coded = dict(made)
    for name, reading in readings.items():
        if name not in derived:
            parts = [grouped[column] for column in reading.columns]
            coded[name] = parts[0] if len(parts) == 1 else combine_columns(parts)
    # The longest column last: the sums then run over many neighbours at a time.
    coded = dict(sorted(coded.items(), key=lambda item: len(item[1].categories)))
    tally = tally_cases(list(coded.values()), cases)
    # 3. Read the values that some case has: each once, and all problems in one error.
    problems, columns = Problems(), []
    for number, (name, column) in enumerate(coded.items()):
        used, reading = tally.used(number), readings[name]
        tally = tally.take(number, used)
        values = [column.categories[position] for position in used.tolist()]
        if len(reading.columns) == 1 and name not in derived:
            values = [(value,) for value in values]
        answers = _read(declarations, name, values, problems)
        columns.append(CountedColumn(name=name, reading=reading, values=values, answers=answers))
    problems.raise_any()
    # 4. Select cases, add up over the columns that were needed for this only, and drop the values
    # that no selected case has.
    for number, own in enumerate(columns):
        if own.name in where:
            codes = declarations.parse_values(own.name, where[own.name])
            positions = own.having(schema, codes)
            tally, columns[number] = tally.take(number, positions), own.take(positions)
    for number in reversed(range(len(columns))):
        if columns[number].name not in names:
            tally = tally.drop(number)
            del columns[number]
    for number, own in enumerate(columns if where else ()):
        used = tally.used(number)
        tally, columns[number] = tally.take(number, used), own.take(used)
    return CountedCases(schema=schema, columns=tuple(columns), tally=tally)


def _read(
    declarations: Declarations, name: str, values: Sequence[tuple[Any, ...]], problems: Problems
) -> Sequence[Answer]:
    """Return the answers of the values of a dimension, or of another column with its spellings."""
    reading = declarations.reading(name)
    if name not in declarations.schema.names:
        return [Answer((spelling(value) or "",)) for (value,) in values]
    dimension, meaning = declarations.schema[name], declarations.meanings[name]
    if isinstance(reading, FlagColumns):
        return reading.read_all(meaning, values, problems)
    answers = []
    for value in values:
        try:
            answers.append(reading.read(dimension, meaning, value))
        except ThbstatsError as error:
            problems.add(error)
    return FlagAnswers.from_lists(answers) if reading.is_multiple else answers


def common_categories(
    rows: Rows,
    declarations: Declarations,
    cases: Cases | None,
    names: Sequence[str],
    where: Mapping[str, Any],
) -> dict[str, str]:
    """Return the category that all selected cases have in further dimensions.

    ``cases`` are those of a file, with its constants.
    """
    schema = declarations.schema

    def categories(name: str) -> tuple[list[str], int]:
        # Those of the selected cases, and the number of cases without one.
        answers = count_answers(rows, declarations, [name], where).of_dimension()
        codes = sorted({code for answer, _ in answers for code in answer.codes})
        return codes, sum(number for answer, number in answers if not answer.codes)

    recorded = [name for name in ("area", "period") if declarations.varies(name)]
    common: dict[str, str] = {}
    if cases is not None:
        # A constant must not contradict a case of the file.
        for name, code in declarations.constants.items():
            others = categories(name)[0] if name in cases.columns else ()
            others = [other for other in others if not _covers(name, code, other)]
            problem = f"contradicts cases of {', '.join(others[:5])}" if others else ""
            problem = "must not be a column of the cases" if name in cases.multiple else problem
            hint = "Select cases with .where(...) before you count them"
            require(not problem, problem, hint, **{name: code})
        recorded = [
            name
            for name in cases.columns
            if schema[name].total is None and name not in declarations.optional
        ]
        common = {name: schema[name].parse(v) for name, v in cases.constants.items()}
        if "age" not in names:
            common.pop("age_concept", None)  # the table has no age
    common |= declarations.constants
    for name in set(where) & set(schema.names):
        codes = declarations.parse_values(name, where[name])
        if schema[name].total is None and len(codes) == 1:
            common[name] = codes[0]
    for name in recorded:
        if name in {*names, *common} and not (name == "area" and cases and name in names):
            continue
        codes, lacking = categories(name)
        if name != "area":
            common[name] = _common_category(name, codes, lacking)
        elif lacking and (name in names or cases is None or cases.default_area is None):
            hint = "exclude these cases" if cases is None else "count .known('area')"
            raise missing_area(lacking, hint)
        elif codes and not lacking:
            members = {member for code in codes for member in area_members(code)}
            common[name] = Area.from_countries(outermost(members)).code
    if cases is not None and cases.default_area is not None:
        common.setdefault("area", cases.default_area)
    for name in names:
        common |= declarations.reading(name).constants
    return {name: code for name, code in common.items() if code}


def _common_category(name: str, codes: Sequence[str], lacking: int) -> str:
    """Return the period of all cases, or their only category; empty without a category."""
    if name == "period":
        spans = [(span.start, span.end) for span in map(Period.parse, codes)]
        days = [(start, end) for start, end in spans if start and end]
        if lacking or not days or len(days) < len(spans):
            return "not stated"
        return str(Period(min(days)[0], max(end for _, end in days)))
    if len(codes) + bool(lacking) > 1:
        raise InvalidValue(
            f"must be the same for all cases, got {', '.join(codes[:5])}",
            field=name,
            hint=f"Add it to by=[...], or select cases with .where({name}=...)",
        )
    return "".join(codes)


def _covers(name: str, whole: str, part: str) -> bool:
    """Return whether all cases of a category belong to another category."""
    if name == "area":
        members = area_members(whole)
        return outermost(area_members(part) | members) <= members
    if name == "period":
        days = Period.parse(whole)
        covers = days.covers(Period.parse(part))
        return days.start is None if covers is None else covers
    return whole == part
