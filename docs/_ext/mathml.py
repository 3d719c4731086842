"""Formulas as MathML, which browsers show without scripts."""

from typing import Any

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx


def formula(self: Any, node: nodes.math) -> None:
    """Write a formula within a line."""
    self.body.append(convert(node.astext()))
    raise nodes.SkipNode


def display(self: Any, node: nodes.math_block) -> None:
    """Write a displayed formula in a box that scrolls if it is too wide."""
    self.body.append(self.starttag(node, "div", CLASS="formula", tabindex="0"))
    self.body.append(convert(node.astext(), display="block") + "</div>\n")
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the renderer that ``html_math_renderer`` names."""
    app.add_html_math_renderer("mathml", (formula, None), (display, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
