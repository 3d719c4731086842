"""An error says where, what and how to hint it, and travels between processes."""

import copy
import inspect
import pickle
import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thbstats import errors
from thbstats.errors import InvalidFile, InvalidValue, ThbstatsError, UnknownName, did_you_mean

KINDS = [
    kind
    for kind in vars(errors).values()
    if inspect.isclass(kind) and kind.__module__ == errors.__name__
]
words = st.text(string.ascii_lowercase, min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (ThbstatsError("it is wrong"), "it is wrong."),
        (ThbstatsError("it is wrong", hint="Change it"), "it is wrong. Change it"),
        (ThbstatsError("it is wrong", row=0), "row 0: it is wrong."),
        (ThbstatsError("it is wrong", row="DE 2015"), "row DE 2015: it is wrong."),
        (ThbstatsError("it is wrong", field="sex"), "field 'sex': it is wrong."),
        (ThbstatsError("it is wrong", value=-1), "value -1: it is wrong."),
        (ThbstatsError("it is wrong", value=None), "value None: it is wrong."),
        (
            ThbstatsError("it is wrong", row=3, field="lower", value=-1, hint="Change it"),
            "row 3, field 'lower', value -1: it is wrong. Change it",
        ),
    ],
)
def test_a_message_names_row_field_value_and_hint_as_far_as_known(
    error: ThbstatsError, message: str
) -> None:
    assert str(error) == message


def test_what_the_message_says_can_be_asked_for_too() -> None:
    error = ThbstatsError("it is wrong", row=3, field="lower", value=-1, hint="Change it")
    assert (error.problem, error.row, error.field) == ("it is wrong", 3, "lower")
    assert (error.value, error.has_value, error.hint) == (-1, True, "Change it")


def test_a_hint_that_takes_long_to_find_is_looked_for_when_somebody_reads_it() -> None:
    asked: list[int] = []

    def hint() -> str:
        asked.append(1)
        return "Change it"

    error = ThbstatsError("it is wrong", hint=hint).at(row=3)
    assert asked == []
    assert str(error) == "row 3: it is wrong. Change it"
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
    assert error.hint == "Change it"
    assert asked == [1]


def test_no_value_is_not_the_value_none() -> None:
    without, none = ThbstatsError("it is wrong"), ThbstatsError("it is wrong", value=None)
    assert without.value is none.value is None
    assert (without.has_value, none.has_value) == (False, True)
    assert (without.row, without.field, without.hint) == (None, None, "")


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_is_one_of_ours_and_listed(kind: type[Exception]) -> None:
    assert issubclass(kind, ThbstatsError)
    assert kind.__name__ in errors.__all__


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("InvalidValue", ValueError),
        ("UnknownName", ValueError),
        ("NoSuchCell", LookupError),
        ("AmbiguousCell", LookupError),
        ("DuplicateKey", ValueError),
        ("MixedTotals", ValueError),
        ("ImpossibleResult", ValueError),
        ("InvalidFile", ValueError),
        ("MissingExtra", ImportError),
    ],
)
def test_an_error_is_also_of_the_kind_that_python_would_raise(
    name: str, kind: type[Exception]
) -> None:
    with pytest.raises(kind, match="it is wrong"):
        raise getattr(errors, name)("it is wrong")


@pytest.mark.parametrize("kind", KINDS)
@given(
    row=st.none() | st.integers() | words,
    field=st.none() | words,
    value=st.none() | st.integers() | words,
    hint=words | st.just(""),
)
def test_an_error_survives_copying_and_pickling(kind: type[ThbstatsError], **parts: Any) -> None:
    error = kind("it is wrong", **parts)
    error.add_note("seen while reading a table")
    for other in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(other) is kind
        assert str(other) == str(error)
        assert other.args == error.args
        assert vars(other) == vars(error)


def test_a_pickled_error_still_knows_that_it_had_no_value() -> None:
    other = pickle.loads(pickle.dumps(ThbstatsError("it is wrong")))
    assert not other.has_value
    assert str(other) == "it is wrong."


def test_a_missing_extra_keeps_the_text_of_import_errors_when_pickled() -> None:
    error = errors.MissingExtra("matplotlib is not installed", hint="pip install thbstats[plot]")
    assert error.msg == str(error)
    assert pickle.loads(pickle.dumps(error)).msg == error.msg


# names that do not exist


def test_near_matches_come_first_then_what_exists() -> None:
    assert did_you_mean("labor", ["sexual", "labour", "other"]) == (
        "Did you mean 'labour'? What exists: 'sexual', 'labour', 'other'"
    )


def test_several_near_matches_are_offered_up_to_three() -> None:
    options = ["other_a", "other_b", "other_c", "other_d"]
    assert did_you_mean("other_b", options).split("? ")[0].count("'other_") == 3
    assert did_you_mean("labours", ["labour", "labourer"]) == (
        "Did you mean 'labour' or 'labourer'? What exists: 'labour', 'labourer'"
    )


def test_without_a_near_match_only_what_exists_is_listed() -> None:
    assert did_you_mean("xyz", ["sexual", "labour"]) == "What exists: 'sexual', 'labour'"


def test_where_nothing_exists_the_hint_says_so() -> None:
    assert did_you_mean("sexual", []) == "Nothing exists here"


@pytest.mark.parametrize(("number", "more"), [(40, ""), (41, " and 1 more"), (45, " and 5 more")])
def test_a_long_list_is_cut_after_forty_and_says_how_many_more(number: int, more: str) -> None:
    text = did_you_mean("?", range(100, 100 + number))
    assert text.count("'") == 80
    assert text.endswith(f"'139'{more}")


@given(words, st.lists(words, max_size=50))
def test_the_first_forty_names_are_always_listed_in_their_order(
    name: str, options: list[str]
) -> None:
    listed = ", ".join(repr(option) for option in options[:40])
    assert listed in did_you_mean(name, iter(options))


@given(st.lists(words, min_size=1, max_size=50))
def test_a_name_that_exists_is_its_own_nearest_match(options: list[str]) -> None:
    assert f"Did you mean {options[-1]!r}" in did_you_mean(options[-1], options)


def test_an_error_at_a_better_known_place_keeps_what_it_said() -> None:
    error = UnknownName("no such word", value="femal", hint="Did you mean 'female'?")
    placed = error.at(row=3, field="sex")
    assert type(placed) is UnknownName
    assert str(placed) == "row 3, field 'sex', value 'femal': no such word. Did you mean 'female'?"
    assert error.at(value=None).value is None
    assert not InvalidValue("wrong").at(row=1).has_value
    assert (error.row, error.field) == (None, None)


def test_a_problem_that_ends_its_sentence_itself_gets_no_second_full_stop():
    assert str(InvalidFile("It is corrupted.", hint="Fetch it")) == "It is corrupted. Fetch it"
    assert str(InvalidFile("It is corrupted.")) == "It is corrupted."
