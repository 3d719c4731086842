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
        with pytest.raises(NoSuchCell, match="must have rows in the table"):
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


@given(printed_wholes())
def test_a_removal_does_not_change_the_table(table: CountTable) -> None:
    before = list(table)
    table.without(area="UK")
    assert list(table) == before


def test_a_composition_without_a_member_has_a_new_name() -> None:
    table = justice(("EU28", "convicted", 2927), ("UK", "convicted", 100))
    remainder = table.without(area="UK")
    assert remainder.categories("area") == ("EU28 without UK",)
    assert remainder.count() == Count.known(2827)


def test_a_composition_without_the_country_is_unchanged() -> None:
    table = justice(("EU27_2020", "convicted", 9), ("UK", "convicted", 1))
    assert table.without(area="UK") == table.where(area="EU27_2020")


def test_several_countries_can_be_removed() -> None:
    table = justice(("EU28", "convicted", 10), ("UK", "convicted", 1), ("FR", "convicted", 2))
    remainder = table.without(area=["United Kingdom", "FR"])
    assert remainder.count() == Count.known(7)
    assert remainder.categories("area") == ("EU28 without FR, UK",)


def test_a_removal_without_the_row_of_the_member_raises() -> None:
    table = justice(
        ("EU28", "convicted", 2927), ("EU28", "prosecuted", 5979), ("UK", "convicted", 100)
    )
    with pytest.raises(NoSuchCell, match="must have a row of UK for area EU28, stage prosecuted"):
        table.without(area="UK")
    assert len(table.where(stage="convicted").without(area="UK")) == 1


def test_a_removal_from_a_composition_alone_suggests_bounds() -> None:
    with pytest.raises(NoSuchCell, match="EU28 includes the country"):
        justice(("EU28", "convicted", 2927)).without(area="UK")
    with pytest.raises(NoSuchCell, match="Use one of the areas"):
        CountTable.from_rows([], kind="justice").without(area="UK")


def test_five_unmatched_cells_are_listed_at_most() -> None:
    rows = [("EU28", 2003 + year, 9) for year in range(8)]
    table = CountTable.from_rows(
        [*rows, ("UK", 2020, 1)],
        kind="justice",
        columns=("area", "period", "value"),
        stage="convicted",
    )
    with pytest.raises(NoSuchCell, match="and 3 more"):
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


def test_nothing_is_subtracted_if_the_country_did_not_report() -> None:
    rows = [
        {"area": "EU28", "value": 10, "reporters": EU28 - {"UK"}, "source": "A"},
        {"area": "UK", "value": 4, "source": "B", "flags": "e"},
    ]
    table = CountTable.from_rows(rows, kind="victims", period=2015)
    remainder = table.without(area="UK").record(0)
    assert remainder.count == Count.known(10)
    assert remainder.area == "EU28 without UK"
    assert remainder.flags == frozenset()
    assert {source.title for source in remainder.sources} == {"A"}


def test_a_removal_updates_reporters_and_sources() -> None:
    rows = [
        {"area": "EU28", "value": 10, "n_reporters": 28, "source": "A"},
        {"area": "UK", "value": 4, "source": "B", "flags": "e"},
    ]
    table = CountTable.from_rows(rows, kind="victims", period=2015)
    remainder = table.without(area="UK").record(0)
    assert remainder.reporters == EU28 - {"UK"}
    assert remainder.n_reporters == 27
    assert remainder.flags == {"e"}
    assert {source.title for source in remainder.sources} == {"A", "B"}


def test_a_removal_makes_the_number_of_reporters_unknown() -> None:
    table = justice(("EU28", "convicted", 9), ("UK", "convicted", 4), n_reporters=1)
    remainder = table.without(area="UK").record(0)
    assert (remainder.reporters, remainder.n_reporters) == (None, None)


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


@given(st.lists(small, min_size=2, max_size=5, unique=True))
def test_tables_without_common_categories_keep_every_row(years: list[int]) -> None:
    tables = [
        CountTable.from_rows([{"value": year}], kind="victims", area="UK", period=2000 + year)
        for year in years
    ]
    joined = CountTable.concat(tables)
    assert joined.lower.tolist() == years
    assert [joined.cell(period=2000 + year).count.value for year in years] == years


def test_a_cell_in_two_tables_raises() -> None:
    table = justice(("UK", "convicted", 1))
    with pytest.raises(DuplicateKey, match="row 0 and 1"):
        CountTable.concat([table, table])


def test_tables_of_several_kinds_are_not_concatenated() -> None:
    victims = CountTable.from_rows([{"value": 1}], kind="victims", area="UK", period=2015)
    for tables in ([], [victims, justice(("UK", "convicted", 1))]):
        with pytest.raises(InvalidValue, match="one kind"):
            CountTable.concat(tables)
    assert len(CountTable.concat([CountTable.from_rows([], kind="victims")])) == 0
