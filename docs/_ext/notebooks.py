"""Executed notebooks of the examples, for download.

An example is a script in cells (``# %%``), and its first cell contains a question. A page lists the
notebooks at ``<!-- notebooks -->``.
"""

import re
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbclient import NotebookClient

EXAMPLES = Path(__file__).parents[2] / "examples"
FOLDER = "_downloads/notebooks"

# A line that the solver in scipy writes to the process output.
SOLVER = "HighsMipSolverData::"


def question(script: Path) -> tuple[str, str]:
    """Return the heading of an example and the text below it."""
    (head,) = re.findall(r"\A# %% \[markdown\]\n((?:#.*\n)+)", script.read_text("utf-8"))
    lines = [line.removeprefix("#").strip() for line in head.splitlines()]
    return lines[0].removeprefix("# ").strip(), " ".join(lines[1:]).strip()


def listed() -> str:
    """Return the examples as Markdown, each with its notebook."""
    rows = []
    for script in sorted(EXAMPLES.glob("*.py")):
        title, text = question(script)
        link = f'<a href="../{FOLDER}/{script.stem}.ipynb" download>{script.stem}.ipynb</a>'
        rows.append(f"**{title}**<br>{text}<br>{link}")
    return "\n\n".join(rows)


def executed(script: Path) -> nbformat.NotebookNode:
    """Return an example as an executed notebook."""
    notebook = jupytext.read(script, fmt="py:percent")
    notebook.metadata["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    client = NotebookClient(notebook, timeout=120, resources={"metadata": {"path": EXAMPLES}})
    client.execute()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [out for out in cell.outputs if not is_of_solver(out)]
    return notebook


def is_of_solver(output: nbformat.NotebookNode) -> bool:
    """Return whether an output contains only lines of the solver."""
    lines = output.text.splitlines() if output.output_type == "stream" else [""]
    return all(line.startswith(SOLVER) for line in lines)


def write(app: Any, error: Exception | None) -> None:
    """Write the notebooks next to the pages."""
    if error is not None or app.builder.format != "html":
        return
    folder = Path(app.outdir) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for script in sorted(EXAMPLES.glob("*.py")):
        nbformat.write(executed(script), folder / f"{script.stem}.ipynb")


def setup(app: Any) -> dict[str, Any]:
    """List the notebooks on their page, and write them after the build."""

    def on_source_read(_app: Any, _name: str, source: list[str]) -> None:
        if "<!-- notebooks -->" in source[0]:
            source[0] = source[0].replace("<!-- notebooks -->", listed())

    app.connect("source-read", on_source_read)
    app.connect("build-finished", write)
    return {"parallel_read_safe": True}
