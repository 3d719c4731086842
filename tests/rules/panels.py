"""Small panels built by hand, and what a rule finds in them."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import pytest

from thbstats.columns import Coded, Ranges
from thbstats.geography import Area
from thbstats.panel import (
    Base,
    ComparabilityWarning,
    CountKind,
    Inhabitants,
    Panel,
    Parts,
    Result,
    ResultKind,
    panel_from_rows,
)
from thbstats.records import CountingRules, Source
from thbstats.rules import rules_with
from thbstats.rules.pairs import Pairs
from thbstats.rules.rule import DEFAULTS, Rule, Thresholds
from thbstats.values import Interval, Percent, Period

VICTIMS = CountKind("victims", [("status", "registered"), ("unit", "persons")])
SOURCE = Source(title="A report")

Row = dict[str, Any]


def victims(status: str = "registered", unit: str = "persons", **more: str) -> CountKind:
    """Return a kind of victims; an empty text is not stated."""
    return _kind("victims", {"status": status, "unit": unit, **more})


def justice(stage: str, unit: str = "persons", offence: str = "trafficking") -> CountKind:
    """Return a flow of justice; an empty text is not stated."""
    return _kind("justice", {"stage": stage, "unit": unit, "offence": offence})


def protection(measure: str = "assistance", unit: str = "persons", **more: str) -> CountKind:
    """Return a flow of protection."""
    return _kind("protection", {"measure": measure, "unit": unit, **more})


def _kind(kind: str, attributes: dict[str, str]) -> CountKind:
    return CountKind(kind, [(name, word) for name, word in attributes.items() if word])


def interval(number: int | Interval) -> Interval:
    return number if isinstance(number, Interval) else Interval.point(number)


def row(
    area: str = "BE", period: str = "2015", numerator_kind: CountKind = VICTIMS, **more: Any
) -> Row:
    """Return the fields that all rows share; every country reported unless `more` differs."""
    where = Area.parse(area)
    result: Row = {
        "indicator": "total",
        "kind": ResultKind.COUNT,
        "label": "total",
        "estimand": "registered victims",
        "base": Base(rule="none", label="no base"),
        "area": where,
        "period": Period.parse(period),
        "numerator_kind": numerator_kind,
        "denominator_kind": numerator_kind,
        "reporters": where.members,
        "expected": where.members,
    } | more
    for name in ("reporters", "expected"):
        result[name] = None if result[name] is None else frozenset(result[name])
    return result


def count(number: int | Interval = 9, area: str = "BE", period: str = "2015", **more: Any) -> Row:
    """Return a count of victims, in Belgium in 2015 by default."""
    result = interval(number)
    numbers = dict.fromkeys(("numerator", "value", "bounds", "bounds_with_unknown"), result)
    return row(area, period, **(numbers | {"denominator": Interval.point(1)} | more))


def share(
    part: int | Interval = 68,
    base: int | Interval = 98,
    area: str = "BE",
    period: str = "2015",
    *,
    rule: str = "known",
    dimension: tuple[str, ...] = ("sex",),
    within: tuple[tuple[str, str], ...] = (),
    overlap: str = "exclusive",
    **more: Any,
) -> Row:
    """Return a share of victims: of those with a recorded sex in Belgium in 2015, by default."""
    numerator, denominator = interval(part), interval(base)
    points = numerator.is_point and denominator.is_point
    result = Interval.share_of(numerator, denominator - numerator) if points else Interval(0, 1)
    fields: Row = {
        "indicator": "share",
        "label": "female",
        "kind": ResultKind.SHARE,
        "category": (("sex", "female"),),
        "numerator": numerator,
        "denominator": denominator,
        "unknown": Interval.point(0),
        "discrepancy": Interval.point(0),
        "base": Base(
            rule=rule,
            label="registered victims",
            dimension=dimension,
            within=within,
            overlap=overlap,
        ),
        "value": result,
        "bounds": result,
        "bounds_with_unknown": Interval(0, 1),
    }
    return row(area, period, **(fields | more))


def printed(text: str, **more: Any) -> Row:
    """Return a percentage as a publication prints it."""
    percent = Percent(text)
    fields: Row = {"printed": percent, "value": percent.interval, "bounds": percent.interval}
    return share(Interval.at_least(0), Interval.at_least(0), **(fields | more))


def ratio(
    numerator: int | Interval = 3,
    denominator: int | Interval = 4,
    area: str = "BE",
    period: str = "2015",
    *,
    kind: str = "ratio",
    **more: Any,
) -> Row:
    """Return a ratio of flows: convictions over prosecutions in Belgium in 2015, by default."""
    above, below = interval(numerator), interval(denominator)
    sides: Row = {
        "numerator_kind": justice("convicted"),
        "denominator_kind": justice("prosecuted"),
    } | more
    result = Interval.ratio(above, below).scale(ResultKind(kind).scale)
    fields: Row = {
        "indicator": "ratio",
        "kind": ResultKind(kind),
        "label": "convicted / prosecuted",
        "numerator": above,
        "denominator": below,
        "base": Base(rule="series", label=sides["denominator_kind"].label),
        "value": result,
        "bounds": result,
        "bounds_with_unknown": result,
    } | sides
    return row(area, period, **fields)


def rate(
    area: str = "BE",
    period: str = "2015",
    *,
    population: str | None = None,
    counted: Iterable[str] = ("2015-01-01/2015-01-01",),
) -> Row:
    """Return a rate of victims over the population of the same area."""
    inhabitants = Inhabitants(
        area=Area.parse(population or area),
        counted=[Period.parse(when) for when in counted],
        sources=[SOURCE],
    )
    return ratio(
        12,
        514_564,
        area,
        period,
        kind="per_100_000",
        numerator_kind=VICTIMS,
        denominator_kind=CountKind("population", [("unit", "persons")]),
        base=Base(rule="population", label="population"),
        inhabitants=inhabitants,
    )


def parts(kind: str = "share", given: Iterable[bool] | None = None, **members: Any) -> Parts:
    """Return the counts of countries: numerator and rest of each; (lower, upper) where open."""
    columns = zip(*members.values(), strict=True)
    sides = [
        [side if isinstance(side, tuple) else (side, side) for side in single] for single in columns
    ]
    ranges = [
        Ranges([low for low, _ in single], [high for _, high in single], np.ones(len(single)))
        for single in sides
    ]
    return Parts(
        start=[0, len(members)],
        members=Coded.from_values(members),
        numerator=ranges[0],
        complement=ranges[1],
        reported=[True] * len(members) if given is None else list(given),
        kind=Coded.constant(ResultKind(kind), 1),
    )


def panel(*rows: Row) -> Panel:
    return panel_from_rows("numbers", rows)


def one(fields: Row) -> Result:
    return panel(fields).row(0)


def limits(**changed: Any) -> Thresholds:
    return Thresholds(**changed) if changed else DEFAULTS


def rules_of(code: str, documents: Iterable[CountingRules] = ()) -> tuple[Rule, ...]:
    return tuple(rule for rule in rules_with(documents) if rule.code == code)


def found(rules: Sequence[Rule], *fields: Row, **changed: Any) -> list[Any]:
    """Return the warning of the rule for numbers in each row; ``None`` where it passes."""
    (rule,) = (rule for rule in rules if rule.scope == "number")
    numbers, thresholds = panel(*fields), limits(**changed)
    levels = rule.levels(numbers, thresholds)
    assert levels.dtype == "int8"
    return [
        rule.warn(numbers.row(i), thresholds, level) if level else None
        for i, level in enumerate(levels.tolist())
    ]


def judged(rules: Sequence[Rule], fields: Row, **changed: Any) -> Any:
    """Return the warning of the rule for numbers in one row; ``None`` where it passes."""
    return found(rules, fields, **changed)[0]


def compared(rules: Sequence[Rule], first: Row, second: Row, **changed: Any) -> Any:
    """Return the warning of the rule for pairs in two rows; ``None`` where it passes."""
    (rule,) = (rule for rule in rules if rule.scope == "pair")
    numbers, thresholds = panel(first, second), limits(**changed)
    (level,) = rule.levels(Pairs(numbers, np.array([0]), np.array([1])), thresholds).tolist()
    return rule.warn(numbers.row(0), numbers.row(1), thresholds, level) if level else None


Expected = tuple[str, str] | None
NOTE, CAUTION, BLOCKING = ("fail", "note"), ("fail", "caution"), ("fail", "blocking")
OPEN = ("not_assessable", "note")


def summary(warning: ComparabilityWarning | None) -> tuple[str, str] | None:
    """Return outcome and severity; ``None`` where a rule holds."""
    return None if warning is None else (str(warning.outcome), str(warning.severity))


def number_cases(rules: Sequence[Rule], *cases: tuple[Row, Expected]) -> Callable[..., None]:
    """Return a test of outcome and severity of the rule for numbers, alone and at once."""
    rows, outcomes = zip(*cases, strict=True)

    @pytest.mark.parametrize(
        ("fields", "expected"), [(rows, outcomes), *(((row,), (own,)) for row, own in cases)]
    )
    def test(fields: tuple[Row, ...], expected: tuple[Expected, ...]) -> None:
        assert tuple(map(summary, found(rules, *fields))) == expected

    return test


def pair_cases(rules: Sequence[Rule], *cases: tuple[Row, Row, Expected]) -> Callable[..., None]:
    """Return a test of outcome and severity of the rule for pairs, in both orders."""

    @pytest.mark.parametrize(("first", "second", "expected"), cases)
    def test(first: Row, second: Row, expected: Expected) -> None:
        assert summary(compared(rules, first, second)) == expected
        assert summary(compared(rules, second, first)) == expected

    return test
