"""Honest words: reports, passports and pages name countries as the columns of the numbers do.

The tables are those of the plots. Many of their totals are below the parts, so that countries have
no value.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from hypothesis import example, given

import thbstats as thb
from tests.examples import examples
from tests.explorer.test_explorer_page import data_of, rows_of
from tests.plots.test_laws import AREAS, CONTRADICTORY, World, panels, table_of, worlds
from thbstats.geography import country_name
from thbstats.panel import Result
from thbstats.passports.statements import FigureText
from thbstats.reports import content_of
from thbstats.reports.issues import data_issues
from thbstats.reports.reservations import refused, reservations_of

CODES = {country_name(code): code for code in AREAS}


def named(text: str) -> set[str]:
    return {code for name, code in CODES.items() if name in text}


def check_figure(figure: FigureText, texts: list[str]) -> int:
    """Check the sentences of a passport on one number; return how many name countries."""
    result, checked = figure.result, 0
    inside = (result.reporters or frozenset()) if result.value is not None else frozenset()
    for text in texts:
        if match := re.search(r"[Cc]ountries in (?:the|a) figure: (\d+|none) of (\d+)", text):
            n, total = match.groups()
            assert (0 if n == "none" else int(n), int(total)) == (len(inside), len(AREAS)), text
            checked += 1
        if "in the figure: " in text and "(" in text:
            assert named(text) == inside, text
        if re.search("Not in the figure|Countries that are not in it", text):
            assert not named(text.rpartition(":")[2]) & inside, text
            checked += 1
        if match := re.match(r"In (\d+) of (?:the )?(\d+) countries", text):
            assert (int(match[1]), int(match[2])) == (len(inside), len(AREAS)), text
        elif text.startswith("In ") and len(result.area.members) > 1 and result.value is not None:
            assert named(text.partition(", ")[0]) <= inside or len(inside) == len(AREAS), text
    return checked


@examples(12)
@given(worlds())
@example(CONTRADICTORY)
def test_passports_name_countries_in_and_out_of_the_value(world: World) -> None:
    for panel in panels(world)[::2]:
        for row in panel:
            figure = FigureText(row)
            texts = [*figure.sentences(), *figure.refusals(), *figure.coverage()]
            assert check_figure(figure, list(map(str, texts)))


def changes(world: World) -> Iterator[Result]:
    table, union = table_of(world), "+".join(AREAS)
    years = sorted({year for _, year in world})
    for old, new in pairwise(years):
        for countries in ("all", "same"):
            try:
                found = thb.change(table, old=old, new=new, area=union, countries=countries)
            except thb.errors.ThbstatsError:
                continue
            yield found if isinstance(found, Result) else found.row(0)


@examples(8)
@given(worlds())
@example(CONTRADICTORY)
def test_passports_of_changes_name_the_countries_of_each_period(world: World) -> None:
    for row in changes(world):
        figure = FigureText(row)
        if row.value is None:
            continue
        if figure.differs:
            for side in figure.sides:
                own = f"{side.result.period}: "
                texts = [str(text) for text in figure.coverage() if str(text).startswith(own)]
                assert texts
                check_figure(side, [text.removeprefix(own) for text in texts])
        else:
            check_figure(figure, [str(text) for text in figure.coverage()])


@examples(8)
@given(worlds())
@example(CONTRADICTORY)
def test_reports_name_countries_in_and_out_of_the_value(world: World) -> None:
    content = content_of(table_of(world))
    for item in content.indicators:
        result = item.result
        inside = (result.reporters or frozenset()) & result.area.members
        for text in map(str, reservations_of(item)):
            if match := re.match(r"in (\d+) of (\d+) countries", text):
                assert (int(match[1]), int(match[2])) == (len(inside), len(result.area.members))
                if "without" in text:
                    assert named(text) == result.area.members - inside, text
            if text.startswith("with doubtful"):
                assert named(text) <= inside, text
    by_period: dict[str, list[Result]] = {}
    for item in content.indicators:
        by_period.setdefault(str(item.result.period), []).append(item.result)
    for issue in (str(block) for block in data_issues.blocks(content)):
        for name, period in re.findall(
            r"([A-Z]\w+) is in no value of these figures for (\d+)", issue
        ):
            assert not any(
                CODES[name] in (own.reporters or ()) for own in by_period.get(period, [])
            )
    check_changes(content)


def check_changes(content) -> None:
    """Check the countries that a report names as those of one of two periods."""
    totals = {
        (item.name, str(item.result.period)): item.result.reporters or frozenset()
        for item in content.counts
        if len(item.result.area.members) > 1
    }
    texts = [str(text) for block in refused.blocks(content) for text in block.items]
    for text in texts:
        match = re.match(r"(.+) of (\d{4}) \(.+\) and of (\d{4}) \(.+\) as a change", text)
        if match is None:
            continue
        old, new = (totals.get((match[1], match[i])) for i in (2, 3))
        for period, listed in re.findall(r"only (\d{4}): ([^;)]*)", text):
            if old is not None and new is not None:
                only = old - new if period == match[2] else new - old
                assert named(listed) == only, text


@examples(6)
@given(worlds())
@example(CONTRADICTORY)
def test_rows_of_the_explorer_count_the_countries_of_the_value(world: World) -> None:
    for panel in panels(world)[::2]:
        rows = {row["period"]: row for row in rows_of(data_of(panel.to_page()))}
        for own in panel:
            note, n = rows[str(own.period)]["note"], len(own.reporters or ())
            counted = re.findall(r"The number includes (\d+) of (\d+) countries", note)
            assert counted in ([], [(str(n), str(len(AREAS)))]), note
            assert bool(counted) == (own.value is not None), note


@examples(6)
@given(worlds(), worlds())
@example(CONTRADICTORY, {**CONTRADICTORY, ("BE", "2020"): (50, 20, 30)})
def test_compared_figures_state_the_number_of_their_countries(first: World, second: World) -> None:
    compared = thb.compare_publications(table_of(first), table_of(second))
    for own in compared.indicators:
        for side, item in zip(compared.sides, own.figures, strict=True):
            if item is None:
                continue
            text, result = str(compared._figure(side, item, own)), item.result
            inside = (result.reporters or frozenset()) & result.area.members
            found = re.findall(r"in (\d+) of (\d+) countries", text)
            is_partial = len(inside) < len(result.area.members)
            assert found == [(str(len(inside)), str(len(result.area.members)))] * is_partial, text
