"""Rankings of the categories of a dimension."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from attrs import evolve

from thbstats.errors import InvalidValue, NoSuchCell
from thbstats.geography import COMPOSITIONS, Area, eu_members
from thbstats.indicators._grids import as_kind, checked, counts_in, require, stated
from thbstats.indicators._orders import Ranking, ranks_of
from thbstats.panel import Status
from thbstats.panel.categories import require_breakdown
from thbstats.panel.count_panels import count_panel
from thbstats.rules import Rule, Thresholds
from thbstats.tables import CountTable, require_table
from thbstats.values import Period
from thbstats.vocabulary import CitizenshipGroup

__all__ = ["ranking"]

_GROUPS = ("eu", "non_eu")


def ranking(
    table: CountTable, *, by: str | Sequence[str] = "citizenship", group: str | None = None,
    top: int | None = None, area: str | Area | Sequence[str | Area] | None = None,
    period: str | int | Period | Sequence[str | int | Period] | None = None,
    thresholds: Thresholds | None = None, rules: Iterable[Rule] | None = None, **selection: Any,
) -> Ranking:  # fmt: skip
    """Return the categories of a dimension in descending order of their counts.

    ``rank_i = 1 + number of counts above n_i``: equal counts have the better rank. A count
    between two bounds has a best rank (all others at their lower bounds) and a worst rank.

    Parameters
    ----------
    table : CountTable
        Counts.
    by : str or sequence of str
        The dimension to rank, such as ``"citizenship"`` (countries only), ``"exploitation"`` or
        ``"area"``. The last of several dimensions is ranked within each combination of the
        others: ``by=["period", "citizenship"]``.
    group : {"eu", "non_eu"}, optional
        Only citizenships of EU or of other countries, by the composition that names the area,
        else by membership at the end of the period.
    top : int, optional
        Only rows whose best rank is at most this; ties can make them more.
    area, period, thresholds, rules : optional
        As for `total`.
    **selection
        Attributes and categories, such as ``exploitation="sexual"``.

    Returns
    -------
    Ranking
        One count per category, with best and worst rank. ``top(n)`` returns the members that can
        be among the first, ``certain(n)`` those that are.

    Raises
    ------
    NoSuchCell, AmbiguousCell, InvalidValue
        As for `share`; also if the group does not exist or is not of citizenships, or `top` is
        below 1.

    Notes
    -----
    Comparability warnings and limitations: those of `total`.

    Examples
    --------
    >>> import thbstats as thb
    >>> rows = [("RO", 40), ("HU", 40), ("NG", thb.Count.fewer_than(5)), ("VN", 3)]
    >>> table = thb.CountTable.from_rows(
    ...     rows, columns=["citizenship", "value"], kind="victims", area="BE", period=2016
    ... )
    >>> found = thb.ranking(table)
    >>> [(row.label, str(ranks)) for row, ranks in zip(found, found.ranks)]
    [('HU', '1'), ('RO', '1'), ('VN', '3 to 4'), ('NG', '3 to 4')]
    >>> found.top(3), found.certain(3)
    (('HU', 'RO', 'VN', 'NG'), ('HU', 'RO'))

    References
    ----------
    COM(2018) 777, section II: the top five citizenships.
    """
    names = (by,) if isinstance(by, str) else tuple(dict.fromkeys(by or ()))
    ranked = names[-1] if names else ""
    require(
        group is None or (ranked == "citizenship" and group in _GROUPS),
        '`group` must be "eu" or "non_eu", and by= must end with citizenship',
        'Use group="eu" or group="non_eu" with by="citizenship"',
        group=group,
    )
    require(top is None or top >= 1, "`top` must be 1 or more", "Use top=5", top=top)
    schema = require_table(table).columns.schema
    if ranked != "area":
        dimension = require_breakdown(schema, ranked)
        present = [code for code in table.categories(ranked) if code != dimension.total]
        if dimension.content == "citizenship":
            groups = CitizenshipGroup._value2member_map_
            kept = [code for code in present if code not in groups]
            every = [*kept, *(code for code in ("unknown",) if code in present)]
            total = [dimension.total] if dimension.total in table.categories(ranked) else []
            table = table.where(**{ranked: [*every, *total]}) if kept else table
        else:
            kept = [code for code in present if code != "unknown"]
    elif area is None:
        area = kept = [
            code for code in table.categories("area") if len(Area.parse(code).members) == 1
        ]
    else:
        kept = ["area"]
    if not kept:
        raise _nothing(table, ranked)
    counts = counts_in(table, selection, use="a ranking", by=names, area=area, period=period)
    panel = count_panel(counts, "ranking")
    column = panel.keys[ranked]
    panel = panel.take(panel.status != Status.NO_ROW)
    if group is not None:
        members = panel.area.combine(panel.period, _eu_members)
        inside = members.combine(panel.keys[ranked], lambda own, code: code in own)
        panel = panel.take(inside.table(lambda own: own == (group == "eu"), np.bool_))
    if not len(panel):
        raise _nothing(table, ranked)
    ambiguous = np.flatnonzero(panel.status == Status.AMBIGUOUS)
    if len(ambiguous) and len(names) == 1:
        panel.take(ambiguous[:1]).only()
    caption = f"{panel.counted[0].label} by {' and '.join(names)}"
    judged = checked(
        evolve(panel, label=panel.keys[ranked].map(str), caption=caption), names, thresholds, rules
    )
    group_of = np.zeros(len(judged), dtype=np.intp)
    for name in names[:-1]:
        own = judged.keys[name]
        group_of = group_of * max(len(own.categories), 1) + own.codes
    group_of = np.unique(group_of, return_inverse=True)[1].reshape(len(judged))
    best, worst = ranks_of(stated(judged), group_of)
    alphabet = {code: i for i, code in enumerate(sorted(map(str, column.categories)))}
    place = judged.keys[ranked].table(lambda code: alphabet[str(code)], np.intp)
    order = np.lexsort([place, -judged.numerator.lower, worst, best, group_of])
    found = as_kind(Ranking, judged, best=best, worst=worst).take(order)
    return found if top is None else found.take(found.best <= top)


def _nothing(table: CountTable, name: str) -> NoSuchCell:
    return NoSuchCell(
        "the table has nothing to rank", field="by", value=name, hint=f"The table has: {table!r}"
    )


def _eu_members(area: Area, period: Period) -> frozenset[str]:
    """Return the countries of the EU: of the composition that names an area, else on a day."""
    name = area.code.partition(" without ")[0]
    if name in COMPOSITIONS:
        return COMPOSITIONS[name].members
    if period.end is None:
        raise InvalidValue(
            "membership of the EU needs a reference period",
            field="group",
            value="period not stated",
            hint="Name the period, or an area such as EU28",
        )
    return eu_members(period.end)
