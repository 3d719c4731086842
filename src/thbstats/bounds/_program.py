"""Integer programs with exact proofs."""

from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property
from math import floor, lcm

from attrs import evolve, field, frozen

from thbstats.bounds._highs import FloatingProgram, Limit, value
from thbstats.bounds._simplex import Dictionary, Point, Terms, find, negative, undecided
from thbstats.errors import ImpossibleResult

_LARGE = 1_500
"""The number of entries above which HiGHS is faster than the first exact pivots."""

_TINY = 12
"""The number of entries up to which a search from a known point is faster than HiGHS."""

_GRAINS = (10**6, 10**9)
"""The denominators of rational approximations of floating-point ratios."""

_FINE = 1_000
"""The largest denominator of the ratio from which the search for the largest one starts."""


@frozen(kw_only=True)
class Optimum:
    """Maximum of a sum, with a point and a proof.

    The `value` is ``None`` if the sum is unbounded, and the `point` (nonzero variables) is ``None``
    if there is none or a ratio is approached only. The rows weighted by `multipliers` prove
    `limit`. The values between both are refuted in `parts` subproblems; 0 if no integer lies
    between both.
    """

    value: int | None = None
    point: Point | None = None
    limit: Fraction | None = None
    multipliers: Mapping[int, Fraction] = field(factory=dict)
    parts: int = 0


@frozen(slots=False, eq=False)
class Program(FloatingProgram):
    """Integers ``x >= 0`` that satisfy some rows; `directions` are sums to branch on."""

    directions: tuple[Terms, ...]

    @property
    def is_large(self) -> bool:
        """Whether HiGHS is faster than the first exact pivots."""
        return self.size * len(self.rows) > _LARGE

    @cached_property
    def _pivoted(self) -> tuple[Dictionary, bool]:
        """Dictionary after its first pivots, and whether it is feasible."""
        dictionary = Dictionary(self.size, self.rows)
        return dictionary, dictionary.restore()

    def start(self) -> Dictionary:
        """Return a copy of the feasible dictionary."""
        dictionary, is_feasible = self._pivoted
        if not is_feasible:
            raise ImpossibleResult(
                "the constraints must have a solution",
                field="constraints",
                hint="Check System.is_feasible before you compute bounds",
            )
        return dictionary.copy()

    @cached_property
    def refutation(self) -> Mapping[int, Fraction] | None:
        """Row multipliers that prove infeasibility over the real numbers, or ``None``."""
        if self.is_large:
            # The smallest common relaxation of all rows has a sparse proof.
            relaxed = [({**terms, self.size: -1}, limit) for terms, limit in self.rows]
            proved = FloatingProgram(self.size + 1, relaxed).proved_limit({self.size: -1})
            if proved is not None:
                return proved[1] if proved[0] < 0 else None
        dictionary, is_feasible = self._pivoted
        return None if is_feasible else dictionary.conflict

    @cached_property
    def point(self) -> Point | None:
        """Integer point, or ``None`` if there is none."""
        return self.search()

    def search(self, most: int | None = None) -> Point | None:
        """Return an integer point within a number of subproblems, or ``None``."""
        if not self.is_large:
            if self.refutation is not None:
                return None
            # A vertex scaled to integers is feasible if the rows are percentages only.
            corner = self._pivoted[0].point()
            scale = lcm(*(number.denominator for number in corner.values()))
            point = {variable: int(number * scale) for variable, number in corner.items()}
            if all(value(terms, point) <= limit for terms, limit in self.rows):
                return point
        witness = self.witness({}, short=most is not None)
        if witness is not None or self.refutation is not None or not self._pivoted[1]:
            return witness
        return find(self._pivoted[0], self.directions, most)[0]

    def limit(self, terms: Terms, root: Dictionary | None = None) -> Limit | None:
        """Return an upper bound of a sum over real points and its row multipliers, or ``None``.

        A feasible dictionary that is passed is left at the maximum.
        """
        proved = self.proved_limit(terms) if self.is_large else None
        if proved is not None:
            return proved
        root = self.start() if root is None else root
        root.aim(terms)
        return (root.value, root.multipliers) if root.optimise() else None

    def guess(self, terms: Terms, known: Point | None = None, *, short: bool = False) -> Point:
        """Return a point with a large sum, as HiGHS finds it."""
        witness = self.witness(terms, short=short)
        if witness is None:
            return self.point or {} if known is None else known
        if known is not None and value(terms, known) >= value(terms, witness):
            return known
        return witness

    def point_above(
        self, terms: Terms, bound: int, most: int | None = None
    ) -> tuple[Point | None, int]:
        """Return a point with a sum above a bound, and the number of subproblems."""
        root = self.start()
        root.add(negative(terms), -bound - 1)
        return find(root, [terms, *self.directions], most)

    def maximise(
        self, terms: Terms, point: Point | None = None, most: int | None = None
    ) -> Optimum:
        """Return the maximum of a sum.

        Pass a known point that may be optimal, and a maximum number of subproblems per search.
        """
        root = None if self.is_large else self.start()
        proved = self.limit(terms, root)
        if proved is None:
            return Optimum()
        limit, multipliers = proved
        high, parts = floor(limit), 0
        corner = None if root is None else root.integer_point()
        if corner is not None and value(terms, corner) == high:
            point = corner
        is_tiny = self.size * len(self.rows) <= _TINY
        if point is None or (value(terms, point) < high and not is_tiny):
            point = self.guess(terms, point, short=most is not None)
        middle = low = value(terms, point)
        while low < high:
            if most is not None and self.is_large:
                raise undecided(most)
            better, searched = self.point_above(terms, middle, most)
            parts += searched
            if better is None:
                high = middle
            else:
                point, low = better, value(terms, better)
            middle = (low + high) // 2
        return Optimum(value=low, point=point, limit=limit, multipliers=multipliers, parts=parts)

    def unbounded_ratio(self, part: Terms, whole: Terms) -> Fraction | None:
        """Return the limit of part / whole if both are unbounded, or ``None``."""
        directions = [(terms, 0) for terms, _ in self.rows]
        growth = Dictionary(self.size, [*directions, (whole, 1), (negative(whole), -1)])
        if not growth.restore():
            return None
        growth.aim(part)
        return growth.value if growth.optimise() else None

    def relaxed_ratio(self, part: Terms, whole: Terms) -> Fraction | None:
        """Return the largest part / whole over real points, or ``None``.

        The ratio may be approached only. In a large program it is a proved upper bound near the
        ratio of HiGHS.
        """
        if self.is_large:
            near = self.near_ratio(part, whole)
            grains = [] if near is None else [(_GRAINS[0], 0), (_GRAINS[1], 1), (_GRAINS[0], 1)]
            for grain, more in grains:
                ratio = Fraction(near or 0).limit_denominator(grain) + Fraction(more, grain)
                proved = self.limit(_excess(part, whole, ratio))
                if proved is not None and proved[0] <= 0:
                    return ratio
            return None
        root = self.start()
        growing: Fraction | None = _ratio(part, whole, root.point())
        while growing is not None:
            ratio = growing
            root.aim(_excess(part, whole, ratio))
            if not root.optimise():
                growing = self.unbounded_ratio(part, whole)
            elif root.value <= 0:
                return ratio
            else:
                growing = _ratio(part, whole, root.point())
        return None

    def largest_ratio(self, part: Terms, whole: Terms) -> tuple[Fraction, Optimum] | None:
        """Return the largest part / whole and the proof that no point has an excess over it.

        Every point has a denominator of 1 or more. A point with a larger ratio replaces the ratio
        (W. Dinkelbach 1967). The result is ``None`` if the ratio is unbounded.
        """
        near = None if self.is_large else self.relaxed_ratio(part, whole)
        # Large denominators slow down floating point; a nearby ratio gives the same points.
        aim = part if near is None else _excess(part, whole, near.limit_denominator(_FINE))
        point: Point | None = self.guess(aim)
        ratio = _ratio(part, whole, point or {})
        while True:
            excess = _excess(part, whole, ratio)
            proved = self.limit(excess)
            if proved is None:
                supremum = self.unbounded_ratio(part, whole)
                if supremum is None:
                    return None
                ratio, point = supremum, None
                continue
            if point is None:  # the ratio is approached, or attained by a small denominator
                best = self.maximise(excess)
                if (best.value or 0) <= 0:
                    return ratio, evolve(best, point=None if best.value else best.point)
                point = best.point
            else:
                better, parts = None, 0
                if proved[0] >= 1:
                    better = self.guess(excess)
                    if value(excess, better) <= 0:
                        better, parts = self.point_above(excess, 0)
                if better is None:
                    limit, times = proved
                    best = Optimum(value=0, point=point, limit=limit, multipliers=times)
                    return ratio, evolve(best, parts=parts)
                point = better
            ratio = _ratio(part, whole, point or {})


def _excess(part: Terms, whole: Terms, ratio: Fraction) -> dict[int, int]:
    """Return the excess of a part over a ratio of its whole, in integers."""
    terms = {variable: number * ratio.denominator for variable, number in part.items()}
    for variable, number in whole.items():
        terms[variable] = terms.get(variable, 0) - number * ratio.numerator
    return {variable: number for variable, number in terms.items() if number}


def _ratio(
    part: Terms, whole: Terms, point: Mapping[int, int] | Mapping[int, Fraction]
) -> Fraction:
    numerator, base = (
        sum((n * Fraction(point.get(v, 0)) for v, n in terms.items()), Fraction(0))
        for terms in (part, whole)
    )
    return numerator / base
