"""Tables from columns or from records, checked as columns."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.errors import DuplicateKey, InvalidValue, UnknownName, did_you_mean
from thbstats.records import Dimension, Record, Schema
from thbstats.tables.columns import Columns, Numbers
from thbstats.tables.encoding import encode, is_scalar
from thbstats.tables.finding_columns import read_findings
from thbstats.tables.keys import pack, repeated
from thbstats.tables.measures import MEASURES, read_numbers
from thbstats.tables.origins import Interner, Origin
from thbstats.tables.problems import Problems
from thbstats.tables.provenance import PROVENANCE, read_origins
from thbstats.tables.views import count
from thbstats.values import flag_mask

__all__ = ["check_keys", "from_columns", "from_records"]


def from_columns(schema: Schema, columns: Mapping[str, Any], size: int, origin: Origin) -> Columns:
    """Return the table of some columns; each is as long as the table or a single value.

    Raises
    ------
    UnknownName
        If a column or a category does not exist.
    InvalidValue
        If something else is wrong with the rows; up to ten problems are told at once.
    DuplicateKey
        If two rows describe the same cell.
    """
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
                UnknownName("no such column", field=str(name), hint=did_you_mean(name, known))
            )
        elif values is not None and not is_scalar(values) and len(values) != size:
            problems.add(
                InvalidValue(
                    f"{len(values)} values for {size} rows",
                    field=name,
                    hint="Give one value per row, or a single one for all",
                )
            )
    if size and all(columns.get(name) is None for name in ("value", "lower", "upper", "reason")):
        problems.add(
            InvalidValue(
                "no column says the counts",
                field="value",
                hint="Give value, or lower, upper and reason",
            )
        )
    problems.raise_any()


def _dimensions(
    schema: Schema, columns: Mapping[str, Any], size: int, problems: Problems
) -> tuple[Coded[str], ...]:
    given = [name for name in schema.names if not is_scalar(columns.get(name))]
    # One piece of memory for all codes that fit into a byte.
    room = dict(zip(given, np.empty((len(given), size), dtype=np.uint8), strict=True))
    return tuple(
        _dimension(dimension, columns.get(dimension.name), size, problems, room)
        for dimension in schema.dimensions
    )


def _dimension(
    dimension: Dimension,
    values: Any,
    size: int,
    problems: Problems,
    room: Mapping[str, NDArray[np.uint8]],
) -> Coded[str]:
    if values is None:
        if dimension.default is None and size:
            problems.add(
                InvalidValue(
                    "every row must say this",
                    field=dimension.name,
                    hint=f"Give a column, or one value for all: {dimension.name}=...",
                )
            )
        return Coded.constant(dimension.default or "", size)
    if is_scalar(values):
        values = np.full(1, values, dtype=object)
        read = encode(values, dimension, problems)
        return Coded.constant(read.categories[0] if read.categories else "", size)
    return encode(values, dimension, problems, room[dimension.name])


def check_keys(columns: Columns) -> Columns:
    """Return the columns if every row has a cell of its own.

    Raises
    ------
    DuplicateKey
        Naming both rows and the cell.
    """
    problems = Problems()
    pairs = repeated(pack(columns.dimensions, len(columns)))
    problems.each(pairs, lambda pair: _duplicate(columns, *pair))
    problems.raise_any()
    return columns


def _duplicate(columns: Columns, first: int, row: int) -> DuplicateKey:
    schema, key = columns.schema, columns.key(row)
    told = {name: code for name, code in key.items() if code != schema[name].default}
    same = count(columns, first) == count(columns, row)
    hint = (
        "The counts are the same: drop one row"
        if same
        else "Drop one, or say what tells them apart (status, unit, register, period ...); "
        "two sources of one figure belong in two tables"
    )
    return DuplicateKey(
        "two rows describe the same cell", row=f"{first} and {row}", value=told, hint=hint
    )


def from_records(schema: Schema, records: Sequence[Record]) -> Columns:
    """Return the table of some records of one kind.

    Raises
    ------
    InvalidValue
        If a record is of another kind.
    DuplicateKey
        If two records describe the same cell.
    """
    problems = Problems()
    for row, record in enumerate(records):
        if type(record) is not schema.record:
            problems.add(
                InvalidValue(
                    f"not a {schema.record.__name__}",
                    row=row,
                    value=type(record).__name__,
                    hint="A table holds one kind; a Dataset holds one table of each",
                )
            )
    problems.raise_any()
    dimensions = tuple(
        encode([str(getattr(record, dimension.name)) for record in records], dimension, problems)
        for dimension in schema.dimensions
    )
    origins = Interner()
    codes = [origins.code(Origin.of(record)) for record in records]
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
    found = [-1 if record.unanswered is None else record.unanswered for record in records]
    return np.array(found, dtype=np.int64)
