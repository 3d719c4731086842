"""Counting a wide file of cases in one call, in readings by pandas.

The file has the shape of CTDC's k-anonymised file: 10^5 rows of 63 columns, most of them 0, 1 or
empty. Rule: from the path to a table by year, sex, age and form with all totals takes less than
twice the time of pandas.read_csv. Each repeat times both in turn.

    python benchmarks/count_ctdc.py [rows] [repeats]
"""

import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
import pandas as pd
from _section import Rule, Table, finish

from thbstats.cases import count_cases
from thbstats.tables import CountTable

ALLOWED = 2.0
FORMS = {"sexual": "isSexualExploit", "labour": "isForcedLabour", "other": "isOtherExploit"}


def written(folder: Path, rows: int) -> Path:
    """Write made-up cases; what is recorded comes and goes together, as in such files."""
    random = np.random.default_rng(2018)
    recorded = random.random(rows) < 0.7
    columns = {
        "yearOfRegistration": random.integers(2002, 2020, rows).astype(str),
        "gender": random.choice(
            ["Woman", "Man", "Transgender", ""], rows, p=[0.7, 0.25, 0.01, 0.04]
        ),
        "majorityStatus": random.choice(["Adult", "Minor", ""], rows, p=[0.6, 0.2, 0.2]),
        "citizenship": random.choice(["PHL", "UKR", "MDA", "USA", "-99"], rows),
        "Datasource": random.choice(["Case Management", "Hotline"], rows),
    }
    for number in range(63 - len(columns)):
        name = [*FORMS.values(), *(f"means{place}" for place in range(63))][number]
        said = np.where(random.random(rows) < 0.2, "1", "0")
        columns[name] = np.where(recorded, said, "-99" if number % 2 else "")
    path = folder / "ctdc.csv"
    pd.DataFrame(columns).to_csv(path, index=False)
    return path


def counted(path: Path) -> CountTable:
    """Return the table, in one call."""
    return count_cases(
        str(path),
        ["period", "sex", "age", "exploitation"],
        columns={"period": "yearOfRegistration", "sex": "gender", "age": "majorityStatus"},
        multi={"exploitation": FORMS},
        recode={
            "sex": {"Woman": "female", "Man": "male", "Transgender": "other"},
            "age": {"Minor": "child"},
        },
        missing=[None, "", "-99"],
        area="US",
    )


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 10**5
    repeats = int(sys.argv[2]) if len(sys.argv) > 2 else 9
    with tempfile.TemporaryDirectory() as name:
        path = written(Path(name), rows)
        women = int((pd.read_csv(path)["gender"] == "Woman").sum())
        found = counted(path).where(sex="female", age="total", exploitation="total").lower.sum()
        if found != women:
            sys.exit(f"{found} women were counted, and the file has {women}")
        ours, theirs = [], []
        for _ in range(repeats):
            start = perf_counter()
            pd.read_csv(path)
            middle = perf_counter()
            counted(path)
            theirs.append(middle - start)
            ours.append(perf_counter() - middle)
    ratio = median(one / other for one, other in zip(ours, theirs, strict=True))
    table = Table(
        title=f"{rows:,} rows of 63 columns",
        columns=("way", "ms"),
        rows=(
            ("counted", f"{median(ours) * 1e3:.0f}"),
            ("pandas.read_csv", f"{median(theirs) * 1e3:.0f}"),
        ),
    )
    rule = Rule(what="one call, in readings by pandas", measured=ratio, allowed=ALLOWED)
    finish(about=__doc__, tables=[table], rules=[rule])


if __name__ == "__main__":
    main()
