"""Constraints as rows of an integer program."""

from collections.abc import Iterable, Mapping, Sequence

from thbstats.bounds._program import Program
from thbstats.bounds.constraint import Constraint
from thbstats.bounds.linear import Inequality, Linear

__all__ = ["directions_of", "encode", "inequalities_of", "program_of", "variables_of"]


def variables_of(cells: Iterable[str]) -> dict[str, int]:
    """Return the variable of each cell."""
    return {name: variable for variable, name in enumerate(cells)}


def encode(sum_: Linear, variables: Mapping[str, int]) -> dict[int, int]:
    """Return the coefficient of each variable in a sum of cells."""
    return {variables[name]: number for name, number in sum_.terms}


def inequalities_of(constraints: Iterable[Constraint]) -> dict[Inequality, str]:
    """Return the distinct reduced inequalities, with the first constraint of each."""
    rows: dict[Inequality, str] = {}
    for constraint in constraints:
        for inequality in constraint.inequalities:
            rows.setdefault(inequality.lowest, constraint.name)
    return rows


def program_of(cells: Sequence[str], constraints: Sequence[Constraint]) -> Program:
    """Return the integer program of some constraints."""
    variables = variables_of(cells)
    rows = tuple(
        (encode(inequality.left, variables), inequality.limit)
        for inequality in inequalities_of(constraints)
    )
    single = [{variable: 1} for variable in range(len(cells))]
    return Program(len(cells), rows, (*directions_of(cells, constraints), *single))


def directions_of(
    cells: Sequence[str], constraints: Iterable[Constraint]
) -> Iterable[Mapping[int, int]]:
    """Return the distinct sums of several cells in some constraints."""
    variables = variables_of(cells)
    sums = (sum_ for each in constraints for sum_ in (each.part, each.whole) if sum_ is not None)
    return [encode(sum_, variables) for sum_ in dict.fromkeys(sums) if len(sum_.terms) > 1]
