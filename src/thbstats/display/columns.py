"""Widths of columns in a terminal."""

from thbstats.display.display_table import DisplayTable, Row
from thbstats.display.strings import split_words, width_of

__all__ = ["GAP", "ColumnBlock", "column_blocks"]

GAP = 2
"""Spaces between two columns."""

ColumnBlock = dict[int, int]
"""Width of each column of a block, by position in the table."""

_LONGEST_WORD = 20
"""Longest word of a text column that is not broken."""


def column_blocks(table: DisplayTable, width: int) -> list[ColumnBlock]:
    """Return the columns in blocks that fit the width, or none if they cannot.

    Only columns of numbers are split into several blocks. Blocks have similar sizes, and each
    has the first column.
    """
    texts = [_texts(table, position) for position in range(len(table.columns))]
    narrowest = [
        _least_width(text, column.is_right)
        for text, column in zip(texts, table.columns, strict=True)
    ]
    numbers = list(range(1, len(texts)))
    only_numbers = all(table.columns[position].is_right for position in numbers)
    for size in _sizes(len(numbers)) if only_numbers else [len(numbers)]:
        starts = range(0, max(len(numbers), 1), max(size, 1))
        blocks = [[0, *numbers[start : start + size]] for start in starts]
        fitted = [_fitted(block, texts, narrowest, width) for block in blocks]
        if all(fitted):
            return fitted
    return []


def _sizes(number: int) -> list[int]:
    """Return the number of columns per block for one, two, three... blocks."""
    return [-(-number // count) for count in range(1, number + 1)] or [0]


def _fitted(
    positions: list[int], texts: list[list[str]], narrowest: list[int], width: int
) -> ColumnBlock:
    """Return the width of each column, reduced to fit; empty if impossible."""
    room = width - GAP * (len(positions) - 1)
    if sum(narrowest[position] for position in positions) > room:
        return {}
    block = {position: min(max(map(width_of, texts[position])), room) for position in positions}
    while sum(block.values()) > room:
        reducible = [position for position in positions if block[position] > narrowest[position]]
        block[max(reducible, key=block.__getitem__)] -= 1
    return block


def _texts(table: DisplayTable, position: int) -> list[str]:
    cells = [row.cells[position].marked for row in table.rows if isinstance(row, Row)]
    return [table.columns[position].name, *cells]


def _least_width(texts: list[str], is_right: bool) -> int:
    longest = max(width_of(word) for text in texts for word in split_words(text))
    return longest if is_right else min(longest, _LONGEST_WORD)
