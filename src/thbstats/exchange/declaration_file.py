"""Declarations in TOML, for those who type commands."""

import os
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from thbstats.errors import InvalidFile, InvalidValue, ThbstatsError, UnknownName, did_you_mean
from thbstats.exchange.declaration import Declaration
from thbstats.exchange.files.opening import open_regular

__all__ = ["read_declaration"]

_LARGEST = 1 << 20


def read_declaration(path: str | os.PathLike[str]) -> Declaration:
    r"""Return the declaration that stands in a TOML file.

    Its keys are the parameters of `Declaration`: ``kind``, ``ignored``, ``thousands``,
    ``fewer_than_from`` and ``repeated``, and the tables ``[columns]``, ``[constants]``,
    ``[missing]`` and ``[recode."column"]``. A word of a column ``"*"`` that stands for no count is
    ``"no count"``, since TOML has no word for nothing.

    Parameters
    ----------
    path : str or path
        The file.

    Returns
    -------
    Declaration

    Raises
    ------
    InvalidFile
        If it is no TOML, or no regular file.
    UnknownName
        If a key is no parameter of a declaration.
    InvalidValue
        If a value is not what the parameter takes.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "malta.toml"
    ...     _ = file.write_text('kind = "victims"\n[columns]\nYear = "period"\n')
    ...     read_declaration(file).columns
    {'Year': 'period'}
    """
    name = Path(path).name
    with open_regular(path) as file:
        data = file.read(_LARGEST + 1)
    try:
        if len(data) > _LARGEST:
            raise ValueError("it is larger than any declaration")
        found = tomllib.loads(data.decode())
    except (ValueError, RecursionError) as error:
        raise InvalidFile(
            f"{name} is no declaration in TOML: {error}", hint="Write it as the manual shows"
        ) from None
    for key, value in found.items():
        if key not in _TAKES:
            raise UnknownName("no such key", field=key, hint=did_you_mean(key, _TAKES))
        _check(key, value)
    recode = {name: _without_counts(said) for name, said in found.get("recode", {}).items()}
    try:
        return Declaration(**{**found, "recode": recode})
    except ThbstatsError as error:
        raise error.with_location(row=name) from None


def _check(key: str, value: Any) -> None:
    """Refuse what a parameter does not take."""
    needed, parts = _TAKES[key]
    if isinstance(value, bool) or not isinstance(value, needed) or not parts(value):
        raise InvalidValue(
            "this is not what the key takes", field=key, value=value, hint=_SHAPES[needed]
        )


def _anything(_value: Any) -> bool:
    return True


def _texts(value: Any) -> bool:
    """Whether a list or the values of a table are texts."""
    items = value.values() if isinstance(value, dict) else value
    return all(isinstance(item, str) for item in items)


def _words(value: dict[str, Any]) -> bool:
    """Whether each column has a table of words: a text, or a table of texts, for each."""
    tables = all(isinstance(said, dict) for said in value.values())
    return tables and all(
        isinstance(ours, str) or (isinstance(ours, dict) and _texts(ours))
        for said in value.values()
        for ours in said.values()
    )


_TAKES: Mapping[str, tuple[type, Callable[[Any], bool]]] = {
    "kind": (str, _anything),
    "columns": (dict, _texts),
    "recode": (dict, _words),
    "constants": (dict, _anything),
    "ignored": (list, _texts),
    "missing": (dict, _texts),
    "thousands": (str, _anything),
    "fewer_than_from": (int, _anything),
    "repeated": (str, _anything),
}
_SHAPES = {
    str: "Give a text",
    int: "Give a whole number",
    list: "Give a list of texts",
    dict: "Give a table of texts, and of words one such table for each column",
}


def _without_counts(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return the words of a column, with nothing for those that stand for no count."""
    return {word: None if ours == "no count" else ours for word, ours in said.items()}
