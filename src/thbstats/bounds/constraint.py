"""What a publication says of a table, as inequalities between whole numbers."""

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
    """Something said of the cells of a table, as inequalities that hold together.

    Parameters
    ----------
    name : str
        A name that is unique in its system.
    inequalities : iterable of Inequality
        What it says, exactly.
    text : str
        What it says, in words, with the number as printed and where it stands.
    part, whole : Linear, optional
        What it gives a value or a share of; no whole where it is a count.
    published : Interval, optional
        The value or share.

    Examples
    --------
    >>> share = Constraint.percentage(
    ...     "sexual-share", Linear.sum(["sexual"]), Linear.sum(["sexual", "other"]), Percent("56")
    ... )
    >>> share.is_satisfied({"sexual": 9759, "other": 7514}), share.is_satisfied({"sexual": 9759, "other": 7513})
    (True, False)
    """

    name: str
    inequalities: tuple[Inequality, ...] = field(converter=_tuple)
    text: str = field(default="", kw_only=True)
    part: Linear | None = field(default=None, kw_only=True)
    whole: Linear | None = field(default=None, kw_only=True)
    published: Interval | None = field(default=None, kw_only=True)

    def is_satisfied(self, table: Mapping[str, int]) -> bool:
        """Whether a table satisfies it, in exact arithmetic."""
        return all(each.is_satisfied(table) for each in self.inequalities)

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells that its inequalities count, each once."""
        return tuple(dict.fromkeys(n for each in self.inequalities for n in each.left.cells))

    def __str__(self) -> str:
        return self.text or self.name

    @classmethod
    def count(cls, name: str, sum_: Linear, value: int, *, text: str = "") -> "Constraint":
        """Return "the sum is this"."""
        return cls.between(name, sum_, value, value, text=text)

    @classmethod
    def between(
        cls, name: str, sum_: Linear, lower: int, upper: int | None, *, text: str = ""
    ) -> "Constraint":
        """Return "the sum is from this to that", with no upper end where that is ``None``.

        "At least n" is ``between(n, None)``, and "<n" is ``between(0, n - 1)``.
        """
        ends = [Inequality(-sum_, -lower)]
        ends += [] if upper is None else [Inequality(sum_, upper)]
        return cls(name, ends, text=text, part=sum_, published=Interval(lower, upper))

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
        """Return "the part is this percentage of the whole", which holds somebody.

        Parameters
        ----------
        name : str
            A unique name.
        part, whole : Linear
            Numerator and base. The part of an area without a member, or of a part, is a sum
            like any other.
        printed : Percent
            The percentage as printed, and how it was rounded.
        allow_tie_either_way : bool
            Whether a half may have been rounded either way, whatever the rounding says.
        at_least : bool
            Whether it is said to be no less than that, and perhaps more.
        text : str
            What it says, in words.
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
        ends: tuple[Rational, Rational | None],
        *,
        closed: tuple[bool, bool] = (True, True),
        text: str = "",
    ) -> "Constraint":
        """Return "the part is from this to that share of the whole", which holds somebody.

        Parameters
        ----------
        name : str
            A unique name.
        part, whole : Linear
            Numerator and base.
        ends : tuple
            The least and the most that the share is, 1 being the whole; no most where that is
            ``None``.
        closed : tuple of bool
            Whether it can be the least itself, and the most.
        text : str
            What it says, in words.
        """
        (low, high), (low_closed, high_closed) = ends, closed
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
        """Return "the count changed by this percentage of what it was", which was not 0."""
        return cls.percentage(
            name, new - old, old, printed, allow_tie_either_way=allow_tie_either_way, text=text
        )

    @classmethod
    def order(
        cls, name: str, first: Iterable[Linear], others: Iterable[Linear], *, text: str = ""
    ) -> "Constraint":
        """Return "each of the first is at least as many as each of the others"."""
        return cls(name, _ordered(list(first), list(others)), text=text)

    @classmethod
    def equality(cls, name: str, one: Linear, two: Linear, *, text: str = "") -> "Constraint":
        """Return "both are equally many": a sum, or a partition of a whole."""
        return cls(name, [Inequality(one - two, 0), Inequality(two - one, 0)], text=text)


def _above(part: Linear, whole: Linear, end: Rational, closed: bool) -> Inequality:
    """That part / whole is at least an end, or above it: a strict inequality gains a whole 1."""
    share = Fraction(end)
    left = whole * share.numerator - part * share.denominator
    return Inequality(left, 0 if closed else -1)


def _ordered(first: list[Linear], others: list[Linear]) -> Iterator[Inequality]:
    if not first or not others:
        raise InvalidValue(
            "an order has something first and something after it",
            field="others" if first else "first",
            value=[],
            hint="Name at least one sum on each side",
        )
    for high in first:
        for low in others:
            yield Inequality(low - high, 0)
