"""Flows between countries: the bounds that totals imply for each count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import frozen

from thbstats.columns import Index, Mask, Ranges

Positions = tuple[Index, ...]
"""The period and the countries of each count."""


@frozen(kw_only=True, eq=False)
class FlowCube:
    """Flows by period, origin and destination, with the bounds that totals imply.

    The last origin is the unknown category. BE has 20 persons: 1 of BE, 15 of NG, 0 to 4 of RO
    and 2 of unknown origin. The total leaves 20 - 1 - 15 - 2 = 2 for RO. If each origin has a row
    (`exhaustive`), RO has exactly these 2; else other origins can have some of them.

    >>> at, rows = np.zeros(4, dtype=int), np.ones(4, dtype=np.bool_)
    >>> counts = Ranges(np.array([1, 15, 0, 2]), np.array([1.0, 15, 4, 2]), rows)
    >>> totals, place = Ranges(np.array([20]), np.array([20.0]), rows[:1]), (at[:1], at[:1])
    >>> def cube(exhaustive):
    ...     return FlowCube.from_counts(counts, (at, np.arange(4), at), totals, place,
    ...         periods=["2022"], countries=["BE", "NG", "RO"], exhaustive=exhaustive)
    >>> for cells in (cube(False).cells, cube(True).cells):
    ...     print(cells.lower[0, :, 0], cells.upper[0, :, 0])
    [ 1 15  0  2] [ 1. 15.  2.  2.]
    [ 1 15  2  2] [ 1. 15.  2.  2.]

    `foreign` are the rows of other countries, and `inflow` adds persons of origins without a row:

    >>> for name, own in cube(False).inward().items():
    ...     print(name, own.lower[0, 0], own.upper[0, 0])
    total 20 20.0
    foreign 15 17.0
    domestic 1 1.0
    unknown 2 2.0
    not_listed 0 2.0
    inflow 15 17.0
    inflow_with_unknown 15 19.0
    """

    periods: Sequence[str]
    countries: Sequence[str]
    exhaustive: bool  # Whether each destination lists every origin
    cells: Ranges  # (periods, origins, destinations); 0 and not reported without a row
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
    ) -> FlowCube:
        """Return the flows at some positions, and the totals of some destinations."""
        size, exhaustive = len(options["countries"]), options["exhaustive"]
        shape = (len(options["periods"]), size + 1, size)
        has_row = np.zeros(shape, dtype=np.bool_)
        has_row[positions] = True
        cells = Ranges(np.zeros(shape), np.zeros(shape), has_row)
        cells.lower[positions], cells.upper[positions] = counts.lower, counts.upper
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
            cells=Ranges(lower, upper, has_row),
            destinations=destinations,
            totals=every,
            contradictory=contradictory,
            limit=limit,
            unlisted=unlisted,
            **options,
        )

    @property
    def abroad(self) -> tuple[Ranges, Mask]:
        """The counts of other known countries, and a mask of the pairs of different countries."""
        mask = ~np.eye(len(self.countries), dtype=np.bool_)
        lower, upper = (np.where(mask, own[:, :-1], 0) for own in self.cells.arrays[:2])
        return Ranges(lower, upper, np.ones(lower.shape)), mask

    def inward(self) -> dict[str, Ranges]:
        """Return the persons of each destination."""
        home = np.arange(len(self.countries))
        domestic, unknown = self.cells[:, home, home], self.cells[:, -1]
        counts, abroad = self.abroad[0].sum(axis=1), self.limit.upper - domestic.lower
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
        cells, mask = self.abroad
        listed, has_row = cells.sum(axis=2), self.cells.reported[:, :-1]
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
