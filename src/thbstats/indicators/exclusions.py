"""Numbers without some of their countries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.columns import Coded, Fractions, Ranges
from thbstats.display import DisplayTable
from thbstats.errors import InvalidValue
from thbstats.geography import Area, parse_country
from thbstats.indicators._arguments import require
from thbstats.indicators._grids import as_kind, stated
from thbstats.panel import Panel, Parts, Result, ResultKind, Status, Suppressions
from thbstats.panel.cells import sets_of
from thbstats.panel.export import bounds_of, number_columns
from thbstats.panel.text import panel_sheet
from thbstats.rules import check
from thbstats.values import is_integer

__all__ = ["LeaveOut", "leave_out"]

Index = NDArray[np.intp]
Mask = NDArray[np.bool_]

_NO_ROWS: Index = np.zeros(0, dtype=np.intp)


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

    def _take_extra(self, rows: Index) -> dict[str, Any]:
        return {"origin": self.origin[rows]}

    def extra_columns(self) -> dict[str, Any]:
        """Return the columns ``difference``, with its bounds."""
        return number_columns("difference", self.differences)

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
        single = len(self.numbers) == 1
        return panel_sheet(
            self, first={"difference": differences}, whole=self.all_countries if single else None
        )


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
        The number of countries to leave out at a time: 28 countries have 378 pairs.
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

    Each row equals the indicator on a table without these countries, if the others list the same
    categories. From a published count of the whole area the counts of the countries are subtracted.

    Examples
    --------
    >>> import thbstats as thb
    >>> rows = [("UK", 60, 40), ("FR", 40, 20), ("DE", 0, 50)]
    >>> table = thb.CountTable.from_rows(
    ...     [(area, form, n) for area, *ns in rows for form, n in zip(("labour", "sexual"), ns)],
    ...     columns=["area", "exploitation", "value"], kind="victims", period=2016,
    ... )
    >>> found = thb.leave_out(thb.share(table, exploitation="labour", base="known"))
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
        numbers=type(numbers).__name__,
    )
    parts = numbers.parts
    kinds = zip(parts.sizes.tolist(), numbers.kind, parts.kind, strict=True)
    require(
        not any(entries and own is not counted for entries, own, counted in kinds),
        "`numbers` must be shares, ratios, rates or counts of countries",
        "Use leave_out for both numbers of a change, and compare the results",
        numbers=numbers.caption,
    )
    published = ~numbers.value.missing & ~numbers.value.equals(parts.pooled(parts.reported))
    # Countries with counts; next to a published count, those that reported theirs.
    rest = (parts.hull_complement.lower > 0) | np.isfinite(parts.hull_complement.upper)
    known = (parts.hull.lower > 0) | np.isfinite(parts.hull.upper) | parts.reported
    known |= rest & ~_is_count(parts)[parts.number]
    candidates: Mask = np.where(published[parts.number], parts.numerator.reported, known)
    if groups is None:
        origin, row, entry, name = _every_group(parts, candidates, published, size)
    else:
        origin, row, entry, name = _named_groups(parts, candidates, published, groups)
    if not len(origin):
        raise InvalidValue(
            "`numbers` must have counts of more countries than are left out",
            field="numbers",
            value=", ".join(dict.fromkeys(parts.members.take(candidates))) or "no countries",
            hint="Use a table with rows for several countries",
        )
    every = parts.take(origin)
    left = np.zeros(len(every.reported), dtype=np.bool_)
    left[entry - parts.start[origin[row]] + every.start[row]] = True
    found = _pooled(numbers.take(origin), every, left, published[origin])
    outside = sets_of(row, parts.members.take(entry), len(origin))
    suppression = found.suppression
    areas = suppression.areas.combine(outside, lambda names, own: names - own)
    some = areas.table(bool, np.bool_) | (suppression.areas.table(len, np.intp) == 0)
    found = evolve(
        found,
        caption=f"{numbers.caption} without some countries",
        keys={**found.keys, "without": name},
        label=found.label.combine(name, "{} without {}".format),
        area=found.area.combine(outside, _without),
        contradictions=found.contradictions.combine(
            outside, lambda items, own: tuple(item for item in items if item.area not in own)
        ),
        breaks=found.breaks.combine(
            outside, lambda pairs, own: frozenset(pair for pair in pairs if pair[0] not in own)
        ),
        excess=found.excess.combine(
            outside, lambda item, own: None if item and own & {*item.areas} else item
        ),
        expected=found.expected.combine(outside, _less),
        suppression=Suppressions(
            cells=np.where(some, suppression.cells, 0),
            areas=areas,
            counts=suppression.counts.where(some, Ranges.zero(len(found))),
            narrowed=suppression.narrowed & some,
        ),
    )
    judged = check(found, rules=numbers.rules, thresholds=numbers.thresholds)
    return as_kind(LeaveOut, judged, numbers=numbers, origin=origin)


def _every_group(
    parts: Parts, candidates: Mask, published: Mask, size: int
) -> tuple[Index, Index, Index, Coded[str]]:
    """Return all groups of one size."""
    require(
        is_integer(size, least=1), "`size` must be an integer of 1 or more", "Use size=1", size=size
    )
    entries = np.flatnonzero(candidates)
    number = parts.number[entries]
    count = np.bincount(number, minlength=len(parts))
    # Of a published count, countries without rows remain.
    enough = count + published > size
    if size == 1:
        chosen = np.flatnonzero(enough[number])
        entry = entries[chosen]
        return number[chosen], np.arange(len(chosen)), entry, parts.members.take(entry)

    @cache
    def ways(k: int) -> Index:
        return np.array(list(combinations(range(k), size)), dtype=np.intp)

    listed = zip(np.split(entries, np.cumsum(count)[:-1]), enough.tolist(), strict=True)
    found = [own[ways(len(own))] for own, is_enough in listed if is_enough]
    if not found:
        return _NO_ROWS, _NO_ROWS, _NO_ROWS, Coded.from_values([])
    table = np.concatenate(found)
    groups, inverse = np.unique(parts.members.codes[table], axis=0, return_inverse=True)
    categories = parts.members.categories
    names = ["+".join(sorted(categories[code] for code in own)) for own in groups.tolist()]
    rows = np.repeat(np.arange(len(table)), size)
    name = Coded(np.asarray(inverse).ravel(), names)
    return parts.number[table[:, 0]], rows, table.ravel(), name


def _named_groups(
    parts: Parts, candidates: Mask, published: Mask, groups: Mapping[str, Iterable[str]]
) -> tuple[Index, Index, Index, Coded[str]]:
    """Return the groups that are some of the countries of a number, for each number."""
    origins, rows, entries = [], [], []
    names: list[str] = []
    for name, countries in groups.items():
        codes = frozenset(parse_country(code) for code in countries)
        if not codes:
            raise InvalidValue(
                "a group must have a country",
                row=name,
                field="groups",
                value="",
                hint='Use groups={"name": ["BE", ...]}',
            )
        inside = parts.members.table(codes.__contains__, np.bool_)
        unreported = parts.any_of(inside & ~candidates)
        remains = np.where(published, ~unreported, parts.any_of(~inside & candidates))
        own = parts.any_of(inside & candidates) & remains
        origins.append(np.flatnonzero(own))
        entries.append(np.flatnonzero(inside & own[parts.number]))
        rows.append(len(names) + np.searchsorted(origins[-1], parts.number[entries[-1]]))
        names += [name] * len(origins[-1])
    origin, row, entry = (np.concatenate([_NO_ROWS, *own]) for own in (origins, rows, entries))
    return origin, row, entry, Coded.from_values(names)


def _pooled(whole: Panel, parts: Parts, left: Mask, published: Mask) -> Panel:
    """Return the numbers over the countries that are not left out."""
    chosen = parts.reported & ~left
    start, is_count = parts.start, _is_count(parts)
    value = parts.pooled(chosen)
    bounds, with_unknown = parts.bounds(~left)
    some = ~value.missing
    above = parts.numerator.pool(start, chosen).where(some, parts.hull.pool(start, ~left))
    below = parts.base.pool(start, chosen).where(some, parts.base.pool(start, ~left))
    unknown = parts.unknown.pool(
        start, np.where((parts.is_share & some)[parts.number], chosen, ~left)
    )
    exact = parts.reported & parts.hull.is_point
    exact &= parts.hull_complement.is_point | is_count[parts.number]
    every = ~parts.any_of(~exact & ~left)
    row = parts.number[chosen]
    reporters = sets_of(row, parts.members.take(chosen), len(whole))
    names = ("numerator", "denominator", "unknown", "value", "bounds", "bounds_with_unknown")
    numbers = *map(Fractions.counts, (above, below, unknown)), value, bounds, with_unknown
    found = dict(zip(names, numbers, strict=True))
    n_reporters = np.bincount(row, minlength=len(whole))
    if published.any():
        minus = dict(zip(names, _subtracted(whole, parts, left), strict=True))
        found = {name: minus[name].where(published, column) for name, column in found.items()}
        outside = sets_of(parts.number[left], parts.members.take(left), len(whole))
        documented = whole.reporters.combine(outside, _less)
        size = documented.table(lambda own: -1 if own is None else len(own), np.intp)
        pairs = zip(published.tolist(), documented, reporters, strict=True)
        reporters = Coded.from_values(
            first if is_published else second for is_published, first, second in pairs
        )
        n_reporters = np.where(published, size, n_reporters)
    lost = np.isin(whole.status, (Status.OK, Status.CONFLICTING))
    status = np.where(lost, Status.NOT_REPORTED, whole.status)
    gone = whole.status == Status.AMBIGUOUS
    has_value = ~found["value"].missing & ~gone
    lacks = {"denominator": whole.denominator.missing, "unknown": whole.unknown.missing}
    # The countries of an aggregate can narrow what remains without one of them.
    uncertain = published & parts.any_of(
        left & ~(parts.hull.is_point & parts.hull_complement.is_point)
    )
    reported = [side.reported & ~left for side in (parts.numerator, parts.complement)]
    lacking = ~(parts.any_of(reported[0]) & parts.any_of(reported[1]))
    raw = evolve(
        parts,
        hull=parts.numerator.where(reported[0], Ranges.zero(len(left))),
        hull_complement=parts.complement.where(reported[1], Ranges.zero(len(left))),
    ).bounds(~left)[0]
    columns: dict[str, Any] = {
        name: own.without(gone | lacks.get(name, gone)) for name, own in found.items()
    }
    return evolve(
        whole,
        **columns,
        discrepancy=Fractions.none(len(whole)),
        raw=raw.without(lacking | whole.raw.missing),
        reporters=reporters,
        n_reporters=n_reporters,
        status=np.where(has_value, Status.OK, status).astype(np.int8),
        sharp=(whole.sharp & ~uncertain) | found["bounds"].is_point,
        complete=every & found["value"].is_point & has_value,
        parts=parts.select(~left),
    )


def _subtracted(whole: Panel, parts: Parts, left: Mask) -> list[Fractions]:
    """Return published numbers minus the counts of countries.

    Bounds are those of the published number where they equal its value, that is where it is of
    the whole area; else those of the other countries.
    """
    columns = whole.numerator, whole.denominator, whole.unknown
    gone = (own.pool(parts.start, left) for own in (parts.numerator, parts.base, parts.unknown))
    above, below, unknown = (
        # A missing number has no count.
        Ranges(
            np.where(column.missing, 0, np.nan_to_num(column.lower, neginf=0)),
            np.where(column.missing, np.inf, column.upper),
            ~column.missing,
        ).minus(own)
        for column, own in zip(columns, gone, strict=True)
    )
    bounds, with_unknown = parts.bounds(~left)
    joining = np.where(whole.unknown.missing, 0, unknown.upper)
    joined = Ranges(above.lower, above.upper + joining, above.reported)
    rest, is_share = below.minus(above), parts.is_share
    with_all = ~is_share | whole.base.table(lambda own: own.rule == "all", np.bool_)
    apart = Ranges(
        np.where(with_all, rest.minus(unknown).lower, rest.lower),
        np.where(with_all, rest.upper, rest.upper + joining),
        rest.reported,
    )
    empty = below.lower == 0
    value, wide_bounds = (
        Fractions.shares(part, other, empty).where(~_is_count(parts), Fractions.counts(part))
        for part, other in ((above, rest), (joined, apart))
    )
    for kind in {*parts.kind} - {ResultKind.SHARE, ResultKind.COUNT}:
        of_kind = parts.kind.table(kind.__eq__, np.bool_)
        ratios = Fractions.ratios(above, below, kind.scale)
        value, wide_bounds = value.where(~of_kind, ratios), wide_bounds.where(~of_kind, ratios)
    own = whole.bounds.equals(whole.value)
    known = whole.bounds_with_unknown.equals(whole.value)
    found = (
        value,
        value.where(own, bounds),
        value.where(known, wide_bounds.where(own, with_unknown)),
    )
    return [*map(Fractions.counts, (above, below, unknown)), *found]


def _less(names: frozenset[str] | None, countries: frozenset[str]) -> frozenset[str] | None:
    return None if names is None else names - countries


def _is_count(parts: Parts) -> Mask:
    return parts.kind.table(ResultKind.COUNT.__eq__, np.bool_)


def _without(area: Area, countries: frozenset[str]) -> Area:
    """Return an area without some countries."""
    if Area.from_countries(area.members).code == area.code:
        return Area.from_countries(area.members - countries)
    return area.without(*countries)
