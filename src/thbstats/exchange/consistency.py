"""Totals of a file against the parts that it prints beside them."""

import numpy as np

from thbstats.exchange.draft import Draft
from thbstats.exchange.words import Words
from thbstats.records import Dimension
from thbstats.tables.keys import groups
from thbstats.vocabulary import CitizenshipGroup

__all__ = ["check_totals"]


def check_totals(draft: Draft) -> None:
    """Say which totals are certainly below one of their parts, or below all of them together.

    The rows are used as they are: whether categories overlap or a figure is wrong is not ours to
    say.
    """
    for dimension in draft.schema.dimensions:
        words = draft.dimensions.get(dimension.name)
        if words is not None and dimension.total in words.words:
            for family in _families(dimension, words):
                _check(draft, dimension, family)


def _families(dimension: Dimension, words: Words) -> list[list[int]]:
    """Return the places of categories that divide the total; groups and countries apart."""
    parts = [
        place
        for place, word in enumerate(words.words)
        if word != dimension.total and dimension.parent(word) == dimension.total
    ]
    if dimension.holds != "citizenship":
        return [parts]
    groups_ = [place for place in parts if words.words[place] in list(CitizenshipGroup)]
    return [groups_, [place for place in parts if place not in groups_]]


def _check(draft: Draft, dimension: Dimension, family: list[int]) -> None:
    words, rows = draft.dimensions[dimension.name], draft.rows
    part = words.among(family)[rows]
    total = words.among([words.words.index(dimension.total or "")])[rows]
    if not (part.any() and total.any()):
        return
    both = part | total
    rows, part, total = rows[both], part[both], total[both]
    group, first = groups(draft.keys(rows, but=dimension.name))
    lower = draft.values.lower[rows].astype(np.float64)
    added, largest = np.zeros(len(first)), np.zeros(len(first))
    np.add.at(added, group[part], lower[part])
    np.maximum.at(largest, group[part], lower[part])
    cells, upper = group[total], draft.values.upper[rows[total]]
    above = largest[cells] > upper
    exceeding = (added[cells] > upper) & ~above
    _tell(draft, dimension, rows[total][above], added[cells][above], contradiction=True)
    _tell(draft, dimension, rows[total][exceeding], added[cells][exceeding], contradiction=False)


def _tell(
    draft: Draft, dimension: Dimension, rows: np.ndarray, added: np.ndarray, *, contradiction: bool
) -> None:
    name = dimension.name.replace("_", " ")
    sums = dict(zip(rows.tolist(), added.astype(int).tolist(), strict=True))

    def shows(row: int) -> str:
        lower, upper = draft.values.lower[row], int(draft.values.upper[row])
        stated = str(upper) if lower == upper else f"{lower}..{upper}"
        return f"total {stated}, parts by {name} {sums[row]}"

    code = "PART_ABOVE_TOTAL" if contradiction else "PARTS_EXCEED_TOTAL"
    parts = "one of its parts" if contradiction else "the sum of its parts"
    mend = (
        "One of the two is wrong: ask the publisher before either is used"
        if contradiction
        else "Persons can stand in several categories: read shares with that in mind, or ask the "
        "publisher"
    )
    draft.ledger.odd(
        code,
        rows,
        column=draft.dimensions[dimension.name].column or dimension.name,
        what=f"a total below {parts} by {name}",
        mend=mend,
        shows=shows,
    )
