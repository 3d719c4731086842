"""Largest ratios of two sums in integer programs, with exact proofs."""

from fractions import Fraction

from attrs import evolve

from thbstats.bounds._program import Optimum, Program, value
from thbstats.bounds._simplex import Point, Terms, negative, undecided

_FINE = 1_000
"""The largest denominator of the ratio from which the search for the largest one starts."""


def relaxed_ratio(
    program: Program, part: Terms, whole: Terms, *, at_infinity: bool = False
) -> Fraction | None:
    """Return the largest part / whole over real points, or ``None``.

    The denominator is scaled to 1 (A. Charnes and W. Cooper 1962). The ratio may be approached
    only; with `at_infinity`, it is the limit if both are unbounded.

    Examples
    --------
    3 or more of 10 persons or more are women, and at most 7 are men. Without an upper bound of
    the women, their share approaches 1:

    >>> program = Program.of(2, [({0: -1}, -3), ({0: -1, 1: -1}, -10), ({1: 1}, 7)])
    >>> relaxed_ratio(program, {0: 1}, {0: 1, 1: 1}, at_infinity=True)
    Fraction(1, 1)
    >>> relaxed_ratio(program, {1: 1}, {0: 1, 1: 1})
    Fraction(7, 10)
    """
    # The last variable is the scale: 1 / whole of a point. At infinity it has no effect.
    scale = 0 if at_infinity else 1
    rows = [({**terms, program.size: -scale * limit}, 0) for terms, limit in program.rows]
    # The method is the own one, since `is_unbounded` states what a missing limit means for it.
    scaled = type(program)(program.size + 1, [*rows, (whole, 1), (negative(whole), -1)])
    if at_infinity and scaled.refutation is not None:
        return None
    proved = scaled.limit(part)
    return None if proved is None else proved[0]


def largest_ratio(program: Program, part: Terms, whole: Terms) -> tuple[Fraction, Optimum] | None:
    """Return the largest ratio of part and whole, with the proof of this maximum.

    Every point has a denominator of 1 or more. A point with a larger ratio replaces the ratio
    (W. Dinkelbach 1967). The result is ``None`` if the ratio is unbounded.

    Examples
    --------
    The proof for the 7 men in 10 persons of `relaxed_ratio`: 3 times the men less 7 times the
    women is at most 0 in each point.

    >>> program = Program.of(2, [({0: -1}, -3), ({0: -1, 1: -1}, -10), ({1: 1}, 7)])
    >>> ratio, best = largest_ratio(program, {1: 1}, {0: 1, 1: 1})
    >>> ratio, sorted(best.point.items()), best.limit
    (Fraction(7, 10), [(0, 3), (1, 7)], Fraction(0, 1))
    """
    # 1. Search: a point with a large ratio.
    near = None if program.is_large else relaxed_ratio(program, part, whole)
    # Large denominators slow down floating point; a nearby ratio gives the same points.
    aim = part if near is None else _excess(part, whole, near.limit_denominator(_FINE))
    point = program.guess(aim)
    while True:
        # 2. Proof: a point has a larger ratio exactly if its excess over this one is above 0.
        ratio = Fraction(value(part, point), value(whole, point))
        excess = _excess(part, whole, ratio)
        proved = program.limit(excess)
        if proved is None:
            approached = _approached_ratio(program, part, whole)
            if approached is None or (approached[1].value or 0) <= 0:
                return approached
            point = approached[1].point or point
            continue
        # 3. Search: a point with an excess is the next one. Without one, the proof of the
        #    excess is that of the ratio.
        limit, multipliers = proved
        better, parts = _point_with(program, excess) if limit >= 1 else (None, 0)
        if better is None:
            best = Optimum(value=0, point=point, limit=limit, multipliers=multipliers)
            return ratio, evolve(best, parts=parts)
        point = better


def _approached_ratio(
    program: Program, part: Terms, whole: Terms
) -> tuple[Fraction, Optimum] | None:
    """Return the ratio that points far away approach, and the maximum of the excess over it.

    It is the ratio of a direction, or ``None`` if this is unbounded too. A point with a small
    denominator can have an excess above 0. Below 0, the ratio is approached and not attained.
    """
    supremum = relaxed_ratio(program, part, whole, at_infinity=True)
    if supremum is None and program.is_unbounded(part, (whole, 0)):
        return None
    if supremum is None:  # the solver failed: the ratio can have a bound
        raise undecided()
    best = program.maximise(_excess(part, whole, supremum))
    return supremum, evolve(best, point=None) if (best.value or 0) < 0 else best


def _point_with(program: Program, excess: Terms) -> tuple[Point | None, int]:
    """Return a point with an excess above 0, or ``None``, and the number of subproblems."""
    point = program.guess(excess)
    return (point, 0) if value(excess, point) > 0 else program.point_above(excess, 0)


def _excess(part: Terms, whole: Terms, ratio: Fraction) -> dict[int, int]:
    """Return the excess of a part over a ratio of its whole, in integers.

    Men over 7/10 of women and men: 10 men - 7 (women + men).

    >>> _excess({1: 1}, {0: 1, 1: 1}, Fraction(7, 10))
    {1: 3, 0: -7}
    """
    terms = {variable: number * ratio.denominator for variable, number in part.items()}
    for variable, number in whole.items():
        terms[variable] = terms.get(variable, 0) - number * ratio.numerator
    return {variable: number for variable, number in terms.items() if number}
