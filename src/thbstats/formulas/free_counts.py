"""Free counts: counts of a search that can have several values, within limits of their sums."""

import numpy as np
from attrs import evolve, frozen

from thbstats._properties import cached_property
from thbstats.columns import Index, Integers, Mask
from thbstats.columns.blocks import Blocks

_FEW = 1000
"""The largest number of counts of which a selection takes longer than a sweep."""

_SWEEPS, _STEPS = 60, 120
"""The largest numbers of sweeps and steps of a search."""


def first_of_each(column: Index) -> Index:
    """Return the first position of each value of a column in order."""
    return np.flatnonzero(np.diff(column, prepend=-1))


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
        return first_of_each(self.sum)

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
        """Return the sums of some counts, (v,), minus the constants of the sums, (q,)."""
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
    """Bounds of v free counts at a step of a search.

    In the example of `panel.completions`, 0 to 4 men and 3 to 7 persons of unknown sex have the
    sum 7. Four men leave 3 persons of unknown sex:

    >>> one_sum = CountSums(
    ...     component=np.array([0, 0]), count=np.array([0, 1]), added=np.array([True, True]),
    ...     sum=np.array([0, 0]), least=np.array([7]), most=np.array([7]),
    ... )
    >>> counts = FreeCounts(
    ...     low=np.array([0, 3]), high=np.array([4, 7]), failed=np.array([False]), sums=one_sum
    ... )
    >>> four = counts.within(np.array([0]), low=np.array([4]), high=np.array([4]))
    >>> four.low, four.high, four.failed
    (array([4, 3]), array([4, 3]), array([False]))
    """

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
        """Return the counts of components that contain some counts and have not failed, (v,)."""
        marked = np.zeros(len(self.failed), dtype=np.bool_)
        marked[self.sums.component[counts]] = True
        return np.asarray((marked & ~self.failed)[self.sums.component])

    def _select(self, keep: Mask, constants: Integers) -> "FreeCounts":
        """Return some counts; subtract the constants, (q,), from the limits of their sums."""
        sums = self.sums.select(keep, constants)
        return FreeCounts(low=self.low[keep], high=self.high[keep], failed=self.failed, sums=sums)

    def of_components(self, keep: Mask) -> "FreeCounts":
        """Return counts of some components, (v,), without counts that have one value."""
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
        """Return the components for which a search finds no value for each free count."""
        counts, done = self, self.failed
        # Each way finds completions that the others do not find.
        for at_once, upper in ((True, True), (True, False), (False, True), (False, False)):
            done = done | ~evolve(counts, failed=done)._fill(at_once=at_once, upper=upper)
            counts = self.of_components(~done[self.sums.component])
        return self.failed | ~done

    def _fill(self, *, at_once: bool, upper: bool) -> Mask:
        """Set free counts to a bound in order; return the components where this fails.

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
                index = index[first_of_each(counts.sums.component[index])]
            values = (counts.high if upper else counts.low)[index]
            counts = counts.within(index, values, values)
        failed = counts.failed.copy()
        failed[counts.sums.component[counts.low < counts.high]] = True
        return failed
