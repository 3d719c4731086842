"""The command passport."""

import json
import re

import pandas as pd
import pytest

from thbstats.cli import main

VICTIMS = "docs/_data/glotip_eu_victims.csv"
QUESTION = "share sex=female base=all area=FR period=2020"


def test_question_on_a_file_is_answered(capsys):
    assert main(["passport", VICTIMS, QUESTION]) == 0
    text = capsys.readouterr().out
    assert "In France in 2020, 72.2% of detected victims were women and girls" in text
    assert f"table = thb.read('{VICTIMS}').data.victims" in text


def test_json_is_an_observation(capsys):
    assert main(["passport", VICTIMS, "total area=FR period=2019,2020", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["value"] == 3044


def test_question_on_a_publication_shows_the_published_share(capsys):
    assert main(["passport", "com-2018-777", "share exploitation=sexual base=all"]) == 0
    text = capsys.readouterr().out
    assert "Published figure “56%”" in text
    assert "table = thb.publications.com_2018_777().data.victims" in text
    assert main(["passport", "com-2018-777", "ii-sexual-share", "--language", "de"]) == 0
    assert "Laut der Veröffentlichung" in capsys.readouterr().out


def test_mappings_and_justice_are_understood(capsys):
    own = "ratio numerator=sex:female denominator=sex:male area=FR period=2020"
    assert main(["passport", VICTIMS, own]) == 0
    assert "a ratio of 2.59" in capsys.readouterr().out
    justice = "conviction_to_prosecution area=AT period=2016"
    assert main(["passport", "docs/_data/glotip_eu_2015_2016.csv", justice]) == 0
    assert ".data.justice" in capsys.readouterr().out


def test_several_figures_are_written_to_a_folder(tmp_path, capsys):
    question = "share sex=female base=all area=FR by=period"
    assert main(["passport", VICTIMS, question, "--output", str(tmp_path / "pages")]) == 0
    assert "index.html" in capsys.readouterr().out
    assert len(list((tmp_path / "pages").iterdir())) == 6


def test_options_of_the_file_are_in_the_code(tmp_path, capsys):
    file = tmp_path / "own.csv"
    file.write_text("period,value\n2020,12\n", "utf-8")
    options = ["--kind", "victims", "--set", "area=MT"]
    assert main(["passport", str(file), "total", *options]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "kind='victims', area='MT').data.victims" in text


def test_the_worksheet_and_the_cells_are_in_the_code(tmp_path, capsys):
    pytest.importorskip("xlsxwriter")
    pytest.importorskip("python_calamine")
    file = tmp_path / "own.xlsx"
    with pd.ExcelWriter(file, engine="xlsxwriter") as book:
        for sheet, number in (("A", 5), ("B", 50)):
            frame = pd.DataFrame({"area": ["FR"], "period": [2020], "value": [number]})
            frame.to_excel(book, sheet_name=sheet, index=False)
    options = ["--kind", "victims", "--sheet", "B", "--range", "A1:C2"]
    assert main(["passport", str(file), "total", *options]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "50 victims were recorded" in text
    assert "kind='victims', sheet='B', range='A1:C2').data.victims" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([VICTIMS, "shares sex=female"], "Did you mean 'share'?"),
        ([VICTIMS, ""], "must start with an indicator"),
        ([VICTIMS, "share sex"], "must have the form NAME=VALUE"),
        ([VICTIMS, "total by=area period=2020"], "must be a folder for several figures"),
        (["com-2018-777", "no-such-claim"], "must be a claim of com_2018_777"),
        (["docs/_data/glotip_eu_2015_2016.csv", "total"], "must be a kind of count"),
    ],
)
def test_questions_that_cannot_be_answered_are_refused(arguments, message, capsys):
    assert main(["passport", *arguments]) == 2
    assert message in capsys.readouterr().err


def test_folder_has_no_format(tmp_path, capsys):
    arguments = [VICTIMS, "total by=area period=2020", "--output", str(tmp_path / "a"), "--json"]
    assert main(["passport", *arguments]) == 2
    assert "must not be used with several figures" in capsys.readouterr().err


@pytest.mark.parametrize(
    "question",
    [
        "share sex=female", "share sex=female base=all", "share base=all area=FR period=2020",
        "share sex=female base=all area=US period=2020", "total", "ratio area=FR period=2020",
        "change area=FR old=2019", "change area=FR old=2019 new=2020", "foo bar", "foo area=FR",
        "concentration measure=foo area=EU28 period=2020", "share exploitation=sexual base=all",
        "breakdown of=sex area=FR period=2020", "total area=FR period=2019,2022",
    ],
)  # fmt: skip
def test_hints_have_the_arguments_of_a_question_and_no_python(capsys, question: str):
    assert main(["passport", VICTIMS, question]) == 2
    text = capsys.readouterr().err
    assert not re.search(r"--(set|by)|\(table|thb\.|CountTable|\bNone\b", text), text
