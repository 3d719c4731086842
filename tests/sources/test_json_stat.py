import contextlib
import itertools
import json
import time
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import tables
from thbstats.errors import (
    DefectiveFile,
    InvalidFile,
    InvalidValue,
    ThbstatsError,
    UnknownName,
)
from thbstats.exchange import Declaration, Limits, Reading, open_bytes
from thbstats.records import Source
from thbstats.sources import eurostat_tsv, json_stat, sdmx_csv
from thbstats.tables import CountTable, Dataset
from thbstats.values import Count, Reason

# The form of Eurostat's answers (API statistics/1.0); the figures are made up.
EUROSTAT: dict[str, Any] = {
    "version": "2.0",
    "class": "dataset",
    "label": "Victims of trafficking by sex",
    "source": "ESTAT",
    "updated": "2026-06-11T11:00:00+0200",
    "value": {"0": 10, "1": 0, "3": 7},
    "status": {"1": "p", "3": "bd", "4": "c", "5": ":"},
    "id": ["freq", "unit", "leg_stat", "sex", "geo", "time"],
    "size": [1, 1, 1, 2, 2, 2],
    "dimension": {
        "freq": {"label": "Frequency", "category": {"index": {"A": 0}, "label": {"A": "Annual"}}},
        "unit": {"category": {"label": {"NR": "Number"}}},
        "leg_stat": {"category": {"index": ["PER_VICT"]}},
        "sex": {"category": {"index": {"M": 1, "F": 0}}},
        "geo": {"category": {"index": ["MT", "RO"], "label": {"MT": "Malta"}}},
        "time": {"category": {"index": {"2014": 0, "2015": 1}}},
    },
    "role": {"time": ["time"], "geo": ["geo"], "metric": ["unit"]},
    "extension": {"lang": "EN", "agencyId": "ESTAT", "id": "CRIM_THB_SEX"},
}


def read(found: object, **options: Any) -> Reading:
    data = found if isinstance(found, bytes) else json.dumps(found).encode()
    limits = options.pop("limits", Limits())
    return json_stat.read(open_bytes(data, name="a.json", limits=limits), **options)


def changed(*way: Any, to: object, found: Any = EUROSTAT) -> Any:
    """Return a data set with another part."""
    whole = deepcopy(found)
    part = whole
    for step in way[:-1]:
        part = part[step]
    part[way[-1]] = to
    return whole


def without(name: str, found: Any = EUROSTAT) -> Any:
    return {key: value for key, value in found.items() if key != name}


def test_only_the_cells_that_are_there_become_rows() -> None:
    reading = read(EUROSTAT)
    table = reading.table
    assert len(table) == reading.log.read == reading.log.used == 5
    assert table.count(sex="female", area="MT", period=2014) == Count.known(10)
    assert table.count(sex="female", area="MT", period=2015) == Count.known(0)
    assert table.count(sex="female", area="RO", period=2015) == Count.known(7)
    assert table.count(sex="male", area="MT", period=2014) == Count.suppressed()
    assert table.count(sex="male", area="MT", period=2015) == Count.not_reported()
    flags = {str(r.period): r.flags for r in table.where(area="MT", sex="female").records()}
    assert flags == {"2014": frozenset(), "2015": frozenset("p")}


def test_publication_is_read_from_the_file() -> None:
    cell = read(EUROSTAT).table.cell(sex="female", area="MT", period=2014)
    expected = Source(
        title="Eurostat CRIM_THB_SEX",
        publisher="Eurostat",
        published="2026-06-11",
        kind="primary",
    )
    assert cell.source == expected
    other = changed("extension", to={}, found={**EUROSTAT, "href": "https://example.org/a"})
    source = read(other).table.cell(sex="female", area="MT", period=2014).source
    assert source is not None
    assert (source.title, source.publisher) == ("Victims of trafficking by sex", "ESTAT")
    assert source.url == "https://example.org/a"
    assert (
        read(without("label", other)).table.cell(sex="female", area="MT", period=2014).source
        is None
    )
    said = read(EUROSTAT, source="Mine").table.cell(sex="female", area="MT", period=2014)
    assert said.source == Source(title="Mine")


DENSE = [10, 0, None, 7, None, None, None, None]
STATUSES = [None, "p", None, "bd", "c", ":", "m", "z"]


@pytest.mark.parametrize(
    "status", [STATUSES, {str(n): s for n, s in enumerate(STATUSES) if s is not None}]
)
def test_in_an_array_every_cell_is_a_row_and_null_is_missing(status: object) -> None:
    dense = {**EUROSTAT, "value": DENSE, "status": status}
    table = read(dense).table
    assert len(table) == 8
    assert table.count(sex="female", area="RO", period=2014) == Count.not_reported()
    assert table.count(sex="male", area="MT", period=2014) == Count.suppressed()
    assert table.count(sex="male", area="RO", period=2014) == Count.not_applicable()
    assert table.count(sex="male", area="RO", period=2015) == Count.not_applicable()
    sparse = {**EUROSTAT, "value": {"0": 10, "1": 0, "2": None, "3": 7}, "status": status}
    assert read(sparse).table == table


@pytest.mark.parametrize("status", ["e", ["e"]])
def test_one_status_is_that_of_all_values(status: object) -> None:
    table = read({**EUROSTAT, "status": status}).table
    assert [record.flags for record in table.records()] == [frozenset("e")] * 3


def test_without_statuses_nothing_is_flagged() -> None:
    assert read(without("status")).table == read({**EUROSTAT, "status": {}}).table


@pytest.mark.parametrize(
    "category",
    [
        {"index": ["F", "M"]},
        {"index": {"F": 0, "M": 1}},
        {"index": {"M": 1, "F": 0}, "label": {"M": "Males", "F": "Females"}, "child": {}},
    ],
)
def test_categories_may_be_an_array_or_numbered(category: object) -> None:
    same = changed("dimension", "sex", "category", to=category)
    assert read(same).table == read(EUROSTAT).table


def test_other_members_of_the_standard_are_ignored() -> None:
    more = deepcopy(EUROSTAT)
    more["note"] = ["Provisional"]
    more["dimension"]["sex"] |= {"href": "https://example.org", "note": ["a"], "extension": {}}
    more["dimension"]["geo"]["category"] |= {"child": {"MT": []}, "coordinates": {"MT": [1, 2]}}
    more["dimension"]["unit"]["category"]["unit"] = {"NR": {"decimals": 0}}
    assert read(more).table == read(EUROSTAT).table


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (12.5, "NOT_WHOLE"),
        (-1, "NEGATIVE"),
        (10**20, "TOO_LARGE"),
        (1e30, "TOO_LARGE"),
        (1e300, "NOT_A_COUNT"),
        (True, "NOT_A_COUNT"),
        ([1], "NOT_A_COUNT"),
        ({"a": 1}, "NOT_A_COUNT"),
        ("many", "NOT_A_COUNT"),
    ],
)
def test_value_that_is_not_a_count_is_rejected(value: object, code: str) -> None:
    reading = read(changed("value", "1", to=value))
    assert reading.log.codes == (code,)
    assert (reading.log.read, reading.log.used) == (5, 4)
    assert "value 1" in reading.log.problems[0].examples[0]


@pytest.mark.parametrize("text", ["12.0", "120e-1", "1.2e1", "12"])
def test_integer_in_any_notation_is_a_count(text: str) -> None:
    data = json.dumps(EUROSTAT).replace('"0": 10', f'"0": {text}').encode()
    assert read(data).table.count(sex="female", area="MT", period=2014) == Count.known(12)


@pytest.mark.parametrize("name", ["value", "status"])
@pytest.mark.parametrize("key", ["8", "01", "-1", "1.0", "", " 1", "1e0", "9" * 5000, "²", "+1"])
def test_a_cell_that_does_not_exist_is_rejected(name: str, key: str) -> None:
    wrong = changed(name, key, to="p")
    reading = read(wrong)
    assert reading.log.codes == ("NO_SUCH_CELL",)
    assert reading.log.problems[0].examples[0].startswith("observation 6: ")
    assert (reading.log.read, reading.log.rejected) == (6, 1)
    assert reading.rejected["(text)"].item().startswith(f"{name}/{key[:40]}")
    assert reading.table == read(EUROSTAT).table
    with pytest.raises(DefectiveFile):
        read(wrong, strict=True)


@pytest.mark.parametrize(
    ("way", "to", "place", "problem"),
    [
        (("version",), "1.3", "/version", "must have version 2"),
        (("version",), None, "/version", "must have version 2"),
        (("class",), "dimension", "/class", "must be 'dataset'"),
        (("class",), 1, "", "must be an object with a class"),
        (("id",), "sex", "/id", "must be an array"),
        (("id",), [], "/id", "0 dimensions"),
        (("id", 0), 1, "/id/0", "must be a string"),
        (("id", 0), "SEX", "/id", "must be unique"),
        (("id",), ["a"] * 101, "/id", "1 to 100 dimensions"),
        (("size",), [1], "/size", "6 sizes, one for each dimension, got 1"),
        (("size", 3), 3, "/dimension/sex/category", "3 categories, as in size, got 2"),
        (("size", 3), -1, "/size/3", "must be an integer"),
        (("size", 3), True, "/size/3", "must be an integer"),
        (("size", 3), 10**30, "/size/3", "must be an integer"),
        (("dimension",), [], "/dimension", "must be an object"),
        (("dimension", "sex"), None, "/dimension/sex/category", "must have categories"),
        (("dimension", "sex", "category"), [], "/dimension/sex/category", "must have categories"),
        (
            ("dimension", "sex", "category"),
            {"label": {"F": "Females", "M": "Males"}},
            "/dimension/sex/category",
            "must have categories",
        ),
        (
            ("dimension", "sex", "category", "index"),
            ["F", "F"],
            "/dimension/sex/category/index",
            "must be unique",
        ),
        (
            ("dimension", "sex", "category", "index"),
            [1, 2],
            "/dimension/sex/category/index/0",
            "must be a string",
        ),
        (
            ("dimension", "sex", "category", "index"),
            {"F": 0, "M": 0},
            "/dimension/sex/category/index",
            "positions of categories",
        ),
        (
            ("dimension", "sex", "category", "index", "M"),
            2,
            "/dimension/sex/category/index/M",
            "must be an integer",
        ),
        (("value",), [1, 2], "/value", "8 entries, one for each cell, got 2"),
        (("value",), 1, "/value", "must be an array or an object"),
        (("value",), None, "/value", "must be an array or an object"),
        (("status",), ["p", "p"], "/status", "8 entries, one for each cell, got 2"),
        (("status",), 5, "/status", "must be an array or an object"),
    ],
)
def test_invalid_structure_is_rejected_with_its_path(
    way: Any, to: object, place: str, problem: str
) -> None:
    with pytest.raises(InvalidFile, match=problem) as caught:
        read(changed(*way, to=to))
    assert caught.value.field == place


def test_a_dimension_called_as_a_measure_is_refused() -> None:
    wrong = json.loads(json.dumps(EUROSTAT).replace('"freq"', '"Value"'))
    with pytest.raises(InvalidFile, match="must not be the name of a measure"):
        read(wrong)


def test_response_without_data_is_rejected() -> None:
    with pytest.raises(InvalidFile, match="must contain data"):
        read({"error": [{"status": 404, "label": "Not found"}]})
    with pytest.raises(InvalidFile, match="must contain data"):
        read({"warning": {"status": 413, "label": "ASYNCHRONOUS_RESPONSE"}})
    with pytest.raises(InvalidFile, match="must be JSON-stat"):
        read([])


# Another publisher's dimensions: ids of its own, and roles that say where and when.
OTHER: dict[str, Any] = {
    "version": "2.0",
    "class": "dataset",
    "label": "Victims",
    "id": ["Region", "Tid", "Kon"],
    "size": [1, 2, 1],
    "role": {"time": ["Tid"], "geo": ["Region"]},
    "dimension": {
        "Region": {"category": {"label": {"SE": "Sweden"}}},
        "Tid": {"category": {"index": ["2019", "2020"]}},
        "Kon": {"category": {"label": {"2": "women"}}},
    },
    "value": [3, 4],
}


def test_roles_name_the_time_and_the_place() -> None:
    declare = Declaration(columns={"Kon": "sex"}, recode={"Kon": {"2": "female"}})
    table = read(OTHER, declare=declare, kind="victims").table
    assert table.count(area="SE", period=2020, sex="female") == Count.known(4)


def test_declaration_of_the_user_overrides_the_roles() -> None:
    declare = Declaration(
        columns={"Kon": "sex", "tid": "period", "region": "area"},
        recode={"kon": {"2": "female"}, "region": {"SE": "NO"}},
    )
    table = read(OTHER, declare=declare, kind="victims").table
    assert table.count(area="NO", period=2020, sex="female") == Count.known(4)


@pytest.mark.parametrize(
    "role", [None, [], {"time": "Tid"}, {"time": ["Tid", "Kon"]}, {"time": [[]]}]
)
def test_a_role_that_names_no_one_dimension_names_none(role: object) -> None:
    with pytest.raises(ThbstatsError, match="must be declared"):
        read({**OTHER, "role": role}, kind="victims")


def collection(*items: object) -> dict[str, Any]:
    return {"version": "2.0", "class": "collection", "link": {"item": list(items)}}


def moved(area: str) -> dict[str, Any]:
    """Return the data of other areas, so that no cell is the same."""
    text = json.dumps(EUROSTAT).replace('"MT"', f'"{area}"').replace('"RO"', f'"{area}"')
    found: dict[str, Any] = json.loads(text)
    found["size"][4] = 1
    found["dimension"]["geo"] = {"category": {"index": [area]}}
    found["value"], found["status"] = {"0": 1, "01": 2}, {}
    found["label"] = area
    return found


def test_the_data_sets_of_a_collection_are_united() -> None:
    nested = collection(moved("FR"), collection(moved("DE")))
    reading = read(collection(EUROSTAT, nested))
    assert set(reading.table.categories("area")) == {"MT", "RO", "FR", "DE"}
    assert (reading.log.read, reading.log.used) == (9, 7)
    assert len(reading.rejected) == 2
    lines = {line for problem in reading.log.problems for line in problem.lines.tolist()}
    assert lines == {7, 9}
    with pytest.raises(DefectiveFile):
        read(collection(EUROSTAT, nested), strict=True)


def test_tables_of_several_kinds_are_a_data_set() -> None:
    text = json.dumps(EUROSTAT).replace("PER_VICT", "PER_CNV")
    data = read(collection(EUROSTAT, json.loads(text))).data
    assert [table.kind for table in data.tables()] == ["victims", "justice"]


def test_one_cell_in_two_data_sets_is_refused_and_one_can_be_chosen() -> None:
    twice = collection(moved("FR"), moved("DE"), moved("DE"))
    with pytest.raises(InvalidFile, match="describe the same cell"):
        read(twice)
    assert read(twice, dataset=1).table == read(twice, dataset="DE").table
    assert read(twice, dataset="FR").table.categories("area") == ("FR",)
    with pytest.raises(InvalidValue, match="0: FR; 1: DE; 2: DE"):
        read(twice, dataset="IT")


def test_links_are_noted_and_not_followed() -> None:
    link = {"class": "dataset", "href": "https://example.org/b.json"}
    reading = read(collection(EUROSTAT, link))
    assert reading.table == read(EUROSTAT).table
    assert any("https://example.org/b.json" in note for note in reading.log.notes)
    with pytest.raises(InvalidFile, match="not only links"):
        read(collection(link))
    with pytest.raises(InvalidFile, match="not only links"):
        read(collection())


@pytest.mark.parametrize("item", [None, 1, [], {}, {"class": 1}, {"class": "dimension"}])
def test_an_item_of_no_class_is_refused(item: object) -> None:
    with pytest.raises(InvalidFile) as caught:
        read(collection(EUROSTAT, item))
    assert str(caught.value.field).startswith("/link/item/1")


def huge(dimensions: int, size: int) -> dict[str, Any]:
    """Return a cube of size ** dimensions cells, of which two are there."""
    more = [f"d{n}" for n in range(dimensions)]
    found = deepcopy(EUROSTAT)
    found["id"] = [*more, *EUROSTAT["id"]]
    found["size"] = [*[size] * dimensions, *EUROSTAT["size"]]
    for name in more:
        found["dimension"][name] = {"category": {"index": [f"c{n}" for n in range(size)]}}
    cells = size**dimensions * 8
    found["value"] = {"0": 1, str(cells - 1): 2}
    found["status"] = {}
    return found


@pytest.mark.parametrize(("dimensions", "size"), [(3, 1000), (30, 1000)])
def test_cost_of_a_cube_depends_on_its_cells_only(dimensions: int, size: int) -> None:
    data = json.dumps(huge(dimensions, size)).encode()
    before = time.perf_counter()
    frame = json_stat.observations(open_bytes(data))
    assert time.perf_counter() - before < 5
    assert frame["d0"].tolist() == ["c0", "c999"]
    assert frame["geo"].tolist() == ["MT", "RO"]
    assert frame["value"].tolist() == ["1", "2"]


def test_more_cells_than_the_limit_are_refused() -> None:
    days = {"category": {"index": [str(n) for n in range(200)]}}
    wide = {**changed("dimension", "Tid", to=days, found=OTHER), "size": [1, 200, 1]}
    with pytest.raises(InvalidFile, match="at most 600 cells"):
        read({**wide, "value": [1] * 200}, limits=Limits(cells=600))
    with pytest.raises(InvalidFile, match="at most 300 values"):
        read({**wide, "value": [1] * 200}, limits=Limits(values=300))


def test_an_empty_cube_is_an_empty_table() -> None:
    empty = changed("dimension", "geo", "category", to={"index": []})
    empty = {**empty, "size": [1, 1, 1, 2, 0, 2], "value": [], "status": {}}
    assert read(empty).log.read == 0


figures = st.tuples(st.none() | st.integers(0, 10**6), st.sampled_from(["", "p", "c", "bd", "z"]))


@given(
    axes=st.tuples(
        st.lists(st.sampled_from(["T", "F", "M", "UNK"]), unique=True, min_size=1),
        st.lists(st.sampled_from(["MT", "RO", "EL"]), unique=True, min_size=1),
        st.lists(st.sampled_from(["2014", "2015", "2016"]), unique=True, min_size=1),
    ),
    data=st.data(),
)
def test_the_same_data_are_the_same_in_every_format_of_eurostat(
    axes: Any, data: st.DataObject
) -> None:
    cells = [(key, data.draw(figures)) for key in itertools.product(*axes)]
    files = [
        (json_stat, open_bytes(as_json(axes, cells))),
        (sdmx_csv, open_bytes(as_csv(cells))),
        (eurostat_tsv, open_bytes(as_tsv(axes, cells))),
    ]
    tables = [module.read(file, source="Eurostat").table for module, file in files]
    assert tables[0] == tables[1] == tables[2]
    frames = [module.observations(file) for module, file in files]
    for frame in frames[1:]:
        pd.testing.assert_frame_equal(frame, frames[0])
    # The first two also say themselves where they come from.
    assert json_stat.read(files[0][1]).table == sdmx_csv.read(files[1][1]).table


def as_json(axes: Any, cells: Any) -> bytes:
    cube = deepcopy(EUROSTAT)
    cube["size"] = [1, 1, 1, *map(len, axes)]
    for id_, codes in zip(("sex", "geo", "time"), axes, strict=True):
        cube["dimension"][id_] = {"category": {"index": codes}}
    cube["value"] = {str(n): value for n, (_, (value, _)) in enumerate(cells) if value is not None}
    told = {str(n): flag or ":" for n, (_, (value, flag)) in enumerate(cells) if value is None}
    flags = {str(n): flag for n, (_, (_, flag)) in enumerate(cells) if flag}
    cube["status"] = {**told, **flags}
    return json.dumps(cube).encode()


def as_csv(cells: Any) -> bytes:
    lines = ["DATAFLOW,LAST UPDATE,freq,unit,leg_stat,sex,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG"]
    start = "ESTAT:CRIM_THB_SEX(1.0),11/06/26 11:00:00,A,NR,PER_VICT"
    for key, (value, flag) in cells:
        lines.append(f"{start},{','.join(key)},{'' if value is None else value},{flag}")
    return "\n".join(lines).encode()


def as_tsv(axes: Any, cells: Any) -> bytes:
    found = {key: f"{':' if value is None else value} {flag}" for key, (value, flag) in cells}
    lines = ["\t".join(["freq,unit,leg_stat,sex,geo\\TIME_PERIOD", *(f"{t} " for t in axes[2])])]
    for sex, geo in itertools.product(*axes[:2]):
        row = [found[sex, geo, period] for period in axes[2]]
        lines.append("\t".join([f"A,NR,PER_VICT,{sex},{geo}", *row]))
    return "\r\n".join(lines).encode()


def test_observations_of_a_collection_need_a_choice() -> None:
    several = open_bytes(json.dumps(collection(moved("FR"), moved("DE"))).encode())
    with pytest.raises(InvalidValue, match="has 2 data sets"):
        json_stat.observations(several)
    assert json_stat.observations(several, dataset=1)["geo"].tolist() == ["DE"]


@given(table=tables())
def test_written_file_is_read_without_change(
    tmp_path_factory: pytest.TempPathFactory, table: CountTable
) -> None:
    path = tmp_path_factory.mktemp("json") / "a.json"
    report = json_stat.write(table, path)
    reading = json_stat.read(path)
    assert reading.table == table
    assert report.lossless
    assert report.rows == reading.log.read == reading.log.used == len(table)
    assert json_stat.recognise(open_bytes(path.read_bytes()))


TABLE = CountTable.from_rows(
    [
        ("female", 12, "e", "A report"),
        ("male", Count.suppressed(), "p", None),
        ("other", Count.fewer_than(5), "", None),
        ("unknown", Count(6, 6, Reason.ROUNDED), "", None),
        ("total", Count.not_applicable(), "z", None),
    ],
    columns=("sex", "value", "flags", "source"),
    kind="victims",
    area="MT",
    period=2015,
)


@pytest.fixture
def written(tmp_path: Path) -> Callable[[], Any]:
    json_stat.write(TABLE, tmp_path / "a.json")
    return lambda: json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))


def test_other_programs_see_points_as_values_and_else_a_status(written: Callable[[], Any]) -> None:
    found = written()
    sexes = list(found["dimension"]["sex"]["category"]["index"])
    assert found["size"] == [
        len(found["dimension"][id_]["category"]["index"]) for id_ in found["id"]
    ]
    assert {sexes[int(n)]: value for n, value in found["value"].items()} == {
        "female": 12,
        "unknown": 6,
    }
    assert {sexes[int(n)]: status for n, status in found["status"].items()} == {
        "female": "e",
        "male": ":cp",
        "other": ":",
        "total": ":z",
    }
    assert found["id"][-2:] == ["geo", "time"]
    assert found["dimension"]["geo"]["category"]["label"] == {"MT": "Malta"}
    assert found["extension"]["status"]["label"][":cp"] == (
        "not known exactly; confidential; provisional"
    )


def test_log_lists_features_that_other_programs_do_not_read(tmp_path: Path) -> None:
    report = json_stat.write(TABLE, tmp_path / "a.json")
    assert [(loss.code, loss.rows, loss.is_lost) for loss in report.unsupported] == [
        ("NO_ENDS", 4, False),
        ("NO_ORIGIN", 5, False),
    ]
    plain = CountTable.from_rows([{"value": 1}], kind="victims", area="MT", period=2015)
    assert json_stat.write(plain, tmp_path / "b.json").unsupported == ()


def test_countries_and_groups_of_citizenship_have_names(tmp_path: Path) -> None:
    rows = [("NG", 1), ("eu", 2)]
    table = CountTable.from_rows(
        rows, columns=("citizenship", "value"), kind="victims", area="EU28", period=2015
    )
    json_stat.write(Dataset(victims=table), tmp_path / "a.json")
    found = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    labels = found["dimension"]["citizenship"]["category"]["label"]
    assert labels["NG"] == "Nigeria"
    assert set(labels) == {"NG", "eu"}
    assert found["dimension"]["time"]["category"]["label"] == {"2015": "2015"}


def test_a_value_that_was_changed_disagrees_with_its_ends(written: Callable[[], Any]) -> None:
    found = written()
    number = next(n for n, value in found["value"].items() if value == 6)
    reading = read(changed("value", number, to=7, found=found))
    assert (reading.log.count_rows("NOT_A_COUNT"), reading.log.used) == (1, 4)
    number = next(n for n, value in found["value"].items() if value == 12)
    table = read(changed("value", number, to=13, found=found)).table
    assert table.count(sex="female") == Count.known(13)


def test_a_newer_version_is_refused_by_name(written: Callable[[], Any]) -> None:
    newer = changed("extension", "thbstats", to={"schema_version": 2, "b": 1}, found=written())
    with pytest.raises(InvalidFile, match="must have at most version 1, got 2") as caught:
        read(newer)
    assert caught.value.field == "/extension/thbstats/schema_version"


OWN = ("extension", "thbstats")


@pytest.mark.parametrize(
    ("way", "to", "place", "problem"),
    [
        (OWN, [], "/extension/thbstats", "must be an object"),
        ((*OWN, "more"), 1, "/extension/thbstats/more", "must be a known member"),
        ((*OWN, "kind"), "victim", "/extension/thbstats/kind", "must be a kind"),
        ((*OWN, "kind"), "justice", "/id", "must be the dimensions"),
        ((*OWN, "counts"), [], "/extension/thbstats/counts", "must be an object"),
        (
            (*OWN, "counts", "9"),
            [0, 1, "rounded"],
            "/extension/thbstats/counts/9",
            "must be the number of a cell",
        ),
        ((*OWN, "counts", "3"), [0, 1], "/extension/thbstats/counts/3", "must be a count"),
        (
            (*OWN, "counts", "3"),
            [-1, 1, "a"],
            "/extension/thbstats/counts/3/0",
            "must be an integer",
        ),
        (
            (*OWN, "counts", "3"),
            [0, "1", "a"],
            "/extension/thbstats/counts/3/1",
            "must be an integer",
        ),
        ((*OWN, "counts", "3"), [0, 1, None], "/extension/thbstats/counts/3/2", "must be a string"),
        ((*OWN, "flags", "3"), 1, "/extension/thbstats/flags/3", "must be a string"),
        ((*OWN, "origin"), 7, "/extension/thbstats/origin", "must be an integer"),
        (
            (*OWN, "origin"),
            {"1": 0},
            "/extension/thbstats/origin",
            "must include all cells, 4 are missing",
        ),
        ((*OWN, "origin", "0"), 9, "/extension/thbstats/origin/0", "must be an integer"),
        ((*OWN, "origins", 0), 1, "/extension/thbstats/origins/0", "must be an object"),
    ],
)
def test_invalid_extension_is_rejected_with_its_path(
    written: Callable[[], Any], way: Any, to: object, place: str, problem: str
) -> None:
    with pytest.raises(InvalidFile, match=problem) as caught:
        read(changed(*way, to=to, found=written()))
    assert caught.value.field == place


@pytest.mark.parametrize("ends", [[5, 1, "rounded"], [0, 2**60, "rounded"], [0, 1, "maybe"]])
def test_bounds_that_are_not_a_count_are_rejected(written: Callable[[], Any], ends: Any) -> None:
    found = written()
    number = next(n for n in found["status"] if found["status"][n] == ":")
    reading = read(changed(*OWN, "counts", number, to=ends, found=found))
    assert (reading.log.read, reading.log.used) == (5, 4)


def test_format_is_recognised_by_class_and_version_in_any_position() -> None:
    late = {name: EUROSTAT[name] for name in reversed(list(EUROSTAT))}
    late["label"] = "x" * (1 << 17)
    late = {"label": late.pop("label"), **late}
    for found in (EUROSTAT, late, {**EUROSTAT, "version": 2.0}, collection(EUROSTAT)):
        assert json_stat.recognise(open_bytes(json.dumps(found).encode()))
    for other in (
        b"[]",
        b"{}",
        b'{"class": "dataset"}',
        b'{"class": "dataset", "version": "1.3"}',
        b'{"class": "dimension", "version": "2.0"}',
        b'{"class": "data", "version": "2.0"',
        b"class,version",
    ):
        assert not json_stat.recognise(open_bytes(other))


def test_a_data_set_of_several_tables_does_not_fit(tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match="exactly one table"):
        json_stat.write(Dataset(), tmp_path / "a.json")


def test_unknown_dimension_is_reported_with_its_codes() -> None:
    found = json.loads(json.dumps(EUROSTAT).replace('"sex"', '"gender"'))
    with pytest.raises((InvalidValue, UnknownName), match="gender"):
        read(found)


parts = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 2**70)
    | st.floats(allow_nan=False, width=32)
    | st.sampled_from(["", "time", "F", "dataset", "collection", "2.0", "p"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["0", "1", "a", "class", "link"]), inner)
    ),
    max_leaves=4,
)


@given(st.data(), st.booleans())
def test_any_part_may_be_of_any_type_and_is_read_or_refused(data: st.DataObject, own: bool) -> None:
    whole: Any = json.loads(OWN_TEXT) if own else deepcopy(EUROSTAT)
    part = whole
    while True:
        steps = sorted(part) if isinstance(part, dict) else list(range(len(part)))
        step = data.draw(st.sampled_from(steps))
        if not isinstance(part[step], dict | list) or not part[step] or data.draw(st.booleans()):
            break
        part = part[step]
    part[step] = data.draw(parts)
    with contextlib.suppress(ThbstatsError):
        reading = read(json.loads(json.dumps(whole).replace("Infinity", "1")))
        assert reading.log.read == reading.log.used + len(reading.rejected)


@given(st.data())
def test_a_broken_file_is_refused_and_no_crash(data: st.DataObject) -> None:
    whole = bytearray(json.dumps(EUROSTAT).encode())
    cut = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(InvalidFile):
        read(bytes(whole[:cut]))
    for place in data.draw(st.lists(st.integers(0, len(whole) - 1), max_size=3)):
        whole[place] = data.draw(st.integers(0, 255))
    with contextlib.suppress(ThbstatsError):
        read(bytes(whole))


def _own_text() -> str:
    from thbstats.sources._json_stat_extension import document_of as document

    return json.dumps(document(TABLE))


OWN_TEXT = _own_text()
