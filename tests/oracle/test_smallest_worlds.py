"""The smallest tables on which an enumeration of all persons found a fault, with its answer."""

from fractions import Fraction
from typing import Any

import pytest

import thbstats as thb
from thbstats import Count, Interval

MISSING, FEW = Count.not_reported(), Count.fewer_than(5)


def table(rows: list[tuple[Any, ...]], *names: str) -> thb.CountTable:
    return thb.CountTable.from_rows(
        rows, columns=[*names, "value"], kind="victims", area="FR", period=2020
    )


def test_citizens_of_a_group_have_a_known_citizenship() -> None:
    rows = [
        ("total", 10), ("non_eu", 2), ("reporting_country", 1), ("other_eu", 6), ("unknown", 1),
        ("BG", 2), ("VN", 1),
    ]  # fmt: skip
    share = thb.share(table(rows, "citizenship"), citizenship="BG", base="known")
    assert (share.value, share.unknown) == (Interval.point(Fraction(2, 9)), Interval.point(1))
    national = table([("total", 1), ("reporting_country", 1), ("NG", FEW)], "citizenship")
    few = thb.share(national, citizenship="NG", base="all")
    assert few.unknown == Interval.point(0)
    assert "UNKNOWN" not in few.warnings.codes


def test_complete_forms_do_not_contradict_a_total_of_persons_of_unknown_form() -> None:
    """No woman is a victim of sexual exploitation, and the forms of the men have no rows."""
    rows = [
        ("total", "total", 12), ("female", "total", 4), ("male", "total", 8),
        ("female", "sexual", 0), ("male", "labour", MISSING),
    ]  # fmt: skip
    counts = table(rows, "sex", "exploitation")
    men = thb.share(
        counts, sex="male", exploitation="labour", base="all",
        complete_dimensions="exploitation", by="period",
    ).row(0)  # fmt: skip
    assert men.status.code == "not_reported"
    assert men.bounds == Interval(0, Fraction(8, 12))
    assert "CONTRADICTED" not in men.warnings.codes


def test_complete_forms_without_a_row_are_not_0() -> None:
    """The forms are complete, and no row shows how many men are victims of labour exploitation."""
    rows = [("female", "sexual", 3), ("female", "labour", 2), ("male", "sexual", 1)]
    question: dict[str, Any] = {"sex": "female", "base": "known"}
    question |= {"complete_dimensions": "exploitation", "by": "period"}
    share = thb.share(table(rows, "sex", "exploitation"), **question).row(0)
    assert (share.value, share.bounds) == (None, Interval(0, Fraction(5, 6)))
    every = table([*rows, ("male", "labour", 4)], "sex", "exploitation")
    assert thb.share(every, **question).row(0).value == Interval.point(Fraction(1, 2))


def test_complete_dimensions_do_not_contradict_sub_forms() -> None:
    rows = [("labour", "unknown", 0), ("construction", "total", 3), ("unknown", "internal", 0)]
    share = thb.share(
        table(rows, "exploitation", "movement"), exploitation="labour", movement="internal",
        base="all", complete_dimensions="movement", by="period",
    ).row(0)  # fmt: skip
    assert "CONTRADICTED" not in share.warnings.codes


def test_complete_forms_leave_persons_of_unknown_form_to_totals_without_a_row() -> None:
    """20 victims, 14 of unknown form, can be all 12 victims of known sex."""
    rows = [("total", "total", 20), ("total", "sexual", 6), ("unknown", "total", 8)]
    share = thb.share(
        table(rows, "sex", "exploitation"), sex="male", base="known",
        complete_dimensions="exploitation", by="period",
    ).row(0)  # fmt: skip
    assert (share.status.code, share.denominator) == ("not_reported", Interval.point(12))
    assert "CONTRADICTED" not in share.warnings.codes


def test_complete_citizenships_are_groups_and_countries() -> None:
    rows = [("total", 20), ("reporting_country", 4), ("other_eu", 7), ("NG", 9)]
    share = thb.share(
        table(rows, "citizenship"), citizenship="other_eu", base="all",
        complete_dimensions="citizenship",
    )  # fmt: skip
    assert share.unknown is not None
    assert share.unknown.contains(Fraction(0))
    assert "UNKNOWN" not in share.warnings.codes


@pytest.mark.parametrize("by", [None, "area"])
def test_concentration_on_ages_includes_adults_without_a_row(by: str | None) -> None:
    """23 of 40 victims are children, and 0 to 17 are adults."""
    counts = table([("total", 40), ("child", 23)], "age")
    found = thb.concentration(counts, measure="herfindahl", dimension="age", by=by)
    number = found if by is None else found.row(0)
    assert (number.value, number.bounds) == (None, Interval(Fraction(409, 800), 1))


def test_countries_do_not_make_groups_of_citizenship_add_up() -> None:
    """5 of 12 victims are EU citizens, all of other member states, and 2 are from Vietnam."""
    counts = table([("total", 12), ("eu", 5), ("other_eu", 5), ("VN", 2)], "citizenship")
    share = thb.share(counts, citizenship="non_eu", base="known", by="period")
    assert share.row(0).bounds == Interval(0, Fraction(7, 12))


@pytest.mark.parametrize("base", ["all", "responses"])
def test_countries_without_any_form_are_not_in_a_breakdown(base: Any) -> None:
    rows = [("AT", "total", 212), ("AT", "sexual", 110), ("AT", "labour", 70), ("SI", "total", 17)]
    counts = thb.CountTable.from_rows(
        rows, columns=["area", "exploitation", "value"], kind="victims", period=2020
    )
    persons = 212 if base == "all" else 180
    form = thb.share(counts, exploitation="sexual", base=base, area="AT+SI", by="period").row(0)
    for row in (form, thb.breakdown(counts, of="exploitation", base=base, area="AT+SI")[0]):
        assert row.value == Interval.point(Fraction(110, persons))
        assert row.reporters == {"AT"}
