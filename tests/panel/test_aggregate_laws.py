"""The laws next to published areas, with two dimensions, parts of categories and ``within``."""

from fractions import Fraction
from functools import cache
from itertools import product
from random import Random
from typing import Any

import numpy as np
import pytest

from tests.panel.test_share_laws import THOROUGH
from tests.panel.worlds import AREA, NESTED, CellWorld, assert_within, cell_table, cell_world
from thbstats.indicators import share, total
from thbstats.panel import Panel, Status
from thbstats.tables import CountTable

WORLDS = 2000 if THOROUGH else 200
KINDS = ("crossed", "nested", "within")
QUESTIONS: dict[str, dict[str, Any]] = {
    "crossed": {"sex": "female", "exploitation": "sexual"},
    "nested": {"exploitation": "sexual"},
    "within": {"sex": "female", "where": {"exploitation": "sexual"}},
}


PERIODS = list(range(1000, 1000 + WORLDS))


@cache
def case_of(kind: str, seed: int) -> tuple[list[CellWorld], CountTable]:
    """Return worlds and their table."""
    random = Random(seed)
    worlds = [cell_world(random, kind, 6) for _ in range(WORLDS)]
    return worlds, cell_table(worlds)


def shares(
    kind: str, seed: int, base: str, rules: Any = (), **category: Any
) -> tuple[Panel, list[CellWorld]]:
    """Return the shares of worlds, and the worlds."""
    worlds, table = case_of(kind, seed)
    query = {**(category or QUESTIONS[kind]), "period": PERIODS}
    return share(table, base=base, by="period", area=AREA, rules=rules, **query), worlds


@pytest.mark.parametrize("base", ["all", "known"])
@pytest.mark.parametrize("kind", KINDS)
def test_bounds_contain_the_true_value(kind: str, base: str) -> None:
    seen = 0
    for row, world in zip(*shares(kind, 1, base), strict=True):
        # A cell without any row divides no total.
        if not {*world.recorded, *world.unknown} <= world.listed:
            continue
        part, recorded = world.true(world.recorded[0]), world.true(*world.recorded)
        unknown = world.true(*world.unknown)
        whole = recorded + unknown if base == "all" else recorded
        if whole:
            assert row.bounds.contains(Fraction(part, whole)), (world, row.bounds)
        if recorded + unknown:
            outside = Fraction(part, recorded + unknown)
            assert row.bounds_with_unknown.contains(outside), (world, row.bounds_with_unknown)
        seen += 1
    assert seen > WORLDS / 4


@pytest.mark.parametrize("base", ["all", "known"])
def test_bounds_of_part_of_a_category_contain_the_true_value(base: str) -> None:
    for row, world in zip(*shares("nested", 2, base, exploitation=NESTED[2]), strict=True):
        if not {*world.recorded, *world.unknown} <= world.listed:
            continue
        recorded, unknown = world.true(*world.recorded), world.true(*world.unknown)
        whole = recorded + unknown if base == "all" else recorded
        if whole:
            true = Fraction(world.true(("total", NESTED[2])), whole)
            assert row.bounds.contains(true), (world, row.bounds)


@pytest.mark.parametrize(
    ("kind", "base"),
    [*product(KINDS, ["all", "known"]), ("nested", "responses"), ("within", "responses")],
)
def test_bounds_nest(kind: str, base: str) -> None:
    # With the default rules, which must apply to all data.
    panel, _ = shares(kind, 3, base, rules=None)
    assert_within(panel.bounds, panel.bounds_with_unknown)
    whole = (panel.status == Status.OK) & (panel.n_reporters == 3)
    whole &= ~np.array([bool(own) for own in panel.contradictions])
    assert whole.any()
    assert_within(panel.value, panel.bounds, whole)


@pytest.mark.parametrize("kind", KINDS)
def test_row_does_not_depend_on_the_published_areas_of_other_rows(kind: str) -> None:
    panel, _ = shares(kind, 6, "all")
    query = {**QUESTIONS[kind], "base": "all", "area": AREA, "rules": ()}
    for i in range(0, 40, 2):
        alone = share(case_of(kind, 6)[1], period=PERIODS[i : i + 1], by="period", **query)
        scalar = share(case_of(kind, 6)[1], period=PERIODS[i], **query)
        for name in ("value", "bounds", "bounds_with_unknown"):
            assert getattr(alone, name) == getattr(panel[i : i + 1], name)
            assert getattr(scalar, name) == getattr(panel[i], name)


@pytest.mark.parametrize("kind", KINDS)
def test_bounds_of_totals_nest_and_contain_the_true_value(kind: str) -> None:
    worlds, table = case_of(kind, 4)
    cell = worlds[0].recorded[0]
    selection = {n: w for n, w in zip(("sex", "exploitation"), cell, strict=True) if w != "total"}
    # With the default rules, which must apply to all data.
    panel = total(table, by="period", area=AREA, period=PERIODS, **selection)
    for row, world in zip(panel, worlds, strict=True):
        assert row.bounds.contains(world.true(cell)), (world, row.bounds)
        assert row.bounds.within(row.bounds_with_unknown)
        if row.value is not None and row.n_reporters == 3 and not row.contradictions:
            assert row.value.within(row.bounds), (world, row.value, row.bounds)


def test_published_suppressed_count_keeps_its_bounds() -> None:
    seen = 0
    for row, world in zip(*shares("nested", 5, "all"), strict=True):
        cells = {(a, form): (low, high, why) for a, _, form, low, high, why, _ in world.rows}
        low, high, why = cells.get((AREA, "sexual"), (0, 0, ""))
        if why in ("fewer_than", "suppressed") and row.n_reporters == 3 and row.reporters is None:
            assert (row.numerator.lower, row.numerator.upper) == (low, high), world
            seen += 1
    assert seen
