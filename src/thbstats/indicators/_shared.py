"""Parts that indicators share: arguments, selections of numbers, and panels made from panels."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from enum import StrEnum
from functools import wraps
from inspect import Parameter, signature
from numbers import Number
from types import NoneType
from typing import Any, Literal, TypeVar

import numpy as np
from attrs import evolve, fields

from thbstats._signatures import explain_arguments
from thbstats.columns import Coded, Fractions, Mask
from thbstats.errors import ThbstatsError, require
from thbstats.geography import Area
from thbstats.panel import Panel, Parts, Result, Status
from thbstats.panel.cell_metadata import sets_of
from thbstats.panel.grid import CountSelection, PanelGrid, grid_of, selection_of
from thbstats.panel.pooled_counts import PanelCounts, counts_of
from thbstats.panel.share_questions import ShareQuestion
from thbstats.rules import Rule, Thresholds, apply_rules
from thbstats.tables import CountTable, require_table
from thbstats.tables.divisions import has_total
from thbstats.values import Interval, Period

By = str | Sequence[str] | None
Areas = str | Area | Sequence[str | Area] | None
Periods = str | int | Period | Iterable[str | int | Period] | None
Names = str | Iterable[str] | None
Reading = Literal["leave_out", "published", "parts"]
Indicator = TypeVar("Indicator", bound=Callable[..., Any])
Kind = TypeVar("Kind", bound=Panel)


def indicator(formula: str = "") -> Callable[[Indicator], Indicator]:
    """Return a decorator that checks the arguments of an indicator, and records its call.

    Results contain the call that returns them, as Python code: a table and another object without
    a short text have the name of their argument, and a number has the call that returned it.
    Numbers in place of a table are refused with the name of the formula that takes them.
    """

    def decorate(function: Any) -> Any:
        parameters = signature(function).parameters
        # One error names the missing base together with the missing area and period.
        base = parameters.get("base")
        required = {"base": ""} if base and base.default is Parameter.empty else {}
        home = function.__module__.removeprefix("thbstats.").partition(".")[0]
        path = "thb" if home == "indicators" else f"thb.{home}"
        explained = explain_arguments(function)

        @wraps(function)
        def call(*arguments: Any, **options: Any) -> Any:
            data = arguments[0] if arguments and formula else None
            require(
                not (isinstance(data, Number | list | tuple) or hasattr(data, "dtype")),
                "`table` must be a CountTable",
                f"For numbers use thbstats.formulas.{formula}",
                table=type(data),
            )
            options = required | options
            result = explained(*arguments, **options)
            texts = [_literal(own, name) for name, own in zip(parameters, arguments, strict=False)]
            texts += [f"{name}={_literal(own, name)}" for name, own in options.items()]
            return _recorded(result, f"{path}.{function.__name__}({', '.join(texts)})")

        return call

    return decorate


def _recorded(result: Any, call: str) -> Any:
    """Return a result with the call that returned it."""
    if isinstance(result, Result):
        return evolve(result, panel=evolve(result.panel, call=call))
    own = {
        item.name: _recorded(value, f"{call}.{item.name}")
        for item in fields(type(result))
        if isinstance(value := getattr(result, item.name), Result)
    }
    return evolve(result, call=call, **own)


def _literal(value: Any, name: str) -> str:
    """Return an argument as Python code, or its name."""
    if type(value) in (str, int, float, bool, NoneType):
        return repr(value)
    if isinstance(value, Panel | Result):
        return value.call or name
    if isinstance(value, Area):
        with suppress(ThbstatsError):
            if Area.parse(value.code) == value:
                return repr(value.code)
        label = "" if value.label == value.code else f", label={value.label!r}"
        return f"thb.Area.define({value.code!r}, {sorted(value.members)!r}{label})"
    if isinstance(value, Period | StrEnum):
        return repr(str(value))
    if isinstance(value, Mapping):
        items = ((own, _literal(item, name)) for own, item in value.items())
        return "{" + ", ".join(f"{own!r}: {text}" for own, text in items) + "}"
    if isinstance(value, list | tuple | range) and all(isinstance(own, str | int) for own in value):
        return repr([own if type(own) is int else str(own) for own in value])
    return name


def grid_in(
    table: CountTable, selection: CountSelection, *, by: By, area: Areas, period: Periods,
    named: Iterable[str] = (), **options: Any,
) -> PanelGrid:  # fmt: skip
    """Return the grid of a selection."""
    options |= {"attributes": selection.attributes, "named": (*selection.categories, *named)}
    return grid_of(table, by=by, area=area, period=period, **options)


def counts_in(table: CountTable, selection: Mapping[str, Any], **options: Any) -> PanelCounts:
    """Return the counts of a selection."""
    selected = selection_of(table, selection)
    return counts_of(grid_in(table, selected, **options), selected.categories)


def divided_by_attribute(table: CountTable, selection: Mapping[str, Any]) -> CountTable:
    """Return the table divided by the only attribute with a total, if no breakdown is selected."""
    schema = require_table(table).columns.schema
    names = [name for name in selection if name in schema.names]
    if any(schema[name].total is not None for name in names):
        return table
    divided = [
        name
        for name in names
        if has_total(schema, name) and selection[name] not in ("all", "registered", None)
    ]
    if len(divided) != 1:
        return table
    result = table.as_breakdown(divided[0])
    return result if set(result.categories(divided[0])) - {"total", "unknown"} else table


def question_of(
    table: CountTable, category: Mapping[str, Any], within: Mapping[str, Any], *, base: str,
    overlap: str | None = None, names: Sequence[str] = (), **where: Any,
) -> ShareQuestion:  # fmt: skip
    """Return the query for the shares of a category, or of all categories of some dimensions."""
    part, inside = (selection_of(table, own) for own in (category, within))
    attributes = {**inside.attributes, **part.attributes}
    for name, words in inside.attributes.items():
        is_same, other = attributes[name] == words, {name: ", ".join(attributes[name])}
        hint = f"Remove {name} from `where`"
        require(is_same, "must not have another value in `where`", hint, **other)
    both = evolve(part, attributes=attributes)
    where |= {"named": (*inside.categories, *names), "has_base": bool(base)}
    return ShareQuestion(
        grid=grid_in(table, both, with_unknown=True, **where),
        names=tuple(names or part.categories),
        category=None if names else part.categories,
        within=inside.categories,
        base=base,
        overlap=overlap,
    )


def shares_over(panel: Panel, selected: Mask) -> Panel:
    """Return shares over some of their countries."""
    parts = panel.parts
    value = parts.pooled(selected)
    above, below = (
        Fractions.counts(own.pool(parts.start, selected)) for own in (parts.numerator, parts.base)
    )
    lost = value.missing & (panel.status == Status.OK)
    return evolve(
        panel,
        value=value,
        numerator=panel.numerator.where(value.missing, above),
        denominator=panel.denominator.where(value.missing, below),
        reporters=sets_of(parts.number[selected], parts.members.take(selected), len(panel)),
        n_reporters=np.bincount(parts.number[selected], minlength=len(panel)),
        status=np.where(lost, np.int8(Status.NOT_REPORTED), panel.status),
        parts=evolve(parts, reported=selected),
    )


def side_by_side(panels: Sequence[Panel], name: str, words: Sequence[str]) -> Panel:
    """Concatenate numbers of the same keys, with a further key."""
    size = len(panels[0])
    result = Panel.concat(panels)
    rows = np.arange(size * len(panels)).reshape(len(panels), size)
    further = Coded(np.repeat(np.arange(len(panels)), size), words)
    return evolve(result, keys={**result.keys, name: further}).take(rows.T.ravel())


def checked(
    panel: Panel, by: By, thresholds: Thresholds | None, rules: Iterable[Rule] | None,
    table: CountTable | None = None, *, caption: str = "",
) -> Any:  # fmt: skip
    """Return a panel with its warnings, or its only number without ``by=``."""
    judged = apply_rules(defined(panel), thresholds=thresholds, rules=rules)
    if caption:
        judged = evolve(judged, caption=caption)
    return judged.scalar(table) if by is None else judged


def defined(panel: Kind) -> Kind:
    """Return a panel with the status "undefined" for quotients whose denominator is 0."""
    is_quotient = panel.base.table(lambda own: own.rule != "none", np.bool_)
    empty = is_quotient & (panel.denominator.upper == 0) & panel.value.undefined
    empty &= ~panel.value.missing
    if not empty.any():
        return panel
    status = np.where(empty & (panel.status == Status.OK), np.int8(Status.UNDEFINED), panel.status)
    return evolve(panel, value=panel.value.without(empty), status=status)


def derived(panel: Panel, /, **columns: Any) -> Panel:
    """Return other numbers with the rows of a panel, without its parts, rules and differences.

    A single value applies to all rows, and intervals become fractions.
    """
    size = len(panel)
    gone = columns.get("status", panel.status) == Status.AMBIGUOUS
    for name, own in columns.items():
        column = getattr(panel, name)
        if isinstance(column, Coded) and not isinstance(own, Coded):
            columns[name] = Coded.constant(own, size)
        elif isinstance(column, Fractions) and not isinstance(own, Fractions):
            columns[name] = Fractions.from_values(own)
        if name in ("value", "bounds", "bounds_with_unknown"):
            columns[name] = columns[name].without(gone)
    none = Fractions.none(size)
    unjudged = {"rules": (), "levels": np.zeros((0, size), dtype=np.int8)}
    own = {"discrepancy": none, "all_reported": none, "parts": Parts.empty(size), **unjudged}
    return evolve(panel, **own | columns)


def as_kind(kind: type[Kind], panel: Panel, /, **columns: Any) -> Kind:
    """Return a panel as another class, with other columns."""
    shared = {item.name: getattr(panel, item.name) for item in fields(Panel)}
    return kind(**shared | columns)


def stated(panel: Panel) -> Fractions:
    """Return the values of a panel, and the bounds of rows without a value."""
    return panel.value.where(~panel.value.missing, panel.bounds)


def total_of(intervals: Iterable[Interval | None]) -> Interval:
    """Return the sum of intervals, without missing intervals."""
    return sum((own for own in intervals if own is not None), Interval.point(0))
