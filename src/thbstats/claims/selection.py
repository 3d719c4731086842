"""Kinds of claims, and categories as codes by dimension."""

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Literal, get_args

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


class ClaimKind(StrEnum):
    """Kind of a claim."""

    COUNT = "count"
    """A count, as a number or in words ("numerous")."""
    SHARE = "share"
    """A percentage of a denominator, or a share in words ("the majority")."""
    CHANGE = "change"
    """A percentage change of a count since an earlier period."""
    RATE = "rate"
    """A count per 10 to 1,000,000 inhabitants, such as 1.6 per 100,000."""
    RATIO = "ratio"
    """One count divided by another, such as 0.49 convictions per prosecution."""
    RANKING = "ranking"
    """The largest categories, or the members of the first n."""
    DIRECTION = "direction"
    """A trend without a number."""
    STATEMENT = "statement"
    """Any other statement on quantity without a number."""
    NUMBER = "number"
    """A number that is not a count, such as the number of an exercise."""
    ESTIMATE = "estimate"
    """An estimate of all persons, on a list or on none, such as "10,000 to 13,000"."""


class Subject(StrEnum):
    """Subject of a claim."""

    VICTIMS = "victims"
    JUSTICE = "justice"
    PROTECTION = "protection"
    COOPERATION = "cooperation"
    INSTITUTIONS = "institutions"


class ClaimDirection(StrEnum):
    """Direction of a trend."""

    UP = "up"
    DOWN = "down"
    SAME = "same"
    NOT_DOWN = "not_down"
    """No decrease was found, which does not imply an increase."""


#: The source of a figure: a page of the publisher, or one that quotes it.
SourceKind = Literal["primary", "secondary"]
SOURCE_KINDS = get_args(SourceKind)

#: The denominators of claims: including the unknown category ("all"), excluding it ("known"), or
#: not stated ("not_stated").
BASES = ("all", "known", "not_stated")

#: The fields of which a claim needs at least one.
CONTENT = ("printed", "wording")

#: The required fields by kind of claim.
NEEDED: Mapping[ClaimKind, tuple[str, ...]] = {
    ClaimKind.CHANGE: ("since",),
    ClaimKind.RATE: ("printed", "per"),
    ClaimKind.RATIO: ("printed", "of"),
    ClaimKind.RANKING: ("ranks", "base_dimension"),
    ClaimKind.DIRECTION: ("direction",),
    ClaimKind.NUMBER: ("printed",),
    ClaimKind.ESTIMATE: ("printed",),
}

#: The permitted kinds of claim by field.
ONLY: Mapping[str, tuple[ClaimKind, ...]] = {
    "since": (ClaimKind.CHANGE,),
    "per": (ClaimKind.RATE, ClaimKind.CHANGE),
    "ranks": (ClaimKind.RANKING,),
    "of": (ClaimKind.SHARE, ClaimKind.RATIO, ClaimKind.RANKING),
    "ordered": (ClaimKind.RANKING,),
    "at_least": (ClaimKind.COUNT, ClaimKind.SHARE),
    "printed": tuple(
        kind for kind in ClaimKind if kind not in (ClaimKind.DIRECTION, ClaimKind.STATEMENT)
    ),
}

_PEOPLE = frozenset({"sex", "age", "citizenship", "exploitation", "area", "topic"})

#: The dimensions of each subject; all dimensions for other subjects.
DIMENSIONS_OF: Mapping[Subject, frozenset[str]] = {
    Subject.VICTIMS: _PEOPLE | {"movement", "register"},
    Subject.JUSTICE: _PEOPLE | {"stage", "offence"},
    Subject.PROTECTION: _PEOPLE | {"measure", "outcome"},
    Subject.COOPERATION: frozenset({"body", "kind", "area", "topic"}),
}

#: The subject with a status.
WITH_STATUS = Subject.VICTIMS


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
