"""Filling an annual return, next to its counts.

The register has 10^6 synthetic victims in memory. Rule: the return of Article 19a, with groups of
citizenship, remarks and missing cells, takes at most 1.1 times the time of counting the cases in
total and by each of its five breakdowns. Each repeat times both in turn, with a new store.

    python benchmarks/fill_return.py [rows] [repeats]
"""

import sys
from statistics import median
from time import perf_counter

import numpy as np
import pandas as pd
from _section import Rule, Table, finish

import thbstats as thb
from thbstats.cases import CaseStore
from thbstats.testing import case_declarations, case_frame

ALLOWED = 1.1
BODIES = ("police", "ngo", "labour_inspection", "immigration")


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 10**6
    repeats = int(sys.argv[2]) if len(sys.argv) > 2 else 9
    cases = case_frame(rows, seed=1, areas=("IT",), years=(2025,), forms="list")
    cases["register"] = pd.Categorical.from_codes(np.arange(rows) % len(BODIES), pd.Index(BODIES))
    declared = {key: own for key, own in case_declarations("list").items() if key != "status"}
    plan = thb.collection.plan("article-19a")
    names = plan["victims"].dimensions
    filled, counted = [], []
    for _ in range(repeats):
        start = perf_counter()
        store = CaseStore.of(cases, **declared)
        tables = [store.count(by=name) for name in names] + [store.count()]
        middle = perf_counter()
        ret = plan.fill({"victims": cases}, area="IT", period=2025, **declared)
        filled.append(perf_counter() - middle)
        counted.append(middle - start)
    if ret["victims"].count(register="all") != tables[-1].count():
        sys.exit("the return and the table have different totals")
    table = Table(
        title=f"{rows:,} cases, five breakdowns",
        columns=("way", "ms"),
        rows=(
            ("return", f"{median(filled) * 1e3:.0f}"),
            ("counts", f"{median(counted) * 1e3:.0f}"),
        ),
    )
    ratio = median(own / base for own, base in zip(filled, counted, strict=True))
    rule = Rule(what="the return, in times of its counts", measured=ratio, allowed=ALLOWED)
    finish(about=__doc__, tables=[table], rules=[rule])


if __name__ == "__main__":
    main()
