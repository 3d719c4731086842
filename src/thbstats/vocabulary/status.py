"""How a victim came to be counted."""

from thbstats.vocabulary._code import Code, entry

__all__ = ["VictimStatus"]


class VictimStatus(Code):
    """What a count of victims says about their recognition.

    ``identified`` victims were formally recognised by the competent authority. ``presumed``
    victims meet the criteria of the Directive without (or before) that recognition, or declined
    it. ``registered`` is meant to be the two together; published tables do not always add up,
    so this is no parent: check, do not assume. ``detected`` is the word of the Global Report on
    Trafficking in Persons and of SDG indicator 16.2.2: those whom an authority or service came
    across; it follows each country's own rules. No status tells how many victims there are.

    References
    ----------
    Directive 2011/36/EU, Articles 2 and 11(4). Eurostat, Trafficking in human beings, working
    papers of 2013 and 2014. UNODC, Global Report on Trafficking in Persons.
    """

    REGISTERED = entry(
        "registered",
        "Registered",
        also=("registered victims", "identified and presumed", "identified or presumed"),
        note=(
            "Meant to be identified and presumed victims together; published tables do not "
            "always add up."
        ),
    )
    IDENTIFIED = entry(
        "identified",
        "Identified",
        also=("identified victims", "formally identified", "identified only"),
    )
    PRESUMED = entry(
        "presumed",
        "Presumed",
        also=("presumed victims", "potential victims", "suspected victims", "presumed only"),
    )
    DETECTED = entry(
        "detected",
        "Detected",
        also=("detected victims", "detected trafficking victims"),
        note="The word of GLOTIP and SDG 16.2.2; it need not equal registered.",
    )
    NOT_STATED = entry("not_stated", "Not stated", also=("not specified", "unknown"))
