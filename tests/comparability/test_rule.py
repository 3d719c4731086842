import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.comparability.numbers import column, count, share
from thbstats.comparability import ALL, Rule, alike, beyond, each, each_pair, worst
from thbstats.results import Answer

answers = st.sampled_from(Answer)
values = st.lists(st.sampled_from(["persons", "cases", None]))


def test_an_interval_beyond_a_limit_fails_and_one_astride_cannot_be_told() -> None:
    lower, upper = np.array([0.0, 0.2, 0.6]), np.array([0.5, 0.6, 0.9])
    assert beyond(lower, upper, 0.5).tolist() == [1, 0, -1]


def test_what_is_undefined_is_beyond_nothing() -> None:
    nothing = np.array([np.nan])
    assert beyond(nothing, nothing, 0.5).tolist() == [1]


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_a_narrower_interval_never_takes_a_certain_answer_back(
    a: float, b: float, limit: float
) -> None:
    low, high = sorted((a, b))
    wide = beyond(np.array([low]), np.array([high]), limit)[0]
    for end in (low, high):
        assert wide in (0, beyond(np.array([end]), np.array([end]), limit)[0])


@given(values)
def test_values_are_alike_whatever_their_order(found: list[str | None]) -> None:
    assert alike(found) is alike(found[::-1])


@given(values)
def test_a_value_that_is_not_stated_never_makes_a_rule_hold(found: list[str | None]) -> None:
    stated = alike([value for value in found if value])
    assert alike([*found, None]) is (stated if stated is Answer.FAILS else Answer.CANNOT_TELL)


@given(st.lists(answers, min_size=1))
def test_the_worst_answer_is_that_of_a_broken_condition(found: list[Answer]) -> None:
    order = [Answer.FAILS, Answer.CANNOT_TELL, Answer.HOLDS]
    assert worst(*found) is next(answer for answer in order if answer in found)


@given(answers)
def test_answers_and_their_codes_are_one_to_one(answer: Answer) -> None:
    assert Answer.of(answer.code) is answer


def test_questions_on_contexts_are_asked_of_each_number_and_each_pair() -> None:
    numbers, others = column(count(1), share(1, 2)), column(count(3), count(3))
    one = each(numbers, lambda item: Answer.HOLDS if item.measure == "count" else Answer.FAILS)
    two = each_pair(numbers, others, lambda a, b: alike([a.measure, b.measure]))
    assert one.tolist() == two.tolist() == [1, -1]
    assert one.dtype == two.dtype == np.int8


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: f"{rule.code}-{rule.scope}")
def test_every_rule_says_what_it_asks_when_it_speaks_and_on_whose_word(rule: Rule) -> None:
    assert rule.code == rule.code.upper()
    assert rule.scope in ("number", "pair")
    assert all(text.strip() for text in (rule.definition, rule.trigger, rule.source))
    assert rule.definition.endswith(".")
    assert rule.trigger.endswith(".")


def test_no_family_has_two_rules_of_one_scope() -> None:
    assert len({(rule.code, rule.scope) for rule in ALL}) == len(ALL)


def test_the_families_that_the_reference_report_triggers_are_all_there() -> None:
    wanted = """BASE UNKNOWN COVERAGE PERIOD COHORT ORDER OFFENCE UNIT DOMINANCE SMALL PRECISION
    ADDITIVITY MEMBERSHIP STATUS DETECTION"""
    assert {rule.code for rule in ALL} >= set(wanted.split())
