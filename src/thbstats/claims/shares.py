"""Published percentages as panels."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from attrs import evolve

from thbstats.claims.cells import dimension_of
from thbstats.claims.claim import Claim
from thbstats.claims.figures import Figures
from thbstats.claims.tables import Cite
from thbstats.errors import AmbiguousCell, ImpossibleResult, InvalidValue, NoSuchCell
from thbstats.geography import Area
from thbstats.panel import (
    CountKind,
    Panel,
    ResultKind,
    category_label,
    panel_from_rows,
    share_base,
)
from thbstats.rules import check
from thbstats.values import Interval, Period
from thbstats.vocabulary import Overlap

__all__ = ["count_kind_of", "published_breakdown", "published_shares"]

_ATTRIBUTES = ("status", "unit", "stage", "offence", "measure", "outcome", "body", "kind")

_ESTIMANDS = {False: "as published", True: "published as at least this percentage"}


def published_shares(figures: Figures, claims: Sequence[Claim], cite: Cite) -> Panel:
    """Return published percentages as a panel of shares.

    Parameters
    ----------
    figures : Figures
        The claims of the publication.
    claims : sequence of Claim
        Shares with a number.
    cite : callable
        Function from claims to their locations in the publication.

    Returns
    -------
    Panel
        One row per claim. `Panel.value` contains all numbers that round to the published text, or
        all above it if the publication states "at least". Numerator and denominator are published
        counts, or bounds from single related counts or percentages.

    Raises
    ------
    InvalidValue
        If a claim has no percentage of an area.
    ImpossibleResult
        If no denominator is consistent with the percentage.
    """
    rows = [_row(figures, claim, cite) for claim in claims]
    return check(panel_from_rows(rows[0]["base"].label, rows))


def _row(figures: Figures, claim: Claim, cite: Cite) -> dict[str, Any]:
    if claim.percent is None or not claim.area:
        raise InvalidValue(
            "must be a share with a number and an area",
            field="claim",
            value=claim.id,
            hint="Use the id of such a share",
        )
    denominator, numerator = figures.base(claim), figures.numerator(claim)
    if denominator is None or numerator is None:
        raise ImpossibleResult(
            "must be consistent with the published counts, but no denominator is",
            field="printed",
            value=claim.printed,
            hint=f"Audit {claim.id} in {claim.location}",
        )
    kind, area = count_kind_of(claim), Area.parse(claim.area)
    within = [pair for pair in claim.of.items() if pair[0] not in ("area", *_ATTRIBUTES)]
    category = [(name, code) for name, code in claim.category.items() if claim.of.get(name) != code]
    label = category_label(category or [("area", claim.area)])
    rule, dimension = claim.base or "not_stated", dimension_of(claim)
    base = share_base(kind, rule, (dimension,) if dimension else (), within, Overlap.EXCLUSIVE)
    if rule == "not_stated":
        base = evolve(base, label=f"{base.label}, denominator not stated")
    printed = None if claim.at_least else claim.percent
    upper = 1 if printed is None else printed.upper
    share = Interval(claim.percent.lower, upper).intersect(Interval(0, 1))
    # The victims of unknown category: the total minus its recorded part, if the total is known.
    whole, unknown = figures.whole(claim), None
    if rule == "known" and whole.is_point:
        unknown = (whole - denominator).intersect(Interval.at_least(0))
    with_unknown = Interval(0, 1)
    if rule == "all":
        with_unknown = share
    elif whole.value and unknown is not None:
        most = min(whole.value, (numerator.upper or 0) + (unknown.upper or 0))
        with_unknown = Interval(
            Fraction(numerator.lower or 0, whole.value), Fraction(most, whole.value)
        )
    return {
        "indicator": "printed",
        "label": label,
        "kind": ResultKind.SHARE,
        "category": tuple(claim.category.items()),
        "numerator": numerator,
        "denominator": denominator,
        "base": base,
        "estimand": f"{label}, {_ESTIMANDS[claim.at_least]}",
        "value": share,
        "bounds": share,
        "bounds_with_unknown": with_unknown,
        "unknown": unknown,
        "discrepancy": _gap(figures, claim),
        "printed": printed,
        "sharp": False,
        "area": area,
        "period": claim.period,
        "numerator_kind": kind,
        "denominator_kind": kind,
        "reporters": frozenset(claim.reporters) if isinstance(claim.reporters, tuple) else None,
        "expected": area.members,
        "n_reporters": claim.n_reporters,
        "sources": cite([claim]),
    }


def published_breakdown(
    figures: Figures,
    cite: Cite,
    *,
    by: str,
    base: str,
    area: str | Area,
    period: str | Period | None,
) -> Panel:
    """Return the published percentages of the categories of a dimension.

    Parameters
    ----------
    figures : Figures
        The claims of the publication.
    cite : callable
        Function from claims to their locations in the publication.
    by : str
        The dimension.
    base : {"all", "known", "not_stated"}
        The denominator.
    area : str or Area
        The area, such as ``"EU28 without UK"``.
    period : str or Period, optional
        The reference period, required if there are several.

    Returns
    -------
    Panel
        One row per category, in the order of the text, with the percentage as `Result.printed`.

    Raises
    ------
    NoSuchCell
        If no such percentages are published; the error lists alternatives.
    AmbiguousCell
        If there are several periods, subjects or statuses.
    """
    plain = _plain(figures)
    target = None if period is None else Period.parse(period)
    chosen = [
        claim
        for claim in plain
        if by in claim.category
        and claim.base == base
        and Area.parse(claim.area) == Area.parse(area)
        and target in (None, claim.period)
    ]
    if not chosen:
        available = sorted(
            {f"by={dimension_of(c)!r} base={c.base!r} area={c.area!r}" for c in plain}
        )
        raise NoSuchCell(
            f"the publication must have percentages by {by} with base {base!r} for {area}",
            hint=f"Use one of: {'; '.join(available[:5]) or 'none'}",
        )
    _check_one_whole(chosen)
    first = {claim.category[by]: claim for claim in reversed(chosen)}
    distinct = [claim for claim in chosen if claim in first.values()]
    found = published_shares(figures, distinct, cite)
    return evolve(found, caption=f"{found.base[0].label} by {by}, as published")


def _check_one_whole(claims: list[Claim]) -> None:
    wholes = {(str(c.subject), c.status, str(c.period)): c for c in claims}
    if len(wholes) > 1:
        found = "; ".join(" ".join(filter(None, whole)) for whole in sorted(wholes))
        raise AmbiguousCell(
            "the percentages must have one denominator",
            value=found,
            hint="Set `period`, or use Publication.share for each claim",
        )


def _plain(figures: Figures) -> list[Claim]:
    """Return the percentages of one category of one dimension among all persons."""
    return [s for s in figures.shares if s.area and len(s.category) == 1 and not s.of]


def count_kind_of(claim: Claim) -> CountKind:
    """Return the kind of count of a claim.

    Parameters
    ----------
    claim : Claim
        A claim on counts.
    """
    stated = {"status": claim.status, **claim.of, **claim.category}
    stated["unit"] = claim.unit or ("persons" if claim.subject == "victims" else "")
    attributes = [(name, stated[name]) for name in _ATTRIBUTES if stated.get(name)]
    return CountKind(str(claim.subject), attributes)


def _gap(figures: Figures, claim: Claim) -> Interval | None:
    """Return 100% minus the shares of a group."""
    parts = [
        other.percent for other in figures.claims if claim.makes and other.makes == claim.makes
    ]
    gap = Interval.point(1)
    for part in parts:
        if part is None:
            return None
        gap = gap - part.interval
    return gap if parts else None
