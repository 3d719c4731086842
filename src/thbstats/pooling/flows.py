"""One side of a ratio: counts of one kind, per member and for the whole area."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import frozen

from thbstats.errors import NoSuchCell
from thbstats.geography import Area
from thbstats.pooling.classification import UNKNOWN, classify
from thbstats.pooling.nested import Counts, Flags, agree, filled, up_to
from thbstats.pooling.scope import Cells, scope
from thbstats.pooling.series import series, split
from thbstats.records import schema_of
from thbstats.results import Context, Measure, Parts, Range, Series, words
from thbstats.tables import CountTable
from thbstats.values import Interval

__all__ = ["Flow", "flow"]


@frozen(kw_only=True, eq=False)
class Flow:
    """Counts of one kind and category.

    Parameters
    ----------
    cells : Cells
        As read: the count, its total, and the unknown that could belong to it.
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
        """The count of each member to which it applies."""
        return _within_total(self.cells.applying)

    @property
    def whole(self) -> Counts:
        """The count of the whole area: as printed, and what its members make of it."""
        printed = _within_total(self.cells.whole)
        if not self.cells.scope.members:
            return printed
        return agree(printed, self.each.pooled(), self.cells.stated_hidden[0])

    @property
    def printed(self) -> bool:
        """Whether the whole area's count is printed."""
        return bool(self.cells.stated.given[0, 0])

    @property
    def unknown(self) -> Counts | None:
        """The unknown of the whole area that could belong to the category, where listed."""
        return self._for_area(slice(2, None)) if any(self.cells.found[2:]) else None

    @property
    def possible(self) -> Interval:
        """The count of the whole area once any of the unknown may belong to it."""
        count, unknown = self.whole, self.unknown
        if unknown is None:
            return count.interval()
        most = agree(up_to(self._for_area(slice(1, 2))), count + unknown)
        # What a source hides stays as it has it, whatever the total says.
        return Counts(count.lower, np.maximum(count.upper, most.upper), count.given).interval()

    @property
    def parts(self) -> Parts:
        """What each member adds to the count."""
        each = self.each
        return Parts(
            members=self.cells.members,
            numerator=Range(each.lower, each.upper),
            rest=Range.zero(len(each.lower)),
            given=each.given,
            measure=Measure.COUNT,
        )

    @property
    def sharp(self) -> bool:
        """Whether no other count in the table can say more of this one."""
        hidden = bool(self.cells.scope.members) and bool(self.cells.stated_hidden[0].any())
        alone = self.cells.found[0] == len(self.cells.scope.table) and not hidden
        return alone or bool(self.whole.is_point.all())

    def used(self, printed: bool, given: Flags) -> Interval:
        """Return the count behind `reported`: as printed, of some members, or of the area."""
        if printed:
            complete = self.cells.whole.given[0, 0]
            return self.whole.interval() if complete else self.cells.stated.of(0).interval()
        return self.each.over(given).pooled().interval() if given.any() else self.whole.interval()

    def context(self, printed: bool, given: Flags) -> Context:
        """Return what the count speaks of, for the whole area or for some members."""
        return self.cells.context(printed, given, self.counted, self.counted, used=[0])

    def _for_area(self, places: slice) -> Counts:
        """Return the sum of some cells, as printed and as its members make it."""
        cells = self.cells
        printed = cells.whole.of(places).together()
        if not cells.scope.members:
            return printed
        hidden: Flags = np.any(cells.stated_hidden[places], axis=0)
        return agree(printed, cells.applying.of(places).together().pooled(), hidden)


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

    Raises
    ------
    NoSuchCell
        If no row has such a count.
    """
    attributes, named = split(table, selection, breakdowns=question)
    schema = schema_of(table.kind)
    category = {name: word for name, word in named.items() if word != schema[name].total}
    where = scope(table, area, **attributes)
    unknown: list[Mapping[str, str]] = []
    if category and UNKNOWN not in category.values():
        parts = classify(where.table, tuple(category), category)
        can = parts.compatible(parts.recorded.index(category))
        unknown = [cell for cell, fits in zip(parts.unknown, can, strict=True) if fits]
    if not where.lists(category):
        raise NoSuchCell(
            f"no row counts {words(category)}",
            field="category",
            value=", ".join(f"{name}={word}" for name, word in category.items()) or "total",
            mend=f"What there is: {table!r}; CountTable.sum adds categories",
        )
    cells = where.cells([category, {}, *unknown])
    return Flow(cells=cells, counted=series(where.table), category=category)


def _within_total(counts: Counts) -> Counts:
    """Return the first of some counts: where it is missing, no larger than its total."""
    return filled(counts.of(0), up_to(counts.of(1)))
