"""Which constraints cannot hold together, and how little would have to give way."""

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
    """Return a smallest set of constraints that contradict each other.

    Parameters
    ----------
    system : System
        The constraints.

    Returns
    -------
    tuple of Constraint
        In the order of the system; without any one of them, some table fits the others. Empty if
        a table fits all.

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
    """Return every smallest set of constraints that contradict each other.

    Parameters
    ----------
    system : System
        The constraints; their number of sets can grow fast with how many contradict each other.
    most : int, optional
        After how many sets the search ends.

    Returns
    -------
    tuple of tuple of Constraint
        Each as `minimal_conflict` gives one; empty if a table fits all.

    Notes
    -----
    All sets are searched for those that cannot hold together; each that is looked at rules out
    many others (M. Liffiton, A. Previti, A. Malik and J. Marques-Silva 2016).
    """
    found = (set_ for search in searches(system) for set_ in search.sets())
    return tuple(islice(found, most))


@frozen(slots=False, eq=False)
class ConflictSearch:
    """The search for sets of constraints that contradict each other, in one part of a system.

    Parameters
    ----------
    part : System
        Statements that share cells.
    subsets : Subsets
        What the search finds out.
    """

    part: System
    subsets: Subsets

    def sets(self, effort: int | None = None) -> Iterator[tuple[Constraint, ...]]:
        """Yield every smallest set, or those found by looking at so many sets of constraints."""
        for chosen in self.subsets.conflicts(effort):
            yield tuple(self.part.constraints[index] for index in bits(chosen))

    @property
    def is_complete(self) -> bool:
        """Whether every smallest set was found."""
        return self.subsets.is_complete

    def is_needed(self, name: str) -> bool:
        """Whether every smallest set has a constraint: a table fits all others."""
        places = {each.name: place for place, each in enumerate(self.part.constraints)}
        return self.subsets.fits(self.subsets.all & ~(1 << places[name]))


def searches(system: System) -> Iterator[ConflictSearch]:
    """Yield a search for each part of a system."""
    for part in system.parts():
        yield ConflictSearch(part, Subsets(part.cells, part.constraints))


@frozen(kw_only=True)
class Relaxation:
    """How far one constraint would have to give way to make sense of all.

    Parameters
    ----------
    constraint : Constraint
        The one that gives way; the others are kept.
    others : Interval
        What the others allow in its place: counts, or shares of its whole.
    distance : int or Fraction
        From what it says to the nearest that they allow, in counts, or as a share: 1/100 is one
        percentage point.
    """

    constraint: Constraint
    others: Interval
    distance: Rational


def relaxations(system: System) -> tuple[Relaxation, ...]:
    """Return each constraint that could give way alone, the least first among its kind.

    Parameters
    ----------
    system : System
        Statements that contradict each other.

    Returns
    -------
    tuple of Relaxation
        Percentages before counts; empty if a table fits all, or if no constraint alone is in the
        way.
    """
    found = [] if system.is_feasible else list(_relaxed(system))
    return tuple(sorted(found, key=lambda each: (each.constraint.whole is None, each.distance)))


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


def _distance(said: Interval, others: Interval) -> Rational:
    """How far apart two intervals are; 0 where they touch at an end that is open."""
    if said.upper is not None and others.lower is not None and others.lower > said.upper:
        return others.lower - said.upper
    if said.lower is not None and others.upper is not None and said.lower > others.upper:
        return said.lower - others.upper
    return 0
