"""Systems of constraints on the cells of a table."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from math import floor

from attrs import evolve, field, frozen

from thbstats.bounds._conflicts import smallest_conflict
from thbstats.bounds._encoding import Encoding, connected, patterns_of, rows_of
from thbstats.bounds._program import Optimum, Program
from thbstats.bounds._simplex import negative
from thbstats.bounds.bounds import Bounds, Proof, ProofTerm
from thbstats.bounds.constraint import Constraint, Inequality, Linear, as_tuple
from thbstats.errors import DuplicateKey, ImpossibleResult, UnknownName, did_you_mean
from thbstats.values import Interval, exact


def _names(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


@frozen(slots=False)
class System:
    """Cells with integers of 0 or more, and constraints on them.

    All results are exact. HiGHS searches for tables in floating point; a table is used only if
    it satisfies all constraints in integers. Bounds are proved by weighted sums of inequalities in
    exact arithmetic and, if integers remain in between, by refuting those.

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
    constraints: tuple[Constraint, ...] = field(converter=as_tuple)
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
                raise UnknownName(
                    "constraints must contain known cells only",
                    field="cells",
                    value=name,
                    hint=did_you_mean(name, self.cells),
                )

    @cached_property
    def _rows(self) -> dict[Inequality, str]:
        """The distinct reduced inequalities, with their constraints."""
        return rows_of(self.constraints)

    @cached_property
    def _patterns(self) -> dict[str, int]:
        """The number of the pattern of each cell with a constraint."""
        patterns, numbers = patterns_of(self.constraints), dict[Hashable, int]()
        return {
            name: numbers.setdefault(patterns[name], len(numbers))
            for name in self.cells
            if name in patterns
        }

    @cached_property
    def _encodings(self) -> dict[tuple[tuple[str, int], ...], Encoding]:
        return {}

    def _encoding(self, *sums: Linear) -> Encoding:
        """Return the program in which the cells that no sum distinguishes are merged."""
        columns = [dict(sum_.terms) for sum_ in sums]
        cells: dict[str, Hashable] = {
            name: (self._patterns.get(name), *(column.get(name, 0) for column in columns))
            for name in self.cells
            if name in self._patterns or any(name in column for column in columns)
        }
        return self._encoded(cells)

    def _encoded(self, cells: Mapping[str, Hashable]) -> Encoding:
        sums = (sum_ for constraint in self.constraints for sum_ in constraint._sums)
        encoding = Encoding.of(cells, tuple(self._rows), sums)
        return self._encodings.setdefault(tuple(encoding.variables.items()), encoding)

    @property
    def variables(self) -> dict[str, int]:
        """The variable of each cell in the program."""
        return {name: variable for variable, name in enumerate(self.cells)}

    @cached_property
    def owners(self) -> tuple[str, ...]:
        """The constraint of each row of the program."""
        return tuple(self._rows.values())

    @property
    def program(self) -> Program:
        """The reduced inequalities as rows of integers."""
        return self._encoded(self.variables).program

    def parts(self) -> Iterator["System"]:
        """Yield the components of the system, with merged cells.

        The system is infeasible if and only if a component is. Cells without a constraint are
        omitted.
        """
        for constraints in connected(self.constraints):
            firsts = set(System(self.cells, constraints)._encoding().firsts)
            cells = [name for name in self.cells if name in firsts]
            yield System(cells, [constraint._within(firsts) for constraint in constraints])

    @property
    def is_feasible(self) -> bool:
        """Whether a table satisfies all constraints."""
        return self._encoding().program.point is not None

    @property
    def table(self) -> dict[str, int] | None:
        """A feasible table, or ``None``."""
        encoding = self._encoding()
        return self._table(encoding, encoding.program.point)

    def _table(self, encoding: Encoding, point: Mapping[int, int] | None) -> dict[str, int] | None:
        if point is None:
            return None
        return dict.fromkeys(self.cells, 0) | encoding.table(point)

    def fits(self, table: Mapping[str, int]) -> bool:
        """Return whether a table satisfies all constraints, in exact arithmetic."""
        return all(table[name] >= 0 for name in self.cells) and all(
            constraint.is_satisfied(table) for constraint in self.constraints
        )

    def bounds(
        self, sum_: Linear, *, most: int | None = None, known: Mapping[str, int] | None = None
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

        Returns
        -------
        Bounds
            Attained integers, with a table for each.

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
        encoding, point = self._encoding(sum_), None
        if known is not None and self.fits(known):
            point = encoding.point(known)
        else:
            self._require()
        terms = encoding.terms(sum_)
        low = encoding.program.maximise(negative(terms), point, most)
        high = encoding.program.maximise(terms, point, most)
        return Bounds(
            lower=None if low.value is None else -low.value,
            upper=high.value,
            lower_table=None if low.value is None else self._table(encoding, low.point),
            upper_table=None if high.value is None else self._table(encoding, high.point),
            lower_proof=self._proof(low, -sum_, -1),
            upper_proof=self._proof(high, sum_, 1),
        )

    def quick_bounds(self, sum_: Linear) -> Bounds:
        """Return outer bounds of a sum from one proof each, without tables.

        The bounds can be wider than those of `bounds`.

        Parameters
        ----------
        sum_ : Linear
            The sum.
        """
        self._check(sum_)
        encoding, sides = self._encoding(sum_), []
        for sign in (-1, 1):
            limit, times = encoding.program.limit(encoding.terms(sum_ * sign)) or (None, {})
            value = None if limit is None else floor(limit)
            best = Optimum(value=value, point=None, limit=limit, multipliers=times)
            proof = self._proof(best, sum_ * sign, sign)
            sides.append((None if value is None else sign * value, proof))
        (lower, lower_proof), (upper, upper_proof) = sides
        return Bounds(lower=lower, upper=upper, lower_proof=lower_proof, upper_proof=upper_proof)

    def proves(self, constraint: Constraint) -> bool:
        """Return whether the inequalities prove a further constraint without a search."""
        for row in constraint.inequalities:
            encoding = self._encoding(row.left)
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
        encoding = self._with_positive(part, whole)._encoding(part, whole)
        up, base = encoding.terms(part), encoding.terms(whole)
        least = encoding.program.relaxed_ratio(negative(up), base)
        most = encoding.program.relaxed_ratio(up, base)
        bounds = Interval(None if least is None else -least, most)
        is_part = all(n >= 0 for sum_ in (part, whole - part) for _, n in sum_.terms)
        return bounds.intersect(Interval(0, 1)) if is_part else bounds

    def share(self, part: Linear, whole: Linear) -> Bounds:
        """Return the bounds of part / whole.

        Parameters
        ----------
        part, whole : Linear
            Numerator and denominator.

        Returns
        -------
        Bounds
            Fractions that are attained, or approached if there is no table for them; `undefined`
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
        self._require()
        positive = self._with_positive(part, whole)
        can_be_zero = False
        if positive is not self:
            positive._require()
            encoding = self._encoding(part, whole)
            smallest = encoding.program.maximise(negative(encoding.terms(whole))).value
            can_be_zero = smallest is None or smallest >= 0
        lower, lower_table, lower_proof = positive._extreme_share(-part, whole, -1)
        upper, upper_table, upper_proof = positive._extreme_share(part, whole, 1)
        return Bounds(
            lower=None if lower is None else exact(lower),
            upper=None if upper is None else exact(upper),
            lower_table=lower_table,
            upper_table=upper_table,
            lower_proof=lower_proof,
            upper_proof=upper_proof,
            undefined=can_be_zero,
        )

    def _with_positive(self, part: Linear, whole: Linear) -> "System":
        """Return the system with a positive denominator."""
        encoding = self._encoding(part, whole)
        proved = encoding.program.limit(negative(encoding.terms(whole)))
        if proved is not None and proved[0] < 0:
            return self
        name = f"positive {' + '.join(c for c in whole.cells if c in encoding.firsts)}"
        return self.with_constraints(Constraint.between(name, whole, 1, None))

    def _extreme_share(
        self, part: Linear, whole: Linear, sign: int
    ) -> tuple[Fraction | None, dict[str, int] | None, Proof | None]:
        """Return the largest part / whole with a sign, its table and its proof."""
        encoding = self._encoding(part, whole)
        result = encoding.program.largest_ratio(encoding.terms(part), encoding.terms(whole))
        if result is None:
            return None, None, None
        ratio, best = result
        proof = self._proof(best, part * ratio.denominator - whole * ratio.numerator, 1)
        if proof is not None:  # of the ratio, for a denominator of 1 or more
            limit = ratio + (best.limit or Fraction(0)) / ratio.denominator
            proof = evolve(proof, limit=sign * limit)
        return sign * ratio, self._table(encoding, best.point), proof

    def _proof(self, best: Optimum, objective: Linear, sign: int) -> Proof | None:
        if best.limit is None:
            return None
        rows = list(self._rows.items())
        terms = [ProofTerm(rows[i][1], rows[i][0], times) for i, times in best.multipliers.items()]
        return Proof(objective=objective, terms=terms, limit=sign * best.limit, parts=best.parts)

    def _require(self) -> None:
        if not self.is_feasible:
            conflict = smallest_conflict(self.cells, self.constraints)
            raise ImpossibleResult(
                "the constraints must be consistent; this is a minimal conflicting set",
                field="constraints",
                value="; ".join(map(str, conflict)),
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
