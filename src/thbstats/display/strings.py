"""Text of any origin made fit for one line, measured, wrapped and padded."""

import re
import unicodedata

from thbstats._characters import escape

__all__ = ["clean", "pad", "width_of", "words", "wrap"]

# Not every space may end a line: "20,532", "47.5%" and "+9.0 pp" are one word each, and a tone
# mark stays with the word that it marks.
_BREAK = re.compile(r"(?<!^[✓!✗]) (?!(?<=\d )(?:\d{3}(?!\d)|%|pp\b))")


def clean(text: object) -> str:
    r"""Return a text as one line without control characters.

    Runs of white space become one plain space. Characters that would steer a terminal, turn the
    direction of the text around or cannot be encoded are written out, as in ``\x1b``.
    """
    return escape(" ".join(str(text).split()))


def width_of(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return len(text) if text.isascii() else sum(map(_character_width, text))


def _character_width(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def words(text: str) -> list[str]:
    """Return the parts of a text between which a line may end; a number is one part."""
    return _BREAK.split(text)


def wrap(text: str, width: int) -> list[str]:
    """Return the lines of a text, none wider than the width (2 or more); nothing is cut off."""
    lines: list[str] = []
    line = ""
    for word in words(text):
        longer = f"{line} {word}" if line else word
        if width_of(longer) <= width:
            line = longer
            continue
        pieces = _broken(word, width)
        lines += [line] * bool(line) + pieces[:-1]
        line = pieces[-1]
    return [*lines, line]


def _broken(word: str, width: int) -> list[str]:
    """Return a word in pieces that fit."""
    pieces = [""]
    room = width
    for character in word:
        taken = _character_width(character)
        if taken > room:
            pieces.append("")
            room = width
        pieces[-1] += character
        room -= taken
    return pieces


def pad(text: str, width: int, *, right: bool = False) -> str:
    """Return a text filled up with spaces on the right, or on the left to align it right."""
    space = " " * (width - width_of(text))
    return space + text if right else text + space
