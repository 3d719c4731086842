"""Synthetic cases in the codes of files."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from thbstats.geography import COMPOSITIONS, COUNTRIES

__all__ = ["FLAGS", "SAID", "VALUES", "as_categories", "cases", "frame_of", "words_of"]

SAID = {"period": 2020, "status": "registered"}
# The finest of our words: a wider one would be a row that no peer makes.
FORMS = [
    *("prostitution", "pornography", "live_web_cameras", "other_sexual"),
    *("construction", "agriculture", "forestry", "manufacturing", "catering", "care", "cleaning"),
    *("domestic_work", "entertainment", "fishing", "hospitality", "retail", "transportation"),
    *("other_labour", "forced_begging", "forced_criminality", "benefit_fraud", "organ_removal"),
    *("forced_marriage", "unknown"),
]
CITIZENSHIPS = [*[country.code for country in COUNTRIES][:163], "unknown"]
VALUES: Mapping[str, Sequence[str]] = {
    "sex": ["female", "male", "other", "unknown"],
    "age": ["child", "adult", "unknown"],
    "movement": ["internal", "cross_border", "unknown"],
    "exploitation": FORMS,
    "citizenship": CITIZENSHIPS,
    "area": sorted(COMPOSITIONS["EU27_2020"].members),
}
FLAGS = FORMS[:10]


def cases(rows: int, sizes: Mapping[str, int], seed: int = 2018) -> dict[str, np.ndarray]:
    """Return codes of made-up cases; the columns are independent, the shares uneven."""
    random = np.random.default_rng(seed)
    found = {}
    for name, size in sizes.items():
        shares = 1.0 / np.arange(1, size + 1) ** 0.5
        steps = np.cumsum(shares / shares.sum())
        codes = np.searchsorted(steps, random.random(rows, dtype=np.float32)).clip(0, size - 1)
        found[name] = codes.astype(np.int16 if size > 127 else np.int8)
    return found


def as_categories(codes: Mapping[str, np.ndarray]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            name: pd.Categorical.from_codes(column, VALUES[name][: int(column.max()) + 1])
            for name, column in codes.items()
        }
    )


def frame_of(kind: str, rows: int, sizes: Mapping[str, int]) -> pd.DataFrame:
    """Return cases as categories, as text, or as integers that stand for words."""
    codes = cases(rows, sizes)
    if kind == "integers":
        return pd.DataFrame({name: column.astype(np.uint8) for name, column in codes.items()})
    frame = as_categories(codes)
    return frame.astype("str") if kind == "text" else frame


def words_of(frame: pd.DataFrame) -> dict[str, dict[int, str]]:
    """Return what the integers of a frame stand for."""
    return {name: dict(enumerate(VALUES[name])) for name in frame}
