"""The size of the package: ``python -m tests.architecture.size [FOLDER]`` prints a table.

A helper is a private function of a module. It is used once if its module names it once.
"""

import ast
import sys
from collections import Counter
from pathlib import Path

COLUMNS = ("modules", "lines", "documentation", "classes", "functions", "helpers", "used once")


def size_of(path: Path) -> Counter[str]:
    """Count the parts of a module."""
    text = path.read_text("utf-8")
    tree = ast.parse(text)
    nodes = list(ast.walk(tree))
    names = Counter(node.id for node in nodes if isinstance(node, ast.Name))
    functions = ast.FunctionDef | ast.AsyncFunctionDef
    helpers = [
        node.name for node in tree.body if isinstance(node, functions) and node.name.startswith("_")
    ]
    size = Counter(modules=1, lines=len(text.splitlines()), helpers=len(helpers))
    size["classes"] = sum(isinstance(node, ast.ClassDef) for node in nodes)
    size["functions"] = sum(isinstance(node, functions) for node in nodes)
    size["used once"] = sum(names[name] == 1 for name in helpers)
    for node in nodes:
        if isinstance(node, functions | ast.ClassDef | ast.Module) and ast.get_docstring(node):
            documentation = node.body[0]
            size["documentation"] += (documentation.end_lineno or 0) - documentation.lineno + 1
    return size


def main(folder: Path) -> None:
    """Print a row for each package, and one for all."""
    sizes: dict[str, Counter[str]] = {}
    for path in sorted(folder.rglob("*.py")):
        package = path.relative_to(folder).parts[0]
        label = package if (folder / package).is_dir() else "modules of the top level"
        sizes[label] = sizes.get(label, Counter()) + size_of(path)
    sizes["all"] = sum(sizes.values(), Counter())
    print("|".join(["", " package ", *(f" {name} " for name in COLUMNS), ""]))
    print("|" + "---|" * (len(COLUMNS) + 1))
    for label, size in sizes.items():
        print("|".join(["", f" {label} ", *(f" {size[name]:,} " for name in COLUMNS), ""]))


if __name__ == "__main__":
    main(Path(*sys.argv[1:] or ["src/thbstats"]))
