"""Published sums and their parts."""

from typing import Any

import pytest

import thbstats as thb
from thbstats.files import open_bytes


def read(text: str, **options: Any) -> thb.sources.Reading:
    return thb.read(open_bytes(text.encode(), name="a.csv"), kind="victims", **options)


def test_total_rows_and_columns_are_compared_cell_by_cell_and_not_used() -> None:
    reading = read("Country;2019;2020;Total\nBelgium;1;2;3\nFrance;5;5;11\nTotal;6;8;14\n")
    assert (reading.log.read, reading.log.used) == (9, 4)
    assert reading.log.count_rows("TOTAL_ROW") == 5
    differing = {text for own in reading.log.with_code("TOTAL_DIFFERS") for text in own.texts}
    assert differing == {
        "line 4, '2020': total 8, parts 7, difference 1",
        "line 3, 'Total': total 11, parts 10, difference 1",
    }


@pytest.mark.parametrize(
    ("rows", "parts"),
    [
        ("Belgium,2020,5\nFrance,2020,7\nEU27_2020,2020,20", {12: None, 20: None, 32: 12}),
        ("EU27_2020,2020,20\nUK,2020,7\nBelgium,2020,5", {27: None, 12: None, 32: 12}),
        ("Belgium,2020,5\nBE,2020,5\nFrance,2020,7", {12: None, 17: 12}),
        ("EU27_2007,2020,5\nEU27_2020,2020,6", {11: None, 6: None}),
        ("Belgium,2020,5\nelsewhere,2020,7", {12: None, 5: 12}),
    ],
)
def test_total_over_areas_is_the_sum_of_disjoint_areas(
    rows: str, parts: dict[int, int | None]
) -> None:
    columns = {"Country": "area", "Year": "period", "Victims": "value"}
    declare = thb.Declaration(columns=columns)
    for total, sum_of_parts in parts.items():
        reading = read(f"Country,Year,Victims\n{rows}\nTotal,2020,{total}\n", declare=declare)
        examples = [own.examples[0] for own in reading.log.with_code("TOTAL_DIFFERS")]
        expected = [] if sum_of_parts is None else [f"total {total}, parts {sum_of_parts},"]
        assert [text.split(": ")[1][: len(expected[0])] for text in examples] == expected


def test_total_over_periods_does_not_add_a_year_to_its_quarters() -> None:
    rows = "".join(f"2020-Q{n},2\n" for n in (1, 2, 3, 4))
    for total, differs in ((8, False), (16, True)):
        log = read(f"Year,Victims\n2020,8\n{rows}Total,{total}\n", area="MT").log
        assert bool(log.with_code("TOTAL_DIFFERS")) is differs


def test_total_with_a_part_that_is_not_known_can_be_right() -> None:
    reading = read("Country;2019;2020\nBelgium;1;<5\nFrance;5;5\nTotal;6;8\n")
    assert reading.log.with_code("TOTAL_DIFFERS") == ()


@pytest.mark.parametrize(("total", "is_above"), [(1358, True), (1355, False), (1354, False)])
def test_total_above_all_its_parts_is_reported(total: int, is_above: bool) -> None:
    reading = read(
        f"area,year,sex,victims\nUK,2022,Female,1344\nUK,2022,Male,11\nUK,2022,Total,{total}\n"
    )
    problems = reading.log.with_code("TOTAL_ABOVE_PARTS")
    assert bool(problems) is is_above
    assert all("total 1,358, parts 1,355, difference 3" in p.examples[0] for p in problems)


def test_incomplete_breakdown_can_be_below_its_total() -> None:
    reading = read("area,year,sex,victims\nUK,2022,Female,13\nUK,2022,Total,20\n")
    assert reading.log.problems == ()


def test_union_below_its_members_is_reported() -> None:
    text = "area,year,victims\nEU27_2020,2020,{}\nBelgium,2020,100\nFrance,2020,300\n"
    (problem,) = read(text.format(350)).log.problems
    assert problem.code == "UNION_BELOW_MEMBERS"
    assert problem.message == "EU27_2020 is below the sum of its members"
    assert problem.examples == ("line 2: total 350, parts 400, difference 50",)
    assert read(text.format(450)).log.problems == ()
