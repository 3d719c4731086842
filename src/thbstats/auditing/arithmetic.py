"""Arithmetic of claims in sentences, which explain a verdict."""

from collections.abc import Iterator

from attrs import evolve

from thbstats.auditing.verdicts import (
    QUOTED,
    again,
    citation,
    citations,
    formatted,
    larger,
    locations,
    part_label,
    ratio,
    written_sum,
)
from thbstats.claims import (
    Claim,
    ClaimKind,
    CountCell,
    Figures,
    cell_of,
    dimension_of,
    whole_of,
)
from thbstats.claims.relations import Relation, Relations
from thbstats.display import count
from thbstats.panel import ResultKind
from thbstats.values import Interval
from thbstats.vocabulary import Stage

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
