"""Shares: how much of a base is in a category."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from thbstats.comparability import ALL as RULES
from thbstats.comparability import DEFAULTS, Rule, Thresholds, assess
from thbstats.errors import InvalidValue
from thbstats.geography import Area
from thbstats.pooling import Question, share_of_category, split
from thbstats.results import Breakdown, Share
from thbstats.tables import CountTable
from thbstats.values import Period

__all__ = ["breakdown", "share"]


def share(
    table: CountTable,
    *,
    base: str,
    area: str | Area | None = None,
    period: str | Period | None = None,
    within: Mapping[str, str] | None = None,
    overlap: str | None = None,
    thresholds: Thresholds = DEFAULTS,
    rules: Iterable[Rule] = RULES,
    **category: Any,
) -> Share:
    """Return the share of one category in a base that is named.

    ``share = N / (N + R)`` with ``N`` those recorded in the category and ``R`` everyone else in
    the base: with ``base="all"`` also the unknown, with ``base="recorded"`` only those recorded
    in another category.

    Parameters
    ----------
    table : CountTable
        Counts; for several countries the share is pooled over those that gave every input.
    base : {"all", "recorded"}
        Always asked for, since both are in print.
    area : str or Area, optional
        The area asked for; by default the one area of the table, or all its countries together.
        Countries without rows are gaps: they widen `bounds`.
    period : str or Period, optional
        The reference period, where the table has several.
    within : mapping, optional
        What numerator and base share, such as ``{"exploitation": "sexual"}`` for a share of a
        share.
    overlap : {"exclusive", "overlapping", "not_stated"}, optional
        Whether one person can stand in several categories. If nothing is said they exclude each
        other, unless some reporter's make more than the total that they divide: then they
        overlap. One person has one sex and one age, whatever the counts are.
    thresholds, rules : optional
        Passed to `assess`.
    **category
        The category, by dimension, such as ``exploitation="sexual"``; and attributes of the
        counts, such as ``status="registered"``. A part of a form stands against everybody with
        a recorded form; for its share of that form alone, name the form in ``within``.

    Returns
    -------
    Share
        In [0, 1], exact. `reported` over the countries that gave every input, `bounds` for the
        area, `possible` with the unknown counted somewhere.

    Raises
    ------
    InvalidValue
        If the base is not one of the two, no category is named, or it is no part of ``within``.
    NoSuchCell
        If the table has no row of the category.
    AmbiguousCell
        If period, area or an attribute of the counts must be named.
    ImpossibleResult
        If a category is certainly larger than the total, or categories that are said to be
        exclusive make more than it.

    Notes
    -----
    Comparability warnings: ADDITIVITY, AGE, BASE, BREAK, CLASSIFICATION, COVERAGE, DEFINITION,
    DETECTION, DOMINANCE, DUPLICATE, FLAGS, MEMBERSHIP, MULTIPLE, PERIOD, REGISTER, SMALL, SOURCE,
    STATUS, SUPPRESSED, UNKNOWN, VINTAGE.

    Examples
    --------
    9 759 of 20 532 registered victims were recorded as sexually exploited. The printed 56 % says
    that 17 273 to 17 583 have a recorded form, so that the others could raise the share:

    >>> import thbstats as thb
    >>> victims = thb.publications.com_2018_777().data.victims
    >>> sexual = thb.share(victims, exploitation="sexual", base="all")
    >>> sexual
    <Share sexual: 47.5 % (possible 47.5..63.4 %); UNKNOWN, COVERAGE, DETECTION, DUPLICATE, ...>
    >>> thb.share(victims, exploitation="sexual", base="recorded").shown
    '55.5..56.5 %'

    References
    ----------
    COM(2018) 777, sections II and II.1.
    """
    found, place = share_of_category(
        table,
        category,
        base=base,
        area=area,
        period=period,
        within=within,
        overlap=overlap,
    )
    return assess(found.share(place), thresholds=thresholds, rules=rules)


def breakdown(
    table: CountTable,
    *,
    by: str | Sequence[str],
    base: str,
    area: str | Area | None = None,
    period: str | Period | None = None,
    overlap: str | None = None,
    thresholds: Thresholds = DEFAULTS,
    rules: Iterable[Rule] = RULES,
    **within: Any,
) -> Breakdown:
    """Return the share of every category of one or several dimensions.

    ``share_i = N_i / (N_i + R_i)``, each as `share` computes it; over the recorded base of
    exclusive categories they sum to 1.

    Parameters
    ----------
    table : CountTable
        Counts; for several countries the shares are pooled over those that gave every input.
    by : str or sequence of str
        The dimension or dimensions; the widest categories that the table has divide them.
    base : {"all", "recorded"}
        Always asked for, since both are in print.
    area, period, overlap, thresholds, rules : optional
        As for `share`.
    **within
        What all shares have in common, such as ``exploitation="sexual"``.

    Returns
    -------
    Breakdown
        One `Share` per category, labelled by it; the unknown stand beside each as `unknown`.

    Raises
    ------
    InvalidValue
        If the base is not one of the two, or a dimension has no total to divide.
    NoSuchCell
        If nothing is broken down by the dimensions.
    AmbiguousCell
        If period, area or an attribute of the counts must be named.
    ImpossibleResult
        If a category is certainly larger than the total, or categories that are said to be
        exclusive make more than it.

    Notes
    -----
    Comparability warnings: those of `share`.

    Examples
    --------
    >>> import thbstats as thb
    >>> rows = [("total", 100), ("female", 68), ("male", 30), ("unknown", 2)]
    >>> table = thb.CountTable.from_rows(
    ...     rows, columns=["sex", "value"], kind="victims", area="BE", period=2016
    ... )
    >>> [item.shown for item in thb.breakdown(table, by="sex", base="recorded")]
    ['69.4 %', '30.6 %']

    In Malta 12 victims were detected in 2020, some of them under several forms of exploitation:

    >>> rows = [("total", 12), ("labour", 6), ("sexual", 7), ("other", 3)]
    >>> malta = thb.CountTable.from_rows(
    ...     rows, columns=["exploitation", "value"], kind="victims", area="MT", period=2020
    ... )
    >>> forms = thb.breakdown(malta, by="exploitation", base="all")
    >>> [item.shown for item in forms], "MULTIPLE" in forms.warnings.codes
    (['58.3 %', '50.0 %', '25.0 %'], True)

    References
    ----------
    COM(2018) 777, section II, on the base of the forms of exploitation. National Statistics Office
    of Malta, SDG indicator 16.2.2.
    """
    names = (by,) if isinstance(by, str) else tuple(dict.fromkeys(by))
    attributes, inside = split(table, within, breakdowns="a base")
    if not names:
        raise InvalidValue(
            "a breakdown is by a dimension", field="by", mend='Name one, such as by="sex"'
        )
    question = Question(
        table=table,
        base=base,
        area=area,
        overlap=overlap,
        within=inside,
        attributes={"period": period, **attributes},
    )
    found = question.answer(names, None)
    shares = [found.share(place) for place in range(len(found.classification.recorded))]
    caption = f"{found.base.label} by {' and '.join(names)}"
    return assess(Breakdown(caption=caption, items=shares), thresholds=thresholds, rules=rules)
