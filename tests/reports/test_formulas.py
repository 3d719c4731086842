"""Formulas and line ends in the CSV of a report."""

import csv
import io
from pathlib import Path

import pytest

from tests.reports.made import claim
from tests.reports.made import report as made
from thbstats.cli import main
from thbstats.errors import InvalidValue
from thbstats.reports import Document, report

FORMULAS = ["=HYPERLINK(1)", "+cmd|'/C calc'!A0", "@SUM(A1)", "-2+3", "\t=1", "\r=1+1"]


@pytest.fixture(scope="module")
def document() -> Document:
    claims = (
        claim(f"c{number}", section=text, wording="many") for number, text in enumerate(FORMULAS)
    )
    return report(made(*claims, claim("plain", section="II", wording="many")))


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_line_end_in_a_text_does_not_start_a_row(document: Document) -> None:
    """Python's own writer quotes a carriage return only since 3.13."""
    assert [row["section"] for row in rows(document.to_csv())] == [*FORMULAS, "II"]
    assert all(line.startswith(("part,", "claim,")) for line in document.to_csv().split("\n")[:-2])


def test_formulas_are_named_and_stay_unless_they_are_neutralised(
    document: Document, tmp_path: Path
) -> None:
    path = tmp_path / "report.csv"
    (loss,) = document.save(path)
    assert (loss.code, loss.is_lost, loss.rows) == ("FORMULA", False, len(FORMULAS))
    assert rows(path.read_bytes().decode())[0]["section"] == FORMULAS[0]

    (loss,) = document.save(path, neutralise=True)
    assert (loss.code, loss.is_lost, loss.rows) == ("NEUTRALISED", True, len(FORMULAS))
    text = path.read_bytes().decode()
    assert text == document.to_csv(neutralise=True)
    cells = [cell for row in rows(text) for cell in row.values() if cell]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert f"'{FORMULAS[0]}" in cells


def test_numbers_are_not_formulas(document: Document, tmp_path: Path) -> None:
    assert document.save(tmp_path / "report.json") == ()
    assert report(made(claim("all", printed="100"))).save(tmp_path / "report.csv") == ()


def test_text_with_a_nul_is_refused() -> None:
    with pytest.raises(InvalidValue, match="must not contain a NUL"):
        report(made(claim("one", wording="many\0victims"))).to_csv()


@pytest.mark.parametrize("output", [[], ["--output", "report.csv"]])
def test_command_names_formulas_and_neutralises_them(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    output: list[str],
) -> None:
    def risky() -> object:
        return made(claim("one", wording="=1+1"))

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("thbstats.publications.ALL", (risky,))
    command = ["report", "risky", "--format", "csv", *output]
    assert main(command) == 0
    out, err = capsys.readouterr()
    assert "1 row has a text that a spreadsheet would run as a formula" in err
    assert "'=1+1'" in err
    assert "--neutralise" in err
    assert ",=1+1," in out + "".join(path.read_text() for path in tmp_path.iterdir())

    assert main([*command, "--neutralise"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert ",'=1+1," in out + "".join(path.read_text() for path in tmp_path.iterdir())


def test_only_csv_is_neutralised(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "com-2018-777", "--format", "html", "--neutralise"]) == 2
    assert "--neutralise" in capsys.readouterr().err
