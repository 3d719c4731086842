import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from thbstats.cases import AgeAt, CaseStore
from thbstats.errors import InvalidValue, UnknownName
from thbstats.testing import case_declarations, case_frame
from thbstats.testing.case_frames import FORMS

MANY = case_frame(100_000, seed=7)
STORE = CaseStore.of(MANY, **case_declarations())


def recorded(column):
    return MANY[column].notna() & ~MANY[column].isin(["-99", "Unknown"])


def test_seed_determines_the_frame():
    pd.testing.assert_frame_equal(case_frame(500, seed=3), case_frame(500, seed=3))
    assert not case_frame(500, seed=3).equals(case_frame(500, seed=4))


# From the printed figures, whatever is drawn: three standard errors of 50 000 are 0.7 points.
@pytest.mark.parametrize(
    ("form", "printed"), [("sexual", 0.56), ("labour", 0.26)], ids=["sexual", "labour"]
)
def test_forms_are_as_frequent_as_in_the_second_progress_report(form, printed):
    answered = MANY["sexual"] != -99
    result = (MANY.loc[answered, form] == 1).mean()
    # A second form, which 8 % have, adds to the printed share of the main one.
    assert printed - 0.01 < result < printed + 0.08 * printed + 0.01


@pytest.mark.parametrize(
    ("form", "sex", "printed"), [("sexual", "female", 0.95), ("labour", "male", 0.80)]
)
def test_sex_depends_on_the_form_as_published(form, sex, printed):
    chosen = recorded("sex") & (MANY[form] == 1)
    others = (MANY[list(FORMS)] == 1).sum(axis=1) == 1
    assert abs((MANY.loc[chosen & others, "sex"] == sex).mean() - printed) < 0.01


def test_shares_of_women_and_children_are_near_published_ones():
    assert abs((MANY.loc[recorded("sex"), "sex"] == "female").mean() - 0.68) < 0.02
    assert abs((MANY.loc[recorded("age"), "age"] == "child").mean() - 0.23) < 0.02


def test_citizenships_are_near_published_ones():
    ranks = MANY.loc[recorded("citizenship"), "citizenship"].value_counts()
    of_the_union = ["RO", "HU", "NL", "PL", "BG", "FR", "IT"]
    assert [code for code in ranks.index if code in of_the_union][:5] == of_the_union[:5]
    others = [code for code in ranks.index if len(code) == 2 and code not in of_the_union]
    assert others[:5] == ["NG", "AL", "VN", "CN", "ER"]
    assert abs(ranks[of_the_union].sum() / ranks.sum() - 0.44) < 0.01


@pytest.mark.parametrize(("column", "printed"), [("sex", 8_138 / 97_750), ("age", 26_504 / 97_750)])
def test_missing_shares_are_near_those_of_ctdc(column, printed):
    assert abs(1 - recorded(column).mean() - printed) < 0.01
    assert {"-99", "Unknown"} <= set(MANY[column].cat.categories)
    assert MANY[column].isna().any()


def test_missing_shares_depend_on_the_area():
    silent = 1 - recorded("age").groupby(MANY["area"], observed=True).mean()
    assert silent["MT"] > 2 * silent["NL"]


def test_age_follows_from_the_dates():
    dated = AgeAt(birth="born", event="registered", concept="at_registration")
    derived = CaseStore.of(MANY, **case_declarations(), derive={"age": dated})
    single, two = (store.count(by=["area", "period", "age"]) for store in (STORE, derived))
    for code in ("child", "adult", "unknown"):
        for area in single.categories("area"):
            where = {"area": area, "period": 2015, "age": code}
            assert single.count(**where) == two.count(**where)
    assert np.array_equal(MANY["born"].isna(), ~recorded("age"))


def test_some_persons_have_several_registrations():
    persons = STORE.persons("person")
    registered = persons.rows() - sum(cell.without_key for cell in persons.cells)
    repeat_share = 1 - persons.distinct().lower / registered
    assert 0.025 < repeat_share < 0.035
    assert 5 < sum(conflict.persons for conflict in persons.conflicts) < 80
    assert {conflict.dimension for conflict in persons.conflicts} == {"sex"}


def test_frame_without_repeated_persons():
    frame = case_frame(2_000, repeat_share=0, missing_factor=0)
    assert frame["person"].is_unique


def test_frame_without_missing_values():
    frame = case_frame(3_000, missing_factor=0)
    assert not frame.isna().any().any()
    assert not frame.isin([-99, "-99", "Unknown"]).any().any()


def test_flags_and_lists_contain_equal_forms():
    flags, lists = (
        case_frame(5_000, seed=2, missing_factor=0),
        case_frame(5_000, seed=2, missing_factor=0, forms="list"),
    )
    by = ["area", "period", "exploitation"]
    single = CaseStore.of(flags, **case_declarations()).count(by)
    two = CaseStore.of(lists, **case_declarations("list")).count(by)
    for form in FORMS:
        where = {"area": "NL", "period": 2015, "exploitation": form}
        assert single.count(**where) == two.count(**where)


@examples(10)
@given(st.integers(0, 30), st.integers(0, 3), st.sampled_from([0, 0.5, 1, 2]))
def test_every_frame_is_counted_with_its_declaration(rows, seed, missing_factor):
    for forms in ("flags", "list"):
        frame = case_frame(
            rows, seed=seed, areas=["MT", "UK"], missing_factor=missing_factor, forms=forms
        )
        store = CaseStore.of(frame, **case_declarations(forms))
        assert len(frame) == rows
        by = ["area", "period", "sex", "age", "citizenship", "exploitation"]
        table = store.count(by, margins=[["area", "period"]])
        assert table.lower.sum() == rows
        assert all(len(store.value_counts(name).values) > 0 or not rows for name in by[2:])


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"rows": -1}, InvalidValue, "`rows` must be 0 or more"),
        ({"rows": 1, "areas": []}, InvalidValue, "`areas`"),
        ({"rows": 1, "years": []}, InvalidValue, "`years`"),
        ({"rows": 1, "repeat_share": 1}, InvalidValue, "`repeat_share`"),
        ({"rows": 1, "missing_factor": 3}, InvalidValue, "`missing_factor`"),
        ({"rows": 1, "areas": ["Atlantis"]}, UnknownName, "Atlantis"),
    ],
)
def test_invalid_arguments_raise(options, error, message):
    with pytest.raises(error, match=message):
        case_frame(**options)
