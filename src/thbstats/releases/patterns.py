"""Patterns of revisions that point to an error.

Each search returns the cells of a pattern and the facts of its sentence; the sentences and the
questions are in ``pattern_texts.toml``.

=========== ====================== ====================== =============================
kind        older figures          newer figures          question
=========== ====================== ====================== =============================
permuted    women 30, men 12       women 12, men 30       Which release is right?
shifted     7, 5, 8, 2             7, 7, 5, 8             Was a row inserted?
scaled      12, 30                 12,000, 30,000         Did the unit change?
relabelled  Italy 9 and 4          Spain 9 and 4          Which label is right?
other_table 31, 40, 28, 57, 33     90, 12, 75, 20, 99     Is it the same statistic?
=========== ====================== ====================== =============================

Independent revisions can look like the first four. `thbstats.releases.coincidence` has their
probability, and `thbstats.releases.label_patterns` the searches for figures under other labels.
"""

from collections.abc import Iterator
from functools import partial
from itertools import product
from math import lgamma

import numpy as np
import pandas as pd

from thbstats.display import count
from thbstats.languages import Message
from thbstats.releases.alignment import (
    KNOWN,
    Rows,
)
from thbstats.releases.coincidence import beyond_chance, limit
from thbstats.releases.label_patterns import label_changes, label_moves
from thbstats.releases.release_pair import ReleasePair, Row
from thbstats.vocabulary import dimension_text

_FEWEST, _LEAST = 5, 20
"""The fewest figures of another table, and the least of them."""
_NEIGHBOURS = 7
"""The number of next larger figures of a group with which a figure is compared."""


class PatternSearch(ReleasePair):
    """Search for patterns from one release to the next.

    Examples
    --------
    In four areas, two figures are exchanged (`pairs`), then three (`permuted_groups`). Three move
    by a row (`runs`), three to other areas (`label_moves`), and three are 100 times as large
    (`changes_of_scale`):

    >>> import thbstats as thb
    >>> def table(*figures):
    ...     rows = list(zip(["AT", "BE", "DE", "FR"], figures))
    ...     columns = ["area", "value"]
    ...     return thb.CountTable.from_rows(rows, columns=columns, kind="victims", period=2020)
    >>> def patterns(*figures):
    ...     found = thb.revisions(table(431, 5123, 877, 2961), table(*figures)).patterns
    ...     return [(pattern.kind, pattern.positions.tolist()) for pattern in found]
    >>> patterns(5123, 431, 877, 2961)
    [('permuted', [0, 1])]
    >>> patterns(5123, 877, 431, 2961)
    [('permuted', [0, 1, 2])]
    >>> patterns(431, 431, 5123, 877)
    [('shifted', [1, 2, 3])]
    >>> patterns(5123, 877, 55, 431)
    [('relabelled', [0, 1, 2, 3])]
    >>> patterns(431, 512300, 87700, 296100)
    [('scaled', [1, 2, 3])]
    """

    def patterns(self) -> Iterator[Row]:
        """Yield the patterns of each kind, as rows with the `COLUMNS`."""
        explained = [self.changed[:0]]
        searches = (
            self.shifts, self.permutations, partial(label_moves, self), self.changes_of_scale,
            self.table_change, partial(label_changes, self),
        )  # fmt: skip
        for search in searches if len(self.changed) else searches[-1:]:
            # Figures that an earlier pattern explains are no further pattern.
            for row in [*search(np.concatenate(explained))]:
                explained.append(row["positions"])
                yield row

    def permutations(self, moved: Rows) -> Iterator[Row]:
        """Yield groups of cells whose figures are the same in another order.

        ``moved`` are the cells of shifts. Values that moved in a circle are a shift with one
        further cell.
        """
        groups_of_names = [
            (name, cells) for name in self.names for cells in self.permuted_groups(name)
        ]
        for name, cells in groups_of_names:
            if np.isin(cells, moved).sum() < len(cells) - 1:
                yield self.exchange(name, cells)
        known = np.concatenate([moved, *(cells for _, cells in groups_of_names)])
        pairs = [self.pairs(name).assign(dimension=n) for n, name in enumerate(self.names)]
        # The only two changed cells of a group, and two of several, are separate searches.
        for is_alone in (True, False) if pairs else ():
            possible = pd.concat([pair[pair["is_alone"] == is_alone] for pair in pairs])
            exchanges = possible[possible["is_swapped"]].sort_values("chance", kind="stable")
            every = np.sort(possible["chance"].to_numpy())
            exchanges = exchanges[: beyond_chance(exchanges["chance"].to_numpy(), every)]
            ends = exchanges[["first", "other"]].to_numpy()
            for number, rows in zip(exchanges["dimension"], ends, strict=True):
                cells = self.changed[np.sort(rows)]
                if not np.isin(cells, known).all():
                    yield self.exchange(self.names[number], cells)

    def permuted_groups(self, name: str) -> Iterator[Rows]:
        """Yield the cells of groups of three or more that have the same figures in another order.

        Of the n! orders of n cells, n! / e have no cell with its older figure, so that the
        probability of a coincidence is n! / e times the product of the probabilities.
        """
        group, sizes = self.owner[name], np.bincount(self.owner[name])
        # The searches are the groups of all dimensions, with a tenth of the probability.
        most = np.log(limit(10 * len(self.names) * max(int((sizes > 2).sum()), 1)))
        is_same = sizes > 2
        # The same figures have the same sums, also of their squares (here without overflow).
        for old, new in ((self.old, self.new), (self.old**2 % 2**20, self.new**2 % 2**20)):
            is_same &= np.bincount(group, old) == np.bincount(group, new)
        # The changed cells by group: those of group g are members[ends[g] - sizes[g] : ends[g]].
        members, ends = np.argsort(group, kind="stable"), np.cumsum(sizes)
        for end, size in zip(ends[is_same].tolist(), sizes[is_same].tolist(), strict=True):
            rows = members[end - size : end]
            old, new = self.old[rows], self.new[rows]
            if np.array_equal(np.sort(old), np.sort(new)):
                log = self.chance.log(old, new).sum()
                if log + lgamma(size + 1) - 1 <= most:
                    yield self.changed[rows]

    def pairs(self, name: str) -> pd.DataFrame:
        """Return pairs of changed cells of a group, with the probability of their exchange.

        Each cell has a pair with the cell of the next larger older figure. Along a list of codes,
        it has a pair with each of the next `_NEIGHBOURS`; along other dimensions, such as periods,
        only groups of two cells have a pair.
        """
        group, dimensions = self.owner[name], self.alignment.dimensions
        size = np.bincount(group)[group]
        several = np.flatnonzero(size > 1)
        rows = several[np.lexsort((self.old[several], group[several]))]
        is_coded = name in dimensions and dimensions[name].content == "codes"
        lags = range(1, _NEIGHBOURS + 1 if is_coded else 2)
        first, other = (
            np.concatenate(own)
            for own in ([rows[:-lag] for lag in lags], [rows[lag:] for lag in lags])
        )
        is_pair = (group[first] == group[other]) & (is_coded | (size[first] == 2))
        first, other = first[is_pair], other[is_pair]
        before, after = self.old[first], self.old[other]
        chance = np.exp(self.chance.log(before, after) + self.chance.log(after, before))
        is_swapped = (self.new[first] == after) & (self.new[other] == before) & (chance > 0)
        return pd.DataFrame(
            {
                "first": first, "other": other, "chance": chance,
                "is_alone": size[first] == 2, "is_swapped": is_swapped,
            }
        )  # fmt: skip

    def shifts(self, _explained: Rows) -> Iterator[Row]:
        """Yield runs of changed cells with the figure of the cell before or after them."""
        taken = np.zeros(len(self.alignment), dtype=np.bool_)
        for name, step in product(("", *self.names), (-1, 1)):
            for cells in self.runs(name, step):
                if taken[cells].any():
                    continue
                taken[cells] = True
                order = Message("in the order of the rows")
                if name:
                    order = Message("along {dimension}", dimension=dimension_text(name))
                key = "shifted_from_before" if step < 0 else "shifted_from_after"
                yield self.pattern("shifted", cells, name, key, n=count(len(cells)), order=order)

    def runs(self, name: str, step: int) -> Iterator[Rows]:
        """Yield runs of three or more changed cells with the older figure one step away.

        If 7, 5, 8, 2 become 7, 7, 5, 8, the last three cells are a run with the step -1. The steps
        are along a dimension, or in the order of all rows if the name is empty.
        """
        # 1. The source of each changed cell, or -1, and a hit if its older figure is the new one.
        if name:
            owner, source = self.owner[name], self.alignment.neighbour(name, self.changed, step)
        else:
            common = np.flatnonzero((self.figure != -1).all(axis=0))
            owner, padded = np.zeros(len(self.changed), dtype=np.intp), np.append(common, -1)
            rank = np.searchsorted(common, self.changed)
            source = padded[np.clip(rank + step, -1, len(common))]
        hit = (source >= 0) & (self.figure[1, self.changed] == self.figure[0, source])
        # 2. The changed cells of groups with three hits, by group and position.
        cells = np.flatnonzero((np.bincount(owner, hit) > 2)[owner])
        if name:
            position = self.alignment.position(name, self.changed[cells])
            cells = cells[np.lexsort((position, owner[cells]))]
        rows = np.flatnonzero(hit[cells])
        if not len(rows):
            return
        # 3. The number of the run of each hit: a cell without a hit ends a run.
        run = np.cumsum((np.diff(owner[cells], prepend=-1) != 0) | ~hit[cells])[rows]
        moved, before = self.changed[cells[rows]], source[cells[rows]]
        # 4. A cell can start a run in two directions, along each dimension and over all rows. Each
        # of these starts is a search.
        most = np.log(limit(2 * len(self.changed) * (len(self.names) + 1)))
        log = self.chance.log(self.figure[0, moved], self.figure[0, before])
        is_long = (np.bincount(run) > 2) & (np.bincount(run, log) <= most)
        for number in np.flatnonzero(is_long).tolist():
            yield np.sort(moved[run == number])

    def changes_of_scale(self, explained: Rows) -> Iterator[Row]:
        """Yield cells whose figures changed by the same power of ten."""
        is_open = ~np.isin(self.changed, explained)
        for factor, is_larger in product((10, 100, 1000), (True, False)):
            target = self.old * factor
            if not is_larger:
                target = np.where(self.old % factor == 0, self.old // factor, -1)
            possible = np.flatnonzero(is_open & (self.old > 0) & (target > 0))
            chance = np.exp(self.chance.log(self.old[possible], target[possible]))
            findings = np.flatnonzero(target[possible] == self.new[possible])
            findings = findings[np.argsort(chance[findings], kind="stable")]
            if n := beyond_chance(chance[findings], np.sort(chance)):
                cells = self.changed[np.sort(possible[findings[:n]])]
                old, new = self.figures(0, cells[:1]), self.figures(1, cells[:1])
                facts = {"n": count(n), "factor": count(factor), "old": old, "new": new}
                key = "scaled_up" if is_larger else "scaled_down"
                yield self.pattern("scaled", cells, key=key, **facts)

    def table_change(self, explained: Rows) -> Iterator[Row]:
        """Yield the figures that change by more than half, if these are most figures."""
        cells = np.flatnonzero((self.state == KNOWN).all(axis=0) & (self.figure[0] >= _LEAST))
        old, new = self.figure[:, cells]
        changed = np.setdiff1d(cells[2 * np.abs(new - old) > old], explained)
        if len(cells) >= _FEWEST and 2 * len(changed) > len(cells):
            numbers = {"n": count(len(changed)), "total": count(len(cells))}
            yield self.pattern("other_table", changed, **numbers)
