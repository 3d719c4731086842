"""SDMX structures: complete classifications, ids that resolve, and hostile files."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.sources.test_thbstats_json import COURTS, JUDGEMENTS, VICTIMS
from tests.strategies import schemas, tables
from thbstats import read, write
from thbstats.errors import InvalidFile, InvalidValue, ThbstatsError
from thbstats.files import Declaration, Limits, open_bytes
from thbstats.records import Schema, schema_of
from thbstats.sources import sdmx_csv
from thbstats.sources.sdmx_csv import read_structure, structure_bytes
from thbstats.tables import CountTable
from thbstats.vocabulary import Classification

NAMES = {
    "str": "http://www.sdmx.org/resources/sdmxml/schemas/v3_0/structure",
    "com": "http://www.sdmx.org/resources/sdmxml/schemas/v3_0/common",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("structures")


def structure(schema: Schema, folder: Path) -> bytes:
    (folder / "structure.xml").write_bytes(structure_bytes(schema))
    return (folder / "structure.xml").read_bytes()


@pytest.fixture(scope="module")
def courts(folder: Path) -> str:
    return structure(COURTS, folder).decode()


@examples(15)
@given(data=st.data())
def test_structure_restores_the_classifications_and_the_table(
    folder: Path, data: st.DataObject
) -> None:
    table = data.draw(schemas().flatmap(lambda schema: tables(schema, min_size=1)))
    path, own = folder / "a.sdmx.csv", folder / "a.xml"
    assert write(table, path, structure=own).lossless
    content = own.read_bytes()
    assert read_structure(open_bytes(content)) == table.columns.schema.classifications
    assert read(path, structure=own).table == table
    write(table, path, structure=own)
    assert own.read_bytes() == content


def test_code_list_with_countries_contains_them_and_is_restored(folder: Path) -> None:
    returned = Classification(name="transit", has_countries=True, categories=["high_seas"])
    content = structure(schema_of("victims", returned), folder)
    (codes,) = ET.fromstring(content).iterfind(".//str:Codelist[@id='CL_OWN_TRANSIT']", NAMES)
    listed = [code.get("id") for code in codes.iterfind("str:Code", NAMES)]
    assert listed[:3] == ["total", "high_seas", "unknown"]
    assert {"RO", "UK", "CSHH"} <= set(listed[3:])
    assert read_structure(open_bytes(content)) == (returned,)


def test_every_reference_has_its_target(folder: Path, courts: str) -> None:
    root = ET.fromstring(courts)
    urns = set()
    for class_ in ("Codelist", "ConceptScheme", "DataStructure", "Dataflow"):
        for element in root.iterfind(f".//str:{class_}", NAMES):
            urn = f"{class_}=THBSTATS:{element.get('id')}(1.0)"
            urns.add(urn)
            for concept in element.iterfind("str:Concept", NAMES):
                items = urn.replace("ConceptScheme=", "Concept=")
                urns.add(f"{items}.{concept.get('id')}")
    for name in ("Structure", "ConceptIdentity", "Enumeration"):
        for element in root.iterfind(f".//str:{name}", NAMES):
            assert str(element.text).rpartition("infomodel.")[2].partition(".")[2] in urns
    (dataflow,) = root.iterfind(".//str:Dataflow", NAMES)
    write(JUDGEMENTS, folder / "a.sdmx.csv")
    lines = (folder / "a.sdmx.csv").read_text(encoding="utf-8").splitlines()
    assert {line.split(",")[1] for line in lines[1:]} == {f"THBSTATS:{dataflow.get('id')}(1.0)"}


def test_components_are_the_columns_of_the_csv(folder: Path) -> None:
    write(VICTIMS, folder / "v.sdmx.csv", structure=folder / "v.xml")
    root = ET.parse(folder / "v.xml").getroot()
    header = (folder / "v.sdmx.csv").read_text(encoding="utf-8").partition("\n")[0].split(",")
    dimensions = [
        str(element.get("id"))
        for name in ("Dimension", "TimeDimension")
        for element in root.iterfind(f".//str:DimensionList/str:{name}", NAMES)
    ]
    assert header[3 : 3 + len(dimensions) + 1] == [*dimensions, "OBS_VALUE"]
    attributes = [
        own.get("id") for own in root.iterfind(".//str:AttributeList/str:Attribute", NAMES)
    ]
    assert set(header[4 + len(dimensions) :]) <= set(attributes)


def test_code_lists_have_labels_in_all_languages_and_parents(folder: Path) -> None:
    root = ET.fromstring(structure(schema_of("victims"), folder))
    codes = {
        own.get("id"): own
        for own in root.iterfind(".//str:Codelist[@id='CL_EXPLOITATION']/str:Code", NAMES)
    }
    names = [own.text for own in codes["sexual"].iterfind("com:Name", NAMES)]
    assert names == ["Sexual exploitation", "Sexuelle Ausbeutung", "Exploitation sexuelle"]
    assert codes["prostitution"].findtext("str:Parent", None, NAMES) == "sexual"
    areas = root.iterfind(".//str:Codelist[@id='CL_AREA']/str:Code", NAMES)
    assert {"MT", "EU27_2020", "WORLD", "CSXX"} <= {own.get("id") for own in areas}


def test_regions_and_areas_of_the_table_are_in_the_code_list(folder: Path) -> None:
    rows = [("DE21", 1), ("GB-ENG", 2), ("MT", 3), ("Western Europe", 4), ("BE+FR", 5)]
    table = CountTable.from_rows(rows, columns=("area", "value"), kind="victims", period=2020)
    log = write(table, folder / "a.sdmx.csv", structure=folder / "a.xml")
    root = ET.parse(folder / "a.xml").getroot()
    codes = root.findall(".//str:Codelist[@id='CL_AREA']/str:Code", NAMES)
    labels = {own.get("id"): own.findtext("com:Name", None, NAMES) for own in codes}
    assert (labels["DE21"], labels["GB-ENG"]) == ("DE21 (Germany)", "GB-ENG (United Kingdom)")
    assert len(labels) == len(codes)
    (feature,) = log.unsupported
    assert (feature.code, feature.rows) == ("AREA_NAME", 2)
    assert set(feature.examples) == {"Western Europe", "BE+FR"}
    assert read(folder / "a.sdmx.csv").table == table


def test_texts_with_special_characters_are_restored(folder: Path) -> None:
    own = Classification(
        name="recruiter",
        titles={"en": "Another title", "de": " <b>&amp; \r\n\t"},
        definition="]]> \r",
        categories=[{"code": "a", "label": " ä", "labels": {"en": "A&B"}, "crosswalk": {"": []}}],
    )
    schema = schema_of("victims", own)
    assert read_structure(open_bytes(structure(schema, folder))) == (own,)


@pytest.mark.parametrize("text", ["a\x01", "b\x0b", "\ufffe"])
def test_control_character_is_an_error(folder: Path, text: str) -> None:
    own = Classification(name="recruiter", categories=[{"code": "a", "label": text}])
    with pytest.raises(InvalidValue, match="must not contain a control character"):
        structure(schema_of("victims", own), folder)
    synonyms = [{"code": "a", "synonyms": [text], "crosswalk": {text: ["x"]}}]
    own = Classification(name="recruiter", categories=synonyms)
    assert read_structure(open_bytes(structure(schema_of("victims", own), folder))) == (own,)


def test_file_without_its_classifications_is_an_error(folder: Path) -> None:
    write(JUDGEMENTS, folder / "a.sdmx.csv", structure=folder / "a.xml")
    declared = Declaration(classifications=COURTS.classifications)
    for more in ({"structure": folder / "a.xml"}, {"declare": declared}, {"kind": COURTS}):
        assert read(folder / "a.sdmx.csv", **more).table == JUDGEMENTS
    with pytest.raises(InvalidFile, match=r"JUSTICE_RECRUITER_INSTANCE.*structure=") as caught:
        read(folder / "a.sdmx.csv")
    assert caught.value.field == "structure"
    with pytest.raises(ThbstatsError, match="instance"):
        read(folder / "a.sdmx.csv", declare=Declaration(classifications=COURTS.classifications[:1]))


def test_structure_of_another_table_is_an_error(folder: Path) -> None:
    write(JUDGEMENTS, folder / "a.sdmx.csv")
    write(VICTIMS, folder / "v.sdmx.csv", structure=folder / "v.xml")
    with pytest.raises(InvalidFile, match="must be read with the classifications"):
        read(folder / "a.sdmx.csv", structure=folder / "v.xml")
    assert read(folder / "v.sdmx.csv", structure=folder / "v.xml").table == VICTIMS


FAMILY = "categories.family"


@pytest.mark.parametrize(
    ("before", "after", "row", "problem"),
    [
        ("v3_0/message", "v2_1/message", None, "must be an SDMX structure"),
        ('agencyID="THBSTATS" id="CL_OWN', 'agencyID="NSO" id="CL_OWN', None, "that this library"),
        ("<mes:Header>", "<!DOCTYPE a><mes:Header>", None, "must not have a document type"),
        ("</mes:Header>", "", "line", "is not valid XML"),
        ("<com:AnnotationText", "<com:AnnotationText lang=&a;", "line", "is not valid XML"),
        ('"recruiter"', '"Recruiter"', "CL_OWN_RECRUITER", "lower-case letters"),
        ('"class_name"', '"class_names"', "CL_OWN_RECRUITER", "must be a parameter"),
        ('"is_residual"', '"is_residuals"', "CL_OWN_RECRUITER", "must be a property"),
        ('"is_residual": true', '"is_residual": 1', "categories.other", "must be true or false"),
        ('"family": {', '"A b": {', "categories.A b", "lower-case letters"),
        ('"family": {', '"partner": {', None, "has the key 'partner' twice"),
        ('"parent": "family"', '"parent": "friend"', "categories.partner", "a category"),
        ('"parent": "family"', '"parent": "partner"', "categories.partner", "not below"),
        ('{"name"', "{name", "line 1", "CL_OWN_RECRUITER is not valid JSON"),
        ('{"name"', f'{{"note": {"[" * 200}, "name"', None, "at most 100 nested levels"),
        ('"de": "Familie"', '"x": "Familie"', FAMILY, "codes of languages"),
    ],
)
def test_changed_structure_is_an_error(
    courts: str, before: str, after: str, row: str | None, problem: str
) -> None:
    assert before in courts
    with pytest.raises(InvalidFile, match=problem) as caught:
        read_structure(open_bytes(courts.replace(before, after, 1).encode(), name="a.xml"))
    assert str(row or "") in str(caught.value.row or "")


def test_entities_and_many_elements_are_errors(courts: str) -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>'
    for content in (bomb, bomb.decode().encode("utf-16")):
        with pytest.raises(InvalidFile, match="must not have a document type"):
            read_structure(open_bytes(content))
    limits = Limits(values=100)
    with pytest.raises(InvalidFile, match="at most 100 elements"):
        read_structure(open_bytes(courts.encode(), limits=limits))
    with pytest.raises(InvalidFile, match="must be an SDMX structure"):
        read_structure(open_bytes(b"<a>" * 10_000 + b"</a>" * 10_000))


@given(data=st.data())
def test_any_structure_is_read_or_an_error(courts: str, data: st.DataObject) -> None:
    pieces = re.findall("<[^>]*>|[^<]+", courts.partition("CL_STAGE")[0])
    for _ in range(data.draw(st.integers(1, 3))):
        index = data.draw(st.integers(0, len(pieces) - 1))
        pieces[index] = data.draw(st.sampled_from([*pieces[:60], "", "x", "<a/>", "&#0;"]))
    end = '"/></str:Codelists></mes:Structures></mes:Structure>'
    for content in ("".join(pieces), "".join(pieces) + end):
        try:
            read_structure(open_bytes(content.encode()))
        except ThbstatsError:
            continue


def test_option_is_only_of_sdmx_csv(folder: Path) -> None:
    with pytest.raises(InvalidValue, match="must be an option"):
        write(VICTIMS, folder / "a.csv", structure=folder / "a.xml")
    table = CountTable.from_rows([{"value": 1}], kind="victims", area="MT", period=2020)
    assert sdmx_csv.write(table, folder / "b.sdmx.csv", structure=folder / "b.xml").lossless
