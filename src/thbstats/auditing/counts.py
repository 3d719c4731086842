"""Audit of counts."""

from attrs import evolve

from thbstats.auditing.audited_claims import ClaimVerdict
from thbstats.auditing.judgements import (
    QUALITATIVE,
    Judgement,
    contradicted,
    describe_locations,
    differing,
    formatted,
    not_assessable,
    repeated,
)
from thbstats.auditing.shares import arithmetic, could_fail, never, problem
from thbstats.auditing.sums import added
from thbstats.claims import Claim, Figures, cell_of, dimension_of, is_settled, whole_of
from thbstats.claims.figures import less
from thbstats.display import count
from thbstats.panel import dimension_label
from thbstats.vocabulary import Stage

__all__ = ["judge"]


def judge(figures: Figures, claim: Claim) -> Judgement:
    """Return the judgement of a count by the other claims."""
    if claim.count is None:
        return QUALITATIVE
    if claim.at_least:
        return _floor(figures, claim)
    sums = added(figures, claim)
    found = (
        differing(figures, claim) or _misplaced(figures, claim) or _compared(figures, claim, sums)
    )
    remark = "" if sums is None else sums.remark
    return evolve(found, remark=remark or _backwards(figures, claim))


def _floor(figures: Figures, claim: Claim) -> Judgement:
    """Return the judgement of a lower bound by other values of the same count."""
    for other in figures.same(claim):
        if less(other, claim) and is_settled(claim):
            here = f"At least {formatted(claim)} here, {formatted(other)} in {other.location}"
            return contradicted(f"{here} for the same count.", [other])
    return not_assessable(f"{formatted(claim)} is published as a lower bound.")


def _misplaced(figures: Figures, claim: Claim) -> Judgement | None:
    """Return a contradiction if a part is larger than its total."""
    smaller = [whole for whole in figures.above(cell_of(claim)) if _number(whole) < _number(claim)]
    larger = [part for part in figures.below(cell_of(claim)) if _number(part) > _number(claim)]
    for part, whole in [
        *((claim, whole) for whole in smaller),
        *((part, claim) for part in larger),
    ]:
        return contradicted(
            f"{_placed(part)} is a part of {_placed(whole)}, but it is larger.",
            [whole if part == claim else part],
        )
    return None


def _compared(figures: Figures, claim: Claim, sums: Judgement | None) -> Judgement:
    """Return the judgement of a count by sums, repetitions, shares, parts and totals."""
    same, (fits, wrong) = repeated(figures, claim), _by_shares(figures, claim)
    if sums is not None and sums.verdict is ClaimVerdict.CONTRADICTED:
        return sums
    if wrong and not fits:
        return contradicted(*wrong[0])
    again = [f"The same value is in {describe_locations(same)}."] if same else []
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
        f"{formatted(claim)} is published once, and no other figure relates to it."
    )


def _by_shares(figures: Figures, claim: Claim) -> tuple[list[str], list[tuple[str, list[Claim]]]]:
    """Return the shares of a count that are consistent with it, and the contradictions."""
    fits: list[str] = []
    wrong: list[tuple[str, list[Claim]]] = []
    for share in figures.shares:
        is_part = cell_of(share).is_same(cell_of(claim))
        is_integer = whole_of(share).is_same(cell_of(claim))
        if not (is_part or is_integer) or not could_fail(figures, share) or never(share):
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
    subset = f"Denominator of {formatted(share)}"
    if share.base == "known":
        subset = f"With a known {dimension_label([dimension_of(share)])}"
    return f"Total: {formatted(claim)}. {subset}: {count(base)}, which is not more than the total."


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
    """Return a remark if a stage has a higher count than an earlier one."""
    stage = claim.category.get("stage")
    if stage is None or claim.count is None:
        return ""
    for earlier in Stage:
        before = _stage_count(figures, claim, earlier)
        if earlier.rank < Stage(stage).rank and before is not None and claim.count > before:
            return (
                f"More people {stage} ({formatted(claim)}) than {earlier} ({count(before)}). "
                "Check coverage and counting units."
            )
    return ""


def _stage_count(figures: Figures, claim: Claim, stage: Stage) -> int | None:
    """Return the only count of another stage in any unit."""
    other = evolve(claim, category={**claim.category, "stage": stage}, unit="")
    printed = figures.count(cell_of(other))
    return None if printed is None or printed.value is None else int(printed.value)
