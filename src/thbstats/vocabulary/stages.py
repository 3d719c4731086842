"""Stages of justice, protection and cooperation."""

from thbstats.vocabulary._code import Code


class Stage(Code, document="stage"):
    """Stage of criminal justice, in chronological order.

    ``recorded`` offences are those that the police or another authority recorded: offences, not
    people. ``suspected`` people had formal contact with the police or the criminal justice system:
    suspected, arrested or cautioned. ``investigated`` means that an investigation was opened,
    ``prosecuted`` that charges were brought, ``convicted`` that a court found guilt. Counts of
    different stages in one period are not a cohort, and their units differ.

    Examples
    --------
    >>> [stage.rank for stage in Stage]
    [0, 1, 2, 3, 4]
    """

    RECORDED = "recorded"
    SUSPECTED = "suspected"
    INVESTIGATED = "investigated"
    PROSECUTED = "prosecuted"
    CONVICTED = "convicted"

    @property
    def rank(self) -> int:
        """Position in the order of the stages, from 0."""
        return list(type(self)).index(self)


class Offence(Code, document="offence"):
    """Offence of suspected, prosecuted or convicted people.

    ``trafficking`` is the offence of Article 2 of Directive 2011/36/EU, with incitement, aiding
    and attempt (Article 3). ``use_of_services`` is the knowing use of the services of a victim
    (Article 18(4)) in states in which it is an offence. Directive (EU) 2024/1712 makes it an
    offence in every Member State that it binds, by 15 July 2026. Charges can change between stages.
    """

    TRAFFICKING = "trafficking"
    USE_OF_SERVICES = "use_of_services"


class ProtectionMeasure(Code, document="measure"):
    """Measure of assistance or protection for a victim.

    ``assistance`` is support such as shelter, care, counselling and legal aid; ``referral`` the
    transfer to support services. A ``reflection_period`` lets a third-country national
    recover and decide whether to cooperate; a ``residence_permit`` may follow.
    ``international_protection`` is asylum or subsidiary protection, ``compensation`` money for
    the harm done. ``repatriation`` is the return of a victim to a country.

    References
    ----------
    Directive 2011/36/EU, Articles 11 to 17. Directive 2004/81/EC, Articles 6 and 8. United Nations
    Trafficking in Persons Protocol, Article 8.
    """

    ASSISTANCE = "assistance"
    REFERRAL = "referral"
    REFLECTION_PERIOD = "reflection_period"
    RESIDENCE_PERMIT = "residence_permit"
    INTERNATIONAL_PROTECTION = "international_protection"
    COMPENSATION = "compensation"
    REPATRIATION = "repatriation"


class MeasureOutcome(Code, document="outcome"):
    """Outcome of a request for a protection measure.

    ``sought`` is requests or offers, ``granted`` and ``refused`` the decisions. The decision can
    fall in a later period than the request.
    """

    SOUGHT = "sought"
    GRANTED = "granted"
    REFUSED = "refused"
    NOT_STATED = "not_stated"


class CooperationBody(Code, document="body"):
    """EU body of cooperation.

    ``europol`` is the agency for police cooperation, ``eurojust`` the agency for judicial
    cooperation.
    """

    EUROPOL = "europol"
    EUROJUST = "eurojust"


class CooperationKind(Code, document="kind"):
    """Kind of cooperation.

    ``cases`` are cases opened at the body, ``operational_messages`` messages exchanged through
    the body, ``joint_investigation_teams`` teams of two or more states.
    """

    CASES = "cases"
    OPERATIONAL_MESSAGES = "operational_messages"
    JOINT_INVESTIGATION_TEAMS = "joint_investigation_teams"
