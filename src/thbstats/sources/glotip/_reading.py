"""GLOTIP's rows into tables of victims and of justice."""

import os
from typing import Any

from attrs import evolve

from thbstats.exchange import (
    LIMITS,
    Declaration,
    InputFile,
    Ledger,
    Limits,
    Progress,
    Reading,
    TextColumn,
    assemble,
    finish_reading,
    no_progress,
    open_input,
)
from thbstats.exchange.counts import read_measures
from thbstats.exchange.declaration import declaration_problems
from thbstats.exchange.declared_rows import ledger_of
from thbstats.exchange.files.sheets import is_workbook
from thbstats.exchange.recoding import translated
from thbstats.records import Source
from thbstats.sources.glotip._categories import categories
from thbstats.sources.glotip._layout import (
    CATEGORY,
    COUNTRY,
    DECLARATION,
    FEWER_THAN,
    grid_of,
    recognise,
    source_of,
)
from thbstats.sources.glotip._row_problems import (
    set_contradicting_areas_aside,
    set_junk_aside,
    set_offences_aside,
    tell_same_as_victims,
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
    progress: Progress = no_progress,
    kind: str | None = None,
    fewer_than_from: int | None = None,
    sheet: str | None = None,
    separator: str | None = None,
    **constants: Any,
) -> Reading:
    r"""Return the counts of a file of GLOTIP.

    Every row is in the table of victims, in that of justice, or among the defects of the report.

    Parameters
    ----------
    path : str, path or InputFile
        A workbook (xlsx) or CSV; the header may stand below a title and a date.
    declare : Declaration, optional
        What the file means, where that is not what is known of it. Labels of citizenships that
        nothing maps are declared so: ``recode={"Category": {"Nigerin": "Niger"}}``.
    source : Source or str, optional
        Where the figures were published; by default UNODC's data portal, on the day that stands
        above the header.
    strict : bool
        Whether a defect is an error.
    encoding : str, optional
        The encoding of CSV, where it is not UTF-8 and no byte order mark says which.
    limits : Limits
        What is taken in.
    progress : callable
        Told how far it is.
    kind : str, optional
        The kind of count of rows that do not say it themselves; here every row does.
    fewer_than_from : int, optional
        The smallest count that ``<5`` covers: 0 unless it is given, since the file prints no 0
        and none of 1 to 4.
    sheet : str, optional
        The sheet of a workbook; by default the first one with the header.
    separator : str, optional
        The sign between the cells of CSV; by default what stands most often in the header.
    **constants
        What all rows have in common.

    Returns
    -------
    Reading
        With ``data.victims`` and ``data.justice``.

    Raises
    ------
    InvalidFile
        If it is broken, larger than the limits, or has no header of GLOTIP.
    InvalidValue, UnknownName
        If the declaration does not fit the file; all that is wrong is told, column by column.
    DefectiveFile
        If something is odd and ``strict`` is set.
    MissingExtra
        If it is a workbook and python-calamine is not installed.

    References
    ----------
    UNODC, Global Report on Trafficking in Persons, and its data set at dataunodc.un.org.

    Examples
    --------
    Germany in 2022, as printed in the file of 14 April 2025:

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
    progress("taking apart", 0.0)
    grid = grid_of(file, sheet, separator)
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
    set_junk_aside(ledger)
    set_offences_aside(ledger)
    columns = _columns(ledger, declared)
    values = read_measures(ledger, columns, declared.count_parser)
    tell_same_as_victims(ledger, values)
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


def _columns(ledger: Ledger, declared: Declaration) -> dict[str, TextColumn]:
    columns = translated(ledger, declared)
    columns |= categories(ledger, declared.recode.get(CATEGORY, {}))
    set_contradicting_areas_aside(ledger)
    area = columns["area"]
    if COUNTRY in ledger.raw.columns and "" in area.values:
        # A place without a code is told by its name.
        coded = area.with_values([text or None for text in area.values])
        columns["area"] = coded.fill_missing(ledger.column(COUNTRY))
    return columns
