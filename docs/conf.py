"""Configuration of Sphinx. The build runs every cell and needs no network."""

import re
import sys
from enum import Enum
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

from thbstats._version import __version__

project = "thbstats"
author = "The thbstats authors"
copyright = f"2026, {author}"
version = release = __version__

extensions = [
    "citation",  # from CITATION.cff
    "function_pages",  # one page per function
    "generated",  # tables of the reference
    "markdown_copies",  # for programs that read the manual
    "mathml",  # formulas without scripts
    "myst_nb",
    "notebooks",  # the examples, for download
    "numpydoc",
    "outputs",  # accessible outputs of cells
    "sphinx.ext.autodoc",
    "suppression_picture",  # a table before and after suppression
]
exclude_patterns = ["_build", "**.ipynb_checkpoints"]

# The API pages come from docstrings. A name in single backticks becomes a link if it exists.
default_role = "py:obj"
autodoc_default_options: dict[str, bool] = {}
autodoc_preserve_defaults = True
autodoc_typehints = "none"  # the Parameters sections contain them
numpydoc_show_class_members = False
add_module_names = False
toc_object_entries_show_parents = "hide"

# An error in a cell breaks the build.
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 120
nb_merge_streams = True
nb_render_markdown_format = "gfm"

html_math_renderer = "mathml"
html_context = {"default_mode": "auto"}
html_favicon = "_static/favicon.svg"
html_theme = "pydata_sphinx_theme"
html_title = "thbstats"
html_static_path = ["_static"]
html_search_scorer = str(Path(__file__).parent / "_ext" / "search_scorer.js")
html_css_files = ["manual.css"]
html_copy_source = False
html_show_sourcelink = False
templates_path = ["_templates"]
html_sidebars = {page: [] for page in ("index", "examples/gallery")}
html_theme_options = {
    "show_prev_next": False,
    "navigation_with_keys": False,
    "secondary_sidebar_items": ["page-toc"],
    "header_links_before_dropdown": 7,
}

BENCHMARKS = "development/benchmarks.md"  # a page that ``nox -s bench`` writes
LONGEST_VALUE = 60  # of a constant; the reference omits longer ones


def drop_long_values(_app: Sphinx, doctree: nodes.document) -> None:
    """Omit the long values of constants."""
    for value in list(doctree.findall(addnodes.desc_annotation)):
        if value.astext().lstrip().startswith("=") and len(value.astext()) > LONGEST_VALUE:
            value.parent.remove(value)


def name_members(
    _app: Sphinx, _what: str, _name: str, item: object, _options: object, lines: list[str]
) -> None:
    """List the members of an enumeration."""
    if isinstance(item, type) and issubclass(item, Enum) and len(item):
        lines += ["", "Members: " + ", ".join(f"``{member.value}``" for member in item) + ".", ""]


def plain_defaults(
    _app: Sphinx, _what: str, _name: str, _item: object, _options: object, signature: str, *_: Any
) -> tuple[str, None] | None:
    """Write three dots for generated code of attrs in defaults, and the codes of enumerations."""
    if not signature:
        return None
    plain = re.sub(r"attr_dict\['\w+'\]\.default|NOTHING", "...", signature)
    return re.sub(r"<\w+\.\w+: ('[^']*')>", r"\1", plain), None


def leave_benchmarks_out(_app: Sphinx, name: str, source: list[str]) -> None:
    """Omit the benchmarks page if ``nox -s bench`` has not written it."""
    if name == "development/index" and not (Path(__file__).parent / BENCHMARKS).exists():
        source[0] = re.sub(r"(?m)^.*benchmarks.*\n", "", source[0])


def setup(app: Sphinx) -> None:
    app.connect("source-read", leave_benchmarks_out)
    app.connect("doctree-read", drop_long_values)
    app.connect("autodoc-process-docstring", name_members, priority=900)  # after numpydoc
    app.connect("autodoc-process-signature", plain_defaults)
