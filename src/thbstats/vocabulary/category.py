"""Categories of a classification."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

from attrs import field, frozen
from attrs.validators import optional

from thbstats._characters import is_encodable
from thbstats._mappings import FrozenDict
from thbstats.errors import InvalidValue, require

_CODE = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")
_LANGUAGE = re.compile(r"[a-z]{2,3}")

# "cross-border", "cross_border" and "Cross border" are equal. "<" and "+" are significant.
_SEPARATORS = dict.fromkeys(map(ord, "-_/(),;.\u2010\u2011\u2012\u2013\u2014"), " ")


def plain_spelling(text: object) -> str:
    """Return a text in lower case, without hyphens and repeated spaces."""
    return " ".join(str(text).casefold().translate(_SEPARATORS).split())


# Values of other types are left for the validators.
def _texts(value: Any) -> Any:
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, Sequence) else value


def _crosswalk(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    return FrozenDict({source: _texts(texts) for source, texts in value.items()})


def to_mapping(value: Any) -> Any:
    """Return an immutable mapping; other values are unchanged, for the validator."""
    return FrozenDict(value) if isinstance(value, Mapping) else value


def to_date(value: object) -> object:
    """Return the date of a text in ISO form; other values are unchanged, for the validator."""
    with suppress(ValueError):
        return date.fromisoformat(value) if isinstance(value, str) else value
    return value


def _is_text(value: object) -> bool:
    return isinstance(value, str) and is_encodable(value)


def _checked(is_valid: Callable[[Any], object], requirement: str, hint: str = "") -> Any:
    """Return a validator of a field."""

    def check(_: object, attribute: Any, value: object) -> None:
        if not is_valid(value):
            problem = f"must be {requirement}"
            raise InvalidValue(problem, field=attribute.name, value=value, hint=hint)

    return check


def _is_date(value: object) -> bool:
    return value is None or type(value) is date  # not a time


check_text = _checked(_is_text, "a text")
check_label = _checked(lambda own: _is_text(own) and own.strip(), "a text with letters")
check_truth = _checked(lambda own: isinstance(own, bool), "true or false")
check_date = _checked(_is_date, "a date", "Write a date such as 2024-07-14")
_check_texts = _checked(
    lambda own: isinstance(own, tuple) and all(map(_is_text, own)), "a list of texts"
)


def check_labels(_: object, attribute: Any, value: Any) -> None:
    """Raise an error if a field does not contain labels by language."""
    if not isinstance(value, Mapping):
        hint = "Write labels such as {de = 'Arbeitgeber'}"
        raise InvalidValue("must be a table of texts", field=attribute.name, value=value, hint=hint)
    for language, label in value.items():
        if not isinstance(language, str) or not _LANGUAGE.fullmatch(language):
            hint = "Use a code of ISO 639 such as 'de'"
            name = attribute.name
            raise InvalidValue("must be codes of languages", field=name, value=language, hint=hint)
        if not _is_text(label) or not label.strip():
            raise InvalidValue("must be a text", field=f"{attribute.name}.{language}", value=label)


@frozen(kw_only=True)
class Category:
    """Category of a classification.

    Parameters
    ----------
    code : str
        The code: lower-case letters, digits and single underscores.
    label : str
        The label in English; by default the code with spaces.
    labels : mapping of str to str
        The labels in other languages, by code of ISO 639.
    parent : str, optional
        The code of the wider category; by default the total.
    synonyms : sequence of str
        Other spellings in files.
    definition, note : str
        The definition, and differences from other classifications.
    is_residual : bool
        Whether the category is the remainder of its parent, such as "other reasons". A residual
        has no categories below it.
    is_exhaustive : bool
        Whether the categories below include every case of the category.
    valid_from, valid_to : date, optional
        The first and the last day of the category.
    notation : str
        The code in the published classification.
    is_verified : bool
        Whether the category was compared with the published classification.
    crosswalk : mapping of str to sequence of str
        The terms of other classifications, by their name.

    Raises
    ------
    InvalidValue
        If an argument has an invalid type or value.

    Examples
    --------
    >>> Category(code="debt_bondage", parent="financial").label
    'Debt bondage'
    """

    code: str = field()
    label: str = field(validator=check_label)
    labels: Mapping[str, str] = field(
        factory=FrozenDict, converter=to_mapping, validator=check_labels
    )
    parent: str | None = field(default=None, validator=optional(check_text))
    synonyms: tuple[str, ...] = field(default=(), converter=_texts, validator=_check_texts)
    definition: str = field(default="", validator=check_text)
    note: str = field(default="", validator=check_text)
    is_residual: bool = field(default=False, validator=check_truth)
    is_exhaustive: bool = field(default=False, validator=check_truth)
    valid_from: date | None = field(default=None, converter=to_date, validator=check_date)
    valid_to: date | None = field(default=None, converter=to_date, validator=check_date)
    notation: str = field(default="", validator=check_text)
    is_verified: bool = field(default=True, validator=check_truth)
    crosswalk: Mapping[str, tuple[str, ...]] = field(factory=FrozenDict, converter=_crosswalk)

    @code.validator
    def _check_code(self, _: object, value: object) -> None:
        is_code = isinstance(value, str) and _CODE.fullmatch(value)
        hint = "Write a code such as 'debt_bondage', and the text as label"
        problem = "must be lower-case letters, digits and single underscores"
        require(is_code, problem, hint, code=value)

    @label.default
    def _label_of_code(self) -> str:
        return str(self.code).replace("_", " ").capitalize()

    @crosswalk.validator
    def _check_crosswalk(self, attribute: Any, value: object) -> None:
        if not isinstance(value, Mapping):
            hint = "Write terms such as {ctdc = ['intimatePartner']}"
            raise InvalidValue("must be a table", field=attribute.name, value=value, hint=hint)
        for source, texts in value.items():
            if not isinstance(texts, tuple) or not all(map(_is_text, [source, *texts])):
                where = f"{attribute.name}.{source}"
                raise InvalidValue("must be a list of texts", field=where, value=texts)

    def __hash__(self) -> int:
        return hash(self.code)

    @property
    def spellings(self) -> tuple[str, ...]:
        """The texts that are read as the category."""
        terms = (term for texts in self.crosswalk.values() for term in texts)
        return (self.code, self.label, *self.labels.values(), *self.synonyms, *terms)
