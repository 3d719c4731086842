"""What all file formats share, and no format itself.

A file is opened within limits (`open_file`), taken apart into rows (`read_delimited`), put into our
words (`Declaration`), and assembled into tables (`tabulate`); a `Ledger` follows every row on the
way, and a `Reading` hands over the tables with the `ReadLog`.
"""

from thbstats.exchange.assembly import assemble, tabulate
from thbstats.exchange.cases import Cases
from thbstats.exchange.codes import DEFECTS, LOSSES
from thbstats.exchange.declaration import SEVERAL, Declaration
from thbstats.exchange.declaration_file import read_declaration
from thbstats.exchange.declared import ledger_of, read_declared
from thbstats.exchange.defects import Defect, Ledger
from thbstats.exchange.files.delimited import Grid, check_separator, read_delimited, sniff
from thbstats.exchange.files.json_text import is_json, parse_json, pointer, write_json
from thbstats.exchange.files.limits import LIMITS, Limits, Progress, quiet
from thbstats.exchange.files.opening import Opened, open_bytes, open_file, opened_from
from thbstats.exchange.files.parquet import PARQUET, read_parquet
from thbstats.exchange.formats import Format, finished, one_table
from thbstats.exchange.framed import frame_grid
from thbstats.exchange.measures import read_flags
from thbstats.exchange.numerals import Numerals, ReadValues
from thbstats.exchange.periods import read_period, sdmx_period
from thbstats.exchange.reading import Reading
from thbstats.exchange.report import ReadLog
from thbstats.exchange.words import Words
from thbstats.exchange.written import Loss, WriteLog, formulas

__all__ = [
    "DEFECTS",
    "LIMITS",
    "LOSSES",
    "PARQUET",
    "SEVERAL",
    "Cases",
    "Declaration",
    "Defect",
    "Format",
    "Grid",
    "Ledger",
    "Limits",
    "Loss",
    "Numerals",
    "Opened",
    "Progress",
    "ReadLog",
    "ReadValues",
    "Reading",
    "Words",
    "WriteLog",
    "assemble",
    "check_separator",
    "finished",
    "formulas",
    "frame_grid",
    "is_json",
    "ledger_of",
    "one_table",
    "open_bytes",
    "open_file",
    "opened_from",
    "parse_json",
    "pointer",
    "quiet",
    "read_declaration",
    "read_declared",
    "read_delimited",
    "read_flags",
    "read_parquet",
    "read_period",
    "sdmx_period",
    "sniff",
    "tabulate",
    "write_json",
]
