"""Percentages rounded for publication, so that they add to 100 where a policy says so."""

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike, NDArray

from thbstats.disclosure._rounding import nearest_steps
from thbstats.disclosure.relations import Relations
from thbstats.display import Cell, Column, Displayable, DisplayTable, Row, decimal
from thbstats.errors import InvalidValue
from thbstats.formulas import largest_remainder
from thbstats.values import LARGEST_COUNT

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["RoundedPercentages", "round_percentages"]

Policy = Literal["none", "largest remainder", "two-way"]
Ints = NDArray[np.int64]

_LARGEST = 2**53
"""Above this a solver in floating point cannot tell neighbours apart."""


@frozen(kw_only=True, eq=False, repr=False)
class RoundedPercentages(Displayable):
    """Percentages as they are printed, beside the counts behind them.

    Parameters
    ----------
    counts : array of int64, shape (n,) or (r, c)
        The counts; for "two-way" with their sums in a last row and column.
    units : array of int64, same shape
        The printed percentages as multiples of the last digit: 561 is 56.1%.
    decimals : int
        Digits after the point.
    policy : {"none", "largest remainder", "two-way"}
        How they were rounded.
    rows, columns : tuple of str
        The names of both sides; one name for a column where there is one row of counts.
    """

    counts: Ints
    units: Ints
    decimals: int
    policy: Policy
    rows: tuple[str, ...]
    columns: tuple[str, ...] = field(default=())

    @property
    def printed(self) -> tuple[str, ...] | tuple[tuple[str, ...], ...]:
        """The percentages as text, without the sign."""
        if self.units.ndim == 1:
            return tuple(self._text(unit) for unit in self.units.tolist())
        return tuple(tuple(self._text(unit) for unit in row) for row in self.units.tolist())

    def _text(self, unit: int) -> str:
        return decimal(Fraction(unit, 10**self.decimals), self.decimals)

    @property
    def adjusted(self) -> NDArray[np.bool_]:
        """Which are not at their nearest value, for the sake of the sum."""
        adjusted: NDArray[np.bool_] = self.units != _nearest(self.counts, self._whole, self._top)
        return adjusted

    @property
    def worst_error(self) -> Fraction:
        """How far the farthest is from the percentage of its counts, in percentage points."""
        pairs = zip(
            self.units.ravel().tolist(),
            self.counts.ravel().tolist(),
            self._whole.ravel().tolist(),
            strict=True,
        )
        top = self._top
        errors = (abs(Fraction(unit) - Fraction(n * top, whole)) for unit, n, whole in pairs)
        return max(errors) * 100 / self._top

    @property
    def _top(self) -> int:
        return _top(self.decimals)

    @property
    def _whole(self) -> Ints:
        """The base of each percentage."""
        if self.policy == "two-way":
            return np.full_like(self.counts, self.counts[-1, -1])
        return np.broadcast_to(self.counts.sum(axis=-1, keepdims=True), self.counts.shape)

    def to_frame(self) -> "pd.DataFrame":
        """Return them as a tidy frame, one row each."""
        import pandas as pd

        places = [*np.ndindex(self.units.shape)]
        sides: dict[str, Any] = {"row": [self.rows[place[0]] for place in places]}
        if self.units.ndim == 2:
            sides = {
                "row": [self.rows[place[0]] for place in places],
                "column": [self.columns[place[1]] for place in places],
            }
        return pd.DataFrame(
            {
                **sides,
                "count": self.counts.ravel(),
                "percent": [self._text(unit) for unit in self.units.ravel().tolist()],
                "adjusted": self.adjusted.ravel(),
            }
        )

    def to_dict(self) -> dict[str, Any]:
        """Return them as plain data that JSON can hold."""
        return {
            "policy": self.policy,
            "decimals": self.decimals,
            "printed": self.printed,
            "adjusted": self.adjusted.tolist(),
            "worst_error": str(self.worst_error),
        }

    def display_table(self) -> DisplayTable:
        """Return them as they are to be published; adjusted ones are marked."""
        units, adjusted = np.atleast_2d(self.units), np.atleast_2d(self.adjusted)
        if self.units.ndim == 1:
            units, adjusted = units.T, adjusted.T
        rows = [
            Row(
                [
                    name,
                    *(
                        Cell(f"{self._text(unit)}%", tone="warn" if moved else "plain")
                        for unit, moved in zip(line, marks, strict=True)
                    ),
                ],
                total=self.policy == "two-way" and place == len(units) - 1,
            )
            for place, (name, line, marks) in enumerate(
                zip(self.rows, units.tolist(), adjusted.tolist(), strict=True)
            )
        ]
        names = self.columns or ("share",)
        return DisplayTable(
            caption="Percentages",
            columns=["", *(Column(name, "right") for name in names)],
            rows=rows,
            notes=[*self._notes()],
        )

    def _notes(self) -> list[str]:
        how = {
            "none": "Each is rounded by itself; together they need not make 100.",
            "largest remainder": "Rounded so that they make 100: the largest remainders go up.",
            "two-way": "Rounded so that rows and columns add up to their sums and to 100.",
        }
        worst = decimal(self.worst_error, self.decimals + 2)
        n = int(self.adjusted.sum())
        marked = [f"Marked with !: not at the nearest value ({n})."] if n else []
        return [how[self.policy], *marked, f"The farthest is {worst} pp from its share."]

    def __repr__(self) -> str:
        return (
            f"<RoundedPercentages {self.policy}: {self.units.size} percentages, "
            f"{int(self.adjusted.sum())} adjusted>"
        )


def round_percentages(
    counts: "Mapping[str, int] | ArrayLike | pd.DataFrame | pd.Series[Any]",
    decimals: int = 0,
    *,
    policy: Policy = "none",
) -> RoundedPercentages:
    """Return the percentages of some counts as they are printed.

    ``none: p_c`` nearest to ``100 n_c / N``, a half upwards; otherwise ``|p_c - 100 n_c / N| < u``
    with the unit u of the last digit, and ``sum of p_c = 100``

    Parameters
    ----------
    counts : mapping of str to int, array, Series or DataFrame
        Known counts, each of one category; two dimensions for a table without its sums.
    decimals : int
        Digits after the point.
    policy : {"none", "largest remainder", "two-way"}
        Each by itself; or so that they make 100, each row of a table for itself, where the
        largest remainders are rounded up, of equal ones that of the larger count and then of the
        one that comes first; or a table as percentages of everybody, with its sums, so that all
        rows and columns add up and the changes together are least.

    Returns
    -------
    RoundedPercentages
        Those that are not at their nearest value are marked, and the worst error is stated.

    Raises
    ------
    InvalidValue
        If a count is negative or not whole, nobody is counted or too many are, or the policy does
        not exist or does not fit the counts.

    Examples
    --------
    >>> forms = {"sexual": 1, "labour": 1, "other": 1}
    >>> round_percentages(forms).printed
    ('33', '33', '33')
    >>> found = round_percentages(forms, policy="largest remainder")
    >>> found.printed, found.adjusted.tolist(), str(found.worst_error)
    (('34', '33', '33'), [True, False, False], '2/3')

    The forms of exploitation of COM(2018) 777, with a count inside what its figures leave for
    each of the others:

    >>> round_percentages({"sexual": 9759, "labour": 4532, "other": 3137}, 1).printed
    ('56.0', '26.0', '18.0')

    References
    ----------
    M. L. Balinski and H. P. Young, Fair Representation (Yale, 1982), on largest remainders;
    L. H. Cox, A Constructive Procedure for Unbiased Controlled Rounding, JASA 82 (1987).
    """
    if policy not in get_args(Policy):
        raise InvalidValue(
            "no such policy",
            field="policy",
            value=policy,
            hint="Use " + ", ".join(map(repr, get_args(Policy))),
        )
    if decimals < 0 or decimals > 6:
        raise InvalidValue(
            "digits after the point are 0 to 6", field="decimals", value=decimals, hint="Give 1"
        )
    numbers, rows, columns = _named(counts)
    if (policy == "two-way") != (numbers.ndim == 2 and policy == "two-way"):
        raise InvalidValue(
            "a table of two dimensions is needed",
            field="counts",
            value=numbers.shape,
            hint="Give a DataFrame, or use 'largest remainder'",
        )
    top = _top(decimals)
    if policy == "two-way":
        numbers, units = _two_way(numbers, top)
        rows, columns = (*rows, "total"), (*columns, "total")
    elif policy == "largest remainder":
        units = largest_remainder(numbers, top)
    else:
        whole = np.broadcast_to(numbers.sum(axis=-1, keepdims=True), numbers.shape)
        units = _nearest(numbers, whole, top)
    return RoundedPercentages(
        counts=numbers, units=units, decimals=decimals, policy=policy, rows=rows, columns=columns
    )


def _top(decimals: int) -> int:
    """100% in units of the last digit."""
    return int(f"1{'0' * (decimals + 2)}")


def _named(counts: Any) -> tuple[Ints, tuple[str, ...], tuple[str, ...]]:
    """Counts as whole numbers, with the names of both sides."""
    if isinstance(counts, Mapping):
        numbers = np.array(list(counts.values()))
        sides = [tuple(map(str, counts))]
    else:
        numbers = np.asarray(counts)
        given = [getattr(counts, "index", None), getattr(counts, "columns", None)]
        sides = [
            tuple(str(place) for place in (range(size) if axis is None or callable(axis) else axis))
            for size, axis in zip(numbers.shape, given, strict=False)
        ]
    if numbers.ndim not in (1, 2) or numbers.size == 0 or numbers.dtype.kind not in "iu":
        raise InvalidValue(
            "whole counts in one or two dimensions are needed",
            field="counts",
            value=numbers.dtype.name,
            hint="Give a mapping, a list or a DataFrame of ints",
        )
    if sum(numbers.ravel().tolist()) > LARGEST_COUNT:
        raise InvalidValue(
            "counts are 2**53 at most, all together",
            field="counts",
            value=numbers.tolist(),
            hint="Check the figures",
        )
    numbers = numbers.astype(np.int64)
    if (numbers < 0).any() or not numbers.sum(axis=-1).all():
        raise InvalidValue(
            "each row needs counts of 0 or more that are not all 0",
            field="counts",
            value=numbers.tolist(),
            hint="Leave out rows without anybody",
        )
    return numbers, sides[0], sides[1] if len(sides) > 1 else ()


def _nearest(counts: Ints, whole: Ints, top: int) -> Ints:
    """Each by itself, a half upwards; in Python's numbers, which have no end."""
    pairs = zip(counts.ravel().tolist(), whole.ravel().tolist(), strict=True)
    nearest = [(2 * n * top + base) // (2 * base) for n, base in pairs]
    return np.array(nearest, dtype=np.int64).reshape(counts.shape)


def _two_way(counts: Ints, top: int) -> tuple[Ints, Ints]:
    """A table with its sums, and the percentages of all of them."""
    table = np.vstack([counts, counts.sum(axis=0)])
    table = np.hstack([table, table.sum(axis=1, keepdims=True)])
    base = int(table[-1, -1])
    if base * top > _LARGEST:
        raise InvalidValue(
            "the percentages of so many have too many digits for a table with sums",
            field="decimals",
            value=len(str(top)) - 3,
            hint="Ask for fewer digits after the point",
        )
    n, m = table.shape
    places = np.arange(n * m).reshape(n, m)
    # The whole is the last of each row and column, and comes first.
    lines = [*places[:, ::-1].tolist(), *places[::-1].T.tolist()]
    sizes = [len(line) for line in lines]
    owners = np.repeat(np.arange(len(lines)), sizes)
    sign = np.full(len(owners), -1.0)
    sign[np.cumsum(sizes) - sizes] = 1.0
    relations = Relations(
        relation=owners,
        cell=np.concatenate(lines),
        sign=sign,
        low=np.zeros(len(lines)),
        high=np.zeros(len(lines)),
        along=("row",) * n + ("column",) * m,
    )
    asked = np.ones(table.size, dtype=np.bool_)
    found = nearest_steps(table.ravel() * top, base, relations, asked)
    return table, found.steps.reshape(table.shape)
