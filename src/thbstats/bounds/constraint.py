"""Linear sums of cells, constraints on them, and their bounds with certificates."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import gcd

from attrs import evolve, field, frozen

from thbstats._properties import cached_property
from thbstats.errors import InvalidValue, require
from thbstats.values import Interval, Percent, Rational, exact


def _terms(terms: Mapping[str, int] | Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    pairs = terms.items() if isinstance(terms, Mapping) else terms
    numbers = dict[str, int]()
    for name, n in pairs:
        number = n if type(n) is int else exact(n, name)
        if not isinstance(number, int):
            problem, hint = "coefficients must be integers", "Multiply by the denominator"
            raise InvalidValue(problem, field=name, value=n, hint=hint)
        numbers[name] = numbers.get(name, 0) + number
    return tuple(sorted((name, number) for name, number in numbers.items() if number))


@frozen
class Linear:
    """Sum of integer multiples of cells.

    Parameters
    ----------
    terms : mapping of str to int, or pairs of them
        The coefficient of each cell; 0 for all others. Coefficients of one cell are added.

    Raises
    ------
    InvalidValue
        If a coefficient is not an integer.

    Examples
    --------
    >>> total = Linear.sum(["women", "men", "unknown"])
    >>> (total - Linear.sum(["unknown"])).value({"women": 3, "men": 4, "unknown": 2})
    7
    """

    terms: tuple[tuple[str, int], ...] = field(converter=_terms, default=())

    @classmethod
    def sum(cls, cells: Iterable[str]) -> "Linear":
        """Return the sum of some cells; a repeated cell is added several times."""
        return cls((cell, 1) for cell in cells)

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells with a nonzero coefficient."""
        return tuple(name for name, _ in self.terms)

    def value(self, table: Mapping[str, int]) -> int:
        """Return the value of the sum in a table."""
        return sum(n * table[name] for name, n in self.terms)

    def __add__(self, other: "Linear") -> "Linear":
        return Linear((*self.terms, *other.terms))

    def __mul__(self, factor: int) -> "Linear":
        return Linear({name: n * factor for name, n in self.terms})

    __rmul__ = __mul__

    def __neg__(self) -> "Linear":
        return self * -1

    def __sub__(self, other: "Linear") -> "Linear":
        return self + -other


@frozen
class Inequality:
    """Upper bound of a sum of cells.

    Parameters
    ----------
    left : Linear
        The sum.
    limit : int
        The upper bound.

    Examples
    --------
    >>> Inequality(Linear({"a": 2, "b": 4}), 7).lowest
    Inequality(left=Linear(terms=(('a', 1), ('b', 2))), limit=3)
    """

    left: Linear
    limit: int

    @property
    def lowest(self) -> "Inequality":
        """The equivalent inequality over integers with the smallest coefficients."""
        factor = gcd(*(n for _, n in self.left.terms)) or 1
        left = Linear({name: n // factor for name, n in self.left.terms})
        return Inequality(left, self.limit // factor)

    def is_satisfied(self, table: Mapping[str, int]) -> bool:
        """Return whether a table satisfies the inequality."""
        return self.left.value(table) <= self.limit


@frozen
class Constraint:
    """Constraint on cells, as inequalities between integers.

    Parameters
    ----------
    name : str
        A unique name in its system.
    inequalities : iterable of Inequality
        The exact inequalities.
    text : str
        The constraint as text, with the published number and its location.
    part, whole : Linear, optional
        The sum, or the numerator and denominator of a share.
    published : Interval, optional
        The published value or share.

    Examples
    --------
    >>> share = Constraint.percentage(
    ...     "sexual-share", Linear.sum(["sexual"]), Linear.sum(["sexual", "other"]), Percent("56")
    ... )
    >>> [share.is_satisfied({"sexual": 9759, "other": other}) for other in (7514, 7513)]
    [True, False]
    """

    name: str
    inequalities: tuple[Inequality, ...] = field(converter=tuple[Inequality, ...])
    text: str = field(default="", kw_only=True)
    part: Linear | None = field(default=None, kw_only=True)
    whole: Linear | None = field(default=None, kw_only=True)
    published: Interval | None = field(default=None, kw_only=True)

    def is_satisfied(self, table: Mapping[str, int]) -> bool:
        """Return whether a table satisfies the constraint, in exact arithmetic."""
        return all(row.is_satisfied(table) for row in self.inequalities)

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells of the inequalities."""
        return tuple(dict.fromkeys(n for row in self.inequalities for n in row.left.cells))

    @property
    def _sums(self) -> tuple[Linear, ...]:
        """The numerator and denominator, if there are any."""
        return tuple(sum_ for sum_ in (self.part, self.whole) if sum_ is not None)

    @cached_property
    def _rows(self) -> tuple[Inequality, ...]:
        """The reduced inequalities."""
        return tuple(row.lowest for row in self.inequalities)

    def _within(self, cells: Iterable[str]) -> "Constraint":
        """Return the constraint on some cells, without all other cells."""
        inside = set(cells)

        def sum_(linear: Linear | None) -> Linear | None:
            return linear and Linear([term for term in linear.terms if term[0] in inside])

        rows = [Inequality(sum_(row.left) or Linear(), row.limit) for row in self.inequalities]
        return evolve(self, inequalities=rows, part=sum_(self.part), whole=sum_(self.whole))

    def __str__(self) -> str:
        return self.text or self.name

    @classmethod
    def count(cls, name: str, sum_: Linear, value: int, *, text: str = "") -> "Constraint":
        """Return the constraint that a sum has a value."""
        return cls.between(name, sum_, value, value, text=text)

    @classmethod
    def between(
        cls, name: str, sum_: Linear, lower: int, upper: int | None, *, text: str = ""
    ) -> "Constraint":
        """Return the constraint that a sum is between two bounds.

        "At least n" is ``between(n, None)``, and "<n" is ``between(0, n - 1)``.
        """
        rows = [Inequality(-sum_, -lower)]
        rows += [] if upper is None else [Inequality(sum_, upper)]
        return cls(name, rows, text=text, part=sum_, published=Interval(lower, upper))

    @classmethod
    def percentage(
        cls,
        name: str,
        part: Linear,
        whole: Linear,
        printed: Percent,
        *,
        allow_tie_either_way: bool = False,
        at_least: bool = False,
        text: str = "",
    ) -> "Constraint":
        """Return the constraint that a part is a percentage of a whole above 0.

        Parameters
        ----------
        name, part, whole : str, Linear, Linear
            As for `share`.
        printed : Percent
            The published percentage and its rounding.
        allow_tie_either_way : bool
            Whether ties may be rounded either up or down, regardless of the rounding.
        at_least : bool
            Whether the percentage is a lower bound.
        text : str
            As for `share`.
        """
        bounds = (printed.lower, None if at_least else printed.upper)
        ties = allow_tie_either_way
        closed = (ties or printed.lower_closed, ties or printed.upper_closed)
        return cls.share(name, part, whole, bounds, closed=closed, text=text)

    @classmethod
    def share(
        cls,
        name: str,
        part: Linear,
        whole: Linear,
        bounds: tuple[Rational, Rational | None],
        *,
        closed: tuple[bool, bool] = (True, True),
        text: str = "",
    ) -> "Constraint":
        """Return the constraint that a part is between two shares of a whole above 0.

        Parameters
        ----------
        name : str
            A unique name.
        part, whole : Linear
            Numerator and denominator.
        bounds : tuple
            The lower and upper bound of the share, from 0 to 1; ``None`` for no upper bound.
        closed : tuple of bool
            Whether the share can equal each bound.
        text : str
            The constraint as text.
        """

        def above(sum_: Linear, bound: Rational, closed: bool) -> Inequality:
            share = Fraction(bound)
            left = whole * share.numerator - sum_ * share.denominator
            return Inequality(left, 0 if closed else -1)

        low, high = bounds
        rows = [above(part, low, closed[0])]
        rows += [] if high is None else [above(-part, -high, closed[1])]
        rows.append(Inequality(-whole, -1))
        return cls(name, rows, text=text, part=part, whole=whole, published=Interval(low, high))

    @classmethod
    def change(
        cls,
        name: str,
        new: Linear,
        old: Linear,
        printed: Percent,
        *,
        allow_tie_either_way: bool = False,
        text: str = "",
    ) -> "Constraint":
        """Return the constraint that a count changed by a percentage."""
        return cls.percentage(
            name, new - old, old, printed, allow_tie_either_way=allow_tie_either_way, text=text
        )

    @classmethod
    def order(
        cls, name: str, first: Iterable[Linear], others: Iterable[Linear], *, text: str = ""
    ) -> "Constraint":
        """Return the constraint that each sum of one list is at least each sum of another list."""
        high, low = list(first), list(others)
        empty: dict[str, list[Linear]] = {"others" if high else "first": []}
        requirement = "an order must have at least one sum on each side"
        require(high and low, requirement, "Pass at least one sum", **empty)
        return cls(name, [Inequality(b - a, 0) for a in high for b in low], text=text)

    @classmethod
    def equality(cls, name: str, left: Linear, right: Linear, *, text: str = "") -> "Constraint":
        """Return the constraint that two sums are equal."""
        return cls(name, [Inequality(left - right, 0), Inequality(right - left, 0)], text=text)


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
    terms: tuple[ProofTerm, ...] = field(converter=tuple[ProofTerm, ...])
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
        The bounds that the search did not decide in its time limit: ``"lower"`` or ``"upper"``, if
        this bound is proved and has no table, and ``"feasible"``, if no table was found.
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
