"""Audit of directions."""

from collections.abc import Iterable
from itertools import pairwise

from attrs import evolve

from thbstats.auditing.audited_claims import ClaimVerdict
from thbstats.auditing.judgements import Judgement, describe_locations, formatted, not_assessable
from thbstats.claims import (
    Claim,
    ClaimDirection,
    ClaimKind,
    Figures,
    area_of,
    cell_of,
    dimension_of,
)
from thbstats.claims.figures import less
from thbstats.values import Certainty, Period

__all__ = ["compared_direction", "judge"]

_UNTOLD = not_assessable("Qualitative direction (no figure).")
_WAYS = {
    ClaimDirection.UP: {1},
    ClaimDirection.DOWN: {-1},
    ClaimDirection.SAME: {0},
    ClaimDirection.NOT_DOWN: {0, 1},
}
_ENDINGS = {
    ClaimVerdict.CONFIRMED: "as stated",
    ClaimVerdict.CONSISTENT: "but rounding does not show the direction",
    ClaimVerdict.CONTRADICTED: "which contradicts the text",
    ClaimVerdict.NOT_ASSESSABLE: "and the text does not define how much change counts as the same",
}


def judge(figures: Figures, claim: Claim) -> Judgement:
    """Return the judgement of a direction by numbers of two periods or two areas.

    A claim with a denominator or a dimension is on a share, any other on a count.
    """
    numbers = figures.shares if claim.base or claim.base_dimension else figures.counts
    if claim.period.certainty is Certainty.NOT_STATED:
        return _over_time([number for number in numbers if _is_of(number, claim)], claim)
    for number in numbers:
        if _is_of(number, claim):
            found = compared_direction(figures, number, claim.direction)
            if found is not None:
                return found
    return _UNTOLD


def _over_time(numbers: Iterable[Claim], claim: Claim) -> Judgement:
    """Return the judgement of a direction without a period by a series."""
    series = _series(numbers)
    if len(series) < 2:
        return _UNTOLD
    allowed = _WAYS[ClaimDirection(claim.direction)]
    steps = [_verdict(before, number, allowed) for before, number in pairwise(series)]
    whole = _verdict(series[0], series[-1], allowed)
    if len({whole, *steps}) == 1:
        verdict, ending = whole, _ENDINGS[whole]
    elif ClaimVerdict.CONTRADICTED in (whole, steps[-1]):
        verdict, ending = ClaimVerdict.NOT_ASSESSABLE, "which is not a single direction"
    else:
        verdict, ending = ClaimVerdict.CONSISTENT, "which is true from the first to the last period"
    text = ", ".join(f"{formatted(number)} in {number.period}" for number in series)
    return Judgement(
        verdict=verdict,
        message=f"The period is not stated. Published are {text} ({describe_locations(series)}), "
        f"{ending}.",
        against=tuple(series),
    )


def _series(numbers: Iterable[Claim]) -> list[Claim]:
    """Return the numbers of equally long periods without overlap, up to the latest."""
    first: dict[Period, Claim] = {}
    for number in sorted(numbers, key=lambda number: number.is_quoted):
        if number.period.certainty is Certainty.EXACT:
            first.setdefault(number.period, number)
    ordered = sorted(first.values(), key=lambda number: str(number.period.end))
    series: list[Claim] = []
    for number in reversed(ordered):
        if not series or _is_earlier(number, series[0]):
            series.insert(0, number)
    return series


def compared_direction(figures: Figures, number: Claim, direction: str) -> Judgement | None:
    """Return the judgement of a direction by the earlier number, or ``None``."""
    before = _before(figures, number) if direction else None
    if before is None:
        return None
    verdict = _verdict(before, number, _WAYS[ClaimDirection(direction)])
    ends = [_described(number, before), _described(before, number)]
    message = f"{' against '.join(ends)}, {_ENDINGS[verdict]}."
    return Judgement(verdict=verdict, message=message, against=(before, number))


def _is_of(number: Claim, claim: Claim) -> bool:
    """Whether a number has the quantity, period and area of a direction."""
    cell = cell_of(number)
    if claim.period.certainty is Certainty.NOT_STATED:
        cell = evolve(cell, period=claim.period)
    return (
        cell.is_same(cell_of(claim))
        and not number.of
        and claim.base in ("", number.base)
        and claim.base_dimension in ("", dimension_of(number))
    )


def _before(figures: Figures, number: Claim) -> Claim | None:
    """Return the number of an earlier period, or of the area with the excluded country."""
    like = figures.counts if number.kind is ClaimKind.COUNT else figures.shares
    others = [other for other in like if _is_comparable(other, number)]
    earlier = [other for other in others if _is_earlier(other, number)]
    whole = number.area.partition(" without ")[0]
    fuller = [other for other in others if whole == area_of(other) != area_of(number)]
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
    """Whether a number is of the same area earlier: a count of as many years or days."""
    end, start = other.period.end, number.period.start
    alike = cell_of(other).members == cell_of(number).members
    if number.kind is ClaimKind.COUNT and _length(other.period) != _length(number.period):
        return False
    return alike and end is not None and start is not None and end < start


def _length(period: Period) -> tuple[str, int | None]:
    return ("days", period.days) if period.years is None else ("years", period.years)


def _verdict(before: Claim, number: Claim, allowed: set[int]) -> ClaimVerdict:
    ways = _ways(before, number)
    if ways <= allowed:
        return ClaimVerdict.CONFIRMED
    if ways & allowed:
        return ClaimVerdict.CONSISTENT
    return ClaimVerdict.NOT_ASSESSABLE if allowed == {0} else ClaimVerdict.CONTRADICTED


def _ways(before: Claim, number: Claim) -> set[int]:
    """1 up, 0 the same, -1 down: each that the two numbers allow."""
    if less(before, number):
        return {1}
    if less(number, before):
        return {-1}
    return {-1, 0, 1} if number.percent is not None else {0}


def _described(number: Claim, other: Claim) -> str:
    """Return a number with its period or its area."""
    apart = number.period if number.period != other.period else area_of(number)
    return f"{formatted(number)} in {apart}"
