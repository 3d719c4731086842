"""What sorts of claims there are, what they are about, and which way they point."""

from enum import StrEnum

__all__ = ["BASES", "ClaimKind", "Direction", "Subject"]


class ClaimKind(StrEnum):
    """What a claim states."""

    COUNT = "count"
    """How many, in digits or in words only ("numerous")."""
    SHARE = "share"
    """Which part of a whole, as a percentage or in words only ("the majority")."""
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


#: What a claim can say about its base: it holds those whose category is unknown ("all"), it holds
#: only those whose category is recorded ("recorded"), or it is not said ("not_stated").
BASES = ("all", "recorded", "not_stated")
