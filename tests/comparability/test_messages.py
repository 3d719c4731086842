"""Every text of a rule is listed, is one sentence, and can be said in another language."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.comparability.numbers import context, count
from tests.comparability.test_judge import NUMBERS
from tests.comparability.wording import FILE, texts, written
from tests.rows import check_rows
from thbstats.comparability import ALL, assess, compare, messages
from thbstats.errors import InvalidValue
from thbstats.results import GATHERED, ComparabilityWarning, Message, Result, Warnings

LISTED = messages()
SAID = [text for said in LISTED.values() for text in said]
SENTENCES = [text for text in SAID if " " in text]
MADE_UP = {text: f"«{text}»" for text in SAID}


def test_the_list_is_what_the_rules_say_and_is_written_again_by_one_command() -> None:
    assert FILE.read_text(encoding="utf-8") == written(texts()), (
        "run: python -m tests.comparability.wording"
    )


def test_every_family_has_its_texts() -> None:
    assert set(LISTED) == {rule.code for rule in ALL} | {GATHERED}
    assert all(LISTED.values())


def test_a_text_is_one_sentence_without_a_full_stop() -> None:
    def check(text: str) -> None:
        assert text == text.strip()
        assert not text.endswith((".", "!", "?", ",", ";", ":"))
        assert not re.search(r"[.!?] [A-Z]", text)
        assert "\n" not in text
        assert "  " not in text

    check_rows(check, ((text,) for text in SENTENCES))


def marked(warning: ComparabilityWarning) -> Iterator[str]:
    """Return all words of a warning that a translation should have reached."""
    yield warning.message
    yield warning.mend
    if warning.code != GATHERED:
        yield from (name for name, _ in warning.evidence)


def plain(text: str) -> str:
    return text.replace("«", "").replace("»", "")


@given(st.sampled_from(NUMBERS), st.sampled_from(NUMBERS))
@settings(deadline=None)
def test_a_made_up_language_says_everything(one: Result, two: Result) -> None:
    found = compare(assess(one), assess(two)).warnings
    said = found.translate(MADE_UP)
    assert said.codes == found.codes
    for before, after in zip(found, said, strict=True):
        for text in filter(None, marked(after)):
            assert text[0] == "«"
            assert text[-1] == "»"
        assert plain(after.message) == before.message
        assert plain(after.mend) == before.mend
        assert before.key in SAID
        assert [plain(text) for pair in after.evidence for text in pair] == [
            text for pair in before.evidence for text in pair
        ]


def test_what_is_not_translated_stays_in_english() -> None:
    found = assess(count(9, context("EU28", reporters={"BE"}))).warnings
    assert found.translate({}) == found
    (coverage,) = found.of("COVERAGE")
    assert coverage.key == "{n} of {total} countries stand behind the figure"
    assert coverage.parameters == {"n": "1", "total": "28"}
    german = {coverage.key: "{n} von {total} Staaten haben berichtet", "missing": "es fehlen"}
    said = coverage.translate(german)
    assert said.message == "1 von 28 Staaten haben berichtet"
    assert dict(said.evidence).keys() == {"reporting", "es fehlen"}
    assert said.mend == coverage.mend
    assert found.translate(german).codes == found.codes


def test_a_message_without_figures_is_its_own_key() -> None:
    warning = ComparabilityWarning(
        code="OWN", severity="caution", scope="pair", message="two laws", mend="Read both"
    )
    assert (warning.key, warning.parameters) == ("two laws", {})
    said = warning.translate({"two laws": "zwei Gesetze", "Read both": "Beide lesen"})
    assert (said.message, said.mend) == ("zwei Gesetze", "Beide lesen")


def test_gaps_are_translated_one_by_one() -> None:
    warnings = Warnings(assess(NUMBERS[3]).warnings.of(GATHERED))
    (said,) = warnings.translate({"the exact reference period": "die genaue Zeit"})
    assert "die genaue Zeit; " in said.message or "; die genaue Zeit" in said.message
    assert ("PERIOD", "die genaue Zeit") in said.evidence


def test_a_translation_that_names_what_is_not_there_is_refused() -> None:
    said = Message("{n} countries", n=3)
    warning = ComparabilityWarning(code="X", severity="note", scope="number", message=said)
    with pytest.raises(InvalidValue, match="template"):
        warning.translate({"{n} countries": "{m} Staaten"})
