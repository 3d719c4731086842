"""Which numbers set one stage of justice against another."""

from thbstats.results import Result
from thbstats.vocabulary import Stage

__all__ = ["stages"]


def stages(number: Result) -> tuple[Stage, Stage] | None:
    """Return the stages of numerator and denominator where these are two different stages."""
    counted, against = number.context.counted, number.context.against
    if counted.kind != "justice" or against.kind != "justice":
        return None
    one, two = counted.get("stage"), against.get("stage")
    return None if one is None or two is None or one == two else (Stage(one), Stage(two))
