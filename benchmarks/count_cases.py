"""Counting cases with all margins.

Every peer gets the same cases in its own form. All must give the same counts, which the benchmark
checks. Each repeat runs thbstats and the peers in turn, so that a busy machine slows all. Runs of
seconds are repeated twice. A table of DuckDB is made before its time is measured, and is
compressed; one way includes making it from the frame. MiB is the largest increase of resident
memory in the first call. Decision 87 states how many cases users have. The rules, on two cores:

- categories or text, 10^6 rows, 4 dimensions: at least 5 times as fast as pandas with every set;
- a second question of the same store of 10^6 texts: at least 10 times as fast as pandas;
- the step from counts to a breakdown with warnings takes less than 5 ms.

    python benchmarks/count_cases.py [share of the rows] [repeats] [--only WORDS]
"""

import argparse
from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
from _cases import FLAGS, SAID, as_categories, cases, frame_of
from _peers import connection, names_of, ways
from _section import Rule, Table, finish
from _timing import Times, Way, measured
from attrs import frozen

import thbstats as thb
from thbstats.cases import CaseStore
from thbstats.cases.coded_columns import FrameRows
from thbstats.tables import CountTable

SIX = {"sex": 4, "age": 3, "movement": 3, "exploitation": 24, "citizenship": 164, "area": 27}
FIVE = {name: size for name, size in SIX.items() if name != "movement"}
FOUR = {"sex": 4, "age": 3, "exploitation": 8, "citizenship": 50}
THREE = {"sex": 4, "exploitation": 8, "citizenship": 50}
TWO = {"sex": 4, "age": 3}

# What is counted: the kind of column, the number of rows, the dimensions.
QUESTIONS: tuple[tuple[str, int, Mapping[str, int]], ...] = (
    ("categories", 10**5, TWO),
    ("categories", 10**6, TWO),
    ("categories", 10**6, THREE),
    ("categories", 10**5, FOUR),
    ("categories", 10**6, FOUR),
    ("categories", 10**7, FOUR),
    ("categories", 10**6, FIVE),
    ("categories", 10**5, SIX),
    ("text", 10**5, FOUR),
    ("text", 10**6, FOUR),
    ("integers", 10**5, FOUR),
    ("integers", 10**6, FOUR),
)
PANDAS = "pandas groupby, every set"
CROSSED = 10**6
"""Rows up to which pandas makes cross tables, which take longer than its groups."""


@frozen(kw_only=True)
class Finding:
    """What was asked, what it took, and what is held to a rule."""

    question: str
    times: Times
    rules: tuple[Rule, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def table(self) -> Table:
        ours = next(iter(self.times.seconds))
        ordered = sorted(self.times.seconds, key=self.times.of)
        rows = tuple(
            (
                name,
                f"{self.times.of(name) * 1e3:,.1f}",
                f"{self.times.ratio(name, ours):,.2f}",
                f"{self.times.added[name]:,.0f}" if name in self.times.added else "",
            )
            for name in ordered
        )
        return Table(
            title=self.question,
            columns=("way", "ms", f"times {ours}", "MiB"),
            rows=rows,
            notes=self.notes,
        )


def faster(times: Times, than: str, allowed: float, question: str) -> Rule:
    own = "thbstats, second question" if question.endswith("second question") else "thbstats"
    return Rule(
        what=f"{question}: as fast as {than}",
        measured=times.ratio(than, own),
        allowed=allowed,
        unit="times",
        at_least=True,
    )


def asked(kind: str, rows: int, sizes: Mapping[str, int], repeats: int, share: float) -> Finding:
    frame = frame_of(kind, int(rows * share), sizes)
    cells = np.prod(list(sizes.values()))
    question = f"{len(sizes)} dimensions ({cells:,} cells), {kind}, {len(frame):,} rows"
    found = ways(frame, crossed=rows <= CROSSED and len(sizes) <= 4)
    times = measured(found, repeats)
    rules: tuple[Rule, ...] = ()
    if rows == 10**6 and len(sizes) == len(FOUR) and kind != "integers":
        rules = (faster(times, PANDAS, 5, question),)
    if (kind, rows) == ("text", 10**6):
        names = names_of(frame)
        store = CaseStore.of(frame, area="MT", **SAID)
        store.count(names)
        for _ in range(repeats):
            start = perf_counter()
            store.count(names)
            times.add("thbstats, second question", perf_counter() - start)
        rules += (faster(times, PANDAS, 10, f"{question}, second question"),)
    return Finding(question=question, times=times, rules=rules)


def forms_of(rows: int, repeats: int) -> Finding:
    """Count ten columns of yes, no and not recorded, by sex."""
    random = np.random.default_rng(2018)
    sex = as_categories(cases(rows, {"sex": 4}))
    flags = {
        name: random.choice(np.array([0, 1, -99], dtype=np.int8), rows, p=[0.85, 0.1, 0.05])
        for name in FLAGS
    }
    frame = sex.assign(**flags)
    arrow = pa.Table.from_pandas(frame, preserve_index=False)
    polar, duck = pl.from_pandas(frame), connection(arrow)

    def sums(found: pd.DataFrame) -> np.ndarray:
        by_sex = found.set_index(found["sex"].astype("str"))[FLAGS].sort_index()
        return by_sex.to_numpy(dtype=np.int64)

    def from_columns(table: CountTable) -> np.ndarray:
        found = table.to_frame().pivot_table("lower", "sex", "exploitation", observed=True)
        found = found.loc[[name for name in found.index if name != "total"], FLAGS]
        return sums(found.reset_index())

    asked_for = ", ".join(f"count(*) filter ({name} = 1) as {name}" for name in FLAGS)
    said = {"multi": {"exploitation": {name: name for name in FLAGS}}, "missing": [-99], **SAID}
    names = ["sex", "exploitation"]
    found = [
        Way(
            name="thbstats",
            call=lambda: CaseStore.of(frame, area="MT", **said).count(names),
            answer=from_columns,
        ),
        Way(
            name="polars, sums",
            call=lambda: polar.group_by("sex").agg((pl.col(n) == 1).sum() for n in FLAGS),
            answer=lambda one: sums(one.to_pandas()),
        ),
        Way(
            name="DuckDB, filters",
            call=lambda: duck.execute(f"select sex, {asked_for} from cases group by sex").df(),
            answer=sums,
        ),
        Way(
            name="DuckDB, filters on Arrow",
            call=lambda: duck.execute(
                f"select sex, {asked_for} from arrow_cases group by sex"
            ).df(),
            answer=sums,
        ),
        Way(
            name="pandas, sums",
            call=lambda: (frame[FLAGS] == 1).groupby(frame["sex"], observed=True).sum(),
            answer=lambda one: sums(one.reset_index()),
        ),
    ]
    return Finding(
        question=f"10 columns of yes, no and not recorded, by sex, {rows:,} rows",
        times=measured(found, repeats),
        notes=(
            "The peers count answers of yes. thbstats also counts missing answers and cases "
            "without a form, and stores the combinations of forms.",
        ),
    )


def overhead(repeats: int) -> Finding:
    """Time what is not counting: from the rows of a small frame to a breakdown with warnings."""
    frame = as_categories(cases(1000, FOUR))
    names = names_of(frame)
    times = Times()

    def whole() -> Any:
        table = CaseStore.of(frame, area="MT", **SAID).count(names)
        return thb.breakdown(table, of="exploitation", base="known").warnings

    def counting() -> Any:
        return [FrameRows.of(frame).column(name).frequencies() for name in names]

    whole()
    for _ in range(max(repeats, 5) * 3):
        for name, call in (("whole", whole), ("counting", counting)):
            start = perf_counter()
            call()
            times.add(name, perf_counter() - start)
    pairs = zip(times.seconds["whole"], times.seconds["counting"], strict=True)
    spent = float(np.median([one - other for one, other in pairs]))
    question = "a finished breakdown with warnings, 4 dimensions, 1,000 rows"
    rule = Rule(what=f"{question}; next to counting", measured=spent * 1e3, allowed=5, unit="ms")
    return Finding(question=question[0].upper() + question[1:], times=times, rules=(rule,))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("share", nargs="?", type=float, default=1.0)
    parser.add_argument("repeats", nargs="?", type=int, default=5)
    parser.add_argument("--only", default="")
    given = parser.parse_args()
    found: list[Callable[[], Finding]] = [
        lambda q=question: asked(*q, given.repeats, given.share)
        for question in QUESTIONS
        if given.only in f"{len(question[2])} {question[0]} {question[1]}"
    ]
    if not given.only:
        found.append(lambda: forms_of(int(10**6 * given.share), given.repeats))
        found.append(lambda: overhead(given.repeats))
    findings = [make() for make in found]
    finish(
        about=__doc__,
        tables=[finding.table for finding in findings],
        rules=[rule for finding in findings for rule in finding.rules],
    )


if __name__ == "__main__":
    main()
