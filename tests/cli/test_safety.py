"""Files that a command must not overwrite, and texts that must not steer a terminal."""

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import thbstats as thb
from tests.cli.running import Run
from tests.reports.made import claim, report
from tests.sources.test_sdg import MALTA
from thbstats.errors import InvalidClaims, InvalidValue
from thbstats.records import Source

# An input file, and a command that would write to it
OVERWRITING = [
    ("counts.csv", "report counts.csv --set area=MT --output {}"),
    ("claims.toml", "report claims.toml --format json --output {}"),
    ("claims.toml", "report claims.toml --format xlsx --output {}"),
    ("claims.toml", "audit claims.toml --format html --output {}"),
    ("figures.csv", "audit figures.csv --format json --output {}"),
    ("members.csv", "audit figures.csv --members members.csv --format json --output {}"),
    ("cases.csv", "count cases.csv --by sex --set area=MT --set period=2020 --output {}"),
    ("cases.csv", "count case*.csv --by sex --set area=MT --set period=2020 --output {}"),
    ("more.csv", "count cases.csv more.csv --by sex --set area=MT --output {}"),
    ("counts.csv", "convert counts.csv {} --to json --set area=MT"),
    ("columns.toml", "report counts.csv --declare columns.toml --output {}"),
    ("columns.toml", "convert counts.csv {} --to json --declare columns.toml"),
    ("recruiter.toml", "convert counts.csv {} --to json --declare columns.toml"),
    ("counts.csv", "convert counts.csv o.csv --to sdmx_csv --structure {} --set area=MT"),
    ("counts.csv", "convert counts.csv o.csv --package {} --set area=MT"),
    ("counts.json", "convert counts.json o.csv --package {}"),
    ("columns.toml", "convert counts.csv o.csv --structure {} --declare columns.toml"),
]


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def inputs() -> None:
    Path("counts.csv").write_bytes(MALTA.data)
    Path("claims.toml").write_text('schema_version = 1\n[report]\nid = "a"\ntitle = "A"\n')
    Path("figures.csv").write_text("id,kind,numerator,denominator,printed\na,share,1,2,50%\n")
    Path("members.csv").write_text("id,member,n\na,MT,1\n")
    Path("cases.csv").write_text("sex\nfemale\n")
    Path("more.csv").write_text("sex\nmale\n")
    Path("columns.toml").write_text('kind = "victims"\nclassifications = ["recruiter.toml"]\n')
    Path("recruiter.toml").write_text('name = "recruiter"\ncategories = ["family", "employer"]\n')
    thb.write(thb.publications.com_2018_777().data.victims, "counts.json")


@pytest.mark.usefixtures("inputs")
@pytest.mark.parametrize("link", [None, os.symlink, os.link], ids=["itself", "symbolic", "hard"])
@pytest.mark.parametrize(("name", "command"), OVERWRITING)
def test_output_must_not_be_an_input(
    run: Run, name: str, command: str, link: Callable[[str, str], None] | None
) -> None:
    before = Path(name).read_bytes()
    target = name if link is None else "link"
    if link is not None:
        link(name, target)
    err = run(*command.format(target).split(), status=2).err
    assert "must not be an input file" in err
    assert repr(target) in err
    assert Path(target).read_bytes() == before == Path(name).read_bytes()


# Two outputs that are one file
TOGETHER = [
    ("o.csv", "convert counts.csv {} --to sdmx_csv --structure {} --set area=MT"),
    ("o.json", "convert counts.csv {} --to tidy --package {} --set area=MT"),
    ("./o.csv", "convert counts.csv o.csv --to sdmx_csv --structure {} --set area=MT"),
    ("o.xml", "convert counts.csv a.csv --structure {} --package {} --set area=MT"),
]


@pytest.mark.usefixtures("inputs")
@pytest.mark.parametrize("is_old", [False, True])
@pytest.mark.parametrize(("name", "command"), TOGETHER)
def test_two_outputs_must_not_be_one_file(
    run: Run, name: str, command: str, *, is_old: bool
) -> None:
    if is_old:
        Path(name).write_text("an old file")
    err = run(*(word.replace("{}", name) for word in command.split()), status=2).err
    assert "must not be another output file" in err
    assert Path(name).name in err
    assert Path(name).exists() is is_old
    assert not is_old or Path(name).read_text() == "an old file"


@pytest.mark.usefixtures("inputs")
@pytest.mark.parametrize("second", ["--structure none/s.xml", "--package none/p.json"])
def test_a_failed_second_output_leaves_the_old_first_one(run: Run, second: str) -> None:
    option, name = second.split()
    Path("deep").mkdir()
    Path("deep/o.csv").write_text("an old file")
    form, place = ("sdmx_csv", name) if option == "--structure" else ("tidy", "deep/p.json")
    if option == "--package":
        Path(place).mkdir()
    run(
        "convert",
        "counts.csv",
        "deep/o.csv",
        "--to",
        form,
        option,
        place,
        "--set",
        "area=MT",
        status=2,
    )
    assert Path("deep/o.csv").read_text() == "an old file"
    assert not list(Path().rglob(".thbstats-*"))


@pytest.mark.usefixtures("inputs")
def test_other_output_is_replaced(run: Run) -> None:
    thb.write(thb.publications.com_2018_777().data.victims, "old.csv")
    run("convert", "old.csv", "counts.csv")
    assert thb.read("counts.csv").table == thb.read("old.csv").table


CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
NASTY = "a\x1b[31m\x07\x9b2J\u202e\u2066"
ESCAPED = r"a\x1b[31m\x07\x9b2J\u202e\u2066"
CLAIMS = """schema_version = 1
[report]
id = "a"
title = "{0}"
[[claim]]
id = "{0}"
section = "{0}"
kind = "count"
printed = "{0}"
"""
NAMES = pytest.mark.skipif(sys.platform == "win32", reason="no such names of files there")


@pytest.fixture
def nasty_files() -> None:
    Path(f"{NASTY}.toml").write_text(CLAIMS.format(r"a\u001b[31m\u202e"))
    Path(f"{NASTY}.yaml").write_text("!<tag:%1b[31m> a: 1\n")
    Path(f"{NASTY}.csv").write_text(f"sex,value,{NASTY}\n{NASTY},{NASTY},1\n")
    Path(f"{NASTY}.json").write_text('{"a": 1')
    os.mkdir(NASTY)


@NAMES
@pytest.mark.usefixtures("nasty_files")
@pytest.mark.parametrize("extension", ["", ".yaml", ".csv", ".json"])
@pytest.mark.parametrize(
    "command",
    [
        "read {}",
        "read {} --declare {}",
        "report {}",
        "report {} --output {}/none/x.html",
        "audit {}",
        "claims check {}",
        "infer {} --what victims",
        "convert {} out.csv --to {}",
        "count {} --by {} --set area=MT",
        "count {}* --by sex --set area=MT",
        "read none --format {}",
        "publications {}",
    ],
)
def test_no_control_character_is_printed(run: Run, command: str, extension: str) -> None:
    words = [word.replace("{}", f"{NASTY}{extension}") for word in command.split()]
    outcome = run(*words, status=None)
    assert outcome.status in (1, 2)
    printed = outcome.out + outcome.err
    assert printed
    assert not CONTROLS.findall(printed)


@NAMES
def test_csv_on_a_terminal_has_no_control_characters(
    run: Run, on_terminal: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    item = report(claim("some", wording=f"many {NASTY} victims"))

    def made() -> object:
        return item

    monkeypatch.setattr("thbstats.publications.ALL", (made,))
    command = ["report", "made", "--format", "csv"]
    assert NASTY in run(*command).out
    on_terminal()
    printed = run(*command).out
    assert ESCAPED.replace(r"\x1b[31m", "\x1b[31m") in printed
    assert not CONTROLS.findall(printed.replace("\x1b[31m", ""))


@NAMES
@pytest.mark.usefixtures("nasty_files")
def test_explanations_and_problems_escape_control_characters() -> None:
    title = f"{NASTY}\nSource: another"
    table = thb.CountTable.from_rows(
        [{"value": 3}], kind="victims", area="MT", period=2020, source=Source(title=title)
    )
    explained = thb.total(table, area="MT", period=2020).footnote()
    assert f"Source: {ESCAPED} Source: another." in explained.split("\n")
    assert not CONTROLS.findall(explained)
    assert str(InvalidValue(NASTY)) == f"{ESCAPED}."
    with pytest.raises(InvalidClaims) as raised:
        thb.claims.read_claims(f"{NASTY}.yaml")
    for text in (str(raised.value), *map(str, raised.value.problems)):
        assert text
        assert not CONTROLS.findall(text)
