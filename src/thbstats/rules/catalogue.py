"""The catalogue of rules: their texts, and the rules of the library."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache, partial
from importlib.resources import files
from types import SimpleNamespace
from typing import Any

import numpy as np
from attrs import evolve, fields_dict, frozen
from numpy.typing import NDArray

from thbstats._properties import cached_property
from thbstats.columns import Coded
from thbstats.display import count, percent
from thbstats.languages import Message
from thbstats.panel import ComparabilityWarning, Outcome, Panel, Result, Severity
from thbstats.panel.names import area_label
from thbstats.panel.numbers import OF_KIND
from thbstats.records import CountingRules
from thbstats.rules.pairs import Pairs, PanelColumn, code_of, is_same_series, series_key
from thbstats.rules.rule import Codes, Rule, Thresholds, WarningText, failure

Documents = tuple[CountingRules, ...]

Facts = Mapping[str, object]
"""The values of a text by name; ``case`` names the text, ``evidence`` replaces the evidence."""


@cache
def _catalogue() -> dict[str, dict[str, Any]]:
    text = files("thbstats.rules").joinpath("catalogue.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _hint(entry: Mapping[str, Any]) -> str:
    """Return the hint of a rule, as the hint of a warning."""
    return entry["hint"].rstrip(".").replace("`", "")  # type: ignore[no-any-return]


def _stated(values: Iterable[str | None], link: str) -> str:
    texts = ((value or "not stated").replace("_", " ") for value in values)
    return link.join(dict.fromkeys(texts)) or "none"


_STYLES: Mapping[str, Callable[[Any], str]] = {
    "area": area_label,
    "count": count,
    "percent": lambda share: percent(share, 0),
    "list": lambda names: ", ".join(sorted(names)),
    "over": partial(_stated, link=" over "),
    "stated": partial(_stated, link=", "),
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


@frozen(eq=False)
class Property:
    """A property of numbers, and the columns on which it depends.

    `columns` can be a function of counting rules and the panel; without columns no number has the
    property. `key` receives a number, and its values in columns that the panel does not have. A
    number has only the columns of `OF_KIND`, if the property depends on no others.
    """

    columns: tuple[str, ...] | Callable[[Documents, Panel], Sequence[PanelColumn]]
    key: Callable[..., Any]

    @cached_property
    def is_of_kind(self) -> bool:
        """Whether the property depends on columns in `OF_KIND` only."""
        columns = () if callable(self.columns) else self.columns
        return bool(columns) and {*OF_KIND}.issuperset(columns)

    def groups(self, documents: Documents, panel: Panel) -> tuple[NDArray[np.intp], list[Any]]:
        """Return the group of each number, and the property of each group."""
        columns = self.columns(documents, panel) if callable(self.columns) else self.columns
        if not columns:
            return np.zeros(len(panel), dtype=np.intp), [None]
        further = [column for column in columns if not isinstance(column, str)]
        group, first = panel.group_rows(columns)
        return group, [
            self.key(Result(panel, row), *(column[row] for column in further))
            for row in first.tolist()
        ]

    def of_all(self, documents: Documents, panel: Panel) -> Coded[Any]:
        """Return the property of each number."""
        group, values = self.groups(documents, panel)
        column = Coded.from_values(values)
        return Coded(column.codes[group], column.categories)

    def of_result(self, documents: Documents, number: Result) -> Any:
        """Return the property of one number."""
        if not callable(self.columns):
            return self.key(number)
        return self.groups(documents, number.panel.take([number.position]))[1][0]


_NUMBER = Property((), lambda number: number)
_SERIES = Property(("sources", "area", "numerator_kind", "denominator_kind"), series_key)


@frozen(kw_only=True, eq=False)
class LibraryRule:
    """A rule of the catalogue. It is pickled by its key.

    Parameters
    ----------
    key : str
        The key of its texts, such as ``"AGE.number"``.
    judge : callable
        From the property of a number, or of both numbers, to an outcome, or to the severity of a
        failure. It passes for numbers without the property.
    of : Property
        The property that the rule judges; by default the number itself, for `codes`.
    codes : callable, optional
        Instead of `judge`: from numbers or pairs, limits and counting rules to codes.
    severity : callable, optional
        As in `Rule`. By default the catalogue, `judge` or `codes` contain the severity.
    facts : callable, optional
        From the numbers, or from their properties, to the values in the text of a failure.
    open_facts : callable, optional
        As `facts`, for a rule that is not assessable.
    presumed : callable, optional
        The properties with which pairs of one source, area and series pass instead of being open.
    documents : tuple of CountingRules
        The counting rules that a user documents.
    """

    key: str
    judge: Callable[..., Outcome | Severity] = failure
    of: Property = _NUMBER
    codes: Callable[..., Codes] | None = None
    severity: Callable[..., Codes] | None = None
    facts: Callable[..., Facts] | None = None
    open_facts: Callable[..., Facts] | None = None
    presumed: Callable[[Any], bool] | None = None
    documents: Documents = ()

    def __reduce__(self) -> tuple[Any, ...]:
        return _with_documents, (self.key, self.documents)

    def check(self, numbers: Panel | Pairs, limits: Thresholds) -> Codes:
        """Return the codes of numbers or pairs, as `Rule` describes them."""
        if self.codes is not None:
            return self.codes(numbers, limits, self.documents)
        if isinstance(numbers, Panel) and self.of.is_of_kind:
            return of_kinds(numbers, self._code_of_number)
        if isinstance(numbers, Panel):
            group, values = self.of.groups(self.documents, numbers)
            return np.array([self._code(value) for value in values], dtype=np.int8)[group]
        if self.presumed is None:
            return numbers.by_key(self.of.of_all(self.documents, numbers.panel), self._code)
        return numbers.by_key(self._with_series(numbers.panel), self._code_in_series)

    def _with_series(self, panel: Panel) -> Coded[tuple[Any, Any]]:
        own = self.of.of_all(self.documents, panel)
        if not any(map(self.presumed, own.categories)):  # type: ignore[arg-type]
            return own.map(lambda value: (value, None))
        return own.combine(_SERIES.of_all((), panel), lambda value, series: (value, series))

    def _code(self, *values: Any) -> int:
        if None in values:
            return 1
        result = self.judge(*values)
        return -1 - result.rank if isinstance(result, Severity) else code_of(result)

    def _code_of_number(self, number: Any) -> int:
        return self._code(self.of.key(number))

    def _code_in_series(self, *numbers: tuple[Any, Any]) -> int:
        """Return the code of a check; one source, area and series counts in one way."""
        values, series = zip(*numbers, strict=True)
        code = self._code(*values)
        is_presumed = code == 0 and all(map(self.presumed, values))  # type: ignore[arg-type]
        return 1 if is_presumed and is_same_series(*series) else code

    def text(self, *arguments: Any) -> WarningText:
        """Return the text of a warning, as `Rule` describes it."""
        *numbers, limits, outcome = arguments
        is_open = outcome is Outcome.NOT_ASSESSABLE
        names = ("number",) if len(numbers) == 1 else ("first", "second")
        values = [self.of.of_result(self.documents, number) for number in numbers]
        known: dict[str, object] = {"limits": limits, **dict(zip(names, numbers, strict=True))}
        known |= {f"{name}_value": own for name, own in zip(names, values, strict=True)}
        facts = self.open_facts if is_open else self.facts
        known.update(facts(*values) if facts else {})
        return library_text(self.key, known, is_open=is_open)


def of_kinds(panel: Panel, function: Callable[[Any], int]) -> Codes:
    """Return the result of a function of the columns `OF_KIND` for each number."""
    group, kinds = panel._kinds
    return np.array([_of_kind(function, own) for own in kinds], dtype=np.int8)[group]


@lru_cache(maxsize=4096)
def _of_kind(function: Callable[[Any], int], values: tuple[Any, ...]) -> int:
    """Return the result of a function for a number with some values, cached."""
    return function(SimpleNamespace(**dict(zip(OF_KIND, values, strict=True))))


LIBRARY: dict[str, LibraryRule] = {}
"""The rules of the library by key, from which rules are unpickled."""

_OPTIONS = fields_dict(Rule).keys()


def library_rule(key: str, **parts: Any) -> LibraryRule:
    """Return a rule of the catalogue with its parts, as `LibraryRule` describes them."""
    result = LIBRARY[key] = LibraryRule(key=key, **parts)
    return result


@cache
def _with_documents(key: str, documents: Documents) -> LibraryRule:
    return evolve(LIBRARY[key], documents=documents)


def rule_of(rule: LibraryRule, documents: Documents = ()) -> Rule:
    """Return a rule of the catalogue with the counting rules that a user documents."""
    code, scope, *_ = rule.key.split(".")
    entry, own = _catalogue()[rule.key], _with_documents(rule.key, documents)
    options = {"severity": own.severity} | {name: entry[name] for name in _OPTIONS & entry.keys()}
    return Rule(code=code, scope=scope, check=own.check, text=own.text, **options)  # type: ignore[arg-type]
