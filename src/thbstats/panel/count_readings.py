"""Readings of totals that other counts exceed: the counts of their parts or their members."""

from collections.abc import Mapping, Sequence

import numpy as np
from attrs import frozen

from thbstats.columns import Floats, Index, Mask, Ranges
from thbstats.geography import Area
from thbstats.panel.line_parts import LineParts
from thbstats.panel.system_rows import SystemRows, in_groups_of
from thbstats.panel.systems import SystemLine, allowed_excess
from thbstats.tables.columns import Columns
from thbstats.tables.encoding import packed
from thbstats.vocabulary.codes import COMPLETE


@frozen(kw_only=True, eq=False)
class PartReadings:
    """The readings of totals that their parts exceed, (r,) each.

    A total of 0 to 4 has 746 women, 541 men and 9 victims of unknown sex. The sum is 1,296 to
    1,296, and the hull of both readings is 0 to 1,296. Other rows keep their bounds.
    """

    exceeded: Mask
    low: Floats  # The sum of the parts, along the first such dimension; sex and age come first
    high: Floats
    hull_low: Floats  # The hull of the total and of all such sums
    hull_high: Floats

    @classmethod
    def of(cls, lines: Mapping[str, SystemLine], low: Floats, high: Floats) -> "PartReadings":
        """Return the readings of lines, for rows with some bounds."""
        exceeded = np.zeros(len(low), np.bool_)
        least, hull_low, most, hull_high = low.copy(), low.copy(), high.copy(), high.copy()
        for line in sorted(lines.values(), key=lambda own: own.dimension.name not in COMPLETE):
            # Few totals are exceeded: only their rows are computed.
            total = np.flatnonzero(line.wrong & (line.parts > 0) & (line.low > high))
            line_low, others = line.low[total], line.others[total]
            # Parts without an upper bound count with their lower bound.
            summed = np.where(np.isinf(others), line_low, others)
            hull_low[total] = np.minimum(hull_low[total], line_low)
            hull_high[total] = np.maximum(hull_high[total], summed)
            first = ~exceeded[total]
            least[total[first]], most[total[first]] = line_low[first], summed[first]
            exceeded[total] = True
        return cls(exceeded=exceeded, low=least, high=most, hull_low=hull_low, hull_high=hull_high)


@frozen(kw_only=True, eq=False)
class AreaReadings:
    """Published areas and the sums of their members, (r,) each.

    An area with 5 victims, whose members have 4 and 3, is below the sum of 7. One with 20 victims
    is above the sum, if it has no other members.
    """

    cell: Index  # The same number for counts of all areas that differ in their area only
    # Areas below or above the sum of their members, and such counts of their parts.
    exceeded: Mask
    members: Floats  # This sum, its bounds; 0 without members
    members_high: Floats

    @classmethod
    def of(
        cls,
        rows: SystemRows,
        parts: Mapping[str, LineParts],
        reported: Mask,
        low: Floats,
        counts: Ranges,
    ) -> "AreaReadings":
        """Return the published areas below or above the sum of their members.

        The lower bounds in `low` follow from all rows, and `counts` have their own bounds.
        """
        columns, size, high = rows.columns, len(low), counts.upper
        sets = [Area.parse(code).members for code in columns["area"].categories]
        if all(len(members) == 1 for members in sets):
            return cls(
                cell=np.zeros(size, dtype=np.intp),
                exceeded=np.zeros(size, dtype=np.bool_),
                members=np.zeros(size),
                members_high=np.zeros(size),
            )
        cell = _cells_of(columns)
        members, members_high = _sums_of_members(rows, cell, sets, low, high)
        limit = high + allowed_excess(high)
        below = counts.reported & (members > limit) & (members > 0)
        # The persons of the members also count in the parts of a published total.
        of_total = np.where(counts.reported & ~reported, 0, members)
        least = np.maximum(low, of_total)
        for line in parts.values():
            if line.is_everywhere:
                part, wholes = line.part, line.wholes
                summed = line.sum(least[part])
                exceeded = reported[wholes] & (summed > limit[wholes])
                exceeded &= line.sum(of_total[part]) > 0
                below[wholes] |= exceeded
                below[part] |= exceeded[line.of] & reported[part]
                members[wholes] = np.where(exceeded, summed, members[wholes])
        members = np.where(below, np.maximum(members, low), members)
        above = counts.lower > members_high + allowed_excess(members_high)
        above &= counts.reported & ~below
        return cls(
            cell=cell,
            exceeded=below | above,
            members=members,
            members_high=np.where(above, members_high, members),
        )


def bounds_within_members(
    rows: SystemRows, reported: Mask, low: Floats, high: Floats
) -> tuple[Floats, Floats] | None:
    """Return the bounds of all rows; counts of areas that are not reported follow from members.

    Without such a count, or with contradictions of an area and its members, there are none.

    FR has 2 victims of unknown sex. Of 18 in FR and IT, at least 2 are of unknown sex.
    """
    sets = [Area.parse(code).members for code in rows.columns["area"].categories]
    if all(len(members) == 1 for members in sets):
        return None
    members, most = _sums_of_members(rows, _cells_of(rows.columns), sets, low, high)
    excess = (members - high > allowed_excess(high)) | (low - most > allowed_excess(most))
    free = ~reported & ~in_groups_of(rows.group, excess)
    narrow = (
        np.where(free, np.maximum(low, members), low),
        np.where(free, np.minimum(high, most), high),
    )
    # Counts that follow from the members alone are theirs.
    free &= narrow[0] < narrow[1]
    result = np.where(free, narrow[0], low), np.where(free, narrow[1], high)
    return result if (result[0] != low).any() or (result[1] != high).any() else None


def _cells_of(columns: Columns) -> Index:
    """Return the same number for counts that differ in their area only, (r,)."""
    others = [
        (own.codes, len(own.categories))
        for dimension, own in zip(columns.schema.dimensions, columns.dimensions, strict=True)
        if dimension.name != "area"
    ]
    return np.unique(packed(others, len(columns)), return_inverse=True)[1].astype(np.intp)


def _sums_of_members(
    rows: SystemRows, cell: Index, sets: Sequence[frozenset[str]], low: Floats, high: Floats
) -> tuple[Floats, Floats]:
    """Return the smallest and largest sum of the members of each published area, (r,) each.

    `cell` is as in `AreaReadings`, `sets` are the countries of the categories of areas, `low` and
    `high` are bounds. Members without a row leave the sum without an upper bound. A union inside of
    the area and the members outside of the union are a least sum too.
    """
    columns, codes = rows.columns, rows.columns["area"].positions
    result, most = np.zeros(len(cell)), np.full(len(cell), np.inf)
    size = int(cell.max(initial=0)) + 1
    for code in np.flatnonzero([len(members) > 1 for members in sets]).tolist():
        has_area = codes == code
        for origin in np.unique(columns.origin[has_area]).tolist():
            source = columns.origins[origin]
            known = sets[code] & (sets[code] if source.reporters is None else source.reporters)
            if source.reporters is None and (source.n_reporters or len(known)) < len(known):
                continue  # Which members are in the count is not documented.
            inside = [i for i, area in enumerate(sets) if len(area) == 1 and area <= known]
            part = np.isin(codes, inside)
            sums, largest = (np.bincount(cell[part], own[part], size) for own in (low, high))
            complete = np.bincount(cell[part], minlength=size) == len(known)
            for union in (i for i, area in enumerate(sets) if len(area) > 1 and area < known):
                outside = [i for i in inside if not sets[i] <= sets[union]]
                sums = np.maximum(sums, _sums_with_union(cell, low, codes, union, outside))
            concerned = has_area & (columns.origin == origin)
            result[concerned] = sums[cell[concerned]]
            most[concerned] = np.where(complete, largest, np.inf)[cell[concerned]]
    return result, most


def _sums_with_union(
    cell: Index, low: Floats, codes: Index, union: int, outside: Sequence[int]
) -> Floats:
    """Return the count of a union and of the members outside of it, for each cell, (size,).

    FR has 4 victims, and DE and IT have 5 together: the three countries have 9 or more. A cell with
    several counts of the union has no such sum.
    """
    part, size = np.isin(codes, [union, *outside]), int(cell.max(initial=0)) + 1
    is_single = np.bincount(cell[codes == union], minlength=size) == 1
    return np.where(is_single, np.bincount(cell[part], low[part], size), 0.0)
