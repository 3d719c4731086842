"""Published rankings."""

import pytest

from tests.claims.made_up import count, ranking, report
from thbstats.errors import InvalidValue
from thbstats.values import Interval


def listed(claim):
    return report(claim).ranking("claim-1")


def test_unordered_list_allows_any_rank():
    result = listed(ranking("RO", "HU", base_dimension="citizenship"))
    assert result.labels == ("RO", "HU")
    assert list(result.ranks) == [Interval(1, 2), Interval(1, 2)]
    assert not result.ordered


def test_ordered_list_leaves_only_ties_open():
    result = listed(ranking("RO", "HU", base_dimension="citizenship", ordered=True))
    assert list(result.ranks) == [Interval(1, 1), Interval(1, 2)]
    assert result.ordered


def test_listed_members_have_no_counts():
    (first, _) = listed(ranking("sexual", "labour"))
    assert (first.value, first.bounds) == (None, Interval.at_least(0))
    assert first.estimand == "registered victims of sexual exploitation; listed without a count"


def test_ranking_without_an_area_is_labelled():
    assert listed(ranking("sexual", area=None))[0].area.label == "area not stated"


def test_what_is_counted_comes_with_the_ranking():
    stage = {"stage": "suspected"}
    people = listed(ranking("RO", subject="justice", of=stage, base_dimension="citizenship"))
    assert dict(people[0].category) == {"stage": "suspected", "citizenship": "RO"}
    assert people[0].numerator_kind.get("stage") == "suspected"


def test_members_of_a_group_have_one_citizenship_each():
    eu = {"citizenship": "eu"}
    (romanian,) = listed(ranking("RO", of=eu, base_dimension="citizenship"))
    assert romanian.category == (("citizenship", "RO"),)


def test_count_ranks_nothing():
    with pytest.raises(InvalidValue, match="must be a ranking"):
        listed(count("5"))
