"""The largest whole value of a sum: searched by HiGHS, proved in exact arithmetic."""

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
"""Entries of a dictionary above which its first pivots take longer than HiGHS does."""

_GRAINS = (10**6, 10**9)
"""Denominators that a ratio in floating point is brought to."""


@frozen(kw_only=True)
class Optimum:
    """The largest value of a sum, a point that has it, and the proof that none has more.

    Parameters
    ----------
    value : int or None
        ``None`` where there is no largest value.
    point : mapping of int to int
        The variables other than 0.
    limit : Fraction or None
        What adding rows, each as often as its multiplier says, shows that the sum is at most.
    multipliers : mapping of int to Fraction
        By row.
    parts : int
        In how many parts of the program values between the largest and the limit were refuted;
        0 where no whole number lies between both.
    """

    value: int | None
    point: Mapping[int, int]
    limit: Fraction | None = None
    multipliers: Mapping[int, Fraction] = field(factory=dict)
    parts: int = 0


@frozen(slots=False, eq=False)
class Program:
    """All whole ``x >= 0`` that satisfy some rows; sums along `directions` are worth rounding."""

    size: int
    rows: tuple[Row, ...]
    directions: tuple[Mapping[int, int], ...]

    @cached_property
    def _pivoted(self) -> tuple[Dictionary, bool]:
        """A dictionary after its first pivots, and whether it is feasible."""
        dictionary = Dictionary(self.size, self.rows)
        return dictionary, dictionary.restore()

    @property
    def start(self) -> Dictionary | None:
        """A feasible dictionary; None if not even fractions satisfy the rows."""
        dictionary, feasible = self._pivoted
        return dictionary if feasible else None

    @cached_property
    def refutation(self) -> Mapping[int, Fraction] | None:
        """How often each row is added to show that there is no point; None if that shows nothing.

        What the rows forbid by themselves is shown, and not what only integers forbid.
        """
        if self.is_large:
            # How far all rows have to give way together; the fewest rows that add up to that.
            loose = [({**terms, self.size: -1}, limit) for terms, limit in self.rows]
            none = [None] * (self.size + 1)
            found = _highs.limit(self.size + 1, loose, {self.size: -1}, none)
            if found is not None:
                return found[1] if found[0] < 0 else None
        dictionary, feasible = self._pivoted
        return None if feasible else dictionary.conflict

    @property
    def conflict(self) -> tuple[int, ...]:
        """Rows that contradict each other by themselves, where there is no point at all."""
        return tuple(sorted(self.refutation or ()))

    @cached_property
    def point(self) -> Point | None:
        """Some whole point, or None if there is none."""
        return self.search()

    def search(self, most: int | None = None) -> Point | None:
        """Return some whole point, looking at no more than so many parts, or None."""
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
        """A corner of the rows times its denominators, if that is a whole point of the program.

        It is one where the rows say nothing of the size of numbers, as percentages do not.
        """
        corner = {} if self.start is None else self.start.point()
        scale = lcm(*(number.denominator for number in corner.values()))
        point = {variable: int(number * scale) for variable, number in corner.items()}
        fits = all(value_at(terms, point) <= most for terms, most in self.rows)
        return point if fits else None

    @property
    def is_large(self) -> bool:
        """Whether HiGHS is quicker than the first pivots of a dictionary."""
        return self.size * len(self.rows) > _LARGE

    @cached_property
    def ceilings(self) -> tuple[int | None, ...]:
        """By variable the row that bounds it most without other signs: enough for a safe limit."""
        found: list[int | None] = [None] * self.size
        least: dict[int, Fraction] = {}
        for place, (terms, limit) in enumerate(self.rows):
            if all(number > 0 for number in terms.values()):
                for variable, number in terms.items():
                    most = Fraction(limit, number)
                    if variable not in least or most < least[variable]:
                        least[variable], found[variable] = most, place
        return tuple(found)

    def guess(
        self, terms: Mapping[int, int], known: Point | None = None, *, short: bool = False
    ) -> Point:
        """Return a point where a sum is large, as far as HiGHS finds; the program has one."""
        found = _highs.witness(self.size, self.rows, terms, short=short)
        if found is None:
            return self.point or {} if known is None else known
        if known is not None and value_at(terms, known) >= value_at(terms, found):
            return known
        return found

    def endless(self, part: Mapping[int, int], whole: Mapping[int, int]) -> Fraction | None:
        """Return what part / whole comes close to where both grow without end, or None."""
        directions = [(terms, 0) for terms, _ in self.rows]
        growth = Dictionary(self.size, [*directions, (whole, 1), (negative(whole), -1)])
        if not growth.restore():
            return None
        growth.aim(part)
        return growth.value if growth.optimise() else None

    def relaxed(self, part: Mapping[int, int], whole: Mapping[int, int]) -> Fraction | None:
        """Return the largest part / whole of all points, whole or not; None if there is none.

        It can be one that is only approached.
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
            growing = self.endless(part, whole)
            if growing is None:
                return None
            ratio = growing

    def _certified(
        self, part: Mapping[int, int], whole: Mapping[int, int], near: float
    ) -> Fraction | None:
        """A ratio of which rows prove that none is larger, near one in floating point."""
        for grain, more in ((_GRAINS[0], 0), *((grain, 1) for grain in reversed(_GRAINS))):
            ratio = Fraction(near).limit_denominator(grain) + Fraction(more, grain)
            proved = self.limit(above(part, whole, ratio))
            if proved is not None and proved[0] <= 0:
                return ratio
        return None

    def maximise(
        self, terms: Mapping[int, int], point: Point | None = None, most: int | None = None
    ) -> Optimum:
        """Return the largest value of a sum.

        A point of the program may be known, where it may be the largest; no more than so many
        parts are looked at in each search.
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
            better, looked_at = self.beyond(terms, middle, most)
            parts += looked_at
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
        """Return what a sum is at most, and how often each row is added to prove it, if anything.

        The largest value of all points, whole or not, is no more than this. A feasible dictionary
        that is given is left where the sum is largest.
        """
        if self.is_large:
            safe = _highs.limit(self.size, self.rows, terms, self.ceilings)
            if safe is not None:
                return safe
        root = self._start().copy() if root is None else root
        root.aim(terms)
        return (root.value, root.multipliers) if root.optimise() else None

    def beyond(
        self, terms: Mapping[int, int], value: int, most: int | None = None
    ) -> tuple[Point | None, int]:
        """Return a point where a sum is above a value, or None, and how many parts that took."""
        root = self._start().copy()
        root.add((negative(terms), -value - 1))
        return find(root, [terms, *self.directions], most)

    def better(
        self, terms: Mapping[int, int], value: int, most: int | None = None
    ) -> tuple[Point | None, int]:
        """Return the same, where HiGHS finds one without looking at parts."""
        found = self.guess(terms)
        return (found, 0) if value_at(terms, found) > value else self.beyond(terms, value, most)

    def _start(self) -> Dictionary:
        if self.start is None:
            raise ImpossibleResult(
                "these inequalities have no solution",
                field="constraints",
                hint="Ask whether the system is possible before you ask for bounds",
            )
        return self.start


def value_at(terms: Mapping[int, int], point: Mapping[int, int]) -> int:
    """Return what a sum is at a point."""
    return sum(number * point.get(variable, 0) for variable, number in terms.items())


def above(part: Mapping[int, int], whole: Mapping[int, int], ratio: Fraction) -> dict[int, int]:
    """Return how far a part is above a ratio of its whole, in whole numbers."""
    terms = {variable: number * ratio.denominator for variable, number in part.items()}
    for variable, number in whole.items():
        terms[variable] = terms.get(variable, 0) - number * ratio.numerator
    return {variable: number for variable, number in terms.items() if number}


def _ratio(
    part: Mapping[int, int], whole: Mapping[int, int], point: Mapping[int, Fraction]
) -> Fraction:
    sums = (sum(n * point.get(place, 0) for place, n in terms.items()) for terms in (part, whole))
    numerator, base = sums
    return Fraction(numerator, base)
