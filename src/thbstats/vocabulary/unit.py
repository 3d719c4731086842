"""What one count is one of."""

from thbstats.vocabulary._code import Code, entry

__all__ = ["CountingUnit"]


class CountingUnit(Code):
    """The thing counted.

    One person may face several prosecutions, one case may have many persons, and one person
    may be convicted of several offences: counts of different units make a ratio at best, never
    a share. ``decisions`` are formal acts on a request, ``permits`` documents issued,
    ``messages`` operational messages between police forces, ``teams`` investigation teams.
    """

    PERSONS = entry(
        "persons", "Persons", also=("person", "people", "individuals", "victims", "PER")
    )
    CASES = entry("cases", "Cases", also=("case",))
    OFFENCES = entry("offences", "Offences", also=("offence", "offenses", "offense", "crimes"))
    PROSECUTIONS = entry("prosecutions", "Prosecutions", also=("prosecution",))
    CONVICTIONS = entry("convictions", "Convictions", also=("conviction",))
    DECISIONS = entry("decisions", "Decisions", also=("decision",))
    PERMITS = entry("permits", "Permits", also=("permit", "residence permits"))
    MESSAGES = entry("messages", "Messages", also=("message", "operational messages"))
    TEAMS = entry("teams", "Teams", also=("team", "joint investigation teams"))
    NOT_STATED = entry("not_stated", "Not stated", also=("not specified", "unknown"))
