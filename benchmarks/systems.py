"""Shares of two and three dimensions, for all countries and years of a large table.

The table has the size of the GLOTIP data set of UNODC: 184 countries, up to 20 years, victims by
sex, age and form of exploitation. It has most margins and a part of the cells, and counts below 5
are "fewer than 5". Gaps at random leave more counts open than those of the file, so that its limits
are wider; you can pass the path of the workbook. Times are of processor time: the first question to
a new table solves its systems of counts and searches completions; the same question, asked again,
uses both.

    python benchmarks/systems.py [path] [repeats]
"""

import itertools
import sys
from pathlib import Path
from time import process_time

import numpy as np
import pandas as pd
from _section import Rule, Table, finish
from attrs import evolve

import thbstats as thb
from thbstats.geography import COUNTRIES

AREAS = [country.code for country in COUNTRIES][:184]
YEARS = list(range(2003, 2023))
LEVELS = {
    "sex": ["female", "male", "unknown"],
    "age": ["child", "adult", "unknown"],
    "exploitation": ["sexual", "labour", "other"],
}
QUESTIONS = {
    "girls of all": {"sex": "female", "age": "child"},
    "women and girls of sexual exploitation of all": {"sex": "female", "exploitation": "sexual"},
    "women and girls among victims of sexual exploitation": {
        "sex": "female",
        "where": {"exploitation": "sexual"},
    },
    "girls of sexual exploitation of all": {
        "sex": "female",
        "age": "child",
        "exploitation": "sexual",
    },
}
LIMIT_FIRST, LIMIT_LATER = 3.5, 1.5
LIMIT_FILE, LIMIT_FILE_LATER = 0.7, 0.1
"""Seconds of processor time on a busy machine, for drawn counts and for the workbook."""


def rows_like_glotip() -> pd.DataFrame:
    """Return counts by area, year, sex, age and form, with their margins."""
    rng = np.random.default_rng(7)
    places = [place for place in itertools.product(AREAS, YEARS) if rng.random() < 0.6]
    size = rng.integers(5, 200, len(places))
    cells = rng.poisson(size[:, None, None, None] / 9, (len(places), 3, 3, 3))
    # Few persons are of unknown sex or age.
    cells[:, 2], cells[:, :, 2] = cells[:, 2] // 12, cells[:, :, 2] // 12
    for axis in (1, 2, 3):
        cells = np.concatenate([cells.sum(axis=axis, keepdims=True), cells], axis=axis)
    index = np.indices(cells.shape).reshape(4, -1)
    table = pd.DataFrame(
        {
            "area": np.array([area for area, _ in places])[index[0]],
            "period": np.array([year for _, year in places])[index[0]],
            **{
                name: np.array(["total", *words])[index[i]]
                for i, (name, words) in enumerate(LEVELS.items(), 1)
            },
            "value": cells.ravel(),
        }
    )
    totals = (table[list(LEVELS)] == "total").sum(axis=1)
    kept = rng.random(len(table)) < np.array([0.12, 0.2, 0.6, 0.95])[totals]
    table = table[kept]
    few = table["value"] < 5
    return table.drop(columns="value").assign(
        lower=np.where(few, 0, table["value"]),
        upper=np.where(few, 4, table["value"]),
        reason=np.where(few, "fewer_than", "known"),
    )


def main(path: str = "", repeats: int = 3) -> None:
    if path:
        table = thb.read(Path(path)).data.victims
    else:
        table = thb.CountTable.from_frame(rows_like_glotip(), kind="victims", status="detected")
    limits = (LIMIT_FILE, LIMIT_FILE_LATER) if path else (LIMIT_FIRST, LIMIT_LATER)
    rows, rules = [], []
    for name, question in QUESTIONS.items():
        first, later, panel = [], [], None
        for _ in range(repeats):
            new = thb.CountTable(evolve(table.columns))  # The cache knows tables by their columns.
            for times in (first, later):
                start = process_time()
                panel = thb.share(new, base="all", by=["area", "period"], **question)
                times.append(process_time() - start)
        assert panel is not None
        rows.append((name, f"{min(first):.3f}", f"{min(later):.3f}", f"{len(panel):,}"))
        rules += [
            Rule(what=name, measured=min(first), allowed=limits[0], unit="s"),
            Rule(what=f"{name}, again", measured=min(later), allowed=limits[1], unit="s"),
        ]
    times = Table(
        title=f"{len(table):,} counts",
        columns=("question", "first, s", "again, s", "country-years"),
        rows=tuple(rows),
    )
    finish(about=__doc__, tables=[times], rules=rules)


if __name__ == "__main__":
    main(*sys.argv[1:2], *map(int, sys.argv[2:]))
