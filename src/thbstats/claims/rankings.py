"""Printed rankings as results: who is on a list, and which ranks that leaves open."""

from thbstats.claims.claim import Claim
from thbstats.claims.kinds import ClaimKind
from thbstats.claims.shares import series_of
from thbstats.claims.tables import Cite
from thbstats.errors import InvalidValue
from thbstats.geography import Area, parse_area
from thbstats.results import Base, Context, Measure, Ranking, Result
from thbstats.values import Interval

__all__ = ["printed_ranking"]

_UNNAMED = Area(code="not stated", label="area not stated", members=frozenset())


def printed_ranking(claim: Claim, cite: Cite) -> Ranking:
    """Return a printed list as a ranking without counts.

    Parameters
    ----------
    claim : Claim
        A ranking.
    cite : callable
        From claims to the places where they stand.

    Returns
    -------
    Ranking
        Those listed, in the order printed. Unless the publication says so, the order within a
        list is no claim, so that each can have any rank on it; where it does, two can still be
        equally many.

    Raises
    ------
    InvalidValue
        If the claim is no ranking.
    """
    if claim.kind is not ClaimKind.RANKING:
        raise InvalidValue(
            "this claim ranks nothing", field="claim", value=claim.id, mend="Choose a ranking"
        )
    series = series_of(claim)
    context = Context(
        area=parse_area(claim.area) if claim.area else _UNNAMED,
        period=claim.period,
        counted=series,
        against=series,
        sources=cite([claim]),
    )
    return Ranking(
        caption=f"{series.label} by {claim.base_dimension}, as listed",
        items=[_listed(claim, code, context) for code in claim.ranks],
        ranks=[
            Interval(1, place if claim.ordered else len(claim.ranks))
            for place in range(1, len(claim.ranks) + 1)
        ],
        ordered=claim.ordered,
    )


def _listed(claim: Claim, code: str, context: Context) -> Result:
    count, name = Interval.at_least(0), code.replace("_", " ")
    codes = {**claim.of, **claim.category, claim.base_dimension: code}
    return Result(
        indicator="printed",
        label=code,
        measure=Measure.COUNT,
        category=tuple(codes.items()),
        numerator=count,
        denominator=Interval.point(1),
        base=Base(rule="none", label="no base"),
        estimand=f"{context.counted.label} recorded as {name}; listed without a count",
        reported=None,
        bounds=count,
        possible=count,
        context=context,
    )
