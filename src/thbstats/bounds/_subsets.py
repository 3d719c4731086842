"""Feasible and infeasible subsets of constraints.

A subset is an integer with one bit per constraint; the first constraint has bit 1.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from attrs import define, field

from thbstats.bounds._budget import spend
from thbstats.bounds._encoding import directions_of, inequalities_of
from thbstats.bounds._program import Program
from thbstats.bounds._simplex import Row
from thbstats.bounds.constraint import Constraint
from thbstats.errors import InvalidValue

__all__ = ["Subsets", "bits", "smallest_conflict"]

_MAX_PARTS = 100
"""The number of subproblems after which a subset is undecided."""

_TURNS = 100
"""The number of enumeration steps that count as one feasibility check."""


def smallest_conflict(
    cells: Sequence[str], constraints: Sequence[Constraint]
) -> tuple[Constraint, ...]:
    """Return a minimal infeasible subset of infeasible constraints.

    Parameters
    ----------
    cells : sequence of str
        The cells of a system.
    constraints : sequence of Constraint
        Its constraints, which no table satisfies.
    """
    subsets = Subsets(tuple(cells), tuple(constraints))
    subsets.is_feasible(subsets.all)
    return tuple(constraints[index] for index in bits(subsets.smallest(subsets.all)))


def bits(subset: int) -> Iterator[int]:
    """Yield the indices of the constraints in a subset."""
    while subset:
        lowest = subset & -subset
        yield lowest.bit_length() - 1
        subset ^= lowest


@define(slots=False, eq=False)
class Subsets:
    """Feasibility of the subsets of constraints of a system, cached.

    Parameters
    ----------
    cells : tuple of str
        The cells of the system.
    constraints : tuple of Constraint
        The constraints.

    Attributes
    ----------
    is_complete : bool
        Whether every minimal infeasible subset was found.
    is_decided : bool
        Whether the feasibility of every checked subset was decided.
    steps, turns : int
        The number of feasibility checks and of enumeration steps.
    table : dict of str to int or None
        A table that satisfies all constraints, if one was found.
    """

    cells: tuple[str, ...]
    constraints: tuple[Constraint, ...]
    is_complete: bool = field(default=False, init=False)
    is_decided: bool = field(default=True, init=False)
    steps: int = field(default=0, init=False)
    turns: int = field(default=0, init=False)
    table: dict[str, int] | None = field(default=None, init=False)
    _feasible: list[int] = field(factory=list, init=False)
    _infeasible: list[int] = field(factory=list, init=False)

    @property
    def all(self) -> int:
        """The set of all constraints."""
        return (1 << len(self.constraints)) - 1

    @cached_property
    def _rows(self) -> list[list[Row]]:
        """The rows of each constraint."""
        variables = {name: index for index, name in enumerate(self.cells)}
        return [
            [
                ({variables[name]: n for name, n in row.left.terms}, row.limit)
                for row in inequalities_of([constraint])
            ]
            for constraint in self.constraints
        ]

    @cached_property
    def _directions(self) -> list[list[Mapping[int, int]]]:
        """The sums of each constraint."""
        return [list(directions_of(self.cells, [constraint])) for constraint in self.constraints]

    def is_feasible(self, subset: int) -> bool:
        """Return whether a subset is feasible; an undecided one counts as feasible.

        An undecided subset sets `is_decided` to false.
        """
        if any(subset & ~known == 0 for known in self._feasible):
            return True
        if any(known & ~subset == 0 for known in self._infeasible):
            return False
        spend()
        self.steps += 1
        owners, program, firsts = self._program(subset)
        try:
            point = program.search(_MAX_PARTS)
        except InvalidValue:
            self.is_decided = False
            return True
        if point is None:
            blamed = {owners[row] for row in program.conflict}
            self._infeasible.append(sum(1 << index for index in blamed) or subset)
            return False
        table = dict.fromkeys(self.cells, 0) | {self.cells[firsts[v]]: n for v, n in point.items()}
        if subset == self.all:
            self.table = table
        satisfied = (constraint.is_satisfied(table) for constraint in self.constraints)
        self._feasible.append(sum(1 << index for index, is_ in enumerate(satisfied) if is_))
        return True

    def _program(self, subset: int) -> tuple[list[int], Program, list[int]]:
        """Return the program of a subset, with the owner of each row and merged cells.

        Interchangeable cells are one variable.
        """
        rows: list[Row] = []
        owners: list[int] = []
        sums: list[Mapping[int, int]] = []
        for index in bits(subset):
            rows += self._rows[index]
            owners += [index] * len(self._rows[index])
            sums += self._directions[index]
        patterns: dict[int, list[tuple[int, int]]] = {}
        for number, terms in enumerate([*(terms for terms, _ in rows), *sums]):
            for cell, times in terms.items():
                patterns.setdefault(cell, []).append((number, times))
        first: dict[tuple[tuple[int, int], ...], int] = {}
        for cell, pattern in patterns.items():
            first.setdefault(tuple(pattern), cell)
        variables = {cell: variable for variable, cell in enumerate(first.values())}

        def merged(terms: Mapping[int, int]) -> dict[int, int]:
            return {variables[cell]: n for cell, n in terms.items() if cell in variables}

        single = [{variable: 1} for variable in range(len(variables))]
        program = Program(
            len(variables),
            tuple((merged(terms), limit) for terms, limit in rows),
            (*map(merged, sums), *single),
        )
        return owners, program, list(variables)

    def smallest(self, subset: int) -> int:
        """Return a minimal infeasible subset of an infeasible one.

        Halves are removed before single constraints (U. Junker 2004).
        """
        return self._explained(0, 0, self._core(subset))

    def _explained(self, fixed: int, new: int, subset: int) -> int:
        """Return the necessary part of a subset next to a fixed one."""
        if new and not self.is_feasible(fixed):
            return 0
        if not subset & (subset - 1):
            return subset
        indices = list(bits(subset))
        first = sum(1 << index for index in indices[: len(indices) // 2])
        later = self._explained(fixed | first, first, subset & ~first)
        return later | self._explained(fixed | later, later, first)

    def _core(self, subset: int) -> int:
        """Return the smallest known infeasible subset."""
        within = (known for known in self._infeasible if known & ~subset == 0)
        return min(within, key=int.bit_count, default=subset)

    def largest(self, subset: int) -> int:
        """Return a maximal feasible superset of a feasible subset."""
        for index in bits(self.all & ~subset):
            if self.is_feasible(subset | 1 << index):
                subset |= 1 << index
        return subset

    def conflicts(self, effort: int | None = None) -> Iterator[int]:
        """Yield the minimal infeasible subsets, within an effort.

        Each checked subset excludes others: supersets of infeasible ones and subsets of feasible
        ones (M. Liffiton and others 2016). The effort is a number of checks; `is_complete` is true
        if no subset is left.
        """
        out: list[int] = []
        inside: list[int] = []
        while (chosen := self._unseen(out, inside, effort)) is not None:
            if self.is_feasible(chosen):
                inside.append(self.all & ~self.largest(chosen))
            else:
                out.append(self.smallest(chosen))
                yield out[-1]
        self.is_complete = self.is_decided and not self._is_spent(effort)

    def _is_spent(self, effort: int | None) -> bool:
        return effort is not None and self.steps >= effort

    def _unseen(self, out: list[int], inside: list[int], effort: int | None) -> int | None:
        """Return a subset that is not excluded, or ``None``.

        Parameters
        ----------
        out, inside : list of int
            Sets of which the subset lacks one constraint, and of which it contains one.
        effort : int or None
            The maximum number of checks.
        """
        queue = [(0, 0)]
        while queue and not self._is_spent(effort):
            spend()
            self.turns += 1
            self.steps += self.turns % _TURNS == 0
            found = _settle(*queue.pop(), out, inside)
            if found is None:
                continue
            yes, no = found
            free = self.all & ~(yes | no)
            if not free:
                return yes
            bit = free & -free
            queue += [(yes, no | bit), (yes | bit, no)]
        return None


def _settle(yes: int, no: int, out: list[int], inside: list[int]) -> tuple[int, int] | None:
    """Return the implications of included and excluded constraints, or ``None``."""
    while True:
        before = (yes, no)
        for some in out:
            if not some & no:
                left = some & ~yes
                if not left:
                    return None
                no |= 0 if left & (left - 1) else left
        for some in inside:
            if not some & yes:
                left = some & ~no
                if not left:
                    return None
                yes |= 0 if left & (left - 1) else left
        if (yes, no) == before:
            return yes, no
