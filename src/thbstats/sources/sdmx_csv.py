"""SDMX-CSV 1.0 and 2.0, with columns in any order.

A row is an observation: dimensions, period, value, flags and confidentiality. Exports with labels
are read by their codes.
"""

import json
import os
import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
from attrs import evolve

from thbstats._files import Content, write_files
from thbstats.errors import InvalidFile, InvalidValue, ThbstatsError
from thbstats.files.declaration import Declaration
from thbstats.files.delimited import first_lines, read_delimited
from thbstats.files.input_file import InputFile, open_bytes, open_input
from thbstats.files.json_data import parse_json
from thbstats.files.ledger import FileColumn, Ledger
from thbstats.files.reading import (
    NO_ROWS,
    Reading,
    UnsupportedFeature,
    WriteLog,
    csv_bytes,
    without_classifications,
)
from thbstats.files.reference_periods import sdmx_period
from thbstats.geography import COMPOSITIONS, Area, country_name
from thbstats.geography.countries import read_countries, read_dissolved_states
from thbstats.records import KINDS, Dimension, Schema, Source, schema_of
from thbstats.sources import _eurostat
from thbstats.sources._eurostat import CONF, FLAGS, RESERVED, TIME, VALUE, Observations
from thbstats.sources._formats import FilePath, Format, crosswalk, require_one_table
from thbstats.tables import CountTable, Dataset
from thbstats.tables.encoding import coded
from thbstats.tables.origins import source_text
from thbstats.values import Reason
from thbstats.vocabulary import CitizenshipGroup, Classification

__all__ = ["FORMAT", "read", "recognise", "write"]

AGENCY = "THBSTATS"
"""The agency of the structures of this library."""

_VERSION = "1.0"
_NAMESPACES = {
    name: f"http://www.sdmx.org/resources/sdmxml/schemas/v3_0/{path}"
    for name, path in (("mes", "message"), ("str", "structure"), ("com", "common"))
}
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_PREPARED = "2000-01-01T00:00:00"  # constant, so that equal tables give equal bytes
_MARK = "classification"
"""The annotation of code lists of users; its text is the classification as JSON."""

_ID = re.compile(r"[A-Za-z0-9_@$-]+")  # of a code
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
IDS = {"area": "geo", "period": "TIME_PERIOD"}
"""The ids of dimensions that differ from their names."""

_ATTRIBUTES: Mapping[str, tuple[str, str]] = crosswalk("sdmx_csv")["attributes"]
"""The title of each attribute, and its type or code list."""

_CLASSES = {"Codelist": "codelist", "Concept": "conceptscheme", "DataStructure": "datastructure"}

DETAILS = ("findings", "unanswered", "source", "reporters", "n_reporters")
"""Attributes that a table has as columns."""
_OWN_ATTRIBUTES = ("lower", "upper", "reason", *DETAILS)
"""Additional attributes of the structures of this library."""
_DIMENSION_OF_ID = {"geo": "area", TIME: "period"}
# Columns that are not dimensions.
_MEASURES = {
    **dict.fromkeys(("TIME_PERIOD", "TIME"), TIME),
    **dict.fromkeys(("CONF_STATUS", "OBS_CONF"), CONF),
    "OBS_VALUE": VALUE,
    "OBS_FLAG": FLAGS,
}
_DIMENSIONS = {*_eurostat.DIMENSIONS, *(name for kind in KINDS for name in schema_of(kind).names)}
_CODE = re.compile("[A-Z0-9_]+|[a-z0-9_]+")
_ABOUT = ("dataflow", "structure", "structure_id", "structure_name", "action", "last update")
_STRUCTURE = re.compile(r"(?:.*=)?([^:()=]+):([^:()]+)\([^()]*\)")


def structure_id(schema: Schema) -> str:
    """Return the id of the data structure and dataflow of a schema.

    It starts with the kind of count, and contains the names of the classifications of users.
    """
    return "_".join([schema.kind, *(own.name for own in schema.classifications)]).upper()


# Writing


def structure_bytes(schema: Schema, areas: Iterable[str] = ()) -> bytes:
    """Return the structure of tables with a schema; areas with an id are added to those known."""
    for prefix, uri in _NAMESPACES.items():
        ET.register_namespace(prefix, uri)
    id_ = structure_id(schema)
    root = ET.Element(_tag("mes:Structure"))
    header = _add(root, "mes:Header")
    _add(header, "mes:ID", id_)
    _add(header, "mes:Test", "false")
    _add(header, "mes:Prepared", _PREPARED)
    _add(header, "mes:Sender", id=AGENCY)
    structures = _add(root, "mes:Structures")
    _add_code_lists(_add(structures, "str:Codelists"), schema, areas)
    _add_concepts(_add(structures, "str:ConceptSchemes"), schema, id_)
    title = f"Trafficking in human beings: {schema.kind}"
    dataflow = _maintained(_add(structures, "str:Dataflows"), "Dataflow", id_, title)
    _add(dataflow, "str:Structure", _urn("DataStructure", id_))
    own = _maintained(_add(structures, "str:DataStructures"), "DataStructure", id_, title)
    _add_components(_add(own, "str:DataStructureComponents"), schema, id_)
    ET.indent(root)
    content: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    # XML readers replace a carriage return that is not written as a reference.
    return content.replace(b"\r", b"&#13;") + b"\n"


def _tag(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{_NAMESPACES[prefix]}}}{local}"


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, _tag(name), attributes)
    element.text = text
    return element


def _maintained(parent: ET.Element, name: str, id_: str, title: str = "") -> ET.Element:
    """Return a new element of the agency, with its title."""
    element = _add(parent, f"str:{name}", agencyID=AGENCY, id=id_, version=_VERSION)
    return _named(element, title) if title else element


def _urn(class_: str, id_: str, item: str = "") -> str:
    """Return the URN of an element of the agency, or of an item of it."""
    end = f".{item}" if item else ""
    package = f"urn:sdmx:org.sdmx.infomodel.{_CLASSES[class_]}.{class_}"
    return f"{package}={AGENCY}:{id_}({_VERSION}){end}"


def _named(
    element: ET.Element,
    name: str,
    names: Mapping[str, str] = MappingProxyType({}),
    definition: str = "",
) -> ET.Element:
    """Return an element with its name in English and other languages, and its definition."""
    for language, text in ({"en": name} | {**names, "en": name}).items():
        _add_text(element, "com:Name", text, language)
    if definition:
        _add_text(element, "com:Description", definition)
    return element


def _add_text(element: ET.Element, name: str, text: str, language: str = "en") -> None:
    """Add a text in a language, or raise an error if XML cannot contain it."""
    if _NOT_XML.search(text):
        raise InvalidValue(
            "must not contain a control character in an SDMX structure",
            field="classification",
            value=text[:80],
            hint="Correct the text in the classification",
        )
    _add(element, name, text, **{_LANGUAGE: language})


def _list_id(dimension: Dimension, schema: Schema) -> str:
    is_own = any(own.name == dimension.name for own in schema.classifications)
    return f"CL_{'OWN_' * is_own}{dimension.name.upper()}"


def _add_code_lists(parent: ET.Element, schema: Schema, areas: Iterable[str]) -> None:
    for own in schema.classifications:  # first and in order
        _add_classification(parent, own, f"CL_OWN_{own.name.upper()}", is_own=True)
    owned = {own.name for own in schema.classifications}
    for dimension in schema.dimensions:
        if dimension.content == "codes" and dimension.vocabulary and dimension.name not in owned:
            classification = dimension.vocabulary.classification()
            _add_classification(parent, classification, _list_id(dimension, schema))
    whole = (*COMPOSITIONS.values(), Area.parse("World"))
    known = {**{area.code: area.label for area in whole}, **_countries()}
    others = sorted(text for text in areas if _ID.fullmatch(text) and text not in known)
    plain: dict[str, tuple[str, Mapping[str, str]]] = {
        "CL_AREA": ("Area", {**known, **{text: Area.parse(text).label for text in others}}),
        "CL_REASON": ("Reason", {own: own.replace("_", " ").capitalize() for own in Reason}),
    }
    if "citizenship" in schema.names:
        groups = {str(group): group.label for group in CitizenshipGroup}
        plain["CL_CITIZENSHIP"] = ("Citizenship", {**groups, **_countries()})
    for id_, (title, labels) in plain.items():
        _add_codes(_maintained(parent, "Codelist", id_, title), labels)


@cache
def _countries() -> Mapping[str, str]:
    codes = [country.code for country in (*read_countries(), *read_dissolved_states())]
    return MappingProxyType({code: country_name(code) for code in codes})


def _add_classification(
    parent: ET.Element, classification: Classification, id_: str, *, is_own: bool = False
) -> None:
    """Add the code list of a classification; that of a user has an annotation to read it again."""
    codes = _maintained(parent, "Codelist", id_)
    if is_own:
        annotation = _add(_add(codes, "com:Annotations"), "com:Annotation")
        _add(annotation, "com:AnnotationType", _MARK)
        _add_text(annotation, "com:AnnotationText", json.dumps(classification.to_dict()))
    own = classification
    _named(codes, own.title, own.titles, own.definition)
    for category in own.categories:
        code = _add(codes, "str:Code", id=category.code)
        _named(code, category.label, category.labels, category.definition)
        if category.parent:
            _add(code, "str:Parent", category.parent)
    if own.has_countries:
        _add_codes(codes, _countries())


def _add_codes(codes: ET.Element, labels: Mapping[str, str]) -> None:
    for code, label in labels.items():
        _named(_add(codes, "str:Code", id=code), label)


def _add_concepts(parent: ET.Element, schema: Schema, id_: str) -> None:
    scheme = _maintained(parent, "ConceptScheme", f"CS_{id_}", f"Concepts of {schema.kind}")
    for dimension in schema.dimensions:
        concept = _add(scheme, "str:Concept", id=IDS.get(dimension.name, dimension.name))
        if dimension.content in ("codes", "countries") and dimension.vocabulary is not None:
            own = dimension.vocabulary.classification()
            _named(concept, own.title, own.titles, own.definition)
        else:
            _named(concept, dimension.title)
    others = {"OBS_VALUE": "Count, if it is exactly known"}
    others |= {name: text for name, (text, _) in _ATTRIBUTES.items()}
    for name, text in others.items():
        _named(_add(scheme, "str:Concept", id=name), text)


def _add_components(components: ET.Element, schema: Schema, id_: str) -> None:

    def component(parent: ET.Element, class_: str, name: str, **attributes: str) -> ET.Element:
        element = _add(parent, f"str:{class_}", id=name, **attributes)
        _add(element, "str:ConceptIdentity", _urn("Concept", f"CS_{id_}", name))
        return _add(element, "str:LocalRepresentation")

    dimensions = _add(components, "str:DimensionList", id="DimensionDescriptor")
    listed = [dimension for dimension in schema.dimensions if dimension.name != "period"]
    for position, dimension in enumerate(listed, 1):
        name = IDS.get(dimension.name, dimension.name)
        own = component(dimensions, "Dimension", name, position=str(position))
        _add(own, "str:Enumeration", _urn("Codelist", _list_id(dimension, schema)))
    time = component(dimensions, "TimeDimension", "TIME_PERIOD")
    _add(time, "str:TextFormat", textType="ObservationalTimePeriod")
    attributes = _add(components, "str:AttributeList", id="AttributeDescriptor")
    for name, (_, type_) in _ATTRIBUTES.items():
        own = component(attributes, "Attribute", name, usage="optional")
        if type_.startswith("CL_"):
            _add(own, "str:Enumeration", _urn("Codelist", type_))
        else:
            _add(own, "str:TextFormat", textType=type_)
        relationship = _add(attributes[-1], "str:AttributeRelationship")
        _add(relationship, "str:Observation")
    measures = _add(components, "str:MeasureList", id="MeasureDescriptor")
    value = component(measures, "Measure", "OBS_VALUE", usage="optional")
    _add(value, "str:TextFormat", textType="Long", minValue="0")


# Reading


def read_structure(file: InputFile) -> tuple[Classification, ...]:
    """Return the classifications of users in a structure of this library.

    Raises
    ------
    InvalidFile
        If the file is not SDMX-ML 3.0, has another agency, exceeds the limits, or contains an
        invalid classification.
    """
    text = file.text
    if text.count("<") > file.limits.values:
        raise file.exceeded("values", "elements")
    if "<!DOCTYPE" in text:  # it can define entities that need much memory
        hint = "Write the structure again"
        raise InvalidFile(f"{file.name} must not have a document type", hint=hint)
    try:
        root = ET.fromstring(text)
    except ET.ParseError as error:
        row = "line {}, column {}".format(*error.position)
        hint = "Write the structure again, or correct it"
        raise InvalidFile(f"{file.name} is not valid XML", row=row, hint=hint) from None
    lists = list(root.iterfind("mes:Structures/str:Codelists/str:Codelist", _NAMESPACES))
    if root.tag != _tag("mes:Structure") or {own.get("agencyID") for own in lists} != {AGENCY}:
        raise InvalidFile(
            f"{file.name} must be an SDMX structure that this library wrote",
            field="structure",
            hint="Declare other classifications: Declaration(classifications=...)",
        )
    result = []
    for own in lists:
        for annotation in own.iterfind("com:Annotations/com:Annotation", _NAMESPACES):
            kind, text = (
                annotation.findtext(f"com:Annotation{part}", "", _NAMESPACES)
                for part in ("Type", "Text")
            )
            if kind != _MARK:
                continue
            id_ = own.get("id", "")
            content = parse_json(open_bytes(text.encode(), name=id_, limits=file.limits))
            try:
                result.append(Classification.from_dict(content))
            except ThbstatsError as error:
                row = id_ if error.row is None else f"{id_}, {error.row}"
                raise InvalidFile(
                    error.problem, row=row, field=error.field, value=error.value, hint=error.hint
                ) from None
    return tuple(result)


def write(
    data: CountTable | Dataset,
    path: str | os.PathLike[str],
    *,
    neutralise: bool = False,
    structure: str | os.PathLike[str] | None = None,
) -> WriteLog:
    """Write a table to an SDMX-CSV 2.0 file that `read` restores.

    Dimensions keep their names, except ``geo`` and ``TIME_PERIOD``. Counts that are not exactly
    known have ``LOWER``, ``UPPER`` and ``REASON`` instead of ``OBS_VALUE``. Empty columns are
    omitted. The id of the structure contains the names of dimensions of users.
    """
    table = require_one_table(data, "an SDMX-CSV file")
    frame, schema = table.to_frame(), table.columns.schema
    content, formulas = csv_bytes(_sdmx_columns(table, frame), neutralise=neutralise)
    files: list[Content] = [(path, content)]
    if structure is not None:
        areas = table.columns["area"].compact().categories
        files += [(structure, structure_bytes(schema, areas))]
    write_files(files)
    lost = without_classifications(schema, len(table)) if structure is None else []
    unsupported = [*lost, *_unsupported_features(frame), *formulas]
    name = Path(path).name
    return WriteLog(name=name, format="SDMX-CSV 2.0", rows=len(table), unsupported=unsupported)


def _sdmx_columns(table: CountTable, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of a file; a count that is not known has bounds instead of a value."""
    about = {
        "STRUCTURE": "dataflow",
        "STRUCTURE_ID": f"{AGENCY}:{structure_id(table.columns.schema)}(1.0)",
        "ACTION": "I",
    }
    zeros = np.zeros(len(frame), dtype=np.int8)
    data = {name: coded(zeros, [text]) for name, text in about.items()}
    names = [name for name in table.dimensions if name != "period"]
    data |= {IDS.get(name, name): frame[name].array for name in names}
    flags, reasons, periods = (
        FileColumn.from_values(frame[name]) for name in ("flags", "reason", "period")
    )
    times = periods.with_values(list(map(sdmx_period, periods.categories)))
    data["TIME_PERIOD"] = coded(times.codes, times.categories)
    data["OBS_VALUE"] = frame["value"].array
    suppressed = flags.where(lambda text: "c" in text)
    suppressed |= reasons.where(lambda text: text == Reason.SUPPRESSED)
    known = reasons.where(lambda text: text == Reason.KNOWN)
    upper = frame["upper"].to_numpy()
    bounded = np.isfinite(upper)
    integers = np.where(bounded, upper, 0).astype(np.int64)
    optional = {
        "OBS_FLAG": frame["flags"].array,
        "CONF_STATUS": coded(suppressed.astype(np.int8) - 1, ["C"]),
        "LOWER": pd.arrays.IntegerArray(frame["lower"].to_numpy().copy(), known),
        "UPPER": pd.arrays.IntegerArray(integers, known | ~bounded),
        "REASON": coded(np.where(known, -1, reasons.codes), reasons.categories),
        **{name.upper(): frame[name].array for name in DETAILS if name in frame},
    }
    data |= {name: column for name, column in optional.items() if _has_values(column)}
    return pd.DataFrame(data)


def _has_values(column: Any) -> bool:
    """Whether a column has a value in a row."""
    if isinstance(column, pd.Categorical):
        return bool(FileColumn.from_values(column).where(bool).any())
    return not column.isna().all()


def _unsupported_features(frame: pd.DataFrame) -> list[UnsupportedFeature]:
    if not len(frame):
        return [NO_ROWS]
    features = (
        (
            "PERIOD",
            "period",
            "periods",
            lambda text: sdmx_period(text) == text and not text.isdigit(),
        ),
        ("AREA_NAME", "area", "areas without a code", lambda text: not _ID.fullmatch(text)),
    )
    result = []
    for code, name, noun, has in features:
        column = FileColumn.from_values(frame[name])
        used = set(column.present)
        codes = [index for index in column.matching(has) if index in used]
        feature = UnsupportedFeature(
            code=code,
            is_lost=False,
            rows=int(column.isin(codes).sum()),
            message=f"other programs do not read these {noun}",
            examples=[column.categories[index] for index in codes[:5]],
        )
        result += [feature] if codes else []
    return result


def _id(name: str) -> str:
    """Return the id of a column without its label, in upper case."""
    return name.partition(":")[0].strip().upper()


def recognise(file: InputFile) -> str:
    """Return the feature that identifies SDMX-CSV; empty for other files."""
    names = set(map(_id, next(first_lines(file), [])))
    if not {"OBS_VALUE", "TIME_PERIOD"} <= names:
        return ""
    version = "2.0" if "STRUCTURE" in names else "1.0"
    return f"version {version}: its header has TIME_PERIOD and OBS_VALUE"


def read(
    path: FilePath, *, structure: str | os.PathLike[str] | InputFile | None = None, **options: Any
) -> Reading:
    """Read the counts of an SDMX-CSV file, with the classifications of its structure."""
    request = FORMAT.request(path, options)
    observed = read_observations(request.file)
    if structure is not None:
        own = read_structure(open_input(structure, limits=request.file.limits))
        declaration = evolve(observed.declaration, classifications=own)
        observed = evolve(observed, declaration=declaration)
    if not (observed.declaration.classifications or request.declared().classifications):
        for texts in observed.declaration.recode.values():
            for text, kind in texts.items():
                agency, id_ = _structure(text)
                if agency == AGENCY and id_.lower() != kind:
                    raise InvalidFile(
                        f"{request.file.name} must be read with the classifications of {text}",
                        field="structure",
                        hint="Pass structure=... or declare=Declaration(classifications=...)",
                    )
    return _eurostat.reading(observed, request)


def read_observations(file: InputFile) -> Observations:
    """Return the observations of a file."""
    rows = read_delimited(file)
    columns, labels = _named_columns(file, rows.raw)
    ledger = Ledger(pd.DataFrame(columns, copy=False), rows.lines, ragged=rows.ragged)
    if labels:
        ledger.note(f"Read as labels of the previous column: {', '.join(labels)}")
    for name in map(str, rows.raw):
        texts = rows.column(name).categories
        if _id(name) == "OBS_STATUS" and any("S" in text.partition(":")[0] for text in texts):
            ledger.note("The status S (strikes and other special events) is ignored")
    if "action" in columns:  # a row with D withdraws an observation
        action = ledger.column("action")
        is_deletion = action.where(lambda text: text.strip().upper() == "D")
        ledger.reject("DELETION", is_deletion, column="action")
        ledger.reject_texts(
            "UNMAPPED.action",
            action,
            lambda text: text.strip().upper() not in ("", "I", "A", "R", "M", "D"),
        )
    not_dimensions = {*RESERVED, *_eurostat.ATTRIBUTES, *_ABOUT, *_OWN_ATTRIBUTES, *labels}
    return Observations(
        ledger=ledger,
        dimensions=tuple(name for name in columns if name not in not_dimensions),
        declaration=_declaration(ledger, [name for name in columns if name in (*_ABOUT, *labels)]),
    )


def _named_columns(file: InputFile, cells: pd.DataFrame) -> tuple[dict[str, Any], list[str]]:
    """Return the columns under common names, and the label columns."""
    columns: dict[str, Any] = {}
    labels: list[str] = []
    names = list(map(str, cells.columns))
    flags = "OBS_FLAG" if "OBS_FLAG" in map(_id, names) else "OBS_STATUS"
    before = ""
    for name in names:
        if before and _is_label(cells, name, before):
            columns[name] = cells[name]
            labels.append(name)
            before = ""
            continue
        before = name
        id_ = _id(name)
        target = FLAGS if id_ == flags else _MEASURES.get(id_, id_.lower())
        if target in columns:
            problem, hint = "ids of columns must be unique", "Rename one of them"
            raise InvalidFile(problem, row="line 1", field=target, hint=hint)
        columns[target] = _codes(cells[name], name, target)
    for target, id_ in ((TIME, "TIME_PERIOD"), (VALUE, "OBS_VALUE")):
        if target not in columns:
            problem = f"{file.name} must have the SDMX-CSV column {id_}"
            raise InvalidFile(problem, row="line 1", field=id_)
    return columns, labels


def _is_label(cells: pd.DataFrame, name: str, before: str) -> bool:
    """Whether a column contains one label for each code of the previous one.

    A name of one word can also be the id of a dimension. It is a label if the previous column has
    the same content, such as ``sex,Sex``, or if its content is not known and its texts are not
    codes, such as ``Annual``.
    """
    if ":" in name or name.upper() == "LAST UPDATE":
        return False
    texts, indices = FileColumn.from_values(cells[name]), FileColumn.from_values(cells[before])
    if re.fullmatch(r"[A-Za-z_]\w*", name.strip()):
        content = _content(name)
        has_codes = content in _DIMENSIONS or any(map(_CODE.fullmatch, texts.categories))
        is_other = content != _content(before) and has_codes
        if is_other or name in (name.lower(), name.upper()):
            return False
    of_code = np.full(len(indices.categories) + 1, -2, dtype=np.int64)
    of_code[indices.codes] = texts.codes
    return bool((of_code[indices.codes] == texts.codes).all())


def _content(name: str) -> str:
    """Return the dimension or measure of a column by its id; the id if it is not known."""
    id_ = _MEASURES.get(_id(name), _id(name).lower())
    known = _eurostat.DIMENSIONS.get(id_)
    return RESERVED.get(id_, id_) if known is None else known.target or id_


def _codes(cells: Any, name: str, target: str) -> Any:
    """Return the codes of a column of codes and labels; flags for an observation status."""
    if target == VALUE or target in _OWN_ATTRIBUTES:
        return cells
    column = FileColumn.from_values(cells)
    labelled = any(column.categories) and (
        ":" in name or all(": " in text for text in column.categories if text)
    )
    is_status = target == FLAGS and _id(name) == "OBS_STATUS"
    if not labelled and not is_status:
        return cells
    plain = [text.partition(": ")[0] if labelled else text for text in column.categories]
    if is_status:
        plain = list(map(_eurostat.flags_of_status, plain))
    result = column.with_values(plain)
    return coded(result.codes, result.categories)


def _declaration(ledger: Ledger, ignored: list[str]) -> Declaration:
    """Return the declaration of the file: the structures are kinds of count, or sources."""
    raw = ledger.raw
    names = list(map(str, raw.columns))
    index = next((name for name in ("structure_id", "dataflow") if name in raw), "")
    own = Declaration(
        ignored=[name for name in ignored if name != index], missing={"NaN": Reason.NOT_REPORTED}
    )
    if not index:
        return own
    structures = ledger.column(index).categories
    if not structures:
        known = Declaration.from_columns(name for name in names if name not in own.ignored)
        columns = {**known.columns, index: "table"}
        return evolve(known, columns=columns, ignored=own.ignored)
    parts = {text: _structure(text) for text in map(str.strip, structures)}
    if any(agency == AGENCY for agency, _ in parts.values()):
        kinds = {text: id_.partition("_")[0].lower() for text, (_, id_) in parts.items()}
        columns = {
            name: RESERVED.get(name, _DIMENSION_OF_ID.get(name, name))
            for name in names
            if name not in (*own.ignored, index)
        }
        return evolve(own, columns={**columns, index: "table"}, recode={index: kinds})
    updates: dict[str, list[str]] = {}
    if "last update" in raw:
        column, updated = ledger.column(index), ledger.column("last update")
        pairs = pd.unique(column.codes.astype(np.int64) * len(updated.categories) + updated.codes)
        for pair in pairs.tolist():
            code, update = divmod(pair, len(updated.categories))
            text = column.categories[code].strip()
            updates.setdefault(text, []).append(updated.categories[update])
    sources: dict[str, str | None] = dict.fromkeys(parts)
    for text, (agency, dataset) in parts.items():
        if dataset:
            own_source = Source(title=dataset)
            if agency:
                known_updates = updates.get(text, [""])
                last = max(known_updates, key=lambda text: _eurostat.day_of(text) or date.min)
                own_source = _eurostat.provenance(agency, dataset, last)
            sources[text] = source_text([own_source])
    return evolve(own, columns={index: "source"}, recode={index: sources})


def _structure(text: str) -> tuple[str, str]:
    """Return the agency and id of a structure such as ``ESTAT:CRIM_THB_SEX(1.0)``."""
    match = _STRUCTURE.fullmatch(text)
    return (match[1].strip(), match[2].strip()) if match else ("", text)


FORMAT = Format.named("sdmx_csv", recognise, read, write)
