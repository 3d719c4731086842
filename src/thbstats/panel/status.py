"""Status of a row of a panel."""

from enum import IntEnum

__all__ = ["Status"]


class Status(IntEnum):
    """Whether a row of a panel has a value, and the reason if it has none.

    Examples
    --------
    >>> Status.NO_TOTAL.code, Status.NO_TOTAL.label
    ('no_total', 'no row for the total')
    """

    OK = 0
    """At least one country has complete and consistent data."""
    NOT_REPORTED = 1
    """No country reported all counts of the value."""
    NO_TOTAL = 2
    """The categories have rows, and their total has none."""
    NO_ROW = 3
    """The table has no row of this kind for the area and period."""
    CONFLICTING = 4
    """The source gives several values for one count."""
    CONTRADICTORY = 5
    """Parts exceed their total."""
    AMBIGUOUS = 6
    """The table has several counts for this key."""

    @property
    def code(self) -> str:
        """The status in frames and JSON."""
        return self.name.lower()

    @property
    def label(self) -> str:
        """The label of the status."""
        return _LABELS[self]


_LABELS = {
    Status.OK: "reported",
    Status.NOT_REPORTED: "not reported",
    Status.NO_TOTAL: "no row for the total",
    Status.NO_ROW: "no row",
    Status.CONFLICTING: "conflicting values",
    Status.CONTRADICTORY: "contradictory",
    Status.AMBIGUOUS: "several counts",
}
