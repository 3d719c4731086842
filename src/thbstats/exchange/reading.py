"""What a reader hands over: tables or cases, what became of every row, and what was left out."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd
from attrs import field, frozen

from thbstats.display import Column, Displayable, DisplayTable, count
from thbstats.errors import DefectiveFile, InvalidValue
from thbstats.exchange.report import ReadLog
from thbstats.records import Populations
from thbstats.tables import CountTable, Dataset

if TYPE_CHECKING:
    from thbstats.exchange.cases import Cases

__all__ = ["Reading"]


def _made(
    frame: pd.DataFrame | Callable[[], pd.DataFrame],
) -> Callable[[], pd.DataFrame]:
    return frame if callable(frame) else _Rows(frame)


class _Rows:
    """Rows that somebody has looked at, as a function that can be pickled."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame

    def __call__(self) -> pd.DataFrame:
        return self.frame


@frozen(kw_only=True, eq=False, repr=False, slots=False)
class Reading(Displayable):
    r"""A file that was read.

    Parameters
    ----------
    data : Dataset
        The tables; empty for a file of cases.
    report : ReadLog
        What became of every row.
    rejected : DataFrame or callable
        The rows that are in no table, as they stand in the file, with their line and why; what
        makes them is called when somebody looks.
    cases : Cases or None
        The cases of a file of cases.
    populations : Populations or None
        The inhabitants in a file of population.

    Examples
    --------
    >>> from thbstats.exchange import open_bytes
    >>> from thbstats.sources import tidy
    >>> from thbstats.exchange import Declaration
    >>> file = open_bytes(b"Year,Sex,Value\n2020,Females,12\n2020,Males,0\n", name="malta.csv")
    >>> declared = Declaration(
    ...     kind="victims", columns={"Year": "period", "Sex": "sex", "Value": "value"}
    ... )
    >>> tidy.read(file, declare=declared, area="MT").table.count(sex="female")
    Count(12)
    """

    data: Dataset
    report: ReadLog
    _make_rejected: Callable[[], pd.DataFrame] = field(alias="rejected", converter=_made)
    cases: "Cases | None" = None
    populations: Populations | None = None

    @cached_property
    def rejected(self) -> pd.DataFrame:
        """The rows that are in no table, as they stand in the file, with their line and why."""
        return self._make_rejected()

    @property
    def table(self) -> CountTable:
        """The table, where there is exactly one.

        Raises
        ------
        InvalidValue
            If the file has counts of several kinds, or none; the error says where they are.
        """
        tables = list(self.data.tables())
        if len(tables) == 1:
            return tables[0]
        kinds = ", ".join(f".data.{table.kind}" for table in tables)
        if self.cases is not None:
            hint = "It holds cases: count them with thbstats.count_cases(reading, by=[...])"
        elif self.populations is not None:
            hint = "It holds inhabitants: take .populations"
        else:
            hint = f"Use {kinds}" if tables else "Look at .report for what was set aside"
        raise InvalidValue(
            f"{self.report.name} gives {len(tables)} tables", field="table", hint=hint
        )

    def __getstate__(self) -> dict[str, Any]:
        """Return what is pickled: the rows set aside and not the whole file, of which they are."""
        return {**self.__dict__, "_make_rejected": _Rows(self.rejected)}

    def checked(self, strict: bool) -> "Reading":
        """Return the reading; strictly, only if nothing at all was odd.

        Raises
        ------
        DefectiveFile
            With every defect, each with how many rows show it; ``.report`` has them all.
        """
        if strict and self.report.defects:
            raise DefectiveFile.from_defects(
                self.report.summary(), [str(defect) for defect in self.report.defects], self.report
            )
        return self

    def display_table(self) -> DisplayTable:
        """Return the tables as a sheet."""
        rows = []
        for table in self.data.tables():
            told = [name for name in table.dimensions if len(table.categories(name)) > 1]
            rows.append([table.kind, count(len(table)), ", ".join(told) or "nothing"])
        if self.cases is not None:
            told = [*self.cases.columns, *self.cases.multiple]
            rows.append(["cases", count(len(self.cases)), ", ".join(told)])
        if self.populations is not None:
            rows.append(["populations", count(len(self.populations)), "area, when, sex, age"])
        return DisplayTable(
            caption=self.report.summary(),
            columns=["what", Column("rows", "right"), "told apart by"],
            rows=rows or [["nothing", "0", ""]],
            notes=[f"What was odd: {', '.join(self.report.codes)}; the report tells it whole."]
            if self.report.defects
            else ["Every row is used as it stands."],
        )

    def _told(self) -> str:
        if not self.report.defects:
            return "Every row is used as it stands."
        return f"What was odd: {', '.join(self.report.codes)}; .report tells it whole."

    def __repr__(self) -> str:
        kinds = [f"{len(table)} {table.kind}" for table in self.data.tables()]
        kinds += [f"{len(self.cases)} cases"] if self.cases is not None else []
        inhabitants = self.populations
        kinds += [f"{len(inhabitants)} populations"] if inhabitants is not None else []
        return f"<Reading of {self.report.summary()}: {', '.join(kinds) or 'nothing'}>"
