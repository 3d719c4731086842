"""Verdicts of all pairs of a panel, next to a loop over `compare`.

28 countries, 15 years and 5 forms make 2,100 numbers and 2.2 million pairs. Their verdicts take
less than 1 s of processor time. The panel is computed before. The loop compares a sample of the
pairs; its time is scaled to all pairs. Both give the same verdicts for the sample.

    python benchmarks/compare_all.py [repeats] [sample]
"""

import sys
from collections.abc import Callable
from statistics import median
from time import perf_counter, process_time

import numpy as np
from _section import Rule, Table, finish

import thbstats as thb
from thbstats.geography import COMPOSITIONS
from thbstats.panel import Panel, Verdict

COUNTRIES = sorted(COMPOSITIONS["EU28"].members)
YEARS = [str(year) for year in range(2008, 2023)]
FORMS = ["sexual", "labour", "forced_begging", "forced_criminality", "organ_removal"]
ALLOWED = 1.0
"""Seconds."""


def table(seed: int = 2018) -> thb.CountTable:
    """Return victims by country, year and form; one cell in ten was not reported."""
    rng = np.random.default_rng(seed)
    rows = []
    for area in COUNTRIES:
        size = rng.integers(5, 400)
        for year in YEARS:
            counts = rng.poisson(size / np.arange(1, 7)).tolist()
            for form, number in zip([*FORMS, "unknown"], counts, strict=True):
                missing = form != "unknown" and rng.random() < 0.1
                formatted = thb.Count.not_reported() if missing else thb.Count.known(number)
                rows.append((area, year, form, formatted))
    return thb.CountTable.from_rows(
        rows,
        columns=["area", "period", "exploitation", "value"],
        kind="victims",
        status="registered",
        unit="persons",
    )


def numbers() -> Panel:
    """Return the shares of forms by country and year, without warnings."""
    options = {"by": ["area", "period"], "base": "known", "overlap": "exclusive"}
    complete = "exploitation"
    return thb.breakdown(table(), of=complete, complete_dimensions=complete, rules=(), **options)


def seconds(call: Callable[[], object]) -> tuple[float, float]:
    """Return processor time, and time elapsed time."""
    clock, start = perf_counter(), process_time()
    call()
    return process_time() - start, perf_counter() - clock


def main(repeats: int = 5, sample: int = 2000) -> None:
    start = perf_counter()
    grid = numbers()
    made = perf_counter() - start
    found = thb.compare_all(grid)
    rng = np.random.default_rng(15)
    chosen = rng.choice(len(found), size=min(sample, len(found)), replace=False).tolist()
    pairs = [(grid[int(found.first[i])], grid[int(found.second[i])]) for i in chosen]
    for place, (one, two) in zip(chosen, pairs, strict=True):
        assert thb.compare(one, two).verdict is list(Verdict)[found.verdicts[place]]
    whole, loop = [], []
    for _ in range(repeats):
        whole.append(seconds(lambda: thb.compare_all(grid).verdicts))
        taken, _ = seconds(lambda: [thb.compare(one, two) for one, two in pairs])
        loop.append(taken / len(pairs) * len(found))
    took, clock = (median(times) for times in zip(*whole, strict=True))
    plain = median(loop)
    verdicts = ", ".join(f"{number} {verdict.label}" for verdict, number in found.counts().items())
    rows = (
        ("compare_all, processor time", f"{took:.3f}", "1"),
        ("compare_all, elapsed time", f"{clock:.3f}", f"{clock / took:.2f}"),
        ("a loop over compare", f"{plain:,.0f}", f"{plain / took:,.0f}"),
    )
    judged = Table(
        title=f"{len(found):,} pairs of {len(grid):,} numbers",
        columns=("way", "s", "times compare_all"),
        rows=rows,
        notes=(f"Verdicts: {verdicts}.", f"The panel took {made:.2f} s."),
    )
    rule = Rule(what="all pairs, processor time", measured=took, allowed=ALLOWED, unit="s")
    finish(about=__doc__, tables=[judged], rules=[rule])


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
