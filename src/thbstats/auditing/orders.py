"""Judges of claims on an order: directions over time and rankings."""

from collections.abc import Iterable, Mapping
from itertools import pairwise

from thbstats.auditing.judgements import (
    Judgement,
    consistent,
    contradicted,
    formatted,
    locations,
    not_assessable,
)
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
)
from thbstats.geography import COMPOSITIONS, country_name, eu_members
from thbstats.records import KINDS, schema_of
from thbstats.values import Certainty, Interval, Period, Rational
from thbstats.vocabulary import CitizenshipGroup

_QUALITATIVE = not_assessable("Qualitative direction (no figure).")
_UNRANKED = not_assessable("The ranked figures are not published.")
_SIGNS = {
    ClaimDirection.UP: {1},
    ClaimDirection.DOWN: {-1},
    ClaimDirection.SAME: {0},
    ClaimDirection.NOT_DOWN: {0, 1},
}
_ENDINGS = {
    ClaimVerdict.CONFIRMED: "as stated",
    ClaimVerdict.CONSISTENT: "but rounding does not show the direction",
    ClaimVerdict.CONTRADICTED: "which contradicts the text",
    ClaimVerdict.NOT_ASSESSABLE: "and the text does not define how much change counts as the same",
}
_IS_EU = {"eu": True, "non_eu": False}


def judge_direction(figures: Figures, claim: Claim) -> Judgement:
    """Return the judgement of a direction by numbers of two periods or two areas.

    A claim with a denominator or a dimension is on a share, any other on a count. A direction
    without a period is judged by a series of equally long periods without overlap, up to the
    latest.
    """
    undated, own = claim.period.certainty is Certainty.NOT_STATED, cell_of(claim)
    numbers = [
        number
        for number in (figures.shares if claim.base or claim.base_dimension else figures.counts)
        if cell_of(number).is_same(own, without=("period",) if undated else ())
        and not number.of
        and claim.base in ("", number.base)
        and claim.base_dimension in ("", dimension_of(number))
    ]
    if not undated:
        compared = (compared_direction(figures, number, claim.direction) for number in numbers)
        return next(filter(None, compared), _QUALITATIVE)
    first: dict[Period, Claim] = {}
    for number in sorted(numbers, key=lambda number: number.is_quoted):
        if number.period.certainty is Certainty.EXACT:
            first.setdefault(number.period, number)
    series: list[Claim] = []
    for number in sorted(first.values(), key=lambda number: str(number.period.end))[::-1]:
        if not series or _is_earlier(number, series[0]):
            series.insert(0, number)
    if len(series) < 2:
        return _QUALITATIVE
    steps = [_verdict(figures, *pair, claim.direction) for pair in pairwise(series)]
    verdict = _verdict(figures, series[0], series[-1], claim.direction)
    ending = _ENDINGS[verdict]
    if len({verdict, *steps}) > 1:
        contradicts = ClaimVerdict.CONTRADICTED in (verdict, steps[-1])
        verdict = ClaimVerdict.NOT_ASSESSABLE if contradicts else ClaimVerdict.CONSISTENT
        shape = (
            "not a single direction" if contradicts else "true from the first to the last period"
        )
        ending = f"which is {shape}"
    text = ", ".join(f"{formatted(number)} in {number.period}" for number in series)
    message = f"The period is not stated. Published are {text} ({locations(series)}), {ending}."
    return Judgement(verdict, message, against=tuple(series))


def compared_direction(figures: Figures, number: Claim, direction: str) -> Judgement | None:
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
    earlier += [
        other
        for other in others
        if whole == area_of(other) != area_of(number) and other.period == number.period
    ]
    if not earlier:
        return None
    before = earlier[0]
    verdict = _verdict(figures, before, number, direction)
    dated = before.period != number.period
    number_text, before_text = (
        f"{formatted(item)} in {item.period if dated else area_of(item)}"
        for item in (number, before)
    )
    return Judgement(
        verdict, f"{number_text} against {before_text}, {_ENDINGS[verdict]}.", (before, number)
    )


def _is_earlier(other: Claim, number: Claim) -> bool:
    """Whether a number is of the same area earlier: a count of as many years or days."""
    end, start = other.period.end, number.period.start
    lengths = [
        (period.years, period.years or period.days) for period in (other.period, number.period)
    ]
    if number.kind is ClaimKind.COUNT and lengths[0] != lengths[1]:
        return False
    same_area = cell_of(other).members == cell_of(number).members
    return same_area and end is not None and start is not None and end < start


def _verdict(figures: Figures, before: Claim, number: Claim, direction: str) -> ClaimVerdict:
    allowed, signs = _SIGNS[ClaimDirection(direction)], {0}
    if figures.rules.is_less(before, number):
        signs = {1}
    elif figures.rules.is_less(number, before):
        signs = {-1}
    elif number.percent is not None:
        signs = {-1, 0, 1}
    if signs <= allowed:
        return ClaimVerdict.CONFIRMED
    if signs & allowed:
        return ClaimVerdict.CONSISTENT
    return ClaimVerdict.NOT_ASSESSABLE if allowed == {0} else ClaimVerdict.CONTRADICTED


def judge_ranking(figures: Figures, claim: Claim) -> Judgement:
    """Return the judgement of a ranking by other claims and by EU membership."""
    by_numbers = _UNRANKED
    for printed in (figures.counts, figures.shares):
        if by_numbers == _UNRANKED:
            by_numbers = _by_numbers(figures, claim, _ranked(printed, claim))
    by_members = _by_members(claim)
    if by_members is None or by_numbers.verdict is ClaimVerdict.CONTRADICTED:
        return by_numbers
    is_decisive = by_members.verdict is ClaimVerdict.CONTRADICTED or by_numbers == _UNRANKED
    return by_members if is_decisive else by_numbers


def _ranked(printed: Iterable[Claim], claim: Claim) -> dict[str, Claim]:
    """Return the numbers of the ranked categories by code; shares of one denominator."""
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


def _by_numbers(figures: Figures, claim: Claim, numbers: Mapping[str, Claim]) -> Judgement:
    """Compare a ranking with counts, or with shares of one denominator."""

    def listed(*codes: str) -> str:
        texts = (f"{code.replace('_', ' ')} {formatted(numbers[code])}" for code in codes)
        return ", ".join(texts)

    def overlap(first: str, other: str) -> bool:
        """Whether two codes can count the same person."""
        schema = schema_of(claim.subject) if claim.subject in KINDS else None
        if first == other or schema is None or claim.base_dimension not in schema.names:
            return first == other
        return schema[claim.base_dimension].overlaps(first, other)

    inside = _is_of_eu(claim)
    ranked = [code for code in claim.ranks if code in numbers]
    rivals = [
        code
        for code in numbers
        if code not in ("total", "unknown")
        and not any(overlap(code, other) for other in claim.ranks)
        and (inside is None or _is_member(claim, code) is inside)
    ]
    for before, after, ending in [
        *((code, rival, "is not listed") for code in ranked for rival in rivals),
        *((*pair, "is listed before it") for pair in pairwise(ranked if claim.ordered else ())),
    ]:
        if figures.rules.is_less(numbers[before], numbers[after]):
            is_listed = after in ranked
            join = ", which" if is_listed else " but"
            text = f"{listed(after)} is more than {listed(before)}{join} {ending}."
            return contradicted(text, [numbers[after], numbers[before]])
    if len(ranked) < len(claim.ranks) or not rivals:
        return _UNRANKED
    message = f"{listed(*ranked)} against {listed(*rivals)}"
    amounts = [_amount(figures, numbers[code]) for code in ranked]
    least = min(amount.lower or 0 for amount in amounts)
    is_open = any((_amount(figures, numbers[rival]).upper or 0) > least for rival in rivals)
    can_turn = any((b.upper or 0) > (a.lower or 0) for a, b in pairwise(amounts))
    if is_open or (claim.ordered and can_turn):
        return consistent(f"{message}.")
    # The largest value of a category without a published number.
    first = next(iter(numbers.values()))
    left: Rational | None = 1
    if first.percent is None:
        total = figures.count(cell_of(first).without(claim.base_dimension))
        left = None if total is None or claim.base_dimension == "area" else total.upper
    counted: list[str] = []
    for code, number in numbers.items():
        if left is not None and not any(overlap(code, other) for other in counted):
            counted.append(code)
            left -= _amount(figures, number).lower or 0
    if left is None or left > least:
        return consistent(f"{message}; other categories have no published number.")
    return consistent(f"{message}.", is_exact=True)


def _amount(figures: Figures, number: Claim) -> Interval:
    is_share = number.percent is not None
    return figures.percent(number).interval if is_share else figures.rules.counted(number)


def _by_members(claim: Claim) -> Judgement | None:
    """Return the judgement of a ranking of EU or other citizenships by EU membership."""
    inside = _is_of_eu(claim)
    if inside is None:
        return None
    members = {code: _is_member(claim, code) for code in claim.ranks}
    union = claim.area if claim.area in COMPOSITIONS else f"the EU throughout {claim.period}"
    wrong = [country_name(code) for code, member in members.items() if member is (not inside)]
    if wrong:
        are = "is" if len(wrong) == 1 else "are"
        return contradicted(f"{', '.join(wrong)} {are} {'not ' if inside else ''}in {union}.")
    if None in members.values():
        return not_assessable("Area and period do not determine the members of the EU.")
    are = "is" if inside else "is not"
    return consistent(
        f"Each country listed {are} in {union}; how many are counted for each is not printed."
    )


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
