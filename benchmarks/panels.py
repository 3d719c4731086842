"""Panels, next to a pandas pivot, a polars group-by and a loop of single calls.

The table has the size of the GLOTIP data set of UNODC: 184 countries, 20 years, victims by sex and
persons prosecuted and convicted; one count in five is missing and one in ten is "fewer than 5". All
rules are applied. A pivot divides the counts that are known; it has no bounds and no warnings.

The library of the first edition had no panels: the loop over single calls took 9.1 s for 3,680
shares and 4.9 s for 3,400 ratios of processor time.

    python benchmarks/panels.py [repeats]
"""

import sys
from collections.abc import Callable
from statistics import median
from time import perf_counter

import numpy as np
import pandas as pd
import polars as pl
from _section import Rule, Table, finish

import thbstats as thb
from thbstats.geography import COUNTRIES
from thbstats.records import schema_of

AREAS = [country.code for country in COUNTRIES][:184]
YEARS = list(range(2003, 2023))
LIMIT_PIVOT, LIMIT_SHARE, LIMIT_RATIO, LIMIT_SCALAR = 10.0, 0.050, 0.030, 0.0015
LIMIT_LARGE, LIMIT_AUDIT = 3.0, 0.15


def counts(names: list[str], column: str, seed: int) -> pd.DataFrame:
    """Return counts by area, year and category, some of them missing or suppressed."""
    rng = np.random.default_rng(seed)
    size = np.repeat(rng.integers(5, 900, len(AREAS)), len(YEARS))
    frame = pd.DataFrame(
        {
            "area": np.repeat(AREAS, len(YEARS)),
            "period": np.tile(YEARS, len(AREAS)),
        }
    )
    parts = np.stack([rng.poisson(size / (i + 1)) for i in range(len(names) - 1)])
    values = [parts.sum(axis=0), *parts]
    frames = []
    for name, value in zip(names, values, strict=True):
        own = frame.assign(**{column: name}, value=value)
        frames.append(own[rng.random(len(own)) > 0.2])
    found = pd.concat(frames, ignore_index=True)
    few = (found["value"] < 5) & (rng.random(len(found)) < 0.5)
    found["lower"] = np.where(few, 0, found["value"])
    found["upper"] = np.where(few, 4, found["value"])
    found["reason"] = np.where(few, "fewer_than", "known")
    return found


def seconds(call: Callable[[], object], repeats: int) -> float:
    """Return the median of several runs, after one that is not counted."""
    call()
    taken = []
    for _ in range(repeats):
        start = perf_counter()
        call()
        taken.append(perf_counter() - start)
    return median(taken)


def large_table() -> thb.CountTable:
    """Return 1,000,000 counts: 200 areas, 20 periods, 250 citizenships."""
    codes = [country.code for country in COUNTRIES]
    areas, words = codes[:200], codes[:249]
    rng = np.random.default_rng(4)
    size = len(areas) * len(YEARS)
    parts = rng.poisson(3, (size, len(words)))
    frame = pd.DataFrame(
        {
            "area": np.repeat(np.repeat(areas, len(YEARS)), len(words) + 1),
            "period": np.repeat(np.tile(YEARS, len(areas)), len(words) + 1),
            "citizenship": np.tile(["total", *words], size),
            "value": np.hstack([parts.sum(axis=1, keepdims=True), parts]).ravel(),
        }
    )
    return thb.CountTable.from_frame(frame, kind="victims", status="detected")


def main(repeats: int = 7) -> None:
    victims = counts(["total", "female", "male"], "sex", 1)
    plain = victims[victims["reason"] == "known"]
    lazy = pl.from_pandas(plain[["area", "period", "sex", "value"]])
    table = thb.CountTable.from_frame(
        victims.drop(columns="value"), kind="victims", status="detected"
    )
    further = (
        thb.Classification(name=f"dimension_{i}", categories=[f"c{j}" for j in range(8)])
        for i in range(6)
    )
    wide = thb.CountTable.from_frame(
        victims.drop(columns="value"), kind=schema_of("victims", *further), status="detected"
    )
    stages = counts(["prosecuted", "convicted"], "stage", 2)
    justice = thb.CountTable.from_frame(
        stages.drop(columns="value"), kind="justice", unit="persons"
    )
    whole = large_table()
    report = thb.publications.com_2018_777()

    def pivot() -> pd.Series:
        wide = plain.pivot_table(
            index=["area", "period"], columns="sex", values="value", observed=True
        )
        return wide["female"] / wide["total"]

    def group_by() -> pl.DataFrame:
        return lazy.group_by("area", "period").agg(
            (
                pl.col("value").filter(pl.col("sex") == "female").first()
                / pl.col("value").filter(pl.col("sex") == "total").first()
            ).alias("share")
        )

    def shares() -> thb.Panel:
        return thb.share(table, sex="female", base="all", by=["area", "period"])

    def wide_shares() -> thb.Panel:
        return thb.share(wide, sex="female", base="all", by=["area", "period"])

    def ratios() -> thb.Panel:
        return thb.conviction_to_prosecution(justice, by=["area", "period"])

    def scalar() -> thb.Result:
        return thb.share(table, sex="female", base="all", area=AREAS[0], period=2010)

    def large() -> thb.Panel:
        return thb.breakdown(whole, by=["area", "period"], of="citizenship", base="all")

    found, expected = shares().to_frame(), pivot().dropna()
    exact = found[found["complete"]].assign(period=lambda own: own["period"].astype(int))
    joined = exact.set_index(["area", "period"])["value"]
    assert np.allclose(joined, expected.reindex(joined.index)), "panel and pivot differ"
    pandas_s, polars_s = seconds(pivot, repeats), seconds(group_by, repeats)
    share_s, ratio_s = seconds(shares, repeats), seconds(ratios, repeats)
    wide_s = seconds(wide_shares, repeats)
    scalar_s, large_s = seconds(scalar, repeats * 5), seconds(large, 1)
    audit_s = seconds(lambda: thb.audit(report), max(repeats // 2, 2))
    rows = [
        ("pandas pivot and division", pandas_s),
        ("polars group-by", polars_s),
        ("share by area and period, all rules", share_s),
        ("the same with six further dimensions in the schema", wide_s),
        ("conviction_to_prosecution by area and period, all rules", ratio_s),
        ("one scalar share, all rules", scalar_s),
        ("breakdown of 1,000,000 rows, all rules", large_s),
        ("audit of the reference publication", audit_s),
    ]
    times = Table(
        title=f"{len(found):,} shares, {len(ratios()):,} ratios",
        columns=("work", "ms", "times the pivot"),
        rows=tuple(
            (name, f"{taken * 1e3:,.1f}", f"{taken / pandas_s:,.2f}") for name, taken in rows
        ),
        notes=(f"{len(joined):,} complete shares equal those of the pivot.",),
    )
    rules = [
        Rule(what="shares, times the pivot", measured=share_s / pandas_s, allowed=LIMIT_PIVOT),
        Rule(what="shares", measured=share_s, allowed=LIMIT_SHARE, unit="s"),
        Rule(what="shares, six further dimensions", measured=wide_s, allowed=LIMIT_SHARE, unit="s"),
        Rule(what="ratios", measured=ratio_s, allowed=LIMIT_RATIO, unit="s"),
        Rule(what="1,000,000 rows", measured=large_s, allowed=LIMIT_LARGE, unit="s"),
        Rule(what="one scalar share", measured=scalar_s, allowed=LIMIT_SCALAR, unit="s"),
        Rule(what="audit", measured=audit_s, allowed=LIMIT_AUDIT, unit="s"),
    ]
    finish(about=__doc__, tables=[times], rules=rules)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
