"""The citation, made from ``CITATION.cff``."""

from pathlib import Path
from typing import Any

import yaml

CITATION = Path(__file__).parents[2] / "CITATION.cff"


def cited(citation: dict[str, Any]) -> str:
    """Return the citation as a sentence and as an entry of BibTeX."""
    names = [author.get("name") or author["family-names"] for author in citation["authors"]]
    version, title = citation["version"], citation["title"]
    released = citation.get("date-released")
    year = str(released)[:4] if released else "n.d."
    entry = {
        "title": f"{{{title}}}",
        "author": "{" + " and ".join(f"{{{name}}}" for name in names) + "}",
        "version": f"{{{version}}}",
        **({"year": f"{{{year}}}"} if released else {}),
        "license": f"{{{citation['license']}}}",
    }
    lines = "\n".join(f"  {name} = {text}," for name, text in entry.items())
    return "\n\n".join(
        [
            citation["message"],
            f"> {', '.join(names)} ({year}). *{title}*. Version {version}.",
            f"```text\n@software{{thbstats,\n{lines}\n}}\n```",
            f"Version {version} is not released. Cite the commit that you used."
            if not released
            else "",
        ]
    )


def setup(app: Any) -> dict[str, Any]:
    """Insert the citation at ``<!-- citation -->``."""

    def on_source_read(_app: Any, _name: str, source: list[str]) -> None:
        if "<!-- citation -->" in source[0]:
            read = yaml.safe_load(CITATION.read_text("utf-8"))
            source[0] = source[0].replace("<!-- citation -->", cited(read))

    app.connect("source-read", on_source_read)
    return {"parallel_read_safe": True}
