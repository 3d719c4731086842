"""Periods that consist of other periods of a table."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from functools import lru_cache
from itertools import pairwise

from thbstats.records import Schema
from thbstats.values import Certainty, Period

Key = tuple[str, ...]


@lru_cache(maxsize=4096)
def _days(code: str) -> tuple[int, int] | None:
    """Return the first day of an exact period and the day after it, or ``None``."""
    period = Period.parse(code)
    if period.certainty is not Certainty.EXACT or period.start is None or period.end is None:
        return None
    return period.start.toordinal(), period.end.toordinal() + 1


@lru_cache(maxsize=4096)
def period_parts(codes: frozenset[str]) -> Mapping[str, tuple[str, ...]]:
    """Return the disjoint parts of each period that overlaps another one.

    The parts lie between all first and last days, so that they need not be published.

    Examples
    --------
    >>> period_parts(frozenset({"2015", "2015-2016", "2017"}))
    {'2015-2016': ('2015', '2016')}
    """
    days = {code: own for code in sorted(codes) if (own := _days(code)) is not None}
    ends = sorted({day for own in days.values() for day in own})
    result = {}
    for code, (first, after) in days.items():
        inside = ends[bisect_left(ends, first) : bisect_left(ends, after) + 1]
        if len(inside) > 2:
            spans = ((date.fromordinal(a), date.fromordinal(b - 1)) for a, b in pairwise(inside))
            result[code] = tuple(str(Period(*span)) for span in spans)
    return result


@lru_cache(maxsize=4096)
def _covered(codes: frozenset[str], others: frozenset[str]) -> frozenset[str]:
    """Return the other periods that consist of some periods."""
    parts = period_parts(codes)
    own = {part for code in codes for part in parts.get(code, (code,))}
    result = set()
    for other in others:
        inside = period_parts(frozenset({other, *own})).get(other, ())
        if inside and own.issuperset(inside):
            result.add(other)
    return frozenset(result)


def overlapping_periods(codes: Collection[str]) -> dict[str, list[str]]:
    """Return the other periods that overlap each exact period."""
    days = {code: own for code in sorted(codes) if (own := _days(code)) is not None}
    if not period_parts(frozenset(days)):
        return {}
    return {
        code: [other for other, (a, b) in days.items() if other != code and a < after and first < b]
        for code, (first, after) in days.items()
    }


def further_periods(keys: Iterable[Key], schema: Schema, dimensions: Collection[str]) -> set[Key]:
    """Return cells of parts of periods, and of periods that consist of parts.

    A category that is published by year is also a part of a total of several years.
    """
    axis = schema.names.index("period")
    contexts: dict[Key, set[str]] = {}
    for key in keys:
        contexts.setdefault((*key[:axis], "", *key[axis + 1 :]), set()).add(key[axis])
    if "period" not in dimensions or not period_parts(frozenset[str]().union(*contexts.values())):
        return set()
    added = {
        (*context[:axis], code, *context[axis + 1 :])
        for context, own in contexts.items()
        for parts in period_parts(frozenset(own)).values()
        for code in parts
    }
    for other, dimension in enumerate(schema.dimensions):
        if dimension.name not in dimensions or other == axis:
            continue
        tables: dict[Key, dict[str, frozenset[str]]] = {}
        for context, own in contexts.items():
            table = tables.setdefault((*context[:other], "", *context[other + 1 :]), {})
            table[context[other]] = frozenset(own)
        for context, table in tables.items():
            for code, periods in table.items() if len(set(table.values())) > 1 else ():
                wide = dimension.ancestors(code)
                near = frozenset[str]().union(*(table[c] for c in table if c not in wide))
                for period in _covered(periods, near - periods):
                    key = (*context[:other], code, *context[other + 1 :])
                    added.add((*key[:axis], period, *key[axis + 1 :]))
    return added
