"""Cells of a table, and the sums that relate them."""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.bounds import Constraint, Inequality, Linear, System
from thbstats.bounds.many_sums import Sums, components, propagate
from thbstats.columns import Floats, Index
from thbstats.disclosure._cell_sums import CellSums, Key
from thbstats.disclosure.assumptions import Assumptions
from thbstats.errors import ImpossibleResult, require
from thbstats.records import Dimension, Schema
from thbstats.tables import CountTable
from thbstats.values import LARGEST_COUNT, is_integer


def require_integer(least: int, hint: str, **argument: object) -> None:
    """Raise `InvalidValue` unless an argument is an integer of at least a value."""
    [(name, value)] = argument.items()
    requirement = f"`{name}` must be an integer of {least} or more"
    require(is_integer(value, least=least), requirement, hint, **argument)


class DisclosureRisk(StrEnum):
    """Disclosure risk of a suppressed cell."""

    EXACT = "exact"
    NARROWED = "narrowed"
    UNCHANGED = "unchanged"
    CONTRADICTED = "contradicted"

    @property
    def label(self) -> str:
        """The risk as a phrase."""
        return _LABELS[self]


_LABELS = {
    DisclosureRisk.EXACT: "can be recalculated exactly",
    DisclosureRisk.NARROWED: "narrower than published",
    DisclosureRisk.UNCHANGED: "as published",
    DisclosureRisk.CONTRADICTED: "not assessable, as the related cells contradict each other",
}


@frozen(kw_only=True)
class CellLabels:
    """Labels of the cells of a table, without the codes that all cells share.

    `constant` contains the attributes with one value in all rows, and `ambiguous` the codes of
    several dimensions, whose labels include the dimension.
    """

    schema: Schema
    constant: frozenset[str]
    ambiguous: frozenset[str]

    @classmethod
    def of(cls, table: CountTable) -> "CellLabels":
        """Return the labels for a table."""
        schema = table.columns.schema
        codes = {
            d: set(table.categories(d.name))
            for d in schema.dimensions
            if d.content not in ("area", "period")
        }
        used = Counter(code for present in codes.values() for code in present)
        return cls(
            schema=schema,
            constant=frozenset(d.name for d in codes if d.total is None and len(codes[d]) < 2),
            ambiguous=frozenset(code for code, n in used.items() if n > 1),
        )

    def category_label(self, dimension: Dimension, code: str) -> str:
        """Return the label of a category."""
        label = code.replace("_", " ")
        return f"{dimension.name} {label}" if code in self.ambiguous else label

    def label(self, key: Key) -> str:
        """Return the label of a cell: area, period and categories."""
        context, labels = [], []
        for dimension, code in zip(self.schema.dimensions, key, strict=True):
            if dimension.content in ("area", "period"):
                context.append(code)
            elif code not in (dimension.total, dimension.default) and (
                dimension.name not in self.constant
            ):
                labels.append(self.category_label(dimension, code))
        return f"{' '.join(context)}: {', '.join(labels) or 'total'}"


@frozen(eq=False, kw_only=True)
class Lattice:
    """Rows of a table, sums that are not published, and relations between both.

    The `keys` are the codes of each cell by dimension; the `n_rows` rows of the table come first,
    in its order. Sums that are not published are 0 or more.
    """

    keys: tuple[Key, ...]
    lower: Floats
    upper: Floats
    n_rows: int
    relations: Sums
    labels: CellLabels

    @classmethod
    def of(
        cls, table: CountTable, assumptions: Assumptions, unpublished: Iterable[Key] = ()
    ) -> "Lattice":
        """Return the lattice of a table whose sums are exact in floating point.

        The cells of `unpublished` are parts of totals, but no rows of the table.
        """
        finite = float(table.upper[np.isfinite(table.upper)].sum())
        requirement = "the sum of all counts must be at most 2**53"
        require(finite <= LARGEST_COUNT, requirement, "Check the counts", table=finite)
        schema = table.columns.schema
        rows = row_keys(table)
        bounds = (table.lower.astype(np.float64), table.upper)
        cells = CellSums.of([*rows, *unpublished], schema, assumptions, bounds)
        lattice = cls(
            keys=tuple(cells.indices),
            lower=cells.lower,
            upper=cells.upper,
            n_rows=len(rows),
            relations=Sums.of_groups(cells.groups()),
            labels=CellLabels.of(table),
        )
        return lattice._pruned()

    def _pruned(self) -> "Lattice":
        """Return the lattice without unpublished sums that appear in one relation only."""
        relations, selected = self.relations, np.ones(len(self.relations), dtype=np.bool_)
        whole = relations.cell[relations.starts[:-1]]
        while True:
            used = relations.cell[selected[relations.relation]]
            uses = np.bincount(used, minlength=len(self.keys))
            loose = selected & (whole >= self.n_rows) & (uses[whole] == 1) & (relations.high >= 0)
            if not loose.any():
                return self.subset(selected, np.arange(self.n_rows))[0]
            selected &= ~loose

    def neighbourhood(self, cell: int, radius: int) -> tuple["Lattice", Index]:
        """Return the relations within a distance of a cell, and their cells; that cell is first."""
        relations, cells = self.relations, np.array([cell])
        selected = np.zeros(len(relations), dtype=np.bool_)
        for _ in range(radius):
            selected[relations.of(cells)] = True
            cells = relations.cell[selected[relations.relation]]
        return self.subset(selected, np.array([cell]))

    def subset(self, selected: NDArray[np.bool_], first: Index) -> tuple["Lattice", Index]:
        """Return the selected relations, and their cells in order; some cells come first."""
        relations = self.relations.take(selected)
        others = np.setdiff1d(relations.cell, first)
        cells = np.concatenate([first, others])
        indices = np.zeros(len(self.keys), dtype=np.intp)
        indices[cells] = np.arange(len(cells))
        lattice = Lattice(
            keys=tuple(self.keys[cell] for cell in cells.tolist()),
            lower=self.lower[cells],
            upper=self.upper[cells],
            n_rows=len(first) + int((others < self.n_rows).sum()),
            relations=evolve(relations, cell=indices[relations.cell]),
            labels=self.labels,
        )
        return lattice, cells

    def label(self, cell: int) -> str:
        """Return the label of a cell: area, period and categories."""
        return self.labels.label(self.keys[cell])

    def relation_text(self, relation: int) -> str:
        """Return a relation as text, such as "FR 2020: total = female + male"."""
        (whole, *parts), _ = self.relations.terms(relation)
        low, high = self.relations.low[relation], self.relations.high[relation]
        sign = "=" if low == high else "≥" if low == 0 else "≤"
        schema = self.labels.schema
        axis = schema.names.index(self.relations.along[relation])
        dimension = schema.dimensions[axis]
        codes = [self.labels.category_label(dimension, self.keys[part][axis]) for part in parts]
        return f"{self.label(whole)} {sign} {' + '.join(codes)}"

    def system(self, cell: int) -> System:
        """Return the component of a cell as a system with readable labels.

        Known cells of its relations are included, so that a feasible table can be checked by hand.
        """
        relations, group = self.relations, components(self.relations, self.lower < self.upper)
        inside = np.flatnonzero(group == group[cell]) if group[cell] >= 0 else np.array([cell])
        owned = relations.of(inside).tolist()
        cells = {result for owner in owned for result in relations.terms(owner)[0]}
        names = {index: self.label(index) for index in sorted(cells | set(inside.tolist()))}
        constraints = []
        for index, name in names.items():
            low, high = self.lower[index], self.upper[index]
            if low > 0 or np.isfinite(high):
                most = int(high) if np.isfinite(high) else None
                constraints.append(Constraint.between(name, Linear.sum([name]), int(low), most))
        for owner in owned:
            terms = zip(*relations.terms(owner), strict=True)
            sum_ = Linear([(names[index], int(sign)) for index, sign in terms])
            sides = ((-sum_, -relations.low[owner]), (sum_, relations.high[owner]))
            rows = [Inequality(left, int(most)) for left, most in sides if np.isfinite(most)]
            constraints.append(Constraint(self.relation_text(owner), rows))
        return System(names.values(), constraints)

    def check_additivity(self) -> NDArray[np.int64]:
        """Return the counts, and the lower bounds of sums that are not published."""
        lower, _, infeasible, _ = propagate(self.relations, self.lower, self.upper)
        if infeasible.any():
            cell = int(np.flatnonzero(infeasible)[0])
            try:
                self.system(cell).bounds(Linear.sum([self.label(cell)]))
            except ImpossibleResult as problem:
                raise ImpossibleResult(
                    "the counts must satisfy the additivity assumptions",
                    field="table",
                    value=problem.value,
                    hint="Correct the counts, add the dimension to `overlapping` or remove it from "
                    "`complete_dimensions`",
                ) from None
        return lower.astype(np.int64)


def row_keys(table: CountTable) -> list[Key]:
    """Return the categories of each row."""
    columns = [np.array(c.categories)[c.codes].tolist() for c in table.columns.dimensions]
    return list(zip(*columns, strict=True))
