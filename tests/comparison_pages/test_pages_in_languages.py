"""Comparisons, explorers and sheets in French and German, by kind of page.

Each kind has its list of words that may stay in English, with the reason.
"""

import json
import re
from base64 import b64decode
from collections.abc import Callable
from gzip import decompress

import pytest

import thbstats as thb
from tests.languages.foreign_words import english_words, text_of
from tests.passports.figures import CHANGE, CITIZENS, EU, FLOWS, FRANCE, GLOTIP, STAGES, WOMEN
from thbstats.display import DisplayTable, to_text
from thbstats.languages import Language
from thbstats.tables.sums import translator

SOURCES = (
    *("United Nations Office on Drugs and Crime", "GLOTIP data set", "European Commission"),
    *("COM(2018) 777 final", "COM(2020) 661 final"),
)
"""Publishers and titles of sources."""
CODES = {"at", "be", "do", "in", "it", "so", "us"}
"""Codes of countries."""
PUBLISHED = thb.publications.com_2018_777, thb.publications.com_2020_661


def comparison(code: str) -> str:
    found = thb.compare_publications(*(load() for load in PUBLISHED), language=code)
    html = found.to_document()
    ids = {claim.id for load in PUBLISHED for claim in load().claims}
    for own in sorted(ids, key=len, reverse=True):  # names of claims are codes
        html = html.replace(own, "")
    return text_of(html)


def comparison_of_tables(code: str) -> str:
    own = GLOTIP.where(area=["FR", "NL"])
    found = thb.compare_publications(own, GLOTIP, names=["a", "b"], language=code)
    return text_of(found.to_document())


def explorer(code: str) -> str:
    page = GLOTIP.to_page(title="GLOTIP", language=code)
    [packed] = re.findall(r'<script type="application/gzip" id="data">(.*?)</script>', page)
    data = json.loads(decompress(b64decode(packed)))
    columns = [own["texts"] for name, own in data["columns"].items() if name != "code"]
    texts = [text for own in columns for text in own]
    return " ".join([text_of(page), *texts, *(text for _, text in data["kinds"])])


def sheets(code: str) -> str:
    panels = [
        thb.share(GLOTIP, **WOMEN, by="area", period=2020),
        thb.total(GLOTIP, by=["area", "period"]),
        thb.breakdown(GLOTIP, of="sex", base="all", **EU),
        thb.ranking(GLOTIP, by="area", period=2020),
        thb.concentration(GLOTIP, measure="herfindahl", by="period", area="EU27_2020"),
        thb.decompose(GLOTIP, **WOMEN, **CHANGE),
        thb.justice.funnel(STAGES),
        thb.flows(FLOWS, period=2022),
    ]
    results = [CITIZENS[0].agreement(CITIZENS[1], method=own) for own in ("overlap", "kendall_tau")]
    shown: list[DisplayTable] = [own.display_table() for own in (*panels, *results)]
    shown.append(thb.share(GLOTIP, **WOMEN, **FRANCE).display_table())
    language = Language.of(code)
    pages = [translator(code)(table).in_language(language) for table in shown]
    assert {table.lang for table in pages} == {code}
    return " ".join(map(to_text, pages))


KINDS: dict[str, tuple[Callable[[str], str], set[str]]] = {
    "comparison of publications": (comparison, set()),
    "comparison of tables": (comparison_of_tables, set()),
    "explorer": (explorer, set()),
    # Rows of flows have the codes of the table.
    "sheets": (sheets, {"within", "total"}),
}


@pytest.mark.untraced
@pytest.mark.parametrize("code", ["fr", "de"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_of_each_kind_has_no_english_word(kind: str, code: str) -> None:
    page, allowed = KINDS[kind]
    assert english_words(page(code), code, SOURCES) - CODES - allowed == set()


def test_countries_and_signs_follow_the_language() -> None:
    page = " ".join(comparison("fr").split())
    assert "\N{MINUS SIGN}6,0 à \N{MINUS SIGN}4,0" in page
    assert not re.search(r" -\d|\w; ", page.partition("Commission, COM")[0])
    rows = explorer("de")
    assert "Niederlande" in rows
    assert "Netherlands" not in rows


def test_texts_of_a_german_comparison_have_german_numbers():
    pair = thb.publications.com_2018_777(), thb.publications.com_2020_661()
    page = thb.compare_publications(*pair, language="de")
    for text in (page.to_text(), page.to_html(), page.to_markdown(), page.to_document()):
        assert "20.532" in text
        assert "20,532" not in text
    assert "56 % (Basis: registrierte Opfer" in page.to_markdown()
