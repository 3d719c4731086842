"""Cooperation between states through Union bodies."""

from thbstats.vocabulary._code import Code, entry

__all__ = ["CooperationBody", "CooperationKind"]


class CooperationBody(Code):
    """The Union body through which states work together.

    ``europol`` is the agency for police cooperation, ``eurojust`` the one for judicial
    cooperation.
    """

    EUROPOL = entry("europol", "Europol")
    EUROJUST = entry("eurojust", "Eurojust")


class CooperationKind(Code):
    """What is counted of the cooperation.

    ``cases`` are those opened at the body, ``operational_messages`` those that states exchange
    through it, ``joint_investigation_teams`` teams that two or more states set up together.
    """

    CASES = entry("cases", "Cases", also=("case", "new cases"))
    OPERATIONAL_MESSAGES = entry(
        "operational_messages",
        "Operational messages",
        also=("operational message", "new operational messages", "messages"),
    )
    JOINT_INVESTIGATION_TEAMS = entry(
        "joint_investigation_teams",
        "Joint investigation teams",
        also=("joint investigation team", "JIT", "JITs", "teams"),
    )
