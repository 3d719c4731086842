"""How long it takes to count cases with all margins, against what people would use instead.

Every peer gets the same cases in its own form and must give the same counts, which is checked.
Each repeat runs thbstats and the peers one after the other, so that a busy machine slows all.
The rules, on two cores, for the fastest peer:

- categories, 10^7 rows, 4 dimensions: at least 2.5 times as fast, and 30 times as fast as pandas;
- categories, 5 dimensions with 1.28 million cells: at least 5 times as fast;
- text, 5 * 10^6 rows, 4 dimensions: faster, and at most 1.15 times one encoding of the columns by
  the fastest encoder; a second question of the same store at least 15 times as fast as any peer;
- what is not counting (from the counts to a breakdown with warnings) takes less than 5 ms.

    python benchmarks/count_cases.py [share of the rows] [repeats] [--page FILE]
"""

import argparse
import gc
import sys
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
from attrs import field, frozen

import thbstats as thb
from thbstats.cases import CaseStore
from thbstats.counting import slots_of
from thbstats.geography import COMPOSITIONS, COUNTRIES
from thbstats.records import schema_of
from thbstats.tables import CountTable

SAID = {"period": 2020, "status": "registered"}
# The finest of our words: a wider one would be a row that no peer makes.
FORMS = [
    *("prostitution", "pornography", "live_web_cameras", "other_sexual"),
    *("construction", "agriculture", "forestry", "manufacturing", "catering", "care", "cleaning"),
    *("domestic_work", "entertainment", "fishing", "hospitality", "retail", "transportation"),
    *("other_labour", "forced_begging", "forced_criminality", "benefit_fraud", "organ_removal"),
    *("forced_marriage", "unknown"),
]
CITIZENSHIPS = [*[country.code for country in COUNTRIES][:163], "unknown"]
VALUES: Mapping[str, Sequence[str]] = {
    "sex": ["female", "male", "other", "unknown"],
    "age": ["child", "adult", "unknown"],
    "movement": ["internal", "cross_border", "unknown"],
    "exploitation": FORMS,
    "citizenship": CITIZENSHIPS,
    "area": sorted(COMPOSITIONS["EU27_2020"].members),
}
FLAGS = FORMS[:10]
SCHEMA = schema_of("victims")

Answer = Callable[[Any], pd.DataFrame]


@frozen(kw_only=True)
class Way:
    """A way to count: the call that is timed, and what makes its answer comparable."""

    name: str
    call: Callable[[], Any]
    answer: Answer


@frozen(kw_only=True)
class Times:
    """Seconds of every repeat, by way."""

    seconds: dict[str, list[float]] = field(factory=dict)

    def of(self, name: str) -> float:
        return median(self.seconds[name])

    def ratio(self, slow: str, fast: str) -> float:
        """Return the median of how many times as long one took as the other beside it."""
        pairs = zip(self.seconds[slow], self.seconds[fast], strict=True)
        return median(one / other for one, other in pairs)


def cases(rows: int, sizes: Mapping[str, int], seed: int = 2018) -> dict[str, np.ndarray]:
    """Return codes of made-up cases; the columns are independent, the shares uneven."""
    random = np.random.default_rng(seed)
    found = {}
    for name, size in sizes.items():
        shares = 1.0 / np.arange(1, size + 1) ** 0.5
        steps = np.cumsum(shares / shares.sum())
        codes = np.searchsorted(steps, random.random(rows, dtype=np.float32)).clip(0, size - 1)
        found[name] = codes.astype(np.int16 if size > 127 else np.int8)
    return found


def as_categories(codes: Mapping[str, np.ndarray]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            name: pd.Categorical.from_codes(column, VALUES[name][: int(column.max()) + 1])
            for name, column in codes.items()
        }
    )


def totals(names: Sequence[str]) -> list[list[str]]:
    """Return the sets of dimensions that stay apart: an area always does."""
    free = [name for name in names if SCHEMA[name].total is not None]
    kept = [name for name in names if name not in free]
    return [[*kept, *some] for n in range(len(free) + 1) for some in combinations(free, n)]


def tidy(names: Sequence[str], frames: Sequence[pd.DataFrame]) -> np.ndarray:
    """Return one number for each cell with cases, in order: equal answers give equal arrays."""
    parts = []
    for frame in frames:
        part = pd.DataFrame({"n": frame["n"].to_numpy(dtype=np.int64)})
        for name in names:
            part[name] = frame[name].astype("str").to_numpy() if name in frame else "total"
        parts.append(part[part["n"] > 0].astype(dict.fromkeys(names, "category")))
    hashes = [
        pd.util.hash_pandas_object(part[["n", *names]].astype(dict.fromkeys(names, "str")), False)
        for part in parts
    ]
    return np.sort(np.concatenate([part.to_numpy() for part in hashes]))


def of_table(names: Sequence[str], table: CountTable) -> np.ndarray:
    """Return the cells of a table of which the peers know: without wider categories."""
    frame = table.to_frame().rename(columns={"lower": "n"})
    for name in names:
        frame = frame[frame[name].isin([*VALUES[name], "total"])]
    return tidy(names, [frame])


def of_cube(names: Sequence[str], columns: Mapping[str, Any]) -> np.ndarray:
    frame = pd.DataFrame({"n": columns["n"]})
    for name in names:
        found = np.ma.asarray(columns[name])
        frame[name] = np.where(np.ma.getmaskarray(found), "total", found.filled("").astype(object))
    return tidy(names, [frame])


def in_pandas(frame: pd.DataFrame, names: Sequence[str]) -> list[pd.DataFrame]:
    return [
        frame.groupby(some, observed=True).size().rename("n").reset_index()
        if some
        else pd.DataFrame({"n": [len(frame)]})
        for some in totals(names)
    ]


def in_polars(frame: pl.DataFrame, names: Sequence[str], *, summed: bool) -> list[pl.DataFrame]:
    if not summed:
        return [
            frame.group_by(some).agg(pl.len().alias("n"))
            if some
            else frame.select(pl.len().alias("n"))
            for some in totals(names)
        ]
    base = frame.group_by(list(names)).agg(pl.len().alias("n"))
    return [
        base.group_by(some).agg(pl.col("n").sum()) if some else base.select(pl.col("n").sum())
        for some in totals(names)
    ]


def in_arrow(table: pa.Table, names: Sequence[str]) -> list[pa.Table]:
    base = table.group_by(list(names)).aggregate([([], "count_all")])
    base = base.rename_columns([*names, "n"])
    return [
        base.group_by(some).aggregate([("n", "sum")]).rename_columns([*some, "n"])
        for some in totals(names)
    ]


def cube_query(names: Sequence[str], source: str) -> str:
    free = [name for name in names if SCHEMA[name].total is not None]
    kept = [name for name in names if name not in free]
    groups = ", ".join([*kept, f"cube ({', '.join(free)})"])
    return f"select {', '.join(names)}, count(*) as n from {source} group by {groups}"


def connection(tables: Mapping[str, Any]) -> duckdb.DuckDBPyConnection:
    found = duckdb.connect()
    for name, table in tables.items():
        found.register(name, table)
    return found


def ways(frame: pd.DataFrame, slow: bool) -> list[Way]:
    """Return thbstats and its peers on one frame, each with the cases in its own form."""
    names = [name for name in SCHEMA.names if name in frame]
    arrow = pa.Table.from_pandas(frame, preserve_index=False)
    polar = pl.from_arrow(arrow)
    assert isinstance(polar, pl.DataFrame)
    enums = (
        {n: pl.Enum(list(map(str, frame[n].cat.categories))) for n in names}
        if all(isinstance(frame[name].dtype, pd.CategoricalDtype) for name in names)
        else {}
    )
    polar = polar.with_columns(pl.col(name).cast(dtype) for name, dtype in enums.items())
    duck = connection({"arrow_cases": arrow})
    duck.execute("create table cases as select * from arrow_cases")
    store = {} if "area" in names else {"area": "MT"}

    def ours() -> CountTable:
        return CaseStore.of(frame, **SAID, **store).count(names)

    def of_frames(found: Sequence[Any]) -> np.ndarray:
        return tidy(names, [f if isinstance(f, pd.DataFrame) else f.to_pandas() for f in found])

    def of_query(found: Mapping[str, Any]) -> np.ndarray:
        return of_cube(names, found)

    found = [
        Way(name="thbstats", call=ours, answer=lambda table: of_table(names, table)),
        Way(
            name="DuckDB CUBE",
            call=lambda: duck.execute(cube_query(names, "cases")).fetchnumpy(),
            answer=of_query,
        ),
        Way(
            name="polars, base and sums",
            call=lambda: in_polars(polar, names, summed=True),
            answer=of_frames,
        ),
    ]
    if slow:
        found += [
            Way(
                name="DuckDB CUBE on Arrow",
                call=lambda: duck.execute(cube_query(names, "arrow_cases")).fetchnumpy(),
                answer=of_query,
            ),
            Way(
                name="polars, every set",
                call=lambda: in_polars(polar, names, summed=False),
                answer=of_frames,
            ),
            Way(
                name="pyarrow, base and sums", call=lambda: in_arrow(arrow, names), answer=of_frames
            ),
            Way(name="pandas, every set", call=lambda: in_pandas(frame, names), answer=of_frames),
        ]
    return found


def measured(found: Sequence[Way], repeats: int) -> Times:
    """Time every way and check that all give the same counts."""
    times = Times()
    expected: np.ndarray | None = None
    for way in found:
        answer = way.answer(way.call())
        if expected is None:
            expected = answer
        elif not np.array_equal(answer, expected):
            sys.exit(f"{way.name} and {found[0].name} give different counts")
    for _ in range(repeats):
        for way in found:
            gc.collect()
            start = perf_counter()
            way.call()
            times.seconds.setdefault(way.name, []).append(perf_counter() - start)
    return times


SIZES = {"sex": 4, "age": 3, "movement": 3, "exploitation": 24, "citizenship": 164, "area": 27}
FOUR = {"sex": 4, "age": 3, "exploitation": 8, "citizenship": 50}
FIVE = {"sex": 4, "age": 3, "exploitation": 24, "citizenship": 164, "area": 27}

# What is counted: the kind of column, the number of rows, the dimensions, whether every peer runs.
QUESTIONS: Mapping[str, tuple[str, int, Mapping[str, int], bool]] = {
    "2 dimensions, 10^5 rows": ("categories", 10**5, dict(list(FOUR.items())[:2]), True),
    "4 dimensions, 10^5 rows": ("categories", 10**5, FOUR, True),
    "4 dimensions, 10^6 rows": ("categories", 10**6, FOUR, True),
    "4 dimensions, 10^7 rows": ("categories", 10**7, FOUR, True),
    "5 dimensions, 10^7 rows": ("categories", 10**7, FIVE, False),
    "6 dimensions, 10^6 rows": ("categories", 10**6, SIZES, False),
    "4 dimensions, text, 5·10^6 rows": ("text", 5 * 10**6, FOUR, True),
    "4 dimensions, integers, 10^7 rows": ("integers", 10**7, FOUR, False),
}


def frame_of(kind: str, rows: int, sizes: Mapping[str, int]) -> pd.DataFrame:
    codes = cases(rows, sizes)
    if kind == "integers":
        return pd.DataFrame({name: column.astype(np.uint8) for name, column in codes.items()})
    frame = as_categories(codes)
    return frame.astype("str") if kind == "text" else frame


@frozen(kw_only=True)
class Finding:
    """One line of the page: what was asked, what it took, and whether a rule is met."""

    question: str
    times: Times
    rules: list[tuple[str, float, float, bool]]  # what, measured, allowed, met


def asked(name: str, share: float, repeats: int) -> Finding:
    kind, rows, sizes, slow = QUESTIONS[name]
    frame = frame_of(kind, int(rows * share), sizes)
    found = integer_ways(frame) if kind == "integers" else ways(frame, slow)
    times = measured(found, repeats)
    peers = [way.name for way in found[1:]]
    fastest = min(peers, key=times.of)
    gain = times.ratio(fastest, "thbstats")
    rules: list[tuple[str, float, float, bool]] = []
    if name == "4 dimensions, 10^7 rows":
        rules.append((f"times as fast as {fastest}", gain, 2.5, gain >= 2.5))
        slowest = times.ratio("pandas, every set", "thbstats")
        rules.append(("times as fast as pandas", slowest, 30, slowest >= 30))
    elif name == "5 dimensions, 10^7 rows":
        rules.append((f"times as fast as {fastest}", gain, 5, gain >= 5))
    elif kind == "text":
        rules.append((f"times as fast as {fastest}", gain, 1, gain >= 1))
        rules += text_rules(frame, times, fastest, repeats)
    else:
        rules.append((f"times as fast as {fastest}", gain, 0, True))
    return Finding(question=name, times=times, rules=rules)


def text_rules(
    frame: pd.DataFrame, times: Times, fastest: str, repeats: int
) -> list[tuple[str, float, float, bool]]:
    names = [name for name in SCHEMA.names if name in frame]
    arrays = [pa.chunked_array(pa.array(frame[name].array)) for name in names]
    store = CaseStore.of(frame, area="MT", **SAID)
    store.count(names)
    encoders: Mapping[str, Callable[[], Any]] = {
        "pyarrow": lambda: [array.dictionary_encode() for array in arrays],
        "pandas": lambda: [pd.factorize(frame[name]) for name in names],
    }
    for name, encode in encoders.items():
        ratios = []
        for _ in range(repeats):
            start = perf_counter()
            encode()
            middle = perf_counter()
            CaseStore.of(frame, area="MT", **SAID).count(names)
            ratios.append((perf_counter() - middle) / (middle - start))
            times.seconds.setdefault(f"one encoding, {name}", []).append(middle - start)
        times.seconds[f"in encodings, {name}"] = ratios
    for _ in range(repeats):
        start = perf_counter()
        store.count(names)
        times.seconds.setdefault("thbstats, second question", []).append(perf_counter() - start)
    encoder = min(encoders, key=lambda name: times.of(f"one encoding, {name}"))
    cost = median(times.seconds.pop(f"in encodings, {encoder}"))
    for name in encoders:
        times.seconds.pop(f"in encodings, {name}", None)
    second = times.ratio(fastest, "thbstats, second question")
    return [
        (f"of one encoding by {encoder}", cost, 1.15, cost <= 1.15),
        (f"times as fast as {fastest}, second question", second, 15, second >= 15),
    ]


def integer_ways(frame: pd.DataFrame) -> list[Way]:
    """Return the ways to count columns of small whole numbers."""
    names = list(frame)
    words = {name: {number: VALUES[name][number] for number in range(60)
                    if number < len(VALUES[name])} for name in names}  # fmt: skip
    arrow = pa.Table.from_pandas(frame, preserve_index=False)
    polar = pl.from_arrow(arrow)
    assert isinstance(polar, pl.DataFrame)
    duck = connection({"arrow_cases": arrow})
    duck.execute("create table cases as select * from arrow_cases")

    def worded(found: pd.DataFrame) -> pd.DataFrame:
        return found.assign(**{n: found[n].map(words[n]) for n in names if n in found})

    def of_query(found: Mapping[str, Any]) -> np.ndarray:
        columns: dict[str, Any] = {"n": found["n"]}
        for name in names:
            masked = np.ma.asarray(found[name])
            texts = np.array([words[name].get(code, "") for code in masked.filled(0).tolist()],
                             dtype=object)  # fmt: skip
            columns[name] = np.ma.masked_array(texts, np.ma.getmaskarray(masked))
        return of_cube(names, columns)

    return [
        Way(
            name="thbstats",
            call=lambda: CaseStore.of(frame, area="MT", words=words, **SAID).count(names),
            answer=lambda table: of_table(names, table),
        ),
        Way(
            name="DuckDB CUBE",
            call=lambda: duck.execute(cube_query(names, "cases")).fetchnumpy(),
            answer=of_query,
        ),
        Way(
            name="polars, base and sums",
            call=lambda: in_polars(polar, names, summed=True),
            answer=lambda found: tidy(names, [worded(one.to_pandas()) for one in found]),
        ),
    ]


def forms_of(rows: int, repeats: int) -> Finding:
    """Count ten columns of yes, no and not recorded, by sex."""
    random = np.random.default_rng(2018)
    sex = as_categories(cases(rows, {"sex": 4}))
    flags = {
        name: random.choice(np.array([0, 1, -99], dtype=np.int8), rows, p=[0.85, 0.1, 0.05])
        for name in FLAGS
    }
    frame = sex.assign(**flags)
    polar = pl.from_pandas(frame)
    duck = connection({"arrow_cases": pa.Table.from_pandas(frame, preserve_index=False)})
    duck.execute("create table cases as select * from arrow_cases")

    def sums(found: pd.DataFrame) -> np.ndarray:
        by_sex = found.set_index(found["sex"].astype("str"))[FLAGS].sort_index()
        return by_sex.to_numpy(dtype=np.int64)

    def of_ours(table: CountTable) -> np.ndarray:
        found = table.to_frame().pivot_table("lower", "sex", "exploitation", observed=True)
        found = found.loc[[name for name in found.index if name != "total"], FLAGS]
        return sums(found.reset_index())

    asked_for = ", ".join(f"count(*) filter ({name} = 1) as {name}" for name in FLAGS)
    found = [
        Way(
            name="thbstats (unknowns, several at once and combinations too)",
            call=lambda: CaseStore.of(
                frame, multi={"exploitation": {n: n for n in FLAGS}}, missing=[-99],
                area="MT", **SAID,
            ).count(["sex", "exploitation"]),
            answer=of_ours,
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
            name="pandas, sums",
            call=lambda: (frame[FLAGS] == 1).groupby(frame["sex"], observed=True).sum(),
            answer=lambda one: sums(one.reset_index()),
        ),
    ]  # fmt: skip
    times = measured(found, repeats)
    fastest = min((way.name for way in found[1:]), key=times.of)
    gain = times.ratio(fastest, found[0].name)
    return Finding(
        question="10 columns of yes, no and not recorded, 5·10^6 rows",
        times=times,
        rules=[(f"times as fast as {fastest}, which counts less", gain, 0, True)],
    )


def overhead(repeats: int) -> Finding:
    """Time what is not counting: from the rows of a small frame to a breakdown with warnings."""
    frame = as_categories(cases(1000, FOUR))
    names = [name for name in SCHEMA.names if name in frame]
    times = Times()

    def whole() -> Any:
        table = CaseStore.of(frame, area="MT", **SAID).count(names)
        return thb.breakdown(table, by="exploitation", base="recorded").warnings

    def counting() -> Any:
        return [slots_of(frame[name], name).counted() for name in names]

    whole()
    for _ in range(max(repeats, 5) * 3):
        for name, call in (("whole", whole), ("counting", counting)):
            start = perf_counter()
            call()
            times.seconds.setdefault(name, []).append(perf_counter() - start)
    spent = median(
        a - b for a, b in zip(times.seconds["whole"], times.seconds["counting"], strict=True)
    )
    return Finding(
        question="a finished breakdown with warnings, 10^3 rows, 4 dimensions",
        times=times,
        rules=[("ms beside counting", spent * 1e3, 5, spent < 0.005)],
    )


def page(findings: Sequence[Finding]) -> str:
    lines = []
    for finding in findings:
        lines += [f"## {finding.question}", "", "| way | ms |", "|---|---|"]
        ordered = sorted(finding.times.seconds, key=finding.times.of)
        lines += [f"| {name} | {finding.times.of(name) * 1e3:,.1f} |" for name in ordered]
        lines += ["", *(f"- {told(rule)}" for rule in finding.rules), ""]
    return "\n".join(lines)


def told(rule: tuple[str, float, float, bool]) -> str:
    what, number, allowed, met = rule
    said = f" (rule: {allowed:g}; {'met' if met else 'MISSED'})" if allowed else ""
    return f"{number:.2f} {what}{said}"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("share", nargs="?", type=float, default=1.0)
    parser.add_argument("repeats", nargs="?", type=int, default=5)
    parser.add_argument("--page", type=Path)
    given = parser.parse_args()
    findings = []
    for name in QUESTIONS:
        findings.append(asked(name, given.share, given.repeats))
        print(page(findings[-1:]), flush=True)
    findings += [forms_of(int(5 * 10**6 * given.share), given.repeats), overhead(given.repeats)]
    print(page(findings[-2:]))
    if given.page:
        given.page.write_text(page(findings), encoding="utf-8")
    if not all(rule[-1] for finding in findings for rule in finding.rules):
        sys.exit(1)


if __name__ == "__main__":
    main()
