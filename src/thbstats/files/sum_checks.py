"""Comparison of published sums with their parts."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from thbstats.files.draft_table import DraftTable
from thbstats.files.ledger import FileColumn, Ledger
from thbstats.files.words import is_total
from thbstats.records.converters import area_members
from thbstats.tables.columns import Numbers
from thbstats.vocabulary.victims import COMPLETE

_WITHOUT_TOTAL = ("area", "period")
_NOT_KEYS = {"value", "lower", "upper", "reason", "flags", "findings", "unanswered"}
_ASK = "Ask the publisher which figure is correct"


def check_total_rows(ledger: Ledger, columns: Mapping[str, FileColumn], counts: Numbers) -> None:
    """Compare the rows of a total over areas or periods with the sum of the others; reject them."""
    for name in _WITHOUT_TOTAL:
        column = columns.get(name)
        codes = [] if column is None else column.matching(is_total)
        if column is None or not codes:
            continue
        others = [own.codes for key, own in columns.items() if key not in {name, *_NOT_KEYS}]
        key = np.zeros(len(ledger), dtype=np.intp)
        for own in others:
            key = pd.factorize(key * (int(own.max(initial=0)) + 2) + own + 1)[0]
        total, used = column.isin(codes) & ledger.is_used, ledger.is_used
        differing = _differing(key, counts, np.flatnonzero(total), np.flatnonzero(used & ~total))
        noun = name.replace("_", " ")
        _flag(
            ledger,
            "TOTAL_DIFFERS",
            differing,
            column.name or name,
            f"a total over every {noun} that is not the sum of its parts",
        )
        ledger.reject(
            "TOTAL_ROW",
            total,
            column=column.name or name,
            message=f"a total over every {noun}; it is compared with the sum of the other rows",
            hint="No action needed: indicators add up the other rows",
        )


def check_sums(draft: DraftTable) -> None:
    """Flag totals above the sum of all their parts, and unions below the sum of their members."""
    for name, required in COMPLETE.items():
        column = draft.dimensions.get(name)
        total = draft.schema[name].total if name in draft.schema.names else None
        if (
            column is None
            or total not in column.categories
            or not {*required} <= {*column.categories}
        ):
            continue
        whole = column.isin([column.categories.index(total or "")])
        part = column.isin(
            [n for n, t in enumerate(column.categories) if draft.schema[name].parent(t) == total]
        )
        key = pd.factorize(draft.keys(exclude=name).values)[0]
        complete = np.logical_and.reduce(
            [np.isin(key, key[column.isin([column.categories.index(text)])]) for text in required]
        )
        differing = _differing(
            key, draft.numbers, np.flatnonzero(whole & complete), np.flatnonzero(part)
        )
        above = {row: sums for row, sums in differing.items() if sums[0] > sums[1]}
        _flag(
            draft.ledger,
            "TOTAL_ABOVE_PARTS",
            {int(draft.rows[row]): s for row, s in above.items()},
            column.name or name,
            f"a total of {draft.schema.kind} is above the sum of its parts by {name}",
        )
    area = draft.dimensions["area"]
    key = pd.factorize(draft.keys(exclude="area").values)[0]
    members = {code: area_members(text) for code, text in enumerate(area.categories)}
    for code, own in members.items():
        countries = [n for n, other in members.items() if len(other) == 1 and other <= own]
        if len(own) > 1 and countries:
            rows = map(np.flatnonzero, (area.isin([code]), area.isin(countries)))
            differing = _differing(key, draft.numbers, *rows)
            below = {int(draft.rows[row]): s for row, s in differing.items() if s[0] < s[1]}
            _flag(
                draft.ledger,
                "UNION_BELOW_MEMBERS",
                below,
                area.name or "area",
                f"{area.categories[code]} is below the sum of its members",
            )


def _differing(
    key: NDArray[Any], counts: Numbers, wholes: NDArray[np.intp], parts: NDArray[np.intp]
) -> dict[int, tuple[int, int]]:
    """Return the exact totals that are not the sum of their parts, with both numbers."""
    exact = counts.lower == counts.upper
    size = int(key.max(initial=-1)) + 1
    added = np.bincount(key[parts], counts.lower[parts], size).astype(np.int64)
    has_parts = np.bincount(key[parts], minlength=size) > 0
    is_exact = np.bincount(key[parts][~exact[parts]], minlength=size) == 0
    rows = wholes[
        exact[wholes] & has_parts[key[wholes]] & (counts.lower[wholes] != added[key[wholes]])
    ]
    below = counts.lower[rows] < added[key[rows]]
    rows = rows[is_exact[key[rows]] | below]
    return {row: (int(counts.lower[row]), int(added[key[row]])) for row in rows.tolist()}


def _flag(
    ledger: Ledger, code: str, rows: Mapping[int, tuple[int, int]], column: str, message: str
) -> None:
    """Flag totals, with their difference from the sum of their parts."""

    def example(row: int) -> str:
        total, parts = rows[row]
        return f"total {total:,}, parts {parts:,}, difference {abs(total - parts):,}"

    ledger.flag(
        code,
        np.array(sorted(rows), dtype=np.intp),
        column=column,
        message=message,
        hint=_ASK,
        example=example,
        texts={f"{ledger.location(row)}: {example(row)}": 1 for row in sorted(rows)},
    )
