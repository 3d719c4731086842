"""One sentence on a number for readers without knowledge of statistics."""

from fractions import Fraction
from typing import TYPE_CHECKING

from thbstats.display import count, decimal
from thbstats.languages import Message, joined
from thbstats.panel.kind import FLOW_RATIOS, ResultKind, Status, dimension_label
from thbstats.panel.names import category_name, lowered, with_article
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
    start = _where(result)
    if result.value is not None:
        figure, possible = _number(result, result.value), _possible(result)
        return Message(
            "{start}, {figure}{possible}.", start=start, figure=figure, possible=possible
        )
    status, bounds = Message("no number is available"), _range(result, result.bounds)
    if result.status is not Status.NO_DATA:
        status = Message("no number is available ({status})", status=result.status.label)
    if not bounds:
        return Message("{start}, {status}.", start=start, status=status)
    text = "{start}, {status}; it can be {bounds}."
    return Message(text, start=start, status=status, bounds=bounds)


def _where(result: "Result") -> str:
    """Return the area, the period and the number of reporting countries."""
    is_union = result.area.label.startswith("EU of ")
    n, total = len(result.reporters or ()), len((result.reporters or frozenset()) | result.missing)
    own = {"n": n, "total": total, "area": with_article(result.area.label)}
    own["period"] = result.period
    if result.reporters is None or total < 2:
        if is_union:
            n = len(result.area.members)
            return Message("In the EU of {n} members in {period}", n=n, period=result.period)
        return Message("In {area} in {period}", **own)
    if is_union and result.missing:
        return Message("In the {n} of {total} EU countries that reported for {period}", **own)
    if is_union:
        return Message("In all {total} EU countries in {period}", **own)
    if result.missing:
        text = "In the {n} of {total} countries of {area} that reported for {period}"
        return Message(text, **own)
    return Message("In all {total} countries of {area} in {period}", **own)


def _number(result: "Result", value: Interval) -> str:
    kind, number = result.kind, _range(result, value)
    own = {
        "numerator": count(result.numerator), "denominator": count(result.denominator),
        "base": result.base.label, "counted": result.numerator_kind.label, "number": number,
    }  # fmt: skip
    if kind is ResultKind.SHARE:
        pairs = [pair for pair in result.category if pair not in {*result.base.within}]
        people = joined((_people(name, str(code)) for name, code in pairs), separator=" and ")
        text = "{number} {base} were {people} ({numerator} of {denominator})"
        return Message(text, people=people or result.label, **own)
    if kind in _SCALES:
        ratio = Message(
            "there were {numerator} {counted} for {denominator} {base}, {number}", **own
        )
        if kind in FLOW_RATIOS:
            return Message("{ratio}; these are not the same cases", ratio=ratio)
        return ratio
    if kind is ResultKind.COUNT:
        return Message("{number} {counted} were counted", number=number, counted=result.estimand)
    own["number"] = result.formatted
    if kind is ResultKind.RELATIVE_CHANGE:
        text = (
            "there were {numerator} {counted}, and {denominator} in the earlier period ({number})"
        )
        return Message(text, **own)
    return Message("{counted}: {number}", **own | {"counted": result.estimand})


def _people(dimension: str, code: str) -> str:
    """Return the persons of a category."""
    name = lowered(category_name(dimension, code))
    if dimension == "exploitation":
        return Message("victims of {form}", form=name)
    if dimension in ("sex", "age", "citizenship"):
        return name
    return Message("in the category {category}", category=name)


def _range(result: "Result", number: Interval) -> str:
    """Return a number in words: about one value, or from one to another; empty without limit."""
    lowest, highest = result.kind.limits
    scale = _PERCENT if result.kind is ResultKind.SHARE else _SCALES.get(result.kind, 1)
    factor = Fraction(scale, result.kind.scale)
    if number.is_point and number.value is not None:
        scaled = number.value * factor
        text = _plain(scaled, 0, 1 if scale == _PERCENT else 10)
        is_exact = scaled == round(scaled)
        return _of(result, text if is_exact else Message("about {number}", number=text))
    low = None if number.lower == lowest or number.lower is None else number.lower * factor
    high = None if number.upper == highest or number.upper is None else number.upper * factor
    # Bounds are rounded outwards.
    least = 1 if scale == _PERCENT else 10
    lower = None if low is None else _plain(low, -1, least)
    upper = None if high is None else _plain(high, 1, least)
    if lower is None and upper is None:
        return ""
    if lower is None:
        return _of(result, Message("at most {number}", number=upper))
    if upper is None:
        return _of(result, Message("at least {number}", number=lower))
    return _of(result, Message("{lower} to {upper}", lower=lower, upper=upper))


def _plain(number: Rational, way: int, least: int) -> str:
    """Return a number without decimals, or with one below `least`; -1 is down and 1 is up."""
    exact = Fraction(number)
    step = Fraction(1, 10) if abs(exact) < least and exact != round(exact) else Fraction(1)
    units = exact / step
    rounded = round(units) if way == 0 else (-((-units) // 1) if way > 0 else units // 1)
    return decimal(rounded * step, 1 if step < 1 and rounded % 10 else 0)


def _of(result: "Result", number: str) -> str:
    if result.kind is ResultKind.SHARE:
        return Message("{number} of 100", number=number)
    scale = _SCALES.get(result.kind)
    if not scale:
        return number
    return Message("{number} for each {scale}", number=number, scale=count(scale))


def _possible(result: "Result") -> str:
    """Return what the number can be for the whole area, with the reasons."""
    wide = result.bounds_with_unknown
    if wide == result.value:
        return ""
    others, reasons = len(result.missing), list[str]()
    if others:
        missing = Message("the missing country")
        reasons.append(Message("the {n} other countries", n=others) if others > 1 else missing)
    if result.suppression is not None and result.suppression.cells:
        reasons.append(Message("suppressed counts"))
    if wide != result.bounds:
        names = result.base.dimension or [name for name, _ in result.category]
        unknown = Message("people of unknown {dimension}", dimension=dimension_label(names, "or"))
        reasons += [unknown] if names else []
    bounds, named = _range(result, wide), joined(reasons)
    if bounds:
        text = "; if {reasons} are taken into account, {bounds}"
        return Message(text, reasons=named or Message("missing counts"), bounds=bounds)
    text = "; too little is known about {reasons} for a range of the whole area"
    return Message(text, reasons=named or Message("some counts"))
