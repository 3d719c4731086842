"""Age groups of bands, and attributes as breakdowns."""

from random import Random
from typing import Any

import pytest

from thbstats.errors import InvalidValue, UnknownName
from thbstats.indicators import breakdown, ranking, share
from thbstats.records import schema_of
from thbstats.tables import CountTable
from thbstats.values import Count, Reason
from thbstats.vocabulary import Classification, age_bands

MALTA: dict[str, Any] = {"area": "MT", "period": 2021}
EDGES = (0, 5, 10, 13, 15, 18, 20, 25, 30, 65)
WORLDS = 400


def ages(*rows: tuple[str, Any], bands: list[str], **constant: Any) -> CountTable:
    return CountTable.from_rows(
        rows, columns=["age", "value"], kind=schema_of("victims", age_bands(*bands)),
        **{**MALTA, **constant},
    )  # fmt: skip


def test_counts_of_children_and_adults_contain_the_truth_in_synthetic_worlds() -> None:
    random = Random(1)
    texts = [f"{a}-{b - 1}" for i, a in enumerate(EDGES) for b in EDGES[i + 1 :]]
    texts += [f"{edge}+" for edge in EDGES[1:]]
    truth, rows, complete = {}, [], {}
    for year in range(1000, 1000 + WORLDS):
        persons = [random.choice((3, 7, 12, 14, 16, 17, 18, 19, 27, 70)) for _ in range(20)]
        truth[str(year)] = (sum(age < 18 for age in persons), sum(age >= 18 for age in persons))
        edges = sorted(random.sample(EDGES[1:], random.randint(1, 5)))
        starts, ends = [0, *edges], [*(edge - 1 for edge in edges), None]
        bands = list(zip(starts, ends, strict=True))
        complete[str(year)] = random.random() < 0.7
        if not complete[str(year)]:
            bands.pop(random.randrange(len(bands)))
        for first, last in bands:
            n = sum(first <= age and (last is None or age <= last) for age in persons)
            text = f"{first}+" if last is None else f"{first}-{last}"
            rows.append(
                (
                    year,
                    text,
                    Count.known(n) if random.random() < 0.8 else Count(0, n + 1, "suppressed"),
                )
            )
    schema = schema_of("victims", *[_all_bands(rows)])
    table = CountTable.from_rows(
        rows, columns=["period", "age", "value"], kind=schema, area="MT"
    ).group_ages()
    assert table.columns.schema is schema_of("victims")
    straddling = 0
    for year, values in truth.items():
        for group, value in zip(("child", "adult"), values, strict=True):
            chosen = table.where(period=year, age=group)
            if not len(chosen):
                assert not complete[year]
                continue
            count = chosen.count(period=year, age=group)
            assert count.lower <= value
            assert count.upper is None or value <= count.upper
            straddling += count.reason is Reason.WIDER_CATEGORY
            assert complete[year] or count.reason is not Reason.KNOWN or count.upper is not None
    assert straddling > 50


def _all_bands(rows: list[tuple[Any, ...]]) -> Classification:
    """Return a classification of bands of several sources, which overlap."""
    parts = [age_bands(text) for text in dict.fromkeys(row[1] for row in rows)]
    own = {item.code: item for part in parts for item in part.categories[:-1]}
    return Classification(name="age", categories=list(own.values()))


@pytest.mark.parametrize(
    ("rows", "bands", "child", "adult"),
    [
        (
            [("0-14", 20), ("15-17", 5), ("18+", 70)],
            ["0-14", "15-17"],
            Count.known(25),
            Count.known(70),
        ),
        (
            [("0-14", 20), ("15-19", 10), ("20+", 70)],
            ["0-14", "15-19", "20+"],
            Count(20, 30, Reason.WIDER_CATEGORY),
            Count(70, 80, Reason.WIDER_CATEGORY),
        ),
        (
            [("0-14", 20), ("18+", 70)],
            ["0-14"],
            Count(20, None, Reason.NOT_REPORTED),
            Count.known(70),
        ),
        (
            [("0-14", 20), ("0-9", 15), ("10-14", 5), ("15-17", 1), ("18+", 70)],
            ["0-14", "0-9", "10-14", "15-17"],
            Count.known(21),
            Count.known(70),
        ),
        (
            [("child", 22), ("0-14", 20), ("15-29", 10), ("30+", 3)],
            ["0-14", "15-29", "30+"],
            Count.known(22),
            Count(3, 13, Reason.WIDER_CATEGORY),
        ),
        (
            [("0-14", Count.suppressed()), ("15-17", 5), ("18+", 70)],
            ["0-14", "15-17"],
            Count(5, None, Reason.SUPPRESSED),
            Count.known(70),
        ),
    ],
)
def test_bands_are_added_to_child_and_adult(
    rows: list[Any], bands: list[str], child: Count, adult: Count
) -> None:
    table = ages(*rows, ("total", 200), ("unknown", 3), bands=bands).group_ages()
    assert (table.count(age="child"), table.count(age="adult")) == (child, adult)
    assert (table.count(), table.count(age="unknown")) == (Count.known(200), Count.known(3))
    assert table.categories("age") == ("total", "child", "adult", "unknown")


def test_bands_with_codes_of_a_user_are_read_from_their_labels_or_synonyms() -> None:
    own = Classification(
        name="age",
        categories=[
            {"code": "young", "label": "0-15"},
            {"code": "middle", "synonyms": ["16 to 20"]},
            {"code": "old", "labels": {"de": "21+"}},
        ],
    )
    table = CountTable.from_rows(
        [("total", 101), ("young", 34), ("middle", 17), ("old", 41), ("unknown", 9)],
        columns=["age", "value"], kind=schema_of("victims", own), **MALTA,
    )  # fmt: skip
    groups = table.group_ages()
    assert groups.count(age="child") == Count(34, 51, reason=Reason.WIDER_CATEGORY)
    assert groups.count(age="adult") == Count(41, 58, reason=Reason.WIDER_CATEGORY)
    assert groups.count(age="unknown").value == 9


def test_the_name_of_a_band_in_a_result_contains_its_ages() -> None:
    table = ages(
        ("total", 150), ("0-15", 34), ("16-20", 67), ("21+", 49), bands=["0-15", "16-20", "21+"]
    )
    result = share(table, age="16-20", base="all")
    assert (result.label, result.formatted) == ("16 to 20", "44.7%")


def test_a_category_of_age_without_ages_is_refused() -> None:
    own = Classification(name="age", categories=["0_14", "school_age"])
    table = CountTable.from_rows(
        [("0_14", 34), ("school_age", 17)],
        columns=["age", "value"], kind=schema_of("victims", own), **MALTA,
    )  # fmt: skip
    with pytest.raises(InvalidValue, match="`age` must be child, adult or a band of ages"):
        table.group_ages()


def test_a_band_that_is_not_applicable_leaves_its_group_open() -> None:
    bands = schema_of("victims", age_bands("0-14", "15-19", "20+"))
    rows = [("total", 100), ("0 to 14", Count.not_applicable()), ("20+", 70)]
    table = CountTable.from_rows(rows, columns=["age", "value"], kind=bands, **MALTA).group_ages()
    assert table.count(age="child") == Count.not_reported()
    assert CountTable.from_frame(table.to_frame(), kind="victims") == table


@pytest.mark.parametrize("labels", [("0 to 14", "10 to 17"), ("18 and over", "18+")])
def test_bands_with_common_ages_are_not_added_up(labels: tuple[str, str]) -> None:
    categories: list[Any] = [
        "total", "child", "adult", "unknown",
        *({"code": f"band_{n}", "label": label} for n, label in enumerate(labels)),
    ]  # fmt: skip
    own = Classification(name="age", categories=categories)
    table = CountTable.from_rows(
        [("total", 30), ("band_0", 20), ("band_1", 20)],
        columns=["age", "value"], kind=schema_of("victims", own), **MALTA,
    )  # fmt: skip
    with pytest.raises(InvalidValue, match="bands without common ages"):
        table.group_ages()


def test_a_table_without_bands_stays_as_it_is() -> None:
    table = CountTable.from_rows(
        [("total", 5), ("child", 2)], columns=["age", "value"], kind="victims", **MALTA
    )
    assert table.group_ages() == table
    assert table.where(age="adult").group_ages() == table.where(age="adult")


BODIES = [("all", 100), ("police", 60), ("ngo", 30), ("not_stated", 10)]


def bodies() -> CountTable:
    return CountTable.from_rows(
        BODIES, columns=["register", "value"], kind="victims", status="identified", **MALTA
    )


def test_shares_by_registering_body() -> None:
    result = share(bodies(), register="police", base="all")
    assert (result.numerator.lower, result.denominator.lower) == (60, 100)
    assert result.unknown.lower == 10
    explicit = share(bodies().as_breakdown("register"), register="police", base="all")
    assert explicit.to_dict() == result.to_dict()
    panel = breakdown(bodies(), of="register", base="known")
    assert [str(row.numerator) for row in panel] == ["60", "30"]
    ranks = ranking(bodies().as_breakdown("register"), by="register").to_frame()
    assert ranks["register"].tolist() == ["police", "ngo"]


def test_an_attribute_selects_rows_next_to_a_breakdown() -> None:
    table = CountTable.from_rows(
        [(body, sex, n) for body, *own in (("all", 10, 4), ("police", 6, 3))
         for sex, n in zip(("total", "female"), own, strict=True)],
        columns=["register", "sex", "value"], kind="victims", **MALTA,
    )  # fmt: skip
    result = share(table, sex="female", register="police", base="all")
    assert (result.numerator.lower, result.denominator.lower) == (3, 6)


def test_shares_by_status_divide_registered_victims() -> None:
    rows = [("registered", 100), ("identified", 60), ("presumed", 40), ("detected", 90)]
    table = CountTable.from_rows(rows, columns=["status", "value"], kind="victims", **MALTA)
    assert share(table, status="identified", base="all").formatted == "60.0%"
    divided = table.as_breakdown("status")
    assert divided.categories("status") == ("total", "identified", "presumed")


def test_an_attribute_of_a_user_needs_its_total() -> None:
    court = Classification(
        name="court", kind="attribute", categories=["all_courts", "lower", "high"]
    )
    table = CountTable.from_rows(
        [("all_courts", 9), ("lower", 5), ("high", 4)],
        columns=["court", "value"], kind=schema_of("justice", court), stage="convicted", **MALTA,
    )  # fmt: skip
    with pytest.raises(InvalidValue, match="`total` must be given for this attribute"):
        table.as_breakdown("court")
    divided = table.as_breakdown("court", total="all_courts")
    assert share(divided, court="high", base="all").numerator.lower == 4


def test_unknown_and_not_stated_are_not_two_cells() -> None:
    court = Classification(name="court", kind="attribute", categories=["all", "lower", "unknown"])
    table = CountTable.from_rows(
        [("all", 20), ("lower", 10), ("unknown", 3), ("not_stated", 4)],
        columns=["court", "value"], kind=schema_of("justice", court), stage="convicted", **MALTA,
    )  # fmt: skip
    with pytest.raises(InvalidValue, match="must not contain both categories"):
        table.as_breakdown("court", total="all")


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"dimension": "sex"}, InvalidValue, "must be an attribute with categories"),
        ({"dimension": "area"}, InvalidValue, "must be an attribute"),
        ({"dimension": "registers"}, UnknownName, "must be a dimension of victims"),
        ({"dimension": "register", "total": "everyone"}, UnknownName, "must be a code of"),
    ],
)
def test_wrong_breakdowns_are_refused(
    arguments: dict[str, str], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        bodies().as_breakdown(**arguments)
