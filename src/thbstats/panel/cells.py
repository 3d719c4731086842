"""Counts of a table for the numbers of a grid."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from attrs import Factory, evolve, field, frozen
from numpy.typing import NDArray

from thbstats._properties import cached_property
from thbstats.columns import Coded, Index, Mask, Ranges
from thbstats.columns.ranges import any_of
from thbstats.panel.completions import completions_of
from thbstats.panel.grid import PanelGrid
from thbstats.panel.row_index import RowIndex, index_of
from thbstats.panel.systems import CountSystems
from thbstats.values import Reason

_SUPPRESSED = [reason.severity for reason in (Reason.FEWER_THAN, Reason.SUPPRESSED)]
_IS_SUPPRESSED = np.zeros(256, dtype=np.bool_)
_IS_SUPPRESSED[_SUPPRESSED] = True
_CONFLICTING, _NOT_APPLICABLE = Reason.CONFLICTING.severity, Reason.NOT_APPLICABLE.severity
_NO_ROW = 255


@frozen(kw_only=True, eq=False)
class Cells:
    """Counts of s selections, in e entries.

    Each method returns other cells. In the order of a question, cells are

    1. read (`read_cells`): the entries are blocks of countries and of published areas;
    2. `with_exact`: some bounds of countries are narrower;
    3. `applicable`, in questions of one period: without countries that cannot have a count;
    4. `with_whole_areas`, once: with a third block, and then `filled`; or
    5. `joined`: a number has the entries of several periods, for an area too.

    `with_whole_areas`, `whole`, `stated` and `any` need one published count of an area at most for
    each number, and so cells that are not joined; `any` also needs cells without the third block.
    `expand` has the property of the last period in joined cells. The other methods hold for all.

    The published 6 victims of FR and IT are those of FR only, and IT has 4. Three entries become
    four, for all countries at least 6 + 4 victims:

    >>> import thbstats as thb
    >>> from thbstats.panel.grid import grid_of
    >>> table = thb.CountTable.from_rows(
    ...     [("FR+IT", 6, "FR"), ("IT", 4, None)], columns=["area", "value", "reporters"],
    ...     kind="victims", period=2020,
    ... )
    >>> grid = grid_of(table, by=None, area="FR+IT", period=2020, attributes={})
    >>> cells, includes_all = read_cells(grid, [{}], ()).with_whole_areas()
    >>> for entry, name in enumerate(cells.name):
    ...     print(name, cells.counts.interval((0, entry)))
    FR 0 or more
    IT 4
    FR+IT 6
    FR+IT 10
    >>> cells.countries.stop, cells.areas.stop, cells.whole_areas.stop
    (2, 3, 4)
    >>> includes_all.tolist(), cells.partial.tolist()
    ([False], [False, False, False, True])
    """

    grid: PanelGrid
    index: RowIndex
    row: Index  # (s, e): the row of the system; -1 where it has none
    # (s, e): the counts; missing where the table has no row, 0 where a count does not apply.
    counts: Ranges
    suppressed: Mask  # (s, e): suppressed counts, also "fewer than n"
    absent: Mask  # (s, e): where a count does not apply
    several: Mask  # (n,): the numbers with several rows for one count
    start: Index  # (n + 1,): the first country of each number, and the end of the last
    number: Index  # (e,): the number of each entry
    name: Coded[str]  # (e,): the country or the published area
    # (e,): whether the rows include only a part of the countries of the entry.
    partial: Mask = field(
        default=Factory(lambda own: np.zeros(len(own.number), dtype=np.bool_), takes_self=True)
    )

    # (s, e): whether a search of completions narrowed the bounds of a count.
    narrowed: Mask = field(
        default=Factory(lambda own: np.zeros(own.row.shape, dtype=np.bool_), takes_self=True)
    )

    has_whole_areas: bool = False

    @cached_property
    def size(self) -> int:
        """The number of entries of countries."""
        return int(self.start[-1])

    @property
    def countries(self) -> slice:
        """The entries of countries."""
        return slice(self.size)

    @property
    def areas(self) -> slice:
        """The m entries of published areas."""
        further = len(self.number) - self.size
        return slice(self.size, self.size + further // (1 + self.has_whole_areas))

    @property
    def published(self) -> slice:
        """The entries of countries and of published areas; the table can have rows for both."""
        return slice(self.areas.stop)

    @property
    def whole_areas(self) -> slice:
        """The m entries of published areas with all of their countries."""
        return slice(self.areas.stop, len(self.number))

    @cached_property
    def area(self) -> Index:
        """The numbers whose areas have published counts, shape (m,)."""
        return self.number[self.areas]

    @property
    def systems(self) -> CountSystems:
        """The rows of the table, and the rows that follow from them."""
        return self.grid.systems

    @cached_property
    def present(self) -> Mask:
        """The counts that have a row in the table, shape (s, e)."""
        present: Mask = (self.row >= 0) & (self.row < self.systems.size)
        return present

    def listed(self, name: str, words: Sequence[str]) -> Mask:
        """Return where a system has a row of a category, for each of some categories."""
        column, group = self.systems.columns[name], self.systems.group
        exists = np.zeros((len(column.categories) + 1, int(group.max(initial=0)) + 1), np.bool_)
        exists[column.codes, group] = True
        codes = {word: code for code, word in enumerate(column.categories)}
        index, row = [codes.get(word, -1) for word in words], self.row.max(axis=0, initial=-1)
        return np.asarray(exists[index][:, group[row]] & (row >= 0))

    def of_rows(self, column: Any, missing: Any = False) -> Any:
        """Return a column of the system for each count, shape (s, e)."""
        return np.where(self.known_row >= 0, column[self.row], missing)

    @cached_property
    def known_row(self) -> Index:
        """The row of the system, or -1 without a row or with a part of the countries only."""
        return np.where(self.partial, -1, self.row) if self.partial.any() else self.row

    @cached_property
    def implied(self) -> Ranges:
        """The bounds that follow from all rows, also for reported counts."""
        own, exists = self.systems.implied, (self.known_row >= 0) & ~self.narrowed
        return Ranges(
            np.where(exists, own.lower[self.row], self.counts.lower),
            np.where(exists, own.upper[self.row], self.counts.upper),
            self.counts.reported,
        )

    @property
    def derived(self) -> Mask:
        """The counts that follow from other rows, shape (s, e)."""
        follows = self.narrowed & self.counts.reported
        return np.asarray(self.of_rows(self.systems.derived) | follows)

    def with_exact(self, selections: Index) -> "Cells":
        """Return the counts; some selections that were not reported get the narrowest bounds."""
        own = selections, self.countries
        row, counts = self.known_row[own], self.counts[own]
        open_ = (row >= 0) & ~counts.reported & (counts.lower < counts.upper)
        # In tables of cases, persons of unknown category can have each category without an answer.
        if not open_.any() or self.unanswered is not None:
            return self
        low, high = completions_of(self.systems).ranges(row[open_])
        # The bounds of the source are wider for some suppressed counts.
        narrower = (low > counts.lower[open_]) | (high < counts.upper[open_])
        open_[open_] = narrower
        if not narrower.any():
            return self
        lower, upper = self.counts.lower.copy(), self.counts.upper.copy()
        reported, narrowed = self.counts.reported.copy(), self.narrowed.copy()
        chosen = np.zeros(self.row.shape, dtype=np.bool_)
        inside = np.zeros((len(selections), self.row.shape[1]), dtype=np.bool_)
        inside[:, self.countries] = open_
        chosen[selections] = inside
        lower[chosen], upper[chosen] = low[narrower], high[narrower]
        reported[chosen] = low[narrower] == high[narrower]
        narrowed[chosen] = True
        return evolve(self, counts=Ranges(lower, upper, reported), narrowed=narrowed)

    def filled(
        self, wholes: Mapping[str, tuple[Index, Index, Coded[str]]], total: Index
    ) -> "Cells":
        """Return the counts; a count without a row gets bounds from the rows around it.

        For each dimension along which they are parts, these are m selections, the rows around each
        count, and the categories, (m, e) each. All are parts of the rows of `total`, (e,).

        Victims of forced labour have no row. They are at most the 5 victims without the 3 of sexual
        exploitation:

        >>> import thbstats as thb
        >>> from thbstats.panel.grid import grid_of
        >>> table = thb.CountTable.from_rows(
        ...     [("total", 5), ("sexual", 3)], columns=["exploitation", "value"],
        ...     kind="victims", area="FR", period=2020,
        ... )
        >>> grid = grid_of(table, by=None, area="FR", period=2020, attributes={})
        >>> words = [{"exploitation": "total"}, {"exploitation": "labour"}]
        >>> cells = read_cells(grid, words, ("exploitation",))
        >>> total, labour = cells.row[0], Coded(np.array([[0]]), ["labour"])
        >>> filled = cells.filled({"exploitation": (np.array([1]), total[None], labour)}, total)
        >>> str(cells.counts.interval((1, 0))), str(filled.counts.interval((1, 0)))
        ('0 or more', '0 to 2')
        """
        absent, systems = self.row < 0, self.systems
        reported, implied = systems.columns.numbers.upper, systems.implied.upper

        def limit(rows: Index) -> Any:
            # Unknown persons whom published parts leave of a total are more than the reported ones.
            return np.maximum(reported[rows], implied[rows])

        low, high = self.counts.lower.copy(), self.counts.upper.copy()
        for name, (slots, rows, words) in wholes.items():
            part, entry = np.nonzero(absent[slots] & (rows >= 0))
            if not len(part) or name not in systems.lines:
                continue
            whole, index = rows[part, entry], (slots[part], entry)
            own = systems.absent(name, whole, Coded(words.codes[part, entry], words.categories))
            low[index] = np.maximum(low[index], own.lower)
            high[index] = np.minimum(high[index], np.minimum(own.upper, limit(whole)))
        high = np.where(absent & (total >= 0), np.minimum(high, limit(total)), high)
        high = np.maximum(high, low)
        # Counts that contradict each other determine no other count.
        row = self.row.max(axis=0, initial=-1)
        sound = ~systems.is_in_wrong_system[row] | (row < 0)
        follows = absent & (low == high) & sound
        return evolve(self, counts=Ranges(low, high, self.counts.reported | follows))

    def wrong_in(self, names: Iterable[str], outside: Iterable[str] = ()) -> Mask:
        """Return the counts that contradict other counts in some dimensions, shape (s, e)."""
        return np.asarray(self.of_rows(self.systems.wrong_in(names, outside)))

    def hull(self, names: Iterable[str], outside: Iterable[str] = ()) -> Ranges:
        """Return the counts; contradictory ones have the bounds of all readings."""
        own, wrong = self.systems.hull, self.wrong_in(names, outside)
        if not wrong.any():
            return self.counts
        return Ranges(
            np.where(wrong, own.lower[self.row], self.counts.lower),
            np.where(wrong, own.upper[self.row], self.counts.upper),
            self.counts.reported,
        )

    def any(self, mask: Any) -> Mask:
        """Return the numbers that have an entry in a mask, shape (..., n)."""
        result = any_of(mask[..., self.countries], self.start)
        if self.size < mask.shape[-1]:
            result[..., self.number[self.size :]] |= mask[..., self.size :]
        return result

    def expand(self, own: Any) -> Mask:
        """Return a property of published areas for all numbers."""
        result = np.zeros((*own.shape[:-1], len(self.start) - 1), dtype=np.bool_)
        result[..., self.area] = own
        return result

    def take(self, rows: Any, entries: Any) -> "Cells":
        """Return the cells of some selections and entries; the numbers stay the same."""
        return evolve(
            self,
            row=self.row[rows, entries],
            counts=self.counts[rows, entries],
            suppressed=self.suppressed[rows, entries],
            absent=self.absent[rows, entries],
            narrowed=self.narrowed[rows, entries],
            number=self.number[entries],
            name=self.name.take(entries),
            partial=self.partial[entries],
        )

    def limited_to(self, selections: Index) -> "Cells":
        """Return the cells without rows of other selections, where all of these have a row."""
        used = np.isin(np.arange(len(self.row)), selections)[:, np.newaxis]
        used = used | ~self.present[selections].all(axis=0)
        return evolve(self, row=np.where(used, self.row, -1))

    def applicable(self) -> "Cells":
        """Return the counts, without countries to which they do not apply."""
        if not self.absent[:, self.countries].any():
            return self
        nothing = self.absent.any(axis=0) & (self.absent | ~self.present).all(axis=0)
        # Persons of a category contradict a total that does not apply.
        counted = (self.present & (self.counts.lower > 0)).any(axis=0)
        applies = ~((self.absent[0] & ~counted) | nothing)
        applies[self.size :] = True
        start = np.concatenate([[0], np.cumsum(applies[self.countries])])[self.start]
        return evolve(self.take(slice(None), np.flatnonzero(applies)), start=start)

    def joined(self, grid: PanelGrid, width: int) -> "Cells":
        """Return the counts of numbers with several periods, from one number per period."""
        several = np.asarray(self.several.reshape(len(grid), width).any(axis=1))
        start, number = self.start[::width], self.number // width
        return evolve(self, grid=grid, start=start, number=number, several=several)

    def with_whole_areas(self) -> tuple["Cells", Mask]:
        """Return the cells with m further entries, and published counts that include all countries.

        The further entries are the published counts for all countries of the area: with the
        countries that the published count leaves out, and within the sums of the countries.
        """
        start, index, own_countries, areas = self.start, self.area, self.countries, self.areas
        if not len(index):
            return self, np.zeros(0, dtype=np.bool_)
        lacking, unlisted = self._not_in_areas()
        countries, stated = self.hull(())[:, own_countries], self.counts[:, areas]
        # 1. The published count, with the countries that it leaves out.
        partial = any_of(lacking, start)[:, index] | unlisted
        added = stated + countries.pool(start, lacking)[:, index]
        added = Ranges(added.lower, np.where(unlisted, np.inf, added.upper), stated.reported)
        # 2. Within the sum of the countries, unless it is suppressed.
        pooled, hidden = countries.pool(start)[:, index], self.suppressed[:, areas]
        counts = added.clip(pooled.lower, pooled.upper, keep=hidden)
        counts = Ranges(counts.lower, counts.upper, (added.reported & ~partial) | pooled.reported)
        hidden = hidden | any_of(self.suppressed[:, own_countries], start)[:, index]
        # 3. The third block has the other columns of the published areas.
        both = self.take(slice(None), np.r_[: len(self.number), areas])
        return evolve(
            both,
            counts=Ranges.concat([self.counts, counts]),
            suppressed=np.concatenate([self.suppressed, hidden], axis=1),
            partial=np.concatenate([self.partial, partial.any(axis=0)]),
            has_whole_areas=True,
        ), np.asarray(~partial.any(axis=0))

    def _not_in_areas(self) -> tuple[Mask, Mask]:
        """Return the countries that the published count of their area leaves out.

        These are the countries that its source does not list, (s, size), and, if the source states
        the number of countries only, where that is smaller than the area, (s, m).
        """
        columns, index, rows = self.systems.columns, self.area, self.row[:, self.areas]
        origin = np.where(rows >= 0, columns.origin[rows].astype(np.intp), -1)
        position = np.full(len(self.start) - 1, -1, dtype=np.intp)
        position[index] = np.arange(len(index))
        of_entry = position[self.number[self.countries]]
        own = np.where(of_entry >= 0, origin[:, of_entry], -1)
        lacking, unlisted = np.zeros(own.shape, np.bool_), np.zeros(origin.shape, np.bool_)
        for code in np.unique(origin[origin >= 0]).tolist():
            source = columns.origins[code]
            if source.reporters is not None:
                known = source.reporters
                outside = ~self.name.table(known.__contains__, np.bool_)
                lacking |= (own == code) & outside[self.countries]
            elif source.n_reporters is not None:
                unlisted |= (origin == code) & (source.n_reporters < np.diff(self.start)[index])
        return lacking, unlisted

    def whole(self, pooled: Ranges, own: Ranges, hidden: Any, wrong: Any = False) -> Ranges:
        """Return sums over countries; sums of published areas are within their published bounds.

        Of FR and IT, FR has 6; ``wrong`` are the areas whose count contradicts others:

        ====== ================== ===== ========= ===========================================
        IT     area               wrong result    reason
        ====== ================== ===== ========= ===========================================
        4      10                 no    10        both agree
        4      12                 no    10 to 12  both readings, which have no common value
        4      0 to 4, suppressed no    0 to 4    a suppressed count keeps its bounds
        <5     9                  no    9         the area is within the sum, 6 to 10
        <5     9                  yes   6 to 10   both readings
        none   9                  yes   9         the sum needs a count of each member
        none   5                  no    5 or more both readings; the area is below FR
        ====== ================== ===== ========= ===========================================
        """
        if not len(self.area):
            return pooled
        summed = pooled[..., self.area]
        within = own.clip(summed.lower, summed.upper, keep=hidden)
        is_apart = ((own.lower > summed.upper) | (own.upper < summed.lower)) & ~hidden
        is_apart = is_apart.any(axis=tuple(range(is_apart.ndim - 1)))
        is_below = self.of_rows(self.systems.below)[:, self.areas].any(axis=0)
        has_both_readings = is_apart | (wrong & (is_below | summed.reported))
        return pooled.put(self.area, own.union(summed).where(has_both_readings, within))

    def stated(self, pooled: Ranges, own: Ranges, whole: Ranges, covers: Mask) -> Ranges:
        """Return sums over countries; published areas have their published counts.

        A published count of all countries is the count of the whole area.
        """
        if not len(self.area):
            return pooled
        every = whole[..., self.area]
        every = Ranges(every.lower, every.upper, own.reported)
        return pooled.put(self.area, every.where(covers, own))

    @property
    def unanswered(self) -> NDArray[np.float64] | None:
        """The cases without an answer for each count; ``nan`` if their number is not documented."""
        further = self.systems.columns.numbers.unanswered
        if further is None or not len(further):
            return None
        documented = self.present & (further[self.row] >= 0)
        return np.where(documented, further[self.row], np.nan)

    def open_to(self, own: Any, unknown: Iterable[Any]) -> NDArray[np.float64] | None:
        """Return the cases that can belong to selections; ``nan`` if that is not documented.

        They have no answer for it, or are in a selection of unknown category.
        """
        if self.unanswered is None:
            return None
        others = [self.counts.upper[slots] + self.unanswered[slots] for slots in unknown]
        # Next to a row of cases of unknown sex, a sex without a row has no cases.
        has_none = (sum(~np.isnan(other) for other in others) > 0) & ~self.present[own]
        result = np.where(has_none, 0, self.unanswered[own])
        return sum((np.nan_to_num(other, posinf=np.inf) for other in others), result)

    @cached_property
    def conflicting(self) -> Mask:
        """The counts with several values in the source, shape (s, e)."""
        reason = self.systems.columns.numbers.reason[self.row]
        return np.asarray(self.present & (reason == _CONFLICTING))


def read_cells(
    grid: PanelGrid,
    words: Sequence[Mapping[str, str]],
    free: Iterable[str],
    within: Mapping[str, str] | None = None,
    *,
    areas: bool = True,
) -> Cells:
    """Return the counts of some selections.

    `free` are the dimensions with several categories, `within` has categories of others; by
    default they have their total. Without `areas`, published areas are left out.
    """
    columns, free = grid.systems.columns, tuple(free)
    index = index_of(
        columns, (*free, *grid.breakdowns, *grid.attributes, "area", "period"), within or {}
    )
    # 1. The entries: the countries of each number, then its published area.
    number, area, names, size = grid.number, grid.row_area, grid.member, len(grid.number)
    offset = np.flatnonzero((grid.printed >= 0) & areas)
    if len(offset):
        number = np.concatenate([number, offset])
        area = np.concatenate([area, grid.printed[offset]])
        names = Coded.concat([names, grid.area.take(offset).compact().map(lambda own: own.code)])
    # 2. The row of each selection and entry.
    codes: dict[str, Any] = {
        "area": area,
        "period": grid.period[0][number],
        **{name: own[number] for name, own in grid.attributes.items()},
    }
    for name in (*free, *grid.breakdowns):
        of_numbers = None if name in free else grid.breakdowns[name][number]
        codes[name] = _category_codes(columns[name].categories, name, words, of_numbers)
    row, several = index.find(codes)
    shape = (len(words), len(number))
    if row.shape != shape:
        row, several = np.broadcast_to(row, shape), np.broadcast_to(several, shape)
    has_several = any_of(several[:, :size].any(axis=0), grid.start)
    has_several[offset] |= several[:, size:].any(axis=0)
    # 3. The counts of these rows; areas without any row are left out.
    numbers, there = columns.numbers, row >= 0
    reason = np.where(there, numbers.reason[row], _NO_ROW) if len(numbers.reason) else row
    cells = Cells(
        grid=grid,
        index=index,
        row=row,
        counts=numbers.ranges(row),
        suppressed=there & _IS_SUPPRESSED[reason],
        absent=there & (reason == _NOT_APPLICABLE),
        several=has_several,
        start=grid.start,
        number=number,
        name=names,
    )
    listed = there[:, size:].any(axis=0)
    if listed.all():
        return cells
    return cells.take(slice(None), np.r_[:size, size + np.flatnonzero(listed)])


def _category_codes(
    categories: Sequence[str],
    name: str,
    words: Sequence[Mapping[str, str]],
    of_numbers: Index | None,
) -> Index:
    """Return the codes of a dimension: for each selection, (s, 1), or for each count, (s, e).

    A selection without the dimension has the category of the number of each entry:

    >>> sexes, words = ("total", "female", "male"), [{"sex": "total"}, {}]
    >>> _category_codes(sexes, "sex", words, of_numbers=np.array([1, 2])).tolist()
    [[0, 0], [1, 2]]
    """
    positions = {word: i for i, word in enumerate(categories)}
    named = [positions.get(own[name], -1) if name in own else None for own in words]
    if of_numbers is None or None not in named:
        return np.array(named, dtype=np.intp)[:, np.newaxis]
    rows = [of_numbers if own is None else np.full(len(of_numbers), own) for own in named]
    return np.stack(rows)
