"""Log of the rows of a file: used, rejected and with problems."""

import json
from collections.abc import Iterable
from typing import Any

from attrs import field, frozen

from thbstats._characters import escape
from thbstats.display import Cell, Column, Displayable, DisplayTable, Group, count
from thbstats.exchange.ledger import Ledger, RowProblem

__all__ = ["ReadLog"]

_TEXTS = 5


def _rejected_first(values: Iterable[RowProblem]) -> tuple[RowProblem, ...]:
    return tuple(sorted(values, key=lambda problem: problem.used))


def _notes(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(values)


@frozen(kw_only=True, eq=False, repr=False)
class ReadLog(Displayable):
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
    """

    name: str
    format: str
    recognised: str = ""
    noun: str = "rows"
    read: int
    used: int
    shared: int = 0
    problems: tuple[RowProblem, ...] = field(default=(), converter=_rejected_first)
    notes: tuple[str, ...] = field(default=(), converter=_notes)

    @classmethod
    def from_ledger(
        cls, ledger: Ledger, *, name: str, format: str, recognised: str = "", noun: str = "rows"
    ) -> "ReadLog":
        """Return the log of a ledger."""
        return cls(
            name=name,
            format=format,
            recognised=recognised,
            noun=noun,
            read=len(ledger.is_used) + len(ledger.unparsed),
            used=int(ledger.is_used.sum()),
            shared=ledger.shared,
            problems=ledger.problems,
            notes=ledger.notes,
        )

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
        return len({line for item in self.with_code(code) for line in item.lines.tolist()})

    def to_dict(self) -> dict[str, Any]:
        """Return the log as plain data, with every line of every problem."""
        return {
            "name": self.name,
            "format": self.format,
            "recognised": self.recognised,
            "noun": self.noun,
            "read": self.read,
            "used": self.used,
            "shared": self.shared,
            "rejected": self.rejected,
            "problems": [problem.to_dict() for problem in self.problems],
            "notes": list(self.notes),
        }

    def to_json(self) -> str:
        """Return the log as JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2)

    def summary(self) -> str:
        """Return the numbers of read, used and rejected rows in one line."""
        shared = f" ({count(self.shared)} share a cell with an earlier row)" if self.shared else ""
        return escape(
            f"{self.name}: {count(self.read)} {self.noun} read, {count(self.used)} used{shared}, "
            f"{count(self.rejected)} rejected"
        )

    def display_table(self) -> DisplayTable:
        """Return the log as a sheet with a row for each problem."""
        rows: list[Group | list[Cell | str]] = []
        for used, heading in ((False, "Rejected rows"), (True, "Used rows with a problem")):
            selected = [problem for problem in self.problems if problem.used is used]
            rows += [Group(heading)] if selected else []
            rows += [_row(problem) for problem in selected]
        if not rows:
            rows = [[Cell("none", tone="good"), "0", "all rows are used without change", ""]]
        how = f" ({self.recognised})" if self.recognised else ""
        return DisplayTable(
            caption=self.summary(),
            columns=["Code", Column(self.noun.capitalize(), "right"), "Problem", "First examples"],
            rows=rows,
            notes=[f"Read as {self.format}{how}.", *self.notes, *self._hints()],
        )

    def _hints(self) -> list[str]:
        pairs = dict.fromkeys((item.code, item.hint) for item in self.problems)
        return [f"{code}: {hint}." for code, hint in pairs if hint]

    def __repr__(self) -> str:
        codes = f"; {', '.join(self.codes)}" if self.problems else ""
        return f"<ReadLog: {self.summary()}{codes}>"


def _row(problem: RowProblem) -> list[Cell | str]:
    column = f"{problem.column}: " if problem.column else ""
    tone = "warn" if problem.used else "bad"
    return [
        Cell(problem.code, tone=tone),
        count(len(problem)),
        f"{column}{problem.message}",
        _texts(problem) if problem.texts else "; ".join(problem.examples[:3]),
    ]


def _texts(problem: RowProblem) -> str:
    formatted = []
    for text in list(problem.texts)[:_TEXTS]:
        suggestion = problem.suggestions.get(text, "")
        suggestion = suggestion and f"; {suggestion}"
        formatted.append(f"{text[:60]!r} ({problem.texts[text]}{suggestion})")
    more = len(problem.texts) - len(formatted)
    return ", ".join(formatted) + (f" and {more} more" if more else "")
