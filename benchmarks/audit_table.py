"""Audit of a million published percentages.

Rule: the audit of a frame with a million shares and a candidate denominator takes less than two
seconds of processor time. This includes reading the columns and the verdicts. Sentences are made
when a user reads them. The first loop rounds floats, as a script would, and is wrong about some
figures that end in a half. The second loop uses exact fractions. The time of the loops is
extrapolated from a sample. Neither loop uses the candidate denominator.

    python benchmarks/audit_table.py [rows] [repeats]
"""

import sys
from collections.abc import Callable
from fractions import Fraction
from statistics import median
from time import perf_counter, process_time

import numpy as np
import pandas as pd
from _section import Rule, Table, finish

import thbstats as thb
from thbstats.auditing import ClaimVerdict

ALLOWED = 2.0
"""Seconds for a million rows."""

SAMPLE = 50_000


def table(rows: int, seed: int = 2018) -> pd.DataFrame:
    """Return true shares rounded half up, one decimal; one in a hundred has a digit that is off."""
    rng = np.random.default_rng(seed)
    base = rng.integers(1, 200_000, rows)
    part = rng.integers(0, base + 1)
    digits = (2000 * part + base) // (2 * base)
    digits += rng.choice([-2, 0, 2], rows, p=[0.005, 0.99, 0.005])
    digits = np.clip(digits, 0, 1000)
    texts = np.array([f"{each // 10}.{each % 10} %" for each in range(1001)], dtype=object)
    return pd.DataFrame(
        {
            "id": np.arange(rows),
            "kind": "share",
            "numerator": part,
            "denominator": base,
            "printed": texts[digits],
            "known": base - rng.integers(0, base // 10 + 1),
        }
    )


def by_floats(rows: list[tuple[int, int, str]]) -> list[bool]:
    """Say of each figure whether Python's round gives it."""
    return [round(100 * part / base, 1) == float(text.rstrip(" %")) for part, base, text in rows]


def by_fractions(rows: list[tuple[int, int, str]]) -> list[bool]:
    """Say of each figure whether rounding to the nearest, halves either way, gives it."""
    half = Fraction(1, 20)
    return [
        abs(100 * Fraction(part, base) - Fraction(text.rstrip(" %"))) <= half
        for part, base, text in rows
    ]


def seconds(call: Callable[[], object]) -> tuple[float, float]:
    """Return processor time, and time by the clock."""
    clock, start = perf_counter(), process_time()
    call()
    return process_time() - start, perf_counter() - clock


def main(rows: int = 1_000_000, repeats: int = 5) -> None:
    frame = table(rows)
    found = thb.audit(frame)
    sample = list(
        frame[["numerator", "denominator", "printed"]].head(SAMPLE).itertuples(index=False)
    )
    exact = by_fractions(sample)
    confirmed = list(ClaimVerdict).index(ClaimVerdict.CONFIRMED)
    assert (found.verdicts[: len(sample)] == confirmed).tolist() == exact
    wrong = sum(one != other for one, other in zip(by_floats(sample), exact, strict=True))
    whole = [seconds(lambda: thb.audit(frame)) for _ in range(repeats)]
    took, clock = (median(times) for times in zip(*whole, strict=True))
    pace = rows / len(sample)
    floats, fractions = (
        pace * median(seconds(lambda loop=loop: loop(sample))[0] for _ in range(repeats))
        for loop in (by_floats, by_fractions)
    )
    _, read = seconds(lambda: [each.message for each in found.where("contradicted")])
    allowed = ALLOWED * rows / 1_000_000
    table_of = Table(
        title=f"{rows:,} shares: {found.heading}",
        columns=("way", "s", "times audit_table"),
        rows=(
            ("audit_table, of the processor", f"{took:.2f}", "1"),
            ("audit_table, by the clock", f"{clock:.2f}", f"{clock / took:.2f}"),
            ("a loop that rounds floats", f"{floats:.2f}", f"{floats / took:.1f}"),
            ("a loop over fractions", f"{fractions:.2f}", f"{fractions / took:.1f}"),
        ),
        notes=(
            f"Of {len(sample):,} verdicts of floats {wrong} are wrong.",
            f"{len(found.issues):,} sentences about contradicted shares: {read:.1f} s.",
        ),
    )
    rule = Rule(what=f"{rows:,} shares, of the processor", measured=took, allowed=allowed, unit="s")
    finish(about=__doc__, tables=[table_of], rules=[rule])


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
