"""Fractional programs."""

from collections.abc import Mapping
from fractions import Fraction

from attrs import frozen

from thbstats.bounds._program import Optimum, Program, above, value_at
from thbstats.bounds._search import Point

__all__ = ["Ratio", "largest_ratio"]

_FINE = 1_000
"""The largest denominator of the ratio from which the search starts."""


@frozen(kw_only=True)
class Ratio:
    """Largest ratio and its proof.

    Parameters
    ----------
    value : Fraction
        The ratio.
    point : dict of int to int or None
        A point that attains it; ``None`` if it is approached only.
    best : Optimum
        The proof: the excess of the numerator over this ratio of the denominator.
    """

    value: Fraction
    point: Point | None
    best: Optimum

    @property
    def limit(self) -> Fraction:
        """Proved upper bound of the ratio for a denominator of 1 or more."""
        return self.value + (self.best.limit or Fraction(0)) / self.value.denominator


def largest_ratio(
    program: Program, part: Mapping[int, int], whole: Mapping[int, int]
) -> Ratio | None:
    """Return the largest part / whole, or ``None`` if it is unbounded.

    Every point of the program has a denominator of 1 or more. A ratio is the largest if no point
    exceeds it; a point with a larger ratio replaces it (W. Dinkelbach 1967).
    """
    point: Point | None = _first(program, part, whole)
    ratio = Fraction(value_at(part, point or {}), value_at(whole, point or {}))
    while True:
        excess = above(part, whole, ratio)
        proved = program.limit(excess)
        if proved is None:
            supremum = program.unbounded_ratio(part, whole)
            if supremum is None:
                return None
            ratio, point = supremum, None
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
    """Return the maximum excess over a ratio, or any positive one."""
    if point is None:
        return program.maximise(excess)
    better, parts = (None, 0) if limit < 1 else program.better_point(excess, 0)
    if better is not None:
        return Optimum(value=value_at(excess, better), point=better)
    return Optimum(value=0, point=point, limit=limit, multipliers=multipliers, parts=parts)


def _first(program: Program, part: Mapping[int, int], whole: Mapping[int, int]) -> Point:
    """Return an integer point with a large ratio."""
    most = None if program.is_large else program.relaxed(part, whole)
    # Large denominators slow down floating point; a nearby ratio gives the same points.
    return program.guess(
        part if most is None else above(part, whole, most.limit_denominator(_FINE))
    )
