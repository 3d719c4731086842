"""Minimal sets of contradictory constraints.

A claim is contradicted if every set contains it. One set alone would spread a wrong figure to true
ones, and all sets grow exponentially, so a search has a limit, and states where it stopped.
"""

from collections.abc import Iterator

from attrs import define, field, frozen

from thbstats.bounds._encoding import Encoder
from thbstats.bounds._simplex import spend
from thbstats.bounds.constraint import Constraint
from thbstats.errors import InvalidValue

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
        Whether without any one of them the others are known to be feasible.
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
        """Return a small infeasible subset of an infeasible one, and whether it is minimal.

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
        """Return the necessary part of a subset next to a fixed one; undecided ones are kept."""
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
