"""Panels and tables as data sets of xarray."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given

import thbstats as thb
from tests.examples import examples
from tests.strategies import tables
from thbstats.display import displayable
from thbstats.errors import DuplicateKey, InvalidValue, MissingExtra
from thbstats.panel import Panel

xr = pytest.importorskip("xarray")

VICTIMS = thb.read("docs/_data/glotip_eu_victims.csv").table
SHARES = thb.share(VICTIMS, sex="female", base="all", by=["area", "period"])


@pytest.mark.traced
def test_each_row_of_a_panel_is_a_cell_of_the_grid():
    grid, frame = SHARES.to_xarray(), SHARES.to_pandas()
    assert dict(grid.sizes) == {"area": 28, "period": 5}
    assert grid.attrs == {
        "caption": SHARES.caption,
        "limitations": ", ".join(SHARES.limitations.codes),
    }
    rows = grid.to_dataframe().reset_index()[list(frame)]
    expected = frame.sort_values(["area", "period"], ignore_index=True)
    rows = rows.sort_values(["area", "period"], ignore_index=True)
    pd.testing.assert_frame_equal(rows, expected, check_dtype=False)


def test_a_combination_without_a_row_has_no_number_and_its_own_status():
    few = SHARES.take(np.array([0, 1, 7]))  # 2018 and 2019 in Austria, 2020 in Belgium
    grid = few.to_xarray()
    assert dict(grid.sizes) == {"area": 2, "period": 3}
    absent = grid.sel(area="BE", period="2018")
    assert absent["status"].item() == "no_data"
    assert np.isnan(absent["lower"].item())
    assert not absent["complete"].item()
    assert absent["warnings"].item() == ""


def test_a_panel_of_one_row_has_area_and_period():
    grid = thb.share(VICTIMS, sex="female", base="all", area="AT", period=2018).panel.to_xarray()
    assert dict(grid.sizes) == {"area": 1, "period": 1}


@examples(20)
@given(tables(min_size=1, max_size=2))
def test_every_row_of_a_table_is_in_the_grid(table):
    grid, frame = table.to_xarray(), table.to_frame()
    for row in frame.itertuples():
        cell = grid.sel({name: getattr(row, name) for name in grid.dims})
        assert (cell["lower"].item(), cell["upper"].item()) == (row.lower, row.upper)
        assert cell["reason"].item() == row.reason
        assert np.isnan(cell["value"].item()) == pd.isna(row.value)
    assert int((grid["reason"] != "").sum()) == len(table)


def test_a_panel_with_several_numbers_for_one_combination_is_refused():
    twice = Panel.concat([SHARES.take(np.arange(2)), SHARES.take(np.arange(1))])
    with pytest.raises(DuplicateKey, match=r"row 2.*area, period.*AT, 2018"):
        twice.to_xarray()


def test_too_many_combinations_are_refused(monkeypatch):
    monkeypatch.setattr(displayable, "_MOST_CELLS", 100)
    with pytest.raises(InvalidValue, match=r"at most 100 combinations.*2,800"):
        VICTIMS.to_xarray()


def test_missing_xarray_is_an_error_with_the_extra(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "xarray", None)
    with pytest.raises(MissingExtra, match=r"pip install 'thbstats\[xarray\]'"):
        SHARES.to_xarray()
