import pytest

from tests.comparability.numbers import context, count, judged
from thbstats.comparability.rules.breaks import RULES, break_rules
from thbstats.records import CountingRules, Source
from thbstats.results import Result

NRM = Source(title="National Referral Mechanism statistics")


def of(period: str, area: str = "BE", breaks: tuple[str, ...] = (), flags: str = "", **more):
    where = frozenset((area, year) for year in breaks)
    return count(100, context(area, period, breaks=where, flags=frozenset(flags), **more))


def referred(period: str) -> Result:
    return of(period, "UK", sources=(NRM,))


def test_a_series_without_a_break_holds() -> None:
    assert judged(RULES, of("2015")) is None
    assert judged(RULES, of("2015"), of("2018")) is None


def test_a_break_at_the_figure_itself_is_a_note() -> None:
    found = judged(RULES, of("2016", breaks=("2016",), flags="b"))
    assert found is not None
    assert (found.code, found.answer, found.severity) == ("BREAK", "fails", "note")
    assert found.message == "with 2016 somebody began to count differently"
    assert found.evidence == (("BE", "2016-01-01 (flag b)"),)
    assert judged(RULES, of("2015", breaks=("2016",))) is None


def test_a_break_within_several_years_asks_for_caution() -> None:
    for number in (of("2015-2016", flags="b"), of("2015-2017", breaks=("2016",))):
        found = judged(RULES, number)
        assert found is not None
        assert found.severity == "caution"
        assert found.message == f"within {number.period} somebody began to count differently"


@pytest.mark.parametrize(
    ("first", "second", "broken"),
    [
        ("2015", "2016", True),
        ("2016", "2015", True),
        ("2015", "2018", True),
        ("2013", "2015", False),
        ("2016", "2018", False),
        ("2015", "2015", False),
        ("2014-2015", "2016-2017", True),
        ("2013-2014", "2015-2016", True),
    ],
)
def test_a_break_after_the_earlier_figure_and_up_to_the_later_one_separates_them(
    first: str, second: str, broken: bool
) -> None:
    found = judged(RULES, of(first, breaks=("2016",)), of(second, breaks=("2016",)))
    assert (found is not None) is broken
    if found is not None:
        assert (found.answer, found.severity, found.scope) == ("fails", "caution", "pair")
        assert found.evidence == (("BE", "2016-01-01 (flag b)"),)


def test_a_flag_at_the_later_figure_is_a_break_even_if_nothing_else_is_known() -> None:
    assert judged(RULES, of("2015"), of("2016", flags="b")) is not None
    assert judged(RULES, of("2015", flags="b"), of("2016")) is None
    assert judged(RULES, of("2014-2015", flags="b"), of("2016")) is not None


def test_a_break_in_one_country_says_nothing_of_another() -> None:
    assert judged(RULES, of("2015", breaks=("2016",)), of("2018", "FR")) is None


def test_a_break_in_a_member_is_one_of_the_whole() -> None:
    areas = [
        count(9, context("BE+FR", year, breaks=frozenset({("BE", "2016")})))
        for year in ("2015", "2016")
    ]
    found = judged(RULES, *areas)
    assert found is not None
    assert dict(found.evidence) == {"BE": "2016-01-01 (flag b)"}


def test_flags_of_members_in_a_sum_name_them() -> None:
    number = count(
        9, context("BE+FR", "2016", breaks=frozenset({("BE", "2016")}), flags=frozenset("b"))
    )
    found = judged(RULES, number)
    assert found is not None
    assert [area for area, _ in found.evidence] == ["BE"]


def test_periods_that_are_not_stated_leave_it_open() -> None:
    found = judged(RULES, of("2015", breaks=("2016",)), of("not stated"))
    assert found is not None
    assert (found.answer, found.severity) == ("cannot_tell", "note")
    assert "break in the series" in found.message
    assert judged(RULES, of("not stated", breaks=("2016",))) is None


def test_a_figure_of_the_year_in_which_counting_began_is_one_of_a_part_of_it() -> None:
    found = judged(RULES, referred("2009"))
    assert found is not None
    assert found.severity == "caution"
    assert "2009-04-01" in dict(found.evidence)["UK"]
    assert "ONS" in dict(found.evidence)["UK"]
    assert judged(RULES, referred("2010")) is None


def test_the_year_in_which_counting_began_is_set_apart_from_the_next() -> None:
    assert judged(RULES, referred("2009"), referred("2010")) is not None
    assert judged(RULES, referred("2010"), referred("2011")) is None


def test_what_somebody_knows_of_a_reporter_stands_beside_it() -> None:
    known = CountingRules(
        about="victims", reporter="BE", valid_to="2015-06-30", moment="referral", source="Ministry"
    )
    number, pair = break_rules([known])
    assert judged((number,), of("2015")) is not None
    assert judged((number,), of("2016")) is None
    found = judged((pair,), of("2014"), of("2016"))
    assert found is not None
    assert found.evidence == (("BE", "2015-07-01 (Ministry)"),)
