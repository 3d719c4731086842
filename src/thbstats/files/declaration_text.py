"""Declarations as TOML, and questions about their open parts."""

import json
import re
from collections.abc import Mapping
from typing import Any

from attrs import evolve, fields, frozen

from thbstats.files.declaration import Declaration

_EXTENDED = ("ignored", "fill", "dimensions")  # lists to which entries are added
_NAME = re.compile(r"[A-Za-z0-9_-]+")


@frozen(kw_only=True)
class Question:
    """A part of a declaration that a file does not show.

    ``options`` are the parameters of each answer, such as ``{"missing": {"-": "not_reported"}}``.
    """

    problem: str
    options: tuple[Mapping[str, Any], ...] = ()

    def text(self, declared: Declaration) -> str:
        """Return the problem with the lines of TOML that would settle it.

        The lines contain the entries that are declared already, so that they can replace them.
        """
        answers = []
        for option in self.options:
            whole = with_parameters(declared, option)
            lines = []
            for name, value in option.items():
                own = {key: whole.recode[key] for key in value} if name == "recode" else None
                lines += toml_lines(name, getattr(whole, name) if own is None else own)
            answers.append(" and ".join(lines))
        return f"{self.problem}. Write {', or '.join(answers)}" if answers else self.problem


def with_parameters(declared: Declaration, parameters: Mapping[str, Any]) -> Declaration:
    """Return a declaration with further entries of mappings and lists, or other values.

    Examples
    --------
    >>> declared = Declaration(kind="victims", ignored=["Note"])
    >>> with_parameters(declared, {"ignored": ("Code",), "fiscal_year": 4}).ignored
    ('Note', 'Code')
    """
    result: dict[str, Any] = {}
    for name, value in parameters.items():
        own = result[name] = getattr(declared, name)
        if isinstance(own, Mapping):
            common = {*own} & {*value} if name == "recode" else ()
            result[name] = {**own, **value, **{key: {**own[key], **value[key]} for key in common}}
        else:
            result[name] = (*own, *value) if name in _EXTENDED else value
    return evolve(declared, **result)


def toml_lines(name: str, value: Any) -> list[str]:
    """Return a parameter as TOML; ``recode`` has one line for each column.

    Examples
    --------
    >>> toml_lines("recode", {"Sex": {"W": "female"}, "Age": {"<18": "child"}})
    ['recode.Sex = {W = "female"}', 'recode.Age = {"<18" = "child"}']
    """
    if name == "recode":
        return [f"recode.{_key(column)} = {_toml(texts)}" for column, texts in value.items()]
    return [f"{name} = {_toml(value)}"]


def _toml(value: Any) -> str:
    if isinstance(value, Mapping):
        pairs = (f"{_key(key)} = {_toml(own)}" for key, own in value.items())
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(_toml, value))}]"
    if value is None:
        return '"no count"'
    plain = value if isinstance(value, str | int | float) else str(value)  # such as an area
    return json.dumps(plain, ensure_ascii=False)


def _key(text: str) -> str:
    return text if _NAME.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def declaration_lines(declared: Declaration) -> list[str]:
    """Return a declaration as TOML, without the parameters that are the default."""
    default = Declaration()
    return [
        line
        for item in fields(Declaration)
        if (value := getattr(declared, item.name)) != getattr(default, item.name)
        and item.name != "classifications"
        for line in toml_lines(item.name, value)
    ]
