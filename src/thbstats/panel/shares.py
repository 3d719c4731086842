"""Shares of categories, pooled over countries, for all numbers of a grid at once."""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from thbstats.columns import Coded, Fractions, Ranges
from thbstats.errors import InvalidValue, NoSuchCell
from thbstats.panel.aggregates import (
    SolvedAggregates,
    aggregates_of,
    coverage,
    suppression,
)
from thbstats.panel.categories import (
    UNKNOWN,
    of_one_kind,
    require_breakdown,
    require_part,
)
from thbstats.panel.cells import Cells, Reader, sets_of, suppressions, unanswered_in
from thbstats.panel.context import Contradiction, Excess
from thbstats.panel.contradictions import contradictions_of
from thbstats.panel.countries import Countries, any_of, countries_of
from thbstats.panel.grid import Grid
from thbstats.panel.kind import ResultKind, category_label, share_base
from thbstats.panel.panel import Panel
from thbstats.panel.partition import Division, Partition, partition
from thbstats.panel.parts import Parts
from thbstats.panel.status import Status
from thbstats.records import schema_of
from thbstats.vocabulary import Overlap

__all__ = ["BASES", "CategoryCounts", "ShareQuestion", "category_counts", "share_panel"]

BASES = ("all", "recorded", "mentions")

# One person has one sex and one age: parts above their total are an error there.
_EXCLUSIVE = frozenset({"sex", "age"})

Index = NDArray[np.intp]
Mask = NDArray[np.bool_]


def _overlap(word: str | None) -> Overlap | None:
    return None if word is None else Overlap.parse(word)


@frozen(kw_only=True)
class ShareQuestion:
    """The shares that are asked for.

    Parameters
    ----------
    grid : Grid
        The numbers.
    names : tuple of str
        The dimensions of the categories.
    chosen : mapping or None
        One category of each; ``None`` for all categories.
    within : mapping
        The categories that numerator and denominator share.
    base : str
        ``"all"``, ``"recorded"`` or ``"mentions"``.
    overlap : Overlap or None
        Whether one person can have several categories; ``None`` to judge by the counts.
    """

    grid: Grid
    names: tuple[str, ...]
    chosen: Mapping[str, str] | None
    within: Mapping[str, str]
    base: str
    overlap: Overlap | None = field(converter=_overlap)

    def __attrs_post_init__(self) -> None:
        if self.base not in BASES:
            raise InvalidValue(
                '`base` must be "all", "recorded" or "mentions"',
                field="base",
                value=self.base,
                mend='base="all" includes unknown, base="recorded" leaves it out',
            )
        if not self.names:
            raise InvalidValue(
                "a share needs a category",
                field="category",
                mend='Name one, such as exploitation="sexual"',
            )
        schema = schema_of(self.grid.table.kind)
        for name in self.names:
            dimension = require_breakdown(schema, name)
            if self.chosen is not None:
                require_part(dimension, self.chosen[name], self.within.get(name))


@frozen(kw_only=True, eq=False)
class _Selections:
    """The cells that a question reads: the total, recorded and unknown categories.

    Parameters
    ----------
    total : mapping
        The words of the total.
    recorded, unknown : list of mapping
        The words of each recorded and unknown cell.
    chosen : int or None
        The cell asked for.
    around : array of bool, shape (k,)
        The recorded cells that include the one asked for.
    joins : array of bool, shape (k, u)
        Which unknown cells can belong to which recorded one.
    """

    total: Mapping[str, str]
    recorded: list[dict[str, str]]
    unknown: list[dict[str, str]]
    chosen: int | None
    around: Mask
    joins: Mask


def _selections(question: ShareQuestion) -> _Selections:
    table, names, chosen = question.grid.table, question.names, question.chosen
    schema = schema_of(table.kind)
    words, unknowns, total = [], [], {}
    for name in names:
        dimension = schema[name]
        own = None if chosen is None else chosen[name]
        whole = question.within.get(name, dimension.total)
        total[name] = whole or ""
        present = [c for c in table.categories(name) if c not in (dimension.total, UNKNOWN)]
        found = of_one_kind(dimension, present, own)
        if whole != dimension.total:
            found = [word for word in found if whole in dimension.ancestors(word)]
        if own is not None and own not in found:
            found.append(own)
        words.append(found)
        lists = UNKNOWN in table.categories(name) and whole == dimension.total
        unknowns.append([UNKNOWN] if lists else [])
    recorded = [dict(zip(names, cell, strict=True)) for cell in product(*words)]
    every = product(*(own + unknown for own, unknown in zip(words, unknowns, strict=True)))
    cells = [dict(zip(names, cell, strict=True)) for cell in every]
    unknown = [cell for cell in cells if UNKNOWN in cell.values()]

    def includes(wide: Mapping[str, str], narrow: Mapping[str, str]) -> bool:
        return all(
            wide[name] in (UNKNOWN, narrow[name], *schema[name].ancestors(narrow[name]))
            for name in names
        )

    place = None if chosen is None else recorded.index(dict(chosen))
    around = np.zeros(len(recorded), dtype=np.bool_)
    if place is not None:
        around[:] = [
            i != place and includes(cell, recorded[place]) for i, cell in enumerate(recorded)
        ]
    joins = np.ones((len(recorded), len(unknown)), dtype=np.bool_)
    if len(names) > 1:
        joins[:] = [[includes(wide, cell) for wide in unknown] for cell in recorded]
    return _Selections(
        total=total,
        recorded=recorded,
        unknown=unknown,
        chosen=place,
        around=around,
        joins=joins,
    )


def _in_use(
    question: ShareQuestion, selections: _Selections, listed: Mask
) -> tuple[Mask, Mask, Mask]:
    """Return which cells divide the total of each number: the widest that it lists.

    Parameters
    ----------
    question, selections
        The question and its cells.
    listed : array of bool, shape (1 + k + u, n)
        The cells for which any country has a row.
    """
    schema = schema_of(question.grid.table.kind)
    k, size = len(selections.recorded), listed.shape[1]
    recorded = np.ones((k, size), dtype=np.bool_)
    unknown = np.ones((len(selections.unknown), size), dtype=np.bool_)
    cells = [*selections.recorded, *selections.unknown]
    for name in question.names:
        dimension = schema[name]
        own = None if question.chosen is None else question.chosen[name]
        words = list(dict.fromkeys(cell[name] for cell in cells))
        index = {word: i for i, word in enumerate(words)}
        code = np.array([index[cell[name]] for cell in cells], dtype=np.intp)
        has = np.zeros((len(words), size), dtype=np.bool_)
        np.logical_or.at(has, code, listed[1:])
        present = has.copy()
        if own is not None:
            present[index[own]] = True
        ancestors = {
            word: [index[a] for a in dimension.ancestors(word) if a in index] for word in words
        }
        used = np.stack(
            [present[index[word]] & ~present[ancestors[word]].any(axis=0) for word in words]
        )
        if own is not None:
            used[index[own]] = True
        recorded &= used[code[:k]]
        unknown &= np.where(
            (code[k:] == index.get(UNKNOWN, -1))[:, None], has[code[k:]], used[code[k:]]
        )
    if selections.chosen is not None:
        recorded[selections.chosen] = True
    widest = recorded.sum(axis=0) - (recorded & selections.around[:, None]).any(axis=0)
    return recorded, unknown, widest > 1


def share_panel(question: ShareQuestion) -> Panel:
    """Return the shares of one category, or of all categories.

    Parameters
    ----------
    question : ShareQuestion
        The shares.

    Returns
    -------
    Panel
        For one category one row per number; for all categories one row per number and category.

    Raises
    ------
    NoSuchCell
        If no row of the table has the category.
    """
    return _solve(question)[0]


@frozen(kw_only=True, eq=False)
class CategoryCounts:
    """Counts of all recorded categories for the whole area of each number.

    Parameters
    ----------
    panel : Panel
        The shares: for each number one row per category.
    words : list of mapping
        The k categories.
    used : array of bool, shape (k, n)
        The categories that divide the total of each number.
    counts : Ranges, shape (k, n)
        The categories.
    base : Ranges, shape (n,)
        The denominator.
    unknown : Ranges, shape (n,)
        The victims of unknown category.
    unknown_cells : Ranges, shape (u, n)
        The same by unknown category, as reported.
    joins : array of bool, shape (k, u)
        The unknown categories that can belong to each category.
    overlaps, suppressed, published, has_total : array of bool, shape (n,)
        Where categories overlap; where the source suppresses one of them; where they are
        published for the whole area; where a total is reported.
    """

    panel: Panel
    words: list[dict[str, str]]
    used: Mask
    counts: Ranges
    base: Ranges
    unknown: Ranges
    unknown_cells: Ranges
    joins: Mask
    overlaps: Mask
    suppressed: Mask
    published: Mask
    has_total: Mask

    @property
    def is_free(self) -> Mask:
        """Where no other count of the table restricts the categories, shape (n,)."""
        first = np.arange(len(self.overlaps)) * len(self.words)
        panel = self.panel.take(first)
        points = (self.counts.is_point | ~self.used).all(axis=0)
        alone = panel.area.table(lambda own: len(own.members) == 1, np.bool_)
        alone |= self.published & (panel.parts.sizes == 0)
        return ~self.overlaps & (points | (alone & ~(self.has_total & self.suppressed)))

    def reported(self, i: int) -> tuple[Ranges, bool]:
        """Return the categories of one number as reported, and whether all of them are.

        Without a value of every category the counts are those of the whole area.

        Parameters
        ----------
        i : int
            The number.
        """
        rows = np.flatnonzero(self.used[:, i])
        at = i * len(self.words) + rows
        if not len(rows) or self.panel.value.missing[at].any():
            return self.counts[rows, i], False
        counts = self.panel.numerator.take(at)
        return Ranges(counts.lower, counts.upper, np.ones(len(at))), True


def category_counts(question: ShareQuestion) -> CategoryCounts:
    """Return the counts behind the shares of all categories.

    Parameters
    ----------
    question : ShareQuestion
        The shares of all categories.
    """
    panel, rows, part, base, unknown = _solve(question)
    pool, selections, published = rows.pool, rows.selections, rows.published
    k, start = len(selections.recorded), pool.start
    cells = pool.cells.counts[1 + k :].pool(start)
    suppressed = any_of(pool.cells.suppressed[1 : 1 + k].any(axis=0), start)
    from_area = np.zeros(len(question.grid), dtype=np.bool_)
    overlaps = any_of(rows.solved.overlaps, start)
    has_total = any_of(pool.cells.counts.given[0], start)
    if published is not None:
        at, own = published.aggregates.number, published.aggregates
        suppressed[at] |= own.cells.suppressed[1 : 1 + k].any(axis=0)
        columns = [column.copy() for column in (cells.lower, cells.upper, cells.given)]
        for column, name in zip(columns, ("lower", "upper", "given"), strict=True):
            column[:, at] = getattr(own.whole.counts[1 + k :], name)
        cells = Ranges(*columns)
        from_area[at] = own.cells.present.any(axis=0)
        overlaps = overlaps | published.overlaps
        has_total[at] |= own.cells.counts.given[0]
    return CategoryCounts(
        panel=panel,
        words=[selections.recorded[i] for i in rows.chosen.tolist()],
        used=rows.use[0][rows.chosen],
        counts=part,
        base=Ranges(base.lower.max(axis=0), base.upper.min(axis=0), base.given.all(axis=0)),
        unknown=unknown[0],
        unknown_cells=cells,
        joins=selections.joins[rows.chosen],
        overlaps=overlaps,
        suppressed=suppressed,
        published=from_area,
        has_total=has_total,
    )


def _solve(question: ShareQuestion) -> "tuple[Panel, _Rows, Ranges, Ranges, Ranges]":
    """Return the shares with part, denominator and unknown of the whole area."""
    grid, selections = question.grid, _selections(question)
    reader = Reader(grid, question.names, question.within)
    asked = [selections.total, *selections.recorded, *selections.unknown]
    cells, several = reader.read(asked)
    _require_rows(question, selections, cells, reader)
    pool = countries_of(grid, cells)
    aggregates = aggregates_of(grid, reader, asked, pool)
    listed = pool.listed if aggregates is None else pool.listed | aggregates.listed
    use = _in_use(question, selections, listed)
    division = _division(question, selections, pool.cells, pool.number, use)
    if selections.chosen is None:
        in_use = use[0].any(axis=1)
        chosen = np.flatnonzero(in_use if in_use.any() else ~in_use)
    else:
        chosen = np.array([selections.chosen])
    joins = selections.joins[chosen]
    solved = partition(division, question.base, chosen, joins)
    published = None
    if aggregates is not None:
        published = aggregates.solve(
            lambda own, number: _division(question, selections, own, number, use),
            question.base,
            chosen,
            joins,
        )
    counted, mixed = reader.kinds(*zip(*read_cells(pool, published), strict=True))
    return _panel(
        _Rows(
            question=question,
            selections=selections,
            reader=reader,
            pool=pool,
            solved=solved,
            use=use,
            chosen=chosen,
            published=published,
            counted=counted,
            mixed=mixed | any_of(several, grid.start),
            absent=any_of(cells.absent.any(axis=0), grid.start),
        )
    )


def _require_rows(
    question: ShareQuestion, selections: _Selections, cells: Cells, reader: Reader
) -> None:
    """Refuse a category or dimension that has no row at all."""
    table = question.grid.table
    if selections.chosen is None:
        if not selections.recorded:
            raise NoSuchCell(
                f"the table has no categories of {' and '.join(question.names)}",
                field="by",
                value=", ".join(question.names),
                mend=f"The table has: {table!r}",
            )
        return
    if not any(name in table.categories(dim) for dim, name in (question.chosen or {}).items()):
        raise NoSuchCell(
            "the table has no row of this category",
            field="category",
            value=", ".join(f"{name}={word}" for name, word in (question.chosen or {}).items()),
            mend=f"The table has: {table!r}; add a row whose reason says why it is missing",
        )


def _division(
    question: ShareQuestion,
    selections: _Selections,
    cells: Cells,
    number: Index,
    use: tuple[Mask, Mask, Mask],
) -> Division:
    """Return the total and the categories in use, per country."""
    k = len(selections.recorded)
    used, unknown_used, closed = (mask[..., number] for mask in use)
    size = cells.row.shape[1]
    zero = Ranges.zero(k, size)
    parts = cells.counts[1 : 1 + k].where(used, zero)
    if selections.chosen is not None and selections.around.any():
        parts = _without_part(parts, selections, used)
    unknown = cells.counts[1 + k :].where(unknown_used, Ranges.zero(len(unknown_used), size))
    hidden = cells.suppressed[0] | (cells.suppressed[1 : 1 + k] & used).any(axis=0)
    hidden |= (cells.suppressed[1 + k :] & unknown_used).any(axis=0)
    overlaps = None
    if question.overlap is not None and question.overlap is not Overlap.NOT_STATED:
        overlaps = question.overlap is Overlap.OVERLAPPING
    several = set(question.names) - _EXCLUSIVE
    further = _unanswered(question, selections, cells, used) if several else None
    return Division(
        total=cells.counts[0],
        parts=parts,
        unknown=unknown,
        has_unknown=unknown_used.any(axis=0),
        closed=closed,
        suppressed=hidden,
        overlaps=overlaps if several else False,
        can_overlap=bool(several),
        unanswered=further,
    )


def _unanswered(
    question: ShareQuestion, selections: _Selections, cells: Cells, used: Mask
) -> NDArray[np.float64] | None:
    """Return the further persons to whom each category may apply, where a table of cases has them.

    They have no answer for the category itself, or an unknown category of another dimension.
    """
    found = unanswered_in(question.grid.table, cells)
    if found is None:
        return None
    k = len(selections.recorded)
    further = np.where(used, found[1 : 1 + k], np.nan)
    persons = np.nan_to_num(cells.counts.upper[1 + k :] + found[1 + k :])
    further += (selections.joins[:, :, np.newaxis] * persons).sum(axis=1)
    documented = ~np.isnan(further).all(axis=0)
    return np.where(used | ~documented, further, 0)


def _without_part(parts: Ranges, selections: _Selections, used: Mask) -> Ranges:
    """Return the categories, a wider one without the part of it that is asked for."""
    chosen = selections.chosen or 0
    lower, upper, given = parts.lower.copy(), parts.upper.copy(), parts.given.copy()
    for wide in np.flatnonzero(selections.around).tolist():
        left = parts[wide].minus(parts[chosen])
        lower[wide] = np.where(used[wide], left.lower, lower[wide])
        upper[wide] = np.where(used[wide], left.upper, upper[wide])
        given[wide] = np.where(used[wide], left.given, given[wide])
    return Ranges(lower, upper, given)


def _shares(part: Ranges, rest: Ranges, base_low: Any) -> Fractions:
    empty = (part.lower == 0) & (rest.lower == 0) & (base_low == 0)
    return Fractions.shares(part, rest, empty)


def _flat(counts: Ranges) -> Ranges:
    """Return categories and numbers as one column, number by number."""
    return Ranges(counts.lower.T.ravel(), counts.upper.T.ravel(), counts.given.T.ravel())


def _panel(rows: "_Rows") -> "tuple[Panel, _Rows, Ranges, Ranges, Ranges]":
    """Return the panel of some rows: their arithmetic."""
    pool, solved, published = rows.pool, rows.solved, rows.published
    selections, use, chosen = rows.selections, rows.use, rows.chosen
    question = rows.question
    start, width = pool.start, len(chosen)
    full = solved.part.given & solved.rest.given
    if selections.chosen is None:
        # Shares of one breakdown use the same countries.
        own = use[0][chosen][:, pool.number]
        full = (full | ~own).all(axis=0) & own
    any_full = any_of(full, start)
    part, rest = solved.part.pool(start), solved.rest.pool(start)
    used_part, used_rest = solved.part.pool(start, full), solved.rest.pool(start, full)
    used_base, base = solved.base.pool(start, full), solved.base.pool(start)
    joined, apart = solved.joined.pool(start), solved.apart.pool(start)
    outside = solved.whole_rest.pool(start)
    everyone = base if question.base == "all" else solved.everyone.pool(start)
    unknown = Ranges.stack([solved.unknown] * width)
    used_unknown, whole_unknown = unknown.pool(start, full), unknown.pool(start)
    sharp = ~any_of(~solved.sharp, start)
    from_area = np.zeros(any_full.shape, dtype=np.bool_)
    if published is not None:
        together = selections.chosen is None
        from_area = published.has_value(use[0][chosen], together=together)
        part, rest = published.cut(part, "part"), published.cut(rest, "rest")
        joined, apart = published.cut(joined, "joined"), published.cut(apart, "apart")
        outside, base = published.cut(outside, "whole_rest"), published.cut(base, "base")
        whole_unknown = published.cut(whole_unknown, "unknown")
        everyone = base if question.base == "all" else published.cut(everyone, "everyone")
        partly = any_of(~full, start)
        used_part, used_rest, used_base, used_unknown = (
            published.value(used, name, whole, from_area=from_area, partly=partly)
            for used, name, whole in (
                (used_part, "part", part),
                (used_rest, "rest", rest),
                (used_base, "base", base),
                (used_unknown, "unknown", whole_unknown),
            )
        )
        sharp = published.sharp(sharp, any_of(pool.cells.present, start).any(axis=0))
    if selections.chosen is None and not use[0][chosen].all():
        # The counts of a number tell nothing of a category that does not divide its total.
        divides, nothing = use[0][chosen], Ranges.missing(*part.shape)
        part, rest = part.where(divides, nothing), rest.where(divides, nothing)
        joined, apart = joined.where(divides, nothing), apart.where(divides, nothing)
        outside = outside.where(divides, nothing)
    some = any_full | from_area
    value = _shares(_flat(used_part), _flat(used_rest), _flat(used_base).lower)
    bounds = _shares(_flat(part), _flat(rest), _flat(base).lower)
    low = _shares(_flat(part), _flat(outside), _flat(everyone).lower)
    high = _shares(_flat(joined), _flat(apart), _flat(everyone).lower)
    with_unknown = Fractions(
        low.lower_num,
        low.lower_den,
        high.upper_num,
        high.upper_den,
        low.undefined,
        low.missing,
    )
    if published is not None or (len(question.names) > 1 and question.base != "all"):
        # Persons of partly unknown category can be certain not to belong to a category.
        with_unknown = with_unknown.widened(bounds)
    flat_some = some.T.ravel()
    status = rows.status(full, some)
    gone = status == Status.AMBIGUOUS
    shown = _flat(used_part.where(some, part))
    shown_base = _flat(used_base.where(some, base))
    shown_unknown = _flat(used_unknown.where(some, whole_unknown))
    panel = rows.panel(
        status=status,
        full=full,
        from_area=from_area,
        value=value.without(~flat_some | gone),
        bounds=bounds.without(gone),
        bounds_with_unknown=with_unknown.without(gone),
        numerator=Fractions.counts(shown),
        denominator=Fractions.counts(shown_base),
        unknown=Fractions.counts(shown_unknown),
        sharp=sharp.T.ravel(),
    )
    return panel, rows, part, base, whole_unknown


@frozen(kw_only=True, eq=False)
class _Rows:
    """The rows of a panel of shares: everything besides the arithmetic."""

    question: ShareQuestion
    selections: _Selections
    reader: Reader
    pool: Countries
    solved: Partition
    use: tuple[Mask, Mask, Mask]
    chosen: Index
    published: SolvedAggregates | None
    counted: Coded[Any]
    mixed: Mask
    absent: Mask

    @property
    def grid(self) -> Grid:
        """The numbers."""
        return self.question.grid

    @property
    def number(self) -> Index:
        """The number of each row."""
        return np.repeat(np.arange(len(self.grid)), len(self.chosen))

    @property
    def cell(self) -> Index:
        """The category of each row."""
        return np.tile(self.chosen, len(self.grid))

    @property
    def read(self) -> list[tuple[Cells, Index]]:
        """All counts that were read, with the number of each entry."""
        return read_cells(self.pool, self.published)

    def status(self, full: Mask, some: Mask) -> NDArray[np.int8]:
        """Return the status of each row."""
        pool, k = self.pool, len(self.selections.recorded)
        listed = pool.listed.copy()
        if self.published is not None:
            listed |= self.published.aggregates.listed
        in_use = np.concatenate([np.ones_like(listed[:1]), self.use[0], self.use[1]])
        anything = (listed & in_use).any(axis=0) | self.absent
        no_total = ~listed[0] & listed[1 : 1 + k].any(axis=0)
        wrong = any_of(self.solved.contradictory, pool.start)
        if self.published is not None:
            wrong |= self.published.contradictory
        conflicts = self.reader.conflicting(pool.cells)
        alone = np.diff(self.grid.start) == 1
        own = any_of(conflicts[0] | conflicts[1 + self.chosen], pool.start)
        status = np.full(some.shape, Status.NOT_REPORTED, dtype=np.int8)
        status[:, no_total & (self.question.base == "all")] = Status.NO_TOTAL
        status[:, ~anything] = Status.NO_ROW
        if self.selections.chosen is None:
            status[~self.use[0][self.chosen]] = Status.NO_ROW
        status[~some & wrong] = Status.CONTRADICTORY
        status[some] = Status.OK
        status[some & own & alone] = Status.CONFLICTING
        status[:, self.mixed] = Status.AMBIGUOUS
        return status.T.ravel()

    def panel(
        self,
        *,
        status: NDArray[np.int8],
        full: Mask,
        from_area: Mask,
        value: Fractions,
        sharp: Mask,
        **numbers: Fractions,
    ) -> Panel:
        """Return the panel."""
        question, grid = self.question, self.grid
        size = len(grid) * len(self.chosen)
        words = [self.selections.recorded[i] for i in range(len(self.selections.recorded))]
        reporters, expected, n_reporters = self._coverage(full, from_area)
        complete = self._complete(full, from_area, value, status)
        contradictions = self._contradictions()
        gap = self._gap(full)
        within = tuple(question.within.items())
        categories = Coded(self.cell, [tuple({**dict(within), **cell}.items()) for cell in words])
        labels = categories_of(words).take(self.cell)
        counted = self.counted.take(self.number)
        base = self._base(counted)
        keys = {name: column.take(self.number) for name, column in grid.keys.items()}
        if question.chosen is None:
            for name in question.names:
                keys[name] = Coded(self.cell, [cell[name] for cell in words])
        estimand = Coded(
            base.positions * len(words) + self.cell,
            [
                f"recorded as {category_label(cell.items())} among {own.label}"
                for own in base.categories
                for cell in words
            ],
        )
        return Panel(
            caption=_caption(question, words, base),
            keys=keys,
            indicator=Coded.constant("share", size),
            kind=Coded.constant(ResultKind.SHARE, size),
            label=labels,
            estimand=estimand,
            category=categories,
            base=base,
            area=grid.area.take(self.number),
            period=grid.periods[0].take(self.number),
            counted=counted,
            against=counted,
            reporters=reporters,
            expected=expected,
            sources=self.reader.sources(*zip(*self.read, strict=True)).take(self.number),
            breaks=self.reader.breaks().take(self.number),
            suppression=self._suppression(full, from_area),
            inhabitants=Coded.constant(None, size),
            excess=self._excess(),
            contradictions=contradictions,
            printed=Coded.constant(None, size),
            notes=Coded.constant((), size),
            status=status,
            sharp=sharp & ~np.isin(status, (Status.CONTRADICTORY, Status.AMBIGUOUS)),
            complete=complete,
            flags=self.reader.flags(*zip(*self.read, strict=True))[self.number],
            n_reporters=n_reporters,
            gap=gap,
            raw=Fractions.none(size),
            value=value,
            parts=self._parts(full),
            **numbers,
        )

    def _base(self, counted: Coded[Any]) -> Coded[Any]:
        """Return the denominators: one per kind of count, with and without overlap."""
        question, pool = self.question, self.pool
        over = any_of(self.solved.overlaps, pool.start)
        if self.published is not None:
            over |= self.published.overlaps
        stated = question.overlap is Overlap.NOT_STATED
        kinds = [
            share_base(
                kind,
                question.base,
                question.names,
                tuple(question.within.items()),
                Overlap.NOT_STATED if stated else overlap,
            )
            for kind in counted.categories
            for overlap in (Overlap.EXCLUSIVE, Overlap.OVERLAPPING)
        ]
        return Coded(counted.positions * 2 + over[self.number], kinds)

    def _coverage(
        self, full: Mask, from_area: Mask
    ) -> tuple[Coded[Any], Coded[Any], NDArray[np.intp]]:
        grid, pool = self.grid, self.pool
        found, counts = [], []
        for own in full:
            entries = np.flatnonzero(own)
            found.append(sets_of(pool.number[entries], pool.member.take(entries), len(grid)))
            counts.append(np.bincount(pool.number[entries], minlength=len(grid)))
        reporters = Coded.concat(found)
        number = np.concatenate(counts) if counts else np.zeros(0, dtype=np.intp)
        by_number = np.arange(len(reporters)).reshape(len(full), len(grid)).T.ravel()
        reporters, number = reporters.take(by_number), number[by_number]
        expected = sets_of(pool.number, pool.member, len(grid)).take(self.number)
        if self.published is not None:
            reporters, number = coverage(
                self.published.aggregates, reporters, number, from_area.T.ravel(), self.number
            )
        return reporters, expected, number

    def _complete(
        self, full: Mask, from_area: Mask, value: Fractions, status: NDArray[np.int8]
    ) -> Mask:
        pool, solved = self.pool, self.solved
        exact = full & solved.part.is_point & solved.rest.is_point & ~solved.slips
        every = ~any_of(~exact, pool.start) & (np.diff(pool.start) == np.diff(self.grid.start))
        every &= np.diff(self.grid.start) > 0
        complete = every.T.ravel() & value.is_point & (status == Status.OK)
        if self.published is not None:
            listed = self.published.aggregates.all_reported[self.number]
            complete |= from_area.T.ravel() & listed & value.is_point & (status == Status.OK)
        return complete

    def _suppression(self, full: Mask, from_area: Mask) -> Any:
        pool, size = self.pool, len(self.grid)
        found = []
        for row, cell in enumerate(self.chosen.tolist()):
            if self.question.base == "all":
                chosen = np.zeros(pool.cells.row.shape, dtype=np.bool_)
                chosen[[0, 1 + cell]] = full[row]
            else:
                used = np.concatenate([np.ones_like(self.use[0][:1]), self.use[0], self.use[1]])
                chosen = used[:, pool.number] & full[row]
            chosen &= ~from_area[row][pool.number]
            own = suppressions(pool.cells, pool.number, chosen, pool.member, size)
            if self.published is not None:
                read = [0, 1 + cell] if self.question.base == "all" else range(len(pool.cells.row))
                own = suppression(self.published.aggregates, own, from_area[row], read)
            found.append(own)
        joined = type(found[0]).concat(found)
        return joined.take(np.arange(size * len(found)).reshape(len(found), size).T.ravel())

    def _gap(self, full: Mask) -> Fractions:
        """Return the total minus its parts where all of them are given."""
        low, high, given = self.solved.gap
        pool = self.pool
        if self.question.base == "mentions" or not given.any():
            return Fractions.none(len(self.number))
        certain = given & ((low > 0) | (high < 0))
        some, wrong = any_of(given, pool.start), any_of(certain, pool.start)
        chosen = given & (certain | ~wrong[pool.number])
        first = np.full(len(self.grid), -1, dtype=np.intp)
        entries = np.flatnonzero(chosen)[::-1]
        first[pool.number[entries]] = entries
        rows = np.flatnonzero(some & (first >= 0))
        missing = np.ones(len(self.grid), dtype=np.bool_)
        missing[rows] = False
        ends = []
        for side in (low, high):
            own = side[np.maximum(first, 0)]
            bounded = np.isfinite(own)
            ends += [np.where(bounded, own, 0).astype(np.int64), bounded.astype(np.int64)]
        gaps = Fractions(*ends, np.zeros(len(self.grid), dtype=np.bool_), missing)
        return gaps.take(self.number)

    def _excess(self) -> Coded[Any]:
        """Return the figures of categories that certainly overlap."""
        pool, solved = self.pool, self.solved
        if self.question.overlap is not None or not solved.overlaps.any():
            return Coded.constant(None, len(self.number))
        used = np.concatenate([self.use[0], self.use[1]])[:, pool.number]
        counts = pool.cells.counts[1:].where(used, Ranges.zero(*used.shape))
        summed = counts.sum(axis=0)
        over = np.flatnonzero(solved.overlaps & (summed.lower > pool.cells.counts[0].upper))
        found: list[Excess | None] = [None] * len(self.grid)
        for i in np.unique(pool.number[over]).tolist():
            entries = over[pool.number[over] == i]
            mask = np.zeros(len(pool.number), dtype=np.bool_)
            mask[entries] = True
            found[i] = Excess(
                counted=summed.total(mask),
                total=pool.cells.counts[0].total(mask),
                areas=tuple(pool.member[entry] for entry in entries.tolist()),
            )
        return Coded.of(found).take(self.number)

    def _contradictions(self) -> Coded[tuple[Contradiction, ...]]:
        words = ["total", *(category_label(cell.items()) for cell in self.selections.recorded)]
        words += [category_label(cell.items()) for cell in self.selections.unknown]
        used = np.concatenate([np.ones_like(self.use[0][:1]), self.use[0], self.use[1]])[
            :, self.pool.number
        ]
        found = contradictions_of(
            self.grid,
            self.reader,
            self.pool,
            words,
            used=used,
            wrong=self.solved.contradictory,
            slips=self.solved.slips,
        )
        return found.take(self.number)

    def _parts(self, full: Mask) -> Parts:
        """Return what each country adds to each row."""
        pool, width = self.pool, len(self.chosen)
        reported = any_of(pool.cells.counts.given.any(axis=0), pool.start)
        sizes = np.where(reported, np.diff(pool.start), 0)
        rows = np.repeat(sizes, width)
        start = np.concatenate([[0], np.cumsum(rows)])
        first = np.repeat(pool.start[:-1], width)
        entries = np.arange(start[-1]) + np.repeat(first - start[:-1], rows)
        column = np.repeat(np.tile(np.arange(width), len(self.grid)), rows)
        solved = self.solved
        filled = (solved.base.lower > 0) | (solved.part.lower > 0) | (solved.whole_rest.lower > 0)
        return Parts(
            start=start,
            members=pool.member.take(entries),
            numerator=solved.part[column, entries],
            rest=solved.rest[column, entries],
            given=full[column, entries],
            kind=Coded.constant(ResultKind.SHARE, len(start) - 1),
            joined=solved.joined[column, entries],
            apart=solved.apart[column, entries],
            unknown=solved.unknown[entries],
            base=solved.base[column, entries],
            filled=filled[column, entries],
        )


def read_cells(pool: Countries, published: SolvedAggregates | None) -> list[tuple[Cells, Index]]:
    """Return all counts of a question, with the number of each entry.

    Parameters
    ----------
    pool : Countries
        The counts of countries.
    published : SolvedAggregates or None
        Those of published areas.
    """
    found = [(pool.cells, pool.number)]
    if published is not None:
        found.append((published.aggregates.cells, published.aggregates.number))
    return found


def categories_of(words: Sequence[Mapping[str, str]]) -> Coded[str]:
    """Return the labels of some cells, one code each.

    Parameters
    ----------
    words : sequence of mapping
        The categories of each cell.
    """
    return Coded(np.arange(len(words)), [category_label(cell.items()) for cell in words])


def _caption(question: ShareQuestion, words: Sequence[Mapping[str, str]], base: Coded[Any]) -> str:
    label = base[0].label if len(base) else "victims"
    if question.chosen is None:
        return f"{label} by {' and '.join(question.names)}"
    return f"share of {category_label(question.chosen.items())} among {label}"
