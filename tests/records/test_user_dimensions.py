"""Records, tables and indicators with dimensions of users."""

import pickle
from fractions import Fraction
from typing import Any

import pytest

import thbstats as thb
from thbstats.errors import InvalidValue, MixedTotals, UnknownName
from thbstats.records import from_dict, from_json, schema_of, to_dict, to_json
from thbstats.tables import CountTable
from thbstats.vocabulary import Classification, age_bands, bundled_classification

MEANS = Classification(
    name="means_of_control",
    categories=[
        "psychological",
        {"code": "threats", "parent": "psychological"},
        {"code": "debt_bondage", "label": "Debt bondage"},
    ],
)
DECISION = Classification(name="decision", kind="attribute", categories=["positive", "negative"])
FORMS = Classification(name="exploitation", categories=["sexual", "domestic", "county_lines"])
SCHEMA = schema_of("victims", MEANS, DECISION)
UK: dict[str, Any] = {"area": "UK", "period": 2023}
ROWS = [
    ("total", 100),
    ("psychological", 45),
    ("threats", 12),
    ("debt_bondage", 25),
    ("unknown", 30),
]


def table_of(schema: Any = SCHEMA) -> CountTable:
    return CountTable.from_rows(
        ROWS, columns=["means_of_control", "value"], kind=schema, decision="positive", **UK
    )


def test_a_record_has_the_dimensions_and_their_defaults() -> None:
    record = SCHEMA.record(count=5, means_of_control="Debt bondage", **UK)
    assert record.means_of_control.parent == "total"  # type: ignore[attr-defined]
    assert (record.decision, record.sex) == ("not_stated", "total")  # type: ignore[attr-defined]
    assert isinstance(record, thb.records.VictimCount)
    assert schema_of(record) is schema_of(type(record)) is SCHEMA
    with pytest.raises(UnknownName, match="`means_of_control`"):
        SCHEMA.record(count=5, means_of_control="debts", **UK)


def test_records_are_restored_from_json_and_pickle() -> None:
    record = SCHEMA.record(count=5, means_of_control="threats", decision="negative", **UK)
    assert from_dict(to_dict(record)) == record
    assert from_json(to_json([record])) == [record]
    assert pickle.loads(pickle.dumps(record)) == record
    plain = thb.records.VictimCount(count=5, **UK)
    assert "classifications" not in to_dict(plain)
    with pytest.raises(InvalidValue, match="`classifications`"):
        from_dict({**to_dict(plain), "classifications": "x"})


def test_tables_are_restored_from_pickle_frames_and_records() -> None:
    table = table_of()
    assert pickle.loads(pickle.dumps(table)) == table
    assert pickle.loads(pickle.dumps(SCHEMA)) is SCHEMA
    assert CountTable.from_frame(table.to_frame(), kind=SCHEMA) == table
    assert CountTable.from_records(table) == table
    assert table.columns.schema.names[-4:] == ("means_of_control", "decision", "unit", "register")


def test_tables_with_other_dimensions_are_not_joined() -> None:
    plain = CountTable.from_rows([{"value": 1}], kind="victims", **UK)
    with pytest.raises(InvalidValue, match="must be tables"):
        CountTable.concat([table_of(), plain])
    assert table_of() != plain


def test_indicators_work_by_the_dimension() -> None:
    table = table_of()
    result = thb.share(table, means_of_control="threats", base="all")
    assert (result.formatted, result.numerator.lower) == ("12.0%", 12)
    rows = thb.breakdown(table, of="means_of_control", base="known")
    assert [row.formatted for row in rows] == ["64.3%", "35.7%"]
    totals = thb.total(table, by="means_of_control").to_frame()
    assert totals["value"].tolist() == [45.0, 25.0, 30.0]
    with pytest.raises(UnknownName, match="`means_of_contol` must be a dimension of victims"):
        thb.share(table, means_of_contol="threats", base="all")


def test_a_panel_of_several_attributes_has_the_caption_that_they_share() -> None:
    schema = schema_of("victims", DECISION)
    rows = [("positive", "total", 9), ("positive", "female", 5), ("negative", "total", 4)]
    rows += [("negative", "female", 1)]
    table = CountTable.from_rows(
        rows, columns=["decision", "sex", "value"], kind=schema, status="presumed", **UK
    )
    women = thb.share(table, sex="female", base="all", by="decision")
    assert women.caption == "Women and girls among presumed victims"
    single = thb.share(table.where(decision="negative"), sex="female", base="all", by="period")
    assert single.caption == "Women and girls among presumed victims, decision negative"
    stages = [("suspected", "total", 9), ("suspected", "female", 5)]
    stages += [("convicted", "total", 4), ("convicted", "female", 1)]
    persons = CountTable.from_rows(
        stages, columns=["stage", "sex", "value"], kind="justice", unit="persons", **UK
    )
    women = thb.share(persons, sex="female", base="all", by="stage")
    assert women.caption == "Women and girls among criminal justice counts"


def test_a_share_of_an_attribute_needs_a_breakdown() -> None:
    with pytest.raises(InvalidValue, match=r"must have a category.*CountTable\.as_breakdown"):
        thb.share(table_of(), decision="positive", base="all")


def test_a_code_list_of_the_library_can_be_replaced() -> None:
    table = CountTable.from_rows(
        [("total", 10), ("county_lines", 4), ("sexual", 6)],
        columns=["exploitation", "value"], kind=schema_of("victims", FORMS), **UK,
    )  # fmt: skip
    assert thb.share(table, exploitation="county_lines", base="all").numerator.lower == 4
    with pytest.raises(UnknownName, match="must be a code of Exploitation"):
        table.where(exploitation="labour")


@pytest.mark.parametrize(
    ("classifications", "problem"),
    [
        ([MEANS, MEANS], "must be unique among the classifications"),
        ([{"name": "area"}], "must not be a dimension of the library"),
        ([{"name": "citizenship"}], "must not be a dimension of the library"),
        ([{"name": "age_concept", "kind": "attribute"}], "must not be a dimension of the library"),
        ([{"name": "base"}], "must not be the name of another column or argument"),
        ([{"name": "value"}], "must not be the name of another column or argument"),
    ],
)
def test_wrong_dimensions_are_refused(classifications: list[Any], problem: str) -> None:
    own = [
        item if isinstance(item, Classification) else Classification(categories=["a"], **item)
        for item in classifications
    ]
    with pytest.raises(InvalidValue) as caught:
        schema_of("victims", *own)
    assert problem in str(caught.value)
    assert "Choose a name such as" in str(caught.value)


BY_AGE = [("total", 100), ("0 to 14", 20), ("15 to 19", 10), ("20 and over", 66), ("unknown", 4)]


def test_a_replaced_age_keeps_child_and_adult() -> None:
    ages = schema_of("victims", age_bands("0-14", "15-19", "20+"))
    table = CountTable.from_rows(BY_AGE, columns=["age", "value"], kind=ages, **UK)
    result = thb.share(table.group_ages(), age="child", base="all")
    assert (result.bounds.lower, result.bounds.upper) == (Fraction(1, 5), Fraction(3, 10))


def test_amounts_of_one_currency_are_added_and_those_of_two_are_not() -> None:
    rows = [("granted", "EUR", 500), ("granted", "SEK", 9000), ("sought", "EUR", 2000)]
    table = CountTable.from_rows(
        rows, columns=["outcome", "currency", "value"],
        kind=schema_of("protection", bundled_classification("currency")),
        measure="compensation", unit="money", **UK,
    )  # fmt: skip
    euros = table.where(currency="eur")
    ratio = thb.protection.grants_per_request(euros)
    assert (ratio.numerator.lower, ratio.denominator.lower) == (500, 2000)
    assert ratio.denominator_kind.label == "amounts of money (compensation, sought), currency eur"
    with pytest.raises(MixedTotals, match="`currency`"):
        table.where(outcome="granted").sum(by=["area", "period"])
    with pytest.raises(InvalidValue, match="`currency`"):
        CountTable.from_rows(
            [{"value": 5}], kind=table.columns.schema, measure="compensation", **UK
        )
