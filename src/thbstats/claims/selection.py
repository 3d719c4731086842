"""Categories as codes by dimension."""

from collections.abc import Callable, Iterator, Mapping

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


def _citizenship(text: str) -> str:
    try:
        return CitizenshipGroup.parse(text)
    except UnknownName as no_group:
        try:
            return parse_country(text)
        except UnknownName:
            raise no_group from None


def _topic(text: str) -> str:
    if not text.replace("_", "").isalnum() or text != text.lower():
        hint = "Use underscores, such as 'working_papers'"
        problem = "must be a name of small letters, digits and underscores"
        raise InvalidValue(problem, value=text, hint=hint)
    return text


CODES: dict[str, type[Code]] = {
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
"""The code list of each dimension; a citizenship can also be a country."""

_PARSERS: dict[str, Callable[[str], str]] = {
    **{name: codes.parse for name, codes in CODES.items()},
    "citizenship": _citizenship,
    "area": lambda text: Area.parse(text).code,
    "topic": _topic,
}

#: The dimensions of a category. ``topic`` is a free name for a category that the vocabularies do
#: not contain.
DIMENSIONS: tuple[str, ...] = tuple(_PARSERS)

#: The dimensions that divide persons.
SPLITS = ("sex", "age", "citizenship", "exploitation", "movement", "topic")


def codes_of(dimension: str) -> tuple[str, ...]:
    """Return the codes of a dimension, without countries.

    Examples
    --------
    >>> codes_of("sex")
    ('total', 'female', 'male', 'other', 'unknown')
    """
    return tuple(map(str, CODES.get(dimension, ())))


def checked_text(name: str, value: object) -> str:
    """Return a value that must be a text."""
    if not isinstance(value, str):
        raise InvalidValue("must be text", field=name, value=value, hint="Use quotes")
    return value


def parse_code(dimension: str, text: object, *, field: str = "") -> str:
    """Return the code of a text in one dimension.

    Examples
    --------
    >>> str(parse_code("citizenship", "Greece")), str(parse_code("stage", "Convicted"))
    ('EL', 'convicted')
    """
    name = field or dimension
    if dimension not in _PARSERS:
        hint = did_you_mean(dimension, DIMENSIONS)
        raise UnknownName(f"{dimension!r} must be a known dimension", field=name, hint=hint)
    word = checked_text(name, text)
    try:
        return _PARSERS[dimension](word)
    except ThbstatsError as error:
        raise error.with_location(field=name, value=text) from None


def _pairs(codes: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    return tuple((name, parse_code(name, codes[name])) for name in sorted(codes))


@frozen(eq=False, repr=False)
class CategoryCodes(Mapping[str, str]):
    """Immutable codes by dimension: ``{"sex": "female", "exploitation": "sexual"}``.

    Empty codes select all.

    Raises
    ------
    UnknownName
        If a dimension or a code does not exist.

    Examples
    --------
    >>> female = CategoryCodes({"sex": "women and girls", "exploitation": "sexual"})
    >>> female == {"exploitation": "sexual", "sex": "female"}
    True
    >>> female.includes({"sex": "female"})
    True
    """

    _codes: tuple[tuple[str, str], ...] = field(converter=_pairs, default={})

    def includes(self, codes: Mapping[str, str]) -> bool:
        """Return whether some codes are contained."""
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
        return f"CategoryCodes({ {name: str(code) for name, code in self._codes} })"
