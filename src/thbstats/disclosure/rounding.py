"""A table rounded so that its rounded parts still make its rounded wholes."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from thbstats.disclosure._rounding import nearest_steps
from thbstats.disclosure._truth import check_sums
from thbstats.disclosure.assumptions import Assumptions
from thbstats.disclosure.attacking import exposed
from thbstats.disclosure.contributors import known_counts
from thbstats.disclosure.exposed_cells import ExposedCells
from thbstats.disclosure.lattice import Lattice
from thbstats.display import Cell, Column, Sheet, Shown, count
from thbstats.errors import InvalidValue
from thbstats.tables import CountTable
from thbstats.tables.columns import Numbers
from thbstats.values import Reason, is_whole

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["RoundedTable", "round_controlled"]


@frozen(kw_only=True, eq=False, repr=False)
class RoundedTable(Shown):
    """Counts as multiples of a base that add up, beside what they were.

    Parameters
    ----------
    before : CountTable
        The table before it was rounded.
    base : int
        The base.
    printed : array of int64, shape (n,)
        The rounded counts, by row.
    bound : int
        What no other choice of multiples could change less than.
    attacked : ExposedCells
        What anybody can tell of the counts who knows the base and that rounded parts add up.
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
        """What is printed less what was counted."""
        return self.printed - self.before.lower

    @property
    def total_change(self) -> int:
        """The sum of all changes, without their signs."""
        return int(np.abs(self.changes).sum())

    @property
    def is_least(self) -> bool:
        """Whether no other choice of multiples changes less, proved in whole numbers."""
        return self.total_change <= self.bound

    @property
    def moved(self) -> NDArray[np.bool_]:
        """Which rows went to the farther of the two multiples, for the sake of the sums."""
        moved: NDArray[np.bool_] = 2 * np.abs(self.changes) > self.base
        return moved

    def to_frame(self) -> "pd.DataFrame":
        """Return the table as a tidy frame, with what is printed in place of the counts."""
        frame = self.before.to_frame()
        return frame.assign(
            value=self.printed, lower=self.table.lower, upper=self.table.upper, adjusted=self.moved
        ).drop(columns="reason")

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data that JSON can hold."""
        return {
            "base": self.base,
            "printed": self.printed.tolist(),
            "changes": self.changes.tolist(),
            "adjusted": np.flatnonzero(self.moved).tolist(),
            "total_change": self.total_change,
            "bound": self.bound,
        }

    def sheet(self) -> Sheet:
        """Return the rounded counts; those that are not the nearest multiple are marked."""
        lattice = self.attacked.lattice
        rows = [
            [Cell(lattice.label(row)), Cell(count(number), tone="warn" if moved else "plain")]
            for row, (number, moved) in enumerate(
                zip(self.printed.tolist(), self.moved.tolist(), strict=True)
            )
        ]
        largest = int(np.abs(self.changes).max(initial=0))
        notes = [
            f"Rounded to multiples of {self.base}, so that parts add up to their wholes.",
            f"Marked with !: not at the nearest multiple ({count(int(self.moved.sum()))}). None is "
            f"more than {largest} from what was counted.",
            f"All changes together are {count(self.total_change)}"
            + (
                ", and no other choice has less."
                if self.is_least
                else f"; no choice has less than {count(self.bound)}."
            ),
        ]
        return Sheet(
            caption="Rounded counts",
            columns=["cell", Column("count", "right")],
            rows=rows,
            notes=[*notes, *(f"Assumed: {text}." for text in self.attacked.assumed)],
        )

    def __repr__(self) -> str:
        return (
            f"<RoundedTable {len(self.printed)} counts to multiples of {self.base}: "
            f"{int(self.moved.sum())} not at the nearest>"
        )


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
        The rounded counts, those marked that are not at the nearest multiple, and what can still
        be told of the counts. The same table gives the same result in whatever order its rows are.

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
    if not is_whole(base, least=2):
        raise InvalidValue("a base of 2 or more is needed", field="base", value=base, mend="Give 5")
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
        attacked=exposed(_published(table, printed, base), assumptions),
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


def _published(table: CountTable, printed: NDArray[np.int64], base: int) -> CountTable:
    """The table as its readers have it, who know the base."""
    columns = table.columns
    # Without `unanswered`, which would be a further count to round.
    numbers = Numbers(
        lower=np.maximum(printed - base + 1, 0),
        above=(printed + base - 1).astype(np.float64),
        reason=np.full(len(printed), Reason.ROUNDED.gravity, dtype=np.uint8),
        flags=columns.numbers.flags,
    )
    return CountTable(evolve(columns, numbers=numbers))
