"""The numbers of one row, and which counts would give what it prints."""

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

import numpy as np
from attrs import frozen

from thbstats.auditing.published_tables.figures import CHANGE, SHARE, TOTAL, PublishedFigures
from thbstats.auditing.published_tables.rounding_ways import NumberKind, ends, ways_of
from thbstats.display import count, decimal, percent, signed_percent
from thbstats.values import Interval, Reason

__all__ = ["TableLine", "bases_of", "line_of", "listed", "span", "tops_of"]


@frozen(kw_only=True)
class TableLine:
    """The numbers of one row, with the pair of counts that a sentence is about."""

    digits: int
    scale: int
    kind: int
    per: int
    top: Interval
    base: Interval
    top_is_fewer: bool
    base_is_fewer: bool

    @property
    def is_change(self) -> bool:
        """Whether a change is printed."""
        return self.kind == CHANGE

    @property
    def is_part(self) -> bool:
        """Whether a share is printed, which is at most 1."""
        return self.kind in (SHARE, TOTAL)

    @property
    def level(self) -> int:
        """Return a ratio of counts in the form of the published number."""
        return self.digits + (self.scale if self.is_change else 0)

    @property
    def top_words(self) -> str:
        """The numerator in words."""
        return _words(self.top, self.top_is_fewer)

    @property
    def base_words(self) -> str:
        """The base in words."""
        return _words(self.base, self.base_is_fewer)

    @property
    def printed(self) -> str:
        """The number as our own sentences print it."""
        return self.formatted(self.digits, self.scale)

    def formatted(self, digits: int, scale: int) -> str:
        """Return another number of the kind of this one, as our own sentences print it."""
        places = len(str(scale // self.per)) - 1
        if self.is_change or self.is_part:
            write = signed_percent if self.is_change else percent
            return write(Fraction(digits, scale), places)
        rate = decimal(Fraction(digits * self.per, scale), places)
        return f"{rate} per {count(self.per)}" if self.per > 1 else rate


def line_of(figures: PublishedFigures, row: int, pair: tuple[str, str] = ("", "")) -> TableLine:
    """Return the numbers of a row."""
    top, base = figures.tops[pair[0]], figures.bases[pair[1]]
    return TableLine(
        digits=int(figures.printed.digits[row]),
        scale=int(figures.printed.scale[row]),
        kind=int(figures.kinds[row]),
        per=int(figures.per[row]),
        top=top.interval(row),
        base=base.interval(row),
        top_is_fewer=bool(top.reason[row] == Reason.FEWER_THAN.severity),
        base_is_fewer=bool(base.reason[row] == Reason.FEWER_THAN.severity),
    )


def _words(number: Interval, is_fewer: bool) -> str:
    if is_fewer and number.upper is not None:
        return f"fewer than {count(number.upper + 1)}"
    return span(number)


@lru_cache(maxsize=1 << 12)
def _hull(
    digits: int, scale: int, is_change: bool, is_part: bool, allowed: int
) -> tuple[int, int, bool, bool]:
    """Return between which numbers 2·scale·n/d lies by any way of rounding that counts."""
    kind = NumberKind(np.array([is_change]), np.array([is_part]))
    columns = np.array([digits]), np.array([scale]), kind
    found = [ends(*columns, way) for way in ways_of(allowed)]
    low = min((int(each.low[0]), not each.low_closed[0]) for each in found)
    high = max((int(each.high[0]), bool(each.high_closed[0])) for each in found)
    return low[0], high[0], not low[1], high[1]


def _hull_of(line: TableLine, allowed: int) -> tuple[int, int, bool, bool]:
    return _hull(line.digits, line.scale, line.is_change, line.is_part, allowed)


def bases_of(line: TableLine, allowed: int) -> Interval | None:
    """Return from which to which base a known numerator gives what is printed."""
    low, high, low_closed, high_closed = _hull_of(line, allowed)
    top = 2 * line.scale * int(line.top.value or 0)
    if high < 0 or (high == 0 and top):
        return None
    first = 1 if high == 0 else max(1, -(-top // high) if high_closed else top // high + 1)
    if low < 0 or (low == 0 and (low_closed or top)):
        return Interval.at_least(first)
    if low == 0:
        return None
    last = top // low if low_closed else -(-top // low) - 1
    return Interval(first, last) if first <= last else None


def tops_of(line: TableLine, allowed: int) -> Interval | None:
    """Return from which to which numerator a known base gives what is printed."""
    low, high, low_closed, high_closed = _hull_of(line, allowed)
    base, unit = int(line.base.value or 0), 2 * line.scale
    least = -(-low * base // unit) if low_closed else low * base // unit + 1
    most = high * base // unit if high_closed else -(-high * base // unit) - 1
    least = max(least, 0)
    return Interval(least, most) if least <= most else None


def span(ends: Interval) -> str:
    """Return a count, or between which it lies, as a part of a sentence."""
    if ends.lower is None or ends.upper is None or ends.is_point:
        return count(ends)
    return f"{count(ends.lower)} to {count(ends.upper)}"


def listed(names: Sequence[str], word: str = "and") -> str:
    """Return names in a sentence."""
    *most, last = names
    return f"{', '.join(most)} {word} {last}" if most else last
