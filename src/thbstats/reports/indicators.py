"""The indicators that the printed counts and shares of a publication allow."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import product
from typing import Any, TypeVar

from attrs import frozen

from thbstats.claims import Claim, ClaimKind, Report, Subject
from thbstats.errors import ThbstatsError
from thbstats.indicators import convictions_per_100_victims, funnel, share, total
from thbstats.reports.naming import name_of
from thbstats.results import Measure, Result
from thbstats.tables import CountTable, Dataset
from thbstats.vocabulary import Offence

__all__ = [
    "Found",
    "Indicator",
    "Omission",
    "Place",
    "Sorted",
    "counts",
    "printed_shares",
    "ratios",
    "shares",
    "tables",
    "tried",
]

_Made = TypeVar("_Made")


@frozen(kw_only=True)
class Indicator:
    """One number of the page.

    Parameters
    ----------
    id : str
        A name, unique on the page: subject, indicator, category, base, area and period.
    part : str
        The heading under which the page shows it.
    result : Result
        The number.
    claims : tuple of str
        The claims whose printed figures it is made of, as far as they are counts or shares of
        the same category.
    leading : bool
        Whether it belongs into a summary; of many counts not all do.
    """

    id: str
    part: str
    result: Result
    claims: tuple[str, ...] = ()
    leading: bool = True

    @property
    def shown(self) -> str:
        """The number as it is printed, or as a reader expects it."""
        printed = self.result.printed
        return self.result.shown if printed is None else f"{printed.printed.rstrip(' %')} %"

    @property
    def name(self) -> str:
        """What it is, in a few words."""
        result = self.result
        counted = result.measure is Measure.COUNT
        return result.estimand if counted else name_of(result.label)


@frozen(kw_only=True)
class Omission:
    """An indicator that could not be computed, and why."""

    id: str
    reason: str


Found = Iterator[Indicator | Omission]
"""Indicators, and what is said of those that do not exist."""


class Sorted:
    """Indicators apart from what could not be computed, which is gathered."""

    def __init__(self) -> None:
        self.omissions: list[Omission] = []

    def kept(self, found: Found) -> tuple[Indicator, ...]:
        """Return the indicators; remember the omissions."""
        items = list(found)
        self.omissions += [item for item in items if isinstance(item, Omission)]
        return tuple(item for item in items if isinstance(item, Indicator))


def tables(report: Report) -> Dataset | Omission:
    """Return the counts that a publication prints, unless they contradict each other."""
    return tried("data", lambda: report.data)


def counts(report: Report, data: Dataset) -> Found:
    """Yield each printed count once, whatever it counts."""
    for claims in _same(_countable(report)):
        claim = claims[0]
        table: CountTable | None = getattr(data, claim.subject, None)
        if table is not None:
            yield _made(claims, "total", partial(total, table, **_asked(claim)))


def shares(report: Report, data: Dataset) -> Found:
    """Yield each printed count of victims as a share of all and of those recorded."""
    for claims in _same(_countable(report)):
        claim = claims[0]
        table = data.victims
        if claim.subject is not Subject.VICTIMS or not claim.category or table is None:
            continue
        for base in ("all", "recorded"):
            asked = partial(share, table, base=base, **_asked(claim))
            yield _made(claims, f"share of {base}", asked)


def printed_shares(report: Report) -> Found:
    """Yield each printed percentage once, as printed."""
    printed = (claim for claim in report.claims if claim.percent is not None)
    for claims in _same(printed):
        # The first place, so that figures printed together have one source.
        yield _made(claims, "as printed", partial(report.share, claims[0].id))


Place = tuple[str | None, str]
"""An area and a period; without an area all countries together."""


def ratios(data: Dataset, places: Iterable[Place] | None = None) -> Found:
    """Yield the ratios between stages, and convictions per 100 victims.

    Unless it is said where and when, for each area and period that has counts.
    """
    justice, victims = data.justice, data.victims
    if justice is None:
        return
    flows = _flows(justice) if places is None else product(justice.categories("offence"), places)
    for offence, (area, period) in flows:
        asked: dict[str, Any] = {"offence": offence, "area": area, "period": period}
        name = f"justice/funnel/{offence}/{area or 'all'}/{period}"
        part = Offence(offence).label
        steps = tried(name, partial(funnel, justice, **asked))
        if isinstance(steps, Omission):
            yield steps
            continue
        for step in steps:
            identity = f"{name}/{step.label.replace(' / ', '_per_')}"
            yield Indicator(id=identity, part=part, result=step)
        if offence == Offence.TRAFFICKING and victims is not None:
            yield _per_100(justice, victims, area, period)


def _per_100(
    justice: CountTable, victims: CountTable, area: str | None, period: str
) -> Indicator | Omission:
    name = f"justice/convictions_per_100_victims/{area or 'all'}/{period}"
    found = tried(
        name, partial(convictions_per_100_victims, justice, victims, area=area, period=period)
    )
    if isinstance(found, Omission):
        return found
    return Indicator(id=name, part=Offence.TRAFFICKING.label, result=found)


def _countable(report: Report) -> Iterator[Claim]:
    """Yield the claims that print a count for which the vocabularies have words."""
    for claim in report.claims:
        if claim.kind is ClaimKind.COUNT and claim.printed and "topic" not in claim.category:
            yield claim


def _same(claims: Iterable[Claim]) -> list[list[Claim]]:
    """Return claims in groups that print the same quantity, in the order of the text."""
    groups: dict[object, list[Claim]] = {}
    for claim in claims:
        key = (claim.subject, claim.category, claim.of, claim.base, claim.area, claim.period)
        groups.setdefault(key, []).append(claim)
    return list(groups.values())


def _asked(claim: Claim) -> dict[str, Any]:
    """Return the arguments of an indicator for what a claim counts."""
    place = {"area": claim.area, "period": str(claim.period), "status": claim.status}
    return {**claim.category, **{name: text for name, text in place.items() if text}}


def _flows(justice: CountTable) -> Iterator[tuple[str, Place]]:
    """Yield each offence with the areas and periods for which a table has counts."""
    for offence in justice.categories("offence"):
        rows = justice.where(offence=offence)
        for area in rows.categories("area"):
            for period in rows.where(area=area).categories("period"):
                yield offence, (area, period)


def _made(claims: list[Claim], name: str, make: Callable[[], Result]) -> Indicator | Omission:
    claim = claims[0]
    category = ",".join(f"{dimension}={code}" for dimension, code in claim.category.items())
    base = claim.base if name == "as printed" else ""
    parts = (claim.subject, name, category or "all", base, claim.area, str(claim.period))
    identity = "/".join(part.replace(" ", "_") for part in parts if part)
    found = tried(identity, make)
    if isinstance(found, Omission):
        return found
    return Indicator(
        id=identity, part=_part(claim), result=found, claims=tuple(each.id for each in claims)
    )


def _part(claim: Claim) -> str:
    """Return the heading for what a claim is about; offences are never shown as one."""
    if claim.subject is Subject.JUSTICE:
        return Offence(claim.category.get("offence", Offence.TRAFFICKING)).label
    return claim.subject.capitalize()


def tried(name: str, make: Callable[[], _Made]) -> _Made | Omission:
    """Return what a function makes, or why it cannot."""
    try:
        return make()
    except ThbstatsError as error:
        return Omission(id=name, reason=str(error))
