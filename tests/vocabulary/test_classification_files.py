"""Form and content of the bundled classification documents."""

import tomllib
from collections.abc import Mapping
from datetime import date
from importlib.resources import files
from typing import Any

import pytest

from tests.rows import check_rows
from thbstats.vocabulary import ALL, LANGUAGES, Code, labels
from thbstats.vocabulary._code import _plain

FOLDER = files("thbstats.vocabulary").joinpath("classifications")
DOCUMENTS = {
    file.name.removesuffix(".toml"): tomllib.loads(file.read_text(encoding="utf-8"))
    for file in sorted(FOLDER.iterdir(), key=lambda file: file.name)
    if file.name.endswith(".toml")
}
LISTS = {d["class_name"]: d for d in DOCUMENTS.values() if "class_name" in d}
DIMENSIONS = {name: d for name, d in DOCUMENTS.items() if "class_name" not in d}

KEYS = {
    "name": str, "title": str, "titles": dict, "definition": str, "source": str, "kind": str,
    "valid_from": date, "valid_to": date, "class_name": str, "categories": dict,
}  # fmt: skip
CATEGORY_KEYS = {
    "label": str, "labels": dict, "definition": str, "synonyms": list, "note": str,
    "notation": str, "parent": str, "is_residual": bool, "is_verified": bool,
    "valid_from": date, "valid_to": date, "crosswalk": dict,
}  # fmt: skip
REQUIRED = {"name", "title", "titles", "definition", "source", "kind", "categories"}
CROSSWALKS = {"ictip", "htcds", "ctdc", "glotip", "eurostat"}
IMPLICIT = {"breakdown": {"total", "unknown"}, "attribute": {"not_stated"}}


def _problems(name: str, document: Mapping[str, Any]) -> list[str]:
    """Return the errors in the form of a document; each contains the key or the code."""
    categories = document.get("categories", {})
    result = [
        *(f"{key} is required" for key in sorted(REQUIRED - set(document))),
        *_key_problems("document", document, KEYS),
    ]
    if document.get("name") != name:
        result.append(f"name must be {name}")
    if document.get("kind") not in IMPLICIT:
        result.append("kind must be breakdown or attribute")
    if set(document.get("titles", {})) != set(LANGUAGES) - {"en"}:
        result.append("titles must be in all languages")
    if "class_name" not in document:
        implicit = IMPLICIT.get(document.get("kind", ""), set())
        result += [f"{code} is implicit" for code in sorted(implicit & set(categories))]
    for code in categories:
        result += _category_problems(code, categories)
    owners: dict[str, set[str]] = {}
    for code, category in categories.items():
        for text in (code, category.get("label", ""), *category.get("synonyms", ())):
            owners.setdefault(_plain(text), set()).add(code)
    result += [f"{text!r} is ambiguous" for text, codes in owners.items() if len(codes) > 1]
    for language in sorted(LANGUAGES):
        texts = [_label(category, language) for category in categories.values()]
        if len(set(texts)) < len(texts):
            result.append(f"labels must be unique in {language}")
    return result


def _category_problems(code: str, categories: Mapping[str, Any]) -> list[str]:
    category = categories[code]
    result = _key_problems(code, category, CATEGORY_KEYS)
    if not (code.isidentifier() and code == code.lower()):
        result.append(f"{code} must be a lower-case name")
    if set(category.get("labels", {})) != set(LANGUAGES) - {"en"}:
        result.append(f"{code} must have labels in all languages")
    if set(category.get("crosswalk", {})) - CROSSWALKS:
        result.append(f"{code} has an unknown crosswalk")
    chain = [code]
    while (parent := categories[chain[-1]].get("parent")) is not None:
        if parent not in categories or parent in chain:
            return [*result, f"{code} has no valid parent"]
        chain.append(parent)
    return result


def _key_problems(place: str, table: Mapping[str, Any], keys: Mapping[str, type]) -> list[str]:
    result = [f"{place} has the unknown key {key}" for key in sorted(set(table) - set(keys))]
    for key, value in table.items():
        if key in keys and not isinstance(value, keys[key]):
            result.append(f"{place}.{key} must be {keys[key].__name__}")
        if isinstance(value, str) and (value != value.strip() or not value):
            result.append(f"{place}.{key} must be a text without spaces at its edges")
    return result


def _label(category: Mapping[str, Any], language: str) -> str:
    return (
        category.get("label", "")
        if language == "en"
        else category.get("labels", {}).get(language, "")
    )


def test_documents_have_the_form_of_a_classification() -> None:
    def check(name: str, document: Mapping[str, Any]) -> None:
        assert _problems(name, document) == []

    check_rows(check, DOCUMENTS.items())


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"title": None}, "title is required"),
        ({"name": "Kind"}, "name must be colour"),
        ({"kind": "list"}, "kind must be breakdown or attribute"),
        ({"titles": {"de": "Farbe"}}, "titles must be in all languages"),
        ({"codes": ["red"]}, "document has the unknown key codes"),
        ({"valid_from": "2025"}, "document.valid_from must be date"),
        ({"source": ""}, "document.source must be a text without spaces at its edges"),
        ({"red": {"colour": "red"}}, "red has the unknown key colour"),
        ({"red": {"label": "Red "}}, "red.label must be a text without spaces at its edges"),
        ({"red": {"labels": {"de": "Rot"}}}, "red must have labels in all languages"),
        ({"red": {"parent": "colour"}}, "red has no valid parent"),
        ({"red": {"parent": "red"}}, "red has no valid parent"),
        ({"red": {"synonyms": ["BLUE"]}}, "'blue' is ambiguous"),
        ({"red": {"crosswalk": {"who": ["1"]}}}, "red has an unknown crosswalk"),
        ({"red": {"label": "Blue"}}, "labels must be unique in en"),
        ({"unknown": {"label": "Unknown"}}, "unknown is implicit"),
        ({"Green": {"label": "Green"}}, "Green must be a lower-case name"),
    ],
)
def test_an_invalid_document_has_a_problem(change: dict[str, Any], problem: str) -> None:
    document: dict[str, Any] = {
        "name": "colour",
        "title": "Colour",
        "titles": {"de": "Farbe", "fr": "Couleur"},
        "definition": "Colour of a file.",
        "source": "None.",
        "kind": "breakdown",
        "categories": {
            "red": {"label": "Red", "labels": {"de": "Rot", "fr": "Rouge"}},
            "blue": {"label": "Blue", "labels": {"de": "Blau", "fr": "Bleu"}},
        },
    }
    assert _problems("colour", document) == []
    for key, value in change.items():
        if isinstance(value, dict) and key != "titles":
            document["categories"][key] = document["categories"].get(key, {}) | value
        elif value is None:
            del document[key]
        else:
            document[key] = value
    assert problem in _problems("colour", document)


def test_every_code_list_has_a_document() -> None:
    assert set(LISTS) == {codes.__name__ for codes in ALL}


@pytest.mark.parametrize("codes", ALL, ids=lambda codes: codes.__name__)
def test_a_document_has_all_codes_labels_and_texts_of_its_list(codes: type[Code]) -> None:
    categories = LISTS[codes.__name__]["categories"]
    assert list(categories) == [str(code) for code in codes]
    for code in codes:
        category = categories[code]
        assert category["label"] == code.label
        assert tuple(category.get("synonyms", ())) == code.synonyms
        assert category.get("note", "") == code.note
        assert category.get("parent") == (code.parent and str(code.parent))
    for language in LANGUAGES:
        texts = {code: _label(category, language) for code, category in categories.items()}
        assert texts == dict(labels(codes, language))


@pytest.mark.parametrize("codes", ALL, ids=lambda codes: codes.__name__)
def test_a_document_has_the_definition_of_its_list(codes: type[Code]) -> None:
    definition = " ".join(LISTS[codes.__name__]["definition"].split())
    assert definition in " ".join((codes.__doc__ or "").replace("``", "`").split())


def test_residual_categories_have_siblings() -> None:
    for document in DOCUMENTS.values():
        categories = document["categories"]
        for code, category in categories.items():
            if category.get("is_residual"):
                parent = category.get("parent")
                siblings = {c for c in categories if categories[c].get("parent") == parent}
                assert siblings - {code}, code
