"""The four laws of shares, on many synthetic worlds per example."""

import os
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from attrs import evolve

from tests.panel.worlds import (
    AREA,
    FORMS,
    RECRUITERS,
    SEX,
    assert_within,
    extremes,
    has_hidden_category,
    is_bounded,
    is_consistent,
    listed_in,
    table_of,
    true_share,
    worlds_of,
)
from thbstats.indicators import breakdown, share
from thbstats.panel import Panel, Status

BASES = ("all", "known", "responses")
THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
WORLDS = 3500 if THOROUGH else 160
BRUTE = 5000 if THOROUGH else 80
"""Worlds for brute force: 20,000 in a thorough run, 5,000 for each base and seed."""


def pooled(worlds: list) -> dict:
    """Ask for the three countries together, in each world."""
    periods = list(range(1000, 1000 + len(worlds)))
    return {"by": "period", "area": AREA, "period": periods, "rules": ()}


def single(worlds: list) -> dict:
    """Ask for each country of each world."""
    return {**pooled(worlds), "by": ["area", "period"]}


@cache
def case_of(seed: int, dimension: str, names: tuple, overlapping: bool, most: int) -> tuple:
    """Return worlds and their table."""
    worlds = worlds_of(seed, WORLDS, names, most, overlapping)
    return worlds, table_of(worlds, dimension)


CASES = [
    pytest.param("sex", SEX, False, 3, id="sex"),
    pytest.param("exploitation", FORMS, True, 3, id="overlapping forms"),
    pytest.param("recruiter", RECRUITERS, True, 3, id="dimension of a user"),
    pytest.param("sex", SEX, False, 900, id="large counts"),
]


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize(("dimension", "names", "overlapping", "most"), CASES)
def test_value_is_numerator_over_denominator(dimension, names, overlapping, most, base):
    worlds, table = case_of(1, dimension, names, overlapping, most)
    for name in names[:2]:
        for panel in (
            share(table, base=base, **pooled(worlds), **{dimension: name}),
            share(table, base=base, **single(worlds), **{dimension: name}),
        ):
            points = ~panel.value.missing & panel.numerator.is_point & panel.denominator.is_point
            assert points.any()
            value, upper, lower = panel.value, panel.numerator, panel.denominator
            defined = points & (lower.lower_num > 0)
            left = value.lower_num * lower.lower_num
            right = value.lower_den * upper.lower_num
            assert (left[defined] == right[defined]).all()
            assert value.is_point[defined].all()
            # A value that is an interval lies within what its two counts allow.
            some = ~value.missing & (lower.lower > 0)
            least = upper.lower[some] / lower.upper[some]
            most = np.minimum(upper.upper[some] / lower.lower[some], 1)
            assert (value.lower[some] >= least - 1e-12).all()
            assert (value.upper[some] <= most + 1e-12).all()


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize(("dimension", "names", "overlapping", "most"), CASES)
def test_bounds_nest(dimension, names, overlapping, most, base):
    worlds, table = case_of(2, dimension, names, overlapping, most)
    # With the default rules, which must apply to all data.
    panel = share(table, base=base, **pooled(worlds) | {"rules": None}, **{dimension: names[0]})
    alone = share(table, base=base, **single(worlds) | {"rules": None}, **{dimension: names[0]})
    for result in (panel, alone):
        assert_within(result.bounds, result.bounds_with_unknown)
        assert_within(result.value, result.bounds, result.complete & ~result.value.missing)
    # Of one country the value is one of its bounds' numbers, complete or not.
    assert_within(alone.value, alone.bounds, ~alone.value.missing)


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize(("dimension", "names", "overlapping", "most"), CASES)
def test_bounds_contain_the_true_value(dimension, names, overlapping, most, base):
    worlds, table = case_of(3, dimension, names, overlapping, most)
    for position, name in enumerate(names[:2]):
        panel = share(table, base=base, **pooled(worlds), **{dimension: name})
        for row, world in zip(panel, worlds, strict=True):
            limited = dimension == "sex" or base == "responses"
            if limited and has_hidden_category(world, names, name):
                # A category without a row in a country does not exist there.
                continue
            truth = [(row.bounds, true_share(world, position, base))]
            if base != "responses":
                outside = true_share(world, position, "all")
                inside = true_share(world, position, "all", unknown_in=True)
                truth += [(row.bounds_with_unknown, value) for value in (outside, inside)]
            for bounds, value in truth:
                assert value is None or bounds.contains(value), (world, bounds)


@pytest.mark.parametrize("base", ["all", "known"])
@pytest.mark.parametrize("seed", [4, 14])
def test_bounds_equal_brute_force(seed, base):
    worlds = worlds_of(seed, BRUTE, SEX[:2], 2)
    table = table_of(worlds)
    panel = share(table, base=base, **pooled(worlds), sex="female")
    checked = sharp = 0
    for row, world in zip(panel, worlds, strict=True):
        listed = listed_in(world, SEX)
        if "female" not in listed or len(listed) < 2:
            continue
        if not all(is_consistent(own, listed) for own in world.values()):
            continue
        result = extremes(world, SEX, "female", base)
        checked += 1
        for name, ends in result.items():
            bounds = getattr(row, name)
            if ends is None:
                continue
            assert bounds.contains(ends[0]), (name, world, bounds, ends)
            assert bounds.contains(ends[1]), (name, world, bounds, ends)
        if row.bounds_attained and is_bounded(world) and result["bounds"] is not None:
            sharp += 1
            assert (row.bounds.lower, row.bounds.upper) == result["bounds"], (world, row.bounds)
    assert checked > BRUTE / 8
    assert sharp > BRUTE / 80


@pytest.mark.parametrize("base", ["all", "known"])
def test_shares_of_exclusive_categories_sum_to_1(base):
    worlds = worlds_of(5, WORLDS, SEX, 40)
    table = table_of(worlds)
    panel = breakdown(table, base=base, **(pooled(worlds) | {"by": "period", "of": "sex"}))
    by_period: dict[str, list[int]] = {}
    for i, (period, _) in enumerate(panel.names):
        by_period.setdefault(period, []).append(i)
    seen = 0
    for rows in by_period.values():
        used = [i for i in rows if not panel.value.missing[i]]
        reporters = {panel.reporters[i] for i in used}
        assert len(reporters) <= 1
        # One listed category does not divide its total.
        if len(used) < 2 or not all(panel.value.is_point[i] for i in used):
            continue
        total = sum((Fraction(panel.value[i].value) for i in used), Fraction(0))
        if base == "known":
            assert total == 1
        else:
            unknown, whole = panel.unknown[used[0]], panel.denominator[used[0]]
            if unknown is not None and unknown.is_point and whole.value:
                assert total + Fraction(unknown.value, whole.value) == 1
        seen += 1
    assert seen > WORLDS / 5


def test_contradictory_countries_are_excluded_and_listed():
    worlds = worlds_of(6, WORLDS, SEX, 40)
    table = table_of(worlds)
    panel = share(table, base="all", **single(worlds), sex="female")
    for row, (area, period) in zip(panel, panel.names, strict=True):
        country = worlds[int(period) - 1000][area]
        codes = {item.code for item in row.contradictions}
        if row.status is Status.CONTRADICTORY:
            assert "contradictory" in codes
            assert row.value is None
            assert country.mode in ("contradictory", "conflicting", "gaps")
        if country.mode == "formatted":
            assert "contradictory" not in codes


def same_columns(one: Panel, two: Panel) -> bool:
    order = {key: i for i, key in enumerate(two.names)}
    other = two.take([order[key] for key in one.names])
    names = ("value", "bounds", "bounds_with_unknown", "numerator", "denominator", "unknown")
    same = all(getattr(one, name) == getattr(other, name) for name in names)
    return same and bool((one.status == other.status).all())


@pytest.mark.parametrize("base", ["all", "known"])
def test_more_data_never_widen_bounds(base):
    """A missing count becomes known: both bounds stay or move inwards.

    Where the country has a suppressed or rounded count, that keeps the bounds of its source,
    whatever a new total implies. Such countries are left as they are.
    """
    worlds = worlds_of(10, WORLDS, SEX[:2], 5)
    more = []
    for world in worlds:
        filled = dict(world)
        for area, own in world.items():
            retained = {cell[2] for cell in own.formatted.values()} - {"known", "not_reported"}
            if own.mode not in ("gaps", "only_total", "no_data") or retained:
                continue
            cells = dict(zip(SEX, own.parts, strict=False)) | {
                "total": own.total,
                "unknown": own.unknown,
            }
            gaps = [
                n for n in cells if n not in own.formatted or own.formatted[n][2] == "not_reported"
            ]
            if gaps:
                value = cells[gaps[0]]
                formatted = {**own.formatted, gaps[0]: (value, value, "known")}
                filled[area] = evolve(own, formatted=formatted)
        more.append(filled)
    before, after = (
        share(table_of(own), base=base, **pooled(worlds), sex="female") for own in (worlds, more)
    )
    same = [
        listed_in(left, SEX) == listed_in(two, SEX) for left, two in zip(worlds, more, strict=True)
    ]
    rows = np.array(same) & (before.bounds.lower <= before.bounds.upper)
    assert rows.sum() > WORLDS / 2
    for name in ("bounds", "bounds_with_unknown"):
        assert_within(getattr(after, name), getattr(before, name), rows)
