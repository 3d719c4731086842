"""The claims of COM(2018) 777 against its text, in both directions.

The text is not part of the project. Set THBSTATS_REPORT_TEXT to the path of a markdown copy to run
the comparison; without it, those tests are reported as skipped. What counts as a number word or a
quantity word is stated in `report_scanner`.
"""

import os
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

import thbstats
from tests.publications.report_scanner import account, locate, read_blocks

CLAIMS = Path(thbstats.__file__).parent / "publications" / "com_2018_777.toml"
EXCLUSIONS = Path(__file__).parent / "com_2018_777_exclusions.toml"
TEXT = os.environ.get("THBSTATS_REPORT_TEXT", "")

with_text = pytest.mark.skipif(
    not TEXT, reason="THBSTATS_REPORT_TEXT does not say where the text of COM(2018) 777 lies"
)


def claims() -> list[dict[str, str]]:
    fields = ("id", "section", "paragraph", "printed", "wording")
    table = tomllib.loads(CLAIMS.read_text(encoding="utf-8"))
    return [{name: claim.get(name, "") for name in fields} for claim in table["claim"]]


def exclusions() -> list[tuple[str, str]]:
    table = tomllib.loads(EXCLUSIONS.read_text(encoding="utf-8"))
    return [
        (entry["section"], position) for entry in table["exclusion"] for position in entry["at"]
    ]


def report_text() -> str:
    return Path(TEXT).read_text(encoding="utf-8")


def runs_of_seven(words: list[str]) -> set[tuple[str, ...]]:
    return {tuple(words[index : index + 7]) for index in range(len(words) - 6)}


def words_of(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def strings_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from strings_in(list(value.values()))
    elif isinstance(value, list):
        for item in value:
            yield from strings_in(item)


def copied_runs(text: str, strings: Iterable[str]) -> list[str]:
    printed = runs_of_seven(words_of(text))
    return [s for s in strings if printed & runs_of_seven(words_of(re.sub(r"[\[\]]", "", s)))]


@with_text
def test_every_figure_and_word_of_a_claim_is_at_the_place_of_the_claim():
    blocks = read_blocks(report_text())
    assert [spans for claim in claims() for _, spans in [locate(claim, blocks)] if not spans] == []


@with_text
def test_every_number_and_quantity_word_of_the_text_is_a_claim_or_excluded_with_a_reason():
    assert account(report_text(), claims(), exclusions()) == []


@with_text
@pytest.mark.parametrize("figure", ["20532", "9 759", "5979", "135", "75 %"])
def test_a_figure_changed_in_the_text_does_not_pass(figure):
    text = report_text()
    changed = text.replace(figure, "4321")
    assert changed != text
    assert account(changed, claims(), exclusions())


@with_text
def test_a_claim_or_an_exclusion_that_is_dropped_is_missed():
    every_claim, every_exclusion = claims(), exclusions()
    assert account(report_text(), every_claim[1:], every_exclusion)
    assert account(report_text(), every_claim, every_exclusion[1:])
    assert account(report_text(), every_claim, [*every_exclusion, every_exclusion[0]])


@with_text
@pytest.mark.parametrize("path", [CLAIMS, EXCLUSIONS], ids=lambda path: path.stem)
def test_no_more_than_six_words_in_a_row_are_taken_from_the_text(path):
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    assert copied_runs(report_text(), strings_in(table)) == []


@with_text
def test_the_text_has_the_sections_and_notes_that_it_prints():
    sections = dict.fromkeys(block.section for block in read_blocks(report_text()))
    chapters = {"I": 0, "II": 4, "III": 4, "IV": 4, "V": 0, "VI": 0}
    expected = {"front", *chapters, *(f"note {number}" for number in range(1, 27))}
    expected |= {f"{c}.{n}" for c, last in chapters.items() for n in range(1, last + 1)}
    assert set(sections) == expected


def test_a_copied_run_of_seven_words_is_found():
    text = "There were seven little words in this made-up row."
    assert copied_runs(text, ["were seven little [words] in this made"]) != []
    assert copied_runs(text, ["were seven little words in this"]) == []


def test_every_exclusion_gives_a_reason_and_at_most_six_words_to_find_it():
    table = tomllib.loads(EXCLUSIONS.read_text(encoding="utf-8"))
    long = [position for _, position in exclusions() if len(position.split()) > 6]
    assert long == []
    assert [entry for entry in table["exclusion"] if not entry["reason"] or not entry["at"]] == []
    assert [
        position for _, position in exclusions() if not re.search(r"\[[^\]]+\]", position)
    ] == []
