"""Assertions of equality that show the differences."""

import textwrap
from collections.abc import Hashable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import chain
from typing import Any

import numpy as np
from attrs import fields, has

from thbstats.panel import Panel, Result
from thbstats.panel.numbers import CODED, FRACTIONS
from thbstats.tables import CountTable

_LISTED = 10
_WIDTH = 100
_NAMES = ("id", "code", "label")
_COMPARED = ("count", "flags", "sources", "reporters", "n_reporters", "unanswered")

_NUMBER = (
    *(name for name in CODED if name not in ("excess", "notes")),
    *FRACTIONS,
    *("status", "bounds_attained", "complete", "flags", "n_reporters", "suppression", "parts"),
    *("warnings", "limitations"),
)


def assert_equal(left: object, right: object) -> None:
    """Raise an error with the differences if two objects of this library differ.

    Records, results, audits and publications are compared field by field, their parts by key or
    name (id, code or label), and tables cell by cell. Two NaN are equal.

    Parameters
    ----------
    left, right : object
        A record, count, result, panel, comparison, audit, publication, table or similar.

    Raises
    ------
    AssertionError
        If they differ: with up to ten fields and both their values.

    Examples
    --------
    >>> from attrs import evolve
    >>> from thbstats.publications import com_2018_777
    >>> report = com_2018_777()
    >>> assert_equal(report.share("ii-sexual-share"), report.share("ii-sexual-share"))
    >>> first, *others = report.claims
    >>> assert_equal(report, evolve(report, claims=[evolve(first, note="Checked."), *others]))
    Traceback (most recent call last):
    AssertionError: 1 field of Publication differs:
      claims[i-organised-crime].note: '' on the left, 'Checked.' on the right
    """
    result = list(_differences(left, right, ""))
    kind = f" of {type(left).__name__}" if type(left) is type(right) else ""
    _fail("field", kind, "", len(result), result)


def assert_tables_equal(left: CountTable, right: CountTable) -> None:
    """Raise an error with the differences if two tables differ.

    Tables are equal if they have the same cells with the same counts, reasons, flags, sources and
    reporting countries, in any order.

    Parameters
    ----------
    left, right : CountTable
        The tables.

    Raises
    ------
    AssertionError
        If they differ: with up to ten cells and their values in both tables.

    Examples
    --------
    >>> rows = [("total", 12), ("female", 7), ("male", 5)]
    >>> options = dict(kind="victims", columns=("sex", "value"), area="MT", period=2020)
    >>> table = CountTable.from_rows(rows, **options)
    >>> assert_tables_equal(table, CountTable.from_rows(rows[::-1], **options))
    >>> assert_tables_equal(table, CountTable.from_rows([("total", 12), ("female", 8)], **options))
    Traceback (most recent call last):
    AssertionError: 2 cells differ (left has 3, right has 2):
      sex female: count Count(7) on the left, Count(8) on the right
      sex male: only on the left, Count(5)
    """
    if left.kind != right.kind:
        raise AssertionError(f"{left.kind} on the left, {right.kind} on the right")
    result = _table_differences(left, right)
    sizes = f" (left has {len(left)}, right has {len(right)})"
    _fail("cell", "", sizes, len(result), list(chain.from_iterable(result)))


def _fail(noun: str, kind: str, sizes: str, number: int, lines: Sequence[str]) -> None:
    """Raise an error that lists the first differences, if there are any."""
    if number:
        verb = f"1 {noun}{kind} differs" if number == 1 else f"{number} {noun}s{kind} differ"
        more = [f"and {len(lines) - _LISTED} more"] if len(lines) > _LISTED else []
        listed = [f"  {line}" for line in [*lines[:_LISTED], *more]]
        raise AssertionError("\n".join([f"{verb}{sizes}:", *listed]))


def _differences(left: Any, right: Any, path: str) -> Iterator[str]:
    """Yield the differences with their paths, such as ``claims[ii-1].printed``."""
    kind, where = type(left), path or "it"
    is_container = isinstance(left, CountTable | Mapping | list | tuple)
    has_parts = is_container or (has(kind) and any(item.eq for item in fields(kind)))
    if kind is not type(right) or not has_parts:
        if not _same(left, right):
            yield f"{where}: {_text(left)} on the left, {_text(right)} on the right"
    elif isinstance(left, CountTable) and left.kind != right.kind:
        yield f"{where}: {left.kind} on the left, {right.kind} on the right"
    elif isinstance(left, CountTable):
        for line in chain.from_iterable(_table_differences(left, right)):
            yield f"{path}, {line}" if path else line
    elif has(kind) and not isinstance(left, Panel):
        names = [item.name for item in fields(kind) if item.eq]
        for name in _NUMBER if isinstance(left, Result) else names:
            inner = f"{path}.{name}" if path else name
            yield from _differences(getattr(left, name), getattr(right, name), inner)
    else:
        first, second = _parts(left), _parts(right)
        for key in dict.fromkeys([*first, *second]):
            if key in first and key in second:
                yield from _differences(first[key], second[key], f"{path}[{key}]")
            else:
                side, own = ("left", first) if key in first else ("right", second)
                yield f"{path}[{key}]: only on the {side}, {_text(own[key])}"
        if list(first) != list(second) and first.keys() == second.keys():
            yield f"{where}: the same, in another order"


def _parts(value: Any) -> dict[Hashable, Any]:
    """Return parts by key, by unique name, or by position."""
    if isinstance(value, Mapping):
        return dict(value)
    every: list[Any] = [[getattr(part, name, None) for part in value] for name in _NAMES]
    if isinstance(value, Panel):
        every = [[", ".join(key) for key in value.names] if value.keys else list(value.labels)]
    for names in every:
        if None not in names and len(set(names)) == len(names):
            return dict(zip(names, value, strict=True))
    return dict(enumerate(value))


def _same(left: Any, right: Any) -> bool:
    if isinstance(left, np.ndarray) and isinstance(right, np.ndarray):
        floats = left.dtype.kind in "fc" and right.dtype.kind in "fc"
        return bool(np.array_equal(left, right, equal_nan=floats))
    both_nan = left != left and right != right  # noqa: PLR0124
    return bool(left == right) or bool(both_nan)


def _text(value: object) -> str:
    if isinstance(value, frozenset):
        return ", ".join(sorted(map(str, value))) or "none"
    text = str(value) if isinstance(value, Fraction) else repr(value)
    return textwrap.shorten(text, _WIDTH, placeholder="...")


def _table_differences(left: CountTable, right: CountTable) -> list[list[str]]:
    """Return the differences of each cell."""
    if left == right:
        return []
    names = left.dimensions
    varying = [n for n in names if len({*left.categories(n), *right.categories(n)}) > 1]
    records = [
        {tuple(str(getattr(record, name)) for name in names): record for record in table}
        for table in (left, right)
    ]
    result = []
    for cell in dict.fromkeys(chain(*records)):
        codes = dict(zip(names, cell, strict=True))
        label = ", ".join(f"{name} {codes[name]}" for name in varying) or "the only cell"
        first, second = (own.get(cell) for own in records)
        if first is None or second is None:
            record, side = (second, "right") if first is None else (first, "left")
            result.append([f"{label}: only on the {side}, {record and record.count!r}"])
            continue
        values = ((name, getattr(first, name), getattr(second, name)) for name in _COMPARED)
        problems = [
            f"{label}: {name} {_text(own)} on the left, {_text(other)} on the right"
            for name, own, other in values
            if own != other
        ]
        result.append(problems)
    return [problems for problems in result if problems]
