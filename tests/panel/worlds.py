"""Synthetic worlds: the true counts of three countries, and what a table shows of them.

Each world has a year of its own, so that one table holds many of them and one call of an
indicator answers for all.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

import numpy as np
import pandas as pd
from attrs import frozen

from thbstats.columns import Fractions
from thbstats.records import schema_of
from thbstats.tables import CountTable
from thbstats.vocabulary import Classification

COUNTRIES = ("BE", "DE", "FR")
AREA = "BE+DE+FR"
FAR = 7
"""Brute force goes so far where nothing bounds a count."""

SEX = ("female", "male", "other")
FORMS = ("sexual", "labour", "other")
RECRUITERS = ("family", "employer", "stranger")
RECRUITER = Classification(name="recruiter", categories=RECRUITERS)
MODES = ("formatted", "gaps", "gaps", "only_total", "no_data", "contradictory", "conflicting")

Cell = tuple[int, float, str]
"""The bounds of a shown count, and its reason."""


@frozen(kw_only=True)
class Country:
    """The truth about a country, and the cells that a table shows."""

    parts: tuple[int, ...]
    unknown: int
    total: int
    formatted: dict[str, Cell]
    mode: str


World = dict[str, Country]


def known(value: int) -> Cell:
    return value, value, "known"


def degraded(random: Random, value: int) -> Cell | None:
    """Return a count as a publication may show it."""
    way = random.random()
    if way < 0.5:
        return known(value)
    if way < 0.6:
        return None
    if way < 0.7:
        return 0, np.inf, "not_reported"
    if way < 0.8 and value < 4:
        return 0, 3, "fewer_than"
    if way < 0.9:
        return max(value - 1, 0), value + 1, "rounded"
    return 0, value + 2, "suppressed"


def country_of(random: Random, names: tuple[str, ...], most: int, overlapping: bool) -> Country:
    """Return a country with a random truth and a random way to show it."""
    mode = random.choice(MODES)
    parts = [random.choice((0, *range(most + 1))) for _ in names]
    unknown = random.choice((0, 0, *range(most // 2 + 1)))
    total = sum(parts) + unknown
    if overlapping and mode == "formatted" and max(parts) < sum(parts):
        # Some persons have two categories: fewer persons than mentions.
        total = random.randint(max(parts), sum(parts)) + unknown
    cells = dict(zip(names, parts, strict=True)) | {"total": total, "unknown": unknown}
    formatted: dict[str, Cell | None] = {name: known(value) for name, value in cells.items()}
    if mode == "gaps":
        formatted = {name: degraded(random, value) for name, value in cells.items()}
    elif mode == "only_total":
        formatted = {"total": known(total)}
    elif mode == "no_data":
        formatted = {}
    elif mode == "contradictory":
        name = random.choice(names if overlapping else (*names, "total"))
        excess = random.randint(1, 3)
        if overlapping:
            formatted[name] = known(total + excess)
        elif name != "total":
            formatted[name] = known(cells[name] + excess)
        elif total >= excess:
            formatted[name] = known(total - excess)
    elif mode == "conflicting":
        name = random.choice((*names, "total"))
        value = cells[name]
        other = random.randint(0, most)
        either = random.choice(((value, other), (other, value - other)))
        if min(either) >= 0:
            formatted[name] = min(either), sum(either), "conflicting"
    if random.random() < 0.2 and mode != "contradictory":
        formatted.pop("unknown", None)
        if unknown and mode == "formatted":
            formatted["unknown"] = known(unknown)
    return Country(
        parts=tuple(parts),
        unknown=unknown,
        total=total,
        formatted={name: cell for name, cell in formatted.items() if cell is not None},
        mode=mode,
    )


def worlds_of(
    seed: int, size: int, names: tuple[str, ...] = SEX, most: int = 3, overlapping: bool = False
) -> list[World]:
    """Return random worlds."""
    random = Random(seed)
    result = []
    for _ in range(size):
        listed = names if random.random() < 0.6 else names[:2]
        result.append({name: country_of(random, listed, most, overlapping) for name in COUNTRIES})
    return result


def table_of(
    worlds: list[World], dimension: str = "sex", first: int = 1000, shuffle: int | None = None
) -> CountTable:
    """Return the table that shows some worlds, one a year."""
    rows = [
        (area, first + i, name, *cell)
        for i, world in enumerate(worlds)
        for area, country in world.items()
        for name, cell in country.formatted.items()
    ]
    # The classification has all categories, so that every world lists some row.
    if shuffle is not None:
        Random(shuffle).shuffle(rows)
    frame = pd.DataFrame(rows, columns=["area", "period", dimension, "lower", "upper", "reason"])
    kind = schema_of("victims", *([RECRUITER] if dimension == RECRUITER.name else []))
    return CountTable.from_frame(frame, kind=kind, status="registered")


def assert_within(inner: Fractions, outer: Fractions, rows: Any = slice(None)) -> None:
    """Assert that numbers are within others, up to the accuracy of floats."""
    assert (inner.lower >= outer.lower - 1e-12)[rows].all()
    assert (inner.upper <= outer.upper + 1e-12)[rows].all()


def listed_in(world: World, names: tuple[str, ...]) -> list[str]:
    """Return the categories for which any country has a row."""
    return [name for name in names if any(name in own.formatted for own in world.values())]


def has_hidden_category(world: World, names: tuple[str, ...] = SEX, asked: str = "") -> bool:
    """Whether a country with rows has persons in a category that exists there only with a row."""
    everywhere = {"female", "male", asked}
    return any(
        count and own.formatted and name not in everywhere.union(own.formatted)
        for own in world.values()
        for name, count in zip(names, own.parts, strict=False)
    )


def completions(country: Country, listed: list[str]) -> Iterator[tuple[int, ...]]:
    """Yield every completion of the cells of a country: its categories, then the unknown."""

    def values(name: str) -> range:
        low, high, _ = country.formatted.get(name, (0, np.inf, ""))
        return range(low, int(min(high, max(FAR, low))) + 1)

    low, high, _ = country.formatted.get("total", (0, np.inf, ""))
    for way in product(*(values(name) for name in (*listed, "unknown"))):
        if low <= sum(way) <= high:
            yield way


def is_consistent(country: Country, listed: list[str]) -> bool:
    """Whether some completion of the cells exists."""
    return next(completions(country, listed), None) is not None


def extremes(
    world: World, names: tuple[str, ...], category: str, base: str
) -> dict[str, tuple[Fraction, Fraction] | None]:
    """Return the smallest and largest share over all completions of a consistent world."""
    listed = listed_in(world, names)
    if category not in listed:
        listed = [*listed, category]
    position = listed.index(category)
    plain = {(0, 0)}
    spread = {(0, 0, 0)}
    for country in world.values():
        own_plain, own_spread = set(), set()
        for *parts, unknown in completions(country, listed):
            everyone = sum(parts) + unknown
            whole = everyone if base == "all" else sum(parts)
            own_plain.add((parts[position], whole))
            own_spread.add((parts[position], parts[position] + unknown, everyone))
        plain = {(a + c, b + d) for a, b in plain for c, d in own_plain}
        spread = {(a + d, b + e, c + f) for a, b, c in spread for d, e, f in own_spread}
    shares = [Fraction(a, b) for a, b in plain if b]
    wide = [Fraction(x, c) for a, b, c in spread if c for x in (a, b)]
    return {
        "bounds": (min(shares), max(shares)) if shares else None,
        "bounds_with_unknown": (min(wide), max(wide)) if wide else None,
    }


def is_bounded(world: World) -> bool:
    """Whether the total of every country bounds its counts within reach of brute force."""
    return all(
        "total" in own.formatted and own.formatted["total"][1] <= FAR for own in world.values()
    )


def true_share(world: World, place: int, base: str, unknown_in: bool = False) -> Any:
    """Return the true share of a category over all countries, ``None`` without a denominator."""
    part = sum(own.parts[place] for own in world.values())
    unknown = sum(own.unknown for own in world.values())
    recorded = sum(own.total - own.unknown for own in world.values())
    mentions = sum(sum(own.parts) for own in world.values())
    whole = {"all": recorded + unknown, "known": recorded, "responses": mentions}[base]
    if unknown_in:
        part, whole = part + unknown, recorded + unknown
    return Fraction(part, whole) if whole else None


CROSSED = tuple((sex, form) for sex in ("female", "male") for form in ("sexual", "labour"))
"""The recorded cells of two dimensions."""
NESTED = ("sexual", "labour", "domestic_servitude")
"""Forms of exploitation; the last one is part of the second."""


@frozen(kw_only=True)
class CellWorld:
    """True counts of the cells of three countries, and the rows that a table shows."""

    truth: dict[str, dict[tuple[str, str], int]]
    recorded: tuple[tuple[str, str], ...]
    unknown: tuple[tuple[str, str], ...]
    rows: list[tuple[Any, ...]]

    def true(self, *cells: tuple[str, str]) -> int:
        """Return the true count of some cells in all countries."""
        return sum(own[cell] for own in self.truth.values() for cell in cells)

    @property
    def listed(self) -> set[tuple[str, str]]:
        """The cells for which any area has a row."""
        return {(row[1], row[2]) for row in self.rows}


def cell_world(random: Random, kind: str, most: int) -> CellWorld:
    """Return a world with published counts next to those of countries."""
    whole = ("total", "sexual") if kind == "within" else ("total", "total")
    recorded, unknown = {
        "crossed": (CROSSED, (("female", "unknown"), ("unknown", "sexual"), ("unknown",) * 2)),
        "nested": (tuple(("total", form) for form in NESTED[:2]), (("total", "unknown"),)),
        "within": ((("female", "sexual"), ("male", "sexual")), (("unknown", "sexual"),)),
    }[kind]
    truth: dict[str, dict[tuple[str, str], int]] = {}
    for country in COUNTRIES:
        own = {cell: random.choice((0, *range(most + 1))) for cell in (*recorded, *unknown)}
        own[whole] = sum(own.values())
        if kind == "nested":
            own["total", NESTED[2]] = random.randint(0, own["total", "labour"])
        truth[country] = own
    rows: list[tuple[Any, ...]] = []
    for country, own in truth.items():
        way = random.random()
        for cell, value in own.items():
            formatted = (
                known(value) if way < 0.4 else degraded(random, value) if way < 0.85 else None
            )
            if formatted is not None:
                rows.append((country, *cell, *formatted, None))
    if random.random() < 0.7:
        behind = random.choice((COUNTRIES, COUNTRIES, COUNTRIES[:2]))
        for cell in truth["BE"]:
            formatted = degraded(random, sum(truth[country][cell] for country in behind))
            if formatted is not None:
                rows.append((AREA, *cell, *formatted, len(behind)))
    return CellWorld(truth=truth, recorded=recorded, unknown=unknown, rows=rows)


def cell_table(worlds: list[CellWorld], first: int = 1000) -> CountTable:
    """Return the table that shows some worlds, one a year."""
    rows = [(area, first + i, *row) for i, world in enumerate(worlds) for area, *row in world.rows]
    names = ["area", "period", "sex", "exploitation", "lower", "upper", "reason", "n_reporters"]
    frame = pd.DataFrame(rows, columns=names)
    return CountTable.from_frame(frame, kind="victims", status="registered")
