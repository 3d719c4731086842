"""Measures, ages and conclusions of revisions."""

import json
import tomllib
from fractions import Fraction
from itertools import chain
from statistics import quantiles, stdev

import numpy as np
import pytest

import thbstats as thb
from tests.releases.published import decisions, quarters, series
from thbstats._files import package_text
from thbstats.errors import InvalidValue
from thbstats.releases.revision_set import _SourceTable
from thbstats.values import Count


def triangle(kind: str) -> thb.releases.Revisions:
    return thb.revisions([quarters(table) for table in decisions(kind)])


@pytest.mark.parametrize(
    ("kind", "sums", "relative"),
    [("reasonable", (82, 263), ("0.001103", "0.003384")), ("conclusive", (26, 38), None)],
)
def test_measures_of_the_referral_mechanism(
    kind: str, sums: tuple[int, int], relative: tuple[str, str] | None
) -> None:
    rows = list(triangle(kind).summary())
    assert [row.n for row in rows] == [37, 38]
    for row, total in zip(rows, sums, strict=True):
        assert row.mean_absolute_revision == pytest.approx(float(Fraction(total, row.n)), abs=1e-9)
    if relative:
        got = [row.relative_mean_absolute_revision for row in rows]
        assert [f"{own:.6f}" for own in got] == list(relative)
    # The years are left out, as each of their quarters is counted.
    years_too = thb.revisions(list(decisions(kind))).summary().frame
    assert years_too["mean_absolute_revision"].tolist() == [
        row.mean_absolute_revision for row in rows
    ]


def by_hand(early: list[int], late: list[int]) -> dict[str, float]:
    """Return the measures of degree 1 of the R package reviser, by their definitions."""
    revisions = [new - old for old, new in zip(early, late, strict=True)]
    tenths = quantiles(revisions, n=10, method="inclusive")
    return {
        "n": len(revisions),
        "mean_revision": sum(revisions) / len(revisions),
        "minimum": min(revisions),
        "maximum": max(revisions),
        "quantile_10": tenths[0],
        "median": tenths[4],
        "quantile_90": tenths[8],
        "mean_absolute_revision": sum(map(abs, revisions)) / len(revisions),
        "standard_deviation": stdev(revisions),
        "noise_to_signal": stdev(revisions) / stdev(late),
    }


def test_measures_of_one_series_are_those_of_reviser() -> None:
    own = np.random.default_rng(4)
    early = own.integers(20, 400, 24)
    late = np.maximum(early + np.where(own.random(24) < 0.7, own.integers(-30, 12, 24), 0), 0)
    pairs = [(early.tolist(), late.tolist())]
    for old, new in zip(decisions("reasonable"), decisions("reasonable")[1:], strict=False):
        codes = quarters(old).categories("period")
        pairs.append(tuple([table.count(period=c).lower for c in codes] for table in (old, new)))  # type: ignore[arg-type]
    for old_figures, new_figures in pairs:
        tables = [
            series({f"{2000 + i}": n for i, n in enumerate(own)})
            for own in (old_figures, new_figures)
        ]
        [row] = thb.revisions(*tables).summary()
        for name, expected in by_hand(old_figures, new_figures).items():
            assert getattr(row, name) == pytest.approx(expected, abs=1e-9), name


def test_groups_without_figures_have_no_mean() -> None:
    hidden = Count.suppressed()
    old, new = (
        thb.CountTable.from_rows(
            [("FR", "female", n), ("FR", "male", hidden), ("BE", "female", hidden)],
            columns=["area", "sex", "value"], kind="victims", period=2020,
        )
        for n in (10, 14)
    )  # fmt: skip
    frame = thb.revisions(old, new).summary("area").frame
    assert frame[["area", "n"]].to_numpy().tolist() == [["FR", 1]]
    only = thb.revisions(old.where(area="BE"), new.where(area="BE"))
    [row] = only.summary()
    assert row.n == 0
    assert np.isnan(row.mean_revision)
    assert np.isnan(row.median)


def test_net_and_moved_between_categories() -> None:
    # Referrals of the fourth quarter of 2010: one person moved between places.
    def referrals(**places: int) -> thb.CountTable:
        kind = thb.Classification(name="place", kind="breakdown", categories=list(places))
        rows = [*places.items(), ("total", sum(places.values()))]
        return thb.CountTable.from_rows(
            rows, columns=["place", "value"], kind=thb.records.schema_of("victims", kind),
            area="UK", period="2010-Q4",
        )  # fmt: skip

    old, new = referrals(overseas=0, uk=30, other=130), referrals(overseas=1, uk=30, other=129)
    [row] = thb.revisions(old, new).summary(split="place")
    assert (row.n, row.net, row.moved) == (3, 0, 1)
    [row] = thb.revisions(old, referrals(overseas=1, uk=34, other=129)).summary(split="place")
    assert (row.net, row.moved) == (4, 1)


def test_parts_of_another_country_do_not_exclude_a_category_or_a_year() -> None:
    def table(columns: str, rows: list[tuple[object, ...]]) -> thb.CountTable:
        period = {} if columns == "period" else {"period": 2020}
        return thb.CountTable.from_rows(
            rows, columns=["area", columns, "value"], kind="victims", **period
        )

    # Only the United Kingdom has a quarter of 2020: its year is left out, and that of France not.
    years = [
        table("period", [("FR", "2020", n), ("UK", "2020", 100), ("UK", "2020-Q1", 20)])
        for n in (100, 150)
    ]
    rows = list(thb.revisions(*years).summary("area"))
    assert [(row.area, row.n, row.revised) for row in rows] == [("FR", 1, 1), ("UK", 1, 0)]
    # Only France has a category below `other`.
    forms = [
        table("exploitation", [("BE", "labour", 5), ("BE", "other", be), ("FR", "labour", 3),
                               ("FR", "other", fr), ("FR", "begging", sub)])
        for be, fr, sub in [(10, 10, 5), (20, 12, 7)]
    ]  # fmt: skip
    found = thb.revisions(*forms)
    rows = list(found.summary("area", split="exploitation"))
    assert [(row.area, row.n, row.revised, row.net) for row in rows] == [
        ("BE", 2, 1, 10), ("FR", 2, 1, 2)
    ]  # fmt: skip
    with pytest.raises(InvalidValue, match="must be another dimension than `by`"):
        found.summary("exploitation", split="exploitation")


def test_measures_that_are_not_bounded_have_no_number_in_json() -> None:
    old, new = (
        thb.CountTable.from_rows([{"value": n}], kind="victims", area="FR", period=2020)
        for n in (5, 0)
    )
    found = thb.revisions(old, new)
    assert np.isinf(found.summary()[0].relative_mean_absolute_revision)
    (measures,) = found.to_dict()["measures"]
    assert measures["relative_mean_absolute_revision"] is None
    assert measures["mean_revision"] == -5
    json.dumps(measures, allow_nan=False)


def test_first_revisions_are_down_by_age() -> None:
    found = triangle("reasonable")
    one, two = found.by_age()
    assert (one.age, one.n, one.down, one.mean_revision) == (1, 2, 2, -95)
    assert (two.age, two.n, two.down, two.mean_revision) == (2, 1, 1, -94)
    assert "36 figures of earlier periods are left out" in found.by_age().notes[0]
    rows = found.by_age("period").frame[["age", "period", "mean_revision"]].to_numpy().tolist()
    assert rows == [[1, "2023-Q1", -46.0], [1, "2023-Q2", -144.0], [2, "2023-Q1", -94.0]]
    every = found.by_age(include_older=True)
    assert [row.n for row in every] == [38, 37]
    assert every.notes == ()
    # Both releases: the revision of age 1 is the one between them.
    pair = thb.revisions([quarters(own) for own in decisions("reasonable")[:2]])
    assert pair.by_age(include_older=True)[0].mean_revision == pair.summary()[0].mean_revision


def test_growing_figures_have_no_revision_by_age() -> None:
    old, new = (
        thb.CountTable.from_rows(
            [("2020", 7), ("2021", 100), ("2022", n)],
            columns=["period", "value"], kind="victims", area="UK",
        )
        for n in (50, 120)
    )  # fmt: skip
    found = thb.revisions(old, new, complete="2021")
    (row,) = found.by_age(include_older=True)
    assert (row.n, row.mean_revision) == (2, 0)
    (note,) = found.by_age().notes
    assert note.startswith("1 figure of an earlier period is left out")  # 2020


def test_change_at_equal_age_is_smaller_than_the_published_one() -> None:
    rows = {
        (own.period, own.release): (own.age, own.relative_published, own.relative_equal_age)
        for own in triangle("reasonable").change_at_equal_age()
    }
    assert rows["2023-Q3", "2023-11-23"] == pytest.approx((0, 3745 / 3491 - 1, 3745 / 3635 - 1))
    assert rows["2023-Q2", "2023-11-23"] == pytest.approx((1, 3491 / 3434 - 1, 3491 / 3482 - 1))
    assert rows["2023-Q2", "2023-08-24"] == pytest.approx((0, 3635 / 3482 - 1, 3635 / 3528 - 1))
    assert len(rows) == 3


def by_sex(women: Count | int, men: Count | int, area: str = "BG") -> list[tuple[str, str, object]]:
    whole = women + men if isinstance(women, int) and isinstance(men, int) else 371
    return [(area, "female", women), (area, "male", men), (area, "total", whole)]


def released(*rows: list[tuple[str, str, object]]) -> thb.CountTable:
    return thb.CountTable.from_rows(
        [*chain(*rows)], columns=["area", "sex", "value"], kind="victims", period=2019
    )


def women(table: thb.CountTable) -> thb.Panel:
    return thb.share(table, sex="female", base="all", by="area")


def test_conclusions_name_majorities_ranks_and_rounded_shares_with_both_numbers() -> None:
    old = released(by_sex(49, 322), by_sex(60, 40, "FR"), by_sex(555, 445, "DE"))
    new = released(by_sex(322, 49), by_sex(60, 40, "FR"), by_sex(554, 446, "DE"))
    found = thb.revisions(old, new).conclusions(women)
    assert found.where(conclusion="majority").frame.to_numpy().tolist() == [
        ["BG", "majority", "13.2%", "86.8%"]
    ]
    assert found.where(conclusion="rank").frame.to_numpy().tolist() == [
        ["BG", "rank", "3", "1"],
        ["DE", "rank", "2", "3"],
        ["FR", "rank", "1", "2"],
    ]
    assert [row.area for row in found.where(conclusion="rounded")] == ["BG", "DE"]
    assert len(thb.revisions(old, old).conclusions(women)) == 0


def test_percentages_of_conclusions_are_rounded_exactly() -> None:
    def women_of(n: int, total: int) -> thb.CountTable:
        return thb.CountTable.from_rows(
            [("female", n), ("total", total)], columns=["sex", "value"], kind="victims",
            area="FR", period=2020,
        )  # fmt: skip

    def changed(old: int, new: int, total: int) -> list[list[str]]:
        tables = women_of(old, total), women_of(new, total)
        found = thb.revisions(*tables).conclusions(
            lambda own: thb.share(own, sex="female", base="all", by="area")
        )
        return found.frame[["conclusion", "old", "new"]].to_numpy().tolist()

    assert changed(29, 30, 200) == []  # 14.5% and 15.0% are both 15%
    assert changed(284, 285, 1000) == [["rounded", "28.4%", "28.5%"]]  # 28% and 29%


def test_bounds_decide_a_majority_without_a_value() -> None:
    hidden = Count.suppressed(0, 40)
    old, new = released(by_sex(49, 322)), released(by_sex(Count.suppressed(300, 371), hidden))
    rows = thb.revisions(old, new).conclusions(women).frame
    assert rows["conclusion"].tolist() == ["majority", "status"][: len(rows)]
    unclear = released(by_sex(Count.suppressed(0, 371), Count.suppressed(0, 371)))
    rows = thb.revisions(old, unclear).conclusions(women).frame
    assert "majority" not in rows["conclusion"].tolist()


def test_conclusions_of_a_result_a_change_and_a_comparison() -> None:
    tables = [
        thb.CountTable.from_rows(
            [(2018, first), (2019, second)], columns=["period", "value"], kind="victims", area="FR"
        )
        for first, second in [(100, 110), (100, 90)]
    ]
    found = thb.revisions(*tables)
    change = found.conclusions(lambda t: thb.change(t, old=2018, new=2019, by="area"))
    assert "sign" in change.frame["conclusion"].tolist()
    one = thb.revisions(released(by_sex(49, 322)), released(by_sex(322, 49)))
    rows = one.conclusions(lambda t: thb.share(t, sex="female", base="all", area="BG")).frame
    assert rows["conclusion"].tolist() == ["majority", "rounded"]

    def verdict(table: thb.CountTable) -> object:
        days = ("2020-01-01", "2021-01-01") if table is tables[0] else ("2020-01-01",) * 2
        numbers = [
            thb.total(
                thb.CountTable.from_rows(
                    [{"value": 5}], kind="victims", area="FR", period=2018,
                    source=thb.Source(title="A", publisher="B", published=day),
                ),
                area="FR", period=2018,
            )
            for day in days
        ]  # fmt: skip
        return thb.compare(*numbers)

    rows = found.conclusions(verdict).frame  # type: ignore[arg-type]
    assert rows["conclusion"].tolist() == ["verdict"]
    assert rows[["old", "new"]].to_numpy().tolist()[0][0] != rows["new"][0]
    with pytest.raises(InvalidValue, match="must return a panel"):
        found.conclusions(lambda _: 3)  # type: ignore[arg-type,return-value]
    with pytest.raises(InvalidValue, match="`function` must be a function, got 3"):
        found.conclusions(3)  # type: ignore[arg-type]


def test_results_are_frames_streams_and_pages() -> None:
    pa = pytest.importorskip("pyarrow")
    found = triangle("reasonable")
    assert pa.table(found.cells).num_rows == len(found)
    assert pa.table(found).num_rows == 2 * len(found.alignment)
    assert pa.table(found.patterns).num_rows == 0
    assert "<table" in found.summary().to_html()
    assert "23 rows" not in repr(found.summary())
    text = thb.display.to_html(found.page())
    assert "Questions to the publisher" not in text
    assert "Largest differences" in text
    data = found.to_dict()
    assert data["outcomes"] == found.outcomes
    assert data["measures"][0]["n"] == 37


def test_each_measure_has_a_word_and_one_without_revisions_for_two_sources() -> None:
    names = [*triangle("reasonable").summary().frame.columns]
    listed = tomllib.loads(package_text("thbstats.releases", "words.toml")).values()
    words = {word for texts in listed for word in texts}
    assert [name for name in names if name.replace("_", " ") not in words] == []
    assert [name for name in names if "revis" in _SourceTable._heads[name]] == []
