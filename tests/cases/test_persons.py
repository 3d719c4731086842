import sys
from itertools import product

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.tables.engines import PLAIN, imported
from thbstats.cases import CaseStore
from thbstats.cases.persons import link_rows
from thbstats.errors import InvalidValue, UnknownName
from thbstats.records import schema_of
from thbstats.values import Interval
from thbstats.vocabulary import Classification

NO_PERSON = [None, "-99"]
COLUMNS = ["who", "area", "period"]

rows = st.lists(
    st.tuples(
        st.sampled_from(["A", "B", "C", "D", *NO_PERSON]),
        st.sampled_from(["MT", "IT", "FR"]),
        st.sampled_from([2015, 2016]),
    ),
    min_size=1,
    max_size=60,
)
few = st.lists(
    st.tuples(
        st.sampled_from(["A", "B", None]),
        st.sampled_from(["MT", "IT"]),
        st.sampled_from([2015, 2016]),
    ),
    min_size=1,
    max_size=5,
)

FEW = [
    ("A", "MT", 2015),
    ("A", "IT", 2016),
    ("B", "MT", 2016),
    ("C", "IT", 2015),
    ("C", "IT", 2015),
    ("-99", "IT", 2016),
    (None, "FR", 2016),
]


def store(given, columns=COLUMNS, columns_of=None, **declared):
    frame = pd.DataFrame(given, columns=columns)
    return CaseStore.of(frame, columns=columns_of, **({"missing": NO_PERSON} | declared))


def named(given):
    return {row for row in given if row[0] not in NO_PERSON}


@given(rows)
@examples(15)
def test_every_key_is_counted_once(given):
    persons = store(given).persons("who")
    keyless = sum(row[0] in NO_PERSON for row in given)
    known = len({who for who, _, _ in named(given)})
    assert persons.distinct() == Interval(max(known, min(keyless, 1)), known + keyless)
    assert persons.rows() == len(given)


@given(rows)
@examples(15)
def test_persons_of_a_selection_are_those_with_a_row_in_it(given):
    persons = store(given).persons("who")
    for area, period in {(area, period) for _, area, period in given}:
        chosen = [row for row in given if row[1:] == (area, period)]
        result = persons.distinct(area=area, period=period)
        assert result == store(chosen).persons("who").distinct()
        assert persons.rows(area=area, period=period) == len(chosen)


@given(rows)
@examples(15)
def test_sets_of_the_overlap_table_add_up_to_all_persons(given):
    persons = store(given).persons("who")
    all_keys = {who for who, _, _ in named(given)}
    for by, position in (("area", 1), ("period", 2)):
        expected: dict[str, int] = {}
        for who in all_keys:
            label = " + ".join(sorted({str(row[position]) for row in given if row[0] == who}))
            expected[label] = expected.get(label, 0) + 1
        table = persons.overlap(by)
        assert dict(zip(table[by], table["persons"], strict=True)) == expected
    assert persons.overlap()["persons"].sum() == len(all_keys)


@given(rows)
@examples(15)
def test_sum_of_years_counts_each_person_once_a_year(given):
    persons = store(given).persons("who")
    years = {period for _, _, period in given}
    item = [persons.distinct(period=year) for year in years]
    lower, upper = (sum(getattr(single, end) for single in item) for end in ("lower", "upper"))
    assert persons.sum_over("period") == Interval(lower, upper)
    if not any(row[0] in NO_PERSON for row in given):
        assert persons.distinct().lower <= persons.sum_over("period").lower <= persons.rows()


def spelt(given):
    """Yield every way to name those who are not named: one who is known, or another."""
    empty = [position for position, row in enumerate(given) if row[0] is None]
    for names in product(["A", "B", *map(str, empty)], repeat=len(empty)):
        data = dict(zip(empty, names, strict=True))
        yield [(data.get(position, row[0]), *row[1:]) for position, row in enumerate(given)]


@given(few)
@examples(15)
def test_rows_without_key_give_bounds_of_persons(given):
    persons = store(given).persons("who")
    for selection in ({}, *({"area": area} for _, area, _ in given)):
        areas = set(selection.values()) or {"MT", "IT"}
        ways = [len({row[0] for row in way if row[1] in areas}) for way in spelt(given)]
        assert persons.distinct(**selection) == Interval(min(ways), max(ways))


@given(rows)
@examples(15)
def test_persons_by_a_dimension_of_a_user_equal_those_by_area(given):
    codes = ["it", "mt", "fr"]
    office = Classification(name="office", kind="attribute", categories=codes)
    own = store(given, kind=schema_of("victims", office), columns_of={"office": "area"})
    persons = own.persons("who", dimensions=["office", "period"])
    by_area = store(given).persons("who")
    for area in {area for _, area, _ in given}:
        assert persons.distinct(office=area.lower()) == by_area.distinct(area=area)
    assert persons.sum_over("office") == by_area.sum_over("area")
    assert (
        persons.overlap("office")["persons"].tolist() == by_area.overlap("area")["persons"].tolist()
    )


@given(rows, st.randoms())
@examples(15)
def test_order_of_rows_does_not_matter(given, random):
    mixed = random.sample(given, len(given))
    assert store(mixed).persons("who") == store(given).persons("who")


def test_warning_has_its_figures():
    (warning,) = store(FEW).persons("who").warnings
    assert str(warning) == (
        "DOUBLE_COUNTING (note): the number of registrations is 5, and the number of persons "
        "is 3: some persons are registered in two countries; in two periods; "
        "twice in one area and period"
    )
    assert dict(warning.evidence) == {
        "registrations": "5",
        "persons": "3",
        "in two countries": "1",
        "in two periods": "1",
        "twice in one area and period": "1",
    }


def test_single_registrations_have_no_warning():
    assert store(FEW[2:4]).persons("who").warnings == ()


def test_conflicts_between_rows_of_a_person_are_reported():
    columns = ["who", "area", "period", "sex", "citizenship"]
    data = [
        ("A", "MT", 2015, "female", "NG"),
        ("A", "IT", 2015, "male", "Nigeria"),
        ("B", "IT", 2015, "male", "RO"),
        ("B", "IT", 2016, "unknown", "-99"),
        (None, "IT", 2016, "female", "RO"),
    ]
    persons = store(data, columns).persons("who")
    (conflict,) = persons.conflicts
    assert (conflict.dimension, conflict.codes, conflict.persons) == ("sex", ("female", "male"), 1)
    assert "1 person has different values of sex: female, male" in str(persons)
    assert store(data, columns).persons("who", check_equal=["citizenship"]).conflicts == ()


def test_two_spellings_of_an_area_are_one_area():
    spelt_twice = [("A", "Malta", 2015), ("A", "MT", 2015), ("B", "MT", 2015)]
    persons = store(spelt_twice).persons("who")
    assert persons.distinct(area="Malta") == Interval.point(2)
    assert persons.overlap("area")["persons"].tolist() == [2]
    assert persons.rows(area="MT") == 3


def test_persons_are_counted_by_one_dimension():
    frame = pd.DataFrame(FEW, columns=COLUMNS).drop(columns="area")
    persons = CaseStore.of(frame, missing=NO_PERSON, area="MT").persons("who", dimensions="period")
    assert persons.distinct(period=[2015, 2016]) == persons.distinct() == Interval(3, 5)
    with pytest.raises(UnknownName, match="area"):
        persons.distinct(area="MT")


def test_row_without_a_period_has_the_period_not_stated():
    persons = store([("A", "MT", "-99"), ("A", "MT", "2015")]).persons("who")
    overlap = persons.overlap("period").to_dict("list")
    assert overlap == {"period": ["2015 + not stated"], "persons": [1]}


FORMS = {"multi": {"exploitation": "forms"}, "missing": [*NO_PERSON, ""]}


@pytest.mark.parametrize(
    ("change", "query", "error", "what"),
    [
        ({"missing": ["-99"]}, {}, InvalidValue, r"`who`.*missing=\[None\]"),
        ({"weights": "period"}, {}, InvalidValue, "without weights"),
        ({"period": 2015}, {}, InvalidValue, "is constant for all cases"),
        ({}, {"key": "whom"}, UnknownName, "who"),
        (FORMS, {"dimensions": ["area", "exploitation"]}, InvalidValue, "one category per case"),
    ],
)
def test_invalid_arguments_of_persons_raise(change, query, error, what):
    rows = [(*row, "sexual;labour") for row in FEW]
    with pytest.raises(error, match=what):
        store(rows, [*COLUMNS, "forms"], **change).persons(**{"key": "who", **query})


def test_unknown_areas_raise():
    with pytest.raises(UnknownName, match="DE"):
        store(FEW).persons("who").rows(area="DE")
    with pytest.raises(InvalidValue, match="area"):
        store([("A", "-99", 2015)]).persons("who")
    with pytest.raises(UnknownName, match="Atlantis"):
        store([("A", "Atlantis", 2015)]).persons("who")


def test_persons_without_rows_are_zero():
    empty = pd.DataFrame({name: pd.Series(dtype="object") for name in COLUMNS})
    persons = CaseStore.of(empty).persons("who")
    assert persons.distinct() == persons.sum_over("period") == Interval.point(persons.rows())
    assert persons.rows() == 0
    assert persons.to_frame().empty
    assert "distinct" in str(persons)


def test_frame_and_display_table_show_registrations_and_persons():
    persons = store(FEW).persons("who")
    assert persons.to_frame().to_numpy().tolist() == [
        ["FR", "2016", 1, 1, 1, 1],
        ["IT", "2015", 2, 0, 1, 1],
        ["IT", "2016", 2, 1, 1, 2],
        ["MT", "2015", 1, 0, 1, 1],
        ["MT", "2016", 1, 0, 1, 1],
    ]
    text = str(persons)
    assert "2 registrations have no key" in text
    assert [line.split() for line in text.splitlines() if line.startswith("distinct")] == [
        ["distinct", "7", "3", "to", "5"]
    ]


def test_key_has_any_type():
    days = pd.to_datetime(["2001-01-01", "2001-01-01", "1900-01-01"])
    frame = pd.DataFrame({"who": days, "area": ["MT", "IT", "MT"], "period": 2015})
    assert CaseStore.of(frame).persons("who").distinct() == Interval.point(2)
    declared = CaseStore.of(frame, missing=["1900-01-01 00:00:00"])
    assert declared.persons("who").distinct() == Interval(1, 2)


def test_persons_are_counted_across_registering_bodies():
    data = [("A", "MT", 2015, "police"), ("A", "MT", 2015, "-99"), ("B", "MT", 2015, "ngo")]
    result = store(data, [*COLUMNS, "register"]).persons("who", dimensions="register")
    assert result.overlap().to_dict("list") == {
        "register": ["ngo", "not_stated + police"],
        "persons": [1, 1],
    }
    assert repr(result) == "<Persons: 2 in 3 registrations>"
    assert "registered by two bodies" in str(result.warnings[0].message)


# Engines: the same answer, and no row comes back.


def many(size=2000):
    rng = np.random.default_rng(5)
    who = rng.integers(0, 450, size).astype(str).astype(object)
    who[rng.random(size) < 0.05] = None
    who[rng.random(size) < 0.05] = "-99"
    return {
        "who": ("text", who.tolist()),
        "area": ("text", rng.choice(["MT", "IT", "FR", "UK", "RO"], size).tolist()),
        "period": ("year", rng.integers(1999, 2013, size).tolist()),
        "sex": ("text", rng.choice(["female", "male"], size, p=[0.99, 0.01]).tolist()),
    }


def lazily(frame):
    import narwhals.stable.v2 as nw

    result = nw.from_native(frame)
    return (result if isinstance(result, nw.LazyFrame) else result.lazy()).to_native()


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_persons_of_engine_and_memory_are_equal(engine):
    imported("pyarrow")  # with which DuckDB hands on its groups
    columns = many()
    here = CaseStore.of(PLAIN["pandas"](columns), missing=NO_PERSON).persons("who")
    there = CaseStore.of(lazily(PLAIN[engine](columns)), missing=NO_PERSON).persons("who")
    assert there == here
    assert here.conflicts
    assert len(here.cells) > 64


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_persons_of_several_files_are_counted_once(ending, tmp_path):
    imported("pyarrow")
    imported("duckdb")
    here = PLAIN["pandas"](many())
    for number, part in enumerate(np.array_split(np.arange(len(here)), 3)):
        path = tmp_path / f"{number}.{ending}"
        frame = here.iloc[part]
        if ending == "csv":
            frame.to_csv(path, index=False)
        else:
            frame.to_parquet(path, index=False)
    store = CaseStore.of(tmp_path / f"*.{ending}", missing=[*NO_PERSON, ""])
    assert store.persons("who") == CaseStore.of(here, missing=NO_PERSON).persons("who")


def test_integer_keys_have_equal_declarations_in_every_engine():
    columns = {
        "who": ("int", [1, 1, -99, 2]),
        "area": ("text", ["MT", "IT", "MT", "MT"]),
        "period": ("year", [2015] * 4),
    }
    for engine in PLAIN:
        frame = PLAIN[engine](columns)
        for data in [frame] if engine in ("pandas", "pyarrow") else [frame, lazily(frame)]:
            persons = CaseStore.of(data, missing=[-99]).persons("who")
            assert persons.distinct() == Interval(2, 3), engine


def test_empty_keys_and_nan_are_not_keys_in_an_engine():
    frame = imported("polars").LazyFrame({"who": ["A", None], "area": "MT", "period": 2015})
    with pytest.raises(InvalidValue, match="who"):
        CaseStore.of(frame).persons("who")
    assert CaseStore.of(frame, missing=[None]).persons("who").distinct() == Interval(1, 2)
    frame = imported("polars").LazyFrame({"who": [1.0, float("nan"), -99.0], "area": "MT"})
    persons = CaseStore.of(frame, missing=[None, -99]).persons("who", dimensions="area")
    assert persons.distinct() == Interval(1, 3)


def test_links_exist_for_more_values_than_bits():
    here = CaseStore.of(PLAIN["pandas"](many()), missing=NO_PERSON)
    patterns, sets, _ = link_rows(here.rows, "who", ["area", "period"], frozenset(NO_PERSON))
    frame = here.persons("who").to_frame()
    assert len(patterns) == len(frame) > 64
    assert sum(persons for _, persons in sets) == here.persons("who").distinct().lower


@pytest.mark.parametrize("form", ["pandas", "text", "text without DuckDB", "polars", "duckdb"])
@pytest.mark.parametrize("empty", [None, ""])
def test_rows_with_an_empty_key_have_no_person_in_any_form(form, empty, tmp_path, monkeypatch):
    frame = pd.DataFrame({"who": ["A", empty, empty, empty], "period": ["2020"] * 4})
    frame.to_csv(tmp_path / "a.csv", index=False)
    make = {"pandas": pd.DataFrame, "polars": pl.from_pandas, "duckdb": duckdb.from_df}
    data = make[form](frame) if form in make else tmp_path / "a.csv"
    if form == "text without DuckDB":
        monkeypatch.setitem(sys.modules, "duckdb", None)
    for missing in ([None], [""]):
        store = CaseStore.of(data, missing=missing, area="MT")
        assert store.persons("who", dimensions="period").distinct() == Interval(1, 4)
    with pytest.raises(InvalidValue, match="`who`: empty cells must be declared"):
        CaseStore.of(data, missing=["-"], area="MT").persons("who", dimensions="period")


def test_number_and_its_text_are_one_key():
    frame = pd.DataFrame({"who": pd.Series([1, "1", None, "x"], dtype=object), "period": 2020})
    persons = CaseStore.of(frame, missing=[None], area="MT").persons("who", dimensions="period")
    assert persons.distinct() == Interval(2, 3)
