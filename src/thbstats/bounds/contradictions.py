"""Contradictory constraints."""

from collections.abc import Iterator
from functools import cached_property
from itertools import islice

from attrs import frozen

from thbstats.bounds._conflicts import Subsets, bits
from thbstats.bounds.constraint import Constraint
from thbstats.bounds.system import System


def minimal_conflicts(
    system: System, *, most: int | None = None
) -> tuple[tuple[Constraint, ...], ...]:
    """Return all minimal sets of constraints that contradict each other.

    Parameters
    ----------
    system : System
        The constraints. The number of sets can grow exponentially.
    most : int, optional
        The maximum number of sets.

    Returns
    -------
    tuple of tuple of Constraint
        In the order of the system; without any one of them the others of a set are feasible. Empty
        if the system is feasible.

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
    >>> [[constraint.name for constraint in found] for found in minimal_conflicts(system)]
    [['a', 'b', 'both']]

    References
    ----------
    M. Liffiton, A. Previti, A. Malik and J. Marques-Silva, Fast, flexible MUS enumeration,
    Constraints 21 (2016).
    """
    return tuple(islice((set_ for search in searches(system) for set_ in search.sets()), most))


@frozen(slots=False, eq=False)
class ConflictSearch:
    """Search for contradictory constraints in one component of a system."""

    part: System

    @cached_property
    def subsets(self) -> Subsets:
        """The state of the search."""
        return Subsets(self.part.cells, self.part.constraints)

    def sets(self, effort: int | None = None) -> Iterator[tuple[Constraint, ...]]:
        """Yield the minimal conflicts, within a number of checked subsets."""
        for chosen in self.subsets.conflicts(effort):
            yield tuple(self.part.constraints[index] for index in bits(chosen))

    @property
    def is_complete(self) -> bool:
        """Whether every minimal conflict was found."""
        return self.subsets.is_complete

    def is_needed(self, name: str) -> bool:
        """Return whether every minimal conflict contains a constraint."""
        index = next(i for i, item in enumerate(self.part.constraints) if item.name == name)
        return self.subsets.is_feasible(self.subsets.all & ~(1 << index))


def searches(system: System) -> Iterator[ConflictSearch]:
    """Yield a search for each component of a system."""
    return map(ConflictSearch, system.parts())
