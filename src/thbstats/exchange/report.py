"""What became of the rows of a file."""

import json
from collections.abc import Iterable
from typing import Any

from attrs import field, frozen

from thbstats._characters import escape
from thbstats.display import Cell, Column, Displayable, DisplayTable, Group, count
from thbstats.exchange.defects import Defect, Ledger

__all__ = ["ReadLog"]

_LABELS = 5


def _defects(values: Iterable[Defect]) -> tuple[Defect, ...]:
    """Return them, what was set aside first."""
    return tuple(sorted(values, key=lambda defect: defect.used))


def _notes(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(values)


@frozen(kw_only=True, eq=False, repr=False)
class ReadLog(Displayable):
    """How many rows of a file were read, used and set aside, and everything that was odd.

    ``read = used + set aside``: no row is in neither. Each used row is a cell of a table, or
    shares the cell of an earlier row: ``used = cells + shared``.

    Parameters
    ----------
    name : str
        The name of the file.
    format : str
        What it was read as.
    recognised : str
        How that was found out.
    noun : str
        What a row is: ``"rows"``, ``"observations"`` or ``"cases"``.
    read, used : int
        How many rows the file has, and how many of them are in the table.
    shared : int
        How many of the used rows share the cell of an earlier row.
    defects : tuple of Defect
        What was odd, the rows that were set aside first.
    notes : tuple of str
        What is true of the file as a whole, such as what a column was taken for.
    """

    name: str
    format: str
    recognised: str = ""
    noun: str = "rows"
    read: int
    used: int
    shared: int = 0
    defects: tuple[Defect, ...] = field(default=(), converter=_defects)
    notes: tuple[str, ...] = field(default=(), converter=_notes)

    @classmethod
    def of(
        cls, ledger: Ledger, *, name: str, format: str, recognised: str = "", noun: str = "rows"
    ) -> "ReadLog":
        """Return the report on what a ledger holds."""
        return cls(
            name=name,
            format=format,
            recognised=recognised,
            noun=noun,
            read=len(ledger.kept) + len(ledger.outside),
            used=int(ledger.kept.sum()),
            shared=ledger.shared,
            defects=ledger.defects,
            notes=ledger.notes,
        )

    @property
    def rejected(self) -> int:
        """How many rows are not in the table."""
        return self.read - self.used

    @property
    def codes(self) -> tuple[str, ...]:
        """The kinds of defect, each once."""
        return tuple(dict.fromkeys(defect.code for defect in self.defects))

    def of_code(self, code: str) -> tuple[Defect, ...]:
        """Return the defects of a kind; one for each column in which it shows."""
        return tuple(defect for defect in self.defects if defect.code == code)

    def rows(self, code: str) -> int:
        """Return in how many rows a kind of defect shows."""
        return len({line for item in self.of_code(code) for line in item.lines.tolist()})

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain data, with every line of every defect."""
        return {
            "name": self.name,
            "format": self.format,
            "recognised": self.recognised,
            "noun": self.noun,
            "read": self.read,
            "used": self.used,
            "shared": self.shared,
            "rejected": self.rejected,
            "defects": [defect.to_dict() for defect in self.defects],
            "notes": list(self.notes),
        }

    def to_json(self) -> str:
        """Return the report as JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2)

    def summary(self) -> str:
        """Return the counts in one line."""
        shared = f" ({count(self.shared)} share a cell with an earlier one)" if self.shared else ""
        return escape(
            f"{self.name}: {count(self.read)} {self.noun} read, {count(self.used)} used{shared}, "
            f"{count(self.rejected)} set aside"
        )

    def display_table(self) -> DisplayTable:
        """Return the report as a sheet: a row for each kind of defect."""
        rows: list[Group | list[Cell | str]] = []
        for used, heading in ((False, "Set aside"), (True, "Used, but odd")):
            chosen = [defect for defect in self.defects if defect.used is used]
            rows += [Group(heading)] if chosen else []
            rows += [_row(defect) for defect in chosen]
        if not rows:
            rows = [[Cell("nothing", tone="good"), "0", "every row is used as it stands", ""]]
        how = f" ({self.recognised})" if self.recognised else ""
        return DisplayTable(
            caption=self.summary(),
            columns=["defect", Column(self.noun, "right"), "what", "first of them"],
            rows=rows,
            notes=[f"Read as {self.format}{how}.", *self.notes, *self._hints()],
        )

    def _hints(self) -> list[str]:
        pairs = dict.fromkeys((item.code, item.hint) for item in self.defects)
        return [f"{code}: {hint}." for code, hint in pairs if hint]

    def __repr__(self) -> str:
        codes = f"; {', '.join(self.codes)}" if self.defects else ""
        return f"<ReadLog on {self.summary()}{codes}>"


def _row(defect: Defect) -> list[Cell | str]:
    place = f"{defect.column}: " if defect.column else ""
    tone = "warn" if defect.used else "bad"
    return [
        Cell(defect.code, tone=tone),
        count(len(defect)),
        f"{place}{defect.what}",
        _labels(defect) if defect.labels else "; ".join(defect.examples[:3]),
    ]


def _labels(defect: Defect) -> str:
    formatted = [_label(defect, label) for label in list(defect.labels)[:_LABELS]]
    more = len(defect.labels) - len(formatted)
    return ", ".join(formatted) + (f" and {more} more" if more else "")


def _label(defect: Defect, label: str) -> str:
    near = f"; {defect.near[label]}" if label in defect.near else ""
    return f"{label[:60]!r} ({defect.labels[label]}{near})"
