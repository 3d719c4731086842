"""JSON of this library: versions, paths of errors, and equal bytes."""

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.sources.documents import changed, changed_anywhere, parts
from tests.strategies import schemas, tables
from thbstats.errors import InvalidFile, ThbstatsError
from thbstats.files import Limits, Reading, open_bytes
from thbstats.records import Source, schema_of
from thbstats.sources import thbstats_json
from thbstats.tables import CountTable, Dataset
from thbstats.values import Count, Reason
from thbstats.vocabulary import Classification

GOLDEN = Path(__file__).parent / "golden" / "thbstats_v1.json"

# European Commission, COM(2018) 777 final: figures for 2015-2016; the third and fourth are made up.
REPORT = Source(
    title="Second progress report", document="COM(2018) 777 final", published="2018-12-03"
)
VICTIMS = CountTable.from_rows(
    [
        ("total", 20532, "", REPORT),
        ("sexual", 9759, "e", REPORT),
        ("labour", Count.fewer_than(5), "ep", None),
        ("other", Count.not_reported(), "", None),
    ],
    columns=("exploitation", "value", "flags", "source"),
    kind="victims",
    area="EU28",
    period="2015-2016",
    status="registered",
)
JUSTICE = CountTable.from_rows(
    [("prosecuted", 5979), ("convicted", 2927)],
    columns=("stage", "value"),
    kind="justice",
    area="EU28",
    period="2015-2016",
    n_reporters=28,
)
BOTH = Dataset(victims=VICTIMS, justice=JUSTICE)
PARTS = parts("total", "victims", "x" * 200, keys=st.text(max_size=3))

datasets = st.builds(
    Dataset,
    victims=st.none() | schemas("victims").flatmap(tables),
    justice=st.none() | schemas("justice").flatmap(tables),
    protection=st.none() | schemas("protection").flatmap(tables),
    cooperation=st.none() | schemas("cooperation").flatmap(tables),
)

# A register of courts with two further dimensions; the counts are synthetic.
COURTS = schema_of(
    "justice",
    Classification(
        name="recruiter",
        title="Relation of the recruiter",
        titles={"de": "Beziehung zum Anwerber"},
        categories=[
            {"code": "family", "labels": {"de": "Familie"}},
            {"code": "partner", "parent": "family", "crosswalk": {"ctdc": "intimatePartner"}},
            {"code": "other", "is_residual": True},
        ],
    ),
    Classification(name="instance", kind="attribute", categories=["first", "appeal"]),
)
JUDGEMENTS = CountTable.from_rows(
    [("total", "first", 12), ("partner", "first", 5), ("total", "appeal", Count.fewer_than(5))],
    columns=("recruiter", "instance", "value"),
    kind=COURTS,
    area="MT",
    period=2021,
    stage="convicted",
)


def read(data: object, **options: Any) -> Reading:
    text = data if isinstance(data, bytes) else json.dumps(data).encode()
    limits = options.pop("limits", Limits())
    return thbstats_json.read(open_bytes(text, name="a.json", limits=limits), **options)


def golden() -> Any:
    return json.loads(GOLDEN.read_text(encoding="utf-8"))


@examples(15)
@given(data=datasets)
def test_written_file_is_read_without_change(
    tmp_path_factory: pytest.TempPathFactory, data: Dataset
) -> None:
    path = tmp_path_factory.mktemp("json") / "a.json"
    report = thbstats_json.write(data, path)
    reading = thbstats_json.read(path, strict=True)
    assert reading.data == data
    assert report.lossless
    assert report.rows == reading.log.read == reading.log.used


def test_file_of_version_1_is_read() -> None:
    assert thbstats_json.read(GOLDEN).data == BOTH


def test_file_of_version_1_is_written_without_change(tmp_path: Path) -> None:
    thbstats_json.write(BOTH, tmp_path / "a.json")
    assert (tmp_path / "a.json").read_bytes() == GOLDEN.read_bytes()


def test_newer_version_is_an_error_before_other_members() -> None:
    newer = {**changed(golden(), "schema_version", 3), "cells": []}
    with pytest.raises(InvalidFile, match="must have at most version 2, got 3"):
        read(newer)


@pytest.mark.parametrize("version", [None, 0, -1, "1", True, 1.5, [1]])
def test_invalid_version_is_rejected(version: object) -> None:
    with pytest.raises(InvalidFile, match="must have a version") as caught:
        read(changed(golden(), "schema_version", version))
    assert caught.value.field == "/schema_version"


def courts(tmp_path: Path) -> Any:
    thbstats_json.write(JUDGEMENTS, tmp_path / "courts.json")
    return json.loads((tmp_path / "courts.json").read_text(encoding="utf-8"))


def test_file_with_dimensions_of_users_has_version_2(tmp_path: Path) -> None:
    document = courts(tmp_path)
    assert document["schema_version"] == 2
    classification = document["tables"][0]["classifications"][0]
    assert classification["name"] == "recruiter"
    assert classification["categories"]["partner"]["crosswalk"] == {"ctdc": ["intimatePartner"]}
    table = read(document).data.justice
    assert table == JUDGEMENTS
    assert table is not None
    assert table.columns.schema.classifications == COURTS.classifications


CATEGORIES = "classifications/0/categories"
FAMILY = f"{CATEGORIES}/family"


# tests/vocabulary checks each property of a classification: here are the kinds of paths.
@pytest.mark.parametrize(
    ("path", "to", "field", "problem"),
    [
        ("classifications", {}, "", "must be an array"),
        ("classifications", [], "/tables/0/dimensions/recruiter", "must be a known member"),
        ("classifications/0", "recruiter", "", "must be an object"),
        ("classifications/0", {}, "/name", "must be given"),
        ("classifications/0/more", 1, "/tables/0/classifications/0", "must be a parameter"),
        ("classifications/0/name", "class", "", "must not be a keyword"),
        ("classifications/0/name", "area", "/tables/0/classifications", "cannot be replaced"),
        ("classifications/0/name", "lower", "/tables/0/classifications", "another column"),
        ("classifications/0/name", "instance", "/tables/0/classifications", "must be unique"),
        ("classifications/0/name", "means", "/tables/0/dimensions/recruiter", "a known member"),
        ("classifications/0/titles/de", 5, "", "must be a text"),
        ("classifications/0/valid_to", 2020.5, "", "must be a date"),
        (CATEGORIES, [1], "/0", "must be a table"),
        (CATEGORIES, ["family", "family"], "/code", "must be unique"),
        (CATEGORIES, [{"label": "a"}], "/0/code", "must be given"),
        (CATEGORIES, {"A b": {}}, "/A b/code", "lower-case letters"),
        (f"{FAMILY}/more", 1, FAMILY, "must be a property"),
        (f"{FAMILY}/labels/de", ["x"], "", "must be a text"),
        (f"{FAMILY}/parent", "partner", "", "not below it"),
        (f"{FAMILY}/synonyms", ["Partner"], "/synonyms", "must not be a spelling"),
        (f"{FAMILY}/crosswalk", {"ctdc": [5]}, "/ctdc", "must be a list of texts"),
        ("classifications/0/name", ["a"], "", "lower-case letters"),
        ("classifications/0/kind", [1], "", "must be 'breakdown' or 'attribute'"),
        ("classifications/0/is_required", 1, "", "must be true or false"),
        (CATEGORIES, None, "", "must be a list"),
        (CATEGORIES, [{"code": ["a"]}], "", "lower-case letters"),
        (FAMILY, None, "", "must be a table"),
        (f"{FAMILY}/label", " ", "", "must be a text with letters"),
        (f"{FAMILY}/parent", ["total"], "", "must be a text"),
        (f"{FAMILY}/synonyms", {"a": "b"}, "", "must be a list of texts"),
        (f"{FAMILY}/definition", 5, "", "must be a text"),
        (f"{FAMILY}/is_verified", None, "", "must be true or false"),
        (f"{FAMILY}/valid_from", "2024-02-30", "", "must be a date"),
        ("dimensions/recruiter/categories/0", "friend", "", "must be a code of Recruiter"),
        ("dimensions/recruiter/categories/0", "Family", "", "must be a canonical code"),
    ],
)
def test_invalid_classification_is_an_error_with_its_path(
    tmp_path: Path, path: str, to: object, field: str, problem: str
) -> None:
    with pytest.raises(InvalidFile, match=problem) as caught:
        read(changed(courts(tmp_path), f"tables/0/{path}", to))
    where = str(caught.value.field)
    assert where.endswith(field)
    assert where.startswith("/tables/0/")


def test_hierarchy_of_many_levels_is_an_error(tmp_path: Path) -> None:
    deep = {f"c{n}": {"parent": f"c{n + 1}"} for n in range(5_000)} | {"c5000": {}}
    with pytest.raises(InvalidFile, match="must be a category with at most"):
        read(changed(courts(tmp_path), f"tables/0/{CATEGORIES}", deep))


@given(st.data())
def test_classification_of_any_type_is_read_or_an_error(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    document = courts(tmp_path_factory.getbasetemp())
    listed = changed_anywhere(data, document["tables"][0]["classifications"], PARTS)
    with contextlib.suppress(ThbstatsError):
        read(changed(document, "tables/0/classifications", listed))


def test_json_array_is_rejected() -> None:
    with pytest.raises(InvalidFile, match="must be an object"):
        read([])


@pytest.mark.parametrize(
    ("path", "to", "field", "problem"),
    [
        ("format", "csv", "", "must be 'thbstats'"),
        ("tables", {}, "", "must be an array"),
        ("more", 1, "", "must be a known member"),
        ("tables/0", [], "", "must be an object"),
        ("tables/0/kind", "victim", "", "kind"),
        ("tables/0/kind", 1, "", "must be a string"),
        ("tables/0/rows", 3, "", "must be the number of counts, 4"),
        ("tables/0/rows", 10**18, "", "must be the number of counts, 4"),
        ("tables/0/rows", 4.5, "", "must be the number of counts, 4"),
        ("tables/0/lower", 1, "", "must be an array"),
        ("tables/0/lower/1", -1, "", "must be an integer"),
        ("tables/0/lower/1", 0.5, "", "must be an integer"),
        ("tables/0/lower/1", 1e300, "", "must be an integer"),
        ("tables/0/lower/1", True, "", "must be an integer"),
        ("tables/0/lower/1", None, "", "must be an integer"),
        ("tables/0/lower/1", "12", "", "must be an integer"),
        ("tables/0/lower/1", 10**600, "", "must be an integer"),
        ("tables/0/lower/1", 2**53 + 1, "", "must be an integer"),
        ("tables/0/lower/1", 9760, "", "at most the upper bound"),
        ("tables/0/upper", [1], "", "must have 4 values, one for each row, got 1"),
        ("tables/0/upper/1", -1, "", "must be an integer"),
        ("tables/0/upper/2", "inf", "", "must be an integer"),
        ("tables/0/reason", "unknown", "", "must be a reason"),
        ("tables/0/reason/codes/0", 3, "", "must be an integer"),
        ("tables/0/reason/codes", [0], "", "must have 4 values, one for each row, got 1"),
        ("tables/0/flags", "pe", "", "canonical code"),
        ("tables/0/flags", "1", "", "a letter from a to z"),
        ("tables/0/flags", None, "", "must be an object"),
        ("tables/0/dimensions", [], "", "must be an object"),
        ("tables/0/dimensions", {}, "", "must have the member 'area'"),
        ("tables/0/dimensions/stage", "x", "", "must be a known member"),
        ("tables/0/dimensions/area", "Mars", "", "must be a country, a region or a composition"),
        ("tables/0/dimensions/sex", "Females", "", "canonical code"),
        ("tables/0/dimensions/exploitation/categories/1", "total", "", "must be unique"),
        ("tables/0/sources", {}, "", "must be an array"),
        ("tables/0/sources/0", "A report", "", "must be an object"),
        ("tables/0/sources/0/title", " ", "", "must not be empty"),
        ("tables/0/sources/0/title", 1, "", "must be a string"),
        ("tables/0/sources/0/published", "May", "", "must be a date"),
        ("tables/0/sources/0/kind", "third", "", "kind of source"),
        ("tables/0/origins/0/sources", [1], "/0", "must be an integer"),
        ("tables/0/origins/0", {}, "", "must have the member 'sources'"),
        ("tables/0/origins/0/reporters", ["XX"], "/0", "must be a country"),
        ("tables/0/origins/0/reporters", ["GR"], "/0", "canonical code"),
        ("tables/0/origins/0/n_reporters", -1, "", "must be an integer"),
        ("tables/0/origin", [0], "", "must have 4 values, one for each row, got 1"),
        ("tables/0/origin", 7, "", "must be an integer"),
        ("tables/0/origin", None, "", "must be an integer"),
        ("tables/1", None, "", "must be an object"),
    ],
)
def test_error_has_the_path_of_the_invalid_part(
    path: str, to: object, field: str, problem: str
) -> None:
    with pytest.raises(InvalidFile, match=problem) as caught:
        read(changed(golden(), path, to))
    assert caught.value.field == f"/{path}{field}"


def test_number_that_contradicts_the_list_of_reporters_is_an_error() -> None:
    origin = {"sources": [], "reporters": ["FR", "MT"], "n_reporters": 3}
    with pytest.raises(InvalidFile, match=r"must be the number of `reporters`") as caught:
        read(changed(golden(), "tables/0/origins/0", origin))
    assert caught.value.field == "/tables/0/origins/0/n_reporters"


def test_duplicate_cell_is_rejected() -> None:
    codes = [0, 1, 1, 2]
    with pytest.raises(InvalidFile, match="the same cell") as caught:
        read(changed(golden(), "tables/0/dimensions/exploitation/codes", codes))
    assert caught.value.field == "/tables/0"


def test_second_table_of_a_kind_is_an_error() -> None:
    with pytest.raises(InvalidFile, match="at most one table of victims") as caught:
        read(changed(golden(), "tables/1", golden()["tables"][0]))
    assert caught.value.field == "/tables/1/kind"


def test_integers_in_decimal_notation_are_read() -> None:
    text = GOLDEN.read_bytes().replace(b"20532", b"20532.0").replace(b"9759", b"97590e-1")
    assert read(text).data == BOTH


def test_equal_upper_bounds_are_omitted() -> None:
    document = golden()
    assert "upper" not in document["tables"][1]
    assert "upper" in document["tables"][0]
    assert document["tables"][0]["upper"][3] is None


def test_exact_counts_keep_other_reasons(tmp_path: Path) -> None:
    table = CountTable.from_rows(
        [("female", Count(5, 5, Reason.ROUNDED)), ("male", Count.not_applicable())],
        columns=("sex", "value"),
        kind="victims",
        area="MT",
        period=2015,
    )
    thbstats_json.write(table, tmp_path / "a.json")
    assert thbstats_json.read(tmp_path / "a.json").table == table


def test_format_is_recognised_by_its_name_in_any_position() -> None:
    document = golden()
    late = {name: document[name] for name in ("tables", "schema_version", "format")}
    assert thbstats_json.recognise(open_bytes(json.dumps(late).encode()))
    assert read(late).data == BOTH
    spaced = json.dumps(document, indent=1).encode("utf-16")
    assert thbstats_json.recognise(open_bytes(spaced))
    for other in (b"[]", b'{"a": "thbstats"}', b'{"a": "thbstats"', b"thbstats", b""):
        assert not thbstats_json.recognise(open_bytes(other))


@given(st.data())
def test_part_of_any_type_is_read_or_an_error(data: st.DataObject) -> None:
    with contextlib.suppress(ThbstatsError):
        read(changed_anywhere(data, golden(), PARTS))


def test_source_applies_to_rows_without_a_source() -> None:
    reading = read(golden(), source="Another")
    assert reading.data.victims is not None
    assert reading.data.victims.cell(exploitation="total").source == REPORT
    assert reading.data.victims.cell(exploitation="other").source == Source(title="Another")
