"""Totals of a file against the parts that it prints beside them."""

from collections import Counter
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.exchange.draft import Draft, grouped
from thbstats.exchange.words import Words
from thbstats.records import Dimension
from thbstats.tables.keys import Keys
from thbstats.vocabulary import CitizenshipGroup

__all__ = ["check_totals"]

_DENSE = 4  # cells per row up to which most of them are in use


def check_totals(draft: Draft) -> None:
    """Say which totals are certainly below one of their parts, or below all of them together.

    The rows are used as they are: whether categories overlap or a figure is wrong is not ours to
    say.
    """
    for dimension in draft.schema.dimensions:
        words = draft.dimensions.get(dimension.name)
        if words is not None and dimension.total in words.words:
            for by, family in _families(dimension, words).items():
                _check(draft, dimension, by, family)


def _families(dimension: Dimension, words: Words) -> dict[str, list[int]]:
    """Return the places of categories that divide the total; groups and countries apart."""
    parts = [
        place
        for place, word in enumerate(words.words)
        if word != dimension.total and dimension.parent(word) == dimension.total
    ]
    if dimension.holds != "citizenship":
        return {dimension.name.replace("_", " "): parts}
    groups = [place for place in parts if words.words[place] in list(CitizenshipGroup)]
    countries = [place for place in parts if place not in groups]
    return {"group of citizenship": groups, "country of citizenship": countries}


def _check(draft: Draft, dimension: Dimension, by: str, family: list[int]) -> None:
    words, rows = draft.dimensions[dimension.name], draft.rows
    part = words.among(family)[rows]
    total = words.among([words.words.index(dimension.total or "")])[rows]
    if not (part.any() and total.any()):
        return
    both = part | total
    rows, part, total = rows[both], part[both], total[both]
    group, groups = _groups(draft.keys(rows, but=dimension.name))
    lower = draft.values.lower[rows]
    added = np.bincount(group[part], weights=lower[part], minlength=groups)
    cells, upper = group[total], draft.values.upper[rows[total]]
    exceeding = added[cells] > upper
    if not exceeding.any():
        return
    largest = np.zeros(groups)
    np.maximum.at(largest, group[part], lower[part])
    above = largest[cells] > upper
    exceeding &= ~above
    column = words.column or dimension.name
    for wrong, contradiction in ((above, True), (exceeding, False)):
        found = _Found(column, by, rows[total][wrong], added[cells][wrong], contradiction)
        _tell(draft, found)


def _groups(keys: Keys) -> tuple[NDArray[Any], int]:
    """Return a number for each row, the same where the keys are, and below which they all are."""
    if keys.cells <= _DENSE * keys.size:
        return keys.values, keys.cells
    group, first = grouped(keys)
    return group, len(first)


@frozen(eq=False)
class _Found:
    """Totals below their parts: their rows, what the parts make, and whether one alone is more."""

    column: str
    by: str
    rows: NDArray[np.intp]
    added: NDArray[np.float64]
    contradiction: bool


def _tell(draft: Draft, found: _Found) -> None:
    """Say which totals it is, with the cell of each: those that are furthest below come first."""
    if not len(found.rows):
        return
    order = np.argsort(draft.values.upper[found.rows] - found.added, kind="stable")
    rows = found.rows[order]
    cells = _shown(draft, found.by, rows, found.added[order])
    shown = dict(zip(rows.tolist(), cells, strict=True))
    code = "PART_ABOVE_TOTAL" if found.contradiction else "PARTS_EXCEED_TOTAL"
    parts = "one of its parts" if found.contradiction else "the sum of its parts"
    mend = (
        "One of the two is wrong: ask the publisher before either is used"
        if found.contradiction
        else "Persons can stand in several categories: read shares with that in mind, or ask the "
        "publisher"
    )
    draft.ledger.odd(
        code,
        rows,
        column=found.column,
        what=f"a total of {draft.schema.kind} below {parts} by {found.by}",
        mend=mend,
        shows=shown.__getitem__,
        labels=Counter(cells),
    )


def _shown(draft: Draft, by: str, rows: NDArray[np.intp], added: NDArray[np.float64]) -> list[str]:
    area, period = (_words(draft.dimensions[name], rows) for name in ("area", "period"))
    numbers = (
        draft.values.lower[rows].tolist(),
        draft.values.upper[rows].astype(int).tolist(),
        added.astype(int).tolist(),
    )
    return [
        f"{where} {when}: total {lower if lower == upper else f'{lower}..{upper}'}, "
        f"parts by {by} {parts}"
        for where, when, lower, upper, parts in zip(area, period, *numbers, strict=True)
    ]


def _words(words: Words, rows: NDArray[np.intp]) -> list[str]:
    return [words.words[code] for code in words.codes[rows].tolist()]
