"""Crosstabs of published counts, with suppressed, missing and small counts."""

from fractions import Fraction
from pathlib import Path

import pandas as pd
import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from tests.report_2018 import VICTIMS as PUBLISHED
from thbstats.errors import AmbiguousCell, InvalidValue, NoSuchCell, UnknownName
from thbstats.tables import CountTable
from thbstats.values import Count, Interval

# Registered victims of the EU28 as published, and rows of one country with all marks.
VICTIMS = CountTable.concat(
    [
        PUBLISHED,
        CountTable.from_rows(
            [
                ("total", 199),
                ("sexual", Count.suppressed()),
                ("labour", Count.fewer_than(5)),
                ("other", Count.not_reported()),
                ("unknown", 0),
            ],
            columns=("exploitation", "value"),
            kind="victims",
            area="PL",
            period="2015-2016",
            status="registered",
            source="Synthetic",
        ),
    ]
)


def crosstab(shares=None, **selection):
    return VICTIMS.crosstab(rows="exploitation", columns="area", shares=shares, **selection)


def test_a_crosstab_has_counts_marks_and_totals():
    assert crosstab().to_text() == (
        "Victims of trafficking by form of exploitation and area, 2015-2016, registered\n"
        "─────────────────────────────────\n"
        "exploitation            EU28   PL\n"
        "─────────────────────────────────\n"
        "sexual                 9,759  [c]\n"
        "labour                     \N{EN DASH}   <5\n"
        "other                      \N{EN DASH}    :\n"
        "unknown       2,949 to 3,259    0\n"
        "─────────────────────────────────\n"
        "total                 20,532  199\n"
        "─────────────────────────────────\n"
        ": not reported; [c] suppressed by the source.\n"
        "\N{EN DASH} not in the table."
    )


def test_column_shares_have_the_bounds_of_the_counts():
    table = crosstab("columns")
    assert table.share("sexual", "EU28") == Interval.point(Fraction(9759, 20532))
    assert table.share("unknown", "EU28") == Interval(Fraction(2949, 20532), Fraction(3259, 20532))
    assert table.share("labour", "PL") == Interval(0, Fraction(4, 199))
    assert table.share("labour", "EU28") is None
    text = table.to_text()
    assert [line.split() for line in text.splitlines() if line.startswith("sexual")] == [
        ["sexual", "47.5%", "[c]"]
    ]
    assert "14.3% to 15.9%" in text
    assert "at most 2.1%" in text
    assert "Denominator: column total." in text


def test_a_small_denominator_gives_two_counts_and_no_percentage():
    table = CountTable.from_rows(
        [("total", 12), ("female", 3), ("male", 9)],
        columns=("sex", "value"), kind="victims", area="MT", period=2016,
    )  # fmt: skip
    result = table.crosstab(rows="sex", columns="area", shares="columns")
    assert "3 of 12" in result.to_text()
    assert "%" not in result.to_text()
    above = CountTable.from_rows(
        [("total", 100), ("female", 120)],
        columns=("sex", "value"), kind="victims", area="MT", period=2016,
    ).crosstab(rows="sex", columns="area", shares="columns")  # fmt: skip
    assert above.share("female", "MT") is None


def test_the_share_of_a_total_in_itself_is_100_percent():
    rows = [
        ("female", "total", Count(30, None, reason="not_reported")),
        ("female", "child", 10),
        ("male", "total", Count(20, 25, reason="conflicting")),
    ]
    table = CountTable.from_rows(
        rows, columns=["sex", "age", "value"], kind="victims", area="MT", period=2021
    )
    result = table.crosstab(rows="sex", columns="age", shares="rows")
    assert result.share("female", "total") == result.share("male", "total") == Interval.point(1)
    assert result.share("female", "child") == Interval(0, Fraction(1, 3))


def test_a_share_of_what_is_not_applicable_is_not_zero():
    rows = [("total", 20), ("female", Count.not_applicable()), ("male", 20)]
    table = CountTable.from_rows(
        rows, columns=["sex", "value"], kind="victims", area="MT", period=2021
    )
    result = table.crosstab(rows="sex", columns="age", shares="columns")
    assert (result.share("female", "total"), "[z]" in result.to_text()) == (None, True)


def test_shares_need_the_total_of_their_denominator():
    with pytest.raises(InvalidValue, match="must not be 'rows' if the table has no total of area"):
        crosstab("rows")
    with pytest.raises(InvalidValue, match="no total of exploitation"):
        VICTIMS.where(exploitation=["sexual", "labour"]).crosstab(
            rows="exploitation", columns="area", shares="columns"
        )


def test_a_crosstab_is_a_frame_of_exact_counts():
    frame = crosstab().to_frame()
    assert frame.loc["sexual", "EU28"] == 9759
    assert frame.loc["unknown", "PL"] == 0
    assert frame.isna().sum().sum() == 6
    shares = crosstab("columns").to_frame()
    assert shares.loc["sexual", "EU28"] == pytest.approx(9759 / 20532)


def test_a_crosstab_is_html_and_markdown():
    html = crosstab().to_html()
    assert '<tr class="thb-total">' in html
    assert "<td" in html
    assert "&lt;5" in html
    assert "| sexual | 9,759 | \\[c\\] |" in crosstab().to_markdown()


def test_a_crosstab_is_a_workbook_with_numbers_and_marks(tmp_path: Path):
    crosstab("columns").to_excel(tmp_path / "shares.xlsx")
    crosstab().to_excel(tmp_path / "counts.xlsx")
    book = CalamineWorkbook.from_path(tmp_path / "counts.xlsx")
    assert book.sheet_names == ["Table", "Notes"]
    rows = book.get_sheet_by_name("Table").to_python()
    assert rows[0] == ["exploitation", "EU28", "PL"]
    assert rows[1] == ["sexual", 9759, "[c]"]
    assert rows[-1] == ["total", 20532, 199]
    assert rows[3] == ["other", "\N{EN DASH}", ":"]
    notes = book.get_sheet_by_name("Notes").to_python()
    assert notes[0] == [
        "Victims of trafficking by form of exploitation and area, 2015-2016, registered"
    ]
    shares = CalamineWorkbook.from_path(tmp_path / "shares.xlsx").get_sheet_by_name("Table")
    assert shares.to_python()[1][1] == pytest.approx(9759 / 20532)


def test_other_dimensions_have_one_category():
    with pytest.raises(AmbiguousCell, match=r"one category of area.*Select one of 'EU28', 'PL'"):
        VICTIMS.crosstab(rows="exploitation", columns="sex")
    result = VICTIMS.crosstab(rows="exploitation", columns="sex", area="PL")
    assert result.column_codes == ("total",)


def test_arguments_of_a_crosstab_are_checked():
    with pytest.raises(UnknownName, match="Did you mean 'exploitation'"):
        VICTIMS.crosstab(rows="form", columns="sex")
    with pytest.raises(UnknownName, match="Did you mean `area=`"):
        VICTIMS.crosstab(rows="exploitation", columns="sex", country="PL")
    with pytest.raises(InvalidValue, match="must differ from `rows`"):
        VICTIMS.crosstab(rows="sex", columns="sex")
    with pytest.raises(InvalidValue, match="'rows', 'columns', 'total' or None"):
        crosstab("row")
    with pytest.raises(NoSuchCell, match="The table has no counts by exploitation and area"):
        crosstab(sex="female")


def test_a_table_is_a_polars_frame_and_not_a_pandas_frame_of_objects():
    assert pl.DataFrame(VICTIMS).height == len(VICTIMS)
    with pytest.raises(InvalidValue, match=r"Use table.to_frame\(\)"):
        pd.DataFrame(VICTIMS)
