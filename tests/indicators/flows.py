"""True counts of justice by country, year and stage, and what a table shows of them.

Each category of a dimension is a world of its own, so that one call of an indicator answers for
all worlds.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from random import Random
from typing import Any

from tests.indicators.strategies import COUNTRIES, shown_counts
from tests.indicators.worked_examples import counts_of
from thbstats import Count, CountTable
from thbstats.records import schema_of
from thbstats.values import Reason
from thbstats.vocabulary import Classification

YEARS = ("2014", "2015", "2016")
STAGES = ("prosecuted", "convicted")
SIZE = 40
NAMES = [f"w{i}" for i in range(SIZE)]
WORLD = Classification(name="world", categories=NAMES)

Key = tuple[str, str, str]
Truth = Mapping[Key, int]
Displayable = Mapping[Key, Count | None]
Worlds = list[tuple[Truth, Displayable]]


def worlds(ways: Callable[[int], Sequence[Count | None]] = shown_counts) -> Worlds:
    """Draw true counts of three countries, three years and two stages, and what is shown.

    Every stage has a row in every year, of one country at least.
    """
    random, result = Random(0), list[tuple[Truth, Displayable]]()
    cells = [(year, stage) for year in YEARS for stage in STAGES]
    while len(result) < SIZE:
        truth = {(area, *cell): random.randrange(7) for cell in cells for area in COUNTRIES}
        formatted = {key: random.choice(ways(value)) for key, value in truth.items()}
        if all(any(formatted[area, *cell] is not None for area in COUNTRIES) for cell in cells):
            result.append((truth, formatted))
    return result


def table_of(drawn: Iterable[Displayable]) -> CountTable:
    """Return the table of all worlds, by the dimension ``world``."""
    rows = [
        (*key, name, count)
        for name, formatted in zip(NAMES, drawn, strict=True)
        for key, count in formatted.items()
        if count is not None
    ]
    kind = schema_of("justice", WORLD)
    return counts_of(rows, "area period stage world", kind=kind, unit="persons")


def rows_of(rows: Iterable[tuple[Any, ...]], **constant: Any) -> CountTable:
    """Return persons by area, year and stage."""
    arguments = {"kind": "justice", "unit": "persons"} | constant
    return counts_of(rows, "area period stage", **arguments)


def stages(area: str, year: int, *counts: Any) -> list[tuple[Any, ...]]:
    """Return rows of persons prosecuted and convicted."""
    return [(area, year, stage, count) for stage, count in zip(STAGES, counts, strict=False)]


def true(truth: Truth, stage: str, years: Iterable[str], areas: Iterable[str] = COUNTRIES) -> int:
    """Return the true sum over some years and countries."""
    chosen = list(areas)
    return sum(truth[area, year, stage] for year in years for area in chosen)


def reporting_countries(formatted: Displayable, stage: str, years: Iterable[str]) -> frozenset[str]:
    """Return the countries that reported a stage in every year."""
    expected_years = list(years)

    def reported(area: str) -> bool:
        counts = [formatted[area, year, stage] for year in expected_years]
        return all(count is not None and count.reason is Reason.KNOWN for count in counts)

    return frozenset(filter(reported, COUNTRIES))
