import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thbstats.errors import UnknownName
from thbstats.geography import (
    COUNTRIES,
    Area,
    Country,
    parse_citizenship,
    parse_country,
    repair_name,
    suggest,
)
from thbstats.geography.spellings import plain

countries = st.sampled_from(COUNTRIES)


def foreign(country: Country) -> list[str]:
    names = (country.name, *country.synonyms, *country.translations)
    return [name for name in names if not name.isascii()]


# UNODC GLOTIP (14 April 2025) has the replacement character in these.
@pytest.mark.parametrize(
    ("broken", "code"),
    [
        ("C\ufffdte d\ufffdIvoire", "CI"),
        ("C\ufffdTE D'IVOIRE", "CI"),
        ("Cote d\ufffdIvoire", "CI"),
        ("C?te d'Ivoire", "CI"),
        ("C??te d???Ivoire", "CI"),
        ("T\ufffdrkiye", "TR"),
        ("ESPA\ufffdA", "ES"),
        ("PER\ufffd", "PE"),
        ("M\ufffdXICO", "MX"),
        ("Salvadore\ufffdas", "SV"),
        ("Ciudadanos de su pa\ufffds", "reporting_country"),
    ],
)
def test_a_lost_character_is_repaired_if_one_spelling_matches(broken: str, code: str) -> None:
    result = repair_name(broken)
    assert result is not None
    assert parse_citizenship(result) == code


@given(countries, st.sampled_from(["cp1252", "latin-1"]), st.sampled_from([str, str.upper]))
def test_utf_8_read_as_another_encoding_is_repaired(
    country: Country, encoding: str, change: Callable[[str], str]
) -> None:
    # Capitals can do without: "GROSSBRITANNIEN".
    for name in filter(lambda name: not name.isascii(), map(change, foreign(country))):
        try:
            broken = name.encode("utf-8").decode(encoding)
        except UnicodeDecodeError:  # a byte that Windows-1252 does not have
            continue
        result = repair_name(broken)
        assert result is not None
        assert parse_country(result) == country.code


@given(countries)
def test_correct_names_are_not_repaired(country: Country) -> None:
    for name in (country.code, country.name, *country.synonyms, *country.translations):
        assert repair_name(name) is None


@pytest.mark.parametrize(
    "text",
    [
        *("", "Per", "Peru?", "?", "\ufffd", "Romania?", "Fran?e", "Rom?nia?", "Ind?"),
        # Read as UTF-8 it is a word, but none of the list; the last is the nationals of two.
        *("caf\u00c3\u00a9", "R\u00c3\u00a9publique", "cor\u00c3\u00a9en", "cor?en"),
        "Personnes de nationalit\ufffd \ufffdtrang\ufffdre",
    ],
)
def test_ambiguous_or_unknown_texts_are_not_repaired(text: str) -> None:
    assert repair_name(text) is None


@given(st.text(max_size=100))
def test_a_repaired_name_is_a_valid_spelling(text: str) -> None:
    result = repair_name(text)
    if result is not None:
        assert parse_citizenship(result)
        assert repair_name(result) is None


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("Abania", "Albania"),
        ("Lybia", "Libya"),
        ("EGYBT", "Egypt"),
        ("Ethopia", "Ethiopia"),
        ("Centrel African Republic", "Central African Republic"),
        ("chiness", "China"),
        ("Ukranian", "Ukraine"),
        ("Yugoslawia", "Yugoslavia"),
        ("statless", "Stateless"),
    ],
)
def test_the_nearest_name_is_suggested_first(text: str, near: str) -> None:
    assert suggest(text)[0] == near
    with pytest.raises(UnknownName, match=f"Did you mean '{near}'"):
        parse_citizenship(text)


def test_a_name_of_several_countries_suggests_each_of_them() -> None:
    assert suggest("Dominicans") == ("Dominica", "Dominican Republic")


@pytest.mark.parametrize("text", ["", "Q6.1_10s_2019", "Abroad", "0", "?", "Other Europe"])
def test_a_dissimilar_text_has_no_suggestion(text: str) -> None:
    assert suggest(text) == ()


@given(st.text(max_size=100))
def test_at_most_three_are_suggested(text: str) -> None:
    assert len(suggest(text)) == len(set(suggest(text))) <= 3


def asked_about(text: str) -> float:
    """Return the processor time that every question about a text takes, in seconds."""
    start = time.process_time()
    assert suggest(text) == ()
    assert repair_name(text) is None
    for parse in (parse_country, parse_citizenship, Area.parse):
        with pytest.raises(UnknownName):
            parse(text)
    return time.process_time() - start


@pytest.mark.parametrize("letter", ["a", "é", "\u00c3", "?", "+", " ", "\ufffd", "\ufdfa"])
def test_long_texts_take_linear_time(
    letter: str,
) -> None:
    suggest("Lybia"), repair_name("C?te")  # the tables are made once
    short, long = (min(asked_about(letter * n) for _ in range(3)) for n in (5_000, 40_000))
    assert long < 24 * max(short, 0.002)  # the square would be 64 times


@given(st.text())
def test_a_plain_text_is_plain(text: str) -> None:
    assert plain(plain(text)) == plain(text)
