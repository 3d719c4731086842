"""Pairs of numbers of a panel, properties of numbers, and numbers over common countries."""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from functools import lru_cache
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.columns import Coded
from thbstats.panel import CountKind, Outcome, Panel, Result, ResultKind, Severity
from thbstats.records import Source
from thbstats.values import Interval


def countries_expected(number: Result) -> frozenset[str]:
    """Return the expected countries: as documented, else all countries of the area."""
    return number.area.members if number.expected is None else number.expected


def countries_listed(number: Result) -> frozenset[str] | None:
    """Return the listed countries of a number, or all countries if all of them reported."""
    if number.reporters is not None:
        return number.reporters
    expected = countries_expected(number)
    everyone = number.n_reporters is not None and number.n_reporters >= len(expected)
    return expected if everyone or len(number.area.members) == 1 else None


def countries_shared(first: Result, second: Result) -> frozenset[str] | None:
    """Return the countries of both areas that reported both numbers."""
    left, right = countries_listed(first), countries_listed(second)
    if left is None or right is None:
        return None
    return left & right & first.area.members & second.area.members


def over_countries(number: Result, countries: frozenset[str]) -> dict[str, Interval] | None:
    """Return numerator, denominator and value of a number over some of its countries."""
    if countries_listed(number) == countries and number.value is not None:
        return {name: getattr(number, name) for name in ("numerator", "denominator", "value")}
    parts = number.parts
    # The counts of a change or an index do not make that number.
    if parts is None or parts.kind[0] is not number.kind or not parts.among(countries).any():
        return None
    chosen = parts.among(countries)
    sides = {"numerator": parts.numerator.total(chosen), "denominator": parts.base.total(chosen)}
    return {**sides, "value": parts.value(chosen)}


PanelColumn = str | Coded[Any] | NDArray[Any]
"""A column of a panel by its name, or another column of the same length."""

NumberKey = tuple[str, ...]
"""The category of a number in each dimension."""

Key = TypeVar("Key", bound=Hashable)


@frozen(eq=False)
class Pairs:
    """Pairs of numbers of a panel.

    Parameters
    ----------
    panel : Panel
        The numbers.
    first, second : array of int, shape (m,)
        The positions of the two numbers of each pair.
    """

    panel: Panel
    first: NDArray[np.intp]
    second: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.first)

    def take(self, rows: Any) -> "Pairs":
        """Return some pairs.

        Parameters
        ----------
        rows : array of int or bool
            Positions or a mask.
        """
        return Pairs(self.panel, self.first[rows], self.second[rows])

    def keys(self, columns: Sequence[PanelColumn], key: Callable[[Result], Key]) -> Coded[Key]:
        """Return a key of each number, computed once per combination of columns.

        Parameters
        ----------
        columns : sequence of str, Coded or array
            The columns on which the key depends.
        key : callable
            From a number to a hashable key.
        """
        code, first = self.panel.group_rows(columns)
        values = Coded.from_values([key(Result(self.panel, i)) for i in first.tolist()])
        return Coded(values.codes[code], values.categories)

    def by_key(
        self, keys: Coded[Key], find: Callable[[Key, Key], Outcome | Severity | int]
    ) -> NDArray[np.int8]:
        """Return the codes of a function of two keys, computed once per pair of keys.

        Parameters
        ----------
        keys : Coded
            The key of each number of the panel.
        find : callable
            From two keys to an `Outcome`, a `Severity` or a bool.

        Returns
        -------
        array of int8, shape (m,)
            Codes of outcomes or severities, or 0 and 1.
        """
        size = len(keys.categories)
        if not len(self.first):
            return np.zeros(0, dtype=np.int8)
        pairs = keys.positions[self.first] * size + keys.positions[self.second]
        inverse, occurring = pd.factorize(pairs) if size > 1 else (pairs, np.zeros(1, np.intp))
        codes = [
            code_of(find(keys.categories[pair // size], keys.categories[pair % size]))
            for pair in occurring.tolist()
        ]
        result: NDArray[np.int8] = np.array(codes, dtype=np.int8)[inverse]
        return result


def code_of(result: Outcome | Severity | int) -> int:
    """Return the code of an outcome or severity, or 0 and 1."""
    if isinstance(result, Outcome):
        return result.code
    return result.rank if isinstance(result, Severity) else int(result)


FLOWS = (ResultKind.RATIO, ResultKind.PER_100)

Stated = tuple[str | None, ...]


def stated(number: Result, name: str, kind: str = "") -> Stated:
    """Return the values of an attribute of numerator and denominator, for one kind of count."""
    sides = (number.numerator_kind, number.denominator_kind)
    return tuple(side.get(name) for side in sides if not kind or side.kind == kind)


def breakdowns(number: Result) -> frozenset[str]:
    """Return the dimensions that divide a number or select its counts."""
    chosen = (name for name, _ in (*number.category, *number.base.within))
    return frozenset((*chosen, *number.base.dimension))


def is_share(panel: Panel) -> NDArray[np.bool_]:
    """Return the numbers that are shares."""
    return panel.kind.table(lambda kind: kind is ResultKind.SHARE, np.bool_)


@lru_cache(maxsize=1024)
def vintages(sources: tuple[Source, ...]) -> frozenset[Source]:
    """Return publications with their days, without sections."""
    return frozenset(evolve(source, section="") for source in sources)


@lru_cache(maxsize=1024)
def publications(sources: tuple[Source, ...]) -> frozenset[Source]:
    """Return publications without sections and days."""
    return frozenset(evolve(source, section="", published=None) for source in sources)


def series_key(number: Result) -> tuple[Any, ...]:
    """Return the publications, countries and kinds of count of a number."""
    kinds = number.numerator_kind, number.denominator_kind
    return publications(number.sources), number.area.members, *kinds


def is_same_series(first: tuple[Any, ...], second: tuple[Any, ...]) -> bool:
    """Return whether two numbers have the same publication, area and series."""
    return (
        first[0] == second[0]
        and not first[1].isdisjoint(second[1])
        and all(map(_fit, first[2:], second[2:]))
    )


def _fit(first: CountKind, second: CountKind) -> bool:
    """Return whether all attributes that both numbers state are equal."""
    stated = ((first.get(name), second.get(name)) for name in dict(first.attributes))
    return first.kind == second.kind and all(
        left is None or right is None or left == right for left, right in stated
    )


def number_keys(panel: Panel) -> list[NumberKey]:
    """Return label, area and period of each number."""
    result: list[NumberKey] = []
    for label, area, period in zip(panel.label, panel.area, panel.period, strict=True):
        where = str(area), str(period)
        words = [word for word in label.split(", ") if word not in where]
        result.append((", ".join(words), *where))
    return result


def names_of(positions: Sequence[NumberKey]) -> list[str]:
    """Return the names of places, without their common words."""
    varies = [len(set(values)) > 1 for values in zip(*positions, strict=True)]
    names = [
        ", ".join(
            [word for word, own in zip(index, varies, strict=True) if own]
            or [word for word in index if word]
        )
        for index in positions
    ]
    again = Counter[str]()
    for position, name in enumerate(names):
        again[name] += 1
        if again[name] > 1:
            names[position] = f"{name} ({again[name]})"
    return names


def all_pairs(size: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return all pairs, the earlier number first."""
    later = np.arange(size - 1, -1, -1)
    first = np.repeat(np.arange(size), later)
    starts = np.cumsum(later) - later
    return first, np.arange(len(first)) - np.repeat(starts - np.arange(size) - 1, later)


def pairs_in_one_dimension(
    positions: Sequence[NumberKey],
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the pairs that differ in one dimension."""
    first, second = all_pairs(len(positions))
    differ = np.zeros(len(first), dtype=np.int8)
    for values in zip(*positions, strict=True):
        codes = Coded.from_values(values).codes
        differ += codes[first] != codes[second]
    return first[differ == 1], second[differ == 1]
