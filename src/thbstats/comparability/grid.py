"""Compare all numbers of a grid with each other, in columns."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import product
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from thbstats.comparability.comparisons import Comparisons
from thbstats.comparability.levels import Levels, judge
from thbstats.comparability.rule import Rule
from thbstats.comparability.rules import ALL
from thbstats.comparability.thresholds import DEFAULTS, Thresholds
from thbstats.errors import InvalidValue, NoSuchCell
from thbstats.results import Places, Result, Results
from thbstats.tables import CountTable

__all__ = ["compare_all"]

_BLOCK = 1 << 17
"""So many pairs are judged at once, since their columns then stay in the cache of a processor."""

Indicator = Callable[[CountTable], Result | Results]
_Place = tuple[str, ...]


def compare_all(
    numbers: Iterable[Result] | CountTable,
    indicator: Indicator | None = None,
    *,
    over: str | Sequence[str] = ("area",),
    pairs: Literal["all", "one_dimension"] = "all",
    thresholds: Thresholds = DEFAULTS,
    rules: Iterable[Rule] = ALL,
) -> Comparisons:
    """Say of every two numbers whether they may be compared.

    For each pair the verdict and the reasons are those that `compare` gives, the earlier number
    in the list being the first.

    Parameters
    ----------
    numbers : Results, iterable of Result, or CountTable
        The numbers; or a table from which an indicator makes them.
    indicator : callable, optional
        For a table: from its rows of one place in the grid to a `Result`, or to several, such as
        ``lambda t: thb.share(t, sex="female", base="recorded")``.
    over : str or sequence of str
        For a table: the dimensions that make the grid, such as ``("area", "period")``. Places
        that lack a row which the indicator needs are left out, and named.
    pairs : {"all", "one_dimension"}
        All pairs; or only those that differ in one dimension and are equal in the others: for
        numbers that are given, in label, area or period.
    thresholds : Thresholds
        Where rules change their answer or weight.
    rules : iterable of Rule
        The rules to apply; rules for numbers are passed over.

    Returns
    -------
    Comparisons
        Verdicts and reasons in columns; the words of a pair are made when it is asked for.

    Raises
    ------
    InvalidValue
        If a table comes without an indicator or the reverse, or `pairs` is another word.

    Examples
    --------
    >>> import thbstats as thb
    >>> report = thb.publications.com_2018_777()
    >>> found = thb.compare_all(thb.funnel(report.data.justice))
    >>> found
    <Comparisons of 3 numbers, 3 pairs: 3 not comparable>
    >>> found.pair(0, 1).warnings.at_least("blocking").codes
    ('BASE', 'UNIT')
    """
    if pairs not in ("all", "one_dimension"):
        raise InvalidValue(
            "no such choice of pairs",
            field="pairs",
            value=pairs,
            mend="Use 'all' or 'one_dimension'",
        )
    left_out: list[_Place] = []
    if isinstance(numbers, CountTable):
        items, places, left_out = _from_table(
            numbers, indicator, (over,) if isinstance(over, str) else over
        )
    else:
        items, places = _given(numbers, indicator)
    first, second = _chosen(places) if pairs == "one_dimension" else _all(len(items))
    applied = tuple(rule for rule in rules if rule.scope == "pair")
    return Comparisons(
        numbers=items,
        names=_named(places),
        first=first,
        second=second,
        rules=applied,
        thresholds=thresholds,
        levels=_judged(applied, items, first, second, thresholds),
        left_out=[", ".join(place) for place in left_out],
    )


def _given(numbers: Iterable[Result], indicator: Indicator | None) -> tuple[Results, list[_Place]]:
    if indicator is not None:
        raise InvalidValue(
            "an indicator makes numbers from a table only",
            field="indicator",
            value=getattr(indicator, "__name__", indicator),
            mend="Give a table, or the numbers alone",
        )
    items = numbers if isinstance(numbers, Results) else Results(caption="numbers", items=numbers)
    return items, [_place(item) for item in items]


def _place(item: Result) -> _Place:
    """Return what a number says, its area and period; a label may name these too."""
    words = (word for word in item.label.split(", ") if word not in (item.area, item.period))
    return ", ".join(words), item.area, item.period


def _from_table(
    table: CountTable, indicator: Indicator | None, over: Sequence[str]
) -> tuple[Results, list[_Place], list[_Place]]:
    if indicator is None:
        raise InvalidValue(
            "a table needs an indicator that makes numbers of it",
            field="indicator",
            value=None,
            mend="Give a function, such as lambda t: thb.share(t, ...)",
        )
    items: list[Result] = []
    places: list[_Place] = []
    left_out: list[_Place] = []
    for place in product(*(table.categories(name) for name in over)):
        rows = table.where(**dict(zip(over, place, strict=True)))
        try:
            made = indicator(rows) if len(rows) else None
        except NoSuchCell:
            made = None
        if made is None:
            left_out.append(place)
            continue
        several = list(made) if isinstance(made, Results) else [made]
        items.extend(several)
        places.extend((*place, item.label) for item in several)
    return Results(caption="numbers by " + " and ".join(over), items=items), places, left_out


def _said(place: _Place) -> list[str]:
    return [word for word in place if word]


def _named(places: Sequence[_Place]) -> list[str]:
    """Return the names of places, without what is the same everywhere."""
    varies = [len(set(values)) > 1 for values in zip(*places, strict=True)]
    names = [
        ", ".join([word for word, own in zip(place, varies, strict=True) if own] or _said(place))
        for place in places
    ]
    again = Counter[str]()
    for position, name in enumerate(names):
        again[name] += 1
        if again[name] > 1:
            names[position] = f"{name} ({again[name]})"
    return names


def _all(n: int) -> tuple[Places, Places]:
    """Return every two places, the earlier one first."""
    later = np.arange(n - 1, -1, -1)
    first = np.repeat(np.arange(n), later)
    starts = np.cumsum(later) - later
    return first, np.arange(len(first)) - np.repeat(starts - np.arange(n) - 1, later)


def _chosen(places: Sequence[_Place]) -> tuple[Places, Places]:
    """Return the pairs that differ in one dimension only."""
    first, second = _all(len(places))
    differ = np.zeros(len(first), dtype=np.int8)
    for values in zip(*places, strict=True):
        codes = np.unique(np.array(values, dtype=object).astype(str), return_inverse=True)[1]
        differ += codes[first] != codes[second]
    return first[differ == 1], second[differ == 1]


def _judged(
    rules: Sequence[Rule], numbers: Results, first: Places, second: Places, limits: Thresholds
) -> Levels:
    levels: NDArray[np.int8] = np.zeros((len(rules), len(first)), dtype=np.int8)
    for start in range(0, len(first), _BLOCK):
        block = slice(start, start + _BLOCK)
        one, two = numbers.pick(first[block]), numbers.pick(second[block])
        levels[:, block] = judge(rules, one, two, limits)
    return levels
