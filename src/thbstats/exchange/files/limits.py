"""Limits of file sizes, and progress."""

from collections.abc import Callable

from attrs import field, fields, frozen

from thbstats.errors import InvalidFile, InvalidValue
from thbstats.values import is_integer

__all__ = ["LIMITS", "Limits", "Progress", "no_progress"]

Progress = Callable[[str, float], None]
"""Function that receives the step and its progress from 0 to 1."""


def no_progress(_step: str, _done: float) -> None:
    """Ignore the progress."""


def _positive(_: object, attribute: object, value: int) -> None:
    if not is_integer(value, least=1):
        raise InvalidValue(
            "must be a positive integer",
            field=getattr(attribute, "name", "limit"),
            value=value,
            hint="Pass a limit such as Limits(cells=10**7)",
        )


@frozen(kw_only=True, repr=False)
class Limits:
    """Maximum sizes of a file; a larger file is rejected before it fills the memory.

    With the defaults, a file of at most 5 MB needs at most 1 GB of memory, also if it is
    compressed.

    Parameters
    ----------
    size : int
        Bytes of a file, decompressed; 128 MiB by default.
    cells : int
        Cells of a text or Parquet table, including empty cells; 10 million by default.
    sheet_cells : int
        Cells of a worksheet, including empty cells; 2 million by default.
    values : int
        Values of a JSON file; 1 million by default.
    texts : int
        Distinct texts, summed over the columns; 1 million by default.
    columns : int
        Columns of a table; 2,000 by default.
    cell : int
        Characters of a cell; 131,072 by default.
    depth : int
        Nested levels of JSON; 100 by default.

    Raises
    ------
    InvalidValue
        If a limit is not a positive integer.

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

    def __repr__(self) -> str:
        changed = [
            f"{item.name}={getattr(self, item.name)}"
            for item in fields(Limits)
            if getattr(self, item.name) != item.default
        ]
        return f"Limits({', '.join(changed)})"

    def exceeded(self, name: str, limit: str, unit: str) -> InvalidFile:
        """Return the error for a file that exceeds a limit.

        Parameters
        ----------
        name : str
            The name of the file.
        limit : str
            The name of the limit, such as ``"cells"``.
        unit : str
            The unit of the limit, for the message.

        Examples
        --------
        >>> Limits(cells=9).exceeded("a.csv", "cells", "cells").problem
        'a.csv must have at most 9 cells'
        """
        return InvalidFile(
            f"{name} must have at most {getattr(self, limit)} {unit}",
            field="limits",
            hint=f"If the file is correct, pass limits=Limits({limit}=...)",
        )


LIMITS = Limits()
"""The default limits: 128 MiB, 10 million cells."""
