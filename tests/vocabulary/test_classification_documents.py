"""Classifications written by users."""

import json
import pickle
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from thbstats.errors import InvalidFile, InvalidValue, ThbstatsError, UnknownName
from thbstats.vocabulary import (
    BUNDLED,
    Category,
    Classification,
    age_bands,
    bundled_classification,
    code_list,
)

DOCUMENT = """
name = "means_of_control"
title = "Means of control"
titles = {de = "Kontrollmittel"}
definition = "The means by which a person is controlled."
source = "Handbook of the register, 2024"
valid_from = 2024-01-01

[categories.psychological]
label = "Psychological control"
labels = {de = "Psychische Kontrolle"}
is_exhaustive = true

[categories.threats]
label = "Threats"
parent = "psychological"
synonyms = ["threat", "intimidation"]
crosswalk = {ctdc = ["meansOfControlThreats"]}

[categories.other_psychological]
label = "Other psychological control"
parent = "psychological"
is_residual = true

[categories.debt_bondage]
valid_to = 2025-12-31
is_verified = false
"""


@pytest.fixture
def means(tmp_path: Path) -> Classification:
    path = tmp_path / "means.toml"
    path.write_text(DOCUMENT, encoding="utf-8")
    return Classification.from_toml(path)


def test_a_document_has_labels_hierarchy_synonyms_and_validity(means: Classification) -> None:
    assert means.codes == (
        *("total", "psychological", "threats", "other_psychological", "debt_bondage", "unknown"),
    )
    assert means.valid_from == date(2024, 1, 1)
    assert means["debt_bondage"].label == "Debt bondage"
    assert means["debt_bondage"].valid_to == date(2025, 12, 31)
    assert means["psychological"].is_exhaustive
    assert means["other_psychological"].is_residual
    assert means["threats"].parent == "psychological"
    assert means["psychological"].parent == means["unknown"].parent == "total"
    assert means.labels("de")["psychological"] == "Psychische Kontrolle"
    assert means.labels("de")["threats"] == "Threats"
    assert means.labels("de")["unknown"] == "Unbekannt"
    assert dict(means.crosswalk("ctdc")) == {"meansOfControlThreats": "threats"}
    assert repr(means) == "<Classification means_of_control: 6 categories>"


def test_codes_are_read_from_every_spelling(means: Classification) -> None:
    codes = code_list(means)
    for text in ("threats", "THREAT", "Intimidation", "means of control threats"):
        if "control" not in text:
            assert codes.parse(text) == "threats"
    assert codes.parse("Psychische Kontrolle") == "psychological"
    assert codes.parse("meansOfControlThreats") == "threats"
    assert codes("threats").parent == codes("psychological")
    assert [code.value for code in codes("psychological").children] == [
        "threats",
        "other_psychological",
    ]
    with pytest.raises(UnknownName, match="must be a code of MeansOfControl"):
        codes.parse("threads of control")


@pytest.mark.parametrize("name", BUNDLED)
def test_plain_data_restore_a_classification(name: str) -> None:
    classification = bundled_classification(name)
    data = json.loads(json.dumps(classification.to_dict()))
    assert Classification.from_dict(data) == classification
    restored = pickle.loads(pickle.dumps(classification))
    assert restored == classification
    assert hash(restored) == hash(classification)
    assert code_list(restored) is code_list(classification)


def test_codes_of_users_are_restored_by_pickle(means: Classification) -> None:
    code = code_list(means)("threats")
    assert pickle.loads(pickle.dumps(code)) is code


def test_an_attribute_is_not_stated_by_default() -> None:
    instance = Classification(name="instance", kind="attribute", categories=["first", "appeal"])
    required = Classification(
        name="instance", kind="attribute", is_required=True, categories=["first", "appeal"]
    )
    assert instance.codes == ("first", "appeal", "not_stated")
    assert required.codes == ("first", "appeal")


def categories(**properties: Any) -> dict[str, Any]:
    return {"name": "recruiter", "categories": {"family": properties, "friend": {}}}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "`name` must be given"),
        ([], "must be a table"),
        ({"name": "recruiter"}, "`categories` must contain at least one category"),
        ({"name": "recruiter", "categories": 3}, "`categories` must be a list"),
        (
            {"name": "recruiter", "categories": [3]},
            "`categories.0` must be a table",
        ),
        ({"name": "Recruiter", "categories": ["a"]}, "must be lower-case"),
        ({"name": "recruiter", "categories": ["A b"]}, "must be lower-case"),
        ({"name": "recruiter", "kinds": "x"}, "must be a parameter"),
        ({**categories(), "kind": "list"}, "must be 'breakdown' or 'attribute'"),
        ({**categories(), "title": 5}, "`title` must be a text"),
        ({**categories(), "titles": {"German": "x"}}, "must be codes of languages"),
        (
            {**categories(), "valid_from": "2024"},
            "`valid_from` must be a date",
        ),
        (categories(lable="Family"), "must be a property of a category"),
        (categories(label=7), "categories.family: `label` must be a text"),
        (categories(labels={"de": " "}), "`labels.de` must be a text"),
        (categories(labels="x"), "`labels` must be a table"),
        (categories(crosswalk=["x"]), "`crosswalk` must be a table"),
        (categories(synonyms=[4]), "`synonyms` must be a list of texts"),
        (categories(is_residual="yes"), "`is_residual` must be true or false"),
        (categories(parent="kin"), "categories.family: `parent` must be a category, got 'kin'"),
        (categories(parent="family"), "must be above the category, not below it"),
        (categories(synonyms=["Friend"]), "must not be a spelling of 'family' too"),
        (
            {"name": "recruiter", "categories": {"a": {"parent": "b"}, "b": {"parent": "a"}}},
            "must be above the category, not below it",
        ),
        (
            {
                "name": "recruiter",
                "categories": {"a": {"is_residual": True}, "b": {"parent": "a"}},
            },
            "must be a category with categories below it: a residual has none",
        ),
        (
            {"name": "recruiter", "categories": [{"code": "a"}, {"code": "a"}]},
            "`code` must be unique",
        ),
    ],
)
def test_wrong_documents_are_refused(data: Any, message: str) -> None:
    with pytest.raises((InvalidValue, UnknownName)) as caught:
        Classification.from_dict(data)
    assert message in str(caught.value)


@pytest.mark.parametrize("text", ["name = ", "\x00", 'name = "a"\n' * 2, "x" * (1 << 20) + "y"])
def test_files_that_are_not_toml_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidFile, match=r"own\.toml must be a classification in TOML"):
        Classification.from_toml(path)


def test_errors_of_a_file_name_the_file_and_the_category(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text('name = "recruiter"\n[categories.family]\nparent = "kin"\n', encoding="utf-8")
    with pytest.raises(InvalidValue, match=r"own\.toml, categories\.family: `parent`"):
        Classification.from_toml(path)
    with pytest.raises(InvalidFile, match="must be a readable file"):
        Classification.from_toml(tmp_path / "none.toml")


def test_unknown_names_have_hints() -> None:
    recruiter = Classification(name="recruiter", categories=["family", "employer"])
    with pytest.raises(UnknownName, match="Did you mean 'employer'"):
        recruiter["employee"]
    with pytest.raises(UnknownName, match="must have terms in the crosswalk"):
        recruiter.crosswalk("ctdc")
    with pytest.raises(UnknownName, match="must be a classification of the library"):
        bundled_classification("recruiters")


def test_a_category_needs_a_code() -> None:
    with pytest.raises(TypeError):
        Category()  # type: ignore[call-arg]
    with pytest.raises(ThbstatsError):
        Category(code="")


@pytest.mark.parametrize(
    ("bands", "parents"),
    [
        (["0 to 14", "15-17", "18+"], {"0_to_14": "child", "15_to_17": "child"}),
        (["under 18", "18 to 24", "25 and over"], {"18_to_24": "adult", "25_and_over": "adult"}),
        (
            ["0-14", "15-19", "20 or older"],
            {"0_to_14": "child", "15_to_19": "total", "20_and_over": "adult"},
        ),
        (
            ["0-14", "0-9", "10-14"],
            {"0_to_14": "child", "0_to_9": "0_to_14", "10_to_14": "0_to_14"},
        ),
        (["10-29", "15-19"], {"10_to_29": "total", "15_to_19": "10_to_29"}),
    ],
)
def test_age_bands_nest_into_child_and_adult(bands: list[str], parents: dict[str, str]) -> None:
    ages = age_bands(*bands)
    assert {own.code: own.parent for own in ages.categories[3:-1]} == parents
    codes = code_list(ages)
    for text in bands:
        assert codes.parse(text) in (*parents, "child", "adult")


def test_spellings_of_bands_of_children_and_adults_are_read() -> None:
    for text in ("0 to 17", "0_to_17", "0-17 years", "< 18", "below 18 years", "under 18"):
        assert code_list(age_bands(text, "20-24")).parse(text) == "child"
    for text in ("18 +", "18 years or older"):
        assert code_list(age_bands("0-4", text)).parse(text) == "adult"


@pytest.mark.parametrize(
    ("bands", "message"),
    [
        (["0-14", "children"], "must be an age band"),
        (["17-12"], "must be an age band"),
        (["0-14", "10-19"], "must not share some of its ages with '0-14'"),
    ],
)
def test_wrong_age_bands_are_refused(bands: list[str], message: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        age_bands(*bands)
    assert message in str(caught.value)
