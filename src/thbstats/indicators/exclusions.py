"""Numbers without some of their countries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Any, ClassVar

import numpy as np
from attrs import evolve, frozen

from thbstats.columns import Coded, Fractions, Index, Mask, Ranges
from thbstats.display import DisplayTable
from thbstats.errors import InvalidValue, require
from thbstats.geography import Area, parse_country
from thbstats.indicators._shared import as_kind, defined, indicator, stated
from thbstats.languages import Message
from thbstats.panel import Panel, Parts, Result, ResultKind, Status, Suppressions
from thbstats.panel.cells import sets_of
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
        "difference",
        "Difference to the number with all countries",
        lambda panel: panel.differences,
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
        single = len(self.numbers) == 1
        return panel_sheet(
            self, first={"difference": differences}, whole=self.all_countries if single else None
        )


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
    # A published share can equal that of the countries by chance; its counts do not.
    pooled = Fractions.counts(parts.numerator.pool(parts.start, parts.reported))
    of_countries = numbers.value.equals(parts.pooled(parts.reported))
    published = ~numbers.value.missing & ~(of_countries & numbers.numerator.equals(pooled))
    # Countries with counts; next to a published count, those that reported theirs.
    others = (parts.hull_complement.lower > 0) | np.isfinite(parts.hull_complement.upper)
    known = (parts.hull.lower > 0) | np.isfinite(parts.hull.upper) | parts.reported
    known |= others & ~_is_count(parts)[parts.number]
    candidates = np.where(published[parts.number], parts.numerator.reported, known)
    if groups is None:
        requirement = "`size` must be an integer of 1 or more"
        require(is_integer(size, least=1), requirement, "Use size=1", size=size)
        countries = sorted({*parts.members.take(candidates)})
        listed = {"+".join(own): frozenset(own) for own in combinations(countries, size)}
    else:
        listed = {}
        for group_name, own in groups.items():
            listed[group_name] = frozenset(map(parse_country, own))
            if not listed[group_name]:
                raise InvalidValue(
                    "a group must have a country",
                    row=group_name,
                    field="groups",
                    value="",
                    hint='Use groups={"name": ["BE", ...]}',
                )
    members = parts.members.categories
    belongs = np.array([[own in codes for own in members] for codes in listed.values()], dtype="?")
    belongs = belongs.reshape(len(listed), len(members))
    listed_in, reported_in = np.zeros((2, len(parts), len(members)), dtype=np.bool_)
    listed_in[parts.number, parts.members.codes] = True
    reported_in[parts.number[candidates], parts.members.codes[candidates]] = True
    # Of a published count, countries without rows remain.
    remains = np.where(
        published, ~(belongs @ (listed_in & ~reported_in).T), ~belongs @ reported_in.T
    )
    chosen = (belongs @ reported_in.T) & remains
    if groups is None:
        chosen &= ~(belongs @ ~reported_in.T)
    origin, group = np.nonzero(chosen.T) if groups is None else np.nonzero(chosen)[::-1]
    if not len(origin):
        raise InvalidValue(
            "`numbers` must have counts of more countries than are left out",
            field="numbers",
            value=", ".join(dict.fromkeys(parts.members.take(candidates))) or "no countries",
            hint="Use a table with rows for several countries",
        )
    every, name = parts.take(origin), Coded(group, list(listed))
    left = belongs[group[every.number], every.members.positions]
    result = _remaining(numbers.take(origin), every, left, published[origin])
    outside = _left_out(every, left)
    suppression = result.suppression
    areas = suppression.areas.combine(outside, frozenset.difference)
    some = areas.table(bool, np.bool_) | (suppression.areas.table(len, np.intp) == 0)
    result = evolve(
        result,
        caption=Message("{numbers} without some countries", numbers=numbers.caption),
        keys={**result.keys, "without": name},
        label=result.label.combine(
            name, lambda own, left: Message("{area} without {countries}", area=own, countries=left)
        ),
        area=result.area.combine(
            outside,
            lambda area, own: (
                Area.from_countries(area.members - own)
                if area.code == Area.from_countries(area.members).code
                else area.without(*own)
            ),
        ),
        contradictions=result.contradictions.combine(
            outside, lambda items, own: tuple(item for item in items if item.area not in own)
        ),
        breaks=result.breaks.combine(
            outside, lambda pairs, own: frozenset(pair for pair in pairs if pair[0] not in own)
        ),
        excess=result.excess.combine(
            outside, lambda item, own: None if item and own & {*item.areas} else item
        ),
        expected=result.expected.combine(outside, _less),
        suppression=Suppressions(
            cells=np.where(some, suppression.cells, 0),
            areas=areas,
            counts=suppression.counts.where(some, Ranges.zero(len(result))),
            narrowed=suppression.narrowed & some,
        ),
    )
    judged = apply_rules(defined(result), rules=numbers.rules, thresholds=numbers.thresholds)
    return as_kind(LeaveOut, judged, numbers=numbers, origin=origin)


def _left_out(parts: Parts, left: Mask) -> Coded[frozenset[str]]:
    """Return the countries that each number leaves out."""
    return sets_of(parts.number[left], parts.members.take(left), len(parts))


def _remaining(whole: Panel, parts: Parts, left: Mask, published: Mask) -> Panel:
    """Return the numbers over the countries that are not left out."""
    chosen, start = parts.reported & ~left, parts.start
    value = parts.pooled(chosen)
    bounds, with_unknown = parts.bounds(~left)
    some = ~value.missing
    above = parts.numerator.pool(start, chosen).where(some, parts.hull.pool(start, ~left))
    below = parts.base.pool(start, chosen).where(some, parts.base.pool(start, ~left))
    of_shares = (parts.is_share & some)[parts.number]
    unknown = parts.unknown.pool(start, np.where(of_shares, chosen, ~left))
    exact = parts.hull.is_point & (parts.hull_complement.is_point | _is_count(parts)[parts.number])
    row = parts.number[chosen]
    reporters = sets_of(row, parts.members.take(chosen), len(whole))
    n_reporters = np.bincount(row, minlength=len(whole))
    columns: dict[str, Any] = dict(
        zip(_COUNTS, map(Fractions.counts, (above, below, unknown)), strict=True)
    )
    columns |= {"value": value, "bounds": bounds, "bounds_with_unknown": with_unknown}
    if published.any():
        minus = _subtracted(whole, parts, left, columns)
        columns = {name: minus[name].where(published, own) for name, own in columns.items()}
        documented = whole.reporters.combine(_left_out(parts, left), _less)
        size = documented.table(lambda own: -1 if own is None else len(own), np.intp)
        rows = np.arange(len(whole)) + np.where(published, 0, len(whole))
        reporters = Coded.concat([documented, reporters]).take(rows)
        n_reporters = np.where(published, size, n_reporters)
    lost = np.isin(whole.status, (Status.OK, Status.CONFLICTING))
    gone = whole.status == Status.AMBIGUOUS
    has_value = ~columns["value"].missing & ~gone
    for name, own in columns.items():
        lacks = name in ("denominator", "unknown") and getattr(whole, name).missing
        columns[name] = own.without(gone | lacks)
    # The countries of an aggregate can narrow what remains without one of them.
    inexact = ~(parts.hull.is_point & parts.hull_complement.is_point)
    uncertain = published & parts.any_of(left & inexact)
    sides = {"hull": parts.numerator, "hull_complement": parts.complement}
    reported = {name: side.reported & ~left for name, side in sides.items()}
    nothing = Ranges.zero(len(left))
    raw_sides: dict[str, Any] = {
        name: side.where(reported[name], nothing) for name, side in sides.items()
    }
    raw = evolve(parts, **raw_sides).bounds(~left)[0]
    lacking = ~np.logical_and(*map(parts.any_of, reported.values()))
    status = np.where(has_value, Status.OK, np.where(lost, Status.NOT_REPORTED, whole.status))
    return evolve(
        whole,
        **columns,
        discrepancy=Fractions.none(len(whole)),
        all_reported=raw.without(lacking | whole.all_reported.missing),
        reporters=reporters,
        n_reporters=n_reporters,
        status=status.astype(np.int8),
        bounds_attained=(whole.bounds_attained & ~uncertain) | columns["bounds"].is_point,
        complete=~parts.any_of(~(parts.reported & exact) & ~left)
        & columns["value"].is_point
        & has_value,
        parts=parts.select(~left),
    )


_COUNTS = ("numerator", "denominator", "unknown")


def _subtracted(
    whole: Panel, parts: Parts, left: Mask, others: Mapping[str, Fractions]
) -> dict[str, Fractions]:
    """Return published numbers minus the counts of countries.

    Bounds are those of the published number where they equal its value, that is where it is of
    the whole area; else those of the other countries.
    """
    sides = parts.numerator, parts.base, parts.unknown
    counts = [
        getattr(whole, name).as_counts.minus(side.pool(parts.start, left))
        for name, side in zip(_COUNTS, sides, strict=True)
    ]
    above, below, unknown = counts
    joining = np.where(whole.unknown.missing, 0, unknown.upper)
    remainder = below.minus(above)
    with_all = whole.base.table(lambda own: own.rule == "all", np.bool_)
    apart = Ranges(
        np.where(with_all, remainder.minus(unknown).lower, remainder.lower),
        np.where(with_all, remainder.upper, remainder.upper + joining),
        remainder.reported,
    )
    every = np.ones(len(whole), dtype=np.bool_)
    remaining = Parts(
        start=np.arange(len(whole) + 1),
        members=Coded.constant("", len(whole)),
        numerator=above,
        complement=remainder.where(parts.is_share, below),
        reported=every,
        kind=parts.kind,
        numerator_with_unknown=Ranges(above.lower, above.upper + joining, above.reported).where(
            parts.is_share | _is_count(parts), above
        ),
        complement_with_unknown=apart.where(parts.is_share, below),
        base=below,
        positive_with_unknown=below.lower > 0,
    )
    value, wide = remaining.pooled(every), remaining.bounds(every)[1]
    own = whole.bounds.equals(whole.value)
    wide = wide.where(own, others["bounds_with_unknown"])
    return {
        **dict(zip(_COUNTS, map(Fractions.counts, counts), strict=True)),
        "value": value,
        "bounds": value.where(own, others["bounds"]),
        "bounds_with_unknown": value.where(whole.bounds_with_unknown.equals(whole.value), wide),
    }


def _less(names: frozenset[str] | None, countries: frozenset[str]) -> frozenset[str] | None:
    return None if names is None else names - countries


def _is_count(parts: Parts) -> Mask:
    return parts.kind.table(ResultKind.COUNT.__eq__, np.bool_)
