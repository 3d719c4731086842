"""Feasible and infeasible subsets of constraints.

A subset is an integer with one bit per constraint; the first constraint has bit 1.
"""

from collections.abc import Iterator, Sequence

from attrs import define, field

from thbstats.bounds._budget import spend
from thbstats.bounds._encoding import Encoding, patterns_of, rows_of
from thbstats.bounds.constraint import Constraint
from thbstats.errors import InvalidValue

_MAX_PARTS = 100
"""The number of subproblems after which a subset is undecided."""

_TURNS = 100
"""The number of enumeration steps that count as one feasibility check."""


def smallest_conflict(
    cells: Sequence[str], constraints: Sequence[Constraint]
) -> tuple[Constraint, ...]:
    """Return a minimal infeasible subset of infeasible constraints."""
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
    """Feasibility of the subsets of some constraints on some cells, cached.

    After `conflicts`, `is_complete` is whether every minimal infeasible subset was found, and
    `is_decided` whether the feasibility of every checked subset was decided. The effort is the
    number of `steps` (checks) and of `turns` (enumeration steps). The `table`, if one was found,
    satisfies all constraints.
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
        chosen = [self.constraints[index] for index in bits(subset)]
        rows = rows_of(chosen)
        sums = (sum_ for constraint in chosen for sum_ in constraint._sums)
        encoding = Encoding.of(patterns_of(chosen), tuple(rows), sums)
        try:
            point = encoding.program.search(_MAX_PARTS)
        except InvalidValue:
            self.is_decided = False
            return True
        if point is None:
            owners = list(rows.values())
            blamed = {owners[row] for row in encoding.program.refutation or ()}
            result = self._subset(c.name in blamed for c in self.constraints)
            self._infeasible.append(result or subset)
            return False
        table = dict.fromkeys(self.cells, 0) | encoding.table(point)
        if subset == self.all:
            self.table = table
        self._feasible.append(self._subset(c.is_satisfied(table) for c in self.constraints))
        return True

    @staticmethod
    def _subset(included: Iterator[bool]) -> int:
        return sum(1 << index for index, is_included in enumerate(included) if is_included)

    def smallest(self, subset: int) -> int:
        """Return a minimal infeasible subset of an infeasible one.

        Halves are removed before single constraints (U. Junker 2004).
        """
        within = (known for known in self._infeasible if known & ~subset == 0)
        return self._necessary(0, 0, min(within, key=int.bit_count, default=subset))

    def _necessary(self, fixed: int, new: int, subset: int) -> int:
        """Return the necessary part of a subset next to a fixed one."""
        if new and not self.is_feasible(fixed):
            return 0
        if not subset & (subset - 1):
            return subset
        indices = list(bits(subset))
        first = sum(1 << index for index in indices[: len(indices) // 2])
        later = self._necessary(fixed | first, first, subset & ~first)
        return later | self._necessary(fixed | later, later, first)

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
                for index in bits(self.all & ~chosen):
                    chosen |= 1 << index if self.is_feasible(chosen | 1 << index) else 0
                inside.append(self.all & ~chosen)
            else:
                out.append(self.smallest(chosen))
                yield out[-1]
        self.is_complete = self.is_decided and not self._is_spent(effort)

    def _is_spent(self, effort: int | None) -> bool:
        return effort is not None and self.steps >= effort

    def _unseen(self, out: list[int], inside: list[int], effort: int | None) -> int | None:
        """Return a subset that is not excluded, or ``None``.

        It lacks a constraint of each set in `out`, and contains one of each set in `inside`.
        """
        queue = [(0, 0)]
        while queue and not self._is_spent(effort):
            spend()
            self.turns += 1
            self.steps += self.turns % _TURNS == 0
            implied = _implications(*queue.pop(), out, inside)
            if implied is None:
                continue
            yes, no = implied
            free = self.all & ~(yes | no)
            if not free:
                return yes
            bit = free & -free
            queue += [(yes, no | bit), (yes | bit, no)]
        return None


def _implications(yes: int, no: int, out: list[int], inside: list[int]) -> tuple[int, int] | None:
    """Return included and excluded constraints with all they imply, or ``None``."""
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
