"""Returns: the tables of a plan for one area and period, and their files."""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd
from attrs import asdict, field, frozen

from thbstats._files import write_file, write_files
from thbstats._mappings import FrozenDict
from thbstats._properties import cached_property
from thbstats.collection.completeness_rates import completeness_of
from thbstats.collection.return_checks import (
    CollectionTable,
    Finding,
    ReturnCheck,
    check_return,
    quality_of,
)
from thbstats.collection.variables import BLANK, GROUPS
from thbstats.disclosure import suppress
from thbstats.display import Column, DisplayTable, Tabular, count, format_count
from thbstats.errors import require
from thbstats.files.table_schemas import package_of
from thbstats.languages import Message, joined
from thbstats.reports.workbook import Worksheet, write_sheets
from thbstats.sources import write
from thbstats.tables import CountTable
from thbstats.values import Period

if TYPE_CHECKING:
    from thbstats.collection.plans import Plan


INDEX, VERSION, _TAB = "return.json", 1, 31
_MEASURES = ["value", "lower", "upper", "reason", "flags"]


@frozen(kw_only=True, eq=False, repr=False, slots=False)
class Return(Tabular):
    """The tables of a plan for one area and period, with their missing counts.

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
        The breakdowns and variables that cannot be computed; ``item`` names the missing columns.
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
            If the plan, area or period of a return does not fit this return.
        """
        if previous is not None:
            self._require_earlier(previous)
        others = tuple(mirror)
        problem = "must be of another area and the same period"
        for other in others:
            _require_return(other, "mirror")
            is_valid = other.area != self.area and other.period == self.period
            value, hint = f"{other.area} {other.period}", f"Pass other areas for {self.period}"
            require(is_valid, problem, hint, mirror=value)
        return check_return(self, previous, others)

    def _require_earlier(self, other: "Return") -> None:
        _require_return(other, "previous")
        own = (self.plan.name, self.area)
        is_earlier = str(other.period.end) <= str(self.period.end)
        is_valid = is_earlier and (other.plan.name, other.area) == own
        value = f"{other.plan.name} {other.area} {other.period}"
        problem = f"must be of {' '.join(own)}, and not after {self.period}"
        require(is_valid, problem, "Check the newer return, and pass the older one", previous=value)

    def quality(
        self, released: date | str, *, previous: "Return | Iterable[Return]" = ()
    ) -> CollectionTable:
        """Return the quality indicators of each variable, which are not added up.

        Parameters
        ----------
        released : date or str
            The day on which the return is transmitted.
        previous : Return or iterable of Return
            Earlier returns. Returns of earlier periods give the length of the comparable series.
            The last return of the same period gives the revisions.

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
        all variables together a Data Package and a workbook. No official format of transmission is
        published.

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
        name = os.fspath(folder).rstrip("/\\")
        public = f"{name}-publication" if publication is None else os.fspath(publication)
        first, second = (Path(path).resolve() for path in (name, public))
        is_apart = not (first.is_relative_to(second) or second.is_relative_to(first))
        problem = "must not be in the folder of the confidential return, or contain it"
        require(is_apart, problem, "Pass another folder", publication=public)
        # Contradictory counts cannot be protected, and can be transmitted.
        files = _write_folder(self, self.tables, name, is_public=False)
        protected, suppressed = {}, 0
        protection = {"fewer_than": fewer_than, "time_limit": 2.0} | protection
        for variable in self.plan.variables:
            # Groups of citizenship are sums of countries, which an attacker could subtract.
            cells = self.cells[self.cells["variable"] == variable.name]
            codes = cells["category"].str.split()
            is_group = codes.map(lambda own: not {*GROUPS}.isdisjoint(own)).to_numpy(dtype=bool)
            is_country = codes.map(lambda own: any(map(str.isupper, own)))
            cells = cells[~(is_group & bool(is_country.any()))]
            table, totals = variable.table(cells), cells.groupby("breakdown")["lower"].sum()
            if "register" in variable.dimensions and totals.get("register") == totals[""]:
                table = table.as_breakdown("register")  # the bodies add up, and reveal each other
            if table.lower.any():
                safe = suppress(table, **protection)
                table, suppressed = safe.table, suppressed + len(safe.suppressed)
            protected[variable.name] = table
        files += _write_folder(self, protected, public, is_public=True)
        text = "{folder} is confidential. Suppressed cells in {public}: {number}."
        note = Message(text, folder=name, public=public, number=count(suppressed))
        frame = pd.DataFrame(files, columns=["folder", "file"])
        return CollectionTable(caption=Message("Files of the return"), frame=frame, notes=(note,))

    def to_frame(self) -> pd.DataFrame:
        """Return a row for each cell, with its variable, bounds and reason."""
        frames = [own.to_frame().assign(variable=name) for name, own in self.tables.items()]
        return pd.concat(frames, ignore_index=True)

    def display_table(self) -> DisplayTable:
        """Return the total and the completeness of each variable for display."""
        rates, rows = self.completeness(), []
        totals = self.cells[self.cells["breakdown"] == ""]
        for own in self.plan.variables:
            cells = zip(
                own.table(totals), totals.loc[totals["variable"] == own.name, "state"], strict=True
            )
            texts = [
                Message("missing") if state == BLANK else format_count(cell.count)
                for cell, state in cells
            ]
            numbers = {name: count(rates[own.name][name]) for name in ("provided", "required")}
            provided = Message("{provided} of {required}", **numbers)
            rows.append([own.letter, own.title, joined(texts, last=", "), provided])
        about = {"act": self.plan.act, "area": self.area, "period": str(self.period)}
        return DisplayTable(
            caption=Message("{act}: {area}, {period}", **about),
            columns=["letter", "count", Column("total", "right"), Column("cells", "right")],
            rows=rows,
            notes=[finding.text for finding in (*self.lacking, *self.remarks)],
        )

    def __repr__(self) -> str:
        return f"<Return {self.plan.name}: {self.area}, {self.period}>"


def _require_return(value: object, name: str) -> None:
    hint = "Use thb.collection.read_return(folder)"
    require(isinstance(value, Return), "must be a return", hint, **{name: type(value).__name__})


def _write_folder(
    own: Return, tables: Mapping[str, CountTable], folder: str, *, is_public: bool
) -> list[tuple[str, str]]:
    """Write all files of one folder or none, and return it with their names."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".thbstats-", dir=target) as draft:
        names = _write_draft(own, tables, Path(draft), is_public=is_public)
        write_files((target / name, Path(draft, name).read_bytes()) for name in names)
    return [(folder, name) for name in names]


def _write_draft(
    own: Return, tables: Mapping[str, CountTable], path: Path, *, is_public: bool
) -> list[str]:
    """Write the files of one folder in order, and return their names."""
    plan, names, resources, package = own.plan, list[str](), list[Any](), {}
    for variable in plan.variables:
        table, stem = tables[variable.name], f"{variable.letter}_{variable.name}"
        files = [f"{stem}.{end}" for end in ("csv", "sdmx.csv", "structure.xml")]
        write(table, path / files[0])
        write(table, path / files[1], structure=path / files[2])
        package = package_of(table, files[0], (path / files[0]).read_bytes())
        resources += [{**package["resources"][0], "title": variable.title}]
        names += files
    title = f"{plan.title}, {own.area}, {own.period}"
    name = f"{plan.name}-{own.area}-{own.period}".lower().replace("/", "-")
    about = {"name": name, "title": title, "resources": resources}
    documents = {"datapackage.json": package | about}
    if not is_public:
        documents[INDEX] = {
            "schema_version": VERSION,
            "plan": plan.document,
            "area": own.area,
            "period": str(own.period),
            **{key: [asdict(item) for item in getattr(own, key)] for key in ("lacking", "remarks")},
        }
    for file, content in documents.items():
        text = json.dumps(content, ensure_ascii=False, indent=1, default=str)
        write_file(path / file, f"{text}\n")
    # The workbook has a sheet for each variable, with an empty cell for a missing count.
    sheets = []
    for variable in plan.variables:
        stage = ["stage"] * (len(variable.groups) > 1)
        frame = tables[variable.name].to_frame()[[*stage, *variable.dimensions, *_MEASURES]]
        frame = frame.astype(object).where(frame.notna() & (frame != float("inf")), None)
        header = tuple("count" if column == "value" else str(column) for column in frame)
        sheet = f"{variable.letter} {variable.name}"[:_TAB]
        sheets.append(Worksheet(sheet, header, [*frame.to_numpy()], wrapped=False))
    notes = [
        ("plan", f"{plan.act}: {plan.title}. {plan.source}. {plan.note}"),
        ("empty count", "A blank count is not 0: the column reason shows why it is missing."),
        *((variable.title, variable.note) for variable in plan.variables if variable.note),
    ]
    if is_public:
        notes.append(("protection", "Small counts, and counts that reveal them, are suppressed."))
    else:
        notes += [(item.variable or "return", item.text) for item in own.remarks]
    missing = [(item.variable, item.item, item.text) for item in own.lacking]
    sheets.append(Worksheet("notes", ("about", "note"), [*notes]))
    sheets.append(Worksheet("missing", ("variable", "columns needed", "missing"), [*missing]))
    write_sheets(sheets, title, path / "return.xlsx")
    return [*names, *documents, "return.xlsx"]
