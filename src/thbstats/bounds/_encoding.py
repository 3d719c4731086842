"""Constraints as an integer program, with interchangeable cells merged.

Cells with equal coefficients in all inequalities are interchangeable: one variable for their sum
has the same integer solutions. A table of many dimensions becomes much smaller if each claim names
one or two of them.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from functools import cached_property

from attrs import frozen

from thbstats.bounds._program import Program
from thbstats.bounds.constraint import Constraint, Inequality, Linear


def rows_of(constraints: Iterable[Constraint]) -> dict[Inequality, str]:
    """Return the distinct reduced inequalities, with the first constraint of each."""
    rows: dict[Inequality, str] = {}
    for constraint in constraints:
        for inequality in constraint._rows:
            rows.setdefault(inequality, constraint.name)
    return rows


def patterns_of(constraints: Iterable[Constraint]) -> dict[str, tuple[tuple[int, int], ...]]:
    """Return the coefficients of each cell in all constraints."""
    columns: dict[str, list[tuple[int, int]]] = {}
    sums = (s for c in constraints for s in (*c._sums, *(row.left for row in c._rows)))
    for index, sum_ in enumerate(dict.fromkeys(sums)):
        for name, number in sum_.terms:
            columns.setdefault(name, []).append((index, number))
    return {name: tuple(column) for name, column in columns.items()}


@frozen(slots=False, eq=False)
class Encoding:
    """Rows of constraints as an integer program; cells of one variable are interchangeable.

    The program branches on `sums`.
    """

    variables: Mapping[str, int]
    rows: Sequence[Inequality]
    sums: Sequence[Linear]

    @classmethod
    def of(
        cls, cells: Mapping[str, Hashable], rows: Sequence[Inequality], sums: Iterable[Linear]
    ) -> "Encoding":
        """Return the program in which cells of one pattern are one variable."""
        numbers: dict[Hashable, int] = {}
        variables = {
            name: numbers.setdefault(pattern, len(numbers)) for name, pattern in cells.items()
        }
        return cls(variables, rows, tuple(dict.fromkeys(sums)))

    @cached_property
    def firsts(self) -> tuple[str, ...]:
        """The first cell of each variable, which represents it."""
        firsts: dict[int, str] = {}
        for name, variable in self.variables.items():
            firsts.setdefault(variable, name)
        return tuple(firsts.values())

    def terms(self, sum_: Linear) -> dict[int, int]:
        """Return the coefficient of each variable in a sum of cells."""
        variables, firsts = self.variables, self.firsts
        return {variables[name]: n for name, n in sum_.terms if firsts[variables[name]] == name}

    @cached_property
    def program(self) -> Program:
        """The program; it branches on sums of several variables first."""
        rows = tuple((self.terms(row.left), row.limit) for row in self.rows)
        sums = [terms for terms in map(self.terms, self.sums) if len(terms) > 1]
        size = len(self.firsts)
        return Program(size, rows, (*sums, *({variable: 1} for variable in range(size))))

    def point(self, table: Mapping[str, int]) -> dict[int, int]:
        """Return the nonzero variables of a table."""
        point: dict[int, int] = {}
        for name, variable in self.variables.items():
            if table[name]:
                point[variable] = point.get(variable, 0) + table[name]
        return point

    def table(self, point: Mapping[int, int]) -> dict[str, int]:
        """Return a point as counts of first cells."""
        return {self.firsts[variable]: number for variable, number in point.items()}


def connected(constraints: Sequence[Constraint]) -> list[list[Constraint]]:
    """Return constraints grouped by the cells that they share."""
    owners: dict[str, int] = {}
    parents = list(range(len(constraints)))

    def root(index: int) -> int:
        while parents[index] != index:
            parents[index] = index = parents[parents[index]]
        return index

    for index, constraint in enumerate(constraints):
        for name in constraint.cells:
            parents[root(index)] = root(owners.setdefault(name, index))
    groups: dict[int, list[Constraint]] = {}
    for index, constraint in enumerate(constraints):
        groups.setdefault(root(index), []).append(constraint)
    return list(groups.values())
