"""JSON Schema of claims files, compared with the reader."""

import json
import re
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from attrs import fields, fields_dict
from hypothesis import given
from hypothesis import strategies as st

from tests.rows import check_rows
from thbstats import publications
from thbstats.claims import Claim, Publication, claims_schema, field_descriptions, read_claims
from thbstats.claims.claims_json_schema import field_schema
from thbstats.claims.selection import DIMENSIONS, NEEDED, ONLY, ClaimKind, codes_of
from thbstats.errors import InvalidClaims, ThbstatsError
from thbstats.geography import COUNTRIES

SCHEMA = claims_schema()
VALIDATOR = jsonschema.Draft7Validator(
    SCHEMA, format_checker=jsonschema.Draft7Validator.FORMAT_CHECKER
)
EXAMPLE = Path(__file__).parents[2] / "examples" / "eurostat_2024_01.toml"

GOOD: dict[str, Any] = {
    "id": "c",
    "section": "II",
    "paragraph": "1",
    "kind": "count",
    "printed": "9 759",
    "subject": "victims",
}


def plain(text: str) -> Any:
    return json.loads(json.dumps(tomllib.loads(text), default=str))


def with_claim(**changes: Any) -> dict[str, Any]:
    claim = {name: value for name, value in (GOOD | changes).items() if value is not ...}
    report = {"id": "made-up", "title": "A report"}
    return {"schema_version": 1, "report": report, "claim": [claim]}


def is_read(data: Any) -> bool:
    try:
        read_claims(json.dumps(data, indent=1), format="json")
    except InvalidClaims:
        return False
    return True


def test_schema_is_a_schema() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)


def test_schema_uses_draft_7_keywords_only() -> None:
    text = json.dumps(SCHEMA)
    assert not re.search(r'"(\$defs|const|unevaluated\w+|dependent\w+|prefixItems)":', text)


@pytest.mark.parametrize("load", publications.ALL)
def test_every_publication_is_valid(load: Any) -> None:
    text = files("thbstats.publications").joinpath(f"{load.__name__}.toml").read_text("utf-8")
    VALIDATOR.validate(plain(text))


def test_example_is_valid_and_names_the_schema() -> None:
    text = EXAMPLE.read_text("utf-8")
    VALIDATOR.validate(plain(text))
    (named,) = re.findall(r"^#:schema (\S+)$", text.split("\n\n")[0], re.MULTILINE)
    assert json.loads((EXAMPLE.parent / named).read_text("utf-8")) == SCHEMA


@pytest.mark.parametrize(("cls", "name"), [(Publication, "report"), (Claim, "claim")])
def test_every_field_has_a_description(cls: type, name: str) -> None:
    known = {item.name for item in fields(cls)} - {"claims"}
    properties = SCHEMA["definitions"][name]["properties"]
    assert set(properties) == known
    assert all(properties[field]["description"] for field in known)
    assert set(field_descriptions(cls)) >= known


def test_every_code_of_a_dimension_is_named() -> None:
    shapes = SCHEMA["definitions"]["claim"]["properties"]["category"]["properties"]
    assert set(shapes) == set(DIMENSIONS)
    for name in DIMENSIONS:
        for code in codes_of(name):
            assert is_read(with_claim(category={name: code}, subject="institutions"))
            jsonschema.Draft7Validator({**shapes[name], "definitions": {"country": {}}}).validate(
                code
            )
    assert SCHEMA["definitions"]["country"]["enum"][0] == COUNTRIES[0].code


VALID: list[dict[str, Any]] = [
    {},
    {"paragraph": ...},
    {"printed": ..., "wording": "many"},
    {"category": {"sex": "female", "citizenship": "NO"}},
    {"category": {"citizenship": "non_eu", "topic": "a_b"}},
    {"reporters": 22},
    {"reporters": ["EL", "SUHH"]},
    {"period": "~2014 - 2016"},
    {"period": "2014\N{EN DASH}2016"},
    {"period": "2015-04-01/2016-03-31"},
    {"wording": "some States ... on the rise"},
    {"kind": "share", "printed": "56%", "base": "known", "at_least": True},
    {"kind": "change", "printed": "5%", "since": "2010"},
    {"kind": "ranking", "printed": "two", "base_dimension": "sex", "ranks": ["female", "male"]},
    {"kind": "direction", "printed": ..., "wording": "up", "direction": "not_down"},
    {"subject": "justice", "category": {"stage": "convicted"}},
]


def test_what_is_valid_is_read() -> None:
    for changes in VALID:
        data = with_claim(**changes)
        VALIDATOR.validate(data)
        assert is_read(data), changes


# Changes to a valid claim, and the error. The schema shows each, the ones after it only the reader.
INVALID: list[tuple[dict[str, Any], str]] = [
    ({"id": ...}, "claim number 1: `id` must be set"),
    *(
        ({field: ...}, f"claim 'c': `{field}` must be set")
        for field in ("section", "kind", "subject")
    ),
    ({"id": "Not plain"}, "`id`.*small letters"),
    ({"id": 1}, "`id`"),
    ({"kind": "shares"}, "`kind`.*Did you mean 'share'"),
    ({"subject": "people"}, "`subject`"),
    ({"printed": 9759}, "`printed`"),
    ({"printed": ...}, "must have a number or a wording"),
    ({"printed": "", "wording": ""}, "must have a number or a wording"),
    ({"section": " "}, "`section`.*must not be empty"),
    ({"wording": "one two three four five ... six seven"}, "`wording`.*at most 6 words"),
    ({"status": "seen"}, "`status`"),
    ({"unit": "heads"}, "`unit`"),
    ({"base": "none"}, "`base`.*'known'"),
    ({"base_printed": "yes"}, "`base_printed`"),
    ({"base_dimension": "gender"}, "`base_dimension`"),
    ({"category": "female"}, "`category`"),
    ({"category": {"sex": "girl"}}, "`category.sex`"),
    ({"category": {"sex": "woman"}}, "`category.sex`.*Use sex='female'"),
    ({"category": {"gender": "female"}}, "gender"),
    ({"category": {"citizenship": "Atlantis"}}, "`category.citizenship`"),
    ({"category": {"topic": "Two Words"}}, "`category.topic`"),
    ({"category": {"stage": "convicted"}}, "dimensions of victims only, got stage"),
    ({"of": {"sex": "female"}}, "must not be set for a count"),
    ({"subject": "cooperation", "category": {"sex": "female"}}, "got sex"),
    ({"subject": "justice", "status": "registered"}, "`status`"),
    ({"period": "soon"}, "got 'soon'"),
    ({"period": 2015}, "`period`"),
    ({"since": "2010"}, "must be set for a change only"),
    ({"kind": "change", "printed": "5%"}, "must be set for a change only"),
    ({"kind": "ranking", "printed": ..., "wording": "top"}, "`ranks`"),
    (
        {"kind": "ranking", "printed": ..., "wording": "top", "ranks": [], "base_dimension": "sex"},
        "`ranks`",
    ),
    ({"kind": "direction", "printed": ..., "wording": "on the rise"}, "`direction`"),
    ({"kind": "direction", "direction": "up"}, "must not be set for a direction"),
    ({"kind": "statement"}, "must not be set for a statement"),
    ({"kind": "number", "printed": ..., "wording": "many"}, "must be set for a number"),
    ({"kind": "statement", "printed": ..., "wording": "m", "at_least": True}, "only for a count"),
    ({"ranks": ["sexual"]}, "must not be set for a count"),
    ({"ranks": "RO"}, "`ranks`.*a list"),
    ({"ordered": True}, "`ordered`"),
    ({"reporters": -1}, "`reporters`"),
    ({"reporters": True}, "`reporters`"),
    ({"reporters": ["Atlantis"]}, "`reporters`"),
    ({"direction": "upwards"}, "`direction`"),
    ({"makes": "A group"}, "`makes`"),
    ({"source_kind": "third"}, "`source_kind`"),
    ({"note": None}, "`note`"),
    ({"bases": "all"}, "`bases` must be a known field"),
]
UNSEEN: list[tuple[dict[str, Any], str]] = [
    ({"area": "EU27"}, "`area`.*EU27_2020"),
    ({"wording": "one ...  ... two"}, "`wording`.*empty"),
    ({"printed": "9.759"}, "`printed`"),
]


def test_error_of_an_invalid_claim_names_its_field() -> None:
    check_rows(check_invalid, [*INVALID, *UNSEEN])


def check_invalid(changes: dict[str, Any], message: str) -> None:
    data = with_claim(**changes)
    with pytest.raises(InvalidClaims, match=message):
        read_claims(json.dumps(data, indent=1), format="json")
    assert VALIDATOR.is_valid(data) == ((changes, message) in UNSEEN)
    (values,) = data["claim"]
    required = {"id", "section", "kind", "subject"}
    if required <= set(values) <= set(fields_dict(Claim)):
        with pytest.raises(ThbstatsError, match=message):
            Claim(**values)


def test_file_that_is_refused_by_its_shape_is_not_valid() -> None:
    report = {"id": "made-up", "title": "A"}
    for changes in (
        {"schema_version": 2},
        {"schema_version": "1"},
        {"schema_version": True},
        {"report": []},
        {"report": {"id": "made-up"}},
        {"report": report | {"published": "2018"}},
        {"report": report | {"published": "2018-13-01"}},
        {"report": report | {"claims": []}},
        {"claim": []},
        {"claim": {}},
        {"claim": [1]},
        {"claims": []},
    ):
        data = with_claim() | changes
        assert not is_read(data), changes
        assert not VALIDATOR.is_valid(data), changes


def test_kinds_of_claims_need_the_fields_of_the_schema() -> None:
    rules = {
        rule["if"]["properties"]["kind"]["enum"][0]: rule["then"]
        for rule in SCHEMA["definitions"]["claim"]["allOf"]
        if "kind" in rule["if"]["properties"]
    }
    assert set(rules) == set(ClaimKind)
    for kind, then in rules.items():
        assert tuple(then.get("required", ())) == NEEDED.get(ClaimKind(kind), ())
        idle = {name for name, kinds in ONLY.items() if kind not in kinds}
        assert {name for name, rule in then["properties"].items() if "enum" in rule} == idle


# What the shape of a value cannot show: the reader looks words up, and takes other spellings.
_LOOKED_UP = ("area", "ranks", "wording", "period", "since")

anything = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats(-2, 2),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["sex", "x"]), inner, max_size=2)
    ),
    max_leaves=3,
)


# Not the countries: a whole number with a point, 2.0, is one for the schema alone.
@given(st.sampled_from([each for each in fields(Claim) if each.name != "reporters"]), anything)
def test_values_other_than_text_are_valid_only_if_they_are_read(field: Any, value: Any) -> None:
    data = with_claim(**{field.name: value})
    shape = {**field_schema(field), "definitions": SCHEMA["definitions"]}
    if not jsonschema.Draft7Validator(shape).is_valid(value):
        assert not is_read(data)
    elif not is_read(data):
        assert not VALIDATOR.is_valid(data) or field.name in _LOOKED_UP


TEXTS = ["", " ", "a", "A b", "share", "victims", "all", "2015", "up", "primary", "Convictions"]


def test_what_is_text_is_valid_only_where_it_is_read() -> None:
    check_rows(check_texts, [(field,) for field in fields(Claim) if field.name not in _LOOKED_UP])


def check_texts(field: Any) -> None:
    definitions = SCHEMA["definitions"]
    shape = jsonschema.Draft7Validator({**field_schema(field), "definitions": definitions})
    for text in TEXTS:
        data = with_claim(**{field.name: text})
        if shape.is_valid(text) and VALIDATOR.is_valid(data):
            assert is_read(data) or field.name in ("printed", "kind", "makes")
        elif is_read(data) and text:  # nothing at all is no code that editors need propose
            report = read_claims(json.dumps(data, indent=1), format="json")
            assert shape.is_valid(str(getattr(report.claims[0], field.name)))
