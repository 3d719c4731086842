"""The check of the Markdown copies finds each defect."""

from importlib import import_module
from pathlib import Path

import pytest

CHECKER = import_module("docs.check_copies")

FILES = {
    "index.html": "<h1>Manual</h1>",
    "index.md": "# Manual\n\nSee [how](how/to.md#top) and [the site](https://example.org).\n",
    "how/to.html": "<h1>How to</h1>",
    "how/to.md": "# How to\n\nTo [the index](../index.md).\n\n```html\n<div>\n```\n\n`<table>`\n",
    "search.html": "<h1>Search</h1>",
    "llms.txt": "# Manual\n\n- [Manual](index.md)\n- [How to](how/to.md)\n",
}


def problems(folder: Path, **changes: str | None) -> list[tuple[str, str]]:
    """Return the problems of a manual with changed or removed files."""
    for name, text in (FILES | changes).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        if text is not None:
            path.write_text(text, "utf-8")
    return list(CHECKER.problems(folder))


def test_correct_manual_has_no_problem(tmp_path: Path) -> None:
    assert problems(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("how/to.md", None, ("how/to.html", "has no Markdown copy")),
        ("how/to.md", "How to", ("how/to.md", "does not start with a title")),
        ("how/to.md", "# How\n<div class='x'>", ("how/to.md", "contains HTML: <div")),
        ("how/to.md", "# How\n[no](no.md)", ("how/to.md", "link without a file: no.md")),
        ("how/to.md", "# How\n[no](no.md#a)", ("how/to.md", "link without a file: no.md#a")),
        ("llms.txt", None, ("llms.txt", "is missing")),
        ("llms.txt", "[Manual](index.md)", ("llms.txt", "lists how/to.md 0 times")),
        ("llms.txt", FILES["llms.txt"] * 2, ("llms.txt", "lists index.md 2 times")),
        ("llms.txt", FILES["llms.txt"] + "[no](no.md)", ("llms.txt", "lists no page: no.md")),
    ],
)
def test_defect_is_reported(
    tmp_path: Path, name: str, text: str | None, expected: tuple[str, str]
) -> None:
    assert expected in problems(tmp_path, **{name: text})
