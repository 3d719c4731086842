"""Nearest comparable pairs."""

from collections.abc import Callable
from fractions import Fraction
from math import floor
from typing import Any

import numpy as np
from attrs import evolve, frozen

from thbstats.columns import Coded, Fractions
from thbstats.geography import Area
from thbstats.languages import Message
from thbstats.panel import Panel, Parts, ResultKind, Verdict
from thbstats.panel.result import bounds_of
from thbstats.rules.judgement import PairLevels, judge
from thbstats.rules.pairs import Pairs, countries_listed, countries_shared, over_countries
from thbstats.rules.rule import Level, Rule
from thbstats.values import Certainty, Interval, Period


@frozen(kw_only=True)
class Nearest:
    """Two comparable numbers, calculated from two numbers that are not comparable.

    Parameters
    ----------
    kind : ResultKind
        The kind of both.
    first, second : Interval
        The two numbers. Counts over periods of different length are per year.
    made_equal : tuple of str
        The properties: ``"reporters"``, ``"base"``, ``"period length"``, ``"precision"``.
    removes : tuple of str
        The codes of the warnings that the change removes.
    countries : tuple of str
        The countries of both numbers; empty if they are not restricted.
    verdict : Verdict
        Whether these two are comparable.
    """

    kind: ResultKind
    first: Interval
    second: Interval
    made_equal: tuple[str, ...]
    removes: tuple[str, ...]
    countries: tuple[str, ...] = ()
    verdict: Verdict

    @property
    def difference(self) -> Interval:
        """Second minus first, for independent bounds."""
        return self.second - self.first

    @property
    def formatted(self) -> str:
        """The difference as text."""
        return self.kind.format_difference(self.difference)

    def footnote(self) -> str:
        """Return both numbers, their difference and the equal properties in one sentence."""
        first, second = (self.kind.format_value(number) for number in (self.first, self.second))
        yearly = " per year" if "period length" in self.made_equal else ""
        size = len(self.countries)
        among = f", over {size} {'country' if size == 1 else 'countries'}" if size else ""
        return (
            f"{second} with {first}{yearly}, {self.formatted}{among}; made equal: "
            f"{', '.join(self.made_equal)}; removes {', '.join(self.removes)}; "
            f"{self.verdict.label}."
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the pair as plain data for JSON."""
        numbers, lists = ("first", "second", "difference"), ("made_equal", "removes", "countries")
        plain: dict[str, Any] = {name: bounds_of(getattr(self, name)) for name in numbers}
        plain |= {name: list(getattr(self, name)) for name in lists}
        return plain | {"verdict": str(self.verdict)}

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.footnote().removesuffix('.')}>"


def nearest_pair(
    judgement: PairLevels, rules: tuple[Rule, ...] | None
) -> tuple[Nearest | None, str]:
    """Return the nearest comparable pair, or the reason for its absence."""
    panel, levels = judgement.panel, judgement.levels
    if _verdict(judgement) is Verdict.COMPARABLE:
        return None, "the two numbers are comparable"
    done = []
    for name, equalize in _PROPERTIES.items() if panel.kind[0] is panel.kind[1] else ():
        changed = equalize(panel)
        if changed is not None:
            panel = changed
            done.append(name)
    if not done:
        return None, "no property of the two numbers can be made equal"
    panel = evolve(panel, rules=(), levels=panel.levels[:0])
    after = judge(Pairs(panel, *_ONE_PAIR), rules, judgement.thresholds)
    if "period length" in done:
        # Numbers per year still contain all days of both periods, with the breaks between them.
        spans = evolve(panel, period=judgement.panel.period)
        of_spans = judge(Pairs(spans, *_ONE_PAIR), rules, judgement.thresholds)
        is_length = np.array([[rule.code == "PERIOD"] for rule in after.rules])
        after = evolve(of_spans, levels=np.where(is_length, after.levels, of_spans.levels))
    # A rule that becomes not assessable is not removed.
    lost = (after.levels == Level.UNDOCUMENTED) & (levels > Level.UNDOCUMENTED)
    after = evolve(after, levels=np.where(lost, levels, after.levels))
    verdict = _verdict(after)
    if verdict in (Verdict.NOT_COMPARABLE, Verdict.NOT_ASSESSABLE):
        codes = after.codes(after.levels[:, 0] > Level.CAUTION)
        return None, Message("{codes} still apply", codes=codes)
    removes = after.codes((levels[:, 0] > Level.UNDOCUMENTED) & (after.levels[:, 0] == Level.PASS))
    if not removes:
        return None, "the properties that can be made equal remove no warning"
    return Nearest(
        kind=panel.kind[0],
        first=panel.row(0).value_or_bounds,
        second=panel.row(1).value_or_bounds,
        made_equal=tuple(done),
        removes=removes,
        countries=tuple(sorted(panel.area[0].members)) if "reporters" in done else (),
        verdict=verdict,
    ), ""


_ONE_PAIR = (np.array([0]), np.array([1]))


def _verdict(judgement: PairLevels) -> Verdict:
    return list(Verdict)[int(judgement.verdicts[0])]


def _with_row(panel: Panel, row: int, **fields: Any) -> Panel:
    """Return the panel with other values in one row."""
    columns = {}
    for name, value in fields.items():
        column = getattr(panel, name)
        items = [value if i == row else column[i] for i in range(len(panel))]
        columns[name] = type(column).from_values(items)
    return evolve(panel, **columns)


def _equal_base(panel: Panel) -> Panel | None:
    """Divide both shares by the persons of recorded category."""
    first, second = panel.base[0], panel.base[1]
    same = (first.dimension, first.within, first.overlap) == (
        second.dimension,
        second.within,
        second.overlap,
    )
    if {first.rule, second.rule} != {"all", "known"} or not same or _needs_restriction(panel):
        return None
    base, row = (second, 0) if first.rule == "all" else (first, 1)
    number = panel.row(row)
    if number.unknown is None or number.value is None:
        return None
    remainder = number.denominator - number.numerator - number.unknown
    remainder = Interval(
        max(remainder.lower or 0, 0), None if remainder.upper is None else max(remainder.upper, 0)
    )
    share, whole = Interval.share_of(number.numerator, remainder), number.numerator + remainder
    changed = _with_row(panel, row, base=base, denominator=whole, value=share, bounds=share)
    return evolve(changed, parts=Parts.empty(len(panel)))


def _needs_restriction(panel: Panel) -> bool:
    """Return whether the two numbers have different countries."""
    first, second = panel.row(0), panel.row(1)
    if len(first.area.members) == len(second.area.members) == 1:
        return False
    other_area = first.area.members != second.area.members
    return other_area or countries_listed(first) != countries_listed(second)


def _equal_reporters(panel: Panel) -> Panel | None:
    """Pool both numbers over the countries that reported both."""
    rows = [panel.row(0), panel.row(1)]
    countries = countries_shared(*rows) if _needs_restriction(panel) else None
    pooled = [over_countries(row, countries) for row in rows] if countries else [None]
    numbers = [own for own in pooled if own is not None]
    if not countries or len(numbers) < len(rows):
        return None
    columns: dict[str, Any] = {
        name: Fractions.from_values([own[name] for own in numbers]) for name in numbers[0]
    }
    is_share = panel.kind[0] is ResultKind.SHARE
    unbounded = Fractions.from_values([Interval(0, 1)] * len(panel))
    every = Coded.constant(countries, len(panel))
    return evolve(
        panel,
        **columns,
        bounds=columns["value"],
        # The counts of unknown category are not available by country.
        unknown=Fractions.none(len(panel)),
        bounds_with_unknown=unbounded if is_share else columns["value"],
        area=Coded.constant(Area.from_countries(countries), len(panel)),
        reporters=every,
        expected=every,
        n_reporters=np.full(len(panel), len(countries)),
    )


def _equal_length(panel: Panel) -> Panel | None:
    """Divide counts over calendar years without a common day by their years."""
    first, second = panel.period[0], panel.period[1]
    whole = all(
        period.is_calendar and period.certainty is Certainty.EXACT for period in (first, second)
    )
    if panel.kind[0] is not ResultKind.COUNT or not whole:
        return None
    if first.years == second.years or first.overlaps(second):
        return None
    for row, period in enumerate((first, second)):
        number, factor = panel.row(row), Fraction(1, period.years or 1)
        names = ("numerator", "value", "bounds", "bounds_with_unknown")
        result = {name: getattr(number, name) for name in names}
        scaled = {name: own.scale(factor) for name, own in result.items() if own is not None}
        year = period if period.start is None else Period.calendar(period.start.year)
        panel = _with_row(panel, row, period=year, **scaled)
    return evolve(panel, parts=Parts.empty(len(panel)))


def _equal_precision(panel: Panel) -> Panel | None:
    """Round the more precise number to the precision of the other number."""
    units = [None if own is None else own.unit for own in (panel.printed[0], panel.printed[1])]
    if units[0] == units[1]:
        return None
    unit = max(unit for unit in units if unit is not None)
    row = 1 if units[0] == unit else 0
    value = panel.row(row).value
    if value is None or value.lower is None or value.upper is None:
        return None
    half = Fraction(1, 2)
    lower, upper = (floor(bound / unit + half) * unit for bound in (value.lower, value.upper))
    rounded = Interval(lower - unit * half, upper + unit * half)
    return _with_row(panel, row, value=rounded, bounds=rounded)


_PROPERTIES: dict[str, Callable[[Panel], Panel | None]] = {
    "base": _equal_base,
    "reporters": _equal_reporters,
    "period length": _equal_length,
    "precision": _equal_precision,
}
