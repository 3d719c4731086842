"""Cases of the Counter Trafficking Data Collaborative (CTDC)."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from thbstats.errors import UnknownName
from thbstats.files.case_file import NOTHING, TRUE, Truth
from thbstats.files.delimited import first_lines
from thbstats.files.input_file import InputFile
from thbstats.files.reading import Reading
from thbstats.geography import parse_citizenship, parse_country
from thbstats.records import Source
from thbstats.sources._case_files import (
    AnswerLists,
    CaseReader,
    parse_answers,
    squashed,
    year,
    yes_or_no,
)
from thbstats.sources._formats import FilePath, Format, Request, crosswalk
from thbstats.vocabulary import AgeConcept, AgeGroup, Sex

__all__ = ["FORMAT", "read", "recognise"]

_CROSSWALK, _PERPETRATORS = crosswalk("ctdc"), crosswalk("ctdc_perpetrators")
FORMS: Mapping[str, str] = _CROSSWALK["forms"]
AGES: Mapping[str, str] = _CROSSWALK["ages"]
_HEADER, _K_ANONYMISED = _CROSSWALK["header"], _CROSSWALK["k_anonymised"]
_KNOWN = {*_HEADER, *_K_ANONYMISED, *AGES.values(), *_CROSSWALK["other"]}
_ANSWERED = ("means", "typeOfLabour", "typeOfSex", "recruiterRelation", "isAbduction")
_AGE = re.compile(r"(\d{1,3})(?:-+(\d{1,3})|\+)")
_KNOWN_OF_PERPETRATORS = {
    *_PERPETRATORS["header"],
    *_PERPETRATORS["flags"],
    *_PERPETRATORS["classified"].values(),
}
_SYNTHETIC = "The records are synthetic: rows are not persons, and counts are approximate"
_SECTOR = re.compile(r"^sectorOf(?=Labour|Sex)")


def recognise(file: InputFile) -> str:
    """Return the feature that identifies a CTDC file; empty for other files."""
    return _feature(next(first_lines(file, ","), []))


def _feature(names: Sequence[str]) -> str:
    if set(_PERPETRATORS["header"]) <= set(names):
        return "its header has the columns of CTDC's victim and perpetrator data set"
    if not set(_HEADER) <= set(names):
        return ""
    kind = "k-anonymised" if set(_K_ANONYMISED) <= set(names) else "synthetic"
    return f"its header has the columns of CTDC's {kind} data set"


def read(path: FilePath, *, age_concept: str = "at_registration", **options: Any) -> Reading:
    """Read the cases of a CTDC file: a data set of victims, or of victims and perpetrators.

    The country of exploitation is the area of a case.
    """
    request = FORMAT.request(path, options)
    moment = AgeConcept.parse(age_concept).value
    names = set(next(first_lines(request.file, ","), []))
    has_perpetrators = set(_PERPETRATORS["header"]) <= names
    file = CaseReader(
        request,
        _feature,
        _PERPETRATORS if has_perpetrators else _CROSSWALK,
        header="columns of CTDC",
        required=", ".join(_HEADER),
        separator=",",
    )
    if has_perpetrators:
        return _with_perpetrators(request, file)
    answers = {
        _renamed(name): yes_or_no(file.ledger, column)
        for name, column in file.columns.items()
        if _is_answered(_renamed(name))
    }
    other = "other_other" if any(name in answers for name in _CROSSWALK["residual"]) else "other"
    form_of = {**FORMS, "isOtherExploit": other}
    file.add_multiple(
        "exploitation",
        ((form_of[name], name, truth) for name, truth in answers.items() if name in form_of),
    )
    _check_lists(file, answers)
    file.add("period", "yearOfRegistration", year, None)
    file.add("area", "CountryOfExploitation", parse_country, None)
    sexes = _CROSSWALK["sexes"]
    file.add("sex", "gender", lambda text: sexes.get(text.lower()) or Sex.parse(text))
    _add_ages(file, moment)
    file.add(
        "citizenship", "citizenship", lambda t: "unknown" if t == "00" else parse_citizenship(t)
    )
    kind = "Global Dataset, k-anonymised" if "k-anonymised" in file.feature else "Synthetic Dataset"
    return file.reading(
        terms="ctdc",
        source=_source(request, f"CTDC, {kind}"),
        age_concept=moment,
        is_known=lambda name: _renamed(name) in _KNOWN or _is_answered(_renamed(name)),
        flags=answers,
        default_area="WORLD",  # its publisher calls it the Global Dataset
        notes=[_SYNTHETIC] if "synthetic" in file.feature else [],
    )


def _with_perpetrators(request: Request, file: CaseReader) -> Reading:
    flags = {
        name: yes_or_no(file.ledger, file.columns[name])
        for name in _PERPETRATORS["flags"]
        if name in file.columns
    }
    forms = _PERPETRATORS["forms"].items()
    file.add_multiple(
        "exploitation", ((code, name, flags[name]) for name, code in forms if name in flags)
    )
    file.add("period", "yearRegister", year, None)
    file.add("sex", "gender", Sex.parse)
    file.add("age", "majorityStatus", AgeGroup.parse)
    return file.reading(
        terms="ctdc",
        source=_source(request, "CTDC, Global Victim-Perpetrator Synthetic Dataset"),
        age_concept="at_registration",
        is_known=_KNOWN_OF_PERPETRATORS.__contains__,
        flags=flags,
        default_area="WORLD",  # its publisher calls it a global data set
        notes=[_SYNTHETIC],
    )


def _source(request: Request, title: str) -> Source:
    """Return the source of the user, or CTDC with its terms."""
    if isinstance(request.source, Source):
        return request.source
    return Source(
        title=request.source or title,
        kind="not_stated" if request.source else "primary",
        **_CROSSWALK["publication"],
    )


def _renamed(name: str) -> str:
    """Return the name of a column in earlier files."""
    return _SECTOR.sub("typeOf", name)


def _is_answered(name: str) -> bool:
    """Whether a column contains the answers 1 and 0."""
    named = name in FORMS or name in ("isOtherExploit", "isSexAndLabour")
    return named or (name.startswith(_ANSWERED) and not name.endswith("Concatenated"))


def _age_group(text: str) -> str:
    """Return child or adult for a category or a range such as "9--17" and "48+"."""
    result = _AGE.fullmatch(text)
    if result is None:
        return AgeGroup.parse(text).value
    first, last = int(result[1]), int(result[2] or 999)
    if first < 18 <= last or last < first:
        raise UnknownName("must be below or above 18", field="age", value=text)
    return AgeGroup.CHILD.value if last < 18 else AgeGroup.ADULT.value


def _add_ages(file: CaseReader, moment: str) -> None:
    """Add child or adult at a moment; ages in years are those at registration."""
    ledger, columns, name = file.ledger, file.columns, AGES.get(moment, "")
    if moment != "at_registration" or name not in columns:
        file.add("age", "ageBroad" if moment == "at_registration" else name, _age_group)
        return
    declared, broad = (
        parse_answers(ledger, columns[own], _age_group) for own in (name, "ageBroad")
    )
    child, adult = (
        [column.where(code.__eq__) for column in (declared, broad)] for code in ("child", "adult")
    )
    ledger.flag(
        "AGES_DIFFER",
        (child[0] & adult[1] | adult[0] & child[1]) & ledger.is_used,
        column="ageBroad",
        values={"name": name},
    )
    known = declared.with_values(
        [None if text == "unknown" else text for text in declared.categories]
    )
    merged = known.fill_missing(broad).fill_missing(declared)
    file.single["age"] = merged.with_values(merged.categories)


def _check_lists(file: CaseReader, answers: Mapping[str, Truth]) -> None:
    """Report list columns that contradict the yes-or-no columns."""
    ledger, columns = file.ledger, file.columns
    for name, start in _CROSSWALK["repeated"].items():
        group = {column: answers[column] for column in answers if column.startswith(start)}
        if name not in columns or not group:
            continue
        items = {squashed(column.removeprefix(start)): column for column in group}
        items |= _CROSSWALK["items"] if start == "is" else {}
        lists = AnswerLists.from_column(columns[name])
        differing = {}
        for column, answer in group.items():
            listed = lists.contains(*(item for item, meant in items.items() if meant == column))
            differing[column] = (listed != NOTHING) & ((listed == TRUE) != (answer == TRUE))
        ledger.flag(
            "LIST_DIFFERS",
            np.logical_or.reduce(list(differing.values())) & ledger.is_used,
            column=name,
            texts={column: int(rows.sum()) for column, rows in differing.items() if rows.any()},
        )
        lists.flag_unmapped(ledger, (item for item in lists.codes if item not in items))


FORMAT = Format.named("ctdc", recognise, read)
