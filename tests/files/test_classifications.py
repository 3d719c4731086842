"""Declarations with classifications."""

from pathlib import Path
from typing import Any

import pytest

import thbstats as thb
from thbstats.errors import InvalidFile, InvalidValue, ThbstatsError, UnknownName
from thbstats.files import Declaration, read_declaration
from thbstats.records import schema_of
from thbstats.tables import CountTable, Dataset
from thbstats.vocabulary import Classification

MEANS = Classification(
    name="means_of_control",
    categories=["threats", {"code": "debt", "label": "Debt bondage"}],
)
COURT = Classification(name="court", kind="attribute", categories=["district", "appeal"])
FILE = """Year,Means,Court,N
2021,All,District,10
2021,Threats,District,6
2021,Debt bondage,District,3
2021,Not recorded,District,1
"""
DECLARED: dict[str, Any] = {
    "kind": "victims",
    "columns": {"Year": "period", "Means": "means_of_control", "Court": "court", "N": "value"},
    "recode": {"Means": {"All": "total", "Not recorded": "unknown"}},
    "constants": {"area": "MT"},
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "register.csv"
    path.write_text(FILE, encoding="utf-8")
    return path


def test_a_declaration_adds_dimensions(file: Path) -> None:
    declared = Declaration(classifications=[MEANS, COURT], **DECLARED)
    table = thb.read(file, declare=declared).table
    assert table.columns.schema == schema_of("victims", MEANS, COURT)
    assert thb.share(table, means_of_control="debt", base="known").numerator.lower == 3
    assert table.categories("court") == ("district",)


def test_a_schema_as_kind_adds_dimensions(file: Path) -> None:
    declared = Declaration(**{**DECLARED, "kind": None})
    schema = schema_of("victims", MEANS, COURT)
    table = thb.read(file, declare=declared, kind=schema).table
    own = Declaration(classifications=[MEANS, COURT], **DECLARED)
    assert (
        table == thb.read(file, declare=own).table == thb.read(file, declare=own, kind=schema).table
    )
    frame = table.to_frame()[["area", "period", "means_of_control", "court", "value"]]
    assert thb.read(frame, kind=schema).table.columns.schema == schema


def test_classifications_are_files_or_tables_of_a_declaration_file(file: Path) -> None:
    (file.parent / "means.toml").write_text(
        'name = "means_of_control"\n[categories.threats]\n[categories.debt]\n'
        'label = "Debt bondage"\n',
        encoding="utf-8",
    )
    path = file.parent / "register.toml"
    path.write_text(
        'kind = "victims"\n'
        'classifications = ["means.toml", {name = "court", kind = "attribute", '
        "categories = {district = {}, appeal = {}}}]\n"
        '[columns]\nYear = "period"\nMeans = "means_of_control"\nCourt = "court"\nN = "value"\n'
        '[recode.Means]\nAll = "total"\n"Not recorded" = "unknown"\n[constants]\narea = "MT"\n',
        encoding="utf-8",
    )
    expected = thb.read(file, declare=Declaration(classifications=[MEANS, COURT], **DECLARED))
    assert thb.read(file, declare=read_declaration(path)).table == expected.table
    assert thb.read(file, declare=path).table == expected.table
    assert thb.read(file, declare=str(path)).table == expected.table
    path.write_text('classifications = "means.toml"', encoding="utf-8")
    assert read_declaration(path) == Declaration(classifications=[MEANS])


@pytest.mark.parametrize("value", [3, {"kind": "victims"}, ["own.toml"], MEANS])
def test_another_object_as_declaration_is_refused(file: Path, value: Any) -> None:
    with pytest.raises(InvalidValue, match=r"`declare` must be a Declaration or the path"):
        thb.read(file, declare=value)


def test_an_error_in_a_classification_names_both_files(tmp_path: Path) -> None:
    (tmp_path / "means.toml").write_text(
        'name = "means"\n[categories.a]\nparent = "b"\n[categories.b]\nparent = "a"\n',
        encoding="utf-8",
    )
    path = tmp_path / "own.toml"
    path.write_text('classifications = ["means.toml"]', encoding="utf-8")
    with pytest.raises(InvalidValue, match=r"own\.toml, means\.toml, categories\.a: `parent`"):
        read_declaration(path)
    (tmp_path / "means.toml").write_text("name = means", encoding="utf-8")
    with pytest.raises(InvalidFile, match=r"^means\.toml must be a classification in TOML"):
        read_declaration(path)


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.sdmx.csv"])
def test_a_format_without_classifications_reports_their_loss(file: Path, name: str) -> None:
    if name.endswith(".xlsx"):
        pytest.importorskip("xlsxwriter")
    table = thb.read(file, declare=Declaration(classifications=[MEANS, COURT], **DECLARED)).table
    log = thb.write(table, file.parent / name)
    (lost,) = log.unsupported
    assert (lost.code, lost.rows, lost.is_lost) == ("NO_CLASSIFICATIONS", 4, True)
    assert lost.examples == ("means_of_control", "court")
    again = thb.read(file.parent / name, declare=Declaration(classifications=[MEANS, COURT]))
    assert again.table == table


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('classifications = "means.toml"', "means.toml must be a readable file"),
        ('classifications = ["none.toml"]', "none.toml must be a readable file"),
        ("classifications = [3]", "must be classifications or paths of files"),
        ('classifications = [{name = "court"}]', "must contain at least one category"),
    ],
)
def test_wrong_classifications_of_a_declaration_file_are_refused(
    tmp_path: Path, text: str, message: str
) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ThbstatsError, match=message):
        read_declaration(path)


def test_wrong_classifications_are_refused(file: Path) -> None:
    with pytest.raises(InvalidValue, match="must be classifications or paths of files"):
        Declaration(classifications=[3])  # type: ignore[list-item]
    with pytest.raises(InvalidValue, match="must be classifications or paths of files"):
        Declaration(classifications=None)
    with pytest.raises(InvalidValue, match=r"must be Classification objects"):
        schema_of("victims", "means.toml")  # type: ignore[arg-type]
    columns = {"Year": "period", "Means": "means_of_control", "N": "value"}
    ignored = {**DECLARED, "columns": columns, "ignored": ["Court"]}
    unused = Declaration(classifications=[MEANS, COURT], **ignored)
    with pytest.raises(InvalidValue, match="`court` must have a column or a constant"):
        thb.read(file, declare=unused)
    lacking = Declaration(classifications=[MEANS], **DECLARED)
    with pytest.raises(UnknownName, match="must be declared as a dimension or measure of victims"):
        thb.read(file, declare=lacking)


def test_unmapped_categories_are_rejected_with_a_suggestion(file: Path) -> None:
    file.write_text(FILE.replace("Threats", "Threads"), encoding="utf-8")
    declared = Declaration(classifications=[MEANS, COURT], **DECLARED)
    log = str(thb.read(file, declare=declared).log)
    assert "3 used, 1 rejected" in log
    assert "Threads" in log


def test_categories_are_compared_with_their_dates_and_parts(tmp_path: Path) -> None:
    means = Classification(
        name="means_of_control",
        categories=[
            {"code": "force", "is_exhaustive": True},
            {"code": "beating", "parent": "force"},
            {"code": "locking_in", "parent": "force"},
            {"code": "online", "valid_from": "2020-01-01", "valid_to": "2022-12-31"},
            {"code": "threats", "is_exhaustive": True},  # without parts
        ],
    )
    path = tmp_path / "means.csv"
    path.write_text(
        "period,means_of_control,value\n2019,force,9\n2019,beating,5\n2019,locking_in,3\n"
        "2019,online,1\n2020,online,2\n2021,force,7\n2021,beating,5\n2021,locking_in,2\n"
        "2022,force,8\n2022,beating,5\n2023,online,4\n2023,threats,6\n",
        encoding="utf-8",
    )
    declared = Declaration(kind="victims", classifications=[means], constants={"area": "MT"})
    reading = thb.read(path, declare=declared)
    problems = {problem.code: problem for problem in reading.log.problems}
    assert {code: len(problem.lines) for code, problem in problems.items()} == {
        "ABOVE_PARTS": 1,
        "OUTSIDE_VALIDITY": 2,
    }
    assert "valid from 2020-01-01 and until 2022-12-31" in problems["OUTSIDE_VALIDITY"].message
    assert len(reading.table) == 12


@pytest.mark.parametrize("name", ["tidy.csv", "tidy.parquet", "tidy.xlsx", "tidy.tsv"])
def test_tidy_files_are_restored_with_their_classifications(tmp_path: Path, name: str) -> None:
    schema = schema_of("victims", MEANS, COURT)
    table = CountTable.from_rows(
        [("total", 10), ("threats", thb.Count.fewer_than(5)), ("debt", 4)],
        columns=["means_of_control", "value"], kind=schema, court="appeal", area="MT", period=2021,
    )  # fmt: skip
    thb.write(table, tmp_path / name, format="tidy")
    declared = Declaration(classifications=[MEANS, COURT])
    assert thb.read(tmp_path / name, declare=declared).table == table


def test_a_kind_of_count_has_the_dimensions_that_its_rows_state(tmp_path: Path) -> None:
    path = tmp_path / "both.csv"
    path.write_text(
        "table,area,period,means_of_control,court,stage,value\n"
        "victims,MT,2021,threats,,,5\njustice,MT,2021,,appeal,convicted,2\n",
        encoding="utf-8",
    )
    data = thb.read(path, declare=Declaration(classifications=[MEANS, COURT])).data
    assert isinstance(data, Dataset)
    assert data.victims is not None
    assert data.justice is not None
    assert data.victims.columns.schema == schema_of("victims", MEANS)
    assert data.justice.columns.schema == schema_of("justice", COURT)


def test_a_residual_next_to_its_siblings_differs_from_their_parent(tmp_path: Path) -> None:
    reasons = Classification(
        name="reason_of_refusal",
        categories=[
            "no_cooperation", "other",
            {"code": "expired", "parent": "other"},
            {"code": "remaining", "parent": "other", "is_residual": True},
        ],
    )  # fmt: skip
    path = tmp_path / "refusals.csv"
    path.write_text(
        "reason,n\ntotal,100\nno cooperation,20\nexpired,50\nOther reasons,30\n", encoding="utf-8"
    )
    declared = Declaration(
        kind="protection", classifications=[reasons],
        columns={"reason": "reason_of_refusal", "n": "value"},
        recode={"reason": {"Other reasons": "other"}},
        constants={"area": "UK", "period": 2020, "measure": "reflection_period"},
    )  # fmt: skip
    table = thb.read(path, declare=declared).table
    assert table.count(reason_of_refusal="remaining").lower == 30
    assert thb.share(table, reason_of_refusal="expired", base="all").unknown.upper == 0
