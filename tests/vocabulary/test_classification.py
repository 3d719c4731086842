"""Classifications of users: plain data, and invalid data of any type."""

from typing import Any

import pytest
from hypothesis import given

from thbstats.errors import InvalidValue, ThbstatsError
from thbstats.testing.strategies import classifications
from thbstats.vocabulary import Classification, code_list


@given(classifications())
def test_classification_equals_that_of_its_data(classification: Classification) -> None:
    assert Classification.from_dict(classification.to_dict()) == classification


@given(classifications())
def test_every_spelling_is_read_as_its_category(classification: Classification) -> None:
    codes = code_list(classification)
    for category in classification.categories:
        for spelling in category.spellings:
            assert codes.parse(spelling) == category.code


@pytest.mark.parametrize(
    ("data", "field", "problem"),
    [
        ({"name": "while", "categories": ["a"]}, "name", "must not be a keyword"),
        ({"name": "self", "categories": ["a"]}, "name", "must not be a keyword"),
        ({"name": "a", "categories": "family"}, "categories", "must be a list"),
        ({"name": "a", "categories": [{"label": "A"}]}, "categories.0.code", "must be given"),
        ({"name": "a", "categories": ["a"] * 10_001}, "categories", "got 10,001"),
        ({"name": "a", "categories": ["a"], "class_name": "1"}, "class_name", "a class"),
        ({"name": "a", "categories": ["a"], "titles": "de"}, "titles", "a table of texts"),
        ({"name": "a", "categories": ["a"], "title": "\ud800"}, "title", "must be a text"),
        ({"name": "a", "categories": {"b": {"labels": {5: "B"}}}}, "labels", "codes of languages"),
        ({"name": "a", "categories": {"b": {"synonyms": 5}}}, "synonyms", "a list of texts"),
        ({"name": "a", "categories": {"b": {"crosswalk": {5: "b"}}}}, "crosswalk.5", "of texts"),
        ({"name": "a", "categories": {"b": {"is_exhaustive": 1}}}, "is_exhaustive", "true or"),
        ({"name": "a", "categories": {"b": {"parent": 5}}}, "parent", "must be a text"),
    ],
)
def test_invalid_data_is_an_error_with_its_field(data: Any, field: str, problem: str) -> None:
    with pytest.raises(ThbstatsError, match=problem) as caught:
        Classification.from_dict(data)
    assert caught.value.field == field


def test_categories_can_be_a_generator() -> None:
    lazy = Classification(name="a", categories=(code for code in ("x", "y")))
    assert lazy.codes == ("total", "x", "y", "unknown")
    with pytest.raises(InvalidValue, match="must be a list"):
        Classification(name="a", categories={"x": {}})
