"""Returns: the tables of a plan for one area and period."""

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from thbstats._mappings import FrozenDict
from thbstats.collection.completion import Completeness, measure
from thbstats.collection.registers import Lack, Remark
from thbstats.collection.return_checks import ReturnCheck, check_return
from thbstats.collection.return_files import WrittenReturn, write_return
from thbstats.collection.return_quality import ReturnQuality, quality_of
from thbstats.display import Column, DisplayTable, Tabular, count, format_count
from thbstats.errors import InvalidValue
from thbstats.tables import CountTable
from thbstats.values import Period

if TYPE_CHECKING:
    import pandas as pd

    from thbstats.collection.plans import Plan


def _tables(value: Mapping[str, CountTable]) -> Mapping[str, CountTable]:
    return FrozenDict(value)


@frozen(kw_only=True, repr=False)
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
    tables : mapping of str to CountTable
        The table of each variable. Each required cell has a row: a number, which can be 0, or a
        missing count with its reason.
    lacking : tuple of Lack
        The breakdowns and variables that the data cannot give.
    remarks : tuple of Remark
        Properties of the data, such as blanks and age bands.
    """

    plan: "Plan"
    area: str
    period: Period
    tables: Mapping[str, CountTable] = field(converter=_tables)
    lacking: tuple[Lack, ...] = field(default=(), converter=tuple)
    remarks: tuple[Remark, ...] = field(default=(), converter=tuple)

    def __getitem__(self, variable: str) -> CountTable:
        """Return the table of a variable, by its name or letter."""
        return self.tables[self.plan[variable].name]

    def completeness(self, by: str | Sequence[str] = "variable") -> Completeness:
        """Return the number of required, provided, suppressed and blank cells, and their rates.

        Parameters
        ----------
        by : str or sequence of str
            The keys of the rows: ``"variable"``, ``"breakdown"``, or an empty list for one row.

        Returns
        -------
        Completeness
            See `CompletenessRow` for the definition of the rates.
        """
        return measure(self.plan, {name: [own.columns] for name, own in self.tables.items()}, by)

    def check(
        self,
        previous: "Return | None" = None,
        *,
        mirror: "Iterable[Return]" = (),
    ) -> ReturnCheck:
        """Check the return for its structure, within and between tables, and against others.

        Parameters
        ----------
        previous : Return, optional
            The return of an earlier period, or an earlier return for the same period.
        mirror : iterable of Return
            Returns of other countries for the same period: their counts of citizens of this
            country, and the counts of their citizens here.

        Returns
        -------
        ReturnCheck
            Errors, questions and notes, by level.

        Raises
        ------
        InvalidValue
            If a return has another plan, or ``previous`` another area or a later period.
        """
        if previous is not None:
            self._require_comparable(previous)
        return check_return(self, previous, tuple(mirror))

    def _require_comparable(self, previous: "Return") -> None:
        for name in ("area", "plan"):
            own, other = getattr(self, name), getattr(previous, name)
            own, other = getattr(own, "name", own), getattr(other, "name", other)
            if own != other:
                hint = f"Pass an earlier return of {own}"
                raise InvalidValue(
                    f"must have the {name} {own}", field="previous", value=other, hint=hint
                )
        ends = self.period.end, previous.period.end
        if ends[0] is not None and ends[1] is not None and ends[1] > ends[0]:
            hint = "Check the newer return, with the older one as previous"
            problem = f"must not be of a later period than {self.period}"
            raise InvalidValue(problem, field="previous", value=str(previous.period), hint=hint)

    def quality(
        self, released: date | str, *, previous: "Return | Iterable[Return]" = ()
    ) -> ReturnQuality:
        """Return the quality indicators of each variable.

        Parameters
        ----------
        released : date or str
            The day on which the return is transmitted.
        previous : Return or iterable of Return
            Earlier returns. Those of earlier periods give the length of the comparable series, and
            an earlier return of the same period the revisions.

        Returns
        -------
        ReturnQuality
            Completeness, revisions, timeliness, punctuality and length of the series, with their
            definitions. There is no composite score.

        Raises
        ------
        InvalidValue
            If the day is not after the end of the period, or a return is not comparable.
        """
        earlier = (previous,) if isinstance(previous, Return) else tuple(previous)
        for own in earlier:
            self._require_comparable(own)
        return quality_of(self, released, earlier)

    def write(
        self,
        folder: "str | os.PathLike[str]",
        *,
        publication: "str | os.PathLike[str] | None" = None,
        fewer_than: int = 5,
        **protection: Any,
    ) -> WrittenReturn:
        """Write the return for transmission, and its protected version for publication.

        The folder has for each variable a tidy CSV file, an SDMX-CSV file and its structure, and for
        all of them a Data Package, a workbook for people and the return as JSON. The publication has
        the same files after suppression, in another folder.

        Parameters
        ----------
        folder : str or path
            The folder of the confidential return.
        publication : str or path, optional
            The folder of the publication; by default the name of the folder with ``-publication``.
        fewer_than : int
            Counts from 1 to below this number are suppressed in the publication.
        **protection
            Further arguments of `thbstats.disclosure.suppress`, such as ``previous``.

        Returns
        -------
        WrittenReturn
            The files of both folders.

        Raises
        ------
        InvalidValue
            If the publication is in the folder of the confidential return, or the reverse.
        MissingExtra
            If the workbook cannot be written.

        Notes
        -----
        No official format of transmission is published: the files have standard formats.
        """
        return write_return(self, folder, publication, fewer_than, protection)

    def to_frame(self) -> "pd.DataFrame":
        """Return a row for each cell, with its variable, bounds and reason."""
        import pandas as pd

        frames = [
            own.to_frame().assign(variable=name, letter=self.plan[name].letter)
            for name, own in self.tables.items()
        ]
        frame = pd.concat(frames, ignore_index=True)
        return frame[["letter", "variable", *frame.columns.drop(["letter", "variable"])]]

    def display_table(self) -> DisplayTable:
        """Return the total and the completeness of each variable for display."""
        rates = self.completeness()
        rows = []
        for variable in self.plan.variables:
            table, own = self.tables[variable.name], rates[variable.name]
            totals = table.where(**{name: variable.total(name) for name in variable.dimensions})
            numbers = [format_count(row.count) for row in totals]
            cells = f"{count(own.provided)} of {count(own.required)}"
            rows.append([variable.letter, variable.title, ", ".join(numbers), cells])
        notes = [*(lack.text for lack in self.lacking), *(remark.text for remark in self.remarks)]
        return DisplayTable(
            caption=f"{self.plan.act}: {self.area}, {self.period}",
            columns=["letter", "count", Column("total", "right"), Column("cells", "right")],
            rows=rows,
            notes=notes,
        )

    def __repr__(self) -> str:
        return f"<Return {self.plan.name}: {self.area}, {self.period}>"
