import pytest

from tests.comparability.numbers import count, judged, printed, share
from thbstats.comparability.rules.precision import RULES
from thbstats.results import Measure
from thbstats.values import Interval


@pytest.mark.parametrize(("first", "second"), [("56", "57"), ("56", "65"), ("56.0", "56.2")])
def test_a_difference_wider_than_rounding_holds(first: str, second: str) -> None:
    assert judged(RULES, printed(first), printed(second)) is None


@pytest.mark.parametrize(("first", "second"), [("56", "56"), ("56", "55.9"), ("55.9", "56")])
def test_a_difference_that_rounding_can_make_asks_for_caution(first: str, second: str) -> None:
    found = judged(RULES, printed(first), printed(second))
    assert found is not None
    assert (found.code, found.answer, found.severity) == ("PRECISION", "fails", "caution")
    assert found.message == f"{first} % and {second} % can be the same number before rounding"
    assert len(found.evidence) == 2
    assert "decimal" in found.mend


def test_a_computed_share_can_be_the_printed_one() -> None:
    found = judged(RULES, share(563, 1000), printed("56"))
    assert found is not None
    assert found.message.startswith("56.3 % and 56 %")
    assert found.evidence == (("first", "56.3 %"), ("second", "55.5..56.5 %"))
    assert judged(RULES, share(575, 1000), printed("56")) is None


def test_computed_numbers_were_not_rounded() -> None:
    assert judged(RULES, share(56, 100), share(56, 100)) is None


def test_beside_a_number_that_was_not_reported_nobody_can_tell() -> None:
    absent = share(Interval(0, 5), Interval(5, 9), reported=None)
    for pair in ((absent, printed("56")), (printed("56"), absent)):
        found = judged(RULES, *pair)
        assert found is not None
        assert (found.answer, found.severity) == ("cannot_tell", "note")


def test_numbers_of_different_kinds_are_never_the_same_number() -> None:
    ratio = share(56, 100, measure=Measure.RATIO)
    assert judged(RULES, printed("56"), ratio) is None
    assert judged(RULES, printed("56"), count(0)) is None
