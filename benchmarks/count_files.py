"""Counting cases in Parquet files, next to SQL written by hand.

The SQL runs on the same engine, DuckDB, with its defaults. `count_cases` opens the engine at every
call and is compared with SQL that does the same. A store that exists already is compared with SQL
on an open connection. Each repeat runs all of them in turn, so that a busy machine slows all. All
must give the same counts, which the benchmark checks.

The rules, on two cores, for four columns of text:

- 10^7 rows and more: at most 1.1 times as long as SQL that groups by the four columns, which gives
  no totals;
- at most 700 MiB of resident memory, with Python and all libraries, and at most 1.5 times as much
  for the largest file as for the smallest.

    python benchmarks/count_files.py [largest power of ten] [repeats] [--folder FOLDER]

The default of the largest power is 7. The files of a power are written once into the folder. Those
of 8 have 0.2 GB.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import NoReturn

import duckdb
from _section import Rule, Table, finish

from thbstats.cases import CaseStore, count_cases
from thbstats.geography import COUNTRIES

RATIO, MEMORY, GROWTH = 1.1, 700.0, 1.5
FROM = 7
"""Rows below this power of ten take so little that a ratio says nothing."""
WORDS = {
    "sex": ["female", "male", "other", "unknown"],
    "age": ["child", "adult", "unknown"],
    "exploitation": [
        *("sexual", "domestic_servitude", "forced_begging", "forced_criminality"),
        *("benefit_fraud", "forced_marriage", "organ_removal", "unknown"),
    ],
    "citizenship": [country.code for country in COUNTRIES][:50],
}
SAID = {"area": "MT", "period": 2020}
KEYS = ", ".join(WORDS)

# What a process of its own does, so that nothing else is in its memory.
ALONE = """
import resource, sys
from pathlib import Path
from thbstats.cases import count_cases
count_cases(sys.argv[1], sys.argv[2].split(", "), area="MT", period=2020)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
if sys.platform == "linux":  # the figure of a new process includes the memory of its parent
    lines = Path("/proc/self/status").read_text().splitlines()
    peak = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))
print(peak)
"""


def written(folder: Path, power: int) -> Path:
    """Return a file of made-up cases; the shares of the words are uneven."""
    path = folder / f"cases_1e{power}.parquet"
    if path.exists():
        return path
    columns = []
    for place, (name, words) in enumerate(WORDS.items()):
        share = f"(hash(i * 4 + {place}) / 18446744073709551615.0)"
        listed = ", ".join(f"'{word}'" for word in words)
        columns.append(
            f"[{listed}][1 + least({len(words) - 1}, "
            f"floor({len(words)} * pow({share}, 2)))::INT] AS {name}"
        )
    with duckdb.connect(config={"preserve_insertion_order": "false"}) as connection:
        connection.execute(
            f"COPY (SELECT {', '.join(columns)} FROM range({10**power}) t(i)) "
            f"TO '{path}' (ROW_GROUP_SIZE 1_000_000)"
        )
    return path


def seconds(call: Callable[[], object]) -> float:
    start = perf_counter()
    call()
    return perf_counter() - start


def memory(path: Path) -> float:
    """Return the MiB that were resident at most in a process that counts the file."""
    command = [sys.executable, "-c", ALONE, str(path), KEYS]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    return int(found.stdout) / (2**20 if sys.platform == "darwin" else 2**10)


def check(path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    """End where the counts are not those of the SQL."""
    table = count_cases(path, list(WORDS), **SAID).to_frame().set_index(list(WORDS))["lower"]
    query = f"SELECT {KEYS}, count(*) FROM '{path}' GROUP BY CUBE ({KEYS})"
    for *words, cases in connection.sql(query).fetchall():
        found = table[tuple("total" if word is None else word for word in words)]
        if int(found) != cases:
            sys.exit(f"{words}: {found} cases, and {cases} by SQL")


def ways_of(path: Path, connection: duckdb.DuckDBPyConnection) -> dict[str, Callable[[], object]]:
    grouped = f"SELECT {KEYS}, count(*) FROM '{path}' GROUP BY {KEYS}"
    cube = f"SELECT {KEYS}, count(*) FROM '{path}' GROUP BY CUBE ({KEYS})"
    store = CaseStore.of(path, **SAID)

    def opened() -> object:
        with duckdb.connect() as its_own:
            return its_own.sql(grouped).fetchall()

    return {
        "count_cases": lambda: count_cases(path, list(WORDS), **SAID),
        "SQL, opened": opened,
        "store.count": lambda: store.count(list(WORDS)),
        "SQL": lambda: connection.sql(grouped).fetchall(),
        "CUBE": lambda: connection.sql(cube).fetchall(),
    }


def held(power: int, times: list[dict[str, float]]) -> list[Rule]:
    """Return the rules of time, which hold from 10^7 rows on."""
    pairs = {
        "one call": ("count_cases", "SQL, opened"),
        "a question of a store": ("store.count", "SQL"),
    }
    return [
        Rule(
            what=f"10^{power} rows: {name}, in queries by hand",
            measured=median(each[ours] / each[theirs] for each in times),
            allowed=RATIO if power >= FROM else None,
        )
        for name, (ours, theirs) in pairs.items()
    ]


def main(largest: int, repeats: int, folder: Path) -> NoReturn:
    rules, rows, resident = [], [], []
    connection = duckdb.connect()
    names: list[str] = []
    for power in range(min(6, largest), largest + 1):
        path = written(folder, power)
        check(path, connection)
        ways = ways_of(path, connection)
        for name in ways:
            ways[name]()
        times = [{name: seconds(call) for name, call in ways.items()} for _ in range(repeats)]
        rules += held(power, times)
        resident.append(memory(path))
        names = list(ways)
        medians = (f"{median(each[name] for each in times):.3f}" for name in ways)
        rows.append((f"10^{power}", *medians, f"{resident[-1]:.0f}"))
    rules += [
        Rule(what="resident at most", measured=max(resident), allowed=MEMORY, unit="MiB"),
        Rule(
            what="resident for the largest, in times of the smallest",
            measured=resident[-1] / resident[0],
            allowed=GROWTH,
        ),
    ]
    table = Table(
        title=f"{KEYS}, seconds",
        columns=("rows", *names, "MiB of a process with one call"),
        rows=tuple(rows),
    )
    finish(about=__doc__, tables=[table], rules=rules)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Count cases in files, against SQL by hand.")
    parser.add_argument("largest", nargs="?", type=int, default=7)
    parser.add_argument("repeats", nargs="?", type=int, default=7)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        main(given.largest, given.repeats, given.folder or Path(scratch))
