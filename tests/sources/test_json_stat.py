"""JSON-stat: structure, cells, collections and the extension of this library."""

import contextlib
import json
import time
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sources.documents import changed, changed_anywhere, parts
from tests.sources.test_thbstats_json import COURTS, JUDGEMENTS
from thbstats.errors import (
    DefectiveFile,
    InvalidFile,
    InvalidValue,
    ThbstatsError,
    UnknownName,
)
from thbstats.files import Declaration, Limits, Reading, open_bytes
from thbstats.records import Source
from thbstats.sources import json_stat, observations
from thbstats.sources.json_stat import document_of
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


def read(content: object, **options: Any) -> Reading:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    limits = options.pop("limits", Limits())
    return json_stat.read(open_bytes(data, name="a.json", limits=limits), **options)


def without(name: str, cube: Any = EUROSTAT) -> Any:
    return {key: value for key, value in cube.items() if key != name}


def test_only_cells_in_the_file_become_rows() -> None:
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
    other = changed({**EUROSTAT, "href": "https://example.org/a"}, "extension", {})
    source = read(other).table.cell(sex="female", area="MT", period=2014).source
    assert source is not None
    assert (source.title, source.publisher) == ("Victims of trafficking by sex", "ESTAT")
    assert source.url == "https://example.org/a"
    assert (
        read(without("label", other)).table.cell(sex="female", area="MT", period=2014).source
        is None
    )
    own = read(EUROSTAT, source="Mine").table.cell(sex="female", area="MT", period=2014)
    assert own.source == Source(title="Mine")


DENSE = [10, 0, None, 7, None, None, None, None]
STATUSES = [None, "p", None, "bd", "c", ":", "m", "z"]


@pytest.mark.parametrize(
    "status", [STATUSES, {str(n): s for n, s in enumerate(STATUSES) if s is not None}]
)
def test_array_has_a_row_for_every_cell_and_null_is_missing(status: object) -> None:
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
def test_single_status_applies_to_all_values(status: object) -> None:
    table = read({**EUROSTAT, "status": status}).table
    assert [record.flags for record in table.records()] == [frozenset("e")] * 3


def test_file_without_statuses_has_no_flags() -> None:
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
    same = changed(EUROSTAT, "dimension/sex/category", category)
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
    reading = read(changed(EUROSTAT, "value/1", value))
    assert reading.log.codes == (code,)
    assert (reading.log.read, reading.log.used) == (5, 4)
    assert "value 1" in reading.log.problems[0].examples[0]


@pytest.mark.parametrize("text", ["12.0", "120e-1", "1.2e1", "12"])
def test_integer_in_any_notation_is_a_count(text: str) -> None:
    data = json.dumps(EUROSTAT).replace('"0": 10', f'"0": {text}').encode()
    assert read(data).table.count(sex="female", area="MT", period=2014) == Count.known(12)


@pytest.mark.parametrize("name", ["value", "status"])
@pytest.mark.parametrize("key", ["8", "01", "-1", "1.0", "", " 1", "1e0", "9" * 5000, "²", "+1"])
def test_value_outside_of_the_cube_is_rejected(name: str, key: str) -> None:
    wrong = {**EUROSTAT, name: {**EUROSTAT[name], key: "p"}}
    reading = read(wrong)
    assert reading.log.codes == ("NO_SUCH_CELL",)
    assert reading.log.problems[0].examples[0].startswith("observation 6: ")
    assert (reading.log.read, reading.log.rejected) == (6, 1)
    assert reading.rejected["(text)"].item().startswith(f"{name}/{key[:40]}")
    assert reading.table == read(EUROSTAT).table
    with pytest.raises(DefectiveFile):
        read(wrong, strict=True)


@pytest.mark.parametrize(
    ("path", "to", "field", "problem"),
    [
        ("version", "1.3", "", "must have version 2"),
        ("version", None, "", "must have version 2"),
        ("class", "dimension", "", "must be 'dataset'"),
        ("class", 1, "root", "must be an object with a class"),
        ("id", "sex", "", "must be an array"),
        ("id", [], "", "0 dimensions"),
        ("id/0", 1, "", "must be a string"),
        ("id/0", "SEX", "id", "must be unique"),
        ("id", ["a"] * 101, "", "1 to 100 dimensions"),
        ("size", [1], "", "6 sizes, one for each dimension, got 1"),
        ("size/3", 3, "dimension/sex/category", "3 categories, as in size, got 2"),
        ("size/3", -1, "", "must be an integer"),
        ("size/3", True, "", "must be an integer"),
        ("size/3", 10**30, "", "must be an integer"),
        ("dimension", [], "", "must be an object"),
        ("dimension/sex", None, "dimension/sex/category", "must have categories"),
        ("dimension/sex/category", [], "", "must have categories"),
        ("dimension/sex/category", {"label": {"F": "Females", "M": "Males"}}, "",
         "must have categories"),
        ("dimension/sex/category/index", ["F", "F"], "", "must be unique"),
        ("dimension/sex/category/index", [1, 2], "dimension/sex/category/index/0",
         "must be a string"),
        ("dimension/sex/category/index", {"F": 0, "M": 0}, "", "positions of categories"),
        ("dimension/sex/category/index/M", 2, "", "must be an integer"),
        ("value", [1, 2], "", "8 entries, one for each cell, got 2"),
        ("value", 1, "", "must be an array or an object"),
        ("value", None, "", "must be an array or an object"),
        ("status", ["p", "p"], "", "8 entries, one for each cell, got 2"),
        ("status", 5, "", "must be an array or an object"),
    ],
)  # fmt: skip
def test_invalid_structure_is_rejected_with_its_path(
    path: str, to: object, field: str, problem: str
) -> None:
    with pytest.raises(InvalidFile, match=problem) as caught:
        read(changed(EUROSTAT, path, to))
    assert caught.value.field == ("" if field == "root" else f"/{field or path}")


def test_dimension_with_the_name_of_a_measure_is_an_error() -> None:
    wrong = json.loads(json.dumps(EUROSTAT).replace('"freq"', '"Value"'))
    with pytest.raises(InvalidFile, match="must not be the name of a measure"):
        read(wrong)


def test_response_without_data_is_rejected() -> None:
    with pytest.raises(InvalidFile, match="must contain data"):
        read({"error": [{"status": 404, "label": "Not cube"}]})
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


def test_roles_identify_time_and_area() -> None:
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
def test_ambiguous_role_is_ignored(role: object) -> None:
    with pytest.raises(ThbstatsError, match="must be declared"):
        read({**OTHER, "role": role}, kind="victims")


def collection(*items: object) -> dict[str, Any]:
    return {"version": "2.0", "class": "collection", "link": {"item": list(items)}}


def moved(area: str) -> dict[str, Any]:
    """Return the data of other areas, so that no cell is the same."""
    text = json.dumps(EUROSTAT).replace('"MT"', f'"{area}"').replace('"RO"', f'"{area}"')
    cube: dict[str, Any] = json.loads(text)
    cube["size"][4] = 1
    cube["dimension"]["geo"] = {"category": {"index": [area]}}
    cube["value"], cube["status"] = {"0": 1, "01": 2}, {}
    cube["label"] = area
    return cube


def test_data_sets_of_a_collection_are_merged() -> None:
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


def test_repeated_cell_is_an_error_unless_a_data_set_is_selected() -> None:
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
def test_item_without_class_is_an_error(item: object) -> None:
    with pytest.raises(InvalidFile) as caught:
        read(collection(EUROSTAT, item))
    assert str(caught.value.field).startswith("/link/item/1")


def huge(dimensions: int, size: int) -> dict[str, Any]:
    """Return a cube of size ** dimensions cells, of which two are there."""
    more = [f"d{n}" for n in range(dimensions)]
    cube = deepcopy(EUROSTAT)
    cube["id"] = [*more, *EUROSTAT["id"]]
    cube["size"] = [*[size] * dimensions, *EUROSTAT["size"]]
    for name in more:
        cube["dimension"][name] = {"category": {"index": [f"c{n}" for n in range(size)]}}
    cells = size**dimensions * 8
    cube["value"] = {"0": 1, str(cells - 1): 2}
    cube["status"] = {}
    return cube


@pytest.mark.parametrize(("dimensions", "size"), [(3, 1000), (30, 1000)])
def test_cost_of_a_cube_depends_on_its_cells_only(dimensions: int, size: int) -> None:
    data = json.dumps(huge(dimensions, size)).encode()
    before = time.perf_counter()
    frame = observations(open_bytes(data))
    assert time.perf_counter() - before < 5
    assert frame["d0"].tolist() == ["c0", "c999"]
    assert frame["geo"].tolist() == ["MT", "RO"]
    assert frame["value"].tolist() == ["1", "2"]


def test_cells_above_the_limit_are_an_error() -> None:
    days = {"category": {"index": [str(n) for n in range(200)]}}
    wide = {**changed(OTHER, "dimension/Tid", days), "size": [1, 200, 1]}
    with pytest.raises(InvalidFile, match="at most 600 cells"):
        read({**wide, "value": [1] * 200}, limits=Limits(cells=600))
    with pytest.raises(InvalidFile, match="at most 300 values"):
        read({**wide, "value": [1] * 200}, limits=Limits(values=300))


def test_an_empty_cube_is_an_empty_table() -> None:
    empty = changed(EUROSTAT, "dimension/geo/category", {"index": []})
    empty = {**empty, "size": [1, 1, 1, 2, 0, 2], "value": [], "status": {}}
    assert read(empty).log.read == 0


def test_observations_of_a_collection_require_a_data_set() -> None:
    several = open_bytes(json.dumps(collection(moved("FR"), moved("DE"))).encode())
    with pytest.raises(InvalidValue, match="has 2 data sets"):
        observations(several)
    assert observations(several, dataset=1)["geo"].tolist() == ["DE"]


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


WRITTEN: Any = json.loads(json.dumps(document_of(TABLE)))


def test_exact_counts_are_values_and_others_have_a_status() -> None:
    sexes = list(WRITTEN["dimension"]["sex"]["category"]["index"])
    assert WRITTEN["size"] == [
        len(WRITTEN["dimension"][id_]["category"]["index"]) for id_ in WRITTEN["id"]
    ]
    assert {sexes[int(n)]: value for n, value in WRITTEN["value"].items()} == {
        "female": 12,
        "unknown": 6,
    }
    assert {sexes[int(n)]: status for n, status in WRITTEN["status"].items()} == {
        "female": "e",
        "male": ":cp",
        "other": ":",
        "total": ":z",
    }
    assert WRITTEN["id"][-2:] == ["geo", "time"]
    assert WRITTEN["dimension"]["geo"]["category"]["label"] == {"MT": "Malta"}
    assert WRITTEN["extension"]["status"]["label"][":cp"] == (
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
    document = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    labels = document["dimension"]["citizenship"]["category"]["label"]
    assert labels["NG"] == "Nigeria"
    assert set(labels) == {"NG", "eu"}
    assert document["dimension"]["time"]["category"]["label"] == {"2015": "2015"}


def test_changed_value_is_an_error_with_its_cell() -> None:
    for before, after in ((6, 7), (12, 13), (12, "x")):
        number = next(n for n, value in WRITTEN["value"].items() if value == before)
        with pytest.raises(InvalidFile, match="must be the count in extension") as caught:
            read(changed(WRITTEN, f"value/{number}", after))
        assert caught.value.field == f"/value/{number}"


def test_declaration_of_a_file_of_this_library_is_an_error() -> None:
    with pytest.raises(InvalidValue, match="must not be passed for JSON-stat"):
        read(WRITTEN, area="MT")


def test_newer_version_is_an_error() -> None:
    newer = changed(WRITTEN, OWN, {"schema_version": 3, "b": 1})
    with pytest.raises(InvalidFile, match="must have at most version 2, got 3") as caught:
        read(newer)
    assert caught.value.field == "/extension/thbstats/schema_version"


OWN = "extension/thbstats"


@pytest.mark.parametrize(
    ("path", "to", "field", "problem"),
    [
        (OWN, [], "", "must be an object"),
        (f"{OWN}/more", 1, "", "must be a known member"),
        (f"{OWN}/kind", "victim", "", "must be a kind"),
        (f"{OWN}/kind", "justice", "id", "must be the dimensions"),
        (f"{OWN}/counts", [], "", "must be a known member"),
        (f"{OWN}/lower", {}, "", "must be an array"),
        (f"{OWN}/lower", [1], f"{OWN}/rows", "must be the number of counts, 1"),
        (f"{OWN}/lower/0", -1, "", "must be an integer"),
        (f"{OWN}/upper/1", "1", "", "must be an integer"),
        (f"{OWN}/reason/categories/0", "a", "", "must be a reason"),
        (f"{OWN}/flags/codes/3", "x", "", "must be an integer"),
        (f"{OWN}/origin", 7, "", "must be an integer"),
        (f"{OWN}/origin", [0], "", "must have 5 values"),
        (f"{OWN}/origin/0", 9, "", "must be an integer"),
        ("status", {}, f"{OWN}/lower", "must have 2 rows"),
        (f"{OWN}/origins/0", 1, "", "must be an object"),
    ],
)  # fmt: skip
def test_invalid_extension_is_rejected_with_its_path(
    path: str, to: object, field: str, problem: str
) -> None:
    with pytest.raises(InvalidFile, match=problem) as caught:
        read(changed(WRITTEN, path, to))
    assert caught.value.field == f"/{field or path}"


def test_dimensions_of_users_have_labels_and_their_classification() -> None:
    document = document_of(JUDGEMENTS)
    recruiter = document["dimension"]["recruiter"]
    assert recruiter["label"] == "Relation of the recruiter"
    assert recruiter["category"]["label"] == {"total": "Total", "partner": "Partner"}
    assert document["extension"]["thbstats"]["schema_version"] == 2
    table = read(document).table
    assert table == JUDGEMENTS
    assert table.columns.schema.classifications == COURTS.classifications


@pytest.mark.parametrize(
    ("path", "to", "field", "problem"),
    [
        ("classifications", 5, f"{OWN}/classifications", "must be an array"),
        ("classifications", [], "id", "must be the dimensions of the kind of count"),
        ("classifications/0", 5, f"{OWN}/classifications/0", "must be an object"),
        ("classifications/0/name", "means", "id", "must be the dimensions"),
        (
            "classifications/0/categories/partner/parent",
            "uncle",
            f"{OWN}/classifications/0/categories/partner/parent",
            "must be a category",
        ),
        ("classifications/1/name", "recruiter", f"{OWN}/classifications", "must be unique"),
    ],
)
def test_invalid_classification_is_an_error_with_its_path(
    path: str, to: object, field: str, problem: str
) -> None:
    with pytest.raises(InvalidFile, match=problem) as caught:
        read(changed(document_of(JUDGEMENTS), f"{OWN}/{path}", to))
    assert caught.value.field == f"/{field}"


def test_code_without_a_category_is_an_error_with_its_path() -> None:
    categories = changed(
        document_of(JUDGEMENTS)["extension"]["thbstats"]["classifications"],
        "0/categories",
        {"family": {}},
    )
    with pytest.raises(InvalidFile, match="must be a code of Recruiter") as caught:
        read(changed(document_of(JUDGEMENTS), f"{OWN}/classifications", categories))
    assert caught.value.field == "/dimension/recruiter/category/1"


@pytest.mark.parametrize(("lower", "upper"), [(5, 1), (0, 2**60)])
def test_bounds_that_are_not_a_count_are_an_error(lower: int, upper: int) -> None:
    document = changed(WRITTEN, f"{OWN}/lower/1", lower)
    with pytest.raises(InvalidFile, match="upper"):
        read(changed(document, f"{OWN}/upper/1", upper))


def test_format_is_recognised_by_class_and_version_in_any_position() -> None:
    late = {name: EUROSTAT[name] for name in reversed(list(EUROSTAT))}
    late["label"] = "x" * (1 << 17)
    late = {"label": late.pop("label"), **late}
    for cube in (EUROSTAT, late, {**EUROSTAT, "version": 2.0}, collection(EUROSTAT)):
        assert json_stat.recognise(open_bytes(json.dumps(cube).encode()))
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


def test_unknown_dimension_is_reported_with_its_codes() -> None:
    cube = json.loads(json.dumps(EUROSTAT).replace('"sex"', '"gender"'))
    with pytest.raises((InvalidValue, UnknownName), match="gender"):
        read(cube)


PARTS = parts(
    *("time", "F", "dataset", "collection", "2.0", "p"),
    keys=st.sampled_from(["0", "1", "a", "class", "link"]),
)


@pytest.mark.parametrize("document", [WRITTEN, EUROSTAT])
@given(data=st.data())
def test_part_of_any_type_is_read_or_an_error(document: Any, data: st.DataObject) -> None:
    text = json.dumps(changed_anywhere(data, document, PARTS)).replace("Infinity", "1")
    with contextlib.suppress(ThbstatsError):
        reading = read(json.loads(text))
        assert reading.log.read == reading.log.used + len(reading.rejected)
