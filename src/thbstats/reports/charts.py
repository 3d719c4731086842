"""A section of pictures, for those who have matplotlib: ask for it with the others."""

from collections.abc import Iterator
from typing import Any

from thbstats.reports.content import Content
from thbstats.reports.figure import Figure, drawn
from thbstats.reports.section import Section
from thbstats.results import Result

__all__ = ["CHARTS"]


def _blocks(content: Content) -> Iterator[Figure]:
    """Yield bars of the shares, base by base, the stages of justice, and countries in order."""
    from thbstats import plots  # says how to get matplotlib where it is missing

    for results in _alike(content):
        yield drawn(plots.bars(results))
    for order in content.orders:
        yield drawn(plots.ranking(order))


def _alike(content: Content) -> list[list[Result]]:
    """Return shares of one kind together: of one breakdown, base, area and period."""
    groups: dict[Any, list[Result]] = {}
    for item in (*content.shares, *content.printed):
        result = item.result
        dimensions = tuple(name for name, _ in result.category)
        key = (item.part, dimensions, result.base.label, result.area, result.period)
        groups.setdefault(key, []).append(result)
    return [found for found in groups.values() if len(found) > 1]


CHARTS = Section("charts", "In pictures", _blocks)
"""Shares as bars and countries in order; needs matplotlib, and is in no report unasked."""
