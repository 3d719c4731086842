"""What may not be added up: totals with parts, areas that overlap, units that differ."""

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
    """A sum that is to be made.

    Parameters
    ----------
    columns : Columns
        The rows.
    by : tuple of str
        The dimensions that stay apart.
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
        """Return which codes of a dimension are added up in each group."""
        column = self.columns[name]
        return code_sets(self.group, column.codes, len(column.categories))


def check_mixing(summing: Summing) -> None:
    """Refuse a sum that counts somebody twice or adds what is not alike.

    Raises
    ------
    MixedTotals
        Naming the dimension, what would be added and how to choose.
    """
    for dimension in summing.columns.schema.dimensions:
        varies = len(summing.columns[dimension.name].categories) > 1
        if not varies or dimension.name in summing.by:
            continue
        if dimension.total is not None:
            _check_parts(summing, dimension)
        elif dimension.content in ("area", "period"):
            _check_clashes(summing, dimension)
        else:
            _check_alike(summing, dimension)


def _check_parts(summing: Summing, dimension: Dimension) -> None:
    """Look for totals and parts within one area and period: elsewhere they are other people."""
    apart = dict.fromkeys((*summing.by, "area", "period"))
    finer = [summing.columns[name] for name in apart]
    group, first = groups(pack(finer, len(summing.columns)))
    within = Summing(columns=summing.columns, by=tuple(apart), group=group, first=first)
    _check_clashes(within, dimension)


def _check_clashes(summing: Summing, dimension: Dimension) -> None:
    categories = summing.columns[dimension.name].categories
    possible = _clashes(dimension, categories)
    if not possible:
        return
    found = summing.sets(dimension.name)
    for number, codes in enumerate(found.sets):
        for one, other in possible:
            if {one, other} <= codes:
                first = summing.first[found.of_group == number]
                _refuse_in(summing, dimension, (categories[one], categories[other]), first)


@lru_cache(maxsize=256)
def _clashes(dimension: Dimension, categories: tuple[str, ...]) -> list[tuple[int, int]]:
    return [
        (one, other)
        for one, other in combinations(range(len(categories)), 2)
        if dimension.overlaps(categories[one], categories[other])
    ]


def _refuse_in(
    summing: Summing, dimension: Dimension, pair: tuple[str, str], rows: NDArray[np.intp]
) -> None:
    """Refuse if two codes hold the same people in one of the places where they meet."""
    columns = summing.columns.take(rows)
    context = pack([columns["area"], columns["period"]], len(rows))
    for row in rows[groups(context)[1]]:
        key = summing.columns.key(int(row))
        if dimension.content != "citizenship" or dimension.overlaps(
            *pair, area=key["area"], period=key["period"]
        ):
            where = {name: key[name] for name in summing.by}
            raise _mixed(dimension, pair, where, summing.columns[dimension.name].categories)


def _mixed(
    dimension: Dimension,
    pair: tuple[str, str],
    where: dict[str, str],
    categories: Sequence[str],
) -> MixedTotals:
    one, other = pair
    parts = [code for code in categories if code != one and not dimension.overlaps(one, code)]
    name = dimension.name
    rest = parts or [code for code in categories if code != one]
    return MixedTotals(
        f"a sum over {name} would count the same twice: {one!r} and {other!r} overlap",
        field=name,
        value=where,
        hint=f"Choose with where({name}={one!r}) or where({name}={_shown(rest)}), "
        f"or keep it apart with by=(..., {name!r})",
    )


def _shown(codes: Sequence[str]) -> str:
    return f"[{', '.join(map(repr, codes[:6]))}{', ...' if len(codes) > 6 else ''}]"


def _check_alike(summing: Summing, dimension: Dimension) -> None:
    found = summing.sets(dimension.name)
    categories = summing.columns[dimension.name].categories
    for codes in found.sets:
        if len(codes) > 1:
            names = sorted(categories[code] for code in codes)
            raise _unlike(dimension.name, names, summing.by)


def _unlike(name: str, codes: Sequence[str], by: Iterable[str]) -> MixedTotals:
    kept = ", ".join(repr(other) for other in (*by, name))
    return MixedTotals(
        f"a sum would add counts whose {name} differs",
        field=name,
        value=", ".join(codes),
        hint=f"Choose one with where({name}={codes[0]!r}), or keep them apart: by=({kept})",
    )
