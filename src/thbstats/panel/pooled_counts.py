"""Counts of one kind, pooled over countries and periods, and their ratios."""

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from itertools import combinations, product
from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.columns import Coded, Fractions, Index, Mask, Ranges
from thbstats.columns.ranges import any_of
from thbstats.languages import Message, Plural
from thbstats.panel.cells import Cells, read_cells, sets_of
from thbstats.panel.completions import completions_of
from thbstats.panel.context import Contradiction, Suppressions
from thbstats.panel.contradictions import contradictions_of, joined_texts
from thbstats.panel.grid import PanelGrid, require_listed
from thbstats.panel.kind import (
    Base,
    CountKind,
    ResultKind,
    Status,
    category_label,
    common_label,
    count_label,
)
from thbstats.panel.panel import Panel
from thbstats.panel.parts import Parts
from thbstats.panel.system_rows import UNKNOWN
from thbstats.panel.systems import with_reading
from thbstats.values import Period


@frozen(kw_only=True, eq=False)
class PanelCounts:
    """Counts of one kind and category, summed over the periods of each number."""

    grid: PanelGrid  # The numbers
    category: Mapping[str, str]  # The category that all numbers share
    by_country: Ranges  # (p,): the count of each country, as reported
    # (p,): the hull of the count and the sum of its parts where they exceed it; this sum in place
    # of a total that they contradict.
    hull: Ranges
    summed: Ranges
    joined: NDArray[np.float64]  # (p,): the upper bound with unknown allocated
    unknown: Ranges  # (p,): unknown persons who can belong to it; missing if no number lists them
    # (p,): the countries to which such counts apply; those whose counts contradict each other.
    applies: Mask
    contradictory: Mask
    derived: Mask  # (p,): counts that follow from other rows
    attained: Mask  # (p,): counts of which completions have both bounds
    published: Ranges  # (n,): the count as published for the area; `reported` where it is
    # (n,): unknown persons who can belong to the count of the whole area; `reported` if a row
    # lists them.
    whole_unknown: Ranges
    # (n,): the count of the whole area, without and with unknown allocated.
    whole: Ranges
    whole_joined: Ranges
    kind: Coded[CountKind]  # (n,): the kind of count
    # (n,): whether it has counts of several kinds; any row; a count with several values.
    mixed: Mask
    present: Mask
    conflicting: Mask
    contradictions: Coded[tuple[Contradiction, ...]]
    cells: Cells  # The counts that were read, in each period
    entries: Index  # (w, p): the entries of each country in them
    all_listed: Mask  # (n,): whether published counts are documented to include all countries

    @property
    def hull_joined(self) -> Ranges:
        """The smallest and largest count of each country, with unknown allocated."""
        return Ranges(self.hull.lower, self.joined, self.hull.reported)

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
        sharp = ~any_of(~self.attained, self.grid.start) & np.isinf(self.published.upper)
        return np.asarray(sharp | self.whole.is_point)

    @property
    def suppressed(self) -> Mask:
        """The countries with a suppressed count in any period."""
        return np.asarray(self.cells.suppressed[0, self.entries].any(axis=0))

    def used(self, mask: Mask, from_area: Mask) -> Ranges:
        """Return the counts of values: as published, or summed over some countries."""
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
        used[0, self.entries] = mask & ~from_area[self.grid.number]
        used[0, cells.size :] = from_area[cells.area]
        return cells.suppressions(used)

    def coverage(self, mask: Mask, from_area: Mask) -> tuple[Coded[Any], Coded[Any], Index]:
        """Return reporting countries, expected countries and the number that reported."""
        grid, size = self.grid, len(self.grid)
        values, inside = np.flatnonzero(mask), np.flatnonzero(self.applies)
        reporters, count = self.cells.coverage(
            grid.number[values], grid.member.take(values), from_area, np.arange(size)
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
            attained=self.attained | ~applies,
            whole=self.whole.where(keep, hull.pool(start)),
            whole_joined=self.whole_joined.where(keep, wide.pool(start)),
        )


def counts_of(grid: PanelGrid, category: Mapping[str, str]) -> PanelCounts:
    """Return the counts of a category for all numbers of a grid."""
    schema = grid.table.columns.schema
    category = {name: word for name, word in category.items() if word != schema[name].total}
    require_listed(grid.table, category)
    windows, entries = grid.by_window()
    size, width = len(grid), len(entries)
    requested, n_unknown = _selections(grid, category)
    cells = read_cells(windows, requested, category).with_exact(np.zeros(1, dtype=np.intp))
    # Selections: the count, its total, its unknown categories, its margins. Entries: p countries,
    # then m published areas, then in `both` these areas for all their countries.
    both, covers = cells.with_whole_areas()
    p, start, m = cells.size, cells.start, len(cells.area)
    applies = ~(cells.absent[0] | (cells.absent[1:2].any(axis=0) & ~cells.present[0]))[:p]

    # The unknown category itself has no unknown persons.
    names, unknown_rows = [*category, *grid.breakdowns], slice(2, 2 + n_unknown)
    both = _filled(both, category, n_unknown)
    filled = both.counts[0]
    own_row = (both.row[unknown_rows] == both.row[0]) & (both.row[0] >= 0)
    zero = Ranges.zero(p)
    joined, unknown = _joined(both, names, own_row)
    reported = both.present[unknown_rows] & ~own_row
    listed = any_of(reported[:, :p], start).any(axis=0)
    has_unknown = listed | cells.expand(cells.present[unknown_rows, p:].any(axis=0))

    # Counts that contradict others are not in the value; their bounds contain all readings.
    systems, raw = cells.systems, cells.counts[0]
    wrong = cells.wrong_in(names)[0]
    parts = cells.of_rows(systems.parts_above)[0]
    hull = cells.hull(names)[0][:p].where(wrong[:p], filled[:p])
    hull = hull.union(zero).where(wrong[:p] & ~parts[:p], hull)
    summed = Ranges(
        np.where(parts, cells.of_rows(systems.summed.lower, 0)[0], filled.lower[: len(parts)]),
        np.where(parts, cells.of_rows(systems.summed.upper, 0)[0], filled.upper[: len(parts)]),
        filled.reported[: len(parts)],
    )[:p]
    own, hull = filled[:p].where(applies, zero), hull.where(applies, zero)
    # A published area below the sum of its members has no value.
    below = cells.expand(cells.of_rows(systems.below)[0, p:])[cells.number[:p]]
    contradictory, hidden = (wrong[:p] | below) & applies, cells.suppressed[:, p:]
    upper = np.where(applies, np.maximum(joined[:p], hull.upper), 0)
    whole = cells.whole(hull.pool(start), filled[p + m :], hidden[0], wrong[p:])
    published = raw[p:]
    published = Ranges(published.lower, published.upper, published.reported & ~wrong[p:])
    published = cells.stated(Ranges.missing(len(windows)), published, whole, covers)
    wide = Ranges(hull.lower, upper, hull.reported).pool(start)
    most = np.minimum(joined[p + m :], wide.upper[cells.area])
    area = whole[cells.area]
    wide = wide.put(cells.area, Ranges(area.lower, np.maximum(area.upper, most), area.reported))
    unknowns = cells.whole(
        unknown[:p].pool(start), unknown[p + m :], hidden[unknown_rows].any(axis=0)
    )
    unknowns = Ranges(unknowns.lower, unknowns.upper, has_unknown)
    present: Any = any_of(cells.present[:2, :p].any(axis=0), start) | published.reported
    derived = cells.derived[0] | ((cells.row[0] < 0) & filled.reported[: p + m])
    texts = contradictions_of(
        cells,
        [category_label(category.items())],
        {},
        margins=[*[1] * bool(names), *range(2 + n_unknown, len(requested))],
        names=names,
    )
    texts = joined_texts(texts, width)

    numbers = np.arange(size * width).reshape(size, width).T
    listed_all: Any = cells.all_reported
    conflicting: Any = any_of(cells.conflicting[0, :p], start)
    # From here on, a number has the entries of all its periods.
    read, cells = cells, cells.joined(grid, width)
    counted_kind, mixed = cells.kinds()
    result = PanelCounts(
        grid=grid,
        category=category,
        by_country=own[entries].sum(),
        hull=hull[entries].sum(),
        summed=own.where(~contradictory, summed)[entries].sum(),
        joined=upper[entries].sum(axis=0),
        unknown=unknown[:p].where(has_unknown[windows.number], Ranges.missing(p))[entries].sum(),
        applies=applies[entries].any(axis=0),
        contradictory=contradictory[entries].any(axis=0),
        derived=derived[:p][entries].any(axis=0),
        attained=np.asarray(_attained(read, hull, contradictory)[entries].all(axis=0)),
        published=published[numbers].sum(),
        whole_unknown=Ranges(
            unknowns.lower[numbers].sum(axis=0),
            unknowns.upper[numbers].sum(axis=0),
            has_unknown[numbers].any(axis=0),
        ),
        whole=whole[numbers].sum(),
        whole_joined=wide[numbers].sum(),
        kind=counted_kind,
        mixed=mixed | cells.several,
        present=present[numbers].any(axis=0),
        conflicting=conflicting[numbers].any(axis=0),
        contradictions=texts,
        cells=cells,
        entries=entries,
        all_listed=listed_all[numbers].all(axis=0),
    )
    return result.limit_to(applies[entries].all(axis=0))


def _attained(cells: Cells, counts: Ranges, contradictory: Mask) -> Mask:
    """Return the counts of countries of which completions have both bounds."""
    result = counts.is_point & ~contradictory
    row = cells.known_row[0, : len(counts)]
    open_ = np.isfinite(counts.upper) & ~counts.is_point & ~contradictory & (row >= 0)
    if open_.any():
        completions, row = completions_of(cells.systems), row[open_]
        for ends in (counts.lower, counts.upper):
            end = ends[open_].astype(np.int64)
            reached = completions.reach([(row, end, end, end >= 0)])[0]
            row, open_[open_] = row[reached], reached
        result |= open_
    return np.asarray(result)


def _selections(grid: PanelGrid, category: Mapping[str, str]) -> tuple[list[dict[str, str]], int]:
    """Return the selections of a count, of its total, of unknown categories and of its margins.

    Also return the number of selections of unknown categories.
    """
    names = [*category, *grid.breakdowns]
    if not names:
        return [dict(category)], 0
    schema = grid.table.columns.schema
    total = {name: schema[name].total or "" for name in names}
    marks = list(product((False, True), repeat=len(names)))[1:]
    unknown = [
        {**category, **{name: UNKNOWN for name, own in zip(names, mask, strict=True) if own}}
        for mask in marks
    ]
    if UNKNOWN in category.values():
        unknown = []
    # Margins of one dimension come first.
    margins = [
        {**category, **{name: total[name] for name in chosen}}
        for size in range(1, max(2, len(names)))
        for chosen in combinations(names, size)
    ]
    return [dict(category), total, *unknown, *margins], len(unknown)


def _filled(cells: Cells, category: Mapping[str, str], n_unknown: int) -> Cells:
    """Return the counts with those of the query and of unknown persons as parts of the margins."""
    names, wholes = [*category, *cells.grid.breakdowns], {}
    if not names or (cells.row >= 0).all():
        return cells
    marks = list(product((False, True), repeat=len(names)))[1 : 1 + n_unknown]
    for name, margin in zip(names, cells.known_row[2 + n_unknown :], strict=False):
        own = Coded.constant(category.get(name, ""), cells.row.shape[1])
        if name not in category:
            own = cells.grid.keys[name].take(cells.number)
        # The count of the query, and the unknown category of this dimension alone.
        alone = [2 + marks.index(tuple(other == name for other in names))] if marks else []
        unknown = np.full(len(own), len(own.categories))
        wholes[name] = (
            np.array([0, *alone]),
            np.stack([margin] * (1 + len(alone))),
            Coded(np.stack([own.codes, *[unknown] * len(alone)]), [*own.categories, UNKNOWN]),
        )
    return cells.filled(wholes, cells.known_row[1])


def _joined(
    cells: Cells, names: Sequence[str], own_row: Mask
) -> tuple[NDArray[np.float64], Ranges]:
    """Return the upper bounds of counts with unknown allocated, and the unknown persons."""
    size, own = len(own_row), cells.counts[0]
    zero = Ranges.zero(cells.row.shape[1])
    if not size:
        return own.upper, zero
    rows, unanswered = slice(2, 2 + size), cells.unanswered
    low, high = np.zeros(len(own)), np.zeros(len(own))
    reported = np.ones(len(own), dtype=np.bool_)
    further = np.maximum(cells.counts.upper, cells.implied.upper)[rows]
    for counts, most, row in zip(cells.counts[rows].split(), further, cells.row[rows], strict=True):
        # Unknown persons without a row are at most all persons. Those that published parts leave
        # of a total are unknown, beyond the reported ones.
        high += np.where(row >= 0, most, np.minimum(most, cells.counts.upper[1]))
        low += counts.lower
        reported &= counts.reported
    # The unknown category itself has no unknown persons.
    itself = own_row.any(axis=0)
    low, high = np.where(itself, 0, low), np.where(itself, 0, high)
    unknown = Ranges(low.astype(np.int64), high, reported | itself)
    joined = own.upper + high
    if len(names) == 1 and names[0] in cells.systems.lines:
        # The other known categories limit a category with unknown persons.
        line, whole = cells.systems.lines[names[0]], np.where(cells.partial, -1, cells.row[1])
        others = line.known[whole] - np.where(cells.row[0] >= 0, cells.implied.lower[0], 0)
        others = np.where((whole >= 0) & ~line.overlaps[whole] & ~line.wrong[whole], others, 0)
        joined = np.minimum(joined, cells.counts.upper[1] - np.maximum(others, 0))
    if unanswered is not None:
        # Cases without an answer for the category, and cases of another unknown category.
        others = np.where(own_row, np.nan, cells.counts.upper[rows] + unanswered[rows])
        further = own.upper + unanswered[0] + np.nan_to_num(others).sum(axis=0)
        joined = np.where(np.isnan(further), joined, further)
    return np.maximum(own.upper, np.minimum(cells.counts.upper[1], joined)), unknown


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
        caption=common_label(own.label for own in counts.kind.compact().categories)
        or Message("counts"),
        indicator=Coded.constant(indicator, size),
        label=categories.map(category_label),
        estimand=counts.labels,
        base=Coded.constant(Base(rule="none", label=Message("no denominator")), size),
        unknown=Fractions.counts(counts.whole_unknown).without(~counts.whole_unknown.reported),
    )


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
    applies = np.logical_and.reduce([side.applies for side in every])
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
    from_area = np.logical_and.reduce([side.published.reported for side in every])
    return _panel(
        sides,
        complete,
        kind,
        from_area=from_area,
        caption=labels[0] if size else Message("ratios"),
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


def _dated(counted: str, period: object) -> str:
    return Message("{counted}, {period}", counted=counted, period=period)


def _ratio(above: str, below: str, lag: int, kind: ResultKind) -> str:
    """Return the estimand of a ratio."""
    ratio = Message("{above} per {below}", above=above, below=below)
    if kind is ResultKind.PER_100:
        ratio = Message("{above} per 100 {below}", above=above, below=below)
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
    """Return a panel of counts or of ratios: a count has one side, a ratio two.

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
    status = reduce(most_severe, [_status(side, some) for side in sides])
    gone = status == Status.AMBIGUOUS

    def quotient(counts: Sequence[Ranges]) -> Fractions:
        """Return the counts, or their ratios."""
        if is_ratio:
            return Fractions.ratios(counts[0], counts[1], kind.scale)
        return Fractions.counts(counts[0])

    used = [side.used(selected, from_area) for side in sides]
    value = quotient(used).without(~some | gone)
    reporters, expected, n_reporters = above.coverage(selected, from_area)
    if is_ratio:
        other, _, other_n = below.coverage(selected, from_area)
        both = reporters.combine(other, lambda a, b: None if a is None or b is None else a & b)
        listed = both.table(lambda own: -2 if own is None else len(own), np.intp)
        same = np.where(n_reporters == other_n, n_reporters, -1)
        reporters, n_reporters = both, np.where(listed == -2, same, listed)
    exact = reduce(np.logical_and, [side.hull.is_point for side in sides], complete)
    every = ~any_of(~exact, start) & ~from_area
    every |= np.logical_and.reduce([from_area, *(side.all_listed for side in sides)])
    remainder: dict[str, Any] = {"complement": Ranges.zero(len(number)), "unknown": above.unknown}
    retained = above.applies & any_of(above.by_country.reported, start)[number]
    if is_ratio:
        remainder = {
            "complement": below.by_country,
            "hull_complement": below.hull,
            "complement_with_unknown": below.hull_joined,
        }
        retained = above.applies & any_of(complete, start)[number]
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
        reporters=reporters,
        expected=expected,
        sources=_combined([side.cells.sources for side in sides], united),
        breaks=_combined([side.cells.breaks for side in sides], frozenset.union),
        suppression=reduce(
            Suppressions.__add__, [side.suppression(selected, from_area) for side in sides]
        ),
        contradictions=_combined([side.contradictions for side in sides], united),
        status=status,
        bounds_attained=np.logical_and.reduce([side.bounds_attained for side in sides]),
        complete=every & value.is_point & (status == Status.OK),
        derived=any_of(reduce(np.logical_or, [side.derived for side in sides]) & selected, start),
        flags=np.bitwise_or.reduce([side.cells.flags for side in sides]),
        n_reporters=n_reporters,
        numerator=formatted[0],
        denominator=formatted[1] if is_ratio else Fractions.none(size),
        value=value,
        bounds=quotient([side.whole for side in sides]).without(gone),
        bounds_with_unknown=quotient([side.whole_joined for side in sides]).without(gone),
        parts=Parts(
            start=start,
            members=grid.member,
            numerator=above.by_country,
            reported=selected,
            kind=Coded.constant(kind, size),
            hull=above.hull,
            numerator_with_unknown=above.hull_joined,
            **remainder,
        ).select(retained),
        **columns,
    )


def _combined(columns: list[Coded[Any]], function: Any) -> Coded[Any]:
    return reduce(lambda left, right: left.combine(right, function), columns)


def _status(counts: PanelCounts, some: Mask) -> NDArray[np.int8]:
    """Return the status of each count."""
    alone = np.diff(counts.grid.start) == 1
    status = np.full(len(counts.grid), Status.NOT_REPORTED, dtype=np.int8)
    status[~counts.present] = Status.NO_DATA
    status[~some & any_of(counts.contradictory, counts.grid.start)] = Status.CONTRADICTORY
    status[some] = Status.OK
    status[some & counts.conflicting & alone] = Status.CONFLICTING
    status[counts.mixed] = Status.AMBIGUOUS
    return status


_GRAVITY = np.array([0, 3, 3, 4, 1, 5, 6])


def most_severe(left: NDArray[np.int8], right: NDArray[np.int8]) -> NDArray[np.int8]:
    """Return the more severe of two statuses."""
    order = _GRAVITY[np.stack([left, right])].argmax(axis=0)
    return np.where(order == 0, left, right).astype(np.int8)
