"""Tables with margins, before and after suppression."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import product
from typing import Any

import numpy as np
from hypothesis import strategies as st

from thbstats.disclosure import SuppressedTable, suppress
from thbstats.tables import CountTable
from thbstats.values import Count

SEXES = ("female", "male", "unknown")
AGES = ("child", "adult")
FORMS = ("sexual", "labour", "other")

Key = tuple[str, str]
Truth = dict[Key, int]


def made(
    columns: str, rows: Iterable[Sequence[Any]], *, area: str | None = "FR", year: int = 2020
) -> CountTable:
    """Return a table of victims with some columns and a value."""
    context = {} if area is None else {"area": area}
    return CountTable.from_rows(
        list(rows), columns=[*columns.split(), "value"], kind="victims", period=year, **context
    )


def of_sex(area: str = "FR", **counts: Count | int) -> CountTable:
    """Return a table of victims by sex."""
    return made("sex", counts.items(), area=area)


def of_areas(**counts: Count | int) -> CountTable:
    """Return a table of victims by area; ``BE_FR`` is the area ``BE+FR``."""
    return made("area", ((k.replace("_", "+"), n) for k, n in counts.items()), area=None)


def in_three_dimensions(counts: Iterable[int]) -> CountTable:
    """Return two sexes by two ages by two forms with all sums."""
    sides = (SEXES[:2], AGES, FORMS[:2])
    inside = dict(zip(product(*sides), counts, strict=True))
    rows = []
    for key in product(*((*side, "total") for side in sides)):
        cells = (n for cell, n in inside.items() if _is_inside(cell, key))
        rows.append((*key, sum(cells)))
    return made("sex age exploitation", rows)


def _is_inside(cell: Sequence[str], key: Sequence[str]) -> bool:
    return all(code in ("total", own) for code, own in zip(key, cell, strict=True))


def example() -> Truth:
    """Return a table with one small count: three men in sexual exploitation."""
    counts = (60, 12, 9, 3, 41, 14)
    return with_margins(dict(zip(product(SEXES[:2], FORMS), counts, strict=True)))


def two_years() -> CountTable:
    """Return the example in two years, which are separate blocks."""
    rows = [(*key, number) for key, number in example().items()]
    return CountTable.concat(made("sex exploitation", rows, year=year) for year in (2019, 2020))


@cache
def suppressed(**arguments: Any) -> SuppressedTable:
    """Return the suppression of the example, made once for each set of arguments."""
    return suppress(table_of(example()), fewer_than=5, **arguments)


def with_margins(inside: Mapping[Key, int]) -> Truth:
    """Return counts by sex and form with all sums."""
    sexes, forms = ({key[axis]: None for key in inside} for axis in (0, 1))
    table = dict(inside)
    for sex in sexes:
        table[sex, "total"] = sum(inside[sex, form] for form in forms)
    for form in forms:
        table["total", form] = sum(inside[sex, form] for sex in sexes)
    table["total", "total"] = sum(inside.values())
    return table


@st.composite
def truths(draw: st.DrawFn, most: int = 9, size: int = 3) -> Truth:
    """Draw a table of two or three sexes by two or three forms, with margins."""
    sexes = SEXES[: draw(st.integers(2, size))]
    forms = FORMS[: draw(st.integers(2, size))]
    keys = list(product(sexes, forms))
    values = draw(st.lists(st.integers(0, most), min_size=len(keys), max_size=len(keys)))
    return with_margins(dict(zip(keys, values, strict=True)))


def table_of(counts: Mapping[Key, Count | int]) -> CountTable:
    """Return a table of victims by sex and form."""
    rows = [(sex, form, "identified", number) for (sex, form), number in counts.items()]
    return made("sex exploitation status", rows)


def fitting(counts: Mapping[Key, Count | int]) -> Iterator[Truth]:
    """Yield all tables of integers that are consistent with a published table.

    Every suppressed count has an upper bound.
    """
    known = {key: n if isinstance(n, Count) else Count.known(n) for key, n in counts.items()}
    inside = [key for key in known if "total" not in key]
    sexes = list(dict.fromkeys(sex for sex, _ in inside))
    forms = list(dict.fromkeys(form for _, form in inside))
    ranges = [range(known[key].lower, (known[key].upper or 0) + 1) for key in inside]
    grids = np.meshgrid(*ranges, indexing="ij")
    tables = np.stack([grid.ravel() for grid in grids], axis=1)
    column = {key: index for index, key in enumerate(inside)}
    sums = {("total", "total"): tables.sum(axis=1)}
    sums |= {(s, "total"): tables[:, [column[s, f] for f in forms]].sum(axis=1) for s in sexes}
    sums |= {("total", f): tables[:, [column[s, f] for s in sexes]].sum(axis=1) for f in forms}
    fits = np.ones(len(tables), dtype=bool)
    for key, values in sums.items():
        if key in known:
            upper = known[key].upper
            fits &= (values >= known[key].lower) & (values <= (np.inf if upper is None else upper))
    for row in np.flatnonzero(fits).tolist():
        result = dict(zip(inside, tables[row].tolist(), strict=True))
        yield with_margins(result)
