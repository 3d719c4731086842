"""Patterns of revisions that point to an error."""

from collections.abc import Iterator, Sequence
from itertools import product
from math import lgamma
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from thbstats.display import Amount, count
from thbstats.releases.alignment import (
    ABSENT,
    BLANK,
    KNOWN,
    REPEATED,
    SUPPRESSED,
    CellChange,
    ReleasePair,
    Rows,
)
from thbstats.tables.encoding import groups

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Row = dict[str, Any]

COLUMNS = ("kind", "dimension", "where", "cells", "text", "question", "positions")

_CHANCE = 1e-4
"""The probability with which independent revisions may look like a pattern of one kind."""
_CAUTION = 3.0
"""The factor by which the expected number of coincidences may be underestimated."""
_FREQUENT = 8
_FEWEST, _LEAST = 5, 20
"""The fewest figures of another table, and the least of them."""
_BITS, _MOST_LABELS, _NAMED, _LONGEST = 16.0, 400, 4, 8


class _Coincidence:
    """Probability of each new figure if revisions are independent.

    It is estimated from all revised cells, by the magnitude of the old figure and of the revision,
    with one further revision in each class. A suppressed figure is negative.
    """

    def __init__(self, old: Ints, new: Ints) -> None:
        self.counts = np.zeros((66, 66))
        size, step, difference = _classes(old, new)
        np.add.at(self.counts, (size, step), 1)
        steps, number = np.unique(difference, return_counts=True)
        self.steps = np.append(steps[number >= _FREQUENT], np.iinfo(np.int64).max)
        self.share = np.append(number[number >= _FREQUENT] / len(old), 0.0)

    def log(self, old: Ints, new: Ints) -> Floats:
        """Return the logarithm of the probability of each new figure, given the old one."""
        size, step, difference = _classes(old, new)
        seen = (self.counts[size, step] + 1) / (self.counts.sum(axis=1)[size] + size + 3)
        # A class of steps has as many values as its width, of both signs if the figure can fall.
        width = np.exp2(np.maximum(step - 1, 0)) * np.where((old > 0) & (step > 0), 2, 1)
        index = np.searchsorted(self.steps, difference)
        exact = (self.steps[index] == difference) & (old >= 0) & (new >= 0)
        likely = np.maximum(seen / width, np.where(exact, self.share[index], 0.0))
        with np.errstate(divide="ignore"):
            return np.log(np.where(old == new, 0.0, np.minimum(likely, 1.0)))


def _classes(old: Ints, new: Ints) -> tuple[Rows, Rows, Ints]:
    """Return the classes of old figures and revisions, by powers of two, and the revisions."""
    difference = np.maximum(new, 0) - np.maximum(old, 0)
    size = np.where(old < 0, 0, 1 + np.frexp(old.astype(np.float64))[1])
    step = np.where(new < 0, 0, np.frexp(difference.astype(np.float64))[1])
    return size, step, difference


def _beyond_chance(findings: Floats, every: Floats) -> int:
    """Return the number of the least probable findings that coincidence does not explain.

    ``every`` has the probabilities of all possible findings; both are sorted. The number of
    coincidences up to a probability has a Poisson distribution.
    """
    from scipy.special import gammainc

    number = np.arange(1, len(findings) + 1)
    last = np.searchsorted(every, findings * (1 + 1e-9), side="right")
    limit = np.where(number == len(findings), _CHANCE, _CHANCE / max(len(findings), 1))
    # The regularised gamma function is the probability of this number of coincidences or more.
    chance = gammainc(number, _CAUTION * np.append(0.0, np.cumsum(every))[last])
    return int(number[chance <= limit].max(initial=0))


def find_patterns(pair: ReleasePair) -> Iterator[Row]:
    """Yield the patterns between two releases, as rows with the `COLUMNS`."""
    return _PatternSearch(pair).rows()


class _PatternSearch:
    """Search for patterns between two releases.

    The figure of a cell is its count, or a negative number for a suppressed one; `-1` is no
    figure.
    """

    def __init__(self, pair: ReleasePair) -> None:
        own = self.alignment = pair.alignment
        self.pair = pair
        self.sides = (pair.old, pair.new)
        self.names = [n for n in own.varying if len(own.keys[n].categories) > 1 and n != "kind"]
        self.state = own.state[list(self.sides)]
        self.figure = np.where(self.state == KNOWN, own.lower[list(self.sides)], -1)
        release, cell = np.nonzero(self.state == SUPPRESSED)
        above = own.upper[list(self.sides)][release, cell]
        self.figure[release, cell] = np.where(np.isinf(above), -2, -3 - above)
        revised = pair.cells_with(
            *(CellChange.REVISED, CellChange.NEWLY_SUPPRESSED, CellChange.NO_LONGER_SUPPRESSED),
            *(CellChange.NARROWED, CellChange.WIDENED),
        )
        self.changed = revised[(self.figure[:, revised] != -1).all(axis=0)]
        self.old, self.new = self.figure[:, self.changed]
        self.chance = _Coincidence(self.old, self.new)
        # By dimension, the group of each changed cell in the other dimensions.
        self.owner = {name: groups(own.without(name, self.changed))[0] for name in self.names}

    def rows(self) -> Iterator[Row]:
        """Yield the patterns of each kind."""
        yield from self.other_table()
        if len(self.changed):
            shifts = list(self.shifted())
            yield from shifts
            moved = np.concatenate([self.changed[:0], *(row["positions"] for row in shifts)])
            permuted = list(self.permuted(moved))
            yield from permuted
            yield from self.moved_labels(
                np.concatenate([moved, *(row["positions"] for row in permuted)])
            )
            yield from self.scaled()
        yield from self.relabelled()

    def row(self, kind: str, dimension: str, cells: Rows, text: str, ask: str) -> Row:
        """Return a pattern with its sentences."""
        where = self.alignment.describe(cells, dimension)
        old, new = (self.alignment.names[number] for number in self.sides)
        question = f"Between {old} and {new}, {where}: {text}. {ask}"
        values = (kind, dimension, where, len(cells), f"{where}: {text}.", question, cells)
        return dict(zip(COLUMNS, values, strict=True))

    def listed(self, texts: Sequence[str]) -> str:
        """Return the first texts of a list in a sentence."""
        more = len(texts) - _NAMED
        shown = [*texts[:_NAMED], f"{more} more"] if more > 0 else texts
        return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)

    def figures(self, release: int, cells: Rows) -> str:
        """Return figures in a sentence."""
        values = self.figure[release, cells].tolist()
        return self.listed(
            [count(n) if n >= 0 else "[c]" if n == -2 else f"<{-2 - n}" for n in values]
        )

    def permuted(self, moved: Rows) -> Iterator[Row]:
        """Yield groups of cells whose figures are the same in another order."""
        # Pairs of the only changed cells of a group, and pairs among other changed cells.
        findings: tuple[list[tuple[float, str, Rows]], ...] = ([], [])
        certain, expected = list[tuple[str, Rows]](), ([np.zeros(1)], [np.zeros(1)])
        dimensions = self.alignment.dimensions
        for name, group in self.owner.items():
            sizes = np.bincount(group)
            several = np.flatnonzero(sizes[group] > 1)
            before = several[np.lexsort((self.old[several], group[several]))]
            # All cells of a group: there are many orders without a fixed cell.
            limit = np.log(_CHANCE / 10 / len(self.names) / max((sizes > 2).sum(), 1))
            same = sizes > 2
            # The same figures have the same sums, also of their squares (here without overflow).
            for old, new in ((self.old, self.new), (self.old**2 % 2**20, self.new**2 % 2**20)):
                same &= np.bincount(group, old) == np.bincount(group, new)
            starts = np.searchsorted(group[before], np.flatnonzero(same))
            for start, size in zip(starts.tolist(), sizes[same].tolist(), strict=True):
                rows = np.sort(before[start : start + size])
                old, new = self.old[rows], self.new[rows]
                if np.array_equal(np.sort(old), np.sort(new)):
                    log = self.chance.log(old, new).sum()
                    if log + lgamma(len(rows) + 1) - 1 <= limit:
                        certain.append((name, self.changed[rows]))
            # Two cells: the probability of an exchange is known for each pair.
            is_coded = name in dimensions and dimensions[name].content == "codes"
            for lag in range(1, _LONGEST if is_coded else 2):
                first_cell, other_cell = before[:-lag], before[lag:]
                in_group = (group[first_cell] == group[other_cell]) & (
                    is_coded | (sizes[group[first_cell]] == 2)
                )
                first_cell, other_cell = first_cell[in_group], other_cell[in_group]
                first, second = self.old[first_cell], self.old[other_cell]
                both = np.exp(self.chance.log(first, second) + self.chance.log(second, first))
                swapped = (
                    (self.new[first_cell] == second) & (self.new[other_cell] == first) & (both > 0)
                )
                for alone, own in (
                    (sizes[group[first_cell]] == 2, 0),
                    (sizes[group[first_cell]] > 2, 1),
                ):
                    expected[own].append(both[alone])
                    for i in np.flatnonzero(swapped & alone).tolist():
                        cells = self.changed[np.sort([first_cell[i], other_cell[i]])]
                        findings[own].append((float(both[i]), name, cells))
        pairs = []
        for items, chances in zip(findings, expected, strict=True):
            items.sort(key=lambda item: item[0])
            every = np.sort(np.concatenate(chances))
            n = _beyond_chance(np.array([item[0] for item in items]), every)
            pairs += [(name, cells) for _, name, cells in items[:n]]
        known = np.concatenate([moved, *(cells for _, cells in certain)])
        pairs = [own for own in pairs if not np.isin(own[1], known).all()]
        # Values that moved in a circle are a shift with one further cell.
        whole = [own for own in certain if np.isin(own[1], moved).sum() < len(own[1]) - 1]
        for name, cells in (*whole, *pairs):
            yield self.exchanged(name, cells)

    def exchanged(self, name: str, cells: Rows) -> Row:
        """Return the pattern of figures that are exchanged between categories."""
        column = self.alignment.keys[name]
        labels = [column[cell].replace("_", " ") for cell in cells.tolist()]
        text = f"the figures of {self.listed(labels)} are exchanged, from "
        text += f"{self.figures(0, cells)} to {self.figures(1, cells)}"
        return self.row("permuted", name, cells, text, "Which release is right?")

    def shifted(self) -> Iterator[Row]:
        """Yield runs of changed cells with the figure of the cell before or after them."""
        alignment, taken = self.alignment, np.zeros(len(self.alignment), dtype=np.bool_)
        limit = np.log(_CHANCE / (2 * len(self.changed) * (len(self.names) + 1)))
        common = np.flatnonzero((self.figure != -1).all(axis=0))
        rank = np.searchsorted(common, self.changed)
        for name, step in product(("", *self.names), (-1, 1)):
            if name:
                owner, source = self.owner[name], alignment.neighbour(name, self.changed, step)
            else:
                owner, padded = np.zeros(len(self.changed), dtype=np.intp), np.append(common, -1)
                source = padded[np.clip(rank + step, -1, len(common))]
            hit = (source >= 0) & (self.figure[1, self.changed] == self.figure[0, source])
            several = np.bincount(owner, hit) > 2
            cells = np.flatnonzero(several[owner])
            if name:
                position = alignment.position(name, self.changed[cells])
                cells = cells[np.lexsort((position, owner[cells]))]
            rows = np.flatnonzero(hit[cells])
            if not len(rows):
                continue
            # A cell without hit ends a run.
            run = np.cumsum((np.diff(owner[cells], prepend=-1) != 0) | ~hit[cells])[rows]
            moved, before = self.changed[cells[rows]], source[cells[rows]]
            log = self.chance.log(self.figure[0, moved], self.figure[0, before])
            is_long = (np.bincount(run) > 2) & (np.bincount(run, log) <= limit)
            for number in np.flatnonzero(is_long).tolist():
                own = np.sort(moved[run == number])
                if taken[own].any():
                    continue
                taken[own] = True
                along = f"along {name}" if name else "in the order of the rows"
                text = f"{count(len(own))} figures moved by one row {along}: each has the "
                text += f"older figure of the row {'before' if step < 0 else 'after'} it"
                yield self.row("shifted", name, own, text, "Was a row inserted or left out?")

    def scaled(self) -> Iterator[Row]:
        """Yield cells whose figures changed by the same power of ten."""
        for factor in (10, 100, 1000):
            for verb, target in (
                ("multiplied", self.old * factor),
                ("divided", np.where(self.old % factor == 0, self.old // factor, -1)),
            ):
                possible = np.flatnonzero((self.old > 0) & (target > 0))
                chance = np.exp(self.chance.log(self.old[possible], target[possible]))
                findings = np.flatnonzero(target[possible] == self.new[possible])
                findings = findings[np.argsort(chance[findings], kind="stable")]
                n = _beyond_chance(chance[findings], np.sort(chance))
                cells = self.changed[np.sort(possible[findings[:n]])]
                if n:
                    text = f"{Amount(n)} {Amount(n):figure is|figures are} {verb} by "
                    text += f"{count(factor)}, such as "
                    text += f"{self.figures(0, cells[:1])} to {self.figures(1, cells[:1])}"
                    ask = "Did the unit of the figures change?"
                    yield self.row("scaled", "", cells, text, ask)

    def other_table(self) -> Iterator[Row]:
        """Yield all cells, if most figures change by more than half."""
        known = (self.state == KNOWN).all(axis=0) & (self.figure[0] >= _LEAST)
        cells = np.flatnonzero(known)
        old, new = self.figure[:, cells]
        changed = cells[2 * np.abs(new - old) > old]
        if len(cells) >= _FEWEST and 2 * len(changed) > len(cells):
            text = f"{count(len(changed))} of {count(len(cells))} figures change by more than half,"
            text += " so that the newer file seems to be another table under the same name"
            yield self.row("other_table", "", changed, text, "Is it the same statistic?")

    def relabelled(self) -> Iterator[Row]:
        """Yield labels whose figures have another label in the other release."""
        for name in self.names if (self.state == ABSENT).any() else ():
            codes, size = self.alignment.keys[name].codes, len(self.alignment.keys[name].categories)
            used = [np.bincount(codes[own > ABSENT], minlength=size) > 0 for own in self.state]
            for first, second in ((0, 1), (1, 0)):
                fresh = np.flatnonzero(used[second] & ~used[first]).tolist()
                labels = set(np.unique(codes[self.state[first] == REPEATED]).tolist())
                if not first:
                    labels |= set(np.flatnonzero(used[0] & ~used[1]).tolist())
                if len(fresh) * len(labels) <= _MOST_LABELS:
                    for before in sorted(labels):
                        for after in fresh:
                            yield from self.same_values(name, (before, after), first, second)

    def moved_labels(self, explained: Rows) -> Iterator[Row]:
        """Yield groups in which three figures or more have another label."""
        state, figure = self.state, self.figure
        is_changed = np.zeros(len(self.alignment), dtype=np.bool_)
        is_changed[self.changed] = True
        sides = [
            np.flatnonzero((own == KNOWN) & (is_changed | (other_cell <= BLANK)))
            for own, other_cell in (state, state[::-1])
        ]
        for name in self.names:
            group, first = groups(self.alignment.without(name, np.concatenate(sides)))
            both = np.split(group, [len(sides[0])])
            many = [np.bincount(own, minlength=len(first)) > 2 for own in both]
            frames = [
                pd.DataFrame({"group": own, "value": figure[i, cells], f"cell_{i}": cells})[
                    (many[0] & many[1])[own]
                ]
                for i, (own, cells) in enumerate(zip(both, sides, strict=True))
            ]
            frames = [own.drop_duplicates(["group", "value"], keep=False) for own in frames]
            joined = frames[0].merge(frames[1], on=["group", "value"])
            joined = joined[joined["cell_0"] != joined["cell_1"]]
            joined = joined[~joined["cell_1"].isin(explained)]
            if not len(joined):
                continue
            target = joined["cell_1"].to_numpy()
            log = self.chance.log(figure[0, target], figure[1, target])
            others = frames[0].groupby("group")["cell_0"].transform("size")
            log = np.where(is_changed[target], log + np.log(others.max()), 0.0)
            limit = np.log(_CHANCE / len(self.names) / max(frames[1]["group"].nunique(), 1))
            sums = joined.assign(log=log).groupby("group")["log"]
            is_beyond = (sums.transform("size") > 2) & (sums.transform("sum") <= limit)
            for _, rows in joined[is_beyond].groupby("group"):
                before, after = (rows[f"cell_{i}"].to_numpy() for i in (0, 1))
                if set(before) == set(after):
                    yield self.exchanged(name, np.sort(before))
                    continue
                column = self.alignment.keys[name]
                labels = [
                    self.listed([column[c].replace("_", " ") for c in own.tolist()])
                    for own in (before, after)
                ]
                text = f"the figures {self.figures(0, before)} of {labels[0]} are now figures of "
                text += labels[1]
                cells = np.union1d(before, after)
                yield self.row("relabelled", name, cells, text, "Which labels are right?")

    def same_values(
        self, name: str, labels: tuple[int, int], first: int, second: int
    ) -> Iterator[Row]:
        """Yield the pattern of a label whose figures have another label in the other release.

        A repeated cell has the bounds min(a, b) and a + b: with a under its label in the other
        release, the figure of the other label is the remainder b.
        """
        alignment, column = self.alignment, self.alignment.keys[name]
        left, right = (np.flatnonzero(column.codes == code) for code in labels)
        left, right = left[self.state[first, left] > BLANK], right[self.figure[second, right] >= 0]
        keys = alignment.without(name, np.append(left, right)).values
        index = pd.Index(keys[: len(left)]).get_indexer(pd.Index(keys[len(left) :]))
        left, right = left[index[index >= 0]], right[index >= 0]
        value, other_cell = self.figure[second, right], self.figure[second, left]
        low, high = (own[self.sides[first], left] for own in (alignment.lower, alignment.upper))
        several = self.state[first, left] == REPEATED
        is_remainder = (
            (high == value + other_cell)
            & (low == np.minimum(value, other_cell))
            & (other_cell >= 0)
        )
        # Equal values under one label are one row.
        fits = np.where(
            several, is_remainder, (low == value) & ((other_cell < 0) | (other_cell == low))
        )
        fits |= ~several & (self.state[first, left] != KNOWN)
        distinct = np.unique(value[several] if several.any() else value)
        if len(left) < 2 or len(distinct) < 2 or np.log2(1.0 + distinct).sum() < _BITS:
            return
        if fits.all():
            codes = [column.categories[code].replace("_", " ") for code in labels]
            text = f"the {('older', 'newer')[first]} release has {count(len(right))} figures of "
            text += f"{codes[1]} under the label {codes[0]}"
            repeats = Amount(int(several.sum()))
            again = f", with {repeats} repeated {repeats:key|keys}" if several.any() else ""
            cells, ask = np.append(left, right), f"Is {codes[1]} the right label?"
            yield self.row("relabelled", name, cells, text + again, ask)
