"""Where cases are: anything that can say how many rows have each combination of values."""

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
    """Rows or groups of rows, with how many cases each stands for.

    Parameters
    ----------
    columns : mapping of str to Coded
        The columns that were asked for.
    derived : mapping of str to Coded
        Those that follow from others.
    size : int
        How many rows or groups.
    weights : array of int64, shape (size,), or None
        For how many cases each stands; ``None`` where each stands for one.
    """

    columns: Mapping[str, Coded[Any]]
    derived: Mapping[str, Coded[Any]] = field(factory=dict)
    size: int
    weights: NDArray[np.int64] | None = None


class Rows(Protocol):
    """Cases of some engine, in memory or not."""

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
        """Return some columns of all cases, where the engine can with equal rows as one.

        Parameters
        ----------
        columns : sequence of str
            Names of columns that exist.
        weights : str, optional
            The column that says for how many cases a row stands.
        derived : mapping of str to Derivation
            By dimension, how it follows from columns.
        """
        ...
