"""Bounds with proofs."""

from collections.abc import Mapping
from fractions import Fraction

from attrs import field, frozen

from thbstats.bounds.constraint import Inequality, Linear, as_tuple
from thbstats.values import Interval, Rational

Table = Mapping[str, int]
"""The count of each cell."""


@frozen
class ProofTerm:
    """Inequality of a constraint, and its multiplier of 0 or more."""

    constraint: str
    inequality: Inequality
    times: Fraction


@frozen(kw_only=True)
class Proof:
    """Proof of a bound by a weighted sum of inequalities (dual certificate).

    Parameters
    ----------
    objective : Linear
        The sum that the proof bounds from above: the quantity, the quantity with all signs
        changed for a lower bound, or ``q · part - p · whole`` for the largest share p/q.
    terms : tuple of ProofTerm
        The inequalities and their multipliers.
    limit : Fraction
        The proved bound of the quantity, equal to the bound or beyond it.
    parts : int
        The number of subproblems that refuted values between `limit` and the bound; 0 if no
        integer lies between both.

    Examples
    --------
    >>> women, men = Linear.sum(["women"]), Linear.sum(["men"])
    >>> proof = Proof(
    ...     objective=women,
    ...     terms=[ProofTerm("both", Inequality(women + men, 7), Fraction(1))],
    ...     limit=Fraction(7),
    ... )
    >>> proof.total, proof.is_valid
    (Fraction(7, 1), True)
    """

    objective: Linear
    terms: tuple[ProofTerm, ...] = field(converter=as_tuple)
    limit: Fraction
    parts: int = 0

    @property
    def constraints(self) -> tuple[str, ...]:
        """The names of the constraints in the proof."""
        return tuple(dict.fromkeys(term.constraint for term in self.terms))

    @property
    def total(self) -> Fraction:
        """The weighted sum of the right sides, an upper bound of `objective`."""
        return sum((term.times * term.inequality.limit for term in self.terms), Fraction(0))

    @property
    def is_valid(self) -> bool:
        """Whether the weighted left sides are at least `objective` in every cell."""
        left: dict[str, Fraction] = {}
        for term in self.terms:
            for cell, n in term.inequality.left.terms:
                left[cell] = left.get(cell, Fraction(0)) + term.times * n
        cells = {*left, *self.objective.cells}
        target = dict(self.objective.terms)
        return all(term.times >= 0 for term in self.terms) and all(
            left.get(cell, 0) >= target.get(cell, 0) for cell in cells
        )


@frozen(kw_only=True)
class Bounds:
    """Bounds of a quantity over all feasible tables.

    Parameters
    ----------
    lower, upper : int, Fraction or None
        The bounds; ``None`` if the quantity is unbounded. They are attained, except those that are
        `left_open`.
    lower_table, upper_table : mapping of str to int or None
        A feasible table with this bound.
    lower_proof, upper_proof : Proof or None
        The proof of the bound.
    undefined : bool
        Whether a share can be undefined because its denominator can be 0.
    left_open : tuple of str
        What the search did not decide within its time limit: ``"lower"`` or ``"upper"``, if this
        bound is proved and has no table, and ``"feasible"``, if no table was found.
    """

    lower: Rational | None
    upper: Rational | None
    lower_table: Table | None = None
    upper_table: Table | None = None
    lower_proof: Proof | None = None
    upper_proof: Proof | None = None
    undefined: bool = False
    left_open: tuple[str, ...] = ()

    @property
    def interval(self) -> Interval:
        """The bounds as an interval."""
        return Interval(self.lower, self.upper, undefined=self.undefined)

    def __str__(self) -> str:
        return str(self.interval)
