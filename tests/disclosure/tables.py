"""Tables with margins, before and after suppression."""

from collections.abc import Iterator, Mapping
from itertools import product

import numpy as np
from hypothesis import strategies as st

from thbstats.tables import CountTable
from thbstats.values import Count

SEXES = ("female", "male", "unknown")
FORMS = ("sexual", "labour", "other")

Key = tuple[str, str]
Truth = dict[Key, int]


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
    rows = [(sex, form, number) for (sex, form), number in counts.items()]
    return CountTable.from_rows(
        rows,
        columns=["sex", "exploitation", "value"],
        kind="victims",
        area="FR",
        period=2020,
        status="identified",
    )


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
        found = dict(zip(inside, tables[row].tolist(), strict=True))
        yield with_margins(found)
