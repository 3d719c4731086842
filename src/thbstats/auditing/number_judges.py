"""Judges of claims with a number: counts, shares, changes, rates and ratios."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from attrs import evolve

from thbstats.auditing.checks import VERDICTS, judge_rows
from thbstats.auditing.figures import CHANGE, RATIO, FigureColumns
from thbstats.auditing.judgements import (
    QUALITATIVE,
    Judgement,
    again,
    compared_values,
    consistent,
    contradicted,
    formatted,
    not_assessable,
)
from thbstats.auditing.order_judges import compared_direction
from thbstats.auditing.rounding import NEAREST, RateChange, Span
from thbstats.auditing.sums import add_up, added, beyond_all
from thbstats.auditing.verdicts import ClaimVerdict
from thbstats.claims import (
    Claim,
    ClaimKind,
    CountCell,
    Figures,
    cell_of,
    dimension_of,
    whole_of,
)
from thbstats.claims.figures import less
from thbstats.display import count, decimal, percent, signed_percent
from thbstats.panel import ResultKind, dimension_label
from thbstats.values import Interval, Percent, exact
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
    compared = compared_values(figures, claim)
    if claim.kind is ClaimKind.COUNT and not claim.at_least:
        return _count(figures, claim, compared)
    if compared is not None:
        return compared
    if claim.kind is ClaimKind.SHARE:
        return _share(figures, claim)
    if claim.kind is ClaimKind.RATE:
        return _rate(figures, claim)
    return _divided(figures, claim, verdict)


def operands(figures: Figures, claim: Claim) -> Counts | None:
    """Return the two counts, or the two rates, of a change or a ratio; ``None`` without them."""
    cell = cell_of(claim)
    if claim.kind is ClaimKind.RATIO:
        top, base = figures.count(cell), figures.count(whole_of(claim))
        return None if top is None or base is None or base.upper == 0 else (top, base)
    before = _before(claim)
    if claim.per:
        rates = [_rate_of(figures, item, claim.per) for item in (cell, before)]
        return RateChange(*filter(None, rates)) if all(rates) else None
    new, old = figures.known(cell), figures.known(before)
    return None if new is None or old is None else (new, old)


def _before(claim: Claim) -> CountCell:
    """Return the cell of a change in its base period."""
    return evolve(cell_of(claim), period=claim.since or claim.period)


def _rate_of(figures: Figures, cell: CountCell, per: int) -> Percent | None:
    rates = (rate for rate in figures.rates if (rate.kind, rate.per) == (ClaimKind.RATE, per))
    return next((rate.rate for rate in rates if cell_of(rate).is_same(cell)), None)


def verdicts_of_rows(rows: Mapping[Claim, Counts]) -> dict[Claim, ClaimVerdict]:
    """Return the verdicts on changes and ratios by their counts."""
    numbers = [claim.change or claim.rate or Percent("0") for claim in rows]
    kinds = [CHANGE if claim.change else RATIO for claim in rows]
    judged = judge_rows(FigureColumns.of_numbers(kinds, numbers, rows.values()), NEAREST)
    verdicts = (VERDICTS[position] for position in judged.verdicts)
    return dict(zip(rows, verdicts, strict=True))


def _divided(figures: Figures, claim: Claim, verdict: ClaimVerdict | None) -> Judgement:
    """Return the judgement of a change or a ratio with its arithmetic."""
    pair, number = operands(figures, claim), claim.change or claim.rate
    same = again(figures, claim)
    if pair is None or number is None:
        text = f"{formatted(claim)}; its two counts are not published."
        if claim.change is not None:
            text = (
                f"{formatted(claim)} since {claim.since}; the {'rates' if claim.per else 'counts'} "
                "of both periods are not published."
            )
        return consistent(f"{text} {same}") if same and not claim.per else not_assessable(text)
    against: Iterable[Claim] = ()
    if isinstance(pair, RateChange):
        text = f"From {pair.old.printed} to {pair.new.printed} per {count(claim.per)}"
        room = signed_percent(pair.room().interval, number.decimals + 1)
        text, same = f"{text}, each rounded, is {room}", ""
    elif claim.kind is ClaimKind.RATIO:
        decimals = number.decimals + _MORE_DECIMALS
        text = f"{count(pair[0])} / {count(pair[1])} is {decimal(Interval.ratio(*pair), decimals)}"
    else:
        change = Interval.ratio(*pair) - Interval.point(1)
        if pair[1].upper == 0:
            verdict = ClaimVerdict.CONSISTENT  # from 0 a relative change is undefined
        cells = (cell_of(claim), _before(claim))
        against = [other for cell in cells for other in figures.of_cell(cell)]
        text = f"From {count(pair[1])} to {count(pair[0])} is "
        text += ResultKind.RELATIVE_CHANGE.format_value(change)
    if verdict is ClaimVerdict.CONTRADICTED:
        return contradicted(f"{text}, not {formatted(claim)}.", against)
    tail = f" {same}" if same else ""
    return consistent(f"{text}.{tail}", is_exact=verdict is ClaimVerdict.CONFIRMED)


def _count(figures: Figures, claim: Claim, compared: Judgement | None) -> Judgement:
    sums = added(figures, claim)
    judgement = compared or _misplaced(figures, claim) or _by_others(figures, claim, sums)
    remark = "" if sums is None else sums.remark
    return evolve(judgement, remark=remark or _later_stage(figures, claim))


def _misplaced(figures: Figures, claim: Claim) -> Judgement | None:
    """Return a contradiction if a part is larger than its total."""
    cell = cell_of(claim)
    pairs = [(claim, whole) for whole in figures.above(cell)]
    pairs += [(part, claim) for part in figures.below(cell)]
    for part, whole in pairs:
        if (part.count or 0) > (whole.count or 0):
            text = f"{_located(part)} is a part of {_located(whole)}, but it is larger."
            return contradicted(text, [whole if part == claim else part])
    return None


def _located(claim: Claim) -> str:
    return f"{formatted(claim)} ({claim.location})"


def _by_others(figures: Figures, claim: Claim, sums: Judgement | None) -> Judgement:
    """Return the judgement of a count by sums, repetitions, shares, parts and totals."""
    if sums is not None and sums.verdict is ClaimVerdict.CONTRADICTED:
        return sums
    cell, fits = cell_of(claim), list[str]()
    wrong: Judgement | None = None
    for share in figures.shares:
        is_part, is_whole = cell_of(share).is_same(cell), whole_of(share).is_same(cell)
        if not (is_part or is_whole) or not _could_fail(figures, share) or _is_never(share):
            continue
        if figures.own_base(share) is None or (is_part and _problem(figures, share)):
            wrong = wrong or contradicted(_problem(figures, share), [share])
        elif is_part or share.base == "all":
            fits.append(_arithmetic(figures, share))
        else:
            fits.append(_inside_total(figures, claim, share))
    if wrong is not None and not fits:
        return wrong
    same, total = again(figures, claim), "" if sums is None else sums.message
    is_sum = sums is not None and sums.verdict is ClaimVerdict.CONFIRMED
    others = fits
    if not fits and not same:
        others = [total] if total else []
        others += [f"{formatted(claim)} is a part of {_located(w)}." for w in figures.above(cell)]
        others += [f"{_located(p)} is a part of {formatted(claim)}." for p in figures.below(cell)]
    texts = [*([same] if same else []), *([total] if is_sum else []), *others[:1]]
    if not texts:
        return not_assessable(
            f"{formatted(claim)} is published once, and no other figure relates to it."
        )
    judgement = consistent(" ".join(dict.fromkeys(texts)), is_exact=is_sum)
    if sums is not None and texts == [total]:
        return evolve(judgement, verdict=sums.verdict)
    return judgement


def _inside_total(figures: Figures, claim: Claim, share: Claim) -> str:
    base = figures.own_base(share) or figures.whole(share)
    subset = f"Denominator of {formatted(share)}"
    if share.base == "known":
        subset = f"With a known {dimension_label([dimension_of(share)])}"
    return f"Total: {formatted(claim)}. {subset}: {count(base)}, which is not more than the total."


def _later_stage(figures: Figures, claim: Claim) -> str:
    """Return a remark if a stage has a higher count than an earlier one, in any unit."""
    stage = claim.category.get("stage")
    if stage is None or claim.count is None:
        return ""
    for earlier in Stage:
        if earlier.rank >= Stage(stage).rank:
            continue
        other = evolve(claim, category={**claim.category, "stage": earlier}, unit="")
        before = figures.count(cell_of(other))
        if before is not None and before.value is not None and claim.count > before.value:
            return (
                f"More people {stage} ({formatted(claim)}) than {earlier} "
                f"({count(int(before.value))}). Check coverage and counting units."
            )
    return ""


def _share(figures: Figures, claim: Claim) -> Judgement:
    problem = _problem(figures, claim)
    if problem:
        counts = [*figures.of_cell(cell_of(claim)), *figures.of_cell(whole_of(claim))]
        shares = (other for other in figures.shares_of_base(claim) if other.id != claim.id)
        return contradicted(problem, [*counts, *shares])
    total, way = add_up(figures, claim), compared_direction(figures, claim, claim.direction)
    if total is not None and not total.possible:
        group = (other for other in figures.claims if other.makes == claim.makes)
        return contradicted(total.message, (other for other in group if other.id != claim.id))
    more = beyond_all(figures, claim)
    if more is not None:
        return more
    if way is not None and way.verdict is ClaimVerdict.CONTRADICTED:
        return way
    if figures.numerator(claim) is None:
        return not_assessable("The denominators of the related shares are not consistent.")
    texts = [total.message if total else "", way.message if way else "", again(figures, claim)]
    message = " ".join(filter(None, [_arithmetic(figures, claim), *texts]))
    both = figures.known(cell_of(claim)), figures.known(whole_of(claim))
    if claim.base == "all" and all(item is not None and item.is_point for item in both):
        return consistent(message, is_exact=True)
    if any(texts) or _could_fail(figures, claim):
        return consistent(message)
    return not_assessable(message)


def _is_never(share: Claim) -> bool:
    """Whether a share is impossible for any denominator, such as 120%."""
    return (share.percent or Percent(share.printed)).numerators(Interval.at_least(1)) is None


def _could_fail(figures: Figures, share: Claim) -> bool:
    """Whether the related figures exclude some percentage."""
    whole = figures.whole(share)
    if figures.known(cell_of(share)) is not None:
        others = [other for other in figures.shares_of_base(share) if other != share]
        return whole.upper is not None or any(figures.known(cell_of(item)) for item in others)
    # For a larger denominator every percentage is possible.
    is_small = (
        whole.upper is not None and whole.upper * (share.percent or Percent(share.printed)).unit < 1
    )
    return share.base == "all" and is_small


def _problem(figures: Figures, share: Claim) -> str:
    """Return why a share contradicts related counts and shares, or an empty text."""
    own = figures.own_base(share)
    if own is None:
        return _impossible(figures, share)
    for rival in figures.shares_of_base(share):
        base = figures.own_base(rival)
        if base is not None and not base.overlaps(own):
            needs = _needs(figures, share, own), _needs(figures, rival, base)
            return f"{', but '.join(needs)}: no denominator fits both."
    return ""


def _impossible(figures: Figures, share: Claim) -> str:
    printed, number = (share.percent or Percent(share.printed)), formatted(share)
    part, whole = figures.known(cell_of(share)), figures.whole(share)
    if _is_never(share):
        return f"A share cannot be {number}."
    if part is not None:
        if share.base == "all" and whole.is_point and whole.value:
            return f"{count(part)} of {count(whole)} is {_ratio(share, part, whole)}, not {number}."
        bases = printed.bases(part)
        if bases is None:
            return f"{count(part)} is not {number} of any integer."
        return f"{_needs(figures, share, bases)}, but the total is {count(whole)}."
    base = count(whole) if share.base == "all" else f"up to {count(whole.upper or 0)}"
    part = figures.part(share)
    least, most = part.lower or 0, part.upper or 0
    numerators = printed.numerators(whole if share.base == "all" else Interval(0, whole.upper))
    if numerators is None or part.overlaps(numerators):
        return f"No integer is {number} of {base}."
    few = numerators.upper is not None and numerators.upper < least
    required = f"at least {count(least)}" if few else f"at most {count(most)}"
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
    if is_all and base.is_point:
        is_ = "is"
        if numerator.value is not None and base.value is not None:
            is_exact = (
                share.percent or Percent(share.printed)
            ).value * base.value == numerator.value
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
    return percent(
        Interval.ratio(part, whole), (share.percent or Percent(share.printed)).decimals + 1
    )


# Rates: with its count, a rate gives its population.


def _rate(figures: Figures, claim: Claim) -> Judgement:
    rivals = [other for other in _same_population(figures, claim) if other is not claim]
    for other in rivals:
        for part, whole in ((claim, other), (other, claim)):
            is_inside = cell_of(part).is_inside(cell_of(whole)) and part.per == whole.per
            if is_inside and less(whole, part):
                text = f"{_located(part)} is a part of {_located(whole)}, but it is larger."
                return contradicted(text)
    own, same = _population(figures, claim), again(figures, claim)
    tail = f" {same}" if same else ""
    if own is None:
        text = f"{formatted(claim)}; the count is not published.{tail}"
        return consistent(text) if same else not_assessable(text)
    needs = _needs_population(figures, claim, own)
    populations = [(other, _population(figures, other)) for other in rivals]
    for other, population in populations:
        if population is not None and not population.overlaps(own):
            rival = _needs_population(figures, other, population)
            return contradicted(f"{needs}, {rival}: no population fits both.")
    if same or any(population is not None for _, population in populations):
        return consistent(f"{needs}.{tail}")
    return not_assessable(f"{needs}.")


def _same_population(figures: Figures, claim: Claim) -> Iterator[Claim]:
    def population(rate: Claim) -> tuple[object, ...]:
        cell = cell_of(rate)
        codes = frozenset(pair for pair in cell.codes if pair[0] in _POPULATION)
        return rate.kind, cell.members, cell.period, codes

    return (rate for rate in figures.rates if population(rate) == population(claim))


def _population(figures: Figures, claim: Claim) -> Span | None:
    """Return the population of a rate with a printed count."""
    number, rate = figures.count(cell_of(claim)), claim.rate
    if number is None or rate is None or not number.upper:
        return None
    low, high = 100 * Fraction(rate.lower), 100 * Fraction(rate.upper)
    return Span(
        exact(claim.per * Fraction(number.lower or 0) / high),
        None if low <= 0 else exact(claim.per * Fraction(number.upper) / low),
        rate.upper_closed,
        rate.lower_closed,
    )


def _needs_population(figures: Figures, claim: Claim, population: Span) -> str:
    number = figures.count(cell_of(claim)) or Interval.at_least(0)
    least = count(int(-(-Fraction(population.lower or 0) // 1)))
    text = f"{formatted(claim)} of {count(number)} requires a population of "
    if population.upper is None:
        return f"{text}at least {least}"
    return f"{text}{least} to {count(int(population.upper // 1))}"
