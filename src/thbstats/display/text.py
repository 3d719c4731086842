"""Display tables and pages as text: plain, in colours for a terminal, or as GitHub Markdown."""

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import zip_longest

from thbstats.display.display_table import Bullets, DisplayTable, Group, Page, Row, Tone
from thbstats.display.strings import split_words, width_of, wrap
from thbstats.languages import language_or_english

GAP = 2

"""Spaces between two columns."""

ColumnBlock = dict[int, int]

"""Width of each column of a block, by position in the table."""

_LONGEST_WORD = 20

"""Longest word of a text column that is not broken."""


def column_blocks(table: DisplayTable, width: int) -> list[ColumnBlock]:
    """Return the columns in blocks that fit the width, or none if they cannot.

    Only columns of numbers are split into several blocks. Blocks have similar sizes, and each
    has the first column.
    """
    rows = [row.cells for row in table.rows if isinstance(row, Row)]
    widths, narrowest = [], []
    for position, column in enumerate(table.columns):
        texts = [column.name, *(cells[position].marked for cells in rows)]
        longest = max(width_of(word) for text in texts for word in split_words(text))
        widths.append(list(map(width_of, texts)))
        narrowest.append(longest if column.is_right else min(longest, _LONGEST_WORD))
    numbers = list(range(1, len(table.columns)))
    sizes = [-(-len(numbers) // count) for count in range(1, len(numbers) + 1)] or [0]
    if not all(table.columns[position].is_right for position in numbers):
        sizes = [len(numbers)]
    for size in sizes:
        starts = range(0, max(len(numbers), 1), max(size, 1))
        blocks = [[0, *numbers[start : start + size]] for start in starts]
        fitted = [_fitted(block, widths, narrowest, width) for block in blocks]
        if all(fitted):
            return fitted
    return []


def _fitted(
    positions: list[int], widths: list[list[int]], narrowest: list[int], width: int
) -> ColumnBlock:
    """Return the width of each column, reduced to fit; empty if impossible."""
    widest = [max(own) for own in widths]
    room = width - GAP * (len(positions) - 1)
    if sum(narrowest[position] for position in positions) > room:
        return {}
    block = {position: min(widest[position], room) for position in positions}
    lines = [1] * len(widths[0])
    while sum(block.values()) > room:
        # The column whose reduction adds the fewest lines, the widest of these.
        added = {
            own: [
                max(n, -(-width // (block[own] - 1)))
                for n, width in zip(lines, widths[own], strict=True)
            ]
            for own in positions
            if block[own] > narrowest[own]
        }
        position = min(added, key=lambda own: (sum(added[own]), -block[own]))
        lines = added[position]
        block[position] -= 1
    return block


NARROWEST = 40

"""Smallest width of a text; smaller widths are set to it."""

_MEASURE, _SHORTEST = 88, 8

"""Largest width of prose, and the shortest bar."""
_CHART = 2
"""Text without colours has bars in tables of so many columns: a name and a number."""

_BOLD, _DIM, _BLUE, _HEADING, _RULE = "1", "2", "34", "1;36", "36"
_TONES = {Tone.PLAIN: "", Tone.MUTED: _DIM, Tone.GOOD: "32", Tone.WARN: "33", Tone.BAD: "1;31"}

Line = tuple[str, str]
"""A text without and with its codes."""


def to_text(item: DisplayTable | Page, width: int = 80, *, color: bool = False) -> str:
    """Render a table or a page as plain text, or in colours with bars.

    Texts wrap, and nothing is cut off. Columns of numbers that do not fit are printed in several
    blocks; columns of text that do not fit, row by row with one line for each cell.

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
    return "\n".join(_TextWriter(width, color=color).lines_of([item]))


def colored_text(items: Iterable[DisplayTable | Page], width: int) -> str:
    """Return tables and pages as text with terminal codes."""
    return "\n".join(_TextWriter(width, color=True).lines_of(items))


class _TextWriter:
    """Lines of a text within one width, with or without terminal codes."""

    def __init__(self, width: int, *, color: bool) -> None:
        self.width: int = max(width, NARROWEST)
        self.measure: int = min(self.width, _MEASURE)
        self.color = color
        self.lines: list[str] = []

    def lines_of(self, items: Iterable[DisplayTable | Page]) -> list[str]:
        """Return the lines of tables and pages, with an empty line between two."""
        for item in items:
            self.blank()
            self.page(item) if isinstance(item, Page) else self.table(item)
        return self.lines

    def page(self, page: Page) -> None:
        """Write a page."""
        self.paragraph(page.kicker, _DIM)
        if page.title:
            self.underlined(page.title, "━" if self.color else "═")
        self.spaced(page.lead)
        for section, tables in page.numbered:
            self.blank()
            self.underlined(section.heading, "─")
            for block in section.prose:
                if isinstance(block, Bullets):
                    self.bullets(block)
                else:
                    self.spaced(block)
            for label, table in tables:
                self.blank()
                self.table(table, label)
        self.spaced(page.footer, _DIM)

    def table(self, table: DisplayTable, label: str = "") -> None:
        """Write a table with its notes."""
        caption = f"{label}. {table.caption}".strip() if label else table.caption
        self.paragraph(caption, _BOLD)
        for index, block in enumerate(blocks := column_blocks(table, self.width)):
            if index:
                self.blank()
            self.grid(table, block)
        if not blocks:
            self.stacked(table)
        for note in table.notes:
            first, *lines = wrap(note, self.measure - GAP)
            indented = (first, *(" " * GAP + line for line in lines))
            self.lines += [self.painted(line, _DIM) for line in indented]

    def grid(self, table: DisplayTable, block: ColumnBlock) -> None:
        """Write a block of columns with bottom-aligned names."""
        widths = list(block.values())
        right = [table.columns[position].is_right for position in block]
        rule = self.painted("─" * (sum(widths) + GAP * (len(widths) - 1)), _DIM)
        names = [wrap(table.columns[position].name, width) for position, width in block.items()]
        height = max(map(len, names))
        names = [[""] * (height - len(name)) + name for name in names]
        # All bars have one length, so that they can be compared.
        rows = [row.cells for row in table.rows if isinstance(row, Row)]
        barred = [width for cells in rows for p, width in block.items() if cells[p].bar]
        is_chart = self.color or len(table.columns) == _CHART
        bar = min(barred, default=0) if is_chart else 0
        self.lines.append(rule)
        self.side_by_side([self.coded(name, _BOLD) for name in names], widths, right)
        self.lines.append(rule)
        for row in self.rows(table, rule, every=False):
            cells = [self.cell(row, position, width, bar) for position, width in block.items()]
            self.side_by_side(cells, widths, right)

    def stacked(self, table: DisplayTable) -> None:
        """Write one line for each cell with the name of its column."""
        names = [column.name for column in table.columns]
        wide = min(max(map(width_of, names)), (self.width - GAP) // 2)
        for row in self.rows(table, self.painted("─" * self.width, _DIM), every=True):
            for position, name in enumerate(names):
                content = self.cell(row, position, self.width - wide - GAP)
                lines = [self.coded(wrap(name, wide), ""), content]
                self.side_by_side(lines, [wide, 0], [False, False])

    def rows(self, table: DisplayTable, rule: str, *, every: bool) -> Iterator[Row]:
        """Yield each row, and write headings and rules: before groups, totals or every row."""
        for row in table.rows or (Group(language_or_english(table.lang).text("no rows")),):
            is_ruled = every or isinstance(row, Group) or row.total
            if is_ruled and (not self.lines or self.lines[-1] != rule):
                self.lines.append(rule)
            if isinstance(row, Group):
                self.paragraph(row.heading, _HEADING)
            else:
                yield row
        if self.lines[-1] != rule:
            self.lines.append(rule)

    def cell(self, row: Row, position: int, width: int, bar: int = 0) -> list[Line]:
        """Return the lines of a cell in its tone, with its bar below if there is room."""
        cell = row.cells[position]
        codes = filter(None, (_BOLD if row.total else "", _TONES[cell.tone]))
        lines = self.coded(wrap(cell.marked, width), ";".join(codes))
        if cell.bar is not None and bar >= _SHORTEST:
            # The line is whole for the certain part, and broken for the possible part.
            certain, possible = (int(Fraction(end) * bar + Fraction(1, 2)) for end in cell.bar)
            full, empty = "━" * certain + "╍" * (possible - certain), "┈" * (bar - possible)
            lines.append((full + empty, self.painted(full, _BLUE) + self.painted(empty, _DIM)))
        return lines

    def side_by_side(self, cells: list[list[Line]], widths: list[int], right: list[bool]) -> None:
        """Write the lines of cells next to each other."""
        for line in zip_longest(*cells, fillvalue=("", "")):
            parts = []
            for (text, painted), width, is_right in zip(line, widths, right, strict=True):
                space = " " * (width - width_of(text))  # outside the codes
                parts.append(space + painted if is_right else painted + space)
            self.lines.append((" " * GAP).join(parts).rstrip())

    def bullets(self, block: Bullets) -> None:
        """Write a list under its heading, close to the line above."""
        if block.heading:
            self.blank()
            self.paragraph(block.heading, _BOLD)
        for mark, text in zip(block.marks, block.items, strict=True):
            indent = width_of(mark) + 1
            first, *others = wrap(text, self.measure - indent)
            self.lines += [f"{mark} {first}", *(" " * indent + line for line in others)]

    def underlined(self, text: str, stroke: str) -> None:
        """Write a heading with a line under it, of the whole width in colours."""
        self.paragraph(text, _HEADING)
        size = self.measure if self.color else max(map(width_of, wrap(text, self.measure)))
        self.lines.append(self.painted(stroke * size, _RULE))

    def spaced(self, text: str, code: str = "") -> None:
        """Write a paragraph after an empty line."""
        if text:
            self.blank()
            self.paragraph(text, code)

    def paragraph(self, text: str, code: str = "") -> None:
        """Write the lines of a text."""
        if text:
            self.lines += [self.painted(line, code) for line in wrap(text, self.measure)]

    def blank(self) -> None:
        """Write an empty line, except at the start."""
        if self.lines:
            self.lines.append("")

    def coded(self, lines: Iterable[str], code: str) -> list[Line]:
        """Return each line as plain text and with terminal codes."""
        return [(line, self.painted(line, code)) for line in lines]

    def painted(self, text: str, code: str) -> str:
        """Return a text in colour."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.color and code and text else text


# An underscore inside a word needs no escape.
_SPECIAL = re.compile(r"([\\`*\[\]<>|~&$#]|(?<![^\W_])_|_(?![^\W_]))")
# Characters that start a heading, list, quotation or rule at the start of a line.
_OPENING = re.compile(r"^(\d{0,9})([+=.)-])")


def to_markdown(item: DisplayTable | Page) -> str:
    r"""Render a table or a page as Markdown.

    Examples
    --------
    >>> from thbstats.display import Column
    >>> columns = ["Stage", Column("People", "right")]
    >>> table = DisplayTable(caption="Flow", columns=columns, rows=[["convicted", "<5"]])
    >>> print(to_markdown(table))
    **Flow**
    <BLANKLINE>
    | Stage | People |
    | :--- | ---: |
    | convicted | \<5 |
    """
    if not isinstance(item, Page):
        return "\n\n".join(_titled_table(item))
    blocks = [_line(item.kicker), _marked(item.title, "# "), _line(item.lead)]
    for section, tables in item.numbered:
        blocks.append(_marked(section.heading, "## "))
        for block in section.prose:
            if isinstance(block, Bullets):
                items = zip(block.marks, block.items, strict=True)
                listed = "\n".join(f"{mark} {_line(text)}" for mark, text in items)
                blocks += [_marked(block.heading, "**", "**"), listed]
            else:
                blocks.append(_line(block))
        for label, table in tables:
            blocks += _titled_table(table, label)
    return "\n\n".join(filter(None, [*blocks, _line(item.footer)]))


def _titled_table(table: DisplayTable, label: str = "") -> list[str]:
    caption = f"{label}. {table.caption}".strip() if label else table.caption
    lines = [
        _row([_escaped(column.name) for column in table.columns]),
        _row(["---:" if column.is_right else ":---" for column in table.columns]),
    ]
    for row in table.rows or (Group(language_or_english(table.lang).text("no rows")),):
        if isinstance(row, Group):
            heading = _marked(row.heading, "**", "**")
            lines.append(_row([heading, *[""] * (len(table.columns) - 1)]))
        else:
            strong = "**" if row.total else ""
            lines.append(_row([_marked(cell.marked, strong, strong) for cell in row.cells]))
    notes = "\n".join(f"- {_line(note)}" for note in table.notes)
    return [block for block in (_marked(caption, "**", "**"), "\n".join(lines), notes) if block]


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _marked(text: str, before: str, after: str = "") -> str:
    return f"{before}{_escaped(text)}{after}" if text else ""


def _line(text: str) -> str:
    """Return an escaped text at the start of a line."""
    return _OPENING.sub(r"\1\\\2", _escaped(text))


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)
