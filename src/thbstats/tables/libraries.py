"""Import of optional libraries."""

from importlib import import_module
from typing import Any

from thbstats.errors import MissingExtra

__all__ = ["library"]

_EXTRAS = {
    "duckdb": "duckdb",
    "hypothesis": "testing",
    "matplotlib": "plot",
    "polars": "polars",
    "pyarrow": "parquet",
    "python_calamine": "excel",
    "xlsxwriter": "excel",
}


def library(*names: str) -> Any:
    """Return the first library that can be imported.

    Raises
    ------
    MissingExtra
        If no library can be imported.
    """
    reasons = []
    for name in names:
        try:
            return import_module(name)
        except ImportError as error:
            reasons.append(str(error))
    commands = " or ".join(f"pip install 'thbstats[{_EXTRAS[name]}]'" for name in names)
    raise MissingExtra(
        f"must be installed: {' or '.join(names)}",
        value="; ".join(reasons),
        hint=commands,
    )
