"""Judges of claims with a number: counts, shares, changes, rates and ratios."""

from collections.abc import Mapping
from fractions import Fraction
from math import ceil, floor

from attrs import evolve

from thbstats.auditing.checks import VERDICTS, judge_rows
from thbstats.auditing.figures import CHANGE, RATIO, FigureColumns
from thbstats.auditing.judgements import (
    QUALITATIVE,
    QUOTED,
    UNPLACED,
    Judgement,
    add_up,
    added,
    again,
    beyond_all,
    citation,
    citations,
    consistent,
    contradicted,
    formatted,
    not_assessable,
)
from thbstats.auditing.order_judges import compared_direction
from thbstats.auditing.rounding import NEAREST, RateChange, Span
from thbstats.auditing.verdicts import ClaimVerdict
from thbstats.claims import (
    Claim,
    ClaimKind,
    CountCell,
    Figures,
    cell_of,
    dimension_of,
    is_settled,
    whole_of,
)
from thbstats.claims.figures import agree, less, percent_of
from thbstats.display import count, decimal, percent, signed_percent
from thbstats.panel import ResultKind, dimension_label
from thbstats.values import Interval, Percent
from thbstats.vocabulary import Stage

_POPULATION = ("sex", "age", "citizenship")
"""The dimensions of a population; the others are of what happens in it."""

_MORE_DECIMALS = 2
"""The decimals of a ratio of counts beyond those of the printed one."""

Counts = tuple[Interval, Interval] | RateChange
"""The numerator and the denominator of a claim: two counts, or two rounded rates."""


def judge_number(figures: Figures, claim: Claim, verdict: ClaimVerdict | None) -> Judgement:
    """Return the judgement of a number by the other claims.

    A number with numerator and denominator has a verdict of `verdicts_of_rows`.
    """
    if not claim.printed or (claim.kind is ClaimKind.CHANGE and claim.since is None):
        return QUALITATIVE
    number, others = formatted(claim), figures.same(claim)
    tail = f" for the same {claim.kind}."
    if claim.at_least:
        lower = [o for o in others if less(o, claim)] if is_settled(claim) else []
        if lower:
            return contradicted(f"At least {number} here, {citations(lower[:1])}{tail}", lower[:1])
        return not_assessable(f"{number} is published as a lower bound.")
    # Another value of the same number.
    others = [o for o in others if not agree(claim, o) and (claim.is_quoted or not o.is_quoted)]
    compared, text = None, f"{number} here, {citations(others)}"
    if others and is_settled(claim):
        compared = contradicted(f"{text}{tail}{QUOTED if claim.is_quoted else ''}", others)
    elif others:
        compared = not_assessable(f"{text}: {UNPLACED}")
    if claim.kind is ClaimKind.COUNT:
        return _count(figures, claim, compared)
    if compared is not None:
        return compared
    if claim.kind is ClaimKind.SHARE:
        return _share(figures, claim)
    if claim.kind is ClaimKind.RATE:
        return _rate(figures, claim)
    return _divided(figures, claim, verdict)


def _larger(part: Claim, whole: Claim) -> str:
    return f"{citation(part)} is a part of {citation(whole)}, but it is larger."


# Changes and ratios: rows with a numerator and a denominator.


def operands(figures: Figures, claim: Claim) -> Counts | None:
    """Return the two counts, or the two rates, of a change or a ratio; ``None`` without them."""
    cell, before = cell_of(claim), _before(claim)
    if claim.kind is ClaimKind.RATIO:
        top, base = figures.count(cell), figures.count(whole_of(claim))
        return None if top is None or base is None or base.upper == 0 else (top, base)
    if claim.per:
        rates = [r for r in figures.rates if (r.kind, r.per) == (ClaimKind.RATE, claim.per)]
        pair = [
            next((rate.rate for rate in rates if cell_of(rate).is_same(item)), None)
            for item in (cell, before)
        ]
        return RateChange(*filter(None, pair)) if all(pair) else None
    new, old = figures.known(cell), figures.known(before)
    return None if new is None or old is None else (new, old)


def _before(claim: Claim) -> CountCell:
    """Return the cell of a change in its base period."""
    return evolve(cell_of(claim), period=claim.since or claim.period)


def verdicts_of_rows(rows: Mapping[Claim, Counts]) -> dict[Claim, ClaimVerdict]:
    """Return the verdicts on changes and ratios by their counts."""
    numbers = [claim.change or claim.rate or Percent("0") for claim in rows]
    kinds = [CHANGE if claim.change else RATIO for claim in rows]
    judged = judge_rows(FigureColumns.of_numbers(kinds, numbers, rows.values()), NEAREST)
    return {claim: VERDICTS[code] for claim, code in zip(rows, judged.verdicts, strict=True)}


def _divided(figures: Figures, claim: Claim, verdict: ClaimVerdict | None) -> Judgement:
    """Return the judgement of a change or a ratio with its arithmetic."""
    pair, number, own = operands(figures, claim), claim.change or claim.rate, formatted(claim)
    same, against = again(figures, claim), list[Claim]()
    if pair is None or number is None:
        text = f"{own}; its two counts are not published."
        if claim.change is not None:
            needed = "rates" if claim.per else "counts"
            text = f"{own} since {claim.since}; the {needed} of both periods are not published."
        return consistent(f"{text} {same}") if same and not claim.per else not_assessable(text)
    if isinstance(pair, RateChange):
        room = signed_percent(pair.room().interval, number.decimals + 1)
        text = f"From {pair.old.printed} to {pair.new.printed} per {count(claim.per)}"
        text, same = f"{text}, each rounded, is {room}", ""
    elif claim.kind is ClaimKind.RATIO:
        decimals = number.decimals + _MORE_DECIMALS
        text = f"{count(pair[0])} / {count(pair[1])} is {decimal(Interval.ratio(*pair), decimals)}"
    else:
        if pair[1].upper == 0:
            verdict = ClaimVerdict.CONSISTENT  # from 0 a relative change is undefined
        against = [o for cell in (cell_of(claim), _before(claim)) for o in figures.of_cell(cell)]
        change = ResultKind.RELATIVE_CHANGE.format_value(Interval.ratio(*pair) - Interval.point(1))
        text = f"From {count(pair[1])} to {count(pair[0])} is {change}"
    if verdict is ClaimVerdict.CONTRADICTED:
        return contradicted(f"{text}, not {own}.", against)
    text = f"{text}. {same}" if same else f"{text}."
    return consistent(text, is_exact=verdict is ClaimVerdict.CONFIRMED)


# Counts: by sums, repetitions, shares, parts and totals.


def _count(figures: Figures, claim: Claim, compared: Judgement | None) -> Judgement:
    sums, cell = added(figures, claim), cell_of(claim)
    above, below = figures.above(cell), figures.below(cell)
    larger = (
        contradicted(_larger(part, whole), [whole if part == claim else part])
        for part, whole in [*((claim, item) for item in above), *((item, claim) for item in below)]
        if (part.count or 0) > (whole.count or 0)
    )
    wrong = sums if sums is not None and sums.verdict is ClaimVerdict.CONTRADICTED else None
    judgement = compared or next(larger, None) or wrong
    if judgement is None:
        inside = [f"{formatted(claim)} is a part of {citation(item)}." for item in above]
        inside += [f"{citation(item)} is a part of {formatted(claim)}." for item in below]
        judgement = _by_shares(figures, claim, sums, inside)
    remark = "" if sums is None else sums.remark
    return evolve(judgement, remark=remark or _later_stage(figures, claim))


def _by_shares(
    figures: Figures, claim: Claim, sums: Judgement | None, inside: list[str]
) -> Judgement:
    """Return the judgement of a count by shares, or else by sums, parts and totals."""
    cell, fits = cell_of(claim), list[str]()
    wrong: Judgement | None = None
    for share in figures.shares:
        is_part, is_whole = cell_of(share).is_same(cell), whole_of(share).is_same(cell)
        if not (is_part or is_whole) or not _could_fail(figures, share) or _is_never(share):
            continue
        base = figures.own_base(share)
        if base is None or (is_part and _problem(figures, share)):
            wrong = wrong or contradicted(_problem(figures, share), [share])
        elif is_part or share.base == "all":
            fits.append(_arithmetic(figures, share))
        else:
            subset = f"Denominator of {formatted(share)}"
            if share.base == "known":
                subset = f"With a known {dimension_label([dimension_of(share)])}"
            text = f"Total: {formatted(claim)}. {subset}: {count(base)}"
            fits.append(f"{text}, which is not more than the total.")
    if wrong is not None and not fits:
        return wrong
    same, total = again(figures, claim), "" if sums is None else sums.message
    is_sum = sums is not None and sums.verdict is ClaimVerdict.CONFIRMED
    others = fits or ([] if same else [*filter(None, [total]), *inside])
    texts = [*filter(None, [same, total if is_sum else ""]), *others[:1]]
    if not texts:
        text = f"{formatted(claim)} is published once, and no other figure relates to it."
        return not_assessable(text)
    judgement = consistent(" ".join(dict.fromkeys(texts)), is_exact=is_sum)
    is_total = sums is not None and texts == [total]
    return evolve(judgement, verdict=sums.verdict) if sums and is_total else judgement


def _later_stage(figures: Figures, claim: Claim) -> str:
    """Return a remark if a stage has a higher count than an earlier one, in any unit."""
    stage = claim.category.get("stage")
    if stage is None or claim.count is None:
        return ""
    for earlier in (item for item in Stage if item.rank < Stage(stage).rank):
        if earlier is Stage.RECORDED:  # offences, of which one can have several persons
            continue
        other = evolve(claim, category={**claim.category, "stage": earlier}, unit="")
        before = figures.count(cell_of(other))
        if before is not None and before.value is not None and claim.count > before.value:
            return (
                f"More people {stage} ({formatted(claim)}) than {earlier} "
                f"({count(int(before.value))}). Check coverage and counting units."
            )
    return ""


# Shares: by their counts, and by the other shares of the same denominator.


def _share(figures: Figures, claim: Claim) -> Judgement:
    if problem := _problem(figures, claim):
        cells = (cell_of(claim), whole_of(claim))
        counts = [other for cell in cells for other in figures.of_cell(cell)]
        return contradicted(problem, [*counts, *figures.shares_of_base(claim)], own=claim.id)
    total, way = add_up(figures, claim), compared_direction(figures, claim, claim.direction)
    for judgement in (total, beyond_all(figures, claim), way):
        if judgement is not None and judgement.verdict is ClaimVerdict.CONTRADICTED:
            return judgement
    if figures.numerator(claim) is None:
        return not_assessable("The denominators of the related shares are not consistent.")
    texts = [*(item.message for item in (total, way) if item), again(figures, claim)]
    message = " ".join(filter(None, [_arithmetic(figures, claim), *texts]))
    both = figures.known(cell_of(claim)), figures.known(whole_of(claim))
    if claim.base == "all" and all(item is not None and item.is_point for item in both):
        return consistent(message, is_exact=True)
    if any(texts) or _could_fail(figures, claim):
        return consistent(message)
    return not_assessable(message)


def _is_never(share: Claim) -> bool:
    """Whether a share is impossible for any denominator, such as 120%."""
    return percent_of(share).numerators(Interval.at_least(1)) is None


def _could_fail(figures: Figures, share: Claim) -> bool:
    """Whether the related figures exclude some percentage."""
    most = figures.whole(share).upper
    if figures.known(cell_of(share)) is not None:
        others = (other for other in figures.shares_of_base(share) if other != share)
        return most is not None or any(figures.known(cell_of(item)) for item in others)
    # For a larger denominator every percentage is possible.
    return share.base == "all" and most is not None and most * percent_of(share).unit < 1


def _problem(figures: Figures, share: Claim) -> str:
    """Return why a share contradicts related counts and shares, or an empty text."""
    own = figures.own_base(share)
    if own is not None:
        for rival in figures.shares_of_base(share):
            bases = figures.own_base(rival)
            if bases is not None and not bases.overlaps(own):
                needs = _needs(figures, share, own), _needs(figures, rival, bases)
                return f"{', but '.join(needs)}: no denominator fits both."
        return ""
    printed, number, is_all = percent_of(share), formatted(share), share.base == "all"
    known, whole = figures.known(cell_of(share)), figures.whole(share)
    if _is_never(share):
        return f"A share cannot be {number}."
    if known is not None:
        if is_all and whole.is_point and whole.value:
            text = f"{count(known)} of {count(whole)} is {_ratio(share, known, whole)}"
            return f"{text}, not {number}."
        bases = printed.bases(known)
        if bases is None:
            return f"{count(known)} is not {number} of any integer."
        return f"{_needs(figures, share, bases)}, but the total is {count(whole)}."
    base = count(whole) if is_all else f"up to {count(whole.upper or 0)}"
    part = figures.part(share)
    numerators = printed.numerators(whole if is_all else Interval(0, whole.upper))
    if numerators is None or part.overlaps(numerators):
        return f"No integer is {number} of {base}."
    few = numerators.upper is not None and numerators.upper < (part.lower or 0)
    required = f"at least {count(part.lower or 0)}" if few else f"at most {count(part.upper or 0)}"
    return f"{number} of {base} is {count(numerators)}, but other counts require {required}."


def _arithmetic(figures: Figures, share: Claim) -> str:
    part, whole, number = figures.known(cell_of(share)), figures.whole(share), formatted(share)
    base, numerator = figures.base(share) or whole, figures.numerator(share) or figures.part(share)
    is_all = share.base == "all"
    if part is not None:
        if base.is_point and is_all:
            return f"{count(part)} of {count(base)} is {_ratio(share, part, base)}."
        needs = _needs(figures, share, base)
        if not whole.is_point or base.overlaps(whole):
            return f"{needs}."
        return (
            f"{needs}. It is {_ratio(share, part, whole)} of all {count(whole)}, so {number} "
            "refers to a smaller denominator."
        )
    if share.base not in ("all", "known"):
        most = "any size" if base.upper is None else f"up to {count(base.upper)}"
        return f"The denominator is not stated. A denominator of {most} is possible."
    if is_all and base.value is not None:
        is_ = "is"
        if numerator.value is not None:
            is_exact = percent_of(share).value * base.value == numerator.value
            is_ = "is exactly" if is_exact else "can only be"
        return f"{number} of {count(base)} {is_} {count(numerator)}."
    if base.upper is None or numerator.upper is None:
        return f"No published figure bounds the denominator of {number}."
    if is_all or any(figures.part(other).lower for other in figures.shares_of_base(share)):
        return f"{number} of {count(base)} is {count(numerator)}."
    return f"{number} of up to {count(base.upper)} is up to {count(numerator.upper)}."


def _needs(figures: Figures, share: Claim, base: Interval) -> str:
    part = figures.known(cell_of(share))
    if part is None:
        return f"{formatted(share)} requires a denominator of {count(base)}"
    return f"{count(part)} is {formatted(share)} of {count(base)}"


def _ratio(share: Claim, part: Interval, whole: Interval) -> str:
    """Return the calculated share with one more decimal than the published one."""
    return percent(Interval.ratio(part, whole), percent_of(share).decimals + 1)


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
            if is_inside and less(whole, part):
                return contradicted(_larger(part, whole))
    own, same = _population(figures, claim), again(figures, claim)
    tail = f" {same}" if same else ""
    if own is None:
        text = f"{formatted(claim)}; the count is not published.{tail}"
        return consistent(text) if same else not_assessable(text)
    needs = _needs_population(figures, claim, own)
    populations = {rival: _population(figures, rival) for rival in rivals}
    for rival, population in populations.items():
        if population is not None and not population.overlaps(own):
            rival_needs = _needs_population(figures, rival, population)
            return contradicted(f"{needs}, {rival_needs}: no population fits both.")
    if same or any(populations.values()):
        return consistent(f"{needs}.{tail}")
    return not_assessable(f"{needs}.")


def _population(figures: Figures, claim: Claim) -> Span | None:
    """Return the population of a rate with a printed count."""
    number, rate = figures.count(cell_of(claim)), claim.rate
    if number is None or rate is None or not number.upper:
        return None
    low, high = 100 * Fraction(rate.lower), 100 * Fraction(rate.upper)
    lower = (claim.per * Fraction(number.lower or 0) / high, int(not rate.upper_closed))
    if low <= 0:
        return Span(lower)
    return Span(lower, (claim.per * Fraction(number.upper) / low, -int(not rate.lower_closed)))


def _needs_population(figures: Figures, claim: Claim, population: Span) -> str:
    number, needed = figures.count(cell_of(claim)), population.interval
    least, most = ceil(needed.lower or 0), needed.upper
    bounds = (
        f"at least {count(least)}" if most is None else f"{count(least)} to {count(floor(most))}"
    )
    text = f"{formatted(claim)} of {count(number or Interval.at_least(0))}"
    return f"{text} requires a population of {bounds}"
