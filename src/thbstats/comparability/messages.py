"""The texts of all rules in English: what somebody translates who says warnings otherwise."""

import tomllib
from importlib.resources import files

__all__ = ["messages"]


def messages() -> dict[str, tuple[str, ...]]:
    """Return all that rules say, by family.

    Messages begin with a small letter or a parameter, mends with a capital; both are one sentence
    without a full stop. Names of evidence are there too.

    Returns
    -------
    dict of str to tuple of str
        Templates with their parameters in braces: the keys of the mapping that
        `Warnings.translate` takes.

    Examples
    --------
    >>> messages()["COVERAGE"][4]
    '{n} of {total} countries stand behind the figure'

    Said in German, as far as somebody has translated it:

    >>> import thbstats as thb
    >>> german = {"{n} of {total} countries stand behind the figure": "{n} von {total} Staaten"}
    >>> funnel = thb.funnel(thb.publications.com_2018_777().data.justice)
    >>> funnel.warnings.of("OFFENCE").translate(german) == funnel.warnings.of("OFFENCE")
    True
    """
    text = files("thbstats.comparability").joinpath("messages.toml").read_text(encoding="utf-8")
    return {code: tuple(said) for code, said in tomllib.loads(text).items()}
