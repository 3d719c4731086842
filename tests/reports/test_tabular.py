"""Frames of results for other libraries, and their formats in notebooks and terminals."""

import ast
import builtins
import io
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import thbstats as thb
from tests.reports.made import reference
from tests.rows import check_rows
from thbstats.cases import CaseStore
from thbstats.display import Displayable, DisplayTable, Page, Tabular
from thbstats.display.text import colored_text
from thbstats.files.reading import WriteLog
from thbstats.sources import read

VICTIMS = "docs/_data/glotip_eu_victims.csv"


@cache
def items() -> tuple[Any, ...]:
    """Return a result of each class with a frame."""
    return tuple(_results())


def _results() -> Iterator[Any]:
    reading = read(VICTIMS)
    victims = reading.table.where(period=[2018, 2022])
    yield victims
    shares = thb.share(victims, sex="female", base="all", by=["area", "period"])
    yield from (shares, shares.row(0), thb.compare_all(shares.take(np.arange(6))))
    yield thb.compare(shares.row(0), shares.row(1))
    poland = victims.where(area="PL", period=2018, citizenship="total", exploitation="total")
    yield poland.crosstab(rows="sex", columns="age")
    yield poland.crosstab(rows="sex", columns="age", shares="total")
    names = ("area", "period", "sex", "value")
    declaration = thb.Declaration(kind="victims", columns={name: name for name in names})
    frame = pd.DataFrame({"area": "PL", "period": 2016, "sex": ["female", "q7"], "value": [74, 1]})
    yield read(frame, declare=declaration).log
    yield WriteLog(name="a.csv", format="tidy", rows=1)
    report = thb.publications.com_2018_777()
    yield from (thb.audit(report), thb.infer(report, area="UK", sex="female"))
    yield thb.infer(report, area="UK", exclude_unknown="exploitation")
    yield thb.audit("docs/_data/eu_percentages.csv")
    yield thb.sensitivity.binomial_interval(shares.row(0))
    known = thb.CountTable.from_rows(
        [("total", 60), ("female", 41), ("male", 16), ("unknown", 3)],
        columns=["sex", "value"], kind="victims", area="PL", period=2016,
    )  # fmt: skip
    safe = thb.disclosure.suppress(known, fewer_than=5)
    yield from (safe, safe.confidential, thb.disclosure.primary_suppression(known, fewer_than=5))
    yield thb.disclosure.disclosure_audit(safe.table)
    yield thb.disclosure.round_controlled(known, base=5)
    yield thb.disclosure.round_percentages(pd.Series({"sexual": 1, "labour": 1, "other": 1}))
    cases = pd.DataFrame({"sex": ["female", "male"], "case": ["a", "b"]})
    store = CaseStore.of(cases, kind="victims", area="PL", period=2016)
    yield store.value_counts(["sex"])
    yield store.persons("case", dimensions=["sex"])


def test_every_class_with_a_frame_is_tabular():
    def classes(parent: type) -> Iterator[type]:
        for own in parent.__subclasses__():
            yield from (own, *classes(own))

    framed = {own.__name__: own for own in classes(Displayable) if hasattr(own, "to_frame")}
    assert [name for name, own in framed.items() if not issubclass(own, Tabular)] == []


def _columns(frame: pd.DataFrame) -> dict[str, list[Any]]:
    """Return the values of a frame; a missing value is None."""
    objects = {str(name): column.astype(object) for name, column in frame.items()}
    return {name: column.where(column.notna(), None).tolist() for name, column in objects.items()}


def test_each_library_gets_the_values_of_the_frame():
    check_rows(_check_libraries, [(item,) for item in items()])


def _check_libraries(item: Any) -> None:
    frame = item.to_frame()
    expected = _columns(frame.reset_index(drop=frame.index.names == [None]))
    table = pa.table(item)
    assert table.column_names == list(expected)
    arrow = {name: table[name].to_pylist() for name in expected}
    assert arrow == expected or _columns(pd.DataFrame(arrow, dtype=object)) == expected
    assert pl.DataFrame(item).columns == list(expected)

    plain = _columns(item.to_pandas())
    texts = {
        name: [", ".join(own) if isinstance(own, list) else own for own in values]
        for name, values in expected.items()
    }
    assert plain == texts
    assert _columns(nw.from_native(item, eager_only=True).to_pandas()) == texts
    assert list(item.__dataframe__().column_names()) == list(expected)


def test_a_polars_frame_is_the_stream_without_pyarrow(monkeypatch):
    imported = builtins.__import__

    def without_pyarrow(name: str, *args: Any, **more: Any) -> Any:
        if name == "pyarrow":
            raise ImportError(name)
        return imported(name, *args, **more)

    shares = items()[1].take(np.arange(8))
    verdicts = thb.compare_all(shares)
    expected = [pl.DataFrame(pa.table(item)).cast(pl.String) for item in (verdicts,)]
    monkeypatch.setattr(builtins, "__import__", without_pyarrow)
    streams = [pl.DataFrame(item).cast(pl.String) for item in (verdicts,)]
    assert [own.equals(other) for own, other in zip(streams, expected, strict=True)] == [True]


def test_a_notebook_gets_html_markdown_and_text():
    def check(item: Any) -> None:
        assert item._repr_mimebundle_() == {
            "text/html": item.to_html(),
            "text/markdown": item.to_markdown(),
            "text/plain": item.to_text(),
        }

    check_rows(check, [(item,) for item in items()])


def test_rich_prints_the_coloured_table_or_page():
    rich = pytest.importorskip("rich.console")
    document = thb.report(reference())

    def check(item: Any, page: DisplayTable | Page) -> None:
        text = io.StringIO()
        rich.Console(width=100, file=text, color_system="truecolor", force_terminal=True).print(
            item
        )
        plain = re.sub(r"\x1b\[[\d;]*m", "", text.getvalue())
        expected = re.sub(r"\x1b\[[\d;]*m", "", colored_text([page], 100))
        assert plain.splitlines() == expected.splitlines()
        assert "\x1b[1m" in text.getvalue()

    shown = (*items()[:6], thb.publications.com_2018_777())
    check_rows(
        check, [*((item, item.display_table()) for item in shown), (document, document.page)]
    )


def test_a_publication_shows_its_first_figures_by_section():
    text = thb.publications.com_2018_777().to_text()
    assert "Second progress report" in text
    assert "ii-victims" in text
    assert "20532" in text
    assert "First 20 figures. `.claims` has all claims." in text
    assert "ii-undetected" not in text  # a statement without a number
    few = thb.claims.Publication(id="own", title="A bulletin")
    assert "Claims: 0, of which figures: 0." in few.to_text()
    assert "First" not in few.to_text()


def test_a_document_and_a_plot_have_several_formats():
    document = thb.report(reference())
    assert document._repr_mimebundle_()["text/markdown"] == document.to_markdown()
    panel = thb.publications.com_2018_777().breakdown(of="exploitation", base="known")
    chart = thb.plots.bars(panel)
    assert chart._repr_mimebundle_() == {
        "text/html": chart._repr_html_(),
        "text/plain": thb.plots.alt_text(chart),
    }


def test_the_log_of_a_file_has_a_row_for_each_problem():
    log = items()[7]
    assert log.to_frame().to_dict("records") == [
        {
            "code": problem.code,
            "column": problem.column,
            "used": problem.used,
            "rows": len(problem),
            "first_line": problem.lines[0],
            "message": problem.message,
            "hint": problem.hint,
        }
        for problem in log.problems
    ]
    assert len(log.problems) == 1


def test_the_tutorial_shows_each_result_in_a_format_of_notebooks():
    page = Path("docs/getting-started/tutorial.md").read_text("utf-8")
    names: dict[str, Any] = {}
    shown = []
    for cell in re.findall(r"```{code-cell}\n(.*?)```", page, flags=re.DOTALL):
        *statements, last = ast.parse(cell).body
        exec(compile(ast.Module(statements, []), "tutorial", "exec"), names)
        if isinstance(last, ast.Expr):
            shown.append(eval(compile(ast.Expression(last.value), "tutorial", "eval"), names))
        else:
            exec(compile(ast.Module([last], []), "tutorial", "exec"), names)
    own = [item for item in shown if type(item).__module__.startswith("thbstats.")]
    plain = {type(item).__name__ for item in own if not hasattr(item, "_repr_mimebundle_")}
    assert len(own) > 5
    assert plain <= {"Count", "Interval", "Message", "Verdict"}  # they fit in a line of text
