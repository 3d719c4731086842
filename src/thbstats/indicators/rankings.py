"""Rankings: who has most, with ties and with the ranks that intervals leave open."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from attrs import evolve

from thbstats.comparability import ALL as RULES
from thbstats.comparability import DEFAULTS, Rule, Thresholds, assess
from thbstats.errors import InvalidValue, NoSuchCell
from thbstats.geography import COMPOSITIONS, Area, eu_members, parse_area
from thbstats.pooling import Scope, classify, count_of, rows_within, scope, split
from thbstats.results import Ranking, Result
from thbstats.tables import CountTable
from thbstats.values import Interval, Period
from thbstats.vocabulary import CitizenshipGroup

__all__ = ["ranking", "ranks_of"]

_GROUPS = ("eu", "non_eu")


def ranking(
    table: CountTable,
    *,
    by: str = "citizenship",
    group: str | None = None,
    top: int | None = None,
    area: str | Area | None = None,
    period: str | Period | None = None,
    thresholds: Thresholds = DEFAULTS,
    rules: Iterable[Rule] = RULES,
    **selection: Any,
) -> Ranking:
    """Return the categories of a dimension in order of their counts, the largest first.

    ``rank_i = 1 + number of counts above n_i``: ties share the better rank. A count known only
    between two ends has a best rank (all others as low as they can be) and a worst.

    Parameters
    ----------
    table : CountTable
        Counts.
    by : str
        The dimension: countries of citizenship, forms, or ``"area"``.
    group : {"eu", "non_eu"}, optional
        Only these citizenships, by the composition that names the area, else by membership at
        the end of the period.
    top : int, optional
        Only those whose best rank is at most this; ties can make it more.
    area, period : optional
        As for `total`.
    thresholds, rules : optional
        Passed to `assess`.
    **selection
        Attributes and categories, such as ``exploitation="sexual"``.

    Returns
    -------
    Ranking
        One count per category, with `ranks`: best and worst, from 1 to n. `top` names those who
        may be among the first, `certain` those who are.

    Raises
    ------
    NoSuchCell
        If the table has no such categories.
    InvalidValue
        If the group does not exist, or is asked of something other than citizenship.

    Notes
    -----
    Comparability warnings: those of `total`.

    Examples
    --------
    >>> import thbstats as thb
    >>> rows = [("RO", 40), ("HU", 40), ("NG", thb.Count.fewer_than(5)), ("VN", 3)]
    >>> table = thb.CountTable.from_rows(
    ...     rows, columns=["citizenship", "value"], kind="victims", area="BE", period=2016
    ... )
    >>> found = thb.ranking(table)
    >>> [(label, str(ranks)) for label, ranks in zip(found.labels, found.ranks)]
    [('HU', '1'), ('RO', '1'), ('VN', '3..4'), ('NG', '3..4')]

    Who may be among the first three, and who certainly is:

    >>> found.top(3), found.certain(3)
    (('HU', 'RO', 'VN', 'NG'), ('HU', 'RO'))

    References
    ----------
    COM(2018) 777, section II: the top five citizenships.
    """
    if group is not None and (by != "citizenship" or group not in _GROUPS):
        raise InvalidValue(
            "groups are of citizenships",
            field="group",
            value=group,
            mend="Use group='eu' or group='non_eu' with by='citizenship'",
        )
    if top is not None and top < 1:
        raise InvalidValue("ranks begin at 1", field="top", value=top, mend="Ask for 1 or more")
    asked = selection | {"period": period}
    codes = _codes(table, by, group, area, asked)
    if not codes:
        raise NoSuchCell(
            "there is nothing to rank", field="by", value=by, mend=f"What there is: {table!r}"
        )
    found = [evolve(_number(table, by, code, area, asked), label=code) for code in codes]
    ranked = _cut(_sorted(found, f"{found[0].context.counted.label} by {by}"), top)
    return assess(ranked, thresholds=thresholds, rules=rules)


def ranks_of(counts: Sequence[Interval]) -> tuple[Interval, ...]:
    """Return the best and the worst rank of each count among them.

    Parameters
    ----------
    counts : sequence of Interval
        Independent counts.

    Returns
    -------
    tuple of Interval
        In the same order; both ends are reached.

    Examples
    --------
    >>> [str(rank) for rank in ranks_of([Interval(3, 3), Interval(0, 4), Interval(9, 9)])]
    ['2..3', '2..3', '1']
    """
    lower = np.array([float(count.lower or 0) for count in counts])
    upper = np.array([np.inf if count.upper is None else float(count.upper) for count in counts])
    best = 1 + (lower[None, :] > upper[:, None]).sum(axis=1)
    # A count is not above itself, however wide it is.
    others = ~np.eye(len(counts), dtype=np.bool_)
    worst = 1 + ((upper[None, :] > lower[:, None]) & others).sum(axis=1)
    return tuple(Interval(int(low), int(high)) for low, high in zip(best, worst, strict=True))


def _codes(
    table: CountTable, by: str, group: str | None, area: str | Area | None, asked: dict[str, Any]
) -> list[str]:
    """The categories to rank: countries of citizenship, countries, or recorded categories."""
    attributes, within = split(table, asked, breakdowns="a ranking")
    if by in asked:
        raise InvalidValue(
            "one category alone has no rank",
            field=by,
            value=asked[by],
            mend=f"Leave {by} out, or rank by another dimension",
        )
    where = scope(table, area, **attributes)
    if by == "area":
        return [code for code in where.table.categories(by) if len(parse_area(code).members) == 1]
    if by != "citizenship":
        return [cell[by] for cell in classify(where.table, [by], within=within).recorded]
    codes = rows_within(where.table, [by], within).categories(by)
    countries = [code for code in codes if code not in CitizenshipGroup._value2member_map_]
    if group is None:
        return countries
    members = _composition(where)
    return [code for code in countries if (code in members) == (group == "eu")]


def _number(
    table: CountTable, by: str, code: str, area: str | Area | None, asked: dict[str, Any]
) -> Result:
    if by == "area":
        return count_of(table, code, "ranking", asked)
    return count_of(table, area, "ranking", {**asked, by: code})


def _composition(where: Scope) -> frozenset[str]:
    """Who counts as an EU country: the composition that names the area, else the last day's."""
    name = where.area.code.partition(" without ")[0]
    if name in COMPOSITIONS:
        return COMPOSITIONS[name].members
    end = Period.parse(where.table.categories("period")[0]).end
    if end is None:
        raise InvalidValue(
            "without a reference period nobody can say who was a member of the EU",
            field="group",
            value="period not stated",
            mend="Name the period, or an area such as EU28",
        )
    return eu_members(end)


def _sorted(numbers: list[Result], caption: str) -> Ranking:
    ranks = ranks_of(
        [number.bounds if number.reported is None else number.reported for number in numbers]
    )
    order = sorted(
        range(len(numbers)),
        key=lambda place: (ranks[place].lower, ranks[place].upper, -_least(numbers[place])),
    )
    return Ranking(
        caption=caption,
        items=[numbers[place] for place in order],
        ranks=tuple(ranks[place] for place in order),
    )


def _least(number: Result) -> int:
    return int(number.numerator.lower or 0)


def _cut(ranking: Ranking, top: int | None) -> Ranking:
    if top is None:
        return ranking
    kept = [place for place, rank in enumerate(ranking.ranks) if (rank.lower or 0) <= top]
    return evolve(
        ranking,
        items=[ranking.items[place] for place in kept],
        ranks=tuple(ranking.ranks[place] for place in kept),
    )
