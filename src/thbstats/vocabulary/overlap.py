"""Whether the categories of a breakdown exclude each other."""

from thbstats.vocabulary._code import Code, entry

__all__ = ["Overlap"]


class Overlap(Code):
    """How the categories of one breakdown relate.

    ``exclusive`` categories count each victim once, ``overlapping`` ones may count a victim
    several times (one exploited in two forms): their shares may exceed 100%, and the rest is
    not "other". Few sources state it, and counts above their total show it.
    """

    EXCLUSIVE = entry("exclusive", "Exclusive", also=("mutually exclusive", "single"))
    OVERLAPPING = entry("overlapping", "Overlapping", also=("multiple", "multiple responses"))
    NOT_STATED = entry("not_stated", "Not stated", also=("not specified", "unknown"))
