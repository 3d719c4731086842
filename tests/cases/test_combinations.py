import pandas as pd
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import thbstats as thb
from tests.examples import examples
from thbstats.cases import CaseStore, count_cases
from thbstats.errors import InvalidValue, UnknownName
from thbstats.records import schema_of
from thbstats.values import Interval
from thbstats.vocabulary import Exploitation

FORMS = ("sexual", "labour", "forced_begging")
COLUMNS = {form: f"is {form}" for form in FORMS}
CONSTANTS = {"missing": [-99], "area": "MT", "period": 2020}

flags = st.lists(st.tuples(*[st.sampled_from([1, 0, -99])] * 3), min_size=1, max_size=50)
VOCABULARY = [str(word) for word in Exploitation if word not in ("total", "unknown")]
words = ["sexual", "labour", "agriculture", "prostitution", "forced_begging", "unknown"]
lists = st.lists(
    st.lists(st.sampled_from(words), max_size=3, unique=True).map(";".join), min_size=1, max_size=50
)


# The same categories as those of exploitation, in a dimension of a user.
PURPOSE = schema_of("victims", evolve(Exploitation.classification(), name="purpose"))


def flagged(rows, name="exploitation"):
    frame = pd.DataFrame(rows, columns=list(COLUMNS.values()))
    return CaseStore.of(frame, kind=PURPOSE, multi={name: COLUMNS}, **CONSTANTS)


def from_lists(rows, name="exploitation"):
    frame = pd.DataFrame({"forms": rows})
    declared = {"kind": PURPOSE, "multi": {name: "forms"}, "missing": [""]}
    return CaseStore.of(frame, **declared, area="MT", period=2020)


FEW = [
    (1, 0, 0),
    (1, 0, 0),
    (1, 1, 0),
    (0, 1, 0),
    (1, -99, 0),
    (0, 0, 1),
    (0, 0, 0),
    (-99, -99, -99),
]


def completed(rows):
    """Yield every way in which what is not recorded can be."""
    if not rows:
        yield []
        return
    first = [(single,) if single != -99 else (0, 1) for single in rows[0]]
    for remainder in completed(rows[1:]):
        yield from ([(a, b, c), *remainder] for a in first[0] for b in first[1] for c in first[2])


names = st.sampled_from(["exploitation", "purpose"])


@given(st.one_of(st.tuples(st.just(flagged), flags), st.tuples(st.just(from_lists), lists)), names)
@examples(15)
def test_category_is_the_sum_of_the_combinations_that_contain_it(data, name):
    make, rows = data
    store = make(rows, name)
    table, result = store.count(name), store.combinations(name)
    assert result.cases == table.count().lower == len(rows)
    for code in set(table.categories(name)) - {"total", "unknown"}:
        within = sum(single.cases for single in result.combinations if code in single.codes)
        assert within == result.with_all(code).lower
        assert table.count(**{name: code}).lower == within


@given(flags.filter(lambda rows: sum(row.count(-99) for row in rows) < 5), names)
@examples(15)
def test_bounds_of_combinations_are_attained(rows, name):
    result = flagged(rows, name).combinations(name)
    ways = list(completed(rows))

    def ends(true_of):
        numbers = [sum(map(true_of, way)) for way in ways]
        return Interval(min(numbers), max(numbers))

    assert result.only("sexual") == ends(lambda row: row == (1, 0, 0))
    assert result.exactly("sexual") == ends(lambda row: row == (1, 0, 0))
    assert result.exactly("sexual", "labour") == ends(lambda row: row == (1, 1, 0))
    assert result.only("other") == ends(lambda row: row == (0, 0, 1))
    assert result.with_all("sexual", "labour") == ends(lambda row: row[:2] == (1, 1))
    assert result.at_least_one == ends(any)
    assert result.multiple == ends(lambda row: sum(row) > 1)


def test_missing_answers_differ_from_categories_that_do_not_apply():
    result = flagged(FEW).combinations("exploitation")
    assert {result.label(single): single.cases for single in result.combinations} == {
        "sexual": 2,
        "labour": 1,
        "sexual + labour": 1,
        "forced begging": 1,
        "no category": 1,
        "sexual (labour without an answer)": 1,
        "no category (sexual, labour, forced begging without an answer)": 1,
    }
    assert result.exactly("sexual") == Interval(2, 4)
    assert (result.unknown, result.none) == (1, 1)


def test_case_of_unknown_category_may_have_every_combination():
    result = from_lists(["unknown", "", "sexual", "labour;unknown"]).combinations("exploitation")
    assert result.exactly("sexual") == Interval(1, 3)
    assert result.with_all("sexual") == Interval(1, 4)
    assert result.only("labour") == Interval(0, 3)
    assert (result.unknown, result.at_least_one) == (2, Interval(2, 4))


@pytest.mark.parametrize("further", [[], ["labour"], ["sexual;labour"]])
def test_open_list_may_have_categories_of_no_other_case(further):
    several = sum(";" in text for text in further)
    for text, codes in (("", (0, 1)), ("sexual;unknown", (1, 1))):
        result = from_lists([text, "sexual", *further]).combinations("exploitation")
        assert result.multiple == Interval(several, several + 1)
        assert result.only("sexual") == result.exactly("sexual") == Interval(1, 2)
        assert result.with_all("sexual") == Interval(1 + codes[0] + several, 1 + codes[1] + several)
        assert "others without an answer" in str(result)
        assert "unknown" not in result.to_frame().columns


def test_without_answers_every_combination_is_possible():
    result = from_lists(["", "unknown"]).combinations("exploitation")
    assert (result.unknown, result.none, result.at_least_one) == (2, 0, Interval(0, 2))


def test_narrower_category_is_not_another_category():
    result = from_lists(["prostitution", "prostitution;sexual", "sexual", "labour;agriculture"])
    result = result.combinations("exploitation")
    assert result.only("sexual") == result.with_all("sexual") == Interval.point(3)
    assert result.only("prostitution") == Interval.point(2)
    assert result.exactly("sexual") == Interval.point(1)
    assert result.multiple == Interval.point(0)


def test_combinations_of_selected_cases_are_counted():
    frame = pd.DataFrame({"sex": ["female", "male", "male"], "forms": ["sexual", "labour", "?"]})
    store = CaseStore.of(frame, multi={"exploitation": "forms"}, missing=["?"])
    result = store.combinations("exploitation", where={"sex": "male"})
    assert [(result.label(single), single.cases) for single in result.combinations] == [
        ("labour", 1),
        ("no category (sexual, labour, others without an answer)", 1),
    ]


@given(flags)
@examples(15)
def test_frame_has_a_row_per_combination_with_missing_answers(rows):
    result = flagged(rows).combinations("exploitation")
    frame = result.to_frame()
    assert frame["cases"].sum() == len(rows)
    for code, column in COLUMNS.items():
        for answer, value in ((True, 1), (False, 0), (pd.NA, -99)):
            chosen = frame[code].isna() if value == -99 else frame[code].eq(answer).fillna(False)
            there = sum(row[list(COLUMNS.values()).index(column)] == value for row in rows)
            assert frame.loc[chosen, "cases"].sum() == there


def test_display_table_lists_frequent_combinations_and_sums_the_others():
    text = str(flagged(FEW).combinations("exploitation"))
    assert "sexual (labour without an answer)" in text
    assert repr(flagged(FEW).combinations("exploitation")) == "<Combinations of exploitation: 7>"
    assert "6 to 7 cases have a category, 1 to 3 have several; 1 have none" in text
    several = [";".join(words[:n]) for n in range(1, 6)]
    many = from_lists([f"{single};{two}" for single in several for two in VOCABULARY])
    assert "more combinations" in str(many.combinations("exploitation"))


def test_combinations_require_multiple_response():
    with pytest.raises(InvalidValue, match=r"multi="):
        CaseStore.of(pd.DataFrame({"sex": ["female"]})).combinations("sex")


@pytest.mark.parametrize("code", ["organ_removal", "sexuel"])
def test_category_without_a_column_raises_instead_of_zero(code):
    with pytest.raises(UnknownName):
        flagged(FEW).combinations("exploitation").with_all(code)
    with pytest.raises(InvalidValue, match="one category or more"):
        flagged(FEW).combinations("exploitation").exactly()


def test_shares_above_the_total_have_the_multiple_response_warning():
    rows = [(1, 1, 0)] * 6 + [(1, 0, 0)] * 3 + [(0, 0, 1)]
    frame = pd.DataFrame(rows, columns=list(COLUMNS.values()))
    table = count_cases(frame, "exploitation", multi={"exploitation": COLUMNS}, **CONSTANTS)
    share = thb.share(table, exploitation="sexual", base="all")
    assert (share.numerator, share.denominator) == (Interval.point(9), Interval.point(10))
    (warning,) = share.warnings.select("MULTIPLE_RESPONSE")
    assert warning.severity == "caution"
    assert dict(warning.evidence)["sum of categories"] == "16"
    for base in ("all", "known"):
        forms = thb.breakdown(table, of="exploitation", base=base)
        assert all("MULTIPLE_RESPONSE" in form.warnings.codes for form in forms)


def test_shares_of_declared_overlapping_forms_have_a_warning():
    frame = pd.DataFrame([(1, 1, 0), (0, 0, 0), (0, 0, 0)], columns=list(COLUMNS.values()))
    table = count_cases(frame, "exploitation", multi={"exploitation": COLUMNS}, **CONSTANTS)
    share = thb.share(table, exploitation="sexual", base="all", overlap="overlapping")
    assert "MULTIPLE_RESPONSE" in share.warnings.codes


def test_cases_are_partitioned_and_multiple_response_is_refused():
    cases = pd.DataFrame({"sex": ["female", "male"], "forms": ["sexual;labour", "labour"]})
    store = CaseStore.of(
        cases, kind="victims", area="PL", period=2016, multi={"exploitation": "forms"}
    )
    table = store.count(["sex", "exploitation"])
    assert table.partition("sex").to_frame()["count_lower"].sum() == 2
    with pytest.raises(InvalidValue, match="exclusive categories"):
        table.partition("exploitation")
