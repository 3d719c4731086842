"""Secondary suppression of synthetic registers, next to GaussSuppression.

Registers of victims by sex, age, citizenship, form of exploitation and year, with all margins and
a threshold of 5. Zeros are published. thbstats requires that the interval of each primary cell
contains 0 to 4; GaussSuppression protects from exact disclosure. Its sums of secondary counts and
its times are recorded, not measured by this script: R 4.5.0, GaussSuppression 1.0.0
(`SuppressSmallCounts`, maxN = 4), on the same tables and another day on a machine of the same kind.
Sizes from 3,000 cells are not part of a short run.

    python benchmarks/suppress.py [cells ...] [--plot FILE]
"""

import sys
from time import process_time

from _registers import SIZES, register
from _section import Rule, Table, finish

from thbstats.disclosure import suppress

RECORDED = {
    48: (262, 0.08),
    192: (1_402, 0.07),
    208: (1_663, 0.06),
    768: (3_814, 0.36),
    1_056: (6_173, 0.35),
    3_072: (24_271, 2.4),
    3_168: (9_739, 3.3),
    9_984: (43_240, 8.7),
    10_080: (64_640, 31.0),
}
LIMITS = {1_056: 5.0, 9_984: 60.0, 10_080: 120.0}
SHORT = (48, 192, 208, 768, 1_056)


def main(sizes: list[int], plot: str = "") -> None:
    """Measure the sizes in processor time, which other jobs of the machine do not slow."""
    rows, rules, times = [], [], {}
    for size in sizes:
        table = register(size)
        start = process_time()
        safe = suppress(
            table, fewer_than=5, protect_contributors=False, time_limit=90 if size > 3_000 else 10
        )
        took = process_time() - start
        times[size] = took
        other, seconds = RECORDED[size]
        rows.append(
            (
                f"{size:,}",
                f"{len(safe.primary.rows):,}",
                f"{len(safe.secondary):,}",
                f"{safe.cost:,}",
                f"{took:.2f}",
                f"{other:,}",
                f"{seconds:.2f}",
                f"{safe.cost / other:.2f}",
            )
        )
        if size in LIMITS:
            name = f"{size:,} cells, processor time"
            rules.append(Rule(what=name, measured=took, allowed=LIMITS[size], unit="s"))
        if size == 10_080:
            what = "10,080 cells in one block: sum, in sums of GaussSuppression"
            rules.append(Rule(what=what, measured=safe.cost / other, allowed=1.3))
    table = Table(
        title="Sum of the secondary counts and processor time",
        columns=(
            *("cells", "primary", "secondary", "sum", "s"),
            *("GaussSuppression, sum", "s (recorded)", "ratio of sums"),
        ),
        rows=tuple(rows),
    )
    if plot:
        draw(times, plot)
    finish(about=__doc__, tables=[table], rules=rules)


def draw(times: dict[int, float], path: str) -> None:
    """Plot the processor time and the recorded time of GaussSuppression by size."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 4), layout="constrained")
    axes = figure.add_subplot()
    sizes = sorted(times)
    axes.loglog(sizes, [times[size] for size in sizes], "o-", label="thbstats, 0 to 4 possible")
    recorded = [RECORDED[size][1] for size in sizes]
    axes.loglog(sizes, recorded, "s--", label="GaussSuppression, not exact (recorded)")
    axes.set(xlabel="cells", ylabel="seconds", title="Secondary suppression by size of the table")
    axes.legend()
    figure.savefig(path)


if __name__ == "__main__":
    given = sys.argv[1:]
    plot = given[given.index("--plot") + 1] if "--plot" in given else ""
    sizes = [int(text) for text in given if text.isdecimal()]
    main(sizes or [size for size in SIZES if size in SHORT], plot)
