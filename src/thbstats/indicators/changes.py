"""Changes of a count or a share between two periods."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from operator import attrgetter
from typing import Any, ClassVar, overload

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.columns import Coded, Fractions, Mask, Ranges
from thbstats.columns.ranges import any_of
from thbstats.errors import NoSuchCell, require
from thbstats.indicators import _shared
from thbstats.indicators._shared import Areas, By, Names, Periods, Reading, as_kind, indicator
from thbstats.languages import Message, joined
from thbstats.panel import Outcome, Panel, Result, ResultKind, Status
from thbstats.panel.frame_fields import FrameField, bound_field
from thbstats.panel.grid import added_periods, selection_of
from thbstats.panel.kind import Base
from thbstats.panel.pooled_counts import PanelCounts, count_panel, counts_of, most_severe, united
from thbstats.panel.share_panels import share_panel
from thbstats.records.kind_schema import names_of
from thbstats.rules import DEFAULTS, Pairs, Rule, Thresholds, WarningText, apply_rules
from thbstats.rules.judgement import NO_VALUE, judge
from thbstats.rules.rule import checked_rules
from thbstats.tables import CountTable
from thbstats.values import Interval, Period

__all__ = ["Change", "change"]

Years = tuple[int, int]
"""The years by which the older and the newer number are divided."""

COLUMNS = ("coverage_old", "coverage_new", "with_published", "with_sum_of_parts")

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
    coverage_old, coverage_new : Fractions
        The share of the countries with both periods in the older and the newer published count;
        missing for shares, and where no country has rows.
    with_published : Fractions
        The change with the published totals of the countries whose counts contradict each other;
        missing without such a country.
    with_sum_of_parts : Fractions
        The change with the sum of the parts of such countries in place of their total.
    """

    _further: ClassVar[tuple[str, ...]] = ("earlier", "later", *COLUMNS)

    frame_fields: ClassVar[tuple[FrameField, ...]] = tuple(
        bound_field(
            f"coverage_{side}_{bound}",
            f"{bound.capitalize()} bound of the share of matched countries in the {side} count",
            attrgetter(f"coverage_{side}.{bound}"),
        )
        for side in ("old", "new")
        for bound in ("lower", "upper")
    )

    earlier: Panel
    later: Panel
    years: Years = (1, 1)
    coverage_old: Fractions
    coverage_new: Fractions
    with_published: Fractions
    with_sum_of_parts: Fractions

    @property
    def _shown_period(self) -> Coded[str]:
        """Both periods of each row as text."""
        return self.earlier.period.combine(self.period, "{} to {}".format)


def changed(old: Fractions, new: Fractions, kind: ResultKind, years: Years) -> Fractions:
    """Return the changes between numbers."""
    if kind is not ResultKind.RELATIVE_CHANGE:
        return new.scale(Fraction(1, years[1])).minus(old.scale(Fraction(1, years[0])))
    quotient = Fractions.ratios(new.as_counts, old.as_counts).without(old.missing | new.missing)
    unit = Fractions.counts(Ranges.points(np.ones(len(old))))
    return quotient.scale(Fraction(*years)).minus(unit)


_OF_THE_CHANGE = frozenset(("SUPPRESSED", "CONTRADICTED"))
"""The codes that a change has for both of its numbers together."""


def with_warnings(
    changes: Change, is_annual: bool, thresholds: Thresholds, rules: tuple[Rule, ...] | None
) -> Change:
    """Return changes with the warnings of the numbers, pairs and changes."""
    size = len(changes)
    none: dict[str, Any] = {"rules": (), "levels": np.zeros((0, size), dtype=np.int8)}
    both = Panel.concat([evolve(side, **none) for side in (changes.earlier, changes.later)])
    if is_annual:
        # A division by years answers the question of different lengths.
        both = evolve(both, kind=Coded.constant(ResultKind.PER_YEAR, 2 * size))
    pair = judge(Pairs(both, np.arange(size), np.arange(size) + size), rules, thresholds)
    own = apply_rules(changes, thresholds=thresholds, rules=rules)
    levels = [
        (evolve(rule, text=_Readings(rule)) if rule.code == "CONTRADICTED" else rule, row)
        for rule, row in zip(own.rules, own.levels, strict=True)
    ]
    sides: list[tuple[Any, tuple[str, ...], frozenset[str]]] = [
        (changes.earlier, ("earlier",), _OF_THE_CHANGE),
        (changes.later, ("later",), _OF_THE_CHANGE),
        (pair, ("earlier", "later"), _OF_THE_CHANGE | {NO_VALUE.code}),
    ]
    levels += [
        (evolve(rule, text=_SideText(rule, names)), row)
        for judged, names, excluded in sides
        for rule, row in zip(judged.rules, judged.levels, strict=True)
        if rule.code not in excluded and (len(names) == 1 or rule.scope == "pair")
    ]
    applied = [(rule, row) for rule, row in levels if row.any()]
    return evolve(
        changes,
        rules=tuple(rule for rule, _ in applied),
        thresholds=thresholds,
        levels=np.array([row for _, row in applied], dtype=np.int8).reshape(-1, size),
    )


@frozen
class _SideText:
    """The text of a rule for one number of a change, or for both."""

    rule: Rule
    sides: tuple[str, ...]

    def __call__(self, number: Result, limits: Thresholds, outcome: Outcome) -> WarningText:
        rows = [getattr(number.panel, side).row(number.position) for side in self.sides]
        text = self.rule.text(*rows, limits, outcome)
        if len(rows) > 1 or self.rule.is_limitation or outcome is not Outcome.FAIL:
            return text
        return evolve(text, evidence=(("period", str(rows[0].period)), *text.evidence))


@frozen
class _Readings:
    """The text of CONTRADICTED with all versions of a change."""

    rule: Rule

    def __call__(self, number: Result, limits: Thresholds, outcome: Outcome) -> WarningText:
        text = self.rule.text(number, limits, outcome)
        panel, i = number.panel, number.position
        if not isinstance(panel, Change) or panel.with_published[i] is None:
            return text
        items = (own for own in number.contradictions if own.code in _CONTRADICTORY)
        areas = list(dict.fromkeys(own.area for own in items))
        names = ", ".join(areas[:_LISTED])
        if len(areas) > _LISTED:
            names += f" and {len(areas) - _LISTED} more"
        show = number.kind.format_value
        # The other period of such a country can be in the change as published.
        readings = [("printed result", number.formatted)]
        published = show(panel.with_published[i] or Interval(None, None))
        readings.append((f"with {names} as published", published))
        parts = panel.with_sum_of_parts[i]
        if parts is not None:
            whose = "its" if len(areas) == 1 else "their"
            readings.append((f"with the sum of {whose} parts", show(parts)))
        return evolve(text, evidence=(*text.evidence, *readings))


Codes = NDArray[np.int8]

_COUNTRIES = {"all": "as published", "same": "like for like"}


@overload
def change(
    table: CountTable, *, old: Periods, new: Periods, countries: None = None, **options: Any
) -> Change: ...
@overload
def change(
    table: CountTable, *, old: Periods, new: Periods, by: str | Sequence[str], **options: Any
) -> Change: ...
@overload
def change(
    table: CountTable, *, old: Periods, new: Periods, countries: str, **options: Any
) -> Result: ...
@indicator("relative_change")
def change(
    table: CountTable, *, old: Periods, new: Periods, measure: str | None = None,
    countries: str | None = None, per: str | None = None, by: By = None, area: Areas = None,
    complete_dimensions: Names = None, contradictory: Reading = "leave_out",
    thresholds: Thresholds | None = None, rules: Iterable[Rule] | None = None,
    share: Mapping[str, Any] | None = None, base: str | None = None, **where: Any,
) -> Any:  # fmt: skip
    """Return the change of a count or a share between two periods.

    ``relative = (N - O) / O`` and ``difference = N - O``. As published, ``N`` and ``O`` are the
    counts of all countries that reported each period. Like for like, both are counts of the
    countries that reported both periods.

    Parameters
    ----------
    table : CountTable
        Counts of one kind.
    old, new : str, int, Period or sequence
        The older and the newer period, both with counts; consecutive periods are added.
    measure : {"relative", "difference"}, optional
        By default relative for counts, and the difference in percentage points for shares.
    countries : {"all", "same"}, optional
        As published over all countries of each period, or like for like over the countries that
        reported both. By default both, as rows with the key ``"countries"``.
    per : {"year"}, optional
        Divide each count by the years of its period. Periods must consist of whole years.
    by, area, complete_dimensions, contradictory, thresholds, rules : optional
        As for `share`; the periods are ``old`` and ``new``.
    share : mapping, optional
        The category of a share, such as ``{"sex": "female"}``, for the change of a share. The
        selection is then that of the denominator.
    base : {"all", "known", "responses"}, optional
        The denominator of the share, as for `share`.
    **where
        Attributes and categories, such as ``stage="convicted"``.

    Returns
    -------
    Change or Result
        The number is exact. Its ``bounds`` are for the whole area in both periods. With
        ``countries`` and without ``by``, one result.

    Raises
    ------
    NoSuchCell, AmbiguousCell, InvalidValue
        As for `total`.

    Notes
    -----
    A change has the warnings of both numbers and of their comparison. A country whose counts
    contradict each other is not in its value. CONTRADICTED also shows the change with this country
    as published, and with the sum of its parts: `Change.with_published` and
    `Change.with_sum_of_parts`.

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
    >>> [row.formatted for row in found], sorted(found["like for like"].reporters)
    (['+94.4%', '+24.9%'], ['BE', 'DE'])
    >>> found.coverage_new[1]
    Interval(539/839)

    Periods of three and of two years are compared per year:

    >>> rows = [("2010-2012", 30146), ("2013-2014", 15846)]
    >>> table = thb.CountTable.from_rows(
    ...     rows, columns=["period", "value"], kind="victims", area="EU28", status="registered"
    ... )
    >>> thb.change(table, old="2010-2012", new="2013-2014", per="year", countries="all").value
    Interval(-6377/30146)

    References
    ----------
    Eurostat, release of 9 February 2023: convictions grew by 54.9% from 2020 to 2021 over the
    countries that reported both years. COM(2016) 267 and COM(2018) 777: registered victims.
    """
    thing = "share" if share else "count"
    measures = ["difference"] if share else ["relative", "difference"]
    for name, value, allowed in (
        ("measure", measure, measures),
        ("countries", countries, list(_COUNTRIES)),
        ("per", per, [] if share else ["year"]),
    ):
        require(
            value is None or value in allowed,
            f"`{name}` must be {' or '.join(map(repr, allowed)) or 'left out'} for a {thing}",
            f"Use {name}={allowed[0]!r}" if allowed else f"Remove {name}=",
            **{name: value},
        )
    require(
        base is None or share,
        "`base` must be left out for a count",
        'For the change of a share pass share={"sex": "female"}',
        base=base,
    )
    require(
        "period" not in names_of(by),
        "`by` must not contain 'period'",
        'Use total(..., by="period") for all periods',
        by="period",
    )
    result_kind = ResultKind.DIFFERENCE if share else (
        ResultKind.CHANGE if measure == "difference" else ResultKind.RELATIVE_CHANGE
    )  # fmt: skip
    older, newer = added_periods(old), added_periods(new)
    table = _shared.divided_by_attribute(table, share) if share else table
    both = selection_of(table, {**where, **(share or {})})
    scope: dict[str, Any] = {"by": by, "area": area, "period": newer, "compared": older}
    scope |= {"complete_dimensions": complete_dimensions, "contradictory": contradictory}
    question = None
    if share:
        question = _shared.question_of(table, share, where, base=base or "", **scope)
    grid = _shared.grid_in(table, both, **scope) if question is None else question.grid
    windows = tuple(Coded.constant(own, len(grid)) for own in older)
    earlier = grid.with_table(table, both.attributes, windows)
    for side, period in ((earlier, older), (grid, newer)):
        if (side.period < 0).all():
            raise NoSuchCell(
                f"No counts for {', '.join(map(str, period))}",
                field="period",
                value=", ".join(map(str, period)),
                hint=f"The table has {side.table.contents}",
            )
    bases = list(_COUNTRIES) if countries is None else [countries]
    years = (_years(older), _years(newer)) if per else (1, 1)
    if question is not None:
        shares = [share_panel(evolve(question, grid=own)) for own in (earlier, grid)]
        panels = [shares if name == "all" else _matched_shares(*shares) for name in bases]
        columns = [[Fractions.none(len(grid))] * 4] * len(bases)
    else:
        counts = [counts_of(own, both.categories) for own in (earlier, grid)]
        reported = [own.reported for own in counts]
        matched = reported[0] & reported[1]
        panels = [
            [count_panel(own, "total", None if name == "all" else matched) for own in counts]
            for name in bases
        ]
        columns = [_change_columns(counts, matched, name, result_kind, years) for name in bases]
    order = np.arange(len(grid) * len(bases)).reshape(len(bases), -1).T.ravel()
    joined = [Fractions.concat(list(own)).take(order) for own in zip(*columns, strict=True)]
    sides = zip(*panels, strict=True)
    applied: dict[str, Any] = {
        "thresholds": DEFAULTS if thresholds is None else thresholds,
        "rules": None if rules is None else checked_rules(rules),
    }
    first, second = (
        apply_rules(
            _shared.defined(
                _shared.side_by_side(own, "countries", [_COUNTRIES[name] for name in bases])
                if countries is None
                else own[0]
            ),
            **applied,
        )
        for own in sides
    )
    result = _changes_of(first, second, result_kind, years if per else None, joined)
    judged = with_warnings(_shared.defined(result), bool(per), **applied)
    if by is not None or countries is None:
        return judged
    judged.earlier.scalar()
    judged.later.scalar()
    return judged.scalar()


def _matched_shares(old: Panel, new: Panel) -> list[Panel]:
    """Return shares over the countries with data for both periods."""
    members = Coded.concat([old.parts.members, new.parts.members])
    number = np.concatenate([old.parts.number, new.parts.number])
    key = number * max(len(members.categories), 1) + members.codes
    keys = np.split(key, [len(old.parts.reported)])
    both = np.intersect1d(keys[0][old.parts.reported], keys[1][new.parts.reported])
    pairs = zip((old, new), keys, strict=True)
    return [_shared.shares_over(panel, np.isin(own, both)) for panel, own in pairs]


def _years(periods: Sequence[Period]) -> int:
    period = periods[0] if len(periods) == 1 else Period.joined(periods)
    require(
        period.years is not None,
        "the period of an annual average must consist of whole years",
        'Remove per="year", or pass a period of whole years',
        period=str(period),
    )
    return period.years or 1


def _change_columns(
    counts: Sequence[PanelCounts], matched: Mask, countries: str, kind: ResultKind, years: Years
) -> list[Fractions]:
    """Return the shares of matched countries, and two other readings of the change."""
    grid = counts[1].grid
    start, number = grid.start, grid.number
    listed = any_of(counts[0].by_country.reported | counts[1].by_country.reported, start)
    coverage: list[Fractions] = []
    readings: tuple[list[Fractions], list[Fractions]] = [], []
    # Countries whose counts contradict each other in one of the periods.
    stated = [side.by_country.reported & side.applies for side in counts]
    contradicted: Mask = np.logical_or.reduce(
        [own & side.contradictory for own, side in zip(stated, counts, strict=True)]
    )
    active, repaired = any_of(contradicted, start), np.zeros(len(grid), dtype=np.bool_)
    for side, every in zip(counts, stated, strict=True):
        reported = side.reported
        part, others = (side.by_country.pool(start, own) for own in (matched, reported & ~matched))
        remainder = side.published.minus(part).where(side.published.reported, others)
        empty = (part.lower == 0) & (remainder.lower == 0)
        coverage.append(Fractions.shares(part, remainder, empty).without(~listed))
        from_area = side.published.reported & (countries == "all")
        chosen = stated[0] & stated[1] if countries == "same" else every
        chosen = chosen & ~from_area[number]
        some = from_area | any_of(chosen, start)
        differs = (side.summed.lower != side.by_country.lower) & side.contradictory
        repaired |= any_of(chosen & differs, start)
        for column, own in zip(readings, (side.by_country, side.summed), strict=True):
            used = evolve(side, by_country=own).used(chosen, from_area)
            column.append(Fractions.counts(used).without(~some))
    published, summed = (changed(older, newer, kind, years) for older, newer in readings)
    return [*coverage, published.without(~active), summed.without(~repaired)]


def _status_of(old: Codes, new: Codes) -> Codes:
    """Return the status of changes; a change has no value if a denominator is 0."""
    others = (np.where(own == Status.UNDEFINED, np.int8(Status.OK), own) for own in (old, new))
    result = most_severe(*others)
    undefined = ((old == Status.UNDEFINED) | (new == Status.UNDEFINED)) & (result == Status.OK)
    return np.where(undefined, np.int8(Status.UNDEFINED), result)


def _changes_of(
    old: Panel, new: Panel, kind: ResultKind, years: Years | None, columns: list[Fractions]
) -> Change:
    """Return changes without warnings."""
    size, (old_years, new_years) = len(new), years or (1, 1)
    is_share, text = kind is ResultKind.DIFFERENCE, "Change in {counted}"
    if is_share:
        text = "Change in the share of {counted}"
    span = old.period.combine(
        new.period, lambda first, second: Message("{first} to {second}", first=first, second=second)
    )
    against = old.period.combine(
        new.period,
        lambda first, second: Message("{second} against {first}", first=first, second=second),
    )
    earlier = old.estimand.combine(
        old.period,
        lambda own, period: Base(
            rule="earlier",
            label=Message("{counted}, {period}, per year", counted=own, period=period)
            if years
            else Message("{counted}, {period}", counted=own, period=period),
        ),
    )
    numbers = {
        name: changed(getattr(old, name), getattr(new, name), kind, (old_years, new_years))
        for name in ("value", "bounds", "bounds_with_unknown")
    }
    panel = _shared.derived(
        new,
        caption=Message(text, counted=new.estimand[0]) if size else Message("Change"),
        indicator="change",
        kind=kind,
        label=new.label.combine(span, lambda own, years: joined((own, years), ", ")),
        estimand=new.estimand.combine(
            against,
            lambda own, periods: Message("{counted}: {periods}", counted=own, periods=periods),
        ),
        base=new.base if is_share else earlier,
        sources=new.sources.combine(old.sources, united),
        breaks=new.breaks.combine(old.breaks, frozenset.union),
        inhabitants=None,
        excess=None,
        contradictions=old.contradictions.combine(new.contradictions, united),
        notes=(),
        status=_status_of(old.status, new.status),
        bounds_attained=old.bounds_attained & new.bounds_attained,
        complete=old.complete & new.complete,
        flags=old.flags | new.flags,
        numerator=new.numerator.scale(Fraction(1, new_years)),
        denominator=new.denominator if is_share else old.numerator.scale(Fraction(1, old_years)),
        suppression=old.suppression + new.suppression,
        parts=new.parts,
        **numbers,
    )
    own = dict(zip(COLUMNS, columns, strict=True))
    return as_kind(Change, panel, earlier=old, later=new, years=(old_years, new_years), **own)
