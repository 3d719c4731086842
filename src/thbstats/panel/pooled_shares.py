"""Shares: the counts of categories, pooled over countries.

In France, 6 of 10 victims are female. Italy has 8 victims and no count by sex. For both countries
together, 18 victims are published, 11 of them female:

>>> import thbstats as thb
>>> from thbstats.panel.grid import grid_of
>>> rows = [
...     ("FR", "total", 10), ("FR", "female", 6), ("IT", "total", 8),
...     ("FR+IT", "total", 18), ("FR+IT", "female", 11),
... ]
>>> table = thb.CountTable.from_rows(
...     rows, columns=["area", "sex", "value"], kind="victims", period=2020
... )
>>> shares = PooledShares(ShareQuestion(
...     grid=grid_of(table, by=None, area="FR+IT", period=2020, attributes={}), base="all",
...     names=("sex",), category={"sex": "female"}, within={}, overlap=None,
... ))

1. The counts are in three blocks: countries, published areas, and these areas for all of their
   countries. In each block, the other counts limit the female victims:

>>> parts, cells = shares.solved.sides[Side.PART, 0], shares.read.both
>>> for block in (cells.countries, cells.areas, cells.whole_areas):
...     print(*cells.name.take(block), parts[block].intervals())
FR IT [Interval(6), Interval(0 to 8)]
FR+IT [Interval(11)]
FR+IT [Interval(11)]

2. The countries alone have 6 to 14 female victims, and the whole area has its published count:

>>> shares.sides[Side.PART].sum(axis=-1).interval(0), shares.counts.interval((0, 0))
(Interval(6 to 14), Interval(11))

3. The value has the countries with complete data, which is France, or the published area:

>>> shares.complete.by_country, shares.complete.from_area
(array([[ True, False]]), array([[ True]]))
>>> shares.value.interval((Side.PART, 0, 0)), shares.value.interval((Side.BASE, 0, 0))
(Interval(11), Interval(18))
"""

from collections.abc import Sequence

import numpy as np
from attrs import frozen

from thbstats._properties import cached_property
from thbstats.columns import Coded, Index, Mask, Ranges
from thbstats.columns.ranges import any_of
from thbstats.panel.cell_metadata import all_reported, same_countries
from thbstats.panel.cells import Cells, read_cells
from thbstats.panel.one_dimension import OneDimension
from thbstats.panel.several_dimensions import SeveralDimensions
from thbstats.panel.share_bounds import OF_VALUE, SIDES, CountBounds, Side
from thbstats.panel.share_questions import Selections, ShareQuestion, selections_of
from thbstats.vocabulary.codes import COMPLETE

_OF_DENOMINATOR = [Side.BASE, Side.UNKNOWN, Side.FULL_BASE, Side.NOT_LISTED]
"""The counts that do not depend on the category."""

_PARTS_OF_TOTAL = [
    (Side.PART, Side.FULL_COMPLEMENT),
    (Side.PART_WITH_UNKNOWN, Side.COMPLEMENT_WITH_UNKNOWN),
]
"""The parts of a total and all other persons, without and with unknown persons allocated."""


@frozen(kw_only=True, eq=False)
class ReadCounts:
    """The counts of s selections, for n numbers with w periods each.

    Entries are those of p countries, then of m published areas. Countries FR and IT with two
    periods are one number, two numbers of one period, and four entries of countries.
    """

    windows: Cells  # The counts of the n * w numbers of one period
    cells: Cells  # The same counts, of the n numbers with all of their periods
    # (e,): the same counts, then those of the areas for all of their countries.
    both: Cells
    covers: Mask  # (m,): published areas that include all of their countries
    absent: Mask  # (n,): numbers for which a count does not apply
    numbers: Index  # (w, n): the numbers of one period of each number
    entries: Index  # (w, p): the entries of each country in these
    start: Index  # (n + 1,): the first country of each number, and the end of the last
    member: Coded[str]  # (p,): the countries

    @classmethod
    def of(cls, question: ShareQuestion, selections: Selections) -> "ReadCounts":
        """Read the counts of each country in each period, and the counts of published areas."""
        own = question.grid
        grid, entries = own.by_window()
        width, start, member = len(entries), own.start, own.member
        exact = selections.cells
        if len(question.names) > 1 and selections.category is not None:
            exact = exact[[selections.category]]
        read = read_cells(grid, selections.requested, question.names, question.within)
        read = read.with_exact(exact)
        absent = read.absent[:, read.countries].any(axis=0)
        absent = any_of(absent, grid.start[::width])
        if width == 1:
            # Countries that cannot have a count in a period take no part in its number.
            read = read.applicable()
            entries = np.arange(read.size)[np.newaxis]
            start, member = read.start, read.name.take(read.countries)
        both, covers = read.with_whole_areas()
        if (both.row < 0).any():
            both = both.filled(selections.wholes(both.known_row), both.known_row[0])
        return cls(
            windows=read,
            cells=read if width == 1 else read.joined(own, width),
            both=both,
            covers=covers,
            absent=absent,
            numbers=np.arange(len(own) * width).reshape(len(own), width).T,
            entries=entries,
            start=start,
            member=member,
        )

    @cached_property
    def sizes(self) -> Index:
        """The number of countries of each number, (n,)."""
        return self.start[1:] - self.start[:-1]

    def any(self, mask: Mask) -> Mask:
        """Return the numbers with a country or area in a mask, (..., n)."""
        result: Mask = self.windows.any(mask)
        if len(self.numbers) > 1:
            result = np.asarray(result[..., self.numbers].any(axis=-2))
        return result

    def added(self, counts: Ranges, index: Index) -> Ranges:
        """Return the sum over the periods of each number or country."""
        return counts if len(index) == 1 else counts[..., index].sum(axis=-2)


@frozen(kw_only=True, eq=False)
class CategoryChoice:
    """The c categories of shares, out of k known categories."""

    axes: Sequence[tuple[Mask, Mask]]  # The categories in use of each dimension
    in_use: Mask  # (k, e): the known categories in use
    categories: Index  # (c,)
    divides: Mask  # (c, n * w): those that divide a total, for each number of one period

    @classmethod
    def of(
        cls, question: ShareQuestion, selections: Selections, read: ReadCounts
    ) -> "CategoryChoice":
        """Choose the category of the query, or all categories in use."""
        axes, windows = _axes(question, selections, read.both), read.windows
        in_use: Mask = np.logical_and.reduce(
            [used[index - 1] for (used, _), index in zip(axes, selections.index, strict=True)]
        )
        listed = windows.any(in_use[:, windows.published])
        categories = np.array([selections.category])
        if question.category is None:
            used = np.asarray(listed.any(axis=1))
            # Responses are the sum of all categories, also of those without a row.
            some = used & selections.with_rows(windows.present, windows.row >= 0)
            some = some if some.any() and question.base != "responses" else used
            categories = np.flatnonzero(some if some.any() else ~some)
        return cls(axes=axes, in_use=in_use, categories=categories, divides=listed[categories])


@frozen(kw_only=True, eq=False)
class CompleteData:
    """The countries and published areas with complete and consistent data."""

    entries: Mask  # (c, p + m): in each period
    by_country: Mask  # (c, p): countries, in every period of their number
    from_area: Mask  # (c, n): published areas, in every period of their number
    some: Mask  # (c, n): numbers with any of them
    all_listed: Mask  # (n,): numbers whose published counts include all countries

    @classmethod
    def of(
        cls,
        read: ReadCounts,
        choice: CategoryChoice,
        solved: OneDimension | SeveralDimensions,
        optional: Mask | None,
    ) -> "CompleteData":
        """Return the complete data; a country need not report the `optional` categories."""
        windows = read.windows
        countries, areas, own_entries = windows.countries, windows.areas, windows.published
        full = np.asarray(solved.sides.reported[: Side.BASE, :, own_entries].all(axis=0))
        if optional is not None:
            # Shares of one breakdown use the same countries: FR with two forms, and not IT with a
            # total alone.
            in_use = choice.in_use[choice.categories, own_entries]
            some = in_use.any(axis=0) | full.all(axis=0)
            needed = in_use & ~optional[:, own_entries]
            full = (full | ~needed).all(axis=0) & some & choice.divides[:, windows.number]
        if len(windows.area):
            # A published area below the sum of its members and these members do not have a value.
            below = windows.expand(windows.of_rows(windows.systems.below)[0, areas])
            full[:, countries] &= ~below[windows.number[countries]]
            full[:, areas] &= _same_countries(solved, read)
        by_country = np.asarray(full[:, countries][:, read.entries].all(axis=1))
        from_area = np.asarray(windows.expand(full[:, areas])[:, read.numbers].all(axis=1))
        return cls(
            entries=full,
            by_country=by_country,
            from_area=from_area,
            some=any_of(by_country, read.start) | from_area,
            all_listed=np.asarray(
                all_reported(rows_of_values(solved, windows))[read.numbers].all(axis=0)
            ),
        )


class PooledShares:
    """Counts of c categories for n numbers, from the counts of p countries and m areas.

    The query has s selections, k of them known categories. A number of several periods has its
    counts once per period, and adds them up.
    """

    def __init__(self, question: ShareQuestion) -> None:
        self.question = question
        self.selections: Selections = selections_of(question)
        self.read: ReadCounts = ReadCounts.of(question, self.selections)
        self.choice: CategoryChoice = CategoryChoice.of(question, self.selections, self.read)
        self.categories: Index = self.choice.categories
        solver = OneDimension if len(question.names) == 1 else SeveralDimensions
        self.solved: OneDimension | SeveralDimensions = solver(
            question=question,
            selections=self.selections,
            cells=self.read.both,
            axes=self.choice.axes,
            category=self.categories,
        )
        optional = self._optional() if question.category is None else None
        self.complete: CompleteData = CompleteData.of(self.read, self.choice, self.solved, optional)
        # (9, c, p) and (9, c, n): the counts of countries and of the whole area. See `Side`.
        windows, sides = self.read.windows, self.solved.sides
        countries = sides[..., windows.countries] if len(windows.area) else sides
        self.sides: Ranges = self.read.added(countries, self.read.entries)
        pooled = self._pooled(countries.pool(windows.start))
        self.whole: Ranges = self.read.added(pooled, self.read.numbers)
        self.value: Ranges = self._value(pooled)

    def _optional(self) -> Mask:
        """Return the categories that a breakdown does not need from a country, (c, e).

        A sex or age that exists in some countries only, and a category that contradicts rows of
        other dimensions, are bounds there. The other shares of the country stay.
        """
        selections, cells = self.selections, self.read.both
        result = np.zeros((len(self.categories), cells.row.shape[1]), dtype=np.bool_)
        for d, name in enumerate(selections.names):
            if name in COMPLETE:
                always = selections.always[d][selections.index[d, self.categories] - 1]
                result |= ~always[:, np.newaxis]
        if len(selections.names) == 1:
            wrong = cells.wrong_in(self.question.dimensions, self.question.names)
            result |= wrong[1 + self.categories] & ~wrong[0]
        return result & ~result.all(axis=0)

    def _pooled(self, whole: Ranges) -> Ranges:
        """Return the counts of the whole area in each period, from sums over countries, (9, c, ..).

        Published areas have their own counts, within these sums.
        """
        windows, areas = self.read.windows, self.read.both.whole_areas
        if len(windows.area):
            own, wrong = self.solved.sides[..., areas], self.solved.contradictory[..., areas]
            wrong, hidden = np.broadcast_to(wrong, own.shape[1:]), self._suppressed_areas()
            whole = windows.whole(whole, own, hidden, wrong)
            is_sound = ~(hidden.any(axis=(0, 1)) | wrong.any(axis=0))
            whole = _within_total(whole, windows.area[is_sound])
        nested = windows.any(self.nested)
        if not nested.any():
            return whole
        within = np.isin(np.arange(SIDES), _OF_DENOMINATOR)[:, np.newaxis, np.newaxis]
        return Ranges.missing(*whole.shape).where(nested & ~within, whole)

    @cached_property
    def nested(self) -> Mask:
        """The categories that a country replaces by a part or by a wider category, (c, e).

        In a sum of categories, such parts of the country would be counted twice.
        """
        entries = self.read.windows.published
        result = np.zeros((len(self.categories), entries.stop), dtype=np.bool_)
        for d, (used, _) in enumerate(self.choice.axes):
            wider, own = self.selections.wider[d], self.selections.index[d, self.categories] - 1
            related = (wider | wider.T) @ used & ~used
            result |= related[own, entries]
        return result

    def _value(self, pooled: Ranges) -> Ranges:
        """Return the counts of values: of countries with complete data, or published, (4, c, n).

        `pooled` has those of the whole area in each period.
        """
        read, windows, sides = self.read, self.read.windows, self.solved.sides
        value = self.sides[OF_VALUE].pool(read.start, self.complete.by_country)
        if not len(windows.area):
            return value
        # A value that covers the whole area is within the counts of the whole area.
        whole = self.whole[OF_VALUE]
        keep = any_of(~self.complete.by_country, read.start)
        value = value.clip(whole.lower, whole.upper, keep=keep)
        published = Ranges.missing(*pooled[OF_VALUE].shape)
        published = windows.stated(
            published, sides[OF_VALUE, :, windows.areas], pooled[OF_VALUE], read.covers
        )
        return read.added(published, read.numbers).where(self.complete.from_area, value)

    def _suppressed_areas(self) -> Mask:
        """Return the counts of published areas that their source suppresses, shape (9, c, m)."""
        suppressed = self.read.windows.suppressed[:, self.read.windows.areas]
        total, parts = suppressed[0], suppressed[self.selections.cells]
        unknown, own = suppressed[self.selections.unknown].any(axis=0), parts[self.categories]
        recorded = parts.any(axis=0) | unknown
        result = np.empty((SIDES, *own.shape), dtype=np.bool_)
        result[:] = recorded | total
        result[Side.PART], result[Side.PART_WITH_UNKNOWN] = own, own | unknown
        result[Side.UNKNOWN], result[Side.FULL_BASE] = unknown, total
        result[Side.BASE] = recorded
        if self.question.base == "all":
            result[Side.BASE] = total
        else:
            # For "all" the complement is the total without the category.
            result[Side.COMPLEMENT] = parts.sum(axis=0) > own
        return result

    @property
    def used(self) -> Mask:
        """The categories in use of each number, shape (c, n)."""
        return np.asarray(self.choice.divides[:, self.read.numbers].any(axis=1))

    @property
    def joins(self) -> Mask:
        """The categories that can contain persons of each unknown category, shape (c, u)."""
        return np.asarray(self.selections.joins[self.categories])

    @property
    def overlaps(self) -> Mask:
        """The numbers with overlapping categories in any country, shape (n,)."""
        return self.read.any(self.solved.overlaps[self.read.windows.published])

    @property
    def unknown_counts(self) -> Ranges:
        """The reported unknown categories; an area includes all its countries, shape (u, n)."""
        windows, both, unknown = self.read.windows, self.read.both, self.selections.unknown
        counts = windows.counts[unknown, windows.countries].pool(windows.start)
        if len(windows.area):
            counts = counts.put(windows.area, both.counts[unknown, both.whole_areas])
        return self.read.added(counts, self.read.numbers)

    @property
    def words(self) -> list[dict[str, str]]:
        """The labels of the c categories."""
        return [self.selections.recorded[i] for i in self.categories.tolist()]

    @property
    def counts(self) -> Ranges:
        """The counts of the categories in the whole area, shape (c, n)."""
        return self.whole[Side.PART]

    @property
    def base(self) -> Ranges:
        """The denominator of the shares of the whole area, shape (n,)."""
        base = self.whole[Side.BASE]
        return Ranges(base.lower.max(axis=0), base.upper.min(axis=0), base.reported.all(axis=0))

    @property
    def unknown(self) -> Ranges:
        """The victims of unknown category in the whole area, shape (n,)."""
        return self.whole[Side.UNKNOWN, 0]

    @property
    def suppressed(self) -> Mask:
        """The numbers with a suppressed category, shape (n,)."""
        suppressed = self.read.windows.suppressed[self.selections.cells]
        return self.read.any(np.asarray(suppressed.any(axis=0)))

    def _reporting(self, i: int) -> Index:
        """Return the entries of the countries that reported each category of one number."""
        entries = np.arange(self.read.start[i], self.read.start[i + 1])
        part = self.sides[Side.PART][np.flatnonzero(self.used[:, i])]
        return entries[part.reported[:, entries].all(axis=0)]

    def reporters(self, i: int) -> frozenset[str]:
        """Return the countries that reported each category of one number."""
        return frozenset(self.read.member[int(entry)] for entry in self._reporting(i))


def _axes(question: ShareQuestion, selections: Selections, cells: Cells) -> list[tuple[Mask, Mask]]:
    """Return the categories in use of each dimension, as `Selections.in_use`, (k, e) each."""
    nested = []
    for d, (name, size) in enumerate(zip(selections.names, selections.sizes, strict=True)):
        # The margins of each category show whether it is a part of another one.
        index = [np.arange(1, 1 + size) if i == d else 0 for i in range(len(selections.names))]
        rows = cells.row[selections.slots(*np.broadcast_arrays(*index))]
        inside = cells.systems.lines[name].whole[rows] != cells.row[0]
        nested.append(inside & (rows >= 0) & (cells.row[0] >= 0))
    axes = selections.in_use(cells.row >= 0, nested)
    if question.base != "responses":
        return axes
    # Each category that the country lists can have responses, also without a row here.
    ((used, around),), (name,), (group, country) = axes, selections.names, selections.kinds[0]
    words = selections.words[0][1 : 1 + selections.sizes[0]]
    widest = np.asarray(~selections.wider[0].any(axis=1))
    more = cells.listed(name, words) & widest[:, np.newaxis]
    # Groups of citizenship and countries are two divisions of the same persons.
    has_groups = used[group].any(axis=0) | ~country.any()
    more &= np.where(has_groups, group[:, np.newaxis], country[:, np.newaxis])
    return [(used | more, around)]


def rows_of_values(solved: OneDimension | SeveralDimensions, cells: Cells) -> Cells:
    """Return the counts with the rows of values only: other rows can be of other countries."""
    is_all = solved.question.base == "all"
    return cells.limited_to(np.array([0, *solved.slots])) if is_all else cells


def _same_countries(solved: OneDimension | SeveralDimensions, read: ReadCounts) -> Mask:
    """Return the areas whose published counts of a share include the same countries, (c, m)."""
    selections, cells = solved.selections, read.cells

    def is_same(selections: Index) -> Mask:
        return same_countries([(cells, selections)], len(cells.grid))[cells.area]

    every = is_same(np.concatenate([[0], selections.cells, selections.unknown]))
    has_total = solved.question.base == "all" and bool(cells.present[0, cells.areas].all())
    if every.all() or not has_total:
        return every[np.newaxis]
    return np.array([is_same(np.array([0, own])) for own in solved.slots])


def _within_total(whole: Ranges, areas: Index) -> Ranges:
    """Return the counts of published areas; their parts and complements add up to their total."""
    low, high = whole.lower[..., areas].astype(np.float64), whole.upper[..., areas]

    def bounds(side: int) -> CountBounds:
        return CountBounds(low[side], high[side])

    for part, outside in _PARTS_OF_TOTAL:
        for own, other in ((part, outside), (outside, part)):
            left = _left_by(bounds(other), bounds(own), bounds(Side.FULL_BASE))
            low[own], high[own] = left.low, left.high
    # The complement without unknown persons is a part of it.
    high[Side.COMPLEMENT] = np.maximum(
        np.minimum(high[Side.COMPLEMENT], high[Side.FULL_COMPLEMENT]), low[Side.COMPLEMENT]
    )
    counts = Ranges(low.astype(np.int64), high, whole.reported[..., areas])
    return whole.put(areas, counts)


def _left_by(other: CountBounds, own: CountBounds, total: CountBounds) -> CountBounds:
    """Return the rest of a total after another part, within the bounds of the own part.

    Of 10 victims, 3 to 8 are not female. So 6 to 9 female victims are at most 7:

    >>> _left_by(CountBounds(3, 8), CountBounds(6, 9), CountBounds(10, 10))
    CountBounds(low=6, high=7)
    """
    low = np.minimum(np.maximum(own.low, total.low - other.high), own.high)
    return CountBounds(low, np.maximum(np.minimum(own.high, total.high - other.low), own.low))
