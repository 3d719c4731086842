"""Fractional programs: the largest ratio of two sums over the points of a program."""

from collections.abc import Mapping
from fractions import Fraction

from attrs import frozen

from thbstats.bounds._program import Optimum, Program, above, value_at
from thbstats.bounds._search import Point

__all__ = ["Ratio", "largest_ratio"]

_FINE = 1_000
"""The largest denominator of the ratio from which points are looked for."""


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
    point: Point | None = _first(program, part, whole)
    ratio = Fraction(value_at(part, point or {}), value_at(whole, point or {}))
    while True:
        excess = above(part, whole, ratio)
        proved = program.limit(excess)
        if proved is None:
            growing = program.endless(part, whole)
            if growing is None:
                return None
            ratio, point = growing, None
            continue
        best = _most(program, excess, point, *proved)
        if not best.value or best.value < 0:
            attained = None if best.value else dict(best.point)
            return Ratio(value=ratio, point=attained, best=best)
        point = dict(best.point)
        ratio = Fraction(value_at(part, point), value_at(whole, point))


def _most(
    program: Program,
    excess: Mapping[int, int],
    point: Point | None,
    limit: Fraction,
    multipliers: Mapping[int, Fraction],
) -> Optimum:
    """The most by which a ratio is exceeded; where a point has it, any that is more will do."""
    if point is None:
        return program.maximise(excess)
    better, parts = (None, 0) if limit < 1 else program.better(excess, 0)
    if better is not None:
        return Optimum(value=value_at(excess, better), point=better)
    return Optimum(value=0, point=point, limit=limit, multipliers=multipliers, parts=parts)


def _first(program: Program, part: Mapping[int, int], whole: Mapping[int, int]) -> Point:
    """A point with a large ratio: far above that of all points whole or not, or nearly so."""
    most = None if program.is_large else program.relaxed(part, whole)
    # Large numbers make floating point slow, and a ratio nearby leads to the same points.
    return program.guess(
        part if most is None else above(part, whole, most.limit_denominator(_FINE))
    )
