from fractions import Fraction

import pytest

from tests.comparability.numbers import count, judged, ratio, share
from thbstats.comparability.rules.unknown import RULES
from thbstats.results import Result
from thbstats.values import Interval


def of_all(unknown: int | Interval | None, base: int | Interval = 1000, part: int = 10) -> Result:
    return share(part, base, rule="all", unknown=unknown)


@pytest.mark.parametrize(
    ("unknown", "severity"), [(0, None), (10, None), (11, "note"), (99, "note"), (100, "caution")]
)
def test_the_share_of_the_unknown_among_all_decides(unknown: int, severity: str | None) -> None:
    found = judged(RULES, of_all(unknown))
    assert (found and found.severity) == severity


@pytest.mark.parametrize(
    ("unknown", "severity"), [(9, None), (10, "note"), (99, "note"), (110, "caution")]
)
def test_beside_a_recorded_base_the_unknown_are_counted_to_it(
    unknown: int, severity: str | None
) -> None:
    found = judged(RULES, share(10, 985, unknown=unknown))
    assert (found and found.severity) == severity


def test_what_the_unknown_are_is_said() -> None:
    base, unknown = Interval(17_273, 17_583), Interval(2_949, 3_259)
    number = share(9_759, base, unknown=unknown, dimension=("exploitation",))
    found = judged(RULES, number)
    assert found is not None
    assert (found.code, found.answer, found.severity) == ("UNKNOWN", "fails", "caution")
    assert found.message == (
        "14.4..15.9 % have no recorded form of exploitation and could belong to any category"
    )
    assert found.evidence == (("unknown", "2 949..3 259"),)
    assert "beside the share" in found.mend


def test_several_dimensions_are_unknown_in_one_or_the_other() -> None:
    found = judged(RULES, share(10, 80, unknown=20, dimension=("exploitation", "sex")))
    assert found is not None
    assert "no recorded form of exploitation or sex" in found.message


@pytest.mark.parametrize(
    "number",
    [
        of_all(None),
        of_all(Interval(0, 100)),
        of_all(Interval.at_least(0), Interval.at_least(0)),
        share(10, 80, unknown=None),
        share(10, 980, unknown=Interval(0, 20)),
    ],
    ids=["all", "wide", "no bound", "recorded", "wide beside recorded"],
)
def test_unknown_that_are_not_documented_cannot_be_told(number: Result) -> None:
    found = judged(RULES, number)
    assert found is not None
    assert (found.answer, found.severity) == ("cannot_tell", "note")
    assert found.message == "how many are of unknown category"


def test_where_nobody_is_counted_nobody_is_unknown() -> None:
    assert judged(RULES, share(0, 0, rule="all", unknown=0)) is None
    assert judged(RULES, share(0, 0, unknown=0)) is None


def test_other_numbers_have_no_unknown_category() -> None:
    assert judged(RULES, count(5, unknown=Interval.point(5))) is None
    assert judged(RULES, ratio(5, 9, unknown=Interval.point(5))) is None
    assert judged(RULES, share(5, 9, dimension=(), unknown=5)) is None


def test_two_shares_whose_order_the_unknown_cannot_change_hold() -> None:
    assert judged(RULES, share(30, 90, unknown=10), share(60, 90, unknown=10)) is None


@pytest.mark.parametrize("swap", [False, True])
def test_unknown_that_could_reverse_a_difference_ask_for_caution(swap: bool) -> None:
    pair = [share(40, 90, unknown=10), share(45, 90, unknown=10)]
    found = judged(RULES, *(pair[::-1] if swap else pair))
    assert found is not None
    assert (found.answer, found.severity, found.scope) == ("fails", "caution", "pair")
    assert "reverse" in found.message
    assert dict(found.evidence) == {
        f"{'second' if swap else 'first'}, with the unknown": "40.0..50.0 %",
        f"{'first' if swap else 'second'}, with the unknown": "45.0..55.0 %",
    }
    assert "what is recorded" in found.mend


def test_with_the_unknown_in_the_base_only_their_joining_matters() -> None:
    first, second = of_all(100, part=400), of_all(100, part=450)
    found = judged(RULES, first, second)
    assert found is not None
    assert dict(found.evidence)["first, with the unknown"] == "40.0..50.0 %"
    assert judged(RULES, of_all(10, part=400), of_all(10, part=450)) is None


def test_countries_that_did_not_report_are_not_the_unknown() -> None:
    # The bounds of both are open, since countries are missing; the unknown are none.
    first, second = share(40, 100), share(45, 100)
    assert first.possible == second.possible == Interval(0, 1)
    assert judged(RULES, first, second) is None


def test_a_narrower_possible_share_is_believed() -> None:
    narrow = Interval(Fraction(2, 5), Fraction(41, 100))
    first = share(40, 90, unknown=10, possible=narrow)
    assert judged(RULES, first, share(45, 90, unknown=10)) is None


def test_equal_shares_have_no_difference_to_reverse() -> None:
    assert judged(RULES, share(40, 90, unknown=10), share(40, 90, unknown=10)) is None


def test_a_difference_between_undocumented_unknown_cannot_be_told() -> None:
    found = judged(RULES, share(40, 90, unknown=None), share(45, 90, unknown=10))
    assert found is not None
    assert (found.answer, found.severity) == ("cannot_tell", "note")
    assert found.message == "how many are of unknown category"


def test_only_two_shares_of_categories_have_unknown_to_compare() -> None:
    assert judged(RULES, share(40, 90, unknown=10), ratio(45, 90)) is None
