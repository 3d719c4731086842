"""One page per public function, before the pages of classes and modules.

The pages are written before a build. A page of a module keeps its classes and data.
"""

import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

import thbstats

DOCS = Path(__file__).parents[1]
FOLDER = DOCS / "reference" / "functions"
DECISIONS = "development/decisions/"
_MODULE = re.compile(r"\.\. automodule:: (\S+)\n((?:   :[^\n]*\n)*)")
_GROUPS = {"": "Functions of `thb`", "plots": "Plots", "disclosure": "Disclosure control"}


def functions() -> Iterator[tuple[str, str, Any]]:
    """Yield the name in code, the full name and each function of the API pages."""
    known = set[int]()
    for page in sorted((DOCS / "reference" / "api").glob("*.md")):
        for module_name, options in _MODULE.findall(page.read_text("utf-8")):
            module = import_module(module_name)
            listed = re.search(r":members: (.+)", options)
            for name in listed[1].split(", ") if listed else module.__all__:
                item = getattr(module, name)
                if inspect.isfunction(item) and id(item) not in known:
                    known.add(id(item))
                    is_top = getattr(thbstats, name, None) is item
                    inside = module_name.removeprefix("thbstats.")
                    yield (f"thb.{name}" if is_top else f"thb.{inside}.{name}"), module_name, item


def write_function_pages(_app: Sphinx) -> None:
    """Write a page per function, and a page with the list."""
    FOLDER.mkdir(exist_ok=True)
    groups: dict[str, list[str]] = {}
    pages = {}
    for label, module, item in functions():
        name = label.rpartition(".")[2]
        directive = f".. autofunction:: {module}.{name}"
        pages[f"{label}.md"] = f"# {label}\n\n```{{eval-rst}}\n{directive}\n```\n"
        summary = (inspect.getdoc(item) or "").partition("\n")[0]
        group = "" if label.count(".") == 1 else label.split(".")[1]
        groups.setdefault(group, []).append(f"- [`{label}`]({label}.md): {summary}")
    order = sorted(groups, key=lambda own: (own not in _GROUPS, own))
    blocks = [
        "# Functions\n\nEach function has a page with its formula, parameters, errors and examples "
        "with published figures.\n`thb` is `thbstats`, imported with `import thbstats as thb`."
    ]
    for group in order:
        title = _GROUPS.get(group, f"Functions of `thb.{group}`")
        blocks.append(f"## {title}\n\n" + "\n".join(sorted(groups[group])))
    listed = "\n".join(sorted(pages)).replace(".md", "")
    blocks.append(f"```{{toctree}}\n:hidden:\n\n{listed}\n```\n")
    pages["index.md"] = "\n\n".join(blocks)
    for path in FOLDER.glob("*.md"):
        if path.name not in pages:
            path.unlink()
    for name, text in pages.items():
        path = FOLDER / name
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, encoding="utf-8")


def skip_functions(
    _app: Sphinx, what: str, _name: str, item: object, skip: bool, _options: object
) -> bool | None:
    """Leave functions out of the page of their module, because each has a page."""
    return True if what == "module" and inspect.isfunction(item) and not skip else None


def drop_module_docstring(
    _app: Sphinx, what: str, _name: str, _item: object, _options: object, lines: list[str]
) -> None:
    """Leave out the docstring of a module, which repeats the heading of the page."""
    if what == "module":
        lines.clear()


def leave_decisions_out(app: Sphinx) -> None:
    """Leave the decisions out of the search."""
    index_page = getattr(app.builder, "index_page", None)
    if index_page is None:
        return

    def index_others(name: str, *more: Any) -> None:
        if not name.startswith(DECISIONS):
            index_page(name, *more)

    app.builder.index_page = index_others  # type: ignore[attr-defined]


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the steps."""
    app.setup_extension("sphinx.ext.autodoc")
    app.connect("builder-inited", write_function_pages)
    app.connect("builder-inited", leave_decisions_out)
    app.connect("autodoc-skip-member", skip_functions)
    app.connect("autodoc-process-docstring", drop_module_docstring)
    return {"parallel_read_safe": True}
