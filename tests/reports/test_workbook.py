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
from thbstats.display import Cell, Column, DisplayTable, Group, count, percent
from thbstats.errors import InvalidValue
from thbstats.reports import Document, Section, report
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
def test_workbook_opens_with_the_page_and_tidy_sheets_follow(tmp_path: Path, kind: str):
    document = report(KINDS[kind]())
    sheets = sheets_of(saved(document, tmp_path))
    assert list(sheets)[:3] == ["report", "counts", "indicators"]
    page = [[str(cell) for cell in row] for row in sheets["report"]]
    texts = {cell for row in page for cell in row}
    for part in document.parts:
        assert part.annex or part.title in texts
        for table in () if part.annex else part.tables:
            assert [name for name in texts if name.endswith(table.caption)] or len(
                table.caption
            ) > 99
            assert {column.name for column in table.columns} <= texts
            assert {note[:60] for note in table.notes} <= {text[:60] for text in texts}
    assert page[0][0] == document.title
    assert "An empty" in " ".join(row[0] for row in page[-6:]) or "empty value" in page[-2][0]


def test_page_has_numbers_with_their_format(tmp_path: Path):
    path = saved(report(reference()), tmp_path)
    page = sheets_of(path)["report"]
    rows = {row[0]: row for row in page if row[0]}
    assert rows["Registered victims"][1] == 20532
    share = rows["Sexual exploitation, of all victims"]
    assert share[1] == pytest.approx(float(Fraction(9759, 20532)))
    assert share[3].startswith("47.5% to 63.5%, depending on the 2,949 to 3,259 victims")
    known = rows["Sexual exploitation, of victims with a known form"]
    assert known[1:3] == [0.56, "17,273 to 17,583"]
    with zipfile.ZipFile(path) as book:
        assert b"#,##0.0%" in book.read("xl/styles.xml")


def test_workbook_without_numbers_has_the_page_only(tmp_path: Path):
    in_words = report(made(claim("some", wording="many victims")), sections=[])
    assert list(sheets_of(saved(in_words, tmp_path))) == ["report", "claims"]
    assert list(sheets_of(saved(report(Dataset()), tmp_path))) == ["report"]


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


def test_tidy_sheets_have_a_frozen_header_and_no_sheet_has_merged_cells(tmp_path: Path):
    with zipfile.ZipFile(saved(report(reference()), tmp_path)) as book:
        names = sorted(name for name in book.namelist() if "worksheets/sheet" in name)
        first, *tidy = [book.read(name) for name in names]
    assert len(tidy) == 5
    assert all(
        b'<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft"' in part for part in tidy
    )
    assert b"<pane" not in first
    assert not any(b"mergeCell" in part or b"<f>" in part for part in (first, *tidy))


def test_indicators_have_the_numbers_of_their_results(tmp_path: Path):
    document = report(reference())
    header, *rows = sheets_of(saved(document, tmp_path))["indicators"]
    ids, lower = header.index("id"), header.index("value_lower")
    values = {row[ids]: row[lower] for row in rows}
    assert set(values) == {item.id for item in document.content.indicators}
    (share,) = [item for item in document.content.shares if item.result.base.rule == "all"]
    assert values[share.id] == pytest.approx(float(Fraction(9759, 20532)))


def test_page_has_source_and_the_meaning_of_empty_cells(tmp_path: Path):
    sheets = sheets_of(saved(report(thb.read(GLOTIP)), tmp_path))
    texts = " ".join(str(row[0]) for row in sheets["report"])
    assert "UNODC" in texts
    assert "an empty value is not zero" in texts
    assert {row[0] for row in sheets["warnings"][1:]} >= {"COVERAGE", "COHORT"}


def test_own_tables_are_on_the_page(tmp_path: Path):
    table = DisplayTable(
        caption="Ours",
        columns=["form", Column("share", "right"), Column("count", "right")],
        rows=[
            Group("All"),
            ["sexual", percent(Fraction(1, 2)), count(Interval(3, 9))],
            ["labour", percent(Fraction(1, 4)), Cell(count(4), tone="warn")],
        ],
    )
    section = Section("forms", "By form", lambda _content: table)
    page = sheets_of(saved(report(SMALL, sections=[section]), tmp_path))["report"]
    start = next(i for i, row in enumerate(page) if row[0] == "Table 1. Ours")
    assert [row[:3] for row in page[start + 1 : start + 5]] == [
        ["form", "share", "count"],
        ["All", "", ""],
        ["sexual", 0.5, "3 to 9"],
        ["labour", 0.25, "! 4"],
    ]


def test_formulas_and_addresses_stay_texts(tmp_path: Path):
    small = made(claim("all", printed="10", note="x"), title="=1+1", url="https://example.org/x")
    path = saved(report(small), tmp_path)
    assert sheets_of(path)["report"][0][0] == "=1+1"
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
    assert str(raised.value).startswith("row 2 of sheet 'counts': `source` must have at most")
    assert "aaa...'. Shorten the text" in str(raised.value)
    assert not list(tmp_path.iterdir())


def test_more_rows_than_a_sheet_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("thbstats.reports.workbook._ROWS", 50)
    with pytest.raises(InvalidValue, match="must have fewer rows than"):
        saved(report(thb.read(GLOTIP)), tmp_path)


def test_same_report_gives_the_same_bytes(tmp_path: Path):
    first = saved(report(thb.read(GLOTIP)), tmp_path).read_bytes()
    assert saved(report(thb.read(GLOTIP)), tmp_path).read_bytes() == first
