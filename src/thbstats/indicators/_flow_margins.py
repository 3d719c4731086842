"""Sums of flows by country of destination and of origin, and bounds that they imply."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.columns import Coded, Fractions, Ranges
from thbstats.display import Column, DisplayTable, Row, Tabular, count, signed
from thbstats.errors import UnknownName, did_you_mean
from thbstats.panel.export import bounds_of, number_columns

Index = NDArray[np.intp]
Mask = NDArray[np.bool_]

_ROWS = 40


@frozen(kw_only=True, eq=False, repr=False)
class FlowMargin(Tabular):
    """Sums of flows, one row per period and country.

    Parameters
    ----------
    caption : str
        The caption of the table.
    keys : mapping of str to Coded
        The period and the country of each row.
    counts : mapping of str to Fractions
        Persons, by the name of the column.
    numbers : mapping of str to array of int
        Numbers of countries or of counts.
    status : Coded
        ``ok``, ``no_total`` or ``contradictory``.
    """

    caption: str
    keys: Mapping[str, Coded[str]]
    counts: Mapping[str, Fractions]
    numbers: Mapping[str, Index]
    status: Coded[str]

    def __len__(self) -> int:
        return len(self.status)

    def where(self, **selection: Any) -> "FlowMargin":
        """Return the rows of a period, a country or a status.

        Raises
        ------
        UnknownName
            If the name is not a column of the keys or ``status``.
        """
        columns = {**self.keys, "status": self.status}
        rows = np.ones(len(self), dtype=np.bool_)
        for name, value in selection.items():
            if name not in columns:
                raise UnknownName(
                    "must be a column of the margin",
                    field="where",
                    value=name,
                    hint=did_you_mean(name, columns),
                )
            text = str(value)
            rows &= np.array([own == text for own in columns[name]], dtype=np.bool_)
        return FlowMargin(
            caption=self.caption,
            keys={name: column.take(rows) for name, column in self.keys.items()},
            counts={name: column.take(rows) for name, column in self.counts.items()},
            numbers={name: column[rows] for name, column in self.numbers.items()},
            status=self.status.take(rows),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the rows as plain data."""
        bounds = {name: list(map(bounds_of, own)) for name, own in self.counts.items()}
        numbers = {name: own.tolist() for name, own in self.numbers.items()}
        texts = {name: list(own) for name, own in {**self.keys, "status": self.status}.items()}
        columns = texts | bounds | numbers
        rows = zip(*columns.values(), strict=True)
        return {
            "caption": self.caption,
            "rows": [dict(zip(columns, row, strict=True)) for row in rows],
        }

    def to_frame(self) -> Any:
        """Return a pandas frame: per count the exact number, the lower and the upper bound."""
        import pandas as pd

        columns: dict[str, Any] = {name: list(column) for name, column in self.keys.items()}
        for name, numbers in self.counts.items():
            columns |= number_columns(name, numbers)
        return pd.DataFrame({**columns, **self.numbers, "status": list(self.status)})

    def display_table(self) -> DisplayTable:
        """Return the sums as a display table."""
        shown = range(min(len(self), _ROWS))
        keys = [column.take(slice(_ROWS)) for column in self.keys.values()]
        columns = [
            *(list(column) for column in keys),
            *(
                [_text(name, numbers.interval(row)) for row in shown]
                for name, numbers in self.counts.items()
            ),
            *([count(int(own)) for own in numbers[:_ROWS]] for numbers in self.numbers.values()),
            list(self.status.take(slice(_ROWS))),
        ]
        hidden = len(self) - len(shown)
        names = [name.replace("_", " ") for name in (*self.counts, *self.numbers)]
        return DisplayTable(
            caption=self.caption,
            columns=[*self.keys, *(Column(name, "right") for name in names), "status"],
            rows=[Row(list(cells)) for cells in zip(*columns, strict=True)],
            notes=[f"{count(hidden)} more rows: see to_frame()."] if hidden else [],
        )

    def __repr__(self) -> str:
        return f"<FlowMargin {self.caption}: {len(self)} rows>"


def _text(name: str, number: Any) -> str:
    if number is None:
        return ""
    if number.upper is None and number.lower in (None, 0):
        return "not bounded"
    return signed(number, 0) if name.startswith("net") else count(number)


def pooled(counts: Ranges, codes: Index, size: int, mask: Mask | None = None) -> Ranges:
    """Return the sums of counts by code; a sum of no counts is 0."""
    order = np.argsort(codes, kind="stable")
    start = np.searchsorted(codes[order], np.arange(size + 1))
    result = counts[order].pool(start, None if mask is None else mask[order])
    return result if mask is None else _with_reported(result, _number(codes[mask], size) > 0)


def _with_reported(counts: Ranges, reported: Mask) -> Ranges:
    return Ranges(counts.lower, counts.upper, reported)


def _number(codes: Index, size: int) -> Index:
    return np.bincount(codes, minlength=size)


@frozen(kw_only=True, eq=False)
class FlowCells:
    """Counts of flows with the codes of countries and periods, and totals of destinations.

    A group is a destination in a period. Codes of countries are those of origins and destinations.
    """

    counts: Ranges  # (n,)
    origin: Index  # (n,): the country; `size` for the unknown category
    group: Index  # (n,)
    totals: Ranges  # (g,): the count of each group over all origins; missing if it has no row
    destination: Index  # (g,): the country
    period: Index  # (g,)
    size: int  # The number of countries
    periods: int  # The number of periods
    exhaustive: bool

    @property
    def is_unknown(self) -> Mask:
        """The counts of unknown origin."""
        return np.asarray(self.origin == self.size)

    @property
    def is_domestic(self) -> Mask:
        """The counts with the same origin and destination."""
        return np.asarray(self.origin == self.destination[self.group])

    def within_totals(self) -> "FlowBounds":
        """Return the counts with the bounds that the totals of the destinations imply."""
        groups = len(self.totals)
        listed, totals = pooled(self.counts, self.group, groups), self.totals
        contradictory = listed.lower > totals.upper
        if self.exhaustive:
            contradictory |= listed.upper < totals.lower
        limit = totals.where(~contradictory, totals.union(listed))
        spare = limit.upper - listed.lower
        lower = self.counts.lower
        upper = np.minimum(self.counts.upper, lower + spare[self.group])
        unlisted = Ranges(np.maximum(limit.lower - listed.upper, 0), spare, limit.reported)
        if self.exhaustive:
            others = _without_own(self.counts.upper, self.group, groups)
            lower = np.maximum(lower, limit.lower[self.group] - others)
            unlisted = Ranges.zero(groups)
        return FlowBounds(
            flow=self,
            counts=Ranges(lower, upper, self.counts.reported),
            limit=limit,
            unlisted=unlisted,
            contradictory=contradictory,
        )


def _without_own(upper: NDArray[np.float64], codes: Index, size: int) -> NDArray[np.float64]:
    """Return the sum of the other upper bounds with the same code."""
    unbounded = np.isinf(upper)
    finite = np.where(unbounded, 0, upper)
    sums, number = np.bincount(codes, finite, size), _number(codes[unbounded], size)
    return np.where(number[codes] > unbounded, np.inf, sums[codes] - finite)


@frozen(kw_only=True, eq=False)
class FlowBounds:
    """Flows with bounds, and what their totals leave for origins without a count."""

    flow: FlowCells
    counts: Ranges  # (n,)
    limit: Ranges  # (g,): the total; with the sum of the counts where they contradict it
    unlisted: Ranges  # (g,): persons of origins without a count
    contradictory: Mask  # (g,)

    def _sum(self, mask: Mask) -> Ranges:
        return pooled(self.counts, self.flow.group, len(self.limit), mask)

    @property
    def domestic(self) -> Ranges:
        """The counts with the same origin and destination."""
        return self._sum(self.flow.is_domestic)

    @property
    def unknown(self) -> Ranges:
        """The counts of unknown origin."""
        return self._sum(self.flow.is_unknown)

    @property
    def foreign(self) -> Ranges:
        """The counts of other known origins, at most what the total leaves."""
        counts = self._sum(~self.flow.is_domestic & ~self.flow.is_unknown)
        remainder = self.limit.upper - self.domestic.lower - self.unknown.lower
        return Ranges(counts.lower, np.minimum(counts.upper, remainder), counts.reported)

    def inflow(self, *, with_unknown: bool = False) -> Ranges:
        """Return persons of other origins, with or without unknown allocated."""
        foreign, domestic, unknown = self.foreign, self.domestic, self.unknown
        upper, remainder = foreign.upper + self.unlisted.upper, self.limit.upper - domestic.lower
        if with_unknown:
            upper = upper + unknown.upper
        else:
            remainder = remainder - unknown.lower
        lower = foreign.lower
        if self.flow.exhaustive:
            lower = np.maximum(lower, self.limit.lower - domestic.upper - unknown.upper)
        return Ranges(lower, np.minimum(upper, remainder), np.ones(len(lower), dtype=np.bool_))

    def rows(self) -> tuple[Index, Index]:
        """Return the period and the country of each row of the margin of origins."""
        flow = self.flow
        known = ~flow.is_unknown
        codes = np.unique(
            np.concatenate(
                [
                    flow.period[flow.group[known]] * flow.size + flow.origin[known],
                    flow.period * flow.size + flow.destination,
                ]
            )
        )
        return codes // flow.size, codes % flow.size

    def outflow(self, period: Index, country: Index) -> dict[str, Any]:
        """Return persons of an origin at other destinations, for rows of the margin of origins.

        ``listed`` is the sum of the counts. ``all`` includes persons that destinations with counts
        of other origins do not list, and ``with_unknown`` persons of unknown origin.
        """
        flow, size = self.flow, len(period)
        everywhere = np.ones(size, dtype=np.bool_)
        row_of = np.full(flow.periods * flow.size, -1, dtype=np.intp)
        row_of[period * flow.size + country] = np.arange(size)
        abroad = ~flow.is_domestic & ~flow.is_unknown
        when = flow.period[flow.group]
        row = np.zeros(len(flow.origin), dtype=np.intp)
        row[abroad] = row_of[when[abroad] * flow.size + flow.origin[abroad]]
        own = row_of[flow.period * flow.size + flow.destination]
        listed = pooled(self.counts, row, size, abroad)
        unknown, groups = self.unknown, np.arange(len(own))

        def others(cells: Mask) -> NDArray[np.float64]:
            """Return the persons not listed, without the groups of some counts and the own."""
            rows = np.concatenate([row[cells], own])
            removed = np.concatenate([flow.group[cells], groups])
            return _remaining(self.unlisted.upper, flow.period, period, rows, removed)

        # A group without a count of unknown origin can have such persons among those not listed.
        allocated = others(abroad & unknown.reported[flow.group])
        allocated += _remaining(unknown.upper, flow.period, period, own, groups)
        reporting = _number(flow.period, flow.periods)[period] - _number(own, size)
        return {
            "listed": listed,
            "all": Ranges(listed.lower, listed.upper + others(abroad), everywhere),
            "with_unknown": Ranges(listed.lower, listed.upper + allocated, everywhere),
            "destinations": _number(row[abroad], size),
            "reporting": reporting,
            "own": own,
        }


def _remaining(
    upper: NDArray[np.float64], group_period: Index, period: Index, row: Index, removed: Index
) -> NDArray[np.float64]:
    """Return, for each row, the sum of upper bounds of its period without removed groups."""
    periods = int(max(group_period.max(initial=0), period.max(initial=0))) + 1
    unbounded = np.isinf(upper)
    finite = np.where(unbounded, 0, upper)
    sums = np.bincount(group_period, finite, periods)[period]
    sums -= np.bincount(row, finite[removed], len(period))
    number = np.bincount(group_period, unbounded, periods)[period]
    number -= np.bincount(row, unbounded[removed], len(period))
    return np.where(number > 0, np.inf, sums)


def margins_of(
    bounds: FlowBounds, periods: Sequence[str], countries: Sequence[str], origin: str, caption: str
) -> tuple[FlowMargin, FlowMargin, FlowMargin]:
    """Return the margins of destinations and of origins, and the balances of the destinations."""
    flow = bounds.flow
    groups = len(flow.totals)
    point = ~bounds.counts.is_point
    inflow, inflow_unknown = bounds.inflow(), bounds.inflow(with_unknown=True)
    words = ["ok", "no_total", "contradictory"]
    code = np.where(bounds.contradictory, 2, np.where(flow.totals.reported, 0, 1))
    status: Coded[str] = Coded(code, words)
    keys = {
        "period": Coded(flow.period, periods),
        "area": Coded(flow.destination, countries),
    }

    def listed(counts: Ranges) -> Fractions:
        return Fractions.counts(counts).without(~counts.reported)

    destinations = FlowMargin(
        caption=f"{caption}, by destination",
        keys=keys,
        counts={
            "total": listed(flow.totals),
            "foreign": Fractions.counts(bounds.foreign),
            "domestic": listed(bounds.domestic),
            "unknown": listed(bounds.unknown),
            "not_listed": Fractions.counts(bounds.unlisted),
        },
        numbers={
            "origins": _number(flow.group[~flow.is_unknown], groups),
            "not_exact": _number(flow.group[point], groups),
        },
        status=status,
    )
    period, country = bounds.rows()
    outflow = bounds.outflow(period, country)
    ok: Coded[str] = Coded.constant("ok", len(period))
    origins = FlowMargin(
        caption=f"{caption}, by origin",
        keys={"period": Coded(period, periods), origin: Coded(country, countries)},
        counts={
            "listed": Fractions.counts(outflow["listed"]),
            "all": Fractions.counts(outflow["all"]),
            "all_with_unknown": Fractions.counts(outflow["with_unknown"]),
        },
        numbers={"destinations": outflow["destinations"], "reporting": outflow["reporting"]},
        status=ok,
    )
    own = outflow["own"]
    away, away_unknown = outflow["all"][own], outflow["with_unknown"][own]
    balances = FlowMargin(
        caption=f"{caption}, balance",
        keys=keys,
        counts={
            "inflow": Fractions.counts(inflow),
            "outflow": Fractions.counts(away),
            "net": Fractions.counts(inflow).minus(Fractions.counts(away)),
            "net_with_unknown": Fractions.counts(inflow_unknown).minus(
                Fractions.counts(away_unknown)
            ),
            "gross": Fractions.counts(inflow + away),
        },
        numbers={"reporting": outflow["reporting"][own]},
        status=status,
    )
    return destinations, origins, balances
