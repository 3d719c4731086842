import pytest

from tests.comparability.numbers import judged, justice, protection, ratio, share, victims
from thbstats.comparability.rules.order import RULES
from thbstats.results import Ratio
from thbstats.values import Interval


def services(**where: str) -> Ratio:
    return ratio(
        135,
        2,
        counted=justice("prosecuted", "prosecutions", "use_of_services"),
        against=justice("suspected", "persons", "use_of_services"),
        **where,
    )


@pytest.mark.parametrize(
    ("where", "severity"),
    [
        ({"area": "EU28", "period": "2015"}, "caution"),
        ({"area": "EU28", "period": "2015-2016"}, "caution"),
        ({"area": "BE", "period": "2015-2016"}, "caution"),
        ({"area": "BE", "period": "2015"}, "note"),
        ({"area": "BE", "period": "2015-04-01/2016-03-31"}, "note"),
    ],
)
def test_a_later_stage_above_an_earlier_one_asks_for_caution_where_figures_are_pooled(
    where: dict[str, str], severity: str
) -> None:
    found = judged(RULES, services(**where))
    assert found is not None
    assert (found.code, found.answer, found.severity) == ("ORDER", "fails", severity)
    assert "135 against 2" in found.message
    assert found.evidence == (("numerator", "135"), ("denominator", "2"))
    assert "counting units" in found.mend


def test_as_many_convictions_as_prosecutions_are_in_order() -> None:
    assert judged(RULES, ratio(5, 5)) is None
    assert judged(RULES, ratio(Interval(0, 5), Interval(5, 9))) is None


def test_counts_that_may_be_in_either_order_leave_it_open() -> None:
    found = judged(RULES, ratio(Interval(3, 6), Interval(5, 9), area="EU28"))
    assert found is not None
    assert (found.answer, found.severity) == ("cannot_tell", "note")
    assert "may exceed" in found.message
    assert RULES[0].essential


@pytest.mark.parametrize(
    "number",
    [
        share(68, 100),
        ratio(9, 2, counted=justice("suspected"), against=justice("convicted")),
        ratio(9, 2, counted=justice("convicted"), against=justice("convicted")),
        ratio(9, 2, counted=justice(""), against=justice("convicted")),
        ratio(9, 2, counted=justice("convicted"), against=justice("")),
    ],
    ids=["share", "earlier over later", "one stage", "no stage above", "no stage below"],
)
def test_only_a_later_stage_over_an_earlier_one_has_an_order(number: Ratio) -> None:
    assert judged(RULES, number) is None


def test_more_assisted_than_registered_victims_are_out_of_order() -> None:
    sides = {"counted": protection(), "against": victims(), "measure": "per_100"}
    found = judged(RULES, ratio(120, 100, area="BE+FR", **sides))
    assert found is not None
    assert (found.answer, found.severity) == ("fails", "caution")
    assert "assistance persons exceed registered victims: 120 against 100" in found.message
    assert judged(RULES, ratio(100, 100, area="BE+FR", **sides)) is None
