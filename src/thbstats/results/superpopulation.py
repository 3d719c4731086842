"""What a number would say of a probability, had the counted been drawn by chance."""

from fractions import Fraction
from math import isinf
from typing import Any

import pandas as pd
from attrs import frozen

from thbstats.display import Column, Sheet, Shown, count, decimal, percent
from thbstats.results.measure import Measure
from thbstats.results.result import Result
from thbstats.values import Interval

__all__ = ["Superpopulation"]

_METHODS = {
    "wilson": "Wilson",
    "clopper_pearson": "Clopper-Pearson",
    "jeffreys": "Jeffreys",
    "poisson": "Poisson (exact)",
}


@frozen(kw_only=True, repr=False)
class Superpopulation(Shown):
    """An interval for the probability or the mean of which a number would be a realisation.

    Parameters
    ----------
    number : Result
        The number.
    lower, upper : float
        The ends, on the scale of the number; of all counts that are possible together.
    method : {"wilson", "clopper_pearson", "jeffreys", "poisson"}
        How they were computed.
    level : float
        How often such an interval covers the probability, as far as the method keeps it.
    """

    number: Result
    lower: float
    upper: float
    method: str
    level: float

    @property
    def shown(self) -> str:
        """The interval as printed: the lower bound rounded down, the upper bound rounded up."""
        upper = None if isinf(self.upper) else Fraction(self.upper)
        bounds = Interval(Fraction(self.lower), upper)
        match self.number.measure:
            case Measure.SHARE:
                return percent(bounds, outward=True)
            case Measure.COUNT:
                return count(bounds, outward=True)
        places = 2 if self.number.measure is Measure.PER_100_000 else 1
        return decimal(bounds, places, outward=True)

    @property
    def name(self) -> str:
        """What it is called: the method and the level."""
        level = percent(Fraction(str(self.level)), 1).removesuffix(" %").removesuffix(".0")
        return f"{_METHODS[self.method]} interval at {level} %"

    @property
    def statement(self) -> str:
        """What it is, and what it is not."""
        if self.number.measure is Measure.SHARE:
            supposed = "every person counted had been drawn independently, with one probability"
            what = "the probability"
        else:
            supposed = "the count were one realisation of a Poisson process"
            what = "the mean"
        return (
            f"{self.name} for {what} behind {self.shown_number}, if {supposed}: a superpopulation "
            "view. The counts are of all who were recorded and no sample, so that this is no "
            "error of the number, and says nothing of those who were not recorded, are of unknown "
            "category, or live where nobody reported."
        )

    @property
    def shown_number(self) -> str:
        """The number with its name."""
        return f"{self.number.label} ({self.number.shown})"

    def explain(self) -> str:
        """Return the interval, what it is and what it is not, and the number as a footnote."""
        return "\n".join([f"{self.shown}. {self.statement}", self.number.explain()])

    def to_dict(self) -> dict[str, Any]:
        """Return the interval and its number as plain data; no bound is ``None``."""
        return {
            "lower": self.lower,
            "upper": None if isinf(self.upper) else self.upper,
            "method": self.method,
            "level": self.level,
            "statement": self.statement,
            "number": self.number.to_dict(),
        }

    def to_frame(self) -> pd.DataFrame:
        """Return the number as a tidy frame of one row, with the interval."""
        return self.number.to_frame().assign(
            superpopulation_lower=self.lower,
            superpopulation_upper=self.upper,
            method=self.method,
            level=self.level,
        )

    def sheet(self) -> Sheet:
        """Return the number and the interval as a sheet of one row."""
        return Sheet(
            caption=f"{self.number.label}, {self.number.area}, {self.number.period}",
            columns=["", Column("reported", "right"), Column(self.name, "right")],
            rows=[[self.number.label, self.number.shown, self.shown]],
            notes=[self.statement, *self.number.sheet().notes],
        )

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.shown_number}: {self.shown}, {self.name}>"
