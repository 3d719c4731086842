"""Catalogues are complete, and texts keep what their translation needs."""

import pickle
from datetime import date
from fractions import Fraction
from io import BytesIO

import pytest
from babel.messages.catalog import Catalog

from tests.languages.catalogues import FOLDER, ids, messages, problems, read
from thbstats.display import (
    DisplayTable,
    Page,
    PageSection,
    count,
    number_style,
    percent,
    pp,
    to_html,
    to_text,
)
from thbstats.errors import IncompleteCatalogue, InvalidValue, UnknownName
from thbstats.geography import Area, country_name
from thbstats.languages import (
    LANGUAGES,
    Day,
    Label,
    Language,
    Message,
    Plural,
    capitalised,
    joined,
    lowered,
    paragraph,
)
from thbstats.values import Interval
from thbstats.vocabulary import Sex

TABLE = DisplayTable(caption="T", columns=["a"], rows=[["1"]])
FRENCH, GERMAN = Language.of("fr"), Language.of("de")


@pytest.fixture(scope="module")
def known() -> Catalog:
    return messages()


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.po")), ids=lambda path: path.stem)
def test_a_catalogue_has_every_message_reviewed_and_with_its_parameters(path, known):
    assert sorted(problems(read(path), known)) == []


@pytest.mark.parametrize(("text", "expected"), [
    ("Different countries", "vielleicht verschiedene Staaten"),
    ("Ratio of flows", "vielleicht Verhältnis von Stromgrößen"),
    ("Undocumented metadata", "vielleicht nicht dokumentierte Metadaten"),
])  # fmt: skip
def test_an_adjective_in_a_german_sentence_has_a_small_letter(text, expected):
    assert GERMAN.text(Message("perhaps {reason}", reason=lowered(Message(text)))) == expected


def test_problems_of_a_catalogue_are_found():
    own, known = Catalog(locale="fr"), Catalog()
    for text in ("{n} of {total}", "empty", "fuzzy", ("{n} row", "{n} rows"), "absent"):
        known.add(text)
    own.add("{n} of {total}", "{n} sur {sum}")
    own.add("empty")
    own.add("fuzzy", "vague", flags=["fuzzy"])
    own.add(("{n} row", "{n} rows"), ("{n} ligne", ""))
    own.add("old", "ancien")
    assert sorted(problems(own, known)) == [
        "missing: absent",
        "not reviewed: fuzzy",
        "not translated: empty",
        "not translated: {n} row",
        "other parameters: {n} of {total} / {n} sur {sum}",
        "unknown: old",
    ]


def test_messages_are_found_in_modules_and_in_the_catalogue_of_rules(known):
    texts = {ids(item)[0] for item in known if item.id}
    assert {
        "Table {n}",
        "the number includes {n} of {total} countries",
        "{n} country",
        "flag b",
    } <= texts


def test_every_language_but_english_has_a_catalogue():
    assert set(LANGUAGES) == {"en", *(path.stem for path in FOLDER.glob("*.po"))}


def test_an_unknown_language_is_refused():
    with pytest.raises(UnknownName, match=r"'xx'.*Use 'en', 'fr', 'de'"):
        Language.of("xx")


@pytest.fixture(params=['msgid "a"\nmsgstr ""', '#, fuzzy\nmsgid "a"\nmsgstr "b"'])
def incomplete_italian(request, monkeypatch):
    from thbstats.display import number_texts
    from thbstats.languages import language

    text = f'msgid ""\nmsgstr "Language: it\\n"\n\n{request.param}\n'
    monkeypatch.setattr(language, "_catalogue_file", lambda _code: BytesIO(text.encode()))
    monkeypatch.setattr(language, "LANGUAGES", ("en", "it"))
    for function in (language.language_or_english, number_texts._localised):
        function.cache_clear()
    yield
    for function in (language.language_or_english, number_texts._localised):
        function.cache_clear()


@pytest.mark.usefixtures("incomplete_italian")
def test_an_incomplete_catalogue_is_refused_with_the_reason(capsys):
    with pytest.raises(IncompleteCatalogue, match=r"lacks 1 of 1 messages, such as 'a'"):
        Language.of("it")
    cli = pytest.importorskip("thbstats.cli.entry_point", reason="not part of the core")
    assert cli.main(["audit", "com-2016-267", "--language", "it"]) == 2
    assert "The catalogue lacks 1 of 1 messages, such as 'a'" in capsys.readouterr().err


@pytest.mark.usefixtures("incomplete_italian")
def test_an_incomplete_catalogue_leaves_numbers_and_pages_with_english_words():
    style = number_style("it")
    assert (style.decimal, style.at_least, style.unbounded) == (",", "at least {}", "not bounded")
    page = Page(title="Pagina", sections=[PageSection(heading="A", tables=[TABLE])], lang="it")
    assert ("Table 1. T" in to_text(page), 'lang="it"' in to_html(page)) == (True, True)


def test_a_text_in_english_is_the_text_itself():
    english = Language.of("en")
    assert english.text("the number includes {n} of {total} countries", n=3, total=28) == (
        "the number includes 3 of 28 countries"
    )
    assert english.text(Plural("{n} country", "{n} countries", 1, n=1)) == "1 country"
    assert Language.of(english) is english


def test_values_of_a_message_are_in_its_language():
    template = "{share} of persons have an unknown {dimension} and can belong to any category"
    values = {"share": percent(Fraction(475, 1000)), "dimension": Label("sex", {"fr": "sexe"})}
    text = Message(template, **values)
    assert text == "47.5% of persons have an unknown sex and can belong to any category"
    assert FRENCH.text(text).startswith("47,5\xa0% des personnes sont de catégorie inconnue (sexe)")


def test_a_value_is_text_and_not_a_template():
    assert FRENCH.text("without {decisive}", decisive="{braces}") == "sans {braces}"


def test_plurals_follow_the_rules_of_a_language():
    def rows(number):
        text = Plural("{n} more note", "{n} more notes", number, n=count(number))
        return text, FRENCH.text(text), GERMAN.text(text)

    assert rows(0) == ("0 more notes", "0 autre remarque", "0 weitere Anmerkungen")
    assert rows(1) == ("1 more note", "1 autre remarque", "1 weitere Anmerkung")
    assert rows(2000)[1:] == ("2\u202f000 autres remarques", "2.000 weitere Anmerkungen")


def test_lists_have_the_conjunction_of_a_language():
    names = [country_name(code) for code in ("DE", "EL", "UK")]
    assert joined(names) == "Germany, Greece and United Kingdom"
    assert FRENCH.text(joined(names)) == "Allemagne, Grèce et Royaume-Uni"
    assert (
        GERMAN.text(joined(names, " or "))
        == "Deutschland, Griechenland oder Vereinigtes Königreich"
    )
    assert GERMAN.text(joined(country_name(own) for own in ("AT", "EL"))) == (
        "Griechenland und Österreich"
    )  # in the alphabet of the language
    assert joined([]) == ""
    assert FRENCH.text(joined([names[0]])) == "Allemagne"
    assert FRENCH.text(paragraph(["", Message("not reported"), "x"])) == "non communiqué x"


def test_brackets_and_signs_follow_the_language():
    inner = Message("{n} of {total} countries ({area})", n=1, total=2, area="EU27 (2020)")
    assert FRENCH.text(inner).endswith("EU27 (2020), 1 pays sur 2")
    bounds = Message("Possible range for {area}: {bounds}.", area="EU27 (2020)", bounds="1")
    assert FRENCH.text(bounds) == "Intervalle possible (EU27 [2020]) : 1."
    change = pp(Interval(Fraction(-3, 1000), Fraction(43, 1000)))
    assert GERMAN.text(change) == "\N{MINUS SIGN}0,3 bis +4,3\N{NO-BREAK SPACE}Pp."


def test_case_follows_the_language():
    label = Sex.FEMALE.label
    assert (lowered(label), capitalised("women")) == ("female", "Women")
    assert FRENCH.text(lowered(label)) == "femmes"
    assert GERMAN.text(lowered(Label("Women", {"de": "Frauen"}))) == "Frauen"
    assert FRENCH.text(capitalised(Message("not reported"))) == "Non communiqué"
    assert lowered("EU citizens") == "EU citizens"


def test_a_text_without_translation_stays():
    assert FRENCH.text("Anything at all") == "Anything at all"
    assert FRENCH.text("") == ""
    assert FRENCH.text(Label("Own", {})) == "Own"


def test_the_first_letter_of_a_plain_text_can_differ():
    assert FRENCH.text("Not reported") == "Non communiqué"
    assert GERMAN.text("missing countries") == "Fehlende Staaten"


def test_areas_and_days_are_in_the_language():
    area = Area.parse("EU28").without("UK", "FR")
    assert FRENCH.text(area.label) == "UE à 28 membres (2013-2020) hors France et Royaume-Uni"
    assert GERMAN.text(Area.parse("EU27_2020").label) == "EU mit 27 Mitgliedern (ab 2020)"
    assert FRENCH.text(Day(date(2018, 12, 3))) == "3 décembre 2018"


@pytest.mark.parametrize(
    "text",
    [
        Message("without {decisive}", decisive=country_name("EL")),
        Plural("{n} country", "{n} countries", 3, n=3),
        joined([country_name("EL"), Sex.FEMALE.label]),
        capitalised(Message("not reported")),
        Day(date(2018, 12, 3)),
        country_name("DE"),
        Sex.MALE.label,
    ],
    ids=str,
)
def test_a_text_keeps_its_translation_in_a_pickle(text):
    again = pickle.loads(pickle.dumps(text))
    assert again == text
    assert GERMAN.text(again) == GERMAN.text(text) != text
    assert pickle.loads(pickle.dumps(GERMAN)) is GERMAN
    assert repr(GERMAN) == "Language.of('de')"


def test_a_template_needs_a_value_for_each_parameter():
    with pytest.raises(InvalidValue, match="Write in braces only n"):
        Message("{counts} of {n}", n=3)
    with pytest.raises(InvalidValue, match="no parameter"):
        Message("{")
