"""Construction of tables from columns, rows, records and tables."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.columns.codes import repeat
from thbstats.errors import DuplicateKey, InvalidValue, UnknownName, did_you_mean
from thbstats.records import Dimension, Record, Schema
from thbstats.tables.columns import Columns, Numbers, count
from thbstats.tables.encoding import Problems, encode, is_scalar
from thbstats.tables.findings import NO_FINDINGS, FindingSets, read_findings
from thbstats.tables.keys import pack, repeated
from thbstats.tables.measures import MEASURES, read_numbers
from thbstats.tables.origins import PROVENANCE, Interner, Origin, read_origins
from thbstats.values import Count, flag_mask


def from_columns(schema: Schema, columns: Mapping[str, Any], size: int, origin: Origin) -> Columns:
    """Return the table of some columns or constants."""
    _check_names(schema, columns, size)
    problems = Problems()
    dimensions = _dimensions(schema, columns, size, problems)
    numbers = read_numbers(columns, size, problems)
    codes, origins = read_origins(columns, size, origin, problems)
    finding, findings = read_findings(columns, size, problems)
    problems.raise_any()
    return check_keys(
        Columns(
            kind=schema.kind,
            dimensions=dimensions,
            numbers=numbers,
            origin=codes,
            origins=origins,
            finding=finding,
            findings=findings,
        )
    )


def _check_names(schema: Schema, columns: Mapping[str, Any], size: int) -> None:
    known = (*schema.names, *MEASURES, "findings", *PROVENANCE)
    problems = Problems()
    for name, values in columns.items():
        if name not in known:
            problems.add(
                UnknownName(
                    "must be a column of a table", field=str(name), hint=did_you_mean(name, known)
                )
            )
        elif values is not None and not is_scalar(values) and len(values) != size:
            problems.add(
                InvalidValue(
                    f"must have {size} values, got {len(values)}",
                    field=name,
                    hint="Use one value per row, or one value for all rows",
                )
            )
    if size and all(columns.get(name) is None for name in ("value", "lower", "upper", "reason")):
        problems.add(
            InvalidValue(
                "must be given",
                field="value",
                hint="Add a column `value`, or `lower`, `upper` and `reason`",
            )
        )
    problems.raise_any()


def _dimensions(
    schema: Schema, columns: Mapping[str, Any], size: int, problems: Problems
) -> tuple[Coded[str], ...]:
    names = [name for name in schema.names if not is_scalar(columns.get(name))]
    # One block of memory for all codes of one byte.
    buffers = dict(zip(names, np.empty((len(names), size), dtype=np.uint8), strict=True))
    return tuple(
        _dimension(dimension, columns.get(dimension.name), size, problems, buffers)
        for dimension in schema.dimensions
    )


def _dimension(
    dimension: Dimension,
    values: Any,
    size: int,
    problems: Problems,
    buffers: Mapping[str, NDArray[np.uint8]],
) -> Coded[str]:
    if values is None:
        if dimension.default is None and size:
            problems.add(
                InvalidValue(
                    "must be given for every row",
                    field=dimension.name,
                    hint=f"Add a column, or one value for all rows: {dimension.name}=...",
                )
            )
        return Coded.constant(dimension.default or "", size)
    if is_scalar(values):
        values = np.full(1, values, dtype=object)
        read = encode(values, dimension, problems)
        return Coded.constant(read.categories[0] if read.categories else "", size)
    return encode(values, dimension, problems, buffers[dimension.name])


def check_keys(columns: Columns) -> Columns:
    """Return the columns if no two rows describe the same cell."""
    problems = Problems()
    pairs = repeated(pack(columns.dimensions, len(columns)))
    problems.add_each(pairs, lambda pair: _duplicate(columns, *pair))
    problems.raise_any()
    return columns


def _duplicate(columns: Columns, first: int, row: int) -> DuplicateKey:
    schema, key = columns.schema, columns.key(row)
    values = {name: code for name, code in key.items() if code != schema[name].default}
    is_equal = count(columns, first) == count(columns, row)
    hint = (
        "Remove one of the two equal rows"
        if is_equal
        else "Remove one row, or add the dimension in which they differ "
        "(status, unit, register, period ...)"
    )
    return DuplicateKey(
        "must not describe the same cell twice", row=f"{first} and {row}", value=values, hint=hint
    )


def from_records(schema: Schema, records: Sequence[Record]) -> Columns:
    """Return the table of records of one kind."""
    problems = Problems()
    for row, record in enumerate(records):
        if type(record) is not schema.record:
            problems.add(
                InvalidValue(
                    f"must be a {schema.record.__name__}",
                    row=row,
                    value=type(record).__name__,
                    hint="Make one table for each kind",
                )
            )
    problems.raise_any()
    dimensions = tuple(
        encode([str(getattr(record, dimension.name)) for record in records], dimension, problems)
        for dimension in schema.dimensions
    )
    origins = Interner()
    codes = [origins.code(Origin.from_record(record)) for record in records]
    return check_keys(
        Columns(
            kind=schema.kind,
            dimensions=dimensions,
            numbers=_numbers(records),
            origin=np.array(codes, dtype=np.uint32),
            origins=origins.values,
        )
    )


def _numbers(records: Sequence[Record]) -> Numbers:
    counts = [record.count for record in records]
    return Numbers(
        lower=np.array([count.lower for count in counts], dtype=np.int64),
        above=np.array(
            [np.inf if count.upper is None else count.upper for count in counts], dtype=np.float64
        ),
        reason=np.array([count.reason.severity for count in counts], dtype=np.uint8),
        flags=np.array([flag_mask(record.flags) for record in records], dtype=np.uint32),
        unanswered=_unanswered(records),
    )


def _unanswered(records: Sequence[Record]) -> NDArray[np.int64] | None:
    if all(record.unanswered is None for record in records):
        return None
    values = [-1 if record.unanswered is None else record.unanswered for record in records]
    return np.array(values, dtype=np.int64)


def transpose(
    rows: Iterable[Mapping[str, Any] | Sequence[Any]], names: Sequence[str] | None
) -> tuple[dict[str, list[Any]], int]:
    """Return the columns of rows, and the number of rows.

    A value can be a `Count`. A name that a row does not contain is missing.
    """
    listed = [_mapping(row, position, names) for position, row in enumerate(rows)]
    result = dict.fromkeys(name for row in listed for name in row)
    columns = {name: [row.get(name) for row in listed] for name in result}
    return _split_counts(columns), len(listed)


def _mapping(row: Any, position: int, names: Sequence[str] | None) -> Mapping[str, Any]:
    if isinstance(row, Mapping):
        return row
    if names is None or isinstance(row, str) or len(row) != len(names):
        sequence = "" if names is None else f" or a sequence of {len(names)} values"
        raise InvalidValue(
            f"must be a mapping{sequence}",
            row=position,
            value=row,
            hint="Use mappings, or columns=(...) with one name per value",
        )
    return dict(zip(names, row, strict=True))


def _split_counts(columns: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Return the columns with each `Count` as bounds and reason."""
    values = columns.get("value", [])
    if not any(isinstance(value, Count) for value in values):
        return columns
    size = len(values)
    split = {name: columns.get(name, [None] * size) for name in ("lower", "upper", "reason")}
    for row, value in enumerate(values):
        if isinstance(value, Count):
            split["lower"][row], split["reason"][row] = value.lower, value.reason
            split["upper"][row] = np.inf if value.upper is None else value.upper
    plain = [None if isinstance(value, Count) else value for value in values]
    return {**columns, **split, "value": plain}


def concat(tables: Sequence[Columns]) -> Columns:
    """Return the rows of several tables of one kind as one table."""
    kinds = sorted({table.kind for table in tables})
    if len(kinds) != 1:
        raise InvalidValue(
            "must be tables of one kind",
            field="tables",
            value=", ".join(kinds),
            hint="Pass at least one table, all of the same kind",
        )
    origin, origins = _joined_origins(tables)
    finding, findings = _joined_findings(tables)
    dimensions = tables[0].schema.dimensions
    return check_keys(
        Columns(
            kind=kinds[0],
            dimensions=tuple(
                _joined(dimension, [table.dimensions[index] for table in tables])
                for index, dimension in enumerate(dimensions)
            ),
            numbers=_joined_numbers([table.numbers for table in tables]),
            origin=origin,
            origins=origins,
            finding=finding,
            findings=findings,
        )
    )


def _joined(dimension: Dimension, columns: Sequence[Coded[str]]) -> Coded[str]:
    categories = {category for column in columns for category in column.categories}
    ordered = sorted(categories, key=dimension.sort_key)
    return Coded.concat([column.recode(ordered) for column in columns])


def _joined_numbers(numbers: Sequence[Numbers]) -> Numbers:
    known = all(part.above is None for part in numbers)
    single = all(part.unanswered is None for part in numbers)
    return Numbers(
        lower=np.concatenate([part.lower for part in numbers]),
        above=None if known else np.concatenate([part.upper for part in numbers]),
        reason=np.concatenate([part.reason for part in numbers]),
        flags=np.concatenate([part.flags for part in numbers]),
        unanswered=None if single else np.concatenate([part.further for part in numbers]),
    )


def _joined_origins(tables: Sequence[Columns]) -> tuple[NDArray[Any], tuple[Origin, ...]]:
    interner = Interner()
    parts = [
        np.array([interner.code(origin) for origin in table.origins], dtype=np.uint32)[table.origin]
        for table in tables
    ]
    return np.concatenate(parts), interner.values


def _joined_findings(tables: Sequence[Columns]) -> tuple[NDArray[Any], FindingSets]:
    if all(len(table.findings) == 1 for table in tables):
        return repeat(np.uint32(0), sum(map(len, tables))), NO_FINDINGS
    interner = Interner()
    interner.code(())
    parts = [
        np.array([interner.code(result) for result in table.findings], np.uint32)[table.finding]
        for table in tables
    ]
    return np.concatenate(parts), interner.values
