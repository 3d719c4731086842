"""The headline indicators of a page: each with what it can be, its counts and what it says."""

from collections import Counter
from collections.abc import Iterable, Iterator

from thbstats.display import Cell, Column, Group, Section, Sheet, Tone, count
from thbstats.reports.content import Content
from thbstats.reports.indicators import Indicator
from thbstats.results import Measure, Result

__all__ = ["headline_section", "place_of", "usual_place"]


def headline_section(content: Content) -> Section:
    """Return the section on the headline indicators.

    Parameters
    ----------
    content : Content
        What the page says.

    Returns
    -------
    Section
        Each number with what it can be, numerator, base and what it speaks of. The counts of
        the stages of justice have a section of their own.
    """
    counts = [item for item in content.counts if not _is_stage(item.result)]
    victims = [item for item in counts if item.result.context.counted.kind == "victims"]
    others = [item for item in counts if item not in victims]
    items = [*victims, *content.shares, *content.ratios, *others]
    place = usual_place(items)
    numbers = ("reported", "possible", "numerator", "base")
    return Section(
        heading="Headline indicators",
        prose="Reported is the number over what was counted. Possible is what it becomes once "
        "those of unknown category are counted somewhere, in every way there is. A share names "
        "its base; a ratio sets two flows of one period against each other and is no rate.",
        sheets=[
            Sheet(
                caption=f"Headline indicators, {place}" if place else "Headline indicators",
                columns=["what it speaks of", *(Column(name, "right") for name in numbers)],
                rows=list(_by_part(items, place)),
            )
        ],
    )


def usual_place(items: Iterable[Indicator]) -> str:
    """Return the area and period of most numbers, so that a table need say it only once."""
    places = Counter(f"{item.result.area}, {item.result.period}" for item in items)
    return max(places, key=places.__getitem__, default="")


def place_of(result: Result, usual: str) -> str:
    """Return what of area and period is not as usual, ready to follow a name."""
    area, _, period = usual.rpartition(", ")
    unusual = [result.area] * (result.area != area) + [result.period] * (result.period != period)
    return "".join(f"; {text}" for text in unusual)


def _bar(result: Result) -> tuple[float, float] | None:
    """Return the bar of a share: filled as reported, pale to where it could be."""
    if result.measure is not Measure.SHARE:
        return None
    return float(result.stated.lower or 0), float(result.possible.upper or 0)


def _is_stage(result: Result) -> bool:
    return result.measure is Measure.COUNT and result.context.counted.kind == "justice"


def _by_part(items: Iterable[Indicator], usual: str) -> Iterator[Group | list[Cell]]:
    parts: dict[str, list[Indicator]] = {}
    for item in items:
        parts.setdefault(item.part, []).append(item)
    for part, found in parts.items():
        yield Group(part)
        for item in found:
            yield _row(item.result, usual)


def _row(result: Result, usual: str) -> list[Cell]:
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
