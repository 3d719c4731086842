"""Files of CTDC, read into cases."""

import os
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

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
    "CTDC terms of use: attribution; nobody may be identified again, alone or with other data; "
    "the data set is not passed on."
)


def recognise(file: InputFile) -> str:
    """Return how a file shows that it holds cases of CTDC; ``""`` if it does not.

    Parameters
    ----------
    file : InputFile
        The file.

    Returns
    -------
    str
    """
    return _shown(next(first_lines(file, ","), []))


def _shown(names: Sequence[str]) -> str:
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
    progress: Progress = no_progress,
    kind: str | None = None,
    **constants: Any,
) -> Reading:
    r"""Return the cases of a file of CTDC.

    Parameters
    ----------
    path : str, path or InputFile
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
    recognised = _shown([str(name) for name in grid.columns])
    if not recognised:
        raise InvalidFile(
            f"{file.name} has not the columns of CTDC",
            row="line 1",
            hint=f"Its header has at least {', '.join(HEADER)}",
        )
    progress("reading", 0.6)
    ledger = ledger_of(grid)
    column = {
        str(name): TextColumn.from_values(grid.columns[name], str(name)) for name in grid.columns
    }
    answers, asked, forms = forms_of(ledger, column)
    check_lists(ledger, column, answers)
    columns = single_answers(ledger, column, moment)
    declared = {"age_concept": moment, **constants} if "age" in columns else constants
    cases = frame_of_cases(
        ledger,
        column,
        columns=columns,
        multiple={"exploitation": forms},
        asked=asked,
        source=_source(source, recognised),
        constants=declared,
        default_area="WORLD",  # its publisher calls it the Global Dataset
    )
    _note(ledger, column, answers, recognised)
    return finish_reading(
        ledger,
        file,
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


def _note(
    ledger: Ledger, column: Mapping[str, TextColumn], answers: Mapping[str, Truth], recognised: str
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
    there = [answers[name] == TRUE for name in OTHER_HERE if name in answers]
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
    if "Datasource" in column:
        ledger.note(
            "Datasource (Hotline, Case Management) says how a case was recorded and not by which "
            "kind of body: it stays a column of the file, and register is not stated"
        )
    ours = {name for name in map(renamed, column) if name in KNOWN or is_answered(name)}
    unmapped = [name for name in column if renamed(name) not in ours]
    if unmapped:
        ledger.note(f"Columns kept as they are, without a meaning here: {', '.join(unmapped)}")


FORMAT = Format(
    name="ctdc",
    label="CTDC",
    recognise=recognise,
    read=read,
    holds="Cases, one row a person, with several forms of exploitation for one person: "
    "`read(path).cases`, and `count_cases` makes a table. Cells without an answer (empty, "
    "-99, Unknown) are told apart. Its terms forbid to identify anybody again. Not written.",
    specification="CTDC, Global Dataset, data dictionary of 25 August 2021; Global Synthetic "
    "Dataset (https://www.ctdatacollaborative.org)",
)
