"""Content of reports on publications, tables and results."""

from collections.abc import Callable, Iterable
from functools import partial

from attrs import evolve

from thbstats.auditing import Audit, audit
from thbstats.auditing.claims_audit import TIME_LIMIT
from thbstats.bounds._simplex import Budget, SearchEnded, spend
from thbstats.claims import Claim, ClaimKind, Publication
from thbstats.claims import Subject as ClaimSubject
from thbstats.disclosure import Confidential, PrimarySuppression, SuppressedTable
from thbstats.display import Displayable
from thbstats.display import percent as percent_text
from thbstats.errors import InvalidValue, ThbstatsError, require
from thbstats.files import Reading
from thbstats.indicators import share, total
from thbstats.languages import Message
from thbstats.panel import Result
from thbstats.panel.names import grouped
from thbstats.reports.content import Content, Indicator, Omission, Pair
from thbstats.reports.tabulated import Numbers, justice_ratios, of_tables, separated
from thbstats.rules import DEFAULTS, Thresholds, compare
from thbstats.tables import CountTable, Dataset
from thbstats.values import Percent, is_integer
from thbstats.vocabulary import Offence

Subject = Publication | CountTable | Dataset | Reading | Displayable
"""The subject of a report."""


def content_of(
    item: Subject,
    *,
    title: str | None = None,
    periods: int = 2,
    thresholds: Thresholds | None = None,
    time_limit: float | None = TIME_LIMIT,
) -> Content:
    """Return the content of the report on a subject; the parameters are those of `report`."""
    problem, hint = "`time_limit` must be 0 seconds or more", "Pass seconds, or None for no limit"
    is_limit = time_limit is None or time_limit >= 0
    require(is_limit, problem, hint, time_limit=time_limit)
    is_number, problem = is_integer(periods, least=1), "`periods` must be an integer of 1 or more"
    require(is_number, problem, "Pass 1 or more", periods=periods)
    heading: object = title
    is_text = heading is None or (isinstance(heading, str) and heading.strip())
    require(is_text, "`title` must be a text", "Pass a text, or leave it out", title=title)
    limits = DEFAULTS if thresholds is None else thresholds
    match item:
        case SuppressedTable() | PrimarySuppression() | Confidential():
            raise InvalidValue(
                "`item` must not contain unprotected counts",
                field="item",
                value=type(item),
                hint="Report the table to publish: thb.report(safe.table), with safe = "
                "thb.disclosure.suppress(...)",
            )
        case Publication():
            named = item if title is None else evolve(item, title=title)
            return _of_publication(named, limits, time_limit)
        case CountTable():
            return of_tables(Dataset(**{item.kind: item}), title, periods, limits)
        case Dataset():
            return of_tables(item, title, periods, limits)
        case Reading() if any(map(len, item.data.tables())):
            content = of_tables(item.data, title, periods, limits)
            return evolve(content, formatted=(item.log,))
        case Reading():  # cases and populations have no table yet
            return evolve(_of_result(item, title or item.log.name), formatted=(item, item.log))
        case Displayable():
            return _of_result(item, title)
    raise InvalidValue(
        "`item` must be a publication, counts or a result",
        field="item",
        value=type(item),
        hint="Pass a publication, a CountTable, a Dataset, the return value of read(...), "
        "or a result",
    )


def _of_result(item: Displayable, title: str | None) -> Content:
    heading = title or item.display_table().caption or type(item).__name__
    report = Publication(id="result", title=heading)
    audited = item if isinstance(item, Audit) else audit(report)
    return Content(of="results", report=report, audit=audited, formatted=(item,))


def _of_publication(
    report: Publication, thresholds: Thresholds, time_limit: float | None
) -> Content:
    # The audit refuses too many cells before the work, and leaves half of the time to the figures.
    budget = Budget(time_limit)
    audited = audit(report, time_limit=None if time_limit is None else time_limit / 2)
    unusable: list[Indicator | Omission] = []
    try:
        data = report.data
    except ThbstatsError as error:
        unusable.append(Omission(id="data", reason=str(error)))
        data = Dataset()
    percentages = (claim for claim in report.claims if claim.percent is not None)
    with budget.applied():
        numbers = separated(
            unusable=unusable,
            printed=(
                # Its source is the first claim.
                _of_claims(claims, "as printed", partial(report.share, claims[0].id))
                for claims in grouped(percentages, _quantity)
            ),
            counts=_published(report, data, thresholds, ()),
            shares=_published(report, data, thresholds, ("all", "known")),
            ratios=justice_ratios(data, thresholds),
        )
    rankings = (claim for claim in report.claims if claim.kind is ClaimKind.RANKING)
    return Content(
        of="publication",
        report=report,
        data=data,
        pairs=_pairs(numbers["printed"], thresholds),
        rankings=tuple(claim for claim in rankings if len(claim.ranks) > 1),
        audit=audited,
        thresholds=thresholds,
        **numbers,
    )


def _published(
    report: Publication, data: Dataset, thresholds: Thresholds, bases: Iterable[str]
) -> Numbers:
    """Yield each published count once, as a total or as a share of victims for each base."""
    counted = (
        claim
        for claim in report.claims
        if claim.kind is ClaimKind.COUNT and claim.printed and "topic" not in claim.category
    )
    for claims in grouped(counted, _quantity):
        claim = claims[0]
        scope = {"area": claim.area, "period": str(claim.period), "status": claim.status}
        scope = {name: text for name, text in scope.items() if text}
        options = {**claim.category, **scope, "thresholds": thresholds}
        table = getattr(data, claim.subject, None)
        if table is not None and not bases:
            yield _of_claims(claims, "total", partial(total, table, **options))
        elif table is not None and claim.subject is ClaimSubject.VICTIMS and claim.category:
            for base in bases:
                make = partial(share, table, base=base, **options)
                yield _of_claims(claims, f"share of {base}", make)


_PARTS = {
    "victims": Message("Victims"),
    "cooperation": Message("Cooperation"),
    "protection": Message("Protection"),
}
"""The headings of figures by the subject of their claims."""


def _quantity(claim: Claim) -> object:
    return claim.subject, claim.category, claim.of, claim.base, claim.area, claim.period


def _of_claims(claims: list[Claim], name: str, make: Callable[[], Result]) -> Indicator | Omission:
    claim = claims[0]
    category = ",".join(f"{dimension}={code}" for dimension, code in claim.category.items())
    base = claim.base if name == "as printed" else ""
    parts = (claim.subject, name, category or "all", base, claim.area, str(claim.period))
    identity = "/".join(part.replace(" ", "_") for part in parts if part)
    part: str = _PARTS.get(str(claim.subject)) or claim.subject.capitalize()
    if claim.subject is ClaimSubject.JUSTICE:  # offences are never one part
        part = Offence(claim.category.get("offence", Offence.TRAFFICKING)).label
    try:
        spend()
        result, percent = make(), claim.percent if name == "as printed" else None
        printed = "" if percent is None else _printed(percent)
        return Indicator(
            id=identity,
            part=part,
            result=result,
            claims=tuple(own.id for own in claims),
            published=Message("at least {number}", number=printed)
            if printed and claim.at_least
            else printed,
            quoted_on=claim.section if all(own.is_quoted for own in claims) else "",
        )
    except (ThbstatsError, SearchEnded) as error:
        return Omission(id=identity, reason=str(error))


def _printed(percent: Percent) -> str:
    """Return a published percentage as a number that other styles can format."""
    text = f"{percent.printed.rstrip(' %')}%"
    number = percent_text(percent.value, percent.decimals)
    return number if number == text else text


def _pairs(shares: Iterable[Indicator], thresholds: Thresholds) -> tuple[Pair, ...]:
    """Return published shares of several areas, by pair of areas, dimension and denominator.

    Each is compared with the first share of its category.
    """

    def category(item: Indicator) -> object:
        base = item.result.base
        return item.result.category, base.rule, base.within, item.result.period

    pairs = []
    for first, *others in grouped(shares, category):
        for second in others:
            comparison = compare(first.result, second.result, thresholds=thresholds)
            pairs.append(Pair(first=first, second=second, comparison=comparison))
    groups = grouped(pairs, lambda pair: (pair.areas, pair.dimension, pair.first.result.base.label))
    return tuple(pair for group in groups for pair in group)
