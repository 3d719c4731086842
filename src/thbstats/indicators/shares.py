"""Shares of categories, and totals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, overload

from thbstats.errors import require
from thbstats.indicators import _shared
from thbstats.indicators._shared import Areas, By, Names, Periods, Reading, indicator
from thbstats.panel import Panel, Result
from thbstats.panel.pooled_counts import count_panel
from thbstats.panel.share_panels import share_panel
from thbstats.records.kind_schema import names_of
from thbstats.rules import Rule, Thresholds
from thbstats.tables import CountTable

__all__ = ["breakdown", "share", "total"]


@overload
def share(
    table: CountTable, *, base: str, by: None = None, area: Areas = None, period: Periods = None,
    where: Mapping[str, str] | None = None, overlap: str | None = None,
    complete_dimensions: Names = None, contradictory: Reading = "leave_out",
    thresholds: Thresholds | None = None, rules: Iterable[Rule] | None = None, **category: Any,
) -> Result: ...  # fmt: skip
@overload
def share(
    table: CountTable, *, base: str, by: str | Sequence[str], area: Areas = None,
    period: Periods = None, where: Mapping[str, str] | None = None, overlap: str | None = None,
    complete_dimensions: Names = None, contradictory: Reading = "leave_out",
    thresholds: Thresholds | None = None, rules: Iterable[Rule] | None = None, **category: Any,
) -> Panel: ...  # fmt: skip
@indicator("share")
def share(
    table: CountTable, *, base: str, by: By = None, area: Areas = None, period: Periods = None,
    where: Mapping[str, str] | None = None, overlap: str | None = None,
    complete_dimensions: Names = None, contradictory: Reading = "leave_out",
    thresholds: Thresholds | None = None, rules: Iterable[Rule] | None = None, **category: Any,
) -> Any:  # fmt: skip
    """Return the share of a category in the chosen denominator.

    ``share = N / (N + R)``: ``N`` counts the category, ``R`` the remainder of the denominator. With
    ``base="all"`` the remainder includes unknown. With ``base="known"`` it counts the persons that
    are known not to belong to ``N``. With ``base="responses"`` it is the sum of the
    other known categories, for multiple response.

    Parameters
    ----------
    table : CountTable
        Counts. The value is pooled over the countries with complete and consistent data.
    base : {"all", "known", "responses"}
        The denominator: all persons, persons of known category, or the sum of the known
        categories of one dimension. Required.
    by : str or sequence of str, optional
        Dimensions such as ``["area", "period"]``. The result is then a panel with one row per
        combination. A sub-form does not have a row next to its form. The sub-forms of labour
        exploitation are the rows of ``breakdown(of="exploitation", exploitation="labour")``.
    area : str, Area or sequence, optional
        The area; several areas are pooled. With ``"area"`` in ``by``, the areas of the rows; an
        area with members is replaced by these. By default the one area of the table, or all its
        countries together.
    period : str, int, Period or sequence, optional
        The reference period. With ``"period"`` in ``by``, the periods of the rows.
    where : mapping, optional
        The selection that numerator and denominator share, such as
        ``{"exploitation": "sexual"}``.
    overlap : {"exclusive", "overlapping", "not_stated"}, optional
        Whether one person can have several categories. By default it is judged per reporter:
        categories are exclusive unless they clearly exceed their total. One person has one sex
        and one age in any case.
    complete_dimensions : str or sequence of str, optional
        Dimensions whose listed categories include every person of known category. Sex and age
        always do. Other dimensions do by default where their categories add up to the total;
        elsewhere a person can be in a category that the source does not show.
    contradictory : {"leave_out", "published", "parts"}
        The reading of a total that its parts exceed: its country leaves the value (default), the
        total counts as published, or the sum of its parts is the total.
    thresholds : Thresholds, optional
        The limits of comparability rules.
    rules : iterable of Rule, optional
        The comparability rules to apply; by default all.
    **category
        The category, by dimension, such as ``exploitation="sexual"``; and attributes of the
        counts, such as ``status="registered"``. Without a breakdown, ``register="police"`` or
        ``status="identified"`` is the category, as in `CountTable.as_breakdown`.

    Returns
    -------
    Result or Panel
        An exact number from 0 to 1: ``value`` over the countries with complete and consistent data,
        ``bounds`` for the area, ``bounds_with_unknown`` with unknown allocated.

    Raises
    ------
    NoSuchCell, AmbiguousCell, InvalidValue
        As for `total`; also if no category is named, or it is not a part of ``where``.
    ImpossibleResult
        Without ``by``: if the counts contradict each other and no value remains. In a panel such
        a row has the status ``contradictory``.

    Notes
    -----
    Comparability warnings: ADDITIVITY, AGE, BASE, BREAK, CLASSIFICATION, CONTRADICTED, COVERAGE,
    DEFINITION, DOMINANCE, MULTIPLE_RESPONSE, OBSERVATION_FLAG, PERIOD, REGISTERING_BODY,
    SMALL_DENOMINATOR, SOURCE, STATUS, SUPPRESSED, UNKNOWN, VINTAGE, AREA_COMPOSITION.
    Limitations: DETECTED_ONLY, DOUBLE_COUNTING.

    Examples
    --------
    9,759 of 20,532 registered victims are victims of sexual exploitation. The published 56%
    implies that 17,273 to 17,583 victims have a known form:

    >>> import thbstats as thb
    >>> victims = thb.publications.com_2018_777().data.victims
    >>> sexual = thb.share(victims, exploitation="sexual", base="all")
    >>> sexual.formatted, sexual.numerator, sexual.denominator
    ('47.5%', Interval(9759), Interval(20532))
    >>> thb.share(victims, exploitation="sexual", base="known").formatted
    '55.5% to 56.5%'

    The same for several countries and years in one call:

    >>> rows = [("BE", 2015, "total", 10), ("BE", 2015, "female", 6), ("FR", 2015, "total", 40),
    ...         ("FR", 2015, "female", 30), ("FR", 2016, "total", 50)]
    >>> table = thb.CountTable.from_rows(
    ...     rows, columns=["area", "period", "sex", "value"], kind="victims"
    ... )
    >>> panel = thb.share(table, sex="female", base="all", by=["area", "period"])
    >>> panel["FR", 2015].formatted, panel["FR", 2016].status.code
    ('75.0%', 'not_reported')

    References
    ----------
    COM(2018) 777, sections II and II.1.
    """
    divided = _shared.divided_by_attribute(table, category)
    question = _shared.question_of(
        divided, category, where or {}, base=base, overlap=overlap, by=by, area=area, period=period,
        complete_dimensions=complete_dimensions, contradictory=contradictory,
    )  # fmt: skip
    return _shared.checked(share_panel(question), by, thresholds, rules, table)


@indicator("share")
def breakdown(
    table: CountTable, *, of: str | Sequence[str], base: str, by: By = None, area: Areas = None,
    period: Periods = None, overlap: str | None = None, complete_dimensions: Names = None,
    contradictory: Reading = "leave_out",
    thresholds: Thresholds | None = None, rules: Iterable[Rule] | None = None, **where: Any,
) -> Panel:  # fmt: skip
    """Return the shares of all categories of one or several dimensions.

    ``share_i = N_i / (N_i + R_i)``, as for `share`, over the same countries for every category:
    shares of exclusive categories with ``base="known"`` sum to 1.

    Parameters
    ----------
    table : CountTable
        Counts.
    of : str or sequence of str
        The dimensions of the categories, such as ``"sex"``. With several, the categories are
        those of all dimensions together.
    base : {"all", "known", "responses"}
        The denominator, as for `share`.
    by : str or sequence of str, optional
        Dimensions with one breakdown per combination, such as ``["area", "period"]``:
        ``of="exploitation", by="sex"`` divides women and men each by form.
    area, period, overlap, complete_dimensions, contradictory, thresholds, rules : optional
        As for `share`.
    **where
        The selection that all rows share, such as ``exploitation="sexual"``.

    Returns
    -------
    Panel
        One row per combination of ``by`` and category.

    Raises
    ------
    NoSuchCell, AmbiguousCell, InvalidValue
        As for `total`.

    Notes
    -----
    Comparability warnings and limitations: those of `share`.

    Examples
    --------
    >>> import thbstats as thb
    >>> rows = [("total", 100), ("female", 68), ("male", 30), ("unknown", 2)]
    >>> table = thb.CountTable.from_rows(
    ...     rows, columns=["sex", "value"], kind="victims", area="BE", period=2016
    ... )
    >>> [row.formatted for row in thb.breakdown(table, of="sex", base="known")]
    ['69.4%', '30.6%']

    References
    ----------
    COM(2018) 777, section II, on the denominator of the forms of exploitation.
    """
    names, others = tuple(dict.fromkeys(names_of(of))), names_of(by)
    table = _shared.divided_by_attribute(table, dict.fromkeys(names, ""))
    schema = table.columns.schema
    for name in names:
        require(
            schema[name].total is not None and name not in others,
            "`of` must be a dimension that divides a total, and not one of `by`",
            'Use of="sex", by=["area", "period"]',
            of=name,
        )
    require(names, "`of` must name a dimension", 'Use of="sex"', of=of)
    question = _shared.question_of(
        table, {}, where, base=base, overlap=overlap, names=names, by=others or None, area=area,
        period=period, complete_dimensions=complete_dimensions, contradictory=contradictory,
    )  # fmt: skip
    panel: Panel = _shared.checked(share_panel(question), [*others, *names], thresholds, rules)
    return panel


@overload
def total(
    table: CountTable, *, by: None = None, area: Areas = None, period: Periods = None,
    complete_dimensions: Names = None, contradictory: Reading = "leave_out",
    thresholds: Thresholds | None = None, rules: Iterable[Rule] | None = None, **where: Any,
) -> Result: ...  # fmt: skip
@overload
def total(
    table: CountTable, *, by: str | Sequence[str], area: Areas = None, period: Periods = None,
    complete_dimensions: Names = None, contradictory: Reading = "leave_out",
    thresholds: Thresholds | None = None, rules: Iterable[Rule] | None = None, **where: Any,
) -> Panel: ...  # fmt: skip
@indicator()
def total(
    table: CountTable, *, by: By = None, area: Areas = None, period: Periods = None,
    complete_dimensions: Names = None, contradictory: Reading = "leave_out",
    thresholds: Thresholds | None = None, rules: Iterable[Rule] | None = None, **where: Any,
) -> Any:  # fmt: skip
    """Return the total count over the reporting countries.

    ``total = sum of n_c over the reporting countries c``

    Parameters
    ----------
    table : CountTable
        Counts of one kind.
    by, area, period, complete_dimensions, contradictory, thresholds, rules : optional
        As for `share`. The unknown category of a breakdown in ``by`` has a row too. Consecutive
        periods are added over the countries that reported each of them.
    **where
        Attributes and categories, such as ``exploitation="sexual"``.

    Returns
    -------
    Result or Panel
        A count of 0 or more. ``bounds`` have no upper bound where a country is missing. A total
        that its parts exceed is not in ``value``, with the warning CONTRADICTED; its bounds reach
        from the total to the sum of the parts.

    Raises
    ------
    NoSuchCell
        If the table has no row of the category; for one result, also if it has none for the area
        and period.
    AmbiguousCell
        If period, area or an attribute of the counts must be named.
    InvalidValue
        If an argument is not allowed.

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
    counts = _shared.counts_in(
        table, where, by=by, area=area, period=period, with_unknown=True,
        complete_dimensions=complete_dimensions, contradictory=contradictory,
    )  # fmt: skip
    return _shared.checked(count_panel(counts, "total"), by, thresholds, rules, table)
