"""From where to where a quantity can be, with a table for each end and the proof."""

from collections.abc import Mapping
from fractions import Fraction

from attrs import field, frozen

from thbstats.values import Interval, Rational

__all__ = ["Bounds", "Proof"]

Table = Mapping[str, int]
"""The count of each cell."""


@frozen(kw_only=True)
class Proof:
    """Why nothing lies beyond an end.

    Parameters
    ----------
    limit : Fraction
        What adding inequalities shows of the end, on its far side or equal to it.
    multipliers : mapping of str to Fraction
        How often the inequalities of each statement are added, at most.
    parts : int
        Into how many parts the tables between the limit and the end were split to refute each;
        0 where no whole number lies between both.
    """

    limit: Fraction
    multipliers: Mapping[str, Fraction] = field(factory=dict)
    parts: int = 0


@frozen(kw_only=True)
class Bounds:
    """The least and the most that a quantity can be over all tables that fit.

    Parameters
    ----------
    lower, upper : int, Fraction or None
        The ends, both attained; ``None`` where there is no end.
    low, high : mapping of str to int or None
        A table that fits and has this end.
    low_proof, high_proof : Proof or None
        Why nothing lies beyond.
    undefined : bool
        Whether a share can also have no value, since nobody need be in its base.
    """

    lower: Rational | None
    upper: Rational | None
    low: Table | None = None
    high: Table | None = None
    low_proof: Proof | None = None
    high_proof: Proof | None = None
    undefined: bool = False

    @property
    def interval(self) -> Interval:
        """The ends as an interval."""
        return Interval(self.lower, self.upper, undefined=self.undefined)

    def __str__(self) -> str:
        return str(self.interval)
