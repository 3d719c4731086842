"""What is wrong with the rows of a table, gathered so that all of it is told at once."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from thbstats.errors import InvalidValue, ThbstatsError

__all__ = ["Problems"]

_SHOWN = 10

T = TypeVar("T")


class Problems:
    """A list of errors that becomes one."""

    def __init__(self) -> None:
        self._found: list[ThbstatsError] = []
        self._count = 0

    def add(self, error: ThbstatsError) -> None:
        """Remember an error."""
        self.each([error], lambda one: one)

    def each(self, items: Iterable[T], error: Callable[[T], ThbstatsError]) -> None:
        """Remember an error for each item; only those that will be shown are made."""
        for item in items:
            self._count += 1
            if len(self._found) < _SHOWN:
                self._found.append(error(item))

    def rows(self, wrong: NDArray[np.bool_], error: Callable[[int], ThbstatsError]) -> None:
        """Remember an error for each row where something is wrong."""
        self.each(np.flatnonzero(wrong).tolist(), error)

    def raise_any(self) -> None:
        """Raise what was found: one error as it is, several as one that lists them.

        Raises
        ------
        ThbstatsError
            Of the class that all have in common, else `InvalidValue`.
        """
        if not self._found:
            return
        if self._count == 1:
            raise self._found[0]
        raise self._merged()

    def _merged(self) -> ThbstatsError:
        classes = {type(error) for error in self._found}
        cls: Any = classes.pop() if len(classes) == 1 else InvalidValue
        lines = "".join(f"\n  {error}" for error in self._found)
        more = self._count - len(self._found)
        rest = f"\n  and {more} more" if more else ""
        return cls(f"{self._count} problems:{lines}{rest}")  # type: ignore[no-any-return]
