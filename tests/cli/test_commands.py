"""Help without a command, the list of publications, and output files of every command."""

import json
from pathlib import Path

from tests.cli.running import Run
from thbstats.publications import ALL


def test_help_lists_the_commands_if_none_is_named(run: Run) -> None:
    outcome = run()
    assert "convert a data file to another format" in outcome.words


def test_publications_are_those_of_the_library(run: Run) -> None:
    listed = json.loads(run("publications", "--json").out)["publications"]
    loaded = [(own.id.replace("_", "-"), own.title, len(own.claims)) for own in (f() for f in ALL)]
    assert sorted((i["id"], i["title"], i["claims"]) for i in listed) == sorted(loaded)
    assert [i["published"] for i in listed] == sorted(
        (i["published"] for i in listed), key=lambda day: day or ""
    )


def test_each_command_writes_a_file(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "list.json"
    assert run("publications", "--output", path).out == f"Wrote {path}\n"
    assert json.loads(path.read_text("utf-8"))["publications"]
