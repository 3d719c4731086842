"""Issues of publications and of data: one for each conflict."""

import re
from collections.abc import Iterator, Mapping, Sequence

from thbstats.auditing import Audit, AuditedClaim, ClaimVerdict, WordVerdict
from thbstats.claims import Claim
from thbstats.display import Bullets, count
from thbstats.files import ReadLog
from thbstats.files.problem_codes import ROW_PROBLEMS
from thbstats.geography import Area
from thbstats.languages import capitalised, joined
from thbstats.panel import ResultKind
from thbstats.panel.names import (
    area_label,
    categories_name,
    country_or_code,
    dimension_name,
    lowered,
    sentence,
    stage_nouns,
    unit_name,
)
from thbstats.reports.content import INFORMATION, Content, Indicator
from thbstats.reports.section import report_section

_NOT_STATED = (
    "Likely reason: the figures are of different countries or periods, which the text does not "
    "state."
)
_LEFT_OUT = {*INFORMATION, "PARTS_EXCEED_TOTAL"}
_EXCESS = re.compile(
    r"[^:]+: the parts exceed their total "
    r"\((?:(?P<name>\w+): )?total (?P<total>[\d,]+(?: to [\d,]+| or more)?), (?P<parts>.+)\)"
)
_NAMED = 8
"""The largest number of figures that an issue lists."""

_ON_PAGE = 20
"""The largest number of issues of data that are listed with their figures outside the annex."""

_ASK = "Ask the publisher which count is right."
_SEVERAL = re.compile(r"several values of (\w+) in the source")
_VALUES = re.compile(r" (\w+)(?:, persons)?: the values are ")


@report_section("issues", "Points to check in the publication", "publication")
def publication_issues(content: Content) -> Iterator[Bullets | str]:
    """Yield one text for each conflict, doubtful words and remarks, and the number of checks."""
    if not content.audit:
        return
    texts = conflict_texts(content.audit)
    yield Bullets(texts, numbered=True) if texts else "No issue was found."
    numeric = content.audit.where(
        lambda item: {item.claim.count, item.claim.rounded, item.claim.rate} != {None}
    )
    verdicts = numeric.counts()
    agreeing = verdicts[ClaimVerdict.CONFIRMED] + verdicts[ClaimVerdict.CONSISTENT]
    wrong = [item.claim.is_quoted for item in numeric if item.verdict is ClaimVerdict.CONTRADICTED]
    own, quoted = wrong.count(False), wrong.count(True)
    unchecked = len(numeric) - agreeing - len(wrong)
    if numeric:
        contradicted = [_numbered(own, "statement of the publication")] if own else []
        contradicted += [_numbered(quoted, "quotation on another page")] if quoted else []
        yield (
            f"Of {_numbered(len(numeric), 'statement')} with a number, {count(agreeing)} agree "
            f"with other figures, and {count(unchecked)} cannot be checked. Contradicted: "
            f"{joined(contradicted) or 'none'}. The annex has the arithmetic."
        )


def _numbered(number: int, noun: str) -> str:
    first, space, more = noun.partition(" ")
    return f"{count(number)} {first}{'s' * (number != 1)}{space}{more}"


def conflict_texts(audit: Audit) -> list[str]:
    """Return the issues of an audit: one text for each conflict, and further texts of claims."""
    items, conflicts = {item.claim.id: item for item in audit}, list[set[str]]()
    for item in audit.issues:
        others = (*item.against, *(item.joint.conflict if item.joint is not None else ()))
        if others:
            own = {item.claim.id, *(claim.id for claim in others)}
            touched = [part for part in conflicts if part & own]
            conflicts = [part for part in conflicts if not part & own] + [own.union(*touched)]
    texts = [_conflict([item for id, item in items.items() if id in part]) for part in conflicts]
    linked = frozenset[str]().union(*conflicts)
    for item in audit.issues:
        location = capitalised(item.claim.location)
        own_texts = issue_texts(item, is_linked=item.claim.id in linked)
        texts += [t if t.startswith(location) else f"{location}: {t}" for t in own_texts]
    return list(dict.fromkeys(texts))


def _conflict(items: Sequence[AuditedClaim]) -> str:
    """Return the text of one conflict: what contradicts what, then the likely reason."""
    claims = [item.claim for item in items]
    reasons = [item.likely_reason for item in items if item.likely_reason]
    pages = dict.fromkeys(claim.location for claim in claims if claim.is_quoted)
    if pages and not all(claim.is_quoted for claim in claims):
        page = capitalised(joined(pages))
        reasons = [f"{page} quotes the publication, so that the error can be in the quotation."]
    elif not reasons and not any(item.against for item in items):
        reasons = [_NOT_STATED]
    totals = [claim for claim in claims if not _codes(claim)]
    if len({(claim_name(claim), claim.subject) for claim in claims}) == 1:
        figures = joined(f"{figure(claim)} {_page(claim)}" for claim in claims)
        text = f"Different figures for {claim_name(claims[0])}: {figures}."
    elif len(totals) == 1 and all(claim.count is not None for claim in claims):
        names = joined(map(dimension_name, dict.fromkeys(n for c in claims for n in _codes(c))))
        text = (
            f"The published numbers by {names} do not add up to {figure(totals[0])} "
            f"{totals[0].subject} ({len(claims)} figures are concerned)."
        )
    else:
        named = (f"{figure(claim)} for {claim_name(claim)} {_page(claim)}" for claim in claims)
        text = f"These figures cannot all be true: {'; '.join(named)}."
    return " ".join([text, *dict.fromkeys(reasons)])


def _page(claim: Claim) -> str:
    """Return where a claim was read, and whose page it is."""
    if not claim.read_at:
        return f"in {claim.location}"
    return f"on {claim.location}{'' if claim.is_quoted else ' of the publisher'}"


def _codes(claim: Claim) -> dict[str, str]:
    own = {name: str(code) for name, code in claim.category.items() if claim.of.get(name) != code}
    return own | {name: str(code) for name, code in claim.of.items() if name != "area"}


def figure(claim: Claim) -> str:
    """Return the published number of a claim, a count with separators."""
    number = claim.count
    return claim.printed if number is None or claim.printed != str(number) else str(count(number))


def claim_name(claim: Claim) -> str:
    """Return what a claim counts, with its area and period."""
    own = _codes(claim)
    offence, stage = own.pop("offence", ""), own.pop("stage", "")
    name = stage_nouns(stage)[0] if stage else ""
    name += " (use of services)" if offence == "use_of_services" else ""
    name = ", ".join(filter(None, [name, lowered(categories_name(own))])) or str(claim.subject)
    scope = [area_label(Area.parse(claim.area))] if claim.area else []
    scope += [str(claim.period)] if str(claim.period) != "not stated" else []
    return f"{name} ({', '.join(scope)})" if scope else name


def issue_texts(item: AuditedClaim, *, is_linked: bool = False) -> list[str]:
    """Return the issues of a claim: of its number, unless it is in a conflict, and of its words."""
    doubtful = item.wording is not None and item.wording.verdict is WordVerdict.DOUBTFUL
    wording = item.wording.reason if item.wording is not None and doubtful else ""
    if is_linked:
        return [text for text in (wording, item.remark) if text and "Quoted as " not in text]
    reason = item.reason if item.verdict is ClaimVerdict.CONTRADICTED else ""
    return [text for text in (reason, wording, item.remark) if text] or [item.reason]


@report_section("data_issues", "Points to check in the data", "counts")
def data_issues(content: Content) -> Iterator[Bullets | str]:
    """Yield one text for the contradictory counts of each country and period.

    Of many, only totals below their parts are listed here, and the annex has the others.
    """
    totals, others = _data_issues(content)
    items = [f"{text} {where}".strip() for text, where in (*totals, *others)]
    if len(items) > _ON_PAGE:
        items = [text.replace(_ASK, "").strip() for text, _ in totals]
        number = _numbered(len(others), "point")
        further = f"{number} on categories: see the annex Further points to check."
        yield " ".join(
            [
                *[_ASK] * bool(totals),
                *[further] * bool(others),
                "Countries in the figures lists the countries that are not in a value.",
            ]
        )
    yield Bullets(items, numbered=True) if items else "No issue was found."
    for log in (item for item in content.formatted if isinstance(item, ReadLog)):
        yield f"{log.display_table().caption}."


@report_section("further_issues", "Further points to check", "counts", annex=True)
def further_issues(content: Content) -> Bullets | None:
    """Return the issues on categories, if the report has many issues of data."""
    totals, others = _data_issues(content)
    is_long = others and len(totals) + len(others) > _ON_PAGE
    return Bullets([text for text, _ in others], numbered=True) if is_long else None


def _data_issues(content: Content) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the issues on totals and the others, each with the figures that contain it."""
    excesses: dict[tuple[str, ...], dict[str, str]] = {}
    others: dict[tuple[str, str, str], list[Indicator]] = {}
    for item in content.indicators:
        period, counted = str(item.result.period), unit_name(item.result.numerator_kind)
        has_one_kind = item.result.kind in (ResultKind.COUNT, ResultKind.SHARE)
        for issue in item.result.contradictions:
            match = _EXCESS.fullmatch(issue.text) if issue.code == "contradictory" else None
            if match is not None and has_one_kind:
                parts = excesses.setdefault((period, issue.area, counted, match["total"]), {})
                name = match["name"] or item.result.category[0][0]
                # Texts of shares lack the persons of unknown category.
                parts[name] = max(parts.get(name, ""), match["parts"], key=len)
            elif match is None and issue.code not in _LEFT_OUT:
                others.setdefault((period, issue.area, issue.text), []).append(item)
    totals = [_excess(content, key, parts) for key, parts in excesses.items()]
    # A text with the rows of several values repeats one without them.
    listed = {
        (period, area, match[1])
        for period, area, text in others
        if (match := _VALUES.search(text)) is not None
    }
    items = []
    for (period, area, text), numbers in others.items():
        same = (f"the total is {own[3]}," for own in excesses if own[:2] == (period, area))
        match = _SEVERAL.search(text)
        is_repeated = match is not None and (period, area, match[1]) in listed
        if not is_repeated and not any(total in text for total in same):
            inside = [own for own in numbers if area in (own.result.reporters or ())]
            where = f"In the value: {_names(content, inside)}." if inside else ""
            if not inside:
                where = _where(content, area, period, unit_name(numbers[0].result.numerator_kind))
            start = re.sub(rf"^(\w+, )?{area} {period}", f"{country_or_code(area)}, {period}", text)
            items.append((sentence(start.partition("; contradictory=")[0]), where))
    logs = [item for item in content.formatted if isinstance(item, ReadLog)]
    for code, own in ((code, log) for log in logs for code in log.codes):
        rows = _numbered(own.count_rows(code), "row")
        items.append((f"File: {lowered(ROW_PROBLEMS[code].rstrip('.'))} ({rows}).", ""))
    return totals, items


def _names(content: Content, items: Sequence[Indicator]) -> str:
    """Return the names of figures; many are in the table of countries."""
    text = content.names_of(items)
    many = f"{count(len(items))} figures (see Countries in the figures)"
    return text if text.count("; ") < _NAMED else many


def _where(content: Content, area: str, period: str, counted: str) -> str:
    """Return which figures of a kind of count contain a country, and which do not."""
    own = [
        item
        for item in content.indicators
        if area in item.result.area.members and str(item.result.period) == period
        if counted in map(unit_name, (item.result.numerator_kind, item.result.denominator_kind))
    ]
    inside = [item for item in own if area in (item.result.reporters or ())]
    outside = [item for item in own if item not in inside]
    where = f"{country_or_code(area)} is in no value of these figures for {period}."
    if inside:
        where = f"In the value: {_names(content, inside)}."
        where += f" Not in the value: {_names(content, outside)}." if outside else ""
    return where


def _excess(content: Content, key: Sequence[str], parts: Mapping[str, str]) -> tuple[str, str]:
    """Return what exceeds what in a country and period, and which figures contain the country."""
    period, area, counted, total = key
    name = country_or_code(area)
    where = _where(content, area, period, counted)
    lowest, _, most = total.partition(" to ")
    reason = _ASK
    if lowest == "0" and most:
        reason = (
            f"Likely reason: the total is wrong. It is published as suppressed, at most {most}."
        )
    figures = joined(f"by {dimension_name(own)} ({text})" for own, text in parts.items())
    return (
        f"{name}, {period}: the total of {total} {counted} is below the sum of its parts "
        f"{figures}. {reason}",
        where,
    )
