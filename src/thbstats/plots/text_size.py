"""The width of texts in points, and their line breaks."""

from functools import lru_cache

from matplotlib.font_manager import FontProperties, findfont
from matplotlib.textpath import text_to_path

from thbstats.display.strings import clean, split_words

__all__ = ["capital", "text_height", "text_width", "wrap_text"]

_LEADING = 1.25
"""The distance of two lines, in font sizes."""

_SIZE = 10.0  # at which texts are measured

_HINTING = 1.06
"""Screens set letters on pixels: a line is up to this factor wider."""


def capital(text: str) -> str:
    """Return a text with an initial capital."""
    return text[:1].upper() + text[1:]


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of the longest line of a text, in points."""
    face = str(findfont(FontProperties(weight="bold" if bold else "normal")))
    return max(_width(line, face) for line in text.split("\n")) * size * _HINTING


@lru_cache(maxsize=10_000)
def _width(line: str, face: str) -> float:
    if not line:
        return 0.0
    font = FontProperties(fname=face, size=_SIZE)
    width, _, _ = text_to_path.get_text_width_height_descent(line, font, False)
    return float(width) / _SIZE


def text_height(text: str, size: float) -> float:
    """Return the height of a text in points; 0 for an empty text."""
    return (text.count("\n") + 1) * size * _LEADING if text else 0.0


def wrap_text(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """Return a text in lines of a maximum width, broken between words if possible.

    A number keeps its thousands, unit and sign. Control characters are written out.
    """
    lines = []
    for paragraph in text.split("\n"):
        line = ""
        for word in split_words(clean(paragraph)):
            longer = f"{line} {word}" if line else word
            if text_width(longer, size, bold=bold) <= width:
                line = longer
                continue
            lines += [line] if line else []
            line = ""
            for letter in word:
                if line and text_width(line + letter, size, bold=bold) > width:
                    lines.append(line)
                    line = ""
                line += letter
        lines.append(line)
    return "\n".join(lines)
