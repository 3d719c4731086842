"""Construction of tables from columns or records."""

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
    """Return the table of some columns or constants.

    Raises
    ------
    UnknownName
        If a column or a category does not exist.
    InvalidValue
        If other values are not valid; the error lists up to ten problems.
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
    """Return the columns if no two rows describe the same cell.

    Raises
    ------
    DuplicateKey
        If two rows have the same dimensions.
    """
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
    """Return the table of records of one kind.

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
