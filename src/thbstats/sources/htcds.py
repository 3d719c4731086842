"""Case files with the fields of the Human Trafficking Case Data Standard (HTCDS 2.0)."""

import os
import re
from collections.abc import Mapping
from typing import Any

from thbstats.errors import InvalidFile, InvalidValue, ThbstatsError, UnknownName
from thbstats.exchange import (
    LIMITS,
    Declaration,
    Format,
    Ledger,
    Limits,
    Opened,
    Progress,
    Reading,
    Words,
    finished,
    ledger_of,
    opened_from,
    quiet,
    read_delimited,
    sniff,
)
from thbstats.exchange.answers import (
    TRUE,
    Lists,
    Truth,
    codes,
    either,
    squashed,
    tell_items,
)
from thbstats.exchange.case_frames import frame_of_cases, year
from thbstats.geography import parse_citizenship
from thbstats.records import Source
from thbstats.vocabulary import AgeGroup

__all__ = ["FORMAT", "read", "recognise"]

# The table to which a field belongs stands before its name in surveys and spreadsheets.
_PREFIX = re.compile(r"^(?:prs|vic|cas|con|org|hte|per)_")
_NEEDED = ("gender", "typeofexploitation")
_ONE_OF = (
    "traffickingstatus",
    "methodsofcontrol",
    "forcedlabourindustry",
    "typeofsexexploitation",
    "methodofrecruitment",
)
_READ = {
    *_NEEDED,
    *_ONE_OF,
    "agewhentrafficked",
    "citizenship",
    "nationality",
    "incomingreferraldate",
}
_PERSONAL = {
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

_SEXES = {
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
_STATUSES = {"possiblevictimoftrafficking": "presumed", "actualvictimoftrafficking": "identified"}
_NO_VICTIM = "notavictimoftrafficking"

# What each field lists, in our forms. Where a word covers several of ours, or a section of the
# industrial classification does, only the whole is said.
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
_LISTED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "typeofexploitation": _TYPES,
    "typeofsexexploitation": _SEXUAL,
    # Codes begin with the letter of the section, labels do not.
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


def _field(name: str) -> str:
    return squashed(_PREFIX.sub("", name.strip()))


def recognise(opened: Opened) -> str:
    """Return how a file shows that it has the fields of HTCDS; ``""`` if it does not.

    Parameters
    ----------
    opened : Opened
        The file.

    Returns
    -------
    str
    """
    line = opened.head.split("\n", 1)[0]
    fields = {_field(name.strip().strip('"')) for name in line.split(sniff(line))}
    if not set(_NEEDED) <= fields or fields.isdisjoint(_ONE_OF):
        return ""
    return "its header has the fields of HTCDS"


def read(
    path: str | os.PathLike[str] | Opened,
    *,
    declare: Declaration | None = None,
    source: Source | str | None = None,
    strict: bool = False,
    encoding: str | None = None,
    limits: Limits = LIMITS,
    progress: Progress = quiet,
    kind: str | None = None,
    **constants: Any,
) -> Reading:
    r"""Return the cases of a file with the fields of HTCDS.

    Parameters
    ----------
    path : str, path or Opened
        The file; several answers in one cell are set apart by semicolons.
    declare : Declaration, optional
        None: the columns are those of the standard, and a declaration is refused.
    source : Source or str, optional
        Whose cases they are.
    strict : bool
        Whether a defect is an error.
    encoding, limits, progress : optional
        As for `thbstats.exchange.open_file`.
    kind : str, optional
        ``"victims"``, if anything.
    **constants
        What holds for every case, such as ``area="MT"``, ``period=2024``; it goes before a column.

    Returns
    -------
    Reading
        With ``cases``: ``sex``, ``age`` (at entry), ``citizenship``, ``status``, ``exploitation``,
        and as ``period`` the year of the incoming referral.

    Raises
    ------
    InvalidFile
        If the header has not the fields of HTCDS.
    InvalidValue, UnknownName
        If a constant is no word of its dimension.
    DefectiveFile
        If something is odd and ``strict`` is set.

    Examples
    --------
    >>> from thbstats.exchange import open_bytes
    >>> file = open_bytes(
    ...     b"Gender,AgeWhenTrafficked,Citizenship,TraffickingStatus,TypeOfExploitation\n"
    ...     b"Feminine,16,NG,ActualVictimOfTrafficking,SexualExploitation;ForcedLabour\n"
    ...     b"Masculine,,VN,PossibleVictimOfTrafficking,ForcedLabour\n"
    ... )
    >>> cases = read(file, area="MT", period=2024, source="A shelter").cases
    >>> cases.count(by=["status", "exploitation"]).count(status="presumed", exploitation="labour")
    Count(1)

    References
    ----------
    International Organization for Migration, Human Trafficking Case Data Standard,
    https://github.com/UNMigration/HTCDS.
    """
    opened = opened_from(path, encoding, limits, progress)
    recognised = recognise(opened)
    if not recognised:
        raise InvalidFile(
            f"{opened.name} has not the fields of HTCDS",
            row="line 1",
            mend="Its header has at least Gender, TypeOfExploitation and TraffickingStatus or "
            "MethodsOfControl",
        )
    if declare is not None:
        raise InvalidValue(
            "the fields of HTCDS are known, and a declaration is of counts",
            field="declare",
            mend="Leave it out; say what holds for every case as name=...",
        )
    if kind not in (None, "victims"):
        raise InvalidValue("cases are of victims", field="kind", value=kind, mend="Leave it out")
    grid = read_delimited(opened)
    progress("reading", 0.6)
    ledger = ledger_of(grid)
    words = {str(name): Words.of(grid.columns[name], str(name)) for name in grid.columns}
    fields = _fields(words)
    _set_aside(ledger, fields)
    columns = _columns(ledger, fields)
    forms, asked = _forms(ledger, fields)
    several = _citizenships(ledger, fields, columns)
    said = {"age_concept": "at_entry", **constants} if "age" in columns else constants
    cases = frame_of_cases(
        ledger,
        words,
        columns=columns,
        multiple={"exploitation": forms, **several},
        asked=asked,
        source=source if isinstance(source, Source) else Source(title=source or opened.name),
        constants=said,
    )
    _note(ledger, fields, forms)
    return finished(
        ledger,
        opened,
        label="HTCDS",
        recognised=recognised,
        strict=strict,
        noun="cases",
        cases=cases,
    )


def _fields(words: Mapping[str, Words]) -> dict[str, Words]:
    found: dict[str, Words] = {}
    for name, column in words.items():
        key = _field(name)
        if key in found:
            raise InvalidFile(
                "two columns are one field of HTCDS",
                row="line 1",
                field=name,
                mend=f"Leave out one of {found[key].column!r} and {name!r}",
            )
        found[key] = column
    return found


def _set_aside(ledger: Ledger, fields: Mapping[str, Words]) -> None:
    gender = fields["gender"]
    # The spreadsheets of the standard have a line of labels below that of names.
    heading = [place for place, word in enumerate(gender.words) if squashed(word) == "gender"]
    ledger.aside(
        "HEADING",
        gender.among(heading),
        what="a second line of headings",
        mend="Nothing is lost: it is no person",
    )
    if "traffickingstatus" in fields:
        status = fields["traffickingstatus"]
        none = [place for place, word in enumerate(status.words) if squashed(word) == _NO_VICTIM]
        ledger.aside(
            "NO_VICTIM",
            status.among(none) & ledger.kept,
            column=status.column,
            what="a person found not to be a victim of trafficking",
            mend="Nothing is lost: no count of victims includes them",
        )


def _columns(ledger: Ledger, fields: Mapping[str, Words]) -> dict[str, Words]:
    found: dict[str, Words] = {}
    if "incomingreferraldate" in fields:
        found["period"] = codes(ledger, fields["incomingreferraldate"], _year, None)
    if "traffickingstatus" in fields:
        found["status"] = codes(
            ledger, fields["traffickingstatus"], _reader("status", _STATUSES, _NO_VICTIM), None
        )
    found["sex"] = codes(ledger, fields["gender"], _reader("sex", _SEXES, "gender"))
    if "agewhentrafficked" in fields:
        found["age"] = codes(ledger, fields["agewhentrafficked"], _age)
    return found


def _reader(name: str, known: Mapping[str, str], aside: str) -> Any:
    def read_word(text: str) -> str:
        found = known.get(squashed(text), "not_stated" if squashed(text) == aside else "")
        if not found:
            raise UnknownName("no value of HTCDS", field=name, value=text)
        return found

    return read_word


def _year(text: str) -> str:
    """Return the year of a day such as "2024-03-05", or of a year."""
    found = re.fullmatch(r"(\d{4})(?:-\d\d-\d\d.*)?", text)
    return year(found[1] if found else text)


def _age(text: str) -> str:
    if not re.fullmatch(r"\d{1,3}(?:\.0)?", text):
        raise UnknownName("no age in years", field="age", value=text)
    return (AgeGroup.CHILD if float(text) < 18 else AgeGroup.ADULT).value


def _forms(ledger: Ledger, fields: Mapping[str, Words]) -> tuple[dict[str, Truth], dict[str, str]]:
    """Return the answers by form, and the column that asks for each."""
    answers: dict[str, list[Truth]] = {}
    asked: dict[str, str] = {}
    for field, known in _LISTED.items():
        if field not in fields:
            continue
        lists = Lists.of(fields[field])
        items: dict[str, list[str]] = {}
        for item, forms in known.items():
            for form in forms:
                items.setdefault(form, []).append(item)
        for form, meaning in items.items():
            answers.setdefault(form, []).append(lists.hold(*meaning))
            asked.setdefault(form, fields[field].column)
        tell_items(ledger, lists, (item for item in lists.places if item not in known))
    return {form: either(found) for form, found in answers.items()}, asked


def _citizenships(
    ledger: Ledger, fields: Mapping[str, Words], columns: dict[str, Words]
) -> dict[str, dict[str, Truth]]:
    """Read citizenships into a column, or into one for each country where somebody has several."""
    words = fields.get("citizenship", fields.get("nationality"))
    if words is None:
        return {}
    lists = Lists.of(words)
    if max((len(word.split(";")) for word in words.words), default=0) < 2:
        columns["citizenship"] = codes(ledger, words, _citizenship)
        return {}
    items: dict[str, list[str]] = {}
    strange = []
    for item, text in lists.texts.items():
        try:
            items.setdefault(_citizenship(text), []).append(item)
        except ThbstatsError:
            strange.append(item)
    tell_items(ledger, lists, strange)
    ledger.note("Some persons have several citizenships: each counts them, and the sum is more")
    return {"citizenship": {code: lists.hold(*found) for code, found in sorted(items.items())}}


def _citizenship(text: str) -> str:
    return str(parse_citizenship(text))


def _note(ledger: Ledger, fields: Mapping[str, Words], forms: Mapping[str, Truth]) -> None:
    if "traffickingstatus" in fields:
        ledger.note(
            "CLASSIFICATION: an actual victim is identified here and a possible one presumed, "
            "whoever decided: TraffickingStatusDecisionMakingOrg says who, where it is recorded"
        )
    persons = int((forms["other_other"] == TRUE).sum()) if "other_other" in forms else 0
    if persons:
        ledger.note(
            f"CLASSIFICATION: {persons} persons in servitude or forced adoption, for which there "
            "is no word here, are other_other"
        )
    if "forcedlabourindustry" in fields:
        ledger.note(
            "CLASSIFICATION: sections of industries that hold several of our sectors, or part of "
            "one, are counted as labour only"
        )
    named = [words.column for field, words in fields.items() if field in _PERSONAL]
    if named:
        ledger.note(
            f"Columns that can say who somebody is: {', '.join(named)}; no count needs them"
        )
    strange = [w.column for field, w in fields.items() if field not in _READ | _PERSONAL]
    if strange:
        ledger.note(f"Columns kept as they are, without a meaning here: {', '.join(strange)}")


FORMAT = Format(
    name="htcds",
    label="HTCDS",
    recognise=recognise,
    read=read,
    holds="Cases, one row a person, with several answers in a cell set apart by semicolons: "
    "`read(path).cases`, and `.count(by=[...])` makes a table. No field says in which country: "
    "give area=... Not written.",
    specification="International Organization for Migration, Human Trafficking Case Data Standard "
    "(https://github.com/UNMigration/HTCDS)",
)
