"""Patterns of revisions that point to an error."""

from collections.abc import Iterator, Sequence
from itertools import product
from math import lgamma
from typing import Any

import numpy as np
import pandas as pd

from thbstats.columns import Floats, Integers
from thbstats.display import count
from thbstats.languages import Message, Plural, joined
from thbstats.releases.alignment import (
    ABSENT,
    BLANK,
    KNOWN,
    REPEATED,
    SUPPRESSED,
    Alignment,
    CellChange,
    Rows,
)
from thbstats.tables.encoding import groups
from thbstats.vocabulary import code_text, dimension_text

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

    def __init__(self, old: Integers, new: Integers) -> None:
        self.counts = np.zeros((66, 66))
        size, step, difference = _classes(old, new)
        np.add.at(self.counts, (size, step), 1)
        steps, number = np.unique(difference, return_counts=True)
        self.steps = np.append(steps[number >= _FREQUENT], np.iinfo(np.int64).max)
        self.share = np.append(number[number >= _FREQUENT] / len(old), 0.0)

    def log(self, old: Integers, new: Integers) -> Floats:
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


def _classes(old: Integers, new: Integers) -> tuple[Rows, Rows, Integers]:
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


class PatternSearch:
    """Search for patterns from one release to the next.

    The figure of a cell is its count, or a negative number for a suppressed one; `-1` is no
    figure.
    """

    def __init__(self, alignment: Alignment, pair: int) -> None:
        own, sides = alignment, slice(pair, pair + 2)
        self.alignment, self.old_name, self.new_name = alignment, *alignment.names[sides]
        self.names = [n for n in own.varying if len(own.keys[n].categories) > 1 and n != "kind"]
        self.state, self.lower, self.upper = own.state[sides], own.lower[sides], own.upper[sides]
        self.figure = np.where(self.state == KNOWN, self.lower, -1)
        above = self.upper[self.state == SUPPRESSED]
        self.figure[self.state == SUPPRESSED] = np.where(np.isinf(above), -2, -3 - above)
        revised = own.has_outcome(
            pair, CellChange.REVISED, CellChange.NARROWED, CellChange.WIDENED,
            CellChange.NEWLY_SUPPRESSED, CellChange.NO_LONGER_SUPPRESSED,
        )  # fmt: skip
        self.changed = np.flatnonzero(revised & (self.figure != -1).all(axis=0))
        self.old, self.new = self.figure[:, self.changed]
        self.chance = _Coincidence(self.old, self.new)
        # By dimension, the group of each changed cell in the other dimensions.
        self.owner = {name: groups(own.without(name, self.changed))[0] for name in self.names}

    def patterns(self) -> Iterator[Row]:
        """Yield the patterns of each kind, as rows with the `COLUMNS`."""
        yield from self.other_table()
        if len(self.changed):
            explained = [self.changed[:0]]
            for search in (self.shifted, self.permuted, self.moved_labels):
                # Figures that an earlier pattern explains are no further pattern.
                for row in [*search(np.concatenate(explained))]:
                    explained.append(row["positions"])
                    yield row
            yield from self.scaled()
        yield from self.relabelled()

    def pattern(self, kind: str, dimension: str, cells: Rows, text: str, question: str) -> Row:
        """Return a pattern with its sentences."""
        where = self.alignment.describe(cells, dimension)
        sentence = Message("{where}: {text}.", where=where, text=text)
        request = Message(
            "Between {old} and {new}, {where}: {text}. {question}",
            old=self.old_name, new=self.new_name, where=where, text=text, question=question,
        )  # fmt: skip
        values = (kind, dimension, where, len(cells), sentence, request, cells)
        return dict(zip(COLUMNS, values, strict=True))

    def figures(self, release: int, cells: Rows) -> str:
        """Return figures in a sentence."""
        values = self.figure[release, cells].tolist()
        return _listed([count(n) if n >= 0 else "[c]" if n == -2 else f"<{-2 - n}" for n in values])

    def labels(self, name: str, cells: Rows) -> str:
        """Return the labels of cells in a sentence."""
        return _listed([code_text(code) for code in self.alignment.keys[name].take(cells)])

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
        text = Message(
            "the figures of {labels} are exchanged, from {old} to {new}",
            labels=self.labels(name, cells), old=self.figures(0, cells), new=self.figures(1, cells),
        )  # fmt: skip
        return self.pattern("permuted", name, cells, text, Message("Which release is right?"))

    def shifted(self, _explained: Rows) -> Iterator[Row]:
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
                order = Message("in the order of the rows")
                if name:
                    order = Message("along {dimension}", dimension=dimension_text(name))
                text = (
                    "{n} figures moved by one row {order}: each has the older figure of the row "
                    "before it"
                )
                if step > 0:
                    text = (
                        "{n} figures moved by one row {order}: each has the older figure of the "
                        "row after it"
                    )
                moves = Message(text, n=count(len(own)), order=order)
                ask = Message("Was a row inserted or left out?")
                yield self.pattern("shifted", name, own, moves, ask)

    def scaled(self) -> Iterator[Row]:
        """Yield cells whose figures changed by the same power of ten."""
        for factor, is_larger in product((10, 100, 1000), (True, False)):
            target = self.old * factor
            if not is_larger:
                target = np.where(self.old % factor == 0, self.old // factor, -1)
            possible = np.flatnonzero((self.old > 0) & (target > 0))
            chance = np.exp(self.chance.log(self.old[possible], target[possible]))
            findings = np.flatnonzero(target[possible] == self.new[possible])
            findings = findings[np.argsort(chance[findings], kind="stable")]
            if n := _beyond_chance(chance[findings], np.sort(chance)):
                cells = self.changed[np.sort(possible[findings[:n]])]
                singular = "{n} figure is multiplied by {factor}, such as {old} to {new}"
                plural = "{n} figures are multiplied by {factor}, such as {old} to {new}"
                if not is_larger:
                    singular = "{n} figure is divided by {factor}, such as {old} to {new}"
                    plural = "{n} figures are divided by {factor}, such as {old} to {new}"
                ends = {"old": self.figures(0, cells[:1]), "new": self.figures(1, cells[:1])}
                text = Plural(singular, plural, n, n=count(n), factor=count(factor), **ends)
                ask = Message("Did the unit of the figures change?")
                yield self.pattern("scaled", "", cells, text, ask)

    def other_table(self) -> Iterator[Row]:
        """Yield all cells, if most figures change by more than half."""
        cells = np.flatnonzero((self.state == KNOWN).all(axis=0) & (self.figure[0] >= _LEAST))
        old, new = self.figure[:, cells]
        changed = cells[2 * np.abs(new - old) > old]
        if len(cells) >= _FEWEST and 2 * len(changed) > len(cells):
            text = Message(
                "{n} of {total} figures change by more than half, so that the newer file seems to "
                "be another table under the same name",
                n=count(len(changed)), total=count(len(cells)),
            )  # fmt: skip
            ask = Message("Is it the same statistic?")
            yield self.pattern("other_table", "", changed, text, ask)

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
                text = Message(
                    "the figures {figures} of {old} are now figures of {new}",
                    figures=self.figures(0, before),
                    old=self.labels(name, before), new=self.labels(name, after),
                )  # fmt: skip
                cells, ask = np.union1d(before, after), Message("Which labels are right?")
                yield self.pattern("relabelled", name, cells, text, ask)

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
        keys = alignment.without(name, np.append(left, right))
        index = pd.Index(keys[: len(left)]).get_indexer(pd.Index(keys[len(left) :]))
        left, right = left[index[index >= 0]], right[index >= 0]
        value, other_cell = self.figure[second, right], self.figure[second, left]
        low, high = self.lower[first, left], self.upper[first, left]
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
            under, label = (code_text(column.categories[code]) for code in labels)
            own: dict[str, object] = {"n": count(len(right)), "label": label, "other": under}
            text: str = Message(
                "the older release has {n} figures of {label} under the label {other}", **own
            )
            if first:
                text = Message(
                    "the newer release has {n} figures of {label} under the label {other}", **own
                )
            if n := int(several.sum()):
                repeats = Plural("{n} repeated key", "{n} repeated keys", n, n=count(n))
                text = Message("{text}, with {keys}", text=text, keys=repeats)
            cells, ask = np.append(left, right), Message("Is {label} the right label?", label=label)
            yield self.pattern("relabelled", name, cells, text, ask)


def _listed(texts: Sequence[str]) -> str:
    """Return the first texts of a list in a sentence."""
    more = len(texts) - _NAMED
    return joined([*texts[:_NAMED], *[Message("{n} more", n=more)] * (more > 0)])
