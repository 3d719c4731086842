"""Case files of the Human Trafficking Case Data Standard (HTCDS 2.0)."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from thbstats.errors import ThbstatsError, UnknownName
from thbstats.files.case_file import TRUE, Truth
from thbstats.files.delimited import first_lines
from thbstats.files.input_file import InputFile
from thbstats.files.reading import Reading
from thbstats.geography import parse_citizenship
from thbstats.records import Source
from thbstats.sources._case_files import AnswerLists, CaseReader, squashed, year
from thbstats.sources._formats import FilePath, Format, crosswalk
from thbstats.vocabulary import AgeGroup

__all__ = ["FORMAT", "read", "recognise"]

_CROSSWALK = crosswalk("htcds")
SEXES: Mapping[str, str] = _CROSSWALK["sexes"]
STATUSES: Mapping[str, str] = _CROSSWALK["statuses"]
NO_VICTIM: str = _CROSSWALK["no_victim"]
LISTED: dict[str, dict[str, list[str]]] = _CROSSWALK["forms"]
# Codes of industry start with the letter of the section, labels do not.
LISTED["forcedlabourindustry"] |= {
    f"{letter}{name}": forms
    for letter, (name, forms) in zip(
        "abcdefghijklmnopqrstu", LISTED["forcedlabourindustry"].items(), strict=True
    )
}
_REQUIRED, _ONE_OF = _CROSSWALK["required"], _CROSSWALK["one_of"]
_CLASSIFIED: Mapping[str, str] = _CROSSWALK["classified"]
_KNOWN = {*_REQUIRED, *_ONE_OF, *_CROSSWALK["read"], *_CLASSIFIED.values()}
_KNOWN |= {name for note in _CROSSWALK["notes"] for name in note["columns"]}
_CROSSWALK["unknown"] = dict.fromkeys(_CLASSIFIED, _CROSSWALK["unknown"])
# Surveys and spreadsheets use the table as a prefix.
_PREFIX = re.compile(r"^(?:prs|vic|cas|con|org|hte|per)_")


def _field(name: str) -> str:
    """Return the normalised name of a field, without prefix."""
    return squashed(_PREFIX.sub("", name.strip()))


def recognise(file: InputFile) -> str:
    """Return the feature that identifies an HTCDS file; empty for other files."""
    return _feature(next(first_lines(file), []))


def _feature(names: Iterable[str]) -> str:
    fields = set(map(_field, names))
    if not set(_REQUIRED) <= fields or fields.isdisjoint(_ONE_OF):
        return ""
    return "its header has the fields of HTCDS"


def read(path: FilePath, **options: Any) -> Reading:
    """Read the cases of an HTCDS file; the period is the year of the incoming referral."""
    request = FORMAT.request(path, options)
    file = CaseReader(
        request,
        _feature,
        _CROSSWALK,
        header="fields of HTCDS",
        required="Gender, TypeOfExploitation, and TraffickingStatus or MethodsOfControl",
        field=_field,
    )
    # Spreadsheets of the standard have labels in the second line.
    file.ledger.reject(
        "HEADING", file.columns["gender"].where(lambda text: squashed(text) == "gender")
    )
    if "traffickingstatus" in file.columns:
        status = file.columns["traffickingstatus"]
        file.ledger.reject(
            "NO_VICTIM",
            status.where(lambda text: squashed(text) == NO_VICTIM) & file.ledger.is_used,
            column=status.name,
        )
    file.add("period", "incomingreferraldate", _year, None)
    file.add("status", "traffickingstatus", _parser("status", STATUSES), None)
    file.add("sex", "gender", _parser("sex", SEXES))
    file.add("age", "agewhentrafficked", _age)
    file.add_multiple("exploitation", _forms(file))
    _add_citizenships(file)
    notes = []
    answers = file.multiple["exploitation"].get("other_other")
    number = 0 if answers is None else np.count_nonzero((answers == TRUE) & file.ledger.is_used)
    if number:
        notes = [
            f"CLASSIFICATION: {number} persons in servitude or forced adoption, which are not "
            "categories, are other_other"
        ]
    return file.reading(
        terms="htcds",
        source=request.publication() or Source(title=request.file.name),
        age_concept="at_entry",
        is_known=_KNOWN.__contains__,
        notes=notes,
    )


def _parser(name: str, known: Mapping[str, str]) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if squashed(text) not in known:
            raise UnknownName("must be a value of HTCDS", field=name, value=text)
        return known[squashed(text)]

    return parse


def _year(text: str) -> str:
    """Return the year of a date such as "2024-03-05", or of a year."""
    result = re.fullmatch(r"(\d{4})(?:-\d\d-\d\d.*)?", text)
    return year(result[1] if result else text)


def _age(text: str) -> str:
    if not re.fullmatch(r"\d{1,3}(?:\.0)?", text):
        raise UnknownName("must be an age in years", field="age", value=text)
    return AgeGroup.CHILD if float(text) < 18 else AgeGroup.ADULT


def _forms(file: CaseReader) -> Iterator[tuple[str, str, Truth]]:
    """Yield each form of a field, the column of the field, and the answers."""
    for field, known in LISTED.items():
        if field in file.columns:
            column = file.columns[field]
            lists = AnswerLists.from_column(column)
            unmapped = (item for item in lists.codes if item not in known)
            lists = lists.flag_unmapped(file.ledger, unmapped)
            for form in dict.fromkeys(form for forms in known.values() for form in forms):
                items = [item for item, forms in known.items() if form in forms]
                yield form, column.name, lists.contains(*items)


def _add_citizenships(file: CaseReader) -> None:
    """Add citizenships as a dimension, with multiple response if a person has several."""
    name = "citizenship" if "citizenship" in file.columns else "nationality"
    column = file.columns.get(name)
    if column is None or not any(";" in text for text in column.categories):
        file.add("citizenship", name, parse_citizenship)
        return
    lists = AnswerLists.from_column(column)
    items: dict[str, list[str]] = {}
    unmapped = []
    for item, text in lists.spellings.items():
        try:
            items.setdefault(str(parse_citizenship(text)), []).append(item)
        except ThbstatsError:
            unmapped.append(item)
    lists = lists.flag_unmapped(file.ledger, unmapped)
    file.ledger.note("Some persons have several citizenships and are counted for each of them")
    answers = ((code, column.name, lists.contains(*own)) for code, own in sorted(items.items()))
    file.add_multiple("citizenship", answers)


FORMAT = Format.named("htcds", recognise, read)
