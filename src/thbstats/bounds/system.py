"""The tables that fit what is said of them."""

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
    """Cells that hold whole numbers of 0 or more, and constraints that they satisfy.

    Every answer is exact. HiGHS looks for tables in floating point; what it finds is kept only
    where whole numbers satisfy every constraint, and that nothing lies beyond is proved by adding
    inequalities in exact arithmetic and, where that leaves whole numbers over, by refuting those.

    Parameters
    ----------
    cells : iterable of str
        The cells, of which no one is counted in two.
    constraints : iterable of Constraint
        What is said of them; their names are unique.
    assumptions : iterable of str
        What was assumed to read constraints as inequalities, in words.

    Raises
    ------
    DuplicateKey
        If two constraints have the same name.
    UnknownName
        If a constraint speaks of a cell that is not there.

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
                "several constraints have the same name",
                field="constraints",
                value=", ".join(sorted({name for name in names if names.count(name) > 1})),
                hint="Give each a name of its own",
            )
        known = set(self.cells)
        for constraint in self.constraints:
            for each in constraint.inequalities:
                self._check(each.left, known)

    def _check(self, sum_: Linear, known: set[str]) -> None:
        for name in sum_.cells:
            if name not in known:
                raise UnknownName(
                    "there is no such cell",
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
        """The constraint of each row of the program, the first where several say the same."""
        return tuple(self._rows.values())

    @cached_property
    def _rows(self) -> dict[Inequality, str]:
        return inequalities_of(self.constraints)

    @cached_property
    def program(self) -> Program:
        """The inequalities as rows of whole numbers, reduced by what divides them."""
        return program_of(self.cells, self.constraints)

    def _terms(self, sum_: Linear) -> dict[int, int]:
        return encode(sum_, self.variables)

    @cached_property
    def _merging(self) -> Merging:
        return merging_of(self.cells, self.constraints)

    @cached_property
    def _merged(self) -> dict[tuple[str, ...], "System"]:
        """Smaller systems with the same answers, by their cells."""
        return {}

    def _apart(self, *sums: Linear) -> tuple["System", Merging]:
        """The system with one cell for all that neither a constraint nor a sum tells apart."""
        merging = self._merging.finer(sums)
        cells = tuple(merging.firsts.values())
        if len(cells) == len(self.cells):
            return self, merging
        if cells not in self._merged:
            self._merged[cells] = System(cells, map(merging.constraint, self.constraints))
        return self._merged[cells], merging

    def parts(self) -> Iterator["System"]:
        """Yield systems of which no two have a cell in common, with one cell for many.

        No table fits all constraints if none fits one part. Cells that no constraint of a part
        tells apart are one cell there, and cells without a constraint are left out.
        """
        for constraints in connected(self.constraints):
            inside = {name for each in constraints for name in each.cells}
            cells = [name for name in self.cells if name in inside]
            yield System(cells, constraints)._apart()[0]

    @property
    def is_feasible(self) -> bool:
        """Whether some table fits."""
        return self._apart()[0].program.point is not None

    @property
    def table(self) -> dict[str, int] | None:
        """Some table that fits, or ``None``."""
        small, _ = self._apart()
        point = small.program.point
        return None if point is None else dict.fromkeys(self.cells, 0) | small._named(point)

    def fits(self, table: Mapping[str, int]) -> bool:
        """Whether a table satisfies every constraint, in exact arithmetic."""
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
        """Return the least and the most that a sum of cells can be.

        Parameters
        ----------
        sum_ : Linear
            The sum.
        most : int, optional
            How many parts of the system are looked at in one search before it is refused; of a
            large system none.
        known : mapping of str to int, optional
            A table that fits.

        Returns
        -------
        Bounds
            Whole numbers that are attained, with a table for each.

        Raises
        ------
        ImpossibleResult
            If no table fits.
        UnknownName
            If there is no such cell.
        InvalidValue
            If it is not decided after so many parts.
        """
        self._check(sum_, set(self.cells))
        small, merging = self._apart(sum_)
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
        """Return ends of a sum of cells that adding inequalities proves at once, without tables.

        Those of `bounds` can lie within by a few.

        Parameters
        ----------
        sum_ : Linear
            The sum.
        """
        self._check(sum_, set(self.cells))
        small, merging = self._apart(sum_)
        if small is not self:
            return self._lifted(small.quick_bounds(merging.sum(sum_)), merging)
        ends = []
        for sign in (-1, 1):
            found = self.program.limit(self._terms(sum_ * sign))
            value = None if found is None else floor(found[0])
            limit, times = found or (None, {})
            best = Optimum(value=value, point={}, limit=limit, multipliers=times)
            proof = self._proof(best, sum_ * sign, sign)
            ends.append((None if value is None else sign * value, proof))
        (lower, lower_proof), (upper, upper_proof) = ends
        return Bounds(lower=lower, upper=upper, lower_proof=lower_proof, upper_proof=upper_proof)

    def proves(self, constraint: Constraint) -> bool:
        """Whether adding inequalities proves a further constraint, in exact arithmetic, at once."""
        for each in constraint.inequalities:
            small, merging = self._apart(each.left)
            found = small.program.limit(small._terms(merging.sum(each.left)))
            if found is None or floor(found[0]) > each.limit:
                return False
        return True

    def relaxed_share(self, part: Linear, whole: Linear) -> Interval:
        """Return an interval in which part / whole lies in every table with somebody in the base.

        It is proved in exact arithmetic and found at once. Its ends are those of tables that need
        not be whole; those of `share` can lie within by what one more in the base makes.

        Parameters
        ----------
        part, whole : Linear
            Numerator and base.
        """
        small, merging = self._apart(part, whole)
        if small is not self:
            return small.relaxed_share(merging.sum(part), merging.sum(whole))
        program = self._with_somebody(whole).program
        up, down, base = self._terms(part), self._terms(-part), self._terms(whole)
        least, most = program.relaxed(down, base), program.relaxed(up, base)
        found = Interval(None if least is None else -least, most)
        inside = all(n >= 0 for sum_ in (part, whole - part) for _, n in sum_.terms)
        return found.intersect(Interval(0, 1)) if inside else found

    def share(self, part: Linear, whole: Linear) -> Bounds:
        """Return the least and the most that part / whole can be.

        Parameters
        ----------
        part, whole : Linear
            Numerator and base.

        Returns
        -------
        Bounds
            Fractions that are attained, or only approached where there is no table for them;
            `undefined` where the base can be empty.

        Raises
        ------
        ImpossibleResult
            If no table fits, or none in which somebody is in the base.
        UnknownName
            If there is no such cell.

        Notes
        -----
        A share p/q is the largest if q·part - p·whole is at most 0 in every table, which is a sum
        like any other. Each table with a larger share replaces p/q until there is none
        (W. Dinkelbach 1967).
        """
        for sum_ in (part, whole):
            self._check(sum_, set(self.cells))
        small, merging = self._apart(part, whole)
        if small is not self:
            found = small.share(merging.sum(part), merging.sum(whole))
            return self._lifted(found, merging)
        self._require()
        some = self._with_somebody(whole)
        nobody = False
        if some is not self:
            some._require()
            most_empty = self.program.maximise(negative(self._terms(whole))).value
            nobody = most_empty is None or most_empty >= 0
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
            undefined=nobody,
        )

    def _with_somebody(self, whole: Linear) -> "System":
        """The tables with somebody in a base; the same system where it has no others."""
        proved = self.program.limit(negative(self._terms(whole)))
        if proved is not None and proved[0] < 0:
            return self
        somebody = Constraint.between(f"somebody in {' + '.join(whole.cells)}", whole, 1, None)
        return evolve(self, constraints=(*self.constraints, somebody))

    def _lifted(self, found: Bounds, merging: Merging) -> Bounds:
        """Bounds of a merged system with tables and proofs of all cells."""
        rows = {merging.inequality(row).lowest: row for row in self._rows}

        def table(small: Mapping[str, int] | None) -> dict[str, int] | None:
            return None if small is None else dict.fromkeys(self.cells, 0) | dict(small)

        def proof(small: Proof | None) -> Proof | None:
            if small is None:
                return None
            added = [
                evolve(a, inequality=rows.get(a.inequality, a.inequality)) for a in small.terms
            ]
            return evolve(small, objective=merging.unmerged(small.objective), terms=added)

        return evolve(
            found,
            lower_table=table(found.lower_table),
            upper_table=table(found.upper_table),
            lower_proof=proof(found.lower_proof),
            upper_proof=proof(found.upper_proof),
        )

    def _extreme(
        self, part: Linear, whole: Linear
    ) -> tuple[dict[str, int] | None, Fraction | None, Proof | None]:
        """The table with the largest part / whole, the share, and the proof."""
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
                "these cannot all be true; without any one of them the others can",
                field="constraints",
                value="; ".join(map(str, smallest_conflict(self.cells, self.constraints))),
                hint="Leave one of them out, or correct it",
            )

    def _named(self, point: Mapping[int, int]) -> dict[str, int]:
        return {name: point.get(place, 0) for place, name in enumerate(self.cells)}

    def _proof(self, best: Optimum, about: Linear, sign: int) -> Proof | None:
        if best.limit is None:
            return None
        rows = list(self._rows)
        added = [
            ProofTerm(self.owners[row], rows[row], times) for row, times in best.multipliers.items()
        ]
        return Proof(objective=about, terms=added, limit=sign * best.limit, parts=best.parts)

    def only(self, names: Iterable[str]) -> "System":
        """Return the system with some of its constraints."""
        kept = set(names)
        return evolve(self, constraints=[s for s in self.constraints if s.name in kept])

    def without(self, *names: str) -> "System":
        """Return the system without some of its constraints."""
        return evolve(self, constraints=[s for s in self.constraints if s.name not in names])

    def with_constraints(self, *constraints: Constraint) -> "System":
        """Return the system with further constraints."""
        return evolve(self, constraints=(*self.constraints, *constraints))
