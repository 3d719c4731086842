"""Sums of flows by country of destination and of origin, and bounds that they imply."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.columns import Coded, Fractions, Ranges
from thbstats.display import Column, DisplayTable, Row, Tabular, count, signed
from thbstats.errors import UnknownName, did_you_mean
from thbstats.panel.export import bounds_of
from thbstats.panel.frame_fields import exact_values

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
            rows &= columns[name].table(str(value).__eq__, np.bool_)
        return self._take(np.flatnonzero(rows))

    def _take(self, rows: Index) -> "FlowMargin":
        return evolve(
            self,
            keys={name: column.take(rows) for name, column in self.keys.items()},
            counts={name: column.take(rows) for name, column in self.counts.items()},
            numbers={name: column[rows] for name, column in self.numbers.items()},
            status=self.status.take(rows),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the rows as plain data."""
        columns: dict[str, Any] = {**self.keys, "status": self.status}
        columns |= {name: map(bounds_of, own) for name, own in self.counts.items()}
        columns |= {name: own.tolist() for name, own in self.numbers.items()}
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
            columns |= {
                name: exact_values(numbers),
                f"{name}_lower": numbers.lower,
                f"{name}_upper": numbers.upper,
            }
        return pd.DataFrame({**columns, **self.numbers, "status": list(self.status)})

    def display_table(self) -> DisplayTable:
        """Return the sums as a display table."""
        shown = self._take(np.arange(min(len(self), _ROWS)))
        columns = [
            *shown.keys.values(),
            *([_text(name, own) for own in numbers] for name, numbers in shown.counts.items()),
            *(map(count, numbers.tolist()) for numbers in shown.numbers.values()),
            shown.status,
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


_STATUSES = ("ok", "no_total", "contradictory")

Positions = tuple[Index, ...]
"""The period and the countries of each count."""


@frozen(kw_only=True, eq=False)
class FlowCube:
    """Flows by period, origin and destination, with the bounds that totals imply.

    The last origin is the unknown category.
    """

    periods: Sequence[str]
    countries: Sequence[str]
    exhaustive: bool  # Whether each destination lists every origin
    cells: Ranges  # (periods, origins, destinations); 0 without a row
    has_row: Mask
    destinations: Positions  # The period and the country of each destination with flows
    totals: Ranges  # (periods, destinations): the counts of all origins
    contradictory: Mask
    limit: Ranges  # The totals; with the sums of the counts where they contradict the totals
    unlisted: Ranges  # Persons of origins without a row

    @classmethod
    def from_counts(
        cls,
        counts: Ranges,
        positions: Positions,
        totals: Ranges,
        destinations: Positions,
        **options: Any,
    ) -> "FlowCube":
        """Return the flows at some positions, and the totals of some destinations.

        Several counts of one flow give the hull of all of them.
        """
        size, exhaustive = len(options["countries"]), options["exhaustive"]
        shape = (len(options["periods"]), size + 1, size)
        cells = Ranges(np.full(shape, np.iinfo(np.int64).max), np.zeros(shape), np.ones(shape))
        np.minimum.at(cells.lower, positions, counts.lower)
        np.maximum.at(cells.upper, positions, counts.upper)
        has_row = np.zeros(shape, dtype=np.bool_)
        has_row[positions] = True
        cells = cells.where(has_row, Ranges.zero(*shape))
        every = Ranges.zero(*shape[::2])
        for name in ("lower", "upper", "reported"):
            getattr(every, name)[destinations] = getattr(totals, name)
        listed = cells.sum(axis=1)
        contradictory = listed.lower > every.upper
        if exhaustive:
            contradictory |= listed.upper < every.lower
        limit = every.where(~contradictory, every.union(listed))
        spare = limit.upper - listed.lower
        unlisted = Ranges(np.maximum(limit.lower - listed.upper, 0), spare, limit.reported)
        lower, upper = cells.lower, np.minimum(cells.upper, cells.lower + spare[:, None])
        if exhaustive:
            # A count is at least what the total exceeds the others by.
            unbounded = np.isinf(cells.upper)
            finite = np.where(unbounded, 0, cells.upper)
            others = finite.sum(axis=1, keepdims=True) - finite
            is_open = unbounded.sum(axis=1, keepdims=True) > unbounded
            least = np.where(is_open, 0, limit.lower[:, None] - others)
            lower = np.where(has_row, np.maximum(lower, least), lower)
            unlisted = Ranges.zero(*shape[::2])
        return cls(
            cells=Ranges(lower, upper, cells.reported),
            has_row=has_row,
            destinations=destinations,
            totals=every,
            contradictory=contradictory,
            limit=limit,
            unlisted=unlisted,
            **options,
        )

    @property
    def _abroad(self) -> tuple[Ranges, Mask]:
        """The counts of other known countries, and where they can be."""
        mask = ~np.eye(len(self.countries), dtype=np.bool_)
        cells = self.cells[:, :-1]
        return cells.where(mask, Ranges.zero(*cells.shape)), mask

    def inward(self) -> dict[str, Ranges]:
        """Return the persons of each destination."""
        home = np.arange(len(self.countries))
        domestic, unknown = (
            Ranges(self.cells.lower[index], self.cells.upper[index], self.has_row[index])
            for index in (np.s_[:, home, home], np.s_[:, -1])
        )
        counts, abroad = self._abroad[0].sum(axis=1), self.limit.upper - domestic.lower
        remainder = abroad - unknown.lower
        upper = np.minimum(counts.upper, remainder)
        further, lower = upper + self.unlisted.upper, counts.lower
        if self.exhaustive:
            lower = np.maximum(lower, self.limit.lower - domestic.upper - unknown.upper)
        every = counts.reported
        return {
            "total": self.totals,
            "foreign": Ranges(counts.lower, upper, every),
            "domestic": domestic,
            "unknown": unknown,
            "not_listed": Ranges(self.unlisted.lower, self.unlisted.upper, every),
            "inflow": Ranges(lower, np.minimum(further, remainder), every),
            "inflow_with_unknown": Ranges(
                lower, np.minimum(further + unknown.upper, abroad), every
            ),
        }

    def outward(self, unknown: Ranges) -> dict[str, Ranges]:
        """Return the persons of each origin at other destinations."""
        cells, mask = self._abroad
        listed, has_row = cells.sum(axis=2), self.has_row[:, :-1]
        # A destination without a count of unknown origin can have such persons among those not
        # listed.
        further, allocated, joined = (
            np.where(others & mask, upper[:, None], 0).sum(axis=2)
            for others, upper in (
                (~has_row, self.unlisted.upper),
                (~(has_row & unknown.reported[:, None]), self.unlisted.upper),
                (np.True_, unknown.upper),
            )
        )
        uppers = {"all": further, "all_with_unknown": allocated + joined}
        return {"listed": listed} | {
            name: Ranges(listed.lower, listed.upper + more, listed.reported)
            for name, more in uppers.items()
        }

    def margins(self, origin: str, caption: str) -> tuple[FlowMargin, FlowMargin, FlowMargin]:
        """Return the margins of destinations and of origins, and the balances of the former."""
        inward, destinations = self.inward(), self.destinations
        outward = self.outward(inward["unknown"])
        has_row, is_place = self.has_row[:, :-1], np.zeros(self.totals.shape, dtype=np.bool_)
        is_place[destinations] = True
        sources = np.nonzero(has_row.any(axis=2) | is_place)
        reporting = is_place.sum(axis=1, keepdims=True) - is_place
        status = np.where(self.contradictory, 2, np.where(self.totals.reported, 0, 1))

        def persons(counts: Ranges, rows: Positions = destinations) -> Fractions:
            own = counts[rows]
            return Fractions.counts(own).without(~own.reported)

        def margin(
            name: str, country: str, rows: Positions, counts: Mapping[str, Fractions],
            codes: Any, **numbers: Any,
        ) -> FlowMargin:  # fmt: skip
            return FlowMargin(
                caption=f"{caption}, {name}",
                keys={
                    "period": Coded(rows[0], self.periods),
                    country: Coded(rows[1], self.countries),
                },
                counts=counts,
                numbers={label: own[rows] for label, own in numbers.items()},
                status=Coded(codes[rows], _STATUSES),
            )

        numbers = {name: persons(own) for name, own in inward.items()}
        inflow, wide = numbers.pop("inflow"), numbers.pop("inflow_with_unknown")
        outflow = persons(outward["all"])
        balances = {
            "inflow": inflow,
            "outflow": outflow,
            "net": inflow.minus(outflow),
            "net_with_unknown": wide.minus(persons(outward["all_with_unknown"])),
            "gross": persons(inward["inflow"] + outward["all"]),
        }
        return (
            margin(
                "by destination", "area", destinations, numbers, status,
                origins=has_row.sum(axis=1),
                not_exact=(~self.cells.is_point & self.has_row).sum(axis=1),
            ),
            margin(
                "by origin", origin, sources,
                {name: persons(own, sources) for name, own in outward.items()},
                np.zeros_like(status), destinations=(has_row & self._abroad[1]).sum(axis=2),
                reporting=reporting,
            ),
            margin("balance", "area", destinations, balances, status, reporting=reporting),
        )  # fmt: skip
