"""Read the names of modules without running them: none is also the name of a function or class.

Where a package exports a function with the name of its module, ``import package.module as m``
gives the function.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

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


@pytest.mark.parametrize(
    ("front", "module", "expected"),
    [
        ("from made.area import area\n", "def area(): ...\n", ["made.area"]),
        ("from made.code import read as area\n", "x = 1\n", ["made.area"]),
        ("from .area import area\n", "x = 1\n", ["made.area"]),
        ("", "class area: ...\n", ["made.area"]),
        ("def area(): ...\n", "x = 1\n", ["made.area"]),
        ("from made import area\n", "x = 1\n", []),
        ("from . import area\n", "x = 1\n", []),
        ("from made.area import parse\n", "def parse(): ...\n", []),
    ],
)
def test_a_shadowed_module_is_found(tmp_path: Path, front: str, module: str, expected: list[str]):
    package = tmp_path / "made"
    package.mkdir()
    (package / "__init__.py").write_text(front, "utf-8")
    (package / "area.py").write_text(module, "utf-8")
    assert list(shadowed(package)) == expected


def test_a_shadowed_package_is_found(tmp_path: Path):
    package = tmp_path / "made" / "area"
    package.mkdir(parents=True)
    (tmp_path / "made" / "__init__.py").write_text("from made.area import area\n", "utf-8")
    (package / "__init__.py").write_text("from made.area.code import area\n", "utf-8")
    (package / "code.py").write_text("def area(): ...\n", "utf-8")
    assert list(shadowed(tmp_path / "made")) == ["made.area"]
