"""Which counts of a table are to be hidden for themselves."""

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from thbstats.disclosure.confidential import NOTICE
from thbstats.disclosure.contributors import contributions, known_counts
from thbstats.disclosure.naming import Naming
from thbstats.disclosure.rules import Cause, Contributor, Rules
from thbstats.display import Column, Displayable, DisplayTable, count
from thbstats.errors import InvalidValue
from thbstats.tables import CountTable
from thbstats.values import Count, Rational

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Primary", "primary"]


@frozen(kw_only=True, eq=False, repr=False)
class Primary(Displayable):
    """The counts of primary suppression in a table before publication.

    All of it is for the publisher: even the choice of rows tells a count of 0 from others.

    Parameters
    ----------
    table : CountTable
        The table, all of whose counts are known.
    rules : Rules
        The rules.
    causes : mapping of int to Cause
        By row; the first rule that a count breaks.
    contributors : mapping of int to tuple of (str, int)
        Who adds how much to a row, most first, as far as that was given.
    untested : tuple of int
        Rows of which no contributors were given, although a rule needs them.
    """

    table: CountTable
    rules: Rules
    causes: dict[int, Cause]
    contributors: dict[int, tuple[Contributor, ...]] = field(factory=dict)
    untested: tuple[int, ...] = ()

    @property
    def rows(self) -> NDArray[np.intp]:
        """The rows to hide."""
        return np.array(sorted(self.causes), dtype=np.intp)

    @property
    def hideable(self) -> NDArray[np.bool_]:
        """Which other rows could be hidden too: a hidden 0 is not what "hidden" says."""
        able: NDArray[np.bool_] = self.table.lower >= self.rules.printed(None).lower
        able[self.rows] = False
        return able

    def printed(self, row: int) -> Count:
        """Return how a count is printed where it is hidden."""
        return self.rules.printed(self.causes.get(row))

    def to_frame(self) -> "pd.DataFrame":
        """Return the rows as a tidy frame, with counts, causes and the column ``notice``."""
        rows = self.rows
        frame = CountTable(self.table.columns.take(rows)).to_frame()
        causes = [str(self.causes[row]) for row in rows.tolist()]
        return frame.assign(row=rows, cause=causes, notice=NOTICE)

    def to_dict(self) -> dict[str, Any]:
        """Return the rows to hide as plain data that JSON can hold."""
        return {
            "notice": NOTICE,
            "fewer_than": self.rules.fewer_than,
            "zeros": self.rules.zeros,
            "causes": {str(row): str(cause) for row, cause in sorted(self.causes.items())},
            "untested": list(self.untested),
        }

    def display_table(self) -> DisplayTable:
        """Return the counts to hide, with the cause of each."""
        naming = Naming.of(self.table)
        rows = [
            [
                naming.label(
                    self.table.columns.schema, tuple(self.table.columns.key(row).values())
                ),
                count(int(self.table.lower[row])),
                self.causes[row].label,
            ]
            for row in self.rows.tolist()
        ]
        notes = [f"{count(len(rows))} of {count(len(self.table))} counts."]
        if self.untested:
            n = count(len(self.untested))
            notes.append(f"{n} counts could not be tested: their contributors are not given.")
        return DisplayTable(
            caption=f"{NOTICE}: counts of primary suppression",
            columns=["cell", Column("count", "right"), "cause"],
            rows=rows,
            notes=notes,
        )

    def __repr__(self) -> str:
        return f"<Primary {len(self.causes)} of {len(self.table)} counts: {NOTICE}>"


def primary(
    table: CountTable,
    *,
    fewer_than: int | None = None,
    zeros: bool = False,
    dominance: tuple[int, Rational] | None = None,
    p_percent: Rational | None = None,
    contributors: CountTable | None = None,
    by: Literal["area", "register"] = "area",
) -> Primary:
    """Return the counts of a table that are to be hidden for themselves.

    ``fewer_than: 0 < n < threshold``; ``dominance (m, k): x_1 + ... + x_m > k/100 n``;
    ``p_percent: n - x_1 - x_2 < p/100 x_1``, with contributions x_1 >= x_2 >= ... to a count n

    In tables of counts a contributor is no person but a country that reports, or a body that
    registers: a count that nearly all comes from one of them speaks of that one.

    Parameters
    ----------
    table : CountTable
        A table before publication: all of its counts are known.
    fewer_than : int, optional
        Counts from 1 to one less are hidden.
    zeros : bool
        Whether counts of 0 are hidden too.
    dominance : (int, number), optional
        How many contributors, and above which percentage of a count they hide it.
    p_percent : number, optional
        How closely, in per cent, the second largest contributor may estimate the largest.
    contributors : CountTable, optional
        What each country or body adds: rows like those of the table but for `by`.
    by : {"area", "register"}
        What contributors are.

    Returns
    -------
    Primary
        The rows with the first rule that each breaks; and those that rules on contributors
        could not test.

    Raises
    ------
    InvalidValue
        If no rule is given, a count is not known, or a rule lacks its contributors or is out of
        range.

    Examples
    --------
    >>> import thbstats as thb
    >>> rows = [("female", 212), ("male", 3), ("unknown", 0)]
    >>> table = thb.CountTable.from_rows(
    ...     rows, columns=["sex", "value"], kind="victims", area="EU28", period=2016
    ... )
    >>> primary(table, fewer_than=5).causes
    {1: <Cause.FEW: 'few'>}
    >>> primary(table, fewer_than=5, zeros=True).rows
    array([1, 2])

    Of the women 190 were registered in one country:

    >>> countries = thb.CountTable.from_rows(
    ...     [("UK", 190), ("FR", 12), ("DE", 10)],
    ...     columns=["area", "value"], kind="victims", sex="female", period=2016,
    ... )
    >>> primary(table, dominance=(1, 85), contributors=countries).causes
    {0: <Cause.DOMINATED: 'dominated'>}

    References
    ----------
    A. Hundepool et al., Statistical Disclosure Control (Wiley, 2012), sections 4.2 and 5.2.
    """
    rules = Rules(fewer_than=fewer_than, zeros=zeros, dominance=dominance, p_percent=p_percent)
    if rules.of_contributors and contributors is None:
        raise InvalidValue(
            "the rule is about contributors",
            field="contributors",
            hint="Give a table with a row for each country or body that adds to a count",
        )
    numbers = known_counts(table).tolist()
    given = {} if contributors is None else contributions(table, contributors, by)
    found = [rules.cause(number, given.get(row, ())) for row, number in enumerate(numbers)]
    return Primary(
        table=table,
        rules=rules,
        causes={row: cause for row, cause in enumerate(found) if cause is not None},
        contributors=given,
        untested=tuple(
            row
            for row, number in enumerate(numbers)
            if rules.of_contributors and number and row not in given
        ),
    )
