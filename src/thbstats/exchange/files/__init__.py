"""Opening, decoding and parsing of files within limits."""

from thbstats.exchange.files.delimited import RawTable, check_separator, read_delimited, sniff
from thbstats.exchange.files.input_file import (
    InputFile,
    open_bytes,
    open_file,
    open_input,
    open_regular,
)
from thbstats.exchange.files.json_text import is_json, parse_json, pointer, write_json
from thbstats.exchange.files.limits import LIMITS, Limits, Progress, no_progress
from thbstats.exchange.files.parquet import PARQUET, read_parquet

__all__ = [
    "LIMITS",
    "PARQUET",
    "InputFile",
    "Limits",
    "Progress",
    "RawTable",
    "check_separator",
    "is_json",
    "no_progress",
    "open_bytes",
    "open_file",
    "open_input",
    "open_regular",
    "parse_json",
    "pointer",
    "read_delimited",
    "read_parquet",
    "sniff",
    "write_json",
]
