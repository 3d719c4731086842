"""Queries for shares, and the selections of counts that they need."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import product
from typing import Any

import numpy as np
from attrs import field, frozen

from thbstats._properties import cached_property
from thbstats.columns import Coded, Index, Mask
from thbstats.columns.coded import seal
from thbstats.errors import InvalidValue, NoSuchCell
from thbstats.panel.grid import (
    PanelGrid,
    of_one_kind,
    require_breakdown,
    require_listed,
)
from thbstats.panel.kind import Base, CountKind, category_label, share_base
from thbstats.panel.system_rows import UNKNOWN, kinds_of
from thbstats.records import Dimension, Schema
from thbstats.vocabulary import Overlap
from thbstats.vocabulary.codes import COMPLETE

_OF_SEVERAL = ("all", "known")
_BASES = (*_OF_SEVERAL, "responses")
"""The rules of denominators: those of several dimensions, and all."""


def _overlap(word: str | None) -> Overlap | None:
    return None if word is None else Overlap.parse(word)


@frozen(kw_only=True)
class ShareQuestion:
    """A query for shares."""

    grid: PanelGrid  # The numbers
    names: tuple[str, ...]  # The dimensions of the categories
    category: Mapping[str, str] | None  # One category of each; ``None`` for all categories
    within: Mapping[str, str]  # The categories that numerator and denominator share
    base: str  # ``"all"``, ``"known"`` or ``"responses"``
    # Whether one person can have several categories; ``None`` to judge by the counts.
    overlap: Overlap | None = field(converter=_overlap)

    def __attrs_post_init__(self) -> None:
        if self.base not in _BASES:
            options = {"value": self.base} if self.base else {}  # an argument that was not passed
            raise InvalidValue(
                '`base` must be "all", "known" or "responses"',
                field="base",
                **options,
                hint='Use base="all" with unknown, or base="known" without it',
            )
        if not self.names:
            raise InvalidValue(
                "A share must have a category",
                hint='Pass a category, such as exploitation="sexual" '
                "(CountTable.as_breakdown makes a dimension of an attribute)",
            )
        if self.base not in _OF_SEVERAL and len(self.names) > 1:
            *others, own = sorted(self.names, key=lambda name: name not in COMPLETE)
            selected = ", ".join(f'"{name}": ...' for name in others)
            raise InvalidValue(
                '`base` must be "all" or "known" for several dimensions',
                field="base",
                value=self.base,
                hint=f"For {self.base} by {own}, select the others with where={{{selected}}}",
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
                    hint=f"Leave {name} out of `where`, or choose a category of {word}",
                )

    @property
    def dimensions(self) -> tuple[str, ...]:
        """All dimensions with categories in the query."""
        return tuple(dict.fromkeys((*self.names, *self.within, *self.grid.breakdowns)))

    @property
    def judged_apart(self) -> tuple[str, ...]:
        """The dimensions whose sums are judged by the bounds of shares, not by the systems.

        The categories of one dimension can overlap for a query.
        """
        return self.names if len(self.names) == 1 else ()

    @cached_property
    def inside(self) -> Coded[tuple[tuple[str, str], ...]]:
        """The categories that the numerator and the denominator of each number share."""
        return self.grid.with_breakdowns(self.within)

    def bases(self, counted: Coded[CountKind], overlaps: Mask) -> Coded[Base]:
        """Return the denominators: one per kind of count and selection, by overlap."""
        words = [Overlap.EXCLUSIVE, Overlap.OVERLAPPING]
        if self.overlap is Overlap.NOT_STATED:
            words = [Overlap.NOT_STATED] * 2
        kinds = counted.combine(self.inside, lambda kind, inside: (kind, inside))
        bases = [
            share_base(kind, self.base, self.names, inside, word)
            for kind, inside in kinds.categories
            for word in words
        ]
        return Coded(kinds.positions * 2 + overlaps, bases)


@frozen(kw_only=True, eq=False)
class _Axis:
    """The categories of one dimension in a query, k of them known."""

    known: list[str]
    words: list[str]  # The total, the known categories, and the unknown one if there is one
    wider: Mask  # (k, k): whether the second category includes the first
    always: Mask  # (k,): categories that exist everywhere
    kinds: tuple[Mask, ...]  # (k,) each: the groups of citizenship, and the countries

    @classmethod
    def of(cls, dimension: Dimension, words: Sequence[str], own: str | None, whole: str) -> "_Axis":
        """Return the categories within `whole` that are of the same kind as that of the query."""
        # Categories that exist everywhere have a count in each system, also without a row.
        always = COMPLETE.get(dimension.name, ())
        known = [word for word in words if word not in (dimension.total, UNKNOWN)]
        known += [word for word in always if word not in known]
        if own is not None:
            known = of_one_kind(dimension, known, own)
        if whole != dimension.total:
            known = [word for word in known if whole in dimension.ancestors(word)]
        if own is not None and own not in known:
            known.append(own)
        above = [dimension.ancestors(word) for word in known]
        wider = np.array([[wide in own_above for wide in known] for own_above in above], np.bool_)
        return cls(
            known=known,
            words=[whole, *known, *[UNKNOWN] * (whole == dimension.total)],
            wider=wider.reshape(len(known), len(known)),
            always=np.array([word in always for word in known], np.bool_),
            kinds=kinds_of(dimension, known),
        )


class Selections:
    """The selections of a query: each combination of a total, known and unknown categories.

    Women have four selections: all, female, male and unknown sex. Girls have 16, of which four are
    of known categories, and five have an unknown category and no total.
    """

    def __init__(
        self,
        schema: Schema,
        listed: Mapping[str, tuple[str, ...]],
        category: Mapping[str, str],
        within: Mapping[str, str],
    ) -> None:
        axes = [
            _Axis.of(
                schema[name],
                words,
                category.get(name),
                within.get(name) or schema[name].total or "",
            )
            for name, words in listed.items()
        ]
        self.names: tuple[str, ...] = tuple(listed)
        # By dimension, as in `_Axis`.
        self.words: list[list[str]] = [axis.words for axis in axes]
        self.wider: list[Mask] = [axis.wider for axis in axes]
        self.always: list[Mask] = [axis.always for axis in axes]
        self.kinds: list[tuple[Mask, ...]] = [axis.kinds for axis in axes]
        known = [axis.known for axis in axes]
        self.sizes: tuple[int, ...] = tuple(len(words) for words in known)
        self.shape: tuple[int, ...] = tuple(len(words) for words in self.words)
        self.requested: list[dict[str, str]] = [
            dict(zip(listed, cell, strict=True)) for cell in product(*self.words)
        ]
        self.recorded: list[dict[str, str]] = [
            dict(zip(listed, cell, strict=True)) for cell in product(*known)
        ]
        self.labels: list[str] = [category_label(cell.items()) for cell in self.recorded]
        # (s,): the categories of each selection without those of totals.
        totals = {name: words[0] for name, words in zip(listed, self.words, strict=True)}
        self.texts: list[str] = [
            category_label(pair for pair in cell.items() if totals[pair[0]] != pair[1])
            for cell in self.requested
        ]
        # (d, k): the categories of each known cell, by dimension, from 1.
        index = np.indices(self.sizes).reshape(len(axes), -1)
        self.index: Index = seal(index.astype(np.intp) + 1)
        # (k,): the selections of known cells.
        self.cells: Index = self.slots(*self.index)
        # (u,): the selections with an unknown category and no total.
        has_unknown = np.array([words[-1] == UNKNOWN for words in self.words])
        grid = np.indices(self.shape).reshape(len(axes), -1)
        is_unknown = (grid == np.array(self.shape)[:, None] - 1) & has_unknown[:, None]
        self.unknown: Index = np.flatnonzero(is_unknown.any(axis=0) & (grid > 0).all(axis=0))
        # (k, u): the unknown cells whose persons can belong to a known one.
        recorded, unknown = self.index[:, :, np.newaxis], grid[:, np.newaxis, self.unknown]
        wide = [
            (unknown[d] == recorded[d]) | is_unknown[d, self.unknown]
            for d in range(len(self.names))
        ]
        self.joins: Mask = seal(np.logical_and.reduce(wide))
        self.category: int | None = None
        if category:
            self.category = self.recorded.index({name: category[name] for name in listed})

    def wholes(self, rows: Index) -> dict[str, tuple[Index, Index, Coded[str]]]:
        """Return the rows around the counts of each dimension, for `Cells.filled`.

        `rows` are the rows of all selections, (s, e).
        """
        grid, result = np.indices(self.shape).reshape(len(self.shape), -1), {}
        for d, name in enumerate(self.names):
            slots = np.flatnonzero(grid[d] > 0)
            index = grid[:, slots]
            own = index[d].copy()
            index[d] = 0
            whole = rows[self.slots(*index)]
            codes = np.broadcast_to(own[:, np.newaxis], whole.shape)
            result[name] = slots, whole, Coded(codes, self.words[d])
        return result

    def slots(self, *index: Any) -> Index:
        """Return the selections of some categories, by dimension; 0 is the total."""
        return np.asarray(np.ravel_multi_index(index, self.shape), dtype=np.intp)

    def unknown_of(self, cells: Index) -> Iterator[Index]:
        """Yield the selections of persons who can belong to each of some known cells, (c,)."""
        index = self.index[:, cells]
        last = [len(words) - 1 if UNKNOWN in words else -1 for words in self.words]
        for mask in product((False, True), repeat=len(last)):
            if not any(mask) or any(
                on and position < 0 for on, position in zip(mask, last, strict=True)
            ):
                continue
            yield self.slots(
                *(
                    np.full(index.shape[1], position) if on else own
                    for on, position, own in zip(mask, last, index, strict=True)
                )
            )

    def with_rows(self, listed: Mask, known: Mask) -> Mask:
        """Return the known cells whose categories all have a row, (k,).

        `listed` has the selections with a row of the table, `known` also those with a row that
        follows from others.
        """
        result = np.ones(len(self.recorded), dtype=np.bool_)
        for d, name in enumerate(self.names):
            rows = listed if name in COMPLETE else known
            cube: Mask = np.asarray(rows.any(axis=1)).reshape(self.shape)
            others = tuple(i for i in range(len(self.shape)) if i != d)
            present = np.asarray(cube.any(axis=others))
            result &= present[self.index[d]]
        return result

    def in_use(self, listed: Mask, nested: Sequence[Mask]) -> list[tuple[Mask, Mask]]:
        """Return the categories in use of each dimension and entry, and those around the query.

        `listed` has the selections with a row, and `nested` for each dimension the categories that
        are a part of another one. Categories around the query include its own category.
        """
        result = []
        cube = listed.reshape(*self.shape, listed.shape[1])
        for d, (size, inner) in enumerate(zip(self.sizes, nested, strict=True)):
            axes = tuple(i for i in range(len(self.shape)) if i != d)
            present = np.asarray(cube.any(axis=axes))[1 : 1 + size]
            used = present & ~inner
            groups, countries = self.kinds[d]
            if groups.any() and countries.any():
                # A country has groups of citizenship or countries.
                both = groups & countries
                has_groups = present[groups & ~both].any(axis=0)
                used &= np.where((groups & ~both)[:, np.newaxis], has_groups, True)
                used &= np.where((countries & ~both)[:, np.newaxis], ~has_groups, True)
            used |= self.always[d][:, np.newaxis]
            around = np.zeros_like(used)
            if self.category is not None:
                own = self.index[d, self.category] - 1
                used[own] = True
                # Parts of the category of the query are included in it, unless the counts show that
                # they are apart.
                apart = present[own] & ~inner[own]
                used &= ~self.wider[d][:, own][:, np.newaxis] | apart
                around = used & self.wider[d][own][:, np.newaxis] & ~apart
            result.append((used, around))
        return result


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
    # Categories that exist everywhere need a table with a row that lists the dimension.
    divided = all(set(words) - {schema[name].total} for name, words in listed.items())
    if not result.recorded or not (divided or category):
        raise NoSuchCell(
            f"The table has no counts by {' and '.join(listed)}",
            field="by",
            value=", ".join(listed),
            hint=f"Choose a dimension of this table. The table has {table.contents}",
        )
    require_listed(table, category)
    return result
