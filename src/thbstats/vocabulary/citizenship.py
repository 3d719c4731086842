"""Citizenship groups relative to the reporting country."""

from thbstats.vocabulary._code import Code, entry

__all__ = ["CitizenshipGroup"]


class CitizenshipGroup(Code):
    """Citizenship group relative to the reporting country and the EU.

    ``reporting_country`` is nationals of the reporting country, ``other_eu`` citizens of another
    Member State, ``eu`` both. ``non_eu`` is third-country nationals, including ``stateless``
    persons. The composition of the EU is that of the source. ``unknown`` is the category of
    people of unknown citizenship, with its own count: 100% minus ``eu`` is not ``non_eu``.

    Examples
    --------
    >>> CitizenshipGroup.OTHER_EU.parent
    <CitizenshipGroup.EU: 'eu'>
    """

    TOTAL = entry("total", "Total", synonyms=("T", "all", "all citizens", "all citizenships"))
    EU = entry("eu", "EU", parent="total", synonyms=("EU citizens", "EU citizen", "EU nationals"))
    REPORTING_COUNTRY = entry(
        "reporting_country",
        "Reporting country",
        parent="eu",
        synonyms=(
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
        parent="eu",
        synonyms=("other EU citizens", "other EU countries", "citizens of other EU countries"),
    )
    NON_EU = entry(
        "non_eu",
        "Non-EU",
        parent="total",
        synonyms=(
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
        parent="non_eu",
        synonyms=(
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
        note="Third-country nationals in Regulation (EC) 862/2007, Article 2(1)(i); a separate "
        "category in some tables of Eurostat.",
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
