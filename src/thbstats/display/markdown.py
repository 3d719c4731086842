"""Display tables and pages as GitHub Markdown."""

import re

from thbstats.display.display_table import Bullets, DisplayTable, Group, Page, Row

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
            blocks += _bullets(block) if isinstance(block, Bullets) else [_line(block)]
        for label, table in tables:
            blocks += _titled_table(table, label)
    return "\n\n".join(filter(None, [*blocks, _line(item.footer)]))


def _titled_table(table: DisplayTable, label: str = "") -> list[str]:
    caption = f"{label}. {table.caption}".strip() if label else table.caption
    notes = "\n".join(f"- {_line(note)}" for note in table.notes)
    return [block for block in (_marked(caption, "**", "**"), _table(table), notes) if block]


def _table(table: DisplayTable) -> str:
    width = len(table.columns)
    lines = [
        _row([_escaped(column.name) for column in table.columns]),
        _row(["---:" if column.is_right else ":---" for column in table.columns]),
    ]
    lines += [_body_row(row, width) for row in table.rows or (Group("no rows"),)]
    return "\n".join(lines)


def _body_row(row: Row | Group, width: int) -> str:
    if isinstance(row, Group):
        return _row([_marked(row.heading, "**", "**")] + [""] * (width - 1))
    strong = "**" if row.total else ""
    return _row([_marked(cell.marked, strong, strong) for cell in row.cells])


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _marked(text: str, before: str, after: str = "") -> str:
    return f"{before}{_escaped(text)}{after}" if text else ""


def _line(text: str) -> str:
    """Return an escaped text at the start of a line."""
    return _OPENING.sub(r"\1\\\2", _escaped(text))


def _bullets(block: Bullets) -> list[str]:
    items = (f"{mark} {_line(text)}" for mark, text in zip(block.marks, block.items, strict=True))
    heading = _marked(block.heading, "**", "**")
    return [*filter(None, [heading]), "\n".join(items)]


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)
