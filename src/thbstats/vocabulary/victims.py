"""Sex, age, status, registering body, unit and movement."""

from thbstats.vocabulary._code import Code, entry


class Sex(Code):
    """Sex as recorded by the registering body.

    ``total`` includes all people. ``female`` is women and girls, ``male`` men and boys.
    ``other`` is another recorded answer. ``unknown`` is the category of people of unknown sex,
    with its own count; it is not missing data.

    Examples
    --------
    >>> Sex.parse("F"), Sex.parse("women and girls").label
    (<Sex.FEMALE: 'female'>, 'Female')
    """

    TOTAL = entry("total", "Total", "T; all; both sexes; all sexes")
    FEMALE = entry("female", "Female", "F; females; women and girls; feminine", parent="total")
    MALE = entry("male", "Male", "M; males; men and boys; masculine", parent="total")
    OTHER = entry(
        "other", "Other", "OTH; non-binary; transgender/nonconforming; diverse; X", parent="total"
    )
    UNKNOWN = entry(
        "unknown",
        "Unknown",
        "UNK; not known; not recorded; not specified; sex unknown; unknown sex",
        parent="total",
    )


class AgeGroup(Code):
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

    TOTAL = entry("total", "Total", "T; all; all ages")
    CHILD = entry(
        "child",
        "Child (under 18)",
        "children; minor; minors; under 18; below 18; <18; 0-17; 0 to 17 years; Y_LT18",
        parent="total",
    )
    ADULT = entry(
        "adult",
        "Adult (18 or over)",
        "adults; 18+; 18 or over; 18 years or over; over 17; Y_GE18",
        parent="total",
    )
    UNKNOWN = entry(
        "unknown",
        "Unknown",
        "UNK; not known; age not known; not recorded; not specified; age unknown; unknown age",
        parent="total",
    )


class AgeConcept(Code):
    """Reference moment of the age of a victim.

    A victim recruited at 17 and registered at 19 is a child ``at_entry`` and an adult
    ``at_registration``: counts with different age concepts are not comparable.
    ``at_exploitation`` is the age at exploitation (referral tables of the United Kingdom),
    ``at_referral`` the age at referral to a support or identification mechanism.
    """

    NOT_STATED = entry("not_stated", "Not stated", "not specified; unknown")
    AT_ENTRY = entry(
        "at_entry",
        "At entry into trafficking",
        "entry; at recruitment; recruitment; majority at entry",
    )
    AT_EXPLOITATION = entry(
        "at_exploitation",
        "At exploitation",
        "exploitation; at the time of exploitation; majority at exploitation",
    )
    AT_REFERRAL = entry("at_referral", "At referral", "referral; at the time of referral")
    AT_REGISTRATION = entry(
        "at_registration",
        "At registration",
        "registration; at the time of registration; at identification",
    )


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
        "registered victims; identified and presumed; identified or presumed",
        note="Should include identified and presumed victims; published tables do not always add "
        "up.",
    )
    IDENTIFIED = entry(
        "identified", "Identified", "identified victims; formally identified; identified only"
    )
    PRESUMED = entry(
        "presumed",
        "Presumed",
        "presumed victims; potential victims; suspected victims; presumed only",
    )
    DETECTED = entry(
        "detected",
        "Detected",
        "detected victims; detected trafficking victims",
        note="The term of GLOTIP and SDG 16.2.2; it can differ from registered.",
    )
    NOT_STATED = entry("not_stated", "Not stated", "not specified; unknown")


class RegisteringBody(Code):
    """Registering body, not the reporting country.

    ``all`` includes all registering bodies of the area. It is not a parent: several bodies can
    register the same victim.
    """

    ALL = entry("all", "All registering bodies", "total; all bodies; T")
    POLICE = entry("police", "Police", "law enforcement; police forces")
    NGO = entry("ngo", "NGO", "NGOs; non-governmental organisation; civil society")
    IMMIGRATION = entry(
        "immigration", "Immigration authority", "immigration service; immigration services"
    )
    BORDER_GUARD = entry("border_guard", "Border guard", "border guards; border")
    LABOUR_INSPECTION = entry(
        "labour_inspection",
        "Labour inspection",
        "labour inspectorate; labour inspectorates; labour inspectors; labor inspection; labor "
        "inspectorate",
    )
    HEALTH = entry("health", "Health services", "health care; healthcare")
    OTHER = entry("other", "Other body", "OTH; others")
    NOT_STATED = entry("not_stated", "Not stated", "not specified; unknown")


class CountingUnit(Code):
    """Counting unit.

    One person can have several prosecutions or convictions, and one case several persons:
    a ratio of different units is not a share. ``decisions`` are formal acts on a request,
    ``permits`` issued documents, ``messages`` operational messages between police forces,
    ``teams`` investigation teams.
    """

    PERSONS = entry("persons", "Persons", "person; people; individuals; victims; PER")
    CASES = entry("cases", "Cases", "case")
    OFFENCES = entry("offences", "Offences", "offence; offenses; offense; crimes")
    PROSECUTIONS = entry("prosecutions", "Prosecutions", "prosecution")
    CONVICTIONS = entry("convictions", "Convictions", "conviction")
    DECISIONS = entry("decisions", "Decisions", "decision")
    PERMITS = entry("permits", "Permits", "permit; residence permits")
    MESSAGES = entry("messages", "Messages", "message; operational messages")
    TEAMS = entry("teams", "Teams", "team; joint investigation teams")
    NOT_STATED = entry("not_stated", "Not stated", "not specified; unknown")


class Movement(Code):
    """Internal or cross-border trafficking.

    ``internal`` trafficking stays within the territory of one state, ``cross_border``
    trafficking does not. Citizenship does not determine the movement: a national of the
    reporting country can have been exploited abroad.
    """

    TOTAL = entry("total", "Total", "T; all")
    INTERNAL = entry(
        "internal",
        "Internal",
        "domestic; internal trafficking; within own member state",
        parent="total",
    )
    CROSS_BORDER = entry(
        "cross_border",
        "Cross-border",
        "transnational; international; cross-border trafficking",
        parent="total",
    )
    UNKNOWN = entry(
        "unknown", "Unknown", "UNK; not known; not recorded; not specified", parent="total"
    )
