"""Directions against the numbers at both ends, where both are printed."""

from thbstats.auditing.audited import ClaimVerdict
from thbstats.auditing.verdict import Judgement, cannot_tell
from thbstats.claims import Claim, Figures

__all__ = ["judge"]

_WAYS = {"up": (1,), "down": (-1,), "same": (0,), "not_down": (0, 1)}


def judge(figures: Figures, claim: Claim) -> Judgement:
    """Return what numbers of two periods, or of two areas, say of a direction."""
    here = [c for c in _shares(figures, claim) if (c.area, c.period) == (claim.area, claim.period)]
    there = [c for c in _shares(figures, claim) if c not in here and _differs_once(c, claim)]
    if not here or not there:
        return cannot_tell("A direction is claimed, and no number stands behind it.")
    new, old = here[0], there[0]
    way = _way(old, new)
    message = (
        f"{old.printed} in {old.area}, {old.period}; {new.printed} in {new.area}, {new.period}."
    )
    if way is None:
        return Judgement(verdict=ClaimVerdict.CONSISTENT, message=message)
    fits = way in _WAYS[claim.direction]
    verdict = ClaimVerdict.CONFIRMED if fits else ClaimVerdict.CONTRADICTED
    return Judgement(verdict=verdict, message=message)


def _shares(figures: Figures, claim: Claim) -> list[Claim]:
    return [
        share
        for share in figures.claims
        if share.percent is not None
        and share.subject is claim.subject
        and share.category == claim.category
        and share.of == claim.of
    ]


def _differs_once(share: Claim, claim: Claim) -> bool:
    return (share.area == claim.area) != (share.period == claim.period)


def _way(old: Claim, new: Claim) -> int | None:
    """1 up, -1 down; ``None`` where rounding leaves it open."""
    if (
        old.percent is None
        or new.percent is None
        or old.percent.interval.overlaps(new.percent.interval)
    ):
        return None
    return 1 if new.percent.value > old.percent.value else -1
