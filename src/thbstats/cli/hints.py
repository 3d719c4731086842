"""Hints of errors with options instead of Python arguments."""

import re

__all__ = ["with_options"]

_VALUE = r"(?:'[^']*'|\"[^\"]*\"|\.\.\.|[\w+-]+)"
_BRACKETS = r"(?:\[[^\]]*\]|\{(?:[^{}]|\{[^{}]*\})*\}|\w+\([^)]*\))"
_OPTIONS = {
    "declare": "--declare FILE",
    "columns": "--column NAME=COLUMN",
    "derive": "--column NAME=COLUMN",
    "multi": "--multi NAME=COLUMN",
    "recode": "--recode NAME:TEXT=CODE",
    "missing": "--missing TEXT",
    "unknown": "--unknown TEXT",
    "no": "--no TEXT",
    "by": "--by NAMES",
    "where": "--where NAME=CODES",
    "members": "--members FILE",
    "bases": "--base COLUMN",
    "weights": "--weights COLUMN",
}
"""Options by argument, for arguments with a list, a mapping or an object."""

_PLAIN = ("kind", "encoding", "format", "decimals", "thousands", "rounding", "separator", "style")
_CONSTANTS = ("area", "period", "status", "unit", "stage", "offence", "register", "sex", "age")

_LABELS = ", or file=... for other labels"
"""A hint without an option."""

_ARGUMENT = re.compile(rf"\b({'|'.join(_OPTIONS)})=(?:{_BRACKETS}|{_VALUE})")
_NAMED = re.compile(rf"\b({'|'.join(_PLAIN)})=({_VALUE})")
_CONSTANT = re.compile(rf"(--[\w-]+ )?(?<![\w:'])({'|'.join(_CONSTANTS)})=({_VALUE})")


def with_options(text: str) -> str:
    """Return a message with command-line options for Python arguments.

    Parameters
    ----------
    text : str
        The message of an error.

    Examples
    --------
    >>> with_options("Pass kind='victims' and area='MT'")
    'Pass --kind victims and --set area=MT'
    >>> with_options("Add declare=Declaration(...)")
    'Add --declare FILE'
    """
    text = text.replace(_LABELS, "")
    text = _ARGUMENT.sub(lambda match: _OPTIONS[match[1]], text)
    text = _NAMED.sub(lambda match: f"--{match[1]} {_bare(match[2])}", text)
    return _CONSTANT.sub(
        lambda match: match[0] if match[1] else f"--set {match[2]}={_bare(match[3])}", text
    )


def _bare(value: str) -> str:
    return "VALUE" if value == "..." else value.strip("'\"")
