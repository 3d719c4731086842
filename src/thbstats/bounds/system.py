"""Systems of constraints on the cells of a table."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from math import floor

from attrs import evolve, field, frozen

from thbstats.bounds._encoding import encode, inequalities_of, program_of, variables_of
from thbstats.bounds._merging import Merging, connected, merging_of
from thbstats.bounds._program import Optimum, Program
from thbstats.bounds._ratio import largest_ratio
from thbstats.bounds._search import negative
from thbstats.bounds._subsets import smallest_conflict
from thbstats.bounds.bounds import Bounds, Proof, ProofTerm
from thbstats.bounds.constraint import Constraint
from thbstats.bounds.linear import Inequality, Linear
from thbstats.errors import DuplicateKey, ImpossibleResult, UnknownName, did_you_mean
from thbstats.values import Interval, exact

__all__ = ["System"]


def _names(cells: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(cells))


def _statements(constraints: Iterable[Constraint]) -> tuple[Constraint, ...]:
    return tuple(constraints)


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
    constraints: tuple[Constraint, ...] = field(converter=_statements)
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
        known = set(self.cells)
        for constraint in self.constraints:
            for each in constraint.inequalities:
                self._check(each.left, known)

    def _check(self, sum_: Linear, known: set[str]) -> None:
        for name in sum_.cells:
            if name not in known:
                raise UnknownName(
                    "constraints must contain known cells only",
                    field="cells",
                    value=name,
                    hint=did_you_mean(name, self.cells),
                )

    @cached_property
    def variables(self) -> dict[str, int]:
        """The variable of each cell in the program."""
        return variables_of(self.cells)

    @cached_property
    def owners(self) -> tuple[str, ...]:
        """The constraint of each row of the program."""
        return tuple(self._rows.values())

    @cached_property
    def _rows(self) -> dict[Inequality, str]:
        return inequalities_of(self.constraints)

    @cached_property
    def program(self) -> Program:
        """The reduced inequalities as rows of integers."""
        return program_of(self.cells, self.constraints)

    def _terms(self, sum_: Linear) -> dict[int, int]:
        return encode(sum_, self.variables)

    @cached_property
    def _merging(self) -> Merging:
        return merging_of(self.cells, self.constraints)

    @cached_property
    def _merged(self) -> dict[tuple[str, ...], "System"]:
        """Smaller equivalent systems, by their cells."""
        return {}

    def _split_system(self, *sums: Linear) -> tuple["System", Merging]:
        """Return the equivalent system with merged interchangeable cells."""
        merging = self._merging.finer(sums)
        cells = tuple(merging.firsts.values())
        if len(cells) == len(self.cells):
            return self, merging
        if cells not in self._merged:
            self._merged[cells] = System(cells, map(merging.constraint, self.constraints))
        return self._merged[cells], merging

    def parts(self) -> Iterator["System"]:
        """Yield the components of the system, with merged cells.

        The system is infeasible if and only if a component is. Cells without a constraint are
        omitted.
        """
        for constraints in connected(self.constraints):
            inside = {name for each in constraints for name in each.cells}
            cells = [name for name in self.cells if name in inside]
            yield System(cells, constraints)._split_system()[0]

    @property
    def is_feasible(self) -> bool:
        """Whether a table satisfies all constraints."""
        return self._split_system()[0].program.point is not None

    @property
    def table(self) -> dict[str, int] | None:
        """A feasible table, or ``None``."""
        small, _ = self._split_system()
        point = small.program.point
        return None if point is None else dict.fromkeys(self.cells, 0) | small._named(point)

    def fits(self, table: Mapping[str, int]) -> bool:
        """Return whether a table satisfies all constraints, in exact arithmetic."""
        return all(table[name] >= 0 for name in self.cells) and all(
            constraint.is_satisfied(table) for constraint in self.constraints
        )

    def bounds(
        self,
        sum_: Linear,
        *,
        most: int | None = None,
        known: Mapping[str, int] | None = None,
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
        self._check(sum_, set(self.cells))
        small, merging = self._split_system(sum_)
        if small is not self:
            table = None if known is None else merging.table(known)
            found = small.bounds(merging.sum(sum_), most=most, known=table)
            return self._lifted(found, merging)
        point = None
        if known is not None and self.fits(known):
            point = {self.variables[name]: n for name, n in known.items() if n}
        else:
            self._require()
        terms = self._terms(sum_)
        low = self.program.maximise(negative(terms), point, most)
        high = self.program.maximise(terms, point, most)
        return Bounds(
            lower=None if low.value is None else -low.value,
            upper=high.value,
            lower_table=None if low.value is None else self._named(low.point),
            upper_table=None if high.value is None else self._named(high.point),
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
        self._check(sum_, set(self.cells))
        small, merging = self._split_system(sum_)
        if small is not self:
            return self._lifted(small.quick_bounds(merging.sum(sum_)), merging)
        sides = []
        for sign in (-1, 1):
            found = self.program.limit(self._terms(sum_ * sign))
            value = None if found is None else floor(found[0])
            limit, times = found or (None, {})
            best = Optimum(value=value, point={}, limit=limit, multipliers=times)
            proof = self._proof(best, sum_ * sign, sign)
            sides.append((None if value is None else sign * value, proof))
        (lower, lower_proof), (upper, upper_proof) = sides
        return Bounds(lower=lower, upper=upper, lower_proof=lower_proof, upper_proof=upper_proof)

    def proves(self, constraint: Constraint) -> bool:
        """Return whether the inequalities prove a further constraint without a search."""
        for each in constraint.inequalities:
            small, merging = self._split_system(each.left)
            found = small.program.limit(small._terms(merging.sum(each.left)))
            if found is None or floor(found[0]) > each.limit:
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
        small, merging = self._split_system(part, whole)
        if small is not self:
            return small.relaxed_share(merging.sum(part), merging.sum(whole))
        program = self._with_positive(whole).program
        up, down, base = self._terms(part), self._terms(-part), self._terms(whole)
        least, most = program.relaxed(down, base), program.relaxed(up, base)
        found = Interval(None if least is None else -least, most)
        inside = all(n >= 0 for sum_ in (part, whole - part) for _, n in sum_.terms)
        return found.intersect(Interval(0, 1)) if inside else found

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
        for sum_ in (part, whole):
            self._check(sum_, set(self.cells))
        small, merging = self._split_system(part, whole)
        if small is not self:
            found = small.share(merging.sum(part), merging.sum(whole))
            return self._lifted(found, merging)
        self._require()
        some = self._with_positive(whole)
        can_be_zero = False
        if some is not self:
            some._require()
            largest_negative = self.program.maximise(negative(self._terms(whole))).value
            can_be_zero = largest_negative is None or largest_negative >= 0
        low, least, lower_proof = some._extreme(-part, whole)
        high, most, upper_proof = some._extreme(part, whole)
        return Bounds(
            lower=None if least is None else exact(-least),
            upper=None if most is None else exact(most),
            lower_table=low,
            upper_table=high,
            lower_proof=None
            if lower_proof is None
            else evolve(lower_proof, limit=-lower_proof.limit),
            upper_proof=upper_proof,
            undefined=can_be_zero,
        )

    def _with_positive(self, whole: Linear) -> "System":
        """Return the system with a positive denominator."""
        proved = self.program.limit(negative(self._terms(whole)))
        if proved is not None and proved[0] < 0:
            return self
        positive = Constraint.between(f"positive {' + '.join(whole.cells)}", whole, 1, None)
        return evolve(self, constraints=(*self.constraints, positive))

    def _lifted(self, bounds: Bounds, merging: Merging) -> Bounds:
        """Return the bounds of a merged system for all cells."""
        rows = {merging.inequality(row).lowest: row for row in self._rows}

        def table(small: Mapping[str, int] | None) -> dict[str, int] | None:
            return None if small is None else dict.fromkeys(self.cells, 0) | dict(small)

        def proof(small: Proof | None) -> Proof | None:
            if small is None:
                return None
            terms = [
                evolve(t, inequality=rows.get(t.inequality, t.inequality)) for t in small.terms
            ]
            return evolve(small, objective=merging.unmerged(small.objective), terms=terms)

        return evolve(
            bounds,
            lower_table=table(bounds.lower_table),
            upper_table=table(bounds.upper_table),
            lower_proof=proof(bounds.lower_proof),
            upper_proof=proof(bounds.upper_proof),
        )

    def _extreme(
        self, part: Linear, whole: Linear
    ) -> tuple[dict[str, int] | None, Fraction | None, Proof | None]:
        """Return the table with the largest part / whole, the share and the proof."""
        ratio = largest_ratio(self.program, self._terms(part), self._terms(whole))
        if ratio is None:
            return None, None, None
        table = None if ratio.point is None else self._named(ratio.point)
        excess = part * ratio.value.denominator - whole * ratio.value.numerator
        proof = self._proof(ratio.best, excess, 1)
        return table, ratio.value, proof and evolve(proof, limit=ratio.limit)

    def _require(self) -> None:
        if not self.is_feasible:
            raise ImpossibleResult(
                "the constraints must be consistent; this is a minimal conflicting set",
                field="constraints",
                value="; ".join(map(str, smallest_conflict(self.cells, self.constraints))),
                hint="Correct or exclude one of them",
            )

    def _named(self, point: Mapping[int, int]) -> dict[str, int]:
        return {name: point.get(index, 0) for index, name in enumerate(self.cells)}

    def _proof(self, best: Optimum, objective: Linear, sign: int) -> Proof | None:
        if best.limit is None:
            return None
        rows = list(self._rows)
        terms = [
            ProofTerm(self.owners[row], rows[row], times) for row, times in best.multipliers.items()
        ]
        return Proof(objective=objective, terms=terms, limit=sign * best.limit, parts=best.parts)

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
