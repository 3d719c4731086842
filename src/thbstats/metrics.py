"""Definitions of measures for metrics layers.

A metrics layer sums columns and divides sums. `CountTable.partition` returns a frame in which such
sums are right. These functions define measures on it: each one has a lower and an upper bound, and
the denominator of a share is in its name.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from attrs import frozen

from thbstats.errors import require
from thbstats.records import Dimension
from thbstats.tables import NOT_BROKEN_DOWN, TablePartition

__all__ = ["ossie", "semantic_layer"]

_OSSIE_VERSION = "0.2.0.dev0"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ADDITIVE = (
    "Sums over the reporting countries. Each person or case is in one row of the partition; over "
    "several years a person can be counted several times."
)


SumText: TypeAlias = Callable[[str, str, str, Iterable[str]], str]
"""The sum of a bound over the rows of some categories, in a language.

Its arguments are the bound, a dimension, ``"IN"`` or ``"NOT IN"``, and the categories; without a
dimension all rows are summed. A row without an upper bound is not summed.
"""


@frozen(kw_only=True)
class Measure:
    """A named measure: a sum, or a share in the sum of `numerator` and `others`."""

    name: str
    text: str
    numerator: str
    others: str = ""
    extra: Mapping[str, str]


def ossie(partition: TablePartition, *, source: str, name: str = "") -> dict[str, Any]:
    """Return the measures of a partition as a document of Apache Ossie.

    Parameters
    ----------
    partition : TablePartition
        The result of `CountTable.partition`.
    source : str
        The table of the database with the frame of the partition, such as ``"main.victims"``.
    name : str
        The name of the model and of its data set; by default the kind of the table.

    Returns
    -------
    dict
        The document of the core specification, version 0.2.0.dev0, for a YAML or JSON file.

    Raises
    ------
    InvalidValue
        If the name is not a name of SQL.

    Notes
    -----
    The bounds of a share hold for the reporting countries. Persons whose category is not in the
    table are in the category ``not_broken_down``: they belong to no category at the lower bound,
    and to the category at the upper bound. Verdicts on comparability are not measures: publish
    them as a table of their own, ``compare_all(panel).to_frame()``.

    References
    ----------
    Apache Ossie, Core Metadata Specification.

    Examples
    --------
    >>> import thbstats as thb
    >>> table = thb.CountTable.from_rows(
    ...     [("total", 199), ("female", 74), ("male", 47), ("unknown", 78)],
    ...     columns=["sex", "value"], kind="victims", area="PL", period=2016, status="detected",
    ... )
    >>> document = thb.metrics.ossie(table.partition("sex"), source="main.victims")
    >>> [metric["name"] for metric in document["semantic_model"][0]["metrics"]][:4]
    ['victims_lower', 'victims_upper', 'victims_rows_without_upper_bound', 'female_victims_lower']
    """
    model = _name(partition, name)

    def sql(bound: str, dimension: str, word: str, codes: Iterable[str]) -> str:
        listed = ", ".join(f"'{code}'" for code in codes)
        condition = f"{model}.{dimension} {word} ({listed}) AND " if dimension else ""
        condition += f"{model}.count_upper IS NOT NULL"
        return f"SUM(CASE WHEN {condition} THEN {model}.count_{bound} ELSE 0 END)"

    fields = [
        {
            "name": column,
            "expression": _ansi(column),
            "dimension": {"is_time": column == "period"},
            "label": dimension.title,
            "description": _definition(dimension),
            "ai_context": {"synonyms": _synonyms(dimension)},
        }
        for column, dimension in ((own, partition.schema[own]) for own in partition.names)
    ]
    bounds = [
        {
            "name": f"count_{bound}",
            "expression": _ansi(f"count_{bound}"),
            "datatype": "Integer",
            "description": f"{bound.capitalize()} bound of the count.",
        }
        for bound in ("lower", "upper")
    ]
    metrics = [
        {
            "name": measure.name,
            "expression": _ansi(
                f"1.0 * {measure.numerator} / NULLIF({measure.numerator} + {measure.others}, 0)"
                if measure.others
                else measure.numerator
            ),
            "description": measure.text,
            "custom_extensions": [_extension(measure.extra)],
        }
        for measure in _measures(partition, sql)
    ]
    gaps = _ansi(f"COUNT(*) - COUNT({model}.count_upper)")
    metrics.insert(2, {"name": _gap_name(partition), "expression": gaps, "description": _GAPS})
    return {
        "version": _OSSIE_VERSION,
        "semantic_model": [
            {
                "name": model,
                "description": _ADDITIVE,
                "datasets": [
                    {
                        "name": model,
                        "source": source,
                        "primary_key": [*partition.names],
                        "description": f"TablePartition of {partition.schema.kind} without totals.",
                        "fields": [*fields, *bounds],
                        "custom_extensions": [_extension(dict(partition.common))],
                    }
                ],
                "metrics": metrics,
            }
        ],
    }


def semantic_layer(partition: TablePartition, *, table: str, name: str = "") -> dict[str, Any]:
    """Return the measures of a partition as a configuration of boring-semantic-layer.

    Parameters
    ----------
    partition : TablePartition
        The result of `CountTable.partition`.
    table : str
        The name of the table with the frame of the partition.
    name : str
        The name of the model; by default the kind of the table.

    Returns
    -------
    dict
        The argument of ``boring_semantic_layer.from_config``, or the content of a YAML file.

    Raises
    ------
    InvalidValue
        If the name is not a name of SQL.

    Notes
    -----
    `ossie` describes the measures.

    Examples
    --------
    >>> import thbstats as thb
    >>> table = thb.CountTable.from_rows(
    ...     [{"value": 199}], kind="victims", area="PL", period=2016, status="detected"
    ... )
    >>> list(thb.metrics.semantic_layer(table.partition(), table="t")["victims"]["measures"])
    ['victims_lower', 'victims_upper', 'victims_rows_without_upper_bound']
    """
    model = _name(partition, name)
    dimensions = {
        column: {"expr": f"_.{column}", "description": _definition(partition.schema[column])}
        for column in partition.names
    }
    measures: dict[str, Any] = {}
    calculated: dict[str, Any] = {}

    def ibis(bound: str, dimension: str, word: str, codes: Iterable[str]) -> str:
        condition = "_.count_upper.notnull()"
        if dimension:
            listed, method = (
                ", ".join(f"'{code}'" for code in codes),
                {"IN": "isin"}.get(word, "notin"),
            )
            condition = f"({condition} & _.{dimension}.{method}([{listed}]))"
        return f"{condition}.ifelse(_.count_{bound}, 0).sum()"

    for measure in _measures(partition, ibis):
        own = {"description": measure.text, "metadata": dict(measure.extra)}
        if not measure.others:
            measures[measure.name] = {"expr": measure.numerator, **own}
            continue
        parts = (f"{measure.name}_numerator", f"{measure.name}_others")
        for part, summed in zip(parts, (measure.numerator, measure.others), strict=True):
            measures[part] = {"expr": summed, "description": f"A sum for {measure.name}."}
        ratio = f"_.{parts[0]} / (_.{parts[0]} + _.{parts[1]}).nullif(0)"
        calculated[measure.name] = {"expr": ratio, **own}
    gaps = {_gap_name(partition): {"expr": "_.count_upper.isnull().sum()", "description": _GAPS}}
    first, second, *more = measures
    ordered = {name: measures[name] for name in (first, second)} | gaps
    return {
        model: {
            "table": table,
            "description": _ADDITIVE,
            "dimensions": dimensions,
            "measures": ordered | {name: measures[name] for name in more},
            **({"calculated_measures": calculated} if calculated else {}),
        }
    }


_GAPS = "Number of rows without an upper bound, such as a country that did not report."


def _gap_name(partition: TablePartition) -> str:
    return f"{partition.schema.kind}_rows_without_upper_bound"


def _name(partition: TablePartition, name: str) -> str:
    model, hint = name or partition.schema.kind, "Use letters, digits and underscores: 'victims'"
    require(_NAME.fullmatch(model), "must be a name of SQL", hint, name=model)
    return model


def _measures(partition: TablePartition, sum_of: SumText) -> Iterator[Measure]:
    """Yield the measures: counts, then the counts and shares of each category."""
    kind = partition.schema.kind
    for bound in ("lower", "upper"):
        text = f"{bound.capitalize()} bound of the number of {kind}. {_ADDITIVE}"
        extra, numerator = {"bound": bound, "unit": "count"}, sum_of(bound, "", "IN", ())
        yield Measure(name=f"{kind}_{bound}", text=text, numerator=numerator, extra=extra)
    frame = partition.to_frame()
    # Measures leave out rows without an upper bound: the others of their area and period would be
    # shares of each other.
    key = [frame["area"], frame["period"]]
    is_open = frame["count_upper"].isna().groupby(key).transform("any")
    mixed = frame[is_open & (frame.groupby(key)["area"].transform("size") > 1)]
    hint = "Add the total of each area and period, or select others with table.where(...)"
    problem = "must have a total with an upper bound for each area and period"
    first = ", ".join(mixed[["area", "period"]].head(1).to_numpy().ravel())
    require(mixed.empty, problem, hint, partition=first)
    codes = {column: set(frame[column]) - {NOT_BROKEN_DOWN} for column in partition.by}
    number = Counter(code for own in codes.values() for code in own)
    every = [
        (column, code, bound)
        for column, own in codes.items()
        for code in sorted(own, key=partition.schema[column].sort_key)
        for bound in ("lower", "upper")
    ]
    for column, code, bound in every:
        label = code if number[code] == 1 else f"{code}_{column}"
        # The category has the persons of its sub-categories. At the upper bound, it also has those
        # without a breakdown, of a wider category and of a group that can contain it.
        dimension = partition.schema[column]
        categories = [own for own in codes[column] if code in (own, *dimension.ancestors(own))]
        if bound == "upper":
            others = codes[column].difference(categories)
            categories += [own for own in others if dimension.overlaps(code, own)]
            categories.append(NOT_BROKEN_DOWN)
        categories.sort()
        numerator, other = (
            sum_of(bound, column, "IN", categories),
            {"lower": "upper"}.get(bound, "lower"),
        )
        extra = {"bound": bound, "dimension": column, "category": code}
        title = f"{bound.capitalize()} bound of the"
        yield Measure(
            name=f"{label}_{kind}_{bound}",
            text=f"{title} number of {kind} with {column} {code}.",
            numerator=numerator,
            extra={**extra, "unit": "count"},
        )
        for base in ("all", "known") if code != "unknown" else ("all",):
            name, of, excluded = "all", f"all {kind}", categories
            if base == "known":
                name, of = f"known_{column}", f"{kind} of known {column}"
                excluded = [*categories, "unknown"]
            yield Measure(
                name=f"{label}_share_of_{name}_{kind}_{bound}",
                text=f"{title} share with {column} {code}; denominator: {of}.",
                numerator=numerator,
                others=sum_of(other, column, "NOT IN", excluded),
                extra={**extra, "unit": "share", "base": base},
            )


def _ansi(expression: str) -> dict[str, Any]:
    return {"dialects": [{"dialect": "ANSI_SQL", "expression": expression}]}


def _extension(data: Mapping[str, str]) -> dict[str, str]:
    return {"vendor_name": "THBSTATS", "data": json.dumps(dict(data), ensure_ascii=False)}


def _definition(dimension: Dimension) -> str:
    if dimension.vocabulary is None:
        return f"{dimension.title} of the count."
    return " ".join(dimension.vocabulary.classification().definition.split()) or dimension.title


def _synonyms(dimension: Dimension) -> list[str]:
    """Return the labels and synonyms of the categories."""
    if dimension.vocabulary is None:
        return []
    categories = dimension.vocabulary.classification().categories
    return [text for own in categories for text in (own.label, *own.synonyms)]
