"""Rows of cases in any engine."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Protocol

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from thbstats.cases.engine_columns import Derivation
from thbstats.columns import Coded

__all__ = ["NO_DERIVATIONS", "GroupedRows", "Rows"]

NO_DERIVATIONS: Mapping[str, Derivation] = MappingProxyType({})
"""Nothing follows from others."""


@frozen(eq=False, kw_only=True)
class GroupedRows:
    """Rows or groups of rows, with their number of cases.

    Parameters
    ----------
    columns : mapping of str to Coded
        The requested columns.
    derived : mapping of str to Coded
        The derived columns.
    size : int
        The number of rows or groups.
    weights : array of int64, shape (size,), or None
        The number of cases of each; ``None`` if each is one case.
    """

    columns: Mapping[str, Coded[Any]]
    derived: Mapping[str, Coded[Any]] = field(factory=dict)
    size: int
    weights: NDArray[np.int64] | None = None


class Rows(Protocol):
    """Cases in memory or in an engine."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        ...

    def group(
        self,
        columns: Sequence[str],
        weights: str | None = None,
        derived: Mapping[str, Derivation] = NO_DERIVATIONS,
    ) -> GroupedRows:
        """Return some columns of all cases; an engine returns equal rows as one."""
        ...
