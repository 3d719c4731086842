from datetime import date, datetime

import pytest

from thbstats.errors import InvalidValue
from thbstats.records import Source


def test_a_source_without_title_raises() -> None:
    with pytest.raises(InvalidValue, match="must not be empty"):
        Source(title="  ")


@pytest.mark.parametrize("name", ["title", "publisher", "document", "section", "url", "terms"])
def test_a_source_with_a_lone_surrogate_is_an_error(name: str) -> None:
    with pytest.raises(InvalidValue, match="lone surrogate") as raised:
        Source(**{"title": "A", name: "Publication \ud83d"})
    assert raised.value.field == name


@pytest.mark.parametrize(
    "published",
    ["2018-12-03", date(2018, 12, 3), datetime(2018, 12, 3, 10, 0)],  # noqa: DTZ001
)
def test_the_date_of_publication_is_parsed(published: date | str) -> None:
    assert Source(title="A", published=published).published == date(2018, 12, 3)


@pytest.mark.parametrize("published", ["December 2018", 2018])
def test_an_invalid_date_raises(published: object) -> None:
    with pytest.raises(InvalidValue, match="must be a date"):
        Source(title="A", published=published)  # type: ignore[arg-type]


def test_an_unknown_kind_raises() -> None:
    with pytest.raises(InvalidValue, match="Did you mean 'primary'"):
        Source(title="A", kind="tertiary")  # type: ignore[arg-type]


def test_a_source_is_cited_by_title_document_and_section() -> None:
    assert str(Source(title="Publication", document="COM(2018) 777", section="II")) == (
        "Publication, COM(2018) 777, II"
    )


@pytest.mark.parametrize(
    ("terms", "forbids"),
    [("", False), ("Attribution", False), ("No re-identification", True), ("IDENTIFYING", True)],
)
def test_terms_against_identification_forbid_narrowing(terms: str, forbids: bool) -> None:
    assert Source(title="A", terms=terms).forbids_narrowing is forbids
