"""The nearest pair: the same reporters, base, period length and precision, or words why not."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from tests.comparability.numbers import (
    context,
    count,
    justice,
    parts,
    printed,
    ratio,
    share,
)
from tests.comparability.test_judge import NUMBERS, always
from thbstats import CountTable
from thbstats import share as share_of
from thbstats.comparability import ALL, Thresholds, compare
from thbstats.results import Measure, Nearest, Result, Verdict
from thbstats.values import Interval

POINTS = st.integers(0, 60)


def nearest(first: Result, second: Result, **more: Any) -> Nearest:
    found = compare(first, second, **more)
    assert found.no_nearest == ""
    assert found.nearest is not None
    return found.nearest


def none(first: Result, second: Result, **more: Any) -> str:
    found = compare(first, second, **more)
    assert found.nearest is None
    return found.no_nearest


def two(area: str, period: str = "2015", **members: Any) -> Result:
    """Return a ratio over the countries that gave both sides; 3 of 28 as in GLOTIP."""
    reporters = {name for name, sides in members.items() if sides is not None}
    given = [sides is not None for sides in members.values()]
    pooled = parts("ratio", given, **{name: sides or (0, 0) for name, sides in members.items()})
    value = pooled.value(pooled.given)
    counted, against = justice("convicted"), justice("prosecuted")
    where = context(area, period, counted=counted, against=against, reporters=reporters)
    return ratio(
        pooled.numerator.total(pooled.given),
        pooled.rest.total(pooled.given),
        reported=value,
        context=where,
        parts=pooled,
    )


def test_reporters_are_made_equal_and_the_difference_is_that_of_the_same_countries() -> None:
    first = two("BE+DE+FR", BE=(20, 100), DE=(30, 90), FR=None)
    second = two("BE+DE+FR", "2016", BE=((22, 24), 100), DE=None, FR=(70, 100))
    found = nearest(first, second)
    assert found.first == Interval.point(Fraction(20, 100))
    assert found.second == Interval(Fraction(22, 100), Fraction(24, 100))
    assert found.difference == Interval(Fraction(2, 100), Fraction(4, 100))
    assert (found.made_equal, found.removes) == (("reporters",), ("COVERAGE",))
    assert found.countries == ("BE",)
    assert found.verdict is Verdict.COMPARABLE
    assert found.explain() == (
        "0.220..0.240 against 0.200, +0.020..+0.040, over 1 country; made equal: reporters; "
        "removes COVERAGE; comparable."
    )


@given(st.lists(st.tuples(POINTS, POINTS, POINTS, POINTS), min_size=2, max_size=4), st.data())
def test_like_for_like_is_the_number_of_a_table_with_these_countries_only(
    figures: list[tuple[int, int, int, int]], data: st.DataObject
) -> None:
    names = ("BE", "DE", "FR", "IT")[: len(figures)]
    sets = [data.draw(st.sets(st.sampled_from(names), min_size=1)) for _ in range(2)]

    def number(side: int, countries: set[str]) -> Result:
        rows = [
            (name, form, figure[2 * side + form_at])
            for name, figure in zip(names, figures, strict=True)
            if name in countries
            for form_at, form in enumerate(("female", "male"))
        ]
        table = CountTable.from_rows(
            rows,
            columns=["area", "sex", "value"],
            kind="victims",
            status="registered",
            unit="persons",
            period=2015 + side,
        )
        return share_of(table, sex="female", base="recorded")

    pair = [number(side, countries) for side, countries in enumerate(sets)]
    found = compare(*pair)
    common = sets[0] & sets[1]
    if found.nearest is None:
        assert found.verdict is Verdict.COMPARABLE or not common or sets[0] == sets[1]
    else:
        assert set(found.nearest.countries) == common
        assert found.nearest.first == number(0, common).reported
        assert found.nearest.second == number(1, common).reported


def test_areas_with_one_set_of_countries_are_one_area_whatever_they_are_called() -> None:
    old = printed("65", where=context("EU28 without UK", "2015-2016"))
    new = printed("60", where=context("EU27_2020", "2017-2018"))
    assert compare(old, new).warnings.codes == ("UNKNOWN",)
    settled = compare(count(5, context("EU28 without UK")), count(6, context("EU27_2020", "2016")))
    assert settled.verdict is Verdict.COMPARABLE
    assert settled.no_nearest == "nothing needs to be made equal"


def test_areas_are_made_equal_with_their_reporters() -> None:
    whole = two("BE+FR", BE=(20, 100), FR=(70, 100))
    rest = two("BE", "2016", BE=(30, 100))
    found = nearest(whole, rest)
    assert (found.made_equal, found.removes) == (("reporters",), ("MEMBERSHIP",))
    assert found.difference == Interval.point(Fraction(1, 10))


def test_bases_are_made_equal_where_the_unknown_are_documented() -> None:
    everyone = share(600, 1000, rule="all", unknown=200)
    found = nearest(everyone, share(500, 800))
    assert found.first == Interval.point(Fraction(600, 800))
    assert found.second == Interval.point(Fraction(500, 800))
    assert found.made_equal == ("base",)
    assert "BASE" in found.removes
    back = nearest(share(500, 800), everyone)
    assert (back.first, back.second) == (found.second, found.first)


@given(POINTS, POINTS, POINTS, POINTS, POINTS)
def test_a_share_of_all_becomes_the_share_of_the_recorded(
    women: int, men: int, unknown: int, other_women: int, other_men: int
) -> None:
    def table(n: int, m: int, u: int, year: int) -> CountTable:
        return CountTable.from_rows(
            [("female", n), ("male", m), ("unknown", u), ("total", n + m + u)],
            columns=["sex", "value"],
            kind="victims",
            area="BE",
            period=year,
            status="registered",
            unit="persons",
        )

    one = table(women, men, unknown, 2015)
    two = share_of(table(other_women, other_men, 0, 2016), sex="female", base="recorded")
    found = compare(share_of(one, sex="female", base="all"), two)
    assert found.nearest is not None
    assert found.nearest.first == share_of(one, sex="female", base="recorded").reported
    assert found.nearest.second == two.reported


@pytest.mark.parametrize(
    "everyone",
    [
        share(600, 1000, rule="all", unknown=None),
        share(600, 1000, rule="all", reported=None),
        share(600, 1000, rule="all", dimension=("age",)),
        share(600, 1000, rule="all", within=(("age", "child"),)),
        share(600, 1000, rule="all", overlap="overlapping"),
        share(600, 1000, rule="all", where=context("BE+FR")),
    ],
)
def test_bases_stay_apart_where_the_figures_do_not_make_one_of_the_other(everyone: Result) -> None:
    assert none(everyone, share(500, 800)) == (
        "the figures at hand give nothing that could be made equal"
    )


def test_an_open_count_stays_one_that_can_be() -> None:
    everyone = share(
        Interval(600, 610), Interval.at_least(900), rule="all", unknown=Interval(200, 950)
    )
    found = nearest(everyone, share(500, 800))
    assert found.first == Interval(0, 1)
    closed = share(Interval(600, 610), Interval(900, 1000), rule="all", unknown=Interval(0, 950))
    assert nearest(closed, share(500, 800)).first == Interval(Fraction(600, 1000), 1)


def test_counts_of_unequal_periods_are_compared_per_year() -> None:
    found = nearest(
        count(20_532, context(period="2015-2016")), count(9_000, context(period="2017"))
    )
    assert found.first == Interval.point(10_266)
    assert found.made_equal == ("period length",)
    assert found.removes == ("PERIOD",)
    assert found.explain().startswith("9 000 against 10 266 per year, \N{MINUS SIGN}1 266; made")
    gap = count(
        Interval.at_least(3), context(period="2017"), reported=None, bounds=Interval.at_least(3)
    )
    assert nearest(count(8, context(period="2015-2016")), gap).second == Interval.at_least(3)


@pytest.mark.parametrize("period", ["2016", "~2017", "2017-04-01/2018-03-31", "not stated"])
def test_periods_that_share_days_or_are_not_whole_years_have_no_figure_per_year(
    period: str,
) -> None:
    assert none(count(9, context(period="2015-2016")), count(9, context(period=period)))


def test_a_share_of_a_longer_period_is_not_divided_by_its_years() -> None:
    assert none(share(9, 10, where=context(period="2015-2016")), share(8, 10))


def test_the_finer_of_two_figures_is_rounded_like_the_printed_one() -> None:
    assert none(printed("56"), share(563, 1000)) == (
        "what can be made equal is not what tells the two numbers apart"
    )

    def check(a: Any, b: Any, _limits: Thresholds) -> Any:
        widths = [x.stated.width == y.stated.width for x, y in zip(a, b, strict=True)]
        return np.where(widths, 1, -1).astype(np.int8)

    rule = evolve(always("ROUND"), check=check)
    found = nearest(printed("56"), share(5741, 10_000), rules=[rule])
    assert found.made_equal == ("precision",)
    assert found.second == Interval(Fraction(565, 1000), Fraction(575, 1000))
    both = nearest(printed("56.0"), printed("58"), rules=[rule])
    assert both.first == Interval(Fraction(555, 1000), Fraction(565, 1000))
    assert none(printed("56"), share(1, 2, reported=None), rules=[rule])


def test_what_blocks_for_another_reason_is_named() -> None:
    first = two("BE+FR", BE=(20, 100), FR=(70, 100))
    second = two("BE", "2016", BE=(30, 100))
    found = none(first, second, rules=[*ALL, always("LAW", severity="blocking")])
    assert found == "LAW would still speak against it"


def test_two_kinds_of_number_have_no_nearest_pair() -> None:
    assert none(count(9), share(1, 2)).startswith("the figures at hand give nothing")


def test_what_can_no_longer_be_told_is_not_mended() -> None:
    def shares(part: int, rest: int, unknown: int, reporters: str, period: str) -> Result:
        members = {"BE": (part, rest), "FR": (5, 5)}
        given = [name in reporters for name in members]
        held = parts(given=given, **members)
        base = held.base.total(held.given)
        return share(
            held.numerator.total(held.given),
            base,
            unknown=unknown,
            where=context("BE+FR", period, reporters=set(reporters.split("+"))),
            parts=held,
        )

    first, second = shares(60, 40, 40, "BE+FR", "2015"), shares(50, 50, 40, "BE", "2016")
    found = compare(first, second)
    assert {"COVERAGE", "UNKNOWN"} <= set(found.warnings.at_least("caution").codes)
    assert found.nearest is not None
    assert found.nearest.removes == ("COVERAGE",)
    assert found.nearest.verdict is Verdict.WITH_CAUTION


@given(st.sampled_from(NUMBERS), st.sampled_from(NUMBERS))
def test_there_is_a_nearest_pair_or_a_reason(first: Result, second: Result) -> None:
    found = compare(first, second)
    assert (found.nearest is None) == bool(found.no_nearest)
    assert not found.no_nearest.endswith(".")
    if found.nearest is not None:
        assert found.nearest.verdict in (Verdict.COMPARABLE, Verdict.WITH_CAUTION)
        assert set(found.nearest.removes) <= set(found.warnings.codes)
        assert any(found.nearest.explain() in note for note in found.notes)
        assert found.to_dict()["nearest"] == found.nearest.to_dict()


def test_the_nearest_pair_says_itself_in_one_line() -> None:
    made = Nearest(
        measure=Measure.SHARE,
        first=Interval.point(Fraction(1, 2)),
        second=Interval.point(Fraction(3, 4)),
        made_equal=("base", "reporters"),
        removes=("BASE", "COVERAGE"),
        countries=("BE", "FR"),
        verdict=Verdict.COMPARABLE,
    )
    assert made.shown == "+25.0 pp"
    assert repr(made) == (
        "<Nearest 75.0 % against 50.0 %, +25.0 pp, over 2 countries; made equal: base, reporters; "
        "removes BASE, COVERAGE; comparable>"
    )
    assert made.to_dict()["difference"] == {"lower": 0.25, "upper": 0.25, "undefined": False}
