"""Construction of tables from columns, rows, records and tables."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from thbstats.columns import Coded
from thbstats.errors import DuplicateKey, InvalidValue, UnknownName, did_you_mean, require
from thbstats.records import Record, Schema
from thbstats.tables.columns import MEASURES, Columns, Numbers, read_numbers
from thbstats.tables.encoding import Problems, encode, is_scalar, pack, repeated
from thbstats.tables.origins import PROVENANCE, Origin, read_findings, read_origins
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
            schema=schema,
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
            hint = did_you_mean(name, known)
            problems.add(UnknownName("must be a column of a table", field=str(name), hint=hint))
        elif values is not None and not is_scalar(values) and len(values) != size:
            problem = f"must have {size} values, got {len(values)}"
            hint = "Use one value per row, or one value for all rows"
            problems.add(InvalidValue(problem, field=name, hint=hint))
    if size and all(columns.get(name) is None for name in ("value", "lower", "upper", "reason")):
        hint = "Add a column `value`, or `lower`, `upper` and `reason`"
        problems.add(InvalidValue("must be given", field="value", hint=hint))
    problems.raise_any()


def _dimensions(
    schema: Schema, columns: Mapping[str, Any], size: int, problems: Problems
) -> tuple[Coded[str], ...]:
    result = []
    for dimension in schema.dimensions:
        name, values = dimension.name, columns.get(dimension.name)
        if not is_scalar(values):
            result.append(encode(values, dimension, problems))
            continue
        categories: Sequence[str] = (dimension.default or "",)
        if values is not None:
            single = np.full(1, values, dtype=object)
            categories = encode(single, dimension, problems).categories or ("",)
        elif dimension.default is None and size:
            hint = f"Add a column, or one value for all rows: {name}=..."
            problems.add(InvalidValue("must be given for every row", field=name, hint=hint))
        result.append(Coded.constant(categories[0], size))
    return tuple(result)


def check_keys(columns: Columns) -> Columns:
    """Return the columns if no two rows describe the same cell."""
    problems = Problems()
    pairs = repeated(pack(columns.dimensions, len(columns)))
    schema = columns.schema

    def duplicate(pair: tuple[int, int]) -> DuplicateKey:
        first, row = pair
        key = columns.key(row)
        values = {name: code for name, code in key.items() if code != schema[name].default}
        hint = "Remove one row, or add the dimension in which they differ "
        hint += "(status, unit, register, period ...)"
        if columns.count(first) == columns.count(row):
            hint = "Remove one of the two equal rows"
        problem, rows = "must not describe the same cell twice", f"{first} and {row}"
        return DuplicateKey(problem, row=rows, value=values, hint=hint)

    problems.add_each(pairs, duplicate)
    problems.raise_any()
    return columns


def from_records(schema: Schema, records: Sequence[Record]) -> Columns:
    """Return the table of records of one kind."""
    problems = Problems()
    for row, record in enumerate(records):
        if type(record) is not schema.record:
            problem, value = f"must be a {schema.record.__name__}", type(record)
            hint = "Make one table for each kind"
            problems.add(InvalidValue(problem, row=row, value=value, hint=hint))
    problems.raise_any()
    dimensions = tuple(
        encode([str(getattr(record, dimension.name)) for record in records], dimension, problems)
        for dimension in schema.dimensions
    )
    origin = Coded.from_values(
        Origin(sources=own.sources, reporters=own.reporters, n_reporters=own.n_reporters)
        for own in records
    )
    counts = [record.count for record in records]
    uppers = [np.inf if count.upper is None else count.upper for count in counts]
    further = [-1 if record.unanswered is None else record.unanswered for record in records]
    is_single = all(record.unanswered is None for record in records)
    return check_keys(
        Columns(
            schema=schema,
            dimensions=dimensions,
            numbers=Numbers(
                lower=np.array([count.lower for count in counts], dtype=np.int64),
                upper=np.array(uppers, dtype=np.float64),
                reason=np.array([count.reason.severity for count in counts], dtype=np.uint8),
                flags=np.array([flag_mask(record.flags) for record in records], dtype=np.uint32),
                unanswered=None if is_single else np.array(further, dtype=np.int64),
            ),
            origin=origin.codes,
            origins=origin.categories,
        )
    )


def transpose(rows: Any, names: Sequence[str] | None) -> tuple[dict[str, list[Any]], int]:
    """Return the columns of some rows, and the number of rows.

    A value can be a `Count`. A name that a row does not contain is missing.
    """
    problem, hint = "must be a list of rows", "Use mappings, or sequences with columns=(...)"
    require(isinstance(rows, Iterable) and not isinstance(rows, str), problem, hint, rows=rows)
    listed: list[Mapping[str, Any]] = []
    for position, row in enumerate(rows):
        if isinstance(row, Mapping):
            listed.append(row)
            continue
        is_row = hasattr(row, "__len__") and not isinstance(row, str)
        if names is None or not is_row or len(row) != len(names):
            sequence = "" if names is None else f" or a sequence of {len(names)} values"
            hint = "Use mappings, or columns=(...) with one name per value"
            raise InvalidValue(f"must be a mapping{sequence}", row=position, value=row, hint=hint)
        listed.append(dict(zip(names, row, strict=True)))
    result = dict.fromkeys(name for row in listed for name in row)
    columns = {name: [row.get(name) for row in listed] for name in result}
    values = columns.get("value", [])
    if any(isinstance(value, Count) for value in values):
        for name in ("lower", "upper", "reason"):
            columns.setdefault(name, [None] * len(listed))
        for i, value in enumerate(values):
            if isinstance(value, Count):
                upper = np.inf if value.upper is None else value.upper
                own = {"lower": value.lower, "upper": upper, "reason": value.reason}
                for name, part in own.items():
                    stated = columns[name][i]
                    if not pd.isna(stated) and stated != part:
                        problem = "must not differ from the Count in `value`"
                        hint = f"Leave {name} empty, or write an integer in `value`"
                        raise InvalidValue(problem, row=i, field=name, value=stated, hint=hint)
                    columns[name][i] = part
        columns["value"] = [None if isinstance(value, Count) else value for value in values]
    return columns, len(listed)


def concat(tables: Sequence[Columns]) -> Columns:
    """Return the rows of several tables of one kind as one table."""
    kinds = sorted({table.kind for table in tables})
    hint = "Pass at least one table, all of the same kind"
    require(len(kinds) == 1, "must be tables of one kind", hint, tables=", ".join(kinds))
    schemas = {table.schema for table in tables}
    names = [frozenset(schema.names) for schema in schemas]
    differ = frozenset().union(*names) - names[0].intersection(*names)
    require(
        len(schemas) == 1,
        "must be tables with the same dimensions and code lists",
        "Pass the same classifications for all tables",
        tables=", ".join(sorted(differ)) or "the same names with different categories",
    )
    origin = Coded.concat([Coded(table.origin, table.origins) for table in tables])
    finding = Coded.concat([Coded(table.finding, table.findings) for table in tables])
    dimensions = []
    for position, dimension in enumerate(tables[0].schema.dimensions):
        joined = Coded.concat([table.dimensions[position] for table in tables])
        dimensions.append(joined.recode(sorted(joined.categories, key=dimension.sort_key)))
    numbers = [table.numbers for table in tables]
    lower, upper, reason, flags, further = (
        np.concatenate(parts) for parts in zip(*(own.all for own in numbers), strict=True)
    )
    return check_keys(
        Columns(
            schema=tables[0].schema,
            dimensions=tuple(dimensions),
            numbers=Numbers(
                lower=lower,
                upper=upper,
                reason=reason,
                flags=flags,
                unanswered=None if all(own.unanswered is None for own in numbers) else further,
            ),
            origin=origin.codes,
            origins=origin.categories,
            finding=finding.codes,
            findings=finding.categories,
        )
    )
