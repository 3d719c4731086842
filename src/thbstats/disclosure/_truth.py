"""Counts before publication, and the table that is published of them."""

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from thbstats.bounds import Linear
from thbstats.disclosure._attack import system_of
from thbstats.disclosure._propagation import propagate
from thbstats.disclosure.lattice import Lattice
from thbstats.errors import ImpossibleResult
from thbstats.tables import CountTable
from thbstats.tables.columns import Numbers
from thbstats.tables.findings import NO_FINDINGS

__all__ = ["check_sums", "published"]


def published(
    table: CountTable,
    *,
    lower: NDArray[np.int64],
    above: NDArray[np.float64],
    reason: NDArray[np.uint8],
) -> CountTable:
    """Return a table with other counts, without further cases and findings, which state counts."""
    columns = table.columns
    numbers = Numbers(lower=lower, above=above, reason=reason, flags=columns.numbers.flags)
    no_finding = np.zeros(len(table), dtype=np.uint32)
    return CountTable(evolve(columns, numbers=numbers, finding=no_finding, findings=NO_FINDINGS))


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
                hint="Correct a count, or name the dimension in overlapping, or leave it out of "
                "exhaustive",
            ) from None
    return found.lower.astype(np.int64)
