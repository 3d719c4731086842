"""Passports: one page for one figure, with the sentences that it supports."""

import json
import os
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from fractions import Fraction
from html import escape
from math import ceil, floor, log10
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from thbstats._characters import escape as escape_controls
from thbstats._files import package_text, write_as, write_files
from thbstats._properties import cached_property
from thbstats._version import __version__
from thbstats.claims import Publication
from thbstats.display import (
    Bullets,
    Page,
    PageSection,
    count,
    decimal,
    percent,
    signed,
    signed_percent,
    to_markdown,
    to_text,
)
from thbstats.display.html import html_document
from thbstats.display.strings import clean
from thbstats.errors import ThbstatsError
from thbstats.geography import Area
from thbstats.languages import Language, capitalised, nested
from thbstats.panel import Panel, Result, ResultKind
from thbstats.passports.figure_names import heading
from thbstats.passports.statements import FigureText
from thbstats.values import Interval

_WIDTH, _LEFT = 344, 8
"""The length of the axis and its start, in units of the drawing."""


def drawing(figure: FigureText, published: Result | None, text: Callable[[str], str]) -> str:
    """Return the range of a figure on one axis as SVG; empty without a value or a bound.

    The pale bar is the possible range, the dark bar or mark the value, and the mark with a text
    the published figure.
    """
    result = figure.result
    published = result if figure.is_published else published
    marks = None if published is None else published.value
    wide = result.bounds_with_unknown
    bars = [("possible", wide)] * bool(figure.bounds)
    bars += [("value", result.value)] if figure.has_value and result.value is not None else []
    ends = [
        Fraction(end)
        for own in (*(bar for _, bar in bars), marks)
        if own is not None
        for end in (own.lower, own.upper)
        if end is not None
    ]
    if not bars:
        return ""
    low, high, step = _axis(result.kind, ends)

    def position(number: Fraction) -> float:
        return round(_LEFT + _WIDTH * float((number - low) / (high - low)), 1)

    parts = [f'<line x1="{_LEFT}" x2="{_LEFT + _WIDTH}" y1="34" y2="34"/>']
    for name, own in bars:
        first, last = _ends(own, low, high)
        start, width = position(first), max(position(last) - position(first), 0)
        # A single value is a mark of its own width.
        mark = (start - 1.5, 3.0) if width < 3 else (start, width)
        size = f'x="{mark[0]:.1f}" width="{mark[1]:.1f}" y="27" height="14"'
        parts.append(f'<rect class="{name}" {size}/>')
    if marks is not None and published is not None:
        first, last = _ends(marks, low, high)
        x = position((first + last) / 2)
        label = escape(text(heading("published", value=FigureText(published).value)))
        side = "start" if x < _WIDTH / 3 else "end" if x > _WIDTH * 2 / 3 else "middle"
        parts.append(f'<path class="published" d="M{x} 18V46"/>')
        parts.append(f'<text class="published" x="{x}" y="12" text-anchor="{side}">{label}</text>')
    number = low
    while number <= high:
        x = position(number)
        side = "start" if number == low else "end" if number == high else "middle"
        tick = escape(text(_tick(result.kind, number, step)))
        parts.append(f'<text x="{x}" y="58" text-anchor="{side}">{tick}</text>')
        number += step
    label = escape(text(figure.possible))
    top = 0 if marks is not None else 18  # the place of the published figure
    return (
        f'<svg viewBox="0 {top} {_WIDTH + 2 * _LEFT} {64 - top}" role="img" aria-label="{label}">\n'
        f"{chr(10).join(parts)}\n</svg>"
    )


def _ends(number: Interval, low: Fraction, high: Fraction) -> tuple[Fraction, Fraction]:
    """Return the bounds of a number on the axis; a missing bound is the end of the axis."""
    first = low if number.lower is None else Fraction(number.lower)
    last = high if number.upper is None else Fraction(number.upper)
    return max(first, low), min(last, high)


def _axis(kind: ResultKind, ends: Sequence[Fraction]) -> tuple[Fraction, Fraction, Fraction]:
    """Return the start, the end and the step of the axis, around all bounds and 0."""
    if kind in (ResultKind.SHARE, ResultKind.INDEX):
        return Fraction(0), Fraction(1), Fraction(1, 4)
    lowest, highest = min([*ends, Fraction(0)]), max([*ends, Fraction(0)])
    raw = float(highest - lowest or 1) / 4
    size = Fraction(10) ** floor(log10(raw))
    step = next(size * n for n in (1, 2, 5, 10) if size * n >= raw)
    first, last = floor(lowest / step) * step, ceil(highest / step) * step
    return first, last if last > first else first + step, step


def _tick(kind: ResultKind, number: Fraction, step: Fraction) -> str:
    """Return a number of the axis as text."""
    whole = kind in (ResultKind.SHARE, ResultKind.RELATIVE_CHANGE, ResultKind.DIFFERENCE)
    digits = max(0, -floor(log10(step * 100 if whole else step)))
    if kind is ResultKind.SHARE:
        return percent(number, digits)
    if kind is ResultKind.RELATIVE_CHANGE:
        return signed_percent(number, digits)
    if kind in (ResultKind.CHANGE, ResultKind.DIFFERENCE):
        return signed(number * (100 if whole else 1), digits)
    return decimal(number, digits) if digits else count(number)


Published = Publication | Result | None
"""A published figure, or the publication that contains it."""

_CODE = "THBSTATSCALL"
"""The text in place of the call, which is not escaped in Markdown."""

_BLOCKS = ("write", "refuse", "compare", "coverage", "source", "call", "limitation")
"""The sections of a passport, in their order."""


@frozen(slots=False, eq=False, repr=False)
class Passport:
    """One page for one figure.

    Parameters
    ----------
    result : Result
        The figure.
    language : Language
        The language of its sentences.
    published : Result, optional
        The published figure on the same axis.
    data : str
        Python lines that read the tables of the call.
    """

    result: Result
    language: Language
    published: Result | None = None
    data: str = ""

    def __repr__(self) -> str:
        return f"<Passport of {self.title}: {self.figure.value}>"

    @cached_property
    def figure(self) -> FigureText:
        """The figure with the values of its sentences."""
        return FigureText(self.result)

    @cached_property
    def title(self) -> str:
        """The name of the figure."""
        return self.text(self.figure.title)

    @cached_property
    def call(self) -> str:
        """The Python code that returns the figure; empty if no indicator made it."""
        return "\n".join(filter(None, (self.data, self.result.call))) if self.result.call else ""

    @cached_property
    def sections(self) -> dict[str, tuple[str, ...]]:
        """The sentences of each section, by heading."""
        figure = self.figure
        unrecorded = "published" if figure.is_published else "no_call"
        blocks = {
            "write": figure.sentences(),
            "refuse": figure.refusals(),
            "compare": figure.comparisons(self.published),
            "coverage": figure.coverage(),
            "source": figure.sources(),
            "call": [self.call or figure.message("sources", unrecorded)],
            "limitation": figure.limitations(),
        }
        own = {
            self.heading(key): tuple(self.text(capitalised(text)) for text in blocks[key])
            for key in _BLOCKS
        }
        # Code stays in its lines.
        return own | {self.heading("call"): (self.call,)} if self.call else own

    def page(self, code: str = "") -> Page:
        """Return the passport as a page of sections.

        Parameters
        ----------
        code : str
            A text in place of the call, whose lines are paragraphs by default.
        """
        figure, values = self.figure, self.figure.values
        head = (figure.value, figure.counts, figure.possible, figure.caution)
        prose = [*map(self.text, filter(None, head))]
        sections = [PageSection(heading=self.heading("figure"), prose=prose)]
        for name, items in self.sections.items():
            lines = [code] if code else self.call.splitlines()
            listed = [Bullets(items)] if len(items) > 1 else items
            is_call = items == (self.call,)
            sections.append(PageSection(heading=name, prose=lines if is_call else listed))
        location = f"{self.text(figure.location)} · {self.text(values['period'])}"
        kicker, lang = self.heading("passport"), self.language.code
        return Page(title=self.title, kicker=kicker, lead=location, sections=sections, lang=lang)

    def to_text(self) -> str:
        """Return the passport as text of 80 columns."""
        return to_text(self.page())

    def to_markdown(self) -> str:
        """Return the passport as Markdown."""
        return to_markdown(self.page(_CODE)).replace(_CODE, f"```python\n{self.call}\n```", 1)

    def to_html(self) -> str:
        """Return the passport as an HTML document of one page, with its data as JSON-LD."""
        figure, values = self.figure, self.figure.values
        location, period, value, counts, possible, caution = (
            escape(self.text(own))
            for own in (figure.location, values["period"], figure.value, figure.counts,
                        figure.possible, figure.caution)
        )  # fmt: skip
        level = next((str(own.severity) for own in self.result.warnings), "note")
        rows = [
            f"<dt>{escape(name)}</dt>\n<dd>{_items(items, is_code=items == (self.call,))}</dd>"
            for name, items in self.sections.items()
        ]
        # "<" would end the element.
        data = json.dumps(self.to_dict(), ensure_ascii=False).replace("<", "\\u003c")
        body = f"""\
<p class="kicker">{escape(self.heading("passport"))} · thbstats {__version__}</p>
<h1>{escape(self.title)}</h1>
<p class="place">{location} · {period}</p>
<p class="figure"><b>{value}</b> <span>{counts}</span></p>
<p>{possible}</p>
{drawing(figure, self.published, self.text)}
{f'<p class="caution {level}">{caution}</p>' if caution else ""}
<dl>
{chr(10).join(rows)}
</dl>
<footer>{escape(self.heading("attached"))}</footer>
<script type="application/ld+json">{data}</script>"""
        return _page(self.title, body, self.language.code)

    def to_dict(self) -> dict[str, Any]:
        """Return the passport as JSON-LD: an observation of schema.org.

        ``value`` is missing if the figure is not one number. ``minValue`` and ``maxValue`` are the
        possible range.
        """
        result, figure, period = self.result, self.figure, self.result.period
        denominator = "" if result.base.rule == "none" else self.text(figure.values["second"])
        lists: dict[str, Any] = {
            "status": result.status.code,
            "figure as text": self.text(figure.value),
            "reference period": str(period),
            "countries in the figure": sorted(figure.inside or ()),
            "countries not in the figure": sorted(figure.missing),
            "warnings": [str(own) for own in result.warnings],
            "limitations": [str(own) for own in result.limitations],
            "call": self.call,
        }
        properties = [_typed("PropertyValue", name=name, value=own) for name, own in lists.items()]
        properties += [
            _typed("PropertyValue", name=name, **_properties(getattr(result, name)))
            for name in ("numerator", "denominator", "bounds")
        ]
        sources = [
            _typed(
                "CreativeWork",
                name=own.title,
                identifier=own.document,
                publisher=own.publisher and _typed("Organization", name=own.publisher),
                datePublished=own.published and own.published.isoformat(),
                url=own.url,
            )
            for own in dict.fromkeys(evolve(own, section="") for own in result.all_sources)
        ]
        location = {"name": self.text(figure.values["area"]), "identifier": result.area.code}
        observation = _typed(
            "Observation",
            name=self.title,
            description=" ".join(self.sections[self.heading("write")]),
            inLanguage=self.language.code,
            observationAbout=_typed("Place", **location),
            observationDate=period.end and period.end.isoformat(),
            variableMeasured=_typed("StatisticalVariable", name=self.title),
            measurementDenominator=denominator and _typed("StatisticalVariable", name=denominator),
            value=_properties(result.value).get("value"),
            **_properties(result.bounds_with_unknown, value=False),
            unitText=str(result.kind),
            additionalProperty=[own for own in properties if len(own) > 2],
            subjectOf=sources,
        )
        return {"@context": "https://schema.org", **observation}

    def to_json(self) -> str:
        """Return the passport as JSON-LD, as `to_dict`."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False)

    def heading(self, key: str) -> str:
        """Return a heading in the language of the passport."""
        return self.text(heading(key))

    def text(self, text: object) -> str:
        """Return a text in the language of the passport, as one line."""
        own = self.language.text(text if isinstance(text, str) else str(text))
        # Non-breaking spaces stay.
        return escape_controls(re.sub(r"[\t\n\r ]+", " ", nested(own)))

    def write(self, path: str | os.PathLike[str]) -> None:
        """Write the passport to a file; the file extension determines the format.

        Parameters
        ----------
        path : str or path
            A file with the extension ``.html``, ``.md``, ``.txt`` or ``.json``. An existing file
            is replaced.

        Raises
        ------
        UnknownName
            If the extension is not known.
        """
        texts: dict[str, Callable[[], str]] = {
            **dict.fromkeys((".html", ".htm"), self.to_html),
            ".md": self.to_markdown,
            ".txt": self.to_text,
            ".json": self.to_json,
        }
        write_as(path, texts)


def _typed(kind: str, **fields: Any) -> dict[str, Any]:
    """Return an object of schema.org without empty fields; 0 is not empty."""
    filled = {name: own for name, own in fields.items() if own not in (None, "", [], ())}
    return {"@type": kind, **filled}


def _properties(number: Interval | None, *, value: bool = True) -> dict[str, Any]:
    """Return one value, or the existing bounds of a number."""
    if number is None:
        return {}
    ends = {"minValue": number.lower, "maxValue": number.upper}
    if value and number.value is not None:
        ends = {"value": number.value}
    floats = {name: float(own) for name, own in ends.items() if own is not None}
    return {name: int(own) if own.is_integer() else own for name, own in floats.items()}


def passport_of(
    result: Result,
    path: str | os.PathLike[str] | None,
    language: str,
    published: Published,
    data: str,
) -> Passport:
    """Return the passport of a figure, and write it to a file, as `Result.passport`."""
    if isinstance(published, Publication):
        published = _published_figure(published, result)
    made = Passport(result, Language.of(language), published, data.strip())
    if path is not None:
        made.write(path)
    return made


def _published_figure(report: Publication, result: Result) -> Result | None:
    """Return the published share of the same categories, area and period.

    Of several, the first one of the same kind of count and rule of the denominator is chosen.
    """
    own, shares = result.numerator_kind, list[Result]()
    for claim in report.claims:
        same = (str(claim.period), dict(claim.category)) == (
            str(result.period), {name: str(code) for name, code in result.category},
        )  # fmt: skip
        is_share = claim.percent is not None and claim.area and result.kind is ResultKind.SHARE
        if same and is_share and Area.parse(claim.area) == result.area:
            with suppress(ThbstatsError):
                published = report.share(claim.id)
                is_same = published.base.within == result.base.within
                if is_same and published.numerator_kind.kind == own.kind:
                    shares.append(published)

    def similarity(item: Result) -> int:
        is_same_kind = item.numerator_kind.label == own.label
        return 2 * is_same_kind + (item.base.rule == result.base.rule)

    return max(shares, key=similarity, default=None)


def write_passports(
    panel: Panel, folder: str | os.PathLike[str], language: str, data: str
) -> tuple[Path, ...]:
    """Write a passport of each row of a panel and an index, as `Panel.passport`."""
    home, chosen = Path(folder), Language.of(language)
    made = [Passport(row, chosen, None, data.strip()) for row in panel]
    keys = (re.sub(r"\W+", "-", "-".join(own)).lower() for own in panel.names)
    width = len(str(len(made)))
    names = [f"{i:0{width}}-{key or 'figure'}.html" for i, key in enumerate(keys, start=1)]
    title = clean(chosen.text(capitalised(panel.caption)))
    index = _index(title, [*zip(names, made, strict=True)], chosen)
    home.mkdir(parents=True, exist_ok=True)
    paths = (home / "index.html", *(home / name for name in names))
    write_files(zip(paths, (index, *(own.to_html() for own in made)), strict=True))
    return paths


def _index(title: str, passports: Sequence[tuple[str, Passport]], language: Language) -> str:
    """Return a page with a link to each passport, its value and its caution."""
    head = "".join(
        f'<th scope="col">{escape(language.text(heading(name)))}</th>'
        for name in ("place", "figure", "value", "range")
    )
    rows = []
    for file, own in passports:
        values = own.figure.values
        location, period, value, possible = (
            escape(own.text(text))
            for text in (own.figure.location, values["period"], own.figure.value, values["bounds"])
        )
        link = f'<a href="{escape(file)}">{location} · {period}</a>'
        rows.append(
            f'<tr><th scope="row">{link}</th><td>{escape(own.title)}</td>'
            f"<td>{value}</td><td>{possible}</td></tr>"
        )
    kicker = escape(language.text(heading("index")))
    body = (
        f'<p class="kicker">{kicker} · thbstats {__version__}</p>\n<h1>{escape(title)}</h1>\n'
        f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{chr(10).join(rows)}\n</tbody>\n</table>"
    )
    return _page(title, body, language.code)


def _items(items: Sequence[str], *, is_code: bool) -> str:
    """Return sentences as a list; a single sentence is returned unchanged."""
    if is_code:
        return f'<pre tabindex="0"><code>{escape(items[0])}</code></pre>'
    if len(items) == 1:
        return escape(items[0])
    return f"<ul>{''.join(f'<li>{escape(item)}</li>' for item in items)}</ul>"


def _page(title: str, body: str, lang: str) -> str:
    style = f"<style>\n{package_text('thbstats.passports', 'passport.css')}</style>"
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return html_document(title, body, style, lang, policy)
