"""Worksheets of a report."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

import pandas as pd
from attrs import field, frozen

from thbstats.display import Bullets, DisplayTable, FormattedNumber, Row
from thbstats.display.strings import clean
from thbstats.reports.content import Content
from thbstats.reports.data import COLUMNS, report_rows
from thbstats.reports.frame import footer, lead
from thbstats.reports.naming import sentence
from thbstats.reports.section import RenderedSection
from thbstats.reports.sections import DEFAULT_SECTIONS
from thbstats.values import Count, Interval

__all__ = ["Worksheet", "worksheets_of"]

_MEASURES = (
    *("value", "lower", "upper", "reason", "flags", "findings", "unanswered"),
    *("source", "reporters", "n_reporters"),
)
_TAB = 31
"""The longest name of a tab."""


def _lines(lines: Iterable[Sequence[Any]]) -> list[Sequence[Any]]:
    return list(lines)


@frozen(kw_only=True)
class Worksheet:
    """One sheet of a workbook.

    Parameters
    ----------
    name : str
        Its tab.
    about : str
        Its content, for the table of contents.
    header : tuple of str
        The names of its columns.
    lines : list of sequences
        Its rows: texts, numbers, and ``None`` for an empty cell.
    wrapped : bool
        Whether long texts take several lines.
    """

    name: str
    about: str
    header: tuple[str, ...]
    lines: list[Sequence[Any]] = field(converter=_lines)
    wrapped: bool = True


def worksheets_of(content: Content, parts: Sequence[RenderedSection]) -> list[Worksheet]:
    """Return the sheets of a report: contents, counts, numbers, own sections and notes.

    Parameters
    ----------
    content : Content
        The numbers of the report.
    parts : sequence of RenderedSection
        Its sections.

    Returns
    -------
    list of Worksheet
        The contents come first where there is more than one other.
    """
    usual = [*_counts(content), *_numbers(content), *_warnings(content)]
    taken = ["contents", "notes", *(sheet.name for sheet in usual)]
    found = [*usual, *_own(parts, taken), _notes(content, parts)]
    if len(found) == 1:
        return found
    contents = Worksheet(
        name="contents",
        about="",
        header=("sheet", "content", "rows"),
        lines=[(sheet.name, sheet.about, len(sheet.lines)) for sheet in found],
    )
    return [contents, *found]


def _counts(content: Content) -> Iterator[Worksheet]:
    """Yield all counts as one tidy table: a column is empty where a kind of count lacks it."""
    frames = {table.kind: table.to_frame() for table in content.data.tables() if len(table)}
    if not frames:
        return
    first = [name for frame in frames.values() for name in frame.columns if name not in _MEASURES]
    there = set().union(*(frame.columns for frame in frames.values()))
    measures = [name for name in _MEASURES if name in there]
    header = ("table", *dict.fromkeys(first), *measures)
    yield Worksheet(
        name="counts",
        about="Every count with its bounds, its reason and its flags, as a tidy table",
        header=header,
        wrapped=False,
        lines=[
            [kind, *map(_cell, cells)]
            for kind, frame in frames.items()
            for cells in frame.reindex(columns=header[1:]).astype(object).itertuples(index=False)
        ],
    )


def _cell(value: Any) -> Any:
    """Return a cell of a frame: a text, a number, or ``None`` for nothing and for no bound."""
    if pd.isna(value) or value == float("inf"):
        return None
    return value if isinstance(value, str) else int(value)


def _numbers(content: Content) -> Iterator[Worksheet]:
    """Yield one table each for indicators, comparisons and claims."""
    about = {
        "indicator": "Totals, shares and ratios with their bounds; shares are between 0 and 1",
        "comparison": "Differences of shares, and their comparability",
        "claim": "The claims of the text with their verdicts",
    }
    rows = report_rows(content)
    for part, text in about.items():
        there = [row for row in rows if row["part"] == part]
        header = tuple(
            name
            for name in COLUMNS
            if name != "part" and any(row[name] not in ("", None) for row in there)
        )
        if there:
            lines = [[row[name] for name in header] for row in there]
            yield Worksheet(name=f"{part}s", about=text, header=header, lines=lines)


def _warnings(content: Content) -> Iterator[Worksheet]:
    lines = [
        (
            found.code,
            found.title,
            "limitation" if found in content.limitations else str(found.severity),
            sentence(found.message),
            sentence(found.hint),
            item.id,
        )
        for found in (*content.cautions, *content.limitations)
        for item in found.applies_to
    ]
    if lines:
        yield Worksheet(
            name="warnings",
            about="Warnings and limitations, one line for each number",
            header=("code", "title", "severity", "message", "action", "number"),
            lines=lines,
        )


def _own(parts: Iterable[RenderedSection], taken: Iterable[str]) -> Iterator[Worksheet]:
    """Yield the tables of sections that are not among the usual ones."""
    usual = {section.name for section in DEFAULT_SECTIONS if section.name != "results"}
    names = set(taken)
    for part in parts:
        if part.name not in usual:
            for sheet in part.tables:
                name = _tab(part.name, names)
                names.add(name)
                yield _of_sheet(name, part.title, sheet)


def _tab(name: str, taken: Collection[str]) -> str:
    """Return a name that no other tab has and that fits on one."""
    endings = ("", *(f"_{place}" for place in range(2, len(taken) + 3)))
    fitting = (name[: _TAB - len(ending)] + ending for ending in endings)
    return next(each for each in fitting if each not in taken)


def _of_sheet(name: str, title: str, sheet: DisplayTable) -> Worksheet:
    """Return a table with its numbers as numbers; an interval has a column for each bound."""
    rows = [row for row in sheet.rows if isinstance(row, Row)]
    columns = list(zip(*(row.cells for row in rows), strict=True)) or [()] * len(sheet.columns)
    header: list[str] = []
    filled: list[list[Any]] = []
    for column, cells in zip(sheet.columns, columns, strict=True):
        bounds = [_bounds(cell.text) for cell in cells]
        ranged = any(lower != upper for lower, upper in bounds)
        header += [f"{column.name}, from", f"{column.name}, to"] if ranged else [column.name]
        filled += [list(side) for side in zip(*bounds, strict=True)][: 1 + ranged] or [[]]
    about = ": ".join(filter(None, [title, sheet.caption]))
    return Worksheet(name=name, about=about, header=tuple(header), lines=zip(*filled, strict=True))


def _bounds(text: str) -> tuple[Any, Any]:
    """Return the two bounds of a number, or a text twice."""
    if not isinstance(text, FormattedNumber):
        return text, text
    number = text.number.interval if isinstance(text.number, Count) else text.number
    if isinstance(number, Interval):
        return number.lower, number.upper
    return number, number


def _notes(content: Content, parts: Iterable[RenderedSection]) -> Worksheet:
    """Return all texts of the report."""
    report = content.report
    notes = [("title", report.title), ("source", footer(report)), ("about", lead(content))]
    notes = [(about, clean(text)) for about, text in notes]
    for part in parts:
        for block in part.texts:
            texts = block.items if isinstance(block, Bullets) else [block]
            notes += [(part.title, x if isinstance(x, str) else x.words) for x in texts]
        notes += [(part.title, note) for sheet in part.tables for note in sheet.notes]
    notes += [("not computed", f"{each.id}: {each.reason}") for each in content.omissions]
    notes.append(("empty cells", _EMPTY))
    lines = dict.fromkeys((about, text) for about, text in notes if text)
    return Worksheet(name="notes", about="Notes on the numbers", header=_NOTES, lines=lines)


_NOTES = ("about", "note")
_EMPTY = (
    "An empty value is not zero: the column reason shows whether it is suppressed, missing or not "
    "applicable, and lower and upper show its bounds. An empty upper bound means no bound."
)
