"""Record linkage by a key: patterns of values in the rows of one person."""

import re
from collections.abc import Sequence
from functools import reduce
from operator import add, and_
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from attrs import field, frozen
from numpy.typing import NDArray

from thbstats.cases.grouping import Collect, column
from thbstats.cases.in_memory import FrameRows
from thbstats.cases.lazy_rows import LazyRows
from thbstats.cases.on_disk import FileRows
from thbstats.cases.rows import Rows
from thbstats.columns import Coded
from thbstats.counting import combine_columns, spelling
from thbstats.errors import InvalidValue

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

__all__ = ["KeyLinks", "link_rows"]

_BITS = 62  # positions of values in one word of a signed integer


def _pairs(sets: Sequence[tuple[frozenset[int], int]]) -> tuple[tuple[frozenset[int], int], ...]:
    return tuple(sets)


@frozen(eq=False, kw_only=True)
class KeyLinks:
    """The patterns of values in the rows of each key.

    Parameters
    ----------
    values : tuple of tuple
        The patterns of values.
    rows : array of int64
        The number of rows of each pattern.
    without_key : array of int64
        The number of these rows without a key.
    sets : tuple of (frozenset of int, int)
        Sets of positions in ``values``, with the number of keys whose rows have exactly these
        patterns.
    """

    values: tuple[tuple[Any, ...], ...]
    rows: NDArray[np.int64]
    without_key: NDArray[np.int64]
    sets: tuple[tuple[frozenset[int], int], ...] = field(converter=_pairs)


def link_rows(
    rows: Rows, key: str, columns: Sequence[str], missing: frozenset[str | None]
) -> KeyLinks:
    """Return the patterns of values in the rows of each key.

    Raises
    ------
    InvalidValue
        If a key is empty and ``None`` is not declared.
    """
    if isinstance(rows, (LazyRows, FileRows)):
        return rows.run(
            [key, *columns],
            lambda frame, collect: _link_in_engine(frame, collect, key, columns, missing),
        )
    grouped = rows.group(list(dict.fromkeys([key, *columns])))
    keys = grouped.columns[key]
    cells = combine_columns([grouped.columns[name] for name in columns])
    is_key = _is_key(keys, key, missing)
    there = is_key[keys.codes]
    known = np.flatnonzero(there) if not there.all() else slice(None)
    size, times = len(cells.categories), grouped.weights
    pairs = np.sort(keys.codes[known].astype(np.int64) * size + cells.codes[known])
    pairs = pairs[np.diff(pairs, prepend=-1) != 0]
    persons, positions = np.divmod(pairs, max(size, 1))
    return KeyLinks(
        values=cells.categories,
        rows=cells.frequencies(times),
        without_key=cells.take(~there).frequencies(None if times is None else times[~there]),
        sets=_sets(persons, positions, size),
    )


def _is_key(keys: Coded[Any], name: str, missing: frozenset[str | None]) -> NDArray[np.bool_]:
    """Return for each value of a key whether it identifies a person."""
    # The empty value is last.
    empty = len(keys.categories) - 1 if keys.categories[-1:] == (None,) else -1
    if None not in missing and (keys.codes == empty).any():
        raise _no_key(name)
    if all(issubclass(kind, _PLAIN) for kind in set(map(type, keys.categories))):
        # Equal numbers have equal spellings, so that numbers are compared without spellings.
        empty_values = {
            *missing,
            *(int(text) for text in missing if text and _WHOLE.fullmatch(text)),
        }
        return np.array([value not in empty_values for value in keys.categories], dtype=np.bool_)
    return np.array([spelling(value) not in missing for value in keys.categories], dtype=np.bool_)


_PLAIN = (str, int, float, np.integer, np.floating, type(None))
_WHOLE = re.compile(r"-?\d{1,15}")


def _no_key(name: str) -> InvalidValue:
    return InvalidValue(
        "empty cells must be declared",
        field=name,
        hint="Use missing=[None]: their rows are counted separately",
    )


def _sets(
    keys: NDArray[np.int64], cells: NDArray[np.int64], size: int
) -> list[tuple[frozenset[int], int]]:
    """Return the sets of cells of sorted keys."""
    starts = np.flatnonzero(np.diff(keys, prepend=-1))
    if not len(starts):
        return []
    words = []
    for start in range(0, size, _BITS):
        there = (cells >= start) & (cells < start + _BITS)
        # Every pair occurs once, so that a sum of bits is their union.
        bits = np.where(there, np.int64(1) << (cells % _BITS), 0)
        codes, values = pd.factorize(np.add.reduceat(bits, starts))
        words.append(Coded(codes, tuple(values.tolist())))
    result = combine_columns(words)
    return [
        (_bit_positions(row), number)
        for row, number in zip(result.categories, result.frequencies().tolist(), strict=True)
    ]


def _bit_positions(words: Sequence[int]) -> frozenset[int]:
    """Return the positions whose bits are set in the words of a set."""
    result = []
    for number, word in enumerate(words):
        remaining = int(word)
        while remaining:
            bit = remaining & -remaining
            result.append(number * _BITS + bit.bit_length() - 1)
            remaining ^= bit
    return frozenset(result)


def _link_in_engine(
    frame: "nw.LazyFrame[Any]",
    collect: Collect,
    key: str,
    columns: Sequence[str],
    missing: frozenset[str | None],
) -> KeyLinks:
    """Return the patterns of an engine, and the sets of patterns of its keys."""
    import narwhals.stable.v2 as nw

    names = [f"value{number}" for number in range(len(columns))]
    selected = [
        column(frame, value).alias(name) for value, name in zip(columns, names, strict=True)
    ]
    rows = frame.select(_key(frame, key).alias("key"), *selected)
    without_key = _has_no_key(missing)
    patterns = (
        rows.with_columns(
            nw.when(without_key).then(1).otherwise(0).alias("without_key"),
            nw.when(nw.col("key").is_null()).then(1).otherwise(0).alias("is_null"),
        )
        .group_by(*names)
        .agg(nw.len().alias("cases"), nw.col("without_key").sum(), nw.col("is_null").sum())
    )
    result = _rows(collect(patterns), [*names, "cases", "without_key", "is_null"])
    if None not in missing and any(row[-1] for row in result):
        raise _no_key(key)
    values = [tuple(row[: len(names)]) for row in result]
    words = [f"word{number}" for number in range(-(-len(values) // _BITS))]
    bits = [
        _word(names, values[start : start + _BITS]).alias(word)
        for word, start in zip(words, range(0, len(values), _BITS), strict=True)
    ]
    sets = (
        rows.filter(~without_key)
        .group_by("key", *names)
        .agg(nw.len().alias("cases"))
        .select("key", *bits)
        .group_by("key")
        .agg(*(nw.col(word).sum() for word in words))
        .group_by(*words)
        .agg(nw.len().alias("cases"))
    )
    return KeyLinks(
        values=tuple(values),
        rows=np.array([row[-3] for row in result], dtype=np.int64),
        without_key=np.array([row[-2] for row in result], dtype=np.int64),
        sets=[
            (_bit_positions([int(word) for word in row[:-1]]), int(row[-1]))
            for row in (_rows(collect(sets), [*words, "cases"]) if words else ())
        ],
    )


def _key(frame: "nw.LazyFrame[Any]", key: str) -> "nw.Expr":
    import narwhals.stable.v2 as nw

    value = column(frame, key)
    if frame.collect_schema()[key].is_float():
        return nw.when(~value.is_nan()).then(value)
    return value


def _has_no_key(missing: frozenset[str | None]) -> "nw.Expr":
    """Return whether a key is missing; never null, which engines treat differently."""
    import narwhals.stable.v2 as nw

    texts = {text for text in missing if text is not None}
    texts |= {f"{text}.0" for text in texts if text.removeprefix("-").isdigit()}
    value = nw.lit(False)
    if texts:
        value = nw.col("key").cast(nw.String).is_in(sorted(texts))
    return nw.when(nw.col("key").is_null()).then(nw.lit(True)).otherwise(value)


def _word(names: Sequence[str], values: Sequence[tuple[Any, ...]]) -> "nw.Expr":
    """Return one bit for each pattern of values."""
    import narwhals.stable.v2 as nw

    return reduce(
        add,
        (
            nw.when(reduce(and_, map(_is, names, pattern))).then(1 << bit).otherwise(0)
            for bit, pattern in enumerate(values)
        ),
    )


def _is(name: str, value: Any) -> "nw.Expr":
    import narwhals.stable.v2 as nw

    cell = nw.col(name)
    if spelling(value) is None:
        return cell.is_null() if not isinstance(value, float) else cell.is_nan()
    result: nw.Expr = cell == value
    return result


def _rows(frame: Any, names: Sequence[str]) -> list[list[Any]]:
    """Return the rows of a small result."""
    slots = FrameRows.of(frame).group(names).columns
    columns = [[slots[name].categories[code] for code in slots[name].codes] for name in names]
    return [list(row) for row in zip(*columns, strict=True)]
