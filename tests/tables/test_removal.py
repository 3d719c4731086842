from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import COUNTRIES, EU28, additive_tables, printed_wholes, small
from thbstats.errors import DuplicateKey, ImpossibleResult, InvalidValue, NoSuchCell, UnknownName
from thbstats.tables import CountTable
from thbstats.values import Count, Reason


def justice(*rows: tuple[Any, ...], **constant: Any) -> CountTable:
    return CountTable.from_rows(
        rows, kind="justice", columns=("area", "stage", "value"), period="2015-2016", **constant
    )


@given(additive_tables(), st.sampled_from(COUNTRIES))
def test_dropping_a_member_and_adding_it_back_is_the_identity(
    table: CountTable, country: str
) -> None:
    if country not in table.categories("area"):
        with pytest.raises(NoSuchCell, match="No counts of"):
            table.without(area=country)
        return
    remainder = table.without(area=country)
    assert country not in remainder.categories("area")
    assert CountTable.concat([remainder, table.where(area=country)]) == table


@given(printed_wholes())
def test_subtracting_a_member_from_a_point_and_adding_it_back_is_the_identity(
    table: CountTable,
) -> None:
    part = table.where(area="UK")
    remainder = table.without(area="UK")
    assert "EU28" not in remainder.categories("area")
    back = CountTable.concat([remainder, part]).sum(by="exploitation")
    assert back.categories("area") == ("EU28",)
    for record in back:
        whole = table.count(area="EU28", exploitation=record.exploitation)
        if table.count(area="UK", exploitation=record.exploitation).is_point:
            assert record.count.value == whole.value
        else:
            assert record.count.interval.contains(whole.value or 0)


@given(printed_wholes(), st.data())
def test_bounds_after_removal_contain_the_true_difference(
    table: CountTable, data: st.DataObject
) -> None:
    remainder = table.without(area="UK")
    for record in remainder:
        whole = table.count(area="EU28", exploitation=record.exploitation)
        part = table.count(area="UK", exploitation=record.exploitation)
        most = whole.lower if part.upper is None else min(part.upper, whole.lower)
        true = data.draw(st.integers(part.lower, most))
        assert record.count.interval.contains(whole.lower - true)


@pytest.mark.parametrize(
    ("rows", "removed", "rest"),
    [
        ({"EU28": 2927, "UK": 100}, "UK", {"EU28 without UK": 2827}),
        ({"EU27_2020": 9, "UK": 1}, "UK", {"EU27_2020": 9}),
        ({"EU28": 10, "UK": 1, "FR": 2}, ["United Kingdom", "FR"], {"EU28 without FR, UK": 7}),
    ],
)
def test_a_composition_without_members_has_a_new_name(
    rows: dict[str, int], removed: Any, rest: dict[str, int]
) -> None:
    table = justice(*((area, "convicted", value) for area, value in rows.items()))
    remainder = table.without(area=removed)
    assert remainder.categories("area") == tuple(rest)
    assert [record.count.value for record in remainder] == list(rest.values())
    assert remainder == table.where(area="EU27_2020") or "EU28" in rows


YEARS_OF_EU = [(f"{2003 + year}", "EU28", 9) for year in range(8)]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "Use one of the areas"),
        ([("2015", "EU28", 2927)], "EU28 includes the country"),
        (
            [("2015", "EU28", 5979), ("2016", "EU28", 2927), ("2016", "UK", 100)],
            "No counts of UK for area EU28, period 2015",
        ),
        ([*YEARS_OF_EU, ("2020", "UK", 1)], "and 3 more"),
    ],
)
def test_a_removal_without_the_row_of_the_member_raises(rows: Any, message: str) -> None:
    names = ("period", "area", "value")
    table = CountTable.from_rows(rows, kind="justice", columns=names, stage="convicted")
    with pytest.raises(NoSuchCell, match=message):
        table.without(area="UK")


def test_a_removal_of_an_unknown_country_raises() -> None:
    table = justice(("EU28", "convicted", 2927))
    for area in ("Atlantis", "EU15"):
        with pytest.raises(UnknownName):
            table.without(area=area)


def test_a_member_above_its_composition_is_impossible() -> None:
    table = justice(("EU28", "convicted", 5), ("UK", "convicted", 6))
    with pytest.raises(ImpossibleResult, match="must be at least the count of UK") as caught:
        table.without(area="UK")
    assert caught.value.row == "0 and 1"


@pytest.mark.parametrize(
    ("whole", "part", "rest"),
    [
        (10, Count.fewer_than(5), Count(6, 10, Reason.FEWER_THAN)),
        (3, Count.fewer_than(5), Count(0, 3, Reason.FEWER_THAN)),
        (10, Count.not_reported(), Count(0, 10, Reason.NOT_REPORTED)),
        (10, Count.not_applicable(), Count.known(10)),
        (Count.not_applicable(), 0, Count.not_applicable()),
        (Count.suppressed(0, 20), 5, Count(0, 15, Reason.SUPPRESSED)),
        (Count.not_reported(), 5, Count.not_reported()),
        (Count.between(8, 9), Count.between(1, 2), Count.between(6, 8)),
    ],
)
def test_a_removal_subtracts_independent_counts(
    whole: int | Count, part: int | Count, rest: Count
) -> None:
    table = justice(("EU28", "convicted", whole), ("UK", "convicted", part))
    assert table.without(area="UK").count() == rest


@pytest.mark.parametrize(
    ("documented", "value", "provenance"),
    [
        ({"reporters": EU28 - {"UK"}}, 10, (EU28 - {"UK"}, 27, set(), {"A"})),
        ({"n_reporters": 28}, 6, (EU28 - {"UK"}, 27, {"e"}, {"A", "B"})),
        ({"n_reporters": 1}, 6, (None, None, {"e"}, {"A", "B"})),
    ],
    ids=["country did not report", "all countries reported", "unknown countries reported"],
)
def test_a_removal_updates_reporters_flags_and_sources(
    documented: Any, value: int, provenance: Any
) -> None:
    rows = [
        {"area": "EU28", "value": 10, "source": "A", **documented},
        {"area": "UK", "value": 4, "source": "B", "flags": "e"},
    ]
    table = CountTable.from_rows(rows, kind="victims", period=2015)
    remainder = table.without(area="UK").record(0)
    assert (remainder.area, remainder.count) == ("EU28 without UK", Count.known(value))
    titles = {source.title for source in remainder.sources}
    reporters = remainder.reporters, remainder.n_reporters
    assert (*reporters, remainder.flags, titles) == provenance


def test_an_existing_row_of_the_new_name_is_kept() -> None:
    table = justice(
        ("EU28", "convicted", 10),
        ("UK", "convicted", 4),
        ("EU28 without UK", "convicted", 5),
        ("EU28", "prosecuted", 20),
        ("UK", "prosecuted", 5),
    )
    remainder = table.without(area="UK")
    assert remainder.count(stage="convicted") == Count.known(5)
    assert remainder.count(stage="prosecuted") == Count.known(15)


def test_tables_of_one_kind_are_concatenated() -> None:
    single, two = justice(("UK", "convicted", 1)), justice(("FR", "suspected", 2), source="A")
    both = CountTable.concat([single, two])
    assert list(both) == [*single, *two]
    assert list(CountTable.concat([both])) == list(both)


def test_a_cell_in_two_tables_raises() -> None:
    table = justice(("UK", "convicted", 1))
    with pytest.raises(DuplicateKey, match="rows 0 and 1"):
        CountTable.concat([table, table])


def test_tables_of_several_kinds_are_not_concatenated() -> None:
    victims = CountTable.from_rows([{"value": 1}], kind="victims", area="UK", period=2015)
    for tables in ([], [victims, justice(("UK", "convicted", 1))]):
        with pytest.raises(InvalidValue, match="one kind"):
            CountTable.concat(tables)
    assert len(CountTable.concat([CountTable.from_rows([], kind="victims")])) == 0


def test_cells_with_a_row_of_the_member_can_be_selected() -> None:
    table = justice(
        ("EU28", "convicted", 2927), ("EU28", "prosecuted", 5979), ("UK", "convicted", 100)
    )
    with pytest.raises(NoSuchCell, match="No counts of UK for area EU28, stage prosecuted"):
        table.without(area="UK")
    assert len(table.where(stage="convicted").without(area="UK")) == 1


@given(st.lists(small, min_size=2, max_size=5, unique=True))
def test_tables_without_common_categories_keep_every_row(years: list[int]) -> None:
    tables = [
        CountTable.from_rows([{"value": year}], kind="victims", area="UK", period=2000 + year)
        for year in years
    ]
    joined = CountTable.concat(tables)
    assert joined.lower.tolist() == years
    assert [joined.cell(period=2000 + year).count.value for year in years] == years
