"""Sex, age, status, registering body, unit and movement."""

from thbstats.vocabulary._code import Code


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
