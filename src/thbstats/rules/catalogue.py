"""The catalogue of rules: their texts, and the rules of the library."""

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import Any, Literal

from attrs import evolve, field, frozen

from thbstats.panel import Outcome
from thbstats.records import CountingRules
from thbstats.rules.rule import Codes, Evidence, Rule, WarningText, finding

__all__ = ["library_rule", "messages"]


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
    '{period} does not consist of whole years'
    """
    text = files("thbstats.rules").joinpath("messages.toml").read_text(encoding="utf-8")
    found = tomllib.loads(text)
    for key, entry in _catalogue().items():
        own = [entry.get(name, "") for name in ("not_assessable", "message")]
        found.setdefault(key.partition(".")[0], []).extend([*own, _hint(entry)])
    return {code: tuple(dict.fromkeys(filter(None, found[code]))) for code in sorted(found)}


@frozen
class _Function:
    """A function of a library rule; it is pickled as the name of the rule."""

    key: str
    name: str
    documents: tuple[CountingRules, ...]
    function: Callable[..., Any] = field(eq=False, repr=False)

    def __call__(self, *arguments: Any) -> Any:
        return self.function(*arguments)

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (self.key, self.name, self.documents)


def _restored(key: str, name: str, documents: tuple[CountingRules, ...]) -> Any:
    return getattr(_rules_by_key(documents)[key], name)


@cache
def _rules_by_key(documents: tuple[CountingRules, ...]) -> dict[str, Rule]:
    # This module is below the rules.
    package: Any = import_module("thbstats.rules")
    rules = (*package.rules_with(documents), package.NO_VALUE)
    return {rule.check.key: rule for rule in rules}


def library_rule(
    key: str,
    check: Callable[..., Codes],
    text: Callable[..., WarningText] | None = None,
    *,
    evidence: Callable[..., Evidence] | None = None,
    documents: tuple[CountingRules, ...] = (),
    **options: Any,
) -> Rule:
    """Return the rule with a key such as ``"AGE.number"``, as the catalogue describes it.

    Without `text`, the catalogue has the message, and `evidence` takes the numbers. It also has
    the hint of texts without one.
    """
    code, name, *_ = key.split(".")
    scope: Literal["number", "pair"] = "number" if name == "number" else "pair"
    options = _catalogue()[key] | options
    message, missing = (options.pop(name, "") for name in ("message", "not_assessable"))
    hint = _hint(options)

    def all_words(*arguments: Any) -> WarningText:
        *numbers, _, outcome = arguments
        if missing and outcome is Outcome.NOT_ASSESSABLE:
            return finding(missing)
        if text is None:
            formatted = () if evidence is None else evidence(*numbers)
            return finding(message, formatted, hint)
        found = text(*arguments)
        is_warning = outcome is Outcome.FAIL or options.get("essential", False)
        return evolve(found, hint=hint) if is_warning and not found.hint else found

    functions = {"check": check, "text": all_words, "severity": options["severity"]}
    for field_name, function in functions.items():
        if callable(function):
            options[field_name] = _Function(key, field_name, documents, function)
    return Rule(code=code, scope=scope, **options)
