"""Fractional programs: the largest ratio of two sums over the points of a program."""

from collections.abc import Mapping
from fractions import Fraction

from attrs import frozen

from thbstats.bounds._program import Optimum, Program, above, value_at
from thbstats.bounds._search import Point

__all__ = ["Ratio", "largest_ratio"]


@frozen(kw_only=True)
class Ratio:
    """The largest ratio, and the proof.

    Parameters
    ----------
    value : Fraction
        The ratio.
    point : dict of int to int or None
        A point that has it; ``None`` where it is only approached, as both sums grow without end.
    best : Optimum
        That no point has more: what the numerator exceeds this ratio of the base by.
    """

    value: Fraction
    point: Point | None
    best: Optimum

    @property
    def limit(self) -> Fraction:
        """What adding rows shows that the ratio is at most, over a base of 1 or more."""
        return self.value + (self.best.limit or Fraction(0)) / self.value.denominator


def largest_ratio(
    program: Program, part: Mapping[int, int], whole: Mapping[int, int]
) -> Ratio | None:
    """Return the largest part / whole, or None if there is none.

    Every point of the program has a base of 1 or more. A ratio is the largest if no point exceeds
    it; each point that does takes its place (W. Dinkelbach 1967). The first is the whole point that
    comes nearest to the largest ratio of all points, whole or not.
    """
    most = program.relaxed(part, whole)
    point: Point | None = program.guess(part if most is None else above(part, whole, most))
    ratio = Fraction(value_at(part, point or {}), value_at(whole, point or {}))
    while True:
        excess = above(part, whole, ratio)
        better = program.guess(excess)
        if value_at(excess, better) <= 0:
            best = program.maximise(excess, better)
            if best.value is None:
                growing = program.endless(part, whole)
                if growing is None:
                    return None
                ratio, point = growing, None
                continue
            better = dict(best.point)
            if best.value <= 0:
                break
        point, ratio = better, Fraction(value_at(part, better), value_at(whole, better))
    if point is None and best.value == 0:
        point = better
    return Ratio(value=ratio, point=point, best=best)
