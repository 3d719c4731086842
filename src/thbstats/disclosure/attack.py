"""Attack by difference between two releases."""

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from thbstats.bounds.sums import Sums, cell_bounds
from thbstats.disclosure.assumptions import Assumptions, DisclosureRisk, require_integer
from thbstats.disclosure.lattice import Lattice
from thbstats.disclosure.suppression_rules import PROTECTED_REASONS
from thbstats.display import Cell, Column, DisplayTable, Tabular, count
from thbstats.errors import require
from thbstats.panel import refuse_narrowing
from thbstats.tables import CountTable, require_table
from thbstats.values import Interval

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Rows = NDArray[np.intp]

_RISKS = tuple(DisclosureRisk)
_EXACT, _NARROWED, _UNCHANGED, _CONTRADICTED = range(len(_RISKS))
_PROTECTED = [reason.severity for reason in PROTECTED_REASONS]
_SHOWN = 20


@frozen(kw_only=True, eq=False, repr=False)
class DifferenceAttack(Tabular):
    """Suppressed cells that a reader of two releases can narrow, as columns.

    Parameters
    ----------
    old, new : CountTable
        The releases.
    assumptions : Assumptions
        The assumptions of the attacker on sums.
    assume : {"unchanged", "nothing"}
        The assumption on cells that show no change.
    is_new : array of bool, shape (n,)
        Whether each suppressed cell belongs to the newer release.
    rows : array of int, shape (n,)
        The row of each suppressed cell in its release.
    single_lower, single_upper : array, shape (n,)
        The attacker's bounds from its release alone.
    lower, upper : array, shape (n,)
        The attacker's bounds from both releases.
    codes : array of int, shape (n,)
        The position in `DisclosureRisk` of what the pair of releases adds.
    moved : array of int, shape (m, 2)
        The rows of cells that moved by one person, in the older and the newer release.
    """

    old: CountTable
    new: CountTable
    assumptions: Assumptions
    assume: Literal["unchanged", "nothing"]
    is_new: Bools = field(repr=False)
    rows: Rows = field(repr=False)
    single_lower: Floats = field(repr=False)
    single_upper: Floats = field(repr=False)
    lower: Floats = field(repr=False)
    upper: Floats = field(repr=False)
    codes: Rows = field(repr=False)
    moved: Rows = field(repr=False)

    def __len__(self) -> int:
        """Return the number of cells that the pair reveals or narrows, or that moved by one."""
        return int((self.codes <= _NARROWED).sum()) + len(self.moved)

    @property
    def risks(self) -> tuple[DisclosureRisk, ...]:
        """What the pair of releases adds for each suppressed cell."""
        return tuple(_RISKS[code] for code in self.codes.tolist())

    def to_frame(self) -> "pd.DataFrame":
        """Return one row for each cell that the pair reveals or narrows, or that moved by one.

        ``release`` is ``old`` or ``new``, and ``risk`` is ``exact``, ``narrowed``,
        ``contradicted`` or ``moved_by_one``.
        """
        import pandas as pd

        own = np.flatnonzero(self.codes != _UNCHANGED)
        frames = []
        for table, is_new in ((self.old, False), (self.new, True)):
            chosen = own[self.is_new[own] == is_new]
            frames.append(
                _keys(table, self.rows[chosen]).assign(
                    release="new" if is_new else "old",
                    row=self.rows[chosen],
                    risk=[str(_RISKS[code]) for code in self.codes[chosen].tolist()],
                    single_lower=self.single_lower[chosen],
                    single_upper=self.single_upper[chosen],
                    lower=self.lower[chosen],
                    upper=self.upper[chosen],
                )
            )
        before, after = (
            table.lower[self.moved[:, side]].astype(np.float64)
            for side, table in enumerate((self.old, self.new))
        )
        frames.append(
            _keys(self.new, self.moved[:, 1]).assign(
                release="new",
                row=self.moved[:, 1],
                risk="moved_by_one",
                single_lower=before,
                single_upper=before,
                lower=after,
                upper=after,
            )
        )
        return pd.concat([own for own in frames if len(own)] or frames[:1], ignore_index=True)

    @property
    def counts(self) -> dict[str, int]:
        """The number of suppressed cells by risk, and of cells that moved by one person."""
        n = np.bincount(self.codes, minlength=len(_RISKS)).tolist()
        named = {str(risk): number for risk, number in zip(_RISKS, n, strict=True)}
        return {**named, "moved_by_one": len(self.moved)}

    @property
    def assumed(self) -> tuple[str, ...]:
        """The assumptions, as sentences."""
        schema = self.new.columns.schema
        present = [name for name in schema.names if len(self.new.categories(name)) > 1]
        unchanged = "cells that show no change have the same count in both releases"
        return (*self.assumptions.texts(present), *[unchanged] * (self.assume == "unchanged"))

    def display_table(self) -> DisplayTable:
        """Return the cells with the narrowest bounds as a display table."""
        frame = self.to_frame()
        frame = frame.loc[(frame.upper - frame.lower).sort_values(kind="stable").index]
        names = [n for n in self.new.columns.schema.names if frame[n].nunique() > 1] or ["area"]
        rows = []
        for row in frame.head(_SHOWN).to_dict("records"):
            bounds = [
                count(Interval(int(row[low]), None if np.isinf(row[high]) else int(row[high])))
                for low, high in (("single_lower", "single_upper"), ("lower", "upper"))
            ]
            tone = "bad" if row["risk"] in ("exact", "moved_by_one") else "warn"
            risk = Cell(row["risk"].replace("_", " "), tone=tone)
            rows.append([*(str(row[name]) for name in names), row["release"], *bounds, risk])
        notes = [f"to_frame() lists all {count(len(frame))} cells."] * (len(frame) > _SHOWN)
        notes += [f"Assumed: {text}." for text in self.assumed]
        numbers = [Column(name, "right") for name in ("from one release", "from both")]
        return DisplayTable(
            caption="Attack by difference: cells that two releases disclose",
            columns=[*names, "release", *numbers, "risk"],
            rows=rows,
            notes=notes,
        )

    def __repr__(self) -> str:
        parts = ", ".join(f"{n} {name}" for name, n in self.counts.items() if n)
        return f"<DifferenceAttack {parts or 'no suppressed cell'}>"


def _keys(table: CountTable, rows: Rows) -> "pd.DataFrame":
    import pandas as pd

    columns = zip(table.columns.schema.names, table.columns.dimensions, strict=True)
    return pd.DataFrame({name: list(column.take(rows)) for name, column in columns})


def difference(
    old: CountTable,
    new: CountTable,
    *,
    assume: Literal["unchanged", "nothing"] = "unchanged",
    few: int = 5,
    **assumptions: Any,
) -> DifferenceAttack:
    """Return the attacker's bounds of suppressed cells from two releases together.

    ``lower(c) = min n_c`` and ``upper(c) = max n_c`` over all pairs of tables of integers in which
    every published count has its value, every total is the sum of its parts, and cells that show
    no change have one count

    A suppressed cell shows no change if the published bounds of both releases have a common value
    and no sum of published changes requires a change of it.

    Parameters
    ----------
    old, new : CountTable
        Two releases as they are published.
    assume : {"unchanged", "nothing"}
        Whether cells that show no change have the same count in both releases.
    few : int
        The largest count of a cell that moved by one person; the other count can be one more.
    **assumptions
        ``along``, ``exhaustive``, ``overlapping`` and ``unpublished_unknown``, as for
        `disclosure_audit`.

    Returns
    -------
    DifferenceAttack
        The cells with narrower bounds than from one release alone, and published cells that moved
        by one while a total of them did not: one person changed category.

    Raises
    ------
    NarrowingForbidden
        If the terms of a source prohibit re-identification.
    InvalidValue
        If the releases are of different kinds, or an argument is not valid.

    Examples
    --------
    The older release contains the number of women, the newer one does not:

    >>> import thbstats as thb
    >>> hidden = thb.Count.suppressed()
    >>> old, new = (
    ...     thb.CountTable.from_rows(
    ...         rows, columns=["sex", "value"], kind="victims", area="FR", period=2020
    ...     )
    ...     for rows in (
    ...         [("total", 100), ("male", 93), ("female", 7)],
    ...         [("total", 100), ("male", hidden), ("female", hidden)],
    ...     )
    ... )
    >>> thb.disclosure.difference(old, new)
    <DifferenceAttack 2 exact>

    References
    ----------
    A. Hundepool et al., Statistical Disclosure Control (Wiley, 2012), section 4.3.
    """
    refuse_narrowing([*require_table(old, "old").sources, *require_table(new, "new").sources])
    is_same = old.kind == new.kind
    require(is_same, f"must be a table of {old.kind}", "Pass two releases", new=new.kind)
    options = ("unchanged", "nothing")
    require(assume in options, "must be 'unchanged' or 'nothing'", "Omit it", assume=assume)
    require_integer(1, "Use few=5", few=few)
    chosen = Assumptions.of(new, **assumptions)
    tables, lattices = (old, new), [Lattice.of(table, chosen) for table in (old, new)]
    hidden = [np.isin(own.reason, _PROTECTED) & (own.lower < own.upper) for own in tables]
    place = {key: row for row, key in enumerate(lattices[1].keys[: len(new)])}
    both = np.array(
        [(row, place.get(key, -1)) for row, key in enumerate(lattices[0].keys[: len(old)])],
        dtype=np.intp,
    ).reshape(-1, 2)
    both = both[both[:, 1] >= 0]
    one, two = both.T
    overlap = (old.lower[one] <= new.upper[two]) & (new.lower[two] <= old.upper[one])
    known = [own.lower == own.upper for own in tables]
    is_cell = [known[0][one] | hidden[0][one], known[1][two] | hidden[1][two]]
    linked = (assume == "unchanged") & overlap & is_cell[0] & is_cell[1]
    linked &= hidden[0][one] | hidden[1][two]
    linked &= ~_shows_change(lattices, both, linked)
    # The linked cells of the newer release are columns of the older one.
    size = len(lattices[0].keys)
    columns = size + np.arange(len(lattices[1].keys))
    columns[two[linked]] = one[linked]
    lower, upper = (
        np.concatenate([getattr(own, name) for own in lattices]) for name in ("lower", "upper")
    )
    lower[one[linked]] = np.maximum(lower[one[linked]], new.lower[two[linked]])
    upper[one[linked]] = np.minimum(upper[one[linked]], new.upper[two[linked]])
    sums = _joined(lattices[0].relations, lattices[1].relations, columns)
    targets = np.zeros(len(lower), dtype=np.bool_)
    cells = [np.flatnonzero(hidden[0]), columns[np.flatnonzero(hidden[1])]]
    targets[np.concatenate(cells)] = True
    together = cell_bounds(sums, lower, upper, targets)
    single_lower, single_upper, feasible = [], [], []
    for lattice, own in zip(lattices, hidden, strict=True):
        aim = np.zeros(len(lattice.keys), dtype=np.bool_)
        aim[np.flatnonzero(own)] = True
        bounds = cell_bounds(lattice.relations, lattice.lower, lattice.upper, aim)
        single_lower.append(bounds.lower[aim])
        single_upper.append(bounds.upper[aim])
        feasible.append(bounds.feasible[aim])
    alone = [np.concatenate(own) for own in (single_lower, single_upper)]
    every = np.concatenate(cells)
    possible = together.feasible[every] & np.concatenate(feasible)
    low = np.where(possible, together.lower[every], alone[0])
    high = np.where(possible, together.upper[every], alone[1])
    narrower = (low > alone[0]) | (high < alone[1])
    codes = np.where(narrower, np.where(low == high, _EXACT, _NARROWED), _UNCHANGED)
    codes[~possible] = _CONTRADICTED
    return DifferenceAttack(
        old=old,
        new=new,
        assumptions=chosen,
        assume=assume,
        is_new=np.repeat([False, True], [len(own) for own in cells]),
        rows=np.concatenate([np.flatnonzero(own) for own in hidden]),
        single_lower=alone[0],
        single_upper=alone[1],
        lower=low,
        upper=high,
        codes=codes,
        moved=_moved_by_one(lattices[1], both, tables, few),
    )


def _joined(first: Sums, second: Sums, columns: Rows) -> Sums:
    """Return the sums of two releases, the cells of the second at other columns."""
    return Sums(
        relation=np.concatenate([first.relation, second.relation + len(first)]),
        cell=np.concatenate([first.cell, columns[second.cell]]),
        sign=np.concatenate([first.sign, second.sign]),
        low=np.concatenate([first.low, second.low]),
        high=np.concatenate([first.high, second.high]),
        along=(*first.along, *second.along),
    )


def _shows_change(lattices: list[Lattice], both: Rows, linked: Bools) -> Bools:
    """Return the linked cells of a sum whose other changes do not add up to 0."""
    first, second = lattices
    partner = np.full(len(first.keys), -1)
    partner[both[:, 0]] = both[:, 1]
    is_linked = np.zeros(len(first.keys), dtype=np.bool_)
    is_linked[both[linked, 0]] = True
    other = np.maximum(partner, 0)
    exists = partner >= 0
    least = np.where(exists, second.lower[other] - first.upper, -np.inf)
    most = np.where(exists, second.upper[other] - first.lower, np.inf)
    least, most = np.where(is_linked, 0.0, least), np.where(is_linked, 0.0, most)
    sums = first.relations
    low, high = (
        np.where(sums.sign > 0, own[sums.cell], -opposite[sums.cell])
        for own, opposite in ((least, most), (most, least))
    )
    n = len(sums)
    lowest, highest = (np.bincount(sums.relation, own, minlength=n) for own in (low, high))
    is_exact = (sums.low == 0) & (sums.high == 0)
    # A part that only one release has can take the difference.
    parts = {
        frozenset(second.keys[cell] for cell in second.relations.terms(r)[0])
        for r in range(len(second.relations))
    }
    wrong = np.flatnonzero(is_exact & ((lowest > 0) | (highest < 0))).tolist()
    changed = np.zeros(len(first.keys), dtype=np.bool_)
    for relation in wrong:
        cells = sums.terms(relation)[0]
        changed[cells] |= frozenset(first.keys[cell] for cell in cells) in parts
    return changed[both[:, 0]]


def _moved_by_one(
    lattice: Lattice, both: Rows, tables: tuple[CountTable, CountTable], few: int
) -> Rows:
    """Return the rows of cells that moved by one while a total of them did not change."""
    old, new = tables
    one, two = both.T
    known = (old.lower[one] == old.upper[one]) & (new.lower[two] == new.upper[two])
    step = new.lower[two] - old.lower[one]
    small = np.minimum(new.lower[two], old.lower[one]) <= few
    cells = np.zeros((2, len(lattice.keys)), dtype=np.bool_)
    cells[0, two[known & (step == 0)]] = True
    cells[1, two[known & small & (np.abs(step) == 1)]] = True
    sums = lattice.relations
    whole = sums.cell[sums.starts[:-1]]
    parts = sums.cell[cells[0][whole][sums.relation] & (sums.sign < 0)]
    inside = np.zeros(len(lattice.keys), dtype=np.bool_)
    inside[parts] = True
    return both[(cells[1] & inside)[two]]
