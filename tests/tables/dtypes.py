"""Column dtypes of the installed pandas."""

import pandas as pd

__all__ = ["usable"]


def usable(*names: str) -> list[str]:
    """Return the types that can be made; those of Arrow need a pyarrow that pandas accepts."""
    return [name for name in names if _works(name)]


def _works(name: str) -> bool:
    try:
        pd.Series([None], dtype=name)
    except (ImportError, NameError, TypeError):
        return False
    return True
