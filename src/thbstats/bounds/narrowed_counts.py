"""How much less room some statements leave to counts than all others alone."""

from collections.abc import Mapping
from fractions import Fraction

from attrs import frozen

from thbstats.bounds.bounds import Bounds
from thbstats.bounds.linear import Linear
from thbstats.bounds.system import System
from thbstats.values import Interval

__all__ = ["Narrowing", "narrowing"]


@frozen(kw_only=True)
class Narrowing:
    """How much some statements narrow counts.

    Parameters
    ----------
    share : Fraction
        The mean over all counts of ``1 - w / v``, where *w* is how wide a count is with the
        statements and *v* without, as far as `System.proved` shows: 0 where nothing is wider
        without them, 1 where they alone give every count an end or settle it.
    wider : mapping of Linear to Interval
        The counts that are wider without them, and what they then are; the one that is narrowed
        most comes first.
    """

    share: Fraction
    wider: Mapping[Linear, Interval]


def narrowing(rest: System, counts: Mapping[Linear, Bounds], *, names: frozenset[str]) -> Narrowing:
    """Return how much some statements of a system narrow counts.

    Parameters
    ----------
    rest : System
        All other statements.
    counts : mapping of Linear to Bounds
        Counts with their ends in the whole system, as `System.proved` gives them.
    names : frozenset of str
        The statements in question.

    Returns
    -------
    Narrowing
        A count whose proof does without the statements is not asked again.

    Examples
    --------
    >>> from thbstats.bounds.statement import Statement
    >>> women, men = Linear.sum(["women"]), Linear.sum(["men"])
    >>> system = System(
    ...     ["women", "men"],
    ...     [
    ...         Statement.between("all", women + men, 0, 10),
    ...         Statement.between("women", women, 4, 9),
    ...     ],
    ... )
    >>> found = narrowing(
    ...     system.without("women"), {men: system.proved(men)}, names=frozenset({"women"})
    ... )
    >>> found.share, found.wider[men]
    (Fraction(2, 5), Interval(0..10))
    """
    lost: dict[Linear, Fraction] = {}
    wider: dict[Linear, Interval] = {}
    for sum_, known in counts.items():
        stands = all(
            proof is None or names.isdisjoint(proof.statements)
            for proof in (known.low_proof, known.high_proof)
        )
        alone = known.interval if stands else rest.proved(sum_).interval
        lost[sum_] = _lost(known.interval, alone)
        if lost[sum_]:
            wider[sum_] = alone
    ordered = sorted(wider, key=lambda sum_: -lost[sum_])
    share = sum(lost.values(), Fraction(0)) / max(1, len(lost))
    return Narrowing(share=share, wider={sum_: wider[sum_] for sum_ in ordered})


def _lost(kept: Interval, alone: Interval) -> Fraction:
    """Which part of the width is lost without some statements."""
    widths = [
        None if ends.upper is None or ends.lower is None else ends.upper - ends.lower
        for ends in (kept, alone)
    ]
    if widths[1] is None:
        return Fraction(0 if widths[0] is None else 1)
    return Fraction(0) if not widths[1] else 1 - Fraction(widths[0] or 0) / Fraction(widths[1])
