"""Every text of a rule is listed, is one sentence, and can be translated."""

import ast
import re
from collections.abc import Iterator
from gettext import NullTranslations
from pathlib import Path

from hypothesis import given

from tests.languages.catalogues import catalogue_texts, module_texts
from tests.rules.panels import Row, panel
from tests.rules.test_comparisons import rows
from thbstats import rules
from thbstats.languages import Language
from thbstats.panel import NOT_DOCUMENTED, ComparabilityWarning, Warnings, not_documented
from thbstats.rules import ALL, NO_VALUE, apply_rules, compare

(NOTE,) = not_documented([("", "")], "number")
ALL_TEXTS = [
    *(NOTE.title, NOTE.key, NOTE.hint),
    *(text for file, text in catalogue_texts() if file.startswith("rules")),
    # The title of a rule whose metadata are not documented is in a module.
    *(text for _, text in module_texts("rules/judgement.py")),
]


class Synthetic(NullTranslations):
    """Each known text in quotation marks."""

    def gettext(self, message: str) -> str:
        return f"«{message}»" if message in ALL_TEXTS else message

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return f"«{singular if number == 1 else plural}»"


SYNTHETIC = Language("plain", Synthetic())  # the code of a number style


def python_texts() -> Iterator[str]:
    """Yield the sentences, templates and names of evidence in the modules of rules."""
    for path in sorted((Path(rules.__file__).parent / "families").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Name(id="Message"), args=[ast.Constant(value=str(text)), *_]
                ):
                    yield text
                case ast.Tuple(elts=[ast.Constant(str(name)), second]) if not isinstance(
                    second, ast.Constant
                ):
                    yield name


def test_the_catalogue_has_every_text_of_the_modules() -> None:
    names = {"all", "known", "kind", "protection"}
    assert {text for text in python_texts() if text not in ALL_TEXTS} <= names


def test_texts_are_sentences_without_a_full_stop() -> None:
    wrong = r"^\s|\s$|[.!?,;:]$|[.!?] [A-Z]|\n|  "
    assert [text for text in ALL_TEXTS if " " in text and re.search(wrong, text)] == []


def test_titles_have_at_most_five_words_and_no_text_is_empty() -> None:
    for rule in (*ALL, NO_VALUE):
        assert 1 <= len(rule.title.split()) <= 5, rule.code
        texts = rule.definition, rule.trigger, rule.source, rule.example, rule.hint
        assert all(texts), rule.code


def translatable(warning: ComparabilityWarning) -> Iterator[str]:
    yield warning.title
    yield warning.message
    yield warning.hint
    if warning.code != NOT_DOCUMENTED:
        yield from (name for name, _ in warning.evidence)


def plain(text: str) -> str:
    return text.replace("«", "").replace("»", "")


@given(rows, rows)
def test_synthetic_language_translates_every_text(first: Row, second: Row) -> None:
    result = compare(*apply_rules(panel(first, second)))
    every = Warnings([*result.warnings, *result.limitations])
    other = every.in_language(SYNTHETIC)
    assert sorted(item.code for item in other) == sorted(item.code for item in every)
    for item in every:
        translated = item.in_language(SYNTHETIC)
        for text in filter(None, translatable(translated)):
            assert text[0] == "«"
            assert text[-1] == "»"
        assert plain(translated.message) == item.message
        assert plain(translated.hint) == item.hint
