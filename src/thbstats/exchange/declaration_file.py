"""Declaration files in TOML or JSON."""

import os
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from thbstats.errors import InvalidFile, InvalidValue, ThbstatsError, UnknownName, did_you_mean
from thbstats.exchange.declaration import Declaration
from thbstats.exchange.input_file import open_bytes, open_regular
from thbstats.exchange.json_data import parse_json
from thbstats.vocabulary import Classification

_MAX_BYTES = 1 << 20


def read_declaration(path: str | os.PathLike[str]) -> Declaration:
    """Read a declaration from a file, whose keys are the parameters of `Declaration`.

    The file is JSON if its name ends with ``.json``, otherwise TOML. In a ``"*"`` column,
    ``"no count"`` marks a text whose rows are not counts. ``classifications`` are paths of files,
    relative to the folder of the declaration, or tables.
    """
    name = Path(path).name
    with open_regular(path) as file:
        data = file.read(_MAX_BYTES + 1)
    is_json = name.lower().endswith(".json")
    try:
        if len(data) > _MAX_BYTES:
            raise ValueError(f"it has more than {_MAX_BYTES} bytes")
        if is_json:
            content = parse_json(open_bytes(data, name=name))
            if not isinstance(content, dict):
                raise ValueError("it is not an object")
        else:
            content = tomllib.loads(data.decode())
    except ThbstatsError:
        raise
    except (ValueError, RecursionError) as error:
        raise InvalidFile(
            f"{name} must be a declaration in {'JSON' if is_json else 'TOML'}: {error}",
            hint="Correct the file; its keys are the parameters of Declaration",
        ) from None
    for key, value in content.items():
        if key not in _KEYS:
            raise UnknownName(
                "must be a parameter of a declaration", field=key, hint=did_you_mean(key, _KEYS)
            )
        is_valid, requirement, hint = _KEYS[key]
        if not is_valid(value):
            raise InvalidValue(f"must be {requirement}", field=key, value=value, hint=hint)
    recode = {
        column: {text: None if target == "no count" else target for text, target in texts.items()}
        for column, texts in content.get("recode", {}).items()
    }
    folder = Path(path).parent
    try:
        own = [
            folder / item if isinstance(item, str) else Classification.from_dict(item)
            for item in content.get("classifications", [])
        ]
        return Declaration(**{**content, "recode": recode, "classifications": own})
    except InvalidFile:
        raise  # names the file of the classification
    except ThbstatsError as error:
        row = name if error.row is None else f"{name}, {error.row}"
        raise error.with_location(row=row) from None


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_table(value: Any, has_valid: Callable[[Any], bool] = _is_text) -> bool:
    return isinstance(value, dict) and all(map(has_valid, value.values()))


def _is_recode(value: Any) -> bool:
    """Whether a value is a table of texts, or of tables of texts, for each column."""
    return _is_table(value, lambda texts: _is_table(texts, lambda t: _is_text(t) or _is_table(t)))


_TABLE = ("a table of texts", "Write one table of texts, for recode one for each column")
_KEYS: Mapping[str, tuple[Callable[[Any], bool], str, str]] = {
    **dict.fromkeys(
        ("kind", "thousands", "repeated", "dates"),
        (_is_text, "a text", "Write the value in quotation marks"),
    ),
    **dict.fromkeys(("columns", "missing", "flags"), (_is_table, *_TABLE)),
    "constants": (lambda value: isinstance(value, dict), *_TABLE),
    "recode": (_is_recode, *_TABLE),
    "added": (
        lambda value: _is_table(value, lambda texts: isinstance(texts, list)),
        "a table of lists of texts",
        "Write one list of texts for each column",
    ),
    "classifications": (
        lambda value: isinstance(value, list),
        "a list of paths or tables",
        "Write the paths as ['recruiter.toml']",
    ),
    "ignored": (
        lambda value: isinstance(value, list) and all(map(_is_text, value)),
        "a list of texts",
        "Write the values as ['Note']",
    ),
    "fewer_than_from": (
        lambda value: isinstance(value, int) and not isinstance(value, bool),
        "an integer",
        "Write a number, such as 1",
    ),
}
