import pytest

from tests.comparability.numbers import context, count, judged, justice, share
from thbstats.comparability.rules.classification import RULES
from thbstats.records import Source
from thbstats.results import Result, Series
from thbstats.vocabulary import Exploitation

GLOTIP = Source(title="GLOTIP", publisher="UNODC")
CTDC = Source(title="CTDC", publisher="CTDC")


def form(word: str, source: Source | None = GLOTIP, **more) -> Result:
    where = context(sources=() if source is None else (source,))
    return share(7, 12, category=(("exploitation", word),), where=where, **more)


@pytest.mark.parametrize("word", ["sexual", "labour", "other", "agriculture", "total"])
def test_a_category_that_everybody_places_alike_holds(word: str) -> None:
    assert judged(RULES, form(word)) is None


def test_a_category_that_others_place_elsewhere_is_a_note_with_where() -> None:
    found = judged(RULES, form("forced_begging"))
    assert found is not None
    assert (found.code, found.answer, found.severity) == ("CLASSIFICATION", "fails", "note")
    assert found.message == "placed elsewhere by some classifications: Forced begging"
    assert dict(found.evidence) == {"Forced begging": Exploitation.FORCED_BEGGING.note}


def test_the_base_can_have_such_a_category_too() -> None:
    number = share(7, 12, within=(("exploitation", "domestic_servitude"),))
    assert judged(RULES, number) is not None


def test_categories_that_are_no_words_hold() -> None:
    assert judged(RULES, share(7, 12, category=(("citizenship", "RO"),))) is None
    other = count(9, context(counted=Series("cooperation")), category=(("topic", "begging"),))
    assert judged(RULES, other) is None
    assert judged(RULES, count(9, context(counted=justice("convicted")))) is None


@pytest.mark.parametrize(
    "second",
    [form("forced_begging"), form("sexual", CTDC), form("total", CTDC)],
    ids=["one publisher", "another category", "everybody"],
)
def test_one_publisher_or_nothing_in_common_holds(second: Result) -> None:
    assert judged(RULES, form("forced_begging"), second) is None


def test_two_publishers_can_place_one_category_differently() -> None:
    found = judged(RULES, form("forced_begging"), form("forced_begging", CTDC))
    assert found is not None
    assert (found.answer, found.severity, found.scope) == ("fails", "caution", "pair")
    assert found.message == "two sources, which can place these differently: Forced begging"


@pytest.mark.parametrize("word", ["labour", "other"])
def test_wider_categories_of_two_publishers_can_differ_in_what_is_within(word: str) -> None:
    found = judged(RULES, form(word), form(word, CTDC))
    assert found is not None
    assert found.severity == "note"
    within = {"labour": "Domestic servitude", "other": "Forced begging"}
    assert within[word] in dict(found.evidence)


def test_a_publisher_that_is_not_stated_cannot_be_told() -> None:
    found = judged(RULES, form("forced_begging"), form("forced_begging", None))
    assert found is not None
    assert (found.answer, found.severity) == ("cannot_tell", "note")
    assert "alike" in found.message
    assert judged(RULES, form("forced_begging", None), form("forced_begging", None)) is None


def test_a_word_of_another_list_has_its_own_parts() -> None:
    other_sex = count(9, context(sources=(GLOTIP,)), category=(("sex", "other"),))
    elsewhere = count(9, context(sources=(CTDC,)), category=(("sex", "other"),))
    assert judged(RULES, form("other"), form("other", CTDC)) is not None
    assert judged(RULES, other_sex, elsewhere) is None
