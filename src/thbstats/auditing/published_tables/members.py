"""Sets of members that can explain a percentage."""

from typing import Any

import numpy as np
import pandas as pd
from attrs import frozen
from numpy.typing import NDArray

from thbstats.auditing.published_tables.columns import CountColumn, TextColumn
from thbstats.auditing.published_tables.figures import PublishedFigures
from thbstats.auditing.published_tables.groups import PartRows
from thbstats.auditing.published_tables.roles import ColumnRoles
from thbstats.auditing.published_tables.rounding_ways import possible, roundings
from thbstats.auditing.published_tables.table_files import OpenTable, TableStyle
from thbstats.auditing.published_tables.unreadable_rows import UnreadableRows
from thbstats.errors import InvalidValue, UnknownName, did_you_mean
from thbstats.values import LARGEST_COUNT, Interval

__all__ = ["MatchedSet", "MatchedSets", "match_sets"]

_ROLES = ("id", "member", "numerator", "denominator", "new", "old")


@frozen(kw_only=True)
class MatchedSet:
    """Members over which a percentage was tried.

    Parameters
    ----------
    label : str
        Who they are, in words.
    members : tuple of str
        Their names.
    numerator, denominator : Interval
        Their counts added up; of a change the new and the old ones.
    fits : bool
        Whether the percentage comes from these.
    """

    label: str
    members: tuple[str, ...]
    numerator: Interval
    denominator: Interval
    fits: bool


@frozen(eq=False, kw_only=True)
class MatchedSets:
    """The sets of members that were tried, row by row.

    Parameters
    ----------
    parts : PartRows
        The members of each row that has some, as positions in the table of members.
    names : TextColumn
        Their names.
    both : array of bool, shape (m,)
        Whether a member has both counts, in the order of ``parts``.
    tops, bases : tuple of arrays of int64
        The bounds of the sums: over all, over members with both counts, and, for each member, over
        the others.
    fits : tuple of arrays of uint8
        The ways of rounding that give the percentage from these, as bits.
    """

    parts: PartRows
    names: TextColumn
    both: NDArray[np.bool_]
    tops: tuple["_SumBounds", "_SumBounds", "_SumBounds"]
    bases: tuple["_SumBounds", "_SumBounds", "_SumBounds"]
    fits: tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]]

    def explained_rows(self, rows: int, allowed: int) -> NDArray[np.bool_]:
        """Return for which rows of the table some set gives the percentage."""
        found = np.zeros(rows, dtype=np.bool_)
        if len(self.parts):
            without = self.parts.most((self.fits[2] & allowed > 0) & self.both)
            fit = (self.fits[0] & allowed > 0) | (self.fits[1] & allowed > 0) | without
            found[self.parts.groups] = fit
        return found

    def of(self, row: int, allowed: int) -> list[MatchedSet]:
        """Return the sets that were tried for a row of the table."""
        index = int(np.searchsorted(self.parts.groups, row))
        if index == len(self.parts) or self.parts.groups[index] != row:
            return []
        start, size = int(self.parts.starts[index]), int(self.parts.sizes()[index])
        places = range(start, start + size)
        names = [self.names[int(self.parts.rows[place])] for place in places]
        both = [name for name, place in zip(names, places, strict=True) if self.both[place]]
        wholes = [(0, "all members with a count", names), (1, "members with both counts", both)]
        if len(both) == len(names):
            wholes = [(1, "all members", names)]
        elif not both:
            wholes = wholes[:1]
        tried = [self._set(which, index, allowed, label, who) for which, label, who in wholes]
        alone = [place for place in places if self.both[place]] if len(both) > 1 else []
        for place in alone:
            out = self.names[int(self.parts.rows[place])]
            rest = [name for name in both if name != out]
            tried.append(self._set(2, place, allowed, f"{wholes[-1][1]}, without {out}", rest))
        return tried

    def _set(
        self, which: int, index: int, allowed: int, label: str, members: list[str]
    ) -> MatchedSet:
        return MatchedSet(
            label=label,
            members=tuple(members),
            numerator=self.tops[which].interval(index),
            denominator=self.bases[which].interval(index),
            fits=bool(self.fits[which][index] & allowed),
        )


@frozen(eq=False)
class _SumBounds:
    """Bounds of sums of counts."""

    lower: NDArray[np.int64]
    upper: NDArray[np.int64]

    def interval(self, index: int) -> Interval:
        upper = int(self.upper[index])
        return Interval(int(self.lower[index]), None if upper >= LARGEST_COUNT else upper)


def match_sets(
    table: OpenTable,
    figures: PublishedFigures,
    selected: NDArray[np.bool_],
    style: TableStyle,
    problems: UnreadableRows,
) -> MatchedSets:
    """Try the percentages of some rows over sets of their members.

    Parameters
    ----------
    table : OpenTable
        A row for each member of each figure: ``id``, ``member``, and their counts.
    figures : PublishedFigures
        The figures.
    asked : array of bool, shape (n,)
        For which of them.
    style : TableStyle
        How the counts are written.
    problems : UnreadableRows
        The problems, which are raised.
    """
    problems.add_each(table.ragged, lambda error: error)
    reader = ColumnRoles(table, _ROLES, style, problems)
    reader.require("id", what="names of figures")
    reader.require("member", what="members")
    names = TextColumn.of(reader.roles["member"], "member")
    keys = _keys(reader.roles["id"], figures, table, problems)
    _refuse_repeated(keys, names, table, problems)
    top = reader.counts("new").or_else(reader.counts("numerator"))
    base = reader.counts("old").or_else(reader.counts("denominator"))
    problems.raise_any()
    chosen = (keys >= 0) & selected[keys] & (top.stated | base.stated)
    return _tried(figures, PartRows.of(keys, chosen), names, top, base)


def _keys(
    values: Any, figures: PublishedFigures, table: OpenTable, problems: UnreadableRows
) -> NDArray[np.int64]:
    """Return to which row of the table each member belongs."""
    ids = TextColumn.of(values, "id")
    own = figures.ids.all()
    found = pd.Index(own).get_indexer(pd.Index(ids.all()))
    problems.rows(
        found < 0,
        lambda row: UnknownName(
            "no figure has this name",
            row=table.locate(row),
            field="id",
            value=ids[row],
            hint=lambda: did_you_mean(ids[row], own[:1000]),
        ),
    )
    return np.asarray(found, dtype=np.int64)


def _refuse_repeated(
    keys: NDArray[np.int64], names: TextColumn, table: OpenTable, problems: UnreadableRows
) -> None:
    again = pd.DataFrame({"key": keys, "name": names.all()}).duplicated().to_numpy()
    problems.rows(
        again & (keys >= 0),
        lambda row: InvalidValue(
            "must be listed once for each figure",
            row=table.locate(row),
            field="member",
            value=names[row],
            hint="Leave one of the rows out",
        ),
    )


def _tried(
    figures: PublishedFigures,
    parts: PartRows,
    names: TextColumn,
    top: CountColumn,
    base: CountColumn,
) -> MatchedSets:
    both = (top.stated & base.stated)[parts.rows]
    sums = [_sums(counts, parts, both) for counts in (top, base)]
    owners = (parts.groups, parts.groups, parts.spread(parts.groups))
    fits = tuple(
        _fits(figures, rows, tops, bases) for rows, tops, bases in zip(owners, *sums, strict=True)
    )
    return MatchedSets(
        parts=parts,
        names=names,
        both=both,
        tops=sums[0],
        bases=sums[1],
        fits=(fits[0], fits[1], fits[2]),
    )


def _sums(
    counts: CountColumn, parts: PartRows, both: NDArray[np.bool_]
) -> tuple[_SumBounds, _SumBounds, _SumBounds]:
    """Return sums over all members, members with both counts, and without each of them."""
    stated = counts.stated[parts.rows]
    found: list[list[NDArray[np.int64]]] = [[], [], []]
    for column in (counts.lower, counts.upper):
        values = column[parts.rows]
        if not len(parts):
            empty = np.zeros(0, dtype=np.int64)
            whole = matched = empty
        else:
            whole = parts.sums(np.where(stated, values, 0))
            matched = parts.sums(np.where(both, values, 0))
        rest = parts.spread(matched) - np.where(both, values, 0)
        for kept, sums in zip(found, (whole, matched, rest), strict=True):
            kept.append(np.minimum(sums, LARGEST_COUNT).astype(np.int64))
    return _SumBounds(*found[0]), _SumBounds(*found[1]), _SumBounds(*found[2])


def _fits(
    figures: PublishedFigures, rows: NDArray[np.int64], top: _SumBounds, base: _SumBounds
) -> NDArray[np.uint8]:
    digits, scale = figures.printed.digits[rows], figures.printed.scale[rows]
    kind = figures.number_kind[rows]
    found = roundings(top.lower, base.lower, digits, scale, kind)
    found[kind.is_part & (top.lower > base.lower)] = 0
    ranged = np.flatnonzero((top.lower != top.upper) | (base.lower != base.upper))
    if len(ranged):
        found[ranged] = possible(
            (top.lower[ranged], top.upper[ranged]),
            (base.lower[ranged], base.upper[ranged]),
            digits[ranged],
            scale[ranged],
            kind[ranged],
        )
    found[~figures.printed.present[rows]] = 0
    return found
