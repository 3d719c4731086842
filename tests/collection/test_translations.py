import pytest

import thbstats as thb
from tests.collection.registers import registers
from tests.languages.foreign_words import english_words
from thbstats.collection.return_checks import TEXTS, Finding
from thbstats.display import DisplayTable
from thbstats.languages import Language

PLAN = thb.collection.plan("article-19a")
NAMES = [
    *(", IT", ": IT", "article-19a", "it_2025-publication", "it_2025"),
    *(f"{own.letter} {own.name}" for own in PLAN.variables),
    *("italy-13bis", "court_instance", "punctuality_latest", "thb.lists.distinct"),
    *("ESS Guidelines for the Implementation of the ESS Quality and Performance Indicators",),
    *("IT", "return.json", "datapackage.json", "return.xlsx", "structure.xml"),
]
"""Names that are equal in all languages."""


@pytest.fixture(scope="module")
def filled():
    declared = {"multi": {"exploitation": "exploitation"}, "person": "person"}
    return PLAN.fill(registers(4000), area="IT", period=2025, **declared)


@pytest.mark.parametrize("code", ["fr", "de"])
def test_tables_of_a_return_have_no_english_sentence(filled, code: str, tmp_path) -> None:
    def left(table: DisplayTable) -> set[str]:
        own = table.in_language(Language.of(code))
        notes = [own.caption, *(column.name for column in own.columns), *own.notes]
        return english_words(" | ".join(notes), code, [str(tmp_path), *NAMES])

    italy = thb.collection.plan("italy-13bis")
    tables = [
        filled.display_table(),
        filled.completeness().display_table(),
        filled.check(filled).display_table(),
        filled.quality("2026-09-28", previous=filled).display_table(),
        filled.write(tmp_path / "it_2025").display_table(),
        PLAN.display_table(),
        PLAN.compare(italy).display_table(),
    ]
    assert [own for own in map(left, tables) if own] == []
    german = filled.check(filled).display_table().in_language(Language.of("de")).texts
    assert {"zwischen Tabellen", "Hinweis"} <= {*german}


@pytest.mark.parametrize("code", ["fr", "de"])
def test_findings_of_a_return_that_was_read_are_translated(filled, code: str, tmp_path) -> None:
    filled.write(tmp_path / "it")
    again, language = thb.collection.read_return(tmp_path / "it"), Language.of(code)
    for own, read in zip(filled.remarks, again.remarks, strict=True):
        assert language.text(own.text) != own.text
        assert language.text(read.text) == language.text(own.text)


def test_a_finding_selects_the_sentence_of_its_number() -> None:
    one, two = (Finding.of("NO_AREA", "victims", number=number) for number in (1, 2000))
    assert one.text == (
        "1 case has no area, or a wider area than the return. It is not in the return."
    )
    assert two.text == (
        "2,000 cases have no area, or a wider area than the return. They are not in the return."
    )
    assert Language.of("fr").text(two.text).startswith("2\u202f000 cas n\u2019ont pas")
    assert (one.level, one.severity) == (0, "question")
    assert {entry.get("severity", "question") for entry in TEXTS["findings"].values()} == {
        *TEXTS["severities"]
    }


def test_categories_of_a_question_are_translated() -> None:
    numbers = {"now": 30, "then": 3, "period": "2025", "before": "2024"}
    jump = Finding.of("JUMP", "victims", item="suspected non_eu", **numbers)
    assert jump.text.startswith("suspected non eu: 30 in 2025 and 3 in 2024.")
    german = Language.of("de").text(jump.text)
    assert not {"suspected", "non"} & {*german.split()}
