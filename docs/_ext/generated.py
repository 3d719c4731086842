"""Generated tables in the pages of the manual.

A page has a table between ``<!-- table: NAME -->`` and ``<!-- end of table -->``.
``python docs/make_pages.py`` writes the tables, so that the pages are readable without a build. The
build and a test compare them with the library.
"""

import re
import textwrap
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import catalogue
import classifications
import crosswalks
from sphinx.application import Sphinx
from sphinx.util import logging

DOCS = Path(__file__).parents[1]
DECISIONS = DOCS / "development" / "decisions"
_DECISION = re.compile(r"# (\d+)\. (.+)\n\nStatus: (.+)\. Date: (.+)\.\n")


def decision_table() -> str:
    """Return the decision records with status and date."""
    rows = []
    for path in sorted(DECISIONS.glob("0*.md")):
        head = _DECISION.match(path.read_text("utf-8"))
        if head is None:
            raise ValueError(f"{path.name} must start with a numbered title, a status and a date")
        number, title, status, date = head.groups()
        rows.append([number, f"[{title}]({path.name})", status, date])
    return catalogue.table(["number", "decision", "status", "date"], rows)


def glossary() -> str:
    """Return the terms of the glossary by section."""
    data = tomllib.loads((DOCS.parent / "src/thbstats/glossary.toml").read_text("utf-8"))
    sections: dict[str, list[str]] = {}
    for term in data["terms"]:
        text = term["definition"]
        if "example" in term:
            text += f" Example: {term['example']}"
        if "synonyms" in term:
            text += f" Related terms: {', '.join(term['synonyms'])}."
        lines = textwrap.wrap(text, 96, initial_indent="  ", subsequent_indent="  ")
        sections.setdefault(term["section"], []).append("\n".join([term["name"], *lines]))
    blocks = {name: "\n\n".join(terms) for name, terms in sections.items()}
    return "\n\n".join(
        f"## {name}\n\n```{{glossary}}\n{text}\n```" for name, text in blocks.items()
    )


TABLES: dict[str, Callable[[], str]] = {
    **catalogue.PAGES,
    **classifications.PAGES,
    "decisions": decision_table,
    "glossary": glossary,
    **{f"crosswalk of {name}": make for name, make in crosswalks.PAGES.items()},
}
_TABLE = re.compile(r"(<!-- table: ([\w -]+) -->\n).*?(<!-- end of table -->)", re.DOTALL)

# A link to an object has the full name of the object as its title. It leads to the page in the
# repository, and to the object in the built manual.
_OBJECT = re.compile(r'\[`?([^]`]+)`?\]\([\w/.-]+\.md "(thbstats\.[\w.]+)"\)')


def filled(text: str) -> str:
    """Return a page with its current tables."""
    return _TABLE.sub(lambda part: f"{part[1]}\n{TABLES[part[2]]()}\n\n{part[3]}", text)


def outdated_pages() -> Iterator[tuple[Path, str]]:
    """Yield the pages whose tables are not current, with their current text."""
    for path in sorted([*(DOCS / "reference").rglob("*.md"), DECISIONS / "index.md"]):
        text = path.read_text("utf-8")
        if (current := filled(text)) != text:
            yield path, current


def write_pages() -> list[Path]:
    """Write the current tables, and return the pages that changed."""
    changed = list(outdated_pages())
    for path, text in changed:
        path.write_text(text, encoding="utf-8")
    return [path for path, _ in changed]


def setup(app: Sphinx) -> dict[str, Any]:
    """Check the tables before a build, and link objects."""

    def check(_app: Sphinx) -> None:
        for path, _ in outdated_pages():
            name = path.relative_to(DOCS)
            logging.getLogger(__name__).warning(
                "%s is not current: run python docs/make_pages.py", name
            )

    def link_objects(_app: Sphinx, _name: str, source: list[str]) -> None:
        source[0] = _OBJECT.sub(r"{py:obj}`\1 <\2>`", source[0])

    app.connect("builder-inited", check)
    app.connect("source-read", link_objects)
    return {"parallel_read_safe": True}
