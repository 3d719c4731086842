"""Whole numbers as a text prints them: in digits or in words."""

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

#: Number words that `parse_number` reads, and what they mean.
NUMBER_WORDS: dict[str, int] = {
    **{name: number for number, name in enumerate(_UNITS.split())},
    **{name: 10 * number for number, name in enumerate(_TENS.split(), start=2)},
}

#: Ordinals that the number of an edition or an exercise can have.
ORDINAL_WORDS: dict[str, int] = {
    name: number for number, name in enumerate(_ORDINALS.split(), start=1)
}

# Thousands are set apart by any space or a comma; a full stop could be a decimal point.
_SPACE = "[ \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}]"
_DIGITS = re.compile(rf"[0-9]+|[0-9]{{1,3}}(?:(?:{_SPACE}[0-9]{{3}})+|(?:,[0-9]{{3}})+)")


def parse_number(printed: str, *, ordinal: bool = False) -> int:
    """Return the whole number that a printed text means.

    Parameters
    ----------
    printed : str
        Digits, with thousands set apart by spaces or commas or not at all, or one number word
        up to ninety.
    ordinal : bool
        Whether it can be an ordinal up to ``"tenth"``, such as that of an exercise.

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
        "this is not a whole number as a text prints it",
        field="printed",
        value=printed,
        hint="Give digits such as '9,759' or '20532', or one number word such as 'three'",
    )
