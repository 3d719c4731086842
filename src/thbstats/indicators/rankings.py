"""Rankings of the categories of a dimension."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import partial
from typing import Any, ClassVar

import numpy as np
from attrs import evolve, frozen

from thbstats.columns import Index, Mask
from thbstats.display import DisplayTable, count
from thbstats.errors import InvalidValue, NoSuchCell, require, require_name
from thbstats.formulas.ranks import Scores, rank_biased, rank_bounds, rank_correlation, shared_at
from thbstats.geography import COMPOSITIONS, Area, citizenship_group
from thbstats.geography.subdivisions import country_of
from thbstats.indicators import _shared
from thbstats.indicators._shared import Areas, Names, Periods, Reading, indicator
from thbstats.languages import Message, joined
from thbstats.panel import Base, Panel, Result, ResultKind, Status, panel_from_rows
from thbstats.panel.frame_fields import FrameField
from thbstats.panel.grid import PanelGrid, require_breakdown
from thbstats.panel.panel_text import panel_sheet
from thbstats.panel.pooled_counts import count_panel
from thbstats.panel.result import bounds_of
from thbstats.records.kind_schema import names_of
from thbstats.rules import Rule, Thresholds, apply_rules, compare
from thbstats.tables import CountTable, require_table
from thbstats.values import Interval, Period, Rational, exact, flag_set
from thbstats.values.interval import is_integer
from thbstats.vocabulary import CitizenshipGroup, dimension_text

__all__ = ["Ranking", "ranking"]


def _require_top(top: object) -> None:
    is_number = top is None or is_integer(top, least=1)
    require(is_number, "`top` must be an integer of 1 or more", "Use top=5", top=top)


def _named(ranking: Any) -> str:
    """Return the caption of a ranking with its period, and with its area if there is one."""
    areas = [ranking.area[0].label] if ranking.area.is_constant else []
    where = joined([*areas, str(ranking.period[0])], ", ")
    return Message("{caption} ({where})", caption=ranking.caption, where=where)


def _context(ranking: Any) -> Mapping[str, Any]:
    """Return area, period, coverage and sources of a ranking."""
    names = ["period", "numerator_kind", "denominator_kind", "sources", "breaks"]
    context: dict[str, Any] = {"flags": flag_set(int(np.bitwise_or.reduce(ranking.flags)))}
    if ranking.area.is_constant:
        names += ["area", "reporters", "expected", "n_reporters", "suppression"]
    else:
        members = frozenset[str]().union(*(area.members for area in ranking.area))
        reported = (own for own in ranking.reporters if own is not None)
        context |= {"area": Area.from_countries(members), "expected": members}
        context["reporters"] = frozenset[str]().union(*reported)
    return {**context, **{name: getattr(ranking.row(0), name) for name in names}}


def _scores_of(ranking: Any) -> Scores:
    """Return the counts of a ranking, else reversed ranks."""
    scores = [row.value_or_bounds for row in ranking]
    if all(score.lower in (0, None) and score.upper is None for score in scores):
        scores = [Interval.point(0) - rank for rank in ranking.ranks]
    bounds = [int(end) for score in scores for end in (score.lower, score.upper) if end is not None]
    beyond = max(bounds, default=0) + len(scores)
    return {
        label: (int(score.lower or 0), beyond if score.upper is None else int(score.upper))
        for label, score in zip(ranking.labels, scores, strict=True)
    }


def _overlap(first: Scores, second: Scores, top: int | None, p: object) -> dict[str, Any]:
    longer = max(len(first), len(second))
    depth = longer if top is None else min(top, longer)
    shared = Interval(*shared_at(first, second, depth))
    return {
        "value": shared.scale(Fraction(1, depth)),
        "kind": ResultKind.SHARE,
        "label": Message("in both rankings"),
        "estimand": partial(Message, "members of both {first} and {second}"),
        "numerator": shared,
        "denominator": depth,
        "base": Message("members of the longer ranking")
        if top is None
        else Message("the first {depth} of each", depth=depth),
    }


def _kendall_tau(first: Scores, second: Scores, top: object, p: object) -> dict[str, Any]:
    names = [name for name in first if name in second]
    require(
        len(names) >= 2,
        "both rankings must share two members or more",
        "Pass rankings with common members, or use method='overlap'",
        second=", ".join(names) or "no common member",
    )
    sides = [{name: scores[name] for name in names} for scores in (first, second)]
    surplus, tau, sharp = rank_correlation(*sides)
    return {
        "value": tau,
        "kind": ResultKind.CORRELATION,
        "label": Message("Kendall's tau-b"),
        "estimand": partial(Message, "agreement in order of {first} and {second}"),
        "numerator": surplus,
        "denominator": len(names) * (len(names) - 1) // 2,
        "base": Message("pairs of the {n} members of both rankings", n=len(names)),
        "bounds_attained": sharp,
    }


def _rank_biased_overlap(first: Scores, second: Scores, top: object, p: Any) -> dict[str, Any]:
    try:
        weight = Fraction(exact(Fraction(p) if isinstance(p, str) else p, "p"))
    except (ValueError, TypeError):
        weight = Fraction(0)
    require(0 < weight < 1, "`p` must be between 0 and 1", 'Use p="0.9"', p=p)
    likely, bounds, sharp = rank_biased(first, second, weight)
    return {
        "value": likely,
        "bounds": bounds,
        "kind": ResultKind.INDEX,
        "label": Message("rank-biased overlap (p = {weight})", weight=weight),
        "estimand": partial(Message, "members of both {first} and {second}, weighted by depth"),
        "numerator": Interval.point(len(set(first) & set(second))),
        "denominator": max(len(first), len(second)),
        "base": Message(
            "members of the longer ranking; each depth has {weight} of the weight before",
            weight=weight,
        ),
        "bounds_attained": sharp,
    }


_METHODS = {
    "overlap": _overlap,
    "kendall_tau": _kendall_tau,
    "rank_biased_overlap": _rank_biased_overlap,
}


@frozen(kw_only=True, slots=False, eq=False, repr=False)
class Ranking(Panel):
    """Counts in descending order, with the ranks that they allow.

    Parameters
    ----------
    best, worst : array of int, shape (n,)
        The best and the worst rank of each row within its group, from 1. Equal counts have the
        better rank.
    ordered : bool
        Whether the source gives the order, or only the members of the list.
    """

    _further: ClassVar[tuple[str, ...]] = ("best", "worst")

    frame_fields: ClassVar[tuple[FrameField, ...]] = (
        FrameField(
            name="rank_best",
            type="integer",
            description="Best rank, from 1",
            column=lambda panel: panel.best,
        ),
        FrameField(
            name="rank_worst",
            type="integer",
            description="Worst rank, from 1",
            column=lambda panel: panel.worst,
        ),
    )

    best: Index
    worst: Index
    ordered: bool = True

    @property
    def ranks(self) -> tuple[Interval, ...]:
        """The best and the worst rank of each row as an interval."""
        return tuple(map(Interval, self.best.tolist(), self.worst.tolist()))

    def top(self, n: int) -> tuple[Any, ...]:
        """Return the members that can be among the first n.

        Parameters
        ----------
        n : int
            The number of ranks.
        """
        return self._members(self.best, n)

    def certain(self, n: int) -> tuple[Any, ...]:
        """Return the members that are certainly among the first n.

        Parameters
        ----------
        n : int
            The number of ranks.
        """
        return self._members(self.worst, n)

    def agreement(
        self, other: Ranking, *, method: str = "overlap", top: int | None = None,
        p: Rational | str | None = None, thresholds: Thresholds | None = None,
        rules: Iterable[Rule] | None = None,
    ) -> Result:  # fmt: skip
        """Return the agreement of this ranking with another.

        ``overlap = |A and B| / max(|A|, |B|)`` is the share of members in both rankings. ``tau_b =
        (C - D) / sqrt((P - T1) * (P - T2))`` is Kendall's rank correlation: of the ``P`` pairs of
        common members, ``C`` have the same order in both and ``D`` opposite orders; ``T1`` and
        ``T2`` are tied in this and in the other ranking. ``RBO = (1 - p) * sum over depths d of
        p**(d-1) * A_d``, with ``A_d`` the share of members in the first ``d`` ranks of both, gives
        more weight to the top.

        Parameters
        ----------
        other : Ranking
            The other ranking, such as the top five of another report.
        method : {"overlap", "kendall_tau", "rank_biased_overlap"}
            The measure.
        top : int, optional
            For ``"overlap"``: only the first members of each ranking; by default all.
        p : int, Fraction or str, optional
            For ``"rank_biased_overlap"``: the weight of a depth relative to the one before, above 0
            and below 1, such as ``"0.9"``. It has no default, because the result depends on it.
        thresholds, rules : optional
            As for `share`.

        Returns
        -------
        Result
            Bounds are over all orders that counts and ties allow; `bounds_attained` is false where
            these are too many to try and the bounds are outer ones. Overlap is in [0, 1]; tau is in
            [-1, 1], undefined where all members are tied. For rank-biased overlap, ``value``
            extrapolates the lists, and ``bounds`` include every continuation. Warnings are those of
            the number and of the comparison of both lists.

        Raises
        ------
        UnknownName, InvalidValue
            If an argument is not allowed, a ranking is empty, or fewer than two members are in
            both rankings for ``"kendall_tau"``.

        Notes
        -----
        Comparability warnings: BREAK, CLASSIFICATION, COVERAGE, DEFINITION, OBSERVATION_FLAG,
        PERIOD, REGISTERING_BODY, SOURCE, STATUS, SUPPRESSED, UNIT, VINTAGE, AREA_COMPOSITION.

        Examples
        --------
        >>> import thbstats as thb
        >>> def citizens(*counts, period):
        ...     return thb.ranking(thb.CountTable.from_rows(
        ...         zip(["RO", "HU", "NL"], counts), columns=["citizenship", "value"],
        ...         kind="victims", area="BE", period=period,
        ...     ))
        >>> before = citizens(40, 30, 20, period=2015)
        >>> now = citizens(30, 40, 20, period=2016)
        >>> before.agreement(now).formatted, before.agreement(now, top=1).formatted
        ('3 of 3', '0 of 1')
        >>> before.agreement(now, method="kendall_tau").formatted
        '0.333'
        >>> fewer = thb.Count.fewer_than(5)
        >>> later = citizens(30, fewer, fewer, period=2017)
        >>> before.agreement(later, method="kendall_tau").formatted
        'at least 0.333'
        >>> before.agreement(now, method="rank_biased_overlap", p="0.9").formatted
        '0.900'

        References
        ----------
        COM(2018) 777, section II (comparison with 2010-2012). Kendall, "The treatment of
        ties in ranking problems", Biometrika 33 (1945). Webber, Moffat and Zobel, "A similarity
        measure for indefinite rankings", ACM Transactions on Information Systems 28 (2010).
        """
        problem = f"`method` must be one of {', '.join(_METHODS)}"
        require_name(method, _METHODS, problem, field="method")
        is_ranking = isinstance(other, type(self))
        for name, ranking, is_valid in (("self", self, True), ("other", other, is_ranking)):
            require(
                is_valid and len(ranking),
                f"`{name}` must be a ranking with members",
                "Pass the result of thbstats.ranking",
                **{name: "an empty ranking" if is_valid else type(ranking)},
            )
        _require_top(top)
        own = _METHODS[method](_scores_of(self), _scores_of(other), top, p)
        fields = {
            **own,
            **dict.fromkeys(("bounds", "bounds_with_unknown"), own.get("bounds", own["value"])),
            "indicator": "agreement",
            "estimand": own["estimand"](first=_named(self), second=_named(other)),
            "denominator": Interval.point(own["denominator"]),
            "base": Base(rule="all", label=own["base"]),
        }
        applied: dict[str, Any] = {"thresholds": thresholds, "rules": rules}
        before, result = (
            apply_rules(
                panel_from_rows(own["label"], [{**fields, **_context(side)}]), **applied
            ).row(0)
            for side in (self, other)
        )
        pair = compare(before, result, **applied).warnings
        return result.panel.with_notes(
            [[item for item in pair if item not in result.warnings]]
        ).row(0)

    def _members(self, ranks: Index, n: int) -> tuple[Any, ...]:
        """Return labels, or keys where the panel has several rankings."""
        require(is_integer(n), "`n` must be an integer of 0 or more", "Use top(5)", n=n)
        names = self.labels if len(self.keys) < 2 else self.names
        return tuple(names[row] for row in np.flatnonzero(ranks <= n).tolist())

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers and their ranks as plain data."""
        ranks = [bounds_of(rank) for rank in self.ranks]
        return super().to_dict() | {"ranks": ranks, "ordered": self.ordered}

    def display_table(self) -> DisplayTable:
        """Return the numbers as a sheet, each with its ranks."""
        result = panel_sheet(self, first={"rank": [count(rank) for rank in self.ranks]})
        listed = () if self.ordered else ("The source lists them without an order.",)
        return evolve(result, notes=[*listed, *result.notes])


@indicator("competition_ranks")
def ranking(
    table: CountTable, *, by: str | Sequence[str] = "citizenship", group: str | None = None,
    top: int | None = None, area: Areas = None, period: Periods = None,
    complete_dimensions: Names = None, contradictory: Reading = "leave_out",
    thresholds: Thresholds | None = None, rules: Iterable[Rule] | None = None, **where: Any,
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
        Only rows whose best rank is at most this number, from 1; ties can add rows.
    area, period, complete_dimensions, contradictory, thresholds, rules : optional
        As for `total`.
    **where
        Attributes and categories, such as ``exploitation="sexual"``.

    Returns
    -------
    Ranking
        One count per category with a row, with best and worst rank. Ranks hold for the bounds of
        the counts: where countries of the area have no data, they can be wide. ``top(n)`` returns
        the members that can be among the first n. ``certain(n)`` returns those that are among them
        for all values within the bounds.

    Raises
    ------
    NoSuchCell, AmbiguousCell, InvalidValue
        As for `total`.

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
    names = names_of(by)
    ranked = names[-1] if names else ""
    require(
        group is None or (ranked == "citizenship" and group in ("eu", "non_eu")),
        '`group` must be "eu" or "non_eu", and by= must end with citizenship',
        'Use group="eu" or group="non_eu" with by="citizenship"',
        group=group,
    )
    _require_top(top)
    schema = require_table(table).columns.schema
    listed: Sequence[str] = [ranked]
    if ranked != "area":
        dimension = require_breakdown(schema, ranked)
        every = table.categories(ranked)
        others = {dimension.total, "unknown"}
        if dimension.content == "citizenship":
            others |= {*map(str, CitizenshipGroup)}
        listed = [code for code in every if code not in others]
        if dimension.content == "citizenship" and listed:
            also = [code for code in ("unknown", dimension.total) if code in every]
            table = table.where(**{ranked: [*listed, *also]})
    elif area is None:
        codes = table.categories("area")
        single = [code for code in codes if len(Area.parse(code).members) == 1]
        countries = [code for code in single if country_of(code) is None]
        area = listed = countries or single
    panel = None
    if listed:
        counts = _shared.counts_in(
            table, where, by=names, area=area, period=period,
            complete_dimensions=complete_dimensions, contradictory=contradictory,
        )  # fmt: skip
        panel = count_panel(counts, "ranking")
        listed_here = True if ranked == "area" else _has_rows(counts.grid, counts.category)
        panel = panel.take((panel.status != Status.NO_DATA) & listed_here)
    if panel is not None and group is not None:
        composition = panel.area.combine(panel.period, _composition)
        groups = composition.combine(
            panel.keys[ranked], lambda eu, code: citizenship_group(code, None, eu)
        )
        panel = panel.take(groups.table(CitizenshipGroup(group).__eq__, np.bool_))
    if panel is None or not len(panel):
        raise NoSuchCell(
            f"No counts to rank by {ranked}{f' with group={group}' if group else ''}",
            field="by",
            value=ranked,
            hint=f"Choose another dimension or selection. The table has {table.contents}",
        )
    ambiguous = np.flatnonzero(panel.status == Status.AMBIGUOUS)
    if len(ambiguous) and len(names) == 1:
        panel.take(ambiguous[:1]).scalar()
    ways = (Message("country") if name == "area" else dimension_text(name) for name in names)
    caption = Message("{counted} by {dimension}", counted=panel.caption, dimension=joined(ways))
    panel = evolve(panel, label=panel.keys[ranked].map(str))
    judged = _shared.checked(panel, names, thresholds, rules, caption=caption)
    group_of, _ = judged.group_rows([judged.keys[name] for name in names[:-1]])
    # Ranks hold for the bounds of the whole area. A missing count can have any rank.
    numbers = judged.bounds
    best, worst = rank_bounds(
        np.where(numbers.missing, 0, numbers.lower),
        np.where(numbers.missing, np.inf, numbers.upper),
        group_of,
    )
    order = np.lexsort([np.array(judged.labels), -judged.numerator.lower, worst, best, group_of])
    result = _shared.as_kind(Ranking, judged, best=best, worst=worst).take(order)
    return result if top is None else result.take(result.best <= top)


def _has_rows(grid: PanelGrid, where: Mapping[str, str]) -> Mask:
    """Return the numbers whose category has a row in their own area and period.

    Categories that only other areas or periods list are not ranked.
    """
    rows, schema = grid.concerned, grid.table.columns.schema
    listed = np.ones(len(rows), dtype=np.bool_)
    for item in schema.dimensions:
        if item.total is not None and item.name not in grid.keys:
            known = {item.total, where.get(item.name, item.total)}
            listed &= rows.columns[item.name].table(known.__contains__, np.bool_)
    number_code, row_code = np.zeros(len(grid), np.intp), np.zeros(len(rows), np.intp)
    for name, words in grid.keys.items():
        if name == "area":
            continue
        positions = {word: i for i, word in enumerate(words.categories)}
        codes = [positions.get(word, -1) for word in rows.columns[name].categories]
        own = np.array(codes, dtype=np.intp)[rows.columns[name].codes]
        listed &= own >= 0
        number_code = number_code * len(positions) + words.codes
        row_code = row_code * len(positions) + own
    result = np.zeros(len(grid), dtype=np.bool_)
    areas = [Area.parse(code).members for code in rows.columns["area"].categories]
    for code in grid.area.present:
        whole = grid.area.categories[code].members
        inside = np.array([own <= whole for own in areas])[rows.columns["area"].codes]
        result |= (grid.area.codes == code) & np.isin(number_code, row_code[listed & inside])
    return result


def _composition(area: Area, period: Period) -> Area | date:
    """Return a composition of the EU, or the last day of a period."""
    name = area.code.partition(" without ")[0]
    if eu := COMPOSITIONS.get(name) or period.end:
        return eu
    raise InvalidValue(
        "the reference period must be stated for EU membership",
        field="group",
        value="period not stated",
        hint="Pass period=, or an area such as EU28",
    )
