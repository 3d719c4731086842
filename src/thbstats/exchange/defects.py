"""What was odd in a file: each kind once, with every row that shows it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from attrs import field, frozen
from numpy.typing import ArrayLike, NDArray

from thbstats._characters import escape
from thbstats.exchange.words import Words
from thbstats.tables.findings import CellFinding

__all__ = ["Defect", "Ledger", "Marks"]

_EXAMPLES = 5


def _fixed(values: ArrayLike) -> NDArray[np.int64]:
    array = np.array(values, dtype=np.int64)
    array.flags.writeable = False
    return array


@frozen(kw_only=True, eq=False)
class Defect:
    """One kind of oddity in a file.

    Parameters
    ----------
    code : str
        The kind, such as ``"REPEATED"``.
    used : bool
        Whether the rows are in the table all the same; otherwise they were set aside.
    column : str
        The column in which it shows; empty where it is the row as a whole.
    what : str
        What is odd, in one clause.
    hint : str
        What to do about it.
    lines : array of int64, shape (n,)
        The line of each row that shows it, from 1 as an editor or a spreadsheet counts.
    examples : tuple of str
        The first of them: where it is and what stands there.
    labels : mapping
        Every distinct text that shows it and in how many rows, where it is about texts.
    near : mapping
        For some of these texts, what is written almost alike; shown, and never used.
    """

    code: str
    used: bool
    column: str = ""
    what: str
    hint: str
    lines: NDArray[np.int64] = field(converter=_fixed, repr=False)
    examples: tuple[str, ...] = ()
    labels: Mapping[str, int] = field(factory=dict)
    near: Mapping[str, str] = field(factory=dict)

    def __len__(self) -> int:
        return len(self.lines)

    def to_dict(self) -> dict[str, Any]:
        """Return the defect as plain data, with every line and every label."""
        return {
            "code": self.code,
            "used": self.used,
            "column": self.column,
            "rows": len(self),
            "what": self.what,
            "hint": self.hint,
            "lines": self.lines.tolist(),
            "examples": list(self.examples),
            "labels": dict(self.labels),
            "near": dict(self.near),
        }

    def __str__(self) -> str:
        place = f" in {self.column!r}" if self.column else ""
        first = f": {'; '.join(self.examples)}" if self.examples else ""
        return escape(f"{self.code}{place}, {len(self)} rows, {self.what}{first}. {self.hint}")


@frozen(eq=False)
class Marks:
    """Findings on the cells that rows become.

    Parameters
    ----------
    rows : array of int, shape (n,)
        Positions of rows.
    places : array of int, shape (n,)
        The finding set of each, as a position in ``sets``.
    sets : sequence of sequence of CellFinding
        Finding sets.
    """

    rows: NDArray[np.intp]
    places: NDArray[Any]
    sets: Sequence[Sequence[CellFinding]]


class Ledger:
    """The rows of a file while it is read: which of them are still used, and what was odd.

    Parameters
    ----------
    raw : DataFrame
        The rows as they stand in the file.
    lines : array of int64, shape (n,)
        The line in which each stands, from 1.
    place : callable, optional
        From the position of a row to where it stands, in words; by default its line.
    """

    def __init__(
        self,
        raw: pd.DataFrame,
        lines: NDArray[np.int64],
        place: Callable[[int], str] | None = None,
    ) -> None:
        self.raw = raw
        self.lines = lines
        self.kept: NDArray[np.bool_] = np.ones(len(lines), dtype=np.bool_)
        self.defects: list[Defect] = []
        self.notes: list[str] = []
        self.marks: list[Marks] = []
        self.shared = 0  # used rows beyond the first of their cell
        self.outside: list[tuple[int, str, str]] = []
        self._words: dict[str, Words] = {}
        self.place: Callable[[int], str] = place or (lambda row: f"line {self.lines[row]}")

    def words(self, name: str) -> Words:
        """Return a column of the file as codes of its words."""
        if name not in self._words:
            self._words[name] = Words.of(self.raw[name], name)
        return self._words[name]

    def aside(self, code: str, rows: ArrayLike, *, what: str, hint: str, **more: Any) -> None:
        """Set rows aside, given as positions or as a mask, and say why."""
        found = self._add(code, rows, used=False, what=what, hint=hint, **more)
        self.kept[found] = False

    def odd(self, code: str, rows: ArrayLike, *, what: str, hint: str, **more: Any) -> None:
        """Say what is odd about rows that are used all the same."""
        self._add(code, rows, used=True, what=what, hint=hint, **more)

    def mark(
        self,
        rows: NDArray[np.intp],
        places: NDArray[Any],
        sets: Sequence[Sequence[CellFinding]],
    ) -> None:
        """Keep findings for the cells that rows become; ``places`` are positions in ``sets``."""
        if len(rows):
            self.marks.append(Marks(rows, places, sets))

    def lost_lines(
        self, code: str, lines: Iterable[tuple[int, str]], what: str, hint: str, noun: str = "line"
    ) -> None:
        """Set lines aside that could not be made rows; each with its text."""
        found = list(lines)
        if not found:
            return
        self.outside += [(line, code, text) for line, text in found]
        self.defects.append(
            Defect(
                code=code,
                used=False,
                what=what,
                hint=hint,
                lines=[line for line, _ in found],
                examples=tuple(f"{noun} {line}: {text[:80]!r}" for line, text in found[:_EXAMPLES]),
            )
        )

    def note(self, text: str) -> None:
        """Say something about the file as a whole, once."""
        if text not in self.notes:
            self.notes.append(text)

    def _add(
        self,
        code: str,
        rows: ArrayLike,
        *,
        used: bool,
        what: str,
        hint: str,
        column: str = "",
        shows: Callable[[int], str] | None = None,
        labels: Mapping[str, int] | None = None,
        near: Mapping[str, str] | None = None,
    ) -> NDArray[np.intp]:
        found = np.asarray(rows)
        found = np.flatnonzero(found) if found.dtype == np.bool_ else found.astype(np.intp)
        if len(found):
            told = shows or self._cell(column)
            self.defects.append(
                Defect(
                    code=code,
                    used=used,
                    column=column,
                    what=what,
                    hint=hint,
                    lines=self.lines[found],
                    examples=tuple(
                        f"{self.place(row)}: {told(row)}" for row in found[:_EXAMPLES].tolist()
                    ),
                    labels=labels or {},
                    near={} if near is None else near,
                )
            )
        return found

    def _cell(self, name: str) -> Callable[[int], str]:
        """Return how a row is formatted: by one of its cells, or by all."""
        if name in self.raw.columns:
            words = self.words(name)
            return lambda row: repr(words.at(row)[:80])
        return lambda row: ", ".join(filter(None, self._row(row)))[:160]

    def _row(self, row: int) -> list[str]:
        return [self.words(name).at(row) for name in map(str, self.raw.columns)]

    def rejected(self) -> pd.DataFrame:
        """Return what was set aside as it stands in the file, with its line and why."""
        why: dict[int, list[str]] = {}
        for defect in self.defects:
            if not defect.used:
                for line in defect.lines.tolist():
                    why.setdefault(line, []).append(defect.code)
        rows = np.flatnonzero(~self.kept)
        frame = self.raw.iloc[rows].astype("str").reset_index(drop=True)
        codes = [" ".join(dict.fromkeys(why.get(line, []))) for line in self.lines[rows].tolist()]
        frame.insert(0, "(line)", self.lines[rows])
        frame.insert(1, "(why)", codes)
        if self.outside:
            lost = pd.DataFrame(self.outside, columns=["(line)", "(why)", "(text)"])
            frame = pd.concat([frame, lost], ignore_index=True)
        return frame
