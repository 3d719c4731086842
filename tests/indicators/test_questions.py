"""One question has one answer: lists of periods, other countries, and published areas."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import thbstats as thb
from tests.indicators.worked_examples import counts_of
from thbstats import Count, CountTable, Interval
from thbstats.errors import AmbiguousCell
from thbstats.panel import Status

CELLS = [
    (sex, form, 10 * (i + 1) + 3 * j)
    for i, sex in enumerate(("female", "male"))
    for j, form in enumerate(("sexual", "labour"))
]


def quarters() -> CountTable:
    """Return the cells of two countries in three quarters, with all margins."""
    rows = []
    for area, factor in (("BE", 1), ("FR", 2)):
        for period, more in (("2023-Q1", 0), ("2023-Q2", 7), ("2023-Q3", 1)):
            cells = {
                (sex, form): factor * n + (more if (sex, form) == ("female", "labour") else 0)
                for sex, form, n in CELLS
            }
            for sex in ("total", "female", "male"):
                for form in ("total", "sexual", "labour"):
                    n = sum(
                        own
                        for (s, f), own in cells.items()
                        if sex in ("total", s) and form in ("total", f)
                    )
                    rows.append((area, period, sex, form, n))
    return counts_of(rows, "area period sex exploitation", kind="victims")


def added(table: CountTable, codes: list[str], period: str) -> CountTable:
    """Return a table with the sums of some periods as one period."""
    frame = table.to_frame()
    chosen = frame[frame["period"].isin(codes)]
    names = ["area", "sex", "exploitation"]
    sums = chosen.groupby(names, observed=True)["lower"].sum().reset_index(name="value")
    rows = [(*key, int(n)) for *key, n in sums.itertuples(index=False)]
    return CountTable.from_rows(
        rows, columns=[*names, "value"], kind="victims", period=period, status="registered"
    )


HALF_YEAR = str(thb.Period.joined([thb.Period.parse(f"2023-Q{n}") for n in (1, 2)]))
TABLE = quarters()
HALF = added(TABLE, ["2023-Q1", "2023-Q2"], HALF_YEAR)
UNION = "BE+FR"
SIDES = {"numerator": {"sex": "female"}, "denominator": {"sex": "male"}}
QUESTIONS: dict[str, Callable[..., Any]] = {
    "association": lambda t, **own: thb.association(
        t, rows="sex", columns="exploitation", area=UNION, **own
    ),
    "breakdown": lambda t, **own: thb.breakdown(t, of="sex", base="all", area=UNION, **own),
    "breakdown by area": lambda t, **own: thb.breakdown(t, by="area", of="sex", base="all", **own),
    "concentration of categories": lambda t, **own: thb.concentration(
        t, measure="herfindahl", dimension="exploitation", area=UNION, **own
    ),
    "concentration of countries": lambda t, **own: thb.concentration(
        t, measure="dominance", area=UNION, **own
    ),
    "leave_out": lambda t, **own: thb.leave_out(
        thb.share(t, sex="female", base="all", area=UNION, **own)
    ),
    "ranking": lambda t, **own: thb.ranking(t, by="area", **own),
    "ranking of forms": lambda t, **own: thb.ranking(t, by="exploitation", area=UNION, **own),
    "ratio": lambda t, **own: thb.ratio(t, **SIDES, area=UNION, **own),
    "share": lambda t, **own: thb.share(t, sex="female", base="all", area=UNION, **own),
    "share by area": lambda t, **own: thb.share(t, sex="female", base="known", by="area", **own),
    "total": lambda t, **own: thb.total(t, sex="female", area=UNION, **own),
}


def numbers(answer: Any) -> list[tuple[Any, ...]]:
    rows = [answer] if isinstance(answer, thb.panel.Result) else list(answer)
    return [
        (row.label, row.value, row.bounds, row.bounds_with_unknown, row.numerator, row.denominator)
        for row in rows
    ]


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize("order", [1, -1], ids=["in order", "reversed"])
def test_lists_of_periods_are_added(name: str, order: int) -> None:
    ask = QUESTIONS[name]
    result = ask(TABLE, period=["2023-Q1", "2023-Q2"][::order])
    expected = ask(HALF, period=HALF_YEAR)
    assert numbers(result) == numbers(expected)
    first = result if isinstance(result, thb.panel.Result) else result.row(0)
    assert first.period == thb.Period.parse(HALF_YEAR)


@pytest.mark.parametrize("name", QUESTIONS)
def test_list_of_one_period_is_that_period(name: str) -> None:
    ask = QUESTIONS[name]
    assert ask(TABLE, period=["2023-Q2"]) == ask(TABLE, period="2023-Q2")


def test_lists_of_old_and_new_periods_are_added() -> None:
    both = CountTable.concat([HALF, TABLE.where(period="2023-Q3")])
    lists = {"old": ["2023-Q1", "2023-Q2"], "new": "2023-Q3", "area": UNION}
    sums = {**lists, "old": HALF_YEAR}
    for more in ({"share": {"sex": "female"}, "base": "all"}, {"sex": "female"}):
        assert numbers(thb.change(TABLE, **lists, **more)) == numbers(
            thb.change(both, **sums, **more)
        )
    result = thb.decompose(TABLE, **lists, sex="female", base="all")
    expected = thb.decompose(both, **sums, sex="female", base="all")
    assert numbers(result) == numbers(expected)
    assert (str(result.old), str(result.new)) == (HALF_YEAR, "2023-Q3")


def test_periods_with_a_gap_are_refused() -> None:
    for ask in QUESTIONS.values():
        with pytest.raises(thb.errors.InvalidValue, match="period"):
            ask(TABLE, period=["2023-Q1", "2023-Q3"])


# Other countries


@pytest.mark.parametrize(
    "more",
    [
        [("BE", "2023-Q1", "other", "unknown", 1)],
        [("BE", "2023-Q1", "other", "labour", 4)],
        [("BE", "2023-Q1", "total", "forced_criminality", 4)],
        [("FR", "2023-Q2", "other", "unknown", 1)],
    ],
)
def test_association_has_the_categories_of_its_area_and_period(more: list[Any]) -> None:
    with_others = CountTable.concat(
        [TABLE, counts_of(more, "area period sex exploitation", kind="victims")]
    )
    asked = {"rows": "sex", "columns": "exploitation", "area": "FR", "period": "2023-Q1"}
    assert (
        thb.association(with_others, **asked).to_dict() == thb.association(TABLE, **asked).to_dict()
    )


def test_unknown_that_belongs_to_no_cell_does_not_stop_an_association() -> None:
    more = [("BE", "2023-Q1", "other", "unknown", 1)]
    table = CountTable.concat(
        [TABLE, counts_of(more, "area period sex exploitation", kind="victims")]
    )
    result = thb.association(
        table, rows="sex", columns="exploitation", area=UNION, period="2023-Q1"
    )
    assert result.cramers_v.value is not None


# Published areas

UNION_ROWS = [
    ("EU27_2020", "total", 1000), ("EU27_2020", "female", 600), ("BE", "total", 100),
    ("BE", "female", 40), ("FR", "total", 300), ("FR", "female", 200),
]  # fmt: skip


def test_counts_of_a_member_are_subtracted_from_a_published_share() -> None:
    table = counts_of(UNION_ROWS, "area sex", kind="victims", period=2020)
    whole = thb.share(table, sex="female", base="all", area="EU27_2020")
    result = thb.leave_out(whole)
    assert result["BE"].value == Interval.point(Fraction(560, 900))
    assert result["FR"].value == Interval.point(Fraction(400, 700))
    assert result["BE"].formatted == "62.2%"
    assert "COVERAGE" not in result.codes.categories
    move = dict(zip(result.keys["without"], result.differences, strict=True))["BE"]
    assert move == Interval.point(Fraction(560, 900) - Fraction(600, 1000))


def test_dominance_is_over_the_published_count() -> None:
    table = counts_of(UNION_ROWS, "area sex", kind="victims", period=2020)
    for rows, expected in (
        (UNION_ROWS, False),
        ([*UNION_ROWS[:4], ("FR", "total", 600), ("FR", "female", 550)], True),
    ):
        table = counts_of(rows, "area sex", kind="victims", period=2020)
        result = thb.share(table, sex="female", base="all", area="EU27_2020")
        assert ("DOMINANCE" in result.warnings.codes) is expected
    (warning,) = result.warnings.select("DOMINANCE")
    assert "France has 91.7% of" in warning.message
    count = thb.total(counts_of(UNION_ROWS, "area sex", kind="victims", period=2020),
                      sex="female", area="EU27_2020")  # fmt: skip
    assert "DOMINANCE" not in count.warnings.codes
    alone = thb.total(
        counts_of(UNION_ROWS[2:], "area sex", kind="victims", period=2020), sex="female"
    )
    assert "France has 83.3% of" in alone.warnings.select("DOMINANCE")[0].message


# Decomposition


def test_contributions_are_within_their_range() -> None:
    rows = [
        ("BE", 2019, "total", 10), ("BE", 2019, "female", 4), ("BE", 2022, "total", 12),
        ("BE", 2022, "female", 3), ("FR", 2022, "total", 50), ("FR", 2022, "female", 20),
        ("DE", 2019, "total", Count.not_reported()), ("DE", 2022, "total", 40),
        ("DE", 2022, "female", Count.fewer_than(5)),
    ]  # fmt: skip
    table = counts_of(rows, "area period sex", kind="victims")
    result = thb.decompose(table, old=2019, new=2022, base="all", sex="female", area="BE+DE+FR")
    for name in ("value", "bounds", "bounds_with_unknown", "within", "composition"):
        column = getattr(result, name)
        assert np.nanmin(column.lower) >= -1, name
        assert np.nanmax(column.upper) <= 1, name
        for number in column:
            assert number is None or number.undefined or number.lower >= -1
    for total in (result.total_within, result.total_composition):
        assert total.within(Interval(-1, 1, undefined=True))
    assert result.display_table().caption == (
        "Contributions to the change in the share of women and girls among victims, 2019 to 2022"
    )
    text = result.to_text()
    assert "137" not in text
    assert "200.0" not in text


# Denominators of 0


def test_quotients_over_0_have_a_status_and_no_value() -> None:
    rows = [
        ("BE", "convicted", 3), ("BE", "prosecuted", 0), ("FR", "convicted", 0),
        ("FR", "prosecuted", 0), ("NL", "convicted", 3), ("NL", "prosecuted", Count.fewer_than(5)),
    ]  # fmt: skip
    table = counts_of(rows, "area stage", kind="justice", period=2020, unit="persons")
    result = thb.ratio(
        table, numerator={"stage": "convicted"}, denominator={"stage": "prosecuted"}, by="area"
    )
    assert [row.status for row in result] == [Status.UNDEFINED, Status.UNDEFINED, Status.OK]
    assert [row.value is None for row in result] == [True, True, False]
    assert [row.formatted for row in result] == ["3 of 0", "0 of 0", "3 of 0 to 4"]
    assert "denominator 0" in result.to_text()
    assert result.to_frame()["status"].tolist() == ["undefined", "undefined", "ok"]
    pooled = thb.ratio(
        table, numerator={"stage": "convicted"}, denominator={"stage": "prosecuted"}, area="BE+FR"
    )
    assert (pooled.status, pooled.formatted) == (Status.UNDEFINED, "3 of 0")


def test_change_of_a_share_without_persons_has_the_status_undefined() -> None:
    rows = [
        ("BE", 2019, "total", 0), ("BE", 2019, "female", 0), ("BE", 2022, "total", 12),
        ("BE", 2022, "female", 3),
    ]  # fmt: skip
    table = counts_of(rows, "area period sex", kind="victims")
    for old, new in ((2019, 2022), (2022, 2019)):
        result = thb.change(table, old=old, new=new, share={"sex": "female"}, base="all")
        assert {row.status for row in result} == {Status.UNDEFINED}
        assert {row.formatted for row in result} == {"not defined"}


def test_one_error_names_all_missing_arguments() -> None:
    both = [(area, year) for area in ("EU27_2020", "FR") for year in (2019, 2020)]
    rows = [(*own, *count) for own in both for count in (("total", 10), ("female", 6))]
    table = thb.CountTable.from_rows(
        rows, columns=["area", "period", "sex", "value"], kind="victims"
    )
    with pytest.raises(AmbiguousCell, match=r"`area`, `period` and `base` must be passed") as error:
        thb.share(table, sex="female")
    assert "several areas and periods" in str(error.value)
    with pytest.raises(AmbiguousCell, match=r"`area` and `period` must be passed"):
        thb.total(table)
