"""Display tables and pages."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import count
from typing import Literal

from attrs import evolve, field, frozen

from thbstats.display.number_texts import (
    PLAIN,
    FormattedNumber,
    NumberStyle,
    mark_notes,
    number_style,
    restyle,
)
from thbstats.display.strings import clean
from thbstats.errors import InvalidValue, require
from thbstats.languages import Language, Message, language_or_english
from thbstats.values.choices import Choice

Share = int | float | Fraction
"""Position on the scale of a bar, from 0 to 1."""


class Tone(Choice):
    """Emphasis of a cell; good, warn and bad have a mark."""

    PLAIN = "plain"
    MUTED = "muted"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"

    @property
    def mark(self) -> str:
        """The mark before the text, so that colour is never the only indicator."""
        return {"good": "✓", "warn": "!", "bad": "✗"}.get(self, "")

    @property
    def label(self) -> str:
        """Text of the mark for screen readers."""
        return _TONES.get(self, "")


_TONES = {
    Tone.GOOD: Message("in order"),
    Tone.WARN: Message("caution"),
    Tone.BAD: Message("problem"),
}


def clean_all(texts: Iterable[str]) -> tuple[str, ...]:
    """Return texts as single lines."""
    return tuple(map(clean, [texts] if isinstance(texts, str) else texts))


@frozen
class Cell:
    """A formatted text and its emphasis.

    Parameters
    ----------
    text : str
        Text in every format.
    tone : Tone
        Emphasis of the cell.
    title : str
        Tooltip in HTML.
    bar : (lower, upper), optional
        Bar under the text in HTML, on a scale from 0 to 1: filled up to the lower bound, pale up
        to the upper bound.

    Raises
    ------
    InvalidValue
        If the tone does not exist or the bar is not within 0 to 1.

    Examples
    --------
    >>> Cell("47.5% to 63.5%", bar=(Fraction(9759, 20532), Fraction(13018, 20532))).text
    '47.5% to 63.5%'
    >>> Cell("contradicted", tone="bad").marked
    '✗ contradicted'
    """

    text: str = field(converter=clean)
    tone: Tone = field(default=Tone.PLAIN, converter=Tone, kw_only=True)
    title: str = field(default="", converter=clean, kw_only=True)
    bar: tuple[Share, Share] | None = field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        is_bar = self.bar is None or 0 <= self.bar[0] <= self.bar[1] <= 1
        hint = "Use shares with 0 <= lower <= upper <= 1"
        require(is_bar, "must be (lower, upper) within 0 to 1", hint, bar=self.bar)

    @property
    def marked(self) -> str:
        """The mark of the tone and the text."""
        return f"{self.tone.mark} {self.text}".strip()


@frozen
class Column:
    """Column with a name and an alignment (numbers: right)."""

    name: str = field(converter=clean)
    align: Literal["left", "right"] = "left"

    def __attrs_post_init__(self) -> None:
        problem, hint = "must be 'left' or 'right'", "Use align='right' for numbers"
        require(self.align in ("left", "right"), problem, hint, align=self.align)

    @property
    def is_right(self) -> bool:
        """Whether the cells are right-aligned."""
        return self.align == "right"


def _cells(cells: Iterable[Cell | str]) -> tuple[Cell, ...]:
    return tuple(cell if isinstance(cell, Cell) else Cell(cell) for cell in cells)


@frozen
class Row:
    """Row of cells; the first is the row label. A rule precedes a total."""

    cells: tuple[Cell, ...] = field(converter=_cells)
    total: bool = field(default=False, kw_only=True)


@frozen
class Group:
    """Heading of the rows up to the next group."""

    heading: str = field(default="", converter=clean)


def _columns(columns: Iterable[Column | str]) -> tuple[Column, ...]:
    return tuple(item if isinstance(item, Column) else Column(item) for item in columns)


def _rows(rows: Iterable[Row | Group | Sequence[Cell | str]]) -> tuple[Row | Group, ...]:
    return tuple(item if isinstance(item, Row | Group) else Row(item) for item in rows)


@frozen(kw_only=True)
class DisplayTable:
    """Table of texts for any output format.

    Parameters
    ----------
    caption : str
        Title of the table.
    columns : sequence of Column or str
        At least one; the first contains the row labels.
    rows : sequence of Row, Group or sequences of Cell or str
        Rows with one cell per column; a `Group` starts a group of rows.
    notes : sequence of str
        Notes under the table.
    lang : str
        The language of the texts.

    Raises
    ------
    InvalidValue
        If the table has no column, or the number of cells in a row is not the number of columns.

    Notes
    -----
    Texts are reduced to one line, and control characters are escaped.

    Examples
    --------
    >>> from thbstats.display import to_text
    >>> table = DisplayTable(
    ...     caption="Registered victims by form",
    ...     columns=["Form", Column("Share", "right")],
    ...     rows=[["sexual", "56%"], ["labour", "26%"], ["other", "18%"]],
    ...     notes=["Denominator: victims with a known form."],
    ... )
    >>> print(to_text(table))
    Registered victims by form
    ─────────────
    Form    Share
    ─────────────
    sexual   56%
    labour   26%
    other    18%
    ─────────────
    Denominator: victims with a known form.
    """

    caption: str = field(converter=clean)
    columns: tuple[Column, ...] = field(converter=_columns)
    rows: tuple[Row | Group, ...] = field(converter=_rows)
    notes: tuple[str, ...] = field(default=(), converter=clean_all)
    lang: str = "en"

    def __attrs_post_init__(self) -> None:
        require(self.columns, "must not be empty", "Add a column", columns=())
        for position, row in enumerate(self.rows):
            if isinstance(row, Row) and len(row.cells) != len(self.columns):
                raise InvalidValue(
                    f"must have {len(self.columns)} cells per row, got {len(row.cells)}",
                    row=position,
                    field="rows",
                    value=tuple(cell.text for cell in row.cells),
                    hint="Use one cell per column, and an empty text for an empty cell",
                )

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts of all cells, row by row."""
        rows = (row for row in self.rows if isinstance(row, Row))
        return tuple(cell.text for row in rows for cell in row.cells)

    def styled(self, style: NumberStyle | str) -> "DisplayTable":
        """Return the table with numbers and marks in another style.

        Parameters
        ----------
        style : NumberStyle or str
            As for `thbstats.display.number_style`.

        Returns
        -------
        DisplayTable
            Formatted numbers, marks and the note on marks change; other texts are unchanged.

        Examples
        --------
        >>> import thbstats as thb
        >>> from thbstats.display import to_text
        >>> table = thb.publications.com_2018_777().data.justice
        >>> "7,503" in to_text(table.display_table().styled("gss"))
        True
        """
        # The plain style of a table in another language is the style of this language.
        is_translated = style is PLAIN and self.lang != "en"
        chosen = number_style(self.lang if is_translated else style)
        restyled = [
            evolve(row, cells=[evolve(c, text=restyle(c.text, chosen)) for c in row.cells])
            if isinstance(row, Row)
            else row
            for row in self.rows
        ]
        marked = evolve(self, rows=restyled)
        before, after = mark_notes(self.texts), mark_notes(marked.texts, chosen)
        notes = [*after, *(note for note in self.notes if note not in before)]
        return evolve(marked, notes=notes if before and before[0] in self.notes else self.notes)

    def in_language(
        self, language: Language, style: NumberStyle | str | None = None
    ) -> "DisplayTable":
        """Return the table in a language, with numbers in a style; by default its usual style.

        Examples
        --------
        >>> import thbstats as thb
        >>> from thbstats.languages import Language
        >>> table = thb.publications.com_2018_777().data.justice.display_table()
        >>> table.in_language(Language.of("fr")).lang
        'fr'
        """
        usual = PLAIN if language.code == "en" else language.code
        table = self.styled(usual if style is None else style)
        rows: list[Row | Group] = []
        for row in table.rows:
            if isinstance(row, Group):
                rows.append(Group(language.text(row.heading)))
                continue
            cells = []
            for cell in row.cells:
                # A formatted number has its style already.
                is_number = isinstance(cell.text, FormattedNumber)
                text = cell.text if is_number else language.text(cell.text)
                cells.append(evolve(cell, text=text, title=language.text(cell.title)))
            rows.append(evolve(row, cells=cells))
        return evolve(
            table,
            caption=language.text(table.caption),
            columns=[evolve(column, name=language.text(column.name)) for column in table.columns],
            rows=rows,
            notes=map(language.text, table.notes),
            lang=language.code,
        )


@frozen
class Bullets:
    """A list of short texts.

    Parameters
    ----------
    items : sequence of str
        The texts, one for each item.
    heading : str
        A heading of the list; empty for none.
    numbered : bool
        Whether the items are numbered.
    """

    items: tuple[str, ...] = field(converter=clean_all)
    heading: str = field(default="", converter=clean, kw_only=True)
    numbered: bool = field(default=False, kw_only=True)

    @property
    def marks(self) -> tuple[str, ...]:
        """The text before each item in plain text and Markdown."""
        numbers = range(1, len(self.items) + 1)
        return tuple(f"{number}." if self.numbered else "-" for number in numbers)

    def in_language(self, language: Language) -> "Bullets":
        """Return the list in a language."""
        items, heading = map(language.text, self.items), language.text(self.heading)
        return evolve(self, items=items, heading=heading)


def _prose(blocks: "str | Iterable[str | Bullets]") -> "tuple[str | Bullets, ...]":
    result = [blocks] if isinstance(blocks, str) else blocks
    return tuple(block if isinstance(block, Bullets) else clean(block) for block in result)


@frozen(kw_only=True)
class PageSection:
    """Section of a page: heading, prose and tables.

    Parameters
    ----------
    heading : str
        The heading.
    prose : str or sequence of str or Bullets
        One paragraph or several, and lists.
    tables : sequence of DisplayTable
        The tables, in reading order.
    collapsed : bool
        Whether HTML shows the heading only until a reader opens the section.
    """

    heading: str = field(converter=clean)
    prose: tuple[str | Bullets, ...] = field(default=(), converter=_prose)
    tables: tuple[DisplayTable, ...] = field(default=(), converter=tuple[DisplayTable, ...])
    collapsed: bool = field(default=False, kw_only=True)


@frozen(kw_only=True)
class Page:
    """Page with a title, sections and a footer.

    Parameters
    ----------
    title : str
        The title.
    lead : str
        Paragraph under the title.
    sections : sequence of PageSection
        The body. Tables are numbered through the page.
    kicker : str
        Short line above the title, such as the name of the series.
    footer : str
        Last line: source, terms, edition.
    lang : str
        The language of the texts, as in the ``lang`` attribute of HTML.
    """

    title: str = field(converter=clean)
    lead: str = field(default="", converter=clean)
    sections: tuple[PageSection, ...] = field(default=(), converter=tuple[PageSection, ...])
    kicker: str = field(default="", converter=clean)
    footer: str = field(default="", converter=clean)
    lang: str = field(default="en", converter=clean)

    @property
    def numbered(self) -> Iterator[tuple[PageSection, list[tuple[str, DisplayTable]]]]:
        """Each section with its tables and their labels ("Table 1")."""
        numbers, words = count(1), language_or_english(self.lang)
        for section in self.sections:
            labels = (words.text("Table {n}", n=next(numbers)) for _ in section.tables)
            yield section, list(zip(labels, section.tables, strict=True))

    def in_language(self, language: Language, style: NumberStyle | str | None = None) -> "Page":
        """Return the page in a language, with numbers of tables in a style or its usual style."""
        sections = [
            evolve(
                section,
                heading=language.text(section.heading),
                prose=[
                    block.in_language(language)
                    if isinstance(block, Bullets)
                    else language.text(block)
                    for block in section.prose
                ],
                tables=[table.in_language(language, style) for table in section.tables],
            )
            for section in self.sections
        ]
        texts = {
            name: language.text(getattr(self, name))
            for name in ("title", "lead", "kicker", "footer")
        }
        return evolve(self, sections=sections, lang=language.code, **texts)
