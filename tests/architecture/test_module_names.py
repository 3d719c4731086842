"""Read the names of modules without running them: each is unique, and no name of a function.

Where a package exports a function with the name of its module, ``import package.module as m``
gives the function.
"""

import ast
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "src" / "thbstats"


@cache
def defined(path: Path) -> set[str]:
    """Return the functions and classes that a file defines."""
    tree = ast.parse(path.read_text("utf-8"))
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return {node.name for node in tree.body if isinstance(node, kinds)}


@cache
def exported(package: Path, name: str) -> set[str]:
    """Return the names in a package that it does not import as modules of its own."""
    front = package / "__init__.py"
    names = set(defined(front))
    for node in ast.parse(front.read_text("utf-8")).body:
        if isinstance(node, ast.ImportFrom) and (node.module, node.level) not in (
            (name, 0),
            (None, 1),
        ):
            names |= {alias.asname or alias.name for alias in node.names}
    return names


def shadowed(package: Path) -> Iterator[str]:
    """Yield each module or package with the name of a function or class in it or around it."""
    for path in sorted(package.rglob("*.py")):
        module = path.parent if path.stem == "__init__" else path.with_suffix("")
        if module == package:
            continue
        name = ".".join([package.name, *module.relative_to(package).parts])
        around = name.rpartition(".")[0]
        if module.name in defined(path) | exported(module.parent, around):
            yield name


def test_no_module_has_the_name_of_a_function():
    assert list(shadowed(PACKAGE)) == []


def test_names_of_modules_are_unique():
    names = Counter(path.stem for path in PACKAGE.rglob("*.py") if not path.stem.startswith("__"))
    assert [name for name, number in names.items() if number > 1] == []
