from itertools import product

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rows import check_rows
from thbstats.cases import count_cases
from thbstats.errors import InvalidValue, UnknownName
from thbstats.files import Cases
from thbstats.records import Source, schema_of
from thbstats.tables import CountTable
from thbstats.values import Count
from thbstats.vocabulary import Classification

SEXES = ("female", "male", "unknown", None)
AREAS = ("MT", "FR")


def cases(rows, **more):
    sex, area, sexual, labour = zip(*rows, strict=True) if rows else ((), (), (), ())
    frame = pd.DataFrame(
        {
            "sex": pd.Categorical(sex, categories=["female", "male", "unknown"]),
            "area": pd.Categorical(area, categories=list(AREAS)),
            "exploitation=sexual": pd.array(sexual, dtype="boolean"),
            "exploitation=labour": pd.array(labour, dtype="boolean"),
            "case number": [f"no. {row}" for row in range(len(rows))],
        }
    )
    values = {
        "columns": ["sex", "area"],
        "multiple": {"exploitation": ["sexual", "labour"]},
        "other": ["case number"],
        "source": Source(title="Made up"),
        "constants": {"period": "2024"},
    }
    return Cases(frame=frame, **(values | more))


FEW = [
    ("female", "MT", True, None),
    ("female", "FR", True, True),
    (None, "FR", False, False),
    ("unknown", "FR", None, None),
]

answers = st.sampled_from([True, False, None])
people = st.lists(
    st.tuples(st.sampled_from(SEXES), st.sampled_from(AREAS), answers, answers), max_size=20
)


COUNTS = [
    # Unknown includes unknown and missing answers.
    ("sex", {"total": 4, "female": 2, "unknown": 2}),
    # A person with several forms counts under each, and once in the total.
    ("exploitation", {"total": 4, "sexual": 2, "labour": 1, "unknown": 1}),
]


def test_persons_count_under_each_of_their_categories():
    def check(by, expected):
        table = count_cases(cases(FEW), by=by)
        assert {code: table.count(**{by: code}).lower for code in table.categories(by)} == expected

    check_rows(check, COUNTS)


OFFICE = Classification(name="office", kind="attribute", categories=["police", "shelter"])
DEBT = Classification(name="debt", categories=["loan", {"code": "interest", "parent": "loan"}])
SCHEMA = schema_of("victims", OFFICE, DEBT)


def cases_with_offices(**more):
    frame = pd.DataFrame(
        {
            "office": pd.Categorical(["police", "shelter", None]),
            "debt=loan": pd.array([True, False, None], dtype="boolean"),
            "case office": ["police", "police", "shelter"],
        }
    )
    values = {
        "columns": ["office"],
        "multiple": {"debt": ["loan"]},
        "other": ["case office"],
        "constants": {"area": "MT", "period": "2024"},
        "kind": SCHEMA,
    }
    return Cases(frame=frame, **(values | more))


def test_further_dimensions_are_counted_selected_and_known():
    cases = cases_with_offices()
    table = count_cases(cases, ["office", "debt"])
    assert table.count(office="police", debt="loan") == Count.known(1)
    assert table.count(office="not_stated", debt="unknown") == Count.known(1)
    assert len(cases.where(debt="loan")) == len(cases.known("debt")) == 1
    assert "police" in str(cases)


def test_table_has_the_further_dimensions_of_by_of_kind_and_of_where():
    cases = cases_with_offices()
    assert count_cases(cases).columns.schema == schema_of("victims")
    assert count_cases(cases, "debt").columns.schema == schema_of("victims", DEBT)
    assert count_cases(cases, kind=schema_of("victims", DEBT)).columns.schema == schema_of(
        "victims", DEBT
    )
    assert count_cases(cases, where={"office": "police"}).categories("office") == ("police",)
    with pytest.raises(InvalidValue, match="police, shelter"):
        count_cases(cases, kind=schema_of("victims", OFFICE))


def test_declared_column_replaces_that_of_the_file():
    table = count_cases(cases_with_offices(), "office", columns={"office": "case office"})
    assert table.count(office="police") == Count.known(2)
    loans = {"columns": {"debt": "case office"}, "recode": {"debt": {"police": "loan"}}}
    single = count_cases(cases_with_offices(), "debt", missing=["shelter"], **loans)
    assert single.count(debt="loan") == Count.known(2)
    assert single.multiple_response == ()


def test_form_without_answers_is_missing_and_not_zero():
    rows = [("female", "MT", True, None), ("male", "MT", False, None), ("male", "FR", None, False)]
    table = count_cases(cases(rows), by=["area", "exploitation"])
    assert table.count(area="MT", exploitation="labour") == Count.breakdown_not_reported(2)
    assert table.count(area="FR", exploitation="labour") == Count.known(0)
    assert table.count(area="FR", exploitation="sexual") == Count.breakdown_not_reported(1)
    assert table.count(area="MT", exploitation="sexual") == Count.known(1)


def test_a_combination_without_anybody_is_a_zero_within_an_area_that_has_cases():
    table = count_cases(cases(FEW[:2]), by=["area", "sex", "exploitation"])
    assert table.count(area="MT", sex="female", exploitation="labour").lower == 0


def test_areas_and_periods_without_any_case_are_left_out():
    assert count_cases(cases(FEW).where(area="FR"), by="area").categories("area") == ("FR",)


def test_area_of_all_cases_is_their_union():
    assert count_cases(cases(FEW)).cell().area == "FR+MT"
    assert count_cases(cases(FEW), area="EU28").cell().area == "EU28"


def test_cases_without_an_area_cannot_be_counted_by_it_and_are_not_dropped():
    lacking = cases([*FEW, ("male", None, True, None)])
    for call in ({"by": "area"}, {"by": "sex"}):
        with pytest.raises(InvalidValue, match=r"1 cases record none.*known\('area'\)"):
            count_cases(lacking, **call)
    assert count_cases(lacking, area="EU28").cell().count.lower == 5
    assert len(lacking.known("area")) == 4


def periods(*years, **more):
    frame = pd.DataFrame({"period": pd.Categorical(years)})
    return Cases(frame=frame, columns=["period"], constants={"area": "MT"}, **more)


def test_the_period_of_all_lasts_from_the_first_to_the_last():
    assert str(count_cases(periods("2019", "2021")).cell().period) == "2019-2021"
    assert str(count_cases(periods("2019", None)).cell().period) == "not stated"
    assert str(count_cases(periods()).cell().period) == "not stated"
    table = count_cases(periods("2019", "2019", None), by="period")
    assert table.count(period="not stated").lower == 1


def test_constant_period_contains_each_case():
    assert str(count_cases(periods("2019"), period="2018-2020").cell().period) == "2018-2020"
    assert str(count_cases(periods("2019"), period="not stated").cell().period) == "not stated"
    with pytest.raises(InvalidValue, match="2019"):
        count_cases(periods("2019"), period=2020)
    with pytest.raises(InvalidValue, match="not stated"):
        count_cases(periods("not stated"), period=2020)


def test_attributes_that_differ_are_not_counted_together():
    frame = pd.DataFrame({"status": pd.Categorical(["identified", "presumed", None])})
    result = Cases(frame=frame, columns=["status"], constants={"area": "MT", "period": "2024"})
    with pytest.raises(InvalidValue, match="identified, presumed"):
        count_cases(result)
    assert count_cases(result, by="status").count(status="not_stated").lower == 1
    assert count_cases(result.where(status="presumed")).cell().status == "presumed"
    chosen = result.where(status="registered")
    assert count_cases(chosen, status="registered").cell().count.lower == 0


def test_age_concept_is_set_only_for_tables_by_age():
    frame = pd.DataFrame({"age": pd.Categorical(["child"])})
    constants = {"area": "MT", "period": "2024", "age_concept": "at_entry"}
    result = Cases(frame=frame, columns=["age"], constants=constants)
    assert count_cases(result).cell().age_concept == "not_stated"
    assert count_cases(result, by="age").cell(age="child").age_concept == "at_entry"


def test_a_category_within_another_counts_in_both():
    frame = pd.DataFrame({"exploitation": pd.Categorical(["prostitution", "labour"])})
    result = Cases(
        frame=frame, columns=["exploitation"], constants={"area": "MT", "period": "2024"}
    )
    table = count_cases(result, by="exploitation")
    assert [table.count(exploitation=f).lower for f in ("total", "sexual", "prostitution")] == [
        2,
        1,
        1,
    ]


def test_a_table_of_very_many_cells_lists_those_with_cases_only(monkeypatch):
    listed = count_cases(cases(FEW), by=["sex", "area", "exploitation"])
    monkeypatch.setattr("thbstats.cases.counted.LISTED", 10)
    sparse = count_cases(cases(FEW), by=["sex", "area", "exploitation"])
    assert 0 < len(sparse) < len(listed)
    assert CountTable.concat([sparse, rest(listed, sparse)]) == listed
    assert all(record.count.upper == 0 for record in rest(listed, sparse))


def rest(whole, part):
    """Return the rows of a table that another does not have."""
    there = set(map(str, part))
    return CountTable.from_records(
        [record for record in whole if str(record) not in there], kind="victims"
    )


def test_cases_are_chosen_by_dimensions_by_several_answers_and_by_columns_of_the_file():
    assert len(cases(FEW).where(sex="F")) == 2
    assert len(cases(FEW).where(exploitation=["sexual", "labour"])) == 2
    assert len(cases(FEW).where(**{"case number": "no. 3"})) == 1


def test_known_cases_exclude_missing_and_unknown():
    assert len(cases(FEW).known("sex")) == 2
    assert len(cases(FEW).known("sex", "exploitation")) == 2


REFUSALS = [
    # Constants that contradict a case, and dimensions that the cases do not have.
    (lambda: count_cases(cases(FEW), area="MT"), InvalidValue, "contradicts cases of FR"),
    (lambda: count_cases(cases(FEW), sex="female"), InvalidValue, "where"),
    (lambda: count_cases(cases(FEW), exploitation="sexual"), InvalidValue, "where"),
    (lambda: count_cases(cases(FEW), sexes="female"), UnknownName, "sexes"),
    (lambda: count_cases(cases(FEW), by="explotation"), UnknownName, "exploitation"),
    (lambda: cases(FEW).where(exploitation="surrogacy"), UnknownName, "surrogacy"),
    (lambda: cases(FEW).where(age="child"), UnknownName, "age"),
    (lambda: cases(FEW).known("age"), UnknownName, "age"),
    # Frames that do not fit.
    (lambda: cases(FEW, columns=["sexes"]), UnknownName, "sexes"),
    (lambda: cases(FEW, columns=["age"]), UnknownName, "age"),
    (lambda: cases(FEW, multiple={"exploitation": ["surrogacy"]}), UnknownName, "surrogacy"),
    (lambda: cases(FEW, multiple={"exploitation": ["sexual exploitation"]}), UnknownName, "sexual"),
    (lambda: cases(FEW, columns=["sex", "exploitation=sexual"]), UnknownName, "sexual"),
    (lambda: cases(FEW, constants={"sex": "female"}), InvalidValue, "must not be a column"),
    (lambda: cases(FEW, constants={"case number": "1"}), UnknownName, "case number"),
    (lambda: one_column(["female"]), InvalidValue, "category"),
    (lambda: one_column(pd.Categorical(["F"])), InvalidValue, "'female'"),
    # Classifications that do not fit.
    (lambda: cases_with_offices(kind="victims"), UnknownName, "office"),
    (lambda: cases_with_offices(kind="police"), UnknownName, "must be a kind of table"),
    (lambda: cases_with_offices(kind=schema_of("victims", DEBT)), UnknownName, "office"),
    (lambda: cases_with_offices(multiple={"debt": ["bond"]}), UnknownName, "bond"),
    (
        lambda: cases_with_offices(constants={"office": "police"}),
        InvalidValue,
        "must not be a column",
    ),
]


def one_column(sex):
    return Cases(frame=pd.DataFrame({"sex": sex}), columns=["sex"])


def test_cases_that_do_not_fit_are_errors():
    def check(call, error, message):
        with pytest.raises(error, match=message):
            call()

    check_rows(check, REFUSALS)


def test_the_frame_that_is_handed_out_may_be_changed():
    result = cases(FEW)
    frame = result.to_frame()
    frame["sex"] = "x"
    assert result.frame["sex"].tolist()[0] == "female"


def test_table_of_cases_shows_persons_by_answer():
    formatted = str(cases(FEW))
    assert "4 cases" in formatted
    assert "(missing)" in formatted
    assert "multiple response" in formatted
    assert "Made up" in formatted
    assert "<table" in cases(FEW)._repr_html_()
    assert repr(cases(FEW)) == "<Cases: 4 persons by sex, area, exploitation>"
    assert "Source" not in str(cases(FEW, source=None))


def test_table_of_cases_shows_the_most_frequent_categories():
    years = [str(year) for year in range(2000, 2015)]
    formatted = str(periods(*years, "2000"))
    assert "5 more" in formatted


@given(people)
def test_margins_equal_separate_counts(rows):
    tests = {
        "total": lambda row: True,
        "sexual": lambda row: row[2] is True,
        "labour": lambda row: row[3] is True,
        "unknown": lambda row: True not in row[2:] and None in row[2:],
    }
    apart = count_cases(cases(rows), by=["area", "sex", "exploitation"])
    whole = count_cases(cases(rows), by=["sex", "exploitation"], area="EU28")
    for table, areas in ((apart, apart.categories("area")), (whole, ["EU28"])):
        for area, sex, form in product(areas, *map(table.categories, ("sex", "exploitation"))):
            expected = sum(
                tests[form](row)
                and (sex in ("total", row[0]) or (sex == "unknown" and not row[0]))
                and area in ("EU28", row[1])
                for row in rows
            )
            assert table.count(area=area, sex=sex, exploitation=form).lower == expected
