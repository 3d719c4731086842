"""Percentages against their numerator, their base, and the others that make 100 with them."""

from thbstats.auditing.audited import ClaimVerdict
from thbstats.auditing.directions import held
from thbstats.auditing.sums import add_up, beyond_all
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
from thbstats.claims import Claim, Figures, cell_of, is_settled, whole_of
from thbstats.claims.figures import less
from thbstats.display import count, percent
from thbstats.values import Interval, Percent

__all__ = ["arithmetic", "could_fail", "judge", "never", "problem"]


def judge(figures: Figures, claim: Claim) -> Judgement:
    """Return what the other claims say of a share."""
    if claim.percent is None:
        return SAID
    if claim.at_least:
        return _floor(figures, claim)
    found = differing(figures, claim)
    if found is not None:
        return found
    wrong = problem(figures, claim)
    if wrong:
        return contradicted(wrong, _around(figures, claim))
    total, way = add_up(figures, claim), held(figures, claim, claim.direction)
    if total is not None and not total.possible:
        group = (other for other in figures.claims if other.makes == claim.makes)
        return contradicted(total.message, (other for other in group if other.id != claim.id))
    more = beyond_all(figures, claim)
    if more is not None:
        return more
    if way is not None and way.verdict is ClaimVerdict.CONTRADICTED:
        return way
    if figures.numerator(claim) is None:
        return not_assessable("The shares printed beside it do not agree on their base.")
    same = repeated(figures, claim)
    texts = [
        arithmetic(figures, claim),
        "" if total is None else total.message,
        "" if way is None else way.message,
        f"It is printed again in {places(same)}." if same else "",
    ]
    verdict = ClaimVerdict.NOT_ASSESSABLE
    if any(texts[1:]) or could_fail(figures, claim):
        verdict = ClaimVerdict.CONSISTENT
    if _is_computed(figures, claim):
        verdict = ClaimVerdict.CONFIRMED
    return Judgement(verdict=verdict, message=" ".join(filter(None, texts)))


def _floor(figures: Figures, claim: Claim) -> Judgement:
    """Return what the same share, printed elsewhere, says of the least that it is said to be."""
    for other in figures.same(claim):
        if less(other, claim) and is_settled(claim):
            here = f"At least {formatted(claim)} here, {formatted(other)} in {other.location}"
            return contradicted(f"{here} for the same share.", [other])
    return not_assessable(f"{formatted(claim)} is said to be the least that it can be.")


def _around(figures: Figures, share: Claim) -> list[Claim]:
    """The claims that bear on a share: of its numerator, its base and shares of the same base."""
    counts = [*figures.of_cell(cell_of(share)), *figures.of_cell(whole_of(share))]
    return [*counts, *(other for other in figures.beside(share) if other.id != share.id)]


def problem(figures: Figures, share: Claim) -> str:
    """Say why a share cannot be true beside the counts and shares around it, if so."""
    own = figures.own_base(share)
    if own is None:
        return _impossible(figures, share)
    for rival in figures.beside(share):
        theirs = figures.own_base(rival)
        if theirs is not None and not theirs.overlaps(own):
            return (
                f"{_needs(figures, share, own)}, {_needs(figures, rival, theirs)}: no base fits "
                "both."
            )
    return ""


def never(share: Claim) -> bool:
    """Whether no part of any whole is what a share prints, such as 120%."""
    return Percent(share.printed).numerators(Interval.at_least(1)) is None


def could_fail(figures: Figures, share: Claim) -> bool:
    """Whether the figures around a share leave some percentage out, so that to fit says much."""
    whole = figures.whole(share)
    if figures.known(cell_of(share)) is not None:
        others = [other for other in figures.beside(share) if other != share]
        return whole.upper is not None or any(figures.known(cell_of(each)) for each in others)
    unit = Percent(share.printed).unit
    # On a larger base every percentage is some whole number.
    return share.base == "all" and whole.upper is not None and whole.upper * unit < 1


def _is_computed(figures: Figures, share: Claim) -> bool:
    """Whether numerator and base are printed, so that the share can be computed again."""
    ends = figures.known(cell_of(share)), figures.known(whole_of(share))
    return share.base == "all" and all(end is not None and end.is_point for end in ends)


def arithmetic(figures: Figures, share: Claim) -> str:
    """Return the arithmetic of a share that can be true."""
    part, whole = figures.known(cell_of(share)), figures.whole(share)
    base, numerator = figures.base(share) or whole, figures.numerator(share) or figures.part(share)
    if part is not None and base.is_point and share.base == "all":
        return f"{count(part)} of {count(base)} is {_ratio(share, part, base)}."
    if part is not None:
        needs = _needs(figures, share, base)
        if not whole.is_point or base.overlaps(whole):
            return f"{needs}."
        true = _ratio(share, part, whole)
        return f"{needs}; of all {count(whole)} it would be {true}, so it is not of them."
    if share.base not in ("all", "known"):
        most = "any size" if base.upper is None else f"up to {count(base.upper)}"
        return f"The base is not stated; a base of {most} can give {formatted(share)}."
    if share.base == "all" and base.is_point:
        return f"{formatted(share)} of {count(base)} {_is(share, base, numerator)}."
    if base.upper is None or numerator.upper is None:
        return f"Nothing printed bounds the base of {formatted(share)}."
    if share.base == "all" or any(figures.part(each).lower for each in figures.beside(share)):
        return f"{formatted(share)} of {count(base)} is {count(numerator)}."
    return f"{formatted(share)} of up to {count(base.upper)} is up to {count(numerator.upper)}."


def _is(share: Claim, base: Interval, numerator: Interval) -> str:
    if numerator.value is None or base.value is None:
        return f"is {count(numerator)}"
    exact = Percent(share.printed).value * base.value == numerator.value
    return f"{'is exactly' if exact else 'can only be'} {count(numerator)}"


def _needs(figures: Figures, share: Claim, base: Interval) -> str:
    part = figures.known(cell_of(share))
    of = "" if part is None else f" of {count(part)}"
    return f"{formatted(share)}{of} needs a base of {count(base)}"


def _impossible(figures: Figures, share: Claim) -> str:
    printed, part = Percent(share.printed), figures.known(cell_of(share))
    whole = figures.whole(share)
    if never(share):
        return f"No part of a whole is {formatted(share)}."
    if part is None:
        return _no_numerator(figures, share)
    if share.base == "all" and whole.is_point and whole.value:
        ratio = _ratio(share, part, whole)
        return f"{count(part)} of {count(whole)} is {ratio}, not {formatted(share)}."
    bases = printed.bases(part)
    if bases is None:
        return f"{count(part)} is {formatted(share)} of no whole number."
    return f"{_needs(figures, share, bases)}, and there are {count(whole)}."


def _no_numerator(figures: Figures, share: Claim) -> str:
    """Why a share whose numerator is not printed cannot be: no whole number is, or not in reach."""
    whole, part = figures.whole(share), figures.part(share)
    base = count(whole) if share.base == "all" else f"up to {count(whole.upper or 0)}"
    least, most = part.lower or 0, part.upper or 0
    room = whole if share.base == "all" else Interval(0, whole.upper)
    found = Percent(share.printed).numerators(room)
    if found is None or part.overlaps(found):
        return f"No whole number of {base} is {formatted(share)}."
    few = found.upper is not None and found.upper < least
    there = f"at least {count(least)}" if few else f"at most {count(most)}"
    return f"{formatted(share)} of {base} is {count(found)}, but by other counts it is {there}."


def _ratio(share: Claim, part: Interval, whole: Interval) -> str:
    """The true share, with one more decimal than the printed one."""
    return percent(Interval.ratio(part, whole), Percent(share.printed).decimals + 1)
