"""Code lists, and their base class."""

from enum import StrEnum
from functools import cache
from typing import Any, Self

from thbstats.errors import UnknownName, did_you_mean
from thbstats.languages import Label
from thbstats.vocabulary.category import Category, plain_spelling
from thbstats.vocabulary.classification import Classification, bundled_classification

# "Women" are female adults: neither a sex nor an age group alone.
_SEX_AND_AGE = {
    **dict.fromkeys(("women", "woman"), ("female", "adult")),
    **dict.fromkeys(("girls", "girl"), ("female", "child")),
    **dict.fromkeys(("men", "man"), ("male", "adult")),
    **dict.fromkeys(("boys", "boy"), ("male", "child")),
}


class Code(StrEnum):
    """Code of a code list: a string with label, synonyms, parent and note.

    The properties of the codes are in the classification of the list. The list reads every
    spelling, as the converter of a field: ``Sex("F")`` is ``Sex.FEMALE``.
    """

    # Not members: annotations without values. A list has one of the two.
    _document: str
    _defined: Classification | None

    def __init_subclass__(cls, document: str = "") -> None:
        cls._document, cls._defined = document, None
        if document:
            _BUNDLED[cls.__name__] = cls

    @classmethod
    def classification(cls) -> Classification:
        """Return the classification of the list."""
        return _classification(cls)

    @property
    def category(self) -> Category:
        """Category of the classification."""
        return _classification(type(self))[self.value]

    @property
    def label(self) -> str:
        """Label for readers, in English; it has its translations."""
        return Label(self.category.label, self.category.labels)

    @property
    def synonyms(self) -> tuple[str, ...]:
        """Other spellings for `parse`."""
        return self.category.synonyms

    @property
    def note(self) -> str:
        """Differences from other classifications, or ``""``."""
        return self.category.note

    @property
    def parent(self) -> Self | None:
        """Parent that includes the code, or None at the top.

        The counts of the children need not sum to the count of the parent: categories may
        overlap or be missing.
        """
        parent = self.category.parent
        return None if parent is None else type(self)(parent)

    @property
    def children(self) -> tuple[Self, ...]:
        """Codes with this parent, in the order of the list."""
        return tuple(other for other in type(self) if other.category.parent == self.value)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the code of a text.

        The text is a code, label or synonym; case, spaces, hyphens and underscores are ignored.
        Another text raises `UnknownName`.
        """
        code = _spellings(cls).get(plain_spelling(text))
        if code is None:
            raise UnknownName(
                f"must be a code of {cls.__name__}",
                value=text,
                hint=lambda: _hint(cls, plain_spelling(text)),
            )
        return cls(code)

    @classmethod
    def _missing_(cls, value: object) -> Self:
        try:
            return cls.parse(value)  # type: ignore[arg-type]  # other types raise
        except UnknownName as error:
            name = cls._document or cls.classification().name
            raise error.with_location(field=name, value=value) from None

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        return _member, (self.classification(), self.value)


def code_list(classification: Classification) -> type[Code]:
    """Return the code list of a classification.

    Examples
    --------
    >>> recruiter = Classification(name="recruiter", categories=["family", "employer"])
    >>> code_list(recruiter).parse("Family")
    <Recruiter.FAMILY: 'family'>
    """
    bundled = _BUNDLED.get(classification.class_name)
    if bundled is not None and bundled.classification() == classification:
        return bundled
    return _defined(classification)


_BUNDLED: dict[str, type[Code]] = {}


def code_lists() -> tuple[type[Code], ...]:
    """Return the code lists of the library, in the order of their classes."""
    return tuple(_BUNDLED.values())


@cache
def _defined(classification: Classification) -> type[Code]:
    members = {code.upper(): code for code in classification.codes}
    codes: Any = Code
    result: type[Code] = codes(classification.class_name, members, module=__name__)
    result._defined = classification
    return result


@cache
def _classification(codes: type[Code]) -> Classification:
    return codes._defined or bundled_classification(codes._document)


def _member(classification: Classification, code: str) -> Code:
    return code_list(classification)(code)


def _hint(codes: type[Code], text: str) -> str:
    if text in _SEX_AND_AGE and codes.__name__ in ("Sex", "AgeGroup"):
        sex, age = _SEX_AND_AGE[text]
        return f"Use sex={sex!r} with age={age!r}; sex={sex!r} alone includes all ages"
    return did_you_mean(text.replace(" ", "_"), codes)


@cache
def _spellings(codes: type[Code]) -> dict[str, str]:
    return {
        plain_spelling(spelling): category.code
        for category in codes.classification().categories
        for spelling in category.spellings
    }


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

    ``sought`` are requests or offers; ``granted`` and ``refused`` are decisions. The decision can
    fall in a later period than the request.
    """

    SOUGHT = "sought"
    GRANTED = "granted"
    REFUSED = "refused"
    NOT_STATED = "not_stated"


class CooperationBody(Code, document="body"):
    """EU body of cooperation.

    ``europol`` is the agency for police cooperation. ``eurojust`` is the agency for judicial
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
