"""Age of figures: the number of releases since the first."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from thbstats.releases.alignment import KNOWN, Alignment, months
from thbstats.releases.outcomes import CellChange, ReleasePair
from thbstats.tables.keys import groups

Ints = NDArray[np.intp]


def first_releases(alignment: Alignment, pairs: tuple[ReleasePair, ...]) -> Ints:
    """Return the release in which each figure was first published, or -1 if it is not observed.

    Figures of the first release are observed if their period is its last one.
    """
    state = alignment.state == KNOWN
    first = np.where(state.any(axis=0), state.argmax(axis=0), -1)
    first[alignment.is_wide] = -1
    for pair in pairs:
        first[pair.cells_with(CellChange.GROWING)] = -1
    ends = [0 if own.end is None else own.end.toordinal() for own in alignment.periods]
    last = np.array(ends)[alignment.keys["period"].positions]
    first[(first == 0) & (last < last[first == 0].max(initial=0))] = -1
    return first


def equal_age_changes(alignment: Alignment, first: Ints) -> pd.DataFrame:
    """Return the changes from each period to the next one, as published and at equal age."""
    column, periods = alignment.keys["period"], alignment.periods
    before = np.full(len(periods), -1)
    for code, period in enumerate(periods):
        for other, earlier in enumerate(periods):
            if period.start is not None and earlier.end is not None:
                is_next = (period.start - earlier.end).days == 1
                before[code] = (
                    other if is_next and months(period) == months(earlier) else before[code]
                )
    cells = np.flatnonzero(first >= 0)
    group = groups(alignment.without("period", cells))[0] * len(periods)
    target, codes = before[column.positions[cells]], column.positions[cells]
    previous = pd.Index(group + codes).get_indexer(np.where(target < 0, -1, group + target))
    mine, other = cells[previous >= 0], cells[previous[previous >= 0]]
    mine, other = (own[first[other] < first[mine]] for own in (mine, other))
    frames = []
    for number, name in enumerate(alignment.names):
        age = number - first[mine]
        then = np.where(age < 0, 0, first[other] + age)
        figures = [
            np.where(alignment.state[release, own] == KNOWN, alignment.lower[release, own], 0)
            for release, own in ((number, mine), (number, other), (then, other))
        ]
        rows = np.flatnonzero((age >= 0) & (figures[1] > 0) & (figures[2] > 0))
        rows = rows[alignment.state[number, mine[rows]] == KNOWN]
        shown = [own for own in alignment.varying if own != "period"]
        columns = {own: list(alignment.keys[own].take(mine[rows])) for own in shown}
        now, printed, equal = (own[rows] for own in figures)
        frames.append(
            pd.DataFrame(
                {
                    **columns,
                    "period": list(column.take(mine[rows])),
                    "previous": list(column.take(other[rows])),
                    "release": name,
                    "age": age[rows],
                    "relative_published": now / printed - 1,
                    "relative_equal_age": now / equal - 1,
                }
            )
        )
    return pd.concat(frames, ignore_index=True)
