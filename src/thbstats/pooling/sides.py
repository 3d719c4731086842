"""A ratio of counts of two tables, or of two kinds of count in one."""

from collections.abc import Mapping
from typing import Any

from attrs import frozen

from thbstats.geography import Area
from thbstats.pooling.ratios import ratio_of
from thbstats.pooling.scope import Scope, scope
from thbstats.pooling.series import split
from thbstats.pooling.windows import Window, common_area, periods_of, window
from thbstats.results import Measure, Ratio
from thbstats.tables import CountTable

__all__ = ["Side", "ratio_between"]


@frozen
class Side:
    """What is counted on one side: a table, and what is asked of it."""

    table: CountTable
    asked: Mapping[str, Any]

    def scopes(self, area: str | Area | None, question: str) -> list[Scope]:
        """Return the rows of each period that is asked for."""
        attributes, _ = split(self.table, self.asked, breakdowns=question)
        periods = periods_of(attributes.pop("period", None))
        return [scope(self.table, area, **attributes, period=period) for period in periods]

    def counts(self, area: Area, question: str) -> Window:
        """Return the counts of an area."""
        return window(self.table, area, question, self.asked)


def ratio_between(
    above: Side,
    below: Side,
    *,
    area: str | Area | None,
    indicator: str,
    label: str,
    measure: Measure,
) -> Ratio:
    """Return the ratio of two counts over the countries that gave both, not yet assessed.

    Parameters
    ----------
    above, below : Side
        Numerator and denominator.
    area : str, Area or None
        The area asked for; ``None`` for that of both, or all countries of either.
    indicator, label : str
        The function asked, and what the ratio says; ``{counted}`` in it is the numerator.
    measure : Measure
        ``ratio`` or ``per_100``.

    Raises
    ------
    NoSuchCell
        If a table lacks the counts.
    AmbiguousCell
        If the two are of different areas, or an attribute must be named.
    InvalidValue
        If the two are of different periods.
    """
    sides = (above, below)
    where = common_area([item for side in sides for item in side.scopes(area, indicator)])
    counted, against = (side.counts(where, indicator) for side in sides)
    return ratio_of(
        counted,
        against,
        indicator=indicator,
        label=label.format(counted=counted.counted.label),
        measure=measure,
    )
