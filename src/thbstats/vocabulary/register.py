"""Who registered."""

from thbstats.vocabulary._word import Word, word

__all__ = ["RegisteringBody"]


class RegisteringBody(Word):
    """The kind of body that registered a victim: not the country that reports the count.

    ``all`` says that the figure unites every registering body of its area. The bodies are no
    parts of it: one victim may be registered by several, so no parent is stated.
    """

    ALL = word("all", "All registering bodies", also=("total", "all bodies", "T"))
    POLICE = word("police", "Police", also=("law enforcement", "police forces"))
    NGO = word(
        "ngo",
        "NGO",
        also=("NGOs", "non-governmental organisation", "civil society"),
    )
    IMMIGRATION = word(
        "immigration",
        "Immigration authority",
        also=("immigration service", "immigration services"),
    )
    BORDER_GUARD = word("border_guard", "Border guard", also=("border guards", "border"))
    LABOUR_INSPECTION = word(
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
    HEALTH = word("health", "Health services", also=("health care", "healthcare"))
    OTHER = word("other", "Other body", also=("OTH", "others"))
    NOT_STATED = word("not_stated", "Not stated", also=("not specified", "unknown"))
