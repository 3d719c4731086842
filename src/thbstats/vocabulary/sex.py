"""The sex of victims and perpetrators."""

from thbstats.vocabulary._code import Code, entry

__all__ = ["Sex"]


class Sex(Code):
    """Sex as the registering body recorded it.

    ``total`` is everybody, whatever was recorded. ``female`` is women and girls, ``male`` men
    and boys. ``other`` is a recorded answer that is neither. ``unknown`` is a category with a
    count of its own: people whose sex was not recorded. It is not a gap in a count.

    Examples
    --------
    >>> Sex.parse("F"), Sex.parse("women and girls").label
    (<Sex.FEMALE: 'female'>, 'Female')
    """

    TOTAL = entry("total", "Total", also=("T", "all", "both sexes", "all sexes"))
    FEMALE = entry(
        "female", "Female", under="total", also=("F", "females", "women and girls", "feminine")
    )
    MALE = entry("male", "Male", under="total", also=("M", "males", "men and boys", "masculine"))
    OTHER = entry(
        "other",
        "Other",
        under="total",
        also=("OTH", "non-binary", "transgender/nonconforming", "diverse", "X"),
    )
    UNKNOWN = entry(
        "unknown",
        "Unknown",
        under="total",
        also=("UNK", "not known", "not recorded", "not specified", "sex unknown", "unknown sex"),
    )
