"""Queries for shares, and the selections of counts that they need."""

from collections.abc import Mapping
from functools import lru_cache
from itertools import product

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from thbstats.columns import Coded, Ranges
from thbstats.columns.codes import seal
from thbstats.errors import InvalidValue, NoSuchCell, did_you_mean
from thbstats.panel.cells import Cells
from thbstats.panel.contradictions import EXCLUSIVE
from thbstats.panel.grid import UNKNOWN, PanelGrid, of_one_kind, require_breakdown
from thbstats.panel.kind import Base, CountKind, category_label, share_base
from thbstats.panel.partitions import Division
from thbstats.records import Schema
from thbstats.vocabulary import Overlap

_BASES = ("all", "known", "mentions")

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
        if self.base not in _BASES:
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
                hint='Pass a category, such as exploitation="sexual"; a share by an attribute '
                "needs CountTable.as_breakdown",
            )
        schema = self.grid.table.columns.schema
        for name in self.names:
            dimension = require_breakdown(schema, name)
            if self.category is None:
                continue
            word, whole = self.category[name], self.within.get(name)
            if word in (dimension.total, UNKNOWN):
                raise InvalidValue(
                    "must be a known category",
                    field=name,
                    value=word,
                    hint="Choose a known category; the column `unknown` has the unknown category",
                )
            if whole is not None and whole not in dimension.ancestors(word):
                raise InvalidValue(
                    f"must be a part of {whole}",
                    field=name,
                    value=word,
                    hint=f"Leave {name} out of `within`, or choose a category of {word}",
                )

    def bases(self, counted: Coded[CountKind], overlaps: Mask) -> Coded[Base]:
        """Return the denominators: one per kind of count, with and without overlap."""
        words = [Overlap.EXCLUSIVE, Overlap.OVERLAPPING]
        if self.overlap is Overlap.NOT_STATED:
            words = [Overlap.NOT_STATED] * 2
        kinds = [
            share_base(kind, self.base, self.names, self.within.items(), word)
            for kind in counted.categories
            for word in words
        ]
        return Coded(counted.positions * 2 + overlaps, kinds)


@frozen(eq=False)
class Axis:
    """The categories of one dimension of a query."""

    code: Index  # (k + u,): the category of each cell
    size: int  # The number of categories
    requested: int | None  # The category of the query
    ancestors: list[tuple[int, list[int]]]  # Categories, and those that include each of them


@frozen(kw_only=True, eq=False)
class Selections:
    """The selections of a query: total, known and unknown categories."""

    total: Mapping[str, str]  # The category of the total
    # The categories of each known and unknown cell.
    recorded: list[dict[str, str]]
    unknown: list[dict[str, str]]
    axes: list[Axis]
    labels: list[str]  # The label of each known cell, then of each unknown one
    category: int | None  # The cell of the query
    around: Mask  # (k,): the known cells that include it
    joins: Mask  # (k, u): the unknown cells that can belong to a known one

    @property
    def requested(self) -> list[Mapping[str, str]]:
        """All selections."""
        return [self.total, *self.recorded, *self.unknown]

    def in_use(self, listed: Mask) -> tuple[Mask, Mask, Mask]:
        """Return the widest cells with rows, the parts of each total.

        They are the known cells, the unknown cells, and whether the former divide the total.
        """
        k = len(self.recorded)
        result = np.ones((k + len(self.unknown), listed.shape[1]), dtype=np.bool_)
        for axis in self.axes:
            present = listed[1:].copy()
            if axis.size < len(result):
                present = np.zeros((axis.size, listed.shape[1]), dtype=np.bool_)
                np.logical_or.at(present, axis.code, listed[1:])
            if axis.requested is not None:
                present[axis.requested] = True
            used = present.copy()
            for word, above in axis.ancestors:
                used[word] &= ~present[above].any(axis=0)
            result &= used[axis.code]
        recorded, unknown = result[:k], result[k:]
        if self.category is not None:
            recorded[self.category] = True
        widest = recorded.sum(axis=0) - (recorded & self.around[:, None]).any(axis=0)
        return recorded, unknown, widest > 1


def selections_of(question: ShareQuestion) -> Selections:
    """Return the selections of a query, or refuse categories without rows."""
    table, names, category = question.grid.table, question.names, question.category
    columns = table.columns
    categories = tuple(columns[name].categories for name in names)
    words = None if category is None else tuple(category[name] for name in names)
    within = tuple(question.within.items())
    selections = _selections(columns.schema, names, words, within, categories)
    if words is None:
        if not selections.recorded:
            raise NoSuchCell(
                "must be a dimension with categories in the table",
                field="by",
                value=", ".join(names),
                hint=f"Choose a dimension of {table!r}",
            )
    elif not any(word in listed for word, listed in zip(words, categories, strict=True)):
        schema = columns.schema
        hints = [
            did_you_mean("", [own for own in listed if own != schema[name].total])
            for name, listed in zip(names, categories, strict=True)
        ]
        raise NoSuchCell(
            "must be a category of the table",
            field=", ".join(names),
            value=", ".join(words),
            hint="; ".join(hints) + ", or add a row with the reason why it is missing",
        )
    return selections


@lru_cache(maxsize=256)
def _selections(
    schema: Schema,
    names: tuple[str, ...],
    words: tuple[str, ...] | None,
    within: tuple[tuple[str, str], ...],
    categories: tuple[tuple[str, ...], ...],
) -> Selections:
    """Return the selections of a query from the categories of a table."""
    known, every, total = [], [], {}
    for name, listed, own in zip(names, categories, words or (None,) * len(names), strict=True):
        dimension = schema[name]
        whole = dict(within).get(name, dimension.total)
        total[name] = whole or ""
        present = [c for c in listed if c not in (dimension.total, UNKNOWN)]
        result = of_one_kind(dimension, present, own)
        if whole != dimension.total:
            result = [word for word in result if whole in dimension.ancestors(word)]
        if own is not None and own not in result:
            result.append(own)
        divided = UNKNOWN in listed and whole == dimension.total
        known.append(result)
        every.append(result + [UNKNOWN] * divided)
    recorded = [dict(zip(names, cell, strict=True)) for cell in product(*known)]
    cells = [dict(zip(names, cell, strict=True)) for cell in product(*every)]
    unknown = [cell for cell in cells if UNKNOWN in cell.values()]
    axes = []
    for name, own in zip(names, words or (None,) * len(names), strict=True):
        index: dict[str, int] = {}
        codes = [index.setdefault(cell[name], len(index)) for cell in (*recorded, *unknown)]
        above = [
            (i, [index[word] for word in schema[name].ancestors(own_word) if word in index])
            for own_word, i in index.items()
            if own_word != UNKNOWN
        ]
        requested, wider = None if own is None else index[own], [pair for pair in above if pair[1]]
        axes.append(Axis(np.array(codes, dtype=np.intp), len(index), requested, wider))

    def includes(wide: Mapping[str, str], narrow: Mapping[str, str]) -> bool:
        return all(
            wide[name] in (UNKNOWN, narrow[name], *schema[name].ancestors(narrow[name]))
            for name in names
        )

    position, around = None, np.zeros(len(recorded), dtype=np.bool_)
    if words is not None:
        position = recorded.index(dict(zip(names, words, strict=True)))
        around[:] = [includes(cell, recorded[position]) for cell in recorded]
        around[position] = False
    joins = np.ones((len(recorded), len(unknown)), dtype=np.bool_)
    if len(names) > 1:
        joins[:] = [[includes(wide, cell) for wide in unknown] for cell in recorded]
    return Selections(
        total=total,
        recorded=recorded,
        unknown=unknown,
        axes=axes,
        labels=[category_label(cell.items()) for cell in (*recorded, *unknown)],
        category=position,
        around=seal(around),
        joins=seal(joins),
    )


def division_of(
    question: ShareQuestion, selections: Selections, cells: Cells, use: tuple[Mask, Mask, Mask]
) -> Division:
    """Return the total and the categories in use, per country."""
    k, number = len(selections.recorded), cells.number
    used, unknown_used, closed = (mask[..., number] for mask in use)
    parts = cells.counts[1 : 1 + k].where(used, Ranges.zero(*used.shape))
    if selections.category is not None and selections.around.any():
        # Wider categories, less the category of the query.
        wide = used & selections.around[:, np.newaxis]
        parts = parts.minus(parts[selections.category]).where(wide, parts)
    unknown = cells.counts[1 + k :].where(unknown_used, Ranges.zero(*unknown_used.shape))
    every = np.concatenate([np.ones_like(used[:1]), used, unknown_used])
    several = bool(set(question.names) - EXCLUSIVE)
    # Categories that can overlap have bounds that include those of exclusive ones.
    overlaps = None if question.overlap is None else question.overlap is not Overlap.EXCLUSIVE
    return Division(
        total=cells.counts[0],
        parts=parts,
        unknown=unknown,
        has_unknown=np.asarray(unknown_used.any(axis=0)),
        closed=closed,
        suppressed=np.asarray((cells.suppressed & every).any(axis=0)),
        overlaps=overlaps if several else False,
        can_overlap=several,
        unanswered=_unanswered(selections, cells, used) if several else None,
    )


def _unanswered(selections: Selections, cells: Cells, used: Mask) -> NDArray[np.float64] | None:
    """Return the persons without an answer, to whom each category may apply.

    They have no answer for the category, or an unknown category of another dimension.
    """
    result, k = cells.unanswered, len(selections.recorded)
    if result is None:
        return None
    further = np.where(used, result[1 : 1 + k], np.nan)
    persons = np.nan_to_num(cells.counts.upper[1 + k :] + result[1 + k :])
    further += (selections.joins[:, :, np.newaxis] * persons).sum(axis=1)
    documented = ~np.isnan(further).all(axis=0)
    return np.where(used | ~documented, further, 0)
