"""Whole points of a linear program, found or shown not to exist, in exact arithmetic.

Branching on cells alone does not end in reasonable time where one cell can be traded for another.
The sums that claims name are whole too, so each is rounded inwards first, which often leaves
nothing; what is left is halved along the sum with the fewest possible values.
"""

from collections.abc import Mapping, Sequence
from math import floor

from thbstats.bounds._simplex import Dictionary
from thbstats.errors import InvalidValue

__all__ = ["Point", "find", "integer_point", "negative", "undecided"]

Point = dict[int, int]
"""The variables other than 0."""

_MOST_NODES = 4_000


def negative(terms: Mapping[int, int]) -> dict[int, int]:
    """Return the sum with all signs changed."""
    return {variable: -number for variable, number in terms.items()}


def undecided(most: int) -> InvalidValue:
    """Return the error of a search that ends without an answer."""
    return InvalidValue(
        f"not decided after {most} smaller systems",
        field="claims",
        hint="Leave claims out that do not bear on the question",
    )


def find(
    start: Dictionary, directions: Sequence[Mapping[int, int]], most: int | None = None
) -> tuple[Point | None, int]:
    """Return a whole point, or None, and how many parts were looked at.

    Parameters
    ----------
    start : Dictionary
        The program; it is not changed.
    directions : sequence of mapping
        Sums that are whole wherever the variables are, the variables themselves among them.
    most : int, optional
        How many parts are looked at before it is refused.
    """
    open_, nodes, most = [start.copy()], 0, most or _MOST_NODES
    while open_:
        nodes += 1
        if nodes > most:
            raise undecided(most)
        node = open_.pop()
        node.aim({})
        if not node.restore():
            continue
        point, branches = _explore(node, directions)
        if point is not None:
            return point, nodes
        open_ += branches
    return None, nodes


def _explore(
    node: Dictionary, directions: Sequence[Mapping[int, int]]
) -> tuple[Point | None, list[Dictionary]]:
    """A whole point of a feasible node, or the two halves in which there may be one."""
    widths: list[tuple[int, int, int]] = []
    for place, terms in enumerate(directions):
        point = integer_point(node)
        if point is not None:
            return point, []
        upper, moved = _round(node, terms)
        if upper is None and moved:
            return None, []
        # A whole value at or below the largest is left, so that this leaves something.
        lower, _ = _round(node, negative(terms))
        if lower is not None and upper is not None and upper > -lower:
            widths.append((upper + lower, place, -lower))
    point = integer_point(node)
    if point is not None:
        return point, []
    if widths:
        width, place, lower = min(widths)
        terms, middle = directions[place], lower + width // 2
    else:
        terms, middle = _fraction(node)
    return None, _halves(node, terms, middle)


def _round(node: Dictionary, terms: Mapping[int, int]) -> tuple[int | None, bool]:
    """The largest whole value, and whether it was rounded.

    There is none and nothing was rounded where the sum has no end; there is none and something
    was rounded where that leaves nothing.
    """
    node.aim(terms)
    if not node.optimise():
        return None, False
    most = floor(node.value)
    if most == node.value:
        return most, False
    node.add((terms, most))
    return (most, True) if node.restore() else (None, True)


def integer_point(node: Dictionary) -> Point | None:
    """Return the corner of a dictionary if it is whole, or None."""
    point = node.point()
    if any(x.denominator != 1 for x in point.values()):
        return None
    return {variable: int(x) for variable, x in point.items()}


def _fraction(node: Dictionary) -> tuple[Mapping[int, int], int]:
    """A variable that is not whole, and the whole number below it."""
    variable, x = next((v, x) for v, x in node.point().items() if x.denominator != 1)
    return {variable: 1}, floor(x)


def _halves(node: Dictionary, terms: Mapping[int, int], middle: int) -> list[Dictionary]:
    below, above = node.copy(), node
    below.add((terms, middle))
    above.add((negative(terms), -middle - 1))
    return [above, below]
