"""Sentences on a claim and the figures that relate to it.

A sentence is one step of arithmetic that a reader can repeat. It decides nothing: an audit judges a
claim, and `explanation` or `contradiction` states the arithmetic of its verdict.
"""

from collections.abc import Iterable, Iterator

from attrs import evolve

from thbstats.claims.claim import Claim
from thbstats.claims.relations import (
    CountCell,
    Figures,
    Relation,
    Relations,
    area_label,
    cell_of,
    dimension_of,
    whole_of,
)
from thbstats.claims.selection import SPLITS, ClaimKind
from thbstats.display import count, percent
from thbstats.languages import Message, joined, paragraph
from thbstats.panel import ResultKind
from thbstats.values import Interval
from thbstats.vocabulary import Stage, code_text, dimension_text

_MOST_LISTED = 5

QUOTED = Message("The page quotes the publisher, so the error can be in the quotation.")


def number_text(claim: Claim) -> str:
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
    texts = (Message(text, number=number_text(own), location=own.location) for own in claims)
    return joined(texts, ", ")


def citation(claim: Claim) -> str:
    """Return the number of a claim with its location in brackets."""
    return Message("{number} ({location})", number=number_text(claim), location=claim.location)


def locations(claims: Iterable[Claim]) -> str:
    """Return the distinct sections and pages of claims."""
    return joined(dict.fromkeys(claim.location for claim in claims), ", ")


def same_value(figures: Figures, claim: Claim) -> str:
    """Return the locations of the same value, or an empty text."""
    same = [other for other in figures.same(claim) if figures.rules.agree(claim, other)]
    text = "The same value is in {locations}."
    return Message(text, locations=locations(same)) if same else ""


def larger_part(part: Claim, whole: Claim) -> str:
    """Return the sentence that a part is larger than its total."""
    text = "{part} is a part of {whole}, but it is larger."
    return Message(text, part=citation(part), whole=citation(whole))


def written_sum(figures: Figures, claims: list[Claim]) -> str:
    """Return the sum of percentages, such as 56 + 26 + 18 = 100%."""
    parts = list(map(figures.percent, claims))
    total = percent(sum(part.value for part in parts), max(part.decimals for part in parts))
    added = " + ".join(number_text(claim).removesuffix("%") for claim in claims)
    return joined((added, total), " = ")


def ratio(figures: Figures, share: Claim, part: Interval, whole: Interval) -> str:
    """Return the calculated share with one more decimal than the published share."""
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
    return joined((code_text(codes[name], name) for name in names), " ", " ") or Message("all")


def explanation(figures: Figures, claim: Claim) -> str:
    """Return the relations of a number to consistent figures, or an empty text."""
    if claim.at_least:
        return Message("{number} is published as a lower bound.", number=number_text(claim))
    if claim.kind is ClaimKind.COUNT:
        return _of_count(figures, claim)
    if claim.kind is ClaimKind.SHARE:
        texts = [_of_share(figures, claim), _sum_to_100(figures, claim, is_wrong=False)]
    else:
        texts = [of_change(figures, claim)]
    return paragraph([*texts, same_value(figures, claim)])


def contradiction(figures: Figures, claim: Claim) -> str:
    """Return the contradiction between figures of a contradictory set in words, or no text.

    A contradiction of several steps has no such sentence.
    """
    others = [other for other in figures.claims if other != claim]
    return next(filter(None, (_problem(figures, item) for item in (claim, *others))), "")


def _problem(figures: Figures, claim: Claim) -> str:
    """Return the reason why a number contradicts other numbers, or an empty text."""
    rules, others = figures.rules, figures.same(claim)
    # 1. Another value of the same quantity.
    apart = [other for other in others if not rules.agree(claim, other)]
    text = "{number} here, {others} for the same quantity."
    if claim.at_least:
        apart = [other for other in others if rules.is_less(other, claim)][:1]
        text = "At least {number} here, {others} for the same quantity."
    if apart:
        problem = Message(text, number=number_text(claim), others=citations(apart))
        return paragraph([problem, QUOTED if claim.is_quoted else ""])
    if claim.at_least or not claim.printed:
        return ""
    # 2. Related figures: totals and sums of a count, the counts of a change, those of a share.
    if claim.kind is ClaimKind.COUNT:
        for whole in figures.above(cell_of(claim)):
            if rules.is_less(whole, claim):
                return larger_part(claim, whole)
        broken = _relations(figures, claim, broken=True)
        return next((_of_relation(figures, item) for item in broken), "")
    if claim.kind is ClaimKind.CHANGE:
        pair = counts_of_change(figures, claim)
        is_possible = pair is not None and pair[1].upper != 0
        return of_change(figures, claim, is_wrong=True) if is_possible else ""
    if claim.kind is not ClaimKind.SHARE:
        return ""
    if (base := figures.own_base(claim)) is not None:
        texts = [_without_common_base(figures, claim, base)]
    else:
        texts = [_no_solution(figures, claim)]
    texts += [_sum_to_100(figures, claim, is_wrong=True), _exceeding_sum(figures, claim)]
    return next(filter(None, texts), "")


# Changes.


def counts_of_change(figures: Figures, claim: Claim) -> tuple[Interval, Interval] | None:
    """Return the new and the old count of a change, or ``None``."""
    new, old = figures.known(cell_of(claim)), figures.known(base_period_cell(claim))
    return None if new is None or old is None else (new, old)


def base_period_cell(claim: Claim) -> CountCell:
    """Return the cell of a change in its base period."""
    return evolve(cell_of(claim), period=claim.since or claim.period)


def of_change(figures: Figures, claim: Claim, *, is_wrong: bool = False) -> str:
    """Return a change with its counts, such as "From 200 to 250 is +25%."."""
    pair, number = counts_of_change(figures, claim), number_text(claim)
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
    """Return the relations of a count: the same value, a complete sum, and one further relation."""
    cell, same = cell_of(claim), same_value(figures, claim)
    # A sum of all parts precedes a sum of some of them, and both precede a sum with a caveat.
    sums = sorted(
        _relations(figures, claim, broken=False),
        key=lambda item: (bool(item.caveat), not item.is_complete),
    )
    first = [_of_relation(figures, item) for item in sums[:1]]
    others = list(_by_shares(figures, claim))
    if not others and not same:
        text, number = "{part} is a part of {whole}.", number_text(claim)
        inside = [Message(text, part=number, whole=citation(own)) for own in figures.above(cell)]
        inside += [Message(text, part=citation(own), whole=number) for own in figures.below(cell)]
        others = [*first, *inside]
    is_sum = any(item.is_complete and not item.caveat for item in sums[:1])
    return paragraph(dict.fromkeys([same, *(first if is_sum else []), *others[:1]]))


def has_sum(figures: Figures, claim: Claim) -> bool:
    """Return whether published counts add up to a count, or to a count that contains it."""
    is_count = claim.kind is ClaimKind.COUNT
    return is_count and any(r.is_complete for r in _relations(figures, claim, broken=False))


def _relations(figures: Figures, claim: Claim, *, broken: bool) -> Iterator[Relation]:
    """Yield the sums with a published count that are correct, or those that are wrong."""
    cell = cell_of(claim)
    if claim.is_counted and figures.count(cell) == figures.rules.counted(claim):
        for relation in figures.relations.around(cell):
            total, whole = figures.sum(relation.parts), figures.sum([relation.whole])
            if relation.is_broken(total, whole) is broken and not (broken and relation.caveat):
                yield relation


def _of_relation(figures: Figures, relation: Relation) -> str:
    """Return a relation with its numbers, such as "3 for women and 2 for men add up to 5"."""
    dimension, total = relation.dimension, figures.sum(relation.parts)
    *parts, whole = (
        Message(
            "{number} for {category}",
            number=count(figures.sum([cell])), category=part_label(cell, dimension),
        )
        for cell in (*relation.parts, relation.whole)
    )  # fmt: skip
    is_broken = relation.is_broken(total, figures.sum([relation.whole]))
    # Several counts have a sum; a single one is compared itself.
    if len(parts) == 1:
        text = "{parts} is not more than {whole}."
        if is_broken:
            text = "{parts} is more than {whole} ({locations})."
    elif relation.is_complete:
        text = "{parts} add up to {total}, the {whole}."
        if is_broken:
            text = "{parts} add up to {total}, not {whole} ({locations})."
    else:
        text = "{parts} add up to {total}, which is not more than {whole}."
        if is_broken:
            text = "{parts} add up to {total}, which is more than {whole} ({locations})."
    listed = joined(parts)
    if len(parts) > _MOST_LISTED:
        name = dimension_text(dimension)
        listed = Message("{n} counts by {dimension}", n=len(parts), dimension=name)
    cells = (relation.whole, *relation.parts)
    where = locations(other for cell in cells for other in figures.of_cell(cell))
    return Message(text, parts=listed, total=count(total), whole=whole, locations=where)


def _by_shares(figures: Figures, claim: Claim) -> Iterator[str]:
    """Yield the arithmetic of each share whose numerator or denominator is a count."""
    cell = cell_of(claim)
    for share in figures.shares:
        is_whole = share.base == "all" and whole_of(share).is_same(cell)
        if (is_whole or cell_of(share).is_same(cell)) and figures.own_base(share) is not None:
            yield _of_share(figures, share)


def later_stage(figures: Figures, claim: Claim) -> str:
    """Return a remark if a stage has a higher count than an earlier one, in any unit."""
    stage = claim.category.get("stage")
    if stage is None or not claim.is_counted or claim.is_hedged:
        return ""
    least = figures.rules.counted(claim).lower or 0
    for earlier in (item for item in Stage if item.rank < Stage(stage).rank):
        if earlier is Stage.RECORDED:  # offences, of which one can have several persons
            continue
        other = evolve(claim, category={**claim.category, "stage": earlier}, unit="")
        number = figures.count(cell_of(other))
        if number is not None and number.upper is not None and least > number.upper:
            return Message(
                "More people {later} ({number}) than {earlier} ({most}). Check coverage and "
                "counting units.",
                later=code_text(stage), number=number_text(claim), earlier=code_text(earlier),
                most=count(number),
            )  # fmt: skip
    return ""


# Shares: by their counts, and by the other shares of the same denominator.


def _without_common_base(figures: Figures, share: Claim, base: Interval) -> str:
    """Return the sentence that two shares of the same persons have no common denominator."""
    for rival in figures.shares_of_base(share):
        other_base = figures.own_base(rival)
        if other_base is not None and not other_base.overlaps(base):
            text = "{first}, but {second}: no denominator fits both."
            needs = _required_base(figures, share, base), _required_base(figures, rival, other_base)
            return Message(text, first=needs[0], second=needs[1])
    return ""


def _no_solution(figures: Figures, share: Claim) -> str:
    """Return the reason why no numerator and denominator give a share.

    With 30 of 100 persons, 40% is wrong. With at least 30 of 50 persons, it is too low: 40% of 50
    is 20.
    """
    printed, number, is_all = figures.percent(share), number_text(share), share.base == "all"
    numerator, whole = figures.known(cell_of(share)), figures.whole(share)
    if printed.numerators(Interval.at_least(1)) is None:
        return Message("A share cannot be {number}.", number=number)
    # 1. The numerator is published: it needs another denominator.
    if numerator is not None:
        values: dict[str, object] = {
            "part": count(numerator), "whole": count(whole), "number": number,
        }  # fmt: skip
        if is_all and whole.is_point and whole.value:
            true = ratio(figures, share, numerator, whole)
            return Message("{part} of {whole} is {share}, not {number}.", share=true, **values)
        bases = printed.bases(numerator)
        if bases is None:
            return Message("{part} is not {number} of any integer.", **values)
        text = "{clause}, but the total is {whole}."
        return Message(text, clause=_required_base(figures, share, bases), **values)
    # 2. Only the denominator is: it needs another numerator than the related counts allow.
    base = count(whole) if is_all else Message("up to {most}", most=count(whole.upper or 0))
    numerators = printed.numerators(whole if is_all else Interval(0, whole.upper))
    part = figures.part(share)
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
    part, whole, number = figures.known(cell_of(share)), figures.whole(share), number_text(share)
    base, is_all = figures.base(share) or whole, share.base == "all"
    # 1. The numerator is published.
    if part is not None:
        if base.is_point and is_all:
            true = ratio(figures, share, part, base)
            values = {"part": count(part), "whole": count(base), "share": true}
            return Message("{part} of {whole} is {share}.", **values)
        needs = Message("{clause}.", clause=_required_base(figures, share, base))
        if not whole.is_point or base.overlaps(whole):
            return needs
        remark = Message(
            "It is {share} of all {whole}, so {number} refers to a smaller denominator.",
            share=ratio(figures, share, part, whole), whole=count(whole), number=number,
        )  # fmt: skip
        return paragraph([needs, remark])
    # 2. The numerator follows from the denominator, as far as this is known.
    if share.base not in ("all", "known"):
        if base.upper is None:
            return Message("The denominator is not stated. Any denominator is possible.")
        text = "The denominator is not stated. A denominator of up to {most} is possible."
        return Message(text, most=count(base.upper))
    numerator = figures.numerator(share) or figures.part(share)
    text = "{number} of {whole} is {part}."
    if is_all and base.value is not None:
        if numerator.value is not None:
            text = "{number} of {whole} can only be {part}."
            if figures.percent(share).value * base.value == numerator.value:
                text = "{number} of {whole} is exactly {part}."
    elif base.upper is None or numerator.upper is None:
        text = "No published figure bounds the denominator of {number}."
        return Message(text, number=number)
    elif not is_all and not any(figures.part(o).lower for o in figures.shares_of_base(share)):
        text = "{number} of up to {whole} is up to {part}."
        base, numerator = Interval.point(base.upper), Interval.point(numerator.upper)
    return Message(text, number=number, whole=count(base), part=count(numerator))


def _required_base(figures: Figures, share: Claim, base: Interval) -> str:
    """Return the denominator that a share requires, such as "30 is 40% of 75"."""
    part, number, whole = figures.known(cell_of(share)), number_text(share), count(base)
    if part is None:
        text = "{number} requires a denominator of {whole}"
        return Message(text, number=number, whole=whole)
    return Message("{part} is {number} of {whole}", part=count(part), number=number, whole=whole)


def _sum_to_100(figures: Figures, claim: Claim, *, is_wrong: bool) -> str:
    """Return the sum of a share and the shares that complete it to 100%, if it is right or wrong.

    If it cannot and should, another part belongs to a contradictory set, and the text is empty.
    """
    group = [other for other in figures.claims if claim.makes and other.makes == claim.makes]
    printed = [other for other in group if other.percent is not None]
    parts = list(map(figures.percent, printed))
    # 56% and 43%, each rounded, are 98% to 100%: at most 100%, and 100% itself only if a tie is
    # rounded down.
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


def _exceeding_sum(figures: Figures, share: Claim) -> str:
    """Return the sentence that exclusive shares do not add up to 100%, or an empty text."""
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
            number = number_text(whole[0]) if whole else percent(1, 0)
            related = locations([*parts, *whole])
            added = written_sum(figures, parts)
            return Message(text, sum=added, whole=number, locations=related)
    return ""
