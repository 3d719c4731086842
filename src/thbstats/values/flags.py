"""Observation flags: a set of letters beside a value, never in its place."""

from collections.abc import Iterable

from thbstats.errors import InvalidValue

__all__ = ["FLAG_LABELS", "flag_mask", "flag_set", "parse_flags"]

FLAG_LABELS = {
    "b": "break in time series",
    "c": "confidential",
    "d": "definition differs",
    "e": "estimated",
    "f": "forecast",
    "i": "imputed",
    "m": "missing; data cannot exist",
    "n": "not significant",
    "p": "provisional",
    "r": "revised",
    "s": "estimate by the statistical office",
    "u": "low reliability",
    "z": "not applicable",
}
"""Letters of the Eurostat code list and older files; letters not listed are kept all the same."""


def parse_flags(text: str | Iterable[str] | None) -> frozenset[str]:
    """Return the set of flag letters in a text such as ``"ep"`` or a collection of letters.

    Parameters
    ----------
    text : str, iterable of str or None
        Letters, large or small, with or without spaces; ``None`` says that there are none.

    Returns
    -------
    frozenset of str
        Small letters, those without a label too.

    Raises
    ------
    InvalidValue
        If something other than a letter a-z stands there.

    Examples
    --------
    >>> sorted(parse_flags("ep"))
    ['e', 'p']
    """
    letters = frozenset(letter for part in _parts(text) for letter in _letters(part))
    for letter in sorted(letters, key=str):
        if not (isinstance(letter, str) and "a" <= letter <= "z"):
            raise InvalidValue(
                "a flag is a letter from a to z",
                field="flags",
                value=letter,
                hint="Give letters without separators, for example 'ep'",
            )
    return frozenset(str(letter) for letter in letters)


def _parts(text: object) -> Iterable[object]:
    if text is None:
        return []
    return text if isinstance(text, Iterable) else [text]


def _letters(part: object) -> Iterable[object]:
    return "".join(part.lower().split()) if isinstance(part, str) else [part]


def flag_mask(flags: Iterable[str]) -> int:
    """Return the flags as a bit mask: bit 0 is ``a``, bit 25 is ``z``.

    Parameters
    ----------
    flags : iterable of str
        Flag letters.

    Returns
    -------
    int
        From 0 to 2**26 - 1.

    Raises
    ------
    InvalidValue
        If something other than a letter a-z stands there.

    Examples
    --------
    >>> flag_mask({"b", "d"})
    10
    """
    return sum(1 << (ord(letter) - ord("a")) for letter in parse_flags(flags))


def flag_set(mask: int) -> frozenset[str]:
    """Return the flags of a bit mask; the inverse of `flag_mask`.

    Parameters
    ----------
    mask : int
        From 0 to 2**26 - 1.

    Returns
    -------
    frozenset of str
        Flag letters.

    Raises
    ------
    InvalidValue
        If a bit is set that stands for no letter.

    Examples
    --------
    >>> sorted(flag_set(10))
    ['b', 'd']
    """
    if not 0 <= mask < 1 << 26:
        raise InvalidValue(
            "a mask of flags has one bit for each letter from a to z",
            field="flags",
            value=mask,
            hint="Give what flag_mask returns",
        )
    return frozenset(chr(ord("a") + bit) for bit in range(26) if mask >> bit & 1)
