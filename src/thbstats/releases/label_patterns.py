"""Figures under another label: groups with moved figures, and labels of one release only.

If the older release has 90 and 41 for Italy, and the newer one has them for Spain, then the figures
moved to another label. With figures of both labels in both releases, the cells are revised, and
have a probability (`label_moves`). Otherwise they are evidence if they are high and different
(`label_changes`, `_evidence`).
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from thbstats.columns import Floats, Integers
from thbstats.display import count
from thbstats.languages import Plural
from thbstats.releases.alignment import ABSENT, BLANK, KNOWN, REPEATED, Rows
from thbstats.releases.coincidence import limit
from thbstats.releases.release_pair import ReleasePair, Row
from thbstats.tables.encoding import groups
from thbstats.vocabulary import code_text

_FREQUENT_PAIRS = 400
"""The number of pairs of labels above which one figure of all of them shows none of them."""


def label_moves(search: ReleasePair, explained: Rows) -> Iterator[Row]:
    """Yield groups in which three figures or more have another label.

    ``explained`` are the cells of patterns that are known.
    """
    state, is_changed = search.state, np.zeros(len(search.alignment), dtype=np.bool_)
    is_changed[search.changed] = True
    # The known cells of each release that are changed, or have no count in the other one.
    sides = [
        np.flatnonzero((own == KNOWN) & (is_changed | (other_cell <= BLANK)))
        for own, other_cell in (state, state[::-1])
    ]
    cells, n = np.concatenate(sides), len(sides[0])
    figures = np.concatenate([search.figure[side, own] for side, own in enumerate(sides)])
    ranks = np.unique(figures, return_inverse=True)[1]
    for name, (group, _) in search.alignment.groups_without(search.names, cells).items():
        # The same figure of a group, which no other cell of the group has, in both releases.
        (key, older), (other_key, newer) = _distinct_figures(group, ranks, n)
        _, left, right = np.intersect1d(key, other_key, assume_unique=True, return_indices=True)
        is_moved = cells[older[left]] != cells[newer[right]]
        is_moved &= ~np.isin(cells[newer[right]], explained)
        if not is_moved.any():
            continue
        left, right = left[is_moved], right[is_moved]
        owner, before, target = group[older[left]], cells[older[left]], cells[newer[right]]
        # A changed figure has its probability for each older figure of the largest group.
        largest = np.bincount(group[older]).max()
        log = search.chance.log(search.figure[0, target], search.figure[1, target])
        log = np.where(is_changed[target], log + np.log(largest), 0.0)
        # The searches are the groups of all dimensions.
        most = np.log(limit(len(search.names) * len(np.unique(group[newer]))))
        is_beyond = (np.bincount(owner) > 2) & (np.bincount(owner, log) <= most)
        for number in np.flatnonzero(is_beyond):
            moves = np.flatnonzero(owner == number)
            moves = moves[np.argsort(before[moves])]
            old_cells, new_cells = before[moves], target[moves]
            if set(old_cells) == set(new_cells):
                yield search.exchange(name, np.sort(old_cells))
                continue
            old, new = search.labels(name, old_cells), search.labels(name, new_cells)
            facts = {"figures": search.figures(0, old_cells), "old": old, "new": new}
            both = np.union1d(old_cells, new_cells)
            yield search.pattern("relabelled", both, name, **facts)


def _distinct_figures(group: Rows, figure: Rows, n: int) -> list[tuple[Integers, Rows]]:
    """Return the rows of both releases with a figure that no other row of their group has.

    The first n rows are those of the older release; a group has three of each release or more.
    Each release has the keys of group and figure, which are sorted, and their rows. Three of four
    older figures are different, and three newer ones of the same group:

    >>> group, figure = np.zeros(7, dtype=np.intp), np.array([5, 5, 8, 9, 8, 7, 9])
    >>> [rows.tolist() for _, rows in _distinct_figures(group, figure, 4)]
    [[2, 3], [5, 4, 6]]
    """
    size, key = group.max(initial=-1) + 1, group * (figure.max(initial=0) + 1) + figure
    is_large = np.logical_and(
        *(np.bincount(own, minlength=size) > 2 for own in np.split(group, [n]))
    )
    result = []
    for every in (np.arange(n), np.arange(n, len(group))):
        rows = every[is_large[group[every]]]
        rows = rows[np.argsort(key[rows], kind="stable")]
        edge = np.diff(key[rows], prepend=-1, append=-1) != 0
        is_only = edge[:-1] & edge[1:]
        result.append((key[rows[is_only]], rows[is_only]))
    return result


def label_changes(search: ReleasePair, _explained: Rows) -> Iterator[Row]:
    """Yield labels whose figures have another label in the other release.

    Italy's figures 90, 41 and 57 are those of Spain by coincidence with a probability of
    1 / (91 * 42 * 58). A key with the figures 3 and 8 has one of them under each label in the other
    release; with 3 and 9, the figures differ:

    >>> import thbstats as thb
    >>> def table(**figures):
    ...     rows = [
    ...         (area, 2018 + year, n) for area in figures for year, n in enumerate(figures[area])
    ...     ]
    ...     columns = ["area", "period", "value"]
    ...     return thb.CountTable.from_rows(rows, columns=columns, kind="victims")
    >>> italy, spain = table(FR=[12], IT=[90, 41, 57]), table(FR=[12], ES=[90, 41, 57])
    >>> both = table(IT=[thb.Count.conflicting(own) for own in ([3, 8], [90, 41], [57, 70])])
    >>> apart, other = table(IT=[8, 41, 70], ES=[3, 90, 57]), table(IT=[9, 41, 70], ES=[3, 90, 57])
    >>> for pair in ((italy, spain), (both, apart), (both, other)):
    ...     print([pattern.text for pattern in thb.revisions(*pair).patterns])
    ['all cells: the older release has 3 figures of ES under the label IT.']
    ['all cells: the older release has 3 figures of ES under the label IT, with 3 repeated keys.']
    []
    """
    for name in search.names if (search.state == ABSENT).any() else ():
        column = search.alignment.keys[name]
        size = len(column.categories)
        used, repeated = (
            [np.bincount(column.codes[own], minlength=size) > 0 for own in cells]
            for cells in (search.state > ABSENT, search.state == REPEATED)
        )
        for side, other_side in ((0, 1), (1, 0)):
            # The wrong labels of a release have repeated keys, or the newer one lacks them. The
            # labels that only the other release uses can be right.
            others = np.flatnonzero(used[other_side] & ~used[side])
            is_wrong = repeated[side] | (used[0] & ~used[1] if side == 0 else False)
            labels = np.flatnonzero(is_wrong)
            # The searches are the pairs of labels of this dimension in this direction.
            least = -np.log(limit(max(len(labels) * len(others), 1)))
            for pair in _possible_pairs(search, name, (labels, others), side, least):
                yield from _same_figures(search, name, pair, side, least)


def _evidence(figures: NDArray[Any]) -> Floats:
    """Return the evidence of each figure that is the same under two labels.

    It is minus the logarithm of the probability of a coincidence, which is about 1 / (n + 1) for a
    figure n. Figures have the sum of their evidence: 90 and 41 are equal in 1 of 91 * 42 cases:

    >>> float(np.exp(_evidence(np.array([90, 41])).sum()).round(6))
    3822.0
    """
    return np.asarray(np.log1p(figures), np.float64)


def _possible_pairs(
    search: ReleasePair, name: str, labels: tuple[Integers, Integers], side: int, least: float
) -> list[tuple[int, int]]:
    """Return the pairs of labels whose equal figures can give the ``least`` evidence.

    The figures of two labels are compared in each category of the other dimensions. A figure that
    more than `_FREQUENT_PAIRS` pairs of labels have in one of them is not used to find a pair.
    """
    codes = search.alignment.keys[name].codes
    # 1. The figures of both sides. A repeated key has one of two figures, as in `_are_equal`.
    is_own, is_other = (np.isin(codes, own) for own in labels)
    left = np.flatnonzero(is_own & (search.state[side] > BLANK))
    right = np.flatnonzero(is_other & (search.figure[1 - side] > 0))
    again = np.flatnonzero(search.state[side, left] == REPEATED)
    low, high = search.lower[side, left], search.upper[side, left[again]]
    owner, _ = groups(search.alignment.without(name, np.concatenate([left, right])))
    rows = np.concatenate([np.arange(len(left)), again])
    value = np.concatenate([low, high - low[again]])
    own = pd.DataFrame({"group": owner[rows], "value": value, "label": codes[left[rows]]})
    own = own.drop_duplicates()
    other = pd.DataFrame({"group": owner[len(left) :], "label": codes[right]})
    other.insert(1, "value", search.figure[1 - side, right].astype(np.float64))
    # 2. The figures that few pairs of labels have, and these pairs.
    keys = ["group", "value"]
    number, other_number = (frame.groupby(keys, as_index=False).size() for frame in (own, other))
    both = number.merge(other_number, on=keys)
    rare = both.loc[both["size_x"] * both["size_y"] <= _FREQUENT_PAIRS, keys]
    pairs = own.merge(rare, on=keys).merge(other, on=keys, suffixes=("", "_other"))
    # 3. The pairs with enough evidence.
    pairs = pairs.assign(evidence=_evidence(pairs["value"].to_numpy()))
    evidence = pairs.groupby(["label", "label_other"])["evidence"].sum()
    # Sums in another order can be smaller by rounding; `_are_equal` decides.
    return [*evidence.index[evidence >= least - 1e-9]]


def _same_figures(
    search: ReleasePair, name: str, labels: tuple[int, int], side: int, least: float
) -> Iterator[Row]:
    """Yield the pattern of a label whose figures have another label in the other release.

    ``labels`` are the codes of the label in the release ``side`` and in the other one: Italy
    and Spain, if the older release has 9 and 4 for Italy, and the newer one for Spain.
    """
    # 1. The cells with both labels and the same other categories, in the same order. The first ones
    # have a count in the release `side`, the second ones a figure in the other one.
    column = search.alignment.keys[name]
    left, right = (np.flatnonzero(column.codes == code) for code in labels)
    left = left[search.state[side, left] > BLANK]
    right = right[search.figure[1 - side, right] >= 0]
    keys = search.alignment.without(name, np.append(left, right))
    index = pd.Index(keys[: len(left)]).get_indexer(pd.Index(keys[len(left) :]))
    left, right = left[index[index >= 0]], right[index >= 0]
    # 2. The sentence, if their figures are the same.
    if not _are_equal(search, left, right, side, least):
        return
    under, label = (code_text(column.categories[code], name) for code in labels)
    key = "other_label_in_newer" if side else "other_label_in_older"
    facts: dict[str, object] = {"n": count(len(right)), "label": label, "other": under}
    if n := int((search.state[side, left] == REPEATED).sum()):
        key += "_repeated"
        facts["keys"] = Plural("{n} repeated key", "{n} repeated keys", n, n=count(n))
    yield search.pattern("relabelled", np.append(left, right), name, key, **facts)


def _are_equal(search: ReleasePair, left: Rows, right: Rows, side: int, least: float) -> bool:
    """Return whether the cells of two labels have the same figures, with the ``least`` evidence.

    A suppressed count fits each figure, so that it does not count.

    A key with the figures 3 and 8 has the bounds min(3, 8) = 3 and 3 + 8 = 11. If the other
    release has 3 under the second label, it has 8 under the first one.
    """
    value, remainder = search.figure[1 - side, right], search.figure[1 - side, left]
    low, high, state = (own[side, left] for own in (search.lower, search.upper, search.state))
    is_repeated, is_known = state == REPEATED, state == KNOWN
    is_sum = (high == value + remainder) & (low == np.minimum(value, remainder))
    # Equal values under one label are one row.
    is_equal = (low == value) & ((remainder < 0) | (remainder == low))
    fits = np.where(is_repeated, is_sum & (remainder >= 0), is_equal | ~is_known)
    values = np.unique(value[is_repeated if is_repeated.any() else is_known])
    has_enough = len(values) > 1 and _evidence(values).sum() >= least
    return bool(has_enough and fits.all())
