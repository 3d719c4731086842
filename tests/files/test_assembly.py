"""Rows of a file become a table or are rejected with a reason; none is in neither."""

import pickle
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sources.readings import check_log, check_order
from thbstats.errors import DefectiveFile, InvalidValue, ThbstatsError
from thbstats.files import Declaration, Reading, open_bytes
from thbstats.records import Source
from thbstats.sources import read, tidy
from thbstats.values import Count

SOURCE = Source(title="A file", publisher="Somebody")
COLUMNS = ("area", "period", "sex", "age", "citizenship", "exploitation", "value", "flags")


def reading_of(text: str, **options: Any) -> Reading:
    """Read a text with known column names, unless other columns are declared."""
    names = {name: name for name in text.partition("\n")[0].split(",") if name in COLUMNS}
    declared = {"kind": "victims", "columns": names}
    declared |= {name: options.pop(name) for name in list(options) if name != "strict"}
    file = open_bytes(text.encode(), name="a.csv")
    return tidy.read(file, declare=Declaration(**declared), source=SOURCE, **options)


def test_a_row_becomes_a_count_with_value_reason_flags_and_source() -> None:
    text = "area,period,sex,value,flags\nFrance,2015,F,12,ep\nEL,2016,T,:,c\nUK,2016,M,<5,\n"
    table = reading_of(text).table
    french = table.cell(area="FR", sex="female")
    assert (french.count, french.flags) == (Count.known(12), {"e", "p"})
    assert french.source == SOURCE
    greek = table.cell(area="EL")
    assert (greek.count, greek.flags) == (Count.suppressed(), {"c"})
    assert table.count(area="UK", sex="male") == Count.fewer_than(5)


@pytest.mark.parametrize(
    ("flags", "count"),
    [
        ("", Count.not_reported()),
        ("b", Count.not_reported()),
        ("c", Count.suppressed()),
        ("m", Count.not_applicable()),
        ("z", Count.not_applicable()),
        ("pc", Count.suppressed()),
    ],
)
def test_missing_count_takes_its_reason_from_the_flags(flags: str, count: Count) -> None:
    assert reading_of(f"area,period,value,flags\nFR,2015,:,{flags}\n").table.count() == count


@pytest.mark.parametrize("word", ["missing", "estimated", "not collected", "Missing value", "m?"])
def test_a_word_among_flags_is_ignored_with_a_problem(word: str) -> None:
    reading = reading_of(f"area,period,value,flags\nFR,2015,:,{word}\nFR,2016,5,(E; P)\n")
    assert reading.table.cell(period="2015").count == Count.not_reported()
    flags = [reading.table.cell(period=period).flags for period in ("2015", "2016")]
    assert flags == [frozenset(), frozenset("ep")]
    (problem,) = reading.log.problems
    assert (problem.code, dict(problem.texts)) == ("UNREADABLE_FLAG", {word: 1})


def test_a_flag_changes_no_value() -> None:
    assert reading_of("area,period,value,flags\nFR,2015,7,c\n").table.count() == Count.known(7)


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ("FR,2015,Q,1", "UNMAPPED", "sex"),
        ("Franec,2015,F,1", "UNMAPPED", "area"),
        ("FR,20x5,F,1", "UNMAPPED", "period"),
        ("FR,2015,,1", "UNMAPPED", "sex"),
        ("FR,2015,F,-1", "NEGATIVE", "value"),
        ("FR,2015,F,1.5", "NOT_WHOLE", "value"),
        ("FR,2015,F,many", "NOT_A_COUNT", "value"),
    ],
)
def test_invalid_row_is_rejected_with_its_line(row: str, code: str, column: str) -> None:
    reading = reading_of(f"area,period,sex,value\n{row}\nFR,2016,F,3\n")
    (problem,) = reading.log.problems
    assert (problem.code, problem.column, problem.used) == (code, column, False)
    assert problem.lines.tolist() == [2]
    assert reading.log.rejected == 1
    assert reading.rejected["(line)"].tolist() == [2]
    assert reading.rejected["(problem)"].tolist() == [code]
    assert ",".join(reading.rejected.iloc[0, 2:]) == row


def test_similar_name_is_suggested_and_not_used() -> None:
    reading = reading_of("area,period,value\nFrnace,2015,1\nFR,2015,2\n")
    (problem,) = reading.log.problems
    assert dict(problem.texts) == {"Frnace": 1}
    assert "'France'" in problem.suggestions["Frnace"]
    assert len(reading.table) == 1
    assert "Did you mean 'France'?" in reading.log._repr_html_().replace("&#x27;", "'")


def test_every_unmapped_label_is_listed_with_its_rows() -> None:
    rows = "".join(f"FR,{2000 + n},x{n % 7},1\n" for n in range(20))
    (problem,) = reading_of(f"area,period,sex,value\n{rows}FR,1999,F,1\n").log.problems
    assert dict(problem.texts) == {f"x{n}": 3 if n < 6 else 2 for n in range(7)}


@pytest.mark.parametrize("column", ["table", "area"])
def test_time_for_unknown_labels_is_not_quadratic(column: str) -> None:
    names = ("table", "area", "period", "value")
    plain = {"table": "victims", "area": "FR", "period": "2015", "value": "1"}
    rows = [{**plain, column: f"unknown {n}"} for n in range(10_000)]
    lines = [",".join(row.values()) for row in [*rows, {**plain, "period": "2016"}]]
    columns = {name: name for name in names}
    text = "\n".join([",".join(names), *lines])
    reading = reading_of(text, kind=None, columns=columns)
    assert reading.log.count_rows("UNMAPPED") == 10_000
    assert reading.table.count(period=2016) == Count.known(1)


# Cells that several rows describe


def test_two_columns_are_joined_to_one_period() -> None:
    text = "year,quarter,area,value\n2023,3,FR,1\n2023,Q4,FR,2\n2022,,FR,4\n,Q1,FR,8\n"
    columns = {"year": "period", "quarter": "period", "area": "area", "value": "value"}
    recode = {"quarter": {"3": "Q3"}}
    reading = tidy.read(
        open_bytes(text.encode()),
        kind="victims",
        declare=Declaration(columns=columns, recode=recode),
    )
    counts = dict(zip(reading.table.categories("period"), reading.table.lower, strict=True))
    assert counts == {"2023-Q3": 1, "2023-Q4": 2}
    assert reading.log.rejected == 2
    with pytest.raises(ThbstatsError, match="and so is a constant"):
        tidy.read(
            open_bytes(text.encode()),
            kind="victims",
            declare=Declaration(columns=columns),
            period=2023,
        )


def test_year_month_and_day_are_joined() -> None:
    days = ("2023-05-01", "2023-05-31")
    columns = {"year": "period", "month": "period", "day": "period", "value": "value"}
    reading = tidy.read(
        open_bytes(b"year,month,day,value\n2023,5,1,6\n2023,5,31,7\n"),
        kind="victims",
        declare=Declaration(columns=columns, constants={"area": "FR"}),
    )
    assert reading.table.categories("period") == tuple(f"{day}/{day}" for day in days)


@pytest.mark.parametrize(
    ("rows", "periods", "codes"),
    [
        (["2023.0,Q4"], {"2023-Q4"}, ()),
        (["2023,5", "2023,12.0", "2024,1"], {"2023-M05", "2023-M12", "2024-M01"}, ()),
        (["2023,05"], {"2023-M05"}, ()),
        (["2023,1", "2023,4"], set(), ("UNMAPPED",)),  # quarters or months
        (["2023,01", "2023,Q2"], {"2023-Q2"}, ("UNMAPPED",)),
        (["2023,13"], set(), ("UNMAPPED",)),
        (["2023,5", "2023,26", "2024,31", "2024,Q2"], {"2024-Q2"}, ("UNMAPPED",)),  # weeks
        (["2023,S1", "2023,"], {"2023-S1"}, ("UNMAPPED",)),
    ],
)
@pytest.mark.parametrize("is_reversed", [False, True])
def test_year_and_part_are_joined_in_any_order(rows, periods, codes, is_reversed) -> None:
    columns = {"year": "period", "part": "period", "value": "value"}
    if is_reversed:
        columns = dict(reversed(columns.items()))
    reading = tidy.read(
        open_bytes("\n".join(["year,part,value", *(f"{row},1" for row in rows)]).encode()),
        kind="victims",
        declare=Declaration(columns=columns, constants={"area": "FR"}),
    )
    found = [set(table.categories("period")) for table in reading.data.tables()]
    assert (found or [set()])[0] == periods
    assert reading.log.codes == codes
    if any(row.endswith((",1", ",01", ",26")) for row in rows) and codes:
        assert "recode={column: {'1': 'Q1'}}" in reading.log.problems[0].hint


def test_invalid_date_is_not_a_period() -> None:
    columns = {"day": "period", "value": "value"}
    declare = Declaration(
        kind="victims", columns=columns, constants={"area": "FR"}, dates="quarter"
    )
    text = b"day,value\n2023-02-30,1\n2023-03-31,2\n2024,3\n"
    reading = tidy.read(open_bytes(text), declare=declare)
    assert reading.table.categories("period") == ("2023-Q1", "2024")
    assert reading.log.problems[0].texts == {"2023-02-30": 1}


def test_first_and_last_year_are_joined_in_their_order() -> None:
    columns = {"from": "period", "to": "period", "value": "value"}
    text = b"from,to,value\n2023,2024,1\n2025,2024,1\n"
    declare = Declaration(kind="victims", columns=columns, constants={"area": "FR"})
    reading = tidy.read(open_bytes(text), declare=declare)
    assert reading.table.categories("period") == ("2023-2024",)
    assert reading.log.codes == ("UNMAPPED",)


def test_first_of_equal_rows_is_used() -> None:
    reading = reading_of("area,period,value\nFR,2015,1\nFrance,2015,1\nFR,2016,1\n")
    assert reading.log.count_rows("REPEATED") == 1
    assert reading.log.problems[0].lines.tolist() == [3]
    assert len(reading.table) == 2


@pytest.mark.parametrize(("treatment", "used"), [("first", 1), ("last", 3)])
def test_a_declaration_names_the_row_that_is_used_of_several_counts(
    treatment: str, used: int
) -> None:
    text = "area,period,value\nFR,2015,1\nFR,2015,2\nFR,2015,3\nFR,2016,9\n"
    reading = reading_of(text, repeated=treatment)
    values_by_period = dict(
        zip(reading.table.categories("period"), reading.table.lower, strict=False)
    )
    assert values_by_period == {"2015": used, "2016": 9}
    assert (reading.log.count_rows("CONTRADICTORY"), reading.log.shared) == (2, 0)


# Totals and parts


def test_total_below_its_parts_is_used_and_flagged() -> None:
    """NSO Malta, SDG 16.2.2, 2020: 6, 3 and 7 by form for 12 victims."""
    text = "area,period,exploitation,value\n" + "".join(
        f"MT,2020,{form},{value}\n"
        for form, value in [("labour", 6), ("other", 3), ("sexual", 7), ("total", 12)]
    )
    reading = reading_of(text)
    (problem,) = reading.log.problems
    assert (problem.code, problem.used, problem.lines.tolist()) == ("PARTS_EXCEED_TOTAL", True, [5])
    assert "16" in problem.examples[0]
    assert len(reading.table) == 4


def test_total_below_one_of_its_parts_is_a_contradiction_of_all() -> None:
    """GLOTIP, Germany 2022: a total of "<5", 746 female and 541 male victims."""
    text = "area,period,sex,value\nDE,2022,T,<5\nDE,2022,F,746\nDE,2022,M,541\nDE,2022,UNK,2\n"
    reading = reading_of(text + "FR,2022,T,9\nFR,2022,F,9\n")
    columns = reading.table.columns
    (problem,) = reading.log.problems
    assert (problem.code, problem.lines.tolist()) == ("PART_ABOVE_TOTAL", [2])
    assert columns.has_finding("PART_ABOVE_TOTAL").tolist() == [True] * 3 + [False] * 3
    (finding,) = columns.findings_at([0])
    assert finding.text == (
        "Victims, DE 2022: the total is 0 to 4, the largest part by sex is 746, and the parts by "
        "sex add up to 1,289."
    )


def test_parts_and_their_total_have_the_finding() -> None:
    text = "area,period,sex,value\nFR,2022,T,10\nFR,2022,F,6\nFR,2022,M,5\nFR,2021,T,10\n"
    reading = reading_of(text)
    for same in (pickle.loads(pickle.dumps(reading)), reading):
        columns = same.table.columns
        assert columns.has_finding("PARTS_EXCEED_TOTAL").tolist() == [True, True, True, False]
        assert dict(same.log.problems[0].texts) == {"FR 2022: total 10, parts by sex 11": 1}


@pytest.mark.parametrize(
    "rows",
    [
        "FR,2015,T,10\nFR,2015,F,6\nFR,2015,M,4\n",
        "FR,2015,T,10\nFR,2015,F,6\nFR,2015,M,<5\n",
        "FR,2015,T,:\nFR,2015,F,6\nFR,2015,M,4\n",
        "FR,2015,T,3\nFR,2016,F,6\nEL,2015,M,4\n",
        "FR,2015,F,6\nFR,2015,M,4\n",
    ],
)
def test_possibly_correct_total_is_not_flagged(rows: str) -> None:
    assert reading_of(f"area,period,sex,value\n{rows}").log.problems == ()


def test_countries_and_groups_of_citizenship_are_not_added_to_each_other() -> None:
    text = "area,period,citizenship,value\n" + "".join(
        f"FR,2015,{word},{value}\n"
        for word, value in [("total", 10), ("eu", 4), ("non_eu", 6), ("RO", 4), ("NG", 6)]
    )
    assert reading_of(text).log.problems == ()


# Declarations


def test_texts_that_set_several_columns_split_a_file_by_kind() -> None:
    declared = {
        "Victims": {"kind": "victims", "status": "detected"},
        "Convicted": {"kind": "justice", "stage": "convicted"},
        "Per 100 000": None,
    }
    text = (
        "Series,area,period,value\nVictims,FR,2015,9\nConvicted,FR,2015,2\nPer 100 000,FR,2015,1\n"
    )
    reading = reading_of(
        text,
        kind=None,
        columns={"Series": "*", "area": "area", "period": "period", "value": "value"},
        recode={"Series": declared},
    )
    assert reading.data.victims is not None
    assert reading.data.justice is not None
    assert reading.data.victims.count(status="detected") == Count.known(9)
    assert reading.data.justice.count(stage="convicted") == Count.known(2)
    assert reading.log.count_rows("NO_COUNT") == 1
    with pytest.raises(
        InvalidValue, match=r"exactly one table, got 2.*data\.victims or \.data\.justice"
    ):
        _ = reading.table


GROUPS = {
    "Women": {"sex": "female"},
    "Girls": {"sex": "female", "age": "child"},
    "All": {"sex": "total"},
}


@pytest.mark.parametrize("is_first", [True, False])
def test_column_and_a_text_of_several_columns_agree_or_the_row_is_rejected(is_first: bool) -> None:
    columns = {"Group": "*", "Age": "age", "area": "area", "period": "period", "value": "value"}
    rows = "Women,child,FR,2015,3\nGirls,,FR,2016,4\nAll,adult,FR,2017,5\nGirls,adult,FR,2018,6\n"
    reading = reading_of(
        f"Group,Age,area,period,value\n{rows}",
        columns=columns if is_first else dict(reversed(columns.items())),
        recode={"Group": GROUPS},
    )
    found = [(row.sex, row.age, row.count.value) for row in reading.table.records()]
    assert found == [("female", "child", 3), ("female", "child", 4), ("total", "adult", 5)]
    (problem,) = reading.log.problems
    assert problem.examples == ("line 5: 'Girls'",)
    assert problem.message == "another age than in the column 'Age'"


def test_constant_replaces_what_a_format_sets_in_all_rows() -> None:
    text = "freq,leg_stat,unit,sex,geo\\TIME_PERIOD\t2019 \nA,PER_VICT,NR,F,MT\t5\n"
    table = read(open_bytes(text.encode(), name="e.tsv"), unit="cases").table
    assert table.categories("unit") == ("cases",)


def test_constant_next_to_texts_that_set_it_is_refused() -> None:
    with pytest.raises(InvalidValue, match="`sex` must not be a constant: each text of 'Group'"):
        reading_of(
            "Group,area,period,value\nWomen,FR,2015,3\n",
            columns={"Group": "*", "area": "area", "period": "period", "value": "value"},
            recode={"Group": {"Women": {"sex": "female"}, "Rate": None}},
            constants={"sex": "male"},
        )


def test_rejected_rows_can_be_read_again() -> None:
    first = reading_of("area,period,value\nMT,2020,x\nFR,2020,5\n").rejected
    names = {"(line)", "(problem)"}
    again = reading_of(first.to_csv(index=False), ignored=names)
    assert again.rejected[["(line)", "(problem)", "(line 2)", "(problem 2)"]].values.tolist() == [
        ["2", "NOT_A_COUNT", 2, "NOT_A_COUNT"]
    ]


def test_each_cell_of_a_line_has_its_own_problems() -> None:
    wide = Declaration(kind="victims", columns={"Country": "area"}, unpivot=["period"])
    file = open_bytes(b"Country,2020,2021,2022\nMalta,-5,y,z\nA note,,,\n", name="own.csv")
    reading = read(file, declare=wide)
    assert reading.rejected["(problem)"].tolist() == [
        "NEGATIVE", "NOT_A_COUNT", "NOT_A_COUNT", "NO_VALUES"
    ]  # fmt: skip
    counts = {code: reading.log.count_rows(code) for code in reading.log.codes}
    assert counts == {"NO_VALUES": 1, "NOT_A_COUNT": 2, "NEGATIVE": 1}


def test_row_without_a_kind_has_that_of_the_call() -> None:
    text = "table,area,period,value\nvictims,MT,2020,5\n ,MT,2021,6\n"
    table = read(open_bytes(text.encode(), name="own.csv"), kind="victims").table
    assert table.to_frame()["value"].tolist() == [5, 6]


def test_each_text_of_an_own_dimension_has_its_category() -> None:
    texts = ["< 1 year", "> 1 year", "София 1", "Варна 1", "Αθήνα", "Total"]
    rows = "".join(f"FR,2015,{text},7\n" for text in texts)
    table = reading_of(
        f"area,period,Stay,value\n{rows}",
        columns={"area": "area", "period": "period", "Stay": "stay", "value": "value"},
        dimensions=["stay"],
    ).table
    assert table.to_frame()["value"].tolist() == [7] * 6
    labels = [own.label for own in table.columns.schema.classifications[0].categories]
    assert sorted(labels) == sorted([*texts, "Unknown"])


def test_dimension_of_another_kind_of_count_is_rejected() -> None:
    text = (
        "kind,area,period,movement,value\n"
        "justice,FR,2015,internal,9\njustice,FR,2016,total,8\nvictims,FR,2015,internal,20\n"
    )
    names = ("kind", "area", "period", "movement", "value")
    reading = reading_of(
        text,
        kind=None,
        columns={name: name for name in names},
        recode={"kind": {"justice": "justice", "victims": "victims"}},
        constants={"stage": "convicted"},
    )
    assert [(item.code, item.column, len(item)) for item in reading.log.problems] == [
        ("NO_PLACE", "movement", 1),
        ("NO_PLACE", "stage", 1),
    ]


def test_constant_applies_to_every_row() -> None:
    reading = reading_of("period,value\n2015,1\n", constants={"area": "MT", "status": "detected"})
    assert reading.table.count(area="MT", status="detected") == Count.known(1)


def test_all_problems_of_a_declaration_are_reported_by_column() -> None:
    text = "Year,Sex,Form,Note,Value\n2015,F,sexual,x,1\n"
    with pytest.raises(ThbstatsError) as caught:
        reading_of(
            text,
            columns={"Yeer": "period", "Sex": "gender", "Value": "value"},
            constants={"area": "FR", "areas": "FR"},
        )
    message = str(caught.value)
    for expected in (
        "`Yeer` must be a column of the file. Did you mean 'Year'?",
        "`Sex` must be declared as a dimension or measure of victims",
        "`areas` must be a dimension or measure of victims",
        "`Form`",
        "add columns={'Form': 'exploitation'}",
        "ignored=['Note']",
        "`Year` must be declared",
    ):
        assert expected in message


@pytest.mark.parametrize(
    ("declared", "problem"),
    [
        (
            {"columns": {"period": "period", "value": "value"}},
            "`area` must be given for every row",
        ),
        (
            {"columns": {"area": "area", "period": "period", "value": "sex"}},
            "must contain the counts",
        ),
        ({"kind": None, "columns": {"area": "area"}}, "The kind of count must be given"),
        ({"constants": {"area": "FR"}}, "is declared as 'area', and so is a constant"),
        (
            {"columns": {"area": "area", "period": "area", "value": "value"}},
            "is declared as 'area', and so is the column 'area'",
        ),
    ],
)
def test_missing_parts_of_a_declaration_are_reported(
    declared: dict[str, Any], problem: str
) -> None:
    with pytest.raises(ThbstatsError, match=problem):
        reading_of("area,period,value\nFR,2015,1\n", ignored=["area", "period"], **declared)


@pytest.mark.parametrize(
    ("declared", "problem"),
    [
        ({"kind": "victim"}, ""),
        ({"missing": {"-": "no idea"}}, ""),
        ({"missing": {"-": "fewer_than"}}, "Use .not_reported"),
        ({"missing": {"-": "known"}}, "Use .not_reported"),
        ({"repeated": "average"}, ""),
        *(
            ({"thousands": sign}, "`thousands`.*must be one character")
            for sign in ([",", " "], "..", "a", 3, None)
        ),
    ],
)
def test_declaration_with_unknown_names_or_signs_is_rejected(
    declared: dict[str, Any], problem: str
) -> None:
    with pytest.raises(ThbstatsError, match=problem or None):
        Declaration(**declared)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("columns", ["Year"]),
        ("recode", "W"),
        ("recode", {"Sex": "W"}),
        ("constants", 3),
        ("ignored", "Note"),
        ("missing", ".."),
        ("flags", "*"),
        ("flags", {"*": 3}),
        ("flags", {"*": "provisional"}),
        ("flags", {"": "p"}),
        ("flags", {" *": "p"}),
        ("flags", {"1": "p"}),
        ("dates", "annual"),
        ("dates", 2),
        ("fewer_than_from", "1"),
        ("fewer_than_from", -1),
        ("fewer_than_from", True),
    ],
)
def test_declaration_with_a_value_of_another_type_names_it(name: str, value: Any) -> None:
    with pytest.raises(InvalidValue, match=rf"`{name}` must be .*Pass {name}="):
        Declaration(**{name: value})


def test_unknown_constant_is_rejected() -> None:
    with pytest.raises(InvalidValue, match="`place` must be a dimension or measure"):
        reading_of("area,value\nFR,1\n", kind=None, constants={"place": "x"})


def test_marks_of_values_become_flags_of_cells() -> None:
    text = (
        "area,period,value,flags\nFR,2015,1 234 (p),\nFR,2016,45*,b\nFR,2017,: c,\n"
        "FR,2018,12,e\nFR,2019,7 (q),\n"
    )
    result = reading_of(text, flags={"(p)": "p", "*": "d", "c": "c"})
    cells = {p: result.table.cell(period=p) for p in ("2015", "2016", "2017", "2018")}
    assert {p: (cell.count, "".join(sorted(cell.flags))) for p, cell in cells.items()} == {
        "2015": (Count.known(1234), "p"),
        "2016": (Count.known(45), "bd"),
        "2017": (Count.suppressed(), "c"),
        "2018": (Count.known(12), "e"),
    }
    (problem,) = result.log.problems
    assert (problem.code, problem.texts) == ("NOT_A_COUNT", {"7 (q)": 1})
    assert "flags={'(q)': 'q'}" in problem.hint
    assert problem.examples == ("line 6: '7 (q)'",)


def test_marks_are_read_next_to_bounds() -> None:
    declared = {
        "columns": {"area": "area", "period": "period", "value": "value", "low": "lower"},
        "flags": {"*": "e"},
    }
    cell = reading_of("area,period,value,low\nFR,2015,9*,9\n", **declared).log
    assert cell.codes == ("NOT_A_COUNT",)  # an exact value without an upper bound
    declared["columns"] |= {"high": "upper"}
    table = reading_of("area,period,value,low,high\nFR,2015,9*,9,9\n", **declared).table
    assert (table.count(), table.cell().flags) == (Count.known(9), {"e"})


def test_certain_separators_are_read_with_a_note_and_others_rejected() -> None:
    text = 'area,period,value\nFR,2015,"1,234,567"\nFR,2016,"1,234"\nFR,2017,7\u202f000\n'
    result = reading_of(text)
    assert [result.table.count(period=year).lower for year in (2015, 2016, 2017)] == [
        1_234_567, 1234, 7000,
    ]  # fmt: skip
    assert "',' separates thousands in 'value', such as '1,234,567'" in result.log.notes
    assert any(r"'\u202f' separates thousands" in note for note in result.log.notes)
    unclear = reading_of('area,period,value\nFR,2015,"1,234"\nFR,2016,12.000\nFR,2017,5\n')
    assert (unclear.log.used, unclear.log.count_rows("NOT_A_COUNT")) == (1, 2)
    examples = [problem.examples for problem in unclear.log.problems]
    assert examples == [("line 2: '1,234'",), ("line 3: '12.000'",)]
    hints = {problem.hint for problem in unclear.log.problems}
    assert "Pass thousands='.' for 12000, or remove the decimals" in hints


def test_zeros_after_a_point_are_decimals_if_the_column_has_decimals() -> None:
    text = "area,period,value\nFR,2015,12.000\nFR,2016,3.50\n"
    result = reading_of(text)
    assert result.table.count(period=2015) == Count.known(12)
    assert result.log.codes == ("NOT_WHOLE",)
    declared = reading_of("area,period,value\nFR,2015,12.000\n", thousands=".")
    assert declared.table.count() == Count.known(12_000)


def test_declared_missing_sign_of_digits_is_not_a_count() -> None:
    text = "area,period,value\nFR,2015,999\nFR,2016,0\nFR,2017,12\n"
    table = reading_of(text, missing={"999": "not_reported", "0": "suppressed"}).table
    counts = [table.count(period=period) for period in ("2015", "2016", "2017")]
    assert counts == [Count.not_reported(), Count.suppressed(), Count.known(12)]


def test_declared_missing_sign_is_read() -> None:
    declared = {"missing": {"-": "not_applicable", "x": "suppressed"}}
    table = reading_of("area,period,value\nFR,2015,-\nFR,2016,x\n", **declared).table
    assert table.count(period="2015") == Count.not_applicable()
    assert table.count(period="2016") == Count.suppressed()


def test_declaration_of_the_user_overrides_the_format() -> None:
    known = Declaration(
        kind="victims",
        columns={"geo": "area", "time": "period", "sex": "sex", "unit": "*"},
        recode={"sex": {"W": "female"}},
        constants={"status": "detected"},
        ignored=["freq"],
    )
    declared = Declaration(
        columns={"place": "area", "unit": "unit"},
        constants={"status": "registered"},
        ignored=["sex"],
        thousands=",",
    )
    both = declared.with_defaults(known)
    assert both.kind == "victims"
    assert both.columns == {"time": "period", "place": "area", "unit": "unit"}
    assert both.constants == {"status": "registered"}
    assert set(both.ignored) == {"sex", "freq"}
    assert both.thousands == ","


# The whole


def test_strict_reading_rejects_a_file_with_problems() -> None:
    assert len(reading_of("area,period,value\nFR,2015,1\n", strict=True).table) == 1
    with pytest.raises(DefectiveFile) as caught:
        reading_of("area,period,value\nFR,2015,1\nXX,2015,1\nFR,2016,-3\n", strict=True)
    assert caught.value.log.codes == ("NEGATIVE", "UNMAPPED")
    assert "Negative in 'value', 1 row" in str(caught.value)
    assert "Unknown text in" in str(caught.value)


def test_reading_has_a_representation() -> None:
    reading = reading_of("area,period,value\nFR,2015,1\nXX,2015,1\n")
    assert repr(reading) == "<Reading: a.csv: 2 rows read, 1 used, 1 rejected (50.0%); 1 victims>"
    assert "Unknown text" in str(reading)
    assert "<table" in reading.log._repr_html_()
    assert reading.log.to_dict()["rejected"] == 1
    assert '"UNMAPPED"' in reading.log.to_json()


words = st.sampled_from(["F", "M", "T", "UNK", "", "?"])
values = st.sampled_from(["0", "3", "<5", ":", "", "-1", "x", "2.5", "1.0"])
rows = st.tuples(st.sampled_from(["FR", "EL", "EU28", "XX", ""]), words, values)


def sexes_of(drawn: Sequence[tuple[str, str, str]]) -> Reading:
    lines = (f"{area},2015,{sex},{value}\n" for area, sex, value in drawn)
    return reading_of(f"area,period,sex,value\n{''.join(lines)}")


@given(st.lists(rows, max_size=12))
def test_every_row_is_used_or_rejected(drawn: list[tuple[str, str, str]]) -> None:
    check_log(sexes_of(drawn), len(drawn))


@given(st.lists(rows, max_size=10), st.randoms())
def test_the_order_of_rows_changes_nothing_but_line_numbers(
    drawn: list[tuple[str, str, str]], random: Any
) -> None:
    check_order(sexes_of, drawn, random)


@given(st.integers(1, 40))
def test_lines_are_those_of_the_file(number: int) -> None:
    text = "area,period,value\n" + "".join(f"FR,{1900 + n},-1\n" for n in range(number))
    (problem,) = reading_of(text).log.problems
    assert np.array_equal(problem.lines, np.arange(2, number + 2))
