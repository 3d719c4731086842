"""The cells of two dimensions, as reported, for the whole area, and with the unknown placed."""

from attrs import frozen

from thbstats.pooling.contingency import Unknown, cramers_v_bounds, joined_bounds
from thbstats.pooling.holders import intervals, is_held, is_untied, together
from thbstats.pooling.question import Answer, printed_or_summed
from thbstats.pooling.series import series
from thbstats.results import Context
from thbstats.values import Interval
from thbstats.vocabulary import Overlap

__all__ = ["Crosstab", "crosstab"]


@frozen(kw_only=True)
class Crosstab:
    """The cells of two dimensions, row by row, and what Cramér's V of them can be.

    Parameters
    ----------
    rows, columns : tuple of str
        The categories.
    cells : tuple of Interval
        Over those who gave every cell, or over the area where nobody did.
    reported : Interval or None
        V over those; ``None`` where nobody gave every cell.
    bounds, possible : Interval
        V for the whole area, without and with the unknown in the cells.
    unknown : Interval
        How many have no recorded cell.
    context : Context
        What the cells speak of.
    sharp : bool
        Whether both ends of the bounds are reached.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[Interval, ...]
    reported: Interval | None
    bounds: Interval
    possible: Interval
    unknown: Interval
    context: Context
    sharp: bool


def crosstab(found: Answer) -> Crosstab:
    """Return the cells behind the answer to a question about two dimensions.

    Parameters
    ----------
    found : Answer
        Of two dimensions, the first of them that of the rows.
    """
    first, second = (item.name for item in found.classification.dimensions)
    recorded = found.classification.recorded
    rows = tuple(dict.fromkeys(cell[first] for cell in recorded))
    columns = tuple(dict.fromkeys(cell[second] for cell in recorded))
    used, printed, given = together(found)
    cells, whole = intervals(used.numerator), intervals(found.whole.numerator)
    width, total = len(columns), found.whole.recorded.interval()
    exclusive = found.base.overlap is Overlap.EXCLUSIVE
    free = not exclusive or is_held(found)
    bounds, reached = cramers_v_bounds(whole, width, None if free else total)
    counted = series(found.cells.scope.table)
    return Crosstab(
        rows=rows,
        columns=columns,
        cells=tuple(cells),
        reported=cramers_v_bounds(cells, width)[0] if printed or given.any() else None,
        bounds=bounds,
        possible=joined_bounds(whole, width, _unknown(found))[0],
        unknown=used.unknown.interval(),
        context=found.cells.context(printed, given, counted, counted),
        sharp=reached and exclusive and is_untied(found),
    )


def _unknown(found: Answer) -> list[Unknown]:
    """Return how many are in each unknown cell, and to which recorded ones they can belong."""
    known, listed = len(found.classification.recorded), len(found.classification.unknown)
    everyone = found.whole.unknown.interval()
    if not listed:
        return [(everyone, range(known))]
    each = intervals(printed_or_summed(found.cells).of(slice(1 + known, None)))
    can = [found.classification.compatible(place) for place in range(known)]
    return [
        (_no_more(count, everyone), [place for place in range(known) if can[place][cell]])
        for cell, count in enumerate(each)
    ]


def _no_more(count: Interval, everyone: Interval) -> Interval:
    """Return a count where it is given, and otherwise no more than all who are unknown."""
    return Interval(count.lower, everyone.upper) if count.upper is None else count
