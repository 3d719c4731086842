"""Overlap of categories."""

from thbstats.vocabulary._code import Code, entry

__all__ = ["Overlap"]


class Overlap(Code):
    """Overlap of the categories of a breakdown.

    ``exclusive`` categories count each victim once. ``overlapping`` categories can count a
    victim several times (multiple response): shares can sum to more than 100%, and the
    complement is not "other". Few sources state the overlap; categories that sum to more than
    the total show it.
    """

    EXCLUSIVE = entry("exclusive", "Exclusive", synonyms=("mutually exclusive", "single"))
    OVERLAPPING = entry("overlapping", "Overlapping", synonyms=("multiple", "multiple responses"))
    NOT_STATED = entry("not_stated", "Not stated", synonyms=("not specified", "unknown"))
