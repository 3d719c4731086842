"""Code lists of victims, exploitation, justice and protection."""

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


class Sex(Code, document="sex"):
    """Sex as recorded by the registering body.

    ``total`` includes all people. ``female`` is women and girls, ``male`` men and boys.
    ``other`` is another recorded answer. ``unknown`` is the category of people of unknown sex,
    with its own count; it is not missing data.

    Examples
    --------
    >>> Sex.parse("F"), Sex.parse("women and girls").label
    (<Sex.FEMALE: 'female'>, 'Female')
    """

    TOTAL = "total"
    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNKNOWN = "unknown"


class AgeGroup(Code, document="age"):
    """Age group: child or adult.

    A ``child`` is a person below 18; an ``adult`` is 18 or over. ``unknown`` is the category of
    people of unknown age, with its own count. `AgeConcept` is the reference moment of the age.

    References
    ----------
    Directive 2011/36/EU, Article 2(6).

    Examples
    --------
    >>> AgeGroup.parse("0-17").label
    'Child (under 18)'
    """

    TOTAL = "total"
    CHILD = "child"
    ADULT = "adult"
    UNKNOWN = "unknown"


class AgeConcept(Code, document="age_concept"):
    """Reference moment of the age of a victim.

    A victim recruited at 17 and registered at 19 is a child ``at_entry`` and an adult
    ``at_registration``: counts with different age concepts are not comparable.
    ``at_exploitation`` is the age at exploitation (referral tables of the United Kingdom),
    ``at_referral`` the age at referral to a support or identification mechanism.
    """

    NOT_STATED = "not_stated"
    AT_ENTRY = "at_entry"
    AT_EXPLOITATION = "at_exploitation"
    AT_REFERRAL = "at_referral"
    AT_REGISTRATION = "at_registration"


class VictimStatus(Code, document="status"):
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

    REGISTERED = "registered"
    IDENTIFIED = "identified"
    PRESUMED = "presumed"
    DETECTED = "detected"
    NOT_STATED = "not_stated"


class RegisteringBody(Code, document="register"):
    """Registering body, not the reporting country.

    ``all`` includes all registering bodies of the area. It is not a parent: several bodies can
    register the same victim.
    """

    ALL = "all"
    POLICE = "police"
    NGO = "ngo"
    IMMIGRATION = "immigration"
    BORDER_GUARD = "border_guard"
    LABOUR_INSPECTION = "labour_inspection"
    HEALTH = "health"
    OTHER = "other"
    NOT_STATED = "not_stated"


class CountingUnit(Code, document="unit"):
    """Counting unit.

    One person can have several prosecutions or convictions, and one case several persons:
    a ratio of different units is not a share. ``decisions`` are formal acts on a request or of a
    prosecutor, ``judgments`` decisions of a court on a charge, ``permits`` issued documents,
    ``messages`` operational messages between police forces, ``teams`` investigation teams,
    ``money`` amounts in whole units of a currency.
    """

    PERSONS = "persons"
    CASES = "cases"
    OFFENCES = "offences"
    PROSECUTIONS = "prosecutions"
    CONVICTIONS = "convictions"
    DECISIONS = "decisions"
    JUDGMENTS = "judgments"
    PERMITS = "permits"
    MESSAGES = "messages"
    TEAMS = "teams"
    MONEY = "money"
    NOT_STATED = "not_stated"


class Movement(Code, document="movement"):
    """Internal or cross-border trafficking.

    ``internal`` trafficking stays within the territory of one state, ``cross_border``
    trafficking does not. Citizenship does not determine the movement: a national of the
    reporting country can have been exploited abroad.
    """

    TOTAL = "total"
    INTERNAL = "internal"
    CROSS_BORDER = "cross_border"
    UNKNOWN = "unknown"


COMPLETE = {"sex": ("female", "male"), "age": ("child", "adult")}
"""Dimensions in which each person has one category, and the categories that exist everywhere."""


class Exploitation(Code, document="exploitation"):
    """Form of exploitation, with sub-forms.

    ``sexual`` is the exploitation of prostitution and other forms of sexual exploitation.
    ``labour`` is forced labour or services, by sector, including domestic servitude.
    ``other`` is any other form, such as begging and criminality. ``unknown`` is the category of
    victims of unknown form, with its own count. If a source counts a victim in several forms
    (multiple response), the categories overlap (`Overlap`).

    Members with a ``note`` belong to another category in some classifications.

    References
    ----------
    Directive 2011/36/EU, Article 2(3) and recital 11; its amendment, Directive (EU) 2024/1712,
    Article 1. COM(2018) 777, section II.

    Examples
    --------
    >>> Exploitation.parse("forced labour").value, Exploitation.parse("begging").parent.value
    ('labour', 'other')
    """

    TOTAL = "total"
    SEXUAL = "sexual"
    PROSTITUTION = "prostitution"
    PORNOGRAPHY = "pornography"
    LIVE_WEB_CAMERAS = "live_web_cameras"
    LIVE_STREAMED_ABUSE = "live_streamed_abuse"
    OTHER_SEXUAL = "other_sexual"
    LABOUR = "labour"
    CONSTRUCTION = "construction"
    AGRICULTURE = "agriculture"
    FORESTRY = "forestry"
    MANUFACTURING = "manufacturing"
    CATERING = "catering"
    CARE = "care"
    CLEANING = "cleaning"
    DOMESTIC_WORK = "domestic_work"
    DOMESTIC_SERVITUDE = "domestic_servitude"
    ENTERTAINMENT = "entertainment"
    FISHING = "fishing"
    HOSPITALITY = "hospitality"
    RETAIL = "retail"
    TRANSPORTATION = "transportation"
    OTHER_LABOUR = "other_labour"
    OTHER = "other"
    FORCED_BEGGING = "forced_begging"
    FORCED_CRIMINALITY = "forced_criminality"
    BENEFIT_FRAUD = "benefit_fraud"
    ORGAN_REMOVAL = "organ_removal"
    TISSUE_REMOVAL = "tissue_removal"
    FORCED_MARRIAGE = "forced_marriage"
    SHAM_MARRIAGE = "sham_marriage"
    CHILD_MARRIAGE = "child_marriage"
    FORCED_CHILD_BEARING = "forced_child_bearing"
    ILLEGAL_ADOPTION = "illegal_adoption"
    SURROGACY = "surrogacy"
    SELLING_OF_NEWBORNS = "selling_of_newborns"
    FORCED_MILITARY = "forced_military"
    OTHER_OTHER = "other_other"
    UNKNOWN = "unknown"


class CitizenshipGroup(Code, document="citizenship"):
    """Citizenship group relative to the reporting country and the EU.

    ``reporting_country`` is nationals of the reporting country, ``other_eu`` citizens of another
    Member State, ``eu`` both. ``non_eu`` is third-country nationals, including ``stateless``
    persons. The composition of the EU is that of the source. ``unknown`` is the category of
    people of unknown citizenship, with its own count: 100% minus ``eu`` is not ``non_eu``.

    Examples
    --------
    >>> CitizenshipGroup.OTHER_EU.parent
    <CitizenshipGroup.EU: 'eu'>
    """

    TOTAL = "total"
    EU = "eu"
    REPORTING_COUNTRY = "reporting_country"
    OTHER_EU = "other_eu"
    NON_EU = "non_eu"
    STATELESS = "stateless"
    UNKNOWN = "unknown"


class Overlap(Code, document="overlap"):
    """Overlap of the categories of a breakdown.

    ``exclusive`` categories count each victim once. ``overlapping`` categories can count a
    victim several times (multiple response): shares can sum to more than 100%, and the
    complement is not "other". Few sources state the overlap; categories that sum to more than
    the total show it.
    """

    EXCLUSIVE = "exclusive"
    OVERLAPPING = "overlapping"
    NOT_STATED = "not_stated"
