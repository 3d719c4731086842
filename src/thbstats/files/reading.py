"""Results of reading and writing files, with the logs of all rows."""

import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from attrs import asdict, field, frozen

from thbstats._characters import escape, is_encodable
from thbstats._properties import cached_property
from thbstats.columns.coded import used_codes
from thbstats.display import Cell, Column, Displayable, DisplayTable, Group, Tabular, count
from thbstats.errors import DefectiveFile, InvalidValue
from thbstats.files.delimited import check_separator
from thbstats.files.input_file import LIMITS
from thbstats.files.ledger import RowProblem, as_tuple, shortened, title_of
from thbstats.records import Populations, Schema
from thbstats.tables import CountTable, Dataset

if TYPE_CHECKING:
    from thbstats.files.case_file import Cases

_TEXTS = 5

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # before texts that are formulas for spreadsheets
_EXAMPLES = 5
_UNCHANGED = (
    "a spreadsheet program interprets these cells as formulas; neutralise=True (--neutralise) "
    "writes an apostrophe before them, which stays in the text"
)
_NEUTRALISED = "an apostrophe is written before cells that spreadsheets interpret as formulas"


def _rejected_first(values: Iterable[RowProblem]) -> tuple[RowProblem, ...]:
    return tuple(sorted(values, key=lambda problem: problem.used))


@frozen(kw_only=True, eq=False, repr=False)
class ReadLog(Tabular):
    """Log of the rows of a file.

    Every row is either used or rejected: ``read = used + rejected``. Each used row is a cell of a
    table or shares the cell of an earlier row: ``used = cells + shared``.

    Parameters
    ----------
    name : str
        The name of the file.
    format : str
        The name of its format.
    recognised : str
        The feature by which the format was recognised.
    noun : str
        The name of a row: ``"rows"``, ``"observations"`` or ``"cases"``.
    read, used : int
        The number of rows in the file and the number of used rows.
    shared : int
        The number of used rows that share the cell of an earlier row.
    problems : tuple of RowProblem
        The problems, those of rejected rows first.
    notes : tuple of str
        Notes on the whole file, such as the role of a column.
    left_out : tuple of str
        The worksheets and columns that were not read.
    """

    name: str
    format: str
    recognised: str = ""
    noun: str = "rows"
    read: int
    used: int
    shared: int = 0
    problems: tuple[RowProblem, ...] = field(default=(), converter=_rejected_first)
    notes: tuple[str, ...] = field(default=(), converter=as_tuple)
    left_out: tuple[str, ...] = field(default=(), converter=as_tuple)

    @property
    def rejected(self) -> int:
        """The number of rejected rows."""
        return self.read - self.used

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the problems, each once."""
        return tuple(dict.fromkeys(problem.code for problem in self.problems))

    def with_code(self, code: str) -> tuple[RowProblem, ...]:
        """Return the problems with a code; one for each column concerned."""
        return tuple(problem for problem in self.problems if problem.code == code)

    def count_rows(self, code: str) -> int:
        """Return the number of rows with a problem code."""
        rows, unparsed = set[tuple[int, int]](), 0
        for item in self.with_code(code):
            rows.update(zip(item.lines.tolist(), item.positions.tolist(), strict=False))
            unparsed += 0 if len(item.positions) else len(item)
        return len(rows) + unparsed

    def to_dict(self) -> dict[str, Any]:
        """Return the log as plain data, with every line of every problem."""
        names = ("name", "format", "recognised", "noun", "read", "used", "shared", "rejected")
        return {
            **{name: getattr(self, name) for name in names},
            "problems": [problem.to_dict() for problem in self.problems],
            "notes": list(self.notes),
            "left_out": list(self.left_out),
        }

    def to_json(self) -> str:
        """Return the log as JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2)

    def summary(self) -> str:
        """Return the numbers of read, used and rejected rows in one line."""
        shared = f" ({count(self.shared)} share a cell with an earlier row)" if self.shared else ""
        ratio = f" ({_percent(self.rejected, self.read)})" if self.rejected else ""
        noun = self.noun.removesuffix("s") if self.read == 1 else self.noun
        return escape(
            f"{self.name}: {count(self.read)} {noun} read, {count(self.used)} used{shared}, "
            f"{count(self.rejected)} rejected{ratio}"
        )

    @property
    def completeness(self) -> str:
        """A sentence on a file without problems: whether all of it is used."""
        if self.left_out:
            return f"All rows are used, except {', '.join(self.left_out)}"
        return "All rows are used"

    def to_frame(self) -> pd.DataFrame:
        """Return a frame with one row per problem.

        Returns
        -------
        pandas.DataFrame
            ``code``, ``column``, ``used`` (whether the rows are used), ``rows`` (their number),
            ``first_line``, ``message`` and ``hint``.
        """
        rows = [
            (item.code, item.column, item.used, len(item), item.lines[0], item.message, item.hint)
            for item in self.problems
        ]
        names = ("code", "column", "used", "rows", "first_line", "message", "hint")
        return pd.DataFrame(rows, columns=list(names))

    def display_table(self) -> DisplayTable:
        """Return the log as a sheet with a row for each problem."""
        rows: list[Group | list[Cell | str]] = []
        for used, heading in ((False, "Rejected rows"), (True, "Used rows with a problem")):
            selected = [problem for problem in self.problems if problem.used is used]
            rows += [Group(heading)] if selected else []
            rows += [
                [
                    Cell(title_of(problem.code), tone="warn" if used else "bad"),
                    count(len(problem)),
                    f"{problem.column}: {problem.message}" if problem.column else problem.message,
                    _texts(problem) if problem.texts else "; ".join(problem.examples[:3]),
                ]
                for problem in selected
            ]
        if not rows:
            rows = [[Cell("None", tone="good"), "0", self.completeness, ""]]
        how = f" ({self.recognised})" if self.recognised else ""
        hints = dict.fromkeys((item.code, item.hint) for item in self.problems)
        return DisplayTable(
            caption=self.summary(),
            columns=[
                "Problem",
                Column(self.noun.capitalize(), "right"),
                "Detail",
                "First examples",
            ],
            rows=rows,
            notes=[
                f"Read as {self.format}{how}.",
                *self.notes,
                *(["Not read: " + ", ".join(self.left_out)] if self.left_out else []),
                *(f"{title_of(code)}: {hint}." for code, hint in hints if hint),
            ],
        )

    def __repr__(self) -> str:
        codes = f"; {', '.join(self.codes)}" if self.problems else ""
        return f"<ReadLog: {self.summary()}{codes}>"


def _percent(part: int, whole: int) -> str:
    """Return a part in percent; a small part is not 0%."""
    return "below 0.1%" if part * 2000 < whole else f"{part / whole:.1%}"


def _texts(problem: RowProblem) -> str:
    texts = []
    for text in list(problem.texts)[:_TEXTS]:
        suggestion = problem.suggestions.get(text, "")
        suggestion = suggestion and f"; {suggestion}"
        texts.append(f"{shortened(text, 60)!r} ({problem.texts[text]}{suggestion})")
    more = len(problem.texts) - len(texts)
    return ", ".join(texts) + (f" and {more} more" if more else "")


def _as_function(frame: pd.DataFrame | Callable[[], pd.DataFrame]) -> Callable[[], pd.DataFrame]:
    return frame if callable(frame) else frame.copy  # a method, so that the reading can be pickled


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
    >>> from thbstats.files import Declaration, open_bytes
    >>> from thbstats.sources import read
    >>> file = open_bytes(b"Year,Sex,Value\n2020,Females,12\n2020,Males,0\n", name="malta.csv")
    >>> declaration = Declaration(
    ...     kind="victims", columns={"Year": "period", "Sex": "sex", "Value": "value"}
    ... )
    >>> read(file, declare=declaration, area="MT").table.count(sex="female")
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
        hint = "Look at the problems in .log"
        if self.cases is not None:
            hint = "Count the cases with thbstats.count_cases(reading, by=[...])"
        elif self.populations is not None:
            hint = "Use .populations"
        elif tables:
            hint = f"Use {' or '.join(f'.data.{table.kind}' for table in tables)}"
        raise InvalidValue(
            f"{self.log.name} must have exactly one table, got {len(tables)}",
            field="table",
            hint=hint,
        )

    def __getstate__(self) -> dict[str, Any]:
        """Return the state to pickle: the rejected rows instead of the whole file."""
        return {**self.__dict__, "_make_rejected": self.rejected.copy}

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
            notes=[
                f"Problems: {', '.join(map(title_of, self.log.codes))}. The log has the details."
            ]
            if self.log.problems
            else [f"{self.log.completeness}."],
        )

    def __repr__(self) -> str:
        kinds = [f"{len(table)} {table.kind}" for table in self.data.tables()]
        kinds += [
            f"{len(records)} {name}"
            for name, records in (("cases", self.cases), ("populations", self.populations))
            if records is not None
        ]
        return f"<Reading: {self.log.summary()}; {', '.join(kinds) or 'no rows'}>"


@frozen(kw_only=True)
class UnsupportedFeature:
    """A feature of a table that a file format does not fully support.

    Parameters
    ----------
    code : str
        The code of the feature, such as ``"FORMULA"``.
    is_lost : bool
        Whether `read` does not restore the feature; otherwise only other programs are affected.
    rows : int
        The number of rows concerned.
    message : str
        The consequence in one clause.
    examples : tuple of str
        The first examples.
    """

    code: str
    is_lost: bool
    rows: int
    message: str
    examples: tuple[str, ...] = field(default=(), converter=as_tuple)

    def to_dict(self) -> dict[str, Any]:
        """Return the feature as plain data."""
        return {**asdict(self), "examples": list(self.examples)}


NO_ROWS = UnsupportedFeature(
    code="NO_ROWS",
    is_lost=True,
    rows=0,
    message="a table without rows does not store its kind; read it with kind=...",
)


def without_classifications(schema: Schema, rows: int) -> list[UnsupportedFeature]:
    """Return the feature that a format does not store the classifications of a table."""
    names = [own.name for own in schema.classifications]
    feature = UnsupportedFeature(
        code="NO_CLASSIFICATIONS",
        is_lost=True,
        rows=rows,
        message="the file does not contain the classifications; declare them to read it",
        examples=names[:5],
    )
    return [feature] if names else []


@frozen(kw_only=True, repr=False)
class WriteLog(Tabular):
    """Log of a written file.

    Parameters
    ----------
    name : str
        The name of the file.
    format : str
        The name of its format.
    rows : int
        The number of rows.
    unsupported : tuple of UnsupportedFeature
        The features that the format does not fully support.
    """

    name: str
    format: str
    rows: int
    unsupported: tuple[UnsupportedFeature, ...] = field(default=(), converter=as_tuple)

    @property
    def lossless(self) -> bool:
        """Whether reading the file returns an equal table."""
        return not any(feature.is_lost for feature in self.unsupported)

    def to_dict(self) -> dict[str, Any]:
        """Return the log as plain data."""
        return {
            "name": self.name,
            "format": self.format,
            "rows": self.rows,
            "lossless": self.lossless,
            "unsupported": [feature.to_dict() for feature in self.unsupported],
        }

    def to_frame(self) -> pd.DataFrame:
        """Return one row per feature: ``code``, ``rows``, ``is_lost`` and ``message``."""
        names = ["code", "rows", "is_lost", "message"]
        rows = [[getattr(feature, name) for name in names] for feature in self.unsupported]
        return pd.DataFrame(rows, columns=names)

    def display_table(self) -> DisplayTable:
        """Return the log as a sheet with a row for each feature."""
        rows: list[Group | list[Cell | str]] = [
            [
                Cell(feature.code, tone="bad" if feature.is_lost else "warn"),
                count(feature.rows),
                feature.message,
                "; ".join(feature.examples),
            ]
            for feature in self.unsupported
        ]
        if not rows:
            rows = [[Cell("none", tone="good"), "0", "reading the file returns an equal table", ""]]
        return DisplayTable(
            caption=f"{self.name}: {count(self.rows)} rows written as {self.format}",
            columns=["Code", Column("Rows", "right"), "Consequence", "First examples"],
            rows=rows,
        )

    def __repr__(self) -> str:
        codes = ", ".join(feature.code for feature in self.unsupported) or "lossless"
        return f"<WriteLog: {escape(self.name)} ({self.format}), {self.rows} rows; {codes}>"


def tidy_frame(table: CountTable) -> pd.DataFrame:
    """Return the columns of a tidy file."""
    frame: pd.DataFrame = table.to_frame()
    bounded = frame["upper"] < float("inf")
    frame["upper"] = frame["upper"].where(bounded, 0).astype("Int64").where(bounded)
    kinds = pd.Series([table.kind] * len(table), dtype=pd.CategoricalDtype([table.kind]))
    frame.insert(0, "table", kinds)
    return frame


def csv_bytes(
    frame: pd.DataFrame, *, separator: str = ",", neutralise: bool = False
) -> tuple[bytes, list[UnsupportedFeature]]:
    """Return a frame as CSV in UTF-8, and the cells that look like formulas.

    The frame contains numbers, and texts as categories. ``neutralise`` writes an apostrophe before
    texts that spreadsheets interpret as formulas. A text with a lone surrogate, a NUL or more than
    131,072 characters raises `InvalidValue`.
    """
    check_separator(separator)
    cells: list[tuple[int, str]] = []  # row and description of each cell that is a formula
    columns = [[_quoted(str(name), separator)] for name in frame.columns]
    for (name, column), result in zip(frame.items(), columns, strict=True):
        if isinstance(column.dtype, pd.CategoricalDtype):
            texts = list(map(str, column.cat.categories))
            codes = column.cat.codes.to_numpy()
            _check_texts(str(name), [texts[n] for n in used_codes(codes, len(texts))])
            formulas = [n for n, text in enumerate(texts) if text.startswith(_FORMULA)]
            rows = np.flatnonzero(np.isin(codes, formulas)).tolist()
            cells += [(row, f"{name}, row {row + 2}: {texts[codes[row]][:40]!r}") for row in rows]
            for position in formulas if neutralise else ():
                texts[position] = f"'{texts[position]}"
            quoted = [_quoted(text, separator) for text in texts]  # each distinct text once
            result.extend(np.array([*quoted, ""], dtype=object)[codes].tolist())
        else:
            missing = column.isna().tolist()
            plain: Iterable[str] = map(str, column.astype(object).tolist())
            if not pd.api.types.is_numeric_dtype(column.dtype):  # numbers contain no separators
                plain = (_quoted(text, separator) for text in plain)
            result.extend("" if no else text for text, no in zip(plain, missing, strict=True))
    code, message = ("NEUTRALISED", _NEUTRALISED) if neutralise else ("FORMULA", _UNCHANGED)
    feature = UnsupportedFeature(
        code=code,
        is_lost=neutralise,
        rows=len({row for row, _ in cells}),
        message=message,
        examples=[text for _, text in cells[:_EXAMPLES]],
    )
    lines = map(separator.join, zip(*columns, strict=True))
    return "\n".join([*lines, ""]).encode(), [feature] if cells else []


def _check_texts(name: str, texts: Iterable[str]) -> None:
    for text in texts:
        problem = ""
        if "\0" in text or not is_encodable(text):
            sign = "a NUL character" if "\0" in text else "a lone surrogate"
            problem = f"must not contain {sign}"
        elif len(text) > LIMITS.cell:
            problem = f"must have at most {LIMITS.cell} characters in CSV"
        if problem:
            raise InvalidValue(problem, field=name, value=text[:80], hint="Correct the text")


def _quoted(text: str, separator: str) -> str:
    """Return a text in quotation marks if RFC 4180 requires it."""
    if any(sign in text for sign in (separator, '"', "\n", "\r")):
        return '"' + text.replace('"', '""') + '"'
    return text
