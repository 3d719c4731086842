"""Findings on cells."""

import numpy as np
import pandas as pd
import pytest
from attrs import evolve
from hypothesis import example, given
from hypothesis import strategies as st

from tests.examples import examples
from thbstats import CountTable
from thbstats.errors import InvalidValue
from thbstats.sources import json_stat, sdmx_csv, thbstats_json, thbstats_parquet, tidy
from thbstats.tables.origins import CellFinding, finding_codes, parse_findings, unite_findings

ABOVE = CellFinding("PART_ABOVE_TOTAL", "Victims, DE 2022: the total is 0 to 4.")
SAME = CellFinding("SAME_AS_VICTIMS", "DEU, 2022: 1,019 and 1,019.")
SETS = ((), (ABOVE,), (SAME,), (ABOVE, SAME))
AREAS = ("AT", "BE", "DE", "FR")


def table(codes: list[int], periods: tuple[int, ...] = (2021, 2022)) -> CountTable:
    """Return a count for each area and period, with finding sets by position."""
    rows = [(area, period, 10) for area in AREAS for period in periods]
    made = CountTable.from_rows(rows, columns=["area", "period", "value"], kind="victims")
    finding = np.array(codes[: len(rows)], dtype=np.uint32)
    return CountTable(evolve(made.columns, finding=finding, findings=SETS))


def by_cell(found: CountTable) -> dict[tuple[str, str], tuple[CellFinding, ...]]:
    columns = found.columns
    keys = [columns.key(row) for row in range(len(found))]
    return {
        (key["area"], key["period"]): columns.findings[columns.finding[row]]
        for row, key in enumerate(keys)
    }


some_codes = st.lists(st.integers(0, 3), min_size=8, max_size=8)


def test_a_table_without_findings_stores_one_code() -> None:
    made = CountTable.from_rows(
        [(area, 1) for area in AREAS], columns=["area", "value"], kind="victims", period=2020
    )
    assert made.columns.findings == ((),)
    for other in (made.where(area="DE"), made.sum(by="area"), made.without(area="DE")):
        assert not other.columns.has_finding().any()
    assert not CountTable.concat([made]).columns.has_finding().any()
    assert (made.to_frame()["findings"] == "").all()


@given(some_codes)
def test_selection_and_concatenation_keep_findings(codes: list[int]) -> None:
    whole = table(codes)
    parts = [whole.where(area=area) for area in reversed(AREAS)]
    assert by_cell(CountTable.concat(parts)) == by_cell(whole)


@given(some_codes)
def test_a_sum_has_the_findings_of_its_rows(codes: list[int]) -> None:
    whole = table(codes)
    cells = by_cell(whole)
    summed = whole.sum(by="period")
    for period in ("2021", "2022"):
        expected = unite_findings(f for area in AREAS for f in cells[area, period])
        assert summed.where(period=period).columns.findings_at([0]) == expected


@given(st.integers(0, 3), st.integers(0, 3))
def test_a_removal_combines_findings_of_both_rows(of_whole: int, of_part: int) -> None:
    made = CountTable.from_rows(
        [("EU27_2020", 100), ("DE", 30)], columns=["area", "value"], kind="victims", period=2020
    )
    order = list(made.categories("area"))
    findings = {"EU27_2020": of_whole, "DE": of_part}
    codes = [findings[order[code]] for code in made.codes("area").tolist()]
    columns = evolve(made.columns, finding=np.array(codes, dtype=np.uint32), findings=SETS)
    left = CountTable(columns).without(area="DE").columns
    assert left.findings_at(slice(None)) == unite_findings([*SETS[of_whole], *SETS[of_part]])


def test_findings_are_found_by_code() -> None:
    columns = table([0, 1, 2, 3, 0, 0, 0, 0]).columns
    assert columns.has_finding().tolist() == [False, True, True, True, *[False] * 4]
    assert columns.has_finding("SAME_AS_VICTIMS").nonzero()[0].tolist() == [2, 3]
    assert columns.has_finding("PART_ABOVE_TOTAL", "SAME_AS_VICTIMS").sum() == 3
    assert not columns.has_finding("UNREADABLE_ANSWER").any()
    assert columns.findings_at([0, 1, 2]) == (ABOVE, SAME)


@example([0, 1, 2, 3] * 2)
@example([0] * 8)
@given(some_codes)
@examples(8)
def test_frames_and_files_keep_findings(tmp_path_factory, codes: list[int]) -> None:
    whole = table(codes)
    frame = whole.to_frame()
    assert frame["findings"].tolist() == [finding_codes(SETS[code]) for code in codes]
    again = CountTable.from_frame(frame, kind="victims")
    assert again.to_frame()["findings"].tolist() == frame["findings"].tolist()
    folder = tmp_path_factory.mktemp("findings")
    for module, name in ((thbstats_json, "t.thb.json"), (thbstats_parquet, "t.thb.parquet")):
        module.write(whole, folder / name)
        assert by_cell(module.read(folder / name).table) == by_cell(whole)
    expected = {cell: finding_codes(result) for cell, result in by_cell(whole).items()}
    for module, name in ((tidy, "t.csv"), (sdmx_csv, "t.sdmx.csv"), (json_stat, "t.json")):
        module.write(whole, folder / name)
        codes_only = by_cell(module.read(folder / name).table)
        assert {cell: finding_codes(result) for cell, result in codes_only.items()} == expected


def test_findings_are_ignored_by_equality() -> None:
    assert table([0] * 8) == table([1] * 8)


@pytest.mark.parametrize("text", ["part above", "A-B", "[1]", "[{", '[{"code": "a"}]', "[{}]"])
def test_an_invalid_finding_raises_with_its_row(text: str) -> None:
    with pytest.raises(InvalidValue):
        parse_findings(text)
    frame = pd.DataFrame({"area": ["DE", "FR"], "value": [1, 2], "findings": ["", text]})
    with pytest.raises(InvalidValue) as caught:
        CountTable.from_frame(frame, kind="victims", period=2020)
    assert (caught.value.field, caught.value.row) == ("findings", 1)


def test_a_finding_can_be_a_constant() -> None:
    made = CountTable.from_rows(
        [("DE", 1), ("FR", 2)],
        columns=["area", "value"],
        kind="victims",
        period=2020,
        findings="SAME_AS_VICTIMS",
    )
    assert made.columns.has_finding("SAME_AS_VICTIMS").all()


def test_a_finding_with_text_replaces_one_without() -> None:
    assert unite_findings([CellFinding("SAME_AS_VICTIMS"), SAME, ABOVE]) == (ABOVE, SAME)
