"""Areas, periods and categories of sums."""

from collections.abc import Callable, Sequence

import numpy as np

from thbstats.columns import Coded
from thbstats.errors import InvalidValue, MixedTotals
from thbstats.geography import COMPOSITIONS, Area
from thbstats.records import Dimension
from thbstats.tables.mixing import Summing
from thbstats.values import Period

__all__ = ["union_column"]


def union_column(summing: Summing, dimension: Dimension) -> Coded[str]:
    """Return the column of a dimension in the result of a sum."""
    column, size = summing.columns[dimension.name], len(summing.first)
    if len(column.categories) <= 1 or dimension.name in summing.by:
        return column.take(summing.first).compact()
    if dimension.total is not None:
        return Coded.constant(dimension.common_parent(column.categories), size)
    if dimension.content == "area":
        return _labelled(summing, dimension, _area)
    if dimension.content == "period":
        return _labelled(summing, dimension, _period)
    return column.take(summing.first).compact()


def _labelled(
    summing: Summing, dimension: Dimension, label: Callable[[Sequence[str]], str]
) -> Coded[str]:
    """Return one label per group, made once for each distinct set of codes."""
    found = summing.sets(dimension.name)
    names = summing.columns[dimension.name].categories
    labels = [label([names[code] for code in sorted(codes)]) for codes in found.sets]
    categories = sorted(set(labels), key=dimension.sort_key)
    positions = np.array([categories.index(name) for name in labels], dtype=np.intp)
    return Coded(positions[found.of_group], categories).compact()


def _area(codes: Sequence[str]) -> str:
    if len(codes) == 1:
        return codes[0]
    members = frozenset().union(*(Area.parse(code).members for code in codes))
    named = (area.code for area in COMPOSITIONS.values() if area.members == members)
    return next(named, None) or Area.from_countries(members).code


def _period(codes: Sequence[str]) -> str:
    if len(codes) == 1:
        return codes[0]
    try:
        return str(Period.joined(map(Period.parse, codes)))
    except InvalidValue:
        raise MixedTotals(
            "must be consecutive in a sum",
            field="period",
            value=", ".join(codes),
            hint="Select consecutive periods with where(period=[...]), or add by=(..., 'period')",
        ) from None
