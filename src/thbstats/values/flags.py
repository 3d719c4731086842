"""Observation flags of values."""

from collections.abc import Iterable

from thbstats.errors import require

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
"""Labels of the flags of the Eurostat code list; other letters have no label."""


def parse_flags(text: str | Iterable[str] | None) -> frozenset[str]:
    """Return the flags of a text such as ``"ep"`` or of a collection of letters.

    Examples
    --------
    >>> sorted(parse_flags("ep"))
    ['e', 'p']
    """
    source: object = text
    parts = [] if source is None else source if isinstance(source, Iterable) else [source]
    letters = set[object]()
    for part in parts:
        letters.update("".join(part.lower().split()) if isinstance(part, str) else [part])
    hint = "Write the letters without separators, for example 'ep'"
    for letter in sorted(letters, key=str):
        is_letter = isinstance(letter, str) and "a" <= letter <= "z"
        require(is_letter, "must be a letter from a to z", hint, flags=letter)
    return frozenset(map(str, letters))


def flag_mask(flags: Iterable[str]) -> int:
    """Return the bit mask of flags: bit 0 is ``a``, bit 25 is ``z``.

    Examples
    --------
    >>> flag_mask({"b", "d"})
    10
    """
    return sum(1 << (ord(letter) - ord("a")) for letter in parse_flags(flags))


def flag_set(mask: int) -> frozenset[str]:
    """Return the flags of a bit mask, as the inverse of `flag_mask`.

    Examples
    --------
    >>> sorted(flag_set(10))
    ['b', 'd']
    """
    is_mask = 0 <= mask < 1 << 26
    require(is_mask, "must be from 0 to 2**26 - 1", "Use a result of flag_mask", flags=mask)
    return frozenset(chr(ord("a") + bit) for bit in range(26) if mask >> bit & 1)
