"""Conclusions from panels of two releases."""

import numpy as np
import pandas as pd

from thbstats.columns import Coded
from thbstats.panel import Panel
from thbstats.rules import Comparison
from thbstats.tables.keys import pack


def changed_verdict(old: Comparison, new: Comparison) -> pd.DataFrame:
    """Return a row if the verdicts of two comparisons differ."""
    row = (old.label, "verdict", old.verdict.label, new.verdict.label)
    rows = [row] * (old.verdict != new.verdict)
    return pd.DataFrame(rows, columns=["label", "conclusion", "old", "new"])


def changed_conclusions(old: Panel, new: Panel) -> pd.DataFrame:
    """Return the differences between the rows of two panels, one row for each.

    Sign and majority are those of the value, or of all numbers between the bounds.
    """
    names = list(old.keys) or ["label"]
    keys = [own.keys or {"label": own.label} for own in (old, new)]
    both = [Coded.concat([keys[0][name], keys[1][name]]) for name in names]
    codes = pack(both, len(old) + len(new)).values
    match = pd.Index(codes[len(old) :]).get_indexer(pd.Index(codes[: len(old)]))
    rows = [np.flatnonzero(match >= 0), match[match >= 0]]
    sides = [own.take(positions) for own, positions in zip((old, new), rows, strict=True)]
    is_share = np.array([str(own) == "share" for own in sides[0].kind], dtype=np.bool_)
    tests: dict[str, list[pd.Series[float]]] = {}
    for own in sides:
        is_point = own.value.is_point
        value = np.where(is_point, own.value.lower, np.nan)
        low = np.where(is_point, value, own.bounds.lower)
        high = np.where(is_point, value, own.bounds.upper)
        half, percent = (np.where(is_share, number, np.nan) for number in (0.5, 100 * value))
        columns = {
            "sign": np.where(low > 0, 1, np.where(high < 0, -1, np.sign(value))),
            "majority": np.where(low > half, 1, np.where(high <= half, -1, np.nan)),
            "rounded": np.floor(percent + 0.5),
            "rank": pd.Series(value).rank(ascending=False, method="min"),
            "status": own.status,
        }
        for name, column in columns.items():
            tests.setdefault(name, []).append(pd.Series(np.asarray(column, dtype=np.float64)))
    result = []
    for name, (before, after) in tests.items():
        differs = before.notna() & after.notna() & (before != after)
        for i in np.flatnonzero(differs).tolist():
            ends = [own.row(i) for own in sides]
            numbers = [end.bounds if end.value is None else end.value for end in ends]
            texts = [
                end.kind.format_value(number) for end, number in zip(ends, numbers, strict=True)
            ]
            if name == "rank":
                texts = [str(int(own[i])) for own in (before, after)]
            elif name == "status":
                texts = [end.status.label for end in ends]
            key = [keys[0][own][rows[0][i]] for own in names]
            result.append((*map(str, key), name, *texts))
    return pd.DataFrame(result, columns=[*names, "conclusion", "old", "new"])
