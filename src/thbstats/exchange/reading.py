"""Result of reading a file: tables, cases or populations, with a log."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd
from attrs import field, frozen

from thbstats.display import Column, Displayable, DisplayTable, count
from thbstats.errors import DefectiveFile, InvalidValue
from thbstats.exchange.read_log import ReadLog
from thbstats.records import Populations
from thbstats.tables import CountTable, Dataset

if TYPE_CHECKING:
    from thbstats.exchange.cases import Cases

__all__ = ["Reading"]


def _as_function(
    frame: pd.DataFrame | Callable[[], pd.DataFrame],
) -> Callable[[], pd.DataFrame]:
    return frame if callable(frame) else _StoredFrame(frame)


class _StoredFrame:
    """A function that returns a frame and can be pickled."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame

    def __call__(self) -> pd.DataFrame:
        return self.frame


@frozen(kw_only=True, eq=False, repr=False, slots=False)
class Reading(Displayable):
    r"""Result of reading a file.

    Parameters
    ----------
    data : Dataset
        The tables; empty for a file of cases.
    log : ReadLog
        The log of all rows.
    rejected : DataFrame or callable
        The rejected rows as they are in the file, with line and problem codes; a function is
        called at the first access.
    cases : Cases or None
        The cases, for a file of cases.
    populations : Populations or None
        The populations, for a population file.

    Examples
    --------
    >>> from thbstats.exchange import Declaration, open_bytes
    >>> from thbstats.sources import tidy
    >>> file = open_bytes(b"Year,Sex,Value\n2020,Females,12\n2020,Males,0\n", name="malta.csv")
    >>> declaration = Declaration(
    ...     kind="victims", columns={"Year": "period", "Sex": "sex", "Value": "value"}
    ... )
    >>> tidy.read(file, declare=declaration, area="MT").table.count(sex="female")
    Count(12)
    """

    data: Dataset
    log: ReadLog
    _make_rejected: Callable[[], pd.DataFrame] = field(alias="rejected", converter=_as_function)
    cases: "Cases | None" = None
    populations: Populations | None = None

    @cached_property
    def rejected(self) -> pd.DataFrame:
        """The rejected rows as they are in the file, with line and problem codes."""
        return self._make_rejected()

    @property
    def table(self) -> CountTable:
        """The only table of the file.

        Raises
        ------
        InvalidValue
            If the file has no table or several tables.
        """
        tables = list(self.data.tables())
        if len(tables) == 1:
            return tables[0]
        if self.cases is not None:
            hint = "Count the cases with thbstats.count_cases(reading, by=[...])"
        elif self.populations is not None:
            hint = "Use .populations"
        elif tables:
            hint = f"Use {' or '.join(f'.data.{table.kind}' for table in tables)}"
        else:
            hint = "Look at the problems in .log"
        raise InvalidValue(
            f"{self.log.name} must have exactly one table, got {len(tables)}",
            field="table",
            hint=hint,
        )

    def __getstate__(self) -> dict[str, Any]:
        """Return the state to pickle: the rejected rows instead of the whole file."""
        return {**self.__dict__, "_make_rejected": _StoredFrame(self.rejected)}

    def checked(self, strict: bool) -> "Reading":
        """Return the reading; with ``strict``, only if it has no problems.

        Raises
        ------
        DefectiveFile
            If ``strict`` is set and the log has problems. The message lists every problem,
            and the attribute ``log`` is the log.
        """
        if strict and self.log.problems:
            raise DefectiveFile.from_problems(
                self.log.summary(), map(str, self.log.problems), self.log
            )
        return self

    def display_table(self) -> DisplayTable:
        """Return the list of tables as a sheet."""
        rows = []
        for table in self.data.tables():
            dimensions = [name for name in table.dimensions if len(table.categories(name)) > 1]
            rows.append([table.kind, count(len(table)), ", ".join(dimensions) or "none"])
        if self.cases is not None:
            dimensions = [*self.cases.columns, *self.cases.multiple]
            rows.append(["cases", count(len(self.cases)), ", ".join(dimensions)])
        if self.populations is not None:
            rows.append(["populations", count(len(self.populations)), "area, when, sex, age"])
        return DisplayTable(
            caption=self.log.summary(),
            columns=["Kind", Column("Rows", "right"), "Dimensions"],
            rows=rows or [["none", "0", ""]],
            notes=[f"Problems: {', '.join(self.log.codes)}. The log has the details."]
            if self.log.problems
            else ["All rows are used without change."],
        )

    def __repr__(self) -> str:
        kinds = [f"{len(table)} {table.kind}" for table in self.data.tables()]
        kinds += [f"{len(self.cases)} cases"] if self.cases is not None else []
        inhabitants = self.populations
        kinds += [f"{len(inhabitants)} populations"] if inhabitants is not None else []
        return f"<Reading: {self.log.summary()}; {', '.join(kinds) or 'no rows'}>"
