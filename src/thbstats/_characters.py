"""Characters of other people's texts that would steer a terminal or cannot be encoded."""

import re

__all__ = ["escaped", "is_encodable"]

_CONTROL = "\x00-\x1f\x7f-\x9f"
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_HALVES = "\ud800-\udfff"
_UNFIT = re.compile(f"[{_CONTROL}{_BIDI}{_HALVES}\ufffe\uffff]")


def escaped(text: str, keep: str = "") -> str:
    r"""Return a text with its control characters written out.

    Parameters
    ----------
    text : str
        A text of any origin.
    keep : str
        Control characters that stay, such as the line breaks of the library's own text.

    Returns
    -------
    str
        C0 and C1 controls, marks that turn the direction of the text around, halves of characters
        and characters that XML forbids are written as Python writes them.

    Examples
    --------
    >>> print(escaped("report\x1b[31m\u202e.csv"))
    report\x1b[31m\u202e.csv
    """
    return _UNFIT.sub(lambda found: found[0] if found[0] in keep else repr(found[0])[1:-1], text)


def is_encodable(text: str) -> bool:
    r"""Whether a text can be encoded: it has no half of a character.

    Examples
    --------
    >>> is_encodable("Malta"), is_whole("Malta\ud800")
    (True, False)
    """
    return text.isascii() or not re.search(f"[{_HALVES}]", text)
