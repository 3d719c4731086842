"""Comparison of publications and tables, as a page, text and data."""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from thbstats._files import write_file
from thbstats._signatures import explain_arguments
from thbstats._version import __version__
from thbstats.claims import ClaimKind, Publication
from thbstats.claims.relations import area_of
from thbstats.comparison_pages.compared_sides import (
    ComparedPair,
    ComparedSource,
    MatchedIndicator,
    answers,
    matched,
    quantity,
)
from thbstats.display import (
    Bullets,
    Cell,
    Column,
    Displayable,
    DisplayTable,
    Page,
    PageSection,
    Tone,
    count,
    to_html,
    to_markdown,
    to_text,
)
from thbstats.errors import UnknownName, require
from thbstats.files import Reading
from thbstats.geography import Area
from thbstats.languages import Language, Message
from thbstats.panel import NOT_DOCUMENTED, ComparabilityWarning, Outcome, Severity, Verdict
from thbstats.panel.kind import NOT_BOUNDED
from thbstats.panel.names import lowered, sentence
from thbstats.reports.content import Content, Indicator
from thbstats.reports.subject import content_of
from thbstats.rules import DEFAULTS, Thresholds
from thbstats.tables import CountTable, Dataset

Source = Publication | CountTable | Dataset | Reading
"""A publication or counts."""

_TONES = dict(zip(Verdict, (Tone.GOOD, Tone.WARN, Tone.BAD, Tone.MUTED), strict=True))
_CHARTS = "\ue000"
"""A character for private use, the mark of the charts in a page."""

_STYLE = """\
.thb main { max-width: 76rem; }
.thb td.thb-right { white-space: normal; }
.thb .thb-slopes { display: flex; flex-wrap: wrap; margin: 1.5rem 0; }
.thb .thb-slopes svg { width: 16rem; max-width: 100%; margin: 0 1.5rem 1.5rem 0; }
.thb .thb-slopes text { fill: var(--ink); font-size: 11px; text-anchor: middle; }
.thb .thb-slopes line { stroke: var(--accent); stroke-width: 2; }
.thb .thb-slopes .thb-axis { stroke: var(--hair); }
.thb .thb-slopes circle { fill: var(--accent); }
"""
_WIDTH, _TOP, _BASE, _MARGIN = 256, 44, 124, 54
"""Positions in a slope chart."""


@frozen(kw_only=True, repr=False)
class SideComparison(Displayable):
    """Publications and tables side by side, indicator by indicator.

    Parameters
    ----------
    sides : tuple of ComparedSource
        The publications and tables, in the order of the arguments.
    indicators : tuple of MatchedIndicator
        The indicators of two or more sides, with their figures and verdicts.
    language : Language
        The language of the texts.
    """

    sides: tuple[ComparedSource, ...]
    indicators: tuple[MatchedIndicator, ...]
    language: Language

    @property
    def verdicts(self) -> dict[Verdict, int]:
        """The number of comparisons by verdict."""
        verdicts = [step.comparison.verdict for own in self.indicators for step in own.steps]
        return {verdict: verdicts.count(verdict) for verdict in Verdict}

    def only(self, side: int) -> list[Indicator]:
        """Return the figures of one side whose indicator no other side has."""
        every = [{quantity(i): i for i in own.content.indicators} for own in self.sides]
        others = set().union(*(own for number, own in enumerate(every) if number != side))
        items = self.sides[side].content.indicators
        new = [item for item in items if quantity(item) not in others]
        return [item for item in new if item.formatted != NOT_BOUNDED]

    def display_table(self) -> DisplayTable:
        """Return one row per indicator: figures, difference, verdict and reasons."""
        language = self.language
        columns: dict[str, list[Cell | str]] = {
            language.text("Indicator"): [language.text(own.name) for own in self.indicators]
        }
        for number, side in enumerate(self.sides):
            figures = [self._figure(side, own.figures[number], own) for own in self.indicators]
            usual = side.content.usual
            scope = ", ".join(map(language.text, filter(None, (usual.area, usual.period))))
            columns[f"{side.name}: {scope}" if scope else side.name] = [*figures]
        differences = [
            "; ".join(language.text(s.comparison.formatted) for s in own.steps if s.is_comparable)
            for own in self.indicators
        ]
        if any(differences):
            columns[language.text("Difference")] = [*differences]
        columns[language.text("Comparable?")] = [
            Cell(self._verdict(own), tone=_TONES[own.verdict]) for own in self.indicators
        ]
        rows = [list(row) for row in zip(*columns.values(), strict=True)]
        notes = [language.text("A difference is shown for comparable figures only.")]
        if any("*" in str(cell) for row in rows for cell in row[1:-1]):
            notes.append(language.text("* Calculated from published counts."))
        first, *middle, last = columns
        return DisplayTable(
            caption=language.text("Indicators in two or more sources"),
            columns=[first, *(Column(name, "right") for name in middle), last],
            rows=rows,
            notes=notes,
        )

    def page(self) -> Page:
        """Return the comparison as a page, with a description of each chart."""
        drawn = [Bullets([self._description(own) for own in self._drawn])]
        return self._page(drawn if self._drawn else [])

    def to_document(self) -> str:
        """Return the page as one HTML document with charts; it loads and runs nothing."""
        html = to_html(self._page([_CHARTS] if self._drawn else []))
        charts = "".join(map(self._chart, self._drawn))
        html = html.replace(f"<p>{_CHARTS}</p>", f'<div class="thb-slopes">{charts}</div>', 1)
        return html.replace("</style>", f"{_STYLE}</style>", 1)

    def to_dict(self) -> dict[str, Any]:
        """Return figures, verdicts and reasons as plain data for JSON."""
        return {
            "sources": [
                {name: getattr(own.content.report, name) for name in ("title", "publisher", "url")}
                | {"name": own.name}
                for own in self.sides
            ],
            "indicators": [
                {
                    "name": own.name,
                    "figures": [i and _figure_data(side, i) for side, i in self._pairs(own)],
                    "steps": list(map(_step_data, own.steps)),
                }
                for own in self.indicators
            ],
            "only": [
                [_figure_data(side, item) for item in self.only(number)]
                for number, side in enumerate(self.sides)
            ],
            "not_compared": list(map(_others, self.sides)),
        }

    def save(self, path: "str | os.PathLike[str]") -> None:
        """Write the comparison to a file, in the format of the file extension.

        Parameters
        ----------
        path : str or path
            The file, which is replaced if it exists: ``.html``, ``.md``, ``.txt`` or ``.json``.

        Raises
        ------
        UnknownName
            If the extension is another one.
        """
        writers: dict[str, Callable[[], str]] = {
            ".html": self.to_document,
            ".md": lambda: to_markdown(self.page()),
            ".txt": lambda: to_text(self.page()),
            ".json": lambda: json.dumps(self.to_dict(), indent=2, ensure_ascii=False),
        }
        extension, hint = Path(path).suffix.lower(), f"Use {', '.join(writers)}"
        if extension not in writers:
            problem = "`path` must have a known extension"
            raise UnknownName(problem, field="path", value=str(path), hint=hint)
        write_file(path, writers[extension]().rstrip("\n") + "\n")

    def __repr__(self) -> str:
        names, size = " and ".join(side.name for side in self.sides), len(self.indicators)
        return f"<{type(self).__name__} of {names}: {size} indicators>"

    def _page(self, charts: Sequence[str | Bullets]) -> Page:
        language, size = self.language, len(self.indicators)
        verdicts = [
            f"{count(n)} {language.text(own.label)}" for own, n in self.verdicts.items() if n
        ]
        lead = language.plural(
            "{n} indicator is in two or more sources. Comparisons: {verdicts}.",
            "{n} indicators are in two or more sources. Comparisons: {verdicts}.",
            size,
            n=count(size),
            verdicts=", ".join(verdicts),
        )
        like = self._like_for_like()
        prose = language.text("No nearer pair of numbers can be calculated from these sources.")
        if like.rows:
            prose = language.text("These pairs differ in fewer properties than the figures above.")
        sections = [
            PageSection(
                heading=language.text("Figures side by side"), tables=[self.display_table()]
            ),
            PageSection(
                heading=language.text("Like for like"), prose=prose, tables=[like] * bool(like.rows)
            ),
            PageSection(
                heading=language.text("Charts"),
                prose=charts or language.text("No chart: no two figures are comparable."),
            ),
            PageSection(heading=language.text("Reasons"), prose=[*self._notes()]),
        ]
        for number, side in enumerate(self.sides):
            items = [f"{language.text(i.name)}: {self._figure(side, i)}" for i in self.only(number)]
            for kind, ids in _others(side).items():
                kinds = language.text(
                    "Not compared, claims of kind {kind}: {ids}", kind=kind, ids=ids
                )
                items.append(kinds)
            claims = side.content.report.claims
            if ids := ", ".join(own.id for own in claims if own.is_counted and not area_of(own)):
                items.append(language.text("Not compared, without a stated area: {ids}", ids=ids))
            if items:
                heading = language.text("Only in {name}", name=side.name)
                sections.append(PageSection(heading=heading, prose=[Bullets(items)]))
        reports = [side.content.report for side in self.sides]
        sources = [", ".join(filter(None, [r.publisher, r.document or r.title])) for r in reports]
        return Page(
            kicker=" · ".join(dict.fromkeys(r.publisher for r in reports if r.publisher)),
            title=language.listed([side.name for side in self.sides]),
            lead=lead,
            sections=sections,
            footer=language.text(
                "Figures: {sources}. Comparison: thbstats {version}.",
                sources="; ".join(dict.fromkeys(sources)),
                version=__version__,
            ),
            lang=language.code,
        )

    def _pairs(self, own: MatchedIndicator) -> Iterator[tuple[ComparedSource, Indicator | None]]:
        return zip(self.sides, own.figures, strict=True)

    def _figure(
        self, side: ComparedSource, item: Indicator | None, own: MatchedIndicator | None = None
    ) -> str:
        """Return a figure with what differs from the name of its row and the head of its column."""
        if item is None:
            return ""
        base, further = item.result.base, list[str]()
        if own is not None and len(own.names) > 1 and base.rule in ("all", "known"):
            further.append(self.language.text("of {base}", base=base.label))
        scope, usual = item.scope, side.content.usual
        further += [self.language.text(scope.area)] * (scope.area != usual.area)
        if own is None or not own.period:  # the name of a row contains a common period
            further += [self.language.text(scope.period)] * (scope.period != usual.period)
        text = self.language.text(item.formatted) + "*" * side.is_calculated(item)
        return text + (f" ({'; '.join(further)})" if further else "")

    def _verdict(self, own: MatchedIndicator) -> str:
        """Return the verdicts of an indicator with their reasons."""
        language, parts = self.language, list[str]()
        pairs = [(side, item) for side, item in self._pairs(own) if item is not None]
        names = [side.name if own.period else str(item.result.period) for side, item in pairs]
        for step, spans in zip(own.steps, pairwise(names), strict=True):
            reasons = []
            for item in _decisive(step):
                title = language.text(lowered(item.title))
                if item.outcome is Outcome.NOT_ASSESSABLE and item.scope == "pair":
                    title = language.text("perhaps {reason}", reason=title)
                reasons.append(title)
            label = language.text(step.comparison.verdict.label)
            listed = "; ".join(dict.fromkeys(reasons))
            start = f"{' → '.join(spans)}: " if len(self.sides) > 2 else ""
            parts.append(f"{start}{label}{listed and f' ({listed})'}")
        return "; ".join(parts)

    def _like_for_like(self) -> DisplayTable:
        language = self.language
        rows = [
            [
                language.text(own.name),
                *map(language.text, (like.first, like.second, like.difference)),
                language.text(like.verdict.label if like.verdict else Message("bounds")),
                language.text(like.equal),
            ]
            for own in self.indicators
            for like in (step.like_for_like for step in own.steps)
            if like is not None
        ]
        heads = [Message("First"), Message("Second"), Message("Difference")]
        further = [Message("Comparable?"), Message("Equal in both")]
        return DisplayTable(
            caption=language.text("Nearest pairs"),
            columns=[
                language.text("Indicator"),
                *(Column(language.text(own), "right") for own in heads),
                *map(language.text, further),
            ],
            rows=rows,
        )

    def _notes(self) -> Iterator[Bullets]:
        """Yield the reasons of the verdicts, and the limitations of the figures."""
        reasons, language = list(self._reasons()), self.language
        steps = [step for own in self.indicators for step in own.steps]
        limits, gaps = dict[str, None](), dict[str, None]()
        for own in (own for step in steps for own in step.comparison.limitations):
            if own.code == NOT_DOCUMENTED:
                gaps |= dict.fromkeys(what for _, what in own.evidence)
            else:
                limits[sentence(language.text(own.message))] = None
        if gaps:
            text = language.text("not documented: {metadata}", metadata=tuple(gaps))
            limits[sentence(text)] = None
        if reasons:
            yield Bullets(reasons)
        if limits:
            yield Bullets(list(limits), heading=language.text("Limitations of the figures"))

    def _reasons(self) -> Iterator[str]:
        """Yield each reason once, with an example of its message and the indicators concerned."""
        language, names = self.language, dict[str, dict[str, None]]()
        messages: dict[str, dict[str, None]] = {}
        for own in self.indicators:
            for item in (item for step in own.steps for item in _decisive(step)):
                names.setdefault(item.title, {})[own.name] = None
                messages.setdefault(item.title, {})[item.message] = None
        every = len({own.name for own in self.indicators})
        for title, concerned in names.items():
            first, *others = messages[title]
            more = language.plural(
                "{n} similar message", "{n} similar messages", len(others), n=len(others)
            )
            which = (
                language.text("all indicators")
                if len(concerned) == every
                else "; ".join(map(language.text, concerned))
            )
            parts = [language.text(first), *([more] if others else [])]
            yield f"{language.text(title)}: {'; '.join(parts)} ({which})."

    @property
    def _drawn(self) -> list[MatchedIndicator]:
        return [own for own in self.indicators if any(step.is_comparable for step in own.steps)]

    def _description(self, own: MatchedIndicator) -> str:
        figures = (f"{s.name} {i.formatted}, {i.scope.period}" for s, i in self._pairs(own) if i)
        return f"{self.language.text(own.name)}: {'; '.join(figures)}"

    def _chart(self, own: MatchedIndicator) -> str:
        """Return a slope chart from 0, with lines between comparable figures only."""
        pairs = [(side, item) for side, item in self._pairs(own) if item is not None]
        sides, items = zip(*pairs, strict=True)
        values = [item.result.value_or_bounds for item in items]
        ends = [(v.lower or 0, (v.lower or 0) if v.upper is None else v.upper) for v in values]
        scale = float((_BASE - _TOP) / (max(end for pair in ends for end in pair) or 1))
        step_width = (_WIDTH - 2 * _MARGIN) / (len(items) - 1)
        spots = [
            (_MARGIN + step_width * number, *(_BASE - float(end) * scale for end in pair))
            for number, pair in enumerate(ends)
        ]
        shapes = [
            f'<line x1="{x:.1f}" y1="{(low + high) / 2:.1f}" '
            f'x2="{far:.1f}" y2="{(a + b) / 2:.1f}"/>'
            for step, (x, low, high), (far, a, b) in zip(own.steps, spots, spots[1:], strict=False)
            if step.is_comparable
        ]
        for side, item, (x, low, high) in zip(sides, items, spots, strict=True):
            label = side.name if own.period else item.scope.period
            shapes.append(
                f'<line x1="{x:.1f}" y1="{low:.1f}" x2="{x:.1f}" y2="{high:.1f}"/>'
                f'<circle cx="{x:.1f}" cy="{(low + high) / 2:.1f}" r="3"/>'
                f'<text x="{x:.1f}" y="{high - 8:.1f}">{escape(item.formatted)}</text>'
                f'<text x="{x:.1f}" y="{_BASE + 16}">{escape(label)}</text>'
            )
        return (
            f'<svg viewBox="0 0 {_WIDTH} {_BASE + 24}" role="img" '
            f'aria-label="{escape(self._description(own))}">'
            f'<text x="{_WIDTH / 2}" y="14">{escape(self.language.text(own.name))}</text>'
            f'<line class="thb-axis" x1="0" y1="{_BASE}" x2="{_WIDTH}" y2="{_BASE}"/>'
            f"{''.join(shapes)}</svg>"
        )


def _decisive(step: ComparedPair) -> list[ComparabilityWarning]:
    """Return the warnings that lead to the verdict."""
    return [
        item
        for item in step.comparison.warnings
        if (item.severity is not Severity.NOTE or item.outcome is Outcome.NOT_ASSESSABLE)
        and item.code != NOT_DOCUMENTED
    ]


def _others(side: ComparedSource) -> dict[str, str]:
    """Return the ids of published changes, rates and rankings, which are not compared, by kind."""
    kinds = (ClaimKind.CHANGE, ClaimKind.RATE, ClaimKind.RANKING)
    claims = side.content.report.claims
    ids = {str(kind): [own.id for own in claims if own.kind is kind] for kind in kinds}
    return {kind: ", ".join(own) for kind, own in ids.items() if own}


def _figure_data(side: ComparedSource, item: Indicator) -> dict[str, Any]:
    names = {"name": item.name, "text": item.formatted, "calculated": side.is_calculated(item)}
    return names | item.result.to_dict()


def _step_data(step: ComparedPair) -> dict[str, Any]:
    like, names = step.like_for_like, ("first", "second", "difference", "equal", "verdict")
    return {
        "verdict": str(step.comparison.verdict),
        "difference": step.comparison.formatted if step.is_comparable else None,
        "reasons": [item.to_dict() for item in _decisive(step)],
        "like_for_like": like and {name: getattr(like, name) for name in names},
    }


@explain_arguments
def compare_publications(
    first: "Source",
    second: "Source",
    *more: "Source",
    names: Iterable[str] | None = None,
    area: "str | Area | None" = None,
    periods: int = 2,
    thresholds: "Thresholds | None" = None,
    language: str = "en",
) -> SideComparison:
    """Compare the figures of publications and tables, indicator by indicator.

    Figures are matched by kind of number, kind of count, category and part of the denominator.
    Areas, periods, denominators and statuses can differ: the verdict of `compare` names them.

    Parameters
    ----------
    first, second, *more : Publication, CountTable, Dataset or Reading
        Publications as claims, or counts. Three or more are a series: each is compared with the
        one before it. Tables with a publication give the numbers that the publication contains.
    names : iterable of str, optional
        The name of each; by default the document number, or the title.
    area : str or Area, optional
        The countries of tables; by default those that all tables have.
    periods : int
        The number of latest common periods of tables.
    thresholds : Thresholds, optional
        The limits of rules; by default `DEFAULTS`.
    language : str
        The language of the texts: ``"en"``, ``"fr"`` or ``"de"``.

    Returns
    -------
    SideComparison
        Figures, verdicts, nearest pairs, and the figures that only one of them has.

    Raises
    ------
    InvalidValue
        If an argument is neither a publication nor counts, or the number of names differs.

    Notes
    -----
    The like-for-like pair is the nearest pair of `compare`; else figures of the two sources with
    the same countries; else, for a count, the bounds for the smaller area that `infer` derives.

    Examples
    --------
    >>> import thbstats as thb
    >>> reports = thb.publications.com_2018_777(), thb.publications.com_2020_661()
    >>> found = thb.compare_publications(*reports)
    >>> women = next(own for own in found.indicators if own.name == "Women and girls")
    >>> [item.formatted for item in women.figures], women.verdict.label
    (['68%', '72%'], 'not assessable')
    >>> nearest = women.steps[0].like_for_like
    >>> nearest.first, nearest.second, nearest.equal
    ('77%', '72%', 'countries: both are figures of EU28 without UK')

    References
    ----------
    European Commission, COM(2018) 777 final and COM(2020) 661 final.
    """
    limits = DEFAULTS if thresholds is None else thresholds
    items = [own.data if isinstance(own, Reading) else own for own in (first, second, *more)]
    sources = [Dataset(**{i.kind: i}) if isinstance(i, CountTable) else i for i in items]
    for own in sources:
        hint = "Pass thbstats.publications.com_2018_777(), a CountTable, or thbstats.read(...)"
        is_source = isinstance(own, Publication | Dataset)
        require(is_source, "must be publications or counts", hint, publications=type(own))
    labels = [None] * len(sources) if names is None else list(names)
    is_complete = len(labels) == len(sources)
    require(is_complete, "must name each source", f"Pass {len(sources)} names", names=labels)
    tables = [own for own in sources if isinstance(own, Dataset)]
    contents = [
        content_of(
            _restricted(own, tables, area, periods) if isinstance(own, Dataset) else own,
            periods=periods,
            thresholds=limits,
        )
        for own in sources
    ]
    questions = [i for own in contents if own.of == "publication" for i in own.indicators]
    if questions:
        contents = [_answering(own, questions, limits) for own in contents]
    sides = tuple(
        ComparedSource(name=name or own.report.document or own.report.title, content=own)
        for name, own in zip(labels, contents, strict=True)
    )
    indicators = sorted(matched(sides, limits), key=lambda own: list(Verdict).index(own.verdict))
    return SideComparison(sides=sides, indicators=tuple(indicators), language=Language.of(language))


def _answering(content: Content, questions: Sequence[Indicator], limits: Thresholds) -> Content:
    """Return the content of a table with the numbers that publications contain."""
    if content.of == "publication":
        return content
    counts = [own for item in questions for own in answers(content, item, limits)]
    return evolve(content, counts=tuple(counts), shares=(), ratios=())


def _restricted(
    data: Dataset, tables: Sequence[Dataset], area: "str | Area | None", periods: int
) -> Dataset:
    """Return tables with the countries and the latest periods that all of them have."""
    own = {}
    for table in data.tables():
        peers = [peer for other in tables for peer in other.tables() if peer.kind == table.kind]
        where: dict[str, Any] = {}
        if len(peers) < len(tables):
            continue
        for name in ("area", "period") if len(peers) > 1 else ():
            shared = set.intersection(*(set(peer.categories(name)) for peer in peers))
            if shared:
                where[name] = [code for code in table.categories(name) if code in shared]
        if area is not None:
            members = Area.parse(area).members
            where["area"] = [code for code in table.categories("area") if code in members]
        if "period" in where:
            key = table.columns.schema["period"].sort_key
            where["period"] = sorted(where["period"], key=key)[-periods:]
        own[table.kind] = table.where(**where) if where else table
    return Dataset(**own)
