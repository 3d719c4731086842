"""Collection of errors, raised as one."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from thbstats.errors import InvalidValue, ThbstatsError

__all__ = ["Problems"]

_MOST_LISTED = 10

T = TypeVar("T")


class Problems:
    """List of errors that is raised as one error."""

    def __init__(self) -> None:
        self._errors: list[ThbstatsError] = []
        self._count = 0

    def add(self, error: ThbstatsError) -> None:
        """Add an error."""
        self.add_each([error], lambda item: item)

    def add_each(self, items: Iterable[T], error: Callable[[T], ThbstatsError]) -> None:
        """Add an error for each item; only listed errors are created."""
        for item in items:
            self._count += 1
            if len(self._errors) < _MOST_LISTED:
                self._errors.append(error(item))

    def rows(self, wrong: NDArray[np.bool_], error: Callable[[int], ThbstatsError]) -> None:
        """Add an error for each row of a mask."""
        self.add_each(np.flatnonzero(wrong).tolist(), error)

    def raise_any(self) -> None:
        """Raise the error, or one error that lists several.

        Raises
        ------
        ThbstatsError
            Of the common class of the errors, else `InvalidValue`.
        """
        if not self._errors:
            return
        if self._count == 1:
            raise self._errors[0]
        raise self._merged()

    def _merged(self) -> ThbstatsError:
        classes = {type(error) for error in self._errors}
        cls: Any = classes.pop() if len(classes) == 1 else InvalidValue
        lines = "".join(f"\n  {error}" for error in self._errors)
        more = self._count - len(self._errors)
        remaining = f"\n  and {more} more" if more else ""
        return cls(f"{self._count} problems:{lines}{remaining}")  # type: ignore[no-any-return]
