"""Read the imports of the package without running it: they may only go upward.

This says again, in other code, what import-linter checks. Two readers that share nothing but the
list of layers are unlikely to overlook the same thing.
"""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "thbstats"

# Files of these packages know nothing of each other, so that one more is one more file. What they
# share is in modules whose names start with an underscore, or in those named here.
FAMILIES: dict[str, set[str]] = {
    "rules.families": set(),
    "indicators": set(),
    "sources": set(),
}

WITHOUT_PANDAS = {"errors", "values", "formulas", "vocabulary", "geography"}


def declared_layers() -> list[str]:
    """Return the layers as pyproject.toml lists them, the lowest first."""
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = pyproject["tool"]["importlinter"]["contracts"]
    (layers,) = (contract["layers"] for contract in contracts if contract["type"] == "layers")
    return [layer.strip("()") for layer in reversed(layers)]


def module_name(path: Path, package: Path) -> str:
    parts = (package.name, *path.relative_to(package).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def called_import(node: ast.Call) -> list[str]:
    """Return the module that ``import_module("...")`` or ``__import__("...")`` names."""
    called = getattr(node.func, "attr", getattr(node.func, "id", ""))
    if called not in {"import_module", "__import__"} or not node.args:
        return []
    name = node.args[0]
    return [name.value] if isinstance(name, ast.Constant) and isinstance(name.value, str) else []


def imported(path: Path, package: Path) -> Iterator[str]:
    """Name what a file imports: modules, and names that may be modules of a package."""
    module = module_name(path, package)
    around = module if path.stem == "__init__" else module.rpartition(".")[0]
    # Bodies of functions and imports for type checkers count as much as the top of the file.
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=source, names=names, level=level):
                above = around.split(".")[: len(around.split(".")) - level + 1] if level else []
                base = ".".join([*above, *([source] if source else [])])
                yield from (f"{base}.{alias.name}" for alias in names)
            case ast.Call():
                yield from called_import(node)


def layer_of(name: str, package: str) -> str | None:
    """Return the part of the package that a module is in: "" for its front page."""
    parts = name.split(".")
    if parts[0] != package:
        return None
    return parts[1] if len(parts) > 1 else ""


def broken_layers(package: Path, layers: list[str]) -> list[str]:
    """Return every import that does not go upward, and every module that is in no layer."""
    rank = {layer: i for i, layer in enumerate(layers)}
    problems = []
    for path in sorted(package.rglob("*.py")):
        module = module_name(path, package)
        own = layer_of(module, package.name)
        if own in {"", "__main__"}:  # above all layers, so that no layer may import them
            continue
        if own not in rank:
            problems.append(f"{module} is in no layer")
            continue
        for target in imported(path, package):
            layer = layer_of(target, package.name)
            if layer is None:
                continue
            if layer not in rank:
                problems.append(f"{module} imports {target}, not from the module that has it")
            elif rank[layer] > rank[own]:
                problems.append(f"{module} imports {target} from above")
    return problems


def forbidden_libraries(package: Path, within: set[str], library: str) -> list[str]:
    return [
        f"{module_name(path, package)} imports {library}"
        for path in sorted(package.rglob("*.py"))
        if layer_of(module_name(path, package), package.name) in within
        and any(target.split(".")[0] == library for target in imported(path, package))
    ]


def broken_independence(package: Path, family: str, shared: set[str]) -> list[str]:
    """Return the imports between files of a family that should know nothing of each other."""
    folder = package.joinpath(*family.split("."))
    inside = f"{package.name}.{family}"
    modules = {path.stem for path in (*folder.glob("*.py"), *folder.glob("*/"))}
    common = {f"{inside}.{name}" for name in modules if name.startswith("_") or name in shared}
    members = {f"{inside}.{name}" for name in modules} - common

    def member_of(name: str) -> str:
        return ".".join(name.split(".")[: inside.count(".") + 2])

    problems = []
    for path in sorted(folder.rglob("*.py")):
        module = module_name(path, package)
        own = member_of(module)
        if own not in members:
            continue
        for target in imported(path, package):
            other = member_of(target)
            # What is neither a module of its own nor common comes from the list of all members.
            if f"{target}.".startswith(f"{inside}.") and other not in {own, *common}:
                problems.append(f"{module} imports {target} of its own family")
    return problems


def test_imports_only_go_upward() -> None:
    assert broken_layers(PACKAGE, declared_layers()) == []


def test_words_numbers_and_places_need_no_table_library() -> None:
    assert forbidden_libraries(PACKAGE, WITHOUT_PANDAS, "pandas") == []


@pytest.mark.parametrize("family", FAMILIES)
def test_the_files_of_a_family_know_nothing_of_each_other(family: str) -> None:
    assert broken_independence(PACKAGE, family, FAMILIES[family]) == []


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a made-up package of two layers and a family, in which nothing is wrong."""
    files = {
        "__init__.py": "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    from pkg.upper import thing\n",
        "lower.py": "import math\n",
        "upper.py": "from pkg.lower import fact\nfrom pkg import lower\n",
        "rules/__init__.py": "from pkg.rules import one, two\n",
        "rules/_shared.py": "import pkg.lower\n",
        "rules/one.py": "from pkg.rules._shared import limit\nfrom . import _shared\n",
        "rules/two.py": "from ._shared import limit\n",
    }
    for name, text in files.items():
        path = tmp_path / "pkg" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return tmp_path / "pkg"


MADE_UP_LAYERS = ["lower", "upper", "rules"]


def test_a_tree_in_order_has_no_problem(tree: Path) -> None:
    assert broken_layers(tree, MADE_UP_LAYERS) == []
    assert broken_independence(tree, "rules", set()) == []
    assert forbidden_libraries(tree, {"lower", "rules"}, "pandas") == []


@pytest.mark.parametrize(
    "text",
    [
        "import pkg.upper",
        "from pkg.upper import thing",
        "from pkg import upper",
        "from . import upper",
        "from .upper import thing",
        "def later():\n    from pkg.upper import thing",
        "class Thing:\n    def act(self):\n        import pkg.upper as above",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import pkg.upper",
        "import importlib\nimportlib.import_module('pkg.upper')",
        "try:\n    import pkg.upper\nexcept ImportError:\n    pass",
    ],
)
def test_an_import_from_above_is_found_wherever_it_hides(tree: Path, text: str) -> None:
    (tree / "lower.py").write_text(text, "utf-8")
    (problem,) = broken_layers(tree, MADE_UP_LAYERS)
    assert problem.startswith("pkg.lower imports pkg.upper")


@pytest.mark.parametrize("text", ["import pkg", "from pkg import thing", "from . import thing"])
def test_top_level_package_does_not_bypass_the_layers(tree: Path, text: str) -> None:
    (tree / "lower.py").write_text(text, "utf-8")
    (problem,) = broken_layers(tree, MADE_UP_LAYERS)
    assert "not from the module that has it" in problem


def test_a_module_in_no_layer_is_a_problem(tree: Path) -> None:
    (tree / "helpers.py").write_text("", "utf-8")
    assert broken_layers(tree, MADE_UP_LAYERS) == ["pkg.helpers is in no layer"]


@pytest.mark.parametrize(
    "text",
    ["from pkg.rules.two import RULE", "from . import two", "from pkg.rules import ALL"],
)
def test_a_file_that_knows_its_sister_is_found(tree: Path, text: str) -> None:
    (tree / "rules" / "one.py").write_text(text, "utf-8")
    assert len(broken_independence(tree, "rules", set())) == 1


def test_what_a_family_shares_is_named(tree: Path) -> None:
    (tree / "rules" / "one.py").write_text("from pkg.rules.two import RULE", "utf-8")
    assert broken_independence(tree, "rules", {"two"}) == []


def test_a_library_that_a_layer_must_do_without_is_found_inside_a_function(tree: Path) -> None:
    (tree / "lower.py").write_text("def later():\n    from pandas.api import types", "utf-8")
    assert forbidden_libraries(tree, {"lower"}, "pandas") == ["pkg.lower imports pandas"]
