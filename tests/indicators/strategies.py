"""True counts by country, the counts that a table shows of them, and their completions."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from random import Random
from typing import Any

from attrs import frozen
from hypothesis import strategies as st

from tests.indicators.worked_examples import counts_of
from thbstats import Count, CountTable

COUNTRIES = ("BE", "DE", "FR")
AREA = "BE+DE+FR"
CATEGORIES = ("female", "male", "other")
FAR = 12
"""The largest count of brute force without an upper bound."""

Truth = Mapping[str, Mapping[str, int]]
Displayable = Mapping[tuple[str, str], Count | None]


@frozen(kw_only=True)
class World:
    """The true counts of each country, and the counts that a table shows.

    Parameters
    ----------
    truth : mapping
        By country: the persons in each category, of unknown category, and in total.
    shown : mapping
        By area and cell: the count in the table, ``None`` without a row.
    """

    truth: Truth
    formatted: Displayable

    @property
    def categories(self) -> tuple[str, ...]:
        return tuple(code for code in CATEGORIES if code in self.truth["BE"])

    @property
    def listed(self) -> tuple[str, ...]:
        """The categories with a row."""
        there = {cell for (_, cell), count in self.formatted.items() if count is not None}
        return tuple(code for code in self.categories if code in there)

    @property
    def has_hidden_category(self) -> bool:
        """Whether an area with rows has persons of another sex and no row for them."""
        return "other" in self.categories and any(
            self.formatted[area, "other"] is None
            and any(count is not None for (own, _), count in self.formatted.items() if own == area)
            and self.true("other", None if area == AREA else frozenset({area}))
            for area in {area for area, _ in self.formatted}
        )

    @property
    def shown(self) -> "World":
        """The same counts, without persons of another sex where the table has no row for them."""
        cells = {
            key: Count.known(0) if key[1] == "other" and count is None else count
            for key, count in self.formatted.items()
        }
        return World(truth=self.truth, formatted=cells)

    def rows(self) -> list[tuple[str, str, Count]]:
        return [(*key, count) for key, count in self.formatted.items() if count is not None]

    def table(self) -> CountTable:
        return table_of(self.rows())

    def true(self, cell: str, countries: frozenset[str] | None = None) -> int:
        chosen = COUNTRIES if countries is None else countries
        return sum(self.truth[country][cell] for country in chosen)


def table_of(rows: list[tuple[str, str, Any]], **constant: Any) -> CountTable:
    """Return registered victims by area and sex."""
    arguments = {"kind": "victims", "period": 2016, "status": "registered"}
    return counts_of(rows, "area sex", **{**arguments, **constant})


def known_or_missing(value: int) -> list[Count | None]:
    """Return a count that is known or missing, each as often as it is drawn."""
    missing = [None, Count.not_reported(), Count.breakdown_not_reported()]
    return [*[Count.known(value)] * 3, *missing]


def shown_counts(value: int) -> list[Count | None]:
    """Return a count as a publication can show it, each way as often as it is drawn."""
    ways: list[Count | None] = [
        None,
        Count.not_reported(),
        Count.breakdown_not_reported(),
        Count.suppressed(upper=value + 2),
        Count.suppressed(),
        Count.between(max(value - 1, 0), value + 1),
    ]
    if value < 5:
        ways.append(Count.fewer_than(5))
    # Most counts are known: a table of missing counts alone has no numbers.
    return [*[Count.known(value)] * (len(ways) + 1), *ways]


def drawn_world(
    random: Random,
    ways: Callable[[int], Sequence[Count | None]] = shown_counts,
    *,
    most: int = 4,
    printed: bool | None = None,
) -> World:
    """Draw true counts of three countries, and a table without some of them.

    Parameters
    ----------
    ways : callable
        From a true count to the counts that the table can have, each as often as it is drawn.
    printed : bool, optional
        Whether the table has an aggregate of the three; drawn by default.
    """
    codes = random.choice([CATEGORIES[:2], CATEGORIES])
    truth = {}
    for country in COUNTRIES:
        counts = {code: random.randint(0, most) for code in (*codes, "unknown")}
        truth[country] = {"total": sum(counts.values()), **counts}
    formatted = {
        (country, cell): random.choice(ways(count))
        for country, counts in truth.items()
        for cell, count in counts.items()
    }
    if random.random() < 0.5 if printed is None else printed:
        for cell in truth["BE"]:
            count = sum(counts[cell] for counts in truth.values())
            formatted[AREA, cell] = random.choice(ways(count))
    return World(truth=truth, formatted=formatted)


def worlds() -> st.SearchStrategy[World]:
    """Draw worlds for tables of their own."""
    return st.integers(0, 2**32).map(lambda seed: drawn_world(Random(seed)))


def drawn_worlds(
    size: int, ways: Callable[[int], Sequence[Count | None]] = shown_counts, **options: Any
) -> list[World]:
    """Draw worlds for one table."""
    random = Random(0)
    return [drawn_world(random, ways, **options) for _ in range(size)]


def table_of_years(drawn: Sequence[World], **constant: Any) -> CountTable:
    """Return the table of many worlds, each in a year from 1000."""
    rows = [(year, *row) for year, world in enumerate(drawn, 1000) for row in world.rows()]
    return counts_of(rows, "period area sex", **{"kind": "victims", **constant})


def completions(world: World, countries: tuple[str, ...] = COUNTRIES) -> Iterator[dict[str, int]]:
    """Yield the sums over countries of every completion, by cell."""
    cells = tuple(world.truth["BE"])
    together: set[tuple[int, ...]] = {(0,) * len(cells)}
    for country in countries:
        ways = _ways(world, country, cells)
        together = {
            tuple(first + other for first, other in zip(sums, way, strict=True))
            for sums in together
            for way in ways
        }
    for sums in together:
        result = dict(zip(cells, sums, strict=True))
        if countries != COUNTRIES or all(
            _allows(world.formatted.get((AREA, cell)), result[cell]) for cell in cells
        ):
            yield result


def _ways(world: World, country: str, cells: tuple[str, ...]) -> list[tuple[int, ...]]:
    parts = [_values(world.formatted[country, cell]) for cell in cells[1:]]
    ways = ((sum(way), *way) for way in product(*parts))
    return [way for way in ways if _allows(world.formatted[country, "total"], way[0])]


def _values(count: Count | None) -> range:
    if count is None:
        return range(FAR + 1)
    return range(count.lower, (FAR if count.upper is None else count.upper) + 1)


def _allows(count: Count | None, value: int) -> bool:
    return count is None or count.interval.contains(value)
