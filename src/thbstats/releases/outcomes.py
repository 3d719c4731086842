"""Outcome of each cell between two releases."""

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.releases.alignment import (
    ABSENT,
    BLANK,
    DAYS_OF_MONTH,
    INTERVAL,
    KNOWN,
    REPEATED,
    SUPPRESSED,
    Alignment,
    Mask,
)
from thbstats.values import Period


class Change(StrEnum):
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

    @property
    def label(self) -> str:
        """The outcome as text."""
        return self.value.replace("_", " ")


CHANGES = tuple(Change)
_CODE = {change: code for code, change in enumerate(CHANGES)}


@frozen(eq=False, kw_only=True)
class Pair:
    """Two releases of the same cells.

    Parameters
    ----------
    old, new : int
        The positions of the releases.
    outcome : array of int8
        The position in `CHANGES` of each cell.
    """

    alignment: Alignment
    old: int
    new: int
    outcome: NDArray[np.int8]

    def cells_with(self, *changes: Change) -> NDArray[np.intp]:
        """Return the cells with an outcome."""
        return np.flatnonzero(np.isin(self.outcome, [_CODE[change] for change in changes]))

    @property
    def is_number(self) -> Mask:
        """The cells with an exact figure in both releases.

        Growing periods, and periods that contain others of the releases, are left out.
        """
        states = self.alignment.state
        both = (states[self.old] == KNOWN) & (states[self.new] == KNOWN)
        result: Mask = both & (self.outcome != _CODE[Change.GROWING]) & ~self.alignment.is_wide
        return result


def pair_of(alignment: Alignment, old: int, new: int, complete: Sequence[Period | None]) -> Pair:
    """Return the outcomes of all cells between two releases."""
    (a, b) = (alignment.state[number] for number in (old, new))
    (low, lower), (high, upper) = (
        (own[old], own[new]) for own in (alignment.lower, alignment.upper)
    )
    outcome = np.zeros(len(alignment), dtype=np.int8)
    differs = (a != b) | (low != lower) | (high != upper) | (a == REPEATED)
    cells = np.flatnonzero(differs)
    a, b, low, lower, high, upper = (own[cells] for own in (a, b, low, lower, high, upper))
    none, nothing = a <= BLANK, b <= BLANK
    inside, outside = (lower >= low) & (upper <= high), (lower <= low) & (upper >= high)
    was, is_now = a == SUPPRESSED, b == SUPPRESSED
    # The first condition that holds is the outcome.
    rules: list[tuple[Change, Mask]] = [
        (Change.SAME, none & nothing),
        (Change.REPEATED, (a == REPEATED) | (b == REPEATED)),
        (Change.BLANK_TO_ZERO, (a == BLANK) & (b == KNOWN) & (lower == 0)),
        (Change.ZERO_TO_BLANK, (a == KNOWN) & (low == 0) & (b == BLANK)),
        (Change.FIRST_PUBLISHED, none),
        (Change.WITHDRAWN, nothing),
        (Change.NEWLY_SUPPRESSED, is_now & ~was),
        (Change.NO_LONGER_SUPPRESSED, was & ~is_now),
        (Change.GROWING, _is_growing(alignment, old, new, complete, cells)),
        (Change.NARROWED, inside),
        (Change.WIDENED, outside),
    ]
    codes = [_CODE[change] for change, _ in rules]
    outcome[cells] = np.select([rule for _, rule in rules], codes, _CODE[Change.REVISED])
    return Pair(alignment=alignment, old=old, new=new, outcome=outcome)


def _is_growing(
    alignment: Alignment,
    old: int,
    new: int,
    complete: Sequence[Period | None],
    cells: NDArray[np.intp],
) -> Mask:
    """Return the cells of periods that the older release did not cover completely.

    The newer release has further sub-periods, or the period ends after the last complete one.
    """
    column = alignment.keys["period"]
    periods = [Period.parse(code) for code in column.categories]
    codes = column.positions[cells]
    result = np.zeros(len(cells), dtype=np.bool_)
    last = complete[old]
    if last is not None and last.end is not None:
        late = [own.end is not None and own.end > last.end for own in periods]
        result |= np.array(late, dtype=np.bool_)[codes]
    for whole in np.unique(codes).tolist():
        parts: dict[int, list[int]] = {}
        days = periods[whole].days or 0
        for code, part in enumerate(periods):
            if periods[whole].covers(part) and 0 < (part.days or 0) < days:
                parts.setdefault(round((part.days or 0) / DAYS_OF_MONTH), []).append(code)
        own = np.flatnonzero(codes == whole)
        for length in parts.values():
            inner = np.flatnonzero(np.isin(column.positions, length))
            both = np.concatenate([cells[own], inner])
            group = np.unique(alignment.others("period", both), return_inverse=True)[1]
            sizes = np.array([periods[code].days or 0 for code in range(len(periods))])
            weight, above = sizes[column.positions[inner]], len(group)
            covered = [
                np.bincount(
                    group[len(own) :],
                    weight * (alignment.state[number, inner] > BLANK),
                    minlength=above,
                )[group[: len(own)]]
                for number in (old, new)
            ]
            grows = (covered[0] > 0) & (covered[0] < days) & (covered[1] > covered[0])
            result[own] |= grows
    return result


__all__ = ["ABSENT", "CHANGES", "INTERVAL", "Change", "Pair", "pair_of"]
