"""The headline indicators of a page: each with what it can be, its counts and what it says."""

from collections import Counter
from collections.abc import Iterable, Iterator

from attrs import frozen

from thbstats.display import Cell, Column, Group, Sheet, Tone, count
from thbstats.reports.content import Content
from thbstats.reports.indicators import Indicator
from thbstats.reports.naming import area_name
from thbstats.reports.section import Section
from thbstats.results import Measure, Result

__all__ = ["HEADLINES", "Place", "beside", "most", "place_of", "usual_place"]


def _blocks(content: Content) -> Iterator[str | Sheet]:
    """Yield each number with what it can be, numerator, base and what it speaks of.

    The counts of the stages of justice have a section of their own.
    """
    counts = [item for item in content.counts if not _is_stage(item.result)]
    victims = [item for item in counts if item.result.context.counted.kind == "victims"]
    others = [item for item in counts if item not in victims]
    items = [*victims, *content.shares, *content.ratios, *others]
    if not items:
        return
    usual = usual_place([item for item in items if item.leading] or items)
    numbers = ("reported", "possible", "numerator", "base")
    yield (
        "Reported is the number over what was counted. Possible is what it becomes once "
        "those of unknown category are counted somewhere, in every way there is. A share names "
        "its base; a ratio sets two flows of one period against each other and is no rate."
    )
    yield Sheet(
        caption=f"Headline indicators, {usual.label}",
        columns=["what it speaks of", *(Column(name, "right") for name in numbers)],
        rows=list(_by_part(items, usual)),
        notes=usual.notes,
    )


HEADLINES = Section("headlines", "Headline indicators", _blocks)
"""The numbers that everybody asks for."""


@frozen
class Place:
    """An area and a period.

    Parameters
    ----------
    area, period : str
        Their codes.
    """

    area: str
    period: str

    @property
    def label(self) -> str:
        """Both as a reader says them; nothing for nowhere."""
        return ", ".join(filter(None, [area_name(self.area), self.period]))

    @property
    def notes(self) -> tuple[str, ...]:
        """Which countries they are, where the label says only how many."""
        name = area_name(self.area)
        return () if name == self.area else (f"{name}: {self.area.replace('+', ', ')}.",)


def most(places: Iterable[Place]) -> Place:
    """Return the place that comes most often; nowhere if there is none."""
    found = Counter(places)
    return max(found, key=found.__getitem__, default=Place("", ""))


def beside(place: Place, usual: Place) -> str:
    """Return what of area and period is not as usual, ready to follow a name."""
    unusual = [area_name(place.area)] * (place.area != usual.area)
    unusual += [place.period] * (place.period != usual.period)
    return "".join(f"; {text}" for text in unusual)


def usual_place(items: Iterable[Indicator]) -> Place:
    """Return the area and period of most numbers, so that a table need say it only once."""
    return most(Place(item.result.area, item.result.period) for item in items)


def place_of(result: Result, usual: Place) -> str:
    """Return what of area and period is not as usual, ready to follow the name of a number."""
    return beside(Place(result.area, result.period), usual)


def _bar(result: Result) -> tuple[float, float] | None:
    """Return the bar of a share: filled as reported, pale to where it could be."""
    if result.measure is not Measure.SHARE:
        return None
    return float(result.stated.lower or 0), float(result.possible.upper or 0)


def _is_stage(result: Result) -> bool:
    return result.measure is Measure.COUNT and result.context.counted.kind == "justice"


def _by_part(items: Iterable[Indicator], usual: Place) -> Iterator[Group | list[Cell]]:
    parts: dict[str, list[Indicator]] = {}
    for item in items:
        parts.setdefault(item.part, []).append(item)
    for part, found in parts.items():
        yield Group(part)
        for item in found:
            yield _row(item.result, usual)


def _row(result: Result, usual: Place) -> list[Cell]:
    counted = result.measure is Measure.COUNT
    same = result.possible == result.stated
    possible = Cell(result.measure.show(result.possible), tone=Tone.MUTED if same else Tone.PLAIN)
    return [
        Cell(f"{result.estimand}{place_of(result, usual)}"),
        Cell(result.shown, bar=_bar(result)),
        possible,
        Cell("" if counted else count(result.numerator)),
        Cell("" if counted else count(result.denominator)),
    ]
