"""Pages, plots and warnings in French and German contain no English word."""

from functools import cache
from pathlib import Path

import pandas as pd
import pytest

import thbstats as thb
from tests.languages.foreign_words import english_words, text_of
from thbstats.languages import Language
from thbstats.reports import Section

DATA = Path(__file__).parents[2] / "docs" / "_data"
NAMES = (
    "United Nations Office on Drugs and Crime (UNODC)",
    "GLOTIP data set",
    "First progress report on trafficking in human beings",
    "Second progress report on trafficking in human beings",
    "European Commission",
    "(2016) 267 final",
    "(2018) 777 final",
)
"""Titles and publishers of sources."""
CODES = {"at", "be", "note", "on", "as", "is"}
"""Codes of countries, "note" of a section, and words of both languages."""
UNFINISHED = {"three", "two", "victims"}
"""Words of quoted claims, and names of cells that a file has."""


@cache
def subject(name: str) -> object:
    if name.startswith(("com", "eurostat")):
        return getattr(thb.publications, name)()
    return thb.read(DATA / f"{name}.csv")


@pytest.mark.parametrize("code", ["fr", "de"])
@pytest.mark.parametrize(
    "name",
    [
        *("com_2018_777", "com_2016_267", "eurostat_2013", "eurostat_2023_02"),
        *("eurostat_pilot_2015", "glotip_eu_2015_2016"),
    ],
)
def test_a_page_has_no_english_word_and_its_language(name, code):
    document = thb.report(subject(name), language=code)
    html = document.to_html()
    for claim in document.content.report.claims:  # names of claims are codes
        html = html.replace(f'"{claim.id}"', '""').replace(f">{claim.id}<", "><")
    assert f'<html lang="{code}">' in html
    report = document.content.report
    names = (*NAMES, *filter(None, (getattr(report, n, "") for n in ("title", "document"))))
    text = text_of(html)
    text = text.replace("emnbelgium.be", "").replace("osservatoriointerventitratta.it", "")
    assert english_words(text, code, names) - CODES - UNFINISHED == set()


@pytest.mark.parametrize("code", ["fr", "de"])
def test_a_plot_and_its_warnings_have_no_english_word(code):
    counts = subject("glotip_eu_2015_2016").data.justice
    panel = thb.total(counts, stage="convicted", by="area", period=2016)
    ranks = thb.ranking(counts, by="area", period=2016, stage="convicted")
    shares = thb.publications.com_2018_777().breakdown(of="exploitation", base="known")
    texts = [
        thb.plots.alt_text(thb.plots.bars(panel, language=code)),
        thb.plots.alt_text(thb.plots.ranking(ranks, language=code)),
        thb.plots.alt_text(thb.plots.bars(shares, language=code)),
        thb.plots.to_vega(shares, language=code)["description"],
        *(
            f"{item.title} {item.message} {item.hint}"
            for row in shares
            for item in row.warnings.in_language(Language.of(code))
        ),
    ]
    assert english_words(" ".join(texts), code, NAMES) - CODES == set()


def test_english_words_are_found():
    assert english_words("Zahlen, 12 victims of “trafficking”", "de") == {"victims"}
    assert english_words("Quelle: GLOTIP data set", "de", NAMES) == set()


@pytest.mark.parametrize("code", ["fr", "de"])
def test_a_report_on_lists_and_on_an_audited_table_has_no_english_word(code):
    counts = {"d": 41, "c": 5, "b": 5, ("b", "c"): 54, ("b", "d"): 6, ("b", "c", "d"): 12}
    lists = thb.lists.Lists("bcd", counts, complete=True)
    shares = {"numerator": [9759, 3], "denominator": [20532, 6], "printed": ["56", "52"]}
    table = pd.DataFrame(shares)

    def blocks(_content: object) -> list[object]:
        return [thb.audit(table), thb.lists.distinct(lists), thb.lists.chao(lists)]

    sections = [thb.reports.lists_section(lists, ("1/20", 20)), Section("x", "12", blocks)]
    document = thb.report(subject("com_2018_777"), language=code, sections=sections)
    found = english_words(text_of(document.to_html()), code, NAMES)
    assert found - CODES - {"and", "row", "table"} == set()  # names of rows


@pytest.mark.parametrize("code", ["fr", "de"])
def test_several_values_and_the_title_of_an_explorer_have_no_english_word(code):
    victims = subject("glotip_eu_victims").table
    panel = thb.breakdown(victims, of="sex", base="all", by="area", period=2022)
    warnings = panel["BG", "female"].warnings.in_language(Language.of(code))
    (text,) = [own.message for own in warnings if own.code == "CONTRADICTED"]
    assert "BG 2022" in text  # the values are those of two lines of the file
    assert english_words(text, code, NAMES) - CODES == set()
    page = text_of(panel.to_page(language=code))
    assert english_words(page, code, NAMES) - CODES == set()


@pytest.mark.parametrize("code", ["fr", "de"])
def test_a_report_with_an_own_dimension_has_no_english_word(code, tmp_path):
    rows = (
        "country,year,recruiter_relation,count\n"
        "BG,2022,family,3\nBG,2022,family,5\nBG,2022,unknown,2\nBG,2022,total,12\n"
        "FR,2022,total,20\nFR,2022,family,9\nFR,2022,unknown,21\n"
    )
    path = tmp_path / "own.csv"
    path.write_text(rows)
    names = {"count": "value", "country": "area", "year": "period"}
    columns = {**names, "recruiter_relation": "recruiter_relation"}
    declare = thb.Declaration(kind="victims", columns=columns, dimensions=["recruiter_relation"])
    document = thb.report(thb.read(path, declare=declare), language=code)
    text = text_of(document.to_html())
    relation = {"fr": "relation avec le recruteur", "de": "Beziehung zum Anwerber"}[code]
    assert f"{relation} " in text
    assert "Famille ou proche" in text or "Familie oder Verwandte" in text
    assert english_words(text, code, (*NAMES, "own.csv")) - CODES - {"count"} == set()
