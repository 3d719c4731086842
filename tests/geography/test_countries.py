import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

import thbstats.geography
from thbstats.errors import UnknownName
from thbstats.geography import (
    COUNTRIES,
    DISSOLVED_STATES,
    Area,
    Country,
    country_name,
    eu_members,
    membership_changes,
    parse_country,
)
from thbstats.geography.spellings import citizenships, names, plain

EVERY = (*COUNTRIES, *DISSOLVED_STATES)
countries = st.sampled_from(EVERY)


def test_the_list_is_iso_3166_1_and_kosovo() -> None:
    assert len(COUNTRIES) == 249 + 1
    assert all(re.fullmatch("[A-Z]{2} [A-Z]{3}", f"{c.iso2} {c.iso3}") for c in COUNTRIES)
    assert all(re.fullmatch("[0-9]{3}", country.m49) for country in EVERY)
    assert all((c.first, c.last, c.successors) == (None, None, ()) for c in COUNTRIES)


@pytest.mark.parametrize("column", ["code", "iso2", "iso3", "m49", "name"])
def test_every_code_and_name_is_one_country(column: str) -> None:
    values = [getattr(country, column) for country in COUNTRIES]
    assert len(set(values)) == len(values)
    if column not in ("iso2", "iso3"):
        everywhere = [getattr(country, column) for country in EVERY]
        assert len(set(everywhere)) == len(everywhere)


# The first and last of the list, those below 100, the odd ones, and two that were renumbered.
@pytest.mark.parametrize(
    ("code", "m49"),
    [
        *(("AF", "004"), ("ZM", "894"), ("AL", "008"), ("EL", "300"), ("UK", "826")),
        *(("XK", "412"), ("TW", "158"), ("CZ", "203"), ("DE", "276"), ("SD", "729")),
        *(("RO", "642"), ("NG", "566"), ("NE", "562"), ("RS", "688"), ("ME", "499")),
        *(("CSXX", "891"), ("CSHH", "200"), ("SUHH", "810"), ("YUCS", "890"), ("ANHH", "530")),
    ],
)
def test_m49_codes_are_those_of_the_united_nations(code: str, m49: str) -> None:
    assert next(country.m49 for country in EVERY if country.code == code) == m49


def test_only_greece_and_the_united_kingdom_differ_from_iso() -> None:
    differ = {country.iso2: country.code for country in COUNTRIES if country.iso2 != country.code}
    assert differ == {"GR": "EL", "GB": "UK"}


def test_spellings_are_unambiguous_except_known_exceptions() -> None:
    several = {text: codes for text, codes in citizenships().items() if len(codes) > 1}
    assert {text for text, codes in names().items() if len(codes) > 1} == {"cs"}
    assert several == {
        "cs": ("CSHH", "CSXX"),
        **dict.fromkeys(["congolese", "congolais", "congoleno", "congolenos"], ("CD", "CG")),
        **dict.fromkeys(["dominican", "dominicans"], ("DM", "DO")),
        **dict.fromkeys(["korean", "koreans", "coreano", "coreanos"], ("KP", "KR")),
        **dict.fromkeys(["coreen", "coreens"], ("KP", "KR")),
        **dict.fromkeys(["virgin islander", "virgin islanders"], ("VG", "VI")),
    }


def test_no_synonym_is_redundant() -> None:
    for c in EVERY:
        texts = [plain(text) for text in (c.code, c.name, *c.synonyms)]
        assert len(set(texts)) == len(texts), c
        words = [plain(text) for text in (*c.demonyms, *c.variants)]
        assert len(set(words)) == len(words), c
        assert not set(words) & set(texts), c
        assert len({c.name, *c.synonyms, *c.translations}) == 1 + len(c.synonyms + c.translations)


def test_spellings_have_no_blanks_or_damaged_letters() -> None:
    for c in EVERY:
        for text in (c.name, *c.synonyms, *c.translations, *c.demonyms, *c.variants):
            assert text == " ".join(text.split())
            assert plain(text)
            assert not {"?", "\ufffd", "|"} & set(text)


def test_every_member_state_has_a_demonym() -> None:
    ever = frozenset().union(*map(eu_members, membership_changes()))
    assert all(c.demonyms for c in COUNTRIES if c.code in ever)


def test_a_dissolved_state_has_four_letters_and_present_successors() -> None:
    today = {country.code for country in COUNTRIES}
    for state in DISSOLVED_STATES:
        assert re.fullmatch("[A-Z]{4}", state.code)
        assert state.successors
        assert set(state.successors) <= today
        assert state.first is not None
        assert state.last is not None
        assert state.first < state.last < date(2012, 1, 1)


@pytest.mark.parametrize(
    ("text", "code", "successors"),
    [
        ("Serbia and Montenegro", "CSXX", "ME RS XK"),
        ("SCG", "CSXX", "ME RS XK"),
        ("Federal Republic of Yugoslavia", "CSXX", "ME RS XK"),
        ("Former Yugoslavia", "YUCS", "BA HR ME MK RS SI XK"),
        ("YU", "YUCS", "BA HR ME MK RS SI XK"),
        ("USSR", "SUHH", "AM AZ BY EE GE KG KZ LT LV MD RU TJ TM UA UZ"),
        ("Czechoslovakia", "CSHH", "CZ SK"),
        ("The former Netherlands Antilles", "ANHH", "BQ CW SX"),
        ("Sudan (former)", "SDHH", "SD SS"),
        ("East Germany", "DDDE", "DE"),
    ],
)
def test_a_dissolved_state_is_not_its_successor(text: str, code: str, successors: str) -> None:
    assert parse_country(text) == code
    state = next(state for state in DISSOLVED_STATES if state.code == code)
    assert state.successors == tuple(successors.split())
    assert Area.parse(text).members == {code}
    assert all(code not in eu_members(day) for day in membership_changes())


def test_a_code_of_two_dissolved_states_raises() -> None:
    with pytest.raises(UnknownName, match=r"CSHH \(Czechoslovakia\) or CSXX \(Serbia and"):
        parse_country("CS")


@given(countries, st.sampled_from([str.upper, str.lower, str.title, str]))
def test_every_spelling_of_a_country_is_read(
    country: Country, change: Callable[[str], str]
) -> None:
    own = (country.code, country.name, *country.synonyms, *country.translations)
    codes = (country.iso2, country.iso3) if country in COUNTRIES else ()
    for text in (*own, *codes):
        assert parse_country(f" {change(text)} ") == country.code


@given(countries)
def test_the_code_is_canonical(country: Country) -> None:
    assert parse_country(parse_country(country.name)) == country.code
    assert country_name(country.code) == country.name


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("GR", "EL"),
        ("EL", "EL"),
        ("Greece", "EL"),
        ("GRC", "EL"),
        ("GB", "UK"),
        ("Great Britain", "UK"),
        ("the United Kingdom of Great Britain and Northern Ireland", "UK"),
        ("Viet Nam", "VN"),
        ("Czech Republic", "CZ"),
        ("Netherlands (Kingdom of the)", "NL"),
        ("The Netherlands", "NL"),
        ("Turkey", "TR"),
        ("Turkiye", "TR"),
        ("Cote d\u2019Ivoire", "CI"),
        ("Moldova, Republic of", "MD"),
        ("Bosnia & Herzegovina", "BA"),
        ("St. Lucia", "LC"),
        ("ST", "ST"),
        ("Congo", "CG"),
        ("DR Congo", "CD"),
        ("Niger", "NE"),
        ("Nigeria", "NG"),
        ("Dominica", "DM"),
        ("Dominican Republic", "DO"),
        ("Kosovo*", "XK"),
        ("Kosovo under UNSCR 1244", "XK"),
        ("Germany (until 1990 former territory of the FRG)", "DE"),
        ("China, Taiwan Province of China", "TW"),
        ("The former Yugoslav Republic of Macedonia", "MK"),
        ("República Dominicana", "DO"),
        ("Costa d'Avorio", "CI"),
        ("na", "NA"),
        ("no", "NO"),
        # Former names of renamed countries.
        *(("Burma", "MM"), ("Zaire", "CD"), ("Swaziland", "SZ"), ("Upper Volta", "BF")),
        *(("Cape Verde", "CV"), ("East Timor", "TL"), ("Macedonia", "MK")),
        *(("Ceylon", "LK"), ("Dahomey", "BJ"), ("Western Samoa", "WS")),
    ],
)
def test_texts_of_sources_are_read(text: str, code: str) -> None:
    assert parse_country(text) == code


def test_an_unknown_country_raises_with_a_suggestion() -> None:
    with pytest.raises(UnknownName, match=r"must be a country. Did you mean 'Romania'"):
        parse_country("Romnia")


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "the", "unknown", "total", "XX", "EU28", None, 5),
        # Nationals are no country, a bare number is a count, and a lost letter is no sign.
        *("Georgian", "Stateless", "642", "Per?", "PER\ufffd", "Ind?", "Saint"),
        *("Africa", "Abroad", "Romania/Bulgaria", "Korea", "Virgin Islands", "Sark"),
    ],
)
def test_a_text_that_is_not_a_country_raises(text: object) -> None:
    with pytest.raises(UnknownName):
        parse_country(text)


def test_the_package_has_no_other_lazy_name() -> None:
    with pytest.raises(AttributeError, match="no attribute 'COUNTRYS'"):
        thbstats.geography.COUNTRYS  # noqa: B018


def test_importing_reads_no_file_and_no_heavy_library() -> None:
    code = (
        "import sys, thbstats.geography\n"
        "from thbstats.geography.countries import read_countries\n"
        "heavy = {'numpy', 'pandas', 'importlib.resources'} & set(sys.modules)\n"
        "raise SystemExit(f'{heavy}' if heavy or read_countries.cache_info().currsize else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


# The countries of citizenship that COM(2018) 777, section II, ranks.
@pytest.mark.parametrize(
    "name",
    [
        *("Romania", "Hungary", "Netherlands", "Poland", "Bulgaria"),
        *("Nigeria", "Albania", "Vietnam", "China", "Eritrea"),
    ],
)
def test_citizenships_of_the_report_have_their_names(name: str) -> None:
    assert country_name(name) == name
