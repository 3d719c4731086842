"""Comparisons of claims: their arithmetic in sentences, and those that are not linear."""

from collections.abc import Iterable, Iterator, Mapping
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
    CountCell,
    Figures,
    area_of,
    base_key,
    cell_of,
    dimension_of,
    is_settled,
    whole_of,
)
from thbstats.claims.relations import Relation, Relations, area_label
from thbstats.claims.selection import SPLITS
from thbstats.claims.wording import quoted
from thbstats.display import count, decimal, percent, signed_percent
from thbstats.errors import ThbstatsError
from thbstats.geography import COMPOSITIONS, Area, country_name, eu_members
from thbstats.languages import Message, Plural, joined, paragraph
from thbstats.lists import Lists, dependence, distinct, models
from thbstats.panel import ResultKind
from thbstats.records import KINDS, schema_of
from thbstats.values import Certainty, Interval, Percent, Period, Rational
from thbstats.values.rate_change import RateChange, Span
from thbstats.vocabulary import CitizenshipGroup, Stage, code_text, dimension_text

_MOST_LISTED = 5

QUOTED = Message("The page quotes the publisher, so the error can be in the quotation.")
UNPLACED = Message(
    "The text does not state whether both have the same population, area and period."
)


@frozen
class Judgement:
    """Verdict of a comparison with its arithmetic and the contradicting claims."""

    verdict: ClaimVerdict
    message: str
    against: tuple[Claim, ...] = ()


def not_assessable(message: str) -> Judgement:
    """Return that no published figure relates to a claim, with the reason."""
    return Judgement(ClaimVerdict.NOT_ASSESSABLE, message)


def consistent(message: str, *, is_exact: bool = False) -> Judgement:
    """Return that other figures allow a claim, or give exactly its number."""
    return Judgement(ClaimVerdict.CONFIRMED if is_exact else ClaimVerdict.CONSISTENT, message)


def contradicted(message: str, against: Iterable[Claim] = ()) -> Judgement:
    """Return a contradiction with the contradicting claims."""
    return Judgement(ClaimVerdict.CONTRADICTED, message, against=tuple(against))


def formatted(claim: Claim) -> str:
    """Return the number of a claim in the default number style."""
    if claim.change is not None:
        return claim.change.printed.strip(" %").replace("-", "\N{MINUS SIGN}") + "%"
    if claim.percent is not None:
        return f"{claim.printed.strip(' %')}%"
    if claim.estimate is not None:
        return claim.printed.strip()
    if claim.rate is not None:
        text, number = "{number} per {inhabitants}", claim.printed.strip()
        rate = Message(text, number=number, inhabitants=count(claim.per))
        return rate if claim.per else claim.printed
    return "" if claim.count is None else count(claim.count)


def citations(claims: Iterable[Claim]) -> str:
    """Return the numbers of claims, each with its location."""
    text = "{number} in {location}"
    texts = (Message(text, number=formatted(own), location=own.location) for own in claims)
    return joined(texts, ", ")


def citation(claim: Claim) -> str:
    """Return the number of a claim with its location in brackets."""
    return Message("{number} ({location})", number=formatted(claim), location=claim.location)


def locations(claims: Iterable[Claim]) -> str:
    """Return the sections and pages of claims, each once."""
    return joined(dict.fromkeys(claim.location for claim in claims), ", ")


def again(figures: Figures, claim: Claim) -> str:
    """Return the locations of the same value, or an empty text."""
    same = [other for other in figures.same(claim) if figures.rules.agree(claim, other)]
    text = "The same value is in {locations}."
    return Message(text, locations=locations(same)) if same else ""


def larger(part: Claim, whole: Claim) -> str:
    """Return that a part is larger than its total."""
    text = "{part} is a part of {whole}, but it is larger."
    return Message(text, part=citation(part), whole=citation(whole))


def written_sum(figures: Figures, claims: list[Claim]) -> str:
    """Return the sum of percentages, such as 56 + 26 + 18 = 100%."""
    parts = list(map(figures.percent, claims))
    total = percent(sum(part.value for part in parts), max(part.decimals for part in parts))
    added = " + ".join(formatted(claim).removesuffix("%") for claim in claims)
    return joined((added, total), " = ")


def ratio(figures: Figures, share: Claim, part: Interval, whole: Interval) -> str:
    """Return the calculated share with one more decimal than the published one."""
    return percent(Interval.ratio(part, whole), figures.percent(share).decimals + 1)


def part_label(cell: CountCell, dimension: str) -> str:
    """Return the category of a cell in one dimension."""
    if dimension == "area":
        return area_label(cell.members or frozenset())
    if dimension == "period":
        return str(cell.period)
    if dimension == "status":
        return code_text(cell.status)
    codes = {name: code for name, code in cell.codes if name in SPLITS}
    if dimension not in codes and dimension in cell.recorded:
        return Message("recorded {dimension}", dimension=dimension_text(dimension))
    names = [dimension] if dimension in codes else sorted(codes)
    return joined((code_text(codes[name]) for name in names), " ", " ") or Message("all")


def explanation(figures: Figures, claim: Claim) -> str:
    """Return the relations of a number to consistent figures, or an empty text."""
    if claim.at_least:
        return Message("{number} is published as a lower bound.", number=formatted(claim))
    if claim.kind is ClaimKind.COUNT:
        return _of_count(figures, claim)
    if claim.kind is ClaimKind.SHARE:
        texts = [_of_share(figures, claim), _hundred(figures, claim, is_wrong=False)]
    else:
        texts = [_of_change(figures, claim)]
    return paragraph([*texts, again(figures, claim)])


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
    text = "{number} here, {others} for the same quantity."
    if claim.at_least:
        apart = [other for other in others if rules.is_less(other, claim)][:1]
        text = "At least {number} here, {others} for the same quantity."
    if apart:
        problem = Message(text, number=formatted(claim), others=citations(apart))
        return paragraph([problem, QUOTED if claim.is_quoted else ""])
    if claim.at_least or not claim.printed:
        return ""
    if claim.kind is ClaimKind.COUNT:
        for whole in figures.above(cell_of(claim)):
            if rules.is_less(whole, claim):
                return larger(claim, whole)
        broken = _relations(figures, claim, broken=True)
        return next((_of_relation(figures, item) for item in broken), "")
    if claim.kind is ClaimKind.CHANGE:
        pair = counts_of_change(figures, claim)
        is_possible = pair is not None and pair[1].upper != 0
        return _of_change(figures, claim, is_wrong=True) if is_possible else ""
    if claim.kind is not ClaimKind.SHARE:
        return ""
    hundred = _hundred(figures, claim, is_wrong=True)
    return next(filter(None, (_of_counts(figures, claim), hundred, _beyond(figures, claim))), "")


# Changes.


def counts_of_change(figures: Figures, claim: Claim) -> tuple[Interval, Interval] | None:
    """Return the new and the old count of a change, or ``None``."""
    new, old = figures.known(cell_of(claim)), figures.known(before(claim))
    return None if new is None or old is None else (new, old)


def before(claim: Claim) -> CountCell:
    """Return the cell of a change in its base period."""
    return evolve(cell_of(claim), period=claim.since or claim.period)


def _of_change(figures: Figures, claim: Claim, *, is_wrong: bool = False) -> str:
    pair, number = counts_of_change(figures, claim), formatted(claim)
    if pair is None:
        text = "{number} since {period}; the counts of both periods are not published."
        return Message(text, number=number, period=claim.since)
    change = ResultKind.RELATIVE_CHANGE.format_value(Interval.ratio(*pair) - Interval.point(1))
    text = "From {old} to {new} is {change}."
    if is_wrong:
        text = "From {old} to {new} is {change}, not {number}."
    return Message(text, old=count(pair[1]), new=count(pair[0]), change=change, number=number)


# Counts: by sums, shares, parts and totals.


def _of_count(figures: Figures, claim: Claim) -> str:
    cell, number, part = cell_of(claim), formatted(claim), "{part} is a part of {whole}."
    inside = [Message(part, part=number, whole=citation(own)) for own in figures.above(cell)]
    inside += [Message(part, part=citation(own), whole=number) for own in figures.below(cell)]
    sums = sorted(
        _relations(figures, claim, broken=False),
        key=lambda item: (bool(item.caveat), not item.is_complete),
    )
    total = _of_relation(figures, sums[0]) if sums else ""
    same, fits = again(figures, claim), list(_by_shares(figures, claim))
    is_sum = bool(sums) and sums[0].is_complete and not sums[0].caveat
    others = fits or ([] if same else [*filter(None, [total]), *inside])
    return paragraph(dict.fromkeys([same, total if is_sum else "", *others[:1]]))


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
    cells, dimension = (*relation.parts, relation.whole), relation.dimension
    *parts, whole = (
        Message(
            "{number} for {category}",
            number=count(figures.sum([cell])), category=part_label(cell, dimension),
        )
        for cell in cells
    )  # fmt: skip
    total = figures.sum(relation.parts)
    is_broken = relation.is_broken(total, figures.sum([relation.whole]))
    # Several counts have a sum; a single one is compared itself.
    if len(parts) == 1:
        text = "{parts} is not more than {whole}."
        if is_broken:
            text = "{parts} is more than {whole} ({locations})."
    elif is_broken:
        text = "{parts} add up to {total}, which is more than {whole} ({locations})."
        if relation.is_complete:
            text = "{parts} add up to {total}, not {whole} ({locations})."
    else:
        text = "{parts} add up to {total}, which is not more than {whole}."
        if relation.is_complete:
            text = "{parts} add up to {total}, the {whole}."
    listed = joined(parts)
    if len(parts) > _MOST_LISTED:
        name = dimension_text(dimension)
        listed = Message("{n} counts by {dimension}", n=len(parts), dimension=name)
    claims = [other for cell in (cells[-1], *cells[:-1]) for other in figures.of_cell(cell)]
    return Message(text, parts=listed, total=count(total), whole=whole, locations=locations(claims))


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
            return Message(
                "More people {later} ({number}) than {earlier} ({most}). Check coverage and "
                "counting units.",
                later=code_text(stage), number=formatted(claim), earlier=code_text(earlier),
                most=count(int(number.value)),
            )  # fmt: skip
    return ""


# Shares: by their counts, and by the other shares of the same denominator.


def _of_counts(figures: Figures, share: Claim) -> str:
    """Return why a share contradicts related counts and shares, or an empty text."""
    own = figures.own_base(share)
    if own is not None:
        for rival in figures.shares_of_base(share):
            bases = figures.own_base(rival)
            if bases is not None and not bases.overlaps(own):
                text = "{first}, but {second}: no denominator fits both."
                needs = _needs(figures, share, own), _needs(figures, rival, bases)
                return Message(text, first=needs[0], second=needs[1])
        return ""
    printed, number, is_all = figures.percent(share), formatted(share), share.base == "all"
    known, whole = figures.known(cell_of(share)), figures.whole(share)
    if printed.numerators(Interval.at_least(1)) is None:
        return Message("A share cannot be {number}.", number=number)
    if known is not None:
        values: dict[str, object] = {"part": count(known), "whole": count(whole), "number": number}
        if is_all and whole.is_point and whole.value:
            true = ratio(figures, share, known, whole)
            return Message("{part} of {whole} is {share}, not {number}.", share=true, **values)
        bases = printed.bases(known)
        if bases is None:
            return Message("{part} is not {number} of any integer.", **values)
        text = "{clause}, but the total is {whole}."
        return Message(text, clause=_needs(figures, share, bases), **values)
    base = count(whole) if is_all else Message("up to {most}", most=count(whole.upper or 0))
    part = figures.part(share)
    numerators = printed.numerators(whole if is_all else Interval(0, whole.upper))
    if numerators is None or part.overlaps(numerators):
        return Message("No integer is {number} of {whole}.", number=number, whole=base)
    few = numerators.upper is not None and numerators.upper < (part.lower or 0)
    required = Interval.at_least(part.lower or 0) if few else Interval(None, part.upper or 0)
    return Message(
        "{number} of {whole} is {part}, but other counts require {required}.",
        number=number, whole=base, part=count(numerators), required=count(required),
    )  # fmt: skip


def _of_share(figures: Figures, share: Claim) -> str:
    """Return the numerator and the denominator of a share in words."""
    part, whole, number = figures.known(cell_of(share)), figures.whole(share), formatted(share)
    base, numerator = figures.base(share) or whole, figures.numerator(share) or figures.part(share)
    is_all, text = share.base == "all", "{number} of {whole} is {part}."
    if part is not None:
        if base.is_point and is_all:
            true = ratio(figures, share, part, base)
            values = {"part": count(part), "whole": count(base), "share": true}
            return Message("{part} of {whole} is {share}.", **values)
        needs = Message("{clause}.", clause=_needs(figures, share, base))
        if not whole.is_point or base.overlaps(whole):
            return needs
        remark = Message(
            "It is {share} of all {whole}, so {number} refers to a smaller denominator.",
            share=ratio(figures, share, part, whole), whole=count(whole), number=number,
        )  # fmt: skip
        return paragraph([needs, remark])
    if share.base not in ("all", "known"):
        if base.upper is None:
            return Message("The denominator is not stated. Any denominator is possible.")
        text = "The denominator is not stated. A denominator of up to {most} is possible."
        return Message(text, most=count(base.upper))
    is_bounded = base.upper is not None and numerator.upper is not None
    if is_all and base.value is not None:
        if numerator.value is not None:
            text = "{number} of {whole} can only be {part}."
            if figures.percent(share).value * base.value == numerator.value:
                text = "{number} of {whole} is exactly {part}."
    elif not is_bounded:
        text = "No published figure bounds the denominator of {number}."
        return Message(text, number=number)
    elif not is_all and not any(figures.part(o).lower for o in figures.shares_of_base(share)):
        text = "{number} of up to {whole} is up to {part}."
        base, numerator = Interval.point(base.upper or 0), Interval.point(numerator.upper or 0)
    return Message(text, number=number, whole=count(base), part=count(numerator))


def _needs(figures: Figures, share: Claim, base: Interval) -> str:
    part, number = figures.known(cell_of(share)), formatted(share)
    text, known = "{part} is {number} of {whole}", part or Interval.at_least(0)
    if part is None:
        text = "{number} requires a denominator of {whole}"
    return Message(text, part=count(known), number=number, whole=count(base))


def _hundred(figures: Figures, claim: Claim, *, is_wrong: bool) -> str:
    """Return the sum of a share and the shares that make 100% with it, if it can be 100% or not.

    If it cannot and should, another part belongs to a contradictory set, and the text is empty.
    """
    group = [other for other in figures.claims if claim.makes and other.makes == claim.makes]
    printed = [other for other in group if other.percent is not None]
    parts = list(map(figures.percent, printed))
    least, most = sum(part.lower for part in parts), sum(part.upper for part in parts)
    enough = most > 1 or (most == 1 and all(part.upper_closed for part in parts))
    few = least < 1 or (least == 1 and all(part.lower_closed for part in parts))
    if len(parts) < 2 or (few and (enough or len(parts) < len(group))) is is_wrong:
        return ""
    text = "{sum}: rounding can explain the difference."
    if is_wrong:
        text = "{sum}: rounding cannot make this 100%."
    elif len(parts) < len(group):
        text = "{sum}: the parts without a number can make up the difference."
    elif sum(part.value for part in parts) == 1:
        text = "{sum}: the parts add up."
    return Message(text, sum=written_sum(figures, printed))


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
            text = "{sum}, which is less than {whole} ({locations})."
            if (total.lower or 0) > (room.upper or 0):
                text = "{sum}, which is more than {whole} ({locations})."
            number = formatted(whole[0]) if whole else percent(1, 0)
            related = locations([*parts, *whole])
            added = written_sum(figures, parts)
            return Message(text, sum=added, whole=number, locations=related)
    return ""


_QUALITATIVE = not_assessable(Message("Qualitative direction (no figure)."))
_UNRANKED = not_assessable(Message("The ranked figures are not published."))
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
    verdict = verdict_of_all = _verdict(figures, series[0], series[-1], claim.direction)
    ending = _ENDINGS[verdict]
    if len({verdict, *steps}) > 1:
        verdict, ending = (
            ClaimVerdict.CONSISTENT,
            Message("which is true from the first to the last period"),
        )
        if ClaimVerdict.CONTRADICTED in (verdict_of_all, steps[-1]):
            verdict = ClaimVerdict.NOT_ASSESSABLE
            ending = Message("which is not a single direction")
    text = "The period is not stated. Published are {numbers} ({locations}), {ending}."
    published = joined((_dated(number, str(number.period)) for number in series), ", ")
    message = Message(text, numbers=published, locations=locations(series), ending=ending)
    return Judgement(verdict, message, against=tuple(series))


def _dated(number: Claim, scope: str) -> str:
    """Return a number with its period or area."""
    return Message("{number} in {scope}", number=formatted(number), scope=scope)


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
    own, other = (
        _dated(item, str(item.period if dated else area_of(item))) for item in (number, before)
    )
    text = "{number} against {other}, {ending}."
    message = Message(text, number=own, other=other, ending=_ENDINGS[verdict])
    return Judgement(verdict, message, (before, number))


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
        texts = (joined((code_text(code), formatted(numbers[code])), " ") for code in codes)
        return joined(texts, ", ")

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
    pairs = [(code, rival) for code in ranked for rival in rivals]
    for own, after in (*pairs, *pairwise(ranked if claim.ordered else ())):
        if figures.rules.is_less(numbers[own], numbers[after]):
            text = "{larger} is more than {smaller} but is not listed."
            if after in ranked:
                text = "{larger} is more than {smaller}, which is listed before it."
            message = Message(text, larger=listed(after), smaller=listed(own))
            return contradicted(message, [numbers[after], numbers[own]])
    if len(ranked) < len(claim.ranks) or not rivals:
        return _UNRANKED
    values = {"ranked": listed(*ranked), "others": listed(*rivals)}
    message = Message("{ranked} against {others}.", **values)
    amounts = [_amount(figures, numbers[code]) for code in ranked]
    least = min(amount.lower or 0 for amount in amounts)
    is_open = any((_amount(figures, numbers[rival]).upper or 0) > least for rival in rivals)
    can_turn = any((b.upper or 0) > (a.lower or 0) for a, b in pairwise(amounts))
    if is_open or (claim.ordered and can_turn):
        return consistent(message)
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
        text = "{ranked} against {others}; other categories have no published number."
        return consistent(Message(text, **values))
    return consistent(message, is_exact=True)


def _amount(figures: Figures, number: Claim) -> Interval:
    is_share = number.percent is not None
    return figures.percent(number).interval if is_share else figures.rules.counted(number)


def _by_members(claim: Claim) -> Judgement | None:
    """Return the judgement of a ranking of EU or other citizenships by EU membership."""
    inside = _is_of_eu(claim)
    if inside is None:
        return None
    members = {code: _is_member(claim, code) for code in claim.ranks}
    throughout = Message("the EU throughout {period}", period=claim.period)
    union = claim.area if claim.area in COMPOSITIONS else throughout
    wrong = [country_name(code) for code, member in members.items() if member is (not inside)]
    if wrong:
        singular, plural = "{countries} is in {union}.", "{countries} are in {union}."
        if inside:
            singular, plural = "{countries} is not in {union}.", "{countries} are not in {union}."
        values = {"countries": joined(wrong, ", "), "union": union}
        return contradicted(Plural(singular, plural, len(wrong), **values))
    if None in members.values():
        return not_assessable(Message("Area and period do not determine the members of the EU."))
    text = "No country listed is in {union}; how many are counted for each is not printed."
    if inside:
        text = "Each country listed is in {union}; how many are counted for each is not printed."
    return consistent(Message(text, union=union))


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

_NO_FIGURE = not_assessable(Message("Qualitative statement (no figure)."))


def compared(figures: Figures, claim: Claim) -> Judgement:
    """Return the judgement of a claim that no system of counts contains."""
    kind = claim.kind
    if kind is ClaimKind.NUMBER:
        return not_assessable(Message("{number} is not a count.", number=formatted(claim)))
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
    values = {"number": formatted(claim), "others": citations(others)}
    if is_settled(claim):
        text = "{number} here, {others} for the same quantity."
        return contradicted(Message(text, **values), others)
    return not_assessable(paragraph([Message("{number} here, {others}.", **values), UNPLACED]))


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
    alone = "{number} is published once, and no other figure relates to it."
    return not_assessable(text or Message(alone, number=formatted(claim)))


def _hedged(figures: Figures, claim: Claim) -> Judgement:
    """Return the judgement of a number that the text qualifies, which is not exact."""
    text, exact_claim = explanation(figures, evolve(claim, wording="")), evolve(claim, wording="")
    pair = counts_of_change(figures, claim) if claim.kind is ClaimKind.CHANGE else None
    fits = bool(again(figures, claim))
    if pair is not None and pair[1].upper != 0:
        wrong = _of_change(figures, claim, is_wrong=True)
        judgement = _divided(figures, exact_claim, pair, text, wrong)
        text, fits = judgement.message, judgement.verdict is not ClaimVerdict.CONTRADICTED
    template = "The text has {words} before {number}."
    hedge = Message(template, words=quoted(claim.wording), number=formatted(claim))
    message = paragraph([hedge, text])
    return consistent(message) if fits else not_assessable(message)


# Ratios and changes of rates, which have a numerator and a denominator.


def _divided(
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
        return contradicted(wrong)
    same = "" if claim.per else again(figures, claim)
    return consistent(paragraph([fitting, same]), is_exact=is_exact)


def _ratio(figures: Figures, claim: Claim) -> Judgement:
    top, base = figures.count(cell_of(claim)), figures.count(whole_of(claim))
    if claim.rate is None or top is None or base is None or base.upper == 0:
        text = "{number}; its two counts are not published."
        return _unpublished(figures, claim, Message(text, number=formatted(claim)))
    decimals = claim.rate.decimals + _MORE_DECIMALS
    true = decimal(Interval.ratio(top, base), decimals)
    values = {"top": count(top), "base": count(base), "ratio": true}
    fitting = Message("{top} / {base} is {ratio}.", **values)
    wrong = Message("{top} / {base} is {ratio}, not {number}.", number=formatted(claim), **values)
    judgement = _divided(figures, claim, (top, base), fitting, wrong)
    counts = [o for cell in (cell_of(claim), whole_of(claim)) for o in figures.of_cell(cell)]
    return evolve(judgement, against=tuple(counts))


def _change_of_rates(figures: Figures, claim: Claim) -> Judgement:
    rates = [r for r in figures.rates if (r.kind, r.per) == (ClaimKind.RATE, claim.per)]
    cells = (cell_of(claim), before(claim))
    pair = [next((r for r in rates if cell_of(r).is_same(cell)), None) for cell in cells]
    numbers = [figures.rules.rounded(rate) for rate in pair if rate is not None]
    if len(numbers) < 2 or claim.change is None:
        text = "{number} since {period}; the rates of both periods are not published."
        return not_assessable(Message(text, number=formatted(claim), period=claim.since))
    change = RateChange(*filter(None, numbers))
    room = signed_percent(change.room().interval, claim.change.decimals + 1)
    values: dict[str, object] = {
        "old": change.old.printed, "new": change.new.printed, "per": count(claim.per),
        "number": formatted(claim), "change": room,
    }  # fmt: skip
    fitting = Message("From {old} to {new} per {per}, each rounded, is {change}.", **values)
    text = "From {old} to {new} per {per}, each rounded, is {change}, not {number}."
    judgement = _divided(figures, claim, change, fitting, Message(text, **values))
    return evolve(judgement, against=tuple(filter(None, pair)))


def _unpublished(figures: Figures, claim: Claim, text: str) -> Judgement:
    same = again(figures, claim)
    return consistent(paragraph([text, same])) if same else not_assessable(text)


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
        text = "{number}; the count is not published."
        return _unpublished(figures, claim, Message(text, number=formatted(claim)))
    needs = _needs_population(figures, claim, own)
    populations = {rival: _population(figures, rival) for rival in rivals}
    for rival, population in populations.items():
        if population is not None and not population.overlaps(own):
            rival_needs = _needs_population(figures, rival, population)
            text = "{first}, {second}: no population fits both."
            message = Message(text, first=needs, second=rival_needs)
            counts = [o for rate in (claim, rival) for o in figures.of_cell(cell_of(rate))]
            return contradicted(message, [rival, *counts])
    clause = Message("{clause}.", clause=needs)
    if same or any(populations.values()):
        return consistent(paragraph([clause, same]))
    return not_assessable(clause)


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


def _needs_population(figures: Figures, claim: Claim, population: Span) -> str:
    number, needed = figures.count(cell_of(claim)), population.interval
    most = None if needed.upper is None else floor(needed.upper)
    return Message(
        "{rate} of {part} requires a population of {bounds}",
        rate=formatted(claim), part=count(number or Interval.at_least(0)),
        bounds=count(Interval(ceil(needed.lower or 0), most)),
    )  # fmt: skip


def judge_estimate(claim: Claim, lists: Lists | None) -> tuple[Judgement, str]:
    """Return the judgement of an estimate, and a remark on a range that is too narrow.

    Only the persons on the lists contradict an estimate.
    """
    if lists is None or claim.estimate is None:
        text = "The lists behind the estimate are not given (option lists)."
        return not_assessable(Message(text)), ""
    area, periods = area_of(claim), {claim.period, lists.period} - {claim.period.not_stated()}
    is_elsewhere = area and lists.area.members and lists.area != Area.parse(area)
    if is_elsewhere or len(periods) > 1:
        return not_assessable(Message("The lists are of another area or period.")), ""
    low, high = claim.estimate.lower or 0, claim.estimate.upper or 0
    least = int(distinct(lists).bounds.lower or 0)
    if high < least:
        singular, plural = (
            "The lists contain at least {n} distinct person.",
            "The lists contain at least {n} distinct persons.",
        )
        return contradicted(Plural(singular, plural, least, n=count(least))), ""
    statement = Message("{clause}.", clause=dependence(lists).statement)
    try:
        near = models(lists).ranges.get(10)
    except ThbstatsError as error:
        problem = Message("No models: {problem}.", problem=error.problem)
        return not_assessable(paragraph([statement, problem])), ""
    if near is None:
        none = Message("No model has an estimate.")
        return not_assessable(paragraph([statement, none])), ""
    near = Interval(floor(near.lower or 0), ceil(near.upper or 0))
    text = "Models within 10 BIC points of the best give {bounds} persons."
    text = paragraph([Message(text, bounds=count(near)), statement])
    if not near.overlaps(claim.estimate):
        remark = Message("No model near the best gives a number in this range.")
        return not_assessable(text), remark
    is_narrow = low > (near.lower or 0) or high < (near.upper or 0)
    remark = Message("It is narrower than the range of these models.")
    return consistent(text), remark if is_narrow else ""
