"""Numbers to be judged, made by hand: a share, a ratio or a count, as a table would give it."""

from collections.abc import Iterable
from typing import Any

from attrs import evolve

from thbstats.comparability import DEFAULTS, Rule, Thresholds
from thbstats.geography import parse_area
from thbstats.records import Source
from thbstats.results import (
    Answer,
    Base,
    ComparabilityWarning,
    Context,
    Exposure,
    Measure,
    Parts,
    Range,
    Ratio,
    Result,
    Results,
    Series,
    Share,
)
from thbstats.values import Interval, Percent, Period

VICTIMS = Series("victims", [("status", "registered"), ("unit", "persons")])
SOURCE = Source(title="A report")


def justice(stage: str, unit: str = "persons", offence: str = "trafficking") -> Series:
    """Return a flow; an empty text is not stated."""
    attributes = [("stage", stage), ("unit", unit), ("offence", offence)]
    return Series("justice", [(name, word) for name, word in attributes if word])


def victims(status: str = "registered", unit: str = "persons") -> Series:
    return Series("victims", [("status", status), ("unit", unit)])


def context(
    area: str = "BE", period: str = "2015", counted: Series = VICTIMS, **more: Any
) -> Context:
    """Return a context; every country of the area has reported, unless it says otherwise."""
    where = parse_area(area)
    known = {"reporters": where.members, "expected": where.members} | more
    for name in ("reporters", "expected"):
        known[name] = None if known[name] is None else frozenset(known[name])
    return Context(
        area=where,
        period=Period.parse(period),
        counted=counted,
        against=known.pop("against", counted),
        **known,
    )


def interval(number: int | Interval) -> Interval:
    return number if isinstance(number, Interval) else Interval.point(number)


def share(
    part: int | Interval,
    base: int | Interval,
    *,
    unknown: int | Interval | None = 0,
    rule: str = "recorded",
    dimension: tuple[str, ...] = ("sex",),
    within: tuple[tuple[str, str], ...] = (),
    overlap: str = "exclusive",
    category: tuple[tuple[str, str], ...] = (("sex", "female"),),
    possible: Interval | None = None,
    gap: Interval | None = Interval.point(0),  # noqa: B008, it cannot change
    label: str = "female",
    where: Context | None = None,
    **more: Any,
) -> Share:
    """Return a share of victims: of those with a recorded sex in Belgium in 2015, by default."""
    numerator, denominator = interval(part), interval(base)
    points = numerator.is_point and denominator.is_point
    found = Interval.share_of(numerator, denominator - numerator) if points else Interval(0, 1)
    number = Share(
        indicator="share",
        label=label,
        measure=Measure.SHARE,
        category=category,
        numerator=numerator,
        denominator=denominator,
        base=Base(
            rule=rule,
            label="registered victims",
            dimension=dimension,
            within=within,
            overlap=overlap,
        ),
        estimand="recorded as female among registered victims",
        reported=found,
        bounds=found,
        possible=possible or Interval(0, 1),
        unknown=None if unknown is None else interval(unknown),
        gap=gap,
        context=where or context(),
    )
    return evolve(number, **more)


def printed(text: str, **more: Any) -> Share:
    """Return a percentage as a publication prints it."""
    percent = Percent(text)
    found = {"printed": percent, "reported": percent.interval, "bounds": percent.interval}
    return share(Interval.at_least(0), Interval.at_least(0), **{**found, **more})


def ratio(
    numerator: int | Interval,
    denominator: int | Interval,
    *,
    counted: Series | None = None,
    against: Series | None = None,
    measure: str = "ratio",
    **more: Any,
) -> Ratio:
    """Return a ratio of flows: convictions over prosecutions in Belgium in 2015, by default."""
    above, below = interval(numerator), interval(denominator)
    counted = counted or justice("convicted")
    against = against or justice("prosecuted")
    where = {name: more.pop(name) for name in ("area", "period") if name in more}
    kind = Measure(measure)
    found = Interval.ratio(above, below).scale(100 if kind is Measure.PER_100 else 1)
    number = Ratio(
        indicator="funnel",
        label="convicted / prosecuted",
        measure=kind,
        numerator=above,
        denominator=below,
        base=Base(rule="series", label=against.label),
        estimand="persons convicted per person prosecuted",
        reported=found,
        bounds=found,
        possible=found,
        context=context(**where, counted=counted, against=against),
    )
    return evolve(number, **more)


def rate(
    area: str = "BE",
    period: str = "2015",
    *,
    population: str | None = None,
    counted: Iterable[str] = ("2015-01-01/2015-01-01",),
) -> Ratio:
    """Return a rate of victims, over the inhabitants of the same area at some times."""
    inhabitants = Exposure(
        area=parse_area(population or area),
        counted=[Period.parse(when) for when in counted],
        sources=[SOURCE],
    )
    against = Series("population", [("unit", "persons")])
    number = ratio(12, 514_564, area=area, period=period, counted=VICTIMS, against=against)
    return evolve(
        number,
        measure=Measure.PER_100_000,
        base=Base(rule="population", label="population"),
        context=evolve(number.context, exposure=inhabitants),
    )


def protection(measure: str = "assistance", unit: str = "persons", **more: str) -> Series:
    return Series("protection", [("measure", measure), ("unit", unit), *more.items()])


def count(number: int | Interval, where: Context | None = None, **more: Any) -> Result:
    """Return a count of victims, in Belgium in 2015 by default."""
    found = interval(number)
    result = Result(
        indicator="total",
        label="total",
        measure=Measure.COUNT,
        numerator=found,
        denominator=Interval.point(1),
        base=Base(rule="none", label="no base"),
        estimand="registered victims",
        reported=found,
        bounds=found,
        possible=found,
        context=where or context(),
    )
    return evolve(result, **more)


def parts(
    measure: str = "share", given: Iterable[bool] | None = None, **members: tuple[Any, Any]
) -> Parts:
    """Return what countries add: numerator and rest of each; (lower, upper) where it is open."""
    columns = zip(*members.values(), strict=True)
    sides = [[side if isinstance(side, tuple) else (side, side) for side in one] for one in columns]
    ranges = [Range([low for low, _ in one], [high for _, high in one]) for one in sides]
    return Parts(
        members=tuple(members),
        numerator=ranges[0],
        rest=ranges[1],
        given=[True] * len(members) if given is None else list(given),
        measure=Measure(measure),
    )


def column(*numbers: Result) -> Results:
    return Results(caption="numbers", items=numbers)


def judged(
    rules: tuple[Rule, ...], a: Result, b: Result | None = None, **limits: Any
) -> ComparabilityWarning | None:
    """Return what the rule for a number, or for a pair, finds; nothing where it holds."""
    scope = "number" if b is None else "pair"
    (rule,) = (rule for rule in rules if rule.scope == scope)
    second, thresholds = b or a, Thresholds(**limits) if limits else DEFAULTS
    codes = rule.check(column(a), column(second), thresholds)
    assert codes.dtype == "int8"
    answer = Answer.of(codes[0])
    if answer is Answer.HOLDS:
        return None
    return rule.warn(a, second, thresholds, answer)
