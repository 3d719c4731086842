"""Cases of the Counter Trafficking Data Collaborative (CTDC): k-anonymised and synthetic."""

import os
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from thbstats.errors import InvalidFile, InvalidValue, UnknownName
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
)
from thbstats.exchange.answers import (
    NOTHING,
    TRUE,
    Lists,
    Truth,
    codes,
    either,
    squashed,
    tell_items,
    truth,
)
from thbstats.exchange.case_frames import frame_of_cases, year
from thbstats.geography import parse_citizenship, parse_country
from thbstats.records import Source
from thbstats.vocabulary import AgeConcept, AgeGroup, Sex

__all__ = ["FORMAT", "read", "recognise"]

_HEADER = ("yearOfRegistration", "gender", "ageBroad", "citizenship", "isSexualExploit")
_KANON = ("Datasource", "majorityStatus")

TERMS = (
    "CTDC terms of use: attribution; nobody may be identified again, alone or with other data; "
    "the data set is not passed on."
)

# Which column says child or adult at which moment.
_AGES = {
    "at_registration": "majorityStatus",
    "at_exploitation": "majorityStatusAtExploit",
    "at_entry": "majorityEntry",
}
_SEXES = {"woman": Sex.FEMALE, "man": Sex.MALE, "trans/transgender/nonconforming": Sex.OTHER}
_AGE = re.compile(r"(\d{1,3})(?:-+(\d{1,3})|\+)")

# Files since 2026 say "sectorOf" where earlier ones say "typeOf".
_SECTOR = re.compile(r"^sectorOf(?=Labour|Sex)")

# Our form of each column that asks for one; where we have no word, it is the rest of its kind.
_FORMS = {
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
# Columns of the k-anonymised file beside which "isOtherExploit" is the rest, and not all others.
_OTHERS = ("isForcedMarriage", "isForcedMilitary", "isOrganRemoval", "isSlaveryAndPractices")
_OURS_IS_OTHER = ("typeOfLabourBegging", "typeOfLabourIllicitActivities")

_ANSWERED = ("means", "typeOfLabour", "typeOfSex", "recruiterRelation")
_KNOWN = {
    *_HEADER,
    *_KANON,
    *_AGES.values(),
    "CountryOfExploitation",
    "isAbduction",
    "RecruiterRelationship",
    "traffickMonths",
    "meansOfControlConcatenated",
    "typeOfExploitConcatenated",
    "typeOfLabourConcatenated",
    "typeOfSexConcatenated",
}

# The lists that repeat columns: the start of the columns' names, and items named otherwise.
_LISTS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "meansOfControlConcatenated": ("meansOfControl", {}),
    "typeOfLabourConcatenated": ("typeOfLabour", {}),
    "typeOfSexConcatenated": ("typeOfSex", {}),
    "typeOfExploitConcatenated": (
        "is",
        {
            "sexualexploitation": "isSexualExploit",
            "other": "isOtherExploit",
            "combinedsexualandlabourexploitation": "isSexAndLabour",
            "slaveryandsimilarpractices": "isSlaveryAndPractices",
        },
    ),
}


def _names(head: str) -> list[str]:
    return [name.strip().strip('"') for name in head.split("\n", 1)[0].split(",")]


def recognise(opened: Opened) -> str:
    """Return how a file shows that it holds cases of CTDC; ``""`` if it does not.

    Parameters
    ----------
    opened : Opened
        The file.

    Returns
    -------
    str
    """
    names = _names(opened.head)
    if not set(_HEADER) <= set(names):
        return ""
    kind = "k-anonymised" if set(_KANON) <= set(names) else "synthetic"
    return f"its header has the columns of CTDC's {kind} data set"


def read(
    path: str | os.PathLike[str] | Opened,
    *,
    age_concept: str = "at_registration",
    declare: Declaration | None = None,
    source: Source | str | None = None,
    strict: bool = False,
    encoding: str | None = None,
    limits: Limits = LIMITS,
    progress: Progress = quiet,
    kind: str | None = None,
    **constants: Any,
) -> Reading:
    r"""Return the cases of a file of CTDC.

    Parameters
    ----------
    path : str, path or Opened
        The file.
    age_concept : str
        At which moment ``age`` is taken: ``"at_registration"``, ``"at_exploitation"`` or
        ``"at_entry"``. The columns of the others stay in the frame as they are.
    declare : Declaration, optional
        None: the columns are those of CTDC, and a declaration is refused.
    source : Source or str, optional
        Where the file was published; CTDC with its terms by default.
    strict : bool
        Whether a defect is an error.
    encoding, limits, progress : optional
        As for `thbstats.exchange.open_file`.
    kind : str, optional
        ``"victims"``, if anything.
    **constants
        What holds for every case, such as ``status="presumed"``; it goes before a column.

    Returns
    -------
    Reading
        With ``cases``: ``period``, ``area`` (the country of exploitation), ``sex``, ``age``,
        ``citizenship`` and ``exploitation``.

    Raises
    ------
    InvalidFile
        If the header is not CTDC's.
    InvalidValue, UnknownName
        If there is no such age concept, or a constant is no word of its dimension.
    DefectiveFile
        If something is odd and ``strict`` is set.

    Examples
    --------
    >>> from thbstats.exchange import open_bytes
    >>> file = open_bytes(
    ...     b"yearOfRegistration,gender,ageBroad,citizenship,CountryOfExploitation,"
    ...     b"isForcedLabour,isSexualExploit\n"
    ...     b"2019,Woman,9--17,PHL,PHL,,1\n2019,Man,Unknown,-99,USA,1,1\n"
    ... )
    >>> cases = read(file).cases
    >>> cases.count(by="exploitation").count(exploitation="sexual")
    Count(2)

    References
    ----------
    CTDC, Global Dataset, data dictionary of 25 August 2021; Global Synthetic Dataset, codebook.
    """
    moment = AgeConcept.parse(age_concept).value
    opened = opened_from(path, encoding, limits, progress)
    recognised = recognise(opened)
    if not recognised:
        raise InvalidFile(
            f"{opened.name} has not the columns of CTDC",
            row="line 1",
            mend=f"Its header has at least {', '.join(_HEADER)}",
        )
    grid = read_delimited(opened, ",")
    progress("reading", 0.6)
    ledger = ledger_of(grid)
    words = {str(name): Words.of(grid.columns[name], str(name)) for name in grid.columns}
    if declare is not None:
        raise InvalidValue(
            "the columns of CTDC are known, and a declaration is of counts",
            field="declare",
            mend="Leave it out; say what holds for every case as name=...",
        )
    if kind not in (None, "victims"):
        raise InvalidValue("cases are of victims", field="kind", value=kind, mend="Leave it out")
    answers, asked, forms = _forms(ledger, words)
    _check_lists(ledger, words, answers)
    columns = _columns(ledger, words, moment)
    said = {"age_concept": moment, **constants} if "age" in columns else constants
    cases = frame_of_cases(
        ledger,
        words,
        columns=columns,
        multiple={"exploitation": forms},
        asked=asked,
        source=_source(source, recognised),
        constants=said,
    )
    _note(ledger, words, answers, recognised)
    return finished(
        ledger,
        opened,
        label="CTDC",
        recognised=recognised,
        strict=strict,
        noun="cases",
        cases=cases,
    )


def _source(given: Source | str | None, recognised: str) -> Source:
    if isinstance(given, Source):
        return given
    name = "Global Dataset, k-anonymised" if "k-anonymised" in recognised else "Synthetic Dataset"
    return Source(
        title=given or f"CTDC, {name}",
        publisher="Counter Trafficking Data Collaborative",
        url="https://www.ctdatacollaborative.org",
        kind="primary" if given is None else "not_stated",
        terms=TERMS,
    )


def _sex(text: str) -> str:
    found = _SEXES.get(text.lower())
    return (found or Sex.parse(text)).value


def _age(text: str) -> str:
    """Return child or adult, of a word or of a range of years such as "9--17" and "48+"."""
    found = _AGE.fullmatch(text)
    if found is None:
        return AgeGroup.parse(text).value
    first, last = int(found[1]), int(found[2] or 999)
    if first < 18 <= last or last < first:
        raise UnknownName("neither children nor adults", field="age", value=text)
    return AgeGroup.CHILD.value if last < 18 else AgeGroup.ADULT.value


def _columns(ledger: Ledger, words: Mapping[str, Words], moment: str) -> dict[str, Words]:
    found = {"period": codes(ledger, words["yearOfRegistration"], year, None)}
    if "CountryOfExploitation" in words:
        found["area"] = codes(ledger, words["CountryOfExploitation"], parse_country, None)
    found["sex"] = codes(ledger, words["gender"], _sex)
    age = _ages(ledger, words, moment)
    if age is not None:
        found["age"] = age
    found["citizenship"] = codes(ledger, words["citizenship"], _citizenship)
    return found


def _citizenship(text: str) -> str:
    return "unknown" if text == "00" else str(parse_citizenship(text))


def _ages(ledger: Ledger, words: Mapping[str, Words], moment: str) -> Words | None:
    """Return child or adult at a moment; ages in years are those at registration."""
    column = _AGES.get(moment, "")
    said = codes(ledger, words[column], _age) if column in words else None
    if moment != "at_registration":
        return said
    broad = codes(ledger, words["ageBroad"], _age)
    if said is None:
        return broad
    differ = _is(said, "child") & _is(broad, "adult") | _is(said, "adult") & _is(broad, "child")
    ledger.odd(
        "AGES_DIFFER",
        differ & ledger.kept,
        column="ageBroad",
        what=f"years that contradict {column}, which is used",
        mend="One of the two is wrong: ask the publisher",
    )
    known = said.replaced([None if word == "unknown" else word for word in said.words])
    settled = known.over(broad).over(said)
    return settled.replaced(settled.words)


def _is(words: Words, code: str) -> NDArray[np.bool_]:
    return words.among([place for place, word in enumerate(words.words) if word == code])


def _forms(
    ledger: Ledger, words: Mapping[str, Words]
) -> tuple[dict[str, Truth], dict[str, str], dict[str, Truth]]:
    """Return the answers by column, the columns that ask for wholes, the answers by form."""
    answers = {
        _renamed(name): truth(ledger, column)
        for name, column in words.items()
        if _asks(_renamed(name))
    }
    rest = "other_other" if any(name in answers for name in _OTHERS) else "other"
    ours = {**_FORMS, "isOtherExploit": rest}
    by_form: dict[str, list[str]] = {}
    for name in answers:
        if name in ours:
            by_form.setdefault(ours[name], []).append(name)
    forms = {form: either(answers[name] for name in names) for form, names in by_form.items()}
    return answers, {form: names[0] for form, names in by_form.items()}, forms


def _asks(name: str) -> bool:
    """Whether a column is answered with 1 and 0."""
    named = name in _FORMS or name in ("isOtherExploit", "isSexAndLabour")
    return named or (name.startswith(_ANSWERED) and not name.endswith("Concatenated"))


def _check_lists(ledger: Ledger, words: Mapping[str, Words], answers: Mapping[str, Truth]) -> None:
    """Hold the lists that repeat the columns against them."""
    for name, (start, named) in _LISTS.items():
        group = {column: answers[column] for column in answers if column.startswith(start)}
        if name in words and group:
            items = {squashed(column.removeprefix(start)): column for column in group}
            _check_list(ledger, Lists.of(words[name]), group, {**items, **named})


def _check_list(
    ledger: Ledger, lists: Lists, group: Mapping[str, Truth], items: Mapping[str, str]
) -> None:
    differing = {}
    for column, answers in group.items():
        said = lists.hold(*(item for item, meant in items.items() if meant == column))
        differing[column] = (said != NOTHING) & ((said == TRUE) != (answers == TRUE))
    ledger.odd(
        "LIST_DIFFERS",
        np.logical_or.reduce(list(differing.values())) & ledger.kept,
        column=lists.words.column,
        what="a list that is not what the columns of 1 and 0 say, which are used",
        mend="One of the two is wrong: ask the publisher",
        labels={name: int(rows.sum()) for name, rows in differing.items() if rows.any()},
    )
    tell_items(ledger, lists, (item for item in lists.places if item not in items))


def _note(
    ledger: Ledger, words: Mapping[str, Words], answers: Mapping[str, Truth], recognised: str
) -> None:
    if "synthetic" in recognised:
        ledger.note(
            "The records are synthetic: no row is a person, and counts are near those of the "
            "records that they imitate, not equal to them"
        )
    ledger.note(
        "CTDC holds persons whom its contributors met, no random sample; area is the country of "
        "exploitation, which stands in for a reporting country: no state reported these cases"
    )
    ledger.note(
        "citizenship is the first reported one, and of one contributor the country of origin"
    )
    there = [answers[name] == TRUE for name in _OURS_IS_OTHER if name in answers]
    if there:
        ledger.note(
            f"CLASSIFICATION: {int(np.logical_or.reduce(there).sum())} persons with begging or "
            "illicit activities, which CTDC lists under labour, are counted under other here; "
            "those whom CTDC records under labour too stay there as well"
        )
    if "isSlaveryAndPractices" in answers:
        ledger.note(
            f"CLASSIFICATION: {int((answers['isSlaveryAndPractices'] == TRUE).sum())} persons in "
            "slavery and similar practices, for which there is no word here, are other_other"
        )
    if "Datasource" in words:
        ledger.note(
            "Datasource (Hotline, Case Management) says how a case was recorded and not by which "
            "kind of body: it stays a column of the file, and register is not stated"
        )
    ours = {name for name in map(_renamed, words) if name in _KNOWN or _asks(name)}
    strange = [name for name in words if _renamed(name) not in ours]
    if strange:
        ledger.note(f"Columns kept as they are, without a meaning here: {', '.join(strange)}")


def _renamed(name: str) -> str:
    return _SECTOR.sub("typeOf", name)


FORMAT = Format(
    name="ctdc",
    label="CTDC",
    recognise=recognise,
    read=read,
    holds="Cases, one row a person, with several forms of exploitation for one person: "
    "`read(path).cases`, and `.count(by=[...])` makes a table. Cells without an answer (empty, "
    "-99, Unknown) are told apart. Its terms forbid to identify anybody again. Not written.",
    specification="CTDC, Global Dataset, data dictionary of 25 August 2021; Global Synthetic "
    "Dataset (https://www.ctdatacollaborative.org)",
)
