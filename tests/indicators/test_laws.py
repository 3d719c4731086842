"""The laws of every indicator, each on panels with many synthetic worlds per example."""

from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from functools import cache
from itertools import product
from random import Random
from typing import Any

import numpy as np
import pytest
from attrs import field, frozen

from tests.indicators.worked_examples import counts_of
from tests.panel.worlds import (
    AREA,
    COUNTRIES,
    World,
    has_hidden_category,
    table_of,
    worlds_of,
)
from thbstats import justice, protection
from thbstats.errors import ThbstatsError
from thbstats.indicators import (
    association,
    breakdown,
    change,
    concentration,
    decompose,
    flows,
    leave_out,
    ranking,
    rate,
    ratio,
    share,
    total,
)
from thbstats.panel import Panel, ResultKind, Status
from thbstats.records import Population, Populations
from thbstats.tables import CountTable
from thbstats.values import Count

WORLDS = 100
YEARS = list(range(1000, 1000 + WORLDS))
POOLED = {"by": "period", "area": AREA, "period": YEARS}
SINGLE = {**POOLED, "by": ["area", "period"]}
PEOPLE = [
    Population(area=area, when=f"{year}-01-01", persons=1000 + i, source="synthetic")
    for year in YEARS
    for i, area in enumerate(COUNTRIES)
]


def true_total(world: World, name: str = "total") -> int:
    index = {"female": 0, "male": 1, "other": 2}
    return sum(
        own.total if name == "total" else dict(enumerate(own.parts)).get(index[name], 0)
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
        for base in ("all", "known", "responses")
    ),
    Case(
        name="breakdown",
        call=lambda t, by, **way: breakdown(t, base="all", by=by, of="sex", **way),
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
QUOTIENTS = {*ResultKind} - {
    ResultKind.INDEX, ResultKind.CORRELATION, ResultKind.EFFECTIVE_NUMBER,
}  # fmt: skip
EVERY = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


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
            if kind not in QUOTIENTS or above is None or above.value is None:
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
    judged = 0
    for row, world in zip(panels[case.name][0], worlds, strict=True):
        truth = case.truth(world)
        if truth is None or (case.name != "total" and has_hidden_category(world)):
            continue
        assert row.bounds.contains(truth), (world, row.bounds, truth)
        judged += 1
    assert judged > WORLDS // 2


@EVERY
def test_order_of_rows_never_matters(case: Case, worlds: list[World]) -> None:
    few = worlds[:40]
    for way in case.ways:
        years = {**way, "period": YEARS[: len(few)]}
        first, two = (case.call(table_of(few, shuffle=seed), **years) for seed in (None, 12))
        order = {key: i for i, key in enumerate(two.names)}
        other = two.take([order[key] for key in first.names])
        names = ("value", "bounds", "bounds_with_unknown", "numerator", "denominator", "unknown")
        for name in names:
            assert getattr(first, name) == getattr(other, name), name
        assert (first.status == other.status).all()
        assert first.codes.categories is not None
        assert list(first.codes) == list(other.codes)


@EVERY
def test_a_row_alone_has_the_same_numbers_and_warnings(
    case: Case, panels: dict[str, list[Panel]]
) -> None:
    for panel in panels[case.name]:
        for i in range(0, len(panel), max(len(panel) // 12, 1)):
            row, alone = panel.row(i), panel.take([i]).row(0)
            assert row == alone
            assert row.warnings.codes == panel.codes[i]


@pytest.mark.parametrize(
    "name", ["total", "share all", "share known", "share responses", "ratio", "rate"]
)
def test_a_scalar_call_is_the_row_of_the_panel(
    name: str, table: CountTable, panels: dict[str, list[Panel]]
) -> None:
    case = next(case for case in CASES if case.name == name)
    panel = panels[name][0]
    seen = 0
    for i in range(0, WORLDS, 7):
        row = panel.row(i)
        if row.status in (Status.OK, Status.CONFLICTING, Status.NOT_REPORTED, Status.NO_TOTAL):
            alone = case.call(table, by=None, area=AREA, period=YEARS[i])
            assert (alone.value, alone.numerator) == (row.value, row.numerator)
            assert alone.bounds == row.bounds
            assert alone.bounds_with_unknown == row.bounds_with_unknown
            assert alone.warnings.codes == row.warnings.codes
            seen += 1
    assert seen > 5


# Every function of the indicators, on tables of six countries and two years

PLACES, TWO_YEARS = ("BE", "DE", "FR", "IT", "NL", "RO"), (2015, 2016)
UNION, SEEDS = "+".join(PLACES), range(4)
POOL: dict[str, Any] = {"area": UNION, "period": 2016}
STAGES = {"numerator": {"stage": "convicted"}, "denominator": {"stage": "prosecuted"}}
WOMEN = {"base": "all", "sex": "female"}
KINDS: dict[str, tuple[str, list[tuple[str, ...]], dict[str, str]]] = {
    "victims": (
        "sex exploitation",
        [*product(("total", "female", "male"), ("total", "sexual", "labour"))],
        {"status": "registered"},
    ),
    "justice": ("stage", [("prosecuted",), ("convicted",)], {"offence": "trafficking"}),
    "protection": ("outcome", [("sought",), ("granted",)], {"measure": "compensation"}),
}
INHABITANTS = [
    Population(area=area, when=f"{year}-01-01", persons=size, source="synthetic")
    for year in TWO_YEARS
    for area, size in zip(PLACES, (11, 83, 67, 60, 17, 19), strict=True)
]

CITIZENSHIPS = {"total": "total", "female": "DE", "male": "NG"}


def by_citizenship(victims: CountTable) -> CountTable:
    """Return a table with citizenships in place of the sexes."""
    frame = victims.to_frame()
    origins = frame["sex"].astype(str).map(CITIZENSHIPS)
    return CountTable.from_frame(frame.assign(sex="total", citizenship=origins), kind="victims")


Tables = dict[str, CountTable]
QUERIES: dict[str, Callable[[Tables], Any]] = {
    "association": lambda t: association(t["victims"], rows="sex", columns="exploitation", **POOL),
    "breakdown": lambda t: breakdown(t["victims"], by=["area", "period"], of="sex", base="known"),
    "change": lambda t: change(t["victims"], old=2015, new=2016, by="area"),
    "change of a share": lambda t: change(
        t["victims"], old=2015, new=2016, share={"sex": "female"}, base="all", area=UNION
    ),
    "concentration": lambda t: concentration(t["victims"], measure="dominance", **POOL),
    "concentration of categories": lambda t: concentration(
        t["victims"], measure="herfindahl", dimension="sex", **POOL
    ),
    "conviction_to_prosecution": lambda t: justice.conviction_to_prosecution(t["justice"], **POOL),
    "convictions_per_100_victims": lambda t: justice.convictions_per_100_victims(
        t["justice"], t["victims"], **POOL
    ),
    "decompose": lambda t: decompose(t["victims"], old=2015, new=2016, area=UNION, **WOMEN),
    "flows": lambda t: flows(by_citizenship(t["victims"])),
    "funnel": lambda t: justice.funnel(t["justice"], by=["area", "period"]),
    "grants_per_request": lambda t: protection.grants_per_request(t["protection"], **POOL),
    "leave_out": lambda t: leave_out(share(t["victims"], **WOMEN, **POOL)),
    "protection_per_100_victims": lambda t: protection.protection_per_100_victims(
        t["protection"], t["victims"], measure="compensation", outcome="granted", **POOL
    ),
    "ranking": lambda t: ranking(t["victims"], by=["period", "area"]),
    "rate": lambda t: rate(t["victims"], INHABITANTS, by=["area", "period"]),
    "ratio": lambda t: ratio(t["justice"], **STAGES, **{**POOL, "period": TWO_YEARS}),
    "ratio of lags": lambda t: ratio(t["justice"], **STAGES, **POOL, lag=(0, 1)),
    "share": lambda t: share(t["victims"], **WOMEN, by=["area", "period"]),
    "total": lambda t: total(t["victims"], by=["area", "period", "sex"]),
}


def formatted_rows(random: Random, kind: str) -> list[tuple[Any, ...]]:
    """Return rows with known, suppressed and missing counts; some rows are missing."""
    shown: list[Any] = [None, Count.fewer_than(5), Count.not_reported(), Count.between(2, 6)]
    rows = []
    for area, year, cell in product(PLACES, TWO_YEARS, KINDS[kind][1]):
        sums = 3 ** cell.count("total")
        count = random.choice([sums * random.randrange(9)] * 9 + shown)
        rows += [] if count is None else [(area, year, *cell, count)]
    return rows


@cache
def drawn_tables(seed: int, *, shuffled: bool = False) -> Tables:
    random, tables = Random(seed), {}
    for kind, (columns, _, constant) in KINDS.items():
        rows = formatted_rows(random, kind)
        if shuffled:
            Random(seed + 1).shuffle(rows)
        tables[kind] = counts_of(rows, f"area period {columns}", kind=kind, **constant)
    return tables


def outcome(query: Callable[[Tables], Any], tables: Tables) -> Any:
    try:
        return query(tables).to_dict()
    except ThbstatsError as error:
        return type(error), error.field


@pytest.mark.parametrize("name", QUERIES)
def test_order_of_rows_never_matters_to_any_indicator(name: str) -> None:
    with_numbers = 0
    for seed in SEEDS:
        first, second = (
            outcome(QUERIES[name], drawn_tables(seed, shuffled=own)) for own in (False, True)
        )
        assert first == second
        with_numbers += isinstance(first, dict)
    assert with_numbers > 2


def test_order_of_years_and_populations_never_matters() -> None:
    for seed in SEEDS:
        tables = drawn_tables(seed)
        years = (ratio(tables["justice"], **STAGES, area=UNION, period=own).to_dict()
                 for own in (TWO_YEARS, TWO_YEARS[::-1]))  # fmt: skip
        assert next(years) == next(years)
        rates = (rate(tables["victims"], own, by="area", period=2016).to_dict()
                 for own in (INHABITANTS, Populations(INHABITANTS[::-1])))  # fmt: skip
        assert next(rates) == next(rates)


ALONE: dict[str, Callable[..., Any]] = {
    "change": lambda t, **own: change(t["victims"], old=2015, new=2016, **own),
    "rate": lambda t, **own: rate(t["victims"], INHABITANTS, **own),
    "ratio": lambda t, **own: ratio(t["justice"], **STAGES, **own),
    "share": lambda t, **own: share(t["victims"], **WOMEN, **own),
    "total": lambda t, **own: total(t["victims"], **own),
}


@pytest.mark.parametrize("name", ALONE)
def test_each_row_of_a_panel_is_the_number_of_its_key_alone(name: str) -> None:
    by = ["area"] if name == "change" else ["area", "period"]
    for seed in SEEDS[:2]:
        tables = drawn_tables(seed)
        panel = ALONE[name](tables, by=by)
        assert list(panel.keys)[: len(by)] == by
        numbers: dict[Any, Any] = {}
        for key in {own[: len(by)] for own in panel.names}:
            with suppress(ThbstatsError):
                numbers[key] = ALONE[name](tables, **dict(zip(by, key, strict=True)))
        for key, row in zip(panel.names, panel, strict=True):
            alone = numbers.get(key[: len(by)])
            if alone is None:
                assert row.status in (Status.NO_DATA, Status.CONTRADICTORY), key
                continue
            alone = alone[key[-1]] if name == "change" else alone
            assert (row, row.warnings) == (alone, alone.warnings)
