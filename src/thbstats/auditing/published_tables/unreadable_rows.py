"""The rows of a table that cannot be judged, each with its reason."""

from collections.abc import Callable

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from thbstats.errors import ThbstatsError
from thbstats.tables.encoding import Problems

__all__ = ["UnreadableRows"]


@frozen(eq=False)
class _Fault:
    """What is wrong with some rows.

    Parameters
    ----------
    rows : array of bool, shape (n,)
        The rows.
    error : callable
        From the position of a row to its error.
    is_shared : bool
        Whether the same text is wrong in all of them.
    """

    rows: NDArray[np.bool_]
    error: Callable[[int], ThbstatsError]
    is_shared: bool


class UnreadableRows(Problems):
    """What is wrong with a table as a whole, and with single rows of it."""

    def __init__(self) -> None:
        super().__init__()
        self._faults: list[_Fault] = []

    def rows(self, wrong: NDArray[np.bool_], error: Callable[[int], ThbstatsError]) -> None:
        """Remember an error for each row where something is wrong."""
        self._add(_Fault(wrong, error, is_shared=False))

    def add_equal(self, wrong: NDArray[np.bool_], error: Callable[[int], ThbstatsError]) -> None:
        """Remember the error of one text for each row in which it stands."""
        self._add(_Fault(wrong, error, is_shared=True))

    def _add(self, fault: _Fault) -> None:
        if fault.rows.any():
            self._faults.append(fault)

    def raise_any(self) -> None:
        """Raise what was found, in rows too."""
        for fault in self._faults:
            if fault.is_shared:
                self.add_each([fault], _first)
            else:
                super().rows(fault.rows, fault.error)
        self._faults = []
        super().raise_any()

    def settled(self, size: int) -> dict[int, str]:
        """Return the reason for each row that cannot be judged.

        Parameters
        ----------
        size : int
            The number of rows.

        Raises
        ------
        ThbstatsError
            If something is wrong with the table as a whole, or with every row.
        """
        wrong = np.zeros(size, dtype=np.bool_)
        for fault in self._faults:
            wrong |= fault.rows
        if self._count or (size and wrong.all()):
            self.raise_any()
        found: dict[int, list[str]] = {row: [] for row in np.flatnonzero(wrong).tolist()}
        for fault in self._faults:
            for row in np.flatnonzero(fault.rows).tolist():
                found[row].append(_reason(fault.error(row)))
        return {row: " ".join(reasons) for row, reasons in found.items()}


def _first(fault: _Fault) -> ThbstatsError:
    error, times = fault.error(int(np.argmax(fault.rows))), int(np.count_nonzero(fault.rows)) - 1
    more = f" (and in {times} more {'row' if times == 1 else 'rows'})" if times else ""
    known = {"value": error.value} if error.has_value else {}
    return type(error)(
        f"{error.problem}{more}", row=error.row, field=error.field, hint=error.hint, **known
    )


def _reason(error: ThbstatsError) -> str:
    """Return an error without its row, which is known where the reason stands."""
    value = f" {error.value!r}" if error.has_value else ""
    hint = f" {error.hint}." if error.hint else ""
    return f"{error.field}{value}: {error.problem.removesuffix('.')}.{hint}"
