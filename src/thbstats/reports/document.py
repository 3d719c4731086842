"""Reports in all formats."""

import json
from collections.abc import Callable, Iterable
from itertools import count as counted_from
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from thbstats._files import write_file
from thbstats.display import Bullets, Page, PageSection, to_html, to_markdown, to_text
from thbstats.errors import UnknownName
from thbstats.exchange import UnsupportedFeature
from thbstats.reports.content import Content
from thbstats.reports.data import report_csv, report_data
from thbstats.reports.figure import Figure
from thbstats.reports.frame import footer, kicker, lead
from thbstats.reports.notebook import embedded
from thbstats.reports.section import RenderedSection
from thbstats.reports.workbook import write_workbook

if TYPE_CHECKING:
    import os

__all__ = ["ENDINGS", "Document"]

ENDINGS = (".html", ".htm", ".md", ".txt", ".json", ".csv", ".xlsx")
"""The file extensions of `Document.save`."""


def _parts(parts: Iterable[RenderedSection]) -> tuple[RenderedSection, ...]:
    return tuple(parts)


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
    """

    content: Content
    parts: tuple[RenderedSection, ...] = field(converter=_parts)
    full: bool = False

    @property
    def title(self) -> str:
        """The title."""
        return self.content.report.title

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
        """Return one HTML document that loads nothing and runs nothing.

        It follows the reader's light or dark mode, and prints in black on white. The annex is
        collapsed unless the document is full.
        """
        html = to_html(self._page(lambda number, _figure: f"{_SIGN}{number}", annex=True))
        for number, figure in enumerate(self.figures, start=1):
            html = html.replace(f"<p>{_SIGN}{number}</p>", figure.html, 1)
        return html.replace("</style>", f"{_PAPER}</style>", 1)

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
        """Write a workbook of the counts and of all numbers of the report.

        The sheet ``counts`` is a tidy table. Every sheet has one header and no merged cells.

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
        write_workbook(self.content, self.parts, path)

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
            If the extension is another one.
        InvalidValue
            If a text contains half a character, which no file can hold.
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
        writers: dict[str, Callable[[], str]] = {
            ".html": self.to_html,
            ".htm": self.to_html,
            ".md": self.to_markdown,
            ".txt": self.to_text,
            ".json": self.to_json,
        }
        if ending not in writers:
            raise UnknownName(
                "`path` must have the extension of a report format",
                field="path",
                value=str(path),
                hint=f"Use one of {', '.join(ENDINGS)}",
            )
        text = writers[ending]().rstrip("\n")
        write_file(path, f"{text}\n")
        return ()

    def _page(self, picture: Callable[[int, Figure], str], *, annex: bool) -> Page:
        """Return the page, with a text for each picture."""
        numbers = counted_from(1)

        def prose(block: str | Bullets | Figure) -> str | Bullets:
            if isinstance(block, Figure):
                return picture(next(numbers), block)
            if isinstance(block, Bullets):
                return evolve(block, items=map(_without_sign, block.items))
            return _without_sign(block)

        return Page(
            kicker=kicker(self.content.report),
            title=self.title,
            lead=lead(self.content),
            sections=[
                PageSection(
                    heading=f"Annex: {part.title}" if part.annex else part.title,
                    prose=map(prose, part.texts),
                    tables=[table.styled(self.content.style) for table in part.tables],
                    collapsed=part.annex and not self.full,
                )
                for part in self.parts
                if annex or not part.annex
            ],
            footer=f"{footer(self.content.report)}{'' if annex else self._left_out()}",
        )

    def _left_out(self) -> str:
        """Return a sentence on the annexes that the page does not contain."""
        annexes = any(part.annex for part in self.parts)
        return " Annexes: HTML, or option full." if annexes else ""

    def __str__(self) -> str:
        return self.to_text()

    def __repr__(self) -> str:
        size = len(self.parts)
        number = f"{size} {'section' if size == 1 else 'sections'}"
        title = shorten(self.title, _WIDTH - len(f"<Document '', {number}>"), placeholder="...")
        return f"<Document {title!r}, {number}>"

    def _repr_html_(self) -> str:
        return embedded(self.to_html())


_WIDTH = 80


def _without_sign(text: str) -> str:
    return text.replace(_SIGN, "\N{REPLACEMENT CHARACTER}")


# A heading stays with what follows it, a last row with the one before it, a short table whole.
_PAPER = """\
@page { margin: 16mm 15mm 18mm; @bottom-center { content: counter(page); font: 8.5pt sans-serif; } }
@media print {
  .thb tr:has(> .thb-group), .thb tbody > tr:first-child, .thb tbody > tr:nth-last-child(2) {
    break-after: avoid;
  }
  .thb h2 + p, .thb thead { break-after: avoid; }
  .thb section > p { break-inside: avoid; }
  .thb .thb-picture, .thb figure:not(:has(tr:nth-child(11), tbody:nth-of-type(3))) {
    break-inside: avoid;
  }
}
"""


_SIGN = "\ue000"
"""A character for private use, the mark of a picture in a page."""
