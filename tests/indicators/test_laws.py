"""The laws of every indicator, each on panels with many synthetic worlds per example."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from attrs import field, frozen

from tests.panel.worlds import AREA, COUNTRIES, SEX, World, table_of, worlds_of
from thbstats.indicators import (
    ALL,
    breakdown,
    change,
    concentration,
    leave_out,
    ranking,
    rate,
    ratio,
    share,
    total,
)
from thbstats.panel import Panel, ResultKind, Status
from thbstats.records import Population
from thbstats.tables import CountTable
from thbstats.values import Interval

WORLDS = 150
YEARS = list(range(1000, 1000 + WORLDS))
POOLED = {"by": "period", "area": AREA, "period": YEARS}
SINGLE = {**POOLED, "by": ["area", "period"]}
PEOPLE = [
    Population(area=area, when=f"{year}-01-01", persons=1000 + i, source="synthetic")
    for year in YEARS
    for i, area in enumerate(COUNTRIES)
]


def true_total(world: World, name: str = "total") -> int:
    place = {"female": 0, "male": 1, "other": 2}
    return sum(
        own.total if name == "total" else dict(enumerate(own.parts)).get(place[name], 0)
        for own in world.values()
    )


def quotient(above: int, below: int, scale: int = 1) -> Fraction | None:
    return Fraction(scale * above, below) if below else None


@frozen(kw_only=True)
class Case:
    """An indicator, called for many worlds at once.

    Parameters
    ----------
    name : str
        The function and its variant.
    call : callable
        From a table and the arguments that ask for many worlds to a panel.
    truth : callable, optional
        From a world to the true number over all its countries.
    ways : tuple of mapping
        The arguments that ask for many worlds: pooled, and country by country.
    """

    name: str
    call: Callable[..., Panel]
    truth: Callable[[World], Fraction | int | None] | None = None
    ways: tuple[dict[str, Any], ...] = field(default=(POOLED, SINGLE))


CASES = [
    Case(name="total", call=total, truth=true_total),
    Case(
        name="total of a category",
        call=lambda t, **way: total(t, sex="female", **way),
        truth=lambda world: true_total(world, "female"),
    ),
    *(
        Case(
            name=f"share {base}",
            call=lambda t, base=base, **way: share(t, base=base, sex="female", **way),
        )
        for base in ("all", "known", "mentions")
    ),
    Case(
        name="breakdown",
        call=lambda t, by, **way: breakdown(
            t, base="all", by=[*([by] if isinstance(by, str) else by), "sex"], **way
        ),
    ),
    Case(
        name="ratio",
        call=lambda t, **way: ratio(
            t, numerator={"sex": "female"}, denominator={"sex": "male"}, per=100, **way
        ),
        truth=lambda world: quotient(true_total(world, "female"), true_total(world, "male"), 100),
    ),
    Case(
        name="rate",
        call=lambda t, **way: rate(t, PEOPLE, **way),
        truth=lambda world: quotient(true_total(world), 3003, 100_000),
    ),
    Case(
        name="leave_out",
        call=lambda t, by, **way: leave_out(share(t, base="all", sex="female", by=by, **way)),
        ways=(POOLED,),
    ),
    Case(
        name="concentration",
        call=lambda t, **way: concentration(t, measure="herfindahl", **way),
        ways=(POOLED,),
    ),
    Case(
        name="ranking",
        call=lambda t, by, **way: ranking(t, by=["period", "area"], **{**way, "area": None}),
        ways=(POOLED,),
    ),
]
EVERY = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
FUNCTIONS = {
    "total": total,
    "share": share,
    "breakdown": breakdown,
    "ratio": ratio,
    "rate": rate,
    "leave_out": leave_out,
    "concentration": concentration,
    "ranking": ranking,
    "change": change,
}


@pytest.fixture(name="worlds", scope="module")
def _worlds() -> list[World]:
    return worlds_of(11, WORLDS)


@pytest.fixture(name="table", scope="module")
def _table(worlds: list[World]) -> CountTable:
    return table_of(worlds)


@pytest.fixture(name="panels", scope="module")
def _panels(table: CountTable) -> dict[str, list[Panel]]:
    return {case.name: [case.call(table, **way) for way in case.ways] for case in CASES}


@EVERY
def test_value_is_numerator_over_denominator(case: Case, panels: dict[str, list[Panel]]) -> None:
    seen = 0
    for panel in panels[case.name]:
        for i in np.flatnonzero(panel.value.is_point).tolist():
            kind, value = panel.kind[i], panel.value[i]
            above, below = panel.numerator[i], panel.denominator[i]
            if kind is ResultKind.INDEX or above is None or above.value is None:
                continue
            if kind is ResultKind.COUNT:
                assert value == above
            elif below is not None and below.value:
                assert value.value == Fraction(above.value) * kind.scale / Fraction(below.value)
            seen += 1
    assert seen > 20 or case.name == "concentration"


@EVERY
def test_bounds_nest(case: Case, panels: dict[str, list[Panel]]) -> None:
    for panel in panels[case.name]:
        bounds, wide = panel.bounds, panel.bounds_with_unknown
        # A ratio with the denominator 0 has no value, so that its bounds contain every number.
        some = ~bounds.missing & ~(bounds.undefined & np.isinf(bounds.upper))
        assert (wide.lower[some] <= bounds.lower[some] + 1e-9).all()
        assert (wide.upper[some] >= bounds.upper[some] - 1e-9).all()
        complete = panel.complete & some
        assert (panel.value.lower[complete] >= bounds.lower[complete] - 1e-9).all()
        assert (panel.value.upper[complete] <= bounds.upper[complete] + 1e-9).all()


@pytest.mark.parametrize("case", [case for case in CASES if case.truth], ids=lambda case: case.name)
def test_bounds_contain_the_truth(
    case: Case, panels: dict[str, list[Panel]], worlds: list[World]
) -> None:
    assert case.truth is not None
    for row, world in zip(panels[case.name][0], worlds, strict=True):
        truth = case.truth(world)
        assert truth is None or row.bounds.contains(truth), (world, row.bounds, truth)


@EVERY
def test_order_of_rows_never_matters(case: Case, worlds: list[World]) -> None:
    few = worlds[:40]
    for way in case.ways:
        years = {**way, "period": YEARS[: len(few)]}
        one, two = (case.call(table_of(few, shuffle=seed), **years) for seed in (None, 12))
        order = {key: i for i, key in enumerate(two.names)}
        other = two.take([order[key] for key in one.names])
        for name in ("value", "bounds", "bounds_with_unknown", "numerator", "denominator"):
            assert getattr(one, name) == getattr(other, name), name
        assert (one.status == other.status).all()
        assert one.codes.categories is not None
        assert list(one.codes) == list(other.codes)


@EVERY
def test_a_row_alone_has_the_same_numbers_and_warnings(
    case: Case, panels: dict[str, list[Panel]]
) -> None:
    for panel in panels[case.name]:
        for i in range(0, len(panel), max(len(panel) // 12, 1)):
            row, alone = panel.row(i), panel.take([i]).row(0)
            assert row == alone
            assert row.warnings.codes == panel.codes[i]


@pytest.mark.parametrize("name", ["total", "share all", "ratio", "rate"])
def test_a_scalar_call_is_the_row_of_the_panel(
    name: str, table: CountTable, panels: dict[str, list[Panel]]
) -> None:
    case = next(case for case in CASES if case.name == name)
    panel = panels[name][0]
    seen = 0
    for i in range(0, WORLDS, 11):
        row = panel.row(i)
        if row.status in (Status.OK, Status.CONFLICTING, Status.NOT_REPORTED, Status.NO_TOTAL):
            alone = case.call(table, by=None, area=AREA, period=YEARS[i])
            assert (alone.value, alone.bounds) == (row.value, row.bounds)
            assert alone.bounds_with_unknown == row.bounds_with_unknown
            assert alone.warnings.codes == row.warnings.codes
            seen += 1
    assert seen > 5


def test_change_is_new_minus_old_over_old(table: CountTable, worlds: list[World]) -> None:
    """Both readings follow from the two counts, and bounds contain the truth."""
    panel = change(table, old=1000, new=1001, area=AREA)
    old, new = (total(table, area=AREA, period=year) for year in (1000, 1001))
    published = panel["as published"]
    assert published.bounds == Interval.ratio(new.bounds, old.bounds) - Interval.point(1)
    before, after = (true_total(world) for world in worlds[:2])
    if before:
        assert published.bounds.contains(Fraction(after - before, before))


def test_every_indicator_with_by_has_a_case() -> None:
    named = {case.name.split(" ")[0] for case in CASES} | {"change"}
    presets = {
        function
        for function in ALL
        if function.__name__ not in FUNCTIONS and "by" in function.__code__.co_varnames
    }
    assert {FUNCTIONS[name] for name in named} == set(FUNCTIONS.values())
    # Presets are calls of ratio, and have their own worked examples.
    assert {own.__module__.rpartition(".")[2] for own in presets} <= {
        "justice",
        "protection",
        "decompositions",
        "associations",
    }


def test_sex_has_the_categories_of_the_worlds(table: CountTable) -> None:
    assert set(SEX) <= set(table.categories("sex"))
