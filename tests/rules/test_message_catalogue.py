"""Every text of a rule is listed, is one sentence, and can be translated."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings

from tests.rules.panels import Row, panel
from tests.rules.test_comparisons import rows
from tests.rules.wording import FILE, texts, written
from thbstats.panel import NOT_DOCUMENTED, ComparabilityWarning, Warnings
from thbstats.rules import ALL, NO_VALUE, Rule, check, compare, messages

LISTED = messages()
ALL_TEXTS = [text for own in LISTED.values() for text in own]
SENTENCES = [text for text in ALL_TEXTS if " " in text]
SYNTHETIC = {text: f"«{text}»" for text in ALL_TEXTS}


def test_list_equals_the_texts_of_the_rules() -> None:
    assert FILE.read_text(encoding="utf-8") == written(texts()), (
        "run: python -m tests.rules.wording"
    )
    assert set(LISTED) == {rule.code for rule in (*ALL, NO_VALUE)} | {NOT_DOCUMENTED}
    assert all(LISTED.values())


@pytest.mark.parametrize("text", SENTENCES)
def test_text_is_one_sentence_without_a_full_stop(text: str) -> None:
    assert text == text.strip()
    assert not text.endswith((".", "!", "?", ",", ";", ":"))
    assert not re.search(r"[.!?] [A-Z]", text)
    assert "\n" not in text
    assert "  " not in text


@pytest.mark.parametrize("rule", [*ALL, NO_VALUE], ids=lambda rule: f"{rule.code}-{rule.scope}")
def test_catalogue_entry_is_complete(rule: Rule) -> None:
    assert 1 <= len(rule.title.split()) <= 5
    for text in (rule.definition, rule.trigger, rule.source, rule.example, rule.hint):
        assert text


def translatable(warning: ComparabilityWarning) -> Iterator[str]:
    yield warning.message
    yield warning.hint
    if warning.code != NOT_DOCUMENTED:
        yield from (name for name, _ in warning.evidence)


def plain(text: str) -> str:
    return text.replace("«", "").replace("»", "")


@given(rows, rows)
@settings(deadline=None)
def test_synthetic_language_translates_every_text(first: Row, second: Row) -> None:
    found = compare(*check(panel(first, second)))
    every = Warnings([*found.warnings, *found.limitations])
    other = every.translate(SYNTHETIC)
    assert sorted(item.code for item in other) == sorted(item.code for item in every)
    for item in every:
        translated = item.translate(SYNTHETIC)
        for text in filter(None, translatable(translated)):
            assert text[0] == "«"
            assert text[-1] == "»"
        assert plain(translated.message) == item.message
        assert plain(translated.hint) == item.hint
