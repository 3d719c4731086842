"""Which statements of a system can hold together, remembered from one question to the next.

A set of statements is a whole number with one bit for each, the first statement's being 1.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from attrs import field, frozen

from thbstats.bounds._encoding import program_of
from thbstats.bounds._program import Program
from thbstats.bounds._simplex import Row
from thbstats.bounds.statement import Statement

__all__ = ["Subsets", "bits", "smallest_conflict"]


def smallest_conflict(
    cells: Sequence[str], statements: Sequence[Statement]
) -> tuple[Statement, ...]:
    """Return a smallest set of statements that contradict each other; some of these do.

    Parameters
    ----------
    cells : sequence of str
        The cells of a system.
    statements : sequence of Statement
        Its statements, which no table satisfies.
    """
    subsets = Subsets(tuple(cells), tuple(statements))
    subsets.fits(subsets.all)
    return tuple(statements[index] for index in bits(subsets.smallest(subsets.all)))


def bits(chosen: int) -> Iterator[int]:
    """Yield the places of the statements in a set."""
    while chosen:
        lowest = chosen & -chosen
        yield lowest.bit_length() - 1
        chosen ^= lowest


@frozen(slots=False, eq=False)
class Subsets:
    """The sets of statements of a system: those of which it is known that a table fits, or none.

    Parameters
    ----------
    cells : tuple of str
        The cells of the system.
    statements : tuple of Statement
        Its statements.
    """

    cells: tuple[str, ...]
    statements: tuple[Statement, ...]
    _fitting: list[int] = field(factory=list, init=False)
    _broken: list[int] = field(factory=list, init=False)

    @property
    def all(self) -> int:
        """The set of all statements."""
        return (1 << len(self.statements)) - 1

    @cached_property
    def _programs(self) -> list[Program]:
        return [program_of(self.cells, [statement]) for statement in self.statements]

    def fits(self, chosen: int) -> bool:
        """Whether some table satisfies all of some statements."""
        if any(chosen & ~known == 0 for known in self._fitting):
            return True
        if any(known & ~chosen == 0 for known in self._broken):
            return False
        owners, program = self._program(chosen)
        if program.point is None:
            told = {owners[row] for row in program.conflict}
            self._broken.append(sum(1 << place for place in told) or chosen)
            return False
        table = {name: program.point.get(place, 0) for place, name in enumerate(self.cells)}
        holds = (each.holds(table) for each in self.statements)
        self._fitting.append(sum(1 << place for place, held in enumerate(holds) if held))
        return True

    def _program(self, chosen: int) -> tuple[list[int], Program]:
        """The rows of some statements, and of which statement each is."""
        rows: list[Row] = []
        owners: list[int] = []
        directions: list[Mapping[int, int]] = []
        for place in bits(chosen):
            part = self._programs[place]
            rows += part.rows
            owners += [place] * len(part.rows)
            directions += part.directions[: -part.size or None]
        single = [{place: 1} for place in range(len(self.cells))]
        return owners, Program(len(self.cells), tuple(rows), (*directions, *single))

    def smallest(self, chosen: int) -> int:
        """Return a smallest set that cannot hold together, within one that cannot."""
        chosen = self._core(chosen)
        for place in bits(chosen):
            fewer = chosen & ~(1 << place)
            # A core found on the way can be without statements that are still to come.
            if chosen >> place & 1 and not self.fits(fewer):
                chosen = self._core(fewer)
        return chosen

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

    def conflicts(self) -> Iterator[int]:
        """Yield every smallest set that cannot hold together.

        Each set that is looked at rules others out: whatever contains one that cannot hold
        together, and whatever one that can contains (M. Liffiton and others 2016).
        """
        out: list[int] = []
        inside: list[int] = []
        while (chosen := _unseen(self.all, out, inside)) is not None:
            if self.fits(chosen):
                inside.append(self.all & ~self.largest(chosen))
            else:
                out.append(self.smallest(chosen))
                yield out[-1]


def _unseen(everything: int, out: list[int], inside: list[int]) -> int | None:
    """A set without one of each of some sets, and with one of each of others; None if none is.

    Parameters
    ----------
    everything : int
        From which it is chosen.
    out, inside : list of int
        The sets of which it lacks one, and of which it has one.
    """
    open_ = [(0, 0)]
    while open_:
        found = _settle(*open_.pop(), out, inside)
        if found is None:
            continue
        yes, no = found
        free = everything & ~(yes | no)
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
