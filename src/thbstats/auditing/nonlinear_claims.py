"""Comparisons of claims that are not linear constraints on counts."""

from fractions import Fraction
from math import ceil, floor, inf

from attrs import evolve

from thbstats.auditing.arithmetic import before, counts_of_change, explanation, has_sum
from thbstats.auditing.judgements import (
    UNPLACED,
    Judgement,
    again,
    citations,
    consistent,
    contradicted,
    formatted,
    larger,
    not_assessable,
)
from thbstats.auditing.orders import judge_direction, judge_ranking
from thbstats.auditing.rounding_methods import RateChange, Span, bits_of, ways_of
from thbstats.auditing.verdicts import ClaimVerdict
from thbstats.claims import Claim, ClaimKind, Figures, cell_of, is_settled, whole_of
from thbstats.claims.counted_cells import area_of
from thbstats.claims.wording import quoted
from thbstats.display import Amount, count, decimal, signed_percent
from thbstats.errors import ThbstatsError
from thbstats.geography import Area
from thbstats.lists import Lists, dependence, distinct, models
from thbstats.values import Interval, Percent

_POPULATION = ("sex", "age", "citizenship")
"""The dimensions of a population; the others are of what happens in it."""

_MORE_DECIMALS = 2
"""The decimals of a ratio of counts beyond those of the printed one."""

_QUALITATIVE = not_assessable("Qualitative statement (no figure).")


def compared(figures: Figures, claim: Claim) -> Judgement:
    """Return the judgement of a claim that no system of counts contains."""
    kind = claim.kind
    if kind is ClaimKind.NUMBER:
        return not_assessable(f"{formatted(claim)} is not a count.")
    if kind in (ClaimKind.RANKING, ClaimKind.DIRECTION):
        return (judge_ranking if kind is ClaimKind.RANKING else judge_direction)(figures, claim)
    if not claim.printed or (kind is ClaimKind.CHANGE and claim.since is None):
        return _QUALITATIVE
    if claim.is_hedged:
        return _hedged(figures, claim)
    contradicting = _other_value(figures, claim)
    if contradicting is not None:
        return contradicting
    if kind is ClaimKind.CHANGE and claim.per:
        return _change_of_rates(figures, claim)
    judges = {ClaimKind.RATE: _rate, ClaimKind.RATIO: _ratio}
    return judges.get(kind, _other)(figures, claim)


def _other_value(figures: Figures, claim: Claim) -> Judgement | None:
    """Return the contradiction by another value of the same number, or ``None``."""
    others = [o for o in figures.same(claim) if not figures.rules.agree(o, claim)]
    others = [o for o in others if claim.is_quoted or not o.is_quoted]
    if not others:
        return None
    text = f"{formatted(claim)} here, {citations(others)}"
    if is_settled(claim):
        return contradicted(f"{text} for the same {claim.kind}.", others)
    return not_assessable(f"{text}: {UNPLACED}")


def _other(figures: Figures, claim: Claim) -> Judgement:
    """Return the judgement of a count or a percentage of a category without a code."""
    cell, is_less = cell_of(claim), figures.rules.is_less
    for part, whole in (
        *((claim, item) for item in figures.above(cell)),
        *((item, claim) for item in figures.below(cell)),
    ):
        if claim.kind is ClaimKind.COUNT and is_less(whole, part):
            return contradicted(larger(part, whole), [whole if part == claim else part])
    text = explanation(figures, claim)
    if again(figures, claim) or has_sum(figures, claim):
        return consistent(text)
    alone = f"{formatted(claim)} is published once, and no other figure relates to it."
    return not_assessable(text or alone)


def _hedged(figures: Figures, claim: Claim) -> Judgement:
    """Return the judgement of a number that the text qualifies, which is not exact."""
    text, exact_claim = explanation(figures, evolve(claim, wording="")), evolve(claim, wording="")
    pair = counts_of_change(figures, claim) if claim.kind is ClaimKind.CHANGE else None
    fits = bool(again(figures, claim))
    if pair is not None and pair[1].upper != 0:
        judgement = _divided(figures, exact_claim, pair, text.removesuffix("."))
        text, fits = judgement.message, judgement.verdict is not ClaimVerdict.CONTRADICTED
    before_it = f"The text has {quoted(claim.wording)} before {formatted(claim)}."
    message = f"{before_it} {text}".strip()
    return consistent(message) if fits else not_assessable(message)


# Ratios and changes of rates, which have a numerator and a denominator.


def _divided(
    figures: Figures, claim: Claim, pair: tuple[Interval, Interval] | RateChange, text: str
) -> Judgement:
    """Return the judgement of a number by its numerator and its denominator."""
    number, ways = claim.change or claim.rate or Percent("0"), bits_of(figures.rules.method(claim))
    if isinstance(pair, RateChange):
        fits, is_exact = pair.fits(number, ways_of(ways)), pair.implies(number, ways_of(ways))
    else:
        value = Interval.ratio(*pair)
        # The value of a ratio as a percentage is 1/100 of it.
        value = value - Interval.point(1) if claim.change else value.scale(Fraction(1, 100))
        room = Span((value.lower or 0, 0), (inf if value.upper is None else value.upper, 0))
        printed = [Span.of(evolve(number, rounding=way)) for way in ways_of(ways)]
        fits = any(room.overlaps(span) for span in printed)
        is_exact = pair[0].is_point and pair[1].is_point
    if not fits:
        return contradicted(f"{text}, not {formatted(claim)}.")
    same = "" if claim.per else again(figures, claim)
    return consistent(f"{text}. {same}".strip(), is_exact=is_exact)


def _ratio(figures: Figures, claim: Claim) -> Judgement:
    top, base = figures.count(cell_of(claim)), figures.count(whole_of(claim))
    if claim.rate is None or top is None or base is None or base.upper == 0:
        return _unpublished(figures, claim, f"{formatted(claim)}; its two counts are not published")
    decimals = claim.rate.decimals + _MORE_DECIMALS
    text = f"{count(top)} / {count(base)} is {decimal(Interval.ratio(top, base), decimals)}"
    judgement = _divided(figures, claim, (top, base), text)
    counts = [o for cell in (cell_of(claim), whole_of(claim)) for o in figures.of_cell(cell)]
    return evolve(judgement, against=tuple(counts))


def _change_of_rates(figures: Figures, claim: Claim) -> Judgement:
    rates = [r for r in figures.rates if (r.kind, r.per) == (ClaimKind.RATE, claim.per)]
    cells = (cell_of(claim), before(claim))
    pair = [next((r for r in rates if cell_of(r).is_same(cell)), None) for cell in cells]
    numbers = [figures.rules.rounded(rate) for rate in pair if rate is not None]
    if len(numbers) < 2 or claim.change is None:
        text = f"{formatted(claim)} since {claim.since}; the rates of both periods"
        return not_assessable(f"{text} are not published.")
    change = RateChange(*filter(None, numbers))
    room = signed_percent(change.room().interval, claim.change.decimals + 1)
    text = f"From {change.old.printed} to {change.new.printed} per {count(claim.per)}"
    judgement = _divided(figures, claim, change, f"{text}, each rounded, is {room}")
    return evolve(judgement, against=tuple(filter(None, pair)))


def _unpublished(figures: Figures, claim: Claim, text: str) -> Judgement:
    same = again(figures, claim)
    return consistent(f"{text}. {same}") if same else not_assessable(f"{text}.")


# Rates: with its count, a rate gives its population.


def _rate(figures: Figures, claim: Claim) -> Judgement:
    def key(rate: Claim) -> tuple[object, ...]:
        cell = cell_of(rate)
        codes = frozenset(pair for pair in cell.codes if pair[0] in _POPULATION)
        return rate.kind, cell.members, cell.period, codes

    rivals = [rate for rate in figures.rates if key(rate) == key(claim) and rate is not claim]
    for other in rivals:
        for part, whole in ((claim, other), (other, claim)):
            is_inside = cell_of(part).is_inside(cell_of(whole)) and part.per == whole.per
            if is_inside and figures.rules.is_less(whole, part):
                return contradicted(larger(part, whole), [other])
    own, same = _population(figures, claim), again(figures, claim)
    if own is None:
        return _unpublished(figures, claim, f"{formatted(claim)}; the count is not published")
    needs = _needs_population(figures, claim, own)
    populations = {rival: _population(figures, rival) for rival in rivals}
    for rival, population in populations.items():
        if population is not None and not population.overlaps(own):
            rival_needs = _needs_population(figures, rival, population)
            text = f"{needs}, {rival_needs}: no population fits both."
            counts = [o for rate in (claim, rival) for o in figures.of_cell(cell_of(rate))]
            return contradicted(text, [rival, *counts])
    if same or any(populations.values()):
        return consistent(f"{needs}. {same}".strip())
    return not_assessable(f"{needs}.")


def _population(figures: Figures, claim: Claim) -> Span | None:
    """Return the population of a rate with a printed count."""
    number, rate = figures.count(cell_of(claim)), figures.rules.rounded(claim)
    if number is None or rate is None or not number.upper:
        return None
    low, high = 100 * Fraction(rate.lower), 100 * Fraction(rate.upper)
    either = figures.rules.has_either_tie(claim)
    lower = (claim.per * Fraction(number.lower or 0) / high, int(not (rate.upper_closed or either)))
    if low <= 0:
        return Span(lower)
    return Span(
        lower,
        (claim.per * Fraction(number.upper) / low, -int(not (rate.lower_closed or either))),
    )


def _needs_population(figures: Figures, claim: Claim, population: Span) -> str:
    number, needed = figures.count(cell_of(claim)), population.interval
    least, most = ceil(needed.lower or 0), needed.upper
    bounds = (
        f"at least {count(least)}" if most is None else f"{count(least)} to {count(floor(most))}"
    )
    text = f"{formatted(claim)} of {count(number or Interval.at_least(0))}"
    return f"{text} requires a population of {bounds}"


def judge_estimate(claim: Claim, lists: Lists | None) -> tuple[Judgement, str]:
    """Return the judgement of an estimate, and a remark on a range that is too narrow.

    Only the persons on the lists contradict an estimate.
    """
    if lists is None or claim.estimate is None:
        return not_assessable("The lists behind the estimate are not given (option lists)."), ""
    area, periods = area_of(claim), {claim.period, lists.period} - {claim.period.not_stated()}
    is_elsewhere = area and lists.area.members and lists.area != Area.parse(area)
    if is_elsewhere or len(periods) > 1:
        return not_assessable("The lists are of another area or period."), ""
    low, high = claim.estimate.lower or 0, claim.estimate.upper or 0
    least = int(distinct(lists).bounds.lower or 0)
    if high < least:
        n = Amount(least)
        return contradicted(f"The lists contain at least {n} distinct {n:person|persons}."), ""
    statement = f"{dependence(lists).statement}."
    try:
        near = models(lists).ranges.get(10)
    except ThbstatsError as error:
        return not_assessable(f"{statement} No models: {error.problem}."), ""
    if near is None:
        return not_assessable(f"{statement} No model has an estimate."), ""
    near = Interval(floor(near.lower or 0), ceil(near.upper or 0))
    text = f"Models within 10 BIC points of the best give {count(near)} persons. {statement}"
    if not near.overlaps(claim.estimate):
        return not_assessable(text), "No model near the best gives a number in this range."
    is_narrow = low > (near.lower or 0) or high < (near.upper or 0)
    remark = "It is narrower than the range of these models." if is_narrow else ""
    return consistent(text), remark
