"""SOURCE and VINTAGE."""

from typing import Any

from tests.rules.panels import (
    CAUTION,
    NOTE,
    OPEN,
    SOURCE,
    Row,
    compared,
    count,
    judged,
    number_cases,
    pair_cases,
    rules_of,
    share,
    summary,
)
from thbstats.records import CountingRules, Source

EUROSTAT = Source(title="crim_thb", publisher="Eurostat", kind="primary")
GLOTIP = Source(title="GLOTIP data set", publisher="UNODC", kind="primary")
QUOTED = Source(title="A blog", publisher="Eurostat", kind="secondary")
CTDC = Source(title="CTDC, Global Dataset", publisher="Counter Trafficking Data Collaborative")


def of(*sources: Source, **more: Any) -> Row:
    return count(100, sources=sources, **more)


test_source_of_a_number = number_cases(
    rules_of("SOURCE"),
    (of(), None),
    (of(SOURCE), None),
    (of(EUROSTAT), None),
    (of(EUROSTAT, SOURCE), None),
    (of(QUOTED), NOTE),
    (of(GLOTIP, EUROSTAT), CAUTION),
    (of(CTDC), CAUTION),
)


test_source_of_a_pair = pair_cases(
    rules_of("SOURCE"),
    (of(EUROSTAT), of(Source(title="x", publisher="Eurostat")), None),
    (of(SOURCE), of(SOURCE), None),
    (of(), of(), None),
    (of(CTDC), of(CTDC), None),
    (of(EUROSTAT), of(GLOTIP), CAUTION),
    (of(EUROSTAT), of(CTDC), CAUTION),
    (of(EUROSTAT), of(QUOTED), NOTE),
    (of(SOURCE), of(EUROSTAT), OPEN),
    (of(), of(EUROSTAT), OPEN),
)


def test_documented_sample_gives_caution() -> None:
    known = CountingRules(about="victims", reporter="BE", sample="a survey", source="Ministry")
    rules = rules_of("SOURCE", [known])
    warning = judged(rules, of(EUROSTAT))
    assert dict(warning.evidence)["source"] == "crim_thb; a survey"
    assert summary(compared(rules, of(EUROSTAT), of(EUROSTAT, area="FR"))) == CAUTION


def release(
    day: str | None, title: str = "Eurostat crim_thb", publisher: str = "Eurostat"
) -> Source:
    return Source(title=title, publisher=publisher, published=day)


OLD, NEW = release("2022-12-13"), release("2024-01-24")


def dated(*sources: Source, period: str = "2020", **more: Any) -> Row:
    return share(64, 100, period=period, sources=sources, **more)


test_vintage_of_a_number = number_cases(
    rules_of("VINTAGE"),
    (dated(OLD), None),
    (dated(), None),
    (dated(NEW, flags=frozenset("r")), NOTE),
    (dated(OLD, NEW), CAUTION),
    (dated(OLD, release("2024-01-24", "Another")), None),
)


test_vintage_of_a_pair = pair_cases(
    rules_of("VINTAGE"),
    (dated(OLD), dated(OLD, period="2021"), None),
    (dated(OLD), count(9), None),
    (dated(OLD), dated(NEW), CAUTION),
    (dated(OLD), dated(NEW, period="2021"), CAUTION),
    (dated(OLD), dated(release(None)), CAUTION),
    (dated(release("2022-12-13", "one")), dated(release("2024-01-24", "two")), CAUTION),
    (dated(OLD), dated(release("2024-01-24", "two"), period="2021"), None),
    (dated(OLD), dated(release("2024-01-24", "GLOTIP", "UNODC")), None),
    (dated(OLD), dated(release("2022-12-13", "two")), None),
    (dated(OLD), dated(release(None, "two")), OPEN),
)
