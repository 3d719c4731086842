"""Bounds of the parts of a total, by country.

For each country and cell, the counts restrict the pairs (part, complement) to a region. A share
grows with the part and falls with the complement, so that its bounds are in two corners of the
region: the largest part with the smallest complement, and the reverse. Corners of countries are
added, because the counts of different countries are independent.

The persons outside a cell are a sum along the dimensions of the query in any order: the other
categories of the first dimension, then those of the second one within the category of the first,
and so on. Each order gives bounds, and the narrowest ones count. The terms of these sums have the
bounds that follow from all rows of the system.
"""

from itertools import permutations
from typing import Any

import numpy as np

from thbstats.columns import Floats, Index, Mask, Ranges
from thbstats.panel.cells import Cells
from thbstats.panel.share_questions import Selections, ShareQuestion
from thbstats.panel.system_rows import UNKNOWN
from thbstats.panel.systems import allowed_excess
from thbstats.vocabulary import Overlap
from thbstats.vocabulary.codes import COMPLETE

Ends = tuple[Floats, Floats]
"""Lower and upper bounds."""


class Side:
    """The counts of a cell, as positions."""

    PART = 0
    COMPLEMENT = 1  # The other counts in the denominator
    BASE = 2
    UNKNOWN = 3
    # The largest part and the smallest complement, with unknown allocated.
    PART_WITH_UNKNOWN = 4
    COMPLEMENT_WITH_UNKNOWN = 5
    FULL_COMPLEMENT = 6  # All persons outside the cell, with unknown
    FULL_BASE = 7  # The denominator with unknown
    NOT_LISTED = 8  # Persons of known category that the source does not show


SIDES, OF_VALUE = 9, slice(4)
"""The number of sides, and those of a value."""


class ShareBounds:
    """Parts and complements of c cells of known categories, for e countries and areas.

    Shapes are (e,) for the total, (k, e) for all categories of one dimension, and (c, e) for the
    cells of the query and the persons outside of them.
    """

    def __init__(
        self,
        question: ShareQuestion,
        selections: Selections,
        cells: Cells,
        axes: list[tuple[Mask, Mask]],
        category: Index,
    ) -> None:
        self.question = question
        self.rule: str = question.base
        self.selections = selections
        self.cells = cells
        self.axes = axes
        self.category = category
        self.is_single: bool = len(selections.names) == 1
        names, own, size = selections.names, selections.cells[category], cells.row.shape[1]
        # The categories of one dimension can overlap for a query: they are judged here. All other
        # contradictions follow from the systems.
        outside = names if self.is_single else ()
        self.marked: Mask = cells.wrong_in(question.dimensions, outside)
        self.counts: Ranges = cells.hull(question.dimensions, outside)
        self.rows: Index = cells.known_row
        self.overlaps: Mask = np.zeros(size, dtype=np.bool_)
        for name in names:
            line = cells.systems.lines[name]
            self.overlaps |= (self.rows[0] >= 0) & line.overlaps[self.rows[0]]
        # (e,): countries whose parts exceed their total; whose excess is within the tolerance, and
        # this excess; whose total counts as published.
        self.exceeded: Mask = np.zeros(size, dtype=np.bool_)
        self.discrepant: Mask = self.exceeded
        self.slip: Floats = np.zeros(size)
        self.as_published: Mask = self.exceeded
        # (k, e) or (c, e): the cases without an answer for each cell; ``nan`` if not documented.
        self.unanswered: Floats | None = self._unanswered()
        if self.is_single:
            self._judge()
        self.contradictory: Mask = self._contradicted(own)
        # (e,): the total minus its parts, and whether all of them are reported; persons of known
        # category in no category in use.
        none, nothing = np.zeros(size), np.zeros(size, dtype=np.bool_)
        self.discrepancy: tuple[Any, Any, Mask] = none, none, nothing
        self.not_listed: tuple[Any, Any] = none, none
        # The terms of the sum of all categories of one dimension.
        self.terms: tuple[Ends, Ends, Mask] = self._terms(0, np.zeros((len(names), 1), np.intp))
        self.sides: Ranges = self._sides(own)

    def _unanswered(self) -> Floats | None:
        """Return the cases that can belong to each cell, of tables of cases."""
        recorded, selections = self.cells.unanswered, self.selections
        if recorded is None or (self.is_single and selections.names[0] in COMPLETE):
            return None
        category = np.arange(len(selections.recorded)) if self.is_single else self.category
        result: Floats = recorded[selections.cells[category]]
        for slots in selections.unknown_of(category):
            result = result + np.nan_to_num(self.cells.counts.upper[slots] + recorded[slots])
        if self.is_single:
            ((used, _),), documented = self.axes, ~np.isnan(result).all(axis=0)
            result = np.where(used | ~documented, np.where(used, result, np.nan), 0)
        return result

    def _judge(self) -> None:
        """Judge whether the parts of one dimension overlap, and whether they exceed their total."""
        (name,), ((used, around),), size = (
            self.selections.names,
            self.axes,
            len(self.selections.recorded),
        )
        total, unknown = self.counts[0].upper, self.unknown.lower
        parts = self.counts[1 : 1 + size].where(used, Ranges.zero(*used.shape))
        largest = parts.lower.max(axis=0, initial=0) + unknown - total
        if self.selections.category is not None:
            # Wider categories, less the category of the query.
            parts = parts.minus(parts[self.selections.category]).where(around, parts)
        self.parts: Ranges = parts
        low = parts.lower.astype(np.float64)
        excess = low.sum(axis=0) + unknown - total
        allowed, overlap = allowed_excess(total), self.question.overlap
        if name in COMPLETE:
            self.overlaps = np.zeros(len(total), dtype=np.bool_)
        elif overlap is not None:
            self.overlaps = np.full(len(total), overlap is not Overlap.EXCLUSIVE)
        else:
            self.overlaps |= (excess > allowed) & (largest <= allowed)
            if self.unanswered is not None:
                self.overlaps |= (self.unanswered >= 0).any(axis=0)
        beyond = np.where(self.overlaps, largest, excess)
        self.exceeded = beyond > allowed
        self.discrepant = (beyond > 0) & ~self.exceeded
        self.slip = np.where(self.discrepant, beyond, 0)
        if self.question.grid.reading == "published":
            # Only a category above the total contradicts it.
            alone = np.asarray((low > total).any(axis=0))
            self.as_published = self.exceeded & ~alone
            self.exceeded = self.exceeded & alone

    @property
    def unknown(self) -> Ranges:
        """The unknown category of one dimension, (e,)."""
        if len(self.selections.unknown):
            return self.counts[self.selections.unknown[0]]
        return Ranges.zero(self.rows.shape[1])

    def _contradicted(self, own: Index) -> Mask:
        """Return the cells whose counts contradict others of the query, (c, e).

        The parts of the total along one dimension are judged apart.
        """
        selections, marked = self.selections, self.marked
        result = marked[0] | marked[own] | self.exceeded
        if self.is_single and self.rule != "all":
            unknown = selections.unknown
            # Without the unknown persons, the denominator is the sum of all categories. A number
            # of unknown persons that follows from contradictory counts only has no part in it.
            stated = ~self.cells.of_rows(self.cells.systems.unsupported)[unknown]
            stated |= self.rule == "responses"
            result |= (marked[unknown] & stated).any(axis=0)
            stated &= self.counts.reported[unknown]
            summed = ~stated.any(axis=0) | (self.rule == "responses")
            result |= (marked[selections.cells] & self.axes[0][0]).any(axis=0) & summed
        elif self.rule == "known":
            for slots in selections.unknown_of(self.category):
                result |= marked[slots]
        return np.asarray(result)

    def _terms(self, d: int, index: Index) -> tuple[Ends, Ends, Mask]:
        """Return the bounds of the categories in use of a dimension within p cells.

        They are those of known categories, (k, p, e), and of the unknown one, (p, e). The mask has
        the cells without persons in further categories, (p, e).
        """
        selections, implied, (used, around) = self.selections, self.cells.implied, self.axes[d]
        size, name = selections.sizes[d], selections.names[d]
        index = index if index.any() else index[:, :1]  # All cells have the same total.
        inside = np.repeat(index[:, np.newaxis], len(selections.words[d]), axis=1)
        inside[d] = np.arange(len(selections.words[d]))[:, np.newaxis]
        slots = selections.slots(*inside)
        line, whole = self.cells.systems.lines[name], self.rows[slots[0]]
        full = (whole >= 0) & np.isfinite(line.high[whole])
        closed = full | (name in COMPLETE or name in self.question.grid.exhaustive)
        known = slots[1 : 1 + size]
        low = np.where(used[:, np.newaxis], implied.lower[known], 0).astype(np.float64)
        # A category without a row has only those of its parts, if all others have a row.
        exists = used[:, np.newaxis] & ((self.rows[known] >= 0) | ~full)
        if selections.category is not None:
            # The category of the query is in a wider one.
            exists[selections.index[d, selections.category] - 1] |= around.any(axis=0)
        high = np.where(exists, implied.upper[known], low)
        if not self.is_single and self.marked.any():
            # Counts that contradict others do not restrict the persons outside of them.
            low = np.where(self.marked[known], 0, low)
            high = np.where(self.marked[known] & exists, np.inf, high)
        if selections.category is not None:
            # Wider categories, less the category of the query.
            own = selections.index[d, selections.category] - 1
            wide = around[:, np.newaxis]
            high = np.where(wide, np.maximum(high - low[own], 0), high)
            low = np.where(wide, np.maximum(low - high[own], 0), low)
        low = np.maximum(low - self.slip, 0)
        unknown = np.zeros(whole.shape), np.zeros(whole.shape)
        if len(slots) > 1 + size:
            unknown = implied.lower[slots[-1]].astype(np.float64), implied.upper[slots[-1]]
        return (low, high), unknown, closed

    def _along(self, d: int, index: Index) -> tuple[Floats, Floats, Floats, Floats]:
        """Return the bounds of the persons in c cells outside the category of the query.

        They are those of persons of other known categories, and of all persons, (c, e).
        """
        (low, high), unknown, closed = self.terms if self.is_single else self._terms(d, index)
        own = self.selections.index[d, self.category] - 1
        column = np.arange(low.shape[1]) if low.shape[1] > 1 else 0
        own_low, own_high = low[own, column], high[own, column]
        is_open = np.isinf(high)
        finite = np.where(is_open, 0, high)
        # Sums of all categories less the own one: c sums of c categories would be too many.
        k_low = low.sum(axis=0) - own_low
        is_vague = (is_open.sum(axis=0) - is_open[own, column] > 0) | ~closed
        k_high = np.where(is_vague, np.inf, finite.sum(axis=0) - finite[own, column])
        if self.is_single:
            return k_low, k_high, k_low, k_high
        whole = self.selections.slots(*index)
        implied, row = self.cells.implied, self.rows[whole]
        overlaps = (row >= 0) & self.cells.systems.lines[self.selections.names[d]].overlaps[row]
        k_low = np.where(overlaps, np.maximum(low.max(axis=0) - own_high, 0), k_low)
        whole_low, whole_high = implied.lower[whole], implied.upper[whole]
        r_low = np.maximum(k_low + unknown[0], whole_low - own_high)
        with np.errstate(invalid="ignore"):
            room = whole_high - own_low
        r_high = np.fmin(k_high + unknown[1], room)
        return k_low, k_high, r_low, np.maximum(r_high, 0)

    def _outside(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Return the bounds of the persons outside each cell, as `_along`, over all dimensions."""
        selections, sums = self.selections, []
        for order in permutations(range(len(selections.names))):
            total = np.zeros((len(selections.names), len(self.category)), dtype=np.intp)
            prefixes, chain = [total], np.zeros((4, len(self.category), self.rows.shape[1]))
            for d in order:
                inner = []
                for i, index in enumerate(prefixes):
                    terms = self._along(d, index)
                    # All persons of another category of an earlier dimension are counted there.
                    chain[: 4 if i == 0 else 2] += terms[: 4 if i == 0 else 2]
                    inside = index.copy()
                    inside[d] = selections.index[d, self.category]
                    inner.append(inside)
                    if UNKNOWN in selections.words[d]:
                        # Persons of unknown category here can be of another known one there.
                        inside = index.copy()
                        inside[d] = len(selections.words[d]) - 1
                        inner.append(inside)
                prefixes = inner
            sums.append(chain)
        low, high = np.max(sums, axis=0), np.min(sums, axis=0)
        return low[0], high[1], np.maximum(low[2], low[0]), high[3]

    def _undecided(self) -> tuple[Any, Any, Any]:
        """Return the bounds of the persons who may belong to each cell, and whether they are known.

        They are those of unknown category in at least one dimension, (c, e), or (1, e).
        """
        selections, category = self.selections, self.category[: 1 if self.is_single else None]
        shape = len(category), self.rows.shape[1]
        low, high, is_known = np.zeros(shape), np.zeros(shape), np.ones(shape, dtype=np.bool_)
        # Persons that published parts leave of a total are unknown, beyond the reported ones.
        implied = np.maximum(self.counts.upper, self.cells.implied.upper)
        for slots in selections.unknown_of(category):
            unknown, most = self.counts[slots], implied[slots]
            low, high = low + unknown.lower, high + (unknown.upper if self.is_single else most)
            is_known &= unknown.reported & (self.is_single | (most <= unknown.upper))
            if self.is_single:
                # Without a row, they follow from the parts, which can overlap for a query.
                exists = self.rows[slots] >= 0
                high, is_known = np.where(exists, high, np.inf), is_known & exists
        most = np.zeros(shape[1])
        for d, words in enumerate(selections.words):
            index = [0] * len(selections.words)
            index[d] = len(words) - 1
            own = implied[selections.slots(*index)]
            if UNKNOWN not in words:
                own = self.cells.systems.absent(selections.names[d], self.rows[0]).upper
                high, is_known = high + own, is_known & (own == 0)
            most = most + own
        if not self.is_single:
            # Each of them is in the unknown category of a dimension.
            high = np.minimum(high, most)
        return np.maximum(low - self.slip, 0), np.maximum(high, low), is_known

    def _remainder(
        self, total: Ends, unknown: tuple[Any, Any, Any]
    ) -> tuple[tuple[Any, Any, Any], Mask]:
        """Return the unknown persons of one dimension, and whether the parts are a known sum.

        Unknown persons are as reported, or those whom the parts leave of the total, (1, e).
        """
        (lows, highs), _, closed = self.terms
        closed = closed & ~self.as_published
        is_open = np.isinf(highs).any(axis=0)
        least = np.where(self.overlaps, lows.max(axis=0, initial=0), lows.sum(axis=0))
        least = np.where(self.as_published, 0, least)
        summed = np.where(np.isinf(highs), 0, highs).sum(axis=0)
        most = np.where(is_open | ~closed, np.inf, summed)
        low, high, is_known = unknown
        differences = total[0] - most - high, total[1] - least - low
        # A total above all its parts has further persons of unknown category.
        gaps = self.counts.reported[0] & (differences[0] > 0)
        left = np.maximum(total[0] - most, 0), np.maximum(total[1] - least, 0)
        low = np.where(gaps | ~is_known, np.maximum(left[0], np.where(gaps, 0, low)), low)
        high = np.where(gaps, left[1], np.where(is_known, high, np.minimum(high, left[1])))
        high = np.maximum(high, low)
        stated = self.parts.reported.all(axis=0) & closed
        every = self.counts.reported[0] & stated & ~self.overlaps & ~self.exceeded
        self.discrepancy = differences[0][0], differences[1][0], every[0]
        some = np.maximum(total[0] - summed - high, 0)
        some = np.where(closed | self.overlaps | is_open, 0, some)
        self.not_listed = some, np.where(closed, 0, np.maximum(total[1] - least - low, some))
        return (low, high, is_known | gaps | (high == 0)), stated

    def _sides(  # noqa: PLR0912, PLR0915 - one derivation, in the order of its steps
        self, own: Index
    ) -> Ranges:
        """Return all counts by `Side`, shape (9, c, e).

        A complement is reported where the country has complete and consistent data for the value.
        Names start with the count: ``t`` total, ``n`` part, ``r`` all persons outside of the part,
        ``k`` those of known category among them, and ``u`` unknown persons who can belong to it.
        """
        # 1. The bounds of each count by itself: (e,) for the total, else (c, e).
        is_single, wrong, overlaps = self.is_single, self.contradictory, self.overlaps
        total, rule = self.counts[0], self.rule
        part = self.counts[own]
        if is_single:
            # A category that only other countries list is no part here, and has bounds.
            part = self.parts[self.category].where(self.axes[0][0][self.category], part)
        t_low, t_high = total.lower.astype(np.float64), total.upper + self.slip
        n_low, n_high = np.maximum(part.lower - self.slip, 0), part.upper
        k_low, k_high, r_low, r_high = self._outside()
        u_low, u_high, u_known = self._undecided()
        # Parts that exceed a total as published do not restrict it.
        free = self.as_published if is_single else wrong
        if free.any():
            k_low, r_low, u_low = (np.where(free, 0, count) for count in (k_low, r_low, u_low))
            k_high, r_high = (np.where(free, np.inf, count) for count in (k_high, r_high))
            u_high = np.where(free, np.inf, u_high) if is_single else u_high
            n_low = n_low if is_single else np.where(free, 0, n_low)
        stated: Any = False
        if is_single:
            (u_low, u_high, u_known), stated = self._remainder(
                (t_low, t_high), (u_low, u_high, u_known)
            )
            r_low, r_high = k_low + u_low, k_high + u_high
        # 2. Totals below their parts: both readings.
        listed = u_low, u_high
        if self.exceeded.any():
            # A total below its parts has the bounds of both readings: its own and their sum. Parts
            # without an upper bound count with their lower bound.
            counts, others, mask = self.parts, self.unknown, self.exceeded
            high = np.where(np.isinf(counts.upper), counts.lower, counts.upper)
            most = np.where(np.isinf(others.upper), others.lower, others.upper)
            t_low = np.where(
                mask, np.minimum(t_low, counts.lower.sum(axis=0) + others.lower), t_low
            )
            t_high = np.where(mask, np.maximum(t_high, high.sum(axis=0) + most), t_high)
            n_low = np.where(mask, 0, n_low)
            n_high = np.where(mask, np.minimum(high[self.category], t_high), n_high)
            k_low, r_low, u_low = (np.where(mask, 0, count) for count in (k_low, r_low, u_low))
            k_high = np.where(mask, high.sum(axis=0) - high[self.category], k_high)
            u_high = np.where(mask, np.where(others.reported, others.upper, np.inf), u_high)
            r_high = np.where(mask, np.maximum(k_high + u_high, t_low), r_high)
        # 3. Part, other known persons and all other persons limit each other through the total.
        # A suppressed or rounded count keeps the bounds of its source, and so does one that
        # contradicts counts of other dimensions.
        stays = part.reported & (n_low < n_high)
        if is_single:
            stays = (stays & total.reported & ~self.discrepant) | (wrong & ~self.exceeded)
        r_low, r_high = np.where(stays, 0, r_low), np.where(stays, np.inf, r_high)
        if rule == "known" and is_single:
            # The known persons are those of the total, and not the sum of these bounds.
            keeps = stays & ~wrong
            k_low, k_high = np.where(keeps, 0, k_low), np.where(keeps, np.inf, k_high)
        # A missing count: the total less the other persons.
        unsettled = ~(wrong | part.reported)
        room = t_high - np.where(wrong, 0, np.where(overlaps, u_low, r_low))
        n_high = np.where(part.reported, n_high, np.minimum(n_high, room))
        least = np.where(unsettled & ~overlaps, np.maximum(n_low, t_low - r_high), n_low)
        # Counts that leave no value in between contradict each other: both ends are possible.
        n_low, n_high = np.where(least > n_high, n_low, least), np.maximum(n_high, least)
        n_high = np.maximum(n_high, n_low)
        if is_single and overlaps.any():
            # Persons of the largest category who are not in the cell.
            most = self.terms[0][0].max(axis=0)
            k_low = np.where(overlaps & ~wrong, np.maximum(most - n_high, 0), k_low)
            r_low = np.where(overlaps & ~wrong & ~stays, k_low + u_low, r_low)
        # 4. The two corners: the least complement of the largest part, and the reverse.
        without = np.maximum(t_low - n_high, 0), np.maximum(t_high - n_low, 0)
        out_low, out_high = np.maximum(without[0], r_low), np.minimum(without[1], r_high)
        crossed = out_low > out_high
        out_low = np.where(crossed, without[0], out_low)
        out_high = np.maximum(np.where(crossed, without[1], out_high), out_low)
        # 5. The same with unknown persons allocated.
        unknown, reach = (u_low, u_high), n_high
        listed = np.where(self.exceeded, 0, u_low), np.where(self.exceeded, listed[1], u_high)
        if self.unanswered is not None:
            # Tables of cases document the cases without an answer.
            further = self.unanswered[self.category] if is_single else self.unanswered
            documented = ~np.isnan(further) & (overlaps if is_single else True)
            u_high = np.where(documented, further, u_high)
            u_low = np.where(documented, further if is_single else 0, u_low)
            listed = u_low, u_high
            u_known = np.where(documented, is_single | (further == 0), u_known)
            k_low = np.where(documented & is_single, 0, k_low)
            k_high = np.where(documented & is_single, np.inf, k_high)
            if is_single:
                # A category without an answer can be that of all cases that the rows leave.
                reach = np.where(documented, self.terms[0][1][self.category, 0], n_high)
            stated = stated | (documented & total.reported)
        if not is_single:
            u_high = np.maximum(np.minimum(u_high, t_high - n_low - k_low), u_low)
            u_known, listed = u_known | (u_low == u_high), (u_low, u_high)
        with_unknown = np.maximum(np.minimum(reach + u_high, t_high - k_low), n_high)
        left = np.maximum(np.maximum(t_low - with_unknown, np.where(stays, 0, k_low)), 0)
        left = np.minimum(left, out_high)
        # 6. The rule of the denominator.
        # The denominator, the other counts in it, and whether both have values.
        complement, base = (out_low, out_high), (t_low, t_high)
        if is_single:
            base = np.where(total.reported, t_low, np.maximum(t_low, n_low + r_low)), t_high
        complete = total.reported | (stated & u_known & ~overlaps & is_single)
        if rule == "known" or (rule == "responses" and is_single):
            low = np.maximum(np.maximum(t_low - n_high - u_high, k_low), 0)
            high = np.maximum(np.minimum(t_high - n_low - u_low, out_high - u_low), 0)
            high = np.maximum(np.minimum(high, k_high), np.minimum(low, k_high))
            low = np.minimum(low, high)
            if not is_single:
                # Parts that exceed their total within the tolerance have what it leaves them.
                room = np.maximum(t_high - u_low - n_low, 0)
                slips = (low > room) & (low - room <= allowed_excess(t_high))
                low, high = np.where(slips, room, low), np.where(slips, room, high)
            complement = low, high
            base = np.maximum(t_low - u_high, n_low + complement[0]), np.maximum(t_high - u_low, 0)
            if not is_single:
                # Parts that leave no room for the unknown persons contradict their total.
                self.contradictory = wrong = wrong | (base[0] > base[1])
            base = base[0], np.maximum(np.minimum(base[1], n_high + high), base[0])
            complete = (total.reported & u_known) | (stated & is_single)
        widest = out_high
        if rule == "responses" and is_single:
            complement, widest = self._responses(complement, k_high, t_high, unknown)
            widest = np.where(overlaps, widest, np.maximum(out_high, complement[1]))
            base = n_low + complement[0], n_high + complement[1]
            with_unknown = np.where(
                overlaps, np.maximum(n_high + u_high, with_unknown), with_unknown
            )
            left = np.where(overlaps, complement[0], np.minimum(left, complement[0]))
            complete = self.parts.reported.all(axis=0)
        full = base if rule == "all" else (np.where(wrong, 0, t_low), t_high)
        bounds = (
            (n_low, n_high), complement, base, listed, (n_low, with_unknown),
            (left, widest), (np.minimum(out_low, widest), widest), full, self.not_listed,
        )  # fmt: skip
        low = np.empty((SIDES, *n_low.shape), dtype=np.int64)
        high, reported = np.empty(low.shape), np.empty(low.shape, dtype=np.bool_)
        for row, (lower, upper) in enumerate(bounds):
            low[row], high[row] = lower, upper
        reported[:] = part.reported & ~wrong
        reported[[Side.COMPLEMENT, Side.BASE, Side.COMPLEMENT_WITH_UNKNOWN]] &= complete
        reported[Side.UNKNOWN] = u_known | (u_low == u_high)
        return Ranges(low, high, reported)

    def _responses(
        self, persons: Ends, k_high: Floats, t_high: Floats, unknown: Ends
    ) -> tuple[Ends, Floats]:
        """Return the other answers for one dimension, and the most of them with unknown.

        `persons` are the persons of other known categories, each counted once.
        """
        (lows, highs), _, closed = self.terms
        lows, highs, own, overlaps = lows[:, 0], highs[:, 0], self.category, self.overlaps
        # Each overlapping category has at most all persons.
        limit = np.where(overlaps, np.maximum(t_high - unknown[0], 0), np.inf)
        item = np.minimum(highs, np.where(self.parts.reported, np.inf, limit))
        with np.errstate(invalid="ignore"):
            capped = item.sum(axis=0) - item[own]
        capped = np.where(np.isnan(capped) | self.exceeded, k_high, capped)
        summed, most = lows.sum(axis=0) - lows[own], np.minimum(persons[1], capped)
        low = np.where(overlaps, summed, np.minimum(np.where(closed, persons[0], summed), most))
        low, high = np.where(self.exceeded, 0, low), np.where(overlaps, capped, most)
        # Unknown persons can be in all other categories.
        others = self.axes[0][0].sum(axis=0) - self.axes[0][0][own]
        widest = high + np.where(others > 0, unknown[1], 0) * others
        if self.unanswered is not None:
            further = np.where(np.isnan(self.unanswered), unknown[1], self.unanswered)
            reach = np.minimum(highs + further, t_high)
            widest = np.maximum(widest, reach.sum(axis=0) - reach[own])
        return (low, high), widest

    @property
    def is_exact(self) -> Mask:
        """Whether part and complement are single numbers, (c, e)."""
        points = self.sides[Side.PART].is_point & self.sides[Side.COMPLEMENT].is_point
        vague = self.discrepant | (self.overlaps & self.is_single)
        return np.asarray(points & ~(vague | self.contradictory))
