"""Plots of reports (need matplotlib)."""

from collections.abc import Iterator
from typing import Any

from thbstats.panel import Panel, Result
from thbstats.reports.content import Content
from thbstats.reports.figure import Figure, drawn
from thbstats.reports.section import Section

__all__ = ["CHARTS"]


def _blocks(content: Content) -> Iterator[Figure]:
    """Yield bars of the shares of one breakdown, and the countries in order."""
    from thbstats import plots  # the error contains the extra

    groups: dict[Any, list[Result]] = {}
    for item in (*content.shares, *content.printed):
        result = item.result
        dimensions = tuple(name for name, _ in result.category)
        key = (item.part, dimensions, result.base.label, result.area, result.period)
        groups.setdefault(key, []).append(result)
    for results in groups.values():
        if len(results) > 1:
            yield drawn(plots.bars(Panel.from_results(results)))
    for order in content.orders:
        yield drawn(plots.ranking(order))


CHARTS = Section("charts", "Charts", _blocks)
"""Shares as bars and countries in order; needs matplotlib."""
