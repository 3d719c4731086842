"""Sex of victims and perpetrators."""

from thbstats.vocabulary._code import Code, entry

__all__ = ["Sex"]


class Sex(Code):
    """Sex as recorded by the registering body.

    ``total`` includes all people. ``female`` is women and girls, ``male`` men and boys.
    ``other`` is another recorded answer. ``unknown`` is the category of people of unknown sex,
    with its own count; it is not missing data.

    Examples
    --------
    >>> Sex.parse("F"), Sex.parse("women and girls").label
    (<Sex.FEMALE: 'female'>, 'Female')
    """

    TOTAL = entry("total", "Total", synonyms=("T", "all", "both sexes", "all sexes"))
    FEMALE = entry(
        "female", "Female", parent="total", synonyms=("F", "females", "women and girls", "feminine")
    )
    MALE = entry(
        "male", "Male", parent="total", synonyms=("M", "males", "men and boys", "masculine")
    )
    OTHER = entry(
        "other",
        "Other",
        parent="total",
        synonyms=("OTH", "non-binary", "transgender/nonconforming", "diverse", "X"),
    )
    UNKNOWN = entry(
        "unknown",
        "Unknown",
        parent="total",
        synonyms=(
            "UNK",
            "not known",
            "not recorded",
            "not specified",
            "sex unknown",
            "unknown sex",
        ),
    )
