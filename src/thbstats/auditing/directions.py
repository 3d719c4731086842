"""Directions against the numbers at both ends, where both are printed."""

from attrs import evolve

from thbstats.auditing.audited import ClaimVerdict
from thbstats.auditing.verdict import Judgement, cannot_tell, shown
from thbstats.claims import Claim, ClaimKind, Direction, Figures, cell_of, dimension_of, place_of
from thbstats.claims.figures import less

__all__ = ["held", "judge"]

_WAYS = {
    Direction.UP: {1},
    Direction.DOWN: {-1},
    Direction.SAME: {0},
    Direction.NOT_DOWN: {0, 1},
}
_TOLD = {
    ClaimVerdict.CONFIRMED: "as said",
    ClaimVerdict.CONSISTENT: "and rounding leaves open which is more",
    ClaimVerdict.CONTRADICTED: "which is not what is said",
    ClaimVerdict.CANNOT_TELL: "and how much change still counts as the same is not said",
}


def judge(figures: Figures, claim: Claim) -> Judgement:
    """Return what numbers of two periods, or with and without a country, say of a direction.

    A claim that names a base or a dimension speaks of a share, any other of a count.
    """
    for number in figures.shares if claim.base or claim.base_dimension else figures.counts:
        if _is_of(number, claim):
            found = held(figures, number, claim.direction)
            if found is not None:
                return found
    return cannot_tell("A direction is claimed, and no number stands behind it.")


def held(figures: Figures, number: Claim, direction: str) -> Judgement | None:
    """Return what the number before says of a direction; ``None`` where none is printed."""
    before = _before(figures, number) if direction else None
    if before is None:
        return None
    verdict = _verdict(before, number, _WAYS[Direction(direction)])
    ends = [_told(number, before), _told(before, number)]
    return Judgement(verdict=verdict, message=f"{' against '.join(ends)}, {_TOLD[verdict]}.")


def _is_of(number: Claim, claim: Claim) -> bool:
    """Whether a number is of what a direction is said of, at the same time and place."""
    return (
        cell_of(number).is_same(cell_of(claim))
        and not number.of
        and claim.base in ("", number.base)
        and claim.base_dimension in ("", dimension_of(number))
    )


def _before(figures: Figures, number: Claim) -> Claim | None:
    """The number that an earlier period, or else the area with the country left out, has."""
    like = figures.counts if number.kind is ClaimKind.COUNT else figures.shares
    others = [other for other in like if _is_comparable(other, number)]
    earlier = [other for other in others if _is_earlier(other, number)]
    whole = number.area.partition(" without ")[0]
    fuller = [other for other in others if whole == place_of(other) != place_of(number)]
    same_time = [other for other in fuller if other.period == number.period]
    latest = sorted(earlier, key=lambda other: str(other.period.end), reverse=True)
    return next(iter([*latest, *same_time]), None)


def _is_comparable(other: Claim, number: Claim) -> bool:
    here, there = cell_of(number), cell_of(other)
    return evolve(there, period=here.period, members=here.members).is_same(here) and (
        other.of,
        other.base,
        dimension_of(other),
    ) == (number.of, number.base, dimension_of(number))


def _is_earlier(other: Claim, number: Claim) -> bool:
    end, start = other.period.end, number.period.start
    alike = cell_of(other).members == cell_of(number).members
    return alike and end is not None and start is not None and end < start


def _verdict(before: Claim, number: Claim, allowed: set[int]) -> ClaimVerdict:
    ways = _ways(before, number)
    if ways <= allowed:
        return ClaimVerdict.CONFIRMED
    if ways & allowed:
        return ClaimVerdict.CONSISTENT
    return ClaimVerdict.CANNOT_TELL if allowed == {0} else ClaimVerdict.CONTRADICTED


def _ways(before: Claim, number: Claim) -> set[int]:
    """1 up, 0 the same, -1 down: each that the two numbers allow."""
    if less(before, number):
        return {1}
    if less(number, before):
        return {-1}
    return {-1, 0, 1} if number.percent is not None else {0}


def _told(number: Claim, other: Claim) -> str:
    """A number with what tells it from another: its period or its area."""
    apart = number.period if number.period != other.period else place_of(number)
    return f"{shown(number)} in {apart}"
