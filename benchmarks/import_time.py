"""Measure what thbstats adds to the time that importing numpy and pandas takes.

Budget: 50 ms for every name that thbstats exports; and libraries that only some uses need stay
unloaded until one of them does.
"""

import subprocess
import sys

BUDGET_MS = 50.0
RUNS = 7
LOADED_WHEN_USED = ("cattrs", "duckdb", "matplotlib", "narwhals", "polars", "pyarrow", "scipy")

# pandas itself may load pyarrow: what counts is what comes with thbstats.
MEASURE = f"""
import sys, time, numpy, pandas
before = set(sys.modules)
start = time.perf_counter()
import thbstats
for name in getattr(thbstats, "__all__", ()):
    getattr(thbstats, name)
print(1000 * (time.perf_counter() - start))
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


def main() -> int:
    """Print the figures; return 1 if one of them misses its budget."""
    lines(MEASURE)  # the first run writes the byte code
    runs = [lines(MEASURE) for _ in range(RUNS)]
    best = min(float(run[0]) for run in runs)
    early, pandas = runs[0][1], lines(ALONE)[0]
    print(f"thbstats after numpy and pandas: {best:.1f} ms (best of {RUNS}, budget {BUDGET_MS} ms)")
    print(f"loaded though not used: {early or 'nothing'}")
    print(f"loaded by thbstats.formulas though not needed: {pandas or 'nothing'}")
    return int(best > BUDGET_MS or bool(early) or bool(pandas))


if __name__ == "__main__":
    sys.exit(main())
