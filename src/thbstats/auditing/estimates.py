"""Published estimates of all persons, compared with their lists."""

from math import ceil, floor

from thbstats.auditing.judgements import Judgement, consistent, contradicted, not_assessable
from thbstats.claims import Claim
from thbstats.claims.counted_cells import area_of
from thbstats.display import Amount, count
from thbstats.errors import ThbstatsError
from thbstats.geography import Area
from thbstats.lists import Lists, dependence, distinct, models
from thbstats.values import Interval


def judge_estimate(claim: Claim, lists: Lists | None) -> tuple[Judgement, str]:
    """Return the judgement of an estimate, and a remark on a range that is too narrow.

    Only the persons on the lists contradict an estimate.
    """
    if lists is None or claim.estimate is None:
        return not_assessable("The lists behind the estimate are not given (option lists)."), ""
    area, periods = area_of(claim), {claim.period, lists.period} - {claim.period.not_stated()}
    is_elsewhere = area and lists.area.members and lists.area != Area.parse(area)
    if is_elsewhere or len(periods) > 1:
        return not_assessable("The lists are of another area or period."), ""
    low, high = claim.estimate.lower or 0, claim.estimate.upper or 0
    least = int(distinct(lists).bounds.lower or 0)
    if high < least:
        n = Amount(least)
        return contradicted(f"The lists contain at least {n} distinct {n:person|persons}."), ""
    statement = f"{dependence(lists).statement}."
    try:
        near = models(lists).ranges.get(10)
    except ThbstatsError as error:
        return not_assessable(f"{statement} No models: {error.problem}."), ""
    if near is None:
        return not_assessable(f"{statement} No model has an estimate."), ""
    near = Interval(floor(near.lower or 0), ceil(near.upper or 0))
    text = f"Models within 10 BIC points of the best give {count(near)} persons. {statement}"
    if not near.overlaps(claim.estimate):
        return not_assessable(text), "No model near the best gives a number in this range."
    is_narrow = low > (near.lower or 0) or high < (near.upper or 0)
    remark = "It is narrower than the range of these models." if is_narrow else ""
    return consistent(text), remark
