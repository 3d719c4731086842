"""Texts of the rules, as ``messages.toml`` lists them.

    python -m tests.rules.wording

writes the file again after a rule or a message changes.
"""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import thbstats.rules as package
from thbstats.panel import GATHERED, not_documented
from thbstats.rules import NO_VALUE

HOME = Path(package.__file__).parent
FILE = HOME / "messages.toml"
HEAD = """\
# Texts of the rules, by code: messages, hints, and names of evidence, in the order of their files.
# A translation maps these texts to others with the same parameters. The command
# `python -m tests.rules.wording` writes this list, and a test compares it with the rules.
"""


def texts() -> dict[str, tuple[str, ...]]:
    """Return the texts of each code."""
    paths = {
        import_module(f"thbstats.rules.families.{path.stem}").RULES[0].code: path
        for path in sorted((HOME / "families").glob("[a-z]*.py"))
    }
    paths[NO_VALUE.code] = HOME / "judgement.py"
    found = {
        code: tuple(dict.fromkeys(_texts(ast.parse(path.read_text(encoding="utf-8")))))
        for code, path in paths.items()
    }
    (note,) = not_documented([("X", "x")], "number")
    return dict(sorted(found.items())) | {GATHERED: (note.key, note.hint)}


def _texts(node: ast.AST) -> Iterator[str]:
    """Return the texts under a node, without docstrings and the texts of the catalogue."""
    match node:
        case ast.Expr(value=ast.Constant()):
            return
        case ast.Call(func=ast.Name(id="Rule" | "evolve")):
            return
        case ast.Call(func=ast.Name(id="Message"), args=[ast.Constant(value=str(text)), *_]):
            yield text
        case ast.Tuple(elts=[ast.Constant(value=str(name)), second]) if not _is_text(second):
            yield name
            yield from _texts(second)
            return
        case ast.Constant(value=str(text)) if _is_sentence(text):
            yield text
    if not isinstance(node, ast.JoinedStr):
        for child in ast.iter_child_nodes(node):
            yield from _texts(child)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant)


def _is_sentence(text: str) -> bool:
    return " " in text.strip() and text.strip() == text


def written(found: dict[str, tuple[str, ...]]) -> str:
    """Return the content of the file."""
    lines = [HEAD]
    for code, own in found.items():
        lines += [f"{code} = [", *(f"    {_quoted(text)}," for text in own), "]", ""]
    return "\n".join(lines).rstrip() + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


if __name__ == "__main__":
    FILE.write_text(written(texts()), encoding="utf-8")
