"""A table rounded so that its rounded parts still make its rounded wholes."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from thbstats.disclosure._rounding import nearest_steps
from thbstats.disclosure._truth import check_sums, published
from thbstats.disclosure.assumptions import Assumptions
from thbstats.disclosure.attacking import exposed
from thbstats.disclosure.confidential import Confidential
from thbstats.disclosure.contributors import known_counts
from thbstats.disclosure.exposed_cells import ExposedCells
from thbstats.disclosure.lattice import Lattice
from thbstats.display import Cell, Column, Displayable, DisplayTable, count
from thbstats.errors import InvalidValue
from thbstats.tables import CountTable
from thbstats.values import Reason, is_integer

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["RoundedTable", "round_controlled"]


@frozen(kw_only=True, eq=False, repr=False)
class RoundedTable(Displayable):
    """Counts as multiples of a base that add up.

    ``str``, ``repr``, HTML, `sheet`, `to_frame` and `to_dict` follow from the rounded counts and
    the base alone. The counts before rounding, the marks of those that are not at their nearest
    multiple, and all sums of changes are in `confidential` and in the attributes: whoever knows
    the marks has bounds half as wide. A pickle contains all of them.

    Parameters
    ----------
    before : CountTable
        The table before it was rounded. Confidential, as is `bound`.
    base : int
        The base.
    printed : array of int64, shape (n,)
        The rounded counts, by row.
    bound : int
        A lower bound on the change of any choice of multiples.
    attacked : ExposedCells
        The bounds of an attacker who knows the base and that rounded parts add up.
    """

    before: CountTable
    base: int
    printed: NDArray[np.int64]
    bound: int
    attacked: ExposedCells = field(repr=False)

    @property
    def table(self) -> CountTable:
        """The table as its readers have it: each count within a base of what is printed."""
        return self.attacked.table

    @property
    def changes(self) -> NDArray[np.int64]:
        """The rounded less the original counts. Confidential."""
        return self.printed - self.before.lower

    @property
    def total_change(self) -> int:
        """The sum of all changes, without their signs. Confidential."""
        return int(np.abs(self.changes).sum())

    @property
    def is_least(self) -> bool:
        """Whether no other choice of multiples changes less, proved in whole numbers."""
        return self.total_change <= self.bound

    @property
    def moved(self) -> NDArray[np.bool_]:
        """Which rows are not at their nearest multiple. Confidential."""
        moved: NDArray[np.bool_] = 2 * np.abs(self.changes) > self.base
        return moved

    def to_frame(self) -> "pd.DataFrame":
        """Return the rounded table as a tidy frame, with the bounds that the base implies."""
        return self.table.to_frame().assign(value=self.printed).drop(columns="reason")

    def to_dict(self) -> dict[str, Any]:
        """Return the base and the rounded counts as plain data that JSON can hold."""
        return {"base": self.base, "printed": self.printed.tolist()}

    def display_table(self) -> DisplayTable:
        """Return the rounded counts."""
        notes = [f"Rounded to multiples of {self.base}, so that parts add up to their wholes."]
        return DisplayTable(
            caption="Rounded counts",
            columns=["cell", Column("count", "right")],
            rows=[
                [self.attacked.lattice.label(row), count(number)]
                for row, number in enumerate(self.printed.tolist())
            ],
            notes=[*notes, *(f"Assumed: {text}." for text in self.attacked.assumed)],
        )

    @property
    def confidential(self) -> Confidential:
        """The counts before rounding, and the marks of those not at their nearest multiple."""
        moved, numbers = self.moved, self.before.lower
        least = "no other choice has less" if self.is_least else f"no choice below {self.bound}"
        return Confidential(
            content=DisplayTable(
                caption="Counts before rounding",
                columns=["cell", Column("count", "right"), Column("rounded", "right")],
                rows=[
                    [
                        self.attacked.lattice.label(row),
                        count(int(numbers[row])),
                        Cell(count(number), tone="warn" if moved[row] else "plain"),
                    ]
                    for row, number in enumerate(self.printed.tolist())
                ],
                notes=[
                    f"Marked with !: not at the nearest multiple ({count(int(moved.sum()))}).",
                    f"All changes together are {count(self.total_change)} ({least}); the largest "
                    f"is {int(np.abs(self.changes).max(initial=0))}.",
                ],
            ),
            rows=self.to_frame().assign(count=numbers, adjusted=moved),
            values={
                "changes": self.changes.tolist(),
                "adjusted": np.flatnonzero(moved).tolist(),
                "total_change": self.total_change,
                "bound": self.bound,
            },
        )

    def __repr__(self) -> str:
        return f"<RoundedTable {len(self.printed)} counts to multiples of {self.base}>"


def round_controlled(
    table: CountTable,
    base: int = 5,
    *,
    along: Iterable[str] | str | None = None,
    exhaustive: Iterable[str] | str | None = None,
    overlapping: Iterable[str] | str = (),
    unprinted_unknown: bool = False,
) -> RoundedTable:
    """Return a table rounded to multiples of a base, so that rounded parts still add up.

    ``min sum of |r_c - n_c|`` with each r_c a multiple of the base, ``|r_c - n_c| < base``, and
    every sum of parts that made a whole still making it

    A multiple of the base, 0 among them, stays what it is.

    Parameters
    ----------
    table : CountTable
        A table before publication, all of whose counts are known.
    base : int
        The base, 2 or more; 3, 5 and 10 are usual.
    along, exhaustive, overlapping, unprinted_unknown : optional
        Which categories make which wholes, as for `exposure`.

    Returns
    -------
    RoundedTable
        The rounded counts and an attacker's bounds. Which counts are not at their nearest multiple
        is in ``confidential``. The order of the rows does not change the result.

    Raises
    ------
    InvalidValue
        If a count is not known or the base is below 2.
    ImpossibleResult
        If the counts are not what is assumed of them; or if no multiples next to the counts add
        up, which can happen where sums run along three dimensions or more, and never along two.

    Examples
    --------
    >>> import thbstats as thb
    >>> rows = [("total", 7), ("female", 2), ("male", 2), ("unknown", 3)]
    >>> table = thb.CountTable.from_rows(
    ...     rows, columns=["sex", "value"], kind="victims", area="FR", period=2020
    ... )
    >>> found = round_controlled(table, 5)
    >>> found.printed, found.total_change
    (array([5, 0, 0, 5]), 8)

    References
    ----------
    L. H. Cox, A Constructive Procedure for Unbiased Controlled Rounding, JASA 82 (1987).
    """
    if not is_integer(base, least=2):
        raise InvalidValue("a base of 2 or more is needed", field="base", value=base, hint="Give 5")
    numbers = known_counts(table)
    assumptions = Assumptions.of(
        table.columns.schema,
        along=along,
        exhaustive=exhaustive,
        overlapping=overlapping,
        unprinted_unknown=unprinted_unknown,
    )
    order = _order(table)
    sorted_table = CountTable(table.columns.take(order))
    lattice = Lattice.of(sorted_table, assumptions)
    values = check_sums(lattice)
    asked = np.arange(len(lattice.keys)) < lattice.n_rows
    found = nearest_steps(values, base, lattice.relations, asked)
    printed = np.empty(len(numbers), dtype=np.int64)
    printed[order] = found.steps[: len(numbers)] * base
    return RoundedTable(
        before=table,
        base=base,
        printed=printed,
        bound=found.bound,
        attacked=exposed(
            published(
                table,
                lower=np.maximum(printed - base + 1, 0),
                above=(printed + base - 1).astype(np.float64),
                reason=np.full(len(printed), Reason.ROUNDED.severity, dtype=np.uint8),
            ),
            assumptions,
        ),
    )


def _order(table: CountTable) -> NDArray[np.intp]:
    """The rows as their categories sort, so that ties fall alike whatever the order was."""
    columns = table.columns
    places = []
    for dimension, column in zip(columns.schema.dimensions, columns.dimensions, strict=True):
        sorted_ = sorted(column.categories, key=dimension.order)
        rank = np.array([sorted_.index(code) for code in column.categories], dtype=np.intp)
        places.append(rank[column.codes])
    return np.lexsort(places[::-1])
