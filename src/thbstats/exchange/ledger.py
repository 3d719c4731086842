"""Row-by-row record of reading a file: used rows, rejected rows and problems."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from attrs import field, frozen
from numpy.typing import ArrayLike, NDArray

from thbstats._characters import escape
from thbstats.exchange.file_column import FileColumn
from thbstats.tables.findings import CellFinding

__all__ = ["Ledger", "RowFindings", "RowProblem"]

_EXAMPLES = 5


def _fixed(values: ArrayLike) -> NDArray[np.int64]:
    array = np.array(values, dtype=np.int64)
    array.flags.writeable = False
    return array


@frozen(kw_only=True, eq=False)
class RowProblem:
    """A problem in the rows of a file.

    Parameters
    ----------
    code : str
        The code of the problem, such as ``"REPEATED"``.
    used : bool
        Whether the rows are used; otherwise they are rejected.
    column : str
        The column with the problem; empty if it concerns whole rows.
    message : str
        The problem in one clause.
    hint : str
        The recommended action.
    lines : array of int64, shape (n,)
        The line number of each row with the problem, counted from 1.
    examples : tuple of str
        The location and contents of the first rows.
    texts : mapping of str to int
        The number of rows for each distinct text with the problem.
    suggestions : mapping of str to str
        Similar known texts for some of these texts. They are never applied.
    """

    code: str
    used: bool
    column: str = ""
    message: str
    hint: str
    lines: NDArray[np.int64] = field(converter=_fixed, repr=False)
    examples: tuple[str, ...] = ()
    texts: Mapping[str, int] = field(factory=dict)
    suggestions: Mapping[str, str] = field(factory=dict)

    def __len__(self) -> int:
        return len(self.lines)

    def to_dict(self) -> dict[str, Any]:
        """Return the problem as plain data, with every line and every text."""
        return {
            "code": self.code,
            "used": self.used,
            "column": self.column,
            "rows": len(self),
            "message": self.message,
            "hint": self.hint,
            "lines": self.lines.tolist(),
            "examples": list(self.examples),
            "texts": dict(self.texts),
            "suggestions": dict(self.suggestions),
        }

    def __str__(self) -> str:
        where = f" in {self.column!r}" if self.column else ""
        rows = "1 row" if len(self) == 1 else f"{len(self)} rows"
        first = f": {'; '.join(self.examples)}" if self.examples else ""
        return escape(f"{self.code}{where}, {rows}, {self.message}{first}. {self.hint}")


@frozen(eq=False)
class RowFindings:
    """Findings of rows, for the table cells of these rows.

    Parameters
    ----------
    rows : array of int, shape (n,)
        Positions of rows.
    codes : array of int, shape (n,)
        The finding set of each row, as a position in ``sets``.
    sets : sequence of sequence of CellFinding
        Finding sets.
    """

    rows: NDArray[np.intp]
    codes: NDArray[Any]
    sets: Sequence[Sequence[CellFinding]]


class Ledger:
    """Row-by-row record of reading a file.

    Parameters
    ----------
    raw : DataFrame
        The rows as they are in the file.
    lines : array of int64, shape (n,)
        The line number of each row, counted from 1.
    location : callable, optional
        Function from the position of a row to its location, as text; by default
        its line.
    """

    def __init__(
        self,
        raw: pd.DataFrame,
        lines: NDArray[np.int64],
        location: Callable[[int], str] | None = None,
    ) -> None:
        self.raw = raw
        self.lines = lines
        self.is_used: NDArray[np.bool_] = np.ones(len(lines), dtype=np.bool_)
        self.problems: list[RowProblem] = []
        self.notes: list[str] = []
        self.findings: list[RowFindings] = []
        self.shared = 0  # used rows after the first row of their cell
        self.unparsed: list[tuple[int, str, str]] = []
        self._columns: dict[str, FileColumn] = {}
        self.location: Callable[[int], str] = location or (lambda row: f"line {self.lines[row]}")

    def column(self, name: str) -> FileColumn:
        """Return a column of the file as codes of its texts."""
        if name not in self._columns:
            self._columns[name] = FileColumn.from_values(self.raw[name], name)
        return self._columns[name]

    def reject(self, code: str, rows: ArrayLike, *, message: str, hint: str, **more: Any) -> None:
        """Reject rows, given as positions or as a mask, for a problem."""
        rejected = self._add(code, rows, used=False, message=message, hint=hint, **more)
        self.is_used[rejected] = False

    def flag(self, code: str, rows: ArrayLike, *, message: str, hint: str, **more: Any) -> None:
        """Record a problem of rows that are used."""
        self._add(code, rows, used=True, message=message, hint=hint, **more)

    def add_findings(
        self,
        rows: NDArray[np.intp],
        codes: NDArray[Any],
        sets: Sequence[Sequence[CellFinding]],
    ) -> None:
        """Add findings to the cells of rows; ``codes`` are positions in ``sets``."""
        if len(rows):
            self.findings.append(RowFindings(rows, codes, sets))

    def reject_lines(
        self,
        code: str,
        lines: Iterable[tuple[int, str]],
        message: str,
        hint: str,
        noun: str = "line",
    ) -> None:
        """Reject lines that cannot be parsed as rows, each with its text."""
        unparsed = list(lines)
        if not unparsed:
            return
        self.unparsed += [(line, code, text) for line, text in unparsed]
        self.problems.append(
            RowProblem(
                code=code,
                used=False,
                message=message,
                hint=hint,
                lines=[line for line, _ in unparsed],
                examples=tuple(
                    f"{noun} {line}: {text[:80]!r}" for line, text in unparsed[:_EXAMPLES]
                ),
            )
        )

    def note(self, text: str) -> None:
        """Add a note on the whole file, once."""
        if text not in self.notes:
            self.notes.append(text)

    def _add(
        self,
        code: str,
        rows: ArrayLike,
        *,
        used: bool,
        message: str,
        hint: str,
        column: str = "",
        example: Callable[[int], str] | None = None,
        texts: Mapping[str, int] | None = None,
        suggestions: Mapping[str, str] | None = None,
    ) -> NDArray[np.intp]:
        selected = np.asarray(rows)
        if selected.dtype == np.bool_:
            selected = np.flatnonzero(selected)
        selected = selected.astype(np.intp)
        if len(selected):
            contents = example or self._contents(column)
            self.problems.append(
                RowProblem(
                    code=code,
                    used=used,
                    column=column,
                    message=message,
                    hint=hint,
                    lines=self.lines[selected],
                    examples=tuple(
                        f"{self.location(row)}: {contents(row)}"
                        for row in selected[:_EXAMPLES].tolist()
                    ),
                    texts=texts or {},
                    suggestions={} if suggestions is None else suggestions,
                )
            )
        return selected

    def _contents(self, name: str) -> Callable[[int], str]:
        """Return a function that formats one cell of a row, or all its cells."""
        if name in self.raw.columns:
            column = self.column(name)
            return lambda row: repr(column.value_at(row)[:80])
        names = list(map(str, self.raw.columns))
        return lambda row: ", ".join(
            filter(None, (self.column(name).value_at(row) for name in names))
        )[:160]

    def rejected(self) -> pd.DataFrame:
        """Return the rejected rows as they are in the file, with line and codes."""
        codes_of_line: dict[int, list[str]] = {}
        for problem in self.problems:
            if not problem.used:
                for line in problem.lines.tolist():
                    codes_of_line.setdefault(line, []).append(problem.code)
        rows = np.flatnonzero(~self.is_used)
        frame = self.raw.iloc[rows].astype("str").reset_index(drop=True)
        lines = self.lines[rows]
        codes = [" ".join(dict.fromkeys(codes_of_line.get(line, []))) for line in lines.tolist()]
        frame.insert(0, "(line)", lines)
        frame.insert(1, "(problem)", codes)
        if self.unparsed:
            unparsed = pd.DataFrame(self.unparsed, columns=["(line)", "(problem)", "(text)"])
            frame = pd.concat([frame, unparsed], ignore_index=True)
        return frame
