"""Reports in all formats."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import count as counted_from
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from thbstats._files import package_text, write_as, write_file
from thbstats._signatures import explain_arguments
from thbstats._version import __version__
from thbstats.auditing.claims_audit import TIME_LIMIT
from thbstats.display import (
    PLAIN,
    Bullets,
    NumberStyle,
    Page,
    PageSection,
    count,
    mime_bundle,
    number_style,
    rich_text,
    to_html,
    to_markdown,
    to_text,
)
from thbstats.errors import require
from thbstats.files import UnsupportedFeature
from thbstats.languages import Day, Language, Message, Plural, joined, paragraph
from thbstats.panel.category_names import with_article
from thbstats.publications import publication_named
from thbstats.reports.content import Content
from thbstats.reports.data import report_csv, report_data
from thbstats.reports.section import Figure, RenderedSection, Section, render_sections
from thbstats.reports.sections import DEFAULT_SECTIONS
from thbstats.reports.subject import Subject, content_of
from thbstats.reports.workbook import write_workbook
from thbstats.rules import Thresholds
from thbstats.tables.sums import labeller, translator

if TYPE_CHECKING:
    import os

    from rich.console import Console, ConsoleOptions
    from rich.text import Text

_SIGN = "\ue000"
"""A character for private use, the mark of a picture in a page."""


def _lead(content: Content) -> str:
    """Return the line under the title: the author and the area; empty for a result."""
    if content.of == "results":
        return ""
    publisher, rows = content.report.publisher, sum(map(len, content.data.tables()))
    by = Message("Automatic check by the software thbstats")
    if content.of == "counts":
        by = Plural(
            "Calculated by the software thbstats from {n} count",
            "Calculated by the software thbstats from {n} counts",
            rows,
            n=count(rows),
        )
    if publisher:
        text = "{author}, without review by the publisher, {publisher}"
        by = Message(text, author=by, publisher=publisher)
    usual, text = content.usual, "All figures are for {area} unless stated otherwise."
    where = joined(filter(None, [with_article(usual.area), usual.period]), ", ")
    return paragraph([Message("{text}.", text=by), where and Message(text, area=where)])


def _footer(content: Content) -> str:
    """Return the source of the figures, and the author of the calculations."""
    report = content.report
    source = ", ".join(filter(None, [report.publisher, report.document])) or report.title
    figures, calculations = "Figures: {source}.", "Calculations: thbstats {version}."
    texts = [Message(figures, source=source), report.url or ""]
    return paragraph([*texts, Message(calculations, version=__version__)])


@frozen(kw_only=True, repr=False)
class Document:
    """A report.

    Parameters
    ----------
    content : Content
        Its numbers.
    parts : tuple of RenderedSection
        Its sections.
    full : bool
        Whether text and Markdown contain the annex, and HTML shows it open.
    language : Language
        The language of page, text, Markdown, HTML and the first sheet of a workbook. JSON, CSV and
        tidy sheets are in English.
    """

    content: Content
    parts: tuple[RenderedSection, ...] = field(converter=tuple[RenderedSection, ...])
    full: bool = False
    language: Language = field(factory=lambda: Language.of("en"))

    @property
    def title(self) -> str:
        """The title."""
        return self.language.text(self.content.report.title)

    @property
    def page(self) -> Page:
        """The document as a page of texts and tables, with the descriptions of its pictures.

        It contains the annex if the document is full.
        """
        return self._page(lambda _number, figure: figure.words, annex=self.full)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The pictures, in the order of the page."""
        texts = (text for part in self.parts for text in part.texts)
        return tuple(text for text in texts if isinstance(text, Figure))

    def to_html(self) -> str:
        """Return one HTML document without external files and without scripts.

        It follows the reader's light or dark mode, and prints in black on white. The annex is
        collapsed unless the document is full.
        """
        html = to_html(self._page(lambda number, _figure: f"{_SIGN}{number}", annex=True))
        for number, figure in enumerate(self.figures, start=1):
            picture = figure.in_language(self.language).html
            html = html.replace(f"<p>{_SIGN}{number}</p>", picture, 1)
        style = package_text("thbstats.reports", "report.css")
        return html.replace("</style>", f"{style}</style>", 1)

    def to_markdown(self) -> str:
        """Return Markdown with the tables of GitHub, and the descriptions of pictures."""
        return to_markdown(self.page)

    def to_text(self, width: int = 80, *, color: bool = False) -> str:
        """Return plain text.

        Parameters
        ----------
        width : int
            No line is wider; less than 40 is taken as 40.
        color : bool
            Whether to colour with ANSI codes.
        """
        return to_text(self.page, width, color=color)

    def to_json(self) -> str:
        """Return the data of `report_data` as JSON."""
        data = report_data(self.content)
        return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False)

    def to_csv(self, *, neutralise: bool = False) -> str:
        """Return the rows of `report_rows` as CSV, with a header.

        Parameters
        ----------
        neutralise : bool
            Whether an apostrophe is put before texts that a spreadsheet takes for formulas.
        """
        return report_csv(self.content, neutralise=neutralise)[0]

    def to_xlsx(self, path: "str | os.PathLike[str]") -> None:
        """Write a workbook with the page as its first sheet, and with tidy sheets.

        The first sheet has the texts and tables of the page without its annexes. The sheets
        ``counts``, ``indicators``, ``comparisons``, ``claims`` and ``warnings`` are tidy tables.

        Parameters
        ----------
        path : str or path
            The file, which is replaced if it exists.

        Raises
        ------
        MissingExtra
            If xlsxwriter is not installed.
        InvalidValue
            If there are more rows than a workbook can hold, or a text is longer than a cell.
        """
        page = self._page(lambda _number, figure: figure.words, annex=False)
        write_workbook(self.content, page, path)

    def save(
        self, path: "str | os.PathLike[str]", *, neutralise: bool = False
    ) -> tuple[UnsupportedFeature, ...]:
        """Write the document to a file, in the format of the file extension.

        Parameters
        ----------
        path : str or path
            The file, which is replaced if it exists: ``.html``, ``.md``, ``.txt``, ``.json``,
            ``.csv`` or ``.xlsx``.
        neutralise : bool
            Whether an apostrophe is put before texts in CSV that a spreadsheet takes for formulas.

        Returns
        -------
        tuple of UnsupportedFeature
            The cells of CSV that a spreadsheet takes for formulas; empty for other formats.

        Raises
        ------
        UnknownName
            If the extension is not known.
        InvalidValue
            If a text contains a lone surrogate, which cannot be encoded.
        MissingExtra
            If it is ``.xlsx`` and xlsxwriter is not installed.
        """
        ending = Path(path).suffix.lower()
        if ending == ".xlsx":
            self.to_xlsx(path)
            return ()
        if ending == ".csv":
            text, losses = report_csv(self.content, neutralise=neutralise)
            write_file(path, text)
            return losses
        texts: dict[str, Callable[[], str]] = {
            **dict.fromkeys((".html", ".htm"), self.to_html),
            ".md": self.to_markdown,
            ".txt": self.to_text,
            ".json": self.to_json,
        }
        write_as(path, texts, ".csv", ".xlsx")
        return ()

    def _page(self, picture: Callable[[int, Figure], str], *, annex: bool) -> Page:
        """Return the page, with a text for each picture."""
        content, report = self.content, self.content.report
        day = report.published
        published = "" if day is None else Day(day)
        left_out = not annex and any(part.annex for part in self.parts)
        numbers = counted_from(1)

        def prose(block: str | Bullets | Figure) -> str | Bullets:
            if isinstance(block, Figure):
                return picture(next(numbers), block)
            if isinstance(block, Bullets):
                return evolve(block, items=map(_without_sign, block.items))
            return _without_sign(block)

        kicker = filter(None, [report.publisher, report.document, published])
        further = Message("Annexes: HTML, or option full.") if left_out else ""
        page = Page(
            kicker=joined(kicker, " · ", " · "),
            title=report.title,
            lead=_lead(content),
            sections=[
                PageSection(
                    heading=Message("Annex: {title}", title=part.title)
                    if part.annex
                    else part.title,
                    prose=map(prose, part.texts),
                    tables=[table.styled(content.style) for table in part.tables],
                    collapsed=part.annex and not self.full,
                )
                for part in self.parts
                if annex or not part.annex
            ],
            footer=paragraph([_footer(content), further]),
        )
        if self.language.code == "en":
            return page
        return page.in_language(self.language, None if content.style is PLAIN else content.style)

    def __str__(self) -> str:
        return self.to_text()

    def __repr__(self) -> str:
        size = len(self.parts)
        number = f"{size} {'section' if size == 1 else 'sections'}"
        title = shorten(self.title, 80 - len(f"<Document '', {number}>"), placeholder="...")
        return f"<Document {title!r}, {number}>"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        """Return HTML, Markdown and text for a notebook, which selects one of them."""
        return mime_bundle(self._repr_html_(), self.to_markdown(), self.to_text())

    def __rich_console__(self, console: "Console", options: "ConsoleOptions") -> "Iterator[Text]":
        """Yield the document in colours, for `rich.print` and consoles of rich."""
        yield rich_text(self.page, options.max_width)

    def _repr_html_(self) -> str:
        """Return style and body, without parts that a page has only once, such as the contents."""
        document = self.to_html()
        start, end = document.index("<style>"), document.index("</style>") + len("</style>")
        body = document[document.index("<main>") + len("<main>") : document.rindex("</main>")]
        body = re.sub(r"<nav .*?</nav>\n?", "", body, flags=re.DOTALL)
        body = re.sub(r'<section id="section-\d+">', "<section>", body)
        body = re.sub(r"<(/?)h([123])>", lambda tag: f"<{tag[1]}h{int(tag[2]) + 1}>", body)
        return f'{document[start:end]}\n<div class="thb">\n<article>{body}</article>\n</div>'


def _without_sign(text: str) -> str:
    return text.replace(_SIGN, "\N{REPLACEMENT CHARACTER}") if _SIGN in text else text


@explain_arguments
def report(
    item: "Subject | Content | str",
    *,
    sections: "Iterable[Section] | None" = None,
    title: str | None = None,
    style: "NumberStyle | str" = "plain",
    periods: int | None = None,
    thresholds: "Thresholds | None" = None,
    full: bool = False,
    language: "str | Language" = "en",
    time_limit: float | None = TIME_LIMIT,
) -> Document:
    """Return a report on a publication, on counts or on a result.

    Parameters
    ----------
    item : str, Publication, CountTable, Dataset, Reading, Displayable or Content
        The id of a publication of the library, such as ``"com-2018-777"``; a publication; counts; a
        file that was read; an object with a sheet, such as an audit of a table; or the return value
        of `content_of`.
    sections : iterable of Section, optional
        The sections, in order; by default `DEFAULT_SECTIONS`. Sections without a block are left
        out.
    title : str, optional
        By default that of the publication, or the kinds of count, the area and the periods.
    style : NumberStyle or str
        Number style, as for `thbstats.display.number_style`.
    periods : int, optional
        For counts, the number of latest periods with indicators; 2 by default.
    thresholds : Thresholds, optional
        The limits of rules. A number with a coverage below ``presentable`` is not a figure of its
        area, and the report lists it under *Do not write*.
    full : bool
        Whether text and Markdown contain the annex: all consistency checks, the figures of each
        quality note, and the first rows of counts. HTML always contains it.
    language : str or Language
        The language of the report: ``"en"``, ``"fr"`` or ``"de"``. Quotations and titles of sources
        stay as they are. Numbers follow the language, unless `style` names another style.
    time_limit : float, optional
        For publications, the seconds for the audit (at most half of them) and the figures; ``None``
        for no limit. The report lists the claims and figures that were not reached.

    Returns
    -------
    Document
        With methods such as ``to_html``, ``to_json`` and ``save``.

    Raises
    ------
    InvalidValue
        If an argument is not valid, the item contains unprotected counts, two sections have one
        name, or a section returns another type of block.
    UnknownName
        If the style or the language does not exist.
    IncompleteCatalogue
        If the catalogue of the language is not complete.
    MissingExtra
        If babel is not installed, for a language or a locale as style.

    Examples
    --------
    >>> import thbstats as thb
    >>> thb.report(thb.read("docs/_data/glotip_eu_2015_2016.csv"))
    <Document 'Criminal justice counts, 24 countries, 2015 to 2016', 13 sections>
    """
    texts = Language.of(language)
    if isinstance(item, str):
        item = publication_named(item)
    if isinstance(item, Content):
        options = {"title": title, "periods": periods, "thresholds": thresholds}
        for name, value in options.items():
            problem = f"`{name}` must not be given for a Content"
            require(value is None, problem, f"Pass {name}= to content_of", **{name: value})
        content = item
    else:
        size = 2 if periods is None else periods
        limits: Any = {"thresholds": thresholds, "time_limit": time_limit}
        content = content_of(item, title=title, periods=size, **limits)
    content = evolve(content, style=number_style(style), language=texts)
    parts = render_sections(DEFAULT_SECTIONS if sections is None else sections, content)
    tables = content.data.tables()
    own = dict.fromkeys(item for table in tables for item in table.columns.schema.classifications)
    if not own:
        return Document(content=content, parts=parts, full=full, language=texts)
    labels, in_table = labeller(own), translator("en", own)

    def labelled(block: str | Bullets | Figure) -> str | Bullets | Figure:
        if isinstance(block, Bullets):
            return evolve(block, items=tuple(map(labels, block.items)))
        return labels(block) if isinstance(block, str) else block

    with_labels = (
        evolve(part, tables=map(in_table, part.tables), texts=map(labelled, part.texts))
        for part in parts
    )
    return Document(content=content, parts=with_labels, full=full, language=texts)
