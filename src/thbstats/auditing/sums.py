"""Sums of counts and of percentages."""

from attrs import evolve, frozen

from thbstats.auditing.audited_claims import ClaimVerdict
from thbstats.auditing.judgements import (
    UNPLACED,
    Judgement,
    contradicted,
    describe_locations,
    formatted,
    not_assessable,
)
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
from thbstats.claims.axes import area_label
from thbstats.claims.relations import Relation, Relations
from thbstats.claims.selection import SPLITS
from thbstats.display import count, percent
from thbstats.values import Interval, Percent

__all__ = ["Sum", "add_up", "added", "beyond_all"]

_MOST_LISTED = 5
_WEAKER = {ClaimVerdict.CONFIRMED: ClaimVerdict.CONSISTENT}
_STRENGTH = (ClaimVerdict.CONTRADICTED, ClaimVerdict.CONFIRMED, ClaimVerdict.CONSISTENT)


@frozen
class Sum:
    """Sum of parts."""

    possible: bool
    message: str


def add_up(figures: Figures, claim: Claim) -> Sum | None:
    """Return the sum of a share and the shares of the same total.

    Parts without a number can have any value.
    """
    group = [other for other in figures.claims if claim.makes and other.makes == claim.makes]
    parts = [other.percent for other in group if other.percent is not None]
    if len(parts) < 2:
        return None
    total = sum(part.value for part in parts)
    printed = [other for other in group if other.percent is not None]
    text = f"{_listed(printed)} = {_total(printed)}"
    if not _can_make_one(parts, complete=len(parts) == len(group)):
        return Sum(False, f"{text}: rounding cannot make this 100%.")
    if len(parts) < len(group):
        return Sum(True, f"{text}: the parts without a number can make up the difference.")
    short = _short(figures, group)
    if short:
        return Sum(False, f"{text}: {short}.")
    made = "the parts add up" if total == 1 else "rounding can explain the difference"
    for part in printed:
        number, base = figures.known(cell_of(part)), figures.known(whole_of(part))
        if part.percent is None or number is None or base is None or not base.lower:
            continue
        true = Interval.ratio(number, base)
        if total != 1 and part.base == "all" and not true.overlaps(part.percent.interval):
            by_counts = f"its counts give {percent(true)} for {part.id}, not {formatted(part)}"
            made = f"rounding cannot explain the difference, because {by_counts}"
            break
    return Sum(True, f"{text}: {made}.")


def _listed(group: list[Claim]) -> str:
    return " + ".join(formatted(part).removesuffix("%") for part in group)


def _can_make_one(parts: list[Percent], *, complete: bool) -> bool:
    """Whether some exact shares with this rounding add up to 1."""
    least, most = sum(part.lower for part in parts), sum(part.upper for part in parts)
    enough = most > 1 or (most == 1 and all(part.upper_closed for part in parts))
    few = least < 1 or (least == 1 and all(part.lower_closed for part in parts))
    return few and (enough or not complete)


def _short(figures: Figures, group: list[Claim]) -> str:
    """Return a problem if integers of the parts cannot add up to their denominator."""
    base, numerators = figures.base(group[0]), [figures.numerator(part) for part in group]
    if base is None or len({base_key(part) for part in group}) > 1:
        return ""
    together = Interval.point(0)
    for numerator in numerators:
        if numerator is None:
            return ""
        together = together + numerator
    if together.overlaps(base):
        return ""
    return f"their counts add up to {count(together)}, but their denominator is {count(base)}"


def added(figures: Figures, claim: Claim) -> Judgement | None:
    """Return the judgement of a count by its sums, or ``None``.

    A sum that published data often break gives a remark only.
    """
    cell = cell_of(claim)
    if not claim.is_counted or figures.count(cell) != Interval.point(claim.count or 0):
        return None
    found: list[Judgement] = []
    remarks: list[str] = []
    for relation in (*figures.relations.of(cell), *figures.relations.with_part(cell)):
        judged = _judged(figures, claim, relation)
        if not relation.caveat:
            found.append(judged)
        elif not judged.against:
            found.append(evolve(judged, verdict=_WEAKER.get(judged.verdict, judged.verdict)))
        else:
            remarks.append(f"{judged.message} This need not be an error: {relation.caveat}.")
    if not found and not remarks:
        return None
    for verdict in _STRENGTH:
        for judged in found:
            if judged.verdict is verdict:
                return evolve(judged, remark="".join(remarks[:1]))
    return not_assessable("".join(each.message for each in found[:1]), "".join(remarks[:1]))


def _judged(figures: Figures, claim: Claim, relation: Relation) -> Judgement:
    """Return the judgement of a count by one sum."""
    total, whole = figures.sum(relation.parts), figures.sum([relation.whole])
    parts = _listed_parts(figures, relation)
    makes = "" if len(relation.parts) == 1 else f" add up to {count(total)},"
    is_ = "is" if len(relation.parts) == 1 else "which is"
    whose = f"{count(whole)} for {_label(relation.whole, relation.dimension)}"
    if _breaks(relation, total, whole):
        relates = "not" if relation.is_complete and makes else f"{is_} more than"
        claims = [other for c in (relation.whole, *relation.parts) for other in figures.of_cell(c)]
        text = f"{parts}{makes} {relates} {whose} ({describe_locations(claims)})"
        if claim not in _blamed(claims):
            return not_assessable("")
        if not is_settled(claim):
            return not_assessable(f"{text}: {UNPLACED}")
        return contradicted(f"{text}.", [other for other in claims if other.id != claim.id])
    if relation.is_complete:
        exact = total.is_point and whole.is_point
        verdict = ClaimVerdict.CONFIRMED if exact else ClaimVerdict.CONSISTENT
        return Judgement(verdict=verdict, message=f"{parts}{makes} the {whose}.")
    message = f"{parts}{makes} {is_} not more than {whose}."
    return Judgement(verdict=ClaimVerdict.CONSISTENT, message=message)


def _breaks(relation: Relation, total: Interval, whole: Interval) -> bool:
    if relation.is_complete:
        return not total.overlaps(whole)
    return (total.lower or 0) > (whole.upper or 0)


def _listed_parts(figures: Figures, relation: Relation) -> str:
    if len(relation.parts) > _MOST_LISTED:
        return f"{len(relation.parts)} counts by {relation.dimension}"
    phrases = [
        f"{count(figures.sum([part]))} for {_label(part, relation.dimension)}"
        for part in relation.parts
    ]
    return " and ".join(filter(None, [", ".join(phrases[:-1]), phrases[-1]]))


def _label(cell: CountCell, dimension: str) -> str:
    """Return the label of a cell in one dimension."""
    if dimension == "period":
        return str(cell.period)
    if dimension == "area":
        return area_label(cell.members or frozenset())
    if dimension == "status":
        return cell.status
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
    everyone = evolve(whole_of(share), recorded=frozenset(known))
    shares: dict[CountCell, list[Claim]] = {}
    for other in claims:
        shares.setdefault(cell_of(other), []).append(other)
    relations = Relations([everyone, *shares], figures.overlapping)
    cell = cell_of(share)
    for relation in (*relations.of(cell), *relations.with_part(cell)):
        named = {part: own[0] for part, own in shares.items()} | {cell: share}
        parts = [named[part] for part in relation.parts]
        whole = [] if relation.whole == everyone else [named[relation.whole]]
        total = sum((_percent(part).interval for part in parts), Interval.point(0))
        room = _percent(whole[0]).interval if whole else Interval.point(1)
        claims = [*parts, *whole]
        if _breaks(relation, total, room) and share in _blamed(claims):
            relates = "more" if (total.lower or 0) > (room.upper or 0) else "less"
            of = formatted(whole[0]) if whole else "100%"
            return contradicted(
                f"{_listed(parts)} = {_total(parts)}, which is {relates} than {of} "
                f"({describe_locations(claims)}).",
                [other for other in claims if other.id != share.id],
            )
    return None


def _blamed(claims: list[Claim]) -> list[Claim]:
    """Return the contradicted claims: quoting pages before the publication."""
    return [claim for claim in claims if claim.is_quoted] or claims


def _percent(share: Claim) -> Percent:
    return Percent(share.printed)


def _total(claims: list[Claim]) -> str:
    parts = [_percent(claim) for claim in claims]
    return percent(sum(part.value for part in parts), max(part.decimals for part in parts))
