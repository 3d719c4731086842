"""Reading and writing of files, independent of their formats.

`open_file` opens a file within limits, `read_delimited` parses its rows, a `Declaration` maps its
columns, and `tabulate` assembles tables. A `Ledger` records every row, and a `Reading` contains the
tables and the `ReadLog`.
"""

from thbstats.files.case_file import Cases
from thbstats.files.count_columns import CountParser
from thbstats.files.declaration import MULTIPLE, Declaration, read_declaration
from thbstats.files.delimited import read_delimited, sniff
from thbstats.files.input_file import (
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
from thbstats.files.json_data import parse_json, pointer
from thbstats.files.ledger import ROW_PROBLEMS, UNSUPPORTED_FEATURES, RowProblem
from thbstats.files.parquet import PARQUET, read_parquet
from thbstats.files.reading import Reading, ReadLog, UnsupportedFeature, WriteLog
from thbstats.files.sheets import read_sheet
from thbstats.files.table_schemas import pandera_schema
from thbstats.files.workbooks import is_workbook

__all__ = [
    "LIMITS",
    "MULTIPLE",
    "PARQUET",
    "ROW_PROBLEMS",
    "UNSUPPORTED_FEATURES",
    "Cases",
    "CountParser",
    "Declaration",
    "InputFile",
    "Limits",
    "Progress",
    "ReadLog",
    "Reading",
    "RowProblem",
    "UnsupportedFeature",
    "WriteLog",
    "is_workbook",
    "no_progress",
    "open_bytes",
    "open_file",
    "open_input",
    "open_regular",
    "pandera_schema",
    "parse_json",
    "pointer",
    "read_declaration",
    "read_delimited",
    "read_parquet",
    "read_sheet",
    "sniff",
]
