"""Every percentage of a table against its counts and against other bases, all rows at once."""

from collections.abc import Mapping

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.auditing.audited_claims import ClaimVerdict
from thbstats.auditing.published_tables.columns import CountColumn
from thbstats.auditing.published_tables.figures import SHARE, TOTAL, PublishedFigures
from thbstats.auditing.published_tables.rounding_ways import possible, roundings, ways_of
from thbstats.auditing.rate_changes import OpenInterval, RateChange

__all__ = ["VERDICTS", "RowVerdicts", "judge"]

VERDICTS = tuple(verdict for verdict in ClaimVerdict if verdict is not ClaimVerdict.DISPUTED)
"""The verdicts of a figure, of which columns hold the positions."""

_CONFIRMED, _CONSISTENT, _CONTRADICTED, _NOT_ASSESSABLE = range(len(VERDICTS))

Pair = tuple[str, str]


@frozen(eq=False, kw_only=True)
class RowVerdicts:
    """What was found of each row.

    Parameters
    ----------
    verdicts : array of int8, shape (n,)
        Positions in `VERDICTS`.
    fits : array of uint8, shape (n,)
        The ways of rounding that print the percentage from the stated counts, as bits.
    others : mapping of (str, str) to array of uint8, shape (n,)
        The same for each other pair of a numerator and a base.
    tried : mapping of (str, str) to array of bool, shape (n,)
        In which rows that pair is there to be tried.
    """

    verdicts: NDArray[np.int8]
    fits: NDArray[np.uint8]
    others: Mapping[Pair, NDArray[np.uint8]]
    tried: Mapping[Pair, NDArray[np.bool_]]

    def fitting(self, row: int, allowed: int) -> list[Pair]:
        """Return the other pairs that give the percentage of a row."""
        return [pair for pair, found in self.others.items() if found[row] & allowed]

    def missing(self, row: int, allowed: int) -> list[Pair]:
        """Return the other pairs that were tried for a row and do not give its percentage."""
        return [
            pair
            for pair, tried in self.tried.items()
            if tried[row] and not self.others[pair][row] & allowed
        ]


def judge(figures: PublishedFigures, allowed: int) -> RowVerdicts:
    """Return the verdict of each row that prints a share or a change.

    Parameters
    ----------
    figures : PublishedFigures
        The table.
    allowed : int
        The ways of rounding that count, as bits.
    """
    top, base = figures.top, figures.base
    total = figures.kinds == TOTAL
    if total.any():  # a total is a hundred per cent of itself
        base = CountColumn(
            lower=np.where(total, top.lower, base.lower),
            upper=np.where(total, top.upper, base.upper),
            stated=np.where(total, top.stated, base.stated),
            reason=np.where(total, top.reason, base.reason),
        )
    fits = _fits(figures, top, base, figures.printed.present)
    others, tried = {}, {}
    for one, other in figures.others:
        pair = figures.tops[one], figures.bases[other]
        there = pair[0].stated & pair[1].stated & figures.printed.present & ~total
        if there.any():
            tried[one, other] = there
            others[one, other] = _fits(figures, *pair, there)
    found = np.zeros(len(figures), dtype=np.bool_)
    for fit in others.values():
        found |= (fit & allowed) > 0
    verdicts = _verdicts(figures, top, base, (fits & allowed) > 0, found)
    for row, change in figures.rates.items():
        verdicts[row] = _of_rates(change, figures, row, allowed)
    return RowVerdicts(verdicts=verdicts, fits=fits, others=others, tried=tried)


def _of_rates(change: RateChange, figures: PublishedFigures, row: int, allowed: int) -> int:
    """Return the verdict of a change between two rounded rates."""
    if not figures.printed.present[row]:
        return _NOT_ASSESSABLE
    number, ways = figures.percent(row), ways_of(allowed)
    if not change.fits(number, ways):
        return _CONTRADICTED
    rooms = ((change.room(way), OpenInterval.of(evolve(number, rounding=way))) for way in ways)
    return (
        _CONFIRMED
        if all(room.is_inside(printed_range) for room, printed_range in rooms)
        else _CONSISTENT
    )


def _fits(
    figures: PublishedFigures, top: CountColumn, base: CountColumn, rows: NDArray[np.bool_]
) -> NDArray[np.uint8]:
    """Return which ways of rounding print the percentages of some rows, as bits."""
    printed, kind = figures.printed, figures.number_kind
    known = top.is_point & base.is_point & rows
    found = np.zeros(len(figures), dtype=np.uint8)
    part = slice(None) if known.all() else known
    found[part] = roundings(
        top.lower[part],
        base.lower[part],
        printed.digits[part],
        printed.scale[part],
        kind[part],
    )
    found[known & figures.is_part & (top.lower > base.lower)] = 0
    ranged = np.flatnonzero(rows & ~known)
    if len(ranged):
        found[ranged] = possible(
            (top.lower[ranged], top.upper[ranged]),
            (base.lower[ranged], base.upper[ranged]),
            printed.digits[ranged],
            printed.scale[ranged],
            kind[ranged],
        )
    return found


def _verdicts(
    figures: PublishedFigures,
    top: CountColumn,
    base: CountColumn,
    fit: NDArray[np.bool_],
    elsewhere: NDArray[np.bool_],
) -> NDArray[np.int8]:
    """Put together what fits and what is known.

    Where the numerator of a share is not known but its base is so small that not every percentage
    is possible, a fit is informative.
    """
    known = top.is_point & base.is_point
    both = top.stated & base.stated
    small = (figures.kinds == SHARE) & base.stated & (base.upper < figures.printed.scale)
    verdicts = np.select(
        [~figures.printed.present, ~fit, both & known, both | elsewhere | small],
        [_NOT_ASSESSABLE, _CONTRADICTED, _CONFIRMED, _CONSISTENT],
        _NOT_ASSESSABLE,
    )
    return verdicts.astype(np.int8)
