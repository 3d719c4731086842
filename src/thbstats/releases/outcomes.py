"""Outcome of each cell between two releases."""

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.releases.alignment import (
    BLANK,
    KNOWN,
    REPEATED,
    SUPPRESSED,
    Alignment,
    Mask,
    Rows,
    months,
)
from thbstats.tables.keys import groups
from thbstats.values import Period


class CellChange(StrEnum):
    """Outcome of a cell between two releases.

    A *growing* cell is a period to which further sub-periods were added. A *repeated* cell has
    several values in one of the releases. Both are kept apart from revisions.
    """

    SAME = "same"
    REVISED = "revised"
    NARROWED = "narrowed"
    WIDENED = "widened"
    FIRST_PUBLISHED = "first_published"
    WITHDRAWN = "withdrawn"
    NEWLY_SUPPRESSED = "newly_suppressed"
    NO_LONGER_SUPPRESSED = "no_longer_suppressed"
    ZERO_TO_BLANK = "zero_to_blank"
    BLANK_TO_ZERO = "blank_to_zero"
    GROWING = "growing"
    REPEATED = "repeated"


CHANGES = tuple(CellChange)


@frozen(eq=False, kw_only=True)
class ReleasePair:
    """Positions of two releases, and the position in `CHANGES` of the outcome of each cell."""

    alignment: Alignment
    old: int
    new: int
    outcome: NDArray[np.int8]

    def cells_with(self, *changes: CellChange) -> Rows:
        """Return the cells with an outcome."""
        return np.flatnonzero(np.isin(self.outcome, [CHANGES.index(own) for own in changes]))

    @property
    def is_number(self) -> Mask:
        """The cells with an exact figure in both releases, of periods without sub-periods."""
        alignment = self.alignment
        known = (alignment.state[[self.old, self.new]] == KNOWN).all(axis=0)
        result: Mask = known & ~alignment.is_wide
        result &= self.outcome != CHANGES.index(CellChange.GROWING)
        return result


def pair_of(
    alignment: Alignment, old: int, new: int, complete: Sequence[Period | None]
) -> ReleasePair:
    """Return the outcomes of all cells between two releases."""
    bounds = (alignment.state, alignment.lower, alignment.upper)
    differs = (alignment.state[old] == REPEATED) | np.logical_or.reduce(
        [own[old] != own[new] for own in bounds]
    )
    cells = np.flatnonzero(differs)
    (a, low, high), (b, lower, upper) = ([own[n, cells] for own in bounds] for n in (old, new))
    # The first condition that holds is the outcome.
    rules: list[tuple[CellChange, Mask]] = [
        (CellChange.SAME, (a <= BLANK) & (b <= BLANK)),
        (CellChange.REPEATED, (a == REPEATED) | (b == REPEATED)),
        (CellChange.BLANK_TO_ZERO, (a == BLANK) & (b == KNOWN) & (lower == 0)),
        (CellChange.ZERO_TO_BLANK, (a == KNOWN) & (low == 0) & (b == BLANK)),
        (CellChange.FIRST_PUBLISHED, a <= BLANK),
        (CellChange.WITHDRAWN, b <= BLANK),
        (CellChange.NEWLY_SUPPRESSED, (b == SUPPRESSED) & (a != SUPPRESSED)),
        (CellChange.NO_LONGER_SUPPRESSED, (a == SUPPRESSED) & (b != SUPPRESSED)),
        (CellChange.GROWING, _is_growing(alignment, (old, new), complete[old], cells)),
        (CellChange.NARROWED, (lower >= low) & (upper <= high)),
        (CellChange.WIDENED, (lower <= low) & (upper >= high)),
    ]
    outcome = np.zeros(len(alignment), dtype=np.int8)
    codes = [CHANGES.index(change) for change, _ in rules]
    revised = CHANGES.index(CellChange.REVISED)
    outcome[cells] = np.select([rule for _, rule in rules], codes, revised)
    return ReleasePair(alignment=alignment, old=old, new=new, outcome=outcome)


def _is_growing(
    alignment: Alignment, sides: tuple[int, int], complete: Period | None, cells: Rows
) -> Mask:
    """Return the cells of periods that the older release did not cover completely.

    The newer release has further sub-periods, or the period ends after the last complete one.
    """
    column, periods = alignment.keys["period"], alignment.periods
    codes, days = column.positions[cells], np.array([own.days or 0 for own in periods])
    result = np.zeros(len(cells), dtype=np.bool_)
    if complete is not None and complete.end is not None:
        late = [own.end is not None and own.end > complete.end for own in periods]
        result |= np.array(late)[codes]
    for whole in np.unique(codes[alignment.is_wide[cells]]).tolist():
        parts: dict[int, list[int]] = {}
        for code, part in enumerate(periods):
            if part != periods[whole] and periods[whole].covers(part):
                parts.setdefault(months(part), []).append(code)
        own = np.flatnonzero(codes == whole)
        for same_length in parts.values():
            inner = np.flatnonzero(np.isin(column.codes, same_length))
            group, first = groups(alignment.without("period", np.append(cells[own], inner)))
            covered = [
                np.bincount(
                    group[len(own) :],
                    days[column.positions[inner]] * (alignment.state[number, inner] > BLANK),
                    minlength=len(first),
                )[group[: len(own)]]
                for number in sides
            ]
            grows = (covered[0] > 0) & (covered[0] < days[whole]) & (covered[1] > covered[0])
            result[own] |= grows
    return result
