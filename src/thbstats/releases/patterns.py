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
from typing import Any

import numpy as np
import pandas as pd

from thbstats._properties import cached_property
from thbstats.display import count
from thbstats.languages import Message
from thbstats.releases.alignment import KNOWN, Rows
from thbstats.releases.coincidence import beyond_chance, expected_number, limit
from thbstats.releases.label_patterns import label_changes, label_moves
from thbstats.releases.release_pair import ReleasePair, Row
from thbstats.vocabulary import dimension_text

_FEWEST, _LEAST = 5, 20
"""The fewest figures of another table, and the least of them."""
_PAIRS = 1 << 20
"""The number of pairs of cells along a dimension that are compared, about."""


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

        ``moved`` are the cells of shifts. A run within a permutation is a second reading of it.
        """
        for name, cells in self.permuted_groups:
            if np.isin(cells, moved).sum() < len(cells) - 1:
                inside = (own for own in self.moves if np.isin(own[0], cells).all())
                shift = next((text for own, _, text in inside if len(own) == len(cells) - 1), None)
                yield self.exchange(name, cells, shift)
        known = np.concatenate([moved, *(cells for _, cells in self.permuted_groups)])
        pairs = [self.pairs(name).assign(dimension=n) for n, name in enumerate(self.names)]
        # The only two changed cells of a group, and two of several along lists of codes and along
        # other dimensions, are separate searches.
        for number in range(3) if pairs else ():
            possible = pd.concat([pair[pair["search"] == number] for pair in pairs])
            exchanges = possible[possible["is_swapped"]].sort_values("chance", kind="stable")
            expected = expected_number(exchanges["chance"], possible["chance"])
            exchanges = exchanges[: beyond_chance(expected)]
            ends = exchanges[["first", "other"]].to_numpy()
            for dimension, rows in zip(exchanges["dimension"], ends, strict=True):
                cells = self.changed[np.sort(rows)]
                if not np.isin(cells, known).all():
                    yield self.exchange(self.names[dimension], cells)

    @cached_property
    def permuted_groups(self) -> list[tuple[str, Rows]]:
        """The dimension and cells of each permutation of three cells or more.

        Of the m! / (m - n)! orders of n of m cells, a part of 1 / e has no cell with its older
        figure. This part times the probability of the revisions is the expected number of
        coincidences. Permutations of all changed cells of a group and of some of them, along each
        dimension, share the probability of a coincidence; n + 1 cells have half the share of n.
        """
        from scipy.special import gammaln

        permutations, log = [], self.chance.log(self.old, self.new)
        for name in self.names:
            sizes = np.bincount(self.owner[name])
            for rows in self.cycles(self.owner[name]):
                n, size = len(rows), sizes[self.owner[name][rows[0]]]
                groups = sizes[sizes == n] if n == size else sizes[sizes > n]
                orders = np.logaddexp.reduce(gammaln(groups + 1) - gammaln(groups - n + 1)) - 1
                expected = log[rows].sum() + orders + np.log(len(self.names) * 2.0 ** (n - 1))
                permutations.append((expected, name, self.changed[rows]))
        permutations.sort(key=lambda own: own[0])
        expected = np.exp(np.minimum([own[0] for own in permutations], 99.0))
        return [own[1:] for own in permutations[: beyond_chance(expected)]]

    @cached_property
    def ranks(self) -> Rows:
        """The ranks of the older and newer figures of the changed cells, shape (2, n)."""
        return np.unique([self.old, self.new], return_inverse=True)[1].reshape(2, -1)

    def cycles(self, group: Rows) -> list[Rows]:
        """Return the changed cells of each permutation of three cells or more in a group.

        With figures as points and a line from the older to the newer figure of each cell, they
        are the closed lines: 7 to 9, 9 to 4 and 4 to 7, without 5 to 4.
        """
        from scipy.sparse import coo_matrix
        from scipy.sparse.csgraph import connected_components

        # 1. The points of each group, without the lines that lead nowhere or come from nowhere.
        points = pd.factorize((group * (self.ranks.max() + 1) + self.ranks).ravel())[0]
        (start, end), size = points.reshape(2, -1), points.max() + 1
        rows, is_open = np.flatnonzero(self.old != self.new), np.array(True)
        while is_open.any():
            leaving, coming = (np.bincount(own[rows], minlength=size) for own in (start, end))
            is_open = (coming[start[rows]] == 0) | (leaving[end[rows]] == 0)
            rows = rows[~is_open]
        # 2. The connected lines. Each of their points must have as many lines to it as from it.
        lines = coo_matrix((np.ones(len(rows)), (start[rows], end[rows])), shape=(size, size))
        part = connected_components(lines, directed=False)[1]
        rows = rows[(np.bincount(part, leaving != coming) == 0)[part[start[rows]]]]
        # 3. All changed cells of a group are one permutation.
        is_whole = np.bincount(group) == np.bincount(group[rows], minlength=group.max() + 1)
        label = np.where(is_whole[group[rows]], size + group[rows], part[start[rows]])
        order = np.argsort(label, kind="stable")
        parts = np.split(rows[order], np.flatnonzero(np.diff(label[order])) + 1)
        return [own for own in parts if len(own) > 2]

    def pairs(self, name: str) -> pd.DataFrame:
        """Return pairs of changed cells of a group, with the probability of their exchange.

        Each cell has a pair with the next larger older figures, up to about `_PAIRS` pairs.
        """
        group, dimensions = self.owner[name], self.alignment.dimensions
        size = np.bincount(group)[group]
        rows = np.argsort(group * (self.ranks.max() + 1) + self.ranks[0], kind="stable")
        is_coded = name in dimensions and dimensions[name].content == "codes"
        ends, n = [(rows[:0], rows[:0])], 0
        for lag in range(1, size.max()):
            rows = rows[size[rows] > lag]
            is_pair = group[rows[:-lag]] == group[rows[lag:]]
            ends.append((rows[:-lag][is_pair], rows[lag:][is_pair]))
            if (n := n + is_pair.sum()) > _PAIRS:
                break
        first, other = map(np.concatenate, zip(*ends, strict=True))
        before, after = self.old[first], self.old[other]
        chance = np.exp(self.chance.log(before, after) + self.chance.log(after, before))
        is_swapped = (self.new[first] == after) & (self.new[other] == before) & (chance > 0)
        return pd.DataFrame(
            {
                "first": first, "other": other, "chance": chance, "is_swapped": is_swapped,
                "search": np.where(size[first] == 2, 0, 1 if is_coded else 2),
            }
        )  # fmt: skip

    def shifts(self, _explained: Rows) -> Iterator[Row]:
        """Yield runs of changed cells that have the figure of the previous or the next cell."""
        for cells, name, (key, facts) in self.moves:
            if not any(np.isin(cells, own).all() for _, own in self.permuted_groups):
                yield self.pattern("shifted", cells, name, key, **facts)

    @cached_property
    def moves(self) -> list[tuple[Rows, str, Any]]:
        """The cells of each run in a direction, and the parameters of its sentence."""
        runs, taken = [], np.zeros(len(self.alignment), dtype=np.bool_)
        for name, step in product(("", *self.names), (-1, 1)):
            for cells in self.runs(name, step):
                if taken[cells].any():
                    continue
                taken[cells], order = True, Message("in the order of the rows")
                if name:
                    order = Message("along {dimension}", dimension=dimension_text(name))
                key = "shifted_from_before" if step < 0 else "shifted_from_after"
                runs.append((cells, name, (key, {"n": count(len(cells)), "order": order})))
        return runs

    def runs(self, name: str, step: int) -> Iterator[Rows]:
        """Yield runs of three or more changed cells with the older figure of an adjacent cell.

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
            if n := beyond_chance(expected_number(chance[findings], chance)):
                cells = self.changed[np.sort(possible[findings[:n]])]
                old, new = self.figures(0, cells[:1]), self.figures(1, cells[:1])
                facts = {"n": count(n), "factor": count(factor), "old": old, "new": new}
                key = "scaled_up" if is_larger else "scaled_down"
                yield self.pattern("scaled", cells, key=key, **facts)

    def table_change(self, explained: Rows) -> Iterator[Row]:
        """Yield the figures that change by more than half, if most figures do."""
        is_figure = (self.state == KNOWN).all(axis=0) & ~self.is_growing
        total = int((is_figure & (self.figure[0] >= _LEAST)).sum())
        is_high = (self.old >= _LEAST) & (self.new >= 0)
        changed = self.changed[is_high & (2 * np.abs(self.new - self.old) > self.old)]
        changed = np.setdiff1d(changed, explained)
        if total >= _FEWEST and 2 * len(changed) > total:
            numbers = {"n": count(len(changed)), "total": count(total)}
            yield self.pattern("other_table", changed, **numbers)
