"""Contradictions between counts."""

from collections.abc import Iterable, Sequence
from functools import partial
from itertools import chain
from typing import Any

import numpy as np

from thbstats.columns import Coded, Mask, Ranges
from thbstats.languages import Message
from thbstats.panel.cells import Cells
from thbstats.panel.context import Contradiction, ContradictoryCounts, Excess
from thbstats.panel.kind import dimension_label
from thbstats.panel.systems import OF_SEVERAL, count_text
from thbstats.vocabulary import code_text

Excesses = dict[int, list[tuple[bool, ContradictoryCounts]]]
"""By country with parts above their total: whether above the tolerance, and these counts."""

# The panel tests sums of parts itself, because categories may overlap.
_JUDGED = frozenset({"PARTS_EXCEED_TOTAL"})


def figures_of(cells: Cells, entry: int, words: Sequence[str], used: Any) -> dict[int, str]:
    """Return the reported counts of a country as texts, by slot."""
    listed = np.flatnonzero(cells.present[:, entry] & used).tolist()
    low, high = cells.counts.lower, cells.counts.upper
    texts = (count_text(low[row, entry], high[row, entry]) for row in listed)
    return {
        row: Message("{name} {n}", name=code_text(words[row]), n=n)
        for row, n in zip(listed, texts, strict=True)
    }


def contradictions_of(
    cells: Cells,
    words: Sequence[str],
    excesses: Excesses,
    used: Any = True,
    *,
    slots: Any = (0,),
    others: Any = (),
    margins: Any = (),
    names: Iterable[str] = (),
    outside: Iterable[str] = (),
) -> Coded[tuple[Contradiction, ...]]:
    """Return the contradictions of each number in its countries, in the first selections.

    `slots` are the counts of the query, `others` those of other categories in its denominator, and
    `margins` the totals that limit them. Contradictions in the dimensions of `names` follow from
    the systems, those in `outside` are in `excesses`. An entry without a text
    there has a contradiction of several dimensions.
    """
    columns, grid, systems = cells.systems.columns, cells.grid, cells.systems
    first = slice(len(words)), slice(cells.size)
    conflicts = cells.conflicting[first] & used
    marked = np.zeros(conflicts.shape, dtype=np.bool_)
    if len(columns.findings) > 1:
        marked = cells.present[first] & (columns.finding[cells.row[first]] > 0) & used
    every_wrong, queried = cells.wrong_in(names, outside), np.asarray(slots)
    counted = np.concatenate([queried, np.asarray(others, dtype=np.intp)])
    wrong = every_wrong[counted]
    conflicting = np.flatnonzero((conflicts | marked).any(axis=0)).tolist()
    # A count without a row has the bounds that the rows around it leave.
    leaves_out = cells.of_rows(systems.aside)
    around = (cells.row[queried] < 0).any(axis=0) & (leaves_out | every_wrong).any(axis=0)
    # A count that was not reported follows from all rows, and from the totals that limit it.
    inferred, further = ~cells.counts.reported[queried], cells.of_rows(systems.wrong)
    around |= (inferred & further[queried]).any(axis=0)
    if len(margins):
        around |= inferred.any(axis=0) & (leaves_out | further)[np.asarray(margins)].any(axis=0)
    aside = leaves_out[counted].any(axis=0) | (around & ~wrong.any(axis=0))
    conflicting += np.flatnonzero(wrong.any(axis=0) | aside).tolist()
    if not conflicting and not excesses:
        return Coded.constant((), len(grid))
    result: list[dict[Contradiction, None]] = [{} for _ in range(len(grid))]
    for entry in sorted({*conflicting, *excesses}):
        i, area, excess = int(cells.number[entry]), cells.name[entry], list(excesses.get(entry, []))
        rows = cells.row[counted, entry][wrong[:, entry]].tolist()
        excess += [(True, own) for own in systems.conflicts(rows, names)]
        if entry in excesses and not excess:
            excess.append((True, OF_SEVERAL))
        period, is_wrong = str(grid.periods[0][i]), any(own for own, _ in excess)
        problems = [
            ("contradictory" if exceeded else "discrepancy", own) for exceeded, own in excess
        ]
        if aside[entry] and not is_wrong:
            text = Message(
                "the counts by {dimensions} leave out counts that contradict others",
                dimensions=dimension_label(sorted(names)),
            )
            problems.append(("discrepancy", ContradictoryCounts(text=text)))
        countries = entry < cells.size
        for row in np.flatnonzero(conflicts[:, entry]).tolist() if countries else ():
            counts = count_text(cells.counts.lower[row, entry], cells.counts.upper[row, entry])
            text = Message(
                "several values of {name} in the source ({counts})",
                name=code_text(words[row]),
                counts=counts,
            )
            problems.append(("conflicting", ContradictoryCounts(text=text, category=words[row])))
        where, of_country = f"{area} {period}", partial(Contradiction, area=area, period=period)
        for code, own in problems:
            problem = own.text
            if own.hint:
                problem = Message("{problem}; {hint}", problem=problem, hint=own.hint)
            text = Message("{where}: {problem}", where=where, problem=problem)
            result[i][of_country(code=code, text=text, counts=own)] = None
        for row in np.flatnonzero(marked[:, entry]).tolist() if countries else ():
            own = ContradictoryCounts(category=words[row])
            result[i] |= {
                of_country(code=item.code, text=item.text, counts=own): None
                for item in columns.findings[columns.finding[cells.row[row, entry]]]
                if item.code not in _JUDGED and not (is_wrong and item.code == "PART_ABOVE_TOTAL")
            }
    return Coded.from_values(map(tuple, result))


def joined_texts(
    texts: Coded[tuple[Contradiction, ...]], width: int
) -> Coded[tuple[Contradiction, ...]]:
    """Return the contradictions of numbers with several periods, from one number per period."""
    if width == 1:
        return texts
    size = len(texts) // width
    return Coded.from_values(
        tuple(dict.fromkeys(chain(*(texts[i * width + w] for w in range(width)))))
        for i in range(size)
    )


def excesses_of(cells: Cells, used: Mask, overlapping: Mask) -> Coded[Excess | None]:
    """Return the sums of categories of each number that certainly overlap.

    `used` has the categories of each country and area, `overlapping` those that overlap.
    """
    if not overlapping.any():
        return Coded.constant(None, len(cells.grid))
    counts, total = cells.counts[1:], cells.counts[0]
    listed = cells.present[1:] | (np.arange(len(overlapping)) < cells.size)
    counts = counts.where(used & listed, Ranges.zero(*counts.shape))
    summed = counts.sum()
    entries = np.flatnonzero(overlapping & (summed.lower > total.upper))
    result: list[Excess | None] = [None] * len(cells.grid)
    # The countries of a number, or its published area.
    for side in (entries[entries < cells.size], entries[entries >= cells.size]):
        for i in np.unique(cells.number[side]).tolist():
            own = side[cells.number[side] == i]
            areas = tuple(cells.name.take(own))
            result[i] = Excess(counted=summed.total(own), total=total.total(own), areas=areas)
    return Coded.from_values(result)
