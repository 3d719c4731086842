"""Published releases for tests: the National Referral Mechanism, and excerpts of GLOTIP."""

from functools import cache
from pathlib import Path

import pandas as pd

import thbstats as thb

DATA = Path(__file__).parents[2] / "docs" / "_data"
FOLDER = Path("/work/shared/data/unodc_glotip")
WORKBOOKS = tuple(FOLDER / f"data_glotip_{day}.xlsx" for day in ("2023-05-30", "2025-04-14"))


@cache
def decisions(kind: str) -> tuple[thb.CountTable, ...]:
    """Return decisions on reasonable or conclusive grounds, as three releases contain them.

    Home Office, National Referral Mechanism statistics, quarterly tables (OGL v3.0).
    """
    frame = pd.read_csv(DATA / "nrm_decisions.csv", dtype={"period": str})
    own = frame[frame["decision"] == f"{kind}_grounds"]
    return tuple(
        thb.CountTable.from_frame(
            rows[["period", "value"]],
            kind="victims",
            area="UK",
            source=thb.Source(title="NRM statistics", published=str(day)),
        )
        for day, rows in own.groupby("release")
    )


def quarters(table: thb.CountTable) -> thb.CountTable:
    return table.where(period=[code for code in table.categories("period") if "Q" in code])


# The duty to notify: the file of 23 November 2023 held another table under the same name.
NOTIFIED = {"2021": 3193, "2021-Q1": 718, "2021-Q2": 910, "2021-Q3": 716, "2021-Q4": 849,
            "2022": 4580, "2022-Q1": 987, "2022-Q2": 1126, "2022-Q3": 1160, "2022-Q4": 1307,
            "2023": 2568, "2023-Q1": 1420, "2023-Q2": 1148}  # fmt: skip
UNDER_ITS_NAME = {"2021": 280, "2021-Q1": 83, "2021-Q2": 65, "2021-Q3": 64, "2021-Q4": 68,
                  "2022": 301, "2022-Q1": 47, "2022-Q2": 63, "2022-Q3": 88, "2022-Q4": 103,
                  "2023": 607, "2023-Q1": 124, "2023-Q2": 169, "2023-Q3": 314}  # fmt: skip
RIGHT_TABLE = NOTIFIED | {"2023": 3885, "2023-Q3": 1317}

# Referrals by place of exploitation: the rows of 2023-Q1 stood under 2022-Q1 in the first file.
REFERRALS = {
    "2022-Q1": {("adult", "overseas"): 813, ("adult", "uk"): 957, ("child", "overseas"): 372,
                ("child", "uk"): 978, ("unknown", "overseas"): 150, ("unknown", "uk"): 68},
    "2023-Q1": {("adult", "overseas"): 1037, ("adult", "uk"): 1112, ("child", "overseas"): 527,
                ("child", "uk"): 1216, ("unknown", "overseas"): 131, ("unknown", "uk"): 95},
}  # fmt: skip


def referrals(labels: dict[str, str]) -> thb.CountTable:
    """Return the referrals with some labels of the quarters; two values of a cell are kept."""
    cells: dict[tuple[str, str, str], list[int]] = {}
    for quarter, counts in REFERRALS.items():
        for (age, place), number in counts.items():
            if quarter in labels:
                cells.setdefault((labels[quarter], age, place), []).append(number)
    place_list = thb.Classification(name="place", kind="breakdown", categories=["overseas", "uk"])
    return thb.CountTable.from_rows(
        [
            (*key, own[0] if len(own) == 1 else thb.Count.conflicting(own))
            for key, own in cells.items()
        ],
        columns=["period", "age", "place", "value"],
        kind=thb.records.schema_of("victims", place_list),
        area="UK",
    )


def series(values: dict[str, int]) -> thb.CountTable:
    return thb.CountTable.from_rows(
        values.items(), columns=["period", "value"], kind="victims", area="UK"
    )
