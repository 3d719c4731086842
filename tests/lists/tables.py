"""Published tables of lists, and the results of other software on them."""

import csv
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

from thbstats.lists import Lists, read

VECTORS = Path(__file__).parent / "vectors"
NAMES = {
    "Korea": "korea_3",
    "Kosovo": "kosovo_4",
    "UKdat_5": "uk_2013_5",
    "UKdat": "uk_2013_6",
    "NewOrl_5": "new_orleans_2016_5",
    "NewOrl": "new_orleans_2016_8",
    "PWID": "pwid_brussels_3",
    "Polish": "polish_netherlands_2",
    "Artificial": "artificial_3",
}


@cache
def lists(name: str) -> Lists:
    path = VECTORS / "tables" / f"{NAMES[name]}.csv"
    return read(path, count="count", complete=True)


def rows(path: str, delimiter: str = ",") -> list[dict[str, str]]:
    with (VECTORS / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def seconds(call: Callable[[], object]) -> float:
    """Return the processor time of the fastest of three calls; other processes do not count."""
    times = []
    for _ in range(3):
        start = time.process_time()
        call()
        times.append(time.process_time() - start)
    return min(times)
