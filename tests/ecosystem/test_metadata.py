"""Croissant and DCAT-AP metadata of tables."""

import hashlib
import json

import pytest

import thbstats as thb
from tests.ecosystem.tools import tool
from tests.rows import check_rows
from thbstats import Count, CountTable
from thbstats.errors import InvalidValue, MissingFile

TABLE = CountTable.from_rows(
    [("PL", 2016, 199), ("LU", 2016, Count.suppressed()), ("ES", 2017, Count.fewer_than(5))],
    columns=["area", "period", "value"], kind="victims", status="detected",
    source="UNODC GLOTIP, 14 April 2025",
)  # fmt: skip
URL = "https://example.org/victims.csv"
OPTIONS = {
    "url": URL,
    "licence": "https://creativecommons.org/licenses/by/4.0/",
    "publisher": "Statistical office",
    "published": "2025-04-14",
}


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "victims.csv"
    thb.write(TABLE, path)
    return path


def test_bounds_limitations_and_suppression_are_in_the_fields_of_croissant(file):
    data = thb.metadata.croissant(TABLE, file, **OPTIONS)
    missing = data["rai:dataCollectionMissingData"]
    assert missing.startswith("Of 3 counts, not exact are: ")
    assert "suppressed by the source: 1" in missing
    assert "lower" in missing
    assert any(text.startswith("Detected") for text in data["rai:dataLimitations"])
    (resource,) = data["distribution"]
    assert resource["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    names = [field["name"] for field in data["recordSet"][0]["field"]]
    assert names == file.read_text().splitlines()[0].split(",")
    assert "GLOTIP" in data["citeAs"]


@pytest.mark.filterwarnings("ignore")
def test_mlcroissant_accepts_the_metadata(file):
    mlcroissant = tool("mlcroissant")
    data = thb.metadata.croissant(TABLE, file, **OPTIONS)
    dataset = mlcroissant.Dataset(jsonld=json.loads(json.dumps(data)))
    assert not dataset.metadata.ctx.issues.errors
    assert not dataset.metadata.ctx.issues.warnings
    (records,) = dataset.metadata.record_sets
    assert {field.name for field in records.fields} >= {"area", "lower", "upper", "reason"}


@pytest.mark.filterwarnings("ignore")
def test_dcat_is_a_graph_with_the_properties_of_the_profile(file):
    rdflib = tool("rdflib")
    data = thb.metadata.dcat(TABLE, file, title="Victims of trafficking", **OPTIONS)
    graph = rdflib.Graph().parse(data=json.dumps(data), format="json-ld")
    dcat, dct = rdflib.Namespace("http://www.w3.org/ns/dcat#"), rdflib.namespace.DCTERMS
    (dataset,) = graph.subjects(rdflib.RDF.type, dcat.Dataset)
    assert str(graph.value(dataset, dct.title)) == "Victims of trafficking"
    # Mandatory properties of DCAT-AP 3.0.
    assert graph.value(dataset, dct.description)
    assert graph.value(graph.value(dataset, dcat.distribution), dcat.accessURL)
    span = graph.value(dataset, dct.temporal)
    assert str(graph.value(span, dcat.startDate)) == "2016-01-01"
    assert str(graph.value(span, dcat.endDate)) == "2017-12-31"
    body = rdflib.URIRef("http://www.w3.org/ns/oa#bodyValue")
    texts = " ".join(map(str, graph.objects(None, body)))
    assert "suppressed by the source: 1" in texts
    assert "Detected" in texts


# Classes of DCAT-AP 3.0 with their properties: least and largest number of values, and their form.
PROFILE = {
    "dcat:Dataset": {
        "dct:title": (1, None, "sh:nodeKind sh:Literal"),
        "dct:description": (1, None, "sh:nodeKind sh:Literal"),
        "dct:publisher": (0, 1, "sh:class foaf:Agent"),
        "dct:issued": (0, 1, "sh:datatype xsd:date"),
        "dcat:version": (0, 1, "sh:nodeKind sh:Literal"),
        "dct:temporal": (0, None, "sh:class dct:PeriodOfTime"),
        "dct:spatial": (0, None, "sh:class dct:Location"),
        "dct:provenance": (0, None, "sh:class dct:ProvenanceStatement"),
        "dcat:distribution": (0, None, "sh:class dcat:Distribution"),
    },
    "dcat:Distribution": {
        "dcat:accessURL": (1, None, "sh:nodeKind sh:IRI"),
        "dcat:downloadURL": (0, None, "sh:nodeKind sh:IRI"),
        "dct:license": (0, 1, "sh:class dct:LicenseDocument"),
        "dcat:mediaType": (0, 1, "sh:class dct:MediaType"),
        "dcat:byteSize": (0, 1, "sh:datatype xsd:nonNegativeInteger"),
        "spdx:checksum": (0, 1, "sh:class spdx:Checksum"),
    },
    "spdx:Checksum": {
        "spdx:algorithm": (1, 1, "sh:nodeKind sh:IRI"),
        "spdx:checksumValue": (1, 1, "sh:datatype xsd:hexBinary"),
    },
    "foaf:Agent": {"foaf:name": (1, None, "sh:nodeKind sh:Literal")},
    "dct:PeriodOfTime": {
        "dcat:startDate": (0, 1, "sh:datatype xsd:date"),
        "dcat:endDate": (0, 1, "sh:datatype xsd:date"),
    },
}


def shapes(context):
    prefixes = context | {"sh": "http://www.w3.org/ns/shacl#"}
    lines = [f"@prefix {name}: <{address}> ." for name, address in prefixes.items()]
    for own, properties in PROFILE.items():
        parts = [
            f"[ sh:path {path} ; sh:minCount {least} ; {form}"
            + (f" ; sh:maxCount {most} ]" if most else " ]")
            for path, (least, most, form) in properties.items()
        ]
        lines.append(f"[] a sh:NodeShape ; sh:targetClass {own} ; sh:property {', '.join(parts)} .")
    return "\n".join(lines)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("licence", [OPTIONS["licence"], "Open data licence of the office"])
def test_dcat_conforms_to_the_shapes_of_the_profile(file, licence):
    pyshacl, rdflib = tool("pyshacl"), tool("rdflib")
    data = thb.metadata.dcat(TABLE, file, **OPTIONS | {"licence": licence})
    rules = rdflib.Graph().parse(data=shapes(data["@context"]), format="turtle")

    def problems(content):
        graph = rdflib.Graph().parse(data=json.dumps(content), format="json-ld")
        conforms, _, text = pyshacl.validate(graph, shacl_graph=rules)
        return "" if conforms else text

    assert problems(data) == ""
    (distribution,) = data["dcat:distribution"]
    for name in ("dcat:accessURL", "dcat:byteSize", "dct:license"):
        wrong = [distribution | {name: "free text"}]
        assert name.split(":")[1] in problems(data | {"dcat:distribution": wrong})
    poland = "http://publications.europa.eu/resource/authority/country/POL"
    assert poland in [place.get("@id") for place in data["dct:spatial"]]


def test_wrong_files_and_addresses_are_refused(file, tmp_path):
    other = tmp_path / "other.csv"
    other.write_text("country,victims\nPL,199\n")
    empty = tmp_path / "empty.csv"
    empty.write_text("")

    another = tmp_path / "another.csv"
    another.write_text(file.read_text().replace("199", "198"))
    book = tmp_path / "victims.xlsx"
    thb.write(TABLE, book)

    def check(path: object, changed: dict[str, object], message: str) -> None:
        for function in (thb.metadata.croissant, thb.metadata.dcat):
            with pytest.raises((InvalidValue, MissingFile), match=message):
                function(TABLE, path, **OPTIONS | changed)

    check_rows(
        check,
        [
            (other, {}, "must be the tidy CSV file"),
            (empty, {}, "must be the tidy CSV file"),
            (another, {}, "must be the tidy CSV file"),
            (book, {}, "must be the tidy CSV file"),
            (tmp_path / "victim.csv", {}, "No file .*Did you mean .*victims.csv"),
            (file, {"url": "victims.csv"}, "must be a web address"),
            (file, {"url": None}, "must be a web address"),
            (file, {"published": "soon"}, "must be a date"),
            (file, {"licence": None}, "`licence` must be a text"),
            (file, {"publisher": " "}, "`publisher` must be a text"),
            (file, {"version": 2}, "`version` must be a text"),
        ],
    )


def test_the_file_can_have_other_ends_of_lines_and_no_formulas(tmp_path):
    path = tmp_path / "victims.csv"
    table = CountTable.from_rows(
        [("PL", 199)], columns=["area", "value"], kind="victims", period=2016, source="=report"
    )
    thb.write(table, path, neutralise=True)
    assert b"'=report" in path.read_bytes()
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    (distribution,) = thb.metadata.dcat(table, path, **OPTIONS)["dcat:distribution"]
    assert distribution["dcat:byteSize"]["@value"] == str(path.stat().st_size)
