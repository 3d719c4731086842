"""From a panel to a panel with further columns."""

from typing import Any, TypeVar

import numpy as np
from attrs import fields

from thbstats.columns import Fractions
from thbstats.panel import Panel

__all__ = ["as_kind", "columns_of", "stated"]

Kind = TypeVar("Kind", bound=Panel)


def as_kind(kind: type[Kind], panel: Panel, **further: Any) -> Kind:
    """Return the numbers of a panel as a panel of another class.

    Parameters
    ----------
    kind : type
        The class.
    panel : Panel
        The numbers.
    **further
        The further columns of the class.
    """
    shared = {item.name: getattr(panel, item.name) for item in fields(Panel)}
    return kind(**shared | further)


def stated(panel: Panel) -> Fractions:
    """Return the values of a panel, and the bounds of rows without a value.

    Parameters
    ----------
    panel : Panel
        The numbers.
    """
    return panel.value.where(~panel.value.missing, panel.bounds)


def columns_of(name: str, numbers: Fractions) -> dict[str, Any]:
    """Return the columns of a frame for some numbers: value, lower and upper bound.

    Parameters
    ----------
    name : str
        The name of the first column.
    numbers : Fractions
        The numbers.
    """
    return {
        name: np.where(numbers.is_point, numbers.lower, np.nan),
        f"{name}_lower": numbers.lower,
        f"{name}_upper": numbers.upper,
    }
