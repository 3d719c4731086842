"""How wide texts are in points, and where their lines end."""

from collections.abc import Iterable
from functools import lru_cache

from matplotlib.font_manager import FontProperties, findfont
from matplotlib.textpath import text_to_path

from thbstats.display.strings import clean, words

__all__ = ["LEADING", "capital", "height_of", "lines_of", "wide", "wrapped"]

LEADING = 1.25
"""The distance of two lines, in heights of a letter."""

_SIZE = 10.0  # at which letters are measured

_HINTING = 1.06
"""On a screen letters are set on whole pixels, which makes a line up to so much wider."""


def capital(text: str) -> str:
    """Return a text with a capital at its start."""
    return text[:1].upper() + text[1:]


def wide(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide the longest line of a text is, in points."""
    font = FontProperties(weight="bold" if bold else "normal")
    face = str(findfont(font))
    return max(_width(line, face) for line in text.split("\n")) * size * _HINTING


@lru_cache(maxsize=10_000)
def _width(line: str, face: str) -> float:
    """Return how wide a line is in the font of a file, in heights of a letter."""
    if not line:
        return 0.0
    font = FontProperties(fname=face, size=_SIZE)
    width, _, _ = text_to_path.get_text_width_height_descent(line, font, False)
    return float(width) / _SIZE


def height_of(text: str, size: float) -> float:
    """Return how high a text is, in points."""
    return lines_of(text) * size * LEADING


def lines_of(text: str) -> int:
    """Return the number of lines of a text; none if there is nothing."""
    return text.count("\n") + 1 if text else 0


def wrapped(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """Return a text in lines that are no wider, and break a word only if it fills one alone.

    Nothing is cut off, and a number keeps its thousands, its unit and its sign. What cannot be
    drawn, such as a control character, shows as U+FFFD.
    """
    space = wide(" ", size, bold=bold)
    lines = []
    for paragraph in text.split("\n"):
        line, taken = "", 0.0
        for word in _pieces(words(clean(paragraph)), width, size, bold):
            own = wide(word, size, bold=bold)
            if line and taken + space + own > width:
                lines.append(line)
                line, taken = word, own
            else:
                taken += own + (space if line else 0.0)
                line = f"{line} {word}" if line else word
        lines.append(line)
    return "\n".join(lines)


def _pieces(parts: Iterable[str], width: float, size: float, bold: bool) -> Iterable[str]:
    """Yield words, those that are wider than a line in pieces."""
    for part in parts:
        if wide(part, size, bold=bold) <= width:
            yield part
            continue
        piece = ""
        for letter in part:
            if piece and wide(piece + letter, size, bold=bold) > width:
                yield piece
                piece = letter
            else:
                piece += letter
        yield piece
