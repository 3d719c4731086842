"""Nothing public may be missing: in its ALL, in the catalogue of the manual, in the tests."""

import ast
import importlib.util
import inspect
import pkgutil
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pytest

from tests.indicators.test_laws import QUERIES
from thbstats.indicators import Ranking
from thbstats.rules import ALL, NO_VALUE, Rule, Thresholds, catalogue
from thbstats.sources import Format

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests"

# A package of functions, and the page of the catalogue that lists them.
FUNCTIONS = {
    "thbstats.indicators": "indicators",
    "thbstats.publications": "publications",
}

# Public functions of such a package that are not indicators: arithmetic and conversions.
BESIDE = {"as_kind", "effects", "ranks_of"}


def load_catalogue() -> ModuleType:
    """The module that makes the pages of the catalogue when the manual is built."""
    path = ROOT / "docs" / "_ext" / "catalogue.py"
    spec = importlib.util.spec_from_file_location("catalogue", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


CATALOGUE = load_catalogue()


def modules_of(package: str) -> list[ModuleType]:
    """The public modules of a package."""
    result = pkgutil.iter_modules(import_module(package).__path__)
    return [
        import_module(f"{package}.{item.name}") for item in result if not item.name.startswith("_")
    ]


def functions_of(modules: Iterable[ModuleType]) -> dict[str, Any]:
    """The public functions that modules define themselves; ``__all__`` lists those of a module."""
    return {
        name: item
        for module in modules
        for name, item in vars(module).items()
        if isinstance(inspect.unwrap(item) if callable(item) else item, FunctionType)
        and item.__module__ == module.__name__
        and not name.startswith("_")
        and name in getattr(module, "__all__", [name])
        and name not in BESIDE
    }


def rules_of(modules: Iterable[ModuleType]) -> list[Rule]:
    """Return every rule in some modules, alone or in a tuple."""
    result = {
        id(item): item
        for module in modules
        for value in vars(module).values()
        for item in (value if isinstance(value, tuple) else (value,))
        if isinstance(item, Rule)
    }
    return list(result.values())


def names_used(sources: Iterable[str]) -> set[str]:
    """What tests take from the library: ``from thbstats... import x``, ``thb.x``, ``a.b.x``."""
    result: set[str] = set()
    for source in sources:
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("thbstats"):
                result |= {alias.name for alias in node.names}
            elif isinstance(node, ast.Attribute) and _dotted(node.value) in LIBRARY:
                result.add(node.attr)
    return result


def _dotted(node: ast.AST) -> str:
    """Return a name with its dots; empty for other expressions."""
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


_NAMESPACES = ("justice", "protection", "publications")
LIBRARY = {
    *("thb", "thbstats", *_NAMESPACES),
    *(f"{library}.{name}" for library in ("thb", "thbstats") for name in _NAMESPACES),
}


def omissions(
    found: Mapping[str, Any], listed: Iterable[Any], page: str, tested: Iterable[str]
) -> list[str]:
    """What is forgotten of the functions of a package, in words."""
    known, names = list(listed), set(tested)
    missing = []
    for name, item in found.items():
        if not any(item is other for other in known):
            missing.append(f"{name} is not in ALL")
        if f"| [`{name}`]" not in page:
            missing.append(f"{name} has no row in the catalogue")
        if name not in names:
            missing.append(f"{name} is in no test")
    return missing


def forgotten_rules(
    found: Iterable[Rule],
    listed: Iterable[Rule],
    page: str,
    tested: Iterable[tuple[str, str]],
) -> list[str]:
    """What is forgotten of the rules, in words."""
    known, judged = list(listed), set(tested)
    missing = []
    for rule in found:
        if rule not in known:
            missing.append(f"{rule.code} for a {rule.scope} is not in ALL")
        cells = (f"`{rule.code}`", f"[{rule.title}]", rule.definition)
        if not any(all(cell in line for cell in cells) for line in rows(page)):
            missing.append(f"{rule.code} for a {rule.scope} has no row in the catalogue")
        if (rule.code, rule.scope) not in judged:
            missing.append(f"{rule.code} for a {rule.scope} has no test in tests/rules")
    return missing


JUDGES = dict.fromkeys(("judged", "found", "number_cases"), "number") | dict.fromkeys(
    ("compared", "pair_cases"), "pair"
)


def codes_judged(sources: Iterable[str]) -> set[tuple[str, str]]:
    """Return the codes and scopes of rules that tests give to a function that judges.

    Such a call is ``judged(rules_of("UNIT"), ...)``, or has a name of the module for these rules.
    """
    result: set[tuple[str, str]] = set()
    for source in sources:
        tree = ast.parse(source)
        named: dict[str, set[str]] = {}
        for node in tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                named[node.targets[0].id] = set(_codes(node.value))
        for test in ast.walk(tree):
            name = test.targets[0] if isinstance(test, ast.Assign) else test
            if not str(getattr(name, "id", getattr(name, "name", ""))).startswith("test_"):
                continue
            for call in ast.walk(test):
                if isinstance(call, ast.Call) and _dotted(call.func) in JUDGES and call.args:
                    codes = set(_codes(call.args[0]))
                    if isinstance(call.args[0], ast.Name):
                        codes |= named.get(call.args[0].id, set())
                    result |= {(code, JUDGES[_dotted(call.func)]) for code in codes}
    return result


def _codes(node: ast.AST) -> Iterator[str]:
    for leaf in ast.walk(node):
        if isinstance(leaf, ast.Call) and _dotted(leaf.func) == "rules_of":
            yield ast.literal_eval(leaf.args[0])


def forgotten_formats(
    modules: Iterable[ModuleType], listed: Iterable[Format], page: str, tested: Iterable[str]
) -> list[str]:
    """What is forgotten of the formats, in words."""
    known, names = list(listed), set(tested)
    missing = []
    for module in modules:
        name = module.__name__.rpartition(".")[2]
        own = getattr(module, "FORMAT", None)
        if not isinstance(own, Format) or own.name != name:
            missing.append(f"{name} has no FORMAT of its name")
        elif not any(own is other for other in known):
            missing.append(f"{name} is not in ALL")
        if f"| [`{name}`]" not in page:
            missing.append(f"{name} has no row in the catalogue")
        if name not in names:
            missing.append(f"{name} has no tests/sources/test_{name}.py")
    return missing


_CODE = re.compile(r"[A-Z][A-Z_]{3,}")


def codes_given(sources: Iterable[str]) -> set[str]:
    """Return the codes of problems and unsupported features in calls of modules."""
    result: set[str] = set()
    for source in sources:
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call):
                called = _dotted(node.func).rpartition(".")[2]
                named = [item.value for item in node.keywords if item.arg in {"code", "field"}]
                parts = [*node.args[:2], *named] if called in GIVE else named
            elif isinstance(node, ast.Assign) and _dotted(node.targets[0]) == "code":
                parts = [node.value]
            else:
                continue
            texts = {
                leaf.value
                for part in parts
                for leaf in ast.walk(part)
                if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str)
            }
            result |= {text for text in texts if _CODE.fullmatch(text)}
    return result


GIVE = {"reject", "flag", "reject_lines", "_unsupported", "_mapped"}


def rows(page: str) -> list[str]:
    return [line for line in page.splitlines() if line.startswith("| ")]


@cache
def names_tested() -> set[str]:
    """Return the names of the library in all other tests."""
    here = Path(__file__)
    paths = (path for path in TESTS.rglob("test_*.py") if path != here)
    return names_used(path.read_text("utf-8") for path in paths)


@pytest.mark.parametrize("package", FUNCTIONS)
def test_every_function_is_in_its_all_in_the_catalogue_and_in_a_test(package: str) -> None:
    modules, listed = modules_of(package), import_module(package).ALL
    if package == "thbstats.indicators":
        modules += [import_module(f"thbstats.{name}") for name in ("justice", "protection")]
        listed = CATALOGUE.INDICATORS
    result = functions_of(modules or [import_module(package)])
    page = CATALOGUE.PAGES[FUNCTIONS[package]]()
    assert result
    assert omissions(result, listed, page, names_tested()) == []


def test_every_rule_is_in_all_in_the_catalogue_and_in_a_test() -> None:
    files = (TESTS / "rules").glob("test_*.py")
    tested = codes_judged(path.read_text("utf-8") for path in files)
    rules = catalogue.LIBRARY.values()
    result = [catalogue.rule_of(rule) for rule in rules if rule.key != "NO_VALUE.pair"]
    assert len(result) == len(ALL)
    assert forgotten_rules(result, ALL, CATALOGUE.warning_page(), tested) == []


@pytest.mark.parametrize("text", ["title", "definition", "trigger", "source", "example", "hint"])
def test_every_rule_has_the_texts_that_the_catalogue_shows(text: str) -> None:
    page = CATALOGUE.warning_page()
    for rule in (*ALL, NO_VALUE):
        formatted = getattr(rule, text)
        assert formatted, f"{rule.code} for a {rule.scope} has no {text}"
        assert " ".join(formatted.split()) in page


def test_limitations_have_a_table_of_their_own() -> None:
    page = CATALOGUE.warning_page()
    warnings, _, remainder = page.partition("\n\n## Limitations\n\n")
    limitations = remainder.partition("\n\n## ")[0]
    for rule in ALL:
        own, other = (limitations, warnings) if rule.is_limitation else (warnings, limitations)
        cells = (f"`{rule.code}`", f"[{rule.title}]", rule.definition)
        assert any(all(cell in row for cell in cells) for row in rows(own)), rule.code
        assert not any(all(cell in row for cell in cells) for row in rows(other)), rule.code


def test_every_status_has_a_row_with_its_meaning() -> None:
    page = CATALOGUE.status_page()
    for status in import_module("thbstats.panel").Status:
        (row,) = (line for line in rows(page) if line.startswith(f"| `{status.code}` |"))
        assert status.label in row
        assert row.rstrip(" |").endswith(".")


def test_every_outcome_severity_and_verdict_has_a_row() -> None:
    page, panel = CATALOGUE.level_page(), import_module("thbstats.panel")
    for item in (*panel.Outcome, *panel.Severity, *panel.Verdict):
        assert any(f"`{item}`" in row for row in rows(page))


def test_every_format_is_in_all_in_the_catalogue_and_has_a_test_file() -> None:
    package = "thbstats.sources"
    folders = (TESTS / "sources", TESTS / "cases")
    files = [path for folder in folders for path in folder.glob("test_*.py")]
    tested = {path.stem.removeprefix("test_") for path in files}
    tested |= {path.name for path in (TESTS / "sources").iterdir() if list(path.glob("test_*.py"))}
    result = modules_of(package)
    assert result
    listed = import_module(package).ALL
    assert forgotten_formats(result, listed, CATALOGUE.source_page(), tested) == []


def test_every_code_of_a_report_has_a_meaning() -> None:
    package = import_module("thbstats.files")
    known = {**package.ROW_PROBLEMS, **package.UNSUPPORTED_FEATURES}
    folders = [ROOT / "src" / "thbstats" / name for name in ("files", "sources")]
    files = [
        path for folder in folders for path in folder.rglob("*.py") if path.stem != "problem_codes"
    ]
    modules = [path.read_text("utf-8") for path in files]
    assert codes_given(modules) - set(known) == set()
    assert [code for code in known if not any(f'"{code}"' in text for text in modules)] == []


def test_every_code_of_a_report_has_a_row() -> None:
    page = CATALOGUE.source_page()
    package = import_module("thbstats.files")
    for code, meaning in {**package.ROW_PROBLEMS, **package.UNSUPPORTED_FEATURES}.items():
        assert f"| {code} | {meaning} |" in page


def test_every_threshold_has_a_row_with_its_reason() -> None:
    page = CATALOGUE.warning_page()
    for name, reason in Thresholds.reasons().items():
        assert any(f"`{name}`" in row and reason in row for row in rows(page))


def test_every_word_of_every_list_has_a_row() -> None:
    page = CATALOGUE.vocabulary_page()
    for words in import_module("thbstats.vocabulary").ALL:
        section = page.partition(f"## {words.__name__}\n")[2].partition("\n## ")[0]
        assert [word for word in words if f"| `{word}` |" not in section] == []


def test_every_country_and_dissolved_state_has_a_row() -> None:
    page, geography = CATALOGUE.country_page(), import_module("thbstats.geography")
    for country in (*geography.COUNTRIES, *geography.DISSOLVED_STATES):
        row = next(line for line in rows(page) if line.startswith(f"| `{country.code}` |"))
        message = (country.m49, country.name, *country.synonyms, *country.demonyms)
        assert [text for text in message if text not in row] == []


def test_warnings_that_an_indicator_announces_are_codes_of_rules() -> None:
    codes = {rule.code for rule in ALL}
    for indicator in CATALOGUE.INDICATORS:
        assert set(CATALOGUE.codes_of(indicator)) <= codes, indicator.__name__


def flagged(kind: str, name: str, *categories: str, **constant: str) -> Any:
    """Return counts with flags, breaks, sources and suppressed counts of two countries."""
    tables, values = import_module("thbstats.tables"), import_module("thbstats.values")
    few = values.Count.fewer_than(5)
    listed = [
        (
            area,
            year,
            category,
            few if (area, position) == ("FR", 0) else 30 + position,
            flags,
            source,
        )
        for area in ("BE", "FR")
        for year, flags, source in ((2015, "bpr", "First edition"), (2016, "be", "Second edition"))
        for position, category in enumerate(categories)
    ]
    columns = ["area", "period", name, "value", "flags", "source"]
    return tables.CountTable.from_rows(listed, columns=columns, kind=kind, **constant)


def test_an_indicator_announces_the_warnings_that_its_numbers_carry() -> None:
    functions = import_module("thbstats.indicators")
    victims = flagged(
        "victims", "sex", "female", "male", "unknown", status="registered", register="police"
    )
    justice = flagged("justice", "stage", "convicted", "prosecuted", unit="persons")
    courts, years = import_module("thbstats.justice"), [2015, 2016]
    female = {"sex": "female"}
    result = {
        "total": functions.total(victims, period=years, **female),
        "share": functions.share(victims, base="known", period=2016, **female),
        "concentration": functions.concentration(
            victims, measure="herfindahl", period=2016, **female
        ),
        "change": functions.change(victims, old=2015, new=2016, **female),
        "decompose": functions.decompose(victims, old=2015, new=2016, base="known", **female),
        "ratio": functions.ratio(
            justice,
            numerator={"stage": "convicted"},
            denominator={"stage": "prosecuted"},
            period=years,
        ),
        "conviction_to_prosecution": courts.conviction_to_prosecution(justice, period=2016),
    }
    codes = {"BREAK", "OBSERVATION_FLAG", "REGISTERING_BODY", "SUPPRESSED"}
    assert codes <= set(result["total"].warnings.codes)
    assert "DOUBLE_COUNTING" in result["total"].limitations.codes
    gathered = import_module("thbstats.panel").NOT_DOCUMENTED
    for name, number in result.items():
        (indicator,) = (single for single in CATALOGUE.INDICATORS if single.__name__ == name)
        announced = {*CATALOGUE.codes_of(indicator), gathered}
        carried = {*number.warnings.codes, *number.limitations.codes}
        assert carried - announced == set(), name


@pytest.mark.parametrize("section", ["Returns", "References", "Examples"])
def test_every_indicator_says_what_the_catalogue_shows(section: str) -> None:
    for indicator in CATALOGUE.INDICATORS:
        assert CATALOGUE.parts_of(indicator).get(section), indicator.__name__


def test_every_indicator_has_a_definition() -> None:
    for indicator in CATALOGUE.INDICATORS:
        assert CATALOGUE.definition_of(indicator), indicator.__name__


# The check itself, on what was made up to be forgotten.


def test_every_indicator_has_a_query() -> None:
    functions = {*CATALOGUE.INDICATORS} - {Ranking.agreement}
    named = {name.split(" ")[0] for name in QUERIES}
    # Presets with other stages and measures are the same calls of ratio.
    presets = {"conviction_to_suspect", "prosecution_to_suspect"}
    presets.add("residence_permits_per_100_victims")
    assert {function.__name__ for function in functions} == named | presets
