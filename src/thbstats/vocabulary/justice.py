"""Stages of justice, protection and cooperation."""

from thbstats.vocabulary._code import Code, entry


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
        "suspect; suspects; suspected persons; suspected, arrested or cautioned; formal contact; "
        "persons brought into formal contact",
    )
    INVESTIGATED = entry(
        "investigated", "Investigated", "investigation; investigations; persons investigated"
    )
    PROSECUTED = entry("prosecuted", "Prosecuted", "prosecution; prosecutions; persons prosecuted")
    CONVICTED = entry("convicted", "Convicted", "conviction; convictions; persons convicted")

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
        "THB; TIP; human trafficking; trafficking in persons; offences of trafficking in persons",
    )
    USE_OF_SERVICES = entry(
        "use_of_services",
        "Knowing use of services of victims",
        "knowing use; knowing use of services; use of services of victims; users of services; "
        "users",
    )


class ProtectionMeasure(Code):
    """Measure of assistance or protection for a victim.

    ``assistance`` is support such as shelter, care, counselling and legal aid; ``referral`` the
    transfer to support services. A ``reflection_period`` lets a third-country national
    recover and decide whether to cooperate; a ``residence_permit`` may follow.
    ``international_protection`` is asylum or subsidiary protection, ``compensation`` money for
    the harm done.

    References
    ----------
    Directive 2011/36/EU, Articles 11 to 17. Directive 2004/81/EC, Articles 6 and 8.
    """

    ASSISTANCE = entry("assistance", "Assistance", "support; assistance and support; assisted")
    REFERRAL = entry("referral", "Referral", "referrals; referred")
    REFLECTION_PERIOD = entry(
        "reflection_period",
        "Reflection period",
        "reflection periods; recovery and reflection period; reflection",
    )
    RESIDENCE_PERMIT = entry(
        "residence_permit",
        "Residence permit",
        "residence permits; first residence permits; permit; permits",
    )
    INTERNATIONAL_PROTECTION = entry(
        "international_protection",
        "International protection",
        "asylum; asylum or subsidiary protection; international protection status",
    )
    COMPENSATION = entry("compensation", "Compensation", "compensated")


class MeasureOutcome(Code):
    """Outcome of a request for a protection measure.

    ``sought`` is requests or offers, ``granted`` and ``refused`` the decisions. The decision can
    fall in a later period than the request.
    """

    SOUGHT = entry("sought", "Sought", "requested; applied; applications; requests")
    GRANTED = entry("granted", "Granted", "given; issued; received; awarded")
    REFUSED = entry("refused", "Refused", "rejected; denied")
    NOT_STATED = entry("not_stated", "Not stated", "not specified; unknown")


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

    CASES = entry("cases", "Cases", "case; new cases")
    OPERATIONAL_MESSAGES = entry(
        "operational_messages",
        "Operational messages",
        "operational message; new operational messages; messages",
    )
    JOINT_INVESTIGATION_TEAMS = entry(
        "joint_investigation_teams",
        "Joint investigation teams",
        "joint investigation team; JIT; JITs; teams",
    )
