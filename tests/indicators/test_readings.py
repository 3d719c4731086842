"""The arguments ``complete_dimensions=`` and ``contradictory=`` of all indicators."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import pytest

import thbstats as thb
from tests.rows import check_rows
from thbstats.errors import NoSuchCell
from thbstats.records import Population

PARTS = {"female": (746, 541), "male": (541, 200)}
"""The women and men of Germany in 2022 and 2021; its total of 2022 is "<5"."""


def table_of(total: thb.Count | int, *areas: str) -> thb.CountTable:
    """Return counts by sex of Germany and France, with a total of Germany in 2022."""
    rows: list[tuple[Any, ...]] = [
        ("DE", 2022, "total", total),
        ("DE", 2021, "total", 741),
        *(
            ("DE", year, sex, n)
            for sex, counts in PARTS.items()
            for year, n in zip((2022, 2021), counts, strict=True)
        ),
        ("FR", 2022, "total", 100),
        ("FR", 2022, "female", 60),
        ("FR", 2022, "male", 40),
        ("FR", 2021, "total", 90),
        ("FR", 2021, "female", 50),
        ("FR", 2021, "male", 40),
    ]
    return thb.CountTable.from_rows(
        [row for row in rows if row[0] in (areas or ("DE", "FR"))],
        columns=["area", "period", "sex", "value"],
        kind="victims",
        status="detected",
    )


CONTRADICTORY = table_of(thb.Count.fewer_than(5))
SUMMED = table_of(1287)
CONSISTENT = table_of(741, "FR")

POPULATIONS = [
    Population(area=area, when=f"{year}-01-01", persons=1_000_000, source="synthetic")
    for area in ("DE", "FR")
    for year in (2022, 2023)
]

QUERIES: dict[str, Callable[..., Any]] = {
    "share": lambda table, **options: thb.share(
        table, sex="female", base="all", period=2022, **options
    ),
    "total": lambda table, **options: thb.total(table, period=2022, **options),
    "ratio": lambda table, **options: thb.ratio(
        table,
        numerator={"sex": "female"},
        denominator={"sex": "total"},
        period=2022,
        **options,
    ),
    "rate": lambda table, **options: thb.rate(table, POPULATIONS, period=2022, **options),
    "concentration": lambda table, **options: thb.concentration(
        table, measure="herfindahl", dimension="sex", period=2022, area=["DE", "FR"], **options
    ),
    "change": lambda table, **options: thb.change(
        table, old=2021, new=2022, countries="same", **options
    ),
    "change of a share": lambda table, **options: thb.change(
        table,
        old=2021,
        new=2022,
        countries="same",
        share={"sex": "female"},
        base="all",
        **options,
    ),
}


@pytest.mark.parametrize("name", QUERIES)
def test_sum_of_parts_is_the_answer_of_a_table_with_this_total(name: str) -> None:
    query = QUERIES[name]
    found = query(CONTRADICTORY, contradictory="parts")
    assert (found.value, found.bounds) == (query(SUMMED).value, query(SUMMED).bounds)
    assert "contradictory totals as the sum of their parts" in found.estimand


@pytest.mark.parametrize("name", QUERIES)
def test_contradictory_country_is_not_in_the_value_by_default(name: str) -> None:
    query = QUERIES[name]
    found = query(CONTRADICTORY)
    assert found.value == query(CONSISTENT).value
    assert found.reporters == frozenset({"FR"})
    assert "contradictory totals" not in found.estimand
    assert "CONTRADICTED" in found.warnings.codes


def test_published_total_is_a_count_of_the_value() -> None:
    def check(name: str, expected: str) -> None:
        found = QUERIES[name](CONTRADICTORY, contradictory="published")
        assert str(found.value) == expected
        assert "contradictory totals as published" in found.estimand

    check_rows(
        check,
        [
            ("total", "100 to 104"),
            ("ratio", "31/4 to 403/50"),
            ("rate", "5 to 26/5"),
            ("change", "-731/831 to -727/831"),
        ],
    )


def test_ranks_are_those_of_the_reading() -> None:
    def ranks(reading: str) -> list[tuple[str, str]]:
        found = thb.ranking(CONTRADICTORY, by="area", period=2022, contradictory=reading)
        return [(row.label, str(rank)) for row, rank in zip(found, found.ranks, strict=True)]

    assert ranks("leave_out") == [("FR", "1 to 2"), ("DE", "1 to 2")]
    assert ranks("published") == [("FR", "1"), ("DE", "2")]
    assert ranks("parts") == [("DE", "1"), ("FR", "2")]


def test_numbers_without_a_country_keep_their_reading() -> None:
    for reading in ("published", "parts"):
        whole = thb.total(CONTRADICTORY, period=2022, contradictory=reading)
        found = thb.leave_out(whole)["DE"]
        assert found.value == thb.total(CONSISTENT, period=2022).value
        assert found.estimand == whole.estimand


def test_association_of_counts_with_a_contradictory_total() -> None:
    def table(total: int) -> thb.CountTable:
        rows = [
            ("total", "total", 100),
            ("female", "total", total),
            ("male", "total", 55),
            ("female", "sexual", 30),
            ("female", "labour", 15),
            ("male", "sexual", 5),
            ("male", "labour", 50),
        ]
        return thb.CountTable.from_rows(
            rows,
            columns=["sex", "exploitation", "value"],
            kind="victims",
            area="FR",
            period=2022,
        )

    options = {"rows": "sex", "columns": "exploitation"}
    found = thb.association(table(20), **options, contradictory="parts").cramers_v
    assert found.value == thb.association(table(45), **options).cramers_v.value
    assert "contradictory totals as the sum of their parts" in found.estimand


FORMS = thb.CountTable.from_rows(
    [
        (area, year, form, n)
        for area, year, total, labour in (
            ("DE", 2022, 100, 40),
            ("DE", 2021, 80, 30),
            ("FR", 2022, 20, 15),
            ("FR", 2021, 20, 10),
        )
        for form, n in (
            ("total", total),
            ("labour", labour),
            ("sexual", thb.Count.not_reported()),
            ("unknown", 0),
        )
    ],
    columns=["area", "period", "exploitation", "value"],
    kind="victims",
    status="detected",
)
"""Totals and one of two forms: the other one follows if no third form exists."""

OPEN: dict[str, tuple[Callable[..., Any], str]] = {
    "share": (
        lambda **options: thb.share(
            FORMS, exploitation="sexual", base="known", period=2022, **options
        ),
        "13/24",
    ),
    "total": (
        lambda **options: thb.total(FORMS, exploitation="sexual", period=2022, **options),
        "65",
    ),
    "ratio": (
        lambda **options: thb.ratio(
            FORMS,
            numerator={"exploitation": "sexual"},
            denominator={"exploitation": "labour"},
            period=2022,
            **options,
        ),
        "13/11",
    ),
    "rate": (
        lambda **options: thb.rate(
            FORMS, POPULATIONS, exploitation="sexual", period=2022, **options
        ),
        "13/4",
    ),
    "concentration": (
        lambda **options: thb.concentration(
            FORMS, measure="top_share", exploitation="sexual", period=2022, **options
        ),
        "12/13",
    ),
    "change": (
        lambda **options: thb.change(
            FORMS, old=2021, new=2022, exploitation="sexual", countries="same", **options
        ),
        "1/12",
    ),
}


@pytest.mark.parametrize("name", OPEN)
def test_complete_forms_determine_the_last_form(name: str) -> None:
    query, expected = OPEN[name]
    with pytest.raises(NoSuchCell) if name == "concentration" else nullcontext():
        assert query().value is None
    assert str(query(complete_dimensions="exploitation").value) == expected


def test_complete_forms_determine_a_rank() -> None:
    options: dict[str, Any] = {"by": "area", "exploitation": "sexual", "period": 2022}
    assert [str(rank) for rank in thb.ranking(FORMS, **options).ranks] == ["1 to 2", "1 to 2"]
    found = thb.ranking(FORMS, complete_dimensions="exploitation", **options)
    assert [(row.label, str(row.value)) for row in found] == [("DE", "60"), ("FR", "5")]
