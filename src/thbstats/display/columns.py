"""How wide the columns of a table are in a terminal, and which stand side by side."""

from thbstats.display.display_table import DisplayTable, Row
from thbstats.display.strings import width_of, words

__all__ = ["GAP", "Panel", "panels"]

GAP = 2
"""Spaces between two columns."""

Panel = dict[int, int]
"""Columns that stand side by side: position in the table and width."""

_LONGEST_WORD = 20
"""A longer word of a text column may be broken; a number never is while the columns fit."""


def panels(table: DisplayTable, width: int) -> list[Panel]:
    """Return the columns in as few panels as fit the width, or none if they cannot.

    Only numbers are read down a column, so only they are laid out in several panels, as even as
    possible and each with the names of the rows.
    """
    texts = [_texts(table, place) for place in range(len(table.columns))]
    least = [
        _least(text, column.is_right) for text, column in zip(texts, table.columns, strict=True)
    ]
    others = list(range(1, len(texts)))
    only_numbers = all(table.columns[place].is_right for place in others)
    for size in _sizes(len(others)) if only_numbers else [len(others)]:
        starts = range(0, max(len(others), 1), max(size, 1))
        parts = [[0, *others[start : start + size]] for start in starts]
        fitted = [_fitted(part, texts, least, width) for part in parts]
        if all(fitted):
            return fitted
    return []


def _sizes(number: int) -> list[int]:
    """Return how many columns a panel has when there are one, two, three... panels."""
    return [-(-number // count) for count in range(1, number + 1)] or [0]


def _fitted(places: list[int], texts: list[list[str]], least: list[int], width: int) -> Panel:
    """Return what each column takes; too wide, the widest give way down to a word, or nothing."""
    room = width - GAP * (len(places) - 1)
    if sum(least[place] for place in places) > room:
        return {}
    panel = {place: min(max(map(width_of, texts[place])), room) for place in places}
    while sum(panel.values()) > room:
        able = [place for place in places if panel[place] > least[place]]
        panel[max(able, key=panel.__getitem__)] -= 1
    return panel


def _texts(table: DisplayTable, place: int) -> list[str]:
    cells = [row.cells[place].marked for row in table.rows if isinstance(row, Row)]
    return [table.columns[place].name, *cells]


def _least(texts: list[str], is_right: bool) -> int:
    longest = max(width_of(word) for text in texts for word in words(text))
    return longest if is_right else min(longest, _LONGEST_WORD)
