"""Counts before publication, held against what is assumed of them."""

import numpy as np
from numpy.typing import NDArray

from thbstats.bounds import Linear
from thbstats.disclosure._attack import system_of
from thbstats.disclosure._propagation import propagate
from thbstats.disclosure.lattice import Lattice
from thbstats.errors import ImpossibleResult

__all__ = ["check_sums"]


def check_sums(lattice: Lattice) -> NDArray[np.int64]:
    """Return the counts, and the least that sums are which are not printed.

    Raises
    ------
    ImpossibleResult
        If the counts are not what is assumed of them; the error names those that conflict.
    """
    found = propagate(lattice.relations, lattice.lower, lattice.upper)
    if found.broken.any():
        cell = int(np.flatnonzero(found.broken)[0])
        system = system_of(lattice, lattice.lower, lattice.upper, cell)
        try:
            system.bounds(Linear.sum([lattice.label(cell)]))
        except ImpossibleResult as problem:
            raise ImpossibleResult(
                "the counts are not what is assumed of them",
                field="table",
                value=problem.value,
                mend="Correct a count, or name the dimension in overlapping, or leave it out of "
                "exhaustive",
            ) from None
    return found.lower.astype(np.int64)
