"""Accessible outputs of cells.

A notebook shows one output at a time, and a page shows many. So empty header cells become plain
cells or get a text, repeated names of regions get a number, and scrolling boxes can be reached with
the keyboard.
"""

import re
from collections import Counter
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

_EMPTY_HEADER = re.compile(r'<th([^>]*?)(?: scope="\w+")?([^>]*)>\s*</th>')
_REFERRED_TO = re.compile(r' id="[^"]')
_SCROLLS = re.compile(r'(<div id="\w+") (style="[^"]*overflow-x:auto)')
_REGION = re.compile(r'(role="region" aria-label=")([^"]*)')


def numbered_regions(html: str, seen: Counter[str]) -> str:
    """Return the HTML of an output with unique names of regions."""

    def numbered(found: re.Match[str]) -> str:
        seen[found[2]] += 1
        number = f", {seen[found[2]]}" if seen[found[2]] > 1 else ""
        return found[0] + number

    return _REGION.sub(numbered, html)


def without_empty_headers(html: str) -> str:
    """Return the HTML of an output without empty header cells."""

    def plain(found: re.Match[str]) -> str:
        if _REFERRED_TO.search(found[0]):  # other cells refer to this header
            return found[0].replace("</th>", '<span class="visually-hidden">row</span></th>')
        return f"<td{found[1]}{found[2]}></td>"

    return _EMPTY_HEADER.sub(plain, html)


def within_reach(html: str) -> str:
    """Return the HTML of an output whose boxes of great-tables scroll with the keyboard."""
    return _SCROLLS.sub(r'\1 tabindex="0" \2', html)


def repair(_app: Sphinx, doctree: nodes.document, _name: str) -> None:
    """Repair the outputs of a page, in their order."""
    seen: Counter[str] = Counter()
    for output in list(doctree.findall(nodes.raw)):
        if output.get("format") == "html":
            html = within_reach(without_empty_headers(output.astext()))
            output.replace_self(nodes.raw("", numbered_regions(html, seen), format="html"))
    for head in doctree.findall(nodes.thead):
        for entry in head.findall(nodes.entry):
            if not entry.astext().strip():
                entry.append(nodes.inline("", "no heading", classes=["visually-hidden"]))


def setup(app: Sphinx) -> dict[str, Any]:
    """Repair the outputs at the end of a build."""
    app.connect("doctree-resolved", repair)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
