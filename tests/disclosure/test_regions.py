"""Disclosure audits and suppression of regions with their countries."""

import thbstats as thb


def hidden_region(country: int, *counts: object) -> thb.CountTable:
    areas = ["DE", "DE-BY", "DE-BE", "DE-HB"]
    rows = list(zip(areas, (country, *counts), strict=False))
    return thb.CountTable.from_rows(
        rows, columns=["area", "value"], kind="victims", period=2022, status="registered"
    )


def test_hidden_region_is_recalculated_from_its_country_and_the_other_regions() -> None:
    few = thb.Count.fewer_than(5)
    for table, expected in [
        (hidden_region(100, 60, 38, few), ("exact", 2, 2)),
        # A region that is not published can have the difference.
        (hidden_region(100, 60, few), ("unchanged", 0, 4)),
        (hidden_region(62, 60, few), ("exact", 2, 2)),
        (hidden_region(61, 60, few), ("exact", 1, 1)),
    ]:
        frame = thb.disclosure.disclosure_audit(table).to_frame()
        assert list(frame[["risk", "lower", "upper"]].itertuples(index=False, name=None)) == [
            expected
        ]


def test_audit_compares_regions_only_if_it_compares_areas() -> None:
    table = hidden_region(100, 60, 38, thb.Count.fewer_than(5))
    frame = thb.disclosure.disclosure_audit(table, dimensions="sex").to_frame()
    assert list(frame["risk"]) == ["unchanged"]


def test_area_of_regions_is_compared_with_its_regions() -> None:
    rows = [("DE-BE+DE-BY", 10), ("DE-BY", 7), ("DE-BE", thb.Count.fewer_than(5))]
    table = thb.CountTable.from_rows(rows, columns=["area", "value"], kind="victims", period=2022)
    frame = thb.disclosure.disclosure_audit(table).to_frame()
    assert list(frame["lower"]) == list(frame["upper"]) == [3]


def test_suppression_protects_a_region_against_subtraction() -> None:
    table = hidden_region(100, 60, 38, 2)
    safe = thb.disclosure.suppress(table, fewer_than=5).table
    hidden = [
        c for c in safe.categories("area") if safe.count(area=c).lower != safe.count(area=c).upper
    ]
    assert "DE-HB" in hidden
    assert len(hidden) > 1
