"""Percentages that are said to make a whole together: whether they can."""

from attrs import frozen

from thbstats.auditing.verdict import shown
from thbstats.claims import Claim, Figures, base_key
from thbstats.display import count, percent
from thbstats.values import Interval, Percent

__all__ = ["Sum", "add_up"]

_ANY = Interval(0, 1)


@frozen
class Sum:
    """Whether parts can make their whole, and how they add up."""

    possible: bool
    message: str


def add_up(figures: Figures, claim: Claim) -> Sum | None:
    """Return how a share and those that should make 100 with it add up.

    Parts that are printed in words only can be anything.
    """
    group = [other for other in figures.claims if claim.makes and other.makes == claim.makes]
    parts = [other.percent for other in group if other.percent is not None]
    if len(parts) < 2:
        return None
    total = sum(part.value for part in parts)
    text = f"{_listed(group)} = {percent(total, max(part.decimals for part in parts))}"
    if not _can_make_one(parts, complete=len(parts) == len(group)):
        return Sum(False, f"{text}: no rounding makes this 100 %.")
    if len(parts) < len(group):
        return Sum(True, f"{text}: the other parts, printed without numbers, can be the rest.")
    short = _short(figures, group)
    if short:
        return Sum(False, f"{text}: {short}.")
    made = "the parts make the whole" if total == 1 else "rounding can explain the rest"
    return Sum(True, f"{text}: {made}.")


def _listed(group: list[Claim]) -> str:
    return " + ".join(shown(part).removesuffix(" %") for part in group if part.percent is not None)


def _can_make_one(parts: list[Percent], *, complete: bool) -> bool:
    """Whether some true shares that print as these, and the missing ones, sum to 1."""
    least, most = sum(part.lower for part in parts), sum(part.upper for part in parts)
    enough = most > 1 or (most == 1 and all(part.upper_closed for part in parts))
    few = least < 1 or (least == 1 and all(part.lower_closed for part in parts))
    return few and (enough or not complete)


def _short(figures: Figures, group: list[Claim]) -> str:
    """Say so if whole numbers that round to the parts cannot reach their common base."""
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
    return f"the counts behind them sum to {count(together)}, and their base is {count(base)}"
