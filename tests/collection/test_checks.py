from typing import Any

import numpy as np
import pandas as pd
import pytest

import thbstats as thb
from tests.collection.registers import registers
from thbstats.collection import Plan
from thbstats.errors import InvalidValue
from thbstats.values import Count

PLAN = thb.collection.plan("article-19a")
DECLARED = {"multi": {"exploitation": "exploitation"}, "person": "person"}


def ret_of(*rows, area="IT", period=2025):
    own = {"area": area, "period": period, "unit": "persons"}
    victims = [row for row in rows if "stage" not in row]
    justice = [{**row, "unit": row.get("unit", "persons")} for row in rows if "stage" in row]
    tables = []
    if victims:
        constants = {**own, "status": "registered"}
        tables.append(thb.CountTable.from_rows(victims, kind="victims", constants=constants))
    for name in ("prosecution_decision", "court_judgment"):
        chosen = [row for row in justice if name in row or row["unit"] == "persons"]
        classification = thb.vocabulary.bundled_classification(name)
        schema = thb.records.schema_of("justice", classification)
        if chosen:
            constants = {"area": area, "period": period}
            tables.append(thb.CountTable.from_rows(chosen, kind=schema, constants=constants))
    return PLAN.fill(tables, area=area, period=period)


def codes(check, level=None):
    frame = check.to_frame()
    chosen = frame if level is None else frame[frame["level"] == level]
    return [*zip(chosen["variable"], chosen["code"], chosen["severity"], strict=True)]


def test_a_return_in_order_has_no_error() -> None:
    ret = PLAN.fill(registers(), area="IT", period=2025, **DECLARED)
    check = ret.check()
    assert len(check.errors) == 0
    levels = check.to_frame()["level"].tolist()
    assert levels == sorted(levels)
    decisions = check.to_frame().query("code == 'PERSONS_AND_DECISIONS'")
    assert {*decisions["severity"]} == {"note"}
    assert decisions["text"].str.contains("The units differ").all()
    assert "structure" in str(check)


def test_parts_above_and_beyond_their_total_are_errors() -> None:
    ret = ret_of(
        {"value": 10, "stage": "convicted"},
        {"value": 12, "stage": "convicted", "sex": "female"},
        {"value": 3, "stage": "convicted", "age": "child"},
        {"value": 9, "stage": "convicted", "age": "adult"},
        {"value": 4, "stage": "convicted", "citizenship": "IT"},
        {"value": 1, "stage": "convicted", "citizenship": "unknown"},
        {"value": 10, "stage": "suspected"},
        {"value": 4, "stage": "suspected", "sex": "female"},
        {"value": 5, "stage": "suspected", "sex": "male"},
        {"value": 0, "stage": "suspected", "sex": "unknown"},
    )
    check = ret.check()
    assert ("convicted", "PART_ABOVE_TOTAL", "error") in codes(check, 1)
    assert ("convicted", "PARTS_EXCEED_TOTAL", "error") in codes(check, 2)
    assert ("convicted", "PARTS_MISSING", "question") in codes(check, 2)
    assert ("suspected", "PARTS_BELOW_TOTAL", "error") in codes(check, 2)
    texts = check.errors["text"].tolist()
    assert "A part by sex is 12, above the total of 10." in texts
    assert "The parts by sex add up to 9, and the total is 10." in texts


def test_bodies_can_register_more_than_the_persons() -> None:
    ret = ret_of(
        {"value": 10, "register": "all"},
        {"value": 8, "register": "police"},
        {"value": 7, "register": "ngo"},
    )
    assert ("victims", "PARTS_OVERLAP", "note") in codes(ret.check(), 2)


def test_convictions_and_convicted_persons_are_both_zero_or_neither() -> None:
    judgment = {"stage": "prosecuted", "unit": "judgments", "court_judgment": "conviction"}
    for persons, judgments, expected in ((5, 0, "error"), (0, 3, "error"), (5, 3, "note")):
        ret = ret_of({"value": persons, "stage": "convicted"}, {**judgment, "value": judgments})
        found = [item for item in codes(ret.check(), 2) if item[0] == "judgments"]
        code = "CONVICTIONS" if expected == "error" else "PERSONS_AND_JUDGMENTS"
        assert found == [("judgments", code, expected)]


def test_users_of_services_with_the_counts_of_suspects_are_a_question() -> None:
    rows = [
        {"value": value, "stage": "suspected", "sex": sex, "offence": offence}
        for offence in ("trafficking", "use_of_services")
        for sex, value in (("total", 9), ("female", 4), ("male", 5))
    ]
    assert ("use_of_services", "SAME_COUNTS", "question") in codes(ret_of(*rows).check(), 2)
    rows[-1]["value"] = 3
    assert "SAME_COUNTS" not in {item[1] for item in codes(ret_of(*rows).check())}


def test_jumps_and_lost_cells_since_last_year_are_questions() -> None:
    old = ret_of(
        {"value": 100, "stage": "convicted"},
        {"value": 100, "stage": "convicted", "sex": "female"},
        {"value": 4, "stage": "convicted", "age": "child"},
        {"value": 25, "stage": "convicted", "age": "adult"},
        period=2024,
    )
    new = ret_of(
        {"value": 131, "stage": "convicted"},
        {"value": 130, "stage": "convicted", "sex": "female"},
        {"value": 14, "stage": "convicted", "age": "child"},
        {"value": Count.fewer_than(5), "stage": "convicted", "age": "adult"},
    )
    frame = new.check(old).to_frame().query("level == 3")
    # |131 - 100| > 3 * 10, and |130 - 100| and |14 - 4| are not above their limits.
    assert frame[["code", "item", "severity"]].to_numpy().tolist() == [
        ["JUMP", "total", "question"]
    ]
    assert frame["text"].iloc[0].startswith("total: 131 in 2025 and 100 in 2024.")
    lost = (
        ret_of({"value": 131, "stage": "convicted"}).check(old).to_frame().query("code == 'LOST'")
    )
    assert lost["text"].iloc[0].startswith("3 cells have a count")


def test_two_returns_of_one_period_are_compared_as_revisions() -> None:
    first = ret_of({"value": 100, "stage": "convicted"}, {"value": 7, "stage": "suspected"})
    second = ret_of({"value": 103, "stage": "convicted"}, {"value": 7, "stage": "suspected"})
    frame = second.check(first).to_frame().query("level == 3")
    assert frame[["variable", "code"]].to_numpy().tolist() == [["convicted", "REVISED"]]
    assert frame["text"].iloc[0].startswith("1 cell is revised")


def test_citizens_of_the_other_country_are_notes() -> None:
    cases = pd.DataFrame({"citizenship": ["RO", "RO", "IT", "NG"]})
    italy = PLAN.fill({"a": cases}, area="IT", period=2025)
    romania = PLAN.fill({"a": cases[:2]}, area="RO", period=2025)
    frame = italy.check(mirror=[romania]).to_frame().query("level == 4")
    assert {*frame["severity"]} == {"note"}
    text = frame["text"].tolist()[0]
    assert text.startswith("Citizens of RO in the return of IT: 2. Those in the return of RO: 2.")


def test_returns_that_are_not_comparable_are_refused() -> None:
    own = ret_of({"value": 1, "stage": "convicted"})
    later = ret_of({"value": 1, "stage": "convicted"}, period=2026)
    other = ret_of({"value": 1, "stage": "convicted"}, area="FR")
    for previous in (later, other):
        with pytest.raises(InvalidValue, match="must be of article-19a IT, and not after 2025"):
            own.check(previous)
    for mirror in (own, later):
        with pytest.raises(InvalidValue, match="another area and the same period"):
            own.check(mirror=[mirror])
    for call in (
        lambda: own.check("it_2024"),
        lambda: own.check(mirror=["fr_2025"]),
        lambda: own.quality("2026-09-01", previous="it_2024"),
    ):
        with pytest.raises(InvalidValue, match="must be a return"):
            call()


def test_quality_indicators_by_hand_equal_pencil() -> None:
    first = ret_of(
        {"value": 100, "stage": "convicted"},
        {"value": 60, "stage": "convicted", "sex": "female"},
        {"value": 40, "stage": "convicted", "sex": "male"},
    )
    final = ret_of(
        {"value": 104, "stage": "convicted"},
        {"value": 60, "stage": "convicted", "sex": "female"},
        {"value": 42, "stage": "convicted", "sex": "male"},
    )
    before = ret_of({"value": 90, "stage": "convicted"}, period=2024)
    row = final.quality("2026-09-28", previous=[before, first])["convicted"]
    # Required: the total, 3 of sex, 3 of age and the unknown citizenship.
    assert (row["required"], row["provided"]) == (8, 3)
    assert row["users_upper"] == 3 / 8
    assert row["mean_absolute_revision"] == (4 + 0 + 2) / 3
    assert row["relative_mean_absolute_revision"] == 6 / 206
    # From 31 December 2025 to 28 September 2026; 30 September and 31 December are due.
    days = [row[name] for name in ("timeliness", "punctuality", "punctuality_latest")]
    assert days == [271, -2, -94]
    assert row["comparable_periods"] == 2
    table = final.quality("2026-10-05", previous=first)
    assert table["convicted"]["punctuality"] == 5
    assert table["judgments"]["comparable_periods"] == 0
    first_return = final.quality("2026-10-05")["convicted"]
    assert np.isnan(first_return["mean_absolute_revision"])
    for name in ("R1", "A6", "TP1", "TP3", "CC2"):
        assert any(f", {name}." in note for note in table.notes)
    assert "score" not in {*table.to_frame()}
    assert "TP3" in str(final.quality("2026-09-28"))


def test_a_break_ends_the_comparable_series() -> None:
    old = [ret_of({"value": 9, "stage": "convicted"}, period=year) for year in (2022, 2023)]
    broken = ret_of({"value": 9, "stage": "convicted", "flags": "b"}, period=2024)
    new = ret_of({"value": 9, "stage": "convicted"})
    row = new.quality("2026-09-28", previous=[*old, broken])["convicted"]
    assert row["comparable_periods"] == 2
    row = new.quality("2026-09-28", previous=old)["convicted"]
    assert row["comparable_periods"] == 1


def test_a_plan_without_due_days_has_no_punctuality() -> None:
    victims = thb.CountTable.from_rows(
        [{"value": 1}], kind="victims", area="MT", period=2020, status="detected"
    )
    ret = thb.collection.plan("sdg-16.2.2").fill(victims, area="MT", period=2020)
    row = ret.quality("2021-05-01")["victims"]
    assert row["punctuality"] is None
    assert row["timeliness"] == 121
    with pytest.raises(InvalidValue, match="must be after the end of the period"):
        ret.quality("2020-12-31")


def test_a_jump_names_the_dimension_of_its_category() -> None:
    def filled(year: int, unknown: int) -> Any:
        sex = [""] * unknown + ["female"] * 90
        return PLAN.fill({"a": pd.DataFrame({"sex": sex})}, area="IT", period=year)

    texts = [*filled(2025, 82).check(filled(2024, 10)).frame["text"]]
    assert any(text.startswith("unknown (sex): 82 in 2025 and 10 in 2024.") for text in texts)


def test_a_suppressed_count_and_a_category_that_is_gone_are_lost() -> None:
    new = ret_of({"value": 500, "register": "all"}, {"value": 500, "register": "ngo"})
    for period in (2024, 2025):
        old = ret_of(
            {"value": 500, "register": "all"},
            {"value": 500, "register": "police"},
            {"value": Count.fewer_than(5), "sex": "male"},
            period=period,
        )
        (text,) = new.check(old).frame.query("level == 3")["text"]
        assert text == (
            "2 cells have a count (a number or a suppressed count) in the return for "
            f"{period}, and none now."
        )


def test_sum_of_groups_can_be_below_the_total_if_a_citizenship_has_several_groups() -> None:
    for codes in (["IT", "YU", "FR"], ["non_eu", "US", "IT", "eu"]):
        ret = PLAN.fill({"a": pd.DataFrame({"citizenship": codes})}, area="IT", period=2025)
        assert len(ret.check().errors) == 0
    rows = [("total", 3), ("reporting_country", 1), ("other_eu", 1), ("non_eu", 0)]
    cells = [{"citizenship": code, "value": n} for code, n in [*rows, ("unknown", 0)]]
    assert ret_of(*cells).check().errors["code"].tolist() == ["PARTS_BELOW_TOTAL"]


def test_citizens_are_compared_by_stage() -> None:
    stages = ("suspected", "convicted")
    variable = {"letter": "a", "name": "persons", "title": "Persons", "kind": "justice"}
    variable |= {"stages": [*stages], "dimensions": ["citizenship"]}
    about = {"schema_version": 1, "name": "own", "title": "Own", "act": "Own act"}
    plan = Plan.from_dict({**about, "source": {"title": "s"}, "variables": [variable]})

    def filled(area: str, code: str, numbers: tuple[int, int]) -> Any:
        rows = [*zip(stages, [code] * 2, numbers, strict=True)]
        names, options = ["stage", "citizenship", "value"], {"area": area, "period": 2025}
        return plan.fill(
            thb.CountTable.from_rows(rows, columns=names, kind="justice", **options), **options
        )

    italy = filled("IT", "FR", (10, 2))
    for code, expected in (("reporting_country", [(10, 100), (2, 30)]), ("all", [])):
        check = italy.check(mirror=[filled("FR", code, (100, 30))])
        assert check.frame.query("level == 4")["text"].tolist() == [
            f"Citizens of FR with the stage {stage} in the return of IT: {abroad}. Those in the "
            f"return of FR: {home}. One person can be in both returns."
            for stage, (abroad, home) in zip(stages, expected, strict=False)
        ]


def test_an_earlier_return_can_have_a_later_release_day() -> None:
    def filled(number: int, day: str) -> Any:
        source = thb.Source(title="Register", published=day)
        table = thb.CountTable.from_rows(
            [{"value": number}], kind="victims", area="IT", period=2025, status="registered",
            source=source,
        )  # fmt: skip
        return PLAN.fill({"a": table}, area="IT", period=2025)

    first, second = filled(100, "2026-09-01"), filled(101, "2026-03-01")
    assert second.check(first).frame.query("level == 3")["code"].tolist() == ["REVISED"]
    rates = second.quality("2026-10-01", previous=first)
    assert rates["victims"]["mean_absolute_revision"] == 1
