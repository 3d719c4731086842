"""The command that counts cases: what it prints, what it writes, and what it refuses."""

import json
from pathlib import Path

import pytest

from thbstats.cli import main
from thbstats.sources import read

# The newest pyarrow, which comes with the tests, refuses the oldest numpy.
pa = pytest.importorskip("pyarrow", exc_type=ImportError)
parquet = pytest.importorskip("pyarrow.parquet")

LINES = """gender,age,forms,is sexual,n,area
F,child,sexual;labour,1,2,MT
M,-99,labour,0,1,MT
,adult,,,3,IT
"""
SAID = ["--column", "sex=gender", "--recode", "sex:F=female", "--recode", "sex:M=male"]
SAID += ["--missing", "", "--missing", "-99", "--set", "period=2020"]
ALL = [*SAID, "--set", "area=MT+IT"]


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("NO_COLOR", "COLUMNS", "TERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    Path("cases.csv").write_text(LINES)


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["count", *arguments]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return " ".join(out.split())


def test_a_table_is_printed_with_its_totals_and_unknowns(capsys: pytest.CaptureFixture[str]):
    out = said(capsys, "cases.csv", "--by", "sex", *ALL)
    assert "total 3 female 1 male 1 unknown 1" in out


def test_several_answers_are_a_list_or_columns(capsys: pytest.CaptureFixture[str]):
    out = said(capsys, "cases.csv", "--by", "exploitation", "--multi", "exploitation=forms", *ALL)
    assert "total 3 sexual 1 labour 2 unknown 1" in out
    flag = ["--multi", "exploitation:sexual=is sexual"]
    out = said(capsys, "cases.csv", "--by", "exploitation", *flag, *ALL)
    assert "total 3 sexual 1 unknown 1" in out
    out = said(capsys, "cases.csv", "--by", "exploitation", *flag, *ALL, "--no", "")
    assert "total 3 sexual 1 unknown 0" in out
    both = ["--multi", "exploitation=forms", *flag]
    assert main(["count", "cases.csv", "--by", "exploitation", *both, *ALL]) == 2
    assert "--multi" in capsys.readouterr().err


def test_weights_choices_and_margins_are_those_of_the_library(capsys: pytest.CaptureFixture[str]):
    out = said(capsys, "cases.csv", "--by", "sex,age", "--weights", "n", "--margins", "none", *ALL)
    assert "female child 2" in out
    assert "total" not in out
    out = said(capsys, "cases.csv", "--by", "sex", "--where", "area=MT", *SAID)
    assert "Counts of victims, MT, 2020" in out
    assert "total 2 female 1 male 1" in out
    out = said(capsys, "cases.csv", "--by", "sex,age", "--margins", "sex; age", *ALL)
    assert "female total 1" in out
    assert "female child" not in out


def test_what_stands_in_the_columns_can_be_seen(capsys: pytest.CaptureFixture[str]):
    out = said(capsys, "cases.csv", "--by", "sex", "--seen", *ALL)
    assert '"" nothing recorded 1' in out


def test_an_empty_cell_of_parquet_is_missing_as_one_of_text_is(capsys: pytest.CaptureFixture[str]):
    parquet.write_table(pa.table({"gender": ["F", None, ""]}), "cases.parquet")
    assert "unknown 2" in said(capsys, "cases.parquet", "--by", "sex", *ALL)


@pytest.mark.parametrize("name", ["table.csv", "table.json"])
def test_what_is_written_can_be_read_again(capsys: pytest.CaptureFixture[str], name: str):
    assert said(capsys, "cases.csv", "--by", "sex", *ALL, "--out", name) == ""
    table = read(name).table
    assert [table.count(sex=sex).lower for sex in ("total", "female", "unknown")] == [3, 1, 1]
    form = name.rpartition(".")[2]
    main(["count", "cases.csv", "--by", "sex", *ALL, "--format", form])
    out = capsys.readouterr().out
    assert out == Path(name).read_text()
    assert form == "csv" or json.loads(out)["tables"][0]["rows"] == 4


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["cases.csv", "--by", "sex", "--column", "sex=gender"], "must be a code of Sex"),
        (["cases.csv", "--by", "sex"], "must be a column of the cases"),
        (["none.csv"], "none.csv: No such file"),
        (["*.parquet"], "must match an existing file"),
        (["cases.csv", "--column", "sex"], "--column sex=gender"),
        (["cases.csv", "--recode", "F=female"], "--recode sex:F=female"),
        (["cases.csv", "--set", "weights=n"], "--set"),
        (["cases.csv", "--margins", "all", "--by", "citizen"], "citizenship"),
    ],
)
def test_wrong_use_ends_with_2_and_says_what_to_do(
    capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
):
    assert main(["count", *arguments]) == 2
    out, err = capsys.readouterr()
    assert told in err
    assert out == ""
