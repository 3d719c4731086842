"""The catalogue of rules: their texts, and the rules of the library."""

import re
import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import Any, Literal

from attrs import field, frozen

from thbstats.panel import NOT_DOCUMENTED, Message, Outcome, not_documented
from thbstats.records import CountingRules
from thbstats.rules.rule import Codes, Evidence, Rule, WarningText, Wording


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
    (note,) = not_documented([("", "")], "number")
    texts_by_code: dict[str, list[str]] = {NOT_DOCUMENTED: [note.key, note.hint]}
    for key, entry in _catalogue().items():
        texts = entry.get("texts", {}).values()
        own = [text for item in texts for text in ([item] if isinstance(item, str) else item)]
        texts_by_code.setdefault(key.partition(".")[0], []).extend(
            [*own, _hint(entry), *entry.get("labels", ())]
        )
    return {code: tuple(dict.fromkeys(texts_by_code[code])) for code in sorted(texts_by_code)}


def warning_text(key: str, wording: Wording, *, with_hint: bool = True) -> WarningText:
    """Return the text of a warning, from the name of a text in the catalogue."""
    name, evidence, parameters = wording
    entry = _catalogue()[key]
    text = entry["texts"][name]
    message, hint = text if isinstance(text, list) else (text, _hint(entry) if with_hint else "")
    return WarningText(
        message=_filled(message, parameters), evidence=evidence, hint=_filled(hint, parameters)
    )


def _filled(template: str, parameters: Mapping[str, object]) -> str:
    names = set(re.findall(r"\{(\w+)\}", template))
    chosen = {name: value for name, value in parameters.items() if name in names}
    return Message(template, **chosen) if chosen else template


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
    wording: Callable[..., Wording] | None = None,
    *,
    evidence: Callable[..., Evidence] | None = None,
    documents: tuple[CountingRules, ...] = (),
    **options: Any,
) -> Rule:
    """Return a rule of the catalogue, by a key such as ``"AGE.number"``.

    Without `wording`, the message is the text ``fail`` or ``not_assessable``, and `evidence`
    takes the numbers.
    """
    code, name, *_ = key.split(".")
    scope: Literal["number", "pair"] = "number" if name == "number" else "pair"
    options = _catalogue()[key] | options
    texts = options.pop("texts")
    options.pop("labels", None)

    def text(*arguments: Any) -> WarningText:
        *numbers, _, outcome = arguments
        is_open = outcome is Outcome.NOT_ASSESSABLE
        if is_open and "not_assessable" in texts:
            return warning_text(key, ("not_assessable", (), {}), with_hint=False)
        if wording is not None:
            result = wording(*arguments)
        else:
            result = "fail", () if evidence is None else evidence(*numbers), {}
        return warning_text(key, result, with_hint=not is_open or options.get("essential", False))

    functions = {"check": check, "text": text, "severity": options["severity"]}
    for field_name, function in functions.items():
        if callable(function):
            options[field_name] = _Function(key, field_name, documents, function)
    return Rule(code=code, scope=scope, **options)
