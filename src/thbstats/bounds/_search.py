"""Integer points of a linear program, in exact arithmetic.

Branching on cells alone takes too long if cells are interchangeable. The sums of claims are
integers too: each is rounded inwards first, which often proves infeasibility; otherwise the
search branches on the sum with the fewest possible values.
"""

from collections.abc import Mapping, Sequence
from math import floor

from thbstats.bounds._simplex import Dictionary
from thbstats.errors import InvalidValue

__all__ = ["Point", "find", "integer_point", "negative", "undecided"]

Point = dict[int, int]
"""The nonzero variables."""

_MAX_NODES = 4_000


def negative(terms: Mapping[int, int]) -> dict[int, int]:
    """Return the sum with all signs changed."""
    return {variable: -number for variable, number in terms.items()}


def undecided(most: int) -> InvalidValue:
    """Return the error of a search that reaches its limit."""
    return InvalidValue(
        f"the search reached its limit of {most} subproblems",
        field="claims",
        hint="Exclude claims that are not related to the query",
    )


def find(
    start: Dictionary, directions: Sequence[Mapping[int, int]], most: int | None = None
) -> tuple[Point | None, int]:
    """Return an integer point or ``None``, and the number of subproblems.

    Parameters
    ----------
    start : Dictionary
        The program; it is not changed.
    directions : sequence of mapping
        Sums with integer values, including the variables.
    most : int, optional
        The maximum number of subproblems.
    """
    queue, nodes, most = [start.copy()], 0, most or _MAX_NODES
    while queue:
        nodes += 1
        if nodes > most:
            raise undecided(most)
        node = queue.pop()
        node.aim({})
        if not node.restore():
            continue
        point, branches = _explore(node, directions)
        if point is not None:
            return point, nodes
        queue += branches
    return None, nodes


def _explore(
    node: Dictionary, directions: Sequence[Mapping[int, int]]
) -> tuple[Point | None, list[Dictionary]]:
    """Return an integer point of a feasible node, or its two branches."""
    widths: list[tuple[int, int, int]] = []
    for index, terms in enumerate(directions):
        point = integer_point(node)
        if point is not None:
            return point, []
        upper, is_rounded = _round(node, terms)
        if upper is None and is_rounded:
            return None, []
        # An integer value at or below the maximum remains, so the node stays feasible.
        lower, _ = _round(node, negative(terms))
        if lower is not None and upper is not None and upper > -lower:
            widths.append((upper + lower, index, -lower))
    point = integer_point(node)
    if point is not None:
        return point, []
    if widths:
        width, index, lower = min(widths)
        terms, middle = directions[index], lower + width // 2
    else:
        terms, middle = _fraction(node)
    return None, _halves(node, terms, middle)


def _round(node: Dictionary, terms: Mapping[int, int]) -> tuple[int | None, bool]:
    """Return the largest integer value of a sum, and whether it was rounded.

    The value is ``None`` without rounding if the sum is unbounded, and ``None`` with rounding if
    the node becomes infeasible.
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
    """Return the vertex of a dictionary if it is integer, or ``None``."""
    point = node.point()
    if any(x.denominator != 1 for x in point.values()):
        return None
    return {variable: int(x) for variable, x in point.items()}


def _fraction(node: Dictionary) -> tuple[Mapping[int, int], int]:
    """Return a fractional variable and the integer below it."""
    variable, x = next((v, x) for v, x in node.point().items() if x.denominator != 1)
    return {variable: 1}, floor(x)


def _halves(node: Dictionary, terms: Mapping[int, int], middle: int) -> list[Dictionary]:
    below, above = node.copy(), node
    below.add((terms, middle))
    above.add((negative(terms), -middle - 1))
    return [above, below]
