"""Constraints on the cells of a table."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from attrs import field, frozen

from thbstats.bounds.linear import Inequality, Linear
from thbstats.errors import InvalidValue
from thbstats.values import Interval, Percent, Rational

__all__ = ["Constraint"]


def _tuple(items: Iterable[Inequality]) -> tuple[Inequality, ...]:
    return tuple(items)


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
    inequalities: tuple[Inequality, ...] = field(converter=_tuple)
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
        name : str
            A unique name.
        part, whole : Linear
            Numerator and denominator.
        printed : Percent
            The published percentage and its rounding.
        allow_tie_either_way : bool
            Whether ties may be rounded either up or down, regardless of the rounding.
        at_least : bool
            Whether the percentage is a lower bound.
        text : str
            The constraint as text.
        """
        return cls.share(
            name,
            part,
            whole,
            (printed.lower, None if at_least else printed.upper),
            closed=(
                allow_tie_either_way or printed.lower_closed,
                allow_tie_either_way or printed.upper_closed,
            ),
            text=text,
        )

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
        (low, high), (low_closed, high_closed) = bounds, closed
        rows = [_above(part, whole, low, low_closed)]
        rows += [] if high is None else [_above(-part, whole, -high, high_closed)]
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
        """Return the constraint that each sum of one list is at least each of another."""
        return cls(name, _ordered(list(first), list(others)), text=text)

    @classmethod
    def equality(cls, name: str, left: Linear, right: Linear, *, text: str = "") -> "Constraint":
        """Return the constraint that two sums are equal."""
        return cls(name, [Inequality(left - right, 0), Inequality(right - left, 0)], text=text)


def _above(part: Linear, whole: Linear, bound: Rational, closed: bool) -> Inequality:
    """Return that a share is at least a bound, or above it."""
    share = Fraction(bound)
    left = whole * share.numerator - part * share.denominator
    return Inequality(left, 0 if closed else -1)


def _ordered(first: list[Linear], others: list[Linear]) -> Iterator[Inequality]:
    if not first or not others:
        raise InvalidValue(
            "an order must have at least one sum on each side",
            field="others" if first else "first",
            value=[],
            hint="Pass at least one sum",
        )
    for high in first:
        for low in others:
            yield Inequality(low - high, 0)
