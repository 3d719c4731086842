"""Primary suppression."""

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from thbstats.disclosure.cell_labels import CellLabels
from thbstats.disclosure.confidential import NOTICE
from thbstats.disclosure.contributors import contributions
from thbstats.disclosure.suppression_rules import Contributor, SuppressionCause, SuppressionRules
from thbstats.display import Column, Displayable, DisplayTable, count
from thbstats.errors import InvalidValue
from thbstats.tables import CountTable, require_table
from thbstats.values import Count, Rational, Reason

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PROTECTED_REASONS", "PrimarySuppression", "primary_suppression"]

PROTECTED_REASONS = (Reason.ROUNDED, Reason.FEWER_THAN, Reason.SUPPRESSED)
"""The reasons of intervals that protect a count."""


@frozen(kw_only=True, eq=False, repr=False)
class PrimarySuppression(Displayable):
    """Primary suppression of a table before publication.

    All outputs are for the publisher only: the choice of rows alone distinguishes 0 from other
    counts.

    Parameters
    ----------
    table : CountTable
        The table before suppression.
    rules : SuppressionRules
        The rules.
    causes : mapping of int to SuppressionCause
        The first rule that applies, by row.
    contributors : mapping of int to tuple of (str, int)
        The known contributors of each row, in descending order of contribution.
    untested : tuple of int
        Rows without contributors that a rule needs.
    """

    table: CountTable
    rules: SuppressionRules
    causes: dict[int, SuppressionCause]
    contributors: dict[int, tuple[Contributor, ...]] = field(factory=dict)
    untested: tuple[int, ...] = ()

    @property
    def rows(self) -> NDArray[np.intp]:
        """The rows of primary suppression."""
        return np.array(sorted(self.causes), dtype=np.intp)

    @property
    def candidates(self) -> NDArray[np.bool_]:
        """The known rows that secondary suppression can use."""
        lowest = self.rules.published_count(None).lower
        able: NDArray[np.bool_] = (self.table.lower >= lowest) & _is_known(self.table)
        able[self.rows] = False
        return able

    def published_count(self, row: int) -> Count:
        """Return the published form of a suppressed count."""
        cause = self.causes.get(row)
        if cause is SuppressionCause.ALREADY_SUPPRESSED:
            return self.table.record(row).count
        return self.rules.published_count(cause)

    def to_frame(self) -> "pd.DataFrame":
        """Return the rows as a tidy frame, with counts, causes and the column ``notice``."""
        rows = self.rows
        frame = CountTable(self.table.columns.take(rows)).to_frame()
        causes = [str(self.causes[row]) for row in rows.tolist()]
        return frame.assign(row=rows, cause=causes, notice=NOTICE)

    def to_dict(self) -> dict[str, Any]:
        """Return the rows of primary suppression as plain data for JSON."""
        return {
            "notice": NOTICE,
            "fewer_than": self.rules.fewer_than,
            "zeros": self.rules.zeros,
            "causes": {str(row): str(cause) for row, cause in sorted(self.causes.items())},
            "untested": list(self.untested),
        }

    def display_table(self) -> DisplayTable:
        """Return a table with the counts of primary suppression and their causes."""
        labels, schema = CellLabels.of(self.table), self.table.columns.schema
        rows = [
            [
                labels.label(schema, tuple(self.table.columns.key(row).values())),
                count(self.table.record(row).count.interval),
                self.causes[row].label,
            ]
            for row in self.rows.tolist()
        ]
        notes = [f"Primary suppression: {count(len(rows))} of {count(len(self.table))} counts."]
        if self.untested:
            n = count(len(self.untested))
            notes.append(f"{n} counts could not be tested because they have no contributors.")
        return DisplayTable(
            caption=f"{NOTICE}: counts of primary suppression",
            columns=["cell", Column("count", "right"), "cause"],
            rows=rows,
            notes=notes,
        )

    def __repr__(self) -> str:
        return f"<PrimarySuppression {len(self.causes)} of {len(self.table)} counts: {NOTICE}>"


def primary_suppression(
    table: CountTable,
    *,
    fewer_than: int | None = None,
    zeros: bool = False,
    dominance: tuple[int, Rational] | None = None,
    p_percent: Rational | None = None,
    contributors: CountTable | None = None,
    by: Literal["area", "register"] = "area",
) -> PrimarySuppression:
    """Return the primary suppression of a table.

    ``fewer_than: 0 < n < threshold``; ``dominance (m, k): x_1 + ... + x_m > k/100 n``;
    ``p_percent: n - x_1 - x_2 < p/100 x_1``, with contributions x_1 >= x_2 >= ... to a count n

    A contributor is a reporting country or a registering body, not a person. A count that comes
    almost entirely from one contributor describes that contributor.

    Parameters
    ----------
    table : CountTable
        A table before publication. Counts that are "fewer than n", suppressed or rounded are
        already suppressed. Other intervals, such as missing counts, are not suppressed.
    fewer_than : int, optional
        The threshold, 2 or more: counts from 1 to `fewer_than` - 1 are suppressed.
    zeros : bool
        Whether counts of 0 are suppressed too.
    dominance : (int, number), optional
        A number of contributors, and the percentage of a count above which their contributions
        dominate it.
    p_percent : number, optional
        The smallest permitted error, in per cent, of the estimate that the second largest
        contributor can make of the largest contribution.
    contributors : CountTable, optional
        The contributions: rows like those of the table except for `by`.
    by : {"area", "register"}
        The kind of contributor: reporting country or registering body.

    Returns
    -------
    PrimarySuppression
        The rows with the first rule that applies to each, and the rows without contributors
        that a rule needs.

    Raises
    ------
    InvalidValue
        If no rule is set, a rule is out of range or has no contributors, or a contribution is
        not known.

    Examples
    --------
    >>> import thbstats as thb
    >>> rows = [("female", 212), ("male", 3), ("unknown", 0)]
    >>> table = thb.CountTable.from_rows(
    ...     rows, columns=["sex", "value"], kind="victims", area="EU28", period=2016
    ... )
    >>> primary_suppression(table, fewer_than=5).causes
    {1: <SuppressionCause.BELOW_THRESHOLD: 'below_threshold'>}
    >>> primary_suppression(table, fewer_than=5, zeros=True).rows
    array([1, 2])

    One country registered 190 of the women:

    >>> countries = thb.CountTable.from_rows(
    ...     [("UK", 190), ("FR", 12), ("DE", 10)],
    ...     columns=["area", "value"], kind="victims", sex="female", period=2016,
    ... )
    >>> primary_suppression(table, dominance=(1, 85), contributors=countries).causes
    {0: <SuppressionCause.DOMINANCE: 'dominance'>}

    References
    ----------
    A. Hundepool et al., Statistical Disclosure Control (Wiley, 2012), sections 4.2 and 5.2.
    """
    rules = SuppressionRules(
        fewer_than=fewer_than, zeros=zeros, dominance=dominance, p_percent=p_percent
    )
    if rules.needs_contributors and contributors is None:
        raise InvalidValue(
            "`contributors` must be set for the rules `dominance` and `p_percent`",
            field="contributors",
            hint="Pass a table with one row per country or body",
        )
    known = _is_known(require_table(table))
    protected = np.isin(table.reason, [reason.severity for reason in PROTECTED_REASONS]) & ~known
    amounts = {} if contributors is None else contributions(table, contributors, by)
    causes = dict.fromkeys(np.flatnonzero(protected).tolist(), SuppressionCause.ALREADY_SUPPRESSED)
    untested = []
    for row in np.flatnonzero(known).tolist():
        number = int(table.lower[row])
        cause = rules.cause(number, amounts.get(row, ()))
        if cause is not None:
            causes[row] = cause
        if rules.needs_contributors and number and row not in amounts:
            untested.append(row)
    return PrimarySuppression(
        table=table,
        rules=rules,
        causes=causes,
        contributors=amounts,
        untested=tuple(untested),
    )


def _is_known(table: CountTable) -> NDArray[np.bool_]:
    known: NDArray[np.bool_] = table.lower == table.upper
    return known
