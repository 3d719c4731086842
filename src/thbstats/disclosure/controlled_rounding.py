"""Controlled rounding."""

from collections.abc import Iterable
from math import ceil
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from thbstats.bounds._program import Program
from thbstats.bounds.many_sums import Sums, rows_between
from thbstats.disclosure.assumptions import Assumptions, require_integer
from thbstats.disclosure.audit import DisclosureAudit, audit_table
from thbstats.disclosure.lattice import Lattice
from thbstats.disclosure.primary import Confidential, require_known_counts, with_numbers
from thbstats.display import Cell, Column, DisplayTable, Tabular, count
from thbstats.errors import ImpossibleResult, require
from thbstats.tables import CountTable
from thbstats.tables.columns import Numbers
from thbstats.values import Reason

if TYPE_CHECKING:
    import pandas as pd

Ints = NDArray[np.int64]

_SECONDS = 20.0
_TIMED_OUT = 1
"""The status of `scipy.optimize.milp` after the time limit."""


def nearest_steps(
    values: Ints, base: int, sums: Sums, targets: NDArray[np.bool_]
) -> tuple[Ints, int]:
    """Return adjacent multiples that satisfy all sums with minimum total change, and its bound.

    Only the changes of targets count: the other values are sums that are not published.
    The multiples are in units of the base. The bound is proved in exact arithmetic.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

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
    requirement = f"no solution was found within {_SECONDS:.0f} seconds"
    hint = "Name fewer `dimensions`, or round parts of the table separately"
    require(answer.x is not None or answer.status != _TIMED_OUT, requirement, hint, base=base)
    if answer.x is None:
        raise ImpossibleResult(
            "no adjacent multiples of `base` satisfy all sums",
            field="base",
            value=base,
            hint="Name fewer `dimensions`, or round tables of two dimensions separately",
        )
    up = np.round(answer.x).astype(np.int64)
    added = matrix @ up
    if not (((least <= added) & (added <= most)).all() and ((lower <= up) & (up <= upper)).all()):
        raise ImpossibleResult(  # pragma: no cover - not observed with HiGHS
            "the solver found no rounding that satisfies all sums",
            field="base",
            value=base,
            hint="Round tables of two dimensions separately",
        )
    # The program counts from the lower bounds, so that its variables are 0 or more.
    least, most = least - matrix @ lower, most - matrix @ lower
    cells = [({j: 1}, -np.inf, most) for j, most in enumerate(upper.tolist())]
    lines = ({j: n for j, n in enumerate(line) if n} for line in matrix.astype(int).tolist())
    rows = rows_between([*cells, *zip(lines, least, most, strict=True)])
    gain = {j: -n for j, n in enumerate(cost.tolist()) if n}
    proved = Program(len(values), rows, ()).limit(gain)
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
        """The rounded less the original counts. Confidential."""
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
