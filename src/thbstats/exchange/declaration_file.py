"""Declaration files in TOML."""

import os
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from thbstats.errors import InvalidFile, InvalidValue, ThbstatsError, UnknownName, did_you_mean
from thbstats.exchange.declaration import Declaration
from thbstats.exchange.input_file import open_regular

__all__ = ["read_declaration"]

_MAX_BYTES = 1 << 20


def read_declaration(path: str | os.PathLike[str]) -> Declaration:
    r"""Read a declaration from a TOML file.

    The keys are the parameters of `Declaration`: ``kind``, ``ignored``, ``thousands``,
    ``fewer_than_from`` and ``repeated``, and the tables ``[columns]``, ``[constants]``,
    ``[missing]`` and ``[recode."column"]``. In a ``"*"`` column, ``"no count"`` marks a text
    whose rows are not counts.

    Parameters
    ----------
    path : str or path
        The file.

    Raises
    ------
    InvalidFile
        If it is not TOML, or not a regular file.
    UnknownName
        If a key is not a parameter of `Declaration`.
    InvalidValue
        If the value of a key is invalid.

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
        data = file.read(_MAX_BYTES + 1)
    try:
        if len(data) > _MAX_BYTES:
            raise ValueError(f"it has more than {_MAX_BYTES} bytes")
        content = tomllib.loads(data.decode())
    except (ValueError, RecursionError) as error:
        raise InvalidFile(
            f"{name} must be a declaration in TOML: {error}",
            hint="Correct the file; its keys are the parameters of Declaration",
        ) from None
    for key, value in content.items():
        if key not in _TYPES:
            raise UnknownName(
                "must be a parameter of a declaration", field=key, hint=did_you_mean(key, _TYPES)
            )
        required, has_valid_parts = _TYPES[key]
        if isinstance(value, bool) or not isinstance(value, required) or not has_valid_parts(value):
            requirement, hint = _REQUIREMENTS[required]
            raise InvalidValue(f"must be {requirement}", field=key, value=value, hint=hint)
    recode = {
        column: {text: None if target == "no count" else target for text, target in texts.items()}
        for column, texts in content.get("recode", {}).items()
    }
    try:
        return Declaration(**{**content, "recode": recode})
    except ThbstatsError as error:
        raise error.with_location(row=name) from None


def _is_valid(_value: Any) -> bool:
    return True


def _has_texts(value: Any) -> bool:
    """Whether all items of a list or all values of a table are texts."""
    items = value.values() if isinstance(value, dict) else value
    return all(isinstance(item, str) for item in items)


def _has_recode_tables(value: dict[str, Any]) -> bool:
    """Whether each column has a table of texts or of tables of texts."""
    tables = all(isinstance(texts, dict) for texts in value.values())
    return tables and all(
        isinstance(target, str) or (isinstance(target, dict) and _has_texts(target))
        for texts in value.values()
        for target in texts.values()
    )


_TYPES: Mapping[str, tuple[type, Callable[[Any], bool]]] = {
    "kind": (str, _is_valid),
    "columns": (dict, _has_texts),
    "recode": (dict, _has_recode_tables),
    "constants": (dict, _is_valid),
    "ignored": (list, _has_texts),
    "missing": (dict, _has_texts),
    "thousands": (str, _is_valid),
    "fewer_than_from": (int, _is_valid),
    "repeated": (str, _is_valid),
}
_REQUIREMENTS = {
    str: ("a text", "Write the value in quotation marks"),
    int: ("an integer", "Write a number, such as 1"),
    list: ("a list of texts", "Write the values as ['Note']"),
    dict: ("a table of texts", "Write one table of texts, for recode one for each column"),
}
