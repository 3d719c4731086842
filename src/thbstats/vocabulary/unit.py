"""Counting units."""

from thbstats.vocabulary._code import Code, entry

__all__ = ["CountingUnit"]


class CountingUnit(Code):
    """Counting unit.

    One person can have several prosecutions or convictions, and one case several persons:
    a ratio of different units is not a share. ``decisions`` are formal acts on a request,
    ``permits`` issued documents, ``messages`` operational messages between police forces,
    ``teams`` investigation teams.
    """

    PERSONS = entry(
        "persons", "Persons", synonyms=("person", "people", "individuals", "victims", "PER")
    )
    CASES = entry("cases", "Cases", synonyms=("case",))
    OFFENCES = entry("offences", "Offences", synonyms=("offence", "offenses", "offense", "crimes"))
    PROSECUTIONS = entry("prosecutions", "Prosecutions", synonyms=("prosecution",))
    CONVICTIONS = entry("convictions", "Convictions", synonyms=("conviction",))
    DECISIONS = entry("decisions", "Decisions", synonyms=("decision",))
    PERMITS = entry("permits", "Permits", synonyms=("permit", "residence permits"))
    MESSAGES = entry("messages", "Messages", synonyms=("message", "operational messages"))
    TEAMS = entry("teams", "Teams", synonyms=("team", "joint investigation teams"))
    NOT_STATED = entry("not_stated", "Not stated", synonyms=("not specified", "unknown"))
