"""Import time over numpy, pandas and attrs.

Rule: ``import thbstats`` adds at most 50 ms. Its names are loaded on first use, and libraries that
few users need are loaded on first use too. The time of loading every name is shown as a share of
the time of the other imports in the same run.
"""

import subprocess
import sys

from _section import Rule, finish

BUDGET_MS = 50.0
RUNS = 7
LOADED_WHEN_USED = (
    "duckdb",
    "matplotlib",
    "narwhals",
    "polars",
    "pyarrow",
    "rich",
    "scipy",
)

# pandas itself may load pyarrow: what counts is what comes with thbstats.
MEASURE = f"""
import sys, time
begin = time.perf_counter()
import numpy, pandas, attrs
before = set(sys.modules)
start = time.perf_counter()
import thbstats
added = time.perf_counter() - start
for name in thbstats.__all__:
    if name != "plots":  # is matplotlib's part: to name it is to use it
        getattr(thbstats, name)
print(1000 * added, (time.perf_counter() - start) / (start - begin))
print(*sorted((set(sys.modules) - before) & set({LOADED_WHEN_USED!r})))
"""

ALONE = """
import sys, thbstats.formulas
print(*sorted({"pandas"} & set(sys.modules)))
"""


def lines(code: str) -> list[str]:
    """Run code in a fresh interpreter and return the lines it prints."""
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return run.stdout.split("\n")


def main() -> None:
    """Tell the figures; it ends with 1 if one of them misses its budget."""
    lines(MEASURE)  # the first run writes the byte code
    runs = [lines(MEASURE) for _ in range(RUNS)]
    figures = [[float(figure) for figure in run[0].split()] for run in runs]
    best, share = (min(column) for column in zip(*figures, strict=True))
    early, pandas = runs[0][1], lines(ALONE)[0]
    unused = len(early.split()) + len(pandas.split())
    rules = [
        Rule(
            what=f"what import thbstats adds, the best of {RUNS}",
            measured=best,
            allowed=BUDGET_MS,
            unit="ms",
        ),
        Rule(
            what="loading every name, as a share of importing numpy, pandas and attrs",
            measured=100 * share,
            unit="%",
        ),
        Rule(
            what="libraries loaded and not used: " + (f"{early} {pandas}".strip() or "none"),
            measured=unused,
            allowed=0,
        ),
    ]
    finish(about=__doc__, rules=rules)


if __name__ == "__main__":
    main()
