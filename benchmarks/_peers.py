"""Peers that count cases with all totals, and a check that their answers agree."""

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
from _cases import SAID, VALUES, words_of
from _timing import Way

from thbstats.cases import CaseStore
from thbstats.records import schema_of
from thbstats.tables import CountTable

__all__ = ["connection", "names_of", "ways"]

SCHEMA = schema_of("victims")
SLOW = 2
"""How often what takes seconds is repeated at most."""


def names_of(frame: pd.DataFrame) -> list[str]:
    return [name for name in SCHEMA.names if name in frame]


def totals(names: Sequence[str]) -> list[list[str]]:
    """Return the sets of dimensions that stay apart: an area always does."""
    free = [name for name in names if SCHEMA[name].total is not None]
    kept = [name for name in names if name not in free]
    return [[*kept, *some] for n in range(len(free) + 1) for some in combinations(free, n)]


def tidy(names: Sequence[str], frames: Sequence[pd.DataFrame]) -> np.ndarray:
    """Return one number for each cell with cases, in order: equal answers give equal arrays."""
    known = {name: ["total", *VALUES[name]] for name in names}
    parts = []
    for frame in frames:
        some = frame[frame["n"] > 0]
        key = np.zeros(len(some), dtype=np.int64)
        for name in names:
            column = pd.Categorical(some[name], known[name]) if name in some else None
            codes = 0 if column is None else column.codes.astype(np.int64)
            if column is not None and (codes < 0).any():
                raise ValueError(f"{name} has values that are none")
            key = key * len(known[name]) + codes
        parts.append(np.column_stack([key, some["n"].to_numpy(dtype=np.int64)]))
    cells = np.concatenate(parts)
    return cells[np.lexsort(cells.T)]


def of_table(names: Sequence[str], table: CountTable) -> np.ndarray:
    """Return the cells of a table of which the peers know: without wider categories."""
    frame = table.to_frame().rename(columns={"lower": "n"})
    for name in names:
        frame = frame[frame[name].isin([*VALUES[name], "total"])]
    return tidy(names, [frame])


def of_cube(names: Sequence[str], columns: Mapping[str, Any], word: Mapping[str, Any]) -> Any:
    frame = pd.DataFrame({"n": columns["n"]})
    for name in names:
        found = np.ma.asarray(columns[name])
        texts = pd.Series(found.filled(0 if name in word else "").astype(object))
        texts = texts.map(word[name]) if name in word else texts
        frame[name] = texts.mask(np.ma.getmaskarray(found), "total")
    return tidy(names, [frame])


def in_pandas(frame: pd.DataFrame, names: Sequence[str]) -> list[pd.DataFrame]:
    return [
        frame.groupby(some, observed=True).size().rename("n").reset_index()
        if some
        else pd.DataFrame({"n": [len(frame)]})
        for some in totals(names)
    ]


def in_crosstab(frame: pd.DataFrame, names: Sequence[str]) -> list[pd.DataFrame]:
    """Return cross tables, each with the totals of its last dimension, which are a margin."""
    everybody = pd.Series("all", index=frame.index, name="everybody")
    found = []
    for some in totals(names[:-1]):
        rows = [frame[name] for name in some] or [everybody]
        found.append(pd.crosstab(rows, frame[names[-1]], margins=True, margins_name="total"))
    return found


def of_crosstab(last: str, table: pd.DataFrame) -> pd.DataFrame:
    names = [name for name in table.index.names if name != "everybody"]
    rows = table.iloc[:-1]  # the last one has the totals of the rows, which another table has
    columns = list(rows.columns)
    keys = rows.index.to_frame(index=False)
    return pd.DataFrame(
        {
            **{name: np.repeat(keys[name].to_numpy(object), len(columns)) for name in names},
            last: np.tile(np.array(columns, dtype=object), len(rows)),
            "n": rows.to_numpy().reshape(-1),
        }
    )


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


def connection(arrow: pa.Table) -> duckdb.DuckDBPyConnection:
    """Return an engine with the cases as a table of its own and as one of Arrow."""
    found = duckdb.connect()
    found.register("arrow_cases", arrow)
    found.execute("create table cases as select * from arrow_cases")
    return found


def polars_of(frame: pd.DataFrame, arrow: pa.Table) -> pl.DataFrame:
    polar = pl.from_arrow(arrow)
    assert isinstance(polar, pl.DataFrame)
    if not all(isinstance(frame[name].dtype, pd.CategoricalDtype) for name in frame):
        return polar
    enums = {name: pl.Enum(list(map(str, frame[name].cat.categories))) for name in frame}
    return polar.with_columns(pl.col(name).cast(dtype) for name, dtype in enums.items())


def ways(frame: pd.DataFrame, *, crossed: bool) -> list[Way]:
    """Return thbstats and its peers on one frame, each with the cases in its own form.

    ``crossed`` says whether cross tables of pandas are among them: they take the longest.
    """
    names = names_of(frame)
    arrow = pa.Table.from_pandas(frame, preserve_index=False)
    polar, duck = polars_of(frame, arrow), connection(arrow)
    numbers = all(dtype.kind in "iu" for dtype in frame.dtypes)
    word = words_of(frame) if numbers else {}
    said = {**SAID, **({} if "area" in names else {"area": "MT"}), "recode": word}

    def worded(found: Any) -> pd.DataFrame:
        table = found if isinstance(found, pd.DataFrame) else found.to_pandas()
        codes = {name: {**words, "total": "total"} for name, words in word.items()}
        return table.assign(**{n: table[n].map(codes[n]) for n in codes if n in table})

    def of_frames(found: Sequence[Any]) -> np.ndarray:
        return tidy(names, [worded(one) for one in found])

    def of_query(found: Mapping[str, Any]) -> np.ndarray:
        return of_cube(names, found, word)

    def way(name: str, call: Callable[[], Any], answer: Any = of_frames, most: int = 99) -> Way:
        return Way(name=name, call=call, answer=answer, most=most)

    def query(source: str) -> Callable[[], Any]:
        return lambda: duck.execute(cube_query(names, source)).fetchnumpy()

    def made() -> Any:
        duck.execute("create or replace temp table made as select * from arrow_cases")
        return query("made")()

    found = [
        way(
            "thbstats",
            lambda: CaseStore.of(frame, **said).count(names),
            lambda table: of_table(names, table),
        ),
        way("DuckDB CUBE", query("cases"), of_query),
        way("DuckDB CUBE on Arrow", query("arrow_cases"), of_query),
        way("DuckDB, table made and CUBE", made, of_query, most=SLOW),
        way("polars, base and sums", lambda: in_polars(polar, names, summed=True)),
        way("polars, every set", lambda: in_polars(polar, names, summed=False), most=SLOW),
        way("pyarrow, base and sums", lambda: in_arrow(arrow, names)),
        way("pandas groupby, every set", lambda: in_pandas(frame, names), most=SLOW),
    ]
    if crossed:
        last = names[-1]
        found.append(
            way(
                "pandas crosstab",
                lambda: in_crosstab(frame, names),
                lambda tables: of_frames([of_crosstab(last, table) for table in tables]),
                most=SLOW,
            )
        )
    return found
