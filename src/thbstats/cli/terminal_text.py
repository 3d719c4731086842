"""Tables and pages as rich text for a terminal."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from io import StringIO

from attrs import evolve
from rich.console import Console, RenderableType
from rich.styled import Styled
from rich.table import Table
from rich.text import Text

from thbstats.display import Bullets, Cell, DisplayTable, Group, Page, Row, Tone, to_text
from thbstats.display.display_table import Share
from thbstats.display.strings import wrap
from thbstats.display.text import GAP, NARROWEST, ColumnBlock, bullet_lines, column_blocks

_MEASURE = 88
"""Prose is no wider than this: longer lines are hard to read."""

_STYLES = {
    Tone.PLAIN: "",
    Tone.MUTED: "dim",
    Tone.GOOD: "green",
    Tone.WARN: "yellow",
    Tone.BAD: "bold red",
}
_CERTAIN, _POSSIBLE, _REST = "━", "╍", "┈"
_SHORTEST = 8
"""The shortest bar."""


def rich_text(items: Iterable[DisplayTable | Page], width: int) -> str:
    """Return tables and pages as text with terminal codes."""
    wide = max(width, NARROWEST)
    console = Console(
        file=StringIO(),
        force_terminal=True,
        color_system="standard",  # the colours that the reader has chosen for the terminal
        no_color=False,
        legacy_windows=False,
        width=wide,
        highlight=False,
        emoji=False,
        markup=False,
        soft_wrap=False,
    )
    with console.capture() as captured:
        for position, item in enumerate(items):
            if position:
                console.print()
            for part in _page(item, wide) if isinstance(item, Page) else _sheet(item, wide):
                console.print(part)
    return "\n".join(line.rstrip() for line in captured.get().rstrip("\n").split("\n"))


def _page(page: Page, width: int) -> Iterator[RenderableType]:
    measure = min(width, _MEASURE)
    if page.kicker:
        yield _prose(page.kicker, measure, "dim")
    if page.title:
        yield _prose(page.title, measure, "bold cyan")
        yield Text("━" * measure, style="cyan")
    if page.lead:
        yield Text()
        yield _prose(page.lead, measure)
    for section, sheets in page.numbered:
        yield Text()
        yield _prose(section.heading, measure, "bold cyan")
        yield Text("─" * measure, style="cyan")
        for block in section.prose:
            if isinstance(block, Bullets):
                yield from _bullets(block, measure)
            else:
                yield Text()
                yield _prose(block, measure)
        for label, sheet in sheets:
            yield Text()
            yield from _sheet(sheet, width, f"{label}. ")
    if page.footer:
        yield Text()
        yield _prose(page.footer, measure, "dim")


def _bullets(block: Bullets, measure: int) -> Iterator[RenderableType]:
    if block.heading:
        yield Text()
        yield _prose(block.heading, measure, "bold")
    yield Text("\n".join(bullet_lines(block, measure)))


def _prose(text: str, width: int, style: str = "") -> Text:
    return Text("\n".join(wrap(text, width)), style=style)


def _sheet(sheet: DisplayTable, width: int, label: str = "") -> Iterator[RenderableType]:
    if caption := f"{label}{sheet.caption}":
        yield _prose(caption, min(width, _MEASURE), "bold")
    parts = column_blocks(sheet, width)
    if not parts:  # nothing stands side by side: the plain text says how it is read then
        yield Text.from_ansi(to_text(evolve(sheet, caption="", notes=()), width, color=True))
    for position, panel in enumerate(parts):
        if position:
            yield Text()
        yield from _grid(sheet, panel, min(width, _MEASURE))
    for note in sheet.notes:
        first, *others = wrap(note, min(width, _MEASURE) - GAP)
        yield Text("\n".join([first, *(" " * GAP + line for line in others)]), style="dim")


def _grid(sheet: DisplayTable, panel: ColumnBlock, measure: int) -> Iterator[RenderableType]:
    """Yield the columns of a panel side by side, group after group."""
    rule = Text("─" * (sum(panel.values()) + GAP * (len(panel) - 1)), style="dim")
    yield rule
    names = _table(sheet, panel)
    names.add_row(*(_lines(sheet.columns[location].name, wide) for location, wide in panel.items()))
    yield Styled(names, "bold dim")
    yield rule
    for position, rows in enumerate(_groups(sheet)):
        heading = rows[0].heading if isinstance(rows[0], Group) else ""
        if position:
            yield rule
        if heading:
            yield Text("\n".join(wrap(heading, measure)), style="bold cyan")
        body = [row for row in rows if isinstance(row, Row)]
        if body:
            yield _rows(sheet, panel, body)
    yield rule


def _groups(sheet: DisplayTable) -> list[list[Row | Group]]:
    """Return the rows in groups; a heading opens the next one."""
    groups: list[list[Row | Group]] = [[]]
    for row in sheet.rows or (Group("no rows"),):
        if isinstance(row, Group) and groups[-1]:
            groups.append([])
        groups[-1].append(row)
    return groups


def _rows(sheet: DisplayTable, panel: ColumnBlock, rows: Sequence[Row]) -> Table:
    table = _table(sheet, panel)
    # All bars of a table are of one length, so that they can be held against each other.
    barred = [wide for row in rows for position, wide in panel.items() if row.cells[position].bar]
    length = min(barred, default=0)
    for row in rows:
        cells = [_cell(row.cells[position], wide, length) for position, wide in panel.items()]
        table.add_row(*cells, style="bold" if row.total else "")
    return table


def _table(sheet: DisplayTable, panel: ColumnBlock) -> Table:
    table = Table(box=None, show_header=False, padding=(0, GAP, 0, 0), pad_edge=False)
    for position, wide in panel.items():
        right = sheet.columns[position].is_right
        table.add_column(
            width=wide, no_wrap=True, justify="right" if right else "left", vertical="top"
        )
    return table


def _cell(cell: Cell, width: int, length: int) -> Text:
    """Return a cell in its tone, with its bar below where there is room for one."""
    text = _lines(cell.marked, width)
    text.stylize(_STYLES[cell.tone])
    if cell.bar is None or length < _SHORTEST:
        return text
    return text.append("\n").append_text(_bar(cell.bar, length))


def _lines(text: str, width: int) -> Text:
    return Text("\n".join(wrap(text, width)))


def _bar(bar: tuple[Share, Share], length: int) -> Text:
    """Return a bar: whole as far as it is certain, broken to where it is possible."""
    certain, possible = (int(Fraction(end) * length + Fraction(1, 2)) for end in bar)
    return Text.assemble(
        (_CERTAIN * certain, "blue"),
        (_POSSIBLE * (possible - certain), "blue"),
        (_REST * (length - possible), "dim"),
    )
