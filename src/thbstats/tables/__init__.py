"""Tables of counts, and datasets."""

from thbstats.tables.crosstabs import Crosstab
from thbstats.tables.dataset import Dataset, require_table
from thbstats.tables.origins import Origin
from thbstats.tables.table import CountTable

__all__ = ["CountTable", "Crosstab", "Dataset", "Origin", "require_table"]
