"""Feasible denominators of a percentage."""

from collections.abc import Mapping

from thbstats.bounds.constraint import Constraint
from thbstats.bounds.linear import Linear
from thbstats.bounds.system import System
from thbstats.values import Interval, Percent

__all__ = ["feasible_denominators"]


def feasible_denominators(
    system: System,
    part: Linear,
    printed: Percent,
    candidates: Mapping[str, Linear],
    *,
    allow_tie_either_way: bool = False,
) -> dict[str, Interval | None]:
    """Return the bounds of each candidate denominator of a percentage.

    Parameters
    ----------
    system : System
        All other constraints.
    part : Linear
        The numerator.
    printed : Percent
        The published percentage.
    candidates : mapping of str to Linear
        The candidate denominators, such as all victims and victims of known form.
    allow_tie_either_way : bool
        Whether ties may be rounded either up or down.

    Returns
    -------
    dict of str to Interval or None
        ``None`` for an infeasible denominator. If one is feasible and the candidates are
        complete, the percentage has that denominator.

    Examples
    --------
    >>> sexual, others = Linear.sum(["sexual"]), Linear.sum(["others"])
    >>> everyone = sexual + others + Linear.sum(["unknown"])
    >>> system = System(
    ...     ["sexual", "others", "unknown"],
    ...     [Constraint.count("a", sexual, 9759), Constraint.count("b", everyone, 20532)],
    ... )
    >>> feasible_denominators(
    ...     system, sexual, Percent("56"), {"all": everyone, "known": sexual + others}
    ... )
    {'all': None, 'known': Interval(17273 to 17583)}

    References
    ----------
    COM(2018) 777, section II.1, for the figures of the example.
    """
    found: dict[str, Interval | None] = {}
    for name, base in candidates.items():
        constraint = Constraint.percentage(
            f"percentage of {name}", part, base, printed, allow_tie_either_way=allow_tie_either_way
        )
        extended = system.with_constraints(constraint)
        found[name] = extended.bounds(base).interval if extended.is_feasible else None
    return found
