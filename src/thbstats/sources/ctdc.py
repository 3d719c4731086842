"""Cases of the Counter Trafficking Data Collaborative (CTDC)."""

import re
from collections.abc import Mapping, Sequence

import numpy as np

from thbstats.errors import UnknownName
from thbstats.exchange.case_answers import (
    NOTHING,
    TRUE,
    FileAnswers,
    Lists,
    Truth,
    declared_schema,
    either,
    flag_items,
    frame_of_cases,
    parse_answers,
    squashed,
    year,
    yes_or_no,
)
from thbstats.exchange.case_dimensions import Classifier
from thbstats.exchange.delimited import first_lines
from thbstats.exchange.input_file import InputFile
from thbstats.exchange.ledger import FileColumn, Ledger
from thbstats.exchange.reading import Reading
from thbstats.geography import parse_citizenship, parse_country
from thbstats.sources._families import CASES_DOCUMENTATION, ctdc_source, note_unknown, rows_of
from thbstats.sources._formats import (
    Format,
    Request,
    crosswalk,
)
from thbstats.vocabulary import AgeConcept, AgeGroup, Sex

__all__ = ["FORMAT", "read", "recognise"]

_CROSSWALK = crosswalk("ctdc")
FORMS: Mapping[str, str] = _CROSSWALK["forms"]
AGES: Mapping[str, str] = _CROSSWALK["ages"]
_HEADER, _K_ANONYMISED = _CROSSWALK["header"], _CROSSWALK["k_anonymised"]
_CLASSIFIED: Mapping[str, str] = _CROSSWALK["classified"]
_KNOWN = {*_HEADER, *_K_ANONYMISED, *AGES.values(), *_CROSSWALK["other"]}
_ANSWERED = ("means", "typeOfLabour", "typeOfSex", "recruiterRelation", "isAbduction")
_AGE = re.compile(r"(\d{1,3})(?:-+(\d{1,3})|\+)")
_SECTOR = re.compile(r"^sectorOf(?=Labour|Sex)")


def recognise(file: InputFile) -> str:
    """Return the feature that identifies a CTDC file; empty for other files."""
    return _feature(next(first_lines(file, ","), []))


def _feature(names: Sequence[str]) -> str:
    if not set(_HEADER) <= set(names):
        return ""
    kind = "k-anonymised" if set(_K_ANONYMISED) <= set(names) else "synthetic"
    return f"its header has the columns of CTDC's {kind} data set"


FORMAT = Format(
    name="ctdc",
    label="CTDC",
    recognise=recognise,
    contents="Cases, one row per person, with multiple response for exploitation, means of "
    "control, relation to the recruiter, sector and method of recruitment: `read(path).cases`, and "
    "`count_cases` counts them. Cells without an answer (empty, -99, Unknown) are "
    "distinguished. The terms forbid re-identification. Read only.",
    specification="CTDC, Global Dataset, data dictionary of 25 August 2021; Global Synthetic "
    "Dataset (https://www.ctdatacollaborative.org)",
    noun="cases",
    documentation=CASES_DOCUMENTATION,
)


@FORMAT.reader
def read(request: Request, *, age_concept: str = "at_registration") -> Reading:
    r"""Read the cases of a CTDC file.

    Parameters
    ----------
    age_concept : str
        The moment of ``age``: ``"at_registration"`` (default), ``"at_exploitation"`` or
        ``"at_entry"``.
    source : Source or str, optional
        The publication; by default CTDC with its terms.

    Returns
    -------
    Reading
        With ``cases``: ``period``, ``area`` (the country of exploitation), ``sex``, ``age``,
        ``citizenship``, ``exploitation``, and where the file contains them ``means_of_control``,
        ``recruiter_relation``, ``recruitment_method``, ``sector`` and ``duration``.

    Raises
    ------
    InvalidValue, UnknownName
        If the age concept or a constant is not valid.

    Examples
    --------
    >>> from thbstats.exchange import open_bytes
    >>> file = open_bytes(
    ...     b"yearOfRegistration,gender,ageBroad,citizenship,CountryOfExploitation,"
    ...     b"isForcedLabour,isSexualExploit,meansThreats\n"
    ...     b"2019,Woman,9--17,PHL,PHL,,1,1\n2019,Man,Unknown,-99,USA,1,1,\n"
    ... )
    >>> cases = read(file).cases
    >>> import thbstats as thb
    >>> thb.count_cases(cases, "exploitation").count(exploitation="sexual")
    Count(2)
    >>> table = thb.count_cases(cases, "means_of_control")
    >>> table.count(means_of_control="any_threat"), table.count(means_of_control="unknown")
    (Count(1), Count(1))

    References
    ----------
    CTDC, Global Dataset, data dictionary of 25 August 2021; Global Synthetic Dataset, codebook.
    """
    moment = AgeConcept.parse(age_concept).value
    schema = declared_schema(request.declare, request.kind)
    ledger, feature = rows_of(
        request,
        _feature,
        separator=",",
        header="columns of CTDC",
        required=", ".join(_HEADER),
    )
    columns = {name: ledger.column(name) for name in map(str, ledger.raw)}
    answers = {
        _renamed(name): yes_or_no(ledger, column)
        for name, column in columns.items()
        if _is_answered(_renamed(name))
    }
    # The answers and the first column of each form of exploitation.
    other = "other_other" if any(name in answers for name in _CROSSWALK["residual"]) else "other"
    form_of = {**FORMS, "isOtherExploit": other}
    by_form: dict[str, list[str]] = {}
    for name in answers:
        if name in form_of:
            by_form.setdefault(form_of[name], []).append(name)
    forms = {form: either(answers[name] for name in listed) for form, listed in by_form.items()}
    _check_lists(ledger, columns, answers)
    result = FileAnswers(
        columns=_dimensions(ledger, columns, moment),
        multiple={"exploitation": forms},
        names={"exploitation": {form: listed[0] for form, listed in by_form.items()}},
    )
    classifier = Classifier(
        ledger=ledger,
        source="ctdc",
        columns=columns,
        flags=answers,
        named=_CLASSIFIED,
        unknown=_CROSSWALK["unknown"],
    )
    schema = classifier.add(result, schema, _CROSSWALK["bundled"])
    cases = frame_of_cases(
        ledger,
        columns,
        result,
        schema=schema,
        source=ctdc_source(request.source, f"CTDC, {_data_set(feature)}"),
        age_concept=moment,
        constants=request.constants,
        default_area="WORLD",  # its publisher calls it the Global Dataset
    )
    _add_notes(ledger, columns, answers, feature)
    return request.recognised_by(feature).finish(ledger, cases=cases)


def _renamed(name: str) -> str:
    """Return the name of a column in earlier files."""
    return _SECTOR.sub("typeOf", name)


def _is_answered(name: str) -> bool:
    """Whether a column contains the answers 1 and 0."""
    named = name in FORMS or name in ("isOtherExploit", "isSexAndLabour")
    return named or (name.startswith(_ANSWERED) and not name.endswith("Concatenated"))


def _data_set(feature: str) -> str:
    return "Global Dataset, k-anonymised" if "k-anonymised" in feature else "Synthetic Dataset"


def _dimensions(
    ledger: Ledger, columns: Mapping[str, FileColumn], moment: str
) -> dict[str, FileColumn]:
    """Return the dimensions with one answer, in category codes."""
    result = {"period": parse_answers(ledger, columns["yearOfRegistration"], year, None)}
    if "CountryOfExploitation" in columns:
        area = parse_answers(ledger, columns["CountryOfExploitation"], parse_country, None)
        result["area"] = area
    result["sex"] = parse_answers(ledger, columns["gender"], _sex)
    age = _ages(ledger, columns, moment)
    if age is not None:
        result["age"] = age
    result["citizenship"] = parse_answers(ledger, columns["citizenship"], _citizenship)
    return result


def _sex(text: str) -> str:
    return _CROSSWALK["sexes"].get(text.lower()) or Sex.parse(text).value


def _citizenship(text: str) -> str:
    return "unknown" if text == "00" else str(parse_citizenship(text))


def _age_group(text: str) -> str:
    """Return child or adult for a category or a range such as "9--17" and "48+"."""
    result = _AGE.fullmatch(text)
    if result is None:
        return AgeGroup.parse(text).value
    first, last = int(result[1]), int(result[2] or 999)
    if first < 18 <= last or last < first:
        raise UnknownName("must be below or above 18", field="age", value=text)
    return AgeGroup.CHILD.value if last < 18 else AgeGroup.ADULT.value


def _ages(ledger: Ledger, columns: Mapping[str, FileColumn], moment: str) -> FileColumn | None:
    """Return child or adult at a moment; ages in years are those at registration."""
    name = AGES.get(moment, "")
    declared = parse_answers(ledger, columns[name], _age_group) if name in columns else None
    if moment != "at_registration":
        return declared
    broad = parse_answers(ledger, columns["ageBroad"], _age_group)
    if declared is None:
        return broad
    child, adult = (
        [column.where(code.__eq__) for column in (declared, broad)] for code in ("child", "adult")
    )
    ledger.flag(
        "AGES_DIFFER",
        (child[0] & adult[1] | adult[0] & child[1]) & ledger.is_used,
        column="ageBroad",
        message=f"ages that contradict {name}; {name} is used",
        hint="Ask the publisher which age is correct",
    )
    known = declared.with_values([None if text == "unknown" else text for text in declared.values])
    merged = known.fill_missing(broad).fill_missing(declared)
    return merged.with_values(merged.values)


def _check_lists(
    ledger: Ledger, columns: Mapping[str, FileColumn], answers: Mapping[str, Truth]
) -> None:
    """Flag lists that differ from the columns of 1 and 0 that they repeat."""
    for name, start in _CROSSWALK["lists"].items():
        group = {column: answers[column] for column in answers if column.startswith(start)}
        if name not in columns or not group:
            continue
        items = {squashed(column.removeprefix(start)): column for column in group}
        items |= _CROSSWALK["items"] if start == "is" else {}
        lists = Lists.from_column(columns[name])
        differing = {}
        for column, answer in group.items():
            listed = lists.contains(*(item for item, meant in items.items() if meant == column))
            differing[column] = (listed != NOTHING) & ((listed == TRUE) != (answer == TRUE))
        ledger.flag(
            "LIST_DIFFERS",
            np.logical_or.reduce(list(differing.values())) & ledger.is_used,
            column=name,
            message="a list differs from the columns of 1 and 0; the columns are used",
            hint="Ask the publisher which one is correct",
            texts={column: int(rows.sum()) for column, rows in differing.items() if rows.any()},
        )
        flag_items(ledger, lists, (item for item in lists.codes if item not in items))


def _add_notes(
    ledger: Ledger, columns: Mapping[str, FileColumn], answers: Mapping[str, Truth], feature: str
) -> None:
    if "synthetic" in feature:
        ledger.note("The records are synthetic: rows are not persons, and counts are approximate")
    ledger.note(
        "CTDC is not a random sample: it contains persons known to its contributors. area is the "
        "country of exploitation, not a reporting country"
    )
    ledger.note(
        "citizenship is the first reported citizenship, or the country of origin for one "
        "contributor"
    )
    others = [answers[name] == TRUE for name in _CROSSWALK["other_here"] if name in answers]
    if others:
        ledger.note(
            f"CLASSIFICATION: {int(np.logical_or.reduce(others).sum())} persons with begging or "
            "illicit activities, which are labour in CTDC, are counted as other in this library; "
            "persons with another form of labour are also counted as labour"
        )
    if "isSlaveryAndPractices" in answers:
        ledger.note(
            f"CLASSIFICATION: {int((answers['isSlaveryAndPractices'] == TRUE).sum())} persons in "
            "slavery and similar practices, which are not a category, are other_other"
        )
    if "Datasource" in columns:
        ledger.note(
            "Datasource (Hotline, Case Management) is not the type of registering body: register "
            "is not stated"
        )
    names = ((name, _renamed(name)) for name in columns)
    note_unknown(ledger, (n for n, old in names if old not in _KNOWN and not _is_answered(old)))
