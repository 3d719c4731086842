"""Associations of two dimensions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from thbstats.columns import Coded, Fractions, Ranges
from thbstats.display import Column, DisplayTable, Row, count
from thbstats.errors import require
from thbstats.formulas.concentration import (
    UnknownCount,
    chi_square,
    cramers_v_bounds,
    exact_table,
    joined_bounds,
    residuals_of,
)
from thbstats.indicators import _shared
from thbstats.indicators._shared import Areas, Periods, Reading, as_kind, indicator
from thbstats.languages import Message, capitalised
from thbstats.panel import Panel, Result, ResultKind, Status, Warnings, dimension_label
from thbstats.panel.frame_fields import FrameField, bound_field, number_fields
from thbstats.panel.kind import count_label
from thbstats.panel.names import area_label
from thbstats.panel.panel_text import warning_notes
from thbstats.panel.result import bounds_of
from thbstats.panel.share_bounds import Side
from thbstats.panel.share_panels import Shares, share_panel
from thbstats.panel.system_rows import UNKNOWN
from thbstats.panel.systems import with_reading
from thbstats.rules import Rule, Thresholds
from thbstats.tables import CountTable
from thbstats.values import Interval, Rational
from thbstats.vocabulary import dimension_text

__all__ = ["Association", "association"]

_RESIDUALS = ("expected_counts", "pearson", "adjusted")


def _floats(numbers: tuple[Rational | None, ...]) -> NDArray[np.float64]:
    return np.array(numbers, dtype=np.float64)


@frozen(kw_only=True, slots=False, eq=False, repr=False)
class Association(Panel):
    """The cells of two dimensions as shares of their rows, one row per cell.

    Parameters
    ----------
    rows, columns : tuple of str
        The categories of each dimension.
    counts : Ranges, shape (n,)
        The cells, over the countries that reported all of them.
    column_shares : Panel
        The cells as shares of their columns.
    expected_counts : tuple of int, Fraction or None
        The counts if the dimensions were independent; ``None`` where the counts are not points.
    pearson, adjusted : tuple of int, Fraction or None
        The residuals: count minus expected count over the root of the expected count; the
        adjusted ones also over the roots of the shares outside row and column, to compare with a
        standard normal. ``None`` where the counts are not points or a margin is empty.
    cramers_v : Result
        Cramér's V.
    """

    _further: ClassVar[tuple[str, ...]] = ("counts", "column_shares", *_RESIDUALS)

    frame_fields: ClassVar[tuple[FrameField, ...]] = (
        *number_fields("count", "Count", lambda panel: Fractions.counts(panel.counts)),
        *number_fields(
            "column_share",
            "Share of the column",
            lambda panel: _shared.stated(panel.column_shares),
        ),
        bound_field(
            "expected_counts",
            "Count of independent dimensions",
            lambda panel: _floats(panel.expected_counts),
        ),
        bound_field("pearson", "Pearson residual", lambda panel: _floats(panel.pearson)),
        bound_field("adjusted", "Adjusted residual", lambda panel: _floats(panel.adjusted)),
    )

    rows: tuple[str, ...] = field(converter=tuple)
    columns: tuple[str, ...] = field(converter=tuple)
    counts: Ranges
    column_shares: Panel
    expected_counts: tuple[Rational | None, ...] = field(converter=tuple)
    pearson: tuple[Rational | None, ...] = field(converter=tuple)
    adjusted: tuple[Rational | None, ...] = field(converter=tuple)
    cramers_v: Result

    @property
    def warnings(self) -> Warnings:
        """The distinct warnings of all shares and of the coefficient."""
        return super().warnings.union(self.column_shares.warnings, self.cramers_v.warnings)

    def to_dict(self) -> dict[str, Any]:
        """Return the table and the coefficient as plain data."""
        return super().to_dict() | {
            "rows": list(self.rows),
            "columns": list(self.columns),
            "counts": [bounds_of(cell) for cell in self.counts.intervals()],
            "column_shares": [row.to_dict() for row in self.column_shares],
            **{
                name: [own if own is None else float(own) for own in getattr(self, name)]
                for name in _RESIDUALS
            },
            "cramers_v": self.cramers_v.to_dict(),
        }

    def footnote(self) -> str:
        """Return the coefficient, then each share of a row, as footnotes."""
        return "\n\n".join([self.cramers_v.footnote(), super().footnote()])

    def display_table(self) -> DisplayTable:
        """Return the cells as a sheet, with the coefficient below."""
        pairs = list(zip(self, self.column_shares, strict=True))
        formatted = ["" if own is None else f"{float(own):+.2f}" for own in self.adjusted]
        cells = zip(self.names, self.counts.intervals(), pairs, formatted, strict=True)
        rows = [
            [", ".join(name), count(cell), share.formatted, other.formatted, residual]
            for name, cell, (share, other), residual in cells
        ]
        numbers = [("V", self.cramers_v.warnings), *((row.label, row.warnings) for row in self)]
        bases = dict.fromkeys(row.base.label for pair in zip(*pairs, strict=True) for row in pair)
        return DisplayTable(
            caption=f"{self.caption}, {area_label(self.cramers_v.area)}, {self.cramers_v.period}",
            columns=[
                Column(", ".join(self.keys)),
                Column("count", "right"),
                *(Column(f"share of {name}", "right") for name in ("row", "column")),
                Column("adjusted residual", "right"),
            ],
            rows=[*rows, Row(["Cramér's V", "", self.cramers_v.formatted, "", ""], total=True)],
            notes=[
                *(f"Denominator: {label}." for label in bases),
                *self._coverage(),
                *warning_notes(numbers),
            ],
        )

    def _coverage(self) -> list[str]:
        """Return the countries of the counts and of the shares, if they differ."""
        known = self.cramers_v.reporters
        if known is None or all(row.reporters == known for row in (*self, *self.column_shares)):
            return []
        text = (
            "Counts: {n} of {total} countries, which reported all of them. A share can have more."
        )
        return [Message(text, n=len(known), total=len(self.cramers_v.area.members))]


@indicator("cramers_v")
def association(
    table: CountTable, *, rows: str, columns: str, area: Areas = None, period: Periods = None,
    overlap: str | None = None, contradictory: Reading = "leave_out",
    thresholds: Thresholds | None = None, rules: Iterable[Rule] | None = None, **where: Any,
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
        Two dimensions that divide a total, such as ``"sex"`` and ``"exploitation"``.
    area, period, overlap, contradictory, thresholds, rules : optional
        As for `share`. Rows and columns are complete: V is that of the recorded categories.
    **where
        The selection that all rows share, such as ``age="child"``; and attributes.

    Returns
    -------
    Association
        The cells as shares of their rows and (``column_shares``) of their columns, each with its
        recorded categories as denominator; expected counts and residuals where the counts are
        points; and ``cramers_v`` in [0, 1], to fifteen decimals. Where the cells allow up to 20,000
        tables, all are tried and both bounds of V are attained; otherwise its bounds are outer
        ones, and `bounds_attained` is false. ``bounds_with_unknown`` also allocates the
        persons of unknown category to cells.

    Raises
    ------
    NoSuchCell, AmbiguousCell, InvalidValue
        As for `total`.

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
    >>> found.cramers_v.formatted, found["female", "sexual"].formatted
    ('0.759', '82.6%')
    >>> found.column_shares[0].formatted
    '95.0%'
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
        "`rows` and `columns` must be different dimensions",
        'Use rows="sex", columns="exploitation"',
        columns=columns,
    )
    every = _shared.question_of(
        table, {}, where, base="known", overlap=overlap, names=(rows, columns), by=None, area=area,
        period=period, complete_dimensions=(rows, columns), contradictory=contradictory,
    )  # fmt: skip
    # Categories that only other countries have do not belong to the cross table.
    every = evolve(every, grid=evolve(every.grid, table=every.grid.concerned))
    counted = Shares(every)
    words = counted.words
    names = {name: Coded.from_values(cell[name] for cell in words) for name in every.names}

    def shares(of: str, other: str) -> Panel:
        """Return each cell as a share of its category of one dimension, row by row."""
        parts: list[Panel] = []
        listed: list[tuple[str, str]] = []
        for word in dict.fromkeys(names[of]):
            requested = evolve(every, names=(other,), within={**every.within, of: word})
            panel = share_panel(requested)
            present = list(panel.keys[other])
            cells = [cell[other] for cell in words if cell[of] == word]
            lacking = [name for name in cells if name not in present]
            # A cell without any row has a row without a value.
            own = (share_panel(evolve(requested, category={other: name})) for name in lacking)
            listed += [(word, name) for name in (*present, *lacking)]
            parts += [panel, *(evolve(single, keys=panel.take([0]).keys) for single in own)]
        order = [listed.index((cell[of], cell[other])) for cell in words]
        number = counted.panel.row(0)
        result = evolve(
            Panel.concat(parts).take(order),
            caption=Message(
                "{counted} by {rows} and {columns}",
                counted=capitalised(count_label(number.numerator_kind, number.base.within)),
                rows=dimension_text(rows),
                columns=dimension_text(columns),
            ),
            keys=names,
            indicator=Coded.constant("association", len(order)),
            label=Coded.from_values(f"{cell[rows]}, {cell[columns]}" for cell in words),
        )
        judged: Panel = _shared.checked(result, (rows, columns), thresholds, rules)
        return judged

    across, down = (tuple(dict.fromkeys(own)) for own in names.values())
    used, reported = np.flatnonzero(counted.used[:, 0]), counted.reported(0)[0]
    counts = Ranges.zero(len(words)).put(used, reported, True)
    residuals: list[Any] = [[None] * len(words)] * 3
    if counts.is_point.all():
        residuals = residuals_of(counts.lower.tolist(), len(down))
    v = _shared.checked(_coefficient(counted, counts, len(down)), (), thresholds, rules)
    return as_kind(
        Association,
        shares(rows, columns),
        rows=across,
        columns=down,
        counts=counts,
        column_shares=shares(columns, rows),
        **dict(zip(_RESIDUALS, residuals, strict=True)),
        cramers_v=v.row(0),
    )


def _cells_and_unknown(counted: Shares) -> tuple[Interval, Interval]:
    """Return the persons in cells of known categories, and all other persons."""
    cells, everyone = counted.counts[:, 0], counted.whole[Side.FULL_BASE, 0]
    rows = counted.unknown_counts[:, 0]
    listed = all(UNKNOWN in words for words in counted.selections.words)
    most = rows.upper.sum() if listed else np.inf
    low, high = cells.lower.sum(), cells.upper.sum()
    least = max(int(rows.lower.sum()), everyone.lower[0] - high, 0)
    most = max(min(most, everyone.upper[0] - low), least)
    low = max(low, everyone.lower[0] - most, 0)
    high = max(min(high, everyone.upper[0] - least), low)
    ends = Ranges([int(low), int(least)], [float(high), float(most)], [True, True])
    return ends.interval(0), ends.interval(1)


def _coefficient(counted: Shares, counts: Ranges, width: int) -> Panel:
    """Return Cramér's V as a panel of one row."""
    cells, whole = counts.intervals(), counted.counts[:, 0].intervals()
    recorded, unknown = _cells_and_unknown(counted)
    total = None if counted.overlaps[0] or counted.suppressed[0] else recorded
    bounds, is_attained = cramers_v_bounds(whole, width, total)
    value = cramers_v_bounds(cells, width)[0] if counted.reported(0)[1] else None
    rows = counted.unknown_counts[:, 0]
    stated = rows.reported & np.isfinite(rows.upper)
    joining: list[UnknownCount] = [
        (rows.interval(row), np.flatnonzero(counted.joins[:, row]).tolist())
        for row in np.flatnonzero(stated).tolist()
    ]
    # Unknown persons without a row are those whom the other counts leave.
    left = unknown - rows.total(stated)
    if left.upper != 0:
        open_rows = counted.joins[:, ~stated].any(axis=1)
        inside = open_rows if open_rows.any() else np.ones(len(whole), dtype=np.bool_)
        most = Interval(max(left.lower or 0, 0), left.upper)
        joining.append((most, np.flatnonzero(inside).tolist()))
    smaller, everyone = min(len(cells) // width, width) - 1, _shared.total_of(cells)
    numerator = Interval.at_least(0)
    denominator = everyone.scale(smaller) if smaller else numerator
    if counts.is_point.all():
        statistic, largest = chi_square(exact_table(counts.lower.tolist(), width))
        numerator = Interval.point(statistic)
        denominator = Interval.point(largest) if largest else everyone
    panel = counted.panel.take([int(counted.used[:, 0].argmax())])
    if value is not None and panel.value.missing[0]:
        # The cells of these countries are known, if not the denominators of their shares.
        reporters = counted.reporters(0)
        panel = evolve(
            panel,
            reporters=Coded.constant(reporters, 1),
            n_reporters=np.array([len(reporters)]),
            status=np.full(1, Status.OK, dtype=np.int8),
        )
    estimand = with_reading(
        Message(
            "strength of the association of {dimensions} among {counted}",
            dimensions=dimension_label(panel.base[0].dimension),
            counted=panel.base[0].label,
        ),
        counted.question.grid.reading,
    )
    return _shared.derived(
        panel,
        caption="Cramér's V",
        keys={},
        indicator="association",
        kind=ResultKind.INDEX,
        label="Cramér's V",
        category=panel.base.map(lambda own: own.within),
        estimand=estimand,
        numerator=[numerator],
        denominator=[denominator],
        unknown=[unknown],
        value=[value],
        bounds=[bounds],
        bounds_with_unknown=[joined_bounds(whole, width, joining)[0]],
        bounds_attained=counted.is_free & is_attained,
        complete=panel.complete & (value is not None and value.is_point),
    )
