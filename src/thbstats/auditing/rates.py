"""Printed rates and ratios against the counts that they divide, and changes between rates."""

from collections.abc import Iterator
from fractions import Fraction

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
from thbstats.auditing.rate_changes import OpenInterval, RateChange
from thbstats.claims import Claim, ClaimKind, CountCell, Figures, cell_of, whole_of
from thbstats.claims.figures import less
from thbstats.display import count, decimal, signed_percent
from thbstats.values import Interval, Percent, Rounding, exact

__all__ = ["judge_change", "judge_rate", "judge_ratio"]

_OF_PEOPLE = ("sex", "age", "citizenship")
"""The dimensions of a population; the others are of what happens in it."""

_DECIMALS = 2
"""How many decimals a ratio of counts has beyond those of the printed one."""


def judge_rate(figures: Figures, claim: Claim) -> Judgement:
    """Return the verdict on a rate.

    With its count, a rate gives the population of which it is; two rates of one population whose
    populations do not meet contradict each other. The rate of a part is at most that of its whole.

    Parameters
    ----------
    figures : Figures
        All claims.
    claim : Claim
        The rate.
    """
    found = differing(figures, claim)
    if found is not None or claim.rate is None:
        return found or QUALITATIVE
    rivals = [other for other in _of_one_population(figures, claim) if other is not claim]
    for other in rivals:
        if part_and_whole := _misplaced(claim, other):
            return contradicted(part_and_whole)
    own = _population(figures, claim)
    same = repeated(figures, claim)
    again = f" The same value is in {describe_locations(same)}." if same else ""
    if own is None:
        text = f"{formatted(claim)}; the count is not published.{again}"
        if same:
            return Judgement(verdict=ClaimVerdict.CONSISTENT, message=text)
        return not_assessable(text)
    needs = _needs(figures, claim, own)
    populations = [(other, _population(figures, other)) for other in rivals]
    for other, population in populations:
        if population is not None and not population.overlaps(own):
            text = f"{needs}, {_needs(figures, other, population)}: no population fits both."
            return contradicted(text)
    if same or any(population is not None for _, population in populations):
        return Judgement(verdict=ClaimVerdict.CONSISTENT, message=f"{needs}.{again}")
    return not_assessable(f"{needs}.")


def _of_one_population(figures: Figures, claim: Claim) -> Iterator[Claim]:
    for other in figures.rates:
        if other.kind is ClaimKind.RATE and _people_of(cell_of(other)) == _people_of(
            cell_of(claim)
        ):
            yield other


def _people_of(cell: CountCell) -> tuple[object, ...]:
    codes = frozenset(pair for pair in cell.codes if pair[0] in _OF_PEOPLE)
    return cell.members, cell.period, codes


def _misplaced(first: Claim, second: Claim) -> str:
    """Return a contradiction if the rate of a part is above that of its total."""
    for part, whole in ((first, second), (second, first)):
        inside = cell_of(part).is_inside(cell_of(whole)) and part.per == whole.per
        if inside and less(whole, part):
            return (
                f"{formatted(part)} ({part.location}) is a part of {formatted(whole)} "
                f"({whole.location}), but it is larger."
            )
    return ""


def _population(figures: Figures, claim: Claim) -> OpenInterval | None:
    """Return the population of which a rate with a printed count is."""
    number, rate = figures.count(cell_of(claim)), claim.rate
    if number is None or rate is None or not number.upper:
        return None
    low, high = 100 * Fraction(rate.lower), 100 * Fraction(rate.upper)
    return OpenInterval(
        interval=Interval(
            exact(claim.per * Fraction(number.lower or 0) / high),
            None if low <= 0 else exact(claim.per * Fraction(number.upper) / low),
        ),
        lower_closed=rate.upper_closed,
        upper_closed=rate.lower_closed,
    )


def _needs(figures: Figures, claim: Claim, population: OpenInterval) -> str:
    number = figures.count(cell_of(claim)) or Interval.at_least(0)
    low = -(-Fraction(population.interval.lower or 0) // 1)
    text = f"{formatted(claim)} of {count(number)} requires a population of "
    if population.interval.upper is None:
        return f"{text}at least {count(int(low))}"
    return f"{text}{count(int(low))} to {count(int(population.interval.upper // 1))}"


def judge_ratio(figures: Figures, claim: Claim) -> Judgement:
    """Return the verdict on a ratio of two counts.

    Parameters
    ----------
    figures : Figures
        All claims.
    claim : Claim
        The ratio.
    """
    found = differing(figures, claim)
    if found is not None or claim.rate is None:
        return found or QUALITATIVE
    top, base = figures.count(cell_of(claim)), figures.count(whole_of(claim))
    same = repeated(figures, claim)
    again = f" The same value is in {describe_locations(same)}." if same else ""
    if top is None or base is None or base.upper == 0:
        text = f"{formatted(claim)}; its two counts are not published.{again}"
        if same:
            return Judgement(verdict=ClaimVerdict.CONSISTENT, message=text)
        return not_assessable(text)
    true = Interval.ratio(top, base)
    places_ = claim.rate.decimals + _DECIMALS
    text = f"{count(top)} / {count(base)} is {decimal(true, places_)}"
    room = OpenInterval(
        interval=Interval(true.lower, true.upper), lower_closed=True, upper_closed=True
    )
    rooms = [_room_of(evolve(claim.rate, rounding=way)) for way in _HALVES]
    if not any(room.overlaps(each) for each in rooms):
        return contradicted(f"{text}, not {formatted(claim)}.")
    verdict = ClaimVerdict.CONFIRMED if true.is_point else ClaimVerdict.CONSISTENT
    return Judgement(verdict=verdict, message=f"{text}.{again}")


_HALVES = (Rounding.HALF_UP, Rounding.HALF_EVEN)


def _room_of(rate: Percent) -> OpenInterval:
    """Return the numbers that print as a rate or a ratio."""
    ends = Interval(exact(100 * Fraction(rate.lower)), exact(100 * Fraction(rate.upper)))
    return evolve(OpenInterval.of(rate), interval=ends)


def judge_change(figures: Figures, claim: Claim) -> Judgement:
    """Return the verdict on a change of a rate; both rates are rounded.

    Parameters
    ----------
    figures : Figures
        All claims.
    claim : Claim
        The change, with ``per``.
    """
    printed, since = claim.change, claim.since
    if printed is None or since is None:
        return QUALITATIVE
    found = differing(figures, claim)
    if found is not None:
        return found
    new = _rate_of(figures, cell_of(claim), claim.per)
    old = _rate_of(figures, evolve(cell_of(claim), period=since), claim.per)
    if new is None or old is None:
        return not_assessable(
            f"{formatted(claim)} since {since}; the rates of both periods are not published."
        )
    change = RateChange(new, old)
    room = change.room()
    text = f"From {old.printed} to {new.printed} per {count(claim.per)}, each rounded, is "
    text += signed_percent(room.interval, printed.decimals + 1)
    if not change.fits(printed, _HALVES):
        return contradicted(f"{text}, not {formatted(claim)}.")
    settled = room.is_inside(OpenInterval.of(printed))
    verdict = ClaimVerdict.CONFIRMED if settled else ClaimVerdict.CONSISTENT
    return Judgement(verdict=verdict, message=f"{text}.")


def _rate_of(figures: Figures, cell: CountCell, per: int) -> Percent | None:
    """Return the first printed rate of a cell."""
    return next(
        (
            rate.rate
            for rate in figures.rates
            if rate.kind is ClaimKind.RATE and rate.per == per and cell_of(rate).is_same(cell)
        ),
        None,
    )
