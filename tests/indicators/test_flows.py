"""Flows by origin and destination: bounds, margins and balances, with known worlds and pandas."""

from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pandas as pd
import pytest

import thbstats as thb
from thbstats import Count, CountTable, Interval
from thbstats.errors import UnknownName
from thbstats.indicators import FlowMargin, Flows, flows
from thbstats.panel import Status
from thbstats.records import schema_of
from thbstats.records.converters import to_citizenship
from thbstats.vocabulary import Classification

FEW = Count.fewer_than(5)
COLUMNS = ["area", "period", "citizenship", "value"]
BELGIUM = [
    ("BE", 2022, "total", 20),
    ("BE", 2022, "nationals", 1),
    ("BE", 2022, "RO", FEW),
    ("BE", 2022, "NG", 15),
    ("BE", 2022, "unknown", 2),
]
ROMANIA = [
    ("RO", 2022, "total", 70),
    ("RO", 2022, "nationals", 64),
    ("RO", 2022, "BE", 1),
]


def counted(rows: list[Any], **more: Any) -> CountTable:
    return CountTable.from_rows(rows, columns=COLUMNS, kind="victims", **more)


BOTH = flows(counted([*BELGIUM, *ROMANIA]))


def interval(margin: FlowMargin, name: str, **where: Any) -> Interval:
    """Return a count of the only row of a selection."""
    (number,) = margin.where(**where).counts[name]
    assert number is not None
    return number


def within(result: Flows) -> dict[tuple[str, str, str], Interval]:
    return {
        (row["period"], row["citizenship"], row["area"]): number
        for row, number in zip(
            result.to_frame().to_dict("records"), result.within_total, strict=True
        )
    }


# A worked example.


def test_total_narrows_a_suppressed_count() -> None:
    assert BOTH[2022, "RO", "BE"].value == Interval(0, 4)
    assert within(BOTH)["2022", "RO", "BE"] == Interval(0, 2)
    assert within(flows(counted(BELGIUM), exhaustive=True))["2022", "RO", "BE"] == Interval.point(2)
    assert "SUPPRESSED" in BOTH[2022, "RO", "BE"].warnings.codes


def test_nationals_are_the_flow_of_a_country_to_itself() -> None:
    assert BOTH[2022, "BE", "BE"].value == Interval.point(1)
    assert interval(BOTH.destinations, "domestic", area="RO") == Interval.point(64)
    assert "reporting_country" not in BOTH.keys["citizenship"].categories


@pytest.mark.parametrize(
    ("nationals", "own", "expected"),
    [(8, 8, Interval.point(8)), (FEW, 3, Interval(0, 4)), (3, 9, Interval(3, 9))],
)
def test_two_rows_of_nationals_are_one_flow_with_both_bounds(
    nationals: Any, own: Any, expected: Interval
) -> None:
    table = counted([("SB", 2017, "nationals", nationals), ("SB", 2017, "SB", own)])
    assert within(flows(table)) == {("2017", "SB", "SB"): expected}


def test_margin_of_destinations_contains_every_part_of_the_total() -> None:
    margin = BOTH.destinations
    parts = {name: interval(margin, name, area="BE") for name in margin.counts}
    assert parts == {
        "total": Interval.point(20),
        "foreign": Interval(15, 17),
        "domestic": Interval.point(1),
        "unknown": Interval.point(2),
        "not_listed": Interval(0, 2),
    }
    assert {name: own.tolist() for name, own in margin.numbers.items()} == {
        "origins": [3, 2],
        "not_exact": [1, 0],
    }


def test_margin_of_origins_counts_destinations_and_persons_not_listed() -> None:
    margin = BOTH.origins
    nigeria = {"citizenship": "NG", "period": 2022}
    assert interval(margin, "listed", **nigeria) == Interval.point(15)
    # Five persons in Romania have a citizenship without a count, or an unknown one.
    assert interval(margin, "all", **nigeria) == Interval(15, 20)
    assert interval(margin, "all_with_unknown", **nigeria) == Interval(15, 22)
    found = margin.where(**nigeria)
    assert (found.numbers["destinations"].item(), found.numbers["reporting"].item()) == (1, 2)


def test_balances_exist_only_for_countries_with_counts_of_their_own() -> None:
    balances = BOTH.balances
    assert list(balances.keys["area"]) == ["BE", "RO"]
    assert interval(balances, "net", area="BE") == Interval(14, 16)
    assert interval(balances, "gross", area="BE") == Interval(16, 18)
    assert interval(balances, "net", area="RO") == Interval(-1, 6)
    assert interval(balances, "net_with_unknown", area="RO") == Interval(-3, 6)


def test_unknown_citizenship_stays_a_row() -> None:
    result = flows(counted(BELGIUM))
    assert result[2022, "unknown", "BE"].value == Interval.point(2)
    assert "unknown" not in list(result.origins.keys["citizenship"])


def test_persons_not_listed_can_have_an_unknown_citizenship() -> None:
    rows = [("BE", 2022, "total", 9), ("BE", 2022, "RO", 6), ("RO", 2022, "RO", 4)]
    without_row = flows(counted(rows)).origins
    assert interval(without_row, "all", citizenship="RO") == Interval.point(6)
    assert interval(without_row, "all_with_unknown", citizenship="RO") == Interval(6, 9)
    with_row = flows(counted([*rows, ("BE", 2022, "unknown", 1)])).origins
    assert interval(with_row, "all_with_unknown", citizenship="RO") == Interval(6, 7)


def test_counts_above_the_total_are_contradictory_and_keep_their_bounds() -> None:
    rows = [("DE", 2022, "total", FEW), ("DE", 2022, "RO", 60), ("DE", 2022, "BG", FEW)]
    result = flows(counted(rows))
    assert list(result.destinations.status) == list(result.balances.status) == ["contradictory"]
    assert within(result)["2022", "RO", "DE"] == Interval.point(60)
    assert within(result)["2022", "BG", "DE"] == Interval(0, 4)
    assert interval(result.destinations, "not_listed") == Interval(0, 4)
    assert interval(result.balances, "inflow") == Interval(60, 64)


def test_counts_below_the_total_contradict_only_an_exhaustive_list() -> None:
    table = counted([("DE", 2022, "total", 70), ("DE", 2022, "RO", 60)])
    assert list(flows(table).destinations.status) == ["ok"]
    result = flows(table, exhaustive=True)
    assert list(result.destinations.status) == ["contradictory"]
    assert within(result)["2022", "RO", "DE"] == Interval.point(60)


def test_destination_without_total_bounds_nothing() -> None:
    result = flows(counted([*BELGIUM, ("RO", 2022, "MD", FEW)]))
    assert list(result.destinations.status) == ["ok", "no_total"]
    assert within(result)["2022", "MD", "RO"] == Interval(0, 4)
    assert interval(result.origins, "all", citizenship="NG") == Interval(15, None)
    assert interval(result.destinations, "not_listed", area="RO") == Interval(0, None)
    assert result.destinations.to_frame()["total"].isna().tolist() == [False, True]
    assert "not bounded" in result.destinations.to_text()


@pytest.mark.parametrize("exhaustive", [False, True])
def test_missing_count_has_bounds_of_the_total_only(exhaustive: bool) -> None:
    missing = Count.not_reported()
    rows = [("DE", 2022, "total", 70), ("DE", 2022, "RO", 60), ("DE", 2022, "BG", missing)]
    result = flows(counted(rows), exhaustive=exhaustive)
    assert within(result)["2022", "BG", "DE"] == Interval(10 if exhaustive else 0, 10)
    assert within(result)["2022", "RO", "DE"] == Interval.point(60)
    rows.append(("DE", 2022, "NG", missing))
    both = within(flows(counted(rows), exhaustive=exhaustive))
    assert both["2022", "BG", "DE"] == both["2022", "NG", "DE"] == Interval(0, 10)


def test_periods_and_areas_are_selected() -> None:
    rows = [*BELGIUM, *ROMANIA, *((a, 2021, c, 2 * v) for a, _, c, v in ROMANIA)]
    table = counted(rows)
    assert set(flows(table).keys["period"]) == {"2021", "2022"}
    assert set(flows(table, period=2021).keys["area"]) == {"RO"}
    for area in ("BE", ["BE"], thb.Area.parse("BE")):
        assert set(flows(table, area=area, period=[2021, 2022]).keys["area"]) == {"BE"}
    assert set(flows(table, area="EU27_2020").keys["area"]) == {"BE", "RO"}
    # Aggregates and regions are not destinations.
    more = counted([*rows, ("EU27_2020", 2022, "NG", 100), ("DE-BY", 2022, "NG", 7)])
    assert flows(more).to_dict() == flows(table).to_dict()


def test_selection_of_a_category_applies_to_counts_and_totals() -> None:
    rows = [(*row[:3], sex, row[3]) for row in BELGIUM for sex in ("total", "female")]
    table = CountTable.from_rows(rows, columns=[*COLUMNS[:3], "sex", "value"], kind="victims")
    women = flows(table, sex="female")
    assert within(women) == within(flows(counted(BELGIUM)))
    assert "women and girls" in women.estimand[0]


def test_groups_of_citizenship_are_not_flows_and_stateless_persons_are() -> None:
    rows = [*BELGIUM, ("BE", 2022, "non_eu", 15), ("BE", 2022, "stateless", FEW)]
    origins = set(flows(counted(rows)).keys["citizenship"])
    assert origins == {"BE", "NG", "RO", "stateless", "unknown"}


def test_flows_by_a_dimension_of_your_own() -> None:
    transit = Classification(
        name="transit", has_countries=True, categories=["high_seas"], title="Country of transit"
    )
    rows = [("IT", "total", 9), ("IT", "LY", 6), ("IT", "high_seas", FEW), ("IT", "unknown", 1)]
    table = CountTable.from_rows(
        rows,
        columns=["area", "transit", "value"],
        kind=schema_of("victims", transit),
        period=2020,
    )
    result = flows(table, origin="transit")
    assert result.within_total[result.labels.index("high_seas to IT")] == Interval(0, 2)
    assert list(result.origins.keys) == ["period", "transit"]
    assert "transit" in result.caption


def test_flows_have_frames_texts_and_plain_data() -> None:
    assert {"within_total_lower", "within_total_upper"} <= set(BOTH.to_frame())
    assert "within total" in BOTH.to_text()
    assert "0 to 2" in BOTH.to_text()
    assert BOTH.to_dict()["balances"]["rows"][0]["net"]["lower"] == 14
    for margin in (BOTH.destinations, BOTH.origins, BOTH.balances):
        assert len(margin.to_frame()) == len(margin) == len(margin.to_dict()["rows"])
        assert repr(margin) == f"<FlowMargin {margin.caption}: {len(margin)} rows>"
    assert "\N{MINUS SIGN}3 to +6" in BOTH.balances.to_text()
    part = BOTH.where(citizenship="RO")
    assert list(part.within_total) == [Interval(0, 2), Interval.point(64)]
    assert len(part.origins) == len(BOTH.origins)


def test_long_margins_show_their_first_rows() -> None:
    rows = [("IT", year, "NG", 5) for year in range(1970, 2020)]
    assert "10 more rows: see to_frame()." in flows(counted(rows)).destinations.to_text()


# Worlds with a known truth.

PLACES = ("BE", "NG", "RO")
ORIGINS = (*PLACES, "VN")


YEARS = range(1980, 2020)


def drawn_world(random: Random, year: int) -> tuple[dict[Any, int], list[Any]]:
    """Draw true counts by destination and origin, and the rows that are published of them."""
    truth = {key: random.randrange(10) for key in product(PLACES, (*ORIGINS, "unknown"))}
    rows: list[Any] = []
    for area in PLACES:
        own = {origin: truth[area, origin] for origin in (*ORIGINS, "unknown")}
        for origin, number in [("total", sum(own.values())), *own.items()]:
            shown = random.choice(["exact", "exact", "fewer", "between", "not", "no row"])
            if shown == "no row":
                continue
            count: Any = number
            if shown == "fewer" and number < 5:
                count = FEW
            elif shown == "between":
                count = Count.between(max(number - 2, 0), number + 3)
            elif shown == "not":
                count = Count.not_reported()
            is_national = origin == area and random.random() < 0.5
            rows.append((area, year, "nationals" if is_national else origin, count))
    return truth, rows


WORLDS = [drawn_world(Random(year), year) for year in YEARS]
EVERY_ROW = [row for _, rows in WORLDS for row in rows]
ALL = flows(counted(EVERY_ROW))


def listed_origins(rows: list[Any], area: str) -> set[str]:
    names = {origin for place, _, origin, _ in rows if place == area}
    return {area if name == "nationals" else name for name in names} - {"total"}


def test_bounds_and_margins_contain_the_truth() -> None:
    assert "contradictory" not in set(ALL.destinations.status)
    truths = {str(year): truth for year, (truth, _) in zip(YEARS, WORLDS, strict=True)}
    for (year, origin, area), number in within(ALL).items():
        assert number.contains(truths[year][area, origin])
    for year, (truth, rows) in zip(YEARS, WORLDS, strict=True):
        destinations, origins, balances = (
            getattr(ALL, name).where(period=year)
            for name in ("destinations", "origins", "balances")
        )
        reporting = [area for area in PLACES if listed_origins(rows, area)]
        for area in reporting:
            listed = listed_origins(rows, area)
            margin, balance = destinations.where(area=area), balances.where(area=area)
            foreign = sum(truth[area, o] for o in listed - {area, "unknown"})
            assert interval(margin, "foreign").contains(foreign)
            others = sum(truth[area, o] for o in {*ORIGINS, "unknown"} - listed)
            assert interval(margin, "not_listed").contains(others)
            inflow = sum(truth[area, o] for o in ORIGINS if o != area)
            outflow = sum(truth[d, area] for d in reporting if d != area)
            assert interval(balance, "inflow").contains(inflow)
            assert interval(balance, "outflow").contains(outflow)
            assert interval(balance, "net").contains(inflow - outflow)
            assert interval(balance, "gross").contains(inflow + outflow)
            # Any part of the unknown persons can be from or of the country.
            unknown = {d: truth[d, "unknown"] for d in reporting}
            for more_in, more_out in product((0, unknown[area]), (0, 1)):
                away = sum(n for d, n in unknown.items() if d != area) * more_out
                net = inflow + more_in - outflow - away
                assert interval(balance, "net_with_unknown").contains(net)
        for origin in set(origins.keys["citizenship"]):
            margin = origins.where(citizenship=origin)
            abroad = [d for d in reporting if d != origin]
            counted_at = [d for d in abroad if origin in listed_origins(rows, d)]
            assert interval(margin, "listed").contains(sum(truth[d, origin] for d in counted_at))
            true = sum(truth[d, origin] for d in abroad)
            assert interval(margin, "all").contains(true)
            for more in (0, sum(truth[d, "unknown"] for d in abroad)):
                assert interval(margin, "all_with_unknown").contains(true + more)
            assert margin.numbers["destinations"].item() == len(counted_at)
            assert margin.numbers["reporting"].item() == len(abroad)


def test_sums_of_the_flows_are_the_margins_and_order_of_rows_never_matters() -> None:
    frame = ALL.to_frame()
    abroad = frame[(frame["citizenship"] != frame["area"]) & (frame["citizenship"] != "unknown")]
    names = ["within_total_lower", "within_total_upper"]
    for margin, name, bounds in (
        (ALL.origins, "citizenship", ["listed_lower", "listed_upper"]),
        (ALL.destinations, "area", ["foreign_lower"]),
    ):
        own = margin.to_frame().set_index(["period", name])[bounds]
        sums = abroad.groupby(["period", name])[names].sum()
        assert set(sums.index) <= set(own.index)
        sums = sums.reindex(own.index, fill_value=0)
        assert (sums[names[: len(bounds)]].to_numpy() == own.to_numpy()).all()
    mixed = Random(1).sample(EVERY_ROW, len(EVERY_ROW))
    assert flows(counted(mixed)).to_dict() == ALL.to_dict()


@pytest.mark.parametrize("exhaustive", [False, True])
def test_bounds_within_the_total_are_attained(exhaustive: bool) -> None:
    """All completions of a destination, tried one by one."""
    random, rows, drawn = Random(0), list[Any](), []
    for year in YEARS:
        codes = ["BG", "HU", "NG", "RO"][: random.randint(1, 4)]
        counts = [(random.randint(0, 4), random.randint(0, 3)) for _ in codes]
        total, width = random.randint(0, 12), random.randint(0, 3)
        drawn.append((codes, counts, total, width))
        rows.append(("BE", year, "total", Count.between(total, total + width)))
        rows += [
            ("BE", year, code, Count.between(low, low + more))
            for code, (low, more) in zip(codes, counts, strict=True)
        ]
    result = flows(counted(rows), exhaustive=exhaustive)
    numbers = within(result)
    for year, (codes, counts, total, width) in zip(YEARS, drawn, strict=True):
        fitting = [
            own
            for own in product(*(range(low, low + more + 1) for low, more in counts))
            if sum(own) <= total + width and (not exhaustive or sum(own) >= total)
        ]
        margin = result.destinations.where(period=year)
        assert (list(margin.status) == ["contradictory"]) is (not fitting)
        for position, code in enumerate(codes):
            number = numbers[str(year), code, "BE"]
            values = [own[position] for own in fitting] or [number.lower, number.upper]
            assert (number.lower, number.upper) == (min(values), max(values))
        if fitting:
            left = [total - sum(own) for own in fitting]
            least, most = max(min(left), 0), max(n + width for n in left)
            number = interval(margin, "not_listed")
            assert (number.lower, number.upper) == ((0, 0) if exhaustive else (least, most))


# Published figures: UNODC GLOTIP, file of 14 April 2025, recomputed with pandas.

GLOTIP = Path(__file__).parents[2] / "docs" / "_data" / "glotip_flows.csv"
ISO = {"AUT": "AT", "BEL": "BE", "BGR": "BG", "DEU": "DE", "HUN": "HU", "NLD": "NL", "ROU": "RO"}


def published(dimension: str) -> pd.DataFrame:
    """Return the rows of a dimension with their bounds."""
    frame = pd.read_csv(GLOTIP, skiprows=2, dtype=str, keep_default_na=False)
    frame = frame[frame["Indicator"] == "Detected trafficking victims"]
    frame = frame[(frame["Dimension"] == dimension) & (frame["Year"] == "2022")]
    few = frame["txtVALUE"] == "<5"
    lower = frame["txtVALUE"].where(~few, "0").str.replace(",", "").astype(int)
    area, origin = frame["Iso3_code"].map(ISO), frame["Category"].map(to_citizenship)
    columns = {"area": area, "origin": origin, "lower": lower, "upper": lower.where(~few, 4)}
    return pd.DataFrame(columns)


def test_margins_of_glotip_equal_those_of_pandas() -> None:
    victims = thb.read(GLOTIP).data.victims
    result = flows(victims)
    cells = published("by citizenship")
    cells["origin"] = cells["origin"].where(cells["origin"] != "reporting_country", cells["area"])
    totals = published("Total").set_index("area")
    assert len(result) == len(cells) == 225
    sums = cells.groupby("area")[["lower", "upper"]].sum()
    margin = result.destinations.to_frame().set_index("area").fillna({"domestic_lower": 0})
    for area, own in sums.iterrows():
        row, total = margin.loc[area], totals.loc[area]
        parts = row["foreign_lower"] + row["domestic_lower"]
        assert parts == own["lower"]
        contradictory = own["lower"] > total["upper"]
        assert (row["status"] == "contradictory") is bool(contradictory)
        left = max(own["upper"], total["upper"]) if contradictory else total["upper"]
        assert row["not_listed_upper"] == left - own["lower"]
        assert row["not_listed_lower"] == (
            0 if contradictory else max(total["lower"] - own["upper"], 0)
        )
    assert list(margin.index[margin["status"] == "contradictory"]) == ["DE"]
    spare = margin["not_listed_upper"]
    romanians = cells[(cells["origin"] == "RO") & (cells["area"] != "RO")].set_index("area")
    upper = np.minimum(romanians["upper"], romanians["lower"] + spare.reindex(romanians.index))
    outflow = result.balances.to_frame().set_index("area").loc["RO"]
    assert outflow["outflow_lower"] == romanians["lower"].sum() == 289
    others = spare.drop([*romanians.index, "RO"]).sum()
    assert outflow["outflow_upper"] == upper.sum() + others == 431
    assert interval(result.balances, "net", area="RO") == Interval(-431, -78)


def test_repatriation_of_glotip_is_protection_and_not_a_flow_by_citizenship() -> None:
    data = thb.read(GLOTIP).data
    assert data.justice.categories("stage") == ("recorded",)
    returned = flows(data.protection, origin="country_of_repatriation", period=2019)
    assert interval(returned.destinations, "total") == Interval.point(30)
    # The counts of 12, 5 and 9 leave four of 30 for Ireland, Italy, Switzerland and others.
    assert interval(returned.destinations, "foreign") == Interval(26, 30)
    assert interval(returned.destinations, "not_listed") == Interval(0, 4)


def test_margin_has_columns_of_its_keys_only() -> None:
    with pytest.raises(UnknownName, match="must be a column of the margin"):
        flows(counted(BELGIUM)).destinations.where(citizenship="RO")


def test_table_of_many_flows_shows_the_first_and_the_last_rows() -> None:
    counts = thb.read("docs/_data/glotip_flows.csv").data.victims
    found = flows(counts, period=2022)
    assert len(found) > 40
    assert "more rows" in str(found)


def test_two_rows_of_one_flow_are_one_flow():
    rows = [("BE", "total", 20), ("BE", "BE", 7), ("BE", "RO", 3)]
    for other, value, bounds in (
        (Count.not_reported(), Interval.point(7), Interval.point(7)),
        (7, Interval.point(7), Interval.point(7)),
        (5, None, Interval(5, 7)),
    ):
        table = CountTable.from_rows(
            [*rows, ("BE", "reporting_country", other)],
            columns=["area", "citizenship", "value"], kind="victims", period=2022,
        )  # fmt: skip
        found = flows(table)
        own = found[2022, "BE", "BE"]
        assert (len(found), own.value, own.bounds) == (2, value, bounds)
        assert (own.status == Status.CONFLICTING) == (value is None)
