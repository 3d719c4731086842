"""The sections of a report, and the sections on data and checks."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any

from attrs import evolve, frozen

from thbstats.auditing import AuditedClaim
from thbstats.claims import Claim
from thbstats.display import (
    Bullets,
    Cell,
    Column,
    Displayable,
    DisplayTable,
    Group,
    Page,
    PageSection,
    Tone,
    count,
)
from thbstats.errors import ThbstatsError
from thbstats.languages import Message, capitalised, joined, lowered, paragraph
from thbstats.lists import Dependence, Lists, Models, dependence, distinct, hidden, models
from thbstats.panel import Result
from thbstats.panel.names import grouped
from thbstats.records.kind_schema import KIND_TITLES
from thbstats.reports.content import Content
from thbstats.reports.issues import (
    claim_name,
    data_issues,
    figure,
    further_issues,
    issue_texts,
    publication_issues,
)
from thbstats.reports.reservations import codes, details, notes_by_figure, refused, reserved, safe
from thbstats.reports.section import Section, report_section
from thbstats.reports.side_by_side import (
    areas,
    countries,
    coverage,
    full_countries,
    full_coverage,
    share_chart,
)

_REASONS = {
    "zero": partial(Message, "{n} zero"),
    "known": partial(Message, "{n} above zero"),
    "rounded": partial(Message, "{n} rounded"),
    "wider_category": partial(Message, "{n} published in a wider category"),
    "fewer_than": partial(Message, "{n} published as “fewer than” a number"),
    "suppressed": partial(Message, "{n} suppressed"),
    "conflicting": partial(Message, "{n} with several values in one source"),
    "not_reported": partial(Message, "{n} not reported"),
    "breakdown_not_reported": partial(Message, "{n} category not reported"),
    "not_applicable": partial(Message, "{n} not applicable"),
}
_TONES = {"confirmed": Tone.GOOD, "contradicted": Tone.BAD, "consistent": Tone.PLAIN}
_VERDICTS = {
    "confirmed": Message("confirmed"),
    "consistent": Message("consistent"),
    "contradicted": Message("contradicted"),
    "not_assessable": Message("not assessable"),
}
_NUMBER = re.compile(r"(?:(?<!\w)[+\N{MINUS SIGN}])?\d+(?:[,.\s]\d{3})*(?:[.,]\d+)?(?:\s?%)?")


@report_section("missing", Message("Known, missing and suppressed counts"), "counts")
def missing(content: Content) -> Iterator[str]:
    """Yield the number of zero, missing and suppressed counts."""
    for table in content.data.tables():
        frame = table.to_frame()
        zero = (frame["value"] == 0).fillna(False)
        numbers = Counter(frame["reason"].astype(str).where(~zero, "zero"))
        texts = [text(n=count(numbers[name])) for name, text in _REASONS.items() if numbers[name]]
        title = KIND_TITLES.get(table.kind, table.kind)
        if texts and not {*numbers} - {"zero", "known"}:
            n = count(len(frame))
            yield Message("{counts}: none of the {n} counts is missing.", counts=title, n=n)
        elif texts:
            yield Message("{counts}: {reasons}.", counts=title, reasons=joined(texts))


@report_section("results", Message("Details"), "results")
def results(content: Content) -> Iterator[DisplayTable]:
    """Yield the tables of results."""
    return (item.display_table() for item in content.formatted)


@report_section("omissions", Message("Not in this report"))
def omissions(content: Content) -> Iterator[Bullets | DisplayTable]:
    """Yield data that the report has no figures for, and numbers without a value with reasons."""
    if content.limits:
        yield Bullets(content.limits)
    if content.omissions:
        yield DisplayTable(
            caption=Message("Numbers that are not shown"),
            columns=[Message("Number"), Message("Reason")],
            rows=[[item.name or item.id, item.reason] for item in content.omissions],
        )


@report_section("file", Message("File"), "counts", annex=True)
def file(content: Content) -> Iterator[DisplayTable]:
    """Yield the log of the file that was read, in English only."""
    if content.language.code != "en":
        return iter(())
    return (item.display_table() for item in content.formatted)


@report_section("tables", Message("Counts"), "counts", annex=True)
def tables(content: Content) -> Iterator[DisplayTable]:
    """Yield the first rows of each table."""
    return (table.display_table() for table in content.data.tables() if len(table))


@report_section("checks", Message("Consistency checks"), annex=True)
def checks(content: Content) -> Iterator[str | DisplayTable]:
    """Yield issues, verdicts by section, checked claims, and the number of other claims."""
    audit = content.audit
    if not audit:
        return
    yield Message(
        "Each figure, ranking, direction and qualifying word is compared with the other figures "
        "of the publication. A claim is confirmed if they give the same value, consistent if they "
        "allow it, and contradicted if they exclude it. A claim is not assessable if no other "
        "published figure relates to it. This is not a criticism of the publication."
    )
    issues = [
        [item.claim.id, item.claim.section, _printed(item.claim), paragraph(issue_texts(item))]
        for item in audit.issues
    ]
    if issues:
        columns = [Message("Claim"), Message("Section"), Message("Published"), Message("Issue")]
        yield DisplayTable(caption=Message("Issues"), columns=columns, rows=issues)
    rows: list[Group | list[Cell]] = []
    for group in grouped(audit, lambda item: item.claim.section):
        checked = list(filter(_is_assessable, group))
        rows += [Group(capitalised(checked[0].claim.location))] if checked else []
        for item in checked:
            name = Cell(_printed(item.claim), title=item.claim.id)
            tone = _TONES.get(str(item.verdict), Tone.MUTED)
            verdict = Cell(_VERDICTS.get(str(item.verdict), str(item.verdict)), tone=tone)
            rows.append([name, verdict, Cell(item.reason)])
    if rows:
        columns = [Message("Published"), Message("Verdict"), Message("Arithmetic")]
        yield DisplayTable(
            caption=Message("Results of the consistency checks"), columns=columns, rows=rows
        )
    others, language = [item for item in audit if not _is_assessable(item)], content.language
    number, reasons = language.text(Message("a number")), []

    def reason_of(item: AuditedClaim) -> str:
        """Return the reason why a claim is not assessable, without its figures."""
        return _NUMBER.sub(number, language.text(item.message))

    for group in sorted(grouped(others, reason_of), key=len, reverse=True):
        figures = joined((item.claim.printed for item in group if item.claim.printed), ", ")
        published = Message("Published: {figures}.", figures=figures) if figures else ""
        listed = joined(dict.fromkeys(item.claim.section for item in group), ", ")
        text = language.text(paragraph([capitalised(reason_of(group[0])), published]))
        reasons.append([text, str(len(group)), listed])
    if reasons:
        yield DisplayTable(
            caption=Message("Claims that could not be checked"),
            columns=[Message("Reason"), Column(Message("Claims"), "right"), Message("Sections")],
            rows=reasons,
        )


def _is_assessable(item: AuditedClaim) -> bool:
    return str(item.verdict) in _TONES or bool(item.claim.rounded or item.claim.rate)


def _printed(claim: Claim) -> str:
    """Return the object that a claim counts, and its published figure."""
    words = f"\N{LEFT DOUBLE QUOTATION MARK}{claim.wording}\N{RIGHT DOUBLE QUOTATION MARK}"
    printed = joined(filter(None, [figure(claim), words if claim.wording else ""]), " ", " ")
    return Message("{name}: {figure}", name=claim_name(claim), figure=printed)


DEFAULT_SECTIONS: tuple[Section, ...] = (
    safe,
    reserved,
    refused,
    publication_issues,
    data_issues,
    share_chart,
    details,
    areas,
    countries,
    coverage,
    missing,
    results,
    omissions,
    notes_by_figure,
    full_coverage,
    full_countries,
    further_issues,
    codes,
    file,
    tables,
    checks,
)
"""The sections of a report by default, in order."""


_HEADINGS = {
    "dependence": Message("Dependence between lists"),
    "distinct": Message("Persons on a list"),
    "hidden": Message("Persons on a list or on none"),
    "models": Message("Estimates of models"),
}
_NEEDED = {
    "dependence": Message(
        "It needs two lists of known size that do not refer persons to each other"
    ),
    "models": Message("They need an exact count of persons for each combination of lists"),
}


@frozen(kw_only=True)
class ListResults:
    """The results of lists; `remarks` state why a result is missing."""

    lists: Lists
    dependence: Dependence | None
    distinct: Result
    hidden: Result | None
    models: Models | None
    remarks: tuple[str, ...]

    @classmethod
    def of(
        cls, lists: Lists, odds_ratio: Any = None, level: float | None = None, order: int = 2
    ) -> "ListResults":
        """Return the results that the counts of the lists allow."""
        remarks, optional = list[str](), dict[str, Any]()
        for name, function in (
            ("dependence", lambda: dependence(lists)),
            ("models", lambda: models(lists, order)),
        ):
            try:
                optional[name] = function()
            except ThbstatsError as error:
                if error.field == "order":
                    raise
                names = {"result": lowered(_HEADINGS[name]), "needed": _NEEDED[name]}
                text = Message("Not calculated: {result}. {needed}.", **names)
                # Other hints are calls of Python.
                hint = Message("Pass complete=True if histories without a row have no persons.")
                remarks.append(paragraph([text, hint] if error.hint + "." == hint else [text]))
        range_of = None if odds_ratio is None else hidden(lists, odds_ratio, level)
        return cls(
            lists=lists, distinct=distinct(lists), hidden=range_of, remarks=tuple(remarks),
            dependence=optional.get("dependence"), models=optional.get("models"),
        )  # fmt: skip

    @property
    def headed(self) -> Iterator[tuple[str, Displayable]]:
        """The results with their headings; the dependence that the lists reject comes first."""
        for name, heading in _HEADINGS.items():
            if (result := getattr(self, name)) is not None:
                yield heading, result

    def tables(self) -> list[DisplayTable]:
        """Return a table of each result; the remarks are below the last table."""
        *tables, last = [result.display_table() for _, result in self.headed]
        return [*tables, evolve(last, notes=[*last.notes, *self.remarks])]

    def page(self) -> Page:
        """Return a page with a section of each result."""
        pairs = zip(self.headed, self.tables(), strict=True)
        return Page(
            title=Message("Persons on lists: {names}", names=joined(self.lists.names, ", ")),
            lead=""
            if self.dependence is None
            else Message("{clause}.", clause=self.dependence.statement),
            sections=[PageSection(heading=own, tables=[table]) for (own, _), table in pairs],
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the results as plain data for JSON."""
        known, fitted = self.dependence, self.models
        factor = None if known is None else known.smallest_factor
        names = ["model", "value", "bic", "difference", "weight", "existence"]
        columns = None if fitted is None else fitted.to_frame()[names].astype(object)
        ranges = {} if fitted is None else fitted.ranges
        return {
            "lists": list(self.lists.names),
            "statement": None if known is None else known.statement,
            "smallest_factor": factor and f"{float(factor):.2f}",
            "dependence": None if known is None else known.to_dict()["items"],
            "distinct": self.distinct.to_dict(),
            "hidden": None if self.hidden is None else self.hidden.to_dict(),
            "estimate": None if fitted is None else fitted.estimate.to_dict(),
            "ranges": [
                {"within": n, "lower": float(own.lower or 0), "upper": float(own.upper or 0)}
                for n, own in ranges.items()
            ],
            "models": columns
            if columns is None
            else columns.where(columns.notna(), None).to_dict("records"),
            "remarks": list(self.remarks),
        }


def lists_section(lists: Lists, odds_ratio: Any = None, level: float | None = 0.95) -> Section:
    """Return a section on the distinct persons on lists, and on persons on no list.

    Parameters
    ----------
    lists, odds_ratio, level
        As for `thbstats.lists.hidden`; without a range there are no bounds on all persons.

    Examples
    --------
    >>> import thbstats as thb
    >>> counts = {"d": 41, "c": 5, "b": 5, ("b", "c"): 54, ("b", "d"): 6, ("b", "c", "d"): 12}
    >>> lists = thb.lists.Lists("bcd", counts, complete=True)
    >>> section = lists_section(lists)
    >>> report = thb.report(thb.publications.com_2018_777(), sections=[section])
    >>> "The lists reject every factor of dependence up to 11.81" in report.to_markdown()
    True
    """

    def blocks(_content: Content) -> Iterator[str | Displayable]:
        results = ListResults.of(lists, odds_ratio, level)
        if results.dependence is not None:
            text = "{statement}. Independent lists have a factor of 1."
            yield Message(text, statement=results.dependence.statement)
        yield from (result for _, result in results.headed)
        yield from results.remarks

    return Section("lists", Message("Persons on several lists"), blocks)
