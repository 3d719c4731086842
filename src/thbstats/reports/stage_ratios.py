"""Ratios between the stages of criminal justice."""

from collections.abc import Iterable, Iterator
from typing import Any

from thbstats.errors import ThbstatsError
from thbstats.geography import Area
from thbstats.justice import convictions_per_100_victims, funnel
from thbstats.reports.indicators import Indicator, Omission, indicators_of
from thbstats.reports.naming import sentence
from thbstats.rules import Thresholds
from thbstats.tables import CountTable
from thbstats.vocabulary import Offence

__all__ = ["justice_ratios"]

Where = tuple[Area, str]


def justice_ratios(
    justice: CountTable | None,
    victims: CountTable | None,
    thresholds: Thresholds,
    scopes: Iterable[Where] | None = None,
) -> Iterator[Indicator | Omission]:
    """Yield the ratios between stages, and convictions per 100 victims.

    Parameters
    ----------
    justice, victims : CountTable or None
        The counts.
    thresholds : Thresholds
        The limits of rules.
    places : iterable of (Area, str), optional
        Areas and periods; by default every area and period with counts of the offence.
    """
    if justice is None:
        return
    for offence in justice.categories("offence"):
        rows = justice.where(offence=offence)
        for area, period in _scopes(rows) if scopes is None else scopes:
            where: dict[str, Any] = {"area": area, "period": period, "thresholds": thresholds}
            name = area.code if scopes is None or "+" not in area.code else "all"
            identity = f"justice/funnel/{offence}/{name}/{period}"
            part = Offence(offence).label
            try:
                steps = funnel(justice, offence=offence, **where)
            except ThbstatsError as error:
                yield Omission(id=identity, reason=sentence(error.problem))
                continue
            labels = [f"/{label.replace(' / ', '_per_')}" for label in steps.labels]
            yield from indicators_of(
                steps, identity, part, suffixes=labels, leading=[True] * len(steps)
            )
            if offence == Offence.TRAFFICKING and victims is not None:
                identity = f"justice/convictions_per_100_victims/{name}/{period}"
                try:
                    result = convictions_per_100_victims(justice, victims, **where)
                except ThbstatsError as error:
                    yield Omission(id=identity, reason=sentence(error.problem))
                else:
                    yield Indicator(id=identity, part=part, result=result)


def _scopes(rows: CountTable) -> list[Where]:
    return [
        (Area.parse(area), period)
        for area in rows.categories("area")
        for period in rows.where(area=area).categories("period")
    ]
