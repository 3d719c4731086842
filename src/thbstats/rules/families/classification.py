"""CLASSIFICATION: categories that classifications place differently."""

from collections.abc import Iterable
from functools import lru_cache

from attrs import frozen

from thbstats.panel import Message, Outcome, Panel, Result, Severity
from thbstats.records import schema_of
from thbstats.rules.pairs import Pairs
from thbstats.rules.rule import Codes, Finding, library_rule, per_kind
from thbstats.rules.thresholds import Thresholds
from thbstats.vocabulary import Word

__all__ = ["RULES"]


@frozen
class _Placement:
    """The categories of a number with a note, those with a note within them, the publishers."""

    noted: frozenset[Word]
    within: frozenset[Word]
    publishers: frozenset[str]


def _categories(number: Result) -> list[Word]:
    """Return the categories of a number that are in a code list."""
    schema = schema_of(number.counted.kind)
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


# Categories of two code lists can have the same text.
@lru_cache(maxsize=None, typed=True)
def _noted_within(word: Word) -> frozenset[Word]:
    """Return the categories with a note within one; none within the total."""
    if word.parent is None:
        return frozenset()
    return _noted(word.children).union(*map(_noted_within, word.children))


def _placement(number: Result) -> _Placement:
    words = _categories(number)
    within = frozenset[Word]().union(*map(_noted_within, words))
    publishers = frozenset(source.publisher for source in number.sources)
    return _Placement(_noted(words), within, publishers - {""})


def _is_undisputed(number: Result) -> Outcome:
    return Outcome.FAILS if _noted(_categories(number)) else Outcome.HOLDS


def _check_number(panel: Panel, _limits: Thresholds) -> Codes:
    return per_kind(panel, ["counted", "category", "base"], _is_undisputed)


def _words_number(number: Result, _limits: Thresholds, _outcome: Outcome) -> Finding:
    found = _by_label(_noted(_categories(number)))
    return Finding(
        message=Message(
            "some classifications place these categories elsewhere: {categories}",
            categories=tuple(word.label for word in found),
        ),
        evidence=tuple((word.label, word.note) for word in found),
        hint="Name the classification",
    )


def _by_label(words: Iterable[Word]) -> list[Word]:
    return sorted(words, key=lambda word: word.label)


def _same(one: _Placement, two: _Placement) -> Outcome:
    if one.publishers == two.publishers or not _shared(one, two):
        return Outcome.HOLDS
    stated = one.publishers and two.publishers
    return Outcome.FAILS if stated else Outcome.NOT_ASSESSABLE


def _shared(one: _Placement, two: _Placement) -> frozenset[Word]:
    """Return the categories of both numbers that classifications place differently."""
    return (one.noted | one.within) & (two.noted | two.within)


def _severity(one: _Placement, two: _Placement) -> Severity:
    return Severity.CAUTION if one.noted & two.noted else Severity.NOTE


_COLUMNS = ("counted", "category", "base", "sources")


def _check_pair(pairs: Pairs, _limits: Thresholds) -> Codes:
    return pairs.by_key(pairs.keys(_COLUMNS, _placement), _same)


def _severity_pair(pairs: Pairs, _limits: Thresholds) -> Codes:
    return pairs.by_key(pairs.keys(_COLUMNS, _placement), _severity)


def _words_pair(first: Result, second: Result, _limits: Thresholds, outcome: Outcome) -> Finding:
    if outcome is Outcome.NOT_ASSESSABLE:
        return Finding(message="whether both sources place the categories alike")
    found = _by_label(_shared(_placement(first), _placement(second)))
    return Finding(
        message=Message(
            "the two sources can place these categories differently: {categories}",
            categories=tuple(word.label for word in found),
        ),
        evidence=tuple((word.label, word.note) for word in found),
        hint="Compare wider categories that include them in both sources, or each category alone",
    )


RULES = (
    library_rule(
        "CLASSIFICATION.number", check=_check_number, severity=Severity.NOTE, words=_words_number
    ),
    library_rule(
        "CLASSIFICATION.pair", check=_check_pair, severity=_severity_pair, words=_words_pair
    ),
)
