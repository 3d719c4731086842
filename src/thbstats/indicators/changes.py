"""Changes of a count or a share between two periods."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.columns import Coded, Fractions, Ranges
from thbstats.errors import InvalidValue, NoSuchCell
from thbstats.indicators._grids import By, Where, grid_in, side_by_side
from thbstats.panel import Outcome, Panel, Result, ResultKind, Status
from thbstats.panel.cells import sets_of
from thbstats.panel.context import Contradiction
from thbstats.panel.counts import Counts, added, count_panel, counts_of
from thbstats.panel.grid import Grid, Selection, added_periods, selection_of
from thbstats.panel.kind import Base
from thbstats.panel.ratios import gravest
from thbstats.panel.shares import ShareQuestion, any_of, share_panel
from thbstats.rules import DEFAULTS, Finding, Pairs, Rule, Thresholds, check
from thbstats.rules.judgement import NO_VALUE, judge
from thbstats.tables import CountTable
from thbstats.values import Interval, Period

__all__ = ["Change", "change"]

Mask = NDArray[np.bool_]

_BASES = {"published": "as published", "like_for_like": "like for like"}
# Parts that together exceed their total can be forms of exploitation of one person.
_CONTRADICTORY = frozenset(("contradictory", "PART_ABOVE_TOTAL"))
_LISTED = 3


@frozen(kw_only=True, slots=False, eq=False, repr=False)
class Change(Panel):
    """Changes between two periods: a panel with the two numbers of each change.

    Parameters
    ----------
    earlier, later : Panel
        The older and the newer number of each row, with their own warnings.
    years : tuple of int
        The years by which the older and the newer count are divided.
    held_old, held_new : Fractions
        The part of the older and the newer published count that the countries with both periods
        hold; without number for shares, and where no country has rows.
    without : Fractions
        The change without the countries whose counts contradict each other; without number where
        there is none.
    with_parts : Fractions
        The change with the sum of the parts of such countries in place of their total.
    """

    earlier: Panel
    later: Panel
    years: tuple[int, int] = (1, 1)
    held_old: Fractions
    held_new: Fractions
    without: Fractions
    with_parts: Fractions

    def _taken(self, rows: NDArray[np.intp]) -> dict[str, Any]:
        return {name: getattr(self, name).take(rows) for name in _FURTHER}

    def leaving_out(self, i: int, area: str) -> Interval | None:
        """Return the change of one row without a country.

        Parameters
        ----------
        i : int
            The position of the row.
        area : str
            The code of the country.
        """
        sides = []
        for side in (self.earlier, self.later):
            parts = side.parts.take([i])
            others = parts.members.table(lambda member: member != area, np.bool_)
            sides.append(parts.pooled(parts.given & others))
        return _changed(*sides, self.kind[i], self.years)[0]

    def further_columns(self) -> dict[str, Any]:
        """Return the bounds of `held_old` and `held_new`."""
        return {
            f"{name}_{bound}": getattr(getattr(self, name), bound)
            for name in ("held_old", "held_new")
            for bound in ("lower", "upper")
        }


_FURTHER = ("earlier", "later", "held_old", "held_new", "without", "with_parts")


def change(
    table: CountTable,
    *,
    old: Where,
    new: Where,
    kind: str | None = None,
    basis: str | None = None,
    per: str | None = None,
    by: By = None,
    area: Where = None,
    share: Mapping[str, Any] | None = None,
    base: str | None = None,
    thresholds: Thresholds | None = None,
    rules: Iterable[Rule] | None = None,
    **selection: Any,
) -> Any:
    """Return the change of a count or a share between two periods.

    ``relative = (N - O) / O`` and ``difference = N - O``. As published, ``N`` and ``O`` are the
    counts of all countries that reported each period. Like for like, both are of the countries
    that reported both periods.

    Parameters
    ----------
    table : CountTable
        Counts of one kind.
    old, new : str, int, Period or sequence
        The older and the newer period; consecutive periods are added.
    kind : {"relative", "difference"}, optional
        By default relative for counts, and the difference in percentage points for shares.
    basis : {"published", "like_for_like"}, optional
        By default both, as rows with the key ``"basis"``.
    per : {"year"}, optional
        Divide each count by the years of its period.
    by, area : optional
        As for `share`; the periods are ``old`` and ``new``.
    share : mapping, optional
        The category of a share, such as ``{"sex": "female"}``, for the change of a share. The
        selection is then that of the denominator.
    base : {"all", "recorded", "mentions"}, optional
        The denominator of the share, as for `share`.
    thresholds, rules : optional
        As for `share`.
    **selection
        Attributes and categories, such as ``stage="convicted"``.

    Returns
    -------
    Change or Result
        Exact. ``bounds`` are those of the whole area for both bases. With one ``basis`` and
        without ``by``, one result.

    Raises
    ------
    NoSuchCell
        If the table has no such counts, or none in one of the periods.
    AmbiguousCell
        If the area or an attribute of the counts must be named.
    InvalidValue
        If an argument is none of what it can be, or a period has no whole years to divide by.

    Notes
    -----
    A change has the warnings of both numbers and of their comparison. Where the counts of a
    country contradict each other, CONTRADICTED also has the change without this country, and with
    the sum of its parts: `Change.without` and `Change.with_parts`.

    Comparability warnings: those of `total` and `share`, of `compare`, and SMALL_DENOMINATOR.

    Examples
    --------
    Convictions almost double as published, because France is new; like for like they grow by a
    quarter:

    >>> import thbstats as thb
    >>> rows = [("BE", 2020, 900), ("BE", 2021, 1300), ("FR", 2021, 900), ("DE", 2020, 395),
    ...         ("DE", 2021, 317)]
    >>> table = thb.CountTable.from_rows(
    ...     rows, columns=["area", "period", "value"], kind="justice", stage="convicted",
    ...     unit="persons",
    ... )
    >>> found = thb.change(table, old=2020, new=2021)
    >>> [row.shown for row in found], sorted(found["like for like"].reporters)
    (['+94.4 %', '+24.9 %'], ['BE', 'DE'])
    >>> found.held_new[1]
    Interval(539/839)

    Periods of three and of two years are compared per year:

    >>> rows = [("2010-2012", 30146), ("2013-2014", 15846)]
    >>> table = thb.CountTable.from_rows(
    ...     rows, columns=["period", "value"], kind="victims", area="EU28", status="registered"
    ... )
    >>> thb.change(table, old="2010-2012", new="2013-2014", per="year", basis="published").value
    Interval(-6377/30146)

    References
    ----------
    Eurostat, release of 9 February 2023: convictions grew by 54.9% from 2020 to 2021 over the
    countries that reported both years. COM(2016) 267 and COM(2018) 777: registered victims.
    """
    found_kind = _kind(kind, per, basis, share, base)
    by_names = () if by is None else (by,) if isinstance(by, str) else tuple(by)
    if "period" in by_names:
        raise InvalidValue(
            "a change names its two periods itself",
            field="by",
            value="period",
            mend='Leave it out of by=; total(..., by="period") returns all periods',
        )
    chosen = selection_of(table, selection, "a change")
    part = selection_of(table, share or {}, "a share")
    before, after = added_periods(old), added_periods(new)
    attributes = {**chosen.attributes, **part.attributes}
    grid = grid_in(
        table,
        Selection(attributes=attributes, categories=chosen.categories),
        by=by,
        area=area,
        period=after,
        named=part.categories if share else (),
    )
    earlier = grid.over(table, attributes, tuple(Coded.constant(own, len(grid)) for own in before))
    names = list(_BASES) if basis is None else [basis]
    years = (1, 1)
    if per:
        years = _years(before), _years(after)
    if share:
        sides = [
            share_panel(
                ShareQuestion(
                    grid=own,
                    names=tuple(part.categories),
                    chosen=part.categories,
                    within=chosen.categories,
                    base=base or "",
                    overlap=None,
                )
            )
            for own in (earlier, grid)
        ]
        panels = [_shares_of(*sides, name) for name in names]
        none = [Fractions.none(len(grid))] * 4
        further = [none for _ in names]
    else:
        first, second = counts_of(earlier, chosen.categories), counts_of(grid, chosen.categories)
        panels = [_counts_of(first, second, name) for name in names]
        further = [_further(first, second, name, found_kind, years) for name in names]
    for side, period in zip(panels[0], (before, after), strict=True):
        if (side.status == Status.NO_ROW).all():
            raise NoSuchCell(
                "the table has no such counts in this period",
                field="period",
                value=", ".join(map(str, period)),
                mend=f"The table has: {table!r}",
            )
    words = [_BASES[name] for name in names]
    order = np.arange(len(grid) * len(names)).reshape(len(names), -1).T.ravel()
    columns = [Fractions.concat(list(own)).take(order) for own in zip(*further, strict=True)]
    sides = [side_by_side(own, "basis", words) for own in zip(*panels, strict=True)]
    if basis is not None:
        sides = [evolve(side, keys=panels[0][0].keys) for side in sides]
    limits = DEFAULTS if thresholds is None else thresholds
    given = None if rules is None else tuple(rules)
    old_side, new_side = (check(side, thresholds=limits, rules=given) for side in sides)
    found = _panel(old_side, new_side, found_kind, years if per else None, columns)
    judged = _judged(found, bool(per), limits, given)
    if by is not None or basis is None:
        return judged
    for side in (judged.earlier, judged.later):
        side.only()
    return judged.only()


def _kind(
    kind: str | None,
    per: str | None,
    basis: str | None,
    share: Mapping[str, Any] | None,
    base: str | None,
) -> ResultKind:
    """Return the kind of the change, or refuse arguments that do not fit together."""
    kinds = ["difference"] if share else ["relative", "difference"]
    for name, value, allowed in (
        ("kind", kind, kinds),
        ("basis", basis, list(_BASES)),
        ("per", per, [] if share else ["year"]),
    ):
        if value is not None and value not in allowed:
            raise InvalidValue(
                f"a change of a {'share' if share else 'count'} has no such {name}",
                field=name,
                value=value,
                mend=f"Use {' or '.join(map(repr, allowed))}" if allowed else "Leave it out",
            )
    if base is not None and not share:
        raise InvalidValue(
            "`base` is for the change of a share",
            field="base",
            value=base,
            mend='Name the share, such as share={"sex": "female"}, or leave base out',
        )
    if share:
        return ResultKind.DIFFERENCE
    return ResultKind.CHANGE if kind == "difference" else ResultKind.RELATIVE_CHANGE


# The two numbers of each change


def _matched(old: Counts, new: Counts) -> Mask:
    """Return the countries with both periods."""
    matched: Mask = old.each.given & new.each.given & old.applies & new.applies
    return matched


def _counts_of(old: Counts, new: Counts, basis: str) -> tuple[Panel, Panel]:
    matched = None if basis == "published" else _matched(old, new)
    return count_panel(old, "total", matched), count_panel(new, "total", matched)


def _shares_of(old: Panel, new: Panel, basis: str) -> tuple[Panel, Panel]:
    if basis == "published":
        return old, new
    members = Coded.concat([old.parts.members, new.parts.members])
    number = np.concatenate([old.parts.number, new.parts.number])
    key = number * max(len(members.categories), 1) + members.codes
    keys = key[: len(old.parts.given)], key[len(old.parts.given) :]
    both = np.intersect1d(keys[0][old.parts.given], keys[1][new.parts.given])
    one, two = (
        _over(panel, np.isin(own, both)) for panel, own in zip((old, new), keys, strict=True)
    )
    return one, two


def _over(panel: Panel, chosen: Mask) -> Panel:
    """Return shares over some of their countries."""
    parts = panel.parts
    value = parts.pooled(chosen)
    sums = [
        Fractions.counts(own.pool(parts.start, chosen)) for own in (parts.numerator, parts.base)
    ]
    lost = value.missing & (panel.status == Status.OK)
    return evolve(
        panel,
        value=value,
        numerator=panel.numerator.where(value.missing, sums[0]),
        denominator=panel.denominator.where(value.missing, sums[1]),
        reporters=sets_of(parts.number[chosen], parts.members.take(chosen), len(panel)),
        n_reporters=np.bincount(parts.number[chosen], minlength=len(panel)),
        status=np.where(lost, np.int8(Status.NOT_REPORTED), panel.status),
        parts=evolve(parts, given=chosen),
    )


def _changed(old: Fractions, new: Fractions, kind: ResultKind, years: tuple[int, int]) -> Fractions:
    """Return the changes between numbers, each divided by some years."""
    if kind is not ResultKind.RELATIVE_CHANGE:
        return new.scale(Fraction(1, years[1])).minus(old.scale(Fraction(1, years[0])))
    quotient = Fractions.ratios(_ranges(new), _ranges(old)).without(old.missing | new.missing)
    one = Fractions.counts(Ranges.points(np.ones(len(old))))
    return quotient.scale(Fraction(*years)).minus(one)


def _ranges(counts: Fractions) -> Ranges:
    upper = np.where(counts.upper_den == 0, np.inf, counts.upper_num.astype(np.float64))
    return Ranges(counts.lower_num, upper, ~counts.missing)


# The counts that matched and contradictory countries hold


def _further(
    old: Counts, new: Counts, basis: str, kind: ResultKind, years: tuple[int, int]
) -> list[Fractions]:
    """Return what matched countries hold, and the change in two readings of contradictions."""
    grid, start, number = new.grid, new.grid.start, new.grid.number
    matched = _matched(old, new)
    listed = any_of(old.each.given | new.each.given, start)
    held, without, with_parts = [], [], []
    bad = _contradictory(grid, [old, new])
    active = np.zeros(len(grid), dtype=np.bool_)
    repaired = np.zeros(len(grid), dtype=np.bool_)
    for side in (old, new):
        given = side.each.given & side.applies
        held.append(_held(side, given, matched).without(~listed))
        from_area = side.published.given
        chosen = given & ~from_area[number]
        if basis == "like_for_like":
            from_area, chosen = np.zeros_like(from_area), matched
        active |= any_of(chosen & bad, start)
        kept = chosen & ~bad
        left = from_area | any_of(kept, start)
        without.append(Fractions.counts(side.used(kept, from_area)).without(~left))
        # The upper bound of the hull is the sum of the parts that exceed a total.
        above = bad & chosen & (side.hull.upper > side.each.upper) & np.isfinite(side.hull.upper)
        repaired |= any_of(above, start)
        points = Ranges(np.where(above, side.hull.upper, 0), side.hull.upper, side.each.given)
        other = evolve(side, each=points.where(above, side.each))
        some = from_area | any_of(chosen, start)
        with_parts.append(Fractions.counts(other.used(chosen, from_area)).without(~some))
    return [
        *held,
        _changed(*without, kind, years).without(~active),
        _changed(*with_parts, kind, years).without(~repaired),
    ]


def _held(side: Counts, given: Mask, matched: Mask) -> Fractions:
    start = side.grid.start
    part = side.each.pool(start, matched)
    others = side.each.pool(start, given & ~matched)
    rest = side.published.minus(part).where(side.published.given, others)
    return Fractions.shares(part, rest, (part.lower == 0) & (rest.lower == 0))


def _contradictory(grid: Grid, sides: Sequence[Counts]) -> Mask:
    """Return the countries whose counts contradict each other, in one of the periods."""
    found = np.logical_or.reduce([side.contradictory for side in sides])
    for side in sides:
        rows = np.flatnonzero(side.contradictions.table(bool, np.bool_))
        for i in rows.tolist():
            areas = _areas(side.contradictions[i])
            for entry in range(grid.start[i], grid.start[i + 1]):
                found[entry] |= grid.member[entry] in areas
    return found


def _areas(items: Iterable[Contradiction]) -> list[str]:
    return list(dict.fromkeys(item.area for item in items if item.code in _CONTRADICTORY))


# The panel and its warnings

_OF_THE_CHANGE = frozenset(("SUPPRESSED", "CONTRADICTED"))
"""The codes that a change gives for both of its numbers together."""


def _judged(
    found: Change, is_annual: bool, limits: Thresholds, rules: tuple[Rule, ...] | None
) -> Change:
    """Return changes with the warnings of both numbers, of their pair, and their own."""
    size = len(found)
    both = Panel.concat(
        [evolve(side, rules=(), levels=None) for side in (found.earlier, found.later)]
    )
    if is_annual:
        # A division by years answers the question of different lengths.
        both = evolve(both, kind=Coded.constant(ResultKind.PER_YEAR, 2 * size))
    pair = judge(Pairs(both, np.arange(size), np.arange(size) + size), rules, limits)
    own = check(found, thresholds=limits, rules=rules)
    levels = [
        (evolve(rule, words=_Readings(rule)) if rule.code == "CONTRADICTED" else rule, row)
        for rule, row in zip(own.rules, own.levels, strict=True)
    ]
    for name in ("earlier", "later"):
        side: Panel = getattr(found, name)
        levels += [
            (evolve(rule, words=_SideWords(rule, name)), row)
            for rule, row in zip(side.rules, side.levels, strict=True)
            if rule.code not in _OF_THE_CHANGE
        ]
    levels += [
        (evolve(rule, words=_PairWords(rule)), row)
        for rule, row in zip(pair.rules, pair.levels, strict=True)
        if rule.scope == "pair" and rule.code not in {NO_VALUE.code, *_OF_THE_CHANGE}
    ]
    applied = [(rule, row) for rule, row in levels if row.any()]
    return evolve(
        found,
        rules=tuple(rule for rule, _ in applied),
        thresholds=limits,
        levels=np.array([row for _, row in applied], dtype=np.int8).reshape(-1, size),
    )


def _panel(
    old: Panel,
    new: Panel,
    kind: ResultKind,
    years: tuple[int, int] | None,
    columns: list[Fractions],
) -> Change:
    size = len(new)
    lengths = years or (1, 1)
    is_share = kind is ResultKind.DIFFERENCE
    value, bounds, wide = (
        _changed(getattr(old, name), getattr(new, name), kind, lengths)
        for name in ("value", "bounds", "bounds_with_unknown")
    )
    held_old, held_new, without, with_parts = columns
    return Change(
        **{
            name: getattr(new, name)
            for name in ("area", "period", "counted", "against", "category", "reporters")
        },
        **{name: getattr(new, name) for name in ("expected", "n_reporters", "parts", "printed")},
        caption=f"change: {new.estimand[0]}" if size else "change",
        keys=new.keys,
        indicator=Coded.constant("change", size),
        kind=Coded.constant(kind, size),
        label=new.label.combine(
            old.period.combine(new.period, lambda first, second: f"{first} to {second}"),
            lambda label, span: f"{label}, {span}",
        ),
        estimand=new.estimand.combine(
            old.period.combine(new.period, lambda first, second: f"{second} against {first}"),
            lambda estimand, span: f"{estimand}: {span}",
        ),
        base=new.base
        if is_share
        else old.estimand.combine(
            old.period,
            lambda estimand, period: Base(
                rule="earlier", label=f"{estimand}, {period}{', per year' if years else ''}"
            ),
        ),
        sources=new.sources.combine(old.sources, lambda a, b: tuple(dict.fromkeys((*a, *b)))),
        breaks=new.breaks.combine(old.breaks, lambda a, b: a | b),
        inhabitants=Coded.constant(None, size),
        excess=Coded.constant(None, size),
        contradictions=old.contradictions.combine(
            new.contradictions, lambda a, b: tuple(dict.fromkeys((*a, *b)))
        ),
        notes=Coded.constant((), size),
        status=gravest(old.status, new.status),
        sharp=old.sharp & new.sharp,
        complete=old.complete & new.complete,
        flags=old.flags | new.flags,
        numerator=new.numerator.scale(Fraction(1, lengths[1])),
        denominator=new.denominator if is_share else old.numerator.scale(Fraction(1, lengths[0])),
        unknown=new.unknown,
        gap=Fractions.none(size),
        raw=Fractions.none(size),
        value=value,
        bounds=bounds,
        bounds_with_unknown=wide,
        suppression=added(old.suppression, new.suppression),
        earlier=old,
        later=new,
        years=lengths,
        held_old=held_old,
        held_new=held_new,
        without=without,
        with_parts=with_parts,
    )


def _years(periods: Sequence[Period]) -> int:
    period = periods[0] if len(periods) == 1 else Period.joined(periods)
    if period.years is None:
        raise InvalidValue(
            "an annual average needs whole years",
            field="period",
            value=str(period),
            mend='Leave out per="year", or give a period of whole years',
        )
    return period.years


@frozen
class _SideWords:
    """The words of a rule for one of the two numbers of a change."""

    rule: Rule
    side: str

    def __call__(self, number: Result, limits: Thresholds, outcome: Outcome) -> Finding:
        side: Panel = getattr(number.panel, self.side)
        return self.rule.words(side.row(number.position), limits, outcome)


@frozen
class _PairWords:
    """The words of a rule for both numbers of a change."""

    rule: Rule

    def __call__(self, number: Result, limits: Thresholds, outcome: Outcome) -> Finding:
        pair = (getattr(number.panel, side).row(number.position) for side in ("earlier", "later"))
        return self.rule.words(*pair, limits, outcome)


@frozen
class _Readings:
    """The words of CONTRADICTED, with the change in every reading of contradictory counts."""

    rule: Rule

    def __call__(self, number: Result, limits: Thresholds, outcome: Outcome) -> Finding:
        found = self.rule.words(number, limits, outcome)
        panel, i = number.panel, number.position
        if not isinstance(panel, Change) or panel.without[i] is None or number.value is None:
            return found
        behind = [
            getattr(panel, side).row(i).reporters or frozenset() for side in ("earlier", "later")
        ]
        areas = [area for area in _areas(number.contradictions) if area in behind[0] | behind[1]]
        names = ", ".join(areas[:_LISTED])
        if len(areas) > _LISTED:
            names += f" and {len(areas) - _LISTED} more"
        show = number.kind.show
        readings = [(f"with {names}", number.shown)]
        if len(areas) > 1:
            alone = [(area, panel.leaving_out(i, area)) for area in areas[:_LISTED]]
            readings += [(f"without {area}", show(left)) for area, left in alone if left]
        left = show(panel.without[i] or Interval(None, None))
        readings.append((f"without {names}", left))
        parts = panel.with_parts[i]
        if parts is not None:
            whose = "its" if len(areas) == 1 else "their"
            readings.append((f"with the sum of {whose} parts", show(parts)))
        changes = "changes" if left != number.shown else "stays the same"
        return evolve(
            found,
            evidence=(*found.evidence, *readings, (f"printed result without {names}", changes)),
        )
