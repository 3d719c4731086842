"""Ratios of a stage of justice to an earlier one some years before, over the same countries."""

from collections.abc import Iterable, Mapping
from typing import Any

from thbstats.errors import InvalidValue
from thbstats.geography import Area
from thbstats.pooling.ratios import ratio_of
from thbstats.pooling.stages import Stages, refuse_stage
from thbstats.pooling.windows import (
    area_throughout,
    complete,
    periods_of,
    require_counts,
    require_rows,
    window,
)
from thbstats.results import Measure, Ratio
from thbstats.tables import CountTable
from thbstats.values import Period, is_whole

__all__ = ["lagged_stages"]

_NAME = "lagged_ratios"


def lagged_stages(
    table: CountTable,
    stages: Stages,
    lags: Iterable[int],
    area: str | Area | None,
    asked: Mapping[str, Any],
) -> list[Ratio]:
    """Return the ratio of two stages for each lag, not yet assessed, all of the same countries.

    Raises
    ------
    NoSuchCell
        If nobody has a stage in a year that is needed.
    InvalidValue
        If a lag is no number of years, or none is named, or the periods are no whole years.
    """
    refuse_stage(asked)
    later, earlier = stages
    now = [Period.parse(period) for period in periods_of(asked["period"]) if period]
    counted = {**asked, "stage": later, "period": [str(period) for period in now]}
    against = {
        lag: {**asked, "stage": earlier, "period": [str(each.earlier(lag)) for each in now]}
        for lag in _years(lags)
    }
    questions = [counted, *against.values()]
    require_counts(table, questions)
    for question in questions:
        for period in question["period"]:
            require_rows(table, {"stage": question["stage"], "period": period})
    table = complete(table.where(stage=stages), questions)
    every = dict.fromkeys(period for question in questions for period in question["period"])
    where = area_throughout(table, area, {**asked, "period": list(every)})
    numerator = window(table, where, _NAME, counted)
    denominators = {lag: window(table, where, _NAME, question) for lag, question in against.items()}
    return [
        ratio_of(
            numerator,
            denominator,
            indicator=_NAME,
            label=f"lag {lag}",
            measure=Measure.RATIO,
            lag=lag,
            beside=list(denominators.values()),
        )
        for lag, denominator in denominators.items()
    ]


def _years(lags: Iterable[int]) -> list[int]:
    found = list(lags)
    if not found or not all(map(is_whole, found)) or len(set(found)) < len(found):
        raise InvalidValue(
            "lags are whole numbers of years, each once",
            field="lags",
            value=", ".join(map(str, found)),
            mend="Give one or more, such as lags=(0, 1, 2, 3)",
        )
    return found
