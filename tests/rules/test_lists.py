"""Rules for numbers of persons on lists and on none."""

from fractions import Fraction

import pytest

from tests.rules.panels import count, judged, number_cases, rules_of, summary
from thbstats.errors import InvalidValue
from thbstats.panel import Status
from thbstats.rules import Thresholds
from thbstats.values import Interval

NOTE, CAUTION = "note", "caution"


def estimate(bounds: Interval, value: int | None = None, indicator: str = "lists.models") -> dict:
    number = None if value is None else Interval.point(value)
    status = Status.BOUNDED if value is None else Status.OK
    return count(bounds, value=number, bounds=bounds, status=status, indicator=indicator)


def test_bounds_on_all_persons_assume_a_dependence():
    hidden = estimate(Interval(8464, 16806), indicator="lists.hidden")
    warning = judged(rules_of("LIST_DEPENDENCE"), hidden)
    assert warning is not None
    assert (str(warning.severity), warning.is_limitation) == (CAUTION, True)
    assert "in the stated range, which the lists do not show" in warning.message
    chao = judged(
        rules_of("LIST_DEPENDENCE"), estimate(Interval(141, None), indicator="lists.chao")
    )
    assert chao is not None
    assert "without negative dependence" in chao.message
    assert judged(rules_of("LIST_DEPENDENCE"), count()) is None


def test_estimates_of_models_must_agree():
    check = rules_of("MODEL_DEPENDENCE")
    united_kingdom = judged(check, estimate(Interval(10545, 29036)))
    assert united_kingdom is not None
    assert summary(united_kingdom) is not None
    assert "give 10,545 to 29,036 persons" in united_kingdom.message
    assert judged(check, estimate(Interval(14341, 14403), 14342)) is None
    assert judged(check, estimate(Interval(100, 150), 120)) is None
    assert judged(check, estimate(Interval(100, 151), 120)) is not None
    assert judged(check, estimate(Interval(100, 151), 120), model_range=2) is None
    # A narrow range without a value is of a forward search, or of two lists.
    assert judged(check, estimate(Interval(100, 110))) is not None
    few = judged(check, estimate(Interval(41307, None)))
    assert few is not None
    assert "determine no model" in few.message
    assert judged(check, count()) is None


test_other_numbers_pass = number_cases(rules_of("MODEL_DEPENDENCE"), (count(), None))


@pytest.mark.parametrize("factor", [Fraction(1, 2), 0, -1, 1.5])
def test_model_range_is_an_exact_factor_of_one_or_more(factor: object):
    with pytest.raises(InvalidValue):
        Thresholds(model_range=factor)
