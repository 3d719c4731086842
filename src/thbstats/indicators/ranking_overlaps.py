"""Two rankings side by side: whom they share, in which order, and how near to the top."""

from collections.abc import Iterable
from fractions import Fraction
from typing import TypeVar

from attrs import evolve

from thbstats.comparability import ALL as RULES
from thbstats.comparability import DEFAULTS, Rule, Thresholds, assess, compare
from thbstats.errors import InvalidValue
from thbstats.geography import Area
from thbstats.pooling import overlaps_at, rank_biased, rank_correlation, scores_of
from thbstats.results import Base, Context, Measure, Ranking, Result, Share
from thbstats.values import Interval, Rational, exact

__all__ = ["kendall_tau", "rank_biased_overlap", "ranking_overlap"]

Found = TypeVar("Found", bound=Result)


def ranking_overlap(
    first: Ranking,
    second: Ranking,
    *,
    top: int | None = None,
    thresholds: Thresholds = DEFAULTS,
    rules: Iterable[Rule] = RULES,
) -> Share:
    """Return the share of members that two rankings have in common.

    ``overlap = |A and B| / max(|A|, |B|)``

    Parameters
    ----------
    first, second : Ranking
        For example the top five of two reports.
    top : int, optional
        Only the first of each ranking; by default all whom they list. Who is among them can be
        open, where counts are or where ties straddle the last place.
    thresholds, rules : optional
        Passed to `assess` and `compare`.

    Returns
    -------
    Share
        In [0, 1]; 1 when both name the same members, in whatever order. Both ends are reached.
        Its warnings are those of setting the two lists side by side.

    Raises
    ------
    InvalidValue
        If a ranking lists nobody, or ``top`` is below 1.

    Notes
    -----
    Comparability warnings: BREAK, CLASSIFICATION, COVERAGE, DEFINITION, DETECTION, DUPLICATE,
    FLAGS, MEMBERSHIP, PERIOD, REGISTER, SMALL, SOURCE, STATUS, SUPPRESSED, UNIT, VINTAGE.

    Examples
    --------
    >>> import thbstats as thb
    >>> report = thb.publications.com_2018_777()
    >>> now, before = report.ranking("ii-top-eu-citizenships"), report.ranking(
    ...     "ii-top-eu-citizenships-2010-2012"
    ... )
    >>> overlap = thb.ranking_overlap(before, now)
    >>> overlap.shown, overlap.numerator, "PERIOD" in overlap.warnings.codes
    ('100.0 %', Interval(5), True)

    The report does not say that it lists them in order, so that the first three need not share
    more than one:

    >>> thb.ranking_overlap(before, now, top=3).numerator
    Interval(1..3)

    References
    ----------
    COM(2018) 777, section II: the same countries as in 2010-2012.
    """
    _require_members(first, second)
    if top is not None and top < 1:
        raise InvalidValue("ranks begin at 1", field="top", value=top, mend="Ask for 1 or more")
    depth = max(len(first), len(second))
    if top is not None:
        depth = min(top, depth)
    shared = Interval(*overlaps_at(scores_of(first), scores_of(second), depth))
    overlap = shared.scale(Fraction(1, depth))
    found = Share(
        indicator="ranking_overlap",
        label="in both rankings",
        measure=Measure.SHARE,
        numerator=shared,
        denominator=Interval.point(depth),
        base=Base(
            rule="all",
            label="members of the longer ranking" if top is None else f"the first {depth} of each",
        ),
        estimand=f"members that {first.caption} and {second.caption} share",
        reported=overlap,
        bounds=overlap,
        possible=overlap,
        context=_context(second),
    )
    return _beside(first, found, thresholds, rules)


def kendall_tau(
    first: Ranking,
    second: Ranking,
    *,
    thresholds: Thresholds = DEFAULTS,
    rules: Iterable[Rule] = RULES,
) -> Result:
    """Return Kendall's tau-b of two rankings: whether they put the same members in one order.

    ``tau_b = (C - D) / sqrt((P - T1) * (P - T2))``: of the ``P`` pairs of members that both
    rankings have, ``C`` stand in the same order in both, ``D`` in opposite ones, ``T1`` and
    ``T2`` are tied in the first and in the second

    Parameters
    ----------
    first, second : Ranking
        Two rankings; members that only one of them has are left out.
    thresholds, rules : optional
        Passed to `assess` and `compare`.

    Returns
    -------
    Result
        In [-1, 1], to fifteen decimals: 1 for one order, -1 for opposite ones; undefined where
        all are tied in either. Where counts leave the order open, both ends are reached by some
        order; with more than a thousand possible orders the ends are outer ones, and `sharp`
        says so.

    Raises
    ------
    InvalidValue
        If a ranking lists nobody, or fewer than two members are in both.

    Notes
    -----
    Comparability warnings: BREAK, CLASSIFICATION, COVERAGE, DEFINITION, DETECTION, DUPLICATE,
    FLAGS, MEMBERSHIP, PERIOD, REGISTER, SOURCE, STATUS, SUPPRESSED, UNIT, VINTAGE.

    Examples
    --------
    >>> import thbstats as thb
    >>> def citizens(*counts, period):
    ...     return thb.ranking(thb.CountTable.from_rows(
    ...         zip(["RO", "HU", "NL"], counts), columns=["citizenship", "value"],
    ...         kind="victims", area="BE", period=period,
    ...     ))
    >>> before = citizens(40, 30, 20, period=2015)
    >>> thb.kendall_tau(before, citizens(30, 40, 20, period=2016)).shown
    '0.333'
    >>> fewer = thb.Count.fewer_than(5)
    >>> thb.kendall_tau(before, citizens(30, fewer, fewer, period=2016)).shown
    '0.333..1.000'

    References
    ----------
    Kendall, "The treatment of ties in ranking problems", Biometrika 33 (1945).
    """
    _require_members(first, second)
    shared = [name for name in first.labels if name in second.labels]
    if len(shared) < 2:
        raise InvalidValue(
            "an order is of two members or more",
            field="second",
            value=", ".join(shared) or "no member of the first",
            mend="Give rankings that share two members or more",
        )
    one, two = (
        {name: scores[name] for name in shared} for scores in (scores_of(first), scores_of(second))
    )
    surplus, tau, sharp = rank_correlation(one, two)
    found = Result(
        indicator="kendall_tau",
        label="Kendall's tau-b",
        measure=Measure.INDEX,
        numerator=surplus,
        denominator=Interval.point(len(shared) * (len(shared) - 1) // 2),
        base=Base(rule="all", label=f"pairs of the {len(shared)} members of both rankings"),
        estimand=f"agreement in order of {first.caption} and {second.caption}",
        reported=tau,
        bounds=tau,
        possible=tau,
        context=_context(second),
        sharp=sharp,
    )
    return _beside(first, found, thresholds, rules)


def rank_biased_overlap(
    first: Ranking,
    second: Ranking,
    *,
    p: Rational | str,
    thresholds: Thresholds = DEFAULTS,
    rules: Iterable[Rule] = RULES,
) -> Result:
    """Return the rank-biased overlap of two rankings: shared members count for more near the top.

    ``RBO = (1 - p) * sum over depths d of p**(d-1) * A_d``, with ``A_d`` the share of members
    that the first ``d`` places of both have in common

    Parameters
    ----------
    first, second : Ranking
        Two rankings, of equal length or not.
    p : int, Fraction or str
        Above 0 and below 1, exact, such as ``"0.9"``: each depth weighs p times the one before,
        and the first 1/(1-p) places on average are looked at. The result depends on it, so that
        it is always asked for and always said.
    thresholds, rules : optional
        Passed to `assess` and `compare`.

    Returns
    -------
    Result
        In [0, 1]. `reported` is extrapolated: as though the lists went on agreeing as they do
        where they end; 1 for equal lists. `bounds` are all that the members whom no list shows
        leave possible, the lower one to fifteen decimals. Where counts or ties leave the order
        open, both are over all orders; where these are too many, the ends are outer ones, and
        `sharp` says so.

    Raises
    ------
    InvalidValue
        If a ranking lists nobody, or p is not between 0 and 1.

    Notes
    -----
    Comparability warnings: BREAK, CLASSIFICATION, COVERAGE, DEFINITION, DETECTION, DUPLICATE,
    FLAGS, MEMBERSHIP, PERIOD, REGISTER, SOURCE, STATUS, SUPPRESSED, UNIT, VINTAGE.

    Examples
    --------
    >>> import thbstats as thb
    >>> def citizens(*codes, period):
    ...     return thb.ranking(thb.CountTable.from_rows(
    ...         zip(codes, [40, 30, 20]), columns=["citizenship", "value"],
    ...         kind="victims", area="BE", period=period,
    ...     ))
    >>> before = citizens("RO", "HU", "NL", period=2015)
    >>> now = citizens("RO", "NL", "PL", period=2016)
    >>> found = thb.rank_biased_overlap(before, now, p="0.9")
    >>> found.shown, found.measure.show(found.bounds)
    ('0.685', '0.367..0.928')

    References
    ----------
    Webber, Moffat and Zobel, "A similarity measure for indefinite rankings", ACM Transactions on
    Information Systems 28 (2010).
    """
    _require_members(first, second)
    weight = _between_0_and_1(p)
    depth = max(len(first), len(second))
    one, two = scores_of(first), scores_of(second)
    extrapolated, bounds, sharp = rank_biased(one, two, weight)
    found = Result(
        indicator="rank_biased_overlap",
        label=f"rank-biased overlap (p = {weight})",
        measure=Measure.INDEX,
        numerator=Interval.point(len(set(one) & set(two))),
        denominator=Interval.point(depth),
        base=Base(
            rule="all",
            label=f"members of the longer ranking; each depth weighs {weight} of the one before",
        ),
        estimand=f"members that {first.caption} and {second.caption} share, weighted by depth",
        reported=extrapolated,
        bounds=bounds,
        possible=bounds,
        context=_context(second),
        sharp=sharp,
    )
    return _beside(first, found, thresholds, rules)


def _context(ranking: Ranking) -> Context:
    """Return what a ranking speaks of; where it ranks countries, all of them."""
    contexts = [item.context for item in ranking]
    areas = {context.area for context in contexts}
    if len(areas) == 1:
        return contexts[0]
    together = frozenset[str]().union(*(area.members for area in areas))
    named = [context.reporters for context in contexts if context.reporters is not None]
    return evolve(
        contexts[0],
        area=Area.of(together),
        reporters=frozenset[str]().union(*named),
        expected=together,
        n_reporters=None,
    )


def _require_members(first: Ranking, second: Ranking) -> None:
    """Refuse what is no ranking, or one that lists nobody."""
    for field, given in (("first", first), ("second", second)):
        if not isinstance(given, Ranking):
            raise InvalidValue(
                "two rankings are needed",
                field=field,
                value=type(given).__name__,
                mend="Give what thbstats.ranking returns",
            )
    if not len(first) or not len(second):
        raise InvalidValue(
            "a list of nobody has nothing in common with another",
            field="first" if not len(first) else "second",
            value="an empty ranking",
            mend="Give two rankings with members",
        )


def _between_0_and_1(p: Rational | str) -> Rational:
    try:
        weight = exact(Fraction(p) if isinstance(p, str) else p, "p")
    except ValueError:
        weight = 0
    if not 0 < weight < 1:
        raise InvalidValue(
            "a depth weighs a part of the one before",
            field="p",
            value=p,
            mend='Give a number between 0 and 1, such as "0.9"',
        )
    return weight


def _beside(first: Ranking, found: Found, thresholds: Thresholds, rules: Iterable[Rule]) -> Found:
    """Return a number with its warnings, and those of setting two lists side by side."""
    found = assess(found, thresholds=thresholds, rules=rules)
    before = evolve(found, context=_context(first))
    return found.with_warnings(compare(before, found, thresholds=thresholds, rules=rules).warnings)
