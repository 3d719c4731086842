"""Reading and writing of files, independent of their formats.

`open_file` opens a file within limits, `read_delimited` parses its rows, a `Declaration` maps its
columns, and `tabulate` assembles tables. A `Ledger` records every row, and a `Reading` contains the
tables and the `ReadLog`.
"""

from thbstats.exchange.assembly import assemble, recode_columns, tabulate
from thbstats.exchange.cases import Cases
from thbstats.exchange.counts import CountParser, read_measures
from thbstats.exchange.declaration import (
    MULTIPLE,
    Declaration,
    declaration_problems,
    read_declaration,
)
from thbstats.exchange.delimited import (
    first_lines,
    read_delimited,
    separator_of,
    sniff,
)
from thbstats.exchange.input_file import (
    LIMITS,
    InputFile,
    Limits,
    Progress,
    no_progress,
    open_bytes,
    open_file,
    open_input,
    open_regular,
)
from thbstats.exchange.json_data import (
    is_json,
    origins_data,
    parse_json,
    pointer,
    read_origins,
    write_json,
)
from thbstats.exchange.ledger import FileColumn, Ledger, RowProblem
from thbstats.exchange.parquet import PARQUET, cells_of_frame, read_parquet
from thbstats.exchange.periods import read_period, sdmx_period
from thbstats.exchange.problem_codes import ROW_PROBLEMS, UNSUPPORTED_FEATURES
from thbstats.exchange.reading import (
    Reading,
    ReadLog,
)
from thbstats.exchange.schemas import SCHEMA_VERSION
from thbstats.exchange.sheets import read_sheet
from thbstats.exchange.workbooks import is_workbook, parts_of, peek
from thbstats.exchange.write_log import NO_ROWS, UnsupportedFeature, WriteLog, csv_bytes, formulas

__all__ = [
    "LIMITS",
    "MULTIPLE",
    "NO_ROWS",
    "PARQUET",
    "ROW_PROBLEMS",
    "SCHEMA_VERSION",
    "UNSUPPORTED_FEATURES",
    "Cases",
    "CountParser",
    "Declaration",
    "FileColumn",
    "InputFile",
    "Ledger",
    "Limits",
    "Progress",
    "ReadLog",
    "Reading",
    "RowProblem",
    "UnsupportedFeature",
    "WriteLog",
    "assemble",
    "cells_of_frame",
    "csv_bytes",
    "declaration_problems",
    "first_lines",
    "formulas",
    "is_json",
    "is_workbook",
    "no_progress",
    "open_bytes",
    "open_file",
    "open_input",
    "open_regular",
    "origins_data",
    "parse_json",
    "parts_of",
    "peek",
    "pointer",
    "read_declaration",
    "read_delimited",
    "read_measures",
    "read_origins",
    "read_parquet",
    "read_period",
    "read_sheet",
    "recode_columns",
    "sdmx_period",
    "separator_of",
    "sniff",
    "tabulate",
    "write_json",
]
