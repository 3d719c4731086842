"""How much of a file is taken in before it counts as hostile, and who is told how far it is."""

from collections.abc import Callable

from attrs import field, frozen

from thbstats.errors import InvalidValue
from thbstats.values import is_whole

__all__ = ["LIMITS", "Limits", "Progress", "quiet"]

Progress = Callable[[str, float], None]
"""Told what is being done and which share of the whole is behind, from 0 to 1."""


def quiet(_step: str, _done: float) -> None:
    """Tell nobody."""


def _positive(_: object, attribute: object, value: int) -> None:
    if not is_whole(value, least=1):
        raise InvalidValue(
            "a limit is a whole number above 0",
            field=getattr(attribute, "name", "limit"),
            value=value,
            mend="Give how much is still taken in",
        )


@frozen(kw_only=True)
class Limits:
    """What a reader takes in; a file beyond it is refused before it fills the memory.

    Parameters
    ----------
    size : int
        Bytes of a file, unpacked.
    cells : int
        Cells of a sheet or of a table, the empty ones included.
    cell : int
        Characters of one cell.
    depth : int
        Levels of nested JSON.

    Raises
    ------
    InvalidValue
        If a limit is no whole number above 0.

    Examples
    --------
    >>> Limits(size=2**20).size
    1048576
    """

    size: int = field(default=2**30, validator=_positive)
    cells: int = field(default=10**8, validator=_positive)
    cell: int = field(default=2**17, validator=_positive)
    depth: int = field(default=100, validator=_positive)


LIMITS = Limits()
"""What is taken in unless somebody says otherwise: 1 GiB, 100 million cells."""
