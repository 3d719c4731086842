"""Attack by difference between two releases."""

from typing import Any, Literal

import numpy as np
import pandas as pd
from attrs import frozen
from numpy.typing import NDArray

from thbstats.bounds.many_sums import Sums, cell_bounds
from thbstats.disclosure.assumptions import Assumptions, DisclosureRisk, require_integer
from thbstats.disclosure.lattice import Lattice
from thbstats.disclosure.primary import PROTECTED_REASONS
from thbstats.errors import require
from thbstats.panel import refuse_narrowing
from thbstats.releases import RevisionTable
from thbstats.tables import CountTable, require_table

Rows = NDArray[np.intp]
Bools = NDArray[np.bool_]

_PROTECTED = [reason.severity for reason in PROTECTED_REASONS]
_MOVED = "moved_by_one"


@frozen(kw_only=True, eq=False, repr=False)
class DifferenceAttack(RevisionTable):
    """Suppressed cells that a reader of two releases narrows, and cells that moved by one person.

    Each row has the release (``old`` or ``new``) and row of a cell, its bounds from one release and
    from both, and the ``risk``: a `DisclosureRisk`, or ``moved_by_one`` with the older and the
    newer count. The notes are the assumptions.
    """

    @property
    def counts(self) -> dict[str, int]:
        """The number of cells by risk."""
        risks = (DisclosureRisk.EXACT, DisclosureRisk.NARROWED, DisclosureRisk.CONTRADICTED, _MOVED)
        return {str(risk): int((self.frame["risk"] == risk).sum()) for risk in risks}

    def __repr__(self) -> str:
        parts = ", ".join(f"{n} {name}" for name, n in self.counts.items() if n)
        return f"<DifferenceAttack: {parts or 'nothing disclosed'}>"


def difference(
    old: CountTable,
    new: CountTable,
    *,
    assume: Literal["unchanged", "nothing"] = "unchanged",
    few: int = 5,
    **assumptions: Any,
) -> DifferenceAttack:
    """Return the suppressed cells that two releases together reveal or narrow.

    ``lower(c) = min n_c`` and ``upper(c) = max n_c`` over all pairs of tables of integers in which
    every published count has its value, every total is the sum of its parts, and cells that show
    no change have one count

    A suppressed cell shows no change if its published bounds in both releases have a common value,
    and the other counts of each of its sums can agree with that.

    Parameters
    ----------
    old, new : CountTable
        Two releases as they are published.
    assume : {"unchanged", "nothing"}
        Whether cells that show no change have the same count in both releases.
    few : int
        The largest value of the smaller count of a cell that moved by one person.
    **assumptions
        ``dimensions``, ``complete_dimensions``, ``overlapping`` and ``unknown_is_unpublished``,
        as for `disclosure_audit`.

    Returns
    -------
    DifferenceAttack
        The cells with narrower bounds than from one release, and published small cells that moved
        by one while a total of them did not: one person changed category.

    Raises
    ------
    NarrowingForbidden
        If the terms of a source prohibit re-identification.
    InvalidValue
        If the releases are of different kinds, or an argument is not valid.

    Examples
    --------
    >>> import thbstats as thb
    >>> hidden = thb.Count.suppressed()
    >>> old, new = (
    ...     thb.CountTable.from_rows(
    ...         [("total", 100), ("male", men), ("female", women)], columns=["sex", "value"],
    ...         kind="victims", area="FR", period=2020,
    ...     )
    ...     for men, women in [(93, 7), (hidden, hidden)]
    ... )
    >>> thb.disclosure.difference(old, new)
    <DifferenceAttack: 2 exact>

    References
    ----------
    A. Hundepool et al., Statistical Disclosure Control (Wiley, 2012), section 4.3.
    """
    refuse_narrowing([*require_table(old, "old").sources, *require_table(new, "new").sources])
    require(
        old.kind == new.kind, f"must be a table of {old.kind}", "Pass two releases", new=new.kind
    )
    is_option = assume in ("unchanged", "nothing")
    require(is_option, "must be 'unchanged' or 'nothing'", "Omit it", assume=assume)
    require_integer(1, "Use few=5", few=few)
    chosen, tables = Assumptions.of(new, **assumptions), (old, new)
    lattices = [Lattice.of(table, chosen) for table in tables]
    new_rows = {key: row for row, key in enumerate(lattices[1].keys[: len(new)])}
    rows = [(row, new_rows.get(key, -1)) for row, key in enumerate(lattices[0].keys[: len(old)])]
    both = np.array([pair for pair in rows if pair[1] >= 0], dtype=np.intp).reshape(-1, 2)
    hidden = [np.isin(own.reason, _PROTECTED) & (own.lower < own.upper) for own in tables]
    is_cell = [own.lower == own.upper for own in tables]
    old_row, new_row = both.T
    linked = (hidden[0][old_row] & (is_cell[1] | hidden[1])[new_row]) | (
        hidden[1][new_row] & is_cell[0][old_row]
    )
    linked &= (old.lower[old_row] <= new.upper[new_row]) & (
        new.lower[new_row] <= old.upper[old_row]
    )
    linked &= (assume == "unchanged") & ~_shows_change(lattices, both, linked)
    # The linked cells of the newer release are columns of the older one.
    columns = len(lattices[0].keys) + np.arange(len(lattices[1].keys))
    columns[new_row[linked]] = old_row[linked]
    lower = np.concatenate([own.lower for own in lattices])
    upper = np.concatenate([own.upper for own in lattices])
    lower[old_row[linked]] = np.maximum(lower[old_row[linked]], new.lower[new_row[linked]])
    upper[old_row[linked]] = np.minimum(upper[old_row[linked]], new.upper[new_row[linked]])
    first, second = (own.relations for own in lattices)
    sums = Sums(
        relation=np.append(first.relation, second.relation + len(first)),
        cell=np.append(first.cell, columns[second.cell]),
        sign=np.append(first.sign, second.sign),
        low=np.append(first.low, second.low),
        high=np.append(first.high, second.high),
        along=(*first.along, *second.along),
    )
    masked = [np.flatnonzero(own) for own in hidden]
    together = cell_bounds(sums, lower, upper, _mask([masked[0], columns[masked[1]]], len(lower)))
    frames = []
    for side, (lattice, own) in enumerate(zip(lattices, masked, strict=True)):
        alone = cell_bounds(
            lattice.relations, lattice.lower, lattice.upper, _mask([own], len(lattice.keys))
        )
        cells = columns[own] if side else own
        low, high = together.lower[cells], together.upper[cells]
        before = alone.lower[own], alone.upper[own]
        possible = together.feasible[cells] & alone.feasible[own]
        risk = np.where(low == high, DisclosureRisk.EXACT, DisclosureRisk.NARROWED)
        risk = np.where(possible, risk, DisclosureRisk.CONTRADICTED)
        shown = np.flatnonzero(~possible | (low > before[0]) | (high < before[1]))
        frames.append(
            _frame(tables[side], own[shown], side, *(a[shown] for a in (*before, low, high)))
        )
        frames[-1]["risk"] = risk[shown].astype(str)
    moved = both[_moved_by_one(lattices[1], both, tables, few)]
    counts = old.lower[moved[:, 0]], new.lower[moved[:, 1]]
    ends = [own.astype(np.float64) for own in counts for _ in range(2)]
    frames.append(_frame(new, moved[:, 1], 1, *ends).assign(risk=_MOVED))
    several = [name for name in new.dimensions if len(new.categories(name)) > 1]
    texts = [*chosen.texts(several)]
    texts += ["cells that show no change have one count"] * (assume == "unchanged")
    return DifferenceAttack(
        caption="Attack by difference: cells that two releases disclose",
        frame=pd.concat(frames, ignore_index=True),
        notes=tuple(f"Assumed: {text}." for text in texts),
    )


def _mask(masked: list[Rows], size: int) -> Bools:
    result = np.zeros(size, dtype=np.bool_)
    result[np.concatenate(masked)] = True
    return result


def _frame(table: CountTable, rows: Rows, side: int, *bounds: Any) -> pd.DataFrame:
    names = ("single_lower", "single_upper", "lower", "upper")
    keys = {name: list(table.columns[name].take(rows)) for name in table.dimensions}
    release = ("old", "new")[side]
    return pd.DataFrame(
        {**keys, "release": release, "row": rows, **dict(zip(names, bounds, strict=True))}
    )


def _shows_change(lattices: list[Lattice], both: Rows, linked: Bools) -> Bools:
    """Return the cells of a sum in both releases whose other changes do not add up to 0."""
    first, second = lattices
    least, most = np.full(len(first.keys), -np.inf), np.full(len(first.keys), np.inf)
    old_row, new_row = both.T
    least[old_row] = np.where(linked, 0.0, second.lower[new_row] - first.upper[old_row])
    most[old_row] = np.where(linked, 0.0, second.upper[new_row] - first.lower[old_row])
    sums, changed = first.relations, np.zeros(len(first.keys), dtype=np.bool_)
    lowest, highest = (
        np.bincount(
            sums.relation,
            np.where(sums.sign > 0, own[sums.cell], -other[sums.cell]),
            minlength=len(sums),
        )
        for own, other in ((least, most), (most, least))
    )
    wrong = (sums.low == 0) & (sums.high == 0) & ((lowest > 0) | (highest < 0))
    # A part that only one release has can take the difference.
    terms = [second.relations.terms(number)[0] for number in range(len(second.relations))]
    same = {frozenset(second.keys[cell] for cell in cells) for cells in terms}
    for number in np.flatnonzero(wrong).tolist():
        cells = sums.terms(number)[0]
        changed[cells] |= frozenset(first.keys[cell] for cell in cells) in same
    result: Bools = changed[old_row]
    return result


def _moved_by_one(
    lattice: Lattice, both: Rows, tables: tuple[CountTable, CountTable], few: int
) -> Bools:
    """Return the cells that moved by one while a total of them did not change."""
    (old, new), (old_row, new_row) = tables, both.T
    known = (old.lower[old_row] == old.upper[old_row]) & (new.lower[new_row] == new.upper[new_row])
    step = new.lower[new_row] - old.lower[old_row]
    small = (
        known & (np.abs(step) == 1) & (np.minimum(new.lower[new_row], old.lower[old_row]) <= few)
    )
    sums, size = lattice.relations, len(lattice.keys)
    same = _mask([new_row[known & (step == 0)]], size)[sums.cell[sums.starts[:-1]]]
    parts = _mask([sums.cell[same[sums.relation] & (sums.sign < 0)]], size)
    result: Bools = small & parts[new_row]
    return result
