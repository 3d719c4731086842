"""Judgements of claims that no system of counts contains.

These are directions, rankings, ratios, rates and estimates, and numbers of a category without a
code. A judgement has a verdict, its arithmetic as a sentence, and the contradicting claims.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor, inf

from attrs import evolve, frozen

from thbstats.auditing.rounding_methods import bits_of, ways_of
from thbstats.auditing.verdicts import ClaimVerdict
from thbstats.claims import (
    Claim,
    ClaimDirection,
    ClaimKind,
    Figures,
    area_of,
    base_key,
    cell_of,
    dimension_of,
    is_settled,
    whole_of,
)
from thbstats.claims.claim_sentences import (
    base_period_cell,
    citations,
    counts_of_change,
    explanation,
    has_sum,
    larger_part,
    locations,
    number_text,
    of_change,
    same_value,
)
from thbstats.claims.wording import quoted
from thbstats.display import count, decimal, signed_percent
from thbstats.errors import ThbstatsError
from thbstats.geography import COMPOSITIONS, Area, country_name, eu_members
from thbstats.languages import Message, Plural, joined, paragraph
from thbstats.lists import Lists, dependence, distinct, models
from thbstats.panel.names import area_label
from thbstats.records import KINDS, schema_of
from thbstats.values import Certainty, Interval, Percent, Period, Rational
from thbstats.values.rate_change import RateChange, Span
from thbstats.vocabulary import CitizenshipGroup, code_text

UNPLACED = Message(
    "The text does not state whether both have the same population, area and period."
)


@frozen
class Judgement:
    """Verdict of a comparison with its arithmetic and the contradicting claims."""

    verdict: ClaimVerdict
    message: str
    against: tuple[Claim, ...] = ()

    @classmethod
    def not_assessable(cls, message: str) -> "Judgement":
        """Return the judgement that no published figure relates to a claim, with the reason."""
        return cls(ClaimVerdict.NOT_ASSESSABLE, message)

    @classmethod
    def consistent(cls, message: str, *, is_exact: bool = False) -> "Judgement":
        """Return the judgement that other figures agree with a claim, or give its exact number."""
        return cls(ClaimVerdict.CONFIRMED if is_exact else ClaimVerdict.CONSISTENT, message)

    @classmethod
    def contradicted(cls, message: str, against: Iterable[Claim] = ()) -> "Judgement":
        """Return a contradiction with the contradicting claims."""
        return cls(ClaimVerdict.CONTRADICTED, message, against=tuple(against))


# Numbers: another value of the same quantity, and related figures.

_NO_FIGURE = Judgement.not_assessable(Message("Qualitative statement (no figure)."))


def judge_claim(figures: Figures, claim: Claim) -> Judgement:
    """Return the judgement of a claim that no system of counts contains."""
    kind = claim.kind
    if kind is ClaimKind.NUMBER:
        return Judgement.not_assessable(
            Message("{number} is not a count.", number=number_text(claim))
        )
    if kind in (ClaimKind.RANKING, ClaimKind.DIRECTION):
        return (judge_ranking if kind is ClaimKind.RANKING else judge_direction)(figures, claim)
    if not claim.printed or (kind is ClaimKind.CHANGE and claim.since is None):
        return _NO_FIGURE
    if claim.is_hedged:
        return _judge_hedged_number(figures, claim)
    contradicting = _other_value(figures, claim)
    if contradicting is not None:
        return contradicting
    if kind is ClaimKind.CHANGE and claim.per:
        return _judge_change_of_rates(figures, claim)
    judges = {ClaimKind.RATE: _judge_rate, ClaimKind.RATIO: _judge_ratio}
    return judges.get(kind, _judge_other_number)(figures, claim)


def _other_value(figures: Figures, claim: Claim) -> Judgement | None:
    """Return the contradiction by another value of the same number, or ``None``."""
    others = [o for o in figures.same(claim) if not figures.rules.agree(o, claim)]
    others = [o for o in others if claim.is_quoted or not o.is_quoted]
    if not others:
        return None
    values = {"number": number_text(claim), "others": citations(others)}
    if is_settled(claim):
        text = "{number} here, {others} for the same quantity."
        return Judgement.contradicted(Message(text, **values), others)
    return Judgement.not_assessable(
        paragraph([Message("{number} here, {others}.", **values), UNPLACED])
    )


def _judge_other_number(figures: Figures, claim: Claim) -> Judgement:
    """Return the judgement of a count or a percentage of a category without a code."""
    cell, is_less = cell_of(claim), figures.rules.is_less
    for part, whole in (
        *((claim, item) for item in figures.above(cell)),
        *((item, claim) for item in figures.below(cell)),
    ):
        if claim.kind is ClaimKind.COUNT and is_less(whole, part):
            return Judgement.contradicted(
                larger_part(part, whole), [whole if part == claim else part]
            )
    text = explanation(figures, claim)
    if same_value(figures, claim) or has_sum(figures, claim):
        return Judgement.consistent(text)
    alone = "{number} is published once, and no other figure relates to it."
    return Judgement.not_assessable(text or Message(alone, number=number_text(claim)))


def _judge_hedged_number(figures: Figures, claim: Claim) -> Judgement:
    """Return the judgement of an approximate number, such as "nearly 100"."""
    text, exact_claim = explanation(figures, evolve(claim, wording="")), evolve(claim, wording="")
    pair = counts_of_change(figures, claim) if claim.kind is ClaimKind.CHANGE else None
    fits = bool(same_value(figures, claim))
    if pair is not None and pair[1].upper != 0:
        wrong = of_change(figures, claim, is_wrong=True)
        judgement = _judge_quotient(figures, exact_claim, pair, text, wrong)
        text, fits = judgement.message, judgement.verdict is not ClaimVerdict.CONTRADICTED
    template = "The text has {words} before {number}."
    hedge = Message(template, words=quoted(claim.wording), number=number_text(claim))
    message = paragraph([hedge, text])
    return Judgement.consistent(message) if fits else Judgement.not_assessable(message)


# Directions: numbers of two periods or areas, or of a series of periods.

_QUALITATIVE = Judgement.not_assessable(Message("Qualitative direction (no figure)."))
_UNRANKED = Judgement.not_assessable(Message("The ranked figures are not published."))
_PARTLY_RANKED = Judgement.not_assessable(Message("Not all ranked figures are published."))
_SIGNS = {
    ClaimDirection.UP: {1},
    ClaimDirection.DOWN: {-1},
    ClaimDirection.SAME: {0},
    ClaimDirection.NOT_DOWN: {0, 1},
}
_ENDINGS = {
    ClaimVerdict.CONFIRMED: Message("as stated"),
    ClaimVerdict.CONSISTENT: Message("but rounding does not show the direction"),
    ClaimVerdict.CONTRADICTED: Message("which contradicts the text"),
    ClaimVerdict.NOT_ASSESSABLE: Message(
        "and the text does not define how much change counts as the same"
    ),
}


def judge_direction(figures: Figures, claim: Claim) -> Judgement:
    """Return the judgement of a direction by numbers of two periods or two areas.

    A claim with a denominator or a dimension is on a share, any other on a count. A direction
    without a period is judged by a series of periods.
    """
    is_undated, cell = claim.period.certainty is Certainty.NOT_STATED, cell_of(claim)
    numbers = [
        number
        for number in (figures.shares if claim.base or claim.base_dimension else figures.counts)
        if cell_of(number).is_same(cell, without=("period",) if is_undated else ())
        and not number.of
        and claim.base in ("", number.base)
        and claim.base_dimension in ("", dimension_of(number))
    ]
    if not is_undated:
        compared = (judge_number_direction(figures, number, claim.direction) for number in numbers)
        return next(filter(None, compared), _QUALITATIVE)
    series = _series(numbers)
    if len(series) < 2:
        return _QUALITATIVE
    verdict, ending = _verdict_of_series(figures, series, claim.direction)
    text = "The period is not stated. Published are {numbers} ({locations}), {ending}."
    published = joined((_number_in(number, str(number.period)) for number in series), ", ")
    message = Message(text, numbers=published, locations=locations(series), ending=ending)
    return Judgement(verdict, message, against=tuple(series))


def _series(numbers: Iterable[Claim]) -> list[Claim]:
    """Return one number for each period of equal length, up to the latest period."""
    by_period: dict[Period, Claim] = {}
    for number in sorted(numbers, key=lambda number: number.is_quoted):
        if number.period.certainty is Certainty.EXACT:
            by_period.setdefault(number.period, number)
    series: list[Claim] = []
    for number in sorted(by_period.values(), key=lambda own: str(own.period.end), reverse=True):
        if not series or _is_earlier(number, series[0]):
            series.insert(0, number)
    return series


def _verdict_of_series(
    figures: Figures, series: list[Claim], direction: str
) -> tuple[ClaimVerdict, str]:
    """Return the verdict on a direction by a series, and the end of its sentence.

    An increase is confirmed by 3, 5, 8, and consistent with 5, 3, 8, whose last number is above
    the first one. 3, 8, 5 has no single direction.
    """
    verdict = _verdict(figures, series[0], series[-1], direction)
    steps = [_verdict(figures, *pair, direction) for pair in pairwise(series)]
    if {*steps} == {verdict}:
        return verdict, _ENDINGS[verdict]
    if ClaimVerdict.CONTRADICTED in (verdict, steps[-1]):
        return ClaimVerdict.NOT_ASSESSABLE, Message("which is not a single direction")
    return ClaimVerdict.CONSISTENT, Message("which is true from the first to the last period")


def _number_in(number: Claim, scope: str) -> str:
    """Return a number with its period or area."""
    return Message("{number} in {scope}", number=number_text(number), scope=scope)


def judge_number_direction(figures: Figures, number: Claim, direction: str) -> Judgement | None:
    """Return the judgement of a direction by the earlier number, or ``None``.

    Without one, the number of the area with the excluded country is compared.
    """
    if not direction:
        return None
    cell, base = cell_of(number), (number.of, number.base, dimension_of(number))
    others = [
        other
        for other in (figures.counts if number.kind is ClaimKind.COUNT else figures.shares)
        if cell_of(other).is_same(cell, without=("period", "members"))
        and (other.of, other.base, dimension_of(other)) == base
    ]
    earlier = [other for other in others if _is_earlier(other, number)]
    earlier.sort(key=lambda other: str(other.period.end), reverse=True)
    whole = number.area.partition(" without ")[0]
    with_country = [
        other
        for other in others
        if whole == area_of(other) != area_of(number) and other.period == number.period
    ]
    other = next(iter([*earlier, *with_country]), None)
    if other is None:
        return None
    verdict = _verdict(figures, other, number, direction)
    both = number, other
    scopes: list[str] = [str(own.period) for own in both]
    if other.period == number.period:
        scopes = [area_label(Area.parse(area_of(own))) for own in both]
    texts = map(_number_in, both, scopes)
    text = "{number} against {other}, {ending}."
    message = Message(text, number=next(texts), other=next(texts), ending=_ENDINGS[verdict])
    return Judgement(verdict, message, (other, number))


def _is_earlier(other: Claim, number: Claim) -> bool:
    """Whether a number is for the same area and an earlier period; counts need equal lengths."""
    end, start = other.period.end, number.period.start
    lengths = [
        (period.years, period.years or period.days) for period in (other.period, number.period)
    ]
    if number.kind is ClaimKind.COUNT and lengths[0] != lengths[1]:
        return False
    same_area = cell_of(other).members == cell_of(number).members
    return same_area and end is not None and start is not None and end < start


def _verdict(figures: Figures, earlier: Claim, number: Claim, direction: str) -> ClaimVerdict:
    """Return the verdict on a direction, from the possible signs of the change of two numbers."""
    allowed, signs = _SIGNS[ClaimDirection(direction)], {0}
    if figures.rules.is_less(earlier, number):
        signs = {1}
    elif figures.rules.is_less(number, earlier):
        signs = {-1}
    elif not (_amount(figures, earlier).is_point and _amount(figures, number).is_point):
        signs = {-1, 0, 1}  # two rounded numbers that overlap
    if signs <= allowed:
        return ClaimVerdict.CONFIRMED
    if signs & allowed:
        return ClaimVerdict.CONSISTENT
    return ClaimVerdict.NOT_ASSESSABLE if allowed == {0} else ClaimVerdict.CONTRADICTED


# Rankings: numbers of the listed categories and of the others, and membership of the EU.

_IS_EU = {"eu": True, "non_eu": False}


def judge_ranking(figures: Figures, claim: Claim) -> Judgement:
    """Return the judgement of a ranking by other claims and by EU membership."""
    numbers = [_numbers_by_code(printed, claim) for printed in (figures.counts, figures.shares)]
    # The first result with a verdict, or else the first with a number.
    by_numbers = min(
        (_judge_by_numbers(figures, claim, by_code) for by_code in numbers),
        key=lambda own: (own.verdict is ClaimVerdict.NOT_ASSESSABLE, own == _UNRANKED),
    )
    by_members = _judge_by_members(claim, has_number=any({*claim.ranks} & {*n} for n in numbers))
    if by_members is None or by_numbers.verdict is ClaimVerdict.CONTRADICTED:
        return by_numbers
    if by_members.verdict is ClaimVerdict.CONTRADICTED or by_numbers == _UNRANKED:
        return by_members
    if by_numbers.verdict is not ClaimVerdict.NOT_ASSESSABLE:
        return by_numbers
    return evolve(by_members, message=paragraph([by_members.message, by_numbers.message]))


def _numbers_by_code(printed: Iterable[Claim], claim: Claim) -> dict[str, Claim]:
    """Return the numbers in the dimension of a ranking by code; shares have one denominator."""
    dimension = claim.base_dimension

    def attributes(number: Claim) -> tuple[object, ...]:
        cell = cell_of(number)
        pairs = (*cell.codes, *number.of.items())
        codes = {pair for pair in pairs if pair[0] not in (dimension, "area")}
        members = None if dimension == "area" else cell.members
        return (cell.subject, cell.status, cell.period, members, codes)

    numbers: dict[str, Claim] = {}
    own = attributes(claim)
    for number in printed:
        code = area_of(number) if dimension == "area" else number.category.get(dimension, "")
        first = next(iter(numbers.values()), number)
        alike = number.percent is None or base_key(number) == base_key(first)
        if code and alike and attributes(number) == own:
            numbers.setdefault(code, number)
    return numbers


def _judge_by_numbers(figures: Figures, claim: Claim, numbers: Mapping[str, Claim]) -> Judgement:
    """Return the judgement of a ranking by counts, or by shares of one denominator.

    "Nigeria and Brazil first" is contradicted by 9 for Nigeria, 5 for Brazil and 7 for China.
    With 4 for China it is confirmed if the total is 20, which leaves 2 for other countries, and
    consistent if the total is 30.
    """

    def listed(*codes: str) -> str:
        texts = (joined((code_text(code), number_text(numbers[code])), " ") for code in codes)
        return joined(texts, ", ")

    # 1. No category that is not listed, or listed later, is larger.
    ranked = [code for code in claim.ranks if code in numbers]
    rivals = _rivals(claim, numbers)
    pairs = [(code, rival) for code in ranked for rival in rivals]
    for code, other in (*pairs, *pairwise(ranked if claim.ordered else ())):
        if figures.rules.is_less(numbers[code], numbers[other]):
            text = "{larger} is more than {smaller} but is not listed."
            if other in ranked:
                text = "{larger} is more than {smaller}, which is listed before it."
            message = Message(text, larger=listed(other), smaller=listed(code))
            return Judgement.contradicted(message, [numbers[other], numbers[code]])
    if len(ranked) < len(claim.ranks):
        return _UNRANKED if not ranked else _PARTLY_RANKED
    # 2. Rounding, or a category without a published number, can leave the order open.
    values = {"ranked": listed(*ranked), "others": listed(*rivals)}
    text = "{ranked} against {others}."
    if not rivals:
        text = "{ranked}; no separate category has a published number."
    message = Message(text, **values)
    amounts = [_amount(figures, numbers[code]) for code in ranked]
    least = min(amount.lower or 0 for amount in amounts)
    is_open = any((_amount(figures, numbers[rival]).upper or 0) > least for rival in rivals)
    can_turn = any((b.upper or 0) > (a.lower or 0) for a, b in pairwise(amounts))
    if is_open or (claim.ordered and can_turn):
        return Judgement.consistent(message)
    remainder = _remainder(figures, claim, numbers)
    if remainder is None or remainder > least:
        # Without another number, only an order of the listed ones could be contradicted.
        if not rivals:
            has_order = claim.ordered and len(ranked) > 1
            return (Judgement.consistent if has_order else Judgement.not_assessable)(message)
        text = "{ranked} against {others}; other categories have no published number."
        return Judgement.consistent(Message(text, **values))
    return Judgement.consistent(message, is_exact=True)


def _rivals(claim: Claim, numbers: Mapping[str, Claim]) -> list[str]:
    """Return the categories with a number that the ranking does not list, but could."""
    is_of_eu = _is_of_eu(claim)
    return [
        code
        for code in numbers
        if code not in ("total", "unknown")
        and not any(_is_common(claim, code, other) for other in claim.ranks)
        and (is_of_eu is None or _is_member(claim, code) is is_of_eu)
    ]


def _is_common(claim: Claim, code: str, other: str) -> bool:
    """Return whether two categories of a ranking can count the same person."""
    schema = schema_of(claim.subject) if claim.subject in KINDS else None
    if code == other or schema is None or claim.base_dimension not in schema.names:
        return code == other
    return schema[claim.base_dimension].overlaps(code, other)


def _remainder(figures: Figures, claim: Claim, numbers: Mapping[str, Claim]) -> Rational | None:
    """Return the largest possible number of a category without a published number, or ``None``.

    It is the total less the numbers of exclusive categories: with 9, 5 and 4 of 20, it is 2. If one
    person can have several categories, it is the total.
    """
    first = next(iter(numbers.values()))
    remainder: Rational | None = 1
    if first.percent is None:
        total = figures.count(cell_of(first).without(claim.base_dimension))
        is_unknown = total is None or claim.base_dimension == "area"
        remainder = None if total is None or is_unknown else total.upper
    counted: list[str] = []
    is_exclusive = claim.base_dimension not in figures.overlapping
    for code, number in numbers.items() if is_exclusive else ():
        if code == "total":  # not a category
            continue
        if remainder is not None and not any(_is_common(claim, code, other) for other in counted):
            counted.append(code)
            remainder -= _amount(figures, number).lower or 0
    return remainder


def _amount(figures: Figures, number: Claim) -> Interval:
    """Return the bounds of a published count or share before it was rounded."""
    is_share = number.percent is not None
    return figures.percent(number).interval if is_share else figures.rules.counted(number)


def _judge_by_members(claim: Claim, *, has_number: bool) -> Judgement | None:
    """Return the judgement of a ranking of EU or other citizenships by EU membership."""
    is_of_eu = _is_of_eu(claim)
    if is_of_eu is None:
        return None
    members = {code: _is_member(claim, code) for code in claim.ranks}
    throughout = Message("the EU throughout {period}", period=claim.period)
    union = claim.area if claim.area in COMPOSITIONS else throughout
    wrong = [country_name(code) for code, member in members.items() if member is (not is_of_eu)]
    if wrong:
        singular, plural = "{countries} is in {union}.", "{countries} are in {union}."
        if is_of_eu:
            singular, plural = "{countries} is not in {union}.", "{countries} are not in {union}."
        values = {"countries": joined(wrong, ", "), "union": union}
        return Judgement.contradicted(Plural(singular, plural, len(wrong), **values))
    if None in members.values():
        return Judgement.not_assessable(
            Message("Area and period do not determine the members of the EU.")
        )
    text = "No country listed is in {union}; how many are counted for each is not printed."
    if is_of_eu:
        text = "Each country listed is in {union}; how many are counted for each is not printed."
    if has_number:
        text = "No country listed is in {union}."
    if has_number and is_of_eu:
        text = "Each country listed is in {union}."
    return Judgement.consistent(Message(text, union=union))


def _is_of_eu(claim: Claim) -> bool | None:
    """Whether EU citizenships are ranked; ``None`` for other rankings."""
    ranked = claim.base_dimension == "citizenship"
    return _IS_EU.get(claim.of.get("citizenship", "")) if ranked else None


def _is_member(claim: Claim, code: str) -> bool | None:
    """Whether a country is in the EU of a claim; ``None`` if this is not known."""
    if code in tuple(CitizenshipGroup):
        return None
    if claim.area in COMPOSITIONS:
        return code in COMPOSITIONS[claim.area].members
    days = [day for day in (claim.period.start, claim.period.end) if day is not None]
    answers = {code in eu_members(day) for day in days}
    return answers.pop() if len(answers) == 1 else None


# Ratios and changes of rates, which have a numerator and a denominator.

_MORE_DECIMALS = 2
"""The decimals of a ratio of counts beyond those of the printed one."""


def _judge_quotient(
    figures: Figures,
    claim: Claim,
    pair: tuple[Interval, Interval] | RateChange,
    fitting: str,
    wrong: str,
) -> Judgement:
    """Return the judgement of a number by its numerator and its denominator.

    The texts are those of a number that fits, and of one that does not.
    """
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
        return Judgement.contradicted(wrong)
    same = "" if claim.per else same_value(figures, claim)
    return Judgement.consistent(paragraph([fitting, same]), is_exact=is_exact)


def _judge_ratio(figures: Figures, claim: Claim) -> Judgement:
    top, base = figures.count(cell_of(claim)), figures.count(whole_of(claim))
    if claim.rate is None or top is None or base is None:
        text = "{number}; its two counts are not published."
        return _judge_without_counts(figures, claim, Message(text, number=number_text(claim)))
    counts = [o for cell in (cell_of(claim), whole_of(claim)) for o in figures.of_cell(cell)]
    if base.upper == 0:
        text = "A ratio with denominator 0 cannot be {number}."
        return Judgement.contradicted(Message(text, number=number_text(claim)), counts)
    decimals = claim.rate.decimals + _MORE_DECIMALS
    true = decimal(Interval.ratio(top, base), decimals)
    values = {"top": count(top), "base": count(base), "ratio": true}
    fitting = Message("{top} / {base} is {ratio}.", **values)
    wrong = Message("{top} / {base} is {ratio}, not {number}.", number=number_text(claim), **values)
    judgement = _judge_quotient(figures, claim, (top, base), fitting, wrong)
    return evolve(judgement, against=tuple(counts))


def _judge_change_of_rates(figures: Figures, claim: Claim) -> Judgement:
    rates = [r for r in figures.rates if (r.kind, r.per) == (ClaimKind.RATE, claim.per)]
    cells = (cell_of(claim), base_period_cell(claim))
    pair = [next((r for r in rates if cell_of(r).is_same(cell)), None) for cell in cells]
    numbers = [figures.rules.rounded(rate) for rate in pair if rate is not None]
    if len(numbers) < 2 or claim.change is None:
        text = "{number} since {period}; the rates of both periods are not published."
        return Judgement.not_assessable(
            Message(text, number=number_text(claim), period=claim.since)
        )
    change = RateChange(*filter(None, numbers))
    room = signed_percent(change.room().interval, claim.change.decimals + 1)
    values: dict[str, object] = {
        "old": change.old.printed, "new": change.new.printed, "per": count(claim.per),
        "number": number_text(claim), "change": room,
    }  # fmt: skip
    fitting = Message("From {old} to {new} per {per}, each rounded, is {change}.", **values)
    text = "From {old} to {new} per {per}, each rounded, is {change}, not {number}."
    judgement = _judge_quotient(figures, claim, change, fitting, Message(text, **values))
    return evolve(judgement, against=tuple(filter(None, pair)))


def _judge_without_counts(figures: Figures, claim: Claim, text: str) -> Judgement:
    """Return the judgement of a number without its counts: only the same value supports it."""
    same = same_value(figures, claim)
    return Judgement.consistent(paragraph([text, same])) if same else Judgement.not_assessable(text)


# Rates: with its count, a rate gives its population.

_POPULATION = ("sex", "age", "citizenship")
"""The dimensions of a population; the others are of what happens in it."""


def _judge_rate(figures: Figures, claim: Claim) -> Judgement:
    """Return the judgement of a rate by its population.

    2.0 per 100,000 with 10 persons needs a population of 487,805 to 512,820. If another rate of
    the same population needs 300,000, no population fits both.
    """

    def population_key(rate: Claim) -> tuple[object, ...]:
        cell = cell_of(rate)
        codes = frozenset(pair for pair in cell.codes if pair[0] in _POPULATION)
        return rate.kind, cell.members, cell.reporters, cell.period, codes

    key = population_key(claim)
    rivals = [rate for rate in figures.rates if population_key(rate) == key and rate is not claim]
    for other in rivals:
        for part, whole in ((claim, other), (other, claim)):
            is_inside = cell_of(part).is_inside(cell_of(whole)) and part.per == whole.per
            if is_inside and figures.rules.is_less(whole, part):
                return Judgement.contradicted(larger_part(part, whole), [other])
    number, rate = figures.count(cell_of(claim)), figures.rules.rounded(claim)
    if number is not None and number.upper == 0 and rate is not None:
        # A count of 0 has a rate of 0 in any population.
        counts = figures.of_cell(cell_of(claim))
        values = {"rate": number_text(claim), "number": citations(counts)}
        if rate.lower > 0:
            text = "{number}: the rate is 0, not {rate}."
            return Judgement.contradicted(Message(text, **values), counts)
        return Judgement.consistent(Message("{number}: the rate is 0.", **values), is_exact=True)
    own, same = _population(figures, claim), same_value(figures, claim)
    if own is None:
        text = "{number}; the count is not published."
        return _judge_without_counts(figures, claim, Message(text, number=number_text(claim)))
    needs = _required_population(figures, claim, own)
    populations = {rival: _population(figures, rival) for rival in rivals}
    for rival, population in populations.items():
        if population is not None and not population.overlaps(own):
            rival_needs = _required_population(figures, rival, population)
            text = "{first}, {second}: no population fits both."
            message = Message(text, first=needs, second=rival_needs)
            counts = [o for rate in (claim, rival) for o in figures.of_cell(cell_of(rate))]
            return Judgement.contradicted(message, [rival, *counts])
    clause = Message("{clause}.", clause=needs)
    if same or any(populations.values()):
        return Judgement.consistent(paragraph([clause, same]))
    return Judgement.not_assessable(clause)


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
    most = claim.per * Fraction(number.upper) / low
    return Span(lower, (most, -int(not (rate.lower_closed or either))))


def _required_population(figures: Figures, claim: Claim, population: Span) -> str:
    number, needed = figures.count(cell_of(claim)), population.interval
    most = None if needed.upper is None else floor(needed.upper)
    return Message(
        "{rate} of {part} requires a population of {bounds}",
        rate=number_text(claim), part=count(number or Interval.at_least(0)),
        bounds=count(Interval(ceil(needed.lower or 0), most)),
    )  # fmt: skip


# Estimates: the persons on the lists behind them, and models of these lists.


def judge_estimate(claim: Claim, lists: Lists | None) -> tuple[Judgement, str]:
    """Return the judgement of an estimate, and a remark on a range that is too narrow.

    Only the persons on the lists contradict an estimate.
    """
    if lists is None or claim.estimate is None:
        text = "The lists behind the estimate are not given (option lists)."
        return Judgement.not_assessable(Message(text)), ""
    area, periods = area_of(claim), {claim.period, lists.period} - {claim.period.not_stated()}
    is_elsewhere = area and lists.area.members and lists.area != Area.parse(area)
    if is_elsewhere or len(periods) > 1:
        return Judgement.not_assessable(Message("The lists are of another area or period.")), ""
    low, high = claim.estimate.lower or 0, claim.estimate.upper or 0
    least = int(distinct(lists).bounds.lower or 0)
    if high < least:
        singular = "The lists contain at least {n} distinct person."
        plural = "The lists contain at least {n} distinct persons."
        return Judgement.contradicted(Plural(singular, plural, least, n=count(least))), ""
    statement = Message("{clause}.", clause=dependence(lists).statement)
    try:
        near = models(lists).ranges.get(10)
    except ThbstatsError as error:
        problem = Message("No models: {problem}.", problem=error.problem)
        return Judgement.not_assessable(paragraph([statement, problem])), ""
    if near is None:
        none = Message("No model has an estimate.")
        return Judgement.not_assessable(paragraph([statement, none])), ""
    near = Interval(floor(near.lower or 0), ceil(near.upper or 0))
    text = "Models within 10 BIC points of the best give {bounds} persons."
    text = paragraph([Message(text, bounds=count(near)), statement])
    if not near.overlaps(claim.estimate):
        remark = Message("No model near the best gives a number in this range.")
        return Judgement.not_assessable(text), remark
    is_narrow = low > (near.lower or 0) or high < (near.upper or 0)
    remark = Message("It is narrower than the range of these models.")
    return Judgement.consistent(text), remark if is_narrow else ""
