"""Counts against the same count elsewhere, those around it, and the stage before."""

from fractions import Fraction

from attrs import evolve

from thbstats.auditing.audited import ClaimVerdict
from thbstats.auditing.shares import arithmetic, could_fail, never, problem
from thbstats.auditing.sums import added
from thbstats.auditing.verdict import (
    SAID,
    Judgement,
    contradicted,
    differing,
    formatted,
    not_assessable,
    places,
    repeated,
)
from thbstats.claims import Claim, Figures, cell_of, dimension_of, is_settled, whole_of
from thbstats.claims.figures import less
from thbstats.display import count, decimal
from thbstats.panel import dimension_label
from thbstats.vocabulary import Stage

__all__ = ["judge"]


def judge(figures: Figures, claim: Claim) -> Judgement:
    """Return what the other claims say of a count."""
    if claim.count is None:
        return SAID
    if claim.at_least:
        return _floor(figures, claim)
    sums = added(figures, claim)
    found = differing(figures, claim) or _misplaced(figures, claim) or _held(figures, claim, sums)
    remark = "" if sums is None else sums.remark
    return evolve(found, remark=remark or _backwards(figures, claim))


def _floor(figures: Figures, claim: Claim) -> Judgement:
    """Return what the same count, printed elsewhere, says of the least that it is said to be."""
    for other in figures.same(claim):
        if less(other, claim) and is_settled(claim):
            here = f"At least {formatted(claim)} here, {formatted(other)} in {other.location}"
            return contradicted(f"{here} for the same count.", [other])
    return not_assessable(f"{formatted(claim)} is said to be the least that it can be.")


def _misplaced(figures: Figures, claim: Claim) -> Judgement | None:
    """Return that a part is larger than its whole, where it is."""
    smaller = [whole for whole in figures.above(cell_of(claim)) if _number(whole) < _number(claim)]
    larger = [part for part in figures.below(cell_of(claim)) if _number(part) > _number(claim)]
    for part, whole in [
        *((claim, whole) for whole in smaller),
        *((part, claim) for part in larger),
    ]:
        return contradicted(
            f"{_placed(part)} cannot be a part of {_placed(whole)}: it is more than all.",
            [whole if part == claim else part],
        )
    return None


def _held(figures: Figures, claim: Claim, sums: Judgement | None) -> Judgement:
    """Return what sums, a repetition, shares, or parts and wholes say of a count."""
    same, (fits, wrong) = repeated(figures, claim), _by_shares(figures, claim)
    if sums is not None and sums.verdict is ClaimVerdict.CONTRADICTED:
        return sums
    if wrong and not fits:
        return contradicted(*wrong[0])
    again = [f"{formatted(claim)} is printed again in {places(same)}."] if same else []
    is_sum = sums is not None and sums.verdict is ClaimVerdict.CONFIRMED
    total = "" if sums is None else sums.message
    others = fits or ([] if again else [*filter(None, [total]), *_nested(figures, claim)])
    texts = [*again, *([total] if is_sum else []), *others[:1]]
    if texts:
        verdict = ClaimVerdict.CONFIRMED if is_sum else ClaimVerdict.CONSISTENT
        if sums is not None and texts == [total]:
            verdict = sums.verdict
        return Judgement(verdict=verdict, message=" ".join(dict.fromkeys(texts)))
    return not_assessable(
        f"{formatted(claim)} is printed once, and no other figure by itself bears on it."
    )


def _by_shares(figures: Figures, claim: Claim) -> tuple[list[str], list[tuple[str, list[Claim]]]]:
    """What the shares say of which a count is numerator or whole: those that fit, and the rest."""
    fits: list[str] = []
    wrong: list[tuple[str, list[Claim]]] = []
    for share in figures.shares:
        is_part = cell_of(share).is_same(cell_of(claim))
        is_whole = whole_of(share).is_same(cell_of(claim))
        if not (is_part or is_whole) or not could_fail(figures, share) or never(share):
            continue
        if figures.own_base(share) is None or (is_part and problem(figures, share)):
            wrong.append((problem(figures, share), [share]))
        elif is_part or share.base == "all":
            fits.append(arithmetic(figures, share))
        else:
            fits.append(_of_whole(figures, claim, share))
    return fits, wrong


def _of_whole(figures: Figures, claim: Claim, share: Claim) -> str:
    base = figures.own_base(share) or figures.whole(share)
    known = f"{formatted(share)} is of {count(base)}"
    if share.base == "known":
        known = f"those with a recorded {dimension_label([dimension_of(share)])} are {count(base)}"
    return f"{formatted(claim)} is everyone; {known}, which is not more."


def _nested(figures: Figures, claim: Claim) -> list[str]:
    wholes, parts = figures.above(cell_of(claim)), figures.below(cell_of(claim))
    return [
        *(f"{formatted(claim)} is a part of {_placed(whole)}." for whole in wholes),
        *(f"{_placed(part)} is a part of {formatted(claim)}." for part in parts),
    ]


def _placed(claim: Claim) -> str:
    return f"{formatted(claim)} ({claim.location})"


def _number(claim: Claim) -> int:
    return claim.count or 0


def _backwards(figures: Figures, claim: Claim) -> str:
    """Say so if more are counted at a stage than at an earlier one."""
    stage = claim.category.get("stage")
    if stage is None or claim.count is None:
        return ""
    for earlier in Stage:
        before = _at(figures, claim, earlier)
        if earlier.rank < Stage(stage).rank and before is not None and claim.count > before:
            ratio = f", {decimal(Fraction(claim.count, before), 1)} to one" if before else ""
            return (
                f"The stages run backwards: {formatted(claim)} {stage} after {count(before)} "
                f"{earlier}{ratio}."
            )
    return ""


def _at(figures: Figures, claim: Claim, stage: Stage) -> int | None:
    """The one count printed at another stage, in whatever unit."""
    other = evolve(claim, category={**claim.category, "stage": stage}, unit="")
    printed = figures.count(cell_of(other))
    return None if printed is None or printed.value is None else int(printed.value)
