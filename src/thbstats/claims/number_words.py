"""Integers in digits or words."""

import re

from thbstats.errors import InvalidValue
from thbstats.values import to_integer

__all__ = ["NUMBER_WORDS", "parse_number"]

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"

#: The number words of `parse_number`.
NUMBER_WORDS: dict[str, int] = {
    **{name: number for number, name in enumerate(_UNITS.split())},
    **{name: 10 * number for number, name in enumerate(_TENS.split(), start=2)},
}

#: The ordinals of editions and exercises.
ORDINAL_WORDS: dict[str, int] = {
    name: number for number, name in enumerate(_ORDINALS.split(), start=1)
}

# Thousands separators are spaces or commas; a full stop could be a decimal point.
_SPACE = "[ \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}]"
_DIGITS = re.compile(rf"[0-9]+|[0-9]{{1,3}}(?:(?:{_SPACE}[0-9]{{3}})+|(?:,[0-9]{{3}})+)")


def parse_number(printed: str, *, ordinal: bool = False) -> int:
    """Return the integer of a published text.

    Parameters
    ----------
    printed : str
        Digits, with or without thousands separators (spaces or commas), or one number word up to
        ninety.
    ordinal : bool
        Whether an ordinal up to ``"tenth"`` is accepted, such as that of an exercise.

    Returns
    -------
    int

    Raises
    ------
    InvalidValue
        If the text is neither, such as ``"9.759"``, which could be a decimal, or has more than 18
        digits.

    Examples
    --------
    >>> parse_number("9,759"), parse_number("20532"), parse_number("three")
    (9759, 20532, 3)
    """
    text = printed.strip()
    if _DIGITS.fullmatch(text):
        return to_integer(re.sub(rf"{_SPACE}|,", "", text), field="printed")
    known = NUMBER_WORDS | ORDINAL_WORDS if ordinal else NUMBER_WORDS
    if text.lower() in known:
        return known[text.lower()]
    raise InvalidValue(
        "must be an integer",
        field="printed",
        value=printed,
        hint="Use digits such as '9,759' or '20532', or one number word such as 'three'",
    )
