"""Numbers without some of their countries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Any, ClassVar

import numpy as np
from attrs import evolve, frozen

from thbstats.columns import Coded, Fractions, Index, Mask, Ranges
from thbstats.columns.records import ColumnRecord
from thbstats.display import DisplayTable
from thbstats.errors import InvalidValue, require
from thbstats.geography import Area, parse_country
from thbstats.indicators._shared import as_kind, defined, indicator, stated
from thbstats.languages import Message
from thbstats.panel import Panel, Parts, Result, ResultKind, Status, Suppressions
from thbstats.panel.cell_metadata import sets_of
from thbstats.panel.frame_fields import FrameField, number_fields
from thbstats.panel.panel_text import panel_sheet
from thbstats.panel.result import bounds_of
from thbstats.rules import apply_rules
from thbstats.values import is_integer

__all__ = ["LeaveOut", "leave_out"]


@frozen(kw_only=True, slots=False, eq=False, repr=False)
class LeaveOut(Panel):
    """Numbers without some of their countries.

    The dimension ``without`` names the countries that are left out.

    Parameters
    ----------
    numbers : Panel
        The numbers with all countries.
    origin : array of int, shape (n,)
        The row of ``numbers`` behind each row.
    """

    _further: ClassVar[tuple[str, ...]] = ("origin",)

    frame_fields: ClassVar[tuple[FrameField, ...]] = number_fields(
        "difference", "Difference to the number with all countries", lambda panel: panel.differences
    )

    numbers: Panel
    origin: Index

    @property
    def all_countries(self) -> Result:
        """The number with all countries.

        Raises
        ------
        InvalidValue
            If the panel is of several numbers.
        """
        require(
            len(self.numbers) == 1,
            "`all_countries` must be a single number",
            "Use found.numbers.take(found.origin)",
            all_countries=f"{len(self.numbers)} numbers",
        )
        return self.numbers.row(0)

    @property
    def differences(self) -> Fractions:
        """The difference to the number with all countries, for independent bounds."""
        return stated(self).minus(stated(self.numbers).take(self.origin))

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers and the differences as plain data."""
        return super().to_dict() | {
            "numbers": [row.to_dict() for row in self.numbers],
            "origin": self.origin.tolist(),
            "differences": [bounds_of(move) for move in self.differences],
        }

    def display_table(self) -> DisplayTable:
        """Return the numbers as a table. Its last row has all countries."""
        pairs = zip(self.kind, self.differences, strict=True)
        differences = ["" if move is None else kind.format_difference(move) for kind, move in pairs]
        whole = self.all_countries if len(self.numbers) == 1 else None
        return panel_sheet(self, first={"difference": differences}, whole=whole)


@indicator()
def leave_out(
    numbers: Result | Panel, *, size: int = 1, groups: Mapping[str, Iterable[str]] | None = None
) -> LeaveOut:
    """Return numbers without each of their countries, or without groups of countries.

    ``x_G = f(countries outside G)``

    Parameters
    ----------
    numbers : Result or Panel
        Numbers with the counts of countries, such as the result of `share`, `total` or `ratio`.
    size : int
        The number of countries to leave out at a time, 1 or more: 28 countries have 378 pairs.
    groups : mapping of str to iterable of str, optional
        Instead, countries by the name of their group. Groups can overlap.

    Returns
    -------
    LeaveOut
        One row per number and group, for countries with counts. ``all_countries`` is the number
        with all countries, and ``differences`` the differences to it. Rules and thresholds are
        those of the numbers.

    Raises
    ------
    InvalidValue
        If `size` is not an integer of 1 or more, if a group is empty, or if no number has counts
        of more countries than are left out.

    Notes
    -----
    Comparability warnings: those of the numbers.

    Each row equals the indicator on a table without these countries, if the other countries list
    the same categories. Their counts are subtracted from a published count of the whole area.

    Examples
    --------
    >>> import thbstats as thb
    >>> rows = [("UK", 60, 40), ("FR", 40, 20), ("DE", 0, 50)]
    >>> table = thb.CountTable.from_rows(
    ...     [(area, form, n) for area, *ns in rows for form, n in zip(("labour", "sexual"), ns)],
    ...     columns=["area", "exploitation", "value"], kind="victims", period=2016,
    ... )
    >>> options = {"base": "known", "complete_dimensions": "exploitation"}
    >>> labour = thb.share(table, exploitation="labour", **options)
    >>> found = thb.leave_out(labour)
    >>> found["UK"].formatted, found.all_countries.formatted
    ('36.4%', '47.6%')
    >>> pairs = thb.leave_out(thb.total(table, exploitation="labour"), size=2)
    >>> [(row.area.code, row.formatted) for row in pairs]
    [('UK', '60'), ('FR', '40'), ('DE', '0')]

    References
    ----------
    COM(2018) 777, section II: proportions without the United Kingdom.
    """
    if isinstance(numbers, Result):
        numbers = numbers.panel.take([numbers.position])
    require(
        isinstance(numbers, Panel),
        "`numbers` must be a result or a panel",
        "Pass the result of an indicator, such as thbstats.share(...)",
        numbers=type(numbers),
    )
    parts = numbers.parts
    kinds = zip(parts.sizes.tolist(), numbers.kind, parts.kind, strict=True)
    require(
        not any(entries and own is not counted for entries, own, counted in kinds),
        "`numbers` must be shares, ratios, rates or counts of countries",
        "Use leave_out for both numbers of a change, and compare the results",
        numbers=numbers.caption,
    )
    # 1. Published numbers, and the countries with counts.
    has_count = _have_counts(parts, published := _are_published(numbers))
    countries = parts.members.take(has_count)
    # 2. The rows: each number without each group that has such countries in it.
    by_group, codes = _groups(groups, size, sorted({*countries})), parts.members.categories
    in_group = np.array([[code in own for code in codes] for own in by_group.values()], dtype="?")
    in_group = in_group.reshape(len(by_group), len(codes))
    origin, group = _rows(parts, has_count, published, in_group, is_named=groups is not None)
    require(
        len(origin),
        "`numbers` must have counts of more countries than are left out",
        "Use a table with rows for several countries",
        numbers=", ".join(dict.fromkeys(countries)) or "no countries",
    )
    # 3. What remains; from here on, the entries are the countries of each row.
    parts, name = parts.take(origin), Coded(group, list(by_group))
    left = in_group[group[parts.number], parts.members.positions]
    outside = sets_of(parts.number[left], parts.members.take(left), len(parts))
    result = _remaining(numbers.take(origin), parts, left, outside, published[origin])
    # 4. Its names, context and warnings.
    result = evolve(
        _in_context(result, outside),
        caption=Message("{number}: effect of leaving out countries", number=numbers.caption),
        keys={**result.keys, "without": name},
        label=result.label.combine(
            name, lambda own, left: Message("{area} without {countries}", area=own, countries=left)
        ),
    )
    judged = apply_rules(defined(result), rules=numbers.rules, thresholds=numbers.thresholds)
    return as_kind(LeaveOut, judged, numbers=numbers, origin=origin)


def _are_published(numbers: Panel) -> Mask:
    """Return the numbers that are a published count of an area, not a sum over countries."""
    parts = numbers.parts  # A published share can equal theirs by chance, its counts do not.
    pooled = Fractions.counts(parts.numerator.pool(parts.start, parts.reported))
    of_countries = numbers.value.equals(parts.pooled(parts.reported))
    return ~numbers.value.missing & ~(of_countries & numbers.numerator.equals(pooled))


def _have_counts(parts: Parts, published: Mask) -> Mask:
    """Return the countries with a count; if an area is published, with a reported count."""
    sides = parts.hull, parts.hull_complement
    has_part, has_base = ((own.lower > 0) | np.isfinite(own.upper) for own in sides)
    result = has_part | parts.reported | (has_base & ~_is_count(parts)[parts.number])
    return np.where(published[parts.number], parts.numerator.reported, result)


def _groups(
    groups: Mapping[str, Iterable[str]] | None, size: int, countries: list[str]
) -> dict[str, frozenset[str]]:
    """Return the countries of each named group, or of each combination of some countries."""
    if groups is None:
        requirement = "`size` must be an integer of 1 or more"
        require(is_integer(size, least=1), requirement, "Use size=1", size=size)
        return {"+".join(own): frozenset(own) for own in combinations(countries, size)}
    result = {}
    for name, own in groups.items():
        result[name] = frozenset(map(parse_country, own))
        if not result[name]:
            raise InvalidValue(
                "a group must contain countries",
                row=name,
                field="groups",
                value="",
                hint='Use groups={"name": ["BE", ...]}',
            )
    return result


def _rows(
    parts: Parts, has_count: Mask, published: Mask, in_group: Mask, *, is_named: bool
) -> tuple[Index, Index]:
    """Return the number and the group of each row, from the countries (c) of groups (g, c).

    The sum of BE, DE and FR, of which FR has no count, has the rows BE and DE, and a row for a
    named group BE and FR. A published count has no row for this group: it can include FR.
    """
    entries, counts = np.zeros((2, len(parts), in_group.shape[1]), dtype=np.bool_)  # (n, c)
    entries[parts.number, parts.members.positions] = True
    counts[parts.number[has_count], parts.members.positions[has_count]] = True
    # (g, n): a product of masks is true if a group and a number have such a country in common.
    subtracts, has_others = in_group @ counts.T, ~in_group @ counts.T
    lacks_counts = in_group @ (entries & ~counts).T
    # Of a published count, countries without rows remain.
    is_row = subtracts & np.where(published, ~lacks_counts, has_others)
    if is_named:
        group, number = np.nonzero(is_row)  # in the order of the groups
    else:
        # All countries of a combination have counts.
        number, group = np.nonzero((is_row & ~(in_group @ ~counts.T)).T)
    return number, group


def _in_context(panel: Panel, outside: Coded[frozenset[str]]) -> Panel:
    """Return numbers with area, contradictions and other context of the remaining countries."""
    suppression = panel.suppression
    areas = suppression.areas.combine(outside, frozenset.difference)
    some = areas.table(bool, np.bool_) | (suppression.areas.table(len, np.intp) == 0)
    return evolve(
        panel,
        area=panel.area.combine(
            outside,
            lambda area, own: (
                Area.from_countries(area.members - own)
                if area.code == Area.from_countries(area.members).code
                else area.without(*own)
            ),
        ),
        contradictions=panel.contradictions.combine(
            outside, lambda items, own: tuple(item for item in items if item.area not in own)
        ),
        breaks=panel.breaks.combine(
            outside, lambda pairs, own: frozenset(pair for pair in pairs if pair[0] not in own)
        ),
        excess=panel.excess.combine(
            outside, lambda item, own: None if item and own & {*item.areas} else item
        ),
        expected=panel.expected.combine(outside, _less),
        suppression=Suppressions(
            cells=np.where(some, suppression.cells, 0),
            areas=areas,
            counts=suppression.counts.where(some, Ranges.zero(len(panel))),
            narrowed=suppression.narrowed & some,
        ),
    )


@frozen(kw_only=True, eq=False)
class _Remainder(ColumnRecord):
    """Columns of numbers without some countries, as in a panel, shape (n,)."""

    numerator: Fractions
    denominator: Fractions
    unknown: Fractions
    value: Fractions
    bounds: Fractions
    bounds_with_unknown: Fractions
    reporters: Coded[Any]
    n_reporters: Index


def _remaining(
    whole: Panel, parts: Parts, left: Mask, outside: Coded[frozenset[str]], published: Mask
) -> Panel:
    """Return the numbers over the countries that are not left out.

    The mask `left` has the entries that are left out, and `outside` their countries by number. Of
    60 of 100 victims in the UK and 40 of 60 in France, 40 of 60 remain without the UK.
    """
    # 1. Numerator, denominator, value and bounds.
    size, remains = len(whole), ~left
    result = _pooled(parts, remains)
    if published.any():
        subtracted = _subtracted(whole, parts, left, outside, result)
        rows = np.arange(size) + np.where(published, 0, size)
        result = _Remainder.concat([subtracted, result]).take(rows)
    gone = whole.status == Status.AMBIGUOUS
    value, bounds = result.value.without(gone), result.bounds.without(gone)

    # 2. Reported counts, also of countries without a complete number.
    above, below, zero = parts.numerator, parts.complement, Ranges.zero(len(left))
    has_above, has_below = above.reported & remains, below.reported & remains
    sides = {"hull": above.where(has_above, zero), "hull_complement": below.where(has_below, zero)}
    raw = evolve(parts, **sides).bounds(remains)[0]  # type: ignore[arg-type]
    has_raw = parts.any_of(has_above) & parts.any_of(has_below)

    # 3. The status, and which bounds are attained.
    lost = np.isin(whole.status, (Status.OK, Status.CONFLICTING))
    status = np.where(value.missing, np.where(lost, Status.NOT_REPORTED, whole.status), Status.OK)
    # The countries of an aggregate can narrow what remains without one of them.
    inexact = ~(parts.hull.is_point & parts.hull_complement.is_point)
    uncertain = published & parts.any_of(left & inexact)
    exact = parts.hull.is_point & (parts.hull_complement.is_point | _is_count(parts)[parts.number])
    return evolve(
        whole,
        numerator=result.numerator.without(gone),
        denominator=result.denominator.without(gone | whole.denominator.missing),
        unknown=result.unknown.without(gone | whole.unknown.missing),
        value=value,
        bounds=bounds,
        bounds_with_unknown=result.bounds_with_unknown.without(gone),
        not_listed=Fractions.none(size),
        discrepancy=Fractions.none(size),
        all_reported=raw.without(~has_raw | whole.all_reported.missing),
        reporters=result.reporters,
        n_reporters=result.n_reporters,
        status=status.astype(np.int8),
        bounds_attained=(whole.bounds_attained & ~uncertain) | bounds.is_point,
        complete=~parts.any_of(~(parts.reported & exact) & remains) & value.is_point,
        parts=parts.select(remains),
    )


def _pooled(parts: Parts, remains: Mask) -> _Remainder:
    """Return the numbers over the countries that a mask marks."""
    start, in_value = parts.start, parts.reported & remains
    value = parts.pooled(in_value)
    bounds, with_unknown = parts.bounds(remains)
    has_value, row = ~value.missing, parts.number[in_value]
    # Without a value, the counts are those of the bounds.
    above = parts.numerator.pool(start, in_value).where(has_value, parts.hull.pool(start, remains))
    below = parts.base.pool(start, in_value).where(has_value, parts.base.pool(start, remains))
    unknown = parts.unknown.pool(start, np.where(has_value[parts.number], in_value, remains))
    return _Remainder(
        numerator=Fractions.counts(above),
        denominator=Fractions.counts(below),
        unknown=Fractions.counts(unknown),
        value=value,
        bounds=bounds,
        bounds_with_unknown=with_unknown,
        reporters=sets_of(row, parts.members.take(in_value), len(parts)),
        n_reporters=np.bincount(row, minlength=len(parts)),
    )


def _subtracted(
    whole: Panel, parts: Parts, left: Mask, outside: Coded[frozenset[str]], others: _Remainder
) -> _Remainder:
    """Return published numbers minus the counts of countries.

    A published 70 of 100 victims, without 15 of 20, are 55 of 80. Bounds are those of the published
    number where they equal its value, that is where it is of the whole area; else those of the
    other countries.
    """
    above, below, unknown = (
        own.as_counts.minus(side.pool(parts.start, left))
        for own, side in (
            (whole.numerator, parts.numerator),
            (whole.denominator, parts.base),
            (whole.unknown, parts.unknown),
        )
    )
    complement = below.minus(above)
    # Unknown persons can belong to either side; with base="all" the denominator contains them.
    most = np.where(whole.unknown.missing, 0, unknown.upper)
    with_all = whole.base.table(lambda own: own.rule == "all", np.bool_)
    above_joined = Ranges(above.lower, above.upper + most, above.reported)
    complement_joined = Ranges(
        np.where(with_all, complement.minus(unknown).lower, complement.lower),
        np.where(with_all, complement.upper, complement.upper + most),
        complement.reported,
    )
    # Each number has one entry: what remains.
    every = np.ones(len(whole), dtype=np.bool_)
    remainder = Parts(
        start=np.arange(len(whole) + 1),
        members=Coded.constant("", len(whole)),
        numerator=above,
        complement=complement.where(parts.is_share, below),
        reported=every,
        kind=parts.kind,
        numerator_with_unknown=above_joined.where(parts.is_share | _is_count(parts), above),
        complement_with_unknown=complement_joined.where(parts.is_share, below),
        base=below,
        positive_with_unknown=below.lower > 0,
    )
    value, (_, with_unknown) = remainder.pooled(every), remainder.bounds(every)
    of_area = whole.bounds.equals(whole.value)
    with_unknown = with_unknown.where(of_area, others.bounds_with_unknown)
    reporters = whole.reporters.combine(outside, _less)
    return _Remainder(
        numerator=Fractions.counts(above),
        denominator=Fractions.counts(below),
        unknown=Fractions.counts(unknown),
        value=value,
        bounds=value.where(of_area, others.bounds),
        bounds_with_unknown=value.where(
            whole.bounds_with_unknown.equals(whole.value), with_unknown
        ),
        reporters=reporters,
        n_reporters=reporters.table(lambda own: -1 if own is None else len(own), np.intp),
    )


def _less(names: frozenset[str] | None, countries: frozenset[str]) -> frozenset[str] | None:
    return None if names is None else names - countries


def _is_count(parts: Parts) -> Mask:
    return parts.kind.table(ResultKind.COUNT.__eq__, np.bool_)
