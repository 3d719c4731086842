"""Audit of shares."""

from thbstats.auditing.audited_claims import ClaimVerdict
from thbstats.auditing.directions import compared_direction
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
from thbstats.auditing.sums import add_up, beyond_all
from thbstats.claims import Claim, Figures, cell_of, is_settled, whole_of
from thbstats.claims.figures import less
from thbstats.display import count, percent
from thbstats.values import Interval, Percent

__all__ = ["arithmetic", "could_fail", "judge", "never", "problem"]


def judge(figures: Figures, claim: Claim) -> Judgement:
    """Return the judgement of a share by the other claims."""
    if claim.percent is None:
        return QUALITATIVE
    if claim.at_least:
        return _floor(figures, claim)
    found = differing(figures, claim)
    if found is not None:
        return found
    wrong = problem(figures, claim)
    if wrong:
        return contradicted(wrong, _around(figures, claim))
    total, way = add_up(figures, claim), compared_direction(figures, claim, claim.direction)
    if total is not None and not total.possible:
        group = (other for other in figures.claims if other.makes == claim.makes)
        return contradicted(total.message, (other for other in group if other.id != claim.id))
    more = beyond_all(figures, claim)
    if more is not None:
        return more
    if way is not None and way.verdict is ClaimVerdict.CONTRADICTED:
        return way
    if figures.numerator(claim) is None:
        return not_assessable("The denominators of the related shares are not consistent.")
    same = repeated(figures, claim)
    texts = [
        arithmetic(figures, claim),
        "" if total is None else total.message,
        "" if way is None else way.message,
        f"The same value is in {describe_locations(same)}." if same else "",
    ]
    verdict = ClaimVerdict.NOT_ASSESSABLE
    if any(texts[1:]) or could_fail(figures, claim):
        verdict = ClaimVerdict.CONSISTENT
    if _is_computed(figures, claim):
        verdict = ClaimVerdict.CONFIRMED
    return Judgement(verdict=verdict, message=" ".join(filter(None, texts)))


def _floor(figures: Figures, claim: Claim) -> Judgement:
    """Return the judgement of a lower bound by other values of the same share."""
    for other in figures.same(claim):
        if less(other, claim) and is_settled(claim):
            here = f"At least {formatted(claim)} here, {formatted(other)} in {other.location}"
            return contradicted(f"{here} for the same share.", [other])
    return not_assessable(f"{formatted(claim)} is published as a lower bound.")


def _around(figures: Figures, share: Claim) -> list[Claim]:
    """Return the claims on numerator, denominator, and other shares of the denominator."""
    counts = [*figures.of_cell(cell_of(share)), *figures.of_cell(whole_of(share))]
    return [*counts, *(other for other in figures.shares_of_base(share) if other.id != share.id)]


def problem(figures: Figures, share: Claim) -> str:
    """Return why a share contradicts related counts and shares, or an empty text."""
    own = figures.own_base(share)
    if own is None:
        return _impossible(figures, share)
    for rival in figures.shares_of_base(share):
        rival_base = figures.own_base(rival)
        if rival_base is not None and not rival_base.overlaps(own):
            return (
                f"{_needs(figures, share, own)}, but {_needs(figures, rival, rival_base)}: no "
                "denominator fits both."
            )
    return ""


def never(share: Claim) -> bool:
    """Whether a share is impossible for any denominator, such as 120%."""
    return Percent(share.printed).numerators(Interval.at_least(1)) is None


def could_fail(figures: Figures, share: Claim) -> bool:
    """Whether the related figures exclude some percentage."""
    whole = figures.whole(share)
    if figures.known(cell_of(share)) is not None:
        others = [other for other in figures.shares_of_base(share) if other != share]
        return whole.upper is not None or any(figures.known(cell_of(each)) for each in others)
    unit = Percent(share.printed).unit
    # For a larger denominator every percentage is possible.
    return share.base == "all" and whole.upper is not None and whole.upper * unit < 1


def _is_computed(figures: Figures, share: Claim) -> bool:
    """Whether numerator and denominator are published."""
    ends = figures.known(cell_of(share)), figures.known(whole_of(share))
    return share.base == "all" and all(end is not None and end.is_point for end in ends)


def arithmetic(figures: Figures, share: Claim) -> str:
    """Return the arithmetic of a possible share."""
    part, whole = figures.known(cell_of(share)), figures.whole(share)
    base, numerator = figures.base(share) or whole, figures.numerator(share) or figures.part(share)
    if part is not None and base.is_point and share.base == "all":
        return f"{count(part)} of {count(base)} is {_ratio(share, part, base)}."
    if part is not None:
        needs = _needs(figures, share, base)
        if not whole.is_point or base.overlaps(whole):
            return f"{needs}."
        true = _ratio(share, part, whole)
        return (
            f"{needs}. It is {true} of all {count(whole)}, so {formatted(share)} refers to a "
            "smaller denominator."
        )
    if share.base not in ("all", "known"):
        most = "any size" if base.upper is None else f"up to {count(base.upper)}"
        return f"The denominator is not stated. A denominator of {most} is possible."
    if share.base == "all" and base.is_point:
        return f"{formatted(share)} of {count(base)} {_is(share, base, numerator)}."
    if base.upper is None or numerator.upper is None:
        return f"No published figure bounds the denominator of {formatted(share)}."
    if share.base == "all" or any(
        figures.part(each).lower for each in figures.shares_of_base(share)
    ):
        return f"{formatted(share)} of {count(base)} is {count(numerator)}."
    return f"{formatted(share)} of up to {count(base.upper)} is up to {count(numerator.upper)}."


def _is(share: Claim, base: Interval, numerator: Interval) -> str:
    if numerator.value is None or base.value is None:
        return f"is {count(numerator)}"
    exact = Percent(share.printed).value * base.value == numerator.value
    return f"{'is exactly' if exact else 'can only be'} {count(numerator)}"


def _needs(figures: Figures, share: Claim, base: Interval) -> str:
    part = figures.known(cell_of(share))
    if part is None:
        return f"{formatted(share)} requires a denominator of {count(base)}"
    return f"{count(part)} is {formatted(share)} of {count(base)}"


def _impossible(figures: Figures, share: Claim) -> str:
    printed, part = Percent(share.printed), figures.known(cell_of(share))
    whole = figures.whole(share)
    if never(share):
        return f"A share cannot be {formatted(share)}."
    if part is None:
        return _no_numerator(figures, share)
    if share.base == "all" and whole.is_point and whole.value:
        ratio = _ratio(share, part, whole)
        return f"{count(part)} of {count(whole)} is {ratio}, not {formatted(share)}."
    bases = printed.bases(part)
    if bases is None:
        return f"{count(part)} is not {formatted(share)} of any integer."
    return f"{_needs(figures, share, bases)}, but the total is {count(whole)}."


def _no_numerator(figures: Figures, share: Claim) -> str:
    """Return why a share without a published numerator is impossible."""
    whole, part = figures.whole(share), figures.part(share)
    base = count(whole) if share.base == "all" else f"up to {count(whole.upper or 0)}"
    least, most = part.lower or 0, part.upper or 0
    room = whole if share.base == "all" else Interval(0, whole.upper)
    found = Percent(share.printed).numerators(room)
    if found is None or part.overlaps(found):
        return f"No integer is {formatted(share)} of {base}."
    few = found.upper is not None and found.upper < least
    there = f"at least {count(least)}" if few else f"at most {count(most)}"
    return f"{formatted(share)} of {base} is {count(found)}, but other counts require {there}."


def _ratio(share: Claim, part: Interval, whole: Interval) -> str:
    """Return the calculated share with one more decimal than the published one."""
    return percent(Interval.ratio(part, whole), Percent(share.printed).decimals + 1)
