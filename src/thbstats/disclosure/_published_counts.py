"""Tables with published counts."""

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from thbstats.bounds import Linear
from thbstats.disclosure._exact_bounds import system_of
from thbstats.disclosure._propagation import propagate
from thbstats.disclosure.lattice import Lattice
from thbstats.errors import ImpossibleResult
from thbstats.tables import CountTable
from thbstats.tables.columns import Numbers
from thbstats.tables.findings import NO_FINDINGS

__all__ = ["check_additivity", "with_counts"]


def with_counts(
    table: CountTable,
    *,
    lower: NDArray[np.int64],
    above: NDArray[np.float64],
    reason: NDArray[np.uint8],
) -> CountTable:
    """Return a table with other counts, without unanswered cases and findings."""
    columns = table.columns
    numbers = Numbers(lower=lower, above=above, reason=reason, flags=columns.numbers.flags)
    no_finding = np.zeros(len(table), dtype=np.uint32)
    return CountTable(evolve(columns, numbers=numbers, finding=no_finding, findings=NO_FINDINGS))


def check_additivity(lattice: Lattice) -> NDArray[np.int64]:
    """Return the counts, and the lower bounds of sums that are not published.

    Raises
    ------
    ImpossibleResult
        If the counts violate the assumptions; the error names the conflicting counts.
    """
    found = propagate(lattice.relations, lattice.lower, lattice.upper)
    if found.infeasible.any():
        cell = int(np.flatnonzero(found.infeasible)[0])
        system = system_of(lattice, lattice.lower, lattice.upper, cell)
        try:
            system.bounds(Linear.sum([lattice.label(cell)]))
        except ImpossibleResult as problem:
            raise ImpossibleResult(
                "the counts must satisfy the additivity assumptions",
                field="table",
                value=problem.value,
                hint="Correct the counts, add the dimension to `overlapping` or remove it from "
                "`exhaustive`",
            ) from None
    return found.lower.astype(np.int64)
