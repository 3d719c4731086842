import pytest

from tests.comparability.numbers import SOURCE, context, count, judged
from thbstats.comparability.rules.source import RULES, source_rules
from thbstats.records import CountingRules, Source
from thbstats.results import Result

EUROSTAT = Source(title="crim_thb", publisher="Eurostat", kind="primary")
GLOTIP = Source(title="GLOTIP data set", publisher="UNODC", kind="primary")
QUOTED = Source(title="A blog", publisher="Eurostat", kind="secondary")
CTDC = Source(title="CTDC, Global Dataset", publisher="Counter Trafficking Data Collaborative")


def from_(*sources: Source, **more) -> Result:
    return count(100, context(sources=sources, **more))


@pytest.mark.parametrize("sources", [(), (SOURCE,), (EUROSTAT,), (EUROSTAT, SOURCE)])
def test_a_figure_of_one_publisher_holds(sources: tuple[Source, ...]) -> None:
    assert judged(RULES, from_(*sources)) is None


def test_a_page_that_quotes_is_a_note() -> None:
    found = judged(RULES, from_(QUOTED))
    assert found is not None
    assert (found.code, found.answer, found.severity) == ("SOURCE", "fails", "note")
    assert found.evidence == (("source", "A blog"),)
    assert "published first" in found.mend


def test_two_systems_in_one_number_ask_for_caution() -> None:
    found = judged(RULES, from_(GLOTIP, EUROSTAT))
    assert found is not None
    assert found.severity == "caution"
    assert found.message == "two systems of statistics stand behind one number"


def test_cases_that_are_no_random_sample_ask_for_caution() -> None:
    found = judged(RULES, from_(CTDC))
    assert found is not None
    assert (found.severity, found.message) == ("caution", "the counted are no random sample")
    assert "no random sample" in dict(found.evidence)["source"]
    assert "these cases only" in found.mend


def test_one_publisher_or_one_publication_holds() -> None:
    assert judged(RULES, from_(EUROSTAT), from_(Source(title="x", publisher="Eurostat"))) is None
    assert judged(RULES, from_(SOURCE), from_(SOURCE)) is None
    assert judged(RULES, from_(), from_()) is None
    assert judged(RULES, from_(CTDC), from_(CTDC)) is None


@pytest.mark.parametrize("second", [GLOTIP, CTDC])
def test_two_systems_ask_for_caution(second: Source) -> None:
    found = judged(RULES, from_(EUROSTAT), from_(second))
    assert found is not None
    assert (found.answer, found.severity, found.scope) == ("fails", "caution", "pair")
    assert found.message == "the two numbers come from different systems of statistics"
    assert dict(found.evidence)["first"] == "crim_thb"


def test_a_quoted_figure_beside_its_publishers_is_a_note() -> None:
    found = judged(RULES, from_(EUROSTAT), from_(QUOTED))
    assert found is not None
    assert found.severity == "note"
    assert "quotes" in found.message


@pytest.mark.parametrize(("one", "two"), [((SOURCE,), (EUROSTAT,)), ((), (EUROSTAT,))])
def test_a_publisher_that_is_not_stated_cannot_be_told(one, two) -> None:
    found = judged(RULES, from_(*one), from_(*two))
    assert found is not None
    assert (found.answer, found.severity) == ("cannot_tell", "note")
    assert "one system" in found.message


def test_a_sample_that_somebody_knows_of_is_told() -> None:
    known = CountingRules(about="victims", reporter="BE", sample="a survey", source="Ministry")
    number, pair = source_rules([known])
    found = judged((number,), from_(EUROSTAT))
    assert found is not None
    assert dict(found.evidence)["source"] == "crim_thb; a survey"
    there = count(9, context("FR", sources=(EUROSTAT,)))
    found = judged((pair,), from_(EUROSTAT), there)
    assert found is not None
    assert found.severity == "caution"
