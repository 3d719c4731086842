"""Reports as workbooks."""

import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from importlib import import_module
from io import BytesIO
from typing import Any

import pandas as pd
from attrs import frozen

from thbstats._files import surrogate_error, write_file
from thbstats.display import Bullets, DisplayTable, FormattedNumber, Row
from thbstats.display.strings import clean
from thbstats.errors import InvalidValue, MissingExtra, require
from thbstats.reports.content import Content
from thbstats.reports.data import COLUMNS, report_rows
from thbstats.reports.names import sentence
from thbstats.reports.section import RenderedSection
from thbstats.reports.sections import DEFAULT_SECTIONS
from thbstats.values import Count, Interval

_ROWS, _CHARACTERS, _TAB = 2**20, 32_767, 31
"""The largest number of rows of a sheet, and of characters of a cell and of the name of a tab."""

_WIDEST, _SAMPLE = 60, 200
_CREATED = datetime(2000, 1, 1, tzinfo=UTC)
"""The creation date of all files, so that the same report gives the same file."""

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_MEASURES = (
    *("value", "lower", "upper", "reason", "flags", "findings", "unanswered"),
    *("source", "reporters", "n_reporters"),
)
_PARTS = {
    "indicator": "Totals, shares and ratios with their bounds; shares are between 0 and 1",
    "comparison": "Differences of shares, and their comparability",
    "claim": "The claims of the text with their verdicts",
}
_EMPTY = (
    "An empty value is not zero: the column reason shows whether it is suppressed, missing or not "
    "applicable, and lower and upper show its bounds. An empty upper bound means no bound."
)


@frozen
class Worksheet:
    """One sheet: its name, its content in words, its header, and rows of texts and numbers."""

    name: str
    about: str
    header: tuple[str, ...]
    lines: list[Sequence[Any]]
    wrapped: bool = True


def write_workbook(
    content: Content,
    parts: Sequence[RenderedSection],
    notes: Iterable[tuple[str, str]],
    path: str | os.PathLike[str],
) -> None:
    """Write a report as a workbook; the same report gives the same bytes."""
    write_sheets(worksheets_of(content, parts, notes), content.report.title, path)


def write_sheets(sheets: Sequence[Worksheet], title: str, path: str | os.PathLike[str]) -> None:
    """Write worksheets as a workbook; the same sheets give the same bytes."""
    for sheet in sheets:
        _check(sheet)
    try:
        library: Any = import_module("xlsxwriter")
    except ImportError as error:
        raise MissingExtra(
            f"xlsxwriter is needed for a workbook and cannot be imported ({error})",
            hint="pip install 'thbstats[excel]'",
        ) from error
    written = BytesIO()
    try:
        with library.Workbook(written, _OPTIONS) as book:
            book.set_properties({"title": title, "created": _CREATED})
            bold = book.add_format({"bold": True, "bottom": 1})
            top = book.add_format({"valign": "top"})
            wrapped = book.add_format({"text_wrap": True, "valign": "top"})
            for sheet in sheets:
                body = wrapped if sheet.wrapped else top
                _write(book.add_worksheet(sheet.name), sheet, bold, body)
    except UnicodeEncodeError as error:
        raise surrogate_error(error) from None
    write_file(path, written.getvalue())


def _check(sheet: Worksheet) -> None:
    problem = f"sheet {sheet.name!r} must have fewer rows than {_ROWS:,}"
    hint = "Write CSV or Parquet, or report on a part of the counts"
    require(len(sheet.lines) < _ROWS, problem, hint, rows=len(sheet.lines))
    for row, line in enumerate(sheet.lines, start=2):
        for name, cell in zip(sheet.header, line, strict=True):
            if isinstance(cell, str) and len(cell) > _CHARACTERS:
                raise InvalidValue(
                    f"must have at most {_CHARACTERS:,} characters",
                    row=f"{row} of sheet {sheet.name!r}",
                    field=name,
                    value=f"{cell[:40]}...",
                    hint="Shorten the text, or write JSON",
                )


def _write(target: Any, sheet: Worksheet, bold: Any, body: Any) -> None:
    for column, name in enumerate(sheet.header):
        target.write_string(0, column, name, bold)
    for row, line in enumerate(sheet.lines, start=1):
        target.write_row(row, 0, line)
    target.freeze_panes(1, 0)
    if sheet.lines:
        target.autofilter(0, 0, len(sheet.lines), len(sheet.header) - 1)
    for column, name in enumerate(sheet.header):
        sample = (line[column] for line in sheet.lines[:_SAMPLE])
        widest = max([len(name) + 3, *(len(str(cell)) for cell in sample if cell is not None)])
        target.set_column(column, column, min(widest + 1, _WIDEST), body)


def worksheets_of(
    content: Content, parts: Sequence[RenderedSection], notes: Iterable[tuple[str, str]]
) -> list[Worksheet]:
    """Return the sheets of a report: contents, counts, numbers, own sections and notes.

    The contents come first if there is more than one other.
    """
    sheets = [*_counts(content), *_numbers(content)]
    usual = {section.name for section in DEFAULT_SECTIONS if section.name != "results"}
    taken = {"contents", "notes", *(sheet.name for sheet in sheets)}
    for part in parts:
        for table in () if part.name in usual else part.tables:
            ends = ("", *(f"_{number}" for number in range(2, len(taken) + 3)))
            names = (part.name[: _TAB - len(end)] + end for end in ends)
            name = next(name for name in names if name not in taken)
            taken.add(name)
            sheets.append(_of_table(name, part.title, table))
    texts = [(about, clean(text)) for about, text in notes]
    for part in parts:
        for block in part.texts:
            items = block.items if isinstance(block, Bullets) else [block]
            texts += [(part.title, x if isinstance(x, str) else x.words) for x in items]
        texts += [(part.title, note) for table in part.tables for note in table.notes]
    texts += [("not computed", f"{item.id}: {item.reason}") for item in content.omissions]
    texts.append(("empty cells", _EMPTY))
    each_once = list(dict.fromkeys((about, text) for about, text in texts if text))
    sheets.append(Worksheet("notes", "Notes on the numbers", ("about", "note"), [*each_once]))
    if len(sheets) == 1:
        return sheets
    contents = [(sheet.name, sheet.about, len(sheet.lines)) for sheet in sheets]
    return [Worksheet("contents", "", ("sheet", "content", "rows"), [*contents]), *sheets]


def _counts(content: Content) -> Iterator[Worksheet]:
    """Yield all counts as one tidy table: a column is empty if a kind of count lacks it."""
    frames = {table.kind: table.to_frame() for table in content.data.tables() if len(table)}
    names = dict.fromkeys(name for frame in frames.values() for name in frame.columns)
    header = [name for name in names if name not in _MEASURES]
    header += [name for name in _MEASURES if name in names]
    about = "Every count with its bounds, its reason and its flags, as a tidy table"
    lines = [
        [kind, *map(_cell, cells)]
        for kind, frame in frames.items()
        for cells in frame.reindex(columns=header).astype(object).itertuples(index=False)
    ]
    if frames:
        yield Worksheet("counts", about, ("table", *header), [*lines], wrapped=False)


def _cell(value: Any) -> Any:
    """Return a cell of a frame: a text, a number, or ``None`` for nothing and for no bound."""
    if pd.isna(value) or value == float("inf"):
        return None
    return value if isinstance(value, str) else int(value)


def _numbers(content: Content) -> Iterator[Worksheet]:
    """Yield one table each for indicators, comparisons, claims and warnings."""
    every = report_rows(content)
    for part, about in _PARTS.items():
        rows = [row for row in every if row["part"] == part]
        header = tuple(
            name
            for name in COLUMNS
            if name != "part" and any(row[name] not in ("", None) for row in rows)
        )
        if rows:
            yield Worksheet(
                f"{part}s", about, header, [[row[name] for name in header] for row in rows]
            )
    lines = [
        (
            *(caution.code, caution.title, severity or str(caution.severity)),
            *(sentence(caution.message), sentence(caution.hint), item.id),
        )
        for severity, cautions in (("", content.cautions), ("limitation", content.limitations))
        for caution in cautions
        for item in caution.applies_to
    ]
    header = ("code", "title", "severity", "message", "action", "number")
    about = "Warnings and limitations, one line for each number"
    if lines:
        yield Worksheet("warnings", about, header, [*lines])


def _of_table(name: str, title: str, table: DisplayTable) -> Worksheet:
    """Return a table with its numbers as numbers; an interval has a column for each bound."""
    rows = [row for row in table.rows if isinstance(row, Row)]
    header: list[str] = []
    columns: list[list[Any]] = []
    for position, column in enumerate(table.columns):
        bounds = [_bounds(row.cells[position].text) for row in rows]
        lowers, uppers = ([own[side] for own in bounds] for side in (0, 1))
        ranged = lowers != uppers
        header += [f"{column.name}, from", f"{column.name}, to"] if ranged else [column.name]
        columns += [lowers, uppers] if ranged else [lowers]
    about = ": ".join(filter(None, [title, table.caption]))
    return Worksheet(name, about, tuple(header), list(zip(*columns, strict=True)))


def _bounds(text: str) -> tuple[Any, Any]:
    """Return the two bounds of a number, or a text twice."""
    if not isinstance(text, FormattedNumber):
        return text, text
    number = text.number.interval if isinstance(text.number, Count) else text.number
    return (number.lower, number.upper) if isinstance(number, Interval) else (number, number)
