"""Totals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, overload

from thbstats.indicators._arguments import Areas, By, Periods
from thbstats.indicators._grids import checked, counts_in
from thbstats.panel import Panel, Result
from thbstats.panel.count_panels import count_panel
from thbstats.rules import Rule, Thresholds
from thbstats.tables import CountTable

__all__ = ["total"]


@overload
def total(
    table: CountTable, *, by: None = None, area: Areas = None, period: Periods = None,
    thresholds: Thresholds | None = None, rules: Iterable[Rule] | None = None, **selection: Any,
) -> Result: ...  # fmt: skip
@overload
def total(
    table: CountTable, *, by: str | Sequence[str], area: Areas = None, period: Periods = None,
    thresholds: Thresholds | None = None, rules: Iterable[Rule] | None = None, **selection: Any,
) -> Panel: ...  # fmt: skip
def total(
    table: CountTable, *, by: By = None, area: Areas = None, period: Periods = None,
    thresholds: Thresholds | None = None, rules: Iterable[Rule] | None = None, **selection: Any,
) -> Any:  # fmt: skip
    """Return the total count over the reporting countries.

    ``total = sum of n_c over the reporting countries c``

    Parameters
    ----------
    table : CountTable
        Counts of one kind.
    by, area, period, thresholds, rules : optional
        As for `share`. The unknown category of a breakdown in ``by`` has a row too. Consecutive
        periods are added over the countries that reported each of them.
    **selection
        Attributes and categories, such as ``exploitation="sexual"``.

    Returns
    -------
    Result or Panel
        A count of 0 or more. ``bounds`` have no upper bound where a country is missing. A total
        that its parts exceed stays in ``value``, with the warning CONTRADICTED; its bounds reach
        to the sum of the parts.

    Raises
    ------
    NoSuchCell, AmbiguousCell
        As for `share`.

    Notes
    -----
    Comparability warnings: BREAK, CLASSIFICATION, CONTRADICTED, COVERAGE, DEFINITION, DOMINANCE,
    OBSERVATION_FLAG, PERIOD, REGISTERING_BODY, SOURCE, STATUS, SUPPRESSED, VINTAGE. Limitations:
    DETECTED_ONLY, DOUBLE_COUNTING.

    Examples
    --------
    >>> import thbstats as thb
    >>> victims = thb.publications.com_2018_777().data.victims
    >>> thb.total(victims, exploitation="sexual").formatted
    '9,759'

    References
    ----------
    COM(2018) 777, section II.1.
    """
    counts = counts_in(
        table, selection, use="a total", by=by, area=area, period=period, with_unknown=True
    )
    return checked(count_panel(counts, "total"), by, thresholds, rules, table)
