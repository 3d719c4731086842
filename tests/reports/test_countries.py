"""The law of honest words: countries that a report names are in, or not in, the value."""

import re
from collections.abc import Sequence

from hypothesis import example, given
from hypothesis import strategies as st

import thbstats as thb
from tests.examples import examples
from thbstats.display import Bullets, Row
from thbstats.geography import country_name
from thbstats.reports import Document, Indicator, report
from thbstats.tables import CountTable
from thbstats.values import Count

AREAS = ("BE", "DE", "EE", "FR", "IT", "PL")
NAMES = {country_name(code): code for code in AREAS}

NUMBER = st.one_of(st.integers(0, 60), st.just(Count.fewer_than(5)), st.none())
WORLD = st.lists(
    st.tuples(*[st.tuples(NUMBER, NUMBER, NUMBER, NUMBER, NUMBER)] * len(AREAS)),
    min_size=1,
    max_size=2,
)
"""For each period and country: total, women, men, children and adults; ``None`` has no row."""

CONTRADICTORY = (2, 30, 20, 10, 40)
CLEAN = (50, 30, 20, 10, 40)
CATEGORIES = (
    ("total", "total"), ("female", "total"), ("male", "total"), ("total", "child"),
    ("total", "adult"),
)  # fmt: skip


World = Sequence[Sequence[object]]


def table_of(world: Sequence[World]) -> CountTable:
    rows = [
        (area, 2021 + year, *category, number)
        for year, countries in enumerate(world)
        for area, numbers in zip(AREAS, countries, strict=True)
        for category, number in zip(CATEGORIES, numbers, strict=True)
        if number is not None
    ]
    columns = ("area", "period", "sex", "age", "value")
    return CountTable.from_rows(rows, columns=columns, kind="victims", status="detected")


def named(text: str) -> set[str]:
    return {code for name, code in NAMES.items() if re.search(rf"\b{name}\b", text)}


def lines(document: Document, name: str) -> list[str]:
    texts = []
    for part in document.parts:
        if part.name == name:
            for block in part.texts:
                texts += block.items if isinstance(block, Bullets) else [str(block)]
    return texts


def rows_of(document: Document, name: str) -> list[list[str]]:
    parts = (part for part in document.parts if part.name == name)
    rows = (row for part in parts for table in part.tables for row in table.rows)
    return [[cell.text for cell in row.cells] for row in rows if isinstance(row, Row)]


def figures(document: Document, text: str) -> list[Indicator]:
    """Return the figures that a list of names stands for."""
    listed, usual, found = text.split("; "), document.content.usual, []
    listed = [*listed, *(f"{name[:1].lower()}{name[1:]}" for name in listed[:1])]
    for item in document.content.indicators:
        kinds = ["figures", "figures of victims"]
        kinds += [f"shares by {item.unknown_dimension}"] * bool(item.unknown_dimension)
        scopes = ("", f", {item.scope.period}")
        names = {f"all {kind}{scope}" for kind in kinds for scope in scopes}
        if {str(item.scope.named(item.name, usual)), *names} & set(listed):
            found.append(item)
    return found


def check_counts(document: Document, table: CountTable) -> None:
    """Every "n of N" counts the area, and the value is that of the n countries alone."""
    for item in document.content.indicators:
        reporters, area = item.result.reporters, item.result.area
        assert reporters <= area.members == set(table.categories("area"))
        assert item.coverage == f"{len(reporters)} of {len(area.members)}"
        assert set(item.left_out) == area.members - reporters
        if item.result.base.rule == "none" and reporters:
            alone = table.where(area=sorted(reporters), period=str(item.result.period))
            assert thb.total(alone, area="+".join(sorted(reporters))).value == item.result.value


def check_reservations(document: Document) -> None:
    """Reservations name all countries that are not in the value, and safe figures have all."""
    leading = {
        str(item.scope.named(item.name, document.content.usual)): item
        for item in document.content.indicators
        if item.leading
    }
    assert not [name for name, *_ in rows_of(document, "safe") if leading[name].left_out]
    for name, *_, text in rows_of(document, "reserved"):
        found = re.search(r"in (\d+ of \d+) countries, without (.*?\))(?:;|$)", text)
        left_out = set(leading[name].left_out)
        assert (named(found[2]) if found else set()) == left_out
        assert not found or found[1] == leading[name].coverage


def check_coverage(document: Document) -> None:
    """The table of countries has each figure once, with the countries that are not in it."""
    seen = []
    for figure, number, left_out in rows_of(document, "coverage"):
        own = [item for item in figures(document, figure) if item.coverage == number]
        own = [item for item in own if set(item.left_out) == named(left_out)]
        assert own
        seen += own
    every = [item.id for item in document.content.indicators if item.result.reporters]
    assert {item.id for item in seen} == set(every)


def check_issues(document: Document) -> None:
    """Issues say correctly whether a country is in the values of the figures that they name."""
    for text in lines(document, "data_issues"):
        code = NAMES.get(text.partition(",")[0])
        parts = re.split(r"(?:^| )(Not in the value|In the value): ", text)
        for where, listed in zip(parts[1::2], parts[2::2], strict=True):
            own = figures(document, listed.rstrip("."))
            assert own
            is_in = where == "In the value"
            assert all((code in item.result.reporters) is is_in for item in own)
        if none := re.search(r"is in no value of these figures for (\d+)\.", text):
            own = [i for i in document.content.indicators if str(i.result.period) == none[1]]
            assert all(code not in item.result.reporters for item in own)


def check_changes(document: Document) -> None:
    """A change between different countries names those of one period only."""
    totals = {str(i.result.period): i for i in document.content.counts if not i.result.category}
    for text in lines(document, "refused"):
        for period, listed in re.findall(r"only (\d+): ([^;)]*)", text):
            other = next(own for own in totals if own != period)
            only = totals[period].result.reporters - totals[other].result.reporters
            assert named(listed) == only


@examples(15)
@given(world=WORLD)
@example(world=[(CONTRADICTORY, *[CLEAN] * 5)])
@example(world=[(CONTRADICTORY, CLEAN, (None, 30, 20, 10, 40), *[CLEAN] * 3), (CLEAN,) * 6])
@example(world=[(CLEAN, (50, 30, 30, 10, 40), *[CLEAN] * 4), (CONTRADICTORY, *[CLEAN] * 5)])
def test_countries_named_in_or_out_are_in_or_out_of_the_value(world: list[World]) -> None:
    table = table_of(world)
    document = report(table)
    check_counts(document, table)
    check_reservations(document)
    check_coverage(document)
    check_issues(document)
    check_changes(document)
