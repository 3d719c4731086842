"""Queries for shares, and the selections of counts that they need."""

from collections.abc import Mapping
from functools import lru_cache
from itertools import product
from typing import Any

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


class Selections:
    """The selections of a query: total, known and unknown categories of a table."""

    def __init__(
        self,
        schema: Schema,
        listed: Mapping[str, tuple[str, ...]],
        category: Mapping[str, str],
        within: Mapping[str, str],
    ) -> None:
        # The category of the total, and those of each known and unknown cell.
        self.total: dict[str, str] = {}
        known, every = [], []
        for name, words in listed.items():
            dimension, own = schema[name], category.get(name)
            whole = within.get(name, dimension.total)
            self.total[name] = whole or ""
            present = [word for word in words if word not in (dimension.total, UNKNOWN)]
            result = of_one_kind(dimension, present, own)
            if whole != dimension.total:
                result = [word for word in result if whole in dimension.ancestors(word)]
            if own is not None and own not in result:
                result.append(own)
            known.append(result)
            every.append(result + [UNKNOWN] * (UNKNOWN in words and whole == dimension.total))
        self.recorded = [dict(zip(listed, cell, strict=True)) for cell in product(*known)]
        cells = [dict(zip(listed, cell, strict=True)) for cell in product(*every)]
        self.unknown = [cell for cell in cells if UNKNOWN in cell.values()]
        cells = [*self.recorded, *self.unknown]
        self.labels = [category_label(cell.items()) for cell in cells]

        # By dimension: the category of each cell, the number of categories, the category of the
        # query, and the categories with those that include each of them.
        self.axes = []
        for name in listed:
            index: dict[str, int] = {}
            codes = np.array([index.setdefault(cell[name], len(index)) for cell in cells], np.intp)
            wider = [
                (i, [index[wide] for wide in schema[name].ancestors(word) if wide in index])
                for word, i in index.items()
                if word != UNKNOWN
            ]
            requested = index[category[name]] if category else None
            self.axes.append((codes, len(index), requested, [own for own in wider if own[1]]))

        def includes(wide: Mapping[str, str], narrow: Mapping[str, str]) -> bool:
            return all(
                wide[name] in (UNKNOWN, word, *schema[name].ancestors(word))
                for name, word in narrow.items()
            )

        # The cell of the query; (k,): the known cells that include it; (k, u): the unknown cells
        # that can belong to a known one.
        self.category, around = None, np.zeros(len(self.recorded), dtype=np.bool_)
        if category:
            self.category = self.recorded.index({name: category[name] for name in listed})
            around[:] = [includes(cell, self.recorded[self.category]) for cell in self.recorded]
            around[self.category] = False
        joins = [[includes(wide, cell) for wide in self.unknown] for cell in self.recorded]
        shape = len(self.recorded), len(self.unknown)
        self.around, self.joins = seal(around), seal(np.array(joins, np.bool_).reshape(shape))

    @property
    def requested(self) -> list[dict[str, str]]:
        """All selections."""
        return [self.total, *self.recorded, *self.unknown]

    def in_use(self, listed: Mask) -> tuple[Mask, Mask, Mask]:
        """Return the widest cells with rows, the parts of each total.

        They are the known cells, the unknown cells, and whether the former divide the total.
        """
        k = len(self.recorded)
        result = np.ones((k + len(self.unknown), listed.shape[1]), dtype=np.bool_)
        for codes, size, requested, wider in self.axes:
            present = listed[1:].copy()
            if size < len(result):
                present = np.zeros((size, listed.shape[1]), dtype=np.bool_)
                np.logical_or.at(present, codes, listed[1:])
            if requested is not None:
                present[requested] = True
            used = present.copy()
            for word, above in wider:
                used[word] &= ~present[above].any(axis=0)
            result &= used[codes]
        recorded, unknown = result[:k], result[k:]
        if self.category is not None:
            recorded[self.category] = True
        widest = recorded.sum(axis=0) - (recorded & self.around[:, None]).any(axis=0)
        return recorded, unknown, widest > 1


@lru_cache(maxsize=256)
def _selections(schema: Schema, *pairs: tuple[tuple[str, Any], ...]) -> Selections:
    return Selections(schema, *map(dict, pairs))


def selections_of(question: ShareQuestion) -> Selections:
    """Return the selections of a query, or refuse categories without rows."""
    table, category = question.grid.table, question.category or {}
    schema = table.columns.schema
    listed = {name: table.columns[name].categories for name in question.names}
    result = _selections(
        schema, *(tuple(own.items()) for own in (listed, category, question.within))
    )
    if not result.recorded:
        raise NoSuchCell(
            "must be a dimension with categories in the table",
            field="by",
            value=", ".join(listed),
            hint=f"Choose a dimension of {table!r}",
        )
    if category and not any(category[name] in words for name, words in listed.items()):
        hints = [
            did_you_mean("", [own for own in words if own != schema[name].total])
            for name, words in listed.items()
        ]
        raise NoSuchCell(
            "must be a category of the table",
            field=", ".join(listed),
            value=", ".join(category[name] for name in listed),
            hint="; ".join(hints) + ", or add a row with the reason why it is missing",
        )
    return result


def division_of(
    question: ShareQuestion, selections: Selections, cells: Cells, use: tuple[Mask, Mask, Mask]
) -> Division:
    """Return the total and the categories in use, per country.

    Persons without an answer are those to whom a category may apply: they have no answer for the
    category, or an unknown category of another dimension.
    """
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
    unanswered = cells.unanswered if several else None
    if unanswered is not None:
        further = np.where(used, unanswered[1 : 1 + k], np.nan)
        persons = np.nan_to_num(cells.counts.upper[1 + k :] + unanswered[1 + k :])
        further += (selections.joins[:, :, np.newaxis] * persons).sum(axis=1)
        documented = ~np.isnan(further).all(axis=0)
        unanswered = np.where(used | ~documented, further, 0)
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
        unanswered=unanswered,
    )
