"""Solution of systems of counts: the bounds that follow from all rows of each system.

1. The parts of each total along each dimension (`line_parts`), with their published counts.
2. Sweeps along each dimension, which narrow all bounds (`bound_sweeps`).
3. The readings of totals that other counts exceed (`count_readings`).
"""

import numpy as np
from attrs import evolve

from thbstats.columns import Floats, Index, Mask, Ranges
from thbstats.panel.bound_sweeps import BoundSweeps
from thbstats.panel.count_readings import AreaReadings, PartReadings, bounds_within_members
from thbstats.panel.line_parts import LineParts, PublishedLine
from thbstats.panel.system_rows import GROUPS, UNKNOWN, SystemRows, in_groups_of
from thbstats.panel.systems import CountSystems, allowed_excess
from thbstats.values import Reason

_KNOWN, _CONFLICTING = Reason.KNOWN.severity, Reason.CONFLICTING.severity
_MISSING = (Reason.BREAKDOWN_NOT_REPORTED.severity, Reason.NOT_REPORTED.severity)


class SystemSolver:
    """Systems with the bounds that follow from all of their rows."""

    def __init__(self, rows: SystemRows, exhaustive: frozenset[str]) -> None:
        self.rows = rows
        numbers = rows.columns.numbers
        self.apart, limits = rows.of_other_countries()
        self.reported: Mask = np.all([~self.apart, *(numbers.reason != own for own in _MISSING)], 0)
        self.source: Ranges = Ranges(limits.lower, limits.upper, self.reported)
        low, high = limits.lower.astype(np.float64), limits.upper.copy()
        further = numbers.unanswered  # Tables of cases document the cases without an answer
        self.answered: Mask = np.zeros(len(low), np.bool_) if further is None else further >= 0
        self.parts: dict[str, LineParts] = {}
        for name in rows.categories:
            whole = rows.wholes[name].copy()
            if rows.columns.schema[name].content != "citizenship":
                self._separate(name, whole)
            self.parts[name] = LineParts.along(rows, name, whole, exhaustive)
        if rows.groups is not None:
            self.parts[GROUPS] = LineParts.along(rows, "citizenship", rows.groups, frozenset())
        for parts in self.parts.values():
            self._allow_gaps(parts, low, high)
        self.sweeps: BoundSweeps = BoundSweeps(
            group=rows.group,
            source=self.source,
            low=low,
            high=high,
            lines=self._published(),
            exhaustive=exhaustive,
            empty=np.zeros(len(low), dtype=np.bool_),
            wrong={name: np.zeros(len(low), dtype=np.bool_) for name in self.parts},
        )

    def _allow_gaps(self, parts: LineParts, low: Floats, high: Floats) -> None:
        """Add the persons that are in a total but in no published part to the unknown category."""
        part, of, wholes = parts.part, parts.of, parts.wholes
        gap = parts.has_all & parts.is_everywhere & self.reported[wholes]
        gap &= ~parts.any(~self.reported[part])
        gap &= self.source.lower[wholes] > parts.sum(self.source.upper[part])
        if gap.any():
            left = self.source.upper[wholes] - parts.sum(self.source.lower[part])
            own = parts.unknown & gap[of]
            high[part[own]] = low[part[own]] + left[of[own]]

    def _separate(self, name: str, whole: Index) -> None:
        """Move sub-forms next to their parent category where only this adds up to the total.

        Prostitution is a part of sexual exploitation. 60 and 40 are all 100 victims, so that these
        40 are not among the 60. Next to a total of 60, they are:

        >>> import thbstats as thb
        >>> for total in (100, 60):
        ...     table = thb.CountTable.from_rows(
        ...         [("total", total), ("sexual", 60), ("prostitution", 40)],
        ...         columns=["exploitation", "value"], kind="victims", area="FR", period=2020,
        ...     )
        ...     rows = SystemRows.of(table.columns).completed()
        ...     parts = SystemSolver(rows, frozenset()).parts["exploitation"]
        ...     print(rows.wholes["exploitation"], parts.whole)
        [-1  0  1] [-1  0  0]
        [-1  0  1] [-1  0  1]
        """
        above = np.where(whole >= 0, whole[whole], -1)
        nested = np.flatnonzero(above >= 0)
        if not len(nested):
            return
        top = above.copy()
        while (further := np.where(top >= 0, whole[top], -1)).max() >= 0:
            top = np.where(further >= 0, further, top)
        low, size = self.source.lower, len(whole)
        point = self.reported & self.source.is_point
        # Unknown persons without a row do not decide. If their row has no count, the sum of nested
        # sub-forms and these persons can be the total too.
        unknown = np.array([word == UNKNOWN for word in self.rows.categories[name]], np.bool_)
        has_row = self.rows.example == np.arange(size)
        settled = point | (unknown[self.rows.codes[name]] & ~has_row)
        direct = np.flatnonzero((whole >= 0) & (above < 0))
        wide = np.bincount(whole[direct], low[direct], size)
        deep = np.bincount(top[nested], low[nested], size)
        vague = np.bincount(whole[direct], ~settled[direct], size)
        vague += np.bincount(top[nested], ~settled[nested], size)
        apart = point & (vague == 0) & (wide < low) & (wide + deep == low)
        # In tables of cases, sub-forms are in their parents. Cases without a form are in no part.
        apart &= ~in_groups_of(self.rows.group, self.answered)
        moved = nested[in_groups_of(self.rows.group, apart)[nested]]
        whole[moved] = top[moved]

    def _add_up(self, parts: LineParts, counts: Floats, stated: Mask) -> bool:
        """Add the parts of totals without a count, and return whether a total changed.

        `counts` are the least counts of all rows, and rows are `stated` if their own count is
        published or the counts of all of their known parts are. Both are changed in place.

        3 girls and 2 women are 5 female victims, who have no row of their own.
        """
        wholes, lows = parts.wholes, counts[parts.part]
        known, unknown = parts.sums(lows)
        least = (known if parts.is_everywhere else parts.known_largest(lows)) + unknown
        old, old_stated = counts[wholes], stated[wholes]
        new = np.where(self.reported[wholes], old, np.maximum(old, least))
        new_stated = old_stated | ~parts.any(~stated[parts.part] & ~parts.unknown)
        counts[wholes], stated[wholes] = new, new_stated
        return bool((new != old).any() or (new_stated != old_stated).any())

    def _published(self) -> dict[str, PublishedLine]:
        """Return the counts along each dimension as published."""
        source, reported = self.source, self.reported
        # The parts of a total can be sums along another dimension themselves. Along d dimensions,
        # a count reaches each total in d rounds.
        counts, stated = np.where(reported, source.lower, 0.0), reported.copy()  # (r,)
        for _ in self.parts:
            changes = [self._add_up(parts, counts, stated) for parts in self.parts.values()]
            if not any(changes):
                break
        self.counts: Floats = counts
        result = {}
        for name, parts in self.parts.items():
            lows, stated_whole = counts[parts.part], reported[parts.wholes]
            limit = np.where(stated_whole, source.upper[parts.wholes], np.inf)
            known, unknown = parts.sums(lows)
            result[name] = PublishedLine(
                parts=parts,
                counts=lows,
                unsettled=~stated[parts.part] & ~parts.unknown,
                reported=stated_whole,
                least=source.lower[parts.wholes].astype(np.float64),
                limit=limit,
                allowed=allowed_excess(limit),
                summed=known + unknown,
                largest=parts.known_largest(lows) + unknown,
                answered=parts.any(self.answered[parts.part]),
            )
        return result

    def _sources(self, name: str, wrong: Mask) -> Mask:
        """Return the counts that contradictory parts without a row add up, (r,).

        All 3 women are victims of sexual exploitation, within one country, and 1 woman is of
        unknown form: the sum of 4 exceeds the total. Women of sexual exploitation have a row for
        their movement only, which takes part in the contradiction. Where the parts with a row
        exceed their total alone, no other row does.

        >>> import thbstats as thb
        >>> names = ["sex", "exploitation", "movement"]
        >>> table = thb.CountTable.from_rows(
        ...     [("female", "total", "total", 3), ("female", "sexual", "internal", 3),
        ...      ("female", "unknown", "total", 1)],
        ...     columns=[*names, "value"], kind="victims", area="FR", period=2020,
        ... )
        >>> systems = SystemSolver(SystemRows.of(table.columns).completed(), frozenset()).result()
        >>> line, columns = systems.lines["exploitation"], systems.columns
        >>> for mask in (line.wrong & ~line.sources, line.sources):
        ...     for i in np.flatnonzero(mask):
        ...         print(*(columns[name][i] for name in names[1:]))
        total total
        unknown total
        sexual internal
        sexual total
        """
        line, parts = self.sweeps.lines[name], self.sweeps.lines[name].parts
        open_ = wrong & ~self.reported
        if not open_.any():
            return open_
        stated = np.where(self.reported[parts.part], line.counts, 0)
        known, unknown = parts.sums(stated)
        known = known if parts.is_everywhere else parts.known_largest(stated)
        alone = known + unknown > line.limit + line.allowed
        result, open_parts = np.zeros(len(wrong), np.bool_), np.flatnonzero(open_[parts.part])
        result[parts.part[open_parts[~alone[parts.of[open_parts]]]]] = True
        # Rows without a count are sums of their own parts, until no further part is found.
        n_found = 0
        while n_found < (n_found := int(np.count_nonzero(result))):
            follows = result & ~self.reported
            for own in self.sweeps.lines.values():
                result[self._parts_of_sums(own, follows)] = True
        return result

    def _parts_of_sums(self, line: PublishedLine, follows: Mask) -> Index:
        """Return the parts of rows without a count that give them their count, along one line.

        The count of such a row is the largest of its sums along all lines. Along a line with a
        smaller sum, no part is found. Where categories can overlap, the largest one is the sum.
        """
        parts, counts = line.parts, line.counts
        summed = line.summed if parts.is_everywhere else line.largest
        of_whole = follows[parts.wholes] & (summed == self.counts[parts.wholes])
        part = np.flatnonzero(of_whole[parts.of])
        part = part[counts[part] > 0]
        if not parts.is_everywhere and len(part):
            largest = parts.known_largest(counts)[parts.of[part]]
            part = part[parts.unknown[part] | (counts[part] == largest)]
        return np.asarray(parts.part[part])

    def result(self) -> CountSystems:
        """Return the rows with the bounds that follow from all rows."""
        lines, rows, columns = self.sweeps.run(), self.rows, self.rows.columns
        narrower = bounds_within_members(
            rows, self.reported | self.apart, self.sweeps.low, self.sweeps.high
        )
        if narrower is not None:
            self.sweeps.low, self.sweeps.high = narrower
            lines = self.sweeps.run()
        lines = {
            name: evolve(line, sources=self._sources(name, line.wrong))
            for name, line in lines.items()
        }
        numbers, n_rows = columns.numbers, int(rows.example.max(initial=-1)) + 1
        # 1. Reported counts keep the bounds of their source.
        stated = self.reported & (numbers.reason != _CONFLICTING)
        known, stated = self.reported | self.apart, stated | self.apart
        low = np.where(stated, numbers.lower, self.sweeps.low)
        high = np.where(stated, numbers.upper, self.sweeps.high)
        # 2. Totals that their parts or members exceed, and the counts of both readings.
        parts, areas = (
            PartReadings.of(lines, low, high),
            AreaReadings.of(
                rows, self.parts, self.reported, self.sweeps.low, Ranges(low, high, known)
            ),
        )
        below, both = areas.exceeded, parts.exceeded | areas.exceeded
        is_area = below & ~parts.exceeded
        hull_low = np.where(below, np.minimum(parts.hull_low, areas.members), parts.hull_low)
        hull_high = np.where(below, np.maximum(parts.hull_high, areas.members), parts.hull_high)
        summed_low = np.where(is_area, areas.members, parts.low)
        summed_high = np.where(is_area, areas.members_high, parts.high)
        # 3. Counts that contradict others, and those that follow from others.
        none = np.zeros(len(low), dtype=np.bool_)
        marks = [line.wrong | line.empty for line in lines.values()]
        wrong = np.any([none, below, *marks], axis=0)
        derived = ~known & (low == high) & ~wrong
        # 4. Totals without a row have the observation flags of their parts.
        flags = numbers.flags.copy()
        for line in self.parts.values() if flags.any() else ():
            inherits = line.part[line.whole[line.part] >= n_rows]
            np.bitwise_or.at(flags, line.whole[inherits], flags[inherits])
        lower = low.astype(np.int64)
        reason = np.where(derived, np.uint8(_KNOWN), numbers.reason)
        known = known | derived
        return CountSystems(
            columns=evolve(
                columns,
                numbers=evolve(numbers, lower=lower, upper=high, reason=reason, flags=flags),
            ),
            size=n_rows,
            group=rows.group,
            lines=lines,
            derived=derived,
            implied=Ranges(self.sweeps.low, self.sweeps.high, known),
            hull=Ranges(hull_low, hull_high, known),
            wrong=wrong,
            parts_above=both,
            summed=Ranges(summed_low, summed_high, self.reported),
            cell=areas.cell,
            below=below,
            unsupported=none,
            aside=none,
        )
