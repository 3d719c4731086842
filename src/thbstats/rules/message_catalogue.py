"""English texts of all rules, for translators."""

import tomllib
from importlib.resources import files

__all__ = ["messages"]


def messages() -> dict[str, tuple[str, ...]]:
    """Return the texts of all rules, by code.

    A message begins with a small letter or a parameter, a hint with a capital. Each is one
    sentence without a full stop. Names of evidence are included.

    Returns
    -------
    dict of str to tuple of str
        Templates with parameters in braces: the keys for `Warnings.translate`.

    Examples
    --------
    >>> messages()["PERIOD"][1]
    '{period} does not consist of whole years'
    """
    text = files("thbstats.rules").joinpath("messages.toml").read_text(encoding="utf-8")
    return {code: tuple(texts) for code, texts in tomllib.loads(text).items()}
