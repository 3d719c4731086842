"""Selections of a share: its total, and the known and unknown categories."""

from collections.abc import Mapping
from functools import cached_property, lru_cache
from itertools import product

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from thbstats.columns import Ranges
from thbstats.columns.codes import seal
from thbstats.errors import InvalidValue, NoSuchCell
from thbstats.panel.categories import (
    UNKNOWN,
    of_one_kind,
    require_breakdown,
    require_part,
)
from thbstats.panel.cells import CountCells, CountReader, unanswered_in
from thbstats.panel.contradictions import EXCLUSIVE
from thbstats.panel.grid import PanelGrid
from thbstats.panel.kind import category_label
from thbstats.panel.partitions import Division
from thbstats.records import schema_of
from thbstats.vocabulary import Overlap

__all__ = [
    "BASES",
    "Selections",
    "ShareQuestion",
    "categories_in_use",
    "division_of",
    "require_categories",
    "selections_of",
]

BASES = ("all", "known", "mentions")

Index = NDArray[np.intp]
Mask = NDArray[np.bool_]


def _overlap(word: str | None) -> Overlap | None:
    return None if word is None else Overlap.parse(word)


@frozen(kw_only=True)
class ShareQuestion:
    """A query for shares."""

    grid: PanelGrid  # The numbers
    names: tuple[str, ...]  # The dimensions of the categories
    category: Mapping[str, str] | None  # One category of each; ``None`` for all categories
    within: Mapping[str, str]  # The categories that numerator and denominator share
    base: str  # ``"all"``, ``"known"`` or ``"mentions"``
    # Whether one person can have several categories; ``None`` to judge by the counts.
    overlap: Overlap | None = field(converter=_overlap)

    def __attrs_post_init__(self) -> None:
        if self.base not in BASES:
            raise InvalidValue(
                'must be "all", "known" or "mentions"',
                field="base",
                value=self.base,
                hint='Use base="all" with unknown, or base="known" without it',
            )
        if not self.names:
            raise InvalidValue(
                "must have one category",
                field="category",
                hint='Pass a category, such as exploitation="sexual"',
            )
        schema = schema_of(self.grid.table.kind)
        for name in self.names:
            dimension = require_breakdown(schema, name)
            if self.category is not None:
                require_part(dimension, self.category[name], self.within.get(name))


@frozen(kw_only=True, eq=False)
class Selections:
    """The selections of a query: total, known and unknown categories."""

    total: Mapping[str, str]  # The category of the total
    # The categories of each known and unknown cell.
    recorded: list[dict[str, str]]
    unknown: list[dict[str, str]]
    category: int | None  # The cell of the query
    around: Mask  # (k,): the known cells that include it
    joins: Mask  # (k, u): the unknown cells that can belong to a known one

    @cached_property
    def labels(self) -> list[str]:
        """The label of each known cell, then of each unknown one."""
        return [category_label(cell.items()) for cell in (*self.recorded, *self.unknown)]


def selections_of(question: ShareQuestion) -> Selections:
    """Return the selections of a query."""
    table, names, category = question.grid.table, question.names, question.category
    return _selections(
        table.kind,
        names,
        None if category is None else tuple(category[name] for name in names),
        tuple(question.within.items()),
        tuple(table.categories(name) for name in names),
    )


@lru_cache(maxsize=256)
def _selections(
    kind: str,
    names: tuple[str, ...],
    key: tuple[str, ...] | None,
    within: tuple[tuple[str, str], ...],
    categories: tuple[tuple[str, ...], ...],
) -> Selections:
    """Return the selections of a query from the categories of a table."""
    schema = schema_of(kind)
    category = None if key is None else dict(zip(names, key, strict=True))
    words, unknowns, total = [], [], {}
    for name, listed in zip(names, categories, strict=True):
        dimension = schema[name]
        own = None if category is None else category[name]
        whole = dict(within).get(name, dimension.total)
        total[name] = whole or ""
        present = [c for c in listed if c not in (dimension.total, UNKNOWN)]
        result = of_one_kind(dimension, present, own)
        if whole != dimension.total:
            result = [word for word in result if whole in dimension.ancestors(word)]
        if own is not None and own not in result:
            result.append(own)
        words.append(result)
        divided = UNKNOWN in listed and whole == dimension.total
        unknowns.append([UNKNOWN] if divided else [])
    recorded = [dict(zip(names, cell, strict=True)) for cell in product(*words)]
    every = product(*(own + unknown for own, unknown in zip(words, unknowns, strict=True)))
    cells = [dict(zip(names, cell, strict=True)) for cell in every]
    unknown = [cell for cell in cells if UNKNOWN in cell.values()]

    def includes(wide: Mapping[str, str], narrow: Mapping[str, str]) -> bool:
        return all(
            wide[name] in (UNKNOWN, narrow[name], *schema[name].ancestors(narrow[name]))
            for name in names
        )

    position = None if category is None else recorded.index(category)
    around = np.zeros(len(recorded), dtype=np.bool_)
    if position is not None:
        around[:] = [
            i != position and includes(cell, recorded[position]) for i, cell in enumerate(recorded)
        ]
    joins = np.ones((len(recorded), len(unknown)), dtype=np.bool_)
    if len(names) > 1:
        joins[:] = [[includes(wide, cell) for wide in unknown] for cell in recorded]
    return Selections(
        total=total,
        recorded=recorded,
        unknown=unknown,
        category=position,
        around=seal(around),
        joins=seal(joins),
    )


def categories_in_use(
    question: ShareQuestion, selections: Selections, listed: Mask
) -> tuple[Mask, Mask, Mask]:
    """Return the widest cells with rows, the parts of each total."""
    schema = schema_of(question.grid.table.kind)
    k, size = len(selections.recorded), listed.shape[1]
    recorded = np.ones((k, size), dtype=np.bool_)
    unknown = np.ones((len(selections.unknown), size), dtype=np.bool_)
    cells = [*selections.recorded, *selections.unknown]
    for name in question.names:
        dimension = schema[name]
        own = None if question.category is None else question.category[name]
        words = list(dict.fromkeys(cell[name] for cell in cells))
        index = {word: i for i, word in enumerate(words)}
        code = np.array([index[cell[name]] for cell in cells], dtype=np.intp)
        has = listed[1:]
        if len(words) < len(cells):
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
        recorded &= used[code[:k]]
        unknown &= np.where(
            (code[k:] == index.get(UNKNOWN, -1))[:, None], has[code[k:]], used[code[k:]]
        )
    if selections.category is not None:
        recorded[selections.category] = True
    widest = recorded.sum(axis=0) - (recorded & selections.around[:, None]).any(axis=0)
    return recorded, unknown, widest > 1


def require_categories(
    question: ShareQuestion, selections: Selections, cells: CountCells, reader: CountReader
) -> None:
    """Refuse a category or dimension without rows."""
    table = question.grid.table
    if selections.category is None:
        if not selections.recorded:
            raise NoSuchCell(
                "must be a dimension with categories in the table",
                field="by",
                value=", ".join(question.names),
                hint=f"Choose a dimension of {table!r}",
            )
        return
    if not any(name in table.categories(dim) for dim, name in (question.category or {}).items()):
        raise NoSuchCell(
            "must be a category of the table",
            field="category",
            value=", ".join(f"{name}={word}" for name, word in (question.category or {}).items()),
            hint=f"Choose a category of {table!r}, or add a row with the reason why it is missing",
        )


def division_of(
    question: ShareQuestion,
    selections: Selections,
    cells: CountCells,
    number: Index,
    use: tuple[Mask, Mask, Mask],
) -> Division:
    """Return the total and the categories in use, per country."""
    k = len(selections.recorded)
    used, unknown_used, closed = (mask[..., number] for mask in use)
    size = cells.row.shape[1]
    zero = Ranges.zero(k, size)
    parts = cells.counts[1 : 1 + k].where(used, zero)
    if selections.category is not None and selections.around.any():
        parts = _without_part(parts, selections, used)
    unknown = cells.counts[1 + k :].where(unknown_used, Ranges.zero(len(unknown_used), size))
    hidden = cells.suppressed[0] | (cells.suppressed[1 : 1 + k] & used).any(axis=0)
    hidden |= (cells.suppressed[1 + k :] & unknown_used).any(axis=0)
    overlaps = None
    if question.overlap is not None:
        # Categories that can overlap have bounds that include those of exclusive ones.
        overlaps = question.overlap is not Overlap.EXCLUSIVE
    several = set(question.names) - EXCLUSIVE
    has_unknown: Mask = np.asarray(unknown_used.any(axis=0))
    further = _unanswered(question, selections, cells, used) if several else None
    return Division(
        total=cells.counts[0],
        parts=parts,
        unknown=unknown,
        has_unknown=has_unknown,
        closed=closed,
        suppressed=hidden,
        overlaps=overlaps if several else False,
        can_overlap=bool(several),
        unanswered=further,
    )


def _unanswered(
    question: ShareQuestion, selections: Selections, cells: CountCells, used: Mask
) -> NDArray[np.float64] | None:
    """Return the persons without an answer, to whom each category may apply.

    They have no answer for the category, or an unknown category of another dimension.
    """
    result = unanswered_in(question.grid.table, cells)
    if result is None:
        return None
    k = len(selections.recorded)
    further = np.where(used, result[1 : 1 + k], np.nan)
    persons = np.nan_to_num(cells.counts.upper[1 + k :] + result[1 + k :])
    further += (selections.joins[:, :, np.newaxis] * persons).sum(axis=1)
    documented = ~np.isnan(further).all(axis=0)
    return np.where(used | ~documented, further, 0)


def _without_part(parts: Ranges, selections: Selections, used: Mask) -> Ranges:
    """Return the categories, with wider ones less the category of the query."""
    category = selections.category or 0
    lower, upper, given = parts.lower.copy(), parts.upper.copy(), parts.reported.copy()
    for wide in np.flatnonzero(selections.around).tolist():
        left = parts[wide].minus(parts[category])
        lower[wide] = np.where(used[wide], left.lower, lower[wide])
        upper[wide] = np.where(used[wide], left.upper, upper[wide])
        given[wide] = np.where(used[wide], left.reported, given[wide])
    return Ranges(lower, upper, given)
