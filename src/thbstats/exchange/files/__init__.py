"""Files opened within limits, decoded and taken apart into cells; nothing is in our words yet."""

from thbstats.exchange.files.delimited import Grid, check_separator, read_delimited, sniff
from thbstats.exchange.files.json_text import is_json, parse_json, pointer, write_json
from thbstats.exchange.files.limits import LIMITS, Limits, Progress, quiet
from thbstats.exchange.files.opening import Opened, open_bytes, open_file, open_regular, opened_from
from thbstats.exchange.files.parquet import PARQUET, read_parquet

__all__ = [
    "LIMITS",
    "PARQUET",
    "Grid",
    "Limits",
    "Opened",
    "Progress",
    "check_separator",
    "is_json",
    "open_bytes",
    "open_file",
    "open_regular",
    "opened_from",
    "parse_json",
    "pointer",
    "quiet",
    "read_delimited",
    "read_parquet",
    "sniff",
    "write_json",
]
