"""Ratios of two counts of the same countries and periods."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, overload

from thbstats.indicators._grids import Areas, By, Periods
from thbstats.indicators._ratios import ratio_of, sides
from thbstats.panel import Panel, Result
from thbstats.panel.grid import Selection
from thbstats.rules import Rule, Thresholds
from thbstats.tables import CountTable

__all__ = ["ratio"]


@overload
def ratio(
    table: CountTable, against: CountTable | None = None, *, numerator: Mapping[str, Any],
    denominator: Mapping[str, Any], by: None = None, lag: int = 0, per: int = 1,
    area: Areas = None, period: Periods = None, thresholds: Thresholds | None = None,
    rules: Iterable[Rule] | None = None, **selection: Any,
) -> Result: ...  # fmt: skip
@overload
def ratio(
    table: CountTable, against: CountTable | None = None, *, numerator: Mapping[str, Any],
    denominator: Mapping[str, Any], by: str | Sequence[str], lag: int | Sequence[int] = 0,
    per: int = 1, area: Areas = None, period: Periods = None,
    thresholds: Thresholds | None = None, rules: Iterable[Rule] | None = None, **selection: Any,
) -> Panel: ...  # fmt: skip
@overload
def ratio(
    table: CountTable, against: CountTable | None = None, *, numerator: Mapping[str, Any],
    denominator: Mapping[str, Any], by: By = None, lag: Sequence[int], per: int = 1,
    area: Areas = None, period: Periods = None, thresholds: Thresholds | None = None,
    rules: Iterable[Rule] | None = None, **selection: Any,
) -> Panel: ...  # fmt: skip
def ratio(
    table: CountTable, against: CountTable | None = None, *, numerator: Mapping[str, Any],
    denominator: Mapping[str, Any], lag: int | Sequence[int] = 0, per: int = 1, by: By = None,
    area: Areas = None, period: Periods = None, thresholds: Thresholds | None = None,
    rules: Iterable[Rule] | None = None, **selection: Any,
) -> Any:  # fmt: skip
    """Return the ratio of two counts.

    ``ratio = per * N / D``: both are summed over the periods, and over the countries that
    reported both in every period.

    Parameters
    ----------
    table : CountTable
        The counts of the numerator.
    against : CountTable, optional
        The counts of the denominator; by default the same table.
    numerator, denominator : mapping
        What each side counts: attributes and categories such as ``{"stage": "convicted"}``.
    lag : int or sequence of int
        How many years the denominator is before the numerator. Several lags give a panel with
        one row per lag, all over the countries that reported every count.
    per : {1, 100}
        The factor.
    by, area, period, thresholds, rules : optional
        As for `total`; the period is that of the numerator.
    **selection
        Attributes and categories that both sides share, such as ``sex="female"``. A side leaves
        out dimensions that its records do not have.

    Returns
    -------
    Result or Panel
        0 or more, exact, also above 1. `Result.raw` is the quotient of all reported counts,
        whichever country reported both.

    Raises
    ------
    NoSuchCell, AmbiguousCell, InvalidValue
        As for `share`; also if both sides are the same counts, or ``per`` or ``lag`` is not what it
        can be.

    Notes
    -----
    Comparability warnings: AREA_COMPOSITION, BREAK, CLASSIFICATION, CONTRADICTED, COVERAGE,
    DEFINITION, DOMINANCE, OBSERVATION_FLAG, OFFENCE, PERIOD, REGISTERING_BODY, SMALL_DENOMINATOR,
    SOURCE, STAGE_ORDER, STATUS, SUPPRESSED, UNIT, VINTAGE. Limitations: COHORT, DETECTED_ONLY,
    DOUBLE_COUNTING.

    Examples
    --------
    Estonia's "<5" of 2015 is 0 to 4, and France has no counts of 2015:

    >>> import thbstats as thb
    >>> rows = [
    ...     ("BE", 2015, 10, 4), ("BE", 2016, 20, 12), ("EE", 2015, 6, thb.Count.fewer_than(5)),
    ...     ("EE", 2016, 4, 4), ("FR", 2016, 70, 7),
    ... ]
    >>> table = thb.CountTable.from_rows(
    ...     [
    ...         (area, year, stage, n)
    ...         for area, year, *counts in rows
    ...         for stage, n in zip(("prosecuted", "convicted"), counts)
    ...     ],
    ...     columns=["area", "period", "stage", "value"], kind="justice", unit="persons",
    ... )
    >>> stages = {"numerator": {"stage": "convicted"}, "denominator": {"stage": "prosecuted"}}
    >>> found = thb.ratio(table, **stages, period=[2015, 2016])
    >>> found.shown, sorted(found.reporters), str(found.period)
    ('0.500..0.600', ['BE', 'EE'], '2015-2016')

    The same for each country and year, and with denominators of earlier years:

    >>> panel = thb.ratio(table, **stages, by=["area", "period"])
    >>> panel["FR", 2016].shown, panel["FR", 2015].status.code
    ('0.100', 'no_row')
    >>> [row.shown for row in thb.ratio(table, **stages, area="BE", period=2016, lag=(0, 1))]
    ['0.600', '1.200']

    References
    ----------
    COM(2018) 777, sections II and III: those convicted in a period were often prosecuted before
    it. UNODC GLOTIP data set of 14 April 2025.
    """
    other = table if against is None else against
    above, below = sides((table, numerator), (other, denominator), selection)
    return ratio_of(
        above, below, indicator="ratio", label=_label(above[1], below[1], per), per=per, lag=lag,
        by=by, area=area, period=period, thresholds=thresholds, rules=rules,
    )  # fmt: skip


def _label(above: Selection, below: Selection, per: int) -> str:
    """Return the words by which two selections of the same dimensions differ, or kinds of count."""
    words: list[str] = []
    for own, other in ((above, below), (below, above)):
        pairs = {**own.attributes, **own.categories}
        others = {**other.attributes, **other.categories}
        if pairs.keys() != others.keys():
            return "{counted} per 100 {against}" if per != 1 else "{counted} / {against}"
        found = [
            ", ".join([word] if isinstance(word, str) else word)
            for name, word in pairs.items()
            if word != others[name]
        ]
        words.append(", ".join(found).replace("_", " "))
    return f" {'/' if per == 1 else 'per 100'} ".join(words)
