"""Files that repeat facts of pyproject.toml: the citation, the conda recipe and the workflows."""

import re
import tomllib
from pathlib import Path
from typing import Any

import yaml
from packaging.requirements import Requirement

from thbstats import __version__

ROOT = Path(__file__).parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
RECIPE = yaml.safe_load((ROOT / "packaging/conda/recipe.yaml").read_text("utf-8"))
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
WORKFLOWS = {
    path.stem: yaml.safe_load(path.read_text("utf-8"))
    for path in (ROOT / ".github/workflows").glob("*.yml")
}
PYTHONS = [
    label.rpartition(" :: ")[2]
    for label in PROJECT["classifiers"]
    if re.search(r":: 3\.\d+$", label)
]


def parsed(requirements: list[str]) -> dict[str, str]:
    """Return the names of requirements with their versions."""
    return {
        parts.name: str(parts.specifier)
        for parts in (Requirement(text.replace(" >=", ">=")) for text in requirements)
    }


def test_version_is_the_same_in_all_files() -> None:
    assert CITATION["version"] == RECIPE["context"]["version"] == __version__


def test_conda_recipe_requires_what_the_package_requires() -> None:
    python, *libraries = RECIPE["requirements"]["run"]
    assert python == "python >=${{ python_min }}"
    assert f">={RECIPE['context']['python_min']}" == PROJECT["requires-python"]
    assert parsed(libraries) == parsed(PROJECT["dependencies"])


def test_conda_recipe_has_the_commands_of_the_package() -> None:
    commands = [f"{name} = {target}" for name, target in PROJECT["scripts"].items()]
    assert RECIPE["build"]["python"]["entry_points"] == commands


def test_workflow_tests_every_supported_python_on_three_systems() -> None:
    matrix = WORKFLOWS["tests"]["jobs"]["tests"]["strategy"]["matrix"]
    assert matrix["python"] == PYTHONS
    assert {system.partition("-")[0] for system in matrix["system"]} == {
        "macos",
        "ubuntu",
        "windows",
    }


def test_next_python_may_fail() -> None:
    job = WORKFLOWS["tests"]["jobs"]["next"]
    assert job["continue-on-error"] is True
    (version,) = (step["with"]["python-version"] for step in job["steps"] if "3." in str(step))
    assert version not in PYTHONS


def test_upload_needs_the_tests_of_the_files_and_no_password() -> None:
    jobs = WORKFLOWS["release"]["jobs"]
    assert jobs["build"]["steps"][-2]["run"] == "nox -s release"
    assert (jobs["attest"]["needs"], jobs["publish"]["needs"]) == ("build", "attest")
    assert jobs["publish"]["permissions"] == {"id-token": "write"}
    assert "secrets." not in (ROOT / ".github/workflows/release.yml").read_text("utf-8")


def test_addresses_are_the_same_in_all_files() -> None:
    urls = PROJECT["urls"]
    about = RECIPE["about"]
    assert urls["Source"] == CITATION["repository-code"] == about["repository"]
    assert urls["Documentation"] == CITATION["url"] == about["documentation"]
