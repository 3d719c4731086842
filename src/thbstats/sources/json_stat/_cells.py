"""CubeCells of a JSON-stat cube that the file contains."""

import json
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
from attrs import define, field, frozen
from numpy.typing import NDArray

from thbstats.exchange import InputFile, Ledger
from thbstats.exchange.json_parts import invalid_part
from thbstats.sources._eurostat import FLAGS, MISSING, VALUE
from thbstats.sources.json_stat._cube import Cube

__all__ = ["CubeCells", "ledger_of_cells", "read_cells", "texts"]

_NUMBER = re.compile("0|[1-9][0-9]*")
_DIGITS = 40  # maximum digits of a plain decimal number


@frozen(kw_only=True, eq=False)
class CubeCells:
    """The cells of a cube with a value or a status.

    Parameters
    ----------
    numbers : list of int
        The position of each cell in the cube, from 0; the last dimension varies fastest.
    values : list
        Values of any type; ``None`` if missing.
    statuses : list
        Statuses of any type; ``None`` if missing.
    strays : list of (str, str)
        Keys and contents of values and statuses outside of the cube.
    """

    numbers: list[int]
    values: list[Any]
    statuses: list[Any]
    strays: list[tuple[str, str]]


def read_cells(file: InputFile, cube: Cube) -> CubeCells:
    """Return the cells of a cube.

    Raises
    ------
    InvalidFile
        If values or statuses have an invalid type or size, or there are more cells than the limits
        allow.
    """
    reader = _CellParser(cube=cube)
    values = reader.by_number("value", cube.content.get("value"))
    statuses = reader.by_number("status", _for_all(cube, values))
    numbers = sorted(values.keys() | statuses.keys())
    if len(numbers) * (len(cube.axes) + 2) > file.limits.cells:
        raise invalid_part(
            cube.path,
            f"must have at most {file.limits.cells} cells",
            "If the file is correct, pass limits=Limits(cells=...)",
        )
    return CubeCells(
        numbers=numbers,
        values=[values.get(number) for number in numbers],
        statuses=[statuses.get(number) for number in numbers],
        strays=reader.strays,
    )


def _for_all(cube: Cube, values: Iterable[int]) -> Any:
    """Return the statuses; one status for all values is repeated."""
    result = cube.content.get("status", {})
    if isinstance(result, list) and len(result) == 1 and cube.size != 1:
        result = result[0]
    return dict.fromkeys(map(str, values), result) if isinstance(result, str) else result


@define(eq=False)
class _CellParser:
    """Parser of values and statuses; it collects keys outside of the cube."""

    cube: Cube
    strays: list[tuple[str, str]] = field(factory=list)

    def by_number(self, name: str, content: object) -> dict[int, Any]:
        size = self.cube.size
        if isinstance(content, list):
            if len(content) != size:
                problem = f"must have {size} entries, one for each cell, got {len(content)}"
                raise invalid_part((*self.cube.path, name), problem, "Download the file again")
            entries = enumerate(content)
            return dict(entries) if name == "value" else {n: v for n, v in entries if v is not None}
        if not isinstance(content, dict):
            problem = "must be an array or an object"
            raise invalid_part(
                (*self.cube.path, name), problem, "Download the file again", value=content
            )
        digits, is_number = len(str(size)), _NUMBER.fullmatch
        cells = {}
        for key, item in content.items():
            # Check the length first, because long texts are slow to convert.
            number = int(key) if len(key) <= digits and is_number(key) else size
            if number < size:
                cells[number] = item
            else:
                self.strays.append((f"{name}/{key[:40]}", json.dumps(item, default=str)[:80]))
        return cells


def ledger_of_cells(cube: Cube, cells: CubeCells, start: int, names: Mapping[str, str]) -> Ledger:
    """Return the cells as rows, with dimensions, values and flags as columns.

    Parameters
    ----------
    cube, cells
        The cube and its cells.
    start : int
        The number of observations of the file before this cube.
    names : mapping of str to str
        From the id of a dimension to the name of its column.
    """
    columns: dict[str, Any] = {}
    indices = _unravelled(cube, cells.numbers)
    for axis, index in zip(cube.axes, indices, strict=True):
        codes = pd.Index(list(axis.codes), dtype=object)
        columns[names[axis.id]] = pd.Categorical.from_codes(index, categories=codes)
    values = [_value(value) for value in cells.values]
    columns[VALUE] = texts(values)
    if any(status is not None for status in cells.statuses):
        pairs = zip(cells.statuses, values, strict=True)
        columns[FLAGS] = texts([_flags(status, value in MISSING) for status, value in pairs])
    size = len(cells.numbers)
    frame = pd.DataFrame(columns, index=range(size), copy=False)
    lines = np.arange(start + 1, start + size + 1)
    ledger = Ledger(frame, lines, lambda row: f"value {cells.numbers[row]}")
    ledger.reject_lines(
        "NO_SUCH_CELL",
        [(start + size + n, f"{key}: {item}") for n, (key, item) in enumerate(cells.strays, 1)],
        message=f"a value or status outside of the {cube.size} cells",
        hint="Report it to the publisher: cells are numbered from 0",
        noun="observation",
    )
    return ledger


def _unravelled(cube: Cube, numbers: list[int]) -> list[NDArray[np.int64]]:
    """Return the code of each cell in each dimension."""
    remaining: NDArray[Any] = np.array(numbers, dtype=np.int64 if cube.size < 2**63 else object)
    result = []
    for axis in reversed(cube.axes):
        size = max(1, len(axis.codes))
        result.append((remaining % size).astype(np.int64))
        remaining = remaining // size
    return result[::-1]


def texts(values: Iterable[str]) -> pd.Categorical:
    """Return texts as a categorical column."""
    indices: dict[str, int] = {}
    codes = [indices.setdefault(value, len(indices)) for value in values]
    return pd.Categorical.from_codes(
        np.array(codes, dtype=np.int64), categories=pd.Index(list(indices), dtype=object)
    )


def _value(value: object) -> str:
    """Return a value as text."""
    if type(value) is int:
        return str(value)
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        plain = -_DIGITS < value.adjusted() < _DIGITS
        return format(value, "f") if plain else str(value)
    return json.dumps(value, default=str)[:80]


def _flags(status: object, missing: bool) -> str:
    if status is None:
        return ""
    plain = status if isinstance(status, str) else json.dumps(status, default=str)[:80]
    return plain.replace(":", "").strip() if missing else plain
