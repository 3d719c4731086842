"""Statements as the rows of an integer program."""

from collections.abc import Iterable, Mapping, Sequence

from thbstats.bounds._program import Program
from thbstats.bounds.linear import Inequality, Linear
from thbstats.bounds.statement import Statement

__all__ = ["directions_of", "encode", "inequalities_of", "program_of", "variables_of"]


def variables_of(cells: Iterable[str]) -> dict[str, int]:
    """Return the variable of each cell."""
    return {name: variable for variable, name in enumerate(cells)}


def encode(sum_: Linear, variables: Mapping[str, int]) -> dict[int, int]:
    """Return the coefficient of each variable in a sum of cells."""
    return {variables[name]: number for name, number in sum_.terms}


def inequalities_of(statements: Iterable[Statement]) -> dict[Inequality, str]:
    """Return the inequality of each row, reduced, with the first statement that contains it."""
    rows: dict[Inequality, str] = {}
    for statement in statements:
        for inequality in statement.inequalities:
            rows.setdefault(inequality.lowest, statement.name)
    return rows


def program_of(cells: Sequence[str], statements: Sequence[Statement]) -> Program:
    """Return the program of statements about some cells."""
    variables = variables_of(cells)
    rows = tuple(
        (encode(inequality.left, variables), inequality.limit)
        for inequality in inequalities_of(statements)
    )
    single = [{variable: 1} for variable in range(len(cells))]
    return Program(len(cells), rows, (*directions_of(cells, statements), *single))


def directions_of(
    cells: Sequence[str], statements: Iterable[Statement]
) -> Iterable[Mapping[int, int]]:
    """Return the sums of several cells that statements name, each once."""
    variables = variables_of(cells)
    sums = (sum_ for each in statements for sum_ in (each.part, each.whole) if sum_ is not None)
    return [encode(sum_, variables) for sum_ in dict.fromkeys(sums) if len(sum_.terms) > 1]
