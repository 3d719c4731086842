"""Display tables and pages as static HTML."""

import re
from fractions import Fraction
from html import escape

from thbstats._files import package_text
from thbstats.display.display_table import (
    Bullets,
    Cell,
    Column,
    DisplayTable,
    Group,
    Page,
    PageSection,
    Row,
    Tone,
)
from thbstats.display.number_texts import percent, scaled
from thbstats.display.strings import split_words
from thbstats.languages import Language, Plural, language_or_english
from thbstats.values import Interval

_CONTENTS_FROM = 4
"""Smallest number of sections of a page with a list of contents."""

_UNBREAKABLE = re.compile(r" |\d-\d")
"""Words that browsers could break: numbers with a unit, and 2015-2016."""

_OPEN_NOTES = 3
"""Number of notes under a single table that a reader sees without opening the others."""

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
    style_element = (
        f"<style>\n{package_text('thbstats.display', 'style.css')}</style>" if style else ""
    )
    if isinstance(item, Page):
        return _document(item, style_element)
    figure = _figure(item, open_notes=_OPEN_NOTES)
    return _lines(style_element, f'<div class="thb">\n{figure}\n</div>')


def html_document(title: str, body: str, style: str, lang: str, policy: str = "") -> str:
    """Return an HTML document with a style element.

    A content-security policy restricts what a browser loads and runs.
    """
    restriction = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    head = _lines(
        '<meta charset="utf-8">',
        restriction if policy else "",
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        f"<title>{escape(title)}</title>",
        style,
    )
    return f"""\
<!doctype html>
<html lang="{escape(lang)}">
<head>
{head}
</head>
<body class="thb">
<main>
{body}
</main>
</body>
</html>
"""


def _css(name: str) -> str:
    return f' class="{name}"' if name else ""


def _tag(name: str, content: str, attributes: str = "") -> str:
    """Return an element, or an empty text if it has no content."""
    return f"<{name}{attributes}>{content}</{name}>" if content else ""


def _block(name: str, *content: str, attributes: str = "") -> str:
    """Return an element with its content in lines."""
    lines = _lines(*content)
    return _tag(name, f"\n{lines}\n" if lines else "", attributes)


def _lines(*blocks: str) -> str:
    return "\n".join(filter(None, blocks))


def _paragraph(text: str, name: str = "") -> str:
    return _tag("p", _unbreakable(text), _css(name))


def _document(page: Page, style: str) -> str:
    contents = [
        f'<li><a href="#section-{index}">{escape(section.heading)}</a></li>'
        for index, section in enumerate(page.sections, start=1)
    ]
    label = escape(language_or_english(page.lang).text("Contents"))
    main = _lines(
        _block(
            "header",
            _paragraph(page.kicker, "thb-kicker"),
            f"<h1>{escape(page.title)}</h1>",
            _paragraph(page.lead, "thb-lead"),
        ),
        _block("nav", _block("ol", *contents), attributes=f' aria-label="{label}"')
        if len(contents) >= _CONTENTS_FROM
        else "",
        *(_section(index, *part) for index, part in enumerate(page.numbered, start=1)),
        _tag("footer", _paragraph(page.footer)),
    )
    return html_document(page.title, main, style, page.lang)


def _section(index: int, section: PageSection, tables: list[tuple[str, DisplayTable]]) -> str:
    heading = f"<h2>{escape(section.heading)}</h2>"
    before, after = [heading], list[str]()
    if section.collapsed:
        before, after = ["<details>", f"<summary>{heading}</summary>"], ["</details>"]
    blocks = [f'<section id="section-{index}">', *before]
    for block in section.prose:
        if isinstance(block, Bullets):
            items = "\n".join(f"<li>{_unbreakable(item)}</li>" for item in block.items)
            tag = "ol" if block.numbered else "ul"
            heading = _tag("h3", escape(block.heading))
            blocks.append(_lines(heading, f'<{tag} class="thb-list">\n{items}\n</{tag}>'))
        else:
            blocks.append(_paragraph(block))
    blocks += [_figure(table, label) for label, table in tables]
    return "\n".join([*blocks, *after, "</section>"])


def _figure(table: DisplayTable, label: str = "", open_notes: int | None = None) -> str:
    words = language_or_english(table.lang)
    name = escape(table.caption or label or words.text("table"))
    numbered = f"<b>{label}.</b> " if label else ""
    caption = _tag("span", f"{numbered}{escape(table.caption)}")
    names = ""
    for column in table.columns:
        side = _css("thb-right" if column.is_right else "")
        # A column without name has no header (accessibility).
        names += _tag("th", escape(column.name), f' scope="col"{side}') or "<td></td>"
    bodies: list[list[str]] = [[]]
    for row in table.rows:
        if isinstance(row, Group) and bodies[-1]:
            bodies.append([])
        bodies[-1].append(_row(row, table.columns, words))
    no_rows = escape(words.text("no rows"))
    empty = f'<tr><td class="thb-empty" colspan="{len(table.columns)}">{no_rows}</td></tr>'
    grid = _block(
        "table",
        _tag("caption", caption),
        f"<thead>\n<tr>{names}</tr>\n</thead>",
        *(_block("tbody", _lines(*body) or empty) for body in bodies),
    )
    box = f'<div class="thb-box" role="region" aria-label="{name}" tabindex="0">\n{grid}\n</div>'
    notes = [f"<li>{_unbreakable(note)}</li>" for note in table.notes]
    listed = (
        _block("ul", *part, attributes=_css("thb-notes"))
        for part in (notes[:open_notes], notes[open_notes:] if open_notes else [])
    )
    shown, folded = listed
    more = len(notes) - (open_notes or 0)
    number = words.text(Plural("{n} more note", "{n} more notes", more, n=more))
    number = f"<summary>{escape(number)}</summary>"
    return _block("figure", box, shown, _block("details", number, folded) if folded else "")


def _row(row: Row | Group, columns: tuple[Column, ...], words: Language) -> str:
    if isinstance(row, Group):
        scope = f' class="thb-group" scope="rowgroup" colspan="{len(columns)}"'
        return _tag("tr", _tag("th", escape(row.heading), scope))
    content = ""
    for column, cell in zip(columns, row.cells, strict=True):
        long = ["thb-long"] * (len(cell.text) > _LONG)
        side = _css(" ".join(["thb-right"] * column.is_right + long))
        tag, scope = ("td", "") if content else ("th", ' scope="row"')
        label = f' data-label="{escape(column.name)}"' if content else ""  # of narrow pages
        content += f"<{tag}{scope}{side}{label}>{_content(cell, words)}</{tag}>"
    return _tag("tr", content, _css("thb-total" * row.total))


def _content(cell: Cell, words: Language) -> str:
    text, tone = _unbreakable(cell.text), cell.tone
    if cell.title:
        text = f'<span class="thb-hint" title="{escape(cell.title)}">{text}</span>'
    if tone.mark:
        label = escape(words.text(tone.label))
        mark = f'<span class="thb-mark" role="img" aria-label="{label}">{tone.mark}</span>'
        text = f"{mark}&nbsp;{text}"
    if tone is not Tone.PLAIN:
        text = f'<span class="thb-{tone}">{text}</span>'
    if cell.bar is None:
        return text
    # Floats are near the exact numbers, and rounding outwards would show the difference.
    lower, upper = (Fraction(end).limit_denominator(10**9) for end in cell.bar)
    # Filled up to the lower bound, pale up to the upper bound.
    rects = (("possible", upper), ("certain", lower))
    bars = "".join(
        f'<rect class="thb-{name}" width="{scaled(share, 4) / 100:.2f}" height="5"/>'
        for name, share in rects
    )
    label = escape(words.text("bar: {share}", share=percent(Interval(lower, upper))))
    return (
        f'{text}<svg class="thb-bar" viewBox="0 0 100 5" preserveAspectRatio="none" role="img"'
        f' aria-label="{label}">'
        f'<rect width="100" height="1" y="2"/>{bars}</svg>'
    )


def _unbreakable(text: str) -> str:
    """Return an escaped text with unbreakable numbers and units."""
    return " ".join(
        f'<span class="thb-keep">{escape(word)}</span>'
        if _UNBREAKABLE.search(word)
        else escape(word)
        for word in split_words(text)
    )
