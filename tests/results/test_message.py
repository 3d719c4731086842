"""A message is a str that remembers its words and its figures."""

import copy
import json
import pickle
from collections.abc import Callable

import pytest

from thbstats.errors import InvalidValue
from thbstats.results import Message, said_in

TEXT = Message("{n} of {total}: {ways}", n=3, total="28", ways=["left", Message("of {a}", a=1)])


def test_a_message_is_the_sentence_that_it_makes() -> None:
    assert TEXT == "3 of 28: left; of 1"
    assert hash(TEXT) == hash("3 of 28: left; of 1")
    assert json.dumps(TEXT) == '"3 of 28: left; of 1"'
    assert TEXT.template == "{n} of {total}: {ways}"
    assert TEXT.parameters == {"n": "3", "total": "28", "ways": ("left", "of 1")}


def pickled(message: Message) -> Message:
    made: Message = pickle.loads(pickle.dumps(message))
    return made


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, pickled])
def test_copies_remember_too(copied: Callable[[Message], Message]) -> None:
    made = copied(TEXT)
    assert made == TEXT
    assert made.template == TEXT.template
    assert said_in({"of {a}": "von {a}"}, made) == "3 of 28: left; von 1"


def test_parameters_are_translated_as_messages_and_as_words() -> None:
    texts = {
        "{n} of {total}: {ways}": "{total}, {n}, {ways}",
        "left": "links",
        "28": "achtundzwanzig",
    }
    assert said_in(texts, TEXT) == "achtundzwanzig, 3, links; of 1"
    assert said_in(texts, "left") == "links"
    assert said_in(texts, "right") == "right"


@pytest.mark.parametrize("template", ["{m}", "{", "{0}", "{}", "{n.real}", "{n[x]}"])
def test_a_template_that_its_parameters_do_not_fit_is_refused(template: str) -> None:
    with pytest.raises(InvalidValue, match=r"template.*n"):
        Message(template, n=1)


def test_a_template_without_parameters_says_so() -> None:
    with pytest.raises(InvalidValue, match="nothing"):
        Message("{n}")
