"""Estimates of models by their BIC."""

import pytest

from tests.lists.tables import lists
from tests.plots.drawn import drawn, legend
from thbstats import plots
from thbstats.errors import InvalidValue
from thbstats.lists import Lists, hidden, models


def test_models_near_the_best_are_drawn_with_bounds_behind_them():
    ax = drawn("estimates")
    points, best = ax.lines[:2]
    assert len(points.get_xdata()) == 32
    assert round(best.get_xdata()[0]) == 22991
    assert max(points.get_ydata()) <= 10
    texts = legend(ax)
    assert "range within 10 BIC points of the best: 10,545 to 29,036" in texts
    assert "bounds under the stated dependence: 8,464 to 16,806" in texts
    assert "best model [12,13,23,25,34]" in texts
    assert "Caution: estimate depends on model." in plots.alt_text(ax)


def test_open_bounds_reach_the_edge():
    korea = lists("Korea")
    ax = plots.estimates(models(korea), bounds=hidden(korea, (0, None)))
    corners = ax.collections[-1].get_paths()[0].vertices
    assert corners[:, 0].max() == pytest.approx(ax.get_xlim()[1])


def test_models_without_an_estimate_are_refused():
    never = Lists("abc", {"a": 20, "b": 30, "c": 5}, complete=True)
    with pytest.raises(InvalidValue, match="a model with an estimate"):
        plots.estimates(models(never))
