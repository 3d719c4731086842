"""Judgements of claims, phrases about them, and judgements of sums."""

from collections.abc import Iterable

from attrs import evolve, frozen

from thbstats.auditing.verdicts import ClaimVerdict
from thbstats.claims import (
    Claim,
    CountCell,
    Figures,
    base_key,
    cell_of,
    dimension_of,
    is_settled,
    whole_of,
)
from thbstats.claims.figures import agree, percent_of
from thbstats.claims.relations import Relation, Relations, area_label
from thbstats.claims.selection import SPLITS
from thbstats.display import count, percent
from thbstats.values import Interval

QUOTED = " The page quotes the publisher, so the error can be in the quotation."
UNPLACED = "the text does not state whether both have the same population, area and period."

_MOST_LISTED = 5
_STRENGTH = (ClaimVerdict.CONTRADICTED, ClaimVerdict.CONFIRMED, ClaimVerdict.CONSISTENT)


@frozen
class Judgement:
    """Verdict of a check with arithmetic, remark and contradicting claims."""

    verdict: ClaimVerdict
    message: str
    remark: str = ""
    against: tuple[Claim, ...] = ()


def not_assessable(message: str) -> Judgement:
    """Return that no published figure relates to a claim, with the reason."""
    return Judgement(ClaimVerdict.NOT_ASSESSABLE, message)


def consistent(message: str, *, is_exact: bool = False) -> Judgement:
    """Return that other figures allow a claim, or give exactly its number."""
    return Judgement(ClaimVerdict.CONFIRMED if is_exact else ClaimVerdict.CONSISTENT, message)


def contradicted(message: str, against: Iterable[Claim] = (), *, own: str = "") -> Judgement:
    """Return a contradiction with the contradicting claims, without that of an own id."""
    others = tuple(claim for claim in against if claim.id != own)
    return Judgement(ClaimVerdict.CONTRADICTED, message, against=others)


QUALITATIVE = not_assessable("Qualitative statement (no figure).")
"""The judgement of a claim without a number."""


def formatted(claim: Claim) -> str:
    """Return the number of a claim in the default number style."""
    if claim.change is not None:
        return claim.change.printed.strip(" %").replace("-", "\N{MINUS SIGN}") + "%"
    if claim.percent is not None:
        return f"{claim.printed.strip(' %')}%"
    if claim.rate is not None:
        return f"{claim.printed.strip()} per {count(claim.per)}" if claim.per else claim.printed
    return "" if claim.count is None else count(claim.count)


def citations(claims: Iterable[Claim]) -> str:
    """Return the numbers of claims, each with its location."""
    return ", ".join(f"{formatted(claim)} in {claim.location}" for claim in claims)


def citation(claim: Claim) -> str:
    """Return the number of a claim with its location in brackets."""
    return f"{formatted(claim)} ({claim.location})"


def locations(claims: Iterable[Claim]) -> str:
    """Return the sections and pages of claims, each once."""
    return ", ".join(dict.fromkeys(claim.location for claim in claims))


def again(figures: Figures, claim: Claim) -> str:
    """Return the locations of the same value, or an empty text."""
    same = [other for other in figures.same(claim) if agree(claim, other)]
    return f"The same value is in {locations(same)}." if same else ""


def blamed(claims: list[Claim]) -> list[Claim]:
    """Return the contradicted claims: quoting pages before the publication."""
    return [claim for claim in claims if claim.is_quoted] or claims


# Sums of counts and of percentages.


def add_up(figures: Figures, claim: Claim) -> Judgement | None:
    """Return the judgement of the sum of a share and the shares that make 100% with it.

    Parts without a number can have any value.
    """
    group = [other for other in figures.claims if claim.makes and other.makes == claim.makes]
    printed = [other for other in group if other.percent is not None]
    if len(printed) < 2:
        return None
    parts = list(map(percent_of, printed))
    text, total = _written_sum(printed), sum(part.value for part in parts)
    least, most = sum(part.lower for part in parts), sum(part.upper for part in parts)
    enough = most > 1 or (most == 1 and all(part.upper_closed for part in parts))
    few = least < 1 or (least == 1 and all(part.lower_closed for part in parts))
    if not few or not (enough or len(parts) < len(group)):
        return contradicted(f"{text}: rounding cannot make this 100%.", group, own=claim.id)
    if len(parts) < len(group):
        return consistent(f"{text}: the parts without a number can make up the difference.")
    base, numerators = figures.base(group[0]), [figures.numerator(part) for part in group]
    if base is not None and None not in numerators and len({base_key(part) for part in group}) < 2:
        counted = sum(filter(None, numerators), Interval.point(0))
        if not counted.overlaps(base):
            sums = f"their counts add up to {count(counted)}, but their denominator is"
            return contradicted(f"{text}: {sums} {count(base)}.", group, own=claim.id)
    for part in printed if total != 1 else ():
        number, whole = figures.known(cell_of(part)), figures.known(whole_of(part))
        if part.base == "all" and number is not None and whole is not None and whole.lower:
            true = Interval.ratio(number, whole)
            if not true.overlaps(percent_of(part).interval):
                return consistent(
                    f"{text}: rounding cannot explain the difference, because its counts give "
                    f"{percent(true)} for {part.id}, not {formatted(part)}."
                )
    made = "the parts add up" if total == 1 else "rounding can explain the difference"
    return consistent(f"{text}: {made}.")


def _written_sum(claims: list[Claim]) -> str:
    parts = list(map(percent_of, claims))
    total = percent(sum(part.value for part in parts), max(part.decimals for part in parts))
    return f"{' + '.join(formatted(claim).removesuffix('%') for claim in claims)} = {total}"


def added(figures: Figures, claim: Claim) -> Judgement | None:
    """Return the judgement of a count by its sums, or ``None``.

    A sum that published data often break gives a remark only.
    """
    cell = cell_of(claim)
    if not claim.is_counted or figures.count(cell) != Interval.point(claim.count or 0):
        return None
    judgements: list[Judgement] = []
    remarks: list[str] = []
    for relation in figures.relations.around(cell):
        judgement = _of_relation(figures, claim, relation)
        if relation.caveat and judgement.against:
            remarks.append(f"{judgement.message} This need not be an error: {relation.caveat}.")
            continue
        if relation.caveat and judgement.verdict is ClaimVerdict.CONFIRMED:
            judgement = evolve(judgement, verdict=ClaimVerdict.CONSISTENT)
        judgements.append(judgement)
    if not judgements and not remarks:
        return None
    strongest = (j for verdict in _STRENGTH for j in judgements if j.verdict is verdict)
    weakest = not_assessable(judgements[0].message if judgements else "")
    return evolve(next(strongest, weakest), remark="".join(remarks[:1]))


def _of_relation(figures: Figures, claim: Claim, relation: Relation) -> Judgement:
    total, whole = figures.sum(relation.parts), figures.sum([relation.whole])
    dimension, several = relation.dimension, len(relation.parts) > 1
    parts = f"{len(relation.parts)} counts by {dimension}"
    if len(relation.parts) <= _MOST_LISTED:
        *first, last = (
            f"{count(figures.sum([part]))} for {_label(part, dimension)}" for part in relation.parts
        )
        parts = " and ".join(filter(None, [", ".join(first), last]))
    makes = f" add up to {count(total)}," if several else ""
    is_ = "which is" if several else "is"
    target = f"{count(whole)} for {_label(relation.whole, dimension)}"
    if relation.is_broken(total, whole):
        relates = "not" if relation.is_complete and makes else f"{is_} more than"
        cells = (relation.whole, *relation.parts)
        claims = [other for cell in cells for other in figures.of_cell(cell)]
        text = f"{parts}{makes} {relates} {target} ({locations(claims)})"
        if claim not in blamed(claims):
            return not_assessable("")
        if not is_settled(claim):
            return not_assessable(f"{text}: {UNPLACED}")
        return contradicted(f"{text}.", claims, own=claim.id)
    if relation.is_complete:
        return consistent(
            f"{parts}{makes} the {target}.", is_exact=total.is_point and whole.is_point
        )
    return consistent(f"{parts}{makes} {is_} not more than {target}.")


def _label(cell: CountCell, dimension: str) -> str:
    if dimension == "area":
        return area_label(cell.members or frozenset())
    if dimension in ("period", "status"):
        return str(getattr(cell, dimension))
    codes = {name: code for name, code in cell.codes if name in SPLITS}
    if dimension not in codes and dimension in cell.recorded:
        return f"a recorded {dimension}"
    label = codes.get(dimension) or " ".join(codes[name] for name in sorted(codes)) or "all"
    return label.replace("_", " ")


def beyond_all(figures: Figures, share: Claim) -> Judgement | None:
    """Return a contradiction if exclusive shares add up to more or less than 100%."""
    claims = [other for other in figures.shares_of_base(share) if other.percent is not None]
    if len(claims) < 2 or share not in claims:
        return None
    known = dimension_of(share).split() if share.base == "known" else ()
    everyone, cell = evolve(whole_of(share), recorded=frozenset(known)), cell_of(share)
    first = {cell_of(other): other for other in reversed(claims)} | {cell: share}
    # The order of cells decides which relation is reported.
    relations = Relations([everyone, *map(cell_of, claims)], figures.overlapping)
    for relation in relations.around(cell):
        parts = [first[part] for part in relation.parts]
        whole = [] if relation.whole == everyone else [first[relation.whole]]
        total = sum((percent_of(part).interval for part in parts), Interval.point(0))
        room = percent_of(whole[0]).interval if whole else Interval.point(1)
        related = [*parts, *whole]
        if relation.is_broken(total, room) and share in blamed(related):
            relates = "more" if (total.lower or 0) > (room.upper or 0) else "less"
            of = formatted(whole[0]) if whole else "100%"
            text = f"{_written_sum(parts)}, which is {relates} than {of} ({locations(related)})."
            return contradicted(text, related, own=share.id)
    return None
