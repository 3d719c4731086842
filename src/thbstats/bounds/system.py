"""Systems of constraints on the cells of a table, and their conflicts."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from math import floor
from typing import Any

from attrs import define, evolve, field, frozen

from thbstats._properties import cached_property
from thbstats.bounds._encoder import Encoder, Encoding
from thbstats.bounds._program import Optimum
from thbstats.bounds._ratio_search import largest_ratio, relaxed_ratio
from thbstats.bounds._simplex import Budget, SearchEnded, negative, spend
from thbstats.bounds.constraint import Bounds, Constraint, Linear, Proof, ProofTerm
from thbstats.errors import DuplicateKey, ImpossibleResult, InvalidValue, require, require_name
from thbstats.values import Interval, Rational, exact

_MAX_PARTS = 100
"""The number of subproblems of the first attempt to decide a subset."""

_TURNS = 100
"""The number of enumeration steps that count as one feasibility check."""


@frozen
class ConflictingSet:
    """Constraints that contradict each other.

    Parameters
    ----------
    constraints : tuple of Constraint
        The constraints, in the order of the system.
    is_minimal : bool
        Whether the set is known to be feasible without any one of its constraints.
    """

    constraints: tuple[Constraint, ...]
    is_minimal: bool

    def __iter__(self) -> Iterator[Constraint]:
        return iter(self.constraints)

    def __len__(self) -> int:
        return len(self.constraints)


@define(slots=False, eq=False)
class ConflictSearch:
    """Search for contradictory constraints on some cells; feasibility is cached.

    A subset of the constraints is an integer with one bit for each; the first has bit 1. After
    `sets`, `is_complete` is whether every minimal infeasible subset was found, and `undecided` has
    the subsets whose feasibility is not known. The effort is the number of `steps` (checks) and of
    `turns` (enumeration steps). The `table`, if one was found, satisfies all constraints.
    """

    cells: tuple[str, ...]
    constraints: tuple[Constraint, ...]
    is_complete: bool = field(default=False, init=False)
    table: dict[str, int] | None = field(default=None, init=False)
    undecided: set[int] = field(factory=set, init=False)
    _steps: int = field(default=0, init=False)
    _turns: int = field(default=0, init=False)
    _feasible: list[int] = field(factory=list, init=False)
    _infeasible: list[int] = field(factory=list, init=False)

    def sets(self, effort: int | None = None) -> Iterator[ConflictingSet]:
        """Yield the conflicts, within a number of checked subsets.

        Each checked subset excludes others: supersets of infeasible ones and subsets of feasible
        ones (M. Liffiton and others 2016). Of an undecided one, the supersets are excluded.
        """
        out: list[int] = []
        inside: list[int] = []
        while (chosen := self._unseen(out, inside, effort)) is not None:
            status = self._status(chosen)
            if status is None:
                out.append(chosen)
            elif status:
                for index in _bits(self._all & ~chosen):
                    chosen |= 1 << index if self._status(chosen | 1 << index) else 0
                inside.append(self._all & ~chosen)
            else:
                conflict, is_minimal = self._smallest(chosen)
                out.append(conflict)
                yield ConflictingSet(self._members(conflict), is_minimal)
        self.is_complete = not (self.undecided or self._is_spent(effort))

    def smallest(self) -> ConflictingSet:
        """Return a conflict of infeasible constraints, which is minimal if that can be decided."""
        self._status(self._all)
        conflict, is_minimal = self._smallest(self._all)
        return ConflictingSet(self._members(conflict), is_minimal)

    def is_needed(self, name: str) -> bool:
        """Return whether every minimal conflict is known to contain a constraint."""
        index = next(i for i, item in enumerate(self.constraints) if item.name == name)
        return self._status(self._all & ~(1 << index)) is True

    @property
    def _all(self) -> int:
        return (1 << len(self.constraints)) - 1

    def _members(self, subset: int) -> tuple[Constraint, ...]:
        return tuple(self.constraints[index] for index in _bits(subset))

    def _status(self, subset: int) -> bool | None:
        """Return whether a subset is feasible, or ``None`` if it is not decided."""
        if any(subset & ~known == 0 for known in self._feasible):
            return True
        if any(known & ~subset == 0 for known in self._infeasible):
            return False
        if subset in self.undecided:
            return None
        spend()
        self._steps += 1
        encoder = Encoder(self.cells, self._members(subset))
        encoding = encoder.merged()
        try:
            point = encoding.program.search(_MAX_PARTS)
        except InvalidValue:
            try:
                point = encoding.program.search()
            except InvalidValue:
                self.undecided.add(subset)
                return None
        if point is None:
            owners = list(encoder.rows.values())
            blamed = {owners[row] for row in encoding.program.refutation or ()}
            result = _subset(constraint.name in blamed for constraint in self.constraints)
            self._infeasible.append(result or subset)
            return False
        table = encoding.table(self.cells, point) or {}
        if subset == self._all:
            self.table = table
        self._feasible.append(_subset(c.is_satisfied(table) for c in self.constraints))
        return True

    def _smallest(self, subset: int) -> tuple[int, bool]:
        """Return a small infeasible subset of an infeasible subset, and whether it is minimal.

        Halves are removed before single constraints (U. Junker 2004).
        """
        within = (known for known in self._infeasible if known & ~subset == 0)
        result = self._necessary(0, 0, min(within, key=int.bit_count, default=subset))
        while True:
            parts = [result & ~(1 << index) for index in _bits(result)]
            statuses = list(map(self._status, parts))
            if False not in statuses:
                return result, None not in statuses
            result = parts[statuses.index(False)]

    def _necessary(self, fixed: int, new: int, subset: int) -> int:
        """Return the constraints of a subset that a conflict needs next to a fixed subset."""
        if new and self._status(fixed) is False:
            return 0
        if not subset & (subset - 1):
            return subset
        indices = list(_bits(subset))
        first = sum(1 << index for index in indices[: len(indices) // 2])
        later = self._necessary(fixed | first, first, subset & ~first)
        return later | self._necessary(fixed | later, later, first)

    def _is_spent(self, effort: int | None) -> bool:
        return effort is not None and self._steps >= effort

    def _unseen(self, out: list[int], inside: list[int], effort: int | None) -> int | None:
        """Return a subset that is not excluded, or ``None``.

        It lacks a constraint of each set in `out`, and contains one of each set in `inside`.
        """
        queue = [(0, 0)]
        while queue and not self._is_spent(effort):
            spend()
            self._turns += 1
            self._steps += self._turns % _TURNS == 0
            implied = _implications(*queue.pop(), out, inside)
            if implied is None:
                continue
            yes, no = implied
            free = self._all & ~(yes | no)
            if not free:
                return yes
            bit = free & -free
            queue += [(yes, no | bit), (yes | bit, no)]
        return None


def _bits(subset: int) -> Iterator[int]:
    """Yield the indices of the constraints in a subset."""
    while subset:
        lowest = subset & -subset
        yield lowest.bit_length() - 1
        subset ^= lowest


def _subset(included: Iterator[bool]) -> int:
    return sum(1 << index for index, is_included in enumerate(included) if is_included)


def _implications(yes: int, no: int, out: list[int], inside: list[int]) -> tuple[int, int] | None:
    """Return included and excluded constraints with all constraints that follow, or ``None``."""
    while True:
        before = (yes, no)
        for sets, is_excluded in ((out, True), (inside, False)):
            for some in sets:
                if not some & (no if is_excluded else yes):
                    left = some & ~(yes if is_excluded else no)
                    if not left:
                        return None
                    single = 0 if left & (left - 1) else left
                    yes, no = (yes, no | single) if is_excluded else (yes | single, no)
        if (yes, no) == before:
            return yes, no


TIME_LIMIT = 60.0
"""The seconds after which a search for bounds ends by default."""

_Side = tuple[Rational | None, Linear, Rational | None, Optimum]
"""The maximum, the objective of its proof, the proved limit, and the point and proof."""


def _names(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


@frozen(slots=False)
class System:
    """Cells with integers of 0 or more, and constraints on them.

    All results are exact. HiGHS searches for tables in floating point; a table is used only if it
    satisfies all constraints in integers. Bounds are proved by weighted sums of inequalities in
    exact arithmetic and, if integers remain in between, by refuting these integers.

    Parameters
    ----------
    cells : iterable of str
        The disjoint cells.
    constraints : iterable of Constraint
        Constraints with unique names.
    assumptions : iterable of str
        The assumptions behind the constraints, as text.

    Raises
    ------
    DuplicateKey
        If two constraints have the same name.
    UnknownName
        If a constraint contains an unknown cell.

    Examples
    --------
    >>> from thbstats.values import Percent
    >>> forms = ["sexual", "labour", "other"]
    >>> base = Linear.sum(forms)
    >>> system = System(
    ...     forms,
    ...     [
    ...         Constraint.count("victims", Linear.sum(["sexual"]), 9759),
    ...         Constraint.percentage("sexual", Linear.sum(["sexual"]), base, Percent("56")),
    ...         Constraint.percentage("labour", Linear.sum(["labour"]), base, Percent("26")),
    ...         Constraint.percentage("other", Linear.sum(["other"]), base, Percent("18")),
    ...     ],
    ... )
    >>> str(system.bounds(Linear.sum(["labour"])))
    '4405 to 4659'
    """

    cells: tuple[str, ...] = field(converter=_names)
    constraints: tuple[Constraint, ...] = field(converter=tuple[Constraint, ...])
    assumptions: tuple[str, ...] = field(converter=_names, default=())

    def __attrs_post_init__(self) -> None:
        names = [constraint.name for constraint in self.constraints]
        if len(set(names)) < len(names):
            raise DuplicateKey(
                "constraints must have unique names",
                field="constraints",
                value=", ".join(sorted({name for name in names if names.count(name) > 1})),
                hint="Rename the constraints",
            )
        self._check(*(row.left for item in self.constraints for row in item.inequalities))

    def _check(self, *sums: Linear) -> None:
        known = set(self.cells)
        for name in (name for sum_ in sums for name, _ in sum_.terms):
            if name not in known:
                problem = "constraints must contain known cells only"
                require_name(name, self.cells, problem, field="cells")

    @cached_property
    def _encoder(self) -> Encoder:
        return Encoder(self.cells, self.constraints)

    def parts(self) -> Iterator["System"]:
        """Yield the components of the system, with merged cells.

        The system is infeasible if and only if a component is. Cells without a constraint are
        omitted.
        """
        groups: list[tuple[set[str], set[int]]] = []
        for index, constraint in enumerate(self.constraints):
            inside, members = set(constraint.cells), {index}
            for group in [group for group in groups if group[0] & inside]:
                groups.remove(group)
                inside, members = inside | group[0], members | group[1]
            groups.append((inside, members))
        for members in sorted((members for _, members in groups), key=min):
            constraints = [self.constraints[index] for index in sorted(members)]
            firsts = set(Encoder(self.cells, constraints).merged().firsts)
            cells = [name for name in self.cells if name in firsts]
            yield System(cells, [constraint._within(firsts) for constraint in constraints])

    @property
    def is_feasible(self) -> bool:
        """Whether a table satisfies all constraints."""
        return self._encoder.merged().program.point is not None

    @property
    def table(self) -> dict[str, int] | None:
        """A feasible table, or ``None``."""
        encoding = self._encoder.merged()
        return encoding.table(self.cells, encoding.program.point)

    def fits(self, table: Mapping[str, int]) -> bool:
        """Return whether a table satisfies all constraints, in exact arithmetic.

        Raises
        ------
        InvalidValue
            If the table has no count of a cell.
        """
        missing = [name for name in self.cells if name not in table]
        problem, hint = "the table must have a count of each cell", f"Add {', '.join(missing[:5])}"
        require(not missing, problem, hint, table=list(table))
        return all(table[name] >= 0 for name in self.cells) and all(
            constraint.is_satisfied(table) for constraint in self.constraints
        )

    def bounds(
        self,
        sum_: Linear,
        *,
        most: int | None = None,
        known: Mapping[str, int] | None = None,
        time_limit: float | None = TIME_LIMIT,
    ) -> Bounds:
        """Return the bounds of a sum of cells.

        Parameters
        ----------
        sum_ : Linear
            The sum.
        most : int, optional
            The maximum number of subproblems per search; none for a large system.
        known : mapping of str to int, optional
            A feasible table.
        time_limit : float, optional
            The seconds after which the search ends; ``None`` for no limit. Then the result has
            proved bounds and states what is open (`Bounds.left_open`).

        Returns
        -------
        Bounds
            Attained integers, with a table and a proof for each.

        Raises
        ------
        ImpossibleResult
            If the system is infeasible.
        UnknownName
            If a cell does not exist.
        InvalidValue
            If the search reaches the limit of `most`.
        """
        self._check(sum_)
        encoding = self._encoder.merged(sum_)
        program, point = encoding.program, None
        try:
            with Budget(time_limit).applied():
                if known is not None and self.fits(known):
                    point = encoding.point(known)
                else:
                    point = program.first_guess(encoding.terms(sum_))
                if point is None:
                    self._require()

                def maximum(sign: int) -> _Side:
                    best = program.maximise(encoding.terms(sum_ * sign), point, most)
                    return best.value, sum_ * sign, best.limit, best

                return self._bounds(encoding, maximum)
        except SearchEnded:
            spend()  # the limit of an outer search
            sides = ("feasible", "lower", "upper") if point is None else ("lower", "upper")
            return evolve(self.quick_bounds(sum_), left_open=sides)

    def quick_bounds(self, sum_: Linear) -> Bounds:
        """Return valid, perhaps wide, bounds of a sum.

        The bounds can be wider than those of `bounds`.

        Parameters
        ----------
        sum_ : Linear
            The sum.
        """
        self._check(sum_)
        encoding = self._encoder.merged(sum_)

        def outer(sign: int) -> _Side:
            limit, times = encoding.program.limit(encoding.terms(sum_ * sign)) or (None, {})
            value = None if limit is None else floor(limit)
            return value, sum_ * sign, limit, Optimum(multipliers=times)

        return self._bounds(encoding, outer)

    def _bounds(
        self, encoding: Encoding, maximum: Callable[[int], "_Side"], *, undefined: bool = False
    ) -> Bounds:
        """Return the bounds from the maximum of a quantity and of its negative."""
        sides: dict[str, Any] = {}
        left_open: list[str] = []
        rows = list(self._encoder.rows.items())
        for side, sign in (("lower", -1), ("upper", 1)):
            value, objective, limit, best = maximum(sign)
            if best.is_open:
                value = None if limit is None else floor(limit)
                left_open.append(side)
            sides[side] = None if value is None else exact(sign * value)
            point = None if best.is_open else best.point
            sides[f"{side}_table"] = encoding.table(self.cells, point)
            if limit is not None:
                times = best.multipliers.items()
                terms = [ProofTerm(rows[index][1], rows[index][0], n) for index, n in times]
                sides[f"{side}_proof"] = Proof(
                    objective=objective, terms=terms, limit=sign * Fraction(limit), parts=best.parts
                )
        return Bounds(**sides, undefined=undefined, left_open=tuple(left_open))

    def proves(self, constraint: Constraint) -> bool:
        """Return whether the inequalities prove a further constraint without a search."""
        for row in constraint.inequalities:
            encoding = self._encoder.merged(row.left)
            proved = encoding.program.limit(encoding.terms(row.left))
            if proved is None or floor(proved[0]) > row.limit:
                return False
        return True

    def relaxed_share(self, part: Linear, whole: Linear) -> Interval:
        """Return outer bounds of a share for a positive denominator.

        The bounds are proved in exact arithmetic without a search and are attained by real
        numbers; those of `share` can be narrower.

        Parameters
        ----------
        part, whole : Linear
            Numerator and denominator.
        """
        encoding = self._with_positive(part, whole)._encoder.merged(part, whole)
        up, base = encoding.terms(part), encoding.terms(whole)
        least = relaxed_ratio(encoding.program, negative(up), base)
        most = relaxed_ratio(encoding.program, up, base)
        bounds = Interval(None if least is None else -least, most)
        is_part = all(n >= 0 for sum_ in (part, whole - part) for _, n in sum_.terms)
        return bounds.intersect(Interval(0, 1)) if is_part else bounds

    def share(
        self, part: Linear, whole: Linear, *, time_limit: float | None = TIME_LIMIT
    ) -> Bounds:
        """Return the bounds of part / whole.

        Parameters
        ----------
        part, whole : Linear
            Numerator and denominator.
        time_limit : float, optional
            As for `bounds`; the bounds that are left open are those of `relaxed_share`.

        Returns
        -------
        Bounds
            Fractions that are attained, or approached if no table attains them; `undefined`
            if the denominator can be 0.

        Raises
        ------
        ImpossibleResult
            If no table is feasible, or none has a positive denominator.
        UnknownName
            If a cell does not exist.

        Notes
        -----
        A share p/q is the largest if q·part - p·whole is at most 0 in every table. Each table with
        a larger share replaces p/q (W. Dinkelbach 1967).
        """
        self._check(part, whole)
        try:
            with Budget(time_limit).applied():
                return self._share(part, whole)
        except SearchEnded:
            spend()  # the limit of an outer search
            outer = self.relaxed_share(part, whole)
            sides = ("lower", "upper")
            return Bounds(lower=outer.lower, upper=outer.upper, undefined=True, left_open=sides)

    def _share(self, part: Linear, whole: Linear) -> Bounds:
        self._require()
        positive = self._with_positive(part, whole)
        can_be_zero = False
        if positive is not self:
            positive._require()
            encoding = self._encoder.merged(part, whole)
            smallest = encoding.program.maximise(negative(encoding.terms(whole)))
            can_be_zero = smallest.is_open or smallest.value is None or smallest.value >= 0
        encoding = positive._encoder.merged(part, whole)

        def largest(sign: int) -> _Side:
            terms, base = encoding.terms(part * sign), encoding.terms(whole)
            ratio, best = largest_ratio(encoding.program, terms, base) or (None, Optimum())
            if ratio is None:
                return None, part, None, best
            objective = part * sign * ratio.denominator - whole * ratio.numerator
            # The limit is that of the ratio, for a denominator of 1 or more.
            return ratio, objective, ratio + (best.limit or Fraction()) / ratio.denominator, best

        return positive._bounds(encoding, largest, undefined=can_be_zero)

    def _with_positive(self, part: Linear, whole: Linear) -> "System":
        """Return the system with a positive denominator."""
        encoding = self._encoder.merged(part, whole)
        proved = encoding.program.limit(negative(encoding.terms(whole)))
        if proved is not None and proved[0] < 0:
            return self
        name = f"positive {' + '.join(c for c in whole.cells if c in encoding.firsts)}"
        return self.with_constraints(Constraint.between(name, whole, 1, None))

    def _require(self) -> None:
        if not self.is_feasible:
            conflict = ConflictSearch(self.cells, self.constraints).smallest()
            kind = "minimal conflicting set" if conflict.is_minimal else "conflicting set"
            raise ImpossibleResult(
                f"the constraints must be consistent; this is a {kind}",
                field="constraints",
                value="; ".join(map(str, conflict.constraints)),
                hint="Correct or exclude one of them",
            )

    def only(self, names: Iterable[str]) -> "System":
        """Return the system with the selected constraints only."""
        selected = set(names)
        return evolve(self, constraints=[s for s in self.constraints if s.name in selected])

    def without(self, *names: str) -> "System":
        """Return the system without some constraints."""
        return evolve(self, constraints=[s for s in self.constraints if s.name not in names])

    def with_constraints(self, *constraints: Constraint) -> "System":
        """Return the system with further constraints."""
        return evolve(self, constraints=(*self.constraints, *constraints))


def minimal_conflicts(
    system: System, *, most: int | None = None, time_limit: float | None = TIME_LIMIT
) -> tuple[ConflictingSet, ...]:
    """Return all minimal sets of constraints that contradict each other.

    Parameters
    ----------
    system : System
        The constraints. The number of sets can grow exponentially.
    most : int, optional
        The maximum number of sets.
    time_limit : float, optional
        The seconds after which the search ends with the sets that it found; ``None`` for no limit.

    Returns
    -------
    tuple of ConflictingSet
        In the order of the system. Empty if and only if the system is feasible. A set that
        `is_minimal` is feasible without any one of its constraints; for any other set, this was not
        decided.

    Raises
    ------
    InvalidValue
        If no set was found, and it was not decided whether the system is feasible.

    Examples
    --------
    >>> from thbstats.bounds import Linear
    >>> a, b = Linear.sum(["a"]), Linear.sum(["b"])
    >>> system = System(
    ...     ["a", "b"],
    ...     [
    ...         Constraint.count("a", a, 3),
    ...         Constraint.count("b", b, 4),
    ...         Constraint.count("both", a + b, 8),
    ...         Constraint.between("b, at least", b, 2, None),
    ...     ],
    ... )
    >>> [[constraint.name for constraint in conflict] for conflict in minimal_conflicts(system)]
    [['a', 'b', 'both']]

    References
    ----------
    M. Liffiton, A. Previti, A. Malik and J. Marques-Silva, Fast, flexible MUS enumeration,
    Constraints 21 (2016).
    """
    sets: list[ConflictingSet] = []
    reason = ""
    try:
        with Budget(time_limit).applied():
            for part in system.parts():
                search = ConflictSearch(part.cells, part.constraints)
                for conflict in search.sets():
                    sets.append(conflict)
                    if len(sets) == most:
                        return tuple(sets)
                if search.undecided:
                    reason = "a set of constraints is not decided"
    except SearchEnded as ended:
        spend()  # the limit of an outer search
        reason = str(ended)
    if reason and not sets:
        problem = f"it must be decided whether the system is feasible ({reason})"
        hint = "Pass a longer time_limit, or remove constraints"
        raise InvalidValue(problem, field="time_limit", value=time_limit, hint=hint)
    return tuple(sets)
