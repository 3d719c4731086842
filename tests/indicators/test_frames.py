"""Frames of the panels of all indicators: missing numbers, and the published schemas."""

import json
import sys
from contextlib import suppress
from functools import cache
from typing import Any

import jsonschema
import numpy as np
import pandas as pd
import pytest

import thbstats as thb
from tests.indicators.test_laws import QUERIES, SEEDS, drawn_tables
from thbstats.errors import MissingExtra, ThbstatsError, UnknownName
from thbstats.panel import Panel, PanelSchema, Result, panel_schema

duckdb = pytest.importorskip("duckdb")
pa = pytest.importorskip("pyarrow")
pl = pytest.importorskip("polars")
EVERY = pytest.mark.parametrize("name", QUERIES)

ROWS = [
    ("FR", "total", 100), ("FR", "female", 60), ("BE", "total", 10), ("BE", "female", 10),
    ("NL", "total", 30), ("NL", "female", thb.Count.fewer_than(5)), ("RO", "female", 3),
]  # fmt: skip
TABLE = thb.CountTable.from_rows(
    ROWS, columns=["area", "sex", "value"], kind="victims", period=2022, status="detected"
)
PANEL = thb.share(TABLE, sex="female", base="all", by=["area", "period"])


@cache
def panels_of(name: str) -> list[Panel]:
    panels = []
    for seed in SEEDS:
        with suppress(ThbstatsError):
            answer = QUERIES[name](drawn_tables(seed))
            panels.append(answer.panel if isinstance(answer, Result) else answer)
    assert panels
    return panels


def numbers_of(frame: pd.DataFrame) -> list[str]:
    return [name for name in frame if frame[name].dtype.kind == "f"]


@EVERY
def test_missing_numbers_are_null_in_every_library_but_pandas(name: str) -> None:
    for panel in panels_of(name):
        frame = panel.to_frame()
        missing = {own: int(frame[own].isna().sum()) for own in numbers_of(frame)}
        tables = [panel.to_frame("pyarrow"), pa.table(panel), panel.to_frame("duckdb").arrow()]
        tables += [pl.DataFrame(panel).to_arrow(), panel.to_frame("polars").to_arrow()]
        for table in tables:
            read = table.read_all() if hasattr(table, "read_all") else table
            assert read.column_names == list(frame)
            for own, number in missing.items():
                column = read[own]
                values = column.drop_null().to_numpy()
                assert (column.null_count, np.isnan(values).any()) == (number, False), own


def test_conditions_leave_out_missing_numbers_in_every_library() -> None:
    panel = PANEL
    assert (panel.to_frame()["value"] > 0.5).sum() == 2
    assert panel.to_frame("polars").filter(pl.col("value") > 0.5).height == 2
    relation = panel.to_frame("duckdb")
    assert relation.filter("value > 0.5").count("*").fetchall() == [(2,)]
    query = "select count(*), count(value), max(value) from panel"
    assert duckdb.sql(query).fetchall() == [(4, 2, 1.0)]
    largest = duckdb.sql("select area from panel order by value desc nulls last").fetchall()
    assert largest[0] == ("BE",)


def test_lists_of_warnings_stay_lists() -> None:
    codes = PANEL.to_frame()["warnings"].tolist()
    assert codes == PANEL.to_frame("polars")["warnings"].to_list()
    assert codes == PANEL.to_frame("pyarrow")["warnings"].to_pylist()
    assert pa.types.is_list(PANEL.take([]).to_frame("pyarrow").schema.field("warnings").type)


def test_backend_must_be_known() -> None:
    with pytest.raises(UnknownName, match=r"backend.*polars"):
        PANEL.to_frame("polar")


@EVERY
def test_frames_are_valid_for_the_schemas(name: str) -> None:
    pytest.importorskip("pandera")
    pytest.importorskip("pydantic")
    for panel in panels_of(name):
        schema, frame = panel.schema, panel.to_frame()
        assert [item.name for item in schema.fields] == list(frame)
        schema.to_pandera().validate(frame, lazy=True)
        rows = json.loads(frame.to_json(orient="records"))
        jsonschema.Draft202012Validator(schema.to_json_schema()).validate(rows)
        model = schema.to_pydantic()
        for row in (*frame.to_dict("records"), *panel.to_frame("polars").to_dicts()):
            read = model(**row)
            assert model.model_validate_json(read.model_dump_json()) is not None


@EVERY
def test_json_data_are_valid_for_the_published_schema(name: str) -> None:
    validator = jsonschema.Draft202012Validator(panel_schema())
    for panel in panels_of(name):
        validator.validate(panel.to_dict())


def test_fields_of_a_panel_are_known_without_a_panel() -> None:
    schema = PanelSchema(keys=["area", "period"], iso3=True, labels=True)
    assert [item.name for item in schema.fields] == list(PANEL.to_frame(iso3=True, labels=True))
    assert PanelSchema().fields[0].name == "label"
    result = thb.share(TABLE, sex="female", base="all", area="FR")
    assert list(result.to_frame()) == [item.name for item in PanelSchema().fields]
    assert [item.name for item in PanelSchema(keys=["sex"], iso3=True).fields][:2] == [
        "sex",
        "value",
    ]


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"status": "fine"}, "status"),
    ({"warnings": "COVERAGE"}, "warnings"),
    ({"value": 0.5, "value_lower": 0.1, "value_upper": 0.9}, "value must equal its bounds"),
    ({"lower": 0.9, "upper": 0.1}, "lower must be at most upper"),
    ({"more": 1}, "more"),
]


@pytest.mark.parametrize(("change", "text"), WRONG, ids=[text for _, text in WRONG])
def test_wrong_frames_are_refused(change: dict[str, Any], text: str) -> None:
    pandera = pytest.importorskip("pandera.pandas")
    frame = PANEL.to_frame()
    for name, value in change.items():
        frame[name] = [value] * len(frame)
    with pytest.raises(pandera.errors.SchemaErrors) as caught:
        PANEL.schema.to_pandera().validate(frame, lazy=True)
    assert text in str(caught.value)


def test_wrong_rows_are_refused_by_the_model() -> None:
    pydantic = pytest.importorskip("pydantic")
    model = PANEL.schema.to_pydantic()
    row = PANEL.to_frame("polars").to_dicts()[0]
    assert model(**{**row, "value": float("nan")}).value is None
    for change in ({"status": "fine"}, {"value": "half"}, {"more": 1}, {"complete": None}):
        with pytest.raises(pydantic.ValidationError):
            model(**{**row, **change})


@pytest.mark.parametrize(
    ("library", "method"), [("pandera.pandas", "to_pandera"), ("pydantic", "to_pydantic")]
)
def test_missing_library_of_a_schema_is_an_error_with_the_extra(
    monkeypatch: pytest.MonkeyPatch, library: str, method: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    extra = library.partition(".")[0]
    with pytest.raises(MissingExtra, match=rf"pip install 'thbstats\[{extra}\]'"):
        getattr(PANEL.schema, method)()
