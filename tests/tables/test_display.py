from tests.report_2018 import VICTIMS
from thbstats.tables import CountTable
from thbstats.values import Count


def table(*rows, **common):
    text = {"area": "UK", "period": 2015} | common
    return CountTable.from_rows(rows, kind="victims", **text)


def test_a_display_table_has_common_categories_in_the_caption():
    assert str(VICTIMS) == (
        "Victims of trafficking, EU28, 2015-2016, registered\n"
        "────────────────────────────────────\n"
        "form of exploitation           count\n"
        "────────────────────────────────────\n"
        "total                         20,532\n"
        "sexual                         9,759\n"
        "unknown               2,949 to 3,259\n"
        "────────────────────────────────────\n"
        "Source: Second progress report on trafficking in human beings, COM(2018) 777\n"
        "  final, II, II.1."
    )


def test_zero_missing_suppressed_and_small_counts_have_different_marks():
    text = str(
        table(
            {"sex": "female", "value": 0},
            {"sex": "male", "value": Count.not_reported()},
            {"sex": "other", "value": Count.suppressed()},
            {"sex": "unknown", "value": Count.fewer_than(5)},
        )
    )
    marks = [line.split()[-1] for line in text.splitlines()[4:8]]
    assert sorted(marks) == ["0", ":", "<5", "[c]"]
    assert "not reported" in text
    assert "suppressed by the source" in text


def test_flags_have_a_column_if_there_are_any():
    assert "flags" not in str(table({"value": 1}))
    assert "count" in str(CountTable.from_rows([], kind="victims"))
    assert "bp" in str(table({"value": 1, "flags": "b p"}))


def test_a_long_table_shows_its_first_rows_and_their_number():
    rows = [{"period": year, "value": 1} for year in range(1990, 2015)]
    text = str(CountTable.from_rows(rows, kind="victims", area="UK"))
    assert "First 20 of 25 rows." in text
    assert "2010" not in text


def test_three_sources_are_listed_at_most():
    rows = [{"sex": sex, "value": 1, "source": f"Yearbook {sex}"} for sex in
            ("female", "male", "other", "unknown")]  # fmt: skip
    assert "Yearbook female; Yearbook male; Yearbook other and 1 more." in str(table(*rows))


def test_a_notebook_shows_a_table_with_a_caption():
    html = table({"value": 3})._repr_html_()
    assert "<caption" in html
    assert "Victims of trafficking, UK, 2015" in html
