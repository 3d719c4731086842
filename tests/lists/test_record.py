"""Lists: reading, case-level data, and input that is refused."""

from typing import Any

import pandas as pd
import polars as pl
import pytest
from attrs import evolve

import thbstats as thb
from tests.lists.tables import lists
from tests.rows import check_rows
from thbstats import Count, Reason
from thbstats.cases import CaseStore
from thbstats.errors import InvalidFile, InvalidValue, ThbstatsError, UnknownName
from thbstats.lists import Lists, distinct, hidden, models, of, read, stability
from thbstats.values import Interval

TWO = {"a": 3, "b": 4, ("a", "b"): 5}
ROWS = {"a": [1, 0, 1], "b": [0, 1, 1], "n": [3, 4, 5]}


def test_tables_of_every_format_are_the_same_lists(tmp_path):
    frame = pd.DataFrame(ROWS)
    texts = frame.assign(a=["yes", "no", "Yes"], b=["FALSE", "true", "1"], n=["3", " 4", "5"])
    frame.to_csv(tmp_path / "lists.csv", index=False)
    frame.to_parquet(tmp_path / "lists.parquet")
    frame.to_excel(tmp_path / "lists.xlsx", index=False, engine="xlsxwriter")
    files = [tmp_path / f"lists.{ending}" for ending in ("csv", "parquet", "xlsx")]
    floats = frame.astype("float64")
    for source in (frame, texts, floats, pl.DataFrame(ROWS), *files, str(files[0])):
        result = read(source, count="n", complete=True)
        assert result.names == ("a", "b")
        assert result.counts == Lists("ab", TWO).counts
        assert repr(result) == "<Lists a, b: 12 persons in 17 registrations>"


def test_table_without_counts_has_a_row_per_person_and_is_complete():
    result = read(
        pd.DataFrame({"a": [1, 1, 0], "b": [1, 1, 1], "note": ["x", "y", "z"]}), names="ab"
    )
    assert result.history({"a", "b"}) == Count.known(2)
    assert result.history({"a"}) == Count.known(0)
    assert result.complete


def test_suppressed_counts_and_thousands_are_read():
    frame = pd.DataFrame({"a": [1, 0, 1], "b": [0, 1, 1], "n": ["1.234", "c", "<5"]})
    options: dict[str, Any] = {"thousands": ".", "missing": {"c": "suppressed"}}
    result = read(frame, count="n", fewer_than_from=1, **options)
    counts = [result.history(own) for own in ({"a"}, {"b"}, {"a", "b"})]
    assert counts == [
        Count.known(1234),
        Count.suppressed(),
        Count.between(1, 4, Reason.FEWER_THAN),
    ]


def test_lists_of_cases_count_rows_without_a_key_and_repeated_rows():
    cases = pd.DataFrame(
        {
            "person": ["A", "A", "B", "C", "C", "D", None, None],
            "register": ["police", "ngo", "police", "ngo", "ngo", "border_guard", "ngo", "police"],
        }
    )
    result = thb.count_cases(
        cases, "register", key="person", missing=[None], area="MT", period=2020, source="Register"
    )
    assert (result.repeated, result.without_key) == (1, {"ngo": 1, "police": 1})
    assert (str(result.area.code), str(result.period)) == ("MT", "2020")
    assert result.source is not None
    assert result.history({"police", "ngo"}) == Count.known(1)
    found = distinct(result)
    assert found.formatted == "4 to 6"
    assert "twice in one area and period" in dict(
        found.warnings.select("DOUBLE_COUNTING")[0].evidence
    )
    persons = CaseStore.of(cases, missing=[None]).persons("person", dimensions="register")
    assert of(persons).counts == result.counts
    # The persons of the library have the same bounds.
    assert persons.distinct() == found.bounds


def test_cases_of_several_periods_are_refused():
    cases = pd.DataFrame(
        {"person": ["A", "A"], "register": ["police", "ngo"], "period": [2019, 2020]}
    )
    with pytest.raises(InvalidValue, match="lists must have one period"):
        thb.count_cases(cases, "register", key="person")
    one = thb.count_cases(cases.assign(period=2019), "register", key="person")
    assert str(one.period) == "2019"


def refused(call: Any, error: type[ThbstatsError], text: str) -> None:
    with pytest.raises(error) as raised:
        call()
    assert text in str(raised.value), str(raised.value)


def cases_with(register: list[str]) -> Any:
    cases = pd.DataFrame({"person": list("ABC")[: len(register)], "register": register})
    return CaseStore.of(cases).persons("person", dimensions="register")


def test_bad_input_is_refused_with_its_requirement():
    frame, one = pd.DataFrame(ROWS), {"a": 1}
    never = Lists("ab", {"a": 2, "b": 3}, complete=True)
    eight = dict.fromkeys("abcdefghi", 1)
    check_rows(
        refused,
        [
            (lambda: Lists("a", one), InvalidValue, "must be 2 to 10 lists"),
            (lambda: Lists(map(str, range(11)), {"0": 1}), InvalidValue, "must be 2 to 10 lists"),
            (lambda: Lists(["a", "a"], one), InvalidValue, "different names"),
            (lambda: Lists("ab", {"c": 1}), UnknownName, "Use 'a' or 'b'"),
            (lambda: Lists("ab", {(): 1}), InvalidValue, "Leave out persons on no list"),
            (lambda: Lists("ab", {("a",): 1, "a": 2}), InvalidValue, "one set of lists each"),
            (lambda: Lists("ab", one, complete=True), InvalidValue, "a person on each list"),
            (lambda: Lists("ab", overlaps={"a": 0, "b": 1}), InvalidValue, "a person on each list"),
            (lambda: Lists("ab", TWO, without_key={"c": 1}), UnknownName, "Use 'a' or 'b'"),
            (lambda: Lists("ab", TWO, referred_from={"a": "c"}), UnknownName, "Use 'a' or 'b'"),
            (lambda: Lists("ab", TWO, referred_from={"a": "a"}), InvalidValue, "another list"),
            (lambda: Lists("ab", TWO, period={"a": 2013, "b": 2014}), InvalidValue, "one period"),
            (lambda: Lists("ab", TWO, area={"a": "UK", "b": "MT"}), InvalidValue, "one area"),
            (lambda: Lists("ab", {"a": -1}), InvalidValue, "0 or more"),
            (lambda: read(frame.assign(b=[1, 1, 2]), count="n"), InvalidValue, "must be 0 or 1"),
            (lambda: read(frame.assign(b=[1, 1, None]), count="n"), InvalidValue, "must be 0 or 1"),
            (lambda: read(frame), InvalidValue, "Pass names="),
            (lambda: read(frame.assign(a=0, b=[0, 1, 1]), count="n"), InvalidValue, "no list"),
            (lambda: read(frame.assign(a=1, b=1), count="n"), InvalidValue, "one row per history"),
            (lambda: read(frame.assign(n="many"), count="n"), InvalidValue, "row 0, `n`: a"),
            (lambda: read(frame, count="m"), UnknownName, "must be a column"),
            (
                lambda: of(cases_with(["police", "not_stated"])),
                InvalidValue,
                "in each registration",
            ),
            (lambda: of(cases_with(["police", "ngo"]), "period"), UnknownName, "dimension"),
            (lambda: models(Lists("ab", {"a": 3, "b": 4})), InvalidValue, "complete=True"),
            (lambda: models(Lists("ab", TWO, without_key={"a": 1})), InvalidValue, "a key"),
            (lambda: models(Lists("ab", TWO | {"a": Count.fewer_than(5)})), InvalidValue, "hidden"),
            (lambda: models(Lists(eight, eight, complete=True)), InvalidValue, "at most 8 lists"),
            (lambda: models(lists("UKdat"), order=3), InvalidValue, "must be 2"),
            (lambda: models(lists("Korea"), order=4), InvalidValue, "from 1 to 3"),
            (lambda: models(lists("Korea"), order=True), InvalidValue, "from 1 to 3"),
            (lambda: models(lists("Korea"), stepwise=1), InvalidValue, "below 1"),
            (lambda: stability(lists("Polish")), InvalidValue, "three lists or more"),
            (lambda: hidden(lists("Korea"), (3, "1/3")), InvalidValue, "in this order"),
            (lambda: hidden(lists("Korea"), (1, "1e400")), InvalidValue, "None for no upper"),
            (lambda: hidden(lists("Korea"), (-1, 3)), InvalidValue, "0 or more"),
            (lambda: hidden(lists("Korea"), 3), InvalidValue, "a lower and an upper bound"),
            (lambda: hidden(lists("Korea"), ("one", 3)), InvalidValue, "odds_ratio=('1/3', 3)"),
            (lambda: hidden(lists("Korea"), (1, 3), 95), InvalidValue, "level=0.95"),
            (lambda: hidden(lists("Korea"), (1, 3), ratio="odds"), InvalidValue, "'marginal'"),
            (lambda: hidden(Lists("ab", {"a": 3, "b": 4}), (1, 1)), InvalidValue, "size of each"),
            (
                lambda: hidden(Lists("ab", TWO, referred_from={"b": "a"}), (1, 1)),
                InvalidValue,
                "a pair of lists without referrals",
            ),
            (lambda: thb.lists.dependence(never, persons=4), InvalidValue, "at least 5"),
            (lambda: thb.lists.average(lists("UKdat")), InvalidValue, "at most 5 lists"),
            (lambda: thb.lists.average(lists("Korea"), delta=-1), InvalidValue, "above 0"),
            (lambda: thb.lists.average(lists("Korea"), delta=0), InvalidValue, "above 0"),
            (lambda: thb.lists.average(lists("Korea"), delta="1"), InvalidValue, "above 0"),
            (lambda: thb.lists.average(lists("Korea"), most=0), InvalidValue, "1 or more"),
            (lambda: thb.lists.average(lists("Korea"), most=2.5), InvalidValue, "an integer"),
            *(
                (lambda call=call: call("lists.csv"), InvalidValue, "`lists` must be Lists")
                for call in (
                    thb.lists.distinct,
                    thb.lists.dependence,
                    thb.lists.models,
                    thb.lists.stability,
                    thb.lists.chao,
                    thb.lists.average,
                )
            ),
            (lambda: thb.lists.hidden(lists("Korea"), ("1/0", 3)), InvalidValue, "of 0 or more"),
            (lambda: thb.lists.hidden(lists("Korea"), (0, 3), "0.95"), InvalidValue, "below 1"),
            (lambda: thb.lists.models(lists("Korea"), stepwise="x"), InvalidValue, "below 1"),
            (lambda: Lists("ab", TWO, without_key={"a": -7}), InvalidValue, "of 0 or more"),
            (lambda: Lists("ab", TWO, sex="female"), UnknownName, "an argument of Lists"),
            (lambda: read(pd.DataFrame(ROWS), count="m"), UnknownName, "`count` must be a column"),
            (lambda: Lists("ab", TWO, repeated=1.5), InvalidValue, "`repeated` must be integers"),
        ],
    )


def test_problems_of_several_rows_are_one_error():
    with pytest.raises(InvalidValue, match="2 problems") as raised:
        read(pd.DataFrame(ROWS).assign(a=[7, 0, 1], n=[3, 4, "x"]), count="n")
    text = str(raised.value)
    assert "row 0: `a` must be 0 or 1, got '7'. Pass names=" in text
    assert "row 2, `n`: a count must be an integer or a missing-value sign, got 'x'." in text


def test_lists_are_merged_and_left_out_with_their_referrals():
    start = Lists(
        "abc",
        {"a": 1, "b": 2, "c": 3, ("a", "c"): 4, ("a", "b", "c"): Count.fewer_than(5)},
        complete=True,
        without_key={"a": 1, "b": 2},
        referred_from={"b": "a", "c": ["a", "b"]},
    )
    assert evolve(start, without_key={}).referrals == start.referrals  # as an error proposes
    merged = start.rename({"a": "ab", "b": "ab"})
    assert merged.names == ("ab", "c")
    assert merged.history({"ab"}) == Count.known(3)
    assert merged.history({"ab", "c"}) == Count.between(4, 8, Reason.FEWER_THAN)
    assert (merged.without_key, set(merged.referrals)) == ({"ab": 3}, {("c", "ab")})
    fewer = start.rename({"c": None})
    assert fewer.history({"a"}) == Count.known(5)
    assert (fewer.without_key, fewer.referrals) == ({"a": 1, "b": 2}, (("b", "a"),))
    assert (
        repr(Lists("ab", {"a": 3}))
        == "<Lists a, b: at least 3 persons in at least 3 registrations>"
    )


def test_other_names_change_no_bound_and_no_number_of_registrations():
    sizes = {"a": 19, "b": 15, "c": 17}
    start = Lists("abc", overlaps=sizes | {("a", "c"): 4})
    # 19 + 15 + 17 - 4 = 47 persons at most; on a or c are 19 + 17 - 4 = 32 persons.
    assert distinct(start).bounds == Interval(32, 47)
    other = start.rename({"a": "x"})
    assert distinct(other).bounds == Interval(32, 47)
    assert other.overlaps[frozenset("xc")] == Count.known(4)
    # On a or b are 19 to 34 persons, and 4 to 17 of them are on c: those on b can all be.
    merged = start.rename({"a": "ab", "b": "ab"})
    sizes_of = {name: merged.overlaps[frozenset([name])] for name in merged.names}
    assert sizes_of == {"ab": Count.between(19, 34), "c": Count.known(17)}
    assert merged.overlaps[frozenset(["ab", "c"])] == Count.between(4, 17)
    assert start.rename({"a": None}).overlaps == {
        frozenset(own): Count.known(sizes[own]) for own in "bc"
    }
    hidden_sizes = Lists("abc", overlaps=sizes | {("a", "c"): Count.suppressed()})
    both = hidden_sizes.rename({"a": "ab", "b": "ab"}).overlaps[frozenset(["ab", "c"])]
    assert both.reason is Reason.SUPPRESSED


def test_merged_lists_repeat_the_registrations_of_their_persons():
    start = Lists("abc", {"a": 3, "b": 2, ("a", "b"): 4, "c": 1}, complete=True, repeated=2)
    # 3 + 2 + 2 * 4 + 1 = 14 registrations, and 2 repeated ones.
    merged = start.rename({"a": "x", "b": "x"})
    assert (start.repeated, merged.repeated) == (2, 6)
    for own in (start, merged):
        (warning,) = distinct(own).warnings.select("DOUBLE_COUNTING")
        assert "the number of registrations is 16, and the number of persons is 10" in str(
            warning.message
        )
    # All 5 persons on b are on a.
    inside = Lists("abc", overlaps={"a": 9, "b": 5, ("a", "b"): 5, "c": 1})
    assert inside.rename({"a": "x", "b": "x"}).repeated == 5
    with pytest.raises(UnknownName, match="must be the name of a list"):
        start.rename({"d": "x"})


def test_a_worksheet_is_selected_by_its_columns_name_or_position(tmp_path):
    path = tmp_path / "lists.xlsx"
    frames = {
        "notes": pd.DataFrame({"about": ["Persons on two lists"]}),
        "2024": pd.DataFrame({"a": [1, 0, 1], "b": [0, 1, 1], "n": [4, 3, 2]}),
        "2025": pd.DataFrame({"a": [1, 0, 1], "b": [0, 1, 1], "n": [9, 3, 2]}),
    }
    with pd.ExcelWriter(path, engine="xlsxwriter") as book:
        for name, frame in frames.items():
            frame.to_excel(book, sheet_name=name, index=False)
    persons = {
        sheet: read(path, count="n", complete=True, sheet=sheet).exact.persons
        for sheet in (None, "2025", 2, "3")
    }
    assert persons == {None: 9, "2025": 14, 2: 9, "3": 14}
    with pytest.raises(InvalidFile, match="must be a worksheet of lists"):
        read(path, count="n", sheet="2023")
    with pytest.raises(InvalidValue, match="`sheet` must be passed for a workbook only"):
        read(frames["2024"], count="n", sheet=1)


def test_double_counting_names_the_persons_on_two_lists():
    counts = {"a": 5, ("a", "b"): 2, ("a", "b", "c"): 1}
    (warning,) = distinct(Lists("abc", counts, complete=True)).warnings.select("DOUBLE_COUNTING")
    assert str(warning.message) == (
        "the number of registrations is 12, and the number of persons is 8: some persons are "
        "registered on two lists or more"
    )
    assert dict(warning.evidence)["on two lists or more"] == "3"


def test_a_row_of_persons_on_no_list_has_an_empty_count():
    rows = pd.DataFrame({"a": [1, 0, 1, 0], "b": [0, 1, 1, 0], "n": [4, 3, 2, None]})
    assert read(rows, count="n").exact.persons == 9
    with pytest.raises(InvalidValue, match="must be a person on a list"):
        read(rows.fillna(0), count="n")


def test_a_list_can_have_registrations_without_a_key_alone():
    registers = {"register": ["police", "ngo", "health", "health"]}
    cases = pd.DataFrame({"person": ["A", "B", None, None], **registers})
    found = of(CaseStore.of(cases, missing=[None]).persons("person", dimensions="register"))
    # Two persons with a key, and two registrations that can be of them or of two others.
    assert str(distinct(found).bounds) == "2 to 4"
    own = Lists("ab", {"a": 3}, without_key={"b": 4}, complete=True)
    assert str(distinct(own).bounds) == "3 to 7"
    with pytest.raises(InvalidValue, match="must have a person on each list, got 'b'"):
        Lists("ab", {"a": 3}, without_key={"b": 0}, complete=True)
