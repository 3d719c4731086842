"""Controlled rounding of counts, and rounded percentages that add up."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike, NDArray

from thbstats.bounds._program import Program
from thbstats.bounds.many_sums import Sums, rows_between
from thbstats.columns import Integers
from thbstats.disclosure._linear_program import ProgramStatus
from thbstats.disclosure.assumptions import Assumptions
from thbstats.disclosure.audit import DisclosureAudit, audit_table
from thbstats.disclosure.lattice import Lattice, require_integer
from thbstats.disclosure.primary import Confidential, require_known_counts, with_numbers
from thbstats.display import Cell, Column, DisplayTable, Row, Tabular, count, decimal
from thbstats.errors import ImpossibleResult, require
from thbstats.formulas import largest_remainder
from thbstats.tables import CountTable
from thbstats.tables.columns import Numbers
from thbstats.values import LARGEST_COUNT, Reason, is_integer

if TYPE_CHECKING:
    import pandas as pd


_SECONDS = 20.0


def nearest_steps(
    values: Integers, base: int, sums: Sums, targets: NDArray[np.bool_]
) -> tuple[Integers, int]:
    """Return adjacent multiples that satisfy all sums with minimum total change, and its bound.

    Only the changes of targets count: the other values are sums that are not published.
    The multiples are in units of the base. The bound is proved in exact arithmetic.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    if not len(values):
        return values, 0
    low, remainder = np.divmod(values, base)
    cost = np.where(targets, base - 2 * remainder, 0)
    matrix = sums.matrix(len(values))
    rounded_down = matrix @ low.astype(np.float64)
    least, most = sums.low - rounded_down, sums.high - rounded_down
    # Sums that are not published need not be adjacent to their value.
    lower = np.where(targets, 0, -low).astype(np.float64)
    upper = np.where(targets, (remainder > 0).astype(np.float64), np.inf)
    answer = milp(
        cost.astype(np.float64),
        integrality=np.ones(len(values)),
        bounds=Bounds(lower, upper),
        constraints=[LinearConstraint(matrix, least, most)] if len(sums) else [],
        options={"mip_rel_gap": 0.0, "time_limit": _SECONDS},
    )
    if answer.status == ProgramStatus.INFEASIBLE:
        raise ImpossibleResult(
            "no adjacent multiples of `base` satisfy all sums",
            field="base",
            value=base,
            hint="Name fewer `dimensions`, or round tables of two dimensions separately",
        )
    # After a limit or a failure, a solution can exist.
    is_found = answer.x is not None
    up = np.round(answer.x).astype(np.int64) if is_found else np.zeros_like(low)
    added = matrix @ up
    is_found &= bool(((least <= added) & (added <= most)).all())
    is_found &= bool(((lower <= up) & (up <= upper)).all())
    requirement = "no solution was found"
    if answer.status == ProgramStatus.LIMIT:
        requirement += f" within {_SECONDS:.0f} seconds"
    hint = "Name fewer `dimensions`, or round parts of the table separately"
    require(is_found, requirement, hint, base=base)
    # The program counts from the lower bounds, so that its variables are 0 or more.
    least, most = least - matrix @ lower, most - matrix @ lower
    cells = [({j: 1}, -np.inf, most) for j, most in enumerate(upper.tolist())]
    lines = ({j: n for j, n in enumerate(line) if n} for line in matrix.astype(int).tolist())
    rows = rows_between([*cells, *zip(lines, least, most, strict=True)])
    gain = {j: -n for j, n in enumerate(cost.tolist()) if n}
    proved = Program.of(len(values), rows).limit(gain)
    change = int((cost * up).sum())
    bound = change if proved is None else min(change, ceil(-proved[0]))
    return low + up, bound + int(remainder[targets].sum())


@frozen(kw_only=True, eq=False, repr=False)
class RoundedTable(Tabular):
    """Counts rounded to multiples of a base that add up.

    ``str``, ``repr``, HTML, `display_table`, `to_frame` and `to_dict` depend on the rounded counts
    and the base alone. The counts before rounding, the marks of counts that are not at their
    nearest multiple, and the total change are in `confidential` and in the attributes: a reader
    who knows the marks has bounds of half the width. A pickle contains all of them.

    Parameters
    ----------
    original : CountTable
        The table before rounding. Confidential, as is `bound`.
    base : int
        The base.
    rounded : array of int64, shape (n,)
        The rounded counts, by row.
    bound : int
        A lower bound on the change of any choice of multiples.
    audit : DisclosureAudit
        The bounds of an attacker who knows the base and that rounded parts add up.
    """

    original: CountTable
    base: int
    rounded: NDArray[np.int64]
    bound: int
    audit: DisclosureAudit = field(repr=False)

    @property
    def table(self) -> CountTable:
        """The published table: each count as an interval around its multiple."""
        return self.audit.table

    @property
    def changes(self) -> NDArray[np.int64]:
        """The rounded counts minus the original counts. Confidential."""
        return self.rounded - self.original.lower

    @property
    def total_change(self) -> int:
        """The sum of all absolute changes. Confidential."""
        return int(np.abs(self.changes).sum())

    @property
    def is_optimal(self) -> bool:
        """Whether no other choice of multiples changes less, proved in integers."""
        return self.total_change <= self.bound

    @property
    def adjusted(self) -> NDArray[np.bool_]:
        """The rows that are not at their nearest multiple. Confidential."""
        adjusted: NDArray[np.bool_] = 2 * np.abs(self.changes) > self.base
        return adjusted

    def to_frame(self) -> "pd.DataFrame":
        """Return the rounded table as a tidy frame, with the bounds implied by the base."""
        return self.table.to_frame().assign(value=self.rounded).drop(columns="reason")

    def to_dict(self) -> dict[str, Any]:
        """Return the base and the rounded counts as plain data for JSON."""
        return {"base": self.base, "rounded": self.rounded.tolist()}

    def display_table(self) -> DisplayTable:
        """Return a table with the rounded counts."""
        notes = [f"Rounded to multiples of {self.base} so that parts add up to their totals."]
        return DisplayTable(
            caption="Rounded counts",
            columns=["cell", Column("count", "right")],
            rows=[
                [self.audit.lattice.label(row), count(number)]
                for row, number in enumerate(self.rounded.tolist())
            ],
            notes=[*notes, *(f"Assumed: {text}." for text in self.audit.assumed)],
        )

    @property
    def confidential(self) -> Confidential:
        """The counts before rounding, and the marks of adjusted counts."""
        adjusted, numbers = self.adjusted, self.original.lower
        optimum = "the minimum" if self.is_optimal else f"the minimum is at least {self.bound}"
        return Confidential(
            content=DisplayTable(
                caption="Counts before rounding",
                columns=["cell", Column("count", "right"), Column("rounded", "right")],
                rows=[
                    [
                        self.audit.lattice.label(row),
                        count(int(numbers[row])),
                        Cell(count(number), tone="warn" if adjusted[row] else "plain"),
                    ]
                    for row, number in enumerate(self.rounded.tolist())
                ],
                notes=[
                    f"Marked with !: not at the nearest multiple ({count(int(adjusted.sum()))}).",
                    f"The total change is {count(self.total_change)} ({optimum}); the largest "
                    f"change is {int(np.abs(self.changes).max(initial=0))}.",
                ],
            ),
            rows=self.to_frame().assign(count=numbers, adjusted=adjusted),
            values={
                "changes": self.changes.tolist(),
                "adjusted": np.flatnonzero(adjusted).tolist(),
                "total_change": self.total_change,
                "bound": self.bound,
            },
        )

    def __repr__(self) -> str:
        return f"<RoundedTable {len(self.rounded)} counts to multiples of {self.base}>"


def round_controlled(
    table: CountTable,
    base: int = 5,
    *,
    dimensions: Iterable[str] | str | None = None,
    complete_dimensions: Iterable[str] | str | None = None,
    overlapping: Iterable[str] | str | None = None,
    unknown_is_unpublished: bool = False,
) -> RoundedTable:
    """Round a table to multiples of a base so that rounded parts add up.

    ``min sum of |r_c - n_c|`` with each r_c a multiple of the base, ``|r_c - n_c| < base``, and
    every sum of parts that equals its total before and after rounding

    Multiples of the base, including 0, stay unchanged.

    Parameters
    ----------
    table : CountTable
        A table before publication with known counts only.
    base : int
        The base, 2 or more; 3, 5 and 10 are usual.
    dimensions, complete_dimensions, overlapping, unknown_is_unpublished : optional
        The additivity assumptions, as for `disclosure_audit`.

    Returns
    -------
    RoundedTable
        The rounded counts and the disclosure audit. The counts that are not at their nearest
        multiple are in ``confidential``. The order of the rows does not change the result.

    Raises
    ------
    InvalidValue
        If a count is not known or the base is below 2.
    ImpossibleResult
        If the counts violate the assumptions, or no adjacent multiples add up. This can happen
        only with sums along three or more dimensions.

    Examples
    --------
    >>> import thbstats as thb
    >>> rows = [("total", 7), ("female", 2), ("male", 2), ("unknown", 3)]
    >>> table = thb.CountTable.from_rows(
    ...     rows, columns=["sex", "value"], kind="victims", area="FR", period=2020
    ... )
    >>> found = round_controlled(table, 5)
    >>> found.rounded, found.total_change
    (array([5, 0, 0, 5]), 8)

    References
    ----------
    L. H. Cox, A Constructive Procedure for Unbiased Controlled Rounding, JASA 82 (1987).
    """
    require_integer(2, "Use base=5", base=base)
    numbers = require_known_counts(table)
    assumptions = Assumptions.of(
        table,
        dimensions=dimensions,
        complete_dimensions=complete_dimensions,
        overlapping=overlapping,
        unknown_is_unpublished=unknown_is_unpublished,
    )
    # Rows in the order of their categories, so that the order of the table has no effect.
    columns, ranks = table.columns, []
    for dimension, column in zip(columns.schema.dimensions, columns.dimensions, strict=True):
        in_order = sorted(column.categories, key=dimension.sort_key)
        ranks.append(np.array([in_order.index(code) for code in column.categories])[column.codes])
    order = np.lexsort(ranks[::-1])
    lattice = Lattice.of(CountTable(columns.take(order)), assumptions)
    targets = np.arange(len(lattice.keys)) < lattice.n_rows
    steps, bound = nearest_steps(lattice.check_additivity(), base, lattice.relations, targets)
    rounded = np.empty(len(numbers), dtype=np.int64)
    rounded[order] = steps[: len(numbers)] * base
    published = Numbers(
        lower=np.maximum(rounded - base + 1, 0),
        upper=rounded + base - 1,
        reason=np.full(len(rounded), Reason.ROUNDED.severity, dtype=np.uint8),
        flags=columns.numbers.flags,
    )
    return RoundedTable(
        original=table,
        base=base,
        rounded=rounded,
        bound=bound,
        audit=audit_table(with_numbers(table, published), assumptions),
    )


Policy = Literal["none", "largest remainder", "two-way"]

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

    counts: Integers
    units: Integers
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
        nearest = _nearest(self.counts, _whole(self.counts, self.policy), 100 * 10**self.decimals)
        adjusted: NDArray[np.bool_] = self.units != nearest
        return adjusted

    @property
    def worst_error(self) -> Fraction:
        """The largest difference to an exact percentage, in percentage points."""
        columns = (self.units, self.counts, _whole(self.counts, self.policy))
        cells = zip(*(column.ravel().tolist() for column in columns), strict=True)
        top = 100 * 10**self.decimals
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
    """Round the percentages of counts; on request, they add up to 100.

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
    is_valid = is_integer(decimals) and 0 <= decimals <= 6
    require(is_valid, requirement, "Use decimals=1", decimals=decimals)
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
    columns, top = names[0] if names else (), 100 * 10**decimals
    if policy == "two-way":
        requirement = "`counts` must have two dimensions for policy='two-way'"
        hint = "Pass a DataFrame, or use policy='largest remainder'"
        require(numbers.ndim == 2, requirement, hint, counts=numbers.shape)
        numbers, units = _two_way(numbers, decimals)
        rows, columns = (*rows, "total"), (*columns, "total")
    elif policy == "largest remainder":
        units = largest_remainder(numbers, top)
    else:
        units = _nearest(numbers, _whole(numbers, policy), top)
    return RoundedPercentages(
        counts=numbers, units=units, decimals=decimals, policy=policy, rows=rows, columns=columns
    )


def _whole(counts: Integers, policy: Policy) -> Integers:
    """Return the denominator of each percentage."""
    if policy == "two-way":
        return np.full_like(counts, counts[-1, -1])
    return np.broadcast_to(counts.sum(axis=-1, keepdims=True), counts.shape)


def _nearest(counts: Integers, whole: Integers, top: int) -> Integers:
    """Return independently rounded percentages; exact integers of any size.

    `top` is 100% in units of the last digit.
    """
    pairs = zip(counts.ravel().tolist(), whole.ravel().tolist(), strict=True)
    nearest = [(2 * n * top + base) // (2 * base) for n, base in pairs]
    return np.array(nearest, dtype=np.int64).reshape(counts.shape)


def _two_way(counts: Integers, decimals: int) -> tuple[Integers, Integers]:
    """Return a table with its sums, and the percentages of all cells."""
    table = np.vstack([counts, counts.sum(axis=0)])
    table = np.hstack([table, table.sum(axis=1, keepdims=True)])
    base, top = int(table[-1, -1]), 100 * 10**decimals
    requirement = "`decimals` must be lower for counts of this size and policy='two-way'"
    require(base * top <= LARGEST_COUNT, requirement, "Reduce `decimals`", decimals=decimals)
    cells = np.arange(table.size).reshape(table.shape)
    # The total is the last cell of each row and column.
    lines = [("row", line) for line in cells[:, ::-1].tolist()]
    lines += [("column", line) for line in cells[::-1].T.tolist()]
    sums = Sums.of_groups((line[0], line[1:], along, 0.0, 0.0) for along, line in lines)
    targets = np.ones(table.size, dtype=np.bool_)
    steps, _ = nearest_steps(table.ravel() * top, base, sums, targets)
    return table, steps.reshape(table.shape)
