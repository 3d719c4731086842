"""Publications and tables side by side: matched figures, verdicts, and their page."""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape
from itertools import pairwise, product
from typing import Any, NamedTuple

from attrs import evolve, frozen

from thbstats._files import package_text, write_as
from thbstats._signatures import explain_arguments
from thbstats._version import __version__
from thbstats.bounds import infer
from thbstats.claims import ClaimKind, Publication
from thbstats.claims.relations import area_of
from thbstats.display import (
    Bullets,
    Cell,
    Column,
    Displayable,
    DisplayTable,
    Page,
    PageSection,
    count,
    to_html,
    to_markdown,
    to_text,
)
from thbstats.errors import ThbstatsError, require
from thbstats.files import Reading
from thbstats.geography import Area
from thbstats.indicators import share, total
from thbstats.languages import Language, Message, Plural, capitalised, joined
from thbstats.panel import (
    NOT_DOCUMENTED,
    Outcome,
    Result,
    ResultKind,
    Verdict,
)
from thbstats.panel.category_names import lowered
from thbstats.panel.kind import NOT_BOUNDED
from thbstats.panel.names import sentence
from thbstats.publications import publication_named
from thbstats.reports.content import VERDICT_TONES, Content, Indicator, decisive
from thbstats.reports.subject import content_of
from thbstats.rules import DEFAULTS, Comparison, Thresholds, compare
from thbstats.tables import CountTable, Dataset
from thbstats.values import Interval
from thbstats.vocabulary import Offence

Source = Publication | CountTable | Dataset | Reading | str
"""A publication or its name, or counts."""

_ATTRIBUTES = ("kind", "stage", "measure", "outcome", "body", "offence")
"""The attributes of counts that define an indicator; the rules compare the others."""

_NO_CATEGORY = {*_ATTRIBUTES, "status", "unit", "register", "age_concept"}
_TIME_LIMIT = 10
"""The seconds for the bounds of one count that is not published."""


@frozen(kw_only=True)
class ComparedSource:
    """A publication or table in a comparison: its name and its figures."""

    name: str
    content: Content

    def is_calculated(self, item: Indicator) -> bool:
        """Return whether a figure is calculated from counts of a publication."""
        is_count = item.result.kind is ResultKind.COUNT
        return self.content.of == "publication" and not item.published and not is_count


@frozen(kw_only=True)
class LikeForLike:
    """Two numbers that have fewer differences than the two compared figures.

    Parameters
    ----------
    first, second, difference : str
        The two numbers, and second minus first, as text.
    equal : str
        The properties that are equal.
    verdict : Verdict or None
        Whether they are comparable; ``None`` for bounds that follow from other figures.
    """

    first: str
    second: str
    difference: str
    equal: str
    verdict: Verdict | None = None


@frozen(kw_only=True)
class ComparedPair:
    """Two figures of one indicator, their comparison, and the nearest pair of numbers."""

    first: Indicator
    second: Indicator
    comparison: Comparison
    like_for_like: LikeForLike | None

    @property
    def is_comparable(self) -> bool:
        """Whether the two figures are comparable, also with caution."""
        return self.comparison.verdict in (Verdict.COMPARABLE, Verdict.WITH_CAUTION)


@frozen(kw_only=True)
class MatchedIndicator:
    """The figures of one indicator, one per side or ``None``, and the steps between them.

    ``period`` is the period that all figures have; empty if they differ.
    """

    figures: tuple[Indicator | None, ...]
    steps: tuple[ComparedPair, ...]
    period: str = ""

    @property
    def names(self) -> list[str]:
        """The distinct names of the figures."""
        return list(dict.fromkeys(own.name for own in self.figures if own is not None))

    @property
    def name(self) -> str:
        """The name of the figures; without their denominators if these differ."""
        names = self.names
        if len(names) > 1:
            names = list(dict.fromkeys(map(category_of, names)))
        name = joined(names, last=" / ")
        if self.period:
            return Message("{name}, {period}", name=name, period=self.period)
        return name

    @property
    def verdict(self) -> Verdict:
        """The least favourable verdict of its steps."""
        order = list(Verdict)
        return max((own.comparison.verdict for own in self.steps), key=order.index)


def category_of(name: str) -> str:
    """Return the category in the name of a share; other names are unchanged."""
    category: str = getattr(name, "parameters", {}).get("category", name)
    return category


def quantity(item: Indicator) -> tuple[Any, ...]:
    """Return the identity of an indicator, without area, period and rule of the denominator."""
    result = item.result
    kinds = []
    for kind in (result.numerator_kind, result.denominator_kind):
        own = {name: kind.get(name) for name in _ATTRIBUTES}
        if kind.kind == "justice":
            own["offence"] = own["offence"] or Offence.TRAFFICKING
        kinds.append((kind.kind, *own.values()))
    category = {pair for pair in item.category.items() if pair[0] not in _NO_CATEGORY}
    within = {pair for pair in result.base.within if pair[0] not in _NO_CATEGORY}
    area = result.area.code if item.is_share_of_area else ""
    return result.kind, *kinds, frozenset(category), frozenset(within), area


def answers(content: Content, question: Indicator, limits: Thresholds) -> Iterator[Indicator]:
    """Yield the number of a table that answers the question of a published count or share."""
    result, table = question.result, getattr(content.data, question.counted, None)
    if table is None or question.is_share_of_area:
        return
    # Years are added up if the table has no rows of a longer period.
    period, years = result.period, [str(result.period)]
    if years[0] not in table.categories("period") and period.start and period.end:
        years = [str(year) for year in range(period.start.year, period.end.year + 1)]
    options: dict[str, Any] = {"area": result.area, "period": years, "thresholds": limits}
    attributes: dict[str, Any] = _attributes(result)
    category: dict[str, Any] = {
        name: own for name, own in question.category.items() if name not in attributes
    }
    try:
        if result.kind is ResultKind.COUNT:
            number = total(table, **options, **attributes, **category)
        elif result.kind is ResultKind.SHARE:
            rule = result.base.rule if result.base.rule in ("all", "known") else "all"
            where = dict(result.base.within) | attributes
            number = share(table, base=rule, where=where, **options, **category)
        else:
            return
    except ThbstatsError:
        return
    if number.value is not None:
        yield Indicator(id=question.id, part=question.part, result=number)


def _attributes(result: Result) -> dict[str, Any]:
    """Return the attributes of a count that define its indicator."""
    kind = result.numerator_kind
    return {name: code for name in _ATTRIBUTES if (code := kind.get(name)) is not None}


class _Choice(NamedTuple):
    """A side with its figures of one indicator."""

    side: ComparedSource
    items: list[Indicator]


def matched(sides: Sequence[ComparedSource], limits: Thresholds) -> Iterator[MatchedIndicator]:
    """Yield the figures of each indicator that two or more sides have.

    Each period that all of them have is one row. Otherwise each side has one figure: those of the
    pair that has most properties in common.
    """
    figures_of = dict[tuple[Any, ...], list[list[Indicator]]]()
    for number, side in enumerate(sides):
        for item in side.content.indicators:
            figures_of.setdefault(quantity(item), [[] for _ in sides])[number].append(item)
    for items in figures_of.values():
        present = [number for number, own in enumerate(items) if own]
        if len(present) < 2:
            continue
        periods = [{str(own.result.period) for own in items[number]} for number in present]
        for period in sorted(set[str].intersection(*periods)) or [""]:
            choices = [
                _Choice(side, [i for i in own if period in ("", str(i.result.period))])
                for side, own in zip(sides, items, strict=True)
            ]
            figures = dict[int, Indicator]()
            for before, after in pairwise(present):
                firsts = [figures[before]] if before in figures else choices[before].items
                pair = _closest(choices[before]._replace(items=firsts), choices[after])
                figures[before], figures[after] = pair
            yield MatchedIndicator(
                figures=tuple(map(figures.get, range(len(sides)))),
                period=period,
                steps=tuple(
                    _step((figures[a], figures[b]), choices[a], choices[b], limits)
                    for a, b in pairwise(present)
                ),
            )


def _closest(left: _Choice, right: _Choice) -> tuple[Indicator, Indicator]:
    """Return the best pair: preferably published, of the usual areas, alike and recent."""

    def rank(pair: tuple[Indicator, Indicator]) -> tuple[Any, ...]:
        first, second = (item.result for item in pair)
        own = list(zip(pair, (left.side, right.side), strict=True))
        return (
            sum(not side.is_calculated(item) for item, side in own),
            sum(item.scope.area == side.content.usual.area for item, side in own),
            first.base.rule == second.base.rule,
            first.period == second.period,
            first.period.years == second.period.years,
            [item.result.period.end.toordinal() if item.result.period.end else 0 for item in pair],
        )

    return max(product(left.items, right.items), key=rank)


def _step(
    pair: tuple[Indicator, Indicator], left: _Choice, right: _Choice, limits: Thresholds
) -> ComparedPair:
    first, second = pair
    comparison = compare(first.result, second.result, thresholds=limits)
    like = None
    if comparison.verdict is not Verdict.COMPARABLE:
        same = first.result.area.members == second.result.area.members
        like = _nearest(comparison)
        if like is None and not same:
            like = _same_countries(left, right, limits) or _inferred(pair, left.side, right.side)
    return ComparedPair(first=first, second=second, comparison=comparison, like_for_like=like)


def _nearest(comparison: Comparison) -> LikeForLike | None:
    own = comparison.nearest
    if own is None:
        return None
    first, second = (own.kind.format_value(number) for number in (own.first, own.second))
    equal = Message("equal: {properties}", properties=joined(own.made_equal))
    return LikeForLike(
        first=first, second=second, difference=own.formatted, equal=equal, verdict=own.verdict
    )


def _same_countries(left: _Choice, right: _Choice, limits: Thresholds) -> LikeForLike | None:
    """Return other figures of the two sources that have the same countries."""
    areas = [{item.result.area.members for item in own.items} for own in (left, right)]
    shared = areas[0] & areas[1]
    if not shared:
        return None
    choices = (
        own._replace(items=[item for item in own.items if item.result.area.members in shared])
        for own in (left, right)
    )
    first, second = _closest(*choices)
    other = compare(first.result, second.result, thresholds=limits)
    return LikeForLike(
        first=first.formatted,
        second=second.formatted,
        difference=other.formatted,
        equal=Message("countries: both are figures of {area}", area=first.scope.area),
        verdict=other.verdict,
    )


def _inferred(pair: tuple[Indicator, Indicator], *sides: ComparedSource) -> LikeForLike | None:
    """Return the bounds of a count for the smaller area, from all figures of the larger area."""
    results = [item.result for item in pair]
    wide, narrow = sorted(range(2), key=lambda i: -len(results[i].area.members))
    area, value = results[narrow].area, results[narrow].value
    if not results[wide].area.members > area.members or value is None:
        return None
    bounds = _bounds(sides[wide], results[wide], results[narrow])
    # A lower bound of 0 and an open upper bound hold for any data.
    if bounds is None or not bounds.lower or bounds.upper is None:
        return None
    kind, numbers = results[0].kind, {wide: bounds, narrow: value}
    return LikeForLike(
        first=kind.format_value(numbers[0]),
        second=kind.format_value(numbers[1]),
        difference=kind.format_difference(numbers[1] - numbers[0]),
        equal=Message(
            "countries: {area}; bounds that follow from all figures of {name} together",
            area=pair[narrow].scope.area,
            name=sides[wide].name,
        ),
    )


def _bounds(side: ComparedSource, wide: Result, narrow: Result) -> Interval | None:
    """Return the bounds of a count for another area, if the claims restrict it."""
    kind, report = wide.numerator_kind, side.content.report
    codes = _attributes(wide) | dict(wide.category)
    if wide.kind is not ResultKind.COUNT or not report.claims:
        return None
    options: dict[str, Any] = {"area": narrow.area, "period": wide.period, **codes}
    try:
        return infer(report, kind.kind, time_limit=_TIME_LIMIT, **options).bounds
    except ThbstatsError:
        return None


_CHARTS = "\ue000"
"""A character for private use, the mark of the charts in a page."""

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

    def further(self, side: int) -> list[Indicator]:
        """Return the published figures of one side that are not in a row or in another list."""
        own, shown = self.sides[side], [row.figures[side] for row in self.indicators]
        if own.content.of != "publication":
            return []
        known = {id(item) for item in (*shown, *self.only(side))}
        items = (item for item in own.content.indicators if not own.is_calculated(item))
        return [item for item in items if id(item) not in known and item.formatted != NOT_BOUNDED]

    def display_table(self) -> DisplayTable:
        """Return one row per indicator: figures, difference, verdict and reasons."""
        return self._table.in_language(self.language)

    @property
    def _table(self) -> DisplayTable:
        columns: list[Column | str] = [Message("Indicator")]
        cells: list[list[Cell | str]] = [[own.name for own in self.indicators]]
        for number, side in enumerate(self.sides):
            scope = [*filter(None, (side.content.usual.area, side.content.usual.period))]
            head = Message("{name}: {text}", name=side.name, text=joined(scope, last=", "))
            columns.append(Column(head if scope else side.name, "right"))
            cells.append([self._figure(side, own.figures[number], own) for own in self.indicators])
        notes: list[str] = [Message("Figures that are not comparable have no difference here.")]
        if any(str(cell).partition(" (")[0].endswith("*") for own in cells[1:] for cell in own):
            notes.append(Message("* Calculated from published counts."))
        steps = [[step for step in own.steps if step.is_comparable] for own in self.indicators]
        if any(steps):
            columns.append(Column(Message("Difference"), "right"))
            cells.append([_series([s.comparison.formatted for s in own]) for own in steps])
        columns.append(Message("Comparable?"))
        cells.append(
            [Cell(self._verdict(i), tone=VERDICT_TONES[i.verdict]) for i in self.indicators]
        )
        return DisplayTable(
            caption=Message("Indicators in two or more sources"),
            columns=columns,
            rows=[list(row) for row in zip(*cells, strict=True)],
            notes=notes,
        )

    def page(self) -> Page:
        """Return the comparison as a page, with a description of each chart."""
        drawn = [Bullets([self._description(own) for own in self._drawn])]
        return self._page(drawn if self._drawn else []).in_language(self.language)

    def to_document(self) -> str:
        """Return the page as one HTML document with charts; it loads and runs nothing."""
        page = self._page([_CHARTS] if self._drawn else [])
        html = to_html(page.in_language(self.language))
        charts = "".join(map(self._chart, self._drawn))
        html = html.replace(f"<p>{_CHARTS}</p>", f'<div class="thb-slopes">{charts}</div>', 1)
        style = package_text("thbstats.comparison_pages", "slopes.css")
        return html.replace("</style>", f"{style}</style>", 1)

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
            If the extension is not known.
        """
        writers: dict[str, Callable[[], str]] = {
            ".html": self.to_document,
            ".md": lambda: to_markdown(self.page()),
            ".txt": lambda: to_text(self.page()),
            ".json": lambda: json.dumps(self.to_dict(), indent=2, ensure_ascii=False),
        }
        write_as(path, writers)

    def __repr__(self) -> str:
        names, size = " and ".join(side.name for side in self.sides), len(self.indicators)
        return f"<{type(self).__name__} of {names}: {size} indicators>"

    def _page(self, charts: Sequence[str | Bullets]) -> Page:
        size, like = len(self.indicators), self._like_for_like()
        verdicts = [
            Message("{n} {verdict}", n=count(n), verdict=own.label)
            for own, n in self.verdicts.items()
            if n
        ]
        lead: str = Plural(
            "{n} indicator is in two or more sources. Comparisons: {verdicts}.",
            "{n} indicators are in two or more sources. Comparisons: {verdicts}.",
            size,
            n=count(size),
            verdicts=joined(verdicts, last=", "),
        )
        if not size:
            lead = Message("No indicator is in two or more sources.")
        nearest = Message("No nearer pair of numbers can be calculated from these sources.")
        if like.rows:
            nearest = Message("These pairs differ in fewer properties than the figures above.")
        undrawn = Message("No chart: no two figures are comparable.")
        sections = [
            PageSection(heading=Message("Figures side by side"), tables=[self._table]),
            PageSection(
                heading=Message("Like for like"), prose=nearest, tables=[like] * bool(like.rows)
            ),
            PageSection(heading=Message("Charts"), prose=charts or undrawn),
            PageSection(heading=Message("Reasons"), prose=[*self._notes()]),
        ]
        for number, side in enumerate(self.sides):
            items, further = (
                [
                    Message("{name}: {text}", name=item.name, text=self._figure(side, item))
                    for item in own
                ]
                for own in (self.only(number), self.further(number))
            )
            if further:
                text = "Further figures of the indicators above: {figures}"
                items.append(Message(text, figures=_series(further)))
            for kind, ids in _others(side).items():
                own = {"kind": kind, "ids": ids}
                items.append(Message("Not compared, claims of kind {kind}: {ids}", **own))
            claims = side.content.report.claims
            if ids := ", ".join(own.id for own in claims if own.is_counted and not area_of(own)):
                items.append(Message("Not compared, without a stated area: {ids}", ids=ids))
            if items:
                heading = Message("Only in {name}", name=side.name)
                sections.append(PageSection(heading=heading, prose=[Bullets(items)]))
        reports = [side.content.report for side in self.sides]
        sources = [", ".join(filter(None, [r.publisher, r.document or r.title])) for r in reports]
        names = [side.name for side in self.sides]
        is_plain = not any("," in name or " and " in name for name in names)
        return Page(
            kicker=" · ".join(dict.fromkeys(r.publisher for r in reports if r.publisher)),
            title=joined(names) if is_plain else _series(names),
            lead=lead,
            sections=sections,
            footer=Message(
                "Figures: {sources}. Comparison: thbstats {version}.",
                sources=_series(dict.fromkeys(sources)),
                version=__version__,
            ),
        )

    def _pairs(self, own: MatchedIndicator) -> Iterator[tuple[ComparedSource, Indicator | None]]:
        return zip(self.sides, own.figures, strict=True)

    def _figure(
        self, side: ComparedSource, item: Indicator | None, own: MatchedIndicator | None = None
    ) -> str:
        """Return a figure with the details that its row and column headings do not state."""
        if item is None:
            return ""
        base, further = item.result.base, list[str]()
        if own is not None and len(own.names) > 1 and base.rule in ("all", "known"):
            further.append(Message("of {base}", base=base.label))
        scope, usual = item.scope, side.content.usual
        further += [scope.area] * (scope.area != usual.area)
        if own is None or not own.period:  # the name of a row contains a common period
            further += [scope.period] * (scope.period != usual.period)
        if item.has_coverage and item.left_out:
            further.append(Message("in {coverage} countries", coverage=item.coverage))
        text: str = item.formatted
        if side.is_calculated(item):
            text = joined((text, "*"), last="", separator="")
        return _with_details(text, further)

    def _verdict(self, own: MatchedIndicator) -> str:
        """Return the verdicts of an indicator with their reasons."""
        parts = list[tuple[list[str], str]]()
        pairs = [(side, item) for side, item in self._pairs(own) if item is not None]
        names = [side.name if own.period else str(item.result.period) for side, item in pairs]
        for step, (first, second) in zip(own.steps, pairwise(names), strict=True):
            reasons = []
            for item in decisive(step.comparison):
                is_open = item.outcome is Outcome.NOT_ASSESSABLE and item.scope == "pair"
                title = lowered(item.title)
                reasons.append(Message("perhaps {reason}", reason=title) if is_open else title)
            text = _with_details(step.comparison.verdict.label, dict.fromkeys(reasons))
            if parts and parts[-1][1] == text:
                parts[-1][0].append(second)
            else:
                parts.append(([first, second], text))
        if len(self.sides) == 2:
            return _series(text for _, text in parts)
        return _series(
            Message("{name}: {text}", name=joined(span, last=" → ", separator=" → "), text=text)
            for span, text in parts
        )

    def _like_for_like(self) -> DisplayTable:
        rows = [
            [
                own.name,
                *(like.first, like.second, like.difference),
                like.verdict.label if like.verdict else Message("bounds"),
                like.equal,
            ]
            for own in self.indicators
            for like in (step.like_for_like for step in own.steps)
            if like is not None
        ]
        numbers = [Message("First"), Message("Second"), Message("Difference")]
        return DisplayTable(
            caption=Message("Nearest pairs"),
            columns=[
                Message("Indicator"),
                *(Column(own, "right") for own in numbers),
                *(Message("Comparable?"), Message("Equal in both")),
            ],
            rows=rows,
        )

    def _notes(self) -> Iterator[Bullets]:
        """Yield the reasons of the verdicts, and the limitations of the figures."""
        reasons = list(self._reasons())
        steps = [step for own in self.indicators for step in own.steps]
        limits, gaps = dict[str, None](), dict[str, None]()
        for own in (own for step in steps for own in step.comparison.limitations):
            if own.code == NOT_DOCUMENTED:
                gaps |= dict.fromkeys(what for _, what in own.evidence)
            else:
                limits[sentence(own.message)] = None
        if gaps:
            limits[sentence(Message("not documented: {metadata}", metadata=tuple(gaps)))] = None
        if reasons:
            yield Bullets(reasons)
        if limits:
            yield Bullets(list(limits), heading=Message("Limitations of the figures"))

    def _reasons(self) -> Iterator[str]:
        """Yield each reason once, with an example of its message and the indicators concerned."""
        names, messages = dict[str, dict[str, None]](), dict[str, dict[str, None]]()
        for own in self.indicators:
            for item in (item for step in own.steps for item in decisive(step.comparison)):
                names.setdefault(item.title, {})[own.name] = None
                messages.setdefault(item.title, {})[item.message] = None
        every = len({own.name for own in self.indicators})
        for title, concerned in names.items():
            first, *others = messages[title]
            n = len(others)
            more = Plural("{n} similar message", "{n} similar messages", n, n=n)
            which = Message("all indicators") if len(concerned) == every else _series(concerned)
            own_texts = {"title": title, "text": _series([first, *[more] * bool(n)])}
            yield Message("{title}: {text} ({indicators}).", **own_texts, indicators=which)

    @property
    def _drawn(self) -> list[MatchedIndicator]:
        return [own for own in self.indicators if any(step.is_comparable for step in own.steps)]

    def _description(self, own: MatchedIndicator) -> str:
        figures = [
            (side.name, item.formatted if own.period else f"{item.formatted}, {item.scope.period}")
            for side, item in self._pairs(own)
            if item is not None
        ]
        texts = [Message("{name}: {text}", name=name, text=text) for name, text in figures]
        return Message("{name}. {text}.", name=own.name, text=_series(texts))

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
            text = self.language.text(item.formatted)
            shapes.append(
                f'<line x1="{x:.1f}" y1="{low:.1f}" x2="{x:.1f}" y2="{high:.1f}"/>'
                f'<circle cx="{x:.1f}" cy="{(low + high) / 2:.1f}" r="3"/>'
                f'<text x="{x:.1f}" y="{high - 8:.1f}">{escape(text)}</text>'
                f'<text x="{x:.1f}" y="{_BASE + 16}">{escape(label)}</text>'
            )
        texts = (escape(self.language.text(text)) for text in (own.name, self._description(own)))
        name, description = texts
        return (
            f"<figure><figcaption>{name}</figcaption>"
            f'<svg viewBox="0 {_TOP - 24} {_WIDTH} {_BASE - _TOP + 48}" role="img" '
            f'aria-label="{description}">'
            f'<line class="thb-axis" x1="0" y1="{_BASE}" x2="{_WIDTH}" y2="{_BASE}"/>'
            f"{''.join(shapes)}</svg></figure>"
        )


def _series(texts: Iterable[str]) -> str:
    """Return texts with semicolons between them."""
    return joined(texts, last="; ", separator="; ")


def _with_details(text: str, details: Iterable[str]) -> str:
    """Return a text with details in brackets, if there are any."""
    others = _series(details)
    return Message("{text} ({others})", text=text, others=others) if others else text


def _others(side: ComparedSource) -> dict[str, str]:
    """Return the ids of claims that are not compared, such as changes and rankings, by kind."""
    kinds = (ClaimKind.CHANGE, ClaimKind.RATE, ClaimKind.RANKING, ClaimKind.NUMBER)
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
        "reasons": [item.to_dict() for item in decisive(step.comparison)],
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
    Areas, periods, denominators and statuses can differ: `compare` names the differences.

    Parameters
    ----------
    first, second, *more : Publication, str, CountTable, Dataset or Reading
        Publications as claims, or their names such as ``"com-2018-777"``, or counts. Three or more
        are a series: each source is compared with the previous one. Tables with a publication give
        the numbers that the publication contains.
    names : iterable of str, optional
        The name of each source; by default the document number, or the title.
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
    UnknownName
        If the library has no publication of a name.

    Notes
    -----
    The like-for-like pair is the nearest pair of `compare`; else figures of the two sources with
    the same countries; else, for a count, the bounds for the smaller area that `infer` derives.

    Examples
    --------
    >>> import thbstats as thb
    >>> found = thb.compare_publications("com-2018-777", "com-2020-661")
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
    sources: list[Any] = [first, second, *more]
    for number, own in enumerate(sources):
        if isinstance(own, str):
            sources[number] = publication_named(own)
        elif isinstance(own, Reading):
            sources[number] = own.data
        elif isinstance(own, CountTable):
            sources[number] = Dataset(**{own.kind: own})
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
        ComparedSource(
            name=name or capitalised(own.report.document or own.report.title), content=own
        )
        for name, own in zip(labels, contents, strict=True)
    )
    indicators = sorted(matched(sides, limits), key=lambda own: list(Verdict).index(own.verdict))
    return SideComparison(sides=sides, indicators=tuple(indicators), language=Language.of(language))


def _answering(content: Content, questions: Sequence[Indicator], limits: Thresholds) -> Content:
    """Return the content of a table, limited to numbers that publications also contain."""
    if content.of == "publication":
        return content
    counts = [own for item in questions for own in answers(content, item, limits)]
    return evolve(content, counts=tuple(counts), shares=(), ratios=())


def _restricted(
    data: Dataset, tables: Sequence[Dataset], area: "str | Area | None", periods: int
) -> Dataset:
    """Return tables with the countries and the latest periods that all of them have.

    A table whose kind is not in all of them stays whole: its figures are those of one source.
    """
    own = {}
    for table in data.tables():
        peers = [peer for other in tables for peer in other.tables() if peer.kind == table.kind]
        where: dict[str, Any] = {}
        for name in ("area", "period") if 1 < len(peers) == len(tables) else ():
            shared = set.intersection(*(set(peer.categories(name)) for peer in peers))
            if shared:
                where[name] = [code for code in table.categories(name) if code in shared]
        if area is not None:
            members = Area.parse(area).members
            codes = where.get("area", table.categories("area"))
            where["area"] = [code for code in codes if Area.parse(code).members <= members]
        if "period" in where:
            key = table.columns.schema["period"].sort_key
            where["period"] = sorted(where["period"], key=key)[-periods:]
        own[table.kind] = table.where(**where) if where else table
    return Dataset(**own)
