from collections import Counter
from itertools import product

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import thbstats as thb
from tests.examples import examples
from thbstats.cases import CaseStore, ListColumn, count_cases
from thbstats.errors import InvalidValue, UnknownName
from thbstats.records import schema_of
from thbstats.tables import CountTable
from thbstats.values import Count, Reason
from thbstats.vocabulary import Classification

SCHEMA = schema_of(
    "victims",
    Classification(
        name="recruiter", categories=["family", {"code": "partner", "parent": "family"}, "employer"]
    ),
    Classification(name="office", kind="attribute", categories=["police", "shelter"]),
)
SEX = {"F": "female", "female": "female", "M": "male", "Unknown": None, None: None, -99: None}
FORM = ["sexual", "labour", "agriculture", "prostitution", "forced_begging"]
CONSTANTS = {"area": "MT", "period": 2020}
DECLARED = {"kind": SCHEMA, "missing": [None, -99, ""], "unknown": ["Unknown"]}

sexes = st.sampled_from(list(SEX))
ages = st.sampled_from(["child", "adult", None])
forms = st.sampled_from([*FORM, None])
areas = st.sampled_from(["MT", "FR"])
flags = st.sampled_from([1, 0, None])
recruiters = st.sampled_from(["family", "partner", "Employer", "Unknown", None])
offices = st.sampled_from(["police", "shelter", None])
person = st.tuples(sexes, ages, forms, areas, flags, flags, recruiters, offices)
people = st.lists(person, max_size=60)
NAMES = ["sex", "age", "form", "area", "a", "b", "recruiter", "office"]


def frame(rows):
    return pd.DataFrame(
        {
            name: pd.Series([row[number] for row in rows], dtype=object)
            for number, name in enumerate(NAMES)
        }
    )


def open_rows(dimension, code):
    """Return the rows of a dimension under which somebody with one answer is counted."""
    code = code or "unknown"
    return [dimension.total, code, *(up for up in dimension.ancestors(code) if up != "total")]


def counts(table, *names):
    columns = table.to_frame()[[*names, "lower"]]
    return {tuple(row[:-1]): row[-1] for row in columns.astype(object).to_numpy().tolist()}


def counted(data, by, **declared):
    """Return the number of cases by category, after a count of rows or of a frame."""
    data = data if isinstance(data, pd.DataFrame) else frame(data)
    options = CONSTANTS if "area" not in by else {"period": 2020}
    return counts(count_cases(data, by, **{**options, **DECLARED, **declared}), *by)


def positive(numbers):
    return {key: n for key, n in numbers.items() if n}


@given(people)
@examples(12)
def test_counts_equal_a_loop_over_cases(rows):
    by = ["area", "sex", "age", "exploitation", "recruiter", "office"]
    result = counted(rows, by, columns={"exploitation": "form"})
    expected = Counter()
    for sex, age, form, area, _, _, recruiter, office in rows:
        known = None if recruiter in ("Unknown", None) else recruiter.lower()
        keys = (
            [area],
            open_rows(SCHEMA["sex"], SEX[sex]),
            open_rows(SCHEMA["age"], age),
            open_rows(SCHEMA["exploitation"], form),
            open_rows(SCHEMA["recruiter"], known),
            [office or "not_stated"],
        )
        expected.update(product(*keys))
    assert positive(result) == expected


@given(people)
@examples(12)
def test_table_too_large_for_zeros_has_equal_counts(rows):
    arguments = {
        "by": ["area", "sex", "exploitation", "recruiter", "office"],
        "multi": {
            "exploitation": {"sexual": "a", "labour": "b"},
            "recruiter": {"partner": "b", "employer": "a"},
        },
        "period": 2020,
        **DECLARED,
    }
    listed = count_cases(frame(rows), **arguments)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("thbstats.cases.counted.LISTED", 0)
        sparse = count_cases(frame(rows), **arguments)
    most = listed.upper + np.maximum(listed.unanswered, 0)
    assert sparse == CountTable(listed.columns.take(most > 0))


@given(people, st.randoms())
@examples(12)
def test_order_of_cases_does_not_matter(rows, random):
    mixed = random.sample(rows, len(rows))
    requested = {"by": ["sex", "area", "recruiter"], "period": 2020, **DECLARED}
    assert count_cases(frame(rows), **requested) == count_cases(frame(mixed), **requested)


@given(people)
@examples(12)
def test_case_with_several_forms_counts_under_each_and_once_in_the_total(rows):
    flags_of = {"exploitation": ("sexual", "agriculture"), "recruiter": ("employer", "partner")}
    for name, (one, narrow) in flags_of.items():
        result = counted(rows, [name], multi={name: {one: "a", narrow: "b"}})
        yes = [(row[4], row[5]) for row in rows]
        (wider,) = {SCHEMA[name].parent(narrow)}
        assert result["total",] == len(rows)
        assert result[one,] == sum(a == 1 for a, _ in yes)
        assert result[narrow,] == result[wider,] == sum(b == 1 for _, b in yes)
        assert result["unknown",] == sum(1 not in pair and None in pair for pair in yes)


@given(people)
@examples(12)
def test_count_without_answers_ranges_from_zero_to_all(rows):
    table = count_cases(
        frame(rows), ["area", "exploitation"], multi={"exploitation": {"sexual": "a"}},
        period=2020, **DECLARED,
    )  # fmt: skip
    for area in {row[3] for row in rows}:
        answers = [row[4] for row in rows if row[3] == area]
        count = table.count(area=area, exploitation="sexual")
        if set(answers) == {None}:
            assert (count.lower, count.upper) == (0, len(answers))
            assert count.reason is Reason.BREAKDOWN_NOT_REPORTED
        else:
            assert count == Count.known(answers.count(1))


@given(people)
@examples(12)
def test_list_column_and_flag_columns_give_equal_counts(rows):
    names = ("sexual", "labour")
    yes = [[form for form, flag in zip(names, row[4:6], strict=True) if flag == 1] for row in rows]
    data = pd.DataFrame({"forms": [" ; ".join(some) for some in yes]}, dtype=object)
    listed = counted(data, ["exploitation"], multi={"exploitation": "forms"}, no=[""])
    data = pd.DataFrame({form: [int(form in some) for some in yes] for form in names})
    flags = dict(zip(names, names, strict=True))
    flagged = counted(data, ["exploitation"], multi={"exploitation": flags})
    assert positive(listed) == positive(flagged)


@given(people, st.sampled_from(["all", "none", "sets"]))
@examples(12)
def test_margins_select_rows_of_the_full_table(rows, margins):
    by, sets = ["sex", "age", "area"], [["sex"], []]
    everything = counted(rows, by)
    result = counted(rows, by, margins=sets if margins == "sets" else margins)
    retained = {
        "all": lambda sex, age: True,
        "none": lambda sex, age: "total" not in (sex, age),
        "sets": lambda sex, age: age == "total",
    }[margins]
    assert result == {key: n for key, n in everything.items() if retained(*key[:2])}


@examples(20)
@given(people)
def test_all_margins_equal_group_by_cube_of_duckdb(rows):
    known = {"sex": [SEX[row[0]] or "unknown" for row in rows]}
    data = frame(rows).assign(**known, age=[row[1] or "unknown" for row in rows])
    data = data[["area", "sex", "age"]].astype("str")
    query = """
        select area, coalesce(sex, 'total'), coalesce(age, 'total'), count(*)
        from data group by area, cube (sex, age)
    """
    expected = {row[:3]: row[3] for row in duckdb.sql(query).fetchall() if row[0] is not None}
    assert positive(counted(data, ["area", "sex", "age"], missing=[], unknown=[])) == expected


@given(people)
@examples(12)
def test_weights_are_numbers_of_cases(rows):
    data = frame(rows).assign(n=[number % 4 for number in range(len(rows))])
    once = data.loc[data.index.repeat(data["n"])].reset_index(drop=True)
    weighted = counted(data, ["sex", "age"], weights="n")
    assert positive(weighted) == positive(counted(once, ["sex", "age"]))


@given(people, st.sampled_from(["female", "unknown"]))
@examples(12)
def test_where_selects_cases(rows, sex):
    data = frame(rows)
    requested = {**CONSTANTS, **DECLARED}
    chosen = [row for row in rows if (SEX[row[0]] or "unknown") == sex]
    result = count_cases(data, "age", where={"sex": sex}, **requested)
    assert result.count() == Count.known(len(chosen))
    assert result == count_cases(frame(chosen), "age", **requested)
    retained = counted(data, ["sex", "age"], where={"sex": sex})
    assert {key[0] for key in retained} == ({"total", sex} if chosen else {"total"})
    assert retained["total", "total"] == retained.get((sex, "total"), 0) == len(chosen)


@given(people)
@examples(12)
def test_where_selects_by_values_of_other_columns(rows):
    store, known = CaseStore.of(frame(rows), **CONSTANTS, **DECLARED), [row[5] for row in rows]
    if rows and set(known) == {None}:
        with pytest.raises(UnknownName, match="`b` must be a value of a case"):
            store.count("sex", where={"b": [1, 0]})
    else:
        result = store.count("sex", where={"b": [1, 0]})
        assert result.count() == Count.known(len(known) - known.count(None))


def test_wider_category_in_where_selects_narrower_ones():
    data = pd.DataFrame({"exploitation": ["agriculture", "labour", "sexual"]})
    table = count_cases(data, where={"exploitation": "labour"}, **CONSTANTS)
    assert table.count() == Count.known(2)


WHERE = pd.DataFrame(
    {
        "area": ["FR", "IT", "FR"],
        "period": ["2015", "2016", None],
        "sex": ["female", "male", "male"],
        "form": ["sexual", "labour", None],
    }
)


@pytest.mark.parametrize("engine", [pd.DataFrame, pl.from_pandas, duckdb.from_df])
@pytest.mark.parametrize(
    ("where", "area", "number"),
    [
        ({"sex": "total", "exploitation": "total"}, "FR+IT", 3),
        ({"sex": ["total", "male"]}, "FR+IT", 3),
        ({"area": "EU28"}, "EU28", 3),
        ({"area": ["FR", "IT"]}, "FR+IT", 3),
        ({"area": "FR"}, "FR", 2),
        ({"period": "2015-2016"}, "FR+IT", 2),
        ({"period": "not stated"}, "FR", 1),
        ({"area": "EU28", "period": "2016"}, "EU28", 1),
    ],
)
def test_where_includes_the_parts_of_a_total_area_or_period(engine, where, area, number):
    multi, data = {"exploitation": "form"}, engine(WHERE)
    cell = count_cases(data, where=where, multi=multi, missing=[None]).cell()
    assert (str(cell.area), cell.count) == (area, Count.known(number))


@pytest.mark.parametrize("where", [{"area": "DE"}, {"period": 2019}, {"form": "servitude"}])
def test_where_without_any_case_is_not_a_count_of_zero(where):
    with pytest.raises(UnknownName, match=r"must be (the|a) (area|period|value) of a case"):
        count_cases(WHERE, where=where, missing=[None])


def test_undeclared_values_raise_together_with_hints():
    data = pd.DataFrame({"sex": ["F", "Femal", None], "age": ["child", "?", "total"]})
    with pytest.raises(Exception, match="4 problems") as caught:
        count_cases(data, ["sex", "age"], **CONSTANTS)
    assert "recode={'sex': {'Femal': ...}}, or missing=['Femal']" in str(caught.value)
    assert "missing=[None] if nothing was recorded" in str(caught.value)
    assert "must be the category of one case, not a total" in str(caught.value)


def test_values_outside_the_selection_need_no_declaration():
    data = pd.DataFrame({"sex": ["F", "M"], "age": ["?", "!"]})
    assert count_cases(data, "sex", **CONSTANTS).count() == Count.known(2)


@pytest.mark.parametrize(
    ("arguments", "error", "match"),
    [
        ({"by": "sexx"}, UnknownName, "must be a dimension of victims.*'sex'"),
        ({"by": "movement"}, UnknownName, "must be a column of the cases or have one"),
        ({"columns": {"sex": "gendr"}}, UnknownName, "must be a column of the cases"),
        ({"weights": "weight"}, UnknownName, "weights"),
        ({"where": {"agee": "child"}}, UnknownName, "must be a dimension or a column.*'age'"),
        ({"where": {"age": "chlid"}}, UnknownName, "AgeGroup"),
        ({"margins": "some"}, UnknownName, "`margins` must be 'all', 'none'"),
        ({"by": "sex", "margins": [["age"]]}, UnknownName, "`margins` must contain dimensions"),
        ({"by": "area"}, InvalidValue, "is constant for all cases"),
        ({"multi": {"area": "sex"}}, InvalidValue, "must have one value per case"),
        ({"multi": {"exploitation": {"sexualx": "sex"}}}, UnknownName, "sexualx"),
        ({"recode": {"sx": {}}}, UnknownName, "'sex'"),
        ({"period": None}, InvalidValue, "period"),
        ({"multi": {"exploitation": {"sexual": "n"}}}, InvalidValue, r"`n` must be 0 or 1.*'2'"),
        ({"multi": {"exploitation": "list"}}, InvalidValue, "lists without categories must be"),
        ({"weights": "w"}, InvalidValue, r"row 1: `w`"),
    ],
)
def test_invalid_arguments_raise_with_alternatives(arguments, error, match):
    data = pd.DataFrame({"sex": ["F", "F"], "age": ["child", "child"], "w": [1.0, np.nan]})
    data = data.assign(n=[1, 2], list=["sexual", " ; "])
    by = {"by": "exploitation"} if "multi" in arguments and "area" not in arguments["multi"] else {}
    with pytest.raises(error, match=match):
        count_cases(data, **{**CONSTANTS, **by, **arguments})


def test_missing_area_raises_with_a_hint():
    with pytest.raises(InvalidValue, match=r"`area` must be given for all cases.*area=\"World\""):
        count_cases(pd.DataFrame({"sex": ["F"]}), "sex", period=2020)


def test_missing_areas_raise_and_other_attributes_are_not_stated():
    data = pd.DataFrame({"area": ["MT", None], "period": [2020, None], "register": [None, "NGO"]})
    with pytest.raises(InvalidValue, match="area"):
        count_cases(data, "area", period=2020, missing=[None])
    table = count_cases(data, ["period", "register"], area="MT", missing=[None])
    assert set(table.categories("period")) == {"2020", "not stated"}
    assert set(table.categories("register")) == {"ngo", "not_stated"}


def test_table_without_cases_has_zero_counts():
    table = count_cases(pd.DataFrame({"sex": pd.Series([], dtype="str")}), "sex", **CONSTANTS)
    assert table.count() == Count.known(0)


@pytest.mark.parametrize("weight", [-1, 0.5, None, float("nan"), float("inf"), True, "1"])
def test_invalid_weight_raises_with_its_row(weight):
    data = pd.DataFrame({"sex": ["female"] * 2, "w": pd.Series([weight] * 2, dtype=object)})
    with pytest.raises(InvalidValue, match=r"row 0: `w`.*must be an integer of 0 or more"):
        count_cases(data, weights="w", **CONSTANTS)


def test_value_counts_have_frequency_and_category_of_every_value():
    police, shelter = ("partner", "police"), (None, "shelter")
    women = [("F", "child", None, "MT", 1, None, *police)] * 2
    data = frame([*women, ("M", None, None, "MT", 0, 0, *shelter)])
    store = CaseStore.of(data, multi={"exploitation": {"sexual": "a", "labour": "b"}}, **DECLARED)
    by = ["exploitation", "sex", "age", "recruiter", "office"]
    result = store.value_counts(by).to_frame().astype(object)
    assert result.where(result.notna(), None).to_numpy().tolist() == [
        ["sex", "sex", "F", 2, "female"],
        ["sex", "sex", "M", 1, "male"],
        ["age", "age", "child", 2, "child"],
        ["age", "age", None, 1, "nothing recorded"],
        ["exploitation", "a + b", "1, (empty)", 2, "sexual"],
        ["exploitation", "a + b", "0, 0", 1, "nothing recorded"],
        ["recruiter", "recruiter", "partner", 2, "partner"],
        ["recruiter", "recruiter", None, 1, "nothing recorded"],
        ["office", "office", "police", 2, "police"],
        ["office", "office", "shelter", 1, "shelter"],
    ]
    assert "nothing recorded" in str(store.value_counts("age"))
    assert repr(store.value_counts("age")) == "<ValueCounts: 2 values>"


def test_long_list_of_value_counts_is_cut_with_a_sum():
    data = pd.DataFrame({"period": range(1990, 2015)})
    text = str(CaseStore.of(data, area="MT").value_counts("period"))
    assert "5 more values" in text


def test_columns_are_encoded_once():
    store = CaseStore.of(pd.DataFrame({"sex": ["F", "M"]}), **CONSTANTS)
    first = store.rows.column("sex")
    store.count("sex")
    assert store.rows.column("sex") is first


def test_suspects_are_counted_into_a_table_of_justice():
    data = pd.DataFrame({"stage": ["suspected", "convicted", "convicted"], "sex": ["M", "M", "F"]})
    table = count_cases(data, ["stage", "sex"], kind="justice", **CONSTANTS)
    assert table.count(stage="convicted") == Count.known(2)
    assert thb.share(table.where(stage="convicted"), sex="female", base="all").numerator.lower == 1


REFUSED = pd.DataFrame({"who": ["A"], "sex": ["female"], "f": ["sexual"], "a": [1], "b": [0]})


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        ({"multi": {"exploitation": {"sexual": "a", "Sexual": "b"}}}, "one column for each of its"),
        ({"multi": {"exploitation": {"total": "a"}}}, "without the total"),
        ({"multi": {"exploitation": {}}}, "one column for each of its"),
        ({"multi": {"exploitation": []}}, "a column, a list of columns"),
        ({"multi": {"exploitation": "f"}, "columns": {"exploitation": "a"}}, "be declared once"),
        (
            {"multi": {"exploitation": "f"}, "derive": {"exploitation": ListColumn("f")}},
            "be declared once",
        ),
        ({"multi": ["f"]}, "`multi` must be a mapping by dimension"),
        ({"columns": 5}, "`columns` must be a mapping by dimension"),
        ({"derive": {"age": "sex"}}, "`age` must be a reading such as AgeAt"),
        ({"recode": {"sex": ["F"]}}, "`sex` must be a mapping such as"),
        ({"missing": None}, r"`missing` must be a list of values, got None. Use missing=\[None\]"),
        ({"unknown": "NA"}, r"`unknown` must be a list of values, got 'NA'. Use unknown=\['NA'\]"),
        ({"separator": ""}, "`separator` must be a text such as"),
        ({"by": 5}, "`by` must be a dimension such as 'sex', or a list"),
        ({"margins": 5}, "`margins` must be 'all', 'none' or sets"),
        ({"margins": [5]}, "`margins` must be sets of dimensions"),
        ({"where": ["sex"]}, "`where` must be a mapping such as"),
        ({"by": ["sex", "age"], "key": "who"}, "`by` must be one dimension if `key` is passed"),
    ],
)
def test_arguments_that_would_be_ignored_or_misread_are_refused(arguments, match):
    with pytest.raises(InvalidValue, match=match):
        count_cases(REFUSED, **{**CONSTANTS, "by": "sex", **arguments})


@pytest.mark.parametrize(
    ("query", "argument"),
    [
        ("persons", {"key": "who", "dimensions": []}),
        ("combinations", {"dimension": ["sex", "age"]}),
    ],
)
def test_queries_need_a_dimension(query, argument):
    with pytest.raises(InvalidValue, match=r"must (be|name at least) one dimension"):
        getattr(CaseStore.of(REFUSED, **CONSTANTS), query)(**argument)
