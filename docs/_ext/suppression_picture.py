"""Picture of a table before and after suppression, with the bounds that a reader can calculate.

``{suppression-picture}`` draws it from `thbstats.disclosure.suppress` and the audits of its tables.
Each state of the table is an SVG picture, so that narrow pages show one below the other.
"""

from html import escape
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

import thbstats as thb
from thbstats.disclosure import SuppressedTable, suppress
from thbstats.disclosure.audit import audit_table

COUNTS = {"female": (60, 12, 9, 81), "male": (3, 41, 14, 58), "total": (63, 53, 23, 139)}
FORMS = ("sexual", "labour", "other", "total")
WIDTH, HEIGHT, SIDE, TOP = 56, 38, 48, 30  # of a cell, and of the headers

State = tuple[str, str, dict[int, str], dict[int, str]]
"""Title, sentence, and by row the published text and the bounds that a reader can calculate."""


def before_suppression() -> thb.CountTable:
    """Return the counts as a table."""
    rows = [
        (sex, form, count)
        for sex, counts in COUNTS.items()
        for form, count in zip(FORMS, counts, strict=True)
    ]
    columns = ["sex", "exploitation", "value"]
    return thb.CountTable.from_rows(rows, columns=columns, kind="victims", area="FR", period=2020)


def bounds_of(table: thb.CountTable, safe: SuppressedTable) -> dict[int, str]:
    """Return the bounds that a reader of a table can calculate, by row."""
    audit = audit_table(table, safe.assumptions)
    columns = (column.astype(int).tolist() for column in (audit.rows, audit.lower, audit.upper))
    return {
        row: f"= {low}" if low == high else f"{low} to {high}"
        for row, low, high in zip(*columns, strict=True)
    }


def states() -> tuple[list[State], SuppressedTable]:
    """Return the three states of the table, and its suppression."""
    truth = before_suppression()
    safe = suppress(truth, fewer_than=5)
    (row,) = safe.primary.rows.tolist()
    counts = {position: f"{count}" for position, count in enumerate(truth.lower.tolist())}
    marks = dict.fromkeys(safe.suppressed.tolist(), "[c]")
    first = bounds_of(safe.primary.published_table(), safe)
    second = bounds_of(safe.table, safe)
    women, total = (COUNTS[sex][row % len(FORMS)] for sex in ("female", "total"))
    return [
        ("1. Before publication", "One count is below 5.", counts, {}),
        (
            "2. Primary suppression",
            f"A reader subtracts: {total} \N{MINUS SIGN} {women} {first[row]}.",
            counts | {row: "[c]"},
            first,
        ),
        (
            "3. Secondary suppression",
            f"{second[row]} contains 0 to 4.",
            counts | marks,
            second,
        ),
    ], safe


def drawn(state: State, safe: SuppressedTable) -> str:
    """Return one state as an SVG picture."""
    title, sentence, texts, bounds = state
    width, height = SIDE + WIDTH * len(FORMS) + 1, TOP + HEIGHT * len(COUNTS) + 1
    parts = []

    def text(x: float, y: float, content: str, css: str) -> None:
        parts.append(f'<text x="{x}" y="{y}" class="{css}">{escape(content)}</text>')

    for column, form in enumerate(FORMS):
        text(SIDE + WIDTH * (column + 0.5), TOP - 10, form, "head")
    for line, sex in enumerate(COUNTS):
        text(SIDE - 8, TOP + HEIGHT * (line + 0.5) + 4, sex, "side")
    for row, content in texts.items():
        line, column = divmod(row, len(FORMS))
        x, y = SIDE + WIDTH * column, TOP + HEIGHT * line
        css = "cell"
        if row in safe.primary.causes:
            css = "cell primary"
        elif content == "[c]":
            css = "cell secondary"
        box = f'x="{x + 2}" y="{y + 2}" width="{WIDTH - 4}" height="{HEIGHT - 4}"'
        parts.append(f'<rect {box} rx="3" class="{css}"/>')
        middle = x + WIDTH / 2
        text(middle, y + (17 if row in bounds else 24), content, "count")
        if row in bounds:
            text(middle, y + 31, bounds[row], "bounds")
    label = escape(described(state))
    return (
        f"<figure><figcaption><strong>{escape(title)}</strong><br>{escape(sentence)}</figcaption>"
        f'<svg role="img" aria-label="{label}" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}">{"".join(parts)}</svg></figure>'
    )


def described(state: State) -> str:
    """Return one state as text."""
    title, sentence, texts, bounds = state
    lines = [
        f"{sex}: "
        + ", ".join(
            f"{form} {texts[row]}" + (f" ({bounds[row]})" if row in bounds else "")
            for row, form in enumerate(FORMS, start=len(FORMS) * line)
        )
        for line, sex in enumerate(COUNTS)
    ]
    return f"{title}. {sentence} " + "; ".join(lines) + "."


class SuppressionPicture(SphinxDirective):
    """Directive that draws the three states of a table."""

    def run(self) -> list[nodes.Node]:
        """Return the pictures for the page, and sentences for its copy."""
        drawings, safe = states()
        pictures = "".join(drawn(state, safe) for state in drawings)
        html = f'<div class="suppression">{pictures}</div>'
        sentences = [nodes.paragraph(text=described(state)) for state in drawings]
        page, copy = addnodes.only(expr="not llm"), addnodes.only("", *sentences, expr="llm")
        page += nodes.raw("", html, format="html")
        return [page, copy]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("suppression-picture", SuppressionPicture)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
