"""Revisions in French and German."""

import pytest

import thbstats as thb
from tests.languages.foreign_words import english_words, text_of
from tests.releases.campaign import pair
from tests.releases.published import NOTIFIED, UNDER_ITS_NAME, decisions, referrals, series
from thbstats.display import to_html
from thbstats.languages import Language


def comparisons() -> dict[str, thb.releases.Revisions]:
    """Return comparisons that have texts of each kind."""
    exchanged = [
        thb.CountTable.from_rows(
            [("female", women), ("male", men), ("unknown", other)], columns=["sex", "value"],
            kind="victims", area="BG", period=2019, status=status,
        )
        for women, men, other, status in [
            (49, 322, thb.Count.fewer_than(5), "detected"), (322, 49, 12, "registered"),
        ]
    ]  # fmt: skip
    labels = ({"2022-Q1": "2022-Q1", "2023-Q1": own} for own in ("2022-Q1", "2023-Q1"))
    return {
        "decisions": thb.revisions(list(decisions("reasonable"))),
        "other table": thb.revisions(series(NOTIFIED), series(UNDER_ITS_NAME)),
        "repeated": thb.revisions(*map(referrals, labels)),
        "exchanged": thb.reconcile(*exchanged),
        "random": thb.revisions(*pair(2)),
    }


@pytest.mark.parametrize("language", ["fr", "de"])
def test_pages_and_tables_have_no_english_words(language: str) -> None:
    for name, found in comparisons().items():
        page = text_of(to_html(found.page(language)))
        tables = [found.by_age(), found.change_at_equal_age(), found.patterns, found.cells]
        texts = [to_html(own.display_table().in_language(Language.of(language))) for own in tables]
        for text in (page, *map(text_of, texts)):
            # The codes of countries, and a classification of the caller, are as they are.
            assert english_words(text, language, ["place", "AT", "BE"]) == set(), name


def test_page_in_english_is_the_default() -> None:
    found = comparisons()["decisions"]
    assert to_html(found.page()) == to_html(found.page("en"))
    assert "\N{MINUS SIGN}46" in to_html(found.page())
