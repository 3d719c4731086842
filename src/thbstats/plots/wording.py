"""Numbers in print beside their marks, and in the alt text."""

from collections.abc import Iterable

from thbstats.display import MARKS
from thbstats.errors import InvalidValue
from thbstats.plots.lettering import capital
from thbstats.plots.scale import named
from thbstats.results import Result, Results
from thbstats.values import Interval, Reason

__all__ = [
    "as_results",
    "figure_of",
    "hidden_note",
    "in_line",
    "is_hidden",
    "more",
    "names_of",
    "said",
    "subject_of",
    "title_of",
]

_HIDDEN = MARKS[Reason.SUPPRESSED]
_NO_LABEL = "total"


def as_results(numbers: Results | Result | Iterable[Result]) -> Results:
    """Return numbers as results.

    Raises
    ------
    InvalidValue
        If there are none.
    """
    if isinstance(numbers, Result):
        return Results(caption=numbers.label, items=[numbers])
    found = numbers if isinstance(numbers, Results) else Results(caption="", items=numbers)
    if not len(found):
        raise InvalidValue(
            "there is nothing to draw", field="numbers", value=0, mend="Give one number or more"
        )
    return found


def title_of(numbers: Results, title: str) -> str:
    """Return a title: the one given, the caption, the one label, or what the axis measures."""
    return title or capital(numbers.caption or subject_of(numbers))


def subject_of(numbers: Results) -> str:
    """Return what numbers are: their one label if it says something, else what they measure."""
    labels = dict.fromkeys(numbers.labels)
    label = next(iter(labels)) if len(labels) == 1 else _NO_LABEL
    return named(numbers.items) if label == _NO_LABEL else label


def is_hidden(number: Result) -> bool:
    """Whether a count inside a number is hidden by its source."""
    return number.context.hidden is not None


def more(number: Result) -> list[tuple[str, Interval]]:
    """Return bounds and possible, each only where it differs from what stands before it."""
    found = [("bounds", number.bounds)] if number.bounds != number.reported else []
    return found + ([("possible", number.possible)] if number.possible != number.bounds else [])


def figure_of(number: Result) -> str:
    """Return a number in lines: as reported, then bounds and possible where they differ."""
    show = number.measure.show
    mark = f" {_HIDDEN}" if is_hidden(number) else ""
    first = [] if number.reported is None else [f"{show(number.reported)}{mark}"]
    return "\n".join([*first, *(f"{name} {show(found)}" for name, found in more(number))])


def names_of(numbers: Iterable[Result]) -> tuple[str, ...]:
    """Return what tells numbers apart: their labels; where these are the same, area and period."""
    items = tuple(numbers)
    labels = tuple(item.label for item in items)
    if len(set(labels)) == len(labels):
        return labels
    places = [(item.label, item.area, item.period) for item in items]
    varies = [len(set(values)) > 1 for values in zip(*places, strict=True)]
    told = [
        ", ".join(word for word, own in zip(place, varies, strict=True) if own) for place in places
    ]
    return tuple(text or label for text, label in zip(told, labels, strict=True))


def said(numbers: Iterable[Result]) -> tuple[str, ...]:
    """Return numbers with their names and their ends, a sentence each."""
    items = tuple(numbers)
    return tuple(
        f"{name}: {in_line(item)}" for name, item in zip(names_of(items), items, strict=True)
    )


def in_line(number: Result) -> str:
    """Return a number with its ends, in one line."""
    first, *others = figure_of(number).split("\n")
    if number.reported is None:
        return ", ".join(["not reported", first, *others])
    return f"{first} ({', '.join(others)})" if others else first


def hidden_note(numbers: Iterable[Result]) -> tuple[str, ...]:
    """Return what the mark of hidden counts means, where it is used."""
    used = any(is_hidden(number) for number in numbers)
    return (f"{_HIDDEN} A count in it is hidden by the source.",) if used else ()
