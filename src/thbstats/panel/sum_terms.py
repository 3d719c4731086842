"""Sums of the rows of systems; in a completion, each row has a value."""

from typing import Any

import numpy as np
from attrs import evolve, frozen

from thbstats.columns import Index, Integers, Mask
from thbstats.columns.records import concat_fields
from thbstats.panel.system_rows import UNKNOWN, kinds_of
from thbstats.panel.systems import CountSystems, SystemLine

_NO_LIMIT = 2**60


@frozen(kw_only=True, eq=False)
class SumTerms:
    """The e terms of q sums of rows: the parts of a whole minus the whole, which is at most 0.

    In the example of `completions`, women, men and unknown persons less all victims are one sum of
    four rows. Its least value is that of the lower bounds, 3 + 0 + 3, less 10:

    >>> terms = SumTerms.of_wholes(
    ...     np.array([0]), (np.array([1, 2, 3]), np.array([0, 0, 0])), least=np.array([0])
    ... )
    >>> terms.row, terms.added
    (array([1, 2, 3, 0]), array([ True,  True,  True, False]))
    >>> terms.total(np.array([10, 3, 0, 3]), np.array([10, 3, 4, 7]))
    array([-4.])
    """

    row: Index  # (e,): the row of each term, the number of its sum, and whether the sum adds it
    sum: Index
    added: Mask
    least: Integers  # (q,): the least value of each sum; 0 where each person is in a part

    @classmethod
    def of_wholes(cls, wholes: Index, *parts: tuple[Index, Index], least: Integers) -> "SumTerms":
        """Return one sum per whole, from rows of parts and the whole to which each belongs."""
        number = np.arange(len(wholes))
        return cls(
            row=np.concatenate([*(rows for rows, _ in parts), wholes]),
            sum=np.concatenate([*(of for _, of in parts), number]),
            added=np.repeat([True, False], [sum(len(of) for _, of in parts), len(number)]),
            least=least,
        )

    @classmethod
    def of_overlapping(cls, line: SystemLine, parts: Index, is_unknown: Mask) -> "SumTerms":
        """Return one sum for each known part, which is in the whole with the unknown persons."""
        known, unknown = parts[~is_unknown], parts[is_unknown]
        unknown_of = np.full(len(line.whole), -1, dtype=np.intp)
        unknown_of[line.whole[unknown]] = unknown
        wholes = line.whole[known]
        with_unknown = np.flatnonzero(unknown_of[wholes] >= 0)
        return cls.of_wholes(
            wholes,
            (known, np.arange(len(known))),
            (unknown_of[wholes[with_unknown]], with_unknown),
            least=np.full(len(known), -_NO_LIMIT),
        )

    @classmethod
    def of_exclusive(cls, line: SystemLine, parts: Index, *, only: bool) -> "SumTerms":
        """Return one sum for each whole; in complete wholes, the parts can be the `only` ones."""
        is_whole = np.zeros(len(line.whole), dtype=np.bool_)
        is_whole[line.whole[parts]] = True
        wholes, number = np.flatnonzero(is_whole), np.cumsum(is_whole) - 1
        least = np.where(line.complete[wholes] & only, 0, -_NO_LIMIT)
        return cls.of_wholes(wholes, (parts, number[line.whole[parts]]), least=least)

    @classmethod
    def of_systems(cls, systems: CountSystems) -> "SumTerms":
        """Return the sums of each whole along each dimension."""
        nothing: Index = np.zeros(0, dtype=np.intp)
        result = [cls.of_wholes(nothing, (nothing, nothing), least=nothing)]
        for line in systems.lines.values():
            column, part = systems.columns[line.dimension.name], np.flatnonzero(line.whole >= 0)
            unknown = np.array([word == UNKNOWN for word in column.categories], np.bool_)
            divisions = [np.ones(len(column.categories), dtype=np.bool_)]
            if line.dimension.content == "citizenship":
                # Groups of citizenship and countries are two divisions of the same persons.
                divisions = [own | unknown for own in kinds_of(line.dimension, column.categories)]
            for division in divisions:
                own = part[division[column.codes[part]]]
                overlaps = line.overlaps[line.whole[own]]
                overlapping = own[overlaps]
                result += [
                    cls.of_overlapping(line, overlapping, unknown[column.codes[overlapping]]),
                    cls.of_exclusive(line, own[~overlaps], only=len(divisions) == 1),
                ]
        first = np.cumsum([0, *(len(own.least) for own in result)])
        joined = concat_fields(result, ("row", "sum", "added", "least"))
        joined["sum"] += np.repeat(first[:-1], [len(own.sum) for own in result])
        return cls(**joined)

    def select(self, terms: Mask | Index) -> "SumTerms":
        """Return some terms, by a mask or in an order."""
        return evolve(self, row=self.row[terms], sum=self.sum[terms], added=self.added[terms])

    def total(self, added: Any, subtracted: Any) -> Any:
        """Return the sum of values of parts in each sum, minus other values of the wholes, (q,)."""
        values = np.where(self.added, added[self.row], -subtracted[self.row])
        return np.bincount(self.sum, values, len(self.least))


def linked_rows(count: Index, sums: Index, n_counts: int, n_sums: int) -> Index:
    """Return equal numbers for counts that share a sum, directly or through other counts.

    Of five counts, the first two are in sum 0, and counts 1 and 3 in sum 1:

    >>> linked_rows(np.array([0, 1, 1, 3]), np.array([0, 0, 1, 1]), n_counts=5, n_sums=2)
    array([0, 0, 2, 0, 4])
    """
    result = np.arange(n_counts)
    while True:
        least, further = np.full(n_sums, n_counts), result.copy()
        np.minimum.at(least, sums, result[count])
        np.minimum.at(further, count, least[sums])
        further = further[further]
        if np.array_equal(further, result):
            return result
        result = further
