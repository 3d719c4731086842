"""Sheets and pages as plain text for a terminal: aligned, wrapped, never cut off."""

from itertools import zip_longest

from thbstats.display.columns import GAP, Panel, panels
from thbstats.display.display_table import Cell, DisplayTable, Group, Row, Tone
from thbstats.display.page import Page, Section
from thbstats.display.strings import pad, width_of, wrap

__all__ = ["NARROWEST", "to_text"]

NARROWEST = 40
"""The smallest width that is laid out; a narrower one is taken as this."""

_MEASURE = 88
"""Prose is no wider than this: longer lines are hard to read."""

_BOLD = "1"
_CODES = {Tone.PLAIN: "", Tone.MUTED: "2", Tone.GOOD: "32", Tone.WARN: "33", Tone.BAD: "31"}


def to_text(item: DisplayTable | Page, width: int = 80, *, color: bool = False) -> str:
    """Render a table or a page as plain text.

    Nothing is cut off: texts wrap and numbers stay whole. More columns of numbers than fit are
    printed in several panels; more columns of text, row by row with one line for each cell.

    Parameters
    ----------
    item : DisplayTable or Page
        What to render.
    width : int
        No line is wider; less than 40 is taken as 40. Prose stops at 88 anyway.
    color : bool
        Whether to colour with ANSI codes. The marks of the tones stand there either way.

    Returns
    -------
    str
        Lines without trailing spaces; no line break at the end.

    Examples
    --------
    >>> from thbstats.display import Column
    >>> columns = ["Stage", Column("People", "right")]
    >>> print(to_text(DisplayTable(caption="", columns=columns, rows=[["convicted", "2,927"]])))
    ─────────────────
    Stage      People
    ─────────────────
    convicted   2,927
    ─────────────────
    """
    paper = _Paper(max(width, NARROWEST), color)
    if isinstance(item, Page):
        paper.page(item)
    else:
        paper.table(item)
    return "\n".join(paper.lines)


class _Paper:
    """Lines being written, all of them within one width."""

    def __init__(self, width: int, color: bool) -> None:
        self.width = width
        self.measure = min(width, _MEASURE)
        self.color = color
        self.lines: list[str] = []

    def page(self, page: Page) -> None:
        self.paragraph(page.kicker)
        if page.title:
            self.underlined(page.title, "═")
        self.spaced(page.lead)
        for section, tables in page.numbered:
            self.section(section, tables)
        self.spaced(page.footer)

    def section(self, section: Section, tables: list[tuple[str, DisplayTable]]) -> None:
        self.blank()
        self.underlined(section.heading, "─")
        for text in section.prose:
            self.spaced(text)
        for label, table in tables:
            self.blank()
            self.table(table, label)

    def table(self, table: DisplayTable, label: str = "") -> None:
        caption = f"{label}. {table.caption}".strip() if label else table.caption
        self.paragraph(caption, _BOLD)
        for place, panel in enumerate(parts := panels(table, self.width)):
            if place:
                self.blank()
            self.grid(table, panel)
        if not parts:
            self.stacked(table)
        for note in table.notes:
            first, *others = wrap(note, self.measure - GAP)
            self.lines += [first, *(" " * GAP + line for line in others)]

    def grid(self, table: DisplayTable, panel: Panel) -> None:
        """Write columns side by side, their names level with each other at the bottom."""
        widths = list(panel.values())
        right = [table.columns[place].is_right for place in panel]
        rule = "─" * (sum(widths) + GAP * (len(widths) - 1))
        names = [wrap(table.columns[place].name, wide) for place, wide in panel.items()]
        deepest = max(map(len, names))
        self.lines.append(rule)
        self.side_by_side([[""] * (deepest - len(name)) + name for name in names], widths, right)
        self.lines.append(rule)
        for row in _body(table):
            if isinstance(row, Group) or row.total:
                self.rule(rule)
            if isinstance(row, Group):
                self.paragraph(row.heading, _BOLD)
                continue
            codes = [_code(row, row.cells[place]) for place in panel]
            cells = [wrap(row.cells[place].marked, wide) for place, wide in panel.items()]
            self.side_by_side(cells, widths, right, codes)
        self.rule(rule)

    def side_by_side(
        self,
        cells: list[list[str]],
        widths: list[int],
        right: list[bool],
        codes: list[str] | None = None,
    ) -> None:
        styles = codes or [_BOLD] * len(cells)
        for line in zip_longest(*cells, fillvalue=""):
            parts = [
                self.painted(pad(text, wide, right=side), style)
                for text, wide, side, style in zip(line, widths, right, styles, strict=True)
            ]
            self.lines.append((" " * GAP).join(parts).rstrip())

    def stacked(self, table: DisplayTable) -> None:
        """Write one line for each cell, after the name of its column."""
        names = [column.name for column in table.columns]
        wide = min(max(map(width_of, names)), (self.width - GAP) // 2)
        rule = "─" * self.width
        for row in _body(table):
            self.rule(rule)
            if isinstance(row, Group):
                self.paragraph(row.heading, _BOLD)
                continue
            for name, cell in zip(names, row.cells, strict=True):
                lines = [wrap(name, wide), wrap(cell.marked, self.width - wide - GAP)]
                codes = ["", _code(row, cell)]
                self.side_by_side(lines, [wide, 0], [False, False], codes)
        self.rule(rule)

    def rule(self, rule: str) -> None:
        """Write a rule, unless one has just been written."""
        if not self.lines or self.lines[-1] != rule:
            self.lines.append(rule)

    def underlined(self, text: str, stroke: str) -> None:
        lines = wrap(text, self.measure)
        self.lines += [self.painted(line, _BOLD) for line in lines]
        self.lines.append(stroke * max(map(width_of, lines)))

    def spaced(self, text: str) -> None:
        if text:
            self.blank()
            self.paragraph(text)

    def paragraph(self, text: str, code: str = "") -> None:
        if text:
            self.lines += [self.painted(line, code) for line in wrap(text, self.measure)]

    def blank(self) -> None:
        if self.lines:
            self.lines.append("")

    def painted(self, text: str, code: str) -> str:
        """Return a text in colour, its padding left bare so that it can be stripped."""
        bare = text.strip()
        if not (self.color and code and bare):
            return text
        return text.replace(bare, f"\x1b[{code}m{bare}\x1b[0m", 1)


def _body(table: DisplayTable) -> tuple[Row | Group, ...]:
    """Return the rows; a table without any says so."""
    return table.rows or (Group("no rows"),)


def _code(row: Row, cell: Cell) -> str:
    codes = (_BOLD if row.total else "", _CODES[cell.tone])
    return ";".join(code for code in codes if code)
