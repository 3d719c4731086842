"""A report as a workbook."""

import zipfile
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import python_calamine
from hypothesis import given

import thbstats as thb
from tests.examples import examples
from tests.reports.made import claim, reference
from tests.reports.made import report as made
from thbstats.display import Column, DisplayTable, count, percent
from thbstats.errors import InvalidValue
from thbstats.reports import Document, Section, report
from thbstats.reports.workbook import worksheets_of
from thbstats.tables import CountTable, Dataset
from thbstats.testing.strategies import tables
from thbstats.values import LARGEST_COUNT, Count, Interval

GLOTIP = "docs/_data/glotip_eu_2015_2016.csv"
SMALL = made(claim("all", printed="10"))
KINDS: dict[str, Callable[[], Any]] = {
    "publication": reference,
    "file": lambda: thb.read(GLOTIP),
}


def saved(document: Document, folder: Path) -> Path:
    path = folder / "report.xlsx"
    document.save(path)
    return path


def sheets_of(path: Path) -> dict[str, list[list[Any]]]:
    book = python_calamine.load_workbook(path)
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def read_again(path: Path) -> Dataset:
    return thb.read(path, strict=True).data


@pytest.mark.parametrize("kind", KINDS)
def test_workbook_is_read_again_as_the_counts(tmp_path: Path, kind: str):
    document = report(KINDS[kind]())
    assert read_again(saved(document, tmp_path)) == document.content.data


@examples(10)
@given(table=tables(kind="victims", min_size=2, max_size=8))
def test_any_table_is_read_again(tmp_path_factory: pytest.TempPathFactory, table: CountTable):
    # A workbook rounds larger numbers to 2**53, so that this count is refused.
    bounds = table.to_frame()[["lower", "upper"]]
    if not (bounds == LARGEST_COUNT).any(axis=None):
        document = report(table)
        path = saved(document, tmp_path_factory.mktemp("book"))
        assert read_again(path) == document.content.data


@pytest.mark.parametrize("kind", KINDS)
def test_contents_list_every_sheet_with_its_rows(tmp_path: Path, kind: str):
    sheets = sheets_of(saved(report(KINDS[kind]()), tmp_path))
    (first, contents), *others = sheets.items()
    assert first == "contents"
    assert [(name, rows) for name, _, rows in contents[1:]] == [
        (name, len(lines) - 1) for name, lines in others
    ]
    assert others[0][0] == "counts"
    assert others[-1][0] == "notes"


def test_single_sheet_needs_no_contents(tmp_path: Path):
    in_words = report(made(claim("some", wording="many victims")), sections=[])
    assert list(sheets_of(saved(in_words, tmp_path))) == ["contents", "claims", "notes"]
    assert list(sheets_of(saved(report(Dataset()), tmp_path))) == ["notes"]


def test_values_reasons_and_flags_have_columns(tmp_path: Path):
    table = CountTable.from_rows(
        [("female", 20532), ("male", Count.suppressed()), ("other", Count.fewer_than(5)),
         ("unknown", 0), ("total", Count.not_reported())],
        columns=("sex", "value"), kind="victims", area="MT", period=2020, status="registered",
    )  # fmt: skip
    header, *rows = sheets_of(saved(report(table), tmp_path))["counts"]
    columns = [header.index(name) for name in ("sex", "value", "lower", "upper", "reason", "flags")]
    assert [[row[column] for column in columns] for row in rows] == [
        ["female", 20532.0, 20532.0, 20532.0, "known", ""],
        ["male", "", 0.0, "", "suppressed", ""],
        ["other", "", 0.0, 4.0, "fewer_than", ""],
        ["unknown", 0.0, 0.0, 0.0, "known", ""],
        ["total", "", 0.0, "", "not_reported", ""],
    ]


def test_every_sheet_has_a_frozen_header_and_no_merged_cells(tmp_path: Path):
    with zipfile.ZipFile(saved(report(reference()), tmp_path)) as book:
        parts = [book.read(name) for name in book.namelist() if "worksheets/sheet" in name]
    assert len(parts) == 7
    assert all(
        b'<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft"' in part for part in parts
    )
    assert not any(b"mergeCell" in part for part in parts)
    assert not any(b"<f>" in part for part in parts)


def test_indicators_have_the_numbers_of_their_results(tmp_path: Path):
    document = report(reference())
    header, *rows = sheets_of(saved(document, tmp_path))["indicators"]
    ids, lower = header.index("id"), header.index("value_lower")
    values = {row[ids]: row[lower] for row in rows}
    assert set(values) == {item.id for item in document.content.indicators}
    (share,) = [item for item in document.content.shares if item.result.base.rule == "all"]
    assert values[share.id] == pytest.approx(float(Fraction(9759, 20532)))


def test_notes_have_source_warnings_and_the_meaning_of_empty_cells(tmp_path: Path):
    sheets = sheets_of(saved(report(thb.read(GLOTIP)), tmp_path))
    notes = " ".join(str(row[1]) for row in sheets["notes"])
    assert "UNODC" in notes
    assert "An empty value is not zero" in notes
    assert {row[0] for row in sheets["warnings"][1:]} >= {"COVERAGE", "COHORT"}


def test_own_tables_have_sheets_with_both_bounds(tmp_path: Path):
    table = DisplayTable(
        caption="Ours",
        columns=["form", Column("share", "right"), Column("count", "right")],
        rows=[
            ["sexual", percent(Fraction(1, 2)), count(Interval(3, 9))],
            ["labour", percent(Fraction(1, 4)), count(4)],
        ],
    )
    section = Section("forms", "By form", lambda _content: table)
    sheets = sheets_of(saved(report(SMALL, sections=[section]), tmp_path))
    assert sheets["forms"] == [
        ["form", "share", "count, from", "count, to"],
        ["sexual", 0.5, 3.0, 9.0],
        ["labour", 0.25, 4.0, 4.0],
    ]


def test_tabs_have_unique_names_of_at_most_31_characters():
    table = DisplayTable(caption="Ours", columns=["a"], rows=[])
    sections = [
        Section("a" * 40, "Long", lambda _content: [table, table]),
        Section("counts", "Counts", lambda _content: table),
        Section("notes", "Notes", lambda _content: table),
    ]
    document = report(SMALL, sections=sections)
    tabs = [sheet.name for sheet in worksheets_of(document.content, document.parts, ())]
    assert len(tabs) == len(set(tabs))
    assert {"a" * 31, "a" * 29 + "_2", "counts_2", "notes_2"} <= set(tabs)


def test_formulas_and_addresses_stay_texts(tmp_path: Path):
    small = made(claim("all", printed="10", note="x"), title="=1+1", url="https://example.org/x")
    path = saved(report(small), tmp_path)
    assert ["title", "=1+1"] in sheets_of(path)["notes"]
    with zipfile.ZipFile(path) as book:
        assert not any("hyperlink" in book.read(name).decode() for name in book.namelist())


def test_largest_count_is_not_rounded(tmp_path: Path):
    table = CountTable.from_rows(
        [{"value": 2**53 - 1}], kind="victims", area="MT", period=2020, status="registered"
    )
    assert read_again(saved(report(table), tmp_path)) == Dataset(victims=table)


def test_text_longer_than_a_cell_is_refused_with_its_location(tmp_path: Path):
    small = made(claim("all", printed="10"), title="a" * 40_000)
    with pytest.raises(InvalidValue, match="must have at most 32,767 characters") as raised:
        saved(report(small), tmp_path)
    assert "row 2 of sheet 'counts', `source`" in str(raised.value)
    assert not list(tmp_path.iterdir())


def test_more_rows_than_a_sheet_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("thbstats.reports.workbook._ROWS", 50)
    with pytest.raises(InvalidValue, match="must have fewer rows than"):
        saved(report(thb.read(GLOTIP)), tmp_path)


def test_same_report_gives_the_same_bytes(tmp_path: Path):
    first = saved(report(thb.read(GLOTIP)), tmp_path).read_bytes()
    assert saved(report(thb.read(GLOTIP)), tmp_path).read_bytes() == first
