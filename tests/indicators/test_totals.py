"""Totals: worked examples of reporting countries, missing counts and unknown."""

import pytest

from tests.indicators.worked_examples import Example, table_of, with_examples
from thbstats import Count, Interval, total
from thbstats.panel import ResultKind, Status

MISSING = Count.not_reported()
SEX, WOMEN = "sex", {"sex": "female"}
COUNTED = [("total", 10), ("female", 6), ("male", 3)]

EXAMPLES = [
    Example(
        "two countries", [("BE", 10), ("FR", 5)], "area", {},
        {
            "value": 15, "bounds": 15, "unknown": None, "bounds_attained": True, "complete": True,
            "label": "total", "category": (), "kind": ResultKind.COUNT, "status": Status.OK,
        },
    ),
    Example(
        "unknown sex", [("total", 10), ("unknown", 3)], SEX, {"sex": "unknown"},
        {"value": 3, "bounds_with_unknown": 3},
    ),
    Example(
        "more unknown than the rest of the total", [("total", 13), *COUNTED[1:], ("unknown", 4)],
        SEX, WOMEN, {"value": 6, "bounds_with_unknown": Interval(6, 10)},
    ),
    Example(
        "unknown sex, unknown form, and both", [
            ("female", "labour", 30), ("female", "unknown", 12), ("unknown", "labour", 3),
            ("unknown", "unknown", 5), ("male", "sexual", 50),
        ],
        "sex exploitation", {**WOMEN, "exploitation": "labour"},
        {"value": 30, "bounds_with_unknown": Interval(30, 50)},
    ),
    Example(
        "one of unknown sex", [*COUNTED, ("unknown", 1)], SEX, WOMEN,
        {"unknown": 1, "bounds_with_unknown": Interval(6, 7)},
    ),
    Example(
        "missing category below its total", [("total", 10), ("female", MISSING)], SEX, WOMEN,
        {
            "value": None, "bounds": Interval(0, 10), "bounds_attained": True, "complete": False,
            "status": Status.NOT_REPORTED,
        },
    ),
    Example(
        "country without a row", [("BE", 10)], "area", {"area": "BE+FR"},
        {
            "value": 10, "bounds": Interval.at_least(10), "missing": frozenset({"FR"}),
            "complete": False,
        },
    ),
    Example(
        "one country without a count", [("BE", MISSING)], "area", {},
        {
            "value": None, "reporters": frozenset(), "missing": frozenset({"BE"}),
            "bounds": Interval.at_least(0),
        },
    ),
    Example(
        "no country with a count", [("BE", MISSING), ("FR", MISSING)], "area", {},
        {"value": None, "bounds": Interval.at_least(0), "parts": None},
    ),
    Example(
        "aggregate of 25 of 28 countries", [("EU28", 25, 100)], "area n_reporters", {},
        {"value": 100, "bounds": Interval.at_least(100), "n_reporters": 25, "complete": False},
    ),
    Example(
        "aggregate of named countries", [("BE+DE+FR", "BE,FR", 100), ("DE", None, 7)],
        "area reporters", {"area": "BE+DE+FR"},
        {"value": 100, "reporters": frozenset({"BE", "FR"}), "bounds": 107},
    ),
    *(
        Example(
            f"aggregate of {number} of 28 countries in each of two years",
            [("EU28", year, number, 20) for year in (2015, 2016)], "area period n_reporters",
            {"period": [2015, 2016]}, {"value": 40, "n_reporters": expected},
        )
        # As many countries in two years can be other countries.
        for number, expected in ((20, None), (28, 28))
    ),
    Example(
        "countries that an aggregate names in both years",
        [("BE+DE+FR", 2015, "BE,FR", 9), ("BE+DE+FR", 2016, "BE,DE", 8)], "area period reporters",
        {"period": [2015, 2016]}, {"value": 17, "reporters": frozenset({"BE"})},
    ),
    Example(
        "area of the requested period, next to another area of its countries",
        [("FR", 2015, 9), ("DE", 2015, 5), ("DE+FR", 2016, 20)], "area period", {"period": 2015},
        {"value": 14, "reporters": frozenset({"DE", "FR"}), "complete": True},
    ),
    Example(
        "aggregate without named countries", [("EU28", 100)], "area", {},
        {"value": 100, "bounds": 100, "reporters": None, "complete": False},
    ),
]  # fmt: skip


@with_examples(EXAMPLES)
def test_total_of_a_worked_example(example: Example) -> None:
    assert not example.differences(total(example.table(), **example.arguments))


def test_total_category_is_the_default() -> None:
    table = table_of(COUNTED, SEX)
    assert total(table, sex="total") == total(table)


def test_flags_and_sources_are_those_of_the_countries_in_the_area() -> None:
    rows = [("BE", "p", "first", 10), ("FR", "e", "second", 10), ("UK", "b", "third", 10)]
    result = total(table_of(rows, "area flags source"), area="BE+DE+FR")
    assert result.flags == {"p", "e"}
    assert [source.title for source in result.sources] == ["first", "second"]


@pytest.mark.parametrize("period", ["2015", "2018"])
def test_breaks_are_those_of_all_years_of_the_time_series(period: str) -> None:
    rows = [("BE", 2015, "", 9), ("BE", 2016, "b", 9), ("BE", 2018, "p", 9), ("FR", 2016, "b", 9)]
    table = table_of(rows, "area period flags")
    assert total(table, area="BE", period=period).breaks == {("BE", "2016")}
    both = total(table, area="BE+FR", period=period).breaks
    assert both == {("BE", "2016"), ("FR", "2016")}
    assert total(table.where(period=2015), area="BE").breaks == frozenset()


def test_breaks_of_another_status_are_not_those_of_the_time_series() -> None:
    table = table_of(
        [("identified", 2015, "", 9), ("presumed", 2015, "b", 9)], "status period flags"
    )
    assert total(table, status="identified").breaks == frozenset()
    assert total(table, status="presumed").breaks == {("BE", "2015")}
