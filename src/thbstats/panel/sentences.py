"""One sentence on a number for readers without knowledge of statistics."""

from fractions import Fraction
from typing import TYPE_CHECKING

from thbstats.display import count, decimal
from thbstats.panel.kind import FLOW_RATIOS, ResultKind, Status, dimension_label
from thbstats.panel.names import category_name, lowered
from thbstats.values import Interval, Rational

if TYPE_CHECKING:
    from thbstats.panel.result import Result

_PERCENT = 100
_SCALES = {
    ResultKind.RATIO: _PERCENT,
    ResultKind.PER_100: _PERCENT,
    ResultKind.PER_100_000: 100_000,
    ResultKind.PER_MILLION: 1_000_000,
}


def sentence(result: "Result") -> str:
    """Return where and when, the number in words, and its range for the whole area."""
    reporters, missing = result.reporters, result.missing
    label, period = result.area.label, result.period
    named = f"the {label.partition(' (')[0]}" if label.startswith("EU of ") else label
    start = f"In {named} in {period}"
    if reporters is not None and len(reporters | missing) > 1:
        everyone = len(reporters | missing)
        countries = "EU countries" if label.startswith("EU of ") else f"countries of {label}"
        start = f"In all {everyone} {countries} in {period}"
        if missing:
            start = f"In the {len(reporters)} of {everyone} {countries} that reported for {period}"
    value = result.value
    if value is None:
        bounds = _range(result, result.bounds)
        status = "no number is available"
        if result.status is not Status.NO_DATA:
            status += f" ({result.status.label})"
        return f"{start}, {status}{f'; it can be {bounds}' if bounds else ''}."
    return f"{start}, {_number(result, value)}{_possible(result)}."


def _number(result: "Result", value: Interval) -> str:
    above, below = count(result.numerator), count(result.denominator)
    whole, kind = result.base.label, result.kind
    if kind is ResultKind.SHARE:
        within = {*result.base.within}
        own = [pair for pair in result.category if pair not in within]
        people = " and ".join(_people(name, str(code)) for name, code in own) or result.label
        return f"{_range(result, value)} {whole} were {people} ({above} of {below})"
    if kind in _SCALES:
        counted = result.numerator_kind.label
        text = f"there were {above} {counted} for {below} {whole}, {_range(result, value)}"
        return f"{text}; these are not the same cases" if kind in FLOW_RATIOS else text
    if kind is ResultKind.COUNT:
        return f"{_range(result, value)} {result.estimand} were counted"
    if kind is ResultKind.RELATIVE_CHANGE:
        counted = result.numerator_kind.label
        return (
            f"there were {above} {counted}, and {below} in the earlier period ({result.formatted})"
        )
    return f"{result.estimand}: {result.formatted}"


def _people(dimension: str, code: str) -> str:
    """Return the persons of a category."""
    name = lowered(category_name(dimension, code))
    if dimension == "exploitation" or code == "unknown":
        return f"{'victims' if dimension == 'exploitation' else 'persons'} of {name}"
    is_named = dimension in ("sex", "age", "citizenship")
    return name if is_named else f"in the category {name}"


def _range(result: "Result", number: Interval) -> str:
    """Return a number in words: about one value, or from one to another; empty without limit."""
    lowest, highest = result.kind.limits
    scale = _PERCENT if result.kind is ResultKind.SHARE else _SCALES.get(result.kind, 1)
    factor = Fraction(scale, result.kind.scale)
    if number.is_point and number.value is not None:
        scaled = number.value * factor
        about = "" if scaled == round(scaled) else "about "
        return f"{about}{_plain(scaled, 0, 1 if scale == _PERCENT else 10)}{_of(result)}"
    low = None if number.lower == lowest or number.lower is None else number.lower * factor
    high = None if number.upper == highest or number.upper is None else number.upper * factor
    if low is None and high is None:
        return ""
    # Bounds are rounded outwards.
    least = 1 if scale == _PERCENT else 10
    texts = [None if n is None else _plain(n, way, least) for n, way in ((low, -1), (high, 1))]
    if texts[0] is None:
        return f"at most {texts[1]}{_of(result)}"
    if texts[1] is None:
        return f"at least {texts[0]}{_of(result)}"
    return f"{texts[0]} to {texts[1]}{_of(result)}"


def _plain(number: Rational, way: int, least: int) -> str:
    """Return a number without decimals, or with one below `least`; -1 is down and 1 is up."""
    exact = Fraction(number)
    step = Fraction(1, 10) if abs(exact) < least and exact != round(exact) else Fraction(1)
    units = exact / step
    rounded = round(units) if way == 0 else (-((-units) // 1) if way > 0 else units // 1)
    return decimal(rounded * step, 1 if step < 1 and rounded % 10 else 0)


def _of(result: "Result") -> str:
    if result.kind is ResultKind.SHARE:
        return " of 100"
    scale = _SCALES.get(result.kind)
    return f" for each {count(scale)}" if scale else ""


def _possible(result: "Result") -> str:
    """Return what the number can be for the whole area, with the reasons."""
    wide = result.bounds_with_unknown
    if wide == result.value:
        return ""
    others, reasons = len(result.missing), []
    if others:
        reasons.append(f"the {others} other countries" if others > 1 else "the missing country")
    if result.suppression is not None and result.suppression.cells:
        reasons.append("suppressed counts")
    if wide != result.bounds:
        reasons.append(f"people of unknown {dimension_label(result.base.dimension, 'or')}")
    named = " and ".join([", ".join(reasons[:-1]), reasons[-1]] if reasons[1:] else reasons)
    bounds = _range(result, wide)
    if not bounds:
        return f"; too little is known about {named or 'some counts'} for a range of the whole area"
    return f"; if {named or 'missing counts'} are taken into account, {bounds}"
