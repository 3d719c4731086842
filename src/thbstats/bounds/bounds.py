"""From where to where a quantity can be, with a table for each end and the proof."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from attrs import field, frozen

from thbstats.bounds.linear import Inequality, Linear
from thbstats.values import Interval, Rational

__all__ = ["Bounds", "Proof", "ProofTerm"]

Table = Mapping[str, int]
"""The count of each cell."""


@frozen
class ProofTerm:
    """An inequality, and how often it is added.

    Parameters
    ----------
    constraint : str
        The constraint behind which it stands.
    inequality : Inequality
        What it says.
    times : Fraction
        How often, 0 or more.
    """

    constraint: str
    inequality: Inequality
    times: Fraction


def _added(added: Iterable[ProofTerm]) -> tuple[ProofTerm, ...]:
    return tuple(added)


@frozen(kw_only=True)
class Proof:
    """Why nothing lies beyond an end: inequalities that anybody can add up.

    Parameters
    ----------
    objective : Linear
        What adding them bounds from above: the quantity itself, the same with all signs changed
        for a lower end, and for a share p/q that is the largest ``q · part - p · whole``.
    terms : tuple of ProofTerm
        The inequalities.
    limit : Fraction
        What that shows of the end, on its far side or equal to it.
    parts : int
        Into how many parts the tables between the limit and the end were split to refute each;
        0 where no whole number lies between both.

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
    terms: tuple[ProofTerm, ...] = field(converter=_added)
    limit: Fraction
    parts: int = 0

    @property
    def constraints(self) -> tuple[str, ...]:
        """The constraints whose inequalities are added, each once."""
        return tuple(dict.fromkeys(each.constraint for each in self.terms))

    @property
    def total(self) -> Fraction:
        """What adding the right sides makes: `about` is at most this."""
        return sum((each.times * each.inequality.limit for each in self.terms), Fraction(0))

    @property
    def is_valid(self) -> bool:
        """Whether the left sides count each cell at least as often as `about` does."""
        left: dict[str, Fraction] = {}
        for each in self.terms:
            for cell, n in each.inequality.left.terms:
                left[cell] = left.get(cell, Fraction(0)) + each.times * n
        cells = {*left, *self.objective.cells}
        wanted = dict(self.objective.terms)
        return all(each.times >= 0 for each in self.terms) and all(
            left.get(cell, 0) >= wanted.get(cell, 0) for cell in cells
        )


@frozen(kw_only=True)
class Bounds:
    """The least and the most that a quantity can be over all tables that fit.

    Parameters
    ----------
    lower, upper : int, Fraction or None
        The ends, both attained; ``None`` where there is no end.
    lower_table, upper_table : mapping of str to int or None
        A table that fits and has this end.
    lower_proof, upper_proof : Proof or None
        Why nothing lies beyond.
    undefined : bool
        Whether a share can also have no value, since nobody need be in its base.
    """

    lower: Rational | None
    upper: Rational | None
    lower_table: Table | None = None
    upper_table: Table | None = None
    lower_proof: Proof | None = None
    upper_proof: Proof | None = None
    undefined: bool = False

    @property
    def interval(self) -> Interval:
        """The ends as an interval."""
        return Interval(self.lower, self.upper, undefined=self.undefined)

    def __str__(self) -> str:
        return str(self.interval)
