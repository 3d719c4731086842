"""Content of reports on publications, tables and results."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Any

import numpy as np
from attrs import evolve, frozen

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
from thbstats.geography import Area
from thbstats.indicators import Ranking, breakdown, ranking, share, total
from thbstats.justice import convictions_per_100_victims, funnel
from thbstats.languages import Message, Plural, capitalised, joined
from thbstats.panel import CountKind, Panel, Result, Status
from thbstats.panel.category_names import (
    category_name,
    dimension_name,
    lowered,
)
from thbstats.panel.names import (
    LISTED,
    area_label,
    area_of,
    countries_text,
    grouped,
    quantity_name,
    sentence,
)
from thbstats.records.kind_schema import KIND_TITLES
from thbstats.reports.content import Content, Indicator, Omission, Pair, area_name
from thbstats.rules import DEFAULTS, Thresholds, compare
from thbstats.tables import CountTable, Dataset
from thbstats.values import Percent, Period, is_integer
from thbstats.vocabulary import Offence

Numbers = Iterator[Indicator | Omission | Result]

MAX_FLOWS = 12
"""The number of kinds of count (status, stage, unit...) of one table with indicators."""

MAX_CATEGORIES, _LEADING = 6, 3
"""The number of shares of one breakdown in a report, the largest, and in its summary."""


@frozen(kw_only=True)
class Flow:
    """Counts of one kind, area and period.

    ``name`` is the code of a composition, and empty for all countries of the table; ``latest`` is
    whether no later period has indicators.
    """

    table: CountTable
    attributes: Mapping[str, str]
    area: Area
    name: str
    period: str
    latest: bool

    @property
    def id(self) -> str:
        """A name, unique in the report."""
        stated = [text for text in self.attributes.values() if text != "not_stated"]
        parts = [self.table.kind, *stated, self.name, self.period]
        return "/".join(part.replace(" ", "_") for part in parts if part)


def separated(**numbers: Iterable[Indicator | Omission | Result]) -> dict[str, Any]:
    """Return numbers and omissions by argument of `Content`."""
    every = [(name, item) for name, items in numbers.items() for item in items]
    omissions = tuple(item for _, item in every if isinstance(item, Omission))
    without = tuple(item for _, item in every if isinstance(item, Result))
    figures = [(name, item) for name, item in every if isinstance(item, Indicator)]
    distinctions = _distinctions([item for _, item in figures])
    result: dict[str, Any] = {
        name: tuple(
            evolve(item, distinction=distinctions[item.id]) for own, item in figures if own == name
        )
        for name in numbers
        if name != "unusable"
    }
    return {**result, "omissions": omissions, "without_value": without}


def _distinctions(items: Sequence[Indicator]) -> dict[str, str]:
    """Return the attributes that distinguish numbers with the same name, by id.

    The shares of women among registered and presumed victims have one name, as have the counts of
    the police and of non-governmental organisations.
    """
    result = {}
    for group in grouped(items, lambda item: (item.name, item.scope)):
        kinds = [item.result.numerator_kind for item in group]
        names = [name for name, _ in kinds[0].attributes]
        codes = {name: {kind.get(name) for kind in kinds} - {None} for name in names}
        differing = [name for name, own in codes.items() if len(own) > 1]
        for item, kind in zip(group, kinds, strict=True):
            stated = {name: kind.get(name) for name in differing}
            texts = (
                kind.label if name == "status" else category_name(name, code)
                for name, code in stated.items()
                if code is not None
            )
            result[item.id] = joined(map(lowered, texts), ", ")
    return result


def of_tables(data: Dataset, title: str | None, periods: int, thresholds: Thresholds) -> Content:
    """Return totals, shares, ratios and countries in order for the latest periods of tables."""
    flows, limits = list[Flow](), list[str]()
    for table in data.tables():
        own_flows, own_limits = _flows(table, periods)
        flows += own_flows
        limits += own_limits
    sources = {source for table in data.tables() for source in table.sources}
    shared: dict[str, set[Any]] = {
        "publisher": {source.publisher for source in sources},
        "document": {source.document or source.title for source in sources},
        "published": {source.published for source in sources},
        "url": {source.url for source in sources},
    }
    report = Publication(
        id="counts",
        title=title or _title(data),
        **{name: values.pop() for name, values in shared.items() if len(values) == 1},
    )
    scopes = dict.fromkeys((f.area, f.period) for f in flows if f.table.kind == "justice")
    return Content(
        of="counts",
        report=report,
        data=data,
        audit=audit(report),
        orders=tuple(_orders(flows, thresholds)),
        limits=tuple(limits),
        thresholds=thresholds,
        **separated(
            counts=chain(*(_totals(flow, thresholds) for flow in flows)),
            shares=(
                item
                for flow in flows
                for dimension in flow.table.columns.schema.dimensions
                for item in _breakdown(flow, dimension.name, dimension.total, thresholds)
            ),
            ratios=justice_ratios(data, thresholds, scopes),
        ),
    )


def _title(data: Dataset) -> str:
    """Return the kinds of count, the area and the periods of tables."""
    tables = [table for table in data.tables() if len(table)]
    *others, last = [table.kind for table in data.tables()] or [""]
    if not last:
        return Message("No counts")
    titles = [KIND_TITLES.get(kind, kind) for kind in (*others, last)]
    spans = [joined([titles[0], *map(lowered, titles[1:])])]
    codes = {code for table in tables for code in table.categories("area")}
    if codes:
        order = tables[0].columns.schema["period"].sort_key
        periods = {code for table in tables for code in table.categories("period")}
        periods = periods - {"not stated"} or periods
        first, latest = min(periods, key=order), max(periods, key=order)
        labels = {area_name(code) for code in codes}
        if all(len(Area.parse(code).members) == 1 for code in codes):
            ends = map(Period.parse, (first, latest))
            labels = {area_label(area_of(codes, period)) for period in ends}
            labels = labels if len(labels) == 1 else {Message("{n} countries", n=len(codes))}
        spans.append(labels.pop() if len(labels) == 1 else Message("{n} areas", n=len(codes)))
        spans.append(
            first if len(periods) == 1 else Message("{first} to {last}", first=first, last=latest)
        )
    return joined(spans, ", ")


def _flows(table: CountTable, periods: int) -> tuple[list[Flow], list[str]]:
    """Return the flows of the latest periods, and sentences on the omitted flows.

    Compositions such as EU28 have flows of their own; without any, all countries together.
    """
    schema = table.columns.schema
    names = [
        dimension.name
        for dimension in schema.dimensions
        if dimension.total is None and dimension.name not in ("area", "period")
    ]
    combinations = attribute_sets(table, names)
    every, codes = table.categories("period"), table.categories("area")
    chosen = sorted(every, key=schema["period"].sort_key)[-periods:]
    flows, former = [], dict[str, dict[str, None]]()  # Periods without each former Member State
    countries = frozenset().union(*(Area.parse(code).members for code in codes))
    is_left_out = False  # Whether a period has counts of countries next to those of unions.
    for attributes in combinations[:MAX_FLOWS]:
        rows = table.where(**attributes)
        areas = {code: Area.parse(code) for code in rows.categories("area")}
        unions = {code: area for code, area in areas.items() if len(area.members) > 1}
        of_unions = set(rows.where(area=list(unions)).categories("period")) if unions else set()
        if len(codes) > 1:
            areas = unions | {"": area_of(countries)}
        for name, area in areas.items():
            own = rows.where(area=name) if name else rows
            reported = [period for period in chosen if period in own.categories("period")]
            if not name:
                both = [period for period in reported if period in of_unions]
                is_left_out |= any(
                    set(own.where(period=period).categories("area")) - set(unions)
                    for period in both
                )
                reported = [period for period in reported if period not in of_unions]
            for period in reversed(reported):
                union = area if name else area_of(area.members, Period.parse(period))
                inside = [code for code in own.categories("area") if code in union.members]
                table_of_period = own.where(period=period)
                if union != area:
                    for country in sorted(area.members - union.members):
                        former.setdefault(country, {})[period] = None
                    table_of_period = table_of_period.where(area=inside)
                flows.append(
                    Flow(
                        table=table_of_period,
                        attributes=attributes,
                        area=union,
                        name=name,
                        period=period,
                        latest=period == reported[-1],
                    )
                )
    limits, title = list[str](), KIND_TITLES.get(table.kind, table.kind)
    for states in grouped(former, lambda code: tuple(former[code])):
        facts = {"countries": capitalised(countries_text(states))}
        facts["period"] = joined(sorted(former[states[0]], key=schema["period"].sort_key))
        text = (
            "{countries}: in the data and not in the figures, because it was not a Member State of "
            "the EU in {period}."
        )
        limits.append(Message(text, **facts))
    if is_left_out:
        text = (
            "{counts} of single countries: the data contain counts of their union, which have "
            "figures here. The data contain all countries."
        )
        limits.append(Message(text, counts=title))
    if len(every) > len(chosen):
        singular = (
            "{counts} of other periods: the latest of {total} periods ({periods}) have figures "
            "here. The data contain all periods."
        )
        plural = (
            "{counts} of other periods: the latest {n} of {total} periods ({periods}) have figures "
            "here. The data contain all periods."
        )
        n, facts = len(chosen), {"counts": title, "periods": ", ".join(chosen)}
        limits.append(Plural(singular, plural, n, n=n, total=len(every), **facts))
    if len(combinations) > MAX_FLOWS:
        text = (
            "{counts} of other kinds: the first {n} of {total} kinds of count have figures here. "
            "The data contain all kinds."
        )
        limits.append(Message(text, counts=title, n=MAX_FLOWS, total=len(combinations)))
    return flows, limits


def attribute_sets(table: CountTable, names: Sequence[str]) -> list[dict[str, str]]:
    """Return the attributes that rows have together, in the order of the rows."""
    if not len(table) or not names:
        return [{}] if len(table) else []
    codes = np.column_stack([np.asarray(table.codes(name), dtype=np.int64) for name in names])
    rows = np.sort(np.unique(codes, axis=0, return_index=True)[1])
    return [
        {name: table.categories(name)[code] for name, code in zip(names, row, strict=True)}
        for row in codes[rows].tolist()
    ]


def _totals(flow: Flow, thresholds: Thresholds) -> Numbers:
    """Yield the total of a flow; in an area of a few countries, also the total of each country."""
    panel = total(flow.table, by="period", area=flow.area, thresholds=thresholds)
    yield from _of_panel(panel, f"{flow.id}/total", Message("Counts"), leading=[flow.latest])
    if not flow.name and 1 < len(flow.area.members) <= LISTED:
        panel = total(flow.table, by="area", thresholds=thresholds)
        ends, leading = [f"/{code}" for code in panel.labels], [flow.latest] * len(panel)
        yield from _of_panel(
            panel, f"{flow.id}/total", Message("Counts"), suffixes=ends, leading=leading
        )


def _of_panel(
    panel: Panel,
    identity: str,
    part: str,
    *,
    suffixes: Sequence[str] = ("",),
    leading: Sequence[bool] = (True,),
    title: str = "",
) -> Numbers:
    """Yield the numbers of a panel, results without a value, and one omission for each reason.

    A combination without any row in the table is left out. Many omissions have the title of the
    panel with their number.
    """
    omitted: dict[str, list[tuple[str, str]]] = {}
    for suffix, result, leads in zip(suffixes, panel, leading, strict=True):
        if result.value is not None:
            yield Indicator(id=f"{identity}{suffix}", part=part, result=result, leading=leads)
        elif result.status is not Status.NO_DATA:
            wrong = (own.area for own in result.contradictions if own.code == "contradictory")
            areas = joined(map(area_name, dict.fromkeys(wrong)))
            reason = result.status.label
            if areas:
                reason = Message("{reason} ({countries})", reason=reason, countries=areas)
            parts = (quantity_name(result), area_label(result.area), str(result.period))
            name = joined(parts, ", ")
            omitted.setdefault(sentence(reason), []).append((suffix, name))
            yield result
    for reason, ends in omitted.items():
        end, names = (
            ends[0][0] if len(ends) == 1 else "",
            joined((name for _, name in ends), "; ", "; "),
        )
        if title and len(ends) > LISTED:
            names = Message("{text} ({n} categories)", text=title, n=len(ends))
        yield Omission(id=f"{identity}{end}", reason=reason, name=names)


def _breakdown(flow: Flow, name: str, code: str | None, thresholds: Thresholds) -> Numbers:
    """Yield the largest shares of a breakdown, by both denominators."""
    if code is None or not set(flow.table.categories(name)) - {code, "unknown"}:
        return
    known: set[object] = set()
    summary = flow.latest and flow.table.kind == "victims"
    for base in ("all", "known"):
        identity = f"{flow.id}/share_of_{base}/{name}"
        dimension = dimension_name(name)
        title = Message("Shares by {dimension}, {period}", dimension=dimension, period=flow.period)
        if base == "known":
            kind = CountKind(flow.table.kind, flow.attributes.items())
            counted = Message("victims") if kind.kind == "victims" else kind.label
            title = Message(
                "Shares by {dimension} of {counted} with a known {dimension}, {period}",
                dimension=dimension, counted=counted, period=flow.period,
            )  # fmt: skip
        try:
            panel = breakdown(flow.table, of=name, base=base, area=flow.area, thresholds=thresholds)
        except ThbstatsError as error:
            yield Omission(id=identity, reason=sentence(error.problem), name=title)
            return
        # If every category is known, the two denominators are equal.
        figures = zip(panel.label, panel.numerator, panel.denominator, panel.status, strict=True)
        new = {own: i for i, own in enumerate(figures) if own not in known}
        known |= set(new)
        panel = panel.take(list(new.values())).sort(descending=True)
        missing = panel.value.missing
        largest = np.flatnonzero(~missing)[:MAX_CATEGORIES]
        panel = panel.take(np.append(largest, np.flatnonzero(missing)))
        yield from _of_panel(
            panel,
            identity,
            capitalised(Message("by {dimension}", dimension=dimension)),
            suffixes=[f"={label.replace(' ', '_')}" for label in panel.labels],
            leading=[summary and base == "all" and i < _LEADING for i in range(len(panel))],
            title=title,
        )
        if more := len(new) - len(panel):
            reason = Message("{n} smaller shares are in the data only.", n=more)
            yield Omission(id=identity, reason=reason, name=title)


def _orders(flows: Sequence[Flow], thresholds: Thresholds) -> Iterator[Ranking]:
    """Yield the countries of each latest flow in the order of their counts."""
    for flow in flows:
        if flow.latest and not flow.name and len(flow.table.categories("area")) > 1:
            try:
                yield ranking(flow.table, by="area", thresholds=thresholds)
            except ThbstatsError:
                continue


def justice_ratios(
    data: Dataset, thresholds: Thresholds, scopes: Iterable[tuple[Area, str]] | None = None
) -> Numbers:
    """Yield the ratios between stages, and convictions per 100 victims.

    Without areas and periods, for every area and period with counts of the offence.
    """
    justice, victims = data.justice, data.victims
    if justice is None:
        return
    for offence in justice.categories("offence"):
        rows = justice.where(offence=offence)
        reported = (
            (Area.parse(area), period)
            for area in rows.categories("area")
            for period in rows.where(area=area).categories("period")
        )
        for area, period in reported if scopes is None else scopes:
            where: dict[str, Any] = {"area": area, "period": period, "thresholds": thresholds}
            name = area.code if scopes is None or "+" not in area.code else "all"
            part = Offence(offence).label
            identity = f"justice/funnel/{offence}/{name}/{period}"
            try:
                steps = funnel(justice, offence=offence, **where)
                labels = [f"/{label.replace(' / ', '_per_')}" for label in steps.labels]
                leading = [True] * len(steps)
                yield from _of_panel(steps, identity, part, suffixes=labels, leading=leading)
                if offence == Offence.TRAFFICKING and victims is not None:
                    identity = f"justice/convictions_per_100_victims/{name}/{period}"
                    result = convictions_per_100_victims(justice, victims, **where)
                    yield Indicator(id=identity, part=part, result=result)
            except ThbstatsError as error:
                stages = Message("Ratios of stages")
                title = joined((stages, lowered(part), area_label(area), period), ", ")
                yield Omission(id=identity, reason=sentence(error.problem), name=title)


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
    scope = claim.area, claim.period, claim.status, claim.unit
    return claim.subject, claim.category, claim.of, claim.base, scope


def _of_claims(claims: list[Claim], name: str, make: Callable[[], Result]) -> Indicator | Omission:
    claim = claims[0]
    category = ",".join(f"{dimension}={code}" for dimension, code in claim.category.items())
    base = claim.base if name == "as printed" else ""
    unusual = (own for own in (claim.status, claim.unit) if own not in ("registered", "persons"))
    scope = (claim.area, str(claim.period), *unusual)
    parts = (claim.subject, name, category or "all", base, *scope)
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
        own, base = item.result, item.result.base
        return own.category, base.rule, base.within, own.period, own.denominator_kind.label

    pairs = []
    for first, *others in grouped(shares, category):
        for second in (item for item in others if item.result.area != first.result.area):
            comparison = compare(first.result, second.result, thresholds=thresholds)
            pairs.append(Pair(first=first, second=second, comparison=comparison))
    groups = grouped(pairs, lambda pair: (pair.areas, pair.dimension, pair.first.result.base.label))
    return tuple(pair for group in groups for pair in group)
