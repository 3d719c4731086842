"""Counts of one kind, pooled over countries and periods, and their ratios."""

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from itertools import combinations, compress, product
from typing import Any

import numpy as np
from attrs import asdict, evolve, frozen
from numpy.typing import NDArray

from thbstats.columns import Coded, Floats, Fractions, Index, Mask, Ranges
from thbstats.columns.ranges import any_of
from thbstats.languages import Message, Plural, capitalised
from thbstats.panel.cell_metadata import (
    all_reported,
    count_kinds,
    coverage_of,
    flagged_breaks,
    flags_of,
    same_countries,
    sets_of,
    sources_of,
    suppressions_of,
)
from thbstats.panel.cells import Cells, read_cells
from thbstats.panel.completions import SearchStep, completions_of
from thbstats.panel.context import Contradiction, Suppressions
from thbstats.panel.contradictions import (
    QueriedCounts,
    contradictions_of,
    joined_texts,
    small_excesses_of,
)
from thbstats.panel.grid import PanelGrid, require_listed
from thbstats.panel.kind import (
    Base,
    CountKind,
    ResultKind,
    Status,
    category_label,
    common_label,
    count_label,
    ratio_name,
)
from thbstats.panel.panel import Panel
from thbstats.panel.parts import Parts
from thbstats.panel.system_rows import UNKNOWN
from thbstats.panel.systems import with_reading
from thbstats.records.kind_schema import KIND_TITLES
from thbstats.values import Period


@frozen(kw_only=True, eq=False, slots=False)
class CountsByCountry:
    """Counts of p countries in one period, or summed over the periods of each number.

    Each column has the shape (p,), and all countries of the numbers one after the other.
    """

    by_country: Ranges  # The count of each country, as reported
    # The hull of the count and the sum of its parts where they exceed it; this sum in place of a
    # total that they contradict.
    hull: Ranges
    summed: Ranges
    joined: NDArray[np.float64]  # The upper bound with unknown allocated
    unknown: Ranges  # Unknown persons who can belong to it; missing if no number lists them
    # The countries to which such counts apply; those whose counts contradict each other.
    applies: Mask
    contradictory: Mask
    discrepant: Mask  # Counts next to a small excess of parts over their total
    derived: Mask  # Counts that follow from other rows
    attained: Mask  # Counts of which completions have both bounds

    @property
    def hull_joined(self) -> Ranges:
        """The smallest and largest count of each country, with unknown allocated."""
        return Ranges(self.hull.lower, self.joined, self.hull.reported)


@frozen(kw_only=True, eq=False, slots=False)
class CountsOfAreas:
    """Counts of the area of each of n numbers, in one period or summed over periods, (n,) each."""

    published: Ranges  # The count as published for the area; `reported` where it is
    # Unknown persons who can belong to the count; `reported` if a row lists them.
    whole_unknown: Ranges
    # The count of all countries of the area, without and with unknown allocated.
    whole: Ranges
    whole_joined: Ranges
    # Whether it has any row; rows of further dimensions only; a count with several values.
    present: Mask
    divided: Mask
    conflicting: Mask
    # Whether its published count contradicts others, and whether it has several values.
    area_contradictory: Mask
    area_conflicting: Mask
    all_listed: Mask  # Whether published counts are documented to include all countries


@frozen(kw_only=True, eq=False, slots=False)
class PanelCounts(CountsByCountry, CountsOfAreas):
    """Counts of one kind and category, summed over the periods of each number."""

    grid: PanelGrid  # The numbers
    category: Mapping[str, str]  # The category that all numbers share
    kind: Coded[CountKind]  # (n,): the kind of count
    mixed: Mask  # (n,): whether it has counts of several kinds
    contradictions: Coded[tuple[Contradiction, ...]]
    cells: Cells  # The counts that were read, in each period
    entries: Index  # (w, p): the entries of each country in them
    applies_in: Mask  # (w, p): the countries to which such counts apply in each period

    @property
    def period(self) -> Coded[Period]:
        """The period of each number."""
        return self.grid.period_of_numbers

    @property
    def reported(self) -> Mask:
        """The countries with a count that no other count contradicts, shape (p,)."""
        return np.asarray(self.by_country.reported & self.applies & ~self.contradictory)

    @property
    def categories(self) -> Coded[tuple[tuple[str, str], ...]]:
        """The category of each number, including ``by=``."""
        return self.grid.with_breakdowns(self.category)

    @property
    def labels(self) -> Coded[str]:
        """The label of each count."""
        return self.kind.combine(
            self.categories,
            lambda kind, own: with_reading(count_label(kind, own), self.grid.reading),
        )

    @property
    def bounds_attained(self) -> Mask:
        """The numbers whose bounds are attained."""
        # Rows of a published area limit the sums over its countries.
        cells, start = self.cells, self.grid.start
        sharp = ~any_of(~self.attained, start) & ~np.isin(np.arange(len(self.grid)), cells.area)
        # No completion has counts that contradict each other.
        has_none = any_of(self.contradictory | self.discrepant, start)
        return np.asarray((sharp | self.whole.is_point) & ~has_none)

    @property
    def suppressed(self) -> Mask:
        """The countries with a suppressed count in any period."""
        return np.asarray(self.cells.suppressed[COUNT, self.entries].any(axis=0))

    def used(self, mask: Mask, from_area: Mask) -> Ranges:
        """Return the counts of values: as published, or as sums over some countries."""
        start = self.grid.start
        # A count of all countries is the count of the whole area.
        partly = any_of(~mask & self.applies, start)
        pooled = self.by_country.pool(start, mask)
        pooled = pooled.clip(self.whole.lower, self.whole.upper, keep=partly)
        return self.published.where(from_area, pooled)

    def suppression(self, mask: Mask, from_area: Mask) -> Suppressions:
        """Return the suppressed counts in values."""
        cells = self.cells
        used = np.zeros(cells.row.shape, dtype=np.bool_)
        used[COUNT, self.entries] = mask & ~from_area[self.grid.number]
        used[COUNT, cells.areas] = from_area[cells.area]
        return suppressions_of(cells, used)

    def coverage(self, mask: Mask, from_area: Mask) -> tuple[Coded[Any], Coded[Any], Index]:
        """Return reporting and expected countries, and the number of reporting countries."""
        grid, size = self.grid, len(self.grid)
        values, inside = np.flatnonzero(mask), np.flatnonzero(self.applies)
        reporters, count = coverage_of(
            self.cells, grid.number[values], grid.member.take(values), from_area, np.arange(size)
        )
        return reporters, sets_of(grid.number[inside], grid.member.take(inside), size), count

    def limit_to(self, applies: Mask) -> "PanelCounts":
        """Return the counts of a subset of the applicable countries."""
        applies, start = self.applies & applies, self.grid.start
        rows = any_of(self.applies & ~applies, start)
        if not rows.any():
            return self
        zero = Ranges.zero(len(applies))
        hull, joined = self.hull.where(applies, zero), np.where(applies, self.joined, 0)
        wide = Ranges(hull.lower, joined, hull.reported)
        # Published counts do not change.
        keep = ~rows | self.published.reported
        return evolve(
            self,
            by_country=self.by_country.where(applies, zero),
            hull=hull,
            summed=self.summed.where(applies, zero),
            joined=joined,
            applies=applies,
            contradictory=self.contradictory & applies,
            discrepant=self.discrepant & applies,
            attained=self.attained | ~applies,
            whole=self.whole.where(keep, hull.pool(start)),
            whole_joined=self.whole_joined.where(keep, wide.pool(start)),
        )


def counts_of(grid: PanelGrid, category: Mapping[str, str]) -> PanelCounts:
    """Return the counts of a category for all numbers of a grid.

    In this example, 5 of 10 victims in FR are women and girls, and 2 more can be. IT reports 4
    women and girls only. If IT reports none, a published count of both countries is the whole:

    >>> import thbstats as thb
    >>> from thbstats.panel.grid import grid_of
    >>> def women(*rows):
    ...     columns = ["area", "sex", "value"]
    ...     table = thb.CountTable.from_rows(rows, columns=columns, kind="victims", period=2020)
    ...     grid = grid_of(table, by=None, area="FR+IT", period=None, attributes={})
    ...     return counts_of(grid, {"sex": "female"})
    >>> france = ("FR", "total", 10), ("FR", "female", 5), ("FR", "unknown", 2)
    >>> both = women(*france, ("IT", "female", 4))
    >>> both.by_country.lower, both.joined, both.whole.intervals(), both.whole_joined.intervals()
    (array([5, 4]), array([ 7., inf]), [Interval(9)], [Interval(9 or more)])
    >>> area = women(*france, ("FR+IT", "female", 12))
    >>> area.by_country.upper, area.published.intervals(), area.whole.intervals()
    (array([ 5., inf]), [Interval(12)], [Interval(12)])
    """
    schema = grid.table.columns.schema
    category = {name: word for name, word in category.items() if word != schema[name].total}
    require_listed(grid.table, category)
    # 1. Read the counts of each period, which is a number of its own here.
    windows, entries = grid.by_window()
    selections = CountSelections.of(windows, category)
    read = read_cells(windows, selections.words, category).with_exact(np.array([COUNT]))
    # 2. Count the countries and the areas in each period.
    cells, includes_all = read.with_whole_areas()
    cells = _filled(cells, selections)
    unknown = _unknown_persons(cells, selections)
    by_country = _count_countries(cells, selections, unknown)
    areas = _count_areas(
        cells,
        selections,
        unknown,
        by_country,
        published=read.counts[COUNT, read.areas],
        includes_all=includes_all,
    )
    query = QueriedCounts(
        words=[category_label(category.items())],
        slots=np.array([COUNT]),
        margins=selections.limits,
        names=selections.names,
    )
    texts = contradictions_of(read, query, small_excesses_of(read, selections.names))
    # 3. Sum over the periods. From here on, a number has the entries of all its periods.
    size, width = len(grid), len(entries)
    cells = read.joined(grid, width)
    kind, mixed = count_kinds(cells)
    numbers = np.arange(size * width).reshape(size, width).T
    return PanelCounts(
        grid=grid,
        category=category,
        kind=kind,
        mixed=mixed | cells.several,
        contradictions=joined_texts(texts, width),
        cells=cells,
        entries=entries,
        applies_in=by_country.applies[entries],
        **_over_periods(asdict(by_country, recurse=False), entries),
        **_over_periods(asdict(areas, recurse=False), numbers),
    )


def _over_periods(columns: Mapping[str, Any], rows: Index) -> dict[str, Any]:
    """Return columns summed over w periods, from their rows in each period, (w, p) or (w, n).

    Countries FR and IT with two periods have four rows, FR and IT in the first period, then
    both in the second: `rows` is ``[[0, 1], [2, 3]]``.
    """
    result = {}
    for name, column in columns.items():
        own = column[rows]
        if name == "whole_unknown":
            # A row in one period is enough.
            sums = own.lower.sum(axis=0), own.upper.sum(axis=0)
            result[name] = Ranges(*sums, own.reported.any(axis=0))
        elif isinstance(own, Ranges) or own.dtype != np.bool_:
            result[name] = own.sum(axis=0)
        else:
            result[name] = own.all(axis=0) if name in _IN_ALL_PERIODS else own.any(axis=0)
    return result


_IN_ALL_PERIODS = {"attained", "all_listed"}
"""Properties of a number that all of its periods must have; one period is enough for others."""

COUNT, TOTAL = 0, 1
"""The selections of the count of a query and of its total."""


@frozen(kw_only=True)
class CountSelections:
    """The selections of a count: the first axis of its cells.

    Girls of any citizenship have 7 selections, in the dimensions sex and age::

        0  COUNT    female   child
        1  TOTAL    total    total
        2  unknown  female   unknown
        3  unknown  unknown  child
        4  unknown  unknown  unknown
        5  margins  total    child     the margin of sex
        6  margins  female   total     the margin of age

    A count without a category has the selection `COUNT` only.
    """

    category: Mapping[str, str]
    names: list[str]  # The dimensions with a category: those of the query, then of ``by=``
    words: list[dict[str, str]]  # The categories of each selection
    unknown_in: list[tuple[bool, ...]]  # For each unknown category, its unknown dimensions

    @classmethod
    def of(cls, grid: PanelGrid, category: Mapping[str, str]) -> "CountSelections":
        """Return the selections of a category of a query."""
        names, own = [*category, *grid.breakdowns], dict(category)
        if not names:
            return cls(category=category, names=names, words=[own], unknown_in=[])
        total = {name: grid.table.columns.schema[name].total or "" for name in names}
        # The unknown category itself has no unknown persons.
        unknown_in = list(product((False, True), repeat=len(names)))[1:]
        if UNKNOWN in category.values():
            unknown_in = []
        unknown = [
            own | dict.fromkeys(compress(names, is_unknown), UNKNOWN) for is_unknown in unknown_in
        ]
        # Margins of one dimension come first.
        margins = [
            own | {name: total[name] for name in dimensions}
            for size in range(1, max(2, len(names)))
            for dimensions in combinations(names, size)
        ]
        words = [own, total, *unknown, *margins]
        return cls(category=category, names=names, words=words, unknown_in=unknown_in)

    @property
    def unknown(self) -> slice:
        """The selections of unknown categories."""
        return slice(TOTAL + 1, TOTAL + 1 + len(self.unknown_in))

    @property
    def margins(self) -> slice:
        """The selections of margins."""
        return slice(self.unknown.stop, len(self.words))

    @property
    def limits(self) -> list[int]:
        """The selections that contain the count: its total and its margins."""
        return [*[TOTAL] * bool(self.names), *range(len(self.words))[self.margins]]

    def words_in(self, name: str, cells: Cells) -> Coded[str]:
        """Return the category of each entry in one dimension, (e,)."""
        if name in self.category:
            return Coded.constant(self.category[name], cells.row.shape[1])
        return cells.grid.keys[name].take(cells.number)

    def unknown_alone(self, name: str) -> list[int]:
        """Return the selection that is unknown in one dimension and total in all others, if any."""
        alone = tuple(other == name for other in self.names)
        return [TOTAL + 1 + self.unknown_in.index(alone)] if self.unknown_in else []


@frozen(kw_only=True, eq=False)
class _UnknownPersons:
    """Persons of unknown category who can belong to a count, for all e entries."""

    is_listed: Mask  # (n,): the numbers with a row of an unknown category
    persons: Ranges  # (e,)
    joined: NDArray[np.float64]  # (e,): the upper bound of the count with these persons


def _count_countries(
    cells: Cells, selections: CountSelections, unknown: _UnknownPersons
) -> CountsByCountry:
    """Return the counts of countries in each period."""
    systems, countries = cells.systems, cells.countries
    number, size = cells.number[countries], cells.size  # All columns are (size,)
    zero, missing = Ranges.zero(size), Ranges.missing(size)
    filled = cells.counts[COUNT, countries]
    # A total that does not apply leaves no count without a row.
    without_total = cells.absent[TOTAL : TOTAL + 1].any(axis=0) & ~cells.present[COUNT]
    applies = ~(cells.absent[COUNT] | without_total)[countries]
    # Counts that contradict others are not in the value.
    wrong = cells.wrong_in(selections.names)[COUNT, countries]
    has_parts = cells.of_rows(systems.parts_above)[COUNT, countries]
    hull = _hull(cells, selections)[countries].where(applies, zero)
    of_parts = Ranges(
        cells.of_rows(systems.summed.lower, 0)[COUNT, countries],
        cells.of_rows(systems.summed.upper, 0)[COUNT, countries],
        filled.reported,
    )
    # A published area below the sum of its members has no value.
    area_below = cells.expand(cells.of_rows(systems.below)[COUNT, cells.areas])[number]
    contradictory = (wrong | area_below) & applies
    discrepant = cells.of_rows(systems.discrepant_in(selections.names))[COUNT, countries] & applies
    own = filled.where(applies, zero)
    return CountsByCountry(
        by_country=own,
        hull=hull,
        summed=own.where(~contradictory, of_parts.where(has_parts, filled)),
        joined=np.where(applies, np.maximum(unknown.joined[countries], hull.upper), 0),
        unknown=unknown.persons[countries].where(unknown.is_listed[number], missing),
        applies=applies,
        contradictory=contradictory,
        discrepant=discrepant,
        derived=cells.derived[COUNT, countries]
        | ((cells.row[COUNT, countries] < 0) & filled.reported),
        attained=_attained(cells, hull, contradictory),
    )


def _hull(cells: Cells, selections: CountSelections) -> Ranges:
    """Return the counts of a query; contradictory ones have the bounds of all readings, (e,).

    They contain 0 too, unless the sum of their parts takes their place.
    """
    wrong = cells.wrong_in(selections.names)[COUNT]
    has_parts = cells.of_rows(cells.systems.parts_above)[COUNT]
    hull = cells.hull(selections.names)[COUNT].where(wrong, cells.counts[COUNT])
    return hull.union(Ranges.zero(len(wrong))).where(wrong & ~has_parts, hull)


def _count_areas(
    cells: Cells,
    selections: CountSelections,
    unknown: _UnknownPersons,
    by_country: CountsByCountry,
    *,
    published: Ranges,
    includes_all: Mask,
) -> CountsOfAreas:
    """Return the counts of the area of each number, in each period.

    The counts of m areas are `published`, (m,); `includes_all` marks those of all countries. The
    sums over countries stay within them.
    """
    start, size = cells.start, len(cells.grid)
    countries, areas, whole_areas = cells.countries, cells.areas, cells.whole_areas
    # (s, m) and (m,): published counts that are suppressed, and that contradict others.
    hidden, wrong = cells.suppressed[:, areas], cells.wrong_in(selections.names)[COUNT, areas]
    pooled = by_country.hull.pool(start)  # (n,): the sums over countries
    own = _hull(cells, selections)[whole_areas]
    whole = cells.whole(pooled, own, hidden[COUNT], wrong)
    published = Ranges(published.lower, published.upper, published.reported & ~wrong)
    published = cells.stated(Ranges.missing(size), published, whole, includes_all)
    # With unknown allocated, a published area has at most the sum of its countries.
    joined = by_country.hull_joined.pool(start)
    most = np.minimum(unknown.joined[whole_areas], joined.upper[cells.area])
    area = whole[cells.area]
    joined = joined.put(cells.area, Ranges(area.lower, np.maximum(area.upper, most), area.reported))
    persons = cells.whole(
        unknown.persons[countries].pool(start),
        unknown.persons[whole_areas],
        hidden[selections.unknown].any(axis=0),
    )
    # A row of the count or of its total.
    has_row = np.asarray(cells.present[: TOTAL + 1].any(axis=0))
    present = any_of(has_row[countries], start) | cells.expand(has_row[areas])
    # Women and girls by citizenship, without a row of all citizenships.
    divided = any_of(cells.counts.lower[COUNT, countries] > 0, start) & bool(selections.names)
    return CountsOfAreas(
        published=published,
        whole_unknown=Ranges(persons.lower, persons.upper, unknown.is_listed),
        whole=whole,
        whole_joined=joined,
        present=present,
        divided=divided & ~present,
        conflicting=any_of(cells.conflicting[COUNT, countries], start),
        area_contradictory=cells.expand(wrong),
        area_conflicting=cells.expand(cells.conflicting[COUNT, areas]),
        all_listed=all_reported(cells),
    )


def _attained(cells: Cells, counts: Ranges, contradictory: Mask) -> Mask:
    """Return the countries whose two bounds are attained by completions."""
    result = counts.is_point & ~contradictory
    row = cells.known_row[COUNT, cells.countries]
    open_ = np.isfinite(counts.upper) & ~counts.is_point & ~contradictory & (row >= 0)
    if open_.any():
        completions, row = completions_of(cells.systems), row[open_]
        for ends in (counts.lower, counts.upper):
            end = ends[open_].astype(np.int64)
            step = SearchStep(row=row, low=end, high=end, is_large=end >= 0)
            reached = completions.reach([step])[0]
            row, open_[open_] = row[reached], reached
        result |= open_
    return np.asarray(result)


def _filled(cells: Cells, selections: CountSelections) -> Cells:
    """Return the counts; the query and the unknown persons are parts of the margins."""
    wholes = {}
    if not selections.names or (cells.row >= 0).all():
        return cells
    margins = cells.known_row[selections.margins]
    for name, margin in zip(selections.names, margins, strict=False):
        own = selections.words_in(name, cells)
        # The count of the query, and the unknown category of this dimension alone.
        alone = selections.unknown_alone(name)
        unknown = np.full(len(own), len(own.categories))
        wholes[name] = (
            np.array([COUNT, *alone]),
            np.stack([margin] * (1 + len(alone))),
            Coded(np.stack([own.codes, *[unknown] * len(alone)]), [*own.categories, UNKNOWN]),
        )
    return cells.filled(wholes, cells.known_row[TOTAL])


def _unknown_persons(cells: Cells, selections: CountSelections) -> _UnknownPersons:
    """Return the unknown persons who can belong to each count of cells with whole areas."""
    # (u, e): the unknown category itself, which has no unknown persons.
    is_own = (cells.row[selections.unknown] == cells.row[COUNT]) & (cells.row[COUNT] >= 0)
    has_row = cells.present[selections.unknown] & ~is_own
    is_listed = any_of(has_row[:, cells.countries], cells.start).any(axis=0)
    is_listed |= cells.expand(cells.present[selections.unknown, cells.areas].any(axis=0))
    persons, joined = Ranges.zero(cells.row.shape[1]), cells.counts.upper[COUNT]
    if selections.unknown_in:
        persons = persons.where(is_own.any(axis=0), _sum_of_unknown(cells, selections.unknown))
        joined = _most_with_unknown(cells, selections, persons, is_own)
    return _UnknownPersons(is_listed=is_listed, persons=persons, joined=joined)


def _sum_of_unknown(cells: Cells, slots: slice) -> Ranges:
    """Return the sum of the persons of u unknown categories, (e,)."""
    counts, rows = cells.counts[slots], cells.row[slots]
    # Unknown persons whom published parts leave of a total are more than the reported ones. Those
    # without a row are at most all persons.
    most = np.maximum(counts.upper, cells.implied.upper[slots])
    most = np.where(rows >= 0, most, np.minimum(most, cells.counts.upper[TOTAL]))
    return Ranges(counts.lower.sum(axis=0), most.sum(axis=0), counts.reported.all(axis=0))


def _most_with_unknown(
    cells: Cells, selections: CountSelections, persons: Ranges, is_own: Mask
) -> Floats:
    """Return the largest count of a query, with unknown persons who can belong to it, (e,)."""
    own, names, slots = cells.counts.upper[COUNT], selections.names, selections.unknown
    # 1. All unknown persons.
    total, most = cells.counts.upper[TOTAL], own + persons.upper
    # 2. The other known categories of one dimension limit them.
    if len(names) == 1 and names[0] in cells.systems.lines:
        systems, (row, whole) = cells.systems, cells.known_row[[COUNT, TOTAL]]
        line, words = systems.lines[names[0]], selections.words_in(names[0], cells)
        limits = (whole >= 0) & ~line.overlaps[whole] & ~line.wrong[whole]
        others = systems.certain_others(names[0], whole, row, words)
        most = np.minimum(most, total - np.where(limits, others, 0))
    # 3. In tables of cases: cases without an answer for the category, and of unknown category.
    answers, further = cells.unanswered, cells.open_to(COUNT, range(slots.start, slots.stop))
    if answers is not None and further is not None:
        # The unknown category is not open to itself.
        every = own + np.where(is_own.any(axis=0), answers[COUNT], further)
        most = np.where(np.isnan(every), most, every)
    return np.asarray(np.maximum(own, np.minimum(total, most)))


def united(left: tuple[Any, ...], right: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the distinct items of two tuples."""
    return tuple(dict.fromkeys((*left, *right)))


def count_panel(counts: PanelCounts, indicator: str, matched: Mask | None = None) -> Panel:
    """Return counts as a panel, over countries that a mask marks."""
    size, categories = len(counts.grid), counts.categories
    return _panel(
        [counts],
        counts.reported,
        ResultKind.COUNT,
        matched=matched,
        caption=capitalised(
            common_label(
                count_label(kind, counts.category.items())
                for kind in counts.kind.compact().categories
            )
            or KIND_TITLES[counts.grid.table.kind]
        ),
        indicator=Coded.constant(indicator, size),
        label=categories.map(category_label),
        estimand=counts.labels,
        base=Coded.constant(Base(rule="none", label=Message("no denominator")), size),
        unknown=_unknown_of(counts, matched),
    )


def _unknown_of(counts: PanelCounts, matched: Mask | None) -> Fractions:
    """Return the unknown persons of the countries in each value, or of the whole area."""
    selected, from_area = counts.reported, counts.published.reported
    if matched is not None:
        selected, from_area = selected & matched, np.zeros_like(from_area)
    start, whole = counts.grid.start, counts.whole_unknown
    partly = any_of(selected, start) & any_of(~selected & counts.applies, start) & ~from_area
    own = counts.unknown.pool(start, selected).where(partly, whole)
    return Fractions.counts(own).without(~whole.reported)


def ratio_panel(
    numerator: PanelCounts,
    denominator: PanelCounts,
    *,
    indicator: str,
    label: str | Callable[..., str],
    kind: ResultKind,
    lag: int = 0,
    further: Sequence[PanelCounts] = (),
) -> Panel:
    """Return the ratios of two counts over the countries that reported both."""
    size, every = len(numerator.grid), (numerator, denominator, *further)
    # A count that does not apply in a period has none against it there.
    same = [(side.applies_in == numerator.applies_in).all(axis=0) for side in every]
    applies = np.logical_and.reduce([numerator.applies, *same])
    complete = np.logical_and.reduce([side.reported for side in every]) & applies
    sides = [side.limit_to(applies) for side in (numerator, denominator)]
    start, no_area = numerator.grid.start, np.zeros(size, dtype=np.bool_)
    listed = [side.reported & applies for side in sides]
    raw = [side.used(mask, no_area) for side, mask in zip(sides, listed, strict=True)]
    has_raw = any_of(listed[0], start) & any_of(listed[1], start)
    names = numerator.kind.combine(denominator.kind, lambda a, b: (a.label, b.label))
    labels = names.map(
        lambda own: label(counted=own[0], against=own[1]) if callable(label) else label
    )
    against = sides[1].labels
    if lag:
        against = against.combine(sides[1].period, _dated)
    rule = f"lag_{lag}" if lag else "series"
    from_area = of_published_areas(every)
    return _panel(
        sides,
        complete,
        kind,
        from_area=from_area,
        caption=_caption(sides, kind) if size else Message("Ratios"),
        indicator=Coded.constant(indicator, size),
        label=labels,
        estimand=sides[0].labels.combine(
            sides[1].labels, lambda above, below: _ratio(above, below, lag, kind)
        ),
        base=against.combine(
            sides[1].categories, lambda own, pairs: Base(rule=rule, label=own, within=pairs)
        ),
        all_reported=Fractions.ratios(raw[0], raw[1], kind.scale).without(~has_raw | from_area),
    )


def of_published_areas(sides: Sequence[PanelCounts]) -> Mask:
    """Return the numbers with published counts of the same countries on all sides, (n,)."""
    same = same_countries([(side.cells, np.array([COUNT])) for side in sides], len(sides[0].grid))
    return np.asarray(np.logical_and.reduce([same, *(side.published.reported for side in sides)]))


def _caption(sides: Sequence[PanelCounts], kind: ResultKind) -> str:
    """Return the caption of ratios of two counts."""
    if any(side.category for side in sides):
        above, below = (side.labels[0] for side in sides)
        return capitalised(_quotient(above, below, kind))
    return capitalised(ratio_name(sides[0].kind[0], sides[1].kind[0], kind))


def _dated(counted: str, period: object) -> str:
    return Message("{counted}, {period}", counted=counted, period=period)


def _quotient(above: str, below: str, kind: ResultKind) -> str:
    if kind is ResultKind.PER_100:
        return Message("{above} per 100 {below}", above=above, below=below)
    return Message("{above} per {below}", above=above, below=below)


def _ratio(above: str, below: str, lag: int, kind: ResultKind) -> str:
    """Return the definition of a ratio in words."""
    ratio = _quotient(above, below, kind)
    if not lag:
        return Message("{ratio}, same countries and period", ratio=ratio)
    return Plural(
        "{ratio}, same countries {n} year before", "{ratio}, same countries {n} years before", lag,
        ratio=ratio, n=lag,
    )  # fmt: skip


def _panel(
    sides: Sequence[PanelCounts],
    complete: Mask,
    kind: ResultKind,
    *,
    from_area: Mask | None = None,
    matched: Mask | None = None,
    **columns: Any,
) -> Panel:
    """Return a panel of counts or of ratios; a count has one side, a ratio has two.

    `complete` marks the countries with complete data. A value has those that `matched` marks too.
    """
    above, below, is_ratio = sides[0], sides[-1], len(sides) > 1
    grid, size, start, number = above.grid, len(above.grid), above.grid.start, above.grid.number
    selected = complete
    if from_area is None:
        from_area = above.published.reported
    if matched is not None:
        selected, from_area = complete & matched, np.zeros(size, dtype=np.bool_)
    selected = selected & ~from_area[number]
    some = from_area | any_of(selected, start)
    status = reduce(most_severe, [_status(side, some, from_area) for side in sides])
    gone = status == Status.AMBIGUOUS
    attained = np.logical_and.reduce([side.bounds_attained for side in sides])
    if is_ratio and above.grid.table.columns is below.grid.table.columns:
        # Of 2 persons, 2 are women or 1 is a man: counts of one system restrict each other.
        attained &= above.whole.is_point | below.whole.is_point

    def quotient(counts: Sequence[Ranges]) -> Fractions:
        """Return the counts, or their ratios."""
        if is_ratio:
            return Fractions.ratios(counts[0], counts[1], kind.scale)
        return Fractions.counts(counts[0])

    used = [side.used(selected, from_area) for side in sides]
    value = quotient(used).without(~some | gone)
    points = [side.hull.is_point & ~side.discrepant for side in sides]
    exact = reduce(np.logical_and, points, complete)
    every = ~any_of(~exact, start) & ~from_area
    every |= np.logical_and.reduce([from_area, *(side.all_listed for side in sides)])
    formatted = [
        Fractions.counts(own.where(some, side.whole)) for own, side in zip(used, sides, strict=True)
    ]
    return Panel(
        keys=dict(grid.keys),
        kind=Coded.constant(kind, size),
        category=above.categories,
        area=grid.area,
        period=above.period,
        numerator_kind=above.kind,
        denominator_kind=below.kind,
        sources=_combined([sources_of(side.cells) for side in sides], united),
        breaks=_combined([flagged_breaks(side.cells) for side in sides], frozenset.union),
        suppression=reduce(
            Suppressions.__add__, [side.suppression(selected, from_area) for side in sides]
        ),
        contradictions=_combined([side.contradictions for side in sides], united),
        status=status,
        bounds_attained=attained,
        complete=every & value.is_point & (status == Status.OK),
        derived=any_of(reduce(np.logical_or, [side.derived for side in sides]) & selected, start),
        flags=np.bitwise_or.reduce([flags_of(side.cells) for side in sides]),
        numerator=formatted[0],
        denominator=formatted[1] if is_ratio else Fractions.none(size),
        value=value,
        bounds=quotient([side.whole for side in sides]).without(gone),
        bounds_with_unknown=quotient([side.whole_joined for side in sides]).without(gone),
        parts=_parts(sides, complete, selected, kind),
        **_coverage(sides, selected, from_area),
        **columns,
    )


def _coverage(sides: Sequence[PanelCounts], selected: Mask, from_area: Mask) -> dict[str, Any]:
    """Return the countries of each value and the expected countries; a ratio needs both counts."""
    reporters, expected, size = sides[0].coverage(selected, from_area)
    if len(sides) > 1:
        other, _, other_size = sides[1].coverage(selected, from_area)
        reporters = reporters.combine(other, lambda a, b: None if a is None or b is None else a & b)
        listed = reporters.table(lambda own: -2 if own is None else len(own), np.intp)
        same = np.where(size == other_size, size, -1)
        size = np.where(listed == -2, same, listed)
    return {"reporters": reporters, "expected": expected, "n_reporters": size}


def _parts(sides: Sequence[PanelCounts], complete: Mask, selected: Mask, kind: ResultKind) -> Parts:
    """Return the counts of each country; a country without a count has a row only if needed."""
    above, below, grid = sides[0], sides[-1], sides[0].grid
    some, remainder = above.by_country.reported, dict[str, Any]()
    if len(sides) == 1:
        remainder |= {"complement": Ranges.zero(len(grid.number)), "unknown": above.unknown}
    else:
        some = complete
        remainder |= {
            "complement": below.by_country,
            "hull_complement": below.hull,
            "complement_with_unknown": below.hull_joined,
        }
    return Parts(
        start=grid.start,
        members=grid.member,
        numerator=above.by_country,
        reported=selected,
        kind=Coded.constant(kind, len(grid)),
        hull=above.hull,
        numerator_with_unknown=above.hull_joined,
        **remainder,
    ).select(above.applies & any_of(some, grid.start)[grid.number])


def _combined(columns: list[Coded[Any]], function: Any) -> Coded[Any]:
    return reduce(lambda left, right: left.combine(right, function), columns)


def _status(counts: PanelCounts, some: Mask, from_area: Mask) -> NDArray[np.int8]:
    """Return the status of each count; `some` have a value, `from_area` a published value."""
    alone = np.diff(counts.grid.start) == 1
    conflicting = np.where(from_area, counts.area_conflicting, counts.conflicting & alone)
    contradictory = any_of(counts.contradictory, counts.grid.start) | counts.area_contradictory
    status = np.full(len(counts.grid), Status.NOT_REPORTED, dtype=np.int8)
    status[~counts.present] = Status.NO_DATA
    status[counts.divided] = Status.NO_TOTAL
    status[~some & contradictory] = Status.CONTRADICTORY
    status[some] = Status.OK
    status[some & conflicting] = Status.CONFLICTING
    status[counts.mixed] = Status.AMBIGUOUS
    return status


# A number of two counts has the more severe status of both.
_SEVERITY = {
    Status.OK: 0, Status.CONFLICTING: 1, Status.UNDEFINED: 2, Status.BOUNDED: 2,
    Status.NOT_REPORTED: 3, Status.NO_TOTAL: 3, Status.NO_DATA: 4, Status.CONTRADICTORY: 5,
    Status.AMBIGUOUS: 6,
}  # fmt: skip
_SEVERITIES = np.array([_SEVERITY[status] for status in Status])


def most_severe(left: NDArray[np.int8], right: NDArray[np.int8]) -> NDArray[np.int8]:
    """Return the more severe of two statuses."""
    order = _SEVERITIES[np.stack([left, right])].argmax(axis=0)
    return np.where(order == 0, left, right).astype(np.int8)
