"""Suggested declarations."""

import shlex
import tomllib
from pathlib import Path
from typing import Any

import attrs
import pandas as pd
import pytest

import thbstats as thb
from tests.rows import check_rows
from thbstats.cli import main
from thbstats.errors import InvalidFile
from thbstats.files import Declaration, open_bytes


def suggest(text: str, **options: Any) -> Any:
    return thb.suggest(open_bytes(text.encode(), name="own.csv"), **options)


# Area, year, sex with women and men, and victims, in the languages of the words.
LANGUAGES = [
    "Country,Year,Sex,Victims;Women,Men",
    "Land,Jahr,Geschlecht,Opfer;Frauen,Männer",
    "Pays,Année,Sexe,Victimes;Femmes,Hommes",
    "Paese,Anno,Sesso,Vittime;Donne,Uomini",
    "País,Año,Sexo,Víctimas;Mujeres,Hombres",
    "Kraj,Rok,Płeć,Ofiary;Kobiety,Mężczyźni",
    "Țară,An,Gen,Victime;Femei,Bărbați",
    "Land,Jaar,Geslacht,Slachtoffers;Vrouwen,Mannen",
    "Χώρα,Έτος,Φύλο,Θύματα;Γυναίκες,Άνδρες",
    "Stát,Rok,Pohlaví,Oběti;Ženy,Muži",
    "País,Ano,Sexo,Vítimas;Mulheres,Homens",
    "Ország,Év,Nem,Áldozatok;Nők,Férfiak",
    "Land,År,Kön,Offer;Kvinnor,Män",
]


def test_columns_and_sexes_are_found_in_every_language() -> None:
    def check(line: str) -> None:
        header, sexes = line.split(";")
        women, men = sexes.split(",")
        text = f"{header}\nBelgium,2020,{women},5\nBelgium,2020,{men},3\n"
        file = open_bytes(text.encode(), name="own.csv")
        assert thb.read(file).table.count(sex="female") == thb.Count.known(5)

    check_rows(check, [(line,) for line in LANGUAGES])


SUGGESTIONS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    (
        "Victims\nYear;Country;Women;Men;Girls;Total\n2020;Belgium;1;2;3;6\n2021;Belgium;1;2;3;6\n",
        {},
        {"unpivot": ("*",), "columns": {"Year": "period", "Country": "area"}},
    ),
    (
        "Victims in the UK\nYear;Number\n2021/22;1,234\n2022/23;12,345\n",
        {},
        {"fiscal_year": 4, "thousands": ",", "constants": {"area": "UK"}},
    ),
    (
        "Country;Year;Victims;Note\nBE;2020;5 (r);a\nBE;2021;[c];a\nBE;2022;..;a\n",
        {},
        {
            "flags": {"(r)": "r"},
            "missing": {"[c]": "suppressed", "..": "not_reported"},
            "ignored": ("Note",),
        },
    ),
    (
        "Country;Sex;2020;2021\nBelgium;Female;1;2\n;Male;3;4\n",
        {"kind": "victims"},
        {"fill": ("Country",), "unpivot": ("period",)},
    ),
    (
        "Code;Country;Nationality;Year;Victims;Rate per 100,000\n"
        "BEL;Belgium;Romania;2020;5;0.1\nFRA;France;Bulgaria;2020;7;0.2\n",
        {},
        {"ignored": ("Rate per 100,000", "Code")},
    ),
    (
        "Victims in Estonia\nYear,Sex,Under 18,18 and over\n2021,Males,2,11\n2021,Females,5,20\n",
        {},
        {"unpivot": ("age",), "columns": {"Year": "period", "Sex": "sex"}},
    ),
    (
        "Victims of trafficking, Portugal\n,2021,,2022,\nNationality,Women,Men,Women,Men\n"
        "Portugal,12,30,15,41\nRomania,3,60,5,72\n",
        {},
        {"unpivot": ("period", "sex"), "columns": {"Nationality": "citizenship"}},
    ),
    (
        "Year;Stage;Persons\n2020;Suspected;9\n2020;Convicted;3\n",
        {"kind": "justice", "area": "MT"},
        {"columns": {"Year": "period", "Stage": "stage", "Persons": "value"}},
    ),
    (
        "Vittime di sfruttamento sessuale, Italia\nAnno;Vittime (meno di 18)\n2020;5\n2021;7\n",
        {},
        {"constants": {"exploitation": "sexual", "area": "IT", "age": "child"}},
    ),
    (
        "Victims of sexual exploitation and forced labour, Malta\nYear;Victims (under 18 years)\n"
        "2020;5\n2021;7\n",
        {},
        {"constants": {"age": "child", "area": "MT"}},
    ),
    (
        "Victims in Malta\nSex;2022\nWomen;5\nMen;7\n",
        {},
        {"columns": {"Sex": "sex"}, "unpivot": ("period",)},
    ),
    (
        "Victims in Malta\nCountry of origin;Year;Victims\nRomania;2020;3\nBulgaria;2020;4\n",
        {},
        {
            "columns": {"Victims": "value", "Country of origin": "citizenship", "Year": "period"},
            "constants": {"area": "MT"},
        },
    ),
    (
        "Victims, Malta\nYear;Women;Men\n2020;1 (p);2\n2021;..;4\n2022;1 234;2 345\n",
        {},
        {"unpivot": ("sex",), "flags": {"(p)": "p"}},
    ),
    (
        "Pays;Année;Sexe;Tranche d'âge;Victimes\nBelgique;2022;Femmes;Moins de 18 ans;4\n"
        "Belgique;2022;Hommes;18 ans et plus;5\n",
        {},
        {"recode": {"Tranche d'âge": {"Moins de 18 ans": "child", "18 ans et plus": "adult"}}},
    ),
    (
        "Rok;Obywatelstwo;Ofiary\n2022;Rumunia;4\n2022;Ukraina;5\n",
        {"area": "PL"},
        {"recode": {"Obywatelstwo": {"Rumunia": "RO"}}},
    ),
    (
        "Year;Age;Victims\n2020;0-14;3\n2020;15-17;4\n2020;18-24;5\n2020;25+;1\n",
        {"area": "MT"},
        {"added": {"Age": ("0-14", "15-17", "18-24", "25+")}},
    ),
    (
        "Detected victims\nYear;Belgium;France;Total\n2020;1;2;3\n2021;4;5;9\n",
        {},
        {"unpivot": ("area",), "columns": {"Year": "period"}},
    ),
    (
        "Year;Victims\n2023T3;5\n2023T4;6\n",
        {"area": "MT"},
        {"columns": {"Victims": "value", "Year": "period"}},
    ),
    (
        "Victims, Malta\nYear;0-14;15-17;18+;Total\n2020;1;2;3;6\n2021;1;2;3;6\n",
        {},
        {"unpivot": ("age",), "added": {"header 1": ("0-14", "15-17")}},
    ),
    (
        "Year;Quarter;Victims\n2020;1;3\n2020;2;4\n",
        {"area": "MT"},
        {"recode": {"Quarter": {"1": "Q1", "2": "Q2"}}},
    ),
    (
        "Vittime\nAnno;Trimestre;Vittime\n2020;I;3\n2020;II;4\n",
        {"area": "MT"},
        {"recode": {"Trimestre": {"I": "Q1", "II": "Q2"}}},
    ),
    (
        "Victims, Malta\nYear;Women;Men;Unknown\n2020;1;2;1\n2021;1;2;0\n",
        {},
        {"unpivot": ("sex",), "ignored": ()},
    ),
    ("Victims, Malta\nYear;<18;18+\n2020;5;6\n2021;7;8\n", {}, {"unpivot": ("age",)}),
    (
        "Victims, Malta\nYear;<15;15-17;≥18\n2020;5;6;1\n2021;7;8;2\n",
        {},
        {"unpivot": ("age",), "added": {"header 1": ("<15", "15-17")}},
    ),
    (
        "Region;Country;Year;Victims\nEurope;MT;2020;5\nEurope;MT;2021;6\n",
        {},
        {"columns": {"Victims": "value", "Country": "area", "Year": "period"}},
    ),
    (
        "Country;Sex;Year;Victims\nMT;Frauen;2020;5\nMT;Frauen;2021;6\n",
        {"area": "Malta", "sex": "female"},
        {"ignored": ("Country", "Sex")},
    ),
    (
        "Case;Year;Sex;Victims\n1001;2020;F;3\n1005;2020;M;4\n1007;2021;F;9\n",
        {"area": "MT"},
        {"ignored": ("Case",)},
    ),
]


def test_declaration_is_found_without_a_question() -> None:
    def check(text: str, options: dict[str, Any], expected: dict[str, Any]) -> None:
        own = suggest(text, **options)
        assert own.questions == ()
        for name, value in expected.items():
            assert getattr(own, name) == value, name
        assert {name for name, own in expected.items() if own} - {"constants"} <= set(
            tomllib.loads(own.to_toml())
        )

    check_rows(check, SUGGESTIONS)


def test_word_for_trafficking_is_not_a_word_for_shares() -> None:
    text = "Opfer von Menschenhandel in Österreich\nJahr;Anzahl\n2021;394\n2022;450\n"
    assert suggest(text).questions == ()


def test_other_columns_with_rates_explain_the_rates_of_a_title() -> None:
    text = "Victims and rate per 100,000, Malta\nYear;Victims;Rate\n2021;5;1.0\n2022;6;1.1\n"
    assert suggest(text).questions == ()
    assert suggest(text).ignored == ("Rate",)


def test_year_in_czech_is_not_korea() -> None:
    own = suggest("Oběti, Česko\nRok;Muži;Ženy\n2021;10;12\n2022;8;24\n")
    assert own.questions == ()
    assert (own.columns, own.unpivot) == ({"Rok": "period"}, ("sex",))


def test_table_without_numbers_does_not_have_a_header_in_its_rows() -> None:
    with pytest.raises(InvalidFile, match="No column contains counts"):
        suggest("Year,Victims\n2021,c. 120\n2022,over 150\n")


QUESTIONS = [
    ("Year,Number\n2020,1\n", {"area": "MT"}, "the kind of count is not stated"),
    ("Year,Victims\n2020,1\n", {}, "no column contains the area"),
    ("Country,Victims\nBE,1\n", {}, "no column contains the period"),
    ("Country,Year,Victims\nBE,2020,-\nBE,2021,3\n", {}, "'-' can be 0, suppressed"),
    ("Country,Year,Victims\nBE,2020,n/a\nBE,2021,3\n", {}, "'n/a' can be 0"),
    ("Année;Sexe;Victimes\n2020;Femmes;n.d.\n2021;Femmes;3\n2022;Femmes;4\n", {"area": "FR"},
     "'n.d.' can be 0"),
    ("Country,Year,Victims\nBE,2021/22,4\n", {}, "'2021/22' can be 2021-2022 or"),
    ("Country,Year,Victims\nBE,2020,1?\nBE,2021,3\nBE,2022,4\nBE,2023,5\nBE,2024,6\n", {},
     "'1?' is not a count"),
    ("Country,Year,Office,Victims\nBE,2020,North,1\nBE,2020,South,2\n", {},
     "'Office' is not understood: 'North', 'South'"),
    ("Country,Year,Sex,Victims\nBE,2020,F,1\nBE,2020,M,2\nBE,2020,Q,2\n", {},
     "1 text of 'Sex' is not a known sex: 'Q'; the codes are total, female, male, other, unknown. "
     'Write recode.Sex = {Q = "..."}'),
    ("Country,Year,A,B\nBE,2020,1,2\n", {"kind": "victims"}, "several columns have numbers"),
    ("Country,2022,2023 (p)\nBE,3,4\nFR,5,6\n", {"kind": "victims"},
     "several columns have numbers: '2022', '2023 (p)'; not a known period: '2023 (p)'. Write"),
    ("Region,Year,Victims\nNorth,2020,1\nSouth,2020,2\n", {"area": "MT"},
     "'Region' is not understood: 'North', 'South'"),
    ("Country,Year,Victims\nRuritania,2020,1\nIT,2020,2\n", {},
     "'Country' has texts that are not known areas: 'Ruritania'"),
    ("Country,Year,Sex,Victims\nBE,2020,F,1\nBE,2020,,2\n", {},
     "empty cells of 'Sex' can be unknown, a total, or have the text above them"),
    ("Country,Year,Sex,Victims\nBE,2020,,3\nBE,2020,F,1\nBE,2020,M,2\n", {},
     'recode.Sex = {"" = "total"}'),
    ("Sex,Year,Victims\nF,2020,3\nM,2020,1\n,2020,2\n", {"area": "MT"},
     "empty cells of 'Sex' can be unknown"),
    ("Country,Place,Year,Victims\nBE,RO,2020,3\nBE,BG,2021,1\nFR,RO,2020,2\n", {},
     "'Place' can have citizenships: 'RO', 'BG'"),
    ("country,period,office,value\nMT,2020,N,3\nMT,2020,S,4\n", {"kind": "victims"},
     "'office' is not understood: 'N', 'S'"),
    ("Victims\nYear,Women,Men\n2020,1,2\n2021,3,4\nB,,\nYear,Children,Adults\n2020,5,6\n2021,7,8\n",
     {"area": "MT"}, "line 6 can be the header of a second table: 'Children', 'Adults'"),
    ("Victims in Malta\nSex;2020;2021\nF;1;2\nM;3;4\nAge;2020;2021\nChild;1;2\nAdult;3;4\n", {},
     'line 5 can be the header of a second table: \'2020\', \'2021\'. Write range = "A2:C4"'),
    ("Year;Victims;Suspects\n2020;5;6\n2021;5;6\n", {"area": "MT"},
     "the file contains the words 'Victims' and 'Suspects'"),
    ("Year;Victims;Detained\n2020;5;6\n2021;7;8\n", {"area": "MT"},
     "'Detained' has counts, and its name is not understood: '6', '8'. Write ignored"),
    ("Year;Sex;Purpose;Victims\n2020;F;sexual;5\n2021;M;unclear;6\n", {"area": "MT"},
     "1 text of 'Purpose' is not a known exploitation: 'unclear'"),
    ("Year;Sex;Office;Victims\n2020;F;North;5\n2020;M;South;6\n", {"area": "MT"},
     "'Office' is not understood: 'North', 'South'"),
    ("Date;Victims\n2020-12-31;5\n2021-12-31;6\n", {"area": "MT"},
     "'2020-12-31' can be a day, or the first or last day of a year. Write dates = "),
    ("Victims, Malta\nYear;Romania;Italy;Total\n2020;1;2;3\n2021;4;5;9\n", {},
     'the header can have citizenships or reporting countries. Write unpivot = ["citizenship"], or '
     'unpivot = ["area"]'),
    ("Year;Victims\n2023T3;5\n", {"area": "MT"},
     '\'2023T3\' can be 2023-Q3 or 2023-T3. Write recode.Year = {2023T3 = "2023-Q3"}'),
    ("Victims, Malta\nYear;Women;Men;Number\n2020;1;2;3\n2021;4;5;9\n", {},
     "'Number' has counts, and its name is not understood: '3', '9'. Write recode"),
    ("Year;Time;Victims\n2020;1;5\n2020;2;6\n", {"area": "MT"},
     "the numbers of 'Time' can be months or quarters"),
    ("Victims, Malta\nReported by;Year;Victims\nItaly;2020;5\nFrance;2020;6\n", {},
     "'Reported by' can have reporting countries or citizenships: 'Italy', 'France'"),
    ("Female victims in Malta\nYear;Victims\n2020;5\n2021;7\n", {},
     "'Female' is in the title, in a column, or in the name of the file"),
    ("Victims in Malta in 2020 (published in 2022)\nSex;Victims\nF;5\nM;7\n", {},
     "no column contains the period; the title has '2020', '2022'"),
    ("Year;Victims\n2020;12.5\n2021;7\n", {"area": "MT"}, "'12.5' is not a count. Remove rates"),
    ("Year;Victims\n2020;1.000\n2021;2.000\n", {"area": "MT"},
     "'1.000', '2.000' can have '.' for thousands or for decimals. Write thousands = "),
    ("Year;Victims\n2020;5*\n2021;7\n", {"area": "MT"}, 'Write flags = {"*" = "d"}'),
    ("Year;Victims\n2020;x\n2021;7\n", {"area": "MT"}, "'x' can be 0, suppressed"),
    ("Year;Age;Victims\n2020;0-14;5\n2020;10-17;7\n", {"area": "MT"},
     "2 texts of 'Age' are not a known age: '0-14', '10-17'"),
    ("Victims (in thousands)\nYear;Number\n2020;5\n2021;7\n", {"area": "MT"},
     "the file contains 'thousands': rates, averages, cumulative numbers and thousands are not"),
    ("Year;Average number of victims\n2020;5\n2021;7\n", {"area": "MT"}, "contains 'Average'"),
    ("Year;Victims (2015=100)\n2020;105\n2021;107\n", {"area": "MT"}, "contains '=100'"),
    ("Victims by sex, in %\nYear;Women;Men\n2020;55;45\n2021;60;40\n", {"area": "MT"},
     "the file contains '%'"),
    ("Year;Unit;Victims\n2020;Percent;5\n2021;Percent;7\n", {"area": "MT"},
     "the file contains 'Percent'"),
    ("Victims under 16 years, Malta\nYear;Victims\n2020;5\n2021;7\n", {},
     "'under 16 years' is in the title, in a column, or in the name of the file: it is a part"),
    ("Victims\nYear;Victims\nWomen;\n2020;5\n2021;7\nMen;\n2020;3\n2021;4\n", {"area": "MT"},
     'line 6 can be the heading of a group of rows: \'Men\'. Write range = "A2:B5"'),
    ("Victims\nYear;Victims\n2020;5\n2021;7\nMen;\n2020;3\n2021;4\n", {"area": "MT"},
     'line 5 can be the heading of a group of rows: \'Men\'. Write range = "A2:B4"'),
    ("Trafficking victims\nYear;Number of cases\n2020;5\n2021;7\n", {"area": "MT"},
     "'cases' can be cases or persons. Write constants = {area = \"MT\", unit = \"cases\"}, or"),
    ("Victims\nYear;Sexual exploitation;Forced labour;Both\n2020;5;6;1\n2021;7;8;1\n",
     {"area": "MT"}, "'Both' has counts, and its name is not understood: '1'"),
    ("Country,Year,Sex,Victims\nNorthern Ireland,2020,F,5\nNorthern Ireland,2020,M,6\n", {},
     "'Country' has texts that are not known areas: 'Northern Ireland'"),
    ("Opfer von Menschenhandel, Deutschland\nLand;Jahr;Opfer\nBayern;2020;5\nBayern;2021;6\n", {},
     "'Land' has texts that are not known areas: 'Bayern'"),
    ("Country,Year,Sex,Victims\nMT,2020,F,5\n", {"area": "FR"},
     "'Country' has 'MT', and area='FR' is passed for all rows: remove one of them"),
    ("Country,Year,Sex,Victims\nMT,2020,F,5\nFR,2020,M,6\n", {"sex": "male"},
     "'Sex' has 'F', 'M', and sex='male' is passed for all rows: remove one of them"),
    ("Country,Year,Sex,Victims\nMT,2020,F,5\nFR,2020,M,6\n", {"area": "EU28"},
     "'Country' has 'MT', 'FR', and area='EU28' is passed for all rows"),
    ("Country,Year,Sex,Victims\nMT,2020,Total,5\n", {"sex": "female"},
     "'Sex' has 'Total', and sex='female' is passed for all rows"),
    ("Victims in Malta, excluding persons under 18\nYear;Victims\n2020;5\n2021;7\n", {},
     "'under 18' is in the title, in a column, or in the name of the file with 'excluding': it can "
     'be excluded. Write constants = {area = "MT", age = "child"}, or constants = {area = "MT", '
     'age = "total"}'),
    ("Victims without forced labour, Malta\nYear;Victims\n2020;5\n2021;7\n", {},
     "'forced labour' is in the title, in a column, or in the name of the file with 'without'"),
    ("Victims granted a residence permit, Malta\nYear;Number\n2020;5\n2021;7\n", {},
     "the file contains the words 'Victims' and 'permit'. Write kind = \"victims\", or kind = "
     '"protection"'),
    ("Country,Year,Victims\nMT,2020,5 (1)\nFR,2020,3\nDE,2020,4\n", {},
     "'5 (1)' can be a count with a mark. Write flags = {\"(1)\" = \"d\"}"),
    ("Country,Year,Victims\nMT,2020,12\xb9\nFR,2020,3\nDE,2020,4\n", {},
     "'12\xb9' can be a count with a mark. Write flags = {\"\xb9\" = \"d\"}"),
    ("Country,Year,Victims\nMT,2020,5-9\nFR,2020,3\nDE,2020,4\n", {}, "'5-9' is not a count"),
    ("Victims\nYear;Women n (%);Total\n2020;5 (50%);10\n2021;6 (40%);15\n", {"area": "MT"},
     "'Women n (%)' is not understood: '5 (50%)', '6 (40%)'"),
]  # fmt: skip


def test_open_question_has_lines_that_settle_it() -> None:
    def check(text: str, options: dict[str, Any], question: str) -> None:
        own = suggest(text, **options)
        assert any(question in asked for asked in own.questions), own
        assert all(" Write " in q or "not a count" in q for q in own.questions)

    check_rows(check, QUESTIONS)


def test_lines_of_a_question_settle_it() -> None:
    own = suggest("Country,Year,Office,Victims\nBE,2020,North,1\nBE,2020,South,2\n")
    (question,) = own.questions
    lines = question.partition(". Write ")[2].partition(", or ")[0].split(" and ")
    text = "\n".join(['kind = "victims"', *lines])
    file = open_bytes(b"Country,Year,Office,Victims\nBE,2020,North,1\nBE,2020,South,2\n")
    table = thb.read(file, declare=Declaration(**tomllib.loads(text))).table
    assert table.count(office="north") == thb.Count.known(1)


def test_line_that_is_not_completed_rejects_the_rows_of_a_text() -> None:
    text = "Country,Year,Sex,Victims\nBE,2020,F,1\nBE,2020,M,2\nBE,2020,Q,2\n"
    own = attrs.evolve(suggest(text), recode={"Sex": {"Q": "..."}})
    reading = thb.read(open_bytes(text.encode(), name="own.csv"), declare=own)
    assert (reading.log.used, reading.log.codes) == (2, ("UNMAPPED",))


def test_frame_is_understood() -> None:
    frame = pd.DataFrame({"country": ["BE"], "year": [2020], "victims": [5]})
    assert thb.suggest(frame).columns == {"victims": "value", "country": "area", "year": "period"}


def test_frame_and_parquet_are_read_with_the_suggestion(tmp_path: Path) -> None:
    frame = pd.DataFrame({"country": ["BE", "FR"], "year": 2020, "Women": [5, 6], "Men": [7, 8]})
    table = thb.read(frame, kind="victims").table
    assert table.count(area="FR", sex="male") == thb.Count.known(8)
    pytest.importorskip("pyarrow")
    frame.to_parquet(path := tmp_path / "own.parquet")
    assert thb.read(path, kind="victims").table == table
    with pytest.raises(InvalidFile, match="the kind of count is not stated"):
        thb.read(frame)


def test_file_without_counts_is_refused() -> None:
    with pytest.raises(InvalidFile, match="No table with counts in"):
        suggest("Only,texts\na,b\n")


# Four persons in three layouts: several columns, a row for each form, and a list in one column.
CASES = (
    "id;gender;age;born;nationality;form 1;form 2\n"
    "7001;F;17;2005-03-01;Romania;sexual;labour\n7002;M;18;2004-12-31;Bulgaria;labour;\n"
    "7003;F;;;Romania;;\n7004;F;34;1988-01-01;Malta;;\n"
)
LONG_CASES = (
    "Person;Sex;Age;Type of exploitation\nA1;F;17;sexual\nA1;F;17;labour\nB2;M;18;labour\n"
    "C3;F;;\nD4;F;34;\n"
)
LISTED_CASES = (
    "Case number;Sex;Age;Exploitation\n7001;F;17;sexual, labour\n7002;M;18;labour\n"
    "7003;F;;\n7004;F;34;\n"
)


@pytest.mark.parametrize("cases", [CASES, LONG_CASES, LISTED_CASES])
def test_list_of_cases_is_refused_with_the_command_that_counts_it(
    tmp_path: Path, cases: str
) -> None:
    (path := tmp_path / "own.csv").write_text(cases, encoding="utf-8")
    with pytest.raises(InvalidFile, match="No column contains counts") as caught:
        thb.read(path)
    command = caught.value.hint.partition("use thbstats ")[2].replace("FILE", str(path))
    assert main([*shlex.split(command), "--output", str(tmp_path / "counts.csv")]) == 0
    table = thb.read(tmp_path / "counts.csv").table
    assert table.count() == thb.Count.known(4)
    assert table.count(age="child") == thb.Count.known(1)
    # Two persons have no answer, and one has two answers.
    counts = [table.count(exploitation=own) for own in ("sexual", "labour", "unknown")]
    assert counts == [thb.Count.known(1), thb.Count.known(2), thb.Count.known(2)]


def test_dates_of_birth_without_ages_are_counted_by_the_command(tmp_path: Path) -> None:
    cases = "Sex;Date of birth\nF;2005-03-01\nM;2004-12-31\nF;1988-01-01\n"
    (path := tmp_path / "own.csv").write_text(cases, encoding="utf-8")
    with pytest.raises(InvalidFile, match="No column contains counts") as caught:
        thb.read(path)
    command = caught.value.hint.partition("use thbstats ")[2].replace("FILE", str(path))
    assert "--birth 'Date of birth' --age-at at_registration=2022-12-31" in command
    assert main([*shlex.split(command), "--output", str(tmp_path / "counts.csv")]) == 0
    assert thb.read(tmp_path / "counts.csv").table.count(age="child") == thb.Count.known(1)


def test_declaration_is_read_back_from_its_toml() -> None:
    own = suggest("Country,Year,Sex,Victims\nBelgium,2020,Frauen,5\nBelgium,2020,Männer,..\n")
    content = tomllib.loads(own.to_toml())
    assert Declaration(**content) == Declaration(
        kind="victims",
        columns={"Victims": "value", "Country": "area", "Year": "period", "Sex": "sex"},
        recode={"Sex": {"Frauen": "female", "Männer": "male"}},
        missing={"..": "not_reported"},
    )


def test_log_states_the_role_of_each_column() -> None:
    reading = thb.read(open_bytes(b"country,year,victims\nBE,2020,5\n", name="own.csv"))
    (note,) = reading.log.notes
    assert "'country': its name shows the area" in note
    assert "'victims': its name shows the counts" in note


def test_column_of_counts_with_another_name_is_a_question_and_not_ignored() -> None:
    text = "Vittime, Italia\nAnno;Donne;Uomini;{};Totale\n2021;46;31;3;80\n2022;52;27;<5;83\n"
    found = suggest(text.format("Non noto"))
    assert found.questions == ()
    table = thb.read(open_bytes(text.format("Non noto").encode(), name="own.csv")).table
    assert table.count(sex="unknown", period=2021) == thb.Count.known(3)
    asked = suggest(text.format("Altro genere"))
    assert len(asked.questions) == 1
    assert asked.questions[0].startswith("'Altro genere' has counts, and its name is not")
    recode = {**asked.recode["header 1"], "Altro genere": "other"}
    declared = attrs.evolve(asked, recode={"header 1": recode})
    file = open_bytes(text.format("Altro genere").encode(), name="own.csv")
    assert thb.read(file, declare=declared).table.count(sex="other", period=2021).value == 3


# A title, and the country and the period of the counts; none if they are a question.
TITLES = [
    ("Victims, Malta, 2020", "MT", "2020"),
    ("Victims in Malta 2020. Figures may change.", "MT", "2020"),
    ("Statistics Austria: victims, 2020", "AT", "2020"),
    ("Victims, South Sudan, 2020", "SS", "2020"),
    ("Victims, Guinea-Bissau, 2020", "GW", "2020"),
    ("Victims, Lower Austria, 2020", "", "2020"),
    ("Victims, Northern Ireland, 2020", "", "2020"),
    ("Victims, Mexico City, 2020", "", "2020"),
    ("Victims, EU without Malta, 2020", "", "2020"),
    ("Victimes, Île-de-France, 2020", "", "2020"),
    ("Victimes, Seine-Saint-Denis, 2020", "", "2020"),
    ("Victims since 2015, Malta", "MT", ""),
    ("Victims until 2019, Malta", "MT", ""),
    ("Victims, Malta, 2015 onwards", "MT", ""),
    ("Victims in Malta, 2020 Q1-Q3", "MT", ""),
    ("Victims in Malta, Q1 and Q2 2020", "MT", ""),
    ("Victims in Malta, 2020 (January to June)", "MT", ""),
    ("Victims, Malta, H1\u2013H2 2020", "MT", ""),
    ("Victims, Malta, 2020 (Jan-Jun)", "MT", ""),
    ("Victims, Malta, 2020 (first half)", "MT", ""),
    ("Victims, Malta, 2020\u201321", "MT", ""),
    ("Victims, Malta. Published 5 May 2024", "MT", ""),
    ("Victims 2023, Malta. Published 5 May 2024", "MT", "2023"),
    ("Opfer, Malta, Stand: 31. Dezember 2023", "MT", ""),
    ("Victims, Malta, Jan\u2013Mar 2021", "MT", "2021-Q1"),
    ("Victims, Malta, 12.2020", "MT", "2020-M12"),
    ("Opfer, Malta, 1. Halbjahr 2020", "MT", "2020-S1"),
]


def test_title_names_the_country_and_the_period_of_the_counts() -> None:
    def check(title: str, area: str, period: str) -> None:
        own = suggest(f"{title}\nSex;Victims\nFemale;5\nMale;3\n")
        assert (own.constants.get("area", ""), own.constants.get("period", "")) == (area, period)
        assert bool(own.questions) is not (area != "" and period != "")

    check_rows(check, TITLES)


FILE_NAMES = [
    ("victims-malta-2020.csv", "MT"),
    ("Data-Malta-2020.csv", "MT"),
    ("Victims-Malta.csv", "MT"),
    ("victims_malta.csv", "MT"),
    ("northern-ireland.csv", None),
]


def test_name_of_a_file_names_the_country() -> None:
    def check(name: str, area: str | None) -> None:
        file = open_bytes(b"Year;Sex;Victims\n2020;F;5\n2020;M;6\n", name=name)
        assert thb.suggest(file).constants.get("area") == area

    check_rows(check, FILE_NAMES)


def test_years_of_a_file_name_can_be_a_fiscal_year() -> None:
    file = open_bytes(b"Country;Sex;Victims\nMalta;Female;5\n", name="victims_2020_21.csv")
    (question,) = thb.suggest(file).questions
    assert question.startswith("no column contains the period")


def test_suggestion_for_a_header_with_line_breaks_is_toml() -> None:
    file = open_bytes(b'Country,Year,"Number of\r\nvictims","Oth\ner"\nBelgium,2020,5,a\n,,,\n')
    suggested = thb.suggest(file)
    declared = tomllib.loads(suggested.to_toml())
    assert "Number of\r\nvictims" in declared["columns"]


def test_lines_of_a_suggestion_contain_constants_of_any_type() -> None:
    own = {"area": thb.Area.parse("MT"), "period": thb.Period.parse("2020")}
    suggested = thb.suggest(open_bytes(b"Sex,Victims\nF,5\n"), **own)
    assert tomllib.loads(suggested.to_toml())["constants"] == {"area": "MT", "period": "2020"}
