"""The scanner on made-up texts: what it must find, and what it must not let pass."""

import pytest

from tests.publications.report_scanner import account, locate, places, read_blocks, tokens

REPORT = """
Somewhere, 1.2.2030

## **I. Opening**

Of the 12,345 boats,<sup>1</sup> over half (56%) were red; this part ends on the

---

<sup>1</sup> See [http://x.org/a\\_2](http://x.org/a_2).

<sup>2</sup> Boats and rafts.

next page, in 2015-2016.

### 1. Colours

- **Red**

Only two were blue.
- Few were green.
- Many were grey, and many more were old.

**2. Shapes**

Round boats are increasing: 2 of 12.
"""


def claim(id_: str = "c", section: str = "I", paragraph: str = "paragraph 1", **more: str):
    named = {"id": id_, "section": section, "paragraph": paragraph}
    return {**named, "printed": "", "wording": "", **more}


CLAIMS = [
    claim("boats", printed="12,345"),
    claim("red", printed="56%", wording="over half"),
    claim("blue", "I.1", printed="two", wording="Only"),
    claim("green", "I.1", "bullet 2", wording="Few"),
    claim("grey", "I.1", "bullet 3", wording="Many ... many more"),
    claim("round", "I.2", printed="2", wording="are increasing"),
    claim("all", "I.2", printed="12"),
]
EXCLUSIONS = [("front", "[1.2.2030]"), ("I", "in [2015]-[2016]"), ("note 1", "http://x.org/a_[2]")]


def words(text: str) -> list[str]:
    return [text[span.start : span.end] for span in tokens(text)]


def test_headings_give_sections_whatever_their_level_and_emphasis():
    sections = [block.section for block in read_blocks(REPORT) if block.locator == "heading"]
    assert sections == ["I", "I.1", "I.2"]


def test_a_heading_without_a_number_opens_no_section():
    blocks = read_blocks("# II. One\n\n## Summary\n\nText.")
    assert [(b.section, b.text) for b in blocks] == [
        ("II", "One"),
        ("II", "Summary"),
        ("II", "Text."),
    ]


def test_a_note_is_a_section_and_the_paragraph_it_cut_is_one_again():
    blocks = {(b.section, b.locator): b.text for b in read_blocks(REPORT)}
    assert blocks["note 2", "paragraph 1"] == "Boats and rafts."
    assert blocks["I", "paragraph 1"].endswith("ends on the next page, in 2015-2016.")
    assert "<sup>" not in blocks["I", "paragraph 1"]


def test_bullets_are_counted_through_the_section():
    bullets = [b.locator for b in read_blocks(REPORT) if b.locator.startswith("bullet")]
    assert bullets == ["bullet 1", "bullet 2", "bullet 3"]


def test_lines_that_end_as_in_windows_give_the_same_blocks():
    assert read_blocks(REPORT.replace("\n", "\r\n")) == read_blocks(REPORT)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2,476 new cases", ["2,476"]),
        ("in 2015-2016", ["2015", "2016"]),
        ("on 15.4.2011, 0.5", ["15.4.2011", "0.5"]),
        ("Article 18(4)", ["18", "4"]),
        ("in 2016, 135 of them", ["2016", "135"]),
        ("over two-thirds", ["over", "two", "thirds"]),
        ("All but one Quarter", ["All", "one", "Quarter"]),
        ("it decreased sharply", ["decreased", "sharply"]),
        ("none of the persons overall", ["none"]),
        ("heads-ten-of", ["ten"]),
    ],
)
def test_numbers_number_words_and_quantity_words_are_tokens(text, expected):
    assert words(text) == expected


@pytest.mark.parametrize("part", ["2", "476", "47", "12 3", "345 6", "new case"])
def test_a_part_of_a_number_or_of_a_word_is_not_found(part):
    assert places("12,345 and 2,476 new cases, 345,678", part) == ()


def test_single_number_is_located():
    assert len(places("in 2012-2016, 2 suspects and 20 others", "2")) == 1


def test_a_text_with_all_its_numbers_and_words_accounted_for_passes():
    assert account(REPORT, CLAIMS, EXCLUSIONS) == []


@pytest.mark.parametrize("dropped", range(len(CLAIMS)))
def test_a_claim_left_out_leaves_its_numbers_and_words_over(dropped):
    problems = account(REPORT, CLAIMS[:dropped] + CLAIMS[dropped + 1 :], EXCLUSIONS)
    assert problems
    assert all("in no claim and not excluded" in problem for problem in problems)


@pytest.mark.parametrize(
    ("section", "phrase"),
    [
        ("I", "in [2015]-[2016]"),  # a second time
        ("I.1", "in [2015]-[2016]"),  # another section
        ("I", "[56]%"),  # a claim already
        ("I.1", "were blue"),  # no token in it
    ],
)
def test_an_exclusion_that_excludes_nothing_is_reported(section, phrase):
    problems = account(REPORT, CLAIMS, [*EXCLUSIONS, (section, phrase)])
    assert len(problems) == 1
    assert "excluded, but" in problems[0]


def test_occurrences_are_counted():
    text = "# I. A\n\nSome here, some there.\n\nSome more."
    some = [("I", "[some]"), ("I", "[Some]")]
    assert len(account(text, [], some)) == 2
    assert account(text, [], [*some, ("I", "[Some]"), ("I", "[more]")]) == []


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"printed": "57%"}, "stands 0 times"),
        ({"wording": "over a half"}, "stands 0 times"),
        ({"wording": "over half ... were blue"}, "stands 0 times"),
        ({"printed": "56%", "paragraph": "paragraph 9"}, "stands 0 times"),
        ({"section": "I.1", "paragraph": "bullet 3", "wording": "were"}, "stands 3 times"),
    ],
)
def test_a_claim_that_does_not_stand_exactly_once_where_it_says_is_refused(fields, problem):
    with pytest.raises(LookupError, match=problem):
        locate(claim(**fields), read_blocks(REPORT.replace("were old", "were old, were new")))


def test_repeated_number_is_located_through_its_words():
    text = "# I. One\n\nThe top five cars and the other five."
    assert locate(claim(printed="five", wording="top five"), read_blocks(text))
    with pytest.raises(LookupError, match="'five' stands 2 times"):
        locate(claim(printed="five"), read_blocks(text))
