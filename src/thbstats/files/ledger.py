"""Row-by-row record of reading a file: columns, used rows, rejected rows and problems."""

import itertools
import tomllib
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from functools import partial
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from attrs import field, frozen
from numpy.typing import ArrayLike, NDArray

from thbstats._characters import escape
from thbstats._properties import cached_property
from thbstats.columns import Coded
from thbstats.columns.coded import lookup, narrowest_type
from thbstats.errors import ThbstatsError
from thbstats.languages import Message
from thbstats.tables.origins import CellFinding

_TEXTS: Mapping[str, Mapping[str, str]] = tomllib.loads(
    files("thbstats.files").joinpath("problems.toml").read_text("utf-8")
)

ROW_PROBLEMS: Mapping[str, str] = MappingProxyType(
    {code: Message(text) for code, text in _TEXTS["problems"].items()}
)
"""Meaning of the codes of `RowProblem`."""

UNSUPPORTED_FEATURES: Mapping[str, str] = MappingProxyType(
    {code: Message(text) for code, text in _TEXTS["features"].items()}
)
"""Meaning of the codes of `UnsupportedFeature`."""

_EXAMPLES = 5
_PLACES = {"line": partial(Message, "line {n}"), "row": partial(Message, "row {n}")}
"""The place of a row in a file; other nouns stay in English."""
Texts = Sequence[int] | Callable[[str], bool]
"""Texts of a column, as codes or as a condition."""


def title_of(code: str) -> str:
    """Return the title of a problem, by default the words of its code."""
    return Message(_TEXTS["titles"].get(code) or code.replace("_", " ").capitalize())


def _texts_of(code: str, values: Mapping[str, object]) -> tuple[Message, Message]:
    """Return the message and the hint of a problem; without its own ones, those of its code."""
    known = code.partition(".")[0]
    message = _TEXTS["messages"].get(code) or _TEXTS["messages"][known]
    hint, example = (
        _TEXTS[name].get(code, _TEXTS[name].get(known, "")) for name in ("hints", "examples")
    )
    return Message(message, **values), Message(hint, example=example, **values)


def shortened(text: str, width: int) -> str:
    """Return a text of at most a width, which ends with a whole word."""
    if len(text) <= width:
        return text
    words = text[:width].rpartition(" ")[0]
    return f"{words or text[:width]} ..."


def _free_name(word: str, names: Container[str]) -> str:
    """Return a name such as ``(line)``, or ``(line 2)`` if a file of rejected rows has it."""
    options = (f"({word})" if n == 1 else f"({word} {n})" for n in itertools.count(1))
    return next(name for name in options if name not in names)


class FileColumn(Coded[str]):
    """A column of texts with the name that it has in the file.

    Some texts may occur in no row. A missing text has the code -1.
    """

    __slots__ = ("name",)
    name: str

    def __init__(self, codes: ArrayLike, categories: Iterable[str], name: str = "") -> None:
        super().__init__(codes, categories)
        object.__setattr__(self, "name", name)

    @classmethod
    def constant(cls, value: object, size: int) -> "FileColumn":
        """Return a column with the same text in every row."""
        return cls(np.zeros(size, dtype=np.int8), (str(value),))

    @classmethod
    def from_values(cls, values: Any, name: str = "") -> "FileColumn":
        """Return the column of an array or series of texts or categories."""
        array = getattr(values, "array", values)
        categorical = array if isinstance(array, pd.Categorical) else pd.Categorical(array)
        return cls(categorical.codes, map(str, categorical.categories), name)

    def with_values(self, values: Sequence[str | None]) -> "FileColumn":
        """Return the column with new texts, one per code; ``None`` is missing."""
        position: dict[str, int] = {}
        codes = [-1 if v is None else position.setdefault(v, len(position)) for v in values]
        table = np.array([*codes, -1], dtype=narrowest_type(len(position), signed=True))
        return FileColumn(lookup(table, self.codes), position, self.name)

    def compact(self) -> "FileColumn":
        """Return the column without the texts that occur in no row."""
        column = super().compact()
        return FileColumn(column.codes, column.categories, self.name)

    def take(self, rows: Any) -> "FileColumn":
        """Return some rows, with all texts."""
        return FileColumn(self.codes[rows], self.categories, self.name)

    def value_at(self, row: int) -> str:
        """Return the text of a row; empty if it is missing."""
        return self[row] or ""

    def fill_missing(self, other: "FileColumn") -> "FileColumn":
        """Return the column with its missing texts taken from another column."""
        later = np.where(other.codes < 0, -1, other.codes.astype(np.int64) + len(self.categories))
        codes = np.where(self.codes < 0, later, self.codes)
        texts = (*self.categories, *other.categories)
        return FileColumn(codes, texts, self.name).with_values(texts)  # equal texts have one code

    def count_rows(self, rows: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
        """Return the number of rows with each text; the last entry is missing."""
        codes = (self.codes if rows is None else self.codes[rows]).astype(np.intp)
        return np.roll(np.bincount(codes + 1, minlength=len(self.categories) + 1), -1)

    def parse(
        self, function: Callable[[str], Any], default: Any = None
    ) -> tuple[list[Any], list[int]]:
        """Return the result of a function for each text, and the codes of invalid texts.

        Invalid texts and texts without rows have the default.
        """
        results, invalid = [default] * len(self.categories), []
        for code in self.present:
            try:
                results[code] = function(self.categories[code])
            except ThbstatsError:
                invalid.append(code)
        return results, invalid

    def isin(self, codes: Sequence[int]) -> NDArray[np.bool_]:
        """Return a mask of the rows with given codes; ``len(values)`` is missing."""
        if not len(codes):
            return np.zeros(len(self.codes), dtype=np.bool_)
        table = np.zeros(len(self.categories) + 1, dtype=np.bool_)
        table[list(codes)] = True
        return lookup(table, self.codes)

    def matching(self, condition: Callable[[str], object]) -> list[int]:
        """Return the codes of the texts that fulfil a condition."""
        return [code for code, text in enumerate(self.categories) if condition(text)]

    def where(self, condition: Callable[[str], object]) -> NDArray[np.bool_]:
        """Return a mask of the rows with texts that fulfil a condition."""
        return self.isin(self.matching(condition))

    def row_counts(self, codes: Sequence[int], rows: NDArray[np.bool_]) -> dict[str, int]:
        """Return the number of rows by text, the most frequent text first."""
        counts = self.count_rows(rows) if len(codes) else ()
        pairs = sorted(
            (-int(counts[code]), self.categories[code]) for code in codes if counts[code]
        )
        return {text: -number for number, text in pairs}


class Deferred(Mapping[str, Any]):
    """A mapping that is made at the first access."""

    def __init__(self, make: Callable[[], Mapping[str, Any]]) -> None:
        self._make = make

    @cached_property
    def _content(self) -> Mapping[str, Any]:
        return self._make()

    def __getitem__(self, key: str) -> Any:
        return self._content[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._content)

    def __len__(self) -> int:
        return len(self._content)

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, (dict(self._content),)


# mypy does not understand `tuple` itself as a converter.
def as_tuple(values: Iterable[Any]) -> tuple[Any, ...]:
    """Return values as a tuple."""
    return tuple(values)


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
        The line number of each row with the problem, counted from 1. A line of a table with several
        columns of counts has several rows.
    positions : array of int64
        The position of each row among all rows; empty for lines that cannot be read as rows.
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
    positions: NDArray[np.int64] = field(default=(), converter=_fixed, repr=False)
    examples: tuple[str, ...] = field(default=(), converter=as_tuple)
    texts: Mapping[str, int] = field(factory=dict)
    suggestions: Mapping[str, str] = field(factory=dict)

    def __len__(self) -> int:
        return len(self.lines)

    def to_dict(self) -> dict[str, Any]:
        """Return the problem as plain data, with every line and every text."""
        return {
            **{name: getattr(self, name) for name in ("code", "used", "column")},
            "rows": len(self),
            **{name: getattr(self, name) for name in ("message", "hint")},
            "lines": self.lines.tolist(),
            "examples": list(self.examples),
            "texts": dict(self.texts),
            "suggestions": dict(self.suggestions),
        }

    def __str__(self) -> str:
        where = f" in {self.column!r}" if self.column else ""
        rows = "1 row" if len(self) == 1 else f"{len(self)} rows"
        first = f": {'; '.join(self.examples)}" if self.examples else ""
        title = title_of(self.code)
        return escape(f"{title}{where}, {rows}, {self.message}{first}. {self.hint}")


@frozen(eq=False)
class RowFindings:
    """Findings of rows, for the table cells of these rows; codes are positions in ``sets``."""

    rows: NDArray[np.intp]
    codes: NDArray[Any]
    sets: Sequence[Sequence[CellFinding]]


class Ledger:
    """Row-by-row record of reading a file.

    ``raw`` are the rows as they are in the file, ``lines`` their line numbers, counted from 1.
    ``location`` is a function from the position of a row to its location, by default its ``noun``
    and line number. ``ragged`` are the number and the cells of each line with more or fewer cells
    than the header; they are rejected. ``preamble`` are the cells of the lines before the header.
    ``has_decimal_point`` is whether the format defines the point as decimal sign. ``headers`` are
    the texts of each column in the header rows, ``merged_cells`` the rows and columns of each
    merged cell, and ``left_out`` the parts of the file that were not read.
    ``is_declared`` is whether a user declared the columns: their sums are compared with the parts.
    ``first_rows`` are the rows that do not continue the row above them, because they follow a
    ragged line or are the first ones of a worksheet.
    """

    def __init__(
        self,
        raw: pd.DataFrame,
        lines: NDArray[np.int64],
        location: Callable[[int], str] | None = None,
        *,
        noun: str = "line",
        ragged: Iterable[tuple[int, Sequence[str]]] = (),
    ) -> None:
        self.raw = raw
        self.lines = lines
        self.is_used: NDArray[np.bool_] = np.ones(len(lines), dtype=np.bool_)
        self.problems: list[RowProblem] = []
        self.notes: list[str] = []
        self.findings: list[RowFindings] = []
        self.shared = 0  # used rows after the first row of their cell
        self.unparsed: list[tuple[int, str, str]] = []
        self.preamble: Sequence[Sequence[str]] = ()
        self.has_decimal_point = True
        self.ragged: list[tuple[int, Sequence[str]]] = list(ragged)
        self.headers: Mapping[str, tuple[str, ...]] = {name: (name,) for name in map(str, raw)}
        self.merged_cells: list[tuple[range, Sequence[str]]] = []
        self.left_out: list[str] = []
        self.is_declared = False
        self.first_rows: NDArray[np.intp] = np.searchsorted(
            lines, [line for line, _ in self.ragged]
        )
        self._columns: dict[str, FileColumn] = {}
        self.location: Callable[[int], str] = location or (
            lambda row: _PLACES[noun](n=self.lines[row])
        )
        self.reject_lines(
            "RAGGED",
            [(line, ", ".join(cells)) for line, cells in self.ragged],
            values={"n": len(raw.columns)},
        )

    @classmethod
    def of_columns(
        cls,
        names: Sequence[str],
        columns: Iterable[Any],
        lines: ArrayLike,
        ragged: Iterable[tuple[int, Sequence[str]]] = (),
        noun: str = "line",
    ) -> "Ledger":
        """Return the ledger of categorical columns."""
        numbers = np.asarray(lines, dtype=np.int64)
        index = pd.RangeIndex(len(numbers))
        raw = pd.DataFrame(dict(zip(names, columns, strict=True)), index=index, copy=False)
        return cls(raw, numbers, ragged=ragged, noun=noun)

    def __len__(self) -> int:
        return len(self.lines)

    def column(self, name: str) -> FileColumn:
        """Return a column of the file as codes of its texts."""
        if name not in self._columns:
            self._columns[name] = FileColumn.from_values(self.raw[name], name)
        return self._columns[name]

    def is_merged(self, name: str) -> NDArray[np.bool_]:
        """Return a mask of the cells of a column below the first cell of a merged one."""
        result = np.zeros(len(self), dtype=np.bool_)
        for rows, columns in self.merged_cells:
            result[rows.start + 1 : rows.stop] |= columns[0] == name
        return result

    def with_columns(self, columns: Mapping[str, FileColumn]) -> "Ledger":
        """Return the ledger with other texts of columns; rejected rows keep those of the file."""
        self._columns.update(columns)
        return self

    def reject(self, code: str, rows: ArrayLike, **problem: Any) -> None:
        """Reject rows, given as positions or as a mask, for a problem; see `RowProblem`.

        Message and hint are those of the code in ``problems.toml``, with ``values`` for their
        parameters, unless they are given. ``example`` is a function from the position of a row to
        its contents for the examples.
        """
        self.is_used[self._add(code, rows, used=False, **problem)] = False

    def flag(self, code: str, rows: ArrayLike, **problem: Any) -> None:
        """Record a problem of rows that are used; see `reject`."""
        self._add(code, rows, used=True, **problem)

    def reject_texts(self, code: str, column: FileColumn, texts: Texts, **problem: Any) -> None:
        """Reject the used rows with some texts of a column, and count the texts.

        ``texts`` are codes or a condition. ``within`` is a mask of further rows to select, ``name``
        the column if it is not one of the file.
        """
        self.reject(code, **self._with_texts(column, texts, **problem))

    def flag_texts(self, code: str, column: FileColumn, texts: Texts, **problem: Any) -> None:
        """Record a problem of used rows with some texts of a column; see `reject_texts`."""
        self.flag(code, **self._with_texts(column, texts, **problem))

    def _with_texts(
        self,
        column: FileColumn,
        texts: Texts,
        *,
        within: NDArray[np.bool_] | None = None,
        name: str = "",
        **problem: Any,
    ) -> dict[str, Any]:
        codes = column.matching(texts) if callable(texts) else list(texts)
        rows = column.isin(codes) & self.is_used
        if within is not None:
            rows &= within
        counts = column.row_counts(codes, rows) if rows.any() else {}
        return {"rows": rows, "column": column.name or name, "texts": counts, **problem}

    def add_findings(
        self, rows: NDArray[np.intp], codes: NDArray[Any], sets: Sequence[Sequence[CellFinding]]
    ) -> None:
        """Add findings to the cells of rows; ``codes`` are positions in ``sets``."""
        if len(rows):
            self.findings.append(RowFindings(rows, codes, sets))

    def reject_lines(
        self,
        code: str,
        lines: Iterable[tuple[int, str]],
        *,
        noun: str = "line",
        values: Mapping[str, object] | None = None,
    ) -> None:
        """Reject lines that cannot be parsed as rows, each with its text; see `RowProblem`."""
        message, hint = _texts_of(code, values or {})
        code, unparsed = code.partition(".")[0], list(lines)
        if unparsed:
            self.unparsed += [(line, code, text) for line, text in unparsed]
            examples = [
                f"{noun} {line}: {shortened(text, 80)!r}" for line, text in unparsed[:_EXAMPLES]
            ]
            numbers = [line for line, _ in unparsed]
            self.problems.append(
                RowProblem(
                    code=code,
                    used=False,
                    lines=numbers,
                    examples=examples,
                    message=message,
                    hint=hint,
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
        column: str = "",
        example: Callable[[int], str] | None = None,
        values: Mapping[str, object] | None = None,
        **problem: Any,
    ) -> NDArray[np.intp]:
        """Record a problem, and return the positions of its rows."""
        selected = np.asarray(rows)
        if selected.dtype == np.bool_:
            selected = np.flatnonzero(selected)
        selected = selected.astype(np.intp)
        if len(selected):
            contents = example or self._contents(column)
            examples = [f"{self.location(row)}: {contents(row)}" for row in selected[:_EXAMPLES]]
            if "message" not in problem:
                problem["message"], problem["hint"] = _texts_of(code, values or {})
            self.problems.append(
                RowProblem(
                    code=code.partition(".")[0],
                    column=column,
                    lines=self.lines[selected],
                    positions=selected,
                    examples=examples,
                    **problem,
                )
            )
        return selected

    def _contents(self, name: str) -> Callable[[int], str]:
        """Return a function that formats one cell of a row, or all its cells."""
        if name in self.raw.columns:
            column = self.column(name)
            return lambda row: repr(shortened(column.value_at(row), 80))
        names = list(map(str, self.raw.columns))
        return lambda row: shortened(
            ", ".join(filter(None, (self.column(name).value_at(row) for name in names))), 160
        )

    def rejected(self) -> pd.DataFrame:
        """Return the rejected rows as they are in the file, with line and codes."""
        codes_of_row: dict[int, list[str]] = {}
        for problem in self.problems:
            for row in [] if problem.used else problem.positions.tolist():
                codes_of_row.setdefault(row, []).append(problem.code)
        rows = np.flatnonzero(~self.is_used)
        frame = self.raw.iloc[rows].astype("str").reset_index(drop=True)
        names = [_free_name(word, frame) for word in ("line", "problem", "text")]
        codes = [" ".join(dict.fromkeys(codes_of_row.get(row, []))) for row in rows.tolist()]
        frame.insert(0, names[0], self.lines[rows])
        frame.insert(1, names[1], codes)
        if self.unparsed:
            unparsed = pd.DataFrame(self.unparsed, columns=names)
            frame = pd.concat([frame, unparsed], ignore_index=True)
        return frame
