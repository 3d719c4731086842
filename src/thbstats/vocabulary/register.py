"""Who registered."""

from thbstats.vocabulary._code import Code, entry

__all__ = ["RegisteringBody"]


class RegisteringBody(Code):
    """The kind of body that registered a victim: not the country that reports the count.

    ``all`` says that the figure unites every registering body of its area. The bodies are no
    parts of it: one victim may be registered by several, so no parent is stated.
    """

    ALL = entry("all", "All registering bodies", also=("total", "all bodies", "T"))
    POLICE = entry("police", "Police", also=("law enforcement", "police forces"))
    NGO = entry(
        "ngo",
        "NGO",
        also=("NGOs", "non-governmental organisation", "civil society"),
    )
    IMMIGRATION = entry(
        "immigration",
        "Immigration authority",
        also=("immigration service", "immigration services"),
    )
    BORDER_GUARD = entry("border_guard", "Border guard", also=("border guards", "border"))
    LABOUR_INSPECTION = entry(
        "labour_inspection",
        "Labour inspection",
        also=(
            "labour inspectorate",
            "labour inspectorates",
            "labour inspectors",
            "labor inspection",
            "labor inspectorate",
        ),
    )
    HEALTH = entry("health", "Health services", also=("health care", "healthcare"))
    OTHER = entry("other", "Other body", also=("OTH", "others"))
    NOT_STATED = entry("not_stated", "Not stated", also=("not specified", "unknown"))
