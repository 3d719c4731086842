"""Messages on the rows of a published table."""

from collections.abc import Sequence

from thbstats.auditing.published_tables.figures import CHANGE, RATIO, TOTAL, PublishedFigures
from thbstats.auditing.published_tables.members import MatchedSet
from thbstats.auditing.published_tables.rounding_ways import NEAREST, ways_of
from thbstats.auditing.published_tables.row_verdicts import Pair, RowVerdicts
from thbstats.auditing.published_tables.table_lines import (
    TableLine,
    bases_of,
    line_of,
    listed,
    span,
    tops_of,
)
from thbstats.display import count, signed_percent
from thbstats.values import LARGEST_COUNT, Reason, Rounding

__all__ = ["matched", "message"]

_WAYS = {
    Rounding.HALF_UP: "half up",
    Rounding.HALF_EVEN: "half to even",
    Rounding.HALF_AWAY: "half away from zero",
    Rounding.DOWN: "cut towards zero",
    Rounding.UP: "always rounded away from zero",
}
_HIDDEN = {
    Reason.SUPPRESSED.severity: "suppressed",
    Reason.NOT_APPLICABLE.severity: "not applicable",
}
_SHOWN = 6
"""How many decimals beyond the printed ones can be needed to see on which side a number lies."""


def message(figures: PublishedFigures, judged: RowVerdicts, row: int, allowed: int) -> str:
    """Return the arithmetic of a row, or why it cannot be judged."""
    if row in figures.unread:
        return f"Not audited: {figures.unread[row]}"
    line = line_of(figures, row)
    top, base = bool(figures.top.stated[row]), bool(figures.base.stated[row])
    ways = int(judged.fits[row])
    if not figures.printed.present[row]:
        return "No number is published."
    if row in figures.rates:
        return _of_rates(figures, row, allowed)
    if figures.kinds[row] == TOTAL:
        return f"A total is 100%, not {line.printed}."
    if top and base:
        text = _of_both(line, ways, allowed)
    else:
        text = _hidden(figures, row) + _of_one(line, top, base, bool(ways & allowed), allowed)
    return " ".join(filter(None, [text, _elsewhere(figures, judged, row, allowed)]))


def _hidden(figures: PublishedFigures, row: int) -> str:
    names = ("new count", "old count") if figures.kinds[row] == CHANGE else ("numerator", "base")
    for name, counts in zip(names, (figures.top, figures.base), strict=True):
        why = _HIDDEN.get(int(counts.reason[row]))
        if why and not counts.stated[row]:
            return f"The {name} is {why}. "
    return ""


def _of_both(line: TableLine, ways: int, allowed: int) -> str:
    top, base = line.top.value, line.base.value
    if line.base.upper == 0:
        if not line.is_change and not line.is_part:
            return f"A ratio with denominator 0 cannot be {line.printed}."
        what = "change from" if line.is_change else "share of"
        return f"A {what} 0 has no percentage and cannot be {line.printed}."
    if line.is_part and (line.top.lower or 0) > (line.base.upper or LARGEST_COUNT):
        return f"{count(line.top)} is a part of {count(line.base)}, but it is larger."
    if top is None or base is None:
        return _of_ranges(line, bool(ways & allowed), allowed)
    true = f"{_named(line)} is {_exactly(line)}"
    if ways & allowed:
        return f"{true}{_by(line, ways)}."
    return f"{true}, not {line.printed}{_only(line, ways)}{_needs(line, allowed)}."


def _named(line: TableLine) -> str:
    if line.is_change:
        return f"From {count(line.base)} to {count(line.top)}"
    return f"{count(line.top)}{_of(line)}{count(line.base)}"


def _of(line: TableLine) -> str:
    """Return the word between a numerator and its denominator."""
    return " / " if line.kind == RATIO else " of "


def _of_rates(figures: PublishedFigures, row: int, allowed: int) -> str:
    """Return the changes that two rounded rates allow."""
    change, line = figures.rates[row], line_of(figures, row)
    rooms = [change.room(way).interval for way in ways_of(allowed)]
    room = rooms[0]
    for other in rooms[1:]:
        room = room.hull(other)
    phrase = f"From {change.old.printed} to {change.new.printed}, each rounded, is "
    fits = change.fits(figures.percent(row), ways_of(allowed))
    tail = "" if fits else f", not {line.printed}"
    places = len(str(line.scale)) - 2
    if room.lower is None:
        return f"From {change.old.printed} a relative change is undefined."
    low = signed_percent(room.lower, places)
    if room.upper is None:
        return f"{phrase}at least {low}{tail}."
    high = signed_percent(room.upper, places)
    return f"{phrase}{low} to {high}{tail}."


def _off(line: TableLine, top: int, base: int) -> tuple[bool, ...]:
    """Return the position of a ratio relative to the published number and its bounds."""
    twice = 2 * (line.scale * top - line.level * base)
    return (twice < -base, twice == -base, twice < 0, twice == 0, twice == base, twice > base)


def _exactly(line: TableLine) -> str:
    """Return the true percentage, with as many decimals as show where it lies."""
    top, base = int(line.top.value or 0), int(line.base.value or 1)
    true = _off(line, top, base)
    for unit in (line.scale * 10**more for more in range(1, _SHOWN + 1)):
        near = (2 * top * unit + base) // (2 * base)
        if _off(line, near, unit) == true:
            break
    exact = "exactly " if near * base == top * unit and (true[1] or true[4]) else ""
    return exact + line.formatted(near - (unit if line.is_change else 0), unit)


def _by(line: TableLine, ways: int) -> str:
    """Return the rounding methods, if not every method gives the published number."""
    if ways & NEAREST == NEAREST:
        return ""
    return f": {line.printed} if {_ways(ways)}"


def _only(line: TableLine, ways: int) -> str:
    return f" unless {_ways(ways)}" if ways else ""


def _ways(ways: int) -> str:
    return listed([_WAYS[way] for way in ways_of(ways)], "or")


def _needs(line: TableLine, allowed: int) -> str:
    """Return the counts that the published number requires."""
    bases = bases_of(line, allowed)
    if line.is_change:
        tops = tops_of(line, allowed)
        found = [
            f"{span(tops)} as new count" if tops else "",
            f"{span(bases)} as old count" if bases else "",
        ]
        phrase = " or ".join(filter(None, found))
        return f"; this requires {phrase}" if phrase else ""
    if bases is None:
        return f"; {count(line.top)} is not {line.printed} of any integer"
    return f"; {line.printed} requires a denominator of {span(bases)}"


def _of_ranges(line: TableLine, fit: bool, allowed: int) -> str:
    can = "can be" if fit else "cannot be"
    if line.is_change:
        return f"A change from {line.base_words} to {line.top_words} {can} {line.printed}."
    text = f"{line.top_words.capitalize()}{_of(line)}{line.base_words} {can} {line.printed}"
    if line.base.is_point:
        tops = tops_of(line, allowed)
        if tops is None:
            return f"{text}: no integer is {line.printed} of {count(line.base)}."
        return f"{text}: {line.printed} of {count(line.base)} is {span(tops)}."
    if line.top.is_point and (bases := bases_of(line, allowed)) is not None:
        return f"{text}: {count(line.top)} is {line.printed} of {span(bases)}."
    return f"{text}."


def _of_one(line: TableLine, top: bool, base: bool, fit: bool, allowed: int) -> str:
    """Return the message for a percentage with one count."""
    if not fit and not top and not base:
        return f"A share cannot be {line.printed}."
    if line.is_change:
        return _change_of_one(line, top, base, allowed)
    if not top and not base:
        if not line.is_part:
            return f"No count is given for {line.printed}."
        return f"No denominator is given for {line.printed}."
    if not (line.top if top else line.base).is_point:
        phrase = line.top_words if top else line.base_words
        can = "can be" if fit else "cannot be"
        return (
            f"{phrase.capitalize()} {can} {line.printed} of a denominator that is not stated."
            if top
            else (f"A part of {phrase} {can} {line.printed}.")
        )
    if top:
        bases = bases_of(line, allowed)
        none = bases is None or not fit
        of, is_ = ("any integer", "is not") if none or bases is None else (span(bases), "is")
        return f"The denominator is not stated; {count(line.top)} {is_} {line.printed} of {of}."
    tops = tops_of(line, allowed)
    if tops is None or not fit:
        return f"No integer is {line.printed} of {count(line.base)}."
    return f"{line.printed} of {count(line.base)} is {span(tops)}."


def _change_of_one(line: TableLine, top: bool, base: bool, allowed: int) -> str:
    if base and line.base.is_point:
        tops = tops_of(line, allowed)
        if tops is None:
            return f"{line.printed} from {count(line.base)} does not give an integer."
        return f"{line.printed} from {count(line.base)} gives {span(tops)}."
    if top and line.top.is_point:
        bases = bases_of(line, allowed)
        if bases is None:
            return f"{line.printed} to {count(line.top)} has no integer old count."
        return f"{line.printed} to {count(line.top)} requires an old count of {span(bases)}."
    return f"No counts are given for {line.printed}."


def _elsewhere(figures: PublishedFigures, judged: RowVerdicts, row: int, allowed: int) -> str:
    """Return the other counts of the row that give the number, and those that do not."""
    fit, rest = judged.fitting(row, allowed), judged.missing(row, allowed)
    both = bool(figures.top.stated[row] and figures.base.stated[row])
    confirmed = both and bool(judged.fits[row] & allowed)
    if not fit and (confirmed or not rest):
        return ""
    line = line_of(figures, row)
    if not fit:
        tried = listed([_side(line, pair) for pair in rest], "or")
        return f"{'Nor is it' if both else 'It is not'} {line.printed} {tried}."
    phrase = listed([_with_counts(line_of(figures, row, pair), pair) for pair in fit])
    if confirmed:
        return f"It is {line.printed} {phrase} too."
    others = f", not {listed([_side(line, pair) for pair in rest], 'or')}" if rest else ""
    only = " only" if len(fit) == 1 and rest else ""
    return f"It is {line.printed} {phrase}{only}{others}."


def _side(line: TableLine, pair: Pair) -> str:
    """Return another pair of counts as a part of a sentence."""
    top, base = pair
    if line.is_change:
        return " ".join(filter(None, [base and f"from {base}", top and f"to {top}"]))
    return " ".join(filter(None, [base and f"of {base}", top and f"with {top}"]))


def _with_counts(line: TableLine, pair: Pair) -> str:
    numbers = [line.base_words if pair[1] else "", line.top_words if pair[0] else ""]
    phrase = ", ".join(filter(None, numbers))
    return f"{_side(line, pair)} ({phrase})"


def matched(line: TableLine, sets: Sequence[MatchedSet]) -> str:
    """Return the sets of members that give a percentage."""
    fit = [item for item in sets if item.fits]
    tried = f"{len(sets)} sets of members were tried" if len(sets) > 1 else sets[0].label
    if not fit:
        return f"No set of members gives this percentage: {tried}."
    phrase = listed([f"{item.label} ({_sum_text(line, item)})" for item in fit])
    return f"It is {line.printed} over {phrase}; {tried}."


def _sum_text(line: TableLine, item: MatchedSet) -> str:
    top, base = count(item.numerator), count(item.denominator)
    return f"from {base} to {top}" if line.is_change else f"{top} of {base}"
