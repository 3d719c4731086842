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

    Raises
    ------
    InvalidValue
        If something other than a letter a-z stands there.

    Examples
    --------
    >>> sorted(parse_flags("ep"))
    ['e', 'p']
    """
    letters = frozenset(letter for part in (text or "") for letter in part.strip().lower())
    for letter in sorted(letters):
        if not ("a" <= letter <= "z"):
            raise InvalidValue(
                "a flag is a letter from a to z",
                field="flags",
                value=letter,
                mend="Give letters without separators, for example 'ep'",
            )
    return letters


def flag_mask(flags: Iterable[str]) -> int:
    """Return the flags as a bit mask: bit 0 is ``a``, bit 25 is ``z``."""
    return sum(1 << (ord(letter) - ord("a")) for letter in parse_flags(flags))


def flag_set(mask: int) -> frozenset[str]:
    """Return the flags of a bit mask; the inverse of `flag_mask`."""
    return frozenset(chr(ord("a") + bit) for bit in range(26) if mask >> bit & 1)
