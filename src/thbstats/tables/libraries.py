"""Libraries that only some uses need, loaded when they are."""

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
    """Return the first of some libraries that can be imported.

    Raises
    ------
    MissingExtra
        If none can; it says why and what to install.
    """
    reasons = []
    for name in names:
        try:
            return import_module(name)
        except ImportError as error:
            reasons.append(str(error))
    wanted = " or ".join(f"pip install 'thbstats[{_EXTRAS[name]}]'" for name in names)
    raise MissingExtra(
        f"{' or '.join(names)} is needed and cannot be imported",
        value="; ".join(reasons),
        hint=wanted,
    )
