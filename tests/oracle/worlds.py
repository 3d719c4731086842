"""Drawn tables of counts with a known truth.

A world is one country in one period: persons in the joint cells of one to three dimensions, and
the rows that its source publishes about them. A table holds worlds of many countries and periods
that share their dimensions. Nothing here asks the library for a number.

Worlds contain: sex and age; forms of exploitation with sub-forms, with and without their parent,
nested in it or beside it; citizenships; a dimension of the user. Margins alone, joint cells at
random, only cells and their total, or everything. Unknown, not listed, "fewer than 5", suppressed
without a bound, not reported, several values, forms that overlap, and counts that contradict each
other. Unions with counts of their own, consistent or not with those of their members.

Worlds leave out: slips within the tolerance of totals of 200 or more, two levels of sub-forms,
sub-forms of two parents at once, age bands, weights, counts of other units, and observation flags.
"""

import itertools
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import strategies as st

import thbstats as thb
from thbstats.records import schema_of

AREAS = (
    *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "HR", "HU", "IE"),
    *("IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "UK", "NO", "CH"),
)
FEW = 5  # "<5" stands for 0 to 4

Slot = tuple[str, ...]
"""A category or "total" per dimension."""


@dataclass(frozen=True)
class Dimension:
    """A dimension with the categories that a source of these worlds can list."""

    name: str
    codes: tuple[str, ...]
    closed: bool = False
    parents: Mapping[str, str] = field(default_factory=dict)
    always: tuple[str, ...] = ()

    @property
    def leaves(self) -> tuple[str, ...]:
        """The categories of persons; a parent stands for its persons in no listed sub-form."""
        return (*self.codes, "unknown", *(() if self.closed else ("not_listed",)))

    def __hash__(self) -> int:
        return hash(self.name)


SEX = Dimension("sex", ("female", "male", "other"), closed=True, always=("female", "male"))
AGE = Dimension("age", ("child", "adult"), closed=True, always=("child", "adult"))
FORM = Dimension("exploitation", ("sexual", "labour", "other"))
SECTOR = Dimension(
    "exploitation",
    ("sexual", "labour", "construction", "agriculture"),
    parents={"construction": "labour", "agriculture": "labour"},
)
CITIZENSHIP = Dimension("citizenship", ("RO", "NG", "VN"))
ROUTE = Dimension("route", ("air", "land", "sea"))

COMBINATIONS: tuple[tuple[Dimension, ...], ...] = (
    (SEX,),
    (FORM,),
    (SECTOR,),
    (SEX, AGE),
    (SEX, AGE),
    (SEX, FORM),
    (SEX, FORM),
    (AGE, SECTOR),
    (SEX, SECTOR),
    (SEX, CITIZENSHIP),
    (AGE, ROUTE),
    (SEX, AGE, FORM),
    (SEX, AGE, FORM),
    (SEX, AGE, SECTOR),
    (SEX, FORM, ROUTE),
    (FORM, CITIZENSHIP),
    (SEX, FORM, CITIZENSHIP),
)


@dataclass(frozen=True, repr=False)
class Row:
    """A published count: an interval for a slot."""

    slot: Slot
    lower: int
    upper: int | None
    reason: str = "known"

    @property
    def is_point(self) -> bool:
        return self.lower == self.upper

    def __repr__(self) -> str:
        count = self.lower if self.is_point else f"{self.lower} to {self.upper}"
        return f"{', '.join(self.slot)}: {count}{'' if self.is_point else ' ' + self.reason}"


@dataclass
class World:
    """The rows of one country and period, and the persons behind them."""

    dimensions: tuple[Dimension, ...]
    rows: list[Row]
    truth: dict[Slot, int]
    traits: frozenset[str]

    def row(self, slot: Slot) -> Row | None:
        return next((row for row in self.rows if row.slot == slot), None)

    def count(self, codes: Sequence[Sequence[str]]) -> dict[Slot, int]:
        """Return the true count of each combination of categories, as its source counts."""
        shape = [len(dimension.leaves) for dimension in self.dimensions]
        sums = np.fromiter(self.truth.values(), dtype=np.int64).reshape(shape)
        beside = "beside" in self.traits
        for dimension, wanted in zip(self.dimensions, codes, strict=True):
            inside = [
                [leaf in covers(dimension, code, beside) for leaf in dimension.leaves]
                for code in wanted
            ]
            # The first axis goes to the end, so that the axes are in order after the last step.
            sums = np.tensordot(sums, np.array(inside, dtype=np.int64), axes=(0, 1))
        return dict(zip(itertools.product(*codes), sums.ravel().tolist(), strict=True))


class Worlds:
    """A table of worlds, by country and period, and the rows of unions."""

    def __init__(
        self,
        dimensions: tuple[Dimension, ...],
        groups: dict[tuple[str, int], World],
        seed: int | None = None,
    ) -> None:
        self.dimensions = dimensions
        self.groups = groups
        self.unions: dict[tuple[str, int], list[Row]] = {}
        self.seed = seed

    def __repr__(self) -> str:
        return f"<{' x '.join(self.names)}, {len(self.groups)} worlds, seed {self.seed}>"

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(dimension.name for dimension in self.dimensions)

    def table_rows(self) -> Iterator[dict[str, Any]]:
        places = itertools.chain(
            ((place, world.rows) for place, world in self.groups.items()), self.unions.items()
        )
        for (area, period), rows in places:
            for row in rows:
                yield {
                    "area": area,
                    "period": period,
                    **dict(zip(self.names, row.slot, strict=True)),
                    "value": row.lower if row.reason == "known" else None,
                    "lower": row.lower,
                    "upper": float("inf") if row.upper is None else row.upper,
                    "reason": row.reason,
                }

    def table(self, order: random.Random | None = None) -> thb.CountTable:
        """Return the table, with rows and dimensions in another order if asked."""
        rows = list(self.table_rows())
        columns = list(rows[0])
        if order is not None:
            order.shuffle(rows)
            order.shuffle(columns)
        return as_table(pd.DataFrame(rows, columns=columns), self.names)


@cache
def _kind(own: bool) -> Any:
    if not own:
        return "victims"
    categories = [{"code": code, "labels": {"de": code}} for code in ROUTE.codes]
    return schema_of("victims", thb.Classification(name=ROUTE.name, categories=categories))


def as_table(frame: pd.DataFrame, names: Iterable[str]) -> thb.CountTable:
    frame = frame.astype({"value": "Int64", "upper": "float64"})
    return thb.CountTable.from_frame(frame, kind=_kind(ROUTE.name in names))


def covers(dimension: Dimension, code: str, beside: bool) -> set[str]:
    """Return the leaves of a category; sub-forms are in their parent or beside it."""
    if code == "total":
        return set(dimension.leaves)
    children = {child for child, parent in dimension.parents.items() if parent == code}
    return {code} if beside else {code, *children}


SIZES = (0, 0, 0, 1, 2, 3, 5, 8, 13)
STYLES = ("margins", "cells", "random", "random", "dense", "full", "sparse")


def draw_world(r: random.Random, dimensions: tuple[Dimension, ...]) -> World:
    """Draw the persons of a world and what its source publishes of them."""
    traits: set[str] = set()
    for trait, chance in (
        ("beside", 0.25),
        ("listed", 0.35),
        ("known", 0.3),
        ("suppressed", 0.45),
        ("gaps", 0.2),
        ("several", 0.08),
        ("broken", 0.15),
        ("overlap", 0.06),
        ("large", 0.1),
    ):
        if r.random() < chance:
            traits.add(trait)
    if not any(dimension.parents for dimension in dimensions):
        traits.discard("beside")
    shown = []
    for dimension in dimensions:
        optional = [code for code in dimension.codes if code not in dimension.always]
        kept = {code for code in optional if r.random() < (0.3 if dimension.closed else 0.75)}
        shown.append([code for code in dimension.codes if code in kept or code in dimension.always])
    truth = {}
    for cell in itertools.product(*(dimension.leaves for dimension in dimensions)):
        n = r.choice(SIZES) * (r.choice((1, 7)) if "large" in traits else 1)
        for dimension, codes, leaf in zip(dimensions, shown, cell, strict=True):
            hidden = leaf in dimension.codes and leaf not in codes
            if hidden or leaf == "not_listed":
                empty = dimension.closed or "listed" in traits
            else:
                empty = leaf == "unknown" and ("known" in traits or r.random() < 0.4)
            n = 0 if empty else n
        truth[cell] = n
    world = World(dimensions, [], truth, frozenset(traits))
    _publish(r, world, shown)
    return world


def _publish(r: random.Random, world: World, shown: list[list[str]]) -> None:
    traits, dimensions = world.traits, world.dimensions
    style = r.choice(STYLES)
    rows = []
    counts = world.count([("total", *codes, "unknown") for codes in shown])
    for slot in counts:
        totals = slot.count("total")
        is_total, is_margin = totals == len(slot), totals == len(slot) - 1
        chance = {
            "margins": 0.95 if is_total or is_margin else 0.08,
            "cells": 0.9 if is_total or not totals else 0.1,
            "random": 0.85 if is_total else 0.5,
            "dense": 0.95 if is_total else 0.8,
            "full": 1.0,
            "sparse": 0.6 if is_total else 0.3,
        }[style]
        n = counts[slot]
        if "unknown" in slot and n == 0 and r.random() < 0.5:
            chance *= 0.3
        if r.random() < chance:
            rows.append(_published(r, traits, slot, n))
    open_axes = [i for i, dimension in enumerate(dimensions) if not dimension.closed]
    if "overlap" in traits and open_axes:
        rows = [_more_mentions(r, row, r.choice(open_axes)) for row in rows]
    if "broken" in traits and rows:
        for i in r.sample(range(len(rows)), min(len(rows), r.choice((1, 1, 2)))):
            step = r.choice((-4, -1, 1, 2, 6))
            row = rows[i]
            if row.is_point:
                n = max(0, row.lower + step)
                rows[i] = Row(row.slot, n, n)
    for axis, dimension in enumerate(dimensions):
        # A closed category without a row does not exist. Its persons need a row that names it.
        for code in dimension.codes:
            if code in dimension.always or not dimension.closed:
                continue
            persons = any(n and cell[axis] == code for cell, n in world.truth.items())
            if persons and not any(row.slot[axis] == code for row in rows):
                slot = tuple(code if i == axis else "total" for i in range(len(dimensions)))
                n = sum(n for cell, n in world.truth.items() if cell[axis] == code)
                rows.append(Row(slot, n, n))
    if not rows:
        n = sum(world.truth.values())
        rows.append(Row(("total",) * len(dimensions), n, n))
    world.rows = rows


def _published(r: random.Random, traits: set[str] | frozenset[str], slot: Slot, n: int) -> Row:
    if "suppressed" in traits and n < FEW and r.random() < 0.5:
        return Row(slot, 0, FEW - 1, "fewer_than")
    if "suppressed" in traits and r.random() < 0.03:
        return Row(slot, 0, None, "suppressed")
    if "gaps" in traits and r.random() < 0.15:
        return Row(slot, 0, None, "not_reported")
    if "several" in traits and r.random() < 0.12 and n:
        low = n - r.randint(0, min(3, n))
        return Row(slot, low, n + max(1, low), "conflicting")
    return Row(slot, n, n)


def _more_mentions(r: random.Random, row: Row, axis: int) -> Row:
    others = all(code == "total" for i, code in enumerate(row.slot) if i != axis)
    if not others or row.slot[axis] in ("total", "unknown") or not row.is_point:
        return row
    n = row.lower + r.randint(0, 12)
    return Row(row.slot, n, n)


def draw_worlds(
    seed: int,
    *,
    dimensions: tuple[Dimension, ...] | None = None,
    areas: Sequence[str] = AREAS,
    periods: Sequence[int] = (2019, 2020, 2021, 2022),
    unions: bool = False,
    consistent: bool = False,
) -> Worlds:
    """Draw a table; the same seed gives the same table."""
    r = random.Random(seed)
    dimensions = r.choice(COMBINATIONS) if dimensions is None else dimensions
    groups = {}
    for place in itertools.product(areas, periods):
        if r.random() < 0.95:
            world = draw_world(r, dimensions)
            while consistent and world.traits & {"broken", "overlap"}:
                world = draw_world(r, dimensions)
            groups[place] = world
    table = Worlds(dimensions, groups, seed=seed)
    if unions:
        for period in periods:
            for pair in itertools.pairwise(areas[::2]):
                members = [
                    groups[place] for place in ((a, period) for a in pair) if place in groups
                ]
                if len(members) == 2 and r.random() < 0.5:
                    table.unions["+".join(pair), period] = _union_rows(r, members)
    return table


def _union_rows(r: random.Random, members: list[World]) -> list[Row]:
    """Draw rows of a union: sums of the truth of its members, sometimes below a member."""
    dimensions = members[0].dimensions
    wanted = [("total", *dimension.always) for dimension in dimensions]
    counts = [world.count(wanted) for world in members]
    rows = []
    for slot in counts[0]:
        n = sum(count[slot] for count in counts)
        margin = slot.count("total") >= len(slot) - 1
        if margin and (not rows or r.random() < 0.7):
            rows.append(Row(slot, n, n))
    return rows


@st.composite
def tables(
    draw: st.DrawFn,
    *,
    areas: Sequence[str] = AREAS[:12],
    periods: Sequence[int] = (2019, 2020),
    **options: Any,
) -> Worlds:
    """Draw a table of many worlds. Hypothesis draws the dimensions and the seed."""
    dimensions = draw(st.sampled_from(COMBINATIONS))
    seed = draw(st.integers(0, 2**32))
    return draw_worlds(seed, dimensions=dimensions, areas=areas, periods=periods, **options)
