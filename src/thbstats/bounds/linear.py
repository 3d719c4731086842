"""Linear sums and inequalities of cells."""

from collections.abc import Iterable, Mapping
from math import gcd

from attrs import field, frozen

from thbstats.errors import InvalidValue
from thbstats.values import exact

__all__ = ["Inequality", "Linear"]


def _whole(value: object, name: str) -> int:
    number = exact(value, name)
    if not isinstance(number, int):
        raise InvalidValue(
            "coefficients must be integers",
            field=name,
            value=value,
            hint="Multiply by the denominator",
        )
    return number


def _terms(terms: "Mapping[str, int] | Iterable[tuple[str, int]]") -> tuple[tuple[str, int], ...]:
    pairs = terms.items() if isinstance(terms, Mapping) else terms
    whole = ((name, n if type(n) is int else _whole(n, name)) for name, n in pairs)
    return tuple(sorted((name, n) for name, n in whole if n))


@frozen
class Linear:
    """Sum of integer multiples of cells.

    Parameters
    ----------
    terms : mapping of str to int
        The coefficient of each cell; 0 for all others.

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
        """Return the sum of some cells."""
        return cls(dict.fromkeys(cells, 1))

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells with a nonzero coefficient."""
        return tuple(name for name, _ in self.terms)

    def value(self, table: Mapping[str, int]) -> int:
        """Return the value of the sum in a table."""
        return sum(n * table[name] for name, n in self.terms)

    def __add__(self, other: "Linear") -> "Linear":
        sums = dict(self.terms)
        for name, n in other.terms:
            sums[name] = sums.get(name, 0) + n
        return Linear(sums)

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
