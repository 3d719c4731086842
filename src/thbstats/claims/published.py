"""Published counts as tables, and published percentages as panels."""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any

from attrs import evolve

from thbstats.claims.claim import Claim
from thbstats.claims.relations import (
    CUTS,
    Figures,
    area_of,
    base_key,
    cell_of,
    dimension_of,
    whole_of,
)
from thbstats.errors import ImpossibleResult, InvalidValue
from thbstats.geography import Area
from thbstats.panel import (
    CountKind,
    Panel,
    ResultKind,
    category_label,
    panel_from_rows,
    share_base,
)
from thbstats.records import KINDS, Record, Source
from thbstats.rules import apply_rules
from thbstats.tables import CountTable, Dataset
from thbstats.values import Count, Interval, Reason
from thbstats.vocabulary import Overlap

Cite = Callable[[Iterable[Claim]], tuple[Source, ...]]
"""A function from claims to their locations in the publication."""

_ATTRIBUTES = ("status", "unit", "stage", "offence", "measure", "outcome", "body", "kind")


def dataset(figures: Figures, cite: Cite) -> Dataset:
    """Return the published counts of claims, one table per kind.

    Counts are omitted if the vocabularies do not contain their category, or the text does not
    state their area, stage, measure or body. The bounds of the unknown category that follow from a
    count and its share of the known categories are added, with reason ``rounded``.
    """
    cells, rows = figures.cells(), dict[str, list[Record]]()
    for claims in cells.values():
        count = Count.known(claims[0].count or 0)
        rows.setdefault(claims[0].subject, []).append(_record(claims[0], count, cite(claims)))
    # One share for each published denominator of known category.
    known_bases: dict[object, Claim] = {}
    for share in figures.shares:
        is_stated = share.base == "known" and share.base_printed and dimension_of(share) in CUTS
        if is_stated and figures.of_cell(cell_of(share)):
            known_bases.setdefault(base_key(share), share)
    for share in known_bases.values():
        whole, dimension, base = whole_of(share), dimension_of(share), figures.base(share)
        unknown = evolve(whole, codes=whole.codes | {(dimension, "unknown")})
        published = [claims for cell, claims in cells.items() if cell.is_same(whole)]
        if len(published) == 1 and base is not None and not figures.of_cell(unknown):
            [total] = published
            left = Interval.point(total[0].count or 0) - base
            bounds = (int(left.lower or 0), int(left.upper or 0))
            sources = cite([*total, *figures.of_cell(cell_of(share)), share])
            count = Count.between(*bounds, Reason.ROUNDED)
            rows[share.subject].append(_record(total[0], count, sources, **{dimension: "unknown"}))
    return Dataset(**{kind: CountTable.from_records(records) for kind, records in rows.items()})


def _record(claim: Claim, count: Count, sources: tuple[Source, ...], **unknown: str) -> Record:
    fields: dict[str, Any] = {**claim.category, "area": area_of(claim), **unknown}
    fields |= {"status": claim.status} if claim.status else {}
    fields |= {"unit": claim.unit} if claim.unit else {}
    return KINDS[claim.subject](
        count=count,
        period=claim.period,
        source=sources,
        reporters=claim.reporters if isinstance(claim.reporters, tuple) else None,
        n_reporters=claim.n_reporters,
        **fields,
    )


def count_kind(claim: Claim) -> CountKind:
    """Return the kind of count of a claim."""
    stated = {"status": claim.status, **claim.of, **claim.category}
    stated["unit"] = claim.unit or ("persons" if claim.subject == "victims" else "")
    attributes = [(name, stated[name]) for name in _ATTRIBUTES if stated.get(name)]
    return CountKind(str(claim.subject), attributes)


def published_shares(figures: Figures, claims: Sequence[Claim], cite: Cite) -> Panel:
    """Return published percentages as a panel of shares, one row per claim.

    `Panel.value` contains all numbers that round to the published text, or all above it if the
    publication states "at least". Numerator and denominator are published counts, or bounds from
    single related counts or percentages.
    """
    rows = [_share_row(figures, claim, cite) for claim in claims]
    return apply_rules(panel_from_rows(rows[0]["base"].label, rows))


def _share_row(figures: Figures, claim: Claim, cite: Cite) -> dict[str, Any]:
    if claim.percent is None or not claim.area:
        problem = "must be a share with a number and an area"
        hint = "Use the id of such a share"
        raise InvalidValue(problem, field="claim", value=claim.id, hint=hint)
    denominator, numerator = figures.base(claim), figures.numerator(claim)
    if denominator is None or numerator is None:
        hint = f"Audit {claim.id} in {claim.location}"
        problem = "must be consistent with the published counts, but no denominator is"
        raise ImpossibleResult(problem, field="printed", value=claim.printed, hint=hint)
    kind, area = count_kind(claim), Area.parse(claim.area)
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
    whole, unknown, with_unknown = figures.whole(claim), None, Interval(0, 1)
    if rule == "known" and whole.is_point:
        unknown = (whole - denominator).intersect(Interval.at_least(0))
    if rule == "all":
        with_unknown = share
    elif whole.value and unknown is not None:
        most = min(whole.value, (numerator.upper or 0) + (unknown.upper or 0))
        least = numerator.lower or 0
        with_unknown = Interval(Fraction(least, whole.value), Fraction(most, whole.value))
    # 100% minus the shares of the group.
    group = [other for other in figures.claims if claim.makes and other.makes == claim.makes]
    parts = [other.percent.interval for other in group if other.percent is not None]
    gap = None
    if group and len(parts) == len(group):
        gap = Interval.point(1)
        for part in parts:
            gap = gap - part
    estimand = "published as at least this percentage" if claim.at_least else "as published"
    return {
        "indicator": "printed",
        "label": label,
        "kind": ResultKind.SHARE,
        "category": tuple(claim.category.items()),
        "numerator": numerator,
        "denominator": denominator,
        "base": base,
        "estimand": f"{label}, {estimand}",
        "value": share,
        "bounds": share,
        "bounds_with_unknown": with_unknown,
        "unknown": unknown,
        "discrepancy": gap,
        "printed": printed,
        "bounds_attained": False,
        "area": area,
        "period": claim.period,
        "numerator_kind": kind,
        "denominator_kind": kind,
        "reporters": frozenset(claim.reporters) if isinstance(claim.reporters, tuple) else None,
        "expected": area.members,
        "n_reporters": claim.n_reporters,
        "sources": cite([claim]),
    }
