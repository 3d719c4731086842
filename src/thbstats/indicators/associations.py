"""Association: whether two dimensions of the same people go together, and how strongly."""

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import evolve

from thbstats.comparability import ALL as RULES
from thbstats.comparability import DEFAULTS, Rule, Thresholds, assess
from thbstats.errors import InvalidValue
from thbstats.geography import Area
from thbstats.pooling import (
    Crosstab,
    Question,
    Residuals,
    chi_square,
    crosstab,
    residuals_of,
    split,
)
from thbstats.results import Association, Base, Measure, Result, Results, Share, named
from thbstats.tables import CountTable
from thbstats.values import Interval, Period

__all__ = ["association"]


def association(
    table: CountTable,
    *,
    rows: str,
    columns: str,
    area: str | Area | None = None,
    period: str | Period | None = None,
    overlap: str | None = None,
    thresholds: Thresholds = DEFAULTS,
    rules: Iterable[Rule] = RULES,
    **within: Any,
) -> Association:
    """Return two dimensions against each other: both shares of each cell, residuals, Cramér's V.

    ``V = sqrt(X2 / (N * (k - 1)))`` with ``X2 = sum of (n_ij - e_ij)**2 / e_ij``, ``e_ij`` row
    total times column total over ``N``, and k the smaller number of rows and columns. The
    residuals are ``(n_ij - e_ij) / sqrt(e_ij)`` (Pearson) and the same over
    ``sqrt((1 - row share) * (1 - column share))`` (adjusted). Rows and columns with nobody in
    them do not count.

    Parameters
    ----------
    table : CountTable
        Counts with rows for categories of both dimensions together.
    rows, columns : str
        The dimensions, such as ``"sex"`` and ``"exploitation"``.
    area, period, overlap, thresholds, rules : optional
        As for `share`.
    **within
        What all have in common, such as ``age="child"``, and attributes of the counts.

    Returns
    -------
    Association
        The cells as shares of their rows (its items) and of their columns, each over those who
        have a recorded category, with that base; expected counts and residuals where the counts
        are points; and `v`. V is in [0, 1], to fifteen decimals. It is not linear in the cells:
        where they leave up to 20 000 tables all are tried, and both ends of its bounds are
        reached; else the bounds hold every table, and `sharp` is false. `possible` has everyone
        of unknown category in a cell.

    Raises
    ------
    InvalidValue
        If both dimensions are the same, or one has no total to divide.
    NoSuchCell
        If nothing is broken down by both.
    AmbiguousCell
        If period, area or an attribute of the counts must be named.

    Notes
    -----
    Comparability warnings: those of `share`. V says how far from independent the recorded counts
    are, and nothing of a population from which they would be drawn.

    Examples
    --------
    >>> import thbstats as thb
    >>> rows = [("female", "sexual", 95), ("female", "labour", 20), ("male", "sexual", 5),
    ...         ("male", "labour", 80)]
    >>> table = thb.CountTable.from_rows(
    ...     rows, columns=["sex", "exploitation", "value"], kind="victims", area="BE", period=2016
    ... )
    >>> found = thb.association(table, rows="sex", columns="exploitation")
    >>> found.v.shown, found["female, sexual"].shown, found.of_columns[0].shown
    ('0.759', '82.6 %', '95.0 %')
    >>> [round(float(residual), 1) for residual in found.adjusted]
    [10.7, -10.7, -10.7, 10.7]

    References
    ----------
    COM(2018) 777, section II: 95 % of the victims of sexual exploitation are female, 80 % of
    those of labour exploitation male. Cramér, "Mathematical Methods of Statistics" (1946),
    section 21.9. Haberman, "The analysis of residuals in cross-classified tables", Biometrics 29
    (1973).
    """
    if rows == columns:
        raise InvalidValue(
            "a dimension goes together with itself",
            field="columns",
            value=columns,
            mend="Name two dimensions",
        )
    attributes, inside = split(table, within, breakdowns="a base")

    def question(base: Mapping[str, str]) -> Question:
        return Question(
            table=table,
            base="recorded",
            area=area,
            overlap=overlap,
            within=base,
            attributes={"period": period, **attributes},
        )

    def share(row: str, column: str, *, of: str) -> Share:
        cell = {rows: row, columns: column}
        chosen = {name: word for name, word in cell.items() if name != of}
        asked = question({**inside, of: cell[of]}).answer(tuple(chosen), chosen)
        found = asked.share(asked.classification.recorded.index(chosen))
        return evolve(found, indicator="association", label=f"{row}, {column}")

    def judged(items: Iterable[Result]) -> tuple[Result, ...]:
        column = Results(caption="", items=tuple(items))
        return tuple(assess(column, thresholds=thresholds, rules=rules))

    answer = question(inside).answer((rows, columns), None)
    found = crosstab(answer)
    cells = [(row, column) for row in found.rows for column in found.columns]
    expected, pearson, adjusted = zip(*_residuals(found), strict=True)
    (coefficient,) = judged([_coefficient(found, answer.base)])
    return Association(
        caption=f"{answer.base.label}: {rows} by {columns}",
        rows=found.rows,
        columns=found.columns,
        items=judged(share(*cell, of=rows) for cell in cells),
        of_columns=judged(share(*cell, of=columns) for cell in cells),
        counts=found.cells,
        expected=expected,
        pearson=pearson,
        adjusted=adjusted,
        v=coefficient,
    )


def _residuals(found: Crosstab) -> list[Residuals]:
    """Return expected counts and residuals, where the counts are points."""
    if not all(cell.is_point for cell in found.cells):
        return [(None, None, None)] * len(found.cells)
    return residuals_of([int(cell.lower or 0) for cell in found.cells], len(found.columns))


def _coefficient(found: Crosstab, base: Base) -> Result:
    """Return Cramér's V, not yet assessed."""
    numerator, denominator = _made_from(found)
    return Result(
        indicator="association",
        label="Cramér's V",
        measure=Measure.INDEX,
        category=base.within,
        numerator=numerator,
        denominator=denominator,
        base=base,
        estimand=f"how strongly {named(base.dimension)} go together among {base.label}",
        reported=found.reported,
        bounds=found.bounds,
        possible=found.possible,
        unknown=found.unknown,
        context=found.context,
        sharp=found.sharp,
    )


def _made_from(found: Crosstab) -> tuple[Interval, Interval]:
    """Return chi-square and the most it could be, as far as the counts say."""
    smaller = min(len(found.rows), len(found.columns)) - 1
    most = sum(found.cells, Interval.point(0))
    if not all(cell.is_point for cell in found.cells):
        return Interval.at_least(0), most.scale(smaller) if smaller else Interval.at_least(0)
    statistic = chi_square([int(cell.lower or 0) for cell in found.cells], len(found.columns))
    if statistic is None:
        return Interval.point(0), most
    return Interval.point(statistic[0]), Interval.point(statistic[1])
