"""One count as a result: how many, over those who reported and for the whole area."""

from collections.abc import Mapping
from typing import Any

from thbstats.geography import Area
from thbstats.pooling.flows import flow
from thbstats.results import Base, Measure, Result, words
from thbstats.tables import CountTable
from thbstats.values import Interval

__all__ = ["count_of"]


def count_of(
    table: CountTable, area: str | Area | None, indicator: str, selection: Mapping[str, Any]
) -> Result:
    """Return a count, not yet assessed."""
    found = flow(table, area, indicator, selection)
    given, counted = found.each.given, found.counted.label
    return Result(
        indicator=indicator,
        label=words(found.category),
        measure=Measure.COUNT,
        category=tuple(found.category.items()),
        numerator=found.used(found.printed, given),
        denominator=Interval.point(1),
        base=Base(rule="none", label="no base"),
        estimand=f"{counted} recorded as {words(found.category)}" if found.category else counted,
        reported=found.used(found.printed, given) if found.printed or given.any() else None,
        bounds=found.whole.interval(),
        possible=found.possible,
        unknown=None if found.unknown is None else found.unknown.interval(),
        context=found.context(found.printed, given),
        parts=found.parts,
        sharp=found.sharp,
    )
