"""The catalogue of rules: their texts, and the rules of the library."""

import re
import tomllib
from collections.abc import Callable, Mapping
from functools import cache, partial
from importlib import import_module
from importlib.resources import files
from typing import Any

import numpy as np
from attrs import field, frozen

from thbstats.columns import Coded
from thbstats.display import count, percent
from thbstats.panel import (
    NOT_DOCUMENTED,
    ComparabilityWarning,
    Message,
    Outcome,
    Panel,
    Result,
    not_documented,
)
from thbstats.records import CountingRules
from thbstats.rules.pairs import Pairs, code_of, column_of, is_same_series, key_column, series_key
from thbstats.rules.rule import Codes, Rule, Thresholds, WarningText, per_kind

Documents = tuple[CountingRules, ...]

Facts = Mapping[str, object]
"""The values of a text by name; ``case`` names the text, ``evidence`` replaces the evidence."""

MakeRule = Callable[..., Rule]


@cache
def _catalogue() -> dict[str, dict[str, Any]]:
    text = files("thbstats.rules").joinpath("catalogue.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _hint(entry: Mapping[str, Any]) -> str:
    """Return the hint of a rule as that of a warning."""
    return entry["hint"].rstrip(".").replace("`", "")  # type: ignore[no-any-return]


def messages() -> dict[str, tuple[str, ...]]:
    """Return the texts of all rules, by code.

    A message begins with a small letter or a parameter, a hint with a capital. Each is one
    sentence without a full stop. Names of evidence are included.

    Returns
    -------
    dict of str to tuple of str
        Templates with parameters in braces: the keys for `Warnings.translate`.

    Examples
    --------
    >>> messages()["PERIOD"][0]
    '{period} is neither of whole years nor a half-year, a quarter or a month'
    """
    (note,) = not_documented([("", "")], "number")
    texts_by_code: dict[str, list[str]] = {NOT_DOCUMENTED: [note.key, note.hint]}
    for key, entry in _catalogue().items():
        texts = entry["texts"].values()
        own = [text for item in texts for text in ([item] if isinstance(item, str) else item)]
        texts_by_code.setdefault(key.partition(".")[0], []).extend(
            [*own, _hint(entry), *entry.get("evidence", ()), *entry.get("labels", ())]
        )
    return {code: tuple(dict.fromkeys(texts_by_code[code])) for code in sorted(texts_by_code)}


_STYLES: Mapping[str, Callable[[Any], str]] = {
    "count": count,
    "percent": lambda share: percent(share, 0),
    "list": lambda names: ", ".join(sorted(names)),
}


def _value(path: str, known: Facts) -> Any:
    """Return the value at a path such as ``number.numerator|count``; ``None`` if missing."""
    path, _, style = path.partition("|")
    name, *attributes = path.split(".")
    value: Any = known.get(name)
    for attribute in attributes:
        value = None if value is None else getattr(value, attribute)
    return _STYLES[style](value) if style and value is not None else value


def filled(template: str, values: Facts) -> str:
    """Return a text with the values of its parameters."""
    chosen = {name: values[name] for name in re.findall(r"\{(\w+)\}", template)}
    return Message(template, **chosen) if chosen else template


def library_text(key: str, known: Facts, *, is_open: bool = False) -> WarningText:
    """Return the text of a rule of the catalogue, from values by name."""
    entry = _catalogue()[key]
    name = known.get("case", "fail")
    if is_open:
        name = f"open_{name}" if "case" in known else "open"
    text = entry["texts"].get(name) or entry["texts"]["fail"]
    is_complete = not is_open or entry.get("essential", False)
    hint = _hint(entry) if is_complete else ""
    message, hint = text if isinstance(text, list) else (text, hint)
    paths = entry.get("values", {})
    values = {**known, **{name: _value(path, known) for name, path in paths.items()}}
    evidence = known.get("evidence")
    if evidence is None:
        paths = entry.get("evidence", {}) if is_complete else {}
        pairs = ((label, _value(path, known)) for label, path in paths.items())
        evidence = [(label, value) for label, value in pairs if value is not None]
    return WarningText(
        message=filled(message, values),
        evidence=tuple(evidence),  # type: ignore[arg-type]
        hint=filled(hint, values),
    )


def library_warning(key: str, **known: object) -> ComparabilityWarning:
    """Return a warning that does not come from a panel."""
    entry, text = _catalogue()[key], library_text(key, known)
    return ComparabilityWarning(
        code=key.partition(".")[0],
        title=entry["title"],
        severity=entry["severity"],
        scope="number",
        message=text.message,
        evidence=text.evidence,
        hint=text.hint,
    )


@frozen
class _Function:
    """A function of a library rule; it is pickled as the name of the rule."""

    key: str
    name: str
    documents: Documents
    function: Callable[..., Any] = field(eq=False, repr=False)
    columns: tuple[str, ...] = field(default=(), eq=False)
    """The columns that determine the result; empty if other properties of the panel matter."""

    def __call__(self, *arguments: Any) -> Any:
        return self.function(*arguments)

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (self.key, self.name, self.documents)


def _restored(key: str, name: str, documents: Documents) -> Any:
    return getattr(_rules_by_key(documents)[key], name)


@cache
def _rules_by_key(documents: Documents) -> dict[str, Rule]:
    # This module is below the rules.
    package: Any = import_module("thbstats.rules")
    rules = (*package.rules_with(documents), package.NO_VALUE)
    return {rule.check.key: rule for rule in rules}


@frozen
class Property:
    """A property of numbers, and the columns on which it depends."""

    columns: tuple[str, ...]
    key: Callable[[Result], Any]

    def __call__(self, panel: Panel) -> Coded[Any]:
        """Return the property of each number."""
        return key_column(panel, self.columns, self.key)


PropertyColumn = Callable[..., Coded[Any]]
"""A column with a property of each number, from the panel."""


def _codes(
    function: Callable[..., Any],
    column: PropertyColumn,
    numbers: Panel | Pairs,
    _limits: Thresholds,
) -> Codes:
    """Return the codes of a function of properties, called once per property or pair of them."""
    if isinstance(numbers, Pairs):
        return numbers.by_key(column_of(numbers, column, column), function)
    if isinstance(column, Property):
        key = column.key
        return per_kind(numbers, column.columns, lambda number: function(key(number)))
    codes: Codes = column(numbers).table(lambda own: code_of(function(own)), np.int8)
    return codes


_series = Property(("sources", "area", "numerator_kind", "denominator_kind"), series_key)


def _with_series(
    column: PropertyColumn, presumed: Callable[[Any], bool], panel: Panel
) -> Coded[tuple[Any, Any]]:
    own = column(panel)
    if not any(map(presumed, own.categories)):
        return own.map(lambda value: (value, None))
    return own.combine(_series(panel), lambda value, series: (value, series))


def _presuming(
    check: Callable[[Any, Any], Outcome],
    presumed: Callable[[Any], bool],
    first: tuple[Any, Any],
    second: tuple[Any, Any],
) -> Outcome:
    """Return the outcome of a check. One source, area and series has one way of counting."""
    outcome = check(first[0], second[0])
    is_open = outcome is Outcome.NOT_ASSESSABLE and presumed(first[0]) and presumed(second[0])
    return Outcome.PASS if is_open and is_same_series(first[1], second[1]) else outcome


def _property(column: PropertyColumn, number: Result) -> Any:
    if isinstance(column, Property):
        return column.key(number)
    return column(number.panel.take([number.position]))[0]


def library_rule(
    key: str,
    check: Callable[..., Any],
    facts: Callable[..., Facts] | None = None,
    *,
    of: PropertyColumn | None = None,
    severity: Callable[..., Any] | None = None,
    open_facts: Callable[..., Facts] | None = None,
    is_documented: bool = False,
    presumed: Callable[[Any], bool] | None = None,
) -> MakeRule:
    """Return a function from counting rules to a rule of the catalogue.

    Parameters
    ----------
    key : str
        The key of its texts, such as ``"AGE.number"``.
    check : callable
        As in `Rule`; with `of`, a function of the property of each number.
    facts : callable, optional
        From the numbers, or from their properties, to the values in the text of a failure.
    of : callable, optional
        The property that the rule judges.
    severity : callable, optional
        As `check`. By default the catalogue contains the severity.
    open_facts : callable, optional
        As `facts`, for a rule that is not assessable.
    is_documented : bool
        Whether counting rules are the first argument of `of`, or else of all functions.
    presumed : callable, optional
        The properties with which pairs of one source, area and series pass instead of being open.
    """
    code, scope, *_ = key.split(".")
    entry = _catalogue()[key]
    options = {name: entry[name] for name in _OPTIONS if name in entry}
    names = ("number",) if scope == "number" else ("first", "second")

    def rule(documents: Documents = ()) -> Rule:
        def bound(function: Any) -> Any:
            return partial(function, documents) if is_documented and function else function

        column = bound(of)

        def judged(function: Any) -> Any:
            return bound(function) if column is None else partial(_codes, function, column)

        def text(*arguments: Any) -> WarningText:
            *numbers, limits, outcome = arguments
            is_open = outcome is Outcome.NOT_ASSESSABLE
            known = {"limits": limits, **dict(zip(names, numbers, strict=True))}
            function = open_facts if is_open else facts
            if function is not None and column is None:
                known |= bound(function)(*numbers)
            elif function is not None:
                known |= function(*(_property(column, number) for number in numbers))
            return library_text(key, known, is_open=is_open)

        functions = {"check": judged(check), "text": text}
        if presumed is not None:
            series = partial(_with_series, column, presumed)
            functions["check"] = partial(_codes, partial(_presuming, check, presumed), series)
        if severity is not None:
            functions["severity"] = judged(severity)
        columns = column.columns if isinstance(column, Property) else ()
        named = {
            name: _Function(key, name, documents, function, columns)
            for name, function in functions.items()
        }
        return Rule(code=code, scope=scope, **options | named)  # type: ignore[arg-type]

    return rule


_OPTIONS = (
    *("title", "definition", "trigger", "source", "example", "hint", "severity", "essential"),
    *("is_limitation", "explains_status", "affects_pairs", "needs_documentation"),
)
"""The properties of a rule in the catalogue."""
