"""Primary suppression: its rules, and the confidential parts of results."""

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from thbstats.columns import Mask
from thbstats.disclosure.lattice import CellLabels, require_integer
from thbstats.display import Column, DisplayTable, Tabular, count
from thbstats.errors import InvalidValue, require
from thbstats.geography import Area
from thbstats.tables import CountTable, require_table
from thbstats.tables.columns import Numbers
from thbstats.tables.origins import NO_FINDINGS
from thbstats.values import Count, Rational, Reason, exact, is_integer

if TYPE_CHECKING:
    import pandas as pd


PROTECTED_REASONS = (Reason.ROUNDED, Reason.FEWER_THAN, Reason.SUPPRESSED)
"""The reasons of intervals that protect a count."""

Contributor = tuple[str, int]
"""A reporting country or registering body, and its contribution to a count."""


Marks = Literal[1, 2]
"""The number of marks for suppressed counts."""


class SuppressionCause(StrEnum):
    """Rule that requires the suppression of a count."""

    BELOW_THRESHOLD = "below_threshold"
    ZERO = "zero"
    DOMINANCE = "dominance"
    P_PERCENT = "p_percent"
    ALREADY_SUPPRESSED = "already_suppressed"

    @property
    def label(self) -> str:
        """The cause as a phrase."""
        return _LABELS[self]


_LABELS = {
    SuppressionCause.BELOW_THRESHOLD: "fewer than the threshold",
    SuppressionCause.ZERO: "zero",
    SuppressionCause.DOMINANCE: "dominance of a few contributors",
    SuppressionCause.P_PERCENT: "second contributor can estimate the first (p% rule)",
    SuppressionCause.ALREADY_SUPPRESSED: "already suppressed in the table",
}


@frozen(kw_only=True)
class SuppressionRules:
    """Rules that select the counts of primary suppression.

    Parameters
    ----------
    fewer_than : int or None
        The threshold, 2 or more: counts from 1 to `fewer_than` - 1 are suppressed.
    zeros : bool
        Whether counts of 0 are suppressed too.
    dominance : (int, number) or None
        A number of contributors, and the percentage of a count above which their contributions
        dominate it.
    p_percent : number or None
        The smallest permitted error, in per cent, of the estimate that the second largest
        contributor can make of the largest contribution.

    Raises
    ------
    InvalidValue
        If no rule is set or a rule is out of range.
    """

    fewer_than: int | None = None
    zeros: bool = False
    dominance: tuple[int, Rational] | None = None
    p_percent: Rational | None = None

    def __attrs_post_init__(self) -> None:
        if self.fewer_than is None and not self.zeros and not self.needs_contributors:
            raise InvalidValue(
                "at least one suppression rule must be set",
                field="fewer_than",
                hint="Set `fewer_than`, `zeros`, `dominance` or `p_percent`",
            )
        if self.fewer_than is not None:
            require_integer(2, "Use fewer_than=5", fewer_than=self.fewer_than)
        if self.dominance is not None:
            pair: Any = self.dominance
            is_pair = isinstance(pair, tuple | list) and len(pair) == 2
            is_pair = is_pair and is_integer(pair[0], least=1)
            is_valid = is_pair and 0 < exact(pair[1], "dominance") < 100
            requirement = "`dominance` must be a number of contributors and a percentage below 100"
            hint = "Use dominance=(1, 85) for one contributor with more than 85%"
            require(is_valid, requirement, hint, dominance=self.dominance)
        if self.p_percent is not None:
            is_valid = exact(self.p_percent, "p_percent") > 0
            requirement = "`p_percent` must be above 0"
            require(is_valid, requirement, "Use p_percent=10", p_percent=self.p_percent)

    @property
    def needs_contributors(self) -> bool:
        """Whether a rule depends on the contributors of a count."""
        return self.dominance is not None or self.p_percent is not None

    def cause(self, number: int, contributions: Sequence[Contributor]) -> SuppressionCause | None:
        """Return the first rule that requires the suppression of a count, or ``None``.

        Parameters
        ----------
        number : int
            The count.
        contributions : sequence of (str, int)
            The contributors in descending order of contribution; empty if they are not known.
        """
        if number == 0:
            return SuppressionCause.ZERO if self.zeros else None
        if self.fewer_than is not None and number < self.fewer_than:
            return SuppressionCause.BELOW_THRESHOLD
        amounts = [amount for _, amount in contributions]
        if amounts and self.dominance is not None:
            size, percentage = self.dominance
            if sum(amounts[:size]) * 100 > percentage * number:
                return SuppressionCause.DOMINANCE
        if amounts and self.p_percent is not None:
            remainder = number - sum(amounts[:2])
            if remainder * 100 < self.p_percent * amounts[0]:
                return SuppressionCause.P_PERCENT
        return None

    def published_count(self, cause: SuppressionCause | None, *, marks: Marks = 1) -> Count:
        """Return the published form of a suppressed count.

        With one mark, it does not depend on the cause. With two marks, primary counts below the
        threshold are "<n", and all other suppressed counts are n or more, as readers can infer.
        """
        lowest = 0 if self.zeros else 1
        if marks == 1:
            return Count.suppressed(0)
        if self.fewer_than is None:
            return Count.suppressed(lowest)
        if cause in (SuppressionCause.BELOW_THRESHOLD, SuppressionCause.ZERO):
            return Count.fewer_than(self.fewer_than, at_least=lowest)
        return Count.suppressed(self.fewer_than)


NOTICE = "NOT FOR PUBLICATION"


@frozen(kw_only=True, eq=False, repr=False)
class Confidential(Tabular):
    """Confidential part of a result, with a notice in each output.

    Parameters
    ----------
    content : DisplayTable
        The table, without the notice.
    rows : DataFrame
        One row per count.
    values : dict
        Plain data for JSON.
    """

    content: DisplayTable
    rows: "pd.DataFrame"
    values: dict[str, Any]

    def to_frame(self) -> "pd.DataFrame":
        """Return one row per count, with the column ``notice`` last."""
        return self.rows.assign(notice=NOTICE)

    def to_dict(self) -> dict[str, Any]:
        """Return the notice and the values as plain data for JSON."""
        return {"notice": NOTICE, **self.values}

    def display_table(self) -> DisplayTable:
        """Return the table with the notice in its caption and last note."""
        content = self.content
        return evolve(
            content,
            caption=f"{NOTICE}: {content.caption}",
            notes=[*content.notes, f"{NOTICE}: these figures reveal suppressed counts."],
        )

    def __repr__(self) -> str:
        return f"<Confidential {self.content.caption!r}: {NOTICE}>"


def with_numbers(table: CountTable, numbers: Numbers) -> CountTable:
    """Return a table with other counts, without findings and numbers of unanswered cases.

    Categories of multiple response without unanswered cases keep this mark.
    """
    finding = np.zeros(len(table), dtype=np.uint32)
    unanswered = np.where(table.unanswered == 0, 0, -1)
    numbers = evolve(numbers, unanswered=None if (unanswered < 0).all() else unanswered)
    return CountTable(evolve(table.columns, numbers=numbers, finding=finding, findings=NO_FINDINGS))


@frozen(kw_only=True, eq=False, repr=False)
class PrimarySuppression(Tabular):
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
        lower, lowest = self.table.lower, self.rules.published_count(None, marks=2).lower
        candidates: NDArray[np.bool_] = (lower >= lowest) & (lower == self.table.upper)
        candidates[self.rows] = False
        return candidates

    def published_table(self, suppressed: Mask | None = None, *, marks: Marks = 1) -> CountTable:
        """Return the table to publish if some rows are suppressed.

        Parameters
        ----------
        suppressed : array of bool, optional
            Whether each row is suppressed; by default the rows of primary suppression only, which
            a reader can often calculate from the other rows.
        marks : {1, 2}
            The number of marks, as for `suppress`.
        """
        numbers = self.table.columns.numbers
        lower, upper, reason = map(np.array, (numbers.lower, numbers.upper, numbers.reason))
        causes = np.full(len(self.table), None, dtype=object)
        causes[list(self.causes)] = list(self.causes.values())
        if suppressed is None:
            suppressed = np.isin(np.arange(len(self.table)), self.rows)
        for cause in set(causes.tolist()) - {SuppressionCause.ALREADY_SUPPRESSED}:
            rows = (causes == cause) & suppressed
            published = self.rules.published_count(cause, marks=marks)
            lower[rows], reason[rows] = published.lower, published.reason.severity
            upper[rows] = np.inf if published.upper is None else published.upper
        numbers = Numbers(lower=lower, upper=upper, reason=reason, flags=numbers.flags)
        return with_numbers(self.table, numbers)

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
        labels = CellLabels.of(self.table)
        rows = [
            [
                labels.label(tuple(self.table.columns.key(row).values())),
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
    fewer_than, zeros, dominance, p_percent : optional
        The rules, as for `SuppressionRules`.
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
    requirement = "`contributors` must be set for the rules `dominance` and `p_percent`"
    if rules.needs_contributors and contributors is None:
        hint = "Pass a table with one row per country or body"
        raise InvalidValue(requirement, field="contributors", hint=hint)
    known = require_table(table).lower == table.upper
    protected = np.isin(table.reason, [reason.severity for reason in PROTECTED_REASONS]) & ~known
    amounts = {} if contributors is None else _contributions(table, contributors, by)
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
        table=table, rules=rules, causes=causes, contributors=amounts, untested=tuple(untested)
    )


def require_known_counts(table: CountTable) -> NDArray[np.int64]:
    """Return the counts of a table; all counts must be known."""
    unknown = np.flatnonzero(require_table(table).lower < table.upper)
    if len(unknown):
        row = int(unknown[0])
        raise InvalidValue(
            "all counts must be known",
            row=row,
            field="value",
            value=str(table.record(row).count),
            hint="Pass the table before suppression",
        )
    return table.lower


def _contributions(
    table: CountTable, contributors: CountTable, by: Literal["area", "register"]
) -> dict[int, tuple[Contributor, ...]]:
    """Return the contributors of each row in descending order."""
    requirement = "`by` must be 'area' or 'register'"
    require(by in ("area", "register"), requirement, "Use by='register'", by=by)
    kind, hint = contributors.kind, f"Pass a table of {table.kind}"
    requirement = f"`contributors` must be a table of {table.kind}"
    require(kind == table.kind, requirement, hint, contributors=kind)

    def contributes(name: str, whole: str) -> bool:
        if by == "register":
            several = ("not_stated", "all")
            return name not in several and whole in (*several, name)
        members = Area.parse(name).members
        return len(members) == 1 and members <= Area.parse(whole).members

    by_cell: dict[tuple[str, ...], list[Contributor]] = {}
    for row, amount in enumerate(require_known_counts(contributors).tolist()):
        key = contributors.columns.key(row)
        name = key.pop(by)
        if amount:
            by_cell.setdefault(tuple(key.values()), []).append((name, amount))
    result = {}
    for row, upper in enumerate(table.upper.tolist()):
        key = table.columns.key(row)
        whole = key.pop(by)
        amounts = by_cell.get(tuple(key.values()), [])
        pairs = [pair for pair in amounts if contributes(pair[0], whole)]
        total = sum(amount for _, amount in pairs)
        if total > upper:
            raise InvalidValue(
                f"the contributions must not exceed the count, got {total} of {upper:.0f}",
                row=row,
                field="contributors",
                hint="Include each contributor once",
            )
        if pairs:
            result[row] = tuple(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))
    return result
