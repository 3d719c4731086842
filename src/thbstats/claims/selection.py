"""Which part of a whole a claim speaks of: dimensions and their codes."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from attrs import field, frozen

from thbstats.errors import InvalidValue, ThbstatsError, UnknownName, did_you_mean
from thbstats.geography import Area, parse_country
from thbstats.vocabulary import (
    AgeGroup,
    CitizenshipGroup,
    Code,
    CooperationBody,
    CooperationKind,
    Exploitation,
    MeasureOutcome,
    Movement,
    Offence,
    ProtectionMeasure,
    RegisteringBody,
    Sex,
    Stage,
)

__all__ = [
    "COUNTRY",
    "DIMENSIONS",
    "SPLITS",
    "Selection",
    "codes_of",
    "parse_code",
    "selection_shape",
]


def _citizenship(text: str) -> str:
    """Read a group of citizenships, or else a country."""
    try:
        return CitizenshipGroup.parse(text)
    except UnknownName as no_group:
        try:
            return parse_country(text)
        except UnknownName:
            raise no_group from None


def _topic(text: str) -> str:
    if not text.replace("_", "").isalnum() or text != text.lower():
        raise InvalidValue(
            "a topic is one name in small letters",
            value=text,
            hint="Join its words with underscores, such as 'working_papers'",
        )
    return text


_WORDS: dict[str, type[Code]] = {
    "sex": Sex,
    "age": AgeGroup,
    "citizenship": CitizenshipGroup,
    "exploitation": Exploitation,
    "movement": Movement,
    "register": RegisteringBody,
    "stage": Stage,
    "offence": Offence,
    "measure": ProtectionMeasure,
    "outcome": MeasureOutcome,
    "body": CooperationBody,
    "kind": CooperationKind,
}
_READ: dict[str, Callable[[str], str]] = {
    **{name: words.parse for name, words in _WORDS.items()},
    "citizenship": _citizenship,
    "area": lambda text: Area.parse(text).code,
    "topic": _topic,
}

#: The dimensions that a selection can name. ``topic`` is a free name in small letters for what
#: the vocabularies have no word for.
DIMENSIONS: tuple[str, ...] = tuple(_READ)

#: The dimensions whose categories divide persons. A topic is a category that the vocabularies do
#: not contain.
SPLITS = ("sex", "age", "citizenship", "exploitation", "movement", "topic")

COUNTRY = {"$ref": "#/definitions/country"}
"""The shape of the code of a country, in a schema that defines it."""


def codes_of(dimension: str) -> tuple[str, ...]:
    """Return the codes of a dimension that has a list of its own words, without countries.

    Parameters
    ----------
    dimension : str
        One of `DIMENSIONS`.

    Returns
    -------
    tuple of str
        Empty for an area and a topic.

    Examples
    --------
    >>> codes_of("sex")
    ('total', 'female', 'male', 'other', 'unknown')
    """
    return tuple(map(str, _WORDS.get(dimension, ())))


def selection_shape() -> dict[str, Any]:
    """Return in JSON Schema what a selection takes."""
    return {
        "type": "object",
        "properties": {name: _code_shape(name) for name in DIMENSIONS},
        "additionalProperties": False,
    }


def _code_shape(dimension: str) -> dict[str, Any]:
    if dimension == "citizenship":
        return {"anyOf": [{"enum": list(codes_of(dimension))}, COUNTRY]}
    if dimension == "topic":
        return {"type": "string", "pattern": r"^[^A-Z\s-]+$"}
    codes = codes_of(dimension)
    return {"enum": list(codes)} if codes else {"type": "string", "pattern": r"\S"}


def parse_code(dimension: str, text: object, *, field: str = "") -> str:
    """Return the code that a text means in one dimension.

    Parameters
    ----------
    dimension : str
        One of `DIMENSIONS`.
    text : object
        A code or any spelling that the dimension's vocabulary accepts.
    field : str, optional
        The name under which an error speaks of the value; the dimension unless given.

    Returns
    -------
    str

    Raises
    ------
    UnknownName
        If the dimension or the code does not exist.
    InvalidValue
        If the code is no text.

    Examples
    --------
    >>> str(parse_code("citizenship", "Greece")), str(parse_code("stage", "Convicted"))
    ('EL', 'convicted')
    """
    name = field or dimension
    if dimension not in _READ:
        raise UnknownName(
            "there is no such dimension", field=name, hint=did_you_mean(dimension, DIMENSIONS)
        )
    if not isinstance(text, str):
        raise InvalidValue("a code is text", field=name, value=text, hint="Write it in quotes")
    try:
        return _READ[dimension](text)
    except ThbstatsError as error:
        raise error.with_location(field=name, value=text) from None


def _pairs(codes: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    return tuple((name, parse_code(name, codes[name])) for name in sorted(codes))


@frozen(eq=False, repr=False)
class Selection(Mapping[str, str]):
    """Codes by dimension, read-only: ``{"sex": "female", "exploitation": "sexual"}``.

    An empty selection is the whole.

    Parameters
    ----------
    codes : mapping
        Any spelling that the vocabularies accept, by one of `DIMENSIONS`.

    Raises
    ------
    UnknownName
        If a dimension or a code does not exist.

    Examples
    --------
    >>> female = Selection({"sex": "women and girls", "exploitation": "sexual"})
    >>> female == {"exploitation": "sexual", "sex": "female"}
    True
    >>> female.includes({"sex": "female"})
    True
    """

    _codes: tuple[tuple[str, str], ...] = field(converter=_pairs, default={})

    def includes(self, codes: Mapping[str, str]) -> bool:
        """Whether every one of these codes is among the selection's own."""
        return codes.items() <= self.items()

    def __getitem__(self, dimension: str) -> str:
        return dict(self._codes)[dimension]

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self._codes)

    def __len__(self) -> int:
        return len(self._codes)

    def __hash__(self) -> int:
        return hash(self._codes)

    def __repr__(self) -> str:
        return f"Selection({ {name: str(code) for name, code in self._codes} })"
