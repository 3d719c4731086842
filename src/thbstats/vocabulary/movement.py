"""Whether trafficking crossed a border."""

from thbstats.vocabulary._code import Code, entry

__all__ = ["Movement"]


class Movement(Code):
    """Internal or cross-border trafficking.

    ``internal`` trafficking stays within the territory of one state, ``cross_border``
    trafficking does not. No border need be crossed for trafficking, and citizenship does not
    tell: a reporting country's own national may have been exploited abroad and returned.
    """

    TOTAL = entry("total", "Total", also=("T", "all"))
    INTERNAL = entry(
        "internal",
        "Internal",
        under="total",
        also=("domestic", "internal trafficking", "within own member state"),
    )
    CROSS_BORDER = entry(
        "cross_border",
        "Cross-border",
        under="total",
        also=("transnational", "international", "cross-border trafficking"),
    )
    UNKNOWN = entry(
        "unknown",
        "Unknown",
        under="total",
        also=("UNK", "not known", "not recorded", "not specified"),
    )
