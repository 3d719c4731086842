"""What one count is one of."""

from thbstats.vocabulary._word import Word, word

__all__ = ["CountingUnit"]


class CountingUnit(Word):
    """The thing counted.

    One person may face several prosecutions, one case may have many persons, and one person
    may be convicted of several offences: counts of different units make a ratio at best, never
    a share. ``decisions`` are formal acts on a request, ``permits`` documents issued,
    ``messages`` operational messages between police forces, ``teams`` investigation teams.
    """

    PERSONS = word("persons", "Persons", also=("person", "people", "individuals", "victims", "PER"))
    CASES = word("cases", "Cases", also=("case",))
    OFFENCES = word("offences", "Offences", also=("offence", "offenses", "offense", "crimes"))
    PROSECUTIONS = word("prosecutions", "Prosecutions", also=("prosecution",))
    CONVICTIONS = word("convictions", "Convictions", also=("conviction",))
    DECISIONS = word("decisions", "Decisions", also=("decision",))
    PERMITS = word("permits", "Permits", also=("permit", "residence permits"))
    MESSAGES = word("messages", "Messages", also=("message", "operational messages"))
    TEAMS = word("teams", "Teams", also=("team", "joint investigation teams"))
    NOT_STATED = word("not_stated", "Not stated", also=("not specified", "unknown"))
