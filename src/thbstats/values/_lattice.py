"""Integers between two lines, by continued fractions."""

from fractions import Fraction
from math import ceil, floor

from attrs import frozen


@frozen
class Line:
    """A line: ``slope * x + offset``."""

    slope: Fraction
    offset: Fraction

    def __call__(self, x: int) -> Fraction:
        """Return y at x."""
        return self.slope * x + self.offset

    def __sub__(self, integer: int) -> "Line":
        return Line(self.slope - integer, self.offset)


def enclosed(lower: Line, upper: Line, start: int, step: int = 1) -> int | None:
    """Return the first integer x that has an integer y between two lines.

    Examples
    --------
    >>> enclosed(Line(Fraction(111, 200), Fraction(0)), Line(Fraction(112, 200), Fraction(0)), 1)
    9
    """
    # With x in steps from the start, the common integer part of both slopes is subtracted. If both
    # slopes are then below one, x and y are swapped: the slopes become their reciprocals, as in the
    # algorithm of Euclid. The number of turns grows with the number of digits.
    lower, upper = (Line(step * line.slope, line(start)) for line in (lower, upper))
    swaps: list[tuple[Line, int]] = []
    first: int | None
    while True:
        integer = ceil(lower.slope)
        if lower.slope <= integer <= upper.slope:
            first = _first_of_opening_lines(lower - integer, upper - integer)
            break
        integer = floor(lower.slope)
        lower, upper = lower - integer, upper - integer
        # The lower line does not fall: no smaller y is above it.
        smallest = ceil(lower.offset)
        if smallest <= upper.offset:
            first = 0
            break
        if upper.slope <= 0:
            return None
        swaps.append((upper, smallest))
        lower, upper = _swapped(upper, smallest), _swapped(lower, smallest)
    while first is not None and swaps:
        line, smallest = swaps.pop()
        first = ceil((first + smallest - line.offset) / line.slope)
    return None if first is None else start + step * first


def _swapped(line: Line, smallest: int) -> Line:
    """Return the line of x over y, with y counted from the smallest."""
    return Line(1 / line.slope, (smallest - line.offset) / line.slope)


def _first_of_opening_lines(lower: Line, upper: Line) -> int | None:
    """Return the first x if the lower line does not rise and the upper does not fall."""
    crossing = lower.offset
    if upper.slope != lower.slope:
        # At the crossing, no other y has a smaller x.
        weight = upper.slope / (upper.slope - lower.slope)
        crossing = weight * lower.offset + (1 - weight) * upper.offset
    candidates = (_first_x(lower, upper, y) for y in (floor(crossing), ceil(crossing)))
    return min((x for x in candidates if x is not None), default=None)


def _first_x(lower: Line, upper: Line, y: int) -> int | None:
    """Return the first x at which an integer y is between such lines."""
    first = 0
    for line, distance in ((lower, lower.offset - y), (upper, y - upper.offset)):
        if distance > 0:
            if line.slope == 0:
                return None
            first = max(first, ceil(distance / abs(line.slope)))
    return first
