"""Panels of published numbers."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from thbstats.columns import Coded, Fractions
from thbstats.panel.context import Suppressions
from thbstats.panel.kind import Status
from thbstats.panel.numbers import CODED, FRACTIONS
from thbstats.panel.panel import Panel
from thbstats.panel.parts import Parts
from thbstats.values import flag_mask

_DEFAULTS: dict[str, Any] = {
    **dict.fromkeys(("reporters", "expected", "inhabitants", "excess", "printed", *FRACTIONS)),
    **dict.fromkeys(("n_reporters", "parts", "suppression")),
    **dict.fromkeys(("category", "sources", "contradictions", "notes"), ()),
    **dict.fromkeys(("breaks", "flags"), frozenset()),
    "status": Status.OK,
    "sharp": True,
    "complete": False,
}


def panel_from_rows(
    caption: str, rows: Sequence[Mapping[str, Any]], keys: Mapping[str, Sequence[str]] | None = None
) -> Panel:
    """Return a panel from the fields of each row.

    Parameters
    ----------
    caption : str
        The caption of the panel.
    rows : sequence of mapping
        The fields of a `Result`: ``indicator``, ``kind``, ``label``, ``estimand``, ``base``,
        ``area``, ``period``, ``numerator_kind`` and ``denominator_kind`` are required. Numbers are
        intervals,
        ``flags`` is a set of letters, ``parts`` the `Parts` of this row.
    keys : mapping, optional
        The category of each row by dimension.
    """
    filled = [{**_DEFAULTS, **row} for row in rows]
    columns: dict[str, Any] = {}
    for name in (*CODED, *FRACTIONS):
        kind = Coded if name in CODED else Fractions
        columns[name] = kind.from_values(row[name] for row in filled)
    parts = [Parts.empty(1) if row["parts"] is None else row["parts"] for row in filled]
    numbers = [-1 if row["n_reporters"] is None else row["n_reporters"] for row in filled]
    return Panel(
        caption=caption,
        keys={name: Coded.from_values(words) for name, words in (keys or {}).items()},
        status=np.array([row["status"] for row in filled], dtype=np.int8),
        sharp=np.array([row["sharp"] for row in filled], dtype=np.bool_),
        complete=np.array([row["complete"] for row in filled], dtype=np.bool_),
        flags=np.array([flag_mask(row["flags"]) for row in filled], dtype=np.uint32),
        n_reporters=np.array(numbers, dtype=np.intp),
        parts=Parts.concat(parts) if filled else Parts.empty(0),
        suppression=Suppressions.from_values(row["suppression"] for row in filled),
        **columns,
    )
