"""Contradictions, discrepancies and overlaps of the categories of shares."""

from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np

from thbstats.columns import Coded, Fractions, Mask
from thbstats.columns.ranges import any_of
from thbstats.languages import joined
from thbstats.panel.context import Contradiction, Excess
from thbstats.panel.contradictions import (
    Excesses,
    QueriedCounts,
    contradictions_of,
    excess_of,
    excesses_of,
    figures_of,
    joined_texts,
    small_excess,
    small_excesses_of,
)
from thbstats.panel.one_dimension import OneDimension
from thbstats.panel.pooled_shares import PooledShares


def contradictions_of_shares(shares: PooledShares) -> Coded[tuple[Contradiction, ...]]:
    """Return the contradictory and conflicting counts of each number."""
    cells, solved, selections = shares.read.windows, shares.solved, shares.selections
    # Contradictions of several dimensions at once have no text of their own.
    wrong = solved.contradictory[..., cells.published].any(axis=0)
    has_text = wrong.any() or cells.of_rows(cells.systems.has_text).any()
    has_text = has_text or solved.discrepant[cells.published].any()
    if not has_text:
        return Coded.constant((), len(shares.question.grid))
    used = np.zeros(cells.row.shape, dtype=np.bool_)
    used[0] = True
    used[selections.cells] = shares.choice.in_use[:, cells.published]
    used[selections.unknown] = True
    excesses = _excesses_of_parts(shares, selections.texts, used)
    for entry in np.flatnonzero(wrong).tolist():
        excesses.setdefault(entry, [])
    query = _queried_counts(shares, used)
    return joined_texts(contradictions_of(cells, query, excesses), len(shares.read.numbers))


def _queried_counts(shares: PooledShares, used: Mask) -> QueriedCounts:
    """Return the counts of a query; `used` has the counts used for each country and area.

    For shares of girls in all victims, they are the girls and all victims. The victims by sex and
    by age are margins, which limit the girls.
    """
    question, selections = shares.question, shares.selections
    slots, others = np.append(0, selections.cells[shares.categories]), selections.unknown[:0]
    if question.base != "all":
        slots = np.concatenate([slots, *selections.unknown_of(shares.categories)])
        others = selections.unknown
    margins: list[int] = []
    if selections.category is not None:
        sides = ((0, own) for own in selections.index[:, selections.category].tolist())
        margins = [int(selections.slots(*index)) for index in product(*sides)]
    return QueriedCounts(
        words=selections.texts,
        used=used,
        slots=slots,
        others=others,
        margins=margins,
        names=question.dimensions,
        outside=question.judged_apart,
    )


def _excesses_of_parts(shares: PooledShares, words: Sequence[str], used: Mask) -> Excesses:
    """Return the totals that their parts along one dimension exceed, with their texts.

    `words` names the selections, and `used` has those of each country and area.
    """
    cells, selections, solved = shares.read.windows, shares.selections, shares.solved
    if not isinstance(solved, OneDimension):
        return small_excesses_of(cells, shares.question.dimensions)
    result = Excesses()
    judged, (name,) = solved.sum_of_parts, shares.question.names
    wrong, slips = judged.exceeded[cells.published], judged.discrepant[cells.published]
    for entry in np.flatnonzero(wrong | slips).tolist():
        by_slot = figures_of(cells, entry, words, used[:, entry], name)
        figures = joined(by_slot.values(), ", ")
        excess = small_excess(name, figures)
        if wrong[entry]:
            counts, in_use = cells.counts[:, entry], shares.choice.in_use[:, entry]
            excess = excess_of(
                name,
                counts.interval(0),
                [text for slot, text in by_slot.items() if slot],
                known=int(counts.lower[selections.cells][in_use].sum()),
                unknown=int(counts.lower[selections.unknown].sum()),
                figures=figures,
            )
        result[entry] = [(bool(wrong[entry]), excess)]
    return result


def overlaps_of_shares(shares: PooledShares) -> Coded[Excess | None]:
    """Return the sums of categories of each number that certainly overlap."""
    cells, selections = shares.read.cells, shares.selections
    own_entries = shares.read.windows.published
    overlapping = shares.solved.overlaps[own_entries]
    if not overlapping.any():
        return Coded.constant(None, len(cells.grid))
    used = np.zeros(cells.row.shape, dtype=np.bool_)
    used[selections.cells] = shares.choice.in_use[:, own_entries]
    used[selections.unknown] = cells.row[selections.unknown] >= 0
    if selections.category is not None and len(shares.question.names) == 1:
        # A part of a category is included in that category.
        around = np.flatnonzero(selections.wider[0][selections.category])
        own = selections.cells[selections.category]
        used[own] &= ~used[selections.cells[around]].any(axis=0)
    return excesses_of(cells, used[1:], overlapping)


def discrepancies_of_shares(shares: PooledShares) -> Fractions:
    """Return each total minus its parts, over the countries that reported all of them.

    A total of 10, with 4 women, 5 men and 0 persons of unknown sex, has a discrepancy of 1. Where
    discrepancies of several countries cancel each other, it is that of the first such country.
    """
    cells, n, solved = shares.read.cells, len(shares.question.grid), shares.solved
    if shares.question.base == "responses" or not isinstance(solved, OneDimension):
        return Fractions.none(n)
    unknown, countries = solved.unknown, cells.countries
    exists = unknown.has_discrepancy[countries]
    if not exists.any():
        return Fractions.none(n)
    own, number = unknown.discrepancy, cells.number[countries]
    least, most = own.low[countries], own.high[countries]
    low, high = (np.bincount(number[exists], side[exists], n) for side in (least, most))
    cancelled = ((low <= 0) & (high >= 0))[number]
    certain = np.flatnonzero(exists & cancelled & ((least > 0) | (most < 0)))[::-1]
    # Entries in reverse order: the first one of a number is written last.
    low[number[certain]], high[number[certain]] = least[certain], most[certain]
    lacks = ~any_of(exists, cells.start)
    return Fractions(*_whole_bound(low), *_whole_bound(high), np.zeros(n, np.bool_), lacks)


def _whole_bound(bounds: Any) -> tuple[Any, Any]:
    """Return numerators and denominators of integer bounds; 0 and 0 for no bound."""
    is_bounded = np.isfinite(bounds)
    return np.where(is_bounded, bounds, 0).astype(np.int64), is_bounded.astype(np.int64)
