"""How a public name goes: it works and says what replaces it, for at least two minor versions."""

from collections.abc import Callable
from functools import wraps
from textwrap import dedent
from typing import ParamSpec, TypeVar
from warnings import warn

__all__ = ["ThbstatsDeprecationWarning", "deprecated"]

P = ParamSpec("P")
R = TypeVar("R")


class ThbstatsDeprecationWarning(DeprecationWarning):
    """Says that a name will go, since when and what to use instead.

    It speaks of the code that calls, never of the figures: what must be known of those stands in
    the result.
    """


def deprecated(
    *, since: str, until: str, instead: str
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a function warn that it will go, each time it is called.

    Parameters
    ----------
    since, until : str
        The version that began to warn, and the one in which the function is gone.
    instead : str
        What to call instead.

    Returns
    -------
    callable
        A decorator; the docstring begins with what the warning says.

    Examples
    --------
    >>> import warnings
    >>> @deprecated(since="1.1", until="1.3", instead="share")
    ... def part(victims, total):
    ...     '''Return a part of a whole.'''
    ...     return victims / total
    >>> with warnings.catch_warnings(record=True) as told:
    ...     warnings.simplefilter("always")
    ...     part(1, 2)
    0.5
    >>> str(told[0].message)
    'part is deprecated since 1.1 and goes in 1.3: use share'
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        message = f"{function.__name__} is deprecated since {since} and goes in {until}: "

        @wraps(function)
        def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
            warn(f"{message}use {instead}", ThbstatsDeprecationWarning, stacklevel=2)
            return function(*args, **kwargs)

        told = f".. deprecated:: {since}\n   It goes in {until}: use `{instead}`.\n\n"
        first, _, rest = (function.__doc__ or "").partition("\n")
        wrapped.__doc__ = f"{first}\n\n{told}{dedent(rest).strip()}"
        return wrapped

    return decorate
