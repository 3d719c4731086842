"""A table ready to be read: caption, columns, rows and notes, all of them text."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from fractions import Fraction
from typing import Literal

from attrs import evolve, field, frozen

from thbstats.display.marks import mark_notes, restyled
from thbstats.display.number_styles import NumberStyle, number_style
from thbstats.display.printed import Printed
from thbstats.display.strings import clean
from thbstats.errors import InvalidValue

__all__ = ["Cell", "Column", "DisplayTable", "Group", "Row", "Tone", "clean_all"]

Share = int | float | Fraction
"""A place on the scale of a bar, from 0 to 1: only drawn, never printed, so floats will do."""


class Tone(StrEnum):
    """What a cell wants to say beyond its text; every tone but plain and muted has a mark."""

    PLAIN = "plain"
    MUTED = "muted"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"

    @property
    def mark(self) -> str:
        """The sign that stands before the text, so that colour never speaks alone."""
        return {"good": "✓", "warn": "!", "bad": "✗"}.get(self, "")

    @property
    def label(self) -> str:
        """The mark in words, for those who hear the page."""
        return {"good": "in order", "warn": "caution", "bad": "problem"}.get(self, "")


def _cleaned(text: object) -> str:
    # A printed number is clean, and stays one that another style can print.
    return text if isinstance(text, Printed) else clean(text)


def _tone(value: str) -> Tone:
    try:
        return Tone(value)
    except ValueError:
        raise InvalidValue(
            "no such tone", field="tone", value=value, hint="Use one of " + ", ".join(Tone)
        ) from None


@frozen
class Cell:
    """One cell: a text that is already formatted, and how to show it.

    Parameters
    ----------
    text : str
        What is printed in every format.
    tone : Tone
        What the cell wants to say beyond its text.
    title : str
        A hint that HTML shows over the cell; nothing that a reader needs.
    bar : (lower, upper), optional
        The interval that HTML draws under the text, on a scale from 0 to 1: filled up to the
        lower end, pale from there to the upper end.

    Raises
    ------
    InvalidValue
        If the tone does not exist or the bar is not inside 0 to 1.

    Examples
    --------
    >>> Cell("47.5% to 63.4%", bar=(Fraction(9759, 20532), Fraction(13018, 20532))).text
    '47.5% to 63.4%'
    >>> Cell("contradicted", tone="bad").marked
    '✗ contradicted'
    """

    text: str = field(converter=_cleaned)
    tone: Tone = field(default=Tone.PLAIN, converter=_tone, kw_only=True)
    title: str = field(default="", converter=clean, kw_only=True)
    bar: tuple[Share, Share] | None = field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if self.bar is not None and not 0 <= self.bar[0] <= self.bar[1] <= 1:
            raise InvalidValue(
                "a bar goes from a lower to an upper share",
                field="bar",
                value=self.bar,
                hint="Give (lower, upper) with 0 <= lower <= upper <= 1",
            )

    @property
    def marked(self) -> str:
        """The text after the mark of its tone."""
        return f"{self.tone.mark} {self.text}".strip()


def _align(value: Literal["left", "right"]) -> Literal["left", "right"]:
    if value not in ("left", "right"):
        raise InvalidValue(
            "no such alignment", field="align", value=value, hint="Use 'left' or 'right'"
        )
    return value


@frozen
class Column:
    """A column: its name, and the side on which its cells line up (numbers: right)."""

    name: str = field(converter=clean)
    align: Literal["left", "right"] = field(default="left", converter=_align)

    @property
    def is_right(self) -> bool:
        """Whether the cells line up on the right."""
        return self.align == "right"


def _cells(cells: Iterable[Cell | str]) -> tuple[Cell, ...]:
    return tuple(cell if isinstance(cell, Cell) else Cell(cell) for cell in cells)


@frozen
class Row:
    """The cells of one row, the first of which names it; a total is set apart by a rule."""

    cells: tuple[Cell, ...] = field(converter=_cells)
    total: bool = field(default=False, kw_only=True)


@frozen
class Group:
    """A separator: the rows after it, up to the next one, belong together."""

    heading: str = field(default="", converter=clean)


def _columns(columns: Iterable[Column | str]) -> tuple[Column, ...]:
    return tuple(item if isinstance(item, Column) else Column(item) for item in columns)


def _rows(rows: Iterable[Row | Group | Sequence[Cell | str]]) -> tuple[Row | Group, ...]:
    return tuple(item if isinstance(item, Row | Group) else Row(item) for item in rows)


def clean_all(texts: Iterable[str]) -> tuple[str, ...]:
    """Return texts as single lines; one text alone is one line, not its letters."""
    return tuple(map(clean, [texts] if isinstance(texts, str) else texts))


@frozen(kw_only=True)
class DisplayTable:
    """A table ready to be read, in any format.

    Parameters
    ----------
    caption : str
        What the table shows.
    columns : sequence of Column or str
        At least one; the first names the rows.
    rows : sequence of Row, Group or sequences of Cell or str
        As many cells in each row as there are columns; a `Group` opens a group of rows.
    notes : sequence of str
        What must be known to read the table; printed under it.

    Raises
    ------
    InvalidValue
        If there is no column, or a row has more or fewer cells than there are columns.

    Notes
    -----
    Every text is cleaned when the table is made: it is one line, and control characters are
    written out. Escaping is the work of each format.

    Examples
    --------
    >>> from thbstats.display import to_text
    >>> table = DisplayTable(
    ...     caption="Registered victims by form",
    ...     columns=["Form", Column("Share", "right")],
    ...     rows=[["sexual", "56%"], ["labour", "26%"], ["other", "18%"]],
    ...     notes=["Of those with a recorded form."],
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
    Of those with a recorded form.
    """

    caption: str = field(converter=clean)
    columns: tuple[Column, ...] = field(converter=_columns)
    rows: tuple[Row | Group, ...] = field(converter=_rows)
    notes: tuple[str, ...] = field(default=(), converter=clean_all)

    def __attrs_post_init__(self) -> None:
        if not self.columns:
            raise InvalidValue("a table needs a column", field="columns", hint="Name at least one")
        for position, row in enumerate(self.rows):
            if isinstance(row, Row) and len(row.cells) != len(self.columns):
                raise InvalidValue(
                    f"{len(row.cells)} cells for {len(self.columns)} columns",
                    row=position,
                    field="rows",
                    value=tuple(cell.text for cell in row.cells),
                    hint="Give one cell for each column, an empty text where there is nothing",
                )

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts of all cells, row by row."""
        rows = (row for row in self.rows if isinstance(row, Row))
        return tuple(cell.text for row in rows for cell in row.cells)

    def styled(self, style: NumberStyle | str) -> "DisplayTable":
        """Return the table with its numbers and marks in a house style.

        Parameters
        ----------
        style : NumberStyle or str
            As for `thbstats.display.house`.

        Returns
        -------
        DisplayTable
            Cells that are a printed number or a mark are printed again, and the note that
            explains the marks; other texts stay.

        Examples
        --------
        >>> import thbstats as thb
        >>> from thbstats.display import to_text
        >>> table = thb.publications.com_2018_777().data.justice
        >>> "7,503" in to_text(table.display_table().styled("gss"))
        True
        """
        chosen = number_style(style)
        rows = [
            evolve(row, cells=[evolve(c, text=restyled(c.text, chosen)) for c in row.cells])
            if isinstance(row, Row)
            else row
            for row in self.rows
        ]
        marked = evolve(self, rows=rows)
        before, after = mark_notes(self.texts), mark_notes(marked.texts, chosen)
        notes = [*after, *(note for note in self.notes if note not in before)]
        return evolve(marked, notes=notes if before and before[0] in self.notes else self.notes)
