"""Rounded percentages that add up."""

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike, NDArray

from thbstats.bounds.many_sums import Sums
from thbstats.disclosure.controlled_rounding import nearest_steps
from thbstats.display import Cell, Column, DisplayTable, Row, Tabular, decimal
from thbstats.errors import require
from thbstats.formulas import largest_remainder
from thbstats.values import LARGEST_COUNT

if TYPE_CHECKING:
    import pandas as pd

Policy = Literal["none", "largest remainder", "two-way"]
Ints = NDArray[np.int64]

_NOTES = {
    "none": "Rounded independently; the sum can differ from 100.",
    "largest remainder": "Rounded so that they add up to 100 (largest remainders).",
    "two-way": "Rounded so that rows and columns add up to their sums and to 100.",
}


@frozen(kw_only=True, eq=False, repr=False)
class RoundedPercentages(Tabular):
    """Rounded percentages with their counts.

    Parameters
    ----------
    counts : array of int64, shape (n,) or (r, c)
        The counts; for "two-way" with their sums in a last row and column.
    units : array of int64, same shape
        The percentages as multiples of the last digit: 561 is 56.1%.
    decimals : int
        The number of decimals.
    policy : {"none", "largest remainder", "two-way"}
        The rounding policy.
    rows, columns : tuple of str
        The names of rows and columns; no columns for one dimension.
    """

    counts: Ints
    units: Ints
    decimals: int
    policy: Policy
    rows: tuple[str, ...]
    columns: tuple[str, ...] = field(default=())

    @property
    def published(self) -> tuple[str, ...] | tuple[tuple[str, ...], ...]:
        """The percentages as text, without the percent sign."""
        texts = self._texts.tolist()
        return tuple(texts) if self.units.ndim == 1 else tuple(map(tuple, texts))

    @property
    def _texts(self) -> NDArray[np.object_]:
        top = 10**self.decimals
        units = self.units.ravel().tolist()
        texts = [decimal(Fraction(unit, top), self.decimals) for unit in units]
        return np.array(texts, dtype=object).reshape(self.units.shape)

    @property
    def adjusted(self) -> NDArray[np.bool_]:
        """The percentages that are not at their nearest value."""
        nearest = _nearest(self.counts, _whole(self.counts, self.policy), _top(self.decimals))
        adjusted: NDArray[np.bool_] = self.units != nearest
        return adjusted

    @property
    def worst_error(self) -> Fraction:
        """The largest difference to an exact percentage, in percentage points."""
        columns = (self.units, self.counts, _whole(self.counts, self.policy))
        cells = zip(*(column.ravel().tolist() for column in columns), strict=True)
        top = _top(self.decimals)
        worst: Fraction = max(abs(unit - Fraction(n * top, whole)) for unit, n, whole in cells)
        return Fraction(worst, 10**self.decimals)

    def to_frame(self) -> "pd.DataFrame":
        """Return a tidy frame with one row per percentage."""
        import pandas as pd

        names = {"row": self.rows, "column": self.columns}
        sides = zip(names, names.values(), np.indices(self.units.shape), strict=False)
        return pd.DataFrame(
            {name: [labels[i] for i in index.ravel()] for name, labels, index in sides}
            | {
                "count": self.counts.ravel(),
                "percent": self._texts.ravel(),
                "adjusted": self.adjusted.ravel(),
            }
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the percentages as plain data for JSON."""
        return {
            "policy": self.policy,
            "decimals": self.decimals,
            "published": self.published,
            "adjusted": self.adjusted.tolist(),
            "worst_error": str(self.worst_error),
        }

    def display_table(self) -> DisplayTable:
        """Return a table of the percentages; adjusted ones are marked."""
        shape = (len(self.rows), -1)
        lines = zip(self._texts.reshape(shape), self.adjusted.reshape(shape), strict=True)
        rows: list[Row] = []
        for name, (texts, marks) in zip(self.rows, lines, strict=True):
            tones = ["warn" if mark else "plain" for mark in marks]
            cells = [Cell(f"{text}%", tone=t) for text, t in zip(texts, tones, strict=True)]
            is_total = self.policy == "two-way" and len(rows) == len(self.rows) - 1
            rows.append(Row([name, *cells], total=is_total))
        n, worst = int(self.adjusted.sum()), decimal(self.worst_error, self.decimals + 2)
        return DisplayTable(
            caption="Percentages",
            columns=["", *(Column(name, "right") for name in self.columns or ("share",))],
            rows=rows,
            notes=[
                _NOTES[self.policy],
                *([f"Marked with !: not at the nearest value ({n})."] if n else []),
                f"The largest error is {worst} pp.",
            ],
        )

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
    """Round the percentages of counts, on request so that they add up to 100.

    ``none: p_c`` nearest to ``100 n_c / N``, ties rounded up; otherwise ``|p_c - 100 n_c / N| < u``
    with the unit u of the last digit, and ``sum of p_c = 100``

    Parameters
    ----------
    counts : mapping of str to int, array, Series or DataFrame
        Known counts, one per category; two dimensions for a table without its sums.
    decimals : int
        The number of decimals, 0 to 6.
    policy : {"none", "largest remainder", "two-way"}
        "none" rounds each percentage independently. "largest remainder" rounds up the largest
        remainders so that each row adds up to 100; ties go to the larger count, then to the first.
        "two-way" rounds a table as percentages of its total, with sums, so that all rows and
        columns add up and the total change is minimal.

    Returns
    -------
    RoundedPercentages
        Percentages that are not at their nearest value are marked; the largest error is stated.

    Raises
    ------
    InvalidValue
        If a count is negative or not an integer, the sum is 0 or too large, or the policy does not
        exist or does not match the counts.

    Examples
    --------
    >>> forms = {"sexual": 1, "labour": 1, "other": 1}
    >>> round_percentages(forms).published
    ('33', '33', '33')
    >>> found = round_percentages(forms, policy="largest remainder")
    >>> found.published, found.adjusted.tolist(), str(found.worst_error)
    (('34', '33', '33'), [True, False, False], '2/3')

    The forms of exploitation of COM(2018) 777, with counts inside the bounds of its figures:

    >>> round_percentages({"sexual": 9759, "labour": 4532, "other": 3137}, 1).published
    ('56.0', '26.0', '18.0')

    References
    ----------
    M. L. Balinski and H. P. Young, Fair Representation (Yale, 1982), on largest remainders;
    L. H. Cox, A Constructive Procedure for Unbiased Controlled Rounding, JASA 82 (1987).
    """
    policies = get_args(Policy)
    hint = "Use " + ", ".join(map(repr, policies))
    require(policy in policies, "`policy` must be a rounding policy", hint, policy=policy)
    requirement = "`decimals` must be an integer from 0 to 6"
    require(0 <= decimals <= 6, requirement, "Use decimals=1", decimals=decimals)
    data: Any = counts
    is_mapping = isinstance(data, Mapping)
    numbers = np.asarray(list(data.values()) if is_mapping else data)
    axes = [data] if is_mapping else getattr(data, "axes", map(range, numbers.shape))
    rows, *names = [tuple(map(str, axis)) for axis in axes] or [()]
    is_valid = numbers.ndim in (1, 2) and numbers.size > 0 and numbers.dtype.kind in "iu"
    hint = "Pass a mapping, a list or a DataFrame of integers"
    requirement = "`counts` must be integers in one or two dimensions"
    require(is_valid, requirement, hint, counts=numbers.dtype.name)
    is_valid = sum(numbers.ravel().tolist()) <= LARGEST_COUNT
    requirement = "the sum of `counts` must be at most 2**53"
    require(is_valid, requirement, "Check the counts", counts=numbers.tolist())
    numbers = numbers.astype(np.int64)
    is_valid = bool((numbers >= 0).all() and numbers.sum(axis=-1).all())
    requirement = "each row of `counts` must have counts of 0 or more and a sum above 0"
    require(is_valid, requirement, "Remove rows with a sum of 0", counts=numbers.tolist())
    columns, top = names[0] if names else (), _top(decimals)
    if policy == "two-way":
        requirement = "`counts` must have two dimensions for policy='two-way'"
        hint = "Pass a DataFrame, or use policy='largest remainder'"
        require(numbers.ndim == 2, requirement, hint, counts=numbers.shape)
        numbers, units = _two_way(numbers, top)
        rows, columns = (*rows, "total"), (*columns, "total")
    elif policy == "largest remainder":
        units = largest_remainder(numbers, top)
    else:
        units = _nearest(numbers, _whole(numbers, policy), top)
    return RoundedPercentages(
        counts=numbers, units=units, decimals=decimals, policy=policy, rows=rows, columns=columns
    )


def _whole(counts: Ints, policy: Policy) -> Ints:
    """Return the denominator of each percentage."""
    if policy == "two-way":
        return np.full_like(counts, counts[-1, -1])
    return np.broadcast_to(counts.sum(axis=-1, keepdims=True), counts.shape)


def _top(decimals: int) -> int:
    """Return 100% in units of the last digit."""
    return int(f"1{'0' * (decimals + 2)}")


def _nearest(counts: Ints, whole: Ints, top: int) -> Ints:
    """Return independently rounded percentages; exact integers of any size."""
    pairs = zip(counts.ravel().tolist(), whole.ravel().tolist(), strict=True)
    nearest = [(2 * n * top + base) // (2 * base) for n, base in pairs]
    return np.array(nearest, dtype=np.int64).reshape(counts.shape)


def _two_way(counts: Ints, top: int) -> tuple[Ints, Ints]:
    """Return a table with its sums, and the percentages of all cells."""
    table = np.vstack([counts, counts.sum(axis=0)])
    table = np.hstack([table, table.sum(axis=1, keepdims=True)])
    base = int(table[-1, -1])
    requirement = "`decimals` must be lower for counts of this size and policy='two-way'"
    decimals = len(str(top)) - 3
    require(base * top <= LARGEST_COUNT, requirement, "Reduce `decimals`", decimals=decimals)
    cells = np.arange(table.size).reshape(table.shape)
    # The total is the last cell of each row and column.
    lines = [("row", line) for line in cells[:, ::-1].tolist()]
    lines += [("column", line) for line in cells[::-1].T.tolist()]
    sums = Sums.of_groups((line[0], line[1:], along, 0.0, 0.0) for along, line in lines)
    targets = np.ones(table.size, dtype=np.bool_)
    steps, _ = nearest_steps(table.ravel() * top, base, sums, targets)
    return table, steps.reshape(table.shape)
