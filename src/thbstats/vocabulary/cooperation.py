"""Cooperation between states through EU bodies."""

from thbstats.vocabulary._code import Code, entry

__all__ = ["CooperationBody", "CooperationKind"]


class CooperationBody(Code):
    """EU body of cooperation.

    ``europol`` is the agency for police cooperation, ``eurojust`` the agency for judicial
    cooperation.
    """

    EUROPOL = entry("europol", "Europol")
    EUROJUST = entry("eurojust", "Eurojust")


class CooperationKind(Code):
    """Kind of cooperation.

    ``cases`` are cases opened at the body, ``operational_messages`` messages exchanged through
    the body, ``joint_investigation_teams`` teams of two or more states.
    """

    CASES = entry("cases", "Cases", synonyms=("case", "new cases"))
    OPERATIONAL_MESSAGES = entry(
        "operational_messages",
        "Operational messages",
        synonyms=("operational message", "new operational messages", "messages"),
    )
    JOINT_INVESTIGATION_TEAMS = entry(
        "joint_investigation_teams",
        "Joint investigation teams",
        synonyms=("joint investigation team", "JIT", "JITs", "teams"),
    )
