"""Scenarios: the two completions that make the bounds with unknown."""

from fractions import Fraction

import pytest

from tests.indicators.strategies import AREA, drawn_worlds, table_of, table_of_years
from thbstats import Count, share
from thbstats.panel import Status
from thbstats.sensitivity import extreme_scenarios


@pytest.mark.parametrize("base", ["all", "known"])
def test_scenarios_are_the_bounds_with_unknown(base):
    drawn = drawn_worlds(120)
    years = [*range(1000, 1000 + len(drawn))]
    requested = {"base": base, "area": AREA, "sex": "female", "by": "period", "period": years}
    table, checked = table_of_years(drawn), 0
    numbers, result = share(table, **requested, rules=[]), extreme_scenarios(table, **requested)
    for year, number in zip(years, numbers, strict=True):
        if number.status in (Status.NO_DATA, Status.AMBIGUOUS):
            continue
        whole = number.bounds_with_unknown
        for name, end in (("lowest", whole.lower), ("highest", whole.upper)):
            row = result[str(year), name]
            assert (row.value.lower, row.value.upper) == (end, end)
            above, below = row.numerator, row.denominator
            if above.is_point and below.is_point and below.value:
                checked += 1
                assert Fraction(above.value, below.value) == end
    assert checked > len(drawn)


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
