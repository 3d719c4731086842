"""Age groups, and the moment at which an age was taken."""

from thbstats.vocabulary._code import Code, entry

__all__ = ["AgeConcept", "AgeGroup"]


class AgeGroup(Code):
    """Child or adult.

    A ``child`` is a person below 18; an ``adult`` is 18 or over. ``unknown`` is a category with
    a count of its own. At which moment the age was taken is `AgeConcept`.

    References
    ----------
    Directive 2011/36/EU, Article 2(6).

    Examples
    --------
    >>> AgeGroup.parse("0-17").label
    'Child (under 18)'
    """

    TOTAL = entry("total", "Total", also=("T", "all", "all ages"))
    CHILD = entry(
        "child",
        "Child (under 18)",
        under="total",
        also=(
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
        under="total",
        also=("adults", "18+", "18 or over", "18 years or over", "over 17", "Y_GE18"),
    )
    UNKNOWN = entry(
        "unknown",
        "Unknown",
        under="total",
        also=("UNK", "not known", "not recorded", "not specified", "age unknown", "unknown age"),
    )


class AgeConcept(Code):
    """The moment at which a victim's age was taken.

    A victim recruited at 17 and registered at 19 is a child ``at_entry`` and an adult
    ``at_registration``; ages taken at different moments do not compare. ``at_exploitation`` is
    the age while being exploited (how the United Kingdom's referral tables count),
    ``at_referral`` the age when referred to a support or identification mechanism.
    """

    NOT_STATED = entry("not_stated", "Not stated", also=("not specified", "unknown"))
    AT_ENTRY = entry(
        "at_entry",
        "At entry into trafficking",
        also=("entry", "at recruitment", "recruitment", "majority at entry"),
    )
    AT_EXPLOITATION = entry(
        "at_exploitation",
        "At exploitation",
        also=("exploitation", "at the time of exploitation", "majority at exploitation"),
    )
    AT_REFERRAL = entry("at_referral", "At referral", also=("referral", "at the time of referral"))
    AT_REGISTRATION = entry(
        "at_registration",
        "At registration",
        also=("registration", "at the time of registration", "at identification"),
    )
