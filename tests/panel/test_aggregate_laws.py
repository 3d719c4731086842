"""The laws next to published areas, with two dimensions, parts of categories and ``within``."""

from fractions import Fraction
from random import Random
from typing import Any

import numpy as np
import pytest

from tests.panel.test_share_laws import THOROUGH
from tests.panel.worlds import AREA, NESTED, CellWorld, assert_within, cell_table, cell_world
from thbstats.indicators import share, total
from thbstats.panel import Panel, Status

WORLDS = 2000 if THOROUGH else 200
KINDS = ("crossed", "nested", "within")
QUESTIONS: dict[str, dict[str, Any]] = {
    "crossed": {"sex": "female", "exploitation": "sexual"},
    "nested": {"exploitation": "sexual"},
    "within": {"sex": "female", "within": {"exploitation": "sexual"}},
}


def worlds_of(kind: str, seed: int, most: int = 6) -> list[CellWorld]:
    random = Random(seed)
    return [cell_world(random, kind, most) for _ in range(WORLDS)]


def asked(kind: str, worlds: list[CellWorld], base: str, **question: Any) -> Panel:
    periods = list(range(1000, 1000 + len(worlds)))
    values = question or QUESTIONS[kind]
    return share(cell_table(worlds), base=base, by="period", area=AREA, period=periods, **values)


@pytest.mark.parametrize("base", ["all", "known"])
@pytest.mark.parametrize("kind", KINDS)
def test_bounds_contain_the_true_value(kind: str, base: str) -> None:
    worlds = worlds_of(kind, 1)
    seen = 0
    for row, world in zip(asked(kind, worlds, base), worlds, strict=True):
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
    worlds = worlds_of("nested", 2)
    panel = asked("nested", worlds, base, exploitation=NESTED[2])
    for row, world in zip(panel, worlds, strict=True):
        if not {*world.recorded, *world.unknown} <= world.listed:
            continue
        recorded, unknown = world.true(*world.recorded), world.true(*world.unknown)
        whole = recorded + unknown if base == "all" else recorded
        if whole:
            true = Fraction(world.true(("total", NESTED[2])), whole)
            assert row.bounds.contains(true), (world, row.bounds)


@pytest.mark.parametrize("base", ["all", "known", "mentions"])
@pytest.mark.parametrize("kind", KINDS)
def test_bounds_nest(kind: str, base: str) -> None:
    panel = asked(kind, worlds_of(kind, 3), base)
    assert_within(panel.bounds, panel.bounds_with_unknown)
    whole = (panel.status == Status.OK) & (panel.n_reporters == 3)
    whole &= ~np.array([bool(own) for own in panel.contradictions])
    assert whole.any()
    assert_within(panel.value, panel.bounds, whole)


@pytest.mark.parametrize("kind", KINDS)
def test_row_does_not_depend_on_the_published_areas_of_other_rows(kind: str) -> None:
    worlds = worlds_of(kind, 6)
    table, panel = cell_table(worlds), asked(kind, worlds, "all")
    for row in panel[:40]:
        alone = share(table, base="all", area=AREA, period=str(row.period), **QUESTIONS[kind])
        assert (alone.value, alone.bounds) == (row.value, row.bounds)
        assert alone.bounds_with_unknown == row.bounds_with_unknown


@pytest.mark.parametrize("kind", KINDS)
def test_bounds_of_totals_nest_and_contain_the_true_value(kind: str) -> None:
    worlds = worlds_of(kind, 4)
    cell = worlds[0].recorded[0]
    selection = {n: w for n, w in zip(("sex", "exploitation"), cell, strict=True) if w != "total"}
    panel = total(
        cell_table(worlds),
        by="period",
        area=AREA,
        period=list(range(1000, 1000 + WORLDS)),
        **selection,
    )
    for row, world in zip(panel, worlds, strict=True):
        assert row.bounds.contains(world.true(cell)), (world, row.bounds)
        assert row.bounds.within(row.bounds_with_unknown)
        if row.value is not None and row.n_reporters == 3 and not row.contradictions:
            assert row.value.within(row.bounds), (world, row.value, row.bounds)


def test_published_suppressed_count_keeps_its_bounds() -> None:
    worlds = worlds_of("nested", 5)
    panel = asked("nested", worlds, "all")
    seen = 0
    for row, world in zip(panel, worlds, strict=True):
        cells = {(a, form): (low, high, why) for a, _, form, low, high, why, _ in world.rows}
        low, high, why = cells.get((AREA, "sexual"), (0, 0, ""))
        if why in ("fewer_than", "suppressed") and row.n_reporters == 3 and row.reporters is None:
            assert (row.numerator.lower, row.numerator.upper) == (low, high), world
            seen += 1
    assert seen
