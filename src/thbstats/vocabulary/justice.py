"""Stages of criminal justice, and the offences that pass through them."""

from thbstats.vocabulary._code import Code, entry

__all__ = ["Offence", "Stage"]


class Stage(Code):
    """A stage of criminal justice, in its order.

    ``suspected`` people had formal contact with the police or the criminal justice system:
    suspected, arrested or cautioned. ``investigated`` means that an investigation was opened,
    ``prosecuted`` that charges were brought, ``convicted`` that a court found guilt. Counts of
    different stages in one period are not one cohort, and their units differ.

    Examples
    --------
    >>> [stage.rank for stage in Stage]
    [0, 1, 2, 3]
    """

    SUSPECTED = entry(
        "suspected",
        "Suspected (formal contact)",
        also=(
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
        also=("investigation", "investigations", "persons investigated"),
    )
    PROSECUTED = entry(
        "prosecuted", "Prosecuted", also=("prosecution", "prosecutions", "persons prosecuted")
    )
    CONVICTED = entry(
        "convicted", "Convicted", also=("conviction", "convictions", "persons convicted")
    )

    @property
    def rank(self) -> int:
        """Position in the order of the stages, from 0."""
        return list(type(self)).index(self)


class Offence(Code):
    """What somebody is suspected, prosecuted or convicted of.

    ``trafficking`` is the offence of Article 2 of Directive 2011/36/EU, with incitement, aiding
    and attempt (Article 3). ``use_of_services`` is the knowing use of the services of a victim
    (Article 18(4)), where a state makes it a crime. Charges can be re-qualified between stages.
    """

    TRAFFICKING = entry(
        "trafficking",
        "Trafficking in human beings",
        also=(
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
        also=(
            "knowing use",
            "knowing use of services",
            "use of services of victims",
            "users of services",
            "users",
        ),
    )
