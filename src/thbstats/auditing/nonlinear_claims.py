"""Comparisons of claims: their arithmetic in sentences, and those that are not linear."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor, inf

from attrs import evolve

from thbstats.auditing.figure_columns import RateChange, Span, bits_of, ways_of
from thbstats.auditing.verdicts import (
    QUOTED,
    UNPLACED,
    ClaimVerdict,
    Judgement,
    again,
    citation,
    citations,
    consistent,
    contradicted,
    formatted,
    larger,
    locations,
    not_assessable,
    part_label,
    ratio,
    written_sum,
)
from thbstats.claims import (
    Claim,
    ClaimDirection,
    ClaimKind,
    CountCell,
    Figures,
    area_of,
    base_key,
    cell_of,
    dimension_of,
    is_settled,
    whole_of,
)
from thbstats.claims.relations import Relation, Relations
from thbstats.claims.wording import quoted
from thbstats.display import Amount, count, decimal, signed_percent
from thbstats.errors import ThbstatsError
from thbstats.geography import COMPOSITIONS, Area, country_name, eu_members
from thbstats.lists import Lists, dependence, distinct, models
from thbstats.panel import ResultKind
from thbstats.records import KINDS, schema_of
from thbstats.values import Certainty, Interval, Percent, Period, Rational
from thbstats.vocabulary import CitizenshipGroup, Stage

_MOST_LISTED = 5


def explanation(figures: Figures, claim: Claim) -> str:
    """Return the relations of a number to consistent figures, or an empty text."""
    if claim.at_least:
        return f"{formatted(claim)} is published as a lower bound."
    if claim.kind is ClaimKind.COUNT:
        return _of_count(figures, claim)
    if claim.kind is ClaimKind.SHARE:
        texts = [_of_share(figures, claim), _hundred(figures, claim)]
    else:
        texts = [_of_change(figures, claim)]
    return " ".join(filter(None, [*texts, again(figures, claim)]))


def contradiction(figures: Figures, claim: Claim) -> str:
    """Return how the figures of a contradictory set contradict each other, or an empty text.

    A contradiction of several steps has no such sentence.
    """
    others = [other for other in figures.claims if other != claim]
    return next(filter(None, (_problem(figures, item) for item in (claim, *others))), "")


def _problem(figures: Figures, claim: Claim) -> str:
    """Return why a number contradicts the others, or an empty text."""
    rules, others = figures.rules, figures.same(claim)
    apart = [other for other in others if not rules.agree(claim, other)]
    if claim.at_least:
        apart = [other for other in others if rules.is_less(other, claim)][:1]
    if apart:
        least = "At least " if claim.at_least else ""
        text = f"{least}{formatted(claim)} here, {citations(apart)} for the same {claim.kind}."
        return f"{text}{QUOTED if claim.is_quoted else ''}"
    if claim.at_least or not claim.printed:
        return ""
    if claim.kind is ClaimKind.COUNT:
        cell = cell_of(claim)
        for whole in figures.above(cell):
            if rules.is_less(whole, claim):
                return larger(claim, whole)
        broken = _relations(figures, claim, broken=True)
        return next((_of_relation(figures, item) for item in broken), "")
    if claim.kind is ClaimKind.CHANGE:
        text, pair = _of_change(figures, claim), counts_of_change(figures, claim)
        if pair is None or pair[1].upper == 0:
            return ""
        return f"{text.removesuffix('.')}, not {formatted(claim)}."
    if claim.kind is not ClaimKind.SHARE:
        return ""
    texts = (_of_counts(figures, claim), _not_hundred(figures, claim), _beyond(figures, claim))
    return next(filter(None, texts), "")


# Changes.


def counts_of_change(figures: Figures, claim: Claim) -> tuple[Interval, Interval] | None:
    """Return the new and the old count of a change, or ``None``."""
    new, old = figures.known(cell_of(claim)), figures.known(before(claim))
    return None if new is None or old is None else (new, old)


def before(claim: Claim) -> CountCell:
    """Return the cell of a change in its base period."""
    return evolve(cell_of(claim), period=claim.since or claim.period)


def _of_change(figures: Figures, claim: Claim) -> str:
    pair = counts_of_change(figures, claim)
    if pair is None:
        own = formatted(claim)
        return f"{own} since {claim.since}; the counts of both periods are not published."
    change = ResultKind.RELATIVE_CHANGE.format_value(Interval.ratio(*pair) - Interval.point(1))
    return f"From {count(pair[1])} to {count(pair[0])} is {change}."


# Counts: by sums, shares, parts and totals.


def _of_count(figures: Figures, claim: Claim) -> str:
    cell = cell_of(claim)
    inside = [f"{formatted(claim)} is a part of {citation(item)}." for item in figures.above(cell)]
    inside += [f"{citation(item)} is a part of {formatted(claim)}." for item in figures.below(cell)]
    sums = sorted(
        _relations(figures, claim, broken=False),
        key=lambda item: (bool(item.caveat), not item.is_complete),
    )
    total = _of_relation(figures, sums[0]) if sums else ""
    same, fits = again(figures, claim), list(_by_shares(figures, claim))
    is_sum = bool(sums) and sums[0].is_complete and not sums[0].caveat
    others = fits or ([] if same else [*filter(None, [total]), *inside])
    texts = [*filter(None, [same, total if is_sum else ""]), *others[:1]]
    return " ".join(dict.fromkeys(texts))


def has_sum(figures: Figures, claim: Claim) -> bool:
    """Return whether published counts add up to a count, or to one that contains it."""
    is_count = claim.kind is ClaimKind.COUNT
    return is_count and any(r.is_complete for r in _relations(figures, claim, broken=False))


def _relations(figures: Figures, claim: Claim, *, broken: bool) -> Iterator[Relation]:
    """Yield the sums of published counts with a count that fit, or that do not."""
    cell = cell_of(claim)
    if claim.is_counted and figures.count(cell) == figures.rules.counted(claim):
        for relation in figures.relations.around(cell):
            total, whole = figures.sum(relation.parts), figures.sum([relation.whole])
            if relation.is_broken(total, whole) is broken and not (broken and relation.caveat):
                yield relation


def _of_relation(figures: Figures, relation: Relation) -> str:
    total, whole = figures.sum(relation.parts), figures.sum([relation.whole])
    dimension, several = relation.dimension, len(relation.parts) > 1
    parts = f"{len(relation.parts)} counts by {dimension}"
    if len(relation.parts) <= _MOST_LISTED:
        *first, last = (
            f"{count(figures.sum([part]))} for {part_label(part, dimension)}"
            for part in relation.parts
        )
        parts = " and ".join(filter(None, [", ".join(first), last]))
    makes = f" add up to {count(total)}," if several else ""
    is_ = "which is" if several else "is"
    target = f"{count(whole)} for {part_label(relation.whole, dimension)}"
    if relation.is_broken(total, whole):
        relates = "not" if relation.is_complete and makes else f"{is_} more than"
        cells = (relation.whole, *relation.parts)
        claims = [other for cell in cells for other in figures.of_cell(cell)]
        return f"{parts}{makes} {relates} {target} ({locations(claims)})."
    relates = "the" if relation.is_complete else f"{is_} not more than"
    return f"{parts}{makes} {relates} {target}."


def _by_shares(figures: Figures, claim: Claim) -> Iterator[str]:
    """Yield the arithmetic of each share of a count, and of each share with it."""
    cell = cell_of(claim)
    for share in figures.shares:
        is_whole = share.base == "all" and whole_of(share).is_same(cell)
        if (is_whole or cell_of(share).is_same(cell)) and figures.own_base(share) is not None:
            yield _of_share(figures, share)


def later_stage(figures: Figures, claim: Claim) -> str:
    """Return a remark if a stage has a higher count than an earlier one, in any unit."""
    stage = claim.category.get("stage")
    if stage is None or claim.count is None:
        return ""
    for earlier in (item for item in Stage if item.rank < Stage(stage).rank):
        if earlier is Stage.RECORDED:  # offences, of which one can have several persons
            continue
        other = evolve(claim, category={**claim.category, "stage": earlier}, unit="")
        number = figures.count(cell_of(other))
        if number is not None and number.value is not None and claim.count > number.value:
            return (
                f"More people {stage} ({formatted(claim)}) than {earlier} "
                f"({count(int(number.value))}). Check coverage and counting units."
            )
    return ""


# Shares: by their counts, and by the other shares of the same denominator.


def _of_counts(figures: Figures, share: Claim) -> str:
    """Return why a share contradicts related counts and shares, or an empty text."""
    own = figures.own_base(share)
    if own is not None:
        for rival in figures.shares_of_base(share):
            bases = figures.own_base(rival)
            if bases is not None and not bases.overlaps(own):
                needs = _needs(figures, share, own), _needs(figures, rival, bases)
                return f"{', but '.join(needs)}: no denominator fits both."
        return ""
    printed, number, is_all = figures.percent(share), formatted(share), share.base == "all"
    known, whole = figures.known(cell_of(share)), figures.whole(share)
    if printed.numerators(Interval.at_least(1)) is None:
        return f"A share cannot be {number}."
    if known is not None:
        if is_all and whole.is_point and whole.value:
            text = f"{count(known)} of {count(whole)} is {ratio(figures, share, known, whole)}"
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


def _of_share(figures: Figures, share: Claim) -> str:
    """Return the numerator and the denominator of a share in words."""
    part, whole, number = figures.known(cell_of(share)), figures.whole(share), formatted(share)
    base, numerator = figures.base(share) or whole, figures.numerator(share) or figures.part(share)
    is_all = share.base == "all"
    if part is not None:
        if base.is_point and is_all:
            return f"{count(part)} of {count(base)} is {ratio(figures, share, part, base)}."
        needs = _needs(figures, share, base)
        if not whole.is_point or base.overlaps(whole):
            return f"{needs}."
        return (
            f"{needs}. It is {ratio(figures, share, part, whole)} of all {count(whole)}, so "
            f"{number} refers to a smaller denominator."
        )
    if share.base not in ("all", "known"):
        most = "any size" if base.upper is None else f"up to {count(base.upper)}"
        return f"The denominator is not stated. A denominator of {most} is possible."
    if is_all and base.value is not None:
        is_ = "is"
        if numerator.value is not None:
            is_exact = figures.percent(share).value * base.value == numerator.value
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


def _group(figures: Figures, claim: Claim) -> tuple[list[Claim], list[Claim]]:
    """Return the shares that make 100% with a share, and those of them with a number."""
    group = [other for other in figures.claims if claim.makes and other.makes == claim.makes]
    return group, [other for other in group if other.percent is not None]


def _hundred(figures: Figures, claim: Claim) -> str:
    """Return the sum of a share and the shares that make 100% with it, or an empty text."""
    group, printed = _group(figures, claim)
    if len(printed) < 2:
        return ""
    text, total = written_sum(figures, printed), sum(figures.percent(p).value for p in printed)
    if len(printed) < len(group):
        return f"{text}: the parts without a number can make up the difference."
    if total == 1:
        return f"{text}: the parts add up."
    # Another part belongs to a contradictory set if rounding cannot explain the difference.
    return "" if _not_hundred(figures, claim) else f"{text}: rounding can explain the difference."


def _not_hundred(figures: Figures, claim: Claim) -> str:
    """Return why a share and the shares that make 100% with it do not, or an empty text."""
    group, printed = _group(figures, claim)
    if len(printed) < 2:
        return ""
    parts, text = list(map(figures.percent, printed)), written_sum(figures, printed)
    least, most = sum(part.lower for part in parts), sum(part.upper for part in parts)
    enough = most > 1 or (most == 1 and all(part.upper_closed for part in parts))
    few = least < 1 or (least == 1 and all(part.lower_closed for part in parts))
    if not few or not (enough or len(parts) < len(group)):
        return f"{text}: rounding cannot make this 100%."
    return ""


def _beyond(figures: Figures, share: Claim) -> str:
    """Return that exclusive shares add up to more or less than 100%, or an empty text."""
    claims = [other for other in figures.shares_of_base(share) if other.percent is not None]
    if len(claims) < 2 or share not in claims:
        return ""
    known = dimension_of(share).split() if share.base == "known" else ()
    everyone, cell = evolve(whole_of(share), recorded=frozenset(known)), cell_of(share)
    first = {cell_of(other): other for other in reversed(claims)} | {cell: share}
    # The order of cells decides which relation is reported.
    relations = Relations([everyone, *map(cell_of, claims)], figures.overlapping)
    for relation in relations.around(cell):
        parts = [first[part] for part in relation.parts]
        whole = [] if relation.whole == everyone else [first[relation.whole]]
        total = sum((figures.percent(part).interval for part in parts), Interval.point(0))
        room = figures.percent(whole[0]).interval if whole else Interval.point(1)
        if relation.is_broken(total, room):
            relates = "more" if (total.lower or 0) > (room.upper or 0) else "less"
            of, related = formatted(whole[0]) if whole else "100%", locations([*parts, *whole])
            return f"{written_sum(figures, parts)}, which is {relates} than {of} ({related})."
    return ""


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
    for own, after, ending in [
        *((code, rival, "is not listed") for code in ranked for rival in rivals),
        *((*pair, "is listed before it") for pair in pairwise(ranked if claim.ordered else ())),
    ]:
        if figures.rules.is_less(numbers[own], numbers[after]):
            is_listed = after in ranked
            join = ", which" if is_listed else " but"
            text = f"{listed(after)} is more than {listed(own)}{join} {ending}."
            return contradicted(text, [numbers[after], numbers[own]])
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


_POPULATION = ("sex", "age", "citizenship")
"""The dimensions of a population; the others are of what happens in it."""

_MORE_DECIMALS = 2
"""The decimals of a ratio of counts beyond those of the printed one."""

_NO_FIGURE = not_assessable("Qualitative statement (no figure).")


def compared(figures: Figures, claim: Claim) -> Judgement:
    """Return the judgement of a claim that no system of counts contains."""
    kind = claim.kind
    if kind is ClaimKind.NUMBER:
        return not_assessable(f"{formatted(claim)} is not a count.")
    if kind in (ClaimKind.RANKING, ClaimKind.DIRECTION):
        return (judge_ranking if kind is ClaimKind.RANKING else judge_direction)(figures, claim)
    if not claim.printed or (kind is ClaimKind.CHANGE and claim.since is None):
        return _NO_FIGURE
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
