"""Registering bodies."""

from thbstats.vocabulary._code import Code, entry

__all__ = ["RegisteringBody"]


class RegisteringBody(Code):
    """Registering body, not the reporting country.

    ``all`` includes all registering bodies of the area. It is not a parent: several bodies can
    register the same victim.
    """

    ALL = entry("all", "All registering bodies", synonyms=("total", "all bodies", "T"))
    POLICE = entry("police", "Police", synonyms=("law enforcement", "police forces"))
    NGO = entry(
        "ngo",
        "NGO",
        synonyms=("NGOs", "non-governmental organisation", "civil society"),
    )
    IMMIGRATION = entry(
        "immigration",
        "Immigration authority",
        synonyms=("immigration service", "immigration services"),
    )
    BORDER_GUARD = entry("border_guard", "Border guard", synonyms=("border guards", "border"))
    LABOUR_INSPECTION = entry(
        "labour_inspection",
        "Labour inspection",
        synonyms=(
            "labour inspectorate",
            "labour inspectorates",
            "labour inspectors",
            "labor inspection",
            "labor inspectorate",
        ),
    )
    HEALTH = entry("health", "Health services", synonyms=("health care", "healthcare"))
    OTHER = entry("other", "Other body", synonyms=("OTH", "others"))
    NOT_STATED = entry("not_stated", "Not stated", synonyms=("not specified", "unknown"))
