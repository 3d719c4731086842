"""Passports of figures of all kinds and statuses, in all languages."""

import json
import re
from html.parser import HTMLParser

import pytest

import thbstats as thb
from tests.passports.figures import FIGURES, FRANCE, GLOTIP, REPORT, WOMEN
from thbstats.errors import UnknownName
from thbstats.geography.countries import read_countries
from thbstats.languages import Language
from thbstats.panel import Status
from thbstats.passports import Passport
from thbstats.passports.figure_names import TEXTS

LANGUAGES = ("en", "fr", "de")
COUNTRIES = {country.name: country.code for country in read_countries()}

_PROPER = {
    "bic", "chao", "commission", "crime", "cramér", "data", "drugs", "eu", "european", "eurostat",
    "glotip", "hirschman", "herfindahl", "kendall", "nations", "office", "on", "tau", "thb",
    "united", "unodc",
}  # fmt: skip
"""Words of proper nouns and titles of sources, which stay in English."""


@pytest.fixture(name="results", scope="module")
def _results() -> dict[str, thb.Result]:
    return {name: make() for name, make in FIGURES.items()}


@pytest.fixture(name="english", scope="module")
def _english(results: dict[str, thb.Result]) -> dict[str, Passport]:
    return {name: result.passport() for name, result in results.items()}


def words(text: str) -> set[str]:
    return set(re.findall(r"[a-zà-ÿ]+", text.lower()))


def sentences(passport: Passport) -> list[str]:
    """Return the sentences of passports, without the code, titles of sources and texts of rules."""
    left_out = {passport.heading(name) for name in ("call", "source", "limitation")}
    listed = [
        text for name, own in passport.sections.items() if name not in left_out for text in own
    ]
    return [passport.title, passport.text(passport.figure.possible), *listed]


@pytest.mark.untraced
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_section_has_a_sentence_in_every_language(results, language: str):
    for name, result in results.items():
        passport = result.passport(language=language)
        assert len(passport.sections) == 7, name
        for heading, items in passport.sections.items():
            assert items, (name, heading)
            assert all(text.strip(" .:·") for text in items), (name, heading)
        for text in sentences(passport):
            assert not re.search(r"\{|\}|None|\bnan\b|  |: \.|\(\)|, ,|\( | \)", text), (name, text)


def test_all_indicators_statuses_and_kinds_have_a_figure(results):
    indicators = {result.indicator for result in results.values()}
    assert {
        "share", "total", "ratio", "rate", "change", "concentration", "decompose", "association",
        "agreement", "printed", "conviction_to_prosecution", "funnel", "lists.models",
        "convictions_per_100_victims", "protection_per_100_victims",
    } <= indicators  # fmt: skip
    assert len(results) >= 40
    statuses = {result.status for result in results.values()}
    assert statuses == set(Status)


def named(text: str) -> set[str]:
    """Return the countries that a text names."""
    found = [name for name in COUNTRIES if re.search(rf"\b{re.escape(name)}\b", text)]
    return {COUNTRIES[own] for own in found if not any(own != o and own in o for o in found)}


def test_countries_named_as_in_or_out_are_in_or_out_of_the_value(english):
    """Law 8: a sentence states of a figure only what its columns contain."""
    checked = 0
    for name, passport in english.items():
        figure = passport.figure
        sides = figure.sides if figure.differs else (figure.whole,) if figure.whole else (figure,)
        for side in sides:
            result, coverage = side.result, [*side.coverage()]
            reporters = result.reporters if result.value is not None else frozenset()
            for text in coverage:
                if "in the figure: " in text and "(" in text:
                    assert named(text) == reporters & result.area.members, (name, text)
                    checked += 1
                if text.startswith("Not in the figure"):
                    assert named(text) == result.area.members - reporters, (name, text)
                    checked += 1
        if not figure.differs and figure.whole is None:
            for text in passport.sections["Do not write"]:
                if "Countries that are not in it" in text:
                    inside = figure.result.reporters & figure.result.area.members
                    assert not named(text.partition("not in it")[2]) & inside, (name, text)
                    checked += 1
    assert checked > 30


def test_numbers_of_countries_count_the_area(english):
    checked = 0
    for name, passport in english.items():
        figure = passport.figure
        for text in sentences(passport):
            for n, total in re.findall(r"(\d+) of (?:the )?(\d+) (?:countries|\([A-Z])", text):
                results = [
                    own.result for own in (figure, *(figure.sides if figure.differs else ()))
                ]
                results += [figure.whole.result] if figure.whole else []
                sizes = {(len(r.reporters & r.area.members), len(r.area.members)) for r in results}
                assert (int(n), int(total)) in sizes, (name, text)
                checked += 1
    assert checked > 30


def test_value_and_bounds_of_a_sentence_are_those_of_the_figure(english):
    for name in ("share of a country", "share of the EU", "total of a region", "rate"):
        passport = english[name]
        result, text = passport.result, " ".join(passport.sections["You can write"])
        assert result.formatted in text, name
        assert f"{result.numerator.value:,}" in text, name
        if result.bounds_with_unknown != result.value:
            assert result.kind.format_value(result.bounds_with_unknown) in text, name


def test_figure_without_a_value_shows_none(english):
    for name, passport in english.items():
        if passport.result.value is None and passport.result.status is not Status.BOUNDED:
            assert passport.figure.value == "no figure", name
            assert passport.sections["You can write"][0].startswith("For "), name
            assert "value" not in passport.to_dict(), name


def test_counts_of_several_kinds_have_no_attribute_of_one_of_them(english):
    passport = english["several counts"]
    assert passport.title == "Victims"
    assert passport.sections["You can write"] == (
        "For Belgium in 2020, a single figure is not available (victims): the source has several "
        "counts, and none of them was chosen.",
    )


def test_statements_of_lists_have_neither_area_nor_range_of_a_model(english):
    passport = english["persons by one model"]
    written = passport.sections["You can write"]
    assert written[0].endswith("[12,23]: 157 (area not stated, period not stated).")
    assert passport.text(passport.figure.possible).startswith("The figure is the estimate of one")
    assert (
        english["distinct persons"].figure.possible
        == "No range: the counts of the source are exact."
    )


def test_bounds_of_lists_have_their_assumption_and_country() -> None:
    histories = {"a": 40, "b": 60, ("a", "b"): 20}
    lists = thb.lists.Lists("ab", histories, complete=True, area="UK", period=2013)
    passport = thb.lists.hidden(lists, ("1/3", 3), 0.95).passport()
    (written,) = passport.sections["You can write"]
    assert "for odds ratios of 1/3 to 3, with sampling at 95%: " in written
    assert written.endswith("(the United Kingdom, 2013).")
    assert passport.sections["Coverage"] == ("Country in the figure: the United Kingdom.",)
    (written,) = thb.lists.chao(lists).passport().sections["You can write"]
    assert "if no two lists have negative dependence" in written


@pytest.mark.traced
def test_range_of_a_ratio_names_the_unknown_category() -> None:
    rows = [("total", 20), ("female", 4), ("male", 11)]
    table = thb.CountTable.from_rows(
        rows, columns=["sex", "value"], kind="victims", area="MT", period=2020
    )
    ratio = thb.ratio(table, numerator={"sex": "female"}, denominator={"sex": "male"})
    assert "Reasons: persons of unknown category (sex)." in str(ratio.passport().figure.possible)


def test_countries_have_an_article_and_names_in_the_order_of_the_language(results):
    total = results["total of a region"]
    assert "France, Luxembourg and the Netherlands" in str(total.passport().sections["Coverage"])
    french = total.passport(language="fr").sections["Limites"]
    assert any(text.startswith("Pays dominant. France : ") for text in french)
    german = str(results["convictions, countries"].passport(language="de").sections["Erfassung"])
    assert "Belgien, Deutschland, Finnland" in german
    change = results["change of a share"].passport(language="fr").figure
    assert "\N{MINUS SIGN}19,3 à +29," in Language.of("fr").text(change.possible)


@pytest.mark.parametrize(
    ("name", "language", "sentence"),
    [
        ("share of the EU", "fr", "UE28, 2015-2016 : 47,5 % des victimes enregistrées étaient des "
         "victimes d\N{RIGHT SINGLE QUOTATION MARK}exploitation sexuelle (9 759 sur 20 532)."),
        ("share of the EU", "de", "EU28, 2015-2016: 47,5 % der registrierten Opfer waren Opfer "
         "sexueller Ausbeutung (9.759 von 20.532)."),
        ("change in persons", "fr",
         "France : 1 671 victimes détectées en 2019, puis 1 373 en 2020 (\N{MINUS SIGN}298)."),
        ("change in persons", "de",
         "Frankreich: 1.671 entdeckte Opfer für 2019 und 1.373 für 2020 (\N{MINUS SIGN}298)."),
        ("total of two countries", "fr",
         "Belgique, 2020 : 88 victimes détectées."),
        ("denominator 0", "de", "Malta, 2020: Eine Angabe kann nicht berechnet werden, weil der "
         "Nenner 0 ist (identifizierte Opfer)."),
    ],
)  # fmt: skip
def test_first_sentences_in_other_languages(results, name: str, language: str, sentence: str):
    passport = results[name].passport(language=language)
    own = passport.sections[passport.heading("write")][0]
    assert re.sub(r"\s", " ", own) == sentence


def test_change_between_other_countries_is_not_a_statement(english):
    passport = english["change, other countries"]
    written = " ".join(passport.sections["You can write"])
    assert "%" not in written
    assert "In 25 of the 27 countries" in written
    assert "In 24 of the 27 countries" in written
    assert passport.figure.caution.startswith("Do not quote")


@pytest.mark.untraced
@pytest.mark.parametrize("language", ["fr", "de"])
def test_pages_in_other_languages_have_no_english_word(results, language: str):
    texts = [
        own
        for table in TEXTS.values()
        for text in table.values()
        for own in ([text] if isinstance(text, str) else text)
    ]
    spoken = Language.of(language)
    # Words that the other language has too, such as "source", are no evidence.
    both = {
        word for text in texts for word in words(re.sub(r"\{\w+\}", "", spoken.translation(text)))
    }
    english = {word for text in texts for word in words(re.sub(r"\{\w+\}", "", text))}
    english |= {"the", "of", "and", "with", "from", "not", "is", "are", "an", "have", "by", "to"}
    forbidden = {word for word in english - both - _PROPER if len(word) > 1}
    for name, result in results.items():
        passport = result.passport(language=language)
        for text in sentences(passport):
            quoted = re.sub(r"[“„«].*?[”“»]", "", text)
            assert not words(quoted) & forbidden, (name, text, words(quoted) & forbidden)
        assert f'<html lang="{language}">' in passport.to_html()


def test_range_of_a_share_of_known_persons_names_its_denominator(english):
    for name in ("share of known", "published share"):
        passport = english[name]
        everyone = passport.text(passport.figure.values["everyone"])
        assert passport.sections["You can write"][-1].startswith(f"As a share of all {everyone}, ")
        assert f"the share of all {everyone}" in passport.text(passport.figure.possible)


def test_decomposed_change_between_other_countries_is_not_a_statement(english):
    passport = english["decomposed change"]
    assert passport.sections["You can write"] == (
        "For the EU27 (from 2020), no change from 2019 to 2020 is available, because the countries "
        "of the two periods differ: women and girls as a share of detected victims.",
    )
    assert passport.figure.caution.startswith("Do not quote")
    assert "The countries of the two periods differ." in passport.sections["Coverage"]
    assert (
        "The countries of the two periods differ."
        in english["contribution"].sections["You can write"]
    )


def test_numbers_of_models_are_not_bounds_of_the_data(english):
    passport = english["persons on lists"]
    written = " ".join(passport.sections["You can write"])
    assert written.endswith(
        "157 to 269, depending on the model (area not stated, period not stated)."
    )
    assert any("it depends on assumptions" in own for own in passport.sections["Do not write"])


def test_change_over_some_countries_is_not_that_of_the_area(english):
    refused = english["change, same countries"].sections["Do not write"]
    assert any("as the figure of the EU27 (from 2020). Countries" in own for own in refused)


def test_count_that_is_not_applicable_has_no_range(english):
    passport = english["not applicable"]
    assert passport.figure.bounds == ""
    assert passport.sections["You can write"][0].endswith("the count is not applicable.")
    assert "<svg" not in passport.to_html()


def test_agreement_names_both_rankings(english):
    for name in ("members in two rankings", "rank correlation", "rank-biased overlap"):
        written = english[name].sections["You can write"][0]
        assert (
            "[Belgium, 2015] and victims by citizenship [Belgium, 2016]"
            in written.lower().replace("belgium", "Belgium")
        )


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.data = ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)

    def handle_data(self, data):
        if self.tags and self.tags[-1] == "script":
            self.data += data


def test_page_has_its_data_and_no_other_script(english):
    for name, passport in english.items():
        page = passport.to_html()
        elements = _Elements()
        elements.feed(page)
        assert page.count("<script") == 1, name
        assert json.loads(elements.data) == passport.to_dict(), name
        assert "://" not in re.sub(r"<script.*?</script>", "", page, flags=re.S), name
        assert elements.tags.count("h1") == 1


def test_data_are_an_observation_of_schema_org(english):
    data = english["total"].to_dict()
    assert data["@context"] == "https://schema.org"
    assert data["@type"] == "Observation"
    assert "value" not in data
    assert (data["minValue"], data["maxValue"]) == (6450, 6490)
    own = {item["name"]: item for item in data["additionalProperty"]}
    assert own["countries not in the figure"]["value"] == ["DE", "LV", "SE"]
    assert own["numerator"]["minValue"] == 5717
    assert english["share of a country"].to_dict()["value"] == 991 / 1373


def test_texts_of_others_are_escaped():
    table = thb.CountTable.from_rows(
        [("FR", 10)], columns=["area", "value"], kind="victims", period=2020,
        source=thb.Source(title="</script><b onload=x>A *bold* [title](x)"),
    )  # fmt: skip
    passport = thb.total(table).passport()
    page = passport.to_html()
    assert "<b onload" not in page
    assert page.count("</script>") == 1
    assert r"\*bold\*" in passport.to_markdown()
    assert passport.to_dict()["subjectOf"][0]["name"].startswith("</script>")


def test_published_figure_is_compared_and_drawn():
    share = thb.share(REPORT.data.victims, exploitation="sexual", base="all")
    passport = share.passport(published=REPORT)
    assert passport.sections["Compare with"][-1].startswith(
        "Published figure “56%”: not comparable."
    )
    assert "published 56%" in passport.to_html()
    assert share.passport(published=REPORT.share("ii-sexual-share")).published is not None
    other = thb.share(REPORT.data.victims, exploitation="sexual", base="known")
    assert other.passport().published is None
    total = thb.total(REPORT.data.victims)
    assert total.passport(published=REPORT).published is None


def test_bounds_that_hold_for_any_data_are_not_drawn(english):
    assert "<svg" not in english["no data"].to_html()
    assert "<svg" not in english["not reported"].to_html()
    assert "<svg" in english["total of the world"].to_html()


def test_code_recalculates_the_figure():
    data = (
        "import thbstats as thb\ntable = thb.read('docs/_data/glotip_eu_victims.csv').data.victims"
    )
    passport = thb.share(GLOTIP, **WOMEN, **FRANCE).passport(data=data)
    *lines, call = passport.call.splitlines()
    names: dict = {}
    exec("\n".join(lines), names)
    assert eval(call, names) == passport.result
    assert f"```python\n{passport.call}\n```" in passport.to_markdown()
    assert call in passport.to_text()


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("figure.html", "<!doctype html>"),
        ("figure.md", "Figure passport"),
        ("figure.txt", "Figure passport"),
        ("figure.json", "{"),
    ],
)
def test_extension_decides_the_format(tmp_path, name: str, start: str):
    thb.share(GLOTIP, **WOMEN, **FRANCE).passport(tmp_path / name)
    assert (tmp_path / name).read_text("utf-8").startswith(start)


def test_unknown_extension_and_language_are_refused(tmp_path):
    share = thb.share(GLOTIP, **WOMEN, **FRANCE)
    with pytest.raises(UnknownName, match="known file extension"):
        share.passport(tmp_path / "figure.pdf")
    with pytest.raises(UnknownName, match="language"):
        share.passport(language="xx")


@pytest.mark.traced
def test_panel_has_an_index_with_a_link_to_each_row(tmp_path):
    panel = thb.share(GLOTIP, **WOMEN, by="area", period=2020)
    index, *pages = panel.passport(tmp_path / "passports", language="fr")
    text = index.read_text("utf-8")
    assert len(pages) == len(panel)
    assert re.findall(r'href="([^"]+)"', text) == [page.name for page in pages]
    assert "Autriche" in text
    assert all(page.exists() for page in pages)


def test_rows_of_several_panels_keep_their_statements():
    change = FIGURES["change, same countries"]()
    part, whole = FIGURES["contribution"](), FIGURES["share of a country"]()
    rows = thb.Panel.from_results([change, part, whole])
    written = [row.passport().sections["You can write"][0] for row in rows]
    place = "23 of the 27 countries of the EU27 (from 2020)"
    assert written[0].startswith(f"In {place}, this figure changed by ")
    assert "Contribution of France to the change" in written[1]
    assert written[2] == whole.passport().sections["You can write"][0]
    assert [row.passport().call for row in rows] == ["", "", ""]


@pytest.mark.parametrize(
    ("options", "title"),
    [
        ({"top": 1}, "Share of detected victims in the country with the highest count"),
        (
            {"top": 2, "dimension": "sex"},
            "Share of detected victims of known sex in the 2 largest categories",
        ),
    ],
)
def test_concentration_names_its_units(options: dict, title: str):
    own = thb.concentration(GLOTIP, measure="top_share", **options, **FRANCE | {"area": None})
    assert own.passport().title == title
    assert repr(own.passport()) == f"<Passport of {title}: {own.formatted}>"
