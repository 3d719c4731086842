"""Tables of counts, and data sets of tables."""

from thbstats.tables.dataset import Dataset
from thbstats.tables.needed import need_table
from thbstats.tables.origins import Origin
from thbstats.tables.table import CountTable

__all__ = ["CountTable", "Dataset", "Origin", "need_table"]
