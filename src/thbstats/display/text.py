"""Display tables and pages as plain text."""

from itertools import zip_longest

from thbstats.display.display_table import (
    Bullets,
    Cell,
    DisplayTable,
    Group,
    Page,
    PageSection,
    Row,
    Tone,
)
from thbstats.display.strings import pad, split_words, width_of, wrap

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
    texts = [_texts(table, position) for position in range(len(table.columns))]
    narrowest = [
        _least_width(text, column.is_right)
        for text, column in zip(texts, table.columns, strict=True)
    ]
    numbers = list(range(1, len(texts)))
    only_numbers = all(table.columns[position].is_right for position in numbers)
    for size in _sizes(len(numbers)) if only_numbers else [len(numbers)]:
        starts = range(0, max(len(numbers), 1), max(size, 1))
        blocks = [[0, *numbers[start : start + size]] for start in starts]
        fitted = [_fitted(block, texts, narrowest, width) for block in blocks]
        if all(fitted):
            return fitted
    return []


def _sizes(number: int) -> list[int]:
    """Return the number of columns per block for one, two, three... blocks."""
    return [-(-number // count) for count in range(1, number + 1)] or [0]


def _fitted(
    positions: list[int], texts: list[list[str]], narrowest: list[int], width: int
) -> ColumnBlock:
    """Return the width of each column, reduced to fit; empty if impossible."""
    room = width - GAP * (len(positions) - 1)
    if sum(narrowest[position] for position in positions) > room:
        return {}
    block = {position: min(max(map(width_of, texts[position])), room) for position in positions}
    while sum(block.values()) > room:
        reducible = [position for position in positions if block[position] > narrowest[position]]
        block[max(reducible, key=block.__getitem__)] -= 1
    return block


def _texts(table: DisplayTable, position: int) -> list[str]:
    cells = [row.cells[position].marked for row in table.rows if isinstance(row, Row)]
    return [table.columns[position].name, *cells]


def _least_width(texts: list[str], is_right: bool) -> int:
    longest = max(width_of(word) for text in texts for word in split_words(text))
    return longest if is_right else min(longest, _LONGEST_WORD)


NARROWEST = 40

"""Smallest width of a text; smaller widths are set to it."""

_MEASURE = 88

"""Largest width of prose."""

_BOLD = "1"

_CODES = {Tone.PLAIN: "", Tone.MUTED: "2", Tone.GOOD: "32", Tone.WARN: "33", Tone.BAD: "31"}


def to_text(item: DisplayTable | Page, width: int = 80, *, color: bool = False) -> str:
    """Render a table or a page as plain text.

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
    writer = _TextWriter(max(width, NARROWEST), color)
    if isinstance(item, Page):
        writer.page(item)
    else:
        writer.table(item)
    return "\n".join(writer.lines)


class _TextWriter:
    """Lines of a text within one width."""

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

    def section(self, section: PageSection, tables: list[tuple[str, DisplayTable]]) -> None:
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

    def table(self, table: DisplayTable, label: str = "") -> None:
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
            self.lines += [first, *(" " * GAP + line for line in lines)]

    def grid(self, table: DisplayTable, block: ColumnBlock) -> None:
        """Write a block of columns with bottom-aligned names."""
        widths = list(block.values())
        right = [table.columns[position].is_right for position in block]
        rule = "─" * (sum(widths) + GAP * (len(widths) - 1))
        names = [wrap(table.columns[position].name, width) for position, width in block.items()]
        height = max(map(len, names))
        self.lines.append(rule)
        self.side_by_side([[""] * (height - len(name)) + name for name in names], widths, right)
        self.lines.append(rule)
        for row in _body(table):
            if isinstance(row, Group) or row.total:
                self.rule(rule)
            if isinstance(row, Group):
                self.paragraph(row.heading, _BOLD)
                continue
            codes = [_code(row, row.cells[position]) for position in block]
            cells = [wrap(row.cells[position].marked, width) for position, width in block.items()]
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
        """Write one line for each cell with the name of its column."""
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

    def bullets(self, block: Bullets) -> None:
        """Write a list under its heading, close to the line above."""
        if block.heading:
            self.blank()
            self.paragraph(block.heading, _BOLD)
        self.lines += bullet_lines(block, self.measure)

    def rule(self, rule: str) -> None:
        """Write a rule unless the last line is one."""
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
        """Return a text in colour without colouring its padding."""
        content = text.strip()
        if not (self.color and code and content):
            return text
        return text.replace(content, f"\x1b[{code}m{content}\x1b[0m", 1)


def _body(table: DisplayTable) -> tuple[Row | Group, ...]:
    """Return the rows, or a placeholder for a table without rows."""
    return table.rows or (Group("no rows"),)


def _code(row: Row, cell: Cell) -> str:
    codes = (_BOLD if row.total else "", _CODES[cell.tone])
    return ";".join(code for code in codes if code)


def bullet_lines(block: Bullets, width: int) -> list[str]:
    """Return the items of a list as lines, with a mark before each item."""
    result = []
    for mark, text in zip(block.marks, block.items, strict=True):
        indent = width_of(mark) + 1
        first, *others = wrap(text, width - indent)
        result += [f"{mark} {first}", *(" " * indent + line for line in others)]
    return result
