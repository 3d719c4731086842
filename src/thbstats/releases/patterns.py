"""Patterns of revisions that point to an error."""

from collections.abc import Iterator, Sequence
from math import lgamma
from typing import Any

import numpy as np
import pandas as pd
from attrs import frozen
from numpy.typing import NDArray

from thbstats.display import count, format_count
from thbstats.releases.alignment import (
    ABSENT,
    BLANK,
    KNOWN,
    REPEATED,
    SUPPRESSED,
    Mask,
    Rows,
)
from thbstats.releases.outcomes import CHANGES, Change, Pair
from thbstats.tables.keys import groups
from thbstats.values import Count, Reason

Floats = NDArray[np.float64]

_CHANCE = 1e-4
"""The probability with which independent revisions may look like a pattern of one kind."""
_CAUTION = 3.0
"""The factor by which the expected number of coincidences may be underestimated."""
_FACTORS = (10, 100, 1000)
_FEW_CELLS, _LEAST, _BITS = 5, 20, 16.0
_FREQUENT = 8
_LABELS = 400
_NAMED = 4


@frozen(kw_only=True, eq=False)
class Pattern:
    """Group of revisions that an error explains better than new data.

    Parameters
    ----------
    kind : str
        ``"permuted"``, ``"shifted"``, ``"scaled"``, ``"relabelled"`` or ``"other_table"``.
    dimension : str
        The dimension along which values moved; empty if there is none.
    where : str
        The categories that all cells share.
    cells : array of int
        The cells, as positions in the columns of the revisions.
    text : str
        The pattern in one sentence.
    question : str
        The sentence to send to the publisher.
    releases : tuple of str
        The names of the two releases.
    """

    kind: str
    dimension: str
    where: str
    cells: Rows
    text: str
    question: str
    releases: tuple[str, str]


class _Coincidence:
    """Probability of each revision if revisions are independent.

    The distribution of revisions is estimated from all revised cells, by the magnitude of the old
    figure and of the revision, with one further revision in each class.
    """

    def __init__(self, pair: Pair, cells: Rows) -> None:
        state, lower = pair.alignment.state, pair.alignment.lower
        self.hidden = [state[number, cells] == SUPPRESSED for number in (pair.old, pair.new)]
        low, high = (
            np.where(hidden, 0, lower[number, cells])
            for hidden, number in zip(self.hidden, (pair.old, pair.new), strict=True)
        )
        size = np.where(self.hidden[0], 0, 1 + _magnitude(low))
        step = np.where(self.hidden[1], 0, _magnitude(high - low))
        self.counts = np.zeros((66, 66))
        np.add.at(self.counts, (size, step), 1)
        values, number = np.unique(high - low, return_counts=True)
        frequent = number >= _FREQUENT
        self.steps = np.append(values[frequent], np.iinfo(np.int64).max)
        self.share = np.append(number[frequent] / len(cells), 0.0)

    def log(self, old: NDArray[Any], hidden: Mask, new: NDArray[Any], becomes: Mask) -> Floats:
        """Return the logarithm of the probability of each new figure, given the old one."""
        low, high = np.where(hidden, 0, old), np.where(becomes, 0, new)
        size = np.where(hidden, 0, 1 + _magnitude(low))
        step = np.where(becomes, 0, _magnitude(high - low))
        seen = (self.counts[size, step] + 1) / (self.counts.sum(axis=1)[size] + size + 3)
        # A class of steps has as many values as its width, of both signs if the figure can fall.
        width = np.exp2(np.maximum(step - 1, 0)) * np.where((low > 0) & (step > 0), 2, 1)
        place = np.searchsorted(self.steps, high - low)
        known = np.where(self.steps[place] == high - low, self.share[place], 0.0)
        probability = np.maximum(seen / width, np.where(hidden | becomes, 0, known))
        same = (low == high) & (hidden == becomes)
        with np.errstate(divide="ignore"):
            return np.log(np.where(same, 0.0, np.minimum(probability, 1.0)))


def _magnitude(values: NDArray[Any]) -> NDArray[np.intp]:
    """Return 0 for 0, and otherwise one more than the integer logarithm to base 2."""
    with np.errstate(divide="ignore"):
        return np.where(values == 0, 0, 1 + np.floor(np.log2(np.abs(values)))).astype(np.intp)


def find_patterns(pair: Pair) -> Iterator[Pattern]:
    """Yield the patterns between two releases."""
    alignment, sides = pair.alignment, (pair.old, pair.new)
    figures = [np.isin(alignment.state[number], (KNOWN, SUPPRESSED)) for number in sides]
    changed = pair.cells_with(
        Change.REVISED,
        Change.NEWLY_SUPPRESSED,
        Change.NO_LONGER_SUPPRESSED,
        Change.NARROWED,
        Change.WIDENED,
    )
    changed = changed[(figures[0] & figures[1])[changed]]
    yield from _other_table(pair)
    if len(changed):
        chance = _Coincidence(pair, changed)
        shifts = list(_shifted(pair, changed, chance))
        yield from shifts
        explained = np.concatenate([own.cells for own in shifts] or [changed[:0]])
        yield from _permuted(pair, changed, chance, explained)
        yield from _scaled(pair, changed, chance)
    yield from _relabelled(pair)


def _pattern(
    pair: Pair, kind: str, cells: Rows, sentences: tuple[str, str], dimension: str = ""
) -> Pattern:
    where = pair.alignment.describe(cells, dimension)
    names = pair.alignment.names[pair.old], pair.alignment.names[pair.new]
    return Pattern(
        kind=kind,
        dimension=dimension,
        where=where,
        cells=cells,
        text=f"{where}: {sentences[0]}.",
        question=f"Between the releases {names[0]} and {names[1]}, {where}: {sentences[0]}. "
        f"{sentences[1]}",
        releases=names,
    )


def _figures(pair: Pair, number: int, cells: Rows) -> list[str]:
    """Return figures as text; those after a few are left out."""
    alignment = pair.alignment
    texts = []
    for cell in cells[:_NAMED].tolist():
        low, high = int(alignment.lower[number, cell]), alignment.upper[number, cell]
        hidden = alignment.state[number, cell] == SUPPRESSED
        above = None if np.isinf(high) else int(high)
        reason = Reason.FEWER_THAN if above is not None else Reason.SUPPRESSED
        texts.append(format_count(Count(low, above, reason if hidden else Reason.KNOWN)))
    return [*texts, f"{len(cells) - _NAMED} more"] if len(cells) > _NAMED else texts


def _joined(texts: Sequence[str]) -> str:
    return " and ".join(", ".join(texts).rsplit(", ", 1))


def _categories(pair: Pair, name: str, cells: Rows) -> str:
    column = pair.alignment.keys[name]
    codes = [column[cell].replace("_", " ") for cell in cells[:_NAMED].tolist()]
    return _joined([*codes, f"{len(cells) - _NAMED} more"] if len(cells) > _NAMED else codes)


def _states(pair: Pair, cells: Rows) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return a code of the figure of each cell in both releases."""
    codes = []
    for number in (pair.old, pair.new):
        lower, upper = pair.alignment.lower[number, cells], pair.alignment.upper[number, cells]
        above = np.where(np.isinf(upper), 0, upper + 1).astype(np.int64)
        is_hidden = pair.alignment.state[number, cells] == SUPPRESSED
        codes.append(np.where(is_hidden, -1 - above, lower))
    return codes[0], codes[1]


def _permuted(pair: Pair, changed: Rows, chance: _Coincidence, explained: Rows) -> list[Pattern]:
    """Return groups of cells whose figures are the same in another order."""
    alignment = pair.alignment
    old, new = _states(pair, changed)
    low, high = (alignment.lower[number, changed] for number in (pair.old, pair.new))
    hidden, becomes = chance.hidden
    found: list[tuple[float, str, Rows]] = []
    certain: list[tuple[float, str, Rows]] = []
    expected: list[Floats] = []
    names = [n for n in alignment.varying if n != "kind" and len(alignment.keys[n].categories) > 1]
    for name in names:
        group = groups(alignment.keys_without(name, changed))[0]
        sizes = np.bincount(group)
        several = sizes[group] > 1
        if not several.any():
            continue
        member = np.flatnonzero(several)
        before, after = (member[np.lexsort((own[member], group[member]))] for own in (old, new))
        owner = group[before]
        starts = np.flatnonzero(np.diff(owner, prepend=-1))
        length = np.diff(np.append(starts, len(owner)))
        equal = np.minimum.reduceat(old[before] == new[after], starts)
        # Two cells can only exchange their figures: the probability is known for all groups.
        first = starts[length == 2]
        one, other = before[first], before[first + 1]
        log = sum(
            chance.log(low[a], hidden[a], low[b], hidden[b])
            for a, b in ((one, other), (other, one))
        )
        probability = np.exp(log)
        expected.append(probability)
        for number in np.flatnonzero(equal[length == 2]).tolist():
            rows = np.sort([one[number], other[number]])
            found.append((float(probability[number]), name, changed[rows]))
        # Of more cells, all orders without a fixed cell are possible.
        larger = length > 2
        limit = np.log(_CHANCE / 10 / max(larger.sum() * len(names), 1))
        for number in np.flatnonzero(equal & larger).tolist():
            rows = np.sort(before[starts[number] : starts[number] + length[number]])
            log = chance.log(low[rows], hidden[rows], high[rows], becomes[rows]).sum()
            if log + lgamma(len(rows) + 1) - 1 <= limit:
                certain.append((float(np.exp(log)), name, changed[rows]))
    found.sort(key=lambda item: item[0])
    every = np.sort(np.concatenate([*expected, [0.0]]))
    n = _number_beyond_chance([p for p, *_ in found], every)
    # Values that moved in a circle are a shift with one further cell.
    kept = [
        item
        for item in (*certain, *found[:n])
        if np.isin(item[2], explained).sum() < max(len(item[2]) - 1, 2)
    ]
    return [
        _pattern(
            pair,
            "permuted",
            cells,
            (
                f"the figures of {_categories(pair, name, cells)} are exchanged, from "
                f"{_joined(_figures(pair, pair.old, cells))} to "
                f"{_joined(_figures(pair, pair.new, cells))}",
                "Which release is right?",
            ),
            name,
        )
        for _, name, cells in kept
    ]


def _number_beyond_chance(found: Sequence[float], every: Floats) -> int:
    """Return the number of the least probable findings that coincidence does not explain."""
    from scipy.special import pdtrc  # the survival function of the Poisson distribution

    sums = np.cumsum(every)
    for number in range(len(found), 0, -1):
        last = int(np.searchsorted(every, found[number - 1] * (1 + 1e-9), side="right"))
        limit = _CHANCE if number == len(found) else _CHANCE / len(found)
        if pdtrc(number - 1, _CAUTION * sums[last - 1]) <= limit:
            return number
    return 0


def _shifted(pair: Pair, changed: Rows, chance: _Coincidence) -> Iterator[Pattern]:
    """Yield runs of changed cells with the figure of the cell before or after them."""
    alignment = pair.alignment
    names = [n for n in alignment.varying if n != "kind" and len(alignment.keys[n].categories) > 2]
    limit = np.log(_CHANCE / (2 * len(changed) * (len(names) + 1)))
    common = np.isin(alignment.state[[pair.old, pair.new]], (KNOWN, SUPPRESSED)).all(axis=0)
    old, hidden = alignment.lower[pair.old], alignment.state[pair.old] == SUPPRESSED
    taken = np.zeros(len(alignment), dtype=np.bool_)
    for name in ("", *names):
        if name:
            owner = alignment.others(name, changed)
            cells = changed[np.lexsort((alignment.position(name, changed), owner))]
            owner = np.sort(owner)
        else:
            cells, owner = changed, np.zeros(len(changed), dtype=np.int64)
        for step in (1, -1):
            source = alignment.neighbours(name, cells, -step, common)
            hit = source >= 0
            for bounds in (alignment.lower, alignment.upper):
                hit &= bounds[pair.new, cells] == bounds[pair.old, source]
            starts = np.diff(owner, prepend=-1) != 0
            run = np.cumsum(starts | ~hit)  # a cell without hit ends a run and is not part of it
            rows = np.flatnonzero(hit)
            here, there = cells[rows], source[rows]
            log = chance.log(old[here], hidden[here], old[there], hidden[there])
            total = np.bincount(run[rows], log)
            long = (np.bincount(run[rows]) > 2) & (total <= limit)
            for number in np.flatnonzero(long).tolist():
                moved = cells[rows[run[rows] == number]]
                if taken[moved].any():
                    continue
                taken[moved] = True
                along = f"along {name}" if name else "in the order of the rows"
                text = f"{count(len(moved))} figures moved by one row {along}: each has the "
                text += f"older figure of the row {'before' if step > 0 else 'after'} it"
                sentences = (text, "Was a row inserted or left out?")
                yield _pattern(pair, "shifted", np.sort(moved), sentences, name)


def _scaled(pair: Pair, changed: Rows, chance: _Coincidence) -> Iterator[Pattern]:
    """Yield cells whose figures changed by the same power of ten."""
    old, new = (pair.alignment.lower[number, changed] for number in (pair.old, pair.new))
    usable = (old > 0) & (new > 0) & ~chance.hidden[0] & ~chance.hidden[1]
    visible = np.zeros(len(changed), dtype=np.bool_)
    for factor in _FACTORS:
        for is_larger in (True, False):
            target = old * factor if is_larger else old // factor
            fits = usable if is_larger else usable & (old % factor == 0)
            if not (fits & (new == target)).any():
                continue
            probability = np.where(fits, np.exp(chance.log(old, visible, target, visible)), 0.0)
            rows = np.flatnonzero(fits & (new == target))
            rows = rows[np.argsort(probability[rows], kind="stable")]
            n = _number_beyond_chance(probability[rows].tolist(), np.sort(probability))
            if not n:
                continue
            cells = changed[np.sort(rows[:n])]
            verb = "multiplied" if is_larger else "divided"
            figures = [_figures(pair, number, cells[:1])[0] for number in (pair.old, pair.new)]
            text = f"{count(len(cells))} figures are {verb} by {factor:,}, such as {figures[0]} "
            text += f"to {figures[1]}"
            yield _pattern(pair, "scaled", cells, (text, "Did the unit of the figures change?"))


def _other_table(pair: Pair) -> Iterator[Pattern]:
    """Yield all cells, if most figures changed by more than half."""
    alignment = pair.alignment
    known = (alignment.state[[pair.old, pair.new]] == KNOWN).all(axis=0)
    old, new = (alignment.lower[number] for number in (pair.old, pair.new))
    cells = np.flatnonzero(known & (old >= _LEAST))
    changed = cells[2 * np.abs(new[cells] - old[cells]) > old[cells]]
    if len(cells) >= _FEW_CELLS and 2 * len(changed) > len(cells):
        text = (
            f"{count(len(changed))} of {count(len(cells))} figures change by more than half, so "
            "that the newer file seems to be another table under the same name"
        )
        yield _pattern(
            pair, "other_table", changed, (text, "Is the newer file the same statistic?")
        )


def _relabelled(pair: Pair) -> Iterator[Pattern]:
    """Yield labels whose figures have another label in the other release."""
    alignment = pair.alignment
    exists = [alignment.state[number] > ABSENT for number in (pair.old, pair.new)]
    for name in alignment.varying:
        column = alignment.keys[name]
        size = len(column.categories)
        if size < 2:
            continue
        used = [np.bincount(column.codes[own], minlength=size) > 0 for own in exists]
        gone, fresh = (np.flatnonzero(own) for own in (used[0] & ~used[1], used[1] & ~used[0]))
        for sides, unmatched, own in (
            ((pair.old, pair.new), fresh, gone),
            ((pair.new, pair.old), gone, fresh[:0]),
        ):
            is_repeated = alignment.state[sides[0]] == REPEATED
            labels = np.union1d(own, np.unique(column.codes[is_repeated])).astype(np.intp)
            if len(unmatched) * len(labels) > _LABELS:
                continue
            for before in labels.tolist():
                for after in unmatched.tolist():
                    pattern = _same_values(pair, name, (before, after), sides)
                    if pattern is not None:
                        yield pattern


def _same_values(
    pair: Pair, name: str, labels: tuple[int, int], sides: tuple[int, int]
) -> Pattern | None:
    """Return the pattern of a label whose figures have another label in the other release.

    A repeated cell has the bounds min(a, b) and a + b: with a under its label in the other
    release, the figure of the other label is the remainder b.
    """
    alignment, column = pair.alignment, pair.alignment.keys[name]
    first, second = sides
    left, right = (np.flatnonzero(column.codes == code) for code in labels)
    left = left[alignment.state[first, left] > BLANK]
    right = right[alignment.state[second, right] == KNOWN]
    keys = alignment.others(name, np.concatenate([left, right]))
    place = pd.Index(keys[: len(left)]).get_indexer(pd.Index(keys[len(left) :]))
    right, left = right[place >= 0], left[place[place >= 0]]
    values = alignment.lower[second, right]
    own, kept = alignment.lower[first, left], alignment.state[second, left] == KNOWN
    several = alignment.state[first, left] == REPEATED
    stay = alignment.lower[second, left]
    rest = alignment.upper[first, left] - stay
    is_rest = several & kept & (rest == values) & (own == np.minimum(stay, values))
    # Equal values under one label are one row.
    fits = np.where(several, is_rest, (own == values) & (~kept | (stay == own)))
    known = alignment.state[first, left] == KNOWN
    distinct = np.unique(values[several] if several.any() else values)
    enough = np.log2(1.0 + distinct).sum() >= _BITS and len(distinct) > 1
    if len(left) < 2 or not enough or not (fits | ~(known | several)).all():
        return None
    codes = [column.categories[code].replace("_", " ") for code in labels]
    which = "older" if first == pair.old else "newer"
    again = f", which then has {count(int(several.sum()))} repeated cells" if several.any() else ""
    text = (
        f"the {which} release has {count(len(right))} figures of {codes[1]} under the label "
        f"{codes[0]}{again}"
    )
    return _pattern(
        pair,
        "relabelled",
        np.concatenate([left, right]),
        (text, f"Is {codes[1]} the right label?"),
        name,
    )


__all__ = ["CHANGES", "Pattern", "find_patterns"]
