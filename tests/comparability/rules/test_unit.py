import pytest

from tests.comparability.numbers import context, count, judged, justice, ratio, share, victims
from thbstats.comparability.rules.unit import RULES
from thbstats.results import Ratio


def of_units(counted: str, against: str) -> Ratio:
    return ratio(
        3, 4, counted=justice("convicted", counted), against=justice("prosecuted", against)
    )


def test_a_ratio_of_persons_to_persons_holds() -> None:
    assert judged(RULES, of_units("persons", "persons")) is None


@pytest.mark.parametrize(
    ("units", "severity"),
    [
        (("convictions", "prosecutions"), "note"),
        (("convictions", "persons"), "caution"),
        (("persons", "prosecutions"), "caution"),
    ],
)
def test_a_ratio_across_units_weighs_more_where_persons_are_one_of_them(
    units: tuple[str, str], severity: str
) -> None:
    found = judged(RULES, of_units(*units))
    assert found is not None
    assert (found.code, found.answer, found.severity) == ("UNIT", "fails", severity)
    assert found.message.startswith("two units in one ratio")
    assert found.evidence == (("units", f"{units[0]} over {units[1]}"),)
    assert "never as a share of persons" in found.mend


@pytest.mark.parametrize("units", [("", "persons"), ("persons", ""), ("", "")])
def test_a_unit_that_is_not_stated_cannot_be_told(units: tuple[str, str]) -> None:
    found = judged(RULES, of_units(*units))
    assert found is not None
    assert (found.answer, found.severity) == ("cannot_tell", "note")


def test_a_share_has_one_unit_by_nature() -> None:
    unstated = context(counted=victims(unit="not_stated"))
    assert judged(RULES, share(68, 100, where=unstated)) is None


def test_persons_are_not_compared_with_cases() -> None:
    cases = count(5, context(counted=victims(unit="cases")))
    found = judged(RULES, count(5), cases)
    assert found is not None
    assert (found.answer, found.severity, found.scope) == ("fails", "blocking", "pair")
    assert dict(found.evidence) == {"first": "persons", "second": "cases"}
    assert "convictions with convictions" in found.mend


def test_equal_units_on_both_sides_hold() -> None:
    assert judged(RULES, count(5), count(6)) is None
    pair = of_units("convictions", "prosecutions"), of_units("convictions", "prosecutions")
    assert judged(RULES, *pair) is None


def test_numerators_meet_numerators_and_denominators_meet_denominators() -> None:
    swapped = of_units("convictions", "persons"), of_units("persons", "convictions")
    found = judged(RULES, *swapped)
    assert found is not None
    assert found.answer == "fails"
    assert dict(found.evidence)["first"] == "convictions over persons"


def test_an_unstated_unit_cannot_be_told_unless_the_other_side_differs_anyway() -> None:
    open_ = judged(RULES, of_units("", "persons"), of_units("convictions", "persons"))
    assert open_ is not None
    assert (open_.answer, open_.severity) == ("cannot_tell", "caution")
    assert dict(open_.evidence)["first"] == "not stated over persons"
    closed = judged(RULES, of_units("", "persons"), of_units("convictions", "prosecutions"))
    assert closed is not None
    assert closed.answer == "fails"
