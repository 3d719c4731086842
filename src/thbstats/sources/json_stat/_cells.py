"""The cells of a cube that are there: never the cube itself, which may be of any size."""

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
from thbstats.exchange.json_parts import fault
from thbstats.sources._eurostat import FLAGS, MISSING, VALUE
from thbstats.sources.json_stat._cube import Cube

__all__ = ["Cells", "ledger_of", "read_cells", "texts"]

_NUMBER = re.compile("0|[1-9][0-9]*")
_PLACES = 40  # a decimal number with more of them is no count


@frozen(kw_only=True, eq=False)
class Cells:
    """The cells of a cube for which the file has a value or a status.

    Parameters
    ----------
    numbers : list of int
        The place of each in the cube, from 0, the last dimension fastest.
    values : list
        What stands there, of any type; ``None`` where nothing does.
    statuses : list
        The status of each, of any type; ``None`` where there is none.
    strays : list of (str, str)
        Where a value or a status stands that is in no cell, and what it is.
    """

    numbers: list[int]
    values: list[Any]
    statuses: list[Any]
    strays: list[tuple[str, str]]


def read_cells(file: InputFile, cube: Cube) -> Cells:
    """Return the cells of a cube that the file has.

    Raises
    ------
    InvalidFile
        If values or statuses are neither an array of the size of the cube nor an object, or
        there are more cells than the limits admit.
    """
    reader = _Reader(cube=cube)
    values = reader.by_number("value", cube.given.get("value"))
    statuses = reader.by_number("status", _for_all(cube, values))
    numbers = sorted(values.keys() | statuses.keys())
    if len(numbers) * (len(cube.axes) + 2) > file.limits.cells:
        raise fault(
            cube.at,
            f"more than {file.limits.cells} cells",
            "If it is meant to, read it with limits=Limits(cells=...)",
        )
    return Cells(
        numbers=numbers,
        values=[values.get(number) for number in numbers],
        statuses=[statuses.get(number) for number in numbers],
        strays=reader.strays,
    )


def _for_all(cube: Cube, values: Iterable[int]) -> Any:
    """Return the statuses as they stand, or for each value where one is that of all."""
    found = cube.given.get("status", {})
    if isinstance(found, list) and len(found) == 1 and cube.size != 1:
        found = found[0]
    return dict.fromkeys(map(str, values), found) if isinstance(found, str) else found


@define(eq=False)
class _Reader:
    """Takes objects and arrays apart, and remembers what is in no cell."""

    cube: Cube
    strays: list[tuple[str, str]] = field(factory=list)

    def by_number(self, name: str, found: object) -> dict[int, Any]:
        size = self.cube.size
        if isinstance(found, list):
            if len(found) != size:
                problem = f"{len(found)} entries for {size} cells"
                raise fault((*self.cube.at, name), problem, "The file was cut: fetch it again")
            kept = enumerate(found)
            return dict(kept) if name == "value" else {n: v for n, v in kept if v is not None}
        if not isinstance(found, dict):
            problem = "neither an array nor an object"
            raise fault((*self.cube.at, name), problem, "Fetch the file again", value=found)
        digits, is_number = len(str(size)), _NUMBER.fullmatch
        placed = {}
        for key, item in found.items():
            # The length first: a text of many digits takes long to be a number.
            number = int(key) if len(key) <= digits and is_number(key) else size
            if number < size:
                placed[number] = item
            else:
                self.strays.append((f"{name}/{key[:40]}", json.dumps(item, default=str)[:80]))
        return placed


def ledger_of(cube: Cube, cells: Cells, start: int, names: Mapping[str, str]) -> Ledger:
    """Return the cells as rows: a column for each dimension, and the value and the flags.

    Parameters
    ----------
    cube, cells
        The cells and what they are cells of.
    start : int
        How many observations of the file come before.
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
        message=f"a value or a status that is in none of the {cube.size} cells",
        hint="Ask the publisher: cells are numbered from 0, without zeros in front",
        noun="observation",
    )
    return ledger


def _unravelled(cube: Cube, numbers: list[int]) -> list[NDArray[np.int64]]:
    """Return the place of each cell along each dimension."""
    rest: NDArray[Any] = np.array(numbers, dtype=np.int64 if cube.size < 2**63 else object)
    found = []
    for axis in reversed(cube.axes):
        size = max(1, len(axis.codes))
        found.append((rest % size).astype(np.int64))
        rest = rest // size
    return found[::-1]


def texts(values: Iterable[str]) -> pd.Categorical:
    """Return texts as a column of categories."""
    indices: dict[str, int] = {}
    codes = [indices.setdefault(value, len(indices)) for value in values]
    return pd.Categorical.from_codes(
        np.array(codes, dtype=np.int64), categories=pd.Index(list(indices), dtype=object)
    )


def _value(value: object) -> str:
    """Return a value as a text that says the same number, or shows what is none."""
    if type(value) is int:
        return str(value)
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        plain = -_PLACES < value.adjusted() < _PLACES
        return format(value, "f") if plain else str(value)
    return json.dumps(value, default=str)[:80]


def _flags(status: object, missing: bool) -> str:
    if status is None:
        return ""
    plain = status if isinstance(status, str) else json.dumps(status, default=str)[:80]
    return plain.replace(":", "").strip() if missing else plain
