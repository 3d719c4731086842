"""Percentages against their numerator, their base, and the others that make 100 with them."""

from thbstats.auditing.audited import ClaimVerdict
from thbstats.auditing.verdict import Judgement, cannot_tell, repeated
from thbstats.claims import Claim, Figures
from thbstats.display import count, percent
from thbstats.values import Interval

__all__ = ["judge"]


def judge(figures: Figures, claim: Claim) -> Judgement:
    """Return what the other claims say of a share."""
    if claim.percent is None:
        return cannot_tell("Said in words; no number stands behind it.")
    _, different = repeated(claim, figures.same(claim))
    if different:
        places = ", ".join(f"{other.printed} in section {other.section}" for other in different)
        return _contradicted(f"{claim.printed} here, {places} for the same share.")
    base, numerator = figures.base(claim), figures.numerator(claim)
    if base is None or numerator is None:
        return _contradicted(_impossible(figures, claim))
    total, makes_whole = _together(figures, claim)
    if makes_whole is False:
        return _contradicted(total)
    texts = [_arithmetic(figures, claim, base, numerator), total, _against(figures, claim)]
    return Judgement(
        verdict=_verdict(figures, claim, base, texts), message=" ".join(filter(None, texts))
    )


def _contradicted(message: str) -> Judgement:
    return Judgement(verdict=ClaimVerdict.CONTRADICTED, message=message)


def _impossible(figures: Figures, claim: Claim) -> str:
    printed, whole = figures.count(claim, claim.category), figures.whole(claim)
    part = "any count" if printed is None else count(printed)
    base = "any base" if whole is None else f"a base of {count(whole)}"
    if printed is not None and whole is not None and whole.is_point and whole.value:
        true = percent(Interval.ratio(printed, whole))
        return f"{part} of {count(whole)} is {true}, not {claim.printed}."
    return f"{claim.printed} cannot be {part} of {base}."


def _verdict(figures: Figures, claim: Claim, base: Interval, texts: list[str]) -> ClaimVerdict:
    printed = figures.count(claim, claim.category)
    if printed is not None and printed.is_point and base.is_point:
        return ClaimVerdict.CONFIRMED
    tested = printed is not None or base.is_point or texts[1] or texts[2]
    return ClaimVerdict.CONSISTENT if tested else ClaimVerdict.CANNOT_TELL


def _arithmetic(figures: Figures, claim: Claim, base: Interval, numerator: Interval) -> str:
    printed, whole = figures.count(claim, claim.category), figures.whole(claim)
    if printed is not None:
        return _of_printed(claim, printed, base, whole)
    if base.is_point:
        exactly = "exactly " if numerator.is_point else ""
        return f"{claim.printed} of {count(base)} is {exactly}{count(numerator)}."
    if claim.base == "not_stated":
        most = "any size" if base.upper is None else f"up to {count(base.upper)}"
        return f"The base is not stated; a base of {most} can give {claim.printed}."
    return f"{claim.printed} of {count(base)} is {count(numerator)}."


def _of_printed(claim: Claim, printed: Interval, base: Interval, whole: Interval | None) -> str:
    text = f"{claim.printed} of {count(printed)} needs a base of {count(base)}"
    if base.is_point:
        return f"{count(printed)} of {count(base)} is {percent(Interval.ratio(printed, base))}."
    if whole is None or not whole.is_point or base.overlaps(whole):
        return f"{text}."
    true = percent(Interval.ratio(printed, whole))
    return f"{text}; of all {count(whole)} it would be {true}, so it is not of them."


def _together(figures: Figures, claim: Claim) -> tuple[str, bool | None]:
    """Whether the shares that should make a whole can make it, and how they add up."""
    group = [other for other in figures.claims if claim.makes and other.makes == claim.makes]
    parts = [other.percent for other in group if other.percent is not None]
    if not parts:
        return "", None
    room = Interval.point(0)
    for part in parts:
        room = room + part.interval
    printed = " + ".join(part.printed.strip(" %") for part in parts)
    total = sum(part.value for part in parts)
    if room.contains(1):
        return f"{printed} = {percent(total, 0)}: the parts make the whole.", True
    return f"{printed} = {percent(total, 0)}: no rounding makes this 100 %.", False


def _against(figures: Figures, claim: Claim) -> str:
    """Whether a share lies where its words say, against the same share of another area."""
    if claim.direction not in ("up", "down") or claim.percent is None:
        return ""
    for other in figures.claims:
        if other.percent is None or other.category != claim.category or other.area == claim.area:
            continue
        above = claim.percent.lower >= other.percent.upper
        if above == (claim.direction == "up"):
            return f"{claim.printed} against {other.printed} in {other.area}, as said."
    return ""
