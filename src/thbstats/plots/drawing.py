"""The drawn data of a plot, a table of marks that all outputs read, and axes with rows."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate
from math import isfinite
from typing import Any, Literal, Self

from attrs import evolve, field, frozen
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import to_rgba
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.path import Path
from matplotlib.transforms import Transform

from thbstats.errors import require
from thbstats.languages import Language, Message, Plural, joined
from thbstats.panel import Panel
from thbstats.plots.canvas import (
    BLACK,
    BLUE,
    INK,
    LABEL_GAP,
    MUTED,
    PAD,
    PALE,
    PAPER,
    TEXT,
    FloatBounds,
    Key,
    Look,
    Scale,
    axis_name,
    frame,
    moved,
    open_axes,
    plain,
    plot_width,
    text_height,
    text_width,
    title_words,
    wrap_text,
)
from thbstats.plots.drawn_numbers import Footer, PlotNumbers, footer, reason_lines, where

Data = dict[str, Any]
"""Plain data for JSON."""

_SHAPES = {
    "updown": Path(
        [(-0.5, 0.5), (0, 1), (0.5, 0.5), (0, 1), (0, -1), (-0.5, -0.5), (0, -1), (0.5, -0.5)],
        [1, 2, 2, 1, 2, 1, 2, 2],
    )
}
"""The markers that matplotlib does not have: bounds that are open on both sides."""
_LINE_GAP, _GROUP, _EMPTY = 5.0, 17.0, 18.0
"""The space of a row beyond its texts, and the heights of a group and of no rows, in points."""
_NAMES, _FIGURES = 0.34, 0.34
"""The largest parts of the width for names and figures."""
NO_DATA = Message("No country has data.")
_EDGE, _MOST = 0.6, 120
"""The width of an edge in points, and the largest number of rows."""


@frozen(kw_only=True)
class Style:
    """The look of a kind of mark: a box or a line between two positions, or a point.

    A line has its marker at its start and end. Sizes and heights are in points, and ``lane`` is the
    distance below the middle of the row.
    """

    shape: Literal["box", "line", "point"]
    color: str = BLUE
    fill: str = ""
    text: str = ""
    marker: str = ""
    size: float = 1.2
    height: float = 10.0
    lane: float = 0.0
    dashes: Any = "-"
    hatch: str | None = None
    alpha: float | None = None

    def key(self) -> Key:
        """Return the entry of the legend."""
        face = self.fill or self.color
        if self.shape == "box":
            look: Look = {"facecolor": to_rgba(face, self.alpha), "edgecolor": self.color}
            return Patch(**look, hatch=self.hatch, linewidth=_EDGE), self.text
        look = self._markers | {"linestyle": "", "markersize": min(self.size, 6)}
        if self.shape == "line":
            look |= {"linestyle": self.dashes, "linewidth": self.size, "markersize": 4}
        return Line2D([], [], **look), self.text

    @property
    def _markers(self) -> Look:
        marker = _SHAPES.get(self.marker, self.marker)
        return {"color": self.color, "markerfacecolor": self.fill or self.color, "marker": marker}

    def draw(
        self, ax: Axes, name: str, marks: Sequence[Data], transform: Transform, **more: Any
    ) -> None:
        """Draw the marks of this style as one collection, and the markers at their ends."""
        ends = [[(mark["x"], mark["y"]), (mark["x_end"], mark["y_end"])] for mark in marks]
        look: Look = {"gid": name, "clip_on": False, "transform": transform, **more}
        if self.shape == "box":
            corners = [[(x, y), (x1, y), (x1, y1), (x, y1)] for (x, y), (x1, y1) in ends]
            look |= {"edgecolor": self.color, "hatch": self.hatch, "linewidth": _EDGE}
            face = to_rgba(self.fill or self.color, self.alpha)
            ax.add_collection(PolyCollection(corners, facecolor=face, **look), autolim=False)
            return
        if self.shape == "line":
            options: Look = {"linewidths": self.size, "linestyles": self.dashes}
            lines = LineCollection(ends, colors=self.color, **options, **look)
            ax.add_collection(lines, autolim=False)
        if self.marker:
            positions = list(dict.fromkeys(corner for own in ends for corner in own))
            size = self.size if self.shape == "point" else 4 + self.size / 2
            look |= {"linestyle": "", "markersize": size, "gid": f"{name} ends", **self._markers}
            ax.plot(*zip(*positions, strict=True), **look)


SUPPRESSED = Style(
    shape="box", fill=PALE, hatch="xxxx", text=Message("range of the value: suppressed counts")
)
UNCERTAIN = Style(shape="box", fill=PALE, text=Message("range of the value"))


def arrow(shape: str, *, is_open: bool, color: str = BLACK) -> Style:
    """Return the arrow of a missing bound, or of a bound beyond the axis."""
    text = Message("not bounded") if is_open else Message("continues beyond the axis")
    fill = color if is_open else PAPER
    return Style(shape="point", color=color, fill=fill, marker=shape, size=5.5, text=text)


@frozen(kw_only=True)
class Drawing:
    """The drawn data of a plot with their texts.

    ``marks`` is the table: each mark has its style, its row and the ends ``x`` and ``x_end``, and
    ``y`` and ``y_end`` if both axes have numbers; ``texts`` are on marks, and ``columns`` below
    them. ``side`` has the name and the limits of a vertical axis of numbers, and ``numbers``
    returns the figures of each row.
    """

    kind: str
    title: str
    subtitle: str
    axis: str
    side: tuple[str, float, float] | None = None
    scale: Scale
    names: Sequence[str]
    groups: Sequence[str] = ()
    figures: Sequence[str] = ()
    height: float = 20.0
    columns: Mapping[float, str] = field(factory=dict)
    styles: Mapping[str, Style]
    marks: Sequence[Data]
    texts: Sequence[Data] = ()
    numbers: Callable[[], Sequence[Data]]
    spoken: Sequence[str]
    footer: Footer
    panel: Panel | None = None
    notes: Data = field(factory=dict)
    language: Language = field(factory=lambda: Language.of("en"))

    def in_language(self, language: "str | Language") -> Self:
        """Return the drawing with its texts in a language."""
        own = Language.of(language)
        if own.code == "en":
            return self
        text, records = own.text, self.numbers
        lines, further = (
            tuple(map(text, part)) for part in (self.footer.lines, self.footer.further)
        )

        def numbers() -> Sequence[Data]:
            return [_in_language(record, own) for record in records()]

        texts: Data = {
            name: text(getattr(self, name)) for name in ("kind", "title", "subtitle", "axis")
        }
        for name in ("names", "groups", "figures", "spoken"):
            texts[name] = [text(item) for item in getattr(self, name)]
        return evolve(
            self,
            **texts,
            side=self.side and (text(self.side[0]), *self.side[1:]),
            scale=evolve(self.scale, language=own),
            columns={x: text(label) for x, label in self.columns.items()},
            styles={key: evolve(item, text=text(item.text)) for key, item in self.styles.items()},
            marks=[_in_language(mark, own, ("mark",)) for mark in self.marks],
            texts=[_in_language(item, own, ("mark",)) for item in self.texts],
            numbers=numbers,
            footer=Footer(lines, further),
            language=own,
        )

    def used(self) -> list[tuple[str, Style]]:
        """Return the styles of the marks, in their order."""
        present = {mark["mark"] for mark in self.marks}
        return [(name, style) for name, style in self.styles.items() if name in present]

    def keys(self) -> list[Key]:
        """Return the legend: each distinct text, points first."""
        shown = sorted(self.used(), key=lambda own: not own[0].startswith("point"))
        return [own.key() for own in {own.text: own for _, own in shown if own.text}.values()]

    def records(self) -> list[Data]:
        """Return the marks with the figures of their rows."""
        numbers = self.numbers()
        return [{**numbers[mark["row"]], **mark} for mark in self.marks]

    def frame(self, ax: Axes, height: float, title: str, **more: Any) -> Axes:
        """Add the texts around the marks of axes with a height in points."""
        usual: Data = {
            "title": title or self.title, "subtitle": self.subtitle, "axis": self.axis,
            "numbers": self.spoken, "lines": self.footer.lines, "further": self.footer.further,
            "keys": self.keys(),
        }  # fmt: skip
        return frame(ax, self.kind, height, **(usual | more))

    def draw(
        self, ax: Axes, marks: Sequence[Data], strips: Sequence[Transform] = (), factor: float = 1
    ) -> None:
        """Draw marks at their positions on the axes, all marks of a style and colour at once."""
        for order, (name, style) in enumerate(self.used()):
            groups: dict[tuple[str, int], list[Data]] = {}
            for mark in (own for own in marks if own["mark"] == name):
                key = mark.get("color", style.color), mark.get("strip", -1) if strips else -1
                groups.setdefault(key, []).append(mark)
            for (color, strip), own in groups.items():
                fill = style.fill and style.fill.replace(style.color, color)
                is_scaled = style.shape == "point" and "strip" not in own[0]
                size = style.size * (factor if is_scaled else 1)
                look = evolve(style, color=color, fill=fill, size=size)
                transform = strips[strip] if strip >= 0 else ax.transData
                look.draw(ax, name, own, transform, zorder=2 + order / 10)


def _in_language(data: Data, language: Language, keys: Sequence[str] = ()) -> Data:
    """Return data with its texts in a language; some fields are keys."""
    return {
        name: language.text(value) if isinstance(value, str) and name not in keys else value
        for name, value in data.items()
    }


class RowMarks:
    """Collects the marks of a plot with a row for each number."""

    def __init__(self, scale: Scale, styles: Mapping[str, Style]) -> None:
        self.scale: Scale = scale
        self.styles: dict[str, Style] = dict(styles)
        self.marks: list[Data] = []

    def add(self, name: str, row: int, ends: FloatBounds, lane: float = 0.0) -> None:
        """Add a mark between two bounds; a missing or distant bound has an arrow."""
        low, high = self.scale.clip(ends)
        lane += self.styles[name].lane
        self.marks.append({"mark": name, "row": row, "x": low, "x_end": high, "lane": lane})
        for end, edge, shape in zip(ends, (self.scale.low, self.scale.high), "<>", strict=True):
            if not isfinite(end) or self.scale.beyond(end):
                style = arrow(shape, is_open=not isfinite(end))
                self.styles[style.text + shape] = style
                own = {"mark": style.text + shape, "row": row, "x": edge, "x_end": edge}
                self.marks.append(own | {"lane": lane})

    def bar(self, name: str, row: int, ends: FloatBounds, start: float, *, hidden: bool) -> None:
        """Add a bar up to the nearer bound, and a pale box up to the other bound."""
        low, high = self.scale.clip(ends)
        near = min(max(start, low), high)
        if near != start or low == high:
            self.add(name, row, (min(start, near), max(start, near)))
        if low < high:
            own, base = self.styles[name], SUPPRESSED if hidden else UNCERTAIN
            look = evolve(base, color=own.color, height=own.height, lane=own.lane)
            self.styles.setdefault(f"{name}, {base.text}", look)
            self.add(f"{name}, {base.text}", row, ends)


def kind_text(kind: str, n: int) -> str:
    """Return the kind of a plot with the number of its rows."""
    return Plural("{kind}, {n} row", "{kind}, {n} rows", n, kind=kind, n=n)


def row_drawing(
    kind: str,
    rows: PlotNumbers,
    marks: RowMarks,
    listed: Sequence[int],
    *,
    notes: Iterable[str] = (),
    **fields: Any,
) -> Drawing:
    """Return a drawing of some rows; the lines below it list the other rows by reason.

    Fields are those of the panel unless they are passed.
    """
    panel = rows.panel
    problem = f"a plot of rows must have at most {_MOST} rows"
    hint = "Select rows, such as panel.where(period=2020)"
    require(len(listed) <= _MOST, problem, hint, numbers=len(listed))
    names = fields.setdefault("names", [rows.names[i] for i in listed])
    if "footer" not in fields:
        others = [i for i in rows.order if rows.reasons[i] or i not in listed]
        fields["footer"] = footer(rows, [*notes, *reason_lines(rows, others)])
    axis = fields.pop("axis", axis_name(panel))
    usual: Data = {
        "title": title_words(panel, axis), "subtitle": where(panel), "panel": panel,
        "numbers": lambda: number_records(rows.take(list(listed)), names) if listed else [],
        "scale": marks.scale, "styles": marks.styles, "marks": marks.marks, "axis": axis,
        "spoken": rows.sentences, "kind": kind_text(kind, len(names)),
    }  # fmt: skip
    return Drawing(**(usual | fields))


def number_records(rows: PlotNumbers, names: Sequence[str]) -> list[Data]:
    """Return each number with its bounds, denominator, coverage and warnings, as plain data.

    A bound is None where it is not bounded or has no mark.
    """
    columns = {
        ("value_lower", "value_upper"): rows.values,
        ("lower", "upper"): rows.bounds["bounds"],
        ("lower_with_unknown", "upper_with_unknown"): rows.bounds["unknown"],
    }
    coverage, data = rows.panel.to_frame()["coverage"].tolist(), []
    for i, result in enumerate(rows.panel):
        row: Data = {
            "name": names[i], "figure": joined(rows.figures(i), "\n", "\n"),
            "coverage": coverage[i],
            "status": result.status.label, "without_mark": rows.reasons[i],
            "denominator": str(result.denominator), "base": result.base.label,
            "warnings": ", ".join(result.warnings.codes),
        }  # fmt: skip
        for ends, column in columns.items():
            pair = column[i] or (None, None)
            finite = (end if end is not None and isfinite(end) else None for end in pair)
            row |= dict(zip(ends, finite, strict=True))
        data.append(row)
    return data


def draw_rows(
    drawing: Drawing, ax: Axes | None, width: float, title: str, language: "str | Language" = "en"
) -> Axes:
    """Draw rows with their names and figures; the vertical axis is in points."""
    drawing = drawing.in_language(language)
    ax = open_axes(ax, width)
    whole = plot_width(ax)
    names = [wrap_text(name, whole * _NAMES, TEXT) for name in drawing.names]
    room, shown = whole * _FIGURES, []
    for figure in drawing.figures:  # the first line, and the further lines that fit
        first, *others = figure.split("\n")
        further = [line for line in others if text_width(line, TEXT) <= room]
        shown.append("\n".join([wrap_text(first, room, TEXT), *further]))
    groups = list(drawing.groups) or [""] * len(names)
    heads = [_GROUP * (i == 0 or groups[i - 1] != own) * bool(own) for i, own in enumerate(groups)]
    texts = zip(names, shown, heads, strict=True)
    sizes = [
        head + max(drawing.height, *(text_height(text) + _LINE_GAP for text in own))
        for *own, head in texts
    ]
    height = sum(sizes) or _EMPTY
    ends = zip(accumulate(sizes), sizes, heads, strict=True)
    middles = [end - (size - head) / 2 for end, size, head in ends]
    scale = drawing.scale
    plain(ax, "x" if names else "")
    room = whole - 2 * (LABEL_GAP + PAD)
    room -= sum(max((text_width(text, TEXT) for text in own), default=0) for own in (names, shown))
    ticks = scale.ticks(room) if names else {}
    ax.set_xticks(list(ticks), list(ticks.values()))
    ax.set_xlim(scale.low, scale.high)
    ax.set_yticks(middles, names)
    ax.set_ylim(height, 0)
    ax.tick_params(axis="y", pad=LABEL_GAP)
    side = moved(ax, ax.get_yaxis_transform(), LABEL_GAP)
    look: Look = {"va": "center", "fontsize": TEXT, "color": INK, "transform": side}
    for i, (middle, figure) in enumerate(zip(middles, shown, strict=True)):
        ax.text(1, middle, figure, gid=f"figure-{i}", **look)
    left = moved(ax, ax.get_yaxis_transform(), -LABEL_GAP)
    for i, (own, head) in enumerate(zip(groups, heads, strict=True)):
        if head:
            top = middles[i] - (sizes[i] - head) / 2 - head / 2
            bold: Look = {"ha": "right", "fontweight": "bold", "gid": f"group-{i}"}
            ax.text(0, top, own, **(look | bold | {"transform": left}))
    if not names:
        empty: Look = {"fontsize": TEXT, "va": "center", "color": MUTED, "gid": "empty"}
        ax.text(0, _EMPTY / 2, drawing.language.text(NO_DATA), **empty)
    marks = []
    for mark in drawing.marks:
        style, middle = drawing.styles[mark["mark"]], middles[mark["row"]] + mark["lane"]
        half = style.height / 2 if style.shape == "box" else 0.0
        marks.append(mark | {"y": middle - half, "y_end": middle + half})
    drawing.draw(ax, marks)
    axis = {"axis": drawing.axis if names else ""}
    return drawing.frame(ax, height, title, **axis)
