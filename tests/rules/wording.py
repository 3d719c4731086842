"""Texts of the rules, as ``messages.toml`` lists them.

    python -m tests.rules.wording

writes the file again after a rule or a message changes.
"""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

import thbstats.rules as package
from thbstats.panel import NOT_DOCUMENTED, not_documented
from thbstats.rules import NO_VALUE

HOME = Path(package.__file__).parent
FILE = HOME / "messages.toml"
HEAD = """\
# Further texts of the rules, by code: messages, hints and names of evidence, in the order of their
# files. The catalogue has the others.
# A translation maps these texts to others with the same parameters. The command
# `python -m tests.rules.wording` writes this list, and a test compares it with the rules.
"""


def texts() -> dict[str, tuple[str, ...]]:
    """Return the texts of each code that the catalogue does not have."""
    shared = ast.parse((HOME / "families" / "_kinds.py").read_text(encoding="utf-8")).body
    found: dict[str, tuple[str, ...]] = {}
    for path in sorted((HOME / "families").glob("[a-z]*.py")):
        found |= _texts_of_rules(ast.parse(path.read_text(encoding="utf-8")).body, shared)
    judgement = ast.parse((HOME / "judgement.py").read_text(encoding="utf-8")).body
    words = (own for own in judgement if "".join(_defined(own)).startswith("_words"))
    texts = [text for own in words for text in _texts(own)]
    found[NO_VALUE.code] = tuple(dict.fromkeys(texts))
    (note,) = not_documented([("X", "x")], "number")
    return dict(sorted(found.items())) | {NOT_DOCUMENTED: (note.key, note.hint)}


def _texts_of_rules(body: list[ast.stmt], shared: list[ast.stmt]) -> dict[str, tuple[str, ...]]:
    """Return the texts of each code of a file: those of its calls, and of what they refer to."""
    definitions = {
        name: statement
        for statement in (*shared, *body)
        for name in _defined(statement)
        if not _calls(statement)
    }
    calls: dict[str, list[ast.AST]] = {}
    for statement in body:
        for code, call in _calls(statement):
            calls.setdefault(code, []).append(call)
            if isinstance(statement, ast.FunctionDef):
                calls[code] += [item for item in statement.body if not _calls(item)]
    # A function that uses a rule by its name gives texts of this rule.
    rules = {
        name: _calls(statement)[0][0]
        for statement in body
        for name in _defined(statement)
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Call)
        if _calls(statement)
    }
    for statement in body:
        if isinstance(statement, ast.FunctionDef) and not _calls(statement):
            for name in _names(statement) & rules.keys():
                calls[rules[name]].append(statement)
    return {
        code: tuple(
            dict.fromkeys(
                text
                for node in _reached(own, definitions, (*body, *shared))
                for text in _texts(node)
            )
        )
        for code, own in calls.items()
    }


def _reached(
    roots: list[ast.AST], definitions: dict[str, ast.stmt], order: Iterable[ast.stmt]
) -> list[ast.AST]:
    """Return the statements to which some nodes refer, in the order of the files, and the nodes."""
    seen: set[ast.AST] = set()
    waiting = list(roots)
    while waiting:
        for name in _names(waiting.pop()) & definitions.keys():
            if definitions[name] not in seen:
                seen.add(definitions[name])
                waiting.append(definitions[name])
    return [*(statement for statement in order if statement in seen), *roots]


def _names(root: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(root) if isinstance(node, ast.Name)}


def _defined(statement: ast.stmt) -> list[str]:
    match statement:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
        case ast.Assign(targets=targets):
            return [target.id for target in targets if isinstance(target, ast.Name)]
    return []


def _calls(statement: ast.AST) -> list[tuple[str, ast.Call]]:
    """Return the calls that make a rule, with its code."""
    return [
        (key.partition(".")[0], node)
        for node in ast.walk(statement)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "library_rule"
        and isinstance(node.args[0], ast.Constant)
        and isinstance(key := node.args[0].value, str)
    ]


def _texts(node: ast.AST) -> Iterator[str]:
    """Return the texts under a node, without docstrings and the texts of the catalogue."""
    match node:
        case ast.Expr(value=ast.Constant()):
            return
        case ast.Call(func=ast.Name(id="Rule" | "evolve")):
            return
        case ast.Call(
            func=ast.Name(id="Message" | "_names"), args=[ast.Constant(value=str(text)), *_]
        ):
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
