"""How wide texts are in points, and where their lines end."""

from collections.abc import Iterable

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from thbstats.display.strings import words

__all__ = ["LEADING", "capital", "height_of", "lines_of", "wide", "wrapped"]

LEADING = 1.25
"""The distance of two lines, in heights of a letter."""

_HINTING = 1.06
"""On a screen letters are set on whole pixels, which makes a line up to so much wider."""


def capital(text: str) -> str:
    """Return a text with a capital at its start."""
    return text[:1].upper() + text[1:]


def wide(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide the longest line of a text is, in points."""
    font = FontProperties(size=size, weight="bold" if bold else "normal")
    return max(
        text_to_path.get_text_width_height_descent(line, font, False)[0] * _HINTING if line else 0.0
        for line in text.split("\n")
    )


def height_of(text: str, size: float) -> float:
    """Return how high a text is, in points."""
    return lines_of(text) * size * LEADING


def lines_of(text: str) -> int:
    """Return the number of lines of a text; none if there is nothing."""
    return text.count("\n") + 1 if text else 0


def wrapped(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """Return a text in lines that are no wider, as far as its words allow; nothing is cut off.

    A number keeps its thousands, its unit and its sign; a list may also end a line at a slash.
    """
    lines = []
    for paragraph in text.split("\n"):
        line = ""
        for word in _pieces(words(paragraph), width, size, bold):
            longer = f"{line} {word}" if line else word
            if line and wide(longer, size, bold=bold) > width:
                lines.append(line)
                line = word
            else:
                line = longer
        lines.append(line)
    return "\n".join(lines)


def _pieces(parts: Iterable[str], width: float, size: float, bold: bool) -> Iterable[str]:
    """Yield words, those that are wider than a line in pieces."""
    for part in parts:
        piece = ""
        for letter in part:
            if piece and wide(piece + letter, size, bold=bold) > width:
                yield piece
                piece = letter
            else:
                piece += letter
        yield piece
