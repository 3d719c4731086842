"""The classifications of the library."""

import pytest

from thbstats.languages import LANGUAGES
from thbstats.vocabulary import ALL, BUNDLED, Code, bundled_classification

CROSSWALKS = {"ictip", "htcds", "ctdc", "glotip", "eurostat"}


@pytest.mark.parametrize("name", BUNDLED)
def test_bundled_classifications_are_complete(name: str) -> None:
    classification = bundled_classification(name)
    assert classification.name == name
    assert classification.definition
    assert classification.source
    assert set(classification.titles) == set(LANGUAGES) - {"en"}
    for language in LANGUAGES:
        labels = classification.labels(language)
        assert len(set(labels.values())) == len(labels), language
    for category in classification.categories:
        assert set(category.labels) == set(LANGUAGES) - {"en"}, category.code
        assert set(category.crosswalk) <= CROSSWALKS, category.code


@pytest.mark.parametrize("codes", ALL, ids=lambda codes: codes.__name__)
def test_classes_list_the_codes_of_their_classifications(codes: type[Code]) -> None:
    classification = codes.classification()
    assert classification.class_name == codes.__name__
    assert tuple(codes) == classification.codes
    assert [code.name for code in codes] == [code.upper() for code in classification.codes]
