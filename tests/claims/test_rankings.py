"""Published rankings."""

import pytest

from tests.claims.made_up import count, ranking, report
from thbstats.errors import InvalidValue
from thbstats.values import Interval


def listed(claim):
    return report(claim).ranking("claim-1")


def test_order_of_a_list_decides_its_ranks():
    claim = ranking("RO", "HU", base_dimension="citizenship")
    result, ordered = listed(claim), listed(claim | {"ordered": True})
    assert result.labels == ("RO", "HU")
    assert (list(result.ranks), result.ordered) == ([Interval(1, 2)] * 2, False)
    assert (list(ordered.ranks), ordered.ordered) == ([Interval(1, 1), Interval(1, 2)], True)


def test_listed_members_have_no_counts():
    (first, _) = listed(ranking("sexual", "labour"))
    assert (first.value, first.bounds) == (None, Interval.at_least(0))
    assert first.estimand == "registered victims of sexual exploitation; listed without a count"


def test_ranking_without_an_area_is_labelled():
    assert listed(ranking("sexual", area=None))[0].area.label == "area not stated"


def test_ranking_has_its_kind_of_count_and_one_code_per_dimension():
    stage = {"stage": "suspected"}
    people = listed(ranking("RO", subject="justice", of=stage, base_dimension="citizenship"))
    assert dict(people[0].category) == {"stage": "suspected", "citizenship": "RO"}
    assert people[0].numerator_kind.get("stage") == "suspected"
    (romanian,) = listed(ranking("RO", of={"citizenship": "eu"}, base_dimension="citizenship"))
    assert romanian.category == (("citizenship", "RO"),)


def test_count_ranks_nothing():
    with pytest.raises(InvalidValue, match="must be a ranking"):
        listed(count("5"))
