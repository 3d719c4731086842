"""Reading of HTCDS files as cases."""

import os
from collections.abc import Iterable, Mapping
from typing import Any

from thbstats.errors import InvalidFile
from thbstats.exchange import (
    LIMITS,
    Declaration,
    FileColumn,
    Format,
    InputFile,
    Ledger,
    Limits,
    Progress,
    Reading,
    finish_reading,
    ledger_of,
    no_progress,
    open_input,
    read_delimited,
)
from thbstats.exchange.cases.answers import (
    TRUE,
    Truth,
)
from thbstats.exchange.cases.frames import frame_of_cases, refuse_declaration
from thbstats.exchange.files.delimited import first_lines
from thbstats.records import Source
from thbstats.sources.htcds._answers import (
    citizenships,
    fields_of,
    forms_of,
    reject_non_victims,
    single_answers,
)
from thbstats.sources.htcds._crosswalk import (
    ONE_OF,
    PERSONAL,
    READ,
    REQUIRED,
    field_name,
)

__all__ = ["FORMAT", "read", "recognise"]


def recognise(file: InputFile) -> str:
    """Return the feature that identifies an HTCDS file; empty for other files."""
    return _feature(next(first_lines(file), []))


def _feature(names: Iterable[str]) -> str:
    fields = {field_name(name) for name in names}
    if not set(REQUIRED) <= fields or fields.isdisjoint(ONE_OF):
        return ""
    return "its header has the fields of HTCDS"


def read(
    path: str | os.PathLike[str] | InputFile,
    *,
    declare: Declaration | None = None,
    source: Source | str | None = None,
    strict: bool = False,
    encoding: str | None = None,
    limits: Limits = LIMITS,
    progress: "Progress" = no_progress,
    kind: str | None = None,
    **constants: Any,
) -> Reading:
    r"""Read the cases of an HTCDS file.

    Parameters
    ----------
    path : str, path or InputFile
        The file; several answers in one cell are separated by semicolons.
    declare : Declaration, optional
        Not allowed: the columns are known.
    source : Source or str, optional
        The publication or organisation; by default the file name.
    strict : bool
        Whether a problem is an error.
    encoding, limits, progress : optional
        See `thbstats.exchange.open_file`.
    kind : str, optional
        ``"victims"`` (default).
    **constants
        Values that apply to every case, such as ``area="MT"``, ``period=2024``; they override
        columns.

    Returns
    -------
    Reading
        With ``cases``: ``sex``, ``age`` (at entry), ``citizenship``, ``status``, ``exploitation``,
        and as ``period`` the year of the incoming referral.

    Raises
    ------
    InvalidFile
        If the header does not have the HTCDS fields.
    InvalidValue, UnknownName
        If a constant is not valid.
    DefectiveFile
        If the file has problems and ``strict`` is set.

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
    file = open_input(path, encoding, limits, progress)
    refuse_declaration(declare, kind)
    grid = read_delimited(file)
    recognised = _feature(map(str, grid.frame))
    if not recognised:
        raise InvalidFile(
            f"{file.name} must have the fields of HTCDS",
            row="line 1",
            hint="Required columns: Gender, TypeOfExploitation, and TraffickingStatus or "
            "MethodsOfControl",
        )
    progress("reading", 0.6)
    ledger = ledger_of(grid)
    file_columns = {
        str(name): FileColumn.from_values(grid.frame[name], str(name)) for name in grid.frame
    }
    result = fields_of(file_columns)
    reject_non_victims(ledger, result)
    columns = single_answers(ledger, result)
    forms, column_of_code = forms_of(ledger, result)
    multiple = citizenships(ledger, result, columns)
    constants = {"age_concept": "at_entry", **constants} if "age" in columns else constants
    cases = frame_of_cases(
        ledger,
        file_columns,
        columns=columns,
        multiple={"exploitation": forms, **multiple},
        column_of_code=column_of_code,
        source=source if isinstance(source, Source) else Source(title=source or file.name),
        constants=constants,
    )
    _add_notes(ledger, result, forms)
    return finish_reading(
        ledger,
        file,
        label="HTCDS",
        recognised=recognised,
        strict=strict,
        noun="cases",
        cases=cases,
    )


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
    named = [column.name for field, column in fields.items() if field in PERSONAL]
    if named:
        ledger.note(
            f"Columns that can identify persons: {', '.join(named)}; they are not needed for counts"
        )
    unmapped = [column.name for field, column in fields.items() if field not in READ | PERSONAL]
    if unmapped:
        ledger.note(f"Columns without a meaning in this library: {', '.join(unmapped)}")


FORMAT = Format(
    name="htcds",
    label="HTCDS",
    recognise=recognise,
    read=read,
    contents="Cases, one row per person, with several answers in a cell separated by semicolons: "
    "`read(path).cases`, and `count_cases` counts them. No field contains the country: pass "
    "area=... Read only.",
    specification="International Organization for Migration, Human Trafficking Case Data Standard "
    "(https://github.com/UNMigration/HTCDS)",
)
