"""SDMX structures of tables: data structure, concepts, code lists and dataflow in SDMX-ML 3.0.

The properties of a classification that SDMX does not have are annotations, so that the structure
contains the complete classification.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any
from xml.etree import ElementTree as ET

from thbstats.errors import InvalidFile, InvalidValue, ThbstatsError
from thbstats.files.input_file import InputFile
from thbstats.geography import COMPOSITIONS, Area, country_name
from thbstats.geography.countries import read_countries, read_dissolved_states
from thbstats.records import Dimension, Schema
from thbstats.values import Reason
from thbstats.vocabulary import CitizenshipGroup, Classification

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
"""The annotation of code lists of users; its text is the name of the dimension."""

_ID = re.compile(r"[A-Za-z0-9_@$-]+")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
IDS = {"area": "geo", "period": "TIME_PERIOD"}
"""The ids of dimensions that differ from their names."""

_ATTRIBUTES = {
    "OBS_FLAG": ("Observation flags, as letters", "String"),
    "CONF_STATUS": ("Confidentiality: C for a suppressed count", "String"),
    "LOWER": ("Lower bound of a count that is not exactly known", "Long"),
    "UPPER": ("Upper bound of a count that is not exactly known", "Long"),
    "REASON": ("Reason why a count is not exactly known", "CL_REASON"),
    "FINDINGS": ("Codes of problems of the count", "String"),
    "UNANSWERED": ("Further cases with an unknown answer", "Long"),
    "SOURCE": ("Publication", "String"),
    "REPORTERS": ("Reporting countries", "String"),
    "N_REPORTERS": ("Number of reporting countries", "Long"),
}
_CLASSES = {
    "Codelist": "codelist",
    "Concept": "conceptscheme",
    "DataStructure": "datastructure",
}
_TITLE = "Trafficking in human beings: {}"


def structure_id(schema: Schema) -> str:
    """Return the id of the data structure and dataflow of a schema.

    It starts with the kind of count, and contains the names of the classifications of users.
    """
    return "_".join([schema.kind, *(own.name for own in schema.classifications)]).upper()


# Writing


def is_id(text: str) -> bool:
    """Whether a text can be the id of a code in SDMX."""
    return bool(_ID.fullmatch(text))


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
    dataflow = _maintained(_add(structures, "str:Dataflows"), "Dataflow", id_)
    _add_names(dataflow, {"en": _TITLE.format(schema.kind)})
    _add(dataflow, "str:Structure", _urn("DataStructure", id_))
    _add_components(_add(structures, "str:DataStructures"), schema, id_)
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


def _maintained(parent: ET.Element, name: str, id_: str) -> ET.Element:
    """Return a new element of the agency."""
    return _add(parent, f"str:{name}", agencyID=AGENCY, id=id_, version=_VERSION)


def _urn(class_: str, id_: str, item: str = "") -> str:
    """Return the URN of an element of the agency, or of an item of it."""
    end = f".{item}" if item else ""
    package = f"urn:sdmx:org.sdmx.infomodel.{_CLASSES[class_]}.{class_}"
    return f"{package}={AGENCY}:{id_}({_VERSION}){end}"


def _add_names(element: ET.Element, names: Mapping[str, str], definition: str = "") -> None:
    """Add names in languages, and a definition in English."""
    for language, name in names.items():
        _add_text(element, "com:Name", name, language)
    if definition:
        _add_text(element, "com:Description", definition)


def _add_text(element: ET.Element, name: str, text: str, language: str = "en") -> None:
    _add(element, name, _checked(text), **{_LANGUAGE: language})


def _checked(text: str) -> str:
    """Return a text, or raise an error if XML cannot contain it."""
    if _NOT_XML.search(text):
        raise InvalidValue(
            "must not contain a control character in an SDMX structure",
            field="classification",
            value=text[:80],
            hint="Correct the text in the classification",
        )
    return text


def _add_annotations(element: ET.Element, properties: Mapping[str, Any]) -> None:
    """Add an annotation for each value; that of a mapping has its key as title."""
    values = [
        (name, key, text)
        for name, value in properties.items()
        for key, texts in (value if isinstance(value, Mapping) else {None: value}).items()
        for text in (texts if isinstance(texts, list) else [texts]) or [None]
    ]
    listed = _add(element, "com:Annotations") if values else element
    for name, key, text in values:
        annotation = _add(listed, "com:Annotation")
        if key is not None:
            _add(annotation, "com:AnnotationTitle", _checked(key))
        _add(annotation, "com:AnnotationType", name)
        if text is not None:
            plain = str(text).lower() if isinstance(text, bool) else text
            _add_text(annotation, "com:AnnotationText", plain)


def _list_id(dimension: Dimension, schema: Schema) -> str:
    """Return the id of the code list of a dimension."""
    is_own = any(own.name == dimension.name for own in schema.classifications)
    return f"CL_{'OWN_' * is_own}{dimension.name.upper()}"


def _add_code_lists(parent: ET.Element, schema: Schema, areas: Iterable[str]) -> None:
    for own in schema.classifications:  # first and in order
        _add_classification(parent, own, f"CL_OWN_{own.name.upper()}", {_MARK: own.name})
    owned = {own.name for own in schema.classifications}
    for dimension in schema.dimensions:
        if dimension.content == "codes" and dimension.vocabulary and dimension.name not in owned:
            classification = dimension.vocabulary.classification()
            _add_classification(parent, classification, _list_id(dimension, schema), {})
    whole = (*COMPOSITIONS.values(), Area.parse("World"))
    known = {**{area.code: area.label for area in whole}, **_countries()}
    others = sorted(text for text in areas if is_id(text) and text not in known)
    plain: dict[str, tuple[str, Mapping[str, str]]] = {
        "CL_AREA": ("Area", {**known, **{text: Area.parse(text).label for text in others}}),
        "CL_REASON": ("Reason", {own: own.replace("_", " ").capitalize() for own in Reason}),
    }
    if "citizenship" in schema.names:
        groups = {str(group): group.label for group in CitizenshipGroup}
        plain["CL_CITIZENSHIP"] = ("Citizenship", {**groups, **_countries()})
    for id_, (title, labels) in plain.items():
        codes = _maintained(parent, "Codelist", id_)
        _add_names(codes, {"en": title})
        _add_codes(codes, labels)


@cache
def _countries() -> Mapping[str, str]:
    codes = [country.code for country in (*read_countries(), *read_dissolved_states())]
    return MappingProxyType({code: country_name(code) for code in codes})


def _add_classification(
    parent: ET.Element, classification: Classification, id_: str, mark: Mapping[str, str]
) -> None:
    """Add the code list of a classification; the annotations are only those of users."""
    content = classification.to_dict()
    codes = _maintained(parent, "Codelist", id_)
    names = _names(content, "title", "titles")
    definition = content.pop("definition", "")
    categories = content.pop("categories")
    del content["name"]
    if mark:
        _add_annotations(codes, {**mark, **content})
    _add_names(codes, names, definition)
    for code, own in categories.items():
        element = _add(codes, "str:Code", id=code)
        names, wider = _names(own, "label", "labels"), own.pop("parent", None)
        definition = own.pop("definition", "")
        if mark:
            _add_annotations(element, own)
        _add_names(element, names, definition)
        if wider is not None:
            _add(element, "str:Parent", wider)
    if classification.has_countries:
        _add_codes(codes, _countries())


def _add_codes(codes: ET.Element, labels: Mapping[str, str]) -> None:
    for code, label in labels.items():
        _add_names(_add(codes, "str:Code", id=code), {"en": label})


def _names(content: dict[str, Any], label: str, labels: str) -> dict[str, str]:
    """Return the names by language; a second English name stays in the content."""
    others = content.pop(labels, {})
    if "en" in others:
        content[labels] = {"en": others.pop("en")}
    return {"en": content.pop(label), **others}


def _add_concepts(parent: ET.Element, schema: Schema, id_: str) -> None:
    scheme = _maintained(parent, "ConceptScheme", f"CS_{id_}")
    _add_names(scheme, {"en": f"Concepts of {schema.kind}"})
    for dimension in schema.dimensions:
        concept = _add(scheme, "str:Concept", id=IDS.get(dimension.name, dimension.name))
        if dimension.content in ("codes", "countries") and dimension.vocabulary is not None:
            own = dimension.vocabulary.classification()
            _add_names(concept, {"en": own.title, **own.titles}, own.definition)
        else:
            _add_names(concept, {"en": dimension.title})
    others = {"OBS_VALUE": "Count, if it is exactly known"}
    others |= {name: text for name, (text, _) in _ATTRIBUTES.items()}
    for name, text in others.items():
        _add_names(_add(scheme, "str:Concept", id=name), {"en": text})


def _add_components(parent: ET.Element, schema: Schema, id_: str) -> None:
    """Add the data structure: dimensions, attributes and the measure."""
    structure = _maintained(parent, "DataStructure", id_)
    _add_names(structure, {"en": _TITLE.format(schema.kind)})
    components = _add(structure, "str:DataStructureComponents")

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
    root = _parsed(file)
    lists = list(root.iterfind("mes:Structures/str:Codelists/str:Codelist", _NAMESPACES))
    if root.tag != _tag("mes:Structure") or {own.get("agencyID") for own in lists} != {AGENCY}:
        raise InvalidFile(
            f"{file.name} must be an SDMX structure that this library wrote",
            field="structure",
            hint="Declare other classifications: Declaration(classifications=...)",
        )
    result = []
    for own in lists:
        content = _content(own, "title", "titles")
        if _MARK not in content:
            continue
        content["name"] = content.pop(_MARK)
        codes = own.iterfind("str:Code", _NAMESPACES)
        content["categories"] = [
            {"code": code.get("id", ""), **_content(code, "label", "labels")}
            for code in codes
            if not (content.get("has_countries") and code.get("id") in _countries())
        ]
        try:
            result.append(Classification.from_dict(content))
        except ThbstatsError as error:
            row = own.get("id", "") if error.row is None else f"{own.get('id')}, {error.row}"
            raise InvalidFile(
                error.problem, row=row, field=error.field, value=error.value, hint=error.hint
            ) from None
    return tuple(result)


def _parsed(file: InputFile) -> ET.Element:
    text = file.text
    if text.count("<") > file.limits.values:
        raise file.limits.exceeded(file.name, "values", "elements")
    if "<!DOCTYPE" in text:  # it can define entities that need much memory
        hint = "Write the structure again"
        raise InvalidFile(f"{file.name} must not have a document type", hint=hint)
    try:
        return ET.fromstring(text)
    except ET.ParseError as error:
        row = "line {}, column {}".format(*error.position)
        hint = "Write the structure again, or correct it"
        raise InvalidFile(f"{file.name} is not valid XML", row=row, hint=hint) from None


def _content(element: ET.Element, label: str, labels: str) -> dict[str, Any]:
    """Return the properties of a code list or a code as plain data."""
    content: dict[str, Any] = {}

    def add(name: str, key: str | None, text: str | None) -> None:
        members = content if key is None else content.setdefault(name, {})
        last = name if key is None else key
        if (key is None) == (name in _MAPPINGS):
            requirement = "have" if key is None else "not have"
            raise _invalid(element, f"must {requirement} a title in its annotation", name, text)
        if name in _LISTS:
            members.setdefault(last, []).extend([] if text is None else [text])
        elif last in members:
            raise _invalid(element, "must be unique", name, text)
        else:
            members[last] = (
                _TRUTH.get(str(text), text) if name.startswith(("is_", "has_")) else text
            )

    for annotation in element.iterfind("com:Annotations/com:Annotation", _NAMESPACES):
        parts = (_text(annotation.find(f"com:Annotation{end}", _NAMESPACES)) for end in _PARTS)
        property_, key, text = parts
        add(property_ or "", key, text)
    for name in element.iterfind("com:Name", _NAMESPACES):
        language = name.get(_LANGUAGE, "en")
        is_english = language == "en"
        add(label if is_english else labels, None if is_english else language, _text(name))
    for property_, tag in (("definition", "com:Description"), ("parent", "str:Parent")):
        if (own := element.find(tag, _NAMESPACES)) is not None:
            add(property_, None, _text(own))
    return content


_PARTS = ("Type", "Title", "Text")
_LISTS = ("synonyms", "crosswalk")
_MAPPINGS = ("labels", "titles", "crosswalk")
_TRUTH = {"true": True, "false": False}


def _invalid(element: ET.Element, problem: str, name: str, text: str | None) -> InvalidFile:
    hint = "Write the structure again"
    return InvalidFile(problem, row=element.get("id", ""), field=name, value=text, hint=hint)


def _text(element: ET.Element | None) -> str | None:
    return None if element is None else element.text or ""
