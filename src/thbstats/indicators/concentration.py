"""Concentration: how much of a figure few reporters hold, or few categories."""

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any, TypeVar

from thbstats.comparability import ALL as RULES
from thbstats.comparability import DEFAULTS, Rule, Thresholds, assess
from thbstats.errors import InvalidValue
from thbstats.geography import Area
from thbstats.pooling import Box, Holders, herfindahl_bounds, holders, top_share_bounds
from thbstats.results import Measure, Result, Share
from thbstats.tables import CountTable
from thbstats.values import Interval, Period, is_whole

__all__ = ["dominance", "effective_number", "herfindahl", "top_share"]

Found = TypeVar("Found", bound=Result)


def dominance(
    table: CountTable,
    *,
    area: str | Area | None = None,
    period: str | Period | None = None,
    thresholds: Thresholds = DEFAULTS,
    rules: Iterable[Rule] = RULES,
    **selection: Any,
) -> Share:
    """Return the share of the reporter that has most of a count.

    ``dominance = max n_c / sum of n_c over the reporting countries c``

    Parameters
    ----------
    table : CountTable
        Counts with rows for countries.
    area : str or Area, optional
        The area asked for; by default all countries of the table together.
    period : str or Period, optional
        The reference period, where the table has several.
    thresholds, rules : optional
        Passed to `assess`.
    **selection
        Attributes and categories, such as ``exploitation="labour"``.

    Returns
    -------
    Share
        In [0, 1], labelled with the country that has most. `bounds` holds the share of whoever
        may have most.

    Raises
    ------
    NoSuchCell
        If no country has a row of its own.
    AmbiguousCell
        If period, area or an attribute of the counts must be named.

    Notes
    -----
    Comparability warnings: BREAK, CLASSIFICATION, COVERAGE, DEFINITION, DETECTION, DOMINANCE,
    DUPLICATE, FLAGS, PERIOD, REGISTER, SMALL, SOURCE, STATUS, SUPPRESSED, VINTAGE.

    Examples
    --------
    >>> import thbstats as thb
    >>> rows = [("UK", 61), ("FR", 20), ("DE", 19)]
    >>> table = thb.CountTable.from_rows(
    ...     rows, columns=["area", "value"], kind="victims", period=2016
    ... )
    >>> found = thb.dominance(table)
    >>> found.label, found.shown
    ('UK', '61.0 %')

    References
    ----------
    COM(2018) 777, section II: the United Kingdom has 61 % of the victims of labour exploitation.
    """
    found = holders(table, area, "area", "dominance", selection | {"period": period})
    counts = found.used
    largest = found.labels[counts.lower.index(max(counts.lower))]
    return assess(
        _top(found, 1, "dominance", largest, f"share of the country with most {found.what}"),
        thresholds=thresholds,
        rules=rules,
    )


def top_share(
    table: CountTable,
    *,
    n: int,
    over: str = "area",
    area: str | Area | None = None,
    period: str | Period | None = None,
    thresholds: Thresholds = DEFAULTS,
    rules: Iterable[Rule] = RULES,
    **selection: Any,
) -> Share:
    """Return the share of the n largest reporters, or categories, in a count.

    ``CR_n = sum of the n largest n_c / sum of all n_c``

    Parameters
    ----------
    table : CountTable
        Counts.
    n : int
        How many, 1 or more.
    over : str
        Who holds the parts: ``"area"`` for reporting countries, else a dimension, whose recorded
        categories are then the base.
    area, period, thresholds, rules, **selection : optional
        As for `dominance`.

    Returns
    -------
    Share
        In [0, 1], exact; 1 where there are no more than n. Where counts are open, of whichever n
        may have most.

    Raises
    ------
    InvalidValue
        If n is not a whole number of 1 or more.
    NoSuchCell
        If no country has a row of its own, or nothing is broken down by the dimension.
    AmbiguousCell
        If period, area or an attribute of the counts must be named.

    Notes
    -----
    Comparability warnings: those of `dominance`, and ADDITIVITY, MULTIPLE, UNKNOWN.

    Examples
    --------
    >>> import thbstats as thb
    >>> rows = [("UK", 61), ("FR", 20), ("DE", 14), ("MT", thb.Count.fewer_than(5))]
    >>> table = thb.CountTable.from_rows(
    ...     rows, columns=["area", "value"], kind="victims", period=2016
    ... )
    >>> found = thb.top_share(table, n=2)
    >>> found.label, found.shown
    ('the 2 largest', '81.8..85.3 %')

    References
    ----------
    COM(2018) 777, section II: the United Kingdom has 61 % of the victims of labour exploitation.
    Curry and George, "Industrial concentration: a survey", Journal of Industrial Economics 31
    (1983), on concentration ratios.
    """
    if not is_whole(n, least=1):
        raise InvalidValue("at least one has most", field="n", value=n, mend="Give 1 or more")
    found = holders(table, area, over, "top_share", selection | {"period": period})
    estimand = f"share of the {n} with most {found.what}"
    top = _top(found, n, "top_share", f"the {n} largest", estimand)
    return assess(top, thresholds=thresholds, rules=rules)


def herfindahl(
    table: CountTable,
    *,
    over: str = "area",
    area: str | Area | None = None,
    period: str | Period | None = None,
    thresholds: Thresholds = DEFAULTS,
    rules: Iterable[Rule] = RULES,
    **selection: Any,
) -> Result:
    """Return the Herfindahl-Hirschman index of a count: how unevenly it is divided.

    ``HHI = sum of (n_c / N)**2``, with ``N`` the sum of all ``n_c``: 1 where one has all, 1/k
    where k have the same.

    Parameters
    ----------
    table : CountTable
        Counts.
    over, area, period, thresholds, rules, **selection : optional
        As for `top_share`.

    Returns
    -------
    Result
        In [1/k, 1] for k reporters or categories, exact. Both ends of `bounds` are reached, save
        where `sharp` says otherwise: where very many counts are open, or others are tied to them.

    Raises
    ------
    NoSuchCell
        If no country has a row of its own, or nothing is broken down by the dimension.
    AmbiguousCell
        If period, area or an attribute of the counts must be named.

    Notes
    -----
    Comparability warnings: BREAK, CLASSIFICATION, COVERAGE, DEFINITION, DETECTION, DOMINANCE,
    DUPLICATE, FLAGS, PERIOD, REGISTER, SOURCE, STATUS, SUPPRESSED, VINTAGE.

    Examples
    --------
    >>> import thbstats as thb
    >>> rows = [("UK", 61), ("FR", 20), ("DE", 14), ("MT", thb.Count.fewer_than(5))]
    >>> table = thb.CountTable.from_rows(
    ...     rows, columns=["area", "value"], kind="victims", period=2016
    ... )
    >>> thb.herfindahl(table).shown
    '0.442..0.478'

    References
    ----------
    Hirschman, "The paternity of an index", American Economic Review 54 (1964).
    """
    found = holders(table, area, over, "herfindahl", selection | {"period": period})
    counts = found.used
    estimand = f"sum of the squared shares in {found.what}"
    result = _found(
        Result,
        found,
        herfindahl_bounds,
        indicator="herfindahl",
        label="Herfindahl-Hirschman index",
        estimand=estimand,
        measure=Measure.INDEX,
        numerator=_squares(counts),
        denominator=_square(counts.total),
    )
    return assess(result, thresholds=thresholds, rules=rules)


def effective_number(
    table: CountTable,
    *,
    over: str = "area",
    area: str | Area | None = None,
    period: str | Period | None = None,
    thresholds: Thresholds = DEFAULTS,
    rules: Iterable[Rule] = RULES,
    **selection: Any,
) -> Result:
    """Return how many equal reporters, or categories, would be as concentrated as these.

    ``effective number = 1 / HHI = N**2 / sum of n_c**2``, as in `herfindahl`

    Parameters
    ----------
    table : CountTable
        Counts.
    over, area, period, thresholds, rules, **selection : optional
        As for `top_share`.

    Returns
    -------
    Result
        In [1, k] for k reporters or categories, exact.

    Raises
    ------
    NoSuchCell
        If no country has a row of its own, or nothing is broken down by the dimension.
    AmbiguousCell
        If period, area or an attribute of the counts must be named.

    Notes
    -----
    Comparability warnings: those of `herfindahl`.

    Examples
    --------
    A total of which one country has 61 and two others 20 and 19 is as concentrated as one that
    2.2 equal countries share:

    >>> import thbstats as thb
    >>> rows = [("UK", 61), ("FR", 20), ("DE", 19)]
    >>> table = thb.CountTable.from_rows(
    ...     rows, columns=["area", "value"], kind="victims", period=2016
    ... )
    >>> thb.effective_number(table).shown
    '2.231'

    References
    ----------
    Laakso and Taagepera, "Effective number of parties", Comparative Political Studies 12 (1979).
    """
    found = holders(table, area, over, "effective_number", selection | {"period": period})
    counts = found.used
    result = _found(
        Result,
        found,
        lambda box: _inverse(herfindahl_bounds(box)),
        indicator="effective_number",
        label="effective number",
        estimand=f"number of equal shares as concentrated as those in {found.what}",
        measure=Measure.INDEX,
        numerator=_square(counts.total),
        denominator=_squares(counts),
    )
    return assess(result, thresholds=thresholds, rules=rules)


def _top(found: Holders, n: int, indicator: str, label: str, estimand: str) -> Share:
    counts = found.used
    least, most = (sum(sorted(ends, reverse=True)[:n]) for ends in (counts.lower, _highest(counts)))
    return _found(
        Share,
        found,
        lambda box: top_share_bounds(box, n),
        indicator=indicator,
        label=label,
        estimand=estimand,
        measure=Measure.SHARE,
        numerator=Interval(least, None if counts.most is None else min(most, counts.most)),
        denominator=counts.total,
    )


def _found(
    kind: type[Found],
    found: Holders,
    bounds_of: Callable[[Box], tuple[Interval, bool]],
    **said: Any,
) -> Found:
    """Return a measure of concentration, not yet assessed."""
    bounds, reached = bounds_of(found.bounds)
    return kind(
        category=found.category,
        base=found.base,
        reported=None if found.reported is None else bounds_of(found.reported)[0],
        bounds=bounds,
        possible=bounds_of(found.possible)[0],
        unknown=found.unknown,
        context=found.context,
        parts=found.parts,
        sharp=reached and found.untied,
        **said,
    )


def _highest(counts: Box) -> list[int]:
    return [high or 0 for high in counts.upper]


def _squares(counts: Box) -> Interval:
    """Return the sum of the squared counts."""
    most = None if counts.most is None else sum(high**2 for high in _highest(counts))
    return Interval(sum(low**2 for low in counts.lower), most)


def _square(total: Interval) -> Interval:
    least, most = total.lower or 0, total.upper
    return Interval(least**2, None if most is None else most**2)


def _inverse(found: tuple[Interval, bool]) -> tuple[Interval, bool]:
    """Return the inverse of what is above 0 and at most 1."""
    index, reached = found
    if not index.lower:
        return Interval(1, None, undefined=True), reached
    ends = (1 / Fraction(end) for end in (index.upper or 1, index.lower))
    return Interval(*ends, undefined=index.undefined), reached
