"""Confidential results."""

from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from thbstats.display import Displayable, DisplayTable

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["NOTICE", "Confidential"]

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
