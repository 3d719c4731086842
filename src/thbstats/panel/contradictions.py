"""Contradictions between counts, and the countries that are listed for them.

A total that its parts exceed has two readings: as published, and as the sum of the parts. This
table has five rows, with an excess of sexes over all victims and of girls over children:

>>> import thbstats as thb
>>> rows = [
...     ("total", "total", 10), ("female", "total", 8), ("male", "total", 5),
...     ("total", "child", 3), ("female", "child", 4),
... ]
>>> table = thb.CountTable.from_rows(
...     rows, columns=["sex", "age", "value"], kind="victims", area="FR", period=2020
... )

>>> for query in ({}, {"sex": "female"}, {"age": "child"}, {"sex": "female", "age": "child"}):
...     row = thb.total(table, by="area", **query).row(0)
...     print(row.value, "-", row.bounds, "-", row.contradictions[0].text)
None - 10 to 13 - FR 2020: the parts exceed their total (sex: total 10, female 8, male 5)
None - 0 to 8 - FR 2020: the parts exceed their total (sex: total 10, female 8, male 5)
3 - 3 - FR 2020: the counts by age leave out counts that contradict others
None - 0 to 4 - FR 2020: the parts exceed their total (sex: child, total 3, female 4)

A country is *contradictory* if counts in the dimensions of the query contradict each other. It has
no value, and its bounds contain both readings: the total is 10 or 13, and a part has no lower bound
where the total can be right. A country has a *discrepancy* if only rows of further dimensions
contradict others. They are left out: 3 children count, although 4 of them are girls.

`contradictory=` chooses one reading. The sums are 13 victims and 4 children:

>>> for query in ({}, {"age": "child"}):
...     parts = thb.total(table, contradictory="parts", **query).value
...     print(thb.total(table, contradictory="published", **query).value, "or", parts)
10 or 13
3 or 4
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import chain
from typing import Any

import numpy as np
from attrs import frozen

from thbstats._properties import cached_property
from thbstats.columns import Coded, Index, Mask, Ranges
from thbstats.display import count
from thbstats.geography import Area
from thbstats.languages import Message, joined
from thbstats.panel.cells import Cells
from thbstats.panel.context import Contradiction, ContradictoryCounts, Excess
from thbstats.panel.kind import dimension_label
from thbstats.panel.systems import CountSystems
from thbstats.values import Interval, Reason
from thbstats.vocabulary import code_text, dimension_text

Excesses = dict[int, list[tuple[bool, ContradictoryCounts]]]
"""By country with parts above their total: whether above the tolerance, and these counts."""

OF_SEVERAL = ContradictoryCounts(
    text=Message("the parts exceed their total (counts of several dimensions)")
)
"""Counts of which no two are a total and its parts."""

_ABSENT = Message("not applicable")

# The panel tests sums of parts itself, because categories may overlap.
_JUDGED = frozenset({"PARTS_EXCEED_TOTAL"})

_NO_SLOTS: Index = np.zeros(0, dtype=np.intp)


@frozen(kw_only=True, eq=False)
class QueriedCounts:
    """The counts of a query, as selections of its cells."""

    words: Sequence[str]  # The names of the first s selections
    used: Any = True  # (s, e): those that count, in each country and area
    slots: Index  # The counts of the query
    others: Index = _NO_SLOTS  # Those of other categories in its denominator
    margins: Sequence[int] = ()  # The totals that limit it
    names: Sequence[str]  # Contradictions in these dimensions follow from the systems
    outside: Sequence[str] = ()  # Sums of parts in these dimensions are judged elsewhere

    @cached_property
    def left_out(self) -> ContradictoryCounts:
        """The counts that a number leaves out because other counts contradict them."""
        text = Message(
            "the counts by {dimensions} leave out counts that contradict others",
            dimensions=dimension_label(sorted(self.names)),
        )
        return ContradictoryCounts(text=text)

    @property
    def counted(self) -> Index:
        """The selections of numerator and denominator, (q,)."""
        return np.concatenate([self.slots, self.others])


@lru_cache(maxsize=4096)
def count_text(lower: Any, upper: Any) -> str:
    """Return the bounds of a count as text."""
    if lower == upper:
        return count(int(lower))
    if np.isinf(upper):
        return Message("{n} or more", n=count(int(lower)))
    return Message("{lower} to {upper}", lower=count(int(lower)), upper=count(int(upper)))


def excess_of(
    name: str, total: Interval, parts: Iterable[str], *, known: int, unknown: int, figures: str
) -> ContradictoryCounts:
    """Return a total that its parts along a dimension exceed; `figures` has the counts as text."""
    if total == Interval.point(known) and unknown:
        text = Message(
            "the total {known} equals the known categories, next to {unknown} of unknown "
            "{dimension}",
            known=count(known),
            unknown=count(unknown),
            dimension=dimension_text(name),
        )
        hint = Message('contradictory="parts" adds them')
        return ContradictoryCounts(text=text, hint=hint)
    text = Message("the parts exceed their total ({figures})", figures=figures)
    return ContradictoryCounts(text=text, dimension=name, total=total, parts=tuple(parts))


def small_excess(name: str, figures: str) -> ContradictoryCounts:
    """Return a total that its parts along a dimension exceed within the tolerance."""
    text = Message("small excess of the parts over their total ({figures})", figures=figures)
    return ContradictoryCounts(text=text, dimension=name)


def small_excesses_of(cells: Cells, names: Sequence[str]) -> Excesses:
    """Return the totals of countries and areas that their parts exceed within the tolerance."""
    systems, result = cells.systems, Excesses()
    for name, totals in systems.small_excesses(names).items():
        own = cells.of_rows(totals)[:, cells.published]
        for entry in np.flatnonzero(own.any(axis=0)).tolist():
            for row in np.unique(cells.row[own[:, entry], entry]).tolist():
                parts = systems.lines[name].parts_of(row)
                lower = systems.columns.numbers.lower[parts]
                dimension = systems.lines[name].dimension.name
                of_total, of_parts = _count_texts(systems, dimension, row, parts, lower)
                figures = joined([*of_total, *of_parts], ", ")
                result.setdefault(entry, []).append((False, small_excess(dimension, figures)))
    return result


def conflicts_of(
    systems: CountSystems, rows: Iterable[int], names: Iterable[str]
) -> list[ContradictoryCounts]:
    """Return the contradictions of some rows in some dimensions."""
    result: dict[ContradictoryCounts, None] = {}
    every = set(names) or systems.lines.keys()
    for row in rows:
        is_shown = False
        for line in systems.lines.values():
            name = line.dimension.name
            if name not in every or not line.wrong[row]:
                continue
            numbers = systems.columns.numbers
            is_total = line.parts[row] and line.low[row] > numbers.upper[row]
            whole = row if is_total else int(line.whole[row])
            parts = line.parts_of(whole)
            lower, inferred = numbers.lower[parts], np.flatnonzero(parts >= systems.size)
            if len(inferred) == 1 and lower.sum() <= numbers.upper[whole]:
                # Rows of which a part without a row is a sum are left out, but not in `line.low`.
                lower[inferred] += max(int(line.low[whole] - lower.sum()), 0)
            if whole < 0 or lower.sum() <= numbers.upper[whole]:
                continue  # It is contradicted by other counts than those of its parts.
            whole_text, part_texts = _count_texts(systems, name, whole, parts, lower)
            own = joined([*whole_text, *part_texts], ", ")
            figures = Message("{dimension}: {figures}", dimension=dimension_text(name), figures=own)
            known = int(line.known[whole])
            excess = excess_of(
                name,
                Interval(int(numbers.lower[whole]), int(numbers.upper[whole])),
                part_texts,
                known=known,
                unknown=int(line.low[whole]) - known,
                figures=figures,
            )
            result[excess] = None
            is_shown = True
        if systems.below[row] and (text := _conflict_of_members(systems, row)):
            result[ContradictoryCounts(text=text)] = None
        elif not is_shown:
            result[OF_SEVERAL] = None
    return list(result)


def _conflict_of_members(systems: CountSystems, row: int) -> str:
    """Return a text on a published area that the sum of its members contradicts, or no text."""
    columns, column, numbers = systems.columns, systems.columns["area"], systems.columns.numbers
    countries = Area.parse(column[row]).members
    reporters = columns.origins[columns.origin[row]].reporters
    known = countries if reporters is None else countries & reporters
    sets = [Area.parse(own).members for own in column.categories]
    inside = np.array([own <= known for own in sets])[column.codes]
    inside &= systems.cell == systems.cell[row]
    is_member = inside & np.array([len(own) == 1 for own in sets])[column.codes]
    members = np.flatnonzero(is_member & (numbers.reason != Reason.NOT_APPLICABLE.severity))
    # The members, or a union inside and the members outside of it.
    sums = [members]
    for union in np.flatnonzero(inside & ~is_member & (np.arange(len(inside)) != row)).tolist():
        within = [sets[code] <= sets[column.codes[union]] for code in column.codes[members]]
        sums.append(np.append(union, members[~np.array(within, np.bool_)]))
    rows = max(sums, key=lambda own: systems.implied.lower[own].sum())
    whole_text, member_texts = _count_texts(systems, "area", row, rows, numbers.lower[rows])
    counts = joined([*whole_text, *member_texts], ", ")
    if is_member.sum() == len(known) and numbers.lower[row] > numbers.upper[members].sum():
        return Message("the total exceeds the sum of all members ({figures})", figures=counts)
    if systems.implied.lower[rows].sum() <= numbers.upper[row]:
        return ""
    return Message("the parts exceed their total (members: {figures})", figures=counts)


def _count_texts(
    systems: CountSystems, name: str, whole: int, rows: Index, lower: Index
) -> tuple[list[str], list[str]]:
    """Return the texts of a total with its other categories, and the texts of its parts.

    The lower bounds are those of the parts, which are `rows`.
    """
    numbers, column = systems.columns.numbers, systems.columns[name]
    low = {whole: numbers.lower[whole], **dict(zip(rows.tolist(), lower, strict=True))}
    absent = {row for row in low if numbers.reason[row] == Reason.NOT_APPLICABLE.severity}
    parts = sorted(rows.tolist(), key=lambda row: int(column.positions[row]))
    inside = [
        code_text(systems.columns[other][whole], other)
        for other, line in systems.lines.items()
        if other in systems.columns.schema.names and other != name and line.whole[whole] >= 0
    ]
    word = str if name == "area" else partial(code_text, dimension=name)
    of_whole, of_parts = (
        [
            Message(
                "{name} {n}",
                name=word(column[row]),
                n=_ABSENT if row in absent else count_text(low[row], numbers.upper[row]),
            )
            for row in side
            if row < systems.size or systems.derived[row] or low[row] > 0
        ]
        for side in ([whole], parts)
    )
    return [*inside, *of_whole], [*of_parts]


def figures_of(
    cells: Cells, entry: int, words: Sequence[str], used: Any, dimension: str
) -> dict[int, str]:
    """Return the reported counts of a country by a dimension as texts, by slot."""
    listed = np.flatnonzero(cells.present[:, entry] & used).tolist()
    low, high = cells.counts.lower, cells.counts.upper
    texts = (
        _ABSENT if cells.absent[row, entry] else count_text(low[row, entry], high[row, entry])
        for row in listed
    )
    return {
        row: Message("{name} {n}", name=code_text(words[row], dimension), n=n)
        for row, n in zip(listed, texts, strict=True)
    }


@frozen(kw_only=True, eq=False)
class _ListedCounts:
    """The counts of e countries and areas that a contradiction lists."""

    conflicts: Mask  # (s, e): counts with several values
    marked: Mask  # (s, e): counts with problems that a reader found
    wrong: Mask  # (q, e): counts of the query that contradict others
    aside: Mask  # (e,): numbers that leave out counts that contradict others
    periods: Coded[str]  # The period of each number

    @classmethod
    def of(cls, cells: Cells, query: QueriedCounts) -> "_ListedCounts":
        """Choose the counts of a query."""
        columns, systems, used = cells.systems.columns, cells.systems, query.used
        first = slice(len(query.words))
        conflicts = cells.conflicting[first] & used
        marked = np.zeros(conflicts.shape, dtype=np.bool_)
        if len(columns.findings) > 1:
            marked = cells.present[first] & (columns.finding[cells.row[first]] > 0) & used
        every_wrong = cells.wrong_in(query.names, query.outside)
        wrong, leaves_out = every_wrong[query.counted], cells.of_rows(systems.aside)
        # A count without a row has the bounds that the rows around it leave.
        around = (cells.row[query.slots] < 0).any(axis=0)
        around = around & (leaves_out | every_wrong).any(axis=0)
        # A count that was not reported follows from all rows, and from the totals that limit it.
        inferred, further = ~cells.counts.reported[query.slots], cells.of_rows(systems.wrong)
        around |= (inferred & further[query.slots]).any(axis=0)
        if len(query.margins):
            margins = (leaves_out | further)[np.asarray(query.margins)].any(axis=0)
            around |= inferred.any(axis=0) & margins
        aside = leaves_out[query.counted].any(axis=0) | (around & ~wrong.any(axis=0))
        periods = cells.grid.periods[0].map(str)
        return cls(conflicts=conflicts, marked=marked, wrong=wrong, aside=aside, periods=periods)

    @property
    def entries(self) -> list[int]:
        """The countries and areas with at least one listed count."""
        every = (self.conflicts | self.marked).any(axis=0) | self.wrong.any(axis=0) | self.aside
        return np.flatnonzero(every).tolist()


def contradictions_of(
    cells: Cells, query: QueriedCounts, excesses: Excesses
) -> Coded[tuple[Contradiction, ...]]:
    """Return the contradictions of each number in its countries.

    `excesses` are those of the dimensions in `outside` of the query. An entry without a text there
    has a contradiction of several dimensions.
    """
    listed = _ListedCounts.of(cells, query)
    entries = sorted({*listed.entries, *excesses})
    if not entries:
        return Coded.constant((), len(cells.grid))
    result: dict[int, dict[Contradiction, None]] = {}
    for entry in entries:
        rows = cells.row[query.counted, entry][listed.wrong[:, entry]].tolist()
        excess = [*excesses.get(entry, ())]
        excess += [(True, own) for own in conflicts_of(cells.systems, rows, query.names)]
        if entry in excesses and not excess:
            excess.append((True, OF_SEVERAL))
        number = int(cells.number[entry])
        own = _contradictions_of_entry(cells, query, listed, entry, excess)
        result.setdefault(number, {}).update(dict.fromkeys(own))
    return Coded.from_values(tuple(result.get(i, ())) for i in range(len(cells.grid)))


def _contradictions_of_entry(
    cells: Cells,
    query: QueriedCounts,
    listed: _ListedCounts,
    entry: int,
    excess: list[tuple[bool, ContradictoryCounts]],
) -> Iterator[Contradiction]:
    """Yield the contradictions of a country or area: excesses, several values, and problems."""
    columns, area = cells.systems.columns, cells.name[entry]
    period = listed.periods[int(cells.number[entry])]
    is_wrong = any(own for own, _ in excess)
    problems = [("contradictory" if exceeded else "discrepancy", own) for exceeded, own in excess]
    if listed.aside[entry] and not is_wrong:
        problems.append(("discrepancy", query.left_out))
    for row in np.flatnonzero(listed.conflicts[:, entry]).tolist():
        word, counts = query.words[row], cells.counts
        text = Message(
            "several values of {name} in the source ({counts})",
            name=code_text(word, next(iter(query.names), "")),
            counts=count_text(counts.lower[row, entry], counts.upper[row, entry]),
        )
        problems.append(("conflicting", ContradictoryCounts(text=text, category=word)))
    where, of_country = f"{area} {period}", partial(Contradiction, area=area, period=period)
    for code, own in problems:
        problem = own.text
        if own.hint:
            problem = Message("{problem}; {hint}", problem=problem, hint=own.hint)
        text = Message("{where}: {problem}", where=where, problem=problem)
        yield of_country(code=code, text=text, counts=own)
    for row in np.flatnonzero(listed.marked[:, entry]).tolist():
        for item in columns.findings[columns.finding[cells.row[row, entry]]]:
            if item.code not in _JUDGED and not (is_wrong and item.code == "PART_ABOVE_TOTAL"):
                own = ContradictoryCounts(category=query.words[row])
                yield of_country(code=item.code, text=item.text, counts=own)


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
