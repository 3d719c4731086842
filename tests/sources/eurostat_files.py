"""The same observations in each of Eurostat's formats, as Eurostat writes them."""

import json
from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any

from hypothesis import strategies as st

DIMENSIONS = ("freq", "unit", "leg_stat", "sex", "geo")
YEARS = ("2014", "2015", "2016")
KEYS = tuple(product("A", ["NR"], ["PER_VICT", "PER_SUSP"], ["F", "M"], ["EL", "EU28", "UK"]))

Cells = Mapping[tuple[tuple[str, ...], str], tuple[str, str]]
"""From a key and a year to a value, empty where it is missing, and flags."""

places = st.tuples(st.sampled_from(KEYS), st.sampled_from(YEARS))
observations = st.tuples(
    st.integers(0, 10**6).map(str) | st.sampled_from(["", "1.5", "-3"]),
    st.sampled_from(["", "b", "bd", "ep", "m", "z", "c", "u"]),
)
cells: st.SearchStrategy[Cells] = st.dictionaries(
    places, observations, min_size=1
) | st.dictionaries(places, observations, min_size=12)


def tsv(observed: Cells, end: str = "\r\n") -> bytes:
    """Write a line for each series; absent observations are colons."""
    lines = [",".join(DIMENSIONS) + r"\TIME_PERIOD" + "".join(f"\t{year} " for year in YEARS)]
    for key in sorted({key for key, _ in observed}):
        row = (observed.get((key, year), ("", "")) for year in YEARS)
        lines.append(",".join(key) + "".join(f"\t{v or ':'} {flags}" for v, flags in row))
    return (end.join(lines) + end).encode()


def _rows(observed: Cells) -> Iterable[dict[str, str]]:
    series = sorted({key for key, _ in observed})
    for key, year in product(series, YEARS):
        value, flags = observed.get((key, year), ("", ""))
        flag, conf = flags.replace("c", ""), "C" if "c" in flags else ""
        named = dict(zip(DIMENSIONS, key, strict=True))
        yield {**named, "TIME_PERIOD": year, "OBS_VALUE": value, "OBS_FLAG": flag, "CONF": conf}


def sdmx(observed: Cells, version: str = "1.0", *, conf: bool = True, order: Any = None) -> bytes:
    """Write a row for each observation; in any order of columns."""
    first = (
        {"DATAFLOW": "ESTAT:CRIM_THB(1.0)", "LAST UPDATE": "11/06/26 23:00:00"}
        if version == "1.0"
        else {"STRUCTURE": "dataflow", "STRUCTURE_ID": "ESTAT:CRIM_THB(1.0)", "ACTION": "I"}
    )
    rows = []
    for row in _rows(observed):
        letter = row.pop("CONF")
        if conf:
            row["CONF_STATUS"] = letter
        else:
            row["OBS_FLAG"] += letter.lower()
        rows.append({**first, **row})
    names = list(rows[0])
    names = names if order is None else order(names)
    lines = [",".join(names), *(",".join(row[name] for name in names) for row in rows)]
    return ("\n".join(lines) + "\n").encode()


def json_stat(observed: Cells) -> bytes:
    """Write a cube with the cells of the series; absent observations have a status."""
    names = [*DIMENSIONS, "time"]
    axes = [sorted({key[n] for key in KEYS}) for n in range(len(DIMENSIONS))]
    axes.append(list(YEARS))
    numbers = {codes: str(n) for n, codes in enumerate(product(*axes))}
    values: dict[str, Any] = {}
    statuses: dict[str, str] = {}
    for key, year in product(sorted({key for key, _ in observed}), YEARS):
        value, flags = observed.get((key, year), ("", ""))
        if value:
            values[numbers[*key, year]] = json.loads(value)
        if flags or not value:
            statuses[numbers[*key, year]] = flags or ":"
    cube = {
        "version": "2.0",
        "class": "dataset",
        "id": names,
        "size": list(map(len, axes)),
        "role": {"time": ["time"], "geo": ["geo"], "metric": ["unit"]},
        "updated": "2026-06-11T11:00:00+0200",
        "extension": {"agencyId": "ESTAT", "id": "CRIM_THB"},
        "dimension": {
            name: {"category": {"index": codes}} for name, codes in zip(names, axes, strict=True)
        },
    }
    return json.dumps({**cube, "value": values, "status": statuses}).encode()
