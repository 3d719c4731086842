"""On a table made to be perfectly comparable nothing above a note is said: alarms stay worth it."""

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any

import pytest

import thbstats as thb
from thbstats import CountTable
from thbstats.geography import COMPOSITIONS
from thbstats.records import Source
from thbstats.results import Result, Results, Severity, Verdict

SOURCE = Source(
    title="Made to be comparable",
    publisher="A statistical office",
    published="2019-01-01",
    kind="primary",
)
YEARS = ("2015", "2016", "2017")
MEMBERS = sorted(COMPOSITIONS["EU27_2020"].members)
SHARES = {"female": 60, "male": 38, "other": 2, "unknown": 0}
FORMS = {"sexual": 50, "labour": 30, "other": 20, "unknown": 0}
STAGES = {"suspected": 900, "prosecuted": 700, "convicted": 500}


def rows() -> Iterator[tuple[Any, ...]]:
    """Large counts of every country, year, sex and form, nobody of them unknown."""
    for place, area in enumerate(MEMBERS):
        for year, period in enumerate(YEARS):
            size = 10 + place % 3 + year
            yield area, period, "total", "total", 100 * size
            for sex, share in SHARES.items():
                yield area, period, sex, "total", share * size
            for form, share in FORMS.items():
                yield area, period, "total", form, share * size


VICTIMS = CountTable.from_rows(
    rows(),
    columns=["area", "period", "sex", "exploitation", "value"],
    kind="victims",
    status="registered",
    unit="persons",
    register="all",
    source=SOURCE,
)
JUSTICE = CountTable.from_rows(
    [
        (area, period, stage, 10 * number)
        for area in MEMBERS
        for period in YEARS
        for stage, number in STAGES.items()
    ],
    columns=["area", "period", "stage", "value"],
    kind="justice",
    unit="persons",
    register="all",
    source=SOURCE,
)

NUMBERS: dict[str, Callable[[str, str], Result | Results]] = {
    "total": lambda area, period: thb.total(VICTIMS, area=area, period=period),
    "share": lambda area, period: thb.share(
        VICTIMS, area=area, period=period, sex="female", base="all"
    ),
    "recorded": lambda area, period: thb.share(
        VICTIMS, area=area, period=period, exploitation="labour", base="recorded"
    ),
    "breakdown": lambda area, period: thb.breakdown(
        VICTIMS, area=area, period=period, by="sex", base="recorded"
    ),
    "ratio": lambda area, period: thb.conviction_to_prosecution(JUSTICE, area=area, period=period),
    "funnel": lambda area, period: thb.funnel(JUSTICE, area=area, period=period),
}
PLACES = [("EU27_2020", "2015"), ("EU27_2020", "2016"), ("BE", "2015"), ("BE", "2016")]


def grave(found: Any) -> list[str]:
    return [str(warning) for warning in found.warnings.at_least(Severity.CAUTION)]


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("place", PLACES, ids=" ".join)
def test_a_number_that_nothing_is_wrong_with_has_notes_at_most(
    name: str, place: tuple[str, str]
) -> None:
    assert grave(NUMBERS[name](*place)) == []


@pytest.mark.parametrize("name", [name for name in NUMBERS if name not in ("breakdown", "funnel")])
@pytest.mark.parametrize(
    "pair",
    [
        (("EU27_2020", "2015"), ("EU27_2020", "2016")),
        (("BE", "2015"), ("BE", "2016")),
        (("BE", "2015"), ("BG", "2015")),
    ],
    ids=["years of the Union", "years of a country", "two countries"],
)
def test_two_such_numbers_are_comparable(name: str, pair: tuple[Any, Any]) -> None:
    first, second = (NUMBERS[name](*place) for place in pair)
    found = thb.compare(first, second)
    assert grave(found) == []
    assert found.verdict == "comparable"


@pytest.mark.parametrize("unit", ["count", "percent"])
def test_a_change_between_them_has_notes_at_most(unit: str) -> None:
    old, new = (NUMBERS["total"]("EU27_2020", year) for year in YEARS[:2])
    assert grave(thb.change(old, new, unit=unit)) == []


def test_a_change_of_a_share_has_notes_at_most() -> None:
    old, new = (NUMBERS["share"]("EU27_2020", year) for year in YEARS[:2])
    assert grave(thb.change(old, new, unit="pp")) == []


def test_what_is_said_of_them_all_is_the_same_few_notes() -> None:
    said = {
        warning.code
        for name in NUMBERS
        for place in PLACES
        for warning in NUMBERS[name](*place).warnings
    }
    assert said == {"COHORT", "DETECTION", "DUPLICATE", "OFFENCE"}


def test_a_grid_of_them_is_comparable_throughout() -> None:
    numbers = [NUMBERS["share"](area, year) for area in MEMBERS[:6] for year in YEARS]
    found = thb.compare_all(numbers)
    assert len(found) == len(list(combinations(numbers, 2)))
    assert {list(Verdict)[code] for code in found.verdicts} == {Verdict.COMPARABLE}
