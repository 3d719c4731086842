"""Parts of the totals along one dimension of systems of counts, and their published counts."""

from typing import Any

import numpy as np
from attrs import evolve, frozen

from thbstats._properties import cached_property
from thbstats.columns import Floats, Index, Mask
from thbstats.columns.records import take_fields
from thbstats.panel.system_rows import UNKNOWN, SystemRows, kinds_of
from thbstats.records import Dimension
from thbstats.vocabulary.codes import COMPLETE


@frozen(kw_only=True, eq=False)
class LineParts:
    """The p parts of the w totals (wholes) along one dimension.

    In the example of `bound_sweeps`, the rows 0 to 3 have the whole -1, 0, 0, 0: `part` is 1, 2, 3,
    the only whole is row 0, and `of` is 0, 0, 0.
    """

    dimension: Dimension
    is_everywhere: bool  # Whether the categories exist everywhere, such as those of sex
    whole: Index  # (r,): the whole of each row; -1 for a row that is no part
    part: Index  # (p,): the rows of the parts
    of: Index  # (p,): the position of the whole of each part among the wholes
    unknown: Mask  # (p,): the parts of unknown category
    # (p,) each: groups of citizenship and countries, two divisions of the same persons.
    divisions: tuple[Mask, ...]
    wholes: Index  # (w,): the rows of the wholes
    group: Index  # (w,): their systems
    count: Index  # (w,): their numbers of parts
    widest: Mask  # (w,): the totals of all dimensions
    has_all: Mask  # (w,): wholes with a row for each category that exists

    @classmethod
    def along(
        cls, rows: SystemRows, name: str, whole: Index, exhaustive: frozenset[str]
    ) -> "LineParts":
        """Return the parts along a dimension; `whole` is the column of the class.

        In an `exhaustive` dimension, all categories are those of its margin.
        """
        dimension, words, always = (
            rows.columns.schema[name],
            rows.categories[name],
            name in COMPLETE,
        )
        part, is_whole = np.flatnonzero(whole >= 0), np.zeros(len(whole), dtype=np.bool_)
        is_whole[whole[part]] = True
        wholes, of = np.flatnonzero(is_whole), (np.cumsum(is_whole) - 1)[whole[part]]
        codes, group = rows.codes[name][part], rows.group[wholes]
        count, has_all = np.bincount(of, minlength=len(wholes)), np.zeros(len(wholes), np.bool_)
        unknown = np.array([word == UNKNOWN for word in words], np.bool_)[codes]
        if always:
            has_all = count == rows.lists(name).sum(axis=0)[group]
        elif name in exhaustive:
            known = np.bincount(of, ~unknown, len(wholes))
            has_all = known == known[np.searchsorted(wholes, rows.margins({name})[wholes])]
        kinds = kinds_of(dimension, words) if dimension.content == "citizenship" else ()
        return cls(
            dimension=dimension,
            is_everywhere=always,
            whole=whole,
            part=part,
            of=of,
            unknown=unknown,
            divisions=tuple(kind[codes] for kind in kinds),
            wholes=wholes,
            group=group,
            count=count,
            widest=rows.is_widest[wholes],
            has_all=has_all,
        )

    def select(self, rows: Index, position: Index, parts: Index, wholes: Index) -> "LineParts":
        """Return the parts in some systems, as `PublishedLine.select`."""
        whole, of = self.whole[rows], np.zeros(len(self.wholes), dtype=np.intp)
        of[wholes] = np.arange(len(wholes))
        return evolve(
            self,
            whole=np.where(whole >= 0, position[whole], -1),
            part=position[self.part[parts]],
            of=of[self.of[parts]],
            unknown=self.unknown[parts],
            divisions=tuple(own[parts] for own in self.divisions),
            wholes=position[self.wholes[wholes]],
            **take_fields(self, ("group", "count", "widest", "has_all"), wholes),
        )

    def sum(self, values: Any) -> Floats:
        """Return the sum over the parts of each whole, (w,)."""
        return np.asarray(np.bincount(self.of, values, len(self.wholes)), dtype=np.float64)

    def any(self, parts: Mask) -> Mask:
        """Return the wholes with a part in a mask, (w,)."""
        result = np.zeros(len(self.wholes), dtype=np.bool_)
        result[self.of[parts]] = True
        return result

    @cached_property
    def _of_unknown(self) -> tuple[Index, Index]:
        """The parts of unknown category, and the positions of the wholes of these parts."""
        parts = np.flatnonzero(self.unknown)
        return parts, self.of[parts]

    def sums(self, values: Floats) -> tuple[Floats, Floats]:
        """Return the sums over the parts of known and of unknown category.

        The known sum is that of the larger of two divisions.
        """
        parts, of = self._of_unknown
        unknown = np.bincount(of, values[parts], len(self.wholes)).astype(np.float64, copy=False)
        if not self.divisions:
            return self.sum(values) - unknown, unknown
        known = np.where(self.unknown, 0, values)
        every = [self.sum(np.where(own, known, 0)) for own in self.divisions]
        return np.max(every, axis=0), unknown

    def division_sum(self, values: Floats, known_sum: Floats) -> Floats:
        """Return the known sum of the divisions of each part, (p,); the larger sum if unknown."""
        known = np.where(self.unknown, 0, values)
        own = [
            np.where(inside, self.sum(np.where(inside, known, 0))[self.of], 0)
            for inside in self.divisions
        ]
        result: Floats = np.where(self.unknown, known_sum[self.of], np.max(own, axis=0))
        return result

    def known_largest(self, values: Floats) -> Floats:
        """Return the largest part of known category of each whole."""
        result = np.zeros(len(self.wholes))
        np.maximum.at(result, self.of, np.where(self.unknown, 0, values))
        return result

    def of_rows(self, values: Any, missing: Any = 0) -> Any:
        """Return values of the wholes as a column of all rows, (r,)."""
        result = np.full(len(self.whole), missing, dtype=values.dtype)
        result[self.wholes] = values
        return result


@frozen(kw_only=True, eq=False)
class PublishedLine:
    """The published counts along one dimension, which no sweep changes.

    In the example of `bound_sweeps`, the published counts are 3, 0 and 0, with the sum 3 and the
    largest count 3. The limit of their total is 10.
    """

    parts: LineParts
    # (p,): the least published counts, for rows without a count those of their parts; parts of
    # known category of which neither the count nor the counts of all parts are reported.
    counts: Floats
    unsettled: Mask
    # (w,): wholes with a count, its bounds, and the excess of the parts that is a discrepancy.
    reported: Mask
    least: Floats
    limit: Floats
    allowed: Floats
    # (w,): the persons in all parts if these are exclusive, and if they can overlap.
    summed: Floats
    largest: Floats
    # (w,): wholes of tables of cases, which document who can have each category.
    answered: Mask

    def select(self, rows: Index, position: Index) -> "PublishedLine":
        """Return the counts of some rows; `position`, (r,), has the position of each row, or -1."""
        columns = ("reported", "least", "limit", "allowed", "summed", "largest", "answered")
        # Few rows are left: positions are faster than masks, which go through all rows each time.
        parts, wholes = (
            np.flatnonzero(position[own] >= 0) for own in (self.parts.part, self.parts.wholes)
        )
        return evolve(
            self,
            parts=self.parts.select(rows, position, parts, wholes),
            **take_fields(self, ("counts", "unsettled"), parts),
            **take_fields(self, columns, wholes),
        )
