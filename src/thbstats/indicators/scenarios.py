"""Scenarios: the two ways to fill gaps and place the unknown between which a share must lie."""

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import evolve

from thbstats.comparability import ALL as RULES
from thbstats.comparability import DEFAULTS, Rule, Thresholds, assess
from thbstats.geography import Area
from thbstats.pooling import share_of_category
from thbstats.results import Results, Share
from thbstats.tables import CountTable
from thbstats.values import Interval, Period, Rational

__all__ = ["completions"]


def completions(
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
) -> Results:
    """Return a share in the two extreme completions of what is not known.

    ``lowest = N / (N + R)`` with ``N`` as small as it can be and ``R`` as large, the unknown all
    outside the category; ``highest`` with ``N`` as large and ``R`` as small, all of the unknown
    that can be in the category inside it

    Parameters
    ----------
    table, base, area, period, within, overlap, thresholds, rules, **category
        As for `share`.

    Returns
    -------
    Results
        Two `Share`, ``"lowest"`` and ``"highest"``, each with the counts that make it; they are
        the ends of `possible` of the share. What nothing bounds has no end: the share is then
        approached. Every true share lies between.

    Raises
    ------
    InvalidValue
        If the base is not one of the two, no category is named, or it is no part of ``within``.
    NoSuchCell
        If the table has no row of the category.
    AmbiguousCell
        If period, area or an attribute of the counts must be named.
    ImpossibleResult
        As for `share`.

    Notes
    -----
    Comparability warnings: those of `share`.

    Examples
    --------
    >>> import thbstats as thb
    >>> victims = thb.publications.com_2018_777().data.victims
    >>> found = thb.completions(victims, exploitation="sexual", base="all")
    >>> [(item.label, str(item.numerator), item.shown) for item in found]
    [('lowest', '9759', '47.5 %'), ('highest', '13018', '63.4 %')]

    References
    ----------
    COM(2018) 777, sections II and II.1. Manski, "Partial Identification of Probability
    Distributions" (2003), on worst-case bounds.
    """
    answer, place = share_of_category(
        table,
        category,
        base=base,
        area=area,
        period=period,
        within=within,
        overlap=overlap,
    )
    found = answer.share(place)
    (part, rest), (most, least) = (
        [counts.interval() for counts in pair] for pair in answer.extremes(place)
    )
    lowest, highest = found.possible.lower, found.possible.upper
    ways = (
        ("lowest", lowest, Interval.point(part.lower or 0), _most(rest)),
        ("highest", highest, _most(most), Interval.point(least.lower or 0)),
    )
    return assess(
        Results(
            caption=f"{found.label}: extreme completions",
            items=[_scenario(found, *way) for way in ways],
        ),
        thresholds=thresholds,
        rules=rules,
    )


def _most(count: Interval) -> Interval:
    """Return a count as large as it can be; where that has no end, one of many."""
    return Interval(count.lower if count.upper is None else count.upper, count.upper)


def _scenario(
    found: Share, label: str, share: Rational | None, part: Interval, rest: Interval
) -> Share:
    """Return a share in one completion, with the counts that make it."""
    whole = part + rest
    number = Interval(share, share, undefined=whole == Interval.point(0))
    return evolve(
        found,
        label=label,
        numerator=part,
        denominator=whole,
        estimand=f"{found.estimand}, {label} completion of gaps and unknown",
        reported=number,
        bounds=number,
        possible=number,
        unknown=None,
        gap=None,
        parts=None,
    )
