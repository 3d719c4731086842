"""Tools for charts, tables and checks of data take tables and panels without conversion."""

from collections.abc import Callable, Mapping
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

import thbstats as thb
from tests.ecosystem.tools import tool, versions

TABLE = thb.read("docs/_data/glotip_eu_victims.csv").table.where(period=2022, sex="total")
PANEL = thb.share(
    thb.read("docs/_data/glotip_eu_victims.csv").table,
    sex="female",
    base="all",
    by=["area", "period"],
)
ITEMS = {"table": TABLE, "panel": PANEL}


def _altair(item: Any) -> pd.Series:
    alt = tool("altair")
    with alt.data_transformers.disable_max_rows():
        chart = alt.Chart(item).mark_bar().encode(x="lower:Q", x2="upper", y="area:N")
        (rows,) = chart.to_dict()["datasets"].values()  # validates against the schema of Vega-Lite
    return pd.DataFrame(rows)["lower"]


def _plotly(item: Any) -> pd.Series:
    px = tool("plotly", "plotly.express")
    return pd.Series(px.scatter(item, x="lower", y="area").data[0].x)


def _plotnine(item: Any) -> pd.Series:
    p9 = tool("plotnine")
    plot = p9.ggplot(item, p9.aes("area", "lower")) + p9.geom_point()
    return pd.Series(plot.draw().axes[0].collections[0].get_offsets()[:, 1])


def _seaborn(item: Any) -> pd.Series:
    axes = tool("seaborn").scatterplot(item, x="lower", y="area")
    return pd.Series(axes.collections[0].get_offsets()[:, 0])


def _marimo(item: Any) -> pd.Series:
    table = tool("marimo").ui.table(item)
    return pd.Series(table.data["lower"].to_list())


def _pointblank(item: Any) -> pd.Series:
    pb = tool("pointblank")
    checks = pb.Validate(item).col_vals_ge("lower", 0).col_vals_ge("lower", 1).interrogate()
    assert checks.n(i=1, scalar=True) == len(item)
    # The numbers of rows that pass identify the column.
    return pd.Series(checks.n_passed(i=2, scalar=True))


def _great_tables(item: Any) -> pd.Series:
    gt = tool("great-tables")
    with pytest.raises(NotImplementedError):  # it takes classes of pandas, polars and pyarrow only
        gt.GT(item)
    made = gt.GT(item.to_pandas())
    assert "</table>" in made.as_raw_html()
    assert "</table>" in item.to_gt().as_raw_html()
    return made._tbl_data["lower"]


TOOLS: Mapping[str, Callable[[Any], pd.Series]] = {
    "altair": _altair,
    "plotly": _plotly,
    "plotnine": _plotnine,
    "seaborn": _seaborn,
    "marimo": _marimo,
    "pointblank": _pointblank,
    "great-tables": _great_tables,
}


@pytest.mark.filterwarnings("ignore")  # warnings of the tools about pandas and matplotlib
@pytest.mark.parametrize("package", versions(TOOLS))
@pytest.mark.parametrize("name", ITEMS)
def test_tool_shows_the_lower_bounds_of_a_table_and_of_a_panel(name, package):
    item = ITEMS[name]
    with mpl.rc_context({"backend": "agg"}):
        shown = TOOLS[package](item).astype(float)
    plt.close("all")
    expected = item.to_frame()["lower"].astype(float)
    if package == "pointblank":
        assert shown.tolist() == [(expected >= 1).sum()]
    else:
        np.testing.assert_array_equal(np.sort(shown), np.sort(expected))


@pytest.mark.filterwarnings("ignore")  # seaborn.objects uses a keyword that pandas 3 deprecates
def test_objects_of_seaborn_take_a_panel():
    so = tool("seaborn", "seaborn.objects")
    plot = so.Plot(PANEL, x="lower", y="area").add(so.Dots()).plot()
    offsets = plot._figure.axes[0].collections[0].get_offsets()[:, 0]
    np.testing.assert_array_equal(np.sort(offsets), np.sort(PANEL.to_frame()["lower"]))
