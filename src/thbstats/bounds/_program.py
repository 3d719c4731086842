"""Integer programs with exact proofs.

HiGHS searches for points and proofs in floating point. They are used only if they hold in exact
arithmetic.

A bound of a sum is proved by multipliers of 0 or more, one per row: if the rows times their
multipliers add up to at least the sum in every variable, their limits add up to an upper bound of
the sum. A point proves the other side, because its sum is attained. If ``women + men <= 10`` and
``-women <= -3``, both rows times 1 add up to ``men <= 7``, and the point (3, 7) attains it.

Programs are solved in three ways by their number of entries: by exact pivots, by HiGHS with exact
pivots for its proof (`_LARGE`), and by HiGHS with a check of its proof only (`HugeProgram`).
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import floor, lcm
from typing import Any

import numpy as np
from attrs import evolve, field, frozen

from thbstats._properties import cached_property
from thbstats.bounds._simplex import (
    Dictionary,
    Point,
    Row,
    SearchEnded,
    Terms,
    find,
    negative,
    seconds_left,
    spend,
    undecided,
)
from thbstats.errors import ImpossibleResult, InvalidValue

Multipliers = Mapping[int, Fraction]

Limit = tuple[Fraction, Multipliers]
"""A proved upper bound of a sum, and the multiplier of each row."""

_LARGE = 1_500
"""The number of entries above which HiGHS is faster than the first exact pivots."""

_HUGE = 40_000
"""The number of entries above which HiGHS solves every subproblem, with a check of its proof."""

_TINY = 12
"""The number of entries up to which a search from a known point is faster than HiGHS."""

_SIMPLE = 10**6
"""The largest denominator of a multiplier that is read from floating point."""

_NEAR = 1e-7
"""A sum that is closer to an integer counts as one in floating point."""

_MAX_NODES = 1_000
"""The maximum number of subproblems of a huge program."""

_NOTHING = 1e-9
"""Smaller numbers in floating point count as 0."""

_SECONDS = 5.0
"""The time limit of HiGHS without a budget."""

_NODES = 100
"""The maximum number of nodes of a search.

Later nodes contribute to a proof that is not used. A limit in nodes instead of time gives the same
point on every machine.
"""


@frozen(kw_only=True)
class Optimum:
    """Maximum of a sum, with a point and a proof.

    The `value` is ``None`` if the sum is unbounded, and the `point` (nonzero variables) is ``None``
    if there is none or a ratio is approached only. The rows weighted by `multipliers` prove
    `limit`. The values between both are refuted in `parts` subproblems; 0 if no integer lies
    between both. If the search `is_open`, they are not refuted, and the maximum is at most `limit`.
    """

    value: int | None = None
    point: Point | None = None
    limit: Fraction | None = None
    multipliers: Multipliers = field(factory=dict)
    parts: int = 0
    is_open: bool = False


@frozen(slots=False, eq=False)
class Program:
    """Integers ``x >= 0`` that satisfy some rows; `directions` are sums to branch on.

    Examples
    --------
    >>> program = Program.of(2, [({0: 1, 1: 1}, 10), ({0: -1}, -3)])
    >>> best = program.maximise({1: 1})
    >>> best.value, sorted(best.point.items()), best.limit
    (7, [(0, 3), (1, 7)], Fraction(7, 1))
    """

    size: int
    rows: Sequence[Row]
    directions: tuple[Terms, ...] = ()

    @staticmethod
    def of(size: int, rows: Sequence[Row], directions: tuple[Terms, ...] = ()) -> "Program":
        """Return the program of some rows, with the method for its number of entries."""
        is_huge = size * len(rows) > _HUGE
        return (HugeProgram if is_huge else Program)(size, rows, directions)

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
    def refutation(self) -> Multipliers | None:
        """Row multipliers that prove infeasibility over the real numbers, or ``None``."""
        proved = self._relaxed if self.is_large else None
        if proved is not None:
            return proved[1] if proved[0] < 0 else None
        dictionary, is_feasible = self._pivoted
        return None if is_feasible else dictionary.conflict

    @cached_property
    def _relaxed(self) -> Limit | None:
        """The negative of the smallest value of a variable that relaxes all rows, with its proof.

        If this value is above 0, the rows have no common point, and its proof needs few rows.
        """
        relaxed = [({**terms, self.size: -1}, limit) for terms, limit in self.rows]
        return Program.of(self.size + 1, relaxed).proved_limit({self.size: -1})

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
            if self._contains(point):
                return point
        # HiGHS usually finds a point; its absence is no proof, so exact pivots follow.
        witness = self.witness({}, short=most is not None)
        if witness is not None or self.refutation is not None or not self._pivoted[1]:
            return witness
        return find(self._pivoted[0], self.directions, most)[0]

    def _contains(self, point: Point) -> bool:
        return all(value(terms, point) <= limit for terms, limit in self.rows)

    @cached_property
    def _matrix(self) -> tuple[Any, Any]:
        """The rows as a sparse matrix and a vector of limits."""
        from scipy.sparse import csr_array

        entries = [(i, j, n) for i, (terms, _) in enumerate(self.rows) for j, n in terms.items()]
        rows, columns, numbers = zip(*entries, strict=True) if entries else ((), (), ())
        # Older versions of scipy support 32-bit indices only.
        indices = (np.array(rows, np.int32), np.array(columns, np.int32))
        shape = (len(self.rows), self.size)
        matrix = csr_array((np.array(numbers, float), indices), shape=shape)
        return matrix, np.array([float(limit) for _, limit in self.rows])

    def _vector(self, terms: Terms) -> Any:
        vector = np.zeros(self.size)
        vector[list(terms)] = list(terms.values())
        return vector

    def witness(self, terms: Terms, *, short: bool = False, vertex: bool = False) -> Point | None:
        """Return a feasible integer point with a large value, or ``None``.

        A `short` search is limited in nodes. With `vertex`, try the vertex of the linear program
        first: it is usually integer if all coefficients are 1, and takes a third of the time.
        """
        from scipy.optimize import Bounds, LinearConstraint, milp

        if not self.size:
            return {} if self._contains({}) else None
        signs, limits = self._matrix
        options = {"node_limit": _NODES} if short else self._limits(terms, vertex=vertex)
        # 0 is a linear program, 1 an integer program.
        for integrality in (0, 1) if vertex else (1,):
            answer = milp(
                -self._vector(terms),
                integrality=np.full(self.size, integrality),
                bounds=Bounds(0, np.inf),
                constraints=[LinearConstraint(signs, -np.inf, limits)] if len(self.rows) else [],
                options={"mip_rel_gap": 0.0, **options},
            )
            if answer.x is None:
                return None
            # Rounded to integers, the point is checked exactly.
            numbers = np.round(answer.x).astype(np.int64).tolist()
            point = {variable: number for variable, number in enumerate(numbers) if number}
            if min(numbers) >= 0 and self._contains(point):
                return point
        return None

    def _limits(self, terms: Terms, *, vertex: bool) -> dict[str, float]:
        """Return the options of HiGHS that end a search for a point."""
        # Without an objective HiGHS stops at the first point; no limit of nodes is needed.
        nodes = {"node_limit": _NODES} if terms and not vertex else {}
        return {"time_limit": _SECONDS, **nodes}

    def first_guess(self, terms: Terms) -> Point | None:
        """Return a point to start from, if it is found faster than by `search`."""
        return None

    def guess(self, terms: Terms, known: Point | None = None, *, short: bool = False) -> Point:
        """Return a point with a large sum, as HiGHS finds it."""
        return self._larger(terms, self.witness(terms, short=short), known)

    def _larger(self, terms: Terms, witness: Point | None, known: Point | None) -> Point:
        """Return the point with the larger sum, or the only point."""
        if witness is None:
            return self.point or {} if known is None else known
        if known is not None and value(terms, known) >= value(terms, witness):
            return known
        return witness

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

    def proved_limit(self, terms: Terms) -> Limit | None:
        """Return the upper bound of a sum that HiGHS finds, if exact multipliers prove it.

        The proof starts from the simplest fractions near the multipliers in floating point.
        """
        from scipy.optimize import linprog

        signs, limits = self._matrix
        answer = linprog(-self._vector(terms), A_ub=signs, b_ub=limits, method="highs")
        if answer.status != 0:
            return None
        near = {
            row: Fraction(-float(y)).limit_denominator(_SIMPLE)
            for row, y in enumerate(answer.ineqlin.marginals)
            if y < -_NOTHING
        }
        times = self._corrected(terms, near, np.flatnonzero(answer.x > _NOTHING).tolist())
        if times is None:
            return None  # pragma: no cover - not observed with HiGHS
        return sum((y * self.rows[row][1] for row, y in times.items()), Fraction(0)), times

    def _corrected(
        self, terms: Terms, times: Multipliers, columns: list[int]
    ) -> Multipliers | None:
        """Return multipliers that prove a bound exactly, from rounded multipliers, or ``None``.

        If they prove nothing, the program of the rows with a multiplier and of the nonzero
        variables, `columns`, is solved exactly. Variables that its proof leaves short are added.
        """
        rows = list(times)
        while excesses := self._excesses(terms, times):
            columns = [*columns, *sorted(excesses.keys() - set(columns))]
            number = {variable: column for column, variable in enumerate(columns)}
            small = Dictionary(
                len(columns),
                [
                    ({number[j]: n for j, n in left.items() if j in number}, limit)
                    for left, limit in (self.rows[row] for row in rows)
                ],
            )
            if not small.restore():
                return None  # pragma: no cover - not observed with HiGHS
            small.aim({number[variable]: n for variable, n in terms.items() if variable in number})
            if not small.optimise():
                return None  # pragma: no cover - not observed with HiGHS
            times = {rows[row]: y for row, y in small.multipliers.items()}
        return times

    def _excesses(self, terms: Terms, times: Multipliers) -> dict[int, Fraction]:
        """Return the excess of the coefficient of each variable over that of the weighted rows."""
        # Integers over one denominator: sums of fractions would reduce each partial sum.
        scale = lcm(*(y.denominator for y in times.values()))
        remainder = {variable: number * scale for variable, number in terms.items()}
        for row, y in times.items():
            factor = y.numerator * (scale // y.denominator)
            for variable, number in self.rows[row][0].items():
                remainder[variable] = remainder.get(variable, 0) - factor * number
        return {variable: Fraction(n, scale) for variable, n in remainder.items() if n > 0}

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
        # 1. Proof: no point has a larger sum than the bound over real points.
        proved = self.limit(terms, root)
        if proved is None and self.is_unbounded(terms):
            return Optimum()
        if proved is None:  # the solver failed: the sum can have a bound
            guess = self.guess(terms, point)
            return Optimum(value=value(terms, guess), point=guess, is_open=True)
        high = floor(proved[0])  # no integer is above it
        # 2. Search: a known or guessed point attains a sum.
        corner = None if root is None else root.integer_point()
        if corner is not None and value(terms, corner) == high:
            point = corner
        is_tiny = self.size * len(self.rows) <= _TINY
        if point is None or (value(terms, point) < high and not is_tiny):
            point = self.guess(terms, point, short=most is not None)
        # 3. The values between both are attained or refuted.
        return self._bisected(terms, point, proved, most)

    def _bisected(self, terms: Terms, point: Point, proved: Limit, most: int | None) -> Optimum:
        """Return the maximum between the sum of a known point and its proved limit.

        The first search is directly above the known point, since a guess is usually the maximum:
        then one refutation ends the search.
        """
        limit, multipliers = proved
        middle = low = value(terms, point)
        high, parts = floor(limit), 0
        known = Optimum(value=low, point=point, limit=limit, multipliers=multipliers)
        while low < high:
            if most is not None and self.is_large:
                raise undecided(most)
            step = self._step_above(terms, middle, most)
            if step is None:
                # A value above the best known point can be possible or not.
                return evolve(known, value=low, point=point, is_open=True)
            better, searched = step
            parts += searched
            if better is None:
                high = middle
            else:
                point, low = better, value(terms, better)
            middle = (low + high) // 2
        return evolve(known, value=low, point=point, parts=parts)

    def _step_above(
        self, terms: Terms, bound: int, most: int | None
    ) -> tuple[Point | None, int] | None:
        """Return the result of `point_above`, or ``None`` if its search stays open."""
        return self.point_above(terms, bound, most)

    def is_unbounded(self, terms: Terms, *rows: Row) -> bool:
        """Whether pivots prove that a sum without a proved limit is unbounded in further rows."""
        return True


class HugeProgram(Program):
    """A program whose exact pivots take too long.

    HiGHS solves every subproblem over real numbers, and only its proofs are checked exactly.
    """

    def search(self, most: int | None = None) -> Point | None:
        """Return an integer point within a number of subproblems, or ``None``."""
        return self._branched((), most)[0]

    def _limits(self, terms: Terms, *, vertex: bool) -> dict[str, float]:
        """Return the time that is left; nodes have no limit, because a large sum saves proofs."""
        left = seconds_left()
        return {"time_limit": _SECONDS if left is None else max(left, 0.01)}

    def first_guess(self, terms: Terms) -> Point | None:
        """Return a point with a large sum, which is found faster than any point."""
        return self.witness(terms)

    def guess(self, terms: Terms, known: Point | None = None, *, short: bool = False) -> Point:
        """Return a point with a large sum; the vertex is tried if the time limit is reached."""
        witness = self.witness(terms, short=short)
        if witness is None:
            witness = self.witness(terms, vertex=True)
        return self._larger(terms, witness, known)

    def limit(self, terms: Terms, root: Dictionary | None = None) -> Limit | None:
        """Return an upper bound of a sum over real points and its row multipliers, or ``None``."""
        return self.proved_limit(terms)

    def point_above(
        self, terms: Terms, bound: int, most: int | None = None
    ) -> tuple[Point | None, int]:
        """Return a point with a sum above a bound, and the number of subproblems."""
        return self._branched([(negative(terms), -bound - 1)], most)

    def _step_above(
        self, terms: Terms, bound: int, most: int | None
    ) -> tuple[Point | None, int] | None:
        """Return the result of `point_above`, or ``None`` if its search reaches a limit."""
        try:
            return self.point_above(terms, bound, most)
        except (SearchEnded, InvalidValue):
            return None

    def is_unbounded(self, terms: Terms, *rows: Row) -> bool:
        """Whether a sum increases without limit along a direction, within further rows.

        A direction of integers is checked exactly: adding it to a point gives other points.
        Without one, HiGHS has failed to find a limit.
        """
        cone = [(own, 0) for own, _ in self.rows]
        direction = Program.of(self.size, [*cone, *rows, (negative(terms), -1)])
        return direction.witness({}) is not None

    def _corrected(
        self, terms: Terms, times: Multipliers, columns: list[int]
    ) -> Multipliers | None:
        """Return multipliers that prove a bound exactly, from rounded multipliers, or ``None``.

        Variables that rounding leaves short are covered by rows without negative coefficients, such
        as totals. Such a row takes nothing from the other variables. The bound is larger than the
        exact one by the error of rounding only.
        """
        excesses = self._excesses(terms, times)
        if not excesses.keys() <= self._covers.keys():
            return super()._corrected(terms, times, columns)
        covered = dict(times)
        for variable, excess in excesses.items():
            row = self._covers[variable]
            covered[row] = covered.get(row, Fraction()) + excess
        return covered

    @cached_property
    def _covers(self) -> dict[int, int]:
        """For each variable, the row with the smallest limit and without negative coefficients."""
        covers: dict[int, int] = {}
        for row, (terms, limit) in enumerate(self.rows):
            if terms and min(terms.values()) > 0:
                for variable in terms:
                    if variable not in covers or limit < self.rows[covers[variable]][1]:
                        covers[variable] = row
        return covers

    def _branched(self, rows: Sequence[Row], most: int | None) -> tuple[Point | None, int]:
        """Return a point of a huge program with further rows, and the number of subproblems.

        Every subproblem has a point over real numbers, or a proof that it has none. The search
        branches on the sum of cells that is farthest from an integer.
        """
        queue, nodes, most = [tuple(rows)], 0, most or _MAX_NODES
        while queue:
            spend()
            nodes += 1
            if nodes > most:
                raise undecided(most)
            own = queue.pop()  # the rows of the branches above this subproblem
            node = HugeProgram(self.size, (*self.rows, *own), self.directions)
            corner = node.corner
            if corner is None:
                continue
            numbers = np.round(corner).astype(np.int64).tolist()
            point = {variable: number for variable, number in enumerate(numbers) if number}
            if min(numbers, default=0) >= 0 and node._contains(point):
                return point, nodes
            if nodes == 1 and (point_found := node.witness({})) is not None:
                return point_found, nodes
            # The sum that is farthest from an integer, of the first of equal ones.
            sums = [sum(n * corner[i] for i, n in terms.items()) for terms in self.directions]
            farthest = int(np.argmax([abs(number - round(number)) for number in sums]))
            terms, number = self.directions[farthest], float(sums[farthest])
            if abs(number - round(number)) < _NEAR:
                raise undecided()
            middle = floor(number)
            queue += [(*own, (negative(terms), -middle - 1)), (*own, (terms, middle))]
        return None, nodes

    @cached_property
    def corner(self) -> Any:
        """A vertex over real numbers in floating point, or ``None`` if there is provably none."""
        from scipy.optimize import linprog

        if self._relaxed is None:
            raise undecided()
        if self._relaxed[0] < 0:
            return None
        signs, limits = self._matrix
        answer = linprog(np.zeros(self.size), A_ub=signs, b_ub=limits, method="highs")
        if answer.status != 0:
            raise undecided()
        return answer.x


def value(terms: Terms, point: Point) -> int:
    """Return the value of a sum."""
    return sum(number * point.get(variable, 0) for variable, number in terms.items())
