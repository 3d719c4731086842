import math

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from thbstats import CountTable, apply_rules, audit, breakdown, total
from thbstats.publications import com_2018_777
from thbstats.rules import ALL
from thbstats.tables import Dataset
from thbstats.testing import assert_equal, assert_tables_equal
from thbstats.testing.strategies import record_lists, records, tables
from thbstats.values import Count


def table(*rows, columns=("sex", "value"), **more):
    options = {"kind": "victims", "area": "MT", "period": 2020} | more
    return CountTable.from_rows(rows, columns=columns, **options)


def differences(left, right):
    with pytest.raises(AssertionError) as caught:
        assert_tables_equal(left, right)
    return str(caught.value).splitlines()


@examples(20)
@given(record_lists(min_size=1), st.randoms())
def test_order_of_rows_does_not_matter(records, random):
    single = CountTable.from_records(records)
    assert_tables_equal(single, CountTable.from_records(random.sample(records, len(records))))


@examples(20)
@given(tables(), tables())
def test_assertion_raises_only_for_different_tables(left, right):
    assert_tables_equal(left, left)
    if left == right:
        assert_tables_equal(left, right)
    else:
        assert differences(left, right)


def test_missing_cell_is_shown_with_its_count():
    assert differences(table(("total", 3)), table(("total", 3), ("male", 1))) == [
        "1 cell differs (left has 1, right has 2):",
        "  sex male: only on the right, Count(1)",
    ]


def test_flags_and_sources_are_compared_too():
    left = table(("total", 3, "b"), columns=("sex", "value", "flags"), source="One")
    right = table(("total", 3, ""), columns=("sex", "value", "flags"), source="Two")
    assert differences(left, right) == [
        "1 cell differs (left has 1, right has 1):",
        "  the only cell: flags b on the left, none on the right",
        "  the only cell: sources One on the left, Two on the right",
    ]


def test_ten_of_many_differences_are_shown():
    def years(number):
        rows = [(year, number) for year in range(2000, 2015)]
        return CountTable.from_rows(rows, kind="victims", columns=("period", "value"), area="MT")

    left, right = years(1), years(2)
    lines = differences(left, right)
    assert lines[0] == "15 cells differ (left has 15, right has 15):"
    assert (len(lines), lines[-1]) == (12, "  and 5 more")


def test_tables_of_two_kinds_have_one_difference():
    victims = table(("total", 3))
    justice = CountTable.from_rows(
        [{"value": 3, "stage": "prosecuted"}], kind="justice", area="MT", period=2020
    )
    assert differences(victims, justice) == ["victims on the left, justice on the right"]


def field_differences(left, right):
    with pytest.raises(AssertionError) as caught:
        assert_equal(left, right)
    return str(caught.value).splitlines()


@examples(20)
@given(records(), records())
def test_records_differ_only_in_their_fields(left, right):
    assert_equal(left, evolve(left))
    if left == right:
        assert_equal(left, right)
    else:
        assert field_differences(left, right)


@pytest.mark.parametrize(
    "make",
    [
        com_2018_777,
        lambda: com_2018_777().data,
        lambda: com_2018_777().share("ii-sexual-share"),
        lambda: audit(com_2018_777()),
        lambda: breakdown(com_2018_777().data.victims, of="exploitation", base="known"),
        lambda: np.array([1.0, math.nan]),
        lambda: {"a": math.nan},
    ],
    ids=["publication", "dataset", "share", "audit", "breakdown", "array", "mapping"],
)
def test_equal_objects_are_equal(make):
    assert_equal(make(), make())


def test_claim_is_compared_with_the_claim_of_its_name():
    report = com_2018_777()
    first, second, *others = report.claims
    changed = evolve(report, claims=[first, evolve(second, note="Checked."), *others])
    assert field_differences(report, changed) == [
        "1 field of Publication differs:",
        f"  claims[{second.id}].note: '' on the left, 'Checked.' on the right",
    ]
    head, line = field_differences(report, evolve(report, claims=[second, *others]))
    assert head == "1 field of Publication differs:"
    assert line.startswith(f"  claims[{first.id}]: only on the left, Claim(")
    assert field_differences(report, evolve(report, claims=[second, first, *others])) == [
        "1 field of Publication differs:",
        "  claims: the same, in another order",
    ]


def test_warning_is_compared_with_the_warning_of_its_code():
    share = com_2018_777().share("ii-sexual-share")
    fewer = apply_rules(share, rules=[rule for rule in ALL if rule.code != "UNKNOWN"])
    head, line = field_differences(share, fewer)
    assert head == "1 field of Result differs:"
    assert line.startswith("  warnings[UNKNOWN]: only on the left")
    assert len(line) < 160


def test_number_of_a_panel_is_compared_with_the_number_of_its_key():
    def numbers(french):
        rows = [("BE", 3), ("FR", french)]
        counts = CountTable.from_rows(
            rows, columns=["area", "value"], kind="victims", period=2020, status="registered"
        )
        return total(counts, by="area")

    assert_equal(numbers(4), numbers(4))
    head, *lines = field_differences(numbers(4), numbers(5))
    assert head.endswith(" fields of Panel differ:")
    assert lines[0] == "  [FR].numerator.lower: 4 on the left, 5 on the right"
    assert field_differences(numbers(4), numbers(4).take([0]))[1].startswith(
        "  [FR]: only on the left, <Count"
    )
    assert field_differences(numbers(4), numbers(4).take([1, 0]))[1:] == [
        "  it: the same, in another order"
    ]


def test_table_inside_something_else_is_compared_by_its_cells():
    single, two = Dataset(victims=table(("total", 3))), Dataset(victims=table(("total", 4)))
    assert field_differences(single, two) == [
        "1 field of Dataset differs:",
        "  victims, the only cell: count Count(3) on the left, Count(4) on the right",
    ]
    assert field_differences(single.victims, two.victims)[1:] == [
        "  the only cell: count Count(3) on the left, Count(4) on the right"
    ]


def test_objects_of_two_types_differ():
    assert field_differences(Count.known(3), 3) == [
        "1 field differs:",
        "  it: Count(3) on the left, 3 on the right",
    ]
    assert field_differences(1.0, math.nan) == [
        "1 field of float differs:",
        "  it: 1.0 on the left, nan on the right",
    ]


def test_ten_of_many_fields_are_shown():
    left, right = dict.fromkeys(range(15), 1), dict.fromkeys(range(15), 2)
    lines = field_differences(left, right)
    assert lines[0] == "15 fields of dict differ:"
    assert (len(lines), lines[-1]) == (12, "  and 5 more")
