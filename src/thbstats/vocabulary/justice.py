"""Stages of criminal justice, and offences."""

from thbstats.vocabulary._code import Code, entry

__all__ = ["Offence", "Stage"]


class Stage(Code):
    """Stage of criminal justice, in chronological order.

    ``suspected`` people had formal contact with the police or the criminal justice system:
    suspected, arrested or cautioned. ``investigated`` means that an investigation was opened,
    ``prosecuted`` that charges were brought, ``convicted`` that a court found guilt. Counts of
    different stages in one period are not a cohort, and their units differ.

    Examples
    --------
    >>> [stage.rank for stage in Stage]
    [0, 1, 2, 3]
    """

    SUSPECTED = entry(
        "suspected",
        "Suspected (formal contact)",
        synonyms=(
            "suspect",
            "suspects",
            "suspected persons",
            "suspected, arrested or cautioned",
            "formal contact",
            "persons brought into formal contact",
        ),
    )
    INVESTIGATED = entry(
        "investigated",
        "Investigated",
        synonyms=("investigation", "investigations", "persons investigated"),
    )
    PROSECUTED = entry(
        "prosecuted", "Prosecuted", synonyms=("prosecution", "prosecutions", "persons prosecuted")
    )
    CONVICTED = entry(
        "convicted", "Convicted", synonyms=("conviction", "convictions", "persons convicted")
    )

    @property
    def rank(self) -> int:
        """Position in the order of the stages, from 0."""
        return list(type(self)).index(self)


class Offence(Code):
    """Offence of suspected, prosecuted or convicted people.

    ``trafficking`` is the offence of Article 2 of Directive 2011/36/EU, with incitement, aiding
    and attempt (Article 3). ``use_of_services`` is the knowing use of the services of a victim
    (Article 18(4)) in states in which it is an offence. Charges can change between stages.
    """

    TRAFFICKING = entry(
        "trafficking",
        "Trafficking in human beings",
        synonyms=(
            "THB",
            "TIP",
            "human trafficking",
            "trafficking in persons",
            "offences of trafficking in persons",
        ),
    )
    USE_OF_SERVICES = entry(
        "use_of_services",
        "Knowing use of services of victims",
        synonyms=(
            "knowing use",
            "knowing use of services",
            "use of services of victims",
            "users of services",
            "users",
        ),
    )
