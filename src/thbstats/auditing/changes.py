"""Audit of changes."""

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
from thbstats.auditing.rates import judge_change
from thbstats.claims import Claim, Figures, cell_of
from thbstats.display import count
from thbstats.panel import ResultKind
from thbstats.values import Interval

__all__ = ["judge"]


def judge(figures: Figures, claim: Claim) -> Judgement:
    """Return the judgement of a change by the counts of both periods."""
    if claim.per:
        return judge_change(figures, claim)
    change, since = claim.change, claim.since
    if change is None or since is None:
        return QUALITATIVE
    found = differing(figures, claim)
    if found is not None:
        return found
    cell, same = cell_of(claim), repeated(figures, claim)
    new, old = figures.known(cell), figures.known(evolve(cell, period=since))
    again = f" The same value is in {describe_locations(same)}." if same else ""
    if new is None or old is None:
        text = f"{formatted(claim)} since {since}; the counts of both periods are not published."
        if same:
            return Judgement(verdict=ClaimVerdict.CONSISTENT, message=f"{text}{again}")
        return not_assessable(text)
    true = Interval.ratio(new, old) - Interval.point(1)
    text = f"From {count(old)} to {count(new)} is {ResultKind.RELATIVE_CHANGE.format_value(true)}"
    if not true.overlaps(change.interval):
        ends = [*figures.of_cell(cell), *figures.of_cell(evolve(cell, period=since))]
        return contradicted(f"{text}, not {formatted(claim)}.", ends)
    settled = true.is_point and not true.undefined
    verdict = ClaimVerdict.CONFIRMED if settled else ClaimVerdict.CONSISTENT
    return Judgement(verdict=verdict, message=f"{text}.{again}")
