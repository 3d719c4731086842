"""Control characters and surrogates in texts of any origin."""

import re

_CONTROL = "\x00-\x1f\x7f-\x9f"
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_SURROGATES = "\ud800-\udfff"
_ESCAPED = re.compile(f"[{_CONTROL}{_BIDI}{_SURROGATES}\ufffe\uffff]")


def escape(text: str, keep: str = "") -> str:
    r"""Return a text with escaped control characters.

    Examples
    --------
    >>> print(escape("report\x1b[31m\u202e.csv"))
    report\x1b[31m\u202e.csv
    """
    return _ESCAPED.sub(lambda match: match[0] if match[0] in keep else repr(match[0])[1:-1], text)


def is_encodable(text: str) -> bool:
    r"""Return whether a text can be encoded: it has no lone surrogate.

    Examples
    --------
    >>> is_encodable("Malta"), is_encodable("Malta\ud800")
    (True, False)
    """
    return text.isascii() or not re.search(f"[{_SURROGATES}]", text)
