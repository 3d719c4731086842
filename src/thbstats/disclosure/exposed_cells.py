"""Which hidden cells of a table its published cells tell, and how closely."""

from collections.abc import Sequence
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from thbstats.bounds import Bounds, Linear
from thbstats.disclosure._attack import Ends, attack, system_of
from thbstats.disclosure.assumptions import Assumptions
from thbstats.disclosure.lattice import Lattice
from thbstats.display import Cell, Column, Displayable, DisplayTable, count
from thbstats.errors import InvalidValue
from thbstats.panel import Suppression, Warnings
from thbstats.rules.families.figures import disclosure_warning
from thbstats.tables import CountTable
from thbstats.values import Interval

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ExposedCells", "Outcome"]

_MOST_SHOWN, _MOST_SUMS, _MOST_PARTS = 20, 3, 4


class Outcome(StrEnum):
    """What published cells say of a hidden one."""

    FIXED = "fixed"
    NARROWED = "narrowed"
    KEPT = "kept"
    CONTRADICTED = "contradicted"

    @property
    def label(self) -> str:
        """The outcome in words."""
        return _LABELS[self]


_LABELS = {
    Outcome.FIXED: "told exactly",
    Outcome.NARROWED: "narrowed",
    Outcome.KEPT: "as its source has it",
    Outcome.CONTRADICTED: "cannot be told: the cells around it contradict each other",
}


@frozen(kw_only=True, eq=False, slots=False)
class ExposedCells(Displayable):
    """The hidden cells of a table, as columns: what the source states, and what follows.

    Parameters
    ----------
    table : CountTable
        The table.
    assumptions : Assumptions
        What was assumed of the categories.
    rows : array of int, shape (n,)
        The rows that are hidden.
    lattice, ends : Lattice, Ends
        The cells with the sums between them, and what each can be.
    """

    table: CountTable
    assumptions: Assumptions
    rows: NDArray[np.intp]
    lattice: Lattice = field(repr=False)
    ends: Ends = field(repr=False)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def stated_lower(self) -> NDArray[np.float64]:
        """The least that each is as its source has it."""
        return self.lattice.lower[self.rows]

    @property
    def stated_upper(self) -> NDArray[np.float64]:
        """The most that each is as its source has it, ``inf`` without bound."""
        return self.lattice.upper[self.rows]

    @property
    def lower(self) -> NDArray[np.float64]:
        """The least that each can be; attained by a table that fits."""
        return self.ends.lower[self.rows]

    @property
    def upper(self) -> NDArray[np.float64]:
        """The most that each can be; attained by a table that fits."""
        return self.ends.upper[self.rows]

    @property
    def width(self) -> NDArray[np.float64]:
        """The most less the least: 0 where a cell is told exactly."""
        return self.upper - self.lower

    @cached_property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What is said of each."""
        narrowed = (self.lower > self.stated_lower) | (self.upper < self.stated_upper)
        codes = np.where(narrowed, np.where(self.width == 0, 0, 1), 2)
        codes[~self.ends.possible[self.rows]] = 3
        return tuple(list(Outcome)[code] for code in codes.tolist())

    def of(self, outcome: Outcome | str) -> NDArray[np.intp]:
        """Return the rows of the table with an outcome.

        Raises
        ------
        InvalidValue
            If there is no such outcome.
        """
        if outcome not in list(Outcome):
            raise InvalidValue(
                "no such outcome",
                field="outcome",
                value=outcome,
                hint="Use one of " + ", ".join(Outcome),
            )
        return self.rows[[found == outcome for found in self.outcomes]]

    def narrower_than(self, width: int) -> NDArray[np.intp]:
        """Return the rows that can be told to less than a width: most less least."""
        return self.rows[(self.width < width) & self.ends.possible[self.rows]]

    def bounds(self, row: int) -> Bounds:
        """Return the ends of one cell with a whole table for each and the proof.

        Parameters
        ----------
        row : int
            Its row in the table.

        Returns
        -------
        Bounds
            The tables hold every cell to which it is tied, by name.

        Raises
        ------
        InvalidValue
            If the row is not hidden.
        ImpossibleResult
            If the cells around it contradict each other; the error names which.
        """
        self._check(row)
        system = system_of(self.lattice, self.lattice.lower, self.lattice.upper, row)
        return system.bounds(Linear.sum([self.lattice.label(row)]))

    def relations(self, row: int) -> tuple[str, ...]:
        """Return the sums that tell a cell, in words; none where it stays as it is.

        Parameters
        ----------
        row : int
            Its row in the table.

        Raises
        ------
        InvalidValue
            If the row is not hidden.
        """
        self._check(row)
        if self.outcomes[self._place(row)] not in (Outcome.FIXED, Outcome.NARROWED):
            return ()
        near = self._nearest(row)
        cell = near.label(0)
        found = system_of(near, near.lower, near.upper, 0).bounds(Linear.sum([cell]))
        sums = [near.says(relation) for relation in range(len(near.relations))]
        proofs = [proof for proof in (found.lower_proof, found.upper_proof) if proof is not None]
        if any(proof.parts for proof in proofs):
            return tuple(sums)
        ends = (self.lattice.lower[row], self.lattice.upper[row])
        moved = [(found.lower, found.lower_proof, ends[0]), (found.upper, found.upper_proof, ends[1])]
        used = {
            name
            for end, proof, stated in moved
            if proof is not None and end is not None and end != stated
            for name in proof.statements
        }
        return tuple(said for said in sums if said in used)

    def _nearest(self, row: int) -> Lattice:
        """As few relations around a cell as tell it as closely as all of them."""
        asked, radius = (self.ends.lower[row], self.ends.upper[row]), 1
        near = self.lattice.around(row, radius)
        while True:
            only = np.arange(len(near.keys)) == 0
            found = attack(near, near.lower, near.upper, only)
            if (found.lower[0], found.upper[0]) == asked:
                return near
            radius += 1
            near = self.lattice.around(row, radius)

    def _check(self, row: int) -> None:
        if row not in self.rows:
            raise InvalidValue(
                "this row is not hidden",
                field="row",
                value=row,
                hint="The rows are in ExposedCells.rows",
            )

    def _place(self, row: int) -> int:
        return int(np.searchsorted(self.rows, row))

    @property
    def warnings(self) -> Warnings:
        """DISCLOSURE where a cell is told more closely than its source does."""
        told = np.concatenate([self.of(Outcome.FIXED), self.of(Outcome.NARROWED)])
        if not len(told):
            return Warnings()
        at = self.lattice.schema.names.index("area")
        upper = self.lattice.upper[told].sum()
        hidden = Suppression(
            cells=len(told),
            areas=frozenset(self.lattice.keys[row][at] for row in told.tolist()),
            counts=Interval(
                int(self.lattice.lower[told].sum()), None if np.isinf(upper) else int(upper)
            ),
            narrowed=True,
        )
        return Warnings([disclosure_warning(hidden)])

    def to_frame(self) -> "pd.DataFrame":
        """Return them as a tidy frame: dimensions, stated and implied ends, outcome."""
        import pandas as pd

        names = self.lattice.schema.names
        keys = [self.lattice.keys[row] for row in self.rows.tolist()]
        columns: dict[str, Any] = {
            name: [key[place] for key in keys] for place, name in enumerate(names)
        }
        columns |= {
            "row": self.rows,
            "stated_lower": self.stated_lower.astype(np.int64),
            "stated_upper": self.stated_upper,
            "lower": self.lower.astype(np.int64),
            "upper": self.upper,
            "outcome": [str(outcome) for outcome in self.outcomes],
        }
        return pd.DataFrame(columns)

    def to_dict(self) -> dict[str, Any]:
        """Return them as plain data that JSON can hold; no end is ``None``."""
        return {
            "assumptions": list(self.assumed),
            "counts": dict(self.counts),
            "cells": [
                {
                    "row": int(row),
                    "cell": self.lattice.label(int(row)),
                    "stated": [_plain(self.lattice.lower[row]), _plain(self.lattice.upper[row])],
                    "implied": [_plain(self.ends.lower[row]), _plain(self.ends.upper[row])],
                    "outcome": str(outcome),
                }
                for row, outcome in zip(self.rows.tolist(), self.outcomes, strict=True)
            ],
            "warnings": list(self.warnings.codes),
        }

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many cells have each outcome."""
        return {str(outcome): self.outcomes.count(outcome) for outcome in Outcome}

    @property
    def assumed(self) -> tuple[str, ...]:
        """What was assumed of the dimensions that the table has, in words."""
        present = [name for name in self.lattice.schema.names if self._has_parts(name)]
        return tuple(self.assumptions.texts(present))

    def _has_parts(self, name: str) -> bool:
        return name in self.lattice.relations.along

    def display_table(self) -> DisplayTable:
        """Return the cells that are told most closely, and which sums tell them."""
        told = sorted(
            (self.ends.upper[row] - self.ends.lower[row], row)
            for outcome in (Outcome.FIXED, Outcome.NARROWED)
            for row in self.of(outcome).tolist()
        )
        rows = [self._row(row) for _, row in told[:_MOST_SHOWN]]
        more = len(told) - len(rows)
        notes = [f"{self.summary}."]
        notes += [f"{more} more cells that are told are in to_frame()."] if more else []
        notes += [f"Assumed: {text}." for text in self.assumed]
        notes += [f"{warning.code}: {warning.message}." for warning in self.warnings]
        return DisplayTable(
            caption="Hidden cells that published cells tell",
            columns=["cell", Column("stated", "right"), Column("implied", "right"), "told by"],
            rows=rows,
            notes=notes,
        )

    def _row(self, row: int) -> Sequence[Cell | str]:
        implied = _shown(self.ends.lower[row], self.ends.upper[row])
        fixed = self.ends.lower[row] == self.ends.upper[row]
        return [
            self.lattice.label(row),
            _shown(self.lattice.lower[row], self.lattice.upper[row]),
            Cell(implied, tone="bad" if fixed else "warn"),
            _short(self.relations(row)),
        ]

    @property
    def summary(self) -> str:
        """How many cells have each outcome, in words."""
        told = [f"{count(n)} {Outcome(name).label}" for name, n in self.counts.items() if n]
        return f"Of {count(len(self))} hidden cells: {'; '.join(told) or 'none'}"

    def __repr__(self) -> str:
        told = ", ".join(f"{n} {name}" for name, n in self.counts.items() if n)
        codes = ", ".join(self.warnings.codes)
        return f"<ExposedCells {len(self)} hidden: {told or 'none'}{'; ' + codes if codes else ''}>"


def _plain(end: float) -> int | None:
    return None if np.isinf(end) else int(end)


def _shown(lower: float, upper: float) -> str:
    return count(Interval(int(lower), _plain(upper)))


def _short(sums: Sequence[str]) -> str:
    """Sums as they fit into a cell of a sheet."""
    formatted = []
    for said in sums[:_MOST_SUMS]:
        parts = said.partition(": ")[2].split(" + ")
        more = len(parts) - _MOST_PARTS
        formatted.append(" + ".join([*parts[:_MOST_PARTS], f"{more} more"] if more > 1 else parts))
    more = len(sums) - len(formatted)
    return "; ".join([*formatted, f"{more} more sums"] if more else formatted)
