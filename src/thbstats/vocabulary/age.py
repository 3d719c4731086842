"""Age groups and age concepts."""

from thbstats.vocabulary._code import Code, entry

__all__ = ["AgeConcept", "AgeGroup"]


class AgeGroup(Code):
    """Age group: child or adult.

    A ``child`` is a person below 18; an ``adult`` is 18 or over. ``unknown`` is the category of
    people of unknown age, with its own count. `AgeConcept` is the reference moment of the age.

    References
    ----------
    Directive 2011/36/EU, Article 2(6).

    Examples
    --------
    >>> AgeGroup.parse("0-17").label
    'Child (under 18)'
    """

    TOTAL = entry("total", "Total", synonyms=("T", "all", "all ages"))
    CHILD = entry(
        "child",
        "Child (under 18)",
        parent="total",
        synonyms=(
            "children",
            "minor",
            "minors",
            "under 18",
            "below 18",
            "<18",
            "0-17",
            "0 to 17 years",
            "Y_LT18",
        ),
    )
    ADULT = entry(
        "adult",
        "Adult (18 or over)",
        parent="total",
        synonyms=("adults", "18+", "18 or over", "18 years or over", "over 17", "Y_GE18"),
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
            "age unknown",
            "unknown age",
        ),
    )


class AgeConcept(Code):
    """Reference moment of the age of a victim.

    A victim recruited at 17 and registered at 19 is a child ``at_entry`` and an adult
    ``at_registration``: counts with different age concepts are not comparable.
    ``at_exploitation`` is the age at exploitation (referral tables of the United Kingdom),
    ``at_referral`` the age at referral to a support or identification mechanism.
    """

    NOT_STATED = entry("not_stated", "Not stated", synonyms=("not specified", "unknown"))
    AT_ENTRY = entry(
        "at_entry",
        "At entry into trafficking",
        synonyms=("entry", "at recruitment", "recruitment", "majority at entry"),
    )
    AT_EXPLOITATION = entry(
        "at_exploitation",
        "At exploitation",
        synonyms=("exploitation", "at the time of exploitation", "majority at exploitation"),
    )
    AT_REFERRAL = entry(
        "at_referral", "At referral", synonyms=("referral", "at the time of referral")
    )
    AT_REGISTRATION = entry(
        "at_registration",
        "At registration",
        synonyms=("registration", "at the time of registration", "at identification"),
    )
