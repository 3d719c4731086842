"""Internal and cross-border trafficking."""

from thbstats.vocabulary._code import Code, entry

__all__ = ["Movement"]


class Movement(Code):
    """Internal or cross-border trafficking.

    ``internal`` trafficking stays within the territory of one state, ``cross_border``
    trafficking does not. Citizenship does not determine the movement: a national of the
    reporting country can have been exploited abroad.
    """

    TOTAL = entry("total", "Total", synonyms=("T", "all"))
    INTERNAL = entry(
        "internal",
        "Internal",
        parent="total",
        synonyms=("domestic", "internal trafficking", "within own member state"),
    )
    CROSS_BORDER = entry(
        "cross_border",
        "Cross-border",
        parent="total",
        synonyms=("transnational", "international", "cross-border trafficking"),
    )
    UNKNOWN = entry(
        "unknown",
        "Unknown",
        parent="total",
        synonyms=("UNK", "not known", "not recorded", "not specified"),
    )
