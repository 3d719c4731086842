"""The texts in the files of rules: what messages.toml lists.

    python -m tests.comparability.wording

writes them again, after a rule was added or a message changed.
"""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import thbstats.comparability as package
from thbstats.comparability import Rule
from thbstats.results import GATHERED, not_documented

HOME = Path(package.__file__).parent
FILE = HOME / "messages.toml"
HEAD = """\
# What rules say, by family: messages, mends, and names of evidence, in the order of their files.
# A translation is a mapping from these texts to others that name the same parameters. This list is
# written by `python -m tests.comparability.wording`, and a test holds it to the rules.
"""


def texts() -> dict[str, tuple[str, ...]]:
    """Return the texts of each family."""
    found: dict[str, tuple[str, ...]] = {}
    for path in sorted((HOME / "rules").glob("[a-z]*.py")):
        rules: tuple[Rule, ...] = import_module(f"thbstats.comparability.rules.{path.stem}").RULES
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found[rules[0].code] = tuple(dict.fromkeys(_said(tree)))
    (note,) = not_documented([("X", "x")], "number")
    return dict(sorted(found.items())) | {GATHERED: (note.key, note.mend)}


def _said(node: ast.AST) -> Iterator[str]:
    """Return the texts under a node, leaving out what only the catalogue says."""
    match node:
        case ast.Expr(value=ast.Constant()):  # a docstring
            return
        case ast.Call(func=ast.Name(id="Rule")):
            return
        case ast.Call(func=ast.Name(id="Message"), args=[ast.Constant(value=str(text)), *_]):
            yield text
        case ast.Tuple(elts=[ast.Constant(value=str(name)), second]) if not _is_text(second):
            yield name
            yield from _said(second)
            return
        case ast.Constant(value=str(text)) if _is_sentence(text):
            yield text
    if not isinstance(node, ast.JoinedStr):
        for child in ast.iter_child_nodes(node):
            yield from _said(child)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant)


def _is_sentence(text: str) -> bool:
    return " " in text.strip() and text.strip() == text


def written(found: dict[str, tuple[str, ...]]) -> str:
    """Return the file."""
    lines = [HEAD]
    for code, said in found.items():
        lines += [f"{code} = [", *(f"    {_quoted(text)}," for text in said), "]", ""]
    return "\n".join(lines).rstrip() + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


if __name__ == "__main__":
    FILE.write_text(written(texts()), encoding="utf-8")
