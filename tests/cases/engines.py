"""The same cases in every engine that is installed."""

import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from textwrap import dedent
from typing import Any

import duckdb
import polars as pl

from tests.tables.engines import imported

pa = imported("pyarrow")
csv, parquet = imported("pyarrow.csv"), imported("pyarrow.parquet")

__all__ = ["ENGINES", "QUICK", "Maker", "stopped", "write_csv", "write_parquet"]


def stopped(code: str, folder: Path) -> str:
    """Run code in a process of its own and return what it prints.

    There ``press(s)`` is Ctrl-C in s seconds.

    A signal reaches a whole process: in one of pytest's it would stop more than what is tested.
    """
    script = f"""
import os, signal, threading
signal.signal(signal.SIGINT, signal.default_int_handler)
def press(seconds):
    threading.Timer(seconds, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
{dedent(code)}
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        check=False,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


Maker = Callable[[Any, Path], Any]


def write_parquet(table: Any, path: Path) -> str:
    parquet.write_table(table, path, row_group_size=2)
    return str(path)


def write_csv(table: Any, path: Path) -> str:
    csv.write_csv(table, path)
    return str(path)


def halves(table: Any) -> list[Any]:
    middle = len(table) // 2
    return [table.slice(0, middle), table.slice(middle)]


def several_files(table: Any, folder: Path) -> list[str]:
    return [
        write_parquet(part, folder / f"part{position}.parquet")
        for position, part in enumerate(halves(table))
    ]


def several_csvs(table: Any, folder: Path) -> str:
    for position, part in enumerate(halves(table)):
        turned = part.select(part.column_names[::-1]) if position else part
        write_csv(turned, folder / f"part{position}.csv")
    return str(folder / "part?.csv")


def chunked(table: Any, _folder: Path) -> pa.Table:
    return pa.concat_tables([*halves(table), table.slice(0, 0)])


def ibis_table(table: Any, _folder: Path) -> Any:
    import ibis

    return ibis.memtable(table)


def dask_frame(table: Any, _folder: Path) -> Any:
    import dask.dataframe as dd
    import pandas as pd

    # Else dask makes texts of columns of objects.
    frame = table.to_pandas(types_mapper={pa.bool_(): pd.BooleanDtype()}.get)
    return dd.from_pandas(frame, npartitions=2)


ENGINES: dict[str, Maker] = {
    "pyarrow in chunks": chunked,
    "polars": lambda table, _: pl.from_arrow(table),
    "polars lazy": lambda table, _: pl.from_arrow(table).lazy(),
    "duckdb": lambda table, _: duckdb.connect().from_arrow(table),
    "parquet": lambda table, folder: write_parquet(table, folder / "cases.parquet"),
    "several parquet": several_files,
    "csv": lambda table, folder: Path(write_csv(table, folder / "cases.csv")),
    "several csv": several_csvs,
}
QUICK = tuple(ENGINES)
"""Those that answer within milliseconds."""

if find_spec("ibis"):
    ENGINES["ibis"] = ibis_table
if find_spec("dask"):
    ENGINES["dask"] = dask_frame
