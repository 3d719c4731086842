"""Cleaning, measuring, wrapping and padding of texts."""

import re
import unicodedata
from collections.abc import Callable, Sequence

from thbstats._characters import escape

# Spaces inside "20 532", "47.5 %" and "+9.0 pp" and after a tone mark do not end a line.
_BREAK = re.compile(r"(?<!^[✓!✗]) (?!(?<=\d )(?:\d{3}(?!\d)|%|pp\b))")


def clean(text: object) -> str:
    r"""Return a text as one line without control characters.

    Runs of white space become one space. Control characters, bidirectional marks and lone
    surrogates are escaped, as in ``\x1b``.
    """
    own = escape(" ".join(str(text).split()))
    if isinstance(text, str) and own == text and hasattr(text, "in_language"):
        return text
    return own


def shortened(names: Sequence[str]) -> str:
    """Return up to six names, or else the first three, the last one and their number."""
    if len(names) <= 6:
        return ", ".join(names)
    return f"{', '.join(names[:3])} ... {names[-1]} ({len(names)})"


def width_of(text: str) -> int:
    """Return the width of a text in terminal columns."""
    return len(text) if text.isascii() else sum(map(_character_width, text))


def _character_width(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def split_words(text: str) -> list[str]:
    """Return the parts of a text between line breaks; a number is one part."""
    return _BREAK.split(text)


def wrap(text: str, width: float, measure: Callable[[str], float] = width_of) -> list[str]:
    """Return the lines of a text of at most a width, by default in terminal columns (2 or more)."""
    lines: list[str] = []
    line = ""
    for word in split_words(text):
        longer = f"{line} {word}" if line else word
        if measure(longer) <= width:
            line = longer
            continue
        lines += [line] if line else []
        line = ""
        for letter in word:
            if line and measure(line + letter) > width:
                lines.append(line)
                line = ""
            line += letter
    return [*lines, line]
