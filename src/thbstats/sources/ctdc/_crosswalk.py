"""Crosswalk of CTDC columns and values."""

import re

from thbstats.errors import UnknownName
from thbstats.geography import parse_citizenship
from thbstats.vocabulary import AgeGroup, Sex

__all__ = [
    "AGES",
    "FORMS",
    "HEADER",
    "KANON",
    "KNOWN",
    "OTHERS",
    "OTHER_HERE",
    "age_group",
    "citizenship",
    "is_answered",
    "renamed",
    "sex",
]

HEADER = ("yearOfRegistration", "gender", "ageBroad", "citizenship", "isSexualExploit")
KANON = ("Datasource", "majorityStatus")

# The column of the age group by moment.
AGES = {
    "at_registration": "majorityStatus",
    "at_exploitation": "majorityStatusAtExploit",
    "at_entry": "majorityEntry",
}
_SEXES = {"woman": Sex.FEMALE, "man": Sex.MALE, "trans/transgender/nonconforming": Sex.OTHER}
_AGE = re.compile(r"(\d{1,3})(?:-+(\d{1,3})|\+)")

# Files since 2026 use "sectorOf" instead of "typeOf".
_SECTOR = re.compile(r"^sectorOf(?=Labour|Sex)")

# The form of exploitation of each column; unsupported forms are residual categories.
FORMS = {
    "isSexualExploit": "sexual",
    "isForcedLabour": "labour",
    "isForcedMarriage": "forced_marriage",
    "isForcedMilitary": "forced_military",
    "isOrganRemoval": "organ_removal",
    "isSlaveryAndPractices": "other_other",
    "typeOfLabourAgriculture": "agriculture",
    "typeOfLabourAquafarming": "other_labour",
    "typeOfLabourBegging": "forced_begging",
    "typeOfLabourConstruction": "construction",
    "typeOfLabourDomesticWork": "domestic_work",
    "typeOfLabourHospitality": "hospitality",
    "typeOfLabourIllicitActivities": "forced_criminality",
    "typeOfLabourManufacturing": "manufacturing",
    "typeOfLabourMiningOrDrilling": "other_labour",
    "typeOfLabourPeddling": "other_labour",
    "typeOfLabourTransportation": "transportation",
    "typeOfLabourOther": "other_labour",
    "typeOfSexProstitution": "prostitution",
    "typeOfSexPornography": "pornography",
    "typeOfSexRemoteInteractiveServices": "live_web_cameras",
    "typeOfSexPrivateSexualServices": "other_sexual",
    "typeOfSexOther": "other_sexual",
}
# With these columns of the k-anonymised file, "isOtherExploit" is a residual.
OTHERS = ("isForcedMarriage", "isForcedMilitary", "isOrganRemoval", "isSlaveryAndPractices")
OTHER_HERE = ("typeOfLabourBegging", "typeOfLabourIllicitActivities")

_ANSWERED = ("means", "typeOfLabour", "typeOfSex", "recruiterRelation")
KNOWN = {
    *HEADER,
    *KANON,
    *AGES.values(),
    "CountryOfExploitation",
    "isAbduction",
    "RecruiterRelationship",
    "traffickMonths",
    "meansOfControlConcatenated",
    "typeOfExploitConcatenated",
    "typeOfLabourConcatenated",
    "typeOfSexConcatenated",
}


def sex(text: str) -> str:
    """Return the sex of a CTDC gender."""
    result = _SEXES.get(text.lower())
    return (result or Sex.parse(text)).value


def age_group(text: str) -> str:
    """Return child or adult for a category or a range such as "9--17" and "48+"."""
    result = _AGE.fullmatch(text)
    if result is None:
        return AgeGroup.parse(text).value
    first, last = int(result[1]), int(result[2] or 999)
    if first < 18 <= last or last < first:
        raise UnknownName("must be below or above 18", field="age", value=text)
    return AgeGroup.CHILD.value if last < 18 else AgeGroup.ADULT.value


def citizenship(text: str) -> str:
    """Return the country of a code; 00 is unknown."""
    return "unknown" if text == "00" else str(parse_citizenship(text))


def is_answered(name: str) -> bool:
    """Whether a column contains the answers 1 and 0."""
    named = name in FORMS or name in ("isOtherExploit", "isSexAndLabour")
    return named or (name.startswith(_ANSWERED) and not name.endswith("Concatenated"))


def renamed(name: str) -> str:
    """Return the name of a column in earlier files."""
    return _SECTOR.sub("typeOf", name)
