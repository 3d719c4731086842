"""Synthetic registers of an office, with flaws that a return must report."""

import numpy as np
import pandas as pd

from thbstats.testing import case_frame

BODIES = ("police", "ngo", "labour_inspection", "immigration")
DECISIONS = ("charge_of_trafficking", "charge_of_other_offence", "no_charge")
PLANTED = {
    "blank sex": 40,
    "bands": 25,
    "two bodies": 30,
    "no instance": 12,
    "blank form": 50,
}
"""The number of rows of each flaw."""


def persons(rows: int, seed: int) -> pd.DataFrame:
    """Return persons without a flaw."""
    frame = case_frame(
        rows,
        seed=seed,
        areas=("IT",),
        years=(2025,),
        forms="list",
        repeat_share=0,
        missing_factor=0,
    )
    frame = frame.drop(columns=["born", "registered"]).astype(object)
    frame["person"] = np.arange(rows)
    return frame.astype({"year": int}).rename(columns={"year": "period"})


def registers(rows: int = 20_000, seed: int = 1) -> dict[str, pd.DataFrame]:
    """Return the registers of victims, suspects, decisions and judgments, with planted flaws."""
    rng = np.random.default_rng(seed)
    victims, justice = persons(rows // 2, seed), persons(rows // 2, seed + 1)
    victims["register"] = np.array(BODIES, object)[rng.integers(0, len(BODIES), len(victims))]
    rows_of = iter(np.split(rng.permutation(len(victims)), 20))
    victims.loc[next(rows_of)[: PLANTED["blank sex"]], "sex"] = ""
    victims.loc[next(rows_of)[: PLANTED["bands"]], "age"] = "15-19"
    victims.loc[next(rows_of)[: PLANTED["blank form"]], "exploitation"] = None
    twice = victims.loc[next(rows_of)[: PLANTED["two bodies"]]].copy()
    others = {body: BODIES[(number + 1) % len(BODIES)] for number, body in enumerate(BODIES)}
    twice["register"] = twice["register"].map(others)
    victims = pd.concat([victims, twice], ignore_index=True)
    third = len(justice) // 5
    parts = {
        "suspected": justice[: 2 * third],
        "prosecuted": justice[2 * third : 3 * third],
        "convicted": justice[3 * third : 4 * third].drop(columns="exploitation"),
    }
    decided = rng.integers(0, len(DECISIONS), third)
    parts["prosecuted"] = parts["prosecuted"].assign(
        prosecution_decision=np.array(DECISIONS, object)[decided]
    )
    decisions = pd.DataFrame({"period": 2025, "prosecution_decision": np.array(DECISIONS)[decided]})
    results = np.array(["conviction", "acquittal", "other"], object)
    judgments = pd.DataFrame({"period": 2025, "court_judgment": results[rng.integers(0, 3, third)]})
    judgments["court_instance"] = "first_instance"
    judgments.loc[: PLANTED["no instance"] - 1, "court_instance"] = ""
    return {"victims": victims, **parts, "decisions": decisions, "judgments": judgments}
