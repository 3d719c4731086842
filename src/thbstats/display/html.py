"""Sheets and pages as static HTML: semantic, escaped, without any script."""

import re
from fractions import Fraction
from html import escape

from thbstats.display.display_table import Cell, Column, DisplayTable, Group, Row, Share, Tone
from thbstats.display.numbers import percent
from thbstats.display.page import Page, Section
from thbstats.display.rounding import scaled
from thbstats.display.strings import words
from thbstats.display.style import STYLE
from thbstats.values import Interval

__all__ = ["to_html"]

_CONTENTS_FROM = 4
"""The number of sections from which a page has a list of contents."""

_KEPT = re.compile(r" |\d-\d")
"""What browsers would break, and readers would not: 20,532, 47.5%, 2015-2016."""

_LONG = 45
"""A text of more characters gets room to be read, on a narrow screen too."""


def to_html(item: DisplayTable | Page, *, style: bool = True) -> str:
    """Render a table as a fragment, or a page as a whole document.

    Parameters
    ----------
    item : DisplayTable or Page
        What to render.
    style : bool
        Whether the style sheet comes with it. A second table on one page does not need it again.

    Returns
    -------
    str
        HTML that loads nothing and runs nothing. It follows the reader's light or dark mode,
        wide tables scroll inside their own box, and it prints in black on white.

    Examples
    --------
    >>> table = DisplayTable(caption="A & B", columns=["Form"], rows=[["<5"]])
    >>> "<td" in to_html(table, style=False), "A &amp; B" in to_html(table)
    (False, True)
    """
    style_element = f"<style>\n{STYLE}</style>\n" if style else ""
    if isinstance(item, Page):
        return _document(item, style_element)
    return f'{style_element}<div class="thb">\n{_figure(item)}\n</div>'


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
        *(_section(place, *part) for place, part in enumerate(page.numbered, start=1)),
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


def _contents(sections: tuple[Section, ...]) -> str:
    if len(sections) < _CONTENTS_FROM:
        return ""
    items = "\n".join(
        f'<li><a href="#section-{place}">{escape(section.heading)}</a></li>'
        for place, section in enumerate(sections, start=1)
    )
    return f'<nav aria-label="Contents">\n<ol>\n{items}\n</ol>\n</nav>'


def _section(place: int, section: Section, tables: list[tuple[str, DisplayTable]]) -> str:
    blocks = [
        f'<section id="section-{place}">',
        f"<h2>{escape(section.heading)}</h2>",
        *map(_paragraph, section.prose),
        *(_figure(table, label) for label, table in tables),
        "</section>",
    ]
    return "\n".join(blocks)


def _paragraph(text: str, name: str = "") -> str:
    return f"<p{_class(name)}>{_kept(text)}</p>" if text else ""


def _figure(table: DisplayTable, label: str = "") -> str:
    notes = "\n".join(f"<li>{_kept(note)}</li>" for note in table.notes)
    spoken = escape(table.caption or label or "table")
    blocks = [
        "<figure>",
        f'<div class="thb-box" role="region" aria-label="{spoken}" tabindex="0">',
        _table(table, label),
        "</div>",
        f'<ul class="thb-notes">\n{notes}\n</ul>' if notes else "",
        "</figure>",
    ]
    return "\n".join(block for block in blocks if block)


def _head(column: Column) -> str:
    """Return the head of a column; one without a name is none, for those who hear the page."""
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
    """Return the rows in bodies; a group opens the next one."""
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
    rest = "".join(
        f"<td{_side(column, cell)}>{_content(cell)}</td>"
        for column, cell in zip(columns[1:], row.cells[1:], strict=True)
    )
    return f"<tr{_class('thb-total' * row.total)}>{head}{rest}</tr>"


def _group(group: Group, width: int) -> str:
    if not group.heading:
        return ""
    heading = escape(group.heading)
    return f'<tr><th class="thb-group" scope="rowgroup" colspan="{width}">{heading}</th></tr>'


def _content(cell: Cell) -> str:
    text = _kept(cell.text)
    if cell.title:
        text = f'<span class="thb-hint" title="{escape(cell.title)}">{text}</span>'
    if cell.tone is not Tone.PLAIN:
        text = f'<span class="thb-{cell.tone}">{_mark(cell.tone)}{text}</span>'
    return text + _bar(cell.bar)


def _kept(text: str) -> str:
    """Return an escaped text whose numbers stay on one line with their units."""
    return " ".join(
        f'<span class="thb-keep">{escape(word)}</span>' if _KEPT.search(word) else escape(word)
        for word in words(text)
    )


def _mark(tone: Tone) -> str:
    if not tone.mark:
        return ""
    return f'<span class="thb-mark" role="img" aria-label="{tone.label}">{tone.mark}</span>&nbsp;'


def _bar(bar: tuple[Share, Share] | None) -> str:
    """Draw the certain part filled and the possible part pale; print keeps both."""
    if bar is None:
        return ""
    lower, upper = Fraction(bar[0]), Fraction(bar[1])
    said = percent(Interval(lower, upper))
    return (
        f'<svg class="thb-bar" viewBox="0 0 100 5" preserveAspectRatio="none" role="img"'
        f' aria-label="bar: {said}"><rect width="100" height="1" y="2"/>'
        f'<rect class="thb-possible" width="{_place(upper)}" height="5"/>'
        f'<rect class="thb-certain" width="{_place(lower)}" height="5"/></svg>'
    )


def _place(share: Fraction) -> str:
    return f"{scaled(share, 4) / 100:.2f}"


def _side(column: Column, cell: Cell | None = None) -> str:
    if column.is_right:
        return _class("thb-right")
    return _class("thb-long" if cell and len(cell.text) > _LONG else "")


def _class(name: str) -> str:
    return f' class="{name}"' if name else ""
