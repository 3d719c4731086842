"""Rows of a table that a number selects."""

import pytest

import thbstats as thb
from thbstats import CountTable
from thbstats.errors import AmbiguousCell, InvalidValue

OFFENCES = [("EU28", "trafficking", 5979), ("EU28", "use_of_services", 135)]


def test_several_rows_of_a_published_area_are_not_one_count() -> None:
    table = CountTable.from_rows(
        OFFENCES, columns=["area", "offence", "value"],
        kind="justice", stage="prosecuted", period=2016,
    )  # fmt: skip
    with pytest.raises(AmbiguousCell, match="Several counts for EU28, 2016"):
        thb.total(table)
    panel = thb.total(table, by="offence")
    assert [row.numerator.value for row in panel] == [5979, 135]


@pytest.mark.parametrize("calculate", [
    thb.total,
    lambda table: thb.share(table, age="young", base="all"),
    lambda table: table.to_page(),
])  # fmt: skip
def test_ages_without_children_and_adults_are_refused(calculate) -> None:
    def table(*codes: str) -> CountTable:
        schema = thb.records.schema_of("victims", thb.Classification(name="age", categories=codes))
        return CountTable.from_rows(
            [("total", 30), ("young", 10), ("elderly", 20)], columns=["age", "value"],
            kind=schema, area="MT", period=2021,
        )  # fmt: skip

    with pytest.raises(InvalidValue, match="`age` must have the codes child and adult"):
        calculate(table("young", "elderly"))
    calculate(table("young", "elderly", "child", "adult"))
