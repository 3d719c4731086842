"""Tables and pages as text in colours for a terminal, with bars."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import zip_longest

from attrs import evolve

from thbstats.display.display_table import Bullets, Cell, DisplayTable, Group, Page, Row, Tone
from thbstats.display.strings import width_of, wrap
from thbstats.display.text import (
    GAP,
    NARROWEST,
    ColumnBlock,
    bullet_lines,
    column_blocks,
    to_text,
)

_MEASURE = 88
"""Prose is no wider than this: longer lines are hard to read."""

_BOLD, _DIM, _BLUE, _HEADING, _RULE = "1", "2", "34", "1;36", "36"
_CODES: Mapping[Tone, str] = {
    Tone.PLAIN: "",
    Tone.MUTED: _DIM,
    Tone.GOOD: "32",
    Tone.WARN: "33",
    Tone.BAD: "1;31",
}
_SHORTEST = 8
"""The shortest bar."""

Line = tuple[str, str]
"""A text without and with its codes."""


def colored_text(items: Iterable[DisplayTable | Page], width: int) -> str:
    """Return tables and pages as text with terminal codes."""
    wide = max(width, NARROWEST)
    lines: list[str] = []
    for item in items:
        lines += [""] if lines else []
        lines += _page(item, wide) if isinstance(item, Page) else _table(item, wide)
    return "\n".join(line.rstrip() for line in lines)


def _page(page: Page, width: int) -> Iterator[str]:
    measure = min(width, _MEASURE)
    yield from _prose(page.kicker, measure, _DIM)
    if page.title:
        yield from _prose(page.title, measure, _HEADING)
        yield _painted("━" * measure, _RULE)
    yield from _prose(page.lead, measure, space=True)
    for section, tables in page.numbered:
        yield from _prose(section.heading, measure, _HEADING, space=True)
        yield _painted("─" * measure, _RULE)
        for block in section.prose:
            if isinstance(block, Bullets):
                yield from _prose(block.heading, measure, _BOLD, space=True)
                yield from bullet_lines(block, measure)
            else:
                yield from _prose(block, measure, space=True)
        for label, table in tables:
            yield ""
            yield from _table(table, width, f"{label}. ")
    yield from _prose(page.footer, measure, _DIM, space=True)


def _prose(text: str, width: int, code: str = "", *, space: bool = False) -> Iterator[str]:
    if text:
        yield from [""] * space
        yield from (_painted(line, code) for line in wrap(text, width))


def _painted(text: str, code: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if code and text else text


def _table(table: DisplayTable, width: int, label: str = "") -> Iterator[str]:
    measure = min(width, _MEASURE)
    yield from _prose(f"{label}{table.caption}", measure, _BOLD)
    blocks = column_blocks(table, width)
    if not blocks:  # no columns side by side: one line for each cell
        yield from to_text(evolve(table, caption="", notes=()), width, color=True).split("\n")
    for position, block in enumerate(blocks):
        yield from [""] * (position > 0)
        yield from _grid(table, block, measure)
    for note in table.notes:
        first, *others = wrap(note, measure - GAP)
        yield from (_painted(line, _DIM) for line in (first, *(" " * GAP + own for own in others)))


def _grid(table: DisplayTable, block: ColumnBlock, measure: int) -> Iterator[str]:
    """Yield the columns of a block side by side, group after group."""
    rule = _painted("─" * (sum(block.values()) + GAP * (len(block) - 1)), _DIM)
    names = (_lines(table.columns[p].name, width, "1;2") for p, width in block.items())
    yield rule
    yield from _side_by_side(table, block, names)
    groups: list[list[Row | Group]] = [[]]
    for row in table.rows or (Group("no rows"),):
        if isinstance(row, Group) and groups[-1]:
            groups.append([])
        groups[-1].append(row)
    for rows in groups:
        yield rule
        # All bars of a group have one length, so that they can be compared.
        body = [row for row in rows if isinstance(row, Row)]
        barred = [width for row in body for p, width in block.items() if row.cells[p].bar]
        for row in rows:
            if isinstance(row, Group):
                yield from _prose(row.heading, measure, _HEADING)
                continue
            bar, bold = min(barred, default=0), _BOLD if row.total else ""
            cells = (_cell(row.cells[p], width, bar, bold) for p, width in block.items())
            yield from _side_by_side(table, block, cells)
    yield rule


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
