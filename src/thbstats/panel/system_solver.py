"""Solution of systems of counts: bounds that are narrowed along each dimension in turn."""

from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from thbstats.columns import Floats, Index, Mask, Ranges
from thbstats.geography import Area
from thbstats.panel.system_rows import UNKNOWN, SystemRows, kinds_of
from thbstats.panel.systems import LEAVE_OUT, CountSystems, SystemLine, allowed_excess
from thbstats.records import Dimension
from thbstats.tables.columns import Columns
from thbstats.tables.encoding import packed
from thbstats.values import Reason
from thbstats.vocabulary.codes import COMPLETE

_SWEEPS = 24
"""The largest number of sweeps. Each one narrows bounds, and none is needed for their validity."""

_KNOWN, _CONFLICTING = Reason.KNOWN.severity, Reason.CONFLICTING.severity
_MISSING = (Reason.BREAKDOWN_NOT_REPORTED.severity, Reason.NOT_REPORTED.severity)


class LineParts:
    """The parts of the w wholes along one dimension, p in all."""

    def __init__(self, rows: SystemRows, name: str, whole: Index) -> None:
        self.name = name
        self.dimension: Dimension = rows.columns.schema[name]
        self.whole = whole  # (r,): the whole of each row; -1 for a row that is no part
        self.part: NDArray[np.intp] = np.flatnonzero(whole >= 0)  # (p,): the rows of the parts
        is_whole = np.zeros(len(whole), dtype=np.bool_)
        is_whole[whole[self.part]] = True
        self.wholes: NDArray[np.intp] = np.flatnonzero(is_whole)  # (w,): the rows of the wholes
        # (p,): the position of the whole of each part among the wholes.
        self.of: NDArray[np.intp] = (np.cumsum(is_whole) - 1)[whole[self.part]]
        words, codes = rows.categories[name], rows.codes[name][self.part]
        # (p,): the parts of unknown category.
        self.unknown: NDArray[np.bool_] = np.array([word == UNKNOWN for word in words], np.bool_)[
            codes
        ]
        self.always: tuple[str, str] | None = COMPLETE.get(name)
        # (w,): the totals of all dimensions.
        totals = [rows.codes[own][self.wholes] == rows.total(own) for own in rows.categories]
        self.widest: NDArray[np.bool_] = np.all(totals, axis=0)
        # (w,): wholes with a row for each category that exists.
        self.complete: NDArray[np.bool_] = np.zeros(len(self.wholes), dtype=np.bool_)
        if self.always:
            needed = rows.lists(name).sum(axis=0)[rows.group[self.wholes]]
            self.complete = np.bincount(self.of, minlength=len(self.wholes)) == needed
        self.kinds: list[Any] = [slice(None)]
        if self.dimension.content == "citizenship":
            # Groups of citizenship and countries are two divisions of the same persons.
            self.kinds = [np.flatnonzero(kind[codes]) for kind in kinds_of(self.dimension, words)]

    def sum(self, values: Any, where: Any = slice(None)) -> Floats:
        """Return the sum over the parts of each whole, (w,)."""
        sums = np.bincount(self.of[where], values[where], len(self.wholes))
        return np.asarray(sums, dtype=np.float64)

    def known_sum(self, values: Any) -> Floats:
        """Return the sum over the parts of known category, for the larger of two divisions."""
        known = np.where(self.unknown, 0, values)
        return np.asarray(np.max([self.sum(known, kind) for kind in self.kinds], axis=0))

    def known_largest(self, values: Any) -> Floats:
        """Return the largest part of known category of each whole."""
        result = np.zeros(len(self.wholes))
        np.maximum.at(result, self.of, np.where(self.unknown, 0, values))
        return result

    def unknown_sum(self, values: Any) -> Floats:
        """Return the sum over the parts of unknown category."""
        return self.sum(np.where(self.unknown, values, 0))

    def of_rows(self, values: Any, missing: Any = 0) -> Any:
        """Return values of the wholes as a column of all rows, (r,)."""
        result = np.full(len(self.whole), missing, dtype=values.dtype)
        result[self.wholes] = values
        return result


class PartSums:
    """Sums of the bounds of the p parts of w wholes in one sweep."""

    def __init__(self, parts: LineParts, low: Floats, high: Floats, published: Floats) -> None:
        self.parts = parts
        self.low, self.high, self.published = low, high, published  # (p,)
        # (w,): the least sums of parts of known category, of unknown category and of all parts.
        self.known: NDArray[np.float64] = parts.known_sum(low)
        self.unknown: NDArray[np.float64] = parts.unknown_sum(low)
        self.summed: NDArray[np.float64] = self.known + self.unknown
        self.published_unknown: NDArray[np.float64] = parts.unknown_sum(published)
        # (p,): parts with an upper bound; (w,): the others, and the largest sum of the former.
        self.bounded: NDArray[np.bool_] = np.isfinite(high)
        self.n_open: NDArray[np.float64] = parts.sum(1.0 * ~self.bounded)
        self.finite: NDArray[np.float64] = parts.sum(np.where(self.bounded, high, 0))

    def left_by_others(self, whole: Floats, least: Floats, overlaps: Mask) -> Floats:
        """Return what the other parts leave of each whole, at least 0, (p,).

        Parts that overlap can have the same persons: only unknown persons are others.
        """
        of = self.parts.of
        with np.errstate(invalid="ignore"):
            left = whole[of] - (least[of] - self.low)
        alone = whole[of] - np.where(self.parts.unknown, 0, self.unknown[of])
        return np.asarray(np.maximum(np.where(overlaps[of], alone, left), 0))

    def most_of_others(self) -> Floats:
        """Return the largest sum of the other parts of the same whole, (p,)."""
        of, n_open = self.parts.of, self.n_open[self.parts.of]
        finite = self.finite[of]
        with np.errstate(invalid="ignore"):
            others = np.where(self.bounded & (n_open == 0), finite - self.high, np.inf)
        return np.asarray(np.where(~self.bounded & (n_open == 1), finite, others))


class SystemSolver:
    """Bounds of all rows, narrowed along each dimension until nothing changes."""

    def __init__(self, rows: SystemRows, exhaustive: frozenset[str]) -> None:
        self.rows = rows
        self.exhaustive = exhaustive
        numbers = rows.columns.numbers
        self.low: NDArray[np.float64] = numbers.lower.astype(np.float64)
        self.high: NDArray[np.float64] = numbers.upper.copy()
        self.reported: NDArray[np.bool_] = ~np.isin(numbers.reason, _MISSING)
        # The bounds of the source; rows that contradict others, and rows without a value left.
        self.source: Ranges = Ranges(numbers.lower, numbers.upper, self.reported)
        self.wrong: dict[str, NDArray[np.bool_]] = {
            name: np.zeros(len(self.low), np.bool_) for name in rows.categories
        }
        self.empty: NDArray[np.bool_] = np.zeros(len(self.low), dtype=np.bool_)
        self.parts: dict[str, LineParts] = {}
        for name in rows.categories:
            whole = rows.wholes[name].copy()
            self._separate(name, whole)
            self.parts[name] = LineParts(rows, name, whole)
        for parts in self.parts.values():
            self._allow_gaps(parts)
        self.lines: dict[str, SystemLine] = {}
        # The least counts as published; rows without a count have the sum of their parts.
        self.published: NDArray[np.float64] = np.where(self.reported, self.low, 0)
        # Reported counts, and counts whose parts are.
        self.stated: NDArray[np.bool_] = self.reported.copy()
        for _ in self.parts if not self.reported.all() else ():
            for parts in self.parts.values():
                lacking = parts.sum(1.0 * (~self.stated[parts.part] & ~parts.unknown))
                self.stated[parts.wholes] |= lacking == 0
                lows = self.published[parts.part]
                least = parts.known_sum(lows) if parts.always else parts.known_largest(lows)
                least = np.maximum(self.published[parts.wholes], least + parts.unknown_sum(lows))
                open_ = ~self.reported[parts.wholes]
                self.published[parts.wholes[open_]] = least[open_]

    def _separate(self, name: str, whole: Index) -> None:
        """Make sub-forms the siblings of their parent where only this adds up to the total."""
        above = np.where(whole >= 0, whole[whole], -1)
        nested = np.flatnonzero(above >= 0)
        if not len(nested):
            return
        top = above.copy()
        while (further := np.where(top >= 0, whole[top], -1)).max() >= 0:
            top = np.where(further >= 0, further, top)
        size, point = len(whole), self.reported & (self.low == self.high)
        # Unknown persons without a count do not decide.
        unknown = np.array([word == UNKNOWN for word in self.rows.categories[name]], np.bool_)
        settled = point | (unknown[self.rows.codes[name]] & ~self.reported)
        direct = np.flatnonzero((whole >= 0) & (above < 0))
        wide = np.bincount(whole[direct], self.low[direct], size)
        deep = np.bincount(top[nested], self.low[nested], size)
        vague = np.bincount(whole[direct], ~settled[direct], size)
        vague += np.bincount(top[nested], ~settled[nested], size)
        apart = point & (vague == 0) & (wide < self.low) & (wide + deep == self.low)
        moved = nested[self.rows.in_groups_of(apart)[nested]]
        whole[moved] = top[moved]

    def _allow_gaps(self, parts: LineParts) -> None:
        """Add the persons that published parts leave of a total to those of unknown category."""
        part, of, wholes = parts.part, parts.of, parts.wholes
        gap = parts.complete & self.reported[wholes] & (parts.sum(1.0 * ~self.reported[part]) == 0)
        gap &= self.source.lower[wholes] > parts.sum(self.source.upper[part])
        if gap.any():
            left = self.source.upper[wholes] - parts.sum(self.source.lower[part])
            own = parts.unknown & gap[of]
            self.high[part[own]] = self.low[part[own]] + left[of[own]]

    def solve(self, first: int = 0) -> None:
        """Narrow the bounds until no bound changes, from a sweep."""
        # Reported counts without an interval have no remainders.
        is_exact = bool(self.reported.all() and (self.low == self.high).all())
        sweep = first
        while True:
            before = self.low, self.high
            for name in self.parts:
                # Limits of all totals come first: a remainder must not exceed them.
                self.lines[name] = self._line(name, with_remainders=sweep > 0)
            changed = (before[0] != self.low) | (before[1] != self.high)
            if (sweep or is_exact) and (sweep == _SWEEPS or not changed.any()):
                return
            open_ = self.rows.in_groups_of(changed)
            if sweep and 2 * np.count_nonzero(open_) < len(open_):
                self._solve_alone(open_, sweep + 1)
                return
            sweep += 1

    def _solve_alone(self, mask: Mask, first: int) -> None:
        """Solve some systems further without the others, whose bounds do not change."""
        alone = SystemSolver(self.rows.select(mask), self.exhaustive)
        alone.low, alone.high, alone.empty = self.low[mask], self.high[mask], self.empty[mask]
        alone.wrong = {name: own[mask] for name, own in self.wrong.items()}
        alone.solve(first)
        self.low[mask], self.high[mask], self.empty[mask] = alone.low, alone.high, alone.empty
        for name, line in alone.lines.items():
            self.wrong[name][mask] = alone.wrong[name]
            for column in SystemLine.COLUMNS:
                getattr(self.lines[name], column)[mask] = getattr(line, column)

    def _narrow(
        self, name: str, rows: Index, low: Floats, high: Floats, *, free: Mask, whole: Any = None
    ) -> None:
        """Narrow the bounds of rows; a row without any value left keeps those of its source.

        Such a row and its whole contradict each other.
        """
        free = free & ~self.empty[rows]
        low = np.where(free, np.maximum(self.low[rows], low), self.low[rows])
        high = np.where(free & ~np.isnan(high), np.minimum(self.high[rows], high), self.high[rows])
        empty = low > high
        if empty.any():
            beyond = low - high > np.maximum(allowed_excess(high), 0)
            self.wrong[name][rows] |= beyond
            if whole is not None:
                self.wrong[name][whole[beyond]] = True
            self.empty[rows] |= empty
            low = np.where(empty, self.source.lower[rows], low)
            high = np.where(empty, self.source.upper[rows], high)
        self.low, self.high = self.low.copy(), self.high.copy()
        self.low[rows], self.high[rows] = low, high

    def _line(self, name: str, *, with_remainders: bool) -> SystemLine:
        """Return the wholes and parts along a dimension, and narrow both.

        With remainders, a part has at least the persons that the other parts leave.
        """
        # Shapes: (w,) for wholes, (p,) for parts. An example: a total of 10 with 3 women, "fewer
        # than 5" men and 1 person of unknown sex has known 3, unknown 1, summed 4 and finite 8.
        parts = self.parts[name]
        part, of, wholes = parts.part, parts.of, parts.wholes
        sums = PartSums(parts, self.low[part], self.high[part], self.published[part])
        complete = self._complete(parts, sums)
        limit = np.where(self.reported[wholes], self.source.upper[wholes], np.inf)
        allowed = allowed_excess(limit)
        overlaps, least, floor, answered = self._least_of_parts(
            parts, sums, complete, (limit, limit + allowed)
        )

        # A total is contradicted by its parts as published, not by what follows from their parts.
        excess, exceeded = least - limit, floor - limit > allowed
        beyond = exceeded[of]
        if not parts.always:
            # Only a part above its total contradicts it where categories can overlap.
            stated = np.where(parts.unknown, 0, sums.published) + sums.unknown[of]
            beyond &= stated > (limit + allowed)[of]
        wrong = parts.of_rows(exceeded)
        wrong[part] |= beyond

        # The whole: at least the sum of its parts, at most their largest sum if it is complete.
        top = np.where(complete & (sums.n_open == 0) & ~overlaps, sums.finite, np.inf)
        slip = np.where((excess > 0) & ~exceeded, np.minimum(excess, allowed), 0)
        # A total above all its parts, as published, has further persons of unknown category.
        unsettled = ~self.stated[part] & (sums.published < sums.high) & ~parts.unknown
        gap = self.reported[wholes] & (self.source.lower[wholes] > top)
        gap &= parts.sum(1.0 * unsettled) == 0
        self._narrow(name, wholes, least, top, free=~exceeded & ~gap & (excess <= 0))

        # A part: the whole less the other parts, at most and, in a complete whole, at least.
        apart = overlaps | (least < sums.summed)
        left = sums.left_by_others(self.high[wholes] + slip, least, apart)
        needed = np.zeros(len(part))
        if with_remainders:
            closed = complete & ~gap & ~apart
            needed = np.where(closed[of], self.low[wholes][of] - sums.most_of_others(), 0)
        free = ~exceeded & (slip == 0) & ~answered
        self._narrow(name, part, needed, left, free=free[of], whole=wholes[of])
        # Parts of persons with several of them are not added.
        several = sums.summed > self.high[wholes]
        return SystemLine(
            dimension=parts.dimension,
            whole=parts.whole,
            parts=parts.of_rows(np.bincount(of, minlength=len(wholes))),
            low=parts.of_rows(least),
            known=parts.of_rows(np.where(several, least - sums.unknown, sums.known)),
            high=parts.of_rows(top, np.inf),
            others=parts.of_rows(np.where(sums.n_open > 0, np.inf, sums.finite)),
            complete=parts.of_rows(complete),
            overlaps=parts.of_rows(overlaps),
            wrong=wrong,
            empty=self.wrong[name],
        )

    def _complete(self, parts: LineParts, sums: PartSums) -> Mask:
        """Return the wholes without persons outside of their parts, which add up to them."""
        if parts.always:
            return parts.complete
        low, wholes = self.low[parts.wholes], parts.wholes
        exact = self.reported[wholes] & (low == self.high[wholes]) & (sums.summed == low)
        exact &= parts.sum(1.0 * (sums.low != sums.high)) == 0
        return np.asarray(exact | (parts.name in self.exhaustive))

    def _least_of_parts(
        self, parts: LineParts, sums: PartSums, complete: Mask, limits: tuple[Floats, Floats]
    ) -> tuple[Mask, Floats, Floats, Mask]:
        """Return wholes with overlapping parts, the least persons in all parts, and answers.

        The least persons are those that follow and those as published: the sum of exclusive parts,
        and the largest part where categories can overlap. `limits` are the published totals,
        without and with the tolerance. The last result are the wholes of tables of cases, which
        document who can have each category.
        """
        none, further = np.zeros(len(parts.wholes), np.bool_), self.rows.columns.numbers.unanswered
        answered = none
        if further is not None:
            answered = parts.sum(1.0 * (further[parts.part] >= 0)) > 0
        floor = parts.known_sum(sums.published) + sums.published_unknown
        if parts.always:
            return none, sums.summed, floor, answered
        limit, above = limits
        largest = parts.known_largest(sums.low) + sums.unknown
        most = parts.known_largest(sums.published) + sums.published_unknown
        # Categories overlap if their sum exceeds the total, and none of them does alone.
        overlaps = np.maximum(sums.summed, floor) > above
        overlaps &= np.maximum(largest, most) <= above
        # Categories that add up to the total of all persons are exclusive, also in each slice.
        exclusive = parts.of_rows(complete & parts.widest)
        overlaps &= ~self.rows.in_groups_of(exclusive)[parts.wholes]
        # Persons who can have several categories can also have them in each slice.
        overlaps = self.rows.in_groups_of(parts.of_rows(overlaps | answered))[parts.wholes]
        # Without a total, forms of one person cannot be told from several persons.
        unsure = overlaps | ~self.reported[parts.wholes]
        least = np.where(unsure | (largest > limit), largest, sums.summed)
        return overlaps, least, np.where(unsure | (most > limit), most, floor), answered

    def result(self) -> CountSystems:
        """Return the rows with the bounds that follow."""
        self.solve()
        rows, columns, size = self.rows, self.rows.columns, len(self.rows.keys)
        none = np.zeros(size, dtype=np.bool_)
        marks = [line.wrong | line.empty for line in self.lines.values()]
        wrong = np.any([none, *marks], axis=0)
        # Reported counts keep the bounds of their source.
        stated = self.reported & (columns.numbers.reason != _CONFLICTING)
        low = np.where(stated, self.source.lower, self.low)
        high = np.where(stated, self.source.upper, self.high)
        hull_low, hull_high = low.copy(), high.copy()
        above, least, most = np.zeros(size, np.bool_), low.copy(), high.copy()
        for line in sorted(self.lines.values(), key=lambda own: own.dimension.name not in COMPLETE):
            total = line.wrong & (line.parts > 0) & (line.low > high)
            # Parts without an upper bound count with their lower bound.
            parts = np.where(np.isinf(line.others), line.low, line.others)
            hull_low = np.where(total, np.minimum(hull_low, line.low), hull_low)
            hull_high = np.where(total, np.maximum(hull_high, parts), hull_high)
            least = np.where(total & ~above, line.low, least)
            most = np.where(total & ~above, parts, most)
            above |= total
        cell, below, members = self._aggregates(high)
        hull_high = np.where(below, np.maximum(hull_high, members), hull_high)
        wrong |= below
        derived = ~self.reported & (low == high) & ~wrong
        numbers, flags = columns.numbers, columns.numbers.flags.copy()
        for own in self.parts.values():
            inherits = own.part[own.whole[own.part] > rows.example.max(initial=-1)]
            np.bitwise_or.at(flags, own.whole[inherits], flags[inherits])
        return CountSystems(
            columns=evolve(
                columns,
                numbers=evolve(
                    numbers,
                    lower=low.astype(np.int64),
                    upper=high,
                    reason=np.where(derived, np.uint8(_KNOWN), numbers.reason),
                    flags=flags,
                ),
            ),
            size=int(rows.example.max(initial=-1)) + 1,
            group=rows.group,
            lines=self.lines,
            derived=derived,
            implied=Ranges(self.low.astype(np.int64), self.high, self.reported | derived),
            hull=Ranges(hull_low.astype(np.int64), hull_high, self.reported | derived),
            wrong=wrong,
            parts_above=above | below,
            summed=Ranges(
                np.where(below & ~above, members, least).astype(np.int64),
                np.where(below & ~above, members, most),
                self.reported,
            ),
            cell=cell,
            below=below,
            unsupported=none,
            aside=none,
        )

    def _aggregates(self, high: Floats) -> tuple[Index, Mask, Floats]:
        """Return the cell of each row, the areas below the sum of their members, and this sum."""
        columns, size = self.rows.columns, len(high)
        area, zero = columns["area"], np.zeros(size)
        sets = [Area.parse(code).members for code in area.categories]
        several = [i for i, members in enumerate(sets) if len(members) > 1]
        if not several:
            return np.zeros(size, dtype=np.intp), zero > 0, zero
        others = [
            (own.codes, len(own.categories))
            for dimension, own in zip(columns.schema.dimensions, columns.dimensions, strict=True)
            if dimension.name != "area"
        ]
        cell = np.unique(packed(others, size), return_inverse=True)[1].astype(np.intp)
        members = zero.copy()
        codes = area.positions
        for code in several:
            own = np.flatnonzero(codes == code)
            for origin in np.unique(columns.origin[own]).tolist():
                source = columns.origins[origin]
                known = sets[code] if source.reporters is None else source.reporters
                if source.reporters is None and (source.n_reporters or len(known)) < len(known):
                    continue  # Which members are in the count is not documented.
                inside = [i for i, own in enumerate(sets) if len(own) == 1 and own <= known]
                part = np.isin(codes, inside)
                sums = np.bincount(cell[part], self.low[part], int(cell.max(initial=0)) + 1)
                concerned = own[columns.origin[own] == origin]
                members[concerned] = sums[cell[concerned]]
        limit = high + allowed_excess(high)
        below = self.reported & (members > limit) & (members > 0)
        # The persons of the members also count in the parts of a published total.
        least = np.maximum(self.low, members)
        for parts in self.parts.values():
            if parts.always:
                rows, wholes = parts.part, parts.wholes
                summed = parts.sum(least[rows])
                exceeded = self.reported[wholes] & (summed > limit[wholes])
                exceeded &= parts.sum(members[rows]) > 0
                below[wholes] |= exceeded
                below[rows] |= exceeded[parts.of] & self.reported[rows]
                members[wholes] = np.where(exceeded, summed, members[wholes])
        members = np.where(below, np.maximum(members, self.low), members)
        return cell, below, members


_ROWS: WeakKeyDictionary[Columns, SystemRows] = WeakKeyDictionary()
_SYSTEMS: WeakKeyDictionary[Columns, dict[object, CountSystems]] = WeakKeyDictionary()


def systems_of(
    columns: Columns,
    exhaustive: frozenset[str] = frozenset(),
    reading: str = LEAVE_OUT,
    names: frozenset[str] = frozenset(),
) -> CountSystems:
    """Return the systems of a table, cached.

    `exhaustive` are the dimensions whose listed categories include every person of known category,
    and `reading` is the reading of totals that their parts exceed. `names` are the dimensions of
    the query: where the rows of these dimensions agree, and rows of further ones contradict them,
    the system has the former alone.
    """
    known = _SYSTEMS.setdefault(columns, {})
    if columns not in _ROWS:
        rows = SystemRows.of(columns).with_margins().with_member_rows()
        _ROWS[columns] = rows.with_parts().with_margins().extended()
    rows = _ROWS[columns]
    names = names.intersection(rows.categories)
    names = names or frozenset(rows.categories)
    key, whole = (exhaustive, reading, names), (exhaustive, LEAVE_OUT)
    if whole not in known:
        known[whole] = SystemSolver(rows, exhaustive).result()
    if key not in known:
        result = known[whole]
        if reading == "parts" and result.parts_above.any():
            rows = rows.with_counts(result.parts_above, result.summed)
            result = SystemSolver(rows, exhaustive).result()
        known[key] = (
            result.as_published()
            if reading == "published"
            else _of_dimensions(result, rows, exhaustive, names)
        )
    return known[key]


def _of_dimensions(
    systems: CountSystems, rows: SystemRows, exhaustive: frozenset[str], names: frozenset[str]
) -> CountSystems:
    """Return the systems without rows that contradict others, as far as other rows allow it.

    The rows of some dimensions, `names`, come before the further rows that concern the same
    persons. Counts that follow only from rows that contradict each other have no support.
    """
    margin = rows.margins(names)
    own, clash = margin == np.arange(len(margin)), systems.wrong
    # A published area and its members are one contradiction, which the area shows.
    chosen = rows.in_groups_of(clash) & ~rows.in_groups_of(systems.below)
    if not (clash & chosen).any():
        return systems
    # First without the further rows that contradict others or are about the same persons.
    marked = systems.wrong_in(names) & own & chosen
    further = (clash | marked[margin]) & ~own & chosen
    result, wrong = systems, marked
    if further.any():
        alone = _without(rows, further, chosen, exhaustive)
        empty = np.any([line.empty for line in alone.lines.values()], axis=0)
        wrong = np.zeros(len(own), dtype=np.bool_)
        wrong[chosen] = (alone.wrong_in(names) | empty) & own[chosen]
        result = systems.with_rows_of(alone, chosen, chosen & own)
        # Also rows of the query that contradict their parts in further dimensions.
        beyond = [line.wrong for name, line in systems.lines.items() if name not in names]
        marked = np.any([marked, *beyond], axis=0) & own & chosen
        result = evolve(result, aside=marked & ~rows.in_groups_of(wrong))
    # Then also without the rows of the dimensions that contradict each other.
    left, stated = rows.in_groups_of(wrong), ~np.isin(rows.columns.numbers.reason, _MISSING)
    if wrong.any():
        sound = _without(rows, further | wrong, left, exhaustive)
        # Sums of published parts take part in a contradiction like published counts.
        fixed = stated.copy()
        fixed[left] |= sound.derived
        result = result.with_rows_of(sound, left, left & own & ~(wrong & fixed))
    return _with_both_readings(systems, result, chosen & own, stated)


def _without(
    rows: SystemRows, removed: Mask, groups: Mask, exhaustive: frozenset[str]
) -> CountSystems:
    """Solve some systems without the counts of some rows."""
    lacking = rows.with_counts(removed, Ranges.missing(len(removed))).select(groups)
    return SystemSolver(lacking, exhaustive).result()


def _with_both_readings(
    systems: CountSystems, result: CountSystems, query_rows: Mask, stated: Mask
) -> CountSystems:
    """Return a result with the bounds of all rows, where the two have no value in common.

    `query_rows` are rows of the query in systems with a contradiction, `stated` those with a count.
    """
    old, new = systems.columns.numbers, result.columns.numbers
    apart = (new.lower > old.upper) | (new.upper < old.lower)
    apart &= query_rows & ~stated & ~systems.wrong
    both = evolve(
        new,
        lower=np.where(apart, np.minimum(old.lower, new.lower), new.lower),
        upper=np.where(apart, np.maximum(old.upper, new.upper), new.upper),
    )
    wider = (both.lower < old.lower) | (both.upper > old.upper) | (systems.wrong & query_rows)
    derived = result.derived & ~apart
    # Counts that followed from all rows, and not from those without a contradiction.
    lost = systems.derived & ~derived & query_rows
    leaves_out = wider & query_rows & ~stated & ~lost & ~apart & ~result.wrong
    return evolve(
        result,
        columns=evolve(result.columns, numbers=both),
        derived=derived,
        hull=Ranges(both.lower, both.upper, derived | stated).where(apart, result.hull),
        unsupported=lost | apart,
        aside=result.aside | leaves_out,
    )
