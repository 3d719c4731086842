"""Base class of code lists."""

from enum import StrEnum
from functools import cache
from typing import Any, Self

from thbstats.errors import UnknownName, did_you_mean
from thbstats.languages import Label
from thbstats.vocabulary.category import Category, plain_spelling
from thbstats.vocabulary.classification import Classification, bundled_classification

# "Women" are female adults: neither a sex nor an age group alone.
_SEX_AND_AGE = {
    **dict.fromkeys(("women", "woman"), ("female", "adult")),
    **dict.fromkeys(("girls", "girl"), ("female", "child")),
    **dict.fromkeys(("men", "man"), ("male", "adult")),
    **dict.fromkeys(("boys", "boy"), ("male", "child")),
}


class Code(StrEnum):
    """Code of a code list: a string with label, synonyms, parent and note.

    The properties of the codes are in the classification of the list. The list reads every
    spelling, as the converter of a field: ``Sex("F")`` is ``Sex.FEMALE``.
    """

    # Not members: annotations without values. A list has one of the two.
    _document: str
    _defined: Classification | None

    def __init_subclass__(cls, document: str = "") -> None:
        cls._document, cls._defined = document, None
        if document:
            _BUNDLED[cls.__name__] = cls

    @classmethod
    def classification(cls) -> Classification:
        """Return the classification of the list."""
        return _classification(cls)

    @property
    def category(self) -> Category:
        """Category of the classification."""
        return _classification(type(self))[self.value]

    @property
    def label(self) -> str:
        """Label for readers, in English; it has its translations."""
        return Label(self.category.label, self.category.labels)

    @property
    def synonyms(self) -> tuple[str, ...]:
        """Other spellings for `parse`."""
        return self.category.synonyms

    @property
    def note(self) -> str:
        """Differences from other classifications, or ``""``."""
        return self.category.note

    @property
    def parent(self) -> Self | None:
        """Parent that includes the code, or None at the top.

        The counts of the children need not sum to the count of the parent: categories may
        overlap or be missing.
        """
        parent = self.category.parent
        return None if parent is None else type(self)(parent)

    @property
    def children(self) -> tuple[Self, ...]:
        """Codes with this parent, in the order of the list."""
        return tuple(other for other in type(self) if other.category.parent == self.value)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the code of a text.

        The text is a code, label or synonym; case, spaces, hyphens and underscores are ignored.
        Another text raises `UnknownName`.
        """
        code = _spellings(cls).get(plain_spelling(text))
        if code is None:
            raise UnknownName(
                f"must be a code of {cls.__name__}",
                value=text,
                hint=lambda: _hint(cls, plain_spelling(text)),
            )
        return cls(code)

    @classmethod
    def _missing_(cls, value: object) -> Self:
        try:
            return cls.parse(value)  # type: ignore[arg-type]  # other types raise
        except UnknownName as error:
            name = cls._document or cls.classification().name
            raise error.with_location(field=name, value=value) from None

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        return _member, (self.classification(), self.value)


def code_list(classification: Classification) -> type[Code]:
    """Return the code list of a classification.

    Examples
    --------
    >>> recruiter = Classification(name="recruiter", categories=["family", "employer"])
    >>> code_list(recruiter).parse("Family")
    <Recruiter.FAMILY: 'family'>
    """
    bundled = _BUNDLED.get(classification.class_name)
    if bundled is not None and bundled.classification() == classification:
        return bundled
    return _defined(classification)


_BUNDLED: dict[str, type[Code]] = {}


def code_lists() -> tuple[type[Code], ...]:
    """Return the code lists of the library."""
    return tuple(_BUNDLED.values())


@cache
def _defined(classification: Classification) -> type[Code]:
    members = {code.upper(): code for code in classification.codes}
    codes: Any = Code
    result: type[Code] = codes(classification.class_name, members, module=__name__)
    result._defined = classification
    return result


@cache
def _classification(codes: type[Code]) -> Classification:
    return codes._defined or bundled_classification(codes._document)


def _member(classification: Classification, code: str) -> Code:
    return code_list(classification)(code)


def _hint(codes: type[Code], text: str) -> str:
    if text in _SEX_AND_AGE and codes.__name__ in ("Sex", "AgeGroup"):
        sex, age = _SEX_AND_AGE[text]
        return f"Use sex={sex!r} with age={age!r}; sex={sex!r} alone includes all ages"
    return did_you_mean(text.replace(" ", "_"), codes)


@cache
def _spellings(codes: type[Code]) -> dict[str, str]:
    return {
        plain_spelling(spelling): category.code
        for category in codes.classification().categories
        for spelling in category.spellings
    }
