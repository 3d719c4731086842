from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve

from tests.comparability.numbers import SOURCE, context, count, judged, parts, share
from thbstats.comparability import compare
from thbstats.comparability.rules.coverage import RULES
from thbstats.geography import Area, parse_area
from thbstats.results import Context, Result

EU28 = parse_area("EU28").members


def eu(*missing: str, area: str = "EU28", **more: Any) -> Context:
    members = parse_area(area).members
    return context(area, reporters=members - set(missing), **more)


def unlisted(n: int | None = None, area: str = "EU28", **more: Any) -> Context:
    return context(area, reporters=None, n_reporters=n, **more)


def test_every_expected_country_reported() -> None:
    assert judged(RULES, count(9, eu())) is None


def test_one_country_stands_behind_its_own_figure() -> None:
    assert judged(RULES, count(9, context("BE", reporters=None))) is None


def test_one_country_that_did_not_report_stands_behind_nothing() -> None:
    found = judged(RULES, count(9, context("BE", reporters=frozenset())))
    assert found is not None
    assert (found.answer, found.severity) == ("fails", "caution")
    assert found.message == "nobody reported what the figure needs"


def test_two_sections_of_one_publication_are_presumed_to_have_the_same_reporters() -> None:
    one, two = (
        count(9, unlisted(sources=(evolve(SOURCE, section=section),))) for section in ("II", "II.1")
    )
    assert judged(RULES, one, two) is None


@pytest.mark.parametrize(("missing", "severity"), [(("UK",), "note"), (("UK", "FR"), "caution")])
def test_missing_countries_weigh_more_below_the_threshold(
    missing: tuple[str, ...], severity: str
) -> None:
    found = judged(RULES, count(9, eu(*missing)))
    assert found is not None
    assert (found.code, found.answer, found.severity) == ("COVERAGE", "fails", severity)
    assert found.message == f"{28 - len(missing)} of 28 countries stand behind the figure"
    assert dict(found.evidence)["missing"] == ", ".join(sorted(missing))
    assert "how many countries reported" in found.mend


def test_at_the_threshold_a_gap_is_still_a_note() -> None:
    number = count(9, eu(*EU28 - set(sorted(EU28)[:21])))
    for limit, severity in ((Fraction(3, 4), "note"), (Fraction(76, 100), "caution")):
        found = judged(RULES, number, coverage=limit)
        assert found is not None
        assert found.severity == severity


def test_the_number_of_reporters_is_enough_to_tell() -> None:
    assert judged(RULES, count(9, unlisted(28))) is None
    found = judged(RULES, count(9, unlisted(3)))
    assert found is not None
    assert (found.answer, found.severity) == ("fails", "caution")
    assert found.message == "3 of 28 countries stand behind the figure"
    assert found.evidence == ()


def test_without_documented_expectations_the_area_says_who_should_report() -> None:
    found = judged(RULES, count(9, context("EU28", reporters={"BE", "FR"}, expected=None)))
    assert found is not None
    assert found.message == "2 of 28 countries stand behind the figure"


def test_a_reporter_from_outside_fills_no_gap() -> None:
    found = judged(RULES, count(9, context("BE+FR", reporters={"BE", "NO"})))
    assert found is not None
    assert dict(found.evidence) == {"reporting": "BE", "missing": "FR"}


def test_countries_to_which_a_count_does_not_apply_are_not_missing() -> None:
    assert judged(RULES, count(9, eu("UK", expected=EU28 - {"UK"}))) is None


def test_an_aggregate_that_lists_nobody_cannot_be_told_and_says_so() -> None:
    found = judged(RULES, count(9, unlisted()))
    assert found is not None
    assert (found.answer, found.severity) == ("cannot_tell", "note")
    assert "not documented" in found.message
    assert "list of reporting countries" in found.mend
    assert all(rule.essential for rule in RULES)


def test_an_area_that_is_not_stated_has_nobody_to_report() -> None:
    nowhere = Area(code="not stated", label="area not stated", members=())
    where = evolve(context(), area=nowhere, reporters=None, expected=None)
    found = judged(RULES, count(9, where))
    assert found is not None
    assert found.answer == "cannot_tell"


def test_the_same_countries_hold() -> None:
    assert judged(RULES, count(9, eu("UK")), count(8, eu("UK"))) is None


def test_all_countries_of_one_area_need_no_list() -> None:
    assert judged(RULES, count(9, eu()), count(8, unlisted(28))) is None


def test_two_countries_each_speak_for_themselves() -> None:
    assert judged(RULES, count(9, context("BE")), count(8, context("FR"))) is None


def test_a_country_that_one_area_does_not_have_is_no_gap_in_coverage() -> None:
    assert judged(RULES, count(9, eu()), count(8, eu(area="EU28 without UK"))) is None


def like(first: Result, second: Result, **limits: Any) -> Any:
    found = judged(RULES, first, second, **limits)
    assert found is not None
    assert (found.answer, found.scope) == ("fails", "pair")
    return found


def two(part: int, base: int, reporters: set[str], **members: tuple[int, int]) -> Result:
    where = context("BE+FR+DE", reporters=reporters, expected={"BE", "FR", "DE"})
    given = [name in reporters for name in members]
    return share(part, base, where=where, parts=parts(given=given, **members))


def test_like_for_like_that_prints_another_number_asks_for_caution() -> None:
    first = two(60, 100, {"BE", "FR"}, BE=(50, 20), FR=(10, 20), DE=(0, 0))
    second = two(55, 100, {"BE", "DE"}, BE=(40, 30), FR=(0, 0), DE=(15, 15))
    found = like(first, second)
    assert found.severity == "caution"
    assert dict(found.evidence) == {
        "only in the first": "FR",
        "only in the second": "DE",
        "in both": "1 (BE)",
        "like for like": "71.4 % and 57.1 %",
    }
    assert "reported both" in found.mend


def test_like_for_like_that_changes_nothing_is_a_note_above_the_threshold_only() -> None:
    first = two(50, 100, {"BE", "FR"}, BE=(48, 48), FR=(2, 2), DE=(0, 0))
    second = two(60, 100, {"BE"}, BE=(60, 40), FR=(0, 0), DE=(0, 0))
    assert like(first, second).severity == "note"
    assert like(first, second, coverage=Fraction(96, 100)).severity == "note"
    assert like(first, second, coverage=Fraction(97, 100)).severity == "caution"


def test_without_country_figures_or_countries_in_common_caution_is_all_there_is() -> None:
    bare = like(count(9, eu("UK")), count(9, eu("FR")))
    assert bare.severity == "caution"
    assert "like for like" not in dict(bare.evidence)
    first = two(50, 100, {"BE"}, BE=(50, 50), FR=(0, 0), DE=(0, 0))
    apart = two(50, 100, {"DE"}, BE=(0, 0), FR=(0, 0), DE=(50, 50))
    assert like(first, apart).severity == "caution"
    assert dict(like(first, apart).evidence)["in both"] == "0 (none)"


def test_different_numbers_of_reporters_of_one_area_cannot_be_the_same_countries() -> None:
    found = like(count(9, unlisted(25)), count(9, unlisted(27)))
    assert found.severity == "caution"
    assert dict(found.evidence) == {
        "first": "25 countries, not listed",
        "second": "27 countries, not listed",
    }


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (unlisted(), unlisted()),
        (unlisted(25), unlisted(25)),
        (unlisted(25), unlisted(3, area="EU15")),
        (unlisted(sources=(SOURCE,)), unlisted(sources=(SOURCE,), period="2016")),
        (eu("UK"), unlisted()),
    ],
    ids=["nothing", "equal numbers", "other area", "another period", "one list"],
)
def test_without_lists_nobody_can_tell(first: Context, second: Context) -> None:
    found = judged(RULES, count(9, first), count(9, second))
    assert found is not None
    assert (found.answer, found.severity) == ("cannot_tell", "note")
    assert "both publications" in found.mend


def test_one_table_of_one_period_is_presumed_to_have_the_same_reporters() -> None:
    where = unlisted(sources=(SOURCE,), period="2015-2016")
    assert judged(RULES, count(9, where), count(8, where)) is None


@pytest.mark.parametrize("silent", ["first", "second"])
def test_what_nobody_reported_cannot_be_told_to_be_comparable(silent: str) -> None:
    reported, nobody = count(9, eu()), count(8, eu(*EU28))
    numbers = (nobody, reported) if silent == "first" else (reported, nobody)
    found = judged(RULES, *numbers)
    assert found is not None
    assert (found.answer, found.severity) == ("cannot_tell", "caution")
    assert found.message == f"nobody reported what the figure needs: {silent}"
    assert "somebody reported" in found.mend


def test_two_countries_of_which_neither_reported_are_not_told_to_be_comparable() -> None:
    nobody = [count(8, context(area, reporters=frozenset())) for area in ("BE", "FR")]
    found = judged(RULES, *nobody)
    assert found is not None
    assert found.answer == "cannot_tell"
    assert found.message.endswith(": first; second")
    assert compare(*nobody).verdict == "cannot_tell"


def test_one_table_of_one_period_tells_nothing_of_a_number_that_nobody_reported() -> None:
    where = unlisted(sources=(SOURCE,), period="2015-2016")
    found = judged(RULES, count(9, where), count(8, evolve(where, n_reporters=0)))
    assert found is not None
    assert found.answer == "cannot_tell"
