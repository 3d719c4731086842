import pytest

from tests.comparability.numbers import SOURCE, context, count, judged, justice, ratio
from thbstats.comparability.rules.register import RULES
from thbstats.results import Result, Series


def by(body: str, area: str = "BE", **more) -> Result:
    counted = Series("victims", [("register", body), ("status", "registered")])
    return count(100, context(area, counted=counted, sources=(SOURCE,), **more))


@pytest.mark.parametrize("body", ["all", "not_stated"])
def test_all_bodies_or_nothing_stated_holds(body: str) -> None:
    assert judged(RULES, by(body)) is None


def test_one_kind_of_body_is_a_note() -> None:
    found = judged(RULES, by("police"))
    assert found is not None
    assert (found.code, found.answer, found.severity) == ("REGISTER", "fails", "note")
    assert found.message == "registered by one kind of body: Police"
    assert dict(found.evidence) == {"registered by": "Police"}


@pytest.mark.parametrize(("body", "severity"), [("ngo", "caution"), ("police", "note")])
def test_two_bodies_in_one_number_ask_for_caution(body: str, severity: str) -> None:
    sides = [Series("victims", [("register", name)]) for name in (body, "police")]
    found = judged(RULES, ratio(3, 4, counted=sides[0], against=sides[1]))
    assert found is not None
    assert found.severity == severity


def test_a_body_on_one_side_only_is_a_note() -> None:
    number = ratio(
        3, 4, counted=justice("convicted"), against=Series("victims", [("register", "ngo")])
    )
    found = judged(RULES, number)
    assert found is not None
    assert found.severity == "note"


@pytest.mark.parametrize("body", ["all", "police"])
def test_the_same_bodies_hold(body: str) -> None:
    assert judged(RULES, by(body), by(body, "FR")) is None


@pytest.mark.parametrize(("one", "two"), [("police", "all"), ("ngo", "police")])
def test_different_bodies_ask_for_caution(one: str, two: str) -> None:
    found = judged(RULES, by(one), by(two))
    assert found is not None
    assert (found.answer, found.severity, found.scope) == ("fails", "caution", "pair")
    assert {name for _, name in found.evidence} <= {"Police", "NGO", "All registering bodies"}


def test_bodies_that_two_countries_do_not_state_cannot_be_told() -> None:
    found = judged(RULES, by("not_stated"), by("not_stated", "FR"))
    assert found is not None
    assert (found.answer, found.severity) == ("cannot_tell", "note")
    assert found.message == "which bodies registered"
    found = judged(RULES, by("police"), by("not_stated", "FR"))
    assert found is not None
    assert found.answer == "cannot_tell"


def test_one_source_place_and_series_is_presumed_to_have_the_same_bodies() -> None:
    assert judged(RULES, by("not_stated"), by("not_stated", period="2016")) is None
    assert judged(RULES, by("not_stated", "BE+FR"), by("not_stated", "BE+DE")) is None
