"""Which constraints of a system can hold together, remembered from one question to the next.

A set of constraints is a whole number with one bit for each, the first constraint's being 1.
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

_MOST_PARTS = 100
"""Parts of a program that are looked at for a table; without one it is not decided."""

_TURNS = 100
"""Turns of the search for a set that count as much as one look at a set."""


def smallest_conflict(
    cells: Sequence[str], constraints: Sequence[Constraint]
) -> tuple[Constraint, ...]:
    """Return a smallest set of constraints that contradict each other; some of these do.

    Parameters
    ----------
    cells : sequence of str
        The cells of a system.
    constraints : sequence of Constraint
        Its constraints, which no table satisfies.
    """
    subsets = Subsets(tuple(cells), tuple(constraints))
    subsets.fits(subsets.all)
    return tuple(constraints[index] for index in bits(subsets.smallest(subsets.all)))


def bits(chosen: int) -> Iterator[int]:
    """Yield the places of the constraints in a set."""
    while chosen:
        lowest = chosen & -chosen
        yield lowest.bit_length() - 1
        chosen ^= lowest


@define(slots=False, eq=False)
class Subsets:
    """The sets of constraints of a system: those of which it is known that a table fits, or none.

    Parameters
    ----------
    cells : tuple of str
        The cells of the system.
    constraints : tuple of Constraint
        Its constraints.

    Attributes
    ----------
    is_complete : bool
        Whether every smallest set that cannot hold together was found.
    is_decided : bool
        Whether it was found out of every set that was looked at whether a table fits.
    steps, turns : int
        The work so far: sets that were looked at, and turns of the search for these.
    table : dict of str to int or None
        A table that satisfies all constraints, once one is found.
    """

    cells: tuple[str, ...]
    constraints: tuple[Constraint, ...]
    is_complete: bool = field(default=False, init=False)
    is_decided: bool = field(default=True, init=False)
    steps: int = field(default=0, init=False)
    turns: int = field(default=0, init=False)
    table: dict[str, int] | None = field(default=None, init=False)
    _fitting: list[int] = field(factory=list, init=False)
    _broken: list[int] = field(factory=list, init=False)

    @property
    def all(self) -> int:
        """The set of all constraints."""
        return (1 << len(self.constraints)) - 1

    @cached_property
    def _rows(self) -> list[list[Row]]:
        """The rows of each constraint."""
        places = {name: place for place, name in enumerate(self.cells)}
        return [
            [
                ({places[name]: n for name, n in row.left.terms}, row.limit)
                for row in inequalities_of([constraint])
            ]
            for constraint in self.constraints
        ]

    @cached_property
    def _directions(self) -> list[list[Mapping[int, int]]]:
        """The sums that each constraint names."""
        return [list(directions_of(self.cells, [constraint])) for constraint in self.constraints]

    def fits(self, chosen: int) -> bool:
        """Whether some table satisfies all of some constraints; so they do if that is not decided.

        `is_decided` is then not true any more.
        """
        if any(chosen & ~known == 0 for known in self._fitting):
            return True
        if any(known & ~chosen == 0 for known in self._broken):
            return False
        spend()
        self.steps += 1
        owners, program, firsts = self._program(chosen)
        try:
            point = program.search(_MOST_PARTS)
        except InvalidValue:
            self.is_decided = False
            return True
        if point is None:
            told = {owners[row] for row in program.conflict}
            self._broken.append(sum(1 << place for place in told) or chosen)
            return False
        table = dict.fromkeys(self.cells, 0) | {self.cells[firsts[v]]: n for v, n in point.items()}
        if chosen == self.all:
            self.table = table
        holds = (each.is_satisfied(table) for each in self.constraints)
        self._fitting.append(sum(1 << place for place, held in enumerate(holds) if held))
        return True

    def _program(self, chosen: int) -> tuple[list[int], Program, list[int]]:
        """The constraints of the rows, the program of the rows, and a cell of each variable.

        Cells that these constraints do not tell apart are one variable.
        """
        rows: list[Row] = []
        owners: list[int] = []
        sums: list[Mapping[int, int]] = []
        for place in bits(chosen):
            rows += self._rows[place]
            owners += [place] * len(self._rows[place])
            sums += self._directions[place]
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

    def smallest(self, chosen: int) -> int:
        """Return a smallest set that cannot hold together, within one that cannot.

        Halves are left out before single constraints are (U. Junker 2004).
        """
        return self._explained(0, 0, self._core(chosen))

    def _explained(self, kept: int, new: int, chosen: int) -> int:
        """What is needed of some constraints beside others that are kept, of which some are new."""
        if new and not self.fits(kept):
            return 0
        if not chosen & (chosen - 1):
            return chosen
        places = list(bits(chosen))
        first = sum(1 << place for place in places[: len(places) // 2])
        later = self._explained(kept | first, first, chosen & ~first)
        return later | self._explained(kept | later, later, first)

    def _core(self, chosen: int) -> int:
        """The smallest known set within one that cannot hold together."""
        within = (known for known in self._broken if known & ~chosen == 0)
        return min(within, key=int.bit_count, default=chosen)

    def largest(self, chosen: int) -> int:
        """Return a largest set that can hold together, around one that can."""
        for place in bits(self.all & ~chosen):
            if self.fits(chosen | 1 << place):
                chosen |= 1 << place
        return chosen

    def conflicts(self, effort: int | None = None) -> Iterator[int]:
        """Yield every smallest set that cannot hold together, or those found with some effort.

        Each set that is looked at rules others out: whatever contains one that cannot hold
        together, and whatever one that can contains (M. Liffiton and others 2016). The effort is
        the number of sets that are looked at; `is_complete` is true once no set is left.
        """
        out: list[int] = []
        inside: list[int] = []
        while (chosen := self._unseen(out, inside, effort)) is not None:
            if self.fits(chosen):
                inside.append(self.all & ~self.largest(chosen))
            else:
                out.append(self.smallest(chosen))
                yield out[-1]
        self.is_complete = self.is_decided and not self._is_spent(effort)

    def _is_spent(self, effort: int | None) -> bool:
        return effort is not None and self.steps >= effort

    def _unseen(self, out: list[int], inside: list[int], effort: int | None) -> int | None:
        """A set without one of each of some sets, and with one of each of others; None if none is.

        Parameters
        ----------
        out, inside : list of int
            The sets of which it lacks one, and of which it has one.
        effort : int or None
            After how many steps of the search there is none any more.
        """
        open_ = [(0, 0)]
        while open_ and not self._is_spent(effort):
            spend()
            self.turns += 1
            self.steps += self.turns % _TURNS == 0
            found = _settle(*open_.pop(), out, inside)
            if found is None:
                continue
            yes, no = found
            free = self.all & ~(yes | no)
            if not free:
                return yes
            bit = free & -free
            open_ += [(yes, no | bit), (yes | bit, no)]
        return None


def _settle(yes: int, no: int, out: list[int], inside: list[int]) -> tuple[int, int] | None:
    """What follows of some that are in and some that are not; None if both cannot be."""
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
