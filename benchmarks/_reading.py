"""Time of reading a file, in calls of pandas.read_csv on it."""

from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter, process_time

import pandas as pd
from _section import Rule, Table

__all__ = ["compare_with_pandas"]

ALLOWED = 2.5
ITSELF, ARROW, OURS = "pandas.read_csv", "pandas.read_csv, pyarrow strings", "thbstats"


def seconds(call: Callable[[], object]) -> tuple[float, float]:
    """Return how long a call takes by the clock, and how long processors are busy with it."""
    clock, busy = perf_counter(), process_time()
    call()
    return perf_counter() - clock, process_time() - busy


def by_pandas(path: Path, storage: str) -> None:
    with pd.option_context("mode.string_storage", storage):
        pd.read_csv(path)


def compare_with_pandas(
    path: Path, read: Callable[[], object], repeats: int, *, title: str, notes: tuple[str, ...] = ()
) -> tuple[Table, tuple[Rule, ...]]:
    """Time a reader and pandas in turn, and return the best elapsed time of each.

    The rule uses the default parser of pandas. With pyarrow, pandas 3.1 and later parse pieces of a
    file on all processors in compiled code; this time is shown without a rule.
    """
    ways: dict[str, Callable[[], object]] = {ITSELF: lambda: by_pandas(path, "python")}
    if find_spec("pyarrow"):
        ways[ARROW] = lambda: by_pandas(path, "pyarrow")
    ways[OURS] = read
    spent: Mapping[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for _ in range(repeats):
        for name, call in ways.items():
            spent[name].append(seconds(call))
    clock, busy = (
        {name: min(each[place] for each in found) for name, found in spent.items()}
        for place in (0, 1)
    )
    table = Table(
        title=title,
        columns=("way, the best of each", "ms by the clock", "ms of processors", "thbstats takes"),
        rows=tuple(
            (
                name,
                f"{clock[name] * 1e3:,.1f}",
                f"{busy[name] * 1e3:,.1f}",
                f"{clock[OURS] / clock[name]:.2f}",
            )
            for name in ways
        ),
        notes=notes,
    )
    rules = [
        Rule(
            what=f"in readings by {name}",
            measured=clock[OURS] / clock[name],
            allowed=ALLOWED if name == ITSELF else None,
        )
        for name in ways
        if name != OURS
    ]
    return table, tuple(rules)
