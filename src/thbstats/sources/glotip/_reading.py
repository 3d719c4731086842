"""Reading of GLOTIP files."""

import os
from typing import Any

from attrs import evolve

from thbstats.exchange import (
    LIMITS,
    Declaration,
    FileColumn,
    InputFile,
    Ledger,
    Limits,
    Progress,
    Reading,
    assemble,
    finish_reading,
    no_progress,
    open_input,
)
from thbstats.exchange.counts import read_measures
from thbstats.exchange.declaration import declaration_problems
from thbstats.exchange.declared_rows import ledger_of
from thbstats.exchange.files.sheets import is_workbook
from thbstats.exchange.recoding import recode_columns
from thbstats.records import Source
from thbstats.sources.glotip._categories import categories
from thbstats.sources.glotip._layout import (
    CATEGORY,
    COUNTRY,
    DECLARATION,
    FEWER_THAN,
    read_raw_table,
    recognise,
    source_of,
)
from thbstats.sources.glotip._row_problems import (
    flag_equal_victims,
    reject_contradictory_areas,
    reject_offences,
    reject_question_codes,
)
from thbstats.tables.problems import Problems

__all__ = ["read"]


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
    fewer_than_from: int | None = None,
    sheet: str | None = None,
    separator: str | None = None,
    **constants: Any,
) -> Reading:
    r"""Read the counts of a GLOTIP file.

    Every row is used for victims or justice, or rejected with a problem in the log.

    Parameters
    ----------
    path : str, path or InputFile
        A workbook (xlsx) or CSV, with or without a title and a date before the header.
    declare : Declaration, optional
        Additions to the known declaration, such as unmapped citizenships:
        ``recode={"Category": {"Nigerin": "Niger"}}``.
    source : Source or str, optional
        The publication; by default UNODC's data portal, on the date before the header.
    strict, encoding, limits, progress : optional
        See `thbstats.sources.read`.
    kind : str, optional
        Without effect: every row contains its kind of count.
    fewer_than_from : int, optional
        The smallest count included in ``<5``; 0 by default, because the file contains no 0.
    sheet : str, optional
        The worksheet; by default the first one with the header.
    separator : str, optional
        The separator of CSV; by default the most frequent one in the header.
    **constants
        Values that apply to all rows.

    Returns
    -------
    Reading
        With ``data.victims`` and ``data.justice``.

    Raises
    ------
    InvalidFile
        If it is damaged, exceeds the limits, or has no GLOTIP header.
    InvalidValue, UnknownName
        If the declaration does not fit the file; the message lists all problems by column.
    DefectiveFile
        If the file has problems and ``strict`` is set.
    MissingExtra
        If it is a workbook and python-calamine is not installed.

    References
    ----------
    UNODC, Global Report on Trafficking in Persons, and its data set at dataunodc.un.org.

    Examples
    --------
    Germany in 2022, in the file of 14 April 2025:

    >>> from thbstats.exchange import open_bytes
    >>> from thbstats.sources import glotip
    >>> header = "Iso3_code,Country,Indicator,Dimension,Category,Sex,Age,Year,"
    >>> header += "Unit of measurement,txtVALUE,Source"
    >>> row = "DEU,Germany,Detected trafficking victims,Total,Total,{},Total,2022,Counts,{},GLOTIP"
    >>> rows = [row.format("Total", "<5"), row.format("Female", 746), row.format("Male", 541)]
    >>> read = glotip.read(open_bytes("\n".join([header, *rows]).encode()))
    >>> read.table.count(sex="total"), read.table.count(sex="female")
    (Count(0 to 4, fewer_than), Count(746))
    >>> read.log.with_code("PART_ABOVE_TOTAL")[0].examples
    ('line 2: DE 2022: total 0 to 4, parts by sex 1287',)
    """
    file = open_input(path, encoding, limits, progress)
    progress("parsing", 0.0)
    grid = read_raw_table(file, sheet, separator)
    ledger = ledger_of(grid, "row" if is_workbook(file) else "line")
    for note in grid.notes:
        ledger.note(note)
    declared = (
        (declare or Declaration()).with_constants(kind, **constants).with_defaults(DECLARATION)
    )
    if fewer_than_from is not None:
        declared = evolve(declared, fewer_than_from=fewer_than_from)
    progress("mapping", 0.0)
    problems = Problems()
    for problem in declaration_problems(declared, ledger.raw):
        problems.add(problem)
    problems.raise_any()
    reject_question_codes(ledger)
    reject_offences(ledger)
    columns = _columns(ledger, declared)
    values = read_measures(ledger, columns, declared.count_parser)
    flag_equal_victims(ledger, values)
    ledger.note(FEWER_THAN.format(declared.fewer_than_from))
    data = assemble(
        ledger,
        columns,
        values,
        Source(title=source) if isinstance(source, str) else source or source_of(grid),
        repeated=declared.repeated,
        progress=progress,
    )
    how = recognise(file)
    return finish_reading(
        ledger, file, label="GLOTIP (UNODC)", recognised=how, strict=strict, data=data
    )


def _columns(ledger: Ledger, declared: Declaration) -> dict[str, FileColumn]:
    columns = recode_columns(ledger, declared)
    columns |= categories(ledger, declared.recode.get(CATEGORY, {}))
    reject_contradictory_areas(ledger)
    area = columns["area"]
    if COUNTRY in ledger.raw.columns and "" in area.values:
        # An area without a code is identified by its name.
        coded = area.with_values([text or None for text in area.values])
        columns["area"] = coded.fill_missing(ledger.column(COUNTRY))
    return columns
