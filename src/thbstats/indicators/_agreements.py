"""Measures of the agreement of two rankings."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from thbstats.errors import UnknownName, did_you_mean
from thbstats.geography import Area
from thbstats.indicators._arguments import require
from thbstats.indicators._orders import Scores, overlap_at, rank_biased, rank_correlation
from thbstats.panel import Base, Result, ResultKind, panel_from_rows
from thbstats.rules import Rule, Thresholds, check, compare
from thbstats.values import Interval, Rational, exact, flag_set


def agreement_of(
    first: Any, second: Any, *, method: str, top: int | None,
    p: Rational | str | None, thresholds: Thresholds | None, rules: Iterable[Rule] | None,
) -> Result:  # fmt: skip
    """Return the agreement of two rankings."""
    if method not in _METHODS:
        raise UnknownName(
            f"`method` must be one of {', '.join(_METHODS)}",
            field="method",
            value=method,
            hint=did_you_mean(str(method), _METHODS),
        )
    is_ranking = isinstance(second, type(first))
    for name, ranking, is_valid in (("self", first, True), ("other", second, is_ranking)):
        require(
            is_valid and len(ranking),
            f"`{name}` must be a ranking with members",
            "Pass the result of thbstats.ranking",
            **{name: "an empty ranking" if is_valid else type(ranking).__name__},
        )
    require(top is None or top >= 1, "`top` must be 1 or more", "Use top=5", top=top)
    own = _METHODS[method](_scores_of(first), _scores_of(second), top, p)
    fields = {
        **own,
        **dict.fromkeys(("bounds", "bounds_with_unknown"), own.get("bounds", own["value"])),
        "indicator": "agreement",
        "estimand": own["estimand"].format(first.caption, second.caption),
        "denominator": Interval.point(own["denominator"]),
        "base": Base(rule="all", label=own["base"]),
    }
    panels = (
        panel_from_rows(own["label"], [{**fields, **_context(side)}]) for side in (second, first)
    )
    applied: dict[str, Any] = {"thresholds": thresholds, "rules": rules}
    found, before = (check(panel, **applied).row(0) for panel in panels)
    pair = compare(before, found, **applied)
    more = [item for item in pair.warnings if item not in found.warnings]
    return found.panel.with_notes([more]).row(0)


def _scores_of(ranking: Any) -> Scores:
    """Return the counts of a ranking, else reversed ranks."""
    scores = [row.value_or_bounds for row in ranking]
    if all(score.lower in (0, None) and score.upper is None for score in scores):
        scores = [Interval.point(0) - rank for rank in ranking.ranks]
    bounds = [int(end) for score in scores for end in (score.lower, score.upper) if end is not None]
    beyond = max(bounds, default=0) + len(scores)
    uppers = [beyond if score.upper is None else int(score.upper) for score in scores]
    pairs = zip((int(score.lower or 0) for score in scores), uppers, strict=True)
    return dict(zip(ranking.labels, pairs, strict=True))


def _overlap(first: Scores, second: Scores, top: int | None, p: object) -> dict[str, Any]:
    longer = max(len(first), len(second))
    depth = longer if top is None else min(top, longer)
    shared = Interval(*overlap_at(first, second, depth))
    return {
        "value": shared.scale(Fraction(1, depth)),
        "kind": ResultKind.SHARE,
        "label": "in both rankings",
        "estimand": "members of both {} and {}",
        "numerator": shared,
        "denominator": depth,
        "base": "members of the longer ranking" if top is None else f"the first {depth} of each",
    }


def _kendall_tau(first: Scores, second: Scores, top: object, p: object) -> dict[str, Any]:
    names = [name for name in first if name in second]
    require(
        len(names) >= 2,
        "both rankings must share two members or more",
        "Pass rankings with common members, or use method='overlap'",
        second=", ".join(names) or "no common member",
    )
    sides = [{name: scores[name] for name in names} for scores in (first, second)]
    surplus, tau, sharp = rank_correlation(*sides)
    return {
        "value": tau,
        "kind": ResultKind.INDEX,
        "label": "Kendall's tau-b",
        "estimand": "agreement in order of {} and {}",
        "numerator": surplus,
        "denominator": len(names) * (len(names) - 1) // 2,
        "base": f"pairs of the {len(names)} members of both rankings",
        "sharp": sharp,
    }


def _rank_biased_overlap(first: Scores, second: Scores, top: object, p: Any) -> dict[str, Any]:
    try:
        weight: Rational = exact(Fraction(p) if isinstance(p, str) else p, "p")
    except (ValueError, TypeError):
        weight = 0
    require(0 < weight < 1, "`p` must be between 0 and 1", 'Use p="0.9"', p=p)
    likely, bounds, sharp = rank_biased(first, second, weight)
    return {
        "value": likely,
        "bounds": bounds,
        "kind": ResultKind.INDEX,
        "label": f"rank-biased overlap (p = {weight})",
        "estimand": "members of both {} and {}, weighted by depth",
        "numerator": Interval.point(len(set(first) & set(second))),
        "denominator": max(len(first), len(second)),
        "base": f"members of the longer ranking; each depth has {weight} of the weight before",
        "sharp": sharp,
    }


_METHODS = {
    "overlap": _overlap,
    "kendall_tau": _kendall_tau,
    "rank_biased_overlap": _rank_biased_overlap,
}


def _context(ranking: Any) -> Mapping[str, Any]:
    """Return area, period, coverage and sources of a ranking."""
    row = ranking.row(0)
    names = ["period", "numerator_kind", "denominator_kind", "sources", "breaks"]
    if ranking.area.is_constant:
        names += ["area", "reporters", "expected", "n_reporters", "suppression"]
    context = {name: getattr(row, name) for name in names}
    context["flags"] = flag_set(int(np.bitwise_or.reduce(ranking.flags)))
    if not ranking.area.is_constant:
        none = frozenset[str]()
        members = none.union(*(area.members for area in ranking.area))
        given = (own for own in ranking.reporters if own is not None)
        context |= {
            "area": Area.from_countries(members),
            "expected": members,
            "reporters": none.union(*given),
        }
    return context
