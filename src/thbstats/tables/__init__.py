"""Tables of counts, and datasets."""

from thbstats.tables.crosstabs import Crosstab
from thbstats.tables.origins import Origin
from thbstats.tables.partition import NOT_BROKEN_DOWN, TablePartition
from thbstats.tables.table import CountTable, Dataset, require_table

__all__ = [
    "NOT_BROKEN_DOWN", "CountTable", "Crosstab", "Dataset", "Origin", "TablePartition",
    "require_table",
]  # fmt: skip
