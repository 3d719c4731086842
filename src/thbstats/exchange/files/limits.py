"""How much of a file is taken in before it counts as hostile, and who is told how far it is."""

from collections.abc import Callable

from attrs import field, frozen

from thbstats.errors import InvalidFile, InvalidValue
from thbstats.values import is_integer

__all__ = ["LIMITS", "Limits", "Progress", "no_progress"]

Progress = Callable[[str, float], None]
"""Told what is being done and which share of the whole is behind, from 0 to 1."""


def no_progress(_step: str, _done: float) -> None:
    """Tell nobody."""


def _positive(_: object, attribute: object, value: int) -> None:
    if not is_integer(value, least=1):
        raise InvalidValue(
            "a limit is a whole number above 0",
            field=getattr(attribute, "name", "limit"),
            value=value,
            hint="Give how much is still taken in",
        )


@frozen(kw_only=True)
class Limits:
    """How much a reader reads; a larger file is refused before it fills the memory.

    With the defaults, a file of at most 5 MB needs at most 1 GB of memory, also if it is packed.

    Parameters
    ----------
    size : int
        Bytes of a file, unpacked; 128 MiB by default.
    cells : int
        Cells of a table in text or Parquet, including empty cells.
    sheet_cells : int
        Cells of a sheet of a workbook, including empty cells. A workbook needs more memory per
        cell than a text.
    values : int
        Values in a JSON file.
    texts : int
        Different texts of a table, summed over its columns.
    columns : int
        Columns of a table.
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

    size: int = field(default=2**27, validator=_positive)
    cells: int = field(default=10**7, validator=_positive)
    sheet_cells: int = field(default=2 * 10**6, validator=_positive)
    values: int = field(default=10**6, validator=_positive)
    texts: int = field(default=10**6, validator=_positive)
    columns: int = field(default=2000, validator=_positive)
    cell: int = field(default=2**17, validator=_positive)
    depth: int = field(default=100, validator=_positive)

    def exceeded(self, name: str, limit: str, unit: str) -> InvalidFile:
        """Return the error of a file beyond a limit.

        Parameters
        ----------
        name : str
            The name of the file.
        limit : str
            The name of the limit, such as ``"cells"``.
        unit : str
            What the limit counts, in words.

        Returns
        -------
        InvalidFile

        Examples
        --------
        >>> Limits(cells=9).exceeded("a.csv", "cells", "cells").problem
        'a.csv has more than 9 cells'
        """
        return InvalidFile(
            f"{name} has more than {getattr(self, limit)} {unit}",
            field="limits",
            hint=f"If it is meant to, read it with limits=Limits({limit}=...)",
        )


LIMITS = Limits()
"""The default limits: 128 MiB, 10 million cells."""
