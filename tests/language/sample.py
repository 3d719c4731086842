"""Random sample of texts for an editor: sentences, docstrings and error messages.

``python -m tests.language.sample 20`` draws with the seed 20: fifty sentences of the documentation,
fifty first lines of docstrings and thirty-four error messages.
"""

import ast
import random
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.language.check import CODE, ROOT, files, prose


def sentences() -> Iterator[str]:
    """Yield the sentences of README and manual, without decision records and benchmarks."""
    for path in files("README.md", "docs/**/*.md"):
        if {"decisions", "api"} & set(path.parts) or path.stem == "benchmarks":
            continue
        for paragraph in re.split(r"\n\s*\n", prose(path.read_text(encoding="utf-8"))):
            if paragraph.lstrip().startswith(("#", "|", "<", ":", "---", "file_format")):
                continue
            yield from re.findall(r"[A-Z“`][^.?!]{25,}?[.?!](?=\s|$)", " ".join(paragraph.split()))


def first_lines() -> Iterator[str]:
    """Yield the first lines of docstrings."""
    for _, tree in _trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                text = ast.get_docstring(node)
                if text:
                    yield text.split("\n")[0]


def messages() -> Iterator[str]:
    """Yield the texts of errors: problem and hint as they are in the code."""
    for path, tree in _trees():
        source = path.read_text(encoding="utf-8")
        for node in ast.walk(tree):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args:
                parts = [node.exc.args[0]]
                parts += [key.value for key in node.exc.keywords if key.arg == "hint"]
                texts = [ast.get_source_segment(source, part) or "" for part in parts]
                if any(mark in texts[0] for mark in "\"'"):
                    yield " | ".join(" ".join(text.split()) for text in texts)


def _trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in files(*CODE):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def main(seed: int) -> None:
    """Print the sample of a seed."""
    draw = random.Random(seed)
    for title, number, texts in (
        ("Sentences", 50, sentences()),
        ("Docstrings", 50, first_lines()),
        ("Errors", 34, messages()),
    ):
        result = sorted(set(texts))
        lines = [f"{n:3} {text}" for n, text in enumerate(draw.sample(result, number), 1)]
        sys.stdout.write("\n".join([f"{title}: {number} of {len(result)}", *lines, "", ""]))
    sys.stdout.write(f"Tree: {ROOT.name}, seed {seed}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
