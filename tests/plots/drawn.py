"""What is drawn on axes, and every plot of the library with figures of its own."""

from collections.abc import Callable
from functools import cache
from itertools import combinations
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon, Rectangle
from matplotlib.text import Text

import thbstats as thb
from tests.comparability.numbers import context, count
from thbstats import plots
from thbstats.bounds import Inferences
from thbstats.results import Association, LeaveOneOut, Result, Results
from thbstats.values import Interval

REPORT = thb.publications.com_2018_777()
FEW = thb.Count.fewer_than(5)

# Persons prosecuted and convicted in 2016, as UNODC published them.
STATES = {"AT": (138, 17), "BG": (80, 36), "DK": (FEW, 15), "ES": (374, 24), "UK": (97, 59)}
# Adult victims detected in the Netherlands in 2018, from the same source.
FORMS = {
    "sexual": {"female": 318, "male": 126, "other": FEW},
    "labour": {"female": 29, "male": 81, "other": FEW},
    "other": {"female": 18, "male": 64, "other": FEW},
}


@cache
def justice() -> thb.CountTable:
    rows = [
        (area, stage, number)
        for area, numbers in STATES.items()
        for stage, number in zip(("prosecuted", "convicted"), numbers, strict=True)
    ]
    return thb.CountTable.from_rows(
        rows, columns=["area", "stage", "value"], kind="justice", unit="persons", period=2016
    )


@cache
def left_out() -> LeaveOneOut:
    return thb.leave_one_out(justice(), thb.conviction_to_prosecution)


@cache
def two_way(*sexes: str) -> Association:
    rows = [(sex, form, FORMS[form][sex]) for form in FORMS for sex in sexes]
    table = thb.CountTable.from_rows(
        rows,
        columns=["sex", "exploitation", "value"],
        kind="victims",
        area="NL",
        period=2018,
        age="adult",
    )
    return thb.association(table, rows="sex", columns="exploitation", age="adult")


@cache
def inferences() -> Inferences:
    asked: list[dict[str, Any]] = [{"exploitation": "labour"}, {"sex": "female"}]
    items = [thb.infer(REPORT, area="UK", **category) for category in asked]
    return Inferences(caption="Victims in the United Kingdom", items=items)


def forms(**area: str) -> Results:
    return REPORT.breakdown(by="exploitation", base="recorded", **area)


def series(*numbers: int | Interval | None, start: int = 2010, **more: Any) -> list[Result]:
    """Return a count for each year; ``None`` where nobody reported."""
    return [
        count(
            Interval.at_least(0) if number is None else number,
            context("BE", str(start + place), **more),
            reported=None if number is None else interval(number),
        )
        for place, number in enumerate(numbers)
    ]


def interval(number: int | Interval) -> Interval:
    return number if isinstance(number, Interval) else Interval.point(number)


def ratios() -> list[Result]:
    published = thb.publications
    reports = [published.com_2016_267(), REPORT, published.com_2020_661()]
    return [thb.conviction_to_prosecution(report.data.justice) for report in reports]


PLOTS: dict[str, Callable[..., Axes]] = {
    "bars": lambda **more: plots.bars(forms(), **more),
    "bars of states": lambda **more: plots.bars(
        thb.stage_ratios(
            justice(), numerator="convicted", denominator="prosecuted", by="area", area="EU28"
        ),
        **more,
    ),
    "dumbbell": lambda **more: plots.dumbbell(forms(), forms(area="EU28 without UK"), **more),
    "tornado": lambda **more: plots.tornado(left_out(), **more),
    "funnel": lambda **more: plots.funnel(thb.funnel(REPORT.data.justice), **more),
    "ranking": lambda **more: plots.ranking(
        thb.ranking(justice(), by="area", stage="convicted"), **more
    ),
    "trend": lambda **more: plots.trend(ratios(), **more),
    "several trends": lambda **more: plots.trend(
        {"Belgium": series(4, 6, None, 9), "elsewhere": series(5, Interval(2, 7), 6, 9)}, **more
    ),
    "heatmap": lambda **more: plots.heatmap(thb.compare_all(ratios()), **more),
    "mosaic": lambda **more: plots.mosaic(two_way("female", "male", "other"), **more),
    "inferred": lambda **more: plots.inferred(inferences(), **more),
}
"""Every kind of plot, to be drawn with ``ax`` or ``width``."""


@cache
def drawn(name: str, width: float = 7.0) -> Axes:
    """Return a plot that nobody changes."""
    return PLOTS[name](width=width)


def marks(ax: Axes, name: str) -> list[Any]:
    """Return what is drawn under a name, in the order in which it was drawn."""
    found = [item for item in ax.get_children() if (item.get_gid() or "").startswith(name)]
    return [item for item in found if not isinstance(item, Text)]


def texts(ax: Axes, name: str) -> list[str]:
    """Return what is written under a name."""
    return [text.get_text() for text in ax.texts if (text.get_gid() or "").startswith(name)]


def footer(ax: Axes) -> str:
    """Return what stands under a plot, in one line."""
    (text,) = texts(ax, "footer")
    return " ".join(text.split())


def legend(ax: Axes) -> list[str]:
    found = ax.get_legend()
    return [] if found is None else [text.get_text() for text in found.get_texts()]


def across(mark: Rectangle | Polygon | Line2D) -> tuple[float, float]:
    """Return from where to where a mark goes, along the horizontal axis."""
    if isinstance(mark, Rectangle):
        return mark.get_x(), mark.get_x() + mark.get_width()
    # Before matplotlib 3.9 a band from top to bottom is no rectangle.
    found = mark.get_xy()[:, 0] if isinstance(mark, Polygon) else mark.get_xdata()
    places = [float(place) for place in found]
    return min(places), max(places)


def written(ax: Axes) -> dict[str, Any]:
    """Draw the figure, and return the place of each text on it in pixels."""
    figure = ax.figure.figure
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    renderer = canvas.get_renderer()
    return {
        f"{text.get_text()!r} at {text.get_position()}": text.get_window_extent(renderer)
        for text in figure.findobj(Text)
        if text.get_visible() and text.get_text().strip()
    }


def collisions(ax: Axes) -> list[str]:
    """Return the texts that stand on each other, and those that leave the figure."""
    found = written(ax)
    page = ax.figure.figure.bbox
    beyond = [
        name
        for name, box in found.items()
        if box.x0 < page.x0 or box.x1 > page.x1 or box.y0 < page.y0 or box.y1 > page.y1
    ]
    touching = [
        f"{one} and {two}"
        for (one, a), (two, b) in combinations(found.items(), 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > 1 and min(a.y1, b.y1) - max(a.y0, b.y0) > 1
    ]
    return [*beyond, *touching]
