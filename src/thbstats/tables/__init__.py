"""Tables of counts, and datasets."""

from thbstats.tables.crosstabs import Crosstab
from thbstats.tables.dataset import Dataset
from thbstats.tables.origins import Origin
from thbstats.tables.table import CountTable
from thbstats.tables.table_argument import require_table

__all__ = ["CountTable", "Crosstab", "Dataset", "Origin", "require_table"]
