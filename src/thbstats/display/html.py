"""Display tables and pages as static HTML."""

import re
from fractions import Fraction
from functools import cache
from html import escape
from importlib.resources import files

from thbstats.display.display_table import (
    Bullets,
    Cell,
    Column,
    DisplayTable,
    Group,
    Page,
    PageSection,
    Row,
    Share,
    Tone,
)
from thbstats.display.number_styles import scaled
from thbstats.display.numbers import percent
from thbstats.display.strings import split_words
from thbstats.values import Interval

_CONTENTS_FROM = 4
"""Smallest number of sections of a page with a list of contents."""

_UNBREAKABLE = re.compile(r" |\d-\d")
"""Words that browsers could break: numbers with a unit, and 2015-2016."""

_LONG = 45
"""Number of characters from which a cell has a minimum width."""


def to_html(item: DisplayTable | Page, *, style: bool = True) -> str:
    """Render a table as an HTML fragment, or a page as a document.

    Examples
    --------
    >>> table = DisplayTable(caption="A & B", columns=["Form"], rows=[["<5"]])
    >>> "<td" in to_html(table, style=False), "A &amp; B" in to_html(table)
    (False, True)
    """
    style_element = f"<style>\n{_style_sheet()}</style>\n" if style else ""
    if isinstance(item, Page):
        return _document(item, style_element)
    return f'{style_element}<div class="thb">\n{_figure(item)}\n</div>'


@cache
def _style_sheet() -> str:
    """Return the CSS of tables and pages, with all rules under the class ``thb``."""
    return files("thbstats.display").joinpath("style.css").read_text("utf-8")


def _document(page: Page, style: str) -> str:
    return f"""\
<!doctype html>
<html lang="{escape(page.lang)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{escape(page.title)}</title>
{style}</head>
<body class="thb">
<main>
{_main(page)}
</main>
</body>
</html>
"""


def _main(page: Page) -> str:
    blocks = [
        _header(page),
        _contents(page.sections),
        *(_section(index, *part) for index, part in enumerate(page.numbered, start=1)),
        f"<footer>{_paragraph(page.footer)}</footer>" if page.footer else "",
    ]
    return "\n".join(block for block in blocks if block)


def _header(page: Page) -> str:
    parts = [
        _paragraph(page.kicker, "thb-kicker"),
        f"<h1>{escape(page.title)}</h1>",
        _paragraph(page.lead, "thb-lead"),
    ]
    return "<header>\n" + "\n".join(part for part in parts if part) + "\n</header>"


def _contents(sections: tuple[PageSection, ...]) -> str:
    if len(sections) < _CONTENTS_FROM:
        return ""
    items = "\n".join(
        f'<li><a href="#section-{index}">{escape(section.heading)}</a></li>'
        for index, section in enumerate(sections, start=1)
    )
    return f'<nav aria-label="Contents">\n<ol>\n{items}\n</ol>\n</nav>'


def _section(index: int, section: PageSection, tables: list[tuple[str, DisplayTable]]) -> str:
    heading = f"<h2>{escape(section.heading)}</h2>"
    before, after = [heading], list[str]()
    if section.collapsed:
        before, after = ["<details>", f"<summary>{heading}</summary>"], ["</details>"]
    blocks = [
        f'<section id="section-{index}">',
        *before,
        *map(_prose, section.prose),
        *(_figure(table, label) for label, table in tables),
        *after,
        "</section>",
    ]
    return "\n".join(blocks)


def _prose(block: str | Bullets) -> str:
    return _list(block) if isinstance(block, Bullets) else _paragraph(block)


def _list(block: Bullets) -> str:
    tag = "ol" if block.numbered else "ul"
    items = "\n".join(f"<li>{_unbreakable(item)}</li>" for item in block.items)
    heading = f"<h3>{escape(block.heading)}</h3>\n" if block.heading else ""
    return f'{heading}<{tag} class="thb-list">\n{items}\n</{tag}>'


def _paragraph(text: str, name: str = "") -> str:
    return f"<p{_class(name)}>{_unbreakable(text)}</p>" if text else ""


def _figure(table: DisplayTable, label: str = "") -> str:
    notes = "\n".join(f"<li>{_unbreakable(note)}</li>" for note in table.notes)
    label_text = escape(table.caption or label or "table")
    blocks = [
        "<figure>",
        f'<div class="thb-box" role="region" aria-label="{label_text}" tabindex="0">',
        _table(table, label),
        "</div>",
        f'<ul class="thb-notes">\n{notes}\n</ul>' if notes else "",
        "</figure>",
    ]
    return "\n".join(block for block in blocks if block)


def _head(column: Column) -> str:
    """Return the header of a column; a column without name has none (accessibility)."""
    if not column.name:
        return "<td></td>"
    return f'<th scope="col"{_side(column)}>{escape(column.name)}</th>'


def _table(table: DisplayTable, label: str) -> str:
    numbered = f"<b>{label}.</b> " if label else ""
    caption = f"{numbered}{escape(table.caption)}"
    names = "".join(map(_head, table.columns))
    blocks = [
        "<table>",
        f"<caption><span>{caption}</span></caption>" if caption else "",
        f"<thead>\n<tr>{names}</tr>\n</thead>",
        *(_body(rows, table.columns) for rows in _groups(table)),
        "</table>",
    ]
    return "\n".join(block for block in blocks if block)


def _groups(table: DisplayTable) -> list[list[Row | Group]]:
    """Return the rows by table body; a group starts a new body."""
    bodies: list[list[Row | Group]] = [[]]
    for row in table.rows:
        if isinstance(row, Group):
            bodies.append([])
        bodies[-1].append(row)
    return [body for body in bodies if body] or [[]]


def _body(rows: list[Row | Group], columns: tuple[Column, ...]) -> str:
    lines = [_row(row, columns) for row in rows]
    empty = f'<tr><td class="thb-empty" colspan="{len(columns)}">no rows</td></tr>'
    return "<tbody>\n" + "\n".join([line for line in lines if line] or [empty]) + "\n</tbody>"


def _row(row: Row | Group, columns: tuple[Column, ...]) -> str:
    if isinstance(row, Group):
        return _group(row, len(columns))
    head = f'<th scope="row"{_side(columns[0], row.cells[0])}>{_content(row.cells[0])}</th>'
    cells = "".join(
        f"<td{_side(column, cell)}>{_content(cell)}</td>"
        for column, cell in zip(columns[1:], row.cells[1:], strict=True)
    )
    return f"<tr{_class('thb-total' * row.total)}>{head}{cells}</tr>"


def _group(group: Group, width: int) -> str:
    if not group.heading:
        return ""
    heading = escape(group.heading)
    return f'<tr><th class="thb-group" scope="rowgroup" colspan="{width}">{heading}</th></tr>'


def _content(cell: Cell) -> str:
    text = _unbreakable(cell.text)
    if cell.title:
        text = f'<span class="thb-hint" title="{escape(cell.title)}">{text}</span>'
    if cell.tone is not Tone.PLAIN:
        text = f'<span class="thb-{cell.tone}">{_mark(cell.tone)}{text}</span>'
    return text + _bar(cell.bar)


def _unbreakable(text: str) -> str:
    """Return an escaped text with unbreakable numbers and units."""
    return " ".join(
        f'<span class="thb-keep">{escape(word)}</span>'
        if _UNBREAKABLE.search(word)
        else escape(word)
        for word in split_words(text)
    )


def _mark(tone: Tone) -> str:
    if not tone.mark:
        return ""
    return f'<span class="thb-mark" role="img" aria-label="{tone.label}">{tone.mark}</span>&nbsp;'


def _bar(bar: tuple[Share, Share] | None) -> str:
    """Return a bar: filled up to the lower bound, pale up to the upper bound."""
    if bar is None:
        return ""
    lower, upper = Fraction(bar[0]), Fraction(bar[1])
    label = percent(Interval(lower, upper))
    return (
        f'<svg class="thb-bar" viewBox="0 0 100 5" preserveAspectRatio="none" role="img"'
        f' aria-label="bar: {label}"><rect width="100" height="1" y="2"/>'
        f'<rect class="thb-possible" width="{_coordinate(upper)}" height="5"/>'
        f'<rect class="thb-certain" width="{_coordinate(lower)}" height="5"/></svg>'
    )


def _coordinate(share: Fraction) -> str:
    return f"{scaled(share, 4) / 100:.2f}"


def _side(column: Column, cell: Cell | None = None) -> str:
    if column.is_right:
        return _class("thb-right")
    return _class("thb-long" if cell and len(cell.text) > _LONG else "")


def _class(name: str) -> str:
    return f' class="{name}"' if name else ""
