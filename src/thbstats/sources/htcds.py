"""Case files of the Human Trafficking Case Data Standard (HTCDS 2.0)."""

import re
from collections.abc import Callable, Iterable, Mapping

from thbstats.errors import InvalidFile, ThbstatsError, UnknownName
from thbstats.exchange.case_answers import (
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
)
from thbstats.exchange.case_dimensions import Classifier
from thbstats.exchange.delimited import first_lines
from thbstats.exchange.input_file import InputFile
from thbstats.exchange.ledger import FileColumn, Ledger
from thbstats.exchange.reading import Reading
from thbstats.geography import parse_citizenship
from thbstats.records import Source
from thbstats.sources._families import CASES_DOCUMENTATION, note_unknown, rows_of
from thbstats.sources._formats import (
    Format,
    Request,
    crosswalk,
)
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
_PERSONAL = _CROSSWALK["personal"]
_CLASSIFIED: Mapping[str, str] = _CROSSWALK["classified"]
_KNOWN = {*_REQUIRED, *_ONE_OF, *_CROSSWALK["read"], *_CLASSIFIED.values(), *_PERSONAL}
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


FORMAT = Format(
    name="htcds",
    label="HTCDS",
    recognise=recognise,
    contents="Cases, one row per person, with several answers in a cell separated by semicolons: "
    "`read(path).cases`, and `count_cases` counts them. No field contains the country: pass "
    "area=... Read only.",
    specification="International Organization for Migration, Human Trafficking Case Data Standard "
    "(https://github.com/UNMigration/HTCDS)",
    noun="cases",
    documentation=CASES_DOCUMENTATION,
)


@FORMAT.reader
def read(request: Request) -> Reading:
    r"""Read the cases of an HTCDS file.

    Parameters
    ----------
    path : str, path or InputFile
        The file; several answers in one cell are separated by semicolons.
    source : Source or str, optional
        The publication or organisation; by default the file name.
    **constants
        Values that apply to every case, such as ``area="MT"``, ``period=2024``; they override
        columns.

    Returns
    -------
    Reading
        With ``cases``: ``sex``, ``age`` (at entry), ``citizenship``, ``status``, ``exploitation``,
        as ``period`` the year of the incoming referral, and where the file contains them
        ``means_of_control``, ``recruiter_relation``, ``recruitment_method``, ``sector`` and
        ``perpetrator_role``.

    Examples
    --------
    >>> from thbstats.exchange import open_bytes
    >>> file = open_bytes(
    ...     b"Gender,AgeWhenTrafficked,Citizenship,TraffickingStatus,TypeOfExploitation\n"
    ...     b"Feminine,16,NG,ActualVictimOfTrafficking,SexualExploitation;ForcedLabour\n"
    ...     b"Masculine,,VN,PossibleVictimOfTrafficking,ForcedLabour\n"
    ... )
    >>> cases = read(file, area="MT", period=2024, source="A shelter").cases
    >>> import thbstats as thb
    >>> table = thb.count_cases(cases, ["status", "exploitation"])
    >>> table.count(status="presumed", exploitation="labour")
    Count(1)

    References
    ----------
    International Organization for Migration, Human Trafficking Case Data Standard,
    https://github.com/UNMigration/HTCDS.
    """
    schema = declared_schema(request.declare, request.kind)
    ledger, feature = rows_of(
        request,
        _feature,
        header="fields of HTCDS",
        required="Gender, TypeOfExploitation, and TraffickingStatus or MethodsOfControl",
    )
    columns = {name: ledger.column(name) for name in map(str, ledger.raw)}
    fields = _fields(columns)
    _reject_non_victims(ledger, fields)
    dimensions = _dimensions(ledger, fields)
    forms, column_of_form = _forms(ledger, fields)
    multiple = _citizenships(ledger, fields, dimensions)
    answers = FileAnswers(
        columns=dimensions,
        multiple={"exploitation": forms, **multiple},
        names={"exploitation": column_of_form},
    )
    classifier = Classifier(
        ledger=ledger,
        source="htcds",
        columns=fields,
        named=_CLASSIFIED,
        lists=_CROSSWALK["lists"],
        unknown=dict.fromkeys(_CLASSIFIED, _CROSSWALK["unknown"]),
    )
    schema = classifier.add(answers, schema, _CROSSWALK["bundled"])
    cases = frame_of_cases(
        ledger,
        columns,
        answers,
        schema=schema,
        source=request.publication() or Source(title=request.file.name),
        age_concept="at_entry",
        constants=request.constants,
    )
    _add_notes(ledger, fields, forms)
    return request.recognised_by(feature).finish(ledger, cases=cases)


def _fields(columns: Mapping[str, FileColumn]) -> dict[str, FileColumn]:
    """Return the columns of a file by HTCDS field."""
    result: dict[str, FileColumn] = {}
    for name, column in columns.items():
        key = _field(name)
        if key in result:
            raise InvalidFile(
                "must be the only column of its HTCDS field",
                row="line 1",
                field=name,
                hint=f"Remove {result[key].name!r} or {name!r}",
            )
        result[key] = column
    return result


def _reject_non_victims(ledger: Ledger, fields: Mapping[str, FileColumn]) -> None:
    """Reject a second header and persons found not to be victims."""
    # Spreadsheets of the standard have labels in the second line.
    ledger.reject(
        "HEADING",
        fields["gender"].where(lambda text: squashed(text) == "gender"),
        message="a second header",
        hint="No action needed",
    )
    if "traffickingstatus" in fields:
        status = fields["traffickingstatus"]
        ledger.reject(
            "NO_VICTIM",
            status.where(lambda text: squashed(text) == NO_VICTIM) & ledger.is_used,
            column=status.name,
            message="a person found not to be a victim of trafficking",
            hint="No action needed",
        )


def _dimensions(ledger: Ledger, fields: Mapping[str, FileColumn]) -> dict[str, FileColumn]:
    """Return the dimensions with one answer, in category codes."""
    how: tuple[tuple[str, str, Callable[[str], str], str | None], ...] = (
        ("period", "incomingreferraldate", _year, None),
        ("status", "traffickingstatus", lambda text: _parse("status", STATUSES, text), None),
        ("sex", "gender", lambda text: _parse("sex", SEXES, text), "unknown"),
        ("age", "agewhentrafficked", _age, "unknown"),
    )
    return {
        name: parse_answers(ledger, fields[field], parse, unknown)
        for name, field, parse, unknown in how
        if field in fields
    }


def _parse(name: str, known: Mapping[str, str], text: str) -> str:
    if squashed(text) not in known:
        raise UnknownName("must be a value of HTCDS", field=name, value=text)
    return known[squashed(text)]


def _year(text: str) -> str:
    """Return the year of a date such as "2024-03-05", or of a year."""
    result = re.fullmatch(r"(\d{4})(?:-\d\d-\d\d.*)?", text)
    return year(result[1] if result else text)


def _age(text: str) -> str:
    if not re.fullmatch(r"\d{1,3}(?:\.0)?", text):
        raise UnknownName("must be an age in years", field="age", value=text)
    return (AgeGroup.CHILD if float(text) < 18 else AgeGroup.ADULT).value


def _forms(
    ledger: Ledger, fields: Mapping[str, FileColumn]
) -> tuple[dict[str, Truth], dict[str, str]]:
    """Return the answers by form, and the column of each form."""
    answers: dict[str, list[Truth]] = {}
    column_of_form: dict[str, str] = {}
    for field, known in LISTED.items():
        if field not in fields:
            continue
        lists = Lists.from_column(fields[field])
        lists = _flag_unmapped(ledger, lists, [item for item in lists.codes if item not in known])
        for form in dict.fromkeys(form for forms in known.values() for form in forms):
            meaning = [item for item, forms in known.items() if form in forms]
            answers.setdefault(form, []).append(lists.contains(*meaning))
            column_of_form.setdefault(form, fields[field].name)
    return {form: either(result) for form, result in answers.items()}, column_of_form


def _flag_unmapped(ledger: Ledger, lists: Lists, unmapped: list[str]) -> Lists:
    """Flag unmapped items; lists with them have missing answers for absent items."""
    flag_items(ledger, lists, unmapped)
    return lists.with_unmapped(unmapped)


def _citizenships(
    ledger: Ledger, fields: Mapping[str, FileColumn], dimensions: dict[str, FileColumn]
) -> dict[str, dict[str, Truth]]:
    """Return citizenships with multiple response, or add one dimension."""
    column = fields.get("citizenship", fields.get("nationality"))
    if column is None:
        return {}
    if not any(";" in text for text in column.values):
        dimensions["citizenship"] = parse_answers(ledger, column, _citizenship)
        return {}
    lists = Lists.from_column(column)
    items: dict[str, list[str]] = {}
    unmapped = []
    for item, text in lists.spellings.items():
        try:
            items.setdefault(_citizenship(text), []).append(item)
        except ThbstatsError:
            unmapped.append(item)
    lists = _flag_unmapped(ledger, lists, unmapped)
    ledger.note("Some persons have several citizenships and are counted for each of them")
    return {
        "citizenship": {code: lists.contains(*result) for code, result in sorted(items.items())}
    }


def _citizenship(text: str) -> str:
    return str(parse_citizenship(text))


def _add_notes(
    ledger: Ledger, fields: Mapping[str, FileColumn], forms: Mapping[str, Truth]
) -> None:
    if "traffickingstatus" in fields:
        ledger.note(
            "CLASSIFICATION: actual victims are identified and possible victims are presumed, for "
            "every TraffickingStatusDecisionMakingOrg"
        )
    persons = int((forms["other_other"] == TRUE).sum()) if "other_other" in forms else 0
    if persons:
        ledger.note(
            f"CLASSIFICATION: {persons} persons in servitude or forced adoption, which are not "
            "categories, are other_other"
        )
    if "forcedlabourindustry" in fields:
        ledger.note(
            "CLASSIFICATION: sections of industry without one equivalent sector are counted as "
            "labour only"
        )
    named = [column.name for field, column in fields.items() if field in _PERSONAL]
    if named:
        ledger.note(
            f"Columns that can identify persons: {', '.join(named)}; they are not needed for counts"
        )
    note_unknown(ledger, (column.name for field, column in fields.items() if field not in _KNOWN))
