"""Numbers through time: joined only where they may be compared, and never across a break."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import cycle, pairwise

from attrs import frozen
from matplotlib.axes import Axes
from matplotlib.transforms import offset_copy

from thbstats.comparability import ALL, Rule
from thbstats.errors import InvalidValue
from thbstats.plots.canvas import WIDTH, open_axes, room
from thbstats.plots.footnotes import footer, where
from thbstats.plots.layout import PAD, Around, Body, frame, plain
from thbstats.plots.layout import rules as rules_along
from thbstats.plots.lettering import height_of, wide
from thbstats.plots.moments import Moment, Step, moments_of, steps_of
from thbstats.plots.scale import Scale, measure_of, named, scale_of
from thbstats.plots.strokes import MARKERS, Look, Strokes
from thbstats.plots.style import SERIES, TEXT
from thbstats.plots.wording import as_results, in_line, more, title_of
from thbstats.results import Result, Results, Warnings

__all__ = ["trend"]

_LOW, _HIGH, _RATIO = 170.0, 300.0, 0.42
"""Points: the least and the most height; and the height as a part of the width."""
_BESIDE, _APART = 7.0, 6.0


@frozen(kw_only=True)
class _Line:
    """One series: how it looks, its numbers in time and the steps between them."""

    look: Look
    moments: list[Moment]
    steps: list[Step]


def trend(
    numbers: Results | Iterable[Result] | Mapping[str, Iterable[Result]],
    *,
    rules: Iterable[Rule] = ALL,
    ax: Axes | None = None,
    width: float = WIDTH,
    title: str = "",
) -> Axes:
    """Draw numbers through time, joined where `compare` says that they may be compared.

    Each number is as wide as its period. One follows another where no time lies between their
    periods: a full line joins them where they are comparable, a dashed one where they are with
    caution, none where they are not or where it cannot be told. Where somebody began to count
    differently there is an upright line, and nothing is drawn through it.

    Parameters
    ----------
    numbers : Results, iterable of Result, or mapping of str to iterable of Result
        Numbers of one kind and of several periods, in any order; or several series by name.
    rules : iterable of Rule
        For `compare`; those of `rules_with` know of breaks that no source flags.
    ax, width, title : optional
        As for `bars`.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InvalidValue
        If there are no numbers, they are of several kinds, or one does not state its period.

    Notes
    -----
    Figures of one period that were published on different days stand beside each other, each day
    with a marker of its own. Under the periods of a single series stands how many countries
    reported, of how many that should.

    Examples
    --------
    >>> import thbstats as thb
    >>> published = thb.publications
    >>> reports = [published.com_2016_267(), published.com_2018_777(), published.com_2020_661()]
    >>> ratios = [thb.conviction_to_prosecution(report.data.justice) for report in reports]
    >>> ax = thb.plots.trend(ratios)
    >>> [label.get_text() for label in ax.get_xticklabels()]
    ['2013-2014', '2015-2016', '2017-2018']
    """
    lines = list(_lines(numbers, tuple(rules)))
    items = [moment.number for line in lines for moment in line.moments]
    measure = measure_of(items)
    axes = open_axes(ax, width)
    whole = room(axes)
    tall = min(max(_LOW, whole * _RATIO), _HIGH)
    scale = scale_of(
        measure,
        [item.reported for item in items if item.reported is not None],
        tall,
        beside=[
            number
            for item in items
            for name, number in more(item)
            if name == "bounds" and None not in (number.lower, number.upper)
        ],
        upright=True,
    )
    beside = max((wide(line.look.name, TEXT) for line in lines), default=0.0)
    left = max(wide(text, TEXT) for text in scale.texts) + _BESIDE + PAD
    right = beside + _BESIDE + PAD
    below = _set_up(axes, scale, lines, whole - left - right)
    body = Body(left=left, right=right, height=tall, below=below)
    days = sorted({moment.vintage for line in lines for moment in line.moments})
    vintages = dict(zip(days, cycle(MARKERS), strict=False)) if len(days) > 1 else {}
    strokes = Strokes(axes, scale, vintages, alone=len(lines) == 1)
    for place, line in enumerate(lines):
        for step, own in enumerate(line.steps):
            strokes.step(own, line.look, f"{place}-{step}")
        for number, moment in enumerate(line.moments):
            strokes.moment(moment, line.look, f"{place}-{number}")
    if beside:
        _name(axes, scale, lines, tall)
    steps = [step for line in lines for step in line.steps]
    found = as_results(items)
    around = Around(
        kind=f"Line plot, {len(items)} numbers",
        title=title_of(numbers if isinstance(numbers, Results) else found, title),
        where=where(items),
        axis=named(items),
        upright=True,
        footer=footer(
            items,
            Warnings().and_also(found.warnings, *(step.pair.warnings for step in steps)),
            _notes(lines, steps),
        ),
        said=[text for line in lines for text in _said(line)],
    )
    return frame(axes, around, body, strokes.legend())


def _lines(
    numbers: Results | Iterable[Result] | Mapping[str, Iterable[Result]], applied: tuple[Rule, ...]
) -> Iterator[_Line]:
    series = numbers if isinstance(numbers, Mapping) else {"": numbers}
    if len(series) > len(SERIES):
        raise InvalidValue(
            "so many series cannot be told apart",
            field="numbers",
            value=len(series),
            mend=f"Give {len(SERIES)} at most",
        )
    for color, marker, (name, items) in zip(SERIES, MARKERS, series.items(), strict=False):
        moments = moments_of(as_results(items).items)
        look = Look(name, color, marker)
        yield _Line(look=look, moments=moments, steps=steps_of(moments, applied))


def _has_coverage(lines: Sequence[_Line]) -> bool:
    """Whether one series alone has its reporting countries listed."""
    return len(lines) == 1 and any(_coverage(moment) for moment in lines[0].moments)


def _coverage(moment: Moment) -> str:
    """Return how many countries reported, of how many that should; nothing for one alone."""
    context = moment.number.context
    number = context.n_reporters if context.reporters is None else len(context.reporters)
    if number is None or len(context.area.members) == 1:
        return ""
    return f"{number}" if context.expected is None else f"{number}/{len(context.expected)}"


def _set_up(ax: Axes, scale: Scale, lines: Sequence[_Line], across: float) -> float:
    """Give axes their scales, and return how high the names of the periods are."""
    plain(ax)
    rules_along(ax, "y")
    moments = [moment for line in lines for moment in line.moments]
    first, last = min(each.start for each in moments), max(each.end for each in moments)
    ax.set_xlim(first, last)
    ax.set_ylim(scale.low, scale.high)
    ax.set_yticks(scale.ticks, scale.texts)
    coverage = _has_coverage(lines)
    names: dict[float, tuple[str, str]] = {}
    for moment in moments:
        told = _coverage(moment) if coverage else ""
        names.setdefault((moment.start + moment.end) / 2, (moment.number.period, told))
    texts = _fitting(names, across / (last - first))
    ax.set_xticks(list(texts), list(texts.values()))
    ax.tick_params(pad=_BESIDE / 2)
    return max(height_of(text, TEXT) for text in texts.values()) + _BESIDE


def _fitting(names: Mapping[float, tuple[str, str]], points: float) -> dict[float, str]:
    """Return the names of periods that fit side by side: all, every second one, and so on."""
    return next(told for told in _choices(names) if _is_apart(told, points))


def _choices(names: Mapping[float, tuple[str, str]]) -> Iterator[dict[float, str]]:
    """Yield names of ever fewer periods, down to one; each ends its line at a hyphen first."""
    places = sorted(names)
    for step in range(1, len(places) + 1):
        kept = places[::-1][::step][::-1]
        for hyphen in ("-", "-\n"):
            yield {
                place: "\n".join(filter(None, [period.replace("-", hyphen), coverage]))
                for place in kept
                for period, coverage in [names[place]]
            }


def _is_apart(told: Mapping[float, str], points: float) -> bool:
    ends = [
        (place * points - wide(text, TEXT) / 2, place * points + wide(text, TEXT) / 2)
        for place, text in told.items()
    ]
    return all(one[1] + _APART <= two[0] for one, two in pairwise(ends))


def _name(ax: Axes, scale: Scale, lines: Sequence[_Line], tall: float) -> None:
    """Write the name of each series at its end, none on another."""
    beside = offset_copy(
        ax.get_yaxis_transform(), fig=ax.figure.figure, x=_BESIDE, y=0, units="points"
    )
    apart = TEXT * 1.4 / tall * (scale.high - scale.low)
    lowest = scale.low
    for line in sorted(lines, key=lambda line: _end(line, scale)):
        y = max(_end(line, scale), lowest)
        lowest = y + apart
        made = ax.text(
            1,
            y,
            line.look.name,
            transform=beside,
            va="center",
            fontsize=TEXT,
            color=line.look.color,
        )
        made.set_gid(f"series-{line.look.name}")


def _end(line: _Line, scale: Scale) -> float:
    """Return the height at which a series ends."""
    known = [item.number.reported for item in line.moments if item.number.reported is not None]
    return sum(scale.clip(known[-1])) / 2 if known else scale.low


def _notes(lines: Sequence[_Line], steps: Sequence[Step]) -> list[str]:
    notes = []
    if _has_coverage(lines):
        notes.append("Under each period: reporting countries, of how many.")
    if any(step.joined is None for step in steps):
        notes.append(
            "No line: not comparable, it cannot be told, time lies between, or nobody reported."
        )
    return notes


def _said(line: _Line) -> Iterator[str]:
    """Yield each number, and what may be said from one to the next."""
    named = f"{line.look.name}, " if line.look.name else ""
    for moment in line.moments:
        covered = _coverage(moment).replace("/", " of ")
        reporters = f", {covered} countries" if covered else ""
        yield f"{named}{moment.number.period}: {in_line(moment.number)}{reporters}"
    for step in line.steps:
        told = "break, counted differently" if step.is_break else step.pair.verdict.label
        yield f"{named}{step.first.number.period} to {step.second.number.period}: {told}"
