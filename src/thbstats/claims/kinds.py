"""What sorts of claims there are, what they are about, and which way they point."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal, get_args

__all__ = [
    "BASES",
    "CONTENT",
    "DIMENSIONS_OF",
    "NEEDED",
    "ONLY",
    "SOURCE_KINDS",
    "WITH_STATUS",
    "ClaimKind",
    "Direction",
    "SourceKind",
    "Subject",
]


class ClaimKind(StrEnum):
    """What a claim states."""

    COUNT = "count"
    """How many, in digits or in words only ("numerous")."""
    SHARE = "share"
    """Which part of a whole, as a percentage or in words only ("the majority")."""
    CHANGE = "change"
    """By how much a count changed since an earlier period, as a percentage of what it was."""
    RATE = "rate"
    """A count per 10, 100 and so on up to 1,000,000 inhabitants, such as 1.6 per 100,000."""
    RATIO = "ratio"
    """One count divided by another, such as 0.49 convictions per prosecution."""
    RANKING = "ranking"
    """What comes first, or who belongs to the first n."""
    DIRECTION = "direction"
    """Which way something goes, without a number."""
    STATEMENT = "statement"
    """Anything else that speaks of quantity without a number."""
    NUMBER = "number"
    """A number that counts nothing, such as the number of an exercise."""


class Subject(StrEnum):
    """What a claim is about."""

    VICTIMS = "victims"
    JUSTICE = "justice"
    PROTECTION = "protection"
    COOPERATION = "cooperation"
    INSTITUTIONS = "institutions"


class Direction(StrEnum):
    """Which way a claim says that something goes."""

    UP = "up"
    DOWN = "down"
    SAME = "same"
    NOT_DOWN = "not_down"
    """No decrease was found, which is not a finding of an increase."""


#: Whose page a figure was read from: the publisher's own, or one that quotes it.
SourceKind = Literal["primary", "secondary"]
SOURCE_KINDS = get_args(SourceKind)

#: What a claim can say about its base: it holds those whose category is unknown ("all"), it holds
#: only those whose category is recorded ("known"), or it is not said ("not_stated").
BASES = ("all", "known", "not_stated")

#: Of these fields a claim fills one or both.
CONTENT = ("printed", "wording")

#: The fields that a claim of a kind fills.
NEEDED: Mapping[ClaimKind, tuple[str, ...]] = {
    ClaimKind.CHANGE: ("since",),
    ClaimKind.RATE: ("printed", "per"),
    ClaimKind.RATIO: ("printed", "of"),
    ClaimKind.RANKING: ("ranks", "base_dimension"),
    ClaimKind.DIRECTION: ("direction",),
    ClaimKind.NUMBER: ("printed",),
}

#: The kinds of claim that alone fill a field.
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

#: By what each subject is counted; one that is not named here, by anything.
DIMENSIONS_OF: Mapping[Subject, frozenset[str]] = {
    Subject.VICTIMS: _PEOPLE | {"movement", "register"},
    Subject.JUSTICE: _PEOPLE | {"stage", "offence"},
    Subject.PROTECTION: _PEOPLE | {"measure", "outcome"},
    Subject.COOPERATION: frozenset({"body", "kind", "area", "topic"}),
}

#: The subject that has a status.
WITH_STATUS = Subject.VICTIMS
