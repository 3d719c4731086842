"""Published and confidential parts of a table."""

from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from thbstats.display import Displayable, DisplayTable
from thbstats.tables import CountTable
from thbstats.tables.columns import Numbers
from thbstats.tables.findings import NO_FINDINGS

if TYPE_CHECKING:
    import pandas as pd

NOTICE = "NOT FOR PUBLICATION"


@frozen(kw_only=True, eq=False, repr=False)
class Confidential(Displayable):
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


def with_counts(
    table: CountTable,
    *,
    lower: NDArray[np.int64],
    above: NDArray[np.float64],
    reason: NDArray[np.uint8],
) -> CountTable:
    """Return a table with other counts, without unanswered cases and findings."""
    columns = table.columns
    numbers = Numbers(lower=lower, above=above, reason=reason, flags=columns.numbers.flags)
    finding = np.zeros(len(table), dtype=np.uint32)
    return CountTable(evolve(columns, numbers=numbers, finding=finding, findings=NO_FINDINGS))
