"""Rows of one key: which values stand together in the rows that name one person."""

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

_BITS = 62  # places of values in one word of a signed integer


def _pairs(given: Sequence[tuple[frozenset[int], int]]) -> tuple[tuple[frozenset[int], int], ...]:
    return tuple(given)


@frozen(eq=False, kw_only=True)
class KeyLinks:
    """The values of some columns, and which of them stand in the rows of one key.

    Parameters
    ----------
    values : tuple of tuple
        The patterns that stand in rows.
    rows : array of int64
        In how many rows each stands.
    without_key : array of int64
        In how many of these there is no key.
    sets : tuple of (frozenset of int, int)
        Places in ``values``, and how many keys have rows with exactly these.
    """

    values: tuple[tuple[Any, ...], ...]
    rows: NDArray[np.int64]
    without_key: NDArray[np.int64]
    sets: tuple[tuple[frozenset[int], int], ...] = field(converter=_pairs)


def link_rows(
    rows: Rows, key: str, columns: Sequence[str], nothing: frozenset[str | None]
) -> KeyLinks:
    """Return which values of some columns stand in the rows of one key.

    Parameters
    ----------
    rows : Rows
        The cases.
    key : str
        The column that names persons.
    columns : sequence of str
        The columns of the values.
    nothing : frozenset of str or None
        Spellings of cells in which nobody is named.

    Raises
    ------
    InvalidValue
        If a key is empty and nobody has said what that means.
    """
    if isinstance(rows, (LazyRows, FileRows)):
        return rows.run(
            [key, *columns],
            lambda frame, collect: _pushed(frame, collect, key, columns, nothing),
        )
    grouped = rows.group(list(dict.fromkeys([key, *columns])))
    keys = grouped.columns[key]
    cells = combine_columns([grouped.columns[name] for name in columns])
    named = _named(keys, key, nothing)
    there = named[keys.codes]
    known = np.flatnonzero(there) if not there.all() else slice(None)
    size, times = len(cells.categories), grouped.weights
    pairs = np.sort(keys.codes[known].astype(np.int64) * size + cells.codes[known])
    pairs = pairs[np.diff(pairs, prepend=-1) != 0]
    people, places = np.divmod(pairs, max(size, 1))
    return KeyLinks(
        values=cells.categories,
        rows=cells.frequencies(times),
        without_key=cells.take(~there).frequencies(None if times is None else times[~there]),
        sets=_sets(people, places, size),
    )


def _named(keys: Coded[Any], name: str, nothing: frozenset[str | None]) -> NDArray[np.bool_]:
    """Return which values of a key name somebody."""
    # What is empty has the last place.
    empty = len(keys.categories) - 1 if keys.categories[-1:] == (None,) else -1
    if None not in nothing and (keys.codes == empty).any():
        raise _no_key(name)
    if all(issubclass(kind, _PLAIN) for kind in set(map(type, keys.categories))):
        # Numbers that are equal are spelt alike: they need not be written to be compared.
        hollow = {*nothing, *(int(text) for text in nothing if text and _WHOLE.fullmatch(text))}
        return np.array([value not in hollow for value in keys.categories], dtype=np.bool_)
    return np.array([spelling(value) not in nothing for value in keys.categories], dtype=np.bool_)


_PLAIN = (str, int, float, np.integer, np.floating, type(None))
_WHOLE = re.compile(r"-?\d{1,15}")


def _no_key(name: str) -> InvalidValue:
    return InvalidValue(
        "a cell holds nothing, and nobody has said what that means",
        field=name,
        hint="missing=[None] if nobody is named in it: such rows are counted apart",
    )


def _sets(
    keys: NDArray[np.int64], cells: NDArray[np.int64], size: int
) -> list[tuple[frozenset[int], int]]:
    """Return the sets of cells of the keys, which are sorted."""
    starts = np.flatnonzero(np.diff(keys, prepend=-1))
    if not len(starts):
        return []
    words = []
    for start in range(0, size, _BITS):
        there = (cells >= start) & (cells < start + _BITS)
        # Every pair stands there once, so that a sum of bits is their union.
        bits = np.where(there, np.int64(1) << (cells % _BITS), 0)
        codes, values = pd.factorize(np.add.reduceat(bits, starts))
        words.append(Coded(codes, tuple(values.tolist())))
    found = combine_columns(words)
    return [
        (_places(row), number)
        for row, number in zip(found.categories, found.frequencies().tolist(), strict=True)
    ]


def _places(words: Sequence[int]) -> frozenset[int]:
    """Return the places whose bits are set in the words of a set."""
    found = []
    for number, word in enumerate(words):
        rest = int(word)
        while rest:
            bit = rest & -rest
            found.append(number * _BITS + bit.bit_length() - 1)
            rest ^= bit
    return frozenset(found)


def _pushed(
    frame: "nw.LazyFrame[Any]",
    collect: Collect,
    key: str,
    columns: Sequence[str],
    nothing: frozenset[str | None],
) -> KeyLinks:
    """Ask the engine twice: for the patterns of values, then for the keys of each set of them."""
    import narwhals.stable.v2 as nw

    names = [f"value{number}" for number in range(len(columns))]
    chosen = [column(frame, said).alias(name) for said, name in zip(columns, names, strict=True)]
    rows = frame.select(_key(frame, key).alias("key"), *chosen)
    nobody = _nobody(nothing)
    patterns = (
        rows.with_columns(
            nw.when(nobody).then(1).otherwise(0).alias("nobody"),
            nw.when(nw.col("key").is_null()).then(1).otherwise(0).alias("nothing"),
        )
        .group_by(*names)
        .agg(nw.len().alias("cases"), nw.col("nobody").sum(), nw.col("nothing").sum())
    )
    found = _rows(collect(patterns), [*names, "cases", "nobody", "nothing"])
    if None not in nothing and any(row[-1] for row in found):
        raise _no_key(key)
    values = [tuple(row[: len(names)]) for row in found]
    words = [f"word{number}" for number in range(-(-len(values) // _BITS))]
    bits = [
        _word(names, values[start : start + _BITS]).alias(word)
        for word, start in zip(words, range(0, len(values), _BITS), strict=True)
    ]
    sets = (
        rows.filter(~nobody)
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
        rows=np.array([row[-3] for row in found], dtype=np.int64),
        without_key=np.array([row[-2] for row in found], dtype=np.int64),
        sets=[
            (_places([int(word) for word in row[:-1]]), int(row[-1]))
            for row in (_rows(collect(sets), [*words, "cases"]) if words else ())
        ],
    )


def _key(frame: "nw.LazyFrame[Any]", key: str) -> "nw.Expr":
    import narwhals.stable.v2 as nw

    said = column(frame, key)
    if frame.collect_schema()[key].is_float():
        return nw.when(~said.is_nan()).then(said)
    return said


def _nobody(nothing: frozenset[str | None]) -> "nw.Expr":
    """Return whether a key names nobody; never nothing, which no engine would keep apart."""
    import narwhals.stable.v2 as nw

    texts = {text for text in nothing if text is not None}
    texts |= {f"{text}.0" for text in texts if text.removeprefix("-").isdigit()}
    said = nw.lit(False)
    if texts:
        said = nw.col("key").cast(nw.String).is_in(sorted(texts))
    return nw.when(nw.col("key").is_null()).then(nw.lit(True)).otherwise(said)


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

    said = nw.col(name)
    if spelling(value) is None:
        return said.is_null() if not isinstance(value, float) else said.is_nan()
    found: nw.Expr = said == value
    return found


def _rows(frame: Any, names: Sequence[str]) -> list[list[Any]]:
    """Return the rows of a small answer."""
    slots = FrameRows.of(frame).group(names).columns
    columns = [[slots[name].categories[code] for code in slots[name].codes] for name in names]
    return [list(row) for row in zip(*columns, strict=True)]
