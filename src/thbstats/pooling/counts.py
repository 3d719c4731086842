"""One count as a result: how many, over those who reported and for the whole area."""

from collections.abc import Mapping
from typing import Any

from thbstats.geography import Area
from thbstats.pooling.nested import Flags
from thbstats.pooling.windows import Window, complete, periods_of, require_counts, window
from thbstats.results import Base, Measure, Result, words
from thbstats.tables import CountTable
from thbstats.values import Interval

__all__ = ["count_of", "counted"]


def count_of(
    table: CountTable, area: str | Area | None, indicator: str, selection: Mapping[str, Any]
) -> Result:
    """Return a count of one period or of a window, not yet assessed."""
    if len(periods_of(selection.get("period"))) > 1:
        require_counts(table, [selection])
        table = complete(table, [selection])
    return counted(window(table, area, indicator, selection), indicator)


def counted(found: Window, indicator: str, matched: Flags | None = None) -> Result:
    """Return a count, not yet assessed.

    Parameters
    ----------
    found : Window
        What is counted.
    indicator : str
        The function asked.
    matched : array of bool, shape (n,), optional
        The members over whom alone it is reported; else whatever is printed, or all who gave it.
    """
    printed = found.printed and matched is None
    given = found.each.given if matched is None else matched
    label = found.counted.label
    return Result(
        indicator=indicator,
        label=words(found.category),
        measure=Measure.COUNT,
        category=tuple(found.category.items()),
        numerator=found.used(printed, given),
        denominator=Interval.point(1),
        base=Base(rule="none", label="no base"),
        estimand=f"{label} recorded as {words(found.category)}" if found.category else label,
        reported=found.used(printed, given) if printed or given.any() else None,
        bounds=found.whole.interval(),
        possible=found.possible,
        unknown=None if found.unknown is None else found.unknown.interval(),
        context=found.context(printed, given),
        parts=found.parts_of(given),
        sharp=found.sharp,
    )
