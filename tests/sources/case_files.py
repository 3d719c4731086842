"""Generated files of cases in the shape of CTDC and HTCDS; no person is in them."""

from collections.abc import Sequence
from random import Random

KANON = [
    "yearOfRegistration", "Datasource", "gender", "ageBroad", "majorityStatus",
    "majorityStatusAtExploit", "majorityEntry", "citizenship", "meansOfControlDebtBondage",
    "meansOfControlThreats", "meansOfControlNotSpecified", "meansOfControlConcatenated",
    "isForcedLabour", "isSexualExploit", "isOtherExploit", "isSexAndLabour", "isForcedMarriage",
    "isForcedMilitary", "isOrganRemoval", "isSlaveryAndPractices", "typeOfExploitConcatenated",
    "typeOfLabourAgriculture", "typeOfLabourBegging", "typeOfLabourDomesticWork",
    "typeOfLabourIllicitActivities", "typeOfLabourPeddling", "typeOfLabourOther",
    "typeOfLabourConcatenated", "typeOfSexProstitution", "typeOfSexPornography", "isAbduction",
    "RecruiterRelationship", "CountryOfExploitation", "recruiterRelationFriend",
]  # fmt: skip
SYNTHETIC = [
    "yearOfRegistration", "gender", "ageBroad", "citizenship", "CountryOfExploitation",
    "traffickMonths", "meansDebtBondageEarnings", "meansThreats", "isForcedLabour",
    "isSexualExploit", "isOtherExploit", "sectorOfLabourAgriculture",
    "sectorOfLabourConstruction", "sectorOfSexProstitution", "recruiterRelationFriend",
]  # fmt: skip
PERPETRATORS = [
    "yearRegister", "gender", "majorityStatus", "isForcedLabour", "isSexualExploit",
    "UN_COO_Region", "UN_COE_Region", "IP_Exploiter", "IP_Gender", "IP_ageBroad",
    "IP_citizen_UNRegion", "IP_Relation", "IP_PayMoney", "IP_RecruiterBroker",
    "IP_TransactionProcess", "IP_ControlAbuseKidnap",
]  # fmt: skip
HTCDS = [
    "prs_Gender", "prs_Citizenship", "vic_AgeWhenTrafficked", "vic_TraffickingStatus",
    "vic_TypeOfExploitation", "vic_ForcedLabourIndustry", "vic_TypeOfSexExploitation",
    "vic_MethodsOfControl", "cas_IncomingReferralDate",
]  # fmt: skip

_LABELS = {
    "isForcedLabour": "Forced labour",
    "isSexualExploit": "Sexual exploitation",
    "isOtherExploit": "Other",
    "isForcedMarriage": "Forced marriage",
    "isSlaveryAndPractices": "Slavery and similar practices",
    "isSexAndLabour": "Combined sexual and labour exploitation",
}


def kanon_rows(persons: int, seed: int = 0, silent: Sequence[str] = ("",)) -> list[dict[str, str]]:
    """Return persons in the k-anonymised layout, with a sign for missing answers."""
    random = Random(seed)

    def none() -> str:
        return random.choice(list(silent))

    def maybe(*answers: str) -> str:
        return random.choice(answers) if random.random() < 0.7 else none()

    rows = []
    for _ in range(persons):
        adult = random.random() < 0.6
        row = {name: maybe("0", "1") for name in KANON}
        row["isSexAndLabour"] = str(int(row["isForcedLabour"] == row["isSexualExploit"] == "1"))
        row |= {name: none() for name in KANON if name.endswith("Concatenated")}
        row["typeOfExploitConcatenated"] = (
            ";".join(label for name, label in _LABELS.items() if row[name] == "1") or none()
        )
        row |= {
            "yearOfRegistration": maybe("2018", "2019"),
            "Datasource": random.choice(["Hotline", "Case Management"]),
            "gender": maybe("Female", "Female", "Male", "Transgender/NonConforming"),
            "ageBroad": maybe("18--20", "48+") if adult else maybe("0--8", "9--17"),
            "majorityStatus": maybe("Adult") if adult else maybe("Minor"),
            "majorityStatusAtExploit": maybe("Adult", "Minor"),
            "majorityEntry": maybe("Adult", "Minor"),
            "citizenship": maybe("PH", "UA", "GR"),
            "RecruiterRelationship": maybe("Not Specified", "Friend/Acquaintance; Other"),
            "CountryOfExploitation": maybe("US", "GB"),
        }
        rows.append(row)
    return rows


_REGIONS = ("Africa", "Americas/Oceania", "Asia", "Europe")
_RECORDED = {
    "yearRegister": ("2005-2013", "2019"),
    "gender": ("Female", "Male"),
    "majorityStatus": ("Adult", "Minor"),
    "UN_COO_Region": _REGIONS,
    "UN_COE_Region": _REGIONS,
}
_LISTED = {
    "IP_Gender": ("Female", "Male"),
    "IP_ageBroad": ("0--29", "30--38", "39--47", "48+"),
    "IP_citizen_UNRegion": _REGIONS,
    "IP_Relation": ("FamilyIntimatePartner", "FriendAcquaintance", "StrangerUnknownOther"),
    "IP_PayMoney": ("No", "Yes"),
}


def perpetrator_rows(persons: int, seed: int = 0) -> list[dict[str, str]]:
    """Return persons in the layout of victims and perpetrators; only yes is recorded."""
    random = Random(seed)
    rows = []
    for _ in range(persons):
        row = dict.fromkeys(PERPETRATORS, "")
        row |= {name: random.choice(("1", "")) for name in PERPETRATORS}
        row |= {name: random.choice((*texts, "")) for name, texts in _RECORDED.items()}
        row |= {
            name: ";".join(sorted(random.sample(texts, random.choice((0, 1, 1, 2)))))
            for name, texts in _LISTED.items()
        }
        rows.append(row)
    return rows


def text(rows: Sequence[dict[str, str]], header: Sequence[str]) -> bytes:
    """Return rows as CSV."""
    lines = [",".join(header), *(",".join(row[name] for name in header) for row in rows)]
    return "\n".join([*lines, ""]).encode()


def one(header: Sequence[str], **cells: str) -> bytes:
    """Return a file with one person, of whom only some cells say something."""
    return text([{**dict.fromkeys(header, ""), **cells}], header)
