import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from thbstats import CountTable
from thbstats.testing import assert_tables_equal
from thbstats.testing.strategies import record_lists, tables


def table(*rows, columns=("sex", "value"), **said):
    told = {"kind": "victims", "area": "MT", "period": 2020} | said
    return CountTable.from_rows(rows, columns=columns, **told)


def differences(left, right):
    with pytest.raises(AssertionError) as caught:
        assert_tables_equal(left, right)
    return str(caught.value).splitlines()


@examples(20)
@given(record_lists(min_size=1), st.randoms())
def test_the_order_of_rows_makes_no_difference(records, random):
    one = CountTable.from_records(records)
    assert_tables_equal(one, CountTable.from_records(random.sample(records, len(records))))


@examples(20)
@given(tables(), tables())
def test_it_raises_where_the_tables_differ_and_only_there(left, right):
    assert_tables_equal(left, left)
    if left == right:
        assert_tables_equal(left, right)
    else:
        assert differences(left, right)


def test_a_cell_that_one_table_lacks_is_shown_with_its_count():
    assert differences(table(("total", 3)), table(("total", 3), ("male", 1))) == [
        "1 cell differs (left has 1, right has 2):",
        "  sex male: only on the right, Count(1)",
    ]


def test_flags_and_sources_are_compared_too():
    left = table(("total", 3, "b"), columns=("sex", "value", "flags"), source="One")
    right = table(("total", 3, ""), columns=("sex", "value", "flags"), source="Two")
    assert differences(left, right) == [
        "1 cell differs (left has 1, right has 1):",
        "  the only cell: flags b on the left, nothing on the right",
        "  the only cell: sources One on the left, Two on the right",
    ]


def test_of_many_differences_ten_are_shown():
    def years(number):
        rows = [(year, number) for year in range(2000, 2015)]
        return CountTable.from_rows(rows, kind="victims", columns=("period", "value"), area="MT")

    left, right = years(1), years(2)
    lines = differences(left, right)
    assert lines[0] == "15 cells differ (left has 15, right has 15):"
    assert (len(lines), lines[-1]) == (12, "  and 5 more")


def test_tables_of_two_kinds_are_not_looked_at_further():
    victims = table(("total", 3))
    justice = CountTable.from_rows(
        [{"value": 3, "stage": "prosecuted"}], kind="justice", area="MT", period=2020
    )
    assert differences(victims, justice) == ["victims on the left, justice on the right"]
