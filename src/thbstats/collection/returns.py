"""Returns: the tables of a plan for one area and period."""

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd
from attrs import field, frozen

from thbstats._mappings import FrozenDict
from thbstats._properties import cached_property
from thbstats.collection.findings import CollectionTable, Finding, ReturnCheck
from thbstats.collection.quality_indicators import completeness_of, quality_of
from thbstats.collection.return_checks import check_return
from thbstats.collection.return_files import write_return
from thbstats.display import Column, DisplayTable, Tabular, count
from thbstats.errors import InvalidValue, require
from thbstats.tables import CountTable
from thbstats.values import Period

if TYPE_CHECKING:
    from thbstats.collection.plans import Plan


@frozen(kw_only=True, eq=False, repr=False, slots=False)
class Return(Tabular):
    """The tables of a plan for one area and period, with what is missing.

    `Plan.fill` makes a return, and `read_return` reads one that `write` wrote.

    Parameters
    ----------
    plan : Plan
        The plan.
    area : str
        The reporting country.
    period : Period
        The reference period.
    cells : DataFrame
        A row for each cell, with its breakdown and category, bounds, reason and state. Each
        required cell has a number, which can be 0, or is missing with its reason.
    lacking : tuple of Finding
        The breakdowns and variables that the data cannot give; ``item`` names the columns that
        the data need.
    remarks : tuple of Finding
        Properties of the data, such as blanks and age bands.
    """

    plan: "Plan"
    area: str
    period: Period
    cells: pd.DataFrame = field(repr=False)
    lacking: tuple[Finding, ...] = ()
    remarks: tuple[Finding, ...] = ()

    def __getitem__(self, variable: str) -> CountTable:
        """Return the table of a variable, by its name or letter."""
        return self.tables[self.plan[variable].name]

    @cached_property
    def tables(self) -> Mapping[str, CountTable]:
        """The table of each variable."""
        return FrozenDict({own.name: own.table(self.cells) for own in self.plan.variables})

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Return):
            return NotImplemented
        names = ("plan", "area", "period", "tables", "lacking", "remarks")
        return all(getattr(self, name) == getattr(other, name) for name in names)

    __hash__: ClassVar[None] = None  # type: ignore[assignment]

    def completeness(self, by: str | Sequence[str] = "variable") -> CollectionTable:
        """Return the number of required, provided, suppressed and blank cells, and their rates.

        Parameters
        ----------
        by : str or sequence of str
            The keys of the rows: ``"variable"``, ``"breakdown"``, or an empty list for one row.

        Returns
        -------
        CollectionTable
            The columns of `completeness`.
        """
        return completeness_of(self.plan, self.cells, by)

    def check(
        self, previous: "Return | None" = None, *, mirror: "Iterable[Return]" = ()
    ) -> ReturnCheck:
        """Check the structure, each table, the tables together, and other returns.

        Parameters
        ----------
        previous : Return, optional
            The return of an earlier period, or an earlier return for the same period. A count *n*
            is a jump from *m* if ``|n - m| > max(10, 3 * sqrt(m))``.
        mirror : iterable of Return
            Returns of other countries for the same period, with citizens of this country.

        Returns
        -------
        ReturnCheck
            Errors, questions and notes, by level.

        Raises
        ------
        InvalidValue
            If a return has another plan, area or period than it must have.
        """
        if previous is not None:
            self._require_earlier(previous)
        others = tuple(mirror)
        for other in others:
            _require_return(other, "mirror")
            if other.period != self.period or other.area == self.area:
                value, hint = f"{other.area} {other.period}", f"Pass other areas for {self.period}"
                problem = "must be of another area and the same period"
                raise InvalidValue(problem, field="mirror", value=value, hint=hint)
        return check_return(self, previous, others)

    def _require_earlier(self, other: "Return") -> None:
        _require_return(other, "previous")
        own = (self.plan.name, self.area)
        is_later = str(other.period.end) > str(self.period.end)
        if is_later or (other.plan.name, other.area) != own:
            value = f"{other.plan.name} {other.area} {other.period}"
            problem = f"must be of {' '.join(own)}, and not after {self.period}"
            hint = "Check the newer return, and pass the older one"
            raise InvalidValue(problem, field="previous", value=value, hint=hint)

    def quality(
        self, released: date | str, *, previous: "Return | Iterable[Return]" = ()
    ) -> CollectionTable:
        """Return the quality indicators of each variable, which are not added up.

        Parameters
        ----------
        released : date or str
            The day on which the return is transmitted.
        previous : Return or iterable of Return
            Earlier returns. Those of earlier periods give the length of the comparable series, and
            the last one of the same period the revisions.

        Returns
        -------
        CollectionTable
            Completeness (R1), size of revisions (A6), timeliness (TP1), punctuality (TP3) and
            length of the comparable series (CC2). The notes contain the definitions.

        Raises
        ------
        InvalidValue
            If the day is not after the end of the period, or a return is not comparable.
        """
        earlier = (previous,) if isinstance(previous, Return | str) else tuple(previous)
        for own in earlier:
            self._require_earlier(own)
        return quality_of(self, released, earlier)

    def write(
        self,
        folder: "str | os.PathLike[str]",
        *,
        publication: "str | os.PathLike[str] | None" = None,
        fewer_than: int = 5,
        **protection: Any,
    ) -> CollectionTable:
        """Write the return for transmission, and its protected version for publication.

        A folder has for each variable a tidy CSV file, an SDMX-CSV file and its structure, and for
        all of them a Data Package and a workbook. No official format of transmission is published.

        Parameters
        ----------
        folder : str or path
            The folder of the confidential return.
        publication : str or path, optional
            The folder of the publication; by default the name of the folder with ``-publication``.
        fewer_than : int
            Counts from 1 to below this number are suppressed in the publication.
        **protection
            Further arguments of `thbstats.disclosure.suppress`.

        Returns
        -------
        CollectionTable
            The files of both folders.

        Raises
        ------
        InvalidValue
            If one of the folders is in the other.
        ImpossibleResult
            If the counts contradict each other, so that they cannot be suppressed. The
            confidential folder is written.
        MissingExtra
            If the workbook cannot be written.
        """
        return write_return(self, folder, publication, fewer_than, protection)

    def to_frame(self) -> pd.DataFrame:
        """Return a row for each cell, with its variable, bounds and reason."""
        frames = [own.to_frame().assign(variable=name) for name, own in self.tables.items()]
        return pd.concat(frames, ignore_index=True)

    def display_table(self) -> DisplayTable:
        """Return the total and the completeness of each variable for display."""
        rates, rows = self.completeness(), []
        totals = self.cells[self.cells["breakdown"] == ""]
        for own in self.plan.variables:
            bounds = totals.loc[totals["variable"] == own.name, ["lower", "upper"]].to_numpy()
            texts = [count(int(low)) if low == high else "missing" for low, high in bounds]
            rate = rates[own.name]
            cells = f"{count(rate['provided'])} of {count(rate['required'])}"
            rows.append([own.letter, own.title, ", ".join(texts), cells])
        return DisplayTable(
            caption=f"{self.plan.act}: {self.area}, {self.period}",
            columns=["letter", "count", Column("total", "right"), Column("cells", "right")],
            rows=rows,
            notes=[finding.text for finding in (*self.lacking, *self.remarks)],
        )

    def __repr__(self) -> str:
        return f"<Return {self.plan.name}: {self.area}, {self.period}>"


def _require_return(value: object, name: str) -> None:
    hint = "Use thb.collection.read_return(folder)"
    require(isinstance(value, Return), "must be a return", hint, **{name: type(value).__name__})
