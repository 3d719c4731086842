"""Properties of every plot: complete texts, alt text, and no global state."""

import ast
import pickle
import re
import sys
from importlib import import_module
from pathlib import Path

import matplotlib as mpl
import pandas as pd
import pytest
from matplotlib._pylab_helpers import Gcf
from matplotlib.figure import Figure

import thbstats as thb
from tests.plots.drawn import PLOTS, collisions, drawn, footer, forms, justice, legend, panel_of
from tests.rules.panels import count
from thbstats import plots
from thbstats.errors import InvalidValue, MissingExtra

PACKAGE = Path(thb.__file__).parent

every_plot = pytest.mark.parametrize("name", PLOTS)


def test_every_public_plot_is_tested() -> None:
    # The last two have their own files.
    functions = set(plots.__all__) - {"alt_text", "save", "inferred", "to_vega"}
    words = {name: name.split()[0].replace("several", "trend") for name in PLOTS}
    assert functions == {word.replace("many", "trend") for word in words.values()}
    assert thb.plots is plots


@every_plot
@pytest.mark.parametrize("width", [4, 12])
def test_no_text_is_cut_off_or_overlaps(name: str, width: int) -> None:
    ax = drawn(name, width)
    assert ax.figure.figure.get_size_inches()[0] == width
    assert collisions(ax) == []


def test_cut_off_and_overlapping_texts_are_found() -> None:
    ax = PLOTS["funnel"]()
    ax.text(0, 1, "on the title", transform=ax.title.get_transform())
    ax.text(1, 1, "beyond the right edge", transform=ax.transAxes)
    assert len(collisions(ax)) == 2


@every_plot
def test_plot_has_a_title_and_a_source(name: str) -> None:
    ax = drawn(name, 12)
    assert ax.get_title(loc="left")
    assert "Source: " in footer(ax)


@every_plot
def test_alt_text_contains_all_texts(name: str) -> None:
    ax = drawn(name, 12)
    description = " ".join(plots.alt_text(ax).split())
    assert " ".join(ax.get_title(loc="left").split()) in description
    for paragraph in footer(ax).split(". "):
        assert paragraph.rstrip(".") in description
    assert not re.search(r"\.\.\s|\s\.|\bNone\b|\bnan\b|\binf\b", description)


@every_plot
def test_axes_of_the_caller_are_used_and_keep_their_figure(name: str) -> None:
    figure = Figure(figsize=(9, 6), layout="constrained")
    first, second = figure.subplots(1, 2)
    assert PLOTS[name](ax=second) is second
    assert figure.get_size_inches().tolist() == [9, 6]
    assert not first.has_data()
    # Everything hangs on the axes, so that a layout engine makes room for it.
    assert [problem for problem in collisions(second) if " and " not in problem] == []


@every_plot
def test_own_title_is_in_the_alt_text_and_no_global_state_changes(name: str) -> None:
    before = dict(mpl.rcParams)
    ax = PLOTS[name](title="Our own words")
    assert ax.get_title(loc="left") == "Our own words"
    assert "Our own words" in plots.alt_text(ax)
    assert dict(mpl.rcParams) == before
    assert Gcf.figs == {}


def imports(text: str) -> set[str]:
    """Return what a text imports, anywhere in it."""
    nodes = list(ast.walk(ast.parse(text)))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return plain | {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}


def test_only_plots_and_pages_with_plots_import_matplotlib_and_none_imports_pyplot() -> None:
    files = {path: path.read_text("utf-8") for path in PACKAGE.rglob("*.py")}
    result = {path: imports(text) for path, text in files.items() if "matplotlib" in text}
    using = {path for path, names in result.items() if any("matplotlib" in name for name in names)}
    assert {path.parent.name for path in using} == {"plots", "reports"}
    assert not any("pyplot" in name for names in result.values() for name in names)


@pytest.mark.parametrize("name", ["bars of states", "many trends", "mosaic"])
def test_style_of_the_caller_hides_nothing(name: str) -> None:
    with mpl.rc_context({"axes.grid": True, "axes.titlesize": 30, "font.size": 20}):
        assert collisions(PLOTS[name]()) == []


@pytest.mark.parametrize("label", ["US$ and $x_1$", "$\\frac{", "a\x07\u202eb", "ab" * 90])
def test_label_is_literal_text(label: str) -> None:
    with mpl.rc_context({"text.usetex": True}):
        ax = plots.bars(panel_of([count(3, label=label), count(4, label="b")]), title=label)
        assert collisions(ax) == []
    formatted = "".join(ax.get_yticklabels()[0].get_text().split())
    expected = label.replace("\x07\u202e", r"\x07\u202e").replace(" ", "")
    assert formatted == expected[:1].upper() + expected[1:]


def test_axes_of_a_part_of_a_figure_are_used_too() -> None:
    figure = Figure(figsize=(9, 6), layout="constrained")
    _, right = figure.subfigures(1, 2)
    ax = PLOTS["funnel"](ax=right.subplots())
    assert "2,927" in plots.alt_text(ax)
    assert [problem for problem in collisions(ax) if " and " not in problem] == []


def test_pickled_figure_contains_its_alt_text() -> None:
    figure = pickle.loads(pickle.dumps(drawn("bars").figure))
    assert plots.alt_text(figure.axes[0]) == plots.alt_text(drawn("bars"))


def test_missing_extra_is_an_error_that_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in [name for name in sys.modules if name.startswith("thbstats.plots")]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setattr(thb, "plots", plots)  # put back what the import sets
    with pytest.raises(MissingExtra, match=r"pip install 'thbstats\[plot\]'"):
        import_module("thbstats.plots")


@pytest.mark.parametrize("width", [0, 2.9, 41, float("nan")])
def test_width_outside_the_limits_raises(width: float) -> None:
    with pytest.raises(InvalidValue, match="3 to 40 inches"):
        PLOTS["bars"](width=width)


def test_legend_explains_only_what_is_drawn() -> None:
    assert legend(drawn("funnel")) == ["stage before", "stage after"]
    assert legend(drawn("bars of states")) == ["value"]


@pytest.mark.parametrize("numbers", [pd.DataFrame({"a": [1]}), justice(), 3, [forms()]])
@pytest.mark.parametrize("function", sorted(set(plots.__all__) - {"alt_text", "save", "dumbbell"}))
def test_other_objects_raise_with_the_right_function(function: str, numbers: object) -> None:
    with pytest.raises(InvalidValue, match=f"value '{type(numbers).__name__}': `numbers` must be"):
        getattr(plots, function)(numbers)


def test_alt_text_of_other_objects_raises() -> None:
    for call in (plots.alt_text, lambda ax: plots.save(ax, "a.png")):
        with pytest.raises(InvalidValue, match="`ax` must be axes with a plot"):
            call(forms())  # type: ignore[operator]


@pytest.mark.parametrize("function", ["heatmap", "inferred", "mosaic", "ranking", "tornado"])
def test_panel_of_another_function_raises_with_the_right_function(function: str) -> None:
    with pytest.raises(InvalidValue, match="must be the result of thbstats"):
        getattr(plots, function)(forms())


def test_a_crosstab_is_not_a_mosaic() -> None:
    rows = [("female", "child", 3), ("male", "child", 5)]
    table = thb.CountTable.from_rows(
        rows, columns=["sex", "age", "value"], kind="victims", area="MT", period=2021
    )
    with pytest.raises(InvalidValue, match=r"must be the result of thbstats\.association"):
        plots.mosaic(table.crosstab(rows="sex", columns="age"))  # type: ignore[arg-type]
