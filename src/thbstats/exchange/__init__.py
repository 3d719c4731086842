"""Reading and writing of files, independent of their formats.

`open_file` opens a file within limits, `read_delimited` parses its rows, a `Declaration` maps its
columns, and `tabulate` assembles tables. A `Ledger` records every row, and a `Reading` contains the
tables and the `ReadLog`.
"""

from thbstats.exchange.cases import Cases
from thbstats.exchange.count_texts import CountParser
from thbstats.exchange.declaration import MULTIPLE, Declaration
from thbstats.exchange.declaration_files import read_declaration
from thbstats.exchange.delimited import read_delimited, sniff
from thbstats.exchange.frame_schema import pandera_schema
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
from thbstats.exchange.json_data import parse_json, pointer
from thbstats.exchange.ledger import RowProblem
from thbstats.exchange.parquet import PARQUET, read_parquet
from thbstats.exchange.problem_codes import ROW_PROBLEMS, UNSUPPORTED_FEATURES
from thbstats.exchange.reading import Reading, ReadLog
from thbstats.exchange.sheets import read_sheet
from thbstats.exchange.workbooks import is_workbook
from thbstats.exchange.write_log import UnsupportedFeature, WriteLog

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
