"""The examples of the help texts run, and their files exist afterwards."""

import json
import shlex
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import thbstats as thb
from tests.cli.running import Run
from thbstats.cli import file_commands, publication_commands
from thbstats.cli.arguments import COMMANDS
from thbstats.languages.language import LANGUAGES

ROOT = Path(__file__).parents[2]
SERVERS = {"mcp"}
"""Commands that end with their client; tests/agents runs them."""

EXAMPLES = [
    (name, example)
    for name, command in COMMANDS.items()
    if name not in SERVERS
    for example in command.examples
]
SHORT = {
    "claims",
    "claims check",
    "claims schema",
    "completion",
    "formats",
    "publications",
    "schema",
}
"""Commands without progress: they check or print a short text."""

COLUMNS = """\
kind = "victims"

[columns]
period = "period"
sex = "sex"
status = "status"
value = "value"

[constants]
area = "MT"
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the files of the examples."""
    folder = tmp_path_factory.mktemp("examples")
    counts = "period,status,sex,value\n2020,detected,total,12\n2020,detected,female,7\n"
    cases = "sex,age,forms,area,period,status\nfemale,adult,sexual,MT,2020,detected\n"
    texts = {
        "columns.toml": COLUMNS,
        "counts.csv": counts,
        "cases.csv": cases,
        "histories.csv": "police,ngo,persons\n1,0,40\n0,1,60\n1,1,20\n",
        "victims.csv": cases.replace("forms", "exploitation").replace("MT,2020", "IT,2025"),
        "percentages.csv": (ROOT / "docs/_data/eu_percentages.csv").read_text("utf-8"),
        "report.toml": (ROOT / "examples/eurostat_2024_01.toml").read_text("utf-8"),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
    thb.collection.plan("article-19a").fill({}, area="IT", period=2024).write(folder / "it_2024")
    pd.read_csv(folder / "counts.csv").to_excel(folder / "own.xlsx", index=False)
    (folder / "cases").mkdir()
    frame = pd.DataFrame({"sex": ["female", None], "age": ["adult"] * 2})
    frame.assign(period=2020, status="detected").to_parquet(folder / "cases" / "2020.parquet")
    return folder


@pytest.fixture
def folder(files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the present folder, with copies of the files of the examples."""
    shutil.copytree(files, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the list of the steps that a command reports."""
    reported: list[str] = []

    @contextmanager
    def recorded() -> Iterator[Any]:
        yield lambda step, _done: reported.append(step)

    for module in (file_commands, publication_commands):
        monkeypatch.setattr(module, "shown_progress", recorded)
    return reported


@pytest.mark.parametrize(("name", "example"), EXAMPLES, ids=[example for _, example in EXAMPLES])
def test_example_runs_and_reports_its_progress(
    name: str, example: str, folder: Path, steps: list[str], run: Run
) -> None:
    arguments = shlex.split(example.partition(" > ")[0])
    assert " ".join(arguments).startswith(name)
    outcome = run(*arguments)
    assert outcome.err == ""
    if "--json" in arguments or arguments[-1] == "schema" or name == "schema":
        assert json.loads(outcome.out)
    if "--output" in arguments:
        assert Path(arguments[arguments.index("--output") + 1]).stat().st_size > 0
    elif name == "convert":
        assert Path(arguments[2]).stat().st_size > 0
    else:
        assert outcome.out
    assert bool(steps) == (name not in SHORT)


def test_every_command_has_an_example_in_its_help(run: Run) -> None:
    for name, command in COMMANDS.items():
        text = run(*name.split(), "--help").out
        assert command.examples
        for example in command.examples:
            assert f"\n  thbstats {example}\n" in f"{text}\n"


@pytest.mark.parametrize(
    "name",
    [
        name
        for name in COMMANDS
        if name not in SERVERS | {"claims", "claims schema", "schema", "completion", "explore"}
    ],
)
def test_every_command_with_a_result_takes_json(name: str, run: Run) -> None:
    assert "--json" in run(*name.split(), "--help").out


def test_help_of_language_lists_every_language() -> None:
    *first, last = LANGUAGES
    every = f"{', '.join(first)} or {last}"
    texts = [
        text
        for command in COMMANDS.values()
        for option, text in command.options.items()
        if option == "--language CODE"
    ]
    assert texts
    assert {text.partition(": ")[2] for text in texts} == {every}
