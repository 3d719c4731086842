"""Published rankings as panels."""

import numpy as np

from thbstats.claims.claim import Claim
from thbstats.claims.kinds import ClaimKind
from thbstats.claims.shares import count_kind_of
from thbstats.claims.tables import Cite
from thbstats.errors import InvalidValue
from thbstats.geography import Area
from thbstats.indicators import Ranking, as_kind
from thbstats.panel import Base, ResultKind, Status, count_label, panel_from_rows
from thbstats.values import Interval

__all__ = ["published_ranking"]

_LISTED = "listed without a count"
_UNNAMED = Area(code="not stated", label="area not stated", members=frozenset())


def published_ranking(claim: Claim, cite: Cite) -> Ranking:
    """Return a published list as a ranking without counts.

    Parameters
    ----------
    claim : Claim
        A ranking.
    cite : callable
        Function from claims to their locations in the publication.

    Returns
    -------
    Ranking
        The members of the list, in published order. Without a stated order each member can have
        any rank. In an ordered list only ties are open.

    Raises
    ------
    InvalidValue
        If the claim is not a ranking.
    """
    if claim.kind is not ClaimKind.RANKING:
        raise InvalidValue(
            "must be a ranking", field="claim", value=claim.id, hint="Use the id of a ranking"
        )
    kind, size = count_kind_of(claim), len(claim.ranks)
    count = Interval.at_least(0)
    rows = [
        {
            "indicator": "printed",
            "label": code,
            "kind": ResultKind.COUNT,
            "category": tuple({**claim.of, **claim.category, claim.base_dimension: code}.items()),
            "base": Base(rule="none", label="no base"),
            "estimand": f"{count_label(kind, [(claim.base_dimension or '', code)])}; {_LISTED}",
            "status": Status.NOT_REPORTED,
            "numerator": count,
            "denominator": Interval.point(1),
            "bounds": count,
            "bounds_with_unknown": count,
            "area": Area.parse(claim.area) if claim.area else _UNNAMED,
            "period": claim.period,
            "numerator_kind": kind,
            "denominator_kind": kind,
            "sources": cite([claim]),
        }
        for code in claim.ranks
    ]
    panel = panel_from_rows(f"{kind.label} by {claim.base_dimension}, as listed", rows)
    best = np.ones(size, dtype=np.intp)
    worst = np.arange(1, size + 1) if claim.ordered else np.full(size, size)
    return as_kind(Ranking, panel, best=best, worst=worst, ordered=claim.ordered)
