"""Contradictory constraints."""

from collections.abc import Iterator
from itertools import islice

from attrs import frozen

from thbstats.bounds._subsets import Subsets, bits, smallest_conflict
from thbstats.bounds.constraint import Constraint
from thbstats.bounds.system import System
from thbstats.values import Interval, Rational

__all__ = [
    "ConflictSearch",
    "Relaxation",
    "minimal_conflict",
    "minimal_conflicts",
    "relaxations",
    "searches",
]


def minimal_conflict(system: System) -> tuple[Constraint, ...]:
    """Return a minimal set of constraints that contradict each other.

    Parameters
    ----------
    system : System
        The constraints.

    Returns
    -------
    tuple of Constraint
        In the order of the system; without any one of them the others are feasible. Empty if the
        system is feasible.

    Examples
    --------
    >>> from thbstats.bounds.linear import Linear
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
    >>> [constraint.name for constraint in minimal_conflict(system)]
    ['a', 'b', 'both']
    """
    if system.is_feasible:
        return ()
    return smallest_conflict(system.cells, system.constraints)


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
        Sets as from `minimal_conflict`; empty if the system is feasible.

    References
    ----------
    M. Liffiton, A. Previti, A. Malik and J. Marques-Silva, Fast, flexible MUS enumeration,
    Constraints 21 (2016).
    """
    found = (set_ for search in searches(system) for set_ in search.sets())
    return tuple(islice(found, most))


@frozen(slots=False, eq=False)
class ConflictSearch:
    """Search for contradictory constraints in one component of a system.

    Parameters
    ----------
    part : System
        Constraints with common cells.
    subsets : Subsets
        The state of the search.
    """

    part: System
    subsets: Subsets

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
        index = next(i for i, each in enumerate(self.part.constraints) if each.name == name)
        return self.subsets.is_feasible(self.subsets.all & ~(1 << index))


def searches(system: System) -> Iterator[ConflictSearch]:
    """Yield a search for each component of a system."""
    for part in system.parts():
        yield ConflictSearch(part, Subsets(part.cells, part.constraints))


@frozen(kw_only=True)
class Relaxation:
    """Change of one constraint that makes a system feasible.

    Parameters
    ----------
    constraint : Constraint
        The constraint to change; all others stay.
    others : Interval
        The bounds that the others imply: counts, or shares of its denominator.
    distance : int or Fraction
        The smallest change, in counts or as a share: 1/100 is one percentage point.
    """

    constraint: Constraint
    others: Interval
    distance: Rational


def relaxations(system: System) -> tuple[Relaxation, ...]:
    """Return the constraints that could change alone, in ascending order of change.

    Parameters
    ----------
    system : System
        Contradictory constraints.

    Returns
    -------
    tuple of Relaxation
        Percentages before counts; empty if the system is feasible or no single change suffices.
    """
    found = [] if system.is_feasible else list(_relaxed(system))
    return tuple(sorted(found, key=lambda item: (item.constraint.whole is None, item.distance)))


def _relaxed(system: System) -> Iterator[Relaxation]:
    for constraint in minimal_conflict(system):
        rest = system.without(constraint.name)
        if constraint.part is None or constraint.published is None or not rest.is_feasible:
            continue
        if constraint.whole is None:
            others = rest.bounds(constraint.part).interval
        elif rest.bounds(constraint.whole).upper == 0:
            continue
        else:
            others = rest.share(constraint.part, constraint.whole).interval
        distance = _distance(constraint.published, others)
        yield Relaxation(constraint=constraint, others=others, distance=distance)


def _distance(published: Interval, others: Interval) -> Rational:
    """Return the distance between two intervals; 0 at a common open bound."""
    if published.upper is not None and others.lower is not None and others.lower > published.upper:
        return others.lower - published.upper
    if published.lower is not None and others.upper is not None and published.lower > others.upper:
        return published.lower - others.upper
    return 0
