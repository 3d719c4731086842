"""Scenarios: the two completions that make the bounds with unknown."""

from fractions import Fraction

import pytest
from hypothesis import assume, given

from tests.examples import examples
from tests.indicators.strategies import AREA, table_of, worlds
from thbstats import Count, share
from thbstats.errors import ThbstatsError
from thbstats.sensitivity import extreme_scenarios


@examples(60)
@given(worlds())
@pytest.mark.parametrize("base", ["all", "known"])
def test_scenarios_are_the_bounds_with_unknown(base, world):
    assume("female" in world.listed)
    requested = {"base": base, "area": AREA, "sex": "female", "rules": []}
    try:
        number = share(world.table(), **requested)
    except ThbstatsError:
        assume(False)
    result = extreme_scenarios(world.table(), **requested)
    assert result.names == [("lowest",), ("highest",)]
    whole = number.bounds_with_unknown
    for row, end in zip(result, (whole.lower, whole.upper), strict=True):
        assert (row.value.lower, row.value.upper) == (end, end)
        made_of = row.numerator, row.denominator
        if all(count.is_point and not count.undefined for count in made_of) and made_of[1].value:
            assert Fraction(made_of[0].value, made_of[1].value) == end


def test_scenarios_have_their_counts():
    rows = [("BE", "total", 100), ("BE", "female", 60), ("BE", "male", Count.fewer_than(5))]
    low, high = extreme_scenarios(table_of(rows), base="all", sex="female")
    assert (str(low.numerator), str(low.denominator), low.formatted) == ("60", "100", "60.0%")
    assert (str(high.numerator), str(high.denominator), high.formatted) == ("100", "100", "100.0%")
    assert low.estimand.endswith("lowest value for missing and unknown counts")


def test_share_of_an_unbounded_count_is_a_limit():
    rows = [("BE", "female", 60), ("BE", "male", Count.not_reported())]
    low, high = extreme_scenarios(table_of(rows), base="known", sex="female")
    assert (low.formatted, str(low.numerator), str(low.denominator)) == ("0.0%", "60", "60 or more")
    assert high.formatted == "100.0%"


def test_each_result_has_two_scenarios():
    rows = [("BE", "total", 10), ("BE", "female", 6), ("BE", "male", 2), ("BE", "unknown", 2),
            ("DE", "total", 10), ("DE", "female", 3), ("DE", "male", 7)]  # fmt: skip
    result = extreme_scenarios(table_of(rows), base="all", by="area", sex="female")
    assert result.names == [
        ("BE", "lowest"), ("BE", "highest"), ("DE", "lowest"), ("DE", "highest")
    ]  # fmt: skip
    assert [float(row) for row in result] == [0.6, 0.8, 0.3, 0.3]


def test_scenarios_of_denominator_0_are_undefined():
    rows = [("BE", "total", 0), ("BE", "female", 0), ("BE", "male", 0)]
    for row in extreme_scenarios(table_of(rows), base="known", sex="female"):
        assert row.value.undefined
