"""On which base a printed percentage can stand."""

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
    """Return what each base can be if a percentage is printed of it; ``None`` if it cannot.

    Parameters
    ----------
    system : System
        What else is said.
    part : Linear
        The numerator.
    printed : Percent
        The percentage.
    candidates : mapping of str to Linear
        The bases on which it may stand, such as all and recorded.
    allow_tie_either_way : bool
        Whether a half may have been rounded either way.

    Returns
    -------
    dict of str to Interval or None
        In the order given. Where one base alone is possible, the percentage has that base, if
        the list of candidates is complete.

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
    The figures of the example are those of COM(2018) 777, section II.1.
    """
    found: dict[str, Interval | None] = {}
    for name, base in candidates.items():
        said = Constraint.percentage(
            f"percentage of {name}", part, base, printed, allow_tie_either_way=allow_tie_either_way
        )
        held = system.with_constraints(said)
        found[name] = held.bounds(base).interval if held.is_feasible else None
    return found
