from fractions import Fraction

import numpy as np
import pytest

from tests.comparability.numbers import VICTIMS, context, count, judged, parts, share
from thbstats.comparability.rules.dominance import RULES
from thbstats.results import Parts, Result


def labour(made_of: Parts | None, area: str = "UK+FR+DE") -> Result:
    category = (("exploitation", "labour"),)
    return share(1, 2, category=category, where=context(area, counted=VICTIMS), parts=made_of)


def test_no_country_holds_more_than_half() -> None:
    assert judged(RULES, labour(parts(UK=(50, 9), FR=(30, 9), DE=(20, 9)))) is None


def test_above_one_half_one_reporter_decides_the_figure() -> None:
    found = judged(RULES, labour(parts(UK=(61, 9), FR=(20, 3), DE=(19, 3))))
    assert found is not None
    assert (found.code, found.answer, found.severity) == ("DOMINANCE", "fails", "caution")
    assert found.message == "UK holds 61.0 % of the registered victims (labour) counted"
    assert dict(found.evidence) == {
        "largest": "UK",
        "its share": "61.0 %",
        "without UK": "86.7 %",
    }
    assert found.mend == "Show the figure without UK beside it"


@pytest.mark.parametrize(
    ("limit", "fails"), [(Fraction(61, 100), False), (Fraction(60, 100), True)]
)
def test_the_threshold_itself_is_not_above_it(limit: Fraction, fails: bool) -> None:
    number = labour(parts(UK=(61, 9), FR=(20, 3), DE=(19, 3)))
    assert (judged(RULES, number, dominance=limit) is not None) is fails


def test_a_country_without_which_the_majority_flips_decides_though_it_holds_less() -> None:
    found = judged(RULES, labour(parts(UK=(40, 1), FR=(45, 60), DE=(15, 30))))
    assert found is not None
    assert found.answer == "fails"
    assert found.message.endswith("counted, and without UK the majority flips")
    assert found.message.startswith("FR holds 45.0 %")
    assert dict(found.evidence)["without UK"] == "40.0 %"
    assert found.mend == "Show the figure without UK beside it"


def test_a_minority_that_becomes_a_majority_flips_too() -> None:
    found = judged(RULES, labour(parts(UK=(10, 70), FR=(45, 20), DE=(45, 20))))
    assert found is not None
    assert "without UK the majority flips" in found.message


def test_counts_that_leave_it_open_cannot_be_told() -> None:
    found = judged(RULES, labour(parts(UK=((40, 70), 90), FR=(30, 90), DE=(30, 90))))
    assert found is not None
    assert (found.answer, found.severity) == ("cannot_tell", "note")
    assert found.message == "whether one country holds more than 50 %"


def test_an_aggregate_without_country_figures_cannot_be_told() -> None:
    found = judged(RULES, labour(None))
    assert found is not None
    assert found.answer == "cannot_tell"


def test_one_country_cannot_dominate_itself() -> None:
    assert judged(RULES, labour(None, area="BE")) is None
    assert judged(RULES, labour(parts(UK=(9, 0), FR=(0, 0), given=[True, False]))) is None


def test_where_nobody_is_counted_nobody_dominates() -> None:
    assert judged(RULES, labour(parts(UK=(0, 30), FR=(0, 30), DE=(0, 30)))) is None


def test_those_who_did_not_report_are_left_out_of_the_sum() -> None:
    made_of = parts(UK=(40, 9), FR=(40, 9), DE=((0, np.inf), 9), given=[True, True, False])
    assert judged(RULES, labour(made_of)) is None


def test_a_count_is_dominated_as_well_as_a_share() -> None:
    made_of = parts(measure="count", UK=(61, 0), FR=(39, 0))
    found = judged(RULES, count(100, context("UK+FR"), parts=made_of))
    assert found is not None
    assert found.message == "UK holds 61.0 % of the registered victims counted"
    assert dict(found.evidence)["without UK"] == "39"
