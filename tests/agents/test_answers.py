"""Answers in this process, and the lines of the process of answers."""

import io
import json
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.rows import check_rows
from thbstats.agents import folder as folders
from thbstats.agents import replies as process
from thbstats.agents.folder import Folder
from thbstats.agents.replies import Answers

CSV = Path("docs/_data/glotip_eu_victims.csv")
JUSTICE = Path("docs/_data/glotip_eu_justice.csv")
PL = {"path": "eu.csv", "area": "PL", "period": "2018"}


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    root = tmp_path_factory.mktemp("data")
    shutil.copy(CSV, root / "eu.csv")
    shutil.copy(JUSTICE, root / "justice.csv")
    (root / "link.csv").symlink_to(root / "eu.csv")
    (root / "empty.csv").write_bytes(b"")
    (root / "deeper").mkdir()
    return Answers(Folder(root))


def ask(answers: Answers, tool: str, **arguments: Any) -> Any:
    request = {"id": 7, "tool": tool, "arguments": arguments}
    reply = json.loads(process.reply(answers, json.dumps(request)))
    assert reply["id"] == 7
    return reply.get("answer", reply.get("error"))


def test_numbers_are_those_of_the_file(answers):
    frame = pd.read_csv(CSV, header=2, dtype=str)
    assert ask(answers, "read", path="eu.csv")["rows"]["read"] == len(frame)
    total = ask(answers, "total", **PL)
    women = ask(answers, "total", category={"sex": "female"}, **PL)
    share = ask(answers, "share", category={"sex": "female"}, **PL)
    assert share["denominator"] == total["value"]
    assert share["value"]["lower"] == women["value"]["lower"] / total["value"]["lower"]
    assert share["coverage"] == "1 of 1 countries"
    countries = ask(answers, "total", path="eu.csv", period="2018", by=["area"])
    row = next(row for row in countries["rows"] if row["area"] == "PL")
    assert row["value"] == total["value"]
    assert countries["limitations"]
    stages = ask(
        answers, "total", path="justice.csv", kind="justice", category={"stage": "convicted"},
        period="2016", area="ES",
    )  # fmt: skip
    assert stages["citation"]


def test_kind_and_status_of_a_file_that_does_not_state_its_kind(tmp_path):
    text = "area,period,stage,sex,value\nFR,2016,prosecuted,total,10\nFR,2016,convicted,total,5\n"
    (tmp_path / "j.csv").write_text(text)
    rows = "area,period,status,sex,value\nFR,2016,identified,total,1\nFR,2016,presumed,total,2\n"
    (tmp_path / "v.csv").write_text(rows)
    local = Answers(Folder(tmp_path))
    convicted = {"category": {"stage": "convicted"}, "area": "FR", "period": "2016"}
    five = ask(local, "total", path="j.csv", kind="justice", **convicted)
    assert five["value"]["lower"] == 5
    query = {"indicator": "total", "kind": "justice", "area": "FR", "period": "2016"}
    first, second = (query | {"stage": stage} for stage in ("convicted", "prosecuted"))
    assert ask(local, "compare", path="j.csv", first=first, second=second)["first"] == five
    # The status of a number does not replace the category of the row.
    found = ask(local, "total", path="v.csv", area="FR", period="2016", by=["status"])["rows"]
    categories = [row["categories"]["status"] for row in found]
    assert categories == ["identified", "presumed"]
    assert {row["status"] for row in found} == {"reported"}


def test_an_empty_denominator_is_that_of_all_victims(answers):
    figure = {"category": {"sex": "female"}, "area": "EU28", "period": "2015-2016"}
    share = ask(answers, "infer", publication="com_2018_777", denominator={}, **figure)
    assert share["denominator"] == {}
    count = ask(answers, "infer", publication="com_2018_777", **figure)
    assert count["denominator"] == "none: the figure is a count"


def test_two_numbers_are_compared(answers):
    own = {name: value for name, value in PL.items() if name != "path"}
    pair = ask(
        answers, "compare", path="eu.csv",
        first={"indicator": "total", **own}, second={"indicator": "total", **own, "area": "ES"},
    )  # fmt: skip
    assert pair["verdict"] in ("comparable", "comparable with caution", "not comparable")
    assert pair["first"]["area"] == "PL"
    shares = ask(
        answers, "compare", path="eu.csv",
        first={"sex": "female", **own}, second={"sex": "female", "base": "known", **own},
    )  # fmt: skip
    assert shares["verdict"] == "not comparable"


def test_publications_are_answered(answers):
    audit = ask(answers, "audit", publication="com_2018_777")
    assert audit["claims"] == sum(audit["verdicts"].values())
    labour = {"publication": "com_2018_777", "area": "UK"}
    labour["category"] = {"exploitation": "labour"}
    assert ask(answers, "infer", **labour)["lower"] >= 0
    share = ask(answers, "infer", **labour, denominator={"area": "UK"})
    assert share["denominator"] == {"area": "UK"}
    assert ask(answers, "explain", topic="coverage")["texts"]
    assert "eu.csv" in ask(answers, "files")["files"]


REFUSED = [
    ("write", {}, "must be the name of a tool"),
    ("read", {"path": "../x.csv"}, "must be a plain path"),
    ("read", {"path": ""}, "must be a plain path"),
    ("read", {"path": "."}, "must be a plain path"),
    ("read", {"path": "absent/x.csv"}, "must be a file below the folder"),
    ("read", {"path": "link.csv"}, "must not contain a symbolic link"),
    ("read", {"path": "deeper"}, "must be a regular file"),
    ("read", {"path": "empty.csv"}, "must not be empty"),
    ("read", {"path": "eu.csv", "kind": "prices"}, "must be a kind of count"),
    ("read", {"file": "eu.csv"}, "must have valid arguments"),
    ("total", {"path": "eu.csv", "kind": "justice"}, "must be a kind of count in the file"),
    ("total", {**PL, "category": {"rules": "none"}}, "must be a dimension of the table"),
    ("total", {**PL, "category": {"sex": {"a": 1}}}, "must be a category"),
    ("total", {"path": "eu.csv", "by": ["area", "period", "sex", "age"]}, "at most 200 rows"),
    (
        "compare",
        {"path": "eu.csv", "first": {"indicator": "rate"}, "second": {}},
        "must be one number",
    ),
    ("audit", {"publication": "../a.toml"}, "must be a publication"),
    (
        "infer",
        {"publication": "com_2018_777", "category": {"time_limit": 9}},
        "must be a dimension",
    ),
    ("explain", {"topic": "nonsense" * 100}, "nonsense"),
]


def test_requests_are_refused_with_the_reason(answers):
    def check(tool: str, arguments: dict[str, Any], message: str) -> None:
        answer = ask(answers, tool, **arguments)
        assert isinstance(answer, str)
        assert message in answer
        assert str(answers.folder.root) not in answer

    check_rows(check, REFUSED)
    assert "must have valid arguments" in process.reply(answers, "no JSON")


def test_resources_and_long_answers_are_errors(answers, monkeypatch):
    monkeypatch.setattr(process, "_MOST_CHARACTERS", 10)
    assert "must be shorter" in ask(answers, "files")

    def fail(*_: object) -> None:
        raise MemoryError

    ask(answers, "read", path="eu.csv")
    assert answers.readings
    monkeypatch.setattr(Answers, "answer", fail)
    assert "too many resources (MemoryError)" in ask(answers, "files")
    assert not answers.readings  # they can be the reason


def test_each_line_has_a_reply(answers):
    written = io.StringIO()
    lines = io.StringIO('{"id": 1, "tool": "files", "arguments": {}}\n{"id": 2}\n{}\n')
    process.run(answers, lines, written)
    first, second, third = map(json.loads, written.getvalue().splitlines())
    assert [own["id"] for own in (first, second, third)] == [1, 2, None]
    assert "answer" in first
    assert "error" in second
    assert "error" in third


def test_the_last_four_files_stay_in_memory(answers, tmp_path):
    for number in range(6):
        shutil.copy(CSV, tmp_path / f"{number}.csv")
    own = Answers(Folder(tmp_path))
    for number in range(6):
        own.read(f"{number}.csv")
    assert [key[0] for key in own.readings] == ["2.csv", "3.csv", "4.csv", "5.csv"]


def test_files_are_listed_up_to_a_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(folders, "_LISTED", 3)
    for number in range(5):
        (tmp_path / f"{number}.csv").touch()
    assert Folder(tmp_path).files() == (["0.csv", "1.csv", "2.csv"], True)
    monkeypatch.setattr(folders, "_LISTED", 5)
    assert ask(Answers(Folder(tmp_path)), "files")["more_files_not_listed"] is False


def test_sources_that_are_not_cited_are_counted():
    assert process._citation(range(12)) == sorted(map(str, range(12)))
    assert process._citation(range(14))[-1] == "and 2 more"
