from collections.abc import Iterable
from fractions import Fraction

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.comparability.numbers import (
    column,
    context,
    count,
    justice,
    parts,
    printed,
    ratio,
    share,
    victims,
)
from thbstats.comparability import (
    ALL,
    DEFAULTS,
    GATHERED,
    Answers,
    Finding,
    Rule,
    Thresholds,
    assess,
    compare,
    each,
    each_pair,
)
from thbstats.results import (
    Answer,
    ComparabilityWarning,
    LeaveOneOut,
    Ranking,
    Result,
    Results,
    Severity,
    Verdict,
    Warnings,
)
from thbstats.values import Interval

UNSTATED = context("EU28", "not stated", counted=victims("not_stated"), reporters=None)
NUMBERS = (
    share(680, 1000),
    share(8, 12, unknown=3),
    share(680, 1000, rule="all", unknown=150, where=context("EU28", "2015-2016")),
    share(680, 1000, unknown=None, gap=None, where=UNSTATED),
    share(60, 100, parts=parts(UK=(50, 10), FR=(10, 30)), where=context("UK+FR")),
    printed("56", rule="not_stated", where=context("EU28", reporters=None, n_reporters=3)),
    printed("57", unknown=5),
    ratio(2_927, 5_979, area="EU28", period="2015-2016"),
    ratio(135, 2, counted=justice("prosecuted", "prosecutions"), against=justice("suspected")),
    ratio(3, 4, counted=justice("", "", ""), against=justice("", "", "")),
    count(20_532),
    count(Interval.at_least(3), UNSTATED, reported=None),
)
numbers = st.sampled_from(NUMBERS)
rules = st.lists(st.sampled_from(ALL), unique=True)


def always(
    code: str,
    answer: str = "fails",
    severity: str = "caution",
    scope: str = "pair",
    essential: bool = False,
) -> Rule:
    """Return a rule that always gives one answer."""

    def check(a: Results, _b: Results, _limits: Thresholds) -> Answers:
        return each(a, lambda _: Answer(answer))

    def describe(_a: Result, _b: Result, _limits: Thresholds, _answer: Answer) -> Finding:
        return Finding(severity=Severity(severity), message=f"{code} speaks", mend="none")

    return Rule(
        code=code,
        scope=scope,  # type: ignore[arg-type]
        check=check,
        describe=describe,
        essential=essential,
        definition="",
        trigger="",
        source="",
    )


def gaps(warnings: Iterable[ComparabilityWarning]) -> set[tuple[str, str]]:
    return {gap for warning in warnings if warning.code == GATHERED for gap in warning.evidence}


def spoken(warnings: Iterable[ComparabilityWarning]) -> set[ComparabilityWarning]:
    return {warning for warning in warnings if warning.code != GATHERED}


# --- verdicts ---------------------------------------------------------------------------------

BLOCKING = always("BLOCKS", severity="blocking")
CAUTION = always("CAUTIONS")
NOTE = always("NOTES", severity="note")
HOLDS = always("HOLDS", answer="holds")
ESSENTIAL = always("ESSENTIAL", answer="cannot_tell", essential=True)
ASIDE = always("ASIDE", answer="cannot_tell", severity="blocking")


@pytest.mark.parametrize(
    ("applied", "verdict"),
    [
        ([], "comparable"),
        ([HOLDS], "comparable"),
        ([NOTE], "comparable"),
        ([ASIDE, NOTE], "comparable"),
        ([CAUTION, NOTE], "with_caution"),
        ([ASIDE, CAUTION], "with_caution"),
        ([ESSENTIAL], "cannot_tell"),
        ([ESSENTIAL, CAUTION], "cannot_tell"),
        ([BLOCKING, ESSENTIAL, CAUTION], "not_comparable"),
    ],
)
def test_a_verdict_is_that_of_the_gravest_answer_that_decides(
    applied: list[Rule], verdict: str
) -> None:
    for order in (applied, applied[::-1]):
        assert compare(count(1), count(2), rules=order).verdict == verdict


def test_rules_for_numbers_do_not_decide_about_pairs_and_the_reverse() -> None:
    alone = always("ALONE", severity="blocking", scope="number")
    assert compare(count(1), count(2), rules=[alone]).warnings == ()
    assert assess(count(1), rules=[BLOCKING]).warnings == ()
    assert compare(assess(count(1), rules=[alone]), count(2)).verdict == "comparable"


@pytest.mark.parametrize(
    ("first", "second", "verdict"),
    [
        (share(680, 1000), share(1390, 2000, where=context(period="2016")), "comparable"),
        (count(1000), count(1100, context(period="2016")), "comparable"),
        (count(1000), count(1100, context(period="2015-2016")), "not_comparable"),
        (share(680, 1000), share(680, 1100, rule="all"), "not_comparable"),
        (share(680, 1000), share(680, 1100, rule="not_stated"), "cannot_tell"),
        (printed("56"), printed("56"), "with_caution"),
        (count(9, context("EU28")), count(9, context("EU28", reporters=None)), "cannot_tell"),
        (count(9), count(9, context(counted=victims(unit="not_stated"))), "cannot_tell"),
    ],
)
def test_the_rules_of_the_library_give_the_verdict_that_a_reader_expects(
    first: Result, second: Result, verdict: str
) -> None:
    assert compare(assess(first), assess(second)).verdict == verdict


def test_perfectly_comparable_numbers_give_no_warning_above_a_note() -> None:
    first = assess(share(680, 1000))
    second = assess(share(1390, 2000, where=context(period="2016")))
    found = compare(first, second)
    assert found.verdict is Verdict.COMPARABLE
    assert found.warnings.at_least("caution") == ()
    assert found.warnings.codes == ("DETECTION",)


# --- differences ------------------------------------------------------------------------------


@given(numbers, numbers)
def test_a_difference_is_the_negative_of_the_one_the_other_way_round(a: Result, b: Result) -> None:
    forth, back = compare(a, b).difference, compare(b, a).difference
    if a.measure is not b.measure:
        assert forth is back is None
    else:
        assert forth is not None
        assert back is not None
        assert forth == Interval.point(0) - back


@given(numbers, numbers)
def test_the_verdict_does_not_depend_on_which_number_comes_first(a: Result, b: Result) -> None:
    assert compare(a, b).verdict is compare(b, a).verdict


@given(numbers, numbers)
def test_one_number_cannot_be_subtracted_from_another_kind_and_the_base_rule_says_so(
    a: Result, b: Result
) -> None:
    found = compare(a, b)
    if found.difference is None:
        assert found.verdict is Verdict.NOT_COMPARABLE
        assert "BASE" in found.warnings.codes


def test_where_nobody_reported_the_bounds_are_subtracted() -> None:
    open_ = count(Interval.at_least(3), reported=None)
    assert compare(count(5), open_).difference == Interval(-2, None)


# --- warnings ---------------------------------------------------------------------------------


@given(numbers, rules, st.sampled_from(ALL))
def test_adding_a_rule_never_removes_a_warning_from_a_number(
    number: Result, applied: list[Rule], one_more: Rule
) -> None:
    before = assess(number, rules=applied).warnings
    after = assess(number, rules=[*applied, one_more]).warnings
    assert spoken(before) <= spoken(after)
    assert gaps(before) <= gaps(after)


@given(numbers, numbers, rules, st.sampled_from(ALL))
def test_adding_a_rule_never_removes_a_warning_from_a_pair(
    a: Result, b: Result, applied: list[Rule], one_more: Rule
) -> None:
    before = compare(a, b, rules=applied).warnings
    after = compare(a, b, rules=[*applied, one_more]).warnings
    assert spoken(before) <= spoken(after)
    assert gaps(before) <= gaps(after)


@given(numbers, numbers)
def test_every_warning_is_given_once_and_the_gaps_in_one_note(a: Result, b: Result) -> None:
    found = compare(assess(a), assess(b)).warnings
    assert len(set(found)) == len(found)
    assert len(found.of(GATHERED)) <= 1
    for note in found.of(GATHERED):
        said = note.message.removeprefix("not documented: ").split("; ")
        assert len(set(said)) == len(said)


@given(numbers, numbers)
def test_a_comparison_keeps_what_was_said_of_each_number(a: Result, b: Result) -> None:
    first, second = assess(a), assess(b)
    found = compare(first, second).warnings
    assert spoken([*first.warnings, *second.warnings]) <= spoken(found)
    assert gaps([*first.warnings, *second.warnings]) <= gaps(found)


@given(numbers)
def test_to_assess_again_changes_nothing(number: Result) -> None:
    once = assess(number)
    assert assess(once) == once
    assert assess(once, rules=ALL[:3]) == once
    assert assess(once, rules=[]) == once


@given(st.lists(numbers, max_size=4))
def test_numbers_in_columns_are_judged_like_each_alone(chosen: list[Result]) -> None:
    together = assess(column(*chosen))
    assert list(together) == [assess(number) for number in chosen]


def test_an_empty_column_has_nothing_to_say() -> None:
    assert assess(column()).warnings == ()


@given(numbers)
def test_every_message_is_one_plain_sentence_and_names_its_mend(number: Result) -> None:
    for warning in compare(assess(number), assess(share(680, 1000))).warnings:
        assert warning.message
        assert not warning.message.endswith(".")
        assert "\n" not in warning.message
        assert warning.mend
        assert not warning.mend.endswith(".")


@given(numbers)
def test_no_rule_changes_what_it_judges(number: Result) -> None:
    before = attrs.evolve(number)
    assess(number)
    compare(number, number)
    assert number == before
    assert number.warnings == ()


@given(numbers)
def test_the_answers_of_every_rule_are_one_small_column(number: Result) -> None:
    pair = column(number, number)
    for rule in ALL:
        codes = rule.check(pair, pair, DEFAULTS)
        assert codes.dtype == np.int8
        assert codes.shape == (2,)
        assert set(codes.tolist()) <= {-1, 0, 1}


def test_what_cannot_be_told_is_gathered_in_one_note() -> None:
    found = assess(NUMBERS[3]).warnings.of(GATHERED)
    assert [warning.severity for warning in found] == ["note"]
    assert dict(found[0].evidence) == {
        "STATUS": "the status of the victims counted",
        "PERIOD": "the exact reference period",
        "UNKNOWN": "how many are of unknown category",
        "ADDITIVITY": "all parts of the total",
        "DOMINANCE": "whether one country holds more than 50 %",
    }
    assert found[0].message.startswith("not documented: ")


def test_a_gap_that_number_and_pair_share_is_said_once() -> None:
    number = assess(count(9, context(counted=victims("not_stated"))))
    found = compare(number, assess(count(8))).warnings.of(GATHERED)
    assert [warning.message for warning in found] == [
        "not documented: the status of the victims counted"
    ]
    assert found[0].scope == "pair"


def test_essential_rules_say_aloud_that_they_cannot_tell() -> None:
    rule = always("ESSENTIAL", answer="cannot_tell", scope="number", essential=True)
    assert assess(count(1), rules=[rule]).warnings.codes == ("ESSENTIAL",)
    aside = always("ASIDE", answer="cannot_tell", scope="number")
    assert assess(count(1), rules=[aside]).warnings.codes == (GATHERED,)


# --- other rules and thresholds -----------------------------------------------------------------


def test_a_rule_of_ones_own_takes_a_few_lines() -> None:
    def check(a: Results, b: Results, _limits: Thresholds) -> Answers:
        return each_pair(a, b, lambda x, y: Answer.FAILS if x.area != y.area else Answer.HOLDS)

    def describe(a: Result, b: Result, _limits: Thresholds, _answer: Answer) -> Finding:
        return Finding(
            severity=Severity.CAUTION,
            message="the two countries have other laws",
            evidence=(("first", a.area), ("second", b.area)),
            mend="Read both laws",
        )

    law = Rule(
        code="LAW",
        scope="pair",
        check=check,
        describe=describe,
        definition="Both countries have one law.",
        trigger="Fails for two countries.",
        source="This test",
    )
    first, second = count(5), count(6, context("FR"))
    found = compare(first, second, rules=[*ALL, law])
    assert found.verdict == "with_caution"
    assert found.warnings.of("LAW")[0].to_dict() == {
        "code": "LAW",
        "severity": "caution",
        "answer": "fails",
        "scope": "pair",
        "message": "the two countries have other laws",
        "evidence": {"first": "BE", "second": "FR"},
        "mend": "Read both laws",
    }
    assert compare(first, first, rules=[law]).warnings == ()


def test_rules_can_be_given_by_an_iterator_that_runs_only_once() -> None:
    number = assess(share(8, 10))
    assert assess(number, rules=iter(ALL)) == number


def test_a_rule_for_pairs_does_not_silence_what_its_family_says_of_numbers() -> None:
    pairs = [rule for rule in ALL if rule.scope == "pair"]
    number = assess(NUMBERS[5])
    assert assess(number, rules=pairs) == number


def test_warnings_of_other_rules_are_kept_and_those_of_the_same_are_renewed() -> None:
    number = assess(share(8, 40))
    assert number.warnings.codes == ("DETECTION", "SMALL")
    small = [rule for rule in ALL if rule.code == "SMALL"]
    renewed = assess(number, rules=small, thresholds=Thresholds(small_note=30))
    assert renewed.warnings.codes == ("DETECTION",)


def test_what_was_said_of_a_pair_stays_with_a_number_made_from_it() -> None:
    pair = compare(assess(NUMBERS[3]), assess(NUMBERS[0])).warnings
    change = share(1, 200).with_warnings(pair)
    found = assess(change).warnings
    assert {warning for warning in spoken(pair) if warning.scope == "pair"} <= spoken(found)
    assert gaps(pair) <= gaps(found)


def test_thresholds_can_be_overridden_for_numbers_and_pairs() -> None:
    strict = Thresholds(unknown_note=0, small_note=2000)
    codes = assess(share(680, 1000, unknown=1), thresholds=strict).warnings.codes
    assert codes == ("DETECTION", "SMALL", "UNKNOWN")

    def made_of(**members: tuple[int, int]) -> Result:
        number = parts(**members)
        base = sum(map(sum, members.values()))
        where = context("BE+FR", reporters=set(members))
        return share(base // 2, base, where=where, parts=number)

    first, second = made_of(BE=(48, 48), FR=(2, 2)), made_of(BE=(60, 60))
    assert compare(first, second).verdict == "comparable"
    whole = Thresholds(coverage=1)
    assert compare(first, second, thresholds=whole).verdict == "with_caution"
    lax = Thresholds(coverage=Fraction(1, 2))
    assert compare(first, second, thresholds=lax).verdict == "comparable"


@pytest.mark.parametrize("kind", [Results, Ranking, LeaveOneOut])
def test_results_of_any_kind_come_back_as_that_kind(kind: type[Results]) -> None:
    more = {
        Results: {},
        Ranking: {"ranks": [Interval.point(1)]},
        LeaveOneOut: {"whole": share(8, 10)},
    }[kind]
    found = assess(kind(caption="some", items=[share(9, 12)], **more))
    assert type(found) is kind
    assert "SMALL" in found.items[0].warnings.codes


def test_the_whole_of_a_leave_one_out_is_judged_with_the_same_thresholds() -> None:
    found = assess(
        LeaveOneOut(caption="some", items=[share(9, 120)], whole=share(9, 150)),
        thresholds=Thresholds(small_note=200),
    )
    assert "SMALL" in found.whole.warnings.codes
    assert Warnings(found.whole.warnings) == found.whole.warnings
