"""Conclusions from panels of two releases."""

import numpy as np
import pandas as pd

from thbstats.columns import Coded
from thbstats.panel import Panel, Result, Status
from thbstats.tables.keys import pack


def changed_conclusions(old: Panel, new: Panel) -> pd.DataFrame:
    """Return the differences between the rows of two panels, one row for each."""
    names = list(old.keys) or ["label"]
    keys = [own.keys or {"label": own.label} for own in (old, new)]
    both = [Coded.concat([keys[0][name], keys[1][name]]) for name in names]
    codes = pack(both, len(old) + len(new)).values
    place = pd.Index(codes[len(old) :]).get_indexer(pd.Index(codes[: len(old)]))
    rows = [np.flatnonzero(place >= 0), place[place >= 0]]
    sides = [own.take(at) for own, at in zip((old, new), rows, strict=True)]
    known = np.logical_and.reduce([own.value.is_point & (own.status == Status.OK) for own in sides])
    values = [np.where(known, own.value.lower, np.nan) for own in sides]
    is_share = np.array([str(own) == "share" for own in sides[0].kind], dtype=np.bool_)
    ranks = [pd.Series(own).rank(ascending=False, method="min").to_numpy() for own in values]
    with np.errstate(invalid="ignore"):
        tests = {
            "sign": [np.sign(own) for own in values],
            "majority": [np.where(is_share & known, own > 0.5, 0) for own in values],
            "rounded": [np.where(is_share, np.floor(100 * own + 0.5), 0) for own in values],
            "rank": ranks,
            "status": [own.status for own in sides],
        }
    result = []
    for conclusion, (before, after) in tests.items():
        is_known = known if conclusion != "status" else np.ones(len(known), dtype=np.bool_)
        for i in np.flatnonzero(is_known & (before != after)).tolist():
            texts = [own.row(i).formatted for own in sides]
            ends = (
                (ranks if conclusion == "rank" else values)[0][i],
                (ranks if conclusion == "rank" else values)[1][i],
            )
            key = [str(sides[0].keys[n][i] if old.keys else sides[0].label[i]) for n in names]
            result.append((*key, conclusion, *texts, *ends))
    columns = [*names, "conclusion", "old", "new", "old_value", "new_value"]
    return pd.DataFrame(result, columns=columns)


def panel_of(result: Panel | Result) -> Panel:
    """Return the panel of a result."""
    return result.panel.take([result.position]) if isinstance(result, Result) else result
