"""Reading of CTDC files as cases."""

import os
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

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
from thbstats.sources.ctdc._answers import forms_of, single_answers
from thbstats.sources.ctdc._crosswalk import (
    HEADER,
    KANON,
    KNOWN,
    OTHER_HERE,
    is_answered,
    renamed,
)
from thbstats.sources.ctdc._lists import check_lists
from thbstats.vocabulary import AgeConcept

__all__ = ["FORMAT", "read", "recognise"]

TERMS = (
    "CTDC terms of use: attribution; re-identification of persons, alone or with other data, is "
    "forbidden; the data set must not be shared."
)


def recognise(file: InputFile) -> str:
    """Return the feature that identifies a CTDC file; empty for other files."""
    return _feature(next(first_lines(file, ","), []))


def _feature(names: Sequence[str]) -> str:
    if not set(HEADER) <= set(names):
        return ""
    kind = "k-anonymised" if set(KANON) <= set(names) else "synthetic"
    return f"its header has the columns of CTDC's {kind} data set"


def read(
    path: str | os.PathLike[str] | InputFile,
    *,
    age_concept: str = "at_registration",
    declare: Declaration | None = None,
    source: Source | str | None = None,
    strict: bool = False,
    encoding: str | None = None,
    limits: Limits = LIMITS,
    progress: "Progress" = no_progress,
    kind: str | None = None,
    **constants: Any,
) -> Reading:
    r"""Read the cases of a CTDC file.

    Parameters
    ----------
    path : str, path or InputFile
        The file.
    age_concept : str
        The moment of ``age``: ``"at_registration"`` (default), ``"at_exploitation"`` or
        ``"at_entry"``.
    declare : Declaration, optional
        Not allowed: the columns are known.
    source : Source or str, optional
        The publication; by default CTDC with its terms.
    strict : bool
        Whether a problem is an error.
    encoding, limits, progress : optional
        See `thbstats.exchange.open_file`.
    kind : str, optional
        ``"victims"`` (default).
    **constants
        Values that apply to every case, such as ``status="presumed"``; they override columns.

    Returns
    -------
    Reading
        With ``cases``: ``period``, ``area`` (the country of exploitation), ``sex``, ``age``,
        ``citizenship`` and ``exploitation``.

    Raises
    ------
    InvalidFile
        If the header is not that of CTDC.
    InvalidValue, UnknownName
        If the age concept or a constant is not valid.
    DefectiveFile
        If the file has problems and ``strict`` is set.

    Examples
    --------
    >>> from thbstats.exchange import open_bytes
    >>> file = open_bytes(
    ...     b"yearOfRegistration,gender,ageBroad,citizenship,CountryOfExploitation,"
    ...     b"isForcedLabour,isSexualExploit\n"
    ...     b"2019,Woman,9--17,PHL,PHL,,1\n2019,Man,Unknown,-99,USA,1,1\n"
    ... )
    >>> cases = read(file).cases
    >>> import thbstats as thb
    >>> thb.count_cases(cases, "exploitation").count(exploitation="sexual")
    Count(2)

    References
    ----------
    CTDC, Global Dataset, data dictionary of 25 August 2021; Global Synthetic Dataset, codebook.
    """
    moment = AgeConcept.parse(age_concept).value
    file = open_input(path, encoding, limits, progress)
    refuse_declaration(declare, kind)
    grid = read_delimited(file, ",")
    recognised = _feature([str(name) for name in grid.frame])
    if not recognised:
        raise InvalidFile(
            f"{file.name} must have the columns of CTDC",
            row="line 1",
            hint=f"Required columns: {', '.join(HEADER)}",
        )
    progress("reading", 0.6)
    ledger = ledger_of(grid)
    file_columns = {
        str(name): FileColumn.from_values(grid.frame[name], str(name)) for name in grid.frame
    }
    answers, column_of_code, forms = forms_of(ledger, file_columns)
    check_lists(ledger, file_columns, answers)
    columns = single_answers(ledger, file_columns, moment)
    constants = {"age_concept": moment, **constants} if "age" in columns else constants
    cases = frame_of_cases(
        ledger,
        file_columns,
        columns=columns,
        multiple={"exploitation": forms},
        column_of_code=column_of_code,
        source=_source(source, recognised),
        constants=constants,
        default_area="WORLD",  # its publisher calls it the Global Dataset
    )
    _add_notes(ledger, file_columns, answers, recognised)
    return finish_reading(
        ledger,
        file,
        label="CTDC",
        recognised=recognised,
        strict=strict,
        noun="cases",
        cases=cases,
    )


def _source(source: Source | str | None, recognised: str) -> Source:
    if isinstance(source, Source):
        return source
    name = "Global Dataset, k-anonymised" if "k-anonymised" in recognised else "Synthetic Dataset"
    return Source(
        title=source or f"CTDC, {name}",
        publisher="Counter Trafficking Data Collaborative",
        url="https://www.ctdatacollaborative.org",
        kind="primary" if source is None else "not_stated",
        terms=TERMS,
    )


def _add_notes(
    ledger: Ledger, columns: Mapping[str, FileColumn], answers: Mapping[str, Truth], recognised: str
) -> None:
    if "synthetic" in recognised:
        ledger.note("The records are synthetic: rows are not persons, and counts are approximate")
    ledger.note(
        "CTDC is not a random sample: it contains persons known to its contributors. area is the "
        "country of exploitation, not a reporting country"
    )
    ledger.note(
        "citizenship is the first reported citizenship, or the country of origin for one "
        "contributor"
    )
    there = [answers[name] == TRUE for name in OTHER_HERE if name in answers]
    if there:
        ledger.note(
            f"CLASSIFICATION: {int(np.logical_or.reduce(there).sum())} persons with begging or "
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
    known = {name for name in map(renamed, columns) if name in KNOWN or is_answered(name)}
    unmapped = [name for name in columns if renamed(name) not in known]
    if unmapped:
        ledger.note(f"Columns without a meaning in this library: {', '.join(unmapped)}")


FORMAT = Format(
    name="ctdc",
    label="CTDC",
    recognise=recognise,
    read=read,
    contents="Cases, one row per person, with multiple response for exploitation: "
    "`read(path).cases`, "
    "and `count_cases` counts them. Cells without an answer (empty, -99, Unknown) are "
    "distinguished. The terms forbid re-identification. Read only.",
    specification="CTDC, Global Dataset, data dictionary of 25 August 2021; Global Synthetic "
    "Dataset (https://www.ctdatacollaborative.org)",
)
