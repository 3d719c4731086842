"""Markdown copies of the pages, with ``llms.txt``, made by sphinx-llm-friendly.

A notebook shows the HTML of a result. The copy contains its Markdown, or its text.
"""

from typing import Any

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

TEXTS = ("text/markdown", "text/plain")
"""Forms of an output for the copy, the best first."""


class TextsOfOutputs(SphinxPostTransform):
    """Add a text for the copy to each output that the page shows as HTML."""

    default_priority = 3  # before myst-nb selects one form of each output
    formats = ("html",)

    def run(self, **_: Any) -> None:
        """Replace each output by one version for the page and one for the copy."""
        bundles = [
            node
            for node in self.document.findall(nodes.container)
            if node.get("nb_element") == "mime_bundle"
        ]
        for bundle in bundles:
            forms = {form["mime_type"]: form for form in bundle.children}
            text = next((forms[name] for name in TEXTS if name in forms), None)
            if "text/html" in forms and text is not None:
                copies = [child.deepcopy() for child in text.children]
                page, copy = addnodes.only(expr="not llm"), addnodes.only("", *copies, expr="llm")
                bundle.replace_self([page, copy])
                page.append(bundle)
        for block in self.document.findall(nodes.literal_block):
            if block.get("language") == "ipython3":
                block["language"] = "python"


def visit_transparent(_translator: Any, _node: nodes.Element) -> None:
    """Write the content of a node without a mark of its own."""


def visit_classifier(translator: Any, _node: nodes.Element) -> None:
    """Write the type of a parameter after its name."""
    translator.add(": ")


def without_button(
    _app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: object
) -> None:
    """Remove the button of the extension, which is a script on every page."""
    context["script_files"] = [
        script
        for script in context["script_files"]
        if "as-markdown" not in getattr(script, "attributes", {}).get("body", "")
    ]


def setup(app: Sphinx) -> dict[str, Any]:
    """Set up the copies."""
    app.setup_extension("sphinx_llm_friendly")
    app.add_post_transform(TextsOfOutputs)
    app.connect("html-page-context", without_button)
    for node, visit in (
        (HideCodeCellNode, visit_transparent),
        (nodes.classifier, visit_classifier),
    ):
        handlers = app.registry.translation_handlers.setdefault("llm_markdown", {})
        handlers[node.__name__] = (visit, visit_transparent)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
