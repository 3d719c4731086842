"""Integer programs with exact proofs."""

from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property
from math import floor, lcm

from attrs import field, frozen

from thbstats.bounds import _highs
from thbstats.bounds._search import Point, find, integer_point, negative, undecided
from thbstats.bounds._simplex import Dictionary, Row
from thbstats.errors import ImpossibleResult

__all__ = ["Optimum", "Program", "above", "value_at"]

_LARGE = 1_500
"""The number of entries above which HiGHS is faster than the first exact pivots."""

_GRAINS = (10**6, 10**9)
"""The denominators of rational approximations of floating-point ratios."""


@frozen(kw_only=True)
class Optimum:
    """Maximum of a sum, with a point and a proof.

    Parameters
    ----------
    value : int or None
        The maximum; ``None`` if the sum is unbounded.
    point : mapping of int to int
        The nonzero variables.
    limit : Fraction or None
        The upper bound that the weighted sum of rows proves.
    multipliers : mapping of int to Fraction
        The weight of each row.
    parts : int
        The number of subproblems that refuted values between the maximum and the limit; 0 if no
        integer lies between both.
    """

    value: int | None
    point: Mapping[int, int]
    limit: Fraction | None = None
    multipliers: Mapping[int, Fraction] = field(factory=dict)
    parts: int = 0


@frozen(slots=False, eq=False)
class Program:
    """Integers ``x >= 0`` that satisfy some rows; `directions` are sums to branch on."""

    size: int
    rows: tuple[Row, ...]
    directions: tuple[Mapping[int, int], ...]

    @cached_property
    def _pivoted(self) -> tuple[Dictionary, bool]:
        """Dictionary after its first pivots, and whether it is feasible."""
        dictionary = Dictionary(self.size, self.rows)
        return dictionary, dictionary.restore()

    @property
    def start(self) -> Dictionary | None:
        """Feasible dictionary; ``None`` if not even real numbers satisfy the rows."""
        dictionary, feasible = self._pivoted
        return dictionary if feasible else None

    @cached_property
    def refutation(self) -> Mapping[int, Fraction] | None:
        """Row multipliers that prove infeasibility over the real numbers, or ``None``."""
        if self.is_large:
            # The smallest common relaxation of all rows has a sparse proof.
            relaxed = [({**terms, self.size: -1}, limit) for terms, limit in self.rows]
            none = [None] * (self.size + 1)
            found = _highs.limit(self.size + 1, relaxed, {self.size: -1}, none)
            if found is not None:
                return found[1] if found[0] < 0 else None
        dictionary, feasible = self._pivoted
        return None if feasible else dictionary.conflict

    @property
    def conflict(self) -> tuple[int, ...]:
        """Rows that contradict each other over the real numbers."""
        return tuple(sorted(self.refutation or ()))

    @cached_property
    def point(self) -> Point | None:
        """Integer point, or ``None`` if there is none."""
        return self.search()

    def search(self, most: int | None = None) -> Point | None:
        """Return an integer point within a number of subproblems, or ``None``."""
        if not self.is_large:
            if self.refutation is not None:
                return None
            if (corner := self._scaled_corner()) is not None:
                return corner
        found = _highs.witness(self.size, self.rows, {}, short=most is not None)
        if found is not None or self.refutation is not None or self.start is None:
            return found
        return find(self.start, self.directions, most)[0]

    def _scaled_corner(self) -> Point | None:
        """Return a vertex scaled to integers, if the program contains it.

        It does if the rows do not restrict the size of numbers, as with percentages.
        """
        corner = {} if self.start is None else self.start.point()
        scale = lcm(*(number.denominator for number in corner.values()))
        point = {variable: int(number * scale) for variable, number in corner.items()}
        is_feasible = all(value_at(terms, point) <= limit for terms, limit in self.rows)
        return point if is_feasible else None

    @property
    def is_large(self) -> bool:
        """Whether HiGHS is faster than the first exact pivots."""
        return self.size * len(self.rows) > _LARGE

    @cached_property
    def ceilings(self) -> tuple[int | None, ...]:
        """Tightest row of each variable with positive coefficients only."""
        found: list[int | None] = [None] * self.size
        least: dict[int, Fraction] = {}
        for row, (terms, limit) in enumerate(self.rows):
            if all(number > 0 for number in terms.values()):
                for variable, number in terms.items():
                    most = Fraction(limit, number)
                    if variable not in least or most < least[variable]:
                        least[variable], found[variable] = most, row
        return tuple(found)

    def guess(
        self, terms: Mapping[int, int], known: Point | None = None, *, short: bool = False
    ) -> Point:
        """Return a point with a large sum, as HiGHS finds it."""
        found = _highs.witness(self.size, self.rows, terms, short=short)
        if found is None:
            return self.point or {} if known is None else known
        if known is not None and value_at(terms, known) >= value_at(terms, found):
            return known
        return found

    def unbounded_ratio(self, part: Mapping[int, int], whole: Mapping[int, int]) -> Fraction | None:
        """Return the limit of part / whole if both are unbounded, or ``None``."""
        directions = [(terms, 0) for terms, _ in self.rows]
        growth = Dictionary(self.size, [*directions, (whole, 1), (negative(whole), -1)])
        if not growth.restore():
            return None
        growth.aim(part)
        return growth.value if growth.optimise() else None

    def relaxed(self, part: Mapping[int, int], whole: Mapping[int, int]) -> Fraction | None:
        """Return the largest part / whole over real points, or ``None``.

        The ratio may be approached only.
        """
        if self.is_large:
            near = _highs.ratio(self.size, self.rows, part, whole)
            return None if near is None else self._certified(part, whole, near)
        root = self._start().copy()
        ratio = _ratio(part, whole, root.point())
        while True:
            root.aim(above(part, whole, ratio))
            if root.optimise():
                if root.value <= 0:
                    return ratio
                ratio = _ratio(part, whole, root.point())
                continue
            growing = self.unbounded_ratio(part, whole)
            if growing is None:
                return None
            ratio = growing

    def _certified(
        self, part: Mapping[int, int], whole: Mapping[int, int], estimate: float
    ) -> Fraction | None:
        """Return a proved upper bound of a ratio near a floating-point one."""
        for grain, more in ((_GRAINS[0], 0), *((grain, 1) for grain in reversed(_GRAINS))):
            ratio = Fraction(estimate).limit_denominator(grain) + Fraction(more, grain)
            proved = self.limit(above(part, whole, ratio))
            if proved is not None and proved[0] <= 0:
                return ratio
        return None

    def maximise(
        self, terms: Mapping[int, int], point: Point | None = None, most: int | None = None
    ) -> Optimum:
        """Return the maximum of a sum.

        Pass a known point that may be optimal, and a maximum number of subproblems per search.
        """
        root = None if self.is_large else self._start().copy()
        proved = self.limit(terms, root)
        if proved is None:
            return Optimum(value=None, point=point or self.point or {})
        limit, multipliers = proved
        corner = None if root is None else integer_point(root)
        if corner is not None and value_at(terms, corner) == floor(limit):
            point = corner
        if point is None or value_at(terms, point) < floor(limit):
            point = self.guess(terms, point, short=most is not None)
        parts, low, high = 0, value_at(terms, point), floor(limit)
        middle = low
        while low < high:
            if most is not None and self.is_large:
                raise undecided(most)
            better, searched = self.point_above(terms, middle, most)
            parts += searched
            if better is None:
                high = middle
            else:
                point, low = better, value_at(terms, better)
            middle = (low + high) // 2
        return Optimum(
            value=low,
            point=point,
            limit=limit,
            multipliers=multipliers,
            parts=parts,
        )

    def limit(
        self, terms: Mapping[int, int], root: Dictionary | None = None
    ) -> tuple[Fraction, dict[int, Fraction]] | None:
        """Return an upper bound of a sum and its row multipliers, or ``None``.

        The maximum over real points is at most the bound. A feasible dictionary that is passed
        is left at the maximum.
        """
        if self.is_large:
            safe = _highs.limit(self.size, self.rows, terms, self.ceilings)
            if safe is not None:
                return safe
        root = self._start().copy() if root is None else root
        root.aim(terms)
        return (root.value, root.multipliers) if root.optimise() else None

    def point_above(
        self, terms: Mapping[int, int], value: int, most: int | None = None
    ) -> tuple[Point | None, int]:
        """Return a point with a sum above a value, and the number of subproblems."""
        root = self._start().copy()
        root.add((negative(terms), -value - 1))
        return find(root, [terms, *self.directions], most)

    def better_point(
        self, terms: Mapping[int, int], value: int, most: int | None = None
    ) -> tuple[Point | None, int]:
        """Return a point with a sum above a value; use HiGHS first."""
        found = self.guess(terms)
        return (
            (found, 0) if value_at(terms, found) > value else self.point_above(terms, value, most)
        )

    def _start(self) -> Dictionary:
        if self.start is None:
            raise ImpossibleResult(
                "the constraints must have a solution",
                field="constraints",
                hint="Check System.is_feasible before you compute bounds",
            )
        return self.start


def value_at(terms: Mapping[int, int], point: Mapping[int, int]) -> int:
    """Return the value of a sum at a point."""
    return sum(number * point.get(variable, 0) for variable, number in terms.items())


def above(part: Mapping[int, int], whole: Mapping[int, int], ratio: Fraction) -> dict[int, int]:
    """Return the excess of a part over a ratio of its whole, in integers."""
    terms = {variable: number * ratio.denominator for variable, number in part.items()}
    for variable, number in whole.items():
        terms[variable] = terms.get(variable, 0) - number * ratio.numerator
    return {variable: number for variable, number in terms.items() if number}


def _ratio(
    part: Mapping[int, int], whole: Mapping[int, int], point: Mapping[int, Fraction]
) -> Fraction:
    sums = (
        sum(n * point.get(variable, 0) for variable, n in terms.items()) for terms in (part, whole)
    )
    numerator, base = sums
    return Fraction(numerator, base)
