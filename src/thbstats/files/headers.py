"""Headers of tables: their place in a page, the texts of their columns, and their contents."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from attrs import frozen

from thbstats.files.reference_periods import period_readings
from thbstats.files.words import lowest_ages

Row = tuple[int, Sequence[str]]
"""The number of a row, counted from 1, and the texts of its cells."""

Span = tuple[tuple[int, int], tuple[int, int]]
"""The first and the last cell of a merged one: row and column, counted from 0."""

_LONGEST, _MOST_WORDS = 40, 12  # of a number, and of a header cell with a period
_WORDS = re.compile(r"[^\s,;:|()]+")
_NUMBER = re.compile(r"[<≤~]?\s*\d[\d\s.,'\u2019]*%?\s*([^\w+]*[a-z]?[^\w+]*)", re.I)
_YEAR = re.compile(r"(19|20)\d\d(\.0)?")
_MARKED_YEAR = re.compile(r"(19|20)\d\d\s*[(\[]?[a-z*][)\]]?", re.I)  # such as 2023 (p)
_SIGN = re.compile(r":|\.{1,3}|…|[-\N{EN DASH}]|n[./]?[adp]\.?|k\.? ?a\.?|s/d|\[[a-z]+\]", re.I)


class HeaderPosition(NamedTuple):
    """The number of the first header row, and the number of header rows."""

    line: int
    rows: int = 1


@frozen
class HeaderColumn:
    """A column that the header contains: its name, its target and a text for each count."""

    name: str
    target: str
    texts: Sequence[str]


def is_number(text: str) -> bool:
    """Whether a text is a number other than a year, or a missing-value sign."""
    plain = text.strip()
    if len(plain) > _LONGEST:
        return False
    return bool((_NUMBER.fullmatch(plain) and not _YEAR.fullmatch(plain)) or _SIGN.fullmatch(plain))


def _has_number(cells: Sequence[str]) -> bool:
    """Whether a row has a number that is neither a year nor an age group."""
    others = {*cells} - lowest_ages(cells)
    return any(is_number(own) and not _MARKED_YEAR.fullmatch(own.strip()) for own in others)


def find_header(head: Sequence[Row]) -> HeaderPosition | None:
    """Return the position of the header in the first rows of a page; ``None`` without one.

    The header is above the first row with a number that is not a year. It has two rows if
    the first one has empty cells, and the second one has repeated names or empty cells.

    Examples
    --------
    The row of Belgium has the first number. The first header row has an empty cell, and ``F`` is
    repeated:

    >>> title, years = (1, ["Victims", "", ""]), (2, ["Country", "2020", "", "2021"])
    >>> sexes, numbers = (3, ["", "F", "M", "F"]), (4, ["Belgium", "5", "3", "7"])
    >>> find_header([title, years, sexes, numbers])
    HeaderPosition(line=2, rows=2)
    """
    # 1. The rows of several cells; rows of one cell are titles and notes.
    wide = [row for row in head if sum(bool(cell.strip()) for cell in row[1]) > 1]
    first = next((n for n, (_, cells) in enumerate(wide) if _has_number(cells)), None)
    if not wide or first == 0:
        return None
    if first is None:  # no numbers, as in a list of cases
        return HeaderPosition(wide[0][0])
    # 2. The last of them above the numbers, and the row directly above it, if it has several cells.
    last = wide[first - 1]
    top = wide[first - 2] if first > 1 and wide[first - 2][0] == last[0] - 1 else last
    # 3. Two rows have names, or the upper one is the header of rows without numbers.
    columns = list(zip(top[1], last[1], strict=True))
    has_gaps = any(not upper and lower for upper, lower in columns)
    is_partial = any(upper and not lower for upper, lower in columns)
    names = [lower for _, lower in columns if lower]
    if has_gaps and (is_partial or len(set(names)) < len(names)):
        return HeaderPosition(top[0], 2)
    return HeaderPosition(last[0] if has_gaps else top[0])  # a title with gaps is not a header


def header_texts(
    rows: Sequence[Row], merged: Sequence[Span] = (), left: int = 0
) -> list[tuple[str, ...]]:
    """Return the texts of each column in the header rows; a merged cell has one text.

    Without merged cells, an empty cell of an upper row has the text to the left of it: ``2020`` is
    above the two columns ``F`` and ``M``. ``left`` is the first column of the range of cells.

    >>> header_texts([(1, ["", "2020", ""]), (2, ["Country", "F", "M"])])
    [('', 'Country'), ('2020', 'F'), ('2020', 'M')]
    """
    texts = [[cell.strip() for cell in cells] for _, cells in rows]
    position = {line: index for index, (line, _) in enumerate(rows[:-1])}
    wide = [own for own in merged if own[0][0] + 1 in position and own[1][1] > own[0][1]]
    for (top, first), (_, last) in wide:
        upper = texts[position[top + 1]]
        start, end = max(first - left, 0), min(last - left + 1, len(upper))
        upper[start:end] = upper[start : start + 1] * (end - start)
    for upper in texts[:-1] if not wide else ():
        for before, index in pairwise(range(len(upper))):
            upper[index] = upper[index] or upper[before]
    return list(zip(*texts, strict=True))


def split_period(text: str) -> tuple[str, str]:
    """Return the longest period in a text, and the remaining text.

    >>> split_period("Women, Q1 2020")
    ('Q1 2020', 'Women')
    """
    words = list(_WORDS.finditer(text)) if len(text) < 10 * _MOST_WORDS else []
    spans = [
        (words[first].start(), words[last].end())
        for first in range(len(words))
        for last in range(first, len(words))
    ]
    periods = [span for span in spans if period_readings(text[slice(*span)])]
    if not periods:
        return "", text
    start, end = max(periods, key=lambda span: span[1] - span[0])
    other = f"{text[:start]} {text[end:]}"
    return text[start:end], " ".join(word for word in _WORDS.findall(other) if word != "-")


def header_columns(contents: Sequence[str], headers: Sequence[Sequence[str]]) -> list[HeaderColumn]:
    """Return the columns that the header rows contain.

    ``contents`` has one entry for each row, and ``headers`` the texts of each column of counts:

    >>> header_columns(["period sex"], [["2020 women"], ["2020 men"]])
    [HeaderColumn(name='header 1', target='period', texts=['2020', '2020']),
     HeaderColumn(name='header 1 sex', target='sex', texts=['women', 'men'])]
    """
    result: list[HeaderColumn] = []
    for row, content in enumerate(contents):
        texts, name = [own[row] if row < len(own) else "" for own in headers], f"header {row + 1}"
        first, *further = content.split()
        if not further:
            result.append(HeaderColumn(name, first, texts))
            continue
        periods, others = map(list, zip(*map(split_period, texts), strict=True))
        result.append(HeaderColumn(name, "period", periods))
        target = next((own for own in (first, *further) if own != "period"), first)
        if target != "-":
            result.append(HeaderColumn(f"{name} {target}", target, others))
    return result
