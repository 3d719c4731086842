"""Counts against the same count elsewhere, and stages against the stage before."""

from thbstats.auditing.audited import ClaimVerdict
from thbstats.auditing.verdict import Judgement, cannot_tell, repeated
from thbstats.claims import Claim, Figures
from thbstats.display import count, decimal
from thbstats.values import Interval
from thbstats.vocabulary import Stage

__all__ = ["judge"]


def judge(figures: Figures, claim: Claim) -> Judgement:
    """Return what the other claims say of a count."""
    if claim.count is None:
        return cannot_tell("Said in words; no number stands behind it.")
    same, different = repeated(claim, figures.same(claim))
    number = count(claim.count)
    if different:
        places = ", ".join(f"{other.printed} in section {other.section}" for other in different)
        return Judgement(
            verdict=ClaimVerdict.CONTRADICTED,
            message=f"{number} here, {places} for the same count.",
        )
    remark = _backwards(figures, claim)
    if same:
        places = ", ".join(dict.fromkeys(other.section for other in same))
        message = f"{number} is printed again in section {places}."
        return Judgement(verdict=ClaimVerdict.CONFIRMED, message=message, remark=remark)
    message = _around(figures, claim)
    if message:
        return Judgement(verdict=ClaimVerdict.CONSISTENT, message=message, remark=remark)
    return Judgement(
        verdict=ClaimVerdict.CANNOT_TELL,
        message=f"{number} is printed once, and no other figure bears on it.",
        remark=remark,
    )


def _around(figures: Figures, claim: Claim) -> str:
    """What the shares around a count say of it: its base, its parts, its whole."""
    for share in figures.claims:
        if share.percent is None or share.subject is not claim.subject:
            continue
        base, numerator = figures.base(share), figures.numerator(share)
        if base is None or numerator is None:
            continue
        if figures.counts(share, share.category, share.area) == [claim]:
            return f"{count(claim.count or 0)} is {share.printed} of a base of {count(base)}."
        if claim in figures.wholes(share):
            return _part(claim, share, base, numerator)
    return ""


def _part(claim: Claim, share: Claim, base: Interval, numerator: Interval) -> str:
    if share.base == "all":
        exactly = "exactly " if numerator.is_point else ""
        return f"{share.printed} of {count(claim.count or 0)} is {exactly}{count(numerator)}."
    known = f"those with a recorded {share.base_dimension} are {count(base)}"
    return f"{count(claim.count or 0)} is everyone; {known}, which is not more."


def _backwards(figures: Figures, claim: Claim) -> str:
    """Say if more are counted at a stage than at an earlier one."""
    stage = claim.category.get("stage")
    if stage is None or claim.count is None:
        return ""
    found = []
    for earlier in Stage:
        before = figures.count(claim, {**claim.category, "stage": earlier})
        if earlier.rank < Stage(stage).rank and before is not None and before.is_point:
            found.append((earlier, before))
    below = [(earlier, before) for earlier, before in found if claim.count > (before.value or 0)]
    if not below:
        return ""
    earlier, before = below[0]
    ratio = Interval.ratio(Interval.point(claim.count), before)
    times = f", {decimal(ratio, 1)} to one" if before.value else ""
    return (
        f"The stages run backwards: {count(claim.count)} {stage} after {count(before)} "
        f"{earlier}{times}."
    )
