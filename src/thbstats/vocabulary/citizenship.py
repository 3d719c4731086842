"""Groups of citizenships as the reporting country sees them."""

from thbstats.vocabulary._code import Code, entry

__all__ = ["CitizenshipGroup"]


class CitizenshipGroup(Code):
    """Citizenship relative to the reporting country and to the Union.

    ``reporting_country`` is the state that sends the data: its own nationals. ``other_eu`` is
    citizens of another Member State, ``eu`` both together, ``non_eu`` citizens of no Member
    State (third-country nationals), ``stateless`` those among them whom no state considers its
    national. Who belongs to the Union is fixed by the composition that
    the source names. ``unknown`` is a category with a count of its own, so 100% minus ``eu``
    is not ``non_eu``.

    Examples
    --------
    >>> CitizenshipGroup.OTHER_EU.parent
    <CitizenshipGroup.EU: 'eu'>
    """

    TOTAL = entry("total", "Total", also=("T", "all", "all citizens", "all citizenships"))
    EU = entry("eu", "EU", under="total", also=("EU citizens", "EU citizen", "EU nationals"))
    REPORTING_COUNTRY = entry(
        "reporting_country",
        "Reporting country",
        under="eu",
        also=(
            "NAT",
            "national",
            "nationals",
            "own nationals",
            "own citizens",
            "own country",
            "ciudadanos de su país",
            "citizens of the reporting country",
        ),
        note="Belongs to the EU group only where the reporting country is itself a member.",
    )
    OTHER_EU = entry(
        "other_eu",
        "Other EU",
        under="eu",
        also=("other EU citizens", "other EU countries", "citizens of other EU countries"),
    )
    NON_EU = entry(
        "non_eu",
        "Non-EU",
        under="total",
        also=(
            "non-EU citizens",
            "non-EU nationals",
            "non-EU countries",
            "extra-EU",
            "third country",
            "third-country national",
            "third-country nationals",
            "TCN",
        ),
    )
    STATELESS = entry(
        "stateless",
        "Stateless",
        under="non_eu",
        also=(
            "STLS",
            "XXA",
            "stateless person",
            "stateless persons",
            "stateless people",
            "apatride",
            "apatrides",
            "apátrida",
            "apátridas",
        ),
        note="A third-country national in Regulation (EC) 862/2007, Article 2(1)(i); tables of "
        "Eurostat that list stateless persons beside the citizens of non-member countries keep "
        "the two apart.",
    )
    UNKNOWN = entry(
        "unknown",
        "Unknown",
        under="total",
        also=(
            "UNK",
            "not known",
            "not recorded",
            "not specified",
            "not stated",
            "nationality not stated",
            "no information",
            "desconocida",
            "desconocido",
            "no determinada",
            "no determinadas",
            "no determinado",
            "no determinados",
            "sin determinar",
            "citizenship unknown",
            "unknown citizenship",
        ),
    )
