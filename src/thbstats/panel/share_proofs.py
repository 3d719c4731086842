"""Proofs that bounds of shares are attained, by completions of the data with these bounds.

The upper bound of a share has the largest part and the smallest complement, the lower bound the
reverse. One completion must have both counts.

10 victims are 5 men and boys, 1 or 2 persons of unknown sex, and women and girls without a count:

>>> import thbstats as thb
>>> unknown, missing = thb.Count.between(1, 2), thb.Count.not_reported()
>>> table = thb.CountTable.from_rows(
...     [("total", 10), ("female", missing), ("male", 5), ("unknown", unknown)],
...     columns=["sex", "value"], kind="victims", area="FR", period=2020,
... )
>>> share = thb.share(table, sex="female", base="known", area="FR", period=2020)
>>> share.bounds, share.bounds_attained
(Interval(3/8 to 4/9), True)

For the upper bound, the search gives the women the largest part, 4. Then it gives the unknown
victims the largest count that this leaves, 1, and the total the smallest one, 10. The bound is
proved, because 10 - 1 is 4 + 5.
"""

import numpy as np
from attrs import frozen

from thbstats.columns import Index, Mask
from thbstats.columns.ranges import any_of
from thbstats.panel.completions import SearchStep, completions_of
from thbstats.panel.pooled_shares import PooledShares
from thbstats.panel.share_bounds import Side
from thbstats.panel.system_rows import UNKNOWN

_ANY_COUNT = 2**40
"""A limit above all counts of a search."""


def attained_bounds(shares: PooledShares) -> Mask:
    """Return the shares with bounds that a completion of the data attains, (c, n).

    The counts of countries are independent: if the bounds of each country are attained, so are
    those of their sum.
    """
    read, cells, is_attained = shares.read, shares.read.windows, shares.solved.is_exact
    if not is_attained.all():
        is_attained = is_attained | _attained_by_completions(shares)
    result = np.asarray(~any_of(~is_attained[:, cells.countries], cells.start))
    if len(cells.area):
        # An area without any row of a country has the bounds of its published counts.
        has_rows = any_of(cells.present[:, cells.countries].any(axis=0), cells.start)
        of_areas = is_attained[:, read.both.whole_areas] & ~has_rows[cells.area]
        result[:, cells.area] = of_areas
    return np.asarray(result[:, read.numbers].all(axis=1))


@frozen(kw_only=True, eq=False)
class _CountRows:
    """The rows of the systems for the counts of a share, (c, e) each; -1 without a row."""

    part: Index
    total: Index
    unknown: list[Index]  # Unknown persons, whom the denominator of known persons leaves out

    @classmethod
    def of(cls, shares: PooledShares) -> "_CountRows":
        """Return the rows of each category."""
        row, selections = shares.read.both.known_row, shares.selections
        part, unknown = row[selections.cells[shares.categories]], list[Index]()
        if shares.question.base == "known":
            unknown = [row[slots] for slots in selections.unknown_of(shares.categories)]
        return cls(part=part, total=np.broadcast_to(row[0], part.shape), unknown=unknown)

    @property
    def exist(self) -> Mask:
        """The entries in which all counts have a row."""
        rows = (self.part, self.total, *self.unknown)
        return np.asarray(np.logical_and.reduce([row >= 0 for row in rows]))


def _can_be_searched(shares: PooledShares, rows: _CountRows) -> Mask:
    """Return the bounds of countries for which a search of completions is possible, (c, e).

    They are not single numbers, and nothing contradicts them. All counts have a row.
    """
    cells, sides = shares.read.both, shares.solved.sides
    part, complement, base = (sides[own] for own in (Side.PART, Side.COMPLEMENT, Side.BASE))
    has_rule = shares.question.base == "all"
    if shares.question.base == "known":
        has_rule = all(words[-1] == UNKNOWN for words in shares.selections.words)
    if not has_rule or cells.systems.columns.numbers.unanswered is not None:
        return np.zeros(part.shape, dtype=np.bool_)
    is_bounded = np.isfinite(complement.upper) & np.isfinite(part.upper) & (base.upper > 0)
    # Neither bound is the share of nobody in nobody.
    has_persons = (part.lower + complement.upper > 0) & (part.upper + complement.lower > 0)
    is_open = ~(part.is_point & complement.is_point)
    result = is_bounded & has_persons & is_open & ~shares.solved.contradictory & rows.exist
    result[:, cells.size :] = False
    return np.asarray(result)


def _attained_by_completions(shares: PooledShares) -> Mask:
    """Return the bounds of countries that completions attain, (c, e)."""
    rows = _CountRows.of(shares)
    result = _can_be_searched(shares, rows)
    if not result.any():
        return result
    part, others = (shares.solved.sides[own][result] for own in (Side.PART, Side.COMPLEMENT))
    # (2k,) each: the upper bounds of k shares, then their lower bounds.
    part_counts = np.concatenate([part.upper, part.lower]).astype(np.int64)
    base = part_counts + np.concatenate([others.lower, others.upper]).astype(np.int64)
    is_upper = np.repeat([True, False], len(part))
    part_row, total_row, *unknown_rows = (
        np.tile(own[result], 2) for own in (rows.part, rows.total, *rows.unknown)
    )
    none, any_count = np.zeros_like(base), np.full_like(base, _ANY_COUNT)
    # The base is small with many unknown persons and a small total, and the reverse.
    least, most = (none, any_count) if unknown_rows else (base, base)
    steps = [
        SearchStep(row=part_row, low=part_counts, high=part_counts, is_large=is_upper),
        *(SearchStep(row=row, low=none, high=any_count, is_large=is_upper) for row in unknown_rows),
        SearchStep(row=total_row, low=least, high=most, is_large=~is_upper),
    ]
    reached, (_, *unknown, total) = completions_of(shares.read.both.systems).reach(steps)
    is_proved = reached & (total - sum(unknown) == base)
    result[result] = is_proved.reshape(2, -1).all(axis=0)
    return result
