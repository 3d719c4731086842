"""Objects that people get travel between processes and can be copied."""

import copy
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import thbstats as thb
from tests.reports.made import claim, report, share
from tests.sources.case_files import KANON, kanon_rows, text
from thbstats import display, vocabulary
from thbstats.bounds import Evidence
from thbstats.files import open_bytes

COUNTS = [
    (area, period, sex, value)
    for area, low in (("BE", 40), ("FR", 90), ("MT", 7))
    for period, more in ((2015, 0), (2016, 12))
    for sex, value in (("total", low + more), ("female", low // 2), ("male", low // 3 + more))
]
VICTIMS = thb.CountTable.from_rows(
    COUNTS,
    columns=["area", "period", "sex", "value"],
    kind="victims",
    status="registered",
    source=thb.Source(title="A report", published="2020-01-31"),
)
STAGES = [("prosecuted", 40), ("convicted", 13)]
JUSTICE = thb.CountTable.from_rows(
    STAGES, columns=["stage", "value"], kind="justice", area="MT", period=2020
)
CROSSED = thb.CountTable.from_rows(
    [
        (sex, form, value)
        for sex, values in (("total", (30, 18, 12)), ("female", (20, 14, 6)), ("male", (10, 4, 6)))
        for form, value in zip(("total", "sexual", "labour"), values, strict=True)
    ],
    columns=["sex", "exploitation", "value"],
    kind="victims",
    area="MT",
    period=2020,
)
ODD = open_bytes(
    b"area,period,sex,value\nMT,2020,total,5\nMT,2020,female,many\nMT,2020\n", name="odd.csv"
)
FIGURES = open_bytes(b"id,kind,numerator,denominator,printed\na,share,1,2,50 %\n", name="f.csv")
INHABITANTS = [
    thb.records.Population(
        area="MT", when="2020-01-01", persons=514_564, source="Statistics Malta"
    ),
    thb.records.Population(
        area="MT", when="2021-01-01", persons=516_100, source="Statistics Malta"
    ),
]
CASES = pd.DataFrame({"sex": ["female", "male", None], "forms": ["sexual;labour", "labour", ""]})


def publication() -> Any:
    return report(claim("all", printed="100"), share("half", "50 %", category={"sex": "female"}))


def panel() -> thb.Panel:
    return thb.share(VICTIMS, sex="female", base="all", by=["area", "period"])


def store() -> Any:
    return thb.cases.CaseStore.of(
        CASES, multi={"exploitation": "forms"}, missing=[None, ""], area="MT", period=2020
    )


def page() -> display.Page:
    return thb.report(publication()).page


MADE: dict[str, Callable[[], Any]] = {
    "table": lambda: VICTIMS,
    "table of cases": lambda: store().count(["sex"]),
    "store of cases in memory": store,
    "data set": lambda: thb.Dataset(victims=VICTIMS, justice=JUSTICE),
    "reading": lambda: thb.read(ODD, kind="victims"),
    "reading of cases": lambda: thb.read(open_bytes(text(kanon_rows(9), KANON), name="cases.csv")),
    "read report": lambda: thb.read(ODD, kind="victims").log,
    "panel": panel,
    "result": lambda: panel()["FR", 2016],
    "warnings": lambda: panel()["MT", 2016].warnings,
    "total": lambda: thb.total(VICTIMS, by="period"),
    "breakdown": lambda: thb.breakdown(VICTIMS, of="sex", base="all", area="FR", period=2016),
    "change": lambda: thb.change(VICTIMS, old=2015, new=2016, by="area"),
    "ratio": lambda: thb.conviction_to_prosecution(JUSTICE, area="MT", period=2020),
    "ranking": lambda: thb.ranking(VICTIMS, by="area", period=2016),
    "agreement": lambda: thb.ranking(VICTIMS, by="area", period=2015).agreement(
        thb.ranking(VICTIMS, by="area", period=2016), method="kendall_tau"
    ),
    "concentration": lambda: thb.concentration(
        VICTIMS, by="area", measure="herfindahl", period=2016
    ),
    "association": lambda: thb.association(CROSSED, rows="sex", columns="exploitation"),
    "decomposition": lambda: thb.decompose(VICTIMS, sex="female", base="all", old=2015, new=2016),
    "leaving out": lambda: thb.leave_out(thb.total(VICTIMS, sex="female", period=2016)),
    "funnel": lambda: thb.justice.funnel(JUSTICE),
    "rate": lambda: thb.rate(CROSSED, INHABITANTS, per=100_000),
    "binomial interval": lambda: thb.sensitivity.binomial_interval(panel()["FR", 2016]),
    "comparison": lambda: thb.compare(panel()["FR", 2015], panel()["FR", 2016]),
    "comparisons": lambda: thb.compare_all(panel()),
    "checked": lambda: thb.apply_rules(panel()["FR", 2016]),
    "thresholds": thb.Thresholds,
    "declaration": lambda: thb.Declaration(kind="victims", columns={"Year": "period"}),
    "limits": thb.sources.Limits,
    "publication": publication,
    "audit": lambda: thb.audit(publication()),
    "audit of a table": lambda: thb.audit(FIGURES),
    "evidence": lambda: Evidence(publication()),
    "inference": lambda: thb.infer(publication(), "victims", sex="female"),
    "exposure": lambda: thb.disclosure.disclosure_audit(
        thb.disclosure.suppress(CROSSED, fewer_than=5).table
    ),
    "protection": lambda: thb.disclosure.suppress(CROSSED, fewer_than=5),
    "rounding": lambda: thb.disclosure.round_controlled(CROSSED, base=3),
    "percentages": lambda: thb.disclosure.round_percentages({"sexual": 1, "labour": 1, "other": 1}),
    "document": lambda: thb.report(publication()),
    "document of counts": lambda: thb.report(VICTIMS, style="gss"),
    "document with a section of one's own": lambda: thb.report(
        publication(), sections=[thb.reports.Section("own", "Own", lambda _content: "Text.")]
    ),
    "page": page,
    "display_table": VICTIMS.display_table,
    "house style": lambda: display.GSS,
    "labels": lambda: vocabulary.labels(vocabulary.Sex, "fr"),
    "source": lambda: thb.Source(title="A report"),
    "area": lambda: thb.Area.parse("EU28"),
    "population": lambda: INHABITANTS[0],
    "count": lambda: thb.Count.fewer_than(5),
    "interval": lambda: thb.Interval(1, 4),
    "percent": lambda: thb.Percent("56 %"),
    "period": lambda: thb.Period.parse("2015-2016"),
    "claim": lambda: claim("all", printed="100"),
}
COPIES: dict[str, Callable[[Any], Any]] = {
    "pickle": lambda item: pickle.loads(pickle.dumps(item)),
    "deepcopy": copy.deepcopy,
}


def plain(item: Any) -> Any:
    """Return an object as plain data where it is equal only to itself."""
    if type(item).__eq__ is not object.__eq__:
        return item
    if isinstance(item, thb.sources.Reading):
        return item.data, item.log.to_dict(), item.rejected.to_csv(), repr(item.cases)
    result = item.to_dict() if hasattr(item, "to_dict") else ""
    return result, repr(item), str(item)


@pytest.mark.parametrize("copied", COPIES)
@pytest.mark.parametrize("name", MADE)
def test_object_travels_and_is_copied(name: str, copied: str) -> None:
    item = MADE[name]()
    other = COPIES[copied](item)
    assert type(other) is type(item)
    assert plain(other) == plain(item)


@pytest.mark.parametrize("copied", COPIES)
@pytest.mark.parametrize("engine", ["duckdb", "polars"])
def test_store_of_files_opens_them_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: str, copied: str
) -> None:
    pytest.importorskip(engine)
    pytest.importorskip("pyarrow", exc_type=ImportError)
    pd.DataFrame({"sex": ["female", "male"]}).to_parquet(tmp_path / "cases.parquet")
    if engine == "polars":
        monkeypatch.setitem(sys.modules, "duckdb", None)
    opened = thb.cases.CaseStore.of(tmp_path / "cases.parquet", area="MT", period=2020)
    assert opened.rows.scans.name == engine
    other = COPIES[copied](opened)
    assert other.rows.scans is not opened.rows.scans
    assert other.count(["sex"]) == opened.count(["sex"])


def test_mapping_of_labels_cannot_be_changed() -> None:
    result: Any = vocabulary.labels(vocabulary.Sex, "fr")
    before = dict(result)
    for change in (
        lambda: result.update(female="x"),
        lambda: result.setdefault("new", "x"),
        lambda: result.pop("female"),
        lambda: result.__setitem__("female", "x"),
        lambda: result.__delitem__("female"),
        lambda: result.__ior__({"female": "x"}),
        result.popitem,
        result.clear,
    ):
        with pytest.raises(TypeError, match="must not be changed"):
            change()
    assert result == before


def test_pickled_reading_has_the_rows_rejected_and_not_the_file() -> None:
    months = [f"{year}-{month:02}" for year in range(1900, 2100) for month in range(1, 13)]
    rows = "".join(f"MT,{month},5\n" for month in months)
    file = open_bytes(f"area,period,value\n{rows}MT,2020,many\n".encode())
    reading = thb.read(file, kind="victims")
    assert len(reading.rejected) == 1
    assert len(pickle.dumps(reading)) < len(pickle.dumps(reading.data)) + 10_000


POOLS = """
import multiprocessing, sys
from functools import partial
import thbstats as thb
if __name__ == "__main__":
    read = partial(thb.read, kind="victims")
    for method in {"fork", "spawn"} & set(multiprocessing.get_all_start_methods()):
        with multiprocessing.get_context(method).Pool(1) as pool:
            readings = pool.map(read, sys.argv[1:])
        assert [found.data for found in readings] == [read(file).data for file in sys.argv[1:]]
        print([found.log.read for found in readings])
"""


def test_pool_of_processes_reads_files(tmp_path: Path) -> None:
    files = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for file in files:
        file.write_bytes(ODD.data)
    script = tmp_path / "pools.py"
    script.write_text(POOLS)
    command = [sys.executable, "-W", "ignore", str(script), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert set(done.stdout.split("\n")) == {"[3, 3]", ""}
