import subprocess
import sys
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

import thbstats.geography
from thbstats.errors import UnknownName
from thbstats.geography import COUNTRIES, Country, country_name, parse_country
from thbstats.geography.countries import _plain

countries = st.sampled_from(COUNTRIES)


def test_the_list_is_iso_3166_1_and_kosovo() -> None:
    assert len(COUNTRIES) == 249 + 1
    assert all(len(c.iso2) == 2 and len(c.iso3) == 3 for c in COUNTRIES)
    assert all(c.iso2.isupper() and c.iso3.isupper() for c in COUNTRIES)


@pytest.mark.parametrize("column", ["code", "iso2", "iso3", "name"])
def test_every_code_and_name_is_one_country(column: str) -> None:
    values = [getattr(country, column) for country in COUNTRIES]
    assert len(set(values)) == len(values)


def test_only_greece_and_the_united_kingdom_differ_from_iso() -> None:
    differ = {country.iso2: country.code for country in COUNTRIES if country.iso2 != country.code}
    assert differ == {"GR": "EL", "GB": "UK"}


def test_no_spelling_means_two_countries() -> None:
    owners: dict[str, set[str]] = {}
    for c in COUNTRIES:
        for text in (c.code, c.iso2, c.iso3, c.name, *c.synonyms):
            owners.setdefault(_plain(text), set()).add(c.code)
    assert {text: codes for text, codes in owners.items() if len(codes) > 1} == {}


def test_no_synonym_repeats_what_is_understood_without_it() -> None:
    for c in COUNTRIES:
        plain = [_plain(text) for text in (c.code, c.name, *c.synonyms)]
        assert len(set(plain)) == len(plain), c


@given(countries, st.sampled_from([str.upper, str.lower, str.title, str]))
def test_every_spelling_of_a_country_finds_it(
    country: Country, change: Callable[[str], str]
) -> None:
    for text in (country.code, country.iso2, country.iso3, country.name, *country.synonyms):
        assert parse_country(f" {change(text)} ") == country.code


@given(countries)
def test_the_code_is_canonical(country: Country) -> None:
    assert parse_country(parse_country(country.iso3)) == country.code
    assert country_name(country.iso2) == country.name


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
        ("Congo", "CG"),
        ("DR Congo", "CD"),
        ("Niger", "NE"),
        ("Nigeria", "NG"),
        ("Dominica", "DM"),
        ("Dominican Republic", "DO"),
        ("Kosovo*", "XK"),
        ("na", "NA"),
        ("no", "NO"),
    ],
)
def test_what_sources_print_is_understood(text: str, code: str) -> None:
    assert parse_country(text) == code


# The countries of citizenship that COM(2018) 777, section II, ranks.
@pytest.mark.parametrize(
    "name",
    [
        *("Romania", "Hungary", "Netherlands", "Poland", "Bulgaria"),
        *("Nigeria", "Albania", "Vietnam", "China", "Eritrea"),
    ],
)
def test_the_reports_citizenships_keep_their_names(name: str) -> None:
    assert country_name(name) == name


def test_an_unknown_country_is_refused_with_near_matches() -> None:
    with pytest.raises(
        UnknownName, match=r"value 'Rumania': not a country. Did you mean 'Romania'"
    ):
        parse_country("Rumania")


@pytest.mark.parametrize("text", ["", " ", "the", "unknown", "total", "XX", "EU28", None, 5])
def test_what_is_no_country_is_refused(text: object) -> None:
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
