"""Reports on several kinds of count: no figure, name or reason of one is given to another."""

from typing import Any

import pytest

import thbstats as thb
from tests.reports.made import claim, report, share
from thbstats.geography import COMPOSITIONS
from thbstats.reports import content_of
from thbstats.reports.sections import _REASONS

COUNT = thb.Count


def table(rows: list[tuple[Any, ...]], *columns: str, kind: str = "victims", **own: Any) -> Any:
    return thb.CountTable.from_rows(rows, columns=[*columns, "value"], kind=kind, **own)


def text_of(item: Any, **options: Any) -> str:
    return " ".join(thb.report(item, **options).to_text(200).split())


def test_figures_of_two_statuses_are_two_figures() -> None:
    women = {"category": {"sex": "female"}}
    content = content_of(
        report(
            claim("a", printed="1000"),
            claim("b", printed="2500", status="presumed"),
            share("c", "60%", **women),
            share("d", "40%", status="presumed", **women),
        )
    )
    assert {item.formatted: item.claims for item in content.indicators} == {
        "1,000": ("a",),
        "2,500": ("b",),
        "60%": ("c",),
        "40%": ("d",),
    }
    assert len({item.id for item in content.indicators}) == 4
    # Read from the publication: 9,528 identified and presumed victims, 5,535 identified ones.
    eurostat = content_of(thb.publications.eurostat_2013())
    assert {"9,528", "5,535"} <= {item.formatted for item in eurostat.counts}


def test_the_share_of_another_group_neither_replaces_nor_explains_one_of_victims() -> None:
    women = {"category": {"sex": "female"}}
    counts = claim("v", printed="1000"), claim("w", printed="550", **women)
    protection = {"subject": "protection", **women}
    known = text_of(report(*counts, share("b", "30%", base="known", **protection)))
    assert "Of all protection" not in known
    both = report(
        *counts, share("a", "60%", base="known", **women), share("b", "30%", **protection)
    )
    assert not content_of(both).pairs
    assert "Women and girls, of all victims 55.0%" in text_of(both)


def test_names_of_two_statuses_or_bodies_differ() -> None:
    def rows(*names: str) -> list[tuple[Any, ...]]:
        first, second = names
        return [
            (first, "total", 100),
            (first, "female", 60),
            (second, "total", 50),
            (second, "female", 10),
        ]

    statuses = table(rows("registered", "presumed"), "status", "sex", area="BE", period=2020)
    names = [item.name for item in content_of(statuses).indicators]
    assert "Women and girls, of all victims (presumed victims)" in names
    assert len(set(names)) == len(names)
    bodies = table(
        rows("police", "ngo"), "register", "sex", area="BE", period=2020, status="presumed"
    )
    content = content_of(bodies)
    assert [item.name for item in content.counts] == [
        "Presumed victims (police)",
        "Presumed victims (NGO)",
    ]
    assert len({item.name for item in content.indicators}) == len(content.indicators)


def test_suspects_are_not_called_victims() -> None:
    rows = [("total", 100), ("female", 30), ("male", 50), ("unknown", 20)]
    own = {"kind": "justice", "area": "BE", "period": 2020, "stage": "suspected"}
    text = text_of(table(rows, "sex", unit="persons", **own))
    assert "30.0% to 50.0% of all suspects, depending on the 20 suspects" in text
    assert "victims" not in text


def test_bounds_of_an_area_are_not_counts_of_the_reporting_countries() -> None:
    missing = COUNT.not_reported()
    rows = [
        ("HU", "total", 10),
        ("HU", "female", 4),
        ("HU", "male", 6),
        ("BG", "total", 8),
        ("BG", "female", missing),
        ("BG", "male", missing),
    ]
    text = text_of(table(rows, "area", "sex", period=2020, status="identified"))
    # 4 to 12 of 18 victims of the two countries.
    assert "22.2% to 66.7% with all countries" in text
    assert "of 10 with all countries" not in text


def test_a_former_member_state_is_named_with_the_years_after_it_left() -> None:
    members = sorted(COMPOSITIONS["EU28"].members)
    rows = [(code, year, 10 + n) for n, code in enumerate(members) for year in (2019, 2020, 2021)]
    own = table(rows, "area", "period", status="registered")
    text = text_of(own, periods=3)
    assert "it was not a Member State of the EU in 2020 and 2021." in text
    assert "no data)" not in text  # 658 and more of the United Kingdom are in the file.


def test_periods_without_the_union_have_figures_of_the_countries() -> None:
    rows = [
        ("EU27_2020", 2019, 100),
        ("BE", 2020, 50),
        ("FR", 2020, 30),
        ("BE", 2021, 60),
        ("FR", 2021, 35),
    ]
    content = content_of(table(rows, "area", "period", status="registered"))
    assert {"80", "95"} <= {item.formatted for item in content.counts}
    both = [("EU27_2020", 2021, 100), ("BE", 2021, 60), ("FR", 2021, 35)]
    limits = content_of(table(both, "area", "period", status="registered")).limits
    assert any("of single countries" in text for text in limits)


def test_undocumented_countries_are_not_different_countries() -> None:
    names = ", ".join(sorted(COMPOSITIONS["EU27_2020"].members))
    rows = [("EU27_2020", 2020, None, 100), ("EU27_2020", 2021, names, 120)]
    own = table(rows, "area", "period", "reporters", status="registered")
    assert "the countries differ" not in text_of(own)


def test_a_count_without_upper_bound_has_a_bar_to_the_end() -> None:
    rows = [("BE", COUNT.between(3, None, thb.Reason.SUPPRESSED)), ("FR", 5), ("DE", 4)]
    own = table(rows, "area", period=2020, status="registered")
    html = thb.report(own).to_html()
    assert "at least 3" in html


@pytest.mark.parametrize("reason", list(thb.Reason))
def test_each_reason_has_a_text(reason: thb.Reason) -> None:
    assert str(reason) in _REASONS


def test_conflicts_of_two_statuses_are_two_points() -> None:
    several = COUNT.between(40, 60, thb.Reason.CONFLICTING)
    rows = [
        (status, sex, count)
        for status in ("registered", "presumed")
        for sex, count in (("total", 100), ("female", several))
    ]
    text = text_of(table(rows, "status", "sex", area="BE", period=2020))
    assert "(registered victims)." in text
    assert "(presumed victims)." in text


def test_a_chart_has_shares_of_one_denominator() -> None:
    claims = [claim("v", printed="1000")]
    for n, area in enumerate(("EU28", "EU28 without UK")):
        own = {"base": "known", "category": {"exploitation": "sexual"}, "area": area}
        women = {"base": "all", "category": {"sex": "female"}, "area": area}
        claims += [share(f"a{n}", f"{56 + n}%", **own), share(f"c{n}", f"{68 + n}%", **women)]
        claims += [share(f"m{n}", f"{40 + n}%", **{**own, "category": {"exploitation": "labour"}})]
    text = text_of(report(*claims))
    chart = text.partition("Shares of registered victims with a known")[2].partition("Table")[0]
    assert "Labour exploitation" in chart
    assert "Women and girls" not in chart


@pytest.mark.parametrize("area", ["EU27_2020", "BE"])
def test_contradictory_counts_without_a_value_are_points_to_check(area: str) -> None:
    rows = [("total", 100), ("female", 80), ("male", 60)]
    text = text_of(table(rows, "sex", area=area, period=2020, status="registered"))
    name = {"EU27_2020": "EU27 (from 2020)", "BE": "Belgium"}[area]
    assert f"1. {name}, 2020: the total of 100 registered victims is below the sum" in text
    assert f"{name} is in no value of these figures for 2020." in text
    assert "No issue was found" not in text


def test_several_values_of_an_area_need_a_reservation() -> None:
    several = COUNT.between(40, 60, thb.Reason.CONFLICTING)
    rows = [("total", 100), ("female", several), ("male", 40)]
    own = table(rows, "sex", area="EU27_2020", period=2020, status="registered")
    text = text_of(own)
    assert "with doubtful counts of EU27 (from 2020)" in text
    assert "Figures with counts of this country: all shares by sex." in text
