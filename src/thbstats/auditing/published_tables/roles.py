"""The columns of a table by their role."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thbstats.auditing.published_tables.cell_texts import CellProblems, looked_up, read_counts
from thbstats.auditing.published_tables.columns import CountColumn
from thbstats.auditing.published_tables.table_files import OpenTable, TableStyle
from thbstats.auditing.published_tables.unreadable_rows import UnreadableRows
from thbstats.errors import InvalidValue, UnknownName, did_you_mean

__all__ = ["ColumnRoles"]


class ColumnRoles:
    """Columns of a table by role.

    Parameters
    ----------
    table : OpenTable
        The columns.
    names : sequence of str
        The roles that there are; other columns are in ``others``.
    style : TableStyle
        How numbers are written.
    problems : UnreadableRows
        The problems.
    """

    def __init__(
        self, table: OpenTable, names: Sequence[str], style: TableStyle, problems: UnreadableRows
    ) -> None:
        self.table: OpenTable = table
        self.style: TableStyle = style
        self.problems: UnreadableRows = problems
        self.faults: CellProblems = CellProblems(problems, table.locate)
        self.roles: dict[str, Any] = {}
        self.others: dict[str, Any] = {}
        for name, values in table.columns.items():
            role = str(name).strip().lower()
            if role in self.roles:
                raise InvalidValue("must be the name of one column", field=role, hint="Rename one")
            if role in names:
                self.roles[role] = values
            else:
                self.others[str(name).strip()] = values

    def require(self, *roles: str, what: str, hint: str = "") -> None:
        """Refuse a table without a column for some roles."""
        if not set(roles) & set(self.roles):
            hint = did_you_mean(roles[0], [*self.roles, *self.others])
            raise UnknownName(
                f"there is no column of {what}",
                field=roles[0],
                hint=f"{hint} {hint}".strip(),
            )

    def counts(self, role: str, values: Any = None) -> CountColumn:
        """Return a column of counts; a missing column has missing counts."""
        values = self.roles.get(role) if values is None else values
        if values is None:
            return CountColumn.missing(self.table.size)
        return read_counts(values, role, numerals=self.style.numerals, faults=self.faults)

    def read(self, role: str, read: Callable[[str], int], gap: int) -> NDArray[np.int64]:
        """Return the value of each text of a column."""
        codes, found = looked_up(self.roles[role], role, read, gap, self.faults)
        return np.array(found, dtype=np.int64)[codes]

    def tell(self, wrong: NDArray[np.bool_], field: str, problem: str, hint: str) -> None:
        """Add a problem of some rows."""
        self.problems.rows(
            wrong,
            lambda row: InvalidValue(problem, row=self.table.locate(row), field=field, hint=hint),
        )
