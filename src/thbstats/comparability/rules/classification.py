"""CLASSIFICATION: a category that others place differently."""

from collections.abc import Iterable
from functools import lru_cache

from attrs import frozen

from thbstats.comparability.keys import by_key
from thbstats.comparability.rule import Answers, Finding, Rule, Weights, each
from thbstats.comparability.thresholds import Thresholds
from thbstats.records import schema_of
from thbstats.results import Answer, Message, Result, Results, Severity
from thbstats.vocabulary import Word

__all__ = ["RULES"]


@frozen
class _Placed:
    """The categories of a number that classifications place differently, and who placed them."""

    noted: frozenset[Word]
    wider: frozenset[Word]
    publishers: frozenset[str]


def _categories(number: Result) -> list[Word]:
    """The categories of a number that are words of a list."""
    schema = schema_of(number.context.counted.kind)
    found = dict.fromkeys((*number.category, *number.base.within))
    return [
        vocabulary(word)
        for name, word in found
        if name in schema.names
        and (vocabulary := schema[name].vocabulary) is not None
        and word in vocabulary._value2member_map_
    ]


def _noted(words: Iterable[Word]) -> frozenset[Word]:
    return frozenset(word for word in words if word.note)


# Words of two lists can be written alike, and are the same text.
@lru_cache(maxsize=None, typed=True)
def _within(word: Word) -> frozenset[Word]:
    """The noted categories within one, unless that is the total, where everybody is."""
    if word.parent is None:
        return frozenset()
    return _noted(word.children).union(*map(_within, word.children))


def _placed(number: Result) -> _Placed:
    words = _categories(number)
    inner = frozenset[Word]().union(*map(_within, words))
    publishers = frozenset(source.publisher for source in number.context.sources)
    return _Placed(_noted(words), inner, publishers - {""})


def _check_number(a: Results, _b: Results, _limits: Thresholds) -> Answers:
    return each(a, lambda one: Answer.FAILS if _placed(one).noted else Answer.HOLDS)


def _describe_number(a: Result, _b: Result, _limits: Thresholds, _answer: Answer) -> Finding:
    found = _by_label(_placed(a).noted)
    return Finding(
        severity=Severity.NOTE,
        message=Message(
            "placed elsewhere by some classifications: {words}",
            words=tuple(word.label for word in found),
        ),
        evidence=tuple((word.label, word.note) for word in found),
        mend="Say which classification is used",
    )


def _by_label(words: Iterable[Word]) -> list[Word]:
    return sorted(words, key=lambda word: word.label)


def _alike(one: _Placed, two: _Placed) -> Answer:
    if one.publishers == two.publishers or not _shared(one, two):
        return Answer.HOLDS
    named = one.publishers and two.publishers
    return Answer.FAILS if named else Answer.CANNOT_TELL


def _shared(one: _Placed, two: _Placed) -> frozenset[Word]:
    """What both have in them and others place differently."""
    return (one.noted | one.wider) & (two.noted | two.wider)


def _weigh(one: _Placed, two: _Placed) -> Severity:
    return Severity.CAUTION if one.noted & two.noted else Severity.NOTE


def _check_pair(a: Results, b: Results, _limits: Thresholds) -> Answers:
    return by_key(a, b, _placed, _alike)


def _weight(a: Results, b: Results, _limits: Thresholds) -> Weights:
    return by_key(a, b, _placed, _weigh)


def _describe_pair(a: Result, b: Result, _limits: Thresholds, answer: Answer) -> Finding:
    if answer is Answer.CANNOT_TELL:
        return Finding(message="whether both sources place the categories alike")
    found = _by_label(_shared(_placed(a), _placed(b)))
    return Finding(
        message=Message(
            "two sources, which can place these differently: {words}",
            words=tuple(word.label for word in found),
        ),
        evidence=tuple((word.label, word.note) for word in found),
        mend="Compare wider categories that hold them in both sources, or the sub-forms one by one",
    )


RULES = (
    Rule(
        code="CLASSIFICATION",
        scope="number",
        check=_check_number,
        describe=_describe_number,
        definition="Every classification places the category where this one does.",
        trigger="Fails, as a note, for the words of the vocabularies that have a note: forced "
        "begging, domestic servitude and others.",
        source="Directive 2011/36/EU, article 2(3): begging is forced labour or services, and "
        "other exploitation in COM(2018) 777",
        example="Forced begging is other exploitation in COM(2018) 777 and labour exploitation in "
        "CTDC.",
        mend="Say which classification is used.",
    ),
    Rule(
        code="CLASSIFICATION",
        scope="pair",
        check=_check_pair,
        describe=_describe_pair,
        weight=_weight,
        definition="Both sources place the category alike.",
        trigger="Fails where publishers differ and the category has a note in the vocabularies, "
        "with caution, or has such a one within it, as a note; cannot tell where a publisher is "
        "not stated.",
        source="The United Kingdom's referral tables print domestic servitude beside labour "
        "exploitation; elsewhere it is a part of it",
        example="Labour exploitation in a table of GLOTIP beside labour exploitation in CTDC, "
        "where begging is among it.",
        mend="Compare wider categories that hold them in both sources, or the sub-forms one by "
        "one.",
    ),
)
