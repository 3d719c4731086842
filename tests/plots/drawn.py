"""Worked examples of every plot, and the marks and texts on axes."""

from collections.abc import Callable
from functools import cache
from itertools import combinations
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PolyCollection
from matplotlib.text import Text

import thbstats as thb
from tests.lists.tables import lists
from tests.releases.published import decisions
from tests.rules.panels import Row, count, one
from thbstats import plots
from thbstats.panel import Panel, Status, Suppression, panel_from_rows
from thbstats.plots.drawing import Data, Drawing
from thbstats.rules import compare_all
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
def states() -> Panel:
    result = thb.ratio(
        justice(),
        numerator={"stage": "convicted"},
        denominator={"stage": "prosecuted"},
        by="area",
        area="EU28",
    )
    assert isinstance(result, Panel)
    return result


@cache
def left_out() -> Any:
    return thb.leave_out(thb.conviction_to_prosecution(justice(), area="AT+BG+DK+ES+UK"))


@cache
def two_way(*sexes: str) -> Any:
    table = thb.CountTable.from_rows(
        [(sex, form, FORMS[form][sex]) for form in FORMS for sex in sexes],
        columns=["sex", "exploitation", "value"],
        kind="victims",
        area="NL",
        period=2018,
        age="adult",
    )
    return thb.association(table, rows="sex", columns="exploitation", age="adult")


@cache
def revised() -> thb.releases.Revisions:
    """Return two GLOTIP releases in which women and men are exchanged."""
    return thb.revisions(
        *(
            thb.CountTable.from_rows(
                [("female", women), ("male", men), ("unknown", 0), ("total", whole)],
                columns=["sex", "value"],
                kind="victims",
                area="BG",
                period=2019,
                source=thb.Source(title="GLOTIP data set", published=day),
            )
            for women, men, whole, day in [
                (49, 322, 371, "2023-05-30"),
                (322, 49, 376, "2025-04-14"),
            ]
        )
    )


@cache
def decided() -> thb.releases.Revisions:
    """Return the decisions on reasonable grounds in three releases."""
    return thb.revisions(list(decisions("reasonable")))


def forms(**area: str) -> Panel:
    return REPORT.breakdown(of="exploitation", base="known", **area)


def ratios() -> Panel:
    published = thb.publications
    reports = [published.com_2016_267(), REPORT, published.com_2020_661()]
    return Panel.from_results(
        thb.conviction_to_prosecution(report.data.justice) for report in reports
    )


def numbered(*numbers: int | Interval | None, start: int = 2010, **more: Any) -> list[Row]:
    """Return the rows of a count for each year; ``None`` where no country reported."""
    missing: Row = {"value": None, "status": Status.NOT_REPORTED}
    rows = []
    for position, number in enumerate(numbers):
        known = Interval.at_least(0) if number is None else number
        fields = more | (missing if number is None else {})
        rows.append(count(known, fields.pop("area", "BE"), str(start + position), **fields))
    return rows


def panel_of(rows: list[Row], **keys: list[str]) -> Panel:
    return panel_from_rows("", rows, keys)


def series(*numbers: int | Interval | None, **more: Any) -> Panel:
    return panel_of(numbered(*numbers, **more))


def members(**numbers: tuple[int | Interval | None, ...]) -> Panel:
    """Return one series of counts for each country."""
    rows = [(area, row) for area, own in numbers.items() for row in numbered(*own, area=area)]
    fields = [row for _, row in rows]
    periods = [str(row["period"]) for row in fields]
    return panel_of(fields, area=[area for area, _ in rows], period=periods)


def suppressed(counts: Interval, **more: Any) -> Row:
    """Return the fields of a number with a suppressed count."""
    result = Suppression(cells=1, areas=frozenset({"BE"}), counts=counts)
    return {"suppression": result} | more


def alone(fields: Row) -> Panel:
    return one(fields).panel


PLOTS: dict[str, Callable[..., Axes]] = {
    "bars": lambda **more: plots.bars(forms(), **more),
    "bars of states": lambda **more: plots.bars(states(), **more),
    "dumbbell": lambda **more: plots.dumbbell(forms(), forms(area="EU28 without UK"), **more),
    "tornado": lambda **more: plots.tornado(left_out(), **more),
    "funnel": lambda **more: plots.funnel(thb.justice.funnel(REPORT.data.justice), **more),
    "ranking": lambda **more: plots.ranking(
        thb.ranking(justice(), by="area", stage="convicted"), **more
    ),
    "trend": lambda **more: plots.trend(ratios(), **more),
    "several trends": lambda **more: plots.trend(
        members(BE=(4, 6, None, 9), FR=(5, Interval(2, 7), 6, 9)), **more
    ),
    "many trends": lambda **more: plots.trend(
        members(**dict.fromkeys(("AT", "BE", "BG", "DE", "DK", "FR", "UK"), (4, 6, None, 9))),
        **more,
    ),
    "heatmap": lambda **more: plots.heatmap(compare_all(ratios()), **more),
    "estimates": lambda **more: plots.estimates(
        thb.lists.models(lists("UKdat_5")),
        bounds=thb.lists.hidden(lists("UKdat_5"), ("1/3", 3), 0.95),
        **more,
    ),
    "revision_scatter": lambda **more: plots.revision_scatter(revised(), **more),
    "revision_triangle": lambda **more: plots.revision_triangle(decided(), **more),
    "mosaic": lambda **more: plots.mosaic(two_way("female", "male", "other"), **more),
}
"""Every kind of plot, to be drawn with ``ax`` or ``width``."""


@cache
def drawn(name: str, width: float = 7.0) -> Axes:
    """Return a plot that no test changes."""
    return PLOTS[name](width=width)


def marks(drawing: Drawing, name: str = "") -> list[Data]:
    """Return the marks whose style starts with a name, in the order of rows."""
    return [mark for mark in drawing.marks if mark["mark"].startswith(name)]


def ends(drawing: Drawing, name: str = "", axis: str = "x") -> list[tuple[float, float]]:
    """Return both ends of marks along an axis."""
    return [(mark[axis], mark[f"{axis}_end"]) for mark in marks(drawing, name)]


def notes(drawing: Drawing) -> str:
    """Return the lines below a plot as one text."""
    return " ".join(drawing.footer.lines)


def positions(ax: Axes) -> dict[str, list[tuple[float, ...]]]:
    """Return the corners of the collections of a plot by style."""
    result = {}
    for item in ax.collections:
        if isinstance(item, PolyCollection):
            corners = [path.vertices[[0, 2]] for path in item.get_paths()]
        else:
            corners = item.get_segments()
        own = [tuple(float(end) for pair in corner for end in pair) for corner in corners]
        result.setdefault(item.get_gid() or "", []).extend(own)
    return result


def texts(ax: Axes, name: str) -> list[str]:
    """Return the texts with a name."""
    return [text.get_text() for text in ax.texts if (text.get_gid() or "").startswith(name)]


def footer(ax: Axes) -> str:
    """Return the lines under a plot as one line."""
    (text,) = texts(ax, "footer")
    return " ".join(text.split())


def legend(ax: Axes) -> list[str]:
    result = ax.get_legend()
    return [] if result is None else [text.get_text() for text in result.get_texts()]


def written(ax: Axes) -> dict[str, Any]:
    """Lay out the figure, and return the position of each text in pixels."""
    figure = ax.figure.figure
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw_without_rendering()  # the positions without the pixels
    return {
        f"{text.get_text()!r} at {box.x0:.0f}, {box.y0:.0f}": box
        for text in figure.findobj(Text)
        if text.get_visible() and text.get_text().strip()
        for box in [text.get_window_extent(renderer)]
    }


def collisions(ax: Axes) -> list[str]:
    """Return the texts that overlap each other, and those outside the figure."""
    result = written(ax)
    page = ax.figure.figure.bbox
    beyond = [
        name
        for name, box in result.items()
        if box.x0 < page.x0 or box.x1 > page.x1 or box.y0 < page.y0 or box.y1 > page.y1
    ]
    touching = [
        f"{single} and {two}"
        for (single, a), (two, b) in combinations(result.items(), 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > 1 and min(a.y1, b.y1) - max(a.y0, b.y0) > 1
    ]
    return [*beyond, *touching]
