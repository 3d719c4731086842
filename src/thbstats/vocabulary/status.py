"""Status of victims."""

from thbstats.vocabulary._code import Code, entry

__all__ = ["VictimStatus"]


class VictimStatus(Code):
    """Status of victims: formal recognition by an authority.

    ``identified`` victims were formally recognised by the competent authority. ``presumed``
    victims meet the criteria of the Directive without (or before) recognition, or declined it.
    ``registered`` should include both, but published tables do not always add up: it is not a
    parent. ``detected`` is the term of the Global Report on Trafficking in Persons and of SDG
    indicator 16.2.2: victims in contact with an authority or service, by national rules. No
    status is an estimate of the total number of victims.

    References
    ----------
    Directive 2011/36/EU, Articles 2 and 11(4). Eurostat, Trafficking in human beings, working
    papers of 2013 and 2014. UNODC, Global Report on Trafficking in Persons.
    """

    REGISTERED = entry(
        "registered",
        "Registered",
        synonyms=("registered victims", "identified and presumed", "identified or presumed"),
        note=(
            "Should include identified and presumed victims; published tables do not always add up."
        ),
    )
    IDENTIFIED = entry(
        "identified",
        "Identified",
        synonyms=("identified victims", "formally identified", "identified only"),
    )
    PRESUMED = entry(
        "presumed",
        "Presumed",
        synonyms=("presumed victims", "potential victims", "suspected victims", "presumed only"),
    )
    DETECTED = entry(
        "detected",
        "Detected",
        synonyms=("detected victims", "detected trafficking victims"),
        note="The term of GLOTIP and SDG 16.2.2; it can differ from registered.",
    )
    NOT_STATED = entry("not_stated", "Not stated", synonyms=("not specified", "unknown"))
