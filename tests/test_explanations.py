"""Explanations of codes and terms."""

from pathlib import Path

import pytest

import thbstats as thb
from thbstats.errors import UnknownName
from thbstats.explanations import Explanation
from thbstats.panel import NOT_DOCUMENTED, Outcome, Severity, Status, Verdict
from thbstats.rules import ALL, NO_VALUE
from thbstats.values import Reason
from thbstats.vocabulary import Overlap

DOCS = Path(__file__).parents[1] / "docs"
CODES = [
    *dict.fromkeys(rule.code for rule in (*ALL, NO_VALUE)),
    NOT_DOCUMENTED,
    *(status.code for status in Status),
    *(str(item) for kind in (Reason, Verdict, Severity, Outcome, Overlap) for item in kind),
]


@pytest.mark.parametrize("code", dict.fromkeys(CODES))
def test_every_code_has_title_definition_and_page(code: str) -> None:
    result = thb.explain(code)
    names = [name for name, _ in result.rows]
    assert "Definition" in names
    assert "Manual" in names
    assert all(text for row in result.rows for text in row)
    assert thb.explain(code.swapcase()) == result
    assert_pages_exist(result)


def assert_pages_exist(result: Explanation) -> None:
    pages = [text for name, text in result.rows if name == "Manual"]
    assert pages
    for page in pages:
        assert (DOCS / page.partition("#")[0]).is_file()


@pytest.mark.parametrize("rule", [*ALL, NO_VALUE], ids=lambda rule: f"{rule.code}-{rule.scope}")
def test_texts_of_a_rule_are_those_of_the_catalogue(rule: thb.rules.Rule) -> None:
    texts = [text for _, text in thb.explain(rule.code).rows]
    for text in (rule.title, rule.definition, rule.trigger, rule.example, rule.hint):
        assert text in texts


@pytest.mark.parametrize(
    ("name", "topic"),
    [
        ("suppressed", "SUPPRESSED"),
        ("confidence interval", "confidence interval"),
        ("Conviction rate", "stage ratio"),
        ("crosstab", "cross table"),
        ("missing countries", "COVERAGE"),
        ("break in time series", "BREAK"),
        ("small numbers", "SMALL_DENOMINATOR"),
        ("small-denominator", "SMALL_DENOMINATOR"),
        ("base", "BASE"),
        ("responses", "denominator"),
        ("nonresponse", "missing count"),
        ("secondary suppression", "primary and secondary suppression"),
    ],
)
def test_titles_and_synonyms_lead_to_their_topic(name: str, topic: str) -> None:
    assert thb.explain(name).topic == topic


def test_code_of_two_lists_has_both_meanings() -> None:
    names = [name for name, _ in thb.explain("not_assessable").rows]
    assert {"Verdict on a pair", "Outcome of a rule"} <= set(names)


def test_topics_are_listed_by_group() -> None:
    listed = {topic for _, text in thb.explain().rows for topic in text.split(", ")}
    assert {*CODES, "like for like"} <= listed
    assert len(str(thb.explain()).splitlines()) < 80


def test_explanation_is_displayed_as_text_and_html() -> None:
    result = thb.explain("COVERAGE")
    assert "Missing countries" in str(result)
    assert max(map(len, str(result).splitlines())) <= 80
    assert "Missing countries" in result.to_html()
    assert_pages_exist(thb.explain("stage ratio"))


def test_unknown_topic_has_at_most_five_suggestions() -> None:
    with pytest.raises(UnknownName, match="`topic` must be a code or a term") as near:
        thb.explain("suppresion")
    assert "'suppressed count'" in near.value.hint
    assert near.value.hint.count("'") <= 10
    with pytest.raises(UnknownName) as far:
        thb.explain("zzzz")
    assert far.value.hint == "Use thbstats.explain() to list the topics"
