"""Checks against sums that mix totals and parts, areas or units."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import combinations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.errors import MixedTotals
from thbstats.records import Dimension
from thbstats.tables.columns import Columns
from thbstats.tables.keys import groups, pack
from thbstats.tables.sets import CodeSets, code_sets

__all__ = ["Summing", "check_mixing"]


@frozen(eq=False, kw_only=True)
class Summing:
    """Rows and groups of a sum.

    Parameters
    ----------
    columns : Columns
        The rows.
    by : tuple of str
        The dimensions of the result.
    group : array of int, shape (rows,)
        The row of the result to which each row adds.
    first : array of int
        The first row of each group.
    """

    columns: Columns
    by: tuple[str, ...]
    group: NDArray[np.intp]
    first: NDArray[np.intp]

    def sets(self, name: str) -> CodeSets:
        """Return the codes of a dimension in each group."""
        column = self.columns[name]
        return code_sets(self.group, column.codes, len(column.categories))


def check_mixing(summing: Summing) -> None:
    """Raise an error if a sum counts parts twice or adds different units or statuses.

    Raises
    ------
    MixedTotals
        If the rows of a sum overlap or differ in an attribute.
    """
    for dimension in summing.columns.schema.dimensions:
        varies = len(summing.columns[dimension.name].categories) > 1
        if not varies or dimension.name in summing.by:
            continue
        if dimension.total is not None:
            _check_parts(summing, dimension)
        elif dimension.content in ("area", "period"):
            _check_overlaps(summing, dimension)
        else:
            _check_equal(summing, dimension)


def _check_parts(summing: Summing, dimension: Dimension) -> None:
    """Check for totals and parts within one area and period."""
    names = dict.fromkeys((*summing.by, "area", "period"))
    finer = [summing.columns[name] for name in names]
    group, first = groups(pack(finer, len(summing.columns)))
    within = Summing(columns=summing.columns, by=tuple(names), group=group, first=first)
    _check_overlaps(within, dimension)


def _check_overlaps(summing: Summing, dimension: Dimension) -> None:
    categories = summing.columns[dimension.name].categories
    possible = _overlaps(dimension, categories)
    if not possible:
        return
    found = summing.sets(dimension.name)
    for number, codes in enumerate(found.sets):
        for one, other in possible:
            if {one, other} <= codes:
                first = summing.first[found.of_group == number]
                _raise_if_mixed(summing, dimension, (categories[one], categories[other]), first)


@lru_cache(maxsize=256)
def _overlaps(dimension: Dimension, categories: tuple[str, ...]) -> list[tuple[int, int]]:
    return [
        (one, other)
        for one, other in combinations(range(len(categories)), 2)
        if dimension.overlaps(categories[one], categories[other])
    ]


def _raise_if_mixed(
    summing: Summing, dimension: Dimension, pair: tuple[str, str], rows: NDArray[np.intp]
) -> None:
    """Raise an error if two codes overlap in an area and period of the rows."""
    columns = summing.columns.take(rows)
    context = pack([columns["area"], columns["period"]], len(rows))
    for row in rows[groups(context)[1]]:
        key = summing.columns.key(int(row))
        if dimension.content != "citizenship" or dimension.overlaps(
            *pair, area=key["area"], period=key["period"]
        ):
            where = {name: key[name] for name in summing.by}
            raise _overlap_error(dimension, pair, where, summing.columns[dimension.name].categories)


def _overlap_error(
    dimension: Dimension,
    pair: tuple[str, str],
    where: dict[str, str],
    categories: Sequence[str],
) -> MixedTotals:
    one, other = pair
    parts = [code for code in categories if code != one and not dimension.overlaps(one, code)]
    name = dimension.name
    remaining = parts or [code for code in categories if code != one]
    return MixedTotals(
        f"must not overlap in a sum: {one!r} and {other!r}",
        field=name,
        value=where,
        hint=f"Select where({name}={one!r}) or where({name}={_list_text(remaining)}), "
        f"or add by=(..., {name!r})",
    )


def _list_text(codes: Sequence[str]) -> str:
    return f"[{', '.join(map(repr, codes[:5]))}{', ...' if len(codes) > 5 else ''}]"


def _check_equal(summing: Summing, dimension: Dimension) -> None:
    found = summing.sets(dimension.name)
    categories = summing.columns[dimension.name].categories
    for codes in found.sets:
        if len(codes) > 1:
            names = sorted(categories[code] for code in codes)
            raise _difference_error(dimension.name, names, summing.by)


def _difference_error(name: str, codes: Sequence[str], by: Iterable[str]) -> MixedTotals:
    names = ", ".join(repr(other) for other in (*by, name))
    return MixedTotals(
        "must be equal in all rows of a sum",
        field=name,
        value=", ".join(codes),
        hint=f"Select one with where({name}={codes[0]!r}), or add by=({names})",
    )
