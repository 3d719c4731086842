"""Metadata of a published table: Croissant and DCAT-AP."""

import hashlib
import os
from collections import Counter
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from thbstats.errors import ThbstatsError, require
from thbstats.files.input_file import open_regular
from thbstats.files.reading import csv_bytes, tidy_frame
from thbstats.files.table_schemas import table_schema
from thbstats.geography import Area
from thbstats.geography.spellings import by_code
from thbstats.indicators import total
from thbstats.tables import CountTable
from thbstats.values import Period, Reason
from thbstats.values.period import to_day

__all__ = ["croissant", "dcat"]

_TERMS = (
    "citeAs column equivalentProperty extract field fileProperty fileObject fileSet format "
    "includes isLiveDataset jsonPath key md5 parentField path recordSet references regex repeated "
    "replace samplingRate separator source subField transform"
)
_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "sc": "https://schema.org/",
    **{term: f"cr:{term}" for term in _TERMS.split()},
}
_DCAT_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "dqv": "http://www.w3.org/ns/dqv#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "oa": "http://www.w3.org/ns/oa#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_COUNTRIES = "http://publications.europa.eu/resource/authority/country/"
"""The European Union's list of countries, by ISO 3166-1 alpha-3."""
_CSV = "https://www.iana.org/assignments/media-types/text/csv"
_TYPES = {"string": "sc:Text", "integer": "sc:Integer"}
_BOUNDS = (
    "Each count has the columns `lower` and `upper`. `value` is empty unless both are equal, an "
    "empty `upper` is not bounded, and `reason` states why the bounds differ. An empty value is "
    "not zero."
)
_SENSITIVE = "Aggregate counts of victims of trafficking; small counts can identify a person."


def _limits(table: CountTable) -> tuple[list[str], str]:
    """Return the limitations of a table, and its counts that are not exact."""
    reasons = Counter(table.to_frame()["reason"].astype(str))
    hidden = ", ".join(
        f"{reason.label}: {reasons[str(reason)]:,}"
        for reason in Reason
        if reason is not Reason.KNOWN and reasons[str(reason)]
    )
    suppression = f"Of {len(table):,} counts, not exact are: {hidden or 'none'}. {_BOUNDS}"
    with suppress(ThbstatsError):  # a table with several units or stages has no total
        panel = total(table, by=["area", "period"])
        return [f"{own.title}: {own.message}" for own in panel.limitations], suppression
    return [], suppression


def _content(
    table: CountTable, file: str | os.PathLike[str], url: object, texts: dict[str, object]
) -> tuple[bytes, list[dict[str, Any]]]:
    """Return the content of the CSV file of a table, and the fields of its columns.

    The web address must be one, and the other texts must not be empty.
    """
    for name, own in texts.items():
        is_text = isinstance(own, str) and bool(own.strip())
        require(is_text, "must be a text that is not empty", f"Write {name}='...'", **{name: own})
    is_address = isinstance(url, str) and url.startswith(("https://", "http://"))
    hint = "Use the address at which the file is published"
    require(is_address, "must be a web address", hint, url=url)
    with open_regular(file) as opened:
        content = opened.read()
    frame = tidy_frame(table)
    # Equal tables give equal bytes; other programs change the ends of lines.
    written = (csv_bytes(frame, neutralise=own)[0] for own in (False, True))
    is_valid = _lines(content) in map(_lines, written)
    hint = "Write the file with thbstats.write(table, 'counts.csv')"
    require(is_valid, "must be the tidy CSV file of the table", hint, file=Path(file).name)
    fields = table_schema(table.columns.schema, unanswered=True)["fields"]
    known = {field["name"]: field for field in fields}
    return content, [known[name] for name in frame.columns]


def _lines(content: bytes) -> bytes:
    return content.replace(b"\r\n", b"\n")


def _day(published: date | str) -> str:
    day = to_day(published, "published")
    require(day is not None, "must be a date", "Write '2025-04-14'", published=published)
    return str(day)


def croissant(
    table: CountTable,
    file: str | os.PathLike[str],
    *,
    url: str,
    licence: str,
    publisher: str,
    published: date | str,
    version: str = "1.0.0",
    title: str = "",
) -> dict[str, Any]:
    """Return the Croissant metadata of a table that is written as CSV.

    Bounds and suppression are in ``rai:dataCollectionMissingData``, limitations in
    ``rai:dataLimitations``, and each column is a field with its definition.

    Parameters
    ----------
    table : CountTable
        The table.
    file : str or path
        The file that ``thbstats.write(table, file)`` wrote.
    url : str
        The web address of the file.
    licence : str
        The web address or name of the licence.
    publisher : str
        The publisher.
    published : datetime.date or str
        The day of publication, such as ``"2025-04-14"``.
    version : str
        The version of the table.
    title : str
        The title; by default the kind of counts.

    Returns
    -------
    dict
        JSON-LD of Croissant 1.0.

    Raises
    ------
    InvalidValue
        If the address or the day is not valid, a text is empty, or the file is not the CSV file of
        the table.
    MissingFile
        If the file does not exist.

    References
    ----------
    MLCommons, Croissant Format Specification 1.0 and Croissant RAI 1.0.

    Examples
    --------
    >>> import tempfile
    >>> import thbstats as thb
    >>> table = thb.CountTable.from_rows(
    ...     [("PL", 199), ("LU", thb.Count.suppressed())], columns=["area", "value"],
    ...     kind="victims", period=2016, status="detected",
    ... )
    >>> path = tempfile.mkdtemp() + "/victims.csv"
    >>> _ = thb.write(table, path)
    >>> data = thb.metadata.croissant(
    ...     table, path, url="https://example.org/victims.csv", publisher="Office",
    ...     licence="https://creativecommons.org/licenses/by/4.0/", published="2025-04-14",
    ... )
    >>> data["rai:dataCollectionMissingData"][:54]
    'Of 2 counts, not exact are: suppressed by the source: '
    """
    texts: dict[str, object] = {"licence": licence, "publisher": publisher, "version": version}
    (content, fields), name = _content(table, file, url, texts), Path(file).name
    limitations, suppression = _limits(table)
    organisation, own = (
        {"@type": "sc:Organization", "name": publisher},
        title or f"Counts: {table.kind}",
    )
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": own,
        "description": f"{own}. {_BOUNDS}",
        "license": licence,
        "url": url,
        "version": version,
        "datePublished": _day(published),
        "creator": organisation,
        "publisher": organisation,
        "citeAs": "; ".join(sorted(map(str, table.sources))),
        "rai:dataLimitations": limitations,
        "rai:dataCollectionMissingData": suppression,
        "rai:personalSensitiveInformation": _SENSITIVE,
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": name,
                "name": name,
                "contentUrl": url,
                "contentSize": f"{len(content)} B",
                "encodingFormat": "text/csv",
                "sha256": hashlib.sha256(content).hexdigest(),
            }
        ],
        "recordSet": [
            {
                "@type": "cr:RecordSet",
                "@id": "counts",
                "name": "counts",
                "field": [
                    {
                        "@type": "cr:Field",
                        "@id": f"counts/{field['name']}",
                        "name": field["name"],
                        "description": field.get("description")
                        or field.get("title")
                        or field["name"],
                        "dataType": _TYPES[field["type"]],
                        "source": {
                            "fileObject": {"@id": name},
                            "extract": {"column": field["name"]},
                        },
                    }
                    for field in fields
                ],
            }
        ],
    }


def dcat(
    table: CountTable,
    file: str | os.PathLike[str],
    *,
    url: str,
    licence: str,
    publisher: str,
    published: date | str,
    version: str = "1.0.0",
    title: str = "",
) -> dict[str, Any]:
    """Return the DCAT-AP metadata of a table that is written as CSV.

    Limitations, bounds and suppression are quality annotations (``dqv:hasQualityAnnotation``).

    Parameters
    ----------
    table, file, url, licence, publisher, published, version, title
        As for `croissant`.

    Returns
    -------
    dict
        JSON-LD of a ``dcat:Dataset`` with one distribution.

    Raises
    ------
    InvalidValue, MissingFile
        As for `croissant`.

    References
    ----------
    European Commission, DCAT Application Profile for data portals in Europe 3.0. W3C, Data Quality
    Vocabulary.
    """
    texts: dict[str, object] = {"licence": licence, "publisher": publisher, "version": version}
    content, own = _content(table, file, url, texts)[0], title or f"Counts: {table.kind}"
    limitations, suppression = _limits(table)
    spans, period = [Period.parse(code) for code in table.categories("period")], {}
    starts = [span.start for span in spans if span.start is not None]
    ends = [span.end for span in spans if span.end is not None]
    if starts and ends:
        start, end = ({"@value": str(day), "@type": "xsd:date"} for day in (min(starts), max(ends)))
        span = {"@type": "dct:PeriodOfTime", "dcat:startDate": start, "dcat:endDate": end}
        period = {"dct:temporal": span}
    terms = {"@id": licence} if licence.startswith("http") else {"dct:title": licence}
    return {
        "@context": _DCAT_CONTEXT,
        "@id": url,
        "@type": "dcat:Dataset",
        "dct:title": {"@value": own, "@language": "en"},
        "dct:description": {"@value": f"{own}. {_BOUNDS}", "@language": "en"},
        "dct:publisher": {"@type": "foaf:Agent", "foaf:name": publisher},
        "dct:issued": {"@value": _day(published), "@type": "xsd:date"},
        "dcat:version": version,
        "dct:spatial": [*map(_location, table.categories("area"))],
        **period,
        "dct:provenance": [
            {"@type": "dct:ProvenanceStatement", "dct:description": text}
            for text in sorted(map(str, table.sources))
        ],
        "dqv:hasQualityAnnotation": [
            {
                "@type": "dqv:QualityAnnotation",
                "oa:motivatedBy": {"@id": "dqv:qualityAssessment"},
                "oa:hasBody": {"@type": "oa:TextualBody", "oa:bodyValue": text},
            }
            for text in [*limitations, suppression]
        ],
        "dcat:distribution": [
            {
                "@type": "dcat:Distribution",
                "dcat:accessURL": {"@id": url},
                "dcat:downloadURL": {"@id": url},
                "dct:license": {"@type": "dct:LicenseDocument", **terms},
                "dcat:mediaType": {"@id": _CSV, "@type": "dct:MediaType"},
                "dcat:byteSize": {"@value": str(len(content)), "@type": "xsd:nonNegativeInteger"},
                "spdx:checksum": {
                    "@type": "spdx:Checksum",
                    "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
                    "spdx:checksumValue": {
                        "@value": hashlib.sha256(content).hexdigest(),
                        "@type": "xsd:hexBinary",
                    },
                },
            }
        ],
    }


def _location(code: str) -> dict[str, Any]:
    """Return an area as a location; a country has its address in the list of the European Union."""
    area = Area.parse(code)
    country = by_code().get(area.code)
    address = {}
    if country is not None and country.last is None:  # dissolved states have no address
        address["@id"] = f"{_COUNTRIES}{country.iso3}"
    return {"@type": "dct:Location", "skos:prefLabel": area.label, **address}
