"""One side of a ratio: counts of one kind, per member and for the whole area."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import frozen

from thbstats.geography import Area
from thbstats.indicators._categories import classify
from thbstats.indicators._nested import Counts, Flags, agree
from thbstats.indicators._scope import Cells, scope
from thbstats.indicators._series import series, split
from thbstats.results import Context, Measure, Parts, Range, Series
from thbstats.tables import CountTable
from thbstats.values import Interval

__all__ = ["Flow", "both", "flow"]


@frozen(kw_only=True, eq=False)
class Flow:
    """Counts of one kind and category.

    Parameters
    ----------
    cells : Cells
        As read: the count, and behind it the unknown that could belong to it.
    counted : Series
        What is counted.
    category : mapping
        The category, empty for the total.
    """

    cells: Cells
    counted: Series
    category: Mapping[str, str]

    @property
    def each(self) -> Counts:
        """The count of each member."""
        return self.cells.each.of(0)

    @property
    def whole(self) -> Counts:
        """The count of the whole area: as printed, else what its members make of it."""
        printed = self.cells.whole.of(0)
        return agree(printed, self.each.pooled()) if len(self.cells.scope.members) else printed

    @property
    def printed(self) -> bool:
        """Whether the whole area's count is printed."""
        return bool(self.cells.whole.given[0, 0])

    @property
    def unknown(self) -> Counts | None:
        """The unknown of the whole area that could belong to the category, where listed."""
        if not any(self.cells.found[1:]):
            return None
        unknown = self.cells.whole.of(slice(1, None)).together()
        if not len(self.cells.scope.members):
            return unknown
        return agree(unknown, self.cells.each.of(slice(1, None)).together().pooled())

    @property
    def possible(self) -> Interval:
        """The count of the whole area once any of the unknown may belong to it."""
        count, unknown = self.whole.interval(), self.unknown
        if unknown is None:
            return count
        most = (self.whole + unknown).interval().upper
        return Interval(count.lower, most)

    @property
    def parts(self) -> Parts | None:
        """What each member adds to the count, where any has a row of its own."""
        applies = self.cells.applies
        if not self.each.given.any():
            return None
        return Parts(
            members=self.cells.members,
            numerator=Range(self.each.lower[applies], self.each.upper[applies]),
            rest=Range.zero(int(applies.sum())),
            given=self.each.given[applies],
            measure=Measure.COUNT,
        )

    def over(self, given: Flags) -> Interval:
        """Return the sum over some members."""
        return self.each.over(given).pooled().interval()

    def context(self, printed: bool, given: Flags) -> Context:
        """Return what the count speaks of, for the whole area or for some members."""
        kept = given[self.cells.applies]
        return self.cells.context(printed, kept, self.counted, self.counted)


def flow(
    table: CountTable, area: str | Area | None, question: str, selection: Mapping[str, Any]
) -> Flow:
    """Return one side of a ratio.

    Parameters
    ----------
    table : CountTable
        Counts of one kind.
    area : str, Area or None
        The area asked for.
    question : str
        The indicator, for messages.
    selection : mapping
        Attributes and categories.
    """
    attributes, category = split(table.kind, selection, breakdowns=question)
    where = scope(table, area, **attributes)
    unknown: list[Mapping[str, str]] = []
    if category:
        parts = classify(where.table, tuple(category), category)
        can = parts.compatible(parts.recorded.index(category))
        unknown = [cell for cell, fits in zip(parts.unknown, can, strict=True) if fits]
    return Flow(
        cells=where.cells([category, *unknown]), counted=series(where.table), category=category
    )


def both(first: Flow, second: Flow) -> Flags:
    """Return which members gave both counts."""
    given: Flags = np.asarray(first.each.given & second.each.given)
    return given
