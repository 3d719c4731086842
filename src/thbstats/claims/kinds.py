"""Kinds, subjects and directions of claims."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal, get_args


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
