from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tables.engines import PLAIN, imported
from thbstats.cases import CaseStore
from thbstats.cases.linkage import link_rows
from thbstats.errors import InvalidValue, UnknownName
from thbstats.values import Interval

NOBODY = [None, "-99"]
COLUMNS = ["who", "area", "period"]

rows = st.lists(
    st.tuples(
        st.sampled_from(["A", "B", "C", "D", *NOBODY]),
        st.sampled_from(["MT", "IT", "FR"]),
        st.sampled_from([2015, 2016]),
    ),
    min_size=1,
    max_size=30,
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


def store(given, columns=COLUMNS, **declared):
    frame = pd.DataFrame(given, columns=columns)
    return CaseStore.of(frame, **({"missing": NOBODY} | declared))


def named(given):
    return {row for row in given if row[0] not in NOBODY}


@given(rows)
def test_everybody_who_is_named_is_counted_once(given):
    persons = store(given).persons("who")
    keyless = sum(row[0] in NOBODY for row in given)
    known = len({who for who, _, _ in named(given)})
    assert persons.distinct() == Interval(max(known, min(keyless, 1)), known + keyless)
    assert persons.rows() == len(given)


@given(rows)
def test_persons_of_a_selection_are_those_with_a_row_in_it(given):
    persons = store(given).persons("who")
    for area, period in {(area, period) for _, area, period in given}:
        chosen = [row for row in given if row[1:] == (area, period)]
        found = persons.distinct(area=area, period=period)
        assert found == store(chosen).persons("who").distinct()
        assert persons.rows(area=area, period=period) == len(chosen)


@given(rows)
def test_the_sets_of_the_overlap_table_are_apart_and_make_all_persons(given):
    persons = store(given).persons("who")
    everybody = {who for who, _, _ in named(given)}
    for by, place in (("area", 1), ("period", 2)):
        expected: dict[str, int] = {}
        for who in everybody:
            label = " + ".join(sorted({str(row[place]) for row in given if row[0] == who}))
            expected[label] = expected.get(label, 0) + 1
        table = persons.overlap(by)
        assert dict(zip(table[by], table["persons"], strict=True)) == expected
    assert persons.overlap()["persons"].sum() == len(everybody)


@given(rows)
def test_a_sum_of_years_counts_each_person_once_a_year(given):
    persons = store(given).persons("who")
    years = {period for _, _, period in given}
    each = [persons.distinct(period=year) for year in years]
    assert persons.sum_over("period") == Interval(
        sum(one.lower for one in each), sum(one.upper for one in each)
    )
    if not any(row[0] in NOBODY for row in given):
        assert persons.distinct().lower <= persons.sum_over("period").lower <= persons.rows()


def spelt(given):
    """Yield every way to name those who are not named: one who is known, or another."""
    empty = [place for place, row in enumerate(given) if row[0] is None]
    for names in product(["A", "B", *map(str, empty)], repeat=len(empty)):
        told = dict(zip(empty, names, strict=True))
        yield [(told.get(place, row[0]), *row[1:]) for place, row in enumerate(given)]


@given(few)
def test_rows_that_name_nobody_leave_as_many_persons_as_there_can_be(given):
    persons = store(given).persons("who")
    ways = [len({row[0] for row in way}) for way in spelt(given)]
    assert persons.distinct() == Interval(min(ways), max(ways))
    for area in {area for _, area, _ in given}:
        ways = [len({row[0] for row in way if row[1] == area}) for way in spelt(given)]
        assert persons.distinct(area=area) == Interval(min(ways), max(ways))


@given(rows, st.randoms())
def test_the_order_of_rows_does_not_matter(given, random):
    mixed = random.sample(given, len(given))
    assert store(mixed).persons("who") == store(given).persons("who")


def test_the_warning_has_the_figures_behind_it():
    (warning,) = store(FEW).persons("who").warnings
    assert str(warning) == (
        "DOUBLE_COUNTING (note): 5 registrations are of 3 persons: one person is counted in two "
        "countries; in two periods; twice in one area and period"
    )
    assert dict(warning.evidence) == {
        "registrations": "5",
        "persons": "3",
        "in two countries": "1",
        "in two periods": "1",
        "twice in one area and period": "1",
    }


def test_where_everybody_is_registered_once_there_is_nothing_to_warn_of():
    assert store(FEW[2:4]).persons("who").warnings == ()


def test_what_rows_of_one_person_say_differently_is_told_and_not_resolved():
    columns = ["who", "area", "period", "sex", "citizenship"]
    told = [
        ("A", "MT", 2015, "female", "NG"),
        ("A", "IT", 2015, "male", "Nigeria"),
        ("B", "IT", 2015, "male", "RO"),
        ("B", "IT", 2016, "unknown", "-99"),
        (None, "IT", 2016, "female", "RO"),
    ]
    persons = store(told, columns).persons("who")
    (conflict,) = persons.conflicts
    assert (conflict.dimension, conflict.codes, conflict.persons) == ("sex", ("female", "male"), 1)
    assert "1 person is recorded as female and as male (sex)" in str(persons)
    assert store(told, columns).persons("who", check_equal=["citizenship"]).conflicts == ()


def test_two_spellings_of_one_area_are_one_place():
    spelt_twice = [("A", "Malta", 2015), ("A", "MT", 2015), ("B", "MT", 2015)]
    persons = store(spelt_twice).persons("who")
    assert persons.distinct(area="Malta") == Interval.point(2)
    assert persons.overlap("area")["persons"].tolist() == [2]
    assert persons.rows(area="MT") == 3


def test_persons_can_be_told_apart_by_one_dimension():
    frame = pd.DataFrame(FEW, columns=COLUMNS).drop(columns="area")
    persons = CaseStore.of(frame, missing=NOBODY, area="MT").persons("who", dimensions="period")
    assert persons.distinct(period=[2015, 2016]) == persons.distinct() == Interval(3, 5)
    with pytest.raises(UnknownName, match="area"):
        persons.distinct(area="MT")


def test_a_row_without_a_period_has_a_period_that_is_not_stated():
    persons = store([("A", "MT", "-99"), ("A", "MT", "2015")]).persons("who")
    assert persons.overlap("period").to_dict("list") == {
        "period": ["2015 + not stated"],
        "persons": [1],
    }


@pytest.mark.parametrize(
    ("change", "error", "what"),
    [
        ({"missing": ["-99"]}, InvalidValue, r"field 'who'.*missing=\[None\]"),
        ({"weights": "period"}, InvalidValue, "without weights"),
        ({"period": 2015}, InvalidValue, "said of every case"),
    ],
)
def test_persons_that_cannot_be_told_apart_are_refused(change, error, what):
    with pytest.raises(error, match=what):
        store(FEW, **change).persons("who")


def test_a_key_that_does_not_exist_and_an_area_that_nobody_has_are_refused():
    with pytest.raises(UnknownName, match="who"):
        store(FEW).persons("whom")
    with pytest.raises(UnknownName, match="DE"):
        store(FEW).persons("who").rows(area="DE")
    with pytest.raises(InvalidValue, match="area"):
        store([("A", "-99", 2015)]).persons("who")
    with pytest.raises(UnknownName, match="Atlantis"):
        store([("A", "Atlantis", 2015)]).persons("who")


def test_a_dimension_with_several_answers_tells_no_persons_apart():
    told = [("A", "MT", 2015, "sexual;labour")]
    several = store(told, [*COLUMNS, "forms"], multi={"exploitation": "forms"})
    with pytest.raises(InvalidValue, match="one answer"):
        several.persons("who", dimensions=["area", "exploitation"])


def test_without_a_row_there_is_nobody():
    empty = pd.DataFrame({name: pd.Series(dtype="object") for name in COLUMNS})
    persons = CaseStore.of(empty).persons("who")
    assert (persons.distinct(), persons.rows(), persons.sum_over("period")) == (
        Interval.point(0),
        0,
        Interval.point(0),
    )
    assert persons.to_frame().empty
    assert "counted once" in str(persons)


def test_the_frame_and_the_sheet_show_registrations_beside_persons():
    persons = store(FEW).persons("who")
    assert persons.to_frame().to_numpy().tolist() == [
        ["FR", "2016", 1, 1, 1, 1],
        ["IT", "2015", 2, 0, 1, 1],
        ["IT", "2016", 2, 1, 1, 2],
        ["MT", "2015", 1, 0, 1, 1],
        ["MT", "2016", 1, 0, 1, 1],
    ]
    text = str(persons)
    assert "2 registrations name nobody" in text
    assert [line.split() for line in text.splitlines() if "counted once" in line] == [
        ["counted", "once", "7", "3", "to", "5"]
    ]


def test_a_key_can_be_of_any_kind():
    days = pd.to_datetime(["2001-01-01", "2001-01-01", "1900-01-01"])
    frame = pd.DataFrame({"who": days, "area": ["MT", "IT", "MT"], "period": 2015})
    assert CaseStore.of(frame).persons("who").distinct() == Interval.point(2)
    declared = CaseStore.of(frame, missing=["1900-01-01 00:00:00"])
    assert declared.persons("who").distinct() == Interval(1, 2)


def test_bodies_can_register_one_person_too():
    told = [("A", "MT", 2015, "police"), ("A", "MT", 2015, "-99"), ("B", "MT", 2015, "ngo")]
    found = store(told, [*COLUMNS, "register"]).persons("who", dimensions="register")
    assert found.overlap().to_dict("list") == {
        "register": ["ngo", "not_stated + police"],
        "persons": [1, 1],
    }
    assert repr(found) == "<Persons: 2 in 3 registrations>"
    assert "in two categories of" in str(found.warnings[0].message)


# Engines: the same answer, and no row comes back.


def many(size=4000):
    rng = np.random.default_rng(5)
    who = rng.integers(0, 900, size).astype(str).astype(object)
    who[rng.random(size) < 0.05] = None
    who[rng.random(size) < 0.05] = "-99"
    return {
        "who": ("text", who.tolist()),
        "area": ("text", rng.choice(["MT", "IT", "FR", "UK", "RO"], size).tolist()),
        "period": ("year", rng.integers(1999, 2020, size).tolist()),
        "sex": ("text", rng.choice(["female", "male"], size, p=[0.99, 0.01]).tolist()),
    }


def lazily(frame):
    import narwhals.stable.v2 as nw

    found = nw.from_native(frame)
    return (found if isinstance(found, nw.LazyFrame) else found.lazy()).to_native()


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_an_engine_gives_the_persons_that_memory_gives(engine):
    imported("pyarrow")  # with which DuckDB hands on its groups
    columns = many()
    here = CaseStore.of(PLAIN["pandas"](columns), missing=NOBODY).persons("who")
    there = CaseStore.of(lazily(PLAIN[engine](columns)), missing=NOBODY).persons("who")
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
    store = CaseStore.of(tmp_path / f"*.{ending}", missing=[*NOBODY, ""])
    assert store.persons("who") == CaseStore.of(here, missing=NOBODY).persons("who")


def test_whole_numbers_as_keys_are_declared_as_they_are_in_every_engine():
    told = {
        "who": ("int", [1, 1, -99, 2]),
        "area": ("text", ["MT", "IT", "MT", "MT"]),
        "period": ("year", [2015] * 4),
    }
    for engine in PLAIN:
        frame = PLAIN[engine](told)
        for data in [frame] if engine in ("pandas", "pyarrow") else [frame, lazily(frame)]:
            persons = CaseStore.of(data, missing=[-99]).persons("who")
            assert persons.distinct() == Interval(2, 3), engine


def test_an_engine_refuses_a_key_that_is_empty_and_not_declared():
    frame = imported("polars").LazyFrame({"who": ["A", None], "area": "MT", "period": 2015})
    with pytest.raises(InvalidValue, match="who"):
        CaseStore.of(frame).persons("who")
    assert CaseStore.of(frame, missing=[None]).persons("who").distinct() == Interval(1, 2)


def test_floats_that_are_no_number_name_nobody_in_an_engine():
    frame = imported("polars").LazyFrame(
        {"who": [1.0, float("nan"), -99.0], "area": "MT", "period": [2015, 2015, 2016]}
    )
    persons = CaseStore.of(frame, missing=[None, -99]).persons("who")
    assert persons.distinct() == Interval(1, 3)


def test_what_stands_together_is_found_for_more_values_than_bits():
    here = CaseStore.of(PLAIN["pandas"](many()), missing=NOBODY)
    found = link_rows(here.rows, "who", ["area", "period"], frozenset(NOBODY))
    frame = here.persons("who").to_frame()
    assert len(found.values) == len(frame) > 100
    assert sum(persons for _, persons in found.sets) == here.persons("who").distinct().lower
