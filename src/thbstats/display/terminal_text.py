"""Tables and pages as text in colours for a terminal, with bars."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import zip_longest

from thbstats.display.display_table import (
    Cell,
    DisplayTable,
    Group,
    Page,
    Row,
    Tone,
    language_of,
)
from thbstats.display.strings import width_of, wrap
from thbstats.display.text import GAP, ColumnBlock, TextWriter

_BOLD, _DIM, _BLUE, _HEADING, _RULE = "1", "2", "34", "1;36", "36"
_CODES: Mapping[Tone, str] = {
    Tone.PLAIN: "",
    Tone.MUTED: _DIM,
    Tone.GOOD: "32",
    Tone.WARN: "33",
    Tone.BAD: "1;31",
}
_STROKES = {"═": "━", "─": "─"}
"""The stroke under a heading, by its stroke in plain text."""

_SHORTEST = 8
"""The shortest bar."""

Line = tuple[str, str]
"""A text without and with its codes."""


def colored_text(items: Iterable[DisplayTable | Page], width: int) -> str:
    """Return tables and pages as text with terminal codes."""
    writer = _TerminalWriter(width, color=True)
    return "\n".join(line.rstrip() for line in writer.lines_of(items))


class _TerminalWriter(TextWriter):
    """Lines with codes; headings have a rule of the whole width, and groups of rows a heading."""

    quiet = _DIM

    def painted(self, text: str, code: str) -> str:
        """Return a text in colour."""
        return _painted(text, code)

    def underlined(self, text: str, stroke: str) -> None:
        self.paragraph(text, _HEADING)
        self.lines.append(_painted(_STROKES[stroke] * self.measure, _RULE))

    def grid(self, table: DisplayTable, block: ColumnBlock) -> None:
        """Write the columns of a block side by side, group after group."""
        rule = _painted("─" * (sum(block.values()) + GAP * (len(block) - 1)), _DIM)
        names = (_lines(table.columns[p].name, width, "1;2") for p, width in block.items())
        self.lines += [rule, *_side_by_side(table, block, names)]
        groups: list[list[Row | Group]] = [[]]
        for row in table.rows or (Group(language_of(table.lang).text("no rows")),):
            if isinstance(row, Group) and groups[-1]:
                groups.append([])
            groups[-1].append(row)
        for rows in groups:
            self.lines.append(rule)
            # All bars of a group have one length, so that they can be compared.
            body = [row for row in rows if isinstance(row, Row)]
            barred = [width for row in body for p, width in block.items() if row.cells[p].bar]
            for row in rows:
                if isinstance(row, Group):
                    self.paragraph(row.heading, _HEADING)
                    continue
                bar, bold = min(barred, default=0), _BOLD if row.total else ""
                cells = (_cell(row.cells[p], width, bar, bold) for p, width in block.items())
                self.lines += _side_by_side(table, block, cells)
        self.lines.append(rule)


def _painted(text: str, code: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if code and text else text


def _lines(text: str, width: int, code: str) -> list[Line]:
    return [(line, _painted(line, code)) for line in wrap(text, width)]


def _side_by_side(
    table: DisplayTable, block: ColumnBlock, cells: Iterable[list[Line]]
) -> Iterator[str]:
    for row in zip_longest(*cells, fillvalue=("", "")):
        parts = []
        for (text, painted), (position, width) in zip(row, block.items(), strict=True):
            space = " " * (width - width_of(text))
            right = table.columns[position].is_right
            parts.append(space + painted if right else painted + space)
        yield (" " * GAP).join(parts)


def _cell(cell: Cell, width: int, bar: int, bold: str) -> list[Line]:
    """Return the lines of a cell in its tone, with its bar below if there is room."""
    lines = _lines(cell.marked, width, ";".join(filter(None, [bold, _CODES[cell.tone]])))
    if cell.bar is not None and bar >= _SHORTEST:
        # The line is whole for the certain part, and broken for the possible part.
        certain, possible = (int(Fraction(end) * bar + Fraction(1, 2)) for end in cell.bar)
        full = "━" * certain + "╍" * (possible - certain)
        empty = "┈" * (bar - possible)
        lines.append((full + empty, _painted(full, _BLUE) + _painted(empty, _DIM)))
    return lines
