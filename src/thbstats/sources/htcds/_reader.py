"""Files with the fields of HTCDS, read into cases."""

import os
from collections.abc import Iterable, Mapping
from typing import Any

from thbstats.errors import InvalidFile
from thbstats.exchange import (
    LIMITS,
    Declaration,
    Format,
    InputFile,
    Ledger,
    Limits,
    Progress,
    Reading,
    TextColumn,
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
    set_no_victims_aside,
    single_answers,
)
from thbstats.sources.htcds._crosswalk import (
    NEEDED,
    ONE_OF,
    PERSONAL,
    READ,
    field_name,
)

__all__ = ["FORMAT", "read", "recognise"]


def recognise(file: InputFile) -> str:
    """Return how a file shows that it has the fields of HTCDS; ``""`` if it does not.

    Parameters
    ----------
    file : InputFile
        The file.

    Returns
    -------
    str
    """
    return _shown(next(first_lines(file), []))


def _shown(names: Iterable[str]) -> str:
    fields = {field_name(name) for name in names}
    if not set(NEEDED) <= fields or fields.isdisjoint(ONE_OF):
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
    progress: Progress = no_progress,
    kind: str | None = None,
    **constants: Any,
) -> Reading:
    r"""Return the cases of a file with the fields of HTCDS.

    Parameters
    ----------
    path : str, path or InputFile
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
    recognised = _shown(map(str, grid.columns))
    if not recognised:
        raise InvalidFile(
            f"{file.name} has not the fields of HTCDS",
            row="line 1",
            hint="Its header has at least Gender, TypeOfExploitation and TraffickingStatus or "
            "MethodsOfControl",
        )
    progress("reading", 0.6)
    ledger = ledger_of(grid)
    column = {
        str(name): TextColumn.from_values(grid.columns[name], str(name)) for name in grid.columns
    }
    found = fields_of(column)
    set_no_victims_aside(ledger, found)
    columns = single_answers(ledger, found)
    forms, asked = forms_of(ledger, found)
    several = citizenships(ledger, found, columns)
    declared = {"age_concept": "at_entry", **constants} if "age" in columns else constants
    cases = frame_of_cases(
        ledger,
        column,
        columns=columns,
        multiple={"exploitation": forms, **several},
        asked=asked,
        source=source if isinstance(source, Source) else Source(title=source or file.name),
        constants=declared,
    )
    _note(ledger, found, forms)
    return finish_reading(
        ledger,
        file,
        label="HTCDS",
        recognised=recognised,
        strict=strict,
        noun="cases",
        cases=cases,
    )


def _note(ledger: Ledger, fields: Mapping[str, TextColumn], forms: Mapping[str, Truth]) -> None:
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
    named = [column.name for field, column in fields.items() if field in PERSONAL]
    if named:
        ledger.note(
            f"Columns that can say who somebody is: {', '.join(named)}; no count needs them"
        )
    unmapped = [w.name for field, w in fields.items() if field not in READ | PERSONAL]
    if unmapped:
        ledger.note(f"Columns kept as they are, without a meaning here: {', '.join(unmapped)}")


FORMAT = Format(
    name="htcds",
    label="HTCDS",
    recognise=recognise,
    read=read,
    holds="Cases, one row a person, with several answers in a cell set apart by semicolons: "
    "`read(path).cases`, and `count_cases` makes a table. No field says in which country: "
    "give area=... Not written.",
    specification="International Organization for Migration, Human Trafficking Case Data Standard "
    "(https://github.com/UNMigration/HTCDS)",
)
