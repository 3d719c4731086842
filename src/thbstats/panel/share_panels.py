"""Shares as a panel: values, bounds and what is known of them."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import product
from typing import Any

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from thbstats._properties import cached_property
from thbstats.columns import Coded, Fractions, Index, Mask, Ranges
from thbstats.columns.ranges import any_of
from thbstats.languages import Message, capitalised, joined
from thbstats.panel.category_names import lowered, people_name
from thbstats.panel.cell_metadata import (
    count_kinds,
    coverage_of,
    flagged_breaks,
    flags_of,
    sets_of,
    sources_of,
    suppressions_of,
)
from thbstats.panel.completions import SearchStep, completions_of
from thbstats.panel.context import ContradictoryCounts, Excess, Suppressions
from thbstats.panel.contradictions import (
    Excesses,
    QueriedCounts,
    contradictions_of,
    excess_of,
    excesses_of,
    figures_of,
    joined_texts,
)
from thbstats.panel.kind import (
    Base,
    CountKind,
    ResultKind,
    Status,
    breakdown_name,
    common_label,
    count_label,
)
from thbstats.panel.one_dimension import OneDimension
from thbstats.panel.panel import Panel
from thbstats.panel.parts import Parts
from thbstats.panel.pooled_shares import PooledShares
from thbstats.panel.several_dimensions import SeveralDimensions
from thbstats.panel.share_bounds import OF_VALUE, Side
from thbstats.panel.share_questions import ShareQuestion
from thbstats.panel.system_rows import UNKNOWN
from thbstats.panel.systems import with_reading
from thbstats.records.kind_schema import KIND_TITLES


@lru_cache(maxsize=1024)
def _people_name(cell: tuple[tuple[str, str], ...]) -> str:
    return people_name(dict(cell))


def share_panel(question: ShareQuestion) -> Panel:
    """Return the shares of one category, or of all categories.

    A row of a sub-form is the share of this category alone where a country lists its wider form.
    """
    shares = Shares(question)
    if question.category is not None or not shares.nested.any():
        return shares.panel
    panel, width, nested = shares.panel, len(shares.categories), shares.read.any(shares.nested)
    parts, order = [panel], np.arange(len(panel))
    for c in np.flatnonzero(nested.any(axis=1)).tolist():
        alone = Shares(evolve(question, category=shares.words[c])).panel
        own, first = np.arange(c, len(panel), width), sum(len(part) for part in parts)
        order[own] = np.where(nested[c], first + np.arange(len(own)), own)
        parts.append(evolve(alone, keys=panel.take(own).keys))
    return evolve(Panel.concat(parts).take(order), caption=panel.caption)


class Shares(PooledShares):
    """Shares of c categories for n numbers."""

    @property
    def is_free(self) -> Mask:
        """The numbers whose categories no other count restricts, shape (n,)."""
        panel = self.panel.take(np.arange(len(self.overlaps)) * len(self.used))
        points = (self.counts.is_point | ~self.used).all(axis=0)
        alone = panel.area.table(lambda own: len(own.members) == 1, np.bool_)
        published = self.read.cells.expand(np.ones(len(self.read.cells.area), dtype=np.bool_))
        alone |= published & (panel.parts.sizes == 0)
        restricted = self.read.any(self.read.windows.counts.reported[0]) & self.suppressed
        return ~self.overlaps & (points | (alone & ~restricted))

    @property
    def leaves_room(self) -> Mask:
        """The numbers whose total admits each value of all categories within their bounds, (n,)."""
        total, unknown = self.whole[Side.FULL_BASE, 0], self.unknown
        parts = self.counts.where(self.used, Ranges.zero(*self.used.shape))
        result = parts.upper.sum(axis=0) + unknown.lower <= total.upper
        return np.asarray(result & (parts.lower.sum(axis=0) + unknown.upper >= total.lower))

    def reported(self, i: int) -> tuple[Ranges, bool]:
        """Return the categories of one number, and a flag for complete reports.

        They are those of the countries that reported each category, or else of the whole area.
        """
        rows, entries = np.flatnonzero(self.used[:, i]), self._reporting(i)
        part = self.sides[Side.PART][rows]
        index = i * len(self.used) + rows
        if len(rows) and not self.panel.value.missing[index].any():
            counts = self.panel.numerator.take(index)
            return Ranges(counts.lower, counts.upper, np.ones(len(index))), True
        if not len(rows) or not len(entries):
            return self.counts[rows, i], False
        return part[:, entries].sum(axis=1), True

    @cached_property
    def _positions(self) -> tuple[Index, Index]:
        """The number and the known category of each row: a number has one row per category."""
        width = len(self.categories)
        number, category = np.divmod(np.arange(len(self.question.grid) * width), width)
        return number, self.categories[category]

    def _per_row(self, column: Any) -> Any:
        """Return a column of numbers for all rows."""
        return column if len(self.categories) == 1 else column.take(self._positions[0])

    @cached_property
    def panel(self) -> Panel:
        """The shares as a panel: for each number one row per category."""
        grid, cells, (number, _) = self.question.grid, self.read.cells, self._positions
        counted, mixed = count_kinds(cells)
        status = self._status(mixed | cells.several)
        gone, has_value = status == Status.AMBIGUOUS, status == Status.OK
        value, bounds, with_unknown = self._numbers(gone)
        shown = _by_row(self.value.where(self.complete.some, self.whole[OF_VALUE]))
        numerator, denominator, unknown = Fractions.counts(shown[_SHOWN]).split()
        parts = self._parts()
        reporters, n_reporters = coverage_of(
            cells,
            parts.number[parts.reported],
            parts.members.take(parts.reported),
            self.complete.from_area.T.ravel(),
            number,
        )
        members = np.repeat(np.arange(len(grid)), self.read.sizes)
        excess = None if self.question.overlap is not None else self._excess()
        return Panel(
            indicator=Coded.constant("share", len(number)),
            kind=Coded.constant(ResultKind.SHARE, len(number)),
            area=self._per_row(grid.area),
            period=self._per_row(grid.period_of_numbers),
            numerator_kind=self._per_row(counted),
            denominator_kind=self._per_row(counted),
            reporters=reporters,
            expected=self._per_row(sets_of(members, self.read.member, len(grid))),
            sources=self._per_row(sources_of(cells)),
            breaks=self._per_row(flagged_breaks(cells)),
            suppression=self._suppression(),
            excess=Coded.constant(None, len(number)) if excess is None else self._per_row(excess),
            contradictions=self._per_row(self._contradictions()),
            status=status,
            bounds_attained=self._sharp.T.ravel() & (status != Status.CONTRADICTORY) & ~gone,
            complete=self._has_all_data.T.ravel() & value.is_point & has_value,
            derived=self._derived.T.ravel() & has_value,
            flags=flags_of(cells)[number],
            n_reporters=n_reporters,
            numerator=numerator,
            denominator=denominator,
            unknown=unknown,
            not_listed=Fractions.counts(_by_row(self.whole[Side.NOT_LISTED :])[0]),
            discrepancy=self._per_row(self._discrepancy()),
            value=value,
            bounds=bounds,
            bounds_with_unknown=with_unknown,
            parts=parts,
            **self._texts(counted),
        )

    def _texts(self, counted: Coded[CountKind]) -> dict[str, Any]:
        """Return the columns of the panel with the categories and names of each row.

        `counted` are the kinds of count of the numbers.
        """
        question, grid, (_, category) = self.question, self.question.grid, self._positions
        words, inside = self.selections.recorded, self._per_row(question.inside)
        base: Coded[Base] = self._per_row(question.bases(counted, self.overlaps))
        people = base.map(lambda own: own.label)
        if question.category is None:
            people = self._per_row(counted).combine(inside, count_label)
        label = common_label(people.compact().categories) or lowered(KIND_TITLES[grid.table.kind])
        keys = {name: self._per_row(column) for name, column in grid.keys.items()}
        if question.category is not None:
            name = _people_name(tuple(question.category.items()))
            caption: str = Message("{category} among {counted}", category=name, counted=label)
        else:
            caption = breakdown_name(label, question.names, question.base)
            for name in question.names:
                keys[name] = Coded(category, [cell[name] for cell in words])
        pairs = Coded(category, [tuple(cell.items()) for cell in words])
        people_names = Coded(category, map(_people_name, pairs.categories))

        def estimand(item: Base, own: str) -> str:
            text = Message("{category} among {counted}", category=own, counted=item.label)
            return with_reading(text, grid.reading)

        return {
            "caption": capitalised(caption),
            "keys": keys,
            "label": Coded(category, self.selections.labels),
            "estimand": base.combine(people_names, estimand),
            "category": inside.combine(pairs, lambda own, cell: tuple(dict([*own, *cell]).items())),
            "base": base,
        }

    @property
    def _sharp(self) -> Mask:
        """The bounds that a completion of the data attains, shape (c, n)."""
        cells, sharp = self.read.windows, self.solved.is_exact
        if not sharp.all():
            sharp = sharp | self._completed
        result = np.asarray(~any_of(~sharp[:, : cells.size], cells.start))
        if len(cells.area):
            rows = any_of(cells.present[:, : cells.size].any(axis=0), cells.start)
            result[:, cells.area] = sharp[:, len(cells.number) :] & ~rows[cells.area]
        return np.asarray(result[:, self.read.numbers].all(axis=1))

    @property
    def _rows(self) -> list[Index]:
        """The rows of the systems of numerator, total and unknown persons, (c, e) each."""
        known = self.read.both.known_row
        numerator = known[self.selections.cells[self.categories]]
        unknown: list[Index] = []
        if self.question.base == "known":
            unknown = [known[slots] for slots in self.selections.unknown_of(self.categories)]
        return [numerator, np.broadcast_to(known[0], numerator.shape), *unknown]

    @property
    def _searched(self) -> Mask:
        """The bounds of countries for which a search of completions is possible, (c, e).

        They are not single numbers, and nothing contradicts them. All counts have a row.
        """
        cells, sides = self.read.both, self.solved.sides
        part, complement, base = (sides[own] for own in (Side.PART, Side.COMPLEMENT, Side.BASE))
        possible = self.question.base == "all"
        if self.question.base == "known":
            possible = all(words[-1] == UNKNOWN for words in self.selections.words)
        if not possible or cells.systems.columns.numbers.unanswered is not None:
            return np.zeros(part.shape, dtype=np.bool_)
        result = np.isfinite(complement.upper) & np.isfinite(part.upper) & (base.upper > 0)
        result &= (part.lower + complement.upper > 0) & (part.upper + complement.lower > 0)
        result &= ~self.solved.contradictory & ~(part.is_point & complement.is_point)
        result &= np.logical_and.reduce([row >= 0 for row in self._rows])
        result[:, cells.size :] = False
        return np.asarray(result)

    @property
    def _completed(self) -> Mask:
        """The bounds of countries that completions attain, shape (c, e).

        The upper bound has the largest part and the smallest complement, the lower bound the
        reverse. A completion must have both counts. Example: 10 victims are 5 men and boys, and 1
        or 2 of unknown sex. Women and girls are at most 4 in 9 of the known victims. The search
        gives them 4, then the unknown victims the largest count that this leaves, 1, and then the
        total the smallest one, 10. The bound is proved, because 10 - 1 is 4 + 5.
        """
        result = self._searched
        if not result.any():
            return result
        part, complement = (self.solved.sides[own] for own in (Side.PART, Side.COMPLEMENT))
        # (t,) each: the upper bounds of all numbers, then their lower bounds.
        numerator, total, *unknown = (np.tile(row[result], 2) for row in self._rows)
        none, any_count = np.zeros(len(total), np.int64), np.full(len(total), 2**40)
        is_upper = np.arange(len(total)) < len(total) // 2
        count, others = (
            np.concatenate([first[result], last[result]]).astype(np.int64)
            for first, last in ((part.upper, part.lower), (complement.lower, complement.upper))
        )
        base = count + others
        # The base is small with many unknown persons and a small total, and the reverse.
        limits = (none, any_count) if unknown else (base, base)
        steps = [
            SearchStep(row=numerator, low=count, high=count, is_large=is_upper),
            *(SearchStep(row=row, low=none, high=any_count, is_large=is_upper) for row in unknown),
            SearchStep(row=total, low=limits[0], high=limits[1], is_large=~is_upper),
        ]
        reached, counts = completions_of(self.read.both.systems).reach(steps)
        proved = reached & (counts[-1] - counts[1:-1].sum(axis=0) == base)
        result[result] = proved.reshape(2, -1).all(axis=0)
        return result

    @property
    def _has_all_data(self) -> Mask:
        """The numbers with complete, consistent and exact data of all countries, (c, n)."""
        points: Mask = np.asarray(self.solved.sides[: Side.BASE].is_point.all(axis=0))
        if isinstance(self.solved, OneDimension):
            points = points & ~self.solved.sum_of_parts.discrepant
        exact = self.complete.by_country & points[:, self.read.entries].all(axis=1)
        sizes = self.question.grid.sizes
        every = ~any_of(~exact, self.read.start) & (self.read.sizes == sizes) & (sizes > 0)
        return np.asarray(every | (self.complete.from_area & self.complete.all_listed))

    @property
    def _derived(self) -> Mask:
        """Whether a value of each number follows from other rows of a country, shape (c, n)."""
        cells, derived = self.read.windows, self.read.windows.derived
        own = derived[0] | derived[self.selections.cells[self.categories]]
        if self.question.base != "all":
            for slots in self.selections.unknown_of(self.categories):
                own = own | derived[slots]
        own = own | (cells.row[self.selections.cells[self.categories]] < 0)
        own = own & self.complete.entries
        if len(cells.area):
            own[:, : cells.size] &= ~cells.expand(self.complete.entries[:, cells.size :])[
                :, cells.number[: cells.size]
            ]
        return self.read.any(own)

    def _numbers(self, gone: Mask) -> tuple[Fractions, Fractions, Fractions]:
        """Return value, bounds and bounds with unknown of each row."""
        counts, whole = _by_row(self.value), _by_row(self.whole)
        # (6, 3, rows): the sides of the three numbers. The least part is among most others, and the
        # reverse. All counts of a denominator can be 0 if the last four can.
        low, high = (
            np.concatenate(own)[_OF_NUMBERS]
            for own in ((counts.lower, whole.lower), (counts.upper, whole.upper))
        )
        empty = (low[2:] == 0).all(axis=0)
        part, others = Ranges(low[2], high[0], empty), Ranges(low[1], high[3], empty)
        value, bounds, with_unknown = Fractions.shares(part, others, empty).split()
        if len(self.read.cells.area):
            with_unknown = with_unknown.hull(bounds)
        missing = ~self.complete.some.T.ravel() | gone
        return value.without(missing), bounds.without(gone), with_unknown.without(gone)

    def _status(self, mixed: Mask) -> NDArray[np.int8]:
        """Return the status of each row."""
        some, windows = self.complete.some, self.read.windows
        conflicts, alone = windows.conflicting, self.question.grid.sizes == 1
        status = np.full(some.shape, Status.OK, dtype=np.int8)
        if not some.all():
            status[~some] = self._reason_for_none()[~some]
        own = self.read.any(conflicts[0] | conflicts[self.selections.cells[self.categories]])
        status[some & own & alone] = Status.CONFLICTING
        status[:, mixed] = Status.AMBIGUOUS
        return status.T.ravel()

    def _reason_for_none(self) -> NDArray[np.int8]:
        """Return the status of numbers without complete and consistent data, (c, n)."""
        windows = self.read.windows
        listed, size = self.read.any(windows.present), len(windows.number)
        known = self.read.any(windows.present[self.selections.cells] & self.choice.in_use[:, :size])
        anything = listed[0] | known.any(axis=0) | self.read.absent
        anything = anything | listed[self.selections.unknown].any(axis=0)
        no_total = ~listed[0] & known.any(axis=0)
        # Rows of further dimensions, such as women and girls by citizenship, without their total.
        divided = self.read.any(windows.row[self.selections.cells] >= 0).any(axis=0) & ~anything
        contradictory = self.read.any(self.solved.contradictory[..., :size])
        status = np.full(self.complete.some.shape, Status.NOT_REPORTED, dtype=np.int8)
        status[:, ~anything] = Status.NO_DATA
        status[:, (no_total & (self.question.base == "all")) | divided] = Status.NO_TOTAL
        if self.question.category is None:
            status[~self.used] = Status.NO_DATA
        status[contradictory] = Status.CONTRADICTORY
        return status

    def _suppression(self) -> Suppressions:
        """Return the suppressed counts in the value of each row."""
        cells, size, width = self.read.windows, len(self.question.grid), len(self.categories)
        if not cells.suppressed.any():
            return Suppressions.none(size * width)
        from_area = np.repeat(self.complete.from_area, len(self.read.numbers), axis=1)
        values = self.complete.entries & ~from_area[:, cells.number]
        values[:, cells.size :] = self.complete.entries[:, cells.size :]
        used = np.zeros(cells.row.shape, dtype=np.bool_)
        used[0] = True
        used[self.selections.cells] = self.choice.in_use[:, : len(cells.number)]
        used[self.selections.unknown] = True
        used[:, cells.size :] = True
        result = []
        joined = self.read.cells
        for row, category in enumerate(self.categories.tolist()):
            mask = used & values[row]
            if self.question.base == "all":
                mask[:] = False
                mask[[0, self.selections.cells[category]]] = values[row]
            result.append(suppressions_of(joined, mask))
        order = np.arange(size * width).reshape(width, size).T.ravel()
        return Suppressions.concat(result).take(order)

    def _discrepancy(self) -> Fractions:
        """Return the total of each number minus its parts, if all are reported."""
        cells, n, solved = self.read.cells, len(self.question.grid), self.solved
        if self.question.base == "responses" or isinstance(solved, SeveralDimensions):
            return Fractions.none(n)
        unknown, countries = solved.unknown, cells.countries
        values = unknown.has_discrepancy[countries]
        if not values.any():
            return Fractions.none(n)
        low, high = unknown.discrepancy.low[countries], unknown.discrepancy.high[countries]
        certain = values & ((low > 0) | (high < 0))
        mask = values & (certain | ~any_of(certain, cells.start)[cells.number[countries]])
        # The first such country of each number.
        first, entries = np.full(n, -1, dtype=np.intp), np.flatnonzero(mask)[::-1]
        first[cells.number[entries]] = entries
        ends = []
        for side in (low, high):
            bound = side[np.maximum(first, 0)]
            bounded = np.isfinite(bound)
            ends += [np.where(bounded, bound, 0).astype(np.int64), bounded.astype(np.int64)]
        return Fractions(*[*ends, np.zeros(n, dtype=np.bool_), first < 0])

    def _excess(self) -> Coded[Excess | None]:
        """Return the sums of categories of each number that certainly overlap."""
        cells = self.read.cells
        overlapping = self.solved.overlaps[: len(cells.number)]
        if not overlapping.any():
            return Coded.constant(None, len(cells.grid))
        used = np.zeros(cells.row.shape, dtype=np.bool_)
        used[self.selections.cells] = self.choice.in_use[:, : len(cells.number)]
        used[self.selections.unknown] = cells.row[self.selections.unknown] >= 0
        if self.selections.category is not None and len(self.question.names) == 1:
            # A part of a category is included in that category.
            around = np.flatnonzero(self.selections.wider[0][self.selections.category])
            own = self.selections.cells[self.selections.category]
            used[own] &= ~used[self.selections.cells[around]].any(axis=0)
        return excesses_of(cells, used[1:], overlapping)

    def _contradictions(self) -> Any:
        """Return the contradictory and conflicting counts of each number."""
        cells, selections, solved = self.read.windows, self.selections, self.solved
        countries = cells.countries
        # Contradictions of several dimensions at once have no text of their own.
        wrong = solved.contradictory[..., countries].any(axis=0)
        has_text = wrong.any() or cells.of_rows(cells.systems.has_text).any()
        if isinstance(solved, OneDimension):
            has_text = has_text or solved.sum_of_parts.discrepant[countries].any()
        if not has_text:
            return Coded.constant((), len(self.question.grid))
        words = selections.texts
        used = np.zeros((len(cells.row), cells.size), dtype=np.bool_)
        used[0] = True
        used[selections.cells] = self.choice.in_use[:, countries]
        used[selections.unknown] = True
        excesses = self._excesses_of_parts(words, used)
        for entry in np.flatnonzero(wrong).tolist():
            excesses.setdefault(entry, [])
        slots, margins = np.concatenate([[0], selections.cells[self.categories]]), []
        if self.question.base != "all":
            slots = np.concatenate([slots, *selections.unknown_of(self.categories)])
        if selections.category is not None:
            sides = ((0, own) for own in selections.index[:, selections.category].tolist())
            margins = [int(selections.slots(*index)) for index in product(*sides)]
        query = QueriedCounts(
            words=words,
            used=used,
            slots=slots,
            others=selections.unknown[: 0 if self.question.base == "all" else None],
            margins=margins,
            names=self.question.dimensions,
            outside=self.question.judged_apart,
        )
        return joined_texts(contradictions_of(cells, query, excesses), len(self.read.numbers))

    def _excesses_of_parts(self, words: Sequence[str], used: Mask) -> Excesses:
        """Return the totals that their parts along one dimension exceed, with their texts.

        `words` names the selections, and `used` has those of each country.
        """
        cells, selections, result = self.read.windows, self.selections, Excesses()
        if isinstance(self.solved, SeveralDimensions):
            return result
        judged, (name,) = self.solved.sum_of_parts, self.question.names
        wrong, slips = judged.exceeded[: cells.size], judged.discrepant[: cells.size]
        for entry in np.flatnonzero(wrong | slips).tolist():
            by_slot = figures_of(cells, entry, words, used[:, entry], name)
            figures = joined(by_slot.values(), ", ")
            text = Message(
                "small excess of the parts over their total ({figures})", figures=figures
            )
            excess = ContradictoryCounts(text=text, dimension=name)
            if wrong[entry]:
                counts, in_use = cells.counts[:, entry], self.choice.in_use[:, entry]
                excess = excess_of(
                    name,
                    counts.interval(0),
                    [text for slot, text in by_slot.items() if slot],
                    known=int(counts.lower[selections.cells][in_use].sum()),
                    unknown=int(counts.lower[selections.unknown].sum()),
                    figures=figures,
                )
            result[entry] = [(bool(wrong[entry]), excess)]
        return result

    def _parts(self) -> Parts:
        """Return the counts of each country in each row."""
        width, start, size = len(self.categories), self.read.start, int(self.read.start[-1])
        counted = self.read.windows.counts.reported[:, : self.read.windows.size].any(axis=0)
        reported = any_of(counted, self.read.cells.start)
        entries: Any = slice(size)
        index: Any = 0, entries
        if width > 1 or not reported.all():
            rows = np.repeat(np.where(reported, self.read.sizes, 0), width)
            first, start = np.repeat(start[:-1], width), np.concatenate([[0], np.cumsum(rows)])
            entries = np.arange(start[-1]) + np.repeat(first - start[:-1], rows)
            index = np.repeat(np.tile(np.arange(width), len(self.question.grid)), rows), entries
        sides = self.sides[(slice(None), *index)].split()
        positive = [Side.PART, Side.BASE, Side.FULL_COMPLEMENT, Side.FULL_BASE]
        return Parts(
            start=start,
            members=self.read.member.take(entries),
            numerator=sides[Side.PART],
            complement=sides[Side.COMPLEMENT],
            reported=self.complete.by_country[index],
            kind=Coded.constant(ResultKind.SHARE, len(start) - 1),
            numerator_with_unknown=sides[Side.PART_WITH_UNKNOWN],
            complement_with_unknown=sides[Side.COMPLEMENT_WITH_UNKNOWN],
            unknown=sides[Side.UNKNOWN],
            base=sides[Side.BASE],
            positive_with_unknown=np.any([sides[side].lower > 0 for side in positive], axis=0),
        )


_SHOWN = [Side.PART, Side.BASE, Side.UNKNOWN]
_PLAIN = [Side.PART, Side.COMPLEMENT, Side.PART, Side.COMPLEMENT, Side.BASE, Side.BASE]
_WITH_UNKNOWN = [
    Side.PART_WITH_UNKNOWN,
    Side.COMPLEMENT_WITH_UNKNOWN,
    Side.PART,
    Side.FULL_COMPLEMENT,
    Side.BASE,
    Side.FULL_BASE,
]
"""The sides of a share: largest part, least others; least part, most others, and denominators."""

_OF_NUMBERS = np.array([_PLAIN, [4 + own for own in _PLAIN], [4 + own for own in _WITH_UNKNOWN]]).T
"""(6, 3): these sides of value, bounds, and bounds with unknown, of `OF_VALUE` and all sides."""


def _by_row(counts: Ranges) -> Ranges:
    """Return categories and numbers as one column, number by number; first the sides."""
    columns = (counts.lower, counts.upper, counts.reported)
    return Ranges(*(own.transpose(0, 2, 1).reshape(len(own), -1) for own in columns))
