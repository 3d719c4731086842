"""Completions of systems of counts: integers for all counts that agree with all rows.

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

The parts of a search are

1. `search_exclusions`: systems whose rows need not be sums of cells;
2. `sum_terms`: the sums of the rows of the other systems;
3. `free_counts`: counts that can have several values, within these sums;
4. `Completions`: the free counts of a table, and the results of searches.
"""

from collections.abc import Sequence
from weakref import WeakKeyDictionary

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.columns import Floats, Index, Integers, Mask
from thbstats.columns.blocks import Blocks
from thbstats.columns.records import ColumnRecord
from thbstats.formulas.free_counts import CountSums, FreeCounts, first_of_each
from thbstats.panel.search_exclusions import excluded_rows
from thbstats.panel.sum_terms import SumTerms, linked_rows
from thbstats.panel.system_rows import GROUPS
from thbstats.panel.systems import CountSystems

_CAP = 2**40
"""The largest count of a completion."""

_KEPT = 100_000
"""The number of searches of a table above which their results are forgotten: about 40 MB.

It serves a server that answers questions about one table. A question about all countries and years
of GLOTIP has 1,200 searches.
"""


@frozen(kw_only=True, eq=False)
class SearchStep(ColumnRecord):
    """The counts to which a search gives a bound, one for each of k numbers, (k,) each."""

    row: Index
    low: Integers  # The limits of the count
    high: Integers
    is_large: Mask  # Whether it gets the upper bound that these leave


class Completions:
    """Searches for completions of the systems of a table.

    In the example of the module, the bounds of the free counts are 0 to 4 and 3 to 7:

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
        wrong = excluded_rows(systems)
        wrong[terms.row[((smallest > 0) | (largest < terms.least))[terms.sum]]] = True
        self.excluded: Mask = np.zeros(int(self.group.max(initial=-1)) + 1, dtype=np.bool_)
        self.excluded[self.group[wrong]] = True
        # (r,): counts that can have several values. Sums that hold for all of them need no check.
        free = (self.low < self.high) & ~self.excluded[self.group]
        is_open = (largest > 0) | (smallest < terms.least)
        open_terms = terms.select(free[terms.row] & is_open[terms.sum])
        rows, components = self._ordered(systems, np.flatnonzero(free), open_terms)
        self.component_of: Index = components
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
        every = np.arange(len(self.excluded) + 1)
        self.components: Blocks = Blocks(np.searchsorted(systems_of, every))
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
        linked = linked_rows(terms.row, terms.sum, len(self.group), len(terms.least))
        keys = []
        for name in sorted({*systems.lines} - {GROUPS}):
            column = systems.columns[name]
            rank = np.argsort(np.argsort(np.array(column.categories, dtype=np.str_)))
            keys.append(rank[column.codes[free]])
        rows = free[np.lexsort([*keys, linked[free], self.group[free]])]
        component = np.zeros(len(self.group), dtype=np.intp)
        component[rows] = np.cumsum(np.diff(linked[rows], prepend=linked[rows[:1]]) != 0)
        return rows, component

    def _free_counts(self, rows: Index, terms: SumTerms, constants: Integers) -> FreeCounts:
        """Return the free counts of some rows, (v,), with their sums in the order of components.

        `constants` are the sums of all other counts, (q,).
        """
        terms = terms.select(np.lexsort((terms.sum, self.component_of[terms.row])))
        first, count = first_of_each(terms.sum), self.position[terms.row]
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
        """Return, for k numbers, whether a completion has some counts, and these counts.

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
        """Search completions for numbers without an earlier search, as `reach`."""
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
        """Return the bounds of some rows, without values that agree with no completion."""
        new = np.unique(rows[~self.is_narrow[rows]])
        new = new[(self.position[new] >= 0) & (self.high[new] < _CAP)]
        low, high = self.bounds
        self._raise(new, low, high, sign=1)
        self._raise(new, high, low, sign=-1)
        self.is_narrow[rows] = True
        return low[rows], np.where(high[rows] < _CAP, high[rows], np.inf)

    def _raise(self, rows: Index, bound: Integers, end: Integers, *, sign: int) -> None:
        """Raise the lower bounds of some rows to the first value that has a completion.

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
        """Return whether limits of a free count leave no value for another count."""
        free_counts, shift = self.counts.copies(self.component_of[rows])
        return free_counts.within(self.position[rows] + shift, low, high).failed


_COMPLETIONS: WeakKeyDictionary[CountSystems, Completions] = WeakKeyDictionary()


def completions_of(systems: CountSystems) -> Completions:
    """Return the searches for completions of some systems, cached."""
    if systems not in _COMPLETIONS:
        _COMPLETIONS[systems] = Completions(systems)
    return _COMPLETIONS[systems]
