from datetime import date
from fractions import Fraction
from itertools import product
from pathlib import Path

import pandas as pd
import pytest

import thbstats as thb
from tests.releases.published import WORKBOOKS
from thbstats.collection import Plan
from thbstats.errors import InvalidValue, UnknownName
from thbstats.values import Count

DATA = Path(__file__).parents[2] / "docs" / "_data"
SDG = thb.collection.plan("sdg-16.2.2")
PLAN = thb.collection.plan("article-19a")

OPEN = {
    "schema_version": 1,
    "name": "own",
    "title": "Own plan",
    "act": "Own act",
    "source": {"title": "Own act"},
    "variables": [
        {
            "letter": letter,
            "name": name,
            "title": name,
            "kind": "justice",
            "stages": [name],
            "dimensions": ["sex", "citizenship"],
            "categories": {"sex": ["female", "male", "unknown"]},
        }
        for letter, name in (("a", "suspected"), ("b", "convicted"))
    ],
}


def table(*rows, **constants):
    own = {"area": "IT", "period": 2025, "unit": "persons", **constants}
    return thb.CountTable.from_rows([*rows], kind="justice", constants=own)


def test_completeness_of_a_return_by_hand_equals_pencil() -> None:
    # 1 total, 3 of sex and 3 of citizenship (IT, RO, unknown) are required: 7 cells.
    found = Plan.from_dict(OPEN).fill(
        table(
            {"stage": "suspected", "value": 50},
            {"stage": "suspected", "sex": "female", "value": 0},
            {"stage": "suspected", "sex": "male", "value": Count.suppressed()},
            {"stage": "suspected", "citizenship": "IT", "value": Count.fewer_than(5)},
            {"stage": "suspected", "citizenship": "RO", "value": 46},
        ),
        area="IT",
        period=2025,
    )
    row = found.completeness()["suspected"]
    numbers = [row[name] for name in ("required", "provided", "suppressed", "blank", "undecided")]
    # Provided: total, women (0) and RO. Suppressed: men and IT. Blank: two unknown categories.
    assert numbers == [7, 3, 2, 2, 0]
    assert row["producers_lower"] == row["producers_upper"] == 3 / 5  # of 7 without 2 confidential
    assert row["users_lower"] == row["users_upper"] == 3 / 7
    assert row["depth"] == "margins"
    # Convictions are missing: their citizenships could be any other of the list.
    row = found.completeness()["convicted"]
    assert [row[name] for name in ("required", "provided", "depth")] == [7, 0, "none"]
    assert row["undecided"] > 200


def test_a_missing_breakdown_of_an_open_list_gives_an_interval() -> None:
    own = Plan.from_dict(OPEN)
    found = own.fill(
        table(
            {"stage": "suspected", "value": 50},
            {"stage": "suspected", "citizenship": "IT", "value": 50},
            {"stage": "convicted", "value": 20},
        ),
        area="IT",
        period=2025,
    )
    row = found.completeness()["convicted"]
    assert (row["required"], row["provided"]) == (6, 1)
    assert row["users_upper"] == 1 / 6
    assert row["users_lower"] == 1 / (6 + row["undecided"])
    variable = own["convicted"]
    assert row["undecided"] == variable.possible("citizenship") - 2
    whole = found.completeness(by=[])
    assert whole.to_frame()[["required", "provided"]].to_numpy().tolist() == [[12, 3]]
    notes = " ".join(whole.notes)
    assert "R1 has two bounds" in notes
    assert "ESS Guidelines" in notes


def test_derogations_are_not_required_of_producers_and_remain_relevant_for_users() -> None:
    variables = [{**OPEN["variables"][0], "derogations": ["citizenship"]}]
    found = Plan.from_dict({**OPEN, "variables": variables}).fill(
        table(
            {"stage": "suspected", "value": 9},
            {"stage": "suspected", "sex": "female", "value": 9},
            {"stage": "suspected", "citizenship": "IT", "value": 9},
            {"stage": "suspected", "sex": "male", "value": Count.not_applicable()},
        ),
        area="IT",
        period=2025,
    )
    row = found.completeness()["suspected"]
    # Required: total, women, unknown sex, IT, unknown citizenship; men are not applicable.
    assert (row["required"], row["provided"], row["blank"]) == (5, 3, 2)
    assert row["producers_upper"] == pytest.approx(2 / 3)
    assert row["users_upper"] == 3 / 5


def counted_by_pandas(frame: pd.DataFrame) -> pd.DataFrame:
    """Count the cells of SDG 16.2.2 by area and period without the library's plan."""
    cells = [("total", "total", "total")]
    cells += [(sex, "total", "total") for sex in ("female", "male")]
    cells += [("total", age, "total") for age in ("child", "adult")]
    cells += [("total", "total", form) for form in ("sexual", "labour", "other")]
    known = frame[(frame["status"] == "detected") & frame["movement"].eq("total")]
    known = known[known["citizenship"].eq("total")]
    keys = zip(known["sex"], known["age"], known["exploitation"], strict=True)
    known = known[[key in cells for key in keys]]
    known = known.assign(
        provided=known["reason"].isin(["known", "rounded", "conflicting"]),
        suppressed=known["reason"].isin(["fewer_than", "suppressed"]),
    )
    sums = known.groupby(["area", "period"])[["provided", "suppressed"]].sum()
    returns = product(sorted({*frame["area"]}), sorted({*frame["period"]}))
    sums = sums.reindex(pd.MultiIndex.from_tuples(returns, names=["area", "period"]), fill_value=0)
    return sums.assign(required=len(cells), blank=len(cells) - sums.sum(axis=1)).astype(int)


def test_completeness_of_glotip_equals_a_count_by_pandas() -> None:
    reading = thb.read(DATA / "glotip_eu_victims.csv")
    victims = reading.data.victims
    rates = thb.collection.completeness(reading, SDG, by=["area", "period"]).to_frame()
    frame = victims.to_frame().astype({"area": str, "period": str})
    expected = counted_by_pandas(frame).reset_index()
    names = ["area", "period", "required", "provided", "suppressed", "blank"]
    pd.testing.assert_frame_equal(
        rates[names].sort_values(["area", "period"], ignore_index=True),
        expected[names].sort_values(["area", "period"], ignore_index=True),
        check_dtype=False,
    )
    by_area = thb.collection.completeness(victims, SDG, by="area")
    assert len(by_area) == frame["area"].nunique()
    assert rates["provided"].sum() == by_area.to_frame()["provided"].sum()


def test_an_area_without_a_count_in_a_period_has_a_blank_return() -> None:
    rows = [{"area": "MT", "period": 2020, "value": 1}, {"area": "IT", "period": 2021, "value": 0}]
    victims = thb.CountTable.from_rows(rows, kind="victims", status="detected")
    rates = thb.collection.completeness(victims, SDG)
    assert rates["IT", 2021]["provided"] == rates["MT", 2020]["provided"] == 1
    assert rates["IT", 2020]["provided"] == rates["MT", 2021]["provided"] == 0
    assert rates["IT", 2020]["depth"] == "none"
    assert rates["IT", 2021]["depth"] == "total"
    assert rates["IT", 2021]["users_lower"] == float(Fraction(1, 8))


def test_areas_that_must_report_have_a_return_without_a_row() -> None:
    rows = [{"area": "MT", "period": 2020, "value": 1}, {"area": "US", "period": 2020, "value": 5}]
    victims = thb.CountTable.from_rows(rows, kind="victims", status="detected")
    rates = thb.collection.completeness(victims, SDG, by="area", areas="EU27_2020")
    assert {own["area"] for own in rates.frame.to_dict("records")} == thb.geography.eu_members(
        date(2021, 1, 1)
    )
    assert (rates["IT"]["provided"], rates["IT"]["blank"], rates["IT"]["depth"]) == (0, 8, "none")
    every = thb.collection.completeness(victims, SDG, by=[], areas=["MT", "IT"]).frame.iloc[0]
    assert (every["required"], every["provided"]) == (16, 1)
    with pytest.raises(UnknownName):
        thb.collection.completeness(victims, SDG, areas=["ZZZ"])


@pytest.mark.skipif(not WORKBOOKS[1].exists(), reason="the workbook is not here")
def test_areas_of_glotip_are_192_states_and_six_territories() -> None:
    rates = thb.collection.completeness(thb.read(WORKBOOKS[1]), SDG, by="area").frame
    areas = {str(own) for own in rates["area"]}
    assert len(areas) == 198
    assert {"AW", "CW", "PF", "HK", "MO", "PR", "VA", "CK", "NU"} <= areas
    assert areas.isdisjoint({"ER", "KP", "ST", "SO"})


def test_completeness_by_breakdown_adds_up_to_that_by_variable() -> None:
    found = PLAN.fill(
        {"a": pd.DataFrame({"sex": ["female"], "citizenship": ["NG"]})}, area="IT", period=2025
    )
    rates = found.completeness(by=["variable", "breakdown"]).to_frame()
    total = found.completeness().to_frame()
    for name in ("required", "provided", "suppressed", "blank", "undecided"):
        sums = rates.groupby("variable", sort=False)[name].sum()
        assert sums.tolist() == total[name].tolist()
    assert "depth" not in rates


def test_tables_deeper_than_the_plan_have_their_own_depth() -> None:
    rows = [{"value": 1, "sex": "female", "age": "child"}]
    victims = thb.CountTable.from_rows(
        rows, kind="victims", area="MT", period=2020, status="detected"
    )
    row = thb.collection.completeness([victims], SDG, by="area")["MT"]
    assert (row["provided"], row["depth"]) == (0, "cross")


def test_refusals_of_completeness() -> None:
    victims = thb.CountTable.from_rows([{"value": 1}], kind="victims", area="MT", period=2020)
    with pytest.raises(UnknownName, match="must be a key"):
        thb.collection.completeness(victims, SDG, by="sex")
    with pytest.raises(UnknownName, match="No row for"):
        thb.collection.completeness(victims, SDG)["MT", 1999]
    measures = thb.CountTable.from_rows(
        [{"value": 1}], kind="protection", area="MT", period=2020, measure="referral"
    )
    with pytest.raises(InvalidValue, match="a kind of count that the plan asks for"):
        thb.collection.completeness(measures, SDG)
    with pytest.raises(InvalidValue, match="`table` must be a CountTable"):
        thb.collection.completeness("counts.csv", SDG)
    for call in (
        lambda: thb.collection.completeness(victims, "sdg-16.2.2"),
        lambda: SDG.compare("article-19a"),
    ):
        with pytest.raises(InvalidValue, match="must be a plan"):
            call()
    dataset = thb.Dataset(victims=victims)
    assert thb.collection.completeness(dataset, SDG, by="variable")["victims"]["required"] == 8


def test_areas_and_periods_of_other_kinds_are_named() -> None:
    victims = thb.CountTable.from_rows(
        [{"value": 100}], kind="victims", area="FR", period=2020, status="detected"
    )
    rows = [{"area": "FR", "period": 2010, "value": 3}, {"area": "DE", "period": 2011, "value": 4}]
    justice = thb.CountTable.from_rows(rows, kind="justice", stage="suspected", unit="persons")
    every = thb.Dataset(victims=victims, justice=justice)
    # 2 areas in 3 years, with 8 cells each.
    rates = thb.collection.completeness(every, SDG, by=[])
    assert rates.frame[["required", "provided"]].to_numpy().tolist() == [[48, 1]]
    assert rates.notes[-1].endswith("whose cells are blank: 2010, 2011, DE.")
    rates = thb.collection.completeness(every, SDG, by=[], areas="FR")
    assert rates.notes[-1].endswith("whose cells are blank: 2010, 2011.")
    alone = thb.collection.completeness(victims, SDG, by=[])
    assert alone.frame[["required", "provided"]].to_numpy().tolist() == [[8, 1]]
    assert len(alone.notes) == 1


def test_an_area_that_states_the_status_does_not_make_others_blank() -> None:
    rows = [("FR", "not_stated", sex, n) for sex, n in (("total", 9), ("female", 5), ("male", 4))]
    rows += [("MT", "detected", "total", 12)]
    options = {"columns": ["area", "status", "sex", "value"], "kind": "victims", "period": 2020}
    rates = thb.collection.completeness(thb.CountTable.from_rows(rows, **options), SDG, by="area")
    assert [rates[area]["provided"] for area in ("FR", "MT")] == [3, 1]


def test_a_cross_table_requires_the_categories_of_its_return() -> None:
    (variable, _) = OPEN["variables"]
    own = {**variable, "categories": {"sex": ["female", "male"]}}
    plan = Plan.from_dict({**OPEN, "tables": "cross", "variables": [own]})
    rows = [
        {"area": area, "stage": "suspected", "sex": sex, "citizenship": code, "value": 3}
        for area, code in (("AT", "DE"), ("BE", "FR"))
        for sex in ("female", "male")
    ]
    every = thb.CountTable.from_rows(rows, kind="justice", period=2025, unit="persons")
    # (total, female, male) by (total, the citizenship, unknown)
    for tables in (every, every.where(area="AT")):
        row = thb.collection.completeness(tables, plan, by="area")["AT"]
        assert (row["required"], row["provided"]) == (9, 2)
