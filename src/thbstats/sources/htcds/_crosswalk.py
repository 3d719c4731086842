"""Crosswalk of HTCDS fields and values."""

import re
from collections.abc import Mapping

from thbstats.exchange.cases.answers import squashed

__all__ = [
    "LISTED",
    "NO_VICTIM",
    "ONE_OF",
    "PERSONAL",
    "READ",
    "REQUIRED",
    "SEXES",
    "STATUSES",
    "field_name",
]

# Surveys and spreadsheets use the table as a prefix.
_PREFIX = re.compile(r"^(?:prs|vic|cas|con|org|hte|per)_")
REQUIRED = ("gender", "typeofexploitation")
ONE_OF = (
    "traffickingstatus",
    "methodsofcontrol",
    "forcedlabourindustry",
    "typeofsexexploitation",
    "methodofrecruitment",
)
READ = {
    *REQUIRED,
    *ONE_OF,
    "agewhentrafficked",
    "citizenship",
    "nationality",
    "incomingreferraldate",
}
PERSONAL = {
    "firstname",
    "middlename",
    "lastname",
    "secondname",
    "birthdate",
    "email",
    "homephone",
    "mobilephone",
    "mailingstreet",
    "casecomment",
}

SEXES = {
    "feminine": "female",
    "female": "female",
    "masculine": "male",
    "male": "male",
    "transgenderfeminine": "other",
    "transgendermasculine": "other",
    "nonconforming": "other",
    "transgendernonconforming": "other",
    "nonspecifiedunknown": "unknown",
    "notspecifiedunknown": "unknown",
}
STATUSES = {"possiblevictimoftrafficking": "presumed", "actualvictimoftrafficking": "identified"}
NO_VICTIM = "notavictimoftrafficking"

# The forms of each item. An item or section of industry with several forms is the wider form.
_TYPES = {
    "forcedlabour": ("labour",),
    "sexualexploitation": ("sexual",),
    "both": ("labour", "sexual"),
    "other": ("other",),
    "childlabour": ("other_labour",),
    "forcedmarriage": ("forced_marriage",),
    "servitude": ("other_other",),
    "forcedmilitarybynonstateactors": ("forced_military",),
    "organremoval": ("organ_removal",),
    "forcedbegging": ("forced_begging",),
    "forcedadoption": ("other_other",),
    "surrogacy": ("surrogacy",),
}
_SEXUAL = {
    "prostitution": ("prostitution",),
    "pornography": ("pornography",),
    "remoteinteractiveservices": ("live_web_cameras",),
    "privatesexualservices": ("other_sexual",),
}
_INDUSTRIES = {
    "agricultureforestryandfishing": ("labour",),
    "miningandquarrying": ("other_labour",),
    "manufacturing": ("manufacturing",),
    "electricitygassteamandairconditioningsupply": ("other_labour",),
    "watersupplyseweragewastemanagement": ("other_labour",),
    "construction": ("construction",),
    "wholesaleandretailtraderepairofmotorvehicles": ("labour",),
    "transportationandstorage": ("transportation",),
    "accommodationandfoodserviceactivities": ("labour",),
    "informationandcommunication": ("other_labour",),
    "financialandinsuranceactivities": ("other_labour",),
    "realestateactivities": ("other_labour",),
    "professionalscientificandtechnicalactivities": ("other_labour",),
    "administrativeandsupportserviceactivities": ("labour",),
    "publicadministrationanddefence": ("other_labour",),
    "education": ("other_labour",),
    "humanhealthandsocialworkactivities": ("labour",),
    "artsentertainmentandrecreation": ("entertainment",),
    "otherserviceactivities": ("labour",),
    "activitiesofhouseholdsasemployers": ("domestic_work",),
    "activitiesofextraterritorialorganizations": ("other_labour",),
}
LISTED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "typeofexploitation": _TYPES,
    "typeofsexexploitation": _SEXUAL,
    # Codes start with the letter of the section, labels do not.
    "forcedlabourindustry": {
        **_INDUSTRIES,
        **{
            f"{letter}{name}": forms
            for letter, (name, forms) in zip(
                "abcdefghijklmnopqrstu", _INDUSTRIES.items(), strict=True
            )
        },
    },
}


def field_name(name: str) -> str:
    """Return the normalised name of a field, without prefix."""
    return squashed(_PREFIX.sub("", name.strip()))
