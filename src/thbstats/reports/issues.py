"""Issues of publications and of data: one for each conflict."""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from thbstats.auditing import Audit, AuditedClaim, ClaimVerdict, WordVerdict
from thbstats.claims import Claim
from thbstats.display import Bullets, count
from thbstats.files import ReadLog
from thbstats.files.ledger import ROW_PROBLEMS
from thbstats.languages import Listed, Message, Phrase, Plural, capitalised, joined, paragraph
from thbstats.panel import Contradiction, Result, ResultKind
from thbstats.panel.category_names import (
    categories_name,
    dimension_name,
    lowered,
    with_article,
)
from thbstats.panel.context import INFORMATION
from thbstats.panel.contradictions import count_text
from thbstats.panel.kind import stage_nouns
from thbstats.panel.names import sentence
from thbstats.reports.content import Content, Indicator, area_name
from thbstats.reports.section import report_section
from thbstats.values import Interval
from thbstats.vocabulary import Offence, code_text, dimension_text

_NOT_STATED = Message(
    "Likely reason: the figures are of different countries or periods, which the text does not "
    "state."
)
_LEFT_OUT = {*INFORMATION, "PARTS_EXCEED_TOTAL"}
_NAMED = 8
"""The largest number of figures that an issue lists."""
_PARTS = 10
"""The largest number of parts of a total that an issue lists."""

_ON_PAGE = 20
"""The largest number of issues of data that are listed with their figures outside the annex."""

_ASK = Message("Ask the publisher which count is right.")


class _Total(NamedTuple):
    """A total that its parts exceed, in a country and period."""

    period: str
    area: str
    counted: str
    bounds: Interval

    @property
    def text(self) -> str:
        """The total, such as "10" or "0 to 9"."""
        return count_text(self.bounds.lower, self.bounds.upper)


class _DataIssue(NamedTuple):
    """Contradictory counts in words, the likely reason, and the figures that contain them."""

    counts: str
    reason: str = ""
    where: str = ""


@report_section("issues", Message("Points to check in the publication"), "publication")
def publication_issues(content: Content) -> Iterator[Bullets | str]:
    """Yield one text for each conflict, doubtful words and remarks, and the number of checks."""
    if not content.audit:
        return
    texts = conflict_texts(content.audit)
    yield Bullets(texts, numbered=True) if texts else Message("No issue was found.")
    numeric = content.audit.where(
        lambda item: {item.claim.count, item.claim.rounded, item.claim.rate} != {None}
    )
    verdicts = numeric.counts()
    agreeing = verdicts[ClaimVerdict.CONFIRMED] + verdicts[ClaimVerdict.CONSISTENT]
    wrong = [item.claim.is_quoted for item in numeric if item.verdict is ClaimVerdict.CONTRADICTED]
    own, quoted = wrong.count(False), wrong.count(True)
    unchecked = len(numeric) - agreeing - len(wrong)
    if numeric:
        contradicted = []
        if own:
            singular, plural = (
                "{n} statement of the publication",
                "{n} statements of the publication",
            )
            contradicted.append(Plural(singular, plural, own, n=count(own)))
        if quoted:
            singular, plural = "{n} quotation on another page", "{n} quotations on another page"
            contradicted.append(Plural(singular, plural, quoted, n=count(quoted)))
        n = len(numeric)
        yield Message(
            "Of {statements} with a number, {agreeing} agree with other figures, and {unchecked} "
            "cannot be checked. Contradicted: {contradicted}. The annex has the arithmetic.",
            statements=Plural("{n} statement", "{n} statements", n, n=count(n)),
            agreeing=count(agreeing), unchecked=count(unchecked),
            contradicted=joined(contradicted) or Message("none"),
        )  # fmt: skip


def conflict_texts(audit: Audit) -> list[str]:
    """Return the issues of an audit: one text for each conflict, and further texts of claims."""
    items, conflicts = {item.claim.id: item for item in audit}, list[set[str]]()
    # Contradictory sets with a common claim are one conflict: {a, b} and {b, c} are {a, b, c}.
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
        if _codes(item.claim).get("offence") == Offence.USE_OF_SERVICES:
            location = joined((location, lowered(Offence.USE_OF_SERVICES.label)), ", ")
        texts += [
            t
            if t.startswith(location)
            else Message("{location}: {text}", location=location, text=t)
            for t in issue_texts(item, is_linked=item.claim.id in linked)
        ]
    return list(dict.fromkeys(texts))


def _conflict(items: Sequence[AuditedClaim]) -> str:
    """Return the text of one conflict: the contradicting figures, then the likely reason."""
    claims = [item.claim for item in items]
    reasons = [item.likely_reason for item in items if item.likely_reason]
    pages = dict.fromkeys(claim.location for claim in claims if claim.is_quoted)
    if pages and not all(claim.is_quoted for claim in claims):
        page = capitalised(joined(pages))
        text = "{page} quotes the publication, so that the error can be in the quotation."
        reasons = [Message(text, page=page)]
    elif not reasons and not any(item.against for item in items):
        reasons = [_NOT_STATED]
    totals = [claim for claim in claims if not _codes(claim)]
    if len({(claim_name(claim), claim.subject) for claim in claims}) == 1:
        text = "Different figures for {name}: {figures}."
        figures = joined(joined((figure(claim), _page(claim)), " ", " ") for claim in claims)
        conflict = Message(text, name=claim_name(claims[0]), figures=figures)
    elif len(totals) == 1 and all(claim.count is not None for claim in claims):
        names = joined(map(dimension_name, dict.fromkeys(n for c in claims for n in _codes(c))))
        conflict = Message(
            "The published numbers by {dimensions} do not add up to {total} {counted} ({n} figures "
            "are concerned).",
            dimensions=names, total=figure(totals[0]), counted=code_text(str(totals[0].subject)),
            n=len(claims),
        )  # fmt: skip
    else:
        named = [
            Message(
                "{figure} for {name} {page}",
                figure=figure(claim), name=claim_name(claim), page=_page(claim),
            )
            for claim in claims
        ]  # fmt: skip
        conflict = Message("These figures cannot all be true: {figures}.", figures=named)
    return paragraph([conflict, *dict.fromkeys(reasons)])


def _page(claim: Claim) -> str:
    """Return the place in which a claim was read, and the owner of the page."""
    if not claim.read_at:
        return Message("in {location}", location=claim.location)
    if claim.is_quoted:
        return Message("on {location}", location=claim.location)
    return Message("on {location} of the publisher", location=claim.location)


def _codes(claim: Claim) -> dict[str, str]:
    own = {name: str(code) for name, code in claim.category.items() if claim.of.get(name) != code}
    return own | {name: str(code) for name, code in claim.of.items() if name != "area"}


def figure(claim: Claim) -> str:
    """Return the published number of a claim, a count with separators."""
    number = claim.count
    return claim.printed if number is None or claim.printed != str(number) else count(number)


def claim_name(claim: Claim) -> str:
    """Return the object that a claim counts, with its area and period."""
    own = _codes(claim)
    offence, stage = own.pop("offence", ""), own.pop("stage", "")
    name = stage_nouns(stage)[0] if stage else ""
    if offence == Offence.USE_OF_SERVICES:
        name = Message("{counted} (use of services)", counted=name)
    parts = [text for text in (name, lowered(categories_name(own))) if text]
    name = joined(parts, ", ") or code_text(str(claim.subject))
    scope = [area_name(claim.area)] if claim.area else []
    scope += [str(claim.period)] if str(claim.period) != "not stated" else []
    return Message("{text} ({others})", text=name, others=joined(scope, ", ")) if scope else name


def issue_texts(item: AuditedClaim, *, is_linked: bool = False) -> list[str]:
    """Return the issues of a claim: of its words, and of its number if no conflict has it."""
    doubtful = item.wording is not None and item.wording.verdict is WordVerdict.DOUBTFUL
    wording = item.wording.reason if item.wording is not None and doubtful else ""
    if is_linked:
        # The text of the conflict lists wrong quotations with their pages.
        return [*filter(None, (wording, "" if item.misquotations else item.remark))]
    reason = item.reason if item.verdict is ClaimVerdict.CONTRADICTED else ""
    return [text for text in (reason, wording, item.remark) if text] or [item.reason]


@report_section("data_issues", Message("Points to check in the data"), "counts")
def data_issues(content: Content) -> Iterator[Bullets | str]:
    """Yield one text for the contradictory counts of each country and period.

    Of many, only totals below their parts are listed here, and the annex has the others.
    """
    totals, others = _data_issues(content)
    items = [paragraph(issue) for issue in (*totals, *others)]
    if len(items) > _ON_PAGE:
        reasons = ("" if issue.reason == _ASK else issue.reason for issue in totals)
        items = [paragraph((t.counts, own)) for t, own in zip(totals, reasons, strict=True)]
        further = Plural(
            "{n} point on categories: see the annex Further points to check.",
            "{n} points on categories: see the annex Further points to check.",
            len(others),
            n=count(len(others)),
        )
        end = Message("Countries in the figures lists the countries that are not in a value.")
        yield paragraph([*[_ASK] * bool(totals), *[further] * bool(others), end])
    yield Bullets(items, numbered=True) if items else Message("No issue was found.")
    for log in (item for item in content.formatted if isinstance(item, ReadLog)):
        rows = "{name}: {total} rows read, {used} used, {rejected} rejected"
        own = {"total": count(log.read), "used": count(log.used), "rejected": count(log.rejected)}
        # Not a sentence with a capital: it starts with the name of the file.
        yield Message("{text}.", text=Phrase(log.summary(), Message(rows, name=log.name, **own)))


@report_section("further_issues", Message("Further points to check"), "counts", annex=True)
def further_issues(content: Content) -> Bullets | None:
    """Return the issues on categories, if the report has many issues on data."""
    totals, others = _data_issues(content)
    is_long = others and len(totals) + len(others) > _ON_PAGE
    return Bullets([issue.counts for issue in others], numbered=True) if is_long else None


_INSIDE = partial(Message, "Figures with counts of this country: {figures}.")


def _data_issues(content: Content) -> tuple[list[_DataIssue], list[_DataIssue]]:
    """Return the issues on totals below their parts, and the issues on other counts and files."""
    # 1. The contradictions of all figures, with and without a value, each once: the parts above a
    # total by dimension, and the figures with other contradictory counts.
    excesses: dict[_Total, dict[str, str]] = {}
    others: dict[tuple[str, str, Contradiction], list[Indicator]] = {}
    figures: list[tuple[Result, list[Indicator]]] = [(i.result, [i]) for i in content.indicators]
    figures += [(result, []) for result in content.without_value]
    for result, items in figures:
        period, counted = str(result.period), result.numerator_kind.label
        has_one_kind = result.kind in (ResultKind.COUNT, ResultKind.SHARE)
        for issue in result.contradictions:
            name, total = issue.counts.dimension, issue.counts.total
            if total is not None and has_one_kind:
                parts = excesses.setdefault(_Total(period, issue.area, counted, total), {})
                name = dimension_name(name) if name == "age" else dimension_text(name)
                # Texts of shares lack the persons of unknown category.
                counts = joined(issue.counts.parts, ", ")
                parts[name] = max(parts.get(name, ""), counts, key=len)
            elif total is None and issue.code not in _LEFT_OUT:
                others.setdefault((period, counted, issue), []).extend(items)
    # 2. The texts, without those of counts that another issue lists.
    listed = {
        (period, counted, issue.area, issue.counts.category)
        for period, counted, issue in others
        if issue.code == "CONFLICTING"
    }
    equal = Counter((period, issue) for period, _, issue in others)
    issues = [
        _of_counts(content, (period, counted), issue, numbers, is_named=equal[period, issue] > 1)
        for (period, counted, issue), numbers in others.items()
        if not _is_repeated((period, counted), issue, listed, excesses)
    ]
    totals = [_excess(content, total, parts) for total, parts in excesses.items()]
    return totals, [*issues, *_file_issues(content)]


def _is_repeated(
    scope: tuple[str, str],
    issue: Contradiction,
    listed: Container[tuple[str, str, str, str]],
    totals: Iterable[_Total],
) -> bool:
    """Return whether the counts of an issue are also in another issue.

    ``scope`` is a period and a kind of count, and ``listed`` has the scopes, countries and
    categories of which the file lists several values.
    """
    if issue.code == "conflicting":
        # Texts on totals and on several categories are listed next to those of the file.
        category = issue.counts.category
        is_single = category.isalnum() and category != "total"
        return is_single and (*scope, issue.area, category) in listed
    # A finding of a file is a text only: it states the total that the totals list.
    return issue.code == "PART_ABOVE_TOTAL" and any(
        f"the total is {total.text}," in issue.text
        for total in totals
        if (total.period, total.area) == (scope[0], issue.area)
    )


def _of_counts(
    content: Content,
    scope: tuple[str, str],
    issue: Contradiction,
    numbers: Sequence[Indicator],
    *,
    is_named: bool,
) -> _DataIssue:
    """Return an issue on contradictory counts, with the figures that contain them.

    ``scope`` is a period and a kind of count, which is named if several kinds have this issue.
    """
    inside = [own for own in numbers if own.contains(issue.area)]
    if inside:
        where: str = _INSIDE(figures=_names(content, inside))
    else:
        where = _where(content, issue.area, *scope)
    text = _placed(issue)
    if is_named:
        text = Message("{text} ({kind})", text=text, kind=scope[1])
    return _DataIssue(sentence(text), where=where)


def _file_issues(content: Content) -> Iterator[_DataIssue]:
    """Yield the problems of rows of each file, with the number of rows."""
    for log in (item for item in content.formatted if isinstance(item, ReadLog)):
        for code in log.codes:
            n, problem = log.count_rows(code), lowered(ROW_PROBLEMS[code])
            rows = Plural("{n} row", "{n} rows", n, n=count(n))
            if content.can_show(ROW_PROBLEMS[code]):
                yield _DataIssue(Message("File ({rows}): {problem}", problem=problem, rows=rows))


def _placed(issue: Contradiction) -> str:
    """Return the text of an issue with the name of the country, and without an argument as hint.

    "Victims, ES 2019, age child: the values are 3 and 5" has "Spain, 2019" instead of "ES 2019".
    """
    text, cell = issue.text, f"{issue.area} {issue.period}"
    named = joined((area_name(issue.area), issue.period), ", ")
    if issue.counts.text:
        return Message("{where}: {problem}", where=named, problem=issue.counts.text)
    # A finding of a file; one that was read from a file again has no parameters.
    if not isinstance(text, Message):
        return text.replace(cell, named, 1)
    own = dict(text.parameters)
    if isinstance(labels := own.get("place"), Listed):
        own["place"] = joined((named if t == cell else t for t in labels.parts[0]), ", ")
    return Message(text.template, **own)


def _names(content: Content, items: Sequence[Indicator]) -> str:
    """Return the names of figures; for many figures, refer to the table of countries."""
    text = content.names_of(items)
    if text.count("; ") < _NAMED:
        return text
    return Message("{n} figures (see Countries in the figures)", n=count(len(items)))


def _where(content: Content, area: str, period: str, counted: str) -> str:
    """Return the figures of a kind of count that contain a country, and those that do not."""
    own = [
        item
        for item in content.indicators
        if area in (item.result.area.code, *item.result.area.members)
        if str(item.result.period) == period
        if counted in (item.result.numerator_kind.label, item.result.denominator_kind.label)
    ]
    inside = [item for item in own if item.contains(area)]
    outside = [item for item in own if item not in inside]
    if not inside:
        text = "{country} is in no value of these figures for {period}."
        return Message(text, country=with_article(area_name(area)), period=period)
    where = _INSIDE(figures=_names(content, inside))
    without = Message("Figures without them: {figures}.", figures=_names(content, outside))
    return paragraph([where, without if outside else ""])


def _excess(content: Content, total: _Total, parts: Mapping[str, str]) -> _DataIssue:
    """Return the counts that exceed other counts in a country and period, and their figures."""
    where, reason = _where(content, total.area, total.period, total.counted), _ASK
    lower, upper = total.bounds.lower, total.bounds.upper
    if lower == 0 and upper:
        reason = Message(
            "Likely reason: the total is wrong. It is published as suppressed, at most {most}.",
            most=count(upper),
        )
    sizes = {own: text.count(", ") + 1 for own, text in parts.items()}
    few = {own: Message("{n} categories", n=n) for own, n in sizes.items() if n > _PARTS}
    figures = joined(
        Message("by {dimension} ({figures})", dimension=own, figures=few.get(own, text))
        for own, text in parts.items()
    )
    issue = Message(
        "{country}, {period}: the total of {total} {counted} is below the sum of its parts "
        "{figures}.",
        country=area_name(total.area), period=total.period, total=total.text,
        counted=total.counted, figures=figures,
    )  # fmt: skip
    return _DataIssue(issue, reason, where)
