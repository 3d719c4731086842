"""The first integer over which two lines enclose an integer, by continued fractions."""

from fractions import Fraction
from math import ceil, floor

from attrs import frozen

__all__ = ["Line", "enclosed"]


@frozen
class Line:
    """A line: ``slope * x + offset``."""

    slope: Fraction
    offset: Fraction

    def __call__(self, x: int) -> Fraction:
        """Return the height at a place."""
        return self.slope * x + self.offset

    def __sub__(self, whole: int) -> "Line":
        return Line(self.slope - whole, self.offset)


def enclosed(lower: Line, upper: Line, start: int, step: int = 1) -> int | None:
    """Return the first integer x, up or down from a start, with an integer between two lines.

    Parameters
    ----------
    lower, upper : Line
        The lines; an integer on a line is enclosed.
    start : int
        The first x that is looked at.
    step : {1, -1}
        Up or down.

    Returns
    -------
    int or None
        ``None`` if no x in this direction encloses an integer.

    Examples
    --------
    >>> enclosed(Line(Fraction(111, 200), Fraction(0)), Line(Fraction(112, 200), Fraction(0)), 1)
    9
    """
    moved = (Line(step * line.slope, line(start)) for line in (lower, upper))
    found = _first(*moved)
    return None if found is None else start + step * found


def _first(lower: Line, upper: Line) -> int | None:
    """Return the first x from 0 with an integer between both lines.

    Integer steepness shared by both lines changes nothing and is taken off. If both then rise by
    less than one, x and y change places: the slopes become their reciprocals, as in the algorithm
    of Euclid, so that the number of steps grows with the number of digits.
    """
    swaps: list[tuple[Line, int]] = []
    found: int | None
    while True:
        whole = ceil(lower.slope)
        if lower.slope <= whole <= upper.slope:
            found = _opening(lower - whole, upper - whole)
            break
        whole = floor(lower.slope)
        lower, upper = lower - whole, upper - whole
        # The lower line does not fall any more, so that no smaller y is ever above it.
        least = ceil(lower.offset)
        if least <= upper.offset:
            found = 0
            break
        if upper.slope <= 0:
            return None
        swaps.append((upper, least))
        lower, upper = _mirrored(upper, least), _mirrored(lower, least)
    while found is not None and swaps:
        line, least = swaps.pop()
        found = ceil((found + least - line.offset) / line.slope)
    return found


def _mirrored(line: Line, least: int) -> Line:
    """Return x of y on a line, with y counted from the least."""
    return Line(1 / line.slope, (least - line.offset) / line.slope)


def _opening(lower: Line, upper: Line) -> int | None:
    """Return the first x between a line that does not rise and one that does not fall."""
    crossing = lower.offset
    if upper.slope != lower.slope:
        # Where both lines reach the same y, no other y needs a smaller x.
        weight = upper.slope / (upper.slope - lower.slope)
        crossing = weight * lower.offset + (1 - weight) * upper.offset
    places = (_reached(lower, upper, y) for y in (floor(crossing), ceil(crossing)))
    return min((place for place in places if place is not None), default=None)


def _reached(lower: Line, upper: Line, y: int) -> int | None:
    """Return the first x at which an integer is between such lines, if there is one."""
    first = 0
    for line, behind in ((lower, lower.offset - y), (upper, y - upper.offset)):
        if behind > 0:
            if line.slope == 0:
                return None
            first = max(first, ceil(behind / abs(line.slope)))
    return first
