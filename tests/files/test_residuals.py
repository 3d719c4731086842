"""A category next to its parts: whether it includes them, as the figures show."""

import re
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import thbstats as thb
from thbstats import Declaration
from thbstats.files import Reading
from thbstats.sources.tidy import read_frame
from thbstats.values import Interval

LABELS = {
    "total": "Total",
    "sexual": "Sexual exploitation",
    "labour": "Forced labour",
    "forced_begging": "Begging",
    "forced_criminality": "Criminal activities",
    "other": "Other reasons",
}
counts = st.integers(0, 30)


def read(rows: list[tuple[str, str, int]], **declared: Any) -> Reading:
    frame = pd.DataFrame(rows, columns=["geo", "reason", "n"])
    words = {"reason": {label: code for code, label in LABELS.items()}}
    declaration = Declaration(
        kind="victims",
        columns={"reason": "exploitation", "n": "value", "geo": "area"},
        recode=words,
        **declared,
    )
    return read_frame(frame, declare=declaration, period=2020)


def rows_of(area: str, numbers: dict[str, int]) -> list[tuple[str, str, int]]:
    return [(area, LABELS[code], number) for code, number in numbers.items()]


def codes(reading: Reading) -> list[str]:
    return [problem.code for problem in reading.log.problems]


PUBLISHED = {"total": 1640, "sexual": 500, "labour": 300, "forced_begging": 640, "other": 200}


def test_other_reasons_next_to_begging_are_the_residual() -> None:
    reading = read(rows_of("DE", PUBLISHED))
    assert codes(reading) == ["RESIDUAL"]
    # The column with examples wraps before the number of rows.
    assert re.search(r"'Other reasons'\n.* \(1\)\n", str(reading.log))
    table = reading.table
    assert table.count(exploitation="other_other").lower == 200
    share = thb.share(table, exploitation="sexual", base="all")
    assert share.unknown == Interval.point(0)
    assert share.bounds_with_unknown == share.bounds


def test_a_category_that_makes_the_total_with_the_others_includes_its_parts() -> None:
    reading = read(rows_of("DE", {**PUBLISHED, "other": 840}))
    assert codes(reading) == []
    assert reading.table.count(exploitation="other").lower == 840


def test_each_area_shows_it_for_itself() -> None:
    german, french = rows_of("DE", PUBLISHED), rows_of("FR", {**PUBLISHED, "other": 840})
    table = read(german + french).table
    assert table.count(area="DE", exploitation="other_other").lower == 200
    assert table.count(area="FR", exploitation="other").lower == 840


def test_category_code_is_used_without_change() -> None:
    rows = [(area, "other" if label == "Other reasons" else label, n)
            for area, label, n in rows_of("DE", PUBLISHED)]  # fmt: skip
    reading = read(rows)
    assert "RESIDUAL" not in codes(reading)
    assert reading.table.count(exploitation="other").lower == 200


def test_parts_that_are_more_together_are_reported_and_left() -> None:
    numbers = {"forced_begging": 6, "forced_criminality": 7, "other": 9}
    reading = read(rows_of("DE", numbers))
    assert codes(reading) == ["WHOLE_BELOW_PARTS"]
    assert reading.table.count(exploitation="other").lower == 9


worlds = st.fixed_dictionaries(
    dict.fromkeys(("sexual", "labour", "forced_begging", "forced_criminality", "rest"), counts)
)


@given(worlds, st.booleans())
def test_number_of_persons_is_preserved(world: dict[str, int], is_residual: bool) -> None:
    begging, crimes, remainder = (
        world[c] for c in ("forced_begging", "forced_criminality", "rest")
    )
    total = sum(world.values())
    numbers = {"total": total, **{c: n for c, n in world.items() if c != "rest"}}
    numbers["other"] = remainder if is_residual else begging + crimes + remainder
    table = read(rows_of("DE", numbers)).table
    if begging + crimes == 0:
        return
    recoded = "other_other" in table.categories("exploitation")
    assert recoded == is_residual
    if total:
        share = thb.share(table, exploitation="sexual", base="all")
        assert share.unknown == Interval.point(0)


@pytest.mark.parametrize("whole", [7, 200])
def test_a_total_that_fits_neither_way_leaves_the_category(whole: int) -> None:
    reading = read(
        rows_of("DE", {**PUBLISHED, "total": 5_000, "forced_begging": 6, "other": whole})
    )
    assert reading.table.count(exploitation="other").lower == whole
    assert codes(reading) == []
