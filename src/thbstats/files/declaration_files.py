"""Declarations as files in TOML and JSON."""

import os
import tomllib
from pathlib import Path
from typing import Any

from thbstats.errors import InvalidFile, ThbstatsError, UnknownName, did_you_mean
from thbstats.files.declaration import PARAMETERS, Declaration
from thbstats.files.input_file import open_bytes, open_regular
from thbstats.files.json_data import parse_json

_MAX_BYTES = 1 << 20


def read_declaration(path: str | os.PathLike[str]) -> Declaration:
    """Read a declaration from a file, whose keys are the parameters of `Declaration`.

    The file is JSON if its name ends with ``.json``, otherwise TOML. In a ``"*"`` column,
    ``"no count"`` marks a text whose rows are not counts. ``classifications`` are paths of files,
    relative to the folder of the declaration, or tables.
    """
    content = _content(path)
    for key in content:
        if key not in PARAMETERS:
            hint = did_you_mean(key, PARAMETERS)
            raise UnknownName("must be a parameter of a declaration", field=key, hint=hint)
    try:
        return Declaration(**content)
    except InvalidFile:
        raise  # names the file of the classification
    except ThbstatsError as error:
        name = Path(path).name
        row = name if error.row is None else f"{name}, {error.row}"
        raise error.with_location(row=row) from None


def classification_files(path: str | os.PathLike[str]) -> list[Path]:
    """Return the files of classifications that a declaration names."""
    listed = _content(path).get("classifications")
    return [own for own in listed if isinstance(own, Path)] if isinstance(listed, list) else []


def _content(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Return the content of a declaration, with paths of files for texts of classifications."""
    name = Path(path).name
    with open_regular(path) as file:
        data = file.read(_MAX_BYTES + 1)
    is_json = name.lower().endswith(".json")
    try:
        if len(data) > _MAX_BYTES:
            raise ValueError(f"it has more than {_MAX_BYTES} bytes")
        if is_json:
            content: dict[str, Any] = parse_json(open_bytes(data, name=name))
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
    listed = content.get("classifications")
    listed = [listed] if isinstance(listed, str) else listed
    if isinstance(listed, list):
        folder = Path(path).parent
        content["classifications"] = [
            folder / own if isinstance(own, str) else own for own in listed
        ]
    return content
