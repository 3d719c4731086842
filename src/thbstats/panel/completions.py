"""Completions of systems of counts: integers for all counts, which agree with all rows.

A bound is attained if a completion has it. A completion is built in steps: the counts of the query
get the values of the bound, and then one free count after the other gets its lower bound. After
each step, the sums narrow the counts that are left. Nothing is taken back, so that a completion can
exist and not be found.

Example: 10 victims are 3 women, 0 to 4 men, and 3 to 7 victims of unknown sex. The counts of men
and of unknown sex are free, and have one sum, of 7: with 4 men, 3 victims are of unknown sex. Both
are a component: no sum links them to other free counts, such as those of ages. The numbers of items
are

- g systems, each with the rows of one country and period (1), and r rows (4);
- v free counts (2), q sums of them (1), and e terms of these sums (2).
"""

from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from attrs import Factory, evolve, field, frozen
from numpy.typing import NDArray

from thbstats.columns import Floats, Index, Integers, Mask
from thbstats.columns.records import ColumnRecord, concat_fields
from thbstats.panel.system_rows import UNKNOWN, in_groups_of, is_long, kinds_of
from thbstats.panel.systems import CountSystems
from thbstats.vocabulary.codes import COMPLETE

_CAP = 2**40
"""The largest count of a completion."""

_NO_LIMIT = 2**60
_FEW = 1000
"""The largest number of counts of which a selection takes longer than a sweep."""

_SWEEPS, _STEPS = 60, 120
"""The largest numbers of sweeps and steps of a search."""


def _ragged(start: Index, blocks: Index) -> tuple[Index, Index]:
    """Return the items of some blocks one after the other, and the place of the block of each.

    Blocks that start at 0, 2 and end at 5 have the items 0 1 and 2 3 4. The blocks 1, 0 have the
    items 2 3 4 0 1, at the places 0 0 0 1 1.
    """
    sizes = start[blocks + 1] - start[blocks]
    ends = np.cumsum(sizes)
    items = np.arange(ends[-1] if len(ends) else 0) + np.repeat(start[blocks] - ends + sizes, sizes)
    return items, np.repeat(np.arange(len(blocks)), sizes)


def _components(count: Index, sums: Index, n_counts: int, n_sums: int) -> Index:
    """Return the same number for counts that are in one sum, directly or by way of others."""
    result = np.arange(n_counts)
    while True:
        least, further = np.full(n_sums, n_counts), result.copy()
        np.minimum.at(least, sums, result[count])
        np.minimum.at(further, count, least[sums])
        further = further[further]
        if np.array_equal(further, result):
            return result
        result = further


def _starts(column: Index) -> Index:
    """Return the first position of each value of a column in order."""
    return np.flatnonzero(np.diff(column, prepend=-1))


def _minima(values: Index, sums: Index) -> Index:
    """Return for each term the smallest value in its sum; the sums are in order."""
    first = _starts(sums)
    return np.minimum.reduceat(values, first)[sums] if len(first) else values


def _negate(low: Integers, high: Integers, terms: Index) -> None:
    """Replace the bounds of some terms by those of their negative."""
    low[terms], high[terms] = -high[terms], -low[terms]


@frozen(kw_only=True, eq=False)
class FreeCounts:
    """Free counts, and sums of them with limits.

    The v counts are in the order of their components: counts of two components are in no sum
    together. The e terms are in the order of their sums.
    """

    low: Integers  # (v,): the bounds of each count
    high: Integers
    component: Index  # (v,)
    count: Index  # (e,): the count of each term, and whether the sum adds it
    added: Mask
    sum: Index  # (e,): the sum of each term
    least: Integers  # (q,): the limits of each sum
    most: Integers
    order: Index  # (e,): the terms in the order of their counts
    # The bounds do not change these. The first term of each sum, (q,), and of each count in the
    # order of counts; the subtracted terms, in the order of sums and of counts.
    first: Index = field(default=Factory(lambda own: _starts(own.sum), takes_self=True))
    start: Index = field(
        default=Factory(lambda own: _starts(own.count[own.order]), takes_self=True)
    )
    wholes: Index = field(default=Factory(lambda own: np.flatnonzero(~own.added), takes_self=True))
    wholes_in_order: Index = field(
        default=Factory(lambda own: np.flatnonzero(~own.added[own.order]), takes_self=True)
    )

    def narrowed(self, failed: Mask) -> tuple["FreeCounts", Mask]:
        """Return the counts within the limits of all sums, and the components without any.

        `failed` are components without any in an earlier step.
        """
        if not len(self.count):
            return self, failed
        low, high, own, order, failed = self.low, self.high, self.count, self.order, failed.copy()
        first, start, counts = self.first, self.start, own[order[self.start]]
        for _ in range(_SWEEPS):
            # A whole is a term with a minus: its bounds change places.
            least_terms, most_terms = low[own], high[own]
            _negate(least_terms, most_terms, self.wholes)
            # Each term is at most what the smallest other terms leave of the limit.
            room = (self.most - np.add.reduceat(least_terms, first))[self.sum] + least_terms
            need = (self.least - np.add.reduceat(most_terms, first))[self.sum] + most_terms
            most_terms, least_terms = np.minimum(most_terms, room), np.maximum(least_terms, need)
            # The narrowest bounds of all sums with the count.
            bottoms, tops = least_terms[order], most_terms[order]
            _negate(bottoms, tops, self.wholes_in_order)
            new_low, new_high = low.copy(), high.copy()
            new_low[counts] = np.maximum.reduceat(bottoms, start)
            new_high[counts] = np.minimum.reduceat(tops, start)
            changed = (new_low != low) | (new_high != high)
            failed[self.component[new_low > new_high]] = True
            low, high = new_low, new_high
            open_ = np.zeros(len(failed), dtype=np.bool_)
            open_[self.component[changed]] = True
            unsettled = (open_ & ~failed)[self.component]
            if not unsettled.any():
                return evolve(self, low=low, high=high), failed
            if len(unsettled) > _FEW and 2 * np.count_nonzero(unsettled) < len(unsettled):
                # Most components do not change further: go on without them.
                part = evolve(self, low=low, high=high).select(unsettled, with_points=True)
                part, failed = part.narrowed(failed)
                low[unsettled], high[unsettled] = part.low, part.high
                return evolve(self, low=low, high=high), failed
        failed[self.component[unsettled]] = True
        return evolve(self, low=low, high=high), failed

    def within(
        self, index: Index, low: Integers, high: Integers, failed: Mask
    ) -> tuple["FreeCounts", Mask]:
        """Return `narrowed` with limits for some counts."""
        lows, highs, failed = self.low.copy(), self.high.copy(), failed.copy()
        lows[index] = np.maximum(low, lows[index])
        highs[index] = np.minimum(high, highs[index])
        failed[self.component[index[lows[index] > highs[index]]]] = True
        return evolve(self, low=lows, high=highs).narrowed(failed)

    def select(self, keep: Mask, *, with_points: bool = False) -> "FreeCounts":
        """Return some components; counts with one value go into the limits of their sums."""
        free, constant = keep, np.zeros(1, dtype=np.int64)
        if not with_points:
            free = keep & (self.low < self.high)
            point = np.flatnonzero((keep & ~free)[self.count])
            value = self.low[self.count[point]]
            value = np.where(self.added[point], value, -value)
            # Sums of at most a few hundred counts are exact as numbers of 53 bits.
            sums = np.bincount(self.sum[point], value, len(self.least))
            constant = sums.astype(np.int64)
        left = free[self.count]
        is_first = np.diff(self.sum[left], prepend=-1) != 0
        sums, of_sum = self.sum[left][is_first], np.cumsum(is_first) - 1
        # Positions among the counts and the terms that are left: these keep their order.
        position, of_term = np.cumsum(free) - 1, np.cumsum(left) - 1
        return FreeCounts(
            low=self.low[free],
            high=self.high[free],
            component=self.component[free],
            count=position[self.count[left]],
            added=self.added[left],
            sum=of_sum,
            least=(self.least - constant)[sums],
            most=(self.most - constant)[sums],
            order=of_term[self.order[left[self.order]]],
        )

    def without_completion(self, failed: Mask) -> Mask:
        """Return the components without a value for each free count, as far as a search shows.

        `failed` are components without any in an earlier step.
        """
        sums, done = self, failed
        # Each way finds completions that the others do not find.
        for at_once, upper in ((True, True), (True, False), (False, True), (False, False)):
            done = done | ~sums._fill(done, at_once=at_once, upper=upper)
            sums = self.select(~done[self.component])
        return failed | ~done

    def _fill(self, failed: Mask, *, at_once: bool, upper: bool) -> Mask:
        """Give free counts a bound, one after the other; return components that do not admit this.

        With `at_once`, counts that are in no sum together get it in the same step.
        """
        sums = self
        for _ in range(_STEPS):
            free = (sums.low < sums.high) & ~failed[sums.component]
            if not free.any():
                return failed
            if 2 * np.count_nonzero(free) < len(free):
                alive = np.zeros(len(failed), dtype=np.bool_)
                alive[sums.component[free]] = True
                sums = sums.select(alive[sums.component])
                free = np.ones(len(sums.low), dtype=np.bool_)
            index = np.flatnonzero(free)
            if at_once:
                # A count that is the first one in all of its sums waits for no other.
                waits = np.zeros(len(free), dtype=np.bool_)
                own = np.where(free[sums.count], sums.count, len(free))
                waits[sums.count[own > _minima(own, sums.sum)]] = True
                index = index[~waits[index]]
            else:
                index = index[_starts(sums.component[index])]
            values = (sums.high if upper else sums.low)[index]
            sums, failed = sums.within(index, values, values, failed)
        failed[sums.component[sums.low < sums.high]] = True
        return failed


@frozen(kw_only=True, eq=False)
class SearchStep(ColumnRecord):
    """A count of each of k numbers that a search gives a bound, (k,) each."""

    row: Index
    low: Integers  # The limits of the count
    high: Integers
    is_large: Mask  # Whether it gets the upper bound that these leave


@frozen(kw_only=True, eq=False)
class SumTerms:
    """The e terms of q sums of rows: the parts of a whole less the whole, which is 0 or less."""

    row: Index  # (e,): the row of each term, the number of its sum, and whether the sum adds it
    sum: Index
    added: Mask
    least: Integers  # (q,): the least value of each sum; 0 where each person is in a part

    @classmethod
    def of_wholes(cls, wholes: Index, *parts: tuple[Index, Index], least: Integers) -> "SumTerms":
        """Return one sum per whole, from rows of parts and the whole to which each belongs."""
        number = np.arange(len(wholes))
        return cls(
            row=np.concatenate([*(rows for rows, _ in parts), wholes]),
            sum=np.concatenate([*(of for _, of in parts), number]),
            added=np.repeat([True, False], [sum(len(of) for _, of in parts), len(number)]),
            least=least,
        )

    @classmethod
    def of_systems(cls, systems: CountSystems) -> "SumTerms":
        """Return the sums of each whole along each dimension."""
        nothing: Index = np.zeros(0, dtype=np.intp)
        result = [cls.of_wholes(nothing, (nothing, nothing), least=nothing)]
        for name, line in systems.lines.items():
            column, part = systems.columns[name], np.flatnonzero(line.whole >= 0)
            unknown = np.array([word == UNKNOWN for word in column.categories], np.bool_)
            divisions = [np.ones(len(column.categories), dtype=np.bool_)]
            if line.dimension.content == "citizenship":
                # Groups of citizenship and countries are two divisions of the same persons.
                divisions = [own | unknown for own in kinds_of(line.dimension, column.categories)]
            for division in divisions:
                own = part[division[column.codes[part]]]
                overlaps, is_unknown = line.overlaps[line.whole[own]], unknown[column.codes[own]]
                # Categories that overlap have one sum each, in which the unknown persons are too.
                alone, unknown_part = own[overlaps & ~is_unknown], own[overlaps & is_unknown]
                of_whole = np.full(len(line.whole), -1, dtype=np.intp)
                of_whole[line.whole[unknown_part]] = unknown_part
                of_unknown = np.flatnonzero(of_whole[line.whole[alone]] >= 0)
                unknown_part = of_whole[line.whole[alone[of_unknown]]]
                pairs = (alone, np.arange(len(alone))), (unknown_part, of_unknown)
                none = np.full(len(alone), -_NO_LIMIT)
                result.append(cls.of_wholes(line.whole[alone], *pairs, least=none))
                # Exclusive categories have one sum for each whole.
                own = own[~overlaps]
                is_whole = np.zeros(len(line.whole), dtype=np.bool_)
                is_whole[line.whole[own]] = True
                wholes, of = np.flatnonzero(is_whole), (np.cumsum(is_whole) - 1)[line.whole[own]]
                closed = line.complete[wholes] & (len(divisions) == 1)
                least = np.where(closed, 0, -_NO_LIMIT)
                result.append(cls.of_wholes(wholes, (own, of), least=least))
        first = np.cumsum([0, *(len(own.least) for own in result)])
        joined = concat_fields(result, ("row", "sum", "added", "least"))
        joined["sum"] += np.repeat(first[:-1], [len(own.sum) for own in result])
        return cls(**joined)

    def select(self, terms: Mask | Index) -> "SumTerms":
        """Return some terms, by a mask or in an order."""
        return evolve(self, row=self.row[terms], sum=self.sum[terms], added=self.added[terms])

    def total(self, added: Any, subtracted: Any) -> Any:
        """Return the sum of values of the rows in each sum, and of others in the wholes, (q,)."""
        values = np.where(self.added, added[self.row], -subtracted[self.row])
        return np.bincount(self.sum, values, len(self.least))


def _without_cells(systems: CountSystems) -> Mask:
    """Return the rows of systems without cells of which all rows are sums.

    Rows contradict each other, or a completion of the rows need not be one of cells. It is, if all
    cells of sex and age have a row, and no row lists two of the other dimensions. Groups of
    citizenship have one value each where citizens of countries are counted, and the other way.
    """
    lines, columns = systems.lines, systems.columns
    wrong = systems.wrong | systems.unsupported | systems.aside
    wrong = np.any([wrong, *(line.empty for line in lines.values())], axis=0)
    listed = {name: line.whole >= 0 for name, line in lines.items()}
    none = np.zeros(len(wrong), dtype=np.bool_)
    in_cells = np.any([none, *(listed[own] for own in lines if own in COMPLETE)], axis=0)
    further = np.sum([none, *(listed[own] for own in lines if own not in COMPLETE)], axis=0)
    for name in lines:
        words = columns[name].categories
        if is_long(words):
            wrong |= in_cells & listed[name]
        if lines[name].dimension.content == "citizenship":
            # Persons of a country are in one of the groups, which no sum of the system shows.
            groups, countries = kinds_of(lines[name].dimension, words)
            groups &= np.array([word != UNKNOWN for word in words], np.bool_)
            kinds = [
                listed[name] & own[columns[name].codes]
                for own in (groups & ~countries, countries & ~groups)
            ]
            persons, free = systems.implied.lower > 0, systems.implied.lower < systems.implied.upper
            for own, other in (kinds, kinds[::-1]):
                wrong |= own & free & in_groups_of(systems.group, other & persons)
    return np.asarray(wrong | (further > 1))


@frozen(kw_only=True, eq=False)
class ComponentStarts:
    """The first count, term and sum of each component, and the end of the last one."""

    counts: Index
    terms: Index
    sums: Index

    @classmethod
    def of(cls, sums: FreeCounts) -> "ComponentStarts":
        """Return the starts of the components of counts, which are in their order."""
        every = np.arange(int(sums.component.max(initial=-1)) + 2)
        of_term = sums.component[sums.count]
        return cls(
            counts=np.searchsorted(sums.component, every),
            terms=np.searchsorted(of_term, every),
            sums=np.searchsorted(of_term[sums.first], every),
        )


def _name_ranks(systems: CountSystems) -> list[Index]:
    """Return the rank of the name of the category of each row, for each dimension, (r,)."""
    result = []
    for name in sorted(systems.lines):
        column = systems.columns[name]
        rank = np.argsort(np.argsort(np.array(column.categories, dtype=np.str_)))
        result.append(rank[column.codes])
    return result


class Completions:
    """Searches for completions of the systems of a table."""

    def __init__(self, systems: CountSystems) -> None:
        # (r,): the system and the bounds of each row.
        self.group: Index = systems.group
        self.low: Integers = systems.implied.lower
        self.high: Integers = np.minimum(systems.implied.upper, _CAP).astype(np.int64)
        terms = SumTerms.of_systems(systems)
        smallest, largest = terms.total(self.low, self.high), terms.total(self.high, self.low)
        # (g,): systems with rows that contradict each other, or whose rows are no sums of cells.
        wrong = _without_cells(systems)
        wrong[terms.row[((smallest > 0) | (largest < terms.least))[terms.sum]]] = True
        self.excluded: Mask = np.zeros(int(self.group.max(initial=-1)) + 1, dtype=np.bool_)
        self.excluded[self.group[wrong]] = True
        # (r,): counts that can have several values. Sums that hold for all of them need no check.
        free = (self.low < self.high) & ~self.excluded[self.group]
        is_open = (largest > 0) | (smallest < terms.least)
        open_terms = terms.select(free[terms.row] & is_open[terms.sum])
        counts, self.component = self._ordered(systems, np.flatnonzero(free), open_terms)
        # (r,): the place of each row among the free counts, or -1.
        self.position: Index = np.full(len(self.group), -1, dtype=np.intp)
        self.position[counts] = np.arange(len(counts))
        # Counts with one value are a part of the limit of their sums: of
        # 3 + men + unknown - 10 = 0, the sum of men and unknown is 7, and the constant is -7.
        fixed = np.where(free, 0, self.low)
        constants = terms.total(fixed, fixed).astype(np.int64)
        self.sums: FreeCounts = self._free_counts(counts, open_terms, constants)
        self.starts: ComponentStarts = ComponentStarts.of(self.sums)
        # (g + 1,): the first component of each system.
        systems_of = self.group[counts[self.starts.counts[:-1]]]
        self.first: Index = np.searchsorted(systems_of, np.arange(len(self.excluded) + 1))
        # What searches find. (r,): the bounds without values that agree with no other counts, after
        # the first use.
        self.bounds: tuple[Integers, Integers] = self.low.copy(), self.high.copy()
        self.is_narrow: Mask = np.zeros(len(self.group), dtype=np.bool_)
        # By the limits of its steps, whether a number was reached, and its counts.
        self.results: dict[bytes, tuple[bool, list[int]]] = {}
        # (g,): whether a completion of each system was found; -1 before the search.
        self.found: NDArray[np.int8] = np.where(self.excluded, 0, -1).astype(np.int8)

    def _ordered(self, systems: CountSystems, free: Index, terms: SumTerms) -> tuple[Index, Index]:
        """Return the rows of free counts in order, (v,), and the component of each row, (r,).

        The order is that of systems and components, then of the names of categories: the order of
        the rows of a table never matters.
        """
        linked = _components(terms.row, terms.sum, len(self.group), len(terms.least))
        keys = (*_name_ranks(systems), linked, self.group)
        counts = free[np.lexsort([own[free] for own in keys])]
        component = np.zeros(len(self.group), dtype=np.intp)
        component[counts] = np.cumsum(np.diff(linked[counts], prepend=linked[counts[:1]]) != 0)
        return counts, component

    def _free_counts(self, counts: Index, terms: SumTerms, constants: Integers) -> FreeCounts:
        """Return the free counts of some rows, (v,), with their sums in the order of components.

        `constants` are the sums of all other counts, (q,).
        """
        terms = terms.select(np.lexsort((terms.sum, self.component[terms.row])))
        first, count = _starts(terms.sum), self.position[terms.row]
        sums = terms.sum[first]
        return FreeCounts(
            low=self.low[counts],
            high=self.high[counts],
            component=self.component[counts],
            count=count,
            added=terms.added,
            sum=np.repeat(np.arange(len(first)), np.diff(first, append=len(terms.row))),
            least=(terms.least - constants)[sums],
            most=-constants[sums],
            order=np.argsort(count, kind="stable"),
        )

    def _copies(self, components: Index) -> tuple[FreeCounts, Index]:
        """Return a copy of the counts of each of c components, which can repeat, and the steps.

        The position of a count and the step of a copy, (c,), make the place of the count in it.
        Components of the counts 0 1 and 2 3 4 have the starts 0, 2 and 5. Copies of the components
        1, 0 and 1 have the counts 2 3 4, 0 1 and 2 3 4: the steps are -2, 3 and 3. In the third
        copy, count 2 has the place 2 + 3 = 5.
        """
        own, starts = self.sums, self.starts
        counts, of_count = _ragged(starts.counts, components)
        terms, of_term = _ragged(starts.terms, components)
        sums, _ = _ragged(starts.sums, components)
        step, step_of_terms, step_of_sums = (
            np.cumsum(start[components + 1] - start[components]) - start[components + 1]
            for start in (starts.counts, starts.terms, starts.sums)
        )
        # The copies are components of their own.
        return FreeCounts(
            low=own.low[counts],
            high=own.high[counts],
            component=of_count,
            count=own.count[terms] + step[of_term],
            added=own.added[terms],
            sum=own.sum[terms] + step_of_sums[of_term],
            least=own.least[sums],
            most=own.most[sums],
            # The terms of a component have the same places in both orders.
            order=own.order[terms] + step_of_terms[of_term],
        ), step

    def _search(self, groups: Index) -> None:
        """Search a completion of some systems."""
        open_ = np.unique(groups[self.found[groups] < 0])
        components, system = _ragged(self.first, open_)
        failed = np.zeros(len(components), dtype=np.bool_)
        failed = self._copies(components)[0].without_completion(failed)
        self.found[open_] = 1
        self.found[open_[system[failed]]] = 0

    def reach(self, steps: Sequence[SearchStep]) -> tuple[Mask, Integers]:
        """Return, for k numbers, whether a completion has some counts, and the counts.

        The count of a step gets the upper or lower bound within its limits that the steps before
        leave. The counts are (steps, k).

        In the example of the module, k is 1, and the steps are men with the limits 4 and 4, then
        unknown sex with the limits 0 and 10, small: the counts are ``[[4], [3]]``, and reached.
        With the limits 0 and 2 in the second step, the count 3 is not within them: not reached.

        A search takes most of the time of a query, so that its result is kept for each number.
        """
        columns = [own for step in steps for own in (step.row, step.low, step.high, step.is_large)]
        keys = [key.tobytes() for key in np.stack(columns, axis=1).astype(np.int64)]
        new = np.flatnonzero([key not in self.results for key in keys])
        if len(new):
            reached, counts = self._reach([step.take(new) for step in steps])
            results = zip(reached.tolist(), counts.T.tolist(), strict=True)
            self.results |= zip([keys[i] for i in new.tolist()], results, strict=True)
        known = [self.results[key] for key in keys]
        counts = np.array([own for _, own in known], dtype=np.int64).reshape(-1, len(steps)).T
        return np.array([own for own, _ in known], dtype=np.bool_), counts

    def _reach(self, steps: Sequence[SearchStep]) -> tuple[Mask, Integers]:
        """Search completions for numbers that were not searched before, as `reach`."""
        rows = np.stack([step.row for step in steps])  # (steps, k)
        groups, positions, counts = self.group[rows[0]], self.position[rows], self.low[rows]
        self._search(groups)
        reached = self.found[groups] == 1
        free = (positions >= 0) & reached
        # 1. A number changes its own copy of each component with a free count of its steps. A key
        # is a pair of a number and a component; `copy` is the place of its copy, (steps, k).
        n_components = len(self.starts.counts)
        keys = np.arange(rows.shape[1]) * n_components + self.component[rows]
        copied = np.unique(keys[free])
        number, component = np.divmod(copied, n_components)
        copy = np.searchsorted(copied, keys)
        sums, shift = self._copies(component)
        failed = np.zeros(len(copied), dtype=np.bool_)
        # 2. Each step limits the count of all numbers, then it gets a bound.
        for i, step in enumerate(steps):
            own = np.flatnonzero(free[i])
            position = positions[i, own] + shift[copy[i, own]]
            sums, failed = sums.within(position, step.low[own], step.high[own], failed)
            bounds = sums.low[position], sums.high[position]
            counts[i, own] = np.where(step.is_large[own], bounds[1], bounds[0])
            reached &= (step.low <= counts[i]) & (counts[i] <= step.high)
            if (bounds[0] < bounds[1]).any():
                sums, failed = sums.within(position, counts[i, own], counts[i, own], failed)
        # 3. Complete the other counts in the copies of numbers that are reached so far.
        failed = sums.without_completion(failed | ~reached[number])
        reached[number[failed]] = False
        return reached, counts

    def ranges(self, rows: Index) -> tuple[Integers, Floats]:
        """Return the bounds of some rows, without values that agree with no other counts."""
        new = np.unique(rows[~self.is_narrow[rows]])
        new = new[(self.position[new] >= 0) & (self.high[new] < _CAP)]
        for bound, end, sign in ((*self.bounds, 1), (*self.bounds[::-1], -1)):
            # Signs make each bound a lower one. Most bounds are values of the count.
            own = new[self._fails(new, bound[new], bound[new])]
            start, stop = sign * bound[own] + 1, sign * end[own]
            while (start < stop).any():
                middle = (start + stop) // 2
                fails = self._fails(own, *np.sort([sign * start, sign * middle], axis=0))
                start, stop = np.where(fails, middle + 1, start), np.where(fails, stop, middle)
            bound[own] = sign * stop
        self.is_narrow[rows] = True
        low, high = (bound[rows] for bound in self.bounds)
        return low, np.where(high < _CAP, high, np.inf)

    def _fails(self, rows: Index, low: Integers, high: Integers) -> Mask:
        """Return whether limits of a free count leave another count without a value."""
        position = self.position[rows]
        sums, shift = self._copies(self.component[rows])
        return sums.within(position + shift, low, high, np.zeros(len(rows), np.bool_))[1]


_COMPLETIONS: WeakKeyDictionary[CountSystems, Completions] = WeakKeyDictionary()


def completions_of(systems: CountSystems) -> Completions:
    """Return the searches for completions of some systems, cached."""
    if systems not in _COMPLETIONS:
        _COMPLETIONS[systems] = Completions(systems)
    return _COMPLETIONS[systems]
