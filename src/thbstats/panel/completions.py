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
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats._properties import cached_property
from thbstats.columns import Floats, Index, Integers, Mask
from thbstats.columns.records import ColumnRecord, concat_fields
from thbstats.panel.system_rows import UNKNOWN, in_groups_of, is_long, kinds_of
from thbstats.panel.systems import CountSystems, SystemLine
from thbstats.vocabulary.codes import COMPLETE

_CAP = 2**40
"""The largest count of a completion."""

_NO_LIMIT = 2**60
_FEW = 1000
"""The largest number of counts of which a selection takes longer than a sweep."""

_SWEEPS, _STEPS = 60, 120
"""The largest numbers of sweeps and steps of a search."""

_KEPT = 100_000
"""The number of searches of a table above which their results are forgotten: about 40 MB.

It serves a server that answers questions about one table. A question about all countries and years
of GLOTIP has 1,200 searches.
"""


def _starts(column: Index) -> Index:
    """Return the first position of each value of a column in order."""
    return np.flatnonzero(np.diff(column, prepend=-1))


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


@frozen(eq=False)
class Copies:
    """Copies of c blocks of items, one copy after the other."""

    item: Index  # (items of all copies,): the item of which each one is a copy
    block: Index  # The same shape: the number of the copy
    shift: Index  # (c,): the place of an item among the copies less its place among the items


@frozen(eq=False)
class Blocks:
    """Blocks of different numbers of items, one block after the other.

    Items 0 1 and 2 3 4 are two blocks. With copies of block 1, of block 0, and of block 1 again,
    item 2 is at place 0 of the first copy, and 5 of the last one:

    >>> copies = Blocks(np.array([0, 2, 5])).copies(np.array([1, 0, 1]))
    >>> copies.item, copies.block
    (array([2, 3, 4, 0, 1, 2, 3, 4]), array([0, 0, 0, 1, 1, 2, 2, 2]))
    >>> copies.shift
    array([-2,  3,  3])
    """

    starts: Index  # The first item of each block, and the end of the last one

    def copies(self, blocks: Index) -> Copies:
        """Return copies of some blocks, which can repeat."""
        stops = self.starts[blocks + 1]
        sizes = stops - self.starts[blocks]
        shift = np.cumsum(sizes) - stops
        block = np.repeat(np.arange(len(blocks)), sizes)
        return Copies(np.arange(len(block)) - shift[block], block, shift)


@frozen(kw_only=True, eq=False)
class CountSums:
    """Sums of free counts, with limits.

    The v counts are in the order of their components: counts of two components are in no sum
    together. The e terms are in the order of their sums.
    """

    component: Index  # (v,)
    count: Index  # (e,): the count of each term, and whether the sum adds it
    added: Mask
    sum: Index  # (e,): the sum of each term
    least: Integers  # (q,): the limits of each sum
    most: Integers

    @cached_property
    def first(self) -> Index:
        """The first term of each sum, (q,)."""
        return _starts(self.sum)

    @cached_property
    def _of_terms(self) -> tuple[Index, Index, Index, Integers]:
        """The columns that `narrow` needs of the terms, then of their negatives, (2e,).

        They are the bound of each, the bound of its negative, and the sum. Limits are (2q,).
        """
        at_low = self.count + np.where(self.added, 0, len(self.component))
        at_high = self.count + np.where(self.added, len(self.component), 0)
        return (
            np.concatenate([at_low, at_high]),
            np.concatenate([at_high, at_low]),
            np.concatenate([self.sum, self.sum + len(self.least)]),
            np.concatenate([-self.most, self.least]),
        )

    @cached_property
    def blocks(self) -> tuple[Blocks, Blocks, Blocks]:
        """The counts, terms and sums of each component."""
        every = np.arange(int(self.component.max(initial=-1)) + 2)
        of_term = self.component[self.count]
        of_sum = of_term[self.first]
        counts, terms, sums = (
            Blocks(np.searchsorted(own, every)) for own in (self.component, of_term, of_sum)
        )
        return counts, terms, sums

    def narrow(self, low: Integers, high: Integers) -> tuple[Integers, Integers]:
        """Return the bounds of counts within the limits of all sums, which use the old bounds."""
        # 1. All 2v bounds are lower ones: those of the counts, then those of their negatives. With
        # 0 to 4 men and 3 to 7 of unknown sex, they are 0, 3, -4 and -7.
        bounds = np.concatenate([low, -high])
        own, negative, sums, limits = self._of_terms
        terms, left = bounds[own], limits.copy()
        # 2. The others of a sum limit each term: 7 less at least 3 of unknown sex leave 4 men.
        np.add.at(left, sums, terms)
        # 3. The narrowest bounds of all sums with the count.
        np.maximum.at(bounds, negative, left[sums] - terms)
        return bounds[: len(low)], -bounds[len(low) :]

    def are_first(self, free: Mask) -> Mask:
        """Return the free counts that are the first free count in each of their sums, (v,)."""
        result = free.copy()
        own, first = (
            np.where(free[self.count], self.count, len(free)),
            np.full(len(self.least), len(free)),
        )
        np.minimum.at(first, self.sum, own)
        result[self.count[own > first[self.sum]]] = False
        return result

    def select(self, keep: Mask, constants: Integers) -> "CountSums":
        """Return the sums of some counts, (v,), less the constants of the sums, (q,)."""
        kept_terms = keep[self.count]
        is_first = np.diff(self.sum[kept_terms], prepend=-1) != 0
        sums = self.sum[kept_terms][is_first]
        # Positions among the counts that are left: these keep their order.
        position = np.cumsum(keep) - 1
        return CountSums(
            component=self.component[keep],
            count=position[self.count[kept_terms]],
            added=self.added[kept_terms],
            sum=np.cumsum(is_first) - 1,
            least=(self.least - constants)[sums],
            most=(self.most - constants)[sums],
        )


@frozen(kw_only=True, eq=False)
class FreeCounts:
    """Bounds of v free counts at a step of a search. `Completions` has an example."""

    low: Integers  # (v,)
    high: Integers
    failed: Mask  # By component: whether no counts were found in a step
    sums: CountSums

    def narrowed(self) -> "FreeCounts":
        """Return the counts within the limits of all sums."""
        if not len(self.sums.count):
            return self
        result, failed = self, self.failed.copy()
        for _ in range(_SWEEPS):
            low, high = self.sums.narrow(result.low, result.high)
            changed = (low != result.low) | (high != result.high)
            failed[self.sums.component[low > high]] = True
            result = evolve(self, low=low, high=high, failed=failed)
            # Most calls end without a change, which has no components.
            if not changed.any() or not (unsettled := result._in_components(changed)).any():
                return result
            if len(unsettled) > _FEW and 2 * np.count_nonzero(unsettled) < len(unsettled):
                # Most components do not change further: go on without them.
                part = result._select(unsettled, np.zeros(1, np.int64)).narrowed()
                low[unsettled], high[unsettled] = part.low, part.high
                return evolve(result, failed=part.failed)
        failed[self.sums.component[unsettled]] = True
        return evolve(result, failed=failed)

    def within(self, index: Index, low: Integers, high: Integers) -> "FreeCounts":
        """Return `narrowed` with limits for some counts."""
        lows, highs, failed = self.low.copy(), self.high.copy(), self.failed.copy()
        lows[index] = np.maximum(low, lows[index])
        highs[index] = np.minimum(high, highs[index])
        failed[self.sums.component[index[lows[index] > highs[index]]]] = True
        return evolve(self, low=lows, high=highs, failed=failed).narrowed()

    def _in_components(self, counts: Mask) -> Mask:
        """Return the counts of components with some counts that have not failed, (v,)."""
        marked = np.zeros(len(self.failed), dtype=np.bool_)
        marked[self.sums.component[counts]] = True
        return np.asarray((marked & ~self.failed)[self.sums.component])

    def _select(self, keep: Mask, constants: Integers) -> "FreeCounts":
        """Return some counts; subtract the constants, (q,), from the limits of their sums."""
        sums = self.sums.select(keep, constants)
        return FreeCounts(low=self.low[keep], high=self.high[keep], failed=self.failed, sums=sums)

    def of_components(self, keep: Mask) -> "FreeCounts":
        """Return counts of some components, (v,), without those that have one value."""
        sums, free = self.sums, keep & (self.low < self.high)
        # Counts with one value go into the limits of their sums.
        terms = np.flatnonzero((keep & ~free)[sums.count])
        values = self.low[sums.count[terms]]
        values = np.where(sums.added[terms], values, -values)
        # Sums of at most a few hundred counts are exact as numbers of 53 bits.
        constants = np.bincount(sums.sum[terms], values, len(sums.least))
        return self._select(free, constants.astype(np.int64))

    def copies(self, components: Index) -> tuple["FreeCounts", Index]:
        """Return a copy of the counts of each of c components, which can repeat, and the shifts.

        A count is at its place plus the shift of a copy, (c,), as in `Blocks`.
        """
        own = self.sums
        counts, terms, sums = (blocks.copies(components) for blocks in own.blocks)
        return FreeCounts(
            low=self.low[counts.item],
            high=self.high[counts.item],
            failed=self.failed[components],
            sums=CountSums(
                component=counts.block,  # The copies are components of their own.
                count=own.count[terms.item] + counts.shift[terms.block],
                added=own.added[terms.item],
                sum=own.sum[terms.item] + sums.shift[terms.block],
                least=own.least[sums.item],
                most=own.most[sums.item],
            ),
        ), counts.shift

    def without_completion(self) -> Mask:
        """Return the components without a value for each free count, as far as a search shows."""
        counts, done = self, self.failed
        # Each way finds completions that the others do not find.
        for at_once, upper in ((True, True), (True, False), (False, True), (False, False)):
            done = done | ~evolve(counts, failed=done)._fill(at_once=at_once, upper=upper)
            counts = self.of_components(~done[self.sums.component])
        return self.failed | ~done

    def _fill(self, *, at_once: bool, upper: bool) -> Mask:
        """Give free counts a bound, one after the other; return components that do not admit this.

        With `at_once`, counts that are in no sum together get it in the same step.
        """
        counts = self
        for _ in range(_STEPS):
            free = (counts.low < counts.high) & ~counts.failed[counts.sums.component]
            if not free.any():
                return counts.failed
            if 2 * np.count_nonzero(free) < len(free):
                counts = counts.of_components(counts._in_components(free))
                free = np.ones(len(counts.low), dtype=np.bool_)
            if at_once:
                # A count that is the first one in all of its sums waits for no other.
                index = np.flatnonzero(counts.sums.are_first(free))
            else:
                index = np.flatnonzero(free)
                index = index[_starts(counts.sums.component[index])]
            values = (counts.high if upper else counts.low)[index]
            counts = counts.within(index, values, values)
        failed = counts.failed.copy()
        failed[counts.sums.component[counts.low < counts.high]] = True
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
    def of_overlapping(cls, line: SystemLine, parts: Index, is_unknown: Mask) -> "SumTerms":
        """Return one sum for each known part: with the unknown persons, it is within the whole."""
        known, unknown = parts[~is_unknown], parts[is_unknown]
        unknown_of = np.full(len(line.whole), -1, dtype=np.intp)
        unknown_of[line.whole[unknown]] = unknown
        wholes = line.whole[known]
        with_unknown = np.flatnonzero(unknown_of[wholes] >= 0)
        return cls.of_wholes(
            wholes,
            (known, np.arange(len(known))),
            (unknown_of[wholes[with_unknown]], with_unknown),
            least=np.full(len(known), -_NO_LIMIT),
        )

    @classmethod
    def of_exclusive(cls, line: SystemLine, parts: Index, *, only: bool) -> "SumTerms":
        """Return one sum for each whole; the parts can be the `only` ones of complete wholes."""
        is_whole = np.zeros(len(line.whole), dtype=np.bool_)
        is_whole[line.whole[parts]] = True
        wholes, number = np.flatnonzero(is_whole), np.cumsum(is_whole) - 1
        least = np.where(line.complete[wholes] & only, 0, -_NO_LIMIT)
        return cls.of_wholes(wholes, (parts, number[line.whole[parts]]), least=least)

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
                overlaps = line.overlaps[line.whole[own]]
                overlapping = own[overlaps]
                result += [
                    cls.of_overlapping(line, overlapping, unknown[column.codes[overlapping]]),
                    cls.of_exclusive(line, own[~overlaps], only=len(divisions) == 1),
                ]
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


class Completions:
    """Searches for completions of the systems of a table.

    In the example of the module, the bounds of the free counts are 0 to 4 and 3 to 7. Four men
    leave 3 persons of unknown sex:

    >>> import thbstats as thb
    >>> from thbstats.panel.query_systems import systems_of
    >>> few, missing = thb.Count.fewer_than(5), thb.Count.not_reported()
    >>> table = thb.CountTable.from_rows(
    ...     [("total", 10), ("female", 3), ("male", few), ("unknown", missing)],
    ...     columns=["sex", "value"], kind="victims", area="FR", period=2020,
    ... )
    >>> search = Completions(systems_of(table.columns))
    >>> search.low.tolist(), search.high.tolist(), search.position.tolist()
    ([10, 3, 0, 3], [10, 3, 4, 7], [-1, -1, 0, 1])
    >>> search.counts.low, search.counts.high
    (array([0, 3]), array([4, 7]))
    >>> four = search.counts.within(np.array([0]), low=np.array([4]), high=np.array([4]))
    >>> four.low, four.high, four.failed
    (array([4, 3]), array([4, 3]), array([False]))

    A number has two steps: 4 men, then the smallest count of unknown sex within limits. Limits of 0
    to 10 are reached, with 3 persons. Limits of 0 to 2 are not:

    >>> def step(row, low, high):
    ...     columns = {"row": [row], "low": [low], "high": [high], "is_large": [False]}
    ...     return SearchStep(**{name: np.array(own) for name, own in columns.items()})
    >>> search.reach([step(2, 4, 4), step(3, 0, 10)])
    (array([ True]), array([[4], [3]]))
    >>> search.reach([step(2, 4, 4), step(3, 0, 2)])
    (array([False]), array([[4], [3]]))
    """

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
        rows, self.component_of = self._ordered(systems, np.flatnonzero(free), open_terms)
        # (r,): the place of each row among the free counts, or -1.
        self.position: Index = np.full(len(self.group), -1, dtype=np.intp)
        self.position[rows] = np.arange(len(rows))
        # Counts with one value are a part of the limit of their sums: of
        # 3 + men + unknown - 10 = 0, the sum of men and unknown is 7, and the constant is -7.
        fixed = np.where(free, 0, self.low)
        constants = terms.total(fixed, fixed).astype(np.int64)
        self.counts: FreeCounts = self._free_counts(rows, open_terms, constants)
        # The components of each system.
        systems_of = self.group[rows[self.counts.sums.blocks[0].starts[:-1]]]
        self.components = Blocks(np.searchsorted(systems_of, np.arange(len(self.excluded) + 1)))
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
        keys = []
        for name in sorted(systems.lines):
            column = systems.columns[name]
            rank = np.argsort(np.argsort(np.array(column.categories, dtype=np.str_)))
            keys.append(rank[column.codes])
        rows = free[np.lexsort([own[free] for own in (*keys, linked, self.group)])]
        component = np.zeros(len(self.group), dtype=np.intp)
        component[rows] = np.cumsum(np.diff(linked[rows], prepend=linked[rows[:1]]) != 0)
        return rows, component

    def _free_counts(self, rows: Index, terms: SumTerms, constants: Integers) -> FreeCounts:
        """Return the free counts of some rows, (v,), with their sums in the order of components.

        `constants` are the sums of all other counts, (q,).
        """
        terms = terms.select(np.lexsort((terms.sum, self.component_of[terms.row])))
        first, count = _starts(terms.sum), self.position[terms.row]
        sums = terms.sum[first]
        component = self.component_of[rows]
        return FreeCounts(
            low=self.low[rows],
            high=self.high[rows],
            failed=np.zeros(int(component.max(initial=-1)) + 1, dtype=np.bool_),
            sums=CountSums(
                component=component,
                count=count,
                added=terms.added,
                sum=np.repeat(np.arange(len(first)), np.diff(first, append=len(terms.row))),
                least=(terms.least - constants)[sums],
                most=-constants[sums],
            ),
        )

    def _search(self, groups: Index) -> None:
        """Search a completion of some systems."""
        open_ = np.unique(groups[self.found[groups] < 0])
        components = self.components.copies(open_)
        failed = self.counts.copies(components.item)[0].without_completion()
        self.found[open_] = 1
        self.found[open_[components.block[failed]]] = 0

    def reach(self, steps: Sequence[SearchStep]) -> tuple[Mask, Integers]:
        """Return, for k numbers, whether a completion has some counts, and the counts.

        The count of a step gets the upper or lower bound within its limits that the steps before
        leave. The counts are (steps, k).

        A search takes most of the time of a query, so that its result is kept for each number.
        """
        # Another thread can read the results: they are replaced, and nothing is removed from them.
        results = self.results if len(self.results) <= _KEPT else {}
        self.results = results
        columns = [own for step in steps for own in (step.row, step.low, step.high, step.is_large)]
        keys = [key.tobytes() for key in np.stack(columns, axis=1).astype(np.int64)]
        new = np.flatnonzero([key not in results for key in keys])
        if len(new):
            reached, counts = self._reach([step.take(new) for step in steps])
            own = zip(reached.tolist(), counts.T.tolist(), strict=True)
            results.update(zip([keys[i] for i in new.tolist()], own, strict=True))
        known = [results[key] for key in keys]
        counts = np.array([own for _, own in known], dtype=np.int64).reshape(-1, len(steps)).T
        return np.array([own for own, _ in known], dtype=np.bool_), counts

    def _reach(self, steps: Sequence[SearchStep]) -> tuple[Mask, Integers]:
        """Search completions for numbers that were not searched before, as `reach`."""
        rows = np.stack([step.row for step in steps])  # (steps, k)
        groups, counts = self.group[rows[0]], self.low[rows]
        self._search(groups)
        reached = self.found[groups] == 1
        free = (self.position[rows] >= 0) & reached
        # 1. A number changes its own copy of each component with a free count of its steps: a key
        # is a pair of a number and a component. `index` is the place of a count among the copies.
        n_components = len(self.counts.failed) + 1
        keys = np.arange(rows.shape[1]) * n_components + self.component_of[rows]
        copied, copy = np.unique(keys[free], return_inverse=True)
        number, component = np.divmod(copied, n_components)
        free_counts, shift = self.counts.copies(component)
        index = np.zeros(rows.shape, dtype=np.intp)
        index[free] = self.position[rows[free]] + shift[copy]
        # 2. Each step limits the count of all numbers, then it gets a bound.
        for i, step in enumerate(steps):
            own = np.flatnonzero(free[i])
            positions = index[i, own]
            free_counts = free_counts.within(positions, step.low[own], step.high[own])
            low, high = free_counts.low[positions], free_counts.high[positions]
            counts[i, own] = np.where(step.is_large[own], high, low)
            reached &= (step.low <= counts[i]) & (counts[i] <= step.high)
            if (low < high).any():
                free_counts = free_counts.within(positions, counts[i, own], counts[i, own])
        # 3. Complete the other counts in the copies of numbers that are reached so far.
        failed = free_counts.failed | ~reached[number]
        failed = evolve(free_counts, failed=failed).without_completion()
        reached[number[failed]] = False
        return reached, counts

    def ranges(self, rows: Index) -> tuple[Integers, Floats]:
        """Return the bounds of some rows, without values that agree with no other counts."""
        new = np.unique(rows[~self.is_narrow[rows]])
        new = new[(self.position[new] >= 0) & (self.high[new] < _CAP)]
        low, high = self.bounds
        self._raise(new, low, high, sign=1)
        self._raise(new, high, low, sign=-1)
        self.is_narrow[rows] = True
        return low[rows], np.where(high[rows] < _CAP, high[rows], np.inf)

    def _raise(self, rows: Index, bound: Integers, end: Integers, *, sign: int) -> None:
        """Raise the lower bounds of some rows to the first value that agrees with other counts.

        `bound` has these bounds, (r,), and `end` the upper ones. With the sign -1, the columns are
        exchanged: the negatives of upper bounds are lower bounds of the negative counts.
        """
        # Most bounds are values of the count.
        own = rows[self._fails(rows, bound[rows], bound[rows])]
        start, stop = sign * bound[own] + 1, sign * end[own]
        while (start < stop).any():
            middle = (start + stop) // 2
            fails = self._fails(own, *np.sort([sign * start, sign * middle], axis=0))
            start, stop = np.where(fails, middle + 1, start), np.where(fails, stop, middle)
        bound[own] = sign * stop

    def _fails(self, rows: Index, low: Integers, high: Integers) -> Mask:
        """Return whether limits of a free count leave another count without a value."""
        free_counts, shift = self.counts.copies(self.component_of[rows])
        return free_counts.within(self.position[rows] + shift, low, high).failed


_COMPLETIONS: WeakKeyDictionary[CountSystems, Completions] = WeakKeyDictionary()


def completions_of(systems: CountSystems) -> Completions:
    """Return the searches for completions of some systems, cached."""
    if systems not in _COMPLETIONS:
        _COMPLETIONS[systems] = Completions(systems)
    return _COMPLETIONS[systems]
