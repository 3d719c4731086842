import pytest

from tests.comparability.numbers import judged, justice, ratio, share
from thbstats.comparability.rules.offence import RULES
from thbstats.results import Ratio


def of_offences(counted: str, against: str) -> Ratio:
    return ratio(
        3,
        4,
        counted=justice("convicted", offence=counted),
        against=justice("prosecuted", offence=against),
    )


def test_charges_can_be_brought_for_other_offences_between_two_stages() -> None:
    found = judged(RULES, ratio(2_927, 5_979))
    assert found is not None
    assert (found.code, found.answer, found.severity) == ("OFFENCE", "fails", "note")
    assert found.evidence == (("offence", "trafficking"),)
    assert "any offence" in found.mend


def test_two_offences_in_one_ratio_ask_for_caution() -> None:
    found = judged(RULES, of_offences("trafficking", "use_of_services"))
    assert found is not None
    assert (found.answer, found.severity) == ("fails", "caution")
    assert dict(found.evidence) == {"numerator": "trafficking", "denominator": "use of services"}


def test_within_one_stage_no_charge_changes() -> None:
    one = ratio(3, 4, counted=justice("convicted"), against=justice("convicted"))
    assert judged(RULES, one) is None
    assert judged(RULES, share(68, 100)) is None


@pytest.mark.parametrize(
    "number",
    [
        of_offences("", ""),
        of_offences("trafficking", ""),
        ratio(3, 4, counted=justice("convicted"), against=justice("")),
    ],
)
def test_without_offence_and_stage_nobody_can_tell(number: Ratio) -> None:
    found = judged(RULES, number)
    assert found is not None
    assert (found.answer, found.severity) == ("cannot_tell", "note")


def test_trafficking_is_not_compared_with_the_use_of_services() -> None:
    services = of_offences("use_of_services", "use_of_services")
    found = judged(RULES, ratio(2_927, 5_979), services)
    assert found is not None
    assert (found.answer, found.severity, found.scope) == ("fails", "blocking", "pair")
    assert dict(found.evidence) == {"first": "trafficking", "second": "use of services"}


def test_one_offence_in_both_numbers_holds() -> None:
    assert judged(RULES, ratio(1, 2), ratio(3, 4)) is None
    assert judged(RULES, share(1, 2), share(3, 4)) is None


def test_an_offence_that_is_not_stated_is_not_another_offence() -> None:
    found = judged(RULES, ratio(1, 2), of_offences("", "trafficking"))
    assert found is not None
    assert (found.answer, found.severity) == ("cannot_tell", "note")
