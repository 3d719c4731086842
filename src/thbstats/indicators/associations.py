"""Association of two dimensions: shares of cells, residuals, and Cramér's V."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from thbstats.columns import Coded, Fractions, Ranges
from thbstats.display import Column, DisplayTable, Row, count
from thbstats.indicators._contingency import (
    Residuals,
    Unknown,
    chi_square,
    cramers_v_bounds,
    joined_bounds,
    residuals_of,
)
from thbstats.indicators._grids import Areas, Periods, as_kind, grid_in, require, stated
from thbstats.panel import Panel, Parts, Result, ResultKind, Status, Warnings, dimension_label
from thbstats.panel.export import bounds_of, number_columns
from thbstats.panel.grid import selection_of
from thbstats.panel.selections import ShareQuestion
from thbstats.panel.shares import CategoryCounts, category_counts, share_panel
from thbstats.panel.text import warning_notes
from thbstats.rules import Rule, Thresholds, check
from thbstats.tables import CountTable, need_table
from thbstats.values import Interval, Rational

__all__ = ["Association", "association"]


@frozen(kw_only=True, slots=False, eq=False, repr=False)
class Association(Panel):
    """The cells of two dimensions as shares of their rows, one row per cell.

    Parameters
    ----------
    rows, columns : tuple of str
        The categories of each dimension.
    counts : Ranges, shape (n,)
        The cells, over the countries that reported all of them.
    of_columns : Panel
        The cells as shares of their columns.
    expected_counts : tuple of int, Fraction or None
        The counts of independent dimensions; ``None`` where the counts are not points.
    pearson, adjusted : tuple of int, Fraction or None
        The residuals: count minus expected count over the root of the expected count; the
        adjusted ones also over the roots of the shares outside row and column, to compare with a
        standard normal. ``None`` where the counts are not points or a margin is empty.
    v : Result
        Cramér's V.
    """

    rows: tuple[str, ...] = field(converter=tuple)
    columns: tuple[str, ...] = field(converter=tuple)
    counts: Ranges
    of_columns: Panel
    expected_counts: tuple[Rational | None, ...] = field(converter=tuple)
    pearson: tuple[Rational | None, ...] = field(converter=tuple)
    adjusted: tuple[Rational | None, ...] = field(converter=tuple)
    v: Result

    def _taken(self, rows: NDArray[np.intp]) -> dict[str, Any]:
        tuples = {name: [getattr(self, name)[row] for row in rows.tolist()] for name in _RESIDUALS}
        return {"counts": self.counts[rows], "of_columns": self.of_columns.take(rows), **tuples}

    @property
    def warnings(self) -> Warnings:
        """The warnings of all shares and of the coefficient, each once."""
        return super().warnings.and_also(self.of_columns.warnings, self.v.warnings)

    def further_columns(self) -> dict[str, Any]:
        """Return counts, shares of columns, expected counts and residuals."""
        return {
            **number_columns("count", Fractions.counts(self.counts)),
            **number_columns("column_share", stated(self.of_columns)),
            **{name: np.array(getattr(self, name), dtype=np.float64) for name in _RESIDUALS},
        }

    def to_dict(self) -> dict[str, Any]:
        """Return the table and the coefficient as plain data."""
        return super().to_dict() | {
            "rows": list(self.rows),
            "columns": list(self.columns),
            "counts": [bounds_of(cell) for cell in self.counts.intervals()],
            "of_columns": [row.to_dict() for row in self.of_columns],
            **{
                name: [own if own is None else float(own) for own in getattr(self, name)]
                for name in _RESIDUALS
            },
            "v": self.v.to_dict(),
        }

    def explain(self) -> str:
        """Return the coefficient, then each share of a row, as footnotes."""
        return "\n\n".join([self.v.explain(), super().explain()])

    def display_table(self) -> DisplayTable:
        """Return the cells as a sheet, with the coefficient below."""
        pairs = list(zip(self, self.of_columns, strict=True))
        formatted = ["" if own is None else f"{float(own):+.2f}" for own in self.adjusted]
        cells = zip(self.names, self.counts.intervals(), pairs, formatted, strict=True)
        rows = [
            [", ".join(name), count(cell), share.formatted, other.formatted, residual]
            for name, cell, (share, other), residual in cells
        ]
        numbers = [("V", self.v.warnings), *((row.label, row.warnings) for row in self)]
        bases = dict.fromkeys(row.base.label for pair in zip(*pairs, strict=True) for row in pair)
        return DisplayTable(
            caption=f"{self.caption}, {self.v.area}, {self.v.period}",
            columns=[
                Column(", ".join(self.keys)),
                Column("count", "right"),
                *(Column(f"share of {name}", "right") for name in ("row", "column")),
                Column("adjusted residual", "right"),
            ],
            rows=[*rows, Row(["Cramér's V", "", self.v.formatted, "", ""], total=True)],
            notes=[*(f"Denominator: {label}." for label in bases), *warning_notes(numbers)],
        )


_RESIDUALS = ("expected_counts", "pearson", "adjusted")


def association(
    table: CountTable, *, rows: str, columns: str, area: Areas = None, period: Periods = None,
    overlap: str | None = None, thresholds: Thresholds | None = None,
    rules: Iterable[Rule] | None = None, **within: Any,
) -> Association:  # fmt: skip
    """Return the association of two dimensions.

    ``V = sqrt(X2 / (N * (k - 1)))`` with ``X2 = sum of (n_ij - e_ij)**2 / e_ij``, ``e_ij`` row
    total times column total over ``N``, and k the smaller number of rows and columns. Residuals
    are ``(n_ij - e_ij) / sqrt(e_ij)`` (Pearson) and the same over ``sqrt((1 - row share) * (1 -
    column share))`` (adjusted). Empty rows and columns do not count.

    Parameters
    ----------
    table : CountTable
        Counts with rows for categories of both dimensions together.
    rows, columns : str
        The dimensions, such as ``"sex"`` and ``"exploitation"``.
    area, period, overlap, thresholds, rules : optional
        As for `share`.
    **within
        The selection that all rows share, such as ``age="child"``; and attributes.

    Returns
    -------
    Association
        The cells as shares of their rows and (``of_columns``) of their columns, each with its
        recorded categories as denominator; expected counts and residuals where the counts are
        points; and ``v`` in [0, 1], to fifteen decimals. Where the cells allow up to 20,000
        tables, all are tried and both bounds of V are attained; otherwise its bounds are outer
        ones, and `sharp` is false. ``bounds_with_unknown`` has unknown allocated to cells.

    Raises
    ------
    NoSuchCell, AmbiguousCell, InvalidValue
        As for `share`; also if both dimensions are the same, or one does not divide a total.

    Notes
    -----
    Comparability warnings: those of `share`. V describes the recorded counts. It is not an
    inference about a population.

    Examples
    --------
    >>> import thbstats as thb
    >>> rows = [("female", "sexual", 95), ("female", "labour", 20), ("male", "sexual", 5),
    ...         ("male", "labour", 80)]
    >>> table = thb.CountTable.from_rows(
    ...     rows, columns=["sex", "exploitation", "value"], kind="victims", area="BE", period=2016
    ... )
    >>> found = thb.association(table, rows="sex", columns="exploitation")
    >>> found.v.formatted, found["female", "sexual"].formatted, found.of_columns[0].formatted
    ('0.759', '82.6%', '95.0%')
    >>> [round(float(residual), 1) for residual in found.adjusted]
    [10.7, -10.7, -10.7, 10.7]

    References
    ----------
    COM(2018) 777, section II: 95% of the victims of sexual exploitation are female, 80% of those
    of labour exploitation male. Cramér, "Mathematical Methods of Statistics" (1946), section
    21.9. Haberman, "The analysis of residuals in cross-classified tables", Biometrics 29 (1973).
    """
    require(
        rows != columns,
        "`rows` and `columns` must be two dimensions",
        'Use rows="sex", columns="exploitation"',
        columns=columns,
    )
    inside = selection_of(need_table(table), within, "a denominator")
    grid = grid_in(table, inside, by=None, area=area, period=period, named=(rows, columns))

    both, shared = (rows, columns), inside.categories
    every = ShareQuestion(
        grid=grid, names=both, chosen=None, within=shared, base="known", overlap=overlap
    )
    found = category_counts(every)
    names = {name: Coded.of(cell[name] for cell in found.words) for name in both}
    across, down = (tuple(dict.fromkeys(words)) for words in names.values())

    def shares(of: str, other: str) -> Panel:
        """Return each cell as a share of its category of one dimension, row by row."""
        parts: list[Panel] = []
        places: list[tuple[str, str]] = []
        for word in dict.fromkeys(names[of]):
            asked = evolve(every, names=(other,), within={**shared, of: word})
            listed = share_panel(asked)
            present = list(listed.keys[other])
            in_cells = [cell[other] for cell in found.words if cell[of] == word]
            lacking = [name for name in in_cells if name not in present]
            # A cell without any row has a row without a value.
            own = (share_panel(evolve(asked, chosen={other: name})) for name in lacking)
            places += [(word, name) for name in (*present, *lacking)]
            parts += [listed, *(evolve(panel, keys=listed.take([0]).keys) for panel in own)]
        order = [places.index((cell[of], cell[other])) for cell in found.words]
        cells = evolve(
            Panel.concat(parts).take(order),
            caption=f"{found.panel.base[0].label}: {rows} by {columns}",
            keys=names,
            indicator=Coded.constant("association", len(order)),
            label=Coded.of(f"{cell[rows]}, {cell[columns]}" for cell in found.words),
        )
        return check(cells, thresholds=thresholds, rules=rules)

    used, reported = np.flatnonzero(found.used[:, 0]), found.reported(0)[0]
    size = len(found.words)
    lower, upper = np.zeros(size, dtype=np.int64), np.zeros(size)
    lower[used], upper[used] = reported.lower, reported.upper
    counts = Ranges(lower, upper, np.ones(size))
    residuals: list[Residuals] = [(None, None, None)] * size
    if counts.is_point.all():
        residuals = residuals_of(counts.lower.tolist(), len(down))
    v = check(_coefficient(found, counts, len(down)), thresholds=thresholds, rules=rules)
    return as_kind(
        Association,
        shares(rows, columns),
        rows=across,
        columns=down,
        counts=counts,
        of_columns=shares(columns, rows),
        **dict(zip(_RESIDUALS, zip(*residuals, strict=True), strict=True)),
        v=v.row(0),
    )


def _coefficient(found: CategoryCounts, counts: Ranges, width: int) -> Panel:
    """Return Cramér's V as a panel of one row."""
    is_reported = found.reported(0)[1]
    cells, whole = counts.intervals(), found.counts[:, 0].intervals()
    total = None if found.overlaps[0] or found.suppressed[0] else found.base.interval(0)
    bounds, is_attained = cramers_v_bounds(whole, width, total)
    value = cramers_v_bounds(cells, width)[0] if is_reported else None
    wide, _ = joined_bounds(whole, width, _unknown(found))
    numerator, denominator = _statistic(cells, width)
    panel = found.panel.take([int(found.used[:, 0].argmax())])
    dimensions = dimension_label(panel.base[0].dimension)
    gone = panel.status == Status.AMBIGUOUS
    return evolve(
        panel,
        caption="Cramér's V",
        keys={},
        indicator=Coded.constant("association", 1),
        kind=Coded.constant(ResultKind.INDEX, 1),
        label=Coded.constant("Cramér's V", 1),
        category=panel.base.map(lambda own: own.within),
        estimand=panel.base.map(
            lambda own: f"strength of the association of {dimensions} among {own.label}"
        ),
        numerator=Fractions.of([numerator]),
        denominator=Fractions.of([denominator]),
        gap=Fractions.none(1),
        value=Fractions.of([value]).without(gone),
        bounds=Fractions.of([bounds]).without(gone),
        bounds_with_unknown=Fractions.of([wide]).without(gone),
        sharp=found.is_free & is_attained,
        complete=panel.complete & (value is not None and value.is_point),
        parts=Parts.empty(1),
    )


def _unknown(found: CategoryCounts) -> list[Unknown]:
    """Return the number in each unknown cell, and the recorded cells to which it can belong."""
    everyone, size = found.unknown.interval(0), len(found.words)
    cells = found.unknown_cells[:, 0].intervals()
    if not cells:
        return [(everyone, range(size))]
    return [
        (
            Interval(cell.lower, everyone.upper) if cell.upper is None else cell,
            np.flatnonzero(found.joins[:, at]).tolist(),
        )
        for at, cell in enumerate(cells)
    ]


def _statistic(cells: Sequence[Interval], width: int) -> tuple[Interval, Interval]:
    """Return chi-square and its largest possible value, as far as the counts are known."""
    smaller = min(len(cells) // width, width) - 1
    everyone = sum(cells, Interval.point(0))
    if not all(cell.is_point for cell in cells):
        return Interval.at_least(0), everyone.scale(smaller) if smaller else Interval.at_least(0)
    statistic = chi_square([int(cell.lower or 0) for cell in cells], width)
    if statistic is None:
        return Interval.point(0), everyone
    return Interval.point(statistic[0]), Interval.point(statistic[1])
