"""Comparison of a declaration with the columns of a file."""

from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from thbstats.errors import InvalidValue, ThbstatsError, UnknownName, did_you_mean
from thbstats.files.declaration import MULTIPLE, Declaration, schemas_of, targets_of
from thbstats.files.ledger import FileColumn, Ledger
from thbstats.files.period_texts import parser_of
from thbstats.tables.encoding import Problems


def require_valid(declaration: Declaration, ledger: Ledger) -> None:
    """Raise an error that lists all problems of a declaration, column by column."""
    declared = {*declaration.columns.values(), *declaration.constants}
    problems = Problems()
    for error in (
        *_unknown_names(declaration, list(map(str, ledger.raw.columns))),
        *_duplicate_targets(declaration),
        *_undeclared_columns(declaration, ledger.raw, declared),
        *_missing_targets(declaration, declared),
    ):
        problems.add(error)
    problems.raise_any()


def _unknown_names(declaration: Declaration, names: Sequence[str]) -> Iterator[ThbstatsError]:
    for name in dict.fromkeys((*declaration.columns, *declaration.recode, *declaration.added)):
        if name not in names:
            hint = did_you_mean(name, names)
            yield UnknownName("must be a column of the file", field=name, hint=hint)
    known = targets_of(declaration)
    of_kind = f" of {declaration.kind}" if declaration.kind else ""
    for name, target in declaration.columns.items():
        if target not in known:
            problem = f"must be declared as a dimension or measure{of_kind}"
            yield UnknownName(problem, field=name, value=target, hint=did_you_mean(target, known))
    for name in declaration.constants:
        if name not in known:
            problem = f"must be a dimension or measure{of_kind}"
            yield UnknownName(problem, field=name, hint=did_you_mean(name, known))


def _duplicate_targets(declaration: Declaration) -> Iterator[ThbstatsError]:
    declared: dict[str, str] = dict.fromkeys(declaration.constants, "a constant")
    for name, target in declaration.columns.items():
        is_joined = target == "period" and target not in declaration.constants
        if target in declared and target != MULTIPLE and not is_joined:
            problem = f"is declared as {target!r}, and so is {declared[target]}"
            hint = f"Remove one of them, or pass ignored=[{name!r}]"
            yield InvalidValue(problem, field=name, hint=hint)
        declared.setdefault(target, f"the column {name!r}")


def _undeclared_columns(
    declaration: Declaration, frame: pd.DataFrame, declared: Collection[str]
) -> Iterator[ThbstatsError]:
    """Yield the columns without a declaration, with the dimensions that their texts can have."""
    dimensions = {item.name: item for kind in schemas_of(declaration) for item in kind.dimensions}
    for name in map(str, frame.columns):
        if name in declaration.columns or name in declaration.ignored:
            continue
        # A few texts are enough for a suggestion.
        distinct = pd.unique(np.asarray(frame[name], dtype=object)[:1000])
        texts = [str(text) for text in distinct if str(text).strip()][:10]
        sample = FileColumn(np.arange(len(texts)), tuple(texts))
        parsed = {
            target: len(texts) - len(sample.parse(parser_of(item))[1])
            for target, item in dimensions.items()
            if target not in declared
        }
        candidates = [target for target, n in parsed.items() if n and n * 2 >= len(texts)]
        if name.strip().lower() in parsed:
            candidates = [name.strip().lower()]
        ignore = f"or ignored=[{name!r}] if it does not describe the count"
        hint = (
            f"Add columns={{{name!r}: ...}}, {ignore}; for a further dimension, pass "
            "classifications=[...] too"
        )
        if candidates:
            best = max(candidates, key=lambda target: parsed[target])
            options = " or ".join(map(repr, candidates))
            hint = f"It may be {options}: add columns={{{name!r}: {best!r}}}, {ignore}"
        value = ", ".join(texts[:5]) + (" ..." if len(texts) > 5 else "")
        yield InvalidValue("must be declared", field=name, value=value, hint=hint)


def _missing_targets(
    declaration: Declaration, declared: Collection[str]
) -> Iterator[ThbstatsError]:
    if declaration.kind is None and not {"table", "kind", MULTIPLE} & {*declared}:
        hint = "Pass kind='victims', 'justice', 'protection' or 'cooperation'"
        yield InvalidValue("the kind of count must be given", field="kind", hint=hint)
    if not {"value", "lower", "reason"} & {*declared}:
        hint = "Declare it: columns={...: 'value'}"
        yield InvalidValue("one column must contain the counts", field="value", hint=hint)
    required = [
        {dimension.name for dimension in schema.dimensions if dimension.default is None}
        for schema in schemas_of(declaration)
    ]
    for name in sorted(set.intersection(*required) - {*declared}):
        hint = f"Declare its column, or pass one value for all rows: {name}=..."
        yield InvalidValue("must be given for every row", field=name, hint=hint)
    targets = [entry for texts in declaration.recode.values() for entry in texts.values()]
    spread = {name for entry in targets if isinstance(entry, Mapping) for name in entry}
    for name in (own.name for own in declaration.classifications):
        if name not in spread and name not in declared:
            hint = f"Add columns={{...: {name!r}}}, or remove the classification"
            yield InvalidValue("must have a column or a constant", field=name, hint=hint)
