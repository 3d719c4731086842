"""Which numbers set one stage of justice against another."""

from thbstats.comparability.rule import alike
from thbstats.results import Answer, Measure, Result
from thbstats.vocabulary import Stage

__all__ = ["is_justice_ratio", "is_protection_ratio", "one_stage", "stages"]


def is_justice_ratio(number: Result) -> bool:
    """Return whether a number sets two flows of justice against each other."""
    sides = (number.context.counted, number.context.against)
    flows = number.measure in (Measure.RATIO, Measure.PER_100)
    return flows and all(side.kind == "justice" for side in sides)


def is_protection_ratio(number: Result) -> bool:
    """Return whether a number sets what victims were given against victims or their requests."""
    flows = number.measure in (Measure.RATIO, Measure.PER_100)
    return flows and number.context.counted.kind == "protection"


def one_stage(number: Result) -> Answer:
    """Return whether both sides of a number are of one stage, as those of a share always are."""
    if not is_justice_ratio(number):
        return Answer.HOLDS
    return alike([number.context.counted.get("stage"), number.context.against.get("stage")])


def stages(number: Result) -> tuple[Stage, Stage] | None:
    """Return the stages of numerator and denominator where these are two different stages."""
    if not is_justice_ratio(number):
        return None
    one, two = number.context.counted.get("stage"), number.context.against.get("stage")
    return None if one is None or two is None or one == two else (Stage(one), Stage(two))
