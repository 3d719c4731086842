"""Numbers of publications."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from thbstats.auditing import audit
from thbstats.claims import Claim, ClaimKind, Publication, Subject
from thbstats.errors import ThbstatsError
from thbstats.indicators import share, total
from thbstats.panel import Result
from thbstats.reports.comparisons import side_by_side
from thbstats.reports.content import Content
from thbstats.reports.indicators import Indicator, Omission, separated
from thbstats.reports.stage_ratios import justice_ratios
from thbstats.rules import Thresholds
from thbstats.tables import Dataset
from thbstats.vocabulary import Offence

__all__ = ["of_publication"]


def of_publication(report: Publication, thresholds: Thresholds) -> Content:
    """Return the content of the report on a publication.

    Parameters
    ----------
    report : Publication
        The publication.
    thresholds : Thresholds
        The limits of rules.
    """
    omissions: list[Omission] = []
    try:
        data = report.data
    except ThbstatsError as error:
        omissions.append(Omission(id="data", reason=str(error)))
        data = Dataset()
    printed = separated(_printed(report), omissions)
    ratios = justice_ratios(data.justice, data.victims, thresholds)
    return Content(
        of="publication",
        report=report,
        data=data,
        counts=separated(_counts(report, data, thresholds), omissions),
        shares=separated(_shares(report, data, thresholds), omissions),
        ratios=separated(ratios, omissions),
        printed=printed,
        comparisons=side_by_side(report, printed, thresholds),
        rankings=tuple(
            claim
            for claim in report.claims
            if claim.kind is ClaimKind.RANKING and len(claim.ranks) > 1
        ),
        audit=audit(report),
        omissions=tuple(omissions),
        thresholds=thresholds,
    )


def _counts(
    report: Publication, data: Dataset, thresholds: Thresholds
) -> Iterator[Indicator | Omission]:
    """Yield each published count once."""
    for claims in _counted(report):
        table = getattr(data, claims[0].subject, None)
        if table is not None:
            make = partial(total, table, thresholds=thresholds, **_selection(claims[0]))
            yield _indicator(claims, "total", make)


def _shares(
    report: Publication, data: Dataset, thresholds: Thresholds
) -> Iterator[Indicator | Omission]:
    """Yield each published count of victims as a share of both denominators."""
    for claims in _counted(report):
        claim = claims[0]
        if claim.subject is Subject.VICTIMS and claim.category and data.victims is not None:
            for base in ("all", "known"):
                make = partial(
                    share, data.victims, base=base, thresholds=thresholds, **_selection(claim)
                )
                yield _indicator(claims, f"share of {base}", make)


def _printed(report: Publication) -> Iterator[Indicator | Omission]:
    """Yield each published percentage once; its source is the first place."""
    for claims in _by_quantity(claim for claim in report.claims if claim.percent is not None):
        yield _indicator(claims, "as printed", partial(report.share, claims[0].id))


def _counted(report: Publication) -> list[list[Claim]]:
    """Return the claims with a count for which the code lists have categories."""
    return _by_quantity(
        claim
        for claim in report.claims
        if claim.kind is ClaimKind.COUNT and claim.printed and "topic" not in claim.category
    )


def _by_quantity(claims: Iterable[Claim]) -> list[list[Claim]]:
    """Return claims in groups that publish the same quantity, in the order of the text."""
    groups: dict[object, list[Claim]] = {}
    for claim in claims:
        key = (claim.subject, claim.category, claim.of, claim.base, claim.area, claim.period)
        groups.setdefault(key, []).append(claim)
    return list(groups.values())


def _selection(claim: Claim) -> dict[str, Any]:
    place = {"area": claim.area, "period": str(claim.period), "status": claim.status}
    return {**claim.category, **{name: text for name, text in place.items() if text}}


def _indicator(claims: list[Claim], name: str, make: Callable[[], Result]) -> Indicator | Omission:
    claim = claims[0]
    category = ",".join(f"{dimension}={code}" for dimension, code in claim.category.items())
    base = claim.base if name == "as printed" else ""
    parts = (claim.subject, name, category or "all", base, claim.area, str(claim.period))
    identity = "/".join(part.replace(" ", "_") for part in parts if part)
    try:
        result = make()
    except ThbstatsError as error:
        return Omission(id=identity, reason=str(error))
    part = claim.subject.capitalize()
    if claim.subject is Subject.JUSTICE:  # offences are never one part
        part = Offence(claim.category.get("offence", Offence.TRAFFICKING)).label
    ids = tuple(each.id for each in claims)
    return Indicator(id=identity, part=part, result=result, claims=ids)
