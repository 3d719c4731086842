"""Rows of the systems of counts: rows of a table, their totals and their categories."""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from thbstats._properties import cached_property
from thbstats.columns import Coded, Index, Integers, Mask, Ranges
from thbstats.errors import InvalidValue
from thbstats.geography import Area
from thbstats.panel.citizenship_groups import CitizenshipGroups
from thbstats.records import Dimension
from thbstats.tables.columns import Columns
from thbstats.tables.encoding import packed
from thbstats.values import Reason
from thbstats.vocabulary import CitizenshipGroup
from thbstats.vocabulary.codes import COMPLETE

UNKNOWN = "unknown"

GROUPS = "citizenship groups"
"""The line of citizenship groups as totals of their countries, next to that of the dimension."""

COPIES = ("SAME_AS_VICTIMS",)
"""The findings of readers on rows that may be copies of other counts."""

_LARGEST_KEY = 2**62

_LONG = 40
"""The largest number of categories of a dimension whose rows get a row for each sex and age."""

_DENSE = 8
"""The largest number of possible keys for each row in an array with all of them."""

_KNOWN, _NOT_REPORTED = Reason.KNOWN.severity, Reason.NOT_REPORTED.severity


@frozen(eq=False)
class SystemRows:
    """Rows of a table with keys; a key changes with the category of a dimension.

    A key is the sum of each code times the stride of its dimension, and of the group times the
    number of combinations of categories. Four rows of one group, with code 0 for a total:

    >>> import thbstats as thb
    >>> counts = ("total", "total", 9), ("female", "child", 3), ("male", "child", 1)
    >>> table = thb.CountTable.from_rows(
    ...     [*counts, ("male", "adult", 5)],
    ...     columns=["sex", "age", "value"], kind="victims", area="FR", period=2020,
    ... )
    >>> rows = SystemRows.of(table.columns)
    >>> rows.categories["sex"], rows.strides["sex"]
    (('total', 'female', 'male', 'unknown'), 1)
    >>> rows.categories["age"], rows.strides["age"]
    (('total', 'child', 'adult', 'unknown'), 4)
    >>> rows.keys.tolist()  # 2 + 2 * 4 for men
    [0, 5, 6, 10]

    Further rows are appended, so that those of the table keep their positions, with one row of each
    key. The `example` of a further row is a row of the table from which it gets its source:

    >>> more = rows.with_margins()
    >>> more.keys.tolist()  # Further: male, female, child and adult victims
    [0, 5, 6, 10, 4, 8, 1, 2]
    >>> more.example.tolist()
    [0, 1, 2, 3, 1, 3, 1, 2]
    """

    columns: Columns  # Of the rows of the table; of all rows in `completed`
    categories: Mapping[str, tuple[str, ...]]  # Of the dimensions with categories
    strides: Mapping[str, int]
    codes: Mapping[str, Index]
    group: Index  # (r,): the reporter, period and attributes of each row
    keys: NDArray[np.int64]
    example: Index  # (r,): a row of the table with the same group
    _wholes: Mapping[str, Index] | None = None  # `wholes`, if they are known
    _queried: dict[frozenset[str], Columns] = field(factory=dict, init=False)  # By dimensions

    @classmethod
    def of(cls, columns: Columns) -> "SystemRows":
        """Return the rows of a table."""
        categories, others = {}, []
        for dimension in columns.schema.dimensions:
            name, column = dimension.name, columns[dimension.name]
            total, own = dimension.total, column.categories
            if total is not None and set(own) - {total}:
                always = (*COMPLETE[name], UNKNOWN) if name in COMPLETE else ()
                categories[name] = tuple(dict.fromkeys((*own, total, *always)))
            elif len(own) > 1:
                others.append((column.codes, len(own)))
        group = packed(others, len(columns))
        if len(others) > 1:
            group = np.unique(group, return_inverse=True)[1]
        group = group.astype(np.intp)
        codes = {name: columns[name].positions for name in categories}
        strides, step = {}, 1
        for name, words in categories.items():
            strides[name] = step
            step *= len(words)
        if step * (int(group.max(initial=0)) + 1) >= _LARGEST_KEY:
            raise InvalidValue(
                "must have fewer combinations of categories",
                field="table",
                value=f"{len(categories)} dimensions with categories",
                hint="Select some dimensions with where(), or remove others with sum()",
            )
        keys = np.zeros(len(columns), np.int64)
        for name, stride in strides.items():
            keys += codes[name] * stride
        example = np.arange(len(columns))
        return cls(columns, categories, strides, codes, group, keys + group * step, example)

    @cached_property
    def index(self) -> "pd.Index[Any]":
        """The rows by key."""
        return pd.Index(self.keys)

    @cached_property
    def n_categories(self) -> int:
        """The number of combinations of categories."""
        return int(np.prod([len(words) for words in self.categories.values()]))

    @cached_property
    def n_keys(self) -> int:
        """The number of combinations of a system and categories."""
        return self.n_categories * (int(self.group.max(initial=-1)) + 1)

    @cached_property
    def is_full(self) -> bool:
        """Whether each system has each combination of categories."""
        return len(self.keys) == self.n_keys

    @cached_property
    def is_widest(self) -> Mask:
        """The rows with the total of all dimensions, (r,)."""
        totals = [self.codes[name] == self.total(name) for name in self.categories]
        return np.asarray(np.logical_and.reduce([np.ones(len(self.keys), np.bool_), *totals]))

    @cached_property
    def adds_up(self) -> bool:
        """Whether the table has all rows with one value each, and each total is a sum of parts.

        The rows of cases that were counted with their margins are such rows.
        """
        numbers, size = self.columns.numbers, len(self.keys)
        if int(self.example.max(initial=-1)) + 1 < size or numbers.unanswered is not None:
            return False
        if (numbers.reason != _KNOWN).any() or len(self.columns.findings) > 1 or self.unions:
            return False
        if self.is_full:
            counts = numbers.lower[self.dense]
            return all(self._adds_up_along(name, counts) for name in self.categories)
        for whole in self.wholes.values():
            part = np.flatnonzero(whole >= 0)
            sums = np.bincount(whole[part], numbers.lower[part], size)
            if (sums != numbers.lower)[whole[part]].any():
                return False
        return True

    def _adds_up_along(self, name: str, counts: Integers) -> bool:
        """Return whether each total is the sum of its parts, from the counts of all keys."""
        words, total = self.categories[name], self.total(name)
        cube = counts.reshape(-1, len(words), self.strides[name])
        parts: dict[int, list[int]] = {}
        for code, above in enumerate(_wider_codes(self.columns.schema[name], words)):
            if code != total:
                parts.setdefault(above[0] if above else total, []).append(code)
        return all(
            np.array_equal(cube.take(own, axis=1).sum(axis=1), cube[:, whole])
            for whole, own in parts.items()
        )

    def columns_of(self, names: frozenset[str]) -> Columns:
        """Return the rows of the table with the total of all except some dimensions, cached."""
        if names not in self._queried:
            totals = [name for name in self.categories if name not in names]
            is_own = np.logical_and.reduce([self.codes[own] == self.total(own) for own in totals])
            columns, rows = self.columns, np.flatnonzero(is_own)
            dimensions = tuple(
                Coded.constant(own.total, len(rows)) if own.name in totals else column.take(rows)
                for own, column in zip(columns.schema.dimensions, columns.dimensions, strict=True)
            )
            self._queried[names] = evolve(columns.take(rows), dimensions=dimensions)
        return self._queried[names]

    @cached_property
    def dense(self) -> Index:
        """The row of each possible key."""
        result = np.full(self.n_keys, -1, dtype=np.intp)
        result[self.keys] = np.arange(len(self.keys))
        return result

    def positions(self, keys: NDArray[np.int64]) -> Index:
        """Return the row of each key; -1 without such a row."""
        if self.n_keys <= _DENSE * len(self.keys):
            return np.asarray(self.dense[keys])
        return np.asarray(self.index.get_indexer(pd.Index(keys)), dtype=np.intp)

    def code(self, name: str, word: str | None) -> int:
        """Return the code of a category."""
        return self.categories[name].index(str(word))

    def total(self, name: str) -> int:
        """Return the code of the total."""
        return self.code(name, self.columns.schema[name].total)

    def moved(self, name: str, codes: Any, rows: Any = slice(None)) -> NDArray[np.int64]:
        """Return the keys of rows with another category."""
        own = self.codes[name][rows]
        return np.asarray(self.keys[rows] + (codes - own) * self.strides[name], dtype=np.int64)

    def completed(self) -> "SystemRows":
        """Return the rows of all systems: the rows of the table, and further rows without a count.

        Margins come first, as parts are added to totals. The rows of members come before the parts,
        as a union lists the categories that any of its members lists. The margins of
        a part are the same parts of the margins of its total, so that no others lack.
        """
        if self.is_full:
            return self.extended()
        return self.with_margins().with_member_rows().with_parts().extended()

    def with_category(
        self, name: str, codes: Any, rows: Index, known: "SystemRows | None" = None
    ) -> "SystemRows":
        """Return the rows with copies of some rows in another category, unless a row has it.

        `known` are fewer rows with all rows of the category.
        """
        if len(self.keys) == self.n_keys:
            return self
        keys = self.moved(name, codes, rows)
        fresh = np.flatnonzero((known or self).positions(keys) < 0)
        if not len(fresh):
            return self
        rows = rows[fresh]
        other = {name: np.broadcast_to(codes, len(keys))[fresh]}
        return self._with_copies(rows, keys[fresh], self.group[rows], self.example[rows], other)

    def _with_copies(
        self,
        rows: Index,
        keys: NDArray[np.int64],
        group: Index,
        example: Index,
        codes: dict[str, Index],
    ) -> "SystemRows":
        """Return the rows with copies of some rows under other keys, one copy for each key."""
        first = np.unique(keys, return_index=True)[1]
        added = {name: own[rows] for name, own in self.codes.items()} | codes
        return evolve(
            self,
            codes={
                name: np.concatenate([own, added[name][first]]) for name, own in self.codes.items()
            },
            group=np.concatenate([self.group, group[first]]),
            keys=np.concatenate([self.keys, keys[first]]),
            example=np.concatenate([self.example, example[first]]),
        )

    def with_member_rows(self) -> "SystemRows":
        """Return the rows with a row for each union of countries whose members have a row."""
        rows, step = self, self.n_categories
        for union, members in self.unions:
            inside = np.flatnonzero(np.isin(self.group, members))
            keys = self.keys[inside] + (union - self.group[inside]) * step
            fresh = rows.positions(keys) < 0
            example = np.full(len(inside), self.example[self.group == union][0])
            group = np.full(len(inside), union)
            rows = rows._with_copies(inside[fresh], keys[fresh], group[fresh], example[fresh], {})
        return rows

    def with_margins(self) -> "SystemRows":
        """Return the rows with a row for each total of their parts."""
        rows = self
        for name in self.categories:
            part = np.flatnonzero(rows.codes[name] != rows.total(name))
            rows = rows.with_category(name, rows.total(name), part)
        return rows

    def with_parts(self) -> "SystemRows":
        """Return the rows with a row for each category that exists everywhere.

        Only groups that list the dimension have them, and no rows of long code lists.
        """
        rows = self
        for name in filter(self.categories.__contains__, COMPLETE):
            total, lists, known = self.total(name), self.lists(name), rows
            short = np.asarray(lists.any(axis=0))[rows.group] & (rows.codes[name] == total)
            for other, words in self.categories.items():
                if is_long(words):
                    short &= rows.codes[other] == rows.total(other)
            for code, exists in enumerate(lists):
                if code != total:
                    whole = np.flatnonzero(short & exists[rows.group[: len(short)]])
                    rows = rows.with_category(name, code, whole, known)
        return rows

    @cached_property
    def unions(self) -> list[tuple[int, Index]]:
        """The groups of areas with several countries, with the groups of their members."""
        columns, size = self.columns, int(self.group.max(initial=-1)) + 1
        sets = [Area.parse(code).members for code in columns["area"].categories]
        if all(len(members) == 1 for members in sets):
            return []
        first = np.zeros(size, dtype=np.intp)
        first[self.group[::-1]] = self.example[::-1]
        area = columns["area"].positions[first]
        others = [
            (column.codes[first], len(column.categories))
            for dimension, column in zip(columns.schema.dimensions, columns.dimensions, strict=True)
            if dimension.name != "area" and dimension.name not in self.categories
        ]
        without_area = packed(others, size)
        result = []
        for union in np.flatnonzero([len(sets[code]) > 1 for code in area.tolist()]).tolist():
            same = np.flatnonzero(without_area == without_area[union])
            inside = [group for group in same.tolist() if sets[area[group]] < sets[area[union]]]
            result.append((union, np.array(inside, dtype=np.intp)))
        return result

    def of_other_countries(self) -> tuple[Mask, Ranges]:
        """Return the counts of areas with other countries than their total, and their limits, (r,).

        Of 20 victims in France and Italy, the 6 men of France are at least 6 men. The 26 women of
        both countries are at most 26 of the women of France.
        """
        columns, origins = self.columns, self.columns.origins
        low, high = columns.numbers.lower.copy(), columns.numbers.upper.copy()
        mask, is_own = np.zeros(len(low), np.bool_), self.example == np.arange(len(self.example))
        documented = any(own.n_reporters is not None for own in origins)
        for union, _ in self.unions if documented else ():
            rows = np.flatnonzero((self.group == union) & is_own)
            members = Area.parse(columns["area"][int(rows[0])]).members
            origin = columns.origin[rows].astype(np.intp)
            countries: dict[int, frozenset[Any]] = {}
            for code in np.unique(origin).tolist():
                own, size = origins[code].reporters, origins[code].n_reporters
                if own is not None:
                    countries[code] = members & own
                elif size is not None:
                    countries[code] = frozenset({str(code)}) if size < len(members) else members
            # The count of a number of countries is of some that are not documented.
            every = members.union(*countries.values())
            sets = {code: every if own >= members else own for code, own in countries.items()}
            total = [sets[code] for code in origin[self.is_widest[rows]].tolist() if code in sets]
            of_total = max(
                total or sets.values(), key=lambda own: (len(own), sorted(own)), default=every
            )
            for code, own in sets.items():
                other = rows[(origin == code) & (own != of_total)]
                mask[other] = True
                low[other] = np.where(own < of_total, low[other], 0)
                high[other] = np.where(own > of_total, high[other], np.inf)
        return mask, Ranges(low, high, ~mask)

    def lists(self, name: str) -> Mask:
        """Return the categories of a dimension that exist in each group, (categories, groups).

        In a group that lists the dimension, categories that exist everywhere do. Others exist if
        the group has a row for them.
        """
        words, total = self.categories[name], self.total(name)
        size = int(self.group.max(initial=0)) + 1
        result = np.zeros((len(words), size), dtype=np.bool_)
        result[self.codes[name], self.group] = True
        result[total] = False
        always = [self.code(name, word) for word in (*COMPLETE[name], UNKNOWN)]
        result[always] |= result.any(axis=0)
        return result

    def margins(self, names: Collection[str]) -> Index:
        """Return for each row the row with the total of all except some dimensions."""
        keys = self.keys.copy()
        for name, stride in self.strides.items():
            if name not in names:
                keys -= (self.codes[name] - self.total(name)) * stride
        return self.positions(keys)

    def with_counts(self, mask: Mask, counts: Ranges) -> "SystemRows":
        """Return the rows with other counts in some rows."""
        numbers = self.columns.numbers
        numbers = evolve(
            numbers,
            lower=np.where(mask, counts.lower, numbers.lower),
            upper=np.where(mask, counts.upper, numbers.upper),
            reason=np.where(mask & ~counts.reported, np.uint8(_NOT_REPORTED), numbers.reason),
        )
        columns = evolve(self.columns, numbers=numbers)
        return evolve(self, columns=columns, wholes=self.wholes)

    def select(self, mask: Mask) -> "SystemRows":
        """Return the rows of some systems."""
        rows, positions = np.flatnonzero(mask), np.cumsum(mask) - 1
        old = self.group[rows]
        is_left = np.zeros(int(old.max(initial=-1)) + 1, dtype=np.bool_)
        is_left[old] = True
        group = (np.cumsum(is_left) - 1)[old]
        return evolve(
            self,
            columns=self.columns.take(rows),
            codes={name: codes[rows] for name, codes in self.codes.items()},
            group=group,
            keys=self.keys[rows] + (group - old) * self.n_categories,
            example=positions[self.example[rows]],
            wholes={
                name: np.where(whole[rows] >= 0, positions[whole[rows]], -1)
                for name, whole in self.wholes.items()
            },
        )

    def extended(self) -> "SystemRows":
        """Return the rows of the table and all further rows as columns."""
        wide, fresh = self.columns, np.arange(len(self.example)) >= len(self.columns)
        if not fresh.any() and all(
            wide[name].categories == words for name, words in self.categories.items()
        ):
            return self
        # Further rows have the source of a row of their system, and no count.
        example, (other, _) = self.example, self.of_other_countries()
        if other.any():
            first, rows = np.zeros(int(self.group.max()) + 1, np.intp), np.flatnonzero(~other)[::-1]
            first[self.group[rows]] = rows
            example = np.where(fresh & other[example], first[self.group], example)
        wide = wide.take(example)
        dimensions = [
            Coded(self.codes[dimension.name], self.categories[dimension.name])
            if dimension.name in self.codes
            else column
            for dimension, column in zip(wide.schema.dimensions, wide.dimensions, strict=True)
        ]
        numbers, unanswered = wide.numbers, wide.numbers.unanswered
        numbers = evolve(
            numbers,
            lower=np.where(fresh, 0, numbers.lower),
            upper=np.where(fresh, np.inf, numbers.upper),
            reason=np.where(fresh, np.uint8(_NOT_REPORTED), numbers.reason),
            flags=np.where(fresh, np.uint32(0), numbers.flags),
            unanswered=None if unanswered is None else np.where(fresh, -1, unanswered),
        )
        finding = np.where(fresh, wide.finding.dtype.type(0), wide.finding)
        wide = evolve(wide, dimensions=tuple(dimensions), numbers=numbers, finding=finding)
        return evolve(self, columns=wide, example=example)

    @cached_property
    def groups(self) -> Index | None:
        """The row of the narrowest citizenship group of the country of each row, or -1.

        Categories of one kind only have no groups.
        """
        name, result = "citizenship", np.full(len(self.keys), -1, dtype=np.intp)
        if name not in self.categories:
            return None
        groups = CitizenshipGroups.of(self.columns, self.categories[name])
        if not groups.has_countries:
            return None
        for group in groups.codes(self.codes[name]):
            part = np.flatnonzero(group >= 0)
            whole = self.positions(self.moved(name, group[part], part))
            result[part[whole >= 0]] = whole[whole >= 0]
        self._leave_copies(result)
        return result

    def _leave_copies(self, whole: Index) -> None:
        """Remove the parts of totals with a copy among them, which need not add up."""
        suspected = whole[np.flatnonzero(self.columns.has_finding(*COPIES))]
        if len(suspected):
            whole[np.isin(whole, suspected[suspected >= 0])] = -1

    @cached_property
    def wholes(self) -> Mapping[str, Index]:
        """For each dimension, the row of the nearest wider category of each row, or -1."""
        if self._wholes is not None:
            return self._wholes
        wholes = {name: self._wholes_along(name) for name in self.categories}
        for whole in wholes.values():
            self._leave_copies(whole)
        return wholes

    def _wholes_along(self, name: str) -> Index:
        """Return the row of the nearest wider category of each row along a dimension."""
        dimension, own = self.columns.schema[name], self.codes[name]
        words, total = self.categories[name], self.total(name)
        whole = np.full(len(own), -1, dtype=np.intp)
        part = np.flatnonzero(own != total)
        whole[part] = self.positions(self.moved(name, total, part))
        above = _wider_codes(dimension, words)
        # The nearest category above is found last.
        for depth in range(max(map(len, above), default=0) - 1, -1, -1):
            wider = np.array([listed[depth] if depth < len(listed) else -1 for listed in above])[
                own
            ]
            below = np.flatnonzero(wider >= 0)
            nearest = self.positions(self.moved(name, wider[below], below))
            whole[below[nearest >= 0]] = nearest[nearest >= 0]
        if dimension.content == "citizenship" and CitizenshipGroup.REPORTING_COUNTRY in words:
            part = np.flatnonzero(own == self.code(name, CitizenshipGroup.REPORTING_COUNTRY))
            groups = CitizenshipGroups.of(self.columns, words)
            part = part[groups.are_nationals_outside(part)]
            whole[part] = self.positions(self.moved(name, total, part))
        return whole


@lru_cache(maxsize=256)
def _wider_codes(dimension: Dimension, words: tuple[str, ...]) -> list[list[int]]:
    """Return the codes of the wider categories of each category, the nearest first.

    The total is not among them. Tables of one source have the same few lists of categories.
    """
    codes = {word: i for i, word in enumerate(words) if word != dimension.total}
    return [
        [codes[wide] for wide in dimension.ancestors(word) if wide in codes]
        if word not in (dimension.total, UNKNOWN)
        else []
        for word in words
    ]


def in_groups_of(group: Index, rows: Mask) -> Mask:
    """Return the mask of all rows in the groups of some rows; `group` is the group of each row."""
    groups = np.zeros(int(group.max(initial=0)) + 1, dtype=np.bool_)
    groups[group[rows]] = True
    return np.asarray(groups[group])


def is_long(words: Sequence[str]) -> bool:
    """Return whether a dimension has too many categories for rows of each sex and age."""
    return len(words) > _LONG


def kinds_of(dimension: Dimension, words: Sequence[str]) -> tuple[Mask, ...]:
    """Return the categories that are citizenship groups, and those that are countries.

    Stateless persons belong to both. Categories of other dimensions are all groups.
    """
    if dimension.content != "citizenship":
        return np.ones(len(words), np.bool_), np.zeros(len(words), np.bool_)
    stateless, every = CitizenshipGroup.STATELESS, CitizenshipGroup._value2member_map_
    group = np.array([word in every for word in words], np.bool_)
    return group, ~group | np.array([word == stateless for word in words], np.bool_)
