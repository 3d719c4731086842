"""Rankings of the categories of a dimension."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.display import DisplayTable, count
from thbstats.errors import InvalidValue, NoSuchCell, require
from thbstats.formulas.ranks import rank_bounds
from thbstats.geography import COMPOSITIONS, Area, eu_members
from thbstats.geography.subdivisions import country_of
from thbstats.indicators import _shared
from thbstats.indicators._agreements import agreement_of
from thbstats.indicators._shared import (
    Areas,
    Index,
    Mask,
    Names,
    Periods,
    Reading,
    as_kind,
    indicator,
)
from thbstats.languages import Message, joined
from thbstats.panel import Panel, Result, Status
from thbstats.panel.count_panels import count_panel
from thbstats.panel.export import bounds_of
from thbstats.panel.frame_fields import FrameField
from thbstats.panel.grid import PanelGrid, names_of, require_breakdown
from thbstats.panel.panel_text import panel_sheet
from thbstats.rules import Rule, Thresholds
from thbstats.tables import CountTable, require_table
from thbstats.values import Interval, Period, Rational
from thbstats.values.interval import is_integer
from thbstats.vocabulary import CitizenshipGroup, dimension_text

__all__ = ["Ranking", "ranking"]


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
        return self._members(self.best <= n)

    def certain(self, n: int) -> tuple[Any, ...]:
        """Return the members that are certainly among the first n.

        Parameters
        ----------
        n : int
            The number of ranks.
        """
        return self._members(self.worst <= n)

    def agreement(
        self, other: Ranking, *, method: str = "overlap", top: int | None = None,
        p: Rational | str | None = None, thresholds: Thresholds | None = None,
        rules: Iterable[Rule] | None = None,
    ) -> Result:  # fmt: skip
        """Return the agreement of this ranking with another.

        ``overlap = |A and B| / max(|A|, |B|)`` is the share of members in both.
        ``tau_b = (C - D) / sqrt((P - T1) * (P - T2))`` is Kendall's rank correlation: of the ``P``
        pairs of common members, ``C`` have the same order in both and ``D`` opposite orders;
        ``T1`` and ``T2`` are tied in this and in the other ranking.
        ``RBO = (1 - p) * sum over depths d of p**(d-1) * A_d``, with ``A_d`` the share of members
        in the first ``d`` ranks of both, gives more weight to the top.

        Parameters
        ----------
        other : Ranking
            The other ranking, such as the top five of another report.
        method : {"overlap", "kendall_tau", "rank_biased_overlap"}
            The measure.
        top : int, optional
            For ``"overlap"``: only the first of each ranking; by default all members.
        p : int, Fraction or str, optional
            For ``"rank_biased_overlap"``: the weight of a depth relative to the one before, above 0
            and below 1, such as ``"0.9"``. It has no default, because the result depends on it.
        thresholds, rules : optional
            As for `share`.

        Returns
        -------
        Result
            Bounds are over all orders that counts and ties allow; `bounds_attained` is false
            where these are too many to try and the bounds are outer ones. Overlap is in [0, 1];
            tau is in [-1, 1], undefined where all members are tied. For rank-biased overlap,
            ``value`` continues the lists as they end and ``bounds`` hold for every continuation.
            Warnings are those of the number and of the comparison of both lists.

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
        COM(2018) 777, section II: the same countries as in 2010-2012. Kendall, "The treatment of
        ties in ranking problems", Biometrika 33 (1945). Webber, Moffat and Zobel, "A similarity
        measure for indefinite rankings", ACM Transactions on Information Systems 28 (2010).
        """
        return agreement_of(
            self, other, method=method, top=top, p=p, thresholds=thresholds, rules=rules
        )

    def _members(self, mask: NDArray[np.bool_]) -> tuple[Any, ...]:
        """Return labels, or keys where the panel has several rankings."""
        names = self.labels if len(self.keys) < 2 else self.names
        return tuple(names[row] for row in np.flatnonzero(mask).tolist())

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
        Only rows whose best rank is at most this, from 1; ties can make them more.
    area, period, complete_dimensions, contradictory, thresholds, rules : optional
        As for `total`.
    **where
        Attributes and categories, such as ``exploitation="sexual"``.

    Returns
    -------
    Ranking
        One count per category with a row, with best and worst rank. Ranks hold for the bounds of
        the counts: where countries of the area have no data, they can be wide. ``top(n)`` returns
        the members that can be among the first, ``certain(n)`` those that are.

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
    is_number = top is None or is_integer(top, least=1)
    require(is_number, "`top` must be an integer of 1 or more", "Use top=5", top=top)
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
        members = panel.area.combine(panel.period, _eu_members)
        inside = members.combine(panel.keys[ranked], lambda own, code: code in own)
        panel = panel.take(inside.table(lambda own: own == (group == "eu"), np.bool_))
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
    dimensions = joined(map(dimension_text, names), separator=" and ")
    counted = panel.numerator_kind[0].label
    caption = Message("{counted} by {dimension}", counted=counted, dimension=dimensions)
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
    result = as_kind(Ranking, judged, best=best, worst=worst).take(order)
    return result if top is None else result.take(result.best <= top)


def _has_rows(grid: PanelGrid, where: Mapping[str, str]) -> Mask:
    """Return the numbers whose category has a row in their own area and period.

    Categories that only other areas or periods list are not ranked.
    """
    rows, schema = _shared.rows_of(grid), grid.table.columns.schema
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


def _eu_members(area: Area, period: Period) -> frozenset[str]:
    """Return the EU countries of a composition, else at the end of a period."""
    name = area.code.partition(" without ")[0]
    if name in COMPOSITIONS:
        return COMPOSITIONS[name].members
    if period.end is None:
        raise InvalidValue(
            "the reference period must be stated for EU membership",
            field="group",
            value="period not stated",
            hint="Pass period=, or an area such as EU28",
        )
    return eu_members(period.end)
