"""Display tables and pages as GitHub Markdown."""

import re

from thbstats.display.display_table import Bullets, DisplayTable, Group, Page
from thbstats.languages import language_or_english

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
