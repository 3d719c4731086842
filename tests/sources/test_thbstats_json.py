import contextlib
import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.strategies import tables
from thbstats.errors import InvalidFile, InvalidValue, ThbstatsError
from thbstats.exchange import Declaration, Limits, Reading, open_bytes
from thbstats.records import Source
from thbstats.sources import thbstats_json
from thbstats.tables import CountTable, Dataset
from thbstats.values import Count, Reason

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

datasets = st.builds(
    Dataset,
    victims=st.none() | tables("victims"),
    justice=st.none() | tables("justice"),
    protection=st.none() | tables("protection"),
    cooperation=st.none() | tables("cooperation"),
)


def read(data: object, **options: Any) -> Reading:
    text = data if isinstance(data, bytes) else json.dumps(data).encode()
    limits = options.pop("limits", Limits())
    return thbstats_json.read(open_bytes(text, name="a.json", limits=limits), **options)


def golden() -> Any:
    return json.loads(GOLDEN.read_text(encoding="utf-8"))


def changed(*way: Any, to: object) -> Any:
    """Return the golden document with another part."""
    whole = deepcopy(golden())
    part = whole
    for step in way[:-1]:
        part = part[step]
    part[way[-1]] = to
    return whole


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
    assert thbstats_json.recognise(open_bytes(path.read_bytes()))


@given(table=tables())
@examples(25)
def test_equal_tables_have_equal_bytes(
    tmp_path_factory: pytest.TempPathFactory, table: CountTable
) -> None:
    folder = tmp_path_factory.mktemp("json")
    thbstats_json.write(table, folder / "a.json")
    again = CountTable.from_frame(table.to_frame(), kind=table.kind)
    thbstats_json.write(again, folder / "b.json")
    thbstats_json.write(thbstats_json.read(folder / "a.json").data, folder / "c.json")
    assert (folder / "a.json").read_bytes() == (folder / "b.json").read_bytes()
    assert (folder / "a.json").read_bytes() == (folder / "c.json").read_bytes()


def test_a_file_of_version_1_stays_readable() -> None:
    assert thbstats_json.read(GOLDEN).data == BOTH


def test_a_file_of_version_1_is_still_written_as_it_was(tmp_path: Path) -> None:
    thbstats_json.write(BOTH, tmp_path / "a.json")
    assert (tmp_path / "a.json").read_bytes() == GOLDEN.read_bytes()


def test_a_newer_version_is_refused_by_name_whatever_else_it_has() -> None:
    newer = {**changed("schema_version", to=2), "cells": []}
    with pytest.raises(InvalidFile, match="must have at most version 1, got 2"):
        read(newer)


@pytest.mark.parametrize("version", [None, 0, -1, "1", True, 1.5, [1]])
def test_invalid_version_is_rejected(version: object) -> None:
    with pytest.raises(InvalidFile, match="must have a version") as caught:
        read(changed("schema_version", to=version))
    assert caught.value.field == "/schema_version"


def test_json_array_is_rejected() -> None:
    with pytest.raises(InvalidFile, match="must be an object"):
        read([])


TABLE = ("tables", 0)


@pytest.mark.parametrize(
    ("way", "to", "place", "problem"),
    [
        (("format",), "csv", "/format", "must be 'thbstats'"),
        (("tables",), {}, "/tables", "must be an array"),
        (("more",), 1, "/more", "must be a known member"),
        (TABLE, [], "/tables/0", "must be an object"),
        ((*TABLE, "kind"), "victim", "/tables/0/kind", "kind"),
        ((*TABLE, "kind"), 1, "/tables/0/kind", "must be a string"),
        ((*TABLE, "rows"), 3, "/tables/0/rows", "must be the number of counts, 4"),
        ((*TABLE, "rows"), 10**18, "/tables/0/rows", "must be the number of counts, 4"),
        ((*TABLE, "rows"), 4.5, "/tables/0/rows", "must be the number of counts, 4"),
        ((*TABLE, "lower"), 1, "/tables/0/lower", "must be an array"),
        ((*TABLE, "lower", 1), -1, "/tables/0/lower/1", "must be an integer"),
        ((*TABLE, "lower", 1), 0.5, "/tables/0/lower/1", "must be an integer"),
        ((*TABLE, "lower", 1), 1e300, "/tables/0/lower/1", "must be an integer"),
        ((*TABLE, "lower", 1), True, "/tables/0/lower/1", "must be an integer"),
        ((*TABLE, "lower", 1), None, "/tables/0/lower/1", "must be an integer"),
        ((*TABLE, "lower", 1), "12", "/tables/0/lower/1", "must be an integer"),
        ((*TABLE, "lower", 1), 2**53 + 1, "/tables/0/lower/1", "must be an integer"),
        ((*TABLE, "lower", 1), 10**600, "/tables/0/lower/1", "must be an integer"),
        ((*TABLE, "lower", 1), 9760, "/tables/0/lower/1", "at most the upper bound"),
        ((*TABLE, "upper"), [1], "/tables/0/upper", "must have 4 values, one for each row, got 1"),
        ((*TABLE, "upper", 1), -1, "/tables/0/upper/1", "must be an integer"),
        ((*TABLE, "upper", 2), "inf", "/tables/0/upper/2", "must be an integer"),
        ((*TABLE, "reason"), "unknown", "/tables/0/reason", "must be a reason"),
        ((*TABLE, "reason", "codes", 0), 3, "/tables/0/reason/codes/0", "must be an integer"),
        (
            (*TABLE, "reason", "codes"),
            [0],
            "/tables/0/reason/codes",
            "must have 4 values, one for each row, got 1",
        ),
        ((*TABLE, "flags"), "pe", "/tables/0/flags", "canonical code"),
        ((*TABLE, "flags"), "1", "/tables/0/flags", "a letter from a to z"),
        ((*TABLE, "flags"), None, "/tables/0/flags", "must be an object"),
        ((*TABLE, "dimensions"), [], "/tables/0/dimensions", "must be an object"),
        ((*TABLE, "dimensions"), {}, "/tables/0/dimensions", "must have the member 'area'"),
        (
            (*TABLE, "dimensions", "stage"),
            "x",
            "/tables/0/dimensions/stage",
            "must be a known member",
        ),
        (
            (*TABLE, "dimensions", "area"),
            "Mars",
            "/tables/0/dimensions/area",
            "must be a country or a composition",
        ),
        ((*TABLE, "dimensions", "sex"), "Females", "/tables/0/dimensions/sex", "canonical code"),
        (
            (*TABLE, "dimensions", "exploitation", "categories", 1),
            "total",
            "/tables/0/dimensions/exploitation/categories/1",
            "must be unique",
        ),
        ((*TABLE, "sources"), {}, "/tables/0/sources", "must be an array"),
        ((*TABLE, "sources", 0), "A report", "/tables/0/sources/0", "must be an object"),
        ((*TABLE, "sources", 0, "title"), " ", "/tables/0/sources/0/title", "must not be empty"),
        ((*TABLE, "sources", 0, "title"), 1, "/tables/0/sources/0/title", "must be a string"),
        (
            (*TABLE, "sources", 0, "published"),
            "May",
            "/tables/0/sources/0/published",
            "must be a date",
        ),
        ((*TABLE, "sources", 0, "kind"), "third", "/tables/0/sources/0/kind", "kind of source"),
        (
            (*TABLE, "origins", 0, "sources"),
            [1],
            "/tables/0/origins/0/sources/0",
            "must be an integer",
        ),
        ((*TABLE, "origins", 0), {}, "/tables/0/origins/0", "must have the member 'sources'"),
        (
            (*TABLE, "origins", 0, "reporters"),
            ["XX"],
            "/tables/0/origins/0/reporters/0",
            "must be a country",
        ),
        (
            (*TABLE, "origins", 0, "reporters"),
            ["GR"],
            "/tables/0/origins/0/reporters/0",
            "canonical code",
        ),
        (
            (*TABLE, "origins", 0, "n_reporters"),
            -1,
            "/tables/0/origins/0/n_reporters",
            "must be an integer",
        ),
        (
            (*TABLE, "origin"),
            [0],
            "/tables/0/origin",
            "must have 4 values, one for each row, got 1",
        ),
        ((*TABLE, "origin"), 7, "/tables/0/origin", "must be an integer"),
        ((*TABLE, "origin"), None, "/tables/0/origin", "must be an integer"),
        (("tables", 1), None, "/tables/1", "must be an object"),
    ],
)
def test_error_has_the_path_of_the_invalid_part(
    way: Any, to: object, place: str, problem: str
) -> None:
    with pytest.raises(InvalidFile, match=problem) as caught:
        read(changed(*way, to=to))
    assert caught.value.field == place


def test_a_list_of_reporters_and_another_number_of_them_are_refused() -> None:
    origin = {"sources": [], "reporters": ["FR", "MT"], "n_reporters": 3}
    with pytest.raises(InvalidFile, match=r"must be the number of `reporters`") as caught:
        read(changed(*TABLE, "origins", 0, to=origin))
    assert caught.value.field == "/tables/0/origins/0/n_reporters"


def test_duplicate_cell_is_rejected() -> None:
    codes = [0, 1, 1, 2]
    with pytest.raises(InvalidFile, match="the same cell") as caught:
        read(changed(*TABLE, "dimensions", "exploitation", "codes", to=codes))
    assert caught.value.field == "/tables/0"


def test_a_kind_may_have_one_table() -> None:
    with pytest.raises(InvalidFile, match="at most one table of victims") as caught:
        read(changed("tables", 1, to=golden()["tables"][0]))
    assert caught.value.field == "/tables/1/kind"


def test_whole_numbers_with_a_point_are_whole() -> None:
    text = GOLDEN.read_bytes().replace(b"20532", b"20532.0").replace(b"9759", b"97590e-1")
    assert read(text).data == BOTH


def test_the_ends_may_be_left_out_where_they_are_the_same() -> None:
    document = golden()
    assert "upper" not in document["tables"][1]
    assert "upper" in document["tables"][0]
    assert document["tables"][0]["upper"][3] is None


def test_points_that_are_not_known_keep_their_reason(tmp_path: Path) -> None:
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
def test_a_broken_file_is_refused_and_no_crash(data: st.DataObject) -> None:
    whole = bytearray(GOLDEN.read_bytes())
    for place in data.draw(st.lists(st.integers(0, len(whole) - 1), max_size=3)):
        whole[place] = data.draw(st.integers(0, 255))
    with contextlib.suppress(ThbstatsError):
        read(bytes(whole))
    with pytest.raises(InvalidFile):
        read(GOLDEN.read_bytes()[: data.draw(st.integers(0, len(whole) - 2))])


parts = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["", "total", "victims", "x" * 200]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


@given(st.data())
def test_any_part_may_be_of_any_type_and_is_refused(data: st.DataObject) -> None:
    document = golden()
    part: Any = document
    while True:
        names = sorted(part) if isinstance(part, dict) else range(len(part))
        step = data.draw(st.sampled_from(list(names)))
        if not isinstance(part[step], dict | list) or not part[step] or data.draw(st.booleans()):
            break
        part = part[step]
    part[step] = data.draw(parts)
    with contextlib.suppress(ThbstatsError):
        read(document)


def test_declaration_of_an_own_file_is_rejected() -> None:
    with pytest.raises(InvalidValue, match="must not be passed"):
        read(golden(), declare=Declaration(kind="victims"))
    with pytest.raises(InvalidValue, match="must not be passed"):
        read(golden(), area="EU28")
    with pytest.raises(InvalidValue, match="victims or justice"):
        read(golden(), kind="protection")
    assert read(golden(), kind="justice").data == BOTH


def test_a_source_is_that_of_rows_that_name_none() -> None:
    reading = read(golden(), source="Another")
    assert reading.data.victims is not None
    assert reading.data.victims.cell(exploitation="total").source == REPORT
    assert reading.data.victims.cell(exploitation="other").source == Source(title="Another")
